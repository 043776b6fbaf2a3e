"""Stand-ins for the modules that have to do with time, the system and the end."""

from __future__ import annotations

import itertools
import operator
import os
import sys
import time
import timeit
from functools import partial
from types import ModuleType
from typing import TYPE_CHECKING, Any

from anyorder.exploring.attributes import is_a
from anyorder.exploring.engine.events import WRITE, EventKind
from anyorder.exploring.engine.unknown import (
    TIME,
    Unknown,
    dated,
    hold_zone,
    placed,
    sample_of,
    tells_zone,
)
from anyorder.exploring.engine.varying import FIRST_PROCESS
from anyorder.exploring.frames import marked
from anyorder.exploring.library.cores import calls_of_os
from anyorder.exploring.modules import PRIVATE

if TYPE_CHECKING:
    from collections.abc import Callable

    from anyorder.exploring.engine.machine import Machine

__all__ = [
    "CLOCKS", "DIFFERS", "OUTSIDE", "PROCESSES", "UNLIKE", "atexit_module", "os_module",
    "refusing", "time_module", "timeit_module",
]  # fmt: skip

CLOCKS = {
    "asctime", "clock_gettime", "clock_gettime_ns", "ctime", "gmtime", "localtime", "mktime",
    "monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns", "process_time",
    "process_time_ns", "strftime", "thread_time", "thread_time_ns", "time", "time_ns",
}  # fmt: skip
# those that can be given a time, which is then known, with the number of arguments that takes
TAKES_TIME = {"asctime": 1, "ctime": 1, "gmtime": 1, "localtime": 1, "mktime": 1, "strftime": 2}
LOCAL = {"ctime", "localtime", "mktime"}  # those that depend on where the computer is
LONGEST = 2**63 / 10**9  # seconds, from which on there is no such time
TICKS = itertools.count(1_000_000_000, 1_000)
PROCESSES = {
    "abort", "execl", "execv", "fork", "forkpty", "kill", "open", "pipe", "popen", "posix_spawn",
    "read", "spawnl", "spawnv", "startfile", "system", "urandom", "wait", "waitpid", "write",
}  # fmt: skip

REGISTER = EventKind("register at exit", says="has {} called at the end", waits=None, whole=False)
UNREGISTER = EventKind(
    "unregister at exit", says="has {} not called at the end", waits=None, whole=False
)
OUTSIDE = "reaches outside of the program, and is not simulated: leave it out"
DIFFERS = "differs from run to run: leave it out"
# modules of the library that register what the explorer does for them elsewhere
REGISTERING = {
    "logging", "multiprocessing.forkserver", "multiprocessing.popen_fork", "multiprocessing.util",
    "weakref",
}  # fmt: skip
UNLIKE = {"getcwd", "getcwdb", "getloadavg", "getpgid", "getpgrp", "getsid", "times"}


def refusing(machine: Machine, what: str, why: str) -> Callable[..., Any]:
    """Return a function that refuses the program that calls it."""

    def refuse(*_: object, **__: object) -> Any:
        machine.refuse(f"{what} {why}")

    return marked(refuse, what.removesuffix("()").rpartition(".")[2])  # type: ignore[no-any-return]


def time_module(machine: Machine) -> ModuleType:
    """Return a clock that only ``sleep`` moves, and that the program can only show."""
    module = ModuleType("time")
    vars(module).update(
        {name: value for name, value in vars(time).items() if not name.startswith("_")}
    )

    def sleep(*args: Any) -> None:
        thread = machine.current
        if len(args) != 1:
            time.sleep(*args)  # which says what is wrong
        [seconds] = args
        if type(seconds) is Unknown:
            if not seconds.never_negative:
                machine.refuse(
                    "how long this sleeps may come to less than nothing, which is an error: "
                    "sleep for max(0, ...)"
                )
            thread.slept = thread.last
            return
        if not is_a(seconds, int | float):
            seconds = operator.index(seconds)
        if not abs(seconds) < LONGEST:
            time.sleep(seconds)  # which says what is wrong
        if seconds < 0:
            raise ValueError("sleep length must be non-negative")
        thread.local_time += seconds
        thread.slept = thread.last

    def strptime(*args: Any) -> time.struct_time:
        hold_zone(*args)
        return time.strptime(*args)

    for name in CLOCKS & set(vars(time)):
        setattr(module, name, clock(machine, getattr(time, name)))
    module.sleep = sleep  # type: ignore[attr-defined]
    module.strptime = strptime  # type: ignore[attr-defined]
    return module


def clock(machine: Machine, original: Callable[..., Any]) -> Callable[..., Any]:
    """Return a clock: the simulated time for the library, and for the program what is not known."""
    name = original.__name__
    nanoseconds = name.endswith("_ns")
    tells_seconds = name.removesuffix("_ns") in {"monotonic", "time", "perf_counter"}

    def tell(*args: Any) -> Any:
        if tells_seconds and for_library(sys._getframe(1)):
            now = machine.current.local_time
            return int(now * 1e9) if nanoseconds else now
        of_now = name not in TAKES_TIME or len(args) < TAKES_TIME[name] or args[-1] is None
        if name == "strftime" and not of_now and is_a(args[0], str):
            of_now = tells_zone(args[0], "sZz")
        if not (of_now or name in LOCAL or any(type(one) is Unknown for one in args)):
            return original(*args)
        machine.learn("unknowns")
        if name == "strftime":
            return dated(args[0])
        sample = original() if name in {"gmtime", "localtime"} else original(*map(sample_of, args))
        if is_a(sample, str):
            return placed(TIME)
        if is_a(sample, int | float):
            sample = next(TICKS) if is_a(sample, int) else float(next(TICKS))
        return Unknown(sample, TIME, never_negative=True)

    tell.__name__ = tell.__qualname__ = name
    return tell


def timeit_module(time_of_program: Callable[[], Any]) -> ModuleType:
    """Return ``timeit`` with the clock of the program.

    Args:
        time_of_program: gives what stands for the module ``time``
    """
    module = ModuleType("timeit")
    vars(module).update(vars(timeit))
    module.default_timer = time_of_program().perf_counter  # type: ignore[attr-defined]
    return module


def for_library(frame: Any) -> bool:
    """Whether a frame is of the library's own code that runs on the machine."""
    name = frame.f_globals.get("__name__", "")
    return name in PRIVATE or name.partition(".")[0] == "multiprocessing"


def os_module(machine: Machine) -> ModuleType:
    """Return ``os`` without what leaves the simulated machine."""
    module = ModuleType("os")
    vars(module).update(vars(os))
    for names, why in ((PROCESSES, OUTSIDE), (UNLIKE, DIFFERS)):
        for name in names & set(vars(os)):
            setattr(module, name, refusing(machine, f"os.{name}()", why))
    vars(module).update(
        _exit=machine.exit_now,
        getpid=lambda: machine.varied.pid(FIRST_PROCESS + 1),
        getppid=lambda: machine.varied.pid(FIRST_PROCESS),
        **calls_of_os(machine, vars(os)),
    )
    module.register_at_fork = lambda **_: None  # type: ignore[attr-defined]
    return module


def atexit_module(
    machine: Machine, calls_at_exit: Callable[[], list[Callable[[], object]]]
) -> ModuleType:
    """Return ``atexit`` for what the program registers; the library's own is done elsewhere.

    The program may have the library call ``register`` for it, as a thread or a pool does.

    Args:
        machine: where it runs
        calls_at_exit: gives what the current process is to do at its end, in the order of
            registration
    """
    module = ModuleType("atexit")

    def change(kind: EventKind, call: Callable[..., Any]) -> None:
        place = ("atexit", machine.current.home)
        if machine.current.daemon:
            machine.refuse(
                "a daemon thread may change what is called at the end when that is under way, "
                "which is not followed: do it in the main thread"
            )
        if machine.current is not machine.main_of(machine.current.home):
            machine.learn("registers")
        if machine.touch(place, WRITE):
            machine.happen(kind, ((place, WRITE),), about=call)

    def register(call: Callable[..., Any], *args: Any, **kwargs: Any) -> Callable[..., Any]:
        if sys._getframe(1).f_globals.get("__name__") not in REGISTERING:
            change(REGISTER, call)
            calls_at_exit().append(partial(call, *args, **kwargs))
        return call

    def unregister(call: Callable[..., Any]) -> None:
        change(UNREGISTER, call)
        calls = calls_at_exit()
        calls[:] = [one for one in calls if not (is_a(one, partial) and one.func == call)]

    module.register = register  # type: ignore[attr-defined]
    module.unregister = unregister  # type: ignore[attr-defined]
    return module
