"""Versions of Python, and sets of them as numbers."""

from __future__ import annotations

import sys

__all__ = ["ALL", "THIS", "VERSIONS", "mask"]

VERSIONS = ("3.11", "3.12", "3.13", "3.14", "3.15")
THIS = ".".join(map(str, sys.version_info[:2]))  # the one that runs now
ALL = (1 << len(VERSIONS)) - 1  # a set of versions is a number: its bit 0 is the first of them


def mask(*versions: str) -> int:
    """Return a set of versions as a number."""
    return sum(1 << VERSIONS.index(version) for version in versions)
