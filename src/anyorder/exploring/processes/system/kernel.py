"""What the operating system keeps for processes: semaphores, pipes and shared memory.

A semaphore is one place. Taking it waits for its counter; only those that nobody can ever find at
zero (how many items may yet be put into a queue without a limit) commute.
"""

from __future__ import annotations

import os
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, Any

from anyorder.exploring.engine.events import READ, WRITE, EventKind, attempted
from anyorder.exploring.library.locks import ACQUIRE, LOCKED, RELEASE, TRY
from anyorder.exploring.processes.system.descriptors import Descriptors
from anyorder.exploring.processes.system.memory import Memory
from anyorder.exploring.processes.system.names import Names
from anyorder.exploring.processes.system.os import Exit
from anyorder.exploring.processes.system.pipes import Pipes
from anyorder.exploring.processes.system.shared import Blocks

if TYPE_CHECKING:
    from collections.abc import Callable

    from anyorder.exploring.engine.threads import SimulatedThread
    from anyorder.exploring.processes.system.computer import Computer

__all__ = ["Kernel", "Semaphore"]

COUNT = EventKind("count", says="counts an item", waits=None, whole=False)
RECURSIVE_MUTEX, SEMAPHORE = 0, 1
# what acquire() takes, each with the classes of what is mostly given
WAITING: dict[str, set[type]] = {"block": {bool}, "timeout": {float, type(None)}}
SEM_VALUE_MAX = 2**31 - 1


class Semaphore:
    """A counter that all processes share.

    Args:
        machine: where they run
        value: what it begins at
        most: what it may rise to
    """

    def __init__(self, machine: Computer, value: int, most: int) -> None:
        self.place = ("semaphore", *machine.label())
        self.value = value
        self.endless = most == value == SEM_VALUE_MAX
        machine.counter(self.place, value)


@cache
def real_lock(kind: Any = SEMAPHORE, value: Any = 1, maxvalue: Any = 1) -> Any:
    """Return a lock of the operating system, which nobody has; a browser knows of none."""
    from _multiprocessing import SemLock  # type: ignore[import-not-found] # noqa: PLC0415

    unlink = True
    return SemLock(kind, value, maxvalue, f"/anyorder-{os.getpid()}", unlink)


def how_to_wait(args: tuple[Any, ...], named: dict[str, Any]) -> tuple[Any, Any]:
    """Return whether to wait for a lock, and how long, or raise what a real one does.

    What is given in an ordinary way is not asked about: the numbers of the tool are not known.
    """
    given = {**dict(zip(WAITING, args, strict=False)), **named}
    ordinary = len(given) == len(args) + len(named) and all(
        type(one) in WAITING.get(name, ()) or type(one).__module__.startswith("anyorder.")
        for name, one in given.items()
    )
    if not ordinary:
        lock = real_lock()
        lock.acquire(*args, **named)
        lock.release()
    return given.get("block", True), given.get("timeout")


class Kernel:
    """What one computer's operating system keeps.

    Args:
        machine: the computer
    """

    def __init__(self, machine: Computer) -> None:
        self.machine = machine
        self.descriptors = Descriptors(machine)
        self.pipes = Pipes(machine, self.descriptors)
        self.blocks = Blocks(machine)
        self.memory = Memory(machine)
        self.names = Names(machine)
        self.exit = Exit(machine)
        self.semaphores: dict[int, Semaphore] = {}

    def begin(self) -> None:
        """Forget all, for a new execution."""
        self.semaphores = {}
        self.descriptors.begin()
        self.blocks.begin()
        self.memory.begin()
        self.names.begin()

    def calls_of_os(self) -> dict[str, Callable[..., Any]]:
        """Return the functions of ``os`` that have to do with pipes and memory."""
        descriptors = self.descriptors
        return {
            "close": descriptors.close, "dup": descriptors.dup, "pipe": self.pipes.pipe,
            "read": self.pipes.read, "write": self.pipes.write,
            "ftruncate": self.memory.resize, "fstat": self.memory.stat,
        }  # fmt: skip

    def module(self) -> ModuleType:  # noqa: C901 - a case for each kind
        """Return what stands for ``_multiprocessing``."""
        machine = self.machine
        kernel, names = self, self.names

        class SemLock:
            """What ``_multiprocessing.SemLock`` is, on the simulated computer."""

            SEM_VALUE_MAX = SEM_VALUE_MAX

            def __init__(
                self, kind: int, value: int, maxvalue: int, name: str, unlink: bool
            ) -> None:
                if not all(
                    type(one) is int and 0 <= one <= SEM_VALUE_MAX for one in (value, maxvalue)
                ):
                    real_lock(kind, value, maxvalue)  # which says what is wrong
                handle = len(kernel.semaphores) + 1
                semaphore = kernel.semaphores[handle] = Semaphore(machine, value, maxvalue)
                if not unlink:
                    names.add(name, semaphore.place)
                self.set_up(handle, kind, maxvalue, None if unlink else name)

            def set_up(self, handle: int, kind: int, maxvalue: int, name: str | None) -> None:
                self.handle = handle
                self.kind = kind
                self.maxvalue = maxvalue
                self.name = name
                self.count = 0
                self.owner: SimulatedThread | None = None
                self.semaphore = kernel.semaphores[handle]

            @classmethod
            def _rebuild(cls, handle: int, kind: int, maxvalue: int, name: str) -> SemLock:
                names.find(name)
                lock = cls.__new__(cls)
                lock.set_up(handle, kind, maxvalue, name)
                return lock

            def acquire(self, *args: Any, **named: Any) -> bool:
                block, timeout = how_to_wait(args, named)
                if self.kind == RECURSIVE_MUTEX and self._is_mine():
                    self.count += 1
                    return True
                semaphore = self.semaphore
                place = semaphore.place
                if semaphore.endless:
                    self.counted("count")
                elif block and timeout is None:
                    machine.happen(
                        ACQUIRE, ((place, WRITE),), ((place, 1),), ((place, False, -1),), self
                    )
                else:
                    if timeout is not None and timeout < 0:
                        timeout = 0
                    event = machine.happen(TRY, ((place, WRITE),), about=(self, block))
                    attempted(event, place, place, semaphore.value)
                    if semaphore.value == 0:
                        if block:
                            machine.current.local_time += timeout or 0
                        return False
                    effects = ((place, False, -1),)
                    machine.affect(event, effects)
                semaphore.value -= 1
                self.count += 1
                self.owner = machine.current
                if self.maxvalue == 1:
                    machine.current.held.append(self)
                return True

            def release(self, *args: Any, **named: Any) -> None:
                if args or named:
                    real_lock().release(*args, **named)  # which says what is wrong
                if self.kind == RECURSIVE_MUTEX:
                    if not self._is_mine():
                        raise AssertionError(
                            "attempt to release recursive lock not owned by thread"
                        )
                    if self.count > 1:
                        self.count -= 1
                        return
                semaphore = self.semaphore
                place = semaphore.place
                if semaphore.endless:
                    self.counted("count")
                else:
                    event = machine.happen(RELEASE, ((place, WRITE),), about=self)
                    if semaphore.value >= self.maxvalue:
                        raise ValueError("semaphore or lock released too many times")
                    effects = ((place, False, 1),)
                    machine.affect(event, effects)
                semaphore.value += 1
                self.count -= 1
                if self.owner is not None and self in self.owner.held:
                    self.owner.held.remove(self)
                if self.count == 0:
                    self.owner = None

            def __enter__(self) -> bool:
                return self.acquire()

            def __exit__(self, *_: object) -> None:
                self.release()

            def _count(self) -> int:
                return self.count

            def _is_mine(self) -> bool:
                mine = self.count > 0 and self.owner is machine.current
                if not mine and self.kind == RECURSIVE_MUTEX:
                    machine.owners.asks(self)
                return mine

            def counted(self, mode: Any) -> None:
                place = self.semaphore.place
                if machine.touch(place, mode):
                    machine.happen(COUNT, ((place, mode),), about=self)

            def _get_value(self) -> int:
                if self.semaphore.endless:
                    self.counted(READ)
                else:
                    machine.happen(LOCKED, ((self.semaphore.place, READ),), about=self)
                return self.semaphore.value

            def _is_zero(self) -> bool:
                return self._get_value() == 0

            def _after_fork(self) -> None:
                self.count = 0

        module = ModuleType("_multiprocessing")
        module.SemLock = SemLock  # type: ignore[attr-defined]
        module.sem_unlink = self.names.drop  # type: ignore[attr-defined]
        module.flags = {}  # type: ignore[attr-defined]
        self.lock_class = SemLock
        return module
