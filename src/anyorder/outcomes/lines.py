"""The line of a TOML file on which a value stands, which the parser does not tell."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Sequence
from contextlib import suppress
from operator import attrgetter
from typing import Any, NamedTuple

__all__ = ["Lines", "Where"]

# the way to a value: the keys and list places that lead to it
Where = tuple[str | int, ...]

ENTRY = re.compile(r"\s*\[\[\s*outcome\s*\]\]")


class Section(NamedTuple):
    """A piece of the file that is TOML itself, up to the next ``[[outcome]]``."""

    first: int  # its first line, counted from 1
    entries: int  # how many entries the sections before it have
    text: str


class Lines:
    """Where in an outcome file each value stands.

    The file is read again in sections that begin with its entries, so that a file of thousands of
    entries is not read again for each.

    Args:
        text: the file, which has to be TOML
    """

    def __init__(self, text: str) -> None:
        lines = text.split("\n")
        self._sections: list[Section] = []
        first = entries = 0
        for end in [*(n for n, line in enumerate(lines) if ENTRY.match(line)), len(lines)]:
            section = "\n".join(lines[first:end])
            with suppress(tomllib.TOMLDecodeError):  # what looked like an entry was within a text
                outcome = tomllib.loads(section).get("outcome")
                self._sections.append(Section(first + 1, entries, section))
                entries += len(outcome) if isinstance(outcome, list) else 0
                first = end

    def of(self, where: Where) -> int:
        """Return the line on which the value at ``where`` begins, counted from 1."""
        sections: Sequence[Section] = self._sections
        match where:
            case ["outcome", int(number), *others]:
                place = bisect_right(sections, number, key=attrgetter("entries")) - 1
                section = sections[place]
                sections = [section]
                where = ("outcome", number - section.entries, *others)
        found = (
            each.first + line for each in sections if (line := _line_in(each.text, where)) >= 0
        )
        return next(found, 1)


def _line_in(text: str, where: Where) -> int:
    """Return the line of ``text``, counted from 0, on which a value begins; -1 if it is not there.

    The value ends on the first line with which it is there, and begins after the last one before
    that makes sense.
    """
    lines = text.split("\n")
    begin = 0
    for end in range(1, len(lines) + 1):
        with suppress(tomllib.TOMLDecodeError):
            value: Any = tomllib.loads("\n".join(lines[:end]))
            try:
                for step in where:
                    value = value[step]
            except (KeyError, IndexError):
                begin = end
            else:
                return begin
    return -1
