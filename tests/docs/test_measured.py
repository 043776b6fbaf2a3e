"""Times on a page are those of its programs as they are, and the page says them to everybody."""

import importlib
import json
import re
import shutil
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "src/examples"
RECORD = EXAMPLES / "two-ways/really_at_once.measured.json"
RECORDED = [
    (path, work)
    for path in sorted(EXAMPLES.rglob("*.measured.json"))
    for work in json.loads(path.read_text(encoding="utf-8"))["works"]
]

sys.path.append(str(ROOT / "conf"))
measured = importlib.import_module("measured")
sys.path.append(str(EXAMPLES))
measure = importlib.import_module("_measure")


@pytest.fixture
def copy(tmp_path):
    """Return the record's copy, beside copies of its programs."""
    for program in json.loads(RECORD.read_text(encoding="utf-8"))["programs"]:
        shutil.copy(RECORD.with_name(program), tmp_path)
    return Path(shutil.copy(RECORD, tmp_path))


@pytest.mark.parametrize(("record", "work"), RECORDED)
def test_a_record_is_of_the_programs_as_they_are(record, work):
    assert measured.read(record, work).rows


def test_each_record_has_the_works_that_are_measured():
    assert {
        f"{path.relative_to(EXAMPLES)}": json.loads(path.read_text(encoding="utf-8"))["works"]
        for path, _ in RECORDED
    } == {f"{name}.measured.json": works for name, works in measure.RECORDS.items()}


def test_a_record_of_another_text_of_a_program_is_refused(copy):
    with copy.with_name("count_threads.py").open("a") as program:
        program.write("# changed\n")
    with pytest.raises(measured.RecordError, match=r"before count_threads\.py was changed: run"):
        measured.read(copy, "counting")


def test_a_record_whose_program_is_gone_is_refused(copy):
    copy.with_name("wait_threads.py").unlink()
    with pytest.raises(measured.RecordError, match="cannot be read"):
        measured.read(copy, "waiting")


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"programs": 1}'])
def test_a_damaged_record_is_refused(copy, text):
    copy.write_text(text)
    with pytest.raises(measured.RecordError, match=r"is damaged .*: run `nox -s measure`"):
        measured.read(copy, "waiting")


def test_a_work_that_nobody_measured_is_refused(copy):
    with pytest.raises(measured.RecordError, match="no work 'cooking', but counting, waiting"):
        measured.read(copy, "cooking")


def test_times_are_medians_compared_to_the_first_way(copy):
    content = json.loads(copy.read_text(encoding="utf-8"))
    content["pythons"][0]["seconds"]["counting"] = {
        "one thread": [1.0, 2.0, 9.0],
        "four threads": [1.0, 3.0, 4.0],
        "four processes": [1.0, 1.0, 1.5],
    }
    copy.write_text(json.dumps(content))
    first = next(measured.rows(measured.read(copy, "counting")))
    assert first[1:] == ["2.00 s", "1.50 (0.50 to 2.00)", "0.50 (0.50 to 0.75)"]


def test_a_record_says_which_runs_it_has():
    assert " Each ran 5 times; during these, " in measured.read(RECORD, "counting").machine
    some = "Each ran 11 times, and the 5 runs that others disturbed least were kept"
    assert measured.chosen(11, 5) == some


@pytest.mark.parametrize(("record", "work"), RECORDED)
def test_the_plot_has_the_theme_s_colours_and_says_in_words_what_it_shows(record, work):
    recorded = measured.read(record, work)
    svg = measured.plot(recorded)
    assert not re.search(r"#[0-9a-f]{6}\b", svg)
    assert not re.search(r"style\b", svg)
    assert "var(--accent)" in svg
    words = re.match(r'<svg role="img" aria-label="([^"]*)"', svg)[1]
    for way in recorded.others:
        least, *_, most = sorted(times[way].middle for times in recorded.rows.values())
        assert f"{way.capitalize()}: {least:.2f} to {most:.2f}." in words


def test_the_plot_is_the_same_in_every_build():
    recorded = measured.read(RECORD, "counting")
    assert measured.plot(recorded) == measured.plot(recorded)
