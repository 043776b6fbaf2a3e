"""The lock fits what is asked for, or says what it lacks; a new one says what has moved."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# stand-ins for what would ask the network: of each package there is release 7 alone
UV = """
import re, sys
for line in sorted(sys.stdin.read().split()):
    print(re.match("[a-zA-Z0-9-]+", line)[0].lower(), end="==7 \\\\\\n    --hash=sha256:00\\n")
"""
NPM = """
import json
asked = json.load(open("package.json"))
packages = {
    f"node_modules/{name}": {"version": "7"}
    for name in asked["dependencies"] | asked["devDependencies"]
}
lock = {"packages": {"": asked} | packages}
json.dump(lock, open("package-lock.json", "w"))
"""


@pytest.fixture
def house(tmp_path):
    """Return a copy of what the lock is made of, with stand-ins for uv and npm beside it."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "conf/locks", tmp_path / "conf/locks")
    for name in ("lock.py", "package.json", "package-lock.json"):
        shutil.copy(ROOT / "conf" / name, tmp_path / "conf")
    (tmp_path / "bin").mkdir()
    for name, program in (("uv", UV), ("npm", NPM)):
        (tmp_path / "bin" / name).write_text(f"#!{sys.executable}{program}")
        (tmp_path / "bin" / name).chmod(0o755)
    return tmp_path


def lock(house, *words):
    """Run the house's own lock.py, and return its exit code and what it says."""
    path = f"{house / 'bin'}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [sys.executable, house / "conf/lock.py", *words],
        env=os.environ | {"PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    return done.returncode, done.stdout


def replace(path, old, new):
    """Replace what stands once in a file."""
    words = path.read_text(encoding="utf-8")
    assert words.count(old) == 1
    path.write_text(words.replace(old, new), encoding="utf-8")


def test_the_lock_fits_and_says_what_it_holds():
    code, said = lock(ROOT, "--check")
    assert code == 0, said
    assert re.search(r", click \d[\d.]+, .+, pytest \d[\d.]+, .+; of npm \d+ packages[.]$", said)


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        (
            "pyproject.toml",
            '"click>=',
            '"nonesuch>=2", "click>=',
            "anyorder.txt lacks nonesuch>=2,",
        ),
        ("pyproject.toml", '"greenlet>=', '"greenlet>=3.2,>=', "explore.txt lacks greenlet>=3.2,"),
        (
            "pyproject.toml",
            '"rcssmin>=1.2",',
            "",
            "docs.txt lacks nothing, has rcssmin>=1.2 too much",
        ),
        (
            "pyproject.toml",
            "bench = ",
            "others = ",
            "bench.txt lacks nothing, has frontrun==0.7.* too",
        ),
        ("pyproject.toml", "bench = ", "others = ", "others.txt lacks frontrun==0.7.*,"),
        ("pyproject.toml", "hatchling>=", "flit-core>=", "build.txt lacks flit-core>="),
        ("pyproject.toml", 'python = ">=3.11"', 'python = ">=3.10"', "for Python >=3.10"),
        (
            "conf/package.json",
            '"typescript": "^',
            '"typescript": ">=',
            "package-lock.json is made for",
        ),
        (
            "conf/package.json",
            '"pyodide": "^',
            '"pyodide": ">=',
            "package-lock.json is made for",
        ),
    ],
)
def test_what_the_lock_does_not_hold_is_refused(house, file, old, new, told):
    assert lock(house, "--check")[0] == 0
    replace(house / file, old, new)
    code, said = lock(house, "--check")
    assert code == 1
    assert told in said
    assert "nox -s lock" in said


def test_a_file_that_is_missing_is_refused(house):
    (house / "conf/locks/bench.txt").unlink()
    assert lock(house, "--check")[0] == 1


def test_a_new_lock_says_what_moved_and_fits(house):
    replace(house / "pyproject.toml", '"click>=', '"nonesuch>=2", "click>=')
    (house / "conf/locks/of-old.txt").write_text("")
    held = (house / "conf/locks/anyorder.txt").read_text(encoding="utf-8")
    click = re.search(r"^click==(\S+)", held, re.MULTILINE)[1]
    code, said = lock(house)
    assert code == 0
    assert {f"click: {click} → 7", "nonesuch: nothing → 7"} <= set(said.splitlines())
    assert re.search(r"^markupsafe: \S+ → nothing$", said, re.MULTILINE)
    assert re.search(r"^node_modules/lighthouse: 12\S+ → 7$", said, re.MULTILINE)
    assert lock(house, "--check")[0] == 0
    assert lock(house) == (0, "The same versions as before.\n")


def test_another_lock_leaves_the_one_that_is_there(house):
    code, said = lock(house, f"--into={house / 'other'}", "--lowest", "anyorder", "pytest")
    assert code == 0
    assert "pytest: " in said
    assert "sphinx" not in said
    assert {path.name for path in (house / "other").iterdir()} == {"anyorder.txt", "pytest.txt"}
    assert lock(house, "--check") == lock(ROOT, "--check")


def unlocked(text):
    """Return the lines of a file that would install what no digest holds."""
    entries = text.replace("\\\n", "").splitlines()
    return [
        line
        for line in entries
        if line and line[0] not in "#-" and not re.match(r"\S+==\S+ .*--hash=sha256:", line)
    ]


def test_every_entry_has_a_version_and_a_digest():
    for path in (ROOT / "conf/locks").iterdir():
        assert unlocked(path.read_text(encoding="utf-8")) == []
    node = json.loads((ROOT / "conf/package-lock.json").read_text(encoding="utf-8"))
    for entry in [entry for name, entry in node["packages"].items() if name]:
        assert "integrity" in entry
        assert "resolved" not in entry
        assert "latest" not in entry.get("dependencies", {}).values()


@pytest.mark.parametrize("line", ["click", "click>=8", "click==8.5", "click>=8 --hash=sha256:00"])
def test_an_entry_without_one_of_them_is_found(line):
    assert unlocked(f"rich==15 \\\n    --hash=sha256:00\n{line}\n") == [line]
