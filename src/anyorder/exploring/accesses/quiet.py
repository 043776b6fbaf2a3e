"""Which operations run code of the library that is written in Python, and so pass switch points.

An operation on an object of a built-in class is one step of the interpreter; one that a class of
the program carries out itself goes through the program's own code, which says where it passes a
switch point. (But what asks for it has been an event by then: a dict asks a key for its hash, and
looks after that. So what compares or shows counts all the same.) What is left are methods that are
neither: those that a dataclass is given, those of ``enum``, of ``fractions``. Nothing of them is
rewritten, so each counts as a switch point.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import FunctionType
from typing import TYPE_CHECKING, Any

from anyorder.exploring.attributes import asked, class_has
from anyorder.exploring.frames import of_tool
from anyorder.exploring.modules import OWN_MODULES

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

__all__ = ["QUIET", "Loudness", "OnlyAsking", "is_built_in", "loudness"]

HEAP, IMMUTABLE = 1 << 9, 1 << 8  # flags of a class: it is no static one, and it cannot be changed
EVERY_ATTRIBUTE = {"__getattr__", "__getattribute__", "__setattr__", "__delattr__"}
COMPARES = {"__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__hash__", "__index__"}
SHOWS = {"__repr__", "__str__", "__format__"}


class OnlyAsking:
    """An iterator of ours that runs nothing but what it asks: it passes no switch point itself."""


@dataclass(frozen=True, slots=True)
class Loudness:
    """What of a class is carried out by code of the library that is written in Python.

    Args:
        attributes: the attributes that are reached so, and ``None`` where all are
        operations: whether any operation is
        compares: whether comparing or hashing is
        shows: whether showing it is
    """

    attributes: frozenset[str] | None = frozenset()
    operations: bool = False
    compares: bool = False
    shows: bool = False


QUIET = Loudness()


def is_built_in(cls: type) -> bool:
    """Whether a class is written in C."""
    return not cls.__flags__ & HEAP or bool(cls.__flags__ & IMMUTABLE)


def loudness(cls: type, own: Collection[str]) -> Loudness:
    """Return what of a class is carried out by code that is neither built in nor the program's.

    Args:
        cls: the class
        own: the file names of the program's code
    """
    attributes, methods, asked = carried_out(cls, is_of(own))
    meta = type(cls)
    if not is_built_in(meta) and meta.__module__ not in OWN_MODULES:
        methods.add("__call__")  # its class may do anything
    asked &= COMPARES | SHOWS
    if not (attributes or methods or asked):
        return QUIET
    return Loudness(
        None if methods & EVERY_ATTRIBUTE else frozenset(attributes),
        bool(methods), bool((methods | asked) & COMPARES), bool((methods | asked) & SHOWS),
    )  # fmt: skip


def carried_out(cls: type, own: Callable[[Any], bool]) -> tuple[set[str], set[str], set[str]]:
    """Return attributes and methods of a class that are the library's, and methods of its own."""
    attributes: set[str] = set()
    methods: set[str] = set()
    asked: set[str] = set()
    for base in cls.__mro__:
        for name, value in () if is_built_in(base) else vars(base).items():
            kind = type(value)
            if kind is FunctionType:
                if own(value):
                    asked.add(name)
                elif name.startswith("__") and not of_tool(value.__code__):
                    methods.add(name)
            elif kind is property:
                if not all(map(own, parts(value))):
                    attributes.add(name)
            elif class_has(kind, "__get__") and not is_built_in(kind):
                attributes.add(name)
    return attributes, methods, asked


def parts(value: property) -> list[Any]:
    """Return the functions of a property."""
    return [one for one in (value.fget, value.fset, value.fdel) if one is not None]


def is_of(files: Collection[str]) -> Any:
    """Return what says whether a function is the program's own, or built in."""

    def own(function: Any) -> bool:
        code = asked(function, "__code__")
        if code is None:
            return is_built_in(type(function))
        return bool(code.co_filename in files)

    return own
