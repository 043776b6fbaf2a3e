"""``anyorder run``: what does a program print?"""

from __future__ import annotations

from pathlib import Path

import click

from anyorder.checking import ProgramError, find_programs, observe_all
from anyorder.checking.placeholders import with_placeholders
from anyorder.checking.program import outcome_file_of
from anyorder.cli.options import Options, end, paths, read_all, with_options
from anyorder.cli.tables import Screen, observations_as_json, outcome_table, progress
from anyorder.outcomes import OutcomeFile, Setting

__all__ = ["run"]


@click.command()
@paths
@with_options(every_setting=False)
def run(programs: tuple[Path, ...], options: Options) -> None:
    """Run programs many times, and count their outcomes.

    Each PROGRAM is a script, a session or a folder of them. Outcomes are graded where there is an
    outcome file.
    """

    def read(path: Path) -> tuple[Path, OutcomeFile | None, list[Setting]]:
        file = outcome_file_of(path)
        settings = options.settings(path)
        return path, OutcomeFile.read(file) if file.exists() else None, settings

    found, lost = find_programs(programs)
    jobs, unread = read_all(found, read)
    with progress(options, sum(len(settings) for *_, settings in jobs)) as on_run:
        results = observe_all(
            [(path, settings) for path, _, settings in jobs],
            runs=options.runs,
            timeout=options.timeout,
            on_run=on_run,
        )
    ran = [
        (path, file, with_placeholders(observed, file))
        for (path, file, _), observed in zip(jobs, results, strict=True)
        if not isinstance(observed, ProgramError)
    ]
    if not options.json:
        console = Screen()
        for path, file, observations in ran:
            console.print(str(path), style="bold", highlight=False, soft_wrap=True)
            for observation in observations:
                console.print(outcome_table(observation, file))
    end(
        options,
        [*lost, *unread, *(each for each in results if isinstance(each, ProgramError))],
        programs=[
            {"program": str(path), "settings": observations_as_json(observations, file)}
            for path, file, observations in ran
        ],
    )
