"""``anyorder accept`` adds what is missing, and touches nothing that a person wrote."""

import errno
import tomllib

import pytest
from small_programs import CROSSED, HELLO_TWICE, IN_TURN, THREE_SPEAK, TWO_FAIL

from anyorder.running import find_interpreters

UNEXPLORED = 'unexplored = "a test"'
# each line of it could be lost: a remark, two kinds of string, odd spaces, a Windows line's end
PERSON = f"""# mine
{UNEXPLORED}   # said  so
[[outcome]]\r
grade='usual'
stdout = '''
hello
'''

why    = \"\"\"Because,
  said I.\"\"\""""
# enough for a program to print one line before it is killed; more where the machine is busy
PATIENCE = ("--timeout=0.5", "--timeout=10", "--timeout=100")
# prints another greeting each time: the process number is another each time
GREETINGS = "import os\nprint(['hello', 'bye'][os.getpid() % 2])\n"


def test_a_person_s_words_stay_byte_for_byte(anyorder, write, valid):
    path = write("bye.py", "print('bye')\n", PERSON)
    done = anyorder("accept", "bye.py", "--runs=1")
    assert done.returncode == 0
    after = path.with_suffix(".toml").read_bytes()
    added = '\n[[outcome]]\ngrade = "surprising"\nstdout = ["bye"]\n'
    assert after == (PERSON + added).encode()
    assert '+[[outcome]]\n+grade = "surprising"\n+stdout = ["bye"]\n' in done.stdout
    again = valid("accept", anyorder("accept", "bye.py", "--runs=1", "--json").stdout)
    assert (again["added"], again["diff"]) == (0, "")
    assert path.with_suffix(".toml").read_bytes() == after
    assert anyorder("check", "bye.py", "--runs=1").returncode == 0


@pytest.mark.parametrize(
    "source",
    [
        "print('one')\nprint('two')\n",
        "print('no end', end='')\n",
        "print('two\\nlines', end='')\n",
        "",
        "raise SystemExit(3)\n",
        "raise ValueError('oh \"no\"')\n",
        r"print('quotes \" and \\ and \t and \x01 and é')" + "\n",
        "print('...')\nprint('a ... b')\n",
    ],
)
def test_what_is_accepted_holds(anyorder, write, source):
    accept_and_check(anyorder, write, source, None)


@pytest.mark.parametrize("before", [UNEXPLORED + "\n", "# only a remark\n", "\n"])
def test_what_is_accepted_is_added_to_what_is_no_entry(anyorder, write, before):
    source = "import socket\nsocket.socket().close()\nprint('not explored')\n"
    accept_and_check(anyorder, write, source, before)


def test_what_does_not_end_is_accepted_and_holds(anyorder, write):
    source = "import signal, socket\nsocket.htons(0)\nprint('stuck', flush=True)\nsignal.pause()\n"
    for timeout in PATIENCE:
        path = write("program.py", source, "")
        anyorder("accept", "program.py", "--runs=1", timeout)
        text = path.with_suffix(".toml").read_text()
        if text.count("[[outcome]]") == text.count("stuck") == 1:
            break
    assert '\n[[outcome]]\ngrade = "usual"\nstdout = ["stuck"]\nends = "never"' in text
    codes = (anyorder("check", "program.py", "--runs=1", each).returncode for each in PATIENCE)
    assert 0 in codes


def accept_and_check(anyorder, write, source, before):
    path = write("program.py", source, before)
    options = ("program.py", "--runs=1", "--timeout=60")
    done = anyorder("accept", *options)
    assert (done.returncode, done.stderr) == (0, "")
    text = path.with_suffix(".toml").read_text()
    assert text.startswith(before or "")
    assert text.count("[[outcome]]") == 1
    done = anyorder("check", *options)
    assert done.returncode == 0, done.stdout


def test_a_session_is_accepted_and_holds(anyorder, write):
    write("typed.session", "def f():\n    return 1\n\nf()\n")
    assert anyorder("accept", "typed.session", "--runs=1").returncode == 0
    assert anyorder("check", "typed.session", "--runs=1").returncode == 0


def test_the_reason_is_what_the_program_does_and_no_mend(anyorder, write):
    path = write("program.py", "import socket\nsocket.socket().close()\nprint('not explored')\n")
    assert anyorder("accept", "program.py", "--runs=1").returncode == 0
    why = "socket.socket() reaches outside of the program, and is not simulated"
    reason = f'unexplored = "{why}"\n\n[[outcome]]\n'
    assert path.with_suffix(".toml").read_text().startswith(reason)


def test_a_missing_greenlet_is_no_reason_to_leave_a_program_unexplored(anyorder, write):
    path = write("hello.py", "print('hello')\n")
    code = "import sys; sys.modules['greenlet'] = None; from anyorder.cli import main; main()"
    done = anyorder("accept", "hello.py", "--runs=1", python=["-c", code])
    assert (done.returncode, done.stderr) == (0, "")
    text = path.with_suffix(".toml").read_text()
    assert text == '[[outcome]]\ngrade = "usual"\nstdout = ["hello"]\n'


def test_a_malformed_file_is_left_as_it_is(anyorder, write):
    text = '[[outcome]]\ngrade = "fine"\nstdout = "x"\n'
    path = write("hello.py", "print('hello')\n", text)
    done = anyorder("accept", "hello.py", "--runs=1")
    assert done.returncode == 2
    assert done.stderr.startswith("hello.toml:2: grade is 'fine': write")
    assert path.with_suffix(".toml").read_text() == text


def test_every_outcome_that_was_observed_has_an_entry(anyorder, write, valid):
    path = write("greetings.py", GREETINGS, UNEXPLORED)
    words = ("accept", "greetings.py", "--stdout-to=pipe", "--json")
    content = valid("accept", anyorder(*words).stdout)
    text = path.with_suffix(".toml").read_text()
    assert content["added"] == text.count("[[outcome]]") >= 1
    assert text.count('grade = "usual"') == 1


METHODS = """\
from multiprocessing import Process, get_start_method


def say(method):
    print(f"in a {method}" if method == "fork" else "elsewhere")


if __name__ == "__main__":
    child = Process(target=say, args=[get_start_method()])
    child.start()
    child.join()
"""


def test_start_methods_are_conditions(anyorder, write):
    path = write("methods.py", METHODS)
    assert anyorder("accept", "methods.py", "--runs=1").returncode == 0
    assert path.with_suffix(".toml").read_text() == (
        '[[outcome]]\ngrade = "usual"\nstdout = ["elsewhere"]\n'
        'start_method = ["spawn", "forkserver"]\n\n'
        '[[outcome]]\ngrade = "usual"\nstdout = ["in a fork"]\nstart_method = "fork"\n'
    )
    done = anyorder("check", "methods.py", "--runs=1")
    assert done.returncode == 0, done.stdout


def test_versions_are_conditions(anyorder, write):
    pythons, _ = find_interpreters()
    minors = sorted({tuple(map(int, each.version.split(".")[:2])) for each in pythons})
    if len(minors) == 1:
        pytest.skip("there is one Python here")
    path = write("version.py", "import sys\n\nprint(sys.version_info[:2])\n")
    options = ("version.py", "--runs=1", "--python=all", "--stdout-to=pipe", "--timeout=100")
    assert anyorder("accept", *options).returncode == 0
    text = path.with_suffix(".toml").read_text()
    (_, oldest), (_, second), (_, newest) = minors[0], minors[1], minors[-1]
    assert f'stdout = ["(3, {oldest})"]\npython = "<3.{second}"\n' in text
    assert f'stdout = ["(3, {newest})"]\npython = ">=3.{newest}"\n' in text
    done = anyorder("check", *options)
    assert done.returncode == 0, done.stdout


def test_what_is_covered_in_some_settings_is_added_for_the_others(anyorder, write):
    entry = '[[outcome]]\ngrade = "usual"\nstdout = ["hello"]\n'
    path = write("hello.py", "import multiprocessing\nprint('hello')\n", entry)
    with path.with_suffix(".toml").open("a") as file:
        file.write('stdout_to = "pipe"\n')
    assert anyorder("accept", "hello.py", "--runs=1").returncode == 0
    added = path.with_suffix(".toml").read_text().rpartition("[[outcome]]\n")[2]
    assert added.endswith('stdout_to = ["terminal", "unbuffered"]\n')
    done = anyorder("check", "hello.py", "--runs=1")
    assert done.returncode == 0, done.stdout


def test_a_syntax_error_is_said_and_proposes_nothing(anyorder, write):
    path = write("broken.py", "print('hello')\nprint(1\n")
    done = anyorder("accept", "broken.py")
    assert done.stderr == "broken.py:2: has a syntax error: '(' was never closed: fix it first\n"
    assert (done.stdout, done.returncode) == ("", 2)
    assert not path.with_suffix(".toml").exists()


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.EACCES, "Permission denied): let its folder be written to"),
        (errno.ENOSPC, "No space left on device): make room on its disk"),
    ],
)
def test_what_cannot_be_written_is_said(anyorder, write, number, words):
    write("hello.py", "print('hello')\n")
    code = (
        "import os; from pathlib import Path; from anyorder.cli import main\n"
        f"def refuse(*_): raise OSError({number}, os.strerror({number}))\n"
        "Path.replace = refuse; main()"
    )
    done = anyorder("accept", "hello.py", "--runs=1", python=["-c", code])
    assert done.stderr == f"hello.toml:1: cannot be written ({words}\n"
    assert (done.stdout, done.returncode) == ("", 2)


def test_bytes_that_are_not_utf8_are_left_as_they_are(anyorder, write):
    path = write("hello.py", "print('hello')\n").with_suffix(".toml")
    path.write_bytes(b"# caf\xe9\n")
    done = anyorder("accept", "hello.py", "--runs=1")
    assert done.stderr == "hello.toml:1: is not UTF-8: save the file as UTF-8\n"
    assert (path.read_bytes(), done.returncode) == (b"# caf\xe9\n", 2)


def test_which_builds_reach_an_outcome_is_written_where_it_is_not_all(anyorder, write):
    path = write("crossed.py", CROSSED)
    assert anyorder("accept", "crossed.py", "--runs=1").returncode == 0
    text = path.with_suffix(".toml").read_text()
    assert text.count("reachable = ") == 1
    assert 'ends = "deadlock"\nreachable = ["3.14", "free-threaded"]\n' in text
    done = anyorder("check", "crossed.py", "--runs=1")
    assert done.returncode == 0, done.stdout


def test_many_outcomes_are_one_entry_and_hold(anyorder, write):
    path = write("in_turn.py", IN_TURN)
    assert anyorder("accept", "in_turn.py", "--runs=1").returncode == 0
    file = tomllib.loads(path.with_suffix(".toml").read_text())
    [entry] = file["outcome"]
    [lines] = entry["stdout"]
    assert sorted(lines["any_order"]) == [*"ABCDE"]
    assert entry["count"] == 120
    assert anyorder("check", "in_turn.py", "--runs=1").returncode == 0


def test_broken_lines_are_one_entry_and_hold(anyorder, write):
    path = write("twice.py", HELLO_TWICE)
    assert anyorder("accept", "twice.py", "--runs=1").returncode == 0
    text = path.with_suffix(".toml").read_text()
    whole, broken = tomllib.loads(text)["outcome"]
    assert (whole["count"], broken["count"]) == (2, 26)
    assert sorted(broken["stdout"][0]["interleaved"]) == [
        ["hello from", " ", "Ada", "\n"],
        ["hello from", " ", "Ben", "\n"],
    ]
    assert anyorder("check", "twice.py", "--runs=1").returncode == 0
    # what it says can fail
    path.with_suffix(".toml").write_text(text.replace("count = 26", "count = 25"))
    assert "the entry stands for 26 outcomes" in anyorder("check", "twice.py", "--runs=1").stdout


def test_what_a_person_wrote_is_left_out_of_what_is_summed_up(anyorder, write):
    person = '[[outcome]]  # mine\ngrade = "usual"\nstdout = ["hello from Ada", "hello from Ben"]\n'
    path = write("twice.py", HELLO_TWICE, person)
    assert anyorder("accept", "twice.py", "--runs=1").returncode == 0
    text = path.with_suffix(".toml").read_text()
    assert text.startswith(person)
    _, other, broken = tomllib.loads(text)["outcome"]
    assert other["stdout"] == ["hello from Ben", "hello from Ada"]
    assert broken["count"] == 26
    assert anyorder("check", "twice.py", "--runs=1").returncode == 0


def test_a_new_file_says_how_far_it_is_held(anyorder, write):
    path = write("speak.py", THREE_SPEAK)
    few = ("--runs=1", "--stdout-to=pipe", "--max-executions=40")
    done = anyorder("accept", "speak.py", *few)
    assert done.returncode == 0
    assert (
        "speak.py: NOT every outcome (stopped after 40 executions) was found. "
        "Every outcome with no preemption is among these: with no preemption 6, from 6 executions."
    ) in done.stderr
    text = path.with_suffix(".toml").read_text()
    assert text.startswith('explored = "0 preemptions"\n')
    assert 6 <= text.count("[[outcome]]") <= 7  # a run may have had another one
    # whether this run has an outcome beyond the bound is chance
    done = anyorder("check", "speak.py", "--runs=1", "--stdout-to=pipe")
    assert "6 outcomes possible with no preemption, not every one" in done.stdout
    # what a person has written is kept to
    path.with_suffix(".toml").write_text('explored = "0 preemptions"\n')
    anyorder("accept", "speak.py", "--runs=1", "--stdout-to=pipe")
    assert path.with_suffix(".toml").read_text().count("explored") == 1


def test_a_package_to_follow_is_written_into_a_new_file(anyorder, write):
    program = write("foreign.py", "import pluggy\nprint(pluggy.HookspecMarker.__name__)\n")
    words = ["--runs=1", "--stdout-to=pipe"]
    assert anyorder("accept", *words, "--follow", "pluggy", str(program)).returncode == 0
    written = program.with_suffix(".toml").read_text()
    assert written.startswith('follow = ["pluggy"]\n\n[[outcome]]\n')
    assert "unexplored" not in written
    assert anyorder("check", *words, str(program)).returncode == 0


def test_lines_of_tracebacks_that_runs_mixed_are_no_outcomes(anyorder, write, valid):
    write("fails.py", TWO_FAIL)
    done = anyorder("accept", "fails.py", "--runs=30")
    assert done.stderr.startswith("fails.py: Each traceback, or each line of it where there are ")
    assert done.stdout.count("+[[outcome]]\n") == 2
    again = valid("accept", anyorder("accept", "fails.py", "--runs=30", "--json").stdout)
    assert (again["added"], again["lines_mix"]) == (0, True)
    checked = anyorder("check", "fails.py", "--runs=30", "--json")
    [program] = valid("check", checked.stdout)["programs"]
    assert (program["held"], program["lines_mix"]) == (True, True)
    recorded = anyorder("observe", "fails.py", "--runs=30")
    assert recorded.returncode == 0
    checked = anyorder("check", "fails.py", "--runs=1")
    assert "fails.py: held: 3 runs in 3 settings, 90 recorded in 3 settings, " in checked.stdout
