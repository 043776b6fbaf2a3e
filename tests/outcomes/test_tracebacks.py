"""Tracebacks keep the program's own words, and lose those of the machine and the version."""

from __future__ import annotations

import pytest

from anyorder.outcomes.tracebacks import normalised

PROGRAM = "/somewhere/program.py"
THREAD = """\
Exception in thread Thread-1 (work):
Traceback (most recent call last):
  File "/usr/lib/python3.15/threading.py", line 1219, in _bootstrap_inner
    self._context.run(self.run)
    ~~~~~~~~~~~~~~~~~^^^^^^^^^^
  File "/somewhere/program.py", line 2, in work
    def work(): raise ValueError("a\\n  b")
                ^^^^^^^^^^^^^^^^^^^^^^^^^^
ValueError: a
  b
after
"""
THREAD_NORMALISED = """\
Exception in thread Thread-1 (work):
Traceback (most recent call last):
  File "program.py", line 2, in work
ValueError: a
  b
after
"""
CHILD = r"""Process Process-1:
Traceback (most recent call last):
  File "C:\Python\Lib\multiprocessing\process.py", line 314, in _bootstrap
    self.run()
  File "C:\docs\program.py", line 2, in work
    def work(): raise ValueError("in a child")
ValueError: in a child
"""
CHILD_NORMALISED = """\
Process Process-1:
Traceback (most recent call last):
  File "program.py", line 2, in work
ValueError: in a child
"""
CHAIN = """\
Traceback (most recent call last):
  File "/somewhere/program.py", line 2, in f
    try: {}["a"]
         ~~^^^^^
KeyError: 'a'
a note
  with an indented line

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "/somewhere/program.py", line 4, in <module>
    try: f()
         ~^^
  [Previous line repeated 12 more times]
  File "<frozen runpy>", line 88, in _run_code
ValueError: x
"""
CHAIN_NORMALISED = """\
Traceback (most recent call last):
  File "program.py", line 2, in f
KeyError: 'a'
a note
  with an indented line

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "program.py", line 4, in <module>
ValueError: x
"""
GROUP = """\
  + Exception Group Traceback (most recent call last):
  |   File "/somewhere/program.py", line 6, in <module>
  |     raise ExceptionGroup("g", [e])
  |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  | ExceptionGroup: g (1 sub-exception)
  +-+---------------- 1 ----------------
    | Traceback (most recent call last):
    |   File "/usr/lib/python3.15/concurrent/futures/thread.py", line 1, in run
    |     work()
    |   File "/somewhere/program.py", line 3, in <module>
    |     try: f()
    |          ~^^
    | KeyError: 'k'
    |   a note
    +------------------------------------
"""
GROUP_NORMALISED = """\
  + Exception Group Traceback (most recent call last):
  |   File "program.py", line 6, in <module>
  | ExceptionGroup: g (1 sub-exception)
  +-+---------------- 1 ----------------
    | Traceback (most recent call last):
    |   File "program.py", line 3, in <module>
    | KeyError: 'k'
    |   a note
    +------------------------------------
"""
SYNTAX_ERROR = """\
  File "/somewhere/program.py", line 1
    x = = 1
        ^
SyntaxError: invalid syntax
"""
SYNTAX_ERROR_NORMALISED = """\
  File "program.py", line 1
SyntaxError: invalid syntax
"""
WARNINGS = """\
/somewhere/program.py:2: UserWarning: careful
  warnings.warn("careful")
/usr/lib/python3.12/multiprocessing/popen_fork.py:66: DeprecationWarning: it is multi-threaded
  self.pid = os.fork()
after
"""
WARNINGS_NORMALISED = """\
program.py:2: UserWarning: careful
  warnings.warn("careful")
popen_fork.py:66: DeprecationWarning: it is multi-threaded
after
"""
TORN = """\
Traceback (most recent call last):
  File "/usr/lib/python3.14/multiprocessing/forkserver.py", line 274, in main
>>>     code = _serve_one(child_r, fds,
  File "/usr/lib/python3.14/multiprocessing/spawn.py", line 132, in _main
AttributeError: module '__main__' has no attribute 'say_hello'
"""
TORN_NORMALISED = """\
Traceback (most recent call last):
>>>
AttributeError: module '__main__' has no attribute 'say_hello'
"""
BEHIND_PROMPT = """\
>>> Traceback (most recent call last):
  File "/usr/lib/python3.14/multiprocessing/spawn.py", line 132, in _main
    self = reduction.pickle.load(from_parent)
AttributeError: module '__main__' has no attribute 'say_hello'
"""
BEHIND_PROMPT_NORMALISED = """\
>>> Traceback (most recent call last):
AttributeError: module '__main__' has no attribute 'say_hello'
"""
MIXED = """\
Process Process-1:
Traceback (most recent call last):
Process Process-2:
  File "/usr/lib/python3.15/multiprocessing/process.py", line 3, in _bootstrap
Traceback (most recent call last):
    self.run()
    ~~~~~~~~^^
  File "/usr/lib/python3.15/multiprocessing/process.py", line 3, in _bootstrap
  File "/somewhere/program.py", line 4, in work
    self.run()
    ~~~~~~~~^^
    raise ValueError(1)
ValueError: 1
  File "/somewhere/program.py", line 4, in work
    raise ValueError(2)
ValueError: 2
  after both
"""
MIXED_NORMALISED = """\
Process Process-1:
Traceback (most recent call last):
Process Process-2:
Traceback (most recent call last):
  File "program.py", line 4, in work
ValueError: 1
  File "program.py", line 4, in work
ValueError: 2
  after both
"""
CUT = """\
Traceback (most recent call last):
between
  File "/usr/lib/python3.15/multiprocessing/process.py", line 3, in run
    self._target(*self._args, **self._kwargs)
    ~~~~~~~~~~~~^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  File "/somewhere/program.py", line 4, in work
    raise ValueError(1)
ValueError: 1
  after it
"""
CUT_NORMALISED = """\
Traceback (most recent call last):
between
  File "program.py", line 4, in work
ValueError: 1
  after it
"""
NOTHING_TO_TAKE = """\
  an indented line
  File "/usr/lib/python3.14/other.py", line 1
12:30: no warning
http://example.org/program.py:8080: UserWarningNot: x
>>>   typed
"""


@pytest.mark.parametrize(
    ("stderr", "expected"),
    [
        (THREAD, THREAD_NORMALISED),
        (CHILD, CHILD_NORMALISED),
        (CHAIN, CHAIN_NORMALISED),
        (GROUP, GROUP_NORMALISED),
        (SYNTAX_ERROR, SYNTAX_ERROR_NORMALISED),
        (WARNINGS, WARNINGS_NORMALISED),
        (TORN, TORN_NORMALISED),
        (BEHIND_PROMPT, BEHIND_PROMPT_NORMALISED),
        (MIXED, MIXED_NORMALISED),
        (CUT, CUT_NORMALISED),
        (NOTHING_TO_TAKE, NOTHING_TO_TAKE),
        ("", ""),
        ("no newline\r\n\x0cat its end", "no newline\r\n\x0cat its end"),
    ],
)
def test_what_is_kept(stderr, expected):
    path = r"C:\docs\program.py" if r"C:\docs" in stderr else PROGRAM
    assert normalised(stderr, path) == expected
    assert normalised(expected, path) == normalised(expected, "program.py") == expected


def test_a_path_tells_the_program_from_a_library_file_of_its_name():
    stderr = THREAD.replace("program.py", "threading.py")
    whole = THREAD_NORMALISED.replace("program.py", "threading.py")
    assert normalised(stderr, "/somewhere/threading.py") == whole
    assert normalised(stderr, "threading.py") != whole
    assert normalised(whole, "threading.py") == whole


@pytest.mark.parametrize(
    ("piece", "left"),
    [
        ('  File "/lib/threading.py", line 9, in run\n    self._target()\n', ""),
        ('  |   File "/lib/threading.py", line 9, in run\n  |     self._target()\n', ""),
        (
            f'  File "{PROGRAM}", line 3, in f\n    g()\n    ^^^\n',
            '  File "program.py", line 3, in f\n',
        ),
        ("ValueError: oh\n", "ValueError: oh\n"),
        ("  two spaces\n", "  two spaces\n"),
    ],
)
def test_a_piece_of_a_traceback_is_known_by_its_frame(piece, left):
    assert normalised(piece, PROGRAM) == left


def test_the_program_is_named_without_its_folder_in_what_an_exception_says():
    said = f"AttributeError: Can't get attribute 'f' on <module '__mp_main__' from '{PROGRAM}'>\n"
    assert normalised(said, PROGRAM) == said.replace(PROGRAM, "program.py")


def test_a_module_without_a_name_is_named_without_its_folder():
    said = "ImportError: cannot import name 'a' from 'queue' ({}queue.py)\n"
    assert normalised(said.format("/usr/lib/python3.11/"), PROGRAM) == said.format("")
    assert normalised(said.format(""), PROGRAM) == said.format("")


def test_a_module_that_is_broken_off_is_named_without_its_folder():
    said = "Exception ignored in: <module 'threading' from '{}threading.py'>\n"
    assert normalised(said.format("/usr/lib/python3.11/"), PROGRAM) == said.format("")
    assert normalised(said.format(""), PROGRAM) == said.format("")
