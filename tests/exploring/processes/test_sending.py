"""What is sent to another process by name: the library's functions and classes among it."""

from __future__ import annotations

import pytest

from anyorder.exploring import CannotExplore
from anyorder.outcomes import StartMethod

EVERY_METHOD = pytest.mark.parametrize("method", list(StartMethod))
PROGRAM = """
    import multiprocessing, os, queue, threading, time
    from concurrent.futures import ProcessPoolExecutor
    def fail():
        queue.Queue().get_nowait()
    def lock():
        return threading.Lock()
    if __name__ == "__main__":
        with ProcessPoolExecutor(1) as pool:
            print(repr(pool.submit({call}).exception()))
        child = multiprocessing.Process(None, {call_in_child})
        child.start()
        child.join()
        print(child.exitcode)
    """


def sent(call):
    """Return a program that sends a call to a worker and to a child."""
    name, *args = call.split(", ")
    child = f"{name}, None, ({''.join(f'{one},' for one in args)})"
    return PROGRAM.replace("{call}", call).replace("{call_in_child}", child)


@EVERY_METHOD
@pytest.mark.parametrize(
    ("call", "said"),
    [
        ("time.sleep, 0", "None\n0\n"),
        ("time.sleep, -1", "ValueError('sleep length must be non-negative')\n1\n"),
        ("multiprocessing.active_children", "None\n0\n"),
        ("threading.Lock", "TypeError(\"cannot pickle '_thread.lock' object\")\n0\n"),
        ("threading.RLock", "TypeError(\"cannot pickle '_thread.RLock' object\")\n0\n"),
        ("threading.Event", "TypeError(\"cannot pickle '_thread.lock' object\")\n0\n"),
        ("lock", "TypeError(\"cannot pickle '_thread.lock' object\")\n0\n"),
        ("fail", "Empty()\n1\n"),
    ],
)
def test_it_is_found_and_says_what_a_real_run_says(explored, observed, method, call, said):
    source = sent(call)
    [possible] = explored(source, method).outcomes
    assert possible.outcome.stdout == said
    if method is StartMethod.FORK:
        assert observed(source, method).stdout == said


@EVERY_METHOD
def test_what_cannot_be_found_is_still_an_error(explored, method):
    [possible] = explored(
        """
        from concurrent.futures import ProcessPoolExecutor
        if __name__ == "__main__":
            with ProcessPoolExecutor(1) as pool:
                error = pool.submit(lambda: 1).exception()
                print(type(error).__name__ in ("AttributeError", "PicklingError"))
        """,
        method,
    ).outcomes
    assert possible.outcome.stdout == "True\n"


def test_a_worker_may_be_told_to_end_at_once(explored):
    found = explored(
        """
        import os
        from concurrent.futures import ProcessPoolExecutor
        if __name__ == "__main__":
            with ProcessPoolExecutor(1) as pool:
                print(type(pool.submit(os._exit, 1).exception()).__name__)
        """,
    )
    assert {each.outcome.stdout for each in found.outcomes} == {"BrokenProcessPool\n"}


def test_a_clock_is_not_sent(explored):
    with pytest.raises(CannotExplore, match=r":9: time\.time\(\) is sent to another process"):
        explored(sent("time.time"))


@EVERY_METHOD
def test_a_worker_says_its_number(explored, method):
    [possible] = explored(
        """
        import multiprocessing, os
        if __name__ == "__main__":
            with multiprocessing.Pool(1) as pool:
                print(os.getpid(), pool.apply(os.getpid), pool.apply_async(os.getpid).get())
        """,
        method,
    ).outcomes
    assert possible.outcome.stdout == "<1> <2> <2>\n"


def test_a_forked_child_has_the_standard_streams(explored, observed):
    """They stand for its own, however it got to know them, and are no values to copy."""
    source = """
        import sys
        from multiprocessing import Process
        def work(reading, writing):
            print("child", file=writing)
        if __name__ == "__main__":
            child = Process(target=work, args=[sys.stdin, sys.stdout])
            child.start()
            child.join()
            print("end")
        """
    [possible] = explored(source).outcomes
    assert possible.outcome == observed(source)
    assert possible.outcome.stdout == "child\nend\n"


@pytest.mark.parametrize(
    "made", ["itertools.count(5)", "zip([1], [2])", "iter([1])", "iter({1: 2})"]
)
def test_an_iterator_that_is_sent_is_refused(explored, made):
    """Which of them can be pickled differs by version; what stands for it never can."""
    with pytest.raises(CannotExplore, match=r"is sent to another process, .*: send what it gives"):
        explored(
            f"""
            import itertools
            from multiprocessing import Process
            def show(items):
                print(next(items))
            if __name__ == "__main__":
                Process(target=show, args=({made},)).start()
            """,
            StartMethod.SPAWN,
        )
