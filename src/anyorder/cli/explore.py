"""``anyorder explore``: every outcome that a program can have, each with a way to get there."""

from __future__ import annotations

import json
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from anyorder.checking import REFUSALS, ProgramError, described
from anyorder.checking.exploration import search
from anyorder.checking.program import SCRIPT, is_session, read_source, starts_processes
from anyorder.checking.reaching import Reached
from anyorder.cli.options import COULD_NOT_RUN
from anyorder.exploring import CannotExplore, Exploration
from anyorder.exploring.witness.listing import listing
from anyorder.outcomes import Ends, OutcomeFile, Setting, StartMethod, StdoutTo
from anyorder.running import this_interpreter

__all__ = ["explore"]

# characters that a table and a schedule need, however narrow the terminal is
NARROWEST = 80


@click.command()
@click.argument("program", type=click.Path(path_type=Path))
@click.option("--max-executions", type=click.IntRange(min=1), help="Stop after so many executions.")
@click.option(
    "--start-method",
    type=click.Choice([str(each) for each in StartMethod]),
    help="How processes begin. Default: as this Python begins them.",
)
@click.option(
    "--stdout-to",
    type=click.Choice([str(each) for each in StdoutTo]),
    default=str(StdoutTo.PIPE),
    show_default=True,
    help="Where output goes, which matters to a program that starts processes.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def explore(
    program: Path,
    max_executions: int | None,
    start_method: str | None,
    stdout_to: str,
    *,
    as_json: bool,
) -> None:
    """Find every outcome that PROGRAM, a script, can have.

    Each outcome is shown with a schedule that leads to it, one with as few switches between threads
    as can be. Where a limit is reached before all is explored, the table says so.
    """
    try:
        if is_session(program):
            raise ProgramError(
                f"{program}:1: is a session, which is typed and not explored: "
                f"use `anyorder run {program}`"
            )
        here = this_interpreter()
        method = None
        if starts_processes(read_source(program, [SCRIPT])):
            method = StartMethod(start_method) if start_method else here.start_methods[0]
        setting = Setting(here, method, StdoutTo(stdout_to))
        outcome_file = program.with_suffix(".toml")
        file = OutcomeFile.read(outcome_file) if outcome_file.exists() else None
        with Console(stderr=True).status("exploring") as line:
            found = search(
                program,
                line.update,
                max_executions=max_executions,
                start_method=setting.start_method,
                stdout_to=setting.stdout_to,
            )
    except (*REFUSALS, CannotExplore) as error:
        words = error.at(program) if isinstance(error, CannotExplore) else str(error)
        if as_json:
            _print_json({"program": str(program), "refused": [words]})
        click.echo(words, err=True)
        raise SystemExit(COULD_NOT_RUN) from None
    if as_json:
        _print_json(found.to_json() | {"refused": []})
    else:
        _show(found, file, setting)


def _print_json(content: dict[str, object]) -> None:
    click.echo(json.dumps(content, indent=2, ensure_ascii=False))


def _show(found: Exploration, file: OutcomeFile | None, setting: Setting) -> None:
    console = Console()
    console.width = max(console.width, NARROWEST)
    words = "every outcome" if found.complete else f"NOT every outcome ({found.limit})"
    console.print(
        f"{found.program}: {words}: {len(found.outcomes)}, "
        f"from {found.executions:,} execution{'s' * (found.executions != 1)} "
        f"in {found.seconds:.2f} s",
        highlight=False,
        markup=False,
        soft_wrap=True,
    )
    if not found.outcomes:
        return
    table = Table(show_lines=True)
    table.add_column("grade")
    table.add_column("outcome", overflow="fold")
    table.add_column("traces", justify="right")
    table.add_column("interleavings", justify="right")
    table.add_column("reachable")
    for possible in found.outcomes:
        entry = file and file.entry_for(possible.outcome, setting)
        grade = entry.grade if entry else "uncovered" if file else ""
        ways = "" if possible.interleavings is None else f"{possible.interleavings:,}"
        reached = str(Reached.of(possible.reachable_on)) if found.complete else ""
        outcome = Text(described(possible.outcome))
        table.add_row(grade, outcome, f"{possible.traces:,}", ways, reached)
    console.print(table)
    # one schedule is enough to read: that of an outcome which does not end, or else of the one
    # that takes the most switches to reach
    number, possible = max(
        enumerate(found.outcomes, start=1),
        key=lambda each: (each[1].outcome.ends is not Ends.EXIT, each[1].switches),
    )
    if possible.witness:
        click.echo(f"A schedule that leads to outcome {number}:")
        click.echo(listing(possible.witness, console.width))
