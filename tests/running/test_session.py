"""Sessions at the interactive prompt: what the screen shows, for every version and prompt."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from real_runs import SAMPLES, killed, observe, run

from anyorder.outcomes import Ends, Outcome, Prompt, Setting, StartMethod
from anyorder.running import CannotRun, Job, find_interpreters, lines_of, this_interpreter

INTERPRETERS = find_interpreters()[0]
SETTINGS = [
    Setting(interpreter, prompt=prompt)
    for interpreter in INTERPRETERS
    for prompt in Prompt
    if prompt is Prompt.BASIC or int(interpreter.version.split(".")[1]) >= 13
]
each_setting = pytest.mark.parametrize("setting", SETTINGS, ids=str)
first_and_last_settings = pytest.mark.parametrize(
    "setting", SETTINGS[:: max(1, len(SETTINGS) - 1)], ids=str
)
HELLO = """\
>>> from multiprocessing import Process, current_process
>>> def say_hello():
...     print("hello from", current_process().name)
...
>>> p = Process(target=say_hello)
"""
BLOCKS = """\
>>> def tell(x):
...     if x:
...         for i in range(2):
...             print(i)
...         else:
...             raise ValueError("two\\nlines")
...     return 1
...
>>> tell(0)
1
>>> tell(1)
0
1
Traceback (most recent call last):
  File "<stdin>", line 1, in <module>
  File "<stdin>", line 6, in tell
ValueError: two
lines
>>> import json
>>> json.loads("?")
Traceback (most recent call last):
  File "<stdin>", line 1, in <module>
json.decoder.JSONDecodeError: Expecting value: line 1 column 1 (char 0)
>>> x = = 1
  File "<stdin>", line 1
SyntaxError: invalid syntax
>>> import time
>>> time.sleep(0.1)
>>> for letter in "ab":
...     print(letter)
...
a
b
>>>
"""


@each_setting
def test_the_screen_is_the_same_for_every_version_and_prompt(setting):
    outcome = run(SAMPLES / "blocks.session", setting)
    assert outcome.stdout.splitlines() == BLOCKS.splitlines()
    assert outcome == Outcome(BLOCKS)


@each_setting
def test_fork_runs_a_function_that_was_typed(setting):
    outcome = run(SAMPLES / "hello.session", replace(setting, start_method=StartMethod.FORK))
    assert outcome == Outcome(f"{HELLO}>>> p.start(); p.join()\nhello from Process-1\n>>>\n")


@first_and_last_settings
@pytest.mark.parametrize("method", [StartMethod.SPAWN, StartMethod.FORKSERVER])
def test_other_start_methods_do_not_find_it(setting, method):
    outcome = run(SAMPLES / "hello.session", replace(setting, start_method=method))
    begin, _, end = outcome.stdout.partition(">>> p.start(); p.join()\n")
    header, error, prompt = end.splitlines()
    assert begin == HELLO
    assert header == "Traceback (most recent call last):"
    assert error.startswith("AttributeError: ")
    assert "say_hello" in error
    assert prompt == ">>>"


@pytest.mark.slow
def test_fifty_of_fifty_screens_are_the_same():
    jobs = [Job(SAMPLES / "short.session", setting) for setting in (SETTINGS[0], SETTINGS[-1])]
    screen = '>>> from os import system\n>>> system("echo from a child")\nfrom a child\n0\n>>>\n'
    assert observe(jobs, 25) == [Counter({Outcome(screen): 25})] * 2


def test_the_two_orders_of_a_prompt_and_a_child_are_the_only_ones():
    (counts,) = observe(
        [Job(SAMPLES / "race.session", Setting(INTERPRETERS[0], prompt=Prompt.BASIC))], 20
    )
    ends = Counter()
    for outcome, count in counts.items():
        ends[outcome.stdout.partition("os._exit(0)\n...\n")[2]] += count
    prompt_first = ">>> child\n\"the end\"\n'the end'\n>>>\n"
    child_first = "child\n>>> \"the end\"\n'the end'\n>>>\n"
    assert {*ends} <= {prompt_first, child_first}
    assert ends.total() == 20


@first_and_last_settings
def test_a_child_that_is_blocked_is_not_waited_for(setting):
    outcome = run(SAMPLES / "waits.session", setting)
    assert outcome.stdout.endswith(
        '>>> 1 + 1\n2\n>>> _ = os.write(there, b"x"); os.wait()[1]\nlate\n0\n>>> 2 + 2\n4\n>>>\n'
    )


def test_a_session_that_hangs_is_killed():
    screen = ">>> import threading\n>>> threading.Event().wait()\n"
    outcome = killed(SAMPLES / "hangs.session", SETTINGS[-1], lambda stdout: stdout == screen)
    assert outcome == Outcome(screen, "", None, Ends.UNENDED)


@first_and_last_settings
def test_a_session_may_leave(setting):
    outcome = run(SAMPLES / "exits.session", setting)
    assert outcome == Outcome('>>> print("bye")\nbye\n>>> exit(3)\n', "", 3)


def test_an_empty_session_shows_the_prompt(tmp_path):
    program = tmp_path / "empty.session"
    program.touch()
    assert run(program, Setting(this_interpreter(), prompt=Prompt.BASIC)) == Outcome(">>>\n")


def test_an_interpreter_without_the_new_prompt_is_refused():
    interpreter = replace(this_interpreter(), version="3.12.0")
    with pytest.raises(
        CannotRun, match=r"hello\.session: Python 3\.12\.0t? has no new prompt; ask for"
    ):
        run(SAMPLES / "hello.session", Setting(interpreter, prompt=Prompt.NEW))


@pytest.mark.parametrize(
    ("session", "message"),
    [
        (
            b"if 1:\n\tprint()\n",
            r":2: '\\tprint\(\)' holds what cannot be typed as text; indent by",
        ),
        (b">>> 1\n1\n", r":2: '1' has no prompt, and others have: leave out what was printed"),
        (b"caf\xe9\n", r": it is not UTF-8 \(.*\); save it as UTF-8"),
    ],
)
def test_what_cannot_be_typed_is_refused(tmp_path, session, message):
    program = tmp_path / "typed.session"
    program.write_bytes(session)
    with pytest.raises(CannotRun, match=rf"typed\.session{message}"):
        run(program, Setting(this_interpreter(), prompt=Prompt.BASIC))


def test_lines_may_stand_after_their_prompts(tmp_path):
    program = tmp_path / "typed.session"
    for text, typed in (
        (">>> a = 1\n>>> a\n", ["a = 1", "a"]),
        (">>> def f():\n...     pass\n...\n>>> f()\n", ["def f():", "    pass", "", "f()"]),
        # a block that no empty line ends, and a line that goes on
        (">>> if 1:\n...     2\n>>> f(1,\n... 2)\n\n", ["if 1:", "    2", "", "f(1,", "2)"]),
        (">>> if 1:\n...     2\n", ["if 1:", "    2", ""]),
        ("a = '>>> '\n\n...\n", ["a = '>>> '", "", "..."]),
    ):
        program.write_text(text)
        assert lines_of(program) == typed
    program.write_text(">>> print('a')\n>>> for n in range(2):\n...     print(n)\n")
    screen = ">>> print('a')\na\n>>> for n in range(2):\n...     print(n)\n...\n0\n1\n>>>\n"
    assert run(program, SETTINGS[0]) == Outcome(screen)


def test_a_session_may_hold_any_letters(tmp_path):
    program = tmp_path / "typed.session"
    program.write_text('print("naïve café, 日本")\n', "utf-8")
    for setting in (SETTINGS[0], SETTINGS[-1]):
        screen = '>>> print("naïve café, 日本")\nnaïve café, 日本\n>>>\n'
        assert run(program, setting) == Outcome(screen)
