"""What cannot be explored is refused by file, line and name; nothing hangs, nothing is wrong."""

from __future__ import annotations

import itertools
import keyword
import math
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import anyorder
from anyorder.checking.program import refusal_at
from anyorder.exploring import CannotExplore, ExplorerFault, explore, graph
from anyorder.exploring.library.calls import CALLS
from anyorder.exploring.refusals import refusals_in
from anyorder.exploring.search.dpor import Search
from anyorder.exploring.witness.recorder import Recorder
from anyorder.outcomes import Outcome

GUARDED = """\
def gen():
    try: yield
    finally:
        print("closed")
def begun():
    one = gen()
    next(one)
    return one
"""
REFUSED = [
    ("x = = 1", 1, "this is no Python"),
    (("class M(type):\n    def __getattribute__(cls, name): return 1\nclass N(M): pass\n"
      "class A(metaclass=N): pass"), 4, "a metaclass with __getattribute__"),
    (("class A(list):\n    def __getattr__(self, name): raise AttributeError(name)\n"
      "dict(A())"), 3, "an object is asked for keys, which its __getattr__"),
    (("class A:\n    def __getattr__(self, name): raise AttributeError(name)\n"
      "{}.update(A())"), 3, "an object is asked for keys, which its __getattr__"),
    ("def f():\nreturn", 2, "this is no Python"),
    ("import asyncio\nasyncio.run(None)", 2, "asyncio.runners.run()"),
    ("import socket\nx = 1\nsocket.socket()", 3, "socket.socket()"),
    ("print(len(int.__subclasses__()))", 1, "__subclasses__() of a class of the library shows"),
    ("print(len(type.__subclasses__(object)))", 1, "__subclasses__() of a class of the library"),
    ("[*map(type.__subclasses__, [OSError])]", 1, "__subclasses__() of a class of the library"),
    ("import subprocess, threading\nt = threading.Thread(target=subprocess.run)\nt.start()", 3,
     "subprocess.run()"),
    ("from urllib.request import urlopen\nf = urlopen\nf('x')", 3, "urllib.request.urlopen()"),
    ("from tempfile import *\nwith TemporaryDirectory(): pass", 2, "tempfile.TemporaryDirectory()"),
    ("from socketserver import *\nclass S(TCPServer): pass\nS(0, 0)", 3, "TCPServer()"),
    ("import unittest\nclass T(unittest.TestCase): pass\nunittest.main()", 3, "TestProgram()"),
    ("from pathlib import Path\nPath('a').exists()", 2, "Path.exists()"),
    ("from pathlib import Path\nPath.cwd()", 2, "Path.cwd()"),
    ("import os\nos.listdir()", 2, "os.listdir()"),
    ("import os\nos.makedirs('/nowhere/at/all')", 2, "os.makedirs()"),
    ("import os\nos.removedirs('/nowhere/at/all')", 2, "os.removedirs()"),
    ("import os\nlist(os.walk('/nowhere'))", 2, "os.walk()"),
    ("import io\nio.FileIO(0)", 2, "io.FileIO()"),
    ("import io\nclass F(io.FileIO): pass\nF(0)", 3, "io.FileIO()"),
    ("import io\nio.open_code('/nowhere')", 2, "io.open_code()"),
    ("import codecs\ncodecs.open('/nowhere')", 2, "codecs.open()"),
    ("import contextlib\nwith contextlib.chdir('/'): pass", 2, "contextlib.chdir()"),
    ("import gettext\ngettext.find('a')", 2, "gettext.find()"),
    ("import posix\nprint(posix.getpid())", 1, "the module posix"),
    ("import shutil\nprint(shutil.os.getpid())", 2, "shutil.os is the library's own os"),
    ("import sys\nprint(sys.executable)", 2, "sys.executable"),
    ("import sys\nprint('json' in sys.modules)", 2, "sys.modules"),
    ("from sys import path", 1, "sys.path"),
    ("from sys import *\ndef f(): print(path)", 1, "sys.path"),
    ("from time import *\nprint(timezone)", 1, "time.timezone"),
    ("import time\nprint(time.timezone)", 2, "time.timezone"),
    ("import locale\nprint(locale.getlocale())", 2, "locale.getlocale"),
    ("import gc\nprint(gc.isenabled())", 2, "gc.isenabled"),
    ("import os\nprint(os.getenv('PATH'))", 2, "the environment variable PATH"),
    ("import os\nprint('HOME' in os.environ)", 2, "the environment variable HOME"),
    ("import os\nprint(os.environ['HOME'])", 2, "the environment variable HOME"),
    ("import os\nprint(os.path.dirname(os.environ.get('HOME', '')))", 2, "variable HOME"),
    ("import os\nprint(os.environb[b'HOME'])", 2, "the environment variable HOME"),
    ("import os\nprint(os.getenvb(b'TMPDIR'))", 2, "the environment variable TMPDIR"),
    ("import os\nprint(dict(os.environ))", 2, "which environment variables there are"),
    ("import os\nprint(len(os.environ))", 2, "which environment variables there are"),
    ("import logging\nlogging.basicConfig(filename='/nowhere/log')", 2, "open() reaches"),
    ("import logging\nlogging.FileHandler('/nowhere/log')", 2, "open() reaches"),
    ("import logging.handlers", 1, "the module logging.handlers cannot be simulated"),
    ("from logging import config", 1, "logging.config"),
    ("import antigravity", 1, "the module antigravity cannot be simulated"),
    ("import os\nos.path.exists('a')", 2, "os.path.exists()"),
    ("import shutil\nlist(map(shutil.rmtree, 'a'))", 2, "shutil.rmtree()"),
    ("import argparse\nargparse.FileType()", 2, "argparse.FileType()"),
    ("import uuid\nuuid.uuid1()", 2, "uuid.uuid1()"),
    ("import secrets\nsecrets.token_hex()", 2, "secrets.token_hex()"),
    ("import timeit\ntimeit.timeit()", 2, "timeit.timeit()"),
    ("import this", 1, "this"),
    ("__lazy_modules__ = ['this']\nimport math", 1, "a lazy import happens where any thread"),
    ("import numpy_is_not_there", 1, "numpy_is_not_there"),
    ("import concurrent.futures.interpreter", 1, "futures.interpreter"),
    ("import ctypes\nctypes.c_int(1)", 2, "ctypes.c_int()"),
    ("async def f(): pass\nf()", 1, "a coroutine is made here, and asyncio cannot be simulated"),
    ("async def f(): yield\nf()", 1, "an asynchronous generator is made here"),
    ("import threading\nasync def f(): pass\nthreading.Thread(target=f).start()", 2, "a coroutine"),
    ("import random\nrandom.shuffle([1])", 2, "random.shuffle()"),
    ("import random\nrandom.Random()", 2, "random.Random()"),
    ("import os\nos.fork()", 2, "os.fork()"),
    ("import sys\nsys.setrecursionlimit(10**9)", 2, "sys.setrecursionlimit()"),
    ("open('x')", 1, "open()"),
    ("exec('x = 1')", 1, "exec()"),
    ("n = 0\nwhile True: n += 1", 2, "200,000 times"),
    ("import itertools\nfor n in itertools.count(): pass", 2, "200,000 times"),
    ("import sys\n\nsys.stdout.buffer.write(b'x')", 3, "sys.stdout.buffer"),
    ("import sys\nsys.stderr.buffer", 2, "sys.stderr.buffer"),
    ("import sys\nsys.__stdout__.buffer.raw", 2, "sys.stdout.buffer"),
    ("import sys\nsys.stdout.raw", 2, "sys.stdout.raw"),
    ("import sys\nsys.stdout.fileno()", 2, "sys.stdout.fileno"),
    ("import sys\nsys.stdout.detach()", 2, "sys.stdout.detach"),
    ("import sys\nsys.stdout.reconfigure(line_buffering=True)", 2, "sys.stdout.reconfigure"),
    ("import os\nos.write(1, b'x')", 2, "os.write()"),
    ("import sys\nsys.stdin.buffer", 2, "sys.stdin"),
    ("import sys\nsys.stdin.fileno()", 2, "sys.stdin"),
    ("import sys\nprint(sys.stdin.mode)", 2, "sys.stdin"),
    ("n = __file__\nprint(n)", 2, "where a file lies"),
    ("n = __file__.split('/')[1]\nprint(n[:3])", 1, "where a file lies"),
    ("import sys\nprint(sys.argv)", 2, "where a file lies"),
    ("import json\nprint(json)", 2, "where a file lies"),
    ("def f(): pass\nprint(f.__code__)", 2, "where a file lies"),
    ("import sys\nprint(sys.stdin.line_buffering)", 2, "sys.stdin"),
    ("import sys\nprint(sys.stdout.mode)", 2, "sys.stdout.mode"),
    ("import sys\nprint(sys.stdout.line_buffering)", 2, "sys.stdout.line_buffering"),
    ("from collections import UserDict", 1, "collections.UserDict"),
    ("import collections\ncollections.ChainMap({})", 2, "collections.ChainMap"),
    ("import operator\noperator.setitem([1], 0, 1)", 2, "operator.setitem"),
    ("import threading\nthreading.settrace(print)", 2, "threading.settrace"),
    ("import array\narray.array('i')", 2, "array.array()"),
    ("memoryview(b'x')", 1, "memoryview()"),
    ("from collections import Counter\nn = Counter()\nn += n", 3, "Counter"),
    ("def f(n: print()): pass", 1, "an annotation that does something"),
    ("def f(*n: [one for one in ()]): pass", 1, "an annotation that does something"),
    ("class A:\n    it = int\ndef f() -> A.it: pass", 3, "an annotation that does something"),
    (("class TypeVar:\n def __init__(self, n): pass\n def __or__(self, n): print(n)\n"
     "T = TypeVar('T')\ndef f(n: T | int): pass"), 5, "an annotation that does something"),
    ("from typing import TypeVar\nT = TypeVar('T')\nT = 1\ndef f(n: T | int): pass", 4,
     "an annotation that does something"),
    ("home = [int]\nn: home[0] = 1", 2, "an annotation that does something"),
    ("from sys import stdout\nn: stdout.name = 1", 2, "an annotation that does something"),
    ("from concurrent import futures\nfutures = []\nn: futures.x = 1", 3, "an annotation"),
    ("one = two = set()\nn: one | two = 1", 2, "an annotation that does something"),
    ("A = int\ndef f():\n    def g(n: A): pass\nA = str", 3, "an annotation reads A"),
    ("def f():\n    A = int\n    def g():\n        def h() -> A: pass", 4, "an annotation reads A"),
    (("def f():\n    n: int = 0\n    A = int\n    def g():\n        nonlocal A\n        A = str\n"
     "    def h(n: A): pass"), 7, "an annotation reads A"),
    # what is left halfway, and ends with a list that the explorer keeps, or with the program
    *((GUARDED + rest, 4, "a generator that is left halfway") for rest in (
        "some = [begun()]\nprint(len(some))\nsome = 0",
        "one = begun()",
        "def f():\n    some = [begun()]\n    some.append(some)\nf()",
        "def f():\n    one = begun()\n    1 / 0\ntry: f()\nexcept Exception as error: print(error)",
    )),
    (("import threading\nlock = threading.Lock()\ndef gen():\n    with lock: yield\n"
      "some = [gen()]\nnext(some[0])\nprint(len(some))\ndel some\nlock.acquire()"), 4,
     "a generator that is left halfway"),
    ("def gen():\n    try: yield\n    finally: 1 / 0\nnext(gen())", 1,
     "an error in a generator that is left halfway"),
    # a thread that runs none of the program's code is at the line that began it
    ("import random, threading\nf = random.choice\nthreading.Thread(target=f, args=['ab']).start()",
     3, "seed"),
    ("import threading\nt = threading.Thread(target=open, args='x')\nt.start()", 3, "open()"),
    ("import threading\ndef f():\n    threading.Timer(1, open).start()\nf()", 3, "open()"),
    (("import random\nfrom concurrent.futures import *\nwith ThreadPoolExecutor() as pool:\n"
     "    pool.submit(random.choice, 'ab')"), 4, "random.seed"),
]  # fmt: skip
if sys.version_info >= (3, 14):
    INTERPRETERS = "from concurrent.futures import *\n\nInterpreterPoolExecutor(1)"
    REFUSED += [
        (INTERPRETERS, 3, "InterpreterPoolExecutor begins interpreters"),
        ("import typing\nn = typing.ForwardRef('int')\nn.evaluate()", 3, "ForwardRef.evaluate"),
        ("import typing\ntyping.evaluate_forward_ref", 2, "typing.evaluate_forward_ref"),
    ]
if sys.version_info >= (3, 15):
    REFUSED += [
        ("lazy import math", 1, "a lazy import happens where any thread first reads its name"),
        ("n = 0\nlazy from math import pi", 2, "a lazy import happens where any thread first"),
    ]


@pytest.mark.parametrize(("program", "line", "words"), REFUSED)
def test_refused(explored, program, line, words):
    """The refusal says where, and what."""
    with pytest.raises(CannotExplore) as refusal:
        explored(program)
    assert (refusal.value.file, refusal.value.line) == ("program.py", line)
    assert words in refusal.value.message
    assert str(refusal.value).startswith(f"program.py:{line}: ")


def test_refused_in_a_thread_that_catches_everything(explored):
    """A program cannot swallow its refusal."""
    with pytest.raises(CannotExplore, match=r"program\.py:4: this depends on what time"):
        explored("""
            import threading, time
            def work():
                try:
                    time.time() > 1
                except BaseException:
                    pass
            threading.Thread(target=work).start()
        """)


@pytest.mark.parametrize(
    "change",
    [
        "sys.stdout = io.StringIO()",
        "threading.excepthook = print",
        "with contextlib.redirect_stdout(io.StringIO()): pass",
    ],
)
def test_what_all_threads_use_is_changed_before_there_are_others(explored, change):
    """Swapping ``sys.stdout`` and its like is no event: it is refused where that matters."""
    header = "import contextlib, io, os, sys, threading\n"
    assert explored(f"{header}{change}\n").complete
    with pytest.raises(CannotExplore, match=r"program\.py:3: .* changes what all threads use"):
        explored(f"{header}def work():\n    {change}\nthreading.Thread(target=work).start()\n")


@pytest.mark.parametrize(
    "change",
    [
        "math.n = 0",
        "sys.n = 0",
        "del math.pi",
        "os.environ['A'] = 'b'",
        "os.environb[b'A'] = b'b'",
        "os.environ.update(A='b')",
        "os.environ.pop('HOME', None)",
        "os.putenv('A', 'b')",
        "keyword.kwlist.append('x')",
        "words = keyword.kwlist; len(words); words.append('x')",
        "from keyword import kwlist; kwlist += ['x']",
        "keyword.kwlist[:0] = ['x']",
        "keyword.kwlist[0] = keyword.kwlist[0]",
        "sys.path[:0] = ['x']",
        "del sys.modules['math']",
        "list.append(keyword.kwlist, 'x')",
        "import heapq; heapq.heappush(keyword.kwlist, 'x')",
        "import json.decoder; json.decoder.BACKSLASH['q'] = 'q'",
        "import urllib.parse; urllib.parse.uses_netloc.append('x')",
        "import json; json.JSONEncoder.item_separator = 'x'",
        "import csv; csv.field_size_limit(5)",
        "import calendar; calendar.setfirstweekday(3)",
        "import codecs; codecs.register(print)",
        "import copyreg; copyreg.pickle(complex, print)",
        "import decimal; decimal.DefaultContext.prec = 5",
        "import gc; gc.disable()",
        "import gettext; gettext.textdomain('x')",
        "import reprlib; reprlib.aRepr.maxlist = 1",
    ],
)
def test_what_the_explorer_uses_too_is_not_changed(explored, change):
    """It would still be so in the next execution."""

    def now():
        lists = [*sys.path], [*keyword.kwlist]
        return dict(os.environ), set(vars(math)), set(vars(sys)), *lists

    before, modules = now(), set(sys.modules)
    with pytest.raises(CannotExplore, match=r"program\.py:2: "):
        explored(f"import keyword, math, os, sys\n{change}\n")
    assert now() == before
    assert modules <= set(sys.modules)  # what it imports may come to them


def test_environment_variables_are_those_of_real_runs(explored, monkeypatch):
    """Those of the explorer are not seen."""
    monkeypatch.setenv("DEBUG", "1")
    monkeypatch.setenv("PYTHONHASHSEED", "5")
    (one,) = explored("""
        import os
        print(os.environ.get("DEBUG"), os.getenv("PYTHONHASHSEED"), "DEBUG" in os.environ)
    """).outcomes
    assert one.outcome.stdout == "None 0 False\n"
    assert os.environ["DEBUG"] == "1"


@pytest.mark.parametrize(
    ("change", "look"),
    [
        ("sys.setswitchinterval(5)", "sys.getswitchinterval()"),
        ("sys.set_int_max_str_digits(700)", "sys.get_int_max_str_digits()"),
        ("sys.setrecursionlimit(900)", "sys.getrecursionlimit()"),
        ("warnings.simplefilter('error')", "warnings.warn('a')"),
    ],
)
def test_what_is_put_back(explored, change, look):
    """The next execution, and the next program, find it as it was."""
    looks = f"import sys, threading, warnings\nprint({look})\n"
    first = explored(looks).outcomes
    thread = "threading.Thread(target=print, args='a')"
    both = explored(f"{looks}{change}\nt = {thread}, {thread}\nfor one in t: one.start()\n")
    assert both.complete
    assert len(both.outcomes) > 1
    assert explored(looks).outcomes == first


def test_a_module_that_asks_for_variables_is_imported(explored):
    """It would find those of the explorer another time, too."""
    module = sys.modules.pop("sysconfig", None)
    try:
        assert explored("import sysconfig\n").complete
    finally:
        if module is not None:
            sys.modules["sysconfig"] = module


def test_what_the_explorer_uses_too_is_read_and_copied(explored):
    """Only changes are refused, and only of the library's own."""
    (one,) = explored("""
        import keyword, string, sys, json.decoder
        words = list(keyword.kwlist)
        words.append("x")
        sys.argv.append("x")
        own = {**json.decoder.BACKSLASH}
        own["q"] = "q"
        print(len(words) - len(keyword.kwlist), "x" in keyword.kwlist, sys.argv[1:], len(own) > 1)
    """).outcomes
    assert one.outcome.stdout == "1 False ['x'] True\n"


def test_the_standard_output_kept_by_sys(explored):
    """``sys.__stdout__`` is the simulated one too: nothing goes to the explorer's own."""
    found = explored("import sys\nprint('a', file=sys.__stdout__)\nsys.__stderr__.write('b')\n")
    (one,) = found.outcomes
    assert (one.outcome.stdout, one.outcome.stderr) == ("a\n", "b")


def test_what_is_registered_to_run_at_exit(explored):
    """Any function can be registered, and taken back."""
    found = explored("""
        import atexit
        def never(): print("never")
        atexit.register(print, "bye")
        atexit.register(never)
        atexit.register(never)
        atexit.unregister(never)
        print("end")
    """)
    assert [one.outcome.stdout for one in found.outcomes] == ["end\nbye\n"]


@pytest.mark.parametrize("module", ["threading", "multiprocessing"])
def test_what_a_program_registers_of_the_library_runs_at_exit(explored, module):
    """Who registers a function decides, not whose it is."""
    found = explored(f"""
        import atexit, threading, {module}
        def never(): print("never")
        atexit.register(never)
        atexit.register(threading.Thread(target=print, args=["bye"]).run)
        atexit.register(never)
        atexit.unregister(never)
        print("end")
    """)
    assert [one.outcome.stdout for one in found.outcomes] == ["end\nbye\n"]


def test_a_fault_before_any_thread_has_begun(explored, monkeypatch):
    """The library may not be as the explorer knows it, and says so like any fault."""

    def unknown(*_):
        raise AttributeError("Thread has no native_id")

    monkeypatch.setitem(CALLS, "threading", unknown)
    with pytest.raises(CannotExplore, match=r"failed inside of anyorder .*: Thread has no native"):
        explored("print(1)")


def test_garbage_is_not_collected_where_stacks_pause_in_a_browser(explored, monkeypatch):
    """Python would look for it on stacks that are not there, and crash."""
    monkeypatch.setattr("anyorder.exploring.library.importing.OLDEST", 0)
    with pytest.raises(CannotExplore, match=r"program\.py:2: the module gc .* in a browser"):
        explored("import threading\nimport gc")


def test_a_flood_of_output(explored):
    """An execution prints as much as anybody could read, and not all that there is room for."""
    text = "x" * 100
    assert explored(f"print({text!r} * 5_000)").complete
    for flood in (f"print({text!r} * 10_000)", f"for _ in range(11): print({text!r} * 1_000)"):
        with pytest.raises(CannotExplore, match="1: this prints more than 1,000,000 characters"):
            explored(flood)
    with pytest.raises(CannotExplore, match="4: this prints more than 1,000,000 characters"):
        explored(f"""
            from multiprocessing import Process
            if __name__ == "__main__":
                Process().start()
                print({text!r} * 10_000)
        """)


@pytest.mark.parametrize(
    "text",
    ["print('\\ud800')", "import sys\nsys.stderr.write('a\\udfff')", "print('a', chr(0xdc80))"],
)
def test_half_of_a_character_is_refused(explored, text):
    """Python raises an error where it is to write one."""
    with pytest.raises(CannotExplore, match="this prints half of a surrogate pair"):
        explored(text)
    assert explored("print(ascii('\\ud800'), '\U0001f40d')").complete


def test_chance_is_noticed(explored, monkeypatch):
    """A program that does other things each time is refused, rather than shown as it was once."""
    count = itertools.count()
    monkeypatch.setattr(keyword, "iskeyword", lambda _: next(count))
    with pytest.raises(CannotExplore, match="does not do the same each time"):
        explored("""
            import keyword, threading
            many = keyword.iskeyword("a") % 2
            n = 0
            def work():
                global n
                for _ in range(many): n += 1
            threads = [threading.Thread(target=work) for _ in range(2)]
            for thread in threads: thread.start()
        """)


@pytest.mark.parametrize(
    ("source", "printed"),
    [
        (b"\xef\xbb\xbfprint('a')\n", "a\n"),
        ("# coding: latin-1\nprint('é')\n".encode("latin-1"), "é\n"),
        (b'print("""a\r\nb""")\r\n', "a\nb\n"),
        (b"print('a')\n\x0c\nprint('b')\n", "a\nb\n"),
        (b"", ""),
    ],
)
def test_how_a_file_is_written(tmp_path, source, printed):
    """A program is decoded as Python decodes it."""
    (tmp_path / "program.py").write_bytes(source)
    (one,) = explore(tmp_path / "program.py").outcomes
    assert one.outcome == Outcome(printed)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (b"# coding: klingon\n", "program.py:1: this is no Python: unknown encoding: klingon"),
        (b"\xef\xbb\xbf# coding: latin-1\n", "program.py:1: this is no Python: encoding problem"),
        ("print('é')".encode("latin-1"), "program.py:1: this is no Python: invalid or missing enc"),
        (b"print(1)\n\x00\n", "this is no Python: source code"),
    ],
)
def test_a_file_that_is_no_text(tmp_path, source, words):
    (tmp_path / "program.py").write_bytes(source)
    with pytest.raises(CannotExplore) as refusal:
        explore(tmp_path / "program.py")
    assert words in str(refusal.value)


def test_no_file(tmp_path):
    """A program that is not there, or is no text, is refused."""
    with pytest.raises(CannotExplore, match="cannot be read"):
        explore(tmp_path / "none.py")
    (tmp_path / "binary.py").write_bytes(b"\xff\xfe\n")
    with pytest.raises(CannotExplore, match="invalid or missing encoding"):
        explore(tmp_path / "binary.py")


def test_endless_loop_without_events(explored):
    """It never ends, which is its one outcome."""
    found = explored("while True: pass")
    assert [str(one.outcome.ends) for one in found.outcomes] == ["never"]
    assert found.complete


def test_deep_recursion(explored):
    """Python's own limit holds."""
    (found,) = explored("def f(n): return f(n + 1)\nf(0)").outcomes
    assert (
        found.outcome.stderr.endswith("RecursionError: maximum recursion depth exceeded\n")
        or "RecursionError" in found.outcome.stderr
    )
    assert found.outcome.exit == 1


SWALLOWING = [
    "with Swallows(): deep()",
    "with contextlib.ExitStack() as stack:\n    stack.enter_context(Swallows())\n    deep()",
    "with contextlib.suppress(RecursionError): deep()",
    "def work():\n    try: deep()\n    finally: return\nwork()",
    "for _ in [1]:\n    try: deep()\n    finally: continue",
    "with ThreadPoolExecutor(1) as pool: pool.submit(deep).exception()",
    "thread = threading.Thread(target=deep)\nthread.start()\nthread.join()",
]


@pytest.mark.parametrize("swallow", SWALLOWING)
def test_errors_of_this_computer_that_are_swallowed_by_whatever_way(explored, swallow):
    """Less deep than Python lets a program come, what it has done until then is not the same."""
    beginning = """\
import contextlib, threading
from concurrent.futures import ThreadPoolExecutor
class Adds:
    def __add__(self, other): return self + other
class Swallows:
    def __enter__(self): pass
    def __exit__(self, *args): return True
"""
    deep = f"{beginning}def deep(): Adds() + 1\n{swallow}\n"
    with pytest.raises(CannotExplore, match="by way of operators"):
        explored(deep)
    explored(f"{beginning}def deep(): 1 / 0\n{swallow.replace('Recursion', 'ZeroDivision')}\n")
    full = f"{beginning}def deep(): raise MemoryError\n{swallow.replace('Recursion', 'Memory')}\n"
    with pytest.raises(CannotExplore, match="how much memory there is"):
        explored(full)


DEEP = {
    "a function that calls back": """\
def total(t): return sum(map(total, t)) if isinstance(t, list) else t
t = 1
for _ in range({}): t = [t]
print(total(t))
""",
    "its error in a hook of the program's own": """\
import sys
sys.excepthook = lambda kind, error, trace: print(kind.__name__)
def total(t): return sum(map(total, t)) if isinstance(t, list) else t
t = 1
for _ in range({}): t = [t]
print(total(t))
""",
    "dataclasses": """\
from dataclasses import dataclass
@dataclass
class Node: then: object
t = 1
for _ in range({}): t = Node(t)
print(repr(t).count("1"))
""",
    "an f-string": """\
class Node:
    def __init__(self, then): self.then = then
    def __repr__(self): return f"{{self.then!r}}"
t = 1
for _ in range({}): t = Node(t)
print(repr(t))
""",
}


@pytest.mark.parametrize("depth", [30, 90, 150, 400])
@pytest.mark.parametrize("way", DEEP)
def test_what_recurses_by_way_of_the_tool_is_right_or_refused(explored, way, depth):
    """Python lets each come that far: an error of recursion would be the tool's own fault."""
    said = ""
    try:
        found = [one.outcome for one in explored(DEEP[way].format(depth)).outcomes]
    except CannotExplore as refusal:
        found, said = [], refusal.message
    refused = depth > 30 and "take more room here: recurse less deep" in said
    assert refused or found == [Outcome("1\n")]


@pytest.mark.parametrize(
    "shows",
    [
        "    try: return deep(n + 1)\n    except RecursionError: return n\nprint(deep(0))",
        (
            "    return 0 if n == 0 else deep(n - 1)\n"
            "for n in range(800, 1000):\n    try: deep(n)\n"
            "    except RecursionError: print(n); break"
        ),
    ],
)
def test_how_deep_a_program_can_recurse_is_not_shown(explored, shows):
    with pytest.raises(CannotExplore, match="or how deep it can recurse"):
        explored(f"def deep(n):\n{shows}\n")


def test_a_higher_limit_of_recursion(explored):
    """It holds for the program alone."""
    before = sys.getrecursionlimit()
    (found,) = explored("""
        import sys, threading
        sys.setrecursionlimit(5000)
        def f(n): return n and f(n - 1) + 1
        print(f(3000))
    """).outcomes
    assert found.outcome == Outcome("3000\n")
    assert sys.getrecursionlimit() == before


def test_a_million_events(explored):
    """An execution that is too long is stopped, and the result is not called complete."""
    found = explored("for n in range(1_000_000): print(n)")
    assert not found.complete
    assert found.limit == (
        "an execution had more than 5,000 events, the last of them in line 1: "
        "the loop at program.py:1 makes them; let it have fewer (two or three rounds mostly show "
        "the same), or raise that limit"
    )


@pytest.mark.parametrize(
    ("body", "loops"),
    [
        ("while True: count()", "the loop at program.py:8 makes"),
        ("for turn in range(1_000):\n    for one in range(9): count()",
         "the loops at program.py:8 and program.py:9 make"),
        ("for none in count_on():\n    pass", "the loop at program.py:6 makes"),
    ],
)  # fmt: skip
def test_the_loop_of_too_many_events_is_named(explored, body, loops):
    """It is that of the thread with the most events, and what was found until then is there."""
    found = explored(
        "import threading, queue\n"
        "total = 0; ready = threading.Event()\n"
        "def count():\n"
        "    global total; total += 1\n"
        "def count_on():\n"
        "    while True: count()\n"
        "def work():\n"
        f"{textwrap.indent(body, '    ')}\n"
        "def read():\n"
        "    if total: ready.wait(timeout=1); threading.Thread(target=work).start()\n"
        "def write():\n"
        "    global total; total += 1\n"
        "for each in (read, write): threading.Thread(target=each).start()\n",
        max_events=500,
    )
    assert not found.complete
    assert f"{loops} them; let it have fewer" in found.limit
    assert [one.outcome.stdout for one in found.outcomes] == [""]


def test_more_events_are_allowed(explored):
    """The limit on events can be raised."""
    program = "for n in range(300): print(n)"
    assert not explored(program, max_events=100).complete
    assert explored(program, max_events=700).complete


def test_never_stops_making_threads(explored):
    """So is one that goes on making threads."""
    found = explored("""
        import threading
        def work(): threading.Thread(target=work).start()
        work()
    """)  # fmt: skip
    assert not found.complete
    assert found.limit == (
        "an execution had more than 1,000 threads, the last of them in line 2; let it start fewer"
    )


def test_two_hundred_threads(explored):
    """Many threads that do not meet are one trace; many that do are stopped by a limit."""
    program = """
        import threading
        n = 0
        def work():
            {}
        threads = [threading.Thread(target=work) for _ in range(200)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
    """
    assert explored(program.format("pass")).executions == 1
    found = explored(program.format("global n; n += 1"), max_executions=3)
    assert (found.complete, found.executions) == (False, 3)


def test_a_program_that_patches_threading(explored):
    """It does so for itself, in that execution."""
    found = explored("""
        import threading
        threading.Thread.start = lambda self: print("patched")
        threading.Thread(target=print).start()
    """)
    assert [one.outcome for one in found.outcomes] == [Outcome("patched\n")]
    assert explored("import threading\nthreading.Thread(target=print).start()").outcomes[
        0
    ].outcome == Outcome("\n")


def test_a_thread_that_will_not_die(explored):
    """A thread that catches its own end is left alone."""
    found = explored("""
        import queue, threading
        def work():
            while True:
                try: items.get()
                except: pass
        items = queue.Queue()
        threading.Thread(target=work).start()
    """)
    assert [str(one.outcome.ends) for one in found.outcomes] == ["deadlock"]


def test_the_process_is_left_as_it_was(explored):
    """Exploring changes nothing of the interpreter that it runs on."""
    import threading  # noqa: PLC0415 - to compare it before and after

    before = (sys.stdout, sys.stderr, sys.excepthook, sys.argv, sys.modules["__main__"])
    explored("import sys, threading\nsys.argv = []\nsys.excepthook = None\nthreading.Lock = 1")
    assert before == (sys.stdout, sys.stderr, sys.excepthook, sys.argv, sys.modules["__main__"])
    assert sys.modules["threading"] is threading
    assert callable(threading.Lock)


@pytest.mark.parametrize(("kind", "method"), [(Search, "choose"), (Recorder, "happened")])
def test_a_fault_of_the_explorer_is_none_of_the_program_s(explored, monkeypatch, kind, method):
    """It comes while the program's code runs, which may catch what it likes."""

    def fail(*_):
        raise LookupError("of ours")

    monkeypatch.setattr(kind, method, fail)
    with pytest.raises(ExplorerFault, match="of ours: report this") as fault:
        explored("try:\n    print(1)\nexcept BaseException:\n    pass")
    assert (fault.value.file, fault.value.line) == ("program.py", 2)
    assert isinstance(fault.value.__cause__, LookupError)
    assert fault.value.reason.startswith(
        "exploring it failed inside of anyorder (LookupError in anyorder.exploring."
    )


@pytest.mark.parametrize("shown", ["c", "[c]", "c + c", "-c", "c == {}", "f'{c}'", "c <= c"])
def test_what_a_counter_does_item_by_item(explored, shown):
    """It is written in Python, and may find a Counter changed between two items."""
    program = f"""
        import threading
        from collections import Counter
        c = Counter("a")
        thread = threading.Thread(target=c.clear)
        thread.start()
        print({shown})
    """
    with pytest.raises(CannotExplore, match="Counter"):
        explored(program)
    [one] = explored(program.replace("thread.start()", "")).outcomes
    assert one.outcome.exit == 0


def test_annotations_of_types(explored):
    """What annotations usually are is left as it is."""
    found = explored(
        """
        import threading
        from collections.abc import Callable
        from typing import Literal, TypeVar

        T = TypeVar("T")

        class Shop:
            left: int | None = None
            lock: "threading.Lock"
            prices: dict[str, list[float]]

        def main(shop: Shop, *jobs: Callable[[int], None], wait: threading.Event | None = None):
            class Clerk:
                pass

            def sell(clerk: Clerk, things: list[T]) -> Literal["sold", 0] | tuple[int, ...]:
                return isinstance(clerk, Clerk)

            print(sell(Clerk(), []))

        main(Shop())
        """
    )
    assert [one.outcome.stdout for one in found.outcomes] == ["True\n"]


def test_graph_over_its_limit(explored, tmp_path):
    """A graph with more nodes than it may have is refused by name."""
    program = tmp_path / "program.py"
    explored("import threading\nthreading.Thread(target=print, args=(1,)).start()\nprint(2)")
    with pytest.raises(CannotExplore, match="more than 5 nodes"):
        graph(program, max_nodes=5)


def test_without_greenlet():
    """What an exploration returns can be read without greenlet; exploring says what it needs."""
    code = (
        "import sys; sys.modules['greenlet'] = None\n"
        "from anyorder.exploring import Exploration, Graph, CannotExplore\n"
        "import anyorder.exploring.witness.listing\n"
        "try:\n    from anyorder.exploring import explore\n"
        "except CannotExplore as error: print(error)\n"
    )
    source = str(Path(anyorder.__file__).parents[1])
    path = os.pathsep.join([source, *sys.path])
    run = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True, text=True, check=False, env={"PYTHONPATH": path},
    )  # fmt: skip
    assert "install anyorder[explore]" in run.stdout, run.stderr


ALL = """
# a comment
import os, threading
import subprocess as s
from urllib import request
import nothing_of_the_kind
from collections import UserDict
def work(open_it=open):
    with open("x") as file: pass
    s.run([])
    request.urlopen("x"); os.fork()
    os.getcwd()
    os.path.join("a", "b"), len([]), os.getpid()
def run(): pass
run()
later: print() = 0
"""


def test_all_refusals_are_told(tmp_path):
    """The first is what was executed; the others are read."""
    program = tmp_path / "program.py"
    program.write_text(ALL, encoding="utf-8")
    with pytest.raises(CannotExplore) as refusal:
        explore(program)
    lines = refusal_at(program, refusal.value).splitlines()
    assert [line.removeprefix(f"{program}:").partition(" ")[0] for line in lines] == [
        "16:", "6:", "7:", "9:", "10:", "11:", "12:",
    ]  # fmt: skip
    assert "nothing_of_the_kind" in lines[1]
    assert "subprocess.run()" in lines[4]


def test_what_names_are_given_to_anew_is_not_read(tmp_path):
    assert refusals_in("import subprocess as s\ns = print\ns.run()\nopen = 1\n", tmp_path) == []
    assert refusals_in("def open(x): pass\nopen(1)\n", tmp_path) == []
    assert refusals_in("open(1)\n", tmp_path)[0][0] == 1


def test_a_refusal_of_the_whole_is_at_its_first_statement(tmp_path):
    program = tmp_path / "program.py"
    program.write_text("# a comment\n'What it is.'\n\nx = 1\n", encoding="utf-8")
    assert refusal_at(program, CannotExplore("program.py", None, "no")) == f"{program}:4: no"
