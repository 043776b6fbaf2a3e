"""Real runs that are provoked: they sleep at random before each line."""

from __future__ import annotations

import os
from pathlib import Path

from anyorder.running import Before, run

__all__ = ["provoked_run"]

PROVOKING = Path(__file__).with_name("provoking")


def provoked_run(program, setting, seed, *, library=False, timeout=60.0):
    """Run a program once as ``run`` does, with sleeps.

    Args:
        program: its file
        setting: where and how
        seed: what the sleeps are drawn from; the system does the rest, so that a run need not come
            again
        library: whether it sleeps before lines of the library too
        timeout: seconds that it may take
    """
    told = {
        "PROVOKED_PROGRAM": os.path.abspath(program),  # noqa: PTH100 - as it is run
        "PROVOKED_SEED": str(seed),
    }
    told |= {"PROVOKED_LIBRARY": "1"} if library else {}
    return run(program, setting, timeout=timeout, before=Before(PROVOKING, told))
