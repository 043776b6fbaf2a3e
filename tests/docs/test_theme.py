"""The theme takes out of a page what no reader would miss, and nothing else."""

import re
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


@pytest.fixture
def fixing(monkeypatch):
    monkeypatch.syspath_prepend(str(CONF))
    from theme import fixing  # noqa: PLC0415 - it is found only now

    yield fixing
    for name in [name for name in sys.modules if name.partition(".")[0] == "theme"]:
        del sys.modules[name]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            (
                '<pre><span></span><span class="k">for</span><span class="w"> </span>'
                '<span class="n">n</span></pre>'
            ),
            '<pre><span class="k">for</span> n</pre>',
        ),
        ("<span>Next</span>", "<span>Next</span>"),
        ('<a class="reference internal" href="#x">x</a>', '<a href="#x">x</a>'),
        ('<div class="anyorder-play container">', '<div class="anyorder-play">'),
        ('<h2>A<a class="headerlink" href="#a">¶</a></h2>',) * 2,
        ('<span>T</span><a class="headerlink" href="#id3" title="it">¶</a>', "<span>T</span>"),
        ("<tr><td><p>1</p></td>\n<td><p>2</p>\n<p>3</p></td></tr>", "<tr><td>1<td><p>2<p>3</tr>"),
        ("<p>one</p> <code>two</code>",) * 2,
        (
            (
                '<pre><a class="sphinx-codeautolink-a" href="x">f</a> = <a href="y">g</a>; '
                '<a class="sphinx-codeautolink-a" href="x">f</a></pre> <a href="x">f</a>'
            ),
            '<pre><a href="x">f</a> = <a href="y">g</a>; f</pre> <a href="x">f</a>',
        ),
        (
            '<tr><th class="head"><p>a</p></th>\n<th class="head"><p>b</p></th></tr>\n</thead>',
            "<tr><th>a<th>b</thead>",
        ),
        (
            (
                '<div class="anyorder-output highlight-none notranslate"><div class="highlight">'
                '<pre tabindex="0"><span></span>a &lt; b\n</pre></div>\n</div>'
            ),
            '<pre class="anyorder-output notranslate" tabindex="0">a &lt; b\n</pre>',
        ),
    ],
)
def test_what_a_page_loses(fixing, before, after):
    assert fixing.lightened(before) == after
    assert fixing.lightened(after) == after


WIDE = (
    '<table class="docutils"><thead><tr class="row-odd"><th class="head"><p>name</p></th>'
    '<th class="head"><p>in <code>threading</code></p></th></tr></thead>'
    '<tbody><tr class="row-even"><td><p>{}</p></td><td><p>yes</p></td></tr></tbody></table>'
)


def test_a_table_that_is_too_wide_for_a_phone_names_its_cells(fixing):
    fits, wide = (fixing.fixed(WIDE.format("n" * length)) for length in (31, 32))
    assert fits.startswith('<div class="wide" ')
    assert "data-label" not in fits
    assert wide.startswith('<div class="wide stacked" ')
    assert wide.count("data-label") == 1
    row = f'<tr><td>{"n" * 32}<td data-label="in threading">yes</tbody>'
    assert row in fixing.lightened(wide)


def test_no_style_misses_what_is_taken_out(fixing):
    static = [*(CONF / "theme/static").glob("*.css"), *(CONF / "static").glob("*.css")]
    static += (CONF.parent / "src/anyorder/sphinx/static").glob("*.css")
    styles = "".join(path.read_text("utf-8") for path in static)
    plain = re.search(r'class="\(\?:([\w|]+)\)', fixing.PLAIN.pattern)[1].split("|")
    for name in [*plain, *fixing.UNUSED_CLASSES]:
        assert not re.search(rf"\.{name}\b", styles), name
    assert re.search(r"\.kn\b", styles)


def test_a_change_of_the_theme_reaches_the_pages_that_did_not_change(tmp_path):
    shutil.copytree(CONF / "theme", tmp_path / "theme")
    (tmp_path / "conf.py").write_text(SETTINGS)
    (tmp_path / "index.md").write_text(PAGE)
    page = tmp_path / "built/index.html"

    def sphinx(*words):
        subprocess.run(
            [sys.executable, "-m", "sphinx", "-q", "-d", "doctrees", *words],
            cwd=tmp_path,
            check=True,
        )

    def build():
        sphinx(".", "built")
        built = BeautifulSoup(page.read_text("utf-8"), "html.parser")
        [name] = built.select("pre a")
        assert name["href"].endswith("#json.loads")
        [style] = built.find_all("link", rel="stylesheet")
        return style["href"], page.stat().st_mtime_ns

    before = build()
    assert build() == before
    with (tmp_path / "theme/static/theme.css").open("a") as style:
        style.write("main { color: red; }")
    sphinx("-b", "dummy", ".", "unwritten")  # it reads, and must not take the change for its own
    after, _ = build()
    assert after != before[0]
    assert "main{color:red}" in (tmp_path / "built" / after).read_text("utf-8")
