"""Each public name of what is stood in for is known, on the Python that runs."""

from __future__ import annotations

import _thread
import concurrent.futures
import importlib
import queue
import sched
import threading

import pytest

from anyorder.exploring import CannotExplore, public_names
from anyorder.exploring.explorer import Explorer
from anyorder.exploring.public_names import CLASSES, MODULES, REFUSED

MAKING = {
    "_queue.SimpleQueue": queue.SimpleQueue,
    "_thread.RLock": threading.RLock,
    "_thread.lock": threading.Lock,
    "concurrent.futures._base.Future": concurrent.futures.Future,
    "concurrent.futures.thread.ThreadPoolExecutor": concurrent.futures.ThreadPoolExecutor,
    "queue.LifoQueue": queue.LifoQueue,
    "queue.PriorityQueue": queue.PriorityQueue,
    "queue.Queue": queue.Queue,
    "sched.scheduler": sched.scheduler,
    "threading.Barrier": lambda: threading.Barrier(1),
    "threading.BoundedSemaphore": threading.BoundedSemaphore,
    "threading.Condition": threading.Condition,
    "threading.Event": threading.Event,
    "threading.Semaphore": threading.Semaphore,
    "threading.Thread": threading.Thread,
    "threading.Timer": lambda: threading.Timer(1, int),
    "threading.local": threading.local,
}


def public(thing):
    """Return the public names that a module or an object has."""
    return {name for name in dir(thing) if not name.startswith("_") and hasattr(thing, name)}


def owners():
    """Return each owner of names, with the names that it has in this Python."""
    return {
        **{key: public(make()) for key, make in MAKING.items()},
        **{key: public(importlib.import_module(key)) for key in MODULES},
    }


def new_names():
    """Say of which names of this Python nothing is known."""
    known = public_names.listed({**CLASSES, **MODULES})
    return [
        f"this Python has {owner}.{name}: say in public_names why it is right, or refuse it"
        for owner, names in owners().items()
        for name in sorted(names - known[owner] - REFUSED.get(owner, {}).keys())
    ]


def test_every_name_has_a_row():
    """It is followed, or stays as it is, or is refused with what to write instead."""
    assert MAKING.keys() == CLASSES.keys()
    assert not new_names()


@pytest.mark.parametrize(
    ("owner", "name"),
    [
        ("threading.Barrier", "n_waiting"),
        ("threading", "enumerate"),
        ("queue.Queue", "mutex"),
        ("_thread.lock", "locked"),
    ],
)
def test_a_name_without_a_row_is_told(monkeypatch, owner, name):
    """Whoever takes a row out, or a Python that brings a name, hears of it."""
    for tables in (CLASSES, MODULES):
        if owner in tables:
            rows = {why: names.replace(name, "") for why, names in tables[owner].items()}
            monkeypatch.setitem(tables, owner, rows)
    if owner in REFUSED:
        monkeypatch.setitem(REFUSED, owner, {})
    told = f"this Python has {owner}.{name}: say in public_names why it is right, or refuse it"
    assert told in new_names()


def test_a_name_is_listed_once():
    """Else one of two reasons would be read by nobody."""
    for reasons in (*CLASSES.values(), *MODULES.values()):
        names = [name for row in reasons.values() for name in row.split()]
        assert len(names) == len(set(names))


@pytest.mark.parametrize("owner", sorted(REFUSED))
def test_refused_names(explored, owner):
    """Each is refused by name and line."""
    for name in REFUSED[owner]:
        if name not in owners()[owner]:
            continue
        module, _, cls = owner.rpartition(".")
        thing = f"{owner}()" if module else owner
        with pytest.raises(CannotExplore, match=rf"program\.py:2: {owner}\.{name} "):
            explored(f"import {module or owner}\n{thing}.{name}\n")
        assert cls


def test_a_name_that_is_new_is_refused(explored, monkeypatch):
    """A Python that brings one is not believed to have brought nothing that matters."""
    monkeypatch.setitem(public_names.LISTED, "threading", frozenset({"Thread"}))
    for program in ("import threading\nthreading.Lock()", "import os\nfrom threading import Lock"):
        with pytest.raises(CannotExplore, match=r"program\.py:2: threading\.Lock is not known"):
            explored(program)


def test_stand_ins_have_the_names_of_what_they_stand_for(tmp_path):
    """No more, so that a program may ask which Python it runs on, and no less."""
    program = tmp_path / "program.py"
    program.write_text("import threading, queue\n", encoding="utf-8")
    own = Explorer(program, None, None, 100, None).program()
    with own.executed():
        module = own.library.thread_module
        assert public(module) == public(_thread)
        # what the machine itself keeps of a lock has plain names
        assert public(module.allocate_lock()) - {"owner"} == public(threading.Lock())
        assert public(module.RLock()) - {"count", "owner"} == public(threading.RLock())
        simple = own.library.load("queue").SimpleQueue
        assert public(simple()) == public(queue.SimpleQueue())


def test_what_the_library_keeps_cannot_be_set(explored):
    """Its events would not know."""
    with pytest.raises(CannotExplore, match=r"program\.py:3: setting Queue\.maxsize changes"):
        explored("import queue\nq = queue.Queue()\nq.maxsize = 2\n")
