"""Which of the extension's style sheets and scripts a page loads: those of what is on it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config

__all__ = ["setup"]

STATIC = Path(__file__).with_name("static")

# by the class of what is on a page: the files that it needs
FILES: Mapping[str, tuple[str, ...]] = {
    "anyorder-outcomes": ("anyorder.css",),
    "anyorder-wide": ("wide.css",),
    "anyorder-program": ("anyorder.css", "copy.js"),
    "anyorder-reachable": ("reachable.css",),
    "anyorder-yours": ("anyorder.css", "yours.js"),
    "anyorder-only": ("only.css",),
    "anyorder-steps": ("play.css",),
    "anyorder-board": ("anyorder.css", "play.css", "board.js"),
    "anyorder-predict": ("play.css", "predict.js"),
    "anyorder-try": ("anyorder.css", "try.js"),
    "anyorder-fix": ("anyorder.css", "play.css", "fix.css"),
}


def setup(app: Sphinx) -> None:
    """Offer the files, and have each page ask for its own."""
    # before the configuration is compared to that of the last build
    app.connect("config-inited", _add_static_path)
    app.connect("html-page-context", _ask_for_files)


def _add_static_path(_app: Sphinx, config: Config) -> None:
    config.html_static_path.append(str(STATIC))


def _ask_for_files(
    app: Sphinx,
    _page: str,
    _template: str,
    _context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    if doctree is None:
        return
    classes: set[str] = set()
    for node in doctree.findall(nodes.Element):
        classes.update(node.get("classes", ()))
    files = dict.fromkeys(file for name in FILES if name in classes for file in FILES[name])
    if "sphinx_copybutton" in app.extensions:
        files.pop("copy.js", None)  # one button is enough
    for file in files:
        if file.endswith(".css"):
            app.add_css_file(file)
        else:
            app.add_js_file(file, type="module")
