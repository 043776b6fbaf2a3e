"""The Pythons that there are on this machine, found by running them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from anyorder.outcomes import Interpreter, StartMethod
from anyorder.running.problems import CannotRun

__all__ = ["Skipped", "find_interpreters", "this_interpreter"]

OLDEST = (3, 11)
COMMAND = re.compile(r"python3\.(?P<minor>\d+)t?$")
VERSION = re.compile(r"\d+(\.\d+)*t?$")
PROBE = """
import json, multiprocessing, platform, sys, sysconfig
default = multiprocessing.get_start_method()
methods = [default, *(m for m in multiprocessing.get_all_start_methods() if m != default)]
free_threaded = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
known = [sys.executable, platform.python_version(), free_threaded, methods, sys.platform]
print(json.dumps(known))
"""


@dataclass(frozen=True, slots=True)
class Skipped:
    """An executable that calls itself Python and was passed over, and why.

    Args:
        command: its name on ``PATH``
        reason: why it was passed over
    """

    command: str
    reason: str


def find_interpreters(
    wanted: Iterable[str] | None = None,
) -> tuple[list[Interpreter], list[Skipped]]:
    """Return the interpreters that really run, and the commands that were passed over.

    Args:
        wanted: versions, such as ``"3.14"`` or ``"3.14t"``, and paths of executables; ``None`` for
            this Python and one of each version and build on ``PATH``, from 3.11

    Raises:
        CannotRun: where one that is wanted is not there, or is no Python
    """
    if wanted is not None:
        found = [wanted_interpreter(word) for word in wanted]
        return list({interpreter.path: interpreter for interpreter in found}.values()), []
    this = this_interpreter()
    by_name, skipped = {this.name: this}, []
    for name, commands in commands_on_path().items():
        for command in commands:
            try:
                interpreter = probed(command)
            except NoPythonError as error:
                skipped.append(Skipped(command, str(error)))
                break
            by_name.setdefault(interpreter.name, interpreter)
            # a free-threaded Python may have a command without a "t" too, which hides another's
            if interpreter.free_threaded == name.endswith("t"):
                break
    ordered = sorted(by_name.values(), key=lambda each: (version_of(each), each.free_threaded))
    return ordered, skipped


def this_interpreter() -> Interpreter:
    """Return the Python that runs this."""
    return probed(sys.executable)


def wanted_interpreter(word: str) -> Interpreter:
    """Return the interpreter that a person means by a version or a path.

    Raises:
        CannotRun: where there is none
    """
    command: str | None = word
    if VERSION.match(word):
        this = this_interpreter()
        asked = word.removesuffix("t")
        if this.free_threaded == word.endswith("t") and f"{this.version}.".startswith(f"{asked}."):
            return this
        command = shutil.which(f"python{word}")
    if command is None or shutil.which(command) is None:
        looked_for = f"no python{word} on PATH" if VERSION.match(word) else "no such executable"
        raise CannotRun(
            f"Python {word}: there is {looked_for}; install it, or give the path of its executable"
        )
    try:
        return probed(command)
    except NoPythonError as error:
        raise CannotRun(
            f"Python {word}: {command} does not run as a Python ({error}); "
            "give a version that is installed, or the path of its executable"
        ) from None


class NoPythonError(Exception):
    """An executable that does not run as a Python does."""


@cache
def probed(command: str) -> Interpreter:
    """Return the interpreter that ``command`` starts, asked of itself.

    Raises:
        NoPythonError: with what it said instead
    """
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    try:
        done = subprocess.run(  # noqa: S603 - running an interpreter is what it is for
            [command, "-I", "-c", PROBE],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=True,
            encoding="utf-8",
            errors="replace",
            env=environment,
            timeout=60,
        )
        path, version, free_threaded, methods, platform = json.loads(done.stdout)
    except subprocess.CalledProcessError as error:
        said = error.stderr.strip().splitlines() or ["it says nothing"]
        raise NoPythonError(f"exit status {error.returncode}: {said[0]}") from None
    except ValueError:
        raise NoPythonError("it does not answer as a Python does") from None
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NoPythonError(str(error)) from None
    return Interpreter(
        Path(path), version, free_threaded, tuple(map(StartMethod, methods)), platform
    )


def commands_on_path() -> dict[str, list[str]]:
    """Return each ``python3.N`` and ``python3.Nt`` on ``PATH``, the first to be found first."""
    found: dict[str, list[str]] = {}
    for folder in os.get_exec_path():
        for path in sorted(Path(folder).glob("python3.*")):
            match = COMMAND.match(path.name)
            if match and int(match["minor"]) >= OLDEST[1] and os.access(path, os.X_OK):
                found.setdefault(path.name, []).append(str(path))
    return found


def version_of(interpreter: Interpreter) -> tuple[int, ...]:
    """Return the numbers of its version, to sort by."""
    return tuple(map(int, re.findall(r"\d+", interpreter.version)))
