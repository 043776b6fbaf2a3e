"""An outcome file, held against what a program can do."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

from anyorder.checking.expectations import one_of, spoken_in, texts_left
from anyorder.checking.program import Program, place_in
from anyorder.checking.words import counted, described
from anyorder.exploring import Exploration
from anyorder.exploring.limits import of_search
from anyorder.outcomes import Ends, Entry, Grade, Outcome, OutcomeFile, Setting, UncountableError

__all__ = ["held_to", "impossible", "is_possible", "may_be", "missing", "not_shown"]


def held_to(exploration: Exploration, file: OutcomeFile) -> Exploration | None:
    """Return what an outcome file is held to, and ``None`` where too little was explored for that.

    It is everything; or, where not everything was explored, all outcomes with at most so many
    preemptions as the file says.
    """
    if exploration.complete:
        return exploration
    bound, reached = file.preemptions, exploration.preemptions
    if bound is None or reached is None or reached < bound:
        return None
    return exploration.within(bound)


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
        held = held_to(exploration, program.file)
        if held is None:
            said.setdefault(_too_large(program, exploration), []).extend(settings)
            continue
        if not held.complete:  # nothing shows that what is not there is impossible
            continue
        for entries, here in spoken_in(program.file, settings).items():
            for message in _unreached(exploration, program.file, entries, here[0]):
                said.setdefault(f"{path}:{message}", []).extend(here)
    for message, places in said.items():
        where = "".join(f"\n    on {each}" for each in dict.fromkeys(places))
        yield message + (where if program.starts_processes else "")


def _too_large(program: Program, exploration: Exploration) -> str:
    """Return what is said of a program that was not explored as far as its file asks."""
    name, bound, reached = program.file.path.name, program.file.preemptions, exploration.preemptions
    words = "has more outcomes than could be explored"
    larger = of_search(exploration.limit)
    if bound is not None:
        words = f"could not be explored to {counted(bound, 'preemption')}"
    elif not larger:
        words = "could not be explored as a whole"
    fixes = ["make it smaller", "raise the limit"] if larger else ["do what that says"]
    if reached is not None:
        fixes.append(f'write explored = "{counted(reached, "preemption")}" into {name}')
    fix = f"{', '.join(fixes)}, or write into {name} why it is unexplored"
    return f"{place_in(program.path)}: {words} ({exploration.limit}): {fix}"


def not_shown(
    program: Program,
    explorations: Iterable[tuple[Exploration, Sequence[Setting]]],
    observed: Mapping[Entry, AbstractSet[str]],
) -> dict[Entry, set[str]]:
    """Return the texts that entries stand for and that nothing shows to be possible or impossible.

    There are such where a program was explored with at most so many preemptions.

    Args:
        program: the program and its outcome file
        explorations: what it can do, each with the settings that it speaks for
        observed: for each entry, the texts of it that runs had
    """
    left: dict[Entry, set[str]] = {}
    for exploration, settings in explorations:
        held = held_to(exploration, program.file)
        if held is None or held.complete:
            continue
        for entries, here in spoken_in(program.file, settings).items():
            for entry, lacking in missing(held, program.file, entries, here[0]):
                texts = left.setdefault(entry, lacking)
                texts &= lacking
                texts -= observed.get(entry, set())
    return {entry: texts for entry, texts in left.items() if texts}


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
    for entry, texts in missing(exploration, file, entries, setting):
        lacking = sorted(texts)
        if lacking:
            count = counted(len(lacking), "text")
            outcome = Outcome(lacking[0], entry.stderr.written(), entry.exit, entry.ends)
            yield (
                f"{entry.line}: this outcome stands for {count} that no schedule leads to: "
                "fix its stdout, its stderr, how it ends or its conditions\n"
                f"{textwrap.indent(described(outcome), '    ')}"
            )


def missing(
    exploration: Exploration, file: OutcomeFile, entries: Sequence[Entry], setting: Setting
) -> Iterator[tuple[Entry, set[str]]]:
    """Yield the entries that stand for what may be, each with the texts that were not found."""
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
            yield entry, texts_left(file, entry, speaks) - here
        except UncountableError:
            yield entry, set() if here else {entry.stdout.written()}
