"""Iterators over others that several threads ask: C code that crashes where nothing keeps those."""

from __future__ import annotations

import itertools
from textwrap import indent

import pytest

from anyorder.exploring import CannotExplore

PROGRAM = """
from itertools import *
from threading import Lock, Thread

n = 0
guard = Lock()

def numbers():
    yield 1
    yield 2

def lists():
    yield [1]
    yield [2]

def small(number):
    global n
    n += 1
    return number < 1

class Numbers:
    left = 2
    def __iter__(self):
        return self
    def __next__(self):
        self.left -= 1
        if self.left < 0:
            raise StopIteration
        return self.left

def take():
{how}

{setup}
threads = [Thread(target=take) for _ in range(2)]
for thread in threads:
    thread.start()
{before}
for thread in threads:
    thread.join()
"""
NEXT = """
try:
    next(shared)
except StopIteration:
    pass
"""
NEEDS_BATCHED = pytest.mark.skipif(not hasattr(itertools, "batched"), reason="new in 3.12")
# what each of these lets go of, another thread may be asking
CRASHING = [
    "islice(numbers(), 2)",
    "pairwise(numbers())",
    "chain.from_iterable(lists())",
    "islice(filter(small, [1, 2]), 2)",
    "chain(filter(small, [1, 2]))",
    "cycle(filter(small, [1, 2]))",
    "zip_longest(filter(small, [1, 2]), [1, 2])",
    "islice(Numbers(), 1, 9)",
    pytest.param("batched(numbers(), 2)", marks=NEEDS_BATCHED),
]


def program(setup, how=NEXT, before=""):
    """Return a program in which two threads ask an iterator."""
    return PROGRAM.format(setup=setup, how=indent(how, "    "), before=before)


@pytest.mark.parametrize("shared", CRASHING)
def test_what_crashes_is_refused_by_name(explored, shared):
    word = shared.partition("(")[0].partition(".")[0]
    with pytest.raises(CannotExplore, match=rf"program\.py:\d+: {word} lets go .* under a lock"):
        explored(program(f"shared = {shared}"))


@pytest.mark.parametrize("shared", CRASHING)
def test_under_a_lock_nothing_crashes(explored, shared):
    how = "with guard:" + indent(NEXT, "    ")
    assert explored(program(f"shared = {shared}", how)).complete


@pytest.mark.parametrize(
    ("setup", "errors"),
    [
        ("kept = numbers()\nshared = islice(kept, 2)", True),
        ("kept = filter(small, [1, 2])\nshared = chain(kept)", False),
        ("shared = chain(Numbers())", False),
        ("shared = cycle(Numbers())", False),
        ("shared = chain(numbers())", True),
        ("shared = enumerate(numbers())", True),
        ("shared = takewhile(small, [1, 2])", False),
        ("shared = islice([1, 2, 3], 1, 3)", False),
    ],
)
def test_what_something_keeps_is_explored(explored, setup, errors):
    found = explored(program(setup))
    assert found.complete
    said = [one.outcome.stderr for one in found.outcomes]
    assert any("generator already executing" in one for one in said) == errors


def test_a_variable_that_another_thread_deletes_keeps_nothing(explored):
    setup = "kept = numbers()\nshared = islice(kept, 2)"
    with pytest.raises(CannotExplore, match="islice lets go"):
        explored(program(setup, before="del kept"))


def test_what_two_threads_find_at_its_end_is_let_go_of_twice(explored):
    setup = "kept = Numbers()\nshared = zip_longest(kept, 'abcd', 'abcd')"
    assert explored(program(setup)).complete
    with pytest.raises(CannotExplore, match="zip_longest lets go"):
        explored(program(setup, how=NEXT * 2))


@NEEDS_BATCHED
def test_a_batch_ends_at_the_first_error_of_what_it_asks(explored):
    found = explored("""
        from itertools import batched

        class Numbers:
            left = 3
            def __iter__(self):
                return self
            def __next__(self):
                self.left -= 1
                if self.left == 1:
                    raise KeyError
                return self.left

        batches = batched(Numbers(), 1)
        print(next(batches))
        try:
            next(batches)
        except KeyError:
            print(next(batches, "over"))
    """)
    assert [one.outcome.stdout for one in found.outcomes] == ["(2,)\nover\n"]


def test_a_number_may_go_to_the_item_of_another_thread(explored):
    """A free-threaded 3.13 shows this, however rarely: nothing binds the number to the item."""
    found = explored("""
        from threading import Thread

        def letters():
            yield "a"
            yield "b"

        taken = []
        def take():
            taken.append(next(numbered))

        numbered = enumerate(letters())
        threads = [Thread(target=take) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        print(sorted(taken))
    """)
    assert {one.outcome.stdout for one in found.outcomes} == {
        "[(0, 'a')]\n", "[(0, 'a'), (1, 'b')]\n", "[(0, 'b'), (1, 'a')]\n",
    }  # fmt: skip
