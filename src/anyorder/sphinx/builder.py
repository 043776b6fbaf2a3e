"""The doctest builder, which checks the pages' programs too and sees what doctest does not."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Set as AbstractSet

from docutils.nodes import Node
from sphinx.application import Sphinx
from sphinx.ext.doctest import DocTestBuilder, TestGroup

from anyorder.checking import Verdict
from anyorder.doctests import watched
from anyorder.sphinx.checks import check_pages

__all__ = ["CheckingDocTestBuilder", "setup"]


def setup(app: Sphinx) -> None:
    """Put the builder in the place of Sphinx's own."""
    app.add_builder(CheckingDocTestBuilder, override=True)


class CheckingDocTestBuilder(DocTestBuilder):
    """Runs the doctests of the pages, and checks the programs that they show."""

    name = "doctest"

    def init(self) -> None:
        """Begin the report, and know the threads that are none of the examples'."""
        super().init()
        self._page = ""
        self._delayed: list[str] | None = None
        self._threads = set(threading.enumerate())

    def write_documents(self, docnames: AbstractSet[str]) -> None:
        """Run the doctests, then check all the programs side by side."""
        super().write_documents(docnames)
        for page, line, _, result in check_pages(self.app, docnames):
            self.total_tries += 1
            held = isinstance(result, Verdict) and result.held
            self.total_failures += not held
            say = self._out if held else self._warn_out
            say(f"{self.env.doc2path(page, base=False)}:{line}: {result}\n")

    def test_doc(self, docname: str, doctree: Node) -> bool:
        """Run the doctests of one page."""
        self._page = docname
        return super().test_doc(docname, doctree)

    def test_group(self, group: TestGroup) -> bool:
        """Run one group of examples, and fail it for what doctest does not see."""
        # while stdout is caught, what the report has to say waits
        self._delayed = []
        with watched(self.config.anyorder_timeout) as messages:
            passed = super().test_group(group)
        delayed, self._delayed = self._delayed, None
        for text in delayed:
            self._warn_out(text)
        self.total_failures += len(messages)
        first = next((code[0] for code in group.tests), None)
        where = self.env.doc2path(self._page, base=False)
        line = first.lineno if first else 1
        for message in messages:
            self._warn_out(f"{where}:{line}: in the group {group.name}: {message}\n")
        return passed and not messages

    def finish(self) -> None:
        """End the report; where an example left a thread that never ends, end without it."""
        super().finish()
        left = set(threading.enumerate()) - self._threads
        if not all(thread.daemon for thread in left):
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(self.app.statuscode)

    def _warn_out(self, text: str) -> None:
        if self._delayed is None:
            super()._warn_out(text)
        else:
            self._delayed.append(text)
