"""Tables that the directives of this site draw."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from docutils import nodes

__all__ = ["row", "table"]


def table(headings: Sequence[str], rows: Iterable[nodes.row], *classes: str) -> nodes.table:
    """Return a table whose columns are as wide as what is in them.

    Args:
        headings: of the columns
        rows: below them
        classes: those of the table, by which it gets a style of its own
    """
    group = nodes.tgroup("", cols=len(headings))
    group += [nodes.colspec(colwidth=1) for _ in headings]
    group += nodes.thead("", row(headings))
    group += nodes.tbody("", *rows)
    return nodes.table("", group, classes=[*classes, "colwidths-auto"])


def row(cells: Iterable[str | Iterable[nodes.Node]]) -> nodes.row:
    """Return a row of a table.

    Args:
        cells: what is in each of them: a text, or parts of a sentence
    """
    paragraphs = (
        nodes.paragraph("", cell) if isinstance(cell, str) else nodes.paragraph("", "", *cell)
        for cell in cells
    )
    return nodes.row("", *(nodes.entry("", each) for each in paragraphs))
