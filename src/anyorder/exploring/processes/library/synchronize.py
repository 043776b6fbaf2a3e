"""The calls of ``multiprocessing.synchronize`` that are not the library's own code."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from anyorder.exploring.library.wrapping import Original, wrapped

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from anyorder.exploring.processes.system.names import Names

__all__ = ["synchronize_calls"]


def synchronize_calls(
    module: ModuleType, threading: ModuleType, names: Names, refusing: Callable[[str, str], Any]
) -> None:
    """Change the barriers and locks of a copy of ``multiprocessing.synchronize``.

    Args:
        module: the copy
        threading: the private copy of ``threading``
        names: the names by which children find locks
        refusing: makes a function that refuses the program, from its name and the reason
    """
    # a barrier of processes is a barrier of threads on other locks, which are events here
    barrier, threads = vars(module)["Barrier"], vars(threading)["Barrier"]
    for name in ("wait", "_release", "_exit", "reset", "abort"):
        setattr(barrier, name, inspect.unwrap(getattr(threads, name)))
    for name in ("n_waiting", "broken"):
        refuse = refusing(f"Barrier.{name}", "is out of date as soon as it is read: leave it out")
        setattr(barrier, name, property(refuse))

    @wrapped(vars(module)["SemLock"], "__getstate__")
    def state(self: Any, *, original: Original) -> Any:
        result = original(self)
        names.send(self._semlock.name)
        return result
