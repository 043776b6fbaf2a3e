"""An outcome file, held against what a program can do."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from anyorder.checking.expectations import spoken_in, texts_left
from anyorder.checking.program import Program
from anyorder.checking.words import described
from anyorder.exploring import Exploration, PossibleOutcome
from anyorder.outcomes import Ends, Entry, Grade, Outcome, Setting, UncountableError

__all__ = ["entry_for", "impossible", "is_possible", "may_be"]


def impossible(
    program: Program, exploration: Exploration, settings: Sequence[Setting]
) -> Iterator[str]:
    """Yield a message for each entry that stands for what is not possible.

    Every text that an entry stands for, less what the entries before it took, has to be possible.

    Args:
        program: the program and its outcome file
        exploration: what it can do
        settings: the settings that the exploration speaks for
    """
    path = program.file.path
    if not exploration.complete:
        yield (
            f"{program.path}:1: has more outcomes than could be explored ({exploration.limit}): "
            f"make it smaller, or write into {path.name} why it is unexplored"
        )
        return
    messages = (
        message
        for entries in spoken_in(program.file, settings)
        for message in _unreached(exploration, entries)
    )
    for message in dict.fromkeys(messages):
        yield f"{path}:{message}"


def is_possible(outcome: Outcome, exploration: Exploration) -> bool:
    """Tell whether what a real run came to is one of the outcomes that were found."""
    if outcome.ends is not Ends.UNENDED:
        return outcome in exploration.outcome_set
    return any(may_be(outcome, each) for each in exploration.outcome_set)


def may_be(observed: Outcome, possible: Outcome) -> bool:
    """Tell whether what a real run came to is ``possible``, as far as can be seen from outside.

    How a run would have ended that was killed is not seen, and what it had printed may not have
    left its buffer.
    """
    if observed.ends is not Ends.UNENDED:
        return observed == possible
    return possible.ends is not Ends.EXIT and possible.stdout.startswith(observed.stdout)


def entry_for(possible: PossibleOutcome, entries: Sequence[Entry]) -> Entry | None:
    """Return the first of ``entries`` that matches an outcome."""
    return next((each for each in entries if each.matches(possible.outcome)), None)


def _unreached(exploration: Exploration, entries: Sequence[Entry]) -> Iterator[str]:
    """Yield what an entry stands for and no schedule leads to."""
    for place, entry in enumerate(entries):
        if entry.grade is Grade.FORBIDDEN:
            continue
        reached = {
            each.outcome.stdout
            for each in exploration.outcomes
            if entry_for(each, entries) is entry
        }
        try:
            missing = sorted(texts_left(entry, entries[:place]) - reached)
        except UncountableError:
            missing = [] if reached else [entry.stdout.written()]
        if missing:
            count = "1 text" if len(missing) == 1 else f"{len(missing)} texts"
            shown = described(Outcome(missing[0], entry.stderr.written(), entry.exit, entry.ends))
            yield (
                f"{entry.line}: this outcome stands for {count} that no schedule leads to: "
                f"mend its stdout, its stderr or how it ends\n{textwrap.indent(shown, '    ')}"
            )
