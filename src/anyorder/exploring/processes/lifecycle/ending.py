"""How a process ends: what the interpreter does once its last line has run."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from anyorder.exploring.attributes import asked, is_a
from anyorder.exploring.engine.machine import Halt
from anyorder.exploring.engine.switching import GreenletExit
from anyorder.exploring.engine.unknown import known_number
from anyorder.exploring.refusal import CannotExplore
from anyorder.exploring.tracebacks import complaint, displayed, without_tool

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from anyorder.exploring.processes.system.computer import Computer
    from anyorder.exploring.processes.system.process import SimulatedProcess
    from anyorder.exploring.processes.system.streams import Streams

__all__ = ["ProcessEnding"]


class ProcessEnding:
    """Ends the processes of one computer.

    Args:
        machine: the computer
        load: returns the private copy of a module
        streams: standard output and standard error
    """

    def __init__(
        self, machine: Computer, load: Callable[[str], ModuleType], streams: Streams
    ) -> None:
        self.machine = machine
        self.load = load
        self.streams = streams

    def failed(self, error: BaseException) -> int:
        """Show an exception as the interpreter does, and return the status that it gives."""
        if is_a(error, SystemExit):
            if error.code is None or is_a(error.code, int):
                return known_number(0 if error.code is None else error.code) & 0xFF
            print(self.machine.look(error.code), file=sys.stderr)  # noqa: T201 - so does the interpreter
            return 1
        if sys.excepthook is sys.__excepthook__:
            with self.machine.reporting():
                for piece in displayed(error, error.__traceback__):
                    sys.stderr.write(piece)
        else:
            error.__traceback__ = without_tool(error.__traceback__)
            sys.excepthook(type(error), error, error.__traceback__)
        return 1

    def flush(self) -> None:
        """Flush both streams."""
        sys.stdout.flush()
        sys.stderr.flush()

    def end_threads(self) -> None:
        """Wait for the threads that hold up the end of the current process."""
        machine = self.machine
        machine.pass_last_line()
        for call in reversed(vars(self.load("threading")).get("_threading_atexits", [])):
            call()
        machine.end_main()
        home, here = machine.current.home, machine.current
        if any(one.home == home and not one.daemon and one is not here for one in machine.threads):
            machine.wait_for_threads()

    def run_at_exit(self, calls: list[Any], *, within: bool = False) -> None:
        """Run what is registered for the end, the last one first.

        Args:
            calls: what is registered
            within: as for ``complaint``
        """
        for call in reversed(calls):
            try:
                self.machine.follow(call)()
            except (Halt, CannotExplore, GreenletExit):
                raise
            except (Exception, SystemExit) as error:  # noqa: BLE001 - so does the interpreter
                what = asked(call, "func", call)
                with self.machine.reporting():
                    sys.stderr.write(complaint("in atexit callback", what, error, within=within))

    def end_interpreter(self, process: SimulatedProcess, status: int) -> None:
        """Do what the interpreter does once the last line has run."""
        self.flush()
        self.end_threads()
        self.run_at_exit(process.at_exit)
        self.flush()
        stdout = self.streams.stdout
        if sys.stdout is not stdout:  # as the file itself is closed
            stdout.flush()
        self.machine.exit_process(status)

    def leave(self, child: SimulatedProcess, status: int) -> None:
        """End a process that was forked: what it has to do at its end depends on the version."""
        if hasattr(self.load("multiprocessing.popen_fork"), "atexit"):
            exits = vars(self.load("multiprocessing.util"))["_exit_function"]
            self.run_at_exit([exits, *child.at_exit], within=True)
        self.machine.exit_process(status & 0xFF)
