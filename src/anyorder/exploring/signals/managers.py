"""Context managers whose methods may be interrupted."""

from __future__ import annotations

import sys
from types import FunctionType, MethodType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Entering", "is_own"]

PROGRAM = {"__main__", "__mp_main__"}
# it looks after ``__enter__``, where nobody is to call ``__exit__`` yet: measured, in thousands
# of runs of each version, and never seen in the others
ENTERS_BY_CALL = sys.version_info[:2] == (3, 14)


class Entering:
    """A context manager that looks for signals where ``with`` calls its methods.

    Args:
        check: looks for them
        manager: what the program gives to ``with``
    """

    def __init__(self, check: Callable[[], None], manager: Any) -> None:
        self.check = check
        self.manager = manager
        # then it looks as it begins, and after its own call of the lock's method
        self.calls = is_python(type(manager).__enter__)
        self.own = is_own(type(manager).__enter__)  # then its own code looks

    def __enter__(self) -> Any:
        if self.calls:
            self.check()
        result = type(self.manager).__enter__(self.manager)
        if self.calls or (ENTERS_BY_CALL and not self.own):
            self.check()
        return result

    def __exit__(self, *reason: object) -> Any:
        if self.calls:
            self.check()
        result = type(self.manager).__exit__(self.manager, *reason)
        if self.calls or (reason[0] is None and not self.own):
            self.check()
        return result


def is_python(function: Any) -> bool:
    """Whether the library has written a function in Python, so that it makes calls of its own."""
    if type(function) is not FunctionType or is_own(function):
        return False
    return not function.__module__.startswith("anyorder.")


def is_own(function: Any) -> bool:
    """Whether a function or method is the program's own, in which Python looks for itself."""
    kind = type(function)
    return (kind is FunctionType or kind is MethodType) and function.__module__ in PROGRAM
