"""Objects that are there already, and whose ``__init__`` is called once more."""

from __future__ import annotations

from functools import partialmethod

import pytest

from anyorder.exploring import CannotExplore
from anyorder.exploring.accesses.finding import CONTAINERS
from anyorder.exploring.public_names import CLASSES

IMPORTS = """
import concurrent.futures, functools, inspect, queue, sched, threading, types
from collections import Counter, OrderedDict, defaultdict, deque
from io import BytesIO, StringIO
"""
# how an object of each class of the library that is followed is made, and begins again
AGAIN = {
    "concurrent.futures._base.Future": "concurrent.futures.Future()",
    "concurrent.futures.thread.ThreadPoolExecutor": "concurrent.futures.ThreadPoolExecutor(1)",
    "queue.LifoQueue": "queue.LifoQueue()",
    "queue.PriorityQueue": "queue.PriorityQueue()",
    "queue.Queue": "queue.Queue()",
    "sched.scheduler": "sched.scheduler()",
    "threading.Barrier": "threading.Barrier(2)",
    "threading.BoundedSemaphore": "threading.BoundedSemaphore()",
    "threading.Condition": "threading.Condition()",
    "threading.Event": "threading.Event()",
    "threading.Semaphore": "threading.Semaphore()",
    "threading.Thread": "threading.Thread()",
    "threading.Timer": "threading.Timer(1, print)",
}
# these have no ``__init__`` that does anything
BEGIN_BY_NEW = {"_queue.SimpleQueue", "_thread.RLock", "_thread.lock", "threading.local"}
# other kinds, likewise
OTHERS = {
    "types.SimpleNamespace(a=1)": "it.__init__(a=2)",
    "property(len)": "it.__init__(max)",
    "classmethod(len)": "it.__init__(max)",
    "staticmethod(len)": "it.__init__(max)",
    "functools.partial(print)": "it.__setstate__((max, (), {}, {}))",
    **(
        {"functools.partialmethod(print)": "it.__init__(max)"}
        if "__init__" in vars(partialmethod)  # up to Python 3.13
        else {}
    ),
    "functools.cached_property(print)": "it.__init__(max)",
    "types.ModuleType('a')": "it.__init__('b')",
    "KeyError('a')": "it.__setstate__({'args': (1,)})",
    "inspect.Signature()": "it.__init__([])",
}
# containers and exceptions are followed: how each begins again, what shows it, and what that shows
FOLLOWED = {
    "list": ("[1]", "[2]", "it", {"[1]", "[2]"}),
    "dict": ("{1: 1}", "{2: 2}", "it", {"{1: 1}", "{1: 1, 2: 2}"}),
    "OrderedDict": ("OrderedDict(a=1)", "b=2", "len(it)", {"1", "2"}),
    "defaultdict": ("defaultdict(int)", "str", "repr(it[1])", {"0", "''"}),
    "set": ("{1}", "{2}", "it", {"{1}", "{2}"}),
    "deque": ("deque([1])", "[2], 3", "it.maxlen", {"None", "3"}),
    "bytearray": ("bytearray(b'a')", "b'b'", "bytes(it)", {"b'a'", "b'b'"}),
    "StringIO": ("StringIO('a')", "'b'", "it.getvalue()", {"a", "b"}),
    "BytesIO": ("BytesIO(b'a')", "b'b'", "it.getvalue()", {"b'a'", "b'b'"}),
    "ValueError": ("ValueError('a')", "'b'", "it", {"a", "b"}),
    "SystemExit": ("SystemExit(1)", "2", "it.code", {"1", "2"}),
    "ImportError": ("ImportError('a', name='a')", "'a', name='b'", "it.name", {"a", "b"}),
}


def program(made, again, asks="pass"):
    return (
        f"{IMPORTS}it = {made}\ndef work():\n    {again}\nthread = threading.Thread(target=work)\n"
        f"thread.start()\n{asks}\nthread.join()\n"
    )


def printed(exploration):
    assert exploration.complete
    return {one.outcome.stdout for one in exploration.outcomes}


def test_each_class_that_is_followed_says_how_it_begins():
    """A class that is new among them is told of here, until it is known what it does."""
    assert AGAIN.keys() | BEGIN_BY_NEW == CLASSES.keys()
    assert not AGAIN.keys() & BEGIN_BY_NEW


@pytest.mark.parametrize("name", sorted(AGAIN))
@pytest.mark.parametrize("threads", ["one", "two"])
def test_what_has_events_of_its_own_does_not_begin_again(explored, name, threads):
    made = AGAIN[name]
    again = f"it.__init__{made[made.index('(') :]}"
    source = program(made, again)
    if threads == "one":
        source = f"{IMPORTS}it = {made}\n{again}\n"
    with pytest.raises(CannotExplore, match=r"that is there already .*: make a new one"):
        explored(source)


@pytest.mark.parametrize("name", sorted(AGAIN))
def test_what_is_derived_from_it_does_not_either(explored, name):
    """It begins once, by way of its own, and not in what puts it back."""
    made = AGAIN[name]
    cls, _, args = made.partition("(")
    own = f"""{IMPORTS}
class Own({cls}):
    def __init__(self):
        self.begin()

    def begin(self):
        super().__init__({args}

it = Own()
"""
    assert printed(explored(f"{own}print(1)\n")) == {"1\n"}
    with pytest.raises(CannotExplore, match=r"that is there already .*: make a new one"):
        explored(f"{own}it.begin()\n")


@pytest.mark.parametrize("name", sorted(CLASSES))
def test_nobody_sees_what_is_noted_in_an_object(explored, name):
    made = AGAIN.get(name, f"{name.removeprefix('_').replace('thread.lock', 'thread.Lock')}()")
    made = made.replace("thread.", "threading.") if name.startswith("_thread.") else made
    assert printed(explored(f"{IMPORTS}print('_ao_' in str(dir({made})))\n")) == {"False\n"}


@pytest.mark.parametrize("made", OTHERS)
def test_what_is_written_in_c_does_not_begin_again_among_threads(explored, made):
    with pytest.raises(CannotExplore, match=r"that is there already .*: make a new one"):
        explored(program(made, OTHERS[made]))


def test_each_container_says_how_it_begins():
    assert {cls.__name__ for cls in CONTAINERS} <= FOLLOWED.keys()


@pytest.mark.parametrize("name", FOLLOWED)
def test_what_holds_others_begins_again(explored, name):
    made, args, asks, shown = FOLLOWED[name]
    for again in (f"it.__init__({args})", f"type(it).__init__(it, {args})"):
        found = printed(explored(program(made, again, f"print({asks})")))
        assert found == {f"{one}\n" for one in shown}


def test_a_counter_that_begins_again_counts_on(explored):
    source = f"{IMPORTS}it = Counter('a')\nit.__init__('bb')\nprint(dict(it))\n"
    assert printed(explored(source)) == {"{'a': 1, 'b': 2}\n"}
    source = program("Counter('a')", "it.__init__('ab')", "print(it['a'])")
    assert printed(explored(source)) == {"1\n", "2\n"}


def test_an_exception_of_the_program_begins_by_what_is_above_it(explored):
    """Also in a method that is not one of its making, and wherever it is called."""
    own = """class Own(ValueError):
    def __init__(self, value):
        super().__init__(value)
    def again(self):
        {again}
"""
    for again in ("self.__init__(2)", "super().__init__(2)", "ValueError.__init__(self, 2)"):
        source = program("Own(1)", "it.again()", "print(it)").replace(
            "it =", f"{own.format(again=again)}it =", 1
        )
        assert printed(explored(source)) == {"1\n", "2\n"}
