"""Private copies of ``multiprocessing``, and what each process keeps in them.

All processes run the same copies. What a module keeps for its process (the children, the
finalizers, the name of the current process) is put in place when a thread of that process goes on:
``STATE`` says what that is, and ``begin_module`` what it is at the beginning.
"""

from __future__ import annotations

import functools
import importlib.util
import itertools
import os
import signal
import sys
import weakref
from _weakrefset import WeakSet
from types import ModuleType
from typing import TYPE_CHECKING, Any

from anyorder.exploring.calls import CALLS
from anyorder.exploring.events import READ
from anyorder.exploring.library import Library
from anyorder.exploring.processes.computer import EXITED, FIRST_PID, Computer, SimulatedProcess
from anyorder.exploring.processes.crews import Crews
from anyorder.exploring.processes.kernel import Kernel
from anyorder.exploring.processes.staff import EXECUTORS
from anyorder.exploring.processes.streams import Print
from anyorder.outcomes import StartMethod

if TYPE_CHECKING:
    from collections.abc import Callable

    from anyorder.exploring.events import Gate
    from anyorder.exploring.machine import Machine
    from anyorder.exploring.processes.starting import Beginnings

__all__ = ["ProcessLibrary"]

STATE = {
    "threading": (
        "_active", "_limbo", "_dangling", "_shutdown_locks", "_threading_atexits", "_counter",
        "_main_thread", "_SHUTTING_DOWN", "excepthook",
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
REFUSED = {
    "multiprocessing.managers": "a Manager talks through sockets",
    "multiprocessing.dummy": "multiprocessing.dummy is threads: use concurrent.futures",
    "multiprocessing.resource_sharer": "a handle sent through a queue travels by sockets",
}
PARENT = "multiprocessing"
WITH_STATE = (
    "multiprocessing.process", "multiprocessing.context", "multiprocessing.util",
    "multiprocessing.heap", EXECUTORS,
)  # what a process keeps in them is its own  # fmt: skip


class ProcessLibrary(Library):
    """The modules of the programs of one exploration.

    Args:
        machine: where they run
        program: the file name under which the program's code is compiled
        report: called with what a failing thread leaves on standard error
        method: how processes begin where the program does not say
    """

    machine: Computer
    beginnings: Beginnings
    stdout: Any
    stderr: Any
    labels: Callable[[], dict[int, tuple[Any, Any]]]
    look: Callable[[Any], Any]
    print: Print
    list_children: Callable[[], list[Any]]

    def __init__(
        self, machine: Computer, program: str, report: Callable[[str], None], method: StartMethod
    ) -> None:
        super().__init__(machine, program, report)
        self.method = method
        self.own: dict[str, ModuleType] = {}  # what stays loaded from one execution to the next
        self.replaced: dict[
            str, ModuleType | None
        ] = {}  # what an execution has put them in place of
        self.kernel = Kernel(machine)
        self.crews = Crews(self)
        self.thread_module._get_main_thread_ident = (  # type: ignore[attr-defined]
            lambda: machine.process.main.ident
        )
        machine.move_in = self.move_in
        self.stands = {
            "_multiprocessing": self.kernel.module(),
            "atexit": self.at_exit_module(),
            "os": self.kernel_os(),
            **self.kernel.memory.stands(),
        }
        self.calls = {
            **CALLS,
            "multiprocessing.reduction": self.reduction_calls,
            **self.kernel.calls(self),
        }
        self.main_class: type | None = None

    def reduction_calls(self, machine: Machine, module: Any) -> None:
        """Let the program's ``print`` be pickled."""
        del machine

        def find_print() -> Print:
            return self.print

        find_print.__module__, find_print.__qualname__ = module.__name__, "find_print"
        vars(module)["find_print"] = find_print
        vars(module)["register"](Print, lambda _: (find_print, ()))

    def look_at(self, thing: Any) -> Any:
        """Read all of a value, as the program's own code would, and return it."""
        return self.look(thing)

    # -- memory --------------------------------------------------------------------------------

    def begin(self) -> None:
        """Put every module back to its beginning, for a new execution."""
        self.kernel.begin()
        self.crews.begin()
        if self.machine.patched:
            self.own = {}
        super().begin()
        self.modules.update(self.own)
        for name, module in self.own.items():
            self.show(name, module)
            self.begin_module(name)

    def show(self, name: str, module: ModuleType) -> None:
        """Put a module where pickle looks for classes, in place of the real one."""
        self.replaced.setdefault(name, sys.modules.get(name))
        sys.modules[name] = module

    def begin_process(self) -> None:
        """Let the current process, whose memory is in place, know of itself and of no thread."""
        self.begin_threads(self.machine.current)

    def move_in(self, process: SimulatedProcess) -> None:
        """Exchange what the modules keep for the resident process for that of another one."""
        self.move_out(self.machine.resident)
        if process.image is not None:
            process.image.move_in(process)
        for name in self.with_state():
            kept = process.memory.get(name)
            if kept is None:
                self.begin_module(name, process)
            else:
                self.put(name, kept)
        threads = process.memory.get("threading")
        names = vars(self.threading)
        if threads is None:
            names.update(self.fresh_threads())
        else:
            names.update(threads)
        (sys.stdout, sys.stderr, sys.excepthook, sys.argv, main) = process.world
        sys.modules["__main__"] = sys.modules["__mp_main__"] = main

    def move_out(self, process: SimulatedProcess) -> None:
        """Keep what the modules hold for a process."""
        memory = process.memory
        names = vars(self.threading)
        memory["threading"] = {name: names[name] for name in STATE["threading"] if name in names}
        for name in self.with_state():
            memory[name] = self.taken(name)
        process.world = (
            sys.stdout, sys.stderr, sys.excepthook, sys.argv, sys.modules["__main__"],
        )  # fmt: skip

    def with_state(self) -> list[str]:
        """Return the modules in which each process keeps something of its own."""
        return [name for name in WITH_STATE if name in self.own]

    def taken(self, name: str) -> dict[str, Any]:
        """Return what a module keeps for the resident process."""
        names = vars(self.own[name])
        kept = {one: names[one] for one in STATE.get(name, ())}
        if name == "multiprocessing.util":
            kept["_finalizer_registry"] = dict(names["_finalizer_registry"])
        elif name == "multiprocessing.context":
            kept["_default_context"] = names["_default_context"]._actual_context
        elif name == "multiprocessing.heap":
            kept["_heap"] = names["BufferWrapper"]._heap
        return kept

    def put(self, name: str, kept: dict[str, Any]) -> None:
        """Let a module keep this for the process that becomes the resident one."""
        names = vars(self.own[name])
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
        """Let a module keep what it keeps at the beginning of the process, or the current one."""
        process = process or self.machine.process
        if name == "multiprocessing.util":
            self.put(name, {
                "_afterfork_registry": weakref.WeakValueDictionary(), "_exiting": False,
                "_afterfork_counter": itertools.count(), "_finalizer_registry": {},
                "_finalizer_counter": itertools.count(), "_logger": None, "_log_to_stderr": False,
            })  # fmt: skip
            process.at_exit.insert(0, self.own[name]._exit_function)
        elif name == "multiprocessing.heap":
            self.machine.current.hiding += 1
            self.put(name, {"_heap": vars(self.own[name])["Heap"]()})
            self.machine.current.hiding -= 1
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

    def fresh_threads(self) -> dict[str, Any]:
        """Return what ``threading`` keeps for a process that has not begun."""
        names: dict[str, Any] = {
            "_active": {}, "_limbo": {}, "_dangling": WeakSet(), "_threading_atexits": [],
        }  # fmt: skip
        rarely: dict[str, Any] = {"_shutdown_locks": set(), "_SHUTTING_DOWN": False}
        names |= {name: value for name, value in rarely.items() if hasattr(self.threading, name)}
        original = self.kept["threading"][1]["excepthook"]
        return {**names, "excepthook": original}

    # -- importing -----------------------------------------------------------------------------

    def load(self, name: str) -> ModuleType:
        """Return the private copy of a module."""
        if name in self.modules:
            return self.modules[name]
        if not is_own(name):
            return super().load(name)
        if name in REFUSED:
            self.machine.refuse(f"{name} cannot be simulated: {REFUSED[name]}")
        if name.startswith(f"{PARENT}."):
            self.load(name.rpartition(".")[0])
            if name in self.modules:
                return self.modules[name]
        thread = self.machine.current
        made = thread.made
        if name == "multiprocessing.resource_tracker":
            module = self.modules[name] = self.kernel.memory.tracker()
            vars(self.load(PARENT))["resource_tracker"] = module
        else:
            module = super().load(name)
        thread.made = made  # the next execution finds the module loaded
        self.own[name] = module
        self.show(name, module)
        if name == "multiprocessing.process":
            self.main_class = type(vars(module)["_current_process"])
        elif name == "multiprocessing.context":
            make, concrete = vars(module)["DefaultContext"], vars(module)["_concrete_contexts"]
            vars(module)["_default_context"] = make(concrete[str(self.method)])
        elif name == "multiprocessing.util":
            self.machine.process.at_exit.insert(0, vars(module)["_exit_function"])
        return module

    def importing(
        self,
        name: str,
        globals: dict[str, Any] | None = None,  # noqa: A002 - so it is called
        locals: dict[str, Any] | None = None,  # noqa: A002 - so it is called
        fromlist: tuple[str, ...] = (),
        level: int = 0,
    ) -> ModuleType:
        """Import a module for the library's own code: private copies where there are any."""
        by = (globals or {}).get("__name__", "")
        if level:
            package = (globals or {})["__package__"].rsplit(".", level - 1)[0]
            name = f"{package}.{name}" if name else package
        if name == EXECUTORS:
            return self.load(name)
        if name.partition(".")[0] == PARENT:
            module = self.load(name)
            for child in fromlist or ():
                path = f"{name}.{child}"
                if not hasattr(module, child) and importlib.util.find_spec(path):
                    setattr(module, child, self.load(path))
            return module if fromlist else self.load(PARENT)
        if is_own(by):
            if name in self.stands:
                return self.stands[name]
            if name == "functools":
                return functools
        return super().importing(name, globals, locals, fromlist)

    def import_for_program(
        self,
        name: str,
        globals: dict[str, Any] | None = None,  # noqa: A002 - so it is called
        locals: dict[str, Any] | None = None,  # noqa: A002 - so it is called
        fromlist: tuple[str, ...] = (),
        level: int = 0,
    ) -> ModuleType:
        """Import a module for the program, or refuse it by name and line."""
        if name.partition(".")[0] == PARENT:
            return self.importing(name, globals, locals, fromlist, level)
        if name == "pickle":
            return self.importing(name, globals, locals, fromlist, level)
        return super().import_for_program(name, globals, locals, fromlist, level)

    # -- stand-ins -----------------------------------------------------------------------------

    def os(self) -> ModuleType:
        """Return ``os`` for the program, which cannot say which process it is in by number."""
        module = super().os()
        why = "is another number in each run: use current_process().name"

        def getpid() -> int:
            if sys._getframe(1).f_code.co_filename == self.program:
                self.machine.refuse(f"os.getpid() {why}")
            return self.machine.process.pid

        vars(module).update(getpid=getpid, getppid=self.refusing("os.getppid()", why))
        for name in ("close", "dup", "dup2"):
            setattr(module, name, self.refusing(f"os.{name}()", "is not simulated: use close()"))
        return module

    def atexit(self) -> ModuleType:
        """Return ``atexit``, which keeps for each process what it does at its end."""
        return self.stands["atexit"]

    def at_exit_module(self) -> ModuleType:
        """Make a stand-in for ``atexit``."""
        module = ModuleType("atexit")
        machine = self.machine
        calls: dict[Any, Any] = {}

        def register(call: Callable[..., Any], *args: Any, **kwargs: Any) -> Callable[..., Any]:
            if sys._getframe(1).f_code.co_filename == self.program:
                calls[call] = lambda: call(*args, **kwargs)
                machine.process.at_exit.append(calls[call])
            return call

        def unregister(call: Callable[..., Any]) -> None:
            if calls.get(call) in machine.process.at_exit:
                machine.process.at_exit.remove(calls[call])

        module.register = register  # type: ignore[attr-defined]
        module.unregister = unregister  # type: ignore[attr-defined]
        return module

    def kernel_os(self) -> ModuleType:
        """Return ``os`` for ``multiprocessing``, whose processes and pipes are simulated."""
        module = ModuleType("os")
        vars(module).update(vars(os))
        machine = self.machine

        def waitpid(pid: int, options: int) -> tuple[int, int]:
            process = machine.processes[pid - FIRST_PID]
            place = (EXITED, process.number)
            gates: tuple[Gate, ...] = () if options & os.WNOHANG else ((place, 1),)
            kind = "look after" if options & os.WNOHANG else "wait for end"
            machine.happen(kind, ((place, READ),), gates, about=process)
            if process.status is None:
                return 0, 0
            machine.joined(process.main)
            status = process.status
            return pid, -status if status < 0 else (status & 0xFF) << 8

        def kill(pid: int, number: int) -> None:
            if number not in {signal.SIGTERM, signal.SIGKILL}:
                machine.refuse("a process that is interrupted is not simulated: use terminate()")
            machine.send_signal(machine.processes[pid - FIRST_PID], int(number))

        vars(module).update(
            getpid=lambda: machine.process.pid,
            urandom=lambda count: b"\0" * count,
            waitpid=waitpid,
            kill=kill,
            **self.kernel.calls_of_os(),
        )
        return module

    def pid(self, process: Any) -> int:
        """Return a process's number for the library, and refuse to say it to the program."""
        if not is_own(sys._getframe(1).f_globals["__name__"]):
            self.machine.refuse(
                "the number of a process differs from run to run: use its name to explore"
            )
        current = vars(self.own["multiprocessing.process"])["_current_process"]
        if process is current:
            return self.machine.process.pid
        return process._popen and process._popen.pid  # type: ignore[no-any-return]


def is_own(name: str) -> bool:
    """Whether a module is a private copy that all processes use."""
    return name.partition(".")[0] == PARENT or name == EXECUTORS
