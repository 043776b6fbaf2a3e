"""The oracle shows what can happen, nothing else, and says so when it cannot tell."""

import ast
import sys
from pathlib import Path

import pytest
from answering import Answering, SilentError

LOST_UPDATE = """
import threading
n = 0
def add():
    global n
    n += 1
threads = [threading.Thread(target=add) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(n)
"""
BESIDE = """
import threading
def other():
    {other}
{first}
thread = threading.Thread(target=other)
thread.start()
{main}
thread.join()
{last}
"""


def beside(first, other, main, last="pass"):
    """Return a program in which another thread does something beside the main thread."""
    return BESIDE.format(first=first, other=other, main=main, last=last)


def shown(oracle, source, **how):
    """Return the outcomes that the oracle shows."""
    said = oracle.ask(source=source, **({"runs": 200} | how))
    assert "failed" not in said, said
    return {tuple(outcome) for outcome, _ in said["outcomes"]}


def texts(oracle, source, **how):
    """Return what the outcomes print, each of which ends well."""
    outcomes = shown(oracle, source, **how)
    assert {outcome[1:] for outcome in outcomes} == {("exit", 0, "")}
    return {outcome[0] for outcome in outcomes}


def test_an_update_is_lost_and_is_not(oracle):
    assert texts(oracle, LOST_UPDATE) == {"1\n", "2\n"}


def test_a_lock_keeps_the_update(oracle):
    source = LOST_UPDATE.replace("n += 1", "with lock: n += 1")
    assert texts(oracle, f"import threading\nlock = threading.Lock()\n{source}") == {"2\n"}


def test_the_pieces_of_print_are_written_one_by_one(oracle):
    source = beside("", "print('a', 'b')", "print('c', end='')")
    assert texts(oracle, source) == {"ca b\n", "ac b\n", "a cb\n", "a bc\n", "a b\nc"}


def test_locks_taken_crosswise_deadlock(oracle):
    source = beside(
        "a, b = threading.Lock(), threading.RLock()",
        "with a, b: print('a', end='')",
        "with b, a: print('b', end='')",
    )
    assert shown(oracle, source) == {
        ("ab", "exit", 0, ""), ("ba", "exit", 0, ""), ("", "deadlock", None, ""),
    }  # fmt: skip


def test_a_wait_with_a_time_ends_both_ways(oracle):
    source = beside("e = threading.Event()", "e.set()", "print(e.wait(timeout=5))")
    assert texts(oracle, source) == {"True\n", "False\n"}


def test_a_thread_that_fails_leaves_its_last_line_and_no_status(oracle):
    source = beside("", "raise ValueError('no')", "pass")
    assert shown(oracle, source) == {("", "exit", 0, "ValueError: no")}


@pytest.mark.parametrize(
    ("last", "ends"),
    [
        ("raise KeyError(1)", (1, "KeyError: 1")),
        ("raise SystemExit(3)", (3, "")),
        ("raise SystemExit('so')", (1, "so")),
    ],
)
def test_a_program_that_fails_has_its_status(oracle, last, ends):
    assert shown(oracle, beside("", "pass", "pass", last), runs=3) == {("", "exit", *ends)}


def test_what_a_run_does_to_a_module_is_gone_in_the_next(oracle):
    source = "import builtins, math\nprint(hasattr(math, 'own'))\nmath.own = 1"
    assert texts(oracle, source, runs=3) == {"False\n"}


def test_a_run_within_a_module_changes_nothing_for_the_next(oracle):
    asked = {"source": beside("import queue; q = queue.Queue()", "q.put(1)", "q.get()"), "runs": 3}
    before, within = oracle.ask(**asked), oracle.ask(**asked, within=["queue"])
    assert within["opcodes"] > before["opcodes"]
    assert oracle.ask(**asked) == before


def test_a_pool_has_threads_of_its_run_whatever_was_imported_before(oracle):
    oracle.ask(source="from concurrent.futures import *", runs=1)
    source = """
from concurrent.futures import ThreadPoolExecutor
seen = []
with ThreadPoolExecutor(2) as pool:
    pool.submit(lambda: seen.append("a"))
    pool.submit(lambda: seen.append("b"))
print(*seen)
"""
    assert texts(oracle, source) == {"a b\n", "b a\n"}


def test_what_goes_on_for_ever_is_stopped(oracle):
    source = beside("", "while True: pass", "print('x')")
    outcomes = shown(oracle, source, runs=3)
    assert {outcome[1] for outcome in outcomes} == {"never"}


def test_queues_and_pools_are_python_s_own(oracle):
    source = """
import queue
from concurrent.futures import ThreadPoolExecutor
q = queue.Queue()
def work(v):
    q.put(v)
    return q.qsize()
with ThreadPoolExecutor(2) as pool:
    print(list(pool.map(work, "ab")), list(q.queue))
"""
    assert texts(oracle, source, runs=1000) == {
        "[1, 2] ['a', 'b']\n", "[2, 1] ['b', 'a']\n", "[2, 2] ['a', 'b']\n",
        "[2, 2] ['b', 'a']\n",
    }  # fmt: skip


def test_a_daemon_is_left_behind(oracle):
    source = """
import threading
threading.Thread(target=print, args=("daemon",), kwargs={"end": ""}, daemon=True).start()
"""
    assert texts(oracle, source) == {"", "daemon"}


def test_all_schedules_are_gone_through(oracle):
    none = oracle.ask(source=LOST_UPDATE, runs=10_000, preemptions=0)
    one = oracle.ask(source=LOST_UPDATE, runs=10_000, preemptions=1)
    assert none["all"]
    assert one["all"]
    assert [outcome for outcome, _ in none["outcomes"]] == [["2\n", "exit", 0, ""]]
    assert sorted(outcome[0] for outcome, _ in one["outcomes"]) == ["1\n", "2\n"]
    assert none["runs"] < one["runs"]


def test_too_many_schedules_are_said_to_be_more(oracle):
    said = oracle.ask(source=LOST_UPDATE, runs=2, preemptions=2)
    assert said["runs"] == 2
    assert not said["all"]


def test_the_same_seed_shows_the_same(oracle):
    source = beside("", "print(1, 2, 3)", "print(4, 5, 6)")
    one, same, other = (oracle.ask(source=source, runs=40, seed=seed) for seed in (1, 1, 2))
    assert one == same
    assert one != other


def test_it_stops_at_an_outcome_that_is_not_known(oracle):
    known = [["2\n", "exit", 0, ""]]
    said = oracle.ask(source=LOST_UPDATE, runs=1000, known=known)
    assert [outcome for outcome, count in said["outcomes"] if count == 1] == [
        ["1\n", "exit", 0, ""]
    ]
    assert said["runs"] < 1000
    both = [["1\n", "exit", 0, ""], *known]
    assert oracle.ask(source=LOST_UPDATE, runs=50, known=both)["runs"] == 50


def test_opcodes_are_counted(oracle):
    source = beside("n = 0", "return n", "pass")
    longer = beside("n = 0", "return [n, n, n, n, n, n, n, n, n, n, n, n]", "pass")
    few, more = (oracle.ask(source=text, runs=1)["opcodes"] for text in (source, longer))
    assert 2 <= few < 12 <= more <= 20


def test_a_process_that_ends_is_told_of_and_started_anew():
    with Answering("opcode_oracle.py") as oracle:
        with pytest.raises(SilentError, match="status 5"):
            oracle.ask(source="import os\nos._exit(5)", runs=1)
        assert texts(oracle, "print(1)", runs=1) == {"1\n"}


def test_a_process_that_hangs_is_told_of():
    with (
        Answering("opcode_oracle.py", limit=1) as oracle,
        pytest.raises(SilentError, match="no answer in 1 seconds"),
    ):
        oracle.ask(source="import select\nselect.select([], [], [])", runs=1)


def test_it_has_nothing_of_the_explorer():
    folder = Path(__file__).parent
    scripts = ["opcode_oracle", "gil_oracle", "stand_for"]
    trees = [ast.parse((folder / f"{name}.py").read_text()) for name in scripts]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    names = {
        alias.name.partition(".")[0]
        for node in nodes
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    froms = {node.module for node in nodes if isinstance(node, ast.ImportFrom)}
    assert names | froms <= set(sys.stdlib_module_names) | set(scripts)
