"""What was observed of a program, in the words of a page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby

from packaging.version import Version

from anyorder.checking import Observation
from anyorder.outcomes import Outcome, Prompt, Setting, StdoutTo

__all__ = ["observed_lines", "recorded_line"]

PLACES = {
    StdoutTo.PIPE: "to a pipe",
    StdoutTo.TERMINAL: "to a terminal",
    StdoutTo.UNBUFFERED: "unbuffered",
}
PROMPTS = {Prompt.BASIC: "basic prompt", Prompt.NEW: "new prompt"}


def observed_lines(
    observations: Iterable[Observation], speaks_of: Callable[[Outcome, Setting], bool]
) -> list[str]:
    """Return how often outcomes were observed, a line for each start method and kind of stdout.

    Args:
        observations: what was recorded
        speaks_of: tells of an outcome in a setting whether it is one of those to count
    """
    lines = []
    for place, group in groupby(sorted(observations, key=_place), key=_place):
        counts: dict[str, tuple[int, int]] = {}
        for observation in group:
            seen = sum(
                count
                for outcome, count in observation.counts.items()
                if speaks_of(outcome, observation.setting)
            )
            build = _build(observation.setting)
            had, of = counts.get(build, (0, 0))
            counts[build] = had + seen, of + observation.runs
        words = [f"{seen:,} of {runs:,} {build}" for build, (seen, runs) in counts.items()]
        lines.append(f"{_place_words(place)}: {', '.join(words)}")
    return lines


def recorded_line(observations: Sequence[Observation]) -> str:
    """Return on which Pythons, on which machine and when the runs were recorded."""
    interpreters = {each.setting.interpreter for each in observations}
    versions = sorted(interpreters, key=lambda each: (Version(each.version), each.free_threaded))
    machines = sorted({each.recorded for each in observations})
    names = dict.fromkeys(each.name for each in versions)
    return f"Observed on Python {', '.join(names)} ({'; '.join(machines)})."


def _place(observation: Observation) -> tuple[str, str, str]:
    setting = observation.setting
    return (setting.start_method or "", setting.prompt or "", setting.stdout_to)


def _place_words(place: tuple[str, str, str]) -> str:
    method, prompt, stdout_to = place
    where = PROMPTS[Prompt(prompt)] if prompt else PLACES[StdoutTo(stdout_to)]
    return f"{method}, {where}" if method else where


def _build(setting: Setting) -> str:
    return "free-threaded" if setting.interpreter.free_threaded else "with a GIL"
