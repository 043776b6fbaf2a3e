"""Protocols of ``typing``: what objects are asked for where it is asked whether they are of one."""

from __future__ import annotations

import typing
from types import UnionType
from typing import TYPE_CHECKING, Any

from anyorder.exploring.accesses.events import LOOK
from anyorder.exploring.accesses.instances import Instances, in_classes
from anyorder.exploring.attributes import is_a
from anyorder.exploring.engine.events import READ

if TYPE_CHECKING:
    from collections.abc import Iterator

    from anyorder.exploring.accesses.objects import Objects
    from anyorder.exploring.engine.events import Footprint

__all__ = ["look_for_members"]

META = type(typing.Protocol)


def look_for_members(objects: Objects, thing: Any, classes: Any, *, subclass: bool = False) -> None:
    """Look for the attributes that a protocol asks of an object, in one step.

    Args:
        objects: the objects of the exploration
        thing: the object, or a class
        classes: a class or several, as ``isinstance`` takes them
        subclass: whether it is asked of a class if it is one below
    """
    names = {name for one in flat(classes) for name in members(one)}
    if not names:
        return
    kind = objects.kind_of(type(thing))
    touched: Footprint = ()
    for name in sorted(names):
        footprint: Footprint = ()
        if subclass and objects.learned("classes"):
            footprint = in_classes(objects, thing, name)
        elif not subclass and is_a(kind, Instances):
            footprint = kind.attribute_footprint(thing, name, READ)
        if not objects.touch_all(footprint):
            continue
        if touched:
            objects.machine.refuse(
                "whether this is of a protocol depends on several attributes that threads change, "
                "one after another, which is not followed: ask for one of them by hasattr()"
            )
        touched = footprint
    if touched:
        objects.happen(LOOK, touched, (thing,))


def flat(classes: Any) -> Iterator[Any]:
    """Yield each class of what ``isinstance`` takes."""
    if is_a(classes, UnionType):
        classes = classes.__args__
    if not is_a(classes, tuple):
        yield classes
        return
    for one in classes:
        yield from flat(one)


def members(cls: Any) -> frozenset[str]:
    """Return the names of the attributes that a protocol asks for, and none of any other class."""
    if not issubclass(type(cls), META) or not vars(cls).get("_is_protocol"):
        return frozenset()
    found = vars(cls).get("__protocol_attrs__")  # from Python 3.12 on
    if found is None:
        found = typing._get_protocol_attrs(cls)  # type: ignore[attr-defined]
    return frozenset(found)
