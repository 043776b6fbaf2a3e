"""How fast the explorer is, side by side with frontrun where that is installed.

Run it as a script. It prints one line for each measurement, and fails where a promise is not kept:
25 times faster than frontrun on four lost updates, few executions where nothing can be told apart,
a cost per execution that grows about as its events do, and memory that does not grow with
executions.

What is compared is the time that a processor was busy, of all threads, the best of some rounds: it
hardly matters then what else the machine does. frontrun also waits while one thread of the
operating system hands over to the next, which is left out to its advantage; the time on the clock,
which has that, is printed beside it.
"""

from __future__ import annotations

import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from anyorder.exploring import explore
from anyorder.exploring.explorer import Explorer

LOST_UPDATE = """\
import threading
class Counter:
    def __init__(self):
        self.value = 0
counter = Counter()
def work():
    value = counter.value
    counter.value = value + 1
threads = [threading.Thread(target=work) for _ in range({count})]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(counter.value)
"""
LONG = """\
import threading
x = 0
def work(rounds):
    global x
    for _ in range(rounds):
        with lock:
            x += 1
lock = threading.Lock()
thread = threading.Thread(target=work, args=({rounds},))
thread.start()
work(1)
thread.join()
"""
# programs with one possible outcome, each with the most executions that it may take
ONE_OUTCOME = {
    "pool.map over 8 items": (
        """\
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(max_workers=2) as pool:
    print(list(pool.map(abs, range(8))))
""",
        99,
    ),
    "as_completed over 5 items": (
        """\
from concurrent.futures import ThreadPoolExecutor, as_completed
with ThreadPoolExecutor(max_workers=2) as pool:
    futures = [pool.submit(abs, n) for n in range(5)]
    print(sum(future.result() for future in as_completed(futures)))
""",
        120,  # whichever of five comes first
    ),
    "a queue of 30 items": (
        """\
import queue, threading
items = queue.Queue()
def consume():
    while items.get() is not None:
        pass
thread = threading.Thread(target=consume)
thread.start()
for n in range(30):
    items.put(n)
items.put(None)
thread.join()
""",
        99,
    ),
    "a queue of 10 items that is joined": (
        """\
import queue, threading
items = queue.Queue()
def consume():
    while True:
        items.get()
        items.task_done()
threading.Thread(target=consume, daemon=True).start()
for n in range(10):
    items.put(n)
items.join()
""",
        99,
    ),
    "six threads at a semaphore": (
        """\
import threading
free = threading.Semaphore(2)
def work():
    with free:
        pass
threads = [threading.Thread(target=work) for _ in range(6)]
for thread in threads: thread.start()
for thread in threads: thread.join()
""",
        99,
    ),
}
TIMES_FASTER = 25
ROUNDS = 2
SEARCHES = 20  # in a round: about as long as frontrun takes for one
MOST_MEMORY = 40  # megabytes that a hundred thousand more events may take
STEEPEST = 1.5  # times what an event takes at its cheapest, in the longest executions


class Run(NamedTuple):
    """What a search took.

    Args:
        executions: how many executions it had
        events: how many events those had
        busy: for how many seconds a processor was busy with it
        seconds: how many seconds went by
    """

    executions: int
    events: int
    busy: float
    seconds: float


def timed(search: Callable[[], tuple[int, int]]) -> Run:
    """Return what a search took, which returns its executions and events."""
    busy, began = time.process_time(), time.perf_counter()
    executions, events = search()
    return Run(executions, events, time.process_time() - busy, time.perf_counter() - began)


def searched(folder: Path, source: str, executions: int | None = None) -> Run:
    """Search a program, and return what it took."""
    program = folder / "program.py"
    program.write_text(source, encoding="utf-8")

    def search() -> tuple[int, int]:
        found = Explorer(program, executions, None, 100_000, None).search()
        return found.executions, found.events

    return timed(search)


def with_frontrun() -> Run:
    """Let frontrun do the same work, in a process of its own, and return what it took."""
    command = Path(sys.executable).parent / "frontrun"
    run = subprocess.run(
        [command, sys.executable, __file__, "--frontrun"],
        capture_output=True, text=True, timeout=600, check=True,
    )  # fmt: skip
    executions, busy, seconds = run.stdout.split()[-3:]
    return Run(int(executions), 0, float(busy), float(seconds))


def inside_frontrun() -> None:
    """Let frontrun do the same work, its preemption bound off, and print what it took."""
    import frontrun  # noqa: PLC0415 - it may be missing

    class State:
        def __init__(self) -> None:
            self.value = 0

    def work(state: State) -> None:
        value = state.value
        state.value = value + 1

    def search() -> tuple[int, int]:
        result = frontrun.explore(
            setup=State, workers=[work] * 4, invariant=lambda _: True, preemption_bound=None,
            max_executions=None, stop_on_first=False,
        )  # fmt: skip
        return result.num_explored, 0

    run = timed(search)
    print(run.executions, run.busy, run.seconds)


def best(name: str, runs: list[Run]) -> Run:
    """Print the best of some runs, and return it."""
    run = min(runs, key=lambda run: run.busy)
    slowest = max(run.busy for run in runs)
    print(
        f"{name}: {run.executions} executions, {run.busy:.3f} s busy ({run.seconds:.3f} s on the "
        f"clock), {run.executions / run.busy:.0f} executions a busy second; the slowest of "
        f"{len(runs)} rounds took {slowest / run.busy:.2f} times as long"
    )
    return run


def side_by_side(folder: Path) -> int:
    """Compare with frontrun on four lost updates, and return how many promises were not kept."""
    source = LOST_UPDATE.format(count=4)
    if not (Path(sys.executable).parent / "frontrun").exists():
        best("four lost updates", [searched(folder, source) for _ in range(SEARCHES)])
        print("frontrun: not installed, not compared")
        return 0
    searches, runs = [], []
    for _ in range(ROUNDS):
        searches += [searched(folder, source) for _ in range(SEARCHES)]
        runs.append(with_frontrun())
    ours = best("four lost updates", searches)
    theirs = best("the same by frontrun", runs)
    faster = theirs.busy / ours.busy
    rate = (ours.executions / ours.busy) / (theirs.executions / theirs.busy)
    print(
        f"against frontrun: {faster:.1f} times faster (promised: {TIMES_FASTER}; on the clock "
        f"{theirs.seconds / ours.seconds:.1f}), {rate:.1f} times its executions a second "
        f"(told only: it compares unlike things)"
    )
    return int(faster < TIMES_FASTER)


def with_one_outcome(folder: Path) -> int:
    """Search programs in which nothing can be told apart, and return how many took too long."""
    failures = 0
    for name, (source, most) in ONE_OUTCOME.items():
        run = searched(folder, source, most + 1)
        print(f"{name}: {run.executions} executions (promised: at most {most}), {run.busy:.3f} s")
        failures += run.executions > most
    return failures


def cost_of_length(folder: Path) -> float:
    """Return how many times as long an event takes in long executions as at its cheapest."""
    costs = []
    for rounds in (20, 40, 80, 160):
        run = searched(folder, LONG.format(rounds=rounds))
        costs.append(run.busy / run.events)
        print(
            f"a lock taken {rounds} times: {run.executions} executions of "
            f"{run.events // run.executions} events, "
            f"{run.busy / run.executions * 1e3:.2f} ms each, {costs[-1] * 1e6:.1f} µs an event"
        )
    return costs[-1] / min(costs)


def growth(folder: Path) -> float:
    """Return how many megabytes more two thousand executions take than two hundred."""
    source = LOST_UPDATE.format(count=6)
    searched(folder, source, 200)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    searched(folder, source, 2_000)
    megabytes = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"1,800 executions more: {megabytes:.1f} MB more")
    return megabytes


def main() -> int:
    """Measure, and return how many promises were not kept."""
    print(f"Python {platform.python_version()}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        explore_once = folder / "program.py"
        explore_once.write_text("print(1)\n", encoding="utf-8")
        explore(explore_once)
        failures = side_by_side(folder)
        failures += with_one_outcome(folder)
        failures += cost_of_length(folder) > STEEPEST
        failures += growth(folder) > MOST_MEMORY
    return failures


if __name__ == "__main__":
    if sys.argv[1:] == ["--frontrun"]:
        inside_frontrun()
        sys.exit()
    sys.exit(main())
