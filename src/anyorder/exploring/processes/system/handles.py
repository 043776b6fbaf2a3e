"""Which objects of the program are ways to what the operating system keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from anyorder.exploring.attributes import attributes_of, is_a

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["leads_outside"]


def leads_outside(thing: Any) -> bool:
    """Whether an object has a lock or an end of a pipe: it may be the last to have it.

    Nothing but the program may keep it then.
    """
    return any(is_shared(one) for one in inside(thing))


def inside(thing: Any) -> Iterable[Any]:
    """Return what an object holds."""
    if is_a(thing, dict):
        return list(thing.values())
    if is_a(thing, list | set | tuple):
        return thing
    return list(attributes_of(thing).values())


def is_shared(thing: Any) -> bool:
    """Whether an object is a way to what the operating system keeps."""
    return type(thing).__module__.startswith("multiprocessing.")
