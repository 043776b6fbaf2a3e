"""Pieces of a syntax tree, and where they stand in the program."""

from __future__ import annotations

import ast
from typing import Any

from anyorder.exploring.frames import PREFIX
from anyorder.exploring.rewriting.switch_points import points

__all__ = ["generates", "hook", "load", "located", "passing", "point", "store"]


def hook(name: str, *args: ast.expr | str | int | bool | None, at: ast.AST) -> ast.Call:
    """Return a call of one of the explorer's functions, at the place of ``at``."""
    values = [arg if isinstance(arg, ast.AST) else ast.Constant(arg) for arg in args]
    call = ast.Call(ast.Name(f"{PREFIX}{name}__", ast.Load()), values, [])
    located(call, at)
    return call


def point(kind: str, at: ast.AST) -> ast.Call:
    """Return a call that says that a switch point has been passed; it returns nothing."""
    return hook("point", points(kind), at=at)


def passing(kind: str, value: ast.expr) -> ast.expr:
    """Return a value, after which a switch point is passed."""
    return hook("passing", value, points(kind), at=value)


def load(name: str, at: ast.AST) -> ast.Name:
    """Return the reading of a variable, with no call."""
    return located(ast.Name(name, ast.Load()), at)  # type: ignore[no-any-return]


def store(name: str, value: ast.expr, at: ast.AST) -> ast.Assign:
    """Return the statement that binds a variable, with no call."""
    return located(ast.Assign([ast.Name(name, ast.Store())], value), at)  # type: ignore[no-any-return]


def located(node: Any, at: ast.AST) -> Any:
    """Give a node, and all in it that has none yet, the position of another one."""
    for inner in ast.walk(node):
        if "lineno" in inner._attributes and not hasattr(inner, "lineno"):
            ast.copy_location(inner, at)
    return node


def generates(function: ast.AST) -> bool:
    """Whether a function is a generator function."""
    if not isinstance(function, ast.FunctionDef | ast.Lambda):
        return False
    inner: list[ast.AST] = (
        [function.body] if isinstance(function, ast.Lambda) else list(function.body)
    )
    while inner:
        node = inner.pop()
        if isinstance(node, ast.Yield | ast.YieldFrom):
            return True
        if not isinstance(node, ast.FunctionDef | ast.Lambda | ast.ClassDef | ast.GeneratorExp):
            inner.extend(ast.iter_child_nodes(node))
    return False
