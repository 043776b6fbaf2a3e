"""The settings in which a program is checked."""

from __future__ import annotations

from collections.abc import Sequence

from anyorder.checking.program import Program
from anyorder.outcomes import Interpreter, Prompt, Setting, StartMethod, StdoutTo
from anyorder.running import this_interpreter

__all__ = ["settings_for", "settings_here"]


def settings_here(program: Program) -> list[Setting]:
    """Return every setting of the running Python that makes a difference to ``program``."""
    interpreter = this_interpreter()
    return settings_for(
        interpreter,
        starts_processes=program.starts_processes,
        session=program.session,
        start_methods=interpreter.start_methods,
        stdout_to=list(StdoutTo),
    )


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
