"""Pools and executors whose results are looked at without waiting: handing over is an event."""

from __future__ import annotations

from concurrent.futures import process

import pytest

pytest.importorskip("greenlet")

from found_sets import printed

from anyorder.exploring import CannotExplore
from anyorder.outcomes import StartMethod

# whether this Python's executors close the pipe of their thread under a lock
LOCKED = "_lock" in process._ThreadWakeup.wakeup.__code__.co_names
EVERY_METHOD = pytest.mark.parametrize("method", list(StartMethod))


@EVERY_METHOD
def test_a_pool_is_closed_before_a_result_is_there_or_after_it(explored, method):
    """Each outcome has a witness, which is followed: schedules of one trace come to the same."""
    found = explored(
        """
        from multiprocessing import Pool, TimeoutError
        if __name__ == "__main__":
            pool = Pool(1)
            result = pool.apply_async(abs, [-1])
            try:
                print(result.get(timeout=1))
            except TimeoutError:
                print("too late")
            pool.close()
            pool.join()
            print(result.get())
        """,
        method,
    )
    assert printed(found) == {"1\n1\n", "too late\n1\n"}


@pytest.mark.skipif(not LOCKED, reason="it may fail at the exit there")
@EVERY_METHOD
def test_a_thread_that_has_ended_unnoticed_still_shares_the_buffer(explored, method):
    """The thread of the executor may have ended, or not, when the program's last words leave."""
    found = explored(
        """
        from concurrent.futures import ProcessPoolExecutor
        def work():
            print("work", flush=True)
        if __name__ == "__main__":
            pool = ProcessPoolExecutor(1)
            future = pool.submit(work)
            print(future.done(), flush=True)
            pool.shutdown(wait=False)
            print("end", flush=True)
        """,
        method,
    )
    assert printed(found) == {
        "False\nwork\nend\n", "False\nend\nwork\n", "work\nFalse\nend\n", "work\nTrue\nend\n",
    }  # fmt: skip


@pytest.mark.skipif(LOCKED, reason="it has a lock for that")
def test_a_python_that_may_fail_at_its_exit_refuses_not_to_wait(explored):
    with pytest.raises(CannotExplore, match=r":2: after shutdown\(wait=False\) this Python may"):
        explored("""
            from concurrent.futures import ProcessPoolExecutor
            ProcessPoolExecutor(1).shutdown(wait=False)
        """)


@EVERY_METHOD
@pytest.mark.parametrize("end", ["", "pool.shutdown()", "pool = None"])
def test_an_executor_that_goes_unheard(explored, method, end):
    """Where nobody has called ``shutdown``, the same may happen as the executor goes."""
    program = f"""
        from concurrent.futures import ProcessPoolExecutor
        def work():
            pool = ProcessPoolExecutor(1)
            future = pool.submit(abs, -1)
            {end or "pass"}
            return future
        if __name__ == "__main__":
            print(work().result())
    """
    if end == "pool.shutdown()" or LOCKED:
        assert printed(explored(program, method)) == {"1\n"}
        return
    line = 5 if end else 8  # where the function has returned
    with pytest.raises(CannotExplore, match="gone without shutdown") as refused:
        explored(program, method)
    assert refused.value.line == line


def test_an_executor_that_stays_to_the_end(explored):
    """Python shuts it down as it exits, and nobody else does."""
    found = explored("""
        from concurrent.futures import ProcessPoolExecutor
        if __name__ == "__main__":
            pool = ProcessPoolExecutor(1)
            print(pool.submit(abs, -1).result())
    """)
    assert printed(found) == {"1\n"}
