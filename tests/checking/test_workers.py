"""A program is explored in a process of its own, which is kept, and leaves nothing behind."""

import os
import select
import signal
import subprocess
import sys
import threading
from multiprocessing import get_context
from pathlib import Path

import pytest
from small_programs import IN_TURN, LOST_UPDATE, THREE_SPEAK

pytest.importorskip("greenlet")

from anyorder.checking import counted, exploration, workers
from anyorder.checking.exploration import schedules, search
from anyorder.checking.program import refusal_at
from anyorder.exploring import CannotExplore, ExplorerFault, Limits, explore, graph
from anyorder.outcomes import StdoutTo

# no signal is looked at meanwhile, and no other thread goes on
ENDLESS = LOST_UPDATE.replace("print(n)", "print(n if n == 2 else sum(range(10**16)))")


@pytest.fixture
def program(tmp_path):
    path = tmp_path / "program.py"
    path.write_text(LOST_UPDATE)
    return path


@pytest.fixture(autouse=True)
def own_workers(monkeypatch):
    """Begin without a worker, and end all that begin here."""
    for name, empty in (("_idle", []), ("_all", set())):
        monkeypatch.setattr(workers, name, empty)
    yield
    workers._end_all()


def searched(path, tell=print, most=None):
    limits = Limits(max_executions=most)
    return search(path, tell, start_method=None, stdout_to=StdoutTo.PIPE, limits=limits)


def pids():
    """Return the worker processes of this one."""
    return [each._process.pid for each in workers._all]


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_worker_finds_the_same(program):
    here = explore(program)
    found = searched(program)
    assert found.program == str(program)
    assert (found.complete, found.executions) == (True, here.executions)
    assert found.outcomes == here.outcomes
    assert [each.witness for each in found.outcomes] == [each.witness for each in here.outcomes]
    assert schedules(program, max_nodes=100) == graph(program, max_nodes=100)


def test_the_witnesses_of_a_large_set_are_made_when_they_are_asked_for(program):
    program.write_text(IN_TURN)
    here, found = explore(program), searched(program)
    asked = [each["witness"] is None for each in here.to_json(told=False)["outcomes"]]
    assert asked == [False] * 100 + [True] * 20
    [pid] = pids()
    for each, same in zip(found.outcomes[98:103], here.outcomes[98:103], strict=True):
        assert each.witness == same.witness
        assert each.witness[-1].stdout == each.outcome.stdout
    assert pids() == [pid]
    workers._end_all()  # whoever is asked then has to search first
    workers._idle.clear()
    assert found.outcomes[-1].witness == here.outcomes[-1].witness


def test_a_witness_of_what_is_no_outcome_is_refused(program):
    program.write_text(IN_TURN)
    found = searched(program)
    program.write_text(IN_TURN.replace("print(name)", "print(name * 2)"))
    with pytest.raises(CannotExplore, match="does not do the same each time"):
        _ = found.outcomes[-1].witness


def test_a_limit_and_a_refusal_are_as_they_were(program):
    assert searched(program, most=2).limit == "stopped after 2 executions"
    with pytest.raises(CannotExplore, match="more than 3 nodes") as graph_refused:
        schedules(program, max_nodes=3)
    program.write_text("import socket\nsocket.socket()\n")
    with pytest.raises(CannotExplore, match="reaches outside") as refused:
        searched(program)
    assert refusal_at(program, refused.value).startswith(f"{program}:2: socket.socket()")
    assert not isinstance(refused.value, ExplorerFault)
    assert not isinstance(graph_refused.value, ExplorerFault)


def test_one_worker_explores_one_program_after_another(program):
    searched(program)
    before = pids()
    assert len(before) == 1
    program.write_text("import socket\nsocket.socket()\n")
    with pytest.raises(CannotExplore):
        searched(program)
    program.write_text(LOST_UPDATE)
    searched(program)
    assert pids() == before


def test_a_relative_path_is_found_wherever_the_host_has_gone(program, monkeypatch):
    searched(program)
    monkeypatch.chdir(program.parent)
    assert searched(Path(program.name)).program == program.name


@pytest.fixture
def endless(program, monkeypatch):
    """Let no execution of the program but its first end, until so many workers were killed at it.

    What it returns is to be told how far they are, and whom it has killed.
    """
    monkeypatch.setattr(exploration, "PATIENCE", 0)

    def endless(kills):
        program.write_text(ENDLESS)
        killed = []

        def tell(_):
            if len(killed) < kills and pids() != killed[-1:]:
                killed.extend(pids())
                os.kill(killed[-1], signal.SIGKILL)
                if len(killed) == kills:  # only now: a worker that read this would come to an end
                    program.write_text(LOST_UPDATE)

        return tell, killed

    return endless


def test_a_worker_that_is_killed_is_said_and_the_next_program_has_another(program, endless):
    tell, killed = endless(kills=1)
    with pytest.raises(ExplorerFault) as fault:
        searched(program, tell)
    assert refusal_at(program, fault.value) == (
        f"{program}:1: exploring it was killed from outside, as happens where no memory is left: "
        "let the program need less"
    )
    assert len(killed) == 1
    assert searched(program).complete


def test_a_worker_that_had_work_before_is_not_believed_alone(program, endless):
    searched(program)
    tell, killed = endless(kills=1)
    assert searched(program, tell).complete
    assert len(killed) == 1
    tell, killed = endless(kills=2)
    with pytest.raises(ExplorerFault, match="killed from outside"):
        searched(program, tell)
    assert len(set(killed)) == 2


def test_a_worker_that_dies_while_it_is_idle_is_replaced(program):
    searched(program)
    [worker] = workers._all
    worker._process.kill()
    worker._process.wait()
    assert searched(program).complete


@pytest.fixture
def interruptible():
    """Have SIGINT interrupt, which a job in the background ignores."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_an_interrupt_ends_the_worker_which_gives_what_it_has_found(program, monkeypatch):
    program.write_text(THREE_SPEAK)
    monkeypatch.setattr(exploration, "PATIENCE", 0)
    seen = []

    def tell(_):
        seen.extend(pids())
        signal.raise_signal(signal.SIGINT)

    with pytest.raises(exploration.SearchInterrupted) as interrupted:
        searched(program, tell)
    found = interrupted.value.found
    assert (found.complete, found.limit) == (False, "interrupted")
    assert len(found.outcomes) >= 1
    assert all(each.witness for each in found.outcomes)
    assert str(interrupted.value) == (
        f"{program}: interrupted while it was explored: "
        f"{counted(len(found.outcomes), 'outcome')} found by then, and there may be more: "
        f"`anyorder explore {program}` shows them"
    )
    assert pids() == []
    assert len(seen) == 1
    assert not alive(seen[0])


def test_each_thread_has_a_worker_of_its_own(program):
    found = []

    def run():
        found.append(searched(program))

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [each.outcomes for each in found] == [explore(program).outcomes] * 3


def explored_in_child(path, answers):
    before = len(workers._all)
    answers.send((before, searched(path).outcomes, len(workers._all)))


@pytest.mark.filterwarnings("ignore:.*use of fork:DeprecationWarning")
def test_a_forked_process_has_a_worker_of_its_own(program):
    here = searched(program)
    before = pids()
    context = get_context("fork")
    ours, theirs = context.Pipe()
    child = context.Process(target=explored_in_child, args=(program, theirs))
    child.start()
    assert ours.recv() == (0, here.outcomes, 1)
    child.join()
    assert searched(program).outcomes == here.outcomes
    assert pids() == before


def test_an_interrupt_that_loses_the_answer_waits_for_no_other(program):
    """It may come after the worker has answered, and before the host has read all of that."""
    searched(program)
    [worker] = workers._all
    found = []
    stopping = threading.Thread(target=lambda: found.append(worker._stopped()), daemon=True)
    stopping.start()
    stopping.join(60)
    assert found == [{}]


UNMOVED = """
import signal, time
signal.signal(signal.SIGINT, signal.SIG_IGN)
print('{"told": "before the interrupt"}', flush=True)
time.sleep(1000)
"""


def test_what_was_told_before_an_interrupt_is_no_sign_that_it_has_come_through(monkeypatch):
    monkeypatch.setattr(workers, "START", UNMOVED)
    monkeypatch.setattr(workers, "GRACE", 0.1)
    worker = workers.Worker()
    select.select([worker._answers], [], [], 60)
    found = []
    stopping = threading.Thread(target=lambda: found.append(worker._stopped()), daemon=True)
    stopping.start()
    stopping.join(60)
    assert found == [{"died": -signal.SIGKILL, "line": None}]


HOST = """\
import signal
import sys
from pathlib import Path
from anyorder.checking import exploration, workers
def tell(_):
    [worker] = workers._all
    print(worker._process.pid, flush=True)
signal.signal(signal.SIGINT, signal.default_int_handler)
exploration.PATIENCE = 0
exploration.search(
    Path(sys.argv[1]), tell, start_method=None, stdout_to="pipe"
)
sys.stdin.read()
"""


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT])
@pytest.mark.parametrize("source", ["", ENDLESS], ids=["idle", "computing"])
def test_a_worker_ends_with_its_host(program, source, end):
    program.write_text(source)
    with subprocess.Popen(
        [sys.executable, "-c", HOST, str(program)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as host:
        pid = int(host.stdout.readline())
        ended = os.pidfd_open(pid)
        host.send_signal(end)
        _, said = host.communicate(timeout=60)
    assert b"Interrupt" in said or end is signal.SIGKILL
    if end is signal.SIGKILL:  # nobody has waited for it
        select.select([ended], [], [], 60)
    os.close(ended)
    assert not alive(pid)
