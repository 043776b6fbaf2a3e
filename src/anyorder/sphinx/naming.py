"""How a page names outcomes: a program by its path from the page, and entries by their numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable

from docutils import nodes
from docutils.nodes import system_message
from sphinx.util.docutils import SphinxRole

from anyorder.checking import Program, counted
from anyorder.outcomes import Entry
from anyorder.sphinx.checks import refuse

__all__ = ["named", "numbered", "refused"]

NAMED = re.compile(r"(?P<path>\S+)\s+(?P<numbers>\d+(?:\s+\d+)*)\s*")


def named(text: str) -> tuple[str, list[int]]:
    """Read a path and numbers of outcomes, such as ``program.py 2``.

    Raises:
        ValueError: it is none
    """
    found = NAMED.fullmatch(text.strip())
    if found is None:
        raise ValueError(
            f"write a path and numbers of outcomes, such as program.py 2, not {text!r}"
        )
    return found["path"], [int(each) for each in found["numbers"].split()]


def numbered(program: Program, numbers: Iterable[int]) -> tuple[Entry, ...]:
    """Return entries of an outcome file by their numbers, counted from 1.

    Raises:
        ValueError: there is none of a number
    """
    entries = program.file.entries
    wanted = [*numbers]
    for number in wanted:
        if not 1 <= number <= len(entries):
            raise ValueError(
                f"{program.file.path}:1: has {counted(len(entries), 'outcome')}, and none of "
                f"number {number}"
            )
    return tuple(entries[number - 1] for number in wanted)


def refused(role: SphinxRole, error: Exception) -> tuple[list[nodes.Node], list[system_message]]:
    """Return what stands on a page in place of a role that is refused, which fails the build."""
    refuse(role.env, str(error), role.get_location())
    return [nodes.problematic("", role.rawtext)], []
