"""What the tests of real runs share: where the samples are, and that nothing is left of a run."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from anyorder.running import keepers

SAMPLES = Path(__file__).parent / "samples"


def leftovers(folder: Path) -> list[str]:
    """Return the files in ``folder``, and the processes of runs that had it as temporary folder.

    Other processes of the machine, such as those of tests beside this one, do not count.
    """
    mark = os.fsencode(folder / "anyorder-")
    found = [str(path) for path in folder.iterdir()]
    for process in Path("/proc").glob("[0-9]*"):
        try:
            environment, command = (
                (process / "environ").read_bytes(),
                (process / "cmdline").read_bytes(),
            )
        except OSError:
            continue
        if mark in environment:
            found.append(f"{process.name}: {command!r}")
    return found


@pytest.fixture(scope="session")
def folder_of_all_runs() -> Iterator[Path]:
    """Give the keepers of these tests a temporary folder of their own."""
    folder = Path(tempfile.mkdtemp(prefix="ao"))  # short: a socket's path may have about 100 bytes
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(folder))
        keepers._close_idle()
        yield folder
    keepers._close_idle()
    folder.rmdir()


@pytest.fixture(autouse=True)
def temporary(folder_of_all_runs: Path) -> Iterator[Path]:
    """See that a test leaves nothing in the temporary folder, nor any process."""
    yield folder_of_all_runs
    assert leftovers(folder_of_all_runs) == []
