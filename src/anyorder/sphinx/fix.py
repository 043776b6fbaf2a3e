"""``{fix}``: a broken program and its fixed versions, of which the reader chooses one."""

from __future__ import annotations

import difflib
import re
from html import escape
from pathlib import Path
from typing import ClassVar

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

from anyorder.board.words import fewest_first, threads_of
from anyorder.checking import Program
from anyorder.checking.program import read_source
from anyorder.exploring import Exploration, PossibleOutcome
from anyorder.outcomes import Grade
from anyorder.sphinx.checks import suppressible
from anyorder.sphinx.playing import Player, element, entry_of, raw
from anyorder.sphinx.steps import steps_on_demand

__all__ = ["Fix", "setup"]

CODE = re.compile("`([^`]+)`")


def setup(app: Sphinx) -> None:
    """Add the directive."""
    app.add_directive("fix", Fix)


class Fix(Player):
    """Offers changes to a broken program, and says of each whether it fixes it.

    The argument is the broken program. Each line of the content is a candidate: its path from the
    page, a colon, and what it does. A candidate is right where all that it can do is usual by its
    outcome file; of a wrong one the steps to what is not are shown.
    """

    has_content = True
    option_spec: ClassVar = {}

    @suppressible
    def run(self) -> list[nodes.Node]:
        """Return the candidates, each to be opened."""
        broken, _ = self.explore()
        candidates = [self.candidate(line) for line in self.content if line.strip()]
        faults = [_fault(program, exploration) for program, exploration, _ in candidates]
        if {fault is None for fault in faults} != {True, False}:
            raise self.error("write a candidate that fixes the program, and one that does not")
        name = self.identifier("fix")
        children: list[nodes.Node] = []
        for (program, exploration, words), fault in zip(candidates, faults, strict=True):
            summary = CODE.sub(r"<code>\1</code>", escape(words))
            threads = threads_of(exploration, *([fault] if fault else []))
            children += [
                raw(f'<details name="{name}"><summary>{summary}</summary>'),
                addnodes.only("", nodes.paragraph("", words), expr="not html"),
                _verdict(exploration, fixed=fault is None),
                _changes(broken.path, program.path),
                *(steps_on_demand(fault, threads, "Steps that break it") if fault else []),
                raw("</details>"),
            ]
        return element("anyorder-fix", name, children)

    def candidate(self, line: str) -> tuple[Program, Exploration, str]:
        """Return the candidate of a line, explored, and what is said of it."""
        path, colon, words = line.partition(": ")
        if not colon:
            raise self.error(f"write a candidate as path: what it does, not {line!r}")
        asked, self.arguments = self.arguments, [path.strip()]
        try:
            return *self.explore(), words.strip()
        finally:
            self.arguments = asked


def _changes(broken: Path, fixed: Path) -> nodes.literal_block:
    """Return what a candidate changes: lines that it adds and drops, and those around them."""
    before, after = (read_source(path).splitlines() for path in (broken, fixed))
    _, _, *lines = difflib.unified_diff(before, after, lineterm="")
    text = "\n".join("…" if line.startswith("@@") else line for line in lines[1:])
    text = "\n".join(line.rstrip() for line in text.split("\n")).strip("\n")
    return nodes.literal_block(text, text, language="diff", classes=["anyorder-changes"])


def _fault(program: Program, exploration: Exploration) -> PossibleOutcome | None:
    """Return an outcome that is not usual, the easiest to follow, if there is one."""
    for each in fewest_first(exploration.outcomes):
        entry = entry_of(program, each)
        if entry is None or entry.grade is not Grade.USUAL:
            return each
    return None


def _verdict(exploration: Exploration, *, fixed: bool) -> nodes.paragraph:
    counts = [each.interleavings for each in exploration.outcomes]
    number = sum(count for count in counts if count is not None)
    schedules = f"all {number:,} schedules" if None not in counts else "all schedules"
    if fixed and number == 2 and None not in counts:  # noqa: PLR2004 - in words
        schedules = "both schedules"
    if counts == [1]:
        words = (
            f"the only schedule was explored, and ends {'well' if fixed else 'as it should not'}."
        )
    elif fixed:
        words = f"{schedules} were explored, and each of them ends well."
    else:
        words = f"of {schedules}, some end as they should not."
    words = f"This {'fixes' if fixed else 'does not fix'} it: {words}"
    return nodes.paragraph("", words, classes=[f"anyorder-{'right' if fixed else 'wrong'}"])
