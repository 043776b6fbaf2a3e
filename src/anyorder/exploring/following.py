"""Which modules are a program's own: those that are followed as the program itself is.

They lie beside it, as modules or in packages, or are installed in editable mode, so that Python
reads them where they are written. Those of other packages are followed where the program's author
says so.
"""

from __future__ import annotations

import ast
import site
import sys
from dataclasses import dataclass
from functools import cache
from importlib.machinery import PathFinder
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from importlib.machinery import ModuleSpec

__all__ = ["Found", "cannot_be_imported", "find", "may_fail"]

CAUGHT = {"BaseException", "Exception", "ImportError", "ModuleNotFoundError"}
TOOL = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Found:
    """A module that is followed.

    Args:
        file: where its text is; none, where it is a folder of modules without a text of its own
        shown: the name of that file, from the folder on in which Python looks for it
        package: the folders in which its own modules are looked for, if it is a package
    """

    file: Path | None
    shown: str
    package: tuple[str, ...] | None


def find(
    name: str, folder: Path, follow: Collection[str] = (), within: Sequence[str] | None = None
) -> Found | None:
    """Return a module of the program's own, and ``None`` where there is none of that name.

    Args:
        name: its whole name
        folder: where the program lies, which is where Python looks first
        follow: the packages of others that are followed
        within: the folders of the package that it is in, if it is in one
    """
    top = name.partition(".")[0]
    if top in sys.stdlib_module_names or top == TOOL.name:
        return None
    if within is not None:
        spec = PathFinder.find_spec(name, list(within))
    else:
        spec = PathFinder.find_spec(name, [str(folder), *editable_folders()])
        spec = spec or in_editable_mode(name)
        if spec is None and top in follow:
            spec = PathFinder.find_spec(name, packages())
    if spec is None:
        return None
    places = spec.submodule_search_locations
    package = None if places is None else tuple(places)
    if spec.origin is None or spec.loader is None:
        return Found(None, name, package) if package else None
    file = Path(spec.origin)
    if file.suffix != ".py":
        return None
    depth = name.count(".") + (2 if package else 1)
    return Found(file, "/".join(file.parts[-depth:]), package)


def may_fail(name: str, line: int, source: str) -> bool:
    """Tell whether a program is prepared for a module that is not installed, and it is not.

    Args:
        name: the module's name, which is not of the program's own
        line: the line of the import
        source: the text that it is in
    """
    return line in tried_in(source) and find_spec(name.partition(".")[0]) is None


@cache
def tried_in(source: str) -> frozenset[int]:
    """Return the lines of a text in which an ``ImportError`` is caught."""
    return frozenset(
        line
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Try) and any(map(catches_import_error, node.handlers))
        for one in node.body
        for line in range(one.lineno, (one.end_lineno or one.lineno) + 1)
    )


def catches_import_error(handler: ast.ExceptHandler) -> bool:
    """Tell whether an ``except`` clause is for an ``ImportError``, as far as its names say."""
    named = [handler.type] if handler.type else []
    if isinstance(handler.type, ast.Tuple):
        named = handler.type.elts
    return not named or any(isinstance(one, ast.Name) and one.id in CAUGHT for one in named)


def cannot_be_imported(name: str, follow: Collection[str] = ()) -> str:
    """Return why a module is refused where it is imported.

    Args:
        name: its name
        follow: the packages of others that are followed
    """
    top = name.partition(".")[0]
    if top in sys.stdlib_module_names:
        return f"the module {name} cannot be simulated: write the program without it"
    if top in follow:
        return f"the module {name} {why_not_found(top)}"
    return (
        f"the module {name} cannot be simulated: write the program without it, leave it "
        f"unexplored, or, if it is written in Python alone, --follow {top}"
    )


def why_not_found(name: str) -> str:
    """Return why a package that is to be followed is not, and what to do about that.

    Args:
        name: its name, one for which ``find`` finds nothing
    """
    spec = PathFinder.find_spec(name, packages())
    if spec is not None:
        return (
            "is to be followed, and is not written in Python alone: write the program without it, "
            "or leave it unexplored"
        )
    if PathFinder.find_spec(name) is not None:
        return (
            "is to be followed, and is found by PYTHONPATH alone, which real runs do not have: "
            "install it, in editable mode (pip install -e) if it is your own"
        )
    return "is to be followed, and is not installed: install it, or leave the program unexplored"


def packages() -> list[str]:
    """Return the folders in which other people's packages are installed."""
    own: str | None = site.getusersitepackages()  # a browser has none
    folders = [*site.getsitepackages(), *([own] if own else [])]
    return [one for one in folders if Path(one).is_dir()]


@cache
def editable_folders() -> tuple[str, ...]:
    """Return the folders of packages that are installed in editable mode."""
    lines = [
        line.strip()
        for folder in packages()
        for file in sorted(Path(folder).glob("*.pth"))
        for line in file.read_text(encoding="utf-8", errors="replace").splitlines()
    ]
    return tuple(line for line in lines if Path(line).is_absolute() and Path(line).is_dir())


def in_editable_mode(name: str) -> ModuleSpec | None:
    """Return a module that a finder of its own knows, as ``setuptools`` installs it."""
    for finder in sys.meta_path:
        module: Any = getattr(finder, "__module__", "")
        if module.startswith("__editable__"):
            spec: ModuleSpec | None = finder.find_spec(name, None)
            if spec is not None:
                return spec
    return None
