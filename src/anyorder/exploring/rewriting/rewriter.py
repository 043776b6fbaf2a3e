"""What every rule builds on: the names of a scope, conditions, and what is refused."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from anyorder.exploring.frames import PREFIX
from anyorder.exploring.modules import OF_INTERPRETER
from anyorder.exploring.refusal import CannotExplore
from anyorder.exploring.rewriting.nodes import hook, load, located, point
from anyorder.exploring.rewriting.scopes import (
    Scope,
    binders_of,
    globals_of,
    library_modules_of,
    mangled,
    scopes_of,
    type_variables_of,
)
from anyorder.outcomes.placeholders import without_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["EVERY", "Rewriter", "Rule"]

Rule = tuple["Callable[[Rewriter, Any], Any]", "frozenset[str]"]  # and the fields that it knows


def postpones(tree: ast.Module) -> bool:
    """Whether annotations are never evaluated, by ``from __future__ import annotations``."""
    return any(
        isinstance(node, ast.ImportFrom)
        and node.module == "__future__"
        and any(one.name == "annotations" for one in node.names)
        for node in tree.body
    )


def holds_handler(statement: ast.stmt) -> bool:
    """Whether a statement has one in it that has an ``except`` clause, and may end by a jump back.

    The code of such clauses lies behind all other code of its function.
    """
    left: list[ast.AST] = list(ast.iter_child_nodes(statement))
    if isinstance(statement, ast.Try | ast.TryStar):  # its own say themselves where they end
        left = [one for part in left for one in ast.iter_child_nodes(part)]
    elif isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return False
    while left:
        node = left.pop()
        if isinstance(node, ast.ExceptHandler):
            return True
        if not isinstance(node, ast.FunctionDef | ast.ClassDef | ast.expr):
            left.extend(ast.iter_child_nodes(node))
    return False


EVERY = "*"  # among the variables that are late: all of them


class Rewriter:
    """Puts calls of the explorer into a program.

    Args:
        tree: the program
        filename: its name, for what is refused
        rules: for each kind of node what comes in its place, and which of its fields are known
        late: variables of the module that one place binds, and that are bound when other threads
            have begun; whatever is bound in several places is one of these without being named,
            and with ``EVERY`` so is all that its own body binds
        names: whether its variables are to be followed
        module: the module whose code it is, if it is not the program's main one
    """

    def __init__(  # noqa: PLR0913 - each is said once
        self,
        tree: ast.Module,
        filename: str,
        rules: dict[type[ast.AST], Rule],
        late: frozenset[str] = frozenset(),
        *,
        names: bool = True,
        module: str = "",
    ) -> None:
        self.filename = filename
        self.rules = rules
        self.names = names
        self.prefix = f"{module}." if module else ""
        self.scopes = scopes_of(tree)
        self.bound = binders_of(tree)
        self.type_variables = type_variables_of(tree)
        self.library_modules = library_modules_of(tree, self.bound)
        self.annotates = not postpones(tree)
        changing, once = globals_of(tree, self.scopes) if names else (set(), set())
        if names and EVERY in late:
            changing |= self.scopes[tree].bound
        self.globals = changing | (once & late)
        self.once = once - late - self.globals
        self.scope: Scope = self.scopes[tree]
        self.class_name: str | None = None
        self.temporaries = 0
        self.loops = 0
        self.calls = 0
        # the loops around, up to the function: for a ``while``, the variable as in ``turning``
        self.inside: list[str | None] = []
        self.handled = 0  # how many names the handler that it stands in has for the exception
        self.thrown = 0  # above zero: it stands in what follows an exception, within the function

    # -- nodes ---------------------------------------------------------------------------------

    def visit(self, node: Any) -> Any:
        """Return what comes in the place of a node: a node, or for a statement several.

        Raises:
            CannotExplore: where it is of a kind, or has a field, that no rule knows
        """
        rule, fields = self.rules.get(type(node), (None, frozenset()))
        if rule is None:
            raise self.refuse(
                node, f"{type(node).__name__} is syntax that is not followed: write it otherwise"
            )
        for name in node._fields:
            if name not in fields and getattr(node, name, None):
                raise self.refuse(
                    node,
                    f"{type(node).__name__} with {name} is syntax that is not followed: "
                    "write it otherwise",
                )
        return rule(self, node)

    def all(self, nodes: Iterable[Any]) -> list[Any]:
        """Return what comes in the places of several expressions."""
        return [node and self.visit(node) for node in nodes]

    def statements(self, body: list[ast.stmt]) -> list[ast.stmt]:
        """Return the statements of a body, rewritten."""
        result: list[ast.stmt] = []
        for statement in body:
            handles = holds_handler(statement)
            new = self.visit(statement)
            result.extend(new if isinstance(new, list) else [new])
            if handles:
                call = point("after what holds an except clause", statement)
                result.append(located(ast.Expr(call), statement))
        return result

    def refuse(self, node: ast.AST, message: str) -> CannotExplore:
        """Return the refusal of a program because of what stands at a node."""
        file = without_folder(self.filename)
        return CannotExplore(file, getattr(node, "lineno", None), message)

    def temporary(self) -> str:
        """Return the name of a variable that nobody else has."""
        self.temporaries += 1
        return f"{PREFIX}{self.temporaries}__"

    # -- names ---------------------------------------------------------------------------------

    def place(self, name: str) -> tuple[str, ast.expr | None] | None:
        """Say whether a name is visible: a global one, or one in a cell with its frame's label."""
        owner = self.scope.owner(name)
        if owner is None:
            return ("g", None) if name in self.globals else None
        if name in owner.cells and owner.is_function and self.names:
            return ("c", ast.Name(self.frame_name(owner), ast.Load()))
        return None

    def binders(self, name: str) -> set[type[ast.AST]]:
        """Return the kinds of node that bind a name in any scope: no kind, if it is built in."""
        return set(self.bound.get(name, ()))

    def goes_alone(self) -> bool:
        """Whether this runs as a module is imported, while there are no other threads.

        ``OwnModules`` refuses an import beside them.
        """
        scope: Scope | None = self.scope
        while scope is not None and isinstance(scope.node, ast.Module | ast.ClassDef):
            scope = scope.parent
        return scope is None and self.prefix != ""

    def is_steady(self, name: str) -> bool:
        """Whether no other thread can bind a name while the code at hand runs."""
        own = mangled(name, self.class_name)
        if self.place(own) is None:
            return True
        if self.goes_alone():  # and where an annotation is evaluated later, nothing binds it then
            return not any(own in scope.declared_global for scope in self.scopes.values())
        return self.scope.owner(own) is self.scope and len(self.bound[name]) == 1

    def frame_name(self, scope: Scope) -> str:
        """Return the name of the variable that holds the label of a function's frame."""
        node: Any = scope.node
        return f"{PREFIX}frame_{node.lineno}_{node.col_offset}__"

    def reading(self, name: str, at: ast.AST) -> ast.expr:
        """Return the reading of a name, after its call where others may have changed it."""
        plain = load(name, at)
        name = mangled(name, self.class_name)
        where = self.place(name)
        scope = self.scope
        if isinstance(scope.node, ast.ClassDef) and name in scope.bound - scope.declared_global:
            # where the body of the class has not bound it yet, it is the module's
            if name in self.globals and name not in scope.declared_nonlocal:
                names = located(ast.Call(load(f"{PREFIX}locals__", at), [], []), at)
                call = hook("gc", self.prefix + name, name, names, at=at)
                return located(ast.BoolOp(ast.Or(), [call, plain]), at)  # type: ignore[no-any-return]
            return plain
        if where is None:
            if name in OF_INTERPRETER and name not in self.bound and self.names:
                value = plain if name == "__file__" else ast.Constant(None)
                return hook("of_interpreter", name, value, at=at)
            return plain
        kind, frame = where
        variable = self.prefix + name
        call = hook("g", variable, at=at) if kind == "g" else hook("c", frame, name, at=at)
        return located(ast.BoolOp(ast.Or(), [call, plain]), at)  # type: ignore[no-any-return]

    def writing(self, name: str, value: ast.expr, at: ast.AST) -> ast.expr:
        """Return the value that a name is bound to, by way of its call where others can see it."""
        call = self.binder(name, at)
        if call is None:
            return value
        call.args.append(value)
        return located(call, at)  # type: ignore[no-any-return]

    def binder(self, name: str, at: ast.AST) -> ast.Call | None:
        """Return the call that binds a visible name, still without the value; else ``None``."""
        name = mangled(name, self.class_name)
        if isinstance(self.scope.node, ast.ClassDef) and (
            name not in self.scope.declared_global | self.scope.declared_nonlocal
        ):
            return None
        where = self.place(name)
        if where is None:
            if name in self.once and self.scope.owner(name) is None:
                return hook("once", self.prefix + name, at=at)
            return None
        kind, frame = where
        variable = self.prefix + name
        return hook("gw", variable, at=at) if kind == "g" else hook("cw", frame, name, at=at)

    def own(self, name: str) -> str:
        """Return an attribute's name as a class has it."""
        return mangled(name, self.class_name)

    # -- conditions ----------------------------------------------------------------------------

    def tested(self, node: ast.expr) -> ast.expr:
        """Return a condition, of which each part's truth is asked for by a call.

        The parts of ``and``, ``or``, ``not`` and of a conditional expression are asked for one by
        one, since Python asks each just once.
        """
        if isinstance(node, ast.BoolOp):
            node.values = [self.tested(one) for one in node.values]
            return node
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            node.operand = self.tested(node.operand)
            return node
        if isinstance(node, ast.IfExp):
            node.test, node.body, node.orelse = (
                self.tested(one) for one in (node.test, node.body, node.orelse)
            )
            return node
        value = self.visit(node)
        if isinstance(value, ast.Constant):
            return value
        if isinstance(node, ast.Compare) and isinstance(value, ast.Call):
            # a comparison of two, whose truth is asked for in the same call
            value.func = load(f"{PREFIX}t{type(node.ops[0]).__name__}__", node)
            return value
        return hook("truth", value, at=node)
