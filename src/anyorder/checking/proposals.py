"""Entries that an outcome file lacks, proposed from what is possible and what was observed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from anyorder.checking.record import Observation
from anyorder.exploring import Exploration
from anyorder.outcomes import Ends, Grade, Outcome, OutcomeFile, Setting, StartMethod, StdoutTo

__all__ = ["Proposal", "proposals"]


@dataclass(frozen=True, slots=True)
class Proposal:
    """An entry that nobody has read yet.

    Args:
        outcome: the outcome that it is for
        grade: its grade, as far as counts can tell
        start_method: the start methods to which it is bound; none stands for all
        stdout_to: likewise
    """

    outcome: Outcome
    grade: Grade
    start_method: tuple[StartMethod, ...] = ()
    stdout_to: tuple[StdoutTo, ...] = ()


def proposals(
    file: OutcomeFile,
    observations: Sequence[Observation],
    explorations: Sequence[tuple[Exploration, Sequence[Setting]]],
) -> list[Proposal]:
    """Return entries for the outcomes that no entry covers, the most frequent first.

    Where the file has no entries yet, the first outcome that was observed in a setting is usual.
    An outcome that is not possible in other settings, or is covered there, is bound to its own.

    Args:
        file: the entries that there are
        observations: what was observed
        explorations: what is possible, each with the settings that it speaks for
    """
    explored = {setting: found.outcome_set for found, here in explorations for setting in here}
    counts: Counter[Outcome] = Counter()
    places: dict[Outcome, dict[Setting, int]] = {}
    for observation in observations:
        setting = observation.setting
        possible = explored.get(setting, frozenset())
        # a run that did not end is one of those that are possible, whose kind of end is known
        seen = {
            outcome: count
            for outcome, count in observation.counts.items()
            if setting not in explored or outcome.ends is not Ends.UNENDED
        }
        for outcome, count in (dict.fromkeys(possible, 0) | seen).items():
            if file.entry_for(outcome, setting) is None:
                counts[outcome] += count
                places.setdefault(outcome, {})[setting] = count
    found: list[Proposal] = []
    graded: set[Setting] = set()
    for outcome, _ in counts.most_common():
        seen_in = {setting for setting, count in places[outcome].items() if count}
        first = not file.entries and not (found and seen_in <= graded)
        graded |= seen_in
        grade = Grade.USUAL if first else Grade.SURPRISING
        elsewhere = [
            each.setting
            for each in observations
            if outcome not in explored.get(each.setting, {outcome})
            or file.entry_for(outcome, each.setting) is not None
        ]
        for methods, to in _conditions(places[outcome], elsewhere):
            found.append(Proposal(outcome, grade, methods, to))
    return found


def _conditions(
    places: Iterable[Setting], elsewhere: Sequence[Setting]
) -> Iterator[tuple[tuple[StartMethod, ...], tuple[StdoutTo, ...]]]:
    """Yield the start methods and kinds of stdout that tell ``places`` from ``elsewhere``.

    Start methods that go with the same kinds of stdout go into one entry.
    """
    by_method: dict[StartMethod, list[StdoutTo]] = {}
    for setting in places:
        if setting.start_method is not None:
            by_method.setdefault(setting.start_method, []).append(setting.stdout_to)
    if not elsewhere or not by_method:
        yield (), ()
        return
    groups: dict[tuple[StdoutTo, ...], list[StartMethod]] = {}
    for method, stdout_to in by_method.items():
        groups.setdefault(tuple(each for each in StdoutTo if each in stdout_to), []).append(method)
    all_methods = {setting.start_method for setting in (*places, *elsewhere)}
    all_stdout_to = {setting.stdout_to for setting in (*places, *elsewhere)}
    for to, methods in groups.items():
        yield (
            tuple(each for each in StartMethod if each in methods)
            if {*methods} != all_methods
            else (),
            to if {*to} != all_stdout_to else (),
        )
