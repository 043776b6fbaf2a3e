"""What real runs printed, kept beside the program: ``program.observed.json``."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import platform
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.version import Version

from anyorder.checking.program import Program, ProgramError, files_of, outcome_file_of
from anyorder.checking.writing import write_whole
from anyorder.outcomes import (
    Ends,
    Interpreter,
    Outcome,
    Prompt,
    Setting,
    StartMethod,
    StdoutTo,
)

__all__ = [
    "Observation",
    "outcome_as_json",
    "read_record",
    "record_of",
    "record_path",
    "setting_as_json",
    "write_record",
]


@dataclass(frozen=True, slots=True)
class Observation:
    """What real runs in one setting came to.

    Args:
        setting: where the program ran
        counts: how many of the runs had each outcome
        recorded: the day and the machine, where the runs were recorded; empty where they were
            made just now
    """

    setting: Setting
    counts: Mapping[Outcome, int]
    recorded: str = ""

    @property
    def runs(self) -> int:
        """How many runs there were."""
        return sum(self.counts.values())

    @property
    def kind(self) -> tuple[object, ...]:
        """The setting without the last part of the version; a record has one of each kind."""
        setting = self.setting
        return (
            *Version(setting.interpreter.version).release[:2],
            setting.interpreter.free_threaded,
            setting.interpreter.platform,
            *(setting.start_method, setting.stdout_to, setting.prompt),
        )


def record_path(program: Path) -> Path:
    """Return where the record of ``program`` lies."""
    return outcome_file_of(program).with_suffix(".observed.json")


def read_record(program: Path) -> list[Observation]:
    """Return what was recorded from ``program`` as it is now; nothing where there is no record.

    Raises:
        ProgramError: the record is of another text of the program, is damaged, or cannot be read
    """
    path = record_path(program)
    fix = f"run `anyorder observe {program}`"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["sha256"] != _digest(program):
            raise ProgramError(
                f"{path}:1: was recorded before {program.name} was changed: remove it, or {fix}"
            )
        return [_observation(each) for each in content["observations"]]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise ProgramError(f"{path}:1: cannot be read ({error.strerror}): fix that") from None
    except (ValueError, KeyError, TypeError) as error:
        raise ProgramError(f"{path}:1: is damaged ({error!r}): remove it, and {fix}") from None


def record_of(program: Program) -> list[Observation]:
    """Return what was recorded from ``program`` in the settings of which its outcome file speaks.

    Raises:
        ProgramError: as :func:`read_record` does
    """
    return [each for each in read_record(program.path) if program.file.when.met_by(each.setting)]


def write_record(program: Path, observations: Iterable[Observation]) -> None:
    """Write what was observed of ``program``, whole or not at all.

    Raises:
        ProgramError: the record cannot be written
    """
    path = record_path(program)
    content = {
        "program": program.name,
        "sha256": _digest(program),
        "observations": [_as_json(each) for each in sorted(observations, key=_order)],
    }
    write_whole(path, json.dumps(content, indent=1, ensure_ascii=False) + "\n")


def today_here() -> str:
    """Return the day and the machine, as a record names them."""
    day = dt.datetime.now(tz=dt.UTC).date()
    return f"{day}, {platform.system()} {platform.machine()}, {os.cpu_count()} cores"


def setting_as_json(setting: Setting) -> dict[str, Any]:
    """Return ``setting`` as every ``--json`` and every record writes it."""
    return {
        "python": setting.interpreter.version,
        "free_threaded": setting.interpreter.free_threaded,
        "platform": setting.interpreter.platform,
        "start_method": setting.start_method,
        "stdout_to": setting.stdout_to,
        "prompt": setting.prompt,
    }


def outcome_as_json(outcome: Outcome) -> dict[str, Any]:
    """Return ``outcome`` as every ``--json`` and every record writes it."""
    return {
        "stdout": outcome.stdout,
        "stderr": outcome.stderr,
        "exit": outcome.exit,
        "ends": outcome.ends,
    }


def _as_json(observation: Observation) -> dict[str, Any]:
    counts = sorted(observation.counts.items(), key=lambda pair: (-pair[1], pair[0].stdout))
    return setting_as_json(observation.setting) | {
        "recorded": observation.recorded,
        "runs": observation.runs,
        "outcomes": [{**outcome_as_json(outcome), "count": count} for outcome, count in counts],
    }


def _observation(content: dict[str, Any]) -> Observation:
    method, prompt = content["start_method"], content["prompt"]
    interpreter = Interpreter(
        path=Path("python"),
        version=content["python"],
        free_threaded=content["free_threaded"],
        start_methods=(),
        platform=content["platform"],
    )
    setting = Setting(
        interpreter,
        method and StartMethod(method),
        StdoutTo(content["stdout_to"]),
        prompt and Prompt(prompt),
    )
    counts = {
        Outcome(each["stdout"], each["stderr"], each["exit"], Ends(each["ends"])): each["count"]
        for each in content["outcomes"]
    }
    return Observation(setting, counts, content["recorded"])


def _order(observation: Observation) -> tuple[str, ...]:
    return tuple(map(str, observation.kind))


def _digest(program: Path) -> str:
    return hashlib.sha256(b"".join(each.read_bytes() for each in files_of(program))).hexdigest()
