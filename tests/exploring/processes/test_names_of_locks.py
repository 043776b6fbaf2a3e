"""A lock that is sent to a child that is not forked is found by its name, while it has one."""

from __future__ import annotations

import pytest
from found_sets import outcomes, streams

pytest.importorskip("greenlet")

from anyorder.checking.possible import is_possible
from anyorder.exploring import CannotExplore
from anyorder.outcomes import Ends, StartMethod

NOT_FORKED = pytest.mark.parametrize("method", [StartMethod.SPAWN, StartMethod.FORKSERVER])
GONE = """\
Traceback (most recent call last):
FileNotFoundError: [Errno 2] No such file or directory
"""
WORK = """
    from multiprocessing import Event, Lock, Process, Queue, Value
    def work(thing):
        print("in")
    def take(queue):
        print(queue.get())
    def give(queue):
        queue.put(1)
    def start(lock):
        child = Process(target=work, args=[lock])
        child.start()
        return child
    if __name__ == "__main__":
"""
LATE = {
    "its maker exits": (
        "lock = Lock(); Process(target=work, args=[lock]).start()", {("in\n", ""), ("", GONE)},
    ),
    "its maker lets go of it": (
        "child = Process(target=work, args=[Lock()]); child.start(); child.join()",
        {("in\n", ""), ("", GONE)},
    ),
    "a queue": (
        "queue = Queue(); queue.put(1); Process(target=take, args=[queue]).start()",
        {("1\n", ""), ("", GONE)},
    ),
    "a list that has it": (
        "things = [Event()]; Process(target=work, args=things).start(); del things",
        {("in\n", ""), ("", GONE)},
    ),
    "two children, of which one is waited for": (
        "lock = Lock(); one = start(lock); start(lock); one.join()",
        {("in\nin\n", ""), ("in\n", GONE)},
    ),
}  # fmt: skip
IN_TIME = {
    "join": "lock = Lock(); start(lock).join()",
    "a Value": "number = Value('i'); start(number).join()",
    "what it sends comes back": "queue = Queue(); child = Process(target=give, args=[queue]); "
    "child.start(); print(queue.get())",
}


def ends(found):
    """Return what each outcome left on both streams, where the program always exits."""
    assert all(each.ends is Ends.EXIT for each in outcomes(found))
    return streams(found)


@NOT_FORKED
@pytest.mark.parametrize("name", LATE)
def test_a_child_may_come_too_late(explored, observed, name, method):
    line, wanted = LATE[name]
    found = explored(f"{WORK}        {line}\n", method)
    assert ends(found) == wanted
    assert is_possible(observed(f"{WORK}        {line}\n", method), found)


@pytest.mark.parametrize("name", LATE)
def test_a_forked_child_needs_no_name(explored, name):
    line, wanted = LATE[name]
    found = explored(f"{WORK}        {line}\n", StartMethod.FORK)
    assert ends(found) == {one for one in wanted if not one[1]}


@NOT_FORKED
@pytest.mark.parametrize("name", IN_TIME)
def test_whoever_waits_for_the_child_keeps_it_at_no_cost(explored, observed, name, method):
    source = f"{WORK}        {IN_TIME[name]}\n"
    found = explored(source, method)
    assert found.executions == 1
    ((_, stderr),) = ends(found)
    assert not stderr
    assert is_possible(observed(source, method), found)


@NOT_FORKED
def test_a_lock_that_is_left_behind_is_refused(explored, observed, method):
    """The process that cleans up complains of it, in words of each version."""
    source = f"{WORK}        lock = Lock(); import os; os._exit(0)\n"
    assert "leaked semaphore" in observed(source, method).stderr
    with pytest.raises(CannotExplore, match="left behind"):
        explored(source, method)


def test_the_witness_says_what_came_first(explored):
    """What a child looks up as it begins is part of that."""
    found = explored(f"{WORK}        {LATE['a queue'][0]}\n", StartMethod.SPAWN)
    for each in found.outcomes:
        told = [step.event for step in each.witness]
        gone, begun = told.index("takes the names from its locks"), told.index("begins")
        assert (gone < begun) == bool(each.outcome.stderr)
