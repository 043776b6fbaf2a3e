"""What the buttons over programs and sessions copy is what runs."""

from pathlib import Path
from zipfile import ZipFile

import pytest
from built_site import PAGES, SITE

from anyorder.checking import check, settings_here
from anyorder.checking.program import Program

EXAMPLES = Path(__file__).parents[2] / "src/examples"
WITH_PROGRAMS = [name for name in PAGES if "anyorder-program" in (SITE / name).read_text("utf-8")]


@pytest.mark.parametrize("name", WITH_PROGRAMS)
def test_a_button_copies_what_its_file_holds(visit, name):
    page = visit(name, permissions=["clipboard-read", "clipboard-write"])
    sources = [path.read_text("utf-8") for path in EXAMPLES.rglob("*.py")]
    sources += [path.read_text("utf-8") for path in EXAMPLES.rglob("*.session")]
    # some programs are folded away until a reader asks for them
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    buttons = page.get_by_role("button", name="Copy", exact=True)
    programs = page.locator(".anyorder-program").count()
    assert buttons.count() == programs > 0
    for number in range(programs):
        program = page.locator(".anyorder-program").nth(number)
        program.get_by_role("button", name="Copy", exact=True).click()
        program.get_by_role("button", name="Copied", exact=True).wait_for()
        copied = page.evaluate("navigator.clipboard.readText()")
        bar = page.locator(".anyorder-bar").nth(number).inner_text()
        if ".py" in bar or "Source" in bar:
            assert copied in sources
        else:  # a doctest in the page's own text
            assert copied
            assert ">>>" not in copied


def test_what_is_copied_runs_to_an_outcome_of_its_set(visit, tmp_path):
    page = visit("two-ways/second-thread.html", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy", exact=True).first.press("Enter")
    page.get_by_role("button", name="Copied").wait_for()
    program = tmp_path / "second_thread.py"
    program.write_text(page.evaluate("navigator.clipboard.readText()"), encoding="utf-8")
    outcomes = EXAMPLES / "two-ways/second_thread.toml"
    program.with_suffix(".toml").write_text(outcomes.read_text("utf-8"), encoding="utf-8")
    verdict = check(program, settings_here(Program.read(program)), runs=3)
    assert verdict.held, str(verdict)


def test_a_program_can_be_downloaded(visit):
    page = visit("two-ways/second-thread.html")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download").first.click()
    held = Path(waiting.value.path()).read_bytes()
    assert held == (EXAMPLES / "two-ways/second_thread.py").read_bytes()


def test_all_programs_can_be_downloaded_at_once(visit):
    page = visit("index.html")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="one archive").click()
    assert waiting.value.suggested_filename == "any-order-programs.zip"
    names = ZipFile(waiting.value.path()).namelist()
    assert "any-order-programs/shared-state/two_windows.py" in names
