"""Pools of processes, held against the slow version of the model, which leaves nothing out."""

from __future__ import annotations

from textwrap import dedent

import pytest

pytest.importorskip("greenlet")

from anyorder.exploring.explorer import Explorer, own_warnings
from anyorder.outcomes import StartMethod, StdoutTo

SMALL = {
    "results of an executor": """
        from concurrent.futures import ProcessPoolExecutor
        if __name__ == "__main__":
            with ProcessPoolExecutor(2) as pool:
                futures = [pool.submit(abs, -n) for n in range(2)]
                print([future.result() for future in futures])
    """,
    "results of a pool": """
        from multiprocessing import Pool
        if __name__ == "__main__":
            with Pool(2) as pool:
                print(pool.map(abs, [-1, -2], chunksize=1), pool.apply(abs, [-3]))
    """,
    "two failures": """
        from multiprocessing import Pool
        def fail(n):
            raise ValueError(n)
        if __name__ == "__main__":
            with Pool(2) as pool:
                try:
                    pool.map(fail, [1, 2], chunksize=1)
                except ValueError as error:
                    print(error)
    """,
    "printing": """
        from concurrent.futures import ProcessPoolExecutor
        if __name__ == "__main__":
            with ProcessPoolExecutor(2) as pool:
                list(pool.map(print, "ab"))
    """,
    "counting": """
        from concurrent.futures import ProcessPoolExecutor
        n = 0
        def count():
            global n
            n += 1
            return n
        if __name__ == "__main__":
            with ProcessPoolExecutor(2) as pool:
                futures = [pool.submit(count) for _ in range(2)]
                print([future.result() for future in futures])
    """,
    "imap": """
        from multiprocessing import Pool
        if __name__ == "__main__":
            with Pool(2) as pool:
                print(*pool.imap(abs, [-1, -2]))
    """,
}


class Slow(Explorer):
    """An exploration in which all that is left out at first makes a difference."""

    def __init__(self, *args):
        super().__init__(*args)
        self.shared |= {("pool", what) for what in ("apart", "exact", "loud", "named")}


@pytest.mark.parametrize("name", SMALL)
@pytest.mark.parametrize("method", [StartMethod.FORK, StartMethod.SPAWN])
def test_nothing_is_lost_by_hiding(tmp_path, name, method):
    program = tmp_path / "program.py"
    program.write_text(dedent(SMALL[name]).lstrip(), encoding="utf-8")
    setting = (method, StdoutTo.PIPE)
    with own_warnings():
        quick = Explorer(program, None, None, 5_000, None, setting).search()
        slow = Slow(program, 1_000, None, 5_000, None, setting).search()
    assert quick.limit is None
    if slow.limit is None:
        assert set(slow.numbers) == set(quick.numbers)
        assert slow.executions > quick.executions
    else:
        assert set(slow.numbers) <= set(quick.numbers)
