"""Hurried real runs of programs with threads come to what is reachable on this Python.

More of them, on every Python: ``nox -s provoke -- threads``.
"""

from __future__ import annotations

import json
import platform
from collections import Counter
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import hunt_threads
import pytest
from found_sets import written
from hunt_threads import (
    SAMPLES,
    Hunt,
    Kept,
    company,
    held,
    hurry,
    imported,
    main,
    programs,
    reachable,
    spoken_for,
    starts_threads,
    wrong_in,
)

from anyorder.checking.exploration import explored
from anyorder.exploring import CannotExplore, PossibleOutcome
from anyorder.outcomes import Ends, Interpreter, Outcome, Setting, StartMethod, StdoutTo
from anyorder.outcomes.tracebacks import HEADER
from anyorder.running import run, this_interpreter

RECORD = Path(__file__).with_name("provoked")
FEW = 5
THIS = Setting(this_interpreter())
A, B = Outcome("a\n"), Outcome("b\n")
STUCK = Outcome("", "", None, Ends.DEADLOCK)
ALL = [path for path in programs() if path.parent != SAMPLES]
SETS = [path for path in programs() if path.parent == SAMPLES]

FIRST, SECOND = (f"Exception in thread {number}:\n{HEADER}\n" for number in (1, 2))
STOPS, WRONG = "StopIteration\n", "ValueError\n"
PRINTS = """\
from threading import Thread

thread = Thread(target=print, args=["a"])
thread.start()
thread.join()
"""
LOSES = """\
from threading import Thread

n = 0

def one():
    return 1

def count():
    global n
    for _ in range(2_000):
        n += one()

threads = [Thread(target=count) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(n)
"""


def found(*outcomes, **unreachable):
    """Return an exploration, and where the last of its outcomes is not reachable."""
    nowhere = {version.replace("_", "."): where for version, where in unreachable.items()}
    said = {version: dict.fromkeys(where, False) for version, where in nowhere.items()}
    each = [PossibleOutcome(outcome, 1, 1, tuple) for outcome in outcomes]
    each[-1] = replace(each[-1], reachable_on=said)
    return SimpleNamespace(outcomes=each, outcome_set=frozenset(outcomes), complete=True)


def hunted(path, folder, runs=FEW):
    hunt = Hunt(folder, this_interpreter(), runs)
    hunt.provoke(path)
    if hunt.passed_over:
        pytest.skip(str(hunt.passed_over))
    return hunt


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_runs_of_a_program_of_the_site_are_reachable(path, tmp_path):
    assert hunted(path, tmp_path).outside == []


@pytest.mark.slow
@pytest.mark.parametrize("path", SETS, ids=lambda path: path.stem)
def test_runs_of_a_sample_are_reachable(path, tmp_path):
    assert hunted(path, tmp_path, 15).outside == []


@pytest.mark.parametrize(
    ("stderr", "accepted"),
    [
        (f"{FIRST}{STOPS}{SECOND}{WRONG}", True),
        (f"{SECOND}{WRONG}{FIRST}{STOPS}", False),  # whole, in an order that is not possible
        (f"Exception in thread {FIRST}{STOPS}2:\n{HEADER}\n{WRONG}", True),
        (f"{FIRST}{SECOND}{STOPS}{WRONG}", True),
        (f"Exception in thread {FIRST}{STOPS}2:\n{HEADER}\nKeyError\n", False),
    ],
)
def test_threads_that_fail_at_once_may_mix_their_lines(stderr, accepted):
    both = found(Outcome("", f"{FIRST}{STOPS}{SECOND}{WRONG}", 0))
    setting = Setting(replace(this_interpreter(), version=platform.python_version()))
    verdict = held(Counter([Outcome("", stderr, 0)]), both, setting)
    assert (verdict.outside == []) is accepted


def test_there_are_programs_of_the_site_and_samples():
    assert {"second_thread.py", "last_ticket.py", "crossed.py"} <= {path.name for path in ALL}
    assert len(ALL) > 20
    assert len(SETS) > 20


def test_what_was_recorded_is_reachable():
    assert [*wrong_in(RECORD)] == []


# -- how they are hurried --------------------------------------------------------------------------


def hurried(path, words, setting=THIS):
    return run(path, setting, timeout=600, before=hurry(path, words.split()))


def test_the_threads_beside_it_are_none_that_a_program_sees(tmp_path):
    text = "from threading import *\nprint(active_count(), enumerate()[1:])\nnothing.x\n"
    program = written(tmp_path, text)
    plain = run(program, THIS, timeout=600)
    assert plain.stdout == "1 []\n"
    assert "NameError" in plain.stderr
    assert hurried(program, "keep touch") == plain


def test_hurrying_leaves_no_trace_but_in_the_environment():
    program = Path(__file__).parents[1] / "running/samples/describes_itself.py"
    plain, seen = (
        json.loads(outcome.stdout)
        for outcome in (run(program, THIS, timeout=600), hurried(program, "keep"))
    )
    added = {"PYTHONPATH", "IMPORTED", "HURRYING"}
    assert seen.pop("environment").keys() - plain.pop("environment").keys() == added
    assert seen == plain


def test_a_program_has_threads_beside_it_and_the_shortest_interval(tmp_path):
    text = "import _thread, sys\nprint(_thread._count(), sys.getswitchinterval())\n"
    assert hurried(written(tmp_path, text), "keep touch keep").stdout == "3 1e-06\n"
    assert hurried(written(tmp_path, text), "").stdout == "0 1e-06\n"


def test_what_a_program_imports_is_imported_before_the_hurry(tmp_path):
    text = "import json, decimal as d\nfrom concurrent.futures import ThreadPoolExecutor\n"
    program = written(tmp_path, f"{text}from . import sibling\nimport its_own, sys\n")
    assert [*imported(program.read_text())] == [
        "json",
        "decimal",
        "concurrent.futures:ThreadPoolExecutor",
        "sys",
    ]
    text = "import sys\nprint('decimal' in sys.modules)\nimport decimal\n"
    assert hurried(written(tmp_path, text), "keep").stdout == "True\n"


def test_turns_are_taken_away(tmp_path):
    path = written(tmp_path, LOSES)
    numbers = range(200)  # by far more than it takes
    assert any(
        hurried(path, " ".join(company(each, path, THIS.interpreter))).stdout != "4000\n"
        for each in numbers
    )


def test_each_run_has_others_beside_it_and_none_where_processes_begin(tmp_path):
    path = written(tmp_path, PRINTS)
    with_gil = replace(THIS.interpreter, free_threaded=False)
    beside = {company(number, path, with_gil) for number in range(8)}
    assert beside == {(kind,) * number for kind in ("keep", "touch") for number in range(1, 5)}
    without = replace(with_gil, free_threaded=True)
    forking = written(tmp_path, f"import multiprocessing\n{PRINTS}", "forking.py")
    for number in range(8):
        assert company(number, path, without) == company(number, forking, with_gil) == ()


# -- what they are held against --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("version", "free_threaded", "to", "expected"),
    [
        ("3.13.2", False, StdoutTo.PIPE, False),
        ("3.13.2", False, StdoutTo.TERMINAL, True),
        ("3.13.2", True, StdoutTo.PIPE, True),
        ("3.14.0", False, StdoutTo.PIPE, True),
        ("3.99.0", False, StdoutTo.PIPE, True),
    ],
)
def test_an_outcome_is_reachable_by_version_build_and_stdout(version, free_threaded, to, expected):
    where = {"pipe": False, "terminal": True, "unbuffered": True}
    said = {"3.13": where, "3.14": dict.fromkeys(where, True)}
    python = Interpreter(Path("python"), version, free_threaded, ())
    assert reachable(PossibleOutcome(A, 1, 1, tuple, reachable_on=said), python, to) is expected


def test_what_comes_and_is_not_reachable_is_outside():
    counts = Counter({A: 3, B: 1})
    here = replace(THIS.interpreter, free_threaded=False)
    setting = Setting(here)
    minor = "_".join(platform.python_version_tuple()[:2])
    assert held(counts, found(A, B), setting).outside == []
    assert held(counts, found(A), setting).outside == [(B, "has no schedule that leads to it")]
    gone = found(A, B, **{minor: ["pipe"]})
    assert held(counts, gone, setting).outside == [(B, "is called unreachable")]
    elsewhere = [
        Setting(replace(here, free_threaded=True)),
        Setting(here, stdout_to=StdoutTo.TERMINAL),
    ]
    for other in elsewhere:
        assert held(counts, gone, other).outside == []


def test_what_came_is_counted_among_what_is_reachable():
    verdict = held(Counter({A: 3}), found(A, B, STUCK), THIS)
    assert (verdict.came, verdict.reachable) == ([A], [A, B, STUCK])
    verdict = held(Counter({Outcome("", "", None, Ends.UNENDED): 1}), found(A, STUCK), THIS)
    assert (verdict.came, verdict.outside) == ([STUCK], [])


def test_the_words_of_an_error_are_those_of_the_python_that_explores():
    ours, theirs = Outcome("", "E: it is so\n", 1), Outcome("", "E: so it is\n", 1)
    assert held(Counter({theirs: 1}), found(ours), THIS).outside
    other = Setting(replace(THIS.interpreter, version=f"{THIS.interpreter.version}9"))
    assert held(Counter({theirs: 1}), found(ours), other).outside == []


def test_a_slow_run_is_none_that_hangs(tmp_path, monkeypatch):
    monkeypatch.setattr(hunt_threads, "SHORT", 0.001)
    monkeypatch.setattr(hunt_threads, "LONG", 600)
    here = replace(this_interpreter(), free_threaded=False)
    minor = "_".join(platform.python_version_tuple()[:2])
    said = found(A, STUCK, **{minor: list(StdoutTo)})
    hunt = Hunt(tmp_path, here, 3, look=lambda *_: said)
    path = written(tmp_path, PRINTS)
    hunt.provoke(path)
    assert hunt.outside == []
    assert hunt.kept.counts(path, Setting(here)) == {A: 1}


def test_what_is_refused_or_too_large_is_not_run(tmp_path):
    def refuse(*_):
        raise CannotExplore("program.py", 3, "it is so")

    path = written(tmp_path, PRINTS)
    large = SimpleNamespace(complete=False, limit="more than one")
    for look, why in ((refuse, "it is so"), (lambda *_: large, "more than one")):
        hunt = Hunt(tmp_path, this_interpreter(), 3, look)
        hunt.provoke(path)
        assert (hunt.passed_over, hunt.new) == ({"program.py": why}, 0)


# -- what is kept ----------------------------------------------------------------------------------


def test_it_goes_on_where_it_was_until_the_program_or_the_python_is_another(tmp_path):
    path = written(tmp_path, PRINTS)
    assert hunted(path, tmp_path, 3).new == 3
    assert hunted(path, tmp_path, 3).new == 0
    more = hunted(path, tmp_path, 7)
    assert more.new == 4
    kept = json.loads(more.kept.path.read_text())["programs"]["program.py"]
    runs = {words: one["runs"] for words, one in kept["settings"].items()}
    assert runs == {"pipe": 3, "terminal": 2, "unbuffered": 2}
    assert kept["outcomes"] == [{"stdout": "a\n", "stderr": "", "exit": 0, "ends": "exit"}]
    pipe = {"runs": 3, "seen": {"0": 3}, "came": 1, "reachable": 1}
    assert kept["settings"]["pipe"] == pipe
    written(tmp_path, PRINTS.replace('"a"', '"b"'))
    assert hunted(path, tmp_path, 3).new == 3
    content = json.loads(more.kept.path.read_text())
    more.kept.path.write_text(json.dumps(content | {"python": "3.9.1"}))
    assert hunted(path, tmp_path, 3).new == 3


def test_runs_are_shared_out_among_the_settings_that_matter(tmp_path):
    hunt = Hunt(tmp_path, this_interpreter(), 10)
    threads = hunt.settings(written(tmp_path, PRINTS))
    assert [runs for _, runs in threads] == [4, 3, 3]
    both = hunt.settings(written(tmp_path, f"import multiprocessing\n{PRINTS}"))
    assert {setting.start_method for setting, _ in both} == set(StartMethod)
    assert [runs for _, runs in both] == [2, 1, 1, 1, 1, 1, 1, 1, 1]


def test_a_record_of_what_is_not_reachable_or_of_another_program_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(hunt_threads, "ROOT", tmp_path)
    path = written(tmp_path, PRINTS)
    hunted(path, tmp_path, 3)
    assert [*wrong_in(tmp_path)] == []
    [*wrong] = wrong_in(tmp_path, look=lambda *_: found(B))
    assert len(wrong) == 3
    assert "program.py on Python" in wrong[0]
    assert "has no schedule that leads to it" in wrong[0]
    written(tmp_path, f"{PRINTS}\n")
    [*wrong] = wrong_in(tmp_path)
    assert ["is not what was run" in each for each in wrong] == [True]
    path.unlink()
    assert len([*wrong_in(tmp_path)]) == 1


def test_what_is_kept_has_a_line_for_each_program(tmp_path):
    kept = Kept(tmp_path, this_interpreter())
    for name in ("b.py", "a.py"):
        kept.put(written(tmp_path, PRINTS, name), THIS, Counter({A: 1}), held({}, found(A), THIS))
    kept.save()
    lines = kept.path.read_text().splitlines()
    assert [line.partition('.py":')[0] for line in lines[4:6]] == ['  "a', '  "b']
    assert Kept(tmp_path, this_interpreter()).content == kept.content


# -- the command -----------------------------------------------------------------------------------


def test_the_command_says_what_came(tmp_path, capsys):
    words = ["--folder", str(tmp_path), "--runs", "3", str(written(tmp_path, PRINTS))]
    assert main(words) == 0
    here = this_interpreter().name
    told = "3 runs of 1 program, 3 of them new: nothing outside, 3 of 3 reachable outcomes came"
    assert f"{here}: {told}\n" in capsys.readouterr().out
    assert main(words, look=lambda *_: found(A, B)) == 0
    said = capsys.readouterr().out
    assert "    program.py: 1 of 2 pipe, 1 of 2 terminal, 1 of 2 unbuffered\n" in said


def test_the_command_refuses_what_is_not_reachable(tmp_path, capsys):
    path = written(tmp_path, PRINTS)
    words = ["--folder", str(tmp_path), "--runs", "3", str(path)]
    assert main(words, look=lambda *_: found(B)) == 1
    said = capsys.readouterr().out
    came = "what came in 1 of 1 runs has no schedule that leads to it"
    assert f"program.py on {THIS}: {came}\nexit status 0\nstdout:\n  a⏎" in said
    assert "3 outside" in said


def test_what_comes_of_a_program_and_is_called_unreachable_is_refused(tmp_path, capsys):
    if this_interpreter().free_threaded:
        pytest.skip("all that is possible is reachable here")
    path = written(tmp_path, PRINTS)

    def look(program, *setting):
        [real] = explored(program, *setting).outcomes
        reached = dict(real.reachable_on[this_interpreter().minor])
        assert all(reached.values())
        nowhere = {this_interpreter().minor: dict.fromkeys(reached, False)}
        return SimpleNamespace(
            outcomes=[replace(real, reachable_on=nowhere)], outcome_set={A}, complete=True
        )

    words = ["--folder", str(tmp_path), "--runs", "2", str(path)]
    assert main(words) == 0
    assert main(words, look=look) == 1
    assert "what came in 1 of 1 runs is called unreachable" in capsys.readouterr().out


def test_a_python_speaks_for_itself_and_for_a_build_of_it_that_cannot_explore(monkeypatch):
    here = replace(this_interpreter(), version="3.13.2", free_threaded=False)
    free = replace(here, version="3.13.0", free_threaded=True)
    others = [replace(here, version="3.14.0"), replace(here, version="3.14.0", free_threaded=True)]
    monkeypatch.setattr(hunt_threads, "this_interpreter", lambda: here)
    monkeypatch.setattr(hunt_threads, "find_interpreters", lambda: ([here, free, *others], []))
    monkeypatch.setattr(hunt_threads.sys, "version_info", SimpleNamespace(minor=13))
    assert spoken_for() == [here, free]
    monkeypatch.setattr(hunt_threads, "this_interpreter", lambda: free)
    assert spoken_for() == [free]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import threading", True),
        ("from threading import Lock", True),
        ("import concurrent.futures as f\nf.ThreadPoolExecutor()", True),
        ("from concurrent.futures import ThreadPoolExecutor", True),
        ("import _thread", True),
        ("import queue\nprint('threading')  # threading", False),
        ("from multiprocessing import Process", False),
    ],
)
def test_programs_with_threads_are_told_from_others(source, expected):
    assert starts_threads(source) is expected
