"""What a check found, in the words that every front end shows."""

from __future__ import annotations

import platform
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from anyorder.checking.conditions import way
from anyorder.checking.expectations import contradictions, spoken_in
from anyorder.checking.exploration import explored_by_setting
from anyorder.checking.limits import LIMITS
from anyorder.checking.placeholders import with_placeholders
from anyorder.checking.possible import held_to, impossible, is_possible, not_shown
from anyorder.checking.program import Program, place_in, refusal_at
from anyorder.checking.reaching import misjudged, unreachable
from anyorder.checking.record import Observation
from anyorder.checking.refused import refused
from anyorder.checking.words import counted, described, mixing_of
from anyorder.exploring import CannotExplore, Exploration, Limits
from anyorder.exploring.results import at_most
from anyorder.outcomes import Entry, Grade, Outcome, Setting

__all__ = ["Verdict"]


@dataclass(frozen=True)
class Verdict:
    """Whether a program's outcomes are those that its outcome file says.

    Where the program was explored it is held both ways: what is expected is what is possible, and
    what was observed is possible, and reachable on the build that had it. Where it could not be,
    the verdict is one-way: all that was observed is expected, and what is expected and was never
    observed is *unproven*.

    Args:
        program: the program and what was expected of it
        observations: what was observed just now, one for each setting
        recorded: what is kept of earlier runs of the same program
        exploration: every outcome that the program can have, or why that is not known
        limits: how far a search goes, where it has to be explored in further settings
        require_explored: whether it does not hold where it was run and not explored, though its
            outcome file does not say why
    """

    program: Program
    observations: tuple[Observation, ...]
    recorded: tuple[Observation, ...] = ()
    exploration: Exploration | CannotExplore | str = "nobody asked"
    limits: Limits = LIMITS
    require_explored: bool = False

    @property
    def held(self) -> bool:
        """Whether nothing contradicts the outcome file."""
        return not self.faults

    @cached_property
    def faults(self) -> list[str]:
        """Everything that does not hold, a message each, with file, line and fix."""
        found = [*contradictions(self.program.file, self._settings)]
        found += refused(self.program, self._all, self._explorations)
        found += self._unexplorable
        found += self._sampled if self.require_explored else ()
        found += impossible(self.program, self._explorations)
        found += misjudged(self.program, self._explorations)
        found += self._outside(self._all)
        found += self._unreachable(self._all)
        return found

    @cached_property
    def faults_of_runs(self) -> list[str]:
        """Those of the faults that lie in what was observed just now, and say no more than that."""
        return [
            *refused(self.program, self.observed, ()),
            *self._outside(self.observed),
            *self._unreachable(self.observed),
        ]

    @cached_property
    def unproven(self) -> list[Entry]:
        """The entries of which nothing shows that they are possible.

        They speak of a setting that was run, now or then, no run had them, and the program was not
        explored there.
        """
        proven = {
            self.program.file.entry_for(outcome, observation.setting)
            for observation in self._all
            for outcome in observation.counts
        }
        if isinstance(self.exploration, Exploration):
            proven |= self._spoken_in(self._explored_settings)
        return [
            entry
            for entry in self.program.file.entries
            if entry in self._spoken and entry.grade is not Grade.FORBIDDEN and entry not in proven
        ]

    @cached_property
    def not_shown(self) -> dict[Entry, set[str]]:
        """The texts of entries that may be possible beyond the preemptions that were explored."""
        observed: dict[Entry, set[str]] = {}
        for observation in self._all:
            for outcome in observation.counts:
                entry = self.program.file.entry_for(outcome, observation.setting)
                if entry is not None:
                    observed.setdefault(entry, set()).add(outcome.stdout)
        return not_shown(self.program, self._explorations, observed)

    @cached_property
    def skipped(self) -> list[Entry]:
        """The entries that speak of none of the settings."""
        return [entry for entry in self.program.file.entries if entry not in self._spoken]

    @cached_property
    def remarks(self) -> dict[int, str]:
        """What is to be said of entries that nothing contradicts, by their line."""
        said = {each.line: f"unproven: {each.grade}, never observed" for each in self.unproven}
        for entry, texts in self.not_shown.items():
            said[entry.line] = (
                f"not shown: {counted(len(texts), 'text')} that no schedule with so few "
                "preemptions leads to, and that no run had"
            )
        words = "skipped: no setting here meets its conditions"
        of_all = self.program.file.when
        for each in self.skipped:
            conditions = ", ".join(filter(None, [str(of_all), str(each.when)]))
            said[each.line] = f"{words}: {conditions}"
        return dict(sorted(said.items()))

    @property
    def mixing(self) -> str:
        """What is to be said of tracebacks whose lines can mix in real runs, if they can."""
        return next(filter(None, map(mixing_of, self._found)), "")

    @property
    def headline(self) -> str:
        """Whether it held, and by what it was held."""
        runs = sum(each.runs for each in self.observations)
        words = [f"{counted(runs, 'run')} in {counted(len(self.observations), 'setting')}"]
        if self.recorded:
            recorded = sum(each.runs for each in self.recorded)
            words.append(f"{recorded} recorded in {counted(len(self.recorded), 'setting')}")
        if isinstance(self.exploration, Exploration):
            words.append(self._possible)
        elif isinstance(self.exploration, str):
            words.append(f"not explored, because {self.exploration}")
        word = "held" if self.held else "did not hold"
        return f"{self.program.path}: {word}: {', '.join(words)}"

    @property
    def _possible(self) -> str:
        """How many outcomes are possible, as far as that is known."""
        file = self.program.file
        held = [held_to(found, file) or found for found, _ in self._explorations]
        outcomes = counted(len({one for found in held for one in found.outcome_set}), "outcome")
        if all(found.complete for found in held):
            return f"{outcomes} possible{', where tracebacks are in one piece' * bool(self.mixing)}"
        if file.preemptions is None or any(
            held_to(found, file) is None for found, _ in self._explorations
        ):
            return f"{outcomes} found, not every one"
        return f"{outcomes} possible with {at_most(file.preemptions)}, not every one"

    def __str__(self) -> str:
        """Say all of it, the first line being the verdict."""
        remarks = [f"{self.program.file.path}:{line}: {it}" for line, it in self.remarks.items()]
        if self.mixing:
            remarks.append(f"{self.program.path}: {self.mixing}")
        return "\n".join([self.headline, *self.faults, *remarks])

    @cached_property
    def observed(self) -> list[Observation]:
        """What was observed just now, with placeholders for what differs in each run."""
        return with_placeholders(self.observations, self.program.file, self._found)

    @cached_property
    def _all(self) -> list[Observation]:
        recorded = with_placeholders(self.recorded, self.program.file, self._found)
        return self.observed + recorded

    @property
    def _found(self) -> list[Exploration]:
        return [found for found, _ in self._explorations]

    @cached_property
    def _settings(self) -> list[Setting]:
        return [each.setting for each in self.observations + self.recorded]

    @cached_property
    def _spoken(self) -> set[Entry]:
        return self._spoken_in(self._settings)

    def _spoken_in(self, settings: Iterable[Setting]) -> set[Entry]:
        """Return the entries that speak of one of ``settings``."""
        return {entry for entries in spoken_in(self.program.file, settings) for entry in entries}

    @cached_property
    def _explored_settings(self) -> list[Setting]:
        """The settings that are explored on this Python."""
        version = platform.python_version()
        return [each for each in self._settings if each.interpreter.version == version]

    @cached_property
    def _explored(self) -> list[tuple[Exploration, list[Setting]]] | CannotExplore:
        """What is possible, each with the settings that it speaks for; or why it is not known."""
        if isinstance(self.exploration, CannotExplore):
            return self.exploration
        if not isinstance(self.exploration, Exploration):
            return []
        if not self.program.starts_processes:
            return [(self.exploration, self._explored_settings)]
        try:
            return explored_by_setting(
                self.program.path,
                dict.fromkeys(self._explored_settings),
                preemptions=self.program.file.preemptions,
                follow=self.program.follow,
                limits=self.limits,
            )
        except CannotExplore as refusal:
            return refusal

    @property
    def _explorations(self) -> list[tuple[Exploration, list[Setting]]]:
        return [] if isinstance(self._explored, CannotExplore) else self._explored

    @property
    def _unexplorable(self) -> Iterator[str]:
        """Yield a message where the program should have been explored and cannot be."""
        if isinstance(self._explored, CannotExplore):
            fix = f'or write unexplored = "a reason" into {self.program.file.path.name}'
            yield f"{refusal_at(self.program.path, self._explored)}; {fix}"

    @property
    def _sampled(self) -> Iterator[str]:
        """Yield a message where runs are all that is known of a setting.

        A session is typed, and nothing of it is explored.
        """
        if self.program.session or self.program.file.unexplored is not None:
            return
        if isinstance(self.exploration, CannotExplore):  # which is a fault in any case
            return
        left = dict.fromkeys(each.setting for each in self.observations)
        why = ""
        if isinstance(self.exploration, Exploration):
            left = {each: None for each in left if each not in self._explored_settings}
        else:
            why = f", because {self.exploration}"
        pythons = " and ".join(dict.fromkeys(each.interpreter.name for each in left))
        if left:
            name = self.program.file.path.name
            yield (
                f"{place_in(self.program.path)}: was run on Python {pythons} and not explored "
                f"there{why}; explore it, or write into {name} why it is unexplored"
            )

    def _outside(self, observations: Iterable[Observation]) -> Iterator[str]:
        """Yield a message for each outcome that was observed, is expected, and is not possible."""
        found: dict[Outcome, list[str]] = {}
        for observation in observations:
            for exploration, settings in self._explorations:
                if observation.setting not in settings or not exploration.complete:
                    continue
                for outcome in observation.counts:
                    entry = self.program.file.entry_for(outcome, observation.setting)
                    if entry is not None and not is_possible(outcome, exploration):
                        where = f"observed on {observation.setting}"
                        found.setdefault(outcome, []).append(where)
        words = "was observed, and no schedule leads to it: the explorer is wrong here"
        for outcome, places in found.items():
            shown = textwrap.indent("\n".join([described(outcome), *places]), "    ")
            yield f"{place_in(self.program.path)}: {words}\n{shown}"

    def _unreachable(self, observations: Iterable[Observation]) -> Iterator[str]:
        """Yield a message for each outcome that was observed and that its build cannot reach.

        What is explored here says it of all versions.
        """
        by_way = {way(each): found for found, settings in self._explorations for each in settings}

        def exploration_of(setting: Setting) -> Exploration | None:
            if self.program.starts_processes:
                return by_way.get(way(setting))
            return self.exploration if isinstance(self.exploration, Exploration) else None

        return unreachable(self.program, observations, exploration_of)
