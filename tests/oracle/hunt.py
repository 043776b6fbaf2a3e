"""Looks for programs of which the explorer is wrong, until it is stopped.

``python tests/oracle/hunt.py`` goes on where it was stopped. Each random program is explored, and
run by the oracle; what is outside of a set that is called complete is shortened to a few lines and
kept, with what was missed, in the folder ``build/hunt``. So is what a build with a GIL shows, by
the oracle that switches as it does or by itself, and is said not to reach.
"""

import argparse
import json
import sys
import time
from collections import Counter
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from answering import Answering
from grammar import program
from shrinking import shrunk
from verdicts import (
    HAS_GIL,
    explored_of,
    free_threaded,
    held_by_hungry_runs,
    held_by_plain_runs,
    judged,
    judged_by_gil,
    reason,
    shown_of,
    told,
)

from anyorder.outcomes import StdoutTo

FOLDER = Path(__file__).parents[2] / "build/hunt"
SAVED_EVERY = 20  # programs
WITHIN = ("copy",)  # modules of the library that go through a program's objects, in Python


class Hunt:
    """A hunt, which goes on where it was stopped.

    Args:
        folder: where its state and what it finds are kept
        explorer: answers what is possible
        oracle: answers what happens
        schedules: how many schedules the oracle tries for each program
        free: answers what a free-threaded Python shows, where there is one
        gil: answers what a build with a GIL shows, where that is asked
        hungry: answers what this Python shows, which has one, beside threads that only want it
    """

    def __init__(  # noqa: PLR0913, PLR0917 - as many as there are to ask
        self, folder, explorer, oracle, schedules, free=None, gil=None, hungry=None
    ):
        self.folder, self.explorer, self.oracle, self.free = folder, explorer, oracle, free
        self.gil, self.hungry = gil, hungry
        self.schedules = schedules
        folder.mkdir(parents=True, exist_ok=True)
        self.state = {"next": 0, "verdicts": {}, "refusals": {}}
        if self.saved.exists():
            self.state = json.loads(self.saved.read_text())

    @property
    def saved(self):
        """Where its state is kept."""
        return self.folder / "state.json"

    def save(self):
        """Save where the hunt is."""
        new = self.saved.with_suffix(".new")
        new.write_text(json.dumps(self.state, indent=1))
        new.replace(self.saved)

    def by_oracle(self, source, schedules, *, briefly=False):
        """Judge a program by the oracle; where it is brief, one missed outcome is enough."""
        explored = explored_of(self.explorer, source)
        how = {"runs": schedules, "within": [name for name in WITHIN if f"{name}." in source]}
        if briefly:
            how["known"] = explored.get("outcomes")
        return judged(explored, lambda: shown_of(self.oracle, source, **how))

    def by_plain_runs(self, source):
        """Judge a program by a free-threaded Python."""
        return held_by_plain_runs(explored_of(self.explorer, source), self.free, source)

    def by_gil(self, source):
        """Judge what is said of a build with a GIL, by the oracle that switches as it does."""
        explored = explored_of(self.explorer, source)
        for to in map(str, StdoutTo):
            show = partial(shown_of, self.gil, source, runs=self.schedules, to=to)
            verdict = judged_by_gil(explored, show, to)
            if verdict.fault:
                break
        return verdict

    def by_hungry_runs(self, source):
        """Judge what is said of a build with a GIL, by this Python."""
        return held_by_hungry_runs(explored_of(self.explorer, source), self.hungry, source)

    def others(self):
        """Return what else to judge a program by, of which the oracle holds."""
        ways = (self.free, self.by_plain_runs), (self.gil, self.by_gil)
        ways += ((self.hungry, self.by_hungry_runs),)
        return [judge for asked, judge in ways if asked is not None]

    def step(self):
        """Judge the next program, and keep what is found; return its verdict."""
        seed = self.state["next"]
        source = program(seed)
        verdict = self.by_oracle(source, self.schedules)
        if verdict.kind == "held":
            for judge in self.others():
                other = judge(source)
                if other.kind in {"missed", "unreachable"}:
                    verdict = other
                    self.keep(seed, source, other, judge)
                    break
        elif verdict.fault or verdict.kind == "unjudged":
            brief = partial(self.by_oracle, schedules=self.schedules, briefly=True)
            self.keep(seed, source, verdict, brief)
        self.count("verdicts", verdict.kind)
        if verdict.kind == "refused":
            self.count("refusals", reason(verdict.said))
        self.state["next"] = seed + 1
        if seed % SAVED_EVERY == 0 or verdict.fault:
            self.save()
        return verdict

    def keep(self, seed, source, verdict, judge):
        """Shorten a program as long as it is judged alike, and keep it with its verdict."""
        ways = ways_to_end(verdict)

        def holds(text):
            other = judge(text)
            return other.kind == verdict.kind and (not ways or bool(ways & ways_to_end(other)))

        short = shrunk(source, holds)
        if short != source:
            verdict = judge(short)
        path = self.folder / f"{verdict.kind}_{seed}.py"
        path.write_text(short)
        path.with_suffix(".txt").write_text(account(verdict))

    def count(self, what, word):
        """Count a word."""
        counts = self.state[what]
        counts[word] = counts.get(word, 0) + 1


def ways_to_end(verdict):
    """Return how what was missed ends, so that a fault is not taken for another one."""
    return {("0x" in outcome[0], *outcome[1:]) for outcome in verdict.missed}


def account(verdict):
    """Return what is wrong, in words."""
    lines = [f"{verdict.kind} {verdict.said}".strip()]
    lacks = "the set that is called complete lacks"
    if verdict.kind == "unreachable":
        lacks = "a build with a GIL is said not to reach"
    lines += ["", f"Python showed, and {lacks}:"] if verdict.missed else []
    lines += [f"    {outcome}" for outcome in verdict.missed]
    lines += ["", "The set:"] if verdict.explored else []
    lines += [f"    {outcome}" for outcome in verdict.explored]
    return "\n".join(lines) + "\n"


def main(words=None):
    """Hunt, and say what was found; the status is 1 where anything was."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where it keeps its state")
    parser.add_argument("--first", type=int, help="begin with this seed, whatever was done before")
    parser.add_argument("--programs", type=int, help="stop after so many; else it goes on")
    parser.add_argument("--schedules", type=int, default=100, help="of the oracle, a program")
    asked = parser.parse_args(words)
    with ExitStack() as stack:
        explorer = stack.enter_context(Answering("explored.py", limit=20))
        oracle = stack.enter_context(Answering("opcode_oracle.py"))
        python = free_threaded()
        free = python and stack.enter_context(Answering("plain_runs.py", python))
        gil = hungry = None
        if HAS_GIL:
            gil = stack.enter_context(Answering("gil_oracle.py"))
            hungry = stack.enter_context(Answering("plain_runs.py"))
        hunt = Hunt(asked.folder, explorer, oracle, asked.schedules, free, gil, hungry)
        if asked.first is not None:
            hunt.state["next"] = asked.first
        began, done, faults = time.monotonic(), 0, 0
        try:
            while asked.programs is None or done < asked.programs:
                verdict = hunt.step()
                done += 1
                faults += verdict.fault
                if verdict.fault:
                    print(f"{hunt.state['next'] - 1}: {verdict.kind}", flush=True)
        except KeyboardInterrupt:
            print()
        finally:
            hunt.save()
    print(f"{done} programs in {time.monotonic() - began:.0f} s")
    for line in told(Counter(hunt.state["verdicts"])) + told(Counter(hunt.state["refusals"])):
        print(line)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
