"""What the commands show: tables of outcomes, progress, and outcomes as JSON."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn

from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from anyorder.checking import Observation, described, outcome_as_json, setting_as_json
from anyorder.cli.options import Options
from anyorder.outcomes import Outcome, OutcomeFile, Setting

__all__ = ["Screen", "graded", "observations_as_json", "outcome_table", "progress"]


class Screen(Console):
    """Where tables are shown; who reads them no longer is told by an error, as of any text."""

    def on_broken_pipe(self) -> NoReturn:
        """Pass the error on, which rich would take for a failure of the command."""
        raise  # noqa: PLE0704 - rich calls it where it is handled


def outcome_table(observation: Observation, file: OutcomeFile | None) -> Table:
    """Return a table of the outcomes in one setting, the most frequent first."""
    table = Table(title=str(observation.setting), title_justify="left", show_lines=True)
    # where there is no room, the outcomes give way
    table.add_column("count", justify="right", no_wrap=True)
    table.add_column("grade", no_wrap=True)
    table.add_column("outcome", overflow="fold")
    for outcome, count in sorted(observation.counts.items(), key=lambda pair: -pair[1]):
        grade = graded(file, outcome, observation.setting)
        table.add_row(f"{count} of {observation.runs}", grade, Text(described(outcome)))
    return table


def graded(file: OutcomeFile | None, outcome: Outcome, setting: Setting) -> str:
    """Return the grade of an outcome, as far as its outcome file speaks of the setting."""
    if file is None or not file.when.met_by(setting):
        return ""
    entry = file.entry_for(outcome, setting)
    return entry.grade if entry else "uncovered"


def observations_as_json(
    observations: Sequence[Observation], file: OutcomeFile | None
) -> list[dict[str, Any]]:
    """Return what was observed, setting by setting, with the entry that covers each outcome."""
    return [
        setting_as_json(observation.setting)
        | {
            "runs": observation.runs,
            "outcomes": [
                outcome_as_json(outcome)
                | {
                    "count": count,
                    "grade": entry.grade if entry else None,
                    "line": entry.line if entry else None,
                }
                for outcome, count in observation.counts.items()
                for entry in [file and file.entry_for(outcome, observation.setting)]
            ],
        }
        for observation in observations
    ]


@contextmanager
def progress(options: Options, jobs: int) -> Iterator[Callable[..., None]]:
    """Show on a terminal how far runs and searches are.

    What it gives is to be called after each run.
    """
    console = Screen(file=sys.stderr)
    if not console.is_terminal:  # a bar that is disabled ends a line there, before rich 14.3
        yield lambda *_: None
        return
    with Progress(console=console, transient=True) as bar:
        task = bar.add_task("running", total=jobs * options.runs)
        with _heard(lambda words: bar.update(task, description=words)):
            yield lambda *_: bar.advance(task)


@contextmanager
def _heard(tell: Callable[[str], object]) -> Iterator[None]:
    """Have what the checks log told."""
    logger = logging.getLogger("anyorder.checking")
    handler = logging.Handler()
    handler.emit = lambda record: tell(record.getMessage())  # type: ignore[method-assign,assignment]
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(before)
