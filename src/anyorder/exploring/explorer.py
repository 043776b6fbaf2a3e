"""``explore(program)``: every outcome of a program, with a witness for each."""

from __future__ import annotations

import gc
import os
import sys
import time
import warnings
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from functools import cached_property, partial
from importlib.util import decode_source
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from anyorder.exploring.engine.alike import told_apart
from anyorder.exploring.engine.facts import Facts
from anyorder.exploring.engine.machine import Nobody, OutOfTime, TooMuch
from anyorder.exploring.engine.switching import collect
from anyorder.exploring.limits import INTERRUPTED, MOST_EVENTS, Interrupt, Limits, interruptible
from anyorder.exploring.processes.program import ProcessProgram
from anyorder.exploring.program import Program, parts_for_threads
from anyorder.exploring.refusal import CannotExplore, ExplorerFault, unlike_itself
from anyorder.exploring.refusals import refusals_in
from anyorder.exploring.results import (
    Edge,
    Exploration,
    Graph,
    PossibleOutcome,
    Progress,
    Step,
    at_most,
)
from anyorder.exploring.search.bounded import Bounded
from anyorder.exploring.search.dpor import Search
from anyorder.exploring.search.findings import MOST_NODES, Found
from anyorder.exploring.search.reaching import Reaching
from anyorder.exploring.words import NOTHING
from anyorder.outcomes import StartMethod, StdoutTo

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from anyorder.exploring.engine.events import Place
    from anyorder.outcomes import Outcome

__all__ = ["explore", "graph"]

Result = TypeVar("Result")

IGNORED = (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning)
COLLECT = 50  # after so many executions, what is left of them is collected
# of so many outcomes, which have so many events in all, the witness is made at once, which shows
# that their schedules lead there
FOLLOWED = 100
MOST_TOLD = 20_000
# of the seconds, for the search for all traces where one by preemptions follows: that mostly comes
# to the end of few of them at once, and all traces may be found in a little more time
OF_ALL_TRACES = 0.75
MOST_BEGINNINGS = 1_000  # of a search, of which each knows more: most programs need 2 to 7


@contextmanager
def own_warnings() -> Iterator[None]:
    """Treat a program's warnings as ``python program.py`` does, whatever is asked for around it.

    A host such as pytest makes errors of warnings, and keeps those that it lets pass. The filters
    are the `default ones <https://docs.python.org/3/library/warnings.html#default-warning-filter>`_.
    """

    def showwarning(  # noqa: PLR0913, PLR0917 - as the library's own
        message: Any, category: Any, filename: str, lineno: int, file: Any = None, line: Any = None
    ) -> None:
        text = warnings.formatwarning(message, category, filename, lineno, line)
        (sys.stderr if file is None else file).write(text)

    showwarning.__module__ = "warnings"
    with warnings.catch_warnings():
        warnings.showwarning = showwarning
        warnings.resetwarnings()
        for ignored in IGNORED:
            warnings.simplefilter("ignore", ignored)
        warnings.filterwarnings("default", category=DeprecationWarning, module="__main__")
        yield


@contextmanager
def uncollected() -> Iterator[None]:
    """Collect no garbage meanwhile: greenlets that wait are in cycles, and are ended.

    What the program leaves behind would else be collected at moments that depend on the tool.
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
    program: str | os.PathLike[str],
    *,
    max_executions: int | None = None,
    max_seconds: float | None = None,
    max_events: int = MOST_EVENTS,
    preemptions: int | None = None,
    start_method: StartMethod | None = None,
    stdout_to: StdoutTo = StdoutTo.PIPE,
    follow: Collection[str] = (),
    progress: Callable[[Progress], str | None] | None = None,
) -> Exploration:
    """Find every outcome that a program can have.

    Where the search stops before, after so many executions or seconds, one by preemptions follows:
    all schedules with none, then all with one, and so on, for as many executions again. Of the
    seconds, the first search has three quarters, and the other one what is left.
    Ctrl-C ends a search too, and what it has found is returned. None of that is complete.

    Args:
        program: the path of the program's file
        max_executions: after how many executions to stop; ``None`` goes on to the end
        max_seconds: after how many seconds to stop; ``None`` goes on to the end
        max_events: how many events one execution may have
        preemptions: search by preemptions alone, with at most so many
        start_method: how its children begin where it does not say, for a program that starts
            processes; ``None`` is what this Python does
        stdout_to: where its output goes, which matters to a program that starts processes
        follow: packages of others, in Python alone, that are followed as its own modules are
        progress: called after each execution; where it returns why the search is to end, in words,
            the search ends, and that is its limit

    Raises:
        CannotExplore: where the program uses what cannot be simulated, has a syntax error, or
            cannot be read
    """
    setting = (start_method, stdout_to)
    explorer = Explorer(Path(program), max_executions, max_seconds, max_events, progress, setting)
    explorer.preemptions, explorer.follow = preemptions, frozenset(follow)
    with interruptible() as explorer.interrupt, explorer.telling_all():
        return explorer.explore()


@own_warnings()
def graph(  # noqa: PLR0913 - as for ``explore``
    program: str | os.PathLike[str],
    *,
    max_nodes: int = MOST_NODES,
    max_events: int = MOST_EVENTS,
    start_method: StartMethod | None = None,
    stdout_to: StdoutTo = StdoutTo.PIPE,
    follow: Collection[str] = (),
) -> Graph:
    """Return the graph of all schedules of a program.

    Args:
        program: the path of the program's file
        max_nodes: how many nodes it may have
        max_events: how many events one execution may have
        start_method: as for ``explore``
        stdout_to: likewise
        follow: likewise

    Raises:
        TooLarge: where it would have more nodes
        CannotExplore: where the program cannot be explored
    """
    setting = (start_method, stdout_to)
    explorer = Explorer(Path(program), None, None, max_events, None, setting)
    explorer.follow = frozenset(follow)
    with interruptible() as explorer.interrupt:
        return explorer.graph(max_nodes)


class Explorer:
    """One exploration of one program.

    For the arguments, see ``explore``.

    Attributes:
        preemptions: as for ``explore``
        follow: likewise
        interrupt: what ends it
    """

    def __init__(  # noqa: PLR0913, PLR0917 - as for ``explore``
        self,
        program: Path,
        max_executions: int | None,
        max_seconds: float | None,
        max_events: int,
        progress: Callable[[Progress], str | None] | None,
        setting: tuple[StartMethod | None, StdoutTo] = (None, StdoutTo.PIPE),
    ) -> None:
        self.path = program
        self.limits = Limits(max_executions, max_seconds, max_events)
        self.preemptions: int | None = None
        self.follow: frozenset[str] = frozenset()
        self.progress = progress
        self.interrupt = Interrupt()
        self.ended: str | None = None  # why, where somebody has ended it
        self.setting = setting
        self.shared: set[Place] = set()
        self.facts = Facts()
        self.symmetric = True  # whether an image of a trace stands for it; tests compare both ways
        self.threads: dict[tuple[int, ...], int] = {(): 0}  # their numbers, the same in each search
        self.started = 0.0  # when it was begun to search
        self.of_modules: dict[int, dict[int, tuple[str, Any]]] = {}  # as ``Objects`` has it
        try:
            self.source = decode_source(program.read_bytes())
        except (OSError, UnicodeDecodeError, LookupError) as error:
            raise CannotExplore(program.name, None, f"it cannot be read: {error}") from error
        except SyntaxError as error:
            raise CannotExplore(program.name, 1, f"this is no Python: {error.msg}") from error

    @contextmanager
    def telling_all(self) -> Iterator[None]:
        """Let a refusal tell what else is refused."""
        try:
            yield
        except ExplorerFault:
            raise
        except CannotExplore as refusal:
            with suppress(SyntaxError, ValueError):
                found = refusals_in(self.source, Path(self.path).absolute().parent, self.follow)
                refusal.others = tuple(one for one in found if one[0] != refusal.line)
            raise

    def program(self) -> Program:
        """Return the program, ready to be executed as it is planned or, with a policy, chosen."""
        name = self.path.name
        if self.facts.processes:
            program: Program = ProcessProgram(
                self.source, name, Nobody(), self.limits.max_events, self.facts, *self.setting
            )
        else:
            parts = parts_for_threads(name, Nobody(), self.limits.max_events, self.facts)
            program = Program(self.source, *parts)
        program.library.own.follow = self.follow
        program.library.own.folder = Path(self.path).absolute().parent
        program.accesses.objects.of_modules = self.of_modules
        program.sharing.places |= self.shared
        program.machine.numbers = self.threads
        program.prepare()
        return program

    def explore(self) -> Exploration:
        """Search, then find a schedule for each outcome, and a witness for the first ones.

        The others are made when they are asked for.
        """
        started = time.perf_counter()
        searches = self.searched(self.both_ways)
        seconds = time.perf_counter() - started
        outcomes: dict[Outcome, PossibleOutcome] = {}
        for found in reversed(searches):
            for possible in self.outcomes(found):
                outcomes.setdefault(possible.outcome, possible)
        told = accumulate(len(one.schedule) for one in outcomes.values())
        for possible, events in list(zip(outcomes.values(), told, strict=True))[:FOLLOWED]:
            if events <= MOST_TOLD:
                possible.witness  # noqa: B018 - a program that is unlike itself shows that here
        vars(self).pop("replayed", None)  # no greenlet of it outlives the exploration
        found = searches[0]
        return Exploration(
            str(self.path), found.limit is None, found.executions, found.events, seconds,
            tuple(outcomes.values()), found.limit, tuple(searches[-1].bounds),
        )  # fmt: skip

    def outcomes(self, found: Found) -> Iterator[PossibleOutcome]:
        """Yield what a search has found."""
        numbers = found.interleavings()
        for (outcome, number), schedule in zip(
            found.numbers.items(), found.schedules(), strict=True
        ):
            yield PossibleOutcome(
                outcome,
                found.counts[number],
                None if numbers is None else numbers[number],
                partial(self.witness, schedule, outcome),
                tuple(schedule),
                found.writes[number],
                found.reaching.of(outcome, complete=found.limit is None),
                found.preemptions[number],
                lines_mix=found.mixed[number],
            )

    # -- searching -----------------------------------------------------------------------------

    def search(self) -> Found:
        """Search for all traces."""
        return self.searched(lambda program: self.search_with(program, self.for_traces()))

    def for_traces(self) -> Search:
        """Return what searches for all traces, as much as is known of the program by now."""
        alike = self.facts.alike and not self.facts.distinct
        return Search(symmetric=self.symmetric and alike)

    def both_ways(self, program: Program) -> list[Found] | None:
        """Search for all traces, and where that reaches a limit, by preemptions.

        Returns:
            What was found: by the one search that found everything, or by each; and ``None`` where
            more turns out to be known.
        """
        found = None
        if self.preemptions is None:
            found = self.search_with(program, self.for_traces())
            if found is None:
                return None
            if not found.stopped:
                return [found]
        bounded = self.search_with(program, Bounded(self.preemptions))
        if bounded is None:
            return None
        if found is None or bounded.limit is None:
            return [bounded]
        if found.limit == self.limits.out_of_time:  # as it was, or something else came before
            found.limit = bounded.limit
        return [found, bounded]

    def searched(self, search: Callable[[Program], Result | None]) -> Result:
        """Return what a search finds, anew as long as more turns out to be known.

        Its clock goes on meanwhile: there may be no end of what turns out to be known.

        Raises:
            CannotExplore: there is no end of it, since the same is called otherwise each time
        """
        self.started = time.perf_counter()
        begun = 0
        with uncollected():
            while True:
                self.facts.grown = False
                with closing(self.program()) as program:
                    while not self.facts.grown:
                        found = search(program)
                        if found is not None:
                            return found
                        begun += 1
                        if begun > MOST_BEGINNINGS:
                            raise unlike_itself(program.name)
                        program.prepare()

    def search_with(self, program: Program, search: Search | Bounded) -> Found | None:
        """Execute a program as a search chooses, to the end of the search or to a limit.

        Returns:
            What was found, and ``None`` where more places turn out to be shared, or more facts of
            the program to be known.
        """
        found = Found(program.name, reaching=Reaching(program.writes_to))
        program.machine.policy = search
        program.machine.plan = []
        started = time.perf_counter()
        program.machine.ends_search = partial(self.ends_within, search)
        while True:
            with program.executed() as outcomes:
                if search.symmetric and told_apart(program.machine, to_its_end=not search.asleep):
                    self.facts.distinct = self.facts.grown = True
                if program.sharing.grown or self.facts.grown:
                    self.shared |= program.sharing.places
                    return None
                if isinstance(program.machine.halted, OutOfTime):
                    found.limit = str(program.machine.halted)
                    # without any outcome, another search would not come to one either
                    found.stopped = bool(found.numbers) and not self.interrupt.pressed
                    return found
                asleep = search.asleep
                more = search.next(program.machine)
                if not asleep:
                    found.note(search, program.machine, outcomes, program.ends, program.writes)
            found.redundant = search.blocked
            if found.tried % COLLECT == 0:
                collect()
            if self.progress is not None:
                self.ended = self.progress(
                    Progress(
                        found.tried,
                        len(found.numbers),
                        search.planned(),
                        time.perf_counter() - started,
                        search.preemptions,
                    )
                )
            if not self.goes_on(program, search, found, more=more):
                return found

    def ends_within(self, search: Search | Bounded) -> str | None:
        """Return, in words, why a search is to end even within an execution, if it is."""
        return INTERRUPTED if self.interrupt.pressed else self.reached(search, 0)

    def reached(self, search: Search | Bounded, executions: int) -> str | None:
        """Return, in words, the limit that a search has reached with so many executions, if any."""
        share = 1 if isinstance(search, Bounded) else OF_ALL_TRACES
        return self.limits.reached(executions, time.perf_counter() - self.started, share)

    def goes_on(
        self, program: Program, search: Search | Bounded, found: Found, *, more: bool
    ) -> bool:
        """Whether a search that has more to do goes on; note the limit where it has reached one."""
        if isinstance(search, Bounded):
            if found.limit is not None:
                return False  # what an execution left out may have as few preemptions
            found.note_bounds(search.finished)
            if not (more or search.exhausted):
                found.limit = f"only schedules with {at_most(search.bound)} were asked for"
        if not more or isinstance(program.machine.halted, TooMuch):
            return False
        limit = self.reached(search, found.tried)
        if self.interrupt.pressed:
            self.ended = INTERRUPTED
        if self.ended:
            found.limit = self.ended
        elif limit is not None:
            found.limit, found.stopped = limit, True
        return not (self.ended or found.stopped)

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
        found = self.search()
        paths = found.paths(most)
        outcomes = list(found.numbers)
        steps: dict[int, Step] = {}
        replayed: dict[int, tuple[tuple[Step, ...], list[int]]] = {}
        for event, (trace_number, place) in enumerate(paths.sources):
            if trace_number not in replayed:
                trace = paths.traces[trace_number]
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
