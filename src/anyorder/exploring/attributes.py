"""What an object has of its own, read without running any code of its class."""

from __future__ import annotations

from types import FunctionType, MemberDescriptorType
from typing import Any

__all__ = ["attributes_of", "computed", "values_of"]


def attributes_of(thing: Any) -> Any:
    """Return an object's own attributes, without running any code of its class."""
    try:
        return object.__getattribute__(thing, "__dict__")
    except AttributeError:
        return {}


def computed(thing: Any, name: str) -> bool:
    """Whether an attribute is what code of a class makes of it: a property, say."""
    own = thing.__mro__ if isinstance(thing, type) else ()
    classes = (*own, *type(thing).__mro__)
    found = next((vars(one)[name] for one in classes if name in vars(one)), None)
    cls = type(found)
    if not (cls is property or type(getattr(cls, "__get__", None)) is FunctionType):
        return False
    return hasattr(cls, "__set__") or bool(own) or name not in attributes_of(thing)


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
