"""The theme of this site: small pages with the proportions of a book, and nothing from elsewhere.

``layout.html`` is the one template that every page has; ``static/theme.css`` and
``static/theme.js`` are all that it asks for. What Sphinx's own templates and writers get wrong for
a reader without a mouse is fixed in ``fixing``; what a page loads is gathered in ``assets``.
"""

from __future__ import annotations

import hashlib
import time
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.typing import ExtensionMetadata

import anyorder.sphinx
from theme.assets import gather
from theme.fixing import captions_with_levels, fixed, lightened

FOLDER = Path(__file__).parent
# the file beside the pages that says which theme wrote them
NOTED = ".theme"
# as much of a page's first paragraph as a search engine shows
DESCRIPTION = 160


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the theme, and what its template needs to know of a page."""
    app.add_html_theme("theme", str(FOLDER))
    now, begun = digest(), time.time_ns()
    app.connect("env-get-outdated", partial(written_otherwise, now))
    app.connect("html-page-context", complete)
    # after all others, so that what they added to a page is gathered too
    app.connect("html-page-context", gather, priority=900)
    # after the links in code, which are found by the elements that are taken out here
    app.connect("build-finished", partial(lighten, begun), priority=900)
    app.connect("build-finished", partial(note_digest, now), priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def complete(
    app: Sphinx, page: str, _template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Fix the page's text, and add what only the template needs."""
    if "body" in context:
        context["body"] = fixed(context["body"])
    if doctree is None or any(doctree.findall(_is_rare)):
        app.add_css_file("reference.css")
    context["captions_with_levels"] = captions_with_levels
    context["description"] = described(doctree)
    if page == "404":
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


def digest() -> str:
    """Return a digest of all that decides how a page looks, beside its text."""
    folders = (FOLDER, Path(anyorder.sphinx.__file__).parent / "static")
    paths = sorted(path for folder in folders for path in folder.rglob("*"))
    texts = [path.read_bytes() for path in paths if path.is_file() and path.suffix != ".pyc"]
    return hashlib.sha256(b"\0".join(texts)).hexdigest()


def _is_rare(node: nodes.Node) -> bool:
    return isinstance(node, addnodes.desc | nodes.Admonition | nodes.rubric)


def lighten(begun: int, app: Sphinx, failure: Exception | None) -> None:
    """Take out of the pages that were written since ``begun`` what no reader would miss."""
    if failure is not None or app.builder.format != "html":
        return
    for path in app.outdir.rglob("*.html"):
        if path.stat().st_mtime_ns < begun:
            continue
        page = path.read_text(encoding="utf-8")
        lighter = lightened(page)
        if lighter != page:
            path.write_text(lighter, encoding="utf-8")


def described(doctree: nodes.document | None) -> str:
    """Return the beginning of a page's first paragraph, cut between two words."""
    paragraph = next(iter(doctree.findall(nodes.paragraph)), None) if doctree else None
    if paragraph is None:
        return ""
    text = " ".join(paragraph.astext().split())
    if len(text) <= DESCRIPTION:
        return text
    return text[:DESCRIPTION].rpartition(" ")[0] + " …"
