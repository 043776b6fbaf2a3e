"""A fault of the explorer is said by every front end, and hides no other program's verdict."""

import os
import re
import subprocess
import sys

import pytest

pytest.importorskip("greenlet")

USUAL = '[[outcome]]\ngrade = "usual"\nstdout = ["hello"]\n'
OF_OURS = "exploring it failed inside of anyorder (LookupError in anyorder.exploring): of ours"
# what a program catches is its own
CATCHES = "try:\n    print('hello')\nexcept Exception:\n    pass\n"
# each with its program, and what is said of it
FAULTS = {
    "crashes": ("\nprint('hello')\n", "2: exploring it took the interpreter down (SIGSEGV)"),
    "fails_choosing": (CATCHES, f"2: {OF_OURS}"),
    "fails_recording": (CATCHES, f"2: {OF_OURS}"),
    # none of its lines is being executed
    "fails_between": (CATCHES, f"1: {OF_OURS}"),
}
PROGRAMS = [*FAULTS, "wrong", "good"]


def said_of(name):
    """Return what is said of a program at which the explorer fails."""
    _, words = FAULTS[name]
    return f"{name}.py:{words}: report this fault with the program"


def said_in(output):
    """Return what a command printed, whatever the explorer's own modules and lines are."""
    return re.sub(r"( in anyorder[.]\w+)[.\w]+, line \d+", r"\1", output)


# Python imports it as it starts, the worker too
FAULTY = """\
import ctypes

from anyorder.exploring.search.dpor import Search
from anyorder.exploring.witness.recorder import Recorder


def fail(*_):
    raise LookupError("of ours")


def crash(*_):
    ctypes.string_at(0)


def let(break_down, kind, method, where):
    working = getattr(kind, method)

    def broken(self, about):
        program = about.program if kind is Search else self.program.name
        return (break_down if program == where else working)(self, about)

    setattr(kind, method, broken)


let(crash, Search, "choose", "crashes.py")
let(fail, Search, "choose", "fails_choosing.py")
let(fail, Recorder, "happened", "fails_recording.py")
let(fail, Search, "next", "fails_between.py")
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("faults")
    (folder / "_faulty").mkdir()
    (folder / "_faulty/sitecustomize.py").write_text(FAULTY)
    sources = {name: source for name, (source, _) in FAULTS.items()}
    for name, source in {**sources, "good": "print('hello')\n", "wrong": "print('bye')\n"}.items():
        (folder / f"{name}.py").write_text(source)
        (folder / f"{name}.toml").write_text(USUAL)
    (folder / "conf.py").write_text("extensions = ['anyorder.sphinx']\nanyorder_runs = 1\n")
    directives = "\n\n".join(f".. outcomes:: {name}.py" for name in PROGRAMS)
    (folder / "index.rst").write_text(f"Programs\n========\n\n{directives}\n")
    return folder


@pytest.fixture
def run(folder):
    def run(*words):
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
        environment["PYTHONPATH"] = str(folder / "_faulty")
        environment["XDG_CACHE_HOME"] = str(folder / "_cache")
        return subprocess.run(
            [sys.executable, "-m", *words],
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
            timeout=120,
        )

    return run


QUIET = ["-q", "-p", "no:cacheprovider", "-o", "anyorder_runs=1"]
SPHINX = ["sphinx", "-W", "--keep-going", "-N"]
COMMANDS = {
    "command": ["anyorder", "check", "--runs=1", *(f"{name}.py" for name in PROGRAMS)],
    "pytest": ["pytest", *QUIET, "."],
    "xdist": ["pytest", *QUIET, "--numprocesses=2", "."],
    "html": [*SPHINX, "-b", "html", ".", "_build/html"],
    "parallel": [*SPHINX, "-b", "html", "-j", "2", ".", "_build/parallel"],
    "doctest": [*SPHINX, "-b", "doctest", ".", "_build/doctest"],
}


@pytest.mark.parametrize("front_end", COMMANDS)
def test_every_front_end_says_a_fault_and_every_other_verdict(front_end, run):
    done = run(*COMMANDS[front_end])
    assert done.returncode == 1
    said = said_in(done.stdout)
    for name in FAULTS:
        assert f'{said_of(name)}; or write unexplored = "a reason" into {name}.toml' in said
    assert "wrong.toml:3: no entry covers this outcome" in said
    assert "possible, by this schedule:" in said
    assert "good.toml:" not in said
    if "pytest" in COMMANDS[front_end]:
        # of each program its outcome file and three runs; one of what is wrong fails in all four
        assert re.search(r"^8 failed, 16 passed", said, re.MULTILINE)
    else:
        assert "good.py: held: " in said


def test_a_program_that_holds_does_so_beside_the_faults_alone(run):
    """What the other test sees fail is the faults."""
    done = run("anyorder", "check", "--runs=1", "good.py")
    assert (done.returncode, done.stdout.count("held")) == (0, 1)


@pytest.mark.parametrize("name", FAULTS)
def test_the_command_that_explores_says_it_too(run, name):
    done = run("anyorder", "explore", f"{name}.py")
    assert (done.returncode, said_in(done.stdout)) == (2, f"{said_of(name)}\n")
