"""``reachable = [...]`` of an entry: which builds can reach what it stands for."""

from __future__ import annotations

import re
from dataclasses import dataclass

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from anyorder.outcomes.settings import StdoutTo

__all__ = ["FREE_THREADED", "Builds", "Reachable"]

FREE_THREADED = "free-threaded"  # in the list: builds without a GIL
VERSION = re.compile(r"\d+\.\d+")


@dataclass(frozen=True, slots=True)
class Builds:
    """One item of the list that names builds with a GIL.

    Args:
        text: the item as it is written
        versions: which versions of Python, as of ``3.14``, by a specifier; an empty one takes all
        stdout_to: where the output goes, and ``None`` for wherever that is
    """

    text: str
    versions: str
    stdout_to: StdoutTo | None

    @classmethod
    def read(cls, text: object) -> Builds:
        """Read an item: versions, where the output goes, or both in this order.

        Raises:
            ValueError: it is none
        """
        if not isinstance(text, str) or not text.strip():
            raise InvalidSpecifier(f"there are no words in {text!r}")
        *versions, last = text.split()
        stdout_to = StdoutTo(last) if last in tuple(StdoutTo) else None
        if stdout_to is None:
            versions.append(last)
        specifier = "".join(versions)
        if VERSION.fullmatch(specifier):
            specifier = f"=={specifier}"
        return cls(text, str(SpecifierSet(specifier)), stdout_to)

    def take(self, version: str, stdout_to: StdoutTo) -> bool:
        """Tell whether builds of a version with a GIL are meant, where their output goes there.

        Args:
            version: the version without its last part: ``3.14``
            stdout_to: where the output goes
        """
        return self.stdout_to in {None, stdout_to} and SpecifierSet(self.versions).contains(version)


@dataclass(frozen=True, slots=True)
class Reachable:
    """What an entry says of the builds that can reach it; it is no condition.

    Args:
        line: the line of the file that says it
        builds: the builds with a GIL
        free_threaded: whether builds without one are named
    """

    line: int
    builds: tuple[Builds, ...]
    free_threaded: bool

    def says(self, version: str, stdout_to: StdoutTo) -> bool:
        """Tell whether a version with a GIL is said to reach it, its output going there."""
        return any(each.take(version, stdout_to) for each in self.builds)
