"""Every kind of wrong expectation is refused: each outcome file of ours is spoilt in each way."""

import copy
import shutil
import tomllib
from functools import cache
from pathlib import Path

import pytest
import tomlkit

from anyorder.checking import Observation, Program, Verdict, program_of, settings_here
from anyorder.checking.exploration import explored_or_why_not
from anyorder.checking.reaching import misjudged, reached_by_entries
from anyorder.outcomes import (
    Ends,
    Grade,
    Interpreter,
    Outcome,
    OutcomeFile,
    Prompt,
    Setting,
    StartMethod,
    StdoutTo,
    UncountableError,
)

EXAMPLES = Path(__file__).parents[2] / "src/examples"
FILES = sorted(EXAMPLES.rglob("*.toml"))
EXPLORED = [file for file in FILES if OutcomeFile.read(file).unexplored is None]

PYTHONS = [
    Interpreter(Path("python"), version, free_threaded, tuple(StartMethod), "linux")
    for version in ("3.11.9", "3.12.9", "3.13.5", "3.14.2", "3.15.0")
    for free_threaded in (False, True)
    if not (free_threaded and version < "3.13")
]
NOBODY = "nobody prints this"


def settings_of(program):
    """Return every setting that makes a difference to a program, on every Python."""
    methods = list(StartMethod) if program.starts_processes else [None]
    if program.session:
        return [
            Setting(python, method, StdoutTo.TERMINAL, prompt)
            for python in PYTHONS
            for method in methods
            for prompt in Prompt
        ]
    return [Setting(*each) for each in product(PYTHONS, methods, StdoutTo)]


def product(*choices):
    rows = [()]
    for choice in choices:
        rows = [(*row, each) for row in rows for each in choice]
    return rows


def outcomes_of(entry):
    """Return outcomes that an entry stands for: all of them, where they can be listed."""
    try:
        texts = entry.stdout.texts(200)
    except UncountableError:
        texts = {entry.stdout.written()}
    ends = Ends.EXIT if entry.ends is Ends.EXIT else Ends.UNENDED
    return [Outcome(text, entry.stderr.written(), entry.exit, ends) for text in texts]


def observed_everything(program):
    """Return observations in which each entry that forbids nothing was observed as a whole."""
    return tuple(
        Observation(
            setting,
            {
                outcome: 1
                for entry in program.file.entries
                if entry.grade is not Grade.FORBIDDEN and entry.when.met_by(setting)
                for outcome in outcomes_of(entry)
                if program.file.entry_for(outcome, setting) == entry
            },
        )
        for setting in settings_of(program)
    )


@cache
def true_observations(file):
    """Return the same of the program of an outcome file, which holds with them."""
    true = Program.read(program_of(file))
    observations = observed_everything(true)
    assert Verdict(true, observations, (), "a test").faults == []
    return observations


@cache
def true_exploration(file):
    """Return the program of an outcome file, which holds, no run of it, and what it can do."""
    true = Program.read(program_of(file))
    exploration = explored_or_why_not(true)
    never_run = tuple(Observation(setting, {}) for setting in settings_here(true))
    assert Verdict(true, never_run, (), exploration).faults == []
    return true, never_run, exploration


def added(text):
    """Return stdout or stderr of an entry with a line that nobody prints."""
    return [*text, NOBODY] if isinstance(text, list) else text + NOBODY + "\n"


def change(**keys):
    """Return a mutation that sets keys of an entry, those that are ``None`` being left out."""

    def mutate(entry):
        entry.update(keys)
        return [{key: value for key, value in entry.items() if value is not None}]

    return mutate


# what is done to one entry, by the words of the message that must refuse it
COVERED_NO_MORE = (
    "no entry covers this outcome", "count is", "left with nothing",
    "this outcome is forbidden",  # by another entry, which covers all that the others leave
)  # fmt: skip
MUTATIONS = {
    "dropped": (COVERED_NO_MORE, lambda _: []),
    "another stdout": (
        COVERED_NO_MORE,
        lambda entry: change(stdout=added(entry["stdout"]))(entry),
    ),
    "another stderr": (
        COVERED_NO_MORE,
        lambda entry: change(stderr=added(entry.get("stderr", "")))(entry),
    ),
    "another exit status": (
        COVERED_NO_MORE,
        lambda entry: change(exit=entry.get("exit", 0) + 3, ends=None)(entry),
    ),
    "another end": (
        COVERED_NO_MORE,
        lambda entry: (
            change(ends=None)(entry)
            if entry.get("ends", "exit") != "exit"
            else change(ends="never", exit=None)(entry)
        ),
    ),
    "forbidden": (("this outcome is forbidden",), change(grade="forbidden", reachable=None)),
    "another Python": (COVERED_NO_MORE, change(python="<3")),
    "another platform": (COVERED_NO_MORE, change(platform="win32")),
    "twice": (("left with nothing",), lambda entry: [entry, copy.deepcopy(entry)]),
    "miscounted": (
        ("count is 100000, but", "count = 100000 cannot be held true"),
        change(count=100_000),
    ),
}
UNCOVERED = (*COVERED_NO_MORE, "that no schedule leads to")
WORDS_OF_POSSIBLE = dict.fromkeys(MUTATIONS, UNCOVERED) | {
    "forbidden": ("this outcome is forbidden",),
    "twice": MUTATIONS["twice"][0],
    "miscounted": MUTATIONS["miscounted"][0],
}
# these are wrong whether the entry was observed or not
OF_FORBIDDEN_TOO = {"twice", "miscounted"}


def spoilt(file, mutation, folder):
    """Yield each entry of an outcome file, and the program with that entry spoilt."""
    path = program_of(file)
    shutil.copy(path, folder)
    mutate = MUTATIONS[mutation][1]
    content = tomllib.loads(file.read_text())
    for place, entry in enumerate(content["outcome"]):
        if entry["grade"] == "forbidden" and mutation not in OF_FORBIDDEN_TOO:
            continue
        entries = list(content["outcome"])
        entries[place : place + 1] = mutate(copy.deepcopy(entry))
        entries = entries or [{"grade": "usual", "stdout": NOBODY}]
        (folder / file.name).write_text(tomlkit.dumps({"outcome": entries}))
        yield place, Program.read(folder / path.name)


def refuse(verdict, words):
    """Assert that a verdict does not hold, for the reason that it should have."""
    assert not verdict.held, verdict.program.file.path.read_text()
    assert any(each in fault for fault in verdict.faults for each in words), verdict
    file = verdict.program.file.path
    for fault in verdict.faults:
        assert fault.startswith(f"{file}:")
        line = int(fault.removeprefix(f"{file}:").partition(":")[0])
        assert 1 <= line <= len(file.read_text().splitlines())


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.stem)
def test_a_wrong_expectation_is_refused_by_what_was_observed(file, tmp_path):
    observations = true_observations(file)
    for mutation, (words, _) in MUTATIONS.items():
        for _, program in spoilt(file, mutation, tmp_path):
            refuse(Verdict(program, observations, (), "a test"), words)


@pytest.mark.parametrize("file", EXPLORED, ids=lambda path: path.stem)
def test_a_wrong_expectation_is_refused_by_what_is_possible(file, tmp_path):
    true, never_run, exploration = true_exploration(file)
    for mutation, words in WORDS_OF_POSSIBLE.items():
        for place, program in spoilt(file, mutation, tmp_path):
            if any(true.file.entries[place].when.met_by(each.setting) for each in never_run):
                refuse(Verdict(program, never_run, (), exploration), words)


@pytest.mark.parametrize("file", EXPLORED, ids=lambda path: path.stem)
def test_what_is_wrong_of_builds_is_refused(file, tmp_path):
    """Of each entry the builds are said that can reach it; then one less of them, and one more."""
    true, never_run, exploration = true_exploration(file)
    explorations = Verdict(true, never_run, (), exploration)._explorations
    shutil.copy(true.path, tmp_path)
    path = tmp_path / true.path.name
    content = tomllib.loads(file.read_text())

    def faults(place, listed):
        entries = copy.deepcopy(content["outcome"])
        entries[place]["reachable"] = listed
        path.with_suffix(".toml").write_text(tomlkit.dumps({"outcome": entries}))
        return list(misjudged(Program.read(path), explorations))

    for number, reached in reached_by_entries(true, explorations).items():
        right = reached.listed()
        builds = reached.builds
        assert faults(number - 1, right) == []
        for wrong in [right[:-1], *([] if reached.by_all else [[*right, ">=3.11"]])]:
            [fault] = faults(number - 1, wrong)
            assert "reachable is not so" in fault
        for less, is_reached in builds.items():
            if is_reached:
                others = [f"{v} {to}" for (v, to), it in builds.items() if it and (v, to) != less]
                [fault] = faults(number - 1, [*others, "free-threaded"])
                assert fault.endswith("Python {}, {}: is reachable".format(*less))


@pytest.mark.parametrize(
    ("condition", "value"),
    [("start_method", "spawn"), ("stdout_to", "terminal"), ("prompt", "new")],
)
def test_an_expectation_for_other_settings_alone_is_refused(condition, value, tmp_path):
    name = "prompt_first.session" if condition == "prompt" else "second_process.py"
    path = EXAMPLES / "two-ways" / name
    observations = observed_everything(Program.read(path))
    shutil.copy(path, tmp_path)
    content = tomllib.loads(path.with_suffix(".toml").read_text())
    content["outcome"][0][condition] = value
    file = (tmp_path / name).with_suffix(".toml")
    file.write_text(tomlkit.dumps(content))
    [*faults] = Verdict(Program.read(tmp_path / name), observations, (), "a test").faults
    assert any("no entry covers this outcome" in fault for fault in faults)
