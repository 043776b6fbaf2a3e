"""The explorer and a brute force over all interleavings agree on random small programs.

Hundreds more are there for ``pytest -m slow``, and no more, since they are always the same ones;
``ANYORDER_PROGRAMS`` asks for so many in each part that nobody has seen before.
"""

from __future__ import annotations

import math
import os
import random
from typing import TYPE_CHECKING

import pytest
from brute_force import fewest_preemptions, outcomes, rendered
from hypothesis import HealthCheck, given, note, seed, settings
from hypothesis import strategies as st

from anyorder.exploring import explore
from anyorder.exploring.explorer import Explorer
from anyorder.exploring.search.bounded import Bounded
from anyorder.exploring.search.graph import Paths

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FEW = 50
MANY = int(os.environ.get("ANYORDER_PROGRAMS", "35"))  # in each part
NEW = "ANYORDER_PROGRAMS" in os.environ
MOST_EXECUTIONS = 400
MOST_STATES = 20_000

names = st.sampled_from(["x", "y"])
small = st.integers(1, 2)


def simple(*extra: st.SearchStrategy) -> st.SearchStrategy:
    return st.one_of(
        st.tuples(st.just("set"), names, st.integers(0, 2)),
        st.tuples(st.just("add"), names),
        st.tuples(st.just("print"), names),
        st.tuples(st.just("say"), st.sampled_from("pq")),
        st.tuples(st.just("append"), small),
        st.tuples(st.just("length")),
        st.tuples(st.just("key"), small),
        st.tuples(st.just("keys")),
        st.tuples(st.just("has"), small),
        st.tuples(st.just("try"), st.sampled_from("ab")),
        st.tuples(st.just("timed"), st.sampled_from("ab")),
        st.sampled_from(
            [
                ("event set",),
                ("event clear",),
                ("event wait",),
                ("event timed",),
                ("get",),
                ("put", 1),
                ("put", 2),
                ("take",),
                ("give",),
                ("spin", "x"),
                ("spin", "y"),
            ]
        ),
        *extra,
    )


def nested(inner: st.SearchStrategy) -> st.SearchStrategy:
    body = st.lists(inner, min_size=0, max_size=2)
    return st.one_of(
        st.tuples(st.just("with"), st.sampled_from("ab"), body),
        st.tuples(st.just("if"), names, body),
        st.tuples(
            st.just("with"),
            st.just("c"),
            st.lists(
                st.one_of(
                    st.sampled_from([("wait",), ("timed wait",), ("notify",), ("notify all",)]),
                    simple(),
                ),
                min_size=1,
                max_size=3,
            ),
        ),
    )


statements = st.one_of(simple(), nested(simple(nested(simple()))))
programs = st.lists(st.lists(statements, min_size=1, max_size=3), min_size=2, max_size=3)


def reenters(body: list, held: frozenset[str] = frozenset()) -> bool:
    """Whether a thread takes a lock that it holds: it would only wait for itself."""
    for what, *args in body:
        if what == "with" and (args[0] in held or reenters(args[1], held | {args[0]})):
            return True
        if what == "if" and reenters(args[1], held):
            return True
    return False


always_the_same = settings(
    deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None
)


@settings(always_the_same, max_examples=FEW)
@given(threads=programs)
def test_agreement(tmp_path_factory, threads):
    agree(tmp_path_factory, threads)


# each is a test of its own, so that several processes share them
in_parts = pytest.mark.parametrize("part", range(4))


def on_many(part: int, agreed: Callable[..., None], tmp_path_factory: object) -> None:
    """Find out whether many programs agree, others in each part."""
    first = random.randrange(10**9) if NEW else 0

    @seed(first + part)
    @settings(always_the_same, max_examples=MANY)
    @given(threads=programs)
    def each(threads: list) -> None:
        agreed(tmp_path_factory, threads)

    each()


@pytest.mark.slow
@in_parts
def test_agreement_on_hundreds(tmp_path_factory, part):
    on_many(part, agree, tmp_path_factory)


def explorer_of(tmp_path_factory, threads):
    """Return what explores a program, which is written for it."""
    program: Path = tmp_path_factory.getbasetemp() / "program.py"
    source = rendered(threads)
    program.write_text(source, encoding="utf-8")
    note(source)
    return Explorer(program, MOST_EXECUTIONS, None, 1_000, None)


def agree(tmp_path_factory, threads):
    """The outcome sets are equal, and no execution is spent on a trace already seen."""
    expected = outcomes(threads, MOST_STATES)
    if expected is None:
        return
    found = explorer_of(tmp_path_factory, threads).search()
    got = {(outcome.stdout, str(outcome.ends)) for outcome in found.numbers}
    assert not [outcome.stderr for outcome in found.numbers if outcome.stderr]
    if found.limit is None:
        assert got == expected
    else:
        assert got <= expected
    paths = Paths("program.py", 0)
    assert len({tuple(sorted(paths.names_of(trace))) for trace in found.traces}) == found.executions
    assert found.redundant == 0


@settings(always_the_same, max_examples=FEW)
@given(threads=programs)
def test_fewest_preemptions(tmp_path_factory, threads):
    agree_by_preemptions(tmp_path_factory, threads)


@pytest.mark.slow
@in_parts
def test_fewest_preemptions_on_hundreds(tmp_path_factory, part):
    on_many(part, agree_by_preemptions, tmp_path_factory)


def agree_by_preemptions(tmp_path_factory, threads):
    """Each bound that is finished has the outcomes with so few preemptions, and no others."""
    expected = fewest_preemptions(threads, MOST_STATES)
    if expected is None:
        return
    explorer = explorer_of(tmp_path_factory, threads)
    found = explorer.searched(lambda program: explorer.search_with(program, Bounded()))
    got = {
        (outcome.stdout, str(outcome.ends)): found.preemptions[number]
        for outcome, number in found.numbers.items()
    }
    assert found.bounds
    finished = len(found.bounds) if found.limit is not None else math.inf
    # with as many as are being tried when the limit is reached, some are there
    assert {one: fewest for one, fewest in got.items() if fewest < finished} == {
        one: fewest for one, fewest in expected.items() if fewest < finished
    }
    assert all(expected[one] == fewest for one, fewest in got.items())
    assert [bound.outcomes for bound in found.bounds] == [
        sum(fewest <= bound for fewest in expected.values()) for bound in range(len(found.bounds))
    ]


def test_it_would_notice(tmp_path):
    """The comparison is between two different things: another program has other outcomes."""
    threads = [[("add", "x")], [("add", "x")]]
    program = tmp_path / "program.py"
    program.write_text(
        rendered([[("add", "x")], [("with", "a", [("add", "x")])]]), encoding="utf-8"
    )
    lost = {(one.outcome.stdout, "exit") for one in explore(program).outcomes}
    assert lost == outcomes(threads)
    locked = [[("with", "a", [("add", "x")])]] * 2
    assert lost != outcomes(locked)
