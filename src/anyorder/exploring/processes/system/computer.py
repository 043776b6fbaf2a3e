"""The simulated computer: processes, each with a memory of its own, on one machine.

A process is a group of threads. All processes use the same private copies of the library's
modules; whenever a thread of another process goes on, the memory of that process is put in place,
as an operating system does it. A process begins with an event of its own.

What may be killed from outside (a daemon, a process that somebody terminates) may only go on while
its process is alive: every event of such a process reads that, and killing it writes it. A signal
is sent and delivered in two steps, and the second is nobody's: whoever sent it may already have
gone on.
"""

from __future__ import annotations

from signal import SIGINT, Signals
from typing import TYPE_CHECKING, Any, NoReturn

from anyorder.exploring.engine.events import READ, WRITE, Effect, Event, EventKind, Footprint, Gate
from anyorder.exploring.engine.machine import OS_EXIT, Machine, Policy
from anyorder.exploring.engine.switching import GreenletExit, greenlet
from anyorder.exploring.engine.threads import BORN, SimulatedThread
from anyorder.exploring.engine.unknown import known_number
from anyorder.exploring.library.threading import BEGIN
from anyorder.exploring.processes.system.brief_locks import BriefLocks
from anyorder.exploring.processes.system.process import EXITED, SimulatedProcess
from anyorder.exploring.words import NOTHING

if TYPE_CHECKING:
    from collections.abc import Callable

    from anyorder.exploring.engine.events import Teller, Varies
    from anyorder.exploring.engine.facts import Facts
    from anyorder.exploring.processes.system.sharing import ProcessSharing

__all__ = ["EXITS", "Computer"]


def kills(event: Event, _: Teller) -> str:
    """Say which signal is sent to which process."""
    process, number = event.about
    return f"sends {Signals(number).name} to {process.name}"


def ends(event: Event, _: Teller) -> str:
    """Say which process a signal has come to, which ends it."""
    process = event.about[0]
    return f"ends {process.name}"


EXITS = EventKind("exits", says="ends", waits=None, whole=False)
IS_GONE = EventKind("is gone", says="is gone", waits=None, whole=False)
KILL = EventKind("kill", says=kills, waits=None, whole=False)
SIGNAL = EventKind("signal", says=ends, waits=None, whole=False)
BEGIN_TO_WAIT = EventKind("begin to wait", says=NOTHING, waits=None, whole=False)
ALIVE = "alive"  # whether a process still goes on


class Computer(Machine):
    """One simulated computer, used for one execution after another.

    Attributes:
        processes: the processes, by number
        resident: the process whose memory is in place
        brief_locks: the locks that threads have for a moment
        quiet: the numbers of threads that never print
        going: whether an execution goes on
        switch_to: called with a process, and puts its memory in place
        close_all: called with a process and the event that ends it, closes all that it has open,
            and returns whether anyone can tell
    """

    sharing: ProcessSharing
    switch_to: Callable[[SimulatedProcess], None]
    close_all: Callable[[SimulatedProcess, Event], bool]

    def __init__(self, policy: Policy, max_events: int, facts: Facts, program: str) -> None:
        self.brief_locks = BriefLocks(self, self.changing)
        super().__init__(policy, max_events, facts, program)

    def begin(self) -> None:
        """Make a fresh computer for the next execution, with a first process."""
        super().begin()
        self.brief_locks.begin()
        self.going = False
        first = SimulatedProcess(0, self.main, None, "MainProcess")
        self.main.name = first.name
        self.processes = {0: first}
        self.resident = first
        self.counters[ALIVE, 0] = self.initial[ALIVE, 0] = 1
        self.quiet: set[int] = set()

    def changing(self) -> Footprint:
        """Return what a change by the current thread touches, if a fork may find it or not."""
        return self.sharing.changing()

    def forked(self) -> Footprint:
        """Return what a fork by the current thread touches."""
        return self.sharing.forked()

    @property
    def process(self) -> SimulatedProcess:
        """The process whose thread goes now."""
        return self.processes[self.current.home]

    def run(self, work: Callable[[], None]) -> None:
        """Run one execution from its start to its end."""
        self.going = True
        try:
            super().run(work)
        finally:
            self.going = False

    def choose(self) -> Any:
        """Return the thread that goes next, with its memory in place."""
        following = super().choose()
        if following is not self.root:
            process = self.processes[following.home]
            if process is not self.resident:
                self.switch_to(process)
                self.resident = process
        return following

    def happen(  # noqa: PLR0913 - as for ``Event``
        self,
        kind: EventKind,
        footprint: Footprint,
        gates: tuple[Gate, ...] = (),
        effects: tuple[Effect, ...] = (),
        about: Any = None,
        *,
        varies: Varies | None = None,
        step: bool = False,
    ) -> Event:
        """Announce an event, which can only happen while its process is alive.

        Where a fork may find what it changes, or not, it touches the memory of its process too.
        """
        thread = self.current
        more = self.sharing.changed(kind, footprint)
        if (self.facts.mortal or thread.daemon) and not thread.atomic:
            alive = (ALIVE, thread.home)
            more = (*more, (alive, READ))
            gates = (*gates, (alive, 1))
        if gates and thread.tid in self.brief_locks.held:  # it lets go of the lock to wait
            super().happen(BEGIN_TO_WAIT, self.sharing.changing())
            self.brief_locks.happened(thread)
        if self.brief_locks.waited_for:
            self.brief_locks.look_at_gates(gates)
        if varies is not None:
            counters, touches = varies
            varies = counters, lambda *numbers: touches(*numbers) + more
        event = super().happen(
            kind, footprint + more, gates, effects, about, varies=varies, step=step
        )
        self.brief_locks.happened(thread)
        return event

    # -- beginning -----------------------------------------------------------------------------

    def finds_program(self, thread: SimulatedThread) -> bool:
        """Whether a thread finds what the current one changes of the program, or one that is to be.

        A process has functions, classes and objects of its own, save that those which were forked
        from one another share functions and classes.
        """
        process, here = self.processes[thread.home], self.process
        code = here.shared_code
        ours = process is here or (code is not None and code is process.shared_code)
        return ours and (process.forks_on or self.goes_on(thread))

    def finds_logging(self, thread: SimulatedThread) -> bool:
        """Whether a thread finds what the current one changes, or a process forked from its own."""
        process = self.processes[thread.home]
        here = process.logging == self.process.logging
        return here and (process.forks_on or self.goes_on(thread))

    def begin_process(
        self, name: str, work: Callable[[SimulatedProcess], None]
    ) -> SimulatedProcess:
        """Begin a process, at an event of its own, after the event that is happening now.

        Args:
            name: what the program calls it
            work: what it does from its beginning to its end
        """
        process = self.processes[self.current.home]
        thread = self.add_thread(name)
        child = SimulatedProcess(thread.tid, thread, process, name)
        thread.home = child.number
        self.processes[child.number] = child
        self.counter((EXITED, child.number), 0)
        self.counter((ALIVE, child.number), 1)
        birth = thread.birth
        assert birth is not None
        effects: tuple[Effect, ...] = (((BORN, thread.tid), True, 1),)
        birth.footprint += (((BORN, thread.tid), WRITE),)
        self.affect(birth, effects)
        self.announce(thread, BEGIN, lambda: work(child))
        return child

    def add_thread(self, name: str) -> SimulatedThread:
        """Return a thread that comes after the event that is happening now, and has no greenlet."""
        starter = self.current
        path = (*starter.path, starter.started)
        starter.started += 1
        tid = self.numbers.setdefault(path, len(self.numbers))
        thread = SimulatedThread(tid, path, daemon=False)
        thread.name = name
        thread.birth = starter.last
        thread.clock = {**starter.clock, starter.tid: starter.epoch}
        starter.epoch += 1
        self.threads.append(thread)
        self.numbered[tid] = thread
        return thread

    def announce(self, thread: SimulatedThread, kind: EventKind, work: Callable[[], None]) -> None:
        """Announce the first event of a thread that has not begun."""
        born = (BORN, thread.tid)
        event = Event(thread.tid, thread.home, kind, ((born, READ),), ((born, 1),))
        if self.facts.mortal and kind is BEGIN:
            event.footprint += (((ALIVE, thread.home), READ),)
            event.gates += (((ALIVE, thread.home), 1),)
        thread.event = event

        def begin(*_: object) -> None:
            if self.recorder is not None:
                self.recorder.happened(event)
            following = self.life(thread)
            if following is not None:
                thread.greenlet.parent = following

        thread.work = work
        thread.greenlet = greenlet(begin, self.root)

    def begins_daemon(self) -> None:
        """Do nothing: each event of a daemon thread asks whether its process still goes on."""

    # -- ending --------------------------------------------------------------------------------

    def exit_process(self, status: int) -> None:
        """End the process of the current thread, which is at its very end."""
        process = self.process
        self.hold_up(READ)
        event = self.happen(EXITS, (((EXITED, process.number), WRITE),), about=process)
        self.mark_ended(event, process, status)

    def mark_ended(self, event: Event, process: SimulatedProcess, status: int) -> None:
        """End a process at an event, whatever its threads are doing.

        What it has open is closed before others find that it has ended: where anyone can tell, the
        two are an event each.
        """
        if self.others_in(process):
            alive = (ALIVE, process.number)
            event.footprint += ((alive, WRITE),)
            gone: tuple[Effect, ...] = ((alive, True, 0),)
            self.affect(event, gone)
        if self.close_all(process, event):
            exited = ((EXITED, process.number), WRITE)
            event = super().happen(IS_GONE, (exited,), about=process)
        process.status = status
        effects: tuple[Effect, ...] = (((EXITED, process.number), True, 1),)
        self.affect(event, effects)
        for call in process.on_end:
            call(event)

    def others_in(self, process: SimulatedProcess) -> bool:
        """Whether a process may have other threads that still go on."""
        return self.facts.mortal or any(
            thread.home == process.number and thread.daemon for thread in self.threads
        )

    def main_of(self, home: int) -> SimulatedThread:
        """Return the main thread of the process with a number."""
        return self.processes[home].main

    def exit_now(self, status: int) -> NoReturn:
        """End the process of the current thread, as ``os._exit`` does."""
        process = self.process
        if any(one.home == process.number and one is not self.current for one in self.threads):
            self.learn("mortal")
        event = self.happen(
            OS_EXIT, (((EXITED, process.number), WRITE),), about=known_number(status)
        )
        self.mark_ended(event, process, status & 0xFF)
        self.leave_for_good()

    def leave_for_good(self) -> NoReturn:
        """Hand over to another thread for good."""
        following = self.choose()
        (following if following is self.root else following.greenlet).switch()
        raise GreenletExit

    def send_signal(self, process: SimulatedProcess, signal: int) -> None:
        """Send a signal that ends a process, at some moment from now on."""
        self.happen(KILL, (((EXITED, process.number), READ),), about=(process, signal))
        if process.status is not None:
            return
        if signal == SIGINT:
            self.refuse(
                "Process.interrupt() is a signal that cannot be followed in a child that may go on "
                "still: use Process.terminate(), or an Event that the child looks at"
            )
        self.deliver_later(process, signal)

    def deliver_later(self, process: SimulatedProcess, signal: int) -> None:
        """End a process by a signal that the present event sends, unless it ends before."""
        self.learn("mortal")

        def deliver(event: Event) -> None:
            if process.status is None:
                self.mark_ended(event, process, -signal)

        number = process.number
        ended = (((EXITED, number), WRITE), ((ALIVE, number), WRITE))
        event = self.happen_later(SIGNAL, ended, deliver, 0, (process, signal))
        event.gates += (((ALIVE, number), 1),)

    def happen_later(
        self,
        kind: EventKind,
        footprint: Footprint,
        work: Callable[[Event], None],
        home: int,
        about: Any,
    ) -> Event:
        """Announce an event of no thread, for some moment after the present event.

        Args:
            kind: what is to be known of all events that are alike
            footprint: the places that it touches
            work: called as it happens
            home: the number of the process whose memory it is about
            about: what a witness needs to describe it

        Returns:
            The event that is to come.
        """
        courier = self.add_thread("signal")
        courier.daemon = True
        courier.home = home
        self.quiet.add(courier.tid)
        birth = courier.birth
        assert birth is not None
        birth.footprint += (((BORN, courier.tid), WRITE),)
        self.affect(birth, (((BORN, courier.tid), True, 1),))

        def happens() -> None:
            event = courier.last
            assert event is not None
            work(event)

        self.announce(courier, kind, happens)
        event = courier.event
        assert event is not None
        event.about = about
        event.footprint += footprint
        return event

    def stuck(self) -> list[SimulatedThread]:
        """Return the threads that cannot go on, though their processes have not ended."""
        return [
            thread
            for thread in self.threads
            if not thread.ended
            and thread.name != "signal"
            and self.processes[thread.home].status is None
        ]
