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
from decimal import Decimal
from types import (
    BuiltinFunctionType,
    FunctionType,
    GenericAlias,
    MethodDescriptorType,
    MethodWrapperType,
    ModuleType,
    UnionType,
    WrapperDescriptorType,
)
from typing import TYPE_CHECKING, Any

from anyorder.exploring.attributes import asked, class_has, in_class
from anyorder.exploring.frames import of_tool
from anyorder.exploring.modules import OWN_MODULES

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

__all__ = [
    "ASKING", "BUILT_IN", "COMPARES", "EVALUATED", "QUIET", "SHOWS", "Loudness", "OnlyAsking",
    "answers_by_python", "asks_parts", "ends_by_python", "is_built_in", "loudness",
    "makes_by_python",
]  # fmt: skip

HEAP, IMMUTABLE = 1 << 9, 1 << 8  # flags of a class: it is no static one, and it cannot be changed
EVERY_ATTRIBUTE = {"__getattr__", "__getattribute__", "__setattr__", "__delattr__"}
# what is only evaluated as it is read, from 3.12 or 3.14 on: hints, and what an alias stands for
EVALUATED = frozenset({
    "__annotations__", "__bound__", "__constraints__", "__default__", "__value__",
})  # fmt: skip
# the modules with a __getattr__ of their own, of any version: for what is loaded late, or to go
ASKING = frozenset({
    "_collections_abc", "_pydecimal", "_pyio", "argparse", "ast", "asyncio", "calendar",
    "concurrent.futures", "csv", "ctypes", "http.server", "imaplib", "importlib.abc",
    "importlib.machinery", "io", "ipaddress", "json", "logging", "optparse", "platform", "re",
    "shutil", "socketserver", "sqlite3", "sqlite3.dbapi2", "tabnanny", "tarfile", "types", "typing",
    "unittest", "urllib.parse", "wsgiref.simple_server", "xml.etree.ElementTree",
    "xml.sax.expatreader", "xml.sax.handler", "zoneinfo",
})  # fmt: skip
COMPARES = ("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__hash__", "__index__")
SHOWS = ("__repr__", "__str__", "__format__")


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
HINTS = Loudness(None, operations=True)
NAMED = (BuiltinFunctionType, FunctionType, type)  # what is shown by its name
IN_C = {BuiltinFunctionType, MethodDescriptorType, MethodWrapperType, WrapperDescriptorType}
BUILT_IN_MODULES = {"_thread", "builtins"}  # whatever stands for their classes here
# the built-in classes whose objects ask code of the library: which attributes is up to the module
BUILT_IN = {ModuleType: Loudness(None), GenericAlias: HINTS, UnionType: HINTS}


def is_built_in(cls: type) -> bool:
    """Whether a class is written in C."""
    return not cls.__flags__ & HEAP or bool(cls.__flags__ & IMMUTABLE)


def loudness(cls: type, own: Collection[str]) -> Loudness:
    """Return what of a class is carried out by code that is neither built in nor the program's.

    Args:
        cls: the class
        own: the file names of the program's code
    """
    if cls.__module__ == "typing" and is_built_in(cls):  # it asks the module, from 3.12 on
        return HINTS
    attributes, methods, asked = carried_out(cls, is_of(own))
    meta = type(cls)
    if not is_built_in(meta) and meta.__module__ not in OWN_MODULES:
        methods.add("__call__")  # its class may do anything
    asked = asked.intersection(COMPARES + SHOWS)
    if not (attributes or methods or asked):
        return QUIET
    operations = methods | asked
    return Loudness(
        None if methods & EVERY_ATTRIBUTE else frozenset(attributes),
        bool(methods), not operations.isdisjoint(COMPARES), not operations.isdisjoint(SHOWS),
    )  # fmt: skip


def answers_by_python(cls: type, names: Collection[str], own: Collection[str]) -> bool:
    """Whether some methods of a class may run code of the library that is written in Python.

    What stands for a class of the library is asked as that one is.

    Args:
        cls: the class
        names: the methods
        own: the file names of the program's code
    """
    found = [in_class(cls, name) for name in names]
    if names is COMPARES and issubclass(cls, Decimal):
        return True  # it asks whether what it is compared with is a Rational
    return cls in BUILT_IN or any(
        type(one) is FunctionType and one.__code__.co_filename not in own for one in found
    )


def asks_parts(cls: type, names: Collection[str]) -> bool:
    """Whether methods of a class, or of one that it is made of, are of C and may ask what it holds.

    Those of a function and of a class tell of a name alone.

    Args:
        cls: the class
        names: the methods
    """
    return any(
        is_built_in(base) and not vars(base).keys().isdisjoint(names)
        for base in cls.__mro__
        if base is not object
    ) and not issubclass(cls, NAMED)


def ends_by_python(cls: type) -> bool:
    """Whether code of the library may run as an object of a class ends.

    It may have asked to be told of that, as ``threading`` does for each thread. So may any class of
    the library whose own code makes its objects.
    """
    return bool(cls.__weakrefoffset__) and has_in_python(cls, ("__new__", "__init__", "__del__"))


def makes_by_python(cls: type) -> bool:
    """Whether a call of a class runs code of the library that is written in Python."""
    return has_in_python(type(cls), ("__call__",)) or has_in_python(cls, ("__new__", "__init__"))


def has_in_python(cls: type, names: Collection[str]) -> bool:
    """Whether a class has any of some methods from a class of the library that is not built in."""
    return any(
        name in vars(base) and type(getattr(base, name)) not in IN_C
        for base in cls.__mro__
        if base.__module__ not in OWN_MODULES and base.__module__ not in BUILT_IN_MODULES
        for name in names
    )


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
