"""Outcomes in words, as messages and tables of the command show them."""

from __future__ import annotations

from anyorder.exploring import Exploration
from anyorder.exploring.results import at_most
from anyorder.outcomes import Ends, Outcome

__all__ = ["bounds_of", "counted", "described", "extent_of", "mixing_of"]

# how much of an output is shown
MOST_LINES = 25


def counted(number: int, thing: str) -> str:
    """Return a number and what it counts, in the plural where it is due."""
    return f"{number} {thing}{'s' * (number != 1)}"


def extent_of(found: Exploration) -> str:
    """Say whether an exploration has every outcome, and where it has not why."""
    return "every outcome" if found.complete else f"NOT every outcome ({found.limit})"


def bounds_of(found: Exploration) -> str:
    """Say of which schedules every outcome is there where not all were explored, and since when."""
    if found.complete or not found.bounds:
        return ""
    steps = [
        f"with {at_most(each.preemptions)} {each.outcomes:,}, "
        f"from {each.executions:,} execution{'s' * (each.executions != 1)}"
        for each in found.bounds
    ]
    reached = at_most(found.bounds[-1].preemptions)
    return f"Every outcome with {reached} is among these: {'; '.join(steps)}."


def mixing_of(found: Exploration) -> str:
    """Say that tracebacks are pieces here whose lines mix in real runs, where that may be."""
    if not found.lines_mix:
        return ""
    return (
        "Each traceback, or each line of it where there are processes, is taken for one piece: in "
        "real runs, lines that threads write to standard error at once can mix."
    )


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
