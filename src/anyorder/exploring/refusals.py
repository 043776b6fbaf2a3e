"""All that is refused in a program, as far as its text tells: whoever mends one line sees the next.

A search stops at the first thing that it cannot follow. What else there is of the kind is found by
reading: imports, and calls of what an import or the language gives a name to. It is told beside the
first one, so that all of it can be changed at once; and it decides nothing.
"""

from __future__ import annotations

import ast
import builtins
import importlib
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from anyorder.exploring.accesses.builtins import BUILTINS, refused_builtin
from anyorder.exploring.following import cannot_be_imported, find, may_fail
from anyorder.exploring.library.stand_ins import DIFFERS, OUTSIDE, PROCESSES, UNLIKE
from anyorder.exploring.modules import (
    NOT_COPIED,
    NOT_IMPORTED,
    outside,
    unfollowed,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

__all__ = ["refusals_in"]


def refusals_in(source: str, folder: Path, follow: Collection[str] = ()) -> list[tuple[int, str]]:
    """Return what is refused in a program, each with its line and what to write instead.

    Args:
        source: its text
        folder: where it lies
        follow: the packages of others that are followed
    """
    tree = ast.parse(source)
    reader = Reader(source, tree, folder, follow)
    found = [(line, message) for node in ast.walk(tree) for line, message in reader.refused(node)]
    return sorted(dict(sorted(found, reverse=True)).items())


class Reader:
    """Finds out what names stand for, as far as imports and the language say.

    Args:
        source: the program's text
        tree: the program
        folder: where it lies
        follow: the packages of others that are followed
    """

    def __init__(
        self, source: str, tree: ast.Module, folder: Path, follow: Collection[str]
    ) -> None:
        self.source = source
        self.folder = folder
        self.follow = follow
        self.names: dict[str, Any] = {}
        bound: set[str] = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
                bound.add(node.id)
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                bound.add(node.name)
            elif isinstance(node, ast.arg):
                bound.add(node.arg)
            elif isinstance(node, ast.Import | ast.ImportFrom):
                self.names |= dict(self.imported(node))
        for name in bound:
            self.names.pop(name, None)
        self.bound = bound

    def imported(self, node: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, Any]]:
        """Yield what an import gives names to, of modules of the library."""
        for one in node.names:
            if isinstance(node, ast.Import):
                name = one.name if one.asname else one.name.partition(".")[0]
                module = self.module(one.name)
                top = module and sys.modules.get(name)
                if top is not None:
                    yield one.asname or name, top
            elif node.module and not node.level:
                module = self.module(node.module)
                inner = getattr(module, one.name, None) or self.module(f"{node.module}.{one.name}")
                if inner is not None:
                    yield one.asname or one.name, inner

    def module(self, name: str) -> ModuleType | None:
        """Return a module of the library, and ``None`` where it is none."""
        top = name.partition(".")[0]
        unknown = top not in sys.stdlib_module_names
        if unknown or top in NOT_IMPORTED or name in NOT_COPIED:
            return None
        try:
            return importlib.import_module(name)
        except ImportError:
            return None

    def thing(self, node: ast.expr) -> Any:
        """Return what an expression stands for, and ``None`` where that is not known."""
        if isinstance(node, ast.Name):
            known = self.names.get(node.id)
            if known is None and node.id not in self.bound:
                return getattr(builtins, node.id, None)
            return known
        if isinstance(node, ast.Attribute):
            owner = self.thing(node.value)
            if isinstance(owner, ModuleType | type):
                return getattr(owner, node.attr, None)
        return None

    def refused(self, node: ast.AST) -> Iterator[tuple[int, str]]:
        """Yield what is refused at a node."""
        if isinstance(node, ast.Import | ast.ImportFrom):
            for name in modules_of(node):
                children = node.names if isinstance(node, ast.ImportFrom) else ()
                whys = (
                    [cannot_be_imported(name, self.follow)]
                    if self.is_foreign(name, node.lineno)
                    else []
                )
                whys += [unfollowed(name, child.name) for child in children]
                yield from ((node.lineno, why) for why in whys if why)
        elif isinstance(node, ast.Attribute):
            owner = self.thing(node.value)
            if isinstance(owner, ModuleType):
                why = unfollowed(owner.__name__, node.attr)
                if why:
                    yield node.lineno, why
        elif isinstance(node, ast.Call):
            why = self.refused_call(node.func)
            if why:
                yield node.lineno, why

    def is_foreign(self, name: str, line: int) -> bool:
        """Whether a module is neither of the library nor the program's own."""
        if may_fail(name, line, self.source):
            return False
        top = name.partition(".")[0]
        known = top in sys.stdlib_module_names and top not in NOT_IMPORTED
        return not known and find(top, self.folder, self.follow) is None

    def refused_call(self, node: ast.expr) -> str:
        """Return why a call is refused, and nothing where it is not, or nobody knows."""
        function = self.thing(node)
        name = getattr(function, "__name__", "")
        if function is None or not name:
            return ""
        if getattr(builtins, name, None) is function:
            return refused_builtin(name) if BUILTINS.get(name) == "refused" else ""
        if getattr(os, name, None) is function and name in PROCESSES | UNLIKE:
            return f"os.{name}() {OUTSIDE if name in PROCESSES else DIFFERS}"
        return outside(function) or ""


def modules_of(node: ast.Import | ast.ImportFrom) -> list[str]:
    """Return the modules that an import statement names, save those of the same package."""
    if isinstance(node, ast.Import):
        return [one.name for one in node.names]
    return [node.module] if node.module and not node.level else []
