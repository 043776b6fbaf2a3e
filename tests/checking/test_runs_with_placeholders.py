"""What differs in each run is one outcome, of what was observed and of what is possible."""

from __future__ import annotations

import pytest

from anyorder.checking import Observation, Program, check, settings_here
from anyorder.checking.placeholders import with_placeholders
from anyorder.outcomes import Outcome, OutcomeFile

TOOK = """
import threading, time
def work(name):
    began = time.perf_counter()
    print(f"{name} took {time.perf_counter() - began:.6f} s\\n", end="")
threads = [threading.Thread(target=work, args=(name,)) for name in "ab"]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""
BOTH = """
[[outcome]]
grade = "usual"
stdout = [{ any_order = ["a took <time> s", "b took <time> s"] }]
"""


@pytest.fixture
def verdict_of(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def verdict_of(expected):
        path = tmp_path / "program.py"
        path.write_text(TOOK)
        path.with_suffix(".toml").write_text(expected)
        return check(path, settings_here(Program.read(path))[:1], runs=2)

    return verdict_of


@pytest.mark.parametrize("unexplored", ["", 'unexplored = "it is only run"\n'])
def test_runs_have_the_outcome_that_is_expected(verdict_of, unexplored):
    verdict = verdict_of(unexplored + BOTH)
    assert verdict.held, str(verdict)
    assert all("<time>" in outcome.stdout for each in verdict.observed for outcome in each.counts)


@pytest.mark.parametrize("unexplored", ["", 'unexplored = "it is only run"\n'])
def test_a_wrong_text_around_it_is_seen(verdict_of, unexplored):
    verdict = verdict_of(unexplored + BOTH.replace("took", "needs"))
    assert not verdict.held
    assert "no entry covers this outcome" in str(verdict)


def test_a_number_that_is_written_out_is_not_possible(verdict_of):
    verdict = verdict_of(BOTH.replace("a took <time>", "a took 0.000000"))
    assert not verdict.held


def test_where_nothing_has_one_all_stays_as_it_is(tmp_path):
    file = OutcomeFile.parse(tmp_path / "a.toml", '[[outcome]]\ngrade = "usual"\nstdout = "1"')
    observations = [Observation(None, {Outcome("1"): 2})]
    assert with_placeholders(observations, file) == observations
