"""Futures of an executor, which take what has arrived for them once they are asked."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from anyorder.exploring.engine.events import READ
from anyorder.exploring.library.calls import CALLS
from anyorder.exploring.library.futures import ASKING
from anyorder.exploring.library.wrapping import Original, wrapped
from anyorder.exploring.processes.pools.crews import APART, EXACT, Left

if TYPE_CHECKING:
    from anyorder.exploring.processes.library.importing import ProcessLibrary

__all__ = ["UNKNOWN", "future_calls"]

UNKNOWN = "asks which calls have begun, which is not simulated: leave it out"


def future_calls(library: ProcessLibrary, module: Any) -> None:  # noqa: C901
    """Let futures of executors take what has arrived for them once they are asked."""
    machine = library.machine
    CALLS["concurrent.futures._base"](machine, module)
    library.machine.moments.future_calls(module)
    crews = library.crews

    def waits(future: Any) -> bool:
        return hasattr(future, "_ao_job") and not future._state.startswith(("FIN", "CANCEL"))

    def pending(future: Any) -> Any:
        return future._ao_job if waits(future) and not crews.matters(EXACT) else None

    for name in ("result", "exception"):

        @wrapped(module.Future, name)
        def ask(self: Any, timeout: float | None = None, *, original: Original) -> Any:
            job = pending(self)
            if job is None:
                return original(self, timeout)
            if timeout is not None or isinstance(job, Left):  # a copy waits for what never comes
                crews.need(EXACT, APART)
                return original(self, timeout)
            machine.happen(
                ASKING[original.__name__], ((job.place, READ),), ((job.place, 1),), about=self
            )
            with machine.atomically():
                job.crew.settle(job)
                job.know()
                return original(self)

    for name in ("done", "add_done_callback"):

        @wrapped(module.Future, name)
        def look(self: Any, *args: Any, original: Original) -> Any:
            if pending(self) is not None:
                crews.need(EXACT, APART)
            return original(self, *args)

    for name in ("running", "cancelled", "cancel"):

        @wrapped(module.Future, name)
        def ask_whether_begun(self: Any, *, original: Original) -> Any:
            if not waits(self):
                known = hasattr(self, "_ao_job") and self._ao_job.is_known()
                with machine.atomically() if known else nullcontext():
                    return original(self)
            by_map = sys._getframe(1).f_code.co_filename != library.program
            if by_map and not crews.matters(APART):
                return False  # whether a call that shows nothing is cancelled shows nowhere
            return machine.refuse(f"Future.{original.__name__}() {UNKNOWN}")

    @wrapped(module._AcquireFutures, "__init__")
    def watch(self: Any, futures: Any, *, original: Original) -> None:
        if any(pending(one) is not None for one in futures):
            crews.need(EXACT, APART)
        original(self, futures)
