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
