"""Calls of the library that are one event each, and why they may be.

``threading``, ``queue`` and ``concurrent.futures`` guard each object's state by a lock of that
object. Were each taking of it an event, two lost updates would take 112 executions instead of 4,
and no outcome would come of it: nothing that the program can see happens inside. So a call is one
event here, and the real code of the call runs inside of it. The argument, call by call:

``Thread.start``
    waits until the new thread has said that it has begun, which it does before anything of the
    program's. Nobody else can see the handshake.
``Thread.join``, ``Event.wait``, ``Semaphore.acquire``, ``Queue.get`` and ``put``, ``Future.result``
    read the state under the lock, and wait while it is not what they need. A thread that waits and
    one that has not come yet look alike to all others, so waiting is the same as coming late: the
    call happens at one moment, at which the state is what it needs. A thread that was woken and
    finds the state taken again waits on; that is the same as coming later still.
with a timeout
    the moment is either one at which the state is what it needs, or any other, and then the time
    was up.
``Condition.wait``
    has two moments: it lets go of the lock, and it has been notified and has the lock again. With a
    timeout it has three, since a notification that comes after the time was up and before it has
    the lock again is lost, as in life.
``Barrier.wait``
    has two: the thread arrives, and it leaves.

``tests/exploring/test_hiding.py`` compares each of these with the library's code as it is, every
lock of it an event.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from anyorder.exploring.events import READ, WRITE

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from anyorder.exploring.machine import Machine

from anyorder.exploring.calls_futures import futures_calls
from anyorder.exploring.calls_queue import queue_calls
from anyorder.exploring.calls_waiting import (
    barrier_calls,
    condition_calls,
    event_calls,
    semaphore_calls,
)
from anyorder.exploring.threads import Hiding
from anyorder.exploring.wrapping import Original, by_number, hidden, wrapped

__all__ = ["CALLS", "starting_calls"]


def starting_calls(machine: Machine, module: ModuleType) -> None:
    """Make the start of a thread an event, and give the thread its name."""
    happen = machine.happen
    without_bookkeeping(module)
    timer: Any = module.Timer

    @wrapped(module.Thread, "start")
    def start(self: Any, *, original: Original) -> None:
        if self._initialized and not self._started._flag:
            happen("start", (), about=self)
        machine.pending.append(self)
        try:
            original(self)
        finally:
            machine.pending.pop()

    @wrapped(module.Thread, "_bootstrap")
    def begin(self: Any, *, original: Original) -> None:
        self._ao_thread = machine.current
        machine.current.name = self.name
        self._target = machine.follow(self._target)
        if isinstance(self, timer):
            self.function = machine.follow(self.function)
        original(self)


def without_bookkeeping(module: Any) -> None:
    """Leave out what ``threading`` keeps for the end of the interpreter and for a fork.

    The machine does both itself, and nobody else reads it: a weak set of all threads, and up to
    Python 3.12 a set of the locks that threads hold as long as they live.
    """

    class Forgetting:
        add = staticmethod(lambda _: None)

    module._dangling = Forgetting()
    if hasattr(module, "_shutdown_locks"):
        module._shutdown_locks = Forgetting()
        module._maintain_shutdown_locks = lambda: None


def threading_calls(machine: Machine, module: ModuleType) -> None:
    """Make the calls of ``threading`` events."""
    happen = machine.happen

    starting_calls(machine, module)
    hidden(machine, module.Thread, "__init__")
    module.Thread.__hash__ = by_number

    @wrapped(module.Thread, "join")
    def join(self: Any, timeout: float | None = None, *, original: Original) -> None:
        thread = getattr(self, "_ao_thread", None)
        if thread is None or thread is machine.current or not self._initialized:
            original(self, timeout)  # which says what is wrong
            return
        place = ("ended", thread.tid)
        if timeout is None:
            happen("join", ((place, READ),), ((place, 1),), about=self)
        else:
            happen("join", ((place, READ),), about=self)
            if not thread.ended:
                machine.current.local_time += max(timeout, 0)
                return
        machine.joined(thread)
        original(self)

    @wrapped(module.Thread, "is_alive")
    def is_alive(self: Any, *, original: Original) -> bool:
        thread = getattr(self, "_ao_thread", None)
        if thread is not None and thread is not machine.current:
            happen("is_alive", ((("ended", thread.tid), READ),), about=self)
            if not thread.ended:
                return True
            machine.joined(thread)
        return bool(original(self))

    def seen(name: str) -> None:
        original = getattr(module, name)

        @functools.wraps(original)
        def call() -> Any:
            happen(name, (("threads", READ), *((("ended", t.tid), READ) for t in machine.threads)))
            return original()

        setattr(module, name, call)

    seen("enumerate")
    seen("active_count")

    condition_calls(machine, module)
    event_calls(machine, module)
    semaphore_calls(machine, module)
    barrier_calls(machine, module)


def local_calls(machine: Machine, module: ModuleType) -> None:
    """Keep the lock of a ``local`` out of sight: each thread only ever reaches its own values."""
    original = module.local.__new__

    def new(cls: type, /, *args: Any, **kwargs: Any) -> Any:
        with Hiding(machine.current):
            return original(cls, *args, **kwargs)

    module.local.__new__ = new


def functools_calls(machine: Machine, module: Any) -> None:
    """Make looking into a cache, and putting a result into it, events of their own."""
    make = module._lru_cache_wrapper

    def lru_cache_wrapper(function: Any, *args: Any) -> Any:
        place = ("cache", *machine.label())

        @functools.wraps(function)
        def compute(*args: Any, **kwargs: Any) -> Any:
            result = function(*args, **kwargs)
            machine.happen("keep", ((place, WRITE),), about=function)
            return result

        cached = make(compute, *args)

        @functools.wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            machine.happen("look up", ((place, READ),), about=function)
            return cached(*args, **kwargs)

        def seen(name: str) -> Callable[[], Any]:
            def whole() -> Any:
                machine.happen(name, ((place, WRITE),), about=function)
                return getattr(cached, name)()

            return whole

        call.cache_info = seen("cache_info")  # type: ignore[attr-defined]
        call.cache_clear = seen("cache_clear")  # type: ignore[attr-defined]
        return call

    module._lru_cache_wrapper = lru_cache_wrapper


def executor_calls(machine: Machine, module: ModuleType) -> None:
    """Let a function of the library that an executor calls be followed."""
    executor: Any = module.ThreadPoolExecutor
    submit = executor.submit

    @functools.wraps(submit)
    def follow(self: Any, fn: Any, /, *args: Any, **kwargs: Any) -> Any:
        return submit(self, machine.follow(fn), *args, **kwargs)

    executor.submit = follow


CALLS = {
    "functools": functools_calls,
    "_threading_local": local_calls,
    "threading": threading_calls,
    "queue": queue_calls,
    "concurrent.futures._base": futures_calls,
    "concurrent.futures.thread": executor_calls,
}
