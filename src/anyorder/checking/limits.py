"""How often a program is run, for how long, and how far it is explored."""

from __future__ import annotations

from contextlib import suppress
from math import inf

from anyorder.exploring import Limits

__all__ = [
    "FOLLOW",
    "LIMITS",
    "REQUIRE_EXPLORED",
    "RUNS",
    "SETTINGS",
    "TIMEOUT",
    "limits",
    "limits_of_search",
]

# where nobody says otherwise: runs of a program in each setting, and seconds for each of them
RUNS = 5
TIMEOUT = 10.0

# a program that needs more is too large to be an example; the search for a bound takes a minute
LIMITS = Limits(max_executions=50_000)

# the settings of a search, each with what it says; the command has options of these names
SETTINGS = {
    "max_executions": "Executions after which a search stops.",
    "max_seconds": "Seconds after which exploring stops.",
    "max_events": "Events that one execution may have.",
}

# what the settings of these names say, which the command has options of as well
FOLLOW = "Packages of others, written in Python alone, to follow as a program's own modules."
REQUIRE_EXPLORED = "Fail a program that was run and not explored, though its file says no reason."


def limits(runs: object, timeout: object) -> tuple[int, float]:
    """Return the values of ``anyorder_runs`` and ``anyorder_timeout`` as numbers.

    Raises:
        ValueError: one of them is no such number; names it and the fix
    """
    return _whole("runs", runs), _seconds("timeout", timeout)


def limits_of_search(max_executions: object, max_seconds: object, max_events: object) -> Limits:
    """Return the settings of pytest or Sphinx that are about a search; ``""`` is no limit.

    Raises:
        ValueError: one of them is no such number; names it and the fix
    """
    return Limits(
        None if max_executions == "" else _whole("max_executions", max_executions),
        None if max_seconds == "" else _seconds("max_seconds", max_seconds),
        _whole("max_events", max_events),
    )


def _seconds(name: str, value: object) -> float:
    seconds = 0.0
    with suppress(ValueError):
        seconds = float(str(value))
    if not 0 < seconds < inf:
        raise ValueError(f"anyorder_{name} is {value!r}: write seconds, more than 0")
    return seconds


def _whole(name: str, value: object) -> int:
    number = 0
    with suppress(ValueError):
        number = int(str(value))
    if number < 1:
        raise ValueError(f"anyorder_{name} is {value!r}: write a whole number, 1 or more")
    return number
