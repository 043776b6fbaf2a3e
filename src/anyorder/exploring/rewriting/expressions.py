"""The rules for expressions: each operation is a call that gets its operands as values.

All operands have been evaluated by then, in Python's own order. A call of the program is made in
its own frame, since what is called may look at who calls it: only the function that is called, and
what a star spreads, goes through a call of the explorer.
"""

from __future__ import annotations

import ast
import sys
from typing import Any

from anyorder.exploring.frames import PREFIX
from anyorder.exploring.modules import HIDDEN
from anyorder.exploring.rewriting.nodes import (
    generates,
    hook,
    load,
    located,
    passing,
    point,
)
from anyorder.exploring.rewriting.rewriter import Rewriter, Rule
from anyorder.exploring.rewriting.switch_points import points
from anyorder.exploring.rewriting.targets import bound_in_clause, is_plain

__all__ = ["RULES", "defaults"]

CONVERTS_FIRST = sys.version_info >= (3, 13)
# what Python may compute as it compiles, where it is made of constants
FOLDED = (ast.BinOp, ast.JoinedStr, ast.Slice, ast.Subscript, ast.Tuple, ast.UnaryOp)
IDENTITY = (ast.Is, ast.IsNot)
NO_CONVERSION = -1  # as ``ast`` has it
ROUND = "a comprehension comes round"


def constant(_: Rewriter, node: ast.Constant) -> ast.expr:
    return node


def name(rewriter: Rewriter, node: ast.Name) -> ast.expr:
    return rewriter.reading(node.id, node) if isinstance(node.ctx, ast.Load) else node


def attribute(rewriter: Rewriter, node: ast.Attribute) -> ast.expr:
    if not rewriter.names:  # the library may reach what a program may not
        return hook("la", rewriter.visit(node.value), rewriter.own(node.attr), at=node)
    name = "hidden" if node.attr in HIDDEN else "a"
    return hook(name, rewriter.visit(node.value), rewriter.own(node.attr), at=node)


def subscript(rewriter: Rewriter, node: ast.Subscript) -> ast.expr:
    if is_constant(node):
        return node
    return hook("i", rewriter.visit(node.value), rewriter.visit(node.slice), at=node)


def slice_(rewriter: Rewriter, node: ast.Slice) -> ast.expr:
    return hook("slice", *rewriter.all((node.lower, node.upper, node.step)), at=node)


def starred(rewriter: Rewriter, node: ast.Starred) -> ast.expr:
    return located(ast.Starred(hook("spread", rewriter.visit(node.value), at=node), node.ctx), node)  # type: ignore[no-any-return]


def call(rewriter: Rewriter, node: ast.Call) -> ast.expr:
    if isinstance(node.func, ast.Name) and node.func.id.startswith(PREFIX):  # see ``signal_points``
        node.args = rewriter.all(node.args)
        return node
    rewriter.calls += 1
    site = ast.Constant(rewriter.calls)
    called = rewriter.visit(node.func)
    spreads = any(isinstance(one, ast.Starred) for one in node.args)
    spreads = spreads or any(one.arg is None for one in node.keywords)
    function = hook("f", called, site, ast.Constant(spreads), at=node.func)
    if hasattr(node, "ao_number"):  # an interrupt may land after it (see ``signal_points``)
        function = hook("calling", function, ast.Constant(node.ao_number), at=node.func)
    args = rewriter.all(node.args)
    keywords = [
        ast.keyword(
            one.arg,
            rewriter.visit(one.value)
            if one.arg is not None
            else hook("mapping", rewriter.visit(one.value), at=one.value),
        )
        for one in node.keywords
    ]
    after = points(f"after a call of a function of Python{' with *' * spreads}")
    result = located(ast.Call(function, args, keywords), node)
    return hook("returned", result, site, ast.Constant(after), at=node)


def display(rewriter: Rewriter, node: Any) -> ast.expr:
    node.elts = rewriter.all(node.elts)
    return hook("made", node, at=node)


def tuple_(rewriter: Rewriter, node: ast.Tuple) -> ast.expr:
    node.elts = rewriter.all(node.elts)
    return node


def dict_(rewriter: Rewriter, node: ast.Dict) -> ast.expr:
    keys, values = [], []
    for key, value in zip(node.keys, node.values, strict=True):  # in the order of evaluation
        keys.append(key and rewriter.visit(key))
        new = rewriter.visit(value)
        values.append(new if key else hook("mapping", new, at=value))
    return hook("made", located(ast.Dict(keys, values), node), at=node)


def is_constant(node: ast.AST) -> bool:
    """Whether an expression is made of constants alone.

    Python may compute it as it compiles, and keeps one object for all that come to the same.
    """
    parts = (one for one in ast.iter_child_nodes(node) if isinstance(one, ast.expr))
    return isinstance(node, ast.Constant) or (
        isinstance(node, FOLDED) and all(map(is_constant, parts))
    )


def binary(rewriter: Rewriter, node: ast.BinOp) -> ast.expr:
    if is_constant(node):
        return node
    left, right = rewriter.visit(node.left), rewriter.visit(node.right)
    return hook(type(node.op).__name__, left, right, at=node)


def unary(rewriter: Rewriter, node: ast.UnaryOp) -> ast.expr:
    if isinstance(node.op, ast.Not):
        return rewriter.tested(node)
    if is_constant(node.operand):
        return node
    return hook(type(node.op).__name__, rewriter.visit(node.operand), at=node)


def boolean(rewriter: Rewriter, node: ast.BoolOp) -> ast.expr:
    """Ask for the truth of each operand but the last, whose value is taken as it is."""
    *asked, last = node.values
    node.values = [*(rewriter.tested(one) for one in asked), rewriter.visit(last)]
    return node


def comparison(rewriter: Rewriter, node: ast.Compare) -> ast.expr:
    """Compare two values by a call; of a chain, let Python ask for the truth of each link."""
    operators = [type(one) for one in node.ops]
    operands = rewriter.all([node.left, *node.comparators])
    identities = [issubclass(one, IDENTITY) for one in operators]
    if all(identities):
        node.left, *node.comparators = operands
        return node
    if len(operands) == 2:  # noqa: PLR2004 - a comparison of two
        return hook(operators[0].__name__, *operands, at=node)
    if any(identities):
        raise rewriter.refuse(
            node, "a chain of comparisons with `is` is not followed: write `and` between them"
        )
    links: list[ast.expr] = [
        hook("link", one, at=at)
        for one, at in zip(operands, [node.left, *node.comparators], strict=True)
    ]
    node.left, *node.comparators = links
    return node


def conditional(rewriter: Rewriter, node: ast.IfExp) -> ast.expr:
    node.test = rewriter.tested(node.test)
    node.body, node.orelse = rewriter.visit(node.body), rewriter.visit(node.orelse)
    return node


def joined(rewriter: Rewriter, node: ast.JoinedStr) -> ast.expr:
    node.values = rewriter.all(node.values)
    return node


def formatted(rewriter: Rewriter, node: ast.FormattedValue) -> ast.expr:
    """Rewrite a part of an f-string, whose format may be one in turn.

    The text of ``!r`` and its like is made before the format is evaluated from 3.13 on, and after
    that before 3.13.
    """
    value, conversion = rewriter.visit(node.value), node.conversion
    spec = rewriter.visit(node.format_spec) if node.format_spec is not None else None
    if CONVERTS_FIRST and spec is not None and conversion != NO_CONVERSION:
        value = hook("format", value, ast.Constant(conversion), None, at=node)
        conversion = NO_CONVERSION
    text = hook("format", value, ast.Constant(conversion), spec, at=node)
    return located(ast.FormattedValue(text, NO_CONVERSION), node)  # type: ignore[no-any-return]


def interpolation(rewriter: Rewriter, node: Any) -> ast.expr:
    """Rewrite the value of a template string's part, whose source stands beside it as a text."""
    node.value = rewriter.visit(node.value)
    node.format_spec = node.format_spec and rewriter.visit(node.format_spec)
    return node  # type: ignore[no-any-return]


def named(rewriter: Rewriter, node: ast.NamedExpr) -> ast.expr:
    node.value = rewriter.writing(node.target.id, rewriter.visit(node.value), node)
    return node


def yielding(rewriter: Rewriter, node: ast.Yield) -> ast.expr:
    node.value = hook("yielding", node.value and rewriter.visit(node.value), at=node)
    return passing("a generator goes on", node)


def yielding_from(rewriter: Rewriter, node: ast.YieldFrom) -> ast.expr:
    node.value = hook("delegate", rewriter.visit(node.value), at=node)
    return passing("yield from goes on", node)


def asynchronous(_: Rewriter, node: ast.Await) -> ast.expr:
    """Refuse an asynchronous function where it is called: what it awaits says of which kind."""
    return hook("asynchronous", node.value, at=node)


# -- functions and comprehensions ----------------------------------------------------------------


def lambda_(rewriter: Rewriter, node: ast.Lambda) -> ast.expr:
    defaults(rewriter, node.args)
    outer, rewriter.scope = rewriter.scope, rewriter.scopes[node]
    body = rewriter.visit(node.body)
    if generates(node):
        body = hook("yielding", body, at=node)
    begins = point("a function begins", node)
    body = framed(rewriter, body, node)
    node.body = located(ast.BoolOp(ast.Or(), [begins, body]), node)
    rewriter.scope = outer
    return node


def framed(rewriter: Rewriter, body: ast.expr, node: Any) -> ast.expr:
    """Return the body of a lambda, in which its frame gets a label if inner functions need it."""
    if not (rewriter.scope.cells and rewriter.names):
        return body
    label = ast.Name(rewriter.frame_name(rewriter.scope), ast.Store())
    pair = ast.Tuple([ast.NamedExpr(label, hook("frame", at=node)), body], ast.Load())
    return located(ast.Subscript(pair, ast.Constant(1), ast.Load()), node)  # type: ignore[no-any-return]


def defaults(rewriter: Rewriter, arguments: ast.arguments) -> None:
    """Rewrite the defaults of parameters, which are evaluated where the function is made."""
    arguments.defaults = rewriter.all(arguments.defaults)
    arguments.kw_defaults = rewriter.all(arguments.kw_defaults)


def comprehension(rewriter: Rewriter, node: Any) -> ast.expr:
    """Rewrite each clause; a variable that inner functions keep is in a cell with a label."""
    clauses = node.generators
    first = rewriter.visit(clauses[0].iter)
    outer, rewriter.scope = rewriter.scope, rewriter.scopes[node]
    new: list[ast.comprehension] = []
    for number, clause in enumerate(clauses):
        if clause.is_async:
            asynchronous(rewriter, clause.iter)
        iterable = rewriter.visit(clause.iter) if number else first
        iterable = hook("iterate", iterable, at=clause.iter)
        # the clause around one that has nothing comes round
        iterable = passing(ROUND if number else "a comprehension begins", iterable)
        if isinstance(node, ast.GeneratorExp) and not number:
            iterable = hook("ending", iterable, at=clause.iter)
        target, inner = assigned_in_clause(rewriter, clause, number == 0, iterable)
        tests = [
            located(ast.BoolOp(ast.Or(), [rewriter.tested(one), point(ROUND, one)]), one)
            for one in clause.ifs
        ]
        if inner:
            inner[-1].ifs = tests
        else:
            target.ifs = tests
        new += [target, *inner]
    spread_at_the_end(rewriter, node, new)
    node.generators = new
    rewriter.scope = outer
    return hook("made", node, at=node)


def assigned_in_clause(
    rewriter: Rewriter, clause: ast.comprehension, first: bool, iterable: ast.expr
) -> tuple[ast.comprehension, list[ast.comprehension]]:
    """Return a clause of a comprehension, and further ones that bind what it binds by calls."""
    label = rewriter.names and first and bool(rewriter.scope.cells)
    if not label and is_plain(rewriter, clause.target):
        return ast.comprehension(clause.target, iterable, [], 0), []
    temporary = rewriter.temporary()
    target: ast.expr = ast.Name(temporary, ast.Store())
    if label:
        iterable = hook("labelled", iterable, at=clause.iter)
        frame = ast.Name(rewriter.frame_name(rewriter.scope), ast.Store())
        target = ast.Tuple([frame, target], ast.Store())
    inner = bound_in_clause(rewriter, clause.target, load(temporary, clause.target))
    return ast.comprehension(located(target, clause.target), iterable, [], 0), inner


def spread_at_the_end(rewriter: Rewriter, node: Any, clauses: list[ast.comprehension]) -> None:
    """Rewrite what a comprehension makes; from 3.15 on that may be spread by a star."""
    if isinstance(node, ast.DictComp):
        if node.value is None:
            raise rewriter.refuse(
                node, "a comprehension with `**` is not followed: write a loop with update()"
            )
        node.key, node.value = rewriter.visit(node.key), rewriter.visit(node.value)
        node.value = passing(ROUND, node.value)
        return
    if isinstance(node.elt, ast.Starred):
        star = node.elt
        temporary = rewriter.temporary()
        spread = hook("iterate", rewriter.visit(star.value), at=star)
        target = located(ast.Name(temporary, ast.Store()), star)
        clauses.append(ast.comprehension(target, spread, [], 0))
        node.elt = load(temporary, star)
    else:
        node.elt = rewriter.visit(node.elt)
    node.elt = passing(ROUND, node.elt)
    if isinstance(node, ast.GeneratorExp):
        node.elt = hook("yielding", node.elt, at=node.elt)


def rule(function: Any, *fields: str) -> Rule:
    return function, frozenset(fields)


RULES: dict[type[ast.AST], Rule] = {
    ast.Attribute: rule(attribute, "value", "attr", "ctx"),
    ast.Await: rule(asynchronous, "value"),
    ast.BinOp: rule(binary, "left", "op", "right"),
    ast.BoolOp: rule(boolean, "op", "values"),
    ast.Call: rule(call, "func", "args", "keywords"),
    ast.Compare: rule(comparison, "left", "ops", "comparators"),
    ast.Constant: rule(constant, "value", "kind"),
    ast.Dict: rule(dict_, "keys", "values"),
    ast.DictComp: rule(comprehension, "key", "value", "generators"),
    ast.FormattedValue: rule(formatted, "value", "conversion", "format_spec"),
    ast.GeneratorExp: rule(comprehension, "elt", "generators"),
    ast.IfExp: rule(conditional, "test", "body", "orelse"),
    ast.JoinedStr: rule(joined, "values"),
    ast.Lambda: rule(lambda_, "args", "body"),
    ast.List: rule(display, "elts", "ctx"),
    ast.ListComp: rule(comprehension, "elt", "generators"),
    ast.Name: rule(name, "id", "ctx"),
    ast.NamedExpr: rule(named, "target", "value"),
    ast.Set: rule(display, "elts"),
    ast.SetComp: rule(comprehension, "elt", "generators"),
    ast.Slice: rule(slice_, "lower", "upper", "step"),
    ast.Starred: rule(starred, "value", "ctx"),
    ast.Subscript: rule(subscript, "value", "slice", "ctx"),
    ast.Tuple: rule(tuple_, "elts", "ctx"),
    ast.UnaryOp: rule(unary, "op", "operand"),
    ast.Yield: rule(yielding, "value"),
    ast.YieldFrom: rule(yielding_from, "value"),
}
if sys.version_info >= (3, 14):
    RULES[ast.TemplateStr] = rule(joined, "values")
    RULES[ast.Interpolation] = rule(interpolation, "value", "str", "conversion", "format_spec")
