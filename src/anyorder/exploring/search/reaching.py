"""Which outcomes a build with a GIL can reach, of those that are possible.

Under a GIL the threads of one process change places at switch points alone (see ``switch_points``).
A thread's events between two of them form a *block*, which no other thread of the process comes
into. So a trace can be executed under a GIL where one of its orders keeps each block together:
where "comes before", with each block drawn together to one node, has no cycle. (That is conflict
serialisability: Papadimitriou, "The serializability of concurrent database updates", Journal of the
ACM 26 (4), 1979.) No further execution is needed, since an outcome belongs to the trace as a whole.

What a thread does while it has let the GIL go is of no block, and may fall inside another thread's:
a lock that it waited for, a write that reaches the system. Whether a lock had to be waited for
depends on the order: both are tried. Where it is tried while it is taken, the attempt is a step of
its block, and comes after another thread took the lock.

So it is with what reaches the system of a thread's output: see ``buffers``.

It is an upper bound. Whatever is in doubt is reachable:

- Where the program drops a thread that has ended, or what holds one, a list or an exception say,
  nobody knows what else keeps it: it counts as ending then, and code of the library that is told of
  that as run.
- A call of the library that is written in Python is an event of no block, since what it waits for it
  gets without the GIL; that its other steps are carried out with the GIL is told of a ``Barrier`` alone.
- Where any class compares or shows its objects by code of the library (that of a dataclass, of
  ``total_ordering``, of an enum), whatever may compare or show passes a switch point.
- An iterator that calls functions (that of ``map``, say) and a generator expression pass one wherever
  they are asked for the next item, and wherever they have given it. All other iterators in C pass
  none, and generators where they go on.
- A flush that is an event, since the program may end at once, is of no block: it may come between
  the pieces of one call of ``print``, where real ones have been seen before and after it alone.
- Output may come late wherever two threads may write to the system at once, also where the lines
  that have come show that none did.
- Where more than ``MOST_WAITS`` locks may have been waited for, it may have been any of them.
"""  # noqa: E501

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING

from anyorder.exploring.engine.events import Role
from anyorder.exploring.search.buffers import Buffers
from anyorder.exploring.search.traces import Blocks
from anyorder.exploring.versions import ALL, THIS, VERSIONS, mask
from anyorder.outcomes import StdoutTo

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from anyorder.exploring.engine.events import Event, Place
    from anyorder.exploring.engine.machine import Machine
    from anyorder.outcomes import Outcome

__all__ = ["HERE", "Reaching"]

# the version that explores; of one that was not measured, nothing is known but that it explores
HERE = mask(THIS) if THIS in VERSIONS else ALL
MODES = (
    StdoutTo.PIPE,
    StdoutTo.TERMINAL,
    StdoutTo.UNBUFFERED,
)  # each can do what the one before can
PRINTS, TAKES = Role.PRINTS, Role.TAKES  # looked up once, since they are asked for of each event
MOST_WAITS = 5  # of one trace that are tried both ways


@dataclass(slots=True)
class Attempt:
    """A lock is tried while another thread has it.

    Args:
        number: the event that takes it in the end; the number of events where none does
        tid: the thread
        cut: the versions with a switch point between its last event and the attempt
        past: as bits, what comes before the attempt
        until: the event that lets the lock go, and ``None`` where the thread waits for good
    """

    number: int
    tid: int
    cut: int
    past: int
    until: int | None


@dataclass
class Reaching:
    """What is known so far of what each version can reach.

    Args:
        to: where the output went in the executions, for a program whose set depends on it
    """

    to: StdoutTo | None = None
    modes: tuple[StdoutTo, ...] = field(init=False)  # where the output may go
    masks: dict[Outcome, list[int]] = field(default_factory=dict)  # a mask for each of these
    unfollowed: str | None = None  # why there may be outcomes that no execution comes to

    def __post_init__(self) -> None:
        self.modes = MODES if self.to is None else (self.to,)

    def note(
        self, machine: Machine, pasts: list[int], events: list[Event], ends: dict[StdoutTo, Outcome]
    ) -> Blocks:
        """Note what an execution says, and return its blocks on the Python that explores.

        Args:
            machine: where it was executed, with what its threads have announced
            pasts: for each event, as bits, the events that come before it, and itself
            events: its events, up to the one that ended the process
            ends: what it comes to, by where the output goes
        """
        modes = self.modes
        execution = Execution(machine, pasts, events)
        blocks = Blocks(
            execution.free_to(modes[0]),
            execution.starts(modes[0], HERE),
            tuple([event.home for event in events]) if self.to else (),
        )
        self.unfollowed = self.unfollowed or execution.unfollowed(modes)
        possible, outcome, masks = ALL, None, [0]
        for number in reversed(range(len(modes))):
            to = modes[number]
            if ends[to] is not outcome:  # mostly it is the same for all
                outcome = ends[to]
                masks = self.masks.setdefault(outcome, [0] * len(modes))
            asked = possible & ~masks[number]
            if asked:
                found = execution.reached(to, asked)
                masks[number] |= found
                possible ^= asked & ~found
        return blocks

    def here(self, outcome: Outcome) -> bool:
        """Whether the Python that explores can reach an outcome, as a build with a GIL."""
        return bool(self.masks[outcome][0] & HERE)

    def of(self, outcome: Outcome, *, complete: bool) -> dict[str, dict[str, bool]]:
        """Return what builds with a GIL can reach an outcome, by version and stdout.

        Args:
            outcome: the outcome
            complete: whether all traces were executed; what is in doubt is reachable
        """
        masks = self.masks[outcome] if complete else [ALL] * len(self.modes)
        return {
            version: {
                str(to): bool(mask >> number & 1)
                for to, mask in zip(self.modes, masks, strict=True)
            }
            for number, version in enumerate(VERSIONS)
        }


class Execution:
    """The events of one execution, and what may be a block of them.

    Args:
        machine: where it was executed
        pasts: for each event, as bits, the events that come before it, and itself
        events: the events
    """

    def __init__(self, machine: Machine, pasts: list[int], events: list[Event]) -> None:
        self.machine = machine
        self.events = events
        self.tids = [event.tid for event in events]
        self.size = len(events)
        self.pasts = pasts
        self.cut_on_some: list[tuple[int, int]] = []  # the others: the bit, and the versions
        self.takes: list[int] = []  # the numbers of those that take a lock
        free = cut = written = 0
        writes = []
        bit = 1
        for number, event in enumerate(events):
            versions = event.cut
            if versions is None:
                free |= bit
            elif versions == ALL:
                cut |= bit
            elif versions:
                self.cut_on_some.append((bit, versions))
            role = event.kind.role
            if role is PRINTS:
                written |= bit
                writes.append(number)
            elif role is TAKES:
                self.takes.append(number)
            bit <<= 1
        self.whole = bit - 1  # as bits: all of them
        self.free = free
        self.cut_on_all = cut  # as bits: what comes after a switch point of all versions
        self.written = written  # as bits: what writes output
        self.buffers = Buffers(machine, pasts, events, self.tids, writes)
        self.stuck = list(self.stuck_for_good()) if machine.exit is None else []

    def unfollowed(self, modes: tuple[StdoutTo, ...]) -> str | None:
        """Return why there may be outcomes that no execution comes to, if there may."""
        for to in modes:
            text = self.buffers.overtaken(to)
            if text is not None:
                return (
                    f"the piece {text!r} waits in the buffer while its thread goes on, and may be "
                    "written after what other threads write meanwhile, which is not followed: end "
                    "the line, or flush it, where it is written"
                )
        return None

    # -- blocks --------------------------------------------------------------------------------

    def free_to(self, to: StdoutTo) -> int:
        """Return, as bits, the events that are of no block where the output goes there."""
        if self.buffers.fill or to is StdoutTo.UNBUFFERED:
            return self.free | self.written
        return self.free

    def reached(self, to: StdoutTo, versions: int) -> int:
        """Return on which of some versions an order keeps each block together.

        Args:
            to: where the output goes
            versions: the versions that are asked for
        """
        free = self.free_to(to)
        if free == self.whole:  # as where all that threads do is print, unbuffered
            return versions
        # on all of them at once there are as many switch points as on any
        if not self.can_be_executed(free, self.starts(to, versions), versions):
            return 0
        if not self.cut_on_some and not self.stuck:  # they are all alike
            return versions
        found = 0
        for those, starts in self.alike(to, versions):
            if self.can_be_executed(free, starts, those):
                found |= those
        return found

    def alike(self, to: StdoutTo, versions: int) -> Iterator[tuple[int, int]]:
        """Yield sets of versions that have the same blocks, with the events that begin one.

        Args:
            to: where the output goes
            versions: of which versions
        """
        sets: dict[tuple[int, ...], int] = {}
        for version in range(len(VERSIONS)):
            one = 1 << version
            if versions & one:
                key = (self.starts(to, one), *(attempt.cut & one for attempt in self.stuck))
                sets[key] = sets.get(key, 0) | one
        for (starts, *_), those in sets.items():
            yield those, starts

    def starts(self, to: StdoutTo, versions: int) -> int:
        """Return, as bits, the events before which their threads may hand over the GIL.

        Args:
            to: where the output goes
            versions: on any of these
        """
        starts = self.cut_on_all | self.buffers.begun(to)
        for bit, cut in self.cut_on_some:
            if cut & versions:
                starts |= bit
        return starts

    def can_be_executed(self, free: int, starts: int, versions: int) -> bool:
        """Whether some order keeps each block together.

        Args:
            free: as bits, the events that are of no block
            starts: as bits, the events with which a block begins
            versions: the versions that this is about
        """
        stuck = [one for one in self.stuck if not one.cut & versions]
        if self.serialisable(self.pasts, free, starts, stuck):
            return True
        waits = list(self.waits(free)) if self.takes else []
        if not waits:
            return False
        waited = free | bits(one.number for one in waits)
        if not self.serialisable(self.pasts, waited, starts, stuck):
            return False
        if len(waits) > MOST_WAITS:
            return True
        for count in range(1, len(waits) + 1):
            for some in combinations(waits, count):
                waited = free | bits(one.number for one in some)
                pasts = self.pasts_with(some)
                if self.serialisable(pasts, waited, starts, [*some, *stuck], versions):
                    return True
        return False

    def serialisable(
        self,
        pasts: list[int],
        free: int,
        starts: int,
        attempts: list[Attempt],
        versions: int = 0,
    ) -> bool:
        """Whether "comes before" has no cycle once each block is drawn together.

        Args:
            pasts: for each event, as bits, what comes before it, and itself
            free: as bits, the events that are of no block
            starts: as bits, the events with which a block begins
            attempts: further steps, each at the end of a block of its thread
            versions: the versions that this is about; an attempt may begin a block of its own
        """
        blocks: dict[int, list[list[int]]] = {}
        current: dict[int, list[int] | None] = {}
        tried = {one.number: one for one in attempts if one.until is not None}
        bit = 1
        for number, tid in enumerate(self.tids):
            if tried and number in tried:
                attempt, block = tried[number], current.get(tid)
                if block is not None and not attempt.cut & versions:
                    block[1] |= attempt.past
            if free & bit:
                current[tid] = None
            else:
                block = current.get(tid)
                if block is None or starts & bit:
                    current[tid] = block = [bit, pasts[number]]
                    home = self.events[number].home
                    if home in blocks:
                        blocks[home].append(block)
                    else:
                        blocks[home] = [block]
                else:
                    block[0] |= bit
                    block[1] |= pasts[number]
            bit <<= 1
        for attempt in attempts:
            block = current.get(attempt.tid)
            if attempt.until is None and block is not None:
                block[1] |= attempt.past
        return all(acyclic(those) for those in blocks.values())

    # -- waiting -------------------------------------------------------------------------------

    def waits(self, free: int) -> Iterator[Attempt]:
        """Yield, for each lock that may have had to be waited for, the attempt before that."""
        for number in self.takes:
            event = self.events[number]
            place = waited_for(event)
            if place is None or free >> number & 1:
                continue
            held = [
                other
                for other, before in enumerate(self.events[:number])
                if any(one[0] == place for one in before.effects)
            ]
            if not held or self.events[held[-1]].tid == event.tid:
                continue
            past = self.taken_before(place, event.tid, self.before(event.tid, number))
            yield Attempt(number, event.tid, event.cut or 0, past, held[-1])

    def stuck_for_good(self) -> Iterator[Attempt]:
        """Yield an attempt for each thread that waits for a lock for good."""
        for thread in self.machine.threads:
            event = thread.event
            if event is None or thread.ended:
                continue
            place = waited_for(event)
            if place is None:
                continue
            past = self.taken_before(place, event.tid, self.before(event.tid, self.size))
            yield Attempt(self.size, event.tid, event.cut or 0, past, None)

    def before(self, tid: int, number: int) -> int:
        """Return, as bits, what comes before the next event of a thread, from a number on."""
        for other in range(number - 1, -1, -1):
            if self.events[other].tid == tid:
                return self.pasts[other]
        return 0

    def taken_before(self, place: Place, tid: int, past: int) -> int:
        """Return what comes before an attempt: also that another thread has taken the lock.

        Args:
            place: the lock
            tid: the thread that tries it
            past: what comes before the attempt in its thread
        """
        taken: int | None = None
        for number, event in enumerate(self.events):
            for where, _, change in event.effects:
                if where != place:
                    continue
                if change < 0 and event.tid != tid:
                    taken = number
                elif change > 0 and taken is not None:
                    if not past >> number & 1:  # it had not been let go by then
                        return past | self.pasts[taken]
                    taken = None
        return past if taken is None else past | self.pasts[taken]

    def pasts_with(self, attempts: Iterable[Attempt]) -> list[int]:
        """Return what comes before each event, where locks were tried before they were let go."""
        pasts = list(self.pasts)
        for attempt in attempts:
            assert attempt.until is not None
            for number, past in enumerate(pasts):
                if past >> attempt.until & 1:
                    pasts[number] |= attempt.past
        return pasts


def waited_for(event: Event) -> Place | None:
    """Return the lock that an event takes, if it may have to wait for it."""
    if event.kind.role is not Role.TAKES or event.cut is None:
        return None
    place = event.about._ao_label
    return place if any(gate[0] == place for gate in event.gates) else None


def bits(numbers: Iterable[int]) -> int:
    """Return numbers as bits."""
    result = 0
    for number in numbers:
        result |= 1 << number
    return result


def acyclic(blocks: list[list[int]]) -> bool:
    """Whether blocks can come one after another.

    Args:
        blocks: each as its events and as what comes before any of them, as bits
    """
    within = 0
    for events, _ in blocks:
        within |= events
    done = 0
    left = blocks
    while left:
        waiting = []
        for block in left:
            events, past = block
            if past & within & ~events & ~done:
                waiting.append(block)
            else:
                done |= events
        if len(waiting) == len(left):
            return False
        left = waiting
    return True
