"""What the interpreter itself keeps for the program that runs on it.

Each process has an interpreter of its own: one that is forked has its parent's settings, and any
other begins with those that Python has. Here one interpreter runs all of them in turns.
"""

from __future__ import annotations

import sys
import warnings
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from anyorder.exploring.processes.system.computer import Computer

__all__ = ["Settings", "put_settings", "settings_of"]

SET_LIMIT = sys.setrecursionlimit  # the program gets another one
WARNINGS = ("filters", "onceregistry", "showwarning", "_showwarnmsg_impl")


class Settings(NamedTuple):
    """The settings of one interpreter.

    Args:
        limit: how deep calls may go
        interval: how long a thread has the GIL
        digits: how many digits a number may have as a text
        stack_size: that of threads
        warnings: what ``warnings`` keeps, by name
    """

    limit: int
    interval: float
    digits: int
    stack_size: int
    warnings: dict[str, Any]

    def copy(self) -> Settings:
        """Return the same settings for another interpreter."""
        kept = self.warnings
        own = {"filters": [*kept["filters"]], "onceregistry": {**kept["onceregistry"]}}
        return self._replace(warnings={**kept, **own})


def settings_of(machine: Computer) -> Settings:
    """Return the settings that are in place."""
    return Settings(
        sys.getrecursionlimit(),
        sys.getswitchinterval(),
        sys.get_int_max_str_digits(),
        machine.stack_size,
        {name: getattr(warnings, name) for name in WARNINGS},
    )


def put_settings(machine: Computer, settings: Settings) -> None:
    """Put settings in place.

    A limit that is lower than the calls of the thread that gives way is refused.
    """
    if settings.limit != sys.getrecursionlimit():
        try:
            SET_LIMIT(settings.limit)
        except RecursionError:
            machine.refuse(
                "sys.setrecursionlimit() of one process lets it recurse deeper than another may, "
                "while that goes on: let it recurse less deep"
            )
    if settings.interval != sys.getswitchinterval():
        sys.setswitchinterval(settings.interval)
    if settings.digits != sys.get_int_max_str_digits():
        sys.set_int_max_str_digits(settings.digits)
    machine.stack_size = settings.stack_size
    vars(warnings).update(settings.warnings)
