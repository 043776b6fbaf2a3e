"""Small programs of ordinary Python whose sets are known, each with what is easily missed.

``samples/sets/expected.json`` has for each program

``outcomes``
    ``stdout``, ``ends``, ``exit``, and the last line of standard error unless that is not compared
``exact``
    whether these are the whole set, which is to be called complete, or are at least in it
``refused_or_marked``
    that no finite set is right: the program is refused, or its set is not called complete
``python``, ``start_method``
    where it holds, if not everywhere
``stderr_without``
    a text that no outcome's standard error may have in it
``observed_agrees``
    that what real runs record is in the set, standard error too
"""

from __future__ import annotations

import json
import multiprocessing
import platform
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

from anyorder.exploring import CannotExplore, explore
from anyorder.outcomes import StartMethod

SETS = Path(__file__).parent / "samples" / "sets"
EXPECTED = json.loads((SETS / "expected.json").read_text(encoding="utf-8"))


def here(expected):
    """Whether an expectation holds on this Python, where processes may begin like that."""
    method = expected.get("start_method")
    version = SpecifierSet(expected.get("python", ""))
    return platform.python_version() in version and (
        method is None or method in multiprocessing.get_all_start_methods()
    )


def told(outcome):
    """Return an outcome as the expectations have it."""
    last = outcome.stderr.strip("\n").rpartition("\n")[2]
    return outcome.stdout, outcome.ends.value, outcome.exit, last


def is_one_of(found, expected):
    """Whether an outcome is one that is expected."""
    return any(
        found[:3] == (one["stdout"], one["ends"], one["exit"])
        and one.get("stderr_last", found[3]) == found[3]
        for one in expected
    )


def hold(expected, exploration):
    """Hold what was explored against what is expected.

    Raises:
        AssertionError: it is something else
    """
    found = [told(one.outcome) for one in exploration.outcomes]
    for one in expected["outcomes"]:
        assert any(is_one_of(each, [one]) for each in found), f"{one} is missing"
    if expected["exact"]:
        assert exploration.complete
        for each in found:
            assert is_one_of(each, expected["outcomes"]), f"{each} is too much"
    without = expected.get("stderr_without")
    assert without is None or not any(without in one.outcome.stderr for one in exploration.outcomes)


def explored_as(name):
    """Explore a program as its expectation says."""
    method = EXPECTED[name].get("start_method")
    return explore(SETS / f"{name}.py", start_method=StartMethod(method) if method else None)


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_the_set_is_right(name):
    expected = EXPECTED[name]
    if not here(expected):
        pytest.skip("it is for another Python")
    if expected.get("refused_or_marked"):
        try:
            assert not explored_as(name).complete
        except CannotExplore as refusal:
            assert refusal.line is not None  # noqa: PT017 - either of the two
        return
    hold(expected, explored_as(name))


def test_a_wrong_expectation_is_seen():
    """An outcome that is missing, one that is too much, and a set that is not complete."""
    exploration = explored_as("call_added")
    expected = EXPECTED["call_added"]
    hold(expected, exploration)
    one = {"stdout": "[5]\n", "ends": "exit", "exit": 0, "stderr_last": ""}
    with pytest.raises(AssertionError, match="is too much"):
        hold({"outcomes": [one], "exact": True}, exploration)
    with pytest.raises(AssertionError, match="is missing"):
        hold({"outcomes": [one | {"stdout": "[6]\n"}], "exact": False}, exploration)
    with pytest.raises(AssertionError, match="is missing"):
        hold({"outcomes": [one | {"stderr_last": "x"}], "exact": False}, exploration)


def test_every_program_has_an_expectation():
    assert {path.stem for path in SETS.glob("*.py")} - {"own_module"} == set(EXPECTED)
