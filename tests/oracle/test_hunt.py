"""A hunt finds a fault, shortens it, keeps it, counts what is refused, and goes on where it was."""

import json

import pytest
from answering import SilentError
from grammar import program
from hunt import Hunt, main
from verdicts import told

RIGHT = {"complete": True, "limit": None, "outcomes": [["1\n", "exit", 0, ""]]}


class Explorer:
    """Says that nothing can happen where a program has a list."""

    def ask(self, source, **_):
        """Answer as a process would."""
        if "[" not in source:
            return RIGHT
        if "async" in source:
            return {"refused": "program.py:1: asyncio"}
        return RIGHT | {"outcomes": []}


class Oracle:
    """Shows that a one is printed."""

    def ask(self, **_):
        """Answer as a process would."""
        return {"outcomes": [[["1\n", "exit", 0, ""], 5]], "runs": 5}


@pytest.fixture
def hunt(tmp_path):
    return Hunt(tmp_path / "hunt", Explorer(), Oracle(), schedules=5)


def test_a_fault_is_shortened_and_kept(hunt):
    verdicts = [hunt.step() for _ in range(3)]
    assert {verdict.kind for verdict in verdicts} == {"missed"}
    for seed in range(3):
        short = (hunt.folder / f"missed_{seed}.py").read_text()
        assert "[" in short
        assert len(short) < 30 < len(program(seed))
        assert "['1\\n', 'exit', 0, '']" in (hunt.folder / f"missed_{seed}.txt").read_text()


def test_a_fault_that_a_plain_run_shows_is_kept(hunt):
    hunt.explorer.ask = lambda **_: RIGHT
    hunt.free = Oracle()
    assert hunt.step().kind == "held"
    hunt.free.ask = lambda **_: {"outcomes": [[["2\n", "exit", 0, ""], 1]]}
    assert hunt.step().missed == [["2\n", "exit", 0, ""]]
    assert (hunt.folder / "missed_1.py").exists()
    assert hunt.state["verdicts"] == {"held": 1, "missed": 1}


def test_it_goes_on_where_it_was(hunt):
    hunt.step()
    hunt.save()
    again = Hunt(hunt.folder, Explorer(), Oracle(), schedules=5)
    assert again.state == hunt.state
    assert again.state["next"] == 1
    assert again.state["verdicts"] == {"missed": 1}


def test_refusals_are_counted_by_their_reason(hunt):
    hunt.explorer.ask = lambda **_: {"refused": "program.py:3: v7 is a memoryview"}
    for _ in range(2):
        assert not hunt.step().fault
    assert hunt.state["refusals"] == {"_ is a memoryview": 2}
    assert told(hunt.state["refusals"]) == ["     2 _ is a memoryview"]


def test_an_explorer_that_dies_is_kept_as_it_died(hunt):
    def die(**_):
        raise SilentError("ended with status -11")

    hunt.explorer.ask = die
    assert hunt.step().kind == "failed"
    assert "status -11" in (hunt.folder / "failed_0.txt").read_text()


def test_the_command_runs_so_many_programs_and_says_what_it_found(tmp_path, capsys):
    words = ["--folder", str(tmp_path), "--programs", "2", "--schedules", "10"]
    status = main(words)
    state = json.loads((tmp_path / "state.json").read_text())
    assert state["next"] == 2
    assert sum(state["verdicts"].values()) == 2
    assert status == any(kind in {"missed", "failed"} for kind in state["verdicts"])
    assert "2 programs in" in capsys.readouterr().out
