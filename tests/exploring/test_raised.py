"""Exceptions that threads share: what raising writes into them is explored in order, or refused."""

from __future__ import annotations

import pytest

from anyorder.exploring import CannotExplore

SHARED = """
    import sys, traceback
    from concurrent.futures import Future
    from threading import Thread
    ERROR = ValueError("no")
    STOP = SystemExit(0)
    kept = []
    future = Future()
    future.set_exception(ERROR)
    def raised():
        try:
            raise ERROR
        except ValueError:
            pass
    def raised_from_another():
        try:
            raise ERROR from KeyError(1)
        except ValueError:
            pass
    def raised_in_a_handler():
        try:
            1 / 0
        except ZeroDivisionError:
            raised()
    def raised_by_a_future():
        try:
            future.result()
        except ValueError:
            pass
    def raised_again():
        try:
            try:
                raise ValueError("new")
            except ValueError as error:
                kept.append(error)
                raise
        except ValueError:
            pass
    def shown():
        traceback.print_exception(ERROR)
    def names():
        print([one.name for one in traceback.extract_tb(ERROR.__traceback__)])
    def last():
        for one in kept:
            print(len(traceback.extract_tb(one.__traceback__)))
    def other():
        print(ERROR.__cause__, ERROR.__context__, ERROR.__suppress_context__)
    def replaced():
        ERROR.with_traceback(None)
    def said():
        print(str(ERROR))
    def set_by_hand():
        ERROR.__cause__ = KeyError(1)
    def given_a_code():
        STOP.code = 3
    def leaves():
        raise STOP
    def nothing():
        pass
    thread = Thread(target={one})
    thread.start()
    {other}()
    thread.join()
    {then}()
"""
RAISING = ["raised", "raised_from_another", "raised_in_a_handler", "raised_by_a_future"]
SHOWING = ["shown", "names", "other"]
REFUSED = [
    *((one, other, "nothing") for one in RAISING for other in SHOWING),
    *((other, one, "nothing") for one in RAISING for other in SHOWING),
    *((one, other, "names") for one in RAISING for other in RAISING),
    ("raised", "replaced", "names"),
    ("raised", "set_by_hand", "nothing"),
    ("raised_again", "last", "nothing"),
    ("given_a_code", "leaves", "nothing"),
]
EXPLORED = [
    *((one, "nothing", other) for one in RAISING for other in SHOWING),
    *((one, other, "said") for one in RAISING for other in RAISING),
    *((one, "said", "nothing") for one in RAISING),
    ("set_by_hand", "other", "nothing"),
    ("raised_again", "nothing", "last"),
    ("given_a_code", "nothing", "leaves"),
]


@pytest.mark.parametrize(("one", "other", "then"), REFUSED)
def test_what_raising_writes_is_refused_where_the_order_is_open(explored, one, other, then):
    with pytest.raises(CannotExplore, match="raise a new exception each time"):
        explored(SHARED.format(one=one, other=other, then=then))


@pytest.mark.parametrize(("one", "other", "then"), EXPLORED)
def test_it_is_explored_where_it_is_not_or_nobody_sees_it(explored, one, other, then):
    assert explored(SHARED.format(one=one, other=other, then=then)).complete


def test_a_queue_orders_it(explored):
    found = explored("""
        from queue import Queue
        from threading import Thread
        import traceback
        queue = Queue()
        def fail():
            try:
                1 / 0
            except ZeroDivisionError as error:
                queue.put(error)
        Thread(target=fail).start()
        error = queue.get()
        try:
            raise error
        except ZeroDivisionError:
            print([one.name for one in traceback.extract_tb(error.__traceback__)])
    """)
    assert [one.outcome.stdout for one in found.outcomes] == ["['<module>', 'fail']\n"]


def test_what_fails_in_a_pool_is_shown_as_it_is(explored):
    """A task's exception is raised by the one that asks for it, and again by its own asker."""
    found = explored("""
        from concurrent.futures import ThreadPoolExecutor
        def fail():
            raise ValueError("no")
        with ThreadPoolExecutor(2) as pool:
            inner = pool.submit(fail)
            outer = pool.submit(lambda: inner.result())
        outer.result()
    """)
    assert len(found.outcomes) == 1
    assert found.outcomes[0].outcome.stderr.count("in fail") == 1


def test_two_threads_that_ask_for_a_failure_of_a_pool_of_processes(explored):
    program = """
        from multiprocessing import Pool
        from threading import Thread
        def fail():
            raise ValueError("no")
        if __name__ == "__main__":
            with Pool(1) as pool:
                result = pool.apply_async(fail)
                thread = Thread(target=result.get)
                thread.start()
                {then}
                thread.join()
    """
    assert explored(program.format(then="pass")).complete
    with pytest.raises(CannotExplore, match="raise a new exception each time"):
        explored(program.format(then="result.get()"))


def test_the_line_of_each_is_named(explored):
    with pytest.raises(CannotExplore) as refusal:
        explored("""
            import traceback
            from threading import Thread
            ERROR = ValueError("no")
            def fail():
                raise ERROR
            Thread(target=fail).start()
            traceback.print_exception(ERROR)
        """)
    assert refusal.value.line == 7
    assert "one ValueError is raised here and in line 5" in refusal.value.message
