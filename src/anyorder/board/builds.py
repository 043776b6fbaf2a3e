"""On which builds an outcome can happen, in the words of a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from anyorder.checking.reaching import Reached, runs_of
from anyorder.exploring import PossibleOutcome
from anyorder.outcomes import StdoutTo

__all__ = ["FREE_THREADED", "WITH_GIL", "answers_of", "in_short", "in_words", "reached_by"]

WITH_GIL, FREE_THREADED = "with a GIL", "free-threaded"
EVERYWHERE = "on every build"
# the words for where the output goes, from a build that reaches an outcome there alone
ONLY = {
    frozenset({StdoutTo.UNBUFFERED}): "only unbuffered",
    frozenset({StdoutTo.TERMINAL, StdoutTo.UNBUFFERED}): "not into a pipe",
}
PLACES = {
    frozenset({StdoutTo.UNBUFFERED}): " where nothing buffers the output",
    frozenset({StdoutTo.TERMINAL, StdoutTo.UNBUFFERED}): " unless the output goes into a pipe",
}


def in_words(reached: Reached) -> str:
    """Say in a sentence on which builds an outcome can happen."""
    if reached.by_all:
        return EVERYWHERE
    kinds: dict[frozenset[StdoutTo], list[str]] = {}
    for version in reached.versions:
        if places := reached.places_on(version):
            kinds.setdefault(places, []).append(version)
    if not kinds:
        return "only on builds without a GIL"
    parts = []
    for places, versions in kinds.items():
        some = len(versions) < len(reached.versions)
        on = f"on {_spans(versions, reached.versions)} " if some else ""
        where = "" if places == {*reached.places} else _put(PLACES, places)
        parts.append(f"{on}with a GIL{where}")
    return f"{', '.join(parts)}, and on builds without one"


def in_short(reached: Reached, version: str = "", build: str = "") -> str:
    """Say in a few words whether an outcome can happen on a Python.

    Args:
        reached: the builds that reach it
        version: its version, and nothing for all that are known
        build: its build, and nothing for either
    """
    known = [version] if version in reached.versions else reached.versions
    on = [reached.places_on(each) for each in known]
    if build == FREE_THREADED or all(places == {*reached.places} for places in on):
        return "yes"
    if not any(on):
        return "no" if build else "only without a GIL"
    words = _put(ONLY, on[0])
    if len({*on}) > 1:
        some = [each for each, places in zip(known, on, strict=True) if places]
        words = f"only on {_spans(some, reached.versions)}"
    return words if build else f"{words}, or without a GIL"


def answers_of(reached: Reached) -> str:
    """Return the words for each choice of a reader, the version first and then the build."""
    choices = [(version, build) for version in ("", *reached.versions) for build in ("", WITH_GIL)]
    return "|".join(
        f"{version} {build}".strip() + f":{in_short(reached, version, build)}"
        for version, build in choices
    )


def _put(words: Mapping[frozenset[StdoutTo], str], places: frozenset[StdoutTo]) -> str:
    return words.get(places) or f"only {', '.join(sorted(places))}"


def _spans(versions: list[str], known: list[str]) -> str:
    """Name versions, those in a row by the first and the last."""
    parts = []
    for row in runs_of(versions, known):
        parts += [f"{row[0]} to {row[-1]}"] if len(row) > 2 else row  # noqa: PLR2004 - in words
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def reached_by(outcomes: Iterable[PossibleOutcome]) -> Reached:
    """Return which builds can have one of ``outcomes`` at least."""
    return Reached.of(*(each.reachable_on for each in outcomes))
