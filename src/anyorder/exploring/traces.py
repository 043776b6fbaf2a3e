"""Traces: what is kept of an execution, and what can be said of it without running it again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Trace", "fewest_switches", "switches"]


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
        kept = [number for number in range(last + 1) if self.pasts[last] >> number & 1]
        pasts = [
            sum(1 << new for new, old in enumerate(kept) if self.pasts[number] >> old & 1)
            for number in kept
        ]
        return Trace(tuple(self.threads[number] for number in kept), tuple(pasts), self.outcomes)

    def by_thread(self) -> dict[int, list[int]]:
        """Return the numbers of each thread's events, in its order."""
        result: dict[int, list[int]] = {}
        for number, thread in enumerate(self.threads):
            result.setdefault(thread, []).append(number)
        return result


def switches(threads: list[int] | tuple[int, ...]) -> int:
    """Return how often a schedule goes from one thread to another."""
    return sum(one != other for one, other in zip(threads, threads[1:], strict=False))


def runs_from(
    trace: Trace, lanes: dict[int, list[int]], done: int
) -> Iterator[tuple[int, int, int]]:
    """Yield, for each thread that can go on, it, the events done once it stops, and how many it did.

    A thread goes on as far as it can: to stop earlier can only cost a switch more, since what it
    does later it can do now, and no event makes another one impossible.
    """
    for thread, lane in lanes.items():
        after, count = done, 0
        for number in lane:
            if done >> number & 1:
                continue
            if trace.pasts[number] & ~after != 1 << number:
                break
            after |= 1 << number
            count += 1
        if count:
            yield thread, after, count


def fewest_switches(trace: Trace, fewer_than: int) -> list[int] | None:
    """Return a schedule of a trace with the fewest context switches.

    Args:
        trace: the trace
        fewer_than: how many switches are too many

    Returns:
        The thread of each event in turn, and ``None`` where every schedule has too many switches.
    """
    lanes = trace.by_thread()
    everything = (1 << len(trace.threads)) - 1
    if len(lanes) - 1 >= fewer_than:
        return None
    frontier: dict[tuple[int, int], list[int]] = {(0, -1): []}
    seen: set[tuple[int, int]] = set()
    for _ in range(fewer_than):
        following: dict[tuple[int, int], list[int]] = {}
        for (done, last), schedule in frontier.items():
            for thread, after, count in runs_from(trace, lanes, done):
                if thread == last or (after, thread) in seen:
                    continue
                longer = schedule + [thread] * count
                if after == everything:
                    return longer
                seen.add((after, thread))
                following[after, thread] = longer
        frontier = following
    return None if everything else []
