"""Which process has which end of which pipe open.

A process that is forked has all that its parent had open; one that is spawned, what was sent to it.
An end is open until all who have it have closed it, by ``close``, by letting go of the last object
that stands for it, or by ending. A reader of a pipe that nobody can write to any more finds its
end; who writes to one that nobody can read any more has an error
(https://man7.org/linux/man-pages/man7/pipe.7.html).

Most programs cannot tell when an end is closed: whoever reads can also write, as far as the system
knows. So a close is an event only once it has turned out that a reader or a writer without the
other end may come before or after it; that is found as for any other place (see ``sharing``). The
order of two closes never matters.
"""

from __future__ import annotations

import errno
import os
from collections import defaultdict
from typing import TYPE_CHECKING

from anyorder.exploring.engine.events import READ, EventKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from anyorder.exploring.engine.events import Effect, Event, Footprint
    from anyorder.exploring.processes.system.computer import Computer
    from anyorder.exploring.processes.system.pipe import Pipe
    from anyorder.exploring.processes.system.process import SimulatedProcess

__all__ = ["READERS", "WRITERS", "Descriptors"]

OPEN = EventKind("open", says="opens a pipe", waits=None, whole=False)
CLOSE_END = EventKind(
    "close",
    says=lambda event, teller: (
        f"closes its end of {teller.name(event.about[0])} for {event.about[1]}"
    ),
    waits=None,
    whole=False,
)
FIRST = 1_000_000  # no number that the system gives to a real one
READERS, WRITERS = "readers", "writers"
CLOSE = "close"  # the mode of closing an end


class Descriptors:
    """The descriptors of all processes. The same end has the same number in each of them.

    Args:
        machine: where the processes run

    Attributes:
        late: what was still open after an execution, though nobody but the simulation had it
    """

    def __init__(self, machine: Computer) -> None:
        self.machine = machine
        self.begin()

    def begin(self) -> None:
        """Forget all, for a new execution."""
        self.reading: dict[int, Pipe] = {}
        self.writing: dict[int, Pipe] = {}
        self.open: defaultdict[int, set[int]] = defaultdict(set)  # of each process
        self.last = FIRST
        self.late: list[int] = []

    # -- opening -------------------------------------------------------------------------------

    def add(self, reading: Pipe | None, writing: Pipe | None) -> int:
        """Return a number for an end that the current process has just made."""
        self.last += 1
        if reading is not None:
            self.reading[self.last] = reading
        if writing is not None:
            self.writing[self.last] = writing
        self.open[self.machine.process.number].add(self.last)
        return self.last

    def reach_opening(self) -> None:
        """Make an event of opening a descriptor, where a fork by another thread may come before."""
        footprint = self.machine.changing()
        if footprint:
            self.machine.happen(OPEN, footprint)

    def dup(self, number: int) -> int:
        """Return another number for the same end."""
        self.check(number)
        self.reach_opening()
        new = self.add(self.reading.get(number), self.writing.get(number))
        self.count(self.ends([new]), 1)
        return new

    def inherit(self, child: SimulatedProcess, numbers: Iterable[int]) -> None:
        """Open these for a child that is being started as well."""
        added = set(numbers) - self.open[child.number]
        self.open[child.number] |= added
        self.count(self.ends(added), 1)

    # -- closing -------------------------------------------------------------------------------

    def check(self, number: int) -> None:
        """Raise an error where the current process does not have a number open."""
        if number not in self.open[self.machine.process.number]:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))

    def close(self, number: int) -> None:
        """Close one number of the current process."""
        self.check(number)
        machine = self.machine
        home = machine.process.number
        ends = self.ends([number])
        footprint = (*self.closing(home, ends), *self.machine.changing())
        if footprint:
            machine.happen(CLOSE_END, footprint, about=ends[0])
        self.open[home].discard(number)
        self.count(ends, -1)

    def close_all(self, process: SimulatedProcess, event: Event) -> bool:
        """Close all that a process has open, at an event, and return whether anyone can tell."""
        ends = self.ends(self.open.pop(process.number, set()))
        footprint = self.closing(process.number, ends)
        event.footprint += footprint
        self.count(ends, -1)
        return bool(footprint)

    def drop_late(self, home: int, number: int | None) -> None:
        """Note that only the simulation had kept the last object that stands for an open end."""
        if number is not None and number in self.open.get(home, ()):
            self.late.append(number)

    def ends(self, numbers: Iterable[int]) -> list[tuple[Pipe, str]]:
        """Return which ends of which pipes are behind these numbers."""
        found = []
        for number in sorted(numbers):
            if number in self.writing:
                found.append((self.writing[number], WRITERS))
            if number in self.reading:
                found.append((self.reading[number], READERS))
        return found

    def closing(self, home: int, ends: list[tuple[Pipe, str]]) -> Footprint:
        """Return what closing these touches, as far as anyone can tell."""
        places = [place for pipe, kind in ends for place in self.places(pipe, kind, home)]
        footprint: Footprint = tuple(
            (place, CLOSE) for place in dict.fromkeys(places) if self.machine.touch(place, CLOSE)
        )
        crowded = tuple(
            (pipe.label, CLOSE) for pipe, kind in ends if pipe.crowded and kind is READERS
        )
        return footprint + crowded

    def count(self, ends: list[tuple[Pipe, str]], number: int) -> None:
        """Count who has these open, as an effect of what the current thread did last."""
        machine = self.machine
        effects: tuple[Effect, ...] = ()
        for pipe, kind in ends:
            if kind is WRITERS:
                pipe.writers += number
                effects += ((pipe.ready, False, -number),)
            else:
                pipe.readers += number
                if pipe.socket and not pipe.readers and pipe.size:
                    pipe.back.reset = True
        event = machine.current.last or machine.current.birth
        if event is not None:
            machine.affect(event, effects)
        else:
            for place, _, by in effects:
                machine.counter(place, machine.counters[place] + by)

    # -- finding out ---------------------------------------------------------------------------

    def places(self, pipe: Pipe, kind: str, home: int) -> tuple[tuple[object, ...], ...]:
        """Return where all see that an end is closed, and where threads of one process do."""
        return (pipe.label, kind), (pipe.label, kind, home)

    def watch(self, pipe: Pipe, kind: str) -> Footprint:
        """Return what is read by asking whether anybody has an end open.

        While its own process has, that is all there is to know.
        """
        home = self.machine.process.number
        ends = self.writing if kind is WRITERS else self.reading
        everywhere, here = self.places(pipe, kind, home)
        own = any(ends.get(number) is pipe for number in self.open[home])
        place = here if own else everywhere
        return ((place, READ),) if self.machine.touch(place, READ) else ()

    def watched(self, event: Event, pipe: Pipe, kind: str) -> None:
        """Note what an event has read, now that it has happened."""
        event.footprint += tuple(
            one for one in self.watch(pipe, kind) if one not in event.footprint
        )
