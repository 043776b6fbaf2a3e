"""Objects of the program: how each is followed, what it is called, and when it makes an event."""

from __future__ import annotations

import sys
from decimal import Decimal
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any, NoReturn

from anyorder.exploring.containers import TYPES, VIEWS
from anyorder.exploring.events import WRITE
from anyorder.exploring.modules import FOLLOWED, REAL, SWAPPED

if TYPE_CHECKING:
    from anyorder.exploring.events import Footprint
    from anyorder.exploring.machine import Machine
    from anyorder.exploring.sharing import Sharing
    from anyorder.exploring.spin import Loops

__all__ = [
    "CLASS",
    "CONTAINER",
    "CONTAINERS",
    "INSTANCE",
    "ITERATOR",
    "LIBRARY",
    "OPAQUE",
    "PLAIN",
    "Objects",
]

PLAIN, CONTAINER, INSTANCE, CLASS, LIBRARY, ITERATOR, OPAQUE = range(7)
FIXED = (BaseException, bytes, Decimal, float, frozenset, int, str, tuple)  # they never change
CONTAINERS = tuple(TYPES)
SHARED = REAL | {"os", "random", "time"}  # modules that are no copies


class Objects:
    """The objects of one exploration, put back to the beginning for each execution.

    Args:
        machine: where the program runs
        sharing: which places are shared
        loops: recognises loops that only wait
    """

    def __init__(self, machine: Machine, sharing: Sharing, loops: Loops) -> None:
        self.machine = machine
        self.happen = machine.happen
        self.sharing = sharing
        self.touch = sharing.touch
        self.loops = loops
        self.lasting: dict[type, int] = {}  # the kinds of classes that no execution makes
        self.of_modules: dict[int, tuple[str, Any]] = {}  # the containers of the library's modules
        self.loaded = 0  # how many modules there were when that was looked up
        self.begin()

    def begin(self) -> None:
        """Forget the objects of the execution before."""
        self.labels: dict[
            int, tuple[Any, Any]
        ] = {}  # the object is kept, so that its id is its own
        self.kinds: dict[type, int] = self.lasting.copy()
        self.found: dict[tuple[type, str], str] = {}

    def kind_of(self, cls: type) -> int:
        """Say how objects of a class are followed."""
        kind = self.kinds.get(cls)
        if kind is None:
            if cls in TYPES or cls in VIEWS:
                kind = CONTAINER
            elif cls is FunctionType:
                kind = LIBRARY
            elif issubclass(cls, type):
                kind = CLASS
            elif cls.__module__ == "__main__":
                kind = INSTANCE
            else:
                kind = kind_of_library(cls)
            self.kinds[cls] = kind
            if cls.__module__ == "builtins":
                self.lasting[cls] = kind
        return kind

    def is_container(self, thing: Any, method: str = "") -> bool:
        """Whether an object is a container, be it of a class of the program's own.

        Args:
            thing: the object
            method: the method that is about to be called, which such a class may have of its own:
                then it is no container here, since what the program's code does is followed
        """
        cls = type(thing)
        kind = self.kind_of(cls)
        return kind == CONTAINER or (
            kind == INSTANCE
            and issubclass(cls, CONTAINERS)
            and type(getattr(cls, method, None)) is not FunctionType
        )

    def label(self, thing: Any) -> Any:
        """Return the name of an object: who made it, and as its how-manieth."""
        known = self.labels.get(id(thing))
        if known is None:
            known = self.labels[id(thing)] = (self.machine.label(), thing)
        return known[0]

    def made(self, thing: Any) -> Any:
        """Name an object that the program's code has just made."""
        cls = type(thing)
        kind = self.kinds.get(cls)
        if kind is None:
            kind = self.kind_of(cls)
        if kind and id(thing) not in self.labels and kind != CLASS:
            self.labels[id(thing)] = (self.machine.label(), thing)
        return thing

    def reached(self, thing: Any, label: Any) -> Any:
        """Name an object that was made unseen by the way on which it was reached."""
        cls = type(thing)
        kind = self.kinds.get(cls)
        if kind is None:
            kind = self.kind_of(cls)
        if kind and id(thing) not in self.labels:
            self.labels[id(thing)] = (label, thing)
        return thing

    def step(self, kind: str, footprint: Footprint, about: Any) -> Any:
        """Make an event of an access where any place that it touches is shared."""
        shared = False
        for place, mode in footprint:
            if self.touch(place, mode):
                shared = True
        return self.happen(kind, footprint, about=about) if shared else None

    def unshared(self, thing: Any) -> None:
        """Refuse an object of the library that threads share, since what it does is not followed.

        That is so however it is guarded: nothing says that it was guarded everywhere.
        """
        if self.touch((self.label(thing), "whole"), WRITE):
            self.machine.refuse(
                f"threads share an object of {type(thing).__name__}, and what it does is not "
                "followed: let each have one of its own, or leave the program unexplored"
            )

    def outlives(self, what: str) -> NoReturn:
        """Refuse a change of what the explorer itself uses."""
        self.machine.refuse(
            f"{what} would hold in the next execution and in the explorer too: leave it out"
        )

    def changes(self, thing: Any) -> None:
        """Refuse a change of a container that a module of the library keeps."""
        if self.loaded != len(sys.modules):
            self.loaded = len(sys.modules)
            self.of_modules = containers_of_modules()
        if id(thing) in self.of_modules:
            self.outlives(f"changing {self.of_modules[id(thing)][0]}")

    def alone(self, what: str) -> None:
        """Refuse a change that all threads see, once there are others than the present one."""
        if sum(not thread.ended for thread in self.machine.threads) > 1:
            self.machine.refuse(
                f"{what} changes what all threads use, which is not followed: do it before there "
                "are other threads"
            )


def containers_of_modules() -> dict[int, tuple[str, Any]]:
    """Return the containers in the modules that a program shares with the explorer.

    Each by its id, with its name; it is kept, so that its id is its own.
    """
    return {
        id(value): (f"{name}.{attribute}", value)
        for name, module in list(sys.modules.items())
        if name.partition(".")[0] in SHARED and isinstance(module, ModuleType)
        for attribute, value in list(vars(module).items())
        if type(value) in TYPES and not (name == "sys" and attribute in SWAPPED)
    }


def top_module(thing: Any) -> str:
    """Return the module of the library that a class or a function is of, or its package."""
    return (thing.__module__ or "").lstrip("_").partition(".")[0]


def kind_of_library(cls: type) -> int:
    """Say how objects of a class of the library are followed."""
    if issubclass(cls, CONTAINERS):
        return CONTAINER
    if cls.__module__ in {"itertools", "builtins"} and hasattr(cls, "__next__"):
        return ITERATOR
    if cls.__module__ in {"threading", "types"} and cls.__dictoffset__:
        return LIBRARY
    return PLAIN if issubclass(cls, FIXED) or top_module(cls) in FOLLOWED else OPAQUE
