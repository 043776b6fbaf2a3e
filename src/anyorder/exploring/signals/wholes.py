"""What an interrupt finds either undone or done, with nothing in between."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from anyorder.exploring.engine.events import Event

__all__ = ["FOLLOWED", "is_whole"]

# events of the program's own code, and of calls that an interrupt finds either undone or done
WHOLE = {
    "call", "check", "contains", "delete", "delete item", "handler", "interrupt", "is_alive",
    "iterate", "join", "locked", "look", "next", "print", "read", "read item", "spin",
    "wait for threads", "write", "write item", "yield",
}  # fmt: skip
OF_A_LOCK = {"acquire", "release", "try"}
# modules whose code is written in C, or has been looked through
FOLLOWED = {"__future__", "_thread", "signal", "sys", "threading", "time"}


def is_whole(event: Event) -> bool:
    """Whether an interrupt finds what an event belongs to either undone or done."""
    if event.kind in OF_A_LOCK:
        lock = event.about[0] if isinstance(event.about, tuple) else event.about
        return type(lock).__module__.startswith("anyorder.")
    return event.kind in WHOLE
