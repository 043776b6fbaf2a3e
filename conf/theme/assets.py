"""What a page loads: one style sheet, and one script beside the theme's, made of what it uses.

Sphinx and its extensions ask for a file each. Every file is a request, and a page on a phone waits
for each of them, so a page's files are put together here. The result is named by what is in it,
which lets a browser keep it for as long as it likes.
"""

from __future__ import annotations

import hashlib
import os
from base64 import b64encode
from functools import cache
from pathlib import Path
from typing import Any

from docutils import nodes
from rcssmin import cssmin
from rjsmin import jsmin
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder

__all__ = ["NOT_FOUND", "gather"]

# the page that servers answer with wherever there is none: its files may be anywhere, so they are
# within it
NOT_FOUND = "404"

# the colours of code are in theme.css, for light and dark
UNUSED_STYLES = {"pygments.css", "basic.css"}
# Sphinx's own, for its search alone: they are asked for by search.html
UNUSED_SCRIPTS = {"documentation_options.js", "doctools.js", "sphinx_highlight.js"}
# by what a file is: what makes it small, once for all the pages that have it
SMALLER = {"css": cache(cssmin), "js": cache(jsmin)}


def gather(
    app: Sphinx, page: str, _template: str, context: dict[str, Any], _doctree: nodes.document
) -> None:
    """Put the page's style sheets into one, and its scripts into another."""
    builder = app.builder
    assert isinstance(builder, StandaloneHTMLBuilder)  # noqa: S101 - no other has the event
    styles = _named(context["css_files"], UNUSED_STYLES)
    scripts = _named(context["script_files"], UNUSED_SCRIPTS)
    context["theme_script"] = _together(builder, ["theme.js"], "js")
    context["page_style"] = _together(builder, styles, "css")
    context["page_script"] = _together(builder, scripts, "js") if scripts else None
    if page == NOT_FOUND:
        _put_inside(builder, context, "script", context["theme_script"])
        _put_inside(builder, context, "style", context["page_style"])


def _named(files: list[Any], unused: set[str]) -> list[str]:
    names = [str(getattr(each, "filename", each)).rpartition("_static/")[2] for each in files]
    return [name for name in dict.fromkeys(names) if name not in unused]


def _together(builder: StandaloneHTMLBuilder, names: list[str], kind: str) -> str:
    """Write the files ``names`` as one, and return its place among the site's files."""
    static = Path(builder.outdir, "_static")  # Sphinx fills it before it writes the first page
    sources = [(static / name).read_text(encoding="utf-8") for name in names]
    smaller = map(SMALLER[kind], sources)
    # a block keeps the names of each script its own
    content = "".join(f"{{{each}}}\n" if kind == "js" else each for each in smaller)
    digest = hashlib.sha256(content.encode()).hexdigest()[:8]
    path = static / f"page-{digest}.{kind}"
    if not path.exists():
        # pages are written by many processes at once: none may see half of the file
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.write_text(content, encoding="utf-8")
        draft.replace(path)
    return f"_static/{path.name}"


def _put_inside(
    builder: StandaloneHTMLBuilder, context: dict[str, Any], kind: str, path: str
) -> None:
    """Give a page the text of a file, and what its policy needs to allow that text."""
    text = Path(builder.outdir, path).read_text(encoding="utf-8")
    digest = b64encode(hashlib.sha256(text.encode()).digest()).decode()
    context[f"inline_{kind}"] = text
    context[f"allowed_{kind}"] = f" 'sha256-{digest}'"
