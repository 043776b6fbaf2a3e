"""Exact outcome sets, each with the least number of executions."""

from __future__ import annotations

from math import factorial

import pytest

LOST_UPDATE = """
    import threading
    n = 0
    def work():
        global n
        n += 1
    threads = [threading.Thread(target=work) for _ in range({count})]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    print(n)
"""


@pytest.mark.parametrize(("count", "executions"), [(2, 4), (3, 36), (4, 576)])
def test_lost_update(explored, count, executions):
    """Any number of updates but all can be lost, in (n!)² inequivalent ways."""
    found = explored(LOST_UPDATE.format(count=count))
    assert found.complete
    assert found.executions == executions
    assert {one.outcome.stdout for one in found.outcomes} == {
        f"{left}\n" for left in range(1, count + 1)
    }


def test_three_appends(explored):
    """Appending is atomic: each order of three appends, and nothing else."""
    found = explored("""
        import threading
        items = []
        threads = [threading.Thread(target=items.append, args=(i,)) for i in range(3)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
        print(items)
    """)
    assert found.executions == factorial(3) == len(found.outcomes)


@pytest.mark.parametrize("how", ["print('a', 'b', file=memory)", "print('a', 'b')"])
def test_printing_into_memory(explored, how):
    """A print into a StringIO is as many writes as one to the screen."""
    found = explored(f"""
        import contextlib, io, threading
        memory = io.StringIO()
        def show():
            {how}
        with contextlib.redirect_stdout(memory):
            threads = [threading.Thread(target=show) for _ in range(2)]
            for thread in threads: thread.start()
            for thread in threads: thread.join()
        print(memory.getvalue(), end="")
    """)
    screen = explored("""
        import threading
        threads = [threading.Thread(target=print, args=("a", "b")) for _ in range(2)]
        for thread in threads: thread.start()
    """)
    assert len(screen.outcomes) > 1
    assert {one.outcome for one in found.outcomes} == {one.outcome for one in screen.outcomes}
