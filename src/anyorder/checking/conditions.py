"""Conditions that tell the settings in which an outcome is possible from the others."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import groupby

from packaging.version import Version

from anyorder.outcomes import Setting, StartMethod, StdoutTo

__all__ = ["conditions", "way"]

Release = tuple[int, ...]


def conditions(
    places: Collection[Setting], elsewhere: Collection[Setting]
) -> Iterator[tuple[str, tuple[StartMethod, ...], tuple[StdoutTo, ...]]]:
    """Yield versions, start methods and kinds of stdout that tell some settings from others.

    Together they are met by all of ``places`` and by none of ``elsewhere``, as far as conditions
    can tell these apart: they do not know whether a build is free-threaded.

    Args:
        places: where an outcome is possible
        elsewhere: where it is not
    """
    releases = _releases([*places, *elsewhere])
    inside: dict[Release, list[Setting]] = {each: [] for each in releases.values()}
    outside: dict[Release, list[Setting]] = {each: [] for each in releases.values()}
    for setting in places:
        inside[releases[setting]].append(setting)
    for setting in elsewhere:
        release = releases[setting]
        if way(setting) not in map(way, inside[release]):
            outside[release].append(setting)
    groups: dict[object, set[Release]] = {}
    for release, here in inside.items():
        if here:
            ways = frozenset(map(way, here)) if outside[release] else "all"
            groups.setdefault(ways, set()).add(release)
    for members in groups.values():
        for python, run in _ranges(members, sorted(inside)):
            here = [each for release in run for each in inside[release]]
            there = [each for release in run for each in outside[release]]
            for methods, stdout_to in _told_apart(here, there):
                yield python, methods, stdout_to


def way(setting: Setting) -> tuple[object, ...]:
    """Return all of a setting but its Python."""
    return setting.start_method, setting.stdout_to, setting.prompt


def _releases(settings: Iterable[Setting]) -> dict[Setting, Release]:
    """Return the version of each setting, a free-threaded build counting as the other of its kind.

    No condition tells the two apart, and one machine rarely has both of the same last number.
    """
    own = {each: Version(each.interpreter.version).release for each in settings}
    with_gil = {
        release[:2]: release for each, release in own.items() if not each.interpreter.free_threaded
    }
    return {
        each: with_gil.get(release[:2], release) if each.interpreter.free_threaded else release
        for each, release in own.items()
    }


def _ranges(
    members: Collection[Release], known: list[Release]
) -> Iterator[tuple[str, list[Release]]]:
    """Yield each run of ``members`` among the known versions, with bounds to those beside it."""
    place = 0
    for is_member, group in groupby(known, members.__contains__):
        run = list(group)
        before, after = known[:place], known[place + len(run) :]
        place += len(run)
        if is_member:
            bounds = [f">={_told_from(before[-1], run[0])}"] if before else []
            bounds += [f"<{_told_from(run[-1], after[0])}"] if after else []
            yield ",".join(bounds), run


def _told_from(older: Release, newer: Release) -> str:
    """Return the newer of two versions, as short as tells it from the older one."""
    return ".".join(map(str, newer if older[:2] == newer[:2] else newer[:2]))


def _told_apart(
    places: Collection[Setting], elsewhere: Collection[Setting]
) -> Iterator[tuple[tuple[StartMethod, ...], tuple[StdoutTo, ...]]]:
    """Yield the start methods and kinds of stdout that tell ``places`` from ``elsewhere``.

    Start methods that go with the same kinds of stdout go into one entry.
    """
    by_method: dict[StartMethod, list[StdoutTo]] = {}
    for setting in places:
        if setting.start_method is not None:
            by_method.setdefault(setting.start_method, []).append(setting.stdout_to)
    if not elsewhere or not by_method:
        yield (), ()
        return
    groups: dict[tuple[StdoutTo, ...], list[StartMethod]] = {}
    for method, stdout_to in by_method.items():
        groups.setdefault(tuple(each for each in StdoutTo if each in stdout_to), []).append(method)
    all_methods = {setting.start_method for setting in (*places, *elsewhere)}
    all_stdout_to = {setting.stdout_to for setting in (*places, *elsewhere)}
    for to, methods in groups.items():
        yield (
            tuple(each for each in StartMethod if each in methods)
            if {*methods} != all_methods
            else (),
            to if {*to} != all_stdout_to else (),
        )
