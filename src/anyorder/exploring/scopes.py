"""Which variables of a program another thread could see.

A variable of a function is its own, unless an inner function shares it (then it lives in a cell);
a variable of the module is everybody's, unless only the module's own body, which is the main
thread's, uses it. What is bound once, before any thread can have begun, stays as it is.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Scope", "scopes_of", "shared_globals"]

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
# what begins a thread, or has a function called in one, or finds such by its name
BEGINNERS = {
    "__getattribute__", "add_done_callback", "apply_async", "getattr", "map", "map_async", "start",
    "start_joinable_thread", "start_new", "start_new_thread", "starmap_async", "submit",
}  # fmt: skip


@dataclass
class Scope:
    """The names of one function, class or module body.

    Args:
        node: the node whose body it is
        parent: the scope around it, and ``None`` for the module's
        bound: names that are bound in it
        loaded: names that are read in it
        declared_global: names that it declares global
        declared_nonlocal: names that it declares nonlocal
        cells: names bound in it that an inner function uses
    """

    node: ast.AST
    parent: Scope | None
    bound: set[str] = field(default_factory=set)
    loaded: set[str] = field(default_factory=set)
    declared_global: set[str] = field(default_factory=set)
    declared_nonlocal: set[str] = field(default_factory=set)
    cells: set[str] = field(default_factory=set)

    @property
    def is_function(self) -> bool:
        """Whether names bound here are seen by inner functions."""
        return isinstance(self.node, (*FunctionNode.__args__, *COMPREHENSIONS))

    def owner(self, name: str) -> Scope | None:
        """Return the function scope whose variable ``name`` is here, ``None`` for a global one."""
        if name in self.declared_global:
            return None
        if name in self.bound and name not in self.declared_nonlocal and self.parent is not None:
            return self
        scope = self.parent
        while scope is not None and scope.parent is not None:
            if scope.is_function and name in scope.bound and name not in scope.declared_nonlocal:
                return None if name in scope.declared_global else scope
            scope = scope.parent
        return None


class Reader(ast.NodeVisitor):
    """Finds every scope of a module."""

    def __init__(self) -> None:
        self.scopes: dict[ast.AST, Scope] = {}
        self.scope: Scope | None = None

    def inside(self, node: ast.AST, parts: list[ast.AST]) -> None:
        outer = self.scope
        self.scope = self.scopes[node] = Scope(node, outer)
        for part in parts:
            self.visit(part)
        self.scope = outer

    def bind(self, name: str) -> None:
        assert self.scope is not None
        self.scope.bound.add(name)

    def visit_Module(self, node: ast.Module) -> None:
        self.inside(node, list(node.body))

    def function(self, node: FunctionNode) -> None:
        arguments = node.args
        outside: list[ast.AST | None] = [*arguments.defaults, *arguments.kw_defaults]
        if not isinstance(node, ast.Lambda):
            outside += node.decorator_list
            self.bind(node.name)
        for part in outside:
            if part is not None:
                self.visit(part)
        self.inside(node, [node.body] if isinstance(node, ast.Lambda) else list(node.body))
        scope = self.scopes[node]
        named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        named += [one for one in (arguments.vararg, arguments.kwarg) if one is not None]
        scope.bound |= {argument.arg for argument in named}

    visit_FunctionDef = visit_AsyncFunctionDef = visit_Lambda = function  # noqa: N815

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self.bind(node.name)
        for part in [*node.decorator_list, *node.bases, *node.keywords]:
            self.visit(part)
        self.inside(node, list(node.body))

    def comprehension(
        self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
    ) -> None:
        first = node.generators[0]
        self.visit(first.iter)
        parts: list[ast.AST] = [first.target, *first.ifs, *node.generators[1:]]
        parts += [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        self.inside(node, parts)

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = comprehension  # noqa: N815

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        scope = self.scope
        while scope is not None and isinstance(scope.node, COMPREHENSIONS):
            scope = scope.parent
        assert scope is not None
        scope.bound.add(node.target.id)
        self.visit(node.value)

    def visit_Name(self, node: ast.Name) -> None:
        assert self.scope is not None
        if isinstance(node.ctx, ast.Load):
            self.scope.loaded.add(node.id)
        else:
            self.scope.bound.add(node.id)

    def visit_Global(self, node: ast.Global) -> None:
        assert self.scope is not None
        self.scope.declared_global |= set(node.names)

    def visit_Nonlocal(self, node: ast.Nonlocal) -> None:
        assert self.scope is not None
        self.scope.declared_nonlocal |= set(node.names)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        if node.name:
            self.bind(node.name)
        self.generic_visit(node)

    def alias(self, node: ast.Import | ast.ImportFrom) -> None:
        for name in node.names:
            self.bind((name.asname or name.name).partition(".")[0])

    visit_Import = visit_ImportFrom = alias  # noqa: N815

    def capture(self, node: ast.MatchAs | ast.MatchStar) -> None:
        if node.name:
            self.bind(node.name)
        self.generic_visit(node)

    visit_MatchAs = visit_MatchStar = capture  # noqa: N815


def scopes_of(tree: ast.Module) -> dict[ast.AST, Scope]:
    """Return the scope of each module, function, class and comprehension node of a program."""
    reader = Reader()
    reader.visit(tree)
    for scope in reader.scopes.values():
        for name in scope.loaded | scope.declared_nonlocal | scope.bound:
            owner = scope.owner(name)
            if owner is not None and owner is not scope and owner.is_function:
                owner.cells.add(name)
    return reader.scopes


def shared_globals(tree: ast.Module, scopes: dict[ast.AST, Scope]) -> set[str]:
    """Return the names of the module that threads might find changed."""
    module = scopes[tree]
    used_inside = {
        name
        for scope in scopes.values()
        if scope.parent is not None and not only_main(scope)
        for name in scope.loaded | scope.bound | scope.declared_global
        if scope.owner(name) is None
    }
    rebound = {name for scope in scopes.values() for name in scope.bound & scope.declared_global}
    constant = bound_once_before_threads(tree, module)
    names = module.bound | {name for scope in scopes.values() for name in scope.declared_global}
    return {name for name in names & used_inside if name in rebound or name not in constant}


def only_main(scope: Scope) -> bool:
    """Whether a scope is a comprehension in the module's own body, which only main runs."""
    current: Scope | None = scope
    while current is not None and current.parent is not None:
        if not isinstance(current.node, (ast.ListComp, ast.SetComp, ast.DictComp)):
            return False
        current = current.parent
    return True


def bound_once_before_threads(tree: ast.Module, module: Scope) -> set[str]:
    """Return the names that one statement binds before any statement that may begin a thread."""
    counts: dict[str, int] = {}
    for node in ast.walk(tree):
        for name in names_bound_by(node):
            counts[name] = counts.get(name, 0) + 1
    beginners = may_begin_threads(tree)
    early: set[str] = set()
    for statement in tree.body:
        if any(mentions(node, beginners) for node in done_by(statement)):
            break
        if isinstance(statement, ast.For | ast.While):
            continue
        if isinstance(statement, ast.FunctionDef | ast.ClassDef):
            early.add(statement.name)
            continue
        for node in ast.walk(statement):
            early |= set(names_bound_by(node))
    return {name for name in early & module.bound if counts[name] == 1}


def may_begin_threads(tree: ast.Module) -> set[str]:
    """Return the names behind which a thread may begin: the library's, and own ones that use them.

    Whatever begins a thread must have been mentioned by then, however it is called in the end.
    """
    own = [node for node in ast.walk(tree) if isinstance(node, (*FUNCTIONS, ast.ClassDef))]
    names = set(BEGINNERS)
    while True:
        more = {
            node.name
            for node in own
            if node.name not in names and any(mentions(one, names) for one in ast.walk(node))
        }
        if not more:
            return names
        names |= more


def mentions(node: ast.AST, names: set[str]) -> bool:
    """Whether this one node is one of these names, as a variable, an attribute or an import."""
    if isinstance(node, ast.Name):
        return node.id in names
    if isinstance(node, ast.Attribute):
        return node.attr in names
    return isinstance(node, ast.alias) and node.asname is not None and node.name in names


def done_by(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes that are evaluated with a statement.

    That leaves out the bodies of functions, save of those that a decorator may call at once.
    """
    yield node
    later = node.body if isinstance(node, FUNCTIONS) and not node.decorator_list else []
    for child in ast.iter_child_nodes(node):
        if child not in later:
            yield from done_by(child)


def names_bound_by(node: ast.AST) -> list[str]:
    """Return the names that this one node binds, in whatever scope."""
    if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
        return [node.id]
    if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
        return [node.name]
    if isinstance(node, ast.Import | ast.ImportFrom):
        return [(name.asname or name.name).partition(".")[0] for name in node.names]
    if isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
        return [node.name]
    return []
