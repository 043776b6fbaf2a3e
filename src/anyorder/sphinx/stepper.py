"""``{stepper}``: the steps that lead to an outcome, one at a time."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import ClassVar

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

from anyorder.exploring import PossibleOutcome, Step
from anyorder.sphinx.options import numbers
from anyorder.sphinx.playing import (
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

__all__ = ["Stepper", "setup", "way"]


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
        tables = []
        for entry, each in chosen:
            words = f'<span class="anyorder-{entry.grade}">{entry.grade}</span>:'
            tables += way(each, threads, words, opened=len(chosen) == 1)
        data = pack.data(program, ways=ways)
        return element("anyorder-stepper", self.identifier("steps"), [data, *tables])


def way(
    possible: PossibleOutcome, threads: Sequence[str], words: str, *, opened: bool = False
) -> list[nodes.Node]:
    """Return the steps to one outcome, which a reader opens.

    Args:
        possible: the outcome, with its witness
        threads: the names of all threads of the program
        words: what is said of it before what it prints
        opened: whether it is open from the beginning
    """
    begin = f"<details{' open' * opened}><summary>{words} <code>{escape(shown(possible))}</code>"
    return [
        raw(f"{begin}</summary>"),
        drawing(possible.witness, threads),
        addnodes.only("", nodes.paragraph("", f"Steps to: {shown(possible)}"), expr="not html"),
        steps_table(possible.witness, threads),
        *waits(possible.witness),
        raw("</details>"),
    ]


def _packed(pack: Pack, witness: tuple[Step, ...]) -> list[list[object]]:
    """Return the steps as data: each an event, and who waits for what once it has happened."""
    before = ""
    steps: list[list[object]] = []
    for step in witness:
        waiting = [
            [pack.threads.index(thread), pack.text(what)]
            for thread, what in step.waiting.items()
            if thread in pack.threads
        ]
        steps.append([*pack.event(step, step.stdout[len(before) :]), waiting])
        before = step.stdout
    return steps
