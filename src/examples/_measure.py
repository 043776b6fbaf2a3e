"""Times the programs of "Really at once" and "Too much" on every Python found, for these pages.

``nox -s measure`` runs it, on Linux; what stands behind it are the number of rounds and the records
to make, if not all. It takes some minutes where nothing else runs on the machine, and longer where
something does. Nothing ever tests the times: they are what one machine took on one day.

Every round runs each program once on each Python. What other programs do meanwhile falsifies a
time, so each run waits for a quiet moment, and afterwards it is looked up how much of the machine
others used during the run. Of all rounds those runs are kept that others disturbed least. Which
runs are kept does not depend on how long they took.
"""

from __future__ import annotations

import ctypes
import datetime as dt
import hashlib
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from anyorder.outcomes import Interpreter, Setting
from anyorder.running import find_interpreters
from anyorder.running.environment import environment_for

HERE = Path(__file__).parent
# of each record the works, and of each work the ways to do it, each a program beside the record and
# what it is called with; the first way is the one that the others are compared to
RECORDS = {
    "two-ways/really_at_once": {
        "counting": {
            "one thread": ["count_in_turn.py", "200000"],
            "four threads": ["count_threads.py", "200000"],
            "four processes": ["count_processes.py", "200000"],
        },
        "waiting": {
            "one thread": ["wait_in_turn.py"],
            "four threads": ["wait_threads.py"],
            "four processes": ["wait_processes.py"],
        },
        "counting little": {
            "one thread": ["count_in_turn.py", "2000"],
            "four threads": ["count_threads.py", "2000"],
            "four processes": ["count_processes.py", "2000"],
        },
    },
    "shared-state/too_much": {
        "asking": {
            "one thread": ["asked_alone.py"],
            "long lock": ["asked_in_turn.py"],
            "short lock": ["asked_at_once.py"],
        },
    },
}
ROUNDS = 11
KEPT = 5
CORES = len(os.sched_getaffinity(0))
QUIET = 0.1  # the share of the machine that others may use when a run begins
LOOK = 0.1  # seconds to look for that
PATIENCE = 2.0  # seconds to wait for that
PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h

Run = tuple[float, float]  # the share of the machine that others used, and the seconds it took


def main() -> None:
    """Make each record, or those that are named, in so many rounds."""
    numbers = [int(word) for word in sys.argv[1:] if word.isdecimal()]
    names = [word for word in sys.argv[1:] if not word.isdecimal()]
    adopt_orphans()
    for name in names or RECORDS:
        record(name, *numbers)


def record(name: str, rounds: int = ROUNDS) -> None:
    """Record every work, way and Python, round by round."""
    path = HERE / f"{name}.measured.json"
    works = RECORDS[name]
    pythons, _ = find_interpreters()
    runs: dict[tuple[str, str, str], list[Run]] = {}
    for number in range(1, rounds + 1):
        for python in pythons:
            for work, ways in works.items():
                for way, (program, *words) in ways.items():
                    run = timed(python, path.with_name(program), words)
                    runs.setdefault((python.name, work, way), []).append(run)
        print(f"{name}: round {number} of {rounds}", flush=True)
    kept = {key: sorted(each)[: min(KEPT, rounds)] for key, each in runs.items()}
    others = [share for each in kept.values() for share, _ in each]
    content = {
        "programs": {
            command[0]: hashlib.sha256(path.with_name(command[0]).read_bytes()).hexdigest()
            for ways in works.values()
            for command in ways.values()
        },
        "recorded": {
            "date": str(dt.datetime.now(tz=dt.UTC).date()),
            "machine": f"{platform.system()} {platform.machine()}",
            "processor": processor(),
            "cores": CORES,
            "rounds": rounds,
            "kept": min(KEPT, rounds),
            "others": {
                "median": round(statistics.median(others), 3),
                "most": round(max(others), 3),
            },
        },
        "works": works,
        "pythons": [
            {
                "python": python.version,
                "free_threaded": python.free_threaded,
                "build": build(python),
                "start_method": python.start_methods[0],
                "seconds": {
                    work: {
                        way: sorted(round(took, 4) for _, took in kept[python.name, work, way])
                        for way in ways
                    }
                    for work, ways in works.items()
                },
            }
            for python in pythons
        ],
    }
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    draft.replace(path)
    share = statistics.median(others)
    print(f"{path.name}: other programs used {share:.0%} of the machine")
    if share > QUIET:
        print("That is much: record again when the machine is quiet.")


def timed(python: Interpreter, program: Path, words: list[str]) -> Run:
    """Run a program once, from the start of its interpreter to its end."""
    environment = environment_for(Setting(python), program)
    wait_for_quiet()
    used, ours = used_by_all(), used_by_ours()
    begin = time.perf_counter()
    subprocess.run(  # noqa: S603 - running a program is what it is for
        [python.path, program, *words], env=environment, check=True, stdout=subprocess.PIPE
    )
    took = time.perf_counter() - begin
    wait_for_orphans()
    others = used_by_all() - used - (used_by_ours() - ours)
    available = (time.perf_counter() - begin) * CORES
    return max(0.0, others / available), took


def wait_for_quiet() -> None:
    """Wait until others leave the machine alone, but not for ever."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        used = used_by_all()
        time.sleep(LOOK)
        if used_by_all() - used <= QUIET * LOOK * CORES:
            return


def wait_for_orphans() -> None:
    """Wait for the processes that a program left, such as the fork server, which end by now."""
    with suppress(ChildProcessError):
        while True:
            os.waitpid(-1, 0)


def used_by_all() -> float:
    """Return how many seconds of all cores were used since the machine began, or stolen from it."""
    first = Path("/proc/stat").read_text(encoding="ascii").splitlines()[0]
    user, nice, system, _, _, irq, softirq, steal = map(int, first.split()[1:9])
    return (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")


def used_by_ours() -> float:
    """Return how many seconds this process and those that it waited for have used."""
    return sum(os.times()[:4])


def adopt_orphans() -> None:
    """Become the parent of each process that a program leaves, so that it can be waited for."""
    if ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        sys.exit("this Linux does not let a process adopt orphans: measure on a newer one")


def processor() -> str:
    """Return what the machine's processor calls itself."""
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return " ".join(line.partition(":")[2].replace("(R)", "").split())
    return platform.machine()


def build(python: Interpreter) -> str:
    """Return the compiler that built a Python, and the options that make it faster or slower."""
    words = "import platform, sysconfig as s; a = s.get_config_var('CONFIG_ARGS') or ''; "
    words += "print(platform.python_compiler(), "
    words += "*(o for o in ('--enable-optimizations', '--with-lto') if o in a))"
    done = subprocess.run(  # noqa: S603 - an interpreter that was found
        [python.path, "-I", "-c", words], check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


if __name__ == "__main__":
    main()
