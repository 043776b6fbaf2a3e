"""A program's outcome file, held against what the program prints."""

from anyorder.checking.check import REFUSALS, Refusal, check, check_all, observe_all
from anyorder.checking.limits import LIMITS, RUNS, TIMEOUT, limits, limits_of_search
from anyorder.checking.program import (
    Program,
    ProgramError,
    find_programs,
    is_outcome_file,
    program_of,
)
from anyorder.checking.record import (
    Observation,
    outcome_as_json,
    read_record,
    record_of,
    setting_as_json,
    write_record,
)
from anyorder.checking.settings import Wanted, settings_for, settings_here, wanted
from anyorder.checking.verdict import Verdict
from anyorder.checking.words import counted, described
from anyorder.running import lines_of

__all__ = [
    "LIMITS",
    "REFUSALS",
    "RUNS",
    "TIMEOUT",
    "Observation",
    "Program",
    "ProgramError",
    "Refusal",
    "Verdict",
    "Wanted",
    "check",
    "check_all",
    "counted",
    "described",
    "find_programs",
    "is_outcome_file",
    "limits",
    "limits_of_search",
    "lines_of",
    "observe_all",
    "outcome_as_json",
    "program_of",
    "read_record",
    "record_of",
    "setting_as_json",
    "settings_for",
    "settings_here",
    "wanted",
    "write_record",
]
