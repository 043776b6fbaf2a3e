"""What an outcome is, and the outcome file that says which ones a program may have."""

from anyorder.outcomes.model import Ends, Grade, Outcome

__all__ = ["Ends", "Grade", "Outcome"]
