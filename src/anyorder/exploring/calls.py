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
    from types import ModuleType

    from anyorder.exploring.machine import Machine

from anyorder.exploring.calls_futures import futures_calls
from anyorder.exploring.calls_queue import queue_calls
from anyorder.exploring.wrapping import Original, by_number, hidden, only_looked, wrapped

__all__ = ["CALLS", "starting_calls"]


def starting_calls(machine: Machine, module: ModuleType) -> None:
    """Make the start of a thread an event, and give the thread its name."""
    happen = machine.happen

    @wrapped(module.Thread, "start")
    def start(original: Original, self: Any) -> None:
        if self._initialized and not self._started._flag:
            happen("start", (), about=self)
        thread = machine.current
        thread.hiding += 1
        machine.pending.append(self)
        before = len(machine.threads)
        try:
            original(self)
        finally:
            machine.pending.pop()
            thread.hiding -= 1
        if len(machine.threads) > before:
            self._ao_thread = machine.threads[before]
            self._ao_thread.name = self.name

    @wrapped(module.Thread, "_bootstrap")
    def begin(original: Original, self: Any) -> None:
        self._ao_thread = machine.current
        machine.current.name = self.name
        original(self)


def threading_calls(machine: Machine, module: ModuleType) -> None:  # noqa: C901, PLR0915
    """Make the calls of ``threading`` events."""
    happen = machine.happen

    # -- Thread --------------------------------------------------------------------------------
    starting_calls(machine, module)
    hidden(machine, module.Thread, "__init__")
    module.Thread.__hash__ = by_number

    @wrapped(module.Thread, "join")
    def join(original: Original, self: Any, timeout: float | None = None) -> None:
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
    def is_alive(original: Original, self: Any) -> bool:
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

    # -- Condition -----------------------------------------------------------------------------
    class Waiter:
        """What a condition keeps for each thread that waits on it."""

        def __init__(self) -> None:
            self.place = ("waiter", *machine.label())
            self.notified = False
            machine.counter(self.place, 0)

        def release(self) -> None:
            self.notified = True
            event = machine.current.last
            effects = ((self.place, False, 1),)
            event.footprint += ((self.place, WRITE),)  # type: ignore[union-attr]
            event.effects += effects  # type: ignore[union-attr]
            machine.apply(effects)

    @wrapped(module.Condition, "wait")
    def wait(original: Original, self: Any, timeout: float | None = None) -> bool:  # noqa: ARG001
        if not self._is_owned():
            raise RuntimeError("cannot wait on un-acquired lock")
        waiter = Waiter()
        place = waiter.place
        self._waiters.append(waiter)
        lock = self._lock
        if lock._silent:
            return inside(self, waiter, timeout)
        thread = machine.current
        count = getattr(lock, "count", None)
        footprint, gates, take, let_go = lock._places
        happen("wait", footprint, (), let_go, self)
        lock.owner = None
        thread.held.remove(lock)
        if timeout is None:
            happen("wake", (*footprint, (place, READ)), (*gates, (place, 1)), take, self)
            notified = True
        else:
            happen("wait ends", ((place, WRITE),), about=self)
            notified = waiter.notified
            happen("reacquire", footprint, gates, take, lock)
            if not notified:
                thread.local_time += max(timeout, 0)
        lock._take()
        if count is not None:
            lock.count = count
        if waiter in self._waiters:
            self._waiters.remove(waiter)
        return notified

    def inside(condition: Any, waiter: Waiter, timeout: float | None) -> bool:
        # A wait on a library object's own condition, which is a barrier's: the call's second half.
        lock = condition._lock
        owner = getattr(condition, "_ao_owner", None)
        state = lock._release_save()
        place = waiter.place
        if timeout is None:
            happen("leave", ((place, READ), (owner, "leave")), ((place, 1),), about=condition)
        else:
            happen("leave", ((place, WRITE), (owner, WRITE)), about=condition)
            if not waiter.notified:
                machine.current.local_time += max(timeout, 0)
        lock._acquire_restore(state)
        if not waiter.notified:
            condition._waiters.remove(waiter)
        return waiter.notified

    @wrapped(module.Condition, "notify")
    def notify(original: Original, self: Any, n: int = 1) -> None:
        if not self._lock._silent and self._is_owned():
            happen("notify", (), about=self)
        original(self, n)

    # -- Event ---------------------------------------------------------------------------------
    hidden(machine, module.Event, "__init__")

    @wrapped(module.Event, "set")
    def set_(original: Original, self: Any) -> None:
        if self._ao_place is not None:
            happen("set", ((self._ao_place, "set"),), (), ((self._ao_place, True, 1),), self)
        elif not self._cond._waiters:
            self._flag = True
            return
        original(self)

    @wrapped(module.Event, "clear")
    def clear(original: Original, self: Any) -> None:
        # Whoever waits for futures clears its event as a part of having waited for it.
        within = getattr(self, "_ao_within", False)
        machine.current.atomic += within
        if self._ao_place is not None:
            happen("clear", ((self._ao_place, WRITE),), (), ((self._ao_place, True, 0),), self)
        machine.current.atomic -= within
        original(self)

    @wrapped(module.Event, "is_set")
    def is_set(original: Original, self: Any) -> bool:
        if self._ao_place is not None:
            happen("is_set", ((self._ao_place, READ),), about=self)
        return bool(original(self))

    @wrapped(module.Event, "wait")
    def wait_for_event(original: Original, self: Any, timeout: float | None = None) -> bool:
        place = self._ao_place
        if place is not None:
            gates = ((place, 1),) if timeout is None else ()
            happen("wait for", ((place, READ),), gates, about=self)
            if not self._flag:
                machine.current.local_time += max(timeout or 0, 0)
                return False
        return self._flag or bool(original(self, timeout))

    # -- Semaphore -----------------------------------------------------------------------------
    hidden(machine, module.Semaphore, "__init__")

    @wrapped(module.Semaphore, "__init__")
    def make_semaphore(original: Original, self: Any, value: int = 1) -> None:
        original(self, value)
        if self._ao_place is not None:
            machine.counter(self._ao_place, value)

    @wrapped(module.Semaphore, "acquire")
    def acquire(
        original: Original, self: Any, blocking: bool = True, timeout: float | None = None
    ) -> bool:
        place = self._ao_place
        if place is None or (not blocking and timeout is not None):
            return bool(original(self, blocking, timeout))
        footprint = ((place, WRITE),)
        if blocking and timeout is None:
            happen("acquire", footprint, ((place, 1),), ((place, False, -1),), self)
        else:
            event = happen("try", footprint, about=(self, blocking))
            if self._value:
                event.effects += ((place, False, -1),)
                machine.apply(((place, False, -1),))
            else:
                only_looked(event, place)
                machine.current.local_time += max(timeout or 0, 0)
        return bool(original(self, blocking=False))

    module.Semaphore.__enter__ = module.Semaphore.acquire

    def releasing(cls: type, mode: Any) -> None:
        @wrapped(cls, "release")
        def release(original: Original, self: Any, n: int = 1) -> None:
            place = self._ao_place
            if place is not None:
                event = happen("release", ((place, mode),), about=self)
            original(self, n)
            if place is not None:
                event.effects += ((place, False, n),)
                machine.apply(((place, False, n),))

    own_release = module.BoundedSemaphore.__dict__["release"]
    releasing(module.Semaphore, "release")
    module.BoundedSemaphore.release = own_release
    releasing(module.BoundedSemaphore, WRITE)

    # -- Barrier -------------------------------------------------------------------------------
    hidden(machine, module.Barrier, "__init__")

    @wrapped(module.Barrier, "__init__")
    def make_barrier(original: Original, self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        self._cond._ao_owner = self._ao_place

    @wrapped(module.Barrier, "wait")
    def wait_at_barrier(original: Original, self: Any, timeout: float | None = None) -> int:
        happen("arrive", ((self._ao_place, WRITE),), about=self)
        return int(original(self, timeout))

    for name in ("reset", "abort"):

        @wrapped(module.Barrier, name)
        def change(original: Original, self: Any, name: str = name) -> None:
            happen(name, ((self._ao_place, WRITE),), about=self)
            original(self)


def local_calls(machine: Machine, module: ModuleType) -> None:
    """Keep the lock of a ``local`` out of sight: each thread only ever reaches its own values."""
    original = module.local.__new__

    def new(cls: type, /, *args: Any, **kwargs: Any) -> Any:
        thread = machine.current
        thread.hiding += 1
        try:
            return original(cls, *args, **kwargs)
        finally:
            thread.hiding -= 1

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

        call.cache_info = cached.cache_info  # type: ignore[attr-defined]
        call.cache_clear = cached.cache_clear  # type: ignore[attr-defined]
        return call

    module._lru_cache_wrapper = lru_cache_wrapper


CALLS = {
    "functools": functools_calls,
    "_threading_local": local_calls,
    "threading": threading_calls,
    "queue": queue_calls,
    "concurrent.futures._base": futures_calls,
}
