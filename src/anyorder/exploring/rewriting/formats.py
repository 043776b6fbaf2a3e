"""What Python makes an f-string of: a constant text ``%`` as many operands as it has fields.

Each operand is then shown before the next one is evaluated. CPython does that where each field is
``%s``, ``%r`` or ``%a`` with a short width and precision. The text may have been folded of several
constants before, which depends on its version. So it is asked, by the code that it makes.
"""

from __future__ import annotations

import ast
import dis
import re
import warnings
from typing import Any

from anyorder.exploring.rewriting.nodes import located

__all__ = ["with_f_strings"]

FIELD = re.compile(r"(%%|%[-+ #0]*\d*(?:\.\d*)?[sra])")
PARTS = re.compile(r"%([-+ #0]*)(\d*)(\.\d*)?([sra])")
# what a text may be made of that has become a constant before
FOLDED = (
    ast.BinOp, ast.Constant, ast.Name, ast.Slice, ast.Subscript, ast.Tuple, ast.UnaryOp,
    ast.expr_context, ast.operator, ast.unaryop,
)  # fmt: skip


def with_f_strings(tree: ast.Module) -> ast.Module:
    """Put an f-string in the place of each ``%`` that Python makes one of."""
    return FStrings().visit(tree)  # type: ignore[no-any-return]


class FStrings(ast.NodeTransformer):
    """Puts the f-strings in."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        if isinstance(node.op, ast.Mod) and isinstance(node.right, ast.Tuple):
            operands = node.right.elts
            text = joined_text(node.left, len(operands))
            if text is not None and not any(isinstance(one, ast.Starred) for one in operands):
                return joined(text, node)
        return node


def joined_text(left: ast.expr, operands: int) -> str | None:
    """Return the text of which Python makes an f-string with so many operands, if it does.

    Args:
        left: what stands before the ``%``
        operands: how many operands there are behind it
    """
    if not all(isinstance(part, FOLDED) for part in ast.walk(left)):
        return None
    names: list[ast.expr] = [ast.Name("x", ast.Load()) for _ in range(operands)]
    whole = ast.BinOp(left, ast.Mod(), ast.Tuple(names, ast.Load()))
    with warnings.catch_warnings(action="ignore"):  # the program's own compilation has told them
        steps = dis.get_instructions(compiled(whole))
        if any(step.opname == "BINARY_OP" for step in steps):
            return None
        text = eval(compiled(left))  # noqa: S307 - a constant
    return text if operands else None


def compiled(value: ast.expr) -> Any:
    """Return the code of an expression."""
    return compile(ast.fix_missing_locations(ast.Expression(value)), "", "eval", dont_inherit=True)


def joined(text: str, node: Any) -> ast.JoinedStr:
    """Return the f-string in place of a ``%``.

    Args:
        text: its text, with the fields
        node: the operation, whose operands are in a tuple
    """
    operands = iter(node.right.elts)
    values: list[ast.expr] = []
    literal = ""
    for number, part in enumerate(FIELD.split(text)):
        if number % 2 == 0 or part == "%%":
            literal += part[: 1 if number % 2 else None]
            continue
        values += [ast.Constant(literal)] * bool(literal) + [shown(part, next(operands))]
        literal = ""
    values += [ast.Constant(literal)] * bool(literal)
    return located(ast.JoinedStr(values), node)  # type: ignore[no-any-return]


def shown(field: str, operand: ast.expr) -> ast.FormattedValue:
    """Return the part of an f-string that shows an operand as a field says."""
    found = PARTS.fullmatch(field)
    assert found is not None
    flags, width, precision, conversion = found.groups()
    spec = ">" * bool(width and "-" not in flags) + width
    if precision is not None:
        spec += f".{int(precision[1:] or 0)}"
    form = ast.JoinedStr([ast.Constant(spec)]) if spec else None
    return located(ast.FormattedValue(operand, ord(conversion), form), operand)  # type: ignore[no-any-return]
