"""The way from an outcome to its steps, and how they look."""

import pytest
from built_site import PAGES
from test_play import DEADLOCK, LOST_UPDATE, press

MOVING = """() => [...document.querySelectorAll("*")].filter((each) => {
  const style = getComputedStyle(each);
  return parseFloat(style.transitionDuration) || parseFloat(style.animationDuration);
}).map((each) => each.outerHTML.slice(0, 80))"""
SCROLLS = "getComputedStyle(document.documentElement).scrollBehavior"


@pytest.mark.parametrize("keyboard", [False, True], ids=["mouse", "keyboard"])
@pytest.mark.parametrize(("name", "outcomes"), [(LOST_UPDATE, 3), (DEADLOCK, 2)])
def test_an_outcome_leads_to_its_steps(visit, name, outcomes, keyboard):
    page = visit(name, reduced_motion="reduce")
    table = page.locator("table.anyorder-outcomes").first
    links = table.get_by_role("link", name="Show the steps")
    assert links.count() == outcomes
    part = page.locator("anyorder-stepper").first
    for number in reversed(range(outcomes)):
        press(links.nth(number), keyboard=keyboard)
        assert page.url.endswith(f"#steps-1:{number + 1}:0")
        assert part.get_by_role("combobox", name="Outcome").evaluate("it => it.selectedIndex") == (
            number
        )
        shown = table.locator("tbody tr").nth(number).locator("pre").all_text_contents()
        steps = part.locator("details:visible code").first.inner_text()
        if "deadlock" not in steps:
            assert steps in [text.rstrip("\n").replace("\n", " ⏎ ") for text in shown]
        assert page.evaluate("document.activeElement.textContent") == "Next"
        assert part.get_by_role("button", name="Next").is_visible()
    assert page.faults == []


def test_only_an_outcome_with_steps_on_the_page_leads_to_them(visit):
    page = visit(LOST_UPDATE)
    third = page.locator("table.anyorder-outcomes").nth(1)
    rows = third.locator("tbody tr").all()
    assert [row.get_by_role("link").count() for row in rows] == [
        number == 5 for number in range(1, len(rows) + 1)
    ]


def test_the_steps_are_found_without_javascript(visit):
    page = visit(LOST_UPDATE, java_script_enabled=False)
    link = page.get_by_role("link", name="Show the steps").nth(2)
    target = link.get_attribute("href").removeprefix("#")
    assert "surprising" in page.locator(f"[id='{target}'] > summary").inner_text()


@pytest.mark.parametrize("keyboard", [False, True], ids=["mouse", "keyboard"])
def test_there_is_nothing_before_the_first_step_and_behind_the_last(visit, keyboard):
    part = visit(DEADLOCK).locator("anyorder-stepper").first
    back, forward = (part.get_by_role("button", name=name) for name in ("Back", "Next"))
    slider = part.get_by_role("slider")
    last = int(slider.get_attribute("max"))
    states = []
    for _ in range(last + 1):
        states.append([each.get_attribute("aria-disabled") for each in (back, forward)])
        if keyboard:
            press(forward, keyboard=True)
        else:  # Playwright waits for a button to be enabled, and readers may not
            forward.click(force=True)
        assert forward.evaluate("it => it === document.activeElement")
    assert states == [
        ["true", "false"],
        *[["false", "false"]] * (last - 1),
        ["false", "true"],
    ]
    assert slider.input_value() == str(last)


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_threads_at_a_line_are_seen_however_long_it_is(visit, width):
    page = visit("two-ways/one-at-a-time.html", width)
    part = page.locator("anyorder-stepper").first
    code = part.locator(".anyorder-code")
    frame = code.bounding_box()
    seen = 0
    for _ in range(int(part.get_by_role("slider").get_attribute("max"))):
        for badge in code.locator("li > span > span").all():
            box = badge.bounding_box()
            assert frame["x"] <= box["x"]
            assert box["x"] + box["width"] <= frame["x"] + frame["width"]
            seen += 1
        part.get_by_role("button", name="Next").click()
    assert seen > 3


@pytest.mark.parametrize("name", PAGES)
def test_nothing_moves_for_who_wants_no_motion(visit, name):
    page = visit(name, reduced_motion="reduce")
    assert page.evaluate(SCROLLS) == "auto"
    assert page.evaluate(MOVING) == []


def test_a_motion_would_be_seen(visit):
    page = visit(LOST_UPDATE, reduced_motion="no-preference")
    assert page.evaluate(SCROLLS) == "smooth"
    page.evaluate("document.querySelector('main').style.transition = 'opacity 1s'")
    assert len(page.evaluate(MOVING)) == 1


def test_the_way_to_the_steps_is_a_jump_for_who_wants_no_motion(visit):
    page = visit(LOST_UPDATE, 390, reduced_motion="reduce")
    top = "document.querySelector('anyorder-stepper').getBoundingClientRect().top"
    assert not 0 <= page.evaluate(top) < 100
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
