"""One real run of one program."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from anyorder.outcomes import Ends, Outcome, Setting, StdoutTo
from anyorder.outcomes.tracebacks import normalised
from anyorder.running.environment import COLUMNS, LINES, environment_for
from anyorder.running.keepers import KeeperLost, a_keeper
from anyorder.running.problems import CannotRun

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["run"]

LIMIT = 1 << 20  # bytes that a program may write to each stream


def run(program: Path, setting: Setting, *, timeout: float = 10.0) -> Outcome:
    """Run ``program`` once, as ``python program.py`` would, and return what came of it.

    The run is over when all its processes are gone; after the timeout they are all killed. The
    program gets an environment that holds nothing from outside and a new working folder, which is
    removed.

    Args:
        program: a Python file
        setting: where and how it is to run
        timeout: seconds that it may take; a program that takes longer has not ended

    Raises:
        CannotRun: where the program, the interpreter or the start method is not there, or where
            the program writes more than can be an example
    """
    if not program.is_file():
        raise CannotRun(f"{program}: there is no such program; mend the path, or write the file")
    request = {
        "argv": [str(setting.interpreter.path), str(program.absolute())],
        "env": environment_for(setting, str(program)),
        "terminal": [LINES, COLUMNS] if setting.stdout_to is StdoutTo.TERMINAL else None,
        "typed": False,
        "timeout": timeout,
        "limit": LIMIT,
    }
    try:
        with a_keeper() as keeper:
            answer = keeper.ask(request)
    except KeeperLost:
        raise CannotRun(
            f"{program}: the process that kept it was killed; let the program end only its own"
        ) from None
    return outcome_of(answer, program, setting)


def outcome_of(answer: dict[str, Any], program: Path, setting: Setting) -> Outcome:
    """Return the outcome that a keeper's ``answer`` tells of.

    Raises:
        CannotRun: where it tells of none
    """
    if "error" in answer:
        raise CannotRun(
            f"{program}: {setting.interpreter.path} could not be started ({answer['error']}); "
            "look for the interpreters that there are again"
        )
    if answer["over"]:
        raise CannotRun(
            f"{program}: it wrote more than {LIMIT >> 20} MiB to {answer['over']}; "
            "let it write less, an example is read by people"
        )
    stdout, stderr = (
        base64.b64decode(answer[stream]).decode("utf-8", "backslashreplace")
        for stream in ("stdout", "stderr")
    )
    stderr = normalised(stderr, program.name)
    if not answer["ended"]:
        return Outcome(stdout, stderr, None, Ends.UNENDED)
    return Outcome(stdout, stderr, answer["status"])
