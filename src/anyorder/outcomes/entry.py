"""An entry of an outcome file: which outcomes it stands for, and in which settings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeVar

from packaging.specifiers import SpecifierSet

from anyorder.outcomes.model import Ends, Grade, Outcome
from anyorder.outcomes.patterns import Pattern
from anyorder.outcomes.reachable import Claim
from anyorder.outcomes.settings import Prompt, Setting, StartMethod, StdoutTo

__all__ = ["Conditions", "Entry"]

Kind = TypeVar("Kind")

BOUNDS = {">=": "from", ">": "after", "<": "before", "<=": "up to", "==": "", "!=": "but not"}
# a bound below which whole versions end, and one from which they begin, in their parts
END = re.compile(r"(\d+)\.([1-9]\d*)")
BEGIN = re.compile(r"(\d+)\.(\d+)(\.\d+)?")


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a setting must be for an entry to say anything of it; an empty one is met by all.

    Args:
        python: sets of versions: that of its Python is in one of them
        start_method: start methods: it has one of them
        stdout_to: where its output may go
        platform: what its ``sys.platform`` may be
        prompt: which prompts it may have
    """

    python: tuple[SpecifierSet, ...] = ()
    start_method: tuple[StartMethod, ...] = ()
    stdout_to: tuple[StdoutTo, ...] = ()
    platform: tuple[str, ...] = ()
    prompt: tuple[Prompt, ...] = ()

    def met_by(self, setting: Setting) -> bool:
        """Tell whether ``setting`` is one that the entry speaks of."""
        pairs = (
            (self.start_method, setting.start_method),
            (self.stdout_to, setting.stdout_to),
            (self.platform, setting.interpreter.platform),
            (self.prompt, setting.prompt),
        )
        return self.hold_on(setting.interpreter.version) and all(
            not allowed or actual in allowed for allowed, actual in pairs
        )

    def hold_on(self, version: str) -> bool:
        """Tell whether a version of Python is one that the entry speaks of."""
        return not self.python or any(
            each.contains(version, prereleases=True) for each in self.python
        )

    def met_wherever(self, other: Conditions) -> bool:
        """Tell whether a setting that meets ``other`` plainly meets these too."""
        mine, others = (
            (each.python, each.start_method, each.stdout_to, each.platform, each.prompt)
            for each in (self, other)
        )
        return all(not one or one == another for one, another in zip(mine, others, strict=True))

    def within(self, other: Conditions) -> Conditions:
        """Return what a setting must be to meet these and ``other``, where one can meet both."""

        def both(one: tuple[Kind, ...], another: tuple[Kind, ...]) -> tuple[Kind, ...]:
            return tuple(each for each in one or another if each in (another or one))

        return Conditions(
            tuple(
                one & another
                for one in self.python or (SpecifierSet(),)
                for another in other.python or (SpecifierSet(),)
                if one & another
            ),
            both(self.start_method, other.start_method),
            both(self.stdout_to, other.stdout_to),
            both(self.platform, other.platform),
            both(self.prompt, other.prompt),
        )

    def __str__(self) -> str:
        *others, last = map(_versions, self.python or (SpecifierSet(),))
        versions = " or ".join(filter(None, [", ".join(others), last]))
        phrases = [f"Python {versions}"] if versions else []
        phrases += [" or ".join(self.platform)] if self.platform else []
        phrases += [f"under {' or '.join(self.start_method)}"] if self.start_method else []
        for places in (self.stdout_to, self.prompt):
            phrases += [" or ".join(each.phrase for each in places)] if places else []
        return ", ".join(phrases)


def _versions(python: SpecifierSet) -> str:
    """Return versions in words, those between two bounds by the first and the last of them."""
    each = sorted(((one.operator, one.version) for one in python), reverse=True)  # "!=" is last
    phrases = [
        f"{BOUNDS.get(operator, operator)} {version.removesuffix('.*')}".lstrip()
        for operator, version in each
    ]
    match each:
        case [(">=", first), ("<", end), *_] if span := _span(first, end):
            phrases[:2] = [span]
        case [(">=", first), ("<", end), *_] if end.startswith(f"{first}."):
            phrases[:2] = [f"{first} before {end}"]
    return " ".join(phrases).removeprefix("but ")


def _span(first: str, end: str) -> str:
    """Return the versions from one on and before another, or nothing where these are not whole."""
    begin, after = BEGIN.fullmatch(first), END.fullmatch(end)
    if begin is None or after is None:
        return ""
    whole = int(begin[1]), int(begin[2])
    last = int(after[1]), int(after[2]) - 1
    name = f"{last[0]}.{last[1]}"
    if whole < last:
        return f"{first} to {name}"
    return name if whole == last and not begin[3] else ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One ``[[outcome]]`` of an outcome file: a pattern for outcomes, and what they mean.

    Args:
        number: its place in the file, counted from 1
        line: the line of the file on which it begins
        grade: how a reader should take the outcomes
        stdout: what they print
        stderr: what they print to standard error, normalised
        exit: their exit status, ``None`` where they do not end
        ends: how they end
        when: the settings that the entry speaks of
        count: how many distinct texts the entry stands for, where the file says so
        why: a sentence for the page
        reachable: which builds can reach it, where the file says so
    """

    number: int
    line: int
    grade: Grade
    stdout: Pattern
    stderr: Pattern
    exit: int | None
    ends: Ends
    when: Conditions
    count: int | None
    why: str
    reachable: Claim | None = None

    def matches(self, outcome: Outcome, *, buffered: bool = False) -> bool:
        """Tell whether ``outcome`` is one that the entry stands for, whatever the setting.

        A real run that was still going when its time was up matches ``deadlock`` and ``never``
        alike, since from outside nobody can tell them apart.

        Args:
            outcome: what a program may come to, or came to
            buffered: whether what a run has printed may not be out when it is killed: then of a run
                that did not end the beginning is enough
        """
        unended = outcome.ends is Ends.UNENDED
        endings = {Ends.DEADLOCK, Ends.NEVER} if unended else {outcome.ends}
        return (
            self.ends in endings
            and self.exit == outcome.exit
            and (
                self.stdout.begins(outcome.stdout)
                if unended and buffered
                else self.stdout.matches(outcome.stdout)
            )
            and self.stderr.matches(outcome.stderr)
        )

    def ends_like(self, other: Entry) -> bool:
        """Tell whether the two entries differ in what they print and nothing else that is seen."""
        return (self.ends, self.exit, self.stderr) == (other.ends, other.exit, other.stderr)
