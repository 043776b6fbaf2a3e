"""Traces: what is kept of an execution, and what can be said of it without running it again."""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count, pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["Trace", "before", "fewest_switches", "switches"]

MOST_STATES = 20_000  # that the search for a schedule with few switches looks at


@dataclass(frozen=True, slots=True)
class Trace:
    """One class of equivalent interleavings.

    Args:
        threads: for each event, in one order in which they can happen, the number of its thread
        pasts: for each event, as bits, the events that come before it in every order, and itself
        outcomes: the numbers of the outcomes that it leads to: one, save where what is left of the
            output depends on where it goes
    """

    threads: tuple[int, ...]
    pasts: tuple[int, ...]
    outcomes: tuple[int, ...]

    def up_to(self, last: int) -> Trace:
        """Return what has to come before one event, and that event, as a trace."""
        kept, pasts = before(self.pasts, last)
        return Trace(tuple(self.threads[number] for number in kept), tuple(pasts), self.outcomes)

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
    kept = [number for number in range(last + 1) if pasts[last] >> number & 1]
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


def unrolled(way: tuple[Any, ...]) -> list[int]:
    """Return the schedule of a chain of runs, which begins with the last one."""
    runs = []
    while way:
        _, thread, events, way = way
        runs.append([thread] * events)
    return [thread for run in reversed(runs) for thread in run]
