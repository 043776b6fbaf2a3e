"""An outcome file may say how far it is held, where not everything can be explored."""

import json

import pytest
from small_programs import LOST_UPDATE, THREE_SPEAK

from anyorder.checking import Program, check, settings_here
from anyorder.checking.exploration import explored
from anyorder.exploring import Limits


def entry(text, grade="usual"):
    return f'[[outcome]]\ngrade = "{grade}"\nstdout = ["{text}"]\n'


def bounded(preemptions):
    return f'explored = "{preemptions}"\n'


@pytest.fixture
def verdict_of(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def verdict_of(source, expected, **limits):
        path = tmp_path / "program.py"
        path.write_text(source)
        path.with_suffix(".toml").write_text(expected)
        settings = settings_here(Program.read(path))[:1]
        return check(path, settings, runs=1, limits=Limits(**limits))

    return verdict_of


def test_what_is_possible_beyond_the_bound_need_not_be_expected(verdict_of):
    verdict = verdict_of(LOST_UPDATE, bounded("0 preemptions") + entry(2))
    assert verdict.held, str(verdict)
    assert "1 outcome possible with no preemption, not every one" in verdict.headline
    assert verdict.remarks == {}


def test_what_is_expected_beyond_the_bound_is_not_shown_and_not_refused(verdict_of):
    verdict = verdict_of(LOST_UPDATE, bounded("0 preemptions") + entry(2) + entry(1) + entry(7))
    assert verdict.held, str(verdict)
    words = (
        "not shown: 1 text that no schedule with so few preemptions leads to, and that no run had"
    )
    assert verdict.remarks == {5: words, 8: words}
    assert f"program.toml:8: {words}" in str(verdict)


@pytest.mark.parametrize(
    ("expected", "words"),
    [
        (bounded("1 preemption") + entry(2), "program.toml:4: no entry covers this outcome"),
        (bounded("0 preemptions") + entry(1), "program.toml:4: no entry covers this outcome"),
        (
            bounded("1 preemption") + entry(2) + entry(1, "forbidden"),
            "program.toml:5: this outcome is forbidden",
        ),
    ],
)
def test_what_is_possible_within_the_bound_has_to_be_expected(verdict_of, expected, words):
    [fault] = verdict_of(LOST_UPDATE, expected).faults
    assert words in fault
    assert "possible, by this schedule:" in fault


def test_where_no_schedule_has_more_the_file_is_held_both_ways(verdict_of):
    verdict = verdict_of(LOST_UPDATE, bounded("9 preemptions") + entry(2) + entry(1) + entry(7))
    [fault] = verdict.faults
    assert "program.toml:8: this outcome stands for 1 text that no schedule leads to" in fault


def test_a_bound_that_is_not_reached_is_refused(verdict_of):
    verdict = verdict_of(LOST_UPDATE, bounded("5 preemptions") + entry(2), max_executions=1)
    [fault] = verdict.faults
    assert fault.endswith(
        "program.py:1: could not be explored to 5 preemptions (stopped after 1 execution): "
        "make it smaller, raise the limit, or write into program.toml why it is unexplored"
    )
    assert "1 outcome found, not every one" in verdict.headline


@pytest.mark.parametrize("asked", ["", bounded("5 preemptions")])
@pytest.mark.parametrize(
    ("program", "why"),
    [
        (
            "for name in {'a', 'b'}: print(name)",
            """line 1 sees the order of a set, which is another one in each run, and one of \
them was explored: go through sorted(...)""",
        ),
        (
            """
import threading
def count():
    number = 0
    while True: number += 1
threading.Thread(target=count, daemon=True).start()
""",
            """program.py:5: this goes round 200,000 times with nothing that another thread could \
see: let it end sooner""",
        ),
    ],
)
def test_a_program_of_which_more_is_not_followed_is_the_one_to_change(
    verdict_of, program, why, asked
):
    """More time would not help, and why it is so says what would."""
    fault = verdict_of(program, asked + entry("a")).faults[-1]
    extent = "to 5 preemptions" if asked else "as a whole"
    assert fault.endswith(
        f"program.py:1: could not be explored {extent} ({why}): "
        "do what that says, or write into program.toml why it is unexplored"
    )


def test_the_bound_that_was_reached_is_named(verdict_of):
    verdict = verdict_of(THREE_SPEAK, entry("begin a"), max_executions=40)
    assert (
        "program.py:1: has more outcomes than could be explored (stopped after 40 executions): "
        'make it smaller, raise the limit, write explored = "0 preemptions" into program.toml, '
        "or write into program.toml why it is unexplored"
    ) in verdict.faults[-1]
    assert "found, not every one" in verdict.headline


def test_what_a_limit_has_left_is_kept_for_that_limit_alone(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    path = tmp_path / "program.py"
    path.write_text(LOST_UPDATE)
    few = Limits(max_executions=1)
    part = explored(path, limits=few)
    assert not part.complete
    assert explored(path, limits=few) == part
    assert explored(path, preemptions=0).preemptions == 0
    whole = explored(path)
    assert whole.complete
    # and a whole set is one for all limits
    assert explored(path, limits=few) == whole
    kept = [json.loads(each.read_text()) for each in (tmp_path / "anyorder/explored").iterdir()]
    assert sorted(each["complete"] for each in kept) == [False, False, True]
