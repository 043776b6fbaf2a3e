"""What every command asks: which Pythons, which settings, how many runs."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click

from anyorder.checking import LIMITS, REFUSALS, TIMEOUT, Refusal, Wanted
from anyorder.checking.limits import FOLLOW, SETTINGS
from anyorder.checking.program import is_session, program_starts_processes, read_source
from anyorder.exploring import Limits
from anyorder.outcomes import Interpreter, Setting, StartMethod, StdoutTo
from anyorder.running import CannotRun, Skipped, find_interpreters, this_interpreter

__all__ = [
    "COULD_NOT_RUN",
    "DID_NOT_HOLD",
    "HELD",
    "Options",
    "end",
    "follow",
    "paths",
    "read_all",
    "with_limits",
    "with_options",
]

Thing = TypeVar("Thing")
Read = TypeVar("Read")
Kind = TypeVar("Kind", bound=StrEnum)

HELD, DID_NOT_HOLD, COULD_NOT_RUN = 0, 1, 2

# runs in each setting, where outcomes are counted
RUNS_TO_COUNT = 20

follow = click.option("--follow", multiple=True, metavar="PACKAGE", help=FOLLOW)
paths = click.argument(
    "programs", nargs=-1, required=True, metavar="PROGRAM...", type=click.Path(path_type=Path)
)


@dataclass(frozen=True, slots=True)
class Options:
    """The options that every command has, read and found.

    Args:
        wanted: the settings to run programs in
        skipped: Pythons that were asked for by ``all`` and do not run
        runs: how often to run a program in each setting
        timeout: seconds that a run may take
        json: whether to print one JSON object in place of tables
    """

    wanted: Wanted
    skipped: list[Skipped]
    runs: int
    timeout: float
    json: bool

    def settings(self, program: Path) -> list[Setting]:
        """Return the settings in which ``program`` is run.

        Raises:
            ProgramError: there is no such program, or no setting of it as the options ask
        """
        read_source(program)
        return self.wanted.of_path(
            program, starts_processes=program_starts_processes(program), session=is_session(program)
        )


def with_options(
    *, every_setting: bool, runs: int = RUNS_TO_COUNT
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Return a decorator that gives a command the options, as its argument ``options``.

    Args:
        every_setting: whether a command that is told none takes every start method and every kind
            of stdout; else it takes the interpreter's start method, and a pipe
        runs: how often it runs a program in each setting where it is not told
    """

    def decorate(function: Callable[..., None]) -> Callable[..., None]:
        def command(  # noqa: PLR0913 - an argument for each option
            *,
            python: tuple[str, ...],
            start_method: tuple[str, ...],
            stdout_to: tuple[str, ...],
            runs: int,
            timeout: float,
            json: bool,
            **arguments: Any,  # noqa: ANN401 - what the command itself asks for
        ) -> None:
            try:
                interpreters, skipped = _pythons(python)
            except CannotRun as error:
                click.echo(str(error), err=True)
                raise SystemExit(COULD_NOT_RUN) from None
            options = Options(
                wanted=Wanted(
                    tuple(interpreters),
                    _chosen(start_method, StartMethod),
                    _chosen(stdout_to, StdoutTo),
                ),
                skipped=skipped,
                runs=runs,
                timeout=timeout,
                json=json,
            )
            function(options=options, **arguments)

        command.__name__, command.__doc__ = function.__name__, function.__doc__
        command.__click_params__ = getattr(function, "__click_params__", [])  # type: ignore[attr-defined]
        for option in reversed(_options(every_setting=every_setting, runs=runs)):
            command = option(command)
        return command

    return decorate


def with_limits(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that say how far a search goes, as its argument ``limits``."""

    def command(
        *,
        max_executions: int,
        max_seconds: float | None,
        max_events: int,
        **arguments: Any,  # noqa: ANN401 - what the command itself asks for
    ) -> None:
        function(limits=Limits(max_executions, max_seconds, max_events), **arguments)

    command.__name__, command.__doc__ = function.__name__, function.__doc__
    command.__click_params__ = getattr(function, "__click_params__", [])  # type: ignore[attr-defined]
    kinds: dict[str, click.ParamType[Any]] = {
        "max_executions": click.IntRange(min=1),
        "max_seconds": click.FloatRange(min=0, min_open=True),
        "max_events": click.IntRange(min=1),
    }
    for name, kind in reversed(kinds.items()):
        command = click.option(
            f"--{name.replace('_', '-')}",
            type=kind,
            callback=_finite if name == "max_seconds" else None,
            default=getattr(LIMITS, name),
            show_default=True,
            help=SETTINGS[name],
        )(command)
    return command


def _pythons(words: tuple[str, ...]) -> tuple[list[Interpreter], list[Skipped]]:
    if not words:
        return [this_interpreter()], []
    return find_interpreters(None if "all" in words else words)


def _chosen(words: tuple[str, ...], kind: type[Kind]) -> tuple[Kind, ...]:
    return tuple(each for each in kind if "all" in words or each in words)


def read_all(
    things: Iterable[Thing], read: Callable[[Thing], Read]
) -> tuple[list[Read], list[Refusal]]:
    """Read each of ``things``, and return what could be read and why the others could not."""
    done: list[Read] = []
    refused: list[Refusal] = []
    for thing in things:
        try:
            done.append(read(thing))
        except REFUSALS as error:
            refused.append(error)
    return done, refused


def end(
    options: Options,
    refused: Sequence[Refusal],
    *,
    status: int = HELD,
    **content: object,
) -> NoReturn:
    """End a command: say what could not be run and why, and exit with the status that is due.

    Args:
        options: the options of the command
        refused: why programs could not be run
        status: the status where nothing was refused
        content: what the command prints under ``--json``, beside that
    """
    skipped = [{"command": each.command, "reason": each.reason} for each in options.skipped]
    if options.json:
        said = content | {"refused": [str(each) for each in refused], "skipped": skipped}
        click.echo(json.dumps(said, indent=2, ensure_ascii=False))
    for each in options.skipped:
        click.echo(f"skipped {each.command}: {each.reason}", err=True)
    for error in refused:
        click.echo(str(error), err=True)
    raise SystemExit(COULD_NOT_RUN if refused else status)


def _finite(
    _context: click.Context, _option: click.Parameter, seconds: float | None
) -> float | None:
    if seconds is not None and not math.isfinite(seconds):
        raise click.BadParameter(f"{seconds} is no time: write a number of seconds.")
    return seconds


def _options(*, every_setting: bool, runs: int) -> tuple[Callable[..., Any], ...]:
    return (
        click.option(
            "--python",
            multiple=True,
            metavar="PYTHON",
            help="A version (3.14, 3.14t), a path, or all that are found.  [default: this one]",
        ),
        click.option(
            "--start-method",
            multiple=True,
            type=click.Choice([*(each.value for each in StartMethod), "all"]),
            default=["all"] if every_setting else [],
            help="How processes begin.  "
            f"[default: {'all' if every_setting else 'as the Python does'}]",
        ),
        click.option(
            "--stdout-to",
            multiple=True,
            type=click.Choice([*(each.value for each in StdoutTo), "all"]),
            default=["all" if every_setting else StdoutTo.PIPE.value],
            show_default=True,
            help="Where a script's output goes.",
        ),
        click.option(
            "--runs",
            type=click.IntRange(min=1),
            default=runs,
            show_default=True,
            help="Runs in each setting.",
        ),
        click.option(
            "--timeout",
            type=click.FloatRange(min=0, min_open=True),
            callback=_finite,
            default=TIMEOUT,
            show_default=True,
            help="Seconds that a run may take before it counts as one that does not end.",
        ),
        click.option("--json", is_flag=True, help="Print one JSON object."),
    )
