"""An outcome file, held against what a program can do."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence

from anyorder.checking.expectations import one_of, spoken_in, texts_left
from anyorder.checking.program import Program
from anyorder.checking.words import counted, described
from anyorder.exploring import Exploration
from anyorder.outcomes import Ends, Entry, Grade, Outcome, OutcomeFile, Setting, UncountableError

__all__ = ["impossible", "is_possible", "may_be"]


def impossible(
    program: Program, explorations: Iterable[tuple[Exploration, Sequence[Setting]]]
) -> Iterator[str]:
    """Yield a message for each entry that stands for what is not possible.

    Every text that an entry stands for, less what the entries before it took, has to be possible.

    Args:
        program: the program and its outcome file
        explorations: what it can do, each with the settings that it speaks for
    """
    path = program.file.path
    said: dict[str, list[Setting]] = {}
    for exploration, settings in explorations:
        if not exploration.complete:
            message = (
                f"{program.path}:1: has more outcomes than could be explored ({exploration.limit}):"
                f" make it smaller, or write into {path.name} why it is unexplored"
            )
            said.setdefault(message, []).extend(settings)
            continue
        for entries, here in spoken_in(program.file, settings).items():
            for message in _unreached(exploration, program.file, entries, here[0]):
                said.setdefault(f"{path}:{message}", []).extend(here)
    for message, places in said.items():
        where = "".join(f"\n    on {each}" for each in dict.fromkeys(places))
        yield message + (where if program.starts_processes else "")


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


def _unreached(
    exploration: Exploration, file: OutcomeFile, entries: Sequence[Entry], setting: Setting
) -> Iterator[str]:
    """Yield what an entry stands for and no schedule leads to, of those that speak of a setting."""
    reached: dict[int, set[str]] = {entry.number: set() for entry in entries}
    for possible in exploration.outcomes:
        found = file.entry_for(possible.outcome, setting)
        if found is not None:
            reached[found.number].add(possible.outcome.stdout)
    speaks = one_of(entries)
    for entry in entries:
        if entry.grade is Grade.FORBIDDEN:
            continue
        here = reached[entry.number]
        try:
            missing = sorted(texts_left(file, entry, speaks) - here)
        except UncountableError:
            missing = [] if here else [entry.stdout.written()]
        if missing:
            count = counted(len(missing), "text")
            outcome = Outcome(missing[0], entry.stderr.written(), entry.exit, entry.ends)
            yield (
                f"{entry.line}: this outcome stands for {count} that no schedule leads to: "
                "fix its stdout, its stderr, how it ends or its conditions\n"
                f"{textwrap.indent(described(outcome), '    ')}"
            )
