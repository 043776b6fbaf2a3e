"""One thread at a time: events are announced, and one of them happens next.

Each thread announces its next event and pauses. A *policy* is asked which of the announced events
happens next; its thread goes on, carries it out, and runs through code that no other thread can
see, to its next event.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn, Protocol

from greenlet import GreenletExit, getcurrent, greenlet

from anyorder.exploring.engine.events import READ, Effect, Event, EventKind, Footprint, Gate, Place
from anyorder.exploring.engine.frames import HERE
from anyorder.exploring.engine.threads import SimulatedThread
from anyorder.exploring.engine.varying import Varied
from anyorder.exploring.refusal import CannotExplore, ExplorerFault, unlike_itself
from anyorder.exploring.rewriting.switch_points import ALL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

    from anyorder.exploring.engine.facts import Facts
    from anyorder.exploring.engine.sharing import Sharing

__all__ = ["BORN", "Halt", "Nobody", "Policy", "Scheduler", "TooMuch"]

BORN = "born"  # the place ("born", thread) says that a thread has been started
MOST_TURNS = 200_000


class Halt(BaseException):
    """The execution stops here: a limit was reached, or the program cannot be explored."""


class TooMuch(Halt):
    """The execution is too large, and so would be those that vary it."""


class Policy(Protocol):
    """Whatever decides which thread goes next."""

    def choose(self, machine: Any) -> SimulatedThread | None:
        """Return a thread whose announced event can happen, or ``None`` where none can."""


class Nobody:
    """A policy for a schedule that is planned as a whole: nobody goes on at its end."""

    def choose(self, _: Any) -> None:
        """Return nobody."""


class Scheduler:
    """Whose turn it is, in one execution after another.

    Args:
        policy: decides who goes next
        max_depth: how many events one execution may have
        facts: what is known of the program
    """

    sharing: Sharing
    # get and set an attribute as the program's own code does
    attribute: Callable[[Any, str], Any]
    set_attribute: Callable[[Any, Any, str], None]

    def __init__(self, policy: Policy, max_depth: int, facts: Facts) -> None:
        self.policy = policy
        self.max_depth = max_depth
        self.facts = facts
        self.numbers: dict[tuple[int, ...], int] = {(): 0}
        self.plan: list[int] = []  # the threads of the first events, where that is settled
        self.recorder: Any = None
        self.patched = False  # whether the program has changed a class of the library
        self.hides = True  # whether the library's own locks are silent; tests compare both ways
        self.program = ""  # the file name of the program's code
        self.files: dict[str, bool | None] = {}  # whether they are it; None for the tool's
        self.follow: Callable[[Any], Any] = lambda function: function  # gives what stands for one
        self.look: Callable[[Any], Any] = lambda thing: thing  # reads all of a thing
        self.spread: Callable[[Any], Any] = lambda thing: thing  # gives what a star spreads
        self.idle: list[greenlet] = []  # those that have lived a thread's life to its end
        self.varied = Varied(self)
        self.begin()

    def begin(self) -> None:
        """Make a fresh machine for the next execution, with a main thread that has not begun."""
        # first, since what ends with the last execution's events is to find no thread there
        self.events: list[Event] = []
        self.varied.begin()
        self.root = getcurrent()
        self.main = SimulatedThread(0, (), daemon=False)
        self.current = self.main
        self.threads = [self.main]
        self.numbered = {0: self.main}
        self.counters: dict[Place, int] = {}
        self.initial: dict[Place, int] = {}
        self.beginning: SimulatedThread | None = None  # that the root is to begin
        self.pending: list[Any] = []  # the Thread object that is being started right now
        self.unfollowed: str | None = None  # what may happen that this execution leaves out
        self.halted: BaseException | None = None
        self.exited: int | None = None
        self.exit: Event | None = None  # the event that ended the process under its threads
        self.dying = False
        self.stubborn: list[greenlet] = []
        self.turns = 0  # of loops, since the last event

    def happen(  # noqa: PLR0913 - as for ``Event``
        self,
        kind: EventKind,
        footprint: Footprint,
        gates: tuple[Gate, ...] = (),
        effects: tuple[Effect, ...] = (),
        about: Any = None,
        *,
        step: bool = False,
    ) -> Event:
        """Announce an event of the current thread, and return once it is its turn.

        The caller carries the event out right after, with no other thread in between. Inside an
        event that is one step as a whole (see ``atomically``), this only adds to that event.

        Args:
            kind: as for ``Event``
            footprint: likewise
            gates: likewise
            effects: likewise
            about: likewise
            step: whether it is one step of the interpreter, which keeps the GIL for it, where the
                program's own code asks for it; anything else is of no block
        """
        thread = self.current
        if thread.atomic:
            event = thread.last
            assert event is not None
            event.footprint += footprint
            event.effects += effects
            event.cut = event.cut if step else None
            self.apply(effects)
            return event
        if self.dying:
            raise GreenletExit
        event = Event(thread, kind, footprint, gates, effects, about)
        event.cut = self.cut(thread, step=step)
        thread.event = event
        if thread.last is None and thread.birth is not None:  # it comes after its thread's start
            event.footprint += (((BORN, thread.tid), READ),)
            event.gates += (((BORN, thread.tid), 1),)
        if thread.waits_for is not None:
            event.waits = thread.waits_for
            event.footprint += thread.waits_for.reads
            thread.waits_for = None
        if thread.starter is None:
            following = self.choose()
            if following is not thread:
                (following if following is self.root else following.greenlet).switch()
        else:
            following = thread.starter
            thread.starter = None
            self.current = following
            following.greenlet.switch()
        if self.dying:
            raise GreenletExit
        self.turns = 0
        if effects:
            self.apply(effects)
        if self.recorder is not None:
            self.record(event)
        return event

    def cut(self, thread: SimulatedThread, *, step: bool) -> int | None:
        """Return what an event says of the switch points before it, as in ``Event``."""
        if step and (thread.writing or self.asked_by_program()):
            passed, thread.cut = thread.cut, 0
            return passed
        thread.cut = ALL
        return None

    def asked_by_program(self) -> bool:
        """Whether the program's own code runs, with nothing of the library between."""
        frame: FrameType | None = sys._getframe(2)
        files = self.files
        while frame is not None:
            name = frame.f_code.co_filename
            if name not in files:
                files[name] = None if name.startswith(HERE) else name == self.program
            own = files[name]
            if own is not None:
                return own
            frame = frame.f_back
        return False

    def record(self, event: Event) -> None:
        """Let the recorder put an event into words."""
        try:
            self.recorder.happened(event)
        except Exception as error:  # noqa: BLE001 - the program would take it for its own
            self.halt(self.fault(error))

    @contextmanager
    def atomically(self) -> Iterator[None]:
        """Let what the current thread does be part of the event that has just happened."""
        thread = self.current
        thread.atomic += 1
        try:
            yield
        finally:
            thread.atomic -= 1

    def choose(self) -> Any:
        """Return the thread that goes next, or the root where the execution is over."""
        events = self.events
        step = len(events)
        if self.halted is not None:
            return self.root
        if step < len(self.plan):
            following = self.numbered.get(self.plan[step])
            event = None if following is None else following.event
            if event is None or ((event.gates or event.waits) and not self.can_happen(event)):
                self.halted = unlike_itself(self.program)
                return self.root
        elif step < self.max_depth:
            try:
                following = self.policy.choose(self)
            except Exception as error:  # noqa: BLE001 - the program would take it for its own
                self.halted = self.fault(error)
                return self.root
            if following is None:
                return self.root
        else:
            self.halted = self.too_many(f"{self.max_depth:,} events")
            return self.root
        assert following is not None
        event = following.event
        assert event is not None
        events.append(event)
        following.last = event
        following.event = None
        self.current = following
        return following

    def apply(self, effects: tuple[Effect, ...]) -> None:
        """Let effects act on the counters."""
        counters = self.counters
        for place, absolute, number in effects:
            counters[place] = number if absolute else counters.get(place, 0) + number

    def counter(self, place: Place, number: int) -> None:
        """Make a counter that begins at ``number``."""
        self.counters[place] = self.initial[place] = number

    def can_happen(self, event: Event) -> bool:
        """Whether every gate of an announced event is open."""
        if event.gates:
            counters = self.counters
            for place, needed in event.gates:
                if counters.get(place, 0) < needed:
                    return False
        return event.waits is None or event.waits.changed(self)

    def label(self) -> tuple[int, int]:
        """Return a name for an object that the current thread has made.

        It is made of who made it and as its how-manieth, so it is the same in every execution.
        """
        thread = self.current
        thread.made += 1
        return thread.tid, thread.made

    def count_turn(self) -> None:
        """Count a turn of a loop, so that one that never does anything visible is found out."""
        self.turns += 1
        if self.turns > MOST_TURNS:
            if self.dying:
                raise GreenletExit
            self.refuse(
                f"this goes round {MOST_TURNS:,} times with nothing that another thread could see: "
                "let it end sooner"
            )

    def refuse(self, message: str) -> NoReturn:
        """Stop because of what the program does at its present line, whatever it catches."""
        line = program_position(self.program)[0] or None
        self.halt(CannotExplore(self.program, line, message))

    def learn(self, fact: str) -> None:
        """Note what the program does just now; if that is new, the search begins again."""
        facts = self.facts
        if not getattr(facts, fact):
            setattr(facts, fact, True)
            facts.grown = True
            self.halt(Halt())

    def fault(self, error: Exception) -> CannotExplore:
        """Return what is said of an exception that is none of the program's."""
        if isinstance(error, CannotExplore):
            return error
        line = program_position(self.program)[0] or None
        fault = ExplorerFault.of(self.program, line, error)
        fault.__cause__ = error
        return fault

    def mark(self, message: str) -> None:
        """Say that not all is explored because of what the program does at its present line."""
        self.unfollowed = f"line {program_position(self.program)[0]} {message}"

    def too_many(self, things: str) -> TooMuch:
        """Return the reason to stop an execution that has too many of something."""
        line = program_position(self.program)[0]
        where = f", the last of them in line {line}" if line else ""
        return TooMuch(f"an execution had more than {things}{where}")

    def halt(self, reason: Halt | CannotExplore) -> NoReturn:
        """Stop the execution at once, whatever its threads catch."""
        self.halted = reason
        self.root.switch()
        raise GreenletExit


def program_position(filename: str) -> tuple[int, int | None, FrameType | None]:
    """Return the line and column (both from 1) of the program that is running now, and its frame.

    Where it is not, that is line 0, and no frame.
    """
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_code.co_filename != filename:
        frame = frame.f_back
    if frame is None:
        return 0, None, None
    line, _, column, _ = list(frame.f_code.co_positions())[frame.f_lasti // 2]
    return line or frame.f_lineno, None if column is None else column + 1, frame
