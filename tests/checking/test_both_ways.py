"""Where a program is explored, what is expected has to be what is possible, both ways."""

import json
import platform

import pytest
from small_programs import CROSSED, HELLO_TWICE, IN_TURN

from anyorder.checking import Observation, Program, Verdict, check, exploration, settings_here
from anyorder.checking.exploration import explored
from anyorder.exploring import Exploration, PossibleOutcome
from anyorder.outcomes import Outcome, Pattern
from anyorder.running import this_interpreter

EATEN = """
[[outcome]]
grade = "usual"
stdout = ["eaten", "eaten"]
"""

STUCK = """
[[outcome]]
grade = "surprising"
stdout = ""
ends = "deadlock"
"""


@pytest.fixture
def verdict_of(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def verdict_of(source, expected, timeout=10.0, settings=slice(1)):
        path = tmp_path / "program.py"
        path.write_text(source)
        path.with_suffix(".toml").write_text(expected)
        return check(path, settings_here(Program.read(path))[settings], runs=1, timeout=timeout)

    return verdict_of


def test_the_whole_set_holds_and_nothing_is_unproven(verdict_of):
    verdict = verdict_of(CROSSED, EATEN + STUCK)
    assert verdict.held, str(verdict)
    assert not verdict.unproven
    assert "2 outcomes possible" in str(verdict)


def test_what_is_possible_has_to_be_expected_though_no_run_had_it(verdict_of):
    verdict = verdict_of(CROSSED, EATEN)
    [fault] = verdict.faults
    assert "program.toml:4: no entry covers this outcome: fix the program, or add an" in fault
    assert "possible, by this schedule:" in fault
    assert "observed on" not in fault
    assert "ends: deadlock" in fault
    assert "waits for" in fault


def test_of_a_large_set_some_are_shown_and_the_rest_is_counted(verdict_of):
    whole = EATEN.replace(
        '"eaten", "eaten"', '{ any_order = ["hello from Ada", "hello from Ben"] }'
    )
    *faults, rest = verdict_of(HELLO_TWICE, whole).faults
    assert len(faults) == 20
    assert all("no entry covers this outcome" in each for each in faults)
    assert "program.toml:4: 6 more outcomes are not covered, or forbidden: " in rest


def test_what_is_expected_has_to_be_possible(verdict_of):
    once = EATEN.replace('"eaten", "eaten"', '"eaten"')
    verdict = verdict_of(CROSSED, EATEN + STUCK + once)
    [fault] = verdict.faults
    assert "program.toml:11: this outcome stands for 1 text that no schedule leads to" in fault


def test_a_wildcard_has_to_reach_something_possible(verdict_of):
    verdict = verdict_of(CROSSED, EATEN + STUCK + EATEN.replace('["eaten", "eaten"]', '"b..."'))
    [fault] = verdict.faults
    assert "no schedule leads to" in fault
    assert verdict_of(CROSSED, EATEN.replace('"eaten", "eaten"', '"e...", "..."') + STUCK).held


def test_what_is_forbidden_must_not_be_possible(verdict_of):
    verdict = verdict_of(CROSSED, EATEN + STUCK.replace("surprising", "forbidden"))
    [fault] = verdict.faults
    assert "program.toml:6: this outcome is forbidden: fix the program, or the grade" in fault
    assert "possible, by this schedule:" in fault


def test_what_is_possible_and_was_observed_is_said_once(verdict_of):
    [fault, _] = verdict_of("print('hello')\n", EATEN).faults
    assert "no entry covers this outcome" in fault
    assert ": 1 of 1\n    possible, by this schedule:\n" in fault


def test_what_was_observed_outside_of_what_is_possible_is_said_once(verdict_of):
    true = verdict_of("print('hello')\n", EATEN.replace('"eaten", "eaten"', '"..."'))
    settings = settings_here(true.program)
    seen = tuple(Observation(each, {Outcome("bye\n"): 1}) for each in settings)
    [fault] = Verdict(true.program, seen, (), true.exploration).faults
    assert "program.py:1: was observed, and no schedule leads to it" in fault
    assert fault.count("observed on Python") == len(settings) == 3


def test_a_run_that_did_not_end_is_said_with_the_end_that_is_possible(verdict_of):
    source = "from threading import Lock\n\nlock = Lock()\nlock.acquire()\nlock.acquire()\n"
    [fault, _] = verdict_of(source, EATEN, timeout=0.5).faults
    assert "no entry covers this outcome" in fault
    assert "    ends: deadlock\n    observed on Python" in fault
    assert "possible, by this schedule:" in fault


def test_what_is_possible_in_some_settings_alone_says_in_which(verdict_of):
    source = """\
from multiprocessing import Process, get_start_method


def say(method):
    print(method)


if __name__ == "__main__":
    child = Process(target=say, args=[get_start_method()])
    child.start()
    child.join()
"""
    method = this_interpreter().start_methods[0]
    faults = verdict_of(source, EATEN, settings=slice(None)).faults
    [unreached] = [each for each in faults if "no schedule leads to" in each]
    assert unreached.count("\n    on Python") == 9
    assert f"possible on Python {platform.python_version()}, {method}, pipe, by this" in faults[0]


def test_how_it_ends_is_part_of_what_is_possible(verdict_of):
    verdict = verdict_of(CROSSED, EATEN + STUCK.replace('"deadlock"', '"never"'))
    assert len(verdict.faults) == 2
    assert "no entry covers this outcome" in verdict.faults[0]
    assert "no schedule leads to" in verdict.faults[1]


def test_what_cannot_be_explored_has_to_say_why(verdict_of):
    source = "import socket\n\nprint(socket.socket().family.value)\n"
    expected = '[[outcome]]\ngrade = "usual"\nstdout = ["2"]\n'
    [fault] = verdict_of(source, expected).faults
    assert "program.py:3: socket.socket() reaches outside of the program" in fault
    assert 'or write unexplored = "a reason" into program.toml' in fault
    verdict = verdict_of(source, 'unexplored = "it uses a socket"\n\n' + expected)
    assert verdict.held, str(verdict)
    assert "not explored, because it uses a socket" in str(verdict)


def test_an_exploration_is_kept_until_the_program_changes(verdict_of, monkeypatch):
    assert verdict_of(CROSSED, EATEN + STUCK).held

    def refuse(*_args, **_options):
        raise AssertionError("explored again")

    monkeypatch.setattr("anyorder.checking.exploration.ask", refuse)
    assert verdict_of(CROSSED, EATEN + STUCK).held
    with pytest.raises(AssertionError, match="explored again"):
        verdict_of(CROSSED + "\n", EATEN + STUCK)


def test_witnesses_are_kept_too(verdict_of, monkeypatch, tmp_path):
    """A small set has all of its witnesses, a large one the first and those that were asked for."""
    verdict_of(CROSSED, EATEN + STUCK)
    crossed = tmp_path / "crossed.py"
    (tmp_path / "program.py").rename(crossed)
    five = tmp_path / "five.py"
    five.write_text(IN_TURN)
    [last] = explored(five).outcomes[-1:]
    asked = last.witness
    assert asked[-1].stdout == last.outcome.stdout
    explored(crossed)

    def refuse(*_args, **_options):
        raise AssertionError("it was asked for again")

    monkeypatch.setattr(exploration, "ask", refuse)
    assert explored(five).outcomes[-1].witness == asked
    assert all(
        each.witness for each in (*explored(crossed).outcomes, *explored(five).outcomes[:100])
    )
    with pytest.raises(AssertionError, match="asked for again"):
        _ = explored(five).outcomes[-2].witness


def test_a_damaged_cache_is_explored_again(verdict_of, tmp_path):
    assert verdict_of(CROSSED, EATEN + STUCK).held
    [kept] = tmp_path.glob("cache/anyorder/explored/*.json")
    kept.write_text(kept.read_text()[:-10])
    assert verdict_of(CROSSED, EATEN + STUCK).held


def test_what_was_kept_before_builds_were_told_apart_is_explored_again(verdict_of, tmp_path):
    assert verdict_of(CROSSED, EATEN + STUCK).held
    [kept] = tmp_path.glob("cache/anyorder/explored/*.json")
    content = json.loads(kept.read_text())
    for each in content["outcomes"]:
        del each["reachable"], each["reachable_on"]
    kept.write_text(json.dumps(content))
    reachable = 'reachable = ["3.14", "free-threaded"]\n'
    assert verdict_of(CROSSED, EATEN + STUCK + reachable).held
    assert '"reachable_on"' in kept.read_text()


def test_what_cannot_be_kept_is_explored_all_the_same(verdict_of, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", "/dev/null/cache")
    assert verdict_of(CROSSED, EATEN + STUCK).held


def test_thousands_of_entries_are_compared_with_those_of_their_text_alone(tmp_path, monkeypatch):
    texts = [f"{number}\n" for number in range(500)]
    path = tmp_path / "program.py"
    path.write_text("")
    entries = (f"[[outcome]]\ngrade = 'usual'\nstdout = '''\n{each}'''\n" for each in texts)
    path.with_suffix(".toml").write_text("".join(entries) + EATEN)
    program = Program.read(path)
    outcomes = tuple(PossibleOutcome(Outcome(each), 1, 1, tuple) for each in texts)
    exploration = Exploration(str(path), True, 1, 1, 0.0, outcomes)  # noqa: FBT003
    tried = 0
    matches = Pattern.matches

    def counting(pattern, text):
        nonlocal tried
        tried += 1
        return matches(pattern, text)

    monkeypatch.setattr(Pattern, "matches", counting)
    verdict = Verdict(program, (), (Observation(settings_here(program)[0], {}),), exploration)
    [fault] = verdict.faults
    assert "program.toml:2502: this outcome stands for 1 text that no schedule leads to" in fault
    assert 0 < tried < 5 * len(texts)
