"""``anyorder accept`` adds what is missing, and touches nothing that a person wrote."""

import pytest

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
        "import socket\nprint('stuck', flush=True)\nsignal.pause()\n",
    ],
)
def test_what_is_accepted_holds(anyorder, write, source):
    accept_and_check(anyorder, write, source, None)


@pytest.mark.parametrize("before", [UNEXPLORED + "\n", "# only a remark\n", "\n"])
def test_what_is_accepted_is_added_to_what_is_no_entry(anyorder, write, before):
    accept_and_check(anyorder, write, "import socket\nprint('not explored')\n", before)


def accept_and_check(anyorder, write, source, before):
    path = write("program.py", source, before)
    options = ("program.py", "--runs=1", "--timeout=2")
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
    path = write("program.py", "import socket\nprint('not explored')\n")
    assert anyorder("accept", "program.py", "--runs=1").returncode == 0
    reason = 'unexplored = "the module socket cannot be simulated"\n\n[[outcome]]\n'
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
    content = valid("accept", anyorder("accept", "greetings.py", "--json").stdout)
    text = path.with_suffix(".toml").read_text()
    assert content["added"] == text.count("[[outcome]]") >= 1
    assert text.count('grade = "usual"') == 1
