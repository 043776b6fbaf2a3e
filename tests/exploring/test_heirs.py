"""Classes of the program's that are derived from the library's: whose attribute is which."""

from __future__ import annotations

import concurrent.futures  # noqa: F401 - a module whose classes are listed
import sys
from collections import defaultdict
from importlib import import_module

import pytest

from anyorder.exploring import CannotExplore
from anyorder.exploring.accesses.heirs import KEEPERS, keeper, kept_by

STARTED = """
    from queue import LifoQueue, PriorityQueue, Queue
    from threading import BoundedSemaphore, Event, Semaphore, Thread
    class Own({base}):
        {body}
    {made}
    def work():
        {work}
    thread = Thread(target=work)
    thread.start()
    {asks}
    thread.join()
"""
ALL = """def _init(self, maxsize): self.queue = set()
        def _put(self, item): self.queue.add(item)
        def _get(self): return self.queue.pop()"""


def program(base="Queue", body="pass", made="own = Own()", work="own.put(1)", asks="pass"):
    return STARTED.format(base=base, body=body, made=made, work=work, asks=asks)


@pytest.mark.parametrize("name", sorted(KEEPERS))
def test_whatever_the_library_keeps_is_known(name):
    """The attributes that its own code sets, in whichever Python."""
    module, _, cls = name.rpartition(".")
    kept = kept_by(getattr(import_module(module), cls))
    assert len(kept) > 1 or name == "_queue.SimpleQueue"  # which is written in C
    derived = type("Own", (getattr(import_module(module), cls),), {}) if kept else None
    assert derived is None or keeper(derived) in derived.__mro__


@pytest.mark.parametrize(
    ("base", "made", "asks", "message"),
    [
        ("Queue", "own = Own()", "print(own.queue)", "past its events"),
        ("Semaphore", "own = Own(1)", "print(own._value)", "library's own"),
        ("BoundedSemaphore", "own = Own(1)", "own._value = 5", "changes what the library"),
        ("Event", "own = Own()", "print(own._flag)", "library's own"),
    ],
)
def test_what_the_library_keeps_is_no_attribute_like_others(explored, base, made, asks, message):
    with pytest.raises(CannotExplore, match=message):
        explored(program(base, "pass", made, "pass", asks))


@pytest.mark.parametrize("base", ["Queue", "LifoQueue", "PriorityQueue"])
def test_what_may_be_asked_for_is_asked_at_a_moment(explored, base):
    found = explored(program(base, asks="print(own.unfinished_tasks, own.maxsize)"))
    assert {one.outcome.stdout for one in found.outcomes} == {"0 0\n", "1 0\n"}


def test_attributes_of_its_own_are_followed(explored):
    body = "count = 0"
    found = explored(program("Event", body, work="own.count += 1", asks="print(own.count)"))
    assert {one.outcome.stdout for one in found.outcomes} == {"0\n", "1\n"}


def test_a_queue_that_keeps_its_items_otherwise(explored):
    """The well-known queue with no item twice; one may look into it without its lock."""
    found = explored(program(body=ALL, asks="own.put(1); print(own.qsize(), own.get())"))
    assert found.complete
    assert {one.outcome.stdout for one in found.outcomes} == {"1 1\n"}
    looks = "print(len(own.queue), own.empty())"
    found = explored(program(body=ALL, asks=looks))
    shown = {"0 True\n", "0 False\n", "1 False\n"}
    assert {one.outcome.stdout for one in found.outcomes} == shown


def test_others_come_between_what_a_queue_does(explored):
    body = """def _put(self, item):
            told.append(item)
            self.queue.append(item)
        def _get(self): return self.queue.popleft()"""
    made = "told = []\n    own = Own()"
    found = explored(program(body=body, made=made, asks="print(told, len(own.queue))"))
    shown = {"[] 0\n", "[1] 0\n", "[1] 1\n", "[] 1\n"} - {"[] 1\n"}
    assert {one.outcome.stdout for one in found.outcomes} == shown


@pytest.mark.parametrize(
    ("body", "asks", "message"),
    [
        ("def _put(self, item): self.queue.append(item)", "own.get()", "_get is called"),
        ("def _put(self, item): super()._put(item)", "pass", "_put is called"),
        (ALL, "print(own.unfinished_tasks)", "unfinished_tasks is the library's own"),
    ],
)
def test_a_queue_that_is_half_the_library_s_is_refused(explored, body, asks, message):
    with pytest.raises(CannotExplore, match=message):
        explored(program(body=body, asks=asks))


@pytest.mark.skipif(sys.version_info < (3, 13), reason="queues are shut down from 3.13 on")
def test_a_queue_of_its_own_is_shut_down(explored):
    asks = """own.shutdown()
    try: print(own.get())
    except Exception as error: print(type(error).__name__)"""
    work = "try: own.put(1)\n        except Exception as error: print(type(error).__name__)"
    found = explored(program(body=ALL, work=work, asks=asks))
    told = {one.outcome.stdout.replace("\n", "") for one in found.outcomes}
    assert told == {"1", "ShutDownShutDown"}


@pytest.mark.parametrize("shows", ["own", "f'{own}'", "[own]", "own == Counter()", "own + own"])
def test_what_the_library_writes_in_python_for_a_counter_is_seen(explored, shows):
    with pytest.raises(CannotExplore, match=r"take dict\(counter\)"):
        explored(f"""
            from collections import Counter
            from threading import Thread
            class Own(Counter): pass
            own = Own("a")
            Thread(target=own.update, args=("b",)).start()
            print({shows})
        """)


@pytest.mark.parametrize("factory", ["list", "lambda: []"])
def test_a_default_may_be_stored_over_what_another_thread_has_stored(explored, factory):
    """Where the class of a dict looks for what is not there, others come in between."""
    found = explored(f"""
        from collections import defaultdict
        from threading import Thread
        class Own(defaultdict):
            def __missing__(self, key): return super().__missing__(key)
        own = Own({factory})
        def add(number): own["key"].append(number)
        threads = [Thread(target=add, args=(number,)) for number in (1, 2)]
        for one in threads: one.start()
        for one in threads: one.join()
        print(own["key"])
    """)
    overwrites = defaultdict(list, key=[1]).__missing__("key") == []
    expected = {"[1, 2]\n", "[2, 1]\n"} | ({"[1]\n", "[2]\n"} if overwrites else set())
    assert {one.outcome.stdout for one in found.outcomes} == expected
