"""A stand-in for the module ``_thread``: the beginning of threads, and their locks.

The real ``threading`` module runs on top of it, unmodified.
"""

from __future__ import annotations

import _thread
import sys
import threading
from functools import partial
from types import ModuleType
from typing import TYPE_CHECKING, Any

from anyorder.exploring.engine.events import READ, EventKind
from anyorder.exploring.library.locks import lock_classes
from anyorder.exploring.tracebacks import complaint, displayed

if TYPE_CHECKING:
    from collections.abc import Callable

    from anyorder.exploring.engine.machine import Machine
    from anyorder.exploring.engine.threads import SimulatedThread

__all__ = ["FAILED_THREAD", "stand_in"]

FAILED_THREAD = "Exception in thread "  # how the words begin that a thread leaves as it fails
LIBRARY = threading.__file__
OWN = {"threading", __name__}  # the modules that keep the numbers of threads
START = EventKind("start unnamed", says="starts a thread", waits=None, whole=False)
JOIN = EventKind("join handle", says="joins a thread", waits="a thread to end", whole=True)


def stand_in(machine: Machine, report: Callable[[str], None]) -> ModuleType:  # noqa: C901, PLR0915
    """Return a module that stands in for ``_thread``.

    Args:
        machine: where its threads run
        report: called with the text that a thread leaves on standard error as it fails
    """
    Lock, RLock = lock_classes(machine)  # noqa: N806 - they are classes

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
                machine.happen(JOIN, ((place, READ),), gates)

    def get_ident() -> int:
        return number(machine.varied.thread)

    def get_native_id() -> int:
        return number(machine.varied.native)

    def number(for_program: Callable[[int], int]) -> int:
        """Return the number of a thread: to the program one that differs in each run."""
        caller = sys._getframe(2)
        asking = caller.f_code.co_filename
        if machine.current.watch is not None and asking != LIBRARY:
            machine.learn("workers")
        if caller.f_globals.get("__name__") not in OWN:
            machine.asks_who_it_is()
        if asking in machine.own:
            return for_program(machine.current.ident)
        return machine.current.ident

    def run(function: Callable[..., object], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        try:
            function(*args, **machine.spread_named(kwargs))
        except SystemExit:
            pass
        except Exception as error:  # noqa: BLE001 - so does the interpreter
            report(complaint("in thread started by", function, error))

    def start_new_thread(
        function: Callable[..., object], args: tuple[Any, ...], kwargs: dict[str, Any] | None = None
    ) -> int:
        daemon = True
        by_library = bool(machine.pending)
        if by_library:
            daemon = machine.pending[-1].daemon
        else:
            function = machine.follow(function)
            machine.happen(START, ())
        if daemon:
            machine.begins_daemon()
        thread = machine.start(partial(run, function, args, kwargs or {}), daemon=daemon)
        return thread.ident if by_library else machine.varied.ident(thread.tid)

    def start_joinable_thread(
        function: Callable[[], object], handle: Any = None, *, daemon: bool = True
    ) -> Any:
        handle = handle or ThreadHandle()

        def work() -> None:
            handle.thread = machine.current
            handle.ident = get_ident()
            machine.current.on_end.append(handle._set_done)
            run(function, (), {})

        if not machine.pending:
            machine.happen(START, ())
        if daemon:
            machine.begins_daemon()
        machine.start(work, daemon=daemon)
        return handle

    def stack_size(size: int = 0, /) -> int:
        _thread.stack_size(_thread.stack_size(size))  # which says what is wrong
        if size:
            machine.alone("threading.stack_size")
        before, machine.stack_size = machine.stack_size, size
        return before

    def make_thread_handle(ident: int) -> Any:
        handle = ThreadHandle()
        handle.ident = ident
        return handle

    def set_sentinel() -> Any:
        thread = machine.current
        lock = Lock(silent=machine.hides)

        def let_go() -> None:
            lock.owner = None
            if not lock._silent:
                footprint, _, _, effects = lock._places
                event = thread.last
                event.footprint += footprint  # type: ignore[union-attr]
                machine.affect(event, effects)  # type: ignore[arg-type]

        thread.on_end.append(let_go)
        return lock

    def excepthook(args: Any) -> None:
        if args.exc_type is SystemExit:
            return
        thread = args.thread
        name = machine.varied.ident(machine.current.tid) if thread is None else thread.name
        error = args.exc_value
        report(f"{FAILED_THREAD}{name}:\n{''.join(displayed(error, error.__traceback__))}")

    class ExceptHookArgs(tuple[Any, ...]):
        __slots__ = ()

        def __new__(cls, args: Any) -> Any:
            machine.asks_who_it_is()
            machine.caught(args[1])
            return super().__new__(cls, args)

        def __repr__(self) -> str:
            names = ("exc_type", "exc_value", "exc_traceback", "thread")
            shown = (f"{name}={one!r}" for name, one in zip(names, self, strict=True))
            return f"_thread._ExceptHookArgs({', '.join(shown)})"

        exc_type = property(lambda self: self[0])
        exc_value = property(lambda self: self[1])
        exc_traceback = property(lambda self: self[2])
        thread = property(lambda self: self[3])

    ExceptHookArgs.__module__ = "_thread"
    ExceptHookArgs.__name__ = ExceptHookArgs.__qualname__ = "_ExceptHookArgs"
    module = ModuleType("_thread", "A stand-in for _thread, on a simulated machine.")
    for name, value in {
        "LockType": Lock,
        "RLock": RLock,
        "TIMEOUT_MAX": 9223372036.0,
        "_ExceptHookArgs": ExceptHookArgs,
        "_ThreadHandle": ThreadHandle,
        "_excepthook": excepthook,
        "_get_main_thread_ident": lambda: machine.main.ident,
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
        "exit_thread": sys.exit,
        "get_ident": get_ident,
        "get_native_id": get_native_id,
        "lock": Lock,
        "set_name": lambda _: None,
        "stack_size": stack_size,
        "start_joinable_thread": start_joinable_thread,
        "start_new": start_new_thread,
        "start_new_thread": start_new_thread,
    }.items():
        # what there is differs from Python to Python; a system without threads has no native_id
        if name.startswith("_") or name == "get_native_id" or hasattr(_thread, name):
            setattr(module, name, value)
    return module
