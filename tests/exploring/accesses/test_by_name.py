"""What a class written in C does, where the program's class below it has methods of its own."""

from __future__ import annotations

import pytest

from anyorder.exploring import CannotExplore

PROGRAM = """
import threading
from collections import Counter, OrderedDict, defaultdict, deque, namedtuple
from types import SimpleNamespace
l = [1]
class C({base}):
    {method}
x = C({args})
def work():
    {work}
thread = threading.Thread(target=work)
thread.start()
print({shown})
thread.join()
"""
REPR = "def __repr__(self): return 'C' + super().__repr__()"
STR = "def __str__(self): return 'C' + super().__str__()"
SAME = "def __{0}__(self, o): return super().__{0}__(o)"
EQ, NE, LT = map(SAME.format, ("eq", "ne", "lt"))
EQUAL, UNEQUAL = (f"def __{name}__(self, o): return True" for name in ("eq", "ne"))
BOTH = {"True", "False"}
TEXTS, SHORTER = {"C[1]", "C[1, 2]"}, {"[1]", "[1, 2]"}
ADDS = "x.append(2)"
LOOKS = [
    ("list", REPR, "l", ADDS, "x", TEXTS),
    ("list", REPR, "l", ADDS, "[x]", {"[C[1]]", "[C[1, 2]]"}),
    ("list", REPR, "l", ADDS, "f'{x!r:>9}'", {"    C[1]".rjust(9), "  C[1, 2]".rjust(9)}),
    ("list", STR, "l", ADDS, "x", TEXTS),
    ("list", f"{REPR}\n    {STR}", "l", ADDS, "x", {"CC[1]", "CC[1, 2]"}),
    ("list", "__repr__ = lambda self: list.__repr__(self)", "l", ADDS, "x", SHORTER),
    ("list", "def __repr__(self): return object.__str__(list(self))", "l", ADDS, "x", SHORTER),
    ("list", "def __format__(self, s): return super().__format__(s)", "l", ADDS, "f'{x}'", SHORTER),
    ("dict", REPR, "a=1", "x['b'] = 2", "x", {"C{'a': 1}", "C{'a': 1, 'b': 2}"}),
    ("set", REPR, "l", "x.add(2)", "x", {"CC({1})", "CC({1, 2})"}),
    ("bytearray", REPR, "b'a'", "x[0] = 98", "repr(x)", {"CC(b'a')", "CC(b'b')"}),
    ("SimpleNamespace", REPR, "a=1", "x.a = 2", "x", {"CC(a=1)", "CC(a=2)"}),
    ("ValueError", REPR, "1", "x.args = (2,)", "repr(x)", {"CC(1)", "CC(2)"}),
    ("ValueError", STR, "1", "x.args = (2,)", "x", {"C1", "C2"}),
    ("tuple", REPR, "(l,)", "l.append(2)", "x", {"C([1],)", "C([1, 2],)"}),
    ("namedtuple('N', 'a')", REPR, "l", "l.append(2)", "x", {"CC(a=[1])", "CC(a=[1, 2])"}),
    ("list", EQ, "l", ADDS, "x == [1]", BOTH),
    ("list", EQ, "l", ADDS, "[1] in [x]", BOTH),
    ("list", NE, "l", ADDS, "x != [1]", BOTH),
    ("list", LT, "l", "x[0] = 3", "sorted([[2], x])[0]", {"[1]", "[2]", "[3]"}),
    ("list", UNEQUAL, "l", ADDS, "x == [1]", BOTH),
    ("list", EQUAL, "l", "x[0] = 3", "x < [2]", BOTH),
    ("list", EQUAL, "l", ADDS, "x != [1]", BOTH),
    ("tuple", UNEQUAL, "(l,)", "l[0] = 2", "x == ([1],)", BOTH),
    ("bytearray", REPR, "b'a'", "x[0] = 98", "x", {"C(b'a')", "C(b'b')"}),
    ("tuple", EQ, "(l,)", "l.append(2)", "x == ([1],)", BOTH),
]  # fmt: skip


@pytest.mark.parametrize("case", LOOKS, ids=lambda case: f"{case[4]} of {case[0]}, {case[1]}")
def test_it_is_looked_at_as_it_is_now(explored, case):
    *parts, expected = case
    names = ("base", "method", "args", "work", "shown")
    found = explored(PROGRAM.format(**dict(zip(names, parts, strict=True))))
    assert found.complete
    assert {one.outcome.stdout.removesuffix("\n") for one in found.outcomes} == expected


@pytest.mark.parametrize(
    ("base", "args", "work"),
    [("deque", "l", ADDS), ("Counter", "l", "x[2] += 1")],
)
def test_what_goes_item_by_item_is_refused(explored, base, args, work):
    text = PROGRAM.format(base=base, method=REPR, args=args, work=work, shown="x")
    with pytest.raises(CannotExplore, match="item"):
        explored(text)


def test_what_object_has_asks_the_class_of_the_object(explored):
    """It is not the list that is shown, but what the class shows of it."""
    found = explored("""
        class C(list):
            def __repr__(self): return f"{len(self)} items"
        print(object.__str__(C([1, 2])), object.__format__(C([1]), ""))
    """)
    [only] = found.outcomes
    assert only.outcome.stdout == "2 items 1 items\n"
