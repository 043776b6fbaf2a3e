"""One real run of one program, or of one session."""

from __future__ import annotations

import base64
import codeop
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from anyorder.outcomes import Ends, Outcome, Setting
from anyorder.outcomes.tracebacks import normalised
from anyorder.running.environment import Before, environment_for, terminal_for
from anyorder.running.keepers import KeeperLost, a_keeper
from anyorder.running.problems import CannotRun
from anyorder.running.session import Typist
from anyorder.running.written import as_written

__all__ = ["lines_of", "run"]

# what a machine may lack to run a program, and the fix
LACKING = {
    "folder": "no folder could be made for it ({error}); "
    "let TMPDIR name a folder that can be written to, with space left",
    "terminal": "this machine has no pseudo-terminal to run it on ({error}); "
    "mount /dev/pts, or run a script with --stdout-to=pipe",
    "interpreter": "{setting.interpreter.path} could not be started ({error}); "
    "name a Python that runs",
}
# a line of a session as the screen shows it
PROMPTED = re.compile(r"(?P<prompt>>>>|\.\.\.)(?: (?P<typed>.*)|$)")
LIMIT = 1 << 20  # bytes that a program may write to each stream


def run(
    program: Path, setting: Setting, *, timeout: float = 10.0, before: Before | None = None
) -> Outcome:
    """Run ``program`` once, as ``python program.py`` would, and return what came of it.

    The run is over when all its processes are gone; after the timeout they are all killed. The
    program gets an environment that holds nothing from outside and a new working folder, which is
    removed.

    Where the setting names a prompt, the program is a session: its lines are typed at the prompt of
    an interpreter, each when the prompt is shown and all processes have come to rest. Then the
    outcome's stdout is what the screen shows: see :class:`~anyorder.running.session.Typist`.

    Args:
        program: a Python file, or a file of lines to type
        setting: where and how it is to run
        timeout: seconds that it may take; a program that takes longer has not ended
        before: what Python is to run before it

    Raises:
        CannotRun: where the program, the interpreter, the start method or the prompt is not there,
            or where the program writes more than an example would
    """
    if not program.is_file():
        raise CannotRun(f"{program}: there is no such program; fix the path, or write the file")
    path = os.path.abspath(program)  # noqa: PTH100 - Path keeps "..", which a spawned child does not
    terminal = terminal_for(setting)
    typist = None
    arguments = [path]
    if setting.prompt is not None and terminal is not None:
        typist = Typist(lines_of(program), terminal)
        arguments = ["-q"]  # no banner
    request = {
        "argv": [str(setting.interpreter.path), *arguments],
        "env": environment_for(setting, program, before),
        "terminal": terminal,
        "typed": typist is not None,
        "timeout": timeout,
        "limit": LIMIT,
    }
    try:
        with a_keeper() as keeper:
            answer = keeper.ask(request)
            while typist is not None and "rest" in answer:
                typed = typist.after(base64.b64decode(answer["rest"]))
                answer = keeper.ask({"type": base64.b64encode(typed).decode()})
    except KeeperLost:
        raise CannotRun(
            f"{program}: the process that kept it was killed; let the program end only its own"
        ) from None
    check(answer, program, setting)
    stdout, stderr = (base64.b64decode(answer[stream]) for stream in ("stdout", "stderr"))
    ends = {"exit": answer["status"]} if answer["ended"] else {"exit": None, "ends": Ends.UNENDED}
    if typist is not None:
        return Outcome(typist.text(stdout), **ends)
    said = stderr.decode("utf-8", "backslashreplace")
    return Outcome(
        stdout.decode("utf-8", "backslashreplace"),
        normalised(said, path),
        written=as_written(said, path) if said else None,
        **ends,
    )


def lines_of(session: Path) -> list[str]:
    """Return the lines that are to be typed.

    They stand alone in the file, or each after the prompt at which it is typed.

    Raises:
        CannotRun: where there is a character among them that is a key with a meaning of its own, or
            among lines with prompts one that was printed
    """
    try:
        lines = session.read_text("utf-8").split("\n")
    except UnicodeDecodeError as error:
        raise CannotRun(f"{session}: it is not UTF-8 ({error}); save it as UTF-8") from None
    for number, line in enumerate(lines, 1):
        if not line.isprintable():
            raise CannotRun(
                f"{session}:{number}: {line!r} holds what cannot be typed as text; indent by spaces"
            )
    if any(line.startswith(">>>") for line in lines):  # no line of Python does
        return list(_without_prompts(session, lines))
    return lines if lines[-1] else lines[:-1]


def _without_prompts(session: Path, lines: list[str]) -> Iterator[str]:
    """Yield what is typed after each prompt; a block that no empty line ends is ended by one.

    Raises:
        CannotRun: a line has no prompt
    """
    block: list[str] = []
    for number, line in enumerate([*lines, ">>>"], 1):
        found = PROMPTED.match(line)
        if found is None and line.strip():
            raise CannotRun(
                f"{session}:{number}: {line!r} has no prompt, and others have: leave out what was "
                "printed, which stands in the outcome file"
            )
        if found is None:
            continue
        if found["prompt"] == ">>>":
            if _is_open(block):
                yield ""
            block = []
        if number <= len(lines):
            block.append(found["typed"] or "")
            yield block[-1]


def _is_open(block: list[str]) -> bool:
    """Tell whether the prompt would wait for more."""
    try:
        return bool(block) and codeop.compile_command("\n".join(block)) is None
    except (SyntaxError, ValueError, OverflowError):
        return False


def check(answer: dict[str, Any], program: Path, setting: Setting) -> None:
    """Refuse a keeper's ``answer`` that tells of no outcome.

    Raises:
        CannotRun: where it is one
    """
    if "lacking" in answer:
        what = LACKING[answer["lacking"]].format(error=answer["error"], setting=setting)
        raise CannotRun(f"{program}: {what}")
    if answer["over"]:
        raise CannotRun(
            f"{program}: it wrote more than {LIMIT >> 20} MiB to {answer['over']}; "
            "let it write less: an example is read by people"
        )
