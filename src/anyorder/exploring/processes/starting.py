"""How a process begins and ends, for each start method.

What ``multiprocessing`` does in the parent up to the system call, and in the child after it, is its
own code. What the interpreter does around that (running the program again as ``__mp_main__``, the
fork server, the order of flushing and joining at the end) is here; where versions differ, the
version's own modules are asked.
"""

from __future__ import annotations

import errno
import io
import os
import sys
import traceback
from types import ModuleType
from typing import TYPE_CHECKING, Any

from greenlet import GreenletExit

from anyorder.exploring.calls import CALLS
from anyorder.exploring.events import READ, WRITE
from anyorder.exploring.machine import Halt
from anyorder.exploring.processes.computer import EXITED
from anyorder.exploring.processes.copying import Copier
from anyorder.exploring.refusal import CannotExplore

if TYPE_CHECKING:
    from collections.abc import Callable

    from anyorder.exploring.machine import Machine
    from anyorder.exploring.processes.computer import SimulatedProcess
    from anyorder.exploring.processes.library import ProcessLibrary

__all__ = ["Beginnings", "starting_calls"]

READY = "ready"  # whether the fork server has read the program, or has died of it
DEAD = "dead"  # whether it has died of it


def starting_calls(library: ProcessLibrary) -> dict[str, Callable[[Machine, ModuleType], None]]:
    """Return what is done to the modules that begin processes, once they are loaded."""
    beginnings = library.beginnings = Beginnings(library)

    def threads(machine: Machine, module: ModuleType) -> None:
        CALLS["threading"](machine, module)
        vars(module)["_shutdown"] = beginnings.end_threads

    def process(_: Machine, module: ModuleType) -> None:
        base = vars(module)["BaseProcess"]
        base.ident = base.pid = property(library.pid)
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
        # pickle finds the ends of a pool, and print, by a name
        vars(module)["_find_crew"] = library.crews.find
        vars(module)["_find_print"] = library.find_print
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


def launching(launch: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
    """Return a function that can be a method of ``Popen``."""

    def method(popen: Any, process: Any) -> None:
        launch(popen, process)

    return method


class Beginnings:
    """The beginnings and ends of the processes of one computer.

    Args:
        library: the modules that they use

    Attributes:
        run_program: runs the program's file as a module of some name, in the current process
        server: the fork server, once it has begun
    """

    run_program: Callable[[ModuleType], None]

    def __init__(self, library: ProcessLibrary) -> None:
        self.library = library
        self.machine = library.machine
        self.server: SimulatedProcess | None = None

    def begin(self) -> None:
        """Forget the fork server, for a new execution."""
        self.server = None

    # -- the parent's side ---------------------------------------------------------------------

    def fork(self, popen: Any, process: Any) -> None:
        """Do what ``Popen._launch`` does under ``fork``, for a ``Popen`` of a ``Process``."""
        machine = self.machine
        machine.happen("start", (), about=process)
        parent = machine.process
        copied: list[Any] = []
        child = machine.begin_process(
            process.name, lambda child: self.forked(child, copied[0], parent)
        )
        copied.append(Copier(self.library, parent, child).copy_for(process))
        self.note(popen, child, process)

    def spawn(self, popen: Any, process: Any) -> None:
        """Do the same under ``spawn``."""
        data = self.pickled(popen, process)
        machine = self.machine
        machine.happen("start", (), about=process)
        parent = machine.process
        method = self.method()
        child = machine.begin_process(
            process.name, lambda child: self.spawned(child, data, parent, method)
        )
        child.world = self.world(None)
        self.note(popen, child, process)

    def serve(self, popen: Any, process: Any) -> None:
        """Do the same under ``forkserver``."""
        data = self.pickled(popen, process)
        machine = self.machine
        machine.happen("start", (), about=process)
        parent = machine.process
        method = self.method()
        server = None
        if self.server_reads_program():
            server = self.ready_server()
        child = machine.begin_process(
            process.name, lambda child: self.served(child, data, parent, method)
        )
        child.world = self.world(None)
        if server is not None and server.main_module is not None:
            Copier(self.library, server, child).copy_all()
        self.note(popen, child, process)

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
        popen.sentinel = -child.number
        popen.finalizer = None

    def world(self, main: ModuleType | None) -> tuple[Any, ...]:
        """Return the interpreter's own places for a process that begins afresh."""
        main = main or ModuleType("__main__")
        library = self.library
        return library.stdout, library.stderr, sys.__excepthook__, list(sys.argv), main

    # -- the fork server -----------------------------------------------------------------------

    def server_reads_program(self) -> bool:
        """Whether this version's fork server reads the program, once, before it forks."""
        server = vars(self.library.load("multiprocessing.forkserver"))["ForkServer"]
        return "main_path" in server.ensure_running.__code__.co_consts and (
            "init_main_from_path" in server.ensure_running.__code__.co_consts
        )

    def ready_server(self) -> SimulatedProcess:
        """Return the fork server once it is ready, and begin it where there is none.

        Raises:
            ConnectionError, EOFError: it died before it was ready
        """
        machine = self.machine
        if self.server is not None:
            machine.happen("look", (((EXITED, self.server.number), READ),), about=("fork server",))
        if self.server is None or self.server.status is not None:
            self.server = machine.begin_process("forkserver", self.be_server)
            self.server.world = self.world(None)
            machine.counter((READY, self.server.number), 0)
        server = self.server
        ready = (READY, server.number)
        errors = [errno.ECONNREFUSED]  # as it connects, sends its handles, and sends its data
        if not hasattr(self.library.load("multiprocessing.forkserver"), "_AUTHKEY_LEN"):
            errors += [errno.ECONNRESET, errno.EPIPE]
        dead = (DEAD, server.number)
        for number in errors:
            machine.happen("look", ((dead, READ),), about=("fork server",))
            if server.status is not None:
                raise OSError(number, os.strerror(number))
        machine.happen("wait for fork", ((ready, READ), (dead, READ)), ((ready, 1),), about=server)
        if server.status is not None:
            if len(errors) > 1:
                raise EOFError("unexpected EOF")
            raise OSError(errno.ECONNRESET, os.strerror(errno.ECONNRESET))
        return server

    def be_server(self, server: SimulatedProcess) -> None:
        """Read the program as a module, as the fork server does, and stay ready to be forked."""
        self.library.begin_process()
        machine = self.machine
        module = ModuleType("__mp_main__")
        names = vars(self.library.load("multiprocessing.forkserver"))
        ready = (READY, server.number)
        process = self.current()
        process._inheriting = True
        try:
            self.run_program(module)
            server.main_module = module
        except (Halt, CannotExplore, GreenletExit):
            raise
        except BaseException as error:  # noqa: BLE001 - the interpreter does so too
            if "_handle_preload" not in names or not isinstance(error, Exception):
                status = self.failed(error)
                self.flush()
                exited, dead = (EXITED, server.number), (DEAD, server.number)
                event = machine.happen("exits", ((ready, WRITE), (exited, WRITE), (dead, WRITE)))
                event.effects += ((ready, True, 1),)
                machine.apply(((ready, True, 1),))
                machine.mark_ended(event, server, status)
                return
        finally:
            del process._inheriting
        self.flush()
        machine.happen("is ready", ((ready, WRITE),), (), ((ready, True, 1),))

    # -- the child's side ----------------------------------------------------------------------

    def forked(self, child: SimulatedProcess, process: Any, parent: SimulatedProcess) -> None:
        """Do what a child of ``fork`` does, from its beginning to its end."""
        self.library.begin_process()
        child.at_exit = []
        status = process._bootstrap(parent_sentinel=-parent.number)
        self.leave(child, status)

    def leave(self, child: SimulatedProcess, status: int) -> None:
        """End a process that was forked: what it has to do at its end depends on the version."""
        if hasattr(self.library.load("multiprocessing.popen_fork"), "atexit"):
            util = self.library.load("multiprocessing.util")
            self.run_at_exit([vars(util)["_exit_function"], *child.at_exit])
        self.machine.exit_process(status & 0xFF)

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
        return int(received._bootstrap(-parent.number))

    def current(self) -> Any:
        """Return the ``current_process()``."""
        return vars(self.library.load("multiprocessing.process"))["_current_process"]

    # -- the end -------------------------------------------------------------------------------

    def failed(self, error: BaseException) -> int:
        """Show an exception as the interpreter does, and return the status that it gives."""
        if isinstance(error, SystemExit):
            if error.code is None or isinstance(error.code, int):
                return (error.code or 0) & 0xFF
            print(error.code, file=sys.stderr)  # noqa: T201 - so does the interpreter
            return 1
        if sys.excepthook is sys.__excepthook__:
            traceback.print_exception(error)
        else:
            sys.excepthook(type(error), error, error.__traceback__)
        return 1

    def flush(self) -> None:
        """Flush both streams."""
        sys.stdout.flush()
        sys.stderr.flush()

    def end_threads(self) -> None:
        """Wait for the threads that hold up the end of the current process."""
        machine = self.machine
        for call in reversed(vars(self.library.threading).get("_threading_atexits", [])):
            call()
        home, here = machine.current.home, machine.current
        if any(one.home == home and not one.daemon and one is not here for one in machine.threads):
            machine.wait_for_threads()

    def run_at_exit(self, calls: list[Any]) -> None:
        """Run what is registered for the end, the last one first."""
        for call in reversed(calls):
            try:
                call()
            except (Halt, CannotExplore, GreenletExit):
                raise
            except Exception as error:  # noqa: BLE001 - so does the interpreter
                name = getattr(call, "__name__", "call")
                sys.stderr.write(f"Exception ignored in atexit callback: {name}\n")
                traceback.print_exception(error)

    def end_interpreter(self, process: SimulatedProcess, status: int) -> None:
        """Do what the interpreter does once the last line has run."""
        self.flush()
        self.end_threads()
        self.run_at_exit(process.at_exit)
        self.flush()
        self.machine.exit_process(status)
