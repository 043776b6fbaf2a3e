"""Which variables of a program another thread could see.

A variable of a function is its own, unless an inner function shares it (then it lives in a cell);
a variable of the module is everybody's, unless only the module's own body, which is the main
thread's, uses it. Where a single place binds one, it is seen as the program runs whether that comes
before any other thread has begun, so that it stays as it is, or later.
"""

from __future__ import annotations

import ast
import importlib.util
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

__all__ = [
    "COMPREHENSIONS",
    "Scope",
    "binders_of",
    "globals_of",
    "library_modules_of",
    "mangled",
    "scopes_of",
    "type_variables_of",
]

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
TYPE_VARIABLES = {"NewType", "ParamSpec", "TypeVar", "TypeVarTuple"}
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@dataclass
class Scope:
    """The names of one function, class, comprehension or module body, as the class has them.

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
            if scope.is_function and name in scope.declared_global:
                return None
            if scope.is_function and name in scope.bound and name not in scope.declared_nonlocal:
                return scope
            scope = scope.parent
        return None


def mangled(name: str, class_name: str | None) -> str:
    """Return a name as a class has it.

    See `private name mangling
    <https://docs.python.org/3/reference/expressions.html#private-name-mangling>`_.
    """
    short = class_name.lstrip("_") if class_name else ""
    if short and name.startswith("__") and not name.endswith("__") and "." not in name:
        return f"_{short}{name}"
    return name


class Reader(ast.NodeVisitor):
    """Finds every scope of a module."""

    def __init__(self) -> None:
        self.scopes: dict[ast.AST, Scope] = {}
        self.scope: Scope | None = None
        self.class_name: str | None = None

    def inside(self, node: ast.AST, parts: list[ast.AST]) -> None:
        outer = self.scope
        self.scope = self.scopes[node] = Scope(node, outer)
        for part in parts:
            self.visit(part)
        self.scope = outer

    def bind(self, name: str) -> None:
        assert self.scope is not None
        self.scope.bound.add(mangled(name, self.class_name))

    def visit_Module(self, node: ast.Module) -> None:
        self.inside(node, list(node.body))

    def function(self, node: FunctionNode) -> None:
        arguments = node.args
        outside: list[ast.AST | None] = [*arguments.defaults, *arguments.kw_defaults]
        if not isinstance(node, ast.Lambda):
            outside += node.decorator_list
            self.bind(node.name)
            outside.append(node.returns)
        named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        named += [one for one in (arguments.vararg, arguments.kwarg) if one is not None]
        outside += [argument.annotation for argument in named]
        for part in outside:
            if part is not None:
                self.visit(part)
        self.inside(node, [node.body] if isinstance(node, ast.Lambda) else list(node.body))
        scope = self.scopes[node]
        scope.bound |= {mangled(argument.arg, self.class_name) for argument in named}

    visit_FunctionDef = visit_AsyncFunctionDef = visit_Lambda = function  # noqa: N815

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self.bind(node.name)
        for part in [*node.decorator_list, *node.bases, *node.keywords]:
            self.visit(part)
        outer, self.class_name = self.class_name, node.name
        self.inside(node, list(node.body))
        self.class_name = outer

    def comprehension(
        self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
    ) -> None:
        first = node.generators[0]
        self.visit(first.iter)
        parts: list[ast.AST | None] = [first.target, *first.ifs, *node.generators[1:]]
        parts += [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        self.inside(node, [part for part in parts if part is not None])

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = comprehension  # noqa: N815

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        scope = self.scope
        while scope is not None and isinstance(scope.node, COMPREHENSIONS):
            scope = scope.parent
        assert scope is not None
        scope.bound.add(mangled(node.target.id, self.class_name))
        self.visit(node.value)

    def visit_Name(self, node: ast.Name) -> None:
        assert self.scope is not None
        name = mangled(node.id, self.class_name)
        (self.scope.loaded if isinstance(node.ctx, ast.Load) else self.scope.bound).add(name)

    def visit_Global(self, node: ast.Global) -> None:
        assert self.scope is not None
        self.scope.declared_global |= {mangled(one, self.class_name) for one in node.names}

    def visit_Nonlocal(self, node: ast.Nonlocal) -> None:
        assert self.scope is not None
        self.scope.declared_nonlocal |= {mangled(one, self.class_name) for one in node.names}

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

    def visit_MatchMapping(self, node: ast.MatchMapping) -> None:
        if node.rest:
            self.bind(node.rest)
        self.generic_visit(node)


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


def globals_of(tree: ast.Module, scopes: dict[ast.AST, Scope]) -> tuple[set[str], set[str]]:
    """Return the names of the module that threads might find changed.

    Returns:
        Those that several places bind, and those that one place binds.
    """
    module = scopes[tree]
    used_inside = {
        name
        for scope in scopes.values()
        if scope.parent is not None and not only_main(scope)
        for name in scope.loaded | scope.bound | scope.declared_global
        if scope.owner(name) is None
    }
    counts = Counter(name for node in ast.walk(tree) for name in names_bound_by(node))
    rebound = {name for scope in scopes.values() for name in scope.declared_global}
    names = (module.bound | rebound) & used_inside
    changing = {name for name in names if name in rebound or counts[name] != 1}
    return changing, names - changing


def only_main(scope: Scope) -> bool:
    """Whether a scope is a comprehension in the module's own body, which only main runs."""
    current: Scope | None = scope
    while current is not None and current.parent is not None:
        if not isinstance(current.node, (ast.ListComp, ast.SetComp, ast.DictComp)):
            return False
        current = current.parent
    return True


def binders_of(tree: ast.Module) -> dict[str, list[type[ast.AST]]]:
    """Return for each name the kinds of the nodes that bind it, in whatever scope."""
    result: dict[str, list[type[ast.AST]]] = {}
    for node in ast.walk(tree):
        names = [node.arg] if isinstance(node, ast.arg) else names_bound_by(node)
        for name in names:
            result.setdefault(name, []).append(type(node))
    return result


def type_variables_of(tree: ast.Module) -> set[str]:
    """Return the names that stand for a type variable, or the like, and for nothing else."""
    bound = binders_of(tree)
    found = set()
    for node in tree.body:
        match node:
            case ast.Assign(
                [ast.Name(name)],
                ast.Call(ast.Name(maker) | ast.Attribute(ast.Name(_), maker) as function),
            ) if maker in TYPE_VARIABLES and len(bound[name]) == 1:
                home = function.id if isinstance(function, ast.Name) else function.value.id  # type: ignore[attr-defined]
                if set(bound.get(home, ())) <= {ast.Import, ast.ImportFrom}:
                    found.add(name)
    return found


def library_modules_of(tree: ast.Module, bound: Mapping[str, Sequence[type]]) -> set[str]:
    """Return the names that stand for a module in a package of the library, and nothing else.

    Args:
        tree: the program
        bound: for each name the kinds of the nodes that bind it
    """
    return {
        each.asname or each.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module and not node.level
        for each in node.names
        if len(bound[each.asname or each.name]) == 1 and is_in_library(node.module, each.name)
    }


def is_in_library(package: str, name: str) -> bool:
    """Whether a package of the library has a module of a name."""
    top = package.partition(".")[0]
    found = importlib.util.find_spec(top) if top in sys.stdlib_module_names else None
    if found is None or found.submodule_search_locations is None:
        return False
    try:
        return importlib.util.find_spec(f"{package}.{name}") is not None
    except ImportError:  # it is a module in a package
        return False


def names_bound_by(node: ast.AST) -> list[str]:
    """Return the names that this one node binds, in whatever scope."""
    if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
        return [node.id]
    if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
        return [node.name]
    if isinstance(node, ast.Import | ast.ImportFrom):
        return [(name.asname or name.name).partition(".")[0] for name in node.names]
    if isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
        return [node.name] * 2  # which an exception handler unbinds as well
    if isinstance(node, ast.MatchMapping) and node.rest:
        return [node.rest]
    return []
