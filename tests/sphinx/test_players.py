"""The directives that are played work in any project, and say what is wrong with them."""

import html
import json
import re

import pytest

from anyorder.checking.exploration import explored
from anyorder.outcomes import Ends
from anyorder.sphinx.predict import impossible_outcomes, why_not

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
        html.unescape(path.read_text("utf-8"))
        for path in built.rglob("*")
        if path.suffix in suffixes and "index" in path.name + "index" * (path.suffix != ".html")
    ]
    text = re.sub(r"\\-|\\|<[^>]*>", "", "".join(texts))
    for step in STEPS:
        assert step in text
    assert "Ada waits for stamp" in text
    assert "One order" in text
    assert "This does not mend it" in text
    assert "So it is." in text


def test_a_page_loads_what_is_on_it(project):
    players = project("players")
    (players.folder / "empty.md").write_text(
        "---\norphan: true\n---\n\n# Nothing\n", encoding="utf-8"
    )
    players.build()
    assert players.status == 0, players.output
    page = (players.folder / "build/html/index.html").read_text("utf-8")
    for file in ("anyorder.css", "play.css", "copy.js", "predict.js", "stepper.js", "scheduler.js"):
        assert page.count(f"_static/{file}") == 1
    assert page.index("board.js") < page.index("stepper.js")
    assert "https://example.org/docs/crossed.py" in page
    assert "_static/play" not in (players.folder / "build/html/empty.html").read_text("utf-8")
    for data in re.findall(r'<script type="application/json">(.*?)</script>', page):
        assert json.loads(data)["threads"] == ["MainThread", "Ada", "Ben"]


@pytest.mark.parametrize(
    ("before", "after", "line", "message"),
    [
        (":goal: 2", ":goal: 3", 16, "has 2 outcomes, and none of number 3: mend the option goal"),
        (":goal: 2", ":goal: two", 17, "write numbers of outcomes, such as 1 3"),
        (":outcomes: 2", ":outcomes: 0", 12, "has 2 outcomes, and none of number 0"),
        ("third.py: A", "third.py A", 21, "write a candidate as path: what it does, not"),
        ("order.py: One", "third.py: One", 21, "write a candidate that mends the program"),
        ("[x] Because", "Because", 26, "begin the answer 'Because.' with [x] or with [ ]"),
        ("[x] Because", "[ ] Because", 26, "needs words, a right answer and a wrong one"),
        ("  So it is.", "", 26, "say why below the answer 'Because.'"),
        ("{stepper} crossed", "{stepper} gone", 12, "there is no such program: mend its name"),
    ],
)
def test_what_an_author_gets_wrong_is_refused_with_page_and_line(
    project, before, after, line, message
):
    players = project("players")
    players.replace("index.md", before, after)
    players.build()
    assert players.status == 1
    assert re.search(rf"index\.md:{line}: .*{re.escape(message)}", players.output), players.output


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
        "The longest beginning of it that some schedule prints is 'refunded\\n'. "
        "After that comes 'sold\\n'."
    )
    assert why_not(("Sold\n", Ends.EXIT), exploration).astext() == (
        "No schedule begins like this. What comes first is 'refunded\\n' or 'sold\\n'."
    )
    assert why_not(("sold\nrefunded\n", Ends.DEADLOCK), exploration).astext() == (
        "All of it can be printed, but then: the program ends."
    )
