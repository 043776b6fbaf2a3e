"""What a program can do, explored once and kept until the program or the tool changes."""

from __future__ import annotations

import hashlib
import json
import logging
import platform
import sys
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from functools import cache, partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path

from anyorder import exploring, outcomes
from anyorder.checking.limits import LIMITS
from anyorder.checking.program import (
    Program,
    ProgramError,
    file_of,
    files_of,
    followed_by,
    program_starts_processes,
)
from anyorder.checking.settings import settings_here
from anyorder.checking.words import counted
from anyorder.checking.workers import Interrupted, ask
from anyorder.checking.writing import write_whole
from anyorder.exploring import CannotExplore, Exploration, Graph, Limits, Step
from anyorder.outcomes import Outcome, Setting, StartMethod, StdoutTo

__all__ = [
    "SearchInterrupted",
    "explored",
    "explored_by_setting",
    "explored_in",
    "explored_or_why_not",
    "schedules",
    "search",
]

logger = logging.getLogger(__name__)

# seconds before a search says how far it is, and between two times that it does
PATIENCE = 1.0


class SearchInterrupted(KeyboardInterrupt):
    """Ctrl-C was pressed while a program was explored.

    Args:
        found: what was found until then
    """

    def __init__(self, found: Exploration) -> None:
        more = "" if found.complete else ", and there may be more"
        super().__init__(
            f"{found.program}: interrupted while it was explored: "
            f"{counted(len(found.outcomes), 'outcome')} found by then{more}: "
            f"`anyorder explore {found.program}` shows them"
        )
        self.found = found


def explored_or_why_not(
    program: Program, limits: Limits = LIMITS
) -> Exploration | CannotExplore | str:
    """Return every outcome that ``program`` can have, or why that is not known.

    One that starts processes is explored in the first setting of which its outcome file speaks.

    Args:
        program: the program, and its outcome file, which may say how far it is to be explored
        limits: how far a search goes

    Returns:
        the exploration; the refusal of a program that should have been explored; or a clause that
        says why it is not explored
    """
    file = program.file
    if file.unexplored is not None:
        return file.unexplored
    if program.session:
        return "it is typed at the interactive prompt"
    if find_spec("greenlet") is None:
        return "greenlet is not installed: install anyorder[explore]"
    here = settings_here(program)
    if not here:
        return f"this Python is none of which its outcome file speaks: {file.when}"
    try:
        return explored(
            program.path,
            here[0].start_method,
            here[0].stdout_to,
            preemptions=file.preemptions,
            follow=program.follow,
            limits=limits,
        )
    except CannotExplore as refusal:
        return refusal


def explored(  # noqa: PLR0913 - as for ``explore``
    program: Path,
    start_method: StartMethod | None = None,
    stdout_to: StdoutTo = StdoutTo.PIPE,
    *,
    preemptions: int | None = None,
    follow: Collection[str] = (),
    limits: Limits = LIMITS,
) -> Exploration:
    """Return every outcome that ``program`` can have on this Python.

    What was found is kept in the user's cache folder, by the text of the program, of what it
    imports from beside it and of the tool, by the version of Python, and for a program that starts
    processes by the setting; where the search reached its limits, by these as well. A search that
    takes its time says now and then how far it is, in the log.

    Args:
        program: the program
        start_method: how its processes begin; ``None`` is what this Python does
        stdout_to: where its output goes
        preemptions: how many a schedule may have; ``None`` is any number
        follow: packages of others that are followed besides those that its outcome file names
        limits: how far the search goes

    Raises:
        CannotExplore: the program uses what cannot be simulated
        SearchInterrupted: Ctrl-C was pressed meanwhile
    """
    request = _request(
        program,
        follow,
        limits,
        start_method=start_method,
        stdout_to=stdout_to,
        preemptions=preemptions,
    )
    key = _key(program, start_method, stdout_to, follow)
    part = hashlib.sha256(f"{key} {limits} {preemptions}".encode()).hexdigest()
    folder = user_cache_path("anyorder") / "explored"
    for name in (key, part):
        kept = folder / f"{name}.json"
        with suppress(OSError, ValueError, KeyError, TypeError):
            content = json.loads(kept.read_text(encoding="utf-8"))
            return _read(content, program, partial(_kept_witness, kept, program, request))
    content = _searched(program, partial(logger.info, "exploring %s: %s", program), request)
    kept = folder / f"{key if content['complete'] else part}.json"
    with suppress(OSError, ProgramError):  # what cannot be kept is found again
        kept.parent.mkdir(parents=True, exist_ok=True)
        write_whole(kept, json.dumps(content))
    return _read(content, program, partial(_kept_witness, kept, program, request))


def explored_by_setting(
    program: Path,
    settings: Iterable[Setting],
    *,
    preemptions: int | None = None,
    follow: Collection[str] = (),
    limits: Limits = LIMITS,
) -> list[tuple[Exploration, list[Setting]]]:
    """Return every outcome that a program that starts processes can have in each of ``settings``.

    Settings in which the same is possible, and builds reach the same of it, share one exploration.

    Raises:
        CannotExplore: the program uses what cannot be simulated in one of them
    """
    groups: dict[object, tuple[Exploration, list[Setting]]] = {}
    for setting in settings:
        found = explored(
            program,
            setting.start_method,
            setting.stdout_to,
            preemptions=preemptions,
            follow=follow,
            limits=limits,
        )
        reached = frozenset((each.outcome, str(each.reachable_on)) for each in found.outcomes)
        groups.setdefault(reached, (found, []))[1].append(setting)
    return list(groups.values())


def explored_in(
    program: Program, settings: Sequence[Setting], limits: Limits = LIMITS
) -> list[tuple[Exploration, list[Setting]]] | CannotExplore | str:
    """Return what is possible in some settings, each with those that it speaks for.

    Returns:
        that, or why it is not known, as :func:`explored_or_why_not` does
    """
    known = explored_or_why_not(program, limits)
    if not isinstance(known, Exploration):
        return known
    if not program.starts_processes:
        return [(known, [*settings])]
    try:
        return explored_by_setting(
            program.path,
            settings,
            preemptions=program.file.preemptions,
            follow=program.follow,
            limits=limits,
        )
    except CannotExplore as refusal:
        return refusal


def search(  # noqa: PLR0913 - as for ``explore``
    program: Path,
    tell: Callable[[str], object],
    *,
    start_method: StartMethod | None,
    stdout_to: StdoutTo,
    preemptions: int | None = None,
    follow: Collection[str] = (),
    limits: Limits = LIMITS,
) -> Exploration:
    """Explore a program in a process of its own, and say now and then how far that is.

    Args:
        program: the program
        tell: called with the words, at most once a second
        start_method: as for :func:`anyorder.exploring.explore`
        stdout_to: likewise
        preemptions: likewise
        follow: packages of others that are followed besides those that its outcome file names
        limits: how far the search goes

    Raises:
        CannotExplore: the program uses what cannot be simulated
        SearchInterrupted: Ctrl-C was pressed meanwhile
    """
    request = _request(
        program,
        follow,
        limits,
        start_method=start_method,
        stdout_to=stdout_to,
        preemptions=preemptions,
    )
    content = _searched(program, tell, request)
    return _read(content, program, partial(_witness, program, request))


def _request(
    program: Path, follow: Collection[str], limits: Limits, **asked: object
) -> dict[str, object]:
    return {**asked, "follow": followed_by(program, follow), **asdict(limits)}


def _read(
    content: Mapping[str, Any],
    program: Path,
    witness: Callable[[Outcome], tuple[Step, ...]],
) -> Exploration:
    return replace(Exploration.from_json(content, witness), program=str(program))


def _searched(
    program: Path, tell: Callable[[str], object], request: Mapping[str, object]
) -> dict[str, Any]:
    try:
        answer = ask(file_of(program), tell, patience=PATIENCE, **request)
    except Interrupted as interrupt:
        if "exploration" not in interrupt.answer:
            raise
        content = interrupt.answer["exploration"]
        found = _read(content, program, partial(_witness, program, request))
        raise SearchInterrupted(found) from None
    explored: dict[str, Any] = answer["exploration"]
    return explored


def _witness(program: Path, request: Mapping[str, object], outcome: Outcome) -> tuple[Step, ...]:
    """Return the witness of an outcome; what was explored last is not explored again for it."""
    wanted = (outcome.stdout, outcome.stderr, outcome.exit, outcome.ends)
    answer = ask(file_of(program), lambda _: None, patience=PATIENCE, outcome=wanted, **request)
    return tuple(Step(**step) for step in answer["witness"])


def _kept_witness(
    kept: Path, program: Path, request: Mapping[str, object], outcome: Outcome
) -> tuple[Step, ...]:
    """Return the witness of an outcome, which is kept beside the exploration."""
    digest = hashlib.sha256(repr(outcome).encode()).hexdigest()
    beside = kept.with_name(f"{kept.stem}.{digest}.json")
    with suppress(OSError, ValueError, TypeError):
        return tuple(Step(**step) for step in json.loads(beside.read_text(encoding="utf-8")))
    witness = _witness(program, request, outcome)
    with suppress(OSError, ProgramError):
        write_whole(beside, json.dumps([step.to_json() for step in witness]))
    return witness


def schedules(program: Path, *, max_nodes: int, follow: Collection[str] = ()) -> Graph:
    """Return the graph of all schedules of a program.

    Args:
        program: the program
        max_nodes: how many nodes it may have
        follow: packages of others that are followed besides those that its outcome file names

    Raises:
        CannotExplore: it would have more, or the program cannot be explored
    """
    request: dict[str, object] = {
        "max_nodes": max_nodes,
        "follow": followed_by(program, follow),
    }
    return Graph.from_json(ask(file_of(program), lambda _: None, **request)["graph"])


def _key(
    program: Path,
    start_method: StartMethod | None,
    stdout_to: StdoutTo,
    follow: Collection[str],
) -> str:
    sources = [each.read_bytes() for each in files_of(program, follow)]
    setting = f"{start_method} {stdout_to}"
    followed = " ".join(followed_by(program, follow))
    if not program_starts_processes(program, follow):
        setting = "any"
    python = f"{platform.python_implementation()} {sys.version}"
    texts = (program.name, python, setting, followed, _tool())
    return hashlib.sha256("\0".join(texts).encode() + b"".join(sources)).hexdigest()


@cache
def _tool() -> str:
    """Return a digest of all the code that decides what an exploration finds."""
    digest = hashlib.sha256()
    for package in (exploring, outcomes):
        for file in sorted(Path(package.__path__[0]).rglob("*.py")):
            digest.update(file.read_bytes())
    return digest.hexdigest()
