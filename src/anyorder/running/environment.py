"""The environment that a program is run with, nothing of which comes from outside by accident."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from anyorder.outcomes import Prompt, Setting, StdoutTo
from anyorder.outcomes.settings import TERMINAL, VARIABLES
from anyorder.running.problems import CannotRun

__all__ = ["Before", "environment_for", "terminal_for"]

START_METHOD = Path(__file__).with_name("start_method")
NEEDED_TO_START = ("PATH", "LD_LIBRARY_PATH")  # all that comes from outside
# So wide and high that nothing wraps and nothing scrolls away: how long the paths of the library
# are must not change what a session's screen shows.
SESSION_TERMINAL = (1000, 500)
SINCE_NEW_PROMPT = 13


@dataclass(frozen=True, slots=True)
class Before:
    """What Python runs before a program, which leaves the program as it is.

    Its ``__main__``, its lines and its arguments stay the same. Children that are not forked run it
    too.

    Args:
        folder: where a module ``sitecustomize`` lies, which Python imports when it starts
        variables: what the environment says to it
    """

    folder: Path
    variables: Mapping[str, str] = field(default_factory=dict, hash=False)


def terminal_for(setting: Setting) -> tuple[int, int] | None:
    """Return lines and columns of the terminal that a program gets, ``None`` where it gets none."""
    if setting.prompt is not None:
        return SESSION_TERMINAL
    return TERMINAL if setting.stdout_to is StdoutTo.TERMINAL else None


def environment_for(
    setting: Setting, program: Path, before: Before | None = None
) -> dict[str, str]:
    """Return the whole environment of a program, but for the folders that are new in each run.

    Args:
        setting: how it is to run
        program: its file, for messages
        before: what Python is to run before it

    Raises:
        CannotRun: where the interpreter does not know the start method or the prompt
    """
    check(setting, program)
    lines, columns = terminal_for(setting) or TERMINAL
    environment = {name: os.environ[name] for name in NEEDED_TO_START if name in os.environ}
    environment |= {
        "COLUMNS": str(columns),
        "LINES": str(lines),
        # The new prompt only comes up on a terminal that can move its cursor.
        "TERM": "linux" if setting.prompt is not None else "dumb",
        **VARIABLES,
    }
    if setting.stdout_to is StdoutTo.UNBUFFERED:
        environment["PYTHONUNBUFFERED"] = "1"
    if setting.interpreter.free_threaded:
        environment["PYTHON_GIL"] = "0"  # a build with a GIL would refuse to start
    if setting.prompt is Prompt.BASIC:
        environment["PYTHON_BASIC_REPL"] = "1"
    folders = []
    method = setting.start_method
    if method is not None and method != setting.interpreter.start_methods[0]:
        folders.append(str(START_METHOD))
        environment["ANYORDER_START_METHOD"] = method
    if before is not None:
        folders.append(str(before.folder))
        environment |= before.variables
    if folders:
        environment["PYTHONPATH"] = os.pathsep.join(folders)
    return environment


def check(setting: Setting, program: Path) -> None:
    """Refuse a setting that no run can have.

    Raises:
        CannotRun: where it is one
    """
    interpreter, method = setting.interpreter, setting.start_method
    if method is not None and method not in interpreter.start_methods:
        raise CannotRun(
            f"{program}: Python {interpreter.name} does not know the start method {method}; "
            f"ask for one of {', '.join(interpreter.start_methods)}"
        )
    if setting.prompt is None:
        return
    if sys.platform != "linux":
        raise CannotRun(
            f"{program}: whether a session has come to rest can be seen on Linux only; run it there"
        )
    minor = int(re.findall(r"\d+", interpreter.version)[1])
    if setting.prompt is Prompt.NEW and minor < SINCE_NEW_PROMPT:
        raise CannotRun(
            f"{program}: Python {interpreter.name} has no new prompt; "
            "ask for the basic one, or for Python 3.13 or newer"
        )
