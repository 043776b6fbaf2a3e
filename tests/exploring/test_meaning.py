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
from anyorder.outcomes.placeholders import Placeholders

PROGRAMS = [sample for sample in samples() if sample.python <= sys.version_info[:2]]

# What is refused by design, each with words of the message. Nothing else may be refused.
REFUSED: dict[str, str] = {
    "a loop of two functions without end": "recurses as deep as Python lets it",
    "an exception in a function called at exit": "called at exit raises",
    "cells of a closure": "__closure__",
    "code objects": "shows the code of a function as the explorer has it",
    "comparisons in a chain evaluate each operand once": "a chain of comparisons with `is`",
    "eval and exec of constant texts": "eval()",
    "free variables keep their names": "shows the code of a function as the explorer has it",
    "globals and locals": "globals()",
    "graph of weak references": "weakref.ref",
    "locals of a frame": "f_locals",
    "memory views": "memoryview()",
    "open for reading what is not there": "open()",
    "recursion without end by methods, comparisons and reprs": "recurses as deep as Python lets it",
    "unpacking in comprehensions": "a comprehension with `**`",
}

# of the builtins, those that no program has to name
NOT_NAMED = {
    "False", "None", "True", "__build_class__", "__builtins__", "__doc__", "__import__",
    "__lazy_import__", "__loader__", "__name__", "__package__", "__spec__", "_",
    "_IncompleteInputError",
}  # fmt: skip
# of the node kinds, those that no program's tree has
NOT_IN_PROGRAMS = {"Expression", "FunctionType", "Interactive", "TypeIgnore"}
ASYNC = {"AsyncFor", "AsyncFunctionDef", "AsyncWith", "Await"}  # refused (see ``test_refusals``)


def check(sample, tmp_path, explored):
    """Hold what is explored of a sample against a real run."""
    found = explored(sample.source)
    real = real_outcome(tmp_path / "program.py")
    real = Placeholders(one.outcome for one in found.outcomes).put_into(real)
    assert [one.outcome for one in found.outcomes] == [real]
    assert found.complete


@pytest.mark.parametrize(
    "sample", [one for one in PROGRAMS if one.name not in REFUSED], ids=lambda one: one.name
)
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
        assert refusal.value.line is not None or "at exit" in name


def test_it_would_notice(tmp_path, explored):
    """A program whose two runs differ is no match."""

    def another(source):
        found = explored(source)
        (tmp_path / "program.py").write_text("print(2)\n", encoding="utf-8")
        return found

    with pytest.raises(AssertionError):
        check(Sample("differs", (3, 0), "print(1)\n"), tmp_path, another)


def test_the_names_are_of_programs():
    """Each name above is that of one program, and no two programs have the same."""
    names = [sample.name for sample in samples()]
    assert len(names) == len(set(names))
    assert set(names) >= set(REFUSED)


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
