"""Locks of threads that have ended: a thread that comes after can get the owner's number."""

from __future__ import annotations

import pytest

from anyorder.exploring import CannotExplore

PROGRAM = """
    import multiprocessing
    from threading import Condition, Event, Lock, RLock, Thread
    lock = {lock}
    there = Event()
    def take():
        lock.acquire()
        {last}
    def ask():
        {first}
        {asks}
    one, other = Thread(target=take), Thread(target=ask)
    {starts}
"""
LOCKS = ["RLock()", "Condition()", "multiprocessing.RLock()"]
ASKS = ["print(lock.acquire(False))", "lock.release()", "lock.acquire()"]
ONE_AFTER_ANOTHER = "one.start(); one.join(); other.start(); other.join()"
BOTH = "one.start(); other.start()"
MAIN = "one.start(); one.join(); print(lock.acquire(False))"


def program(lock="RLock()", asks=ASKS[0], first="pass", last="pass", starts=BOTH):
    return PROGRAM.format(lock=lock, asks=asks, first=first, last=last, starts=starts)


@pytest.mark.parametrize("starts", [ONE_AFTER_ANOTHER, BOTH])
@pytest.mark.parametrize("asks", ASKS)
@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_that_is_never_let_go_of_may_be_the_next_thread_s(explored, lock, asks, starts):
    with pytest.raises(CannotExplore, match="let each thread let go of what it takes"):
        explored(program(lock, asks, starts=starts))


@pytest.mark.parametrize("asks", ["lock.notify()", "lock.wait()"])
def test_a_condition_asks_for_its_lock(explored, asks):
    with pytest.raises(CannotExplore, match="let each thread let go of what it takes"):
        explored(program("Condition()", asks, starts=ONE_AFTER_ANOTHER))


def test_so_may_one_of_a_pool_that_is_over(explored):
    with pytest.raises(CannotExplore, match="let each thread let go of what it takes"):
        explored("""
            from concurrent.futures import ThreadPoolExecutor
            from threading import RLock
            lock = RLock()
            for _ in range(2):
                with ThreadPoolExecutor(1) as pool:
                    print(pool.submit(lock.acquire, False).result())
        """)


@pytest.mark.parametrize(
    "known",
    [
        {"last": "lock.release()"},
        # whoever asks is there before the owner ends
        {"first": "there.set()", "last": "there.wait()"},
        # nobody gets the number of the main thread
        {"starts": MAIN},
    ],
    ids=["let go", "before", "main"],
)
@pytest.mark.parametrize("lock", LOCKS)
def test_it_is_explored_where_nobody_can_have_the_number(explored, lock, known):
    assert explored(program(lock, **known)).complete


def test_a_lock_that_any_thread_may_let_go_of_is_explored(explored):
    found = explored(program("Lock()").replace("import multiprocessing", ""))
    assert {one.outcome.stdout for one in found.outcomes} == {"True\n", "False\n"}


@pytest.mark.parametrize("calls", ["thread.start(); thread.run()", "thread.run(); thread.start()"])
def test_the_work_of_one_thread_object_is_done_by_one_thread(explored, calls):
    source = f"""
        from threading import Thread
        thread = Thread(target=print, args=["x"])
        {calls}
    """
    if calls.endswith("run()"):
        with pytest.raises(CannotExplore, match=r"call start\(\) alone"):
            explored(source)
    else:  # whoever is started finds no function any more
        [found] = explored(source).outcomes
        assert found.outcome.stdout == "x\n"
        assert "AttributeError" in found.outcome.stderr
