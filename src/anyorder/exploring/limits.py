"""What ends a search before everything is explored."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["INTERRUPTED", "MOST_EVENTS", "Interrupt", "Limits", "interruptible", "of_search"]

MOST_EVENTS = 5_000  # of one execution
STOPPED = "stopped after"  # so begin the limits of executions and of seconds, in words
INTERRUPTED = "interrupted"  # the limit, in words, that Ctrl-C is


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a search goes.

    Where it stops before everything is explored, a search by preemptions follows, for as many
    executions again, and as many seconds as are left.

    Args:
        max_executions: after how many executions to stop; ``None`` goes on to the end
        max_seconds: after how many seconds both are to stop; ``None`` goes on to the end
        max_events: how many events one execution may have
    """

    max_executions: int | None = None
    max_seconds: float | None = None
    max_events: int = MOST_EVENTS

    def reached(self, executions: int, seconds: float, share: float) -> str | None:
        """Return, in words, the limit that a search has reached, and ``None`` where it has none.

        Args:
            executions: how many executions are done
            seconds: how long exploring has taken so far
            share: which part of the seconds may have passed by now

        :meta private:
        """
        if self.max_executions is not None and executions >= self.max_executions:
            return f"{STOPPED} {executions:,} execution{'s' * (executions != 1)}"
        if self.max_seconds is not None and seconds >= self.max_seconds * share:
            return self.out_of_time
        return None

    @property
    def out_of_time(self) -> str:
        """The limit of seconds, in words.

        :meta private:
        """
        return f"{STOPPED} {self.max_seconds or 0:g} seconds"


def of_search(limit: str | None) -> bool:
    """Whether a limit, in words, is one of the search, so that it says nothing of the program."""
    return limit is not None and limit.startswith((STOPPED, INTERRUPTED))


class Interrupt:
    """Whether Ctrl-C was pressed: a handler of SIGINT.

    It ends a search where that looks whether it was, since the program that is explored might catch
    a ``KeyboardInterrupt`` and go on. Pressed once more it is one, whoever catches it.

    Args:
        tell: called when it is pressed at first
    """

    def __init__(self, tell: Callable[[], object] = lambda: None) -> None:
        self.pressed = False
        self.tell = tell

    def __call__(self, *_: Any) -> None:
        """Note it."""
        if self.pressed:
            raise KeyboardInterrupt
        self.pressed = True
        self.tell()


@contextmanager
def interruptible() -> Iterator[Interrupt]:
    """Let Ctrl-C end a search, where it would have been a ``KeyboardInterrupt`` of this thread."""
    before = signal.getsignal(signal.SIGINT)
    interrupt = before if isinstance(before, Interrupt) else Interrupt()
    if (
        before is not signal.default_int_handler
        or threading.current_thread() is not threading.main_thread()
    ):
        yield interrupt
        return
    signal.signal(signal.SIGINT, interrupt)
    try:
        yield interrupt
    finally:
        signal.signal(signal.SIGINT, before)
