"""What every page keeps to, whatever is on it."""

import gzip
import re
import zlib
from contextlib import suppress
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from built_site import BASE, PAGES, SITE, wait_until, windows

CONTENT = 14_000  # bytes when compressed
PLAYERS = 30_000  # with every component
SCRIPTS = 10_000  # of these
REQUESTS = 4
SEARCH = "search.html"
DRAWN = re.compile(rb"^([\d.]+) 0 0 \1 -?[\d.]+ -?[\d.]+ cm$", re.MULTILINE)  # in which scale
TO_PRESS = re.compile(
    r"Press a thread|Press Try it|Step through|in place of your turns|and see\.|board tells"
)
FULL_SIZE = b"3.125"  # a pixel of a page, in the 300 to an inch that Chromium prints
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
# all that the keyboard can come to, and whether that shows
STOPS = """() => [...document.querySelectorAll(
  "a[href], button, input, select, textarea, summary, [tabindex]"
)].filter((each) => each.tabIndex >= 0).flatMap((each) => {
  each.focus();
  if (each !== document.activeElement) return []; // it is hidden
  const style = getComputedStyle(each);
  const box = each.getBoundingClientRect();
  const shown = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1
    && box.width > 0 && box.height > 0 && box.right > 0 && box.bottom > 0;
  const reached = window.reached?.has(each) || each.type === "radio"; // by an arrow
  return [{html: each.outerHTML.slice(0, 120), shown, reached}];
})"""
# whether the keyboard is at something that it was not at before
REACHES = """() => {
  window.reached ??= new Set();
  const [now, before] = [document.activeElement, window.reached.size];
  return now !== document.body && window.reached.add(now).size > before;
}"""
# of elements, each with whether it is to be seen
SEEN = """(all) => all.map((each) => {
  const {width, height} = each.getBoundingClientRect();
  const seen = each.checkVisibility({visibilityProperty: true}) && width > 0 && height > 0;
  return [each.outerHTML.slice(0, 120), seen];
})"""
# what goes beyond the page's one measure, and does not scroll
BEYOND = """() => {
  const edge = document.querySelector("article").getBoundingClientRect().right + 0.5;
  const parts = "p, li, table, svg, [class*='highlight-'], .wide";
  return [...document.querySelectorAll(`article :is(${parts})`)]
    .filter((each) => !each.parentElement.closest("[tabindex='0']"))
    .filter((each) => each.getBoundingClientRect().right > edge)
    .map((each) => each.outerHTML.slice(0, 120));
}"""
# the links to headings that get another size where they are marked as the one that is read
RESIZED = """() => [...document.querySelectorAll("#headings a")].filter((link) => {
  const before = [link.ariaCurrent, link.offsetWidth, link.offsetHeight];
  link.ariaCurrent = before[0] ? null : "true";
  const after = [link.offsetWidth, link.offsetHeight];
  link.ariaCurrent = before[0];
  return String(after) !== String(before.slice(1));
}).map((link) => link.textContent)"""
# code that is smaller than 14 px, and words of charts that are larger than the text
ILL_SIZED = """() => [...document.querySelectorAll(".highlight pre, p > code, td > code, svg text")]
  .filter((each) => each.checkVisibility())
  .filter((each) => {
    const size = parseFloat(getComputedStyle(each).fontSize);
    return each.matches("text") ? size * each.getScreenCTM().a > 17 : size < 14;
  }).map((each) => each.outerHTML.slice(0, 120))"""
TOO_WIDE = """() => [...document.querySelectorAll("table")]
  .filter((table) => table.offsetWidth > table.parentElement.clientWidth)
  .map((table) => table.textContent.trim().slice(0, 40))"""
# names in signatures that go on in another line, and headings' links that take a line of their own
BROKEN = """() => [
  ...[...document.querySelectorAll(".sig .n")].filter((each) => each.getClientRects().length > 1),
  ...[...document.querySelectorAll(".headerlink")].filter((each) => {
    const before = document.createRange();
    before.selectNodeContents(each.parentElement);
    before.setEndBefore(each);
    const last = [...before.getClientRects()].at(-1);
    return last && each.getBoundingClientRect().top >= last.bottom;
  }),
].map((each) => each.parentElement.textContent)"""
# links whose line runs through an underscore, or so close that it looks like a space
STRUCK = """() => {
  const pen = document.createElement("canvas").getContext("2d");
  return [...document.querySelectorAll("article a")].filter((link) => {
    const below = parseFloat(getComputedStyle(link).textUnderlineOffset);
    return [link, ...link.querySelectorAll("*")].some((each) => {
      pen.font = getComputedStyle(each).font;
      const words = [...each.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE);
      return words.some((node) => node.data.includes("_"))
        && !(below > pen.measureText("_").actualBoundingBoxDescent + 0.5);
    });
  }).map((link) => link.textContent);
}"""
# choices with more room on one side of an output, and threads whose names stand at other heights
UNEVEN = """() => {
  const top = (each) => each.getBoundingClientRect().top;
  const bottom = (each) => each.getBoundingClientRect().bottom;
  const choices = [...document.querySelectorAll(".anyorder-choices label")].filter((label) => {
    const block = [...label.querySelectorAll("pre")].at(-1);
    const last = !block?.closest("[class*='highlight-']").nextElementSibling;
    return block?.checkVisibility() && last
      && Math.abs(bottom(label) - bottom(block) - (top(block) - top(label))) > 6;
  });
  const lanes = [...document.querySelectorAll(".anyorder-lane")].filter((lane) =>
    top(lane.querySelector("b")) - top(lane) > 12);
  return [...choices, ...lanes].map((each) => each.textContent);
}"""
# names of threads over code that has room beside it, and names that are cut off there
CROWDED = """() => [...document.querySelectorAll(".anyorder-code div > span")].filter((name) => {
  const room = name.parentElement.clientWidth - 20;
  const names = [...name.parentElement.children];
  const code = name.closest("li").firstElementChild.getBoundingClientRect();
  const covers = name.getBoundingClientRect().left < code.right;
  const cut = names.reduce((sum, each) => sum + each.scrollWidth + 5, 0) < room
    && name.scrollWidth > name.clientWidth;
  return cut || (covers && code.right + 20 * names.length < name.closest("ol").clientWidth);
}).map((name) => name.textContent)"""
# outputs that a reader opens, over what the other columns say beside them
OVER = """() => {
  const below = ".anyorder-outcomes td > :is(details, .anyorder-wide)";
  const opened = [...document.querySelectorAll("details:not([open])")];
  for (const each of opened) each.open = true;
  const found = [...document.querySelectorAll(below)].filter((more) => {
    const { top } = more.getBoundingClientRect();
    const others = [...more.closest("tr").querySelectorAll("td + td > *")];
    return others.some((each) => each.getBoundingClientRect().bottom > top);
  }).map((more) => more.closest("tr").textContent.slice(0, 80));
  for (const each of opened) each.open = false;
  return found;
}"""
# outputs that scroll beside room which nothing else has
CUT = """() => {
  const opened = [...document.querySelectorAll("details:not([open])")];
  for (const each of opened) each.open = true;
  const outputs = [...document.querySelectorAll(".anyorder-outcomes td > .anyorder-output")];
  const found = outputs.filter((each) => {
    const room = each.closest("tr").getBoundingClientRect().width - 30;
    return each.scrollWidth > each.clientWidth && each.clientWidth < room;
  }).map((each) => each.textContent.slice(0, 80));
  for (const each of opened) each.open = false;
  return found;
}"""
# programs of which a line goes on below
WRAPPED = """() => [...document.querySelectorAll("pre:has(.k, .kn), .anyorder-fix pre")]
  .filter((pre) => pre.checkVisibility() && !pre.closest("table"))
  .filter((pre) => {
    const style = getComputedStyle(pre);
    const high = pre.clientHeight - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom);
    const lines = pre.textContent.replace(/\\n$/, "").split("\\n").length;
    return Math.round(high / parseFloat(style.lineHeight)) > lines;
  }).map((pre) => pre.textContent)"""
# short words of code, and names in the list of headings, that go on in another line
HALVES = """(parts) => [...document.querySelectorAll(parts)]
  .filter((part) => part.checkVisibility())
  .flatMap((part) => {
    const texts = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
    const found = [];
    while (texts.nextNode()) {
      for (const word of texts.currentNode.data.matchAll(/(?<!\\S)\\S{2,21}(?!\\S)/g)) {
        const range = document.createRange();
        range.setStart(texts.currentNode, word.index);
        range.setEnd(texts.currentNode, word.index + word[0].length);
        if (range.getClientRects().length > 1) found.push(word[0]);
      }
    }
    return found;
  })"""
HALVED = f"() => ({HALVES})('article :not(pre) > code, #headings li li a')"
# headings of columns of more than three lines, and numbers of runs of more than two
TALL = """() => {
  const opened = [...document.querySelectorAll("details:not([open])")];
  for (const each of opened) each.open = true;
  const lines = { "article thead th": 3, ".anyorder-numbers td:nth-child(n + 3)": 2 };
  const found = Object.entries(lines).flatMap(([cells, most]) =>
    [...document.querySelectorAll(cells)].filter((cell) => {
      const range = document.createRange();
      range.selectNodeContents(cell);
      const high = range.getBoundingClientRect().height;
      return high > (most + 0.5) * parseFloat(getComputedStyle(cell).lineHeight);
    }).map((cell) => cell.textContent.trim()));
  for (const each of opened) each.open = false;
  return found;
}"""
# words of tables that go on in another line, as in a column that is too narrow
CRUSHED = f"() => ({HALVES})('article :is(td, th)').filter((word) => !word.includes('-'))"
# numbers, programs in captions and outcomes by their numbers that take a second line on a desk
FOLDED = """() => {
  const cells = ".anyorder-numbers td:not(:nth-child(2)), caption code";
  return [...document.querySelectorAll(cells)].filter((cell) => {
    const range = document.createRange();
    range.selectNodeContents(cell);
    const tops = [...range.getClientRects()].map((each) => Math.round(each.top));
    return cell.checkVisibility() && Math.max(...tops) - Math.min(...tops) > 8;
  }).map((cell) => cell.textContent);
}"""
# a thread that stands alone below more than two others, and an output that has no room for a line
STRAY = """() => {
  const lanes = [...document.querySelectorAll(".anyorder-lanes")].filter((all) => {
    const tops = [...all.children].map((each) => each.offsetTop);
    const first = tops.filter((top) => top === tops[0]).length;
    return first > 2 && tops.filter((top) => top === tops.at(-1)).length === 1;
  });
  const flat = [...document.querySelectorAll(".anyorder-table dd pre")]
    .filter((each) => each.checkVisibility() && each.clientHeight < 24);
  return [...lanes, ...flat].map((each) => each.outerHTML.slice(0, 120));
}"""
# what the lists at both sides lack: the heading that is read has a mark, and the page is in view
LOST = """() => {
  const [first, here] = ["#headings li li a", "#pages a.current"]
    .map((each) => document.querySelector(each));
  const marked = document.querySelectorAll("#headings li li [aria-current]").length;
  const inside = (one, other) => one.top >= other.top && one.bottom <= other.bottom;
  const box = (each) => each.getBoundingClientRect();
  return [
    ...(first && marked !== 1 ? ["mark"] : []),
    ...(here?.checkVisibility() && !inside(box(here), box(here.closest("nav"))) ? ["page"] : []),
  ];
}"""
LAID_OUT = {
    "too wide": TOO_WIDE, "struck out": STRUCK, "uneven": UNEVEN, "crowded": CROWDED, "over": OVER,
    "cut": CUT, "halved": HALVED, "folded": FOLDED, "stray": STRAY, "lost": LOST,
}  # fmt: skip
MOVING = """() => [...document.querySelectorAll("*")].filter((each) => {
  const style = getComputedStyle(each);
  return parseFloat(style.transitionDuration) || parseFloat(style.animationDuration);
}).map((each) => each.outerHTML.slice(0, 80))"""
SCROLLS = "getComputedStyle(document.documentElement).scrollBehavior"
OVERFLOW = """() => document.documentElement.scrollWidth - document.documentElement.clientWidth"""


def with_style(page, text):
    """Add to how a page looks."""
    page.evaluate(
        """(text) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(text);
      document.adoptedStyleSheets.push(sheet);
    }""",
        text,
    )


def scales(page):
    """Return the scales in which parts of a page are drawn on paper."""
    page.emulate_media(media="print")
    sheets = page.pdf(format="A4", margin=dict.fromkeys(("top", "right", "bottom", "left"), "15mm"))
    found = set()
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", sheets, re.DOTALL):
        with suppress(zlib.error):  # not all streams are drawings
            found |= {*DRAWN.findall(zlib.decompressobj().decompress(stream))}
    return found


def compressed(address):
    """Return how many bytes the file at an address comes to, compressed as servers do."""
    return len(gzip.compress((SITE / urlsplit(address).path.removeprefix(BASE)).read_bytes(), 6))


@pytest.fixture(scope="module", params=PAGES)
def opened(request, chromium, site):
    """A page on a desk, opened once for all that only looks at it."""
    with windows(chromium, site) as open_page:
        page = open_page(request.param, scripts=[LOUD_POLICY, SHIFTS])
        page.evaluate("new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)))")
        page.name, page.said, page.loaded = request.param, [*page.faults], [*page.asked]
        page.shifts = page.evaluate("window.shifts")
        yield page


@pytest.fixture(scope="module", params=PAGES)
def held(request, chromium, site):
    """A page on a phone in dark colours, opened once for all that only looks at it."""
    with windows(chromium, site) as open_page:
        yield open_page(request.param, 390, color_scheme="dark")


@pytest.fixture
def desk(opened):
    """A page on a desk, as it was before any other test."""
    yield opened
    opened.emulate_media(media="screen", reduced_motion="no-preference")
    opened.set_viewport_size({"width": 1280, "height": 900})


@pytest.fixture
def phone(held):
    """A page on a phone, as it was before any other test."""
    yield held
    held.set_viewport_size({"width": 390, "height": 900})


def test_a_page_is_light_and_keeps_to_its_policy(desk, site):
    assert desk.said == []
    assert all(address.startswith(site) for address in desk.loaded)
    assert desk.shifts == []
    if desk.name != "404.html":  # which is short; all others are drawn once they are all there
        assert desk.query_selector("head [blocking=render]") is not None
    policy = desk.get_attribute("meta[http-equiv=Content-Security-Policy]", "content")
    inside = " 'sha256-[^']*'" if desk.name == "404.html" else ""
    # where a program can be tried, Python may run, and a worker of the page's own
    tried = desk.query_selector(".anyorder-try") is not None
    python = " 'wasm-unsafe-eval'; worker-src 'self' blob:" if tried else ""
    assert re.fullmatch(
        f"default-src 'none'; script-src 'self'{inside}{python}; style-src 'self'{inside}; "
        "img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'self'; "
        "form-action 'self'",
        policy,
    )
    if desk.name == SEARCH:
        return  # it loads Sphinx's search, and the words of the whole site
    plays = desk.query_selector("[class*=anyorder-play]") is not None
    assert len(desk.loaded) <= REQUESTS, desk.loaded
    assert sum(map(compressed, desk.loaded)) <= (PLAYERS if plays else CONTENT)
    assert sum(compressed(each) for each in desk.loaded if each.endswith(".js")) <= SCRIPTS


def test_a_page_has_one_measure_and_sizes_that_suit_its_text(desk):
    assert desk.evaluate(BEYOND) == []
    assert desk.evaluate(ILL_SIZED) == []


def test_nothing_on_a_desk_is_too_wide_or_struck_out_or_uneven(desk):
    found = {name: desk.evaluate(look) for name, look in LAID_OUT.items()}
    assert found == {name: [] for name in LAID_OUT}


def test_what_is_struck_or_uneven_would_be_seen(visit):
    page = visit("shared-state/iterating.html")
    with_style(page, "a { text-underline-offset: 0.18em !important }")
    assert "threading.synchronized_iterator()" in page.evaluate(STRUCK)
    with_style(page, ".anyorder-lane { justify-content: center !important }")
    assert len(page.evaluate(UNEVEN)) == 1
    with_style(page, ".anyorder-code span { width: 12rem; max-width: 4rem !important }")
    assert "\u25a0\xa0booking" in page.evaluate(CROWDED)
    page = visit("two-ways/screen.html")
    with_style(page, ".anyorder-outcomes td + td { padding-block-start: 20rem !important }")
    assert page.evaluate(OVER) != []
    page = visit("two-ways/prompt.html")
    with_style(page, ".anyorder-wide { max-width: 20rem !important }")
    assert page.evaluate(CUT)[0].startswith(">>> from multiprocessing")
    page = visit("shared-state/deadlock.html")
    with_style(page, ".anyorder-choices label pre { margin-block-end: 1rem !important }")
    assert "sold" in page.evaluate(UNEVEN)[0]


def test_what_is_halved_or_folded_or_stray_or_lost_would_be_seen(visit):
    page = visit("two-ways/classic.html")
    with_style(page, "article { width: 30rem } .pre { white-space: normal !important }")
    with_style(page, "article code { overflow-wrap: anywhere; display: inline-block; width: 2rem }")
    assert "Thread-1" in page.evaluate(HALVED)
    with_style(page, "#headings { width: 4rem } #headings a { overflow-wrap: anywhere }")
    assert len(page.evaluate(HALVED)) > 20
    page = visit("shared-state/lost-update.html")
    page.locator("details").evaluate_all("(all) => all.map((each) => each.open = true)")
    assert page.evaluate(FOLDED) == []
    with_style(page, ".anyorder-numbers td { white-space: normal !important }")
    with_style(page, "table.anyorder-numbers { table-layout: fixed; max-width: 20rem }")
    assert "no. 3 (surprising)" in page.evaluate(FOLDED)
    assert page.evaluate(STRAY) == []
    with_style(page, ".anyorder-table dd pre { min-height: 0 !important; height: 1rem }")
    with_style(page, ".anyorder-lanes { grid-template-columns: repeat(3, 1fr) !important }")
    assert {html.partition(" ")[0] for html in page.evaluate(STRAY)} == {"<div", "<pre"}
    page = visit("reference/sphinx.html")
    assert page.evaluate(LOST) == []
    page.evaluate("document.querySelector('#pages').scrollTop = 0")
    page.evaluate("document.querySelector('#headings [aria-current]').ariaCurrent = null")
    assert page.evaluate(LOST) == ["mark", "page"]


def test_a_page_has_no_barrier_that_axe_knows(desk):
    found = Axe().run(desk)
    assert found.violations_count == 0, found.generate_report()


def test_what_is_closed_is_printed(desk):
    closed = "details:not([open]) > :nth-child(2)"
    assert [html for html, seen in desk.locator(closed).evaluate_all(SEEN) if seen] == []
    desk.emulate_media(media="print")
    # why an answer is right is told on paper, and the steps to it once, at the board
    printed = desk.locator(f"{closed}:not(.anyorder-reasons *, anyorder-board)")
    assert [html for html, seen in printed.evaluate_all(SEEN) if not seen] == []


@pytest.mark.parametrize("javascript", [True, False], ids=["on paper", "no script"])
@pytest.mark.parametrize("name", ["index.html", "shared-state/meeting.html"])
def test_a_board_that_cannot_be_pressed_has_its_program_with_numbers(visit, name, javascript):
    page = visit(name, java_script_enabled=javascript)
    if javascript:
        page.emulate_media(media="print")
    part = page.locator("anyorder-board").last
    lines = part.locator(".anyorder-code > li")
    assert lines.first.inner_text().startswith("from threading import")
    numbers = lines.evaluate_all(
        "(all) => all.map((li) => getComputedStyle(li, '::before').content)"
    )
    assert {*numbers} == {"counter(line)"}
    assert [html for html, seen in lines.locator("> div").evaluate_all(SEEN) if seen] == []
    pressed = part.locator("button, select, label, [role=status], .anyorder-now, dl")
    assert [html for html, seen in pressed.evaluate_all(SEEN) if seen] == []


def test_every_output_that_is_counted_can_be_opened(desk):
    assert desk.locator(".anyorder-outcomes details > p").count() == 0


def test_outputs_of_one_kind_share_rows_on_a_desk(visit):
    page = visit("shared-state/meeting.html")
    page.locator("details:not([open])").evaluate_all("(all) => all.map((each) => each.open = true)")
    outputs = page.locator("table.anyorder-outcomes").first.locator("details > .anyorder-output")
    tops = outputs.evaluate_all("(all) => all.map((each) => each.getBoundingClientRect().top)")
    assert len(tops) > 70
    assert len({*tops}) * 3 <= len(tops) + 6


def test_outputs_of_one_kind_share_the_rows_of_a_sheet(visit):
    page = visit("shared-state/meeting.html", 680)
    page.emulate_media(media="print")
    tables = page.locator("table.anyorder-outcomes")
    tops = tables.first.locator("details > .anyorder-output").evaluate_all(
        "(all) => all.map((each) => each.getBoundingClientRect().top)"
    )
    assert len(tops) > 70
    assert len({*tops}) * 3 <= len(tops) + 6
    # a table begins where there is room for a row, and each output stays in one piece
    breaks = "(all) => [...new Set(all.map((each) => getComputedStyle(each).breakInside))]"
    assert tables.evaluate_all(breaks) == ["auto"]
    assert tables.locator(".anyorder-output").evaluate_all(breaks) == ["avoid"]
    # and a row with many of them begins below the one before
    assert tables.locator("tr:not(:has(details))").evaluate_all(breaks) == ["avoid"]
    assert tables.locator("tr:has(details)").evaluate_all(breaks) == ["auto"]


def test_steps_are_on_one_sheet_unless_there_are_many(visit):
    page = visit("shared-state/waiting.html", 680)
    page.emulate_media(media="print")
    tables = page.locator(".anyorder-board table.anyorder-steps")
    breaks = "(all) => all.map((each) => [each.rows.length, getComputedStyle(each).breakInside])"
    found = tables.evaluate_all(breaks)
    assert {inside for rows, inside in found if rows <= 13} == {"avoid"}
    assert {inside for rows, inside in found if rows > 13} == {"auto"}  # one is that of headings


@pytest.mark.parametrize("javascript", [True, False], ids=["on paper", "no script"])
def test_nothing_is_told_of_buttons_where_there_are_none(visit, javascript):
    page = visit("shared-state/lost-update.html", java_script_enabled=javascript)
    told = page.locator("p", has_text="Press a thread")
    assert told.is_visible() == javascript
    if javascript:
        page.emulate_media(media="print")
        assert not told.is_visible()


def test_no_page_tells_on_paper_what_to_press(desk):
    desk.emulate_media(media="print")
    assert TO_PRESS.findall(desk.inner_text("article")) == []


def test_a_long_table_is_broken_between_its_rows_on_paper(visit):
    page = visit("reference/switch-points.html", 680)
    page.emulate_media(media="print")
    inside = "(all) => [...new Set(all.map((each) => getComputedStyle(each).breakInside))]"
    assert page.locator("article table").evaluate_all(inside) == ["auto"]
    assert page.locator("article tr").evaluate_all(inside) == ["avoid"]
    before = inside.replace("Inside", "Before")
    assert page.locator("tbody > tr:last-child").evaluate_all(before) == ["avoid"]


def test_a_frame_that_goes_on_in_the_next_sheet_is_whole_in_both(visit):
    page = visit("index.html", 680)
    page.emulate_media(media="print")
    parts = page.locator(".anyorder-play, article td, article pre, .anyorder-fold")
    breaks = "(all) => [...new Set(all.map((each) => getComputedStyle(each).boxDecorationBreak))]"
    assert parts.evaluate_all(breaks) == ["clone"]
    # what is around them all has no room above and below, which each sheet would repeat
    assert page.locator("main").evaluate("(main) => getComputedStyle(main).padding") == "0px"


def test_no_sheet_has_only_what_is_below_a_page(visit):
    page = visit("index.html", 680)
    page.emulate_media(media="print")
    assert not page.locator("footer").is_visible()
    before = "(p) => getComputedStyle(p).breakBefore"
    page = visit("two-ways/second-thread.html", 680)
    page.emulate_media(media="print")
    assert page.locator("section > p:last-child").last.evaluate(before) == "avoid"


def test_a_frame_does_not_begin_on_a_sheet_that_its_content_does_not(visit):
    page = visit("index.html", 680)
    page.emulate_media(media="print")
    frame = page.locator(".anyorder-play")
    style = "(all) => [...new Set(all.map((each) => getComputedStyle(each).%s))]"
    assert frame.evaluate_all(style % "display") == ["block"]
    assert frame.locator(".anyorder-goal").evaluate_all(style % "breakAfter") == ["avoid"]


def test_a_program_goes_on_in_the_next_sheet_with_many_lines_on_both(visit):
    page = visit("shared-state/lost-update.html", 680)
    page.emulate_media(media="print")
    style = "(all) => [...new Set(all.map((each) => getComputedStyle(each).%s))]"
    programs = page.locator(".anyorder-program pre, .anyorder-changes pre, .anyorder-code")
    assert programs.evaluate_all(style % "breakInside") == ["auto"]
    for least in ("orphans", "widows"):
        assert page.locator("article pre").evaluate_all(style % least) == ["8"]
    lines = page.locator(".anyorder-code").first.locator("li")
    together = lines.evaluate_all("(all) => all.map((li) => getComputedStyle(li).breakBefore)")
    assert len(together) > 20
    middle = ["auto"] * (len(together) - 15)
    assert together == ["auto", *["avoid"] * 7, *middle, *["avoid"] * 7]
    # what is in a line would all be on one sheet
    elements = page.locator("anyorder-board, anyorder-predict, anyorder-fix")
    assert elements.evaluate_all(style % "display") == ["block"]


def test_a_choice_is_in_one_piece_on_paper_with_its_question(visit):
    page = visit("shared-state/no-lock.html", 680)
    page.emulate_media(media="print")
    style = "(all) => [...new Set(all.map((each) => getComputedStyle(each).%s))]"
    assert page.locator(".anyorder-choices > li").evaluate_all(style % "breakInside") == ["avoid"]
    led = page.locator(".anyorder-predict > p:first-child, .anyorder-fix .anyorder-right")
    assert led.evaluate_all(style % "breakAfter") == ["avoid"]


def test_the_address_of_a_link_is_on_paper_but_in_no_table(visit):
    page = visit("two-ways/names.html", 680)
    page.emulate_media(media="print")
    says = "(all) => [...new Set(all.map((a) => getComputedStyle(a, '::after').content))]"
    assert page.locator("td a[href^='http']").evaluate_all(says) == ["none"]
    page = visit("shared-state/lost-update.html", 680)
    page.emulate_media(media="print")
    lock = page.locator("li > p > a[href$='threading.Lock']")
    address = "https://docs.python.org/3/library/threading.html#threading.Lock"
    assert lock.evaluate_all(says) == [f'" ({address})"']


def test_no_line_of_an_output_is_cut_off_on_paper(visit):
    page = visit("shared-state/iterating.html", 680)
    page.emulate_media(media="print")
    cut = "(all) => all.filter((each) => each.scrollWidth > each.clientWidth).length"
    outputs = page.locator(".anyorder-outcomes pre:visible")
    assert outputs.count() > 5
    assert outputs.evaluate_all(cut) == 0


def test_what_leads_to_a_program_or_a_table_stays_with_it_on_paper(visit):
    page = visit("shared-state/queue.html", 680)
    page.emulate_media(media="print")
    leading = page.locator(
        "p:has(+ .anyorder-program), td > p:has(+ div), p:has(+ table), p:has(+ ul), summary, "
        ".anyorder-task"
    )
    assert leading.count() > 20
    for where in ("Inside", "After"):
        breaks = f"(all) => [...new Set(all.map((each) => getComputedStyle(each).break{where}))]"
        assert leading.evaluate_all(breaks) == ["avoid"]


def test_no_line_of_a_program_breaks_on_paper(desk):
    desk.set_viewport_size({"width": 680, "height": 900})
    desk.emulate_media(media="print")
    assert desk.evaluate(WRAPPED) == []


def test_a_line_that_breaks_would_be_seen(visit):
    page = visit("shared-state/lost-update.html", 680)
    page.emulate_media(media="print")
    with_style(page, "pre { font-size: 0.875rem !important }")
    assert len(page.evaluate(WRAPPED)) == 1


def test_nothing_on_a_sheet_is_so_wide_that_all_of_it_is_shrunk(desk):
    assert FULL_SIZE in scales(desk)


def test_what_is_shrunk_would_be_seen(visit):
    page = visit("shared-state/check-then-act.html")
    with_style(page, "article { width: 60rem }")
    assert FULL_SIZE not in scales(page)


def test_nothing_moves_for_who_wants_no_motion(desk):
    desk.emulate_media(reduced_motion="reduce")
    assert desk.evaluate(SCROLLS) == "auto"
    assert desk.evaluate(MOVING) == []


def test_every_stop_of_the_keyboard_shows(desk):
    desk.keyboard.press("Tab")  # from here on what has the focus shows that
    stops = desk.evaluate(STOPS)
    assert len(stops) > 5
    assert [each["html"] for each in stops if not each["shown"]] == []


# what has been played there has no barrier in other colours and widths either: see test_play.py
def test_a_page_on_a_phone_has_no_barrier_that_axe_knows(phone):
    found = Axe().run(phone)
    assert found.violations_count == 0, found.generate_report()


def test_no_table_is_too_wide_and_no_name_broken_on_most_phones(phone):
    assert phone.evaluate(TOO_WIDE) == []
    assert phone.evaluate(BROKEN) == []
    assert phone.evaluate(HALVED) == []
    assert phone.evaluate(TALL) == []


def test_nothing_is_too_wide_or_crushed_at_twice_the_size(phone):
    phone.set_viewport_size({"width": 640, "height": 450})
    assert phone.evaluate(OVERFLOW) == 0
    assert phone.evaluate(TOO_WIDE) == []
    assert phone.evaluate(BROKEN) == []
    assert phone.evaluate(CRUSHED) == []


def test_what_is_crushed_would_be_seen(visit):
    page = visit("reference/switch-points.html", 640)
    with_style(page, ".wide td { overflow-wrap: anywhere; max-width: 2rem }")
    assert "2,100" in page.evaluate(CRUSHED)


def test_a_broken_name_and_an_empty_line_would_be_seen(visit):
    page = visit("reference/checking.html", 390)
    with_style(page, ".sig-paren::after { content: none !important }")
    assert "max_executions" in page.evaluate(BROKEN)
    with_style(page, ".headerlink { margin-inline-end: 0 } .sig-paren::after { content: '\u200b' }")
    assert any(each.endswith("¶") for each in page.evaluate(BROKEN))


def test_what_is_tall_would_be_seen(visit):
    page = visit("two-ways/prompt.html", 390)
    with_style(page, ".anyorder-numbers td { min-width: 0 !important }")
    assert "171 of 250" in page.evaluate(TALL)


def test_a_page_fits_the_narrowest_phone(phone):
    phone.set_viewport_size({"width": 320, "height": 900})
    assert phone.evaluate(OVERFLOW) == 0


def test_what_goes_beyond_the_measure_or_is_ill_sized_would_be_seen(visit):
    page = visit("two-ways/really-at-once.html")
    style = "article p { width: 50rem } p > code { font-size: 13px } "
    style += "div.measured { width: 40rem; max-width: none }"
    with_style(page, style)
    assert page.evaluate(BEYOND)[0].startswith("<p>")
    assert {each.partition(" ")[0] for each in page.evaluate(ILL_SIZED)} == {"<code", "<text"}


def test_a_breach_of_the_policy_would_be_seen(visit):
    page = visit("index.html", scripts=[LOUD_POLICY])
    page.evaluate("setTimeout(() => document.body.setAttribute('style', 'color: red'))")
    page.wait_for_event("console", lambda said: said.text.startswith("policy: style-src"))


def test_a_shift_would_be_seen(visit):
    page = visit("index.html", scripts=[SHIFTS])
    page.evaluate("document.body.prepend(document.createElement('hr'))")
    wait_until(page, "window.shifts.length > 0")


@pytest.mark.parametrize(
    "name", ["reference/refused-library.html", "reference/switch-points.html", "index.html"]
)
def test_a_page_that_comes_slowly_does_not_shift(visit, name):
    page = visit(f"{name}?slowly", scripts=[SHIFTS])
    wait_until(page, "performance.getEntriesByName('first-contentful-paint').length > 0")
    assert page.evaluate("window.shifts") == []


def test_the_shift_of_a_page_that_comes_slowly_would_be_seen(visit):
    soon = "new MutationObserver(() => document.querySelector('[rel=expect]')?.remove())"
    soon += ".observe(document, {childList: true, subtree: true})"
    page = visit("reference/refused-library.html?slowly", scripts=[SHIFTS, soon])
    wait_until(page, "window.shifts.length > 0")


@pytest.mark.parametrize(
    "name", ["index.html", "shared-state/lost-update.html", "two-ways/second-interpreter.html"]
)
def test_the_keyboard_comes_to_each_stop(visit, name):
    page = visit(name)
    page.keyboard.press("Tab")
    while page.evaluate(REACHES):
        page.keyboard.press("Tab")
    stops = page.evaluate(STOPS)
    assert [each["html"] for each in stops if not each["reached"]] == []
    assert page.evaluate("window.reached.size") <= len(stops)  # it comes to nothing else


def test_a_stop_that_does_not_show_would_be_seen(visit):
    page = visit("index.html")
    with_style(page, "a { outline: none !important }")
    page.keyboard.press("Tab")
    stops = page.evaluate(STOPS)
    assert {each["html"].startswith("<a ") for each in stops} == {True, False}
    assert all(each["shown"] != each["html"].startswith("<a ") for each in stops)


def test_a_motion_would_be_seen(visit):
    page = visit("index.html", reduced_motion="no-preference")
    assert page.evaluate(SCROLLS) == "smooth"
    with_style(page, "main { transition: opacity 1s }")
    assert len(page.evaluate(MOVING)) == 1


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


def test_an_address_that_is_not_there_leads_on(visit, site):
    page = visit("two-ways/nowhere/at/all.html")
    assert page.locator("h1").inner_text() == "No such page"
    assert page.asked == [page.url]  # so it looks the same wherever the site is
    assert page.evaluate("getComputedStyle(document.querySelector('.bar')).position") == "sticky"
    page.get_by_role("link", name="begin at the beginning").click()
    page.wait_for_url(f"{site}index.html")


@pytest.mark.parametrize("width", [390, 1100])
def test_the_headings_can_be_opened_where_they_have_no_column(visit, width):
    page = visit("shared-state/deadlock.html", width)
    link = page.locator("#headings").get_by_role("link", name="In practice")
    assert not link.is_visible()
    page.get_by_role("button", name="Contents").click()
    assert link.is_visible()


def test_the_heading_that_is_read_is_marked(visit):
    page = visit("shared-state/deadlock.html")
    marked = page.locator("#headings [aria-current]")
    assert marked.inner_text() == "The program"
    page.locator("#headings").get_by_role("link", name="In practice").click()
    wait_until(page, "document.querySelector('#headings [aria-current]').hash === '#in-practice'")


def test_the_mark_of_a_heading_moves_nothing(desk):
    """It comes after the page has been drawn, or before, as it happens."""
    assert desk.evaluate(RESIZED) == []


def test_a_mark_that_moves_something_would_be_seen(visit):
    page = visit("reference/refused-processes.html")
    with_style(page, "#headings [aria-current] { letter-spacing: 0.2em }")
    assert page.evaluate(RESIZED) != []


def test_a_page_scrolls_smoothly_only_within_itself(visit):
    smooth = "getComputedStyle(document.documentElement).scrollBehavior"
    script = f"addEventListener('DOMContentLoaded', () => (window.opening = {smooth}))"
    page = visit("shared-state/deadlock.html#in-practice", scripts=[script])
    assert page.evaluate("window.opening") == "auto"
    wait_until(page, f"{smooth} === 'smooth'")


def test_part_one_can_be_read_from_start_to_end(visit):
    page = visit("index.html")
    page.get_by_role("link", name="Start here").click()
    numbers = []
    while not numbers or numbers[-1].startswith("1."):
        numbers.append(page.locator("h1 .section-number").inner_text().strip())
        page.get_by_role("navigation", name="Previous and next").get_by_role("link").last.click()
    assert numbers == [*(f"1.{number}" for number in range(1, 12)), "2"]
