"""What the program drops while the explorer keeps it.

As an object ends, code of the library may run that has asked to be told of that: ``threading`` asks
for each thread. But an event keeps what it is about, and an object's name keeps a list, so that
neither ends here when it would. What shows it is the number of references: the program has dropped
one where there are fewer than after the event before. That it was the last one is not known.
"""

from __future__ import annotations

from dataclasses import dataclass
from sys import getrefcount
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Dropping"]


@dataclass(slots=True)
class Watched:
    """An object that the program may drop.

    Args:
        thing: the object
        matters: whether it matters now that it is dropped
        lasting: whether that may come to matter
        count: how many references there were after the last event, where it mattered by then
    """

    thing: Any
    matters: Callable[[], bool]
    lasting: bool
    count: int | None = None


class Dropping:
    """The objects of one execution that the program may drop."""

    def __init__(self) -> None:
        self.watched: dict[int, Watched] = {}  # by their ids

    def watch(self, thing: Any, matters: Callable[[], bool], *, lasting: bool) -> None:
        """Look after an object from now on, as for ``Watched``."""
        if id(thing) not in self.watched:
            self.watched[id(thing)] = Watched(thing, matters, lasting)

    def noticed(self) -> bool:
        """Whether the program has dropped any of them since the last event."""
        return any(
            one.count is not None and getrefcount(one.thing) < one.count
            for one in self.watched.values()
        )

    def note(self) -> None:
        """Note how many references there are now that an event has happened."""
        for number, one in list(self.watched.items()):
            if one.matters():
                one.count = getrefcount(one.thing)
            elif not one.lasting:
                del self.watched[number]
