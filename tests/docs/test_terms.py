"""The first use of each word of the glossary is linked on each page of the course."""

import subprocess
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

CONF = Path(__file__).parents[2] / "conf"
SETTINGS = f"""\
import sys
sys.path.insert(0, {str(CONF)!r})
extensions = ["myst_parser", "terms"]
myst_enable_extensions = ["colon_fence"]
"""
GLOSSARY = """\
# Glossary

```{glossary}
GIL
  A lock.

lock
  One at a time. See [a page](two-ways/lock.md).

reentrant lock
  Taken again.

switch point
  A place.
```
"""
LOCK = """\
# Lock

A lock is no GIL.
"""
PAGE = """\
# A lock

The `lock` of Gil, a reentrant lock.

- Locks, *and* a lock: unlock, lock-free.

:::{container} choice
The GIL.
:::

## Your turn

A switch point.

:::{container} anyorder-board
Press.
:::

Another reentrant lock at [switch points](lock.md), and one more switch point.

| GIL |
| --- |
| x |
"""


@pytest.fixture
def build(tmp_path):
    """Return a function that builds the pages, and returns the words that one of them links."""
    (tmp_path / "two-ways").mkdir()
    (tmp_path / "conf.py").write_text(SETTINGS)
    (tmp_path / "glossary.md").write_text(GLOSSARY)
    (tmp_path / "two-ways/lock.md").write_text(LOCK)
    (tmp_path / "two-ways/page.md").write_text(PAGE)
    (tmp_path / "index.md").write_text(
        "# Home\n\nA lock.\n\n```{toctree}\nglossary\ntwo-ways/lock\ntwo-ways/page\n```\n"
    )

    def run(page):
        subprocess.run(
            [sys.executable, "-m", "sphinx", "-q", "-nW", "-d", "doctrees", ".", "built"],
            cwd=tmp_path,
            check=True,
        )
        soup = BeautifulSoup((tmp_path / f"built/{page}.html").read_text("utf-8"), "html.parser")
        return [(link.get_text(), link["href"]) for link in soup.select("a:has(> .std-term)")]

    return run


def test_a_first_use_is_linked_and_no_other(build, tmp_path):
    assert build("two-ways/page") == [
        ("reentrant lock", "../glossary.html#term-reentrant-lock"),
        ("Locks", "../glossary.html#term-lock"),
    ]
    page = BeautifulSoup((tmp_path / "built/two-ways/page.html").read_text("utf-8"), "html.parser")
    said = [each.get_text() for each in page.select("section p")]
    assert said[:2] == [
        "The lock of Gil, a reentrant lock.",
        "Locks, and a lock: unlock, lock-free.",
    ]


def test_the_page_that_explains_a_word_does_not_link_it(build):
    assert build("two-ways/lock") == [("GIL", "../glossary.html#term-GIL")]


def test_a_page_that_is_not_of_the_course_links_none(build):
    assert build("index") == []


def test_a_new_word_reaches_the_pages_that_did_not_change(build, tmp_path):
    build("two-ways/page")
    text = GLOSSARY.replace("A place.", "A place.\n\nunlock\n  To let go.")
    (tmp_path / "glossary.md").write_text(text)
    assert ("unlock", "../glossary.html#term-unlock") in build("two-ways/page")
