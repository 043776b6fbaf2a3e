"""One execution of a program, from a fresh start to its end."""

from __future__ import annotations

import linecache
import sys
import warnings
from contextlib import contextmanager, suppress
from functools import partial
from operator import itemgetter
from types import ModuleType
from typing import TYPE_CHECKING, Any

from anyorder.exploring.accesses.callers import check_stack
from anyorder.exploring.accesses.hooks import Accesses
from anyorder.exploring.accesses.names import HINTS, LATE
from anyorder.exploring.attributes import is_a
from anyorder.exploring.engine.alike import makers
from anyorder.exploring.engine.keeping import MOST_KEPT
from anyorder.exploring.engine.machine import Halt, Machine, Policy
from anyorder.exploring.engine.sharing import Sharing
from anyorder.exploring.engine.spinning import Loops
from anyorder.exploring.engine.switching import GreenletExit, collect
from anyorder.exploring.engine.unknown import known_number
from anyorder.exploring.environment import environment_in_place
from anyorder.exploring.library.importing import Library
from anyorder.exploring.library.output import Input, Stream, asking, printing
from anyorder.exploring.modules import SWAPPED
from anyorder.exploring.refusal import CannotExplore
from anyorder.exploring.rewriting.rewriter import EVERY
from anyorder.exploring.rewriting.transform import transformed
from anyorder.exploring.signals.ending import show_failure, wait_for_threads
from anyorder.exploring.signals.interrupts import Interrupts
from anyorder.exploring.tracebacks import displayed, own_frames_hidden, syntax_warnings
from anyorder.exploring.witness.recorder import Recorder
from anyorder.outcomes import Ends, Outcome, StdoutTo
from anyorder.outcomes.placeholders import as_given, numbered
from anyorder.outcomes.tracebacks import normalised

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from anyorder.exploring.engine.facts import Facts

__all__ = ["INTERRUPTED", "Program", "as_shown", "parts_for_threads"]

DEEPEST = 20_000  # calls within calls for which there is room on the stack of a greenlet
PLACES = itemgetter(*SWAPPED)
INTERRUPTED = -2  # the signal that a program dies of when nobody handles KeyboardInterrupt


class Program:
    """A program, ready to be executed again and again on one simulated machine.

    Args:
        source: its text
        machine: where it runs, with what notes which places are shared
        accesses: what follows its accesses
        interrupts: the signals of its main thread
        library: the modules that it may import

    Raises:
        CannotExplore: where it has a syntax error, or uses what cannot be explored
    """

    def __init__(
        self,
        source: str,
        machine: Machine,
        accesses: Accesses,
        interrupts: Interrupts,
        library: Library,
    ) -> None:
        self.source = source
        self.machine = machine
        self.accesses = accesses
        self.interrupts = interrupts
        self.library = library
        self.sharing = machine.sharing
        self.name = name = machine.program
        self.facts = facts = machine.facts
        self.late: frozenset[str] = frozenset()  # as for ``transformed``
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.code = transformed(source, machine.file, signals=facts.signals)
        self.warned = syntax_warnings(source, name)
        machine.follow = accesses.function
        machine.attribute = accesses.attribute
        machine.set_attribute = accesses.set_attribute
        machine.look, machine.spread = accesses.look, accesses.iterators.spread
        machine.length, machine.displayed = accesses.operations.length, displayed
        machine.spread_named = accesses.iterators.mapping
        machine.caught = accesses.caught
        library.labels = lambda: accesses.labels
        library.builtins.update(accesses.hooks() | accesses.iterating())
        self.builtins = {
            **library.builtins,
            **accesses.builtins(),
            **accesses.hooks(),
            "__import__": library.import_for_program,
            **interrupts.hooks(),
        }
        read = accesses.attribute
        attribute = interrupts.before_writes(read) if facts.signals else read
        accesses.stand_for(print, printing(accesses.text, attribute))
        accesses.stand_for(input, asking(accesses.text, attribute))
        library.own.builtins = self.builtins
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
        self.machine.makers = {tid for place in places for tid in makers(place)}
        late = frozenset(place[1] for place in places if place[0] == LATE)
        if ("known", HINTS) in places:  # which variables there are can be seen
            late |= {EVERY}
        if late != self.late:
            self.late = self.library.own.late = late
            file, signals = self.machine.file, self.facts.signals
            self.code = transformed(self.source, file, late=late, signals=signals)

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
        return self.told("".join(self.stdout.parts))

    @property
    def writes(self) -> tuple[tuple[int, str], ...]:
        """The pieces in which it has printed that, each with the number of its thread."""
        known: dict[str, str] = {}
        parts = [numbered(part, known) for part in self.stdout.parts]
        return tuple(zip(self.stdout.writers, parts, strict=True))

    def told(self, text: str) -> str:
        """Return a text as outcomes have it, by what has been printed so far."""
        known: dict[str, str] = {}
        numbered("".join(self.stdout.parts), known)
        return numbered(text, known)

    def recorder(self) -> Recorder:
        """Return what puts its events into words."""
        return Recorder(self)

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
        main.__file__ = machine.file
        vars(main)["__builtins__"] = self.builtins
        self.names = vars(main)
        self.stuck: list[Any] = []
        with self.in_place(main):
            self.run_machine()
            if machine.exit is None:
                self.stuck = [thread for thread in machine.threads if not thread.ended]
                machine.stop_at_left(self.stuck)
            yield self.outcomes()

    def run_machine(self) -> None:
        """Let the machine run, and put back afterwards what the program may set for all."""
        interval, digits = sys.getswitchinterval(), sys.get_int_max_str_digits()
        limit, set_limit = sys.getrecursionlimit(), sys.setrecursionlimit
        sys.setrecursionlimit = partial(self.set_recursion_limit, set_limit)
        try:
            with warnings.catch_warnings():
                self.machine.run(self.main)
        finally:
            sys.setswitchinterval(interval)
            sys.set_int_max_str_digits(digits)
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
        file = self.machine.file
        linecache.cache[file] = (len(self.source), None, lines, file)  # warnings and tracebacks ask
        names = vars(sys)
        before = dict(zip(SWAPPED, PLACES(names), strict=True))
        module = sys.modules["__main__"]
        names.update(
            stdout=self.stdout, __stdout__=self.stdout, stderr=self.stderr, __stderr__=self.stderr,
            stdin=self.stdin, __stdin__=self.stdin, argv=[as_given(self.name)],
            unraisablehook=self.machine.ignored,
        )  # fmt: skip
        sys.modules["__main__"] = main
        try:
            with (
                environment_in_place(self.machine.refuse),
                suppressing(self.machine.caught),
                own_frames_hidden(
                    partial(check_stack, self.machine),
                    self.machine.raised.shown,
                    self.accesses.tell,
                ),
            ):
                yield
            self.end_generators()
        finally:
            self.machine.kill()
            self.names.clear()
            self.accesses.begin()
            linecache.cache.pop(file, None)
            names.update(before)
            self.library.own.end()
            sys.modules["__main__"] = module

    def end_generators(self) -> None:
        """Refuse a generator that does something as it ends, where that is not followed.

        So it is where the explorer keeps what has it, a list that has been shared say, or where it
        ends as the interpreter does, which lets go of the program's variables.
        """
        machine = self.machine
        if not +machine.halfway or machine.halted is not None:
            return
        over = machine.exited is None and not self.stuck
        with machine.ending():
            for event in machine.events:
                event.about = None
            self.accesses.begin()
            if over:
                self.names.clear()
                self.library.own.end()
            if all(thread.ended for thread in machine.threads):
                machine.kill()
                if +machine.halfway:
                    collect()  # as Python does in the end
                    machine.hold_halfway()

    def set_recursion_limit(self, set_limit: Callable[[int], None], limit: int, /) -> None:
        """Set Python's limit for the program, save where the interpreter itself would break."""
        if limit > DEEPEST:
            self.machine.refuse(
                f"sys.setrecursionlimit() is simulated up to {DEEPEST:,}: let it recurse less deep"
            )
        self.machine.alone("sys.setrecursionlimit")
        set_limit(limit)

    def main(self) -> None:
        """Run the program's own code, then do what the interpreter does at its end."""
        failed = False
        try:
            self.library.report(self.warned)
            exec(self.code, self.names)  # noqa: S102 - this is what exploring is
        except SystemExit as error:
            self.status = self.exit_status(error.code)
        except (Halt, CannotExplore, GreenletExit):
            raise
        except BaseException as error:  # noqa: BLE001 - the interpreter does so too
            failed = True
            self.accesses.hold_deep(error, None)
            self.status = INTERRUPTED if is_a(error, KeyboardInterrupt) else 1
            if sys.excepthook is not sys.__excepthook__:
                show_failure(self.interrupts, sys.excepthook, error)
            else:
                self.library.report("".join(displayed(error, error.__traceback__)))
        self.machine.pass_last_line()
        threading = self.library.threading
        for call in reversed(vars(threading).get("_threading_atexits", [])):
            call()
        machine = self.machine
        machine.end_main()
        waits = not self.facts.signals or wait_for_threads(
            self.interrupts, self.library.report, self.stdout.holds, failed=failed
        )
        # what threads register by then is called too
        if self.library.at_exit or self.facts.registers:
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
        except (Halt, CannotExplore, GreenletExit):
            raise
        except BaseException as error:  # noqa: BLE001 - whatever it is
            self.machine.refuse(
                f"a function that is called at exit raises {type(error).__name__}, of which Python "
                "shows the function's address: let it raise nothing"
            )

    def exit_status(self, code: Any) -> int:
        """Return the status that ``sys.exit(code)`` gives, and print what is no status."""
        if code is None:
            return 0
        if is_a(code, int):
            return known_number(code) & 0xFF
        self.library.report(f"{self.accesses.text(code)}\n")
        return 1

    # -- what came of it -----------------------------------------------------------------------

    def outcomes(self) -> list[Outcome]:
        """Return what the execution came to, and nothing where it was stopped."""
        machine = self.machine
        if machine.halted is not None:
            error = machine.halted
            if is_a(error, Halt):
                return []
            raise error
        if machine.exited is not None:
            self.ends = self.ends_at_once(machine.exited & 0xFF)
            return list(dict.fromkeys(self.ends.values()))
        stdout, stderr = self.stdout.text(), self.stderr.text()
        stderr = normalised(stderr, self.name) if stderr else ""
        if not self.stuck:
            outcome = as_shown(stdout, stderr, self.status)
        else:
            spins = any(thread.event.waits is not None for thread in self.stuck)
            outcome = as_shown(stdout, stderr, None, Ends.NEVER if spins else Ends.DEADLOCK)
        self.ends = dict.fromkeys(StdoutTo, outcome)
        return [outcome]

    def ends_at_once(self, status: int) -> dict[StdoutTo, Outcome]:
        """Return what comes out by where stdout goes, where no buffer is flushed at the end.

        Raises:
            CannotExplore: where it is not known how much of a buffer has been written by then
        """
        stdout, stderr = self.stdout.left(), self.stderr.left()
        for left in (stdout, stderr):
            if len(left[StdoutTo.UNBUFFERED]) - len(left[StdoutTo.PIPE]) > MOST_KEPT:
                raise CannotExplore(
                    self.name,
                    None,
                    f"more than {MOST_KEPT:,} characters may be in a buffer as os._exit() ends the "
                    "program, and how many of them come out is not known: print with flush=True",
                )
        return {
            to: as_shown(stdout[to], normalised(stderr[to], self.name), status) for to in StdoutTo
        }


@contextmanager
def suppressing(caught: Callable[[BaseException | None], None]) -> Iterator[None]:
    """Let each error that ``contextlib.suppress`` swallows be seen for a while.

    Args:
        caught: called with the error
    """
    manager: Any = suppress
    leave = manager.__exit__

    def left(self: Any, kind: Any, error: Any, trace: Any) -> Any:
        swallows = leave(self, kind, error, trace)
        if swallows:
            caught(error)
        return swallows

    manager.__exit__ = left
    try:
        yield
    finally:
        manager.__exit__ = leave


def as_shown(stdout: str, stderr: str, status: int | None, ends: Ends = Ends.EXIT) -> Outcome:
    """Return an outcome, in which each process has the number in which it is shown."""
    known: dict[str, str] = {}
    return Outcome(numbered(stdout, known), numbered(stderr, known), status, ends)


def parts_for_threads(
    name: str, policy: Policy, max_events: int, facts: Facts
) -> tuple[Machine, Accesses, Interrupts, Library]:
    """Return what a program that starts no processes runs with.

    Args:
        name: its file name, without folders
        policy: decides which thread goes next
        max_events: how many events one execution may have
        facts: what is known of it
    """
    machine = Machine(policy, max_events, facts, name)
    machine.sharing = Sharing(machine)
    accesses = Accesses(machine, machine.sharing, Loops(machine))
    interrupts = Interrupts(machine)
    return machine, accesses, interrupts, Library(machine, partial(report, machine), interrupts)


def report(machine: Machine, text: str) -> None:
    """Write to standard error what a thread or the main thread leaves there as it fails."""
    with machine.reporting():
        sys.stderr.write(text)
