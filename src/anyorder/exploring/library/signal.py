"""A stand-in for the module ``signal``."""

from __future__ import annotations

import signal
from types import ModuleType
from typing import TYPE_CHECKING, Any

from anyorder.exploring.engine.events import WRITE, EventKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from anyorder.exploring.signals.interrupts import Interrupts

__all__ = ["stand_in"]

HANDLER = EventKind("handler", says="sets a signal handler", waits=None, whole=True)
ALLOWED = {"Handlers", "Signals", "Sigmasks", "strsignal", "valid_signals"}


def stand_in(
    interrupts: Interrupts, refusing: Callable[[str, str], Callable[..., Any]]
) -> ModuleType:
    """Return what stands for the module ``signal``.

    Args:
        interrupts: the signals that are sent
        refusing: makes a function that refuses the program, from its name and the reason
    """
    module = ModuleType("signal")
    for name, value in vars(signal).items():
        if callable(value) and name not in ALLOWED:
            value = refusing(f"signal.{name}()", "is not simulated: do without it")  # noqa: PLW2901
        setattr(module, name, value)

    def set_handler(number: int, handler: Any, /) -> Any:
        machine, handlers = interrupts.machine, interrupts.signals.handlers
        if machine.current.tid != machine.current.home:
            raise ValueError("signal only works in main thread of the main interpreter")
        if number not in handlers:
            raise ValueError("signal number out of range")
        if not callable(handler) and handler not in {signal.SIG_DFL, signal.SIG_IGN}:
            raise TypeError(
                "signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable object"
            )
        if number not in interrupts.known:
            machine.refuse(
                "signal.signal() is simulated for SIGINT alone where processes start: leave it out"
            )
        machine.happen(HANDLER, ((interrupts.signals.place, WRITE),), about=int(number))
        before, handlers[number] = handlers[number], handler
        return before

    def raise_signal(number: int, /) -> None:
        if interrupts.signals.handlers.get(number) == signal.SIG_DFL:
            refusing("signal.raise_signal()", "would end the process: set a handler first")()
        interrupts.interrupt_main(number)

    module.signal = set_handler  # type: ignore[attr-defined]
    module.getsignal = lambda number, /: interrupts.signals.handlers[number]  # type: ignore[attr-defined]
    module.raise_signal = raise_signal  # type: ignore[attr-defined]
    module.default_int_handler = signal.default_int_handler  # type: ignore[attr-defined]
    return module
