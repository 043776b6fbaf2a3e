"""What built-in functions do with one item before they ask for the next one."""

from __future__ import annotations

import pytest
from found_sets import texts

BEGIN = """
    from threading import Thread
    {made}
    def change():
        {change}
    def show():
        print({shown})
    threads = [Thread(target=change), Thread(target=show)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
"""
COUNTERS = """
    class Counter:
        def __init__(self, n): self.n = n
        def __add__(self, other): return Counter(self.n + other.n)
        def __radd__(self, n): return Counter(self.n + n)
    one, two = Counter(1), Counter(2)
"""


@pytest.mark.parametrize(
    ("made", "change", "shown", "expected"),
    [
        (
            "lists = [[1], [2]]",
            "lists[0].append(5); lists[1] = [7]",
            "sum(lists, [])",
            {"[1, 2]", "[1, 5, 2]", "[1, 5, 7]", "[1, 7]"},
        ),
        (
            COUNTERS,
            "one.n = 10; two.n = 20",
            "sum(each for each in [one, two]).n",
            {"3", "12", "21", "30"},
        ),
        (
            "things = [1]",
            "things.clear()",
            "next(iter(lambda: things, []), 'end')",
            {"end", "[1]", "[]"},
        ),
        (
            "things, last = [1], [2]",
            "last.append(3)",
            "next(iter(iter([[2, 3], [2]]).__next__, last), 'end')",
            {"end", "[2, 3]"},
        ),
    ],
)
def test_each_is_done_with_before_the_next_one(explored, made, change, shown, expected):
    """A sum had all its items before it added any; what ended ``iter`` was compared unseen."""
    found = explored(BEGIN.format(made=made, change=change, shown=shown))
    assert found.complete
    assert texts(found) == {f"{one}\n" for one in expected}


def test_a_number_is_read_of_bytes_that_others_change(explored):
    """The bytes were looked at unseen, as they were last."""
    shown = "int(row), float(row), ord(row), [*map(int, [row])]"
    found = explored(BEGIN.format(made="row = bytearray(b'1')", change="row[0] = 50", shown=shown))
    assert texts(found) == {
        f"{int(one)} {float(two)} {ord(three)} [{int(four)}]\n"
        for one, two, three, four in ("1111", "1112", "1122", "1222", "2222")
    }


@pytest.mark.parametrize(
    "how",
    [
        "dict(pairs)", "dict([*pairs])", "dict(iter(pairs))", "dict(each for each in pairs)",
        "dict(OrderedDict(pairs))", "dict(defaultdict(int, pairs))", "dict(tuple(pairs))",
        "(lambda d: d.update(pairs) or d)({})", "(lambda d: d.update(iter(pairs)) or d)({})",
    ],
)  # fmt: skip
def test_pairs_that_a_dict_is_made_of_are_read(explored, how):
    """What the pairs hold was looked at unseen, as it was last."""
    made = "from collections import *\n    pairs = [['a', 1], ['b', 2]]"
    change = "pairs[0][1] = 5; pairs[1][1] = 6"
    found = explored(BEGIN.format(made=made, change=change, shown=how))
    assert {"{'a': 1, 'b': 2}\n", "{'a': 1, 'b': 6}\n", "{'a': 5, 'b': 6}\n"} <= texts(found)
