"""Entries that an outcome file lacks, proposed from what is possible and what was observed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from packaging.specifiers import SpecifierSet

from anyorder.checking.conditions import conditions, way
from anyorder.checking.possible import is_possible
from anyorder.checking.reaching import reached_by
from anyorder.checking.record import Observation
from anyorder.checking.summing_up import Member, Parts, summed_up
from anyorder.exploring import Exploration
from anyorder.outcomes import (
    Conditions,
    Ends,
    Grade,
    Outcome,
    OutcomeFile,
    Setting,
    StartMethod,
    StdoutTo,
)

__all__ = ["Proposal", "proposals"]


@dataclass(frozen=True, slots=True)
class Proposal:
    """An entry that nobody has read yet.

    Args:
        outcome: the outcome that it is for, the most frequent one where it is for many
        grade: its grade, as far as counts can tell
        python: the versions to which it is bound, as pip writes them; empty for all
        start_method: the start methods to which it is bound; none stands for all
        stdout_to: likewise
        reachable: the builds that can reach it, as an outcome file lists them; none where all can,
            or where it is not known
        stdout: the parts of its pattern, where it sums up many outcomes
        count: how many these are
    """

    outcome: Outcome
    grade: Grade
    python: str = ""
    start_method: tuple[StartMethod, ...] = ()
    stdout_to: tuple[StdoutTo, ...] = ()
    reachable: tuple[str, ...] = ()
    stdout: Parts | None = None
    count: int = 1


def proposals(
    file: OutcomeFile,
    observations: Sequence[Observation],
    explorations: Sequence[tuple[Exploration, Sequence[Setting]]],
) -> list[Proposal]:
    """Return entries for the outcomes that no entry covers, the most frequent first.

    Where the file has no entries yet, the first outcome that was observed in a setting is usual.
    An outcome that is not possible in other settings, or is covered there, is bound to its own.
    Many outcomes are summed up, those with broken lines after all others; an entry for some of them
    that are usual is usual.

    Args:
        file: the entries that there are
        observations: what was observed
        explorations: what is possible, each with the settings that it speaks for
    """
    possible = _possible(observations, explorations)
    counts: Counter[Outcome] = Counter()
    places: dict[Outcome, dict[Setting, int]] = {}
    for observation in observations:
        setting = observation.setting
        # a run that did not end is one of those that are possible, whose kind of end is known
        for outcome in possible[setting]:
            if file.entry_for(outcome, setting) is None:
                count = observation.counts.get(outcome, 0)
                counts[outcome] += count
                places.setdefault(outcome, {})[setting] = count
    writes = {
        each.outcome: each.writes
        for exploration, _ in explorations
        for each in exploration.outcomes
    }
    entries: dict[Member, tuple[Grade, str]] = {}  # each with the versions to which it is bound
    graded: set[Setting] = set()
    for outcome in sorted(counts, key=lambda each: (-counts[each], each.stdout, each.stderr)):
        seen_in = {setting for setting, count in places[outcome].items() if count}
        first = not file.entries and not (entries and seen_in <= graded)
        graded |= seen_in
        grade = Grade.USUAL if first else Grade.SURPRISING
        elsewhere = [each.setting for each in observations if each.setting not in places[outcome]]
        for python, methods, to in conditions(places[outcome], elsewhere):
            when = Conditions((SpecifierSet(python),) if python else (), methods, to)
            entries[Member(outcome, writes.get(outcome, ()), when)] = grade, python
    found: list[Proposal] = []
    for summary in summed_up(list(entries), file):
        member = summary.members[0]
        outcomes = [member.outcome for member in summary.members]
        reached = reached_by(outcomes, explorations, file.when, member.when)
        grades = {entries[each][0] for each in summary.members}
        found.append(
            Proposal(
                member.outcome,
                Grade.USUAL if Grade.USUAL in grades else Grade.SURPRISING,
                entries[member][1],
                member.when.start_method,
                member.when.stdout_to,
                () if reached.by_all else tuple(reached.listed()),
                summary.stdout,
                len(outcomes),
            )
        )
    return found


def _possible(
    observations: Sequence[Observation],
    explorations: Sequence[tuple[Exploration, Sequence[Setting]]],
) -> dict[Setting, frozenset[Outcome]]:
    """Return what is taken for possible in each setting that was run.

    What was explored is known. Another Python is taken to be like this one where all that was
    observed on it is possible here under the same start method and stdout. Where it is not, what
    was observed is all that is known: settings that have an outcome in common are taken to differ
    by chance, and those that have none by their conditions.
    """
    explored = {setting: found for found, here in explorations for setting in here}
    by_way = {way(setting): found for setting, found in explored.items()}
    possible: dict[Setting, frozenset[Outcome]] = {}
    groups: list[tuple[list[Setting], frozenset[Outcome]]] = []
    for observation in observations:
        setting = observation.setting
        here = explored.get(setting)
        there = by_way.get(way(setting))
        if here is None and there and all(is_possible(each, there) for each in observation.counts):
            here = there
        if here is not None:
            seen = {each for each in observation.counts if each.ends is not Ends.UNENDED}
            possible[setting] = here.outcome_set | seen
            continue
        settings, outcomes = [setting], frozenset(observation.counts)
        for group in [each for each in groups if each[1] & outcomes]:
            groups.remove(group)
            settings, outcomes = settings + group[0], outcomes | group[1]
        groups.append((settings, outcomes))
    return possible | {setting: outcomes for settings, outcomes in groups for setting in settings}
