"""The interpreters that there are: found by running them, and missed by name."""

from __future__ import annotations

import json
import os
import platform
import re
import sys
from pathlib import Path

import pytest
from real_runs import SAMPLES

from anyorder.running import CannotRun, find_interpreters, interpreters, this_interpreter


@pytest.fixture
def commands(tmp_path, monkeypatch):
    """Return a folder that is all of ``PATH``, but for the shell."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def script(path: Path, text: str) -> Path:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def test_this_interpreter_is_the_running_one():
    this = this_interpreter()
    assert this.version == platform.python_version()
    assert this.path == Path(sys.executable)
    assert this.platform == sys.platform
    assert {*this.start_methods} == {"fork", "spawn", "forkserver"}


def test_the_default_start_method_is_first():
    for each in find_interpreters()[0]:
        minor = int(each.version.split(".")[1])
        assert each.start_methods[0] == ("forkserver" if minor >= 14 else "fork")


def test_all_are_one_of_each_version_and_build(commands):
    this = this_interpreter()
    script(commands / "python3.11", f'exec {this.path} "$@"')
    script(commands / "python3.99", f'exec {this.path} "$@"')
    assert find_interpreters() == ([this], [])


def test_all_are_in_the_order_of_their_versions():
    found, _ = find_interpreters()
    names = [each.name for each in found]
    assert len({*names}) == len(names)
    assert [interpreters.version_of(each) for each in found] == sorted(
        map(interpreters.version_of, found)
    )


def test_what_does_not_run_is_skipped_by_name_and_reason(commands):
    shim = script(commands / "python3.12", "echo 'pyenv: 3.12 is not installed' >&2\nexit 127")
    other = script(commands / "python3.13", "echo Hello")
    script(commands / "python3.8", "exit 1")  # too old to be asked
    script(commands / "python3-config", "exit 1")
    script(commands / "python3.12-config", "exit 1")
    found, skipped = find_interpreters()
    assert found == [this_interpreter()]
    assert {each.command: each.reason for each in skipped} == {
        str(shim): "exit status 127: pyenv: 3.12 is not installed",
        str(other): "it does not answer as a Python does",
    }


def test_a_free_threaded_python_hides_no_other_by_its_second_command(commands, monkeypatch):
    def answering(folder, command, version, *, free_threaded):
        (commands / folder).mkdir(exist_ok=True)
        known = [f"/{folder}/{command}", version, free_threaded, ["fork"], sys.platform]
        script(commands / folder / command, f"echo '{json.dumps(known)}'")

    answering("first", "python3.98", "3.98.1", free_threaded=True)
    answering("first", "python3.98t", "3.98.1", free_threaded=True)
    answering("second", "python3.98", "3.98.2", free_threaded=False)
    answering("third", "python3.98", "3.98.3", free_threaded=False)
    answering("third", "python3.99t", "3.99.0", free_threaded=True)
    folders = [str(commands / each) for each in ("first", "second", "third")]
    monkeypatch.setenv("PATH", os.pathsep.join(folders))
    found = [each.name for each in find_interpreters()[0]]
    assert [name for name in found if "3.9" in name] == ["3.98.1t", "3.98.2", "3.99.0t"]


def test_wanted_versions_and_paths_are_found_once():
    this = this_interpreter()
    wanted = [this.version, ".".join(this.version.split(".")[:2]), sys.executable]
    if this.free_threaded:
        wanted = [f"{wanted[0]}t", f"{wanted[1]}t", wanted[2]]
    assert find_interpreters(wanted) == ([this], [])


def test_a_wanted_version_is_looked_for_on_path(commands):
    base = Path(sys.executable).resolve()
    other = script(commands / "python3.98", f'exec {base} "$@"')
    ((found,), _) = find_interpreters(["3.98"])
    assert found.path == base
    assert find_interpreters([str(other)]) == ([found], [])


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ("3.99", r"Python 3\.99: there is no python3\.99 on PATH; install it, or give the path"),
        ("3.99t", r"Python 3\.99t: there is no python3\.99t on PATH; install it"),
        ("/gone/python", r"Python /gone/python: there is no such executable; install it"),
        ("", r"Python : there is no such executable"),
        ("/bin/cat", r"Python /bin/cat: /bin/cat does not run as a Python \(exit status 1: "),
        (
            "/bin/true",
            r"/bin/true does not run as a Python \(it does not answer as a Python does\)",
        ),
    ],
)
def test_a_wanted_interpreter_that_is_none_is_refused(wanted, message):
    with pytest.raises(CannotRun, match=f"^{message}" if message[0] == "P" else message):
        find_interpreters([wanted])


def test_a_file_that_cannot_be_executed_is_refused():
    path = str(SAMPLES / "hangs.py")
    with pytest.raises(CannotRun, match=re.escape(f"Python {path}: there is no such executable")):
        find_interpreters([path])
