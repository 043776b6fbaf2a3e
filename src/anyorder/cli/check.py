"""``anyorder check``: are a program's outcomes those that its outcome file says?"""

from __future__ import annotations

from pathlib import Path

import click

from anyorder.checking import Program, Verdict, check_all, find_programs
from anyorder.cli.options import (
    CANNOT,
    COULD_NOT_RUN,
    DID_NOT_HOLD,
    HELD,
    Options,
    fail,
    with_options,
)
from anyorder.cli.tables import observations_as_json, print_json, progress

__all__ = ["check"]


@click.command()
@click.argument("programs", nargs=-1, metavar="[PATH]...", type=click.Path(path_type=Path))
@with_options
def check(programs: tuple[Path, ...], options: Options) -> None:
    """Hold programs against their outcome files.

    Each PATH is a script, a session or a folder of them; without one it is the current folder.
    """
    status = HELD
    readable = []
    try:
        found = find_programs(programs or (Path(),))
    except CANNOT as error:
        fail(error)
        raise SystemExit(COULD_NOT_RUN) from None
    for path in found:
        try:
            program = Program.read(path)
        except CANNOT as error:
            fail(error)
            status = COULD_NOT_RUN
        else:
            settings = options.settings(
                starts_processes=program.starts_processes, session=program.session
            )
            readable.append((program, settings))
    verdicts: list[Verdict] = []
    try:
        with progress(options, sum(len(settings) for _, settings in readable)) as on_run:
            verdicts = check_all(
                readable, runs=options.runs, timeout=options.timeout, on_run=on_run
            )
    except CANNOT as error:
        fail(error)
        status = COULD_NOT_RUN
    if not all(verdict.held for verdict in verdicts):
        status = max(status, DID_NOT_HOLD)
    if options.json:
        print_json({"held": status == HELD, "programs": [_as_json(each) for each in verdicts]})
    else:
        for verdict in verdicts:
            click.echo(str(verdict))
        for skipped in options.skipped:
            click.echo(f"skipped {skipped.command}: {skipped.reason}")
    raise SystemExit(status)


def _as_json(verdict: Verdict) -> dict[str, object]:
    return {
        "program": str(verdict.program.path),
        "held": verdict.held,
        "faults": verdict.faults,
        "unproven": [entry.line for entry in verdict.unproven],
        "skipped": [entry.line for entry in verdict.skipped],
        "settings": observations_as_json(verdict.observations, verdict.program.file),
    }
