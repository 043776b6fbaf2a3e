"""The program's own code, with a call before every access that another thread could see.

The transform keeps what the code does, and its line numbers: each access is still carried out by
Python's own operation, right after a call that lets the other threads go first. Accesses to what
turns out to be one thread's alone cost that call and nothing else (see ``sharing``).

The names of the calls (``__ao_...__``) live among the program's builtins.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from anyorder.exploring.landings import with_landings
from anyorder.exploring.refusal import CannotExplore
from anyorder.exploring.rewriting import frame_name, generates, hook, located
from anyorder.exploring.statements import Statements

if TYPE_CHECKING:
    from types import CodeType

__all__ = ["transformed"]


def transformed(source: str, filename: str, *, looks_for_signals: bool) -> CodeType:
    """Return the code of a program with its scheduling points.

    Args:
        source: the program's text
        filename: its name, which tracebacks will say
        looks_for_signals: whether it is to look for signals where Python does

    Raises:
        CannotExplore: where the program has a syntax error, or uses what cannot be explored
    """
    try:
        tree = ast.parse(source, filename)
        compile(source, filename, "exec", dont_inherit=True)
    except SyntaxError as error:
        raise CannotExplore(filename, error.lineno, f"this is no Python: {error.msg}") from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise CannotExplore(filename, None, f"this is no Python: {error}") from error
    if looks_for_signals:
        tree = with_landings(tree)
    tree = Transformer(tree, filename).visit(tree)
    ast.fix_missing_locations(tree)
    return compile(tree, filename, "exec", dont_inherit=True)


class Transformer(Statements):
    """Puts the calls in: functions and classes here, statements and expressions in its bases."""

    def within(self, node: ast.AST, parts: list[Any]) -> list[Any]:
        outer, self.scope = self.scope, self.scopes[node]
        result: list[Any] = []
        for part in parts:
            new = self.visit(part)
            result.extend(new if isinstance(new, list) else [new])
        self.scope = outer
        return result

    def visit_FunctionDef(self, node: ast.FunctionDef) -> Any:
        if node.name == "__del__" and isinstance(self.scope.node, ast.ClassDef):
            raise self.refuse(
                node, "__del__ is called when an object goes, which is not followed: leave it out"
            )
        node.decorator_list = [self.visit(one) for one in node.decorator_list]
        self.defaults(node.args)
        documented = ast.get_docstring(node, clean=False) is not None
        body = self.within(node, node.body)
        scope = self.scopes[node]
        if scope.cells:
            first = ast.Assign(
                [ast.Name(frame_name(scope), ast.Store())], hook("frame", at=node.body[0])
            )
            body.insert(1 if documented else 0, located(first, node.body[0]))
        if generates(node):
            body.append(located(ast.Expr(hook("yielding", None, at=node)), node.body[-1]))
        node.body = body
        return self.rebinding(node, node.name)

    def visit_Return(self, node: ast.Return) -> Any:
        value = node.value and self.visit(node.value)
        if generates(self.scope.node):
            value = hook("yielding", value, at=node)
        node.value = value
        return node

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> Any:
        raise self.refuse(node, "asyncio cannot be simulated: use threads or processes")

    def visit_Lambda(self, node: ast.Lambda) -> Any:
        self.defaults(node.args)
        (node.body,) = self.within(node, [node.body])
        scope = self.scopes[node]
        if scope.cells:
            first = ast.NamedExpr(ast.Name(frame_name(scope), ast.Store()), hook("frame", at=node))
            pair = ast.Tuple([first, node.body], ast.Load())
            node.body = located(ast.Subscript(pair, ast.Constant(1), ast.Load()), node)
        return node

    def defaults(self, arguments: ast.arguments) -> None:
        arguments.defaults = [self.visit(one) for one in arguments.defaults]
        arguments.kw_defaults = [one and self.visit(one) for one in arguments.kw_defaults]

    def visit_ClassDef(self, node: ast.ClassDef) -> Any:
        node.decorator_list = [self.visit(one) for one in node.decorator_list]
        node.bases = [self.visit(one) for one in node.bases]
        node.keywords = [self.visit(one) for one in node.keywords]
        outer, self.class_name = self.class_name, node.name
        node.body = self.within(node, node.body)
        self.class_name = outer
        return self.rebinding(node, node.name)

    def rebinding(self, node: Any, name: str) -> Any:
        """Let a ``def``, ``class`` or ``import`` of a visible name be a write."""
        where = self.place(name)
        if where is None or isinstance(self.scope.node, ast.ClassDef):
            return node
        write = ast.Expr(self.writing(name, ast.Constant(None), node))
        return [located(write, node), node]

    def visit_Import(self, node: ast.Import) -> Any:
        if getattr(node, "is_lazy", 0):  # from 3.15; a lazy import would find the real module
            node.is_lazy = 0  # type: ignore[attr-defined]
        return node

    visit_ImportFrom = visit_Import  # type: ignore[assignment]  # noqa: N815
