"""What is wrong with an outcome file whatever its program prints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from anyorder.outcomes import Entry, OutcomeFile, Setting, UncountableError

__all__ = ["contradictions", "spoken_in"]


def contradictions(file: OutcomeFile, settings: Sequence[Setting]) -> Iterator[str]:
    """Yield a message for each entry that cannot be what its author means.

    Such an entry is left with nothing, because the entries before it take all that it stands for,
    or it stands for another number of outcomes than it counts. Both depend on which entries speak
    of a setting, so they are looked for in each of ``settings``.
    """
    said: set[str] = set()
    for entries in spoken_in(file, settings):
        for place, entry in enumerate(entries):
            message = _contradiction(entry, entries[:place])
            if message and message not in said:
                said.add(message)
                yield f"{file.path}:{entry.line}: {message}"


def spoken_in(file: OutcomeFile, settings: Iterable[Setting]) -> list[tuple[Entry, ...]]:
    """Return the entries that speak of each setting, each such group once."""
    return list(
        dict.fromkeys(
            tuple(entry for entry in file.entries if entry.when.met_by(setting))
            for setting in settings
        )
    )


def _contradiction(entry: Entry, earlier: tuple[Entry, ...]) -> str | None:
    rivals = [each for each in earlier if each.ends_like(entry)]
    try:
        texts = entry.stdout.texts()
    except UncountableError as error:
        twins = [each for each in rivals if each.stdout == entry.stdout]
        if twins:
            return _left_with_nothing(twins)
        if entry.count is None:
            return None
        return f"count = {entry.count} cannot be held true: {error}; leave it out"
    takers = [next((each for each in rivals if each.stdout.matches(text)), None) for text in texts]
    left = takers.count(None)
    if not left:
        return _left_with_nothing([each for each in takers if each])
    if entry.count is not None and entry.count != left:
        return (
            f"count is {entry.count}, but the entry stands for {left} outcomes: "
            f"mend its stdout, or write count = {left}"
        )
    return None


def _left_with_nothing(takers: Sequence[Entry]) -> str:
    lines = " and ".join(map(str, sorted({each.line for each in takers})))
    return (
        f"this outcome is left with nothing: the entry at line {lines} takes all that it stands "
        "for; remove one of them, or put the narrower one first"
    )
