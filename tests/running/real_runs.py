"""What the tests of real runs share: where the samples are, and what is left of a run."""

from __future__ import annotations

import os
from pathlib import Path

SAMPLES = Path(__file__).parent / "samples"


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
