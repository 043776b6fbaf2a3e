"""Which outcome a run had in which threads mixed their lines on standard error."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from anyorder.checking.possible import may_be
from anyorder.exploring import Exploration, PossibleOutcome
from anyorder.outcomes import Ends, Outcome, Setting
from anyorder.outcomes.mixed import is_mixed
from anyorder.outcomes.placeholders import stands_for

__all__ = ["Whole"]


class Whole:
    """What puts the pieces of tracebacks together that real runs have mixed.

    Args:
        explorations: what is possible; only where that says that lines mix are they put together
    """

    def __init__(self, explorations: Iterable[Exploration]) -> None:
        found = [possible for each in explorations for possible in each.outcomes]
        self.mixed = [each for each in found if each.lines_mix]
        self.known = {each.outcome.stderr for each in found}

    def of(self, run: Outcome, setting: Setting) -> Outcome:
        """Return the outcome that a run had whose tracebacks are in pieces.

        Of several, which differ in the order of the pieces alone, it is one that can be reached
        there, and of these one whose last line is that of the run. What is of none is returned as
        it is.

        Args:
            run: what a run came to
            setting: where it ran
        """
        written = run.written
        if written is None or run.stderr in self.known:
            return run
        last = last_line(run.stderr)
        alike = sorted(
            (each for each in self.mixed if ends_alike(run, each.outcome)),
            key=lambda each: (
                not reaches(setting, each), last_line(each.outcome.stderr) != last,
            ),
        )  # fmt: skip
        for each in alike:
            if is_mixed(written, each.outcome.stderr):
                unended = run.ends is Ends.UNENDED
                return replace(run, stderr=each.outcome.stderr) if unended else each.outcome
        return run


def ends_alike(run: Outcome, possible: Outcome) -> bool:
    """Tell whether a run may have had an outcome, as far as its standard error does not count."""
    if run.ends is Ends.UNENDED:
        return may_be(run, possible)
    return (run.exit, run.ends) == (possible.exit, possible.ends) and (
        run.stdout == possible.stdout or stands_for(possible.stdout, run.stdout)
    )


def reaches(setting: Setting, possible: PossibleOutcome) -> bool:
    """Tell whether an outcome can be reached in a setting, as far as that is known."""
    here = setting.interpreter
    where = possible.reachable_on.get(here.minor, {})
    return here.free_threaded or where.get(setting.stdout_to, True)


def last_line(text: str) -> str:
    """Return the last line of a text, without its end."""
    return text.rstrip("\n").rpartition("\n")[2]
