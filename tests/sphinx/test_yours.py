"""What holds for some Pythons only is marked for a reader to choose, from what was recorded."""

import re

import pytest

from anyorder.checking.record import Observation, write_record
from anyorder.outcomes import Ends, Interpreter, Outcome, Setting, StartMethod, StdoutTo
from anyorder.sphinx.observed import Tally

ON = "anyorder-on-"
STEPS = "Show the steps"
PYTHONS = ("3.13.1", "3.13.2t", "3.14.0", "3.15.1")
PROGRAM = """\
from multiprocessing import Process

if __name__ == "__main__":
    child = Process(target=print, args=["hello"])
    child.start()
    child.join()
"""
OUTCOMES = """\
[[outcome]]
grade = "usual"
python = ">=3.13.2"
stdout = ["hi"]

[[outcome]]
grade = "usual"
start_method = ["fork", "spawn"]
stdout = ["ho"]

[[outcome]]
grade = "usual"
python = ">=3.9"
stdout = ["hello"]

[[outcome]]
grade = "surprising"
stdout = ""
"""
PAGE = """\
# The page hello

```{literalinclude} hello.py
```

```{outcomes} hello.py
```
"""
TEXT = """\
---
orphan: true
---
# Text alone

:::{only-on}
:python: ">=3.14"
:build: gil

Words.
:::
"""


def record(folder, pythons, seen):
    """Write what runs on some Pythons came to: ``seen`` of ten printed what was expected."""
    hello, nothing = (Outcome(text, "", 0, Ends.EXIT) for text in ("hello\n", ""))
    methods = (StartMethod.FORK, StartMethod.SPAWN)
    observations = [
        Observation(
            Setting(
                Interpreter(folder, name.rstrip("t"), name.endswith("t"), methods),
                method,
                StdoutTo.PIPE,
            ),
            {hello: count, nothing: 10 - count} if count < 10 else {hello: 10},
            "one day",
        )
        for name, count in zip(pythons, seen, strict=True)
        for method in methods
    ]
    write_record(folder / "hello.py", observations)


@pytest.fixture(scope="module")
def make(project):
    """Make a project of three pages: a table, text alone, and one that differs nowhere."""

    def make():
        pages = project("pages")
        folder = pages.folder
        (folder / "hello.py").write_text(PROGRAM)
        (folder / "hello.toml").write_text(f'unexplored = "it starts a process"\n{OUTCOMES}')
        (folder / "hello.md").write_text(PAGE)
        (folder / "text.md").write_text(TEXT)
        pages.replace(
            "conf.py", "extensions = [", 'myst_enable_extensions = ["colon_fence"]\nextensions = ['
        )
        record(folder, PYTHONS, (10, 4, 10, 0))
        return pages

    return make


@pytest.fixture
def pages(make):
    """A project for a test of its own."""
    return make()


@pytest.fixture(scope="module")
def as_recorded(make):
    """The same, built: for tests that change nothing."""
    pages = make()
    pages.build()
    assert pages.status == 0, pages.output
    return pages


def choices(pages, name):
    """Return what a page lets a reader choose."""
    return [each.attrs for each in pages.page(name).find_all("anyorder-yours")]


def marks(elements):
    """Return for which choices each of the elements holds."""
    return [
        {name.removeprefix(ON) for name in each.get("class", ()) if name.startswith(ON)}
        for each in elements
    ]


def rows(pages):
    """Return the rows below the headings of the table of outcomes."""
    return pages.page("hello").select(".anyorder-outcomes tbody tr")


def test_what_is_to_choose_is_what_was_recorded(as_recorded):
    both = {"pythons": "3.13 3.13t 3.14 3.15", "methods": "fork spawn"}
    assert choices(as_recorded, "hello") == [both]
    page = as_recorded.page("hello")
    choice = page.find("anyorder-yours")
    assert choice.find_previous("h1").text.startswith("The page hello")
    assert not choice.find_previous("table")
    assert choice.find_next("table")
    assert len(page.select("script[src*='_static/yours.js']")) == 1
    assert choices(as_recorded, "text") == [{"pythons": "3.13 3.13t 3.14 3.15"}]
    for name in ("greet", "index"):
        assert not choices(as_recorded, name)
        assert not as_recorded.page(name).select("script[src*='yours.js']")


def test_a_part_that_holds_for_every_choice_has_no_mark(as_recorded):
    # some releases of 3.13 meet the first; both start methods are all that are known; 3.9 is old
    assert marks(rows(as_recorded)) == [set()] * 4


def test_a_part_is_marked_by_the_choices_for_which_it_holds(pages):
    pages.replace("hello.toml", ">=3.13.2", ">=3.14")
    pages.replace("hello.toml", '["fork", "spawn"]', '"fork"')
    pages.build()
    assert marks(rows(pages)) == [{"3.14", "3.15"}, {"fork"}, set(), set()]
    part = pages.page("text").select(".anyorder-only")
    assert marks(part) == [{"3.14", "3.15", "with-a-GIL"}]


def test_conditions_of_a_whole_file_hold_for_each_of_its_rows(pages):
    text = (pages.folder / "hello.toml").read_text()
    (pages.folder / "hello.toml").write_text(f'python = ">=3.14"\nstart_method = "fork"\n{text}')
    pages.build()
    mark = {"3.14", "3.15", "fork"}
    assert marks(rows(pages)) == [mark] * 4
    lines = pages.page("hello").select(".anyorder-numbers tbody tr")
    assert lines
    assert all(found >= {"3.14", "3.15"} for found in marks(lines))


def test_a_line_of_what_was_observed_has_the_counts_of_each_python(as_recorded):
    numbers = as_recorded.page("hello").select_one("table.anyorder-numbers")
    *_, row = numbers.select("tbody tr")
    gil, free = row.find_all("p", attrs={"data-seen": True})
    assert (gil["data-seen"], gil.text) == ("0 0 0 10/10 0 10 10", "10 of 30")
    assert (free["data-seen"], free.text) == ("0 6 0 0/0 10 0 0", "6 of 10")
    assert [each.text for each in row.select("td")[:2]] == ["no. 4 (surprising)", "spawn to a pipe"]
    assert "anyorder-of-4" in row["class"]
    assert marks([row]) == [{"spawn"}]


def test_where_an_outcome_can_happen_is_said_in_words(as_recorded):
    can = [row.select("td")[1].text.strip() for row in rows(as_recorded)]
    assert can == ["Python from 3.13.2", "under fork or spawn", "Python from 3.9", "yes"]


def test_how_often_is_a_bar_and_one_sentence(as_recorded):
    # 24 of 40 runs under each of two start methods, and 16 of 40
    often = [row.select("td")[2] for row in rows(as_recorded)]
    assert [each.text.strip() for each in often] == [
        *("never seen there", "never seen", "about 60% of our runs", "about 40% of our runs")
    ]
    assert [each.select_one("rect")["width"] for each in often] == [
        "0.0%",
        "0.0%",
        "60.0%",
        "40.0%",
    ]


def test_a_share_of_some_of_the_runs_says_so(pages):
    pages.replace("hello.toml", ">=3.9", ">=3.14")
    pages.replace("hello.toml", 'start_method = ["fork", "spawn"]', 'stdout_to = "unbuffered"')
    pages.build()
    found = [[each.text.strip() for each in row.select("td")[1:]] for row in rows(pages)]
    assert found[1] == ["only unbuffered", "no runs recorded there"]
    assert found[2] == ["Python from 3.14", "about 50% of our runs there"]
    assert found[3] == ["yes", "about 40% of our runs"]


def test_what_usual_means_is_said_where_no_run_has_shown_it(pages):
    said = "Usual is what you would expect of the program, even if no run has shown it."
    pages.build()
    assert pages.page("hello").text.count(said) == 1
    assert said not in pages.page("greet").text
    text = (pages.folder / "hello.toml").read_text()
    (pages.folder / "hello.toml").write_text(text.replace('"usual"', '"surprising"', 2))
    pages.build()
    assert pages.page("hello").select_one("table.anyorder-outcomes")
    assert said not in pages.page("hello").text


@pytest.mark.parametrize(
    ("seen", "runs", "words"),
    [
        (0, 0, "no runs recorded"),
        (0, 5, "never seen"),
        (5, 5, "in every run"),
        (96, 100, "in nearly every run"),
        (94, 100, "about 94% of our runs"),
        (50, 100, "about 50% of our runs"),
        (13_739, 18_000, "about 76% of our runs"),
        (1, 22, "about 5% of our runs"),
        (2, 300, "about 1 in 150 of our runs"),
        (1, 12_345, "about 1 in 12,000 of our runs"),
    ],
)
def test_a_share_in_words(seen, runs, words):
    assert Tally(seen, runs).words == words


def test_where_there_is_nothing_to_choose_nothing_is_offered(pages):
    record(pages.folder, PYTHONS[:1], (10,))
    pages.replace("hello.toml", '["fork", "spawn"]', '"fork"')
    pages.build()
    assert pages.status == 0, pages.output
    assert not choices(pages, "text")  # which has no start methods
    assert choices(pages, "hello") == [{"pythons": "3.13", "methods": "fork spawn"}]


def test_pages_follow_when_other_pythons_are_recorded(pages):
    pages.build()
    record(pages.folder, PYTHONS[:3], (10, 4, 10))
    pages.build()
    assert (pages.status, pages.read) == (0, {"hello"}), pages.output
    for name in ("hello", "text"):
        assert choices(pages, name)[0]["pythons"] == "3.13 3.13t 3.14"


@pytest.mark.parametrize("builder", ["text", "man", "latex", "xml"])
def test_every_builder_says_where_a_part_holds(pages, builder):
    with (pages.folder / "conf.py").open("a") as conf:
        conf.write("man_pages = [('text', 'text', '', '', 1), ('hello', 'hello', '', '', 1)]\n")
        conf.write("latex_documents = [('text', 'text.tex', 'Text', 'nobody', 'manual')]\n")
    pages.build(builder)
    assert pages.status == 0, pages.output
    files = [path for path in (pages.folder / "build" / builder).rglob("text*") if path.is_file()]
    written = "".join(path.read_text(errors="replace") for path in files)
    assert "Python from 3.14, with a GIL:" in written
    assert "Words." in written
    assert "anyorder-yours" not in written


# reStructuredText leaves the quotes around an option's value where they are
IN_RST = """\
:orphan:

Text alone
==========

.. only-on::
   :python: ">=3.14"

   Words.
"""
# what is changed on the page, and the words by which it is then refused
WRONG = [
    ('">=3.14"', '"from 3.14"', "write versions as pip does, such as >=3.14"),
    ('">=3.14"', '""', "write versions as pip does, such as >=3.14"),
    ("gil", "GIL", "write gil or free-threaded"),
    (":build: gil", ":start_method: forks", "write fork or spawn or forkserver"),
    (':python: ">=3.14"\n:build: gil\n', "", "say where it holds, by python, build or"),
    ("Words.", "", "Content block expected"),
]


@pytest.fixture(scope="module")
def said(make):
    """What a build says of pages each of which has a condition that says nothing."""
    pages = make()
    for number, (before, after, _) in enumerate(WRONG):
        assert before in TEXT
        (pages.folder / f"wrong{number}.md").write_text(TEXT.replace(before, after))
    (pages.folder / "quoted.rst").write_text(IN_RST)
    (pages.folder / "half.rst").write_text(IN_RST.replace('14"', "14'"))
    pages.build("dummy")
    assert pages.status == 1
    return pages.output


@pytest.mark.parametrize("number", range(len(WRONG)), ids=lambda number: WRONG[number][1])
def test_a_condition_that_says_nothing_is_refused_with_page_and_line(said, number):
    assert re.search(rf"wrong{number}\.md:[678]: .*{re.escape(WRONG[number][2])}", said), said


def test_a_condition_that_says_something_is_not_refused(said):
    assert "text.md:" not in said
    assert "quoted.rst:" not in said
    assert re.search(r"half\.rst:\d: (?:.*\n)*?write versions as pip does", said)


def test_an_outcome_leads_to_its_steps_and_nowhere_else(project):
    players = project("players")
    players.replace("index.md", "```{board} crossed.py\n:goal: 2\nReach it.\n```\n", "")
    players.build()
    assert players.status == 0, players.output
    page = players.page("index")
    rows = page.select(".anyorder-outcomes tbody tr")
    links = [[each["href"] for each in row.find_all("a", string=STEPS)] for row in rows]
    assert links == [[], ["#board-1:1:0"]]  # the board has the second alone
    assert len(page.find_all("a", string=STEPS)) == 1
    assert len(page.find_all("details", id="board-1:1:0")) == 1
    players.build("text")
    assert STEPS not in (players.folder / "build/text/index.txt").read_text("utf-8")
