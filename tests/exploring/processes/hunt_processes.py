"""Provokes real runs of programs that start processes, until it is stopped.

``python tests/exploring/processes/hunt_processes.py`` goes on where it was stopped. Each program,
one of the site or a random one, is explored and run for real, with sleeps at random before its
lines, in one setting after another; what lies outside of a set that is called complete is kept in
the folder ``build/hunt-processes``.
"""

from __future__ import annotations

import argparse
import itertools
import json
import re
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from process_programs import program
from provoked import provoked_run

from anyorder.checking.mixing import Whole
from anyorder.checking.possible import is_possible
from anyorder.checking.program import starts_processes
from anyorder.exploring import CannotExplore, explore
from anyorder.outcomes import Ends, OutcomeFile, Setting, StartMethod, StdoutTo
from anyorder.outcomes.tracebacks import HEADER
from anyorder.running import this_interpreter

__all__ = ["SETTINGS", "Hunt", "Verdict", "fair_run", "judged", "site_programs"]

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "build/hunt-processes"
SETTINGS = list(itertools.product(StartMethod, [StdoutTo.PIPE, StdoutTo.UNBUFFERED]))
SHORT, LONG = 2.0, 60.0  # seconds that a run may take: where it may hang, and where it may not
MOST_EXECUTIONS = 1_500


@dataclass
class Verdict:
    """What came of a program in one setting.

    Args:
        kind: ``held``, ``outside``, ``refused`` or ``too large``
        said: the reason, where it was not run
        outside: what runs came to and is not in the set
        runs: how many there were
    """

    kind: str
    said: str = ""
    outside: list = field(default_factory=list)
    runs: int = 0
    possible: list = field(default_factory=list)


def judged(path, method, to, seeds, look=explore):
    """Explore a program, run it once for each seed, and hold what is seen against what is possible.

    Args:
        path: its file
        method: how its children begin
        to: where its output goes
        seeds: what the sleeps are drawn from
        look: explores it
    """
    try:
        found = look(path, start_method=method, stdout_to=to, max_executions=MOST_EXECUTIONS)
    except CannotExplore as error:
        return Verdict("refused", error.message)
    if not found.complete:
        return Verdict("too large", found.limit)
    setting = Setting(this_interpreter(), method, to)
    whole = Whole([found])
    runs = [
        whole.of(fair_run(path, setting, found, seed, library=bool(seed % 2)), setting)
        for seed in seeds
    ]
    outside = [one for one in runs if not is_possible(one, found) and not torn(one)]
    kind = "outside" if outside else "held"
    return Verdict(kind, "", outside, len(seeds), [each.outcome for each in found.outcomes])


def fair_run(path, setting, found, seed, *, library):
    """Return what a provoked run comes to, which a busy machine does not cut short.

    Where the program may hang, most runs that do not end soon never do; one of which that is not
    possible has as long as any other.

    Args:
        path: the program's file
        setting: where it runs
        found: what is possible
        seed: what the sleeps are drawn from
        library: whether the library's own lines have sleeps too
    """
    may_hang = any(outcome.ends is not Ends.EXIT for outcome in found.outcome_set)
    for limit in (SHORT, LONG) if may_hang else (LONG,):
        outcome = provoked_run(path, setting, seed, library=library, timeout=limit)
        if is_possible(outcome, found) or outcome.ends is not Ends.UNENDED:
            break
    return outcome


def torn(outcome):
    """Whether processes wrote within the lines of one another's tracebacks.

    What is left of the frames of the library cannot be told from lines of the program then, so
    such a run says nothing. Of whole lines, no underline is ever left, and no header that does
    not begin its line.
    """
    return re.search(rf"^[\^~ ]+$|^.+{re.escape(HEADER)}", outcome.stderr, re.MULTILINE) is not None


def site_programs():
    """Return the programs of the site that start processes and are explored."""
    return [
        path
        for path in sorted((ROOT / "src/examples").rglob("*.py"))
        if path.with_suffix(".toml").exists()
        and starts_processes(path.read_text(encoding="utf-8"))
        and OutcomeFile.read(path.with_suffix(".toml")).unexplored is None
    ]


class Hunt:
    """A hunt, which goes on where it was stopped.

    Args:
        folder: where its state and what it finds are kept
        runs: how often each program is run in a setting
        site: how many of the programs are the site's: one in so many
    """

    def __init__(self, folder, runs, site=6):
        self.folder, self.runs, self.site = folder, runs, site
        self.paths = site_programs()
        folder.mkdir(parents=True, exist_ok=True)
        self.state = {"next": 0, "runs": {}, "verdicts": {}, "refusals": {}}
        if self.saved.exists():
            self.state = json.loads(self.saved.read_text())

    @property
    def saved(self):
        """Where its state is kept."""
        return self.folder / f"state-{sys.version_info.major}.{sys.version_info.minor}.json"

    def save(self):
        """Save where the hunt is."""
        new = self.saved.with_suffix(".new")
        new.write_text(json.dumps(self.state, indent=1))
        new.replace(self.saved)

    def step(self, look=explore):
        """Judge the next program in the next setting, and return its verdict."""
        number = self.state["next"]
        method, to = SETTINGS[number % len(SETTINGS)]
        turn = number // len(SETTINGS)
        if turn % self.site == 0 and self.paths:
            path = self.paths[turn // self.site % len(self.paths)]
        else:
            path = self.folder / f"program_{turn}.py"
            path.write_text(program(turn))
        seeds = [number * self.runs + run for run in range(self.runs)]
        verdict = judged(path, method, to, seeds, look)
        self.count("verdicts", verdict.kind)
        if verdict.kind == "refused":
            self.count("refusals", verdict.said)
        if verdict.runs:
            self.count("runs", f"{method} {to}", verdict.runs)
        if verdict.kind == "outside":
            account = [f"{path.name} {method} {to}", *map(repr, verdict.outside), "", "The set:"]
            account += map(repr, verdict.possible)
            kept = self.folder / f"outside_{turn}_{method}_{to}.txt"
            kept.write_text("\n".join([path.read_text(), *account, ""]))
        if path.parent == self.folder:
            path.unlink()
        self.state["next"] = number + 1
        self.save()
        return verdict

    def count(self, what, word, number=1):
        """Count a word."""
        self.state[what][word] = self.state[what].get(word, 0) + number

    def told(self):
        """Return what was done so far, in words."""
        total = sum(self.state["runs"].values())
        lines = [f"{total} runs of {self.state['next']} programs in their settings"]
        for what in ("runs", "verdicts", "refusals"):
            counts = Counter(self.state[what]).most_common(20)
            lines += [f"{what}:", *(f"    {number:6} {word}" for word, number in counts)]
        return "\n".join(lines)


def main(words=None):
    """Hunt, and say what was found; the status is 1 where anything was."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where it keeps its state")
    parser.add_argument("--first", type=int, help="begin with this one, whatever was done before")
    parser.add_argument("--runs", type=int, default=5, help="of each program in a setting")
    parser.add_argument("--most", type=int, help="stop after so many runs in all; else it goes on")
    asked = parser.parse_args(words)
    hunt = Hunt(asked.folder, asked.runs)
    if asked.first is not None:
        hunt.state["next"] = asked.first
    shown = time.monotonic()
    try:
        while asked.most is None or sum(hunt.state["runs"].values()) < asked.most:
            verdict = hunt.step()
            if verdict.kind == "outside" or time.monotonic() - shown > 60:
                shown = time.monotonic()
                print(f"{verdict.kind}: {hunt.told()}", flush=True)
    except KeyboardInterrupt:
        pass
    print(hunt.told())
    return 1 if hunt.state["verdicts"].get("outside") else 0


if __name__ == "__main__":
    sys.exit(main())
