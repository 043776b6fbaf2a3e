"""``{stepper}``: the steps that lead to an outcome, one at a time."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import ClassVar

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

from anyorder.checking import Program, settings_here
from anyorder.exploring import CannotExplore, PossibleOutcome, Step
from anyorder.outcomes import Entry, StdoutTo
from anyorder.sphinx.options import numbers
from anyorder.sphinx.playing import (
    ANCHORS,
    MOST_NAMED,
    Pack,
    Player,
    element,
    explored_for,
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
    An entry that speaks of some settings only is explored in the first of them that this Python
    has, and is left out where it has none.
    """

    option_spec: ClassVar = {"outcomes": numbers}

    def run(self) -> list[nodes.Node]:
        """Return the tables, for a script to play."""
        program, exploration = self.explore()
        chosen = [
            (entry, each)
            for entry in self.entries(program, "outcomes")
            for each in fewest_first(self.reached(program, entry))[:1]
        ]
        if not chosen:
            raise self.error(f"{program.path}:1: has no steps to the outcomes that are named")
        threads = threads_of([*exploration.outcomes[:MOST_NAMED], *(each for _, each in chosen)])
        pack = Pack(threads)
        ways = [_packed(pack, each.witness) for _, each in chosen]
        name = self.identifier("steps")
        tables = []
        anchors = {}
        for number, (entry, each) in enumerate(chosen, 1):
            anchor = f"{name}:{number}:0"
            anchors[program.path, entry.number] = anchor
            tables += _way(each, threads, entry, anchor, opened=len(chosen) == 1)
        data = pack.data(program, ways=ways)
        data[ANCHORS] = anchors
        return element("anyorder-stepper", name, [data, *tables])

    def reached(self, program: Program, entry: Entry) -> list[PossibleOutcome]:
        """Return the outcomes of an entry in the first setting in which it has any.

        On a terminal a process prints line by line, which is easier to follow than its buffer.
        """
        settings = [*settings_here(program)]
        settings.sort(key=lambda each: each.stdout_to is not StdoutTo.TERMINAL)
        try:
            outcomes, _ = explored_for(program, entry, settings)
        except CannotExplore as refusal:
            raise self.error(f"{program.path}:1: cannot be played: {refusal}") from None
        return outcomes


def _way(
    possible: PossibleOutcome, threads: Sequence[str], entry: Entry, anchor: str, *, opened: bool
) -> list[nodes.Node]:
    """Return the drawing and the table of the steps to one outcome, which a reader opens."""
    text, when = shown(possible), f" {entry.when}".rstrip()
    grade = f'<span class="anyorder-{entry.grade}">{entry.grade}</span>'
    summary = f"{grade}{escape(when)}: <code>{escape(text)}</code>"
    return [
        raw(f'<details id="{anchor}"{" open" * opened}><summary>{summary}</summary>'),
        addnodes.only("", nodes.paragraph("", f"Steps{when} to: {text}"), expr="not html"),
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
