"""What is wrong with an outcome file whatever its program prints."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from anyorder.checking.words import counted
from anyorder.outcomes import (
    MOST_TEXTS,
    Conditions,
    Entry,
    Outcome,
    OutcomeFile,
    Setting,
    UncountableError,
)

__all__ = ["bound_by", "contradictions", "one_of", "speaks_with", "spoken_in", "texts_left"]


def contradictions(file: OutcomeFile, settings: Sequence[Setting]) -> Iterator[str]:
    """Yield a message for each entry that cannot be what its author means.

    Such an entry is left with nothing, because the entries before it take all that it stands for,
    or it stands for another number of outcomes than it counts. Both depend on which entries speak
    of a setting, so they are looked for in each of ``settings``. In whatever setting an entry
    speaks, those that ask for no more speak too: what these take is looked for even where none of
    ``settings`` meets its conditions.
    """
    said: set[str] = set()
    for entry, speaks, spoken in _with_rivals(file, settings):
        message = _left_with_nothing(file, entry, speaks) or (
            spoken and _miscounted(file, entry, speaks)
        )
        if message and message not in said:
            said.add(message)
            yield f"{file.path}:{entry.line}: {message}"


def spoken_in(
    file: OutcomeFile, settings: Iterable[Setting]
) -> dict[tuple[Entry, ...], list[Setting]]:
    """Return the groups of entries that speak of a setting, each with the settings it is for.

    Of those of which the file as a whole does not speak there is nothing to be said.
    """
    groups: dict[tuple[Entry, ...], list[Setting]] = {}
    for setting in filter(file.when.met_by, settings):
        entries = tuple(entry for entry in file.entries if entry.when.met_by(setting))
        groups.setdefault(entries, []).append(setting)
    return groups


def one_of(entries: Iterable[Entry]) -> Callable[[Entry], bool]:
    """Return whether an entry is one of ``entries``."""
    numbers = {entry.number for entry in entries}
    return lambda each: each.number in numbers


def bound_by(file: OutcomeFile, entry: Entry, possible: Iterable[Outcome]) -> str:
    """Return in a clause what binds an entry to some settings; nothing where it is the same in all.

    What is explored on one Python tells how others hand over, and not what else is possible there.
    So of an entry that is bound it tells nothing about them.

    Args:
        file: the file that it is in
        entry: an entry
        possible: the outcomes that the program can have here
    """
    if file.when != Conditions():
        return f"its file speaks of some alone: {file.when}"
    if entry.when != Conditions():
        return f"it has a condition: {entry.when}"
    mine = [outcome for outcome in possible if entry.matches(outcome)]
    for other in file.entries[: entry.number - 1]:
        if other.when != Conditions() and any(map(other.matches, mine)):
            return f"outcome {other.number}, which takes some of it, has a condition: {other.when}"
    return ""


def texts_left(
    file: OutcomeFile, entry: Entry, speaks: Callable[[Entry], bool], most: int = MOST_TEXTS
) -> set[str]:
    """Return the texts that ``entry`` stands for and that no entry before it takes.

    Args:
        file: the file that it is in
        entry: an entry
        speaks: whether an entry before it speaks of the settings that are meant
        most: how many texts are too many to list

    Raises:
        UncountableError: it stands for texts without number, or for more than about ``most``
    """
    return {text for text in entry.stdout.texts(most) if _taker(file, text, entry, speaks) is None}


def speaks_with(entry: Entry) -> Callable[[Entry], bool]:
    """Return whether an entry plainly speaks of whatever setting this one speaks of."""
    return lambda each: each.when.met_wherever(entry.when)


def _with_rivals(
    file: OutcomeFile, settings: Sequence[Setting]
) -> Iterator[tuple[Entry, Callable[[Entry], bool], bool]]:
    """Yield each entry, which others speak where it does, and whether a setting says so."""
    for entries in spoken_in(file, settings):
        speaks = one_of(entries)
        for entry in entries:
            yield entry, speaks, True
    for entry in file.entries:
        yield entry, speaks_with(entry), False


def _left_with_nothing(
    file: OutcomeFile, entry: Entry, speaks: Callable[[Entry], bool]
) -> str | None:
    try:
        texts = entry.stdout.texts()
    except UncountableError:
        earlier = file.entries[: entry.number - 1]
        takers = [
            each
            for each in earlier
            if each.stdout == entry.stdout and each.ends_like(entry) and speaks(each)
        ][:1]
    else:
        found = [_taker(file, text, entry, speaks) for text in texts]
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


def _miscounted(file: OutcomeFile, entry: Entry, speaks: Callable[[Entry], bool]) -> str | None:
    if entry.count is None:
        return None
    try:
        left = len(texts_left(file, entry, speaks))
    except UncountableError as error:
        return f"count = {entry.count} cannot be held true: {error}; leave it out"
    if entry.count == left:
        return None
    return (
        f"count is {entry.count}, but the entry stands for {counted(left, 'outcome')}: "
        f"fix its stdout, or write count = {left}"
    )


def _taker(
    file: OutcomeFile, text: str, entry: Entry, speaks: Callable[[Entry], bool]
) -> Entry | None:
    """Return the first entry before this one that takes a text of it."""
    return next(
        (
            each
            for each in file.that_may_print(text)
            if each.number < entry.number
            and each.ends_like(entry)
            and speaks(each)
            and each.stdout.matches(text)
        ),
        None,
    )
