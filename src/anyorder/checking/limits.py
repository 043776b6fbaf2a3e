"""How often a program is run, and for how long: the settings of pytest and Sphinx."""

from __future__ import annotations

from contextlib import suppress
from math import inf

__all__ = ["RUNS", "TIMEOUT", "limits"]

# where nobody says otherwise: runs of a program in each setting, and seconds for each of them
RUNS = 5
TIMEOUT = 10.0


def limits(runs: object, timeout: object) -> tuple[int, float]:
    """Return the values of ``anyorder_runs`` and ``anyorder_timeout`` as numbers.

    Raises:
        ValueError: one of them is no such number; names it and the fix
    """
    number, seconds = 0, 0.0
    with suppress(ValueError):
        number = int(str(runs))
    if number < 1:
        raise ValueError(f"anyorder_runs is {runs!r}: write a whole number, 1 or more")
    with suppress(ValueError):
        seconds = float(str(timeout))
    if not 0 < seconds < inf:
        raise ValueError(f"anyorder_timeout is {timeout!r}: write seconds, more than 0")
    return number, seconds
