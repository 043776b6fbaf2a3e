"""Many real runs of many programs, side by side on the cores there are."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from anyorder.outcomes import Ends, Outcome, Setting
from anyorder.running.environment import Before
from anyorder.running.keepers import no_keepers
from anyorder.running.program import run

__all__ = ["ENOUGH_UNENDED", "Job", "observe"]

ENOUGH_UNENDED = 20


@dataclass(frozen=True, slots=True)
class Job:
    """A program and where it is to run.

    Args:
        program: a Python file, or a file of lines to type
        setting: where it runs
        before: what Python is to run before it
    """

    program: Path
    setting: Setting
    before: Before | None = None


def observe(
    jobs: Sequence[Job],
    runs: int,
    *,
    timeout: float = 10.0,
    on_run: Callable[[Job, Outcome | None], object] | None = None,
) -> list[Counter[Outcome]]:
    """Run every job many times, and return how often each outcome came, in the order of the jobs.

    Args:
        jobs: what to run
        runs: how often to run each; a job of which 20 runs did not end is not run further
        timeout: seconds that one run may take
        on_run: is called in this thread for each of ``len(jobs) * runs`` runs when it is done, with
            ``None`` for a run that was not needed

    Raises:
        CannotRun: as :func:`run` does; what was still running is killed
    """
    counts: list[Counter[Outcome]] = [Counter() for _ in jobs]

    def run_unless_enough(index: int) -> Outcome | None:
        job = jobs[index]
        if enough(counts[index]):
            return None
        return run(job.program, job.setting, timeout=timeout, before=job.before)

    with ThreadPoolExecutor(cores()) as pool:
        rounds = (index for _ in range(runs) for index in range(len(jobs)))
        futures = {pool.submit(run_unless_enough, index): index for index in rounds}
        try:
            for future in as_completed(futures):
                index, outcome = futures[future], future.result()
                if outcome is not None and not enough(counts[index]):
                    counts[index][outcome] += 1
                if on_run is not None:
                    on_run(jobs[index], outcome)
        except BaseException:  # an interrupt too
            with no_keepers():
                pool.shutdown(cancel_futures=True)
            raise
    return counts


def cores() -> int:
    """Return how many runs may go side by side."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def enough(counts: Counter[Outcome]) -> bool:
    """Return whether so many runs did not end that more would say nothing new."""
    unended = sum(count for outcome, count in counts.items() if outcome.ends is Ends.UNENDED)
    return unended >= ENOUGH_UNENDED
