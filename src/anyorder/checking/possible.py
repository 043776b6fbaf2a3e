"""An outcome file, held both ways against what a program can do."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from anyorder.checking.expectations import spoken_in, texts_left
from anyorder.checking.program import Program
from anyorder.checking.words import described
from anyorder.exploring import Exploration, PossibleOutcome
from anyorder.exploring.listing import listing
from anyorder.outcomes import Ends, Entry, Grade, Outcome, Setting, UncountableError

__all__ = ["impossible", "is_possible"]


def impossible(
    program: Program, exploration: Exploration, settings: Sequence[Setting]
) -> Iterator[str]:
    """Yield a message for each difference between what is expected and what is possible.

    Every possible outcome has to be matched by an entry that does not forbid it, and every text
    that an entry stands for, less what the entries before it took, has to be possible.

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
    said: set[str] = set()
    for entries in spoken_in(program.file, settings):
        for message in (
            *_unexpected(program, exploration, entries),
            *_unreached(exploration, entries),
        ):
            if message not in said:
                said.add(message)
                yield f"{path}:{message}"


def is_possible(outcome: Outcome, exploration: Exploration) -> bool:
    """Tell whether what a real run came to is one of the outcomes that were found.

    What a run that was killed had printed may not have left its buffer.
    """
    if outcome.ends is not Ends.UNENDED:
        return outcome in exploration.outcome_set
    return any(
        each.ends is not Ends.EXIT and each.stdout.startswith(outcome.stdout)
        for each in exploration.outcome_set
    )


def _unexpected(
    program: Program, exploration: Exploration, entries: Sequence[Entry]
) -> Iterator[str]:
    """Yield what is possible, and is covered by no entry or forbidden by one."""
    for possible in exploration.outcomes:
        entry = _entry_for(possible, entries)
        if entry is None:
            words = "1: no entry covers this outcome, which is possible: mend the program, or run "
            words += f"`anyorder accept {program.path}` to propose an entry"
        elif entry.grade is Grade.FORBIDDEN:
            words = f"{entry.line}: this outcome is forbidden, and is possible: mend the program, "
            words += "or the entry's grade"
        else:
            continue
        shown = f"{described(possible.outcome)}\nby this schedule:\n{listing(possible.witness, 90)}"
        yield f"{words}\n{textwrap.indent(shown, '    ').rstrip()}"


def _unreached(exploration: Exploration, entries: Sequence[Entry]) -> Iterator[str]:
    """Yield what an entry stands for and no schedule leads to."""
    for place, entry in enumerate(entries):
        if entry.grade is Grade.FORBIDDEN:
            continue
        reached = {
            each.outcome.stdout
            for each in exploration.outcomes
            if _entry_for(each, entries) is entry
        }
        try:
            missing = sorted(texts_left(entry, entries[:place]) - reached)
        except UncountableError:
            missing = [] if reached else [entry.stdout.written()]
        if missing:
            count = "1 text" if len(missing) == 1 else f"{len(missing)} texts"
            shown = described(_as_outcome(entry, missing[0]))
            yield (
                f"{entry.line}: this outcome stands for {count} that no schedule leads to: "
                f"mend its stdout, its stderr or how it ends\n{textwrap.indent(shown, '    ')}"
            )


def _entry_for(possible: PossibleOutcome, entries: Sequence[Entry]) -> Entry | None:
    return next((each for each in entries if each.matches(possible.outcome)), None)


def _as_outcome(entry: Entry, stdout: str) -> Outcome:
    return Outcome(stdout, entry.stderr.written(), entry.exit, entry.ends)
