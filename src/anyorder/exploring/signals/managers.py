"""Context managers whose methods may be interrupted."""

from __future__ import annotations

import sys
from types import FunctionType, MethodType
from typing import TYPE_CHECKING, Any

from anyorder.exploring.accesses.loud import Entering
from anyorder.exploring.modules import OWN_MODULES

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["is_own", "looking"]

# it looks after ``__enter__``, where nobody is to call ``__exit__`` yet: measured, in thousands
# of runs of each version, and never seen in the others
ENTERS_BY_CALL = sys.version_info[:2] == (3, 14)


def looking(check: Callable[[], None], manager: Any) -> Entering:
    """Return a context manager that looks for signals where ``with`` calls its methods.

    Args:
        check: looks for them
        manager: what the program gives to ``with``
    """
    # then it looks as it begins, and after its own call of the lock's method
    calls = is_python(type(manager).__enter__)
    own = is_own(type(manager).__enter__)  # then its own code looks

    def call(method: Any, *args: Any) -> Any:
        if calls:
            check()
        result = method(*args)
        looks = args[1] is None if len(args) > 1 else ENTERS_BY_CALL
        if calls or (looks and not own):
            check()
        return result

    return Entering(manager, call)


def is_python(function: Any) -> bool:
    """Whether the library has written a function in Python, so that it makes calls of its own."""
    if type(function) is not FunctionType or is_own(function):
        return False
    return not function.__module__.startswith("anyorder.")


def is_own(function: Any) -> bool:
    """Whether a function or method is the program's own, in which Python looks for itself."""
    kind = type(function)
    if kind is not FunctionType and kind is not MethodType:
        return False
    return function.__module__ in OWN_MODULES
