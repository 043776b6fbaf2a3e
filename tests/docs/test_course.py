"""A learner who reads both parts from the first page on can do each exercise.

What is common to do wrong in it fails, and is told why in the words that the page has for it.
"""

import ast
import builtins
import json
import re
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest

pytest.importorskip("greenlet")

from anyorder.checking import Program, record_of
from anyorder.outcomes import Grade, OutcomeFile
from anyorder.playground import explored

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
EXAMPLES = ROOT / "src/examples"
PARTS = ("two-ways", "shared-state")
PROGRAM = re.compile(r"[^\s<`]+/examples/[^\s`]+\.py\b")
# what an index says of a page
MINUTES = re.compile(r"^\d+\. \[[^\]]+\]\(([\w-]+)\.md\), (\d+) minutes: ", re.MULTILINE)
WORDS, LINES = 200, 40  # that are read in a minute, of the text and of programs
BLOCK = re.compile(r"^```(.*?)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MARKUP = re.compile(r"\{\w+\}|\(\S+\)|<[^>]*>")
FOLDED = re.compile(r"<details>.*?</details>", re.DOTALL)
SHOWN = re.compile(r"\{(?:literalinclude|exercise)\} (\S+)")
EXERCISE = re.compile(r"^```\{exercise\} (\S+)\n:solution: (\S+)", re.MULTILINE)

# what learners write: of each exercise some changes of its program, each with the beginning of what
# the page says of it
WRONG = {
    "price_rise.py": [
        (
            {'prices["fish"] = 10': 'prices = {"soup": 4, "fish": 10}'},
            "That takes a price that changes",
        ),
        (
            {
                "import Thread": "import Lock, Thread",
                "bills = []": "bills = []\nlock = Lock()",
                "        total += prices[dish]": (
                    "        with lock:\n            total += prices[dish]"
                ),
                'prices["fish"] = 10': 'with lock:\n    prices["fish"] = 10',
            },
            "That takes a price that changes",
        ),
        ({"waiter.start()\n": "", "= 10": "= 10\nwaiter.start()"}, "The waiter took the old menu"),
    ],
    "three_clerks.py": [
        (
            {
                "import Thread": "import Lock, Thread",
                "tickets = 2": "tickets = 2\ncounting = Lock()",
                "        tickets = one": "        with counting:\n            tickets = one",
            },
            "That takes two clerks who see the same number",
        ),
        (
            {
                "import Thread": "import Lock, Thread",
                "    left = tickets\n    if left": (
                    "    with Lock():\n        left = tickets\n    if left"
                ),
            },
            "That takes two clerks who see the same number",
        ),
        ({"    clerk.start()": "    clerk.start()\n    clerk.join()"}, "Cid had the lock last"),
    ],
    "two_doors.py": [
        (
            {'counted["guests"] += 1': 'counted["guests"] = counted.get("guests") + 1'},
            "That takes two doors that both read 0",
        ),
        (
            {
                "import Thread": "import Lock, Thread",
                '    counted["guests"] += 1': '    with Lock():\n        counted["guests"] += 1',
            },
            "That takes two doors that both read 0",
        ),
    ],
    "two_tills.py": [
        (
            {
                "import Thread": "import Lock, Thread",
                "only = None": "only = None\n    making = Lock()",
                "            cls.only = cls()": (
                    "            with cls.making:\n                cls.only = cls()"
                ),
            },
            "That takes two threads that both find no till",
        ),
        (
            {
                "import Thread": "import Lock, Thread",
                "self.sales = []": "self.sales = []\n        self.lock = Lock()",
                "    Till.get().sales": "    with Till.get().lock:\n        Till.get().sales",
            },
            "That takes two threads that both find no till",
        ),
    ],
    "turnstiles.py": [
        (
            {
                "        with self.lock:\n            inside = one": (
                    "        with Lock():\n            inside = one"
                ),
            },
            "That takes two turnstiles that both read 0",
        ),
        (
            {
                "inside = 0": "inside = 0\ncounting = Lock()",
                "        with self.lock:\n            inside = one_more(inside)": (
                    "        with counting:\n            seen = inside\n"
                    "        with counting:\n            inside = one_more(seen)"
                ),
            },
            "That takes two turnstiles that both read 0",
        ),
    ],
    "washing.py": [
        (
            {"with self.lock": "with Lock()"},
            "Two loads are in the left machine at once",
        ),
        (
            {"    lock = Lock()": "    lock = Lock()\n    print_lock = Lock()"},
            "The shirts were first at the left machine.",
        ),
    ],
    "jam.py": [
        (
            {
                "        with self.lock:\n            if not": "        if not",
                "                self.add": "            self.add",
                "            return": "        with self.lock:\n            return",
            },
            "That takes a jar of Ada's",
        ),
        (
            {'self.add("bought")': 'Shelf.add(self, "bought")'},
            "`add` waits for the lock that Ben has.",
        ),
    ],
    "parcels.py": [
        (
            {
                "    with counting:\n": "",
                "        print": "    print",
                "        earned": "    earned",
            },
            "That takes two threads that both read the same sum",
        ),
        (
            {"        earned += price": "    earned += price"},
            "That takes two threads that both read the same sum",
        ),
        (
            {"        earned += price": "    with counting:\n        earned += price"},
            "Both can be on their way at once",
        ),
    ],
    "transfer.py": [
        (
            {"with source.lock, target.lock:": "with target.lock, source.lock:"},
            "That takes two transfers",
        ),
        ({"with source.lock, target.lock:": "with source.lock:"}, "Part of a transfer is missing"),
        (
            {
                "    with source.lock, target.lock:\n": (
                    "    with source.lock:\n"
                    "        if not target.lock.acquire(timeout=1):\n            return\n"
                ),
                "target.balance += amount": (
                    "target.balance += amount\n        target.lock.release()"
                ),
            },
            "Part of a transfer is missing",
        ),
    ],
    "dinner.py": [
        ({"bell.notify_all()": "bell.notify()"}, "Somebody sleeps for good"),
        (
            {
                "bell = Condition()": "bell = Condition()\nready = False",
                "bell.wait()": "bell.wait_for(lambda: ready)",
                "    bell.notify_all()": "    bell.notify_all()\nready = True",
            },
            "Somebody sleeps for good",
        ),
    ],
    "hats_again.py": [
        (
            {
                "        together.wait()\n        hats[mine] = seen": (
                    "        hats[mine] = seen\n        together.wait()"
                )
            },
            "That takes somebody who looks too early",
        ),
        (
            {
                "import Barrier, Thread": "import Barrier, Lock, Thread",
                "together = Barrier(2)": "together = Barrier(2)\nlock = Lock()",
                "        seen = hats[other]\n        together.wait()": (
                    "        with lock:\n"
                    "            seen = hats[other]\n"
                    "            together.wait()"
                ),
            },
            "That takes a barrier",
        ),
    ],
    "reading_out.py": [
        (
            {
                "seats = 0\nfor number in guests.values():\n    seats += number": (
                    "seats = sum(guests.values())"
                )
            },
            "That takes a loop over the dictionary itself.",
        ),
        (
            {
                "for number in guests.values():\n    seats += number": (
                    "try:\n    for number in guests.values():\n        seats += number\n"
                    "except RuntimeError:\n    pass"
                )
            },
            "Any other number is a total that was never true",
        ),
        ({"booking.start()": "booking.start()\nbooking.join()"}, "The booking came after that."),
    ],
    "one_tray.py": [
        (
            {
                "import Thread": "import Lock, Thread",
                "table = None": "table = None\nnote = Lock()",
                "    table = number": "    with note:\n        table = number",
            },
            "That takes two threads that set one",
        ),
    ],
    "two_cooks.py": [
        (
            {
                "    hatch.put(None)\n": '    if dish == "fish":\n        hatch.put(None)\n',
            },
            "That takes a `None` that is in the hatch",
        ),
        ({"    hatch.put(None)\n": ""}, "Nobody has told the waiter"),
        (
            {"    hatch.put(None)\n": "", "serve).start()": "serve).start()\nhatch.put(None)"},
            "That takes a `None` that is in the hatch",
        ),
    ],
}
# programs of 25 lines and more, each with what it could not do without
LONG = {
    "asked_at_once.py": "its times were taken as it is",
    "asked_in_turn.py": "its times were taken as it is",
    "jam.py": "two threads with names, and a class with two methods that lock",
    "jam_inside.py": "jam.py, and its fix",
    "shelf.py": "a property and a method that both lock, and two threads that end if these do not",
    "shelf_inside.py": "shelf.py, and one more method, of which a page shows the difference",
    "shelf_rlock.py": "shelf.py, of which a page shows the difference",
    "shelf_unlocked_add.py": "shelf.py, of which a page shows the difference",
    "transfer_in_order.py": "transfer.py, and its fix",
    "two_tills.py": "the singleton that everybody has seen, with both of its methods",
    "two_tills_locked.py": "two_tills.py, and its fix",
    "two_windows_lock_late.py": "two_windows.py and a lock, of which a page shows the difference",
    "two_windows_locked.py": "two_windows.py and a lock, of which a page shows the difference",
    "two_windows_own_locks.py": "two_windows.py and a lock, of which a page shows the difference",
    "what_arrives.py": "six kinds of things that are sent",
}
# usual outcomes that no run has shown, by the program, each with why a reader expects it
UNSEEN = {
    **dict.fromkeys(
        (
            "asked_in_turn.py",
            "hatch_takes.py",
            "hello_locked.py",
            "hello_queued.py",
            "last_ticket.py",
            "one_lock_for_all.py",
            "price_rise_one_look.py",
            "reading_list.py",
            "reading_out.py",
            "two_windows_lock_late.py",
            "two_windows_locked.py",
            "two_windows_own_locks.py",
        ),
        "one of two orders, both of them right",
    ),
    "bays.py": "an order that its page steps through, since two cars are in at once",
    "hats.py": "what the program is for, and it goes wrong each time",
    "hats_again.py": "what the program is for, and it goes wrong each time",
}
# where the solution has what was not taught before the exercise: another one, of what was
KNOWN = {
    "transfer.py": {
        "    with source.lock, target.lock:": (
            "    lower, higher = source, target\n"
            "    if source.number > target.number:\n        lower, higher = target, source\n"
            "    with lower.lock, higher.lock:"
        ),
    },
    "reading_out.py": {
        "import Thread": "import Lock, Thread",
        "guests = {": "booking_lock = Lock()\nguests = {",
        '    guests["Cid"] = 3': '    with booking_lock:\n        guests["Cid"] = 3',
        "for number in guests.values():\n    seats += number": (
            "with booking_lock:\n    for number in guests.values():\n        seats += number"
        ),
    },
    "one_tray.py": {
        "import Thread": "import Lock, Thread",
        "table = None": "table = None\nnote = Lock()",
        "    table = number\n    carry()": (
            "    with note:\n        table = number\n        carry()"
        ),
    },
}

# other right answers
RIGHT = {
    "price_rise.py": {
        "    total = 0": "    menu = dict(prices)\n    total = 0",
        "prices[dish]": "menu[dish]",
    },
    "three_clerks.py": {
        "import Thread": "import Lock, Thread",
        "tickets = 2": "tickets = 2\ncounting = Lock()",
        "    left = tickets\n    if left > 0:\n        tickets = one_fewer(left)\n": (
            "    with counting:\n        left = tickets\n"
            "        if left > 0:\n            tickets = one_fewer(left)\n    if left > 0:\n"
        ),
    },
    "two_doors.py": {'counted["guests"] += 1': "pass", 'counted["guests"])': "len(guests))"},
    "two_tills.py": {"\n\ndef sell": "\n\nTill.get()\n\n\ndef sell"},
    "jam.py": {"Lock": "RLock"},
    "dinner.py": {
        "Condition": "Event",
        "    with bell:\n        bell.wait()": "    bell.wait()",
        "with bell:\n    bell.notify_all()": "bell.set()",
    },
    "reading_out.py": {"guests.values()": "list(guests.values())"},
    "one_tray.py": {
        "    global table\n    table = number\n    carry()": "    carry(number)",
        "def carry()": "def carry(table)",
    },
    "two_cooks.py": {
        "    while (dish := hatch.get()) is not None:\n": (
            "    closed = 0\n    while closed < 2:\n        dish = hatch.get()\n"
            "        if dish is None:\n            closed += 1\n            continue\n"
        ),
    },
}


class CourseError(Exception):
    """The course asks for what it has not taught, or does not say what is wrong."""


def pages():
    """Yield the pages of both parts in their order, each with its folder and its text."""
    for part in PARTS:
        folder = DOCS / part
        index = (folder / "index.md").read_text(encoding="utf-8")
        for name in index.rpartition(":hidden:\n")[2].split("```")[0].split():
            yield folder, (folder / f"{name}.md").read_text(encoding="utf-8")


def exercises():
    """Yield of each exercise its program, its solution and the programs that come before it."""
    before = []
    for folder, text in pages():
        for found in EXERCISE.finditer(text):
            start, solution = (folder / path for path in found.groups())
            above = [folder / path for path in PROGRAM.findall(text[: found.start()])]
            programs = (start.resolve(), solution.resolve(), [*before, *above])
            yield pytest.param(*programs, id=start.stem)
        before += [folder / path for path in PROGRAM.findall(text)]


EXERCISES = [*exercises()]


def changed(start, changes):
    """Return a program with some of its text replaced, each part once."""
    text = start.read_text(encoding="utf-8")
    for old, new in changes.items():
        if old not in text:
            raise CourseError(f"{start.name} has no {old!r}")
        text = text.replace(old, new)
    return text


def problems(start, solution, text):
    """Return what is said of a learner's program where all of its schedules are tried."""
    demand = solution.with_suffix(".toml").read_text(encoding="utf-8")
    answer = explored({"name": start.name, "text": text, "demand": demand}, lambda _: None)
    if answer["kind"] == "refused":
        raise CourseError(f"{start.name}: {answer['says']}")
    return answer["verdict"]["problems"]


def reason(start, solution, changes, words):
    """Return why the page says that a change is wrong: the words of one entry.

    Raises:
        CourseError: the change is right, or fails for another reason
    """
    said = problems(start, solution, changed(start, changes))
    if not said:
        raise CourseError(f"{start.name}: {changes} is right")
    for entry in OutcomeFile.read(solution.with_suffix(".toml")).entries:
        if entry.why.startswith(words) and f"({entry.why})" in said[0]:
            return entry
    raise CourseError(f"{start.name}: {changes} fails otherwise: {said[0]}")


@cache
def constructs(text):
    """Return what a program is made of: syntax, what it imports, builtins, methods, keywords."""
    tree = [*ast.walk(ast.parse(text))]
    own = {node.name for node in tree if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    own |= {node.attr for node in tree if isinstance(node, ast.Attribute) and stored(node)}
    own |= {node.id for node in tree if isinstance(node, ast.Name) and stored(node)}
    found = set()
    for node in tree:
        match node:
            case ast.ImportFrom(module, names):
                found |= {f"from {module} import {alias.name}" for alias in names}
            case ast.Import(names):
                found |= {f"import {alias.name}" for alias in names}
            case ast.Attribute(attr=name) if name not in own:
                found.add(f".{name}")
            case ast.Name(id=name) if hasattr(builtins, name):
                found.add(name)
            case ast.keyword(arg=name) if name:
                found.add(f"{name}=")
            case ast.stmt() | ast.operator() | ast.cmpop() | ast.unaryop() | ast.expr():
                found.add(type(node).__name__)
    return found


def stored(node):
    """Tell whether a program itself gives a value to a name or an attribute."""
    return isinstance(node.ctx, ast.Store)


def untaught(text, programs):
    """Return what a program is made of that none of the others is."""
    known = map(constructs, {path.read_text(encoding="utf-8") for path in programs})
    return constructs(text).difference(*known)


def test_every_page_of_part_two_has_an_exercise():
    texts = [text for folder, text in pages() if folder.name == "shared-state"]
    assert len(texts) == 13
    assert all(EXERCISE.search(text) for text in texts)
    assert {*WRONG} == {each.values[0].name for each in EXERCISES}


@pytest.mark.parametrize(("start", "solution", "before"), EXERCISES)
def test_an_exercise_begins_wrong_and_is_solved_by_what_came_before(start, solution, before):
    assert problems(start, solution, start.read_text(encoding="utf-8"))
    text = solution.read_text(encoding="utf-8")
    assert problems(start, solution, text) == []
    if start.name in KNOWN:
        assert untaught(text, [start, *before])
        text = changed(start, KNOWN[start.name])
        assert problems(start, solution, text) == []
    assert untaught(text, [start, *before]) == set()


@pytest.mark.parametrize(("start", "solution", "before"), EXERCISES)
def test_what_is_common_to_do_wrong_is_told_why(start, solution, before):
    del before
    told = {reason(start, solution, *each).number for each in WRONG[start.name]}
    file = OutcomeFile.read(solution.with_suffix(".toml"))
    assert {each.why for each in file.entries if each.grade is Grade.FORBIDDEN} <= {
        each.why for each in file.entries if each.number in told
    }


@pytest.mark.parametrize(
    ("start", "solution", "before"), [each for each in EXERCISES if each.values[0].name in RIGHT]
)
def test_another_right_answer_is_right(start, solution, before):
    del before
    assert problems(start, solution, changed(start, RIGHT[start.name])) == []


def test_a_program_has_fewer_than_25_lines_unless_it_cannot_do_with_less():
    programs = [path for part in PARTS for path in (EXAMPLES / part).glob("*.py")]
    lines = {path.name: len(path.read_text(encoding="utf-8").splitlines()) for path in programs}
    assert {name for name, count in lines.items() if count >= 25} == {*LONG}
    assert max(lines.values()) < 30


def unseen(program, record):
    """Return the numbers of a program's usual outcomes that none of its recorded runs had."""
    usual = {each.number for each in program.file.entries if each.grade is Grade.USUAL}
    for observation in record:
        for outcome in observation.counts:
            usual.discard(program.file.entry_for(outcome, observation.setting).number)
    return usual


def test_what_is_called_usual_was_seen_unless_it_is_what_a_reader_expects():
    found = set()
    for part in PARTS:
        for path in (EXAMPLES / part).glob("*.observed.json"):
            program = Program.read(path.with_name(json.loads(path.read_text())["program"]))
            if unseen(program, record_of(program)):
                found.add(program.name)
    assert found == {*UNSEEN}


def test_a_usual_outcome_that_nobody_saw_is_found():
    program = Program.read(EXAMPLES / "shared-state/hats.py")
    assert unseen(program, record_of(program)) == {1}
    assert unseen(program, []) == {1}
    program = Program.read(EXAMPLES / "shared-state/hats_barrier.py")
    assert unseen(program, record_of(program)) == set()


def lines_of(entry):
    """Return the lines of each output that an entry stands for, without their order."""
    return {(*sorted(text.splitlines()), entry.ends) for text in entry.stdout.texts()}


def only_reordered(file):
    """Return the numbers of surprising outcomes that are a usual one with its lines reordered."""
    graded = {
        grade: [each for each in file.entries if each.grade is grade]
        for grade in (Grade.USUAL, Grade.SURPRISING)
    }
    usual = set().union(*map(lines_of, graded[Grade.USUAL]))
    return [each.number for each in graded[Grade.SURPRISING] if lines_of(each) & usual]


def test_who_comes_first_is_no_surprise_any_more_in_part_two():
    files = (EXAMPLES / "shared-state").glob("*.toml")
    assert {path.name for path in files if only_reordered(OutcomeFile.read(path))} == set()


def equally_usual(file):
    """Return the numbers of usual outcomes that are an earlier one with its lines reordered."""
    usual = [each for each in file.entries if each.grade is Grade.USUAL]
    return [
        later.number
        for earlier, later in combinations(usual, 2)
        if lines_of(earlier) & lines_of(later) and str(earlier.when) == str(later.when)
    ]


def test_who_comes_first_is_a_surprise_in_part_one():
    """As the page says that has the first table, and the index of part two, which takes it back."""
    files = map(OutcomeFile.read, (EXAMPLES / "two-ways").glob("*.toml"))
    assert {
        file.path.name for file in files if not file.unexplored and equally_usual(file)
    } == set()


def test_another_order_that_is_as_usual_is_found():
    assert equally_usual(OutcomeFile.read(EXAMPLES / "shared-state/asked_in_turn.toml")) == [2]


def test_a_surprise_that_is_another_order_is_found():
    assert only_reordered(OutcomeFile.read(EXAMPLES / "two-ways/hello_one_write.toml")) == [2]


@pytest.mark.parametrize("part", PARTS)
def test_an_index_says_how_long_its_pages_are(part):
    index = (DOCS / part / "index.md").read_text(encoding="utf-8")
    said = {name: int(minutes) for name, minutes in MINUTES.findall(index)}
    taught = index.rpartition(":hidden:\n")[2].split("```")[0].split()
    assert [*said] == [name for name in taught if name not in ("names", "classic")]
    far = {
        name: time for name in said if abs((time := time_to_read(part, name)) - said[name]) >= 0.75
    }
    assert not far


def time_to_read(part, name):
    """Return how many minutes it takes to read a page: its words, and the lines of its programs.

    Lines that a page has shown before are not read again, nor is a program that is folded away.
    """
    text = (DOCS / part / f"{name}.md").read_text(encoding="utf-8")
    shown = SHOWN.findall(FOLDED.sub("", text))
    programs = [(DOCS / part / path).read_text(encoding="utf-8") for path in shown]
    lines = len({line for program in programs for line in program.splitlines() if line.strip()})
    read = BLOCK.sub(lambda block: block[2] if block[1] == "{predict}" else "", text)
    return len(MARKUP.sub("", read).split()) / WORDS + lines / LINES


def test_a_right_answer_is_no_wrong_one():
    start, solution, _ = EXERCISES[0].values
    right = {start.read_text(encoding="utf-8"): solution.read_text(encoding="utf-8")}
    with pytest.raises(CourseError, match="is right"):
        reason(start, solution, right, "The price changed")


def test_another_reason_is_refused():
    start, solution, _ = EXERCISES[0].values
    with pytest.raises(CourseError, match="fails otherwise"):
        reason(start, solution, WRONG[start.name][0][0], "The waiter took the old menu")


def test_what_was_not_taught_is_seen():
    start, solution, before = EXERCISES[0].values
    more = "\nfrom threading import Timer\nprint(reversed([]))\nTimer(1, print, daemon=0).cancel()"
    text = solution.read_text(encoding="utf-8") + more
    assert untaught(text, [start, *before]) == {
        "from threading import Timer", "reversed", ".cancel", "daemon="
    }  # fmt: skip
