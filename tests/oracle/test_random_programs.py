"""Random programs: what Python shows of each lies within the explorer's set, and the other way.

More of them: ``pytest -m slow tests/oracle``, and without end: ``python tests/oracle/hunt.py``.
"""

import sys
from collections import Counter
from functools import partial

import pytest
from answering import Answering
from grammar import SMALL, program
from hunt import account
from promises import PROMISES, explained
from verdicts import (
    explored_of,
    free_threaded,
    held_by_plain_runs,
    judged,
    reason,
    shown_of,
    told,
)

FEW = 40
PARTS = 4  # each is a test of its own, so that several processes share them
MANY, SOME = 25, 12  # programs in each part
MOST_OPCODES = 50  # of each thread, where all schedules are gone through
PREEMPTIONS = 3
MOST_SCHEDULES = 2000


def hold(source, verdict):
    """Fail where the explorer is wrong of a program; skip where it refuses it."""
    assert not verdict.fault, f"{source}\n{account(verdict)}"
    crashed = "ended with status -11" in verdict.said  # by what real threads do to the interpreter
    assert verdict.kind != "unjudged" or crashed, f"{source}\n{verdict.said}"
    if verdict.kind != "held":
        pytest.skip(f"{verdict.kind}: {reason(verdict.said)}")


@pytest.mark.parametrize("seed", range(FEW))
def test_what_the_oracle_shows_is_possible(seed, explorer, oracle):
    source = program(seed)
    shown = {"runs": 60, "seed": seed}
    hold(source, judged(explored_of(explorer, source), lambda: shown_of(oracle, source, **shown)))


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_what_the_oracle_shows_of_many_programs_is_possible(part, explorer, oracle, capsys):
    verdicts, refusals = Counter(), Counter()
    wrong = []
    first = FEW + part * MANY
    for seed in range(first, first + MANY):
        source = program(seed)
        verdict = judged(
            explored_of(explorer, source),
            partial(shown_of, oracle, source, runs=100),
        )
        verdicts[verdict.kind] += 1
        if verdict.kind == "refused":
            refusals[reason(verdict.said)] += 1
        if verdict.fault:
            wrong.append(f"seed {seed}\n{source}\n{account(verdict)}")
    with capsys.disabled():
        sys.stdout.write("\n".join(["", *told(verdicts), *told(refusals), ""]))
    assert not wrong, "\n".join(wrong)
    assert verdicts["held"] > MANY / 2


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_what_a_free_threaded_python_shows_is_possible(part, explorer):
    python = free_threaded()
    if python is None:
        pytest.skip("no free-threaded Python is on PATH")
    wrong, kinds = [], Counter()
    with Answering("plain_runs.py", python) as free:
        for seed in range(part * SOME, (part + 1) * SOME):
            source = program(seed)
            verdict = held_by_plain_runs(explored_of(explorer, source), free, source)
            kinds[verdict.kind] += 1
            if verdict.kind == "missed":
                wrong.append(f"seed {seed}\n{source}\n{account(verdict)}")
    assert not wrong, "\n".join(wrong)
    assert kinds["held"] > SOME / 4


def test_what_a_program_that_is_stuck_has_printed_is_compared(explorer, oracle):
    """It may start processes, for all that can be told, so where its output goes matters."""
    source = (
        "from concurrent.futures import *\nimport threading\n"
        "thread = threading.Thread(target=Future().result)\nthread.start()\n"
        "print(1, end='')\nthread.join()\n"
    )
    verdict = judged(explored_of(explorer, source), lambda: shown_of(oracle, source, runs=9))
    assert verdict.kind == "held"
    assert verdict.explored == [["1", "deadlock", None, ""]]


def test_an_outcome_that_a_plain_run_shows_and_the_set_lacks_is_found(explorer):
    source = "import threading\nthreading.Thread(target=print, args=(1,)).start()\n"
    explored = explored_of(explorer, source)
    with Answering("plain_runs.py") as plain:
        assert held_by_plain_runs(explored, plain, source).kind == "held"
        explored["outcomes"] = [["2\n", "exit", 0, ""]]
        assert held_by_plain_runs(explored, plain, source).missed == [["1\n", "exit", 0, ""]]


# -- and the other way: what the explorer calls possible can be shown ------------------------------


def unshown(source, explored, oracle):
    """Return the explorer's outcomes that no schedule shows, and nothing where it is too long."""
    brief = shown_of(oracle, source, runs=3)
    if "failed" in brief or brief["opcodes"] > MOST_OPCODES or not explored.get("complete"):
        return None
    shown = shown_of(oracle, source, runs=MOST_SCHEDULES, preemptions=PREEMPTIONS)
    if not shown.get("all"):
        return None
    more = shown_of(oracle, source, runs=300)  # with as many preemptions as it likes
    if "failed" in more:
        return None
    seen = [outcome for outcome, _ in shown["outcomes"] + more["outcomes"]]
    return [
        outcome for outcome in explored["outcomes"] if outcome not in seen and outcome[1] != "never"
    ]


SEEDS = [*range(12), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(12, 36))]


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_possible_is_shown_or_has_a_reason(seed, explorer, oracle):
    source = program(seed, SMALL)
    extra = unshown(source, explored_of(explorer, source), oracle)
    if extra is None:
        pytest.skip("it has too many schedules, or no complete set")
    assert not extra or explained(source), f"{source}\nno schedule shows {extra}"


def test_an_outcome_that_nothing_shows_is_found(explorer, oracle):
    source = "import threading\nthread = threading.Thread(target=int)\nthread.start()\nprint(1)\n"
    explored = explored_of(explorer, source)
    assert unshown(source, explored, oracle) == []
    wrong = ["2\n", "exit", 0, ""]
    explored["outcomes"].append(wrong)
    assert unshown(source, explored, oracle) == [wrong]
    assert not explained(source)


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("print(1, file=x)", [next(iter(PROMISES))]),
        ("collections.Counter('a').update('b')", [list(PROMISES)[1]]),
        ("x.sort()", [list(PROMISES)[2]]),
        ("print(any({x}))", [list(PROMISES)[3]]),
        ("next(enumerate(x))", [list(PROMISES)[4]]),
        ("print(1)\n{}.update({})", []),
    ],
)
def test_a_promise_is_of_what_it_is_about(source, names):
    assert explained(source) == names
