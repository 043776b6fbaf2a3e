"""The archive of all programs: it has each of them, runs when unpacked, and is always the same."""

import importlib
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from anyorder.checking import find_programs

ROOT = Path(__file__).parents[2]

sys.path.append(str(ROOT / "conf"))
programs = importlib.import_module("programs")


@pytest.fixture
def unpacked(tmp_path):
    """Return the folder that a reader has who has unpacked the archive."""
    with ZipFile(BytesIO(programs.archive("https://example.org/"))) as archived:
        archived.extractall(tmp_path)
    [folder] = tmp_path.iterdir()
    return folder


def test_it_is_the_same_each_time():
    assert programs.archive("https://example.org/") == programs.archive("https://example.org/")


def test_it_has_each_program_as_it_is(unpacked):
    found, lost = find_programs([programs.EXAMPLES])
    scripts = {path.relative_to(programs.EXAMPLES) for path in found if path.suffix == ".py"}
    assert lost == []
    assert {path.relative_to(unpacked) for path in unpacked.rglob("*.py")} == scripts
    for name in scripts:
        assert (unpacked / name).read_bytes() == (programs.EXAMPLES / name).read_bytes()
    assert "https://example.org/" in (unpacked / "README.txt").read_text(encoding="utf-8")


def test_its_programs_run(unpacked):
    says = (unpacked / "README.txt").read_text(encoding="utf-8")
    [command] = [line.split() for line in says.splitlines() if line.startswith("    python ")]
    done = subprocess.run(
        [sys.executable, *command[1:]], cwd=unpacked, check=True, capture_output=True, text=True
    )
    assert done.stdout.endswith("tickets left: 0\n")
    assert done.stderr == ""
