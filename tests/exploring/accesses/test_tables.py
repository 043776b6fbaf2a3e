"""The tables say something of every name of every kind of object, or fail."""

from __future__ import annotations

import builtins
import datetime as dt
import fractions
import re
import struct
import sys
import types
from collections import Counter, OrderedDict, defaultdict, deque
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import PurePath, PurePosixPath

import pytest

from anyorder.exploring.accesses.builtins import BUILTINS
from anyorder.exploring.accesses.containers import COMMON, REFUSED
from anyorder.exploring.accesses.dicts import VIEWS, Views
from anyorder.exploring.accesses.finding import (
    CONTAINERS,
    NEVER_CHANGE,
    NEVER_CHANGE_BY_NAME,
    SHELLS,
)
from anyorder.exploring.accesses.library import OF_GENERICS

OBJECTS = [
    [1], {1: 2}, {1}, deque([1]), bytearray(b"a"), StringIO("a"), BytesIO(b"a"), OrderedDict(a=1),
    defaultdict(int), Counter("a"), {}.keys(), {}.values(), {}.items(),
]  # fmt: skip
# names of streams in memory that have to do with files, or say how they are written
OF_STREAMS = {
    "__annotations__", "__del__", "__dict__", "__enter__", "__exit__", "__next__", "_checkClosed",
    "_checkReadable", "_checkSeekable", "_checkWritable", "encoding", "errors", "line_buffering",
    "newlines",
}  # fmt: skip
PLAIN_ATTRIBUTES = {"maxlen", "__module__", "__weakref__", "__annotations__",
                    "__static_attributes__", "__firstlineno__", "__dict__",
                    "_keep_positive"}  # fmt: skip
# built-in names that are no functions, and no classes but exceptions
NO_FUNCTIONS = {"Ellipsis", "False", "None", "NotImplemented", "True", "_", "__debug__", "__doc__",
                "__builtins__", "__loader__", "__name__", "__package__", "__spec__"}  # fmt: skip
UNCHANGING = [
    True, b"a", 1j, 1.5, 3, range(3), slice(1), "a", ..., None, NotImplemented, Decimal(1), print,
    list[int], int | str, [].append, types.SimpleNamespace.__repr__, list.append, list.__add__,
    type.__dict__["__dict__"], property(), classmethod(print), staticmethod(print),
    dt.date(2026, 1, 1), dt.datetime(2026, 1, 1, tzinfo=dt.UTC), dt.time(1), dt.timedelta(1),
    dt.UTC, fractions.Fraction(1, 2), re.compile("a"), re.match("a", "a"), PurePosixPath("a"),
    re.compile("a").search, struct.Struct("b"),
]  # fmt: skip


def kind_of(thing):
    """Return the class that says how an object is followed."""
    if type(thing) in VIEWS:
        return Views
    return next(CONTAINERS[cls] for cls in type(thing).__mro__ if cls in CONTAINERS)


def unknown(thing, without=frozenset()):
    """Return the names of an object that no table has."""
    kind = kind_of(thing)
    known = {*kind.methods, *kind.special, *kind.fields, *COMMON, *REFUSED, *PLAIN_ATTRIBUTES}
    known |= OF_STREAMS if isinstance(thing, StringIO | BytesIO) else set()
    # methods of the class are followed as functions are
    known |= {
        one for one in dir(thing) if isinstance(getattr(getattr(thing, one), "__self__", 0), type)
    }
    return set(dir(thing)) - (known - set(without))


@pytest.mark.parametrize("thing", OBJECTS, ids=lambda thing: type(thing).__name__)
def test_every_method_of_a_container_is_in_a_table(thing):
    """What a new Python gives to a container is refused by name, and told of here."""
    assert unknown(thing) == set()


@pytest.mark.parametrize("thing", OBJECTS[:7], ids=lambda thing: type(thing).__name__)
def test_a_row_that_is_missing_is_told_of(thing):
    """Take any row out of the tables, and it is missed."""
    kind = kind_of(thing)
    for name in {*kind.methods, *kind.special} & set(dir(thing)) - COMMON:
        assert unknown(thing, {name}) == {name}


def test_a_method_in_no_table_is_refused(explored, monkeypatch):
    """By name and line, also where one thread alone has the container."""
    from anyorder.exploring import CannotExplore  # noqa: PLC0415 - it needs greenlet

    kind = CONTAINERS[list]
    monkeypatch.setattr(kind, "methods", {k: v for k, v in kind.methods.items() if k != "append"})
    with pytest.raises(CannotExplore, match=r"program.py:2: list.append does what is not known"):
        explored("x = []\nx.append(1)\n")


def functions():
    """Return the names of Python's built-in functions and classes."""
    return {
        name
        for name, value in vars(builtins).items()
        if not (isinstance(value, type) and issubclass(value, BaseException))
    } - NO_FUNCTIONS


def test_every_builtin_is_in_the_table():
    """And nothing else is."""
    assert functions() - set(BUILTINS) == set()
    only_site = {"copyright", "credits", "exit", "help", "license", "quit"}
    newer = {"__lazy_import__", "frozendict", "sentinel"} if sys.version_info < (3, 15) else set()
    assert set(BUILTINS) - functions() - only_site == newer


def test_a_builtin_that_is_missing_is_told_of(monkeypatch):
    """A new one, say."""
    monkeypatch.setattr(builtins, "brandnew", len, raising=False)
    assert functions() - set(BUILTINS) == {"brandnew"}


@pytest.mark.parametrize("thing", UNCHANGING, ids=lambda thing: type(thing).__name__)
def test_what_never_changes_does_not(thing):
    """It takes no attribute and no item, and no method without arguments changes its text."""
    cls = type(thing)
    name = f"{cls.__module__}.{cls.__qualname__}"
    known = cls in {*NEVER_CHANGE, *SHELLS, *OF_GENERICS} or name in NEVER_CHANGE_BY_NAME
    assert known or issubclass(cls, PurePath)
    text = repr(thing)
    if cls not in {property, classmethod, staticmethod}:  # these take some, and nobody asks them
        with pytest.raises((AttributeError, TypeError)):
            thing.brand_new = 1
    with pytest.raises((AttributeError, TypeError)):
        thing[0] = 1
    if callable(thing):
        return
    for name in dir(thing):
        if not name.startswith("_") and callable(getattr(thing, name)):
            try:
                getattr(thing, name)()
            except Exception:  # noqa: BLE001 - it wants arguments
                continue
            assert repr(thing) == text


def test_all_of_them_are_tried():
    """Each class in the list has an object above."""
    tried = {type(thing) for thing in UNCHANGING}
    left = {*NEVER_CHANGE, *SHELLS} - tried
    assert {cls.__name__ for cls in left} <= {"super", "method", "method-wrapper", "traceback",
                                              "classmethod_descriptor", "getset_descriptor",
                                              "member_descriptor", "Unknown"}  # fmt: skip
