"""The pytest plugin: a test for each setting of each program, and the doctest flag ``ANY_ORDER``.

A program is collected by its outcome file, in every folder that pytest collects from.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from _pytest._code.code import TerminalRepr, TracebackStyle

from anyorder import doctests
from anyorder.checking import (
    REFUSALS,
    Program,
    Verdict,
    check,
    is_outcome_file,
    program_of,
    settings_here,
)
from anyorder.outcomes import Setting

__all__ = ["NotHeldError", "ProgramFile", "SettingItem"]

PROPERTY = "anyorder"


class NotHeldError(Exception):
    """A program's outcomes are not those that its outcome file says."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the settings of the plugin."""
    parser.addini("anyorder_runs", "How often a program is run in each setting.", default="5")
    parser.addini("anyorder_timeout", "Seconds that a run of a program may take.", default="10")


def pytest_configure() -> None:
    """Make the flag ``ANY_ORDER`` known before any doctest is read."""
    doctests.install()


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> ProgramFile | None:
    """Collect an outcome file; other TOML files are none of ours."""
    if is_outcome_file(file_path):
        return ProgramFile.from_parent(parent, path=file_path)
    return None


class ProgramFile(pytest.File):
    """A program, by its outcome file."""

    def collect(self) -> Iterator[SettingItem]:
        """Yield a test for each setting that makes a difference on this Python."""
        try:
            path = program_of(self.path)
            program = Program.read(path)
        except REFUSALS as error:
            raise self.CollectError(str(error)) from None
        for setting in settings_here(program):
            name = str(setting).partition(", ")[2]
            yield SettingItem.from_parent(self, name=name, program=path, setting=setting)


class SettingItem(pytest.Item):
    """A program in one setting."""

    def __init__(self, *, program: Path, setting: Setting, **rest: object) -> None:
        super().__init__(**rest)  # type: ignore[arg-type]
        self.program = program
        self.setting = setting

    def runtest(self) -> None:
        """Check the program in this setting.

        Raises:
            NotHeldError: it printed what it must not, or its outcome file contradicts itself
        """
        runs = int(self.config.getini("anyorder_runs"))
        timeout = float(self.config.getini("anyorder_timeout"))
        verdict = check(self.program, [self.setting], runs=runs, timeout=timeout)
        self.user_properties.append((PROPERTY, _open_entries(verdict)))
        if not verdict.held:
            raise NotHeldError(str(verdict))

    def repr_failure(
        self,
        excinfo: pytest.ExceptionInfo[BaseException],
        style: TracebackStyle | None = None,
    ) -> str | TerminalRepr:
        """Show the verdict's own words."""
        if isinstance(excinfo.value, (NotHeldError, *REFUSALS)):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Say where the program is, and in which setting it runs."""
        return self.program, 0, f"{self.program.name}: {self.setting}"


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
