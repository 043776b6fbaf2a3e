"""What an exploration returns: plain data, which needs no greenlet to be read again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from functools import cached_property, partial
from itertools import pairwise
from typing import Any

from anyorder.exploring.versions import THIS
from anyorder.outcomes import Ends, Outcome

__all__ = [
    "Bound",
    "Edge",
    "Exploration",
    "Graph",
    "PossibleOutcome",
    "Progress",
    "Step",
    "Writes",
    "at_most",
]

# what is written to standard output, piece by piece, each with the number of the thread that does
Writes = tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One event of a witness.

    Args:
        thread: the name of the thread whose event it is
        line: the line of the program, from 1, and 0 where it is none of the program's
        column: the column in that line, from 1, and ``None`` where Python does not say
        event: what it did, in words, such as ``"reads n: 0"``
        stdout: all that has been printed once it has happened
        changed: the shared values that it changed, by name, each as its ``repr``
        locks: the locks that are held once it has happened, by name, each with its holder
        waiting: the threads that cannot go on then, by name, each with what it waits for
        remembers: the numbers, texts and the like that the thread's own variables hold then, those
            that its functions have set, each as its ``repr``
    """

    thread: str
    line: int
    column: int | None
    event: str
    stdout: str
    changed: dict[str, str] = field(default_factory=dict)
    locks: dict[str, str] = field(default_factory=dict)
    waiting: dict[str, str] = field(default_factory=dict)
    remembers: dict[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return the step as an object of ``--json``."""
        return {name: getattr(self, name) for name in STEP_FIELDS}


STEP_FIELDS = tuple(each.name for each in fields(Step))


@dataclass(frozen=True)
class PossibleOutcome:
    """One outcome that a program can have.

    Args:
        outcome: what it comes to
        traces: how many traces lead to it, those included of which only an image was executed
        interleavings: how many interleavings these traces stand for, and ``None`` where the graph
            on which they are counted would be too large
        make_witness: makes the witness, which takes an execution
        schedule: the thread of each event of the witness, by its number: a schedule that leads to
            the outcome, with as few context switches as any; one that this Python can take under a
            GIL, where there is one
        writes: the pieces in which some schedule that leads to it writes its standard output;
            nothing where the outcome has not all of them
        reachable_on: for builds with a GIL, by version (``"3.14"``) and by where the output goes
            (``"pipe"``, ``"terminal"``, ``"unbuffered"``): whether it can reach the outcome, by how
            it hands over the GIL. Where that is in doubt, it can. A build without a GIL can reach
            all that is possible.
        preemptions: the fewest that lead to it, where a search by preemptions has come to it
        lines_mix: whether, in real runs, lines on standard error can mix that are in one piece
            here: a thread fails, which is told in several, while another of its process writes
    """

    outcome: Outcome
    traces: int
    interleavings: int | None
    make_witness: Callable[[], tuple[Step, ...]] = field(repr=False, compare=False)
    schedule: tuple[int, ...] = ()
    writes: Writes = ()
    reachable_on: Mapping[str, Mapping[str, bool]] = field(default_factory=dict)
    preemptions: int | None = None
    lines_mix: bool = False

    @cached_property
    def witness(self) -> tuple[Step, ...]:
        """The steps of the schedule, made when they are first asked for."""
        return self.make_witness()

    @property
    def reachable(self) -> Mapping[str, bool]:
        """``reachable_on`` for a build with a GIL of the Python that runs now."""
        return self.reachable_on.get(THIS, {})

    @property
    def switches(self) -> int:
        """How often the schedule goes from one thread to another."""
        return sum(one != other for one, other in pairwise(self.schedule))

    def to_json(self, *, told: bool = True) -> dict[str, Any]:
        """Return the outcome as an object of ``--json``.

        Args:
            told: whether it has its witness in any case, and not only where that is made already
        """
        told = told or "witness" in vars(self)
        return {
            "stdout": self.outcome.stdout,
            "stderr": self.outcome.stderr,
            "exit": self.outcome.exit,
            "ends": str(self.outcome.ends),
            "traces": self.traces,
            "interleavings": self.interleavings,
            "preemptions": self.preemptions,
            "reachable": dict(self.reachable),
            "reachable_on": as_json(self.reachable_on),
            "lines_mix": self.lines_mix,
            "schedule": list(self.schedule),
            "writes": [list(each) for each in self.writes],
            "witness": [step.to_json() for step in self.witness] if told else None,
        }


def as_json(reachable_on: Mapping[str, Mapping[str, bool]]) -> dict[str, dict[str, bool]]:
    """Return ``reachable_on`` as an object of JSON."""
    return {version: dict(to) for version, to in reachable_on.items()}


@dataclass(frozen=True, slots=True)
class Edge:
    """One choice of a reader who plays the scheduler: to let a thread carry out its next event.

    Args:
        step: the event; its ``stdout`` is what this event alone prints
        to: the number of the node that it leads to
    """

    step: Step
    to: int


@dataclass(frozen=True, slots=True)
class Graph:
    """All schedules of a program.

    A node is a prefix of a trace: a set of events that have happened, whatever their order was. So
    schedules that differ only in what nobody can see lead to the same node.

    Args:
        edges: for each node, by number, the events that can happen next; node 0 is the beginning
        ends: for each node at which the program has ended, the number of its outcome
        interleavings: for each outcome, by number, how many ways lead to it
        reachable_on: for each outcome, by number, which builds with a GIL can reach it, as
            :class:`PossibleOutcome` has it
    """

    edges: tuple[tuple[Edge, ...], ...]
    ends: dict[int, int]
    interleavings: tuple[int, ...]
    reachable_on: tuple[Mapping[str, Mapping[str, bool]], ...] = ()

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Graph:
        """Read what :meth:`to_json` returned."""
        return cls(
            tuple(
                tuple(
                    Edge(Step(**{name: edge[name] for name in STEP_FIELDS}), edge["to"])
                    for edge in edges
                )
                for edges in content["nodes"]
            ),
            {int(node): outcome for node, outcome in content["ends"].items()},
            tuple(content["interleavings"]),
            tuple(content["reachable_on"]),
        )

    def to_json(self) -> dict[str, Any]:
        """Return the graph as an object of JSON."""
        return {
            "nodes": [
                [{**edge.step.to_json(), "to": edge.to} for edge in edges] for edges in self.edges
            ],
            "ends": {str(node): outcome for node, outcome in self.ends.items()},
            "interleavings": list(self.interleavings),
            "reachable_on": [as_json(each) for each in self.reachable_on],
        }


@dataclass(frozen=True, slots=True)
class Bound:
    """How far a search by preemptions came: all outcomes with at most so many were found.

    A thread is preempted where it could go on with its next event and another one goes next.

    Args:
        preemptions: how many a schedule may have
        outcomes: how many outcomes these schedules have
        executions: how many executions that took, those with fewer preemptions included
    """

    preemptions: int
    outcomes: int
    executions: int


def at_most(preemptions: int) -> str:
    """Return how far a search by preemptions has come, in words."""
    if preemptions == 0:
        return "no preemption"
    return f"at most {preemptions} preemption{'s' * (preemptions > 1)}"


@dataclass(frozen=True)
class Exploration:
    """Every outcome of a program, or, where a limit was reached, those that were found.

    Args:
        program: the program's path, as it was given
        complete: whether the outcomes are all that the program can have
        executions: how many executions were explored to their end
        events: how many events these had
        seconds: how long the search took
        outcomes: the outcomes, in the order in which they were found
        limit: in words, which limit was reached, and ``None`` where none was
        bounds: for each number of preemptions, from 0, that a search by preemptions has come to the
            end of
    """

    program: str
    complete: bool
    executions: int
    events: int
    seconds: float
    outcomes: tuple[PossibleOutcome, ...]
    limit: str | None = None
    bounds: tuple[Bound, ...] = ()

    @property
    def preemptions(self) -> int | None:
        """Every outcome with at most so many is there; ``None`` where nothing is known of that."""
        return self.bounds[-1].preemptions if self.bounds else None

    @property
    def lines_mix(self) -> bool:
        """Whether lines on standard error that are in one piece here can mix in real runs."""
        return any(each.lines_mix for each in self.outcomes)

    def within(self, preemptions: int) -> Exploration:
        """Return this with no other outcomes than those with at most so many preemptions."""
        kept = [
            each
            for each in self.outcomes
            if each.preemptions is not None and each.preemptions <= preemptions
        ]
        return replace(self, outcomes=tuple(kept))

    @cached_property
    def outcome_set(self) -> frozenset[Outcome]:
        """The outcomes alone."""
        return frozenset(self.by_outcome)

    @cached_property
    def by_outcome(self) -> dict[Outcome, PossibleOutcome]:
        """What was found of each outcome."""
        return {possible.outcome: possible for possible in self.outcomes}

    @classmethod
    def from_json(
        cls, content: Mapping[str, Any], make_witness: Callable[[Outcome], tuple[Step, ...]]
    ) -> Exploration:
        """Read what :meth:`to_json` returned.

        Args:
            content: the object
            make_witness: makes the witness of an outcome that is without

        Raises:
            KeyError, TypeError, ValueError: it is no such object
        """

        def read(each: Mapping[str, Any]) -> PossibleOutcome:
            outcome = Outcome(each["stdout"], each["stderr"], each["exit"], Ends(each["ends"]))
            make = partial(make_witness, outcome)
            if each["witness"] is not None:
                make = partial(tuple, [Step(**step) for step in each["witness"]])
            return PossibleOutcome(
                outcome,
                each["traces"],
                each["interleavings"],
                make,
                tuple(each["schedule"]),
                tuple((thread, text) for thread, text in each["writes"]),
                each["reachable_on"],
                each["preemptions"],
                lines_mix=each["lines_mix"],
            )

        outcomes = tuple(map(read, content["outcomes"]))
        scalars = ("program", "complete", "executions", "events", "seconds")
        return cls(
            **{name: content[name] for name in scalars},
            outcomes=outcomes,
            limit=content["limit"],
            bounds=tuple(Bound(**bound) for bound in content["bounds"]),
        )

    def to_json(self, *, told: bool = True) -> dict[str, Any]:
        """Return the exploration as the object that ``anyorder explore --json`` prints.

        Args:
            told: whether every outcome has its witness, and not only where that is made already
        """
        return {
            "program": self.program,
            "complete": self.complete,
            "executions": self.executions,
            "events": self.events,
            "seconds": self.seconds,
            "limit": self.limit,
            "lines_mix": self.lines_mix,
            "bounds": [asdict(bound) for bound in self.bounds],
            "outcomes": [possible.to_json(told=told) for possible in self.outcomes],
        }


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a search has come.

    Args:
        executions: how many executions are done
        outcomes: how many outcomes they have come to
        remaining: an estimate of how many executions are left: those that are planned already
        seconds: how long it has taken
        preemptions: how many the schedules have that it is at, where it counts them; then what is
            left, and all the others, is of this search alone
    """

    executions: int
    outcomes: int
    remaining: int
    seconds: float
    preemptions: int | None = None
