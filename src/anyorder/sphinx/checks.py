"""Which programs a build checks, and what of the pages nothing would check."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from importlib.metadata import version
from pathlib import Path
from typing import Any, cast

from docutils import nodes
from docutils.parsers.rst import DirectiveError
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from anyorder.checking import (
    REFUSALS,
    Program,
    Refusal,
    Verdict,
    Wanted,
    check_all,
    is_outcome_file,
    limits_of_search,
    program_of,
    read_record,
    wanted,
)
from anyorder.checking.blocks import Block, page_and_name
from anyorder.checking.exploration import SearchInterrupted, explored_or_why_not
from anyorder.checking.limits import SETTINGS
from anyorder.checking.program import (
    SCRIPT,
    SESSION,
    block_of,
    files_of,
    outcome_file_of,
    outcome_files_of,
)
from anyorder.checking.record import record_path
from anyorder.checking.settings import NARROWING
from anyorder.exploring import CannotExplore, Exploration, Limits

__all__ = [
    "check_pages",
    "explored_as_set",
    "limits_in",
    "note_program",
    "programs_of",
    "refuse",
    "saying_what_was_interrupted",
    "setup",
    "suppressible",
    "wanted_in",
]

logger = logging.getLogger(__name__)

# in the environment: of each page, its programs by path, each with the line that shows it
PROGRAMS = "anyorder_programs"
# in the environment: the pages that may not be taken as they are, and so are read again by the next
# build: those that were refused when they were read, and those whose programs were not checked
# since, or did not hold
REFUSED = "anyorder_refused"
TO_CHECK = "anyorder_to_check"
# in the environment: of each program that held, what it was then
HELD = "anyorder_held"
# in the environment: of each page, the outcome files of its blocks
BLOCKS = "anyorder_blocks"
# in what Sphinx keeps while it reads a page: the programs there that were refused already, each
# with what was said of its files
NAMED = "anyorder_named"
# likewise: what of that was said
SAID = "anyorder_said"

Run = Callable[[Any], list[nodes.Node]]


def setup(app: Sphinx) -> None:
    """Connect the checks, in the order in which a build comes to them."""
    app.connect("builder-inited", _prepare)
    app.connect("env-get-outdated", _outdated)
    app.connect("env-purge-doc", _purge)
    app.connect("doctree-read", _refuse_unchecked)
    app.connect("env-merge-info", _merge)
    app.connect("env-updated", _check_what_was_read)


def note_program(env: BuildEnvironment, name: str, line: int) -> Program:
    """Read the program that a page names, and have the page checked for it.

    The page is built anew when the program, a module beside it that it imports, its outcome file or
    its record changes. The program is checked unless it held and none of these has changed.

    Args:
        env: the environment, which knows the page
        name: the program, by its path from the page, or the name of a block of the page, ``#name``
        line: the line of the page that names it

    Raises:
        ProgramError: there is no such program, it has no outcome file, or its record is stale
        OutcomeFileError: its outcome file is malformed
    """
    path = _path_of(env, name)
    outcome_file = outcome_file_of(path)
    for each in (*_kept_beside(env, path), outcome_file):
        env.note_dependency(os.path.relpath(each, env.srcdir))
    # a dependency that is not there would make the page outdated for ever
    if record_path(path).exists():
        env.note_dependency(os.path.relpath(record_path(path), env.srcdir))
    try:
        program = Program.read(path, followed_in(env.config))
        read_record(path)  # refused here, it is not refused by the check again
    except REFUSALS as error:
        _pages(env, REFUSED).add(env.docname)
        _refused_here(env)[path.resolve()] = str(error)
        raise
    _programs(env).setdefault(env.docname, {})[path] = line
    if _held(env).get(path) != _fingerprint(env.config, path):
        _pages(env, TO_CHECK).add(env.docname)
    return program


def refuse(env: BuildEnvironment, message: str, location: str | tuple[str, int] | None) -> None:
    """Say what is wrong with the page that is being read, and again in the next build.

    Of a program that several directives show, what is wrong with its files is said once.

    Args:
        env: the environment, which knows the page
        message: what is wrong
        location: where, as Sphinx takes it
    """
    _pages(env, REFUSED).add(env.docname)
    said = cast("set[str]", env.current_document.setdefault(SAID, set()))
    if message not in said:
        said |= {message} & {*_refused_here(env).values()}
        logger.warning("%s", message, location=location, type="anyorder", subtype="refused")


def suppressible(run: Run) -> Run:
    """Let what a directive refuses be a warning of the extension, of a type to suppress."""

    @wraps(run)
    def wrapped(self: Any) -> list[nodes.Node]:  # noqa: ANN401 - whichever directive it is
        try:
            return run(self)
        except DirectiveError as error:
            refuse(self.env, error.msg, self.get_location())
            return []

    return wrapped


def limits_in(config: Config) -> Limits:
    """Return how far a search goes, as ``conf.py`` says.

    Raises:
        ValueError: it says what has no meaning
    """
    return limits_of_search(*(config[f"anyorder_{name}"] for name in SETTINGS))


def followed_in(config: Config) -> tuple[str, ...]:
    """Return the packages of others that are followed in all programs, as ``conf.py`` says."""
    words: str | Sequence[str] = config.anyorder_follow
    return (words,) if isinstance(words, str) else tuple(words)


@contextmanager
def saying_what_was_interrupted() -> Iterator[None]:
    """Where Ctrl-C ends a search, say of which program, before Sphinx says that it was pressed."""
    try:
        yield
    except SearchInterrupted as interrupt:
        logger.warning("%s", interrupt, type="anyorder", subtype="interrupted")
        raise


def explored_as_set(env: BuildEnvironment, program: Program) -> Exploration | CannotExplore | str:
    """Return every outcome that a program can have, as far as ``conf.py`` and its file say."""
    with saying_what_was_interrupted():
        return explored_or_why_not(program, limits_in(env.config))


def check_pages(
    app: Sphinx, pages: Iterable[str]
) -> list[tuple[str, int, Path, Verdict | Refusal]]:
    """Check the programs of ``pages``, all of them side by side.

    Returns:
        of each program its page, the line there, its path, and the verdict or why there is none
    """
    wanted = [
        (page, line, path)
        for page in sorted(pages)
        for path, line in _programs(app.env).get(page, {}).items()
    ]
    results: dict[Path, Verdict | Refusal] = {}
    jobs = []
    asked = wanted_in(app.config)
    for path in {path: None for *_, path in wanted}:
        try:
            program = Program.read(path, followed_in(app.config))
            jobs.append((program, asked.of(program)))
        except REFUSALS as error:
            results[path] = error
    with saying_what_was_interrupted():
        verdicts = check_all(
            jobs,
            runs=app.config.anyorder_runs,
            timeout=app.config.anyorder_timeout,
            limits=limits_in(app.config),
            require_explored=app.config.anyorder_require_explored,
        )
        for verdict in verdicts:
            str(verdict)  # each may have to search first
    results |= {program.path: verdict for (program, _), verdict in zip(jobs, verdicts, strict=True)}
    return [(page, line, path, results[path]) for page, line, path in wanted]


def programs_of(env: BuildEnvironment) -> set[Path]:
    """Return the programs of all pages."""
    return {path for programs in _programs(env).values() for path in programs}


def _programs(env: BuildEnvironment) -> dict[str, dict[Path, int]]:
    return cast("dict[str, dict[Path, int]]", getattr(env, PROGRAMS))


def _pages(env: BuildEnvironment, which: str) -> set[str]:
    return cast("set[str]", getattr(env, which))


def _held(env: BuildEnvironment) -> dict[Path, str]:
    return cast("dict[Path, str]", getattr(env, HELD))


def _path_of(env: BuildEnvironment, name: str) -> Path:
    """Return the path of a program by what a page calls it."""
    own = env.doc2path(env.docname).name if name.startswith("#") else ""
    return Path(env.relfn2path(f"{own}{name}")[1])


def _kept_beside(env: BuildEnvironment, path: Path) -> list[Path]:
    """Return the files of which a page is made that shows a program: of a block, its page."""
    found = page_and_name(path)
    return files_of(path, followed_in(env.config)) if found is None else [found[0]]


def wanted_in(config: Config) -> Wanted:
    """Return the settings in which programs are run, as ``conf.py`` says.

    Raises:
        ValueError: it says what has no meaning
        CannotRun: a Python that it names is not there
    """
    return wanted(*(config[f"anyorder_{name}"] for name in NARROWING))


def _blocks(env: BuildEnvironment) -> dict[str, list[str]]:
    return cast("dict[str, list[str]]", getattr(env, BLOCKS))


def _fingerprint(config: Config, path: Path) -> str:
    """Return what changes with all that the verdict on a program depends on."""
    files = [*files_of(path, followed_in(config)), outcome_file_of(path), record_path(path)]
    texts = [each.read_bytes() for each in files if each.exists()]
    asked = f"{wanted_in(config)} {config.anyorder_require_explored}"
    return hashlib.sha256(
        b"\0".join([sys.version.encode(), version("anyorder").encode(), asked.encode(), *texts])
    ).hexdigest()


def _refused_here(env: BuildEnvironment) -> dict[Path, str]:
    return cast("dict[Path, str]", env.current_document.setdefault(NAMED, {}))


def _prepare(app: Sphinx) -> None:
    for name in (PROGRAMS, HELD, BLOCKS, REFUSED, TO_CHECK):
        if not hasattr(app.env, name):
            setattr(app.env, name, set() if name in {REFUSED, TO_CHECK} else {})


def _outdated(_app: Sphinx, env: BuildEnvironment, *_: object) -> set[str]:
    """Return the pages to read again, beside those of which Sphinx knows."""
    recorded_since = {
        page
        for page, programs in _programs(env).items()
        for path in programs
        if record_path(path).exists() and not _depends_on(env, page, record_path(path))
    }
    named_since = {
        page
        for page in env.all_docs
        if _outcome_files(Path(env.doc2path(page))) != _blocks(env).get(page, [])
    }
    return _pages(env, REFUSED) | _pages(env, TO_CHECK) | recorded_since | named_since


def _depends_on(env: BuildEnvironment, page: str, path: Path) -> bool:
    # as names, since looking each file up would take longer than all the rest
    depends = (os.path.normpath(env.srcdir / each) for each in env.dependencies[page])
    return os.path.normpath(path) in depends


def _purge(_app: Sphinx, env: BuildEnvironment, page: str) -> None:
    _programs(env).pop(page, None)
    _blocks(env).pop(page, None)
    _pages(env, REFUSED).discard(page)
    _pages(env, TO_CHECK).discard(page)


def _merge(
    _app: Sphinx, env: BuildEnvironment, pages: Iterable[str], other: BuildEnvironment
) -> None:
    """Take over what another process has found on the pages that it read."""
    for page in pages:
        if page in _programs(other):
            _programs(env)[page] = _programs(other)[page]
        if page in _blocks(other):
            _blocks(env)[page] = _blocks(other)[page]
        for which in (REFUSED, TO_CHECK):
            if page in _pages(other, which):
                _pages(env, which).add(page)


def _refuse_unchecked(app: Sphinx, doctree: nodes.document) -> None:
    """Refuse sessions and programs that the page shows and nothing checks."""
    _note_blocks(app.env, doctree)
    page = app.env.docname
    folders: Iterable[str] = app.config.anyorder_checked_folders
    if not any(folder == "." or page.startswith(f"{folder.rstrip('/')}/") for folder in folders):
        return
    checked = {path.resolve() for path in _programs(app.env).get(page, {})}
    checked |= _refused_here(app.env).keys()
    for node in doctree.findall(nodes.literal_block):
        source = Path(node.get("source") or "")
        if source.suffix in {SCRIPT, SESSION}:
            refused = source.resolve() not in checked
            words = f"{source.name} is included, and nothing checks it: write the directive "
            words += "outcomes under it, or transcript for a session"
        else:
            refused = _is_session(node) and not {"testnodetype", "drawn"} & set(node.attributes)
            words = "nothing checks this session: make it a doctest directive, or put its lines "
            words += "into a file *.session and show that by the directive transcript"
        if refused:
            _pages(app.env, REFUSED).add(page)
            logger.warning("%s", words, location=node, type="anyorder", subtype="unchecked")


def _note_blocks(env: BuildEnvironment, doctree: nodes.document) -> None:
    """Have the blocks of the page that is being read checked that have an outcome file.

    What the page shows by that name has to be the very code that is checked.
    """
    page = Path(env.doc2path(env.docname))
    _blocks(env)[env.docname] = _outcome_files(page)
    for outcome_file in _outcome_files(page):
        try:
            program = program_of(page.with_name(outcome_file))
            if page_and_name(program) is None:  # a program in a file, with a dot in its name
                continue
            block = block_of(program)
            if _path_of(env, f"#{block.name}") not in _programs(env).get(env.docname, {}):
                note_program(env, f"#{block.name}", block.line)
        except REFUSALS as error:
            refuse(env, str(error), env.docname)
            continue
        if not _shows(doctree, block):
            words = f"the page does not show by the name {block.name} what is checked: "
            words += "write the block as the reference says"
            refuse(env, words, (env.docname, block.line))


def _outcome_files(page: Path) -> list[str]:
    """Return the names of the outcome files of blocks that lie beside a page."""
    return sorted(each.name for each in outcome_files_of(page) if is_outcome_file(each))


def _shows(doctree: nodes.document, block: Block) -> bool:
    """Tell whether a page shows a block by its name, and with its text."""
    return any(
        literal.astext().rstrip() == block.text.rstrip()
        for node in doctree.findall(nodes.Element)
        if block.name.lower() in node.get("names", ())
        for literal in node.findall(nodes.literal_block)
    )


def _is_session(node: nodes.literal_block) -> bool:
    if "anyorder-output" in node["classes"]:  # of a program that is checked
        return False
    return node.get("language") in {"pycon", "python-console"} or node.astext().startswith(">>> ")


def _check_what_was_read(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Check the programs of the pages that were read, where the builder makes pages of them."""
    if not app.builder.format:
        return []
    to_check = _pages(env, TO_CHECK)
    failed = set()
    for page, line, path, result in check_pages(app, to_check):
        if isinstance(result, Verdict) and result.held:
            _held(env)[path] = _fingerprint(env.config, path)
            logger.info("%s", result)
        else:
            _held(env).pop(path, None)
            failed.add(page)
            logger.warning("%s", result, location=(page, line), type="anyorder", subtype="check")
    to_check &= failed
    return []
