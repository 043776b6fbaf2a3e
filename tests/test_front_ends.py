"""The command, pytest, the html build and the doctest builder say the same of the same programs."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from small_programs import LOST_UPDATE

from anyorder.checking import (
    REFUSALS,
    Observation,
    Program,
    check,
    settings_here,
    write_record,
)
from anyorder.outcomes import Interpreter, Outcome, Setting

HELLO = "print('hello')\n"
USUAL = '[[outcome]]\ngrade = "usual"\nstdout = ["hello"]\n'
# each wrong in another way
WRONG = {
    "uncovered": USUAL.replace("hello", "bye"),
    "forbidden": USUAL.replace("usual", "forbidden"),
    "miscounted": USUAL + "count = 2\n",
    "nothing_left": USUAL + USUAL,
    "other_stderr": USUAL + 'stderr = ["oh"]\n',
    "other_exit": USUAL + "exit = 1\n",
    "other_end": USUAL + 'ends = "deadlock"\n',
    "not_possible": USUAL + USUAL.replace("hello", "bye"),
    "malformed": USUAL.replace("usual", "fine"),
}
STALE = "stale"
# a block of the page itself
BLOCK = ".. code-block:: python\n   :name: in_page\n\n   print('hello')\n"
ALL = 'reachable = [">=3.11", "free-threaded"]\n'
KEPT = USUAL.replace("hello", "2")
LOST = USUAL.replace("hello", "1")
# what they say of the builds that can reach an outcome
OF_BUILDS = {
    "reachable_taken_away": KEPT + ALL.replace(">=3.11", ">=3.12") + LOST,
    "not_reachable_added": KEPT + LOST + ALL,
    "not_reachable_recorded": KEPT + ALL + LOST + 'reachable = "free-threaded"\n',
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fronts")
    for name, outcomes in {**WRONG, "good": USUAL, STALE: USUAL}.items():
        (folder / f"{name}.py").write_text(HELLO)
        (folder / f"{name}.toml").write_text(outcomes)
    (folder / f"{STALE}.observed.json").write_text('{"sha256": "another"}')
    for name, outcomes in OF_BUILDS.items():
        (folder / f"{name}.py").write_text(LOST_UPDATE)
        (folder / f"{name}.toml").write_text(outcomes)
    other = Interpreter(Path("python"), "3.12.1", False, ())  # noqa: FBT003
    seen = Observation(Setting(other), {Outcome("1\n"): 1, Outcome("2\n"): 4}, "a day")
    write_record(folder / "not_reachable_recorded.py", [seen])
    (folder / "conf.py").write_text("extensions = ['anyorder.sphinx']\nanyorder_runs = 2\n")
    names = [*WRONG, *OF_BUILDS, "good", STALE]
    directives = "\n\n".join(f".. outcomes:: {name}.py" for name in names)
    (folder / "index.rst").write_text(f"Programs\n========\n\n{directives}\n\n{BLOCK}\n")
    (folder / "index.in_page.toml").write_text(WRONG["uncovered"])
    return folder


@pytest.fixture(scope="module")
def expected(folder):
    """The words of ``check`` itself, line by line, of each program."""
    said = {}
    files = {name: f"{name}.py" for name in (*WRONG, *OF_BUILDS, STALE)}
    for name, file in {**files, "in_page": "index.rst#in_page"}.items():
        path = folder / file
        try:
            verdict = check(path, settings_here(Program.read(path)), runs=2)
        except REFUSALS as refusal:
            said[name] = [str(refusal)]
        else:
            assert not verdict.held
            said[name] = [line for fault in verdict.faults for line in fault.splitlines()]
    return said


COMMANDS = {
    "command": ["anyorder", "check", "--runs=2", "{}"],
    "pytest": ["pytest", "-q", "-p", "no:cacheprovider", "-o", "anyorder_runs=2", "{}"],
    "html": ["sphinx", "-W", "--keep-going", "-N", "-b", "html", "{}", "{}/build/html"],
    "doctest": ["sphinx", "-W", "--keep-going", "-N", "-b", "doctest", "{}", "{}/build/doctest"],
}


@pytest.fixture
def foreign(tmp_path):
    """A folder with a program that imports a package of others."""
    (tmp_path / "foreign.py").write_text("import pluggy\nprint(pluggy.HookspecMarker.__name__)\n")
    (tmp_path / "foreign.toml").write_text(USUAL.replace("hello", "HookspecMarker"))
    (tmp_path / "index.rst").write_text("Programs\n========\n\n.. outcomes:: foreign.py\n")
    return tmp_path


def run(words, folder):
    """Run a module of Python in a folder, without settings of Python that are in the shell."""
    return subprocess.run(
        [sys.executable, "-m", *words],
        cwd=folder,
        env={k: v for k, v in os.environ.items() if not k.startswith("PYTHON")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
        timeout=600,
    )


@pytest.mark.parametrize("front_end", COMMANDS)
def test_every_front_end_follows_a_package_where_it_is_told_to(front_end, foreign):
    words = [word.replace("{}", str(foreign)) for word in COMMANDS[front_end]]
    told = {
        "command": ["--follow", "pluggy"],
        "pytest": ["-o", "anyorder_follow=idna pluggy"],
    }.get(front_end, [])
    for packages in (["idna"], ["pluggy", "idna"]):
        settings = f"anyorder_runs = 1\nanyorder_follow = {packages}\n"
        (foreign / "conf.py").write_text(f"extensions = ['anyorder.sphinx']\n{settings}")
        done = run(words + (told if "pluggy" in packages else []), foreign.parent)
        assert (done.returncode == 0) == ("pluggy" in packages), done.stdout
        assert ("--follow pluggy" in done.stdout) == ("pluggy" not in packages)


@pytest.mark.parametrize("front_end", COMMANDS)
def test_every_front_end_says_the_same(front_end, folder, expected):
    words = [word.replace("{}", str(folder)) for word in COMMANDS[front_end]]
    done = run(words, folder.parent)
    assert done.returncode == (2 if front_end == "command" else 1)
    lines = done.stdout.splitlines()
    # Sphinx adds the type of a warning
    said = {re.sub(r" \[(anyorder\.\w+|docutils)\]$", "", each).strip() for each in lines}
    for name, words_of_check in expected.items():
        for line in words_of_check:
            # pages are read from their line on, and so are said by it first
            assert any(each.endswith(line.strip()) for each in said), f"{name}: {line}"
    assert "good.toml:" not in done.stdout


def test_what_is_said_of_builds_is_refused_for_that_alone(expected):
    said = {name: [line for line in expected[name] if line[0] != " "] for name in OF_BUILDS}
    words = {
        "reachable_taken_away": 'reachable is not so: fix the program, or write reachable = ["',
        "not_reachable_added": "reachable is not so: fix the program, or write reachable = [",
        "not_reachable_recorded": "was observed, and is possible, but not reachable there",
    }
    for name, [line] in said.items():
        assert words[name] in line
