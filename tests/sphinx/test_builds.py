"""A build checks the programs of its pages: all of them once, and then what has changed."""

import json
import re
import shutil

import docutils
import pytest
from small_programs import LOST_UPDATE, THREE_SPEAK, TWO_FAIL

ALL = {"hello", "greet", "typed"}
INCLUDED = (
    "hello.py is included, and nothing checks it: "
    "write the directive outcomes under it, or transcript for a session"
)
UNCHECKED = (
    "nothing checks this session: make it a doctest directive, "
    "or put its lines into a file *.session and show that by the directive transcript"
)
CROSSED = """\
from threading import Lock, Thread

fork, knife = Lock(), Lock()


def eat(first, second):
    with first, second:
        pass


print("begin")
Thread(target=eat, args=[fork, knife]).start()
Thread(target=eat, args=[knife, fork]).start()
"""


def test_a_second_build_reads_and_checks_nothing(project):
    pages = project("pages")
    pages.build()
    assert pages.status == 0, pages.output
    assert pages.read == {"index", "hello", "greet"}
    assert pages.checked == ALL
    pages.build()
    assert (pages.status, pages.read, pages.checked) == (0, set(), set())


def test_what_is_forbidden_can_happen_on_no_python(project):
    pages = project("pages")
    pages.build()
    grades = [row.p.get_text() for row in pages.page("greet").select("tbody tr")[:2]]
    cells = [row("td")[1].get_text().strip() for row in pages.page("greet").select("tbody tr")[:2]]
    assert [*zip(grades, cells, strict=True)] == [("usual", "yes"), ("forbidden", "no")]


def test_what_is_forbidden_stands_last_though_its_entry_comes_first(project):
    pages = project("pages")
    demand = pages.folder / "greet.toml"
    entries = demand.read_text().split("\n\n")
    demand.write_text("\n\n".join(each.strip() for each in reversed(entries)) + "\n")
    pages.build()
    assert pages.status == 0, pages.output
    grades = [row.p.get_text() for row in pages.page("greet").select("tbody tr")]
    assert grades[:2] == ["usual", "forbidden"]


def test_what_has_changed_is_checked_alone_and_fails_until_it_is_mended(project):
    pages = project("pages")
    pages.build()
    pages.replace("hello.py", "Thread(", "Thread(name='me', ")
    pages.build()
    assert (pages.status, pages.read, pages.checked) == (0, {"hello"}, {"hello"})
    pages.replace("greet.toml", "good day", "good night")
    for _ in "first", "again":
        pages.build()
        assert (pages.status, pages.read, pages.checked) == (1, {"greet"}, {"greet"})
        assert "greet.md:6: " in pages.output
        assert "greet.toml:10: no entry covers this outcome" in pages.output
    pages.replace("greet.toml", "good night", "good day")
    pages.build()
    assert (pages.status, pages.read, pages.checked) == (0, {"greet"}, {"greet"})
    pages.replace("greet.toml", "usual", "fine")
    for _ in "first", "again":
        pages.build()
        assert (pages.status, pages.read) == (1, {"greet"})
        assert "greet.toml:2: grade is 'fine': write" in pages.output
    pages.replace("greet.toml", "fine", "usual")
    shutil.move(pages.folder / "hello.py", pages.folder / "gone.py")
    for _ in "first", "again":
        pages.build()
        assert (pages.status, pages.read - {"greet"}) == (1, {"hello"})
        assert "hello.py:1: there is no such program: fix its name" in pages.output
        assert "hello.md:6: " in pages.output


def test_a_program_is_checked_again_only_where_it_or_what_it_imports_has_changed(project):
    pages = project("pages")
    (pages.folder / "_words.py").write_text('WORD = "hello"\n')
    (pages.folder / "hello.py").write_text("from _words import WORD\n\nprint(WORD)\n")
    toml = (pages.folder / "hello.toml").read_text()
    (pages.folder / "hello.toml").write_text(f'unexplored = "it imports"\n{toml}')
    pages.build()
    assert (pages.status, pages.checked) == (0, ALL)
    with (pages.folder / "hello.md").open("a") as page:
        page.write("\nOne sentence more.\n")
    pages.build()
    assert (pages.status, pages.read, pages.checked) == (0, {"hello"}, set())
    pages.replace("_words.py", "hello", "bye")
    for _ in "first", "again":
        pages.build()
        assert (pages.status, pages.read, pages.checked) == (1, {"hello"}, {"hello"})
    pages.replace("_words.py", "bye", "hello")
    pages.build()
    assert (pages.status, pages.read) == (0, {"hello"})


def test_a_record_that_comes_is_shown_and_one_that_is_stale_is_refused(project):
    pages = project("pages")
    pages.build()
    record = pages.folder / "hello.observed.json"
    record.write_text("{}")
    pages.build()
    assert (pages.status, pages.read) == (1, {"hello"})
    assert pages.output.count(f"{record}:1: is damaged") == 1
    record.unlink()
    pages.build()  # the program is as it was when it held
    assert (pages.status, pages.read, pages.checked) == (0, {"hello"}, set())
    pages.build()
    assert (pages.status, pages.read) == (0, set())


def test_settings_narrow_what_is_run(project):
    pages = project("pages")
    pages.build()
    assert "hello.py: held: 3 runs in 3 settings" in pages.output
    with (pages.folder / "conf.py").open("a") as conf:
        conf.write("anyorder_stdout_to = 'pipe'\n")
    pages.build()  # what held in other settings is checked again
    assert (pages.status, pages.checked) == (0, ALL)
    assert "hello.py: held: 1 run in 1 setting" in pages.output
    pages.build()
    assert (pages.status, pages.read, pages.checked) == (0, set(), set())
    toml = (pages.folder / "hello.toml").read_text()
    (pages.folder / "hello.toml").write_text(f'stdout_to = ["pipe", "terminal"]\n{toml}')
    pages.build()
    assert pages.status == 0, pages.output
    [words] = pages.page("hello").select(".anyorder-fold .anyorder-incomplete")
    assert words.text == "Checked in these settings alone: to a pipe or to a terminal."


def test_what_another_builder_read_is_checked_before_it_is_published(project):
    pages = project("pages")
    pages.build("dummy")
    assert (pages.status, pages.checked) == (0, set())
    pages.build()
    assert (pages.status, pages.checked) == (0, ALL)


def test_reading_in_parallel_makes_no_difference(project):
    pages = project("pages")
    for number in range(8):  # Sphinx reads so few pages in one process otherwise
        page = (pages.folder / "hello.md").read_text()
        (pages.folder / f"page{number}.md").write_text(f"---\norphan: true\n---\n{page}")
    pages.replace("hello.toml", "hello", "bye")
    pages.build("html", "-j", "2")
    assert pages.status == 1
    assert pages.checked == ALL
    for page in ("hello", *(f"page{number}" for number in range(8))):
        assert f"{page}.md:" in pages.output
    pages.replace("hello.toml", "bye", "hello")
    pages.build("html", "-j", "2")
    assert (pages.status, pages.checked) == (0, {"hello"})


@pytest.mark.parametrize("builder", ["html", "epub", "latex", "text", "man", "texinfo", "xml"])
def test_every_builder_shows_the_outcomes_and_the_session(project, builder):
    pages = project("pages")
    with (pages.folder / "conf.py").open("a") as conf:
        conf.write("copyright = 'nobody'\nversion = '1'\n")
        conf.write("man_pages = [('hello', 'hello', '', '', 1), ('index', 'index', '', '', 1)]\n")
        conf.write("suppress_warnings = ['epub.unknown_project_files']\n")
    pages.build(builder)
    assert pages.status == 0, pages.output
    written = "".join(
        path.read_text(errors="replace")
        for path in (pages.folder / "build" / builder).rglob("*")
        if path.is_file() and path.suffix not in {".js", ".css"}
    )
    shown = {"hello", "usual", "What hello.py can print", "typed"}
    if builder == "man" and docutils.__version_info__ < (0, 22):
        shown.remove("What hello.py can print")  # its manual pages had no titles of tables
    for words in shown:
        assert words in written.replace("\\-", "-").replace("\\sphinxhyphen{}", "-")
    if builder == "html":
        page = pages.page("index")
        [session] = page.select(".highlight-pycon.notranslate pre")
        assert session.text.startswith(">>> print(")
        [style] = page.select("link[href*='_static/anyorder.css']")
        assert "stylesheet" in style["rel"]
        assert (pages.folder / "build/html/_static/anyorder.css").exists()


def test_outcomes_that_print_the_same_and_end_otherwise_are_all_shown(project):
    pages = project("pages")
    (pages.folder / "hello.py").write_text(CROSSED)
    usual = '[[outcome]]\ngrade = "usual"\nstdout = ["begin"]\n'
    stuck = usual.replace("usual", "surprising") + 'ends = "deadlock"\n'
    (pages.folder / "hello.toml").write_text(usual + stuck)
    pages.build("text")
    assert pages.status == 0, pages.output
    _, _, table = (pages.folder / "build/text/hello.txt").read_text().partition("can print")
    assert table.count("begin") == 2


def test_outcomes_are_folded_and_all_is_in_them(project):
    pages = project("pages")
    pages.build()
    assert pages.status == 0, pages.output
    [fold] = pages.page("hello").select("details.anyorder-fold")
    assert not fold.has_attr("open")
    assert fold.summary.text == "What can hello.py print?"
    [row] = fold.select(".anyorder-outcomes tbody tr")
    assert [cell.text.strip().split("\n")[0] for cell in row.select("td")] == [
        *("usual", "yes", "no runs recorded")
    ]


IN_PAGE = """
```{code-block} python
:name: shout

print("HELLO")
```

```{outcomes} #shout
```
"""


def test_a_block_with_a_name_is_checked_where_it_has_an_outcome_file(project):
    pages = project("pages")
    page = pages.folder / "greet.md"
    page.write_text(page.read_text() + IN_PAGE.partition("```{outcomes}")[0])
    pages.build()
    assert (pages.status, pages.checked) == (0, ALL)
    usual = '[[outcome]]\ngrade = "usual"\nstdout = ["HELLO"]\n'
    (pages.folder / "greet.shout.toml").write_text(usual)
    pages.build()
    assert (pages.status, pages.read) == (0, {"greet"})
    assert "greet.md#shout: held: " in pages.output
    pages.build()
    assert (pages.status, pages.read) == (0, set())
    page.write_text(page.read_text() + IN_PAGE.rpartition("```{outcomes}")[1] + " #shout\n```\n")
    pages.build()
    assert pages.status == 0, pages.output
    table = pages.page("greet").select(".anyorder-outcomes")[-1]
    assert "What shout can print" in table.text
    page.write_text(page.read_text().replace('"HELLO"', '"HELLO!"'))
    for _ in "first", "again":
        pages.build()
        assert (pages.status, pages.read) == (1, {"greet"})
        assert "greet.shout.toml:3: no entry covers this outcome" in pages.output
    page.write_text(page.read_text().replace(":name: shout", ":name: cry"))
    pages.build()
    assert pages.status == 1
    assert "greet.md:1: has no block of Python named shout: give it that name" in pages.output


def test_a_block_that_the_page_does_not_show_is_refused(project):
    pages = project("pages")
    with (pages.folder / "greet.md").open("a") as page:
        page.write(f"\n<!--\n{IN_PAGE.partition('```{outcomes}')[0]}-->\n")
    usual = '[[outcome]]\ngrade = "usual"\nstdout = ["HELLO"]\n'
    (pages.folder / "greet.shout.toml").write_text(usual)
    for _ in "first", "again":
        pages.build("dummy")
        assert pages.status == 1
        assert "the page does not show by the name shout what is checked" in pages.output


def test_lines_are_apart_in_plain_text(project):
    pages = project("pages")
    (pages.folder / "hello.py").write_text("print('one')\nprint('two')\n")
    usual = '[[outcome]]\ngrade = "usual"\nstdout = ["one", "two"]\n'
    (pages.folder / "hello.toml").write_text(usual)
    pages.build("text")
    assert pages.status == 0, pages.output
    text = (pages.folder / "build/text/hello.txt").read_text()
    assert re.search(r"What hello\.py can print:\n\n\* usual\n\n +one\n +two\n", text)
    assert "On your Python: yes" in text


def test_what_is_wrong_is_said_once_a_page_with_a_type_that_can_be_suppressed(project):
    pages = project("pages")
    with (pages.folder / "hello.md").open("a") as page:
        page.write("\n```{predict} hello.py\n```\n\nIt is {observed}`hello.py 1`.\n")
    (pages.folder / "hello.observed.json").write_text('{"sha256": "another"}')
    pages.replace("greet.toml", "good day", "good night")
    for _ in "first", "again":
        pages.build()
        assert pages.status == 1
        assert pages.output.count("was recorded before hello.py was changed") == 1
        assert pages.output.count("[anyorder.refused]") == 1
        assert pages.output.count("[anyorder.check]") == 1
        assert "[docutils]" not in pages.output
    with (pages.folder / "conf.py").open("a") as conf:
        conf.write("suppress_warnings = ['anyorder.refused']\n")
    pages.build()
    assert pages.status == 1
    assert "was recorded before" not in pages.output
    pages.replace("conf.py", "['anyorder.refused']", "['anyorder']")
    pages.build()
    assert pages.status == 0, pages.output


def test_a_program_that_no_page_may_name(project):
    pages = project("pages")
    pages.replace("index.md", "{transcript} typed.session", "{transcript} gone.session")
    pages.replace("index.md", "{outcomes} typed.session", "{transcript} typed.session\n:outcome: 2")
    (pages.folder / "hello.toml").unlink()
    pages.build()
    assert pages.status == 1
    assert "gone.session:1: there is no such program: fix its name" in pages.output
    assert "typed.toml:1: has 1 outcome, and none of number 2: fix the option" in pages.output
    assert "hello.py:1: has no outcome file hello.toml: run `anyorder accept" in pages.output
    assert "index.md:8: " in pages.output


def test_a_program_that_is_refused_is_not_called_unchecked_too(project):
    pages = project("pages")
    with (pages.folder / "conf.py").open("a") as conf:
        conf.write("anyorder_checked_folders = ['.']\n")
    pages.replace("hello.toml", "usual", "fine")
    pages.build("dummy")
    assert "hello.toml:2: grade is 'fine': write" in pages.output
    assert "nothing checks it" not in pages.output


def test_what_nothing_checks_is_refused_in_the_folders_that_are_named(project):
    pages = project("unchecked")
    for _ in "first", "again":
        pages.build()
        assert pages.status == 1
        found = re.findall(
            r"(\w+\.md:\d+): (?:[A-Z]+: )?(.*?)(?: \[[\w.]+\])?$", pages.output, re.MULTILINE
        )
        assert found == [(f"page.md:{line}", UNCHECKED) for line in (3, 7)] + [
            ("page.md:11", INCLUDED)
        ]


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("anyorder_runs = 0", "anyorder_runs is 0: write a whole number, 1 or more"),
        ("anyorder_max_executions = 0", "anyorder_max_executions is 0: write a whole number, 1 or"),
        ("anyorder_max_seconds = 'x'", "anyorder_max_seconds is 'x': write seconds, more than 0"),
        ("anyorder_max_events = 1.5", "anyorder_max_events is 1.5: write a whole number, 1 or"),
        (
            "anyorder_stdout_to = 'paper'",
            "anyorder_stdout_to is 'paper': write pipe, terminal, unb",
        ),
        ("anyorder_python = ['3.99']", "Python 3.99: there is no python3.99 on PATH; install it"),
        ("anyorder_timeout = 'x'", "anyorder_timeout is 'x': write seconds, more than 0"),
        (
            "anyorder_checked_folders = ['gone']",
            "anyorder_checked_folders names 'gone', which is no folder of the docs: fix its name",
        ),
    ],
)
def test_a_setting_that_has_no_meaning_is_refused(project, setting, words):
    pages = project("pages")
    with (pages.folder / "conf.py").open("a") as conf:
        conf.write(f"{setting}\n")
    pages.build("dummy")
    assert pages.status == 2
    assert words in pages.output


def adding(project, extra=""):
    """Return a project of one page with a program of which an update may be lost."""
    pages = project("pages")
    for old in pages.folder.glob("*"):
        if old.is_file() and old.name != "conf.py":
            old.unlink()
    (pages.folder / "index.md").write_text(
        "# Adding\n\n```{literalinclude} add.py\n```\n\n```{outcomes} add.py\n```\n\n" + extra
    )
    (pages.folder / "add.py").write_text(LOST_UPDATE)
    usual = '[[outcome]]\ngrade = "usual"\nstdout = ["2"]\n'
    (pages.folder / "add.toml").write_text(f'explored = "0 preemptions"\n{usual}')
    return pages


def test_a_set_with_a_bound_is_not_called_complete(project):
    pages = adding(project)
    pages.build()
    assert pages.status == 0, pages.output
    assert "add.py: held: " in pages.output
    [words] = pages.page("index").select(".anyorder-incomplete")
    assert words.text == (
        "Not complete: every outcome with no preemption is here; there may be others."
    )
    assert "schedules" not in pages.page("index").select_one(".anyorder-outcomes").text
    pages.replace("add.toml", "0 preemptions", "1 preemption")
    pages.build()
    assert pages.status == 1
    assert "add.toml:4: no entry covers this outcome" in pages.output


def test_tracebacks_whose_lines_mix_are_said_to_be_in_one_piece(project):
    pages = adding(project)
    (pages.folder / "add.py").write_text(TWO_FAIL)
    header, frame = "Traceback (most recent call last):", '  File "add.py", line {}, in {}'
    thread = ["Exception in thread Thread-1 (fail):", header, frame.format(4, "fail")]
    main = [header, frame.format(7, "<module>"), frame.format(4, "fail"), "ValueError: y"]
    texts = [[*thread, "ValueError: x"], main]
    entry = '[[outcome]]\ngrade = "usual"\nstdout = ""\nexit = 1\nstderr = {}\n'
    both = [json.dumps([*one, *other]) for one, other in (texts, reversed(texts))]
    (pages.folder / "add.toml").write_text("\n".join(map(entry.format, both)))
    pages.build()
    assert pages.status == 0, pages.output
    [words] = pages.page("index").select(".anyorder-incomplete")
    assert "is taken for one piece: in real runs, lines that threads write" in words.text


def test_nothing_is_asked_about_a_set_with_a_bound(project):
    pages = adding(project, "```{predict} add.py\n```\n")
    pages.build()
    assert pages.status != 0
    assert "cannot be played: only schedules with no preemption were asked for" in pages.output


def test_a_search_has_limits(project):
    pages = adding(project)
    with (pages.folder / "conf.py").open("a") as conf:
        conf.write("anyorder_max_executions = 1\n")
    pages.replace("add.toml", 'explored = "0 preemptions"\n', "")
    pages.replace("add.py", "(n)", "(n, end='\\n')")  # which nobody has explored
    pages.build()
    assert pages.status == 1
    assert "more outcomes than could be explored (stopped after 1 execution): " in pages.output
    [words] = pages.page("index").select(".anyorder-incomplete")
    assert words.text == "Not complete: not everything was explored, and there may be others."


INTERRUPTING = """
import signal
from anyorder.checking import exploration
signal.signal(signal.SIGINT, signal.default_int_handler)
exploration.PATIENCE = 0
ask = exploration.ask
def asking(program, tell, **request):
    return ask(program, lambda _: signal.raise_signal(signal.SIGINT), **request)
exploration.ask = asking
"""


def test_an_interrupted_search_says_of_which_program(project):
    pages = adding(project)
    (pages.folder / "add.py").write_text(THREE_SPEAK)
    (pages.folder / "add.toml").write_text('[[outcome]]\ngrade = "usual"\nstdout = ["2"]\n')
    with (pages.folder / "conf.py").open("a") as conf:
        conf.write(INTERRUPTING)
    pages.build()
    assert pages.status not in {0, 1}
    assert "add.py: interrupted while it was explored: " in pages.output
    assert "found by then, and there may be more: `anyorder explore " in pages.output
    assert "Traceback" not in pages.output
