"""Loops that only wait.

A thread that goes round a loop, and has changed nothing since it was there last, is where it was:
going round again leads nowhere until another thread changes something that it has read. Such a
thread waits, here, for a change of what it has read. So a program that ends when its threads are
treated fairly ends, and one in which all that is left goes round like that never does.

That holds for a loop that takes a lock, looks, and lets the lock go again: nobody but a thread that
merely tries the lock could tell.

A loop that prints, and is otherwise where it was, can print once more for as long as no other
thread ends it. So there is no end to the outcomes, and the exploration is incomplete. An execution
is given up once it has gone round such a loop for a few turns, and the loop is named.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from anyorder.exploring.events import READ, Footprint, dependent
from anyorder.exploring.machine import Halt

if TYPE_CHECKING:
    from anyorder.exploring.events import Event
    from anyorder.exploring.machine import Machine

__all__ = ["Loops", "Wait"]

MOST_PRINTING = 3  # turns in a row of a loop that only prints
SAME_BY_VALUE = (int, str, float, bytes)


class Wait:
    """What a spinning thread has read, and from which event on it has to see that changed.

    Args:
        tid: the thread
        reads: what it read
        since: the number of the first event that may have changed it
    """

    __slots__ = ("reads", "since", "tid")

    def __init__(self, tid: int, reads: Footprint, since: int) -> None:
        self.tid = tid
        self.reads = reads
        self.since = since

    def changed(self, machine: Machine) -> bool:
        """Whether any event since has changed what was read."""
        return any(self.changed_by(event) for event in machine.events[self.since :])

    def changed_by(self, event: Event) -> bool:
        """Whether this event changed what was read."""
        return event.tid != self.tid and dependent(event.footprint, self.reads)


class Loops:
    """Recognises, at each turn of a ``while`` loop, that a thread is where it was."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine

    def enter(self, loop: int) -> None:
        """Note that the current thread comes to a loop from outside."""
        self.machine.current.loops.pop(loop, None)

    def turn(self, loop: int, names: dict[str, Any]) -> None:
        """Note that the current thread is at the head of a loop.

        Args:
            loop: which ``while`` of the program it is
            names: the local variables there
        """
        machine = self.machine
        machine.count_turn()
        thread = machine.current
        before = thread.loops.get(loop)
        position = len(machine.events)
        now = (position, thread.writes, dict(names), sys._getframe(1), 0)
        thread.loops[loop] = now
        if before is None or before[1] != thread.writes or before[3] is not now[3]:
            return
        if not same(before[2], now[2]):
            return
        events = [event for event in machine.events[before[0] :] if event.tid == thread.tid]
        reads = only_reads([event for event in events if event.kind != "print"])
        if reads is None:
            return
        wait = Wait(thread.tid, reads, before[0])
        if any(event.kind == "print" for event in events):
            if not wait.changed(machine):
                thread.loops[loop] = (*now[:4], before[4] + 1)
                self.end_printing(before[4] + 1, now[3].f_lineno)
            return
        thread.waits_for = wait
        if not reads:
            machine.happen("spin", ())

    def end_printing(self, turns: int, line: int) -> None:
        """Stop the execution after a few turns in a row of a loop that only prints."""
        if turns == MOST_PRINTING:
            self.machine.halt(
                Halt(
                    f"the loop in line {line} prints at each turn and can go on for ever; "
                    "give it an end"
                )
            )


def same(before: dict[str, Any], now: dict[str, Any]) -> bool:
    """Whether local variables have stayed what they were."""
    return before.keys() == now.keys() and all(
        value is before[name]
        or (
            type(value) in SAME_BY_VALUE
            and type(value) is type(before[name])
            and value == before[name]
        )
        for name, value in now.items()
    )


def only_reads(events: list[Event]) -> Footprint | None:
    """Return what these events of one thread read, and ``None`` where they did anything else."""
    reads: list[Any] = []
    taken: list[Any] = []
    for event in events:
        if event.kind == "acquire":
            taken.append(event.about)
        elif event.kind == "release" and event.about in taken:
            taken.remove(event.about)
        elif all(mode == READ for _, mode in event.footprint):
            reads += event.footprint
        else:
            return None
    return None if taken else tuple(dict.fromkeys(reads))
