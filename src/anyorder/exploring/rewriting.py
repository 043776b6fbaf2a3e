"""What every rule of the transform builds on: calls of the explorer, and what names stand for."""

from __future__ import annotations

import ast
from typing import Any

from anyorder.exploring.refusal import CannotExplore
from anyorder.exploring.scopes import COMPREHENSIONS, Scope, scopes_of, shared_globals

__all__ = ["Rewriting", "frame_name", "generates", "hook", "located"]

READABLE = (ast.Name, ast.Attribute, ast.Subscript, ast.NamedExpr)


def hook(name: str, *args: ast.expr | str | None, at: ast.AST) -> ast.Call:
    """Return a call of one of the explorer's functions, at the place of ``at``."""
    values = [arg if isinstance(arg, ast.AST) else ast.Constant(arg) for arg in args]
    call = ast.Call(ast.Name(f"__ao_{name}__", ast.Load()), values, [])
    located(call, at)
    return call


def located(node: Any, at: ast.AST) -> Any:
    """Give a node, and all in it that has none yet, the position of another one."""
    for inner in ast.walk(node):
        if "lineno" in inner._attributes and not hasattr(inner, "lineno"):
            ast.copy_location(inner, at)
    return node


def generates(function: ast.AST) -> bool:
    """Whether a function is a generator function."""
    if not isinstance(function, ast.FunctionDef):
        return False
    inner: list[ast.AST] = list(function.body)
    while inner:
        node = inner.pop()
        if isinstance(node, ast.Yield | ast.YieldFrom):
            return True
        if not isinstance(node, ast.FunctionDef | ast.Lambda | ast.ClassDef | ast.GeneratorExp):
            inner.extend(ast.iter_child_nodes(node))
    return False


def frame_name(scope: Scope) -> str:
    """Return the name of the variable that holds the label of a function's frame."""
    node: Any = scope.node
    return f"__ao_frame_{node.lineno}_{node.col_offset}__"


class Rewriting(ast.NodeTransformer):
    """Reads and writes of names, with their calls, in the scope that is visited."""

    def __init__(self, tree: ast.Module, filename: str) -> None:
        self.filename = filename
        self.scopes = scopes_of(tree)
        self.globals = shared_globals(tree, self.scopes)
        self.scope: Scope = self.scopes[tree]
        self.class_name: str | None = None
        self.temporaries = 0
        self.loops = 0

    def refuse(self, node: ast.AST, message: str) -> CannotExplore:
        """Return the refusal of a program because of what stands at a node."""
        return CannotExplore(self.filename, getattr(node, "lineno", None), message)

    def temporary(self) -> str:
        """Return the name of a variable that nobody else has."""
        self.temporaries += 1
        return f"__ao_{self.temporaries}__"

    def place(self, name: str) -> tuple[str, ast.expr | None] | None:
        """Say whether a name is visible: a global one, or one in a cell with its frame's label."""
        owner = self.scope.owner(name)
        if owner is None:
            return ("g", None) if name in self.globals else None
        if name in owner.cells and owner.is_function and not isinstance(owner.node, COMPREHENSIONS):
            return ("c", ast.Name(frame_name(owner), ast.Load()))
        return None

    def reading(self, name: str, at: ast.AST) -> ast.expr:
        """Return the reading of a name, after its call where others may have changed it."""
        load = located(ast.Name(name, ast.Load()), at)
        where = self.place(name)
        if where is None:
            return load  # type: ignore[no-any-return]
        kind, frame = where
        call = hook("g", name, at=at) if kind == "g" else hook("c", frame, name, at=at)
        return located(ast.BoolOp(ast.Or(), [call, load]), at)  # type: ignore[no-any-return]

    def writing(self, name: str, value: ast.expr, at: ast.AST) -> ast.expr:
        """Return the value that a name is bound to, by way of its call where others can see it."""
        where = self.place(name)
        if where is None:
            return value
        kind, frame = where
        if kind == "g":
            return hook("gw", name, value, at=at)
        return hook("cw", frame, name, value, at=at)

    def mangled(self, name: str) -> str:
        """Return an attribute's name as a class has it."""
        if self.class_name and name.startswith("__") and not name.endswith("__"):
            return f"_{self.class_name.lstrip('_')}{name}"
        return name

    def looked_at(self, node: ast.expr) -> ast.expr:
        """Return an expression whose value is looked into where it is a container."""
        value = self.visit(node)
        return hook("look", value, at=node) if isinstance(node, READABLE) else value

    def test(self, node: ast.expr) -> ast.expr:
        """Return a condition; what it asks of a container is whether it is empty."""
        value = self.visit(node)
        return hook("truth", value, at=node) if isinstance(node, READABLE) else value

    def statements(self, body: list[ast.stmt]) -> list[ast.stmt]:
        """Return the statements of a body, rewritten."""
        result: list[ast.stmt] = []
        for statement in body:
            new = self.visit(statement)
            result.extend(new if isinstance(new, list) else [new])
        return result
