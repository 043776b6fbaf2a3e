"""``anyorder observe``: keep what real runs print beside the program."""

from __future__ import annotations

from pathlib import Path

import click

from anyorder.checking import (
    Observation,
    Program,
    find_programs,
    observe_all,
    read_record,
    write_record,
)
from anyorder.checking.program import ProgramError
from anyorder.checking.record import today_here
from anyorder.cli.options import CANNOT, COULD_NOT_RUN, Options, fail, paths, with_options
from anyorder.cli.tables import print_json, progress

__all__ = ["observe"]


@click.command()
@paths
@with_options
def observe(programs: tuple[Path, ...], options: Options) -> None:
    """Record what real runs print, in PROGRAM.observed.json.

    Each PROGRAM is a script, a session or a folder of them. A setting that was recorded from as
    many runs of the same program is not run again, so that a recording that was stopped goes on.
    """
    try:
        found = [Program.read(path) for path in find_programs(programs)]
        written = [_observe(program, options) for program in found]
    except CANNOT as error:
        fail(error)
        raise SystemExit(COULD_NOT_RUN) from None
    if options.json:
        print_json(
            {
                "programs": [
                    {"program": str(p.path), "new": n} for p, n in zip(found, written, strict=True)
                ]
            }
        )
    else:
        for program, new in zip(found, written, strict=True):
            click.echo(f"{program.path}: {new} settings recorded")


def _observe(program: Program, options: Options) -> int:
    """Record what is not recorded yet, setting by setting, and return how many there were."""
    try:
        kept = {each.kind: each for each in read_record(program.path)}
    except ProgramError:
        kept = {}  # of another text of the program: all of it is to be recorded again
    settings = options.settings(starts_processes=program.starts_processes, session=program.session)
    new = 0
    with progress(options, len(settings)) as on_run:
        for setting in settings:
            before = kept.get(Observation(setting, {}).kind)
            if (
                before
                and before.setting.interpreter.name == setting.interpreter.name
                and before.runs >= options.runs
            ):
                continue
            [[seen]] = observe_all(
                [(program.path, [setting])],
                runs=options.runs,
                timeout=options.timeout,
                on_run=on_run,
            )
            kept[seen.kind] = Observation(setting, seen.counts, today_here())
            write_record(program.path, kept.values())
            new += 1
    return new
