"""Attributes that threads change, and that the library's own code reads unseen."""

from __future__ import annotations

import logging
import string
from collections import UserString

import pytest
from found_sets import texts

from anyorder.exploring import CannotExplore
from anyorder.exploring.accesses.unseen import read_by

BEGIN = """
    import argparse, dataclasses, logging, string, traceback
    from collections import UserString
    from functools import partialmethod
    from threading import Thread
    from typing import NewType
    class Task:
        pass
    class Kept(logging.Handler):
        def emit(self, record):
            print(record.getMessage())
    {made}
    def change():
        {change}
    def show():
        {show}
    threads = [Thread(target=change), Thread(target=show)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
"""


def program(made, change, show):
    """Return a program, in one thread of which is changed what another one looks at."""
    return BEGIN.format(made=made, change=change, show=show)


@pytest.mark.parametrize(
    ("made", "change", "show"),
    [
        ("it = string.Template('a')", "it.template = 'b'", "print(it.substitute())"),
        ("it = UserString('a')", "it.data = 'b'", "print(it)"),
        ("it = UserString('a')", "del it.data", "print(it == 'a')"),
        ("it = UserString('a')", "it.data = 'b'", "print(len(it))"),
        ("it = UserString('a')", "it.data = 'b'", "print('b' in it)"),
        ("it = UserString('a')", "it.data = 'b'", "print(it + 'c')"),
        ("it = UserString('a')", "it.data = 'b'", "print([*it])"),
        ("it = partialmethod(print)", "it.note = 1", "print(hasattr(it, 'note'))"),
        ("it = NewType('it', int)", "it.note = 1", "print(hasattr(it, 'note'))"),
        ("it = dataclasses.field()", "it.default = 1", "print(it)"),
        ("it = logging.makeLogRecord({'msg': 'a'})", "it.msg = 'b'", "print(it.getMessage())"),
    ],
)
def test_what_threads_share_is_refused_once_one_of_them_changes_it(explored, made, change, show):
    """All of them had one outcome, the last."""
    with pytest.raises(CannotExplore, match="threads share an object of"):
        explored(program(made, change, show))


@pytest.mark.parametrize(
    ("made", "change", "show", "message"),
    [
        (
            "class It(string.Template): pass\n    it = It('a')",
            "it.template = 'b'",
            "print(it.substitute())",
            "changing It.template, which string.Template reads,",
        ),
        (
            "class It(string.Template): pass",
            "It.pattern = None",
            "print(It('a').substitute())",
            "changing It.pattern, which string.Template reads,",
        ),
        (
            "class It(UserString): pass\n    it = It('a')",
            "it.data = 'b'",
            "print(it)",
            "changing It.data, which collections.UserString reads,",
        ),
        (
            "it = Kept(); logging.getLogger().addHandler(it)",
            "it.formatter = None",
            "logging.warning('a')",
            "changing Kept.formatter, which logging.Handler reads,",
        ),
        (
            "it = Kept(); logging.getLogger().addHandler(it)",
            "it.setLevel(50)",
            "logging.warning('a')",
            "logging's setLevel changes what all threads use",
        ),
        (
            "it = logging.StreamHandler(); logging.getLogger().addHandler(it)",
            "it.formatter = logging.Formatter('%(name)s')",
            "logging.warning('a')",
            "logging's formatter changes what all threads use",
        ),
    ],
)
def test_what_the_library_reads_is_not_changed_beside_threads(
    explored, made, change, show, message
):
    with pytest.raises(CannotExplore, match=message):
        explored(program(made, change, show))


@pytest.mark.parametrize(
    ("made", "change", "show", "expected"),
    [
        ("it = string.Template('a')", "pass", "print(it.substitute())", {"a\n"}),
        (
            "it = Kept(); logging.getLogger().addHandler(it); it.seen = 0",
            "it.seen += 1",
            "print(it.seen)",
            {"0\n", "1\n"},
        ),
        (
            "it = string.Template('a'); it.template = 'b'",
            "own = string.Template('c'); own.template = 'd'",
            "print(it.substitute())",
            {"b\n"},
        ),
        (
            "it = argparse.Namespace(a=1)",
            "it.b = 2",
            "print('b' in it, 'a' in it)",
            {"False True\n", "True True\n"},
        ),
    ],
)
def test_what_nobody_reads_unseen_is_explored(explored, made, change, show, expected):
    """That a namespace of ``argparse`` has an attribute was seen as it was at first."""
    found = explored(program(made, change, show))
    assert found.complete
    assert texts(found) == expected


@pytest.mark.parametrize(
    ("made", "expected"),
    [("Value('i', 0)", {"1\n", "2\n"}), ("RawValue('i', 0)", {"1\n", "2\n"})],
)
def test_what_processes_share_is_set_by_events(explored, made, expected):
    found = explored(f"""
        from multiprocessing import RawValue, Value
        from threading import Thread
        it = {made}
        def add():
            it.value += 1
        threads = [Thread(target=add) for _ in range(2)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
        print(it.value)
    """)
    assert texts(found) == expected


@pytest.mark.parametrize(
    ("cls", "names"),
    [
        (string.Template, {"template", "pattern"}),
        (UserString, {"data"}),
        (logging.Handler, {"level", "formatter", "lock"}),
        (logging.LoggerAdapter, {"extra", "logger"}),
        (Exception, set()),
    ],
)
def test_the_attributes_that_the_library_reads_are_known(cls, names):
    """They are found in its code, in whichever Python."""
    assert names <= read_by(cls)
    assert bool(names) == bool(read_by(cls))
