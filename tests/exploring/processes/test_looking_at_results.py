"""Pools and executors whose results are looked at without waiting: handing over is an event."""

from __future__ import annotations

from concurrent.futures import process

import pytest

pytest.importorskip("greenlet")

from printed import texts

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
    assert texts(found) == {"1\n1\n", "too late\n1\n"}


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
    assert texts(found) == {
        "False\nwork\nend\n", "False\nend\nwork\n", "work\nFalse\nend\n", "work\nTrue\nend\n",
    }  # fmt: skip


@pytest.mark.skipif(LOCKED, reason="it has a lock for that")
def test_a_python_that_may_fail_at_its_exit_refuses_not_to_wait(explored):
    with pytest.raises(CannotExplore, match=r":2: after shutdown\(wait=False\) this Python may"):
        explored("""
            from concurrent.futures import ProcessPoolExecutor
            ProcessPoolExecutor(1).shutdown(wait=False)
        """)
