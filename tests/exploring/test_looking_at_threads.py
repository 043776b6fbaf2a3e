"""What a program can ask of its threads, and of what they wait with, is followed."""

from __future__ import annotations

import sys

import pytest
from found_sets import printed

from anyorder.exploring import CannotExplore

# The other thread does one thing, and the main thread looks once at what that changes.
LOOK = """\
import threading
from concurrent.futures import Future
from threading import *
{thing}
def work():
    {change}
thread = Thread(target=work)
thread.start()
seen = {look}
thread.join()
print(seen)
"""


@pytest.mark.parametrize(
    ("thing", "change", "look", "outcomes"),
    [
        ("late = Thread()", "late.start()", "late.is_alive()", "False True"),
        ("late = Thread()", "late.start()", "late.ident is None", "False True"),
        ("late = Thread()", "late.start()", "late.native_id is None", "False True"),
        ("late = Thread()", "late.start()", "'initial' in repr(late)", "False True"),
        ("", "pass", "thread.is_alive()", "False True"),
        ("", "pass", "'stopped' in repr(thread)", "False True"),
        ("", "pass", "active_count()", "1 2"),
        ("", "pass", "len(threading.enumerate())", "1 2"),
        ("late = Thread(name='a')", "late.name = 'b'", "'(b,' in repr(late)", "False True"),
        ("late = Thread()", "late.daemon = True", "'daemon' in repr(late)", "False True"),
        ("event = Event()", "event.set()", "'unset' in repr(event)", "False True"),
        ("lock = Lock()", "lock.acquire()", "'unlocked' in repr(lock)", "False True"),
        ("lock = RLock()", "lock.acquire()", "'unlocked' in repr(lock)", "False True"),
        ("free = Semaphore(1)", "free.acquire()", "'value=0' in repr(free)", "False True"),
        ("free = BoundedSemaphore(1)", "free.acquire()", "'=0/1>' in repr(free)", "False True"),
        ("line = Barrier(2)", "line.wait()", "line.n_waiting; line.wait()", "0 1"),
        ("line = Barrier(2)", "line.wait()", "'=1/' in repr(line); line.wait()", "False True"),
        ("line = Barrier(2)", "line.abort()", "line.broken", "False True"),
        ("line = Barrier(2)", "line.abort()", "'broken' in repr(line)", "False True"),
        ("one = Future()", "one.set_result(1)", "'pending' in repr(one)", "False True"),
        (
            "ready = Condition()",
            "with ready: ready.wait(1)",
            "', 1)' in repr(ready)",
            "False True",
        ),
    ],
)
def test_a_look_before_and_after(explored, thing, change, look, outcomes):
    """What another thread changes is seen either way."""
    program = LOOK.format(thing=thing, change=change, look=look)
    assert printed(explored(program)) == {f"{one}\n" for one in outcomes.split()}


def test_how_often_a_lock_is_taken_shows_in_its_repr(explored):
    """Taking it again is an event where that is looked at."""
    found = explored(
        LOOK.format(
            thing="lock = RLock()",
            change="with lock, lock: pass",
            look="repr(lock).split(' at ')[0].split()[-1]",
        )
    )
    assert printed(found) == {"count=0\n", "count=1\n", "count=2\n"}


def test_what_is_asked_of_oneself_is_no_event(explored):
    """Nobody else can change it."""
    found = explored("""
        import threading
        def work():
            here = threading.current_thread()
            assert here.is_alive() and here.ident == threading.get_ident()
            assert "started" in repr(here)
        threads = [threading.Thread(target=work) for _ in range(2)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
    """)
    assert found.executions == 1


def test_starts_and_ends_that_joins_put_in_order(explored):
    """They are no events: there is one way to go."""
    found = explored("""
        import threading
        thread = threading.Thread(target=int)
        assert thread.ident is None and not thread.is_alive()
        thread.start()
        assert thread.ident is not None
        thread.join()
        print(thread.is_alive(), "stopped" in repr(thread))
    """)
    assert printed(found) == {"False True\n"}
    assert found.executions == 1
    assert [step.event for step in found.outcomes[0].witness] == [
        "starts Thread-1 (int)",
        "joins Thread-1 (int)",
        "asks whether Thread-1 (int) is alive: no",
        "prints 'False'",
        "prints ' '",
        "prints 'True'",
        "prints '⏎'",
    ]


def test_a_start_in_the_midst(explored):
    """A thread is listed first, and then alive: whoever looks may come between."""
    found = explored("""
        import threading
        def look():
            listed = late in threading.enumerate()
            seen.append((listed, late.is_alive(), late.ident is not None))
        seen, go = [], threading.Event()
        late = threading.Thread(target=go.wait)
        looker = threading.Thread(target=look)
        looker.start()
        late.start()
        looker.join()
        go.set()
        print(*seen[0])
    """)
    assert printed(found) == {
        f"{text}\n"
        for text in (
            "False False False", "False False True", "False True True", "True False False",
            "True False True", "True True True",
        )
    }  # fmt: skip


def test_the_order_of_the_list(explored):
    """A thread takes its place once it goes on, which may be later than its start returns."""
    found = explored("""
        import threading
        go = threading.Event()
        for name in "ab":
            threading.Thread(target=go.wait, name=name).start()
        print(*[thread.name for thread in threading.enumerate()])
        go.set()
    """)
    assert printed(found) == {"MainThread a b\n", "MainThread b a\n"}


def test_the_end_of_the_main_thread(explored):
    """It is over once its last line has run, though it waits for the others."""
    found = explored("""
        import threading
        def look():
            print(threading.main_thread().is_alive())
        threading.Thread(target=look).start()
    """)
    assert printed(found) == {"False\n", "True\n"}
    found = explored("""
        import threading
        def wait():
            threading.main_thread().join()
            print("over")
        threading.Thread(target=wait).start()
        print("main")
    """)
    assert printed(found) == {"main\nover\n"}


def test_start_twice(explored):
    """The second one finds that the thread has been started, in either order."""
    program = """
        from threading import Thread
        seen = []
        once = Thread(target=lambda: seen.append("ran"))
        def start():
            try:
                once.start()
            except RuntimeError as error:
                seen.append(str(error))
        threads = [Thread(target=start) for _ in range({count})]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
        once.join()
        print(sorted(seen))
    """
    found = explored(program.format(count=2))
    again = "threads can only be started once"
    assert {one.outcome.stdout for one in found.outcomes} == {f"['ran', '{again}']\n"}
    # in life it takes several steps, and worse can come of it
    assert "start one and the same thread" in found.limit
    words = [step.event for step in found.outcomes[0].witness]
    assert [one for one in words if "Thread-1 (<lambda>)" in one] == [
        "starts Thread-1 (<lambda>)",
        "starts Thread-1 (<lambda>), which has been started",
        "joins Thread-1 (<lambda>)",
    ]
    found = explored(program.format(count=3))
    assert {one.outcome.stdout for one in found.outcomes} == {f"['ran', '{again}', '{again}']\n"}


def test_a_join_before_the_start(explored):
    """It is refused by Python, and waits if it comes later."""
    found = explored("""
        import threading
        late = threading.Thread(target=int)
        def join():
            try:
                late.join()
                print("joined")
            except RuntimeError as error:
                print(error)
        threading.Thread(target=join).start()
        late.start()
    """)
    assert printed(found) == {"joined\n", "cannot join thread before it is started\n"}


@pytest.mark.parametrize("make", ["Thread()", "ThreadPoolExecutor(1)"])
def test_numbers_in_names(explored, make):
    """They go to whoever comes first."""
    found = explored(f"""
        from concurrent.futures import ThreadPoolExecutor
        from threading import Thread
        names = dict()
        def work(number):
            made = {make}
            name = made.name if isinstance(made, Thread) else made._thread_name_prefix
            names[number] = name[-1]
        threads = [Thread(target=work, args=[number], name="own") for number in range(2)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
        print(names[0], names[1])
    """)
    first = int("Pool" not in make)
    assert printed(found) == {f"{first} {first + 1}\n", f"{first + 1} {first}\n"}


def test_old_names_of_attributes(explored):
    """``getName`` and its like read and write what ``name`` does."""
    for change, look in (("setName('b')", "name"), ("name = 'b'", "getName()")):
        found = explored(
            "import warnings\nwarnings.simplefilter('ignore')\n"
            + LOOK.format(
                thing="late = Thread(name='a')",
                change=f"late.{change}",
                look=f"late.{look}",
            )
        )
        assert printed(found) == {"a\n", "b\n"}


def test_what_a_timer_is_given(explored):
    """It reads that as it goes off."""
    found = explored("""
        import threading
        timer = threading.Timer(1, print, args=["a"])
        timer.start()
        timer.args = ["b"]
    """)
    assert printed(found) == {"a\n", "b\n"}


def test_a_thread_that_the_module_does_not_know(explored):
    """A dummy stands for it once it asks for itself, and it is not counted right."""
    program = """
        import _thread, threading
        def work():
            print(threading.current_thread().name)
            done.release()
        done = _thread.allocate_lock()
        done.acquire()
        _thread.start_new_thread(work, ())
        {look}
        done.acquire()
    """
    assert printed(explored(program.format(look=""))) == {"Dummy-1\n"}
    with pytest.raises(CannotExplore, match=r"program\.py:8: threading\.active_count\(\) finds"):
        explored(program.format(look="threading.active_count()"))


def test_a_barrier_that_is_reset(explored):
    """How many wait is followed, with timeouts too."""
    found = explored("""
        from threading import Barrier, BrokenBarrierError, Thread
        barrier, seen = Barrier(2), []
        def work(number):
            try:
                barrier.wait(timeout=0.1)
                seen.append(number)
            except BrokenBarrierError:
                seen.append("x")
        threads = [Thread(target=work, args=[number]) for number in range(2)]
        for thread in threads: thread.start()
        waiting = barrier.n_waiting
        barrier.reset()
        for thread in threads: thread.join()
        print(*sorted(map(str, seen)), waiting)
    """)
    assert printed(found) == {"0 1 0\n", "0 1 1\n", "0 1 2\n", "x x 0\n", "x x 1\n"}


def test_all_wait_at_a_barrier_before_it_lets_them_go_on(explored):
    """Whoever looks does so without the barrier's lock."""
    found = explored("""
        from threading import Barrier, Thread
        barrier = Barrier(2)
        threads = [Thread(target=barrier.wait) for _ in range(2)]
        for thread in threads: thread.start()
        print(barrier.n_waiting)
    """)
    assert printed(found) == {"0\n", "1\n", "2\n"}


def test_the_number_at_a_barrier_may_be_from_later_than_its_state(explored):
    """It is asked whether the barrier lets threads through, and then how many are there.

    With a GIL nothing comes between the two.
    """
    found = explored("""
        from threading import Barrier, Thread
        barrier, left = Barrier(1), []
        def pass_twice():
            barrier.wait()
            left.append(1)
            barrier.wait()
        thread = Thread(target=pass_twice)
        thread.start()
        before, waiting, after = len(left), barrier.n_waiting, len(left)
        print(before, waiting, after)
    """)
    assert printed(found) == {f"{seen}\n" for seen in (
        "0 0 0", "0 1 0", "0 0 1", "0 1 1", "1 0 1", "1 1 1"
    )}  # fmt: skip


def test_nobody_gets_past_a_barrier_while_its_action_runs(explored):
    """Its lock is taken meanwhile, so a reset waits."""
    found = explored("""
        from threading import Barrier, Thread
        seen = []
        def act():
            seen.append("acts")
            seen.append(barrier.n_waiting)
        barrier = Barrier(2, act)
        threads = [Thread(target=barrier.wait) for _ in range(2)]
        for thread in threads: thread.start()
        seen.append("resets")
        barrier.reset()
        seen.append("has reset")
        for thread in threads: thread.join(1)
        print(*seen)
    """)
    assert found.complete
    texts = {one.outcome.stdout for one in found.outcomes}
    assert {"resets acts 2 has reset\n", "acts 2 resets has reset\n"} <= texts
    assert not any("acts resets has reset" in text for text in texts)


@pytest.mark.parametrize(
    ("submit", "outcomes"),
    [
        ("pool.submit(print, 'a')", {"a\nb\n2 0\n", "ab\n\n2 0\n", "b\na\n2 0\n", "ba\n\n2 0\n"}),
        ("pool.submit(int)", {"b\n2 0\n"}),
    ],
)
def test_wait_for_all(explored, submit, outcomes):
    """Each future counts, whichever is the last."""
    found = explored(f"""
        from concurrent.futures import ThreadPoolExecutor, wait
        with ThreadPoolExecutor(2) as pool:
            done, left = wait([{submit}, pool.submit(print, "b")])
            print(len(done), len(left))
    """)
    assert printed(found) == outcomes


def test_wait_for_the_first_exception(explored):
    """It ends the wait, whatever else goes on."""
    found = explored("""
        from concurrent.futures import FIRST_EXCEPTION, Future, wait
        from threading import Thread
        futures = [Future() for _ in range(3)]
        changes = [
            lambda: futures[0].set_result(1),
            lambda: futures[1].set_exception(ValueError()),
            lambda: futures[2].set_result(1),
        ]
        threads = [Thread(target=change) for change in changes]
        for thread in threads: thread.start()
        done, left = wait(futures, return_when=FIRST_EXCEPTION)
        for thread in threads: thread.join()
        print(len(done), futures[1] in done)
    """)
    assert printed(found) == {"1 True\n", "2 True\n", "3 True\n"}


def test_a_wait_that_prints_beside_another_thread(explored):
    """Whether it goes round in vain is the same in all orders of independent events."""
    found = explored("""
        import threading
        def wait():
            while not event.is_set():
                event.wait(2)
                print("x", end="")
        event = threading.Event()
        threading.Thread(target=lambda: print("b", end="")).start()
        threading.Thread(target=wait).start()
        event.set()
        print("done", end="")
    """)
    assert not found.complete
    assert found.limit == (
        "the loop in line 3 prints at each turn and can go on for ever; give it an end"
    )
    ways = {one.outcome.stdout for one in found.outcomes}
    assert {"bdone", "bxdone", "bdonex"} <= ways


def test_rlock_asks_whether_it_is_taken(explored):
    """From 3.14 on; before, it has no such method."""
    program = "import threading\nprint(hasattr(threading.RLock(), 'locked'))"
    assert printed(explored(program)) == {f"{sys.version_info >= (3, 14)}\n"}
