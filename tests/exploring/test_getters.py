"""``attrgetter`` and ``methodcaller``, which ask objects for their attributes."""

from __future__ import annotations

import pytest

PROGRAM = """
    import functools, itertools, operator, threading

    class Counter:
        n = 0
        def get(self, *more, times=1):
            return (self.n * times, *more)

    class Holder:
        pass

    getter = {getter}
    counter, holder = Counter(), Holder()
    holder.counter = counter
    Holder.value = property(getter)
    seen = []

    def look():
        value = {use}
        seen.append(value)

    def change():
        counter.n = 1
        counter.n = 2

    threads = [threading.Thread(target=look), threading.Thread(target=change)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    print(seen)
"""
USES = [
    "getter(counter)",
    "list(map(getter, [counter]))[0]",
    "[*itertools.starmap(getter, [(counter,)])][0]",
    "sorted([counter], key=getter) and getter(counter)",
    "functools.partial(getter, counter)()",
    "next(filter(None, map(getter, (counter, counter))), 0)",
    "functools.reduce(lambda _, one: getter(one), [counter], 0)",
    "next(key for key, _ in itertools.groupby([counter], getter))",
    "max([counter], key=getter).n",
]


def outcomes(explored, getter, use):
    """Return what a program can print that looks at an attribute while it is changed."""
    found = explored(PROGRAM.format(getter=getter, use=use))
    assert found.complete
    return {one.outcome.stdout for one in found.outcomes}


@pytest.mark.parametrize("use", USES)
def test_an_attribute_is_read_as_another_thread_changes_it(explored, use):
    """It is as a function that reads the attribute itself."""
    by_hand = outcomes(explored, "lambda one: one.n", use)
    assert outcomes(explored, "operator.attrgetter('n')", use) == by_hand
    assert len(by_hand) > 1


@pytest.mark.parametrize(
    ("getter", "by_hand", "use"),
    [
        ("attrgetter('counter.n')", "lambda one: one.counter.n", "getter(holder)"),
        ("attrgetter('counter.n')", "lambda one: one.counter.n", "holder.value"),
        (
            "attrgetter('n', 'n')",
            "lambda one: (one.n, one.n)",
            "getter(counter)",
        ),
        ("methodcaller('get')", "lambda one: one.get()", "getter(counter)"),
        ("methodcaller('get', 7)", "lambda one: one.get(7)", "getter(counter)"),
        (
            "methodcaller('get', 7, times=3)",
            "lambda one: one.get(7, times=3)",
            "[*map(getter, [counter])]",
        ),
        ("methodcaller('copy')", "lambda one: one.copy()", "getter([counter.n])"),
    ],
)
def test_each_step_is_one(explored, getter, by_hand, use):
    """A path, several attributes and a method are asked for one by one."""
    assert outcomes(explored, f"operator.{getter}", use) == outcomes(explored, by_hand, use)


def test_what_is_wrong_is_said_as_python_says_it(explored):
    """The messages are Python's own."""
    [one] = explored("""
        from operator import attrgetter, methodcaller
        for call in (
            lambda: attrgetter("x.y")(1), lambda: attrgetter("x")(), lambda: attrgetter(1),
            lambda: methodcaller("x", 1)(2), lambda: methodcaller("x")(1, 2),
        ):
            try:
                call()
            except (AttributeError, TypeError) as error:
                print(error)
        print(attrgetter("x", "y"), methodcaller("x", 1, y=2))
    """).outcomes
    assert one.outcome.stdout == (
        "'int' object has no attribute 'x'\n"
        "attrgetter expected 1 argument, got 0\n"
        "attribute name must be a string\n"
        "'int' object has no attribute 'x'\n"
        "methodcaller expected 1 argument, got 2\n"
        "operator.attrgetter('x', 'y') operator.methodcaller('x', 1, y=2)\n"
    )
