"""Attributes that a program gives objects of the library."""

from __future__ import annotations

import queue
import sched
import threading
from concurrent import futures

import pytest

from anyorder.exploring import CannotExplore
from anyorder.exploring.public_names import LISTED, REFUSED

PROGRAM = """
    import threading, queue
    from concurrent.futures import Future
    class Own: pass
    thing = {}
    {}
    def change():
        {}
    def look():
        found.append(getattr(thing, "name", None))
    found = []
    threads = [threading.Thread(target=change), threading.Thread(target=look)]
    for one in threads: one.start()
    for one in threads: one.join()
    print(found, hasattr(thing, "name"))
"""
THINGS = ["Future()", "threading.Event()", "queue.Queue()", "threading.Condition()"]
CHANGES = [
    ("", "thing.name = 1"),
    ("thing.name = 1", "del thing.name"),
    ("thing.name = 1", "thing.name += 1; thing.name += 1"),
    ("", "setattr(thing, 'name', 1); delattr(thing, 'name')"),
]


def outcomes(explored, *parts):
    """Return what a program can print."""
    found = explored(PROGRAM.format(*parts))
    assert found.complete
    return {one.outcome.stdout for one in found.outcomes}


@pytest.mark.parametrize("thing", THINGS)
@pytest.mark.parametrize(("first", "change"), CHANGES)
def test_it_is_as_an_attribute_of_an_object_of_the_program(explored, thing, first, change):
    """Another thread finds it as it is in between."""
    expected = outcomes(explored, "Own()", first, change)
    assert len(expected) > 1
    assert outcomes(explored, thing, first, change) == expected


@pytest.mark.parametrize("setting", ["maxsize = 1", "unfinished_tasks = 1"])
def test_what_the_library_keeps_is_not_the_program_s(explored, setting):
    """Its calls look at it."""
    with pytest.raises(CannotExplore, match="changes what the library keeps"):
        explored(f"import queue\nthing = queue.Queue()\nthing.{setting}\n")


@pytest.mark.parametrize(
    "thing",
    [
        futures.Future(), futures.ThreadPoolExecutor(1), queue.LifoQueue(), queue.PriorityQueue(),
        queue.Queue(), sched.scheduler(), threading.Barrier(1), threading.BoundedSemaphore(),
        threading.Condition(), threading.Event(), threading.Semaphore(),
    ],
    ids=lambda thing: type(thing).__name__,
)  # fmt: skip
def test_what_the_library_gives_its_objects_is_known(thing):
    """So that what is not known is the program's."""
    owner = f"{type(thing).__module__}.{type(thing).__qualname__}"
    public = {name for name in vars(thing) if not name.startswith("_")}
    assert public <= LISTED[owner] | REFUSED.get(owner, {}).keys() | vars(type(thing)).keys()
