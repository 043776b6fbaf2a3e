"""Where Python looks for a signal, in the program's own code.

Python notes a signal at once, and calls its handler in the main thread when that comes to a place
where it looks. In CPython these places are: where a function begins or a generator goes on, after
a call, and where a loop comes round. Between ``x = 1`` and ``y = 2`` there is none. They are
instructions of the interpreter (``RESUME``, ``CALL`` and its like, ``JUMP_BACKWARD``), and the test
of this module compares with what :mod:`dis` shows of them, on the Python that runs.

A function of the program's own is no call to the interpreter, which goes on in the other frame and
comes back without looking.

A few places have a line that depends on how they were reached, or none. There, an execution is
given up, and the exploration is not complete.
"""

from __future__ import annotations

import ast
import sys
from typing import Any

from anyorder.exploring.frames import PREFIX
from anyorder.exploring.rewriting.nodes import hook, located

__all__ = ["with_signal_points"]

SAYS_NO_LINE = sys.version_info < (3, 12)  # of a jump back that several statements share
TESTS_LAST = sys.version_info < (3, 14)  # a ``while`` comes round after its test, not before
UNPACKS_IN_C = sys.version_info < (3, 12)  # a call with ``*args`` is never the interpreter's own
REPR = ord("r")
# statements that end in one of several lines
UNCLEAR = (ast.If, ast.For, ast.Match, ast.Try, ast.TryStar, ast.While)


def with_signal_points(tree: ast.Module) -> ast.Module:
    """Put a call of the explorer at each place where Python looks for a signal."""
    functions = {one.name for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)}
    return SignalPoints(functions).visit(tree)  # type: ignore[no-any-return]


def look(at: ast.AST, name: str = "check") -> ast.stmt:
    """Return a statement that looks for a signal, at the line of ``at``."""
    return located(ast.Expr(hook(name, at=at)), at)  # type: ignore[no-any-return]


class SignalPoints(ast.NodeTransformer):
    """Puts the calls in.

    Args:
        functions: the names of the program's own functions
    """

    def __init__(self, functions: set[str]) -> None:
        self.functions = functions
        self.inside: list[str] = []  # the loops and blocks around, up to the function
        self.calls = 0
        self.loops = 0  # counted as in ``statements``

    def after(self, node: ast.expr, at: ast.AST | None = None, number: int = 0) -> ast.expr:
        call = hook("called", node, ast.Constant(number), at=at or node)
        return located(call, node)  # type: ignore[no-any-return]

    # -- expressions ---------------------------------------------------------------------------

    def visit_Call(self, node: ast.Call) -> ast.expr:
        if isinstance(node.func, ast.Name) and node.func.id.startswith(PREFIX):
            return node
        self.generic_visit(node)
        at: Any = node
        if isinstance(node.func, ast.Attribute) and node.func.end_lineno != node.lineno:
            at = ast.Constant(None)  # a method is called in the line that has its name
            ast.copy_location(at, node)
            at.lineno = node.func.end_lineno
        self.calls += 1
        unpacks = any(isinstance(one, ast.Starred) for one in node.args)
        if not (UNPACKS_IN_C and (unpacks or any(one.arg is None for one in node.keywords))):
            node.ao_number = self.calls  # type: ignore[attr-defined]
        return self.after(node, at, self.calls)

    def visit_Yield(self, node: ast.Yield) -> ast.expr:
        self.generic_visit(node)
        return self.after(node)

    def visit_FormattedValue(self, node: ast.FormattedValue) -> ast.expr:
        """Look where ``repr`` is called; Python's own does."""
        self.generic_visit(node)
        node.value = located(
            hook("shown", node.value, ast.Constant(node.conversion == REPR), at=node), node
        )
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        """Look where a text is made by ``%``, which may call ``repr``."""
        self.generic_visit(node)
        text = node.left.value if isinstance(node.left, ast.Constant) else None
        shows = isinstance(node.op, ast.Mod) and isinstance(text, str) and "%r" in text
        return self.after(node) if shows else node

    def visit_Lambda(self, node: ast.Lambda) -> ast.expr:
        self.generic_visit(node)
        node.body = located(hook("second", hook("check", at=node), node.body, at=node), node)
        return node

    def comprehension(self, node: Any) -> ast.expr:
        self.generic_visit(node)
        for generator in node.generators:
            generator.ifs = [
                located(ast.BoolOp(ast.Or(), [test, hook("check", at=test)]), test)
                for test in generator.ifs
            ]
        part = "value" if isinstance(node, ast.DictComp) else "elt"
        setattr(node, part, self.after(getattr(node, part)))
        return node  # type: ignore[no-any-return]

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = comprehension  # noqa: N815

    # -- functions and classes -----------------------------------------------------------------

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.stmt:
        first: Any = node.decorator_list[0] if node.decorator_list else node
        return self.definition(node, first, node.decorator_list)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.stmt:
        # the class itself is made by a call, before its decorators
        return self.definition(node, node, [*node.decorator_list, node])

    def definition(self, node: Any, first: ast.AST, calls: list[Any]) -> ast.stmt:
        text = ast.get_docstring(node, clean=False) is not None
        outer, self.inside = self.inside, []
        self.generic_visit(node)
        self.inside = outer
        node.body.insert(int(text), look(first))
        decorators: list[ast.expr] = []
        for number, at in enumerate(calls):
            if not (isinstance(at, ast.Name) and at.id in self.functions):
                decorators.append(located(ast.Name("__ao_called__", ast.Load()), at))
            decorators += node.decorator_list[number : number + 1]
        node.decorator_list = decorators
        return node  # type: ignore[no-any-return]

    # -- statements ----------------------------------------------------------------------------

    def visit_Assert(self, node: ast.Assert) -> ast.stmt:
        self.generic_visit(node)
        if node.msg is not None:
            node.msg = self.after(node.msg, node)
        return node

    def visit_Import(self, node: Any) -> Any:
        """Give up where a signal comes as a module is imported, which is the library's code."""
        future = isinstance(node, ast.ImportFrom) and node.module == "__future__"
        return node if future else [node, look(node, "lost")]

    visit_ImportFrom = visit_Import  # noqa: N815

    def visit_With(self, node: ast.With) -> ast.stmt:
        for item in node.items:
            self.visit(item)
            item.context_expr = located(
                hook("entering", item.context_expr, at=item.context_expr), item.context_expr
            )
        node.body = self.block(node.body, "with")
        return node

    def visit_Try(self, node: Any) -> ast.stmt:
        for name in ("body", "handlers", "orelse", "finalbody"):
            setattr(node, name, self.block(getattr(node, name), "try"))
        return node  # type: ignore[no-any-return]

    visit_TryStar = visit_Try  # noqa: N815

    def visit_For(self, node: ast.For) -> ast.stmt:
        node.iter = self.visit(node.iter)
        ends = self.ends(node.body)
        node.body = [*self.block(node.body, "loop"), *ends]
        node.orelse = self.block(node.orelse, "")
        return node

    def visit_While(self, node: ast.While) -> list[ast.stmt]:
        node.test = self.visit(node.test)
        if TESTS_LAST:
            self.loops += 1
            number = ast.Constant(self.loops)
            entered = [located(ast.Expr(hook("entered", number, at=node.test)), node.test)]
            comes_round = located(ast.Expr(hook("round", number, at=node.test)), node.test)
            node.body = [comes_round, *self.block(node.body, f"loop {self.loops}")]
        else:
            entered = []
            ends = self.ends(node.body)
            node.body = [*self.block(node.body, "loop"), *ends]
        node.orelse = self.block(node.orelse, "")
        return [*entered, node]

    def visit_Continue(self, node: ast.Continue) -> list[ast.stmt]:
        """Look where a loop comes round early, if there is nothing to leave first."""
        around = [one for one in reversed(self.inside) if one]
        looks = [look(node, "check" if around[0].startswith("loop") else "lost")]
        loop = next(one for one in around if one.startswith("loop"))
        number = loop.removeprefix("loop").strip()
        if number:  # it has come round here, and not after its test
            passed = hook("passed", ast.Constant(int(number)), at=node)
            looks.append(located(ast.Expr(passed), node))
        return [*looks, node]

    def block(self, body: list[Any], kind: str) -> list[Any]:
        """Visit a block of statements."""
        self.inside.append(kind)
        result: list[Any] = []
        for statement in body:
            new = self.visit(statement)
            result.extend(new if isinstance(new, list) else [new])
        self.inside.pop()
        return result

    def ends(self, body: list[ast.stmt]) -> list[ast.stmt]:
        """Return what looks for a signal where the body of a loop has come to its end.

        It is to be in the line of the last statement, whose branches look for themselves.
        """
        last: Any = body[-1]
        if isinstance(last, ast.Return | ast.Raise | ast.Break | ast.Continue):
            return []
        if isinstance(last, ast.If):
            if SAYS_NO_LINE and not last.orelse:
                return [look(last, "lost")]
            last.body += self.ends(last.body)
            last.orelse += self.ends(last.orelse) if last.orelse else [look(last.test)]
            return []
        if isinstance(last, ast.While | ast.For):
            at = last.test if isinstance(last, ast.While) else last
            return self.ends(last.orelse) if last.orelse else [look(at)]
        if isinstance(last, ast.Try) and last.finalbody:
            last = last.finalbody[-1]
        unclear = isinstance(last, UNCLEAR) or (SAYS_NO_LINE and isinstance(last, ast.With))
        return [look(last, "lost" if unclear else "check")]
