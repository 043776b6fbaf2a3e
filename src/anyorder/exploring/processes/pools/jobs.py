"""What a program waits for once it has submitted tasks to a pool."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from anyorder.exploring.engine.events import WRITE

if TYPE_CHECKING:
    from collections.abc import Callable

    from anyorder.exploring.engine.events import Effect, Event, Footprint, Place
    from anyorder.exploring.processes.pools.tasks import Crew

__all__ = ["ALL", "EACH", "IN_ORDER", "ONCE", "Job"]

ONCE, ALL, EACH, IN_ORDER = "once", "all", "each", "in order"  # how the results of a job count


class Job:
    """What a program waits for: one result or several.

    Args:
        kind: how its results count
        place: where that they are there shows
        target: the future, or what ``multiprocessing.pool`` has in its place
        crew: who works at it
    """

    def __init__(self, crew: Crew, kind: str, place: Place, target: Any) -> None:
        self.crew = crew
        self.kind = kind
        self.place = place
        self.target = target
        self.count = 0  # results so far
        self.results = 1  # that there will be
        self.failures = 0
        self.sent: list[tuple[Any, bytes]] = []  # what was submitted, and pickled at that moment
        self.known: set[int] = set()  # the threads that know that all is there
        self.done = False  # whether the program may see that all is there
        self.arrived: deque[tuple[int, Callable[[], Any]]] = deque()  # and nobody has looked yet

    def touched(self, index: int, *, failed: bool) -> Footprint:
        """Return what the arrival of a result touches."""
        if self.kind == EACH:
            return (((self.place, index), WRITE),)
        # of several failures the first one counts, and successes can be swapped
        return ((self.place, "count" if self.kind == ALL and not failed else WRITE),)

    def is_known(self) -> bool:
        """Whether the current thread knows that all is there."""
        return self.crew.machine.current.tid in self.known

    def know(self) -> None:
        """Note that it does from now on."""
        self.known.add(self.crew.machine.current.tid)

    def dumps(self, thing: Any) -> bytes:
        """Pickle something that is submitted."""
        data = bytes(self.crew.crews.pickler().dumps(thing))
        self.sent.append((thing, data))
        return data

    def check(self) -> None:
        """Refuse a program that has changed what it submitted, while it may not be sent yet."""
        pickler, library = self.crew.crews.pickler(), self.crew.crews.library
        for thing, data in self.sent:
            with library.unread():
                now = bytes(pickler.dumps(thing))
            if now != data:
                self.crew.machine.refuse(
                    "what was submitted to the pool is changed before its result is there: "
                    "a real pool may send either; submit a copy"
                )

    def arrive(self, event: Event, index: int, item: Callable[[], Any]) -> None:
        """Let a result arrive at an event."""
        effect: Effect = (self.place, False, 1)
        if self.kind in {EACH, IN_ORDER}:
            number = index if self.kind == EACH else self.count
            event.footprint += (((self.place, number), WRITE),)
            effect = ((self.place, number), True, 1)
        self.count += 1
        self.arrived.append((index, item))
        event.effects += (effect,)
        self.crew.machine.apply((effect,))
