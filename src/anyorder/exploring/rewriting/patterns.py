"""``match``: each case is a condition, whose pattern is tried by a call of the explorer.

A pattern is told as a tuple whose first item says what it is; what it compares with is evaluated as
it comes to that. What the pattern captures is bound once all of it has matched, and before the
guard, as in CPython.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from anyorder.exploring.rewriting.nodes import hook, load, located, store

if TYPE_CHECKING:
    from collections.abc import Callable

    from anyorder.exploring.rewriting.rewriter import Rewriter

__all__ = ["PATTERNS", "match"]


def match(rewriter: Rewriter, node: ast.Match) -> list[ast.stmt]:
    """Return the chain of conditions that a ``match`` is."""
    subject = rewriter.temporary()
    chain: list[ast.stmt] = []
    for case in reversed(node.cases):
        body = rewriter.statements(case.body)
        test = condition(rewriter, case, subject)
        chain = [located(ast.If(test, body, chain), case.pattern)]
    return [store(subject, rewriter.visit(node.subject), node), *chain]


def condition(rewriter: Rewriter, case: ast.match_case, subject: str) -> ast.expr:
    """Return the condition of a case; once it is true, its captures have been bound."""
    at = case.pattern
    captures: list[str] = []
    told = tell(rewriter, at, captures)
    found = hook("match", load(subject, at), told, at=at)
    parts: list[ast.expr] = [found]
    if captures:
        matched = rewriter.temporary()
        named = ast.NamedExpr(ast.Name(matched, ast.Store()), found)
        parts = [ast.Compare(named, [ast.IsNot()], [ast.Constant(None)])]
        for number, name in enumerate(captures):
            value: ast.expr = ast.Subscript(load(matched, at), ast.Constant(number), ast.Load())
            bound = ast.NamedExpr(ast.Name(name, ast.Store()), rewriter.writing(name, value, at))
            parts.append(ast.Tuple([bound], ast.Load()))  # which is true, whatever is bound
    else:
        parts = [ast.Compare(found, [ast.IsNot()], [ast.Constant(None)])]
    if case.guard is not None:
        parts.append(rewriter.tested(case.guard))
    return located(ast.BoolOp(ast.And(), parts) if len(parts) > 1 else parts[0], at)  # type: ignore[no-any-return]


def tell(rewriter: Rewriter, pattern: Any, captures: list[str]) -> ast.expr:
    """Return a pattern as a tuple, and note the names that it captures, in their order."""
    teller = PATTERNS.get(type(pattern))
    if teller is None:
        raise rewriter.refuse(
            pattern, f"{type(pattern).__name__} is a pattern that is not followed: use `if`"
        )
    return teller(rewriter, pattern, captures)


def told(kind: str, *parts: Any) -> ast.expr:
    values = [part if isinstance(part, ast.expr) else ast.Constant(part) for part in parts]
    return ast.Tuple([ast.Constant(kind), *values], ast.Load())


def several(parts: list[ast.expr]) -> ast.expr:
    return ast.Tuple(parts, ast.Load())


def later(rewriter: Rewriter, node: ast.expr) -> ast.expr:
    """Return a function that evaluates what a pattern names, which is called as it is tried."""
    if isinstance(node, ast.Constant):
        value: ast.expr = node
    else:
        first: Any = node
        while isinstance(first, ast.Attribute):
            first = first.value
        inside = isinstance(rewriter.scope.node, ast.ClassDef)
        if inside and isinstance(first, ast.Name) and first.id in rewriter.scope.bound:
            raise rewriter.refuse(
                node, "a pattern with a name of the class body around it is not followed: use `if`"
            )
        value = rewriter.visit(node)
    arguments = ast.arguments([], [], None, [], [], None, [])
    return located(ast.Lambda(arguments, value), node)  # type: ignore[no-any-return]


def capture(captures: list[str], name: str | None) -> int | None:
    """Note a name, and return its number among those that are captured."""
    if name is None:
        return None
    if name not in captures:  # it may stand in several alternatives
        captures.append(name)
    return captures.index(name)


def value_pattern(rewriter: Rewriter, node: ast.MatchValue, _: list[str]) -> ast.expr:
    return told("value", later(rewriter, node.value))


def singleton(_: Rewriter, node: ast.MatchSingleton, __: list[str]) -> ast.expr:
    return told("is", node.value)


def sequence(rewriter: Rewriter, node: ast.MatchSequence, captures: list[str]) -> ast.expr:
    return told("sequence", several([tell(rewriter, one, captures) for one in node.patterns]))


def star(_: Rewriter, node: ast.MatchStar, captures: list[str]) -> ast.expr:
    return told("star", capture(captures, node.name))


def mapping(rewriter: Rewriter, node: ast.MatchMapping, captures: list[str]) -> ast.expr:
    keys = [later(rewriter, one) for one in node.keys]
    parts = [tell(rewriter, one, captures) for one in node.patterns]
    return told("mapping", several(keys), several(parts), capture(captures, node.rest))


def class_pattern(rewriter: Rewriter, node: ast.MatchClass, captures: list[str]) -> ast.expr:
    cls = later(rewriter, node.cls)
    places = [tell(rewriter, one, captures) for one in node.patterns]
    parts = [tell(rewriter, one, captures) for one in node.kwd_patterns]
    names: list[ast.expr] = [ast.Constant(rewriter.own(one)) for one in node.kwd_attrs]
    return told("class", cls, several(places), several(names), several(parts))


def as_pattern(rewriter: Rewriter, node: ast.MatchAs, captures: list[str]) -> ast.expr:
    inner = tell(rewriter, node.pattern, captures) if node.pattern is not None else None
    return told("as", inner, capture(captures, node.name))


def alternatives(rewriter: Rewriter, node: ast.MatchOr, captures: list[str]) -> ast.expr:
    return told("or", several([tell(rewriter, one, captures) for one in node.patterns]))


PATTERNS: dict[type[ast.AST], Callable[[Rewriter, Any, list[str]], ast.expr]] = {
    ast.MatchAs: as_pattern,
    ast.MatchClass: class_pattern,
    ast.MatchMapping: mapping,
    ast.MatchOr: alternatives,
    ast.MatchSequence: sequence,
    ast.MatchSingleton: singleton,
    ast.MatchStar: star,
    ast.MatchValue: value_pattern,
}
