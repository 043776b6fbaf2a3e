"""What a check found, in the words that every front end shows."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from anyorder.checking.expectations import contradictions
from anyorder.checking.program import Program
from anyorder.checking.record import Observation
from anyorder.outcomes import Ends, Entry, Grade, Outcome

__all__ = ["Verdict", "described"]

# how much of an unexpected output a message shows
MOST_LINES = 25


@dataclass(frozen=True)
class Verdict:
    """Whether a program's outcomes are those that its outcome file says.

    Until a program's outcomes are explored, a verdict is one-way: it tells whether all that was
    observed is expected. What is expected and was never observed is *unproven*.

    Args:
        program: the program and what was expected of it
        observations: what was observed just now, one for each setting
        recorded: what is kept of earlier runs of the same program
    """

    program: Program
    observations: tuple[Observation, ...]
    recorded: tuple[Observation, ...] = ()

    @property
    def held(self) -> bool:
        """Whether nothing contradicts the outcome file."""
        return not self.faults

    @property
    def faults(self) -> list[str]:
        """Everything that does not hold, a message each, with file, line and mend."""
        settings = [each.setting for each in self._all]
        return [*contradictions(self.program.file, settings), *self._unexpected()]

    @property
    def unproven(self) -> list[Entry]:
        """The entries that speak of a setting that was run, now or then, and that no run had."""
        return [
            entry
            for entry in self._spoken()
            if entry.grade is not Grade.FORBIDDEN and entry not in self._seen()
        ]

    @property
    def skipped(self) -> list[Entry]:
        """The entries that speak of none of the settings."""
        spoken = list(self._spoken())
        return [entry for entry in self.program.file.entries if entry not in spoken]

    @property
    def remarks(self) -> dict[int, str]:
        """What is to be said of entries that nothing contradicts, by their line."""
        said = {each.line: f"unproven: {each.grade}, never observed" for each in self.unproven}
        said |= {each.line: f"skipped: it speaks of {each.when}" for each in self.skipped}
        return dict(sorted(said.items()))

    def __str__(self) -> str:
        """Say all of it, the first line being the verdict."""
        path, file = self.program.path, self.program.file.path
        word = "held" if self.held else "did not hold"
        runs = sum(each.runs for each in self.observations)
        words = [f"{_counted(runs, 'run')} in {_counted(len(self.observations), 'setting')}"]
        if self.recorded:
            recorded = sum(each.runs for each in self.recorded)
            words.append(f"{recorded} recorded in {_counted(len(self.recorded), 'setting')}")
        lines = [f"{path}: {word}: {', '.join(words)}"]
        lines += self.faults
        lines += [f"{file}:{line}: {remark}" for line, remark in self.remarks.items()]
        return "\n".join(lines)

    @property
    def _all(self) -> tuple[Observation, ...]:
        return self.observations + self.recorded

    def _spoken(self) -> Iterator[Entry]:
        for entry in self.program.file.entries:
            if any(entry.when.met_by(each.setting) for each in self._all):
                yield entry

    def _seen(self) -> list[Entry | None]:
        return [
            self.program.file.entry_for(outcome, observation.setting)
            for observation in self._all
            for outcome in observation.counts
        ]

    def _unexpected(self) -> Iterator[str]:
        """Yield a message for each outcome that no entry covers, or that one forbids."""
        file = self.program.file
        for outcome in dict.fromkeys(each for seen in self._all for each in seen.counts):
            for entry, where in self._refused(outcome).items():
                words = f"{file.path}:1: no entry covers this outcome: mend the program, or "
                words += f"run `anyorder accept {self.program.path}` to propose an entry"
                if entry is not None:
                    words = f"{file.path}:{entry.line}: this outcome is forbidden, and was observed"
                    words += ": mend the program, or the entry's grade"
                shown = [described(outcome), *(f"observed on {each}" for each in where)]
                yield words + "\n" + textwrap.indent("\n".join(shown), "    ")

    def _refused(self, outcome: Outcome) -> dict[Entry | None, list[str]]:
        """Return where ``outcome`` is refused: for want of an entry, or by one that forbids it."""
        refused: dict[Entry | None, list[str]] = {}
        for observation in self._all:
            if outcome not in observation.counts:
                continue
            entry = self.program.file.entry_for(outcome, observation.setting)
            if entry is None or entry.grade is Grade.FORBIDDEN:
                where = (
                    f"{observation.setting}: {observation.counts[outcome]} of {observation.runs}"
                )
                where += f", recorded {observation.recorded}" if observation.recorded else ""
                refused.setdefault(entry, []).append(where)
        return refused


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}{'s' * (number != 1)}"


def described(outcome: Outcome) -> str:
    """Return ``outcome`` in words: how it ended and, line by line, what it printed."""
    words = {Ends.EXIT: f"exit status {outcome.exit}", Ends.UNENDED: "did not end"}
    lines = [words.get(outcome.ends, f"ends: {outcome.ends}")]
    for name, text in (("stdout", outcome.stdout), ("stderr", outcome.stderr)):
        if text:
            # the marks ⏎ tell a last line that was ended from one that was not
            shown = [
                f"  {line}" for line in text.replace("\n", "⏎\n").removesuffix("\n").split("\n")
            ]
            more = len(shown) - MOST_LINES
            lines += [f"{name}:", *shown[:MOST_LINES], *([f"  … {more} more"] if more > 0 else [])]
    return "\n".join(lines)
