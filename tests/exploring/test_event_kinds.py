"""Each kind of event is declared once, under a name of its own, and can be put into words."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
from collections import Counter
from signal import SIGTERM
from string import Formatter
from types import SimpleNamespace

import pytest

from anyorder import exploring
from anyorder.exploring.engine.events import READ, WRITE, EventKind

# what runs something as it is imported, and what is for a browser
NOT_IMPORTED = {"anyorder.exploring.__main__", "anyorder.exploring.engine.jspi"}
MODULES = [
    importlib.import_module(module.name)
    for module in pkgutil.walk_packages(exploring.__path__, f"{exploring.__name__}.")
    if module.name not in NOT_IMPORTED
]
KINDS = {kind for module in MODULES for kind in vars(module).values() if type(kind) is EventKind}


class Block(bytearray):
    """A block of shared memory."""

    name = "/psm_1"


class Thing(SimpleNamespace):
    """An object of the program or of the library, with what is asked of it."""


LOCK, TAKEN = Thing(owner=None), Thing(owner=1)
FULL, EMPTY = Thing(_value=1), Thing(_value=0)
BLOCK = Block(b"ab")
PIPE, PROCESS = Thing(read=0), Thing(name="Process-1")
BEGUN = Thing(_flag=True)
ALIVE = Thing(_started=BEGUN, _ao_thread=Thing(over=False))
OVER = Thing(_started=BEGUN, _ao_thread=Thing(over=True))
# what is said by a function: the kind, what an event is about, and the words
SAID = [
    ("read variable", ("n",), "reads n: 1"),
    ("write variable", ("n", "a\n"), "writes n: 'a⏎'"),
    ("read attribute", (Thing(a=1), "a"), "reads it.a: 1"),
    ("read attribute", (Thing(), "a"), "reads it.a: not there"),
    ("write attribute", (Thing(), "a", 2), "writes it.a: 2"),
    ("delete attribute", (Thing(), "a"), "deletes it.a"),
    ("read item", ([1], 0), "reads it[0]: 1"),
    ("read item", ({}, "k"), "reads it['k']: not there"),
    ("write item", ([1], 0, 2), "writes it[0]: 2"),
    ("delete item", ([1], 0, None), "deletes it[0]"),
    ("call", ([], "insert", (0, print)), "calls it.insert(0, print)"),
    ("contains", ([], 1), "looks for 1 in it"),
    ("look", ([1], [2]), "reads it: [1], it: [2]"),
    ("look", ("n",), "reads n"),
    ("iterate", ([], 3), "looks for item 3 of it"),
    ("print", ("stdout", "a\n"), "prints 'a⏎'"),
    ("print", ("stderr", "a"), "prints 'a' to stderr"),
    ("flush stream", "stdout", "flushes stdout"),
    ("locked", LOCK, "asks whether it is taken: no"),
    ("try", (LOCK, False), "tries to take it: gets it"),
    ("try", (TAKEN, True), "tries for a while to take it: does not get it"),
    ("try semaphore", (FULL, False), "tries to take it: gets it"),
    ("try semaphore", (EMPTY, False), "tries to take it: does not get it"),
    ("is_set", BEGUN, "asks whether it is set: yes"),
    ("wait for a while", BEGUN, "waits a while for it to be set"),
    ("wait for a while", Thing(_flag=False), "waits a while for it to be set: the time is up"),
    ("start", Thing(), "starts it"),
    ("start", Thing(_ao_starts=True), "starts it, which has been started"),
    ("join a while", OVER, "waits a while for it to end"),
    ("is_alive", ALIVE, "asks whether it is alive: yes"),
    ("is_alive", OVER, "asks whether it is alive: no"),
    ("get", (Thing(), 1), "gets 1 from it"),
    ("get", (Thing(),), "gets an item from it"),
    ("put", (Thing(), 1), "puts 1 into it"),
    ("check", None, "goes on"),
    ("check", 2, "is interrupted"),
    ("print into buffer", ("stdout", "a"), "prints 'a'"),
    ("flush", ("stdout", "a"), "flushes its buffer: 'a'"),
    ("flush", ("stdout", ""), "fills the buffer of stdout"),
    ("flush", ("stderr", "a"), "prints 'a' to stderr"),
    ("close", (PIPE, "reading"), "closes its end of it for reading"),
    ("read memory", (BLOCK, range(2), None), "reads 2 bytes of the shared memory psm_1: b'ab'"),
    ("write memory", (BLOCK, range(1, 2), 7), "writes byte 1 of the shared memory psm_1: 7"),
    ("kill", (PROCESS, SIGTERM), "sends SIGTERM to Process-1"),
    ("signal", (PROCESS, SIGTERM), "ends Process-1"),
    ("write to pipe", (PIPE, b"ab"), "writes 2 bytes to it"),
    ("read from pipe", PIPE, "reads 0 bytes from it"),
    ("exiting", WRITE, "begins to exit"),
    ("size of pool", READ, "asks how many workers there are"),
    ("size of pool", WRITE, "changes how many workers there are"),
]  # fmt: skip
WAITED = [
    ("wake", (Thing(_lock="the lock"), Thing(notified=False)), "a notification on it"),
    ("wake", (Thing(_lock="the lock"), Thing(notified=True)), "the lock"),
]


class Teller:
    """Calls each object the same."""

    file = "program.py"
    name = staticmethod(lambda thing: thing if isinstance(thing, str) else "it")
    variable = staticmethod(lambda _: "1")
    contents = staticmethod(lambda thing: {"it": repr(thing)})


def named(name):
    [kind] = [kind for kind in KINDS if kind.name == name]
    return kind


def event_about(about):
    return SimpleNamespace(about=about, in_vain=False)


def twice(kinds):
    """Return the names that stand for more than one kind."""
    return {name for name, number in Counter(kind.name for kind in kinds).items() if number > 1}


def test_no_two_kinds_have_one_name():
    assert len(KINDS) > 90
    assert twice(KINDS) == set()


def test_a_name_that_stands_for_two_kinds_is_found():
    other = EventKind("arrive", says="counts an item", waits=None, whole=False)
    assert twice({*KINDS, other}) == {"arrive"}


@pytest.mark.parametrize(("name", "about", "words"), SAID)
def test_what_is_said_by_a_function(name, about, words):
    said = named(name).says(event_about(about), Teller())
    assert (said if isinstance(said, str) else said()) == words


@pytest.mark.parametrize(("name", "item", "words"), [
    ("get", (), "finds nothing in it"), ("put", (1,), "finds no room in it for 1"),
])  # fmt: skip
def test_what_is_said_of_an_attempt_in_vain(name, item, words):
    event = SimpleNamespace(about=(Thing(), *item), in_vain=True)
    assert named(name).says(event, Teller())() == words


@pytest.mark.parametrize(("name", "about", "words"), WAITED)
def test_what_a_function_says_is_waited_for(name, about, words):
    assert named(name).waits(event_about(about), Teller()) == words


@pytest.mark.parametrize(("name", "about", "changed"), [
    ("write variable", ("n", 1), {"n": "1"}),
    ("write attribute", (Thing(), "a", 1), {"it.a": "1"}),
    ("write item", ([1], 0, 1), {"it": "[1]"}),
    ("delete item", ([], 0, None), {"it": "[]"}),
    ("call", ([1], "append", (1,)), {"it": "[1]"}),
])  # fmt: skip
def test_what_an_event_changed(name, about, changed):
    assert named(name).changes(event_about(about), Teller()) == changed


def test_what_is_said_by_a_function_is_tried_for_every_kind():
    assert {kind.name for kind in KINDS if callable(kind.says)} == {name for name, *_ in SAID}
    assert {kind.name for kind in KINDS if callable(kind.waits)} == {name for name, *_ in WAITED}


ANNOUNCING = ("happen", "objects.step")  # the ends of what is called to announce an event


def holes(said):
    """Return how many things a sentence names."""
    numbers = [field for _, field, _, _ in Formatter().parse(said) if field is not None]
    return max((int(number or 0) + 1 for number in numbers), default=0)


def parts(call):
    """Return how many things an event is about that a call of ``happen`` announces."""
    about = next((one.value for one in call.keywords if one.arg == "about"), None)
    place = 2 if "objects." in ast.unparse(call.func) else 4
    if about is None and len(call.args) > place:
        about = call.args[place]
    if about is None:
        return 0
    return len(about.elts) if isinstance(about, ast.Tuple) else 1


def lacking(module, source):
    """Return what calls in a module announce that names more than the event is about."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(
            ("happen", "objects.step")
        ):
            for name in ast.walk(node.args[0]):
                kind = vars(module).get(name.id) if isinstance(name, ast.Name) else None
                if type(kind) is EventKind:
                    for said in (kind.says, kind.waits):
                        if isinstance(said, str) and holes(said) > parts(node):
                            yield f"line {node.lineno}: {said}"


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_no_sentence_names_more_than_the_event_is_about(module):
    assert list(lacking(module, inspect.getsource(module))) == []


@pytest.mark.parametrize("call", [
    "happen(ARRIVE, ())", "machine.happen(ARRIVE, (), (), ())", "objects.step(ARRIVE, ())",
    "happen(GATHER if big else ARRIVE, (), about=(one,))",
])  # fmt: skip
def test_a_sentence_that_names_more_is_found(call):
    module = SimpleNamespace(
        ARRIVE=EventKind("arrive", says="arrives at {}", waits=None, whole=False),
        GATHER=EventKind("gather", says="gathers", waits="{1} at {0}", whole=False),
    )
    assert list(lacking(module, call))
    assert not list(lacking(module, "happen(GATHER if big else ARRIVE, (), about=(one, two))"))
