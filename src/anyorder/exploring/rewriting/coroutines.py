"""Coroutine functions: a program may have them, and is refused where it calls one."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from anyorder.exploring.rewriting.nodes import generates

if TYPE_CHECKING:
    from types import CodeType

__all__ = ["ASYNCHRONOUS", "COROUTINE", "GENERATOR", "is_asynchronous", "without_coroutines"]

ASYNCHRONOUS = "__ao_asynchronous__"  # the hook that an asynchronous function calls, and no more
COROUTINE = "a coroutine"
GENERATOR = "an asynchronous generator"


class Coroutines(ast.NodeTransformer):
    """Puts an ordinary function, which awaits something at once, in the place of each."""

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.FunctionDef:
        self.generic_visit(node)
        new = ast.FunctionDef(**{name: getattr(node, name) for name in node._fields})
        ast.copy_location(new, node)
        awaits = ast.Expr(ast.Await(ast.Constant(GENERATOR if generates(new) else COROUTINE)))
        for part in ast.walk(awaits):
            ast.copy_location(part, node)
        documented = ast.get_docstring(node, clean=False) is not None
        new.body = [*node.body[:documented], awaits]
        return new


def without_coroutines(tree: ast.Module) -> ast.Module:
    """Return a program in which no body of an asynchronous function is left."""
    return Coroutines().visit(tree)  # type: ignore[no-any-return]


def is_asynchronous(code: CodeType, kind: str) -> bool:
    """Whether code is that of such a function, of a kind."""
    return ASYNCHRONOUS in code.co_names and kind in code.co_consts
