"""The Python that browsers run explores as this one does; here it runs under node."""

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import digests
import pytest

HERE = Path(__file__).parent / "pyodide"
ROOT = Path(__file__).parents[2]
PACKAGES = ("packaging", "platformdirs", "tomlkit")  # that the playground needs beside the tool
# programs that differ, each with why
BY_LINES = "an uncaught error is printed line by line there, and in one piece elsewhere"
DIFFER = {
    "bays_bounded": BY_LINES,
    "reading_out": BY_LINES,
}
# programs that differ from those on another Python than 3.14, each with why
DIFFER_BY_VERSION = {
    "hatch_shut_down": "queues are shut down from 3.13 on",
    "seats_default": "a defaultdict stores its default last before 3.13.12 and 3.14.3",
    "tray_in_pool": "a pool may miss a worker that waits from 3.12 on",
    "queue_result": "the library puts into a queue in fewer steps up to 3.12",
    "what_arrives": "an error of pickling has another text there",
}


def in_pyodide(script, *folders):
    """Return what ``answer()`` of a script returns in Pyodide, with folders under other names."""
    installed = [Path(find_spec(name).submodule_search_locations[0]) for name in PACKAGES]
    tool = [ROOT / "src/anyorder", *installed]
    done = subprocess.run(
        [
            Path(sys.prefix, "node_modules/.bin/node"),  # one that needs no flag for JSPI
            HERE / "run.mjs",
            sys.prefix,  # where nox has npm bring it
            HERE / script,
            *(f"{folder}=/lib/tool/{folder.name}" for folder in tool),
            *folders,
        ],
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr[-2_000:]
    return json.loads(done.stdout)


def test_a_stack_that_breaks_is_told():
    """The worker is to be ended then: it never answers."""
    with pytest.raises(AssertionError, match="Maximum call stack size exceeded"):
        in_pyodide("breaks.py")


def differing(one, other):
    """Return the names under which two dicts have different values."""
    return {name for name in one.keys() | other.keys() if one.get(name) != other.get(name)}


def test_what_switches_keeps_its_word():
    tests = f"{ROOT / 'tests/exploring'}=/lib/tool"
    told = in_pyodide("contract.py", tests)
    assert told["failed"] == {}
    assert told["tests"] > 15


def test_the_same_sets_and_witnesses():
    """They are those of this Python, as far as its library is that of 3.14."""
    examples = ROOT / "src/examples"
    here = json.loads(digests.answer(examples))
    there = in_pyodide("../digests.py", f"{examples}=/examples")
    assert len(here) > 50
    others = set() if sys.version_info[:2] == (3, 14) else set(DIFFER_BY_VERSION)
    assert differing(here, there) - others == set(DIFFER)


def test_a_difference_is_found():
    same = {"a": [True, 3, "x"], "b": "refused"}
    assert differing(same, dict(same)) == set()
    for other in ({"a": [True, 3, "y"], "b": "refused"}, {"b": "refused"}):
        assert differing(same, other) == differing(other, same) == {"a"}


@pytest.fixture(scope="module")
def said():
    """What the worker says to one program after another."""
    return in_pyodide("presses.py")


def complete(first, count=1, ends=""):
    """Return what is said of a program that was explored to the end."""
    return {"complete": True, "limit": None, "count": count, "first": first, "ends": [ends]}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("flood", "yours.py:1: this prints more than 1,000,000 characters: let it print less"),
        ("memory", "yours.py: it takes more memory than there is here: let it do less"),
        ("too large", "yours.py: it meets a number for which Python has no room in a browser"),
        ("hash", "yours.py:1: hash() of float objects is another number in each run, or on your"),
        ("size", "yours.py:2: sys.maxsize is another one in a browser than on your computer"),
        ("gc", "yours.py:1: the module gc cannot be simulated in a browser"),
        ("js", "yours.py:1: the module js cannot be simulated"),
        ("pyodide", "yours.py:1: the module pyodide.code cannot be simulated"),
        ("pyodide_js", "yours.py:1: the module pyodide_js cannot be simulated"),
        ("switches", "yours.py:1: the module anyorder_switches cannot be simulated"),
        ("tool", "yours.py:1: the module anyorder.exploring.engine.jspi cannot be simulated"),
    ],
)
def test_what_cannot_be_explored_there_says_why(said, name, words):
    assert said[name].startswith(words)


def test_the_next_program_is_explored_whatever_came_before(said):
    assert said["deep"] == complete("deep deep ", 2)
    assert said["as deep as is asked for"] == complete("15000\n")
    assert said["endless"] == complete("", ends="it never ends")
    assert said["never ends"] == complete("", ends="deadlock: it never ends")
    assert said["hello"]["count"] == 28


def test_a_long_search_is_stopped_when_somebody_asks(said):
    assert not said["million"]["complete"]
    assert said["million"]["limit"] == "the search stopped when you pressed Stop"
    assert "can go on for ever" in said["flood of events"]["limit"]


def test_a_worker_in_which_a_stack_is_left_is_renewed(said):
    assert said["hello again"]["count"] == 28
    renewed = [name for name in said if name.startswith("renewed")]
    assert renewed == ["renewed after hello again"]
