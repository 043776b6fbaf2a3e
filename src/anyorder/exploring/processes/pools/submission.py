"""One submission of tasks to a pool, and the results that a program waits for."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any, Protocol

from anyorder.exploring.engine.events import WRITE

if TYPE_CHECKING:
    from collections.abc import Callable

    from anyorder.exploring.engine.events import Effect, Event, Footprint, Place
    from anyorder.exploring.processes.library.pickling import Pickling
    from anyorder.exploring.processes.system.computer import Computer

__all__ = ["ALL", "EACH", "IN_ORDER", "ONCE", "Submission"]

ONCE, ALL, EACH, IN_ORDER = "once", "all", "each", "in order"  # how results count


class Pool(Protocol):
    """Those who work at a submission, as far as whoever waits for it needs them."""

    machine: Computer
    pickling: Pickling

    def settle(self, submission: Submission) -> None:
        """Hand over what has arrived for a submission."""


class Submission:
    """Tasks that were submitted together: one, or several, each with a result.

    Args:
        pool: who works at it
        kind: how its results count
        place: what an event touches that adds a result, or that waits for it
        target: the future, or what ``multiprocessing.pool`` has in its place
    """

    def __init__(self, pool: Pool, kind: str, place: Place, target: Any) -> None:
        self.pool = pool
        self.machine = pool.machine
        self.pickling = pool.pickling
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

    def settle(self) -> None:
        """Hand over what has arrived."""
        self.pool.settle(self)

    def is_known(self) -> bool:
        """Whether the current thread knows that all is there."""
        return self.machine.current.tid in self.known

    def know(self) -> None:
        """Note that the current thread knows that all is there."""
        self.known.add(self.machine.current.tid)

    def dumps(self, thing: Any) -> bytes:
        """Pickle something that is submitted."""
        data = bytes(self.pickling.pickler().dumps(thing))
        self.sent.append((thing, data))
        return data

    def note(self, iterable: Any) -> None:
        """Note what was submitted to be gone through, which a real pool does later on."""
        with self.pickling.unread():
            self.sent.append((iterable, bytes(self.pickling.pickler().dumps(iterable))))

    def check(self) -> None:
        """Refuse a program that has changed what it submitted, while it may not be sent yet."""
        pickler = self.pickling.pickler()
        for thing, data in self.sent:
            with self.pickling.unread():
                now = bytes(pickler.dumps(thing))
            if now != data:
                self.machine.refuse(
                    "what was submitted to the pool is changed before its result is there, "
                    "and a real pool may send either: submit a copy"
                )

    def arrive(self, event: Event, index: int, item: Callable[[], Any]) -> None:
        """Add a result at an event."""
        effect: Effect = (self.place, False, 1)
        if self.kind in {EACH, IN_ORDER}:
            number = index if self.kind == EACH else self.count
            event.footprint += (((self.place, number), WRITE),)
            effect = ((self.place, number), True, 1)
        self.count += 1
        self.arrived.append((index, item))
        self.machine.affect(event, (effect,))
