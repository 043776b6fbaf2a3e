"""Iterators over others that several threads ask: C code that crashes where nothing keeps those."""

from __future__ import annotations

import itertools
from textwrap import indent

import pytest

from anyorder.exploring import CannotExplore

PROGRAM = """
from concurrent.futures import ThreadPoolExecutor
from itertools import *
from re import finditer
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
    n = number
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
    "islice(Numbers(), 1, 9)",
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
    ],
)
def test_what_something_keeps_is_explored(explored, setup, errors):
    found = explored(program(setup))
    assert found.complete
    said = [one.outcome.stderr for one in found.outcomes]
    assert any("generator already executing" in one for one in said) == errors


def test_an_islice_may_count_two_items_as_one_without_a_gil(explored):
    """A free-threaded 3.13 shows this in loops: it gives more items than it should."""
    found = explored("""
        from itertools import islice
        from threading import Thread

        class Ones:
            def __iter__(self):
                return self
            def __next__(self):
                return 1

        def take():
            next(shared)

        shared = islice(Ones(), 2)
        threads = [Thread(target=take) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        print(list(shared))
    """)
    assert found.complete
    reached = {one.outcome.stdout: one.reachable["pipe"] for one in found.outcomes}
    assert reached == {"[]\n": True, "[1]\n": False}


TAKE = """
taken.append(next(shared, None))
"""
# what two threads may get: with a GIL each another item, and without one the same
ONE_BY_ONE = {
    "iter([1, 2])": ["[1, 1]", "[1, 2]"],
    "iter((1, 2))": ["[1, 1]", "[1, 2]"],
    "iter('ab')": ["['a', 'a']", "['a', 'b']"],
    "iter(b'ab')": ["[97, 97]", "[97, 98]"],
    "count(1)": ["[1, 1]", "[1, 2]"],
    "map(str, [1, 2])": ["['1', '1']", "['1', '2']"],
    "filter(None, [0, 1])": ["[1, 1]", "[1, None]"],
    "takewhile(bool, [1, 2])": ["[1, 1]", "[1, 2]"],
    "dropwhile(callable, [1, 2])": ["[1, 1]", "[1, 2]"],
}
UNKNOWN = [
    "iter(range(2))", "iter({1: 2})", "iter({1: 2}.items())", "iter({1, 2})", "reversed([1, 2])",
    "iter(frozenset((1, 2)))", "iter(bytearray(b'ab'))", "reversed({1: 2})", "repeat(1, 2)",
    "islice([1, 2, 3], 1, 3)", "product([1, 2])", "permutations('ab')", "accumulate([1, 2])",
    "cycle([1])", "pairwise([1, 2, 3])", "zip_longest([1, 2])", "enumerate('ab')", "zip('ab')",
    "chain([1], [2])", "chain.from_iterable([[1], [2]])", "tee([1, 2])[0]", "map(str, range(2))",
    # code of the program's own runs in their midst, or of the library's
    "accumulate(numbers())", "zip_longest(Numbers(), [1, 2])", "groupby(numbers())",
    "iter(taken.copy, [])", "iter(numbers().__next__, 2)", "finditer('a', 'aa')",
    "ThreadPoolExecutor().map(abs, [1, 2])",
    pytest.param("batched(numbers(), 2)", marks=NEEDS_BATCHED),
]  # fmt: skip


@pytest.mark.parametrize("shared", ONE_BY_ONE)
def test_two_threads_may_get_the_same_item_without_a_gil(explored, shared):
    found = explored(
        program(f"shared = {shared}\ntaken = []", TAKE) + "\nprint(sorted(taken, key=repr))\n"
    )
    reached = {one.outcome.stdout.strip(): one.reachable["pipe"] for one in found.outcomes}
    assert sorted(reached) == ONE_BY_ONE[shared]
    assert list(dict(sorted(reached.items())).values()) == [False, True]


@pytest.mark.parametrize("shared", UNKNOWN)
def test_where_an_iterator_is_not_known_to_be_no_two_threads_ask_it_at_once(explored, shared):
    setup = f"taken = []\nshared = {shared}"
    with pytest.raises(CannotExplore, match=r"program\.py:\d+: threads ask one .* under a lock"):
        explored(program(setup, TAKE))
    assert explored(program(setup, "with guard:" + indent(TAKE, "    "))).complete


def test_a_variable_that_another_thread_deletes_keeps_nothing(explored):
    setup = "kept = numbers()\nshared = islice(kept, 2)"
    with pytest.raises(CannotExplore, match="islice lets go"):
        explored(program(setup, before="del kept"))


def test_a_cycle_is_unknown_once_it_goes_through_what_it_has_saved(explored):
    setup = "shared = cycle(Numbers())\n{}"
    assert explored(program(setup.format(""))).complete
    with pytest.raises(CannotExplore, match="threads ask one cycle"):
        explored(program(setup.format("for _ in range(3): next(shared)")))


AGAIN = """
    from itertools import zip_longest

    class Asking:
        left = 1
        def __iter__(self):
            return self
        def __next__(self):
            if self.left:
                self.left = 0
                next(shared, None)
            raise StopIteration

    shared = zip_longest(Asking(), "ab", "ab")
    next(shared)
"""


def test_what_is_let_go_of_twice_is_refused(explored):
    with pytest.raises(CannotExplore, match=r"program\.py:\d+: zip_longest lets go"):
        explored(AGAIN)


def test_what_makes_an_iterator_by_code_of_its_own_is_no_single_step(explored):
    """Another thread may begin with the next iterable meanwhile, and be overtaken."""
    found = explored("""
        from itertools import chain
        from threading import Thread

        n = 0
        class Box:
            def __init__(self, *items):
                self.items = items
            def __iter__(self):
                global n
                n = len(self.items)
                return iter(self.items)

        taken = []
        def take():
            taken.append(next(shared))

        shared = chain(Box(1, 2), Box(3))
        threads = [Thread(target=take) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        print(sorted(taken), list(shared))
    """)
    assert {one.outcome.stdout for one in found.outcomes} >= {
        "[1, 2] [3]\n", "[1, 3] []\n", "[1, 3] [2]\n",
    }  # fmt: skip


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
    """A free-threaded 3.13 shows this, however rarely: nothing binds the number to the item.

    Nor is the number read and written in one step.
    """
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
        "[(0, 'a')]\n", "[(0, 'a'), (0, 'b')]\n", "[(0, 'a'), (1, 'b')]\n",
        "[(0, 'b'), (1, 'a')]\n",
    }  # fmt: skip


ENDING = """
from threading import Thread

n = 0

def changed():
    global n
    n = 1

def fails(number):
    changed()
    if number:
        raise KeyError

def numbers():
    global n
    yield 1
    {end}

shared = {shared}
next(shared)

def go_on():
    try:
        {ask}
    except (KeyError, StopIteration):
        pass

def look():
    if n:
        try:
            next(shared)
        except StopIteration:
            print("over")
        except ValueError:
            print("executing")

threads = [Thread(target=go_on), Thread(target=look)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""


def ending(end="n = 1", shared="numbers()", ask="next(shared)"):
    """Return a program in which a thread asks a generator that another one brings to its end."""
    return ENDING.format(end=end, shared=shared, ask=ask)


@pytest.mark.parametrize(
    "how",
    [
        {},
        {"end": "n = 1; return 5"},
        {"end": "n = 1; raise KeyError"},
        {"end": "n = 1; {}[0]"},
        {"end": "fails(1)"},
        {"end": "try: return\n    finally: n = 1"},
        {"end": "yield from [changed()][1:]"},
        {"shared": "(one for one in numbers())"},
        {"end": "try: yield 2\n    finally: n = 1", "ask": "next(shared); shared.close()"},
        {"end": "try: yield 2\n    finally: n = 1", "ask": "next(shared); shared.throw(KeyError)"},
    ],
)
def test_a_generator_executes_up_to_its_end(explored, how):
    """However it ends: another thread may find it executing still, or over."""
    found = explored(ending(**how))
    assert found.complete
    printed = {one.outcome.stdout for one in found.outcomes}
    assert printed - {""} == {"over\n", "executing\n"}


def test_an_error_that_ends_a_generator_expression_is_refused(explored):
    shared = "(fails(number) for number in [0, 1])"
    with pytest.raises(CannotExplore, match="write a generator function"):
        explored(ending(shared=shared))
    alone = ending(shared=shared).replace("if n:", "if False:")
    assert explored(alone).complete
