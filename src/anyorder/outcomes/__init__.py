"""What an outcome is, and the outcome file that says which ones a program may have."""

from anyorder.outcomes.entry import Conditions, Entry
from anyorder.outcomes.file import OutcomeFile, OutcomeFileError
from anyorder.outcomes.model import Ends, Grade, Outcome
from anyorder.outcomes.patterns import MOST_TEXTS, Pattern, UncountableError
from anyorder.outcomes.reachable import Builds, Claim
from anyorder.outcomes.settings import Interpreter, Prompt, Setting, StartMethod, StdoutTo

__all__ = [
    "MOST_TEXTS",
    "Builds",
    "Claim",
    "Conditions",
    "Ends",
    "Entry",
    "Grade",
    "Interpreter",
    "Outcome",
    "OutcomeFile",
    "OutcomeFileError",
    "Pattern",
    "Prompt",
    "Setting",
    "StartMethod",
    "StdoutTo",
    "UncountableError",
]
