"""Signals that one thread sends to the main thread: ``_thread.interrupt_main`` and ``signal``.

Python runs a signal's handler in the main thread, whoever sent the signal; the handler of SIGINT
raises ``KeyboardInterrupt`` there. The documentation of ``_thread.interrupt_main`` promises only that
this happens, "no guarantee that the interruption will happen immediately". Here, a signal that is on
its way is a thread with one event, its arrival. From then on the main thread is interrupted as soon
as it comes between two statements, or to the end of a ``try`` or ``with``. What the main thread
waits for is not cut short: no signal of the system is sent, so a lock is taken first, as in life. A
signal that is sent again before the first has been handled is the same signal.

At the end of the program the main thread waits for the others. An interrupt there is written to
standard error; one that comes before the waiting has begun keeps it from waiting at all.
"""  # noqa: E501

from __future__ import annotations

import ast
import signal
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

from anyorder.exploring.events import READ, WRITE

if TYPE_CHECKING:
    from collections.abc import Callable

    from anyorder.exploring.machine import Machine

__all__ = ["Interrupts", "sends_signals", "with_checks"]

PLACE = "signals"  # which signals are on their way, have arrived, and how they are handled
ON_THEIR_WAY = "signals on their way"  # how many, below zero
# as every Python begins
HANDLERS: dict[int, Any] = dict.fromkeys(signal.valid_signals(), signal.SIG_DFL)
HANDLERS[signal.SIGINT] = signal.default_int_handler

ALLOWED = {"Handlers", "Signals", "Sigmasks", "strsignal", "valid_signals"}
BEFORE_3_13 = sys.version_info < (3, 13)
NO_COLON = sys.version_info >= (3, 15)


def sends_signals(source: str) -> bool:
    """Whether a program can interrupt its main thread."""
    return "interrupt_main" in source or "raise_signal" in source


def with_checks(tree: ast.Module) -> ast.Module:
    """Put a call before each statement, and at each end of a ``try`` or ``with``."""
    for node in ast.walk(tree):
        for name in ("body", "orelse", "finalbody"):
            body = getattr(node, name, None)
            if isinstance(body, list):
                setattr(node, name, checked(body, ends=isinstance(node, ast.Try | ast.With)))
    return tree


def checked(body: list[ast.stmt], *, ends: bool) -> list[ast.stmt]:
    """Return statements with a call before each, save for those that have to come first."""
    result: list[ast.stmt] = []
    for number, statement in enumerate(body):
        text = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        if not (number == 0 and text) and not is_future(statement):
            result.append(check_at(statement))
        result.append(statement)
    if ends and body:
        result.append(check_at(body[-1]))
    return result


def is_future(statement: ast.stmt) -> bool:
    """Whether this is an import that has to stand at the top."""
    return isinstance(statement, ast.ImportFrom) and statement.module == "__future__"


def check_at(statement: ast.stmt) -> ast.stmt:
    """Return the call, at the place of a statement."""
    call = ast.Expr(ast.Call(ast.Name("__ao_check__", ast.Load()), [], []))
    for node in ast.walk(call):
        if "lineno" in node._attributes:
            ast.copy_location(node, statement)
    return call


class Interrupts:
    """The signals of one execution after another.

    Args:
        machine: where the program's threads run
    """

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.begin()

    def begin(self) -> None:
        """Forget all signals, for a new execution."""
        self.sent: set[int] = set()  # and not handled yet
        self.arrived: set[int] = set()
        self.handlers = HANDLERS.copy()

    # -- what threads do -----------------------------------------------------------------------

    def interrupt_main(self, number: int = signal.SIGINT, /) -> None:
        """Send a signal to the main thread: what ``_thread.interrupt_main`` does."""
        if number not in self.handlers:
            raise ValueError("signal number out of range")
        machine = self.machine
        event = machine.happen("interrupt", ((PLACE, WRITE),), about=int(number))
        if not callable(self.handlers[number]):
            return
        if machine.current is machine.main:
            self.arrived.add(number)
            self.handle(sys._getframe(1))
        elif number not in self.sent:
            self.sent.add(number)
            effects = ((ON_THEIR_WAY, False, -1),)
            event.effects += effects
            machine.apply(effects)
            courier = machine.start(lambda: self.arrive(number), daemon=True)
            courier.name = signal.Signals(number).name

    def arrive(self, number: int) -> None:
        """Let a signal arrive, in the thread that stands for it."""
        effects = ((ON_THEIR_WAY, False, 1),)
        self.machine.happen("arrival", ((PLACE, WRITE),), (), effects, number)
        self.arrived.add(number)

    def check(self) -> None:
        """Interrupt the main thread, between two of its statements, where a signal has arrived."""
        machine = self.machine
        if machine.current is machine.main and len(machine.threads) > 1:
            event = machine.happen("check", ((PLACE, READ),))
            if self.arrived:
                event.about = min(self.arrived)
                self.handle(sys._getframe(1))

    def handle(self, frame: Any) -> None:
        """Call the handlers of the signals that have arrived."""
        numbers, self.arrived = sorted(self.arrived), set()
        self.sent -= set(numbers)
        for number in numbers:
            handler = self.handlers[number]
            if callable(handler):
                handler(number, frame)

    # -- the end of the program ----------------------------------------------------------------

    def wait_for_threads(self, threading: ModuleType, report: Callable[[str], None]) -> bool:
        """Let the main thread wait for the others at the program's end.

        Returns:
            Whether it did wait, and was not interrupted before.
        """
        try:
            self.check()
        except KeyboardInterrupt:
            report(shutdown_message(threading))
            return False
        machine = self.machine
        machine.wait_for_threads()
        try:
            if self.sent:
                machine.happen("check", ((PLACE, READ),), ((ON_THEIR_WAY, 0),))
                self.handle(None)
        except KeyboardInterrupt:
            report(shutdown_message(threading))
        return True

    # -- the module ``signal`` -----------------------------------------------------------------

    def module(self, refusing: Callable[[str, str], Callable[..., Any]]) -> ModuleType:
        """Return what stands for the module ``signal``.

        Args:
            refusing: makes a function that refuses the program, from its name and the reason
        """
        module = ModuleType("signal")
        for name, value in vars(signal).items():
            if callable(value) and name not in ALLOWED:
                value = refusing(f"signal.{name}()", "is not simulated: write it without")  # noqa: PLW2901
            setattr(module, name, value)

        def set_handler(number: int, handler: Any, /) -> Any:
            machine = self.machine
            if machine.current is not machine.main:
                raise ValueError("signal only works in main thread of the main interpreter")
            if number not in self.handlers:
                raise ValueError("signal number out of range")
            if not callable(handler) and handler not in {signal.SIG_DFL, signal.SIG_IGN}:
                raise TypeError(
                    "signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable object"
                )
            machine.happen("handler", ((PLACE, WRITE),), about=int(number))
            before, self.handlers[number] = self.handlers[number], handler
            return before

        def raise_signal(number: int, /) -> None:
            if self.handlers.get(number) == signal.SIG_DFL:
                refusing("signal.raise_signal()", "would end the process: set a handler first")()
            self.interrupt_main(number)

        module.signal = set_handler  # type: ignore[attr-defined]
        module.getsignal = lambda number, /: self.handlers[number]  # type: ignore[attr-defined]
        module.raise_signal = raise_signal  # type: ignore[attr-defined]
        module.default_int_handler = signal.default_int_handler  # type: ignore[attr-defined]
        return module


def shutdown_message(threading: ModuleType) -> str:
    """Return what Python writes where its wait for the threads is interrupted."""
    what = f"in: {threading!r}" if BEFORE_3_13 else "on threading shutdown:"
    end = "" if NO_COLON else ": "
    return f"Exception ignored {what}\nTraceback (most recent call last):\nKeyboardInterrupt{end}\n"
