"""How fast the explorer is, side by side with frontrun where that is installed.

Run it as a script. It prints one line for each measurement, and fails where a promise is not kept:
twenty times faster than frontrun on four lost updates, ten times its executions a second, a cost
per execution that grows about as its events do, and memory that does not grow with executions.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

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
TIMES_FASTER = 20
TIMES_THE_RATE = 10
MOST_MEMORY = 40  # megabytes that a hundred thousand more events may take
STEEPEST = 2.5  # times the time per event at eight times the events


def searched(folder: Path, source: str, executions: int | None = None) -> tuple[int, int, float]:
    """Return the executions, events and seconds of a search."""
    program = folder / "program.py"
    program.write_text(source, encoding="utf-8")
    began = time.perf_counter()
    found = Explorer(program, executions, None, 100_000, None).search(began)
    return found.executions, found.events, time.perf_counter() - began


def four_lost_updates(folder: Path) -> tuple[int, float]:
    """Return the executions and seconds of the best of three searches."""
    runs = [searched(folder, LOST_UPDATE.format(count=4)) for _ in range(3)]
    executions, _, seconds = min(runs, key=lambda run: run[2])
    print(
        f"four lost updates: {executions} executions in {seconds:.3f} s, "
        f"{executions / seconds:.0f}/s"
    )
    return executions, seconds


def with_frontrun() -> tuple[int, float] | None:
    """Return the same of frontrun, and ``None`` where it is not installed."""
    command = Path(sys.executable).parent / "frontrun"
    if not command.exists():
        print("frontrun: not installed, not compared")
        return None
    run = subprocess.run(
        [command, sys.executable, __file__, "--frontrun"],
        capture_output=True, text=True, timeout=600, check=True,
    )  # fmt: skip
    executions, seconds = run.stdout.split()[-2:]
    print(f"frontrun: {executions} executions in {float(seconds):.3f} s")
    return int(executions), float(seconds)


def inside_frontrun() -> None:
    """Let frontrun do the same work, its preemption bound off, and print what it took."""
    import frontrun  # noqa: PLC0415 - it may be missing

    class State:
        def __init__(self) -> None:
            self.value = 0

    def work(state: State) -> None:
        value = state.value
        state.value = value + 1

    began = time.perf_counter()
    result = frontrun.explore(
        setup=State, workers=[work] * 4, invariant=lambda _: True, preemption_bound=None,
        max_executions=None, stop_on_first=False,
    )  # fmt: skip
    print(result.num_explored, time.perf_counter() - began)


def cost_of_length(folder: Path) -> float:
    """Return how many times as long an event takes at eight times the events."""
    costs = []
    for rounds in (10, 20, 40, 80):
        executions, events, seconds = searched(folder, LONG.format(rounds=rounds))
        costs.append(seconds / events)
        print(
            f"{rounds} rounds: {executions} executions of {events // executions} events, "
            f"{seconds / executions * 1e3:.2f} ms each, {seconds / events * 1e6:.1f} µs an event"
        )
    return costs[-1] / costs[0]


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
    failures = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        explore_once = folder / "program.py"
        explore_once.write_text("print(1)\n", encoding="utf-8")
        explore(explore_once)
        executions, seconds = four_lost_updates(folder)
        theirs = with_frontrun()
        if theirs is not None:
            faster = theirs[1] / seconds
            rate = (executions / seconds) / (theirs[0] / theirs[1])
            print(f"against frontrun: {faster:.1f} times faster, {rate:.1f} times the rate")
            failures += faster < TIMES_FASTER
            failures += rate < TIMES_THE_RATE
        failures += cost_of_length(folder) > STEEPEST
        failures += growth(folder) > MOST_MEMORY
    return failures


if __name__ == "__main__":
    if sys.argv[1:] == ["--frontrun"]:
        inside_frontrun()
        sys.exit()
    sys.exit(main())
