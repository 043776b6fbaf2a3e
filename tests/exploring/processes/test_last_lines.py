"""What is done another way once the main thread of a process has come to its last line.

It is refused where it may come after that, and followed where it cannot.
"""

from __future__ import annotations

import pytest

from anyorder.exploring import CannotExplore
from anyorder.outcomes import StartMethod

PROGRAM = """
    import atexit
    import sys
    from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
    from multiprocessing import Process
    from threading import Thread
    kept = []
    def child():
        {child}
    def late():
        {late}
    if __name__ == "__main__":
        {main}
"""
START = "process = Process(target=child)\n        process.start()\n        process.join()"
BESIDE = "thread = Thread(target=late)\n        thread.start()"
JOINED = f"{BESIDE}\n        thread.join()"
NOT_FORKED = [StartMethod.SPAWN, StartMethod.FORKSERVER]
FILE = "print(__file__ is None)"
IN_THREADS = "with ThreadPoolExecutor(1) as pool: print(pool.submit(abs, -1).result())"
IN_PROCESSES = "with ProcessPoolExecutor(1) as pool: print(pool.submit(abs, -1).result())"
WORKERS = "kept.append(ThreadPoolExecutor(1)); print(kept[0].submit(int, '1').cancelled())"
# which start methods; what a child, a thread and the main thread do; what is said
LATE = {
    "the file": (StartMethod, "pass", FILE, BESIDE, "__file__ is deleted"),
    "the file at exit": (StartMethod, "pass", FILE, "atexit.register(late)", "__file__ is deleted"),
    "a process": (NOT_FORKED, "pass", START, BESIDE, "does not find the program"),
    "a process at exit": (
        NOT_FORKED, "pass", START, "atexit.register(late)", "does not find the program",
    ),
    "a task for threads": (StartMethod, BESIDE, IN_THREADS, START, r"submit\(\) fails once"),
    "a task for processes": (
        [StartMethod.FORK], "pass", IN_PROCESSES, BESIDE, r"submit\(\) fails once",
    ),
    "workers": (StartMethod, WORKERS, "pass", START, "workers of a ThreadPoolExecutor are sent"),
}  # fmt: skip
IN_TIME = {
    "the file": ("pass", FILE, f"{JOINED}\n        late()"),
    "a process": ("pass", START, JOINED),
    "a task for threads": (JOINED, IN_THREADS, START),
    "a task for processes": ("pass", IN_PROCESSES, JOINED),
}


@pytest.mark.parametrize(
    ("way", "method"), [(way, method) for way, (methods, *_) in LATE.items() for method in methods]
)
def test_it_may_come_too_late(explored, way, method):
    _, child, late, main, said = LATE[way]
    with pytest.raises(CannotExplore, match=said):
        explored(PROGRAM.format(child=child, late=late, main=main), method, max_seconds=20)


@pytest.mark.parametrize("method", StartMethod)
@pytest.mark.parametrize("way", IN_TIME)
def test_it_comes_in_time(explored, observed, way, method):
    child, late, main = IN_TIME[way]
    source = PROGRAM.format(child=child, late=late, main=main)
    found = explored(source, method)
    assert found.complete
    assert [one.outcome for one in found.outcomes] == [observed(source, method)]


def test_a_forked_child_has_its_file_to_the_end(explored, observed):
    source = PROGRAM.format(child=BESIDE, late=FILE, main=START)
    found = explored(source)
    assert found.complete
    assert [one.outcome for one in found.outcomes] == [observed(source)]
