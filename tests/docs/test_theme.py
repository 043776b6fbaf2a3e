"""The theme adds to a page what Sphinx leaves out, and its changes reach every page."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

CONF = Path(__file__).parents[2] / "conf"
SETTINGS = """\
import sys
from pathlib import Path
sys.path.insert(0, str(Path(__file__).parent))
extensions = ["myst_parser", "sphinx_codeautolink", "theme"]
html_theme = "theme"
html_baseurl = ""
"""
PAGE = """\
# Page

```{py:function} json.loads()
```

```python
import json

json.loads("1")
```
"""
TABLE = """\
# Page

| {name} | {kind} |
| --- | --- |
| a | b |
"""


@pytest.fixture
def build(tmp_path):
    """Return a function that builds a page with the theme."""
    shutil.copytree(CONF / "theme", tmp_path / "theme")
    (tmp_path / "conf.py").write_text(SETTINGS)

    def run(text, *words):
        page = tmp_path / "index.md"
        if not page.exists() or page.read_text() != text:
            page.write_text(text)
        subprocess.run(
            [sys.executable, "-m", "sphinx", "-q", "-d", "doctrees", *words, ".", "built"],
            cwd=tmp_path,
            check=True,
        )
        return BeautifulSoup((tmp_path / "built/index.html").read_text("utf-8"), "html.parser")

    return run


@pytest.mark.parametrize(("longest", "scrolls"), [(30, False), (31, True)])
def test_code_that_is_wider_than_a_phone_scrolls_by_keyboard_and_is_named(build, longest, scrolls):
    [code] = build(f"# Page\n\n```python\n{'n' * longest}\n```").select(".highlight-python")
    assert code.select("pre")
    named = (code.get("tabindex"), code.get("role"), code.get("aria-label"))
    assert named == (("0", "group", "Code") if scrolls else (None, None, None))


@pytest.mark.parametrize(("longest", "labels"), [(34, []), (35, ["kind"])])
def test_a_table_that_is_too_wide_for_a_phone_names_its_cells(build, longest, labels):
    page = build(TABLE.format(name="n" * longest, kind="kind"))
    [box] = page.select(".wide:has(> table)")
    assert (box["tabindex"], box["role"], box["aria-label"]) == ("0", "group", "Table")
    assert ("stacked" in box["class"]) == bool(labels)
    assert [cell["data-label"] for cell in page.select("td[data-label]")] == labels


@pytest.mark.parametrize(("words", "stacked"), [(9, False), (10, True)])
def test_a_table_whose_words_would_stand_one_below_the_other_is_stacked(build, words, stacked):
    long = "word " * words
    for cells in (f"{'n' * 8} | {long} | {'w' * 14}", f"{'n' * 8} | {'w' * 14} | {long}"):
        page = build(f"# Page\n\n| a | b | c |\n| - | - | - |\n| {cells} |\n")
        [box] = page.select(".wide:has(> table)")
        assert ("stacked" in box["class"]) == stacked


@pytest.mark.parametrize(("longest", "stacked"), [(33, False), (34, True)])
def test_a_table_whose_last_name_leaves_the_first_column_no_room_is_stacked(
    build, longest, stacked
):
    page = build(f"# Page\n\n| a | b |\n| - | - |\n| some words | `{'n' * longest}` |\n")
    [box] = page.select(".wide:has(> table)")
    assert ("stacked" in box["class"]) == stacked


def test_short_words_of_code_that_would_break_have_elements_and_others_none(build):
    words = ["a --stdout-to run", "sys.<stream>.write", "long-" * 5, "%(x)s", "x[1]", "args=[one]"]
    page = build("# Page\n\n" + "".join(f"`{each}`\n" for each in words))
    assert [each.get_text() for each in page.select("p > code")] == words
    kept = [each.get_text() for each in page.select(".pre")]
    assert kept == ["--stdout-to", "sys.<stream>.write", "%(x)s", "args=[one]"]


def test_a_table_has_no_style_of_its_own_and_no_empty_heading(build):
    page = build(TABLE.format(name="name", kind=""))
    assert not page.select("table [style]")
    assert [each.get("role") for each in page.select("th")] == [None, "cell"]


def test_what_is_all_of_a_cell_has_no_element_and_no_class_of_its_own(build):
    page = build(TABLE.format(name="name", kind="kind"))
    assert [str(cell) for cell in page.select("th, td")] == [
        "<th>name</th>", "<th>kind</th>", "<td>a</td>", "<td>b</td>"
    ]  # fmt: skip


def test_a_change_of_the_theme_reaches_the_pages_that_did_not_change(build, tmp_path):
    page = tmp_path / "built/index.html"

    def built():
        soup = build(PAGE)
        [name] = soup.select("pre a")
        assert name["href"].endswith("#json.loads")
        [style] = soup.find_all("link", rel="stylesheet")
        return style["href"], page.stat().st_mtime_ns

    before = built()
    assert built() == before
    with (tmp_path / "theme/static/theme.css").open("a") as style:
        style.write("main { color: red; }")
    # it reads, and must not take the change for its own
    subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", "-d", "doctrees", "-b", "dummy", ".", "unwritten"],
        cwd=tmp_path,
        check=True,
    )
    after, _ = built()
    assert after != before[0]
    assert "main{color:red}" in (tmp_path / "built" / after).read_text("utf-8")
