"""Signals that one thread sends to the main thread: ``_thread.interrupt_main`` and ``signal``.

Python runs a signal's handler in the main thread, whoever sent the signal; the handler of SIGINT
raises ``KeyboardInterrupt`` there. It does so as soon as the main thread comes to a place where
Python looks for signals (see ``signal_points``). What the main thread waits for is not cut short: no
signal of the system is sent, so a lock is taken first, as in life. A signal that is sent again
before the first has been handled is the same signal.

``print`` looks before each piece that it writes.

Calls of the library that are one event here (see ``calls``) are many steps in life, and an interrupt
may come between any two: a queue's lock may stay taken for good. Where one comes by such a call, both
its coming before and its coming after are followed, and the exploration is not complete.
"""  # noqa: E501

from __future__ import annotations

import signal
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn

from anyorder.exploring.attributes import class_has
from anyorder.exploring.engine.events import READ, WRITE, EventKind
from anyorder.exploring.engine.machine import Halt
from anyorder.exploring.frames import program_position
from anyorder.exploring.signals.managers import is_own, looking
from anyorder.exploring.words import NOTHING

if TYPE_CHECKING:
    from collections.abc import Callable

    from anyorder.exploring.engine.events import Event, Place, Teller
    from anyorder.exploring.engine.machine import Machine

__all__ = ["Interrupts"]


def checks(event: Event, _: Teller) -> Callable[[], str]:
    """Say what has come of looking for a signal."""
    return lambda: NOTHING if event.about is None else "is interrupted"


CHECK = EventKind("check", says=checks, waits=None, whole=True)
INTERRUPT = EventKind("interrupt", says="interrupts the main thread", waits=None, whole=True)
PLACE = "signals"  # which signals have come to a process, and how they are handled
# as every Python begins
HANDLERS: dict[int, Any] = dict.fromkeys(signal.valid_signals(), signal.SIG_DFL)
HANDLERS[signal.SIGINT] = signal.default_int_handler

# modules whose code is written in C, or has been looked through
FOLLOWED = {"__future__", "_thread", "signal", "sys", "threading", "time"}
PLAIN = {bool, float, int, str, type(None)}  # these are shown without ``repr``


@dataclass
class Signals:
    """The signals of one process.

    Args:
        place: what those touch that send a signal or look for one
        handlers: who handles them
        arrived: those that have come, and are not handled yet
        line: the program's line that has sent the last of them, and 0 where none has
    """

    place: Place
    handlers: dict[int, Any]
    arrived: set[int] = field(default_factory=set)
    line: int = 0


class Interrupts:
    """The signals of one execution after another.

    Args:
        machine: where the program's threads run
    """

    known: frozenset[int] = frozenset(signal.valid_signals())  # those whose handlers may be set

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.begin()

    def begin(self) -> None:
        """Forget all signals, for a new execution."""
        self.homes: dict[int, Signals] = {}
        self.modules: set[str] = set()  # imported so far, in whose midst an interrupt may come
        # frames and loops that test last: whether they look as they come round the next time
        self.rounds: dict[tuple[int, int], bool] = {}
        self.own: dict[tuple[int, int], bool] = {}  # frames and calls: of the program's function?
        self.over = False  # whether the main thread has waited for the others

    def imported(self, module: str) -> None:
        """Note that the program imports a module."""
        if module not in FOLLOWED:
            self.modules.add(module)

    @property
    def signals(self) -> Signals:
        """The signals of the current process."""
        return self.signals_of(self.machine.current.home)

    def signals_of(self, home: int) -> Signals:
        """Return the signals of a process, by its number."""
        found = self.homes.get(home)
        if found is None:
            found = self.homes[home] = Signals((PLACE, home), HANDLERS.copy())
        return found

    def hooks(self) -> dict[str, Any]:
        """Return what the program's code calls where Python looks for signals."""
        return {
            "__ao_called__": self.called,
            "__ao_calling__": self.calling,
            "__ao_check__": self.check,
            "__ao_entered__": self.entered,
            "__ao_entering__": self.entering,
            "__ao_lost__": self.lost,
            "__ao_passed__": self.passed,
            "__ao_round__": self.round,
            "__ao_second__": lambda _, value: value,
            "__ao_shown__": self.shown,
        }

    def before_writes(self, attribute: Callable[[Any, str], Any]) -> Callable[[Any, str], Any]:
        """Return what gives ``print`` the methods of its file, which look for signals first.

        Args:
            attribute: gives an attribute of an object by its name
        """

        def method_of(file: Any, name: str) -> Any:
            method = attribute(file, name)

            def call(*args: Any) -> Any:
                self.check()
                return method(*args)

            return call

        return method_of

    # -- what threads do -----------------------------------------------------------------------

    def interrupt_main(self, number: int = signal.SIGINT, /) -> None:
        """Send a signal to the main thread: what ``_thread.interrupt_main`` does."""
        signals, machine = self.signals, self.machine
        if number not in signals.handlers:
            raise ValueError("signal number out of range")
        machine.learn("signals")
        footprint = ((signals.place, WRITE), *machine.output_footprint())
        event = machine.happen(INTERRUPT, footprint, about=int(number))
        if not callable(signals.handlers[number]) or machine.exit is not None:
            return
        signals.line = program_position({machine.file})[0]
        if self.over:
            self.give_up("as the interpreter exits", signals)
        signals.arrived.add(number)
        if machine.current is machine.main:
            self.handle(event)

    # -- what the main thread does -------------------------------------------------------------

    def check(self) -> None:
        """Look for signals, and call their handlers."""
        event = self.look()
        if event is not None:
            self.handle(event)

    def calling(self, function: Any, number: int) -> Any:
        """Note whether a call, by its number, is of the program's own function; return that."""
        self.own[id(sys._getframe(1)), number] = is_own(function)
        return function

    def called(self, value: Any, number: int = 0) -> Any:
        """Look for signals after a call, if Python does, and return what came of it."""
        if not self.own.pop((id(sys._getframe(1)), number), False):
            self.check()
        return value

    def shown(self, value: Any, represented: bool) -> Any:
        """Look for signals where the ``repr`` of a value is made, and return the value.

        Args:
            value: what is put into an f-string
            represented: whether the f-string asks for its ``repr``
        """
        if represented or type(value) not in PLAIN:
            self.check()
        return value

    def lost(self) -> None:
        """Give up where a signal has come, since nothing says what Python makes of it here."""
        if self.look() is not None:
            self.give_up(f"in line {sys._getframe(1).f_lineno}", self.signals)

    def entered(self, loop: int) -> None:
        """Note that a frame comes to a loop that tests last."""
        self.rounds.pop((id(sys._getframe(1)), loop), None)

    def passed(self, loop: int) -> None:
        """Note that a loop that tests last has come round by ``continue``, and has looked."""
        self.rounds[id(sys._getframe(1)), loop] = False

    def round(self, loop: int) -> None:
        """Look for signals where a loop that tests last comes round.

        It does not as it begins. So that turn says nothing of how it goes on (see ``spinning``).
        """
        key = (id(sys._getframe(1)), loop)
        looks = self.rounds.get(key)
        self.rounds[key] = True
        if looks:
            self.check()
        elif looks is None:
            self.machine.current.loops.pop(loop, None)

    def entering(self, manager: Any) -> Any:
        """Return a context manager that looks for signals where ``with`` calls its methods."""
        cls = type(manager)
        if not (class_has(cls, "__enter__") and class_has(cls, "__exit__")):
            return manager  # Python says what is wrong
        return looking(self.check, manager)

    def look(self) -> Event | None:
        """Return the event of looking for signals, where any has come."""
        machine = self.machine
        thread = machine.current
        if thread.tid != thread.home or thread.atomic:  # no main thread, or within one step
            return None
        signals = self.signals
        if not signals.arrived and not self.may_come():
            return None
        before = thread.last
        event = machine.happen(CHECK, ((signals.place, READ),))
        if not signals.arrived:
            return None
        if before is not None and not before.kind.whole:
            line = program_position({machine.file})[0]
            self.say(f"in the middle of what the library does in line {line}", signals)
        elif self.modules:
            self.say(f"in the middle of what the module {min(self.modules)} does", signals)
        return event

    def may_come(self) -> bool:
        """Whether any signal may come to the current thread."""
        return len(self.machine.threads) > 1

    def handle(self, event: Event) -> None:
        """Call the handlers of the signals that have come, in an event that has found them."""
        signals = self.signals
        event.about = int(min(signals.arrived))
        while signals.arrived:
            number = min(signals.arrived)
            signals.arrived.remove(number)
            handler = signals.handlers[number]
            if callable(handler):
                handler(number, program_position({self.machine.file})[2])

    # -- what is not followed ------------------------------------------------------------------

    def say(self, where: str, signals: Signals) -> None:
        """Let the exploration be incomplete, and go on."""
        self.machine.unfollowed = unfollowed(where, signals)

    def give_up(self, where: str, signals: Signals) -> NoReturn:
        """Let the exploration be incomplete, and stop this execution."""
        self.machine.halt(Halt(unfollowed(where, signals)))


def unfollowed(where: str, signals: Signals) -> str:
    """Say in words what an exploration leaves out.

    Args:
        where: at which moment an interrupt may come
        signals: those of the process that it comes to
    """
    what = f"the interrupt that line {signals.line} sends" if signals.line else "an interrupt"
    return f"{what} may come {where}, and is not followed there"
