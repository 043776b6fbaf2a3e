"""What a search has found: outcomes, traces, and what follows from them without more runs."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from anyorder.exploring.refusal import TooLarge
from anyorder.exploring.results import Bound
from anyorder.exploring.search.graph import Paths
from anyorder.exploring.search.mixing import lines_mix
from anyorder.exploring.search.orbits import Kin, Orbit
from anyorder.exploring.search.reaching import Reaching
from anyorder.exploring.search.traces import (
    Trace,
    before,
    fewest_switches,
    in_blocks,
    keeps_blocks,
    switches,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from anyorder.exploring.engine.events import Event
    from anyorder.exploring.engine.machine import Machine
    from anyorder.exploring.search.bounded import Bounded
    from anyorder.exploring.search.dpor import Search
    from anyorder.outcomes import Outcome, StdoutTo

__all__ = ["MOST_NODES", "Found"]

MOST_TRACES = 20_000  # that are kept, for counts and for witnesses
MOST_NODES = 50_000  # of a graph on which interleavings are counted


@dataclass
class Found:
    """What a search has found so far.

    Args:
        program: the name of the program's file
        numbers: the outcomes, each with its number
        writes: for each outcome, the pieces in which the first of its traces printed it; nothing
            where not all of them have come out
        mixed: for each outcome, whether lines of a traceback may mix with those of another thread
        counts: for each outcome, how many traces lead to it
        traces: the traces, as many of them as are kept
        executions: how many executions are complete
        events: how many events they had
        limit: in words, which limit was reached, and ``None`` where none was
        stopped: whether that is one of executions or seconds
        preemptions: for each outcome, the fewest that lead to it, where a search counts them
        bounds: for each number of preemptions, from 0, what all schedules with at most so many
            have come to
        redundant: executions that were given up, since their traces were known
        known: what all images of a trace have in common, for each that was executed
        size: how many traces were executed, or have an image that was
        reaching: which outcomes builds with a GIL can reach
    """

    program: str
    numbers: dict[Outcome, int] = field(default_factory=dict)
    writes: list[tuple[tuple[int, str], ...]] = field(default_factory=list)
    mixed: list[bool] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)
    traces: list[Trace] = field(default_factory=list)
    executions: int = 0
    events: int = 0
    limit: str | None = None
    stopped: bool = False
    preemptions: list[int | None] = field(default_factory=list)
    bounds: list[Bound] = field(default_factory=list)
    redundant: int = 0
    known: set[bytes] = field(default_factory=set)
    size: int = 0
    reaching: Reaching = field(default_factory=Reaching)

    @property
    def tried(self) -> int:
        """How many executions there were, those that were given up among them."""
        return self.executions + self.redundant

    def note(
        self,
        search: Search | Bounded,
        machine: Machine,
        outcomes: list[Outcome],
        ends: dict[StdoutTo, Outcome],
        writes: tuple[tuple[int, str], ...],
    ) -> None:
        """Note what an execution came to.

        Args:
            search: what it was chosen by
            machine: where it was executed
            outcomes: what it came to, and nothing where a limit stopped it
            ends: the same, by where the output goes
            writes: the pieces in which it printed, each with the number of its thread
        """
        events = machine.events
        self.events += len(events)
        self.executions += 1
        if not outcomes:
            self.limit = str(machine.halted)
            return
        machine.raised.check(search.pasts)
        machine.owners.check(search.pasts)
        self.limit = self.limit or machine.unfollowed
        new = False
        for outcome in outcomes:
            number = self.numbers.setdefault(outcome, len(self.numbers))
            if number == len(self.counts):
                new = True
                self.counts.append(0)
                self.preemptions.append(search.preemptions)
                whole = "".join(text for _, text in writes) == outcome.stdout
                self.writes.append(writes if whole else ())
                self.mixed.append(False)
        numbers = tuple(self.numbers[outcome] for outcome in outcomes)
        pasts, last = search.pasts, machine.exit
        if last is not None:  # what does not come before it makes no difference
            kept, pasts = before(pasts, events.index(last))
            events = [events[number] for number in kept]
            machine.flushes = [
                (stream, tid, bisect_left(kept, number)) for stream, tid, number in machine.flushes
            ]
        self.note_mixing(machine, pasts, events, numbers)
        threads, orbit, size = tuple(event.tid for event in events), None, 1
        if search.symmetric:
            orbit = Orbit(Kin.of(machine.families, events), threads, tuple(pasts))
            if orbit.key in self.known:
                return
            self.known.add(orbit.key)
            size = orbit.size
        for number in numbers:
            self.counts[number] += size
        self.size += size
        blocks = self.reaching.note(machine, pasts, events, ends)
        self.limit = self.limit or self.reaching.unfollowed
        if new or self.size <= MOST_TRACES:
            self.traces.append(Trace(threads, tuple(pasts), numbers, blocks, orbit))

    def note_mixing(
        self,
        machine: Machine,
        pasts: Sequence[int],
        events: Sequence[Event],
        numbers: Iterable[int],
    ) -> None:
        """Note whether lines of tracebacks may mix in the outcomes of an execution.

        Args:
            machine: where it was executed
            pasts: for each event, as bits, the events that come before it, and itself
            events: its events, up to the one that ended the process
            numbers: the numbers of the outcomes
        """
        unknown = [number for number in numbers if not self.mixed[number]]
        if unknown and lines_mix(machine, pasts, events):
            for number in unknown:
                self.mixed[number] = True

    def note_bounds(self, finished: int) -> None:
        """Note how many bounds, from 0 preemptions, a search has finished by now."""
        self.bounds += [
            Bound(bound, len(self.numbers), self.tried)
            for bound in range(len(self.bounds), finished)
        ]

    def paths(self, most: int) -> Paths:
        """Return the graph of all traces."""
        if self.limit is not None or self.size > MOST_TRACES:
            raise TooLarge(
                self.program,
                None,
                self.limit or f"it has more than {MOST_TRACES:,} traces",
            )
        if sum(trace.orbit.ways() for trace in self.traces if trace.orbit) > MOST_TRACES:
            why = f"threads that are alike can change places in more than {MOST_TRACES:,} ways"
            raise TooLarge(self.program, None, why)
        paths = Paths(self.program, most)
        for trace in self.traces:
            for image in trace.images():
                paths.add(image)
        return paths

    def interleavings(self) -> tuple[int, ...] | None:
        """Count the interleavings to each outcome, where the graph is small enough."""
        try:
            return self.paths(MOST_NODES).interleavings(len(self.numbers))
        except TooLarge:
            return None

    def schedules(self) -> list[list[int]]:
        """Return a schedule with the fewest context switches for each outcome.

        Where the Python that explores can reach an outcome under a GIL, it is a schedule that it
        can take, if there is one in which no thread has to wait for a lock.
        """
        reached = [self.reaching.here(outcome) for outcome in self.numbers]
        best: list[list[int] | None] = [None] * len(self.numbers)
        taken: list[list[int] | None] = [None] * len(self.numbers)
        for trace in self.traces:
            for number in trace.outcomes:
                now = (taken if reached[number] else best)[number]
                limit = len(trace.threads) + 1 if now is None else switches(now)
                schedule = fewest_switches(trace, limit)
                best[number] = schedule or best[number] or list(trace.threads)
                if reached[number]:
                    if schedule is None or not keeps_blocks(trace, schedule):
                        schedule = in_blocks(trace)
                    if schedule is not None and switches(schedule) < limit:
                        taken[number] = schedule
        return [one or other or [] for one, other in zip(taken, best, strict=True)]
