"""``anyorder accept``: propose entries for the outcomes that no entry covers."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click
import tomlkit

from anyorder.checking import ProgramError, observe_all
from anyorder.checking.exploration import explored_by_setting, explored_or_why_not
from anyorder.checking.placeholders import with_placeholders
from anyorder.checking.possible import held_to
from anyorder.checking.program import is_session, read_source, starts_processes
from anyorder.checking.proposals import Proposal, proposals
from anyorder.checking.words import bounds_of, counted, extent_of
from anyorder.checking.writing import write_whole
from anyorder.cli.options import Options, end, read_all, with_limits, with_options
from anyorder.cli.tables import progress
from anyorder.exploring import CannotExplore, Exploration, Limits
from anyorder.outcomes import Ends, OutcomeFile, Setting
from anyorder.outcomes.written import as_parts, as_toml
from anyorder.running import this_interpreter

__all__ = ["accept"]

Known = list[tuple[Exploration, list[Setting]]] | CannotExplore | str


@click.command()
@click.argument("program", type=click.Path(path_type=Path))
@with_limits
@with_options(every_setting=True)
def accept(program: Path, options: Options, limits: Limits) -> None:
    """Add entries for the outcomes that none covers.

    The outcomes are those that are possible, where the program can be explored, and those that runs
    had.

    A handful of them get an entry each. More are summed up, where an entry stands for just these:
    whole lines in any order, broken lines interleaved.

    What a person wrote in the file stays as it is: the entries are added at its end, and shown as
    a diff. Read them, grade them, and say why. Where not every outcome was found, a new file says
    how far it is held: every outcome with at most so many preemptions.
    """
    read, refused = read_all([program], lambda each: (_settings(each, options), _before(each)))
    if refused:
        end(options, refused)
    [(settings, (before, file))] = read
    path = file.path
    with progress(options, len(settings)) as on_run:
        [observations] = observe_all(
            [(program, settings)], runs=options.runs, timeout=options.timeout, on_run=on_run
        )
        if isinstance(observations, ProgramError):
            end(options, [observations])
        known = _explored(program, file, settings, limits)
    explorations = [] if isinstance(known, CannotExplore | str) else known
    observations = with_placeholders(observations, file, [each for each, _ in explorations])
    reason = _unexplored(program, known) if not (file.entries or file.unexplored) else []
    if not file.entries and file.preemptions is None:
        reason, file = _bounded(file, explorations) or (reason, file)
    for exploration, _ in explorations:
        if not exploration.complete:
            words = f"{program}: {extent_of(exploration)} was found. {bounds_of(exploration)}"
            click.echo(words.rstrip(), err=True)
    held = [(held_to(each, file) or each, here) for each, here in explorations]
    found = proposals(file, observations, held)
    entries = [_written(each, session=is_session(program)) for each in found]
    after = "\n".join([*([before] if before else []), *reason, *entries])
    diff = "".join(
        difflib.unified_diff(
            before.splitlines(keepends=True), after.splitlines(keepends=True), str(path), str(path)
        )
    )
    if entries:
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
        added=len(entries),
        diff=diff,
    )


def _settings(program: Path, options: Options) -> list[Setting]:
    """Return the settings in which ``program`` is run.

    Raises:
        ProgramError: there is no such program, or this Python is to run it and finds it no Python
    """
    settings = options.settings(program)
    if this_interpreter() in options.interpreters and not is_session(program):
        try:
            ast.parse(read_source(program))
        except SyntaxError as error:
            raise ProgramError(
                f"{program}:{error.lineno or 1}: has a syntax error: {error.msg}: fix it first"
            ) from None
    return settings


def _explored(
    program: Path, file: OutcomeFile, settings: Sequence[Setting], limits: Limits
) -> Known:
    """Return what is possible, each with the settings that it speaks for, or why it is unknown."""
    known = explored_or_why_not(program, file, limits)
    if not isinstance(known, Exploration):
        return known
    here = [each for each in settings if each.interpreter == this_interpreter()]
    if not starts_processes(read_source(program)):
        return [(known, here)]
    try:
        return explored_by_setting(program, here, preemptions=file.preemptions, limits=limits)
    except CannotExplore as refusal:
        return refusal


def _bounded(
    file: OutcomeFile, explorations: Sequence[tuple[Exploration, object]]
) -> tuple[list[str], OutcomeFile] | None:
    """Return the key that says how far a new file is held, and the file as if it had that.

    Returns:
        That, and ``None`` where everything was explored, or nothing is known for certain.
    """
    reached = [each.preemptions for each, _ in explorations if not each.complete]
    bounds = [each for each in reached if each is not None]
    if not bounds or len(bounds) < len(reached):
        return None
    bound = min(bounds)
    line = f'explored = "{counted(bound, "preemption")}"\n'
    return [line], replace(file, preemptions=bound)


def _unexplored(program: Path, known: Known) -> list[str]:
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


def _before(program: Path) -> tuple[str, OutcomeFile]:
    """Return the text of the outcome file and what it says; both empty where there is none."""
    path = program.with_suffix(".toml")
    if not path.exists():
        return "", OutcomeFile(path, ())
    file = OutcomeFile.read(path, begun=True)  # says why where it is malformed or cannot be read
    return path.read_bytes().decode(), file


def _written(proposal: Proposal, *, session: bool) -> str:
    outcome = proposal.outcome
    stdout = as_parts(outcome.stdout) if proposal.stdout is None else proposal.stdout
    written = as_toml(stdout, session=session)
    lines = ["[[outcome]]", f'grade = "{proposal.grade}"', f"stdout = {written}"]
    if proposal.count > 1:
        lines.append(f"count = {proposal.count}")
    if outcome.stderr:
        lines.append(f"stderr = {as_toml(as_parts(outcome.stderr), session=session)}")
    if outcome.exit:
        lines.append(f"exit = {outcome.exit}")
    if outcome.ends in {Ends.DEADLOCK, Ends.NEVER}:
        lines.append(f'ends = "{outcome.ends}"')
    elif outcome.ends is Ends.UNENDED:
        lines.append('ends = "never"  # or "deadlock"')
    if proposal.python:
        lines.append(f'python = "{proposal.python}"')
    for key, words in (("start_method", proposal.start_method), ("stdout_to", proposal.stdout_to)):
        if words:
            choice = [f'"{word}"' for word in words]
            value = choice[0] if len(choice) == 1 else f"[{', '.join(choice)}]"
            lines.append(f"{key} = {value}")
    if proposal.reachable:
        items = ", ".join(f'"{each}"' for each in proposal.reachable)
        lines.append(f"reachable = [{items}]")
    return "\n".join([*lines, ""])
