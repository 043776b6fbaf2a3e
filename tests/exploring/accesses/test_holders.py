"""What holds others and never changes itself, of classes that a program has derived from them."""

from __future__ import annotations

import pytest
from found_sets import texts

BEGIN = """
    from collections import namedtuple
    from enum import Enum
    from functools import partial
    from threading import Thread
    from typing import NamedTuple
    {made}
    things = [1]
    it = {it}
    def change():
        things.append(2)
    def show():
        print({shown})
    threads = [Thread(target=change), Thread(target=show)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
"""
NAMED = "class It(namedtuple('It', 'x y')): pass"
TYPED = "class It(NamedTuple):\n        x: list\n        y: int"
OWN = "class It(tuple): pass"
MEMBER = "class It(Enum):\n        HERE = [1]"
EQUAL = f"{TYPED}\n        def __eq__(self, other): return len(self.x) == other"


@pytest.mark.parametrize(
    ("made", "it", "shown", "expected"),
    [
        (NAMED, "It(things, 0)", "it", {"It(x=[1], y=0)", "It(x=[1, 2], y=0)"}),
        (NAMED, "It(things, 0)", "[it]", {"[It(x=[1], y=0)]", "[It(x=[1, 2], y=0)]"}),
        (NAMED, "It(things, 0)", "it == It([1], 0)", {"True", "False"}),
        (NAMED, "It(things, 0)", "it < It([1, 1], 0)", {"True", "False"}),
        (NAMED, "It(things, 0)", "[1] in it", {"True", "False"}),
        (NAMED, "It(things, 0)", "it.count([1])", {"1", "0"}),
        (TYPED, "It(things, 0)", "[1] in it", {"True", "False"}),
        (OWN, "It([things])", "f'{it}'", {"([1],)", "([1, 2],)"}),
        (OWN, "It([things])", "it != It([[1]])", {"True", "False"}),
        ("class It(frozenset): pass", "It('a'), things", "it", {
            "(It({'a'}), [1])", "(It({'a'}), [1, 2])",
        }),
        (EQUAL, "It(things, 0)", "it == 1", {"True", "False"}),
        (MEMBER, "It.HERE", "repr(it)", {"<It.HERE: [1]>"}),
        ("class It(partial): pass", "It(len, things)", "f'{it!r}'.endswith('[1])')", {
            "True", "False",
        }),
    ],
)  # fmt: skip
def test_what_they_hold_is_looked_at_as_deep_as_python_looks(explored, made, it, shown, expected):
    """Where a class of the program's has attributes too, what it holds was read as it was last."""
    found = explored(BEGIN.format(made=made, it=it, shown=shown))
    assert found.complete
    assert texts(found) == {f"{one}\n" for one in expected}


def test_the_text_of_a_member_shows_what_its_value_is_then(explored):
    source = BEGIN.format(made=MEMBER, it="It.HERE", shown="repr(it)")
    found = explored(source.replace("things = [1]", "things = It.HERE.value"))
    assert texts(found) == {"<It.HERE: [1]>\n", "<It.HERE: [1, 2]>\n"}


def test_a_comparison_of_its_own_is_not_taken_for_that_of_a_tuple(explored):
    """Both lists are shared, so the tuples would be compared item by item."""
    found = explored("""
        from threading import Thread
        from typing import NamedTuple
        class It(NamedTuple):
            x: list
            y: list
            def __eq__(self, other): return "own"
        it = It([1], [2])
        def change():
            it.x.append(2)
            it.y.append(3)
        thread = Thread(target=change)
        thread.start()
        print(it == It([1], [2]))
        thread.join()
    """)
    assert texts(found) == {"own\n"}


def test_attributes_beside_what_they_hold_are_followed(explored):
    found = explored("""
        from threading import Thread
        class It(tuple): pass
        it = It([1])
        it.count_of = 0
        def add(): it.count_of += 1
        threads = [Thread(target=add) for _ in range(2)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
        print(it.count_of, *it, len(it), it[0])
    """)
    assert texts(found) == {"1 1 1 1\n", "2 1 1 1\n"}
