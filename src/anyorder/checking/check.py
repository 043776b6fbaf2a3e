"""The one check behind every front end."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from anyorder.checking.exploration import explored_or_why_not
from anyorder.checking.limits import LIMITS, RUNS, TIMEOUT
from anyorder.checking.program import Program, ProgramError, file_of, place_in
from anyorder.checking.record import Observation, record_of
from anyorder.checking.verdict import Verdict
from anyorder.exploring import Limits
from anyorder.outcomes import OutcomeFileError, Setting
from anyorder.running import CannotRun, Job, observe

__all__ = ["REFUSALS", "Refusal", "check", "check_all", "observe_all"]

# why there is no verdict; each message says file, line and fix
Refusal = ProgramError | OutcomeFileError | CannotRun
REFUSALS = (ProgramError, OutcomeFileError, CannotRun)


def check(  # noqa: PLR0913 - each can be asked for alone
    program: Path,
    settings: Sequence[Setting],
    *,
    runs: int = RUNS,
    timeout: float = TIMEOUT,
    limits: Limits = LIMITS,
    require_explored: bool = False,
    follow: Collection[str] = (),
) -> Verdict:
    """Hold a program's outcome file against what it can do and what it does.

    Args:
        program: a script or a session, with its outcome file beside it
        settings: where to run it
        runs: how often to run it in each setting
        timeout: how many seconds a run may take before it counts as one that does not end
        limits: how far a search goes
        require_explored: whether it does not hold where it was run and not explored, though its
            outcome file does not say why
        follow: packages of others that are followed besides those that the outcome file names

    Raises:
        ProgramError: the program or its outcome file is not there, its record is of another text
            of the program, or it cannot be run
        OutcomeFileError: the outcome file is malformed
    """
    jobs = [(Program.read(program, follow), settings)]
    [result] = check_all(
        jobs, runs=runs, timeout=timeout, limits=limits, require_explored=require_explored
    )
    if isinstance(result, Exception):
        raise result
    return result


def check_all(  # noqa: PLR0913 - likewise
    programs: Sequence[tuple[Program, Sequence[Setting]]],
    *,
    runs: int = RUNS,
    timeout: float = TIMEOUT,
    limits: Limits = LIMITS,
    require_explored: bool = False,
    on_run: Callable[..., object] | None = None,
) -> list[Verdict | Refusal]:
    """Check many programs side by side, on all the cores that there are.

    Args:
        programs: each program, and where to run it
        runs: how often to run each in each setting
        timeout: seconds, for each run
        limits: how far a search goes
        require_explored: as for :func:`check`
        on_run: called after each run, as :func:`anyorder.running.observe` does

    Returns:
        the verdict on each program, or why it has none, which does not keep others from having
        theirs
    """
    observed = observe_all(
        [(program.path, settings) for program, settings in programs],
        runs=runs,
        timeout=timeout,
        on_run=on_run,
    )
    return [
        _result(program, observations, limits, require_explored=require_explored)
        for (program, _), observations in zip(programs, observed, strict=True)
    ]


def _result(
    program: Program,
    observations: Sequence[Observation] | ProgramError,
    limits: Limits,
    *,
    require_explored: bool,
) -> Verdict | ProgramError:
    if isinstance(observations, ProgramError):
        return observations
    try:
        recorded = tuple(record_of(program))
    except ProgramError as error:
        return error
    exploration = explored_or_why_not(program, limits)
    return Verdict(program, tuple(observations), recorded, exploration, limits, require_explored)


def observe_all(
    programs: Sequence[tuple[Path, Sequence[Setting]]],
    *,
    runs: int,
    timeout: float,
    on_run: Callable[..., object] | None = None,
) -> list[list[Observation] | ProgramError]:
    """Run many programs side by side, and return what was observed of each in each setting.

    Where one of them cannot be run, the others are; in its place is the error that says why.
    """
    try:
        return [*_observe(programs, runs=runs, timeout=timeout, on_run=on_run)]
    except ProgramError as error:  # the code of a block could not be put anywhere
        if len(programs) == 1:
            return [error]
    except CannotRun as error:
        if len(programs) == 1:
            [(program, _)] = programs
            # one of the lines of a session is named already
            file = file_of(program)
            message = str(error).replace(f"{file}: ", f"{place_in(program)}: ", 1)
            return [ProgramError(message)]
    # one stopped them all: to find out which it was, they take turns
    return [
        observed
        for program in programs
        for observed in observe_all([program], runs=runs, timeout=timeout)
    ]


def _observe(
    programs: Sequence[tuple[Path, Sequence[Setting]]],
    *,
    runs: int,
    timeout: float,
    on_run: Callable[..., object] | None,
) -> list[list[Observation]]:
    jobs = [
        Job(file_of(program), setting) for program, settings in programs for setting in settings
    ]
    counts = iter(observe(jobs, runs, timeout=timeout, on_run=on_run))
    return [
        [Observation(setting, next(counts)) for setting in settings] for _, settings in programs
    ]
