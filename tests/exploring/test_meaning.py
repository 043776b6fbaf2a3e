"""A program means under the explorer what it means to Python.

Each program has one outcome, whatever its threads do. It is run for real and explored, and the two
agree to the letter: standard output, standard error as it is normalised, and exit status.
"""

from __future__ import annotations

import ast
import builtins
import sys
import warnings

import pytest
from meanings import Sample, real_outcome, samples

from anyorder.exploring import CannotExplore

PROGRAMS = [sample for sample in samples() if sample.python <= sys.version_info[:2]]

# What is refused by design, each with words of the message. Nothing else may be refused.
REFUSED: dict[str, str] = {
    "__dict__ is looked into": "__dict__",
    "an import of no module": "nothing_of_the_kind_here",
    "breakpoint is left alone": "breakpoint()",
    "cells of a closure": "cell_contents",
    "datetime": "datetime",
    "eval and exec of constant texts": "eval()",
    "functools.cached_property": "functools.cached_property",
    "globals and locals": "globals()",
    "graph of weak references": "weakref.ref",
    "input at the end of the file": "input()",
    "locals of a frame": "f_locals",
    "memory views": "memoryview()",
    "open for reading what is not there": "open()",
    "operator reaching into objects": "operator.attrgetter",
    "vars of what is given": "vars()",
}
# What is not right yet, on any Python. A program that has come right has to be taken out of here.
WRONG: set[str] = {
    "a closed generator's cleanup runs at the loop's end",
    "a loop of two functions without end",
    "a mapping of the program's own",
    "a sequence of the program's own",
    "a syntax warning of a call",
    "a syntax warning of an assertion",
    "abs all any ascii bin bool bytearray bytes",
    "alternatives and names",
    "an attribute of an object of the library",
    "an attribute of standard output",
    "an empty queue",
    "an exception in a callback of a future",
    "an exception in a function called at exit",
    "an exception in a pattern",
    "an own excepthook",
    "attributes",
    "attributes of generators",
    "augmented assignment evaluates its target once",
    "callables, iterables and containers of the program's own",
    "calls evaluate in order and spread as they go",
    "calls that do not fit",
    "captures stay bound where a guard fails",
    "class patterns that fail",
    "classes",
    "classes that are built in",
    "code objects",
    "containers that hold themselves",
    "contextlib and contextvars",
    "coroutines by generators",
    "dataclasses and named tuples are matched",
    "del left[right]",
    "deques",
    "equality is asked of the subject",
    "eval-like names that are the program's own",
    "formatting reaches into attributes",
    "free variables keep their names",
    "functools",
    "getattr hasattr setattr",
    "hashes and keys of the program's own",
    "inspect of sources",
    "iter and next with their methods",
    "keys whose equality is noisy",
    "left in right",
    "left not in right",
    "left[right]",
    "left[right] = [9, 8]",
    "len list map max min",
    "list methods",
    "logging",
    "logging with a traceback",
    "mappings",
    "match statements within functions and loops",
    "membership",
    "metaclasses",
    "methods that are generators, and with in them",
    "names that are mangled",
    "next object oct open ord pow",
    "property range repr reversed round",
    "sequences",
    "stacks that the program shows itself",
    "stars in sequences",
    "sums and products of sequences",
    "super in every form",
    "syntax warnings",
    "sys._getframe and inspect",
    "tuple type zip",
    "unpacking in comprehensions",
    "values and constants",
    "values of an enum",
    "warnings in classes, lambdas, comprehensions and threads of calls",
    "what a class pattern asks",
    "yield from",
}
# Likewise, on these of Python 3 only.
WRONG_ON: dict[str, set[int]] = {
    "a name like a global one": {11},
    "a name like a hook of the tool": {12, 13, 14, 15},
    "a name like a local one": {11},
    "a name like a local one in a thread": {11},
    "a name like an attribute": {11},
    "a name of a module that is not imported": {12},
    "a name that is not there": {11},
    "a suggestion in a class body": {12},
    "a suggestion in a comprehension": {11, 12},
    "a suggestion is of a local name before a global one": {11},
    "a suggestion of a builtin": {11},
    "a suggestion of a cell": {12},
    "a suggestion of a parameter": {11},
    "a syntax warning of an escape": {12, 13, 14, 15},
    "a wrong argument of print": {11, 12},
    "an attribute of a class": {11},
    "an attribute of a list": {11},
    "an attribute of a module": {11},
    "an attribute of a module kept": {11},
    "an attribute of a module stood in for": {11},
    "an attribute of a queue": {11},
    "an attribute of a string": {11},
    "an attribute of a thread": {11},
    "an attribute of an event": {11},
    "an attribute that is not there": {11},
    "an exception in a method of a thread class": {11},
    "an import of what is not there from a package": {12},
    "another attribute of a module stood in for": {11},
    "del of a name, then an exception that suggests": {11, 12},
    "dict methods": {14, 15},
    "enum and dataclass internals are shown": {12, 13, 14, 15},
    "left[::right]": {14, 15},
    "left[right:]": {14, 15},
    "print in every form": {11, 12},
    "return in finally": {14, 15},
}

# of the builtins, those that no program has to name
NOT_NAMED = {
    "False", "None", "True", "__build_class__", "__doc__", "__import__", "__lazy_import__",
    "__loader__", "__name__", "__package__", "__spec__", "_", "_IncompleteInputError",
}  # fmt: skip
# of the node kinds, those that no program's tree has
NOT_IN_PROGRAMS = {"Expression", "FunctionType", "Interactive", "TypeIgnore"}
ASYNC = {"AsyncFor", "AsyncFunctionDef", "AsyncWith", "Await"}  # refused (see ``test_refusals``)


def marked(sample):
    """Return a sample as a parameter, marked where it is known to be wrong."""
    wrong = sample.name in WRONG or sys.version_info[1] in WRONG_ON.get(sample.name, ())
    marks = [pytest.mark.xfail(reason="not right yet")] if wrong else []
    return pytest.param(sample, id=sample.name, marks=marks)


def check(sample, tmp_path, explored):
    """Hold what is explored of a sample against a real run."""
    found = explored(sample.source)
    real = real_outcome(tmp_path / "program.py")
    assert [one.outcome for one in found.outcomes] == [real]
    assert found.complete


@pytest.mark.parametrize("sample", [marked(one) for one in PROGRAMS if one.name not in REFUSED])
def test_explored_as_it_is_run(sample, tmp_path, explored):
    check(sample, tmp_path, explored)


@pytest.mark.parametrize("name", REFUSED)
def test_refused_by_name(name, explored):
    """What is refused is refused with these words, at a line."""
    sources = [sample.source for sample in PROGRAMS if sample.name == name]
    for source in sources:
        with pytest.raises(CannotExplore) as refusal:
            explored(source)
        assert REFUSED[name] in refusal.value.message
        assert refusal.value.line is not None


def test_it_would_notice(tmp_path, explored):
    """A program whose two runs differ is no match."""
    differing = "import sys\nprint(len(sys.modules))\n"
    with pytest.raises(AssertionError):
        check(Sample("differs", (3, 0), differing), tmp_path, explored)


def test_the_names_are_of_programs():
    """Each name above is that of one program, and no two programs have the same."""
    names = [sample.name for sample in samples()]
    assert len(names) == len(set(names))
    assert set(names) >= WRONG | set(WRONG_ON) | set(REFUSED)


def nodes():
    """Return the nodes of all programs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # some programs are there for theirs
        trees = [ast.parse(sample.source) for sample in PROGRAMS]
    return [node for tree in trees for node in ast.walk(tree)]


@pytest.mark.filterwarnings("ignore:ast:DeprecationWarning")
def test_every_kind_of_node_is_there():
    """Each node kind of ``ast`` is in some program."""
    kinds = {
        name
        for name, cls in vars(ast).items()
        if isinstance(cls, type)
        and issubclass(cls, ast.AST)
        and not cls.__subclasses__()
        and cls.__module__ in {"ast", "_ast"}
        and not (cls.__doc__ or "").startswith("Deprecated")
    }
    there = {type(node).__name__ for node in nodes()}
    assert kinds - there - NOT_IN_PROGRAMS - ASYNC == set()


def test_every_builtin_is_there():
    """Each of Python's built-in names is in some program."""
    words = {node.id for node in nodes() if isinstance(node, ast.Name)}
    assert set(vars(builtins)) - words - NOT_NAMED == set()
