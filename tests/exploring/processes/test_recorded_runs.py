"""What real runs printed lies within what is possible: the records of the site's programs.

Each Python answers for the runs that were recorded on it; ``nox -s matrix`` asks them all.
"""

from __future__ import annotations

import platform
import sys
from pathlib import Path

import pytest
from packaging.version import Version

pytest.importorskip("greenlet")

from anyorder.checking.possible import is_possible
from anyorder.checking.program import starts_processes
from anyorder.checking.record import read_record
from anyorder.exploring import explore
from anyorder.outcomes import Outcome, OutcomeFile, StartMethod, StdoutTo

EXAMPLES = Path(__file__).parents[3] / "src/examples"
LEAST = 20_000  # recorded runs of programs that start processes
PROGRAMS = [
    path
    for path in sorted(EXAMPLES.rglob("*.py"))
    if path.with_suffix(".toml").exists()
    and starts_processes(path.read_text(encoding="utf-8"))
    and OutcomeFile.read(path.with_suffix(".toml")).unexplored is None
]


def is_this_python(interpreter):
    """Whether a run was one of the Python that explores, but for the last part of its version."""
    return (
        Version(interpreter.version).release[:2] == sys.version_info[:2]
        and interpreter.platform == sys.platform
        and not interpreter.free_threaded
    )


def test_there_are_enough_of_them():
    observations = [one for path in PROGRAMS for one in read_record(path)]
    assert sum(one.runs for one in observations) >= LEAST
    assert {one.setting.start_method for one in observations} == set(StartMethod)
    assert {one.setting.stdout_to for one in observations} == set(StdoutTo)


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_recorded_runs_lie_within(path):
    for observation in read_record(path):
        setting = observation.setting
        if not is_this_python(setting.interpreter):
            continue
        found = explore(path, start_method=setting.start_method, stdout_to=setting.stdout_to)
        assert found.complete
        for outcome in observation.counts:
            if outcome.stderr and setting.interpreter.version != platform.python_version():
                continue  # the words of an error differ from one release to the next
            assert is_possible(outcome, found), (setting, outcome)


def test_what_nobody_can_print_does_not():
    found = explore(PROGRAMS[0], start_method=StartMethod.FORK, stdout_to=StdoutTo.PIPE)
    assert not is_possible(Outcome("never printed\n"), found)
