"""What can be told of a text with placeholders, whatever the text is that they stand for.

Whether ``"unset"`` is in ``"<threading.Event at <address>: unset>"`` can be told: no address has
such letters in it. So can where to split that text at ``" at "``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from anyorder.exploring.attributes import is_a
from anyorder.outcomes.placeholders import ANY, CHARACTERS, FOLDER

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Undecided", "carried_out", "is_equal", "is_inside"]

# a path may be relative, so that the slashes around its folder are not known, either
PLACED = re.compile(rf"/?{FOLDER}/?|{ANY.pattern}")
FIRST = 0xE000  # of the characters that stand for a placeholder, which no program uses for itself
# methods that look for their first argument, and those that look for spaces where they get none
LOOKING = {
    "count", "endswith", "partition", "removeprefix", "removesuffix", "replace", "rpartition",
    "rsplit", "split", "startswith",
}  # fmt: skip
AT_SPACES = {"rsplit", "split", "strip", "lstrip", "rstrip"}


class Undecided(Exception):  # noqa: N818 - it says what is the case
    """It depends on what a placeholder stands for."""


def parts_of(text: str) -> list[str]:
    """Return a text's parts, every other one of which is a placeholder."""
    parts, end = [], 0
    for found in PLACED.finditer(text):
        parts += [text[end : found.start()], found[0]]
        end = found.end()
    return [*parts, text[end:]]


def characters(placeholder: str) -> Callable[[str], bool]:
    """Return whether a character may be in what a placeholder stands for."""
    known = CHARACTERS.get(placeholder, "0123456789")
    return lambda character: known is None or character in known


def overlaps(text: str, wanted: str) -> bool:
    """Whether a text that is looked for may begin, lie or end within a placeholder's text."""
    # each way in which some of it has been found: how much, and whether a placeholder is in it
    found = {(0, False)}
    for number, part in enumerate(parts_of(text)):
        if number % 2:
            may_be = characters(part)
            inside = {count for count, _ in found} | {0}
            for count in range(len(wanted)):
                if count in inside and may_be(wanted[count]):
                    inside.add(count + 1)
            if len(wanted) in inside:
                return True
            found = {(count, True) for count in inside} | {(0, False)}
            continue
        for character in part:
            found = {
                (count + 1, masked) for count, masked in found if wanted[count] == character
            } | {(0, False)}
            if (len(wanted), True) in found:
                return True
            found.discard((len(wanted), False))
    return False


def of_path(name: str, text: str, args: tuple[Any, ...]) -> Any:
    """Return what a method of a text gives in which there is a folder that is not known.

    A folder's name has no line breaks.

    Raises:
        Undecided: that depends on the folder
    """
    first, *_, last = parts_of(text)
    if name == "splitlines":
        return text.splitlines(*args)
    if args and is_a(args[0], str):
        if name == "startswith" and len(args[0]) <= len(first):
            return first.startswith(args[0])
        if name == "endswith" and len(args[0]) <= len(last):
            return last.endswith(args[0])
    raise Undecided


def is_apart(text: str, wanted: Any) -> bool:
    """Whether what is looked for can be found nowhere but between placeholders."""
    return (
        type(wanted) is str
        and wanted != ""
        and not ANY.search(wanted)
        and not overlaps(text, wanted)
    )


def is_inside(wanted: str, text: str) -> bool:
    """Return whether a text is in one with placeholders.

    Raises:
        Undecided: that depends on what these stand for
    """
    if any(wanted in part for part in parts_of(text)[::2]):
        return True
    if FOLDER in text or ANY.search(wanted) or overlaps(text, wanted):
        raise Undecided
    return False


def is_equal(text: str, other: str) -> bool:
    """Return whether a text with placeholders is equal to another one.

    Raises:
        Undecided: it may be
    """
    first, *_, last = parts_of(text)
    if ANY.search(other) or (other.startswith(first) and other.endswith(last)):
        raise Undecided
    return False


def carried_out(name: str, text: str, args: tuple[Any, ...]) -> Any:
    """Return what a method of a text with placeholders gives.

    Raises:
        Undecided: that depends on what these stand for
    """
    if FOLDER in text:
        return of_path(name, text, args)
    placeholders = parts_of(text)[1::2]
    if name in AT_SPACES and (not args or args[0] is None):
        if any(characters(one)(" ") for one in placeholders):
            raise Undecided
    elif name not in LOOKING or not is_apart(text, args[0]):
        raise Undecided
    letters = {one: chr(FIRST + number) for number, one in enumerate(dict.fromkeys(placeholders))}
    for one, letter in letters.items():
        text = text.replace(one, letter)
    result = getattr(text, name)(*args)
    if is_a(result, str):
        return put_back(result, letters)
    if is_a(result, list | tuple):
        return type(result)(put_back(one, letters) for one in result)
    return result


def put_back(text: str, letters: dict[str, str]) -> str:
    """Return a text with its placeholders."""
    for one, letter in letters.items():
        text = text.replace(letter, one)
    return text
