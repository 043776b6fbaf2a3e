"""From a program's text to its code, in which each operation is a call of the explorer.

The transform keeps what the code does, and its line numbers. The names of the calls
(``__ao_...__``) live among the program's builtins; ``accesses`` has them.
"""

from __future__ import annotations

import ast
from functools import lru_cache
from typing import TYPE_CHECKING

from anyorder.exploring.refusal import CannotExplore
from anyorder.exploring.rewriting import expressions, statements
from anyorder.exploring.rewriting.coroutines import without_coroutines
from anyorder.exploring.rewriting.formats import with_f_strings
from anyorder.exploring.rewriting.rewriter import Rewriter
from anyorder.exploring.rewriting.signal_points import with_signal_points
from anyorder.outcomes.placeholders import without_folder

if TYPE_CHECKING:
    from types import CodeType

__all__ = ["RULES", "transformed", "transformed_library"]

RULES = {**expressions.RULES, **statements.RULES}


@lru_cache(maxsize=64)  # a program is loaded anew for each outcome that is replayed
def transformed(
    source: str,
    filename: str,
    *,
    late: frozenset[str] = frozenset(),
    signals: bool = False,
    module: str = "",
) -> CodeType:
    """Return the code of a program with its scheduling points.

    Args:
        source: the program's text
        filename: its name, which tracebacks will say
        late: variables of the module that are bound when other threads have begun
        signals: whether the places at which Python looks for signals are to be followed
        module: the module of the program, if it is not its main one

    Raises:
        CannotExplore: where the program has a syntax error, or uses what cannot be explored
    """
    try:
        tree = ast.parse(source, filename)
        compile(source, filename, "exec", dont_inherit=True)
    except SyntaxError as error:
        raise CannotExplore(
            without_folder(filename), error.lineno, f"this is no Python: {error.msg}"
        ) from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise CannotExplore(
            without_folder(filename), None, f"this is no Python: {error}"
        ) from error
    hold_eager(tree, filename)
    tree = with_f_strings(without_coroutines(tree))
    if signals:
        tree = with_signal_points(tree)
    return rewritten(tree, filename, Rewriter(tree, filename, RULES, late, module=module))


def hold_eager(tree: ast.Module, filename: str) -> None:
    """Refuse lazy imports, from Python 3.15 on: what is read first carries them out."""
    for node in ast.walk(tree):
        if getattr(node, "is_lazy", 0) or getattr(node, "id", None) == "__lazy_modules__":
            raise CannotExplore(
                without_folder(filename),
                node.lineno,  # type: ignore[attr-defined]
                "a lazy import happens where any thread first reads its name, which is not "
                "followed: import it at once",
            )


def transformed_library(source: str, filename: str) -> CodeType:
    """Return the code of a module of the library that does things to the program's objects.

    Its own variables do not change once it is loaded, so they are not followed.
    """
    tree = with_f_strings(ast.parse(source, filename))
    return rewritten(tree, filename, Rewriter(tree, filename, RULES, names=False))


def rewritten(tree: ast.Module, filename: str, rewriter: Rewriter) -> CodeType:
    """Return the code of a tree as a rewriter leaves it."""
    tree.body = rewriter.statements(tree.body)
    ast.fix_missing_locations(tree)
    return compile(tree, filename, "exec", dont_inherit=True)
