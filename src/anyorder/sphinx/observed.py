"""What was observed of a program, in the words of a page."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field

from docutils import nodes
from docutils.nodes import system_message
from packaging.version import Version
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxRole

from anyorder.board.builds import FREE_THREADED, WITH_GIL
from anyorder.checking import REFUSALS, Observation, Program, record_of
from anyorder.outcomes import Entry, Interpreter, Outcome, Setting
from anyorder.sphinx.checks import note_program
from anyorder.sphinx.naming import named, numbered, refused

__all__ = [
    "Line",
    "Tally",
    "build_of",
    "observed_lines",
    "python_name",
    "recorded_line",
    "setup",
]

# the shares of all runs from which on it is nearly all of them, and one that is told in percent
NEARLY, OFTEN = 0.95, 0.01


def setup(app: Sphinx) -> None:
    """Add the role."""
    app.add_role("observed", ObservedRole())


@dataclass
class Tally:
    """How many runs had an outcome, of how many."""

    seen: int = 0
    runs: int = 0

    def add(self, seen: int, runs: int) -> None:
        """Count some more."""
        self.seen += seen
        self.runs += runs

    def __str__(self) -> str:
        return f"{self.seen:,} of {self.runs:,}" if self.runs else "no runs"

    @property
    def words(self) -> str:
        """How often that is, in words; ``static/yours.js`` says it alike."""
        if not self.runs:
            return "no runs recorded"
        if not self.seen:
            return "never seen"
        if self.seen == self.runs:
            return "in every run"
        if self.seen >= NEARLY * self.runs:
            return "in nearly every run"
        if self.seen >= OFTEN * self.runs:
            return f"about {rounded(100 * self.seen / self.runs)}% of our runs"
        return f"about 1 in {rounded(self.runs / self.seen):,} of our runs"


def rounded(number: float) -> int:
    """Round a number to its first two digits, and a half up, as JavaScript does."""
    unit: int = 10 ** max(len(str(int(number))) - 2, 0)
    return int(number / unit + 0.5) * unit


@dataclass
class Line:
    """How often outcomes were observed in places that go together.

    Args:
        method: the start method, or nothing
        places: where the output went
        pythons: of each Python, by its name, how many runs had the outcomes, of how many
    """

    method: str
    places: list[str]
    pythons: dict[str, Tally] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.method} {', '.join(self.places)}".lstrip()

    def of(self, build: str) -> Tally:
        """Return how many runs on Pythons of one build had the outcomes, of how many."""
        total = Tally()
        for python, each in self.pythons.items():
            if build_of(python) == build:
                total.add(each.seen, each.runs)
        return total

    @property
    def kind(self) -> str:
        """Whether all runs had the outcomes, none of them, or some."""
        tallies = self.pythons.values()
        if all(tally.seen == tally.runs for tally in tallies):
            return "all"
        return "mixed" if any(tally.seen for tally in tallies) else "none"


def build_of(python: str) -> str:
    """Return the build of a Python, by its name."""
    return FREE_THREADED if python.endswith("t") else WITH_GIL


def python_name(interpreter: Interpreter) -> str:
    """Return a Python by its minor version and build: ``3.14``, or ``3.14t``."""
    return f"{interpreter.minor}{'t' * interpreter.free_threaded}"


def observed_lines(
    observations: Iterable[Observation], speaks_of: Callable[[Outcome, Setting], bool]
) -> list[Line]:
    """Return how often outcomes were observed, in lines that say where.

    Of one start method the kinds of stdout in which all runs had the outcome share a line, and so
    do those in which none had it; elsewhere builds with a GIL and without are told apart.

    Args:
        observations: what was recorded
        speaks_of: tells of an outcome in a setting whether it is one of those to count
    """
    single: dict[tuple[str, str], Line] = {}
    for observation in observations:
        setting = observation.setting
        where = setting.prompt.phrase if setting.prompt else setting.stdout_to.phrase
        method = setting.start_method or ""
        line = single.setdefault((method, where), Line(method, [where]))
        tally = line.pythons.setdefault(python_name(setting.interpreter), Tally())
        counts = observation.counts.items()
        seen = sum(count for outcome, count in counts if speaks_of(outcome, setting))
        tally.add(seen, observation.runs)
    together: dict[tuple[str, str, str], Line] = {}
    for line in single.values():
        place = "" if line.kind != "mixed" else line.places[0]
        merged = together.setdefault((line.method, line.kind, place), Line(line.method, []))
        merged.places += line.places
        for python, tally in line.pythons.items():
            merged.pythons.setdefault(python, Tally()).add(tally.seen, tally.runs)
    order = ("mixed", "all", "none")
    return sorted(together.values(), key=lambda line: order.index(line.kind))


def recorded_line(observations: Sequence[Observation]) -> str:
    """Return on which Pythons, on which machine and when the runs were recorded."""
    interpreters = {each.setting.interpreter for each in observations}
    versions = sorted(interpreters, key=lambda each: (Version(each.version), each.free_threaded))
    machines = sorted({each.recorded for each in observations})
    names = dict.fromkeys(each.name for each in versions)
    return f"Observed on Python {', '.join(names)} ({'; '.join(machines)})."


class ObservedRole(SphinxRole):
    """Says how often recorded runs of a program had an outcome, in words.

    It names the program, by its path from the page, and entries of its outcome file, by their
    numbers.
    """

    def run(self) -> tuple[list[nodes.Node], list[system_message]]:
        """Return the words."""
        try:
            path, numbers = named(self.text)
            program = note_program(self.env, path, self.lineno)
            entries = numbered(program, numbers)
            words = _counted(program, entries)
        except (ValueError, *REFUSALS) as error:
            return refused(self, error)
        return [nodes.inline("", words, classes=["anyorder-seen"])], []


def _counted(program: Program, entries: Collection[Entry]) -> str:
    """Say how many runs of each build had an outcome, in one clause.

    Runs in settings of which none of the entries speaks do not count.

    Raises:
        ValueError: no runs were recorded
    """
    record = record_of(program)
    if not record:
        raise ValueError(f"{program.path}:1: has no record: run `anyorder observe`")
    builds: dict[str, Tally] = {}
    for each in record:
        spoken = program.file.when.met_by(each.setting)
        if not (spoken and any(entry.when.met_by(each.setting) for entry in entries)):
            continue  # it is ruled out there
        build = "without" if each.setting.interpreter.free_threaded else WITH_GIL
        for outcome, count in each.counts.items():
            entry = program.file.entry_for(outcome, each.setting)
            builds.setdefault(build, Tally()).add(count * (entry in entries), count)
    if not builds:
        raise ValueError(
            f"{program.path}:1: has no record of a setting that the outcome speaks of: "
            "run `anyorder observe` there"
        )
    runs = sum(tally.runs for tally in builds.values())
    if not any(tally.seen for tally in builds.values()):
        return f"in none of {runs:,} runs"
    parts = [
        f"in {tally.seen:,} of {tally.runs:,} runs {build}"
        for build, tally in sorted(builds.items(), key=lambda each: each[0])
    ]
    return " and ".join(parts)
