"""Outcomes that an outcome file refuses, each said once with all that shows it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence

from anyorder.checking.expectations import spoken_in
from anyorder.checking.possible import held_to, may_be
from anyorder.checking.program import Program
from anyorder.checking.record import Observation
from anyorder.checking.words import described
from anyorder.exploring import Exploration, PossibleOutcome
from anyorder.exploring.witness.listing import listing
from anyorder.outcomes import Entry, Grade, Outcome, Setting

__all__ = ["refused"]

# an outcome, and the entry that forbids it; none, where no entry covers it
Refused = tuple[Outcome, Entry | None]

WIDTH = 90  # characters that a schedule may take
MOST = 20  # outcomes that are shown


def refused(
    program: Program,
    observations: Sequence[Observation],
    explorations: Iterable[tuple[Exploration, Sequence[Setting]]],
) -> Iterator[str]:
    """Yield a message for each outcome that no entry covers, or that one forbids.

    An outcome that is possible and was observed gets one message. After so many that nobody would
    read more, a last one says how many there are.

    Args:
        program: the program and its outcome file
        observations: what was observed of it
        explorations: what is possible, each with the settings that it speaks for
    """
    possible = _possible(program, explorations)
    observed = _observed(program, observations, list(possible))
    found = {**observed, **possible}
    for outcome, entry in list(found)[:MOST]:
        words = (
            f"{program.file.last_line}: no entry covers this outcome: fix the program, or add "
            f"an entry here, as `anyorder accept {program.path}` does"
        )
        if entry is not None:
            words = f"{entry.line}: this outcome is forbidden: fix the program, or the grade"
        how = list(observed.get((outcome, entry), ()))
        if (outcome, entry) in possible:
            where, each = possible[outcome, entry]
            how += [f"possible{where}, by this schedule:", listing(each.witness, WIDTH)]
        shown = textwrap.indent("\n".join([described(outcome), *how]), "    ")
        yield f"{program.file.path}:{words}\n{shown.rstrip()}"
    if len(found) > MOST:
        yield (
            f"{program.file.path}:{program.file.last_line}: {len(found) - MOST:,} more outcomes "
            f"are not covered, or forbidden: `anyorder explore {program.path}` sums up all"
        )


def _possible(
    program: Program, explorations: Iterable[tuple[Exploration, Sequence[Setting]]]
) -> dict[Refused, tuple[str, PossibleOutcome]]:
    """Return the outcomes that are possible and refused, each with the setting, in words."""
    found: dict[Refused, tuple[str, PossibleOutcome]] = {}
    for exploration, settings in explorations:
        held = held_to(exploration, program.file)
        for setting, *_ in spoken_in(program.file, settings).values():
            where = f" on {setting}" if program.starts_processes else ""
            for each in held.outcomes if held else ():
                entry = program.file.entry_for(each.outcome, setting)
                if entry is None or entry.grade is Grade.FORBIDDEN:
                    found.setdefault((each.outcome, entry), (where, each))
    return found


def _observed(
    program: Program, observations: Sequence[Observation], possible: Sequence[Refused]
) -> dict[Refused, list[str]]:
    """Return the outcomes that were observed and refused, with the settings that had each."""
    found: dict[Refused, list[str]] = {}
    for observation in observations:
        for outcome, count in observation.counts.items():
            entry = program.file.entry_for(outcome, observation.setting)
            if entry is None or entry.grade is Grade.FORBIDDEN:
                # a run that did not end may be one whose kind of end is known
                known = [each for each, by in possible if by is entry and may_be(outcome, each)]
                where = f"observed on {observation.setting}: {count} of {observation.runs}"
                where += f", recorded {observation.recorded}" if observation.recorded else ""
                found.setdefault(((known or [outcome])[0], entry), []).append(where)
    return found
