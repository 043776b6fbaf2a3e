"""The oracle of a build with a GIL switches where such a build does, and nowhere else."""

import sys

import pytest
from test_opcode_oracle import LOST_UPDATE, beside, shown, texts

RUNS = 300


def lost(gil, body):
    """Return what two threads come to that count one up each."""
    source = LOST_UPDATE.replace("n += 1", body)
    return texts(gil, f"def one(): return 1\n{source}", runs=5000, preemptions=1, library=False)


@pytest.mark.parametrize(
    ("body", "loses"),
    [
        ("n += 1", False),
        ("old = n; n = old + 1", False),
        ("n += one()", True),
        ("n += int(1)", True),
        ("old = n; len('a'); n = old + 1", True),
        ("n = one() + n", False),
        ("old = n; lock = threading.Lock(); n = old + 1", True),
    ],
)
def test_an_update_is_lost_where_the_gil_is_handed_over_between(gil, body, loses):
    assert lost(gil, body) == ({"1\n", "2\n"} if loses else {"2\n"})


def test_a_loop_hands_over_as_it_comes_round(gil):
    source = LOST_UPDATE.replace("n += 1", "old = n\n    for _ in 'ab': pass\n    n = old + 1")
    assert texts(gil, source, runs=5000, preemptions=1, library=False) == {"1\n", "2\n"}


@pytest.mark.parametrize(
    ("to", "whole"), [("pipe", True), ("terminal", True), ("unbuffered", False)]
)
def test_a_print_is_whole_where_it_has_a_buffer(gil, to, whole):
    source = beside("", "print('a', 'b')", "print('c')")
    seen = texts(gil, source, runs=RUNS, to=to)
    assert (seen == {"a b\nc\n", "c\na b\n"}) == whole


@pytest.mark.parametrize(
    ("first", "second", "versions"),
    [
        ("with a, b: pass", "with b, a: pass", {(3, 14)}),
        ("with a: len(''); b.acquire()", "with b: len(''); a.acquire()", None),
    ],
)
def test_locks_taken_crosswise_deadlock_where_something_lies_between(gil, first, second, versions):
    source = beside("a, b = threading.Lock(), threading.Lock()", first, second)
    outcomes = shown(gil, source, runs=5000, preemptions=1, library=False)
    deadlocks = any(outcome[1] == "deadlock" for outcome in outcomes)
    assert deadlocks == (versions is None or sys.version_info[:2] in versions)


def test_who_waits_for_a_lock_may_have_it_as_soon_as_it_is_let_go_of(gil):
    source = """
import threading
lock = threading.Lock()
def wait():
    with lock: pass
lock.acquire()
thread = threading.Thread(target=wait)
thread.start()
lock.release()
print(lock.acquire(False))
"""
    assert "False\n" in {outcome[0] for outcome in shown(gil, source, runs=RUNS)}
