"""What the library's functions and classes are pickled as, where private ones stand for them.

``pickle`` sends a function or a class by its name, and looks it up to see that it is that one. What
stands for ``time.sleep`` or ``threading.Event`` is not where their names say, so it is sent by the
place in its private module.

What is pickled is read, object by object, as far as pickle goes.
"""

from __future__ import annotations

import io
import pickle
import sys
from functools import cache
from types import BuiltinFunctionType, FunctionType
from typing import TYPE_CHECKING, Any

from anyorder.exploring.library.output import Input
from anyorder.exploring.library.stand_ins import CLOCKS
from anyorder.exploring.processes.system.streams import Stream

if TYPE_CHECKING:
    from types import ModuleType

    from anyorder.exploring.processes.library.importing import ProcessLibrary

__all__ = ["sending_calls"]

FIXED = {int, str, float, bool, bytes, type(None), type, FunctionType, BuiltinFunctionType, tuple}
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
        if isinstance(thing, Stream | Input):
            raise TypeError(why_no_file())
        if not isinstance(thing, FunctionType | BuiltinFunctionType | type):
            return NotImplemented
        place = place_of(library, thing)
        if place is None:
            return NotImplemented
        if place in DIFFERS:
            library.machine.refuse(f"{'.'.join(place)}() {DIFFERS[place]}: leave it out to explore")
        return find_stand_in, place

    def persistent_id(_: Any, thing: Any) -> None:
        if library.reads and type(thing) not in FIXED:
            library.accesses.read_one(thing)

    names["ForkingPickler"].reducer_override = reducer_override
    names["ForkingPickler"].persistent_id = persistent_id  # called for each object that it reads


@cache
def why_no_file() -> str:
    """Return what this Python says where a file, such as standard output, is to be pickled."""
    try:
        pickle.dumps(io.TextIOWrapper(io.BytesIO()))
    except TypeError as error:
        return str(error)
    raise AssertionError("files can be pickled now: let Stream and Input be so too")


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
