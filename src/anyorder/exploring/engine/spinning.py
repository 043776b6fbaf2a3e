"""Loops that only wait.

A thread that goes round a loop, and has changed nothing since it was there last, is where it was:
going round again leads nowhere until another thread changes something that it has read. Such a
thread waits, here, for a change of what it has read. So a program that ends when its threads are
treated fairly ends, and one in which all that is left goes round like that never does.

That holds for a loop that takes a lock, looks, and lets the lock go again: nobody but a thread that
merely tries the lock could tell.

A loop that prints, and is otherwise where it was, can print once more for as long as no other
thread ends it. So there is no end to the outcomes, and the exploration is incomplete. A thread that
has gone round such a loop for a few turns is left there (see ``Machine.leave_thread``), and the
loop is named. So is one in a loop that has made an execution too long before.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, NamedTuple

from anyorder.exploring.engine.events import READ, EventKind, Footprint, Role, dependent
from anyorder.exploring.engine.machine import MOST_FOLLOWED, Halt
from anyorder.exploring.frames import own, program_frame, variables

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType

    from anyorder.exploring.engine.events import Event
    from anyorder.exploring.engine.machine import Machine

__all__ = ["SPIN", "Loops", "Wait"]

SPIN = EventKind("spin", says="goes round and round", waits=None, whole=True, inert=True)
MOST_PRINTING = 2  # turns in a row, after the first one, of a loop that only prints
SAME_BY_VALUE = (int, str, float, bytes)


class Wait:
    """What a spinning thread has read, and has to see changed since.

    Each read has a moment of its own: what came before it was seen. A moment for all of them would
    make a difference between orders of events that are independent.

    Args:
        tid: the thread
        looks: what it read, each time with the number of the first event that came after

    Attributes:
        says: what that is, in words; ``None`` where the event that it keeps back says it
    """

    says: str | None = "a change of what it reads"
    __slots__ = ("looks", "reads", "since", "tid")

    def __init__(self, tid: int, looks: Sequence[tuple[int, Footprint]]) -> None:
        self.tid = tid
        self.looks = looks
        self.reads: Footprint = tuple(dict.fromkeys(one for _, reads in looks for one in reads))
        self.since = min((since for since, _ in looks), default=0)

    def changed(self, machine: Machine) -> bool:
        """Whether any event since has changed what was read."""
        return any(
            self.changed_by(number, event)
            for number, event in enumerate(machine.events[self.since :], self.since)
        )

    def changed_by(self, number: int, event: Event) -> bool:
        """Whether this event, of which that is the number, changed what was read."""
        return event.tid != self.tid and any(
            number >= since and dependent(event.footprint, reads) for since, reads in self.looks
        )


class Turn(NamedTuple):
    """A thread at the head of a loop.

    Args:
        position: how many events there were by then
        writes: how often the thread had changed anything
        names: the local variables
        frame: where the loop is
        line: in which line
        turns: how many turns the thread had made since it came to the loop from outside
        printing: how many of the last of them only printed
        looks: what the last one read, where it only printed, each time with the number of the event
            that came after
    """

    position: int
    writes: int
    names: dict[str, Any]
    frame: FrameType
    line: int
    turns: int = 0
    printing: int = 0
    looks: Sequence[tuple[int, Footprint]] | None = None


class Loops:
    """Recognises, at each turn of a loop that may have no end, that a thread is where it was."""

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
        self.come_to(loop, names, sys._getframe(1))

    def come_round(self, iterator: object, items: int) -> None:
        """Note that the current thread begins once more with an iterator that has no end.

        Args:
            iterator: the iterator
            items: how many it has gone through since it began the last time
        """
        frame = program_frame(self.machine.own)
        if frame is not None:
            self.come_to(id(iterator), own(variables(frame)), frame, items)

    def come_to(self, loop: int, names: dict[str, Any], frame: FrameType, items: int = 0) -> None:
        """Note that the current thread is at the head of a loop, in a frame of the program.

        Going from one item to the next counts as a change; an iterator that has come round is where
        it was.
        """
        machine = self.machine
        machine.count_turn()
        thread = machine.current
        before = thread.loops.get(loop)
        position = len(machine.events)
        if before is None or before.frame is not frame:
            thread.loops[loop] = Turn(position, thread.writes, dict(names), frame, frame.f_lineno)
            return
        turns = before.turns + 1
        now = Turn(position, thread.writes, dict(names), frame, frame.f_lineno, turns)
        thread.loops[loop] = now
        endless = machine.facts.endless.get((frame.f_code.co_filename, now.line))
        if endless is not None and turns >= MOST_FOLLOWED:
            machine.leave_thread(Halt(endless))
        if before.writes + items != thread.writes or not same(before.names, now.names):
            return
        events = [
            (number, event)
            for number, event in enumerate(machine.events[before.position :], before.position + 1)
            if event.tid == thread.tid
        ]
        looks = only_reads([one for one in events if one[1].kind.role is not Role.PRINTS])
        if looks is None:
            return
        if any(event.kind.role is Role.PRINTS for _, event in events):
            idle = before.looks is not None and not self.saw_a_change(before.looks, looks)
            printing = before.printing + 1 if idle else 0
            thread.loops[loop] = now._replace(printing=printing, looks=looks)
            self.end_printing(printing, now.line)
            return
        thread.waits_for = Wait(thread.tid, looks)
        if not looks:
            machine.happen(SPIN, ())

    def saw_a_change(
        self, before: Sequence[tuple[int, Footprint]], looks: Sequence[tuple[int, Footprint]]
    ) -> bool:
        """Whether a turn has read anything that others have changed since the turn before read it.

        What they change after that is for the next turn to see: here it would make a difference
        between orders of events that are independent.

        Args:
            before: what the turn before has read, each with the number of the event after it
            looks: what this turn has read, likewise
        """
        machine = self.machine
        seen = {place: number for number, reads in before for place, _ in reads}
        return any(
            one[0] not in seen
            or any(
                event.tid != machine.current.tid and dependent(event.footprint, (one,))
                for event in machine.events[seen[one[0]] : number]
            )
            for number, reads in looks
            for one in reads
        )

    def end_printing(self, turns: int, line: int) -> None:
        """Leave a thread after a few turns in a row of a loop that only prints."""
        if turns == MOST_PRINTING:
            self.machine.leave_thread(
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


def only_reads(events: list[tuple[int, Event]]) -> list[tuple[int, Footprint]] | None:
    """Return what these events of one thread read, and ``None`` where they did anything else.

    Args:
        events: each with the number of the event that came after it
    """
    looks: list[tuple[int, Footprint]] = []
    taken: list[Any] = []
    for number, event in events:
        if event.kind.role is Role.TAKES:
            taken.append(event.about)
        elif event.kind.role is Role.RELEASES and event.about in taken:
            taken.remove(event.about)
        elif all(mode == READ for _, mode in event.footprint):
            looks.append((number, event.footprint))
        else:
            return None
    return None if taken else looks
