"""What raising does to an exception, which no event stands for.

Python writes into an exception where it is raised and what is handled at that time, and goes on
writing as the exception leaves one function after another. Threads that raise one exception write
into each other's tracebacks, and without a GIL even into the midst of them. So that is not followed
step by step. It is noted who raises an exception that others may have, and who looks at what that
has written; where the order of two such notes is open, the program is refused.

It is sound: a note lies between two events of its thread. Where the first event after it comes
before the last event that the other thread has had by its own note, in every order of the trace, or
starts and joins put one before the other, the notes have one order in all interleavings of that
trace. (That is happened-before as in Lamport, "Time, clocks, and the ordering of events", CACM
1978.) Were there an interleaving, not explored, with two notes in no fixed order, look at the first
such pair: all before it went as in some explored execution, and there they are found.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from anyorder.exploring.attributes import is_a
from anyorder.exploring.refusal import CannotExplore

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from anyorder.exploring.engine.dropping import Dropping
    from anyorder.exploring.engine.events import Event
    from anyorder.exploring.engine.threads import SimulatedThread

__all__ = ["Raised"]


class Host(Protocol):
    """Whatever threads run on.

    Attributes:
        current: the thread that goes now
        threads: those that have been started
        events: what has happened
        dying: whether the execution is over, and its threads end
        dropping: looks after what is kept
    """

    current: SimulatedThread
    threads: list[SimulatedThread]
    events: list[Event]
    dying: bool
    dropping: Dropping

    def position(self) -> tuple[str, int]:
        """Return the file and the line of the program that is running now."""


def counted(error: object) -> int:
    """Return how many references there are to what a call is given."""
    return sys.getrefcount(error)


def counted_as_handled() -> int:
    """Return how many references there are to the exception that is handled."""
    return sys.getrefcount(sys.exception())


def nobody_elses() -> int:
    """Return how many references there are to a handled exception that nobody else has."""
    try:
        return int("none")
    except ValueError:
        return counted_as_handled()


FRESH = counted(ValueError())
HANDLED = nobody_elses()


@dataclass(frozen=True, slots=True)
class Note:
    """That a thread raises an exception, or reads or sets by itself what raising writes.

    Args:
        tid: the number of the thread
        after: the number of the last event before it
        epoch: how often the thread has started or joined others by then
        clock: of other threads, the epoch that is known to be over
        raises: whether it raises the exception
        file: the name of the file where the program is
        line: its line there
    """

    tid: int
    after: int
    epoch: int
    clock: dict[int, int]
    raises: bool
    file: str
    line: int

    def is_before(self, other: Note, pasts: Sequence[int], tids: Sequence[int]) -> bool:
        """Whether this one comes before another in every order.

        Args:
            other: the other one, of another thread
            pasts: for each event, as bits, the events that come before it, and itself
            tids: for each event, the number of its thread
        """
        if self.epoch <= other.clock.get(self.tid, -1):
            return True
        return any(
            tids[number] == self.tid and pasts[other.after] >> number & 1
            for number in range(self.after + 1, other.after + 1)
        )


class Raised:
    """Notes who raises an exception that others may have, in one execution after another.

    Args:
        machine: where the program's threads run
    """

    def __init__(self, machine: Host) -> None:
        self.machine = machine
        # by the identity of an exception, which is kept so that no other gets it
        self.notes: dict[int, tuple[BaseException, list[Note]]] = {}
        self.raising: dict[int, BaseException] = {}  # by thread: what it raises from a cause

    def begin(self) -> None:
        """Forget it all, for a new execution."""
        self.notes.clear()
        self.raising.clear()

    def note(self, error: BaseException, *, raises: bool) -> None:
        """Note that the present thread raises an exception, or reads or sets what raising writes.

        Args:
            error: the exception, which is kept to the end of the execution from now on
            raises: whether it raises it
        """
        machine = self.machine
        if len(machine.threads) == 1 or machine.dying:
            return  # whoever comes later is started after it
        thread = machine.current
        file, line = machine.position()
        note = Note(
            thread.tid,
            len(machine.events) - 1,
            thread.epoch,
            dict(thread.clock),
            raises,
            file,
            line or thread.begun or 1,
        )
        machine.dropping.keep((error,))
        _, notes = self.notes.setdefault(id(error), (error, []))
        if note not in notes:
            notes.append(note)

    def shown(self, error: object) -> None:
        """Note that the present thread shows an exception, with where it was raised."""
        if is_a(error, BaseException):
            self.note(error, raises=False)

    def come(self, error: BaseException) -> None:
        """Note how far an exception has come, if it is one of which anything is noted."""
        if id(error) in self.notes:
            self.note(error, raises=True)

    # -- what rewritten code calls ---------------------------------------------------------------

    def raises(self, error: Any) -> Any:
        """Note that the program raises what this returns, save where nobody else can have it."""
        if self.notes:
            for handled in contexts(sys.exception()):  # this chain may be cut
                self.come(handled)
        if is_a(error, BaseException) and sys.getrefcount(error) > FRESH:
            self.note(error, raises=True)
        return error

    def raises_from_cause(self, error: Any) -> Any:
        """Note that the program raises what this returns, once it has got the cause."""
        if is_a(error, BaseException):
            self.raising[self.machine.current.tid] = error
        return self.raises(error)

    def cause(self, cause: Any) -> Any:
        """Note that the program raises something now that it has got its cause."""
        error = self.raising.pop(self.machine.current.tid, None)
        if error is not None:
            self.come(error)
        return cause

    def handled(self, names: int) -> None:
        """Note that what is handled now has come to its handler, or is raised once more.

        Args:
            names: how many names the program has for it, if nobody else has it
        """
        error = sys.exception()
        if error is not None and sys.getrefcount(error) > HANDLED + 1 + names:
            self.note(error, raises=True)

    # -- once an execution is over ---------------------------------------------------------------

    def check(self, pasts: Sequence[int]) -> None:
        """Refuse an exception where the order in which it is raised and shown is open.

        Args:
            pasts: for each event, as bits, the events that come before it, and itself

        Raises:
            CannotExplore: two threads raise it or show where it was raised, in no fixed order
        """
        tids = [event.tid for event in self.machine.events] if self.notes else []
        for error, notes in self.notes.values():
            if all(note.raises for note in notes):
                continue  # nobody sees what they write
            for one, other in open_pairs(notes, pasts, tids):
                before = f"line {one.line}" + (f" of {one.file}" if one.file != other.file else "")
                raise CannotExplore(
                    other.file,
                    other.line,
                    f"one {type(error).__name__} is raised here and in {before} by different "
                    "threads, or raised by one and shown by the other, and what raising writes "
                    "into it is not followed: raise a new exception each time",
                )


def contexts(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an exception, what was handled as it was raised, and so on."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__context__


def open_pairs(
    notes: Sequence[Note], pasts: Sequence[int], tids: Sequence[int]
) -> Iterator[tuple[Note, Note]]:
    """Yield two notes of different threads, one of them at least of raising, in no fixed order.

    Args:
        notes: all that is noted of one exception, in the order of the execution
        pasts: for each event, as bits, the events that come before it, and itself
        tids: for each event, the number of its thread
    """
    for place, other in enumerate(notes):
        for one in notes[:place]:
            conflict = one.tid != other.tid and (one.raises or other.raises)
            if conflict and not one.is_before(other, pasts, tids):
                yield one, other
