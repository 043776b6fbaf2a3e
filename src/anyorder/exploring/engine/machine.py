"""The simulated machine: threads are greenlets, and one of them moves at a time.

Each thread announces its next event and pauses. The machine asks a *policy* which of the announced
events happens next, and hands over to its thread, which carries it out and goes on, through code
that no other thread can see, to its next event. A switch between greenlets takes a few
microseconds; a hand-over between threads of the operating system some fifty.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, NoReturn

from greenlet import GreenletExit, getcurrent, greenlet

from anyorder.exploring.engine.events import READ, WRITE, Effect, Event, EventKind, Footprint
from anyorder.exploring.engine.scheduling import BORN, Halt, Nobody, Policy, Scheduler, TooMuch
from anyorder.exploring.engine.threads import SimulatedThread

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["BORN", "Halt", "Machine", "Nobody", "Policy", "SimulatedThread", "TooMuch"]

END = EventKind("end", says="ends", waits=None, whole=False)
WAIT_FOR_THREADS = EventKind(
    "wait for threads",
    says="waits for all threads to end",
    waits="all threads to end",
    whole=True,
)
EXIT = EventKind("exit", says="ends the program", waits="all threads to end", whole=False)
OS_EXIT = EventKind("os._exit", says="ends the process", waits=None, whole=False)
ENDED = "ended"  # the place ("ended", thread) says that a thread has ended
RUNNING = "running"  # how many threads that hold up the program's end have begun, below zero
PROCESS = "process"  # whether the process still goes on
MOST_THREADS = 1_000
STUBBORN = 50  # how often a thread may swallow its own end before it is left alone


class Machine(Scheduler):
    """One simulated computer: threads begin and end, and the program with them."""

    # -- one execution -------------------------------------------------------------------------

    def run(self, work: Callable[[], None]) -> None:
        """Run one execution from its start to its end, and leave no thread behind.

        Args:
            work: what the main thread does
        """
        self.give_greenlet(self.main, work)
        self.beginning = self.main
        while self.beginning is not None:
            thread, self.beginning = self.beginning, None
            thread.greenlet.switch()

    def kill(self) -> None:
        """End the execution, and the threads that cannot go on. What they show is not seen."""
        self.dying = True
        for thread in self.threads:
            current = thread.greenlet
            if current is None or current.dead or thread.ended:
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
        for thread in self.threads:  # no cycles are left to be collected
            thread.event = thread.last = thread.birth = None
            thread.on_end.clear()
            thread.work = None
        self.threads = []
        self.numbered = {}

    def close(self) -> None:
        """End the greenlets that wait for another thread to live, after the last execution."""
        for one in self.idle:
            one.throw(GreenletExit)
        self.idle.clear()

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
        self.numbered[tid] = thread
        thread.starter = starter
        self.current = thread
        self.give_greenlet(thread, work)
        if thread.greenlet:
            thread.greenlet.switch()
        else:
            self.beginning = thread
            self.root.switch()  # begun from the root, its depth of recursion is its own
        return thread

    def begins_daemon(self) -> None:
        """Note that the program begins a thread that it may leave behind."""
        self.learn("daemons")

    def give_greenlet(self, thread: SimulatedThread, work: Callable[[], None]) -> None:
        """Give a thread its work, and a greenlet that does it: an idle one, if there is any.

        A greenlet gets a stack from the operating system as it begins, which takes longer than all
        else that there is to the start of a thread.
        """
        thread.work = work
        if self.idle:
            thread.greenlet = self.idle.pop()
            thread.greenlet.gr_context = None  # it is a new thread to ``contextvars``
        else:
            thread.greenlet = greenlet(self.live, self.root)

    def live(self) -> None:
        """Live the life of one thread after another, as a greenlet."""
        while True:
            following = self.life(self.current)
            if following is None:
                return
            self.idle.append(getcurrent())
            following.switch()

    def life(self, thread: SimulatedThread) -> Any:
        """Run a thread from its first step to its end.

        Returns:
            The greenlet to hand over to, and ``None`` where this one is of no use any more.
        """
        try:
            thread.work()
            self.end_in_sight(thread)
        except GreenletExit:
            return None
        except BaseException as error:  # noqa: BLE001 - whatever it is, the search must hear of it
            if not self.dying:
                self.halted = error
            return None
        if self.dying:
            return None
        self.end(thread)
        following = thread.starter
        if following is not None:
            thread.starter = None
            self.current = following
            return following.greenlet
        following = self.choose()
        return following if following is self.root else following.greenlet

    def end_in_sight(self, thread: SimulatedThread) -> None:
        """Make an event of a thread's end, where others may ask whether it has come."""
        if self.facts.asks and thread.shown is not None and not thread.over:
            place = (thread.shown, ENDED)
            if self.sharing.touch(place, WRITE):
                self.happen(END, (((ENDED, thread.tid), WRITE), (place, WRITE)))

    def end_main(self) -> None:
        """Let a main thread be over, which is the current one, though it waits for others yet."""
        thread = self.current
        self.end_in_sight(thread)
        self.be_over(thread)

    def end(self, thread: SimulatedThread) -> None:
        """Note that a thread has ended."""
        thread.ended = True
        if not thread.over:
            self.be_over(thread)
        if not thread.daemon:
            effects = (((RUNNING, thread.home), False, 1),)
            event = thread.last or thread.birth
            if event is not None:
                event.effects += effects
            self.apply(effects)

    def be_over(self, thread: SimulatedThread) -> None:
        """Let others join a thread after its last event, or its start."""
        thread.over = True
        thread.epoch += 1
        event = thread.last or thread.birth
        effects: tuple[Effect, ...] = (((ENDED, thread.tid), True, 1),)
        if event is not None:
            event.footprint += (((ENDED, thread.tid), WRITE),)
            event.effects += effects
        self.apply(effects)
        for call in thread.on_end:
            call()
        thread.on_end.clear()

    def joined(self, thread: SimulatedThread) -> None:
        """Note that the current thread knows that ``thread`` has ended."""
        clock = self.current.clock
        for tid, epoch in [*thread.clock.items(), (thread.tid, thread.epoch)]:
            if clock.get(tid, -1) < epoch:
                clock[tid] = epoch

    # -- the end of the program ----------------------------------------------------------------

    def wait_for_threads(self) -> None:
        """Let the main thread wait for all that hold up the program's end."""
        event = self.happen(WAIT_FOR_THREADS, (), (((RUNNING, self.current.home), 0),))
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
        facts = self.facts
        if facts.exits or facts.signals or (facts.daemons and self.current.daemon):
            return ((PROCESS, READ),)
        return ()

    def exit_event(self, *, waits: bool = True) -> None:
        """Let the main thread end the process, where it waits once all others have ended."""
        gates = (((RUNNING, self.current.home), 0),) if waits else ()
        event = self.happen(EXIT, ((PROCESS, WRITE),), gates)
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
        self.learn("exits")
        event = self.happen(OS_EXIT, ((PROCESS, WRITE),), about=status)
        if self.exit is None:
            self.exited = status
        self.leave(event)
        following = self.choose()
        (following if following is self.root else following.greenlet).switch()
        raise GreenletExit
