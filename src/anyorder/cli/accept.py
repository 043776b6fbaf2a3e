"""``anyorder accept``: propose entries for the outcomes that no entry covers."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click
import tomlkit

from anyorder.checking import Program, ProgramError, observe_all
from anyorder.checking.exploration import explored_in
from anyorder.checking.placeholders import with_placeholders
from anyorder.checking.possible import held_to
from anyorder.checking.program import is_session, outcome_file_of, place_in, read_source
from anyorder.checking.proposals import Proposal, proposals
from anyorder.checking.words import bounds_of, counted, extent_of, mixing_of
from anyorder.checking.writing import write_whole
from anyorder.cli.options import Options, end, read_all, with_limits, with_options
from anyorder.cli.options import follow as followed
from anyorder.cli.tables import progress
from anyorder.exploring import CannotExplore, Exploration, Limits
from anyorder.outcomes import Ends, OutcomeFile, Setting
from anyorder.outcomes.written import as_parts, as_toml
from anyorder.running import this_interpreter

__all__ = ["accept"]

Known = list[tuple[Exploration, list[Setting]]] | CannotExplore | str


@click.command()
@click.argument("path", metavar="PROGRAM", type=click.Path(path_type=Path))
@followed
@with_limits
@with_options(every_setting=True)
def accept(path: Path, options: Options, limits: Limits, follow: tuple[str, ...]) -> None:
    """Add entries for the outcomes that none covers.

    The outcomes are those that are possible, where the program can be explored, and those that runs
    had.

    A handful of them get an entry each. More are summed up, where an entry stands for just these:
    whole lines in any order, broken lines interleaved.

    What a person wrote in the file stays as it is: the entries are added at its end, and shown as
    a diff. Read them, grade them, and say why. Where not every outcome was found, a new file says
    how far it is held: every outcome with at most so many preemptions.
    """
    read, refused = read_all([path], lambda each: _begun(each, options, follow))
    if refused:
        end(options, refused)
    [(program, settings, before)] = read
    file = program.file
    with progress(options, len(settings)) as on_run:
        [observations] = observe_all(
            [(path, settings)], runs=options.runs, timeout=options.timeout, on_run=on_run
        )
        if isinstance(observations, ProgramError):
            end(options, [observations])
        here = [each for each in settings if each.interpreter == this_interpreter()]
        known = explored_in(program, here, limits)
    explorations = [] if isinstance(known, CannotExplore | str) else known
    observations = with_placeholders(observations, file, [each for each, _ in explorations])
    reason = _unexplored(program, known) if not (file.entries or file.unexplored) else []
    if not file.entries and file.preemptions is None:
        reason, file = _bounded(file, explorations) or (reason, file)
    for exploration, _ in explorations:
        _tell_extent(path, exploration)
    held = [(held_to(each, file) or each, here) for each, here in explorations]
    found = proposals(file, observations, held)
    entries = [_written(each, session=program.session) for each in found]
    if follow and not before:
        reason.insert(0, f"follow = {as_toml([*program.follow])}\n")
    after = "\n".join([*([before] if before else []), *reason, *entries])
    name = str(file.path)
    diff = "".join(
        difflib.unified_diff(
            before.splitlines(keepends=True), after.splitlines(keepends=True), name, name
        )
    )
    if entries:
        try:
            write_whole(file.path, after)
        except ProgramError as error:
            end(options, [error])
    if not options.json:
        click.echo(diff or f"{name}: every outcome is covered")
    end(
        options,
        [],
        program=str(path),
        outcome_file=name,
        added=len(entries),
        lines_mix=any(each.lines_mix for each, _ in explorations),
        diff=diff,
    )


def _tell_extent(path: Path, found: Exploration) -> None:
    """Say of a program where not every outcome was found, or not every order of its lines."""
    if not found.complete:
        click.echo(f"{path}: {extent_of(found)} was found. {bounds_of(found)}".rstrip(), err=True)
    if words := mixing_of(found):
        click.echo(f"{path}: {words}", err=True)


def _begun(
    path: Path, options: Options, follow: Sequence[str]
) -> tuple[Program, list[Setting], str]:
    """Return the program, the settings to run it in, and the text of its outcome file.

    The file may be yet to come, and is then empty.

    Raises:
        ProgramError: there is no such program, or this Python is to run it and finds it no Python,
            or there is no setting of it as the options ask
        OutcomeFileError: the outcome file is malformed
    """
    source = read_source(path)
    if this_interpreter() in options.wanted.interpreters and not is_session(path):
        try:
            ast.parse(source)
        except SyntaxError as error:
            where = place_in(path, error.lineno or 1)
            raise ProgramError(f"{where}: has a syntax error: {error.msg}: fix it first") from None
    before, file = _before(path)
    program = Program.of(path, file, follow)
    return program, options.wanted.of(program), before


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


def _unexplored(program: Program, known: Known) -> list[str]:
    """Return the key that says why the program cannot be explored, where that is its own doing.

    That greenlet is not installed here is no reason to leave it unexplored elsewhere.
    """
    if isinstance(known, CannotExplore):
        why = known.reason
    elif isinstance(known, str) and program.session:
        why = known
    else:
        return []
    return [f"unexplored = {tomlkit.string(why).as_string()}\n"]


def _before(program: Path) -> tuple[str, OutcomeFile]:
    """Return the text of the outcome file and what it says; both empty where there is none."""
    path = outcome_file_of(program)
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
