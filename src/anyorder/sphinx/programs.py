"""The bar over each program and session of a page: its name, and the ways to take it home.

The button that copies is made by ``static/copy.js``, since without JavaScript it could do nothing.
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urljoin

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from anyorder.checking.program import SCRIPT, SESSION
from anyorder.sphinx.playground import place_of

__all__ = ["setup"]

PROMPT_LANGUAGES = {"pycon", "python-console"}


def setup(app: Sphinx) -> None:
    """Add the bars once a page has been read, and the setting for their links."""
    app.add_config_value(
        "anyorder_docs_url",
        "",
        "env",
        str,
        "Where the docs' folder is in the repository on the web, so that programs link to theirs.",
    )
    app.add_config_value(
        "anyorder_program_bars",
        default=False,
        rebuild="env",
        types=bool,
        description="Whether each program and session has a bar, to copy and to download it.",
    )
    # before the collector of downloads, which copies what the bars offer
    app.connect("doctree-read", _add_bars, priority=400)


def _add_bars(app: Sphinx, doctree: nodes.document) -> None:
    if not app.config.anyorder_program_bars:
        return
    blocks = [*doctree.findall(nodes.literal_block), *doctree.findall(nodes.doctest_block)]
    for block in blocks:
        source = Path(block.get("source") or "")
        if source.suffix in {SCRIPT, SESSION}:
            bar = [*_bar_of_file(app.env, source), *place_of(app.env, source, block)]
        elif isinstance(block, nodes.doctest_block) or _is_session(block):
            bar = [nodes.inline("", "Typed at the prompt")]
        else:
            continue
        line = nodes.paragraph("", "", *bar, classes=["anyorder-bar"])
        framed = nodes.container("", classes=["anyorder-program"])
        block.replace_self(framed)
        framed += addnodes.only("", line, expr="html")
        framed += block


def _is_session(block: nodes.Element) -> bool:
    if "anyorder-output" in block["classes"]:
        return False
    tested = block.get("testnodetype") == "doctest"
    return tested or block.get("language") in PROMPT_LANGUAGES


def _bar_of_file(env: BuildEnvironment, path: Path) -> list[nodes.Node]:
    """Return what the bar says of the file at ``path``."""
    below = Path(os.path.relpath(path, env.srcdir)).as_posix()
    bar: list[nodes.Node] = [nodes.literal("", path.name)]
    if path.suffix == SESSION:
        bar = [nodes.inline("", "Typed at the prompt")]
    else:
        bar.append(
            addnodes.download_reference(
                "",
                "",
                nodes.inline("", "Download"),
                reftarget=f"/{below}",
                refdoc=env.docname,
                refdomain="",
                reftype="download",
                refexplicit=True,
                refwarn=True,
            )
        )
    if env.config.anyorder_docs_url:
        url = urljoin(env.config.anyorder_docs_url.rstrip("/") + "/", below)
        bar.append(nodes.reference("", "Source", refuri=url))
    return bar
