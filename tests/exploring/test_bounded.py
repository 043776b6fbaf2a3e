"""The search by preemptions, and what else comes of a search that does not end."""

from __future__ import annotations

import itertools
import signal
import threading
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from small_programs import LOST_UPDATE, THREE_SPEAK

from anyorder.exploring import explorer as explorer_module
from anyorder.exploring.explorer import Explorer, own_warnings
from anyorder.exploring.results import at_most
from anyorder.outcomes import StartMethod, StdoutTo

if TYPE_CHECKING:
    from anyorder.exploring.engine.machine import Machine
    from anyorder.exploring.program import Program
    from anyorder.exploring.results import Progress
    from anyorder.outcomes import Outcome

PIPE = (StartMethod.FORK, StdoutTo.PIPE)


class Every:
    """Goes through every schedule with at most so many preemptions, one by one.

    It asks the machine who can go on, and knows nothing of events.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.ways: list[list[int]] = []  # at each event, the threads to try, the present one first
        self.preempted: list[int | None] = []  # at each event, who is put aside for any other

    def choose(self, machine: Machine) -> Any:
        """Return the next thread that is to be tried here."""
        able = {
            thread.tid: thread
            for thread in machine.threads
            if thread.event is not None and machine.can_happen(thread.event)
        }
        if not able:
            return None
        step = len(machine.events)
        if step == len(self.ways):
            current = machine.current.tid
            tids = sorted(able, key=lambda tid: tid != current)
            goes_on = current in able and not machine.current.gives_way
            self.preempted.append(current if goes_on else None)
            self.ways.append(tids[:1] if goes_on and self.spent() == self.most else tids)
        return able[self.ways[step][0]]

    def spent(self) -> int:
        """Return how many preemptions there are so far."""
        pairs = zip(self.ways, self.preempted, strict=False)
        return sum(aside not in {None, tids[0]} for tids, aside in pairs)

    def next(self) -> bool:
        """Go on to the next schedule, and return whether there is one."""
        while self.ways:
            self.ways[-1].pop(0)
            if self.ways[-1]:
                return True
            self.ways.pop()
            self.preempted.pop()
        return False


@own_warnings()
def every_outcome(explorer: Explorer, most: int) -> set[Outcome]:
    """Return what all schedules with at most so many preemptions come to."""
    found: set[Outcome] = set()
    every = Every(most)

    def gone_through(program: Program) -> set[Outcome]:
        program.machine.policy = every
        program.machine.plan = []
        more = True
        while more:
            with program.executed() as outcomes:
                assert outcomes
                # all that is shared shows in the schedules that the search has executed
                assert not program.sharing.grown
                assert not explorer.facts.grown
                found.update(outcomes)
            more = every.next()
        return found

    return explorer.searched(gone_through)


PROGRAMS = {
    "lost update": (LOST_UPDATE, 3),
    "speaking": (THREE_SPEAK.replace("abc", "ab"), 2),
    "sleeping": (
        """
        from threading import Thread
        from time import sleep
        def work(name):
            print(name); sleep(0.1); print(name)
        threads = [Thread(target=work, args=[name]) for name in "ab"]
        for each in threads: each.start()
        sleep(0.1)
        print("c")
        """,
        2,
    ),
    "lock": (
        """
        from threading import Lock, Thread
        lock, told = Lock(), []
        def work(name):
            with lock: told.append(name)
            told.append(name)
        threads = [Thread(target=work, args=[name]) for name in "ab"]
        for each in threads: each.start()
        for each in threads: each.join()
        print(*told)
        """,
        2,
    ),
    "condition": (
        """
        from threading import Condition, Thread
        ready, told = Condition(), []
        def wait():
            with ready:
                print(ready.wait(timeout=1))
        def notify():
            with ready: ready.notify()
            print("told")
        for each in (wait, notify): Thread(target=each).start()
        """,
        2,
    ),
    "spinning": (
        """
        from threading import Thread
        done = False; n = 0
        def work():
            global done, n
            n += 1; done = True; n += 1
        Thread(target=work).start()
        while not done: pass
        print(n)
        """,
        2,
    ),
    "queue": (
        """
        from queue import Queue
        from threading import Thread
        items = Queue()
        def work():
            while (item := items.get()) is not None:
                print(item); items.task_done()
        thread = Thread(target=work); thread.start()
        items.put("a"); items.put("b"); items.join()
        print("done"); items.put(None); thread.join()
        """,
        2,
    ),
    "semaphore": (
        """
        from threading import Semaphore, Thread
        free = Semaphore(1)
        def work(name):
            if free.acquire(blocking=False):
                print(name); free.release()
            else: print("no", name)
        for name in "ab": Thread(target=work, args=[name]).start()
        """,
        2,
    ),
    "daemon": (
        """
        from threading import Thread
        def work():
            print("a"); print("b")
        Thread(target=work, daemon=True).start()
        print("c")
        """,
        2,
    ),
    "pool": (
        """
        from concurrent.futures import ThreadPoolExecutor
        def work(name): print(name)
        with ThreadPoolExecutor(2) as pool:
            for name in "ab": pool.submit(work, name)
        """,
        1,
    ),
    "exit": (
        """
        import os
        from threading import Thread
        def work():
            print("a", flush=True); os._exit(3)
        Thread(target=work).start()
        print("b"); print("c")
        """,
        2,
    ),
    "process": (
        """
        from multiprocessing import Process, Queue
        def work(answers): answers.put("a"); print("b")
        if __name__ == "__main__":
            answers = Queue()
            child = Process(target=work, args=[answers]); child.start()
            print(answers.get()); child.join(); print(child.exitcode)
        """,
        1,
    ),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_each_bound_has_the_outcomes_of_all_its_schedules(explored, tmp_path, name):
    """No outcome is missing that a schedule has, one by one, and none is there that none has."""
    source, most = PROGRAMS[name]
    found = explored(source, preemptions=most, start_method=StartMethod.FORK)
    explorer = Explorer(tmp_path / "program.py", None, None, 5_000, None, PIPE)
    explorer.preemptions = most
    explorer.explore()
    assert [bound.preemptions for bound in found.bounds] == [*range(len(found.bounds))]
    for bound in found.bounds:
        within = found.within(bound.preemptions).outcome_set
        assert within == every_outcome(explorer, bound.preemptions)
        assert len(within) == bound.outcomes


def test_it_would_notice(explored, tmp_path):
    """One preemption more or less makes a difference."""
    found = explored(LOST_UPDATE, preemptions=1)
    explorer = Explorer(tmp_path / "program.py", None, None, 5_000, None)
    explorer.explore()
    assert found.within(0).outcome_set < every_outcome(explorer, 1)
    assert every_outcome(explorer, 0) < found.outcome_set


# -- what is said of a search that was stopped -----------------------------------------------------


def test_a_thread_that_sleeps_is_not_preempted(explored):
    """What real runs most often show takes no preemption: all say one thing, sleep, and go on."""
    found = explored(
        """
        from threading import Thread
        from time import sleep
        def work(name):
            print(name + "1"); sleep(0.1); print(name + "2")
        threads = [Thread(target=work, args=[name]) for name in "abc"]
        for each in threads: each.start()
        for each in threads: each.join()
        """,
        preemptions=0,
    )
    assert "a1\nb1\nc1\na2\nb2\nc2\n" in {one.outcome.stdout for one in found.outcomes}


def test_a_limit_leads_to_a_search_by_preemptions(explored):
    """It goes as far again, and what both have found is there, each with a schedule."""
    found = explored(THREE_SPEAK, max_executions=40)
    assert not found.complete
    assert (found.limit, found.executions) == ("stopped after 40 executions", 40)
    assert found.preemptions == 0
    assert [bound.outcomes for bound in found.bounds] == [6]
    assert len(found.within(0).outcomes) == 6
    assert all(one.witness and one.switches <= 6 for one in found.within(0).outcomes)
    assert any(one.preemptions is None for one in found.outcomes)
    assert len(found.outcome_set) == len(found.outcomes) > 40


def test_seconds_are_a_limit_of_their_own(explored):
    """So the bound may be any, and nothing is called complete."""
    found = explored(THREE_SPEAK, max_seconds=0.001)
    assert found.limit == "stopped after 0.001 seconds"
    assert not found.complete


class Clock:
    """A clock in place of ``time``: each execution takes a second."""

    def __init__(self) -> None:
        self.now = 0.0
        self.passed: list[int | None] = []  # of each execution, its preemptions if they are counted

    def perf_counter(self) -> float:
        """Return what time it is."""
        return self.now

    def tick(self, progress: Progress) -> str | None:
        """Let a second pass, and be interrupted after as many executions as it is told."""
        self.now += 1
        self.passed.append(progress.preemptions)
        return "interrupted" if len(self.passed) == self.interrupted else None

    interrupted = 0


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(explorer_module, "time", clock)
    return clock


def test_seconds_are_those_of_both_searches(explored, clock):
    """The search for all traces has three quarters, and the one by preemptions what is left."""
    found = explored(THREE_SPEAK, max_seconds=40, progress=clock.tick)
    assert (found.limit, found.seconds) == ("stopped after 40 seconds", 40)
    assert found.executions == clock.passed.count(None) == 30
    assert len(clock.passed) == 40
    assert found.preemptions == 0


def test_seconds_that_the_first_search_did_not_need_are_those_of_the_other(explored, clock):
    found = explored(THREE_SPEAK, max_executions=20, max_seconds=35, progress=clock.tick)
    assert (found.executions, clock.passed.count(None)) == (20, 20)
    assert (found.limit, found.seconds) == ("stopped after 20 executions", 35)
    whole = explored(THREE_SPEAK, preemptions=1, max_seconds=35, progress=clock.tick)
    assert (whole.limit, whole.executions) == ("stopped after 35 seconds", 35)


def test_what_ends_both_searches_before_their_seconds_are_over_is_the_limit(explored, clock):
    """The first one had stopped for the other one alone."""
    clock.interrupted = 35
    found = explored(THREE_SPEAK, max_seconds=40, progress=clock.tick)
    assert (found.limit, found.seconds) == ("interrupted", 35)


def test_seconds_are_counted_through_all_beginnings(tmp_path, clock):
    """What turns out to be known late would else let a search go on as long again each time."""
    path = tmp_path / "program.py"
    path.write_text(THREE_SPEAK, encoding="utf-8")
    explorer = Explorer(path, None, 40, 5_000, clock.tick, PIPE)
    executions = []

    def three_times(program: Program) -> Any:
        found = explorer.both_ways(program)
        executions.append([one.executions for one in found])
        return found if len(executions) == 3 else None

    with own_warnings():
        explorer.searched(three_times)
    assert executions == [[30, 10], [1, 1], [1, 1]]


def test_a_search_by_preemptions_that_comes_to_the_end_is_complete(explored):
    """Where no schedule has more, that is everything."""
    whole, few = explored(LOST_UPDATE), explored(LOST_UPDATE, preemptions=9)
    assert few.complete
    assert few.outcome_set == whole.outcome_set
    assert [one.interleavings for one in few.outcomes] == [
        whole.by_outcome[one.outcome].interleavings for one in few.outcomes
    ]
    part = explored(LOST_UPDATE, preemptions=0)
    assert (part.complete, part.preemptions) == (False, 0)
    assert part.limit == "only schedules with no preemption were asked for"
    assert [one.outcome.stdout for one in part.outcomes] == ["2\n"]
    assert at_most(1) == "at most 1 preemption"


def test_no_bound_is_finished_where_an_execution_was_left(explored):
    """A loop that can print for ever leaves outcomes out, with no preemption at all."""
    found = explored(
        """
        from threading import Thread
        done = False
        def work():
            while not done: print("a")
        Thread(target=work).start()
        done = True
        """,
        preemptions=3,
    )
    assert not found.complete
    assert "prints at each turn" in found.limit
    # to print even once, the main thread has to be put aside
    assert found.preemptions == 0


# -- in the midst of an execution ------------------------------------------------------------------

BUSY = {
    "calls": (1, "def deep(n): return n and deep(n - 1) + deep(n - 1)\nprint(deep(30))"),
    "a loop": (2, "for n in range(10**9):\n    n + 1"),
    "loops in a thread": (
        5,
        """
        import threading
        def work():
            for m in range(10**5):
                for n in range(10**5):
                    m * n
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        """,
    ),
    "a child": (
        4,
        """
        import multiprocessing
        def work():
            for n in range(10**9):
                n + 1
        if __name__ == "__main__":
            child = multiprocessing.Process(target=work)
            child.start()
            child.join()
        """,
    ),
}


@pytest.fixture
def hurrying_clock(monkeypatch):
    """Let a second pass between two looks at the clock."""
    seconds = itertools.count()
    fake = SimpleNamespace(perf_counter=lambda: float(next(seconds)))
    monkeypatch.setattr("anyorder.exploring.explorer.time", fake)


@pytest.mark.usefixtures("hurrying_clock")
@pytest.mark.parametrize("busy", BUSY)
def test_seconds_end_a_search_in_the_midst_of_an_execution(explored, busy):
    """It says where that was, and makes no second search, which would come no further."""
    line, source = BUSY[busy]
    found = explored(source, max_seconds=20)
    assert not found.complete
    assert found.outcomes == ()
    assert found.limit == (
        f"stopped after 20 seconds, in the midst of an execution: line {line} is busy"
    )


@pytest.mark.usefixtures("hurrying_clock")
def test_what_was_found_before_such_an_execution_is_kept(explored):
    found = explored(
        """
        import threading
        flag = []
        thread = threading.Thread(target=flag.append, args=[1])
        thread.start()
        if not flag:
            print("short")
        else:
            for n in range(10**9): n + 1
        """,
        max_seconds=50,
    )
    assert [one.outcome.stdout for one in found.outcomes] == ["short\n"]
    assert found.limit.startswith("stopped after 50 seconds")
    assert not found.complete


@pytest.mark.usefixtures("interrupts")
def test_ctrl_c_ends_an_execution(explored, monkeypatch):
    looks = Explorer.ends_within

    def pressed(self, started):
        signal.raise_signal(signal.SIGINT)
        return looks(self, started)

    monkeypatch.setattr(Explorer, "ends_within", pressed)
    found = explored("for n in range(10**9):\n    n + 1")
    assert not found.complete
    assert found.limit == "interrupted, in the midst of an execution: line 2 is busy"


# -- Ctrl-C ----------------------------------------------------------------------------------------


@pytest.fixture
def interrupts():
    """Have SIGINT interrupt, which a job in the background ignores."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interrupts")
def test_ctrl_c_ends_a_search_and_what_it_has_found_is_returned(explored):
    def progress(now):
        if now.executions == 7:
            signal.raise_signal(signal.SIGINT)

    found = explored(THREE_SPEAK, progress=progress)
    assert (found.complete, found.executions, found.limit) == (False, 7, "interrupted")
    assert found.bounds == ()
    assert len(found.outcomes) > 1
    assert all(one.witness for one in found.outcomes)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@pytest.mark.usefixtures("interrupts")
def test_ctrl_c_ends_a_search_by_preemptions_too(explored):
    """The bounds that it had finished are kept."""

    def progress(now):
        if now.preemptions == 1:
            signal.raise_signal(signal.SIGINT)

    found = explored(THREE_SPEAK, max_executions=30, progress=progress)
    assert found.limit == "stopped after 30 executions"
    assert found.preemptions == 0


@pytest.mark.usefixtures("interrupts")
def test_ctrl_c_twice_is_an_interrupt(explored):
    def progress(_):
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        explored(THREE_SPEAK, progress=progress)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_whoever_is_told_how_far_a_search_is_can_end_it(explored):
    ends = {1: "", 7: "nobody waits any more"}
    found = explored(THREE_SPEAK, progress=lambda now: ends.get(now.executions))
    assert (found.complete, found.executions, found.limit) == (False, 7, ends[7])
    assert found.bounds == ()
    assert explored(LOST_UPDATE, progress=lambda now: now.remaining == 0 and "late").complete


def test_a_handler_of_one_s_own_is_left_alone(explored):
    """So is that of the main thread where another thread explores."""
    seen = []
    before = signal.signal(signal.SIGINT, lambda *_: seen.append("mine"))
    try:
        progress = lambda _: signal.raise_signal(signal.SIGINT)  # noqa: E731
        told = explored(LOST_UPDATE, progress=progress)
        assert told.complete
        signal.signal(signal.SIGINT, signal.default_int_handler)
        found: list[Any] = []
        thread = threading.Thread(target=lambda: found.append(explored(LOST_UPDATE)))
        thread.start()
        thread.join()
    finally:
        signal.signal(signal.SIGINT, before)
    assert seen == ["mine"] * told.executions
    assert found[0].complete
