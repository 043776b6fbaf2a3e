"""``anyorder observe`` goes on where it was stopped, and begins anew where it has to."""

import json

import pytest

USUAL = '[[outcome]]\ngrade = "usual"\nstdout = ["hello"]\n'


@pytest.fixture
def observe(anyorder, write, valid):
    path = write("hello.py", "print('hello')\n", USUAL)

    def observe(*options):
        done = anyorder("observe", "hello.py", "--json", *options)
        [program] = valid("observe", done.stdout)["programs"]
        assert program["program"] == "hello.py"
        return program["new"]

    observe.program = path
    observe.record = path.with_suffix(".observed.json")
    return observe


def test_it_records_what_is_missing_and_nothing_twice(observe, anyorder):
    assert observe("--runs=1", "--stdout-to=pipe") == 1
    first = json.loads(observe.record.read_text())["observations"]
    assert observe("--runs=1") == 2
    assert observe("--runs=1") == 0
    now = json.loads(observe.record.read_text())["observations"]
    assert len(now) == 3
    assert first[0] in now
    assert observe("--runs=2", "--stdout-to=pipe") == 1
    done = anyorder("observe", "hello.py", "--runs=2", "--stdout-to=pipe")
    assert done.stdout == "hello.py: 0 settings recorded\n"
    assert "recorded in 3 settings" in anyorder("check", "hello.py", "--runs=1").stdout


@pytest.mark.parametrize("damage", ["{", "{}", '{"sha256": "0", "observations": []}'])
def test_a_damaged_or_stale_record_is_made_anew(observe, anyorder, damage):
    observe.record.write_text(damage)
    refused = anyorder("check", "hello.py", "--runs=1")
    assert refused.returncode == 2
    assert refused.stderr.startswith("hello.observed.json:1: ")
    assert "run `anyorder observe hello.py`" in refused.stderr
    assert observe("--runs=1") == 3
    assert anyorder("check", "hello.py", "--runs=1").returncode == 0


def test_a_changed_program_is_recorded_anew(observe):
    assert observe("--runs=1") == 3
    observe.program.write_text("print('hello')  # changed\n")
    assert observe("--runs=1") == 3
    assert observe("--runs=1") == 0


def test_what_was_recorded_before_a_failure_is_kept(observe, anyorder, write, valid):
    write("flood.py", "print('x' * 5_000_000)\n", 'unexplored = "a test"\n' + USUAL)
    done = anyorder("observe", ".", "--runs=1", "--json")
    content = valid("observe", done.stdout)
    assert content["programs"] == [{"program": "hello.py", "new": 3}]
    assert content["refused"][0].startswith("flood.py:1: it wrote more than 1 MiB")
    assert done.returncode == 2
    assert observe("--runs=1") == 0
