"""``anyorder run``: what does a program print?"""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console

from anyorder.checking import find_programs, observe_all
from anyorder.checking.program import is_session, read_source, starts_processes
from anyorder.cli.options import CANNOT, COULD_NOT_RUN, Options, fail, paths, with_options
from anyorder.cli.tables import observations_as_json, outcome_table, print_json, progress
from anyorder.outcomes import OutcomeFile

__all__ = ["run"]


@click.command()
@paths
@with_options
def run(programs: tuple[Path, ...], options: Options) -> None:
    """Run programs many times, and count their outcomes.

    Each PROGRAM is a script, a session or a folder of them. Outcomes are graded where there is an
    outcome file.
    """
    try:
        found = find_programs(programs)
        files = [_outcome_file(path) for path in found]
        jobs = [
            (
                path,
                options.settings(
                    starts_processes=starts_processes(read_source(path)), session=is_session(path)
                ),
            )
            for path in found
        ]
        with progress(options, sum(len(settings) for _, settings in jobs)) as on_run:
            observed = observe_all(jobs, runs=options.runs, timeout=options.timeout, on_run=on_run)
    except CANNOT as error:
        fail(error)
        raise SystemExit(COULD_NOT_RUN) from None
    if options.json:
        ran = zip(found, files, observed, strict=True)
        print_json(
            {
                "programs": [
                    {"program": str(path), "settings": observations_as_json(observations, file)}
                    for path, file, observations in ran
                ]
            }
        )
        return
    console = Console()
    for path, file, observations in zip(found, files, observed, strict=True):
        console.print(str(path), style="bold", highlight=False)
        for observation in observations:
            console.print(outcome_table(observation, file))


def _outcome_file(program: Path) -> OutcomeFile | None:
    path = program.with_suffix(".toml")
    return OutcomeFile.read(path) if path.exists() else None
