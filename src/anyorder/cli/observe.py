"""``anyorder observe``: keep what real runs print beside the program."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from anyorder.checking import (
    Observation,
    Program,
    ProgramError,
    counted,
    find_programs,
    observe_all,
    read_record,
    write_record,
)
from anyorder.checking.placeholders import to_be_kept
from anyorder.checking.record import today_here
from anyorder.cli.options import Options, end, paths, read_all, with_options
from anyorder.cli.tables import progress
from anyorder.outcomes import Setting

__all__ = ["observe"]


@click.command()
@paths
@with_options(every_setting=True)
def observe(programs: tuple[Path, ...], options: Options) -> None:
    """Record what real runs print, in PROGRAM.observed.json.

    Each PROGRAM is a script, a session or a folder of them. A setting that was recorded from as
    many runs of the same program is not run again, so that a recording that was stopped goes on.
    """
    found, lost = find_programs(programs)
    read, unread = read_all(found, Program.read)
    written, failed = read_all(read, lambda program: (program.path, _observe(program, options)))
    if not options.json:
        for path, new in written:
            click.echo(f"{path}: {counted(new, 'setting')} recorded")
    end(
        options,
        [*lost, *unread, *failed],
        programs=[{"program": str(path), "new": new} for path, new in written],
    )


def _observe(program: Program, options: Options) -> int:
    """Record what is not recorded yet, setting by setting, and return how many there were.

    Raises:
        ProgramError: the program cannot be run
    """
    try:
        kept = {each.kind: each for each in read_record(program.path)}
    except ProgramError:
        kept = {}  # damaged, or of another text of the program: all of it is recorded again
    settings = [each for each in options.wanted.of(program) if not _is_kept(each, kept, options)]
    with progress(options, len(settings)) as on_run:
        for setting in settings:
            [result] = observe_all(
                [(program.path, [setting])],
                runs=options.runs,
                timeout=options.timeout,
                on_run=on_run,
            )
            if isinstance(result, ProgramError):
                raise result
            [seen] = to_be_kept(program, result)
            kept[seen.kind] = Observation(setting, seen.counts, today_here())
            write_record(program.path, kept.values())
    return len(settings)


def _is_kept(
    setting: Setting, kept: Mapping[tuple[object, ...], Observation], options: Options
) -> bool:
    """Tell whether a setting was recorded, on the same Python and from as many runs."""
    before = kept.get(Observation(setting, {}).kind)
    return (
        before is not None
        and before.setting.interpreter.name == setting.interpreter.name
        and before.runs >= options.runs
    )
