"""Outcomes and threads, in the words and signs of a page."""

from __future__ import annotations

import re
from collections.abc import Iterable

from anyorder.exploring import Exploration, PossibleOutcome
from anyorder.outcomes import Ends, Outcome

__all__ = [
    "ENDS",
    "disordered",
    "fewest_first",
    "mark",
    "marked",
    "shown",
    "thread_class",
    "threads_of",
]

ENDS = {Ends.DEADLOCK: "deadlock: it never ends", Ends.NEVER: "it never ends"}
# outcomes whose threads are named with those of the ones that are shown; it takes time for each
MOST_NAMED = 100
# what stands for the first, the second and the next threads, beside their colours
MARKS = "●■▲◆★⬢"
# spaces at the beginning or the end of a line
SPACES = re.compile(r"^ +| +$")


def fewest_first(outcomes: Iterable[PossibleOutcome]) -> list[PossibleOutcome]:
    """Return outcomes so that those come first whose witness is the easiest to follow."""
    return sorted(outcomes, key=lambda each: (each.switches, len(each.schedule)))


def threads_of(exploration: Exploration, *drawn: PossibleOutcome) -> list[str]:
    """Return the names of a program's threads, in the order that gives them signs and colours.

    Args:
        exploration: of the program
        drawn: the outcomes whose steps are drawn, which may be of another setting
    """
    outcomes = [*exploration.outcomes[:MOST_NAMED], *drawn]
    steps = (step for each in outcomes for step in each.witness)
    return list(dict.fromkeys(step.thread for step in steps))


def shown(outcome: Outcome) -> str:
    """Return an outcome in one line: what it prints or, where that is nothing, its last error."""
    text = outcome.stdout.rstrip("\n").replace("\n", " ⏎ ")
    text = text or outcome.stderr.rstrip("\n").rpartition("\n")[2] or "no output"
    return f"{text} ({ENDS[outcome.ends]})" if outcome.ends in ENDS else text


def marked(text: str) -> str:
    """Return an output with broken lines so that what cannot be seen of them has signs."""
    lines = [SPACES.sub(lambda found: "␣" * len(found[0]), line) for line in text.split("\n")]
    return "\n".join([line or "⏎" for line in lines[:-1]] + lines[-1:])


def disordered(outputs: Iterable[str]) -> set[str]:
    """Return those of a program's outputs that have the characters of one whose lines are whole.

    If a program gathers in memory what its threads print, nothing tells who wrote what, and its
    broken lines are known by that.
    """
    texts = {text: tuple(sorted(text)) for text in outputs}
    whole = {characters for text, characters in texts.items() if marked(text) == text}
    return {text for text, characters in texts.items() if characters in whole}


def mark(thread: int) -> str:
    """Return the sign of a thread, by its number."""
    return MARKS[thread % len(MARKS)]


def thread_class(thread: int) -> str:
    """Return the class that gives a thread its colour, by its number."""
    return f"anyorder-t{thread % len(MARKS)}"
