"""Calls of the library that are one event each, and why they may be.

``threading``, ``queue`` and ``concurrent.futures`` guard each object's state by a lock of that
object. Were each taking of it an event, two lost updates would take 112 executions instead of 4,
and no outcome would come of it: nothing that the program can see happens inside. So a call is one
event here, and the real code of the call runs inside of it. The argument, call by call:

``Thread.start``
    waits until the new thread has said that it has begun, which it does before anything of the
    program's. Where others look at threads, they may find it in between (see ``threading``).
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
    has two: the thread arrives, once all who were there before have left, and it leaves.

``tests/exploring/test_hiding.py`` compares each of these with the library's code as it is, every
lock of it an event.
"""

from __future__ import annotations

import functools
from collections.abc import Collection
from inspect import signature
from typing import TYPE_CHECKING, Any

from anyorder.exploring.attributes import is_a
from anyorder.exploring.engine.events import READ, WRITE, EventKind
from anyorder.exploring.engine.threads import Hiding
from anyorder.exploring.engine.unknown import (
    TIME,
    Unknown,
    dated,
    is_unknown_text,
    percent,
    placed,
)
from anyorder.exploring.engine.varying import Varying
from anyorder.exploring.library.futures import futures_calls
from anyorder.exploring.library.pools import identity_calls, pool_calls
from anyorder.exploring.library.queue import queue_calls
from anyorder.exploring.library.sched import sched_calls
from anyorder.exploring.library.threading import thread_calls
from anyorder.exploring.library.waiting import (
    barrier_calls,
    barrier_properties,
    condition_calls,
    event_calls,
    notify_calls,
    semaphore_calls,
)
from anyorder.exploring.library.wrapping import Original, wrapped
from anyorder.exploring.tracebacks import hide_frames

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from anyorder.exploring.engine.machine import Machine

__all__ = ["CALLS"]

LOOK_UP = EventKind("look up", says="looks into the cache of {}", waits=None, whole=False)
TIMES = ("created", "msecs", "relativeCreated")  # what a log record has of its moment
KEEP = EventKind("keep", says="keeps a result in the cache of {}", waits=None, whole=False)
CACHE_INFO = EventKind(
    "cache_info", says="asks for the state of the cache of {}", waits=None, whole=False
)
CACHE_CLEAR = EventKind("cache_clear", says="clears the cache of {}", waits=None, whole=False)


def threading_calls(machine: Machine, module: ModuleType) -> None:
    """Make the calls of ``threading`` events."""
    condition_calls(machine, module)
    notify_calls(machine, module)
    event_calls(machine, module)
    semaphore_calls(machine, module)
    barrier_calls(machine, module)
    barrier_properties(machine, module)
    thread_calls(machine, module)
    identity_calls(machine, module)


def local_calls(machine: Machine, module: ModuleType) -> None:
    """Keep the lock of a ``local`` out of sight: each thread only ever reaches its own values.

    Errors name the class as those of the one written in C do, with its module.
    """
    original = module.local.__new__

    def new(cls: type, /, *args: Any, **kwargs: Any) -> Any:
        with Hiding(machine.current):
            return original(cls, *args, **kwargs)

    module.local.__new__ = new

    for method in ("__getattribute__", "__delattr__"):

        @wrapped(module.local, method)
        def named(self: Any, name: str, *, original: Original) -> Any:
            try:
                return original(self, name)
            except AttributeError as error:
                if type(self) is module.local:
                    error.args = (error.args[0].replace("'_local'", "'_thread._local'"),)
                raise


def functools_calls(machine: Machine, module: Any) -> None:
    """Make looking into a cache, and putting a result into it, events of their own."""
    make = module._lru_cache_wrapper

    def lru_cache_wrapper(function: Any, *args: Any) -> Any:
        place = ("cache", *machine.label())
        followed = machine.follow(function)

        @functools.wraps(function)
        def compute(*args: Any, **kwargs: Any) -> Any:
            result = followed(*args, **kwargs)
            machine.happen(KEEP, ((place, WRITE),), about=function)
            return result

        cached = make(compute, *args)
        cached.made_of = (compute, *args)

        @functools.wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            machine.happen(LOOK_UP, ((place, READ),), about=function)
            return cached(*args, **kwargs)

        def seen(name: str, kind: EventKind) -> Callable[[], Any]:
            def whole() -> Any:
                machine.happen(kind, ((place, WRITE),), about=function)
                return getattr(cached, name)()

            return whole

        call.cache_info = seen("cache_info", CACHE_INFO)  # type: ignore[attr-defined]
        call.cache_clear = seen("cache_clear", CACHE_CLEAR)  # type: ignore[attr-defined]
        return call

    module._lru_cache_wrapper = lru_cache_wrapper


def copy_calls(_: Machine, module: Any) -> None:
    """Follow what ``copy`` asks of what is written in C, and how it goes through attributes."""

    def number(thing: Any) -> int:  # by which it remembers what it has copied: nobody sees it
        return id(thing)

    hooks = module.__builtins__
    vars(module).update(getattr=hooks["__ao_copying__"], id=number)
    module._deepcopy_dispatch[hooks["__ao_attributes__"]] = module._deepcopy_dispatch[dict]


def logging_calls(machine: Machine, module: Any) -> None:
    """Read what is logged where its text is made of it, and find the caller who logs it."""
    hide_frames(module)

    @wrapped(module.LogRecord, "__init__")
    def make(self: Any, *args: Any, original: Original, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        for name in TIMES:
            setattr(self, name, Unknown(getattr(self, name), TIME, never_negative=True))

    asked = signature(module.Logger.makeRecord)

    @wrapped(module.Logger, "makeRecord")
    def make_record(self: Any, *args: Any, original: Original, **named: Any) -> Any:
        machine.look(asked.bind(self, *args, **named).arguments.get("extra"))
        return original(self, *args, **named)

    @wrapped(module.LoggerAdapter, "process")
    def process(self: Any, *args: Any, original: Original) -> Any:
        if getattr(self, "merge_extra", False):  # from 3.13
            machine.look(self.extra)
        return original(self, *args)

    of_all = frozenset(vars(module.makeLogRecord({})))

    @wrapped(module.Formatter, "formatMessage")
    def format_message(self: Any, record: Any, *, original: Original) -> str:
        more = {name: value for name, value in vars(record).items() if name not in of_all}
        machine.look((more, self._style._defaults))
        return str(original(self, record))

    @wrapped(module.LogRecord, "getMessage")
    def message(self: Any, *, original: Original) -> str:
        machine.look((self.msg, self.args))
        return filled(str(self.msg), self.args) if self.args else str(original(self))

    @wrapped(module.Formatter, "formatTime")
    def format_time(self: Any, record: Any, datefmt: str | None = None, **_: object) -> str:  # noqa: ARG001
        return dated(datefmt) if datefmt else placed(TIME)

    @wrapped(module.PercentStyle, "_format")
    def format_record(self: Any, record: Any, **_: object) -> str:
        return filled(self._fmt, {**(self._defaults or {}), **vars(record)})


def filled(template: str, values: Any) -> str:
    """Return ``template % values``, in which something may not be known."""
    parts = values.values() if is_a(values, dict) else values
    parts = parts if is_a(parts, Collection) and not is_a(parts, str) else (parts,)
    if any(type(one) in {Unknown, Varying} or is_unknown_text(one) for one in parts):
        return percent(template, values)
    return str(template % values)


CALLS = {
    "copy": copy_calls,
    "functools": functools_calls,
    "logging": logging_calls,
    "_threading_local": local_calls,
    "threading": threading_calls,
    "queue": queue_calls,
    "sched": sched_calls,
    "concurrent.futures._base": futures_calls,
    "concurrent.futures.thread": pool_calls,
}
