"""How a process ends: what the interpreter does once its last line has run."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from greenlet import GreenletExit

from anyorder.exploring.engine.machine import Halt
from anyorder.exploring.refusal import CannotExplore
from anyorder.exploring.tracebacks import complaint, displayed, without_tool

if TYPE_CHECKING:
    from anyorder.exploring.processes.library.importing import ProcessLibrary
    from anyorder.exploring.processes.lifecycle.process import SimulatedProcess

__all__ = ["Endings"]


class Endings:
    """The ends of the processes of one computer.

    Args:
        library: the modules that they use
    """

    def __init__(self, library: ProcessLibrary) -> None:
        self.library = library
        self.machine = library.machine

    def failed(self, error: BaseException) -> int:
        """Show an exception as the interpreter does, and return the status that it gives."""
        if isinstance(error, SystemExit):
            if error.code is None or isinstance(error.code, int):
                return (error.code or 0) & 0xFF
            print(self.machine.look(error.code), file=sys.stderr)  # noqa: T201 - so does the interpreter
            return 1
        if sys.excepthook is sys.__excepthook__:
            for piece in displayed(error, self.machine.look):
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
        for call in reversed(vars(self.library.threading).get("_threading_atexits", [])):
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
            except Exception as error:  # noqa: BLE001 - so does the interpreter
                what = getattr(call, "func", call)
                sys.stderr.write(
                    complaint("in atexit callback", what, error, self.machine.look, within=within)
                )

    def end_interpreter(self, process: SimulatedProcess, status: int) -> None:
        """Do what the interpreter does once the last line has run."""
        self.flush()
        self.end_threads()
        self.run_at_exit(process.at_exit)
        self.flush()
        if sys.stdout is not self.library.stdout:  # as the file itself is closed
            self.library.stdout.flush()
        self.machine.exit_process(status)

    def leave(self, child: SimulatedProcess, status: int) -> None:
        """End a process that was forked: what it has to do at its end depends on the version."""
        if hasattr(self.library.load("multiprocessing.popen_fork"), "atexit"):
            self.run_at_exit([self.exit_of_child, *child.at_exit], within=True)
        self.machine.exit_process(status & 0xFF)

    def exit_of_child(self) -> None:
        """Do what ``multiprocessing`` does at the end of a process."""
        # one that was interrupted early still has its parent's children, which it may not join
        with suppress(AssertionError):
            vars(self.library.load("multiprocessing.util"))["_exit_function"]()
