"""Random programs: what a build with a GIL shows of each is said to be in its reach.

By an oracle that hands over the GIL where such a build does, and by the Python that runs, with
threads beside that only want the GIL. More of them: ``pytest -m slow tests/oracle``, and without
end: ``python tests/oracle/hunt.py``.
"""

from collections import Counter
from functools import cache, partial

import pytest
from answering import Answering
from grammar import SMALL, program
from hunt import account
from promises import reached_in_doubt
from test_random_programs import hold
from verdicts import (
    HAS_GIL,
    explored_of,
    held_by_hungry_runs,
    judged_by_gil,
    reachable,
    shown_of,
)

from anyorder.outcomes import StdoutTo

FEW = 20
PARTS = 2  # each is a test of its own, so that several processes share them
MANY = 12  # programs in each part
RUNS = 20
PREEMPTIONS = 2
MOST_SCHEDULES = 2500
MOST_RANDOM = 1000
CALL_BETWEEN = """
import threading
n = 0
def add():
    global n
    n += int(1)
threads = [threading.Thread(target=add) for _ in range(2)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(n)
"""


@pytest.fixture(scope="module")
def explored(explorer):
    """Returns what the explorer says of a program, which it is asked once for all modes."""
    return cache(partial(explored_of, explorer))


@pytest.fixture(params=map(str, StdoutTo))
def to(request):
    """Where the output goes."""
    return request.param


@pytest.fixture(scope="module")
def hungry():
    """Answers what this Python shows of a program beside threads that only want the GIL."""
    with Answering("plain_runs.py") as answering:
        yield answering


@pytest.mark.parametrize("seed", range(FEW))
def test_what_the_oracle_shows_is_reachable(seed, to, explored, gil):
    source = program(seed)
    show = partial(shown_of, gil, source, runs=RUNS, seed=seed, to=to)
    verdict = judged_by_gil(explored(source), show, to)
    if verdict.kind == "unjudged":  # an iterator in C that two threads ask can crash it
        pytest.skip(verdict.said)
    hold(source, verdict)


@pytest.mark.skipif(not HAS_GIL, reason="it has no GIL")
@pytest.mark.parametrize("seed", range(40))
def test_what_this_python_shows_is_reachable(seed, explorer, hungry):
    source = program(seed, SMALL)
    hold(source, held_by_hungry_runs(explored_of(explorer, source), hungry, source, runs=10))


# -- and the other way: what is called reachable can be shown -------------------------------------


def unshown(source, explored, gil, to="pipe"):
    """Return what is called reachable and no schedule shows; nothing where it is too long."""
    if not explored.get("complete"):
        return None
    left = [outcome for outcome in reachable(explored, to) if outcome[1] != "never"]
    ways = [
        {"runs": MOST_SCHEDULES, "preemptions": PREEMPTIONS, "library": False},
        {"runs": MOST_RANDOM},  # within the library, and as often as it likes
    ]
    for how in ways:
        if left:
            shown = shown_of(gil, source, to=to, **how)
            if "preemptions" in how and not shown.get("all"):
                return None
            seen = [outcome for outcome, _ in shown["outcomes"]]
            left = [outcome for outcome in left if outcome not in seen]
    return left


# those that have been looked into; whatever is in doubt is reachable, so there are others
@pytest.mark.parametrize("seed", range(8))
def test_what_is_called_reachable_is_shown_or_has_a_reason(seed, to, explored, gil):
    source = program(seed, SMALL)
    extra = unshown(source, explored(source), gil, to)
    if extra is None:
        pytest.skip("it has too many schedules, or no complete set")
    assert not extra or reached_in_doubt(source), f"{source}\nno schedule shows {extra}"


def test_what_is_called_reachable_and_nothing_shows_is_found(explorer, gil):
    source = CALL_BETWEEN.replace("n += int(1)", "n += 1")
    explored = explored_of(explorer, source)
    assert unshown(source, explored, gil) == []
    for where in explored["reachable"]:
        where["pipe"] = True
    assert unshown(source, explored, gil) == [["1\n", "exit", 0, ""]]
    assert not reached_in_doubt(source)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_what_the_oracle_shows_of_many_programs_is_reachable(part, explored, gil):
    wrong, kinds = [], Counter()
    first = FEW + part * MANY
    for seed in range(first, first + MANY):
        source = program(seed)
        for to in map(str, StdoutTo):
            show = partial(shown_of, gil, source, runs=50, to=to)
            verdict = judged_by_gil(explored(source), show, to)
            kinds[verdict.kind] += 1
            if verdict.fault:
                wrong.append(f"seed {seed}, {to}\n{source}\n{account(verdict)}")
    assert not wrong, "\n".join(wrong)
    assert kinds["held"] > kinds.total() / 2


@pytest.mark.slow
@pytest.mark.skipif(not HAS_GIL, reason="it has no GIL")
@pytest.mark.parametrize("part", range(PARTS))
def test_what_this_python_shows_of_many_programs_is_reachable(part, explored, hungry):
    wrong, kinds = [], Counter()
    for seed in range(part * MANY, (part + 1) * MANY):
        source = program(seed)
        verdict = held_by_hungry_runs(explored(source), hungry, source)
        kinds[verdict.kind] += 1
        if verdict.fault:
            wrong.append(f"seed {seed}\n{source}\n{account(verdict)}")
    assert not wrong, "\n".join(wrong)
    assert kinds["held"] > kinds.total() / 2


def test_what_is_shown_and_called_unreachable_is_found(explorer, gil):
    explored = explored_of(explorer, CALL_BETWEEN)
    show = partial(shown_of, gil, CALL_BETWEEN, runs=5000, preemptions=1, library=False)
    assert judged_by_gil(explored, show).kind == "held"
    lost = ["1\n", "exit", 0, ""]
    explored["reachable"][explored["outcomes"].index(lost)]["pipe"] = False
    verdict = judged_by_gil(explored, show)
    assert verdict.kind == "unreachable"
    assert verdict.missed == [lost]
    assert "a build with a GIL is said not to reach" in account(verdict)
    assert judged_by_gil(explored, show, "unbuffered").kind == "held"


@pytest.mark.skipif(not HAS_GIL, reason="it has no GIL")
def test_what_a_real_run_shows_and_is_called_unreachable_is_found(explorer, hungry):
    source = "import threading\nthreading.Thread(target=print, args=(1,)).start()\n"
    explored = explored_of(explorer, source)
    assert held_by_hungry_runs(explored, hungry, source).kind == "held"
    for where in explored["reachable"]:
        where["pipe"] = False
    verdict = held_by_hungry_runs(explored, hungry, source)
    assert (verdict.kind, verdict.missed) == ("unreachable", [["1\n", "exit", 0, ""]])
