"""The rules for statements: what is bound, stored and deleted, and what goes round."""

from __future__ import annotations

import ast
from typing import Any

from anyorder.exploring.expressions import Expressions
from anyorder.exploring.rewriting import hook, located

__all__ = ["Statements"]


class Statements(Expressions):
    """Puts the calls into statements."""

    def stored(self, target: Any, at: ast.AST, after: list[ast.stmt]) -> Any:
        """Return a target under which a visible name, attribute or item is written as an event.

        Names are bound to a temporary first; ``after`` gets the statements that hand it over.
        """
        if isinstance(target, ast.Name):
            if self.place(target.id) is None:
                return target
            temporary = self.temporary()
            value = self.writing(target.id, ast.Name(temporary, ast.Load()), target)
            after.append(located(ast.Assign([ast.Name(target.id, ast.Store())], value), target))
            return located(ast.Name(temporary, ast.Store()), target)
        if isinstance(target, ast.Attribute):
            proxy = hook("ta", self.visit(target.value), self.mangled(target.attr), at=target)
            return located(ast.Attribute(proxy, "value", type(target.ctx)()), target)
        if isinstance(target, ast.Subscript):
            proxy = hook("ti", self.visit(target.value), self.key(target.slice), at=target)
            return located(ast.Attribute(proxy, "value", type(target.ctx)()), target)
        if isinstance(target, ast.Starred):
            target.value = self.stored(target.value, at, after)
            return target
        if isinstance(target, ast.Tuple | ast.List):
            target.elts = [self.stored(one, at, after) for one in target.elts]
        return target

    def visit_Assign(self, node: ast.Assign) -> Any:
        unpacks = any(isinstance(target, ast.Tuple | ast.List) for target in node.targets)
        value = self.looked_at(node.value) if unpacks else self.visit(node.value)
        if len(node.targets) == 1:
            target = node.targets[0]
            if isinstance(target, ast.Name):
                node.value = self.writing(target.id, value, node)
                return node
            if isinstance(target, ast.Attribute):
                call = hook(
                    "as", value, self.visit(target.value), self.mangled(target.attr), at=node
                )
                return located(ast.Expr(call), node)
            if isinstance(target, ast.Subscript):
                call = hook("is", value, self.visit(target.value), self.key(target.slice), at=node)
                return located(ast.Expr(call), node)
        after: list[ast.stmt] = []
        node.targets = [self.stored(target, node, after) for target in node.targets]
        node.value = value
        return [node, *after]

    def visit_AnnAssign(self, node: ast.AnnAssign) -> Any:
        if node.value is None:
            return node
        if isinstance(node.target, ast.Name):
            node.value = self.writing(node.target.id, self.visit(node.value), node)
            return node
        assign = ast.Assign([node.target], node.value)
        return self.visit_Assign(located(assign, node))

    def visit_AugAssign(self, node: ast.AugAssign) -> Any:
        operator = type(node.op).__name__
        target = node.target
        if isinstance(target, ast.Name):
            old = self.reading(target.id, target)
            new = hook("op", operator, old, self.visit(node.value), at=node)
            value = self.writing(target.id, new, node)
            return located(ast.Assign([ast.Name(target.id, ast.Store())], value), node)
        owner = self.temporary()
        first = located(ast.Assign([ast.Name(owner, ast.Store())], self.visit(target.value)), node)
        load = ast.Name(owner, ast.Load())
        if isinstance(target, ast.Attribute):
            old = hook("a", load, self.mangled(target.attr), at=target)
            new = hook("op", operator, old, self.visit(node.value), at=node)
            write = hook("as", new, load, self.mangled(target.attr), at=node)
            return [first, located(ast.Expr(write), node)]
        key = self.temporary()
        second = located(ast.Assign([ast.Name(key, ast.Store())], self.key(target.slice)), node)
        load_key = ast.Name(key, ast.Load())
        old = hook("i", load, load_key, at=target)
        new = hook("op", operator, old, self.visit(node.value), at=node)
        write = hook("is", new, load, load_key, at=node)
        return [first, second, located(ast.Expr(write), node)]

    def visit_Delete(self, node: ast.Delete) -> Any:
        result: list[ast.stmt] = []
        for target in node.targets:
            if isinstance(target, ast.Name):
                if self.place(target.id) is not None:
                    write = self.writing(target.id, ast.Constant(None), node)
                    result.append(located(ast.Expr(write), node))
                result.append(located(ast.Delete([target]), node))
            else:
                result.append(located(ast.Delete([self.stored(target, node, [])]), node))
        return result

    def visit_For(self, node: ast.For) -> Any:
        node.iter = hook("iterate", self.visit(node.iter), at=node.iter)
        after: list[ast.stmt] = []
        node.target = self.stored(node.target, node, after)
        node.body = after + self.statements(node.body)
        node.orelse = self.statements(node.orelse)
        return node

    def visit_AsyncFor(self, node: ast.AsyncFor) -> Any:
        raise self.refuse(node, "asyncio cannot be simulated: use threads or processes")

    visit_AsyncWith = visit_AsyncFor  # type: ignore[assignment]  # noqa: N815

    def visit_With(self, node: ast.With) -> Any:
        after: list[ast.stmt] = []
        for item in node.items:
            item.context_expr = self.visit(item.context_expr)
            if item.optional_vars is not None:
                item.optional_vars = self.stored(item.optional_vars, node, after)
        node.body = after + self.statements(node.body)
        return node

    def visit_While(self, node: ast.While) -> Any:
        self.loops += 1
        number = self.loops
        names = ast.Call(ast.Name("__ao_locals__", ast.Load()), [], [])
        turn = hook("loop", ast.Constant(number), located(names, node), at=node.test)
        test = self.test(node.test)
        node.test = located(ast.BoolOp(ast.Or(), [turn, test]), node.test)
        node.body = self.statements(node.body)
        node.orelse = self.statements(node.orelse)
        entry = ast.Expr(hook("enter", ast.Constant(number), at=node.test))
        return [located(entry, node.test), node]

    def visit_If(self, node: ast.If) -> Any:
        node.test = self.test(node.test)
        node.body = self.statements(node.body)
        node.orelse = self.statements(node.orelse)
        return node

    def visit_Assert(self, node: ast.Assert) -> Any:
        node.test = self.test(node.test)
        node.msg = node.msg and self.visit(node.msg)
        return node

    def visit_Match(self, node: ast.Match) -> Any:
        for part in ast.walk(node):
            if isinstance(part, ast.MatchClass | ast.MatchMapping | ast.MatchSequence):
                raise self.refuse(part, "match looks into an object unseen: write it with if")
        self.generic_visit(node)
        return node
