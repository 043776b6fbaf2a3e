"""How long a reader waits for a set of outcomes that is too large to be read one by one.

Run it as a script. It explores, accepts and checks two programs by the command, each time with
nothing kept from before, and fails where one of them keeps a processor busy for longer than is
promised, or where the set is not summed up.
"""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

# three threads that print as they begin and as they are done, where they need not wait
PAGES = """\
import threading
import time


def fetch(page, pause):
    print(f"asking for {page}")
    time.sleep(pause)
    print(f"got {page}")


pages = ["news", "sport", "weather"]
threads = [
    threading.Thread(target=fetch, args=(page,), kwargs={"pause": 0.1}) for page in pages
]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""
# a line each, whole, in 5,040 orders
IN_TURN = """\
import threading

lock = threading.Lock()


def greet(name):
    with lock:
        print("hello from", name)


threads = [threading.Thread(target=greet, args=(name,)) for name in "ABCDEFG"]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""


class Program(NamedTuple):
    """A program, and what its outcomes are summed up by.

    Args:
        source: its text
        counts: the count of each entry
    """

    source: str
    counts: list[str]


PROGRAMS = {
    "three threads, two prints each": Program(PAGES, ["90", "4356"]),
    "seven threads, a line each": Program(IN_TURN, ["5040"]),
}
COMMANDS = ("explore", "accept", "check")
MOST = 10  # seconds for which a processor may be busy


def busy() -> float:
    """Return for how many seconds a processor was busy with processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def asked(folder: Path, command: str) -> tuple[str, float, float]:
    """Return what a command says of the program, for how long it was busy, and how long it took."""
    with tempfile.TemporaryDirectory() as cache:
        before, began = busy(), time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", "anyorder", command, "program.py"],
            env=os.environ | {"XDG_CACHE_HOME": cache}, cwd=folder, capture_output=True, text=True,
            check=True,
        )  # fmt: skip
        return done.stdout, busy() - before, time.perf_counter() - began


def main() -> int:
    """Measure, and return how many promises were not kept."""
    failures = 0
    for name, program in PROGRAMS.items():
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "program.py").write_text(program.source, encoding="utf-8")
            for command in COMMANDS:
                said, seconds, clock = asked(Path(folder), command)
                print(
                    f"{name}: {command}: {seconds:.1f} s busy (promised: {MOST}), {clock:.1f} s on "
                    f"the clock, {len(said.splitlines())} lines"
                )
                failures += seconds > MOST
                if command != "check":
                    failures += re.findall(r"count = (\d+)", said) != program.counts
    return failures


if __name__ == "__main__":
    sys.exit(main())
