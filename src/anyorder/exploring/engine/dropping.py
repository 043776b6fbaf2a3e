"""What the program drops while the explorer keeps it.

As an object ends, code of the library may run that has asked to be told of that: ``threading`` asks
for each thread. But an event keeps what it is about, so that such an object does not end here when
it would. What shows it is the number of references: the program has dropped one where there are
fewer than after the event before. That it was the last one is not known.
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
    """

    def __init__(self) -> None:
        self.watched: dict[int, Callable[[], Any]] = {}  # by their ids
        self.resting: list[Resting] = []
        self.changed = False

    def watch(self, thing: Any) -> None:
        """Look after an object from now on, which does not end by that, and may be under way."""
        self.watched[id(thing)] = weakref.ref(thing)
        self.changed = True

    def noticed(self) -> bool:
        """Whether the program has dropped any of them since the last event."""
        for one in self.resting:  # noqa: SIM110 - asked for each event
            if getrefcount(one.thing()) < one.count:
                return True
        return False

    def note(self) -> None:
        """Note how many references there are now that an event has happened."""
        if self.changed:
            self.changed = False
            self.resting = [Resting(thing) for thing in self.watched.values() if rests(thing())]
        for one in self.resting:
            one.count = getrefcount(one.thing())


def rests(thing: Any) -> bool:
    """Whether an object is there, and no thread that is under way, which keeps itself."""
    thread = attributes_of(thing).get("_ao_thread")
    return thing is not None and (thread is None or thread.ended)
