"""Where a program runs: what may change the outcomes that it can have."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from packaging.version import Version

__all__ = [
    "TERMINAL", "VARIABLES", "VARIABLES_THAT_DIFFER", "Interpreter", "Prompt", "Setting",
    "StartMethod", "StdoutTo",
]  # fmt: skip

# lines and columns of the terminal of a program, and what its environment says they are
TERMINAL = (24, 80)
# what the environment of a program says in each run
VARIABLES = {
    "LC_ALL": "C.UTF-8",
    "NO_COLOR": "1",
    "PYTHON_COLORS": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONIOENCODING": "utf-8",
    "PYTHONUTF8": "1",
}
# what it may say besides, which is not the same in each run or on each computer; all else it lacks
VARIABLES_THAT_DIFFER = frozenset({
    "ANYORDER_START_METHOD", "COLUMNS", "HOME", "LD_LIBRARY_PATH", "LINES", "PATH", "PYTHONPATH",
    "PYTHONUNBUFFERED", "PYTHON_BASIC_REPL", "PYTHON_GIL", "TERM", "TMPDIR",
})  # fmt: skip


class StartMethod(StrEnum):
    """How ``multiprocessing`` begins a child."""

    FORK = "fork"
    SPAWN = "spawn"
    FORKSERVER = "forkserver"


class StdoutTo(StrEnum):
    """What standard output is connected to, which decides when its buffer is flushed.

    ``UNBUFFERED`` is a pipe under ``PYTHONUNBUFFERED=1``.
    """

    PIPE = "pipe"
    TERMINAL = "terminal"
    UNBUFFERED = "unbuffered"

    @property
    def phrase(self) -> str:
        """How a sentence says it."""
        return "unbuffered" if self is StdoutTo.UNBUFFERED else f"to a {self}"


class Prompt(StrEnum):
    """The two interactive prompts: the basic one, and the one that Python 3.13 brought."""

    BASIC = "basic"
    NEW = "new"

    @property
    def phrase(self) -> str:
        """How a sentence says it."""
        return f"at the {self} prompt"


@dataclass(frozen=True, slots=True)
class Interpreter:
    """One Python on this machine.

    Args:
        path: its executable
        version: ``"3.14.2"``, as ``platform.python_version()`` says it
        free_threaded: whether it runs without a GIL
        start_methods: the start methods that it knows, its default first
        platform: its ``sys.platform``
    """

    path: Path
    version: str
    free_threaded: bool
    start_methods: tuple[StartMethod, ...]
    platform: str = sys.platform

    @property
    def name(self) -> str:
        """Its version, with a ``t`` where it is free-threaded, as installers name it."""
        return self.version + ("t" if self.free_threaded else "")

    @property
    def minor(self) -> str:
        """Its version without the last part, as ``3.14``."""
        return ".".join(map(str, Version(self.version).release[:2]))

    @property
    def has_new_prompt(self) -> bool:
        """Whether it has the interactive prompt that Python 3.13 brought."""
        return Version(self.version) >= Version("3.13")


@dataclass(frozen=True, slots=True)
class Setting:
    """One way to run one program.

    Args:
        interpreter: the Python that runs it
        start_method: how its children begin; ``None`` for a program that starts no processes
        stdout_to: where its output goes; a session's is always a terminal
        prompt: the prompt of a session; ``None`` for a program in a file
    """

    interpreter: Interpreter
    start_method: StartMethod | None = None
    stdout_to: StdoutTo = StdoutTo.PIPE
    prompt: Prompt | None = None

    def __str__(self) -> str:
        words = [f"Python {self.interpreter.name}"]
        if self.start_method is not None:
            words.append(self.start_method)
        words.append(self.stdout_to if self.prompt is None else f"{self.prompt} prompt")
        return ", ".join(words)
