"""The lock: what exactly is installed here, on every Python that is supported.

``conf/locks`` has a file for the tool, for each of its extras and for each dependency group of
pyproject.toml. Any of them fit together, and plain pip can install from them; what npm brings
has ``conf/package-lock.json``. ``python conf/lock.py`` makes them anew, from the newest releases
that pyproject.toml and ``conf/package.json`` take, with uv and npm, and says what changed.
``--check`` needs neither, nor the network: it holds each file against that from which it was made.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

CONF = Path(__file__).parent
LOCKS = CONF / "locks"
NODE = CONF / "package-lock.json"
PYPROJECT = tomllib.loads((CONF.parent / "pyproject.toml").read_text(encoding="utf-8"))
PYTHON = PYPROJECT["project"]["requires-python"]
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([^ ]+)", re.MULTILINE)


def requirements() -> dict[str, list[str]]:
    """Return what pyproject.toml asks for: for the tool, each extra and each dependency group."""
    project, groups = PYPROJECT["project"], PYPROJECT["dependency-groups"]
    # beside the build back-end itself there is what it needs to make an editable install
    build = [*PYPROJECT["build-system"]["requires"], *groups["build"]]
    tool = {project["name"]: project["dependencies"], **project["optional-dependencies"]}
    return {**tool, **groups, "build": build}


def head(name: str, wanted: list[str]) -> str:
    """Return the lines with which a file begins: from what it was made."""
    asked = "".join(f"#   {each}\n" for each in wanted)
    return (
        f'# What is installed for "{name}", made by `nox -s lock` for Python {PYTHON} from:\n'
        f"{asked}--only-binary :all:\n\n"
    )


def resolve(wanted: Iterable[str], *options: str) -> str:
    """Let uv find versions for requirements, for all Pythons and systems at once."""
    command = ("uv", "pip", "compile", "--universal", "--python-version", PYTHON.lstrip(">="))
    done = subprocess.run(
        [*command, "--only-binary=:all:", "--no-header", "--no-annotate", "--quiet", *options, "-"],
        input="\n".join(wanted),
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=True,
    )
    return done.stdout


def make(asked: dict[str, list[str]], *options: str) -> dict[str, str]:
    """Return the text of each file of a lock, a package having the same version in all of them."""
    with TemporaryDirectory() as folder:
        together = Path(folder, "together.txt")
        everything = {each for wanted in asked.values() for each in wanted}
        together.write_text(resolve(sorted(everything), *options), encoding="utf-8")
        fit = ("--generate-hashes", f"--constraint={together}")
        return {name: head(name, wanted) + resolve(wanted, *fit) for name, wanted in asked.items()}


def make_node() -> str:
    """Return the text of the lock for what npm brings, which names no host."""
    with TemporaryDirectory() as folder:
        shutil.copy(CONF / "package.json", folder)
        command = ("npm", "install", "--package-lock-only", "--omit-lockfile-registry-resolved")
        quiet = ("--no-audit", "--no-fund", "--loglevel=error")
        subprocess.run([*command, *quiet], cwd=folder, check=True)
        made = Path(folder, NODE.name).read_text(encoding="utf-8")
        # the latest of a package is another one tomorrow, and which it was is locked all the same
        return made.replace('": "latest"', '": "*"')


def pins(folder: Path, names: Iterable[str]) -> dict[str, str]:
    """Return what files of a lock hold: of each package the version, or the versions."""
    found: dict[str, list[str]] = {}
    for path in filter(Path.exists, (folder / f"{name}.txt" for name in names)):
        for package, version in PIN.findall(path.read_text(encoding="utf-8")):
            found.setdefault(package, []).append(version)
    return {package: " or ".join(dict.fromkeys(found[package])) for package in sorted(found)}


def node_pins() -> dict[str, str]:
    """Return what the lock for npm holds."""
    packages = json.loads(NODE.read_text(encoding="utf-8"))["packages"] if NODE.exists() else {}
    return {name: entry["version"] for name, entry in packages.items() if name}


def changes(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """Return a line for each package that is new, has gone or has another version."""
    return [
        f"{name}: {before.get(name, 'nothing')} → {after.get(name, 'nothing')}"
        for name in sorted(before | after)
        if before.get(name) != after.get(name)
    ]


def faults() -> list[str]:
    """Return where the lock does not fit what pyproject.toml and package.json ask for."""
    asked, found = requirements(), []
    for name in sorted(asked.keys() | {path.stem for path in LOCKS.glob("*.txt")}):
        path = LOCKS / f"{name}.txt"
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        if name in asked and text.startswith(head(name, asked[name])):
            continue
        wanted, locked = asked.get(name, []), re.findall(r"^#   (.+)$", text, re.MULTILINE)
        lacks = ", ".join(each for each in wanted if each not in locked) or "nothing"
        spare = ", ".join(each for each in locked if each not in wanted) or "nothing"
        found.append(f"{path.name} lacks {lacks}, has {spare} too much, for Python {PYTHON}")
    made_for = json.loads(NODE.read_text(encoding="utf-8"))["packages"][""]
    wanted = json.loads((CONF / "package.json").read_text(encoding="utf-8"))
    if any(made_for[kind] != wanted[kind] for kind in ("dependencies", "devDependencies")):
        found.append(f"{NODE.name} is made for other requirements than package.json has")
    return found


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(description="Make the lock anew, and say what changed.")
    parser.add_argument("--check", action="store_true", help="only say whether it still fits")
    parser.add_argument("--into", type=Path, metavar="FOLDER", help="make another one, there")
    parser.add_argument("--lowest", action="store_true", help="of the lowest versions promised")
    parser.add_argument("names", nargs="*", help="of the tool, extras and groups; else all")
    options = parser.parse_args()
    asked = requirements()
    names, folder = options.names or list(asked), options.into or LOCKS
    if options.check:
        if found := faults():
            sys.exit("\n".join(["The lock does not fit: run `nox -s lock`.", *found]))
        held = ", ".join(f"{name} {version}" for name, version in pins(LOCKS, asked).items())
        print(f"The lock fits. It holds {held}; of npm {len(node_pins())} packages.")
        return
    before = pins(LOCKS, names) | node_pins()
    lowest = ["--resolution=lowest-direct"] if options.lowest else []
    made = make({name: asked[name] for name in names}, *lowest)
    if not options.into:
        NODE.write_text(make_node(), encoding="utf-8")
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.glob("*.txt"):
        path.unlink()
    for name, text in made.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    told = changes(before, pins(folder, names) | node_pins())
    print("\n".join(told) or "The same versions as before.")


if __name__ == "__main__":
    main()
