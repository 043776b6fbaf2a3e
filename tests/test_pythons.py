"""`.ci/pythons` takes the newest free-threaded Python that there is, or that can be had."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LISTED = """\
Package: python3.13
Files:
 0123 100 python3.13_3.13.18.orig.tar.xz
 0123 100 python3.13_3.13.18-1.debian.tar.xz
 0123 100 python3.13_3.13.9.orig.tar.xz
Package: python3.14
Files:
 0123 100 python3.14_3.14.10.orig.tar.xz
 0123 100 python3.14_3.14.9.orig.tar.xz
Package: python3.15
Files:
 0123 100 python3.15_3.15.2.orig.tar.xz
Package: python3.16
Files:
 0123 100 python3.16_3.16.0~a2.orig.tar.xz
"""
# an archive of which a test says what it serves; curl gets an address alone, or a file before it
ARCHIVE = """
source .ci/pythons
archive() { echo there; }
xz() { cat; }
curl() {
    if [[ $2 != -o ]]; then
        cat "$LISTED"
    elif [[ " $SERVED " == *" ${4##*/} "* ]]; then
        echo "${4#there/}" >"$3"
    else
        return 22
    fi
}
"""


@pytest.fixture
def bash(tmp_path):
    """Run a script beside the functions of `.ci/pythons`."""
    (tmp_path / "listed").write_text(LISTED)
    commands = tmp_path / "commands"
    commands.mkdir()
    for name in ("bash", "cat", "grep", "mktemp", "rm", "sh", "sort"):
        (commands / name).symlink_to(shutil.which(name))

    def run(script, served="", pythons=()):
        for name, status in pythons:
            command = commands / name
            command.write_text(f"#!/bin/sh\nexit {status}\n")
            command.chmod(0o755)
        environment = {"PATH": str(commands), "LISTED": str(tmp_path / "listed"), "SERVED": served}
        done = subprocess.run(
            ["bash", "-c", ARCHIVE + script],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout.split(), done.stderr

    return run


@pytest.mark.parametrize(
    ("served", "version", "brought"),
    [
        ("3.13.18 3.14.10 3.15.2", "3.15", "3.15.2"),
        ("3.13.9 3.14.9", "3.14", "3.14.9"),
        ("3.13.9 3.14.9 3.14.10", "3.14", "3.14.10"),
        ("3.13.9 3.16.0~a2", "3.13", "3.13.9"),
    ],
)
def test_the_newest_source_that_is_served_is_brought(bash, served, version, brought):
    names = (f"python{each.rpartition('.')[0]}_{each}.orig.tar.xz" for each in served.split())
    files = " ".join(names)
    status, said, _ = bash('bring_newest_source; cat "$work/source"', files)
    file = f"pool/main/p/python{version}/python{version}_{brought}.orig.tar.xz"
    assert (status, said) == (0, [version, file])


def test_it_is_said_that_no_source_is_served(bash):
    status, said, error = bash("bring_newest_source")
    assert (status, said) == (1, [])
    assert error == "the archive serves no source of Python 3.15 3.14 3.13\n"


@pytest.mark.parametrize(
    ("pythons", "newest"),
    [
        ({"python3.13t": 0}, ["python3.13t"]),
        ({"python3.13t": 0, "python3.14t": 0}, ["python3.14t"]),
        ({"python3.13t": 0, "python3.14t": 127, "python3.15": 0}, ["python3.13t"]),
        ({"python3.14": 0}, []),
    ],
)
def test_the_newest_free_threaded_python_that_runs_is_taken(bash, pythons, newest):
    status, said, _ = bash("newest_free_threaded", pythons=pythons.items())
    assert (status == 0, said) == (bool(newest), newest)


@pytest.mark.parametrize(("free_threaded", "built"), [(0, []), (127, ["built"])])
def test_it_is_built_where_none_runs(bash, free_threaded, built):
    pythons = [(f"python3.{minor}", 0) for minor in (12, 13, 14, 15)]
    pythons += [("python3.14t", free_threaded)]
    status, said, error = bash(
        "build_free_threaded() { echo built; }; main --free-threaded", pythons=pythons
    )
    assert not error
    assert status == 0
    assert said[: len(built)] == built
    assert (said[-2:] == ["not", "here"]) == bool(built)
