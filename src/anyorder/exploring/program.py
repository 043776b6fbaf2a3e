"""One execution of a program, from a fresh start to its end."""

from __future__ import annotations

import linecache
import sys
import warnings
from contextlib import contextmanager
from functools import partial
from operator import itemgetter
from types import ModuleType
from typing import TYPE_CHECKING, Any

from greenlet import GreenletExit

from anyorder.exploring.accesses.hooks import Accesses
from anyorder.exploring.accesses.names import LATE
from anyorder.exploring.engine.machine import Halt, Machine, Policy
from anyorder.exploring.engine.sharing import Sharing
from anyorder.exploring.engine.spinning import Loops
from anyorder.exploring.library.importing import Library
from anyorder.exploring.library.output import Input, Stream, printing
from anyorder.exploring.modules import SWAPPED
from anyorder.exploring.refusal import CannotExplore
from anyorder.exploring.rewriting.transform import transformed
from anyorder.exploring.signals.ending import show_failure, wait_for_threads
from anyorder.exploring.signals.interrupts import Interrupts
from anyorder.exploring.tracebacks import displayed, own_frames_hidden, syntax_warnings
from anyorder.exploring.witness.recorder import Recorder
from anyorder.outcomes import Ends, Outcome, StdoutTo
from anyorder.outcomes.tracebacks import normalised

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from anyorder.exploring.engine.facts import Facts

__all__ = ["Program"]

DEEPEST = 20_000  # calls within calls for which there is room on the stack of a greenlet
PLACES = itemgetter(*SWAPPED)
INTERRUPTED = -2  # the signal that a program dies of when nobody handles KeyboardInterrupt


class Program:
    """A program, ready to be executed again and again on one simulated machine.

    Args:
        source: its text
        name: its file name, without folders
        policy: decides which thread goes next
        max_depth: how many events one execution may have
        facts: what is known of it

    Raises:
        CannotExplore: where it has a syntax error, or uses what cannot be explored
    """

    def __init__(
        self, source: str, name: str, policy: Policy, max_depth: int, facts: Facts
    ) -> None:
        self.source = source
        self.name = name
        self.facts = facts
        self.late: frozenset[str] = frozenset()  # as for ``transformed``
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.code = transformed(source, name, signals=facts.signals)
        self.warned = syntax_warnings(source, name)
        self.machine = machine = self.make_machine(policy, max_depth)
        machine.program = name
        self.sharing = machine.sharing = self.make_sharing(machine)
        self.accesses = self.make_accesses(machine)
        machine.follow = self.accesses.function
        machine.attribute = self.accesses.attribute
        machine.set_attribute = self.accesses.set_attribute
        self.interrupts = self.make_interrupts(machine)
        self.library = self.make_library(machine)
        self.library.labels = lambda: self.labels
        self.library.builtins.update(self.accesses.hooks() | self.accesses.iterating())
        machine.look, machine.spread = self.accesses.look, self.accesses.iterators.spread
        self.builtins = {
            **self.library.builtins,
            **self.accesses.builtins(),
            **self.accesses.hooks(),
            "__import__": self.library.import_for_program,
            **self.interrupts.hooks(),
        }
        shows = printing(self.accesses.text, self.attribute_of_file())
        self.accesses.stand_for(print, shows)
        self.stdin = Input(machine)
        self.status: int | None = 0
        self.ends: dict[StdoutTo, Outcome] = {}  # by where the output goes
        self.names: dict[str, Any] = {}

    @property
    def writes_to(self) -> StdoutTo | None:
        """Where its output goes, if what is possible depends on that."""
        return None

    def prepare(self) -> None:
        """Make its code anew, where more is known of it by now."""
        places: set[Any] = self.sharing.places
        late = frozenset(place[1] for place in places if place[0] == LATE)
        if late != self.late:
            self.late = late
            self.code = transformed(self.source, self.name, late=late, signals=self.facts.signals)

    def make_machine(self, policy: Policy, max_depth: int) -> Machine:
        """Return the machine that it runs on."""
        return Machine(policy, max_depth, self.facts)

    def make_sharing(self, machine: Machine) -> Sharing:
        """Return what notes which places are shared."""
        return Sharing(machine)

    def make_interrupts(self, machine: Machine) -> Interrupts:
        """Return the signals of its main thread."""
        return Interrupts(machine)

    def make_library(self, machine: Machine) -> Library:
        """Return the modules that it may import."""
        return Library(machine, self.name, self.report, self.interrupts)

    def make_accesses(self, machine: Machine) -> Accesses:
        """Return what follows its accesses."""
        return Accesses(machine, self.sharing, Loops(machine))

    def attribute_of_file(self) -> Callable[[Any, str], Any]:
        """Return what gives ``print`` the methods of its file."""
        attribute = self.accesses.attribute
        return self.interrupts.before_writes(attribute) if self.facts.signals else attribute

    @property
    def labels(self) -> dict[int, tuple[Any, Any]]:
        """Its objects that have a label, each with that, by where they lie in memory."""
        return self.accesses.labels

    @property
    def thread_class(self) -> type:
        """The class of its threads."""
        return self.library.threading.Thread  # type: ignore[no-any-return]

    @property
    def containers(self) -> Collection[type]:
        """The classes of which an object is shown with what it holds."""
        return self.accesses.finder.containers.keys()

    @property
    def printed(self) -> str:
        """What it has printed so far."""
        return "".join(self.stdout.parts)

    def recorder(self) -> Recorder:
        """Return what puts its events into words."""
        return Recorder(self)

    def report(self, text: str) -> None:
        """Write to standard error what a thread or the main thread leaves there as it fails."""
        sys.stderr.write(text)

    # -- running -------------------------------------------------------------------------------

    @contextmanager
    def executed(self) -> Iterator[list[Outcome]]:
        """Run the program once, from a fresh start, as its policy chooses.

        What is left of the execution can be looked at inside of the block, and ends with it.

        Yields:
            What it came to, and nothing where a limit stopped it. It is more than one outcome only
            where the process is ended before its buffer is flushed.

        Raises:
            CannotExplore: where it did what cannot be explored
        """
        machine = self.machine
        machine.begin()
        self.sharing.begin()
        self.library.begin()
        self.interrupts.begin()
        self.status = 0
        self.stdout, self.stderr = Stream(machine, "stdout"), Stream(machine, "stderr")
        main = ModuleType("__main__")
        main.__file__ = self.name
        vars(main)["__builtins__"] = self.builtins
        self.names = vars(main)
        self.stuck: list[Any] = []
        with self.in_place(main):
            self.run_machine()
            if machine.exit is None:
                self.stuck = [thread for thread in machine.threads if not thread.ended]
            yield self.outcomes()

    def run_machine(self) -> None:
        """Let the machine run, with a limit of recursion of its own."""
        limit, set_limit = sys.getrecursionlimit(), sys.setrecursionlimit
        sys.setrecursionlimit = partial(self.set_recursion_limit, set_limit)
        try:
            self.machine.run(self.main)
        finally:
            sys.setrecursionlimit = set_limit
            if sys.getrecursionlimit() != limit:
                set_limit(limit)

    def close(self) -> None:
        """End what waits for one more execution, after the last one."""
        self.machine.close()

    @contextmanager
    def in_place(self, main: ModuleType) -> Iterator[None]:
        """Let the interpreter's own places for output and hooks be the program's for a while.

        What is left of the execution ends before they are put back, and says nothing any more.
        """
        lines = self.source.splitlines(keepends=True)
        text = (len(self.source), None, lines, self.name)  # which warnings and tracebacks show
        known = linecache.cache.get(self.name)
        linecache.cache[self.name] = text
        names = vars(sys)
        before = dict(zip(SWAPPED, PLACES(names), strict=True))
        module = sys.modules["__main__"]
        names.update(
            stdout=self.stdout, __stdout__=self.stdout, stderr=self.stderr, __stderr__=self.stderr,
            stdin=self.stdin, __stdin__=self.stdin, argv=[self.name], unraisablehook=ignored,
        )  # fmt: skip
        sys.modules["__main__"] = main
        try:
            with own_frames_hidden(self.check_stack):
                yield
        finally:
            self.machine.kill()
            self.names.clear()
            self.accesses.begin()
            linecache.cache.pop(self.name, None)
            if known is not None:
                linecache.cache[self.name] = known
            names.update(before)
            sys.modules["__main__"] = module

    def check_stack(self) -> None:
        """Refuse to show the whole stack of a child."""
        if self.machine.current.home:
            self.machine.refuse(
                "the whole stack of a child has what began it below, which is not simulated: show "
                "a traceback"
            )

    def set_recursion_limit(self, set_limit: Callable[[int], None], limit: int, /) -> None:
        """Set Python's limit for the program, save where the interpreter itself would break."""
        if limit > DEEPEST:
            self.machine.refuse(
                f"sys.setrecursionlimit() is simulated up to {DEEPEST:,}: let it recurse less deep"
            )
        set_limit(limit)

    def main(self) -> None:
        """Run the program's own code, then do what the interpreter does at its end."""
        failed = False
        try:
            self.report(self.warned)
            exec(self.code, self.names)  # noqa: S102 - this is what exploring is
        except SystemExit as error:
            self.status = self.exit_status(error.code)
        except (Halt, CannotExplore, GreenletExit):
            raise
        except BaseException as error:  # noqa: BLE001 - the interpreter does so too
            failed = True
            self.status = INTERRUPTED if isinstance(error, KeyboardInterrupt) else 1
            if sys.excepthook is not sys.__excepthook__:
                show_failure(self.interrupts, sys.excepthook, error)
            else:
                self.report("".join(displayed(error, self.machine.look)))
        threading = self.library.threading
        for call in reversed(vars(threading).get("_threading_atexits", [])):
            call()
        machine = self.machine
        machine.end_main()
        waits = not self.facts.signals or wait_for_threads(
            self.interrupts, threading, self.report, self.stdout.holds, failed=failed
        )
        if self.library.at_exit:
            if waits:
                machine.wait_for_threads()
            for call in reversed(self.library.at_exit):
                self.call_at_exit(call)
        if self.facts.daemons or not waits:
            machine.exit_event(waits=waits)

    def call_at_exit(self, call: Callable[[], object]) -> None:
        """Call a function that has been registered; an error shows where it lies in memory."""
        try:
            self.machine.follow(call)()
        except Exception as error:  # noqa: BLE001 - whatever it is
            self.machine.refuse(
                f"a function that is called at exit raises {type(error).__name__}, of which Python "
                "shows the function's address: let it raise nothing"
            )

    def exit_status(self, code: Any) -> int:
        """Return the status that ``sys.exit(code)`` gives, and print what is no status."""
        if code is None:
            return 0
        if isinstance(code, int):
            return code & 0xFF
        self.report(f"{self.accesses.text(code)}\n")
        return 1

    # -- what came of it -----------------------------------------------------------------------

    def outcomes(self) -> list[Outcome]:
        """Return what the execution came to, and nothing where it was stopped."""
        machine = self.machine
        if machine.halted is not None:
            error = machine.halted
            if isinstance(error, Halt):
                return []
            raise error
        stdout, stderr = self.stdout.text(), self.stderr.text()
        stderr = normalised(stderr, self.name) if stderr else ""
        if machine.exited is not None:
            status = machine.exited & 0xFF
            self.ends = {
                to: Outcome(left, stderr, status) for to, left in self.stdout.left().items()
            }
            return list(dict.fromkeys(self.ends.values()))
        if not self.stuck:
            outcome = Outcome(stdout, stderr, self.status)
        else:
            spins = any(thread.event.waits is not None for thread in self.stuck)
            outcome = Outcome(stdout, stderr, None, Ends.NEVER if spins else Ends.DEADLOCK)
        self.ends = dict.fromkeys(StdoutTo, outcome)
        return [outcome]


def ignored(_: Any) -> None:
    """Say nothing of an exception that nobody can catch."""
