"""What a run costs, over ``python program.py`` by subprocess.

Run as a script it prints the two medians and their ratio, and fails where the ratio is over its
bound: ``python bench/running.py``.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from anyorder.outcomes import Setting, StdoutTo
from anyorder.running import environment, run, this_interpreter

PROGRAM = Path(__file__).parents[1] / "tests/running/samples/says_hello.py"
RUNS = 20
BOUND = 1.5


def measure() -> tuple[float, float]:
    """Return the medians in seconds: of a run through a warm keeper, and of one by subprocess.

    The two take turns, so that whatever else the machine does falls on both.
    """
    setting = Setting(this_interpreter(), stdout_to=StdoutTo.PIPE)
    command = [str(setting.interpreter.path), str(PROGRAM)]
    variables = environment.environment_for(setting, PROGRAM)
    run(PROGRAM, setting)  # starts the keeper
    kept, bare = [], []
    for _ in range(RUNS):
        kept.append(seconds(lambda: run(PROGRAM, setting)))
        bare.append(
            seconds(lambda: subprocess.run(command, env=variables, capture_output=True, check=True))
        )
    return statistics.median(kept), statistics.median(bare)


def seconds(call: Callable[[], object]) -> float:
    """Return how long ``call`` takes."""
    begin = time.perf_counter()
    call()
    return time.perf_counter() - begin


def main() -> int:
    """Print what a run costs, and return an exit status."""
    kept, bare = measure()
    print(
        f"a run: {kept * 1000:.1f} ms, python program.py: {bare * 1000:.1f} ms, "
        f"ratio {kept / bare:.2f} (bound {BOUND}), medians of {RUNS}"
    )
    return int(kept / bare >= BOUND)


if __name__ == "__main__":
    sys.exit(main())
