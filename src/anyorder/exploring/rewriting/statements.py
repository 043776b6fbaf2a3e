"""The rules for statements: assignments, definitions, loops, imports and the like."""

from __future__ import annotations

import ast
from typing import Any

from anyorder.exploring.frames import PREFIX
from anyorder.exploring.rewriting.expressions import defaults, rule
from anyorder.exploring.rewriting.nodes import (
    generates,
    hook,
    load,
    located,
    passing,
    point,
    store,
)
from anyorder.exploring.rewriting.patterns import match
from anyorder.exploring.rewriting.rewriter import Rewriter, Rule
from anyorder.exploring.rewriting.switch_points import points
from anyorder.exploring.rewriting.targets import assigned, deleted, is_plain, taken

__all__ = ["RULES"]

# what leaves a block before its end
LEAVING = (ast.Break, ast.Continue, ast.Return)
# where any of these is, a generator may execute code as an exception is thrown into it
GUARDS = (ast.Try, ast.TryStar, ast.With, ast.YieldFrom)


def untouched(_: Rewriter, node: ast.stmt) -> ast.stmt:
    return node


def expression(rewriter: Rewriter, node: ast.Expr) -> ast.stmt:
    node.value = rewriter.visit(node.value)
    return node


def assign(rewriter: Rewriter, node: ast.Assign) -> list[ast.stmt]:
    value = rewriter.visit(node.value)
    if len(node.targets) == 1:
        return assigned(rewriter, node.targets[0], value)
    name = rewriter.temporary()
    result: list[ast.stmt] = [store(name, value, node)]
    for target in node.targets[:-1]:
        result += assigned(rewriter, target, load(name, target))
    return result + taken(rewriter, node.targets[-1], name)


def assign_annotated(rewriter: Rewriter, node: ast.AnnAssign) -> Any:
    annotated(rewriter, node.annotation)
    if node.value is None:
        return node
    value = rewriter.visit(node.value)
    if not isinstance(node.target, ast.Name):
        return assigned(rewriter, node.target, value)
    node.value = rewriter.writing(node.target.id, value, node)
    return node


def annotated(rewriter: Rewriter, annotation: ast.expr | None) -> None:
    """Leave an annotation as it is, since Python can show its source.

    So it may only be made of what no thread finds changed: types by their names.
    """
    if annotation is None or isinstance(annotation, ast.Constant) or not rewriter.annotates:
        return
    match annotation:
        case ast.Name(name):
            if not rewriter.is_steady(name):
                raise rewriter.refuse(
                    annotation,
                    f"an annotation reads {name}, which another thread may find changed or not "
                    "bound yet, and is not followed: take the annotation out",
                )
        case ast.Tuple(parts) | ast.List(parts):
            for one in parts:
                annotated(rewriter, one)
        case ast.Starred(value):
            annotated(rewriter, value)
        case ast.Subscript(whole, parameters) if is_type(rewriter, whole):
            annotated(rewriter, whole)
            annotated(rewriter, parameters)
        case ast.Attribute() if is_type(rewriter, annotation):
            pass
        case ast.BinOp(left, ast.BitOr(), right) if is_type(rewriter, annotation):
            annotated(rewriter, left)
            annotated(rewriter, right)
        case _:
            raise rewriter.refuse(
                annotation, "an annotation that does something is not followed: take it out"
            )


def is_type(rewriter: Rewriter, node: ast.expr) -> bool:
    """Whether an expression names a type: a built-in one, the program's, or one of a module.

    A type variable stands for one.
    """
    match node:
        case ast.Constant():
            return True
        case ast.Name(name):
            known = rewriter.binders(name) <= {ast.ClassDef, ast.Import, ast.ImportFrom}
            return known or name in rewriter.type_variables
        case ast.Attribute():
            while isinstance(node, ast.Attribute):
                node = node.value
            name = node.id if isinstance(node, ast.Name) else ""
            # the second are P.args and P.kwargs
            named = rewriter.library_modules | rewriter.type_variables
            binders = rewriter.binders(name)
            alone = binders == {ast.ImportFrom} and rewriter.goes_alone()  # a module, say
            return binders == {ast.Import} or alone or name in named
        case ast.Subscript(whole):
            return is_type(rewriter, whole)
        case ast.BinOp(left, ast.BitOr(), right):
            return is_type(rewriter, left) and is_type(rewriter, right)
    return False


def assign_in_place(rewriter: Rewriter, node: ast.AugAssign) -> list[ast.stmt]:
    """Read the target first, evaluate its parts once, then the value, then store."""
    operator = f"i{type(node.op).__name__}"
    target = node.target
    if isinstance(target, ast.Name):
        old = rewriter.reading(target.id, target)
        new = hook(operator, old, rewriter.visit(node.value), at=node)
        return [store(target.id, rewriter.writing(target.id, new, node), node)]
    owner = rewriter.temporary()
    result: list[ast.stmt] = [store(owner, rewriter.visit(target.value), node)]
    thing = ast.Name(owner, ast.Load())
    if isinstance(target, ast.Attribute):
        part: ast.expr = ast.Constant(rewriter.own(target.attr))
        read, write, temporaries = "a", "as", [owner]
    else:
        key = rewriter.temporary()
        result.append(store(key, rewriter.visit(target.slice), node))
        part = ast.Name(key, ast.Load())
        read, write, temporaries = "i", "is", [owner, key]
    old = hook(read, thing, part, at=target)
    new = hook(operator, old, rewriter.visit(node.value), at=node)
    result.append(located(ast.Expr(hook(write, new, thing, part, at=node)), node))
    if isinstance(rewriter.scope.node, ast.ClassDef):  # they would be attributes of the class
        names: list[ast.expr] = [ast.Name(one, ast.Del()) for one in temporaries]
        result.append(located(ast.Delete(names), node))
    return result


def delete(rewriter: Rewriter, node: ast.Delete) -> list[ast.stmt]:
    return [one for target in node.targets for one in deleted(rewriter, target)]


def passed(kind: str, at: ast.AST) -> ast.stmt:
    """Return a statement that says that a switch point has been passed."""
    return located(ast.Expr(point(kind, at)), at)  # type: ignore[no-any-return]


def for_(rewriter: Rewriter, node: ast.For) -> ast.stmt:
    node.iter = hook("iterate", rewriter.visit(node.iter), at=node.iter)
    first: list[ast.stmt] = []
    if not is_plain(rewriter, node.target):
        name = rewriter.temporary()
        target, node.target = node.target, located(ast.Name(name, ast.Store()), node.target)
        first = taken(rewriter, target, name)
    node.body = first + turning(rewriter, "for comes round", node.body)
    node.orelse = rewriter.statements(node.orelse)
    return node


def turning(
    rewriter: Rewriter, kind: str, body: list[ast.stmt], again: str | None = None
) -> list[ast.stmt]:
    """Return the body of a loop, which passes a switch point wherever it comes round.

    Args:
        rewriter: rewrites it
        kind: how it comes round
        body: the body
        again: of a ``while``, the variable that says whether it comes round at its end
    """
    rewriter.inside.append(again)
    new = rewriter.statements(body)
    rewriter.inside.pop()
    return [*new, passed(kind, body[-1])]


def continue_(rewriter: Rewriter, node: ast.Continue) -> list[ast.stmt]:
    again = rewriter.inside[-1]
    if again is None:
        return [passed("for comes round", node), node]
    kind = "while comes round by continue, before its test"
    return [passed(kind, node), store(again, ast.Constant(0), node), node]


def break_(rewriter: Rewriter, node: ast.Break) -> list[ast.stmt]:
    """Pass a switch point where it jumps back: CPython puts ``except`` clauses at the end."""
    return [passed("break in an except clause", node), node] if rewriter.thrown else [node]


def while_(rewriter: Rewriter, node: ast.While) -> list[ast.stmt]:
    rewriter.loops += 1
    number, temporaries = rewriter.loops, rewriter.temporaries
    test = rewriter.tested(node.test)
    again = rewriter.temporary()
    node.body = turning(rewriter, "while comes round, before its test", node.body, again)
    after = passing("while comes round, after its test", ast.Constant(1))
    come_round = located(ast.BoolOp(ast.And(), [load(again, node.test), after]), node.test)
    node.body = [
        located(ast.Expr(come_round), node.test),
        store(again, ast.Constant(1), node.test),
        *node.body,
    ]
    names: ast.expr = located(ast.Call(ast.Name("__ao_locals__", ast.Load()), [], []), node)
    if rewriter.temporaries > temporaries:  # these change at each turn
        names = hook("own", names, at=node.test)
    turn = hook("loop", ast.Constant(number), names, at=node.test)
    node.test = located(ast.BoolOp(ast.Or(), [turn, test]), node.test)
    node.orelse = rewriter.statements(node.orelse)
    entry = ast.Expr(hook("enter", ast.Constant(number), at=node.test))
    return [located(entry, node.test), store(again, ast.Constant(0), node.test), node]


def if_(rewriter: Rewriter, node: ast.If) -> ast.stmt:
    node.test = rewriter.tested(node.test)
    node.body = rewriter.statements(node.body)
    node.orelse = rewriter.statements(node.orelse)
    return node


def with_(rewriter: Rewriter, node: ast.With) -> list[ast.stmt]:
    """Enter the managers one after another; a target that others see is bound in the body.

    What it is bound to has been entered by then, so a ``with`` of several is one in another where
    such a target comes before a further manager.
    """
    for number, item in enumerate(node.items[:-1]):
        if item.optional_vars is not None and not is_plain(rewriter, item.optional_vars):
            inner = located(ast.With(node.items[number + 1 :], node.body), node)
            node.items, node.body = node.items[: number + 1], [inner]
            break
    first: list[ast.stmt] = []
    for item in node.items:
        item.context_expr = hook("enters", rewriter.visit(item.context_expr), at=item.context_expr)
        target = item.optional_vars
        if target is not None and not is_plain(rewriter, target):
            name = rewriter.temporary()
            item.optional_vars = located(ast.Name(name, ast.Store()), target)
            first += taken(rewriter, target, name)
    # whether its body has come to its end; else an exception was stopped, and it jumps back
    ended = rewriter.temporary()
    node.body = first + rewriter.statements(node.body) + [store(ended, ast.Constant(1), node)]
    nested = rewriter.inside or rewriter.thrown
    kind = "after what holds an except clause" if nested else "with has taken an exception away"
    come = ast.BoolOp(ast.Or(), [load(ended, node), passing(kind, ast.Constant(None))])
    result = [store(ended, ast.Constant(0), node), node, located(ast.Expr(come), node)]
    if isinstance(rewriter.scope.node, ast.ClassDef):  # it would be an attribute of the class
        result.append(located(ast.Delete([ast.Name(ended, ast.Del())]), node))
    return result


def assert_(rewriter: Rewriter, node: ast.Assert) -> ast.stmt:
    node.test = rewriter.tested(node.test)
    node.msg = node.msg and passing("an assertion fails", rewriter.visit(node.msg))
    return node


def try_(rewriter: Rewriter, node: Any) -> ast.stmt:
    node.body = rewriter.statements(node.body)
    rewriter.thrown += 1
    node.handlers = rewriter.all(node.handlers)
    rewriter.thrown -= 1
    node.orelse = rewriter.statements(node.orelse)
    rewriter.thrown += 1
    leaves = any(isinstance(one, LEAVING) for each in node.finalbody for one in ast.walk(each))
    node.finalbody = rewriter.statements(node.finalbody)
    if leaves:  # it may swallow an error
        first = node.finalbody[0]
        node.finalbody.insert(0, located(ast.Expr(hook("caught", at=first)), first))
    rewriter.thrown -= 1
    if rewriter.inside:  # a ``continue`` may come by here, and handlers jump back from far away
        for body in (*(one.body for one in node.handlers), node.finalbody):
            if body:
                body.append(passed("for comes round", body[-1]))
    return node  # type: ignore[no-any-return]


def handler(rewriter: Rewriter, node: ast.ExceptHandler) -> ast.AST:
    """Bind the exception; at the end set its name to ``None`` and delete it, as Python does."""
    node.type = node.type and rewriter.visit(node.type)
    end = node.body[-1]
    plain = not hasattr(end, "body") and not isinstance(end, ast.Match)
    after = "after an except clause" if plain else "after what holds an except clause"
    come = hook("handled", int(node.name is not None), at=node)
    target = located(ast.Name(node.name, ast.Store()), node) if node.name else None
    outer = rewriter.handled
    rewriter.handled = 0 if target is None else 1 if is_plain(rewriter, target) else 2
    body = rewriter.statements(node.body)
    rewriter.handled = outer
    if target is not None and not is_plain(rewriter, target):
        node.name = rewriter.temporary()
        nothing = located(ast.Constant(None), node)
        last = assigned(rewriter, target, nothing)
        last += deleted(rewriter, located(ast.Name(target.id, ast.Del()), node))
        if rewriter.inside:  # a ``break`` or a ``continue`` may come by here
            last.append(passed("for comes round", end))
        body = [
            *assigned(rewriter, target, load(node.name, node)),
            located(ast.Try(body, [], [], last), node),
        ]
    node.body = [
        *(located(ast.Expr(call), node) for call in (hook("caught", at=node), come)),
        *body,
        passed(after, end),
    ]
    return node


def raise_(rewriter: Rewriter, node: ast.Raise) -> ast.stmt | list[ast.stmt]:
    """Say what is raised right before it is; a cause is evaluated between the two."""
    node.exc, node.cause = rewriter.all((node.exc, node.cause))
    if node.exc is None:
        return [located(ast.Expr(hook("handled", rewriter.handled, at=node)), node), node]
    if node.cause is None:
        node.exc = hook("raises", node.exc, at=node.exc)
    else:
        node.exc = hook("raises_from_cause", node.exc, at=node.exc)
        node.cause = hook("cause", node.cause, at=node.cause)
    return node


def return_(rewriter: Rewriter, node: ast.Return) -> ast.stmt:
    node.value = node.value and rewriter.visit(node.value)
    return node


def import_(rewriter: Rewriter, node: Any) -> Any:
    """Make the binding of each name that others can see an event of its own."""
    if getattr(node, "module", None) == "__future__":
        return node
    if getattr(node, "is_lazy", 0):  # in the library, from 3.15 on: it would find the real module
        node.is_lazy = 0
    writes: list[ast.stmt] = []
    for one in node.names:
        if one.name == "*":
            write: ast.Call | None = hook("star", at=node)
        else:
            write = rewriter.binder((one.asname or one.name).partition(".")[0], node)
            if write is not None:
                write.args.append(ast.Constant(None))
        if write is not None:
            writes.append(located(ast.Expr(write), node))
    return [passed("an import", node), *writes, node, passed("an import", node)]


def refused(rewriter: Rewriter, node: ast.AST) -> ast.stmt:
    raise rewriter.refuse(node, "asyncio cannot be simulated: use threads or processes")


# -- functions and classes -------------------------------------------------------------------------


def function(rewriter: Rewriter, node: ast.FunctionDef) -> list[ast.stmt]:
    if node.name == "__del__" and isinstance(rewriter.scope.node, ast.ClassDef):
        raise rewriter.refuse(
            node, "__del__ is called when an object goes, which is not followed: leave it out"
        )
    guarded = any(isinstance(one, GUARDS) for one in ast.walk(node))
    decorators = [decorator(rewriter, one) for one in node.decorator_list]
    defaults(rewriter, node.args)
    arguments = node.args
    for one in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]:
        annotated(rewriter, one.annotation)
    for extra in (arguments.vararg, arguments.kwarg):
        annotated(rewriter, extra.annotation if extra else None)
    annotated(rewriter, node.returns)
    binder = rewriter.binder(node.name, node)
    documented = ast.get_docstring(node, clean=False) is not None
    outer, rewriter.scope = rewriter.scope, rewriter.scopes[node]
    around = rewriter.inside, rewriter.thrown
    rewriter.inside, rewriter.thrown = [], 0
    body = rewriter.statements(node.body)
    rewriter.inside, rewriter.thrown = around
    body.insert(1 if documented else 0, passed("a function begins", node.body[0]))
    if rewriter.scope.cells and rewriter.names:
        label = store(rewriter.frame_name(rewriter.scope), hook("frame", at=node.body[0]), node)
        ast.copy_location(label, node.body[0])
        body.insert(1 if documented else 0, label)
    rewriter.scope = outer
    if generates(node):
        end = hook("ended", ast.Constant(guarded), at=node)
        last = located(ast.Expr(end), node.body[-1])
        begin = 1 if documented else 0
        first = [located(ast.Expr(hook("halfway", at=node)), node.body[0])] if guarded else []
        body[begin:] = [*first, located(ast.Try(body[begin:], [], [], [last]), node)]
    if node.name == "__exit__":  # which a ``with`` calls, unseen; it may swallow an error
        after = passed("with has left by a function of Python", node.body[-1])
        caught = located(ast.Expr(hook("caught", at=node.body[0])), node.body[0])
        begin = 1 if documented else 0
        body[begin:] = [located(ast.Try([caught, *body[begin:]], [], [], [after]), node.body[-1])]
    node.body = body
    if getattr(node, "type_params", None):  # a function of their own makes it
        decorators.append(marked("what has type parameters is made", node))
    node.decorator_list = bound_by(binder, node) + after_each(decorators, node)
    return [node]


def class_(rewriter: Rewriter, node: ast.ClassDef) -> list[ast.stmt]:
    decorators = [decorator(rewriter, one) for one in node.decorator_list]
    node.bases = rewriter.all(node.bases)
    for one in node.keywords:
        value = rewriter.visit(one.value)
        one.value = value if one.arg else hook("mapping", value, at=one.value)
    binder = rewriter.binder(node.name, node)
    outer_name, rewriter.class_name = rewriter.class_name, node.name
    outer, rewriter.scope = rewriter.scope, rewriter.scopes[node]
    around = rewriter.inside, rewriter.thrown
    rewriter.inside, rewriter.thrown = [], 0
    documented = ast.get_docstring(node, clean=False) is not None
    begins = passed("the body of a class begins", node.body[0])
    kept = hook("kept_in", hook("locals", at=node.body[0]), at=node.body[0])
    node.body = rewriter.statements(node.body)
    start = 1 if documented else 0
    node.body[start:start] = [begins, located(ast.Expr(kept), kept)]
    if node.bases or node.keywords:  # of which it may be that they do something with what it sets
        filled = hook("filled", hook("locals", at=node), at=node)
        node.body.append(located(ast.Expr(filled), node))
    rewriter.inside, rewriter.thrown = around
    rewriter.scope, rewriter.class_name = outer, outer_name
    made = located(ast.Name("__ao_made__", ast.Load()), node)
    called = marked("after a class statement", node)
    node.decorator_list = [*bound_by(binder, node), *after_each(decorators, node), called, made]
    return [node]


def decorator(rewriter: Rewriter, node: ast.expr) -> ast.expr:
    """Return what stands for a decorator, which is called as any function is.

    Those of the library are its own, and do nothing to what the program has.
    """
    decorates: ast.expr = rewriter.visit(node)
    of_tool = isinstance(node, ast.Name) and node.id.startswith(PREFIX)  # see ``signal_points``
    if of_tool or not rewriter.names:
        return decorates
    rewriter.calls += 1
    site, spreads = ast.Constant(rewriter.calls), ast.Constant(value=False)
    return hook("f", decorates, site, spreads, at=node)


def marked(kind: str, node: ast.stmt) -> ast.expr:
    """Return a decorator that passes a switch point, and returns what it gets."""
    versions = ast.Constant(points(kind))
    return hook("decorating", versions, at=node)


def after_each(decorators: list[ast.expr], node: ast.stmt) -> list[ast.expr]:
    """Return decorators, each with another that passes the switch point after its call."""
    return [one for it in decorators for one in (marked("after a decorator", node), it)]


def bound_by(binder: ast.Call | None, node: ast.stmt) -> list[ast.expr]:
    """Return the decorator that binds the name of a function or a class, after all others."""
    if binder is None:
        return []
    call = ast.Call(ast.Name("__ao_binder__", ast.Load()), [binder.func, *binder.args], [])
    return [located(call, node)]


RULES: dict[type[ast.AST], Rule] = {
    ast.AnnAssign: rule(assign_annotated, "target", "annotation", "value", "simple"),
    ast.Assert: rule(assert_, "test", "msg"),
    ast.Assign: rule(assign, "targets", "value", "type_comment"),
    ast.AsyncFor: rule(refused, *ast.AsyncFor._fields),
    ast.AsyncFunctionDef: rule(refused, *ast.AsyncFunctionDef._fields),
    ast.AsyncWith: rule(refused, *ast.AsyncWith._fields),
    ast.AugAssign: rule(assign_in_place, "target", "op", "value"),
    ast.Break: rule(break_),
    ast.ClassDef: rule(
        class_, "name", "bases", "keywords", "body", "decorator_list", "type_params"
    ),
    ast.Continue: rule(continue_),
    ast.Delete: rule(delete, "targets"),
    ast.ExceptHandler: rule(handler, "type", "name", "body"),
    ast.Expr: rule(expression, "value"),
    ast.For: rule(for_, "target", "iter", "body", "orelse", "type_comment"),
    ast.FunctionDef: rule(
        function, "name", "args", "body", "decorator_list", "returns", "type_comment", "type_params"
    ),
    ast.Global: rule(untouched, "names"),
    ast.If: rule(if_, "test", "body", "orelse"),
    ast.Import: rule(import_, "names", "is_lazy"),
    ast.ImportFrom: rule(import_, "module", "names", "level", "is_lazy"),
    ast.Match: rule(match, "subject", "cases"),
    ast.Nonlocal: rule(untouched, "names"),
    ast.Pass: rule(untouched),
    ast.Raise: rule(raise_, "exc", "cause"),
    ast.Return: rule(return_, "value"),
    ast.Try: rule(try_, "body", "handlers", "orelse", "finalbody"),
    ast.TryStar: rule(try_, "body", "handlers", "orelse", "finalbody"),
    ast.While: rule(while_, "test", "body", "orelse"),
    ast.With: rule(with_, "items", "body", "type_comment"),
}
if hasattr(ast, "TypeAlias"):  # from 3.12; its value is evaluated when somebody asks for it
    RULES[ast.TypeAlias] = rule(untouched, "name", "type_params", "value")
