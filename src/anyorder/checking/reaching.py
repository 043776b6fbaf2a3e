"""What builds can reach, held against what was observed and against what entries say.

A build without a GIL can reach all that is possible.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from packaging.version import Version

from anyorder.checking.expectations import spoken_in
from anyorder.checking.possible import is_possible, may_be
from anyorder.checking.program import Program, place_in
from anyorder.checking.record import Observation, record_path
from anyorder.checking.words import described
from anyorder.exploring import Exploration, PossibleOutcome
from anyorder.outcomes import Conditions, Ends, Outcome, Setting, StdoutTo
from anyorder.outcomes.reachable import FREE_THREADED

__all__ = [
    "Reached",
    "misjudged",
    "reached_by",
    "reached_by_entries",
    "runs_of",
    "unreachable",
]

LAST = 99  # stands for the last part of a version that is not known
FIRST_FREE_THREADED = Version("3.13")

# by version and by where the output goes
ReachableOn = Mapping[str, Mapping[str, bool]]


@dataclass(frozen=True, slots=True)
class Reached:
    """Which builds can reach an outcome, or one of several.

    Args:
        builds: for builds with a GIL, by version and by where the output goes, in their order
    """

    builds: Mapping[tuple[str, StdoutTo], bool]

    @classmethod
    def of(cls, *outcomes: ReachableOn) -> Reached:
        """Return what an exploration says of one outcome, or of several taken together."""
        builds: dict[tuple[str, StdoutTo], bool] = {}
        for reachable_on in outcomes:
            for version, where in reachable_on.items():
                for to, reached in where.items():
                    build = (version, StdoutTo(to))
                    builds[build] = builds.get(build, False) or reached
        return cls(builds)

    @property
    def versions(self) -> list[str]:
        """The versions that this is about."""
        return list(dict.fromkeys(version for version, _ in self.builds))

    @property
    def places(self) -> list[StdoutTo]:
        """Where the output may go."""
        return list(dict.fromkeys(to for _, to in self.builds))

    def places_on(self, version: str) -> frozenset[StdoutTo]:
        """Return where the output of a version has to go so that it can."""
        return frozenset(to for of, to in self._reached if of == version)

    @classmethod
    def of_any(cls, several: Iterable[ReachableOn]) -> Reached:
        """Return what explorations say of several outcomes: which builds can reach one of them."""
        builds: dict[tuple[str, StdoutTo], bool] = {}
        for each in several:
            for build, reached in cls.of(each).builds.items():
                builds[build] = builds.get(build, False) or reached
        return cls(builds)

    @property
    def by_all(self) -> bool:
        """Whether all builds can."""
        return all(self.builds.values())

    @property
    def free_threaded(self) -> bool:
        """Whether there are builds without a GIL among those that this is about."""
        return any(Version(version) >= FIRST_FREE_THREADED for version, _ in self.builds)

    def listed(self) -> list[str]:
        """Return the list that an outcome file has to have: ``reachable = [...]``."""
        return [*self._items(_specifier), *([FREE_THREADED] if self.free_threaded else [])]

    def __str__(self) -> str:
        if not self.builds:
            return ""
        if self.by_all:
            return "all"
        return " or ".join([*self._items(_span), "no GIL"]) if self._reached else "no GIL only"

    @property
    def _reached(self) -> list[tuple[str, StdoutTo]]:
        return [build for build, reached in self.builds.items() if reached]

    def _items(self, named: Callable[[Sequence[str], Sequence[str]], str]) -> Iterator[str]:
        """Yield the builds with a GIL that can, in as few words as can be.

        Args:
            named: names versions that follow each other, of all that there are
        """
        versions = self.versions
        here = {
            to: {version for version, where in self._reached if where is to} for to in self.places
        }
        everywhere = set.intersection(*here.values()) if here else set()
        yield from (named(run, versions) for run in runs_of(everywhere, versions))
        for to in self.places:
            if len(here[to]) == len(versions) > len(everywhere):
                yield str(to)
                continue
            for run in runs_of(here[to] - everywhere, versions):
                yield f"{named(run, versions)} {to}"


def runs_of(some: Collection[str], versions: Sequence[str]) -> Iterator[list[str]]:
    """Yield those of the versions that are among some; those in a row come together."""
    for are_of_them, run in groupby(versions, some.__contains__):
        if are_of_them:
            yield list(run)


def _specifier(run: Sequence[str], versions: Sequence[str]) -> str:
    """Return versions as pip writes them."""
    if run[-1] == versions[-1]:
        return f">={run[0]}"
    if len(run) == 1:
        return run[0]
    after = versions[versions.index(run[-1]) + 1]
    return f"<{after}" if run[0] == versions[0] else f">={run[0]},<{after}"


def _span(run: Sequence[str], _: Sequence[str]) -> str:
    """Return versions in words."""
    return run[0] if len(run) == 1 else f"{run[0]} to {run[-1]}"


def unreachable(
    program: Program,
    observations: Iterable[Observation],
    exploration_of: Callable[[Setting], Exploration | None],
) -> Iterator[str]:
    """Yield a message for each outcome that was observed where it is possible and not reachable.

    Args:
        program: the program and its outcome file
        observations: what was observed of it, on whatever version
        exploration_of: returns what was explored for a setting, where something was
    """
    found: dict[tuple[Outcome, bool], list[str]] = {}
    for observation in observations:
        setting = observation.setting
        exploration = exploration_of(setting)
        if exploration is None or not exploration.complete:
            continue
        for outcome, count in observation.counts.items():
            if (
                is_possible(outcome, exploration)
                and not _can_be(outcome, exploration, setting)
                and program.file.entry_for(outcome, setting) is not None
            ):
                where = f"observed on {setting}: {count} of {observation.runs}"
                where += f", recorded {observation.recorded}" if observation.recorded else ""
                found.setdefault((outcome, bool(observation.recorded)), []).append(where)
    for (outcome, recorded), places in found.items():
        place, fault = place_in(program.path), "a fault of Any Order: report it with the program"
        if recorded:
            place = f"{record_path(program.path)}:1"
            fault = (
                "a fault of the record or of Any Order: remove it, and run "
                f"`anyorder observe {program.path}`; if it comes again, report it with the program"
            )
        shown = textwrap.indent("\n".join([described(outcome), *places]), "    ")
        yield (
            f"{place}: was observed, and is possible, but not reachable there, "
            f"by how that build hands over its GIL: this is {fault}\n{shown}"
        )


def _can_be(outcome: Outcome, exploration: Exploration, setting: Setting) -> bool:
    """Tell whether a real run in a setting can have come to what is possible."""
    if setting.interpreter.free_threaded:
        return True
    alike: Iterable[PossibleOutcome] = exploration.outcomes
    if outcome.ends is not Ends.UNENDED:
        alike = [exploration.by_outcome[outcome]]
    version = setting.interpreter.minor
    return any(
        each.reachable_on.get(version, {}).get(setting.stdout_to, True)
        for each in alike
        if may_be(outcome, each.outcome)
    )


def misjudged(
    program: Program, explorations: Iterable[tuple[Exploration, Sequence[Setting]]]
) -> Iterator[str]:
    """Yield a message for each entry that says of other builds that they reach it than do.

    Args:
        program: the program and its outcome file
        explorations: what it can do, each with the settings that it speaks for
    """
    file = program.file
    saying = [entry for entry in file.entries if entry.reachable is not None]
    reached = reached_by_entries(program, explorations) if saying else {}
    for entry in saying:
        found, said = reached.get(entry.number), entry.reachable
        if found is None or said is None:  # it speaks of other settings
            continue
        where = f"{file.path}:{said.line}: reachable"
        right = ", ".join(f'"{each}"' for each in found.listed())
        wrong = [
            f"Python {version}, {to}: is {'' if reached else 'not '}reachable"
            for (version, to), reached in found.builds.items()
            if said.says(version, to) is not reached
        ]
        if found.free_threaded and not said.free_threaded:
            wrong.append("free-threaded: is reachable, as all that is possible")
        wrong += [
            f'"{each}" names no version that this is known of'
            for each in said.unknown(found.versions)
        ]
        if wrong:
            shown = textwrap.indent("\n".join(wrong), "    ")
            yield f"{where} is not so: fix the program, or write reachable = [{right}]\n{shown}"


def reached_by_entries(
    program: Program, explorations: Iterable[tuple[Exploration, Sequence[Setting]]]
) -> dict[int, Reached]:
    """Return which builds can reach some outcome that an entry takes, by the entry's number.

    Nothing is said of a build on which an entry takes none that is possible.

    Args:
        program: the program and its outcome file
        explorations: what it can do, each with the settings that it speaks for
    """
    builds: dict[int, dict[tuple[str, StdoutTo], bool]] = {}
    for exploration, settings in explorations:
        if not exploration.complete:
            continue
        for alike in spoken_in(program.file, _everywhere(exploration, settings)).values():
            for possible in exploration.outcomes:
                entry = program.file.entry_for(possible.outcome, alike[0])
                if entry is not None:
                    _add(builds.setdefault(entry.number, {}), possible, alike)
    return {number: _in_order(each) for number, each in builds.items()}


def reached_by(
    outcomes: Iterable[Outcome],
    explorations: Iterable[tuple[Exploration, Sequence[Setting]]],
    *when: Conditions,
) -> Reached:
    """Return which builds reach one of some outcomes, of those in settings that meet conditions."""
    builds: dict[tuple[str, StdoutTo], bool] = {}
    for exploration, settings in explorations:
        if exploration.complete:
            met = [
                each
                for each in _everywhere(exploration, settings)
                if all(conditions.met_by(each) for conditions in when)
            ]
            for outcome in outcomes:
                if outcome in exploration.by_outcome:
                    _add(builds, exploration.by_outcome[outcome], met)
    return _in_order(builds)


def _add(
    builds: dict[tuple[str, StdoutTo], bool],
    possible: PossibleOutcome,
    settings: Iterable[Setting],
) -> None:
    """Add those that can reach an outcome in some of these settings."""
    for setting in settings:
        build = (setting.interpreter.minor, setting.stdout_to)
        reached = possible.reachable_on[build[0]][build[1]]
        builds[build] = builds.get(build, False) or reached


def _in_order(builds: Mapping[tuple[str, StdoutTo], bool]) -> Reached:
    places = list(StdoutTo)
    order = sorted(builds, key=lambda build: (Version(build[0]), places.index(build[1])))
    return Reached({build: builds[build] for build in order})


def _everywhere(exploration: Exploration, settings: Iterable[Setting]) -> list[Setting]:
    """Return settings like these of all builds with a GIL of which an exploration says something.

    Of another version than theirs the last one there may be stands for all.
    """
    known = next((each.reachable_on for each in exploration.outcomes), {})
    return list(
        dict.fromkeys(
            replace(
                setting,
                interpreter=replace(
                    setting.interpreter,
                    free_threaded=False,
                    version=setting.interpreter.version
                    if version == setting.interpreter.minor
                    else f"{version}.{LAST}",
                ),
                stdout_to=StdoutTo(to),
            )
            for setting in settings
            for version, where in known.items()
            for to in where
        )
    )
