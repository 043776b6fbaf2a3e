"""What the program drops while the explorer keeps it.

As an object ends, code of the library may run that has asked to be told of that: ``threading`` asks
for each thread. But an event keeps what it is about, and an object's name keeps a list, so that
neither ends here when it would. What shows it is the number of references: the program has dropped
one where there are fewer than after the event before. That it was the last one is not known.
"""

from __future__ import annotations

import weakref
from dataclasses import dataclass
from sys import getrefcount
from typing import TYPE_CHECKING, Any

from anyorder.exploring.attributes import attributes_of

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Dropping"]


@dataclass(slots=True)
class Watched:
    """An object that the program may drop.

    Args:
        thing: gives the object, as long as it is there
        matters: whether it matters now that it is dropped
        lasting: whether that may come to matter
        count: how many references there were after the last event, where it mattered by then
    """

    thing: Callable[[], Any]
    matters: Callable[[Any], bool]
    lasting: bool
    count: int | None = None


class Dropping:
    """The objects of one execution that the program may drop."""

    def __init__(self) -> None:
        self.watched: dict[int, Watched] = {}  # by their ids

    def watch(self, thing: Any) -> None:
        """Look after an object from now on, which does not end by that."""
        known = self.watched.get(id(thing))
        if known is None or known.thing() is not thing:
            self.watched[id(thing)] = Watched(weakref.ref(thing), rests, lasting=True)

    def watch_container(self, thing: Any, matters: Callable[[Any], bool]) -> None:
        """Look after a container, which is kept, until it is found not to matter."""
        if id(thing) not in self.watched:
            self.watched[id(thing)] = Watched(lambda: thing, matters, lasting=False)

    def noticed(self) -> bool:
        """Whether the program has dropped any of them since the last event."""
        return any(
            one.count is not None and getrefcount(one.thing()) < one.count
            for one in self.watched.values()
        )

    def note(self) -> None:
        """Note how many references there are now that an event has happened."""
        for number, one in list(self.watched.items()):
            thing = one.thing()
            matters = thing is not None and one.matters(thing)
            # as in ``noticed``: from 3.14 on a variable is lent; and without ``thing``
            one.count = getrefcount(one.thing()) - 1 if matters else None
            if thing is None or not (matters or one.lasting):
                del self.watched[number]


def rests(thing: Any) -> bool:
    """Whether an object is no thread that is under way, which keeps itself."""
    thread = attributes_of(thing).get("_ao_thread")
    return thread is None or thread.ended
