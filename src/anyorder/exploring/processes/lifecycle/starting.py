"""How a process begins, for each start method.

What ``multiprocessing`` does in the parent up to the system call, and in the child after it, is its
own code. What the interpreter does around that (running the program again as ``__mp_main__``) is
here.
"""

from __future__ import annotations

import io
import weakref
from contextlib import contextmanager
from contextvars import copy_context
from types import ModuleType
from typing import TYPE_CHECKING, Any

from anyorder.exploring.engine.events import EventKind
from anyorder.exploring.engine.machine import Halt
from anyorder.exploring.engine.switching import GreenletExit
from anyorder.exploring.processes.lifecycle.forkserver import current_process, fresh_world
from anyorder.exploring.refusal import CannotExplore

if TYPE_CHECKING:
    from collections.abc import Iterator

    from anyorder.exploring.processes.fork.memory import Forking
    from anyorder.exploring.processes.lifecycle.ending import ProcessEnding
    from anyorder.exploring.processes.lifecycle.forkserver import ForkServer, Modules
    from anyorder.exploring.processes.lifecycle.logger import ProcessLogger
    from anyorder.exploring.processes.lifecycle.signals import ProcessInterrupts
    from anyorder.exploring.processes.pools.registry import PoolRegistry
    from anyorder.exploring.processes.system.kernel import Kernel
    from anyorder.exploring.processes.system.process import SimulatedProcess

__all__ = ["ProcessStarter"]

START = EventKind("start process", says="starts {}", waits=None, whole=False)


class ProcessStarter:
    """Begins the processes of one computer.

    Args:
        modules: the private copies of the library's modules
        kernel: what the operating system keeps
        forking: copies the memory of processes
        fork_server: the fork server
        ending: ends processes
        pools: the pools of processes
        interrupts: the signal handlers of processes
        logger: the logger of ``multiprocessing``
    """

    def __init__(  # noqa: PLR0913, PLR0917 - each is said once
        self,
        modules: Modules,
        kernel: Kernel,
        forking: Forking,
        fork_server: ForkServer,
        ending: ProcessEnding,
        pools: PoolRegistry,
        interrupts: ProcessInterrupts,
        logger: ProcessLogger,
    ) -> None:
        self.machine = kernel.machine
        self.modules = modules
        self.load = modules.load
        self.descriptors = kernel.descriptors
        self.memory = kernel.memory
        self.names = kernel.names
        self.forking = forking
        self.fork_server = fork_server
        self.ending = ending
        self.pools = pools
        self.interrupts = interrupts
        self.logger = logger

    # -- the parent's side ---------------------------------------------------------------------

    def fork(self, popen: Any, process: Any) -> None:
        """Do what ``Popen._launch`` does under ``fork``, for a ``Popen`` of a ``Process``."""
        machine = self.machine
        found = machine.forked()
        machine.happen(START, found, about=process)
        parent = machine.process
        copied: list[Any] = []
        child = machine.begin_process(
            process.name, lambda child: self.forked(child, copied[0], parent)
        )
        with self.copying():
            copy, values = self.forking.fork(process, parent, child)
            copied.append(copy)
            child.main.context = values.copy(copy_context())
        self.inherit(child, parent)
        child.tracker = parent.tracker
        child.server_ignores = parent.server_ignores
        self.note(popen, child, process)
        if found:
            self.pools.differs(child)

    @contextmanager
    def copying(self) -> Iterator[None]:
        """Refuse a program whose memory cannot be copied: a real fork copies whatever there is."""
        try:
            yield
        except Exception as error:  # noqa: BLE001 - whatever it is, no program has raised it
            self.machine.refuse(
                "what this process has in its memory cannot be copied to the one that is forked "
                f"here ({type(error).__name__}: {error}): make it after the fork"
            )

    def spawn(self, popen: Any, process: Any) -> None:
        """Do the same under ``spawn``."""
        preparation, data = self.pickled(popen, process)
        machine = self.machine
        machine.happen(START, (), about=process)
        parent = machine.process
        child = machine.begin_process(
            process.name, lambda child: self.spawned(child, data, parent, preparation)
        )
        self.set_up(child)
        if self.interrupts.ignores(parent):
            self.interrupts.ignore(child)
        self.descriptors.inherit(child, popen._fds)
        self.note(popen, child, process)

    def serve(self, popen: Any, process: Any) -> None:
        """Do the same under ``forkserver``."""
        preparation, data = self.pickled(popen, process)
        machine = self.machine
        self.logger.make_folder()
        machine.happen(START, (), about=process)
        parent = machine.process
        if parent.server_ignores is None:
            parent.server_ignores = self.interrupts.ignores(parent)
        server = None
        if self.fork_server.reads_program():
            server = self.fork_server.ready()
        child = machine.begin_process(
            process.name, lambda child: self.served(child, data, parent, preparation)
        )
        child.served = True
        self.set_up(child)
        if server is not None and server.main_module is not None:
            with self.copying():
                self.forking.fork_server(server, child)
            self.inherit(child, server)
        if parent.server_ignores:
            self.interrupts.ignore(child)
        self.descriptors.inherit(child, popen._fds)
        self.note(popen, child, process)

    def set_up(self, child: SimulatedProcess) -> None:
        """Give a child that is not forked what it begins with."""
        child.world = fresh_world(self.ending.streams)
        child.tracker = self.memory.tracked()
        begins = child.main.event
        assert begins is not None
        begins.footprint += self.names.taken()

    def inherit(self, child: SimulatedProcess, parent: SimulatedProcess) -> None:
        """Give a forked process what its parent has: files, handlers of signals, ``logging``."""
        child.logging = parent.logging
        self.descriptors.inherit(child, self.descriptors.open[parent.number])
        self.interrupts.inherit(child, parent)

    def pickled(self, popen: Any, process: Any) -> tuple[dict[str, Any], bytes]:
        """Return what is sent to a child: how it is prepared, and what it does, pickled."""
        if self.machine.process.parent is None and self.machine.past_last_line():
            self.machine.refuse(
                "a process that starts once the main thread has come to its last line, as this one "
                "may, does not find the program: start it before, and join a thread that does so"
            )
        spawn = vars(self.load("multiprocessing.spawn"))
        context = vars(self.load("multiprocessing.context"))
        preparation = spawn["get_preparation_data"](process._name)
        file = io.BytesIO()
        context["set_spawning_popen"](popen)
        try:
            context["reduction"].dump(preparation, io.BytesIO())
            context["reduction"].dump(process, file)
        finally:
            context["set_spawning_popen"](None)
        return preparation, file.getvalue()

    def note(self, popen: Any, child: SimulatedProcess, process: Any) -> None:
        """Tell a ``Popen`` of its child, and a pool of its worker."""
        self.pools.hire(process._args, child)
        popen.pid = child.pid
        popen.sentinel = child.sentinel
        # what closes its files, which are none here: it can be pickled as little as the real one
        finalizer = vars(self.load("multiprocessing.util"))["Finalize"]
        popen.finalizer = finalizer.__new__(finalizer)
        popen.finalizer._weakref, popen.finalizer._key = weakref.ref(popen), (None, 0)

    # -- the child's side ----------------------------------------------------------------------

    def forked(self, child: SimulatedProcess, process: Any, parent: SimulatedProcess) -> None:
        """Do what a child of ``fork`` does, from its beginning to its end."""
        self.modules.begin_process()
        self.forking.begin(child)
        child.at_exit = []
        status = process._bootstrap(parent_sentinel=parent.sentinel)
        self.ending.leave(child, status)

    def spawned(
        self,
        child: SimulatedProcess,
        data: bytes,
        parent: SimulatedProcess,
        preparation: dict[str, Any],
    ) -> None:
        """Do what a child of ``spawn`` does."""
        self.modules.begin_process()
        status = self.run_sent(child, data, parent, preparation, BaseException)
        self.ending.end_interpreter(child, status & 0xFF)

    def served(
        self,
        child: SimulatedProcess,
        data: bytes,
        parent: SimulatedProcess,
        preparation: dict[str, Any],
    ) -> None:
        """Do what a child of the fork server does."""
        self.modules.begin_process()
        self.forking.begin(child)
        child.at_exit = []
        status = self.run_sent(child, data, parent, preparation, Exception)
        self.ending.leave(child, status)

    def run_sent(
        self,
        child: SimulatedProcess,
        data: bytes,
        parent: SimulatedProcess,
        preparation: dict[str, Any],
        caught: type[BaseException],
    ) -> int:
        """Run what was sent to a child, and return its exit code.

        Args:
            child: the child
            data: what was sent
            parent: who sent it
            preparation: what is to be done before: a logger, a start method
            caught: the errors that it ends by in the ordinary way
        """
        try:
            return self.unpack(child, data, parent, preparation)
        except (Halt, CannotExplore, GreenletExit):
            raise
        except caught as error:
            return self.ending.failed(error)

    def unpack(
        self,
        child: SimulatedProcess,
        data: bytes,
        parent: SimulatedProcess,
        preparation: dict[str, Any],
    ) -> int:
        """Read the program again where that is not done yet, and run what was sent."""
        process = current_process(self.load)
        process.name = child.name
        context = vars(self.load("multiprocessing.context"))["_default_context"]
        process._inheriting = True
        try:
            self.logger.take_over(preparation)
            context.set_start_method(preparation["start_method"], force=True)
            if child.main_module is None:
                child.main_module = ModuleType("__mp_main__")
                self.fork_server.run_program(child.main_module)
            reduction = vars(self.load("multiprocessing.reduction"))
            received = reduction["pickle"].loads(data)
        finally:
            del process._inheriting
        return int(received._bootstrap(parent.sentinel))
