"""Private copies of ``multiprocessing``: how they are loaded, and what they import."""

from __future__ import annotations

import functools
import importlib.util
import sys
from functools import partial
from types import ModuleType
from typing import TYPE_CHECKING, Any, NoReturn

from anyorder.exploring.engine.events import READ
from anyorder.exploring.engine.varying import FIRST_PROCESS
from anyorder.exploring.library.importing import Library
from anyorder.exploring.library.stand_ins import atexit_module, os_module
from anyorder.exploring.processes.library.module_state import EXECUTORS, ModuleState
from anyorder.exploring.processes.system.os import LOOK_AFTER, os_of_processes
from anyorder.exploring.processes.system.process import EXITED

if TYPE_CHECKING:
    from collections.abc import Callable

    from anyorder.exploring.processes.system.computer import Computer
    from anyorder.exploring.processes.system.kernel import Kernel
    from anyorder.exploring.signals.interrupts import Interrupts
    from anyorder.outcomes import StartMethod

__all__ = ["ProcessLibrary", "is_own"]

MANAGERS = "multiprocessing.managers"
NO_MANAGERS = (
    "a Manager talks through sockets, and is not simulated: use a Queue, a Value or an Array, or "
    "leave the program unexplored"
)
REFUSED = {
    "multiprocessing.dummy": "multiprocessing.dummy is not simulated: use concurrent.futures",
    "multiprocessing.resource_sharer": "a handle that is sent through a queue is not simulated: "
    "give the connection to the process as an argument",
}
# the classes of managers that a program may name
MADE_BY = ("BaseManager", "SharedMemoryManager", "SyncManager")
PARENT = "multiprocessing"
FORK_SERVER = FIRST_PROCESS + 999_999  # a number that no other process has


class ProcessLibrary(Library):
    """The modules of the programs of one exploration.

    Args:
        machine: where they run
        report: called with what a failing thread leaves on standard error
        method: how processes begin where the program does not say
        interrupts: the signals of the program's processes
        kernel: what the operating system keeps
    """

    machine: Computer
    as_for_library = frozenset({PARENT, "pickle", EXECUTORS})

    def __init__(
        self,
        machine: Computer,
        report: Callable[[str], None],
        method: StartMethod,
        interrupts: Interrupts,
        kernel: Kernel,
    ) -> None:
        super().__init__(machine, report, interrupts)
        self.method = method
        self.kernel = kernel
        self.memory = kernel.memory
        self.makers: dict[str, Callable[[], ModuleType]] = {  # of modules that are not copied
            "multiprocessing.resource_tracker": self.memory.tracker,
            MANAGERS: partial(managers, machine),
        }
        self.state = ModuleState(machine)
        self.state.show_own = self.show_own
        self.replaced: dict[
            str, ModuleType | None
        ] = {}  # what an execution has put them in place of
        self.thread_module._get_main_thread_ident = (  # type: ignore[attr-defined]
            lambda: machine.process.main.ident
        )
        self.stands = {
            "_multiprocessing": kernel.module(),
            "atexit": atexit_module(machine, lambda: machine.process.at_exit),
            "os": os_of_processes(machine, kernel.calls_of_os()),
            **self.memory.stands(),
        }
        self.stand_ins |= {"os": self.os, "atexit": lambda: self.stands["atexit"]}

    # -- memory --------------------------------------------------------------------------------

    def begin(self) -> None:
        """Put every module back to its beginning, for a new execution."""
        self.loggings: dict[int, ModuleType | None] = {}  # of each process that has one of its own
        self.logs = self.machine.processes[0].logging  # whose is in place
        own = self.state.modules
        if self.machine.patched:
            own.clear()
        super().begin()
        self.modules.update(own)
        for name, module in own.items():
            self.show(name, module)
        self.state.begin(self.threading, self.kept["threading"][1]["excepthook"])

    def show(self, name: str, module: ModuleType) -> None:
        """Put a module where pickle looks for classes, in place of the real one."""
        self.replaced.setdefault(name, sys.modules.get(name))
        sys.modules[name] = module

    def show_own(self, home: int) -> None:
        """Put in place the program's own modules of a process, and its ``logging``."""
        self.own.show(home)
        self.loggings[self.logs] = self.modules.pop("logging", None)
        self.logs = self.machine.processes[home].logging
        module = self.loggings.get(self.logs)
        if module is not None:
            self.modules["logging"] = module

    def begin_process(self) -> None:
        """Begin the current process, whose memory is in place, with no thread but its main one."""
        self.begin_threads(self.machine.current)

    # -- importing -----------------------------------------------------------------------------

    def load(self, name: str) -> ModuleType:
        """Return the private copy of a module."""
        if name in self.modules:
            return self.modules[name]
        if not is_own(name):
            return super().load(name)
        if name in REFUSED:
            self.machine.refuse(REFUSED[name])
        if name.startswith(f"{PARENT}."):
            self.load(name.rpartition(".")[0])
            if name in self.modules:
                return self.modules[name]
        thread = self.machine.current
        made = thread.made
        if name in self.makers:
            module = self.modules[name] = self.makers[name]()
            vars(self.load(PARENT))[name.rpartition(".")[2]] = module
        else:
            module = super().load(name)
        thread.made = made  # the next execution finds the module loaded
        self.state.modules[name] = module
        self.show(name, module)
        if name == "multiprocessing.process":
            self.state.main_class = type(vars(module)["_current_process"])
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
            top: Any = super().importing(name.rpartition(".")[0])
            module = top.futures.process = self.load(name)
            return module if fromlist else top
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

    def os(self) -> ModuleType:
        """Return ``os`` for the program."""
        module = os_module(self.machine)
        vars(module).update(
            _exit=self.kernel.exit,
            getpid=lambda: self.machine.varied.pid(self.machine.process.pid),
            getppid=self.parent_pid,
        )
        for name in ("close", "dup", "dup2"):
            setattr(module, name, self.refusing(f"os.{name}()", "is not simulated: use close()"))
        return module

    def parent_pid(self) -> int:
        """Do what ``os.getppid`` does: a child of the fork server has that for a parent."""
        machine = self.machine
        process = machine.process
        if process.parent is None:
            return machine.varied.pid(FIRST_PROCESS)
        if process.served:
            return machine.varied.pid(FORK_SERVER)
        parent = process.parent
        machine.happen(LOOK_AFTER, (((EXITED, parent.number), READ),), about=parent)
        if parent.status is not None:
            machine.refuse(
                "os.getppid() finds that the parent has ended, and says who has taken over, which "
                "differs: let the parent join its children"
            )
        return machine.varied.pid(parent.pid)


def is_own(name: str) -> bool:
    """Whether a module is a private copy that all processes use."""
    return name.partition(".")[0] == PARENT or name == EXECUTORS


def managers(machine: Computer) -> ModuleType:
    """Return a module that may be imported, and refuses whatever a program does with a manager."""

    def made(*_: object, **__: object) -> NoReturn:
        machine.refuse(NO_MANAGERS)

    def look(_: object, name: str) -> NoReturn:
        if name.startswith("__"):
            raise AttributeError(name)
        made()

    meta = type("type", (type,), {"__getattr__": look})
    module = ModuleType(MANAGERS)
    names = {"__module__": MANAGERS, "__init__": made}
    vars(module).update({name: meta(name, (), dict(names)) for name in MADE_BY})
    vars(module)["__getattr__"] = partial(look, module)
    return module
