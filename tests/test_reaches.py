"""Where the project relies on what other libraries do not promise, and why: the one list.

Any release of a library may break one of these. Then the check here says in words what has changed,
and where it is to be fixed. What is in no list is found: private names, and attributes of a
library that are replaced. The rooms of ``exploring`` are left out, with their tests, the oracle and
the probes of the interpreter: a stand-in stands inside of what it stands for, and their tests know
each name that they use.
"""

import ast
import doctest
import importlib
import inspect
import json
import multiprocessing
import re
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import process
from dataclasses import dataclass
from multiprocessing import context
from pathlib import Path

import matplotlib as mpl  # noqa: F401 - once only: Sphinx loads anew what it is first to import
import pytest
from bs4 import BeautifulSoup
from sphinx.environment import BuildEnvironment
from sphinx.ext.doctest import DocTestBuilder, SphinxDocTestRunner

from anyorder import doctests
from anyorder.playground import answers

ROOT = Path(__file__).parents[1]
# what is private by its name only, or is there to be set
PROMISED = {"_exit", "_replace", "excepthook", "stderr", "stdout"} | {
    *("default_venv_backend", "download_python", "error_on_missing_interpreters"),
    *("needs_version", "sessions"),
    "reuse_existing_virtualenvs",
}

ACCESSIBLE = "conf/theme/accessible.py"
CONF = f"""\
import sys
sys.path.insert(0, {str(ROOT / "conf")!r})
extensions = ["sphinx_codeautolink", "theme"]
html_theme = "theme"
html_baseurl = ""
"""
PAGE = f"""\
Page
====

.. toctree::

   other

.. py:function:: json.loads()

.. code-block:: python

   import json

   json.loads("1")  # {"a long line " * 5}

.. list-table::
   :header-rows: 1

   * - one
     - two
   * - {"n" * 40}
     - 2
"""


@dataclass(frozen=True)
class Reach:
    """One place where we rely on what is not promised.

    Args:
        where: the file
        names: what is found there, if it can be told by its name
        why: why it is not done otherwise
        check: refuses a library in which that has changed
    """

    where: str
    names: set[str]
    why: str
    check: Callable[["Pages"], None]


class Pages:
    """A small project that has been built with the theme."""

    def __init__(self, folder):
        self.folder = folder

    def __getitem__(self, name):
        """Parse a page."""
        return BeautifulSoup((self.folder / f"{name}.html").read_text("utf-8"), "html.parser")


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reaches")
    (folder / "conf.py").write_text(CONF)
    (folder / "index.rst").write_text(PAGE)
    (folder / "other.rst").write_text("Other\n=====\n\n.. index:: elsewhere\n")
    (folder / "apart.rst").write_text(":orphan:\n\nApart\n=====\n")
    build(folder)
    return Pages(folder / "built")


def build(folder):
    subprocess.run([sys.executable, "-m", "sphinx", "-q", folder, folder / "built"], check=True)


def the_checker_is_asked(_pages):
    doctests.install()
    text = '>>> print("b\\na")  # doctest: +ANY_ORDER\na\nb\n'
    example = doctest.DocTestParser().get_doctest(text, {}, "example", None, 0)
    assert doctest.DocTestRunner().run(example, out=lambda _: None).failed == 0, (
        "doctest does not ask OutputChecker.check_output any more: ANY_ORDER has no effect"
    )
    assert issubclass(SphinxDocTestRunner, doctest.DocTestRunner), (
        "Sphinx runs doctests by a class of its own: see whether that asks doctest's checker"
    )


def the_doctest_builder_has_its_methods(_pages):
    wanted = {
        "init": [],
        "finish": [],
        "write_documents": ["docnames"],
        "test_doc": ["docname", "doctree"],
        "test_group": ["group"],
        "_out": ["text"],
        "_warn_out": ["text"],
    }
    for name, arguments in wanted.items():
        method = getattr(DocTestBuilder, name, None)
        assert method, f"Sphinx's doctest builder has no method {name} any more"
        assert [*inspect.signature(method).parameters][1:] == arguments, (
            f"the method {name} of Sphinx's doctest builder takes other arguments"
        )
    source = inspect.getsource(DocTestBuilder)
    for name in ("total_tries", "total_failures"):
        assert f"self.{name} += " in source, f"Sphinx's doctest builder does not count {name}"


def pages_have_dependencies(_pages):
    assert re.search(
        r"self\.dependencies: dict\[str, set\[", inspect.getsource(BuildEnvironment)
    ), "Sphinx keeps elsewhere, or otherwise, which files a page depends on"


def the_default_start_method_is_kept_there(_pages):
    kept = getattr(context, "_default_context", None)
    assert isinstance(kept, context.DefaultContext), (
        "multiprocessing keeps its default start method elsewhere"
    )
    assert {*multiprocessing.get_all_start_methods()} <= {*context._concrete_contexts}, (
        "multiprocessing keeps the contexts of its start methods elsewhere"
    )


def an_executor_is_woken_up(_pages):
    assert inspect.isfunction(process._ThreadWakeup.wakeup), (
        "the executor wakes its thread up by something else: see whether it does so under a lock"
    )


def a_search_in_a_browser_ends_at_its_memory(_pages):
    presses = (ROOT / "tests/site/pyodide/presses.py").read_text("utf-8")
    assert '"memory": ' in presses, "no program there asks for more memory than there is"


def the_playground_has_limits(_pages):
    assert answers.LIMITS.max_seconds, "the playground's limits have another name"


def a_lock_has_a_name(_pages):
    lock = multiprocessing.get_context("spawn").Lock()
    assert lock._semlock.name.startswith("/"), "a lock of multiprocessing has no name in its system"


def tags_have_the_attributes_of_their_nodes(pages):
    page = pages["index"]
    said = (
        "Sphinx writes the tags of {} otherwise: see Translator and complete_tree in " + ACCESSIBLE
    )
    assert page.select("[class*=highlight-][tabindex='0'] pre"), said.format("blocks of code")
    assert page.select("div.stacked[tabindex='0'] > table"), said.format("containers")
    assert page.select("td[data-label='two']"), said.format("cells")
    assert not page.select("table [style]"), said.format("tables")


def names_in_code_are_linked(pages):
    [name] = pages["index"].select("pre a")
    assert name["href"].endswith("#json.loads"), "sphinx-codeautolink links otherwise"


def a_page_loads_one_style(pages):
    page = pages["index"]
    styles = page.find_all("link", rel="stylesheet")
    assert len(styles) == 1, "Sphinx hands over a page's styles otherwise: see theme/assets.py"
    assert ".sphinx-codeautolink" in (pages.folder / styles[0]["href"]).read_text("utf-8"), (
        "the style of an extension is missing: Sphinx hands over a page's styles, or copies static "
        "files, otherwise: see theme/assets.py"
    )


def the_search_and_the_index_have_what_they_ask_for(pages):
    for script in pages["search"].find_all("script", src=True):
        assert (pages.folder / script["src"].partition("?")[0]).exists(), (
            f"Sphinx's search has no script {script['src']}: see theme/search.html"
        )
    assert pages["genindex"].find("a", href="index.html#json.loads"), (
        "Sphinx hands over the entries of the index otherwise: see theme/genindex.html"
    )


def what_is_searched_is_kept(pages):
    index = pages.folder / "searchindex.js"
    before = index.read_text("utf-8")
    (pages.folder.parent / "apart.rst").write_text(":orphan:\n\nApart\n=====\n\nMore.\n")
    build(pages.folder.parent)
    after = index.read_text("utf-8")
    assert before != after
    for text in (before, after):
        found = json.loads(text.removeprefix("Search.setIndex(").removesuffix(")"))
        assert "elsewhere" in found["indexentries"], (
            "the search has lost entries of pages that were not written again: Sphinx keeps what "
            "it searches otherwise than conf/theme/__init__.py expects"
        )


def the_search_calls_what_is_replaced(pages):
    script = (pages.folder / "_static/searchtools.js").read_text("utf-8")
    for call in ("Scorer.score(", "Search.htmlToText(", "Search._performSearch("):
        assert call in script, f"Sphinx's search does without {call}): see theme/static/search.js"


def a_plot_has_the_theme_s_colours(_pages):
    sys.path.append(str(ROOT / "conf"))
    measured = importlib.import_module("measured")
    record = ROOT / "src/examples/two-ways/really_at_once.measured.json"
    text = measured.plot(measured.read(record, "counting"))
    svg = BeautifulSoup(text, "html.parser").svg
    said = "matplotlib writes SVG otherwise than conf/measured.py expects:"
    assert not svg.find_all(style=True), f"{said} styles are left, which the pages forbid"
    assert not svg.find_all("style"), f"{said} a style sheet is left, which the pages forbid"
    assert not {"width", "height"} & {*svg.attrs}, f"{said} the plot has a fixed size"
    assert not re.search(r"#[0-9a-f]{6}\b", text), (
        f"{said} colours are left that are not the theme's"
    )
    assert "var(--accent)" in text, f"{said} it has none of the theme's colours"


REACHES = [
    Reach(
        "src/anyorder/doctests.py",
        {"OutputChecker.check_output"},
        "doctest, pytest and Sphinx make their checkers themselves, and know no flag but their own",
        the_checker_is_asked,
    ),
    Reach(
        "src/anyorder/sphinx/builder.py",
        {"_out", "_warn_out"},
        "Sphinx has no event for a group of doctests, nor for a line of the builder's report",
        the_doctest_builder_has_its_methods,
    ),
    Reach(
        "src/anyorder/sphinx/checks.py",
        set(),
        "Sphinx tells a page's dependencies by no method, and ours would be a copy of them",
        pages_have_dependencies,
    ),
    Reach(
        "src/anyorder/running/start_method/sitecustomize.py",
        {"_concrete_contexts", "_default_context"},
        "a method that is set may not be set again by the program, and a default cannot be set",
        the_default_start_method_is_kept_there,
    ),
    Reach(
        "tests/exploring/processes/test_looking_at_results.py",
        set(),
        "whether an executor may fail at exit depends on the release, and nothing else tells it",
        an_executor_is_woken_up,
    ),
    Reach(
        "tests/running/samples/holds_shared_memory.py",
        {"_semlock"},
        "the file of a lock can be looked for only by its name",
        a_lock_has_a_name,
    ),
    Reach(
        "src/anyorder/playground/browser.py",
        {"_module"},
        "Pyodide tells by nothing else how much memory it has",
        a_search_in_a_browser_ends_at_its_memory,
    ),
    Reach(
        "tests/site/pyodide/presses.py",
        {"LIMITS"},
        "a reader cannot choose how long a search may take, and a slow machine needs longer",
        the_playground_has_limits,
    ),
    Reach(
        ACCESSIBLE,
        set(),
        "docutils has no node with attributes of HTML",
        tags_have_the_attributes_of_their_nodes,
    ),
    Reach(
        "conf/theme/__init__.py",
        set(),
        "a page that is written anew has its links in code only where it is read anew too",
        names_in_code_are_linked,
    ),
    Reach(
        "conf/theme/__init__.py",
        set(),
        "Sphinx saves what it knows before it has written the pages, and not what it learns then",
        what_is_searched_is_kept,
    ),
    Reach(
        "conf/theme/assets.py",
        set(),
        "Sphinx has no way to put a page's files together",
        a_page_loads_one_style,
    ),
    Reach(
        "conf/theme/search.html",
        set(),
        "the search is Sphinx's own, in a page of ours",
        the_search_and_the_index_have_what_they_ask_for,
    ),
    Reach(
        "conf/theme/static/search.js",
        set(),
        "the search has no setting for what it shows of a page, nor for how often it lists one",
        the_search_calls_what_is_replaced,
    ),
    Reach(
        "conf/measured.py",
        set(),
        "matplotlib has no colours that are variables, and writes styles into tags",
        a_plot_has_the_theme_s_colours,
    ),
]


@pytest.mark.parametrize("reach", REACHES, ids=lambda reach: reach.check.__name__)
def test_it_is_still_as_we_rely_on_it(reach, pages):
    assert (ROOT / reach.where).exists()
    reach.check(pages)


def is_private(name):
    return name.startswith("_") and not name.startswith("__")


def defined(tree):
    """Return the private names that a module defines itself."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            names |= {node.attr} if ast.unparse(node.value) == "self" else set()
    return {name for name in names if is_private(name)}


def reaches_of(source, ours=frozenset()):
    """Return the private names of others that a module uses, and what of them it replaces."""
    tree = ast.parse(source)
    ours = ours | defined(tree)
    found, modules = set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            modules |= {(each.asname or each.name).partition(".")[0] for each in node.names}
            whole = [f"{getattr(node, 'module', '') or ''}.{each.name}" for each in node.names]
            parts = {part for name in whole for part in name.split(".") if is_private(part)}
            found |= set() if "anyorder" in whole[0] else parts - ours
        elif isinstance(node, ast.Attribute) and is_private(node.attr):
            inherited = ast.unparse(node.value) == "super()"
            found |= {node.attr} if inherited or node.attr not in ours else set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            base = ast.unparse(node)
            if base.partition(".")[0] in modules:
                found.add(base.partition(".")[2] if base.count(".") > 1 else node.attr)
    return {name for name in found if name.rpartition(".")[2] not in PROMISED}


def files():
    """Return the modules that may reach, and those whose private names are ours."""
    everywhere = [
        path
        for folder in ("src/anyorder", "conf", "tests")
        for path in (ROOT / folder).rglob("*.py")
        if not {"exploring", "oracle", "probing"} & set(path.parts)
    ]
    tool = [path for path in everywhere if ROOT / "src" in path.parents]
    return [*everywhere, ROOT / "noxfile.py"], tool


def test_every_reach_is_listed_and_every_entry_reaches():
    every, tool = files()
    ours = frozenset().union(*(defined(ast.parse(path.read_text("utf-8"))) for path in tool))
    found = {
        (path.relative_to(ROOT).as_posix(), name)
        for path in every
        if path != Path(__file__)
        for name in reaches_of(path.read_text("utf-8"), ours)
    }
    assert found == {(reach.where, name) for reach in REACHES for name in reach.names}


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("from _pytest.nodes import Item", "_pytest"),
        ("from pygments.token import _TokenType", "_TokenType"),
        ("import os\nos.environ._data", "_data"),
        ("class Builder(Other):\n    def _out(self): super()._out()", "_out"),
        ("class Builder(Other):\n    def out(self): self._warn()", "_warn"),
        ("from bs4 import Tag\nTag.select = print", "select"),
        ("import doctest\ndoctest.OutputChecker.check = print", "OutputChecker.check"),
        (
            "import sphinx.application\nsphinx.application.Sphinx.build = 1",
            "application.Sphinx.build",
        ),
    ],
)
def test_a_reach_is_found(source, name):
    assert reaches_of(source) == {name}


def test_what_is_ours_or_promised_is_no_reach():
    source = (
        "import os\ndef _mine(): os._exit(1)\nself._here = _mine()\nprint(self._here, x.__doc__)"
    )
    assert reaches_of(source) == set()


def test_a_library_that_has_changed_is_refused_in_words(monkeypatch, tmp_path):
    monkeypatch.delattr(DocTestBuilder, "_out")
    with pytest.raises(AssertionError, match="doctest builder has no method _out any more"):
        the_doctest_builder_has_its_methods(None)
    (tmp_path / "index.html").write_text("<div class='highlight-python'><pre>x</pre></div>")
    with pytest.raises(AssertionError, match="writes the tags of blocks of code otherwise"):
        tags_have_the_attributes_of_their_nodes(Pages(tmp_path))
    with pytest.raises(AssertionError, match="Sphinx hands over a page's styles otherwise"):
        a_page_loads_one_style(Pages(tmp_path))
    (tmp_path / "_static").mkdir()
    (tmp_path / "_static/searchtools.js").write_text("Scorer.score(item)")
    with pytest.raises(AssertionError, match="does without Search"):
        the_search_calls_what_is_replaced(Pages(tmp_path))
