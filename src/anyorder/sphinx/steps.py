"""The steps of a witness on a page: a numbered table with a column a thread, and a drawing."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import pairwise

from docutils import nodes

from anyorder.board.words import mark, thread_class
from anyorder.exploring import PossibleOutcome, Step
from anyorder.sphinx.playing import raw

__all__ = ["drawing", "steps_on_demand", "steps_table", "waits"]

# of the drawing, in its own units
STEP, LANE, NAME = 15, 24, 7.5


def _present(witness: Sequence[Step], threads: Sequence[str]) -> list[int]:
    """Return the numbers of the threads that have steps."""
    return sorted({threads.index(step.thread) for step in witness})


def steps_on_demand(
    possible: PossibleOutcome, threads: Sequence[str], words: str
) -> list[nodes.Node]:
    """Return the steps to an outcome as a list, which a reader opens.

    Args:
        possible: the outcome, with its witness
        threads: the names of all threads of the program
        words: what a reader opens
    """
    steps = nodes.enumerated_list(classes=["anyorder-listed"])
    for step in possible.witness:
        steps += nodes.list_item("", _event(step, threads.index(step.thread)))
    return [
        raw(f"<details><summary>{escape(words)}</summary>"),
        steps,
        *waits(possible.witness),
        raw("</details>"),
    ]


def steps_table(witness: Sequence[Step], threads: Sequence[str]) -> nodes.table:
    """Return the steps as a table.

    Args:
        witness: the steps
        threads: the names of all threads of the program; those that have steps have columns
    """
    columns = _present(witness, threads)
    group = nodes.tgroup(cols=2 + len(columns))
    group += [nodes.colspec(colwidth=width) for width in (1, 1, *[4] * len(columns))]
    names = [f"{mark(number)} {threads[number]}" for number in columns]
    group += nodes.thead("", _row("Step", "Line", *names))
    body = nodes.tbody()
    for number, step in enumerate(witness, 1):
        cells: list[str | nodes.Node] = [""] * len(columns)
        thread = threads.index(step.thread)
        cells[columns.index(thread)] = _event(step, thread)
        body += _row(str(number), str(step.line or ""), *cells)
    group += body
    return nodes.table("", group, classes=["anyorder-steps", "colwidths-auto"])


def waits(witness: Sequence[Step]) -> list[nodes.Node]:
    """Return who waits for what at the end of the steps."""
    return [
        nodes.paragraph("", f"{thread} waits for {what}.", classes=["anyorder-waits"])
        for thread, what in sorted(witness[-1].waiting.items())
    ]


def _event(step: Step, thread: int) -> nodes.paragraph:
    # where a column a thread is too wide, each step names its own
    name = nodes.inline("", f"{mark(thread)} {step.thread} ", classes=["anyorder-name"])
    said = nodes.paragraph("", "", name, nodes.Text(step.event), classes=[thread_class(thread)])
    said["support_smartquotes"] = False  # what is printed is shown as it is
    return said


def _row(*cells: str | nodes.Node) -> nodes.row:
    row = nodes.row()
    for cell in cells:
        content = nodes.paragraph("", cell) if isinstance(cell, str) else cell
        row += nodes.entry("", *([content] if cell != "" else []))
    return row


def drawing(witness: Sequence[Step], threads: Sequence[str]) -> nodes.raw:
    """Return the steps as a small drawing: a lane a thread, and a line that goes to and fro."""
    lanes = {
        thread: LANE * (place + 0.5) for place, thread in enumerate(_present(witness, threads))
    }
    left = 24 + NAME * max(len(threads[thread]) for thread in lanes)
    numbers = [threads.index(step.thread) for step in witness]
    width, height = left + STEP * len(witness), LANE * len(lanes)
    names = "".join(
        f'<path class="lane" d="M{left - 8:g} {y:g}H{width:g}"/>'
        f'<text class="{thread_class(thread)}" y="{y + 4:g}">'
        f"{mark(thread)} {escape(threads[thread])}</text>"
        for thread, y in lanes.items()
    )
    heights = [lanes[thread] for thread in numbers]
    # by how much each point is to the right of the one before, and below it: short, and much alike
    way = "".join(f"l{STEP} {here - last:g}" for last, here in pairwise(heights))
    # a dot is a stroke of no length with round ends
    dots = "".join(
        f'<path class="dot {thread_class(lane)}" d="M{left - STEP:g} {y:g}{_dots(numbers, lane)}"/>'
        for lane, y in lanes.items()
    )
    return raw(
        f'<svg class="anyorder-drawing" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
        f'height="{height:g}" role="img" aria-label="Which thread goes at each step">'
        f'{names}<path class="way" d="M{left:g} {heights[0]:g}{way}"/>{dots}</svg>'
    )


def _dots(numbers: Sequence[int], lane: int) -> str:
    """Return the dots of a lane, each by how far it is to the right of the one before."""
    places = [place for place, thread in enumerate(numbers, 1) if thread == lane]
    return "".join(f"m{STEP * (here - last)} 0h0" for last, here in pairwise([0, *places]))
