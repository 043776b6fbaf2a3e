"""The environment that a program is run with, nothing of which comes from outside by accident."""

from __future__ import annotations

import os
from pathlib import Path

from anyorder.outcomes import Prompt, Setting, StdoutTo
from anyorder.running.problems import CannotRun

__all__ = ["COLUMNS", "LINES", "environment_for"]

START_METHOD = Path(__file__).with_name("start_method")
LINES, COLUMNS = 24, 80
NEEDED_TO_START = ("PATH", "LD_LIBRARY_PATH")  # all that comes from outside


def environment_for(setting: Setting, name: str) -> dict[str, str]:
    """Return the whole environment of a program, but for the folders that are new in each run.

    Args:
        setting: how it is to run
        name: what the program is called in messages

    Raises:
        CannotRun: where the interpreter does not know the start method
    """
    interpreter, method = setting.interpreter, setting.start_method
    environment = {name: os.environ[name] for name in NEEDED_TO_START if name in os.environ}
    environment |= {
        "COLUMNS": str(COLUMNS),
        "LINES": str(LINES),
        "LC_ALL": "C.UTF-8",
        "NO_COLOR": "1",
        "TERM": "dumb",
        "PYTHON_COLORS": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONIOENCODING": "utf-8",
        "PYTHONUTF8": "1",
    }
    if setting.stdout_to is StdoutTo.UNBUFFERED:
        environment["PYTHONUNBUFFERED"] = "1"
    if interpreter.free_threaded:
        environment["PYTHON_GIL"] = "0"  # a build with a GIL would refuse to start
    if setting.prompt is Prompt.BASIC:
        environment["PYTHON_BASIC_REPL"] = "1"
    if method is not None and method not in interpreter.start_methods:
        raise CannotRun(
            f"{name}: Python {interpreter.name} does not know the start method {method}; "
            f"ask for one of {', '.join(interpreter.start_methods)}"
        )
    if method is not None and method != interpreter.start_methods[0]:
        environment |= {"PYTHONPATH": str(START_METHOD), "ANYORDER_START_METHOD": method}
    return environment
