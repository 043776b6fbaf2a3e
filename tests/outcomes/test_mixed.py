"""Runs in which threads mixed their lines are held against outcomes by the pieces alone."""

from __future__ import annotations

from itertools import accumulate
from random import Random

import pytest

from anyorder.outcomes.mixed import Written, is_mixed

FIRST = """\
Exception in thread Thread-1 (fail):
Traceback (most recent call last):
  File "program.py", line 4, in fail
ValueError: no x
"""
SECOND = """\
Traceback (most recent call last):
  File "program.py", line 7, in <module>
  File "program.py", line 4, in fail
ValueError: no y
"""
CHAIN = """\
Exception in thread Thread-2 (work):
Traceback (most recent call last):
  File "program.py", line 5, in work
KeyError: 'a'

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "program.py", line 7, in work
one.Refused: ('a', 1)
a note
"""
GROUP = """\
  + Exception Group Traceback (most recent call last):
  |   File "program.py", line 9, in <module>
  | ExceptionGroup: two (2 sub-exceptions)
  +-+---------------- 1 ----------------
    | Traceback (most recent call last):
    |   File "program.py", line 4, in fail
    | ValueError: ^ | ~
    +---------------- 2 ----------------
    | KeyError: 1
    +------------------------------------
"""
# as Python 3.11 writes them: a line of the source in pieces, what underlines it sign by sign
TORN = """\
Exception in thread Thread-1 (fail)Traceback (most recent call last):
:
Traceback (most recent call last):
  File "program.py", line 7, in <module>
  File "program.py", line 4, in fail
        fail("y")raise ValueError(word)

     ^  File "program.py", line 4, in fail
^    ^raise ValueError(word)
^
^ValueErrorValueError: no y
: no x
"""
SOURCES = ('fail("y")', "raise ValueError(word)", "raise ValueError(word)")


def pieces(text):
    """Yield what Python writes of a traceback at once, where that is little."""
    for line in text.splitlines(keepends=True):
        head, colon, rest = line.partition(": ")
        if line.startswith("Exception in thread "):
            yield from ("Exception in thread ", line[20:-2], ":\n")
        elif colon and "File" not in line:
            yield from (head, colon, rest.removesuffix("\n"), "\n")
        else:
            yield line


def shuffled(seed, *texts):
    """Return texts whose pieces come one between the other."""
    random = Random(seed)
    lanes = [list(pieces(text)) for text in texts]
    found = ""
    while any(lanes):
        found += random.choice([lane for lane in lanes if lane]).pop(0)
    return found


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize(
    "texts",
    [(FIRST, SECOND), (FIRST, CHAIN), (FIRST, GROUP), (FIRST, SECOND, CHAIN), (FIRST, "main 1\n")],
    ids=["two", "chain", "group", "three", "print"],
)
def test_pieces_in_any_order(texts, seed):
    assert is_mixed(Written(shuffled(seed, *texts)), "".join(texts))


def test_pieces_of_source_lines():
    assert is_mixed(Written(TORN, SOURCES), FIRST + SECOND)
    assert is_mixed(Written(TORN, SOURCES), SECOND + FIRST)


@pytest.mark.parametrize(
    ("wrong", "instead"),
    [
        ("no x", "no z"),  # another text
        ("ValueError", "TypeError"),  # another exception
        ("no x", ""),  # a line that breaks off
        ("line 7", "line 8"),  # another frame
        ("<module>", "fail"),
        ("Thread-1", "Thread-2"),  # another thread
        (":\nTraceback (most recent call last):\n", ":\n"),  # a header too few
        ("  File", '  File "program.py", line 4, in fail\n  File'),  # a frame too many
        ('  File "program.py", line 7, in <module>\n', ""),  # and one too few
        (": no x\n", ": no x\nValueError: no x\n"),  # an exception twice
        ("^\n^", "^\n^!"),  # what nobody wrote
        ('fail("y")', "fail('y')"),  # another source line
    ],
)
def test_what_is_another_is_refused(wrong, instead):
    assert wrong in TORN
    assert not is_mixed(Written(TORN.replace(wrong, instead, 1), SOURCES), FIRST + SECOND)


def test_what_lacks_or_has_too_much_is_refused():
    for seed in range(20):
        both = Written(shuffled(seed, FIRST, SECOND))
        assert not is_mixed(both, FIRST)
        assert not is_mixed(both, FIRST + SECOND + CHAIN)
        assert not is_mixed(both, FIRST + FIRST)
        assert not is_mixed(both, FIRST + SECOND.replace("no y", "no x"))
    assert not is_mixed(Written(TORN), FIRST + SECOND)
    assert not is_mixed(Written(TORN, (*SOURCES, "once more")), FIRST + SECOND)


def test_words_that_belong_together_stay_in_their_order():
    mixed = "ValueError: no yException in thread Thread-1 (fail)"
    assert not is_mixed(Written("no y: ValueError\n" + FIRST), FIRST + "ValueError: no y\n")
    assert is_mixed(Written(FIRST.replace("Exception in thread Thread-1 (fail)", mixed)),
                    FIRST + "ValueError: no y\n")  # fmt: skip


@pytest.mark.parametrize("text", [FIRST + SECOND, SECOND + FIRST])
def test_whole_tracebacks_are_not_mixed(text):
    """An order of theirs that is not possible stays a fault."""
    assert not is_mixed(Written(text), FIRST + SECOND)


@pytest.mark.parametrize("other", [FIRST, SECOND, CHAIN, GROUP, "main 1\n"])
@pytest.mark.parametrize("whole", [FIRST, SECOND, CHAIN, GROUP])
def test_wherever_another_comes_between(whole, other):
    """A traceback between any two pieces of another one is seen to be there."""
    places = [*accumulate(map(len, pieces(whole)))][:-1]
    lacking = [
        place
        for place in places
        if not is_mixed(Written(whole[:place] + other + whole[place:]), whole + other)
    ]
    assert lacking == []


def test_it_ends_where_too_much_is_alike():
    """Lines of many equal pieces have too many ways to be told: they are taken for none."""
    assert not is_mixed(Written("a b " * 400 + "c"), "a b a b\n" * 200 + "d")
