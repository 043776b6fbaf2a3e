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

__all__ = ["StandIns"]

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


class StandIns:
    """What one exploration's programs get for these modules.

    Args:
        machine: where their threads run
        program: the file name under which the program's code is compiled
    """

    def __init__(self, machine: Machine, program: str) -> None:
        self.machine = machine
        self.program = program
        self.at_exit: list[Callable[[], object]] = []
        self.seeded = False

    def refusing(self, what: str, why: str) -> Callable[..., Any]:
        """Return a function that refuses the program that calls it."""

        def refuse(*_: object, **__: object) -> Any:
            self.machine.refuse(f"{what} {why}")

        return refuse

    def time(self) -> ModuleType:
        """Return a clock that only ``sleep`` moves, and that the program cannot read."""
        module = ModuleType("time")
        vars(module).update(
            {name: value for name, value in vars(time).items() if not name.startswith("_")}
        )

        def sleep(seconds: float, /) -> None:
            if seconds < 0:
                raise ValueError("sleep length must be non-negative")
            self.machine.current.local_time += seconds

        why = "says what time it is, which differs from run to run: leave it out to explore"
        for name in CLOCKS & set(vars(time)):
            setattr(module, name, self.for_library(getattr(time, name), f"time.{name}()", why))
        module.sleep = sleep  # type: ignore[attr-defined]
        return module

    def for_library(self, original: Callable[..., Any], what: str, why: str) -> Callable[..., Any]:
        """Return a clock: the simulated time for the library, and a refusal for the program."""
        nanoseconds = original.__name__.endswith("_ns")
        tells_seconds = original.__name__.removesuffix("_ns") in {
            "monotonic", "time", "perf_counter",
        }  # fmt: skip

        def clock(*_: object) -> float:
            if sys._getframe(1).f_code.co_filename == self.program or not tells_seconds:
                self.machine.refuse(f"{what} {why}")
            now = self.machine.current.local_time
            return int(now * 1e9) if nanoseconds else now

        return clock

    def os(self) -> ModuleType:
        """Return ``os`` without what leaves the simulated machine."""
        module = ModuleType("os")
        vars(module).update(vars(os))
        for name in PROCESSES & set(vars(os)):
            setattr(
                module,
                name,
                self.refusing(
                    f"os.{name}()", "reaches outside of the program, and is not simulated"
                ),
            )

        for name in UNLIKE & set(vars(os)):
            why = "differs from run to run: leave it out to explore"
            setattr(module, name, self.refusing(f"os.{name}()", why))
        vars(module).update(
            _exit=self.machine.exit_now,
            getpid=lambda: self.machine.varied.pid(FIRST_PROCESS + 1),
            getppid=lambda: self.machine.varied.pid(FIRST_PROCESS),
        )
        module.register_at_fork = lambda **_: None  # type: ignore[attr-defined]
        return module

    def random(self) -> ModuleType:
        """Return ``random`` with a generator of its own, which has to be seeded."""
        module = ModuleType("random")
        vars(module).update(vars(random))
        generator = random.Random(0)  # noqa: S311 - chance has to be the same in every execution
        why = "gives other numbers in each run: call random.seed(number) first"

        def drawing(name: str) -> Callable[..., Any]:
            method = getattr(generator, name)

            def draw(*args: Any, **kwargs: Any) -> Any:
                if name == "seed" and args and isinstance(args[0], Varying):
                    self.machine.refuse(args[0].what)
                if name == "seed" and args and args[0] is not None:
                    self.seeded = True
                elif not self.seeded:
                    self.machine.refuse(f"random.{name}() {why}")
                self.machine.happen(RANDOM, (("random", WRITE),), about=name)
                return method(*args, **kwargs)

            return draw

        for name in vars(random):
            if getattr(getattr(random, name), "__self__", None) is random._inst:
                draw = drawing(name)
                draw.__module__, draw.__name__, draw.__qualname__ = "random", name, name
                setattr(module, name, draw)

        class Random(random.Random):
            __module__ = "random"

            def __init__(_self, seed: Any = None) -> None:  # noqa: N805 - self is the library
                if seed is None:
                    self.machine.refuse(
                        f"random.Random() {why.replace('call', 'give a number or')}"
                    )
                super().__init__(seed)

        module.Random = Random  # type: ignore[attr-defined]
        module.SystemRandom = self.refusing("SystemRandom", why)  # type: ignore[attr-defined]
        return module

    def atexit(self) -> ModuleType:
        """Return ``atexit`` for what the program registers; the library's own is done elsewhere."""
        module = ModuleType("atexit")

        def register(call: Callable[..., Any], *args: Any, **kwargs: Any) -> Callable[..., Any]:
            if sys._getframe(1).f_code.co_filename == self.program:
                self.calls_at_exit().append(partial(call, *args, **kwargs))
            return call

        def unregister(call: Callable[..., Any]) -> None:
            calls = self.calls_at_exit()
            calls[:] = [one for one in calls if not (isinstance(one, partial) and one.func == call)]

        module.register = register  # type: ignore[attr-defined]
        module.unregister = unregister  # type: ignore[attr-defined]
        return module

    def calls_at_exit(self) -> list[Callable[[], object]]:
        """Return what the current process is to do at its end, in the order of registration."""
        return self.at_exit
