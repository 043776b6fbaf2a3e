"""Every kind of wrong expectation is refused: each outcome file of ours is spoilt in each way."""

import copy
import shutil
import tomllib
from pathlib import Path

import pytest
import tomlkit

from anyorder.checking import Observation, Program, Verdict
from anyorder.outcomes import (
    Ends,
    Grade,
    Interpreter,
    Outcome,
    Prompt,
    Setting,
    StartMethod,
    StdoutTo,
    UncountableError,
)

EXAMPLES = Path(__file__).parents[2] / "src/examples"
FILES = sorted(EXAMPLES.rglob("*.toml"))

PYTHONS = [
    Interpreter(Path("python"), version, free_threaded, tuple(StartMethod), "linux")
    for version in ("3.11.9", "3.13.5", "3.14.2", "3.15.0")
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
COVERED_NO_MORE = ("no entry covers this outcome", "count is", "left with nothing")
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
    "forbidden": (("this outcome is forbidden, and was observed",), change(grade="forbidden")),
    "another Python": (COVERED_NO_MORE, change(python="<3")),
    "another platform": (COVERED_NO_MORE, change(platform="win32")),
    "twice": (("left with nothing",), lambda entry: [entry, copy.deepcopy(entry)]),
    "miscounted": (
        ("count is 100000, but", "count = 100000 cannot be held true"),
        change(count=100_000),
    ),
}
# these are wrong whether the entry was observed or not
OF_FORBIDDEN_TOO = {"twice", "miscounted"}


@pytest.mark.parametrize("mutation", MUTATIONS)
@pytest.mark.parametrize("file", FILES, ids=lambda path: path.stem)
def test_a_wrong_expectation_is_refused(file, mutation, tmp_path):
    [path] = [each for each in file.parent.glob(f"{file.stem}.*") if each.suffix[1:2] in "ps"]
    true = Program.read(path)
    observations = observed_everything(true)
    assert Verdict(true, observations).faults == []
    spoilt = tmp_path / path.name
    shutil.copy(path, spoilt)
    words, mutate = MUTATIONS[mutation]
    entries = tomllib.loads(file.read_text())["outcome"]
    for place, entry in enumerate(entries):
        if entry["grade"] == "forbidden" and mutation not in OF_FORBIDDEN_TOO:
            continue
        mutated = [*entries[:place], *mutate(copy.deepcopy(entry)), *entries[place + 1 :]]
        text = tomlkit.dumps({"outcome": mutated or [{"grade": "usual", "stdout": NOBODY}]})
        spoilt.with_suffix(".toml").write_text(text)
        verdict = Verdict(Program.read(spoilt), observations)
        assert not verdict.held, text
        assert any(each in fault for fault in verdict.faults for each in words), verdict
        for fault in verdict.faults:
            begin = f"{spoilt.with_suffix('.toml')}:"
            assert fault.startswith(begin)
            assert 1 <= int(fault.removeprefix(begin).partition(":")[0]) <= text.count("\n")


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
    [*faults] = Verdict(Program.read(tmp_path / name), observations).faults
    assert any("no entry covers this outcome" in fault for fault in faults)
