"""Whether lines on standard error mix in real runs that are in one piece here.

What the interpreter says of a thread that fails is one event, or one for each line where there are
processes. A real interpreter writes it piece by piece, and other threads of the process may write
between two of them. So many orders of lines are no outcomes of their own; where there are such, the
outcome is marked.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from anyorder.exploring.engine.events import Event, Footprint, Role, dependent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anyorder.exploring.engine.machine import Machine

__all__ = ["lines_mix"]

STDERR = "stderr"


def lines_mix(machine: Machine, pasts: Sequence[int], events: Sequence[Event]) -> bool:
    """Tell whether another thread may write while the interpreter tells of one that fails.

    Args:
        machine: where the events were executed
        pasts: for each event, as bits, the events that come before it, and itself
        events: the events, up to the one that ended the process
    """
    if not machine.reports:
        return False
    written = [
        number
        for number, event in enumerate(events)
        if event.kind.role is Role.PRINTS and event.about[0] == STDERR
    ]
    return any(
        events[one].home == events[other].home
        and events[one].tid != events[other].tid
        and not machine.reports.isdisjoint((events[one], events[other]))
        and not in_order(pasts, events, one, other)
        for one, other in combinations(written, 2)
    )


def in_order(pasts: Sequence[int], events: Sequence[Event], one: int, other: int) -> bool:
    """Tell whether anything but standard error itself puts one event before another.

    Args:
        pasts: for each event, as bits, the events that come before it, and itself
        events: the events
        one: the number of the first
        other: the number of the second
    """
    after = [one]
    for number in range(one + 1, other + 1):
        event = events[number]
        if pasts[number] >> one & 1 and any(
            events[before].tid == event.tid
            or dependent(elsewhere(events[before]), elsewhere(event))
            for before in after
        ):
            after.append(number)
    return after[-1] == other


def elsewhere(event: Event) -> Footprint:
    """Return what an event touches besides standard error, and its process's buffer for that."""
    stderr = {STDERR, ("buffer", STDERR, event.home)}
    return tuple(each for each in event.footprint if each[0] not in stderr)
