"""Pools of processes, held against an independent account."""

from __future__ import annotations

from textwrap import dedent

import pytest

pytest.importorskip("greenlet")

from found_sets import printed
from pool_account import account

from anyorder.exploring.processes.pools.crews import Crews
from anyorder.exploring.processes.pools.pools import Office
from anyorder.outcomes import StartMethod

WORK = """
    def work(texts):
        for text in texts:
            print(text, end="", flush={flush})
"""
EXECUTOR = """
    from concurrent.futures import ProcessPoolExecutor

    if __name__ == "__main__":
        with ProcessPoolExecutor({workers}) as pool:
            list(pool.map(work, {tasks}))
        print("end", end="")
    """
CLOSED = """
    from multiprocessing import Pool

    if __name__ == "__main__":
        pool = Pool({workers})
        pool.map(work, {tasks}, chunksize=1)
        pool.close()
        pool.join()
        print("end", end="")
    """
TERMINATED = """
    from multiprocessing import Pool

    if __name__ == "__main__":
        with Pool({workers}) as pool:
            pool.map(work, {tasks}, chunksize=1)
        print("end", end="")
    """


def written(template, *, flush, workers, tasks):
    """Return a program of a template and the tasks that it gives to a pool."""
    return dedent(WORK + template).format(flush=flush, workers=workers, tasks=tasks)


@pytest.mark.parametrize(
    ("tasks", "workers"), [(["a", "b"], 2), (["ab", ""], 2), (["a", "b", "c"], 1), (["ab"], 3)]
)
@pytest.mark.parametrize("flushed", [True, False])
@pytest.mark.parametrize("program", [EXECUTOR, CLOSED, TERMINATED])
def test_against_the_account(explored, program, tasks, workers, flushed):
    source = written(program, flush=flushed, workers=workers, tasks=tasks)
    wanted = account(tasks, workers, flushed=flushed, killed=program is TERMINATED)
    assert printed(explored(source)) == wanted
    assert printed(explored(source, StartMethod.SPAWN)) == wanted


def test_the_account_can_disagree(explored):
    """A pool of one worker, or one that is terminated, prints something else."""
    tasks = ["a", "b"]
    source = written(EXECUTOR, flush=True, workers=2, tasks=tasks)
    found = printed(explored(source))
    assert found == {"abend", "baend"} == account(tasks, 2, flushed=True)
    assert found != account(tasks, 1, flushed=True)
    source = written(TERMINATED, flush=False, workers=2, tasks=tasks)
    assert printed(explored(source)) - account(tasks, 2, flushed=False) == {"aend", "bend", "end"}


@pytest.mark.parametrize("mutated", [EXECUTOR, TERMINATED])
def test_a_mutated_model_is_refused(explored, monkeypatch, mutated):
    """Were each task taken by the first worker, or a killed one flushed, outcomes would lack."""
    source = written(mutated, flush=False, workers=2, tasks=["a", "b"])
    wanted = account(["a", "b"], 2, flushed=False, killed=mutated is TERMINATED)
    assert printed(explored(source)) == wanted
    if mutated is EXECUTOR:
        monkeypatch.setattr(Crews, "need", lambda *_: None)
    else:
        monkeypatch.setattr(Office, "shows", lambda *_: False)
    assert printed(explored(source)) < wanted


def test_a_pool_by_another_name_is_the_same(explored):
    source = written(TERMINATED, flush=False, workers=2, tasks=["a", "b"])
    renamed = source.replace("import Pool", "import Pool as Crowd").replace("Pool(", "Crowd(")
    assert printed(explored(renamed)) == printed(explored(source))
