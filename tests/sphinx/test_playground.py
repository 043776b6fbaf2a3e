"""What a site has where programs can be changed on its pages, and exercises."""

import gzip
import json
import re
import subprocess
import sys
from zipfile import ZipFile

import pytest

PYODIDE = {
    "package.json": json.dumps(
        {"version": "1.2.3", "license": "MPL-2.0", "homepage": "https://example.org/pyodide"}
    ),
    "pyodide-lock.json": json.dumps({"info": {"python": "3.14.2"}, "packages": {"numpy": {}}}),
    "pyodide.asm.wasm": "wasm " * 100,
    "pyodide.asm.mjs": "// asm",
    "pyodide.mjs": "// mjs",
    "python_stdlib.zip": "PK",
}
EXERCISE = """
```{exercise} crossed.py
:solution: order.py
Let nobody get *stuck*.
```
"""
MISTAKES = """
[[outcome]]
grade = "forbidden"
ends = "deadlock"
stdout = ""
why = "Each waits for `till` or `stamp`."

[[outcome]]
grade = "forbidden"
ends = "never"
stdout = ["sold"]
why = "Each waits for `till` or `stamp`."

[[outcome]]
grade = "forbidden"
exit = 1
stdout = ""
stderr = ["Traceback (most recent call last):", "...", "ValueError: gone"]
why = "One gave up."

[[outcome]]
grade = "forbidden"
stdout = ["sold", "gone"]
why = "Too little."

[[outcome]]
grade = "forbidden"
stdout = ["sold", "..."]
why = "Too little."

[[outcome]]
grade = "forbidden"
stdout = [{ any_order = ["gone", "paid"] }]
why = "Too much."
"""


@pytest.fixture
def players(project):
    """Return a project, and what stands for npm's package beside it."""
    players = project("players")
    pyodide = players.folder / "pyodide"
    pyodide.mkdir()
    for name, text in PYODIDE.items():
        (pyodide / name).write_text(text)
    return players


def switch_on(players):
    with (players.folder / "conf.py").open("a") as conf:
        conf.write("anyorder_pyodide = 'pyodide'\n")


def folders(players):
    return sorted((players.folder / "build/html/_static").glob("anyorder-*/"))


def places(players, page="index"):
    return players.page(page).select(".anyorder-program .anyorder-bar > .anyorder-try > span")


def test_nothing_of_it_is_there_unless_it_is_asked_for(players):
    players.build()
    assert players.status == 0, players.output
    assert places(players) == []
    assert players.page("index").select("script[src*='try.js']") == []
    assert folders(players) == []


def test_a_program_can_be_tried_and_what_that_needs_is_there(players):
    players.build()
    switch_on(players)
    players.build()
    assert players.status == 0, players.output
    (place,) = places(players)
    (folder,) = folders(players)
    assert place["data-folder"] == folder.name
    assert len(players.page("index").select("script[src*='try.js']")) == 1
    smaller = folder / "pyodide.asm.wasm.packed"
    assert gzip.decompress(smaller.read_bytes()).decode() == PYODIDE["pyodide.asm.wasm"]
    asked = (smaller, folder / "anyorder.zip", folder / "python_stdlib.zip")
    said = (folder / "files.js").read_text("utf-8")
    assert f"const TOTAL = {sum(each.stat().st_size for each in asked)};" in said
    assert '"packages": {}' in said
    assert "CPython 3.14.2 in your browser" in said
    for name in ("board.js", "play.css", "playground.js", "pyodide.mjs", "worker.js"):
        assert (folder / name).is_file()


def test_the_tool_is_in_it_and_what_it_imports(players):
    switch_on(players)
    players.build()
    (folder,) = folders(players)
    names = set(ZipFile(folder / "anyorder.zip").namelist())
    assert {"anyorder/__init__.py", "anyorder/exploring/explorer.py"} <= names
    assert "packaging/version.py" in names
    assert not [name for name in names if re.match(r"anyorder/(sphinx|cli|pytest)", name)]
    notices = (folder / "notices.txt").read_text("utf-8")
    assert "Pyodide 1.2.3: MPL-2.0 (https://mozilla.org/MPL/2.0/)\n" in notices
    assert "https://example.org/pyodide, under the tag 1.2.3" in notices
    assert "Mozilla Public License Version 2.0" in notices
    assert "PYTHON SOFTWARE FOUNDATION LICENSE VERSION 2" in notices
    assert "Copyright (c) 2010-2014 Emscripten authors" in notices
    assert "packaging" in notices
    assert "Redistribution and use in source and binary forms" in notices


def test_what_is_left_out_of_it_is_missed_by_nothing(players):
    switch_on(players)
    players.build()
    (folder,) = folders(players)
    asks = """
import sys
sys.path.append(sys.argv[1])
import anyorder.checking
from packaging.specifiers import SpecifierSet
both = SpecifierSet(">=3.12,!=3.13") & SpecifierSet("<4")
assert [*both.filter(["3.11", "3.13", "3.14"])] == ["3.14"]
print(SpecifierSet.__module__, sys.modules["packaging"].__file__)
"""
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", asks, str(folder / "anyorder.zip")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert "anyorder.zip" in done.stdout


def test_the_folder_is_named_by_what_is_in_it(players):
    switch_on(players)
    players.build()
    (before,) = folders(players)
    made = (before / "files.js").stat().st_mtime_ns
    players.build()
    assert players.read == set()
    assert (before / "files.js").stat().st_mtime_ns == made
    players.replace("pyodide/package.json", "1.2.3", "1.2.4")
    players.build()
    assert players.read == {"index"}
    (after,) = folders(players)
    assert after != before
    assert places(players)[0]["data-folder"] == after.name


def test_a_builder_that_has_no_buttons_reads_no_page_again(players):
    switch_on(players)
    players.build()
    players.build("doctest")
    assert players.status == 0, players.output
    assert players.read == set()
    players.build()
    assert players.read == set()


def test_what_is_no_whole_program_or_cannot_be_explored_cannot_be_tried(players):
    switch_on(players)
    (players.folder / "late.py").write_text("print('late')\n")
    (players.folder / "late.toml").write_text(
        'unexplored = "it is late"\n[[outcome]]\ngrade = "usual"\nstdout = ["late"]\n'
    )
    (players.folder / "alone.py").write_text("print('alone')\n")
    (players.folder / "_beside.py").write_text("")
    (players.folder / "two.py").write_text("import _beside\n")
    (players.folder / "two.toml").write_text('[[outcome]]\ngrade = "usual"\nstdout = ""\n')
    shown = "".join(
        f"```{{literalinclude}} {words}\n```\n\n"
        for words in ("crossed.py\n:lines: 1-3", "late.py", "alone.py", "two.py", "order.py")
    )
    (players.folder / "more.md").write_text(f"---\norphan: true\n---\n\n# More\n\n{shown}")
    players.build()
    assert players.status == 0, players.output
    assert len(places(players, "more")) == 1
    blocks = players.page("more").select(".anyorder-program")
    assert [bool(block.select(".anyorder-try")) for block in blocks] == [False] * 4 + [True]


def test_a_folder_that_is_not_npms_is_refused(players):
    switch_on(players)
    (players.folder / "pyodide/pyodide.asm.wasm").unlink()
    players.build()
    assert players.status != 0
    assert "anyorder_pyodide names 'pyodide', where npm's package pyodide is not" in players.output


@pytest.mark.parametrize("on", [False, True])
def test_an_exercise_has_a_task_a_program_and_a_folded_solution(players, on):
    with (players.folder / "index.md").open("a") as page:
        page.write(EXERCISE)
    if on:
        switch_on(players)
    players.build()
    assert players.status == 0, players.output
    page = players.page("index")
    (task,) = page.select(".anyorder-task")
    assert task.get_text().strip() == "Let nobody get stuck."
    assert task.em.string == "stuck"
    begin = task.find_next_sibling(class_="anyorder-program")
    text = (players.folder / "crossed.py").read_text("utf-8")
    assert begin.pre.get_text() == text
    (solution,) = page.select("details.anyorder-solution")
    assert not solution.has_attr("open")
    assert solution.pre.get_text() == (players.folder / "order.py").read_text("utf-8")
    demands = [place.get("data-demand") for place in places(players)]
    demand = (players.folder / "order.toml").read_text("utf-8")
    assert demands == ([None, demand, None] if on else [])


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        (":solution: order.py\n", "", "name a program that solves it by the option solution"),
        ("Let nobody get *stuck*.\n", "", "Content block expected"),
        ("order.py", "gone.py", "gone.py:1: there is no such program: fix its name"),
        ("{exercise} crossed.py", "{exercise} gone.py", "gone.py:1: there is no such program"),
        (
            "{exercise} crossed.py",
            "{exercise} order.py",
            "order.py:1: does what order.toml asks for already: begin with one that does not",
        ),
    ],
)
def test_what_an_author_of_an_exercise_gets_wrong_is_refused(players, before, after, message):
    assert before in EXERCISE
    with (players.folder / "index.md").open("a") as page:
        page.write(EXERCISE.replace(before, after))
    players.build("dummy")
    assert players.status == 1
    assert re.search(rf"index\.md:\d+: .*{re.escape(message)}", players.output), players.output


def test_the_mistakes_that_the_outcome_file_of_the_solution_names_are_folded(players):
    with (players.folder / "index.md").open("a") as page:
        page.write(EXERCISE)
    players.build()
    assert players.page("index").select(".anyorder-mistakes") == []
    with (players.folder / "order.toml").open("a") as demand:
        demand.write(MISTAKES)
    players.build()
    assert players.status == 0, players.output
    (mistakes,) = players.page("index").select("details.anyorder-mistakes")
    assert not mistakes.has_attr("open")
    assert [each.get_text().strip() for each in mistakes.select("li")] == [
        "no output (deadlock: it never ends), sold (it never ends): Each waits for till or stamp.",
        "ValueError: gone: One gave up.",
        "sold ⏎ gone, or the like: Too little.",
        "gone ⏎ paid, in any order: Too much.",
    ]
    assert [each.get_text() for each in mistakes.select("li code")][2:4] == ["till", "stamp"]


def test_a_solution_that_solves_nothing_is_refused(players):
    with (players.folder / "index.md").open("a") as page:
        page.write(EXERCISE)
    players.replace("order.toml", '"refunded"', '"paid back"')
    players.build("dummy")
    assert players.status == 1
    assert "order.py:1: does not do what order.toml asks for: " in players.output
