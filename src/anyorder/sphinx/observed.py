"""What was observed of a program, in the words of a page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from packaging.version import Version

from anyorder.checking import Observation
from anyorder.outcomes import Outcome, Setting

__all__ = ["observed_lines", "recorded_line"]


# a start method, or nothing, and where the output went
Place = tuple[str, str]


@dataclass
class _Tally:
    """How many runs had an outcome, of how many."""

    seen: int = 0
    runs: int = 0

    def __str__(self) -> str:
        return f"{self.seen:,} of {self.runs:,}"


def observed_lines(
    observations: Iterable[Observation], speaks_of: Callable[[Outcome, Setting], bool]
) -> list[str]:
    """Return how often outcomes were observed, in lines that say where.

    Start methods and kinds of stdout in which all runs had the outcome share a line, and so do
    those in which none had it; elsewhere builds with a GIL and without are told apart.

    Args:
        observations: what was recorded
        speaks_of: tells of an outcome in a setting whether it is one of those to count
    """
    places: dict[Place, dict[bool, _Tally]] = {}
    for observation in observations:
        setting = observation.setting
        builds = places.setdefault(_place(setting), {})
        tally = builds.setdefault(setting.interpreter.free_threaded, _Tally())
        tally.runs += observation.runs
        tally.seen += sum(
            count for outcome, count in observation.counts.items() if speaks_of(outcome, setting)
        )
    alike: dict[str, list[Place]] = {}
    lines = []
    for place, builds in places.items():
        tallies = builds.values()
        if all(tally.seen == tally.runs for tally in tallies):
            alike.setdefault("all", []).append(place)
        elif not any(tally.seen for tally in tallies):
            alike.setdefault("none", []).append(place)
        else:
            words = [
                f"{tally} {'free-threaded' if free_threaded else 'with a GIL'}"
                for free_threaded, tally in sorted(builds.items())
            ]
            lines.append(f"{' '.join(place)}: {', '.join(words)}".lstrip())
    for word, merged in alike.items():
        runs = sum(tally.runs for place in merged for tally in places[place].values())
        of = "all" if word == "all" else "none of"
        lines.append(f"{_together(merged)}: {of} {runs:,}")
    return lines


def recorded_line(observations: Sequence[Observation]) -> str:
    """Return on which Pythons, on which machine and when the runs were recorded."""
    interpreters = {each.setting.interpreter for each in observations}
    versions = sorted(interpreters, key=lambda each: (Version(each.version), each.free_threaded))
    machines = sorted({each.recorded for each in observations})
    names = dict.fromkeys(each.name for each in versions)
    return f"Observed on Python {', '.join(names)} ({'; '.join(machines)})."


def _place(setting: Setting) -> Place:
    where = setting.prompt.phrase if setting.prompt else setting.stdout_to.phrase
    return setting.start_method or "", where


def _together(places: Iterable[Place]) -> str:
    """Name many places, each start method once."""
    by_method: dict[str, list[str]] = {}
    for method, where in places:
        by_method.setdefault(method, []).append(where)
    return "; ".join(f"{method} {', '.join(by)}".lstrip() for method, by in by_method.items())
