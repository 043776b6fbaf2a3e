"""Traces: what is kept of an execution, and what can be said of it without running it again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from heapq import heappop, heappush
from itertools import count, pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from anyorder.exploring.search.orbits import Orbit

__all__ = [
    "Blocks",
    "Trace",
    "before",
    "bits",
    "fewest_switches",
    "in_blocks",
    "keeps_blocks",
    "switches",
]

MOST_STATES = 20_000  # that the search for a schedule with few switches looks at


@dataclass(frozen=True, slots=True)
class Blocks:
    """Where the blocks of a trace begin, that is what no other thread of the process comes into.

    Args:
        free: as bits, the events that are of no block
        starts: as bits, the events with which a block begins, save the first of each thread
        homes: for each event, the process of its thread; nothing where there is but one
    """

    free: int
    starts: int
    homes: tuple[int, ...] = ()

    def home(self, number: int) -> int:
        """Return the process of an event's thread."""
        return self.homes[number] if self.homes else 0


@dataclass(frozen=True, slots=True)
class Trace:
    """One class of equivalent interleavings.

    Args:
        threads: for each event, in one order in which they can happen, the number of its thread
        pasts: for each event, as bits, the events that come before it in every order, and itself
        outcomes: the numbers of the outcomes that it leads to: one, save where what is left of the
            output depends on where it goes
        blocks: its blocks under a GIL
        orbit: all its images, where threads are alike
    """

    threads: tuple[int, ...]
    pasts: tuple[int, ...]
    outcomes: tuple[int, ...]
    blocks: Blocks
    orbit: Orbit | None = None

    def images(self) -> Iterator[Trace]:
        """Yield all images of the trace; itself where no threads are alike."""
        if self.orbit is None:
            yield self
        else:
            for threads, pasts in self.orbit.images():
                yield replace(self, threads=tuple(threads), pasts=tuple(pasts), orbit=None)

    def by_thread(self) -> dict[int, list[int]]:
        """Return the numbers of each thread's events, in its order."""
        result: dict[int, list[int]] = {}
        for number, thread in enumerate(self.threads):
            result.setdefault(thread, []).append(number)
        return result


def before(pasts: Sequence[int], last: int) -> tuple[list[int], list[int]]:
    """Return the events that come before one event, and that one, and what comes before each.

    Args:
        pasts: for each event, as bits, the events that come before it, and itself
        last: the number of the one event
    """
    kept = bits(pasts[last])
    return kept, [
        sum(1 << new for new, old in enumerate(kept) if pasts[number] >> old & 1) for number in kept
    ]


def switches(threads: list[int] | tuple[int, ...]) -> int:
    """Return how often a schedule goes from one thread to another."""
    return sum(one != other for one, other in pairwise(threads))


def runs_from(
    trace: Trace, lanes: dict[int, list[int]], done: int
) -> Iterator[tuple[int, int, int]]:
    """Yield, for each thread that can go on, it, the events done then, and how many it did.

    A thread goes on as far as it can: to stop earlier can only cost a switch more, since what it
    does later it can do now, and no event makes another one impossible.
    """
    for thread, lane in lanes.items():
        after, events = done, 0
        for number in lane:
            if done >> number & 1:
                continue
            if trace.pasts[number] & ~after != 1 << number:
                break
            after |= 1 << number
            events += 1
        if events:
            yield thread, after, events


def fewest_switches(trace: Trace, fewer_than: int) -> list[int] | None:
    """Return a schedule of a trace with the fewest context switches.

    The search is A* (Hart, Nilsson and Raphael, 1968): each thread that has anything left to do and
    is not the one that runs costs one more switch at least.

    Args:
        trace: the trace
        fewer_than: how many switches are too many

    Returns:
        The thread of each event in turn, and ``None`` where every schedule has too many switches,
        or where it takes more than ``MOST_STATES`` steps to find out.
    """
    lanes = trace.by_thread()
    lasts = {thread: 1 << lane[-1] for thread, lane in lanes.items()}
    everything = (1 << len(trace.threads)) - 1
    seen: set[tuple[int, int]] = set()
    order = count()
    queue: list[tuple[int, int, int, int, int, tuple[Any, ...]]] = [(0, 0, 0, 0, -1, ())]
    for _ in range(MOST_STATES):
        if not queue:
            return None
        _, _, _, done, last, way = heappop(queue)
        if done == everything:
            return unrolled(way)
        if (done, last) in seen:
            continue
        seen.add((done, last))
        so_far = way[0] if way else -1
        for thread, after, events in runs_from(trace, lanes, done):
            if thread == last or (after, thread) in seen:
                continue
            left = sum(not after & bit for other, bit in lasts.items() if other != thread)
            left += thread in lasts and not after & lasts[thread]
            total = so_far + 1 + left
            if total < fewer_than:
                longer = (so_far + 1, thread, events, way)
                heappush(queue, (total, -after.bit_count(), next(order), after, thread, longer))
    return None


def keeps_blocks(trace: Trace, schedule: list[int]) -> bool:
    """Whether a schedule keeps each block together.

    Args:
        trace: the trace
        schedule: the thread of each event in turn
    """
    blocks = trace.blocks
    lanes = {tid: iter(lane) for tid, lane in trace.by_thread().items()}
    having: dict[int, int] = {}  # the thread of each process that has the GIL
    left: set[int] = set()  # threads whose block another one came into, if there is more of it
    for tid in schedule:
        number = next(lanes[tid])
        home, bit = blocks.home(number), 1 << number
        if blocks.free & bit:
            left.discard(tid)
            if having.get(home) == tid:
                del having[home]
            continue
        if tid in left and not blocks.starts & bit:
            return False
        left.discard(tid)
        before_it = having.get(home, tid)
        if before_it != tid:
            left.add(before_it)
        having[home] = tid
    return True


def in_blocks(trace: Trace) -> list[int] | None:
    """Return a schedule that keeps each block together: the thread of each event in turn.

    Returns:
        The schedule, and ``None`` where none does, or where a wait would have to be one.
    """
    blocks = trace.blocks
    open_blocks: dict[int, list[int] | None] = {}
    every: list[list[int]] = []
    for number, tid in enumerate(trace.threads):
        if blocks.free >> number & 1:
            open_blocks[tid] = None
            continue
        block = open_blocks.get(tid)
        if block is None or blocks.starts >> number & 1:
            block = open_blocks[tid] = []
            every.append(block)
        block.append(number)
    done = 0
    order: list[int] = []
    while every:
        for block in every:
            own = sum(1 << number for number in block)
            needed = 0
            for number in block:
                needed |= trace.pasts[number]
            if not needed & ~own & ~done & ~blocks.free:
                break
        else:
            return None
        every.remove(block)
        for number in block:
            done |= carry_out(trace, number, done, order)
    for number in range(len(trace.threads)):
        done |= carry_out(trace, number, done, order)
    schedule = [trace.threads[number] for number in order]
    return schedule if keeps_blocks(trace, schedule) else None


def carry_out(trace: Trace, number: int, done: int, order: list[int]) -> int:
    """Add an event to an order, after all that comes before it; return them as bits."""
    left = trace.pasts[number] & ~done
    order += bits(left)
    return left


def unrolled(way: tuple[Any, ...]) -> list[int]:
    """Return the schedule of a chain of runs, which begins with the last one."""
    runs = []
    while way:
        _, thread, events, way = way
        runs.append([thread] * events)
    return [thread for run in reversed(runs) for thread in run]


def bits(number: int) -> list[int]:
    """Return which bits of a number are set."""
    result = []
    while number:
        lowest = number & -number
        result.append(lowest.bit_length() - 1)
        number ^= lowest
    return result
