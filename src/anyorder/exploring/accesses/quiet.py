"""Which operations run code of the library that is written in Python, and so pass switch points.

An operation on an object of a built-in class is one step of the interpreter; one that a class of
the program carries out itself goes through the program's own code, which says where it passes a
switch point. What is left are methods that are neither: those that a dataclass is given, those of
``enum``, of ``fractions``. Nothing of them is rewritten, so each counts as a switch point.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import FunctionType
from typing import Any

from anyorder.exploring.frames import of_tool

__all__ = ["QUIET", "Loudness", "is_built_in", "loudness"]

HEAP, IMMUTABLE = 1 << 9, 1 << 8  # flags of a class: it is no static one, and it cannot be changed
EVERY_ATTRIBUTE = {"__getattr__", "__getattribute__", "__setattr__", "__delattr__"}
COMPARES = {"__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__hash__"}
SHOWS = {"__repr__", "__str__", "__format__"}


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


def loudness(cls: type, program: str) -> Loudness:
    """Return what of a class is carried out by code that is neither built in nor the program's.

    Args:
        cls: the class
        program: the file name of the program's code
    """
    own = is_of(program)
    attributes: set[str] = set()
    methods: set[str] = set()
    for base in cls.__mro__:
        for name, value in () if is_built_in(base) else vars(base).items():
            kind = type(value)
            if kind is FunctionType:
                if name.startswith("__") and not own(value) and not of_tool(value.__code__):
                    methods.add(name)
            elif kind is property:
                if not all(map(own, parts(value))):
                    attributes.add(name)
            elif hasattr(kind, "__get__") and not is_built_in(kind):
                attributes.add(name)
    meta = type(cls)
    if not is_built_in(meta) and meta.__module__ != "__main__":
        methods.add("__call__")  # its class may do anything
    if not attributes and not methods:
        return QUIET
    return Loudness(
        None if methods & EVERY_ATTRIBUTE else frozenset(attributes),
        bool(methods), bool(methods & COMPARES), bool(methods & SHOWS),
    )  # fmt: skip


def parts(value: property) -> list[Any]:
    """Return the functions of a property."""
    return [one for one in (value.fget, value.fset, value.fdel) if one is not None]


def is_of(program: str) -> Any:
    """Return what says whether a function is the program's own, or built in."""

    def own(function: Any) -> bool:
        code = getattr(function, "__code__", None)
        if code is None:
            return is_built_in(type(function))
        return bool(code.co_filename == program)

    return own
