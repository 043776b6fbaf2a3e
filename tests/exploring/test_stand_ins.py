"""What stands for a part of the library is shown as that part, or not at all."""

from __future__ import annotations

import builtins
import importlib
import io
import re
import sys
from types import FunctionType, ModuleType

import pytest

from anyorder.exploring import CannotExplore
from anyorder.exploring.engine.varying import TOOL
from anyorder.exploring.explorer import Explorer

MODULES = [
    "_thread", "atexit", "concurrent.futures", "copy", "dataclasses", "functools", "logging", "os",
    "queue", "random", "sched", "signal", "sys", "threading", "time", "timeit",
]  # fmt: skip
# what has the name of another one there, and nobody asks for it; and what pytest replaces
OTHER_NAMES = {"Lock", "allocate", "allocate_lock", "exit_thread", "excepthook", "unraisablehook"}
ADDRESS = re.compile(r" (?:object )?at (?:0x[0-9a-f]+|<address>)")
# of the standard streams, what is a text's, and the same wherever they are connected to
OF_TEXT = {
    "closed", "encoding", "errors", "flush", "read", "readable", "readline", "readlines",
    "writable", "write", "writelines",
}  # fmt: skip
OF_FILE = {name for name in dir(io.TextIOWrapper) if not name.startswith("_")} | {"mode", "name"}


def program(tmp_path):
    """Return a program that does nothing, ready to be executed."""
    path = tmp_path / "program.py"
    path.write_text("pass\n", encoding="utf-8")
    return Explorer(path, None, None, 100, None).program()


def shown_otherwise(name, own):
    """Return the names of a module that are shown as something else than they are."""
    real = importlib.import_module(name)
    module = own.library.import_for_program(name, {}, {}, ("",))
    found = []
    for attribute in sorted(set(dir(real)) - OTHER_NAMES):
        if attribute.startswith("_"):
            continue
        try:
            value = own.accesses.attribute(module, attribute)
        except (CannotExplore, AttributeError):
            continue
        expected = getattr(real, attribute)
        if not callable(expected):
            continue
        text = ADDRESS.sub("", own.machine.varied.masked(repr(value)))
        if not TOOL.search(text) and text != ADDRESS.sub("", repr(expected)):
            found.append((attribute, text))
        if value.__name__ != getattr(expected, "__name__", ""):
            found.append((attribute, value.__name__))
    return found


@pytest.mark.parametrize("name", MODULES)
def test_what_is_callable_is_shown_as_it_is(tmp_path, name):
    own = program(tmp_path)
    own.facts.unknowns = own.facts.processes = True
    with own.executed():
        assert shown_otherwise(name, own) == []


def test_what_is_not_marked_is_told(tmp_path, monkeypatch):
    own = program(tmp_path)
    own.facts.unknowns = True
    with own.executed():
        module = own.library.import_for_program("time", {}, {}, ("",))
        monkeypatch.setattr(module, "sleep", FunctionType((lambda _: None).__code__, {}, "sleep"))
        assert [one[0] for one in shown_otherwise("time", own)] == ["sleep"]


@pytest.mark.parametrize(
    "shown",
    [
        "time.sleep", "[time.time]", "f'{os.getpid}'", "threading.Lock().acquire", "random.seed",
        "threading.Lock", "type(threading.Lock())", "type(threading.Lock()).__qualname__", "id",
        "hash", "open", "sys.unraisablehook", "signal.signal", "time.time().is_integer", "time",
        "random", "type(time.sleep)", "time.sleep.__code__", "time.sleep.__doc__",
        "os.environ._data", "sys.version[0]", "sys.implementation", "[sys.implementation]",
        "sys.getsizeof([])",
        "(lambda: sys._getframe().f_lasti)()", "sys.builtin_module_names",
    ],
)  # fmt: skip
def test_what_is_not_shown(explored, shown):
    with pytest.raises(CannotExplore, match=r"program\.py:2: "):
        explored(f"import os, random, signal, sys, threading, time\nprint({shown})\n")


@pytest.mark.parametrize(
    ("taken", "shown"),
    [
        ("from time import sleep", "sleep"), ("from time import *", "sleep"),
        ("from time import sleep", "sleep.__qualname__"), ("from os import getpid", "[getpid]"),
        ("from threading import get_ident as it", "it"), ("from random import *", "seed"),
        ("from signal import signal", "f'{signal}'"), ("import time as t", "t.sleep"),
    ],
)  # fmt: skip
def test_what_is_not_shown_however_it_is_imported(explored, taken, shown):
    with pytest.raises(CannotExplore, match=r"program\.py:2: "):
        explored(f"{taken}\nprint({shown})\n")


@pytest.mark.parametrize("wrong", ["os.getpid(1)", "threading.Lock().acquire(1, 2, 3)"])
def test_no_error_names_a_stand_in(explored, wrong):
    with pytest.raises(CannotExplore, match="stands for a part of the library"):
        explored(f"import os, threading\ntry: {wrong}\nexcept TypeError as error: print(error)\n")


@pytest.mark.parametrize(
    ("shown", "text"),
    [
        ("sys.stdout", "<_io.TextIOWrapper name='<stdout>' mode='w' encoding='utf-8'>"),
        ("sys.stdin", "<_io.TextIOWrapper name='<stdin>' mode='r' encoding='utf-8'>"),
        ("sys.stderr", "<_io.TextIOWrapper name='<stderr>' mode='w' encoding='utf-8'>"),
        ("sys.stderr.errors", "backslashreplace"),
        ("sys.stdout.errors", "strict"),
        ("type(sys.stdout)", "<class '_io.TextIOWrapper'>"),
        ("isinstance(sys.stdin, io.TextIOWrapper)", "True"),
        ("type(os.getpid()), os.getpid().__class__", "<class 'int'> <class 'int'>"),
        ("type(os.getpid()) is int", "True"),
        ("random.Random(1)", "<random.Random object at <address>>"),
        ("type(random.Random(1))", "<class 'random.Random'>"),
        ("time.sleep.__name__, os.getpid.__name__", "sleep getpid"),
        ("type(threading.Lock()).__name__", "lock"),
        (
            "threading.ExceptHookArgs([1, 2, 3, 4])",
            "_thread._ExceptHookArgs(exc_type=1, exc_value=2, exc_traceback=3, thread=4)",
        ),
        ("time.__doc__ is None, time.__package__", "False "),
        ("print, len, sys.exit", f"{print} {len} {sys.exit}"),
    ],
)
def test_what_is_shown(explored, shown, text):
    found = explored(f"import io, os, random, sys, threading, time\nprint({shown})\n")
    assert [one.outcome.stdout for one in found.outcomes] == [f"{text}\n"]


@pytest.mark.parametrize("stream", ["stdin", "stdout", "stderr"])
def test_every_attribute_of_a_stream(explored, stream):
    """What is not of its text is refused, as it depends on what the stream is connected to."""
    for name in sorted(OF_FILE - OF_TEXT - ({"close"} if stream == "stdin" else set())):
        with pytest.raises(CannotExplore, match=f"sys.{stream}.{name} reaches the file below"):
            explored(f"import sys\nsys.{stream}.{name}\n")


@pytest.mark.parametrize(
    "wrong", ["sys.stdin.write('a')", "sys.stdout.read()", "print(1, file=sys.stdin)"]
)
def test_a_stream_of_the_other_direction(explored, wrong):
    [one] = explored(f"import sys\n{wrong}\n").outcomes
    assert re.search(r"io.UnsupportedOperation: not (writ|read)able\n$", one.outcome.stderr)


def test_a_closed_stream(explored):
    [one] = explored("import sys\nsys.stdin.close()\nsys.stdin.read()\n").outcomes
    assert one.outcome.stderr.endswith("ValueError: I/O operation on closed file.\n")


def test_builtins_are_shown_as_they_are(tmp_path):
    own = program(tmp_path)
    with own.executed():
        for name, value in own.builtins.items():
            if not name.startswith("_") and not isinstance(value, ModuleType):
                text = ADDRESS.sub("", repr(value))
                expected = ADDRESS.sub("", repr(getattr(builtins, name)))
                assert TOOL.search(text) or text == expected
