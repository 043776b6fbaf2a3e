"""Which programs a build checks, and what of the pages nothing would check."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, cast

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from anyorder.checking import Program, ProgramError, Verdict, check_all, settings_here
from anyorder.checking.program import SCRIPT, SESSION
from anyorder.outcomes import OutcomeFileError
from anyorder.running import CannotRun

if TYPE_CHECKING:
    from sphinx.util.docutils import SphinxDirective

__all__ = ["check_pages", "note_program", "programs_of", "setup"]

logger = logging.getLogger(__name__)

# in the environment: of each page, its programs by path, each with the line that shows it
PROGRAMS = "anyorder_programs"
# in the environment: the pages on which something did not hold, which are read again next time
FAILED = "anyorder_failed"

REFUSALS = (ProgramError, OutcomeFileError, CannotRun)


def setup(app: Sphinx) -> None:
    """Connect the checks."""
    app.connect("builder-inited", _prepare)
    app.connect("env-get-outdated", lambda app, *_: sorted(getattr(app.env, FAILED)))
    app.connect("env-before-read-docs", _note_pages)
    app.connect("env-purge-doc", lambda _app, env, page: programs_of(env).pop(page, None))
    app.connect("env-merge-info", _merge)
    app.connect("doctree-read", _refuse_unchecked)
    app.connect("env-updated", _check_what_was_read)


def programs_of(env: BuildEnvironment) -> dict[str, dict[Path, int]]:
    """Return the programs of each page that was read, with the lines that show them."""
    return cast("dict[str, dict[Path, int]]", getattr(env, PROGRAMS))


def note_program(directive: SphinxDirective) -> Program:
    """Read the program that a directive names, and have its page checked for it.

    Raises:
        ProgramError: there is no such program, or it has no outcome file
        OutcomeFileError: its outcome file is malformed
    """
    relative, absolute = directive.env.relfn2path(directive.arguments[0])
    path = Path(absolute)
    directive.env.note_dependency(relative)
    for suffix in (".toml", ".observed.json"):
        directive.env.note_dependency(str(Path(relative).with_suffix(suffix)))
    program = Program.read(path)
    page = programs_of(directive.env).setdefault(directive.env.docname, {})
    page[path] = directive.lineno
    return program


def check_pages(app: Sphinx, pages: Iterable[str]) -> list[tuple[str, int, Verdict | Exception]]:
    """Check the programs of ``pages``, all of them side by side.

    Returns:
        of each program its page, the line there, and the verdict or why there is none
    """
    wanted = [
        (page, line, path)
        for page in sorted(pages)
        for path, line in programs_of(app.env).get(page, {}).items()
    ]
    found: list[tuple[str, int, Verdict | Exception]] = []
    programs: dict[Path, Program] = {}
    for page, line, path in wanted:
        try:
            programs[path] = Program.read(path)
        except REFUSALS as error:
            found.append((page, line, error))
    try:
        verdicts = check_all(
            [(program, settings_here(program)) for program in programs.values()],
            runs=app.config.anyorder_runs,
            timeout=app.config.anyorder_timeout,
        )
    except REFUSALS as error:
        return [*found, *((page, line, error) for page, line, _ in wanted[:1])]
    by_path = dict(zip(programs, verdicts, strict=True))
    return found + [(page, line, by_path[path]) for page, line, path in wanted if path in by_path]


def _prepare(app: Sphinx) -> None:
    for name, empty in ((PROGRAMS, {}), (FAILED, set())):
        if not hasattr(app.env, name):
            setattr(app.env, name, empty)


def _note_pages(app: Sphinx, _env: BuildEnvironment, pages: list[str]) -> None:
    setattr(app, PAGES_READ, tuple(pages))


PAGES_READ = "anyorder_pages_read"


def _merge(
    _app: Sphinx, env: BuildEnvironment, pages: Iterable[str], other: BuildEnvironment
) -> None:
    read = programs_of(other)
    programs_of(env).update({page: read[page] for page in pages if page in read})


def _check_what_was_read(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Check the programs of the pages that were read, where the builder makes pages of them."""
    if not app.builder.format:
        return []
    failed: set[str] = getattr(env, FAILED)
    failed.clear()
    for page, line, result in check_pages(app, getattr(app, PAGES_READ, ())):
        if not (isinstance(result, Verdict) and result.held):
            failed.add(page)
            logger.warning("%s", result, location=(page, line), type="anyorder")
        else:
            logger.info("%s", result)
    return []


def _refuse_unchecked(app: Sphinx, doctree: nodes.document) -> None:
    """Refuse sessions and programs that the page shows and nothing checks."""
    page = app.env.docname
    folders: Iterable[str] = app.config.anyorder_checked_folders
    if not any(page.startswith(f"{folder.rstrip('/')}/") or folder == "." for folder in folders):
        return
    checked: Mapping[Path, int] = programs_of(app.env).get(page, {})
    for node in doctree.findall(nodes.literal_block):
        source = Path(node.get("source") or "")
        if source.suffix in {SCRIPT, SESSION}:
            if source.resolve() not in {path.resolve() for path in checked}:
                logger.warning(
                    "%s is included, and nothing checks it: write {outcomes} under it, or "
                    "{transcript} for a session",
                    source.name,
                    location=node,
                    type="anyorder",
                )
        elif node.get("language") in {"pycon", "python-console"} and "testnodetype" not in node:
            logger.warning(
                "nothing checks this session: write ```{doctest}, or put its lines into a "
                "file %s and write {transcript}",
                "*.session",
                location=node,
                type="anyorder",
            )
