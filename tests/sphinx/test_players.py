"""The directives that are played work in any project, and say what is wrong with them."""

import json
import re
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup

from anyorder.checking.exploration import explored
from anyorder.outcomes import Ends
from anyorder.sphinx.predict import impossible_outcomes, why_not

PARSER = "html.parser"
STEPS = ("starts Ada", "takes till", "takes stamp")


@pytest.mark.parametrize("builder", ["html", "text", "man", "latex", "epub"])
def test_they_are_tables_for_every_builder(project, builder):
    players = project("players")
    options = ["-D", "epub_copyright=none", "-D", "version=1"] if builder == "epub" else []
    players.build(builder, *options)
    assert players.status == 0, players.output
    built = players.folder / "build" / builder
    suffixes = {".html", ".txt", ".1", ".tex", ".xhtml"}
    texts = [
        BeautifulSoup(text, PARSER).text if builder in {"html", "epub"} else text
        for text in (
            path.read_text("utf-8")
            for path in built.rglob("*")
            if path.suffix in suffixes and (path.suffix != ".html" or "index" in path.name)
        )
    ]
    text = re.sub(r"\\-|\\", "", "".join(texts))
    for step in STEPS:
        assert step in text
    assert "Ada waits for stamp" in text
    assert "One order" in text
    assert "This does not fix it" in text
    assert "So it is." in text


def test_a_scheduler_knows_who_can_reach_each_outcome(project):
    players = project("players")
    players.build()
    assert players.status == 0, players.output
    [data] = players.page("index").select("anyorder-scheduler script")
    content = json.loads(data.string)
    assert len(content["reachable"]) == len(content["outcomes"]) == 3
    everywhere = ["pipe", "terminal", "unbuffered"]
    versions = {version: [] for version in ("3.11", "3.12", "3.13", "3.14", "3.15")}
    # the deadlock, of two locks that are crossed once
    assert content["reachable"].count(None) == 2
    assert versions | {"3.14": everywhere} in content["reachable"]


BOTH = ["__main__", "__mp_main__"]
READS = """\
from multiprocessing import Process

print(__name__)


def work():
    pass


if __name__ == "__main__":
    child = Process(target=work)
    child.start()
    child.join()
"""


def test_a_page_loads_what_is_on_it(project):
    players = project("players")
    (players.folder / "empty.md").write_text(
        "---\norphan: true\n---\n\n# Nothing\n", encoding="utf-8"
    )
    players.build()
    assert players.status == 0, players.output
    page = players.page("index")
    asked = [urlsplit(each["href"]).path for each in page.find_all("link", rel="stylesheet")]
    asked += [urlsplit(each["src"]).path for each in page.find_all("script", src=True)]
    for file in ("anyorder.css", "play.css", "copy.js", "predict.js", "stepper.js", "scheduler.js"):
        assert asked.count(f"_static/{file}") == 1
    assert asked.index("_static/board.js") < asked.index("_static/stepper.js")
    assert page.find_all("a", href="https://example.org/docs/crossed.py")
    empty = players.page("empty")
    assert not empty.select("[href*='_static/play'], [src*='_static/play']")
    data = page.find_all("script", type="application/json")
    assert len(data) == 2
    for each in data:
        assert json.loads(each.string)["threads"] == ["MainThread", "Ada", "Ben"]


# what is changed on the page, the line that is then refused, and the words; of an option that
# cannot be read MyST names the line of its directive up to 5.1
WRONG = [
    (":goal: 2", ":goal: 3", 16, "has 2 outcomes, and none of number 3: fix the option goal"),
    (":goal: 2", ":goal: two", "1[67]", "write numbers of outcomes, such as 1 3"),
    (":outcomes: 2", ":outcomes: 0", 12, "has 2 outcomes, and none of number 0"),
    ("third.py: A", "third.py A", 21, "write a candidate as path: what it does, not"),
    ("order.py: One", "third.py: One", 21, "write a candidate that fixes the program"),
    ("[x] Because", "Because", 26, "begin the answer 'Because.' with [x] or with [ ]"),
    ("[x] Because", "[ ] Because", 26, "needs words, a right answer and a wrong one"),
    ("  So it is.", "", 26, "say why below the answer 'Because.'"),
    ("{stepper} crossed", "{stepper} gone", 12, "there is no such program: fix its name"),
]


@pytest.fixture(scope="module")
def said(project):
    """What a build says of pages each of which an author got wrong in another way."""
    players = project("players")
    page = (players.folder / "index.md").read_text("utf-8")
    for number, (before, after, *_) in enumerate(WRONG):
        assert before in page
        (players.folder / f"wrong{number}.md").write_text(page.replace(before, after), "utf-8")
    players.build("dummy")
    assert players.status == 1
    return players.output


@pytest.mark.parametrize("number", range(len(WRONG)), ids=lambda number: WRONG[number][1])
def test_what_an_author_gets_wrong_is_refused_with_page_and_line(said, number):
    *_, line, message = WRONG[number]
    assert re.search(rf"wrong{number}\.md:{line}: .*{re.escape(message)}", said), said


def test_the_page_that_is_right_is_not_refused(said):
    assert "index.md:" not in said


def test_each_entry_is_stepped_in_a_setting_that_it_speaks_of(project):
    players = project("players")
    (players.folder / "reads.py").write_text(READS)
    entries = (("fork", ["__main__"]), ("spawn", BOTH), ("forkserver", BOTH))
    (players.folder / "reads.toml").write_text(
        'unexplored = "it comes later"\n'
        + "".join(
            f'[[outcome]]\ngrade = "usual"\nstart_method = "{method}"\nstdout = {lines}\n'
            for method, lines in entries
        )
    )
    with (players.folder / "index.md").open("a") as page:
        page.write("\n```{stepper} reads.py\n:outcomes: 1 2\n```\n")
    players.build()
    assert "reads.py:1: cannot be played: it comes later" in players.output
    players.replace("reads.toml", 'unexplored = "it comes later"\n', "")
    players.build()
    assert players.status == 0, players.output
    steps = {
        method: each.table.text
        for each in players.page("index").select("anyorder-stepper details")
        for method in ("fork", "spawn")
        if f"under {method}:" in each.summary.text
    }
    assert "__mp_main__" not in steps["fork"]
    assert "__mp_main__" in steps["spawn"]


def test_a_program_that_is_not_explored_cannot_be_played(project):
    players = project("players")
    text = (players.folder / "crossed.toml").read_text("utf-8")
    (players.folder / "crossed.toml").write_text(f'unexplored = "it is late"\n{text}')
    players.build()
    assert "crossed.py:1: cannot be played: it is late" in players.output


def test_a_wrong_answer_is_never_possible(project):
    folder = project("players").folder
    for source in ("crossed.py", "third.py", "order.py"):
        exploration = explored(folder / source)
        possible = {(each.outcome.stdout, each.outcome.ends) for each in exploration.outcomes}
        wrong = list(impossible_outcomes(exploration))
        assert wrong
        assert not possible & set(wrong)
    assert why_not(("refunded\nrefunded\n", Ends.EXIT), exploration).astext() == (
        "The longest beginning of it that some schedule prints is 'refunded⏎'. "
        "After that comes 'sold⏎'."
    )
    assert why_not(("Sold\n", Ends.EXIT), exploration).astext() == (
        "No schedule begins like this. What comes first is 'refunded⏎' or 'sold⏎'."
    )
    assert why_not(("sold\nrefunded\n", Ends.DEADLOCK), exploration).astext() == (
        "All of it can be printed, but then: the program ends."
    )
