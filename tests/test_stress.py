"""No flake: every program holds many times over while all cores are busy.

It takes minutes, so it runs where somebody asks for it: ``nox -s tests -- -m stress``.
"""

import multiprocessing
import os
from pathlib import Path

import pytest

from anyorder.checking import Program, check, find_programs, settings_for
from anyorder.running import this_interpreter

PROGRAMS, REFUSED = find_programs([Path(__file__).parents[1] / "src/examples"])
RUNS = 200


def work_for_ever():
    while True:
        pass


@pytest.fixture(scope="module")
def busy_cores():
    """Keep every core at work."""
    workers = [multiprocessing.Process(target=work_for_ever) for _ in range(os.cpu_count() or 1)]
    for worker in workers:
        worker.start()
    yield
    for worker in workers:
        worker.kill()
        worker.join()


@pytest.mark.stress
@pytest.mark.usefixtures("busy_cores")
@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_a_program_holds_on_busy_cores(path):
    program = Program.read(path)
    verdict = check(path, settings_by_default(program), runs=RUNS, timeout=60)
    assert verdict.held, str(verdict)


def test_there_are_programs():
    assert PROGRAMS
    assert not REFUSED


def settings_by_default(program):
    """Return where a person runs a program who asks for nothing."""
    here = this_interpreter()
    return settings_for(here, starts_processes=program.starts_processes, session=program.session)
