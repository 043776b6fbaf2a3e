"""How a process begins, for each start method.

What ``multiprocessing`` does in the parent up to the system call, and in the child after it, is its
own code. What the interpreter does around that (running the program again as ``__mp_main__``) is
here.
"""

from __future__ import annotations

import io
import sys
from contextvars import copy_context
from types import ModuleType
from typing import TYPE_CHECKING, Any

from greenlet import GreenletExit

from anyorder.exploring.engine.events import READ, WRITE, EventKind
from anyorder.exploring.engine.machine import Halt
from anyorder.exploring.library.calls import CALLS
from anyorder.exploring.processes.fork.copying import Copier
from anyorder.exploring.processes.lifecycle.forkserver import ForkServers
from anyorder.exploring.refusal import CannotExplore

if TYPE_CHECKING:
    from collections.abc import Callable

    from anyorder.exploring.engine.machine import Machine
    from anyorder.exploring.processes.library.importing import ProcessLibrary
    from anyorder.exploring.processes.lifecycle.process import SimulatedProcess

__all__ = ["Beginnings", "starting_calls"]

START = EventKind("start process", says="starts {}", waits=None, whole=False)
EXITING = EventKind(
    "exiting",
    says=lambda event, _: (
        "begins to exit" if event.about == WRITE else "asks whether its process exits"
    ),
    waits=None,
    whole=False,
)


def starting_calls(  # noqa: C901 - a case for each module
    library: ProcessLibrary,
) -> dict[str, Callable[[Machine, ModuleType], None]]:
    """Return what is done to the modules that begin processes, once they are loaded."""
    beginnings = library.beginnings = Beginnings(library)

    def threads(machine: Machine, module: ModuleType) -> None:
        CALLS["threading"](machine, module)
        library.machine.moments.threading_calls(module)
        vars(module)["_shutdown"] = beginnings.end_threads

    def process(_: Machine, module: ModuleType) -> None:
        base = vars(module)["BaseProcess"]
        base.ident = base.pid = property(library.pid)
        base.__hash__ = lambda self: hash(
            self._identity
        )  # so that a set of children keeps its order
        if library.machine.facts.signals:
            library.interrupts.follow_targets(base)
        forget_ended, list_children = vars(module)["_cleanup"], vars(module)["active_children"]
        current_process = vars(module)["current_process"]

        def say_name() -> Any:
            if sys._getframe(1).f_code.co_filename == library.program:
                library.crews.asked_for_name()
            return current_process()

        def active_children() -> list[Any]:
            library.crews.asked_for_names()
            forget_ended()
            return list_children()  # type: ignore[no-any-return]

        # Which of the children have ended by now shows nowhere else, so nothing else asks.
        vars(module)["_cleanup"] = lambda: None
        # pickle finds the ends of a pool by a name
        vars(module)["_find_crew"] = library.crews.find
        vars(module)["active_children"] = active_children
        vars(module)["current_process"] = say_name
        library.list_children = list_children

    def util(_: Machine, module: ModuleType) -> None:
        vars(module)["_close_stdin"] = lambda: None
        call = vars(module)["_exit_function"]
        asked = library.load("multiprocessing.process").active_children
        call.__defaults__ = tuple(
            library.list_children if one is asked else one for one in call.__defaults__
        )
        follow_exit(library, module)

    def fork(_: Machine, module: ModuleType) -> None:
        vars(module)["Popen"]._launch = launching(beginnings.fork)

    def spawn(_: Machine, module: ModuleType) -> None:
        vars(module)["Popen"]._launch = launching(beginnings.spawn)

    def serve(_: Machine, module: ModuleType) -> None:
        popen = vars(module)["Popen"]
        popen._launch = launching(beginnings.serve)
        base = library.load("multiprocessing.popen_fork")
        popen.poll = vars(base)["Popen"].poll
        spawning = vars(library.load("multiprocessing.popen_spawn_posix"))["Popen"]
        popen.DupFd, popen.duplicate_for_child = spawning.DupFd, spawning.duplicate_for_child
        library.load("multiprocessing.forkserver")

    return {
        "threading": threads,
        "multiprocessing.process": process,
        "multiprocessing.util": util,
        "multiprocessing.popen_fork": fork,
        "multiprocessing.popen_spawn_posix": spawn,
        "multiprocessing.popen_forkserver": serve,
    }


def follow_exit(library: ProcessLibrary, module: ModuleType) -> None:
    """Let ``util`` say in an event that a process begins to exit, where a thread of it may ask."""
    call, asks = vars(module)["_exit_function"], vars(module)["is_exiting"]

    def reach_exiting(mode: int) -> None:
        place = ("exiting", library.machine.current.home)
        if library.kernel.pipes.descriptors.sharing.touch(place, mode):
            library.machine.happen(EXITING, ((place, mode),), about=mode)

    def exit_function() -> None:
        reach_exiting(WRITE)
        call()

    def is_exiting() -> bool:
        reach_exiting(READ)
        return asks()  # type: ignore[no-any-return]

    vars(module).update(_exit_function=exit_function, is_exiting=is_exiting)


def launching(launch: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
    """Return a function that can be a method of ``Popen``."""

    def method(popen: Any, process: Any) -> None:
        launch(popen, process)

    return method


class Beginnings(ForkServers):
    """The beginnings of the processes of one computer.

    Args:
        library: the modules that they use
    """

    # -- the parent's side ---------------------------------------------------------------------

    def fork(self, popen: Any, process: Any) -> None:
        """Do what ``Popen._launch`` does under ``fork``, for a ``Popen`` of a ``Process``."""
        machine = self.machine
        found = machine.sharing.forked()
        machine.happen(START, found, about=process)
        parent = machine.process
        copied: list[Any] = []
        child = machine.begin_process(
            process.name, lambda child: self.forked(child, copied[0], parent)
        )
        copier = Copier(self.library, parent, child)
        try:
            copied.append(copier.copy_for(process))
            child.main.greenlet.gr_context = copier.copy(copy_context())
        except Exception as error:  # noqa: BLE001 - a real fork runs nothing that could fail
            machine.refuse(
                "what this process has in its memory cannot be copied to the one that is forked "
                f"here ({type(error).__name__}: {error}): make it after the fork"
            )
        self.inherit(child, parent)
        self.inherit_handlers(child, parent)
        child.tracker = parent.tracker
        self.note(popen, child, process)
        if found:
            self.library.crews.differs(child)

    def spawn(self, popen: Any, process: Any) -> None:
        """Do the same under ``spawn``."""
        data = self.pickled(popen, process)
        machine = self.machine
        machine.happen(START, (), about=process)
        parent = machine.process
        method = self.method()
        child = machine.begin_process(
            process.name, lambda child: self.spawned(child, data, parent, method)
        )
        self.set_up(child)
        self.library.kernel.pipes.descriptors.inherit(child, popen._fds)
        self.note(popen, child, process)

    def serve(self, popen: Any, process: Any) -> None:
        """Do the same under ``forkserver``."""
        data = self.pickled(popen, process)
        machine = self.machine
        machine.happen(START, (), about=process)
        parent = machine.process
        method = self.method()
        server = None
        if self.server_reads_program():
            server = self.ready_server()
        child = machine.begin_process(
            process.name, lambda child: self.served(child, data, parent, method)
        )
        self.set_up(child)
        if server is not None and server.main_module is not None:
            Copier(self.library, server, child).copy_all()
            self.inherit(child, server)
            self.inherit_handlers(child, server)
        self.library.kernel.pipes.descriptors.inherit(child, popen._fds)
        self.note(popen, child, process)

    def set_up(self, child: SimulatedProcess) -> None:
        """Let a child that is not forked have what it begins with."""
        kernel = self.library.kernel
        child.world = self.world(None)
        child.tracker = kernel.memory.tracked()
        begins = child.main.event
        assert begins is not None
        begins.footprint += kernel.names.taken()

    def inherit(self, child: SimulatedProcess, parent: SimulatedProcess) -> None:
        """Let a forked process have open all that its parent has."""
        descriptors = self.library.kernel.pipes.descriptors
        descriptors.inherit(child, descriptors.open[parent.number])

    def inherit_handlers(self, child: SimulatedProcess, parent: SimulatedProcess) -> None:
        """Let a forked process handle signals as its parent does."""
        self.library.interrupts.inherit(child, parent)

    def pickled(self, popen: Any, process: Any) -> bytes:
        """Return what is sent to a child, pickled as it really is."""
        spawn = vars(self.library.load("multiprocessing.spawn"))
        context = vars(self.library.load("multiprocessing.context"))
        preparation = spawn["get_preparation_data"](process._name)
        file = io.BytesIO()
        context["set_spawning_popen"](popen)
        try:
            context["reduction"].dump(preparation, io.BytesIO())
            context["reduction"].dump(process, file)
        finally:
            context["set_spawning_popen"](None)
        return file.getvalue()

    def method(self) -> str | None:
        """Return the start method that the current process has set, if it has."""
        context = vars(self.library.load("multiprocessing.context"))["_default_context"]
        return context.get_start_method(allow_none=True)  # type: ignore[no-any-return]

    def note(self, popen: Any, child: SimulatedProcess, process: Any) -> None:
        """Let a ``Popen`` know of its child, and a pool of its worker."""
        self.library.crews.hire(process._args, child)
        popen.pid = child.pid
        popen.sentinel = child.sentinel
        popen.finalizer = None

    # -- the child's side ----------------------------------------------------------------------

    def forked(self, child: SimulatedProcess, process: Any, parent: SimulatedProcess) -> None:
        """Do what a child of ``fork`` does, from its beginning to its end."""
        self.library.begin_process()
        self.library.adopt_threads(child)
        child.at_exit = []
        status = process._bootstrap(parent_sentinel=parent.sentinel)
        self.leave(child, status)

    def spawned(
        self, child: SimulatedProcess, data: bytes, parent: SimulatedProcess, method: str | None
    ) -> None:
        """Do what a child of ``spawn`` does."""
        self.library.begin_process()
        try:
            status = self.unpack(child, data, parent, method)
        except (Halt, CannotExplore, GreenletExit):
            raise
        except BaseException as error:  # noqa: BLE001 - so does the interpreter
            status = self.failed(error)
        self.end_interpreter(child, status)

    def served(
        self, child: SimulatedProcess, data: bytes, parent: SimulatedProcess, method: str | None
    ) -> None:
        """Do what a child of the fork server does."""
        self.library.begin_process()
        child.at_exit = []
        try:
            status = self.unpack(child, data, parent, method)
        except (Halt, CannotExplore, GreenletExit):
            raise
        except Exception as error:  # noqa: BLE001 - so does the interpreter
            status = self.failed(error)
        self.leave(child, status)

    def unpack(
        self, child: SimulatedProcess, data: bytes, parent: SimulatedProcess, method: str | None
    ) -> int:
        """Read the program again where that is not done yet, and run what was sent."""
        process = self.current()
        process.name = child.name
        context = vars(self.library.load("multiprocessing.context"))["_default_context"]
        process._inheriting = True
        try:
            context.set_start_method(method, force=True)
            if child.main_module is None:
                child.main_module = ModuleType("__mp_main__")
                self.run_program(child.main_module)
            reduction = vars(self.library.load("multiprocessing.reduction"))
            received = reduction["pickle"].loads(data)
        finally:
            del process._inheriting
        return int(received._bootstrap(parent.sentinel))
