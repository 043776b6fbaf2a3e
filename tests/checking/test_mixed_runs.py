"""A run in which threads mixed their lines on standard error has an outcome of the set."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from small_programs import TWO_FAIL

from anyorder.checking import Observation, Program, Verdict, check, settings_here, write_record
from anyorder.checking.exploration import explored_or_why_not
from anyorder.checking.mixing import Whole
from anyorder.checking.placeholders import to_be_kept
from anyorder.outcomes import Ends, Outcome
from anyorder.outcomes.mixed import Written

IN_TURN = TWO_FAIL.replace("Thread(", "thread = Thread(").replace(
    ".start()\n", "\nthread.start()\nthread.join()\n"
)
ENTRY = """
[[outcome]]
grade = "usual"
stdout = ""
exit = 1
stderr = {stderr}
"""
X = """\
Exception in thread Thread-1 (fail):
Traceback (most recent call last):
  File "program.py", line 4, in fail
ValueError: x
"""
Y = """\
Traceback (most recent call last):
  File "program.py", line 7, in <module>
  File "program.py", line 4, in fail
ValueError: y
"""
MIXED = """\
Exception in thread Thread-1 (fail)Traceback (most recent call last):
:
  File "program.py", line 7, in <module>
Traceback (most recent call last):
  File "program.py", line 4, in fail
  File "program.py", line 4, in fail
ValueError: {first}
ValueError: {last}
"""


@pytest.fixture
def program(tmp_path, monkeypatch):
    """Return a program with its outcome file."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def program(source=TWO_FAIL, texts=(X + Y, Y + X)):
        path = tmp_path / "program.py"
        path.write_text(source)
        entries = "".join(ENTRY.format(stderr=json.dumps(text)) for text in texts)
        path.with_suffix(".toml").write_text(entries)
        return Program.read(path)

    return program


def mixed(first="x", last="y", **changed):
    """Return what a run came to whose lines are mixed."""
    text = MIXED.format(first=first, last=last)
    return Outcome(**{"stdout": "", "stderr": text, "exit": 1, "written": Written(text)} | changed)


def verdict_of(program, *runs):
    observation = Observation(settings_here(program)[0], dict.fromkeys(runs, 3))
    return Verdict(program, (observation,), (), explored_or_why_not(program))


@pytest.mark.parametrize("last", ["x", "y"])
def test_it_is_counted_for_the_outcome_that_ends_alike(program, last):
    verdict = verdict_of(program(), mixed("y" if last == "x" else "x", last))
    assert verdict.held, str(verdict)
    [observation] = verdict.observed
    assert observation.counts == {Outcome("", {"x": Y + X, "y": X + Y}[last], 1): 3}


def test_the_verdict_says_what_is_taken_for_one_piece(program):
    verdict = verdict_of(program())
    assert "2 outcomes possible, where tracebacks are in one piece" in verdict.headline
    assert str(verdict).endswith(
        "is taken for one piece: in real runs, lines that threads write to standard error at once "
        "can mix."
    )
    in_turn = verdict_of(program(IN_TURN, [X + Y.replace("line 7", "line 9")]))
    assert in_turn.held
    assert "one piece" not in str(in_turn)


@pytest.mark.parametrize(
    "run",
    [
        mixed("z"),  # another text
        mixed("x", "x"),
        mixed(exit=0),
        mixed(stdout="x\n"),
        mixed(written=Written(MIXED.format(first="x", last="y") + "more\n")),
        mixed(written=Written(MIXED.format(first="x", last="y"), ("raise ValueError(word)",))),
        mixed(written=Written(Y + MIXED.format(first="x", last="y"))),
        mixed(written=Written(X)),
        mixed(written=None),
    ],
)
def test_anything_else_is_a_fault(program, run):
    verdict = verdict_of(program(), run)
    assert not verdict.held
    assert "no entry covers this outcome" in str(verdict)


def test_it_is_a_fault_where_one_comes_after_the_other(program):
    """Nothing can mix there, as the explorer says."""
    late = Y.replace("line 7", "line 9")
    text = MIXED.format(first="x", last="y").replace("line 7", "line 9")
    one = program(IN_TURN, [X + late])
    assert verdict_of(one).held
    assert not verdict_of(one, mixed(stderr=text, written=Written(text))).held


def test_a_run_that_did_not_end(program):
    last = 'Thread(target=fail, args=["y"]).start()\nEvent().wait()'
    waits = TWO_FAIL.replace('fail("y")', last).replace("import", "import Event,")
    other = X.replace("1 (", "2 (").replace("Error: x", "Error: y")
    one = program(waits, [X + other, other + X])
    file = one.file.path
    file.write_text(file.read_text().replace("exit = 1", 'ends = "deadlock"'))
    text = (
        (X + other)
        .replace(":\nTraceback", "Traceback", 1)
        .replace("ValueError: x\n", ":\nValueError: x\n", 1)
    )
    run = Outcome("", text, None, Ends.UNENDED, Written(text))
    verdict = verdict_of(Program.read(one.path), run)
    assert verdict.held, str(verdict)
    assert [*verdict.observed[0].counts] == [Outcome("", X + other, None, Ends.UNENDED)]


def test_a_record_has_the_outcome_of_the_set(program):
    """It is read where nothing is explored, as where a page says how often an outcome came."""
    one = program()
    observation = Observation(settings_here(one)[0], {mixed(): 2, mixed("z"): 1}, "today")
    [kept] = to_be_kept(one, [observation])
    assert kept.counts == {Outcome("", X + Y, 1): 2, mixed("z"): 1}
    write_record(one.path, [kept])
    assert not check(one.path, settings_here(one)[:1], runs=0).held  # for the one that is wrong


def test_real_runs_are_held(program):
    one = program()
    verdict = check(one.path, settings_here(one), runs=25, timeout=600)
    assert verdict.held, str(verdict)


@pytest.mark.parametrize("last", ["x", "y"])
def test_it_is_counted_for_an_outcome_that_can_be_reached_there(program, last):
    one = program()
    setting = settings_here(one)[0]
    here = {setting.interpreter.minor: {setting.stdout_to: False}}
    found = explored_or_why_not(one)
    outcomes = [
        replace(each, reachable_on=here if each.outcome.stderr.endswith(f"{last}\n") else {})
        for each in found.outcomes
    ]
    [other] = [each.outcome for each in outcomes if not each.reachable_on]
    whole = Whole([replace(found, outcomes=tuple(outcomes))])
    assert whole.of(mixed("x" if last == "y" else "y", last), setting) == other
