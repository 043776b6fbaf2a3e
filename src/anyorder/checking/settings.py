"""In which settings a program is run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from anyorder.checking.program import Program, ProgramError, place_in
from anyorder.outcomes import Interpreter, Prompt, Setting, StartMethod, StdoutTo
from anyorder.running import find_interpreters, this_interpreter

__all__ = ["NARROWING", "Wanted", "settings_for", "settings_here", "wanted"]

Kind = TypeVar("Kind", bound=StrEnum)

# the settings that narrow what a check runs, each with what it says; the command has options of
# these names
NARROWING = {
    "python": "The Pythons that run programs: versions, paths, or all.",
    "start_method": "The start methods to run programs with.",
    "stdout_to": "Where the output of programs goes.",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """The settings that somebody wants programs to be run in.

    Args:
        interpreters: the Pythons to run on
        start_methods: the start methods to run with; none stands for each interpreter's default
        stdout_to: where a script's output goes
    """

    interpreters: tuple[Interpreter, ...]
    start_methods: tuple[StartMethod, ...]
    stdout_to: tuple[StdoutTo, ...]

    def of(self, program: Program) -> list[Setting]:
        """Return those that make a difference to a program, and of which its outcome file speaks.

        Raises:
            ProgramError: its processes cannot begin as is wanted
        """
        found = self.of_path(
            program.path, starts_processes=program.starts_processes, session=program.session
        )
        return [each for each in found if program.file.when.met_by(each)]

    def of_path(self, path: Path, *, starts_processes: bool, session: bool) -> list[Setting]:
        """Return those that make a difference to the program at ``path``, as :func:`settings_for`.

        Raises:
            ProgramError: its processes cannot begin as is wanted
        """
        settings = [
            setting
            for interpreter in self.interpreters
            for setting in settings_for(
                interpreter,
                starts_processes=starts_processes,
                session=session,
                start_methods=self.start_methods,
                stdout_to=self.stdout_to,
            )
        ]
        if not settings:
            methods = " or ".join(self.start_methods)
            raise ProgramError(
                f"{place_in(path)}: cannot be run under {methods}, which this Python does not "
                "know: name another start method"
            )
        return settings


def wanted(
    python: Sequence[str] | str, start_method: Sequence[str] | str, stdout_to: Sequence[str] | str
) -> Wanted:
    """Return what the settings of pytest or Sphinx say; an empty one does not narrow anything.

    Args:
        python: words as the option ``--python`` takes them; none stands for this Python
        start_method: start methods, or ``all``
        stdout_to: kinds of stdout, or ``all``

    Raises:
        ValueError: one of the words has no meaning; names it and the fix
        CannotRun: a Python that is wanted is not there
    """
    pythons = [python] if isinstance(python, str) and python else [*python]
    interpreters = [this_interpreter()]
    if pythons:
        interpreters, _ = find_interpreters(None if "all" in pythons else pythons)
    return Wanted(
        tuple(interpreters),
        _words("start_method", start_method, StartMethod),
        _words("stdout_to", stdout_to, StdoutTo),
    )


def _words(name: str, value: Sequence[str] | str, kind: type[Kind]) -> tuple[Kind, ...]:
    words = [value] if isinstance(value, str) and value else [*value]
    for word in words:
        if word not in {*kind, "all"}:
            raise ValueError(f"anyorder_{name} is {word!r}: write {', '.join(kind)} or all")
    return tuple(each for each in kind if not words or "all" in words or each in words)


def settings_here(program: Program) -> list[Setting]:
    """Return every setting of the running Python that makes a difference to ``program``.

    There are none where its outcome file speaks of other Pythons alone.
    """
    here = this_interpreter()
    return Wanted((here,), here.start_methods, tuple(StdoutTo)).of(program)


def settings_for(
    interpreter: Interpreter,
    *,
    starts_processes: bool,
    session: bool,
    start_methods: Sequence[StartMethod] = (),
    stdout_to: Sequence[StdoutTo] = (StdoutTo.PIPE,),
) -> list[Setting]:
    """Return the settings that make a difference to a program.

    Args:
        interpreter: the Python that runs it
        starts_processes: whether it starts processes; where it does not, no start method is set
        session: whether it is typed at the prompt: each prompt that the interpreter has is a
            setting then, and stdout is always the terminal
        start_methods: the start methods to take; none stands for the interpreter's default
        stdout_to: where a script's output goes
    """
    methods: list[StartMethod | None] = [None]
    if starts_processes:
        wanted = start_methods or interpreter.start_methods[:1]
        methods = [method for method in interpreter.start_methods if method in wanted]
    if session:
        prompts = [Prompt.BASIC, Prompt.NEW] if interpreter.has_new_prompt else [Prompt.BASIC]
        return [
            Setting(interpreter, method, StdoutTo.TERMINAL, prompt)
            for method in methods
            for prompt in prompts
        ]
    return [Setting(interpreter, method, to) for method in methods for to in stdout_to]
