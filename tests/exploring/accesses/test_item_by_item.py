"""What built-in functions do with one item before they ask for the next one."""

from __future__ import annotations

from textwrap import dedent

import pytest
from found_sets import texts
from small_programs import CHANGED_WHILE_SHOWN

from anyorder.exploring import CannotExplore
from anyorder.exploring.accesses.lists import SIZED_FIRST

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
    found = explored(CHANGED_WHILE_SHOWN.format(made=made, change=change, shown=shown))
    assert found.complete
    assert texts(found) == {f"{one}\n" for one in expected}


def test_a_number_is_read_of_bytes_that_others_change(explored):
    """The bytes were looked at unseen, as they were last."""
    shown = "int(row), float(row), ord(row), [*map(int, [row])]"
    found = explored(
        CHANGED_WHILE_SHOWN.format(made="row = bytearray(b'1')", change="row[0] = 50", shown=shown)
    )
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
    found = explored(CHANGED_WHILE_SHOWN.format(made=made, change=change, shown=how))
    assert {"{'a': 1, 'b': 2}\n", "{'a': 1, 'b': 6}\n", "{'a': 5, 'b': 6}\n"} <= texts(found)


def test_a_list_is_counted_before_a_slice_of_it_is_set_to_what_is_asked_for_items(explored):
    """It was counted when all items were there, as newer Pythons do."""
    shown = "items.__setitem__(slice(-1, None), (one for one in [7])) or items"
    found = explored(
        CHANGED_WHILE_SHOWN.format(made="items = [1]", change="items.insert(0, 2)", shown=shown)
    )
    assert found.complete
    in_between = {"[7, 1]\n"} if SIZED_FIRST[True] else set()
    assert texts(found) == {"[7]\n", "[2, 7]\n", *in_between}


@pytest.mark.skipif(not SIZED_FIRST[False], reason="counts the list once the items are there")
def test_a_slice_with_a_step_that_may_get_shorter_meanwhile_is_refused(explored):
    shown = "items.__setitem__(slice(None, None, 2), (one for one in [7]))"
    with pytest.raises(CannotExplore, match=r"set it to list\(\.\.\.\) of that"):
        explored(CHANGED_WHILE_SHOWN.format(made="items = [1]", change="items.pop()", shown=shown))


@pytest.mark.parametrize("kind", ["list", "deque"])
def test_a_limit_from_the_end_is_counted_before_a_list_is_gone_through(explored, kind):
    """How long it is was looked at unseen."""
    found = explored(f"""
        from collections import deque
        from threading import Thread
        items = {kind}([1, 3])
        def find():
            print(end="find ")
            try: print(items.index(3, -1))
            except RuntimeError: print("changed")
        thread = Thread(target=find)
        thread.start()
        print(end="add ")
        items.append(3)
        thread.join()
    """)
    assert found.complete
    in_order = {one for one in texts(found) if one.startswith("find add ")}
    changed = {"find add changed\n"} if kind == "deque" else set()
    assert in_order == {"find add 1\n", "find add 2\n", *changed}


NUMBERS = """
    import enum
    class Member(enum.IntEnum): ONE = 1
    class Int(int): pass
    class Float(float): pass
    class Complex(complex): pass
    class Asked(int):
        def __radd__(self, other): return int(self) + other + 100
    class Half(float):
        def __radd__(self, other): return 0.5
    for one in Member.ONE, Int(1), Float(0.1), Complex(1), Asked(1), Half(1):
        print(sum([0.1] * 10 + [one] + [0.1] * 10), sum([0.1j] * 10 + [one] + [0.1] * 10))
        print(sum([1e16, 1.0, one, 1.0, -1e16]), sum([one] + [0.1] * 10), sum([0.1] * 10, one))
        print(sum([1.0, one] + [0.1] * 10, 2j), sum([2**70, one, 0.1, one]))
"""


def test_a_sum_of_numbers_of_own_classes_is_what_python_makes_of_it(explored, capsys):
    """Python adds fractions in a way of its own, and goes on with that past such a number."""
    exec(dedent(NUMBERS), {"__name__": "__main__"})
    assert texts(explored(NUMBERS)) == {capsys.readouterr().out}


@pytest.mark.parametrize(
    ("base", "before", "after"),
    [
        ("int", "1", "2"),
        ("float", "1.0", "2.0"),
        ("bytes", "b'1'", "b'2'"),
        ("bytearray", "Own(b'1')", "Own(b'2')"),
        ("str", "bytearray(b'1')", "bytearray(b'2')"),
        ("list", "[49]", "[50]"),
        ("deque", "Own([49])", "Own([50])"),
        ("tuple", "(49,)", "(50,)"),
        *((one, "Own({49})", "Own({50})") for one in ("set", "frozenset")),
        ("Counter", "Own({49: 1})", "Own({50: 1})"),
    ],
)
def test_a_class_derived_from_a_built_in_one_reads_as_that_does(explored, base, before, after):
    """What an object of such a class was made of was looked at unseen, as it was last."""
    made = f"""
    from collections import Counter, deque
    class Own({base}): pass
    row = bytearray(b'1')"""
    begin = CHANGED_WHILE_SHOWN.format(made=made, change="row[0] = 50", shown="Own(row)")
    assert texts(explored(begin)) == {f"{before}\n", f"{after}\n"}


@pytest.mark.parametrize(
    "code",
    [
        "class Own(tuple):\n        def __init__(self, _): pass",
        "class Own(list):\n        def __new__(cls, _): return super().__new__(cls)",
    ],
)
def test_what_is_read_twice_as_an_object_is_made_is_refused(explored, code):
    """One of ``__new__`` and ``__init__`` is the program's own, and the other one reads unseen."""
    program = CHANGED_WHILE_SHOWN.format(
        made=f"{code}\n    row = [1]", change="row[0] = 2", shown="Own(row)"
    )
    with pytest.raises(CannotExplore, match=r"threads share a list, and what .*Own does with it"):
        explored(program)


KEYS = """
    from collections import OrderedDict, defaultdict
    from threading import Thread
    class Own:
        def keys(self): return names
        def __getitem__(self, name): return name * 2
    names = ["a"]
    def change(): names[0] = "b"
    thread = Thread(target=change); thread.start()
    print({make})
    thread.join()
"""


@pytest.mark.parametrize("make", ["dict({})", "OrderedDict({})", "defaultdict(None, {})"])
def test_a_dict_is_made_of_what_has_keys(explored, make):
    """It was an error for two of them, and which keys there are was looked at unseen by one."""
    found = explored(KEYS.format(make=f"dict({make.format('Own()')})"))
    assert texts(found) == {"{'a': 'aa'}\n", "{'b': 'bb'}\n"}


def test_each_field_of_a_text_reads_its_item(explored):
    """Two fields of one item were one read, and an item that a defaultdict makes was unseen."""
    twice = CHANGED_WHILE_SHOWN.format(
        made="d = {'a': [1]}", change="d['a'][0] = 2", shown="'%(a)s%(a)r' % d"
    )
    assert texts(explored(twice)) == {"[1][1]\n", "[1][2]\n", "[2][2]\n"}
    made = "from collections import defaultdict\n    d, sizes = defaultdict(int), []"
    asked = "'%(a)d' % d, end=''); thread.join(); print(*sizes"
    program = CHANGED_WHILE_SHOWN.format(made=made, change="sizes.append(len(d))", shown=asked)
    program = program.replace("[Thread(target=change), Thread(target=show)]", "[]").replace(
        "for thread in threads: thread.start()",
        "thread = Thread(target=change); thread.start(); show()",
    )
    assert texts(explored(program)) == {"00\n", "01\n"}


REFUSED = {
    "a dict that changes while it is shown": """
        class Own:
            x = 0
            def __repr__(self): return f"Own{self.x}"
        own = Own(); things = {"q": own}
        def change(): own.x = 1; things["r"] = 2
        def look(): print(things)
    """,
    "a property of a class is set or deleted": """
        class Own: x = property(lambda self: "property")
        own = Own(); things = vars(own)
        def change(): del Own.x
        def look(): things["x"] = 1; print(getattr(own, "x", "none"))
    """,
    "% of bytes and a dict": """
        things = {b"a": bytearray(b"1")}
        def change(): things[b"a"][0] = 50
        def look(): print(b"%(a)s%(a)s" % things)
    """,
}


@pytest.mark.parametrize("message", REFUSED)
def test_what_is_not_read_in_one_step_is_refused(explored, message):
    """It was called one step, and sets lacked what is between its parts."""
    program = f"""
        from threading import Thread
        {REFUSED[message].strip()}
        thread = Thread(target=change); thread.start()
        look()
        thread.join()
    """
    with pytest.raises(CannotExplore, match=message):
        explored(program)
