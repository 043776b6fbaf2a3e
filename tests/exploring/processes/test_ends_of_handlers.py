"""What ends the thread of a pool that hands over results, and what comes of it."""

from __future__ import annotations

import pytest

from anyorder.exploring import CannotExplore
from anyorder.outcomes import Ends, StartMethod

EVERY_METHOD = pytest.mark.parametrize("method", list(StartMethod))
FAILING = """
    class Failure(Exception):
        def __init__(self, one, other):
            super().__init__(one)
    def fail():
        raise Failure(1, 2)
    """
POOL = f"""{FAILING}
    from multiprocessing import Pool, TimeoutError
    if __name__ == "__main__":
        pool = Pool(1)
        result = pool.apply_async(fail)
        try:
            result.get({{timeout}})
        except TimeoutError:
            print("too late")
        {{end}}
        print("end")
    """
DIES = "Exception in thread Thread-3 (_handle_results):\nTraceback (most recent call last):\n"


@EVERY_METHOD
def test_a_result_that_cannot_be_unpickled_never_comes(explored, method):
    [possible] = explored(POOL.format(timeout="", end=""), method).outcomes
    outcome = possible.outcome
    assert (outcome.stdout, outcome.ends) == ("", Ends.DEADLOCK)
    assert outcome.stderr.startswith(f"{DIES}TypeError: ")


def test_then_a_pool_complains_once_it_is_terminated(explored, observed):
    source = POOL.format(timeout="timeout=1", end="pool.terminate()")
    outcomes = [each.outcome for each in explored(source).outcomes]
    assert {(one.stdout, one.exit, one.stderr.count("Traceback")) for one in outcomes} == {
        ("too late\nend\n", 0, 0), ("too late\nend\n", 0, 1), ("too late\n", 1, 2),
        ("", None, 0), ("", None, 1),  # the worker was killed with the lock of the results
    }  # fmt: skip
    assert observed(source) in outcomes


def test_then_a_pool_that_is_closed_never_ends(explored):
    source = POOL.format(timeout="timeout=1", end="pool.close(); pool.join()")
    [possible] = explored(source).outcomes
    assert (possible.outcome.ends, possible.outcome.stdout) == (Ends.DEADLOCK, "")


def test_an_executor_is_refused(explored):
    source = f"""{FAILING}
    from concurrent.futures import ProcessPoolExecutor
    if __name__ == "__main__":
        with ProcessPoolExecutor(1) as pool:
            pool.submit(fail){{call}}
    """
    for call in ("", ".result()"):
        with pytest.raises(CannotExplore, match="cannot be unpickled, which breaks the pool"):
            explored(source.format(call=call))


CALLBACK = """
    from multiprocessing import Pool, TimeoutError
    def call(result):
        raise {error}
    if __name__ == "__main__":
        pool = Pool(1)
        first = pool.apply_async(abs, [1], callback=call)
        second = pool.apply_async(abs, [2])
        try:
            print(second.get(), first.ready())
        finally:
            pool.terminate()
    """


def test_a_key_error_of_a_callback_is_swallowed(explored, observed):
    source = CALLBACK.format(error="KeyError")
    [possible] = explored(source).outcomes
    assert (possible.outcome.stdout, possible.outcome.stderr) == ("2 False\n", "")
    assert observed(source) == possible.outcome


def test_another_error_of_a_callback_ends_the_thread(explored):
    [possible] = explored(CALLBACK.format(error="ValueError")).outcomes
    outcome = possible.outcome
    assert (outcome.stdout, outcome.ends) == ("", Ends.DEADLOCK)
    assert outcome.stderr.startswith(DIES)
    assert outcome.stderr.endswith("ValueError\n")
