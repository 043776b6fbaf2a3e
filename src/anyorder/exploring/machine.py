"""The simulated machine: threads are greenlets, and one of them moves at a time.

Each thread announces its next event and pauses. The machine asks a *policy* which of the announced
events happens next, and hands over to its thread, which carries it out and goes on, through code
that no other thread can see, to its next event. A switch between greenlets takes a few
microseconds; a hand-over between threads of the operating system some fifty.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NoReturn, Protocol

from greenlet import GreenletExit, getcurrent, greenlet

from anyorder.exploring.events import READ, WRITE, Effect, Event, Footprint, Gate, Place
from anyorder.exploring.refusal import CannotExplore

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["BORN", "Halt", "Machine", "Policy", "SimulatedThread", "TooMuch"]

ENDED = "ended"  # the place ("ended", thread) says that a thread has ended
BORN = "born"  # likewise, that it has been started
RUNNING = "running"  # how many threads that hold up the program's end have begun, below zero
PROCESS = "process"  # whether the process still goes on
MOST_TURNS = 200_000
MOST_THREADS = 1_000
STUBBORN = 50  # how often a thread may swallow its own end before it is left alone


class Halt(BaseException):
    """The execution stops here: a limit was reached, or the program cannot be explored."""


class TooMuch(Halt):
    """The execution is too large, and so would be those that vary it."""


class Policy(Protocol):
    """Whatever decides which thread goes next."""

    def choose(self, machine: Machine) -> SimulatedThread | None:
        """Return a thread whose announced event can happen, or ``None`` where none can."""


class SimulatedThread:
    """One thread of the program.

    Args:
        tid: its number, the same in every execution in which the same thread starts it as its nth
        path: who started it: its starter's path, and its number among those that it started
        daemon: whether the program ends without waiting for it
    """

    __slots__ = (
        "atomic", "birth", "clock", "daemon", "ended", "epoch", "event", "generators",
        "greenlet", "held", "hiding", "home", "ident", "last", "local_time", "loops", "made",
        "name", "on_end", "path", "started", "starter", "tid", "waits_for", "writes",
    )  # fmt: skip

    def __init__(self, tid: int, path: tuple[int, ...], *, daemon: bool) -> None:
        self.tid = tid
        self.path = path
        self.home = 0  # the memory that it shares with those that it starts
        self.daemon = daemon
        self.name = "MainThread"
        self.ident = 1_000 + tid
        self.greenlet: Any = None
        self.event: Event | None = None  # what it has announced
        self.last: Event | None = None  # what it did last
        self.birth: Event | None = None  # the event that started it
        self.starter: Any = None  # to whom it returns at its first event
        self.ended = False
        self.started = 0  # how many threads it has started
        self.made = 0  # how many objects it has made
        self.writes = 0  # how often it has changed anything, shared or not
        self.hiding = 0  # above zero: locks that it makes are the library's own
        self.atomic = 0  # above zero: it is inside one event
        self.local_time = 0.0  # seconds, as far as this thread can tell
        self.epoch = 0  # how often it has started or been joined
        self.clock: dict[int, int] = {}  # of other threads: the epoch that is known to be over
        self.loops: dict[int, Any] = {}
        self.waits_for: Any = None  # what a spinning thread has read, until its next event
        self.generators: list[Any] = []  # those that it is executing, the innermost last
        self.on_end: list[Callable[[], None]] = []
        self.held: list[Any] = []  # visible locks, in the order in which they were taken


class Machine:
    """One simulated computer, used for one execution after another.

    Args:
        policy: decides who goes next
        max_depth: how many events one execution may have
    """

    def __init__(self, policy: Policy, max_depth: int) -> None:
        self.policy = policy
        self.max_depth = max_depth
        self.numbers: dict[tuple[int, ...], int] = {(): 0}
        self.recorder: Any = None
        self.patched = False  # whether the program has changed a class of the library
        self.hides = True  # whether the library's own locks are silent; tests compare both ways
        self.program = ""  # the file name of the program's code
        self.daemons_die = False  # whether the program may leave daemon threads behind
        self.ends_are_events = False  # whether the program can see a thread end other than by join
        self.anyone_exits = False  # whether any thread may end the process
        self.begin()

    def begin(self) -> None:
        """Make a fresh machine for the next execution, with a main thread that has not begun."""
        self.root = getcurrent()
        self.main = SimulatedThread(0, (), daemon=False)
        self.current = self.main
        self.threads = [self.main]
        self.events: list[Event] = []
        self.counters: dict[Place, int] = {}
        self.initial: dict[Place, int] = {}
        self.beginning: Any = None  # the thread that the root is to begin, and its work
        self.pending: list[Any] = []  # the Thread object that is being started right now
        self.halted: BaseException | None = None
        self.exited: int | None = None
        self.exit: Event | None = None  # the event that ended the process under its threads
        self.dying = False
        self.stubborn: list[greenlet] = []
        self.turns = 0  # of loops, since the last event

    # -- what threads do -----------------------------------------------------------------------

    def happen(
        self,
        kind: str,
        footprint: Footprint,
        gates: tuple[Gate, ...] = (),
        effects: tuple[Effect, ...] = (),
        about: Any = None,
    ) -> Event:
        """Announce an event of the current thread, and return once it is its turn.

        The caller carries the event out right after, with no other thread in between. Inside an
        event that is one step as a whole (see ``atomically``), this only adds to that event.
        """
        thread = self.current
        if thread.atomic:
            event = thread.last
            assert event is not None
            event.footprint += footprint
            event.effects += effects
            self.apply(effects)
            return event
        if self.dying:
            raise GreenletExit
        event = Event(thread, kind, footprint, gates, effects, about)
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
            self.recorder.happened(event)
        return event

    def choose(self) -> Any:
        """Return the thread that goes next, or the root where the execution is over."""
        if self.halted is None and len(self.events) < self.max_depth:
            try:
                following = self.policy.choose(self)
            except CannotExplore as error:
                self.halted = error
                return self.root
            if following is not None:
                event = following.event
                assert event is not None
                self.events.append(event)
                following.last = event
                following.event = None
                self.current = following
                return following
        elif self.halted is None:
            self.halted = self.too_many(f"{self.max_depth:,} events")
        return self.root

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

    # -- threads -------------------------------------------------------------------------------

    def start(self, work: Callable[[], None], *, daemon: bool) -> SimulatedThread:
        """Begin a thread: it runs up to its first event, and control comes back.

        The caller has made the start an event of its own.
        """
        starter = self.current
        if len(self.threads) > MOST_THREADS:
            self.halt(self.too_many(f"{MOST_THREADS:,} threads"))
        path = (*starter.path, starter.started)
        starter.started += 1
        tid = self.numbers.setdefault(path, len(self.numbers))
        thread = SimulatedThread(tid, path, daemon=daemon)
        thread.home = starter.home
        birth = starter.last
        assert birth is not None
        thread.birth = birth
        thread.clock = {**starter.clock, starter.tid: starter.epoch}
        starter.epoch += 1
        effects: tuple[Effect, ...] = (((BORN, tid), True, 1),)
        if not daemon:
            effects += (((RUNNING, thread.home), False, -1),)
        birth.footprint += (((BORN, tid), WRITE),)
        birth.effects += effects
        self.apply(effects)
        self.threads.append(thread)
        thread.starter = starter
        thread.greenlet = greenlet(self.life, self.root)
        self.current = thread
        self.beginning = (thread, work)
        self.root.switch()  # begun from the root, its depth of recursion is its own
        return thread

    def life(self, thread: SimulatedThread, work: Callable[[], None]) -> None:
        """Run a thread from its first step to its end, and hand over to another one."""
        try:
            work()
            if self.ends_are_events and thread is not self.main:
                self.happen("end", ((("ended", thread.tid), WRITE),))
        except GreenletExit:
            return
        except BaseException as error:  # noqa: BLE001 - whatever it is, the search must hear of it
            if not self.dying:
                self.halted = error
                thread.greenlet.parent = self.root
            return
        if self.dying:
            return
        self.end(thread)
        starter = thread.starter
        if starter is not None:
            thread.starter = None
            self.current = starter
            following = starter.greenlet
        else:
            following = self.choose()
            if following is not self.root:
                following = following.greenlet
        thread.greenlet.parent = following

    def end(self, thread: SimulatedThread) -> None:
        """Note that a thread has ended: its last event, or its start, lets others join it."""
        thread.ended = True
        thread.epoch += 1
        event = thread.last or thread.birth
        effects: tuple[Effect, ...] = (((ENDED, thread.tid), True, 1),)
        if not thread.daemon:
            effects += (((RUNNING, thread.home), False, 1),)
        if event is not None:
            event.footprint += (((ENDED, thread.tid), WRITE),)
            event.effects += effects
        self.apply(effects)
        for call in thread.on_end:
            call()

    def joined(self, thread: SimulatedThread) -> None:
        """Note that the current thread knows that ``thread`` has ended."""
        clock = self.current.clock
        for tid, epoch in [*thread.clock.items(), (thread.tid, thread.epoch)]:
            if clock.get(tid, -1) < epoch:
                clock[tid] = epoch

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
        line = program_line(self.program)[0] or None
        self.halt(CannotExplore(self.program, line, message))

    def too_many(self, things: str) -> TooMuch:
        """Return the reason to stop an execution that has too many of something."""
        line = program_line(self.program)[0]
        where = f", the last of them in line {line}" if line else ""
        return TooMuch(f"an execution had more than {things}{where}")

    def halt(self, reason: Halt | CannotExplore) -> NoReturn:
        """Stop the execution at once, whatever its threads catch."""
        self.halted = reason
        self.root.switch()
        raise GreenletExit

    def wait_for_threads(self) -> None:
        """Let the main thread wait for all that hold up the program's end."""
        event = self.happen("wait for threads", (), (((RUNNING, self.current.home), 0),))
        event.footprint += self.ends()

    def ends(self) -> Footprint:
        """Return what seeing all threads end, save daemon threads, reads."""
        home = self.current.home
        return tuple(
            ((ENDED, thread.tid), READ)
            for thread in self.threads
            if not thread.daemon and thread.home == home
        )

    def output_footprint(self) -> Footprint:
        """Return what a write touches besides its stream, where the process may end before it."""
        if self.anyone_exits or (self.daemons_die and self.current.daemon):
            return ((PROCESS, READ),)
        return ()

    def exit_event(self, *, waits: bool = True) -> None:
        """Let the main thread end the process, where it waits once all others have ended."""
        gates = (((RUNNING, self.current.home), 0),) if waits else ()
        event = self.happen("exit", ((PROCESS, WRITE),), gates)
        if waits:
            event.footprint += self.ends()
        self.leave(event)

    def leave(self, event: Event) -> None:
        """Note that an event has ended the process.

        Threads that still go on would die with it, at whatever event they had come to. Here they do
        go on, and what they print is not seen; so only what they print has to be tried before and
        after the end of the process, and not all that they do.
        """
        if self.exit is None:
            self.exit = event

    def exit_now(self, status: int) -> NoReturn:
        """End the process, as ``os._exit`` does, and never go on in this thread."""
        event = self.happen("os._exit", ((PROCESS, WRITE),), about=status)
        if self.exit is None:
            self.exited = status
        self.leave(event)
        following = self.choose()
        (following if following is self.root else following.greenlet).switch()
        raise GreenletExit

    # -- one execution -------------------------------------------------------------------------

    def run(self, work: Callable[[], None]) -> None:
        """Run one execution from its start to its end, and leave no thread behind.

        Args:
            work: what the main thread does
        """
        self.main.greenlet = greenlet(self.life, self.root)
        self.beginning = (self.main, work)
        while self.beginning is not None:
            (thread, task), self.beginning = self.beginning, None
            thread.greenlet.switch(thread, task)

    def kill(self) -> None:
        """End the greenlets of threads that cannot go on. What they try to show is not seen."""
        self.dying = True
        for thread in self.threads:
            current = thread.greenlet
            if current is None or current.dead:
                continue
            self.current = thread
            current.parent = self.root
            for _ in range(STUBBORN):
                with suppress(BaseException):  # a dying thread's words are its own
                    current.throw(GreenletExit)
                if current.dead:
                    break
            else:
                self.stubborn.append(current)
        self.threads = []


def program_line(filename: str) -> tuple[int, int | None]:
    """Return the line and column (both from 1) of the program that is running now."""
    frame = sys._getframe(1)
    while frame is not None:
        if frame.f_code.co_filename == filename:
            position = list(frame.f_code.co_positions())[frame.f_lasti // 2]
            return frame.f_lineno, None if position[2] is None else position[2] + 1
        frame = frame.f_back  # type: ignore[assignment]
    return 0, None
