"""The reader's choice of a Python, held against the outcome files and the records."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from built_site import PAGES, SITE
from test_gates import OVERFLOW, SHIFTS

from anyorder.checking import Program, read_record
from anyorder.outcomes import Interpreter, Setting, StartMethod, StdoutTo
from anyorder.sphinx.observed import Tally

EXAMPLES = Path(__file__).parents[2] / "src/examples"
BEGINS = "two-ways/child-begins.html"
SECOND = "two-ways/second-interpreter.html"
SCREEN = "two-ways/screen.html"
BLOCKED = """Object.defineProperty(window, "localStorage", {
  get() { throw new DOMException("no", "SecurityError"); } })"""
OPEN = "for (const each of document.querySelectorAll('details')) each.open = true"
# what is written anew of tables, which the parser of a page never does
REWRITTEN = """
  window.rewritten = [];
  new MutationObserver((changes) => {
    const anew = changes.filter((each) => each.removedNodes.length || each.type === "characterData")
      .map(({ target }) => target.parentElement)
      .filter((each) => each?.closest(".anyorder-outcomes, .anyorder-numbers"));
    window.rewritten.push(...anew.map((each) => each.outerHTML.slice(0, 120)));
  }).observe(document, { subtree: true, childList: true, characterData: true });
"""
WITH_CHOICE = [name for name in PAGES if "<anyorder-yours" in (SITE / name).read_text("utf-8")]


def chosen(words):
    """Return what makes a page remember a choice."""
    return f"localStorage.setItem('anyorder-yours', '{words}')"


def meets(entry, releases, method):
    """Tell whether some release is one that an entry speaks of."""
    settings = [
        Setting(Interpreter(Path("python"), release, False, ()), StartMethod(method), to)  # noqa: FBT003
        for release in releases
        for to in StdoutTo
    ]
    return any(entry.when.met_by(setting) for setting in settings)


def test_a_page_shows_all_at_first(visit):
    page = visit(SECOND)
    page.evaluate(OPEN)
    assert page.get_by_role("combobox", name="version").input_value() == ""
    assert page.locator("[data-away]").count() == 0
    assert page.locator(".anyorder-others").count() == 0
    rows = page.locator("table.anyorder-outcomes tbody tr")
    assert all(row.is_visible() for row in rows.all())


def test_nothing_is_counted_before_there_is_a_choice(visit):
    page = visit("shared-state/lost-update.html", scripts=[REWRITTEN])
    assert page.evaluate("window.rewritten") == []
    page.get_by_role("combobox", name="version").select_option("3.14")
    assert page.evaluate("window.rewritten") != []


@pytest.mark.parametrize("keyboard", [False, True], ids=["mouse", "keyboard"])
@pytest.mark.parametrize(
    ("version", "releases", "method"),
    [
        ("3.12", ["3.12.1"], "fork"),
        ("3.14", ["3.14.0", "3.14.10"], "forkserver"),  # which differ
        ("3.15", ["3.15.2"], "spawn"),
    ],
)
def test_rows_of_other_pythons_are_put_away(visit, version, releases, method, keyboard):
    page = visit(SECOND)
    page.evaluate(OPEN)
    for name, value in (("version", version), ("start method", method)):
        choice = page.get_by_role("combobox", name=name)
        if keyboard:
            choice.focus()
            page.keyboard.type(value, delay=1)
            assert choice.input_value() == value
        else:
            choice.select_option(value)
    table = page.locator("table.anyorder-outcomes").nth(1)
    entries = Program.read(EXAMPLES / "two-ways/no_guard.py").file.entries
    rows = table.locator("tbody tr").all()
    assert [row.is_visible() for row in rows] == [meets(each, releases, method) for each in entries]
    away = sum(not row.is_visible() for row in rows)
    assert 0 < away < len(rows)
    line = table.locator("xpath=following-sibling::*[1]")
    assert line.inner_text().startswith(
        f"Hidden: {away} of {len(rows)} outcomes, not of Python {version} under {method}"
    )
    outcomes = page.locator(".anyorder-outcomes tr[data-away]").count()
    passages = page.locator(".anyorder-only[data-away]").count()
    said = page.locator("anyorder-yours").get_by_role("status").inner_text()
    assert re.fullmatch(
        rf"{outcomes} outcomes? and {passages} passages? of other Pythons hidden", said
    )
    for row in page.locator(".anyorder-numbers tbody tr").all():
        assert method in row.inner_text() or not row.is_visible()


def test_text_of_other_pythons_is_put_away(visit):
    page = visit(SECOND, scripts=[chosen("3.14||")])
    parts = page.locator(".anyorder-only").all()
    assert [part.locator("p:not(.anyorder-when)").is_visible() for part in parts] == [
        *(False, True, False)
    ]
    assert all(part.locator(".anyorder-when").is_visible() for part in parts)


def test_the_whole_site_remembers_until_all_is_shown(visit, site):
    page = visit(SECOND)
    page.get_by_role("combobox", name="version").select_option("3.14")
    page.get_by_role("combobox", name="start method").select_option("spawn")
    page.goto(site + SCREEN)  # which has no start methods to choose from
    assert page.get_by_role("combobox", name="start method").count() == 0
    page.get_by_role("combobox", name="build").select_option("with a GIL")
    page.goto(site + BEGINS)
    values = [each.input_value() for each in page.locator("anyorder-yours select").all()]
    assert values == ["3.14", "with a GIL", "spawn"]
    page.evaluate(OPEN)
    page.get_by_role("button", name="Show all").first.press("Enter")
    assert page.evaluate("document.activeElement.ariaLabel") == "version"
    for _ in "now", "later":
        assert page.locator("[data-away]").count() == 0
        assert page.locator("anyorder-yours select").first.input_value() == ""
        page.reload()
    assert page.faults == []


def test_a_browser_that_remembers_nothing_keeps_the_choice_on_the_page(visit):
    page = visit(SECOND, scripts=[BLOCKED])
    page.get_by_role("combobox", name="version").select_option("3.14")
    assert page.locator("[data-away]").count() > 0
    page.reload()
    assert page.locator("[data-away]").count() == 0
    assert page.faults == []


def test_a_choice_that_a_page_does_not_know_is_none(visit):
    page = visit(SECOND, scripts=[chosen("2.7|none|at all")])
    assert page.get_by_role("combobox", name="version").input_value() == ""
    assert page.locator("[data-away]").count() == 0


@pytest.mark.parametrize("name", WITH_CHOICE)
def test_the_script_counts_as_the_build_did(visit, name):
    told = """[...document.querySelectorAll(
      "[data-seen], [data-answers], .anyorder-share + p"
    )].map((each) => each.textContent)"""
    without = visit(name, scripts=["customElements.define = () => {}"])
    page = visit(name)
    assert page.evaluate(told) == without.evaluate(told)
    widths = (
        "[...document.querySelectorAll('.anyorder-share rect')].map((it) => it.width.baseVal.value)"
    )
    pairs = zip(page.evaluate(widths), without.evaluate(widths), strict=True)
    assert all(abs(one - other) < 0.2 for one, other in pairs)


@pytest.mark.parametrize("build", ["", "with a GIL", "free-threaded"])
@pytest.mark.parametrize("version", ["", "3.11", "3.13", "3.15"])
def test_what_was_observed_is_counted_for_the_choice(visit, version, build):
    page = visit(SCREEN, scripts=[chosen(f"{version}|{build}|")])
    program = Program.read(EXAMPLES / "two-ways/hello_twice.py")
    record = [
        each
        for each in read_record(program.path)
        if each.setting.interpreter.version.startswith(version)
        and build
        in ("", "free-threaded" if each.setting.interpreter.free_threaded else "with a GIL")
    ]
    fold = page.locator("details.anyorder-fold", has_text="What hello_twice.py can print")
    glances = fold.locator(".anyorder-outcomes tbody tr").all()
    for entry, glance in zip(program.file.entries, glances, strict=True):
        total = Tally()
        for row in fold.locator(f".anyorder-of-{entry.number}").all():
            _, where, *cells = [cell.strip() for cell in row.locator("td").all_text_contents()]
            for name, cell in zip(("with a GIL", "free-threaded"), cells, strict=True):
                tally = Tally()
                for each in record:
                    free = each.setting.interpreter.free_threaded
                    if each.setting.stdout_to.phrase not in where.split(", "):
                        continue
                    if free != (name == "free-threaded"):
                        continue
                    for outcome, count in each.counts.items():
                        of_it = program.file.entry_for(outcome, each.setting) is entry
                        tally.add(count * of_it, count)
                assert cell == str(tally)
                total.add(tally.seen, tally.runs)
        assert glance.locator("td").nth(2).text_content().strip() == total.words


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        ("||", "only unbuffered, or without a GIL"),
        ("3.13||", "only unbuffered, or without a GIL"),
        ("|with a GIL|", "only unbuffered"),
        ("3.14|with a GIL|", "only unbuffered"),
        ("3.14|free-threaded|", "yes"),
    ],
)
def test_whether_it_can_happen_is_said_of_the_choice(visit, choice, words):
    page = visit("two-ways/second-thread.html", scripts=[chosen(choice)])
    table = page.locator("table.anyorder-outcomes").first
    answers = [row.locator("td").nth(1) for row in table.locator("tbody tr").all()]
    assert [each.text_content().strip() for each in answers] == ["yes", "yes", words]


@pytest.mark.parametrize("name", [SECOND, BEGINS, SCREEN])
@pytest.mark.parametrize(("width", "colours"), [(1280, "dark"), (390, "light"), (320, "light")])
def test_a_choice_moves_nothing_and_is_no_barrier(visit, name, width, colours):
    scripts = [chosen("3.14|free-threaded|fork"), SHIFTS]
    page = visit(name, width, scripts=scripts, color_scheme=colours)
    page.evaluate("new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)))")
    assert page.evaluate("window.shifts") == []
    assert page.evaluate(OVERFLOW) == 0
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_without_javascript_all_is_shown_and_there_is_no_choice(visit):
    page = visit(SECOND, java_script_enabled=False)
    assert [each for each in page.locator("select").all() if each.is_visible()] == []
    assert not page.locator("anyorder-yours").is_visible()
    rows = page.locator("table.anyorder-outcomes tbody tr").all()
    assert all(row.is_visible() for row in rows)
    assert all(each.is_visible() for each in page.locator(".anyorder-only p").all())
