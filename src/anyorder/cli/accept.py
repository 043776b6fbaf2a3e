"""``anyorder accept``: propose entries for the outcomes that no entry covers."""

from __future__ import annotations

import difflib
from collections import Counter
from functools import partial
from pathlib import Path

import click
import tomlkit

from anyorder.checking import find_programs, observe_all
from anyorder.checking.exploration import explored_or_why_not
from anyorder.checking.program import is_session, read_source, starts_processes
from anyorder.cli.options import CANNOT, COULD_NOT_RUN, Options, fail, with_options
from anyorder.cli.tables import print_json, progress
from anyorder.exploring import CannotExplore, Exploration
from anyorder.outcomes import Ends, Grade, Outcome, OutcomeFile, Setting
from anyorder.running import this_interpreter

__all__ = ["accept"]


@click.command()
@click.argument("program", type=click.Path(path_type=Path))
@with_options
def accept(program: Path, options: Options) -> None:
    """Add an entry to the outcome file for each outcome that none covers.

    The outcomes are those that are possible, where the program can be explored, and those that runs
    had.

    What a person wrote in the file stays as it is: the entries are added at its end, and shown as
    a diff. Read them, grade them, and say why.
    """
    try:
        [program] = find_programs([program])
        path = program.with_suffix(".toml")
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        file = OutcomeFile.read(path) if before.strip() else OutcomeFile(path, ())
        settings = options.settings(
            starts_processes=starts_processes(read_source(program)), session=is_session(program)
        )
        with progress(options, len(settings)) as on_run:
            [observations] = observe_all(
                [(program, settings)], runs=options.runs, timeout=options.timeout, on_run=on_run
            )
        known = explored_or_why_not(program, file)
    except CANNOT as error:
        fail(error)
        raise SystemExit(COULD_NOT_RUN) from None
    counts = Counter(
        {
            outcome: observation.counts[outcome]
            for observation in observations
            for outcome in observation.counts
            if file.entry_for(outcome, observation.setting) is None
        }
    )
    if isinstance(known, Exploration):
        # a run that did not end is one of these, whose kind of end is known
        counts = Counter({each: counts[each] for each in counts if each.ends is not Ends.UNENDED})
        here = Setting(this_interpreter())
        counts.update(
            dict.fromkeys((o for o in known.outcome_set if file.entry_for(o, here) is None), 0)
        )
    reason = [] if file.entries or isinstance(known, Exploration) else [_unexplored(known)]
    proposals = [
        _proposal(
            outcome,
            Grade.SURPRISING if rank or file.entries else Grade.USUAL,
            session=is_session(program),
        )
        for rank, (outcome, _) in enumerate(counts.most_common())
    ]
    after = "\n".join([*([before] if before else reason), *proposals])
    diff = "".join(
        difflib.unified_diff(
            before.splitlines(keepends=True), after.splitlines(keepends=True), str(path), str(path)
        )
    )
    if proposals:
        draft = path.with_suffix(".draft")
        draft.write_text(after, encoding="utf-8")
        draft.replace(path)
    if options.json:
        content = {"program": str(program), "outcome_file": str(path)}
        print_json({**content, "added": len(proposals), "diff": diff})
    else:
        click.echo(diff or f"{path}: every outcome is covered")


def _unexplored(known: CannotExplore | str) -> str:
    why = known.message if isinstance(known, CannotExplore) else known
    return f"unexplored = {tomlkit.string(why).as_string()}\n"


def _proposal(outcome: Outcome, grade: Grade, *, session: bool) -> str:
    text = partial(_text, session=session)
    lines = ["[[outcome]]", f'grade = "{grade}"', f"stdout = {text(outcome.stdout)}"]
    if outcome.stderr:
        lines.append(f"stderr = {text(outcome.stderr)}")
    if outcome.exit:
        lines.append(f"exit = {outcome.exit}")
    if outcome.ends in {Ends.DEADLOCK, Ends.NEVER}:
        lines.append(f'ends = "{outcome.ends}"')
    elif outcome.ends is Ends.UNENDED:
        lines.append('ends = "never"  # or "deadlock"')
    return "\n".join([*lines, ""])


def _text(text: str, *, session: bool) -> str:
    """Return ``text`` as a person would write it: a list of lines, where it is whole lines."""
    if not text.endswith("\n"):
        return tomlkit.string(text).as_string()
    # an empty second prompt is written with the space that a screen does not show: without it,
    # three dots alone are any lines
    lines = [
        tomlkit.string("... " if session and line == "..." else line).as_string()
        for line in text.removesuffix("\n").split("\n")
    ]
    if len(lines) == 1:
        return f"[{lines[0]}]"
    return "[\n" + "".join(f"    {line},\n" for line in lines) + "]"
