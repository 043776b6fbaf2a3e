"""``{stepper}``: the steps that lead to an outcome, one at a time."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import ClassVar

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

from anyorder.exploring import PossibleOutcome, Step
from anyorder.outcomes import Grade
from anyorder.sphinx.options import numbers
from anyorder.sphinx.playing import (
    ANCHORS,
    Pack,
    Player,
    element,
    entry_of,
    fewest_first,
    raw,
    shown,
    threads_of,
)
from anyorder.sphinx.steps import drawing, steps_table, waits

__all__ = ["Stepper", "setup"]


def setup(app: Sphinx) -> None:
    """Add the directive."""
    app.add_directive("stepper", Stepper)


class Stepper(Player):
    """Shows the steps to the outcomes of a program.

    The argument is the program. The option ``outcomes`` names entries of its outcome file by their
    numbers, counted from 1; of each one outcome is shown, the one that is the easiest to follow.
    """

    option_spec: ClassVar = {"outcomes": numbers}

    def run(self) -> list[nodes.Node]:
        """Return the tables, for a script to play."""
        program, exploration = self.explore()
        chosen = []
        for entry in self.entries(program, "outcomes"):
            outcomes = [each for each in exploration.outcomes if entry_of(program, each) is entry]
            chosen += [(entry, each) for each in fewest_first(outcomes)[:1]]
        if not chosen:
            raise self.error(f"{program.path}:1: has no steps to the outcomes that are named")
        threads = threads_of(exploration)
        pack = Pack(threads)
        ways = [_packed(pack, each.witness) for _, each in chosen]
        name = self.identifier("steps")
        tables = []
        anchors = {}
        for number, (entry, each) in enumerate(chosen, 1):
            anchor = f"{name}:{number}:0"
            anchors[program.path, entry.number] = anchor
            tables += _way(each, threads, entry.grade, anchor, opened=len(chosen) == 1)
        data = pack.data(program, ways=ways)
        data[ANCHORS] = anchors
        return element("anyorder-stepper", name, [data, *tables])


def _way(
    possible: PossibleOutcome, threads: Sequence[str], grade: Grade, anchor: str, *, opened: bool
) -> list[nodes.Node]:
    """Return the drawing and the table of the steps to one outcome, which a reader opens."""
    text = shown(possible)
    summary = f'<span class="anyorder-{grade}">{grade}</span>: <code>{escape(text)}</code>'
    return [
        raw(f'<details id="{anchor}"{" open" * opened}><summary>{summary}</summary>'),
        addnodes.only("", nodes.paragraph("", f"Steps to: {text}"), expr="not html"),
        drawing(possible.witness, threads),
        steps_table(possible.witness, threads),
        *waits(possible.witness),
        raw("</details>"),
    ]


def _packed(pack: Pack, witness: tuple[Step, ...]) -> list[list[int | list[int]]]:
    """Return the steps as data: each an event, and who waits for what once it has happened."""
    printed = ["", *(step.stdout for step in witness)]
    return [
        pack.event(step, step.stdout[len(before) :], [*step.waiting.items()])
        for before, step in zip(printed, witness, strict=False)
    ]
