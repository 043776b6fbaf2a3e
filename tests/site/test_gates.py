"""What every page keeps to, whatever is on it."""

import gzip
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from built_site import BASE, PAGES, SITE, wait_until

CONTENT = (12_000, 4)  # bytes when compressed, and requests
PLAYERS = (21_000, 6)  # with a table of what builds can reach
SEARCH = "search.html"
LOUD_POLICY = """
  addEventListener("securitypolicyviolation", (event) =>
    console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""
SHIFTS = """
  window.shifts = [];
  const where = (entry) => entry.sources.map((s) => s.node?.parentElement?.outerHTML.slice(0, 200));
  new PerformanceObserver((list) => window.shifts.push(...list.getEntries().flatMap(where)))
    .observe({type: "layout-shift", buffered: true});
"""
# what the keyboard is at, and whether that shows
FOCUS = """() => {
  const now = document.activeElement;
  if (!now || now === document.body) return null;
  const style = getComputedStyle(now);
  const box = now.getBoundingClientRect();
  window.stops ??= new Map();
  if (window.stops.has(now)) return null;
  window.stops.set(now, 1);
  const shown = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1
    && box.width > 0 && box.height > 0 && box.right > 0 && box.bottom > 0;
  return [now.outerHTML.slice(0, 120), shown];
}"""
CLIPPED = """() => [...document.querySelectorAll(".anyorder-program pre")]
  .filter((pre) => pre.scrollWidth > pre.clientWidth).map((pre) => pre.textContent)"""
TOO_WIDE = """() => [...document.querySelectorAll("table")]
  .filter((table) => table.offsetWidth > table.parentElement.clientWidth)
  .map((table) => table.textContent.trim().slice(0, 40))"""
OVERFLOW = """() => document.documentElement.scrollWidth - document.documentElement.clientWidth"""


def compressed(address):
    """Return how many bytes the file at an address comes to, compressed as servers do."""
    return len(gzip.compress((SITE / urlsplit(address).path.removeprefix(BASE)).read_bytes(), 6))


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_light_and_keeps_to_its_policy(visit, site, name):
    page = visit(name, scripts=[LOUD_POLICY, SHIFTS])
    assert page.faults == []
    assert all(address.startswith(site) for address in page.asked)
    page.evaluate("new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)))")
    assert page.evaluate("window.shifts") == []
    policy = page.get_attribute("meta[http-equiv=Content-Security-Policy]", "content")
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert page.evaluate(CLIPPED) == []
    if name == SEARCH:
        return  # it loads Sphinx's search, and the words of the whole site
    plays = page.query_selector("[class*=anyorder-play]") is not None
    most_bytes, most_requests = PLAYERS if plays else CONTENT
    assert len(page.asked) <= most_requests, page.asked
    assert sum(map(compressed, page.asked)) <= most_bytes


def test_a_breach_of_the_policy_would_be_seen(visit):
    page = visit("index.html", scripts=[LOUD_POLICY])
    page.evaluate("setTimeout(() => document.body.setAttribute('style', 'color: red'))")
    page.wait_for_event("console", lambda said: said.text.startswith("policy: style-src"))


def test_a_shift_would_be_seen(visit):
    page = visit("index.html", scripts=[SHIFTS])
    page.evaluate("document.body.prepend(document.createElement('hr'))")
    wait_until(page, "window.shifts.length > 0")


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(
    ("width", "colours"), [(1280, "light"), (1280, "dark"), (390, "light")], ids=str
)
def test_a_page_has_no_barrier_that_axe_knows(visit, name, width, colours):
    page = visit(name, width, color_scheme=colours)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_the_narrowest_phone(visit, name):
    assert visit(name, width=320).evaluate(OVERFLOW) == 0


@pytest.mark.parametrize("name", PAGES)
def test_no_table_is_wider_than_most_phones(visit, name):
    assert visit(name, width=390).evaluate(TOO_WIDE) == []


@pytest.mark.parametrize("name", PAGES)
def test_what_is_closed_is_printed(visit, name):
    page = visit(name)
    closed = "details:not([open]) > :nth-child(2)"
    assert not any(each.is_visible() for each in page.locator(closed).all())
    page.emulate_media(media="print")
    printed = page.locator(f"{closed}:not(:is(anyorder-predict) *, anyorder-board)")
    assert [each for each in printed.all() if not each.is_visible()] == []


@pytest.mark.parametrize("name", PAGES)
def test_every_stop_of_the_keyboard_shows(visit, name):
    page = visit(name)
    hidden, stops = [], 0
    while True:
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUS)
        if stop is None:
            break
        stops += 1
        hidden += [stop[0]] * (not stop[1])
    assert stops > 5
    assert hidden == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_can_be_read_without_javascript(visit, name):
    page = visit(name, 390, java_script_enabled=False)
    assert page.locator("main h1").is_visible()
    pages = page.locator("#pages")
    assert not pages.is_visible()
    page.get_by_role("button", name="Menu").click()
    assert pages.get_by_role("link").last.is_visible()
    page.keyboard.press("Escape")
    assert not pages.is_visible()


def test_the_reader_chooses_the_colours_once(visit):
    page = visit("index.html", color_scheme="light")
    paper = "getComputedStyle(document.documentElement).backgroundColor"
    light = page.evaluate(paper)
    for words in ("light", "dark"):
        page.get_by_role("button", name="Colours").click()
        assert page.get_by_role("button", name="Colours").inner_text() == f"Colours: {words}"
    dark = page.evaluate(paper)
    assert dark != light
    page.reload()
    assert page.evaluate(paper) == dark


def test_the_search_finds_a_page(visit):
    page = visit("index.html")
    page.get_by_role("searchbox").fill("interpreter")
    page.keyboard.press("Enter")
    link = page.locator("#search-results").get_by_role("link", name="A second interpreter")
    link.click()
    assert page.locator("h1").inner_text().startswith("A second interpreter")
    assert page.faults == []


def test_an_address_that_is_not_there_leads_on(visit):
    page = visit("two-ways/nowhere/at/all.html")
    assert page.locator("h1").inner_text() == "No such page"
    page.get_by_role("link", name="begin at the beginning").click()
    assert page.locator("h1").inner_text().startswith("Any Order")
