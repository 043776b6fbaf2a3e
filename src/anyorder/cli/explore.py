"""``anyorder explore``: every outcome that programs can have, and schedules that lead there."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, compress
from pathlib import Path
from typing import Literal

import click
from rich.table import Table
from rich.text import Text

from anyorder.checking import REFUSALS, ProgramError, described
from anyorder.checking.exploration import SearchInterrupted, search
from anyorder.checking.program import (
    SCRIPT,
    is_session,
    outcome_file_of,
    place_in,
    program_starts_processes,
    read_source,
    refusal_at,
)
from anyorder.checking.reaching import Reached
from anyorder.checking.summing_up import Member, Parts, summed_up
from anyorder.checking.words import bounds_of, counted, extent_of, mixing_of
from anyorder.cli.options import COULD_NOT_RUN, HELD, paths, with_limits
from anyorder.cli.options import follow as followed
from anyorder.cli.tables import Screen, graded
from anyorder.exploring import CannotExplore, Exploration, Limits, PossibleOutcome
from anyorder.exploring.witness.listing import listing
from anyorder.outcomes import Ends, OutcomeFile, Setting, StartMethod, StdoutTo
from anyorder.outcomes.written import as_toml
from anyorder.running import this_interpreter

__all__ = ["explore"]

COLUMNS: Sequence[tuple[str, Literal["left", "right"]]] = (
    ("#", "right"),
    ("grade", "left"),
    ("outcome", "left"),
    ("traces", "right"),
    ("interleavings", "right"),
)
# the last one, by whether all was explored
LAST: dict[bool, tuple[str, Literal["left", "right"]]] = {
    True: ("reachable", "left"),
    False: ("preemptions", "right"),
}

# characters that a table and a schedule need, however narrow the terminal is
NARROWEST = 80


@click.command()
@paths
@with_limits
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
@click.option(
    "--outcome",
    "number",
    type=click.IntRange(min=1),
    help="Show this outcome alone, by its number in the table, with a schedule that leads to it.",
)
@followed
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def explore(  # noqa: PLR0913, PLR0917 - an argument an option
    programs: tuple[Path, ...],
    limits: Limits,
    start_method: str | None,
    stdout_to: str,
    number: int | None,
    follow: tuple[str, ...],
    *,
    as_json: bool,
) -> None:
    """Find every outcome that each PROGRAM, a script, can have.

    More than a handful of outcomes are summed up, as an outcome file may do: lines in any order,
    broken lines interleaved. To one of them a schedule is shown, with as few switches between
    threads as can be; --outcome shows that of another. Where a limit is reached before all is
    explored, schedules with none, one, two … preemptions are, and what is shown says how far that
    came. Ctrl-C ends the search; what it has found is shown.
    """
    if number is not None and len(programs) > 1:
        raise click.UsageError("--outcome is the number of an outcome of one program: name one.")
    found: list[dict[str, object]] = []
    refused: list[str] = []
    interrupted = False
    for program in programs:
        try:
            here, rows, interrupted = _explored(program, limits, start_method, stdout_to, follow)
            _look_for(number, here, program)
        except (*REFUSALS, CannotExplore) as error:
            words = str(error)
            if isinstance(error, CannotExplore):
                words = refusal_at(program, error)
            refused.append(words)
            click.echo(words, err=True)
            continue
        if as_json:
            found.append(_as_json(here, number, told=not interrupted))
        else:
            _show(here, rows, number)
        if interrupted:
            break
    if as_json and len(programs) > 1:
        _print_json({"programs": found, "refused": refused})
    elif as_json:
        one: dict[str, object] = found[0] if found else {"program": str(programs[0])}
        _print_json(one | {"refused": refused})
    if interrupted:
        raise KeyboardInterrupt
    raise SystemExit(COULD_NOT_RUN if refused else HELD)


def _explored(
    program: Path,
    limits: Limits,
    start_method: str | None,
    stdout_to: str,
    follow: Sequence[str],
) -> tuple[Exploration, list[Row], bool]:
    """Explore a program.

    Returns:
        what was found, its rows in the table, and whether Ctrl-C has ended that

    Raises:
        ProgramError: there is no such program
        OutcomeFileError: its outcome file is malformed
        CannotExplore: it uses what cannot be simulated
    """
    if is_session(program):
        raise ProgramError(
            f"{program}:1: is a session, which is typed and not explored: "
            f"use `anyorder run {program}`"
        )
    here = this_interpreter()
    method = None
    read_source(program, [SCRIPT])
    if program_starts_processes(program, follow):
        method = StartMethod(start_method) if start_method else here.start_methods[0]
    setting = Setting(here, method, StdoutTo(stdout_to))
    outcome_file = outcome_file_of(program)
    file = OutcomeFile.read(outcome_file) if outcome_file.exists() else None
    interrupted = False
    try:
        with Screen(stderr=True).status("exploring") as line:
            found = search(
                program,
                line.update,
                start_method=setting.start_method,
                stdout_to=setting.stdout_to,
                follow=follow,
                limits=limits,
            )
    except SearchInterrupted as interrupt:
        found, interrupted = interrupt.found, True
    rows = _rows(found, file, setting)
    ordered = tuple(each for row in rows for each in row.outcomes)
    return replace(found, outcomes=ordered), rows, interrupted


def _look_for(number: int | None, found: Exploration, program: Path) -> None:
    """Refuse the number of an outcome that a program has not.

    Raises:
        ProgramError: it has none of that number
    """
    if number is not None and number > len(found.outcomes):
        had = counted(len(found.outcomes), "outcome")
        raise ProgramError(
            f"{place_in(program)}: has {had}, and no number {number}: name one of these"
        )


def _print_json(content: dict[str, object]) -> None:
    click.echo(json.dumps(content, indent=2, ensure_ascii=False))


def _as_json(found: Exploration, number: int | None, *, told: bool) -> dict[str, object]:
    """Return what was found with all witnesses, or with that of one outcome alone.

    Args:
        found: what was found
        number: the number of the outcome that alone has its witness; ``None`` is no one
        told: whether the others are made where they are not made already
    """
    if number is None:
        return found.to_json(told=told)
    outcomes = [
        possible.to_json() if place == number else possible.to_json(told=False) | {"witness": None}
        for place, possible in enumerate(found.outcomes, start=1)
    ]
    return replace(found, outcomes=()).to_json() | {"outcomes": outcomes}


@dataclass(frozen=True)
class Row:
    """A row of the table.

    Args:
        grade: the grade of its outcomes
        outcomes: the outcomes
        stdout: the pattern that sums them up, where they are many
    """

    grade: str
    outcomes: Sequence[PossibleOutcome]
    stdout: Parts | None

    def cells(self, first: int, *, complete: bool) -> list[str | Text]:
        """Return what the table has of it.

        Args:
            first: the number of its first outcome
            complete: whether all was explored
        """
        one, count = self.outcomes[0], len(self.outcomes)
        words = described(one.outcome)
        if self.stdout is not None:
            pattern = f"stdout = {as_toml(self.stdout, width=NARROWEST // 2)}\ncount = {count}"
            words = f"{described(replace(one.outcome, stdout=''))}\n{pattern}"
        ways = [each.interleavings for each in self.outcomes]
        if complete:
            last = str(Reached.of_any(each.reachable_on for each in self.outcomes))
        else:
            fewest = [each.preemptions for each in self.outcomes if each.preemptions is not None]
            last = f"{min(fewest)}" if fewest else ""
        return [
            f"{first}" if count == 1 else f"{first} to {first + count - 1}",
            self.grade,
            Text(words),
            f"{sum(each.traces for each in self.outcomes):,}",
            "" if None in ways else f"{sum(each or 0 for each in ways):,}",
            last,
        ]


def _rows(found: Exploration, file: OutcomeFile | None, setting: Setting) -> list[Row]:
    """Return the outcomes as the table lists them; those of a row have one grade."""
    members = [
        Member(each.outcome, each.writes, apart=graded(file, each.outcome, setting))
        for each in found.outcomes
    ]
    return [
        Row(
            str(summary.members[0].apart),
            [found.by_outcome[each.outcome] for each in summary.members],
            summary.stdout,
        )
        for summary in summed_up(members, OutcomeFile(outcome_file_of(Path(found.program)), ()))
    ]


def _show(found: Exploration, rows: Sequence[Row], number: int | None) -> None:
    console = Screen()
    console.width = max(console.width, NARROWEST)
    console.print(
        f"{found.program}: {extent_of(found)}: {len(found.outcomes):,}, "
        f"from {found.executions:,} execution{'s' * (found.executions != 1)} "
        f"in {found.seconds:.2f} s",
        highlight=False,
        markup=False,
        soft_wrap=True,
    )
    for words in filter(None, (bounds_of(found), mixing_of(found))):
        console.print(words, highlight=False, markup=False, soft_wrap=True)
    if not found.outcomes:
        return
    if number is None:
        table = Table(show_lines=True)
        starts = accumulate((len(row.outcomes) for row in rows), initial=1)
        cells = [
            row.cells(start, complete=found.complete)
            for row, start in zip(rows, starts, strict=False)
        ]
        # the outcome needs the room of those of which nothing is known
        known = [any(column) for column in zip(*cells, strict=True)]
        for name, justify in compress([*COLUMNS, LAST[found.complete]], known):
            table.add_column(name, justify=justify, overflow="fold")
        for each in cells:
            table.add_row(*compress(each, known))
        console.print(table)
        # one schedule is enough to read: that of an outcome which does not end, or else of the one
        # that takes the most switches to reach
        number, _ = max(
            enumerate(found.outcomes, start=1),
            key=lambda each: (each[1].outcome.ends is not Ends.EXIT, each[1].switches),
        )
    possible = found.outcomes[number - 1]
    click.echo(f"Outcome {number}:\n{textwrap.indent(described(possible.outcome), '    ')}")
    if possible.witness:
        click.echo(f"A schedule that leads to outcome {number}:")
        click.echo(listing(possible.witness, console.width))
