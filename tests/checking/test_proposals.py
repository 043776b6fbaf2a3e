"""What is proposed is bound to the settings in which it is possible, as far as can be told."""

from pathlib import Path

import pytest

from anyorder.checking import Observation
from anyorder.checking.proposals import proposals
from anyorder.exploring import Exploration, PossibleOutcome
from anyorder.outcomes import (
    Ends,
    Interpreter,
    Outcome,
    OutcomeFile,
    Setting,
    StartMethod,
    StdoutTo,
)

NO_ENTRIES = OutcomeFile(Path("program.toml"), ())


def setting(name, method=None, to=StdoutTo.PIPE):
    version = name.removesuffix("t")
    interpreter = Interpreter(Path(name), version, name != version, (), "linux")
    return Setting(interpreter, method, to)


def proposed(runs, explored=(), file=NO_ENTRIES):
    """Return the conditions of each proposal, by the text that it is for.

    Args:
        runs: of each setting, or Python, what its runs printed, a letter each
        explored: the same of what is possible there
        file: the outcome file
    """

    def settings(texts):
        return [
            (setting(each) if isinstance(each, str) else each, letters)
            for each, letters in dict(texts).items()
        ]

    found: dict[str, list[object]] = {}
    for each in proposals(
        file,
        [
            Observation(where, {Outcome(letter): 10 for letter in letters})
            for where, letters in settings(runs)
        ],
        [(possible(letters), [where]) for where, letters in settings(explored)],
    ):
        conditions = [each.python, *each.start_method, *each.stdout_to]
        found.setdefault(each.outcome.stdout, []).append(" ".join(filter(None, conditions)))
    return found


def possible(letters):
    outcomes = tuple(PossibleOutcome(Outcome(letter), 1, 1, tuple) for letter in letters)
    return Exploration("program.py", complete=True, executions=1, events=1, seconds=0.0,
                       outcomes=outcomes)  # fmt: skip


@pytest.mark.parametrize(
    ("runs", "found"),
    [
        ({"3.11.7": "a", "3.15.2": "a"}, {"a": [""]}),
        ({"3.11.7": "a", "3.15.2": "b"}, {"a": ["<3.15"], "b": [">=3.15"]}),
        (
            {"3.11.7": "a", "3.12.1": "a", "3.13.0": "b", "3.14.2": "c"},
            {"a": ["<3.13"], "b": [">=3.13,<3.14"], "c": [">=3.14"]},
        ),
        # as numbers, not as texts
        ({"3.9.1": "a", "3.10.1": "b"}, {"a": ["<3.10"], "b": [">=3.10"]}),
        ({"3.13.0": "a", "3.13.18": "b"}, {"a": ["<3.13.18"], "b": [">=3.13.18"]}),
        (
            {"3.11.7": "a", "3.13.0": "b", "3.14.2": "a"},
            {"a": ["<3.13", ">=3.14"], "b": [">=3.13,<3.14"]},
        ),
        # whether it is free-threaded is no condition
        ({"3.13.8": "a", "3.13.5t": "b"}, {"a": [""], "b": [""]}),
        ({"3.12.1": "a", "3.13.8": "a", "3.13.5t": "b"}, {"a": [""], "b": [">=3.13"]}),
        # what differs in part may differ by chance
        ({"3.11.7": "a", "3.15.2": "ab"}, {"a": [""], "b": [""]}),
        ({"3.11.7": "a", "3.13.8t": "ab", "3.15.2": "b"}, {"a": [""], "b": [""]}),
    ],
)
def test_versions_that_have_no_outcome_in_common_differ(runs, found):
    assert proposed(runs) == found


@pytest.mark.parametrize(
    ("runs", "explored", "found"),
    [
        # whatever is possible here is possible there, unless something else was seen there
        ({"3.11.7": "a", "3.15.2": "b"}, {"3.11.7": "ab"}, {"a": [""], "b": [""]}),
        ({"3.11.7": "a", "3.15.2": "b"}, {"3.11.7": "a"}, {"a": ["<3.15"], "b": [">=3.15"]}),
        (
            {"3.11.7": "a", "3.14.2": "c", "3.15.2": "bc"},
            {"3.11.7": "ab"},
            {"a": ["<3.14"], "b": [""], "c": [">=3.14"]},
        ),
        # what was observed is proposed, whatever the explorer says
        ({"3.11.7": "x"}, {"3.11.7": "a"}, {"a": [""], "x": [""]}),
    ],
)
def test_what_is_possible_here_tells_versions_apart(runs, explored, found):
    assert proposed(runs, explored) == found


def test_start_methods_are_told_apart_within_a_version():
    fork, spawn = StartMethod.FORK, StartMethod.SPAWN
    runs = {
        setting("3.11.7", fork): "a",
        setting("3.11.7", spawn): "b",
        setting("3.15.2", fork): "a",
        setting("3.15.2", spawn): "c",
    }
    here = {setting("3.11.7", fork): "a", setting("3.11.7", spawn): "b"}
    assert proposed(runs, here) == {"a": ["fork"], "b": ["<3.15 spawn"], "c": [">=3.15 spawn"]}


def test_a_run_that_did_not_end_is_like_what_is_possible_here():
    here, there = setting("3.11.7"), setting("3.15.2")
    stuck, killed = (Outcome("", exit=None, ends=ends) for ends in (Ends.DEADLOCK, Ends.UNENDED))
    exploration = Exploration("program.py", complete=True, executions=1, events=1, seconds=0.0,
                              outcomes=(PossibleOutcome(stuck, 1, 1, tuple),))  # fmt: skip
    [found] = proposals(
        NO_ENTRIES,
        [Observation(here, {killed: 1}), Observation(there, {killed: 1})],
        [(exploration, [here])],
    )
    assert (found.outcome, found.python) == (stuck, "")


def test_what_is_covered_on_some_versions_is_proposed_for_the_others(tmp_path):
    path = tmp_path / "program.toml"
    path.write_text("[[outcome]]\ngrade = 'usual'\nstdout = 'a'\npython = '>=3.14'\n")
    file = OutcomeFile.read(path)
    assert proposed({"3.11.7": "a", "3.14.2": "a"}, file=file) == {"a": ["<3.14"]}
