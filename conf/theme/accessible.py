"""What Sphinx's HTML lacks for readers who use a keyboard, a screen reader or a phone.

It goes into the doctree: ``complete_tree`` gives nodes the attributes that their elements lack, and
``Translator`` writes them.
"""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

__all__ = ["Translator", "complete_tree"]

# so many characters of code stand side by side on the narrowest phone, 320 px wide
NARROWEST = 30
# so many of a table's on most phones, 390 px wide: so many between two columns, and in the last
# one of three or more, where the style lets names break, at most so many
PHONE, APART, LAST = 42, 2, 21
# of three columns or more, each has room for its longest cell in so many lines
LINES = 3

# classes that docutils and Sphinx write, which are part of a page's weight
UNUSED = {
    "align-default", "caption-text", "container", "docutils", "external", "field-even", "field-odd",
    "head", "internal", "literal", "py-class", "py-func", "reference", "row-even", "row-odd",
    "simple", "sphinx_autodoc_typehints-type", "std", "std-doc", "std-ref", "xref",
}  # fmt: skip
# at these a browser breaks a word
BREAKS = re.compile(r"[-<>%?…]|\W[(\[{]")
# what Sphinx makes of each word of code
PROTECTED = re.compile('<span class="pre">(?P<text>.*)</span>')
# of a node: attributes of its element, by name
ATTRIBUTES = "html_attributes"


def asked_for(classes: list[str]) -> list[str]:
    """Return those of some classes that a style or a script may ask for."""
    return [name for name in classes if name not in UNUSED]


class Translator(HTML5Translator):
    """Writes Sphinx's HTML, with the attributes that ``complete_tree`` gave to nodes."""

    def visit_Text(self, node: nodes.Text) -> None:  # noqa: N802 - as docutils names it
        """Write a text: of code only those words as elements of their own that may not break."""
        start = len(self.body)
        super().visit_Text(node)
        if self.protect_literal_text:
            self.body[start:] = [PROTECTED.sub(_with_element, part) for part in self.body[start:]]

    def visit_paragraph(self, node: nodes.paragraph) -> None:
        """Begin a paragraph, without an element of its own where it is all that a cell has."""
        if not _is_a_cell(node):
            super().visit_paragraph(node)

    def depart_paragraph(self, node: nodes.paragraph) -> None:
        """End a paragraph."""
        if not _is_a_cell(node):
            super().depart_paragraph(node)

    def starttag(
        self,
        node: nodes.Element,
        tagname: str,
        suffix: str = "\n",
        empty: bool = False,  # noqa: FBT001, FBT002 - as in the method that is overridden
        **attributes: object,
    ) -> str:
        """Return the start tag of a node's element, without classes that no style asks for."""
        if node.get("classes"):
            node["classes"] = asked_for(node["classes"])
        for name in {"class", "CLASS"} & attributes.keys():
            attributes[name] = " ".join(asked_for(str(attributes[name]).split()))
        more: dict[str, Any] = attributes | node.get(ATTRIBUTES, {})
        more["classes"] = asked_for(more.get("classes", []))
        return super().starttag(node, tagname, suffix, empty, **more)


def _is_a_cell(node: nodes.paragraph) -> bool:
    """Return whether a paragraph is all of its cell, and nothing but that."""
    return (
        isinstance(node.parent, nodes.entry)
        and len(node.parent) == 1
        and not any(node.get(name) for name in ("classes", "ids", ATTRIBUTES))
    )


def _with_element(word: re.Match[str]) -> str:
    """Return a word of code, in its element where it is short and a browser would break it."""
    text = unescape(word["text"])
    return word[0] if BREAKS.search(text) and len(text) <= LAST else word["text"]


def complete_tree(app: Sphinx, doctree: nodes.document, _page: str) -> None:
    """Let what may be wider than a page scroll by keyboard too, and name it."""
    if app.builder.format != "html":
        return
    for block in doctree.findall(nodes.FixedTextElement):
        is_code = isinstance(block, nodes.literal_block | nodes.doctest_block)
        if is_code and max(map(len, block.astext().splitlines()), default=0) > NARROWEST:
            _let_scroll(block, "Output" if "anyorder-output" in block["classes"] else "Code")
    for table in list(doctree.findall(nodes.table)):
        # widths are inline style, which the page's policy forbids; browsers find better ones
        table["classes"].append("colwidths-auto")
        for head in table.findall(nodes.thead):
            for entry in head.findall(nodes.entry):
                if not entry.astext().strip():
                    entry[ATTRIBUTES] = {"role": "cell"}  # it is the heading of nothing
        if not any(name.startswith("anyorder-") for name in table["classes"]):
            _make_room(table)  # the others are made for narrow screens already


def _let_scroll(node: nodes.Element, name: str) -> None:
    node[ATTRIBUTES] = {"tabindex": "0", "role": "group", "aria-label": name}


def _make_room(table: nodes.table) -> None:
    """Put a table into a box that scrolls, and stack one that is too wide for a phone.

    That is one whose names are too long, or whose words would stand one below the other.
    """
    rows = [
        [entry.astext().strip() for entry in row.findall(nodes.entry)]
        for row in table.findall(nodes.row)
    ]
    columns = list(zip(*rows, strict=False))
    *longest, last = (max(map(len, " ".join(column).split()), default=0) for column in columns)
    if len(longest) > 1:
        cells = [max(map(len, column)) // LINES for column in columns]
        longest = [*map(max, longest, cells)]
        last = min(max(last, cells[-1]), LAST)
    box = nodes.container("", classes=["wide"])
    if sum(APART + each for each in [*longest, last]) > PHONE:
        box["classes"].append("stacked")
        _name_cells(table, rows[0])
    _let_scroll(box, "Table")
    table.parent.replace(table, box)  # with no more than the table: its names stay its own
    box += table


def _name_cells(table: nodes.table, names: list[str]) -> None:
    """Have each cell but the first of its row say what column it is of.

    On a phone the cells of a row stand below each other, and no heading over them.
    """
    for body in table.findall(nodes.tbody):
        for row in body.findall(nodes.row):
            for name, entry in list(zip(names, row.findall(nodes.entry), strict=False))[1:]:
                if name and entry.astext().strip():
                    entry[ATTRIBUTES] = {"data-label": name}
