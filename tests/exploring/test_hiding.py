"""A call that is one event loses no outcome: the library's code, every lock of it an event, agrees.

This is the test behind the argument in ``anyorder.exploring.library.calls``. What the library reads
without a lock (``Event.is_set``) is an event of the explorer's only: the programs here do not ask
for it.
"""

from __future__ import annotations

from textwrap import dedent

import pytest
from small_programs import LOST_UPDATE

from anyorder.exploring.explorer import Explorer
from anyorder.exploring.library.threading import starting_calls

MOST = 1_000  # executions of the slow version; beyond, its outcomes must only be among the others


class Slow(Explorer):
    """An exploration in which nothing of the library's is hidden."""

    def program(self):
        """Show every lock."""
        program = super().program()
        program.machine.hides = False
        program.library.calls = {"threading": starting_calls}
        return program


PROGRAMS = {
    "lost update": LOST_UPDATE,
    "event": """
        import threading
        ready = threading.Event()
        def work():
            ready.wait()
            print("ready")
        thread = threading.Thread(target=work)
        thread.start()
        ready.set()
        ready.clear()
    """,
    "event with a timeout": """
        import threading
        ready = threading.Event()
        def work():
            print(ready.wait(timeout=1))
        thread = threading.Thread(target=work)
        thread.start()
        ready.set()
    """,
    "semaphore": """
        import threading
        free = threading.Semaphore(0)
        def work(name):
            free.acquire()
            print(name, end="")
        threads = [threading.Thread(target=work, args=(name,)) for name in "ab"]
        for thread in threads: thread.start()
        free.release()
    """,
    "condition with a timeout": """
        import threading
        changed = threading.Condition(threading.Lock())
        def work():
            with changed:
                print(changed.wait(timeout=1))
        thread = threading.Thread(target=work)
        thread.start()
        with changed:
            changed.notify()
    """,
    "queue": """
        import queue, threading
        items = queue.Queue(maxsize=1)
        def work():
            print(items.get(), end="")
        thread = threading.Thread(target=work)
        thread.start()
        items.put(1)
    """,
    "queue without waiting": """
        import queue, threading
        items = queue.SimpleQueue()
        def work():
            try:
                print(items.get(block=False))
            except queue.Empty:
                print("empty")
        thread = threading.Thread(target=work)
        thread.start()
        items.put(1)
    """,
    "barrier": """
        import threading
        both = threading.Barrier(2)
        def work():
            print(both.wait(), end="")
        thread = threading.Thread(target=work)
        thread.start()
        both.wait()
    """,
    "barrier twice": """
        import threading
        both = threading.Barrier(2)
        def work():
            both.wait()
            print(both.wait(), end="")
        thread = threading.Thread(target=work)
        thread.start()
        work()
    """,
    "future": """
        import threading
        from concurrent.futures import Future
        future = Future()
        def work():
            print(future.result())
        thread = threading.Thread(target=work)
        thread.start()
        print(future.done(), end=" ")
        future.set_result(1)
    """,
    "pool": """
        from concurrent.futures import ThreadPoolExecutor
        with ThreadPoolExecutor(max_workers=1) as pool:
            print(pool.submit(pow, 2, 3).result())
    """,
    "local": """
        import threading
        own = threading.local()
        own.value = 1
        def work():
            print(hasattr(own, "value"))
        threading.Thread(target=work).start()
        print(own.value)
    """,
}  # fmt: skip


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_same_outcomes(tmp_path, name):
    """Hidden or not, the outcomes are the same; hidden, there are fewer executions."""
    program = tmp_path / "program.py"
    program.write_text(dedent(PROGRAMS[name]).lstrip(), encoding="utf-8")
    quick = Explorer(program, None, None, 1_000, None).search()
    slow = Slow(program, MOST, None, 1_000, None).search()
    assert quick.limit is None
    assert slow.redundant == 0
    if slow.limit is None:
        assert set(slow.numbers) == set(quick.numbers)
        assert slow.executions > quick.executions
    else:
        assert set(slow.numbers) <= set(quick.numbers)
