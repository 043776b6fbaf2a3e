"""What the program drops while the explorer keeps it.

As an object ends, code of the library may run that has asked to be told of that: ``threading`` asks
for each thread. But the explorer keeps what an event is about, and what has a name that no other
may get: a list, say. So neither ends here when it would, nor does a thread that it holds, however
deep. What shows it is the number of references: the program has dropped an object where there are
fewer than after the event before. That it was the last one is not known.
"""

from __future__ import annotations

import weakref
from dataclasses import dataclass
from gc import get_referents, is_tracked
from sys import getrefcount
from types import CodeType, FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

from anyorder.exploring.attributes import TOOL, attributes_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["Dropping"]

LASTING = (CodeType, ModuleType, type)  # what lives as long as the program, and leads to all it has


@dataclass(slots=True)
class Resting:
    """An object that the program may drop, and that no thread under way keeps.

    Args:
        thing: gives the object, as long as it is there
        count: how many references there were after the last event
    """

    thing: Callable[[], Any]
    count: int = 0


class Dropping:
    """The objects of one execution that the program may drop.

    Attributes:
        resting: those of which it matters
        changed: whether they may be others by now
        kept: what the explorer keeps, and what it has begun to keep since the last event
        counts: how many references there were to the former after that
    """

    def __init__(self) -> None:
        self.watched: dict[int, Callable[[], Any]] = {}  # by their ids
        self.resting: list[Resting] = []
        self.changed = False
        self.known: set[int] = set()  # the ids of what is kept
        self.kept: list[Any] = []
        self.fresh: list[Any] = []
        self.counts: list[int] = []

    def watch(self, thing: Any) -> None:
        """Look after an object from now on, which does not end by that, and may be under way."""
        self.watched[id(thing)] = weakref.ref(thing)
        self.changed = True

    def watches(self, thing: Any) -> bool:
        """Whether it looks after an object."""
        watched = self.watched.get(id(thing))
        return watched is not None and watched() is thing

    def keep(self, things: Iterable[Any]) -> None:
        """Look after what the explorer keeps to the end of the execution, and may hold others."""
        for thing in things:
            if id(thing) not in self.known and is_tracked(thing):
                self.known.add(id(thing))
                self.fresh.append(thing)
                if type(thing) is tuple:
                    self.keep(thing)

    def noticed(self) -> bool:
        """Whether the program may have dropped any of them since the last event."""
        for one in self.resting:
            if getrefcount(one.thing()) < one.count:
                return True
        if any(map(self.leads, self.fresh)):
            return True
        counts = list(map(getrefcount, self.kept))
        return counts != self.counts and any(
            now < before and self.leads(thing)
            for now, before, thing in zip(counts, self.counts, self.kept, strict=True)
        )

    def note(self) -> None:
        """Note how many references there are now that an event has happened."""
        if self.changed:
            self.changed = False
            self.resting = [Resting(thing) for thing in self.watched.values() if rests(thing())]
        for one in self.resting:
            one.count = getrefcount(one.thing())
        if self.fresh:
            self.kept += self.fresh
            self.fresh = []
        self.counts = list(map(getrefcount, self.kept))

    def leads(self, thing: Any) -> bool:
        """Whether an object holds one of which it matters, or what holds it does, however deep."""
        left, seen = [thing], {id(thing)}
        while left:
            thing = left.pop()
            if self.watches(thing):
                if rests(thing):
                    return True
                continue  # a thread that is under way keeps itself
            for part in held_by(thing):
                if is_tracked(part) and id(part) not in seen:
                    seen.add(id(part))
                    left.append(part)
        return False


def rests(thing: Any) -> bool:
    """Whether an object is there, and no thread that is under way, which keeps itself."""
    thread = attributes_of(thing).get("_ao_thread")
    return thing is not None and (thread is None or thread.ended)


def held_by(thing: Any) -> list[Any]:
    """Return what ends with an object, if nothing else keeps it."""
    cls = type(thing)
    if issubclass(cls, LASTING) or cls.__module__.partition(".")[0] == TOOL:
        return []
    if cls is FunctionType:  # but not the variables of its module
        return [thing.__closure__, thing.__defaults__, thing.__kwdefaults__, thing.__dict__]
    return get_referents(thing)
