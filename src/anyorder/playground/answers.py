"""What is asked about a reader's program, and what is answered: plain data, for JSON."""

from __future__ import annotations

import multiprocessing
import platform
import re
import sys
import sysconfig
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from anyorder.board.builds import answers_of, in_short, reached_by
from anyorder.board.colours import coloured
from anyorder.board.drawing import drawn, told
from anyorder.board.turns import chained
from anyorder.board.words import ENDS, disordered, fewest_first, marked, shown, threads_of
from anyorder.checking.possible import missing
from anyorder.checking.program import starts_processes
from anyorder.checking.summing_up import Member, breaks_lines, summed_up
from anyorder.checking.words import mixing_of
from anyorder.exploring import (
    CannotExplore,
    Exploration,
    Limits,
    PossibleOutcome,
    Progress,
    explore,
)
from anyorder.exploring.narrow import TOO_LARGE, too_large
from anyorder.outcomes import (
    Grade,
    Interpreter,
    Outcome,
    OutcomeFile,
    OutcomeFileError,
    Setting,
    StartMethod,
)

__all__ = ["explored"]

# how far a search goes, and with the one by preemptions that follows where it was not enough
LIMITS = Limits(max_executions=20_000, max_seconds=30)
PATIENCE = 0.05  # seconds between two times that somebody is told how far it is
MOST_SUMMED_UP = 2_000  # outcomes; more stand for themselves
MOST_ROWS = 100  # that are answered, each with outcomes that one line of a table stands for
MOST_TEXTS = 40  # outputs of a row
MOST_WAYS = 40  # outcomes that a reader can step through
MOST_PROBLEMS = 5  # that are named where a demand does not hold
LONGEST = 20_000  # characters of an output that a page shows
TOO_LITTLE = "it takes more memory than there is here: let it do less"
# what a refusal advises to write into an outcome file or on the command line: there is none here
ELSEWHERE = re.compile(
    r"[,:;] (or )?leave (it|the program) unexplored(, or, if .*)?$|, or raise that limit$"
)

# called with how far a search is; says why it is to stop, if it is
Tell = Callable[[Progress], str | None]


def explored(request: Mapping[str, str], tell: Tell) -> dict[str, Any]:
    """Explore a program.

    Args:
        request: ``name`` and ``text``, the program and what its tracebacks call it; also, if that
            is asked for, ``against``, another program whose outcomes these are held against, and
            ``demand``, an outcome file that has to hold
        tell: called now and then between executions

    Returns:
        An object of ``kind`` ``"refused"``, with each line and the words of the command; or
        ``"explored"``, with the data that the components of a page take. ``playground.d.ts`` says
        what is in either.
    """
    name = Path(request["name"]).name or "program.py"
    try:
        with TemporaryDirectory() as folder:
            program = Path(folder, name)
            found = _search(program, request["text"], tell)
            judged = _Judged(program, request["demand"], found) if "demand" in request else None
            before = None
            if found.complete and "against" in request:
                with suppress(CannotExplore):  # of the reader's own program all is known
                    before = _search(program, request["against"], tell)
            return _Answer(request, found, before, judged).data()
    except CannotExplore as refusal:
        others = ((line, f"{refusal.file}:{line}: {said}") for line, said in refusal.others)
        return _refused((refusal.line, str(refusal)), *others)
    except OutcomeFileError as error:
        return _refused((None, str(error).replace(f"{error.path.parent}/", "", 1)))
    except MemoryError:
        return _refused((None, f"{name}: {TOO_LITTLE}"))


def _refused(*refusals: tuple[int | None, str]) -> dict[str, Any]:
    """Return what is answered of a program that is refused, for each reason a line and words."""
    said = [{"line": line, "says": ELSEWHERE.sub("", words)} for line, words in refusals]
    return {"kind": "refused", "refusals": said}


def _search(program: Path, text: str, tell: Tell) -> Exploration:
    """Return what a program can do, as far as the limits let it be found.

    Raises:
        CannotExplore: it cannot be explored, has no room, or prints too much for a page
    """
    try:
        program.write_text(text, encoding="utf-8")
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start) + 1
        why = "this has half of a surrogate pair, which no file can keep: write it anew"
        raise CannotExplore(program.name, line, why) from error
    asked = time.monotonic()

    def progress(now: Progress) -> str | None:
        nonlocal asked
        if time.monotonic() - asked < PATIENCE:
            return None
        why = tell(now)
        asked = time.monotonic()
        return why

    found = explore(
        program,
        max_executions=LIMITS.max_executions,
        max_seconds=LIMITS.max_seconds,
        progress=progress,
    )
    said = (line for one in found.outcome_set for line in one.stderr.splitlines())
    for words in said:  # elsewhere there may be room enough
        if words.startswith("MemoryError"):
            raise CannotExplore(program.name, None, TOO_LITTLE)
        if too_large(words):
            raise CannotExplore(program.name, None, f"it {TOO_LARGE}")
    longest = max((len(f"{one.stdout}{one.stderr}") for one in found.outcome_set), default=0)
    if longest > LONGEST:
        raise CannotExplore(
            program.name,
            None,
            f"it prints {longest:,} characters, and more than {LONGEST:,} are not shown here: "
            "let it print less",
        )
    return found


def _limit(found: Exploration) -> str | None:
    """Return in words why not all was explored, if it was not."""
    if found.limit is None:
        return None
    limit = ELSEWHERE.sub("", found.limit)
    return f"the search {limit}" if limit.startswith("stopped ") else limit


def _setting(*, processes: bool) -> Setting:
    """Return where the explorer runs programs: this Python, on the system that it simulates."""
    system = "linux" if sys.platform == "emscripten" else sys.platform
    methods = tuple(map(StartMethod, multiprocessing.get_all_start_methods()))
    free_threaded = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
    here = Interpreter(
        Path(sys.executable), platform.python_version(), free_threaded, methods, system
    )
    return Setting(here, methods[0] if processes else None)


def _groups(
    outcomes: Sequence[PossibleOutcome], apart: Callable[[PossibleOutcome], bool]
) -> list[list[PossibleOutcome]]:
    """Return outcomes in groups, each of which is shown as one, as an outcome file would have them.

    Args:
        outcomes: the outcomes
        apart: what is different of two of them where they do not belong together
    """
    if len(outcomes) > MOST_SUMMED_UP:
        return [[each] for each in outcomes]
    members = [Member(each.outcome, each.writes, apart=apart(each)) for each in outcomes]
    of = {each.outcome: each for each in outcomes}
    return [
        [of[member.outcome] for member in summary.members]
        for summary in summed_up(members, OutcomeFile(Path("program.toml"), ()))
    ]


class _Judged:
    """Whether an outcome file holds, for whoever has written the program and not the file.

    Args:
        program: the program
        demand: the text of the outcome file
        found: what the program can do

    Raises:
        OutcomeFileError: the file is malformed
    """

    def __init__(self, program: Path, demand: str, found: Exploration) -> None:
        file = OutcomeFile.parse(program.with_suffix(".toml"), demand)
        setting = _setting(processes=starts_processes(program.read_text(encoding="utf-8")))
        self.found = found
        self.wrong: list[PossibleOutcome] = []  # what it can do and must not
        self.lost: list[Outcome] = []  # what it cannot do and has to
        self.why: dict[Outcome, str] = {}  # what the file says of these
        for each in fewest_first(found.outcomes):
            entry = file.entry_for(each.outcome, setting)
            if entry is None or entry.grade is Grade.FORBIDDEN:
                self.wrong.append(each)
                self.why[each.outcome] = entry.why if entry else ""
        if found.complete:
            for entry, texts in missing(found, file, file.entries, setting):
                for text in sorted(texts):
                    lost = Outcome(text, entry.stderr.written(), entry.exit, entry.ends)
                    self.lost.append(lost)
                    self.why[lost] = entry.why

    def problems(self) -> Iterator[str]:
        """Yield what keeps the file from holding, in words."""
        for each in self.wrong[:MOST_PROBLEMS]:
            yield f"It can come to this, and must not{self.said(each.outcome)}"
        for outcome in self.lost[:MOST_PROBLEMS]:
            yield f"No schedule leads to this any more, and one has to{self.said(outcome)}"
        more = sum(max(len(each) - MOST_PROBLEMS, 0) for each in (self.wrong, self.lost))
        if more:
            yield f"And {more:,} more like these."
        if not self.found.complete:
            yield f"Not everything was explored, so nobody knows: {_limit(self.found)}."

    def said(self, outcome: Outcome) -> str:
        """Return an outcome, and before it why it is or is not to be, as the file has it."""
        why = self.why[outcome]
        return f" ({why}): {shown(outcome)}" if why else f": {shown(outcome)}"


class _Answer:
    """What is answered of a program that was explored.

    Args:
        request: what was asked
        found: what the program can do
        before: what the program can do that it is held against, if that is known
        judged: how it fares by what is demanded of it
    """

    def __init__(
        self,
        request: Mapping[str, str],
        found: Exploration,
        before: Exploration | None,
        judged: _Judged | None,
    ) -> None:
        self.text = request["text"]
        self.found = found
        self.judged = judged
        self.processes = starts_processes(self.text)
        # something can be said to be new or gone only where all is known of both
        self.compared = found.complete and "against" in request
        self.before = before if before is not None and before.complete else None
        self.new: frozenset[Outcome] = frozenset()
        if self.before is not None:
            self.new = found.outcome_set - self.before.outcome_set
        self.unseen = disordered(each.outcome.stdout for each in found.outcomes)
        groups = _groups(found.outcomes, lambda each: each.outcome in self.new)
        self.rows = [fewest_first(group) for group in groups]
        self.ways = [group[0] for group in self.rows[:MOST_WAYS]]
        if judged and judged.wrong and judged.wrong[0] not in self.ways:
            self.ways.append(judged.wrong[0])

    def data(self) -> dict[str, Any]:
        """Return it as plain data."""
        found = self.found
        before = self.before.outcomes if self.before is not None else ()
        gone = [each for each in before if each.outcome not in found.outcome_set]
        return {
            "kind": "explored",
            "complete": found.complete,
            "limit": _limit(found),
            "mixing": mixing_of(found),
            "executions": found.executions,
            "seconds": found.seconds,
            "count": len(found.outcomes),
            "rows": [self.row(group) for group in self.rows[:MOST_ROWS]],
            "more": sum(map(len, self.rows[MOST_ROWS:])),
            "gone": [self.row(group) for group in _groups(gone, lambda _: True)[:MOST_ROWS]],
            "against": {"complete": self.before is not None} if self.compared else None,
            "board": self.board() if self.ways else None,
            "verdict": self.verdict(),
        }

    def row(self, group: Sequence[PossibleOutcome]) -> dict[str, Any]:
        """Return outcomes that one line of a table stands for."""
        one = group[0]
        broken = breaks_lines(one.writes)
        texts = [each.outcome.stdout for each in group[:MOST_TEXTS]]
        builds = reached_by(group)
        everywhere = self.processes or builds.by_all
        return {
            "texts": texts,
            "marked": [marked(text) if broken or text in self.unseen else text for text in texts],
            "count": len(group),
            "broken": broken,
            "stderr": one.outcome.stderr,
            "exit": one.outcome.exit,
            "ends": ENDS.get(one.outcome.ends, ""),
            "can": "yes" if everywhere else in_short(builds),
            "answers": "" if everywhere else answers_of(builds),
            "way": self.ways.index(one) if one in self.ways else None,
            "new": one.outcome in self.new,
        }

    def board(self) -> dict[str, Any]:
        """Return what steps through an outcome of each line."""
        threads = threads_of(self.found, *self.ways)
        turns, ways = chained(threads, self.ways)
        outcomes = [told(self.found, each, turns, builds=not self.processes) for each in self.ways]
        choices = [shown(each.outcome) for each in self.ways]
        return {
            "data": turns.data()
            | {
                "outcomes": outcomes,
                "ways": [{"from": node, "turns": taken} for node, taken in ways],
            },
            "choices": choices,
            "html": drawn(turns, [each["text"] for each in outcomes], choices, coloured(self.text)),
        }

    def verdict(self) -> dict[str, Any] | None:
        """Return whether it does what is demanded of it."""
        if self.judged is None:
            return None
        problems = [*self.judged.problems()]
        wrong = self.judged.wrong
        return {
            "held": not problems,
            "problems": problems,
            "way": self.ways.index(wrong[0]) if wrong else None,
        }
