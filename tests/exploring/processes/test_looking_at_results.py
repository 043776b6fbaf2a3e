"""Pools and executors whose results are looked at without waiting: handing over is an event."""

from __future__ import annotations

import pytest

from anyorder.outcomes import StartMethod

EVERY_METHOD = pytest.mark.parametrize("method", list(StartMethod))


def texts(found):
    """Return what is printed, each that ends with status 0 and nothing on standard error."""
    assert found.complete
    for each in found.outcomes:
        assert (each.outcome.exit, each.outcome.stderr) == (0, ""), each.outcome
    return {each.outcome.stdout for each in found.outcomes}


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
