"""Objects whose attributes the library's own code reads unseen, and the program may change.

Of a ``string.Template``, say, ``substitute`` reads the ``template``. Most such objects stay as they
were made, so threads may share them. From when the program changes one while there are several
threads, the objects of its class are taken for those of which it is not known what they do. What
``logging`` has, all threads find by way of its functions.
"""

from __future__ import annotations

import dis
from functools import cache
from types import FunctionType
from typing import TYPE_CHECKING

from anyorder.exploring.attributes import is_a
from anyorder.exploring.modules import OWN_MODULES
from anyorder.exploring.public_names import CLASSES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from anyorder.exploring.accesses.objects import Objects

__all__ = ["full_name", "hold_change_below", "is_changed", "note_change", "read_by"]

FACT = "changed of the library's"
BY_EVENTS = {"ctypes", "multiprocessing"}  # modules whose objects see to that themselves
ON_ATTRIBUTES = {"DELETE_ATTR", "LOAD_ATTR", "LOAD_METHOD", "STORE_ATTR"}


def full_name(cls: type) -> str:
    """Return the name of a class, with its module."""
    return f"{cls.__module__}.{cls.__qualname__}"


def is_changed(objects: Objects, cls: type) -> bool:
    """Whether the program changes objects of a class of the library while there are threads."""
    return objects.learned(FACT, full_name(cls))


def note_change(objects: Objects, cls: type, name: str) -> None:
    """Note that the program changes an attribute of an object of a class of the library."""
    if cls.__module__.partition(".")[0] in BY_EVENTS:
        return
    if cls.__module__ == "logging" and cls.__name__ != "LogRecord":
        objects.alone_with_logging(name)
    elif objects.several():
        objects.learn(FACT, full_name(cls))


def hold_change_below(objects: Objects, cls: type, name: str) -> None:
    """Refuse to change an attribute that the library may read, once there are other threads.

    Args:
        objects: the objects of the exploration
        cls: the class of the object, or the class itself: the program's own
        name: the attribute
    """
    for base in cls.__mro__:
        if base.__module__ not in OWN_MODULES and name in read_by(base):
            objects.alone(f"changing {cls.__qualname__}.{name}, which {full_name(base)} reads,")


@cache
def read_by(cls: type) -> frozenset[str]:
    """Return the attributes that the methods of a class of the library reach in its objects.

    What objects of the classes that are stood in for keep is told apart elsewhere.
    """
    if cls.__module__ == "builtins" or full_name(cls) in CLASSES:
        return frozenset()
    return frozenset(name for method in methods_of(cls) for name in reached_in_first(method))


def methods_of(cls: type) -> Iterator[FunctionType]:
    """Yield the functions of a class, those of its properties too, that are written in Python."""
    for value in vars(cls).values():
        for one in (value, *(getattr(value, part, None) for part in ("fget", "fset", "fdel"))):
            if is_a(one, FunctionType):
                yield one


def reached_in_first(function: FunctionType) -> Iterator[str]:
    """Yield the attributes that a function reaches in its first argument."""
    first = function.__code__.co_varnames[:1]
    loaded = None
    for step in dis.get_instructions(function):
        if step.opname in ON_ATTRIBUTES and loaded == first:
            yield step.argval
        if step.opname != "CACHE":
            names = step.argval if is_a(step.argval, tuple) else (step.argval,)
            loaded = names[-1:] if step.opname.startswith("LOAD_") else None
