"""What differs in each run is never shown as if it were the same, and is found by experiment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction
from textwrap import dedent

import pytest

from anyorder.exploring import CannotExplore, explore, narrow
from anyorder.exploring.engine.varying import hash_varies, order_varies
from anyorder.outcomes import StartMethod, StdoutTo

LATELY = sys.version_info >= (3, 12)
# Objects of all kinds that have a hash, each as it is written after this beginning.
CHILDREN = """
import multiprocessing, os
def work():
    print("child", os.getpid(), "of", multiprocessing.parent_process().pid)
if __name__ == "__main__":
    children = [multiprocessing.Process(target=work) for _ in range(2)]
    for child in children: child.start()
    for child in children: child.join()
    print(os.getpid(), "has", children[0].pid, children[1].pid)
"""
BEGINNING = """
import functools, re, threading
from collections import namedtuple
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import Enum, Flag, IntEnum, IntFlag, StrEnum
from fractions import Fraction
from pathlib import PurePosixPath

class C: pass
class Own:
    def __hash__(self): return 5
class I(int): pass
class S(str): pass
class E(Enum): A = 1
class N(IntEnum): A = 1
class F(Flag):
    A = 1
    B = 2
class M(IntFlag): A = 1
class T(StrEnum): A = "a"
P = namedtuple("P", "x")
@dataclass(frozen=True)
class D:
    a: object
    b: object = field(default="b", hash=False)
def f(): pass
"""
HASHED = """
    5; -5; 10**40; True; 1.5; float("inf"); float("nan"); -0.0; 1 + 2j; complex(1, float("nan"));
    None; ...; NotImplemented; "abc"; ""; b"abc"; b""; (); (1, 2); ("a",); (None,); (1, (2, "x"));
    frozenset(); frozenset({1}); frozenset("a"); range(5); range(0); range(1); Decimal("1.5");
    Decimal("inf"); Decimal("nan"); Fraction(1, 3); timedelta(1); timezone.utc; date(2020, 1, 1);
    time(1); datetime(2020, 1, 1); C(); C; int; f; len; C().__init__; [].append; re; f.__code__;
    re.compile("a"); functools.partial(f); PurePosixPath("a"); ValueError(); iter([]); object();
    threading.Lock(); list[int]; int | str; I(5); S("abc"); E.A; N.A; F.A; F.A | F.B; F(0); M.A;
    T.A; P(1); P("a"); D(1); D("a"); Own(); memoryview(b"abc")
"""
SETS = """
    {1, 2}; {"a", "b"}; {"a"}; {1, "a"}; {1, 2, "abc", "x"}; set(); {()}; {(), ""}; {1.5, 2, 3j};
    {(1, 2), (3, 4)}; {("a", 1), ("b", 2)}; frozenset("ab"); {E.A, "x"}; {frozenset({1}), 7};
    {None, 1}; {None, 5, 6, 7}; {C(), C(), C(), C(), C()}; {int, str, list, dict, tuple}
"""
RUNS = 6

REFUSED = [
    ("import os\nif os.getpid() % 2: pass", 2, "the number of a process"),
    ("import os\nos.getpid() == 1", 2, "the number of a process"),
    ("import os\nos.getpid() < os.getppid()", 2, "the number of a process"),
    ("import os\nx = f'{os.getpid():5}'", 2, "the number of a process"),
    ("import os, random\nrandom.seed(os.getpid())", 2, "the number of a process"),
    ("import os\nos.getpid().real", 2, "the number of a process"),
    ("import os, operator\noperator.index(os.getpid())", 2, "what index() makes of it"),
    ("import os\nprint(os.getcwd())", 2, "os.getcwd() differs"),
    ("print(hash('abc') % 2)", 1, "hash() of str objects"),
    ("print('%d' % hash('abc'))", 1, "hash() of str objects"),
    ("print(hash((1, 'a')))", 1, "hash() of tuple objects"),
    ("class C: pass\nprint(hash(C()))", 2, "hash() of C objects"),
    ("class C:\n def __hash__(self): return hash('a')\nprint(hash(C()))", 3, "hash() of C objects"),
    ("a, b = [], ''\nsorted([id(a), id(b)])", 2, "id()"),
]
REFUSED += [
    ("import os\nlen(str(os.getpid()))", 2, "what len() makes of it"),
    ("import os\n{f'{os.getpid()}'}", 2, "a key"),
    ("import os\nx = '%9s' % os.getpid()", 2, "the number of a process"),
    ("repr(object())[1:]", 1, "an item"),
    ("str(object()) == '<object object at 0x5>'", 1, "a comparison"),
    ("import threading\nstr(threading.get_ident())[:3]", 2, "an item"),
    ("a = []\nbin(id(a))", 2, "what bin() makes of it"),
    ("import os\nsorted([os.getpid(), os.getppid()])", 2, "the number of a process"),
    ("import threading\nthreading.get_native_id() == threading.get_ident()", 2, "the number of a"),
    ("import os, threading\nthreading.get_native_id() == os.getpid()", 2, "the number of a"),
    ("id([]) == id([])", 1, "an object can get the id() of one that is gone"),
    ("len({id([]) for _ in range(2)})", 1, "an object can get the id() of one that is gone"),
    ("def f(): return id([])\na = []\nf() in {id(a): 1}", 3, "an object can get the id()"),
]
# a number of another class takes any number when it is asked first, and so does code written in C
REFUSED += [
    (f"{before}\n{operation}", before.count("\n") + 2, what)
    for before, what in (
        ("import decimal, json, math, struct; x = hash('a')", "hash() of str objects"),
        ("import decimal, json, math, struct; x = id(json)", "id() is another"),
    )
    for operation in (
        "3.5 < x", "3.5 == x", "3.5 + x", "True + x", "True < x", "1j * x",
        "decimal.Decimal(1) > x", "decimal.Decimal(1) + x", "y = 2.5; y %= x",
        "max([x, 3.5])", "min(True, x)",
        "sorted([x, 3.5])", "[x, 3.5].sort()", "sum([0.5, x])", "x in [3.5]", "[3.5] < [x]",
        "(1, (2, 3.5)) < (1, (2, x))",
    )
]  # fmt: skip
REFUSED += [
    (f"import json, math, struct\nx = hash('a')\n{call}", 3, words)
    for call, words in (
        ("struct.pack('q', x)", "what pack() makes of it"),
        ("math.gcd(x, 2)", "what gcd() makes of it"),
        ("bin(x)", "what bin() makes of it"),
        ("range(x)", "what range() makes of it"),
        ("len(json.dumps(x))", "hash() of str objects"),
    )
]
TWO_THREADS = """
import threading
seen = []
def work(): seen.append(threading.SHOWN())
for _ in range(2):
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
"""
SHOWN = [
    ("print(os.getpid(), [os.getppid()], os.getpid())", "<1> [<2>] <1>"),
    ("print('%s %d' % (os.getpid(), os.getppid()), f'{os.getpid()} {os.getpid():d}')",
     "<1> <2> <1> <1>"),
    ("a = []; print(id(a), hex(id(a)), f'{id(a):x}', f'{id(a):#x}')", " ".join(["<address>"] * 4)),
    ("print(threading.get_ident(), threading.get_native_id())", "<ident> <ident>"),
    ("print(threading.main_thread().ident)", "<ident>"),
    ("print(threading.main_thread())", "<_MainThread(MainThread, started <ident>)>"),
    ("print(object(), [object()])", "<object object at <address>> [<object object at <address>>]"),
    ("def f(): pass\nprint(f'{f}')", "<function f at <address>>"),
    ("class C: pass\nprint(C())", "<__main__.C object at <address>>"),
    ("print({os.getpid(), os.getpid()}, len({os.getpid(), os.getppid()}))", "{<1>} 2"),
    ("x = str(os.getpid())\nprint(x + '!', repr([os.getpid()]), 'a'.join([x]))", "<1>! [<1>] <1>"),
    (("import logging, sys\nform = '%(thread)d %(process)d %(message)s'\n"
      "logging.basicConfig(format=form, stream=sys.stdout)\nlogging.error(os.getppid())"),
     "<ident> <1> <2>"),
    ("print(threading.Lock(), threading.Event())",
     "<unlocked _thread.lock object at <address>> <threading.Event at <address>: unset>"),
]  # fmt: skip
EXPLORED = [
    ("a = os.getpid()\nprint(a == os.getpid(), a is None, a != os.getppid())", "True False True"),
    ("print({os.getpid(): 'me'}[os.getpid()], bool(os.getpid()))", "me True"),
    ("print(os.getpid() in [os.getppid()], os.getpid() == None)", "False False"),
    ("print(hash('a') == hash('a'), hash(5), hash(()) == hash(()))", "True 5 True"),
    ("a, b = [], []\nprint(id(a) == id(a), id(a) == id(b), len({id(a), id(b)}))", "True False 2"),
    ("print(threading.get_ident() == threading.main_thread().ident)", "True"),
    ("t = threading.Thread()\nprint(t.ident, t.native_id)", "None None"),
    ("print({threading.get_ident(): 1}[threading.get_ident()])", "1"),
    ("a = []\ndef f(b): return id(a) == id(b)\nprint(f([]), f(a))", "False True"),
    ("print(copy.deepcopy([[[]], [[]]]), hash(threading.get_ident()) == 1 if 0 else '')",
     "[[[]], [[]]] "),
    ("print(threading.main_thread().ident == threading.get_ident())", "True"),
    ("print(copy.deepcopy([os.getpid()]) == [os.getpid()])", "True"),
    (
        """
        class K:
            def __init__(self, name, number): self.name, self.number = name, number
            def __hash__(self): return 31 * hash(self.name) + self.number ^ hash((self.name,)) % 7
            def __eq__(self, other): return self.name == other.name
        print(len({K("a", 1): 1}), hash(K("a", 1)) == hash(K("a", 1)))
        """,
        "1 True",
    ),
]  # fmt: skip
NAMED = "class K:\n def __init__(self, n): self.n = n\n"
DATA = "from dataclasses import dataclass\n@dataclass(frozen=True)\nclass D:\n a: int\n"
NAMES = "names = {'b', 'a', 'c'}\n"
ONE_ORDER = [
    NAMES + "print(sorted(names), len(names), 'a' in names, min(names), max(names))",
    NAMES + "print(any(names), all(names), names == {*'abc'}, names | {'d'} == set('abcd'))",
    NAMES + "print(set(names) == frozenset(names), names - {'a', 'b'}, names & {'a'})",
    "for n in {3, 1, 2}: print(n)",
    "for n in {'alone'}: print(n)",
    "print({1, 2}, [{3, 4}], {5, 6}.pop())",
    "print(next({1, 2}.__iter__()))",
    "from concurrent.futures import *\nprint(*ThreadPoolExecutor(1).map(str, {1, 2}))",
    "import pprint, statistics; pprint.pprint([{2, 1}]); print(statistics.mean({1, 2}))",
    "class K:\n def __hash__(self): return 5\nfor k in {K(), 1}: print(type(k).__name__)",
    DATA + "for one in {D(1), D(2)}: print(one)",
]
POOL = "from concurrent.futures import ThreadPoolExecutor\npool = ThreadPoolExecutor(1)\n"
MAIN = (
    "import multiprocessing; from concurrent.futures import ProcessPoolExecutor\n"
    "if __name__ == '__main__': "
)
MANY_ORDERS = [
    (NAMES + "for n in names: print(n)", 2),
    (NAMES + "print([n for n in names])", 2),
    (NAMES + "print(names)", 2),
    (NAMES + "print([{'k': names}])", 2),
    (NAMES + "x = list(names)", 2),
    (NAMES + "x = tuple(names)", 2),
    (NAMES + "x = str([names])", 2),
    (NAMES + "x = ''.join(names)", 2),
    (NAMES + "x = dict.fromkeys(names)", 2),
    (NAMES + "x = sorted(names, key=len)", 2),
    (NAMES + "x = max(names, key=len)", 2),
    (NAMES + "x = names.pop()", 2),
    (NAMES + "x = next(iter(names))", 2),
    (NAMES + "for i, n in enumerate(names): pass", 2),
    (NAMES + "for a, b in zip(names, 'xyz'): pass", 2),
    (NAMES + "x = list(map(str.upper, frozenset(names)))", 2),
    (NAMES + "import itertools\nx = list(itertools.chain(names, [1]))", 3),
    (NAMES + "x = []\nx.extend(names)", 3),
    (NAMES + "x = {}\nx.update({('a', 1), ('b', 2)})", 3),
    (NAMES + "import sys\nsys.stdout.writelines(names)", 3),
    (NAMES + "import pprint\npprint.pprint([names])", 3),
    (NAMES + "import pickle\nx = pickle.dumps([{1: names}])", 3),
    (NAMES + "import string\nx = string.Template('$a').substitute(a=names)", 3),
    (NAMES + "import heapq\nx = heapq.nlargest(1, names, key=len)", 3),
    (NAMES + "import statistics\nx = statistics.mode(names)", 3),
    (NAMES + "x = next(names.__iter__())", 2),
    (NAMES + "x = next(set.__iter__(names))", 2),
    (NAMES + "x = names.__reduce__()", 2),
    (NAMES + "import itertools\nx = itertools.chain.from_iterable(names)", 3),
    (NAMES + "import threading\nthreading.Thread(target=print, args=names).start()", 3),
    (NAMES + POOL + "x = pool.map(str, names)", 4),
    (NAMES + POOL + "x = pool.map(max, [1, 2], names)", 4),
    ("class S(set):\n def __iter__(self): return super().__iter__()\nx = list(S(['a', 'b']))", 3),
    (NAMES + MAIN + "multiprocessing.Process(target=print, args=names).start()", 3),
    (NAMES + MAIN + "multiprocessing.Pool(1).starmap(max, names)", 3),
    (NAMES + MAIN + "pool = ProcessPoolExecutor(1); pool.map(str, names); pool.shutdown()", 3),
    ("for n in {1, 'a'}: print(n)", 1),
    (NAMED + " def __hash__(self): return hash(self.n)\nfor k in {K('a'), K('b')}: print(k.n)", 4),
    (NAMED + " def __hash__(self): return self.n.__hash__()\nfor k in {K('a'), K('b')}: pass", 4),
]  # fmt: skip


def things(table):
    """Return the texts of a table."""
    return [" ".join(text.split()) for text in table.split(";")]


def values_of(table):
    """Return what the texts of a table are here."""
    names = {"__name__": "table"}
    exec(compile(BEGINNING, "<table>", "exec", dont_inherit=True), names)
    return names, [eval(text, names) for text in things(table)]


def seen_in_runs(expression, table):
    """Return what an expression of each ``thing`` of a table is in several processes."""
    program = f"""{BEGINNING}
import json
print(json.dumps([{expression} for thing in [{", ".join(things(table))}]]))
"""
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    runs = [
        subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, env=env)
        for _ in range(RUNS)
    ]
    return [
        {json.dumps(run[number]) for run in [json.loads(run.stdout) for run in runs]}
        for number in range(len(things(table)))
    ]


def test_hashes_that_differ_are_said_to():
    """No hash that differs between runs is taken for a constant, and few the other way round."""
    names, values = values_of(HASHED)
    own = {names["Own"]}
    said = [hash_varies(value, lambda thing: type(thing) not in own) for value in values]
    for text, seen, differs in zip(
        things(HASHED), seen_in_runs("hash(thing)", HASHED), said, strict=True
    ):
        assert differs or len(seen) == 1, text
    constant = {text for text, differs in zip(things(HASHED), said, strict=True) if not differs}
    assert constant >= {
        "5", "-5", "10**40", "True", "1.5", 'float("inf")', "-0.0", "1 + 2j", '""', 'b""', "()",
        "(1, 2)", "frozenset()", "frozenset({1})", "range(5)", 'Decimal("1.5")', "Fraction(1, 3)",
        "timedelta(1)", "I(5)", "N.A", "M.A", "P(1)", "D(1)", "Own()",
    }  # fmt: skip
    assert ("None" in constant) == LATELY


def test_orders_that_differ_are_said_to():
    """Of a set whose order is taken for the same, each run has the same."""
    values = values_of(SETS)[1]
    shown = "[str(type(one)) + getattr(one, '__name__', '') + str(one)[:5] for one in thing]"
    one_order = set()
    for text, value, orders in zip(things(SETS), values, seen_in_runs(shown, SETS), strict=True):
        assert order_varies(value) or len(orders) == 1, text
        if not order_varies(value):
            one_order.add(text)
    assert one_order >= {
        "{1, 2}", '{"a"}', "set()", "{()}", '{(), ""}', "{1.5, 2, 3j}", "{(1, 2), (3, 4)}",
    }  # fmt: skip


def test_the_experiment_would_notice():
    """Runs do differ where something does."""
    assert len(seen_in_runs("hash(thing)", '"abc"; 5')[0]) > 1
    assert len(seen_in_runs("list(thing)", '{"a", "b", "c", "d", "e", "f"}')[0]) > 1


@pytest.mark.parametrize(("program", "line", "words"), REFUSED)
def test_refused(explored, program, line, words):
    """What shows such a number, or decides by it, is refused by line, with what to write."""
    with pytest.raises(CannotExplore) as refusal:
        explored(program)
    assert refusal.value.line == line
    assert words in refusal.value.message
    assert ": " in refusal.value.message


@pytest.mark.parametrize(
    ("number", "asks"),
    [
        ("get_ident", "print(seen[0] == seen[1])"),
        ("get_ident", "print(len(set(seen)))"),
        ("get_native_id", "print({one: 1 for one in seen})"),
        ("get_ident", "print(seen[1] in seen[:1])"),
        ("get_ident", "print([hash(one) for one in seen].index(hash(seen[1])))"),
    ],
)
def test_numbers_of_two_threads_are_not_told_apart(explored, number, asks):
    """The second may have that of the first, which has ended."""
    with pytest.raises(CannotExplore, match="a thread can get the number of one that has ended"):
        explored(TWO_THREADS.replace("SHOWN", number) + asks)


@pytest.mark.parametrize(("program", "said"), EXPLORED)
def test_explored(explored, program, said):
    """What would be the same with any numbers is explored."""
    found = explored("import copy, os, threading\n" + dedent(program))
    assert [one.outcome.stdout for one in found.outcomes] == [f"{said}\n"]
    assert found.complete


@pytest.mark.parametrize("program", ONE_ORDER)
def test_one_order(explored, program):
    """What does not see the order of a set, or sees one that is always the same, is complete."""
    found = explored(program)
    assert found.complete
    assert len(found.outcomes) == 1


@pytest.mark.parametrize(("program", "line"), MANY_ORDERS)
def test_many_orders(explored, program, line):
    """What sees an order that differs is explored, and not called complete."""
    found = explored(program)
    assert not found.complete
    assert len(found.outcomes) == 1
    assert found.limit.startswith(f"line {line} sees the order of a set")
    assert "sorted(...)" in found.limit


def test_what_has_no_order_of_its_own_is_sorted_by_a_key(explored):
    """Such as what wait() gives."""
    program = """
        from concurrent.futures import ThreadPoolExecutor, wait
        with ThreadPoolExecutor(2) as pool:
            done, _ = wait([pool.submit(str, n) for n in range(2)])
        for future in done:
            print(future.result())
        """
    limit = explored(program).limit
    assert limit.endswith("go through sorted(...) with a key, or a list of what is in it")


@pytest.mark.parametrize(
    "asked",
    [
        "sorted([d, c, a, b], key=id) == [a, b, c, d]",
        "sorted([d, a, b, c], key=lambda one: id(one), reverse=True) == [d, c, b, a]",
        "min(d, b, c, key=id) is b and max([d, b], key=id) is d",
        "id(a) < id(b) < id(c) and id(d) > id(c) and id(a) <= id(a) >= id(a)",
        "(id(a) < id(a), id(b) >= id(d)) == (False, False)",
    ],
)
def test_objects_have_their_numbers_in_one_order(explored, asked):
    """So another thread finds them in the same order, and which it is really is left open."""
    begin = "class A: pass\nb, c = threading.RLock(), A()\nd = threading.Semaphore(1)\n"
    lines = f"def work(): print({asked})\nthreading.Thread(target=work).start()\n"
    found = explored(f"import threading\na = threading.Lock()\n{begin}{lines}")
    assert [one.outcome.stdout for one in found.outcomes] == ["True\n"]
    assert found.limit.startswith("line 6 depends on which of two objects has the smaller id()")


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("id('a') < id(a)", r"id\(\)"),  # a text may be one object, or several
        ("id(A()) < id(A())", "one that is gone"),
        ("id(a) < 5", r"id\(\) is another number"),
        ("id(a) < os.getpid()", "is another number"),
        ("id(a) - id(b)", r"id\(\) is another number"),
    ],
)
def test_numbers_of_objects_that_cannot_be_told_apart(explored, asked, words):
    with pytest.raises(CannotExplore, match=words):
        explored(f"import os\nclass A: pass\na, b, t = A(), A(), 'a'\nprint({asked})")


def test_a_variable_that_another_thread_sets_keeps_no_object(explored):
    source = """
        import threading
        class A: pass
        a, b = A(), A()
        def work():
            global a
            a = A()
        threading.Thread(target=work).start()
        print(id(a) == id(b))
    """
    with pytest.raises(CannotExplore, match="one that is gone"):
        explored(source)
    assert explored(source.replace("global a", "pass")).complete


def test_a_child_that_is_forked_compares_no_numbers(explored):
    source = """
        import multiprocessing
        class A: pass
        a, b = A(), A()
        def work(a, b): print(id(a) < id(b))
        if __name__ == "__main__":
            multiprocessing.get_context("fork").Process(target=work, args=(a, b)).start()
    """
    with pytest.raises(CannotExplore, match=r"id\(\) is another number"):
        explored(source)


def test_an_exception_that_shows_an_address(explored):
    """What Python itself writes is no exception."""
    [one] = explored("raise ValueError(object())").outcomes
    assert one.outcome.stderr.endswith("\nValueError: <object object at <address>>\n")


@pytest.mark.parametrize(("program", "shown"), SHOWN)
def test_a_placeholder_is_shown(explored, program, shown):
    exploration = explored(f"import os, threading\n{program}\n")
    assert exploration.complete
    assert [one.outcome.stdout for one in exploration.outcomes] == [f"{shown}\n"]


def test_processes_are_numbered_as_they_are_shown(tmp_path):
    """Which of two children comes first is no difference that anybody could see."""
    program = tmp_path / "program.py"
    program.write_text(CHILDREN, encoding="utf-8")
    for method in StartMethod:
        exploration = explore(program, start_method=method, stdout_to=StdoutTo.PIPE)
        assert exploration.complete
        found = [one.outcome.stdout for one in exploration.outcomes]
        shown = "child <1> of <2>\nchild <3> of <2>\n<2> has"
        assert sorted(found) == [f"{shown} <1> <3>\n", f"{shown} <3> <1>\n"]


def test_numbers_of_threads_as_keys(explored):
    """Threads note what they are by their numbers, and a witness puts them into words."""
    found = explored("""
        import threading
        seen = {threading.get_ident(): "main"}
        def work():
            seen[threading.get_ident()] = threading.current_thread().name
        thread = threading.Thread(target=work, name="a")
        thread.start()
        early = len(seen)
        thread.join()
        print(early, seen[thread.ident], len(seen))
    """)
    assert found.complete
    assert sorted(one.outcome.stdout for one in found.outcomes) == ["1 a 2\n", "2 a 2\n"]
    steps = [step.event for one in found.outcomes for step in one.witness]
    assert "writes seen[a number]: 'a'" in steps


def test_numbers_of_processes_are_compared(explored):
    """A child is another process than its parent, and knows its own number."""
    found = explored(
        """
        import os
        from multiprocessing import Process, current_process
        def work():
            print(os.getpid() == current_process().pid)
        if __name__ == "__main__":
            child = Process(target=work)
            print(child.pid)
            child.start()
            child.join()
            print(child.pid == os.getpid(), child.pid == child.ident)
        """
    )
    assert found.complete
    assert {one.outcome.stdout for one in found.outcomes} == {"None\nTrue\nFalse True\n"}


@pytest.mark.parametrize(
    "text",
    [
        "1.5", "2 ** 31 - 1", "-(2 ** 40)", "(1, 2)", "()", "frozenset({1})", "range(5)", "None",
        "Decimal('1.5')", "Fraction(1, 3)", "timedelta(1)", "1j", "float('inf')", "D(1)",
    ],
)  # fmt: skip
def test_a_hash_that_is_another_one_with_32_bits_is_none_to_tell_of(monkeypatch, text):
    """Python for browsers has other hashes than that of a reader."""
    names, _ = values_of("0")
    value = eval(text, names)
    assert LATELY or value is None or not hash_varies(value)
    monkeypatch.setattr(narrow, "NARROW", True)
    assert hash_varies(value)
    assert not any(map(hash_varies, (0, 5, -5, 2**31 - 2, True, 2.0, Decimal(7), Fraction(4, 2))))


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("print(hash(1.5))", "hash() of float objects is another number"),
        ("import sys\nprint(sys.maxsize)", "sys.maxsize is another one in a browser"),
        ("from struct import calcsize\nprint(calcsize('l'))", "struct.calcsize is another one"),
        ("from struct import Struct\nprint(Struct('l').size)", "struct.Struct is another one"),
        ("import random\nprint(random.Random(0.5).random())", "this gives other numbers in a"),
        ("import random\nrandom.seed(0.5)", "this gives other numbers in a browser"),
        (
            "try: raise IndexError('index-sized')\nexcept LookupError: print('too large')",
            "this meets a number for which Python has no room in a browser",
        ),
        (
            "from contextlib import *\nwith suppress(OverflowError): raise OverflowError('C long')",
            "this meets a number for which Python has no room in a browser",
        ),
        ("import winreg", "the module winreg is not there in a browser: write the program"),
        (
            "try: import winreg\nexcept ImportError: print(1)",
            "the module winreg is not there in a browser",
        ),
        ("from time import lunch", "time.lunch is not there in a browser"),
        ("import time\ntime.lunch", "time.lunch is not there in a browser"),
        ("import time\nprint(hasattr(time, 'lunch'))", "time.lunch is not there in a browser"),
    ],
)
def test_what_is_another_one_with_32_bits_is_refused(explored, monkeypatch, program, words):
    """All of it is explored with 64 bits, and a whole library."""
    assert explored(program).complete
    monkeypatch.setattr(narrow, "NARROW", True)
    with pytest.raises(CannotExplore) as refusal:
        explored(program)
    assert refusal.value.message.startswith(words)


def test_the_order_of_a_set_is_none_to_tell_of_with_32_bits(explored, monkeypatch):
    assert explored("print({1.5, 2.5})").complete
    monkeypatch.setattr(narrow, "NARROW", True)
    assert not explored("print({1.5, 2.5})").complete
    assert explored("print({1, 2})").complete


def test_a_memory_error_that_is_caught_is_refused(explored):
    """Where there is more memory there is none."""
    with pytest.raises(CannotExplore) as refusal:
        explored("try: x = [0] * 10 ** 15\nexcept MemoryError: print('too much')")
    assert refusal.value.line == 2
    assert refusal.value.message.startswith("how much memory there is differs")
