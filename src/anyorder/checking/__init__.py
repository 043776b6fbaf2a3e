"""A program's outcome file, held against what the program prints."""

from anyorder.checking.check import RUNS, TIMEOUT, check, check_all, observe_all
from anyorder.checking.program import Program, ProgramError, find_programs
from anyorder.checking.record import (
    Observation,
    outcome_as_json,
    read_record,
    setting_as_json,
    write_record,
)
from anyorder.checking.settings import settings_for, settings_here
from anyorder.checking.verdict import Verdict
from anyorder.checking.words import described

__all__ = [
    "RUNS",
    "TIMEOUT",
    "Observation",
    "Program",
    "ProgramError",
    "Verdict",
    "check",
    "check_all",
    "described",
    "find_programs",
    "observe_all",
    "outcome_as_json",
    "read_record",
    "setting_as_json",
    "settings_for",
    "settings_here",
    "write_record",
]
