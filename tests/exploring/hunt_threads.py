"""Provokes real runs of programs with threads, and holds them against what is reachable.

``python tests/exploring/hunt_threads.py`` goes on where it was stopped. Each program with threads
that is explored, those of the site and the samples, is run so many times on this Python: in fresh
processes, with cold code, at a switch interval of 1 µs, and beside threads that only want the GIL.
What comes has to be reachable on that version and build, for where its output goes. A file for each
Python, in the folder ``build/provoke``, keeps what came, how often, and how much of what is
reachable that is. ``nox -s provoke -- threads`` does so on every Python; with
``--folder=tests/exploring/provoked`` it renews the record that tests hold.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import json
import platform
import sys
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

from anyorder.checking import counted, described, settings_for
from anyorder.checking.exploration import explored
from anyorder.checking.possible import may_be
from anyorder.checking.program import files_of, starts_processes
from anyorder.checking.record import outcome_as_json, today_here
from anyorder.checking.writing import write_whole
from anyorder.exploring import CannotExplore
from anyorder.outcomes import Ends, Outcome, OutcomeFile, StdoutTo
from anyorder.outcomes.tracebacks import HEADER
from anyorder.running import Before, Job, find_interpreters, observe, run, this_interpreter

__all__ = [
    "Hunt",
    "Kept",
    "Verdict",
    "company",
    "held",
    "hurry",
    "imported",
    "main",
    "programs",
    "reachable",
    "spoken_for",
    "starts_threads",
    "wrong_in",
]

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "build/provoke"
HURRYING = Path(__file__).with_name("hurrying")
SAMPLES = Path(__file__).with_name("samples") / "sets"
RUNS = 300  # of each program on each Python, shared out among the settings that matter to it
BATCH = 16  # runs between two times that what came is saved
SHORT, LONG = 10.0, 60.0  # seconds that a run may take: where it may hang, and where it may not
MOST_UNENDED = 4  # in one setting; more would say nothing new
TELLING = 60.0  # seconds between two times that it says how far it is
THREAD = "Exception in thread"  # how the line begins that names the one that failed
EXPLORES_FREE_THREADED = 14  # minor version from which greenlet has wheels for free-threaded builds


def starts_threads(source):
    """Tell whether a program imports or names what starts threads."""
    words = {"_thread", "threading", "ThreadPoolExecutor"}
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                found = {alias.name for alias in names}
            case ast.ImportFrom(module=module, names=names):
                found = {module, *(alias.name for alias in names)}
            case ast.Attribute(attr=name) | ast.Name(id=name):
                found = {name}
            case _:
                continue
        if found & words:
            return True
    return False


def imported(source):
    """Return the modules of the library that a program imports, with what it takes from each.

    They are imported before the hurry begins: in the midst of it, importing takes most of a run.
    """
    for node in ast.parse(source).body:
        match node:
            case ast.Import(names=names):
                found = {alias.name: [] for alias in names}
            case ast.ImportFrom(module=module, names=names, level=0):
                found = {module: [alias.name for alias in names]}
            case _:
                continue
        for module, names in found.items():
            if module.partition(".")[0] in sys.stdlib_module_names - {"this", "antigravity"}:
                yield ":".join([module, *names])


def programs():
    """Return the programs with threads that are explored: the site's, and the samples."""
    site = [
        path
        for path in sorted((ROOT / "src/examples").rglob("*.py"))
        if path.with_suffix(".toml").exists()
        and OutcomeFile.read(path.with_suffix(".toml")).unexplored is None
    ]
    return [
        path
        for path in [*site, *sorted(SAMPLES.glob("*.py"))]
        if starts_threads(path.read_text(encoding="utf-8"))
    ]


def spoken_for():
    """Return the Pythons of which this one knows what is possible.

    That is itself, and a free-threaded build of its version that cannot explore.
    """
    here = this_interpreter()
    return [here] + [
        each
        for each in find_interpreters()[0]
        if each.free_threaded
        and not here.free_threaded
        and each.minor == here.minor
        and sys.version_info.minor < EXPLORES_FREE_THREADED
    ]


def reachable(possible, interpreter, to):
    """Tell whether a possible outcome is reachable on a Python, its output going somewhere."""
    if interpreter.free_threaded:
        return True
    return possible.reachable_on.get(interpreter.minor, {}).get(to, True)


def company(number, program, interpreter):
    """Return which threads run beside those of a program, in its run of some number.

    Each run has others. There are none without a GIL, for which they would wait, and none where
    processes begin: a thread that is not in a forked child may have a lock for ever there.
    """
    if interpreter.free_threaded or starts_processes(program.read_text(encoding="utf-8")):
        return ()
    kind = "touch" if number // 4 % 2 else "keep"
    return (kind,) * (number % 4 + 1)


def hurry(program, threads):
    """Return what Python runs before a program, so that threads stand beside it."""
    modules = imported(program.read_text(encoding="utf-8"))
    return Before(HURRYING, {"IMPORTED": " ".join(modules), "HURRYING": " ".join(threads)})


@dataclass
class Verdict:
    """What came of a program in one setting, and what of it is wrong.

    Args:
        reachable: the outcomes that are reachable there
        came: those of them that came
        outside: what came and is not, each with what is wrong
    """

    reachable: list = field(default_factory=list)
    came: list = field(default_factory=list)
    outside: list = field(default_factory=list)


def held(counts, found, setting):
    """Hold what came of a program in a setting against what is reachable there.

    Args:
        counts: how often each outcome came
        found: what is possible
        setting: where it ran
    """
    here = setting.interpreter
    # the words of an error differ from one release to the next
    exact = here.version == platform.python_version()

    def compared(outcome):
        return outcome if exact else replace(outcome, stderr="")

    def agree(seen, possible):
        """Whether a run may have come to an outcome; a mixed one is known by its words alone."""
        seen, possible = compared(seen), compared(possible)
        if mixed(seen):
            seen, possible = in_words(seen), in_words(possible)
        return may_be(seen, possible)

    verdict = Verdict(
        [each.outcome for each in found.outcomes if reachable(each, here, setting.stdout_to)]
    )
    for outcome in counts:
        if any(agree(outcome, each) for each in verdict.reachable):
            continue
        possible = any(agree(outcome, each) for each in found.outcome_set)
        wrong = "is called unreachable" if possible else "has no schedule that leads to it"
        verdict.outside.append((outcome, wrong))
    verdict.came = [
        each for each in verdict.reachable if any(agree(outcome, each) for outcome in counts)
    ]
    return verdict


def mixed(outcome):
    """Whether threads wrote within one another's tracebacks.

    Of whole ones, the header stands right below the line that names the thread, and what failed
    right below the header where no frame is the program's.
    """
    lines = outcome.stderr.splitlines()
    return any(THREAD in line[1:] for line in lines) or any(
        (one.startswith(THREAD) and other != HEADER) or (one == HEADER and THREAD in other)
        for one, other in pairwise(lines)
    )


def in_words(outcome):
    """Return an outcome with the words of its standard error in an order that says nothing."""
    return replace(outcome, stderr=" ".join(sorted(outcome.stderr.split())))


class Kept:
    """What came of programs on one Python, in a file.

    Args:
        folder: where the file is
        interpreter: the Python
    """

    def __init__(self, folder, interpreter):
        self.interpreter = interpreter
        self.path = folder / f"{interpreter.minor}{'t' * interpreter.free_threaded}.json"
        self.content = {"python": interpreter.name, "recorded": "", "programs": {}}
        if self.path.exists():
            content = json.loads(self.path.read_text(encoding="utf-8"))
            if content["python"] == interpreter.name:  # runs on another release are no runs of this
                self.content = content

    def save(self):
        """Save it, whole or not at all, with a line for each program."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        marks = {word: json.dumps(self.content[word]) for word in ("python", "recorded")}
        lines = [f'"{word}": {mark}' for word, mark in marks.items()]
        each = sorted(self.content["programs"].items())
        of_programs = ",\n".join(f"  {json.dumps(name)}: {json.dumps(kept)}" for name, kept in each)
        lines.append(f'"programs": {{\n{of_programs}\n }}')
        write_whole(self.path, "{\n " + ",\n ".join(lines) + "\n}\n")

    def of(self, program):
        """Return what is kept of a program as it is now."""
        name = name_of(program)
        texts = (each.read_bytes() for each in files_of(program))
        digest = hashlib.sha256(b"".join(texts)).hexdigest()
        kept = self.content["programs"].get(name)
        if kept is None or kept["sha256"] != digest:
            kept = {"sha256": digest, "outcomes": [], "settings": {}}
            self.content["programs"][name] = kept
        return kept

    def counts(self, program, setting):
        """Return how often each outcome came of a program in a setting."""
        kept = self.of(program)
        outcomes = [read_outcome(each) for each in kept["outcomes"]]
        seen = kept["settings"].get(words_for(setting), {"seen": {}})["seen"]
        return Counter({outcomes[int(number)]: count for number, count in seen.items()})

    def put(self, program, setting, counts, verdict):
        """Keep how often each outcome came, and how many of those that are reachable."""
        kept = self.of(program)
        seen = {}
        for outcome, count in counts.items():
            told = outcome_as_json(outcome)
            if told not in kept["outcomes"]:
                kept["outcomes"].append(told)
            seen[str(kept["outcomes"].index(told))] = count
        kept["settings"][words_for(setting)] = {
            "runs": counts.total(),
            "seen": seen,
            "came": len(verdict.came),
            "reachable": len(verdict.reachable),
        }
        self.content["recorded"] = today_here()


def name_of(program):
    """Return the name by which a program is kept: its path within the project, if it is there."""
    path = program.resolve()
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name


def words_for(setting):
    """Return a setting in the words by which it is kept."""
    return " ".join(filter(None, [setting.start_method, setting.stdout_to]))


def read_outcome(content):
    """Return an outcome that was kept."""
    return Outcome(**content | {"ends": Ends(content["ends"])})


def wrong_in(folder, look=explored):
    """Yield what is wrong with what is kept in a folder of runs on this version of Python.

    Args:
        folder: where it is kept
        look: explores a program in a setting
    """
    for path in sorted(folder.glob("*.json")):
        name = json.loads(path.read_text(encoding="utf-8"))["python"]
        for here in spoken_for():
            there = replace(here, version=name.rstrip("t"))
            if there.name != name or here.minor != there.minor:
                continue
            kept = Kept(folder, there)
            for program, before in list(kept.content["programs"].items()):
                if not (ROOT / program).exists() or kept.of(ROOT / program) is not before:
                    yield f"{path.name}: {program} is not what was run: provoke it again"
                    continue
                for setting, _ in Hunt(folder, there, 0).settings(ROOT / program):
                    counts = kept.counts(ROOT / program, setting)
                    found = look(ROOT / program, setting.start_method, setting.stdout_to)
                    for outcome, wrong in held(counts, found, setting).outside:
                        yield f"{path.name}: {program} on {setting}: {outcome} {wrong}"


class Hunt:
    """A hunt on one Python, which goes on where it was stopped.

    Args:
        folder: where it keeps what comes
        interpreter: the Python that runs the programs
        runs: how often it runs each program
        look: explores a program in a setting
    """

    def __init__(self, folder, interpreter, runs, look=explored):
        self.kept, self.interpreter, self.runs = Kept(folder, interpreter), interpreter, runs
        self.look = look
        self.outside, self.passed_over, self.new = [], {}, 0

    def settings(self, program):
        """Return the settings that matter to a program, each with how many runs it has there."""
        settings = settings_for(
            self.interpreter,
            starts_processes=starts_processes(program.read_text(encoding="utf-8")),
            session=False,
            start_methods=self.interpreter.start_methods,
            stdout_to=list(StdoutTo),
        )
        each, more = divmod(self.runs, len(settings))
        return [(setting, each + (place < more)) for place, setting in enumerate(settings)]

    def provoke(self, program):
        """Run a program as often as is asked for, and hold what comes."""
        for setting, runs in self.settings(program):
            if not runs:
                continue
            try:
                found = self.look(program, setting.start_method, setting.stdout_to)
            except CannotExplore as refusal:
                self.passed_over[name_of(program)] = refusal.message
                return
            if not found.complete:
                self.passed_over[name_of(program)] = found.limit
                return
            counts = self.kept.counts(program, setting)
            while True:
                verdict = held(counts, found, setting)
                self.kept.put(program, setting, counts, verdict)
                self.kept.save()
                left = min(runs - counts.total(), BATCH)
                if left <= 0 or unended(counts) >= MOST_UNENDED:
                    break
                counts += self.batch(program, setting, found, counts.total(), left)
            for outcome, wrong in verdict.outside:
                where = f"{name_of(program)} on {setting}"
                said = f"{where}: what came in {counts[outcome]} of {counts.total()} runs {wrong}"
                self.outside.append(f"{said}\n{described(outcome)}")

    def batch(self, program, setting, found, first, number):
        """Return how often each outcome came in some runs more, the first of them by its number."""
        hangs = any(each.ends is not Ends.EXIT for each in found.outcome_set)
        befores = [
            hurry(program, company(each, program, setting.interpreter))
            for each in range(first, first + number)
        ]
        jobs = [Job(program, setting, before) for before in befores]
        counts = sum(observe(jobs, 1, timeout=SHORT if hangs else LONG), Counter())
        # a slow run is none that hangs: what may have been one has the time that it needs
        for outcome, _ in held(counts, found, setting).outside:
            if outcome.ends is Ends.UNENDED and hangs:
                for _ in range(counts.pop(outcome)):
                    counts[run(program, setting, timeout=LONG, before=befores[0])] += 1
        self.new += number
        return counts

    def told(self):
        """Return what came of all programs that are kept, in words."""
        lines = []
        runs = came = could = 0
        for name, kept in sorted(self.kept.content["programs"].items()):
            some = []
            for words, one in kept["settings"].items():
                runs += one["runs"]
                came += one["came"]
                could += one["reachable"]
                if one["came"] < one["reachable"]:
                    some.append(f"{one['came']} of {one['reachable']} {words}")
            lines += [f"    {name}: {', '.join(some)}"] if some else []
        kept = counted(len(self.kept.content["programs"]), "program")
        wrong = f"{len(self.outside)} outside" if self.outside else "nothing outside"
        head = f"{self.interpreter.name}: {counted(runs, 'run')} of {kept}, {self.new} of them new"
        return "\n".join([f"{head}: {wrong}, {came} of {could} reachable outcomes came", *lines])


def unended(counts):
    """Return how many runs did not end."""
    return sum(count for outcome, count in counts.items() if outcome.ends is Ends.UNENDED)


def main(words=None, look=explored):
    """Provoke, and say what came; the status is 1 where anything came that is not reachable.

    Args:
        words: the words of the command
        look: explores a program in a setting
    """
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("programs", nargs="*", type=Path, help="default: all with threads")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where it keeps what comes")
    parser.add_argument("--runs", type=int, default=RUNS, help="of each program on each Python")
    asked = parser.parse_args(words)
    hunts = [Hunt(asked.folder, each, asked.runs, look) for each in spoken_for()]
    shown = time.monotonic()
    try:
        for program in asked.programs or programs():
            for hunt in hunts:
                before = len(hunt.outside)
                hunt.provoke(program)
                for said in hunt.outside[before:]:
                    print(said, flush=True)
                if time.monotonic() - shown > TELLING:
                    shown = time.monotonic()
                    print(f"{hunt.interpreter.name}: {name_of(program)}", flush=True)
    except KeyboardInterrupt:
        print("stopped; it goes on from here")
    passed_over = {name: why for hunt in hunts for name, why in hunt.passed_over.items()}
    for name, why in sorted(passed_over.items()):
        print(f"not explored: {name}: {why}")
    for hunt in hunts:
        print(hunt.told())
    return 1 if any(hunt.outside for hunt in hunts) else 0


if __name__ == "__main__":
    sys.exit(main())
