"""The calls of ``concurrent.futures`` that are one event each; ``calls`` says why they may be."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from anyorder.exploring.engine.events import READ, WRITE

if TYPE_CHECKING:
    from collections.abc import Callable

    from anyorder.exploring.engine.events import Place
    from anyorder.exploring.engine.machine import Machine

from anyorder.exploring.library.wrapping import MANY, Original, by_number, hidden, reading, wrapped

__all__ = ["futures_calls"]


def futures_calls(machine: Machine, module: Any) -> None:  # noqa: C901, PLR0915
    """Make the calls of a ``Future`` events; executors are the library's code on top of them."""
    happen = machine.happen
    hidden(machine, module.Future, "__init__")
    module.Future.__hash__ = by_number
    for cls in (module._Waiter, module._AsCompletedWaiter, module._AllCompletedWaiter):
        hidden(machine, cls, "__init__")
    finished = {module.CANCELLED, module.CANCELLED_AND_NOTIFIED, module.FINISHED}

    def place_of(future: Any) -> Any:
        return future._ao_place

    @wrapped(module.Future, "__init__")
    def make(self: Any, *, original: Original) -> None:
        original(self)
        machine.counter(self._ao_place, 0)

    for name in ("result", "exception"):

        @wrapped(module.Future, name)
        def ask(self: Any, timeout: float | None = None, *, original: Original) -> Any:
            place = place_of(self)
            gates = ((place, 1),) if timeout is None else ()
            happen(original.__name__, ((place, READ),), gates, about=self)
            if self._state not in finished:
                machine.current.local_time += max(timeout or 0, 0)
                raise module.TimeoutError
            return original(self, timeout)

    reading(machine, module.Future, "cancelled", "running", "done", "__repr__")

    for name in (
        "add_done_callback", "cancel", "set_exception", "set_result",
        "set_running_or_notify_cancel",
    ):  # fmt: skip

        @wrapped(module.Future, name)
        def change(self: Any, *args: Any, original: Original) -> Any:
            place = place_of(self)
            if original.__name__ == "add_done_callback":
                args = tuple(map(machine.follow, args))
            event = happen(original.__name__, ((place, WRITE),), about=self)
            try:
                with machine.atomically():
                    return original(self, *args)
            finally:
                if self._state in finished and not machine.dying:
                    effects = ((place, True, 1),)
                    event.effects += effects
                    machine.apply(effects)

    @wrapped(module.Future, "_invoke_callbacks")
    def invoke_callbacks(self: Any, *, original: Original) -> None:
        # The callbacks are the program's own code, and run after the future's lock is let go.
        thread = machine.current
        atomic, thread.atomic = thread.atomic, 0
        place = place_of(self)
        event = thread.last
        if event is not None:
            event.effects += ((place, True, 1),)
            machine.apply(((place, True, 1),))
        try:
            original(self)
        finally:
            thread.atomic = atomic

    @wrapped(module._AcquireFutures, "__enter__")
    def look_at_all(self: Any, *, original: Original) -> None:
        happen("watch", tuple((place_of(future), WRITE) for future in self.futures))
        original(self)

    install = module._create_and_install_waiters

    def create_and_install_waiters(futures: Any, return_when: Any) -> Any:
        waiter = install(futures, return_when)
        event = waiter.event
        place = ("waiter", *machine.label())
        if isinstance(waiter, module._AllCompletedWaiter):
            event.wait = waiting_for_all(waiter, place)
        else:
            event._ao_place = place
            event._ao_within = True
            machine.counter(place, 1 if event._flag else 0)
        if return_when != module._AS_COMPLETED:
            wait = event.wait

            def wait_and_look(timeout: float | None = None) -> bool:
                # Which futures are done is read once the wait is over, and more may be by then.
                found = wait(timeout)
                happen("look", tuple((place_of(one), READ) for one in futures), about=("futures",))
                return bool(found)

            event.wait = wait_and_look
        return waiter

    module._create_and_install_waiters = create_and_install_waiters

    def waiting_for_all(waiter: Any, place: Place) -> Callable[[float | None], bool]:
        # Each future counts, in any order: were the last alone to set the event, it would depend
        # on the order what each of them touches.
        event, pending = waiter.event, waiter.num_pending_calls
        waiter._ao_place = place
        machine.counter(place, 0)

        def wait(timeout: float | None = None) -> bool:
            gates = ((place, pending),) if timeout is None else ()
            happen("wait for", ((place, READ),), gates, about=event)
            if not event._flag:
                machine.current.local_time += max(timeout or 0, 0)
            return bool(event._flag)

        return wait

    for name in ("add_result", "add_exception", "add_cancelled"):

        @wrapped(module._AllCompletedWaiter, name)
        def count(self: Any, future: Any, *, original: Original) -> None:
            original(self, future)
            over = original.__name__ == "add_exception" and self.stop_on_exception
            place = self._ao_place
            happen("count", ((place, "count"),), (), ((place, False, MANY if over else 1),))

    def in_any_order(futures: Any) -> list[Any]:
        """Return what ``as_completed`` finds done at once: it comes out of a set, in any order."""
        if len(futures) < 2:  # noqa: PLR2004 - one has one order
            return list(futures)
        place = ("order", *machine.label())
        machine.counter(place, 0)
        result: list[Any] = []

        def come(future: Any) -> None:
            happen("check", ((place, WRITE),), (), ((place, False, 1),))
            result.append(future)

        for future in sorted(futures, key=place_of):  # each comes at a moment of its own
            machine.start(partial(come, future), daemon=True)
        happen("check", ((place, WRITE),), ((place, len(futures)),))
        return result

    module.list = in_any_order
