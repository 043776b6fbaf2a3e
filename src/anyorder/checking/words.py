"""Outcomes in words, as messages and tables of the command show them."""

from __future__ import annotations

from anyorder.outcomes import Ends, Outcome

__all__ = ["counted", "described"]

# how much of an output is shown
MOST_LINES = 25


def counted(number: int, thing: str) -> str:
    """Return a number and what it counts, in the plural where it is due."""
    return f"{number} {thing}{'s' * (number != 1)}"


def described(outcome: Outcome) -> str:
    """Return ``outcome`` in words: how it ended and, line by line, what it printed."""
    words = {Ends.EXIT: f"exit status {outcome.exit}", Ends.UNENDED: "did not end"}
    lines = [words.get(outcome.ends, f"ends: {outcome.ends}")]
    for name, text in (("stdout", outcome.stdout), ("stderr", outcome.stderr)):
        if text:
            # the marks ⏎ tell a last line that was ended from one that was not
            shown = [
                f"  {line}" for line in text.replace("\n", "⏎\n").removesuffix("\n").split("\n")
            ]
            more = len(shown) - MOST_LINES
            lines += [f"{name}:", *shown[:MOST_LINES], *([f"  … {more} more"] if more > 0 else [])]
    return "\n".join(lines)
