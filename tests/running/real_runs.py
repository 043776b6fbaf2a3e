"""What the tests of real runs share: where the samples are, and what is left of a run."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

from anyorder import running
from anyorder.outcomes import Ends, Outcome, Setting

SAMPLES = Path(__file__).parent / "samples"
# a run that ends has the time that it needs, however busy the machine is
run = partial(running.run, timeout=600)
observe = partial(running.observe, timeout=600)
# seconds for one that is to be killed once it has said what it has to say: as soon as they suffice
PATIENCE = (3, 30, 300)


def killed(program: Path, setting: Setting, has_said_all: Callable[[str], bool]) -> Outcome:
    """Run a program that does not end until it has said all."""
    for seconds in PATIENCE:
        outcome = run(program, setting, timeout=seconds)
        if outcome.ends is not Ends.UNENDED or has_said_all(outcome.stdout):
            break
    return outcome


def leftovers(folder: Path) -> list[str]:
    """Return the files in ``folder``, and the processes of runs that had it as temporary folder.

    Other processes of the machine, such as those of tests beside this one, do not count.
    """
    mark = os.fsencode(folder / "anyorder-")
    found = [str(path) for path in folder.iterdir()]
    for process in Path("/proc").glob("[0-9]*"):
        try:
            environment, command = (
                (process / "environ").read_bytes(),
                (process / "cmdline").read_bytes(),
            )
        except OSError:
            continue
        if mark in environment:
            found.append(f"{process.name}: {command!r}")
    return found
