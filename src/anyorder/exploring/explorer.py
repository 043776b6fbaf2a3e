"""``explore(program)``: every outcome of a program, with a witness for each."""

from __future__ import annotations

import gc
import sys
import time
import warnings
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import cached_property, partial
from importlib.util import decode_source
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anyorder.exploring.engine.facts import Facts
from anyorder.exploring.engine.machine import Nobody, TooMuch
from anyorder.exploring.processes.program import ProcessProgram
from anyorder.exploring.program import Program, parts_for_threads
from anyorder.exploring.refusal import CannotExplore, unlike_itself
from anyorder.exploring.results import Edge, Exploration, Graph, PossibleOutcome, Progress, Step
from anyorder.exploring.search.dpor import Search
from anyorder.exploring.search.findings import MOST_NODES, Found
from anyorder.exploring.search.reaching import Reaching
from anyorder.exploring.words import NOTHING
from anyorder.outcomes import StartMethod, StdoutTo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from anyorder.exploring.engine.events import Place
    from anyorder.outcomes import Outcome

__all__ = ["explore", "graph"]

IGNORED = (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning)
COLLECT = 50  # after so many executions, what is left of them is collected
MOST_EVENTS = 5_000  # of one execution
FOLLOWED = 100  # schedules of which the witness is made at once, which shows that they lead there


@contextmanager
def own_warnings() -> Iterator[None]:
    """Treat a program's warnings as ``python program.py`` does, whatever is asked for around it.

    A host such as pytest makes errors of warnings, and keeps those that it lets pass. The filters
    are the `default ones <https://docs.python.org/3/library/warnings.html#default-warning-filter>`_.
    """

    def show(*warning: Any, **_: Any) -> None:
        message, category, filename, line = warning[:4]
        sys.stderr.write(warnings.formatwarning(message, category, filename, line))

    with warnings.catch_warnings():
        warnings.showwarning = show
        warnings.resetwarnings()
        for ignored in IGNORED:
            warnings.simplefilter("ignore", ignored)
        warnings.filterwarnings("default", category=DeprecationWarning, module="__main__")
        yield


@contextmanager
def uncollected() -> Iterator[None]:
    """Collect no garbage meanwhile: greenlets that wait are in cycles, and are ended.

    What the program leaves behind would else be collected at moments that depend on the tool's work.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@own_warnings()
def explore(  # noqa: PLR0913 - each can be asked for alone
    program: Path,
    *,
    max_executions: int | None = None,
    max_seconds: float | None = None,
    max_depth: int = MOST_EVENTS,
    start_method: StartMethod | None = None,
    stdout_to: StdoutTo = StdoutTo.PIPE,
    progress: Callable[[Progress], None] | None = None,
) -> Exploration:
    """Find every outcome that a program can have.

    Args:
        program: the program's file
        max_executions: after how many executions to stop; ``None`` goes on to the end
        max_seconds: after how many seconds to stop; ``None`` goes on to the end
        max_depth: how many events one execution may have
        start_method: how its children begin where it does not say, for a program that starts
            processes; ``None`` is what this Python does
        stdout_to: where its output goes, which matters to a program that starts processes
        progress: called after each execution

    Raises:
        CannotExplore: where the program uses what cannot be simulated, has a syntax error, or
            cannot be read
    """
    setting = (start_method, stdout_to)
    return Explorer(program, max_executions, max_seconds, max_depth, progress, setting).explore()


@own_warnings()
def graph(
    program: Path,
    *,
    max_nodes: int = MOST_NODES,
    max_depth: int = MOST_EVENTS,
    start_method: StartMethod | None = None,
    stdout_to: StdoutTo = StdoutTo.PIPE,
) -> Graph:
    """Return the graph of all schedules of a program.

    Args:
        program: the program's file
        max_nodes: how many nodes it may have
        max_depth: how many events one execution may have
        start_method: as for ``explore``
        stdout_to: likewise

    Raises:
        anyorder.exploring.search.graph.TooLarge: where it would have more nodes
        CannotExplore: where the program cannot be explored
    """
    setting = (start_method, stdout_to)
    return Explorer(program, None, None, max_depth, None, setting).graph(max_nodes)


class Explorer:
    """One exploration of one program. For the arguments, see ``explore``."""

    def __init__(  # noqa: PLR0913, PLR0917 - as for ``explore``
        self,
        program: Path,
        max_executions: int | None,
        max_seconds: float | None,
        max_depth: int,
        progress: Callable[[Progress], None] | None,
        setting: tuple[StartMethod | None, StdoutTo] = (None, StdoutTo.PIPE),
    ) -> None:
        self.path = program
        self.max_executions = max_executions
        self.max_seconds = max_seconds
        self.max_depth = max_depth
        self.progress = progress
        self.setting = setting
        self.shared: set[Place] = set()
        self.facts = Facts()
        self.threads: dict[tuple[int, ...], int] = {(): 0}  # their numbers, the same in each search
        try:
            self.source = decode_source(Path(program).read_bytes())
        except (OSError, UnicodeDecodeError, LookupError) as error:
            raise CannotExplore(Path(program).name, None, f"it cannot be read: {error}") from error
        except SyntaxError as error:
            raise CannotExplore(Path(program).name, 1, f"this is no Python: {error.msg}") from error

    def program(self) -> Program:
        """Return the program, ready to be executed as it is planned or, with a policy, chosen."""
        name = Path(self.path).name
        if self.facts.processes:
            program: Program = ProcessProgram(
                self.source, name, Nobody(), self.max_depth, self.facts, *self.setting
            )
        else:
            parts = parts_for_threads(name, Nobody(), self.max_depth, self.facts)
            program = Program(self.source, *parts)
        program.sharing.places |= self.shared
        program.machine.numbers = self.threads
        program.prepare()
        return program

    def explore(self) -> Exploration:
        """Search, then find a schedule for each outcome, and a witness for the first ones.

        The others are made when they are asked for.
        """
        started = time.perf_counter()
        found = self.search(started)
        seconds = time.perf_counter() - started
        numbers = found.interleavings()
        outcomes = tuple(
            PossibleOutcome(
                outcome,
                found.counts[number],
                None if numbers is None else numbers[number],
                partial(self.witness, schedule, outcome),
                tuple(schedule),
                found.writes[number],
                found.reaching.of(outcome, complete=found.limit is None),
            )
            for (outcome, number), schedule in zip(
                found.numbers.items(), found.schedules(), strict=True
            )
        )
        for possible in outcomes[:FOLLOWED]:
            possible.witness  # noqa: B018 - a program that is unlike itself shows that here
        vars(self).pop("replayed", None)  # no greenlet of it outlives the exploration
        return Exploration(
            str(self.path), found.limit is None, found.executions, found.events, seconds, outcomes,
            found.limit,
        )  # fmt: skip

    # -- searching -----------------------------------------------------------------------------

    def search(self, started: float) -> Found:
        """Search until everything is found, anew as long as more turns out to be known."""
        with uncollected():
            while True:
                self.facts.grown = False
                with closing(self.program()) as program:
                    while not self.facts.grown:
                        found = self.search_with(program, started)
                        if found is not None:
                            return found
                        program.prepare()

    def search_with(self, program: Program, started: float) -> Found | None:
        """Execute a program as a search chooses, to the end of the search or to a limit.

        Returns:
            What was found, and ``None`` where more places turn out to be shared, or more facts of
            the program to be known.
        """
        found = Found(program.name, reaching=Reaching(program.writes_to))
        program.machine.policy = search = Search()
        program.machine.plan = []
        while True:
            with program.executed() as outcomes:
                if program.sharing.grown or self.facts.grown:
                    self.shared |= program.sharing.places
                    return None
                asleep = search.asleep
                more = search.next(program.machine)
                if not asleep:
                    found.note(search, program.machine, outcomes, program.ends, program.writes)
            found.redundant = search.blocked
            if found.executions % COLLECT == 0:
                gc.collect(1)
            if self.progress is not None:
                self.progress(
                    Progress(
                        found.executions,
                        len(found.numbers),
                        search.planned(),
                        time.perf_counter() - started,
                    )
                )
            if not more or isinstance(program.machine.halted, TooMuch):
                return found
            if self.max_executions is not None and found.executions >= self.max_executions:
                found.limit = f"stopped after {self.max_executions:,} executions"
            elif self.max_seconds is not None and time.perf_counter() - started >= self.max_seconds:
                found.limit = f"stopped after {self.max_seconds:g} seconds"
            else:
                continue
            return found

    # -- what is said of what was found --------------------------------------------------------

    @own_warnings()
    def witness(self, schedule: list[int], outcome: Outcome) -> tuple[Step, ...]:
        """Return the steps of a schedule that leads to an outcome."""
        return tuple(step for step in self.replay(schedule, outcome)[0] if step.event != NOTHING)

    @cached_property
    def replayed(self) -> Program:
        """The program as the search has come to know it, for all replays."""
        return self.program()

    def replay(self, schedule: list[int], expected: Outcome) -> tuple[tuple[Step, ...], list[int]]:
        """Follow a schedule, and return its steps."""
        program = self.replayed
        program.machine.plan = schedule
        recorder = program.machine.recorder = program.recorder()
        with uncollected(), closing(program), program.executed() as outcomes:
            recorder.close()
            program.machine.recorder = None
        if expected not in outcomes:
            raise unlike_itself(program.name)
        return tuple(recorder.steps), schedule

    def graph(self, most: int) -> Graph:
        """Return the graph of all schedules, each event put into words by replays of few traces."""
        found = self.search(time.perf_counter())
        paths = found.paths(most)
        outcomes = list(found.numbers)
        steps: dict[int, Step] = {}
        replayed: dict[int, tuple[tuple[Step, ...], list[int]]] = {}
        for event, (trace_number, place) in enumerate(paths.sources):
            if trace_number not in replayed:
                trace = found.traces[trace_number]
                replayed[trace_number] = self.replay(
                    list(trace.threads), outcomes[trace.outcomes[0]]
                )
            told = replayed[trace_number][0]
            before = told[place - 1].stdout if place else ""
            step = told[place]
            steps[event] = replace(step, stdout=step.stdout[len(before) :])
        return Graph(
            tuple(
                tuple(Edge(steps[event], to) for event, to in sorted(following.items()))
                for following in paths.edges
            ),
            paths.ends,
            paths.interleavings(len(outcomes)),
            tuple(found.reaching.of(outcome, complete=True) for outcome in outcomes),
        )
