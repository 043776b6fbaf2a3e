"""``anyorder accept``: propose entries for the outcomes that no entry covers."""

from __future__ import annotations

import difflib
import tomllib
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

import click
import tomlkit

from anyorder.checking import Observation, ProgramError, observe_all
from anyorder.checking.exploration import explored_or_why_not
from anyorder.checking.program import is_session
from anyorder.checking.writing import write_whole
from anyorder.cli.options import Options, end, read_all, with_options
from anyorder.cli.tables import progress
from anyorder.exploring import CannotExplore, Exploration
from anyorder.outcomes import Ends, Grade, Outcome, OutcomeFile, Setting
from anyorder.running import this_interpreter

__all__ = ["accept"]


@click.command()
@click.argument("program", type=click.Path(path_type=Path))
@with_options
def accept(program: Path, options: Options) -> None:
    """Add an entry for each outcome that none covers.

    The outcomes are those that are possible, where the program can be explored, and those that runs
    had.

    What a person wrote in the file stays as it is: the entries are added at its end, and shown as
    a diff. Read them, grade them, and say why.
    """
    path = program.with_suffix(".toml")
    read, refused = read_all([program], lambda each: (options.settings(each), _before(path)))
    if refused:
        end(options, refused)
    [(settings, (before, file))] = read
    with progress(options, len(settings)) as on_run:
        [observations] = observe_all(
            [(program, settings)], runs=options.runs, timeout=options.timeout, on_run=on_run
        )
    if isinstance(observations, ProgramError):
        end(options, [observations])
    known = explored_or_why_not(program, file)
    counts = _uncovered(file, observations, known)
    reason = _unexplored(program, known) if not (file.entries or file.unexplored) else []
    proposals = [
        _proposal(
            outcome,
            Grade.SURPRISING if rank or file.entries else Grade.USUAL,
            session=is_session(program),
        )
        for rank, (outcome, _) in enumerate(counts.most_common())
    ]
    after = "\n".join([*([before] if before else []), *reason, *proposals])
    diff = "".join(
        difflib.unified_diff(
            before.splitlines(keepends=True), after.splitlines(keepends=True), str(path), str(path)
        )
    )
    if proposals:
        try:
            write_whole(path, after)
        except ProgramError as error:
            end(options, [error])
    if not options.json:
        click.echo(diff or f"{path}: every outcome is covered")
    end(
        options,
        [],
        program=str(program),
        outcome_file=str(path),
        added=len(proposals),
        diff=diff,
    )


def _uncovered(
    file: OutcomeFile,
    observations: Sequence[Observation],
    known: Exploration | CannotExplore | str,
) -> Counter[Outcome]:
    """Return the outcomes that no entry covers, with how often runs had them."""
    counts: Counter[Outcome] = Counter()
    for observation in observations:
        for outcome, count in observation.counts.items():
            if file.entry_for(outcome, observation.setting) is None:
                counts[outcome] += count
    if not isinstance(known, Exploration):
        return counts
    # a run that did not end is one of those that are possible, whose kind of end is known
    here = Setting(this_interpreter())
    possible = [each for each in known.outcome_set if file.entry_for(each, here) is None]
    ended = {each: count for each, count in counts.items() if each.ends is not Ends.UNENDED}
    return Counter(dict.fromkeys(possible, 0) | ended)


def _unexplored(program: Path, known: Exploration | CannotExplore | str) -> list[str]:
    """Return the key that says why the program cannot be explored, where that is its own doing.

    That greenlet is not installed here is no reason to leave it unexplored elsewhere.
    """
    if isinstance(known, CannotExplore):
        why = known.reason
    elif isinstance(known, str) and is_session(program):
        why = known
    else:
        return []
    return [f"unexplored = {tomlkit.string(why).as_string()}\n"]


def _before(path: Path) -> tuple[str, OutcomeFile]:
    """Return the text of the outcome file and what it says; both empty where there is none."""
    if not path.exists():
        return "", OutcomeFile(path, ())
    with suppress(OSError, ValueError):
        before = path.read_bytes().decode()
        content = tomllib.loads(before)
        if "outcome" not in content:
            return before, OutcomeFile(path, (), content.get("unexplored"))
    file = OutcomeFile.read(path)  # says why where it is malformed or cannot be read
    return path.read_bytes().decode(), file


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
