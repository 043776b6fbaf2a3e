"""Interrupts of processes: inside of the target, in waits, and what is not followed."""

from __future__ import annotations

import re
import sys

import pytest

from anyorder.exploring import CannotExplore
from anyorder.outcomes import Ends, Outcome, StartMethod, StdoutTo

pytestmark = pytest.mark.skipif(
    sys.version_info < (3, 14), reason="Process.interrupt came with 3.14"
)
EVERY_METHOD = pytest.mark.parametrize("method", list(StartMethod))
# the child says when its target runs, and the parent waits for that
INTERRUPTS = """
    import signal
    from multiprocessing import Lock, Pipe, Process, SimpleQueue
    from threading import Thread

    def work(go, lock, queue):
        {work}

    if __name__ == "__main__":
        go, lock, queue = Lock(), Lock(), SimpleQueue()
        go.acquire()
        {before}
        child = Process(target=work, args=(go, lock, queue))
        child.start()
        go.acquire()
        child.interrupt()
        {after}
        child.join()
        print(child.exitcode)
"""
AT_ENDS = r"the interrupt that line \d+ sends may come as a child starts or ends"


def program(*work, before=("pass",), after=("pass",)):
    """Return a program whose child does this work, of which each line is indented as needed."""
    inner = "\n        ".join
    return INTERRUPTS.format(work=inner(work), before=inner(before), after=inner(after))


def traceback(line):
    """Return what a child writes whose target was interrupted in a line."""
    frame = f'  File "program.py", line {line}, in work\n'
    return f"Process Process-1:\nTraceback (most recent call last):\n{frame}KeyboardInterrupt\n"


def found_in(exploration):
    """Return the outcomes of an exploration that says why it is not complete."""
    assert not exploration.complete
    assert re.match(AT_ENDS, exploration.limit)
    return exploration.outcome_set


@EVERY_METHOD
def test_inside_the_target(explored, method):
    """After each call, in its line; not between statements; the child ends with status 1."""
    source = program("go.release()", "x = 1", "print('a')", "x = 2")
    found = found_in(explored(source, method))
    assert found == {
        Outcome("a\n0\n"),  # it has come after the child has ended
        Outcome("1\n", traceback(6)),
        Outcome("1\n", traceback(8)),  # before the text
        Outcome("a1\n", traceback(8)),  # before the line's end
        Outcome("a\n1\n", traceback(8)),
    }


def test_a_wrong_expectation_is_refused(explored):
    """No interrupt comes between two assignments."""
    found = found_in(explored(program("go.release()", "x = 1", "print('a')", "x = 2")))
    assert Outcome("1\n", traceback(7)) not in found
    assert Outcome("a\n1\n", traceback(9)) not in found


@EVERY_METHOD
@pytest.mark.parametrize(
    "wait",
    [
        "lock.acquire()",
        "queue.get()",
        "ends = Pipe(); ends[0].recv()",
        "Thread(target=lock.acquire).join()",
    ],
)
def test_a_wait_is_cut_short_or_not(explored, method, wait):
    """A signal that comes just before the wait begins is only seen after it, which is never."""
    if "Thread" in wait:
        wait = "x = Thread(target=lock.acquire, daemon=True); x.start(); x.join()"
    source = program("go.release()", wait, before=["lock.acquire()"])
    found = found_in(explored(source, method))
    assert {Outcome("1\n", traceback(6)), Outcome("1\n", traceback(7))} <= found
    assert any(one.ends is Ends.DEADLOCK for one in found)


@EVERY_METHOD
def test_real_runs_lie_within(explored, observed, method):
    """The child waits for ever, so that the interrupt comes while its target runs."""
    source = program("go.release()", "lock.acquire()", before=["lock.acquire()"])
    found = found_in(explored(source, method))
    assert {one.exit for one in found} == {0, None}
    for _ in range(3):
        assert observed(source, method) in found


def test_a_lock_that_nobody_lets_go_of(explored):
    """``with`` calls code of the library, which is interrupted with the lock taken."""
    source = program("go.release()", "with lock:", "    x = 1")
    source = source.replace("print(child.exitcode)", "print(lock.acquire(block=False))")
    found = found_in(explored(source))
    assert Outcome("False\n", traceback(7)) in found
    assert Outcome("True\n", traceback(7)) in found


def test_what_is_caught(explored):
    """The child goes on, and ends well."""
    source = program(
        "try:",
        "    go.release()",
        "    lock.acquire()",
        "except KeyboardInterrupt:",
        "    print('!')",
        "finally:",
        "    print('f')",
        before=["lock.acquire()"],
    )
    found = found_in(explored(source))
    assert {one.stdout for one in found} == {"!\nf\n0\n", ""}


@EVERY_METHOD
def test_a_handler_of_the_child(explored, method):
    """It runs in the middle of the wait, which goes on when it has returned."""
    source = program(
        "signal.signal(signal.SIGINT, lambda *_: print('h'))",
        "go.release()",
        "lock.acquire()",
        before=["lock.acquire()"],
        after=["lock.release()"],
    )
    found = found_in(explored(source, method))
    assert {one.stdout for one in found} == {"h\n0\n", "0\n"}


@pytest.mark.parametrize("handler", ["signal.SIG_IGN", "lambda *_: None"])
def test_a_handler_is_inherited_by_fork_alone(explored, handler):
    """What the parent has set before it starts the child."""
    source = program(
        "go.release()",
        "lock.acquire()",
        before=["lock.acquire()", f"signal.signal(signal.SIGINT, {handler})"],
        after=["lock.release()"],
    )
    forked = found_in(explored(source, StartMethod.FORK))
    assert {one.stderr for one in forked} == {""}
    spawned = found_in(explored(source, StartMethod.SPAWN))
    assert Outcome("1\n", traceback(7)) in spawned


def test_other_signals_are_refused(explored):
    """By name and line."""
    with pytest.raises(CannotExplore, match=r":6: signal.signal\(\) is simulated for SIGINT alone"):
        explored(program("signal.signal(signal.SIGTERM, print)", "go.release()"))


def test_a_witness(explored):
    """It shows when the interrupt is sent, when it comes, and where the child is interrupted."""
    source = program("go.release()", "lock.acquire()", before=["lock.acquire()"])
    found = explored(source)
    (cut,) = [one for one in found.outcomes if one.outcome.stderr == traceback(7)]
    steps = [(step.thread, step.event) for step in cut.witness]
    places = [
        steps.index(step)
        for step in (
            ("MainProcess", "sends SIGINT to Process-1"),
            ("signal", "reaches Process-1"),
            ("Process-1", "is interrupted as it waits"),
            ("Process-1", "ends"),
        )
    ]
    assert places == sorted(places)
    assert all(step.event != "goes on" for step in cut.witness)


@EVERY_METHOD
def test_before_the_target_and_after_it(explored, method):
    """What happens then is not followed, and never called complete."""
    found = explored(
        """
        from multiprocessing import Process
        if __name__ == "__main__":
            child = Process(target=print, args=("a",))
            child.start()
            child.interrupt()
            child.join()
        """,
        method,
    )
    assert "line 5 sends" in found.limit
    shown = traceback(0).replace('  File "program.py", line 0, in work\n', "")
    assert found_in(found) == {Outcome("a\n"), Outcome("", shown), Outcome("a", shown)}


@pytest.mark.parametrize("to", list(StdoutTo))
def test_wherever_output_goes(explored, to):
    """A text that is cut in two shows in the end all the same."""
    found = found_in(explored(program("go.release()", "print('a')"), to=to))
    assert Outcome("a1\n", traceback(7)) in found


@EVERY_METHOD
@pytest.mark.parametrize("wait", ["child.join()", "wait([child.sentinel])"])
def test_an_interrupt_does_nothing_to_a_process_that_has_ended(explored, observed, wait, method):
    program = f"""
        from multiprocessing import Process
        from multiprocessing.connection import wait
        if __name__ == "__main__":
            child = Process(target=print, args=("a",))
            child.start()
            {wait}
            child.interrupt()
            child.join()
            print(child.exitcode)
    """
    found = explored(program, method)
    assert found.complete
    (only,) = [one.outcome for one in found.outcomes]
    assert (only.stdout, only.stderr, only.exit) == ("a\n0\n", "", 0)
    assert observed(program, method) == only
