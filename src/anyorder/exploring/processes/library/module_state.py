"""What each process keeps in the library's modules, and how one process's gives way to another's.

All processes run the same private copies of the modules. What a module keeps for its process (the
children, the finalizers, the name of the current process) is put in place when a thread of that
process goes on: ``STATE`` says what that is, and ``begin_module`` what it is at the beginning.
"""

from __future__ import annotations

import itertools
import sys
import weakref
from _weakrefset import WeakSet
from typing import TYPE_CHECKING, Any

from anyorder.exploring.engine.threads import Hiding
from anyorder.exploring.processes.library.interpreter import put_settings, settings_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from anyorder.exploring.processes.system.computer import Computer
    from anyorder.exploring.processes.system.process import SimulatedProcess

__all__ = ["EXECUTORS", "ModuleState"]

EXECUTORS = "concurrent.futures.process"
STATE = {
    "threading": (
        "_active", "_limbo", "_threading_atexits", "_counter", "_main_thread", "_SHUTTING_DOWN",
        "excepthook",
    ),
    "multiprocessing.process": (
        "_parent_process", "_current_process", "_process_counter", "_children", "_dangling",
    ),
    "multiprocessing.util": (
        "_afterfork_registry", "_afterfork_counter", "_finalizer_counter", "_exiting", "_logger",
        "_log_to_stderr",
    ),
    "concurrent.futures.process": ("_threads_wakeups", "_global_shutdown"),
}  # fmt: skip
WITH_STATE = (
    "multiprocessing.process", "multiprocessing.context", "multiprocessing.util",
    "multiprocessing.heap", EXECUTORS,
)  # what a process keeps in them is its own  # fmt: skip


class ModuleState:
    """What the processes of one computer keep in the library's modules, in turns.

    Args:
        machine: the computer

    Attributes:
        modules: those that stay loaded from one execution to the next, by name
        show_own: puts the program's own modules of a process in place
        main_class: what ``current_process()`` is of in the first process, once it is known
    """

    def __init__(self, machine: Computer) -> None:
        self.machine = machine
        self.modules: dict[str, ModuleType] = {}
        self.main_class: type | None = None
        self.show_own: Callable[[int], None] = lambda _: None

    def begin(self, threading: ModuleType, excepthook: Any) -> None:
        """Put every module back to its beginning, for a new execution.

        Args:
            threading: the private copy
            excepthook: what it has as ``threading.excepthook`` at its beginning
        """
        self.threading = threading
        self.excepthook = excepthook
        self.settings = settings_of(self.machine)
        for name in self.modules:
            self.begin_module(name)

    def switch_to(self, process: SimulatedProcess) -> None:
        """Put in place what the modules keep for a process, in place of the resident one's."""
        self.save(self.machine.resident)
        if process.shared_code is not None:
            process.shared_code.switch_to(process)
        for name in self.with_state():
            kept = process.memory.get(name)
            if kept is None:
                self.begin_module(name, process)
            else:
                self.put(name, kept)
        threads = process.memory.get("threading")
        names = vars(self.threading)
        if threads is None:
            names.update({**self.fresh_threads(), **process.threads})
        else:
            names.update(threads)
        (sys.stdout, sys.stderr, sys.excepthook, sys.argv, main) = process.world
        sys.modules["__main__"] = sys.modules["__mp_main__"] = main
        put_settings(self.machine, process.settings or self.settings.copy())
        self.show_own(process.number)

    def save(self, process: SimulatedProcess) -> None:
        """Keep what the modules hold for a process."""
        memory = process.memory
        names = vars(self.threading)
        memory["threading"] = {name: names[name] for name in STATE["threading"] if name in names}
        for name in self.with_state():
            memory[name] = self.taken(name)
        process.world = (
            sys.stdout, sys.stderr, sys.excepthook, sys.argv, sys.modules["__main__"],
        )  # fmt: skip
        process.settings = settings_of(self.machine)

    def with_state(self) -> list[str]:
        """Return the modules in which each process keeps something of its own."""
        return [name for name in WITH_STATE if name in self.modules]

    def taken(self, name: str) -> dict[str, Any]:
        """Return what a module keeps for the resident process."""
        names = vars(self.modules[name])
        kept = {one: names[one] for one in STATE.get(name, ())}
        if name == "multiprocessing.util":
            kept["_finalizer_registry"] = dict(names["_finalizer_registry"])
        elif name == "multiprocessing.context":
            kept["_default_context"] = names["_default_context"]._actual_context
        elif name == "multiprocessing.heap":
            kept["_heap"] = names["BufferWrapper"]._heap
        return kept

    def put(self, name: str, kept: dict[str, Any]) -> None:
        """Put in a module what it keeps for the process that becomes the resident one."""
        names = vars(self.modules[name])
        if name == "multiprocessing.util":
            # a finalizer knows the registry by a default argument, so it stays the same object
            names["_finalizer_registry"].clear()
            names["_finalizer_registry"].update(kept["_finalizer_registry"])
            names.update({one: kept[one] for one in STATE[name]})
        elif name == "multiprocessing.context":
            names["_default_context"]._actual_context = kept["_default_context"]
        elif name == "multiprocessing.heap":
            names["BufferWrapper"]._heap = kept["_heap"]
        else:
            names.update(kept)

    def begin_module(self, name: str, process: SimulatedProcess | None = None) -> None:
        """Put in a module what it keeps at the beginning of a process, or of the current one."""
        process = process or self.machine.process
        if name == "multiprocessing.util":
            self.put(name, {
                "_afterfork_registry": weakref.WeakValueDictionary(), "_exiting": False,
                "_afterfork_counter": itertools.count(), "_finalizer_registry": {},
                "_finalizer_counter": itertools.count(), "_logger": None, "_log_to_stderr": False,
            })  # fmt: skip
            process.at_exit.insert(0, self.modules[name]._exit_function)
        elif name == "multiprocessing.heap":
            with Hiding(self.machine.current):
                self.put(name, {"_heap": vars(self.modules[name])["Heap"]()})
        elif name == "multiprocessing.context":
            self.put(name, {"_default_context": None})
        elif name == "multiprocessing.process":
            assert self.main_class is not None
            main = self.main_class()
            self.put(name, {
                "_parent_process": None, "_current_process": main, "_children": set(),
                "_process_counter": itertools.count(1), "_dangling": WeakSet(),
            })  # fmt: skip
        elif name == EXECUTORS:
            threads = weakref.WeakKeyDictionary[Any, Any]()
            self.put(name, {"_threads_wakeups": threads, "_global_shutdown": False})

    def adopt_threads(self, process: SimulatedProcess) -> None:
        """Put in ``threading`` what a forked process, which has just begun, has of its parent."""
        if process.threads:
            names = vars(self.threading)
            names.update(process.threads)
            number = names["get_ident"]()
            main = names["_active"][number] = names["_main_thread"]
            main._ident = number

    def fresh_threads(self) -> dict[str, Any]:
        """Return what ``threading`` keeps for a process that has not begun."""
        active = type(vars(self.threading)["_active"])
        names: dict[str, Any] = {"_active": active(), "_limbo": {}, "_threading_atexits": []}
        if hasattr(self.threading, "_SHUTTING_DOWN"):
            names["_SHUTTING_DOWN"] = False
        return {**names, "excepthook": self.excepthook}
