"""Makes a program as short as it can be while something still holds of it."""

import ast
import copy
import warnings

__all__ = ["shrunk"]


def shrunk(source, holds, most=120):
    """Return a shorter program of which something still holds.

    Args:
        source: the program
        holds: whether it holds of a program
        most: how many programs to try
    """
    tried = {source}
    kinds = [ast.stmt, ast.AST]  # statements first: there are fewer of them
    while kinds:
        for candidate in candidates(source, kinds[0]):
            if candidate in tried or len(candidate) >= len(source):
                continue
            if len(tried) > most:
                return source
            tried.add(candidate)
            if holds(candidate):
                source = candidate
                break
        else:
            del kinds[0]
    return source


def candidates(source, kind):
    """Return the programs that are one step shorter at a kind of node, the shortest first."""
    tree = ast.parse(source)
    found = []
    for number, (at, field, place) in enumerate(places(tree)):
        value = getattr(at, field)
        if not isinstance(value if place is None else value[place], kind):
            continue
        for way in range(WAYS):
            changed = copy.deepcopy(tree)
            holder, name, index = list(places(changed))[number]
            if change(holder, name, index, way):
                text = text_of(changed)
                if text is not None:
                    found.append(text)
    return sorted(set(found), key=len)


def places(tree):
    """Yield where each statement and each expression stands: in what, in which field, and where."""
    for node in ast.walk(tree):
        for name, value in ast.iter_fields(node):
            if isinstance(value, list):
                for index, one in enumerate(value):
                    if isinstance(
                        one, ast.stmt | ast.expr | ast.withitem | ast.keyword | ast.alias
                    ):
                        yield node, name, index
            elif isinstance(value, ast.expr):
                yield node, name, None


WAYS = 6  # how many ways there are to change one place


def change(holder, name, index, way):  # noqa: C901, PLR0911, PLR0912
    """Change one place in one way; false where that cannot be."""
    value = getattr(holder, name)
    one = value if index is None else value[index]
    if isinstance(one, ast.stmt):
        inner = [
            part
            for part in ("body", "orelse", "finalbody")
            if isinstance(getattr(one, part, None), list)
        ]
        if way == 0:
            del value[index]
            if not value and name == "body" and not isinstance(holder, ast.Module):
                value.append(ast.Pass())
            return True
        if 1 <= way <= len(inner):
            value[index : index + 1] = getattr(one, inner[way - 1])
            return bool(value)
        if way == 4 and isinstance(one, ast.Assign | ast.AnnAssign) and one.value is not None:
            value[index] = ast.Expr(one.value)
            return True
        return False
    if isinstance(one, ast.withitem | ast.keyword | ast.alias):
        if way or len(value) < 2:
            return False
        del value[index]
        return True
    if not isinstance(getattr(one, "ctx", ast.Load()), ast.Load):
        return False
    if way == 0:
        if index is None or name in {"comparators", "values", "targets", "keys", "bases"}:
            return False
        del value[index]
        return True
    if way == 1:
        if isinstance(one, ast.Constant):
            return False
        new = ast.Constant(0)
    else:
        children = [child for child in ast.iter_child_nodes(one) if isinstance(child, ast.expr)]
        if way - 2 >= len(children):
            return False
        new = children[way - 2]
    if index is None:
        setattr(holder, name, new)
    else:
        value[index] = new
    return True


def text_of(tree):
    """Return a program's text, and nothing where it is none."""
    try:
        text = ast.unparse(ast.fix_missing_locations(tree)) + "\n"
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            compile(text, "program.py", "exec", dont_inherit=True)
    except (ValueError, SyntaxError, SyntaxWarning, TypeError, AttributeError, IndexError):
        return None
    return text
