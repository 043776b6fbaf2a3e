"""Stand-ins for the modules that have to do with time, chance, the system and the end."""

from __future__ import annotations

import os
import random
import sys
import time
from functools import partial
from types import ModuleType
from typing import TYPE_CHECKING, Any

from anyorder.exploring.engine.events import WRITE, EventKind
from anyorder.exploring.engine.varying import FIRST_PROCESS, Varying

if TYPE_CHECKING:
    from collections.abc import Callable

    from anyorder.exploring.engine.machine import Machine

__all__ = [
    "CLOCKS", "atexit_module", "os_module", "random_module", "refusing", "time_module",
]  # fmt: skip

RANDOM = EventKind("random", says="draws a random number", waits=None, whole=False)
CLOCKS = {
    "clock_gettime", "clock_gettime_ns", "ctime", "gmtime", "localtime", "monotonic",
    "monotonic_ns", "perf_counter", "perf_counter_ns", "process_time", "process_time_ns",
    "strftime", "thread_time", "thread_time_ns", "time", "time_ns",
}  # fmt: skip
PROCESSES = {
    "abort", "execl", "execv", "fork", "forkpty", "kill", "open", "pipe", "popen", "posix_spawn",
    "read", "spawnl", "spawnv", "startfile", "system", "urandom", "wait", "waitpid", "write",
}  # fmt: skip

UNLIKE = {"getcwd", "getcwdb", "getloadavg", "getpgid", "getpgrp", "getsid", "times"}


def refusing(machine: Machine, what: str, why: str) -> Callable[..., Any]:
    """Return a function that refuses the program that calls it."""

    def refuse(*_: object, **__: object) -> Any:
        machine.refuse(f"{what} {why}")

    return refuse


def time_module(machine: Machine) -> ModuleType:
    """Return a clock that only ``sleep`` moves, and that the program cannot read."""
    module = ModuleType("time")
    vars(module).update(
        {name: value for name, value in vars(time).items() if not name.startswith("_")}
    )

    def sleep(seconds: float, /) -> None:
        if seconds < 0:
            raise ValueError("sleep length must be non-negative")
        machine.current.local_time += seconds

    why = "says what time it is, which differs from run to run: leave it out to explore"
    for name in CLOCKS & set(vars(time)):
        setattr(module, name, for_library(machine, getattr(time, name), f"time.{name}()", why))
    module.sleep = sleep  # type: ignore[attr-defined]
    return module


def for_library(
    machine: Machine, original: Callable[..., Any], what: str, why: str
) -> Callable[..., Any]:
    """Return a clock: the simulated time for the library, and a refusal for the program."""
    nanoseconds = original.__name__.endswith("_ns")
    tells_seconds = original.__name__.removesuffix("_ns") in {
        "monotonic", "time", "perf_counter",
    }  # fmt: skip

    def clock(*_: object) -> float:
        if sys._getframe(1).f_code.co_filename == machine.program or not tells_seconds:
            machine.refuse(f"{what} {why}")
        now = machine.current.local_time
        return int(now * 1e9) if nanoseconds else now

    return clock


def os_module(machine: Machine) -> ModuleType:
    """Return ``os`` without what leaves the simulated machine."""
    module = ModuleType("os")
    vars(module).update(vars(os))
    for name in PROCESSES & set(vars(os)):
        setattr(
            module,
            name,
            refusing(
                machine, f"os.{name}()", "reaches outside of the program, and is not simulated"
            ),
        )

    for name in UNLIKE & set(vars(os)):
        why = "differs from run to run: leave it out to explore"
        setattr(module, name, refusing(machine, f"os.{name}()", why))
    vars(module).update(
        _exit=machine.exit_now,
        getpid=lambda: machine.varied.pid(FIRST_PROCESS + 1),
        getppid=lambda: machine.varied.pid(FIRST_PROCESS),
    )
    module.register_at_fork = lambda **_: None  # type: ignore[attr-defined]
    return module


def random_module(machine: Machine) -> ModuleType:
    """Return ``random`` with a generator of its own, which has to be seeded."""
    module = ModuleType("random")
    vars(module).update(vars(random))
    generator = random.Random(0)  # noqa: S311 - chance has to be the same in every execution
    seeded = False
    why = "gives other numbers in each run: call random.seed(number) first"

    def drawing(name: str) -> Callable[..., Any]:
        method = getattr(generator, name)

        def draw(*args: Any, **kwargs: Any) -> Any:
            nonlocal seeded
            if name == "seed" and args and isinstance(args[0], Varying):
                machine.refuse(args[0].what)
            if name == "seed" and args and args[0] is not None:
                seeded = True
            elif not seeded:
                machine.refuse(f"random.{name}() {why}")
            machine.happen(RANDOM, (("random", WRITE),), about=name)
            return method(*args, **kwargs)

        return draw

    for name in vars(random):
        if getattr(getattr(random, name), "__self__", None) is random._inst:
            draw = drawing(name)
            draw.__module__, draw.__name__, draw.__qualname__ = "random", name, name
            setattr(module, name, draw)

    class Random(random.Random):
        __module__ = "random"

        def __init__(self, seed: Any = None) -> None:
            if seed is None:
                machine.refuse(f"random.Random() {why.replace('call', 'give a number or')}")
            super().__init__(seed)

    module.Random = Random  # type: ignore[attr-defined]
    module.SystemRandom = refusing(machine, "SystemRandom", why)  # type: ignore[attr-defined]
    return module


def atexit_module(
    machine: Machine, calls_at_exit: Callable[[], list[Callable[[], object]]]
) -> ModuleType:
    """Return ``atexit`` for what the program registers; the library's own is done elsewhere.

    Args:
        machine: where it runs
        calls_at_exit: gives what the current process is to do at its end, in the order of
            registration
    """
    module = ModuleType("atexit")

    def register(call: Callable[..., Any], *args: Any, **kwargs: Any) -> Callable[..., Any]:
        if sys._getframe(1).f_code.co_filename == machine.program:
            calls_at_exit().append(partial(call, *args, **kwargs))
        return call

    def unregister(call: Callable[..., Any]) -> None:
        calls = calls_at_exit()
        calls[:] = [one for one in calls if not (isinstance(one, partial) and one.func == call)]

    module.register = register  # type: ignore[attr-defined]
    module.unregister = unregister  # type: ignore[attr-defined]
    return module
