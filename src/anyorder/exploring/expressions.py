"""The rules for expressions."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from anyorder.exploring.modules import HIDDEN
from anyorder.exploring.rewriting import Rewriting, hook, located

if TYPE_CHECKING:
    from anyorder.exploring.refusal import CannotExplore

__all__ = ["Expressions"]

HIDDEN_ACCESS = {
    "__import__", "breakpoint", "compile", "eval", "exec", "globals", "input", "locals", "open",
    "vars",
}  # fmt: skip


class Expressions(Rewriting):
    """Puts the calls into expressions."""

    def comprehension(self, node: Any) -> Any:
        generators = node.generators
        first = self.visit(generators[0].iter)
        generators[0].iter = hook("iterate", first, at=generators[0].iter)
        outer, self.scope = self.scope, self.scopes[node]
        for number, generator in enumerate(generators):
            if number:
                generator.iter = hook("iterate", self.visit(generator.iter), at=generator.iter)
            generator.ifs = [self.test(one) for one in generator.ifs]
        if isinstance(node, ast.DictComp):
            node.key, node.value = self.visit(node.key), self.visit(node.value)
        else:
            node.elt = self.visit(node.elt)
        if isinstance(node, ast.GeneratorExp):
            node.elt = hook("yielding", node.elt, at=node.elt)
        self.scope = outer
        return hook("made", node, at=node)

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = comprehension  # noqa: N815

    def visit_Name(self, node: ast.Name) -> Any:
        return self.reading(node.id, node) if isinstance(node.ctx, ast.Load) else node

    def visit_Attribute(self, node: ast.Attribute) -> Any:
        if node.attr in HIDDEN:
            raise self.unseen(node, node.attr)
        return hook("a", self.visit(node.value), self.mangled(node.attr), at=node)

    def visit_Subscript(self, node: ast.Subscript) -> Any:
        return hook("i", self.visit(node.value), self.key(node.slice), at=node)

    def key(self, node: ast.expr) -> ast.expr:
        if isinstance(node, ast.Slice):
            parts = [
                self.visit(part) if part else None for part in (node.lower, node.upper, node.step)
            ]
            return hook("slice", *parts, at=node)
        if isinstance(node, ast.Tuple) and any(isinstance(one, ast.Slice) for one in node.elts):
            return located(ast.Tuple([self.key(one) for one in node.elts], ast.Load()), node)  # type: ignore[no-any-return]
        return self.visit(node)  # type: ignore[no-any-return]

    def unseen(self, node: ast.expr, what: str) -> CannotExplore:
        return self.refuse(
            node, f"{what} reaches what cannot be followed: write it without {what.rstrip('()')}"
        )

    def visit_Call(self, node: ast.Call) -> Any:
        if isinstance(node.func, ast.Name) and node.func.id.startswith("__ao_"):
            if node.func.id == "__ao_shown__":
                node.args[0] = self.looked_at(node.args[0])
            else:
                self.generic_visit(node)
            return node
        if isinstance(node.func, ast.Name) and self.scope.owner(node.func.id) is None:
            name = node.func.id
            if name == "super" and not node.args:
                return node
            if name in HIDDEN_ACCESS and name not in self.globals:
                raise self.unseen(node, f"{name}()")
        function = hook("f", self.visit(node.func), at=node.func)
        if hasattr(node, "ao_number"):  # an interrupt may land after it (see ``landings``)
            function = hook("calling", function, ast.Constant(node.ao_number), at=node.func)
        args = [
            located(ast.Starred(self.looked_at(one.value), ast.Load()), one)
            if isinstance(one, ast.Starred)
            else self.visit(one)
            for one in node.args
        ]
        for keyword in node.keywords:
            named = keyword.arg is not None
            keyword.value = self.visit(keyword.value) if named else self.looked_at(keyword.value)
        call = ast.copy_location(ast.Call(function, args, node.keywords), node)
        return hook("made", call, at=node)

    def visit_Starred(self, node: ast.Starred) -> Any:
        node.value = (
            self.looked_at(node.value) if isinstance(node.ctx, ast.Load) else self.visit(node.value)
        )
        return node

    def displayed(self, node: Any) -> Any:
        if isinstance(node, ast.Dict):
            node.values = [
                self.visit(value) if key else self.looked_at(value)
                for key, value in zip(node.keys, node.values, strict=True)
            ]
            node.keys = [key and self.visit(key) for key in node.keys]
        else:
            self.generic_visit(node)
        return (
            hook("made", node, at=node)
            if isinstance(getattr(node, "ctx", ast.Load()), ast.Load)
            else node
        )

    visit_List = visit_Set = visit_Dict = displayed  # noqa: N815

    def visit_BinOp(self, node: ast.BinOp) -> Any:
        node.left, node.right = self.looked_at(node.left), self.looked_at(node.right)
        return hook("made", node, at=node)

    def visit_Compare(self, node: ast.Compare) -> Any:
        if any(isinstance(one, ast.Is | ast.IsNot) for one in node.ops):
            self.generic_visit(node)
            return node
        if len(node.ops) == 1 and isinstance(node.ops[0], ast.In | ast.NotIn):
            item, container = self.visit(node.left), self.visit(node.comparators[0])
            found = hook("in", item, container, at=node)
            if isinstance(node.ops[0], ast.NotIn):
                return located(ast.UnaryOp(ast.Not(), found), node)
            return found
        node.left = self.looked_at(node.left)
        node.comparators = [self.looked_at(one) for one in node.comparators]
        return node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> Any:
        node.operand = (
            self.test(node.operand) if isinstance(node.op, ast.Not) else self.visit(node.operand)
        )
        return node

    def visit_BoolOp(self, node: ast.BoolOp) -> Any:
        node.values = [self.test(one) for one in node.values]
        return node

    def visit_IfExp(self, node: ast.IfExp) -> Any:
        node.test = self.test(node.test)
        node.body, node.orelse = self.visit(node.body), self.visit(node.orelse)
        return node

    def visit_FormattedValue(self, node: ast.FormattedValue) -> Any:
        node.value = self.looked_at(node.value)
        if node.format_spec is not None:
            node.format_spec = self.visit(node.format_spec)
        return node

    def visit_NamedExpr(self, node: ast.NamedExpr) -> Any:
        node.value = self.writing(node.target.id, self.visit(node.value), node)
        return node

    def visit_Yield(self, node: ast.Yield) -> Any:
        value = self.visit(node.value) if node.value is not None else None
        node.value = hook("yielding", value, at=node)
        return node

    def visit_YieldFrom(self, node: ast.YieldFrom) -> Any:
        node.value = hook("iterate", self.visit(node.value), at=node)
        return node

    def visit_Await(self, node: ast.Await) -> Any:
        raise self.refuse(node, "asyncio cannot be simulated: use threads or processes")
