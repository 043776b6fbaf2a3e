"""What an outcome is, and the outcome file that says which ones a program may have."""

from anyorder.outcomes.model import Ends, Grade, Outcome
from anyorder.outcomes.settings import Interpreter, Prompt, Setting, StartMethod, StdoutTo

__all__ = [
    "Ends",
    "Grade",
    "Interpreter",
    "Outcome",
    "Prompt",
    "Setting",
    "StartMethod",
    "StdoutTo",
]
