"""What real runs came to, as the explorer and outcome files have it.

Placeholders stand for what differs in each run, and each traceback is in one piece.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace

from anyorder.checking.exploration import explored_in
from anyorder.checking.mixing import Whole
from anyorder.checking.program import Program
from anyorder.checking.record import Observation
from anyorder.exploring import CannotExplore, Exploration
from anyorder.outcomes import Outcome, OutcomeFile, UncountableError
from anyorder.outcomes.placeholders import Placeholders

__all__ = ["to_be_kept", "with_placeholders"]


def with_placeholders(
    observations: Iterable[Observation],
    file: OutcomeFile | None,
    explorations: Iterable[Exploration] = (),
) -> list[Observation]:
    """Return observations, with placeholders where what they are held against has them.

    Where threads have mixed their lines on standard error, it is the outcome with the same pieces.

    Args:
        observations: what real runs came to
        file: the outcome file, where there is one
        explorations: what is possible
    """
    explorations = [*explorations]
    known = [outcome for each in explorations for outcome in each.outcome_set]
    whole = Whole(explorations)
    placeholders = Placeholders([*known, *(_written(file) if file else ())])
    if not placeholders.templates and not whole.mixed:
        return list(observations)
    found = []
    for each in observations:
        counts: Counter[Outcome] = Counter()
        for outcome, count in each.counts.items():
            held = placeholders.put_into(outcome)
            counts[held if held in placeholders.known else whole.of(held, each.setting)] += count
        found.append(replace(each, counts=counts))
    return found


def to_be_kept(program: Program, observations: Sequence[Observation]) -> list[Observation]:
    """Return observations as a record has them, which is read where nothing is explored.

    Where a run wrote to standard error what no entry of the outcome file covers, threads may have
    mixed their lines there, and the program is explored to see whether they have.
    """
    observations = with_placeholders(observations, program.file)
    if not any(
        outcome.stderr and program.file.entry_for(outcome, each.setting) is None
        for each in observations
        for outcome in each.counts
    ):
        return observations
    known = explored_in(program, [each.setting for each in observations])
    explorations = [] if isinstance(known, CannotExplore | str) else [each for each, _ in known]
    return with_placeholders(observations, program.file, explorations)


def _written(file: OutcomeFile) -> Iterator[Outcome]:
    """Yield the outcomes that the entries of a file stand for, where these can be listed."""
    for entry in file.entries:
        with suppress(UncountableError):
            texts: Sequence[str] = sorted(entry.stdout.texts())
            for stderr in sorted(entry.stderr.texts()):
                yield from (Outcome(text, stderr, entry.exit, entry.ends) for text in texts)
