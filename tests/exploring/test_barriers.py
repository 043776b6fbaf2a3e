"""Barriers that threads come back to: who is still leaving, and who may come again.

Random programs are held against an independent account of every interleaving, against the search in
which no threads are alike, and each trace against its own claim, as those of queues are.
``ANYORDER_PROGRAMS`` asks for so many programs that nobody has seen before.
"""

from __future__ import annotations

import os
import random
import time

import account_of_barriers
import pytest
from account_of_barriers import Setting, outcomes, rendered
from test_alike import START, alike, compare, searched
from test_commuting import orders_end_alike

from anyorder.exploring import CannotExplore, explore
from anyorder.exploring.library import waiting

FEW = 30
SEED = 13
MOST_STATES = 20_000
MOST_EXECUTIONS = 100

# how often each comes up
CALLS = {"wait": 8, "timed wait": 1, "reset": 1, "abort": 1, "broken": 1, "say": 1}


def random_program(chance):
    """Return a setting, and the calls of each thread: some do the same."""
    setting = Setting(chance.choice([1, 2, 2, 2, 3]), chance.random() < 0.2)
    names, weights = list(CALLS), list(CALLS.values())
    count = chance.choice([2, 3, 3, 4])
    bodies = [
        chance.choices(names, weights, k=chance.randint(1, 4 if count < 4 else 2)) for _ in range(2)
    ]
    return setting, [chance.choice(bodies) for _ in range(count)]


def agree(path, number):
    """Hold a random program against the account of it; return whether it was."""
    chance = random.Random(number)
    setting, threads = random_program(chance)
    expected = outcomes(setting, threads, MOST_STATES)
    source = rendered(setting, threads)
    explorer, found = searched(path, source, symmetric=False, most=MOST_EXECUTIONS)
    if expected is None or found.limit is not None:
        return False
    got = {(outcome.stdout, str(outcome.ends)) for outcome in found.numbers}
    assert got == expected, (number, source)
    assert found.redundant == 0
    orders_end_alike(explorer, found, chance)
    compare(path, source)
    return True


def test_agreement(tmp_path):
    new = "ANYORDER_PROGRAMS" in os.environ
    first = int(time.time()) * 1_000 if new else SEED
    count = int(os.environ.get("ANYORDER_PROGRAMS", FEW))
    agreed = sum(agree(tmp_path / "p.py", number) for number in range(first, first + count))
    assert agreed > count / 3


TWICE = "b = threading.Barrier({})\ndef work():\n    b.wait()\n    b.wait()\n"
ONCE = "b = threading.Barrier({})\ndef work(): b.wait()\n"


@pytest.mark.parametrize(
    ("work", "threads", "executions", "traces"),
    [
        (TWICE.format(2), 2, 2, 4),
        (TWICE.format(3), 3, 6, 36),  # the orders of the first round, times those of the second
        (ONCE.format(2), 4, 1, 24),
        (ONCE.format(3), 6, 1, 720),
    ],
)
def test_rounds(tmp_path, work, threads, executions, traces):
    """Who is in which round is decided by the order in which they come, and by nothing else."""
    source = alike(work, threads, last="")
    found = searched(tmp_path / "p.py", source)[1]
    assert (found.executions, found.size, len(found.numbers)) == (executions, traces, 1)
    if traces <= MOST_EXECUTIONS:
        assert compare(tmp_path / "p.py", source)


def test_who_comes_while_others_leave_waits_for_that(tmp_path, monkeypatch):
    """Were it not so, some order of a trace could not be executed."""
    source = alike(TWICE.format(3), 3, last="")
    assert searched(tmp_path / "p.py", source, symmetric=False)[1].redundant == 0
    monkeypatch.setattr(waiting, "LEAVING", set())
    with pytest.raises(CannotExplore, match="does not do the same"):
        searched(tmp_path / "p.py", source, symmetric=False)


@pytest.mark.parametrize(("looks", "steps"), [("", 0), ("print(b.n_waiting)\n", 2)])
def test_letting_all_go_on_is_an_event_where_it_can_be_seen(tmp_path, looks, steps):
    """That is, as long as anybody may look at the number of those who wait."""
    path = tmp_path / "p.py"
    path.write_text(alike(TWICE.format(2), start=f"{START}{looks}", last=""), encoding="utf-8")
    for found in explore(path).outcomes:
        told = [one.event for one in found.witness]
        assert told.count("lets all go on at b") == steps


def test_every_call_is_in_the_account():
    assert set(CALLS) == set(account_of_barriers.LINES)
