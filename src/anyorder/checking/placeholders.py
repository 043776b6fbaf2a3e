"""What real runs came to, with the placeholders that the explorer and outcome files have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace

from anyorder.checking.record import Observation
from anyorder.exploring import Exploration
from anyorder.outcomes import Outcome, OutcomeFile, UncountableError
from anyorder.outcomes.placeholders import Placeholders

__all__ = ["with_placeholders"]


def with_placeholders(
    observations: Iterable[Observation],
    file: OutcomeFile | None,
    explorations: Iterable[Exploration] = (),
) -> list[Observation]:
    """Return observations, with placeholders where what they are held against has them.

    Args:
        observations: what real runs came to
        file: the outcome file, where there is one
        explorations: what is possible
    """
    known = [outcome for each in explorations for outcome in each.outcome_set]
    placeholders = Placeholders([*known, *(_written(file) if file else ())])
    if not placeholders.templates:
        return list(observations)
    found = []
    for each in observations:
        counts: Counter[Outcome] = Counter()
        for outcome, count in each.counts.items():
            counts[placeholders.put_into(outcome)] += count
        found.append(replace(each, counts=counts))
    return found


def _written(file: OutcomeFile) -> Iterator[Outcome]:
    """Yield the outcomes that the entries of a file stand for, where these can be listed."""
    for entry in file.entries:
        with suppress(UncountableError):
            texts: Sequence[str] = sorted(entry.stdout.texts())
            for stderr in sorted(entry.stderr.texts()):
                yield from (Outcome(text, stderr, entry.exit, entry.ends) for text in texts)
