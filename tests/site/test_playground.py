"""Programs that are changed on their pages: the editor, what explores, links and exercises.

What the page says of a program is held against the explorer, which is asked again here.
"""

import base64
import gzip
import re
import zlib
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from built_site import PAGES, SITE, wait_until, windows
from test_gates import LOUD_POLICY, OVERFLOW
from test_play import HOW, LOST_UPDATE, press

from anyorder.checking.exploration import explored

EXAMPLES = Path(__file__).parents[2] / "src/examples/shared-state"
LOCK = "shared-state/lock.html"
FOLDER = next(SITE.glob("_static/anyorder-*/"))
LOADED = 7_200_000  # bytes from the press on, compressed where simple hosts do not
# of this nobody sees all
MANY = """\
from threading import Thread


def work(name):
    for number in range(4):
        print(name, number)


for name in "abcd":
    Thread(target=work, args=[name]).start()
"""
HOSTILE = """<img src=x onerror="document.title = 'gone'"></textarea><script>alert(1)</script>"""


@pytest.fixture
def tried(visit):
    """Return a function that opens a page, and the editor of one of its programs."""

    def open_editor(name=LOST_UPDATE, program="two_windows.py", how="mouse", **options):
        page = visit(
            name, scripts=[LOUD_POLICY], has_touch=True, reduced_motion="reduce", **options
        )
        return page, opened(page, program, how)

    return open_editor


@pytest.fixture(scope="module")
def begun(chromium, site):
    """A page where a program has been explored: Python is loaded there, and a spare one."""
    with windows(chromium, site) as open_page:
        page = open_page(LOST_UPDATE, scripts=[LOUD_POLICY], reduced_motion="reduce")
        part = opened(page, "two_windows.py")
        explore(page, part)
        yield page, part


@pytest.fixture
def anew(begun):
    """A page and a program with its editor, as they were before any other test."""
    page, part = begun
    page.faults.clear()
    part.get_by_role("button", name="Start again").click()
    return begun


def opened(page, program, how="mouse"):
    """Press the button over a program, and return the program with its editor."""
    bar = page.locator(".anyorder-bar > code", has_text=program)
    part = page.locator(".anyorder-program", has=bar).first
    press(part.get_by_role("button", name="Try it"), how)
    part.get_by_role("textbox").wait_for()
    return part


def status(part):
    return part.locator(".anyorder-playground").get_by_role("status")


def told(page, words):
    """Wait until the page says so of what it explores, and return all that it says."""
    said = page.locator(".anyorder-playground").get_by_role("status").filter(has_text=words)
    said.wait_for()
    return said.inner_text()


def explore(page, part, how="mouse"):
    """Press the button, wait until all is explored, and return what the page says."""
    press(part.get_by_role("button", name="Explore"), how)
    return told(page, re.compile(r"execution.* s\)|Go to line|to try again|less deep"))


def outputs(part, table=0):
    """Return the outputs that a table of results shows."""
    rows = part.locator("table.anyorder-outcomes").nth(table).locator("tbody tr")
    return {row.locator("pre").first.text_content() for row in rows.all()}


def loaded(page):
    return [each.partition(f"{FOLDER.name}/")[2] for each in page.asked if FOLDER.name in each]


def test_nothing_is_loaded_before_the_press(tried, visit):
    assert loaded(visit(LOST_UPDATE)) == []
    page, part = tried()
    asked = loaded(page)
    assert "playground.js" in asked
    assert not [each for each in asked if re.search("pyodide|zip|worker", each)]
    assert sum((FOLDER / each).stat().st_size for each in asked) <= 40_000
    explore(page, part)
    assert page.faults == []


def test_what_the_press_loads_is_small():
    total = 0
    for path in FOLDER.iterdir():
        text = path.read_bytes()
        total += (
            len(gzip.compress(text, 6)) if path.suffix in {".js", ".css", ".mjs"} else len(text)
        )
    assert total <= LOADED
    assert "Pyodide" in (FOLDER / "notices.txt").read_text("utf-8")


@HOW
def test_a_program_is_changed_and_explored(tried, how):
    page, part = tried(how=how)
    possible = explored(EXAMPLES / "two_windows.py")
    said = explore(page, part, how)
    number = len(possible.outcomes)
    assert said.startswith(
        f"{number} outcomes, and there are no others ({possible.executions} exec"
    )
    assert outputs(part) == {each.outcome.stdout for each in possible.outcomes}
    assert "CPython 3.14" in part.locator(".anyorder-note").inner_text()
    button = part.get_by_role("button", name="Explore")
    assert button.evaluate("it => it === document.activeElement")  # what was found is below
    assert not part.locator(":scope > [class*=highlight]").is_visible()
    field = part.get_by_role("textbox")
    field.fill(field.input_value().replace("tickets = 1", "tickets = 5"))
    explore(page, part, how)
    assert outputs(part) == {
        f"{first} sold a ticket\n{second} sold a ticket\ntickets left: {left}\n"
        for first, second in (("Ada", "Ben"), ("Ben", "Ada"))
        for left in (3, 4)
    }
    changed = f"What changed: 4 outcomes new, {number} gone."
    assert part.locator(".anyorder-changed").inner_text() == changed
    assert part.locator(".anyorder-new").count() == 4
    assert outputs(part, 1) == {each.outcome.stdout for each in possible.outcomes}
    press(part.get_by_role("link", name="Show the steps").last, how)
    board = part.locator("anyorder-board")
    forward = board.get_by_role("button", name="Next", exact=True)
    while forward.get_attribute("aria-disabled") == "false":
        press(forward, how)
    chosen = board.locator("option:checked").inner_text()
    assert board.locator("dd pre").inner_text().strip() == chosen.replace(" ⏎ ", "\n")
    press(part.get_by_role("button", name="Start again"), how)
    explore(page, part, how)
    assert outputs(part) == {each.outcome.stdout for each in possible.outcomes}
    assert part.locator(".anyorder-changed").count() == 0
    press(part.get_by_role("button", name="Try it"), how)
    assert part.locator(":scope > [class*=highlight]").is_visible()
    assert not field.is_visible()
    assert page.faults == []


def test_what_was_found_of_the_program_before_says_so(anew):
    page, part = anew
    field = part.get_by_role("textbox")
    changed = part.get_by_text("You have changed the program since")
    field.fill("print(1)")
    explore(page, part)
    assert changed.count() == 0
    field.press("End")
    field.press_sequentially("  ")
    assert changed.count() == 1
    field.press("Control+z")
    assert changed.count() == 0
    field.fill("print(2)")
    assert part.locator("div[aria-live=polite]").inner_text().startswith("You have changed")
    explore(page, part)
    assert changed.count() == 0
    assert outputs(part) == {"2\n"}
    field.fill("print(sum(range(10 ** 7)))")
    part.get_by_role("button", name="Explore").click()
    field.fill("print(3)")
    told(page, "no others")
    assert changed.count() == 1
    assert page.faults == []


def test_there_is_no_table_of_nothing(anew):
    page, part = anew
    part.get_by_role("textbox").fill("while True: print('x' * 1_000)")
    assert explore(page, part).startswith("0 outcomes so far")
    assert part.locator(".anyorder-results > *").count() == 0


def test_what_goes_too_deep_is_not_to_be_tried_again(anew):
    page, part = anew
    part.get_by_role("textbox").fill(f"print({'+'.join(['1'] * 20_000)})")
    assert explore(page, part).endswith("lets Python go: let it go less deep.")


def test_an_error_is_said_at_its_line(anew):
    page, part = anew
    field = part.get_by_role("textbox")
    field.fill("x = 1\n\nif x\n    print(x)\n")
    assert "two_windows.py:3: " in explore(page, part)
    marked = part.locator(".anyorder-error")
    assert marked.evaluate("it => [...it.parentElement.children].indexOf(it)") == 2
    assert field.get_attribute("aria-invalid") == "true"
    part.get_by_role("button", name="Go to line 3").click()
    assert field.evaluate("it => it === document.activeElement && it.selectionStart") == 7
    field.press("x")
    assert marked.count() == 0
    assert page.faults == []


def test_each_line_that_is_refused_is_said(anew):
    page, part = anew
    field = part.get_by_role("textbox")
    field.fill("import js\nprint(1)\nopen('x')\n")
    said = explore(page, part)
    assert "two_windows.py:1: the module js" in said
    assert "two_windows.py:3: open()" in said
    assert part.locator(".anyorder-error").count() == 2
    part.get_by_role("button", name="Go to line 3").click()
    assert field.evaluate("it => it.selectionStart") == len("import js\nprint(1)\n")
    assert page.faults == []


def test_what_leads_out_of_python_is_refused(anew):
    page, part = anew
    for module in ("js", "pyodide", "pyodide.ffi", "anyorder_switches"):
        part.get_by_role("textbox").fill(f"print(1)\nimport {module}\n")
        part.get_by_role("button", name="Explore").click()
        assert "two_windows.py:2: " in told(page, re.compile(rf"\b{re.escape(module)}\b"))
    assert page.faults == []


def test_a_worker_can_ask_nobody_else(tried):
    page, _ = tried()
    refused = page.evaluate(
        """(address) => new Promise((go) => {
      const text = `fetch("${address}").then(() => postMessage("came"), () => postMessage("none"))`;
      const blob = new Blob([text], { type: "text/javascript" });
      const worker = new Worker(URL.createObjectURL(blob), { type: "module" });
      worker.onmessage = ({ data }) => go(data);
    })""",
        page.url.replace("localhost", "127.0.0.1"),
    )  # where the same server answers
    assert refused == "none"


def test_what_never_ends_inside_of_python_is_stopped(anew):
    page, part = anew
    field = part.get_by_role("textbox")
    field.fill("print(10 ** 10 ** 8)\n")
    part.get_by_role("button", name="Explore").click()
    told(page, "Exploring")
    part.get_by_role("button", name="Stop").click()
    told(page, "Stopped")
    assert part.get_by_role("button", name="Explore").evaluate(
        "it => it === document.activeElement"
    )
    field.fill("print(1)\n")
    assert explore(page, part).startswith("1 outcome, and there are no others")
    assert page.faults == []


def test_a_search_is_stopped_and_what_it_found_is_shown(anew):
    page, part = anew
    part.get_by_role("textbox").fill(MANY)
    part.get_by_role("button", name="Explore").click()
    status(part).filter(has_text=re.compile(r"Exploring: .* so far")).wait_for()
    part.get_by_role("button", name="Stop").click()
    status(part).filter(has_text="others: the search stopped when you pressed Stop.").wait_for()
    assert part.locator(".anyorder-results table tbody tr").count() > 1
    assert part.locator("anyorder-board").count() == 1
    assert page.faults == []


def test_one_program_is_explored_at_a_time(tried):
    page, one = tried()
    other = opened(page, "last_ticket.py")
    one.get_by_role("textbox").fill("print(10 ** 10 ** 8)\n")
    one.get_by_role("button", name="Explore").click()
    status(one).filter(has_text="Exploring").wait_for()
    other.get_by_role("button", name="Explore").click()
    status(one).filter(has_text="Stopped").wait_for()
    status(other).filter(has_text="and there are no others").wait_for()
    assert page.faults == []


def test_a_link_leads_to_the_program_and_the_step(tried, visit):
    page, part = tried()
    field = part.get_by_role("textbox")
    text = field.input_value().replace("Ada", "Zoë")
    field.fill(text)
    explore(page, part)
    part.get_by_role("link", name="Show the steps").nth(1).click()
    part.get_by_role("button", name="Next", exact=True).click()
    part.get_by_role("button", name="Next", exact=True).click()
    wait_until(page, "location.hash.endsWith(':2:2')")
    address = page.evaluate("location.href")
    other = visit(LOST_UPDATE + address[address.index("#") :], scripts=[LOUD_POLICY])
    field = other.get_by_role("textbox", name="The program two_windows.py")
    field.wait_for()
    assert "Press Explore" in told(other, "with a link")
    assert field.input_value() == text
    assert not [each for each in loaded(other) if re.search("pyodide|zip|worker", each)]
    explore(other, other.locator(".anyorder-program[data-tried]"))
    board = other.locator(".anyorder-results anyorder-board")
    assert board.locator("select").evaluate("it => it.selectedIndex") == 1
    assert board.get_by_role("status").inner_text().startswith("Step 2 of ")
    assert other.evaluate("location.href") == address
    assert other.faults == []


def test_a_link_to_another_program_takes_the_results_of_the_one_before_away(tried):
    page, part = tried()
    field = part.get_by_role("textbox")
    for text in ("print(1)\n", "print(2)\n"):
        field.fill(text)
        explore(page, part)
        part.get_by_role("link", name="Show the steps").first.click()
    for _ in range(2):
        page.go_back()
    told(page, "with a link")
    assert field.input_value() == "print(1)"
    assert part.locator(".anyorder-results table").count() == 0
    press(part.get_by_role("button", name="Start again"), "mouse")
    assert "#" not in page.evaluate("location.href")
    assert page.faults == []


def test_a_link_is_to_the_program_whatever_else_is_played(tried):
    page, part = tried()
    explore(page, part)
    other = page.locator("anyorder-board:not(.anyorder-results *)").first
    other.locator("button[data-thread]").first.click()
    wait_until(page, "location.hash.startsWith('#board')")
    page.evaluate("void (navigator.clipboard.writeText = () => Promise.reject())")
    part.get_by_role("button", name="Copy a link").click()
    told(page, "The page's address is the link")
    assert "#try-1-" in page.evaluate("location.href")
    assert page.faults == []


@pytest.mark.parametrize("steps", ["99999999999999", "Infinity"])
def test_a_link_to_a_step_far_off_leads_to_the_last(visit, steps):
    page = visit(f"{LOST_UPDATE}#board-1:1:{steps}")
    said = page.locator("anyorder-board").first.get_by_role("status").inner_text()
    number, total = re.match(r"Step (\d+) of (\d+)", said).groups()
    assert number == total
    assert page.faults == []


def test_a_link_with_many_lines_opens_at_once(visit):
    page = visit(LOST_UPDATE)
    letters = page.evaluate(f"""async () => {{
      const {{ packed }} = await import(new URL("../_static/{FOLDER.name}/fragment.js", location));
      return packed("x = 1\\n".repeat(10_000));
    }}""")
    other = visit(f"{LOST_UPDATE}#try-1-{letters}")
    told(other, "with a link")
    assert len(other.get_by_role("textbox").first.input_value()) == len("x = 1\n") * 10_000 - 1


def test_a_program_that_is_too_long_for_a_link_has_none(anew):
    page, part = anew
    text = f"print(1)  # {'x' * 100_000}\n"
    part.get_by_role("textbox").evaluate("(it, text) => (it.value = text)", text)
    assert explore(page, part).startswith("1 outcome, and there are no others")
    assert page.evaluate("location.hash") == "#try-1"
    assert not part.get_by_role("button", name="Copy a link").is_visible()
    assert page.faults == []


@pytest.mark.parametrize("letters", ["AAAA", "____", "a"])
def test_a_link_that_cannot_be_read_says_so(visit, letters):
    page = visit(f"{LOST_UPDATE}#try-1-{letters}:1:2", scripts=[LOUD_POLICY])
    assert "cannot be read" in told(page, "cannot be read")
    assert page.get_by_role("textbox", name="two_windows.py").input_value().startswith("from thr")
    assert page.faults == []


def test_a_link_with_a_flood_in_it_is_not_followed(visit):
    deflated = zlib.compress(b"x" * 5_000_000, wbits=-15)
    letters = base64.urlsafe_b64encode(deflated).decode().rstrip("=")
    other = visit(f"{LOST_UPDATE}#try-1-{letters}")
    assert "cannot be read" in told(other, "cannot be read")


@pytest.mark.parametrize("name", ["try-0-AAAA", "try-99-AAAA", "try-1-%3Cimg%3E", "try-1-a b"])
def test_a_link_to_nothing_does_nothing(visit, name):
    page = visit(f"{LOST_UPDATE}#{name}")
    assert page.get_by_role("button", name="Try it").first.is_visible()
    assert loaded(page) == []
    assert page.faults == []


def test_hostile_text_is_text(anew):
    page, part = anew
    part.get_by_role("textbox").fill(f"a = {HOSTILE!r}\nprint(a)\nraise ValueError(a)\n")
    explore(page, part)
    assert outputs(part) == {f"{HOSTILE}\n"}
    assert HOSTILE in part.locator("table pre").nth(1).text_content()
    forward = part.get_by_role("button", name="Next", exact=True)
    while forward.get_attribute("aria-disabled") == "false":
        forward.click()
    assert HOSTILE in part.locator("dd pre").text_content()
    assert part.locator("img").count() == 0
    assert page.faults == []  # nothing was asked for, and nothing tried to run


def test_a_browser_that_cannot_explore_says_which_can(visit):
    page = visit(LOST_UPDATE, scripts=["delete WebAssembly.Suspending"])
    part = opened(page, "two_windows.py")
    said = status(part).inner_text()
    assert "Firefox from 153" in said
    assert said.endswith("Or run anyorder explore two_windows.py.")
    assert part.get_by_role("button", name="Explore").is_disabled()
    part.get_by_role("button", name="Start again").click()
    assert status(part).inner_text() == said


def spoiled(page, name, how):
    """Have a file of the playground come broken, until the route is taken away."""
    path = FOLDER / name

    def answer(route):
        if how == "lost":
            route.abort()
        elif how == "missing":
            route.fulfill(status=404)
        else:
            route.fulfill(body=path.read_bytes()[: path.stat().st_size // 2])

    page.context.route(f"**/{FOLDER.name}/{name}", answer)


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("pyodide.asm.wasm.packed", "lost"),
        ("pyodide.asm.wasm.packed", "cut"),
        ("python_stdlib.zip", "missing"),
        ("anyorder.zip", "cut"),
    ],
)
def test_what_is_not_loaded_is_loaded_by_the_next_press(tried, name, how):
    page, part = tried()
    part.get_by_role("textbox").fill("print(1)\n")
    spoiled(page, name, how)
    part.get_by_role("button", name="Explore").click()
    assert "Press Explore to try again." in told(page, "could not be loaded")
    page.context.unroute_all()
    assert explore(page, part).startswith("1 outcome, and there are no others")


def test_an_editor_that_is_not_loaded_says_so(visit):
    page = visit(LOST_UPDATE)
    spoiled(page, "playground.js", "lost")
    button = page.get_by_role("button", name="Try it").first
    button.click()
    assert "cannot be loaded" in page.get_by_role("alert").inner_text()
    assert button.get_attribute("aria-expanded") == "false"
    page.context.unroute_all()
    page.reload()
    opened(page, "two_windows.py")


def test_a_button_that_is_pressed_twice_opens_one_editor(visit):
    page = visit(LOST_UPDATE)
    button = page.get_by_role("button", name="Try it").first
    button.dblclick()
    page.get_by_role("textbox", name="two_windows.py").wait_for()
    assert page.locator("anyorder-playground").count() == 1
    assert page.faults == []


def test_stop_while_the_results_are_drawn_ends_nothing(tried):
    page, part = tried("playground.html")  # where there is no board before
    part.get_by_role("textbox").fill("print(1)\n")
    held = []

    def hold(route):
        held.append(route)

    page.context.route(f"**/{FOLDER.name}/board.js", hold)
    part.get_by_role("button", name="Explore").click()
    for _ in range(600):
        page.wait_for_timeout(50)
        if held:
            break
    part.get_by_role("button", name="Stop").click()
    page.wait_for_timeout(300)  # longer than a worker is waited for
    held[0].continue_()
    assert told(page, "no others").startswith("1 outcome")
    page.context.unroute_all()
    assert explore(page, part).startswith("1 outcome")
    assert page.faults == []


def test_the_editor_is_one_for_code(tried):
    _, part = tried()
    field = part.get_by_role("textbox")
    field.fill("")
    field.press_sequentially("def one():")
    field.press("Enter")
    field.press_sequentially("return 1")
    assert field.input_value() == "def one():\n    return 1"
    field.press("Shift+Tab")
    assert field.input_value() == "def one():\nreturn 1"
    field.press("Control+z")
    assert field.input_value() == "def one():\n    return 1"
    field.press("ControlOrMeta+a")
    field.press("Tab")
    assert field.input_value() == "    def one():\n        return 1"
    assert part.locator(".anyorder-editor li").count() == 2
    field.press("Escape")
    field.press("Tab")
    assert part.get_by_role("button", name="Explore").evaluate(
        "it => it === document.activeElement"
    )


def test_no_key_joins_lines_or_mixes_tabs_with_spaces(anew):
    page, part = anew
    field = part.get_by_role("textbox")
    field.fill("if a:\n\tif b:\n\t\tc\nd")
    field.press("Shift+Tab")
    assert field.input_value() == "if a:\n\tif b:\n\t\tc\nd"  # which is as far out as it can be
    field.evaluate("it => it.setSelectionRange(16, 16)")
    field.press("Shift+Tab")
    assert field.input_value() == "if a:\n\tif b:\n\tc\nd"
    field.press("Enter")
    assert field.input_value() == "if a:\n\tif b:\n\tc\n\t\nd"
    assert page.faults == []


def solved(name):
    return (EXAMPLES / name).read_text("utf-8")


@pytest.mark.parametrize(
    ("page_name", "start", "solution"),
    [
        (LOCK, "turnstiles.py", "turnstiles_one_lock.py"),
        (LOCK, "washing.py", "washing_a_lock_each.py"),
        ("shared-state/deadlock.html", "transfer.py", "transfer_in_order.py"),
    ],
)
def test_an_exercise_is_graded(tried, page_name, start, solution):
    page, part = tried(page_name, start)
    explore(page, part)
    assert "anyorder-wrong" in status(part).get_attribute("class")
    part.get_by_role("textbox").fill(solved(solution))
    assert explore(page, part).startswith("Solved: ")
    assert "anyorder-right" in status(part).get_attribute("class")
    assert page.faults == []


def test_what_fails_an_exercise_is_on_the_board(tried):
    page, part = tried(LOCK, "turnstiles.py")
    explore(page, part)
    board = part.locator("anyorder-board")
    assert board.locator("option:checked").inner_text().endswith("inside: 1")
    assert page.evaluate("location.hash").endswith(":0")


@pytest.mark.parametrize(("width", "colours"), [(1280, "light"), (390, "dark")], ids=str)
def test_the_playground_has_no_barrier_that_axe_knows(tried, width, colours):
    page, part = tried(width=width, color_scheme=colours)
    part.get_by_role("textbox").fill("from threading import Thread\nThread(target=print).start()\n")
    explore(page, part)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_the_playground_fits_the_narrowest_phone(tried):
    page, part = tried(width=320)
    explore(page, part)
    assert page.evaluate(OVERFLOW) == 0
    part.get_by_role("textbox").fill(f"x = {'long' * 50!r}\nprint(x)\nraise ValueError(x)\n")
    explore(page, part)
    assert page.evaluate(OVERFLOW) == 0


@pytest.mark.parametrize("name", PAGES)
def test_only_a_page_with_a_program_to_try_lets_python_run(name):
    text = (SITE / name).read_text("utf-8")
    assert ("wasm-unsafe-eval" in text) == ('class="anyorder-try"' in text)
