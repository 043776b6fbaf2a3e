"""What waits in the buffers of the streams, and who writes it to the system.

A stream writes to the system for one thread at a time, without the GIL: another one that has a line
to write waits for that, and a third, or the first one again, may get in before it. What it writes
may come late: after what others did that have seen what it did before. A thread's output begins a
block of its own wherever that can be, which is more than can happen: also where the lines that have
come show that no two threads wrote at once.
"""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING, NamedTuple

from anyorder.exploring.engine.events import Role
from anyorder.exploring.engine.keeping import MOST_KEPT, sends_on
from anyorder.outcomes import StdoutTo

if TYPE_CHECKING:
    from collections.abc import Iterable

    from anyorder.exploring.engine.events import Event
    from anyorder.exploring.engine.machine import Machine

__all__ = ["Buffers"]

PRINTS = Role.PRINTS  # looked up once, since it is asked for of each event
FEWEST = 3  # drains of which one may be overtaken: one before it, one after


class Drain(NamedTuple):
    """Somebody takes along all that is in the buffer of a stream, and writes it to the system.

    Args:
        after: how many events have happened by then
        tid: who does so
        last: the number of its last event by then, which does so unless it is a flush
        until: the same, and of a flush, which mostly is no event, how many there are in all
        home: the number of its process
    """

    after: int
    tid: int
    last: int
    until: int
    home: int


class Buffers:
    """The output of one execution, on its way to the system.

    Args:
        machine: where it was executed
        pasts: for each event, as bits, the events that come before it, and itself
        events: the events
        tids: the thread of each
        writes: the numbers of those that write output

    Attributes:
        fill: whether the buffer of a pipe may be full before the end
        most_drains: how often a buffer is taken along at most, wherever the output goes
    """

    def __init__(
        self,
        machine: Machine,
        pasts: list[int],
        events: list[Event],
        tids: list[int],
        writes: list[int],
    ) -> None:
        self.machine = machine
        self.pasts = pasts
        self.events = events
        self.tids = tids
        self.size = len(events)
        self.lines: dict[str, list[int]] = {}  # by stream, what writes the end of one
        length = 0
        for number in writes:
            name, text = events[number].about
            lines = self.lines.setdefault(name, [])
            length += len(text)
            if sends_on(text):
                lines.append(number)
        self.fill = length > MOST_KEPT
        self.most_drains = len(machine.flushes) + sum(map(len, self.lines.values()))
        self.starts: dict[bool, int] = {}  # as for ``begun``, by whether it goes to a terminal
        # as for ``drains``, by the stream and whether lines that it sends on are among them
        self.drained: dict[tuple[str, bool], list[Drain]] = {}

    def begun(self, to: StdoutTo) -> int:
        """Return, as bits, the events before which output lets the other threads go on.

        That is what comes next in its thread after a line that is written to the system at once,
        and what may be late.
        """
        terminal = to is StdoutTo.TERMINAL
        found = self.starts.get(terminal)
        if found is None:
            found = 0
            for name in self.lines:
                for number in self.sent_on(name, to):
                    following = self.next_of(self.tids[number], number + 1)
                    if following is not None:
                        found |= 1 << following
                homes = self.contended(name, to)
                if homes:
                    found |= self.may_be_late(name, homes)
            self.starts[terminal] = found
        return found

    def may_be_late(self, name: str, homes: set[int]) -> int:
        """Return, as bits, the first pieces of output that others may come before meanwhile.

        That is all output to a stream by which two threads may write to the system at once: what
        one of them takes along may be what others have left in the buffer.

        Args:
            name: the stream
            homes: the processes in which two threads may do so
        """
        found = 0
        bit = 1
        writing: set[int] = set()
        for tid, event in zip(self.tids, self.events, strict=True):
            if event.kind.role is not PRINTS or event.about[0] != name:
                writing.discard(tid)
            elif tid not in writing:
                writing.add(tid)
                if event.home in homes:
                    found |= bit
            bit <<= 1
        return found

    def contended(self, name: str, to: StdoutTo) -> set[int]:
        """Return the processes in which two threads may write to the system at once.

        A thread may find another one writing that has written before, unless that was before the
        other one started it, or one that it comes from.

        Args:
            name: the stream
            to: where the output goes
        """
        found: set[int] = set()
        for one, other in permutations(self.drains(name, to), 2):
            if (
                one.home not in found
                and one.tid != other.tid
                and one.last < other.until
                and one.home == other.home
                and self.started_by(one.tid, other.tid) < one.last
            ):
                found.add(one.home)
        return found

    def overtaken(self, to: StdoutTo) -> str | None:
        """Return a piece of output that may come later than what its thread does after it, if any.

        It waits in the buffer until somebody takes all of that along, to write it to the system.
        Who does so may have to wait there for another thread that writes; and what comes into the
        buffer meanwhile may be written first. Unbuffered, nothing waits.
        """
        if to is StdoutTo.UNBUFFERED or self.most_drains < FEWEST:
            return None
        for name in sorted(self.lines):
            drains = self.drains(name, to)
            since = 0
            for drain in drains if len(drains) >= FEWEST else ():
                text = self.left_open(name, since, drain.after)
                if text is not None and self.may_wait_and_be_passed(drain, drains):
                    return text
                since = drain.after
        return None

    def left_open(self, name: str, since: int, until: int) -> str | None:
        """Return a piece that is written to a stream among some events, and its thread goes on."""
        pieces: dict[int, str] = {}
        for event in self.events[since:until]:
            if event.kind.role is not PRINTS:
                if event.tid in pieces:
                    return pieces[event.tid]
            elif event.about[0] == name and event.about[1]:
                pieces.setdefault(event.tid, event.about[1])
        return None

    def sent_on(self, name: str, to: StdoutTo) -> list[int]:
        """Return what writes the end of a line to a stream that sends each line on at once."""
        return self.lines[name] if name == "stderr" or to is StdoutTo.TERMINAL else []

    def drains(self, name: str, to: StdoutTo) -> list[Drain]:
        """Return how what is in the buffer of a stream is taken along, in order, if in several."""
        flushes = self.machine.flushes
        lines = self.sent_on(name, to)
        if len(flushes) + len(lines) < 2:  # noqa: PLR2004
            return []
        key = name, bool(lines)
        found = self.drained.get(key)
        if found is None:
            homes = {thread.tid: thread.home for thread in self.machine.threads}
            found = self.drained[key] = []
            for stream, tid, number in flushes:
                if stream == name:
                    last = self.last_of(tid, number)
                    found.append(Drain(number, tid, last, self.size, homes[tid]))
            for number in lines:
                tid = self.tids[number]
                found.append(Drain(number + 1, tid, number, number, homes[tid]))
            found.sort()
        return found

    def may_wait_and_be_passed(self, drain: Drain, drains: Iterable[Drain]) -> bool:
        """Whether who takes the buffer along may wait for one thread, and another write first."""
        mine = self.next_of(drain.tid, drain.after)
        others = [one for one in drains if one.tid != drain.tid and one.home == drain.home]
        waits = any(
            one.after <= drain.after and not self.is_before(self.next_of(one.tid, one.after), drain)
            for one in others
        )
        return waits and any(
            one.after >= drain.after and not self.is_before(mine, one) for one in others
        )

    def is_before(self, number: int | None, drain: Drain) -> bool:
        """Whether an event, if there is one, always comes before the buffer is taken along."""
        if number is None or drain.last < 0:
            return False
        return bool(self.pasts[drain.last] >> number & 1)

    def next_of(self, tid: int, number: int) -> int | None:
        """Return the number of the first event of a thread from some number on, if there is one."""
        try:
            return self.tids.index(tid, number)
        except ValueError:
            return None

    def started_by(self, one: int, other: int) -> int:
        """Return which event of a thread started another one, or one that it comes from, or -1.

        That is -1 also for one that the end of the process did not wait for.
        """
        births = {thread.tid: thread.birth for thread in self.machine.threads}
        while (birth := births[other]) is not None:
            other = birth.tid
            if other == one:
                return self.events.index(birth) if birth in self.events else -1
        return -1

    def last_of(self, tid: int, number: int) -> int:
        """Return the number of the last event of a thread before some number, or -1."""
        for other in range(number - 1, -1, -1):
            if self.tids[other] == tid:
                return other
        return -1
