"""A folder for programs, and the command in it."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import jsonschema
import pytest

SCHEMA = Path(__file__).parents[2] / "docs/reference/command.schema.json"


@pytest.fixture
def folder(tmp_path):
    """A folder that is the current one of every command."""
    (tmp_path / "here").mkdir()
    return tmp_path / "here"


@pytest.fixture
def write(folder):
    """Write a program and the outcome file beside it."""

    def write(name, source, outcomes=None):
        path = folder / name
        path.write_text(source)
        if outcomes is not None:
            path.with_suffix(".toml").write_bytes(outcomes.encode())
        return path

    return write


@pytest.fixture
def tmp():
    """A folder with a short name: a fork server's socket lies below it."""
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


@pytest.fixture
def anyorder(tmp_path, tmp, folder):
    """Run the command as a person does, and see to it that it leaves nothing behind."""
    cache = tmp_path / "cache"
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    environment |= {"TMPDIR": str(tmp), "XDG_CACHE_HOME": str(cache), "COLUMNS": "40"}

    def anyorder(*words, python=("-m", "anyorder"), interrupted=False):
        # a job in the background has SIGINT ignored, and so have its children
        command = ["env", "--default-signal=INT", sys.executable, *python, *words]
        with subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        ) as process:
            while interrupted and not commands_that_name(folder):
                os.sched_yield()
            if interrupted:
                process.send_signal(signal.SIGINT)
            stdout, stderr = process.communicate(timeout=600)
        assert list(tmp.iterdir()) == []
        assert commands_that_name(folder) == []
        assert not list(folder.glob("*.draft"))
        return subprocess.CompletedProcess(command, process.returncode, stdout, stderr)

    return anyorder


def commands_that_name(folder):
    """Return the command lines of processes that still have to do with a folder."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().decode(errors="replace").split("\0")
        except OSError:  # it has just gone
            continue
        if any(str(folder) in word for word in words):
            found.append(words)
    return found


@pytest.fixture
def valid():
    """Return what a command printed under ``--json``, held against the documented schema."""
    schema = json.loads(SCHEMA.read_text())

    def valid(command, text):
        content = json.loads(text)
        whole = {"$ref": f"#/$defs/{command}", "$defs": schema["$defs"]}
        jsonschema.Draft202012Validator(whole).validate(content)
        return content

    return valid
