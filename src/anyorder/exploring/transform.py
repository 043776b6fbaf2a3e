"""The program's own code, with a call before every access that another thread could see.

The transform keeps what the code does, and its line numbers: each access is still carried out by
Python's own operation, right after a call that lets the other threads go first. Accesses to what
turns out to be one thread's alone cost that call and nothing else (see ``sharing``).

The names of the calls (``__ao_...__``) live among the program's builtins.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from anyorder.exploring.interrupts import sends_signals, with_checks
from anyorder.exploring.refusal import CannotExplore
from anyorder.exploring.scopes import COMPREHENSIONS, Scope, scopes_of, shared_globals

if TYPE_CHECKING:
    from types import CodeType

__all__ = ["transformed"]

READABLE = (ast.Name, ast.Attribute, ast.Subscript, ast.NamedExpr)
HIDDEN_ACCESS = {
    "__import__", "breakpoint", "compile", "eval", "exec", "globals", "input", "locals", "open",
    "vars",
}  # fmt: skip


def transformed(source: str, filename: str) -> CodeType:
    """Return the code of a program with its scheduling points.

    Args:
        source: the program's text
        filename: its name, which tracebacks will say

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
    if sends_signals(source):
        tree = with_checks(tree)
    tree = Transformer(tree, filename).visit(tree)
    ast.fix_missing_locations(tree)
    return compile(tree, filename, "exec", dont_inherit=True)


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


class Transformer(ast.NodeTransformer):
    """Puts the calls in."""

    def __init__(self, tree: ast.Module, filename: str) -> None:
        self.filename = filename
        self.scopes = scopes_of(tree)
        self.globals = shared_globals(tree, self.scopes)
        self.scope: Scope = self.scopes[tree]
        self.class_name: str | None = None
        self.temporaries = 0
        self.loops = 0

    # -- helpers -------------------------------------------------------------------------------

    def refuse(self, node: ast.AST, message: str) -> CannotExplore:
        return CannotExplore(self.filename, getattr(node, "lineno", None), message)

    def temporary(self) -> str:
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
        load = located(ast.Name(name, ast.Load()), at)
        where = self.place(name)
        if where is None:
            return load  # type: ignore[no-any-return]
        kind, frame = where
        call = hook("g", name, at=at) if kind == "g" else hook("c", frame, name, at=at)
        return located(ast.BoolOp(ast.Or(), [call, load]), at)  # type: ignore[no-any-return]

    def writing(self, name: str, value: ast.expr, at: ast.AST) -> ast.expr:
        where = self.place(name)
        if where is None:
            return value
        kind, frame = where
        if kind == "g":
            return hook("gw", name, value, at=at)
        return hook("cw", frame, name, value, at=at)

    def mangled(self, name: str) -> str:
        if self.class_name and name.startswith("__") and not name.endswith("__"):
            return f"_{self.class_name.lstrip('_')}{name}"
        return name

    def looked_at(self, node: ast.expr) -> ast.expr:
        """Return an expression whose value is looked into where it is a container."""
        value = self.visit(node)
        return hook("look", value, at=node) if isinstance(node, READABLE) else value

    # -- scopes --------------------------------------------------------------------------------

    def within(self, node: ast.AST, parts: list[Any]) -> list[Any]:
        outer, self.scope = self.scope, self.scopes[node]
        result: list[Any] = []
        for part in parts:
            new = self.visit(part)
            result.extend(new if isinstance(new, list) else [new])
        self.scope = outer
        return result

    def visit_FunctionDef(self, node: ast.FunctionDef) -> Any:
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
        raise self.refuse(node, "asyncio cannot be simulated: only threads can be explored")

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

    # -- expressions ---------------------------------------------------------------------------

    def visit_Name(self, node: ast.Name) -> Any:
        return self.reading(node.id, node) if isinstance(node.ctx, ast.Load) else node

    def visit_Attribute(self, node: ast.Attribute) -> Any:
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

    def visit_Call(self, node: ast.Call) -> Any:
        if isinstance(node.func, ast.Name) and self.scope.owner(node.func.id) is None:
            name = node.func.id
            if name == "super" and not node.args:
                return node
            if name in HIDDEN_ACCESS and name not in self.globals:
                raise self.refuse(
                    node, f"{name}() reaches what cannot be followed: write it without {name}"
                )
        function = self.visit(node.func)
        if isinstance(node.func, ast.Name):
            function = hook("f", function, at=node.func)
        args = [
            located(ast.Starred(self.looked_at(one.value), ast.Load()), one)
            if isinstance(one, ast.Starred)
            else self.visit(one)
            for one in node.args
        ]
        for keyword in node.keywords:
            keyword.value = self.visit(keyword.value)
        call = ast.copy_location(ast.Call(function, args, node.keywords), node)
        return hook("made", call, at=node)

    def displayed(self, node: Any) -> Any:
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

    def test(self, node: ast.expr) -> ast.expr:
        """Return a condition; what it asks of a container is whether it is empty."""
        value = self.visit(node)
        return hook("truth", value, at=node) if isinstance(node, READABLE) else value

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
        raise self.refuse(node, "asyncio cannot be simulated: only threads can be explored")

    # -- statements ----------------------------------------------------------------------------

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
        raise self.refuse(node, "asyncio cannot be simulated: only threads can be explored")

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

    def visit_Match(self, node: ast.Match) -> Any:
        for part in ast.walk(node):
            if isinstance(part, ast.MatchClass | ast.MatchMapping | ast.MatchSequence):
                raise self.refuse(part, "match looks into an object unseen: write it with if")
        self.generic_visit(node)
        return node

    def statements(self, body: list[ast.stmt]) -> list[ast.stmt]:
        result: list[ast.stmt] = []
        for statement in body:
            new = self.visit(statement)
            result.extend(new if isinstance(new, list) else [new])
        return result


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
