"""Real runs of programs with processes, provoked by sleeps at random, lie within their sets.

More of them: ``pytest -m slow tests/exploring/processes``, and without end:
``python tests/exploring/processes/hunt_processes.py``.
"""

from __future__ import annotations

import ast
import dataclasses
import json

import pytest

pytest.importorskip("greenlet")

import hunt_processes
from found_sets import written
from hunt_processes import SETTINGS, Hunt, judged, main, site_programs, torn
from process_programs import OBJECTS, program
from provoked import provoked_run
from small_programs import TWO_FAIL

from anyorder.exploring import CannotExplore, explore
from anyorder.outcomes import Outcome, Setting, StartMethod, StdoutTo
from anyorder.outcomes.mixed import Written
from anyorder.running import this_interpreter

FEW, MANY = 12, 8  # random programs, and programs in each setting
RUNS = 2  # of each

BOTH_ORDERS = """\
from multiprocessing import Process

def say():
    print("child", flush=True)

if __name__ == "__main__":
    child = Process(target=say)
    child.start()
    print("parent", flush=True)
    child.join()
"""


@pytest.mark.parametrize("turn", range(FEW))
def test_runs_of_a_random_program_lie_within_its_set(tmp_path, turn):
    method, to = SETTINGS[turn % len(SETTINGS)]
    seeds = range(turn * RUNS, turn * RUNS + RUNS)
    verdict = judged(written(tmp_path, program(turn)), method, to, seeds)
    if verdict.said:
        pytest.skip(f"{verdict.kind}: {verdict.said}")
    assert not verdict.outside, (program(turn), verdict)


@pytest.mark.slow
@pytest.mark.parametrize("place", range(len(SETTINGS)), ids=lambda place: "-".join(SETTINGS[place]))
def test_runs_of_many_random_programs_and_of_the_site_s_lie_within_their_sets(tmp_path, place):
    hunt = Hunt(tmp_path, runs=4)
    for turn in range(FEW, FEW + MANY):
        hunt.state["next"] = turn * len(SETTINGS) + place
        hunt.step()
    outside = "\n".join(path.read_text() for path in tmp_path.glob("outside_*"))
    assert not hunt.state["verdicts"].get("outside"), outside
    assert hunt.state["verdicts"]["held"] > MANY / 2


def test_sleeps_show_both_orders(tmp_path):
    path = written(tmp_path, BOTH_ORDERS)
    setting = Setting(this_interpreter(), StartMethod.FORK, StdoutTo.PIPE)
    seen = set()
    for seed in range(500):  # by far more than it takes
        seen.add(provoked_run(path, setting, seed).stdout)
        if len(seen) > 1:
            break
    assert seen == {"parent\nchild\n", "child\nparent\n"}


def test_a_run_outside_of_the_set_is_told(tmp_path):
    path = written(tmp_path, BOTH_ORDERS.replace("parent", "child"))
    seeds = range(2)
    assert judged(path, StartMethod.FORK, StdoutTo.PIPE, seeds).kind == "held"

    def other(_, **setting):
        return explore(written(tmp_path / "other", BOTH_ORDERS), **setting)

    (tmp_path / "other").mkdir()
    verdict = judged(path, StartMethod.FORK, StdoutTo.PIPE, seeds, look=other)
    assert verdict.kind == "outside"
    assert [outcome.stdout for outcome in verdict.outside] == ["child\nchild\n"] * 2


@pytest.mark.parametrize(("last", "kind"), [("x", "held"), ("z", "outside")])
def test_lines_that_two_threads_mixed_are_put_together(tmp_path, monkeypatch, last, kind):
    """A library's frame whose source came late is not told from the program's lines alone."""
    path = written(tmp_path, TWO_FAIL)
    late = "self._target(*self._args)"
    mixed = f"""\
Traceback (most recent call last):
  File "program.py", line 7, in <module>
Exception in thread Thread-1 (fail):
Traceback (most recent call last):
  File "program.py", line 4, in fail
  File "program.py", line 4, in fail
ValueError: y
{late}
ValueError: {last}
"""
    run = Outcome("", mixed, 1, written=Written(mixed, (late,)))
    monkeypatch.setattr(hunt_processes, "provoked_run", lambda *_, **__: run)
    assert judged(path, *SETTINGS[0], range(1)).kind == kind


def test_a_torn_traceback_says_nothing():
    whole = "Traceback (most recent call last):\nValueError: 1\nx ^ y\n"
    assert not torn(Outcome("", whole + whole, 1))
    assert torn(Outcome("", f"Traceback (most recent call last):\n    {whole}", 1))
    assert torn(Outcome("", f"    self.run(){whole}", 1))
    assert torn(Outcome("", f"{whole}    ^^^^^^\n", 1))


def test_what_is_refused_or_too_large_is_not_run(tmp_path):
    def refuse(*_, **__):
        raise CannotExplore("program.py", 3, "it is so")

    path = written(tmp_path, BOTH_ORDERS)
    refused = judged(path, *SETTINGS[0], range(1), look=refuse)
    assert (refused.kind, refused.said, refused.runs) == ("refused", "it is so", 0)

    def give_up(path, **setting):
        return dataclasses.replace(explore(path, **setting), complete=False, limit="one")

    large = judged(path, *SETTINGS[0], range(1), look=give_up)
    assert (large.kind, large.said, large.runs) == ("too large", "one", 0)


def test_a_hunt_keeps_what_it_finds_and_goes_on_where_it_was(tmp_path):
    hunt = Hunt(tmp_path, runs=1)
    hunt.paths = []
    turn = next(
        turn for turn in range(100) if "pool" not in program(turn) and "print" in program(turn)
    )
    hunt.state["next"] = turn * len(SETTINGS)

    def nothing(_, **setting):
        return explore(written(tmp_path, ""), **setting)

    assert hunt.step(look=nothing).kind == "outside"
    [kept] = tmp_path.glob("outside_*")
    assert program(turn) in kept.read_text()
    again = Hunt(tmp_path, runs=1)
    assert again.state == hunt.state
    assert again.state["next"] == turn * len(SETTINGS) + 1
    assert again.state["verdicts"] == {"outside": 1}
    state = json.loads(hunt.saved.read_text())
    assert sum(state["runs"].values()) == 1


def test_the_command_says_what_it_did(tmp_path, capsys):
    words = ["--folder", str(tmp_path), "--runs", "1", "--most", "1"]
    assert main(words) == 0
    assert "1 runs of" in capsys.readouterr().out


def test_random_programs_have_every_part_and_all_can_be_read():
    texts = [program(seed) for seed in range(2_000)]
    assert texts == [program(seed) for seed in range(2_000)]
    for text in texts:
        ast.parse(text)
    whole = "\n".join(texts)
    for how in OBJECTS:
        assert how in whole
    for method in ("Pool(", "ProcessPoolExecutor(", "threading.Thread(", ".terminate()", "daemon"):
        assert method in whole


def test_the_site_has_programs_to_provoke():
    assert len(site_programs()) > 5
