"""Interrupts of processes: ``Process.interrupt``, from 3.14 on.

An interrupt is a signal of the system, and reaches the child at some moment from then on. While the
child's target runs, it is handled where Python looks for signals (see ``signal_points``), and it cuts
short what the child waits for. That is two events: the child begins to wait, and the wait is over. A
signal that comes before the first and after Python has looked for the last time does not cut the
wait short, which holds for the system's own calls too: they do not know of it.

What happens before the target and after it depends on the moment, and on the start method: the child
ends by the signal or with status 1, with a traceback or without. Those executions are given up. And
inside of the target, an interrupt may come in the middle of the library's own code. So what is found
for a program that may interrupt a child that still goes on is never called complete.
"""  # noqa: E501

from __future__ import annotations

from signal import SIG_DFL, SIG_IGN, SIGINT
from typing import TYPE_CHECKING, Any

from anyorder.exploring.engine.events import READ, WRITE, Effect, Event, EventKind, Footprint, Gate
from anyorder.exploring.frames import program_position
from anyorder.exploring.library.wrapping import Original, wrapped
from anyorder.exploring.processes.lifecycle.process import EXITED
from anyorder.exploring.processes.system.computer import BEGIN_TO_WAIT, SIGNAL
from anyorder.exploring.processes.system.pipes import Blocked
from anyorder.exploring.signals.interrupts import CHECK, Interrupts

if TYPE_CHECKING:
    from collections.abc import Callable

    from anyorder.exploring.processes.lifecycle.process import SimulatedProcess
    from anyorder.exploring.processes.system.computer import Computer

__all__ = ["ProcessInterrupts"]

CUT = EventKind("cut", says="is interrupted as it waits", waits=None, whole=False)
LIFE = {"alive", "born"}  # gates that a signal does not open
COUNT = "interrupts"  # how many have come to a process as it waited
AT_ENDS = "as a child starts or ends"


class ProcessInterrupts(Interrupts):
    """The interrupts of the processes of one computer.

    Args:
        machine: the computer
    """

    machine: Computer
    known = frozenset({SIGINT})

    def begin(self) -> None:
        """Forget all, for a new execution."""
        super().begin()
        self.running: set[int] = set()  # the processes whose targets run
        self.waiting: set[int] = set()  # those whose main threads have begun to wait

    def interrupt_main(self, number: int = SIGINT, /) -> None:
        """Refuse what a thread of a process sends to its main thread."""
        del number
        self.machine.refuse(
            "_thread.interrupt_main() is not simulated in a program that starts processes"
        )

    def may_come(self) -> bool:
        """Whether any signal may come to the current process."""
        return self.machine.current.home in self.running

    def inherit(self, child: SimulatedProcess, parent: SimulatedProcess) -> None:
        """Let a forked process have the handlers that its parent has."""
        self.signals_of(child.number).handlers.update(self.signals_of(parent.number).handlers)

    # -- sending -------------------------------------------------------------------------------

    def send(self, process: SimulatedProcess) -> None:
        """Let an interrupt, sent by the present event, come to a process that has not ended."""
        number = process.number
        signals = self.signals_of(number)
        signals.line = program_position(self.machine.program)[0]
        self.say(f"{AT_ENDS}, or in the middle of what the library does", signals)
        touched = ((signals.place, WRITE), ((EXITED, number), READ))
        self.machine.happen_later(
            SIGNAL, touched, lambda event: self.come(event, process), 0, (process, SIGINT)
        )

    def come(self, event: Event, process: SimulatedProcess) -> None:
        """Let an interrupt come, in the event that this is."""
        signals = self.signals_of(process.number)
        handler = signals.handlers[SIGINT]
        if process.status is not None or handler == SIG_IGN:
            return
        if process.number not in self.running or handler == SIG_DFL:
            self.give_up(AT_ENDS, signals)
        signals.arrived.add(SIGINT)
        waits = process.main.event
        if process.number not in self.waiting or waits is None:
            return
        event.footprint += tuple((place, READ) for place, _ in waits.gates)
        event.footprint += waits.waits.reads if waits.waits is not None else ()
        machine, count = self.machine, (COUNT, process.number)
        effects = ((count, False, 1),)
        event.effects += effects
        machine.apply(effects)
        if not machine.can_happen(waits):
            waits.kind = CUT
            waits.gates = (
                *(gate for gate in waits.gates if is_of_life(gate[0])),
                (count, machine.counters[count]),
            )
            waits.waits = None
            waits.footprint = (
                (signals.place, READ),
                *(touch for touch in waits.footprint if is_of_life(touch[0])),
            )

    # -- the child -----------------------------------------------------------------------------

    def follow_targets(self, cls: Any) -> None:
        """Let the class of processes say when a child runs its target."""

        @wrapped(cls, "_bootstrap")
        def bootstrap(process: Any, *args: Any, original: Original, **kwargs: Any) -> Any:
            run = process.run
            process.run = lambda: self.run_target(process, run)
            return original(process, *args, **kwargs)

    def run_target(self, process: Any, run: Callable[[], None]) -> None:
        """Let a child run its target, or what stands for it: then it may be interrupted."""
        home = self.machine.current.home
        process._target = self.machine.follow(process._target)
        self.look_at_end()
        self.running.add(home)
        try:
            run()
        finally:
            self.look_at_end()
            self.running.discard(home)

    def look_at_end(self) -> None:
        """Give up where an interrupt has come."""
        signals = self.signals
        self.machine.happen(CHECK, ((signals.place, READ),))
        if signals.arrived:
            self.give_up(AT_ENDS, signals)

    def following(self, happen: Callable[..., Event]) -> Callable[..., Event]:
        """Return what announces an event, and lets an interrupt cut short what it waits for.

        Args:
            happen: announces an event
        """

        def call(
            kind: EventKind,
            footprint: Footprint,
            gates: tuple[Gate, ...] = (),
            effects: tuple[Effect, ...] = (),
            about: Any = None,
        ) -> Event:
            if not self.can_cut(gates):
                return happen(kind, footprint, gates, effects, about)
            event = self.wait(happen, kind, footprint, gates, about)
            event.effects += effects
            self.machine.apply(effects)
            return event

        return call

    def can_cut(self, gates: tuple[Gate, ...]) -> bool:
        """Whether the current thread may be about to wait, which an interrupt may cut short."""
        thread = self.machine.current
        if thread.tid != thread.home or thread.home not in self.running or thread.atomic:
            return False
        return bool(gates) or isinstance(thread.waits_for, Blocked)

    def wait(
        self,
        happen: Callable[..., Event],
        kind: EventKind,
        footprint: Footprint,
        gates: tuple[Gate, ...],
        about: Any,
    ) -> Event:
        """Wait in two events, the second of which an interrupt may make impossible."""
        thread, touched = self.machine.current, ((self.signals.place, READ),)
        while True:
            waits, thread.waits_for = thread.waits_for, None
            happen(BEGIN_TO_WAIT, touched)
            thread.waits_for = waits
            self.waiting.add(thread.home)
            event = happen(kind, (*footprint, *touched), gates, (), about)
            self.waiting.discard(thread.home)
            if event.kind is not CUT:
                return event
            self.handle(event)  # where it returns, the wait goes on
            thread.waits_for = waits


def is_of_life(place: Any) -> bool:
    """Whether a place says that a process lives, or that a thread has been started."""
    return isinstance(place, tuple) and place[0] in LIFE
