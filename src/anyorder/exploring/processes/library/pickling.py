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
from contextlib import contextmanager
from functools import cache
from types import BuiltinFunctionType, FunctionType
from typing import TYPE_CHECKING, Any, Protocol

from anyorder.exploring.attributes import is_a
from anyorder.exploring.library.output import Input
from anyorder.exploring.library.stand_ins import CLOCKS
from anyorder.exploring.processes.system.streams import Stream

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

    from anyorder.exploring.processes.system.computer import Computer
    from anyorder.exploring.processes.system.os import Exit

__all__ = ["Pickling"]

FIXED = {int, str, float, bool, bytes, type(None), type, FunctionType, BuiltinFunctionType, tuple}


class Modules(Protocol):
    """The private modules, as far as pickling needs them."""

    modules: dict[str, ModuleType]

    def load(self, name: str) -> Any:
        """Return the private copy of a module."""

    def importing(self, name: str, *, fromlist: tuple[str, ...]) -> ModuleType:
        """Import a module for the library's own code."""


class Pickling:
    """How things are pickled for other processes.

    Args:
        machine: where the processes run
        modules: the private modules
        read: called with each object that pickle reads, as any other thread could tell, and with a
            list that is its own for all that is pickled in one go
        exit: what stands for ``os._exit``
        iterator: returns the class of an iterator of C that a thing stands for, if it does
    """

    def __init__(
        self,
        machine: Computer,
        modules: Modules,
        read: Callable[[Any, list[Any]], None],
        exit: Exit,  # noqa: A002 - so it is called
        iterator: Callable[[Any], type | None],
    ) -> None:
        self.machine = machine
        self.modules = modules
        self.read = read
        self.exit = exit
        self.iterator = iterator
        self.reads = True

    def pickler(self) -> Any:
        """Return what pickles for other processes."""
        return vars(self.modules.load("multiprocessing.reduction"))["ForkingPickler"]

    @contextmanager
    def unread(self) -> Iterator[None]:
        """Count what is pickled meanwhile as no access: nothing is sent."""
        before, self.reads = self.reads, False
        try:
            yield
        finally:
            self.reads = before

    def change(self, module: ModuleType) -> None:  # noqa: C901 - a case for each kind
        """Make a copy of ``multiprocessing.reduction`` pickle what stands for the library's own."""
        names = vars(module)
        threads = self.modules.load("_thread")
        locks = {threads.LockType: "lock", threads.RLock: "RLock"}

        def find_stand_in(home: str, name: str) -> Any:
            return getattr(self.modules.importing(home, fromlist=(name,)), name)

        def find_exit() -> Exit:
            return self.exit

        for find in (find_stand_in, find_exit):
            find.__module__, find.__qualname__ = module.__name__, find.__name__
            names[find.__name__] = find
        names["register"](type(self.exit), lambda _: (find_exit, ()))

        def reducer_override(_: Any, thing: Any) -> Any:
            if type(thing) in locks:
                raise TypeError(f"cannot pickle '_thread.{locks[type(thing)]}' object")
            if is_a(thing, Stream | Input):
                raise TypeError(why_no_file())
            cls = self.iterator(thing)
            if cls is not None:
                self.machine.refuse(
                    f"a {cls.__name__} is sent to another process, which is not followed: send "
                    "what it gives, as a list"
                )
            if not is_a(thing, FunctionType | BuiltinFunctionType | type):
                return NotImplemented
            place = place_of(self.modules.modules, thing)
            if place is None:
                return NotImplemented
            if place[0] == "time" and place[1] in CLOCKS:
                self.machine.refuse(
                    f"time.{place[1]}() is sent to another process, which is not followed: send a "
                    "function of your own that calls it"
                )
            return find_stand_in, place

        def persistent_id(pickler: Any, thing: Any) -> None:
            if self.reads and type(thing) not in FIXED:
                self.read(thing, vars(pickler).setdefault("_ao_within", []))

        names["ForkingPickler"].reducer_override = reducer_override
        names["ForkingPickler"].persistent_id = persistent_id  # called for each object it reads


@cache
def why_no_file() -> str:
    """Return what this Python says where a file, such as standard output, is to be pickled."""
    try:
        pickle.dumps(io.TextIOWrapper(io.BytesIO()))
    except TypeError as error:
        return str(error)
    raise AssertionError("files can be pickled now, as Stream and Input then should")


def place_of(modules: dict[str, ModuleType], thing: Any) -> tuple[str, str] | None:
    """Return the private module that has a thing, and its name there, if pickle cannot."""
    real = sys.modules.get(thing.__module__)
    if getattr(real, thing.__qualname__, None) is thing:
        return None
    for home, private in modules.items():
        for name, value in vars(private).items():
            if value is thing:
                return home, name
    return None
