"""The process that children are forked from under the start method ``forkserver``.

On some versions it reads the program once, before it forks; the version's own modules are asked.
"""

from __future__ import annotations

import errno
import os
import sys
from functools import partial
from types import ModuleType
from typing import TYPE_CHECKING, Any, Protocol

from anyorder.exploring.attributes import is_a
from anyorder.exploring.engine.events import READ, WRITE, EventKind
from anyorder.exploring.engine.machine import Halt
from anyorder.exploring.engine.switching import GreenletExit
from anyorder.exploring.processes.system.computer import EXITS
from anyorder.exploring.processes.system.process import EXITED
from anyorder.exploring.refusal import CannotExplore

if TYPE_CHECKING:
    from collections.abc import Callable

    from anyorder.exploring.processes.lifecycle.ending import ProcessEnding
    from anyorder.exploring.processes.system.process import SimulatedProcess
    from anyorder.exploring.processes.system.streams import Streams

__all__ = ["ForkServer", "Modules", "current_process", "fresh_world"]

LOOK = EventKind("look at fork server", says="looks what is ready", waits=None, whole=True)
WAIT_FOR_FORK = EventKind(
    "wait for fork", says="has waited for the fork server", waits="{}", whole=False
)
IS_READY = EventKind("is ready", says="is ready to be forked", waits=None, whole=False)
READY = "ready"  # whether the fork server has read the program, or has died of it
DEAD = "dead"  # whether it has died of it


class Modules(Protocol):
    """The private copies of the library's modules, as far as a process needs them to begin."""

    def load(self, name: str, /) -> ModuleType:
        """Return the private copy of a module."""

    def begin_process(self) -> None:
        """Begin the current process, whose memory is in place, with no thread but its main one."""


class ForkServer:
    """The fork server of one computer.

    Args:
        modules: the private copies of the library's modules
        ending: ends processes
        run_program: runs the program's file as a module, in the current process

    Attributes:
        server: its process, once it has begun
    """

    def __init__(
        self, modules: Modules, ending: ProcessEnding, run_program: Callable[[ModuleType], None]
    ) -> None:
        self.modules = modules
        self.load = modules.load
        self.machine = ending.machine
        self.ending = ending
        self.run_program = run_program
        self.server: SimulatedProcess | None = None

    def begin(self) -> None:
        """Forget the fork server, for a new execution."""
        self.server = None

    def reads_program(self) -> bool:
        """Whether this version's fork server reads the program, once, before it forks."""
        server = vars(self.load("multiprocessing.forkserver"))["ForkServer"]
        return "main_path" in server.ensure_running.__code__.co_consts and (
            "init_main_from_path" in server.ensure_running.__code__.co_consts
        )

    def ready(self) -> SimulatedProcess:
        """Return the fork server once it is ready, and begin it where there is none.

        Raises:
            ConnectionError, EOFError: it died before it was ready
        """
        machine = self.machine
        if self.server is not None:
            machine.happen(LOOK, (((EXITED, self.server.number), READ),))
        if self.server is None or self.server.status is not None:
            self.server = machine.begin_process("forkserver", self.run)
            self.server.world = fresh_world(self.ending.streams)
            machine.counter((READY, self.server.number), 0)
        server = self.server
        ready = (READY, server.number)
        errors = [errno.ECONNREFUSED]  # as it connects, sends its handles, and sends its data
        if not hasattr(self.load("multiprocessing.forkserver"), "_AUTHKEY_LEN"):
            errors += [errno.ECONNRESET, errno.EPIPE]
        dead = (DEAD, server.number)
        for number in errors:
            machine.happen(LOOK, ((dead, READ),))
            if server.status is not None:
                raise OSError(number, os.strerror(number))
        machine.happen(WAIT_FOR_FORK, ((ready, READ), (dead, READ)), ((ready, 1),), about=server)
        if server.status is not None:
            if len(errors) > 1:
                raise EOFError("unexpected EOF")
            raise OSError(errno.ECONNRESET, os.strerror(errno.ECONNRESET))
        return server

    def run(self, server: SimulatedProcess) -> None:
        """Read the program as a module, as the fork server does, and stay ready to be forked."""
        self.modules.begin_process()
        machine = self.machine
        module = ModuleType("__mp_main__")
        names = vars(self.load("multiprocessing.forkserver"))
        ready = (READY, server.number)
        process = current_process(self.load)
        process._inheriting = True
        try:
            self.run_program(module)
            self.hold_ending(server)
            server.main_module, server.forks_on = module, True
        except (Halt, CannotExplore, GreenletExit):
            raise
        except BaseException as error:  # noqa: BLE001 - the interpreter does so too
            if "_handle_preload" not in names or not is_a(error, Exception):
                status = self.ending.failed(error)
                self.ending.run_at_exit(server.at_exit)
                self.ending.flush()
                exited, dead = (EXITED, server.number), (DEAD, server.number)
                event = machine.happen(EXITS, ((ready, WRITE), (exited, WRITE), (dead, WRITE)))
                machine.affect(event, ((ready, True, 1),))
                machine.mark_ended(event, server, status)
                return
        finally:
            del process._inheriting
        self.ending.flush()
        machine.happen(IS_READY, ((ready, WRITE),), (), ((ready, True, 1),))

    def hold_ending(self, server: SimulatedProcess) -> None:
        """Refuse what would show as the fork server ends, after all else: here it never does."""
        if any(is_a(call, partial) for call in server.at_exit):
            self.machine.refuse(
                "what atexit registers as the fork server reads the program is called by that too, "
                "after all else, which is not followed: call atexit.register() under the main "
                "guard"
            )
        threads = [one for one in self.machine.threads if one.home == server.number]
        if any(one.daemon and self.machine.goes_on(one) for one in threads):
            self.machine.refuse(
                "a daemon thread that the fork server starts as it reads the program goes on until "
                "that ends, which is not followed: start it under the main guard"
            )


def fresh_world(streams: Streams) -> tuple[Any, ...]:
    """Return the interpreter's own places for a process that begins afresh."""
    main = ModuleType("__main__")
    return streams.stdout, streams.stderr, sys.__excepthook__, list(sys.argv), main


def current_process(load: Callable[[str], ModuleType]) -> Any:
    """Return the ``current_process()``."""
    return vars(load("multiprocessing.process"))["_current_process"]
