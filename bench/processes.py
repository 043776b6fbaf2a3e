"""How fast the explorer for processes is, in the processor's time.

Run it as a script. It prints one line for each measurement, and fails where a promise is not kept:
a thousand executions a second of the hello of processes under each start method, and each program
of the site that starts processes explored in under a second.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from anyorder.checking import Program
from anyorder.exploring import explore
from anyorder.exploring.explorer import Explorer
from anyorder.outcomes import StartMethod, StdoutTo

EXAMPLES = Path(__file__).parents[1] / "src/examples"
HELLO = EXAMPLES / "two-ways/second_process.py"
ROUNDS = 5  # of all executions of the hello, unbuffered
LEAST = 1_000  # executions a second
MOST = 1.0  # seconds for a program


def rate(method: StartMethod) -> float:
    """Return the executions a second of the best of some searches."""
    best = 0.0
    for _ in range(ROUNDS):
        began = time.process_time()
        setting = (method, StdoutTo.UNBUFFERED)
        found = Explorer(HELLO, None, None, 1_000, None, setting).search()
        best = max(best, found.executions / (time.process_time() - began))
    print(f"{HELLO.name}, {method}: {found.executions} executions, {best:.0f}/s")
    return best


def longest() -> float:
    """Return the seconds of the slowest program of the site, explored with its witnesses."""
    slowest = 0.0
    for path in sorted(EXAMPLES.rglob("*.py")):
        if not path.with_suffix(".toml").exists():
            continue
        program = Program.read(path)
        if not program.starts_processes or program.file.unexplored:
            continue
        for method in StartMethod:
            for to in StdoutTo:
                began = time.process_time()
                found = explore(path, start_method=method, stdout_to=to)
                seconds = time.process_time() - began
                slowest = max(slowest, seconds)
                if seconds > MOST:
                    print(f"{path.name}, {method}, {to}: {found.executions} executions")
    print(f"the slowest program of the site: {slowest:.2f} s")
    return slowest


def main() -> int:
    """Measure, and return how many promises were not kept."""
    failures = sum(rate(method) < LEAST for method in StartMethod)
    return failures + (longest() > MOST)


if __name__ == "__main__":
    sys.exit(main())
