"""Interrupts that come as the main thread is at its end.

Python empties the buffer of standard output then, and forgets an interrupt that comes while it
does. One that comes later keeps the main thread from waiting for the others, or is noticed when it
has waited, and is written to standard error.
"""

from __future__ import annotations

import sys
import traceback
from typing import TYPE_CHECKING

from anyorder.exploring.engine.machine import Halt
from anyorder.exploring.engine.switching import GreenletExit
from anyorder.exploring.refusal import CannotExplore
from anyorder.exploring.tracebacks import without_tool

if TYPE_CHECKING:
    from collections.abc import Callable

    from anyorder.exploring.engine.events import Event
    from anyorder.exploring.signals.interrupts import Interrupts

__all__ = ["show_failure", "wait_for_threads"]

BEFORE_3_13 = sys.version_info < (3, 13)
NO_COLON = sys.version_info >= (3, 15)


def wait_for_threads(
    interrupts: Interrupts,
    report: Callable[[str], None],
    pending: Callable[[], bool],
    *,
    failed: bool,
) -> bool:
    """Let the main thread wait for the others at the program's end.

    Args:
        interrupts: the signals to the main thread
        report: called with what it writes to standard error
        pending: called to ask whether there is any text in the buffer of standard output
        failed: whether the program has ended by an exception, of which Python tells now

    Returns:
        Whether it did wait, and was not interrupted before.
    """
    event = interrupts.look()  # Python empties its buffer, and ignores what fails as it does
    if event is not None and failed:
        interrupts.give_up("as Python shows a traceback", interrupts.signals)
    if event is not None and pending():
        handle_safely(interrupts, event)
    machine = interrupts.machine
    for waits in (False, True):
        if waits:
            machine.wait_for_threads()
        event = interrupts.look()
        error = None if event is None else handle_safely(interrupts, event)
        if error is not None:
            report(shutdown_message(error))
            break
    interrupts.over = True
    return waits


def show_failure(interrupts: Interrupts, hook: Callable[..., object], error: BaseException) -> None:
    """Let the program's own hook show what it has failed by."""
    try:
        error.__traceback__ = without_tool(error.__traceback__)
        hook(type(error), error, error.__traceback__)
    except KeyboardInterrupt:
        interrupts.give_up("as the program shows a traceback", interrupts.signals)


def handle_safely(interrupts: Interrupts, event: Event) -> BaseException | None:
    """Call the handlers of the signals that have come, and return what one of them raises."""
    try:
        interrupts.handle(event)
    except (Halt, CannotExplore, GreenletExit):
        raise
    except BaseException as error:  # noqa: BLE001 - so does the interpreter
        return error
    return None


def shutdown_message(error: BaseException) -> str:
    """Return what Python writes where its wait for the threads is interrupted.

    The module is named without its folder, as the outcomes of real runs name it.
    """
    before = "in: <module 'threading' from 'threading.py'>"
    what = before if BEFORE_3_13 else "on threading shutdown:"
    lines = traceback.format_tb(error.__traceback__)
    text = str(error)
    colon = "" if NO_COLON and not text else ": "
    return (
        f"Exception ignored {what}\nTraceback (most recent call last):\n{''.join(lines)}"
        f"{type(error).__name__}{colon}{text}\n"
    )
