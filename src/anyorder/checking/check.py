"""The one check behind every front end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from anyorder.checking.exploration import explored_or_why_not
from anyorder.checking.program import Program
from anyorder.checking.record import Observation, read_record
from anyorder.checking.verdict import Verdict
from anyorder.outcomes import Setting
from anyorder.running import Job, observe

__all__ = ["RUNS", "TIMEOUT", "check", "check_all", "observe_all"]

RUNS = 20
TIMEOUT = 10.0


def check(
    program: Path, settings: Sequence[Setting], *, runs: int = RUNS, timeout: float = TIMEOUT
) -> Verdict:
    """Hold a program's outcome file against what it can do and what it does.

    Args:
        program: a script or a session, with its outcome file beside it
        settings: where to run it
        runs: how often to run it in each setting
        timeout: how many seconds a run may take before it counts as one that does not end

    Raises:
        ProgramError: there is no program, no outcome file, or a record of another text of it
        OutcomeFileError: the outcome file is malformed
        CannotRun: the program or an interpreter cannot be run
    """
    return check_all([(Program.read(program), settings)], runs=runs, timeout=timeout)[0]


def check_all(
    programs: Sequence[tuple[Program, Sequence[Setting]]],
    *,
    runs: int = RUNS,
    timeout: float = TIMEOUT,
    on_run: Callable[..., object] | None = None,
) -> list[Verdict]:
    """Check many programs side by side, on all the cores that there are.

    Args:
        programs: each program, and where to run it
        runs: how often to run each in each setting
        timeout: seconds, for each run
        on_run: called after each run, as :func:`anyorder.running.observe` does

    Raises:
        ProgramError: a program's record is of another text of it
        CannotRun: a program or an interpreter cannot be run
    """
    recorded = [tuple(read_record(program.path)) for program, _ in programs]
    observed = observe_all(
        [(program.path, settings) for program, settings in programs],
        runs=runs,
        timeout=timeout,
        on_run=on_run,
    )
    return [
        Verdict(program, tuple(observations), kept, explored_or_why_not(program.path, program.file))
        for (program, _), observations, kept in zip(programs, observed, recorded, strict=True)
    ]


def observe_all(
    programs: Sequence[tuple[Path, Sequence[Setting]]],
    *,
    runs: int,
    timeout: float,
    on_run: Callable[..., object] | None = None,
) -> list[list[Observation]]:
    """Run many programs side by side, and return what was observed of each in each setting."""
    jobs = [Job(program, setting) for program, settings in programs for setting in settings]
    counts = iter(observe(jobs, runs, timeout=timeout, on_run=on_run))
    return [
        [Observation(setting, next(counts)) for setting in settings] for _, settings in programs
    ]
