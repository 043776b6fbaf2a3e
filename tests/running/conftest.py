"""See to it that nothing is left of a run."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from real_runs import leftovers

from anyorder.running import keepers


@pytest.fixture(scope="session")
def folder_of_all_runs() -> Iterator[Path]:
    """Give the keepers of these tests a temporary folder of their own."""
    folder = Path(tempfile.mkdtemp(prefix="ao"))  # short: a socket's path may have about 100 bytes
    keepers._close_idle()
    yield folder
    keepers._close_idle()
    folder.rmdir()


@pytest.fixture(autouse=True)
def temporary(folder_of_all_runs: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """See that a test leaves nothing in the temporary folder, nor any process."""
    monkeypatch.setenv("TMPDIR", str(folder_of_all_runs))  # of these tests, whatever comes between
    yield folder_of_all_runs
    assert leftovers(folder_of_all_runs) == []
