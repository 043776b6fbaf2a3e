"""The command says what held, what did not and what could not be run, and exits accordingly."""

import os
import subprocess
import sys

import jsonschema
import pytest

from anyorder.checking import Program, settings_here

HELLO = "print('hello')\n"
USUAL = '[[outcome]]\ngrade = "usual"\nstdout = ["hello"]\n'
WRONG = USUAL.replace("hello", "bye")
UNEXPLORED = 'unexplored = "a test"\n'
# enough for a program to print one line before it is killed; more where the machine is busy
PATIENCE = ("--timeout=0.5", "--timeout=10", "--timeout=100")
HANGS = "import signal\nprint('waits', flush=True)\nsignal.pause()\n"


def test_what_holds_exits_with_0(anyorder, write):
    write("hello.py", HELLO, USUAL)
    done = anyorder("check", "--runs=2")
    assert done.stdout == "hello.py: held: 6 runs in 3 settings, 1 outcome possible\n"
    assert (done.stderr, done.returncode) == ("", 0)


def test_what_does_not_hold_exits_with_1(anyorder, write):
    write("hello.py", HELLO, WRONG)
    done = anyorder("check", "hello.py", "--runs=2")
    assert "hello.py: did not hold: 6 runs in 3 settings" in done.stdout
    assert (
        "hello.toml:3: no entry covers this outcome: fix the program, or add an entry here, "
        "as `anyorder accept hello.py` does\n    exit status 0\n    stdout:\n"
        "      hello⏎\n    observed on Python"
    ) in done.stdout
    assert (done.stderr, done.returncode) == ("", 1)


@pytest.mark.parametrize("command", ["run", "check", "accept", "observe", "explore"])
def test_a_missing_program_exits_with_2(anyorder, command):
    done = anyorder(command, "gone.py")
    assert done.stderr == "gone.py:1: there is no such program: fix its name\n"
    assert (done.stdout, done.returncode) == ("", 2)


@pytest.mark.parametrize(
    ("command", "wanted"),
    [("accept", "a .py file or a .session file"), ("explore", "a .py file")],
)
@pytest.mark.parametrize("name", [".", ""])
def test_a_folder_where_one_program_is_meant_exits_with_2(anyorder, command, wanted, name):
    done = anyorder(command, name)
    assert done.stderr == f".:1: is no program: name {wanted}\n"
    assert (done.stdout, done.returncode) == ("", 2)


@pytest.mark.parametrize("command", ["run", "check", "accept", "observe", "explore"])
def test_what_is_no_text_exits_with_2(anyorder, write, command):
    write("binary.py", "print()\nprint('\0')\n", USUAL)
    done = anyorder(command, "binary.py")
    assert done.stderr == "binary.py:2: holds a NUL byte, which is no text: remove it\n"
    assert (done.stdout, done.returncode) == ("", 2)


def test_a_session_with_a_line_that_cannot_be_typed_exits_with_2(anyorder, write):
    write("typed.session", "print()\n\tprint()\n")
    done = anyorder("run", "typed.session")
    assert done.stderr == (
        "typed.session:2: '\\tprint()' holds what cannot be typed as text; indent by spaces\n"
    )
    assert (done.stdout, done.returncode) == ("", 2)


@pytest.mark.parametrize(
    ("command", "python", "words"),
    [
        ("check", "3.99", "Python 3.99: there is no python3.99 on PATH; install it, or give the"),
        ("run", "./python", "Python ./python: there is no such executable; install it, or"),
        ("observe", "/bin/cat", "Python /bin/cat: /bin/cat does not run as a Python (exit status"),
        ("accept", "3.99t", "Python 3.99t: there is no python3.99t on PATH; install it, or give"),
    ],
)
def test_a_missing_interpreter_exits_with_2(anyorder, write, command, python, words):
    write("hello.py", HELLO, USUAL)
    done = anyorder(command, "hello.py", "--python", python)
    assert done.stderr.startswith(words)
    assert (done.stdout, done.returncode) == ("", 2)


@pytest.mark.parametrize("command", ["run", "check", "accept", "observe"])
def test_a_flood_exits_with_2(anyorder, write, command):
    write("flood.py", "while True:\n    print('x' * 1000)\n", UNEXPLORED + USUAL)
    done = anyorder(command, "flood.py", "--runs=2")
    assert done.stderr == (
        "flood.py:1: it wrote more than 1 MiB to stdout; "
        "let it write less: an example is read by people\n"
    )
    assert (done.stdout, done.returncode) == ("", 2)


def test_a_hang_is_an_outcome_that_has_to_be_expected(anyorder, write):
    write("hang.py", HANGS, UNEXPLORED + USUAL)
    for timeout in PATIENCE:
        done = anyorder("check", "hang.py", "--runs=1", timeout)
        if "waits" in done.stdout:
            break
    assert "hang.toml:4: no entry covers this outcome" in done.stdout
    assert "    did not end\n    stdout:\n      waits⏎\n" in done.stdout
    assert done.returncode == 1
    expected = USUAL.replace("hello", "waits") + 'ends = "never"\n'
    write("hang.py", HANGS, UNEXPLORED + expected)
    codes = (anyorder("check", "hang.py", "--runs=1", each).returncode for each in PATIENCE)
    assert 0 in codes


@pytest.mark.parametrize("command", ["run", "check", "accept", "observe"])
def test_an_interrupt_ends_what_runs_and_writes_nothing(anyorder, write, folder, command):
    write("hang.py", HANGS, UNEXPLORED + USUAL)
    before = {path: path.read_bytes() for path in folder.iterdir()}
    done = anyorder(command, "hang.py", "--timeout=60", interrupted=True)
    assert (done.stdout, done.stderr, done.returncode) == ("", "interrupted\n", 130)
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_what_cannot_be_run_hides_no_other_s_verdict(anyorder, write, folder, valid):
    write("flood.py", "print('x' * 5_000_000)\n", UNEXPLORED + USUAL)
    write("good.py", HELLO, USUAL)
    write("malformed.py", HELLO, USUAL.replace("usual", "fine"))
    write("missing.py", HELLO)
    write("wrong.py", HELLO, WRONG)
    (folder / "lost.toml").write_text(USUAL)
    done = anyorder("check", "--runs=2")
    assert done.returncode == 2
    assert "good.py: held: " in done.stdout
    assert "wrong.py: did not hold: " in done.stdout
    said = [line.partition(": ") for line in done.stderr.splitlines()]
    assert [(where, words.partition(":")[0]) for where, _, words in said] == [
        ("lost.toml:1", "is an outcome file for no program"),
        ("malformed.toml:2", "grade is 'fine'"),
        ("missing.py:1", "has no outcome file missing.toml"),
        ("flood.py:1", "it wrote more than 1 MiB to stdout; let it write less"),
    ]
    content = valid("check", anyorder("check", "--runs=2", "--json").stdout)
    assert [(each["program"], each["held"]) for each in content["programs"]] == [
        ("good.py", True),
        ("wrong.py", False),
    ]
    assert content["refused"] == done.stderr.splitlines()
    assert content["held"] is False


def test_options_narrow_what_check_runs(anyorder, write, valid):
    write("spawn.py", "import multiprocessing\nprint('hello')\n", USUAL)

    def settings(*options):
        content = valid("check", anyorder("check", "spawn.py", "--json", *options).stdout)
        return [
            (each["start_method"], each["stdout_to"], each["runs"])
            for each in content["programs"][0]["settings"]
        ]

    here = settings_here(
        Program.read(write("spawn.py", "import multiprocessing\nprint('hello')\n"))
    )
    assert settings() == [(each.start_method, each.stdout_to, 5) for each in here]
    assert len(here) == 9
    assert settings("--start-method=spawn", "--stdout-to=terminal", "--runs=1") == [
        ("spawn", "terminal", 1)
    ]


def test_an_outcome_file_narrows_what_is_run(anyorder, write):
    write("hello.py", HELLO, 'stdout_to = "pipe"\n' + USUAL)
    done = anyorder("check", "--runs=2")
    assert done.stdout == "hello.py: held: 2 runs in 1 setting, 1 outcome possible\n"
    done = anyorder("check", "--runs=2", "--stdout-to=terminal")
    assert done.stdout.startswith("hello.py: held: 0 runs in 0 settings, 1 outcome possible\n")
    assert "hello.toml:2: skipped: no setting here meets its conditions: to a pipe" in done.stdout
    anyorder("observe", "hello.py", "--runs=2")
    done = anyorder("check", "--runs=2")
    assert "2 recorded in 1 setting" in done.stdout


def test_what_was_only_run_does_not_hold_where_all_is_to_be_explored(anyorder, write):
    write("hello.py", HELLO, USUAL)
    write("other.py", HELLO, UNEXPLORED + USUAL)
    assert anyorder("check", "--runs=1", "--require-explored").returncode == 0
    code = "import sys; sys.modules['greenlet'] = None; from anyorder.cli import main; main()"
    done = anyorder("check", "--runs=1", python=["-c", code])
    assert "hello.py: held: 3 runs in 3 settings, not explored, because greenlet is" in done.stdout
    done = anyorder("check", "--runs=1", "--require-explored", python=["-c", code])
    assert done.returncode == 1
    assert "hello.py:1: was run on Python " in done.stdout
    assert "not explored there, because greenlet is not installed: install anyorder" in done.stdout
    assert "other.py: held: " in done.stdout


def test_a_start_method_that_no_python_here_knows_exits_with_2(anyorder, write):
    write("spawn.py", "import multiprocessing\nprint('hello')\n", USUAL)
    code = (
        "from dataclasses import replace; from anyorder.cli import main, options; "
        "here = options.this_interpreter(); "
        "options.this_interpreter = lambda: replace(here, start_methods=('spawn',)); main()"
    )
    done = anyorder("check", "spawn.py", "--start-method=fork", python=["-c", code])
    assert done.stderr == (
        "spawn.py:1: cannot be run under fork, which this Python does not know: "
        "name another start method\n"
    )
    assert (done.stdout, done.returncode) == ("", 2)


def test_run_counts_and_grades(anyorder, write, valid):
    write("hello.py", HELLO, USUAL)
    write("bare.py", HELLO)
    write("wrong.py", HELLO, WRONG)
    done = anyorder("run", "hello.py", "bare.py", "wrong.py", "--runs=3")
    assert [line.split()[1:6] for line in done.stdout.splitlines() if "3 of 3" in line] == [
        ["3", "of", "3", "│", "usual"],
        ["3", "of", "3", "│", "│"],
        ["3", "of", "3", "│", "uncovered"],
    ]
    assert done.returncode == 0
    content = valid("run", anyorder("run", "hello.py", "gone.py", "--runs=3", "--json").stdout)
    [program] = content["programs"]
    [setting] = program["settings"]
    assert setting["runs"] == 3
    assert setting["outcomes"] == [
        {
            "stdout": "hello\n",
            "stderr": "",
            "exit": 0,
            "ends": "exit",
            "count": 3,
            "grade": "usual",
            "line": 1,
        }
    ]
    assert content["refused"] == ["gone.py:1: there is no such program: fix its name"]


def test_a_table_fits_into_a_narrow_terminal(anyorder, write):
    write("long.py", "print('z' * 100)\n")
    done = anyorder("run", "long.py", "--runs=1")
    assert max(map(len, done.stdout.splitlines())) <= 40
    assert done.stdout.count("z") == 100
    assert "\x1b" not in done.stdout


def test_explore_prints_what_its_schema_says(anyorder, write, valid):
    write("hello.py", HELLO)
    content = valid("explore", anyorder("explore", "hello.py", "--json").stdout)
    assert [each["stdout"] for each in content["outcomes"]] == ["hello\n"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("web.py", "web.py:2: socket.socket() reaches outside of the program, "),
        ("broken.py", "broken.py:2: this is no Python"),
        ("gone.py", "gone.py:1: there is no such program: fix its name"),
        ("typed.session", "typed.session:1: is a session, which is typed and not explored: use"),
    ],
)
def test_explore_prints_one_object_where_it_refuses(anyorder, write, valid, name, message):
    write("web.py", "import socket\nsocket.socket()\n")
    write("broken.py", "n = 1\nn = = 2\n")
    write("typed.session", "1\n")
    done = anyorder("explore", name, "--json")
    content = valid("explore", done.stdout)
    assert list(content) == ["program", "refused"]
    assert content["refused"] == [done.stderr.removesuffix("\n")]
    assert content["refused"][0].startswith(message)
    assert done.returncode == 2


def test_a_wrong_object_is_refused_by_the_schema(valid):
    with pytest.raises(jsonschema.ValidationError):
        valid("run", '{"programs": [], "refused": []}')
    with pytest.raises(jsonschema.ValidationError):
        valid("observe", '{"programs": [], "refused": [], "skipped": [], "more": 1}')
    for wrong in ('{"program": "a.py", "refused": []}', '{"programs": [{}], "refused": []}'):
        with pytest.raises(jsonschema.ValidationError):
            valid("explore", wrong)


@pytest.mark.parametrize(
    "words",
    [
        ("check", "--runs=0"),
        ("check", "--timeout=0"),
        ("check", "--timeout=nan"),
        ("check", "--timeout=inf"),
        ("check", "--stdout-to=paper"),
        ("run",),
        ("nonsense",),
    ],
)
def test_wrong_usage_exits_with_2(anyorder, words):
    done = anyorder(*words)
    assert (done.stdout, done.returncode) == ("", 2)
    assert "Error: " in done.stderr


def test_a_reader_who_has_gone_is_no_failure(anyorder, write, folder):
    write("hello.py", HELLO, USUAL)
    whole = anyorder("run", "hello.py", "--runs=1")
    assert whole.returncode == 0
    for words in (["run", "hello.py", "--runs=1"], ["check", "--runs=1"], ["explore", "hello.py"]):
        reading, writing = os.pipe()
        os.close(reading)
        with os.fdopen(writing, "wb") as nobody:
            done = subprocess.run(
                [sys.executable, "-m", "anyorder", *words],
                cwd=folder,
                stdout=nobody,
                stderr=subprocess.PIPE,
                encoding="utf-8",
                check=False,
                timeout=600,
            )
        assert (done.returncode, done.stderr) == (141, ""), words


def test_a_character_that_the_locale_lacks_is_shown_by_its_number(anyorder, write):
    write("hello.py", HELLO)
    code = (
        "import sys; sys.stdout.reconfigure(encoding='ascii', errors='strict'); "
        "from anyorder.cli import main; main()"
    )
    for words in (["run", "hello.py", "--runs=1"], ["explore", "hello.py"]):
        done = anyorder(*words, python=["-c", code])
        assert (done.stderr, done.returncode) == ("", 0), words
        assert "hello\\u23ce" in done.stdout


def test_a_narrow_terminal_cuts_no_grade(anyorder, write):
    write("hello.py", HELLO, USUAL.replace("usual", "surprising"))
    for words in (["run", "hello.py", "--runs=1"], ["explore", "hello.py"]):
        said = anyorder(*words).stdout
        assert "surprising" in said
        assert "…" not in said
