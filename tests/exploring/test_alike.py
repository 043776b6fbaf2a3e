"""Threads that are alike: an image of each trace is executed, and nothing else changes.

Ninety random programs more are there for ``pytest -m slow``, always the same ones;
``ANYORDER_PROGRAMS`` asks for so many in each part that nobody has seen before.
"""

from __future__ import annotations

import os
import random
from math import factorial

import pytest
from brute_force import HEADER, lines

from anyorder.exploring.engine.machine import Machine
from anyorder.exploring.explorer import Explorer
from anyorder.exploring.search.orbits import smallest_of

FEW = 20
MANY = int(os.environ.get("ANYORDER_PROGRAMS", "15"))  # in each part, which is a test of its own
PARTS = 3
FIRST = random.randrange(10**9) if "ANYORDER_PROGRAMS" in os.environ else 0
MOST_EXECUTIONS = 400
START = "for t in threads: t.start()\n"
JOIN = "for t in threads: t.join()\n"
LOST_UPDATE = """\
n = 0
def work():
    global n
    n += 1
"""


def searched(path, source, *, symmetric=True, most=None):
    """Search a program, and return the explorer with what it found."""
    path.write_text(source, encoding="utf-8")
    explorer = Explorer(path, most, None, 1_000, None)
    explorer.symmetric = symmetric
    return explorer, explorer.search()


def alike(work, count=2, start=START, join=JOIN, last="print(n)\n"):
    """Return a program with threads that carry out ``work``."""
    threads = f"threads = [threading.Thread(target=work) for _ in range({count})]\n"
    return f"import threading\n{work}{threads}{start}{join}{last}"


def named(trace):
    """Return a trace as what does not depend on an order of its events."""
    names, counts = [], {}
    for tid in trace.threads:
        names.append((tid, counts.get(tid, 0)))
        counts[tid] = counts.get(tid, 0) + 1
    return frozenset(
        (name, frozenset(one for place, one in enumerate(names) if past >> place & 1))
        for name, past in zip(names, trace.pasts, strict=True)
    )


def told(found):
    """Return all that is told of what a search has found."""
    ways = found.interleavings()
    return {
        outcome: (
            found.counts[number],
            None if ways is None else ways[number],
            found.reaching.of(outcome, complete=found.limit is None),
        )
        for outcome, number in found.numbers.items()
    }


def traces(found):
    """Return all traces that a search has found, and how many those are that it has executed."""
    every = [named(image) for trace in found.traces for image in trace.images()]
    assert len(set(every)) == len(every) == found.size
    return set(every)


def compare(path, source, most=None):
    """Compare a search with one in which no threads are alike; return whether any were."""
    explorer, quick = searched(path, source, most=most)
    if not explorer.facts.alike or explorer.facts.distinct or quick.limit:
        return False
    slow = searched(path, source, symmetric=False, most=most)[1]
    if slow.limit:
        return False
    assert told(quick) == told(slow), source
    assert traces(quick) == traces(slow), source
    return True


# -- programs by chance ----------------------------------------------------------------------------


class Chance:
    """Makes programs with threads that are alike, the same ones for the same number."""

    def __init__(self, number):
        self.random = random.Random(number)
        self.meets = (
            True  # whether a thread may wait at the barrier, which is made for the first family
        )

    def statement(self, depth):
        """Return a statement, as the brute force knows them or as a line."""
        pick = self.random.choice
        name = pick("xy")
        if self.meets and self.random.random() < 0.1:
            self.meets = False
            return "barrier.wait()"
        simple = [
            ("set", name, self.random.randrange(3)), ("add", name), ("add", name), ("print", name),
            ("say", pick("pq")), ("append", pick([1, 2])), ("length",), ("key", 1), ("has", 1),
            ("try", pick("ab")), ("event set",), ("event clear",), ("event wait",),
            ("event timed",), ("get",), ("put", pick([1, 2])), ("take",), ("give",), ("spin", name),
            "m = x", "m = y", "print(m)", "x = m + 1", "boxes.append([m])",
            "print(len(boxes))", "if boxes: boxes[-1].append(y)", "if boxes: print(boxes[0])",
        ]  # fmt: skip
        if depth > 1 or self.random.random() < 0.75:
            return pick(simple)
        inner = [self.statement(depth + 1) for _ in range(self.random.randrange(1, 3))]
        waits = pick([("wait",), ("timed wait",), ("notify",), ("notify all",)])
        guarded = pick([("with", pick("ab"), inner), ("with", "c", [waits, *inner])])
        return pick([guarded, guarded, ("if", name, inner), ("if m == 0:", inner)])

    def body(self, statements, depth):
        """Return the lines of statements."""
        text = ""
        for one in statements:
            pad = "    " * depth
            match one:
                case str():
                    text += f"{pad}{one}\n"
                case (head, list(inner)):
                    text += f"{pad}{head}\n" + self.body(inner, depth + 1)
                case ("with" | "if", _, inner):
                    text += lines([(*one[:2], [])], depth)[0] + self.body(inner, depth + 1)
                case _:
                    text += "".join(lines([one], depth))
        return text

    def program(self):
        """Return a program."""
        pick = self.random.choice
        counts = pick([[2], [3], [3], [4], [2, 1], [2, 2], [3, 1], [2, 1, 1]])
        text = HEADER + f"boxes = []\nbarrier = threading.Barrier({counts[0]})\n"
        threads = []
        for number, count in enumerate(counts):
            most, self.meets = {4: 2, 3: 3}.get(count, 4), number == 0
            body = [self.statement(0) for _ in range(self.random.randrange(1, most + 1))]
            text += f"def work{number}():\n    global x, y\n    m = 0\n{self.body(body, 1)}"
            threads.append(f"[threading.Thread(target=work{number}) for _ in range({count})]")
        text += f"threads = {' + '.join(threads)}\n"
        text += pick(["", "", "threads = threads[::2] + threads[1::2]\n"])
        does = ["x += 1", "print(x)", "y = 1", "print('m')", "e.set()", "q.put(3)", "s.release()"]
        text += pick(["", "", f"{pick(does)}\n"])
        text += pick([START] * 6 + [f"for t in threads:\n    {pick(does)}\n    t.start()\n"])
        text += pick(["", "", f"{pick(does)}\n"])
        text += pick(
            [JOIN] * 6
            + [f"for t in threads:\n    t.join()\n    {pick(does)}\n", "threads[0].join()\n", ""]
            + ["for t in reversed(threads): t.join()\n"]
        )
        return text + "print(x, y, items, list(d), len(boxes))\n"


def test_random_programs(tmp_path):
    programs = [Chance(number).program() for number in range(FEW)]
    compared = sum(compare(tmp_path / "p.py", one, MOST_EXECUTIONS) for one in programs)
    assert compared > FEW / 3


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_many_random_programs(tmp_path, part):
    compared = number = 0
    while compared < MANY:
        number += 1
        source = Chance(FIRST + FEW + PARTS * number + part).program()
        compared += compare(tmp_path / "p.py", source, MOST_EXECUTIONS)
    assert compared > number / 3


# -- how much it saves -----------------------------------------------------------------------------


@pytest.mark.parametrize(("count", "executions"), [(2, 3), (3, 15), (4, 105)])
def test_lost_updates(tmp_path, count, executions):
    """One execution for each order of the reads and the writes, up to names."""
    source = alike(LOST_UPDATE, count)
    assert compare(tmp_path / "p.py", source)
    found = searched(tmp_path / "p.py", source)[1]
    assert (found.executions, found.size) == (executions, factorial(count) ** 2)


WITH = "lock = threading.Lock()\nn = 0\ndef work():\n    global n\n    with lock: n += 1\n"
MEET = "n = threading.Barrier({})\ndef work(): n.wait()\n"
ENTER = "n = threading.Semaphore(1)\ndef work():\n    with n: print(end='.')\n"
METHOD = """\
class Till:
    n = 0
    def add(self): self.n += 1
till = Till()
work = till.add
"""


@pytest.mark.parametrize("count", [2, 3, 4])
@pytest.mark.parametrize("work", [WITH, MEET, ENTER])
def test_one_execution(tmp_path, work, count):
    """Whoever comes first to a lock, a barrier or a semaphore: it is all the same."""
    source = alike(work.format(count), count, last="")
    assert compare(tmp_path / "p.py", source)
    found = searched(tmp_path / "p.py", source)[1]
    assert (found.executions, found.size) == (1, factorial(count))


def test_two_readers_are_one_trace(tmp_path):
    """Images count once where they are one trace: readers alone are, and so are equal writes."""
    source = alike("n = 0\ndef work(): n\nt = threading.Thread(target=exec, args=('',))\n", 4)
    found = searched(tmp_path / "p.py", source)[1]
    assert (found.executions, found.counts) == (1, [1])
    source = alike("n = 0\ndef work():\n    global n\n    n\n", 3, START + "n = 1\n")
    explorer, found = searched(tmp_path / "p.py", source)
    assert explorer.facts.alike
    assert not explorer.facts.distinct
    assert (found.executions, found.counts) == (4, [8])


MANY_ALIKE = "threading.Thread(target=work) for _ in range(2)"
ONE_WAY_AND_ANOTHER = (
    "threading.Thread(target=work, args=('k', 7)), threading.Thread(target=work, kwargs={'k': 7})"
)
ADDING = alike("n = 0\ndef work(*args, **named):\n    global n\n    n += 1\n")


@pytest.mark.parametrize(
    ("source", "are"),
    [
        (alike(METHOD, last="print(till.n)\n"), True),
        (ADDING.replace("=work)", "=work, args=(5, threading))"), True),
        (ADDING.replace("=work)", "=work, kwargs={'key': threading})"), True),
        (ADDING.replace("=work) for _", "=work, args=(i,)) for i"), False),
        (ADDING.replace("=work) for _", "=work, args=([],)) for _"), False),
        (ADDING.replace(MANY_ALIKE, ONE_WAY_AND_ANOTHER), False),
        (ADDING.replace("=work)", "=lambda: work())"), False),
        (ADDING.replace("=work)", "=work, daemon=True)"), False),
        (ADDING.replace("threads: t.start()", "threads: n += 1; t.start()"), False),
        (ADDING.replace(".Thread(target=", ".Timer(0, "), False),
    ],
)
def test_who_is_alike(tmp_path, source, are):
    explorer = searched(tmp_path / "p.py", source)[0]
    assert explorer.facts.alike == are
    assert not explorer.facts.distinct


def test_graph_has_all_images(tmp_path):
    """What a reader plays has every schedule; those of images can be taken, step by step."""
    path = tmp_path / "p.py"
    path.write_text(alike(LOST_UPDATE, 3), encoding="utf-8")
    explorer = Explorer(path, None, None, 1_000, None)
    found = explorer.search()
    outcomes = list(found.numbers)
    for trace in found.traces:
        for image in trace.images():
            explorer.replay(list(image.threads), outcomes[image.outcomes[0]])
    graph = explorer.graph(50_000)
    other = Explorer(path, None, None, 1_000, None)
    other.symmetric = False
    slow = other.graph(50_000)
    assert len(graph.edges) == len(slow.edges)
    assert sorted(graph.interleavings) == sorted(slow.interleavings)


# -- what tells threads apart ----------------------------------------------------------------------

ASKS = {
    "the name": "def work(): print(threading.current_thread().name)\n",
    "the number": "known = threading.get_ident()\n"
    "def work(): print(known == threading.get_ident())\n",
    "a failure": "def work(): 1 / 0\n",
    "a log": "import logging\nlogging.basicConfig(format='%(threadName)s')\n"
    "def work(): logging.warning('')\n",
    "a hook": "threading.excepthook = lambda args: print(args.thread.name)\ndef work(): 1 / 0\n",
}
FIRST_WAITS = """\
lock = threading.Lock()
never = threading.Event()
first = True
def work():
    global first
    with lock:
        mine, first = first, False
    if mine:
        never.wait()
"""
JOINS = {
    "one, and goes on": "threads[0].join()\nprint('joined')\n",
    "each, and says so": "for t in threads:\n    t.join()\n    print('joined')\n",
    "one, and ends": "threads[0].join()\n",
    "by another": "def other():\n    threads[0].join()\n    print('joined')\n"
    "threading.Thread(target=other).start()\n",
    "asks": "print(threads[0].is_alive())\n",
    "a while": "threads[0].join(1)\nprint('waited')\n",
    "counts": "print(threading.active_count())\n",
}
MADE = """\
boxes = []
def work():
    boxes.append([])
    boxes[0].append(1)
    print(len(boxes[0]))
"""
NESTED = "def inner(): print('in')\ndef work(): threading.Thread(target=inner).start()\n"
APART = {
    **{name: alike(work, last="") for name, work in ASKS.items()},
    **{name: alike(FIRST_WAITS, join=join, last="") for name, join in JOINS.items()},
    "an object": alike(MADE, last=""),
    "a thread": alike(NESTED, last=""),
}


@pytest.mark.parametrize("source", APART.values(), ids=APART)
def test_they_are_told_apart(tmp_path, source):
    """Then no image is left out, and the outcomes are all there."""
    explorer, found = searched(tmp_path / "p.py", source)
    facts = explorer.facts
    assert facts.distinct or facts.asks or facts.lists
    slow = searched(tmp_path / "p.py", source, symmetric=False)[1]
    assert told(found) == told(slow)


def test_an_image_may_wait_where_another_goes_on(tmp_path):
    """The first of them waits for good: whoever that is, the program goes on, or it does not."""
    source = alike(FIRST_WAITS, join=JOINS["one, and goes on"], last="")
    found = searched(tmp_path / "p.py", source)[1]
    assert {one.stdout for one in found.numbers} == {"", "joined\n"}


@pytest.mark.parametrize(
    ("what", "source"),
    [("asks_who_it_is", APART["the name"]), ("told_apart", APART["one, and goes on"])],
)
def test_what_is_not_noticed_would_be_seen(tmp_path, monkeypatch, what, source):
    """Where nothing tells threads apart that are not alike, outcomes are missing."""
    if what == "told_apart":
        monkeypatch.setattr("anyorder.exploring.explorer.told_apart", lambda *_, **__: False)
    else:
        monkeypatch.setattr(Machine, what, lambda _: None)
    with pytest.raises(AssertionError):
        compare(tmp_path / "p.py", source)


# -- graphs ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arrows", "automorphisms"),
    [
        ([], 24),
        ([(0, 1)], 2),
        ([(0, 1), (2, 3)], 2),
        ([(0, 1), (1, 2), (2, 3), (3, 0)], 4),
        ([(0, 1), (1, 2), (2, 3)], 1),
    ],
)
def test_automorphisms(arrows, automorphisms):
    """One and the same graph, however its vertices are called, and as many as there are."""
    chance = random.Random(1)

    def graph(order):
        edges = [[int((one, two) in arrows) for two in range(4)] for one in range(4)]
        return [0] * 4, [[edges[one][two] for two in order] for one in order]

    found = {smallest_of(*graph(chance.sample(range(4), 4))) for _ in range(20)}
    assert len(found) == 1
    assert found.pop()[1] == automorphisms


def test_graphs_of_chance():
    """Graphs have the same smallest one where they are the same up to names, and only there."""
    chance = random.Random(2)
    size = 5
    for _ in range(200):
        edges = [[chance.randrange(2) for _ in range(size)] for _ in range(size)]
        order = chance.sample(range(size), size)
        same = [[edges[one][two] for two in order] for one in order]
        assert smallest_of([0] * size, edges) == smallest_of([0] * size, same)
        one, two = chance.sample(range(size), 2)
        same[one][two] ^= 1
        assert smallest_of([0] * size, edges)[0] != smallest_of([0] * size, same)[0]
