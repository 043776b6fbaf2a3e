"""Futures of an executor, which take what has arrived for them once they are asked."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from anyorder.exploring.attributes import is_a
from anyorder.exploring.engine.events import READ
from anyorder.exploring.library.calls import CALLS
from anyorder.exploring.library.futures import ASKING
from anyorder.exploring.library.wrapping import Original, wrapped
from anyorder.exploring.processes.pools.registry import APART, EXACT, PoolOfParent

if TYPE_CHECKING:
    from anyorder.exploring.processes.pools.registry import PoolRegistry

__all__ = ["UNKNOWN", "future_calls"]

UNKNOWN = "asks which calls have begun, which is not simulated: leave it out"


def future_calls(registry: PoolRegistry, module: Any) -> None:  # noqa: C901
    """Make futures of executors take what has arrived for them once they are asked.

    Args:
        registry: the pools that there are
        module: the private copy of ``concurrent.futures._base``
    """
    machine = registry.machine
    CALLS["concurrent.futures._base"](machine, module)
    machine.brief_locks.future_calls(module)

    def waits(future: Any) -> bool:
        return hasattr(future, "_ao_submission") and not future._state.startswith(("FIN", "CANCEL"))

    def pending(future: Any) -> Any:
        return future._ao_submission if waits(future) and not registry.matters(EXACT) else None

    for name in ("result", "exception"):

        @wrapped(module.Future, name)
        def ask(self: Any, timeout: float | None = None, *, original: Original) -> Any:
            submission = pending(self)
            if submission is None:
                return original(self, timeout)
            if timeout is not None or is_a(
                submission, PoolOfParent
            ):  # a copy waits for what never comes
                registry.need(EXACT, APART)
                return original(self, timeout)
            place = submission.place
            machine.happen(ASKING[original.__name__], ((place, READ),), ((place, 1),), about=self)
            with machine.atomically():
                submission.settle()
                submission.know()
                return original(self)

    for name in ("done", "add_done_callback"):

        @wrapped(module.Future, name)
        def look(self: Any, *args: Any, original: Original) -> Any:
            if pending(self) is not None:
                registry.need(EXACT, APART)
            return original(self, *args)

    for name in ("running", "cancelled", "cancel"):

        @wrapped(module.Future, name)
        def ask_whether_begun(self: Any, *, original: Original) -> Any:
            if not waits(self):
                known = hasattr(self, "_ao_submission") and self._ao_submission.is_known()
                with machine.atomically() if known else nullcontext():
                    return original(self)
            by_map = sys._getframe(1).f_code.co_filename not in machine.own
            if by_map and not registry.matters(APART):
                return False  # whether a call that shows nothing is cancelled shows nowhere
            if by_map:
                machine.refuse(
                    "map() cancels those of its calls that have not begun, as one raises or what "
                    "it gives is left halfway, which is not simulated: catch the error in the "
                    "function that it calls, and go through all that it gives"
                )
            return machine.refuse(f"Future.{original.__name__}() {UNKNOWN}")

    @wrapped(module._AcquireFutures, "__init__")
    def watch(self: Any, futures: Any, *, original: Original) -> None:
        if any(pending(one) is not None for one in futures):
            registry.need(EXACT, APART)
        original(self, futures)
