"""Placeholders stand for what differs in each run, and for nothing else."""

from __future__ import annotations

import datetime as dt
import time

import pytest

from anyorder.outcomes import Ends, Outcome
from anyorder.outcomes.placeholders import Placeholders

MATCH = [
    ("took <time> s", "took 0.12 s"),
    ("took <time> s", "took 1.2e-05 s"),
    ("<time> a", f"{time.ctime(0)} a"),
    ("<time> a", f"{time.strftime('%A, %d %B %Y, %I:%M %p', time.gmtime(0))} a"),
    ("<time>", repr(dt.datetime(2026, 1, 2, 3, 4, tzinfo=dt.UTC))),
    ("<time>", dt.datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=dt.UTC).isoformat()),
    ("<time>", str(dt.timedelta(2, 3.5))),
    ("<time>", "2026-11-29 15:08:12,123"),
    ("[<time>, <time>]", "[0.1, 0.2]"),
    ("<random> of 6", "-3 of 6"),
    ("<__main__.A object at <address>>", "<__main__.A object at 0x7f00aa>"),
    ("A@<address>", "A@7f00aa"),
    ("pid=<1> parent=<2> pid=<1>", "pid=12 parent=7 pid=12"),
    ("a<b>", "a<b>"),
    ("on <computer>, <computer>", "on 3.14.2 (main, Jan 1 2026) [GCC 12.2.0], vm"),
    ("<uuid> <uuid>", "fe8c2a5a-5ce4-4f42-bb73-7ec1b0b0a7f0 UUID('00-00')"),
]
DIFFER = [
    ("took <time> s", "took long s"),
    ("took <time> s", "took  s"),
    ("took <time> s", "took 0.1\n s"),
    ("took <time> s\n", "took 0.1 s and more\n"),
    ("<random> of 6", "15:08 of 6"),
    ("pid=<1> parent=<2>", "pid=12 parent=12"),
    ("pid=<1> pid=<1>", "pid=12 pid=13"),
    ("at <address>>", "at home>"),
    ("on <computer>", "on "),
    ("<uuid>", "none"),
]


@pytest.mark.parametrize(("template", "text"), MATCH)
def test_stands_for(template, text):
    known = Outcome(f"{template}\n")
    assert Placeholders([Outcome("other\n"), known]).put_into(Outcome(f"{text}\n")) == known
    failed = Outcome("", f"{template}\n", 1)
    assert Placeholders([known, failed]).put_into(Outcome("", f"{text}\n", 1)) == failed


@pytest.mark.parametrize(("template", "text"), DIFFER)
def test_stands_for_nothing_else(template, text):
    observed = Outcome(text)
    assert Placeholders([Outcome(template)]).put_into(observed) == observed


def test_how_a_run_ends_counts():
    known = Outcome("<time>\n", exit=None, ends=Ends.DEADLOCK)
    placeholders = Placeholders([known])
    ended = Outcome("1.5\n")
    assert placeholders.put_into(ended) == ended
    unended = Outcome("1.5\n", exit=None, ends=Ends.UNENDED)
    assert placeholders.put_into(unended) == Outcome("<time>\n", exit=None, ends=Ends.UNENDED)


def test_what_is_there_as_it_is_comes_first():
    known = [Outcome("<1>\n"), Outcome("5\n")]
    assert Placeholders(known).put_into(known[1]) == known[1]
