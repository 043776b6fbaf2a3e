"""What is bound: names, attributes, items, and what is unpacked into them."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from anyorder.exploring.rewriting.nodes import hook, load, located, store

if TYPE_CHECKING:
    from anyorder.exploring.rewriting.rewriter import Rewriter

__all__ = ["assigned", "bound_in_clause", "deleted", "is_plain", "taken"]


def is_plain(rewriter: Rewriter, target: ast.expr) -> bool:
    """Whether a target is a name that nobody else can see."""
    return isinstance(target, ast.Name) and rewriter.binder(target.id, target) is None


def assigned(rewriter: Rewriter, target: Any, value: ast.expr) -> list[ast.stmt]:
    """Return the statements that bind a target to a value, which they evaluate once, and first."""
    if isinstance(target, ast.Name):
        return [store(target.id, rewriter.writing(target.id, value, target), target)]
    if isinstance(target, ast.Attribute):
        thing = rewriter.visit(target.value)
        call = hook("as", value, thing, rewriter.own(target.attr), at=target)
        return [located(ast.Expr(call), target)]
    if isinstance(target, ast.Subscript):
        thing, key = rewriter.visit(target.value), rewriter.visit(target.slice)
        return [located(ast.Expr(hook("is", value, thing, key, at=target)), target)]
    if isinstance(target, ast.Starred):
        return assigned(rewriter, target.value, value)
    parts, after = unpacked(rewriter, target)
    return [located(ast.Assign([parts], hook("unpack", value, at=target)), target), *after]


def unpacked(rewriter: Rewriter, target: Any) -> tuple[ast.expr, list[ast.stmt]]:
    """Return a tuple of names to unpack into, and the statements that hand over what needs it."""
    names, held = held_apart(rewriter, target)
    return names, [one for inner, name in held for one in taken(rewriter, inner, name)]


def held_apart(rewriter: Rewriter, target: Any) -> tuple[ast.expr, list[tuple[Any, str]]]:
    """Return a tuple of names to unpack into.

    Returns:
        The tuple, and each target that is no plain name, with the temporary variable that has its
        value.
    """
    parts: list[ast.expr] = []
    held: list[tuple[Any, str]] = []
    for part in target.elts:
        inner = part.value if isinstance(part, ast.Starred) else part
        if is_plain(rewriter, inner):
            parts.append(part)
            continue
        name = rewriter.temporary()
        one: ast.expr = ast.Name(name, ast.Store())
        parts.append(ast.Starred(one, ast.Store()) if inner is not part else one)
        held.append((inner, name))
    return located(ast.Tuple(parts, ast.Store()), target), held


def taken(rewriter: Rewriter, target: Any, name: str) -> list[ast.stmt]:
    """Return the statements that bind a target to what a temporary variable holds."""
    statements = assigned(rewriter, target, load(name, target))
    if isinstance(rewriter.scope.node, ast.ClassDef):  # it would be an attribute of the class
        statements.append(located(ast.Delete([ast.Name(name, ast.Del())]), target))
    return statements


def bound_in_clause(rewriter: Rewriter, target: Any, value: ast.expr) -> list[ast.comprehension]:
    """Return the clauses of a comprehension that bind a target to a value.

    Each goes through one value, which Python's compiler makes an assignment of.
    """

    def clause(new: ast.expr, of: ast.expr) -> ast.comprehension:
        return ast.comprehension(new, located(ast.Tuple([of], ast.Load()), target), [], 0)

    if isinstance(target, ast.Name):
        return [clause(target, rewriter.writing(target.id, value, target))]
    if isinstance(target, ast.Starred):
        return bound_in_clause(rewriter, target.value, value)
    if isinstance(target, ast.Attribute | ast.Subscript):
        name = located(ast.Name(rewriter.temporary(), ast.Store()), target)
        thing = rewriter.visit(target.value)
        if isinstance(target, ast.Attribute):
            return [clause(name, hook("as", value, thing, rewriter.own(target.attr), at=target))]
        return [clause(name, hook("is", value, thing, rewriter.visit(target.slice), at=target))]
    names, held = held_apart(rewriter, target)
    after = [
        one for inner, name in held for one in bound_in_clause(rewriter, inner, load(name, inner))
    ]
    return [clause(names, hook("unpack", value, at=target)), *after]


def deleted(rewriter: Rewriter, target: Any) -> list[ast.stmt]:
    """Return the statements that delete a target."""
    if isinstance(target, ast.Attribute):
        thing = rewriter.visit(target.value)
        call = hook("da", thing, rewriter.own(target.attr), at=target)
        return [located(ast.Expr(call), target)]
    if isinstance(target, ast.Subscript):
        thing, key = rewriter.visit(target.value), rewriter.visit(target.slice)
        return [located(ast.Expr(hook("di", thing, key, at=target)), target)]
    if isinstance(target, ast.Tuple | ast.List):
        return [one for part in target.elts for one in deleted(rewriter, part)]
    result: list[ast.stmt] = [located(ast.Delete([target]), target)]
    write = rewriter.binder(target.id, target)
    if write is not None:
        write.args.append(ast.Constant(None))
        result.insert(0, located(ast.Expr(write), target))
    return result
