"""The way from an outcome to its steps, and how they look."""

import pytest
from built_site import wait_until
from test_play import DEADLOCK, HOW, LOST_UPDATE, board_of, has_address, press


@HOW
@pytest.mark.parametrize(("name", "outcomes"), [(LOST_UPDATE, 3), (DEADLOCK, 2)])
def test_an_outcome_leads_to_its_steps(visit, name, outcomes, how):
    page = visit(name, reduced_motion="reduce", has_touch=True)
    page.locator("details.anyorder-fold > summary").first.click()
    table = page.locator("table.anyorder-outcomes").first
    links = table.get_by_role("link", name="Show the steps")
    assert links.count() == outcomes
    part = board_of(page)
    for number in reversed(range(outcomes)):
        press(links.nth(number), how)
        chosen = "document.querySelector('anyorder-board select').selectedIndex"
        wait_until(page, f"{chosen} === {number + 1}")
        has_address(page, f"#board-1:{number + 1}:0")
        chooser = part.get_by_role("combobox", name="Outcome")
        shown = table.locator("tbody tr").nth(number).locator("pre").all_text_contents()
        steps = chooser.locator("option").nth(number + 1).text_content().partition(": ")[2]
        if "deadlock" not in steps:
            assert steps in [text.rstrip("\n").replace("\n", " ⏎ ") for text in shown]
        assert page.evaluate("document.activeElement.textContent") == "Next"
    assert page.faults == []


def test_only_an_outcome_with_steps_on_the_page_leads_to_them(visit):
    page = visit(LOST_UPDATE)
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    third = page.locator("table.anyorder-outcomes", has_text="three_clerks.py")
    rows = third.locator("tbody tr").all()
    assert [row.get_by_role("link").count() for row in rows] == [
        number == 5 for number in range(1, len(rows) + 1)
    ]


def test_the_steps_are_found_without_javascript(visit):
    page = visit(LOST_UPDATE, java_script_enabled=False)
    link = page.get_by_role("link", name="Show the steps").nth(2)
    target = link.get_attribute("href").removeprefix("#")
    assert "surprising" in page.locator(f"[id='{target}'] > summary").inner_text()


@HOW
def test_there_is_nothing_before_the_first_step_and_behind_the_last(visit, how):
    page = visit(f"{DEADLOCK}#board-1:1:0", reduced_motion="reduce", has_touch=True)
    part = board_of(page)
    back, forward = (part.get_by_role("button", name=name, exact=True) for name in ("Back", "Next"))
    status = part.get_by_role("status")
    last = int(status.inner_text().split()[-1])
    states = []
    for _ in range(last + 1):
        states.append([each.get_attribute("aria-disabled") for each in (back, forward)])
        press(forward, how)
        assert forward.evaluate("it => it === document.activeElement")
    assert states == [
        ["true", "false"],
        *[["false", "false"]] * (last - 1),
        ["false", "true"],
    ]
    assert status.inner_text().startswith(f"Step {last} of {last}")


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_threads_at_a_line_are_seen_however_long_it_is(visit, width):
    page = visit("shared-state/too-much.html", width)
    part = page.locator("anyorder-board").first
    code = part.locator(".anyorder-code")
    forward = part.get_by_role("button", name="Next", exact=True)
    frame = code.bounding_box()
    seen = 0
    while forward.get_attribute("aria-disabled") == "false":
        for badge in code.locator("li > div > span").all():
            box = badge.bounding_box()
            assert frame["x"] <= box["x"]
            assert box["x"] + box["width"] <= frame["x"] + frame["width"]
            seen += 1
        forward.click()
    assert seen > 3


def test_the_way_to_the_steps_is_a_jump_for_who_wants_no_motion(visit):
    page = visit(LOST_UPDATE, 390, reduced_motion="reduce")
    top = "document.querySelector('anyorder-board').getBoundingClientRect().top"
    assert not 0 <= page.evaluate(top) < 100
    page.locator("details.anyorder-fold > summary").first.click()
    link = page.get_by_role("link", name="Show the steps").first
    jumped = link.evaluate(
        f"""async (link) => {{
          const there = new Promise((done) => addEventListener("hashchange", done));
          link.click();
          await there;
          return {top};
        }}"""
    )
    assert 0 <= jumped < 100
