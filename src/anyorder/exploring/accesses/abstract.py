"""Methods that the classes of ``collections.abc`` give to those of the program, item by item.

They compare what the program's own methods give them, so their code is rewritten as the program's is.
"""  # noqa: E501

from __future__ import annotations

import _collections_abc
import ast
import builtins
import inspect
from functools import cache, cached_property
from types import FunctionType, MethodType
from typing import TYPE_CHECKING, Any

from anyorder.exploring.rewriting.transform import transformed_library

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType

__all__ = ["Abstract"]


class Abstract:
    """The methods of abstract classes, rewritten.

    Args:
        hooks: gives the names that rewritten code calls
    """

    def __init__(self, hooks: Callable[[], dict[str, Any]]) -> None:
        self.hooks = hooks

    @cached_property
    def rewritten(self) -> dict[FunctionType, FunctionType]:
        """What stands for each of them."""
        built_in = vars(builtins) | self.hooks()
        names: dict[str, Any] = {**vars(_collections_abc), "__builtins__": built_in}
        exec(methods(), names)  # noqa: S102 - it is the library's own code
        return {
            method: names[f"{name}_{method.__name__}"]
            for name in _collections_abc.__all__
            for method in vars(getattr(_collections_abc, name)).values()
            if type(method) is FunctionType and f"{name}_{method.__name__}" in names
        }

    def of(self, method: Any) -> Any:
        """Return what stands for a method, bound or not, and nothing where it is none of these."""
        function = method.__func__ if type(method) is MethodType else method
        if type(function) is not FunctionType or function.__module__ != "collections.abc":
            return None
        found = self.rewritten.get(function)
        return found if found is None or function is method else MethodType(found, method.__self__)


@cache
def methods() -> CodeType:
    """Return the code that defines the methods, each by the names of its class and its own."""
    found: list[ast.stmt] = []
    for cls in ast.parse(inspect.getsource(_collections_abc)).body:
        if isinstance(cls, ast.ClassDef):
            for method in cls.body:
                if isinstance(method, ast.FunctionDef) and stands_alone(method):
                    method.name = f"{cls.name}_{method.name}"
                    found.append(method)
    return transformed_library(ast.unparse(ast.Module(found, [])), _collections_abc.__file__)


def stands_alone(method: ast.FunctionDef) -> bool:
    """Whether a method asks nothing of the class around it as it is defined."""
    defaults = method.args.defaults
    return not method.decorator_list and all(isinstance(one, ast.Constant) for one in defaults)
