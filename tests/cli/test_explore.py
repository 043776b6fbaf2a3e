"""``anyorder explore`` shows every outcome, or says that it does not."""

import json
import subprocess
import sys

import pytest
from small_programs import CROSSED, HELLO_TWICE

import anyorder


def test_the_whole_set_is_shown_with_a_schedule(anyorder, write):
    write("crossed.py", CROSSED)
    done = anyorder("explore", "crossed.py")
    assert done.returncode == 0
    assert "crossed.py: every outcome: 2, from 3 executions" in done.stdout
    assert "deadlock" in done.stdout
    assert "A schedule that leads to outcome 2:" in done.stdout
    assert "Thread-1 (eat) waits for knife" in done.stdout


def test_a_part_of_the_set_is_never_called_the_whole(anyorder, write):
    write("crossed.py", CROSSED)
    done = anyorder("explore", "crossed.py", "--max-executions", "1")
    assert "NOT every outcome (stopped after 1 execution)" in " ".join(done.stdout.split())
    found = json.loads(anyorder("explore", "crossed.py", "--max-executions", "1", "--json").stdout)
    assert found["complete"] is False
    assert found["executions"] == 1


def test_who_can_reach_an_outcome_is_a_column(anyorder, write):
    write("crossed.py", CROSSED)
    said = " ".join(anyorder("explore", "crossed.py").stdout.replace("│", " ").split())
    assert "reachable" in said
    assert "3.14 or no GIL" in said
    # in a part of the set it is not known
    said = anyorder("explore", "crossed.py", "--max-executions", "1").stdout
    assert "all" not in said.partition("reachable")[2]
    [*found] = json.loads(anyorder("explore", "crossed.py", "--json").stdout)["outcomes"]
    [stuck] = [each for each in found if each["ends"] == "deadlock"]
    reached = {version for version, to in stuck["reachable_on"].items() if to["pipe"]}
    assert reached == {"3.14"}


def test_many_outcomes_are_summed_up(anyorder, write):
    write("twice.py", HELLO_TWICE)
    said = anyorder("explore", "twice.py").stdout
    assert "twice.py: every outcome: 28, from 32 executions" in said
    rows = [line.split("│")[1].strip() for line in said.splitlines() if line.startswith("│")]
    assert [row for row in rows if row] == ["1 to 2", "3 to 28"]
    assert "any_order = [" in said
    assert "count = 26" in said
    # nothing is known of a grade, so there is no column for it
    assert "grade" not in said


def test_outcomes_of_one_row_have_one_grade(anyorder, write):
    entry = '[[outcome]]\ngrade = "usual"\nstdout = ["hello from Ada", "hello from Ben"]\n'
    write("twice.py", HELLO_TWICE, entry)
    said = anyorder("explore", "twice.py").stdout
    rows = [line.split("│")[1:3] for line in said.splitlines() if line.startswith("│")]
    cells = [[cell.strip() for cell in row] for row in rows]
    *whole, broken = [row for row in cells if row[0]]
    assert sorted(grade for _, grade in whole) == ["uncovered", "usual"]
    assert broken == ["3 to 28", "uncovered"]


def test_an_outcome_is_shown_by_its_number(anyorder, write, valid):
    write("twice.py", HELLO_TWICE)
    content = valid("explore", anyorder("explore", "twice.py", "--json").stdout)
    for number, outcome in enumerate(content["outcomes"], start=1):
        if number in {1, 2, 3, 28}:
            said = anyorder("explore", "twice.py", f"--outcome={number}").stdout
            text = outcome["stdout"].replace("\n", "⏎\n").splitlines()
            assert f"Outcome {number}:\n    exit status 0\n    stdout:\n      {text[0]}\n" in said
            assert f"A schedule that leads to outcome {number}:\nline  " in said
        assert outcome["witness"][-1]["stdout"] == outcome["stdout"]
    alone = valid("explore", anyorder("explore", "twice.py", "--json", "--outcome=7").stdout)
    told = [number for number, each in enumerate(alone["outcomes"], 1) if each["witness"]]
    assert told == [7]
    assert alone["outcomes"][6] == content["outcomes"][6]


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_a_number_that_no_outcome_has_exits_with_2(anyorder, write, options):
    write("crossed.py", CROSSED)
    done = anyorder("explore", "crossed.py", "--outcome=3", *options)
    assert done.returncode == 2
    assert done.stderr == "crossed.py:1: has 2 outcomes, and no number 3: name one of these\n"


INTERRUPTING = """\
import _thread
import threading


def stop():
    _thread.interrupt_main()


threading.Thread(target=stop).start()
"""


def test_what_an_interrupt_may_do_besides_is_said_by_its_line(anyorder, write):
    write("stop.py", INTERRUPTING)
    done = anyorder("explore", "stop.py")
    assert (
        "stop.py: NOT every outcome (the interrupt that line 6 sends may come in the middle of "
        "what the library does in line 9, and is not followed there): "
    ) in " ".join(done.stdout.split())


def test_what_cannot_be_simulated_is_refused_by_name_and_line(anyorder, write):
    write("web.py", "import threading\nimport socket\n\nsocket.socket()\n")
    done = anyorder("explore", "web.py")
    assert done.returncode == 2
    assert done.stderr.startswith("web.py:2: the module socket cannot be simulated")


def test_a_refusal_names_the_program_as_it_was_typed(anyorder, write, folder):
    write("broken.py", "print(1\n")
    (folder / "sub").mkdir()
    (folder / "broken.py").rename(folder / "sub/broken.py")
    done = anyorder("explore", "sub/broken.py")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("sub/broken.py:1: this is no Python")


def test_python_finds_the_same_as_the_command(write):
    found = anyorder.explore(write("crossed.py", CROSSED))
    assert {each.stdout for each in found.outcome_set} == {"", "eaten\neaten\n"}
    with pytest.raises(AttributeError, match="no attribute 'explor'"):
        _ = anyorder.explor


def test_the_other_commands_need_no_greenlet():
    code = "import sys; sys.modules['greenlet'] = None; import anyorder.cli, anyorder.sphinx"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
