"""What an object has of its own, read without running any code of its class."""

from __future__ import annotations

from types import (
    BuiltinFunctionType,
    FunctionType,
    GetSetDescriptorType,
    MemberDescriptorType,
    MethodDescriptorType,
    MethodType,
)
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from builtins import isinstance as is_a

__all__ = [
    "asked",
    "attributes_of",
    "class_has",
    "computed",
    "in_class",
    "is_a",
    "stands_for_others",
    "values_of",
]

Cls = TypeVar("Cls", bound=type)

TOOL = __name__.partition(".")[0]
NOTED = "_ao_"  # how names begin of what is noted in objects of the library
# how any class says which classes it is made of, and what it has, whatever its metaclass says
order_of: Any = vars(type)["__mro__"].__get__
names_of: Any = vars(type)["__dict__"].__get__
# what any class says of itself, whatever is written in it
OF_CLASSES = frozenset(
    name
    for name, value in vars(type).items()
    if type(value) in {GetSetDescriptorType, MemberDescriptorType}
)
# classes whose objects answer without any code of the program's
ANSWERING = {BuiltinFunctionType, FunctionType, MethodDescriptorType}
STANDING: dict[int, type] = {}  # classes of the tool whose objects say that they are of others


def in_class(cls: type, name: str, default: Any = None) -> Any:
    """Return what a class has under a name, or has from its bases, as it is written there.

    It is not asked for it, since its metaclass may say what it is asked.

    Args:
        cls: the class
        name: the attribute
        default: what is returned where there is none
    """
    for one in order_of(cls):
        names = names_of(one)
        if name in names:
            return names[name]
    return default


def class_has(cls: type, name: str) -> bool:
    """Whether objects of a class find something in it under a name."""
    for one in order_of(cls):  # noqa: SIM110 - asked for most operations
        if name in names_of(one):
            return True
    return False


def stands_for_others(cls: Cls) -> Cls:
    """Let objects of a class of the tool pass for those of the class that they say."""
    STANDING[id(cls)] = cls
    return cls


if not TYPE_CHECKING:

    def is_a(thing: Any, classes: Any) -> bool:
        """Whether an object is of a class, or of one of several, by what it was made as.

        ``isinstance`` asks an object which class it is of, where it was not made as one of these,
        and a class of the program may have a say in the answer.

        Args:
            thing: an object, whoever has made it
            classes: as for ``isinstance``
        """
        cls = type(thing)
        if issubclass(cls, classes):
            return True
        return id(cls) in STANDING and isinstance(thing, classes)


def asked(thing: Any, name: str, default: Any = None) -> Any:
    """Return an attribute as ``getattr`` does, without running any code of the program's.

    Args:
        thing: an object, a class or a function, whoever has made it
        name: the attribute
        default: what is returned where there is none, or where it is ``None``
    """
    cls = type(thing)
    if cls in ANSWERING or (cls is type and name in OF_CLASSES):
        found = getattr(thing, name, None)
        return default if found is None else found
    if cls.__module__.partition(".")[0] == TOOL:  # which stands for what it passes questions on to
        return getattr(thing, name, default)
    result = in_class(cls, name)
    if type(result) in {GetSetDescriptorType, MemberDescriptorType}:
        try:
            result = result.__get__(thing)
        except AttributeError:
            return default
    elif cls is MethodType and result is None:
        return asked(thing.__func__, name, default)
    else:
        own = in_class(thing, name) if issubclass(cls, type) else attributes_of(thing).get(name)
        result = result if own is None else own
    return default if result is None else result


def attributes_of(thing: Any) -> Any:
    """Return an object's own attributes, without running any code of its class."""
    try:
        return object.__getattribute__(thing, "__dict__")
    except AttributeError:
        return {}


def computed(thing: Any, name: str) -> bool:
    """Whether an attribute is what code of a class makes of it: a property, say."""
    of_class = issubclass(type(thing), type)
    found = in_class(type(thing), name)
    if of_class:
        found = in_class(thing, name, found)
    cls = type(found)
    if not (cls is property or type(in_class(cls, "__get__")) is FunctionType):
        return False
    return class_has(cls, "__set__") or of_class or name not in attributes_of(thing)


def values_of(thing: Any) -> list[Any]:
    """Return the values of an object's attributes, those in slots too."""
    slots = [
        value.__get__(thing)
        for cls in type(thing).__mro__
        for value in vars(cls).values()
        if type(value) is MemberDescriptorType and has(value, thing)
    ]
    return [*attributes_of(thing).values(), *slots]


def has(slot: MemberDescriptorType, thing: Any) -> bool:
    """Whether there is anything in a slot of an object."""
    try:
        slot.__get__(thing)
    except AttributeError:
        return False
    return True
