"""The tables of the reference are drawn from the table of switch points and from its records."""

import importlib
import json
import shutil
import sys
from pathlib import Path

import pytest

from anyorder.exploring.rewriting.switch_points import NEVER, POINTS, SAYS
from anyorder.exploring.versions import VERSIONS

ROOT = Path(__file__).parents[2]
RECORDS = ROOT / "tests/probing/records"

sys.path.append(str(ROOT / "conf"))
switching = importlib.import_module("switching")


@pytest.fixture
def copy(tmp_path):
    """Return a copy of the records."""
    return Path(shutil.copytree(RECORDS, tmp_path / "records"))


def changed(path, change):
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content["kinds"])
    path.write_text(json.dumps(content), encoding="utf-8")


def test_there_is_a_row_for_each_place():
    drawn = list(switching.rows(switching.read(RECORDS), list(POINTS)))
    assert [row[0] for row in drawn] == [SAYS[name] for name in POINTS]
    assert all(len(row) == 2 + len(VERSIONS) for row in drawn)


def test_operations_hand_over_nowhere():
    drawn = list(switching.rows(switching.read(RECORDS), sorted(NEVER)))
    assert len(drawn) > 30
    cells = [cell for row in drawn for cell in row[2:]]
    assert all(cell.startswith("no, 0 in ") or cell == "not there" for cell in cells)


def test_what_all_versions_say_is_said_once():
    records = switching.read(RECORDS)
    names = sorted(NEVER)
    drawn = [*switching.rows_of_all(records, names)]
    assert [row[:2] for row in drawn] == [row[:2] for row in switching.rows(records, names)]
    assert {len(row) for row in drawn} == {3}
    said = {row[0]: row[2] for row in drawn}
    assert said[SAYS["TemplateStr"]].endswith(" (not there in 3.11 and 3.12 and 3.13)")
    each = [cell for row in switching.rows(records, ["If"]) for cell in row[2:]]
    rounds = sum(int(cell.removeprefix("no, 0 in ").replace(",", "")) for cell in each)
    assert said[SAYS["If"]] == f"{rounds:,}"


def test_no_row_of_all_versions_has_a_switch(copy):
    changed(copy / "3.14.json", lambda kinds: kinds["If"]["a list"].update(switches=1))
    with pytest.raises(switching.RecordError, match=r"If: 1 switches on 3\.14, where .* none"):
        list(switching.rows_of_all(switching.read(copy), ["If"]))


def test_a_cell_has_the_numbers_of_all_probes(copy):
    def change(kinds):
        kinds["for comes round"] = {
            "one": {"rounds": 1000, "switches": 20, "warm_rounds": 100, "warm_switches": 3},
            "two": {"rounds": 500, "switches": 0, "warm_rounds": 0, "warm_switches": 0},
        }

    changed(copy / "3.13.json", change)
    [row] = switching.rows(switching.read(copy), ["for comes round"])
    assert row[2 + VERSIONS.index("3.13")] == "yes, 23 in 1,600"
    assert row[1].endswith("one; two")


def test_a_place_that_was_not_measured_counts_as_a_switch_point(copy):
    changed(copy / "3.12.json", lambda kinds: kinds.pop("an import"))
    [row] = switching.rows(switching.read(copy), ["an import"])
    assert row[2 + VERSIONS.index("3.12")] == "yes, not measured"


def test_what_a_version_does_not_have_is_not_there():
    """What was added to the language since 3.11, and nothing else."""
    records = switching.read(RECORDS)
    lacking = {
        (name, version)
        for name in [*POINTS, *NEVER]
        for row in switching.rows(records, [name])
        for version, cell in zip(VERSIONS, row[2:], strict=True)
        if cell == "not there"
    }
    since = {
        "TypeAlias": "3.12", "what has type parameters is made": "3.12", "TemplateStr": "3.14",
    }  # fmt: skip
    assert lacking == {
        (name, version) for name, first in since.items() for version in VERSIONS if version < first
    }


def test_a_switch_where_the_table_has_none_is_refused(copy):
    changed(copy / "3.14.json", lambda kinds: kinds["If"]["a list"].update(switches=1))
    with pytest.raises(switching.RecordError, match=r"If: 1 switches on 3\.14, where .* none"):
        list(switching.rows(switching.read(copy), ["If"]))


@pytest.mark.parametrize("text", ["", "{}", "[]"])
def test_a_damaged_record_is_refused(copy, text):
    (copy / "3.15.json").write_text(text)
    with pytest.raises(switching.RecordError, match=r"is damaged .*: run `nox -s probe`"):
        switching.read(copy)


def test_a_missing_record_is_refused(copy):
    (copy / "3.11.json").unlink()
    with pytest.raises(switching.RecordError, match=r"cannot be read .*: run `nox -s probe`"):
        switching.read(copy)
