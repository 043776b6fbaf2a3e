"""What the tests of the explorer for processes share."""

from __future__ import annotations

from textwrap import dedent

import pytest

pytest.importorskip("greenlet")

from anyorder.checking.possible import is_possible
from anyorder.outcomes import Ends, Setting, StartMethod, StdoutTo
from anyorder.running import run, this_interpreter


@pytest.fixture
def explored(explored):
    """Explore the text of a program in some setting."""

    def search(source, method=StartMethod.FORK, to=StdoutTo.PIPE, **limits):
        return explored(source, start_method=method, stdout_to=to, **limits)

    return search


@pytest.fixture
def observed(tmp_path):
    """Run the text of a program for real, and return its outcome."""

    def run_once(source, method=StartMethod.FORK, to=StdoutTo.PIPE, timeout=600):
        program = tmp_path / "program.py"
        program.write_text(dedent(source).lstrip(), encoding="utf-8")
        return run(program, Setting(this_interpreter(), method, to), timeout=timeout)

    return run_once


@pytest.fixture
def lies_within(explored, observed):
    """Tell whether what a real run comes to is possible.

    A run that may hang for good is not waited for any longer once what it has said is possible.
    """

    def tell(source, method):
        possible = explored(source, method)
        for seconds in (2, 600):
            outcome = observed(source, method, timeout=seconds)
            if is_possible(outcome, possible):
                return True
            if outcome.ends is not Ends.UNENDED:
                break
        return False

    return tell
