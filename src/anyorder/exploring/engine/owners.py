"""Locks whose owner has ended, and threads that may have the owner's number.

A lock that its owner may take again knows the owner by its number, and a thread that is started when
another has ended most often gets the number of that one. So such a lock that is never let go of is
the next thread's to take and to let go of, most often. Who gets which number is the operating
system's business, and is not followed: who asks for such a lock is noted, and where its owner may
have ended before whoever asks was started, the program is refused.

It is sound: an owner that has let go of the lock does so in an event that comes before or after
what others do with it. So only one that never does is to be looked for, and it is found in any
execution of the trace: whoever asks can be started after it where no event of the owner's comes after
that start in every order.
"""  # noqa: E501

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from anyorder.exploring.refusal import CannotExplore

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anyorder.exploring.engine.events import Event
    from anyorder.exploring.engine.threads import SimulatedThread

__all__ = ["Owners"]


class Host(Protocol):
    """Whatever threads run on.

    Attributes:
        current: the thread that goes now
        events: what has happened
        numbered: all threads, by their numbers
        numbers: those numbers, by who started each
    """

    current: SimulatedThread
    events: list[Event]
    numbered: dict[int, SimulatedThread]
    numbers: dict[tuple[int, ...], int]

    def main_of(self, home: int) -> SimulatedThread:
        """Return the main thread of a process."""

    def position(self) -> tuple[str, int]:
        """Return the file and the line of the program that is running now."""


class Owned(Protocol):
    """A lock that its owner may take again.

    Attributes:
        owner: who has it
    """

    owner: SimulatedThread | None


class Owners:
    """Notes who asks for a lock that its owner may take again, in one execution after another.

    Args:
        machine: where the program's threads run
    """

    def __init__(self, machine: Host) -> None:
        self.machine = machine
        # by the identity of the lock and the number of the thread; each with where it asks
        self.asked: dict[tuple[int, int], tuple[Owned, SimulatedThread, str, int]] = {}

    def begin(self) -> None:
        """Forget it all, for a new execution."""
        self.asked.clear()

    def asks(self, lock: Owned) -> None:
        """Note that the present thread asks for a lock that it has not taken."""
        machine = self.machine
        thread = machine.current
        while thread is machine.main_of(thread.home):
            if thread.birth is None:
                return  # nobody gets the number of a main thread, which lives to the end
            # that of a child that is forked has the number of the thread that forks it
            thread = machine.numbered[machine.numbers[thread.path[:-1]]]
        if (id(lock), thread.tid) in self.asked:
            return
        file, line = machine.position()
        self.asked[id(lock), thread.tid] = lock, thread, file, line or thread.begun or 1

    def check(self, pasts: Sequence[int]) -> None:
        """Refuse a thread that asks for a lock of one that may have ended before it was started.

        Args:
            pasts: for each event, as bits, the events that come before it, and itself

        Raises:
            CannotExplore: there is such a thread
        """
        for lock, thread, file, line in self.asked.values():
            owner = lock.owner
            if owner is None or owner is thread or not owner.ended:
                continue
            if not self.outlived(owner, thread, pasts):
                raise CannotExplore(
                    file,
                    line,
                    "a thread that has ended may have this lock, and a thread that is started "
                    "after that can get its number, by which the lock knows its owner: let each "
                    "thread let go of what it takes",
                )

    def outlived(
        self, owner: SimulatedThread, thread: SimulatedThread, pasts: Sequence[int]
    ) -> bool:
        """Whether an owner does anything that comes after a thread's start in every order."""
        events = self.machine.events
        start = next(number for number, event in enumerate(events) if event is thread.birth)
        return any(
            pasts[number] >> start & 1
            for number, event in enumerate(events)
            if number > start and (event.tid == owner.tid or event is owner.birth)
        )
