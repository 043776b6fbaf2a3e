"""What a check found, in the words that every front end shows."""

from __future__ import annotations

import platform
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from anyorder.checking.expectations import contradictions
from anyorder.checking.exploration import explored_by_setting
from anyorder.checking.possible import impossible, is_possible
from anyorder.checking.program import Program
from anyorder.checking.record import Observation
from anyorder.checking.words import described
from anyorder.exploring import CannotExplore, Exploration
from anyorder.outcomes import Entry, Grade, Outcome, Setting

__all__ = ["Verdict"]


@dataclass(frozen=True)
class Verdict:
    """Whether a program's outcomes are those that its outcome file says.

    Where the program was explored it is held both ways: what is expected is what is possible, and
    what was observed is possible. Where it could not be, the verdict is one-way: all that was
    observed is expected, and what is expected and was never observed is *unproven*.

    Args:
        program: the program and what was expected of it
        observations: what was observed just now, one for each setting
        recorded: what is kept of earlier runs of the same program
        exploration: every outcome that the program can have, or why that is not known
    """

    program: Program
    observations: tuple[Observation, ...]
    recorded: tuple[Observation, ...] = ()
    exploration: Exploration | CannotExplore | str = "nobody asked"

    @property
    def held(self) -> bool:
        """Whether nothing contradicts the outcome file."""
        return not self.faults

    @cached_property
    def faults(self) -> list[str]:
        """Everything that does not hold, a message each, with file, line and mend."""
        settings = [each.setting for each in self._all]
        found = [*contradictions(self.program.file, settings), *self._unexpected()]
        if isinstance(self.exploration, CannotExplore):
            mend = f'or write unexplored = "a reason" into {self.program.file.path.name}'
            found.append(f"{self.exploration.at(self.program.path)}; {mend}")
        elif isinstance(self.exploration, Exploration):
            try:
                explorations = self._explorations
            except CannotExplore as refusal:
                found.append(f"{self.program.path.parent / str(refusal)}")
                explorations = []
            for exploration, spoken_for in explorations:
                found += impossible(self.program, exploration, spoken_for)
                found += self._outside(exploration, spoken_for)
        return found

    @property
    def unproven(self) -> list[Entry]:
        """The entries of which nothing shows that they are possible.

        They speak of a setting that was run, now or then, no run had them, and the program was not
        explored there.
        """
        proven = [*self._seen()]
        if isinstance(self.exploration, Exploration):
            proven += self._spoken(self._explored_settings)
        settings = [each.setting for each in self._all]
        return [
            entry
            for entry in self._spoken(settings)
            if entry.grade is not Grade.FORBIDDEN and entry not in proven
        ]

    @property
    def skipped(self) -> list[Entry]:
        """The entries that speak of none of the settings."""
        spoken = list(self._spoken([each.setting for each in self._all]))
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
        if isinstance(self.exploration, Exploration):
            words.append(f"{_counted(len(self._possible), 'outcome')} possible")
        elif isinstance(self.exploration, str):
            words.append(f"not explored, because {self.exploration}")
        lines = [f"{path}: {word}: {', '.join(words)}"]
        lines += self.faults
        lines += [f"{file}:{line}: {remark}" for line, remark in self.remarks.items()]
        return "\n".join(lines)

    @property
    def _all(self) -> tuple[Observation, ...]:
        return self.observations + self.recorded

    @property
    def _explored_settings(self) -> list[Setting]:
        """The settings that are explored on this Python."""
        version = platform.python_version()
        settings = [each.setting for each in self._all]
        return [each for each in settings if each.interpreter.version == version]

    @property
    def _possible(self) -> set[Outcome]:
        """Every outcome that is possible in any of the settings."""
        try:
            return {one for found, _ in self._explorations for one in found.outcome_set}
        except CannotExplore:
            return set()

    @cached_property
    def _explorations(self) -> list[tuple[Exploration, list[Setting]]]:
        """What is possible, each with the settings that it speaks for."""
        if not isinstance(self.exploration, Exploration):
            return []
        if not self.program.starts_processes:
            return [(self.exploration, self._explored_settings)]
        return explored_by_setting(self.program.path, dict.fromkeys(self._explored_settings))

    def _spoken(self, settings: Iterable[Setting]) -> Iterator[Entry]:
        for entry in self.program.file.entries:
            if any(entry.when.met_by(setting) for setting in settings):
                yield entry

    def _seen(self) -> list[Entry | None]:
        return [
            self.program.file.entry_for(outcome, observation.setting)
            for observation in self._all
            for outcome in observation.counts
        ]

    def _outside(self, exploration: Exploration, settings: list[Setting]) -> Iterator[str]:
        """Yield a message for each outcome that was observed and is not possible."""
        for observation in self._all:
            if observation.setting not in settings or not exploration.complete:
                continue
            for outcome in observation.counts:
                entry = self.program.file.entry_for(outcome, observation.setting)
                if entry is not None and not is_possible(outcome, exploration):
                    words = "was observed, and no schedule leads to it: the explorer is wrong here"
                    shown = f"{described(outcome)}\nobserved on {observation.setting}"
                    yield f"{self.program.path}:1: {words}\n{textwrap.indent(shown, '    ')}"

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
