"""The table of switch points is what was measured, of all that the rewriting knows."""

import copy
import json
import subprocess
import sys

import pytest
from judging import UNSEEN, faults, probes_of, read, switches
from probe import NEVER as ROUNDS
from probe import copies_of
from probes import HOOKS, KINDS, NO_OPERATION, NODES

from anyorder.exploring.engine.facts import Facts
from anyorder.exploring.engine.machine import Nobody
from anyorder.exploring.program import Program, parts_for_threads
from anyorder.exploring.rewriting import expressions, statements
from anyorder.exploring.rewriting.switch_points import (
    NEVER,
    POINTS,
    SAYS,
    points,
)
from anyorder.exploring.versions import ALL, VERSIONS, mask
from anyorder.running import find_interpreters

# what is refused has no place in a program
REFUSED = {"AsyncFor", "AsyncFunctionDef", "AsyncWith", "Await"}
OLD = ("3.11",)
TO_3_13 = ("3.11", "3.12", "3.13")
FRAME = "the call begins a frame of Python, and looks only as that begins"
BACK = "a call that began before the place comes back, and looks only now"
# where the instructions in a place do not say what was measured: the versions, and why
DIFFERS = {
    "a generator goes on by an exception": (VERSIONS, "the call that sends it is not over"),
    "while comes round, before its test": (OLD, "a jump back that is not taken does not look"),
    "while ends, after its test": (OLD, "a jump back that is not taken does not look"),
    "after a call of a function of Python with *": (OLD, BACK),
    "after a call of a function of Python with **": (OLD, BACK),
    "after a call of a staticmethod of Python with *": (OLD, BACK),
    "after a call of a method of Python with *": (VERSIONS, BACK),
    "after a call of a method of Python with **": (VERSIONS, BACK),
    "after a call of a generator function": (VERSIONS, FRAME),
    "after a call of a generator function with *": (VERSIONS[1:], FRAME),
    "after a call of a class": (VERSIONS, BACK),
    "after a call of an object with __call__": (VERSIONS, BACK),
    "after a class statement": (VERSIONS, BACK),
    "after what holds an except clause": (OLD, "a jump back that is not taken does not look"),
    "with has left by a function of Python": (TO_3_13, BACK),
    "with has entered a lock": (("3.15",), "the call that enters does not look, unlike any other"),
    "with has entered by what is not Python": (("3.15",), "as for a lock"),
}


@pytest.fixture(scope="module")
def records():
    return read()


def test_the_table_and_the_records_agree(records):
    assert list(faults(records)) == []


@pytest.mark.parametrize("version", VERSIONS)
def test_a_wrong_table_is_refused(records, version):
    for name in POINTS:
        wrong = POINTS | {name: POINTS[name] ^ mask(version)}
        expected = [f"{name}, {version}: is"] if probes_of(name, version) else []
        found = list(faults(records, wrong))
        assert any(name in each and version in each for each in found) == bool(expected), name


def test_a_table_with_more_or_less_is_refused(records):
    more = list(faults(records, POINTS | {"a new kind": 0}))
    assert more == ["a new kind: has no probe"]
    less = {name: value for name, value in POINTS.items() if name != "a function begins"}
    assert "a function begins: is probed, and is not in the table" in list(faults(records, less))
    assert list(faults(records, never=NEVER | {"Matrix"})) == ["Matrix: has no probe"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"switches": 1}, "is called none, and 1 switches were seen"),
        ({"warm_switches": 1}, "is called none, and 1 switches were seen"),
        ({"rounds": 1000}, "1000 rounds are too few"),
        ({"warm_rounds": 0}, "rounds are too few"),
        ({"probe": "another"}, "before its probe was changed"),
    ],
)
def test_a_wrong_record_is_refused(records, change, says):
    wrong = copy.deepcopy(records)
    wrong["3.14"]["kinds"]["Name"]["read a global variable"] |= change
    [fault] = faults(wrong)
    assert fault.startswith("Name, 3.14: read a global variable: ")
    assert says in fault


def test_a_missing_record_is_refused(records):
    wrong = copy.deepcopy(records)
    del wrong["3.12"]["kinds"]["Attribute"]["read"]
    del wrong["3.13"]["kinds"]["for comes round"]
    found = list(faults(wrong))
    assert "Attribute, 3.12: read: was not measured, or before its probe was changed" in found
    assert "for comes round, 3.13: is called a switch point, and none was seen" in found


def test_a_record_of_what_is_no_probe_is_refused(records):
    wrong = copy.deepcopy(records)
    wrong["3.15"]["kinds"]["If"]["nothing like it"] = {"switches": 0, "warm_switches": 0}
    assert list(faults(wrong)) == ["If, 3.15: nothing like it: is recorded, and is no probe"]


@pytest.mark.parametrize("version", VERSIONS)
def test_records_are_of_builds_with_a_gil_and_say_which(records, version):
    assert records[version]["python"].startswith(f"{version}.")
    assert "free-threading" not in records[version]["python"]


@pytest.mark.parametrize("version", VERSIONS)
def test_the_controls_hold(records, version):
    """Nothing between the marks shows nothing, and what shows all is seen each time it is asked."""
    kinds = records[version]["kinds"]
    for record in kinds["nothing at all"].values():
        assert record["rounds"] > ROUNDS
        assert switches(record) == 0
    for label, record in kinds["a function begins"].items():
        copies = copies_of(KINDS["a function begins"].probes[label])
        assert record["switches"] >= record["rounds"] / copies * 0.9, label


@pytest.mark.slow
def test_a_run_of_the_probe_says_what_the_records_say(records, tmp_path):
    record = tmp_path / "record.json"
    command = [sys.executable, "tests/probing/probe.py", str(record), "break in an except"]
    subprocess.run(command, check=True, timeout=600)
    version = "{}.{}".format(*sys.version_info)
    new = json.loads(record.read_text(encoding="utf-8"))["kinds"]
    assert {name: switches_of(kind) for name, kind in new.items()} == {
        name: switches_of(records[version]["kinds"][name]) for name in new
    }


def switches_of(kind):
    """Return of each probe whether a switch was seen."""
    return {label: switches(record) > 0 for label, record in kind.items()}


def test_what_was_not_seen_is_a_switch_point_with_a_reason():
    for (name, version), reason in UNSEEN.items():
        assert points(name) & mask(version), reason


def test_each_kind_has_a_sentence():
    assert set(SAYS) == set(POINTS) | NEVER
    assert all(says[0].isupper() or says[0] == "`" for says in SAYS.values())
    assert all(says.endswith(".") for says in SAYS.values())


# -- all that the rewriting knows ------------------------------------------------------------------


def hooks():
    """Return the names of what rewritten code calls, as the rules name them."""
    program = Program("", *parts_for_threads("program.py", Nobody(), 100, Facts()))
    names = program.accesses.hooks()
    return {name.removeprefix("__ao_").removesuffix("__") for name in names}


def kinds_of(stands_for):
    """Return the probes that stand for a hook or a node, each by kind and label."""
    for one in stands_for:
        name, label = one if isinstance(one, tuple) else (one, None)
        assert name in KINDS, name
        assert label is None or label in KINDS[name].probes, one
        yield name, label


def test_every_hook_has_a_probe():
    assert hooks() - NO_OPERATION.keys() == set(HOOKS)
    assert not NO_OPERATION.keys() & HOOKS.keys()
    assert all(list(kinds_of(stands_for)) for stands_for in HOOKS.values())


def test_every_node_has_a_probe():
    rules = expressions.RULES | statements.RULES
    by_refusal = {
        node.__name__
        for node, (rule, _) in rules.items()
        if rule in (expressions.asynchronous, statements.refused)
    }
    assert by_refusal == REFUSED
    nodes = {node.__name__ for node in rules} - REFUSED
    assert nodes <= KINDS.keys() | NODES.keys()
    assert all(list(kinds_of(stands_for)) for stands_for in NODES.values())
    newer = {"TemplateStr", "Interpolation", "TypeAlias"}
    assert NEVER - nodes <= newer


# -- what dis explains -----------------------------------------------------------------------------

HERE = {python.version.rpartition(".")[0]: python for python in find_interpreters()[0]
        if not python.free_threaded}  # fmt: skip


def looks(instruction):
    """Tell whether Python looks at an instruction whether anybody wants the GIL."""
    name, _, argument = instruction.partition(" ")
    if name == "RESUME":
        return argument in ("0", "1")  # not where a generator goes on that delegates to another
    if name.startswith("JUMP_BACKWARD"):
        return name != "JUMP_BACKWARD_NO_INTERRUPT"
    return name in ("CALL", "CALL_KW", "CALL_FUNCTION_EX") or name.startswith("POP_JUMP_BACKWARD")


@pytest.mark.parametrize("version", VERSIONS)
def test_instructions_explain_what_was_measured(records, version):
    if version not in HERE:
        pytest.skip(f"Python {version} is not here")
    explain = [str(HERE[version].path), "tests/probing/explain.py"]
    done = subprocess.run(explain, capture_output=True, check=True, encoding="utf-8")
    explained = json.loads(done.stdout)
    differ = set()
    for name, kind in explained.items():
        for label, instructions in kind.items():
            measured = switches(records[version]["kinds"][name][label]) > 0
            if any(map(looks, instructions)) != measured:
                differ.add(name)
    assert differ == {name for name, (versions, _) in DIFFERS.items() if version in versions}


def test_places_of_no_switch_are_the_same_in_each_sense():
    assert all(0 <= value <= ALL for value in POINTS.values())
    assert not NEVER & POINTS.keys()
