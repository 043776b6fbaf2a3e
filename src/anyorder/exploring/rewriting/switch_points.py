"""Where CPython with a GIL may hand it over to another thread, by version.

A thread that runs Python code looks at some places of it whether others wait for the GIL: where a
function begins or a generator goes on (``RESUME``), where a loop comes round (``JUMP_BACKWARD``),
and after most calls of what is not a Python function (``CALL`` and its like). These are its *switch
points*. Between two of them its steps are one *block*, which no other thread of the process comes
into.

The table has what was measured (``nox -s probe``, whose records are in ``tests/probing``): for each
kind of place, the versions on which the GIL was never handed over there. Everything else counts as
a switch point, what was not measured too. Code was measured as it is first run and after it has
been run, since Python changes it meanwhile, and where it looks changes with it, both ways: after
``len(x)`` it looks at first alone, and after ``print(x, file=f)``, from 3.14 on, not at first.
"""

from __future__ import annotations

from anyorder.exploring.versions import ALL, mask

__all__ = ["NEVER", "POINTS", "SAYS", "points"]

# what a place is, and the versions on which nothing is ever handed over there
POINTS: dict[str, int] = {
    "a function begins": 0,
    "a generator goes on": 0,
    "a generator goes on by an exception": ALL,
    "the body of a class begins": 0,
    "a comprehension begins": mask("3.12", "3.13", "3.14", "3.15"),
    "a comprehension in the body of a class begins": mask("3.12", "3.13", "3.14", "3.15"),
    "a comprehension comes round": 0,
    "for comes round": 0,
    "while comes round, before its test": mask("3.11", "3.12", "3.13"),
    "while comes round, after its test": mask("3.14", "3.15"),
    "while comes round by continue, before its test": 0,
    "while comes round by continue, after its test": ALL,
    "while comes round without a test": 0,
    "while ends, after its test": ALL,
    "after a call of a function of Python": ALL,
    "after a call of a function of Python with *": mask("3.12", "3.13", "3.14", "3.15"),
    "after a call of a function of Python with **": mask("3.12", "3.13", "3.14", "3.15"),
    "after a call of a method of Python": ALL,
    "after a call of a method of Python with *": 0,
    "after a call of a method of Python with **": 0,
    "after a call of a staticmethod of Python with *": mask("3.12", "3.13", "3.14", "3.15"),
    "after a call of a generator function": ALL,
    "after a call of a generator function with *": mask("3.12", "3.13", "3.14", "3.15"),
    "after a call of what is not Python": 0,
    "after a call of a class": 0,
    "after a call of an object with __call__": 0,
    "after an operation that called a function of Python": 0,
    "super() whose attribute is read": mask("3.12", "3.13", "3.14", "3.15"),
    "with has entered a lock": mask("3.11", "3.12", "3.13", "3.15"),
    "with has entered by a function of Python": ALL,
    "with has entered by what is not Python": mask("3.11", "3.12", "3.13", "3.15"),
    "with has entered a Condition or a Semaphore": 0,
    "with has left a lock": 0,
    "with has left a lock by an exception": ALL,
    "with has left by a function of Python": mask("3.14", "3.15"),
    "with has left by a function of Python by an exception": ALL,
    "with has taken an exception away": mask("3.11", "3.13", "3.14", "3.15"),
    "with has left by what is not Python": 0,
    "with has left a Condition or a Semaphore": 0,
    "after an except clause": mask("3.11", "3.13", "3.14", "3.15"),
    "break in an except clause": mask("3.11"),
    "after what holds an except clause": mask("3.11"),
    "after a decorator": 0,
    "after a decorator of Python": ALL,
    "after a class statement": 0,
    "what has type parameters is made": 0,
    "an import": 0,
    "an import of a module that is loaded": ALL,
    "an import from a package that is loaded": 0,
    "an assertion fails": 0,
    "an assertion without a message fails": ALL,
    "yield from begins": ALL,
    "yield from goes on": ALL,
}  # fmt: skip
# what the language does besides, by the nodes of ``ast``, with what is not written in Python: no
# version hands over there
NEVER = frozenset({
    "AnnAssign", "Assert", "Assign", "Attribute", "AugAssign", "BinOp", "BoolOp", "Break",
    "Compare", "Constant", "Delete", "Dict", "ExceptHandler", "Expr", "For", "FormattedValue",
    "FunctionDef", "Global", "If", "IfExp", "Interpolation", "JoinedStr", "Lambda", "List", "Match",
    "Name", "NamedExpr", "Nonlocal", "Pass", "Raise", "Return", "Set", "Slice", "Starred",
    "Subscript", "TemplateStr", "Try", "TryStar", "Tuple", "TypeAlias", "UnaryOp", "While", "Yield",
})  # fmt: skip
# a sentence about each, for the reference
SAYS: dict[str, str] = {
    "a function begins": "A function written in Python begins, whoever calls it.",
    "a generator goes on": "A generator goes on after its `yield`.",
    "a generator goes on by an exception": (
        "A generator is sent an exception, by `throw()` or `close()`."
    ),
    "the body of a class begins": "The body of a `class` statement begins.",
    "a comprehension begins": "A comprehension of a list, a set or a dict begins.",
    "a comprehension in the body of a class begins": "The same, in the body of a class.",
    "a comprehension comes round": (
        "A comprehension goes on to its next round, or finds that it is done."
    ),
    "for comes round": "A `for` goes on to its next round, or finds that it is done.",
    "while comes round, before its test": (
        "A `while` is done with its body, and is about to test again."
    ),
    "while comes round, after its test": "A `while` has tested again, and goes on.",
    "while comes round by continue, before its test": (
        "A `while` has met a `continue`, and is about to test again."
    ),
    "while comes round by continue, after its test": (
        "A `while` has tested again after a `continue`, and goes on."
    ),
    "while comes round without a test": "A `while True` goes on to its next round.",
    "while ends, after its test": "A `while` has tested, and is done.",
    "after a call of a function of Python": "A function written in Python has returned.",
    "after a call of a function of Python with *": (
        "A function written in Python has returned, and the call has a `*`."
    ),
    "after a call of a function of Python with **": (
        "A function written in Python has returned, and the call has a `**`."
    ),
    "after a call of a method of Python": "A method written in Python has returned.",
    "after a call of a method of Python with *": (
        "A method written in Python has returned, and the call has a `*`."
    ),
    "after a call of a method of Python with **": (
        "A method written in Python has returned, and the call has a `**`."
    ),
    "after a call of a staticmethod of Python with *": (
        "A static method has returned, and the call has a `*` or a `**`."
    ),
    "after a call of a generator function": "A generator has been made; it has not begun yet.",
    "after a call of a generator function with *": (
        "A generator has been made by a call that has a `*` or a `**`."
    ),
    "after a call of what is not Python": (
        "A function or a method that is not written in Python has returned."
    ),
    "after a call of a class": "A call of a class has made an object.",
    "after a call of an object with __call__": (
        "An object has been called whose class has a `__call__` in Python."
    ),
    "after an operation that called a function of Python": (
        "An operator, or what else is no call to look at, has called a function written in "
        "Python, and it has returned."
    ),
    "super() whose attribute is read": "`super()` with a dot after it has been evaluated.",
    "with has entered a lock": "A `with` has taken a lock that was free.",
    "with has entered by a function of Python": "An `__enter__` written in Python has returned.",
    "with has entered by what is not Python": (
        "An `__enter__` that is not written in Python has returned, and it was no lock's."
    ),
    "with has entered a Condition or a Semaphore": (
        "A `with` has taken a condition or a semaphore that was free."
    ),
    "with has left a lock": "A `with` has released its lock.",
    "with has left a lock by an exception": (
        "A `with` has released its lock because of an exception."
    ),
    "with has left by a function of Python": "An `__exit__` written in Python has returned.",
    "with has left by a function of Python by an exception": (
        "An `__exit__` written in Python has let an exception pass."
    ),
    "with has taken an exception away": "An `__exit__` written in Python has stopped an exception.",
    "with has left by what is not Python": (
        "An `__exit__` that is not written in Python has returned, and it was no lock's."
    ),
    "with has left a Condition or a Semaphore": "A `with` has released a condition or a semaphore.",
    "after an except clause": "An `except` clause is done.",
    "break in an except clause": "A `break` in an `except` clause has left its loop.",
    "after what holds an except clause": (
        "A statement is done within which an `except` clause took an exception."
    ),
    "after a decorator": "A decorator that is not written in Python has returned.",
    "after a decorator of Python": "A decorator written in Python has returned.",
    "after a class statement": "A `class` statement has made its class.",
    "what has type parameters is made": (
        "A `type`, `def` or `class` statement with type parameters makes what it names."
    ),
    "an import": "An `import` loads a module, or finds none.",
    "an import of a module that is loaded": (
        "An `import` finds all that it asks for loaded already."
    ),
    "an import from a package that is loaded": (
        "A `from` statement asks a package for what it has already."
    ),
    "an assertion fails": "An `assert` with a message fails.",
    "an assertion without a message fails": "An `assert` without a message fails.",
    "yield from begins": "A generator begins with what its `yield from` names, or is done with it.",
    "yield from goes on": (
        "A generator goes on at its `yield from`; what that names may have a place of its own."
    ),
    "AnnAssign": "A variable with an annotation is bound.",
    "Assert": "An `assert` holds.",
    "Assign": "A value is bound, or unpacked to several targets.",
    "Attribute": "An attribute is read, bound or deleted.",
    "AugAssign": "An operator such as `+=` is carried out.",
    "BinOp": "An operator such as `+` is carried out.",
    "BoolOp": "`and`, `or` or `not` asks whether something is true.",
    "Break": "A `break` leaves a loop.",
    "Compare": "Values are compared, also by `in` and `is`, or in a chain.",
    "Constant": "A constant is evaluated.",
    "Delete": "A variable is deleted.",
    "Dict": "A dict is made.",
    "ExceptHandler": "An `except` clause takes an exception.",
    "Expr": "An expression stands as a statement.",
    "For": "A `for` begins.",
    "FormattedValue": "A part of an f-string is formatted.",
    "FunctionDef": "A `def` without a decorator makes a function.",
    "Global": "Names are declared `global`.",
    "If": "An `if` asks whether something is true.",
    "IfExp": "An `if` within an expression asks whether something is true.",
    "Interpolation": "A part of a template string is noted.",
    "JoinedStr": "An f-string is put together.",
    "Lambda": "A lambda is made.",
    "List": "A list is made.",
    "Match": "A `match` looks for its case.",
    "Name": "A variable is read or bound.",
    "NamedExpr": "A `:=` binds a variable.",
    "Nonlocal": "A variable of an outer function is read or bound.",
    "Pass": "A `pass` does nothing.",
    "Raise": "A `raise` raises an exception.",
    "Return": "A `return` hands back a value.",
    "Set": "A set is made.",
    "Slice": "A slice is read, bound or deleted.",
    "Starred": "A star spreads a value in a display.",
    "Subscript": "An item is read, bound or deleted.",
    "TemplateStr": "A template string is put together.",
    "Try": "A `try` begins or ends, and exceptions find their clause.",
    "TryStar": "An `except*` takes its part of a group of exceptions.",
    "Tuple": "A tuple is made.",
    "TypeAlias": "A `type` statement names a type.",
    "UnaryOp": "An operator such as `-` with one operand is carried out.",
    "While": "A `while` begins.",
    "Yield": "A `yield` hands out a value, or a generator ends.",
}


def points(kind: str) -> int:
    """Return the versions on which the GIL may be handed over at a kind of place, as a number."""
    return ALL & ~POINTS[kind]
