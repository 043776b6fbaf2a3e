"""Tracebacks of real runs are the same words on every version, with every start method."""

from __future__ import annotations

import pytest
from real_runs import SAMPLES, run

from anyorder.outcomes import Outcome, Setting, StartMethod
from anyorder.running import find_interpreters

INTERPRETERS = find_interpreters()[0]
EXPECTED = {
    "raises_in_thread": """\
Exception in thread Thread-1 (work):
Traceback (most recent call last):
  File "raises_in_thread.py", line 5, in work
ValueError: two
  lines
""",
    "raises_chain": """\
Traceback (most recent call last):
  File "raises_chain.py", line 3, in look_up
KeyError: 'a'

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "raises_chain.py", line 9, in <module>
  File "raises_chain.py", line 5, in look_up
ValueError: no a

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "raises_chain.py", line 11, in <module>
IndexError: pop from empty list
""",
    "raises_group": """\
  + Exception Group Traceback (most recent call last):
  |   File "raises_group.py", line 14, in <module>
  | ExceptionGroup: both (2 sub-exceptions)
  | a note
  +-+---------------- 1 ----------------
    | Traceback (most recent call last):
    |   File "raises_group.py", line 8, in <module>
    |   File "raises_group.py", line 2, in work
    | KeyError: 'k'
    +---------------- 2 ----------------
    | ValueError: 1
    +------------------------------------
""",
    "warns": """\
warns.py:3: UserWarning: careful
  warnings.warn("careful", stacklevel=1)
""",
}
CHILD = """\
Process Process-1:
Traceback (most recent call last):
  File "raises_in_child.py", line 5, in work
ValueError: in a child
"""
NO_GUARD = """\
Traceback (most recent call last):
  File "no_guard.py", line 9, in <module>
RuntimeError:
        An attempt has been made to start a new process before the
        current process has finished its bootstrapping phase.
"""
each_interpreter = pytest.mark.parametrize("interpreter", INTERPRETERS, ids=lambda each: each.name)


@each_interpreter
@pytest.mark.parametrize("name", EXPECTED)
def test_tracebacks_are_the_same_on_every_version(interpreter, name):
    assert run(SAMPLES / f"{name}.py", Setting(interpreter)).stderr == EXPECTED[name]


@each_interpreter
def test_a_syntax_error_needs_no_header(interpreter, tmp_path):
    program = tmp_path / "program.py"
    program.write_text("\nx = = 1\n")
    expected = '  File "program.py", line 2\nSyntaxError: invalid syntax\n'
    assert run(program, Setting(interpreter)) == Outcome("", expected, 1)


@each_interpreter
@pytest.mark.parametrize("method", StartMethod)
def test_a_childs_traceback_is_the_same_with_every_start_method(interpreter, method):
    outcome = run(SAMPLES / "raises_in_child.py", Setting(interpreter, method))
    assert outcome == Outcome("", CHILD)


@each_interpreter
def test_a_program_without_a_guard_says_what_to_write(interpreter):
    outcome = run(SAMPLES / "no_guard.py", Setting(interpreter, StartMethod.SPAWN))
    lines = "".join(f"{line.rstrip()}\n" for line in outcome.stderr.splitlines())
    assert lines.startswith(NO_GUARD)
    assert "if __name__ == '__main__':" in lines
    assert outcome.exit == 0
