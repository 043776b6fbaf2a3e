"""A stand-in for the module ``_thread``: locks, and the beginning of threads.

The real ``threading`` module runs on top of it, unmodified. A lock that the program makes is
*visible*: taking it and letting go of it are events. A lock that a library object makes for its
own use is *silent*: the calls of that object are events as a whole (see ``calls``), so nobody ever finds
a silent lock taken, save where the program's own code runs inside of the call; then the thread that
finds it waits, as it would in life.
"""  # noqa: E501

from __future__ import annotations

import sys
import traceback
from functools import partial
from types import ModuleType
from typing import TYPE_CHECKING, Any

from anyorder.exploring.events import READ, WRITE, attempted

if TYPE_CHECKING:
    from collections.abc import Callable

    from anyorder.exploring.machine import Machine, SimulatedThread

__all__ = ["stand_in"]


def stand_in(machine: Machine, report: Callable[[str], None]) -> ModuleType:  # noqa: C901, PLR0915
    """Return a module that stands in for ``_thread``.

    Args:
        machine: where its threads run
        report: called with the text that a thread leaves on standard error as it fails
    """

    class Lock:
        """What ``_thread.lock`` is, on the simulated machine."""

        __slots__ = (
            "__weakref__",
            "_ao_label",
            "_ao_name",
            "_places",
            "_silent",
            "_waited",
            "owner",
        )

        def __init__(self) -> None:
            self.owner: SimulatedThread | None = None
            self._silent = machine.hides and machine.current.hiding > 0
            self._waited = False
            if not self._silent:
                self._make_visible()

        def _make_visible(self) -> None:
            self._ao_label = ("lock", *machine.label())
            place = self._ao_label
            machine.counter(place, 0 if self.owner else 1)
            # footprint, gate, effect of taking, effect of letting go
            self._places = (
                ((place, WRITE),),
                ((place, 1),),
                ((place, False, -1),),
                ((place, False, 1),),
            )

        def _take(self) -> None:
            thread = machine.current
            self.owner = thread
            if not self._silent:
                thread.held.append(self)

        def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
            if timeout != -1:
                if not blocking:
                    raise ValueError("can't specify a timeout for a non-blocking call")
                if timeout < 0:
                    raise ValueError("timeout value must be a non-negative number")
            if self._silent:
                if self.owner is None:
                    self.owner = machine.current
                    return True
                if not blocking:
                    return False
                self._waited = True
                self._silent = False
                self._make_visible()
            footprint, gates, take, _ = self._places
            if blocking and timeout < 0:
                machine.happen("acquire", footprint, gates, take, self)
                self._take()
                return True
            # Whoever waits for a limited time finds the lock free when it is this thread's turn, or
            # still taken when the time is up: whichever it is, that is an attempt at that moment.
            event = machine.happen("try", footprint, about=(self, blocking))
            attempted(event, self._ao_label, self._ao_label, int(self.owner is None))
            if self.owner is not None:
                if blocking:
                    machine.current.local_time += timeout
                return False
            event.effects += take
            machine.apply(take)
            self._take()
            return True

        def release(self) -> None:
            if self._silent:
                if self.owner is None:
                    raise RuntimeError("release unlocked lock")
                self.owner = None
                return
            footprint, _, _, let_go = self._places
            event = machine.happen("release", footprint, about=self)
            owner = self.owner
            if owner is None:
                raise RuntimeError("release unlocked lock")
            event.effects += let_go
            machine.apply(let_go)
            self.owner = None
            if self in owner.held:
                owner.held.remove(self)

        def locked(self) -> bool:
            if not self._silent:
                machine.happen("locked", ((self._ao_label, READ),), about=self)
            return self.owner is not None

        __enter__ = acquire
        acquire_lock = acquire
        release_lock = release
        locked_lock = locked

        def __exit__(self, *_: object) -> None:
            self.release()

        # What Condition asks of its lock; else it would find out by trying, unseen.
        def _is_owned(self) -> bool:
            return self.owner is not None

        def _release_save(self) -> None:
            self.release()

        def _acquire_restore(self, _: object) -> None:
            self.acquire()

        def _at_fork_reinit(self) -> None:
            self.owner = None

        def __repr__(self) -> str:
            state = "unlocked" if self.owner is None else "locked"
            return f"<{state} _thread.lock object at {id(self):#x}>"

    class RLock(Lock):
        """A lock that its owner may take again; taking it again is nobody else's business."""

        __slots__ = ("count",)

        def __init__(self) -> None:
            super().__init__()
            self.count = 0

        def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
            if self.owner is machine.current:
                self.count += 1
                return True
            if super().acquire(blocking, timeout):
                self.count = 1
                return True
            return False

        def release(self) -> None:
            if self.owner is not machine.current:
                raise RuntimeError("cannot release un-acquired lock")
            if self.count == 1:
                super().release()
            self.count -= 1

        __enter__ = acquire

        def __exit__(self, *_: object) -> None:
            self.release()

        def _is_owned(self) -> bool:
            return self.owner is machine.current

        def _release_save(self) -> int:  # type: ignore[override]
            count, self.count = self.count, 1
            self.release()
            return count

        def _acquire_restore(self, count: Any) -> None:
            self.acquire()
            self.count = count

        def _recursion_count(self) -> int:
            return self.count if self.owner is machine.current else 0

        def __repr__(self) -> str:
            state = "unlocked" if self.owner is None else "locked"
            return f"<{state} _thread.RLock object count={self.count} at {id(self):#x}>"

    class ThreadHandle:
        """What stands for a thread of the operating system from Python 3.13 on."""

        def __init__(self) -> None:
            self.ident: int | None = None
            self.thread: SimulatedThread | None = None
            self.done = False

        def is_done(self) -> bool:
            return self.done

        def _set_done(self) -> None:
            self.done = True

        def join(self, timeout: float | None = None) -> None:
            if not machine.hides and self.thread is not None:  # else Thread.join was the event
                place = ("ended", self.thread.tid)
                gates = ((place, 1),) if timeout is None or timeout < 0 else ()
                machine.happen("join", ((place, READ),), gates)

    def run(function: Callable[..., object], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        try:
            function(*args, **kwargs)
        except SystemExit:
            pass
        except Exception:  # noqa: BLE001 - so does the interpreter
            report(
                f"Exception ignored in thread started by: {function!r}\n{traceback.format_exc()}"
            )

    def start_new_thread(
        function: Callable[..., object], args: tuple[Any, ...], kwargs: dict[str, Any] | None = None
    ) -> int:
        if not machine.pending:
            machine.happen("start", ())
        daemon = not machine.pending or machine.pending[-1].daemon
        return machine.start(partial(run, function, args, kwargs or {}), daemon=daemon).ident

    def start_joinable_thread(
        function: Callable[[], object], handle: Any = None, *, daemon: bool = True
    ) -> Any:
        handle = handle or ThreadHandle()

        def work() -> None:
            handle.thread = machine.current
            handle.ident = machine.current.ident
            machine.current.on_end.append(handle._set_done)
            run(function, (), {})

        if not machine.pending:
            machine.happen("start", ())
        machine.start(work, daemon=daemon)
        return handle

    def make_thread_handle(ident: int) -> Any:
        handle = ThreadHandle()
        handle.ident = ident
        return handle

    def set_sentinel() -> Lock:
        thread = machine.current
        thread.hiding += 1
        lock = Lock()
        thread.hiding -= 1

        def let_go() -> None:
            lock.owner = None
            if not lock._silent:
                footprint, _, _, effects = lock._places
                event = thread.last
                event.footprint += footprint  # type: ignore[union-attr]
                event.effects += effects  # type: ignore[union-attr]
                machine.apply(effects)

        thread.on_end.append(let_go)
        return lock

    def excepthook(args: Any) -> None:
        if args.exc_type is SystemExit:
            return
        name = machine.current.ident if args.thread is None else args.thread.name
        lines = traceback.format_exception(args.exc_type, args.exc_value, args.exc_traceback)
        report(f"Exception in thread {name}:\n{''.join(lines)}")

    def interrupt_main(_: int = 2) -> None:
        machine.refuse(
            "_thread.interrupt_main() is not simulated in a program that starts processes"
        )

    class ExceptHookArgs(tuple[Any, ...]):
        __slots__ = ()
        exc_type = property(lambda self: self[0])
        exc_value = property(lambda self: self[1])
        exc_traceback = property(lambda self: self[2])
        thread = property(lambda self: self[3])

    module = ModuleType("_thread", "A stand-in for _thread, on a simulated machine.")
    for name, value in {
        "LockType": Lock,
        "RLock": RLock,
        "TIMEOUT_MAX": 9223372036.0,
        "_ExceptHookArgs": ExceptHookArgs,
        "_ThreadHandle": ThreadHandle,
        "_excepthook": excepthook,
        "_get_main_thread_ident": lambda: 1_000,
        "_local": object,  # the library's own, in Python, takes its place
        "_is_main_interpreter": lambda: True,
        "_make_thread_handle": make_thread_handle,
        "_set_sentinel": set_sentinel,
        "_shutdown": lambda: None,
        "allocate": Lock,
        "allocate_lock": Lock,
        "daemon_threads_allowed": lambda: True,
        "error": RuntimeError,
        "exit": sys.exit,
        "get_ident": lambda: machine.current.ident,
        "get_native_id": lambda: machine.current.ident,
        "interrupt_main": interrupt_main,
        "lock": Lock,
        "set_name": lambda _: None,
        "stack_size": lambda _=0: 0,
        "start_joinable_thread": start_joinable_thread,
        "start_new": start_new_thread,
        "start_new_thread": start_new_thread,
    }.items():
        setattr(module, name, value)
    return module
