"""``{board}``: a program, its threads, and whose turn it is.

A reader steps through an outcome there, or takes the turns. All that the board shows is written
here, and ``static/board.js`` fills it in, so that nothing on the page moves when it is loaded.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape
from typing import Any, ClassVar

from docutils import nodes
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers.python import PythonLexer
from sphinx import addnodes
from sphinx.application import Sphinx

from anyorder.board.drawing import drawn, told
from anyorder.board.turns import Turns, chained, followed, on_graph
from anyorder.board.words import fewest_first, shown, threads_of
from anyorder.checking import Program, settings_here
from anyorder.checking.expectations import bound_by
from anyorder.checking.exploration import schedules
from anyorder.checking.program import read_source
from anyorder.exploring import CannotExplore, Exploration, PossibleOutcome
from anyorder.outcomes import Entry, StdoutTo
from anyorder.sphinx.checks import suppressible
from anyorder.sphinx.options import numbers
from anyorder.sphinx.playing import ANCHORS, Player, element, entry_of, explored_for, raw
from anyorder.sphinx.steps import drawing, steps_table, waits

__all__ = ["Board", "setup"]

# a graph with more nodes is more than a page should load, and more than a reader wants to play
MOST_NODES = 1_500
YOURS = "Take the turns yourself"


def setup(app: Sphinx) -> None:
    """Add the directive."""
    app.add_directive("board", Board)


class Board(Player):
    """Shows the steps to the outcomes of a program, and lets the reader take the turns.

    The argument is the program. The option ``outcomes`` names entries of its outcome file by their
    numbers, counted from 1; of each one outcome is shown, the one that is the easiest to follow.
    An entry that speaks of some settings only is explored in the first of them that this Python
    has, and is left out where it has none.

    The option ``goal`` names the entries that are to be reached, and the content says so in words:
    then the reader takes the turns, towards the goal.
    """

    has_content = True
    option_spec: ClassVar = {"outcomes": numbers, "goal": numbers}

    @suppressible
    def run(self) -> list[nodes.Node]:
        """Return the board, and tables of the steps for whoever does not play."""
        program, exploration = self.explore()
        goal = "goal" in self.options
        if goal != bool(self.content):
            raise self.error("write the option goal and the words for it, or none of both")
        asked = self.entries(program, "outcomes") if "outcomes" in self.options else ()
        chosen = [
            (entry, each)
            for entry in asked or program.file.entries
            for each in fewest_first(self.reached(program, exploration, entry))[:1]
        ]
        if not chosen:
            raise self.error(f"{program.path}:1: has no steps to the outcomes that are named")
        outcomes = [each for _, each in chosen]
        threads = threads_of(exploration, *outcomes)
        if goal:
            turns, ways = self.on_graph(program, exploration, threads, outcomes)
            outcomes = [*exploration.outcomes]
        else:
            turns, ways = chained(threads, outcomes)
        name = self.identifier("board")
        labels = [_label(entry, each) for entry, each in chosen]
        anchors = [f"{name}:{number}:0" for number, _ in enumerate(chosen, 1)]
        script = _script(
            turns.data()
            | {
                "outcomes": [self.told(program, exploration, each, turns) for each in outcomes],
                "ways": [{"from": node, "turns": taken} for node, taken in ways],
            }
        )
        script[ANCHORS] = {
            (program.path, entry.number): anchor
            for (entry, _), anchor in zip(chosen, anchors, strict=True)
        }
        words, messages = self.parse_inline(" ".join(self.content), lineno=self.lineno)
        children: list[nodes.Node] = [
            *([nodes.paragraph("", "", *words, classes=["anyorder-goal"])] if goal else []),
            *messages,
            script,
            raw(
                drawn(
                    turns,
                    [each.outcome.stdout for each in outcomes],
                    [*([YOURS] if goal else []), *labels],
                    _coloured(program),
                )
            ),
        ]
        children.append(raw("<details><summary>All steps, in tables</summary>"))
        for (entry, each), anchor, label in zip(chosen, anchors, labels, strict=True):
            children += _steps(each, threads, entry, anchor, label)
        children.append(raw("</details>"))
        return element("anyorder-board", name, children)

    def reached(
        self, program: Program, exploration: Exploration, entry: Entry
    ) -> list[PossibleOutcome]:
        """Return the outcomes of an entry in the first setting in which it has any.

        The turns are taken in the setting of a plain run. Else it is a terminal where there is one:
        there a process prints line by line, which is easier to follow than its buffer.
        """
        if "goal" in self.options:
            return [each for each in exploration.outcomes if entry_of(program, each) is entry]
        settings = [*settings_here(program)]
        settings.sort(key=lambda each: each.stdout_to is not StdoutTo.TERMINAL)
        try:
            return explored_for(self.env, program, entry, settings)
        except CannotExplore as refusal:
            raise self.error(f"{program.path}:1: cannot be played: {refusal}") from None

    def on_graph(
        self,
        program: Program,
        exploration: Exploration,
        threads: Sequence[str],
        chosen: Sequence[PossibleOutcome],
    ) -> tuple[Turns, list[tuple[int, list[int]]]]:
        """Return all turns that can be taken, and of each witness whose turn it is."""
        wanted = self.entries(program, "goal")
        goals = [
            number
            for number, each in enumerate(exploration.outcomes)
            if entry_of(program, each) in wanted
        ]
        if not goals:
            raise self.error(f"{program.path}:1: no schedule leads to the goal")
        try:
            turns = on_graph(
                threads, schedules(program.path, max_nodes=MOST_NODES, follow=program.follow), goals
            )
            return turns, [(0, followed(turns, each.witness)) for each in chosen]
        except (CannotExplore, ValueError) as refusal:
            raise self.error(f"{program.path}:1: cannot be scheduled: {refusal}") from None

    @staticmethod
    def told(
        program: Program,
        exploration: Exploration,
        possible: PossibleOutcome,
        turns: Turns,
    ) -> dict[str, Any]:
        """Return what the board says of an outcome when it is reached, with the author's words."""
        entry = entry_of(program, possible)
        builds = not program.starts_processes and (
            entry is None or not bound_by(program.file, entry, [possible.outcome])
        )
        said = told(exploration, possible, turns, builds=builds)
        if entry is not None and turns.goals:
            said["why"] = entry.why.replace("`", "")
        return said


def _label(entry: Entry, possible: PossibleOutcome) -> str:
    """Return the name of an outcome, by which a reader chooses it."""
    when = f" ({entry.when})" if str(entry.when) else ""
    return f"{entry.grade}{when}: {shown(possible.outcome)}"


def _script(content: dict[str, Any]) -> nodes.raw:
    """Return data that no reader sees."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    text = text.replace("</", "<\\/")  # which would end the element, wherever it stands
    return raw(f'<script type="application/json">{text}</script>')


def _coloured(program: Program) -> list[str]:
    """Return the lines of the program in the colours that a page has."""
    text = read_source(program.path)
    coloured = highlight(text, PythonLexer(stripnl=False), HtmlFormatter(nowrap=True))
    return coloured.rstrip("\n").split("\n")


def _steps(
    possible: PossibleOutcome, threads: Sequence[str], entry: Entry, anchor: str, label: str
) -> list[nodes.Node]:
    """Return the drawing and the table of the steps to one outcome, which a reader opens."""
    grade, _, others = label.partition(": ")
    word, _, when = grade.partition(" ")
    summary = (
        f'<span class="anyorder-{entry.grade}">{word}</span>{escape(f" {when}".rstrip())}: '
        f"<code>{escape(others)}</code>"
    )
    return [
        raw(f'<details id="{anchor}"><summary>{summary}</summary>'),
        addnodes.only("", nodes.paragraph("", f"Steps to {label}"), expr="not html"),
        drawing(possible.witness, threads),
        steps_table(possible.witness, threads),
        *waits(possible.witness),
        raw("</details>"),
    ]
