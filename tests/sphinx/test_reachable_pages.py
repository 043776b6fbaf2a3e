"""What a page says that a build can do is what was explored, and nothing else."""

import json
import re
import shutil
from pathlib import Path

import pytest

from anyorder.board.builds import answers_of, in_short, in_words
from anyorder.checking.reaching import Reached
from anyorder.outcomes import StdoutTo

EXAMPLES = Path(__file__).parents[2] / "src/examples/two-ways"
VERSIONS = ("3.11", "3.12", "3.13", "3.14", "3.15")
ALL = frozenset(StdoutTo)
UNBUFFERED = frozenset({StdoutTo.UNBUFFERED})
LINES = UNBUFFERED | {StdoutTo.TERMINAL}

PAGE = """\
---
orphan: true
---

# Builds

Stuck {reachable}`crossed.py 2`, and lost {reachable}`once.py 2`.

It is stuck {reachable}`on one version <crossed.py 2: 3.14 or free-threaded>`.

```{reachable} crossed.py
```

```{reachable}
once.py 2: One is *lost*.
crossed.py 2: Stuck.
```

```{outcomes} once.py
```
"""


def reached(on):
    """Return the builds with a GIL: of each version, to where its output has to go."""
    return Reached(
        {(version, to): to in on.get(version, ()) for version in VERSIONS for to in StdoutTo}
    )


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (dict.fromkeys(VERSIONS, ALL), "on every build"),
        ({}, "only on builds without a GIL"),
        ({"3.14": ALL}, "on 3.14 with a GIL, and on builds without one"),
        (
            {"3.11": ALL, "3.12": ALL, "3.13": ALL, "3.15": ALL},
            "on 3.11 to 3.13 and 3.15 with a GIL, and on builds without one",
        ),
        (
            {"3.11": ALL, "3.12": ALL, "3.14": ALL},
            "on 3.11, 3.12 and 3.14 with a GIL, and on builds without one",
        ),
        (
            dict.fromkeys(VERSIONS, UNBUFFERED),
            "with a GIL where nothing buffers the output, and on builds without one",
        ),
        (
            {"3.11": LINES, "3.15": ALL},
            (
                "on 3.11 with a GIL unless the output goes into a pipe, on 3.15 with a GIL, and on "
                "builds without one"
            ),
        ),
    ],
)
def test_where_it_can_happen_in_words(on, words):
    assert in_words(reached(on)) == words


@pytest.mark.parametrize(
    ("on", "chosen", "words"),
    [
        (dict.fromkeys(VERSIONS, ALL), (), "yes"),
        ({}, (), "only without a GIL"),
        ({}, ("3.13",), "only without a GIL"),
        ({}, ("3.13", "with a GIL"), "no"),
        ({}, ("", "free-threaded"), "yes"),
        ({"3.14": ALL}, (), "only on 3.14, or without a GIL"),
        ({"3.14": ALL}, ("", "with a GIL"), "only on 3.14"),
        ({"3.14": ALL}, ("3.14",), "yes"),
        ({"3.14": ALL}, ("3.13",), "only without a GIL"),
        (
            dict.fromkeys(VERSIONS, UNBUFFERED),
            (),
            "only unbuffered, or without a GIL",
        ),
        ({"3.11": UNBUFFERED}, ("3.11", "with a GIL"), "only unbuffered"),
    ],
)
def test_whether_it_can_happen_on_the_python_of_a_reader(on, chosen, words):
    assert in_short(reached(on), *chosen) == words


def test_a_page_has_the_words_for_each_choice():
    assert "3.14 with a GIL:yes|" in answers_of(reached({"3.14": ALL}))
    assert "3.13 with a GIL:no|" in answers_of(reached({"3.14": ALL}))


def test_a_page_says_what_was_explored(project):
    players = project("players")
    (players.folder / "builds.md").write_text(PAGE, encoding="utf-8")
    players.build()
    assert players.status == 0, players.output
    page = players.page("builds")
    assert [each.text for each in page.select(".anyorder-where")] == [
        "on 3.14 with a GIL, and on builds without one",
        "only on builds without a GIL",
        "on one version",
    ]
    for name in page.select(".anyorder-python"):  # what names the columns on a narrow screen
        name.decompose()
    made, written = page.select("table.anyorder-reachable")
    rows = [[cell.text.strip() for cell in row.select("td")] for row in made.select("tbody tr")]
    stuck = ["no", "no", "no", "yes", "no", "yes"]
    assert rows == [["yes"] * 6, stuck]
    assert [each.text.strip() for each in made.select("tbody th")] == [
        "sold ⏎ refunded and 1 more like it",
        "deadlock: it never ends",
    ]
    heads = [[cell.text.strip() for cell in row.select("th")] for row in made.select("thead tr")]
    assert heads == [["Outcome", "with a GIL", "without"], [*VERSIONS]]
    rows = [[cell.text.strip() for cell in row.select("td")] for row in written.select("tbody tr")]
    assert rows == [["no"] * 5 + ["yes"], stuck]
    assert written.select_one("tbody th em").text == "lost"
    assert page.select("link[href*='_static/reachable.css']")
    answers = [
        row.select("td")[1].text.strip() for row in page.select(".anyorder-outcomes tbody tr")
    ]
    assert answers == ["yes", "only without a GIL"]


@pytest.mark.parametrize("builder", ["html", "text", "latex"])
def test_what_more_there_is_like_an_output_leads_to_where_it_is_shown(project, builder):
    players = project("players")
    again = "```{reachable} crossed.py\n```\n\n"  # each table of it leads there
    page = f"---\norphan: true\n---\n\n# Builds\n\n```{{outcomes}} crossed.py\n```\n\n{again * 2}"
    (players.folder / "builds.md").write_text(page, encoding="utf-8")
    players.build(builder)
    assert players.status == 0, players.output
    if builder == "html":
        page = players.page("builds")
        links = page.select("table.anyorder-reachable tbody th a")
        assert [each.text for each in links] == ["1 more like it"] * 2
        [shown] = page.select(links[0]["href"])
        outputs = shown.find_parent("tr").select(".anyorder-output pre")
        assert [each.text for each in outputs] == ["refunded\nsold\n", "sold\nrefunded\n"]


def test_a_page_says_how_often_it_was_observed(project):
    players = project("players")
    for suffix in (".py", ".toml", ".observed.json"):
        shutil.copy(EXAMPLES / f"sold_twice{suffix}", players.folder)
    (players.folder / "builds.md").write_text(
        "---\norphan: true\n---\n\n# Builds\n\nIt was lost {observed}`sold_twice.py 2`.\n"
    )
    players.build("text")
    assert players.status == 0, players.output
    record = json.loads((EXAMPLES / "sold_twice.observed.json").read_text("utf-8"))
    seen = {True: [0, 0], False: [0, 0]}
    for each in record["observations"]:
        for outcome in each["outcomes"]:
            lost = outcome["stdout"] == "sold: 1\n"
            seen[each["free_threaded"]][0] += outcome["count"] * lost
            seen[each["free_threaded"]][1] += outcome["count"]
    (some, of), (free, of_free) = seen[False], seen[True]
    words = (
        f"lost in {some:,} of {of:,} runs with a GIL and in {free:,} of {of_free:,} runs without"
    )
    text = (players.folder / "build/text/builds.txt").read_text("utf-8")
    assert words in " ".join(text.split())


def test_runs_where_an_outcome_is_ruled_out_do_not_count(project):
    players = project("players")
    for suffix in (".py", ".toml", ".observed.json"):
        shutil.copy(EXAMPLES / f"sold_twice{suffix}", players.folder)
    bound = (players.folder / "sold_twice.toml").read_text("utf-8")
    assert bound.count("[[outcome]]") == 2
    page = "---\norphan: true\n---\n\n# Builds\n\nIt was lost {observed}`sold_twice.py 2`.\n"
    (players.folder / "builds.md").write_text(page)
    record = json.loads((EXAMPLES / "sold_twice.observed.json").read_text("utf-8"))
    old = [each for each in record["observations"] if each["python"] < "3.13"]
    runs = sum(each["runs"] for each in old)
    (players.folder / "sold_twice.toml").write_text(f'{bound}\npython = "<3.13"\n')
    players.build("text")  # the record says that there are others
    text = (players.folder / "build/text/builds.txt").read_text("utf-8")
    assert re.search(rf" of {runs:,} runs\b", " ".join(text.split()))
    (players.folder / "sold_twice.toml").write_text(f'{bound}\npython = "<3"\n')
    players.build("text")
    assert "builds.md:7: " in players.output
    assert "sold_twice.py:1: has no record of a setting that the outcome speaks" in players.output


def test_other_builders_have_the_table(project):
    players = project("players")
    (players.folder / "builds.md").write_text(PAGE, encoding="utf-8")
    players.build("text")
    assert players.status == 0, players.output
    text = (players.folder / "build/text/builds.txt").read_text("utf-8")
    assert "Stuck on 3.14 with a GIL, and on builds without one" in text
    assert "Can it happen on your Python?" in text


STUCK = "on 3.14 with a GIL, and on builds without one"
TWO = '[[outcome]]\ngrade = "usual"\nstdout = ["2"]\n'
REST = '[[outcome]]\ngrade = "surprising"\nstdout = "..."\n'
# outcome files of `once.py` that do not say the same of every setting; each is a program's name
CONDITIONS = {
    "older": f'{TWO}{REST}python = "<3.13"\n',
    "windows": f'{TWO}{REST}platform = "win32"\n',
    "piped": f'{TWO}stdout_to = "pipe"\n{REST}',
    "ancient": f'{TWO}python = "<3"\n{REST}',
    "narrow": f'python = ">=3.11"\n\n{TWO}{REST}',
    "never": f"{TWO.replace('2', '3')}{REST}",
}


# claims that the exploration contradicts, what says nothing, and what the build says of each
WRONG = {
    "{reachable}`everywhere <crossed.py 2: all>`": (
        "crossed.py:1: outcome 2 is claimed to be reachable on every build; "
        f"it is {STUCK}: fix the sentence and its claim"
    ),
    "{reachable}`from 3.14 <crossed.py 2: >=3.14 or free-threaded>`": (
        "outcome 2 is claimed to be reachable on 3.14 and 3.15 with a GIL, and on builds without "
        f"one; it is {STUCK}"
    ),
    "{reachable}`if so <crossed.py 2: 3.14 unbuffered or free-threaded>`": (
        "outcome 2 is claimed to be reachable on 3.14 with a GIL where nothing buffers the output, "
        f"and on builds without one; it is {STUCK}"
    ),
    "{reachable}`with a GIL <crossed.py 2: ==3.14>`": (
        "builds without a GIL can reach all that is: write free-threaded into the claim too"
    ),
    "{reachable}`here <crossed.py 2: sometimes>`": (
        "the claim has 'sometimes': write versions (\">=3.14\"), where output goes"
    ),
    "{reachable}`there <crossed.py 2: 3.14 free-threaded>`": (
        "the claim has '3.14 free-threaded': write"
    ),
    "{reachable}`then <crossed.py 2: 3.14 or 3.20 or free-threaded>`": (
        "'3.20' in the claim names no version that anything is known of"
    ),
    "{reachable}`crossed.py 3`": "crossed.toml:1: has 2 outcomes, and none of number 3",
    "{reachable}`crossed.py`": "write a path and numbers of outcomes, such as program.py 2",
    "{reachable}`gone.py 1`": "gone.py:1: there is no such program: fix its name",
    "{reachable}`forks.py 1`": "forks.py:1: starts processes, and reachable is about the threads",
    "{observed}`crossed.py 2`": "crossed.py:1: has no record: run `anyorder observe`",
    "{observed}`crossed.py 3`": "crossed.toml:1: has 2 outcomes, and none of number 3",
    "```{reachable}\n```": "name a program, or write rows, such as program.py 2: its words",
    "```{reachable}\ncrossed.py\n```": "write a row as program.py 2: its words, not",
    "```{reachable}\ncrossed.py 4: It.\n```": "has 2 outcomes, and none of number 4",
    "```{reachable} forks.py\n```": "forks.py:1: starts processes, and reachable is about the",
    "{reachable}`older.py 2`": (
        "older.toml:4: outcome 2 is not the same in every setting, since it has a condition: "
        "Python before 3.13; reachable tells of all builds: name an outcome that is"
    ),
    "{reachable}`always <older.py 1 2: all>`": "older.toml:4: outcome 2 is not the same in every",
    "```{reachable}\nolder.py 2: It.\n```": "older.toml:4: outcome 2 is not the same in every",
    "```{reachable} older.py\n```": "older.toml:4: outcome 2 is not the same in every setting",
    "{reachable}`windows.py 2`": "windows.toml:4: outcome 2 is not the same in every setting",
    "{reachable}`piped.py 2`": (
        "piped.toml:5: outcome 2 is not the same in every setting, since outcome 1, which "
        "takes some of it, has a condition: to a pipe; "
    ),
    "{reachable}`ancient.py 2`": "which takes some of it, has a condition: Python before 3; ",
    "{reachable}`narrow.py 1`": (
        "narrow.toml:3: outcome 1 is not the same in every setting, since its file speaks of some "
        "alone: Python from 3.11; "
    ),
    "{reachable}`never.py 1`": "never.toml:1: outcome 1 is not possible: no schedule leads to it",
    "```{reachable} never.py\n```": "never.toml:1: outcome 1 is not possible: no schedule leads to",
}


def test_what_is_not_so_is_refused_by_page_and_line_until_it_is_fixed(project):
    players = project("players")
    (players.folder / "forks.py").write_text("from multiprocessing import Process\n")
    (players.folder / "forks.toml").write_text('[[outcome]]\ngrade = "usual"\nstdout = ""\n')
    for name, outcomes in CONDITIONS.items():
        shutil.copy(players.folder / "once.py", players.folder / f"{name}.py")
        (players.folder / f"{name}.toml").write_text(outcomes)
    page = "---\norphan: true\n---\n\n# Builds\n"
    lines = {}
    for sentence in WRONG:
        lines[sentence] = page.count("\n") + 2
        page += f"\n{sentence}\n"
    (players.folder / "builds.md").write_text(page, encoding="utf-8")
    for _ in "first", "again":
        players.build("dummy")
        assert players.status == 1
        for sentence, words in WRONG.items():
            said = [line for line in players.output.splitlines() if words in line]
            assert any(f"builds.md:{lines[sentence]}: " in line for line in said), sentence
