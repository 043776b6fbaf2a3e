"""``anyorder check``: are a program's outcomes those that its outcome file says?"""

from __future__ import annotations

from pathlib import Path

import click

from anyorder.checking import RUNS, Program, Verdict, check_all, find_programs
from anyorder.checking.limits import REQUIRE_EXPLORED
from anyorder.cli.options import (
    DID_NOT_HOLD,
    HELD,
    Options,
    end,
    read_all,
    with_limits,
    with_options,
)
from anyorder.cli.options import follow as followed
from anyorder.cli.tables import observations_as_json, progress
from anyorder.exploring import Limits
from anyorder.outcomes import Setting

__all__ = ["check"]


@click.command()
@click.argument("programs", nargs=-1, metavar="[PROGRAM]...", type=click.Path(path_type=Path))
@click.option("--require-explored", is_flag=True, help=REQUIRE_EXPLORED)
@followed
@with_limits
@with_options(every_setting=True, runs=RUNS)
def check(
    programs: tuple[Path, ...],
    options: Options,
    limits: Limits,
    follow: tuple[str, ...],
    *,
    require_explored: bool,
) -> None:
    """Hold programs against their outcome files.

    Each PROGRAM is a script, a session or a folder of them; without one it is the current folder.
    """
    found, lost = find_programs(programs or (Path(),))

    def read(path: Path) -> tuple[Program, list[Setting]]:
        program = Program.read(path, follow)
        return program, options.wanted.of(program)

    jobs, unread = read_all(found, read)
    with progress(options, sum(len(settings) for _, settings in jobs)) as on_run:
        results = check_all(
            jobs,
            runs=options.runs,
            timeout=options.timeout,
            limits=limits,
            require_explored=require_explored,
            on_run=on_run,
        )
        verdicts = [each for each in results if isinstance(each, Verdict)]
        texts = [str(verdict) for verdict in verdicts]  # each may have to search first
    held = all(verdict.held for verdict in verdicts)
    if not options.json:
        for text in texts:
            click.echo(text)
    refused = [*lost, *unread, *(each for each in results if not isinstance(each, Verdict))]
    end(
        options,
        refused,
        status=HELD if held else DID_NOT_HOLD,
        held=held and not refused,
        programs=[_as_json(each) for each in verdicts],
    )


def _as_json(verdict: Verdict) -> dict[str, object]:
    return {
        "program": str(verdict.program.path),
        "held": verdict.held,
        "faults": verdict.faults,
        "unproven": [entry.line for entry in verdict.unproven],
        "not_shown": [entry.line for entry in verdict.not_shown],
        "skipped": [entry.line for entry in verdict.skipped],
        "lines_mix": bool(verdict.mixing),
        "settings": observations_as_json(verdict.observed, verdict.program.file),
    }
