"""One execution of a program that starts processes."""

from __future__ import annotations

import multiprocessing
import sys
from contextlib import contextmanager
from functools import partial
from types import ModuleType
from typing import TYPE_CHECKING

from anyorder.exploring.accesses.hooks import Accesses
from anyorder.exploring.attributes import is_a
from anyorder.exploring.engine.machine import Halt, Policy
from anyorder.exploring.engine.spinning import Loops
from anyorder.exploring.engine.switching import GreenletExit
from anyorder.exploring.library.thread import FAILED_THREAD
from anyorder.exploring.processes.library.importing import ProcessLibrary
from anyorder.exploring.processes.library.interpreter import put_settings, settings_of
from anyorder.exploring.processes.lifecycle.signals import ProcessInterrupts
from anyorder.exploring.processes.patches import Patches
from anyorder.exploring.processes.recorder import ProcessRecorder
from anyorder.exploring.processes.system.computer import Computer
from anyorder.exploring.processes.system.handles import leads_outside
from anyorder.exploring.processes.system.kernel import Kernel
from anyorder.exploring.processes.system.pipes import Blocked
from anyorder.exploring.processes.system.shared import shared_kinds
from anyorder.exploring.processes.system.sharing import ProcessSharing
from anyorder.exploring.processes.system.streams import Streams
from anyorder.exploring.program import INTERRUPTED, Program, as_shown
from anyorder.exploring.refusal import CannotExplore
from anyorder.outcomes import Ends, Outcome, StartMethod, StdoutTo
from anyorder.outcomes.tracebacks import normalised

if TYPE_CHECKING:
    from collections.abc import Iterator

    from anyorder.exploring.engine.facts import Facts

__all__ = ["ProcessProgram"]


def default_method() -> StartMethod:
    """Return how this Python begins children where nothing is said."""
    return StartMethod(multiprocessing.get_all_start_methods()[0])


def report(machine: Computer, text: str) -> None:
    """Write to standard error what a thread leaves there as it fails, line by line.

    The words before its name, which it is asked for only then, wait in the buffer: a child that is
    forked meanwhile has them too.
    """
    with machine.reporting():
        for line in normalised(text, machine.file).splitlines(keepends=True):
            words = FAILED_THREAD if line.startswith(FAILED_THREAD) else ""
            for piece in filter(None, (words, line.removeprefix(words))):
                sys.stderr.write(piece)


class ProcessProgram(Program):
    """A program that starts processes, ready to be executed again and again on one computer.

    Args:
        source: its text
        name: its file name, without folders
        policy: decides which thread goes next
        max_events: how many events one execution may have
        facts: what is known of it
        start_method: how its children begin, where it does not say; ``None`` is as this Python
            begins them
        stdout_to: where its standard output goes

    Raises:
        CannotExplore: where it has a syntax error, or uses what cannot be explored
    """

    machine: Computer
    sharing: ProcessSharing
    library: ProcessLibrary

    def __init__(  # noqa: PLR0913, PLR0917 - each is said once
        self,
        source: str,
        name: str,
        policy: Policy,
        max_events: int,
        facts: Facts,
        start_method: StartMethod | None,
        stdout_to: StdoutTo,
    ) -> None:
        self.stdout_to = stdout_to
        machine = Computer(policy, max_events, facts, name)
        machine.sharing = ProcessSharing(machine)
        accesses = Accesses(machine, machine.sharing, Loops(machine), leads_outside, shared_kinds)
        interrupts = ProcessInterrupts(machine)
        self.kernel = Kernel(machine)
        self.streams = Streams(machine, stdout_to)
        method = start_method or default_method()
        library = ProcessLibrary(machine, partial(report, machine), method, interrupts, self.kernel)
        self.patches = Patches(library, self.streams, accesses, interrupts, self.run_as)
        super().__init__(source, machine, accesses, interrupts, library)

    def recorder(self) -> ProcessRecorder:
        """Return what puts its events into words."""
        return ProcessRecorder(self)

    @contextmanager
    def executed(self) -> Iterator[list[Outcome]]:
        """Run the program once, from a fresh start, as its policy chooses."""
        machine = self.machine
        machine.begin()
        self.sharing.begin()
        self.accesses.begin()
        self.interrupts.begin()
        self.streams.begin()
        self.stdout = self.streams.stdout  # type: ignore[assignment]
        self.stderr = self.streams.stderr  # type: ignore[assignment]
        main = ModuleType("__main__")
        machine.process.main_module = main
        with self.in_place(main):
            self.patches.begin()
            self.library.begin()
            self.run_machine()
            self.stuck = machine.stuck() if machine.halted is None else []
            machine.stop_at_left(self.stuck)
            yield self.outcomes()

    @contextmanager
    def in_place(self, main: ModuleType) -> Iterator[None]:
        """Put the program in the interpreter's own places for a while."""
        replaced = self.library.replaced = {"__mp_main__": sys.modules.get("__mp_main__")}
        sys.modules["__mp_main__"] = main
        settings = settings_of(self.machine)
        try:
            with super().in_place(main):
                sys.excepthook = sys.__excepthook__
                yield
        finally:
            put_settings(self.machine, settings)
            for name, module in replaced.items():
                if module is None:
                    sys.modules.pop(name, None)
                else:
                    sys.modules[name] = module

    def run_as(self, module: ModuleType) -> None:
        """Run the program's own code as a module, in the current process."""
        module.__file__ = self.machine.file
        vars(module)["__builtins__"] = self.builtins
        sys.modules["__main__"] = sys.modules["__mp_main__"] = module
        self.library.report(self.warned)
        exec(self.code, vars(module))  # noqa: S102 - this is what exploring is

    def main(self) -> None:
        """Run the program in the first process, then do what the interpreter does at its end."""
        process = self.machine.process
        ending = self.patches.ending
        self.names = vars(process.main_module)
        status = 0
        try:
            self.run_as(process.main_module)
        except (Halt, CannotExplore, GreenletExit):
            raise
        except BaseException as error:  # noqa: BLE001 - so does the interpreter
            sys.stdout.flush()
            status = ending.failed(error)
            if is_a(error, KeyboardInterrupt):
                status = INTERRUPTED
        ending.end_interpreter(process, status)

    def outcomes(self) -> list[Outcome]:
        """Return what the execution came to, and nothing where it was stopped."""
        machine = self.machine
        if machine.halted is not None:
            if is_a(machine.halted, Halt):
                return []
            raise machine.halted
        if self.sharing.grown:
            return []  # the search begins again
        stdout, stderr = self.stdout.text(), self.stderr.text()
        stderr = normalised(stderr, self.name) if stderr else ""
        if not self.stuck:
            if self.kernel.memory.left_behind():
                raise CannotExplore(
                    self.name,
                    None,
                    "it leaves shared memory behind, of which Python complains in the end: let the "
                    "process that made it call unlink()",
                )
            if self.kernel.names.left_behind():
                raise CannotExplore(
                    self.name,
                    None,
                    "a process that has made a lock is killed, ends by os._exit() or fails as it "
                    "begins, so that the lock is left behind, of which Python complains: make it "
                    "in another process, or let this one come to its end",
                )
            return self.ending(as_shown(stdout, stderr, machine.processes[0].status))
        with machine.ending():
            self.accesses.labels.clear()
        if self.kernel.descriptors.late:
            raise CannotExplore(
                self.name,
                None,
                "it lets go of an end of a pipe with a list or an object that has it, which is not "
                "simulated: close it",
            )
        spins = any(
            one.event.waits is not None and not is_a(one.event.waits, Blocked) for one in self.stuck
        )
        return self.ending(as_shown(stdout, stderr, None, Ends.NEVER if spins else Ends.DEADLOCK))

    def ending(self, outcome: Outcome) -> list[Outcome]:
        """Note where the output went, and return what the execution came to."""
        self.ends = {self.stdout_to: outcome}
        return [outcome]

    @property
    def writes_to(self) -> StdoutTo:
        """Where its output goes: what is possible depends on that."""
        return self.stdout_to
