"""Versions of Python, and sets of them as numbers."""

from __future__ import annotations

__all__ = ["ALL", "VERSIONS", "mask"]

VERSIONS = ("3.11", "3.12", "3.13", "3.14", "3.15")
ALL = (1 << len(VERSIONS)) - 1  # a set of versions is a number: its bit 0 is the first of them


def mask(*versions: str) -> int:
    """Return a set of versions as a number."""
    return sum(1 << VERSIONS.index(version) for version in versions)
