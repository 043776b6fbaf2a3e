"""Links the first use of each word of the glossary, on each page of the course.

A page that the glossary itself leads to explains the word, and one that links it has done so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

GLOSSARY = "glossary"
FOLDERS = ("two-ways/", "shared-state/")
ENTRY = re.compile(r"^(\S.*)\n((?:  .*\n|\n)+)", re.MULTILINE)
LEADS_TO = re.compile(r"\]\((\S+)\.md\b")
# what prose is in: nothing of a directive, such as the answers that are to be chosen from
PROSE = (
    nodes.document,
    nodes.section,
    nodes.bullet_list,
    nodes.enumerated_list,
    nodes.list_item,
    nodes.block_quote,
)
GAME = "anyorder-board"  # what stands before it has no links: it is one Tab from its heading
LINKS = (nodes.reference, addnodes.pending_xref)
INLINE = (nodes.emphasis, nodes.strong, nodes.inline, *LINKS)


class Term(NamedTuple):
    """A word of the glossary.

    Args:
        name: the word
        pages: those that explain it
    """

    name: str
    pages: frozenset[str]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Link the words as pages are read."""
    app.connect("doctree-read", _link)
    return {"version": "1", "parallel_read_safe": True}


def terms(glossary: str) -> list[Term]:
    """Return the words of a glossary's text, those first that have others within them."""
    found = [
        Term(name, frozenset(LEADS_TO.findall(body)))
        for name, body in ENTRY.findall(glossary.partition("```{glossary}\n")[2])
    ]
    return sorted(found, key=lambda term: len(term.name), reverse=True)


def pattern(known: Sequence[Term]) -> re.Pattern[str]:
    """Return what finds a use of a word: in the plural too, and at the beginning of a sentence.

    Each word has a group of its own.
    """
    each = "|".join(f"((?i:{re.escape(name[0])}){re.escape(name[1:])})" for name, _ in known)
    return re.compile(rf"(?<![\w-])(?:{each})(?:e?s)?(?![\w-])")


def _link(app: Sphinx, doctree: nodes.document) -> None:
    page = app.env.docname
    if not page.startswith(FOLDERS):
        return
    app.env.note_dependency(app.env.doc2path(GLOSSARY, base=False))
    known = terms(Path(app.env.doc2path(GLOSSARY)).read_text(encoding="utf-8"))
    words = pattern(known)
    seen = {term.name for term in known if page in term.pages}
    for text in [*_prose(doctree)]:
        linked = _is_linked(text)
        parts: list[nodes.Node] = []
        end = 0
        for found in words.finditer(str(text)):
            name = next(each.name for each, use in zip(known, found.groups(), strict=True) if use)
            if name not in seen and not linked:
                parts += [nodes.Text(text[end : found.start()]), _to(name, found[0], page)]
                end = found.end()
            seen.add(name)
        if parts:
            text.parent.replace(text, [*parts, nodes.Text(text[end:])])


def _prose(doctree: nodes.document) -> Iterator[nodes.Text]:
    """Yield the texts of sentences that a person has written, and of the links in them."""
    for text in doctree.findall(nodes.Text):
        around = text.parent
        while isinstance(around, INLINE):
            around = around.parent
        written = isinstance(around, nodes.paragraph) and not around["classes"]
        prose = written and all(isinstance(each, PROSE) for each in _above(around))
        if prose and not _is_before_game(around):
            yield text


def _is_before_game(node: nodes.Element) -> bool:
    after = node.parent.children[node.parent.index(node) :]
    return any(isinstance(each, nodes.Element) and GAME in each["classes"] for each in after)


def _above(node: nodes.Element) -> Iterator[nodes.Element]:
    while node := node.parent:
        yield node


def _is_linked(text: nodes.Text) -> bool:
    around = text.parent
    while not isinstance(around, nodes.paragraph):
        if isinstance(around, LINKS):
            return True
        around = around.parent
    return False


def _to(name: str, words: str, page: str) -> nodes.Node:
    """Return a link to a word of the glossary."""
    return addnodes.pending_xref(
        "",
        nodes.inline("", words, classes=["xref", "std", "std-term"]),
        refdomain="std",
        reftype="term",
        reftarget=name,
        refexplicit=True,
        refdoc=page,
        refwarn=True,
    )
