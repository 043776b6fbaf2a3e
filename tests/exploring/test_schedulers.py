"""``sched``: in which order a scheduler does things, as far as that can be told."""

from __future__ import annotations

import subprocess
import sys

import pytest

from anyorder.exploring import CannotExplore

PROGRAM = """
    import sched, threading, time
    def enter(delay, priority, text):
        scheduler.enter(delay, priority, print, (text,))
    {}
    scheduler.run()
"""
REAL = "scheduler = sched.scheduler(time.time, time.sleep)\n    "


def program(text, clock=REAL):
    """Return a program with a scheduler."""
    return PROGRAM.format(clock + text.replace("\n", "\n    "))


@pytest.mark.parametrize(
    "text",
    [
        "enter(0.01, 1, 'a'); enter(0.01, 1, 'b'); enter(0.02, 0, 'c')",
        "enter(0.01, 1, 'a'); enter(0.01, 2, 'b')",
        "scheduler.enterabs(5, 2, print, ('b',)); scheduler.enterabs(5, 1, print, ('a',))",
        "enter(0.01, 2, 'a'); scheduler.run(); enter(0.001, 1, 'b')",
    ],
)
def test_what_is_entered_later_comes_later(explored, tmp_path, text):
    """A clock that moves on leaves it at that."""
    found = explored(program(text))
    [one] = found.outcomes
    assert found.complete
    path = tmp_path / "program.py"
    real = subprocess.run([sys.executable, path], capture_output=True, check=True, text=True)
    assert one.outcome.stdout == real.stdout


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("enter(0.01, 2, 'a'); enter(0.01, 1, 'b')", "a\nb\n"),
        ("enter(0.05, 1, 'a'); enter(0.01, 1, 'b')", "b\na\n"),
    ],
)
def test_what_the_clock_decides_is_not_called_complete(explored, tmp_path, text, printed):
    """The order is that of most real runs: no priority counts where the clock has moved on."""
    found = explored(program(text))
    assert "as the clock has it" in found.limit
    path = tmp_path / "program.py"
    real = subprocess.run([sys.executable, path], capture_output=True, check=True, text=True)
    assert [one.outcome.stdout for one in found.outcomes] == [real.stdout] == [printed]


def test_two_threads_enter_something(explored):
    """Whose clock is ahead nobody knows."""
    text = """threads = [threading.Thread(target=enter, args=(1, 1, name)) for name in "ab"]
for one in threads: one.start()
for one in threads: one.join()"""
    found = explored(program(text))
    assert not found.complete
    assert "as the clock has it" in found.limit


def test_a_clock_of_the_program_s_own_is_known(explored):
    """Priorities count where it has not moved on."""
    clock = """now = 0
    def sleep(seconds):
        global now
        now += seconds
    scheduler = sched.scheduler(lambda: now, sleep)
    """
    found = explored(program("enter(1, 2, 'a'); enter(1, 1, 'b'); enter(0.5, 3, 'c')", clock))
    [one] = found.outcomes
    assert found.complete
    assert one.outcome.stdout == "c\nb\na\n"


@pytest.mark.parametrize("first", [True, False])
def test_delays_and_moments_are_not_mixed(explored, first):
    """What comes first depends on what time it is."""
    texts = ["enter(1, 1, 'a')", "scheduler.enterabs(5, 1, print, ('b',))"]
    with pytest.raises(CannotExplore, match="depends on what time it is"):
        explored(program("; ".join(texts if first else reversed(texts))))
