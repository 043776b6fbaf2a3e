"""The pytest plugin: tests of each program, and the doctest flag ``ANY_ORDER``.

A program is collected by its outcome file, in every folder that pytest collects from.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from anyorder import doctests
from anyorder.checking import (
    LIMITS,
    REFUSALS,
    RUNS,
    TIMEOUT,
    Program,
    Verdict,
    Wanted,
    check,
    is_outcome_file,
    limits,
    limits_of_search,
    program_of,
    read_record,
    wanted,
)
from anyorder.checking.limits import FOLLOW, REQUIRE_EXPLORED, SETTINGS
from anyorder.checking.settings import NARROWING
from anyorder.outcomes import Setting

__all__ = ["NotHeldError", "OutcomeFileItem", "ProgramFile", "SettingItem", "VerdictItem"]

PROPERTY = "anyorder"
WANTED = pytest.StashKey[Wanted]()


class NotHeldError(Exception):
    """A program's outcomes are not those that its outcome file says."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the settings of the plugin."""
    parser.addini("anyorder_runs", "How often a program is run in each setting.", default=str(RUNS))
    parser.addini(
        "anyorder_timeout", "Seconds that a run of a program may take.", default=str(TIMEOUT)
    )
    for name, words in NARROWING.items():
        parser.addini(f"anyorder_{name}", words, type="args")
    parser.addini("anyorder_follow", FOLLOW, type="args")
    parser.addini("anyorder_require_explored", REQUIRE_EXPLORED, type="bool", default=False)
    for name, words in SETTINGS.items():
        usual = getattr(LIMITS, name)
        parser.addini(f"anyorder_{name}", words, default="" if usual is None else str(usual))


def pytest_configure(config: pytest.Config) -> None:
    """Make the flag ``ANY_ORDER`` known before any doctest is read, and look at the settings.

    Raises:
        pytest.UsageError: a setting has no meaning
    """
    doctests.install()
    try:
        _limits(config)
        limits_of_search(*_search(config))
        config.stash[WANTED] = wanted(*(config.getini(f"anyorder_{name}") for name in NARROWING))
    except (ValueError, *REFUSALS) as error:
        raise pytest.UsageError(str(error)) from None


def _limits(config: pytest.Config) -> tuple[int, float]:
    return limits(config.getini("anyorder_runs"), config.getini("anyorder_timeout"))


def _search(config: pytest.Config) -> list[str]:
    return [config.getini(f"anyorder_{name}") for name in SETTINGS]


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> ProgramFile | None:
    """Collect an outcome file; other TOML files are none of ours."""
    if is_outcome_file(file_path):
        return ProgramFile.from_parent(parent, path=file_path)
    return None


class ProgramFile(pytest.File):
    """A program, by its outcome file."""

    def collect(self) -> Iterator[VerdictItem | RefusedItem]:
        """Yield a test of the outcome file, and one for each setting of this Python.

        What is wrong with it fails the first of these, and ends no other's collection.
        """
        try:
            path = program_of(self.path)
            program = Program.read(path, self.config.getini("anyorder_follow"))
            read_record(path)  # what is wrong with it is said once, and not by every test
            settings = self.config.stash[WANTED].of(program)
        except REFUSALS as error:
            yield RefusedItem.from_parent(self, name="outcome file", refusal=error)
            return
        yield OutcomeFileItem.from_parent(
            self, name="outcome file", program=path, settings=settings
        )
        for setting in settings:
            python, _, name = str(setting).partition(", ")
            if len(self.config.stash[WANTED].interpreters) > 1:
                name = f"{python}, {name}"
            yield SettingItem.from_parent(self, name=name, program=path, settings=[setting])


class RefusedItem(pytest.Item):
    """An outcome file of which there can be no verdict."""

    def __init__(self, *, refusal: Exception, **rest: object) -> None:
        super().__init__(**rest)  # type: ignore[arg-type]
        self.refusal = refusal

    def runtest(self) -> None:
        """Say why.

        Raises:
            pytest.fail.Exception: in any case
        """
        pytest.fail(str(self.refusal), pytrace=False)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Say where the outcome file is."""
        return self.path, 0, f"{self.path.name}: {self.name}"


class VerdictItem(pytest.Item):
    """A program in some settings."""

    def __init__(self, *, program: Path, settings: list[Setting], **rest: object) -> None:
        super().__init__(**rest)  # type: ignore[arg-type]
        self.program = program
        self.settings = settings

    def verdict(self, *, runs: int | None = None) -> Verdict:
        """Check the program in the settings, and keep what is to be said below the tests."""
        usual, timeout = _limits(self.config)
        runs = usual if runs is None else runs
        verdict = check(
            self.program,
            self.settings,
            runs=runs,
            timeout=timeout,
            limits=limits_of_search(*_search(self.config)),
            require_explored=self.config.getini("anyorder_require_explored"),
            follow=self.config.getini("anyorder_follow"),
        )
        self.user_properties.append((PROPERTY, _open_entries(verdict)))
        return verdict

    # with these arguments alone, as pytest documents it
    def repr_failure(  # type: ignore[override]
        self, excinfo: pytest.ExceptionInfo[BaseException]
    ) -> str:
        """Show the verdict's own words."""
        if isinstance(excinfo.value, (NotHeldError, *REFUSALS)):
            return str(excinfo.value)
        return str(super().repr_failure(excinfo))

    def reportinfo(self) -> tuple[Path, int, str]:
        """Say where the program is, and what of it is tested."""
        return self.program, 0, f"{self.program.name}: {self.name}"


class OutcomeFileItem(VerdictItem):
    """A program's outcome file, held against itself, what is possible, and what was recorded.

    That is the same in every setting, so it is a test of its own.
    """

    def runtest(self) -> None:
        """Check the outcome file without running the program.

        Raises:
            NotHeldError: it contradicts itself, what is possible, or what was recorded
        """
        verdict = self.verdict(runs=0)
        if not verdict.held:
            raise NotHeldError(str(verdict))


class SettingItem(VerdictItem):
    """A program in one setting."""

    def runtest(self) -> None:
        """Run the program in this setting.

        Raises:
            NotHeldError: it came to what its outcome file does not expect
        """
        verdict = self.verdict()
        if verdict.faults_of_runs:
            raise NotHeldError("\n".join([verdict.headline, *verdict.faults_of_runs]))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the entries that no setting of this run proved."""
    reports = [report for each in terminalreporter.stats.values() for report in each]
    open_entries = [
        dict(value)
        for report in reports
        for name, value in getattr(report, "user_properties", ())
        if name == PROPERTY and report.when == "call"
    ]
    by_program: dict[str, list[dict[str, str]]] = {}
    for entries in open_entries:
        by_program.setdefault(entries.pop("program"), []).append(entries)
    for settings in by_program.values():
        # an entry that one setting proves is proven
        left_open = set.intersection(*(set(entries) for entries in settings))
        for place in sorted(left_open, key=_by_line):
            words = {entries[place] for entries in settings}
            terminalreporter.write_line(f"{place}: {min(words, key=_unproven_first)}")


def _open_entries(verdict: Verdict) -> dict[str, str]:
    """Return the program, and what is to be said of each entry that this setting leaves open."""
    said = {f"{verdict.program.file.path}:{line}": words for line, words in verdict.remarks.items()}
    return {"program": str(verdict.program.path), **said}


def _by_line(place: str) -> int:
    return int(place.rpartition(":")[2])


def _unproven_first(words: str) -> tuple[bool, str]:
    return not words.startswith("unproven"), words
