"""The theme of this site: small pages with the proportions of a book, and nothing from elsewhere.

``layout.html`` is the one template that every page has; ``static/theme.css`` and
``static/theme.js`` are all that it asks for. What Sphinx's HTML lacks for a reader without a mouse
is added in ``accessible``; what a page loads is gathered in ``assets``.
"""

from __future__ import annotations

import hashlib
import pickle
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from docutils import nodes
from sphinx import addnodes
from sphinx.application import ENV_PICKLE_FILENAME, Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.typing import ExtensionMetadata

import anyorder.sphinx
from theme.accessible import Translator, complete_tree
from theme.assets import NOT_FOUND, gather

FOLDER = Path(__file__).parent
# the file beside the pages that says which theme wrote them
NOTED = ".theme"
# as much of a page's first paragraph as a search engine shows
DESCRIPTION = 160


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the theme, and what its template needs to know of a page."""
    app.add_html_theme("theme", str(FOLDER))
    app.set_translator("html", Translator)
    now = digest()
    app.connect("env-get-outdated", partial(written_otherwise, now))
    # after all others, which add to the tree
    app.connect("doctree-resolved", complete_tree, priority=900)
    app.connect("html-page-context", complete)
    # after all others, so that what they added to a page is gathered too
    app.connect("html-page-context", gather, priority=900)
    app.connect("build-finished", partial(note_digest, now), priority=900)
    app.connect("build-finished", keep_what_is_searched, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def complete(
    app: Sphinx, page: str, _template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Add what only the template needs."""
    if page == app.config.root_doc:
        app.add_css_file("home.css")
    if doctree is None:
        app.add_css_file("search.css")
    elif any(doctree.findall(_is_rare)):
        app.add_css_file("reference.css")
    context["description"] = described(doctree)
    if page == NOT_FOUND:
        # it is served in the place of a page that may be anywhere, so its links need a base
        context["base"] = urlsplit(app.config.html_baseurl).path


def written_otherwise(
    now: str, app: Sphinx, env: BuildEnvironment, _added: object, _changed: object, _removed: object
) -> set[str]:
    """Return all pages, to be read and written anew, where another theme wrote them.

    To write them alone would not do: sphinx-codeautolink links what it saw when they were read.
    """
    noted = app.outdir / NOTED
    if app.builder.format != "html" or (noted.exists() and noted.read_text("utf-8") == now):
        return set()
    return set(env.found_docs)


def note_digest(now: str, app: Sphinx, failure: Exception | None) -> None:
    """Note with the pages which theme wrote them."""
    if failure is None and app.builder.format == "html":
        (app.outdir / NOTED).write_text(now, "utf-8")


def keep_what_is_searched(app: Sphinx, failure: Exception | None) -> None:
    """Save what Sphinx learns as it writes pages: under which entries of the index they are found.

    Sphinx saves what it knows before it writes. The next build would have no entries but those of
    the pages that it writes again, and the search would find no others.
    """
    if failure is None and app.builder.format == "html":
        with Path(app.doctreedir, ENV_PICKLE_FILENAME).open("wb") as file:
            pickle.dump(app.env, file, pickle.HIGHEST_PROTOCOL)


def digest() -> str:
    """Return a digest of all that decides how a page looks, beside its text."""
    folders = (FOLDER, Path(anyorder.sphinx.__file__).parent / "static")
    paths = sorted(path for folder in folders for path in folder.rglob("*"))
    texts = [path.read_bytes() for path in paths if path.is_file() and path.suffix != ".pyc"]
    return hashlib.sha256(b"\0".join(texts)).hexdigest()


def _is_rare(node: nodes.Node) -> bool:
    if isinstance(node, nodes.table):
        return "switch-points" in node["classes"]
    return isinstance(node, addnodes.desc | addnodes.glossary | nodes.Admonition | nodes.rubric)


def described(doctree: nodes.document | None) -> str:
    """Return the beginning of a page's first paragraph, cut between two words."""
    paragraph = next(iter(doctree.findall(nodes.paragraph)), None) if doctree else None
    if paragraph is None:
        return ""
    text = " ".join(paragraph.astext().split())
    if len(text) <= DESCRIPTION:
        return text
    return text[:DESCRIPTION].rpartition(" ")[0] + " …"
