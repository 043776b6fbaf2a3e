"""How many cores there are, which is another number on each computer."""

from __future__ import annotations

import os

import pytest

POOLS = """
    import multiprocessing, os
    from concurrent import futures
    def double(n): return 2 * n
    def show(n): print(n, flush=True)
    if __name__ == "__main__":
"""
# that there are so many is nothing that anybody can tell
UNSEEN = [
    "with multiprocessing.Pool() as pool: print(pool.apply(double, [1]))",
    "with multiprocessing.Pool(os.cpu_count()) as pool: print(pool.apply(double, [1]))",
    "with multiprocessing.Pool(2 * multiprocessing.cpu_count()) as pool: pool.apply(double, [1])",
    "with multiprocessing.Pool(max(1, os.cpu_count() - 1)) as pool: pool.apply(double, [1])",
    "with multiprocessing.Pool(min(8, os.cpu_count() or 1)) as pool: pool.apply(double, [1])",
    "with futures.ProcessPoolExecutor() as pool: print(*pool.map(double, [1, 2]))",
    """count = multiprocessing.get_context('fork').cpu_count()
with futures.ProcessPoolExecutor(max_workers=count) as pool: print(*pool.map(double, [1]))""",
    "with futures.ThreadPoolExecutor(os.cpu_count() + 4) as pool: pool.submit(print, 1)",
    "if os.cpu_count() is None: print('nobody knows')",
]
# it decides, or shows
SEEN = [
    "with multiprocessing.Pool() as pool: pool.map(show, [1])",
    "with multiprocessing.Pool() as pool: print(pool.map(double, [1]), pool)",
    "with multiprocessing.Pool() as pool: print(len(multiprocessing.active_children()))",
    """with multiprocessing.Pool() as pool: pool.apply(double, [1])
print(multiprocessing.Process().name)""",
    "with multiprocessing.Pool(os.cpu_count()) as pool: pool.map(show, [1])",
    "with multiprocessing.Pool(os.cpu_count() - 1) as pool: pool.apply(double, [1])",
    "with multiprocessing.Pool(os.cpu_count() // 2) as pool: pool.apply(double, [1])",
    "with futures.ProcessPoolExecutor() as pool: [*pool.map(show, [1, 2, 3])]",
    "with futures.ProcessPoolExecutor(None) as pool: [*pool.map(show, [1, 2, 3])]",
    "with futures.ProcessPoolExecutor(max_workers=os.cpu_count()) as pool: [*pool.map(show, [1])]",
    """with futures.ProcessPoolExecutor() as pool:
    for one in futures.as_completed([pool.submit(double, 1), pool.submit(double, 2)]): pass""",
    "with futures.ThreadPoolExecutor(os.cpu_count()) as pool: [*pool.map(print, [1, 2])]",
    "print(os.cpu_count())",
    "print(f'{multiprocessing.cpu_count()} cores')",
    "print(multiprocessing.get_context('spawn').cpu_count())",
    "print('%d cores' % os.cpu_count())",
    "print([os.cpu_count()])",
    "for n in range(os.cpu_count()): print(n)",
    "if os.cpu_count() > 1: print('more')",
    "print('x' * os.cpu_count())",
    "print([1, 2, 3][os.cpu_count()])",
    "print({os.cpu_count(): 1})",
    "multiprocessing.Semaphore(os.cpu_count()).acquire()",
    "from os import cpu_count; print(cpu_count())",
    *(["print(len(os.sched_getaffinity(0)))"] if hasattr(os, "sched_getaffinity") else []),
    *(["print(os.process_cpu_count())"] if hasattr(os, "process_cpu_count") else []),
]


def within(lines: str) -> str:
    """Return a program that does something with pools."""
    return POOLS + "".join(f"        {line}\n" for line in lines.split("\n"))


@pytest.mark.parametrize("lines", UNSEEN)
def test_how_many_cores_there_are_may_make_no_difference(explored, lines):
    """A pool may have any number of workers where nobody sees them at work."""
    assert explored(within(lines), max_executions=200, start_method="fork").complete


@pytest.mark.parametrize("lines", SEEN)
def test_what_depends_on_cores_is_not_called_complete(explored, lines):
    """One number was explored, as large as it may be on some computer, and the result says so."""
    found = explored(within(lines), max_executions=200, start_method="fork")
    assert not found.complete
    assert "differs from computer to computer" in found.limit
    assert "say how many" in found.limit
    assert all(possible.outcome.exit == 0 for possible in found.outcomes)


@pytest.mark.parametrize("cores", [1, 3, 64])
@pytest.mark.parametrize("lines", [*UNSEEN[:3], *SEEN[:3], SEEN[7]])
def test_no_set_depends_on_the_computer_that_explores(explored, monkeypatch, lines, cores):
    """What is found is the same on each."""
    here = explored(within(lines), max_executions=100, start_method="fork")
    for name in ("cpu_count", "process_cpu_count"):
        monkeypatch.setattr(os, name, lambda: cores, raising=name == "cpu_count")
    there = explored(within(lines), max_executions=100, start_method="fork")
    assert [one.outcome for one in here.outcomes] == [one.outcome for one in there.outcomes]
    assert here.limit == there.limit


def test_workers_that_nobody_has_counted_may_be_too_few(explored):
    """Five tasks have a worker each on every computer, and a sixth one may have to wait."""
    program = """
        from concurrent.futures import ThreadPoolExecutor
        class One: n = 1
        one = One()
        with ThreadPoolExecutor() as pool:
            for n in range({1}):
                pool.submit({0}, n)
        print(one.n > 0)
    """
    assert explored(program.format("abs", 40)).complete
    assert explored(program.format("print", 2)).complete
    found = explored(program.format("setattr, one, 'n'", 5), max_executions=2_000)
    assert found.complete
    found = explored(program.format("setattr, one, 'n'", 6), max_executions=2_000)
    assert found.limit.startswith("line 6 depends on how many workers there are, which differs")
    assert "6 of them were explored" in found.limit
