"""How programs end: statuses, deadlocks, loops without an end, exceptions, daemon threads."""

from __future__ import annotations

import pytest
from found_sets import outcomes

from anyorder.exploring import CannotExplore
from anyorder.outcomes import Ends, Outcome


def test_exception_in_a_thread(explored):
    """It goes to standard error, as a real run's does once it is normalised; the status is 0."""
    found = explored("""
        import threading
        def work():
            raise ValueError("x")
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    """)
    assert outcomes(found) == {
        Outcome(
            "",
            "Exception in thread Thread-1 (work):\nTraceback (most recent call last):\n"
            '  File "program.py", line 3, in work\nValueError: x\n',
        )
    }


def test_exception_in_main(explored):
    """The other threads are waited for, and the status is 1."""
    found = explored("""
        import threading
        threading.Thread(target=print, args=("work",)).start()
        raise RuntimeError("main")
    """)
    assert outcomes(found) == {
        Outcome(
            "work\n",
            'Traceback (most recent call last):\n  File "program.py", line 3, in <module>\n'
            "RuntimeError: main\n",
            1,
        )
    }


@pytest.mark.parametrize(
    ("call", "stderr", "status"),
    [("sys.exit()", "", 0), ("sys.exit(3)", "", 3), ("sys.exit('bye')", "bye\n", 1)],
)
def test_sys_exit(explored, call, stderr, status):
    """In the main thread it waits for the others; its argument is the status, or is printed."""
    found = explored(f"""
        import sys, threading
        threading.Thread(target=print, args=("work",)).start()
        {call}
    """)
    assert outcomes(found) == {Outcome("work\n", stderr, status)}


@pytest.mark.filterwarnings("error")
def test_warnings(explored):
    """A program's own are its own: they are shown as to its reader, whatever its host wants."""
    found = explored("""
        import warnings
        warnings.warn("careful")
        warnings.warn("old", DeprecationWarning)
        warnings.warn("not seen", ResourceWarning)
    """)
    (outcome,) = outcomes(found)
    shown = [line.partition(" ")[2] for line in outcome.stderr.splitlines() if line[0] != " "]
    assert shown == ["UserWarning: careful", "DeprecationWarning: old"]


def test_sys_exit_in_a_thread(explored):
    """It ends that thread alone, silently."""
    found = explored("""
        import sys, threading
        thread = threading.Thread(target=sys.exit, args=(3,))
        thread.start()
        thread.join()
        print("end")
    """)
    assert outcomes(found) == {Outcome("end\n")}


def test_os_exit(explored):
    """It ends the process at once; what was not flushed may be lost, as where stdout is a pipe."""
    found = explored("""
        import os, threading
        def work():
            print("work", flush=True)
            os._exit(3)
        threading.Thread(target=work).start()
        print("main")
    """)
    printed = {one.stdout for one in outcomes(found)}
    assert {one.exit for one in outcomes(found)} == {3}
    assert {"work\n", "main\nwork\n", "work\nmain\n", "workmain\n\n"} <= printed
    assert all(text.startswith(("w", "m")) for text in printed)


@pytest.mark.parametrize(
    "ends", ["t.join(); os._exit(0)", "os._exit(0)", "print(end='', flush=True); os._exit(0)"]
)
def test_a_flush_comes_at_any_moment(explored, ends):
    """What has been flushed by then comes out, with all that is before it; the rest is lost."""
    found = explored(f"""
        import os, sys, threading
        t = threading.Thread(target=sys.stdout.flush)
        t.start()
        print("a")
        print("b")
        {ends}
    """)
    begun = {"", "a", "a\n", "a\nb", "a\nb\n"}
    assert {one.stdout for one in outcomes(found)} == ({"a\nb\n"} if "print" in ends else begun)


@pytest.mark.parametrize(
    ("writes", "comes_out"),
    [
        ("sys.stderr.write('a')", {"unbuffered"}),
        ("sys.stderr.write('a'); sys.stderr.flush()", {"pipe", "terminal", "unbuffered"}),
        ("sys.stderr.write('a\\nb')", {"pipe", "terminal", "unbuffered"}),
        ("sys.stderr.write('a\\rb')", {"pipe", "terminal", "unbuffered"}),
        ("sys.stdout.write('a')", {"unbuffered"}),
        ("sys.stdout.write('a'); sys.stdout.write('\\n')", {"terminal", "unbuffered"}),
        ("sys.stdout.write('a\\nb')", {"terminal", "unbuffered"}),
        ("sys.stdout.write('a\\rb')", {"terminal", "unbuffered"}),
        ("sys.stdout.write('a'); sys.stdout.flush()", {"pipe", "terminal", "unbuffered"}),
    ],
)
def test_what_is_left_in_a_buffer_is_lost(explored, writes, comes_out):
    """A stream that keeps lines writes all that it has where a piece has a line's end in it."""
    found = explored(f"import os, sys; {writes}; os._exit(0)")
    assert len(outcomes(found)) == (1 if len(comes_out) == 3 else 2)
    for one in found.outcomes:
        shown = f"{one.outcome.stdout}{one.outcome.stderr}"
        lost = {"pipe", "terminal", "unbuffered"} - comes_out
        assert {to for to, can in one.reachable.items() if can} == (comes_out if shown else lost)


def test_more_than_surely_stays_in_a_buffer_is_refused(explored):
    text = "program.py: more than 4,000 characters may be in a buffer as os._exit"
    with pytest.raises(CannotExplore, match=text):
        explored("import os; print('a' * 4_000); os._exit(0)")
    found = explored("import os; print('a' * 4_000, flush=True); os._exit(0)")
    assert len(outcomes(found)) == 1


def test_what_the_end_does_not_wait_for_may_flush(explored):
    """No event of the thread comes before the end, and its flush is at a moment all the same."""
    found = explored("""
        import os, sys, threading
        seen = []
        def say(name):
            seen.append(name)
            seen.append(name)
            sys.stdout.flush()
        for name in "ab":
            threading.Thread(target=say, args=[name], daemon=True).start()
        last = threading.Thread(target=print, args=["c"])
        last.start()
        last.join()
        os._exit(0)
    """)
    assert {one.stdout for one in outcomes(found)} == {"", "c", "c\n"}


def test_keyboard_interrupt(explored):
    """Nobody catches it: the process dies of the signal, which is status -2."""
    (outcome,) = outcomes(explored("raise KeyboardInterrupt"))
    assert outcome.exit == -2


def test_daemon(explored):
    """A daemon thread dies at any event once the main thread is done."""
    found = explored("""
        import threading
        def work():
            print("a", end="")
            print("b", end="")
        threading.Thread(target=work, daemon=True).start()
    """)
    assert outcomes(found) == {Outcome(""), Outcome("a"), Outcome("ab")}


HOLDING_UP = """
import threading
late = {late}
def begin():
    late.start()
first = threading.Thread(target=begin, daemon=True)
{start}
"""


@pytest.mark.parametrize(
    "late",
    [
        "threading.Thread(target=print, args=['rung'])",
        "threading.Timer(0.01, print, ['rung'])",
    ],
)
def test_daemon_that_starts_what_is_none(explored, late):
    """Real Pythons print it or not; the end waits for it, unless it has waited already."""
    with pytest.raises(CannotExplore, match=r"program\.py:4: a daemon thread starts a thread"):
        explored(HOLDING_UP.format(late=late, start="first.start()"))
    found = explored(HOLDING_UP.format(late=late, start="first.start(); first.join()"))
    assert [one.outcome.stdout for one in found.outcomes] == ["rung\n"]
    late = late[:-1] + ", daemon=True)" if "Timer" not in late else f"{late}\nlate.daemon = True"
    found = explored(HOLDING_UP.format(late=late, start="first.start()"))
    assert {one.outcome.stdout for one in found.outcomes} >= {"", "rung\n"}


def test_daemon_is_no_deadlock(explored):
    """A daemon thread that waits for good holds nobody up."""
    found = explored("""
        import threading
        threading.Thread(target=threading.Event().wait, daemon=True).start()
        print("end")
    """)
    assert outcomes(found) == {Outcome("end\n")}


def test_deadlock_with_itself(explored):
    """A lock that is taken twice: who waits, for what, where."""
    found = explored("""
        import threading
        lock = threading.Lock()
        with lock:
            lock.acquire()
    """)
    assert outcomes(found) == {Outcome("", exit=None, ends=Ends.DEADLOCK)}
    last = found.outcomes[0].witness[-1]
    assert last.waiting == {"MainThread": "lock (line 4), which MainThread already holds"}
    assert last.locks == {"lock": "MainThread"}


def test_a_spin_loop_has_seen_what_came_before_its_look(explored):
    """A change between the head of the loop and its look is no reason for another turn.

    Else two orders of independent events would differ: what is printed, and the change.
    """
    found = explored("""
        import threading
        y = 0
        def wait():
            print(1)
            while y == 0:
                pass
        def work():
            global y
            y = 0
        threads = [threading.Thread(target=one) for one in (wait, work)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
    """)
    assert outcomes(found) == {Outcome("1\n", "", None, Ends.NEVER)}
    assert found.executions == 2


def test_spin_loop_ends(explored):
    """A loop that waits for a variable goes on once another thread has set it."""
    found = explored("""
        import threading, time
        ready = False
        def work():
            global ready
            ready = True
        threading.Thread(target=work).start()
        while not ready:
            time.sleep(0.1)
        print("ready")
    """)
    assert outcomes(found) == {Outcome("ready\n")}
    assert found.executions == 2


def test_polling_with_a_lock_ends(explored):
    """So does a loop that takes a lock to look."""
    found = explored("""
        import threading
        lock = threading.Lock()
        ready = False
        def work():
            global ready
            with lock:
                ready = True
        threading.Thread(target=work).start()
        while True:
            with lock:
                if ready:
                    break
        print("ready")
    """)
    assert outcomes(found) == {Outcome("ready\n")}


def test_never(explored):
    """Whoever looks too late goes round for good."""
    found = explored("""
        import threading
        ready = False
        def work():
            while not ready:
                pass
        thread = threading.Thread(target=work)
        thread.start()
        ready = True
        ready = False
        thread.join()
    """)
    assert outcomes(found) == {Outcome(""), Outcome("", exit=None, ends=Ends.NEVER)}


@pytest.mark.parametrize(
    ("loop", "printed"),
    [
        ("while True: print('x')", set()),
        ("while not ready: print('.', end='')", {"", ".", ".."}),
        ("while not ready: lock.acquire(); print('.', end=''); lock.release()", {"", ".", ".."}),
    ],
)
def test_a_loop_that_prints_for_ever(explored, loop, printed):
    """There is no end to its outcomes: what was found is not called complete, the loop is named."""
    found = explored(f"""
        import threading
        ready, lock = False, threading.Lock()
        def work():
            global ready
            ready = True
        threading.Thread(target=work).start()
        {loop}
    """)
    assert not found.complete
    assert found.limit == (
        "the loop in line 7 prints at each turn and can go on for ever; give it an end"
    )
    assert {one.outcome.stdout for one in found.outcomes} == printed


@pytest.mark.parametrize(
    ("turn", "printed"),
    [
        ("print('beat')", {"", "beat\n", "beat\nbeat\n"}),
        ("beats += 1", {""}),
        ("beats += 1; print(beats)", {"", "1\n", "1\n2\n"}),
        ("logging.warning(beats)", {""}),
    ],
)
def test_a_daemon_thread_that_never_ends(explored, turn, printed):
    """The others go on where it is left, so that there are outcomes; the set is not complete."""
    found = explored(f"""
        import logging, threading, time
        beats = 0
        def beat():
            global beats
            while True:
                time.sleep(1)
                {turn}
        threading.Thread(target=beat, daemon=True).start()
        time.sleep(3)
        seen = beats
        print("end")
    """, max_events=300)  # fmt: skip
    assert not found.complete
    assert "the loop " in found.limit
    outputs = {one.outcome.stdout for one in found.outcomes}
    assert {f"{text}end\n" for text in printed} <= outputs


def test_what_others_do_is_seen_where_a_thread_is_left(explored):
    """They go on though nothing that it does is dependent on what they do."""
    found = explored("""
        import threading
        beats, lock = 0, threading.Lock()
        def beat():
            global beats
            while True:
                with lock:
                    beats += 1
        def work(name):
            print(name, end="")
        threading.Thread(target=beat, daemon=True).start()
        workers = [threading.Thread(target=work, args=(name,)) for name in "ab"]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        with lock:
            seen = beats
    """, max_events=300)  # fmt: skip
    assert found.limit.startswith("an execution had more than 300 events")
    assert {one.outcome.stdout for one in found.outcomes} == {"ab", "ba"}


def test_a_daemon_thread_that_only_computes(explored):
    """What the others do is explored, and what it might do after a long while is not."""
    found = explored("""
        import threading
        def count():
            number = 0
            while True:
                number += 1
        threading.Thread(target=count, daemon=True).start()
        print("end")
    """)
    assert found.limit == (
        "program.py:4: this goes round 200,000 times with nothing that another thread could see: "
        "let it end sooner"
    )
    assert [one.outcome for one in found.outcomes] == [Outcome("end\n")]


def test_a_process_that_waits_for_a_loop_without_end(explored):
    """It comes to no outcome, and least of all to a deadlock."""
    found = explored("""
        import threading
        beats = 0
        def beat():
            global beats
            while True:
                beats += 1
        threading.Thread(target=beat).start()
        print(beats)
    """, max_events=300)  # fmt: skip
    assert found.limit.startswith("an execution had more than 300 events")
    assert not found.outcomes


def test_a_loop_without_end_in_a_child(explored):
    """A child that would go on is ended by the other, or keeps that one from ending."""
    found = explored("""
        import multiprocessing
        def beat(beats):
            while True:
                beats.value += 1
        if __name__ == "__main__":
            beats = multiprocessing.Value("i")
            child = multiprocessing.Process(target=beat, args=(beats,), daemon=True)
            child.start()
            print("end")
    """, max_events=300)  # fmt: skip
    assert found.limit.startswith("an execution had more than 300 events")
    assert {one.outcome.stdout for one in found.outcomes} == {"end\n"}


def test_a_loop_that_prints_and_ends(explored):
    """One that counts its turns, or whose every turn another thread lets it go, has an end."""
    counting = explored("""
        n = 0
        while n < 10:
            n += 1
            print("x", end="")
    """)
    assert outcomes(counting) == {Outcome("x" * 10)}
    driven = explored("""
        import queue, threading
        items = queue.Queue()
        def work():
            while items.get():
                print("x", end="")
        thread = threading.Thread(target=work)
        thread.start()
        for item in (1, 1, 1, 1, 1, 0):
            items.put(item)
    """)
    assert outcomes(driven) == {Outcome("x" * 5)}


def test_counting_is_no_waiting(explored):
    """A loop that counts its turns is not where it was, and its number of turns shows."""
    found = explored(
        """
        import threading
        ready = False
        turns = 0
        def work():
            global ready
            ready = True
        threading.Thread(target=work).start()
        while not ready and turns < 3:
            turns += 1
        print(turns)
    """
    )
    assert {one.stdout for one in outcomes(found)} == {"0\n", "1\n", "2\n", "3\n"}


def test_the_same_loop_twice(explored):
    """A loop that is entered anew has not gone round."""
    found = explored("""
        import threading
        ready = False
        def wait():
            while not ready:
                pass
        def work():
            global ready
            ready = True
        threading.Thread(target=work).start()
        wait()
        wait()
        print("ready")
    """)
    assert outcomes(found) == {Outcome("ready\n")}


def test_timed_join(explored):
    """A join for a limited time can end too early; a thread can still be alive after its print."""
    found = explored("""
        import threading
        def work():
            print("work ", end="")
        thread = threading.Thread(target=work)
        thread.start()
        thread.join(timeout=1)
        print(f"{thread.is_alive()} ", end="")
    """)
    assert {one.stdout for one in outcomes(found)} == {"work False ", "work True ", "True work "}


def test_notification_after_the_time_was_up(explored):
    """It is lost: the one who gave up has taken it, and the other one waits on."""
    found = explored("""
        import threading
        changed = threading.Condition()
        def wait(timeout):
            with changed:
                changed.wait(timeout)
            print(timeout, end=" ")
        first = threading.Thread(target=wait, args=(1,))
        second = threading.Thread(target=wait, args=(None,))
        first.start()
        second.start()
        with changed:
            changed.notify()
    """)
    assert Outcome("1 ", exit=None, ends=Ends.DEADLOCK) in outcomes(found)
    assert Outcome("1 None ") in outcomes(found)


def test_timer(explored):
    """A timer that is cancelled at once may have gone off before."""
    found = explored("""
        import threading
        timer = threading.Timer(60, lambda: print("late"))
        timer.start()
        timer.cancel()
    """)
    assert outcomes(found) == {Outcome(""), Outcome("late\n")}


def test_limits(explored):
    """An exploration that is stopped says so, and never calls its outcomes complete."""
    program = """
        import threading
        n = 0
        def work():
            global n
            n += 1
        threads = [threading.Thread(target=work) for _ in range(3)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
        print(n)
    """
    found = explored(program, max_executions=5)
    assert (found.complete, found.executions) == (False, 5)
    assert found.limit == "stopped after 5 executions"
    assert not explored(program, max_seconds=0).complete
    assert not explored(program, max_events=10).complete
    assert explored(program).complete
