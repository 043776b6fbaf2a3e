"""What holds for some Pythons only is marked for a reader to choose, from what was recorded."""

import re

import pytest

from anyorder.checking.record import Observation, write_record
from anyorder.outcomes import Ends, Interpreter, Outcome, Setting, StartMethod, StdoutTo

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


@pytest.fixture
def pages(project):
    """A project of three pages: a table, text alone, and one that differs nowhere."""
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


def built(pages, name):
    return (pages.folder / f"build/html/{name}.html").read_text("utf-8")


def marks(text):
    return [set(re.findall(r"anyorder-on-([\w.-]+)", each)) for each in text]


def test_what_is_to_choose_is_what_was_recorded(pages):
    pages.build()
    assert pages.status == 0, pages.output
    page = built(pages, "hello")
    choice = re.findall(r"<anyorder-yours ([^>]*)>", page)
    assert choice == ['pythons="3.13 3.13t 3.14 3.15" methods="fork spawn"'], pages.output
    assert page.index("</h1>") < page.index("<anyorder-yours") < page.index("<table")
    assert page.count("_static/yours.js") == 1
    assert re.findall(r"<anyorder-yours ([^>]*)>", built(pages, "text")) == [
        'pythons="3.13 3.13t 3.14 3.15"'
    ]
    for name in ("greet", "index"):
        assert "anyorder-yours" not in built(pages, name)
        assert "yours.js" not in built(pages, name)


def test_a_part_is_marked_by_the_choices_for_which_it_holds(pages):
    pages.build()
    rows = re.findall(r'<tr class="row-[^"]*">|<tr class="anyorder[^"]*">', built(pages, "hello"))
    # some releases of 3.13 meet the first; both start methods are all that are known; 3.9 is old
    assert marks(rows[1:]) == [set()] * 4
    pages.replace("hello.toml", ">=3.13.2", ">=3.14")
    pages.replace("hello.toml", '["fork", "spawn"]', '"fork"')
    pages.build()
    rows = re.findall(r'<tr class="[^"]*">', built(pages, "hello"))
    assert marks(rows[1:]) == [{"3.14", "3.15"}, {"fork"}, set(), set()]
    part = re.findall(r'<div class="[^"]*anyorder-only[^"]*">', built(pages, "text"))
    assert marks(part) == [{"3.14", "3.15", "with-a-GIL"}]


def test_a_line_of_what_was_observed_has_the_counts_of_each_python(pages):
    pages.build()
    lines = re.findall(r'<p data-seen="([^"]*)">([^<]*)</p>', built(pages, "hello"))
    assert lines[-1][0] == "0 6 0 10/10"
    assert lines[-1][1].endswith(": 10 of 30 with a GIL, 6 of 10 free-threaded")
    assert {words.partition(" to")[0] for _, words in lines} == {"fork", "spawn"}


def test_pages_follow_when_other_pythons_are_recorded(pages):
    pages.build()
    record(pages.folder, PYTHONS[:3], (10, 4, 10))
    pages.build()
    assert (pages.status, pages.read) == (0, {"hello"}), pages.output
    for name in ("hello", "text"):
        assert '<anyorder-yours pythons="3.13 3.13t 3.14"' in built(pages, name)


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


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ('">=3.14"', '"from 3.14"', "write versions as pip does, such as >=3.14"),
        ('">=3.14"', '""', "write versions as pip does, such as >=3.14"),
        ("gil", "GIL", "write gil or free-threaded"),
        (":build: gil", ":start_method: forks", "write fork or spawn or forkserver"),
        (':python: ">=3.14"\n:build: gil\n', "", "say where it holds, by python, build or"),
        ("Words.", "", "Content block expected"),
    ],
)
def test_a_condition_that_says_nothing_is_refused_with_page_and_line(pages, before, after, message):
    pages.replace("text.md", before, after)
    pages.build()
    assert pages.status == 1
    assert re.search(rf"text\.md:[678]: .*{re.escape(message)}", pages.output), pages.output


def test_an_outcome_leads_to_its_steps_and_nowhere_else(project):
    players = project("players")
    players.build()
    assert players.status == 0, players.output
    page = (players.folder / "build/html/index.html").read_text("utf-8")
    links = re.findall(r'href="#([^"]*)">Show the steps', page)
    assert links == ["steps-1:1:0"]  # the stepper has the second outcome alone
    rows = page.partition("<tbody>")[2].split("<tr")[1:3]
    assert ["Show the steps" in row for row in rows] == [False, True]
    assert page.count('<details id="steps-1:1:0"') == 1
    players.build("text")
    assert "Show the steps" not in (players.folder / "build/text/index.txt").read_text("utf-8")
