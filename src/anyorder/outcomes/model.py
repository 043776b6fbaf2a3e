"""What one run of a program comes to."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from anyorder.outcomes.mixed import Written

__all__ = ["Ends", "Grade", "Outcome"]


class Grade(StrEnum):
    """How a reader should take an outcome.

    The three grades are those of jcstress (ACCEPTABLE, ACCEPTABLE_INTERESTING, FORBIDDEN):
    https://github.com/openjdk/jcstress.
    """

    USUAL = "usual"
    SURPRISING = "surprising"
    FORBIDDEN = "forbidden"


class Ends(StrEnum):
    """How a program ends.

    ``UNENDED`` is what a real run can say of a program that was still going when its time was up:
    from outside, a deadlock and a loop without an end look alike, so it stands for both.
    """

    EXIT = "exit"
    DEADLOCK = "deadlock"
    NEVER = "never"
    UNENDED = "unended"


@dataclass(frozen=True, slots=True)
class Outcome:
    """All that a user can see of one run of a program.

    Args:
        stdout: the text that came out of standard output, or for a session what the screen shows
        stderr: the text that came out of standard error, normalised by
            :func:`~anyorder.outcomes.tracebacks.normalised`
        exit: the exit status, negative for the signal that ended the program, and ``None`` where
            the program did not end
        ends: how the program ended
        written: of a real run, what it wrote to standard error, as far as lines may be mixed there;
            it makes no other outcome
    """

    stdout: str
    stderr: str = ""
    exit: int | None = 0
    ends: Ends = Ends.EXIT
    written: Written | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        if (self.ends is Ends.EXIT) != (self.exit is not None):
            raise ValueError(f"a program that ends by {self.ends} has no exit status {self.exit}")
