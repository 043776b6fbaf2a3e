"""What is wrong with an outcome file whatever its program prints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from anyorder.checking.words import counted
from anyorder.outcomes import Entry, OutcomeFile, Setting, UncountableError

__all__ = ["contradictions", "spoken_in", "texts_left"]


def contradictions(file: OutcomeFile, settings: Sequence[Setting]) -> Iterator[str]:
    """Yield a message for each entry that cannot be what its author means.

    Such an entry is left with nothing, because the entries before it take all that it stands for,
    or it stands for another number of outcomes than it counts. Both depend on which entries speak
    of a setting, so they are looked for in each of ``settings``. In whatever setting an entry
    speaks, those that ask for no more speak too: what these take is looked for even where none of
    ``settings`` meets its conditions.
    """
    said: set[str] = set()
    for entry, earlier, spoken in _with_rivals(file, settings):
        message = _left_with_nothing(entry, earlier) or (spoken and _miscounted(entry, earlier))
        if message and message not in said:
            said.add(message)
            yield f"{file.path}:{entry.line}: {message}"


def spoken_in(
    file: OutcomeFile, settings: Iterable[Setting]
) -> dict[tuple[Entry, ...], list[Setting]]:
    """Return the groups of entries that speak of a setting, each with the settings it is for."""
    groups: dict[tuple[Entry, ...], list[Setting]] = {}
    for setting in settings:
        entries = tuple(entry for entry in file.entries if entry.when.met_by(setting))
        groups.setdefault(entries, []).append(setting)
    return groups


def texts_left(entry: Entry, earlier: Iterable[Entry]) -> set[str]:
    """Return the texts that ``entry`` stands for and that no entry before it takes.

    Raises:
        UncountableError: it stands for texts without number
    """
    rivals = [each for each in earlier if each.ends_like(entry)]
    return {text for text in entry.stdout.texts() if _taker(text, rivals) is None}


def _with_rivals(
    file: OutcomeFile, settings: Sequence[Setting]
) -> Iterator[tuple[Entry, Sequence[Entry], bool]]:
    """Yield each entry, the earlier ones that may take from it, and whether a setting says so."""
    for entries in spoken_in(file, settings):
        for place, entry in enumerate(entries):
            yield entry, [each for each in entries[:place] if each.ends_like(entry)], True
    for place, entry in enumerate(file.entries):
        earlier = [each for each in file.entries[:place] if each.ends_like(entry)]
        yield entry, [each for each in earlier if each.when.met_wherever(entry.when)], False


def _left_with_nothing(entry: Entry, earlier: Sequence[Entry]) -> str | None:
    try:
        texts = entry.stdout.texts()
    except UncountableError:
        takers = [each for each in earlier if each.stdout == entry.stdout][:1]
    else:
        found = [_taker(text, earlier) for text in texts]
        takers = [each for each in found if each] if all(found) else []
    if not takers:
        return None
    lines = sorted({each.line for each in takers})
    named = f"entry at line {lines[0]} takes"
    if len(lines) > 1:
        named = f"entries at lines {', '.join(map(str, lines[:-1]))} and {lines[-1]} take"
    return (
        f"this outcome is left with nothing: the {named} all that it stands for; "
        "remove one of them, or put the narrower one first"
    )


def _miscounted(entry: Entry, earlier: Sequence[Entry]) -> str | None:
    if entry.count is None:
        return None
    try:
        left = len(texts_left(entry, earlier))
    except UncountableError as error:
        return f"count = {entry.count} cannot be held true: {error}; leave it out"
    if entry.count == left:
        return None
    return (
        f"count is {entry.count}, but the entry stands for {counted(left, 'outcome')}: "
        f"mend its stdout, or write count = {left}"
    )


def _taker(text: str, earlier: Sequence[Entry]) -> Entry | None:
    return next((each for each in earlier if each.stdout.matches(text)), None)
