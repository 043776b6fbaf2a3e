"""The table of names on the page of the second interpreter is true of both modules."""

import multiprocessing
import re
import threading
from operator import attrgetter
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs/two-ways/second-interpreter.md"
ROW = re.compile(r"^\| `([\w.]+)` \| `([\w.]+)` \| .+ \|$", re.MULTILINE)


def wrong_names(table):
    """Return what a table names that is in no module, or is another kind of thing in each."""
    wrong = []
    for in_threading, in_multiprocessing in ROW.findall(table):
        pair = []
        for module, name in ((threading, in_threading), (multiprocessing, in_multiprocessing)):
            try:
                pair.append(attrgetter(name)(module))
            except AttributeError:
                wrong.append(f"{module.__name__}.{name}")
        if len(pair) == 2 and callable(pair[0]) != callable(pair[1]):
            wrong.append(f"{in_threading} and {in_multiprocessing} differ in kind")
    return wrong


def test_the_names_of_the_page_are_there():
    _, _, section = PAGE.read_text().partition("\n## The same names\n")
    table, _, _ = section.partition("\n## ")
    assert len(ROW.findall(table)) >= 9
    assert wrong_names(table) == []


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        ("| `Thread` | `Proces` | x |", ["multiprocessing.Proces"]),
        ("| `Thread.begin` | `Process.start` | x |", ["threading.Thread.begin"]),
        (
            "| `Thread.daemon` | `Process.start` | x |",
            ["Thread.daemon and Process.start differ in kind"],
        ),
    ],
)
def test_a_wrong_row_is_refused(row, wrong):
    assert wrong_names(row) == wrong
