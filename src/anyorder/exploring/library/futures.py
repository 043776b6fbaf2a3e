"""The calls of ``concurrent.futures`` that are one event each; ``calls`` says why they may be."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING, Any

from anyorder.exploring.attributes import is_a
from anyorder.exploring.engine.events import READ, WRITE, EventKind
from anyorder.exploring.library.waiting import WAIT_FOR, WAIT_FOR_A_WHILE
from anyorder.exploring.library.wrapping import (
    MANY,
    REPR,
    Original,
    by_number,
    goes_through,
    hidden,
    reading,
    wait_in_vain,
    wrapped,
)
from anyorder.exploring.words import NOTHING

if TYPE_CHECKING:
    from collections.abc import Callable

    from anyorder.exploring.engine.events import Place
    from anyorder.exploring.engine.machine import Machine

__all__ = ["ASKING", "OF_A_TASK", "futures_calls"]

RESULT = EventKind("result", says="gets the result of {}", waits="the result of {}", whole=False)
EXCEPTION = EventKind(
    "exception", says="gets the exception of {}", waits="the result of {}", whole=False
)
ADD_DONE_CALLBACK = EventKind(
    "add_done_callback", says="adds a callback to {}", waits=None, whole=False
)
CANCEL = EventKind("cancel", says="cancels {}", waits=None, whole=False)
SET_EXCEPTION = EventKind("set_exception", says="gives {} an exception", waits=None, whole=False)
SET_RESULT = EventKind("set_result", says="gives {} its result", waits=None, whole=False)
SET_RUNNING_OR_NOTIFY_CANCEL = EventKind(
    "set_running_or_notify_cancel", says="begins the work of {}", waits=None, whole=False
)
# by the names of the methods
ASKING = {kind.name: kind for kind in (RESULT, EXCEPTION)}
CHANGING = {
    kind.name: kind
    for kind in (
        ADD_DONE_CALLBACK, CANCEL, SET_EXCEPTION, SET_RESULT, SET_RUNNING_OR_NOTIFY_CANCEL,
    )
}  # fmt: skip
# what a task of a pool does that has its future alone to do with others
OF_A_TASK = frozenset({SET_EXCEPTION, SET_RESULT, SET_RUNNING_OR_NOTIFY_CANCEL})
CANCELLED = EventKind("cancelled", says="asks whether {} is cancelled", waits=None, whole=False)
RUNNING = EventKind("running", says="asks whether {} runs", waits=None, whole=False)
DONE = EventKind("done", says="asks whether {} is done", waits=None, whole=False)
WATCH = EventKind("watch", says="watches futures", waits="the futures", whole=False)
LOOK = EventKind("look at futures", says="reads futures", waits=None, whole=True)
COUNT = EventKind("count a future", says="counts a future that is done", waits=None, whole=False)
FINISH = EventKind(
    "finish a future", says="puts a future among those that are done", waits=None, whole=False
)
COME = EventKind("come", says=NOTHING, waits=None, whole=True)
WAIT_FOR_ALL = EventKind(
    "wait for futures", says=NOTHING, waits="the futures that are done", whole=True
)


def futures_calls(machine: Machine, module: Any) -> None:  # noqa: C901, PLR0915
    """Make the calls of a ``Future`` events; executors are the library's code on top of them."""
    happen = machine.happen
    hidden(machine, module.Future, "__init__")
    goes_through(machine, module.Executor, "map")
    module.Future.__hash__ = by_number
    for cls in (module._Waiter, module._AsCompletedWaiter, module._AllCompletedWaiter):
        hidden(machine, cls, "__init__")
    finished = {module.CANCELLED, module.CANCELLED_AND_NOTIFIED, module.FINISHED}

    def place_of(future: Any) -> Any:
        return future._ao_place

    def look_closely(future: Any) -> None:
        """Note that more is asked of the task of a pool than its result."""
        if "_ao_tasks" in future.__dict__:
            machine.learn("apart")

    @wrapped(module.Future, "__init__")
    def make(self: Any, *, original: Original) -> None:
        original(self)
        machine.counter(self._ao_place, 0)

    for name in ASKING:

        @wrapped(module.Future, name)
        def ask(self: Any, timeout: float | None = None, *, original: Original) -> Any:
            place = place_of(self)
            if timeout is not None:
                look_closely(self)
            gates = ((place, 1),) if timeout is None else ()
            happen(ASKING[original.__name__], ((place, READ),), gates, about=self)
            if self._state not in finished:
                wait_in_vain(machine, timeout)
                raise module.TimeoutError
            if original.__name__ == "result" and self._exception is not None:
                machine.raised.note(self._exception, raises=True)
            return original(self, timeout)

    reading(machine, module.Future, cancelled=CANCELLED, running=RUNNING, done=DONE, __repr__=REPR)

    for name in ("cancelled", "running", "done", "__repr__"):

        @wrapped(module.Future, name)
        def look(self: Any, *, original: Original) -> Any:
            look_closely(self)
            return original(self)

    for name in CHANGING:

        @wrapped(module.Future, name)
        def change(self: Any, *args: Any, original: Original) -> Any:
            if machine.dying and not machine.threads:
                return None  # results that nobody read are collected after their execution
            if original.__name__ == "set_exception":
                machine.caught(*args)
            place = place_of(self)
            event = happen(CHANGING[original.__name__], ((place, WRITE),), about=self)
            if machine.current.watch is None and self._state not in finished:
                look_closely(self)
            if original.__name__ == "add_done_callback":
                look_closely(self)
                # where the future is done, it calls what is the program's own, after its lock
                return original(self, *map(machine.follow, args))
            try:
                with machine.atomically():
                    return original(self, *args)
            finally:
                if self._state in finished and not machine.dying:
                    effects = ((place, True, 1),)
                    machine.affect(event, effects)

    @wrapped(module.Future, "_invoke_callbacks")
    def invoke_callbacks(self: Any, *, original: Original) -> None:
        # The callbacks are the program's own code, and run after the future's lock is let go.
        thread = machine.current
        atomic, thread.atomic = thread.atomic, 0
        place = place_of(self)
        event = thread.last
        if event is not None:
            machine.affect(event, ((place, True, 1),))
        try:
            original(self)
        finally:
            thread.atomic = atomic

    @wrapped(module._AcquireFutures, "__enter__")
    def look_at_all(self: Any, *, original: Original) -> None:
        asking = sys._getframe(1).f_locals
        whole = asking.get("return_when", module.ALL_COMPLETED) == module.ALL_COMPLETED
        quiet = all("_ao_tasks" in future.__dict__ for future in self.futures)
        if whole and quiet and asking["timeout"] is None and not machine.facts.apart:
            # Nobody can tell when a task comes to its result: let all have theirs by now. Which of
            # them as_completed gives first is open all the same.
            places = tuple(place_of(future) for future in self.futures)
            touched = tuple((place, READ) for place in places)
            happen(WATCH, touched, tuple((place, 1) for place in places))
        else:
            for future in self.futures:
                look_closely(future)
            happen(WATCH, tuple((place_of(future), WRITE) for future in self.futures))
        original(self)

    install = module._create_and_install_waiters

    def create_and_install_waiters(futures: Any, return_when: Any) -> Any:
        waiter = install(futures, return_when)
        event = waiter.event
        place = ("waiter", *machine.label())
        if is_a(waiter, module._AllCompletedWaiter):
            event.wait = waiting_for_all(waiter, place)
        else:
            waiter._ao_place = ("finished", *place[1:])
            event._ao_place = place
            event._ao_within = True
            machine.counter(place, 1 if event._flag else 0)
        if return_when != module._AS_COMPLETED:
            wait = event.wait

            def wait_and_look(timeout: float | None = None) -> bool:
                # Which futures are done is read once the wait is over, and more may be by then.
                found = wait(timeout)
                happen(LOOK, tuple((place_of(one), READ) for one in futures))
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
            happen(WAIT_FOR if gates else WAIT_FOR_A_WHILE, ((place, READ),), gates, about=event)
            if not event._flag:
                wait_in_vain(machine, timeout)
            return bool(event._flag)

        return wait

    for name in ("add_result", "add_exception", "add_cancelled"):

        @wrapped(module._AllCompletedWaiter, name)
        def count(self: Any, future: Any, *, original: Original) -> None:
            original(self, future)
            over = original.__name__ == "add_exception" and self.stop_on_exception
            place = self._ao_place
            happen(COUNT, ((place, "count"),), (), ((place, False, MANY if over else 1),))

    for name in ("add_result", "add_exception", "add_cancelled"):

        @wrapped(module._AsCompletedWaiter, name)
        def finish(self: Any, future: Any, *, original: Original) -> None:
            # In what order they are done can be told, though not which of them has set the event.
            original(self, future)
            happen(FINISH, ((self._ao_place, WRITE),))

    def in_any_order(futures: Any) -> list[Any]:
        """Return what ``as_completed`` finds done at once: it comes out of a set, in any order."""
        if len(futures) < 2:  # noqa: PLR2004 - one has one order
            return list(futures)
        place = ("order", *machine.label())
        machine.counter(place, 0)
        result: list[Any] = []

        def come(future: Any) -> None:
            happen(COME, ((place, WRITE),), (), ((place, False, 1),))
            result.append(future)

        for future in sorted(futures, key=place_of):  # each comes at a moment of its own
            machine.start(partial(come, future), daemon=True)
        happen(WAIT_FOR_ALL, ((place, WRITE),), ((place, len(futures)),))
        return result

    module.list = in_any_order
