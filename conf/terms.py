"""Links the first use of each word of the glossary, on each page of the course.

A page that the glossary itself leads to explains the word, and one that links it has done so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
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
# where prose is, and what of it stays as it is
PROSE = (
    nodes.section,
    nodes.bullet_list,
    nodes.enumerated_list,
    nodes.list_item,
    nodes.block_quote,
)
INLINE = (nodes.paragraph, nodes.emphasis, nodes.strong)
LINKS = (nodes.reference, addnodes.pending_xref)


class Term(NamedTuple):
    """A word of the glossary.

    Args:
        name: the word
        pages: those that explain it
    """

    name: str
    pages: frozenset[str]

    @property
    def used(self) -> re.Pattern[str]:
        """What finds it in a text: in the plural too, and at the beginning of a sentence."""
        first, rest = re.escape(self.name[0]), re.escape(self.name[1:])
        return re.compile(rf"(?<![\w-])(?i:{first}){rest}(?:e?s)?(?![\w-])")


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


def _link(app: Sphinx, doctree: nodes.document) -> None:
    page = app.env.docname
    if not page.startswith(FOLDERS):
        return
    app.env.note_dependency(app.env.doc2path(GLOSSARY, base=False))
    for term in terms(Path(app.env.doc2path(GLOSSARY)).read_text(encoding="utf-8")):
        if page in term.pages:
            continue
        for text in _prose(doctree):
            link = _link_around(text)
            within_another = link is not None and link.get("reftype") == "term"
            if link is not None and link.get("reftarget", "").casefold() == term.name.casefold():
                break
            if not within_another and (found := term.used.search(text)):
                if link is None:
                    _put(text, found, term.name, page)
                break


def _prose(doctree: nodes.document) -> Iterator[nodes.Text]:
    """Yield the texts of sentences, and of the links in them."""
    for text in doctree.findall(nodes.Text):
        around = text.parent
        while isinstance(around, INLINE + LINKS + (nodes.inline,)):
            around = around.parent
        if isinstance(around, PROSE) and not isinstance(text.parent, PROSE):
            yield text


def _link_around(text: nodes.Text) -> nodes.Element | None:
    around = text.parent
    while not isinstance(around, nodes.paragraph):
        if isinstance(around, LINKS):
            return around
        around = around.parent
    return None


def _put(text: nodes.Text, found: re.Match[str], name: str, page: str) -> None:
    """Put a link in the place of a word."""
    link = addnodes.pending_xref(
        "",
        nodes.inline("", found[0], classes=["xref", "std", "std-term"]),
        refdomain="std",
        reftype="term",
        reftarget=name,
        refexplicit=True,
        refdoc=page,
        refwarn=True,
    )
    before, after = str(text)[: found.start()], str(text)[found.end() :]
    parts = [nodes.Text(before) if before else None, link, nodes.Text(after) if after else None]
    text.parent.replace(text, [part for part in parts if part is not None])
