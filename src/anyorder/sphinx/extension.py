"""What the extension adds to Sphinx, and the settings that it reads from ``conf.py``."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from anyorder import doctests
from anyorder.sphinx import builder, checks, outcomes, transcript

__all__ = ["setup_extension"]

STATIC = Path(__file__).with_name("static")


def setup_extension(app: Sphinx) -> ExtensionMetadata:
    """Add the directives, the checks, the doctest builder and the style of the tables."""
    doctests.install()
    app.setup_extension("sphinx.ext.doctest")
    app.add_config_value("anyorder_runs", 5, "", int, "How often a build runs a program a setting.")
    app.add_config_value("anyorder_timeout", 10.0, "", (float, int), "Seconds a run may take.")
    app.add_config_value(
        "anyorder_checked_folders",
        [],
        "env",
        (list, tuple),
        "Folders of the docs in which no session and no included program may go unchecked.",
    )
    for part in (checks, outcomes, transcript, builder):
        part.setup(app)
    app.connect("builder-inited", _add_static_path)
    app.add_css_file("anyorder.css")
    return {"version": version("anyorder"), "env_version": 2, "parallel_read_safe": True}


def _add_static_path(app: Sphinx) -> None:
    app.config.html_static_path.append(str(STATIC))
