"""What the library's functions and classes are pickled as, where private ones stand for them.

``pickle`` sends a function or a class by its name, and looks it up to see that it is that one. What
stands for ``time.sleep`` or ``threading.Event`` is not where their names say, so it is sent by the
place in its private module.
"""

from __future__ import annotations

import sys
from types import BuiltinFunctionType, FunctionType
from typing import TYPE_CHECKING, Any

from anyorder.exploring.stand_ins import CLOCKS

if TYPE_CHECKING:
    from types import ModuleType

    from anyorder.exploring.processes.library import ProcessLibrary

__all__ = ["sending_calls"]

DIFFERS = {
    **{("time", name): "says what time it is, which differs from run to run" for name in CLOCKS},
    ("os", "getpid"): "is another number in each run",
    ("os", "getppid"): "is another number in each run",
}


def sending_calls(library: ProcessLibrary, module: ModuleType) -> None:
    """Let a copy of ``multiprocessing.reduction`` pickle what stands for the library's own.

    Args:
        library: the private modules
        module: the copy
    """
    names = vars(module)
    locks = {library.thread_module.LockType: "lock", library.thread_module.RLock: "RLock"}

    def find_stand_in(home: str, name: str) -> Any:
        return getattr(library.importing(home, fromlist=(name,)), name)

    find_stand_in.__module__, find_stand_in.__qualname__ = module.__name__, "find_stand_in"
    names["find_stand_in"] = find_stand_in

    def reducer_override(_: Any, thing: Any) -> Any:
        if type(thing) in locks:
            raise TypeError(f"cannot pickle '_thread.{locks[type(thing)]}' object")
        if not isinstance(thing, FunctionType | BuiltinFunctionType | type):
            return NotImplemented
        place = place_of(library, thing)
        if place is None:
            return NotImplemented
        if place in DIFFERS:
            library.machine.refuse(f"{'.'.join(place)}() {DIFFERS[place]}: leave it out to explore")
        return find_stand_in, place

    names["ForkingPickler"].reducer_override = reducer_override


def place_of(library: ProcessLibrary, thing: Any) -> tuple[str, str] | None:
    """Return the private module that has a thing, and its name there, if pickle cannot."""
    real = sys.modules.get(thing.__module__)
    if getattr(real, thing.__qualname__, None) is thing:
        return None
    for home, private in library.modules.items():
        for name, value in vars(private).items():
            if value is thing:
                return home, name
    return None
