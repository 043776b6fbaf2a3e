"""Operations of shared containers, any two at once: the orders of them, and nothing else.

The expectation is found by carrying the operations out in each order, by Python itself.
"""

from __future__ import annotations

import io
import sys
from collections import Counter, OrderedDict, defaultdict, deque
from itertools import combinations_with_replacement

import pytest
from found_sets import texts

from anyorder.exploring import CannotExplore
from anyorder.exploring.explorer import Explorer
from anyorder.exploring.search.graph import Paths

HEADER = "import io, threading\nfrom collections import Counter, OrderedDict, defaultdict, deque\n"
DICT = [
    "d[1] = 5", "del d[1]", "r.append(d[1])", "r.append(d.get(1))", "r.append(d.pop(1, None))",
    "r.append(d.setdefault(1, 5))", "d.clear()", "d.update({1: 5})", "d.update(a=5)",
    "r.append(1 in d)", "r.append(len(d))", "r.append(list(d))", "r.append(d.popitem())",
    "r.append(d.copy())", "r.append(bool(d))", "d[2] = 5",
]  # fmt: skip
LIST = [
    "d.append(5)", "r.append(d.pop())", "d.insert(0, 5)", "d.clear()", "r.append(len(d))",
    "r.append(d[0])", "r.append(d[-1])", "d[0] = 5", "d[-1] = 5", "del d[0]", "d[:1] = [5]",
    "r.append(d[:1])", "d.reverse()", "r.append(d.copy())", "r.append(bool(d))", "d.remove(1)",
]  # fmt: skip
SET = [
    "d.add(1)", "d.discard(1)", "d.remove(1)", "r.append(1 in d)", "r.append(len(d))",
    "r.append(sorted(d))", "d.clear()", "d.update([1])", "r.append(d.pop())", "r.append(bool(d))",
]  # fmt: skip
DEQUE = [
    "d.append(5)", "d.appendleft(5)", "r.append(d.pop())", "r.append(d.popleft())", "d.rotate(1)",
    "r.append(len(d))", "r.append(d[-1])", "d[0] = 5", "r.append(list(d))", "d.extend([5])",
]  # fmt: skip
COUNTER = ["d[1] = 5", "d.pop(1, 0)", "r.append(d[1])", "d.clear()", "r.append(d.most_common())"]
LISTING = "r.append(list(d))"
ITEM_BY_ITEM = {"deque([1, 2], maxlen=2)", "defaultdict(int)"}  # of which a list is no one step
STREAM = [
    "d.close()", "d.seek(1)", "d.truncate(0)", "d.write('x')", "d.write('\\r')", "d.write(b'x')",
    "d.writelines([])", "r.append(d.read(1))", "r.append(d.closed)", "r.append(d.getvalue())",
    "r.append(d.tell())", "r.append(d.readable())", "r.append(d.isatty())", "r.append(d.newlines)",
    "r.append(d.line_buffering)", "r.append(d.flush())", "r.append(d.__enter__() is d)",
]  # fmt: skip
STARTS = {
    "{}": DICT,
    "{1: 0}": DICT,
    "{1: 0, 2: 0}": DICT,
    "defaultdict(int)": [*DICT[:4], "d.clear()", "r.append(list(d))"],
    "OrderedDict({1: 0, 2: 0})": ["d.move_to_end(1)", "d.popitem(last=False)", *DICT[:4]],
    "Counter([1])": COUNTER,
    "[]": LIST,
    "[1, 2]": LIST,
    "{1}": SET,
    "deque([1, 2], maxlen=2)": DEQUE,
}


def searched(path, start, bodies, end="print(rs, d)"):
    """Return what a program prints, and how many executions and traces that took."""
    works = "".join(
        f"def work{number}(r):\n    try:\n"
        + "".join(f"        {one}\n" for one in body)
        + "    except Exception as error: r.append(type(error).__name__)\n"
        for number, body in enumerate(bodies)
    )
    names = ", ".join(f"work{number}" for number in range(len(bodies)))
    program = path / "program.py"
    program.write_text(
        f"{HEADER}d = {start}\n{works}rs = [[] for _ in range({len(bodies)})]\n"
        f"threads = [threading.Thread(target=w, args=(r,)) for w, r in zip([{names}], rs)]\n"
        f"for t in threads: t.start()\nfor t in threads: t.join()\n{end}\n",
        encoding="utf-8",
    )
    found = Explorer(program, None, None, 1_000, None).search()
    paths = Paths("program.py", 0)
    traces = {tuple(sorted(paths.names_of(trace))) for trace in found.traces}
    return {one.stdout for one in found.numbers}, found.executions, len(traces)


def in_order(start, operations, header=""):
    """Return what one order of operations prints, each a thread's, as Python carries it out."""
    names = {
        "Counter": Counter, "OrderedDict": OrderedDict, "defaultdict": defaultdict, "deque": deque,
        "io": io,
    }  # fmt: skip
    exec(f"{header}d = {start}", names)
    results: list[list[object]] = [[], []]
    for thread, operation in operations:
        names["r"] = results[thread]
        try:
            exec(operation, names)
        except Exception as error:  # noqa: BLE001 - whatever the operation raises is a result
            results[thread].append(type(error).__name__)
    return f"{results} {names['d']}\n"


def expected(start, either):
    """Return what two operations print, each a thread's, in either order.

    What is listed item by item may also change after it has begun.
    """
    orders = [either, either[::-1]]
    listing = [thread for thread, operation in either if operation == LISTING]
    if start in ITEM_BY_ITEM and len(listing) == 1:
        thread = listing[0]
        goes_on = [(thread, "r.append(list(it))")]
        orders.append([(thread, "it = iter(d)"), either[1 - thread], *goes_on])
    return {in_order(start, order) for order in orders}


@pytest.mark.parametrize("start", STARTS)
def test_any_two_at_once(tmp_path, start):
    """Two operations come in either order, and take one execution for each trace."""
    for one, other in combinations_with_replacement(STARTS[start], 2):
        printed, executions, traces = searched(tmp_path, start, [[one], [other]])
        assert printed == expected(start, [(0, one), (1, other)]), (one, other)
        assert executions == traces, (one, other)


@pytest.mark.parametrize("start", ["io.StringIO('ab', newline=None)", "io.BytesIO(b'ab')"])
def test_any_two_uses_of_a_stream_at_once(tmp_path, start):
    """Whether it is closed shows in each of them, and none is missed."""
    for one, other in combinations_with_replacement(STREAM, 2):
        printed, executions, traces = searched(tmp_path, start, [[one], [other]], "print(rs, '')")
        either = [(0, one), (1, other)]
        expected = [in_order(start, order) for order in (either, either[::-1])]
        assert printed == {text[: text.index("<_io")] + "\n" for text in expected}, (one, other)
        assert executions == traces, (one, other)


@pytest.mark.parametrize("one", ["d.setdefault(1, 2)", "d.pop(1, None)", "d[1]", "d[1] = 2"])
def test_a_key_that_comes_or_goes_before_it_is_their_turn(tmp_path, one):
    """What an operation touches is settled as it happens, not as it is announced."""
    for start in ("defaultdict(int)", "defaultdict(int, {1: 0})"):
        bodies = [[one], ["d[1] = 3"], ["del d[1]"], ["r.append(len(d))"]]
        printed, executions, traces = searched(tmp_path, start, bodies)
        assert executions == traces
        assert {text[: text.index(" d")] for text in printed}
        sizes = {"[0]" in text for text in printed}
        assert sizes == {True, False}


def test_a_key_that_another_order_makes_new(tmp_path):
    """A wakeup tree is not led twice to one trace by what an insertion might have touched."""
    bodies = [["d[1] = 1", "print('+')"], ["d[1] = 1", "d[1] = 1"], ["print('q')", "d[2] = 1"]]
    _, executions, traces = searched(tmp_path, "{}", bodies)
    assert executions == traces


def test_counting_is_not_one_step(tmp_path):
    """``Counter.update`` reads a count and writes it: nothing promises that none is lost."""
    printed, _, _ = searched(tmp_path, "Counter()", [["d.update('ab')"]] * 2, "print(d['a'])")
    assert printed == {"1\n", "2\n"}


@pytest.mark.parametrize("delete", ["del d['a']", "d.__delitem__('a')"])
def test_deleting_a_count_is_not_one_step(tmp_path, delete):
    """``Counter`` looks whether there is any count, and deletes it; real threads show the error."""
    printed, _, _ = searched(tmp_path, "Counter('a')", [[delete]] * 2, "print(sorted(rs))")
    assert printed == {"[[], []]\n", "[[], ['KeyError']]\n"}
    printed, _, _ = searched(tmp_path, "Counter()", [[delete]] * 2, "print(rs)")
    assert printed == {"[[], []]\n"}


@pytest.mark.parametrize(
    ("start", "one", "other"),
    [
        ("[1]", "list.append(d, 5)", "r.append(list(d))"),
        ("{1: 0}", "d[1] = 5", "r.append(dict.get(d, 1))"),
        ("[1]", "d.__setitem__(0, 5)", "r.append(d.__len__() + d[0])"),
        ("[1]", "heapq.heappush(d, 0)", "r.append(heapq.heappop(d))"),
        ("[1]", "bisect.insort(d, 0)", "r.append(bisect.bisect(d, 1))"),
        ("[1]", "d.append(5)", "r.append(json.dumps(d))"),
        ("[1]", "d.append(5)", "r.append(copy.copy(d))"),
        ("[1]", "d.append(5)", "r.append(functools.reduce(int.__add__, d))"),
        ("[1]", "d.append(5)", "r.append(operator.itemgetter(-1)(d))"),
        ("['a']", "d.append('b')", "r.append(''.join(d))"),
        ("['a']", "d.append('b')", "r.append('{}'.format(d))"),
        ("[1]", "d.append(5)", "r.append([*d])"),
        ("{1: 0}", "d[2] = 0", "r.append({**d})"),
        ("{'a': 0}", "d['b'] = 0", "r.append(dict(**d))"),
        ("[1]", "d.append(5)", "r.append(str((d, 1)))"),
        ("[]", "d.append(5)", "assert d"),
        ("SimpleNamespace(x=0)", "d.x = 1", "r.append(str(d))"),
        ("Point(0)", "d.x = 1", "r.append(dataclasses.asdict(d))"),
        ("Point(0)", "d.x = 1", "r.append(copy.copy(d).x)"),
        ("itertools.count()", "next(d)", "r.append(str(d))"),
        ("itertools.repeat(0, 3)", "next(d)", "r.append(f'{[d]}')"),
        ("OSError(2, 'x')", "d.filename = 'y'", "r.append(str(d))"),
        ("ValueError()", "d.__cause__ = KeyError()", "r.append(d.__cause__ is None)"),
        ("ValueError()", "d.__context__ = KeyError()", "r.append(d.__context__ is None)"),
    ],
)
def test_what_the_library_reads_and_changes(tmp_path, monkeypatch, start, one, other):
    """What the program hands to functions that are not its own is not out of sight."""
    names = "bisect, copy, dataclasses, functools, heapq, itertools, json, operator, sys"
    header = (
        f"import {names}\nfrom types import SimpleNamespace\n"
        "@dataclasses.dataclass\nclass Point:\n    x: int\n"
    )
    module = sys.modules[__name__]
    monkeypatch.setattr(module, "HEADER", HEADER + header)
    orders = [[(0, one), (1, other)], [(1, other), (0, one)]]
    printed, _, _ = searched(tmp_path, start, [[one], [other]], "print(rs)")
    expected = {in_order(start, order, header).partition("]] ")[0] + "]]\n" for order in orders}
    assert len(expected) == 2
    assert printed >= expected


def test_reversed_begins_at_the_end_that_the_list_has(tmp_path):
    printed, _, _ = searched(
        tmp_path, "[1]", [["d.append(5)"], ["r.extend(reversed(d))"]], "print(rs)"
    )
    assert printed == {"[[], [1]]\n", "[[], [5, 1]]\n"}


def test_chain_goes_from_item_to_item(tmp_path):
    bodies = [["d.append(5)"], ["r.extend(chain(d, [9]))"]]
    printed, _, _ = searched(
        tmp_path, "[1]", [["from itertools import chain", *body] for body in bodies], "print(rs)"
    )
    assert printed == {"[[], [1, 9]]\n", "[[], [1, 5, 9]]\n"}


@pytest.mark.parametrize("call", ["{}.fromkeys(some)", "dict.fromkeys(some)"])
def test_a_method_of_a_class_reads_what_it_is_given(explored, call):
    """Also where it is asked of a container, which it leaves alone."""
    found = explored(f"""
        from threading import Thread
        some = [1]
        thread = Thread(target=some.append, args=[2])
        thread.start()
        print({call})
        thread.join()
    """)
    expected = {"{1: None}\n", "{1: None, 2: None}\n"}
    assert {one.outcome.stdout for one in found.outcomes} == expected


TAKING_OVER = """
    from collections import Counter, OrderedDict, defaultdict
    from threading import Thread
    some = {some}
    def work():
        some["a"] = 2
        some["b"] = 2
    thread = Thread(target=work)
    thread.start()
    made = {taken}
    thread.join()
    print(made["a"], made["b"])
"""
ORDERED = "OrderedDict(a=1, b=1)"


@pytest.mark.parametrize(
    ("some", "taken"),
    [
        (ORDERED, "dict(some)"),
        (ORDERED, "OrderedDict(some)"),
        (ORDERED, "Counter(some)"),
        (ORDERED, "defaultdict(int, some)"),
        (ORDERED, "{**some}"),
        (ORDERED, "dict(**some)"),
        (ORDERED, "{}; made.update(some)"),
        (ORDERED, "{}; made |= some"),
        ("Counter(a=1, b=1)", "OrderedDict(some)"),
        ("defaultdict(int, a=1, b=1)", "OrderedDict(); made.update(some)"),
    ],
)
def test_a_dict_that_is_no_plain_one_is_taken_over_item_by_item(explored, some, taken):
    found = explored(TAKING_OVER.format(some=some, taken=taken))
    expected = {"1 1\n", "1 2\n", "2 1\n", "2 2\n"}
    assert {one.outcome.stdout for one in found.outcomes} == expected


@pytest.mark.parametrize("taken", ["dict(some)", "{**some}", "dict(**some)"])
def test_a_counter_is_taken_over_by_a_dict_in_one_step(explored, taken):
    found = explored(TAKING_OVER.format(some="Counter(a=1, b=1)", taken=taken))
    assert {one.outcome.stdout for one in found.outcomes} == {"1 1\n", "2 1\n", "2 2\n"}


@pytest.mark.parametrize("taken", ["{} | some", "some | {}"])
def test_an_operator_that_takes_over_item_by_item_is_refused(explored, taken):
    with pytest.raises(CannotExplore, match="takes over one item after another"):
        explored(TAKING_OVER.format(some=ORDERED, taken=taken))
    assert explored(TAKING_OVER.format(some="dict(a=1, b=1)", taken=taken)).complete


def test_a_list_that_keys_returns_is_gone_through_as_it_is(explored):
    """CPython copies it no more than a loop does; whatever else ``keys`` returns is copied."""
    source = """
        import threading
        keys, asked = ["a", "b"], []
        class Mapping:
            def keys(self): return keys
            def __getitem__(self, key): asked.append(key)
        def change():
            if asked: keys[1] = "c"
        thread = threading.Thread(target=change)
        thread.start()
        print(*{made})
        thread.join()
    """
    for made in ("dict(Mapping())", "(lambda d: [d.update(Mapping()), d][1])({})"):
        assert texts(explored(source.replace("{made}", made))) == {"a b\n", "a c\n"}
    with pytest.raises(CannotExplore, match=r"keys\(\) returns what threads share"):
        explored(source.replace("{made}", "{**Mapping()}"))
