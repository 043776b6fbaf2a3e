"""``anyorder explore`` shows every outcome, or says that it does not."""

import inspect
import json
import os
import subprocess
import sys

import pytest
from small_programs import CROSSED, HELLO_TWICE, THREE_SPEAK, TWO_FAIL

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


def test_a_search_that_does_not_end_says_of_which_schedules_it_knows_all(anyorder, write, valid):
    write("speak.py", THREE_SPEAK)
    done = anyorder("explore", "speak.py", "--max-executions", "40")
    assert done.returncode == 0
    assert "speak.py: NOT every outcome (stopped after 40 executions): " in done.stdout
    assert (
        "Every outcome with no preemption is among these: with no preemption 6, from 6 executions."
    ) in done.stdout
    assert "preemptions" in done.stdout
    assert "reachable" not in done.stdout
    words = ["speak.py", "--max-executions", "40", "--json"]
    found = valid("explore", anyorder("explore", *words).stdout)
    assert found["bounds"] == [{"preemptions": 0, "outcomes": 6, "executions": 6}]
    assert sum(each["preemptions"] == 0 for each in found["outcomes"]) == 6
    assert all(each["witness"] for each in found["outcomes"])


def test_seconds_and_events_are_limits_too(anyorder, write):
    write("speak.py", THREE_SPEAK)
    said = anyorder("explore", "speak.py", "--max-seconds", "0.01").stdout
    assert "speak.py: NOT every outcome (stopped after 0.01 seconds): " in said
    write("count.py", "for n in range(9):\n    print(n)\n")
    said = anyorder("explore", "count.py", "--max-events", "5").stdout
    assert (
        "count.py: NOT every outcome (an execution had more than 5 events, the last of them in "
        "line 2: the loop at count.py:1 makes them; let it have fewer (two or three rounds mostly "
        "show the same), or raise that limit): 0,"
    ) in said
    for words in (["--max-seconds", "0"], ["--max-seconds", "inf"], ["--max-events", "0"]):
        done = anyorder("explore", "speak.py", *words)
        assert done.returncode == 2
        assert words[0] in done.stderr or "no time" in done.stderr


def test_what_an_interrupted_search_has_found_is_shown(write, folder, tmp_path):
    write("speak.py", THREE_SPEAK)
    found, status, said = interrupted(folder, tmp_path, "explore", "speak.py")
    assert "speak.py: NOT every outcome (interrupted): " in found
    assert "A schedule that leads to outcome " in found
    assert (status, said.splitlines()[-1]) == (130, "interrupted")
    assert "Traceback" not in said


@pytest.mark.parametrize("command", ["check", "accept"])
def test_an_interrupted_check_says_of_which_program(write, folder, tmp_path, command):
    path = write("speak.py", THREE_SPEAK, '[[outcome]]\ngrade = "usual"\nstdout = "hello"\n')
    before = path.with_suffix(".toml").read_text()
    found, status, said = interrupted(folder, tmp_path, command, "speak.py", "--runs=1")
    assert (found, status) == ("", 130)
    assert "speak.py: interrupted while it was explored: " in said
    assert "found by then, and there may be more: `anyorder explore speak.py` shows them" in said
    assert said.splitlines()[-1] == "interrupted"
    assert path.with_suffix(".toml").read_text() == before


# as a person does who waits until a search says how far it is
INTERRUPTING = """
import signal, sys
from anyorder.checking import exploration
from anyorder.cli.main import main
signal.signal(signal.SIGINT, signal.default_int_handler)
exploration.PATIENCE = 0
ask = exploration.ask
def asking(program, tell, **request):
    def interrupt(words):
        if words.startswith("20 executions"):
            signal.raise_signal(signal.SIGINT)
    return ask(program, interrupt, **request)
exploration.ask = asking
main()
"""


def interrupted(folder, cache, *words):
    """Return what is printed, the exit status and what is said, where Ctrl-C ends a search."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    environment |= {"XDG_CACHE_HOME": str(cache), "COLUMNS": "100"}
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTING, *words],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    return done.stdout, done.returncode, done.stderr


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


def test_several_programs_are_explored_one_after_another(anyorder, write, valid):
    write("crossed.py", CROSSED)
    write("twice.py", HELLO_TWICE)
    write("web.py", "import socket\nsocket.socket()\n")
    names = ["crossed.py", "web.py", "twice.py"]
    done = anyorder("explore", *names)
    assert done.returncode == 2  # what cannot be explored hides no other
    assert "crossed.py: every outcome: 2, from 3 executions" in done.stdout
    assert "twice.py: every outcome: 28, from 32 executions" in done.stdout
    assert done.stderr.startswith("web.py:2: socket.socket() reaches outside")
    content = valid("explore", anyorder("explore", *names, "--json").stdout)
    assert [each["program"] for each in content["programs"]] == ["crossed.py", "twice.py"]
    assert content["refused"] == done.stderr.splitlines()
    assert anyorder("explore", "crossed.py", "twice.py").returncode == 0
    done = anyorder("explore", *names, "--outcome=1")
    assert (done.stdout, done.returncode) == ("", 2)
    assert "--outcome is the number of an outcome of one program: name one." in done.stderr


STOPPING = """\
import _thread
import threading


def stop():
    _thread.interrupt_main()


threading.Thread(target=stop).start()
"""


def test_what_an_interrupt_may_do_besides_is_said_by_its_line(anyorder, write):
    write("stop.py", STOPPING)
    done = anyorder("explore", "stop.py")
    assert (
        "stop.py: NOT every outcome (the interrupt that line 6 sends may come in the middle of "
        "what the library does in line 9, and is not followed there): "
    ) in " ".join(done.stdout.split())


def test_what_cannot_be_simulated_is_refused_by_name_and_line(anyorder, write):
    write("web.py", "import threading\nimport socket\n\nsocket.socket()\n")
    done = anyorder("explore", "web.py")
    assert done.returncode == 2
    assert done.stderr.startswith("web.py:4: socket.socket() reaches outside")


def test_a_refusal_names_the_program_as_it_was_typed(anyorder, write, folder):
    write("broken.py", "print(1\n")
    (folder / "sub").mkdir()
    (folder / "broken.py").rename(folder / "sub/broken.py")
    done = anyorder("explore", "sub/broken.py")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("sub/broken.py:1: this is no Python")


def test_python_finds_the_same_as_the_command(write):
    path = write("crossed.py", CROSSED)
    found = anyorder.explore(path)
    assert {each.stdout for each in found.outcome_set} == {"", "eaten\neaten\n"}
    assert anyorder.explore(str(path)).outcome_set == found.outcome_set
    # and a type checker lets it pass
    assert inspect.signature(anyorder.explore).parameters["program"].annotation == (
        "str | os.PathLike[str]"
    )
    with pytest.raises(AttributeError, match="no attribute 'explor'"):
        _ = anyorder.explor


def test_the_other_commands_need_no_greenlet():
    code = "import sys; sys.modules['greenlet'] = None; import anyorder.cli, anyorder.sphinx"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_tracebacks_whose_lines_mix_are_said_to_be_in_one_piece(anyorder, write, valid):
    write("fails.py", TWO_FAIL)
    done = anyorder("explore", "fails.py")
    assert "fails.py: every outcome: 2, from " in done.stdout
    assert "is taken for one piece: in real runs, lines that threads write" in done.stdout
    found = valid("explore", anyorder("explore", "fails.py", "--json").stdout)
    assert found["lines_mix"]
    assert all(each["lines_mix"] for each in found["outcomes"])
    write("crossed.py", CROSSED)
    done = anyorder("explore", "crossed.py")
    assert "one piece" not in done.stdout
