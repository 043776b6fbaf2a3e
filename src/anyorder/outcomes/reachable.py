"""Which builds can reach an outcome, as a list says it: ``[">=3.14", "free-threaded"]``.

An entry of an outcome file has such a list, and a claim on a page is one, joined by "or".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from anyorder.outcomes.settings import StdoutTo

__all__ = ["FREE_THREADED", "Builds", "Claim"]

ALL = "all"  # in the list: all builds, with a GIL and without
FREE_THREADED = "free-threaded"  # in the list: builds without a GIL
VERSION = re.compile(r"\d+\.\d+")
ITEMS = (
    'versions (">=3.14"), where output goes ("unbuffered"), both in this order, '
    f'"{FREE_THREADED}" or "{ALL}"'
)


@dataclass(frozen=True, slots=True)
class Builds:
    """One item of the list that names builds with a GIL.

    Args:
        text: the item as it is written
        versions: which versions of Python, such as ``3.14``, by a specifier; an empty one takes all
        stdout_to: where the output goes, and ``None`` for wherever that is
    """

    text: str
    versions: str
    stdout_to: StdoutTo | None

    @classmethod
    def read(cls, item: object) -> Builds:
        """Read an item: versions, where the output goes, or both in this order; or all.

        Raises:
            ValueError: it is not such an item
        """
        if item == ALL:
            return cls(ALL, "", None)
        words = item.split() if isinstance(item, str) else []
        stdout_to = StdoutTo(words.pop()) if words and words[-1] in tuple(StdoutTo) else None
        specifier = "".join(words)
        if VERSION.fullmatch(specifier):
            specifier = f"=={specifier}"
        with suppress(InvalidSpecifier):
            if specifier or stdout_to is not None:
                return cls(str(item), str(SpecifierSet(specifier)), stdout_to)
        raise ValueError(f"has {item!r}: write {ITEMS}")

    def take(self, version: str, stdout_to: StdoutTo) -> bool:
        """Tell whether builds of a version with a GIL are meant, where their output goes there.

        Args:
            version: the version without its last part: ``3.14``
            stdout_to: where the output goes
        """
        return self.stdout_to in {None, stdout_to} and SpecifierSet(self.versions).contains(version)


@dataclass(frozen=True, slots=True)
class Claim:
    """What is said of the builds that can reach an outcome; it is no condition.

    Args:
        line: the line of the file that says it
        builds: the builds with a GIL
        free_threaded: whether builds without one are named
    """

    line: int
    builds: tuple[Builds, ...]
    free_threaded: bool

    @classmethod
    def read(cls, items: Iterable[object], line: int) -> Claim:
        """Read the items of a list.

        Raises:
            ValueError: one of them is none; it is named, with what may stand there
        """
        items = [*items]
        builds = tuple(Builds.read(item) for item in items if item != FREE_THREADED)
        return cls(line, builds, FREE_THREADED in items or ALL in items)

    def says(self, version: str, stdout_to: StdoutTo) -> bool:
        """Tell whether a version with a GIL is said to reach it, its output going there."""
        return any(each.take(version, stdout_to) for each in self.builds)

    def unknown(self, versions: Iterable[str]) -> list[str]:
        """Return the items that name none of these versions."""
        known = [*versions]
        return [
            each.text
            for each in self.builds
            if not any(SpecifierSet(each.versions).contains(version) for version in known)
        ]
