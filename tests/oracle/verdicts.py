"""What is said of a program: that its set holds what the oracle showed, or what it misses."""

import re
import sys
from collections import Counter
from dataclasses import dataclass, field

from answering import SilentError

from anyorder.outcomes.placeholders import stands_for
from anyorder.running import find_interpreters, this_interpreter

__all__ = [
    "HAS_GIL", "Verdict", "explored_of", "free_threaded", "held_by_hungry_runs",
    "held_by_plain_runs", "judged", "judged_by_gil", "reachable", "reason", "shown_of", "told",
]  # fmt: skip


def free_threaded(found=None):
    """Return the path of a free-threaded Python, of this version or else the newest; or nothing.

    Args:
        found: the Pythons that there are, in the order of their versions
    """
    found = find_interpreters()[0] if found is None else found
    free = [each for each in found if each.free_threaded]
    minor = this_interpreter().version.split(".")[1]
    own = [each for each in free if each.version.split(".")[1] == minor]
    return next((str(each.path) for each in reversed(own or free)), None)


HAS_GIL = getattr(sys, "_is_gil_enabled", lambda: True)()
LOST_THREAD = re.compile(r"KeyError: \d{9,}")
BARE_ASSERTION = "AssertionError"
HINT = re.compile(r"\. Did you (mean|forget to import)\b.*")


@dataclass
class Verdict:
    """What holds of one program.

    Args:
        kind: ``held``; ``refused``; ``limit``, where its set is not called complete; ``missed``,
            where something can happen that a complete set does not have; ``failed``, where the
            explorer ended in an error of its own, or not at all; ``unreachable``, where a build
            with a GIL shows what is said to be out of its reach; or ``unjudged``, where the oracle
            did
        missed: the outcomes that a complete set lacks, or that are called unreachable
        said: the explorer's words, or the oracle's
        explored: the explorer's outcomes
    """

    kind: str
    missed: list = field(default_factory=list)
    said: str = ""
    explored: list = field(default_factory=list)

    @property
    def fault(self):
        """Whether the explorer is wrong."""
        return self.kind in {"missed", "failed", "unreachable"}


def explored_of(explorer, source, seconds=3):
    """Return what the explorer says of a program; an error of its own where it falls silent."""
    try:
        return explorer.ask(source=source, seconds=seconds)
    except SilentError as silence:
        return {"failed": f"the explorer is gone: {silence}"}


def shown_of(oracle, source, **how):
    """Return what the oracle shows of a program.

    From 3.15 on, its own copy of ``threading`` may not find a thread in its table by its number,
    which is nothing that the program does. Up to 3.12 ``threading`` asserts, as it finds a thread
    ended, that no other thread is just finding the same: that it may, is what Python promises.
    """
    try:
        shown = oracle.ask(source=source, **how)
    except SilentError as silence:
        return {"failed": f"the oracle is gone: {silence}"}
    asserts = "assert" in source
    shown["outcomes"] = [
        one
        for one in shown.get("outcomes", ())
        if not LOST_THREAD.fullmatch(one[0][3]) and (asserts or one[0][3] != BARE_ASSERTION)
    ]
    return shown


def judged(explored, show):
    """Judge an exploration.

    Args:
        explored: what the explorer says
        show: returns what the oracle shows, which is asked only where it matters
    """
    if "failed" in explored:
        return Verdict("failed", said=explored["failed"])
    if "refused" in explored:
        return Verdict("refused", said=explored["refused"])
    if not explored["complete"]:
        return Verdict("limit", said=explored["limit"])
    shown = show()
    if "failed" in shown:
        return Verdict("unjudged", said=shown["failed"])
    possible = [without_hint(outcome) for outcome in explored["outcomes"]]
    missed = [
        outcome
        for outcome, _ in shown["outcomes"]
        if not is_among(outcome, possible) and outcome[1] != "never"
    ]  # that a run has not ended yet does not say that it never would
    kind = "missed" if missed else "held"
    return Verdict(kind, missed, explored=explored["outcomes"])


def is_among(outcome, possible):
    """Tell whether an outcome is one of those that are possible, which may have placeholders."""
    text, ends, code, error = without_hint(outcome)
    return any(
        (ends, code) == tuple(each[1:3])
        and stands_for(each[0], text)
        and stands_for(each[3], error)
        for each in possible
    )


def judged_by_gil(explored, show, to="pipe"):
    """Judge what an exploration says of a build with a GIL of this Python.

    Args:
        explored: what the explorer says
        show: returns what such a build shows, which is asked only where it matters
        to: where the output goes
    """
    if not explored.get("complete"):
        return judged(explored, show)
    verdict = judged(explored | {"outcomes": reachable(explored, to)}, show)
    if verdict.kind == "missed":
        verdict.explored = explored["outcomes"]
        possible = [without_hint(outcome) for outcome in explored["outcomes"]]
        lacked = [outcome for outcome in verdict.missed if not is_among(outcome, possible)]
        verdict.missed = lacked or verdict.missed
        verdict.kind = "missed" if lacked else "unreachable"
    return verdict


def reachable(explored, to="pipe"):
    """Return the outcomes that a build with a GIL of this Python is said to reach."""
    pairs = zip(explored["outcomes"], explored["reachable"], strict=True)
    return [outcome for outcome, where in pairs if where.get(to, True)]


def without_hint(outcome):
    """Return an outcome without the hint after its error, which not all the oracles know."""
    return [*outcome[:3], HINT.sub("", outcome[3])]


def held_by_plain_runs(explored, plain, source, judge=judged, **how):
    """Judge an exploration by plain runs, for which another version of Python may do.

    So the texts of errors, in which versions differ, are left out. A program that may be stuck is
    not run: that takes long to tell from a slow run.
    """
    outcomes = explored.get("outcomes", ())
    if any(outcome[1] != "exit" for outcome in outcomes):
        return Verdict("limit", said="a run may be stuck")

    def show():
        shown = shown_of(plain, source, **({"runs": 100, "limit": 30} | how))
        if "outcomes" in shown:
            shown["outcomes"] = [[[*one[:3], ""], count] for one, count in shown["outcomes"]]
        return shown

    return judge(explored | {"outcomes": [[*one[:3], ""] for one in outcomes]}, show)


def held_by_hungry_runs(explored, plain, source, runs=30):
    """Judge what is said of a build with a GIL by real runs of this Python, if it has one."""
    return held_by_plain_runs(explored, plain, source, judged_by_gil, runs=runs, hungry=2, limit=20)


def reason(said):
    """Return why a program was refused, without what is its own: names and places."""
    said = re.sub(r"^program\.py(:\d+)?: ", "", said)
    said = re.sub(r"\b(v\d+|(x|it|home|Home|Below|reach)\d|the_\w+)\b", "_", said)
    return re.sub(r"in line \d+|\d[\d,]*", "N", said)


def told(counts):
    """Return the counts of reasons as lines, most frequent first."""
    return [f"{number:6} {what}" for what, number in Counter(counts).most_common()]
