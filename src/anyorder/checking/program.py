"""Programs, found and read with their outcome files."""

from __future__ import annotations

import ast
import codecs
import hashlib
import io
import os
import re
import tokenize
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_cache_path

from anyorder.checking.blocks import PAGES, Block, block_named, blocks_in, page_and_name
from anyorder.checking.problems import ProgramError
from anyorder.checking.writing import write_whole
from anyorder.exploring import CannotExplore
from anyorder.exploring.following import find
from anyorder.outcomes import OutcomeFile, OutcomeFileError

__all__ = [
    "Program",
    "ProgramError",
    "block_of",
    "file_of",
    "files_of",
    "find_programs",
    "followed_by",
    "is_outcome_file",
    "outcome_file_of",
    "outcome_files_of",
    "place_in",
    "program_of",
    "program_starts_processes",
    "refusal_at",
]

SCRIPT = ".py"
SESSION = ".session"
CONFIGURATION = "conf.py"  # what Sphinx reads in a folder of docs
PROCESS_MODULES = ("multiprocessing", "ProcessPoolExecutor")
# tells an outcome file, a malformed one too, from the other TOML files of a project
OURS = re.compile(r"^\s*(\[+\s*outcome\b|outcome\s*=|(un)?explored\s*=)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Program:
    """A program and the outcomes that its file says it may have.

    Args:
        path: the program: a script ``*.py``, a session ``*.session`` with the lines to type, or a
            block of a page, ``page.md#name``
        file: its outcome file
        session: whether it is typed at the interactive prompt
        starts_processes: whether it names what starts processes, so that start methods matter
        follow: the packages of others that are followed as its own modules are
    """

    path: Path
    file: OutcomeFile
    session: bool
    starts_processes: bool
    follow: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Its name without folders, that of a file or of a block."""
        found = page_and_name(self.path)
        return self.path.name if found is None else found[1]

    @classmethod
    def read(cls, path: Path, follow: Collection[str] = ()) -> Program:
        """Read the program at ``path`` and the outcome file beside it.

        Args:
            path: the program
            follow: packages of others that are followed besides those that the file names

        Raises:
            ProgramError: there is no such file, it is not a program, or it has no outcome file
            OutcomeFileError: the outcome file is malformed
        """
        read_source(path)
        outcome_file = outcome_file_of(path)
        if not outcome_file.exists():
            raise ProgramError(
                f"{place_in(path)}: has no outcome file {outcome_file.name}: "
                f"run `anyorder accept {path}` to propose one"
            )
        return cls.of(path, OutcomeFile.read(outcome_file), follow)

    @classmethod
    def of(cls, path: Path, file: OutcomeFile, follow: Collection[str] = ()) -> Program:
        """Return the program at ``path``, with this outcome file, as :meth:`read` does."""
        return cls(
            path=path,
            file=file,
            session=is_session(path),
            starts_processes=program_starts_processes(path, follow),
            follow=tuple(sorted({*file.follow, *follow})),
        )


def is_session(path: Path) -> bool:
    """Tell whether ``path`` names a session."""
    return path.suffix == SESSION


def read_source(path: Path, kinds: Sequence[str] = (SCRIPT, SESSION)) -> str:
    """Return the text of the program at ``path``.

    Args:
        path: the program
        kinds: how its name may end

    Raises:
        ProgramError: there is no program there, it cannot be read, or it is no text in UTF-8
    """
    is_block = page_and_name(path) is not None and SCRIPT in kinds
    source = block_of(path).text if is_block else _read_file(path, kinds)
    before, nul, _ = source.partition("\0")
    if nul:
        where = place_in(path, before.count("\n") + 1)
        raise ProgramError(f"{where}: holds a NUL byte, which is no text: remove it")
    if not is_session(path):
        _check_encoding(path, source)
    return source


def _read_file(path: Path, kinds: Sequence[str]) -> str:
    try:
        if not path.exists():
            raise ProgramError(f"{path}:1: there is no such program: fix its name")
        if path.suffix not in kinds or not path.is_file():
            wanted = " or ".join(f"a {kind} file" for kind in kinds)
            raise ProgramError(f"{path}:1: is no program: name {wanted}")
        return _read(path)
    except OSError as error:
        raise ProgramError(f"{path}:1: cannot be read ({error.strerror}): fix that") from None


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ProgramError(f"{path}:{line}: is not UTF-8: save the file as UTF-8") from None


def block_of(program: Path) -> Block:
    """Return the block of a page that ``program`` is the path of.

    Raises:
        ProgramError: there is no such page, or no such block in it
    """
    found = page_and_name(program)
    if found is None:
        raise ProgramError(f"{program}:1: is no block of a page: write page.md#name")
    page, name = found
    try:
        return block_named(name, blocks_in(page, _read(page)))
    except OSError as error:
        raise ProgramError(f"{page}:1: cannot be read ({error.strerror}): fix that") from None
    except ValueError as error:
        raise ProgramError(f"{page}:1: {error}") from None


def place_in(program: Path, line: int = 1) -> str:
    """Return where a line of a program stands, as messages say it: a file, and a line of it."""
    found = page_and_name(program)
    if found is None:
        return f"{program}:{line}"
    page, _ = found
    try:
        return f"{page}:{block_of(program).line + line - 1}"
    except ProgramError:  # which is said elsewhere
        return f"{page}:1"


def refusal_at(program: Path, refusal: CannotExplore) -> str:
    """Return why a program cannot be explored, with where that is said of it.

    All that is refused in it is there, a line each.
    """
    file = file_of(program)
    if refusal.file != file.name:  # it is one of the program's own modules
        first = f"{file.parent / refusal.file}:{refusal.line or 1}: {refusal.message}"
    else:
        line = refusal.line or first_line(file)
        first = f"{place_in(program, line)}: {refusal.message}"
    others = [f"{place_in(program, line)}: {message}" for line, message in refusal.others]
    return "\n".join([first, *others])


def first_line(file: Path) -> int:
    """Return the line of a program's first statement, behind comments and what describes it."""
    try:
        body = ast.parse(file.read_bytes()).body
    except (OSError, SyntaxError, ValueError):
        return 1
    described = body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)
    statements = body[1:] if described else body
    return statements[0].lineno if statements else 1


def outcome_file_of(program: Path) -> Path:
    """Return where the outcome file of a program lies: of a block, beside its page."""
    found = page_and_name(program)
    if found is None:
        return program.with_suffix(".toml")
    page, name = found
    return page.with_name(f"{page.stem}.{name}.toml")


def file_of(program: Path) -> Path:
    """Return the file to execute: the program itself, or where the code of a block was put.

    That lies in the user's cache folder, in a folder of its own: a block imports nothing that lies
    beside its page.

    Raises:
        ProgramError: there is no such block, or the file cannot be written
    """
    if page_and_name(program) is None:
        return program
    block = block_of(program)
    digest = hashlib.sha256(block.text.encode()).hexdigest()
    file = user_cache_path("anyorder") / "blocks" / digest / f"{block.name}.py"
    with suppress(OSError):  # said as it is written
        if file.read_bytes() == block.text.encode():
            return file
    with suppress(OSError):  # likewise
        file.parent.mkdir(parents=True, exist_ok=True)
    write_whole(file, block.text)
    return file


def _check_encoding(script: Path, source: str) -> None:
    """Refuse a script that says it is in another encoding than it is read in here.

    Raises:
        ProgramError: it does; Python would read other characters, or not run it at all
    """
    data = source.encode()
    lines = io.BytesIO(data)
    try:
        declared, _ = tokenize.detect_encoding(lines.readline)
        is_utf8 = codecs.lookup(declared).name == "utf-8"
    except (SyntaxError, LookupError):  # there is none of that name, or not for text
        is_utf8 = False
    if not is_utf8:
        line = len(data[: lines.tell()].splitlines())
        raise ProgramError(
            f"{place_in(script, line)}: declares an encoding other than UTF-8: "
            "save the file as UTF-8, and leave the declaration out"
        )


def followed_by(program: Path, follow: Collection[str] = ()) -> list[str]:
    """Return the packages of others that are followed in a program, in the order of their names.

    Args:
        program: the program
        follow: those that are followed besides those that its outcome file names
    """
    with suppress(OutcomeFileError):
        file = OutcomeFile.read(outcome_file_of(program), begun=True)
        return sorted({*file.follow, *follow})
    return sorted({*follow})


def files_of(program: Path, follow: Collection[str] = ()) -> list[Path]:
    """Return the files whose text decides what a program does: its own, and what it imports.

    Of the modules those count that are followed as the program is, and that are named by an import
    statement, in the program or in another of them.

    Args:
        program: the program
        follow: packages of others that are followed besides those that its outcome file names
    """
    found, follow = [file_of(program)], followed_by(program, follow)
    for file in found:  # which grows meanwhile
        imported = _imported(file, found[0].parent, follow)
        found += [each for each in imported if each not in found]
    return found


def _imported(file: Path, folder: Path, follow: Collection[str]) -> list[Path]:
    """Return the own modules of a program in ``folder`` that a file imports, and their packages."""
    try:
        tree = ast.parse(file.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return []
    names: list[tuple[Path, str]] = []
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=imported):
                names += [(_base(alias.name, folder, follow), alias.name) for alias in imported]
            case ast.ImportFrom(module=module, names=imported, level=level):
                base = Path(*file.parts[:-level]) if level else _base(module or "", folder, follow)
                # what comes from a package may be a module of it
                names += [(base, f"{module or ''}.{alias.name}".strip(".")) for alias in imported]
    places = [
        base.joinpath(*name.split(".")[:parts])
        for base, name in names
        for parts in range(1, name.count(".") + 2)
    ]
    files = [each for place in places for each in (place.with_suffix(".py"), place / "__init__.py")]
    return [each for each in dict.fromkeys(files) if each.is_file()]


def _base(name: str, folder: Path, follow: Collection[str]) -> Path:
    """Return the folder in which a module of the program's own is looked for."""
    found = find(name.partition(".")[0], folder, follow)
    if found is None:
        return folder
    if found.package:
        return Path(found.package[0]).parent
    return found.file.parent if found.file else folder


def program_starts_processes(program: Path, follow: Collection[str] = ()) -> bool:
    """Tell whether a program, or a module that is followed, names what starts processes."""
    return any(
        starts_processes(each.read_text(encoding="utf-8", errors="replace"))
        for each in files_of(program, follow)
    )


def starts_processes(source: str) -> bool:
    """Tell whether the program imports or names what starts processes.

    A program that has a syntax error, or a session, whose lines need not be one module, is judged
    by its words.
    """
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return any(module in source for module in PROCESS_MODULES)
    return any(
        name.split(".")[0] in PROCESS_MODULES for node in ast.walk(tree) for name in _names(node)
    )


def _names(node: ast.AST) -> Iterator[str]:
    """Yield what ``node`` imports, or the name that it uses."""
    match node:
        case ast.Import(names=names):
            yield from (alias.name for alias in names)
        case ast.ImportFrom(module=module, names=names):
            yield from (module or "", *(alias.name for alias in names))
        case ast.Attribute(attr=name) | ast.Name(id=name):
            yield name


def is_outcome_file(path: Path) -> bool:
    """Tell whether ``path`` is an outcome file, and no other TOML file."""
    if path.suffix != ".toml":
        return False
    try:
        return bool(OURS.search(path.read_text(encoding="utf-8", errors="replace")))
    except OSError:  # whoever reads it for its program says why it cannot be read
        return any(path.with_suffix(suffix).exists() for suffix in (SCRIPT, SESSION))


def program_of(outcome_file: Path) -> Path:
    """Return the program beside ``outcome_file``: a file, or a block of a page.

    Raises:
        ProgramError: there is none
    """
    for suffix in (SCRIPT, SESSION):
        if (program := outcome_file.with_suffix(suffix)).exists():
            return program
    stem, _, name = outcome_file.stem.rpartition(".")
    for suffix in PAGES:
        if stem and (page := outcome_file.with_name(f"{stem}{suffix}")).exists():
            block_of(program := page.with_name(f"{page.name}#{name}"))
            return program
    raise ProgramError(
        f"{outcome_file}:1: is an outcome file for no program: "
        f"remove it, or add {outcome_file.with_suffix(SCRIPT).name} beside it"
    )


def find_programs(paths: Iterable[Path]) -> tuple[list[Path], list[ProgramError]]:
    """Return the programs at ``paths``, those of a folder in the order of their names.

    In a folder every ``*.py`` and ``*.session`` is a program, except where its name or its folder's
    begins with an underscore or a dot: there lie the modules that programs import. Nor is Sphinx's
    ``conf.py`` one, unless it has an outcome file. Each block of a page that has one is a program
    too; the page alone stands for all of these.

    A path that is no folder is taken as it is; whoever reads it finds out whether it is a program.

    Returns:
        the programs; and an error for each folder without one, and for each outcome file that lies
        in a folder without its program
    """
    found: list[Path] = []
    refused: list[ProgramError] = []
    for path in paths:
        is_page = path.suffix in PAGES and path.exists()
        if not (is_page or os.path.isdir(path)):  # noqa: PTH112 - Path.is_dir may raise
            found.append(path)
            continue
        inside = sorted(outcome_files_of(path) if is_page else _visible(path))
        programs = [
            each
            for each in inside
            if each.suffix in {SCRIPT, SESSION} and each.name != CONFIGURATION
        ]
        unread: list[ProgramError] = []
        for each in filter(is_outcome_file, inside):
            try:
                programs.append(program_of(each))
            except ProgramError as error:
                unread.append(error)
        if not (programs or unread):
            fix = "name a folder that does"
            if is_page:
                fix = f"give a block a name, and run `anyorder accept {path}#name`"
            refused.append(ProgramError(f"{path}:1: holds no program: {fix}"))
        found += sorted(programs)
        refused += unread
    return list(dict.fromkeys(found)), refused


def outcome_files_of(page: Path) -> Iterator[Path]:
    """Yield the files beside a page that are outcome files of blocks, by their names."""
    if page.suffix not in PAGES:
        return
    own = re.compile(rf"{re.escape(page.stem)}\.[\w-]+\.toml")
    yield from (each for each in page.parent.iterdir() if own.fullmatch(each.name))


def _visible(folder: Path) -> Iterator[Path]:
    """Yield the files in ``folder`` and below, but for those that are none of its programs."""
    for path in folder.rglob("*"):
        parts = path.relative_to(folder).parts
        if path.is_file() and not any(part.startswith(("_", ".")) for part in parts):
            yield path
