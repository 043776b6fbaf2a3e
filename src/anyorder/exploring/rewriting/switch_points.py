"""Where CPython with a GIL may hand it over to another thread, by version.

A thread that runs Python code looks at some places of it whether others wait for the GIL: where a
function begins or a generator goes on (``RESUME``), where a loop comes round (``JUMP_BACKWARD``),
and after most calls of what is not a Python function (``CALL`` and its like). These are its *switch
points*. Between two of them its steps are one *block*, which no other thread of the process comes
into.

The table has what was measured (``nox -s probe``): for each kind of place, the versions on which the
GIL was never handed over there. Everything else counts as a switch point, what was not measured too.
"""  # noqa: E501

from __future__ import annotations

__all__ = ["ALL", "NEVER", "POINTS", "VERSIONS", "mask", "points"]

VERSIONS = ("3.11", "3.12", "3.13", "3.14", "3.15")
ALL = (1 << len(VERSIONS)) - 1  # a set of versions is a number: its bit 0 is the first of them


def mask(*versions: str) -> int:
    """Return a set of versions as a number."""
    return sum(1 << VERSIONS.index(version) for version in versions)


# what a place is, and the versions on which nothing is ever handed over there
POINTS: dict[str, int] = {
    "a function begins": 0,
    "a generator goes on": 0,
    "the body of a class begins": 0,
    "a comprehension begins": mask("3.12", "3.13", "3.14", "3.15"),
    "a comprehension comes round": 0,
    "for comes round": 0,
    "continue": 0,
    "while comes round, before its test": mask("3.11", "3.12", "3.13"),
    "while comes round, after its test": mask("3.14", "3.15"),
    "after a call of a function of Python": ALL,
    "after a call of a function of Python with *": mask("3.12", "3.13", "3.14", "3.15"),
    "after a call of a function of Python with **": mask("3.12", "3.13", "3.14", "3.15"),
    "after a call of a method of Python": ALL,
    "after a call of a method of Python with *": 0,
    "after a call of a generator function": ALL,
    "after a call of what is not Python": 0,
    "after a call of a class": 0,
    "after a call of an object with __call__": 0,
    "with has entered a lock": mask("3.11", "3.12", "3.13", "3.15"),
    "with has entered by a function of Python": mask("3.11", "3.12", "3.13", "3.14", "3.15"),
    "with has left a lock": 0,
    "with has left by a function of Python": ALL,
    "with has left a lock by an exception": ALL,
    "after a decorator": 0,
    "a function with type parameters is made": mask("3.11"),
    "an except clause has been left": mask("3.11", "3.13", "3.14", "3.15"),
    "an except clause that ends in a block has been left": mask("3.11"),
    "break in what follows an exception": mask("3.11"),
    "with has left by an exception that it keeps": mask("3.11"),
    "an import": 0,
    "an assertion fails": 0,
    "yield from goes on": 0,
}  # fmt: skip
# what the language does besides, each named as the hook of the rewriting or the node of ``ast``:
# no version hands over there
NEVER = frozenset({
    "Name", "Constant", "Tuple", "List", "Set", "Dict", "Starred", "Slice", "JoinedStr", "Lambda",
    "FunctionDef", "Raise", "Try", "Return", "Global", "Nonlocal", "Pass", "If", "IfExp", "BoolOp",
    "Assign", "AugAssign", "AnnAssign", "NamedExpr", "Delete", "Match", "Break",
})  # fmt: skip


def points(kind: str) -> int:
    """Return the versions on which the GIL may be handed over at a kind of place, as a number."""
    return ALL & ~POINTS[kind]
