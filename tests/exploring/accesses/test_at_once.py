"""What is read of a container in one step, which Python promises, and what item by item."""

from __future__ import annotations

import re

import pytest
from found_sets import outcomes
from small_programs import CHANGED_WHILE_SHOWN

from anyorder.exploring import CannotExplore

FAILED = "deque mutated during iteration"


def shown(explored, made, change, text):
    """Return what is printed, or the last words of an error."""
    found = explored(CHANGED_WHILE_SHOWN.format(made=made, change=change, shown=text))
    return {one.stdout.strip() or one.stderr.rpartition(": ")[2].strip() for one in outcomes(found)}


@pytest.mark.parametrize(
    "how",
    [
        "list(d)", "tuple(d)", "sorted(d)", "[*d]", "d.copy()", "copy.copy(d)", "deque(d)", "d",
        "[d]", "f'{d}'", "'%s' % d", "d + deque()", "d * 2", "set(d)", "sum(d)",
        "d == deque([1, 3])", "d < deque([1, 3])", "[d] == [deque([1, 3])]", "bytes(d)",
        "[*itertools.product(d)]",
    ],
)  # fmt: skip
def test_all_of_a_deque_is_read_item_by_item(explored, how):
    """Free-threaded builds show the error within a few attempts; a GIL keeps all of it together."""
    made = "d = deque([1, 2])"
    found = explored(CHANGED_WHILE_SHOWN.format(made=made, change="d.append(3)", shown=how))
    failed = [one for one in found.outcomes if one.outcome.stderr]
    assert [one.outcome.stderr.rpartition(": ")[2].strip() for one in failed] == [FAILED]
    assert not any(one.reachable["pipe"] for one in failed)
    names = {"d": None, "deque": __import__("collections").deque}
    names |= {"copy": __import__("copy"), "itertools": __import__("itertools")}
    expected = set()
    for items in ([1, 2], [1, 2, 3]):
        names["d"] = names["deque"](items)
        expected.add(f"{eval(how, names)}\n")
    assert {one.stdout for one in outcomes(found)} == expected | {""}


@pytest.mark.parametrize(
    ("made", "change", "text", "mixed"),
    [
        ("a, b = [1], [2]", "a.append(3); b.append(4)", "[*itertools.product(a, b)]",
         "[(1, 2), (1, 4)]"),
        ("a, b = {1}, {2}", "a.add(3); b.add(4)", "set().union(a, b)", "{1, 2, 4}"),
        ("a, b = {1}, {2}", "a.add(3); b.add(4)", "set(frozenset().union(a, b))", "{1, 2, 4}"),
        ("a = {1}", "a.add(2)", "*a", "Set changed size during iteration"),
        ("a = [1, 2]", "a[0] = 5; a[1] = 6", "set(a)", "{1, 6}"),
        ("a = [1, 2]", "a[0] = 5; a[1] = 6", "deque(a)", "deque([1, 6])"),
        ("a = [1, 2]", "a[0] = 5; a[1] = 6", "Counter(a)", "Counter({1: 1, 6: 1})"),
        ("a = [1, 2]", "a[0] = 5; a[1] = 6", "{0}.union(a)", "{0, 1, 6}"),
        ("a = bytearray(b'ab')", "a[0] = 99; a[1] = 100", "list(a)", "[97, 100]"),
        ("a = {1: 1, 2: 2}", "a[1] = 5; a[2] = 6", "dict(a.items())", "{1: 1, 2: 6}"),
        ("a = [1, 2]", "a[0] = 5; a[1] = 6", "itemgetter(0, 1)(a)", "(1, 6)"),
        ("a, b = [1], [2]", "a[0] = 5; b[0] = 6", "itemgetter(0, 1)((a, b))", "([1], [6])"),
        ("a = {'x': 1, 'y': 2}", "a['x'] = 5; a['y'] = 6", "'%(x)s%(y)s' % a", "16"),
        # free-threaded builds show it within a second
        ("a = OrderedDict(x=1, y=2)", "a['x'] = 5; a['y'] = 6", "dict(a)", "{'x': 1, 'y': 6}"),
        ("a = {1: 1}", "a[2] = 2", "tuple(a)", "dictionary changed size during iteration"),
        ("a = {1: 1}", "a[2] = 2", "dict(a.items())", "dictionary changed size during iteration"),
        ("a = {1}", "a.add(2)", "tuple(a)", "Set changed size during iteration"),
        # what a bytearray does not do itself reads it without its lock
        *(("a = bytearray(b'ab')", "a[0] = 99; a[1] = 100", text, mixed) for text, mixed in (
            ("bytes(a)", "b'ad'"), ("bytearray(a)", "bytearray(b'ad')"), ("a + b''",
            "bytearray(b'ad')"), ("b'' + a", "b'ad'"), ("b'%s' % a", "b'ad'"),
            ("b''.join([a])", "b'ad'"), ("str(a, 'ascii')", "ad"), ("int(a, 16)", "173"),
            ("int.from_bytes(a, 'big')", "24932"), ("a == b'ad'", "True"), ("b'ad' < a", "False"),
            ("__import__('struct').unpack('2s', a)", "(b'ad',)"),
            ("a.__eq__(b'ad')", "True"), ("a.__add__(b'')", "bytearray(b'ad')"),
            ("b'ad'.startswith(a)", "True"), ("bytearray(b'ad').find(a)", "0"),
        )),
    ],
)  # fmt: skip
def test_what_is_not_promised_may_be_of_several_moments(explored, made, change, text, mixed):
    """Each of these was one step, and what lies between two items was missed."""
    assert mixed in shown(explored, made, change, text)


@pytest.mark.parametrize(
    ("made", "change", "text", "expected"),
    [
        ("a = [1, 2]", "a[0] = 5; a[1] = 6", "list(a), tuple(a)[2:]", {"[1, 2] ()", "[5, 2] ()",
         "[5, 6] ()"}),
        ("a = {1: 1}", "a[2] = 2", "[list(a)]", {"[[1]]", "[[1, 2]]"}),
        ("a = {1: 1}", "a[2] = 2", "list(a.items())", {"[(1, 1)]", "[(1, 1), (2, 2)]"}),
        ("a = {1: 1}", "a[2] = 2", "dict(a)", {"{1: 1}", "{1: 1, 2: 2}"}),
        ("a = Counter('x')", "a['y'] = 2", "dict(a)", {"{'x': 1}", "{'x': 1, 'y': 2}"}),
        ("a = {1}", "a.add(2)", "{0} | set(a)", {"{0, 1}", "{0, 1, 2}"}),
        ("a, b = {1}, {2}", "a.add(3); b.add(4)", "a | b", {"{1, 2}", "{1, 2, 3}", "{1, 2, 3, 4}"}),
        *(("a = bytearray(b'ab')", "a[0] = 99; a[1] = 100", text, {"b'ab'", "b'cb'", "b'cd'"})
          for text in ("bytes(a[:])", "bytes(a.copy())", "bytes(a * 1)", "a.decode().encode()")),
    ],
)  # fmt: skip
def test_what_is_promised_is_of_one_moment(explored, made, change, text, expected):
    """There is nothing else than what it was before a change and after it."""
    assert shown(explored, made, change, text) == expected


@pytest.mark.parametrize("text", ["bytes(a)", "a + b''", "a == b''", "b''.join([a])", "int(a)"])
def test_an_array_that_gets_longer_while_it_is_read_is_refused(explored, text):
    """Who makes it longer may find it locked, and then fails."""
    with pytest.raises(CannotExplore, match=r"read a slice of it, as in bytes\(array\[:\]\)"):
        shown(explored, "a = bytearray(b'12')", "a.append(51)", text)
    sliced = re.sub(r"\ba\b", "a[:]", text)
    assert shown(explored, "a = bytearray(b'12')", "a.append(51)", sliced)


def test_an_array_is_read_as_a_whole_under_a_lock(explored):
    found = explored("""
        from threading import Lock, Thread
        lock, a = Lock(), bytearray(b"ab")
        def change():
            with lock:
                a[0] = 99
                a.append(100)
        thread = Thread(target=change)
        thread.start()
        with lock: print(bytes(a), a + b"e", a == b"ab")
        thread.join()
    """)
    assert found.complete
    assert {one.stdout for one in outcomes(found)} == {
        "b'ab' bytearray(b'abe') True\n", "b'cbd' bytearray(b'cbde') False\n",
    }  # fmt: skip
