"""Each part of a page that is played, to its end, by mouse, by keys and by touch.

What the parts say is held against the explorer, which is asked again here.
"""

import json
import re
from itertools import product
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from built_site import PAGES, SITE, wait_until

from anyorder.checking.exploration import explored
from anyorder.exploring import graph
from anyorder.outcomes import Ends

EXAMPLES = Path(__file__).parents[2] / "src/examples"
LOST_UPDATE = "shared-state/lost-update.html"
DEADLOCK = "shared-state/deadlock.html"
YOUR_TURN = "Who goes first? Press a thread."
BOARDS = [name for name in PAGES if "<anyorder-board" in (SITE / name).read_text("utf-8")]
HOW = pytest.mark.parametrize("how", ["mouse", "keys", "touch"])


def program(name):
    return EXAMPLES / "shared-state" / name


def press(button, how):
    """Press a button by mouse, by a key or by touch, also one that says it is disabled.

    Forced, a press lands where the button was: nothing may move any more.
    """
    button.scroll_into_view_if_needed()  # and wait until it stands still
    if how == "keys":
        button.press("Enter")
    elif how == "touch":
        tap(button)
    else:
        button.click(force=True)


def tap(button):
    """Touch a button, and wait until the page has got the click that the browser makes of it."""
    button.evaluate("""it => void (document.tapped = new Promise((got, never) => {
      it.addEventListener("click", got, { once: true });
      setTimeout(() => never(new Error("a touch that never became a click")), 120_000);
    }))""")
    button.tap(force=True)
    button.page.evaluate("document.tapped.then(() => {})")


def has_address(page, end):
    """Wait until a page's address ends so: the browser tells of a change a little later."""
    wait_until(page, f"location.href.endsWith({json.dumps(end)})")


def press_thread(page, part, name, how):
    """Press a thread of a board, with keys by its number."""
    lane = part.locator("button.anyorder-lane", has=page.locator(f"b:has-text('{name}')"))
    if how == "keys":
        lane.focus()
        page.keyboard.press(lane.locator("kbd").inner_text())
    else:
        press(lane, how)


def board_of(page):
    """Return the board of a page that has a goal."""
    return page.locator("anyorder-board", has=page.locator(".anyorder-goal")).first


def answers(part, source):
    """Return the boxes of a question about a program, each with whether the explorer has it."""
    possible = {
        (each.outcome.stdout, each.outcome.ends is Ends.EXIT)
        for each in explored(program(source)).outcomes
    }
    found = []
    for choice in part.locator(".anyorder-choices > li").all():
        output = choice.locator("pre")
        text = output.text_content() if output.count() else ""
        ends = "never ends" not in choice.inner_text()
        found.append((choice, choice.get_by_role("checkbox"), (text, ends) in possible))
    assert {right for *_, right in found} == {True, False}
    return found


def tick(box, how):
    if how == "keys":
        box.press("Space")
    else:
        press(box, how)


@HOW
@pytest.mark.parametrize(
    ("page_name", "source"), [(LOST_UPDATE, "two_windows.py"), (DEADLOCK, "crossed.py")]
)
def test_a_question_is_answered_at_the_second_try(visit, page_name, source, how):
    page = visit(page_name, has_touch=True)
    part = page.locator("anyorder-predict").first
    fold = page.locator("details.anyorder-fold").first
    status = part.get_by_role("status")
    choices = answers(part, source)
    wrong, box, _ = next(each for each in choices if not each[2])
    tick(box, how)
    press(part.get_by_role("button", name="Check"), how)
    assert wrong.get_attribute("data-mark") == "mistaken"
    assert wrong.get_by_text("No.").is_visible()
    assert part.locator("[data-mark]").count() == 1  # there is more to find
    right = sum(each[2] for each in choices)
    are = "are" if right > 1 else "is"
    said = f"1 of your choices is wrong, and {right} {are} missing. Try again."
    assert status.inner_text() == said
    assert fold.get_attribute("open") is None
    tick(box, how)
    assert status.inner_text() == ""
    for _, each, expected in choices:
        if expected:
            tick(each, how)
    press(part.get_by_role("button", name="Check"), how)
    assert status.inner_text() == "That is right."
    for choice, _, expected in choices:
        # one sign for what was rightly chosen, none for what was rightly left
        assert choice.get_attribute("data-mark") == ("met" if expected else "left")
        assert choice.get_by_text("Yes." if expected else "No.").is_visible()
        assert choice.locator("div details").count() == expected
    assert fold.get_attribute("open") is not None
    page.reload()  # who comes back has answered
    assert fold.get_attribute("open") is not None
    assert page.faults == []


def test_a_reader_may_ask_for_the_answer(visit):
    page = visit(LOST_UPDATE)
    part = page.locator("anyorder-predict").first
    choices = answers(part, "two_windows.py")
    choices[0][1].check()
    part.get_by_role("button", name="Show the answer").click()
    for number, (choice, _, expected) in enumerate(choices):
        marks = ("mistaken", "met") if number == 0 else ("left", "missed")
        assert choice.get_attribute("data-mark") == marks[expected]
        assert choice.get_by_text("Yes." if expected else "No.").is_visible()
    assert page.locator("details.anyorder-fold").first.get_attribute("open") is not None


def test_a_wrong_tick_is_told_why(visit):
    page = visit(LOST_UPDATE)
    part = page.locator("anyorder-predict").first
    wrong = part.locator(".anyorder-choices > li", has_text="tickets left: -1")
    wrong.get_by_role("checkbox").check()
    part.get_by_role("button", name="Check").click()
    why = wrong.locator("xpath=./div").inner_text()
    begin = re.search(r"It can begin with '(.*)', but then comes '(.*)'\.", why)
    said, after = (part.replace("⏎", "\n") for part in begin.groups())
    texts = [each.outcome.stdout for each in explored(program("two_windows.py")).outcomes]
    follows = [text for text in texts if text.startswith(said)]
    assert follows
    assert all(text[len(said) :].startswith(after) for text in follows)
    asked = wrong.locator("pre").text_content()
    assert asked.startswith(said)
    assert not any(text.startswith(asked[: len(said) + 1]) for text in texts)


def test_names_of_threads_stand_side_by_side_however_much_is_said_of_them(visit):
    names = board_of(visit("shared-state/iterating.html")).locator("button.anyorder-lane > b")
    assert len({name.bounding_box()["y"] for name in names.all()}) == 1


# of a choice: the room between its last line and its edge, and between its words and its edge
ROOM = """label => {
  const [box, words, last] = [label, ...["span", "span > :last-child"].map((each) =>
    label.querySelector(each))].map((part) => part.getBoundingClientRect());
  return [box.bottom - last.bottom, box.right - words.right];
}"""


def test_a_choice_fills_its_line_on_a_phone_and_its_sign_stands_below(visit):
    page = visit("shared-state/waiting.html", 390)
    part = page.locator("anyorder-predict").first
    for label in part.locator("label").all():
        below, beside = label.evaluate(ROOM)
        assert below < 20
        assert beside < 20
    part.get_by_role("button", name="Show the answer").click()
    label = part.locator("[data-mark=missed] > label").first
    below, beside = label.evaluate(ROOM)
    assert below > 20
    assert beside < 20


@HOW
def test_of_one_right_answer_one_is_chosen(visit, how):
    page = visit(LOST_UPDATE, has_touch=True)
    part = page.locator("anyorder-predict").nth(1)
    boxes = part.get_by_role("radio")
    check = part.get_by_role("button", name="Check")
    status = part.get_by_role("status")
    for number, words in ((None, "Choose an answer first."), (1, "Not that one. Try another.")):
        if number is not None:
            tick(boxes.nth(number), how)
        press(check, how)
        assert status.inner_text() == words
    tick(boxes.nth(0), how)
    press(check, how)
    assert status.inner_text() == "That is right."


def test_outcomes_are_folded_until_they_are_asked_for(visit):
    page = visit(LOST_UPDATE)
    table = page.locator("table.anyorder-outcomes").first
    numbers = page.locator("table.anyorder-numbers").first
    assert not table.is_visible()
    page.locator("details.anyorder-fold > summary").first.press("Enter")
    assert table.is_visible()
    assert not numbers.is_visible()
    page.locator("details.anyorder-fold details summary").first.press("Enter")
    assert numbers.is_visible()
    without = visit(LOST_UPDATE, java_script_enabled=False)
    assert without.locator("table.anyorder-outcomes").first.is_visible()
    printed = visit(LOST_UPDATE)
    printed.emulate_media(media="print")
    assert printed.locator("table.anyorder-outcomes").first.is_visible()


def test_a_fix_that_leaves_one_schedule_says_so(visit):
    verdict = visit("shared-state/no-lock.html").locator(".anyorder-fix .anyorder-right").first
    assert verdict.text_content() == "This fixes it: the only schedule was explored, and ends well."


def test_a_thread_keeps_its_sign_where_lines_break(visit):
    page = visit(LOST_UPDATE, 390)
    said = page.locator(".anyorder-now").first
    wait_until(page, "document.querySelector('.anyorder-now').textContent.includes('MainThread')")
    assert not re.search("[●■▲] ", said.evaluate("(each) => each.textContent"))


def test_a_step_begins_a_line_where_it_has_no_room_in_the_one_before(visit):
    page = visit("two-ways/screen.html")
    said = page.locator(".anyorder-now").nth(1)
    wait_until(page, "document.querySelectorAll('.anyorder-now')[1].children.length > 0")
    steps = said.locator("span")
    assert steps.all_inner_texts() == [
        "●\xa0MainThread starts Thread-1 (say_hello) (line 10)\xa0·",
        "●\xa0MainThread starts Thread-2 (say_hello) (line 11)",
    ]
    assert said.inner_text() == " ".join(steps.all_inner_texts())  # and no dot has a line to itself
    heights = steps.evaluate_all("(all) => all.map((each) => each.getBoundingClientRect().height)")
    assert heights[0] == heights[1] < 30


@HOW
def test_a_board_steps_through_a_witness(visit, how):
    page = visit(LOST_UPDATE, has_touch=True)
    part = board_of(page)
    chooser = part.get_by_role("combobox", name="Outcome")
    chooser.select_option(index=3)
    label = chooser.locator("option").nth(3).text_content().removeprefix("surprising: ")
    outcome = label.replace(" ⏎ ", "\n") + "\n"
    possible = next(
        each
        for each in explored(program("two_windows.py")).outcomes
        if each.outcome.stdout == outcome
    )
    forward = part.get_by_role("button", name="Next", exact=True)
    for number, step in enumerate(possible.witness, 1):
        if how == "keys":
            forward.press("ArrowRight")
        else:
            press(forward, how)
        now = part.locator(".anyorder-now").inner_text()
        assert now.endswith(f"{step.thread} {step.event} (line {step.line})")
        assert part.get_by_label("Output so far").text_content().rstrip() == step.stdout.rstrip()
        for name, value in step.changed.items():
            assert f"{name} = {value}" in part.locator("dl").inner_text()
        if step.thread != "MainThread":
            lane = part.locator(".anyorder-lane", has_text=step.thread)
            kept = ", ".join(f"{name} = {value}" for name, value in step.remembers.items())
            assert lane.locator("i").inner_text().strip() == kept
        has_address(page, f"#board-1:3:{number}")
    assert "It came to" in part.get_by_role("status").inner_text()
    forward.press("u") if how == "keys" else press(
        part.get_by_role("button", name="Back", exact=True), how
    )
    has_address(page, f":3:{len(possible.witness) - 1}")
    page.reload()
    assert f"Step {len(possible.witness) - 1} of" in part.get_by_role("status").inner_text()


def test_an_address_names_outcome_and_step(visit):
    deadlock = next(
        each
        for each in explored(program("crossed.py")).outcomes
        if is_goal(each.outcome, "crossed.py")
    )
    last = len(deadlock.witness)
    page = visit(f"{DEADLOCK}#board-1:2:{last}")
    part = board_of(page)
    assert f"Step {last} of {last}" in part.get_by_role("status").inner_text()
    step = deadlock.witness[-1]
    assert {*step.waiting} == {"Ada", "Ben"}
    for thread, what in step.waiting.items():
        lane = part.locator(".anyorder-lane", has_text=thread)
        assert f"waits for {what}" in lane.inner_text()
    for lock, holder in step.locks.items():
        assert re.search(
            f"{lock}: held by .\N{NO-BREAK SPACE}{holder}", part.locator("dl").inner_text()
        )


@HOW
@pytest.mark.parametrize("width", [390, 1280])
def test_an_update_is_lost_in_two_presses_from_the_home_page(visit, width, how):
    page = visit("index.html", width, has_touch=True)
    part = board_of(page)
    assert part.locator("button.anyorder-lane").count() == 2
    where = "board => board.querySelector('.anyorder-lanes').offsetTop - board.offsetTop"
    place = part.evaluate(where)
    for clerk in ("Ada", "Ben"):
        press_thread(page, part, clerk, how)
        assert "left = 1" in part.locator(".anyorder-lane", has_text=clerk).inner_text()
    status = part.get_by_role("status")
    assert status.inner_text().startswith("You did it, in 2 turns!")
    assert "anyorder-right" in status.get_attribute("class")
    sold = status.locator("pre").text_content()
    assert sold.count("sold a ticket") == 2
    assert part.evaluate(where) == place  # the threads stay where they are
    press_thread(page, part, "Ada", how)  # it is over, and nothing happens
    assert status.inner_text().startswith("You did it, in 2 turns!")
    page.reload()
    assert status.inner_text().startswith("You did it, in 2 turns!")
    forward = part.get_by_role("button", name="Next", exact=True)
    while forward.get_attribute("aria-disabled") == "false":
        press(forward, how)
    assert part.get_by_label("Output so far").text_content() == sold
    assert page.faults == []


@pytest.mark.parametrize(
    ("name", "how"),
    [*((name, "mouse") for name in BOARDS), *product([LOST_UPDATE, DEADLOCK], ["keys", "touch"])],
)
def test_the_hints_lead_to_the_goal(visit, name, how):
    page = visit(name, has_touch=True)
    for number in range(page.locator(".anyorder-goal").count()):
        part = page.locator("anyorder-board", has=page.locator(".anyorder-goal")).nth(number)
        status = part.get_by_role("status")
        turns = 0
        while "You did it" not in status.inner_text():
            if how == "keys":
                part.locator("button.anyorder-lane").first.press("h")
            else:
                press(part.get_by_role("button", name="Hint"), how)
            hinted = part.locator(".anyorder-hinted b").inner_text().split(maxsplit=1)[1]
            press_thread(page, part, hinted, how)
            turns += 1
            assert turns < 30
        turn = "turn" if turns == 1 else "turns"
        assert status.inner_text().startswith(f"You did it, in {turns} {turn}!")
    assert page.faults == []


def test_who_can_never_go_on_has_not_ended(visit):
    page = visit("shared-state/twice.html")
    part = board_of(page)
    press_thread(page, part, "Ben", "mouse")
    assert "waits for shelf.lock" in part.locator(".anyorder-lane", has_text="Ada").inner_text()
    assert "MainThread: waits for Ada to end" in part.inner_text()
    assert "has ended" not in part.inner_text()


def is_goal(outcome, source):
    if source == "crossed.py":
        return outcome.ends is Ends.DEADLOCK
    return outcome.stdout.count("sold a ticket") == 2


def test_every_choice_of_a_board_is_one_of_the_graph(visit):
    """Walk through the graph, always with the last thread that can go, and back again."""
    page = visit(DEADLOCK)
    part = board_of(page)
    schedules = graph(program("crossed.py"))
    buttons = part.locator("button.anyorder-lane")
    status = part.get_by_role("status")
    node, said = 0, []
    while node not in schedules.ends:
        can = {edge.step.thread: edge for edge in schedules.edges[node]}
        starts = {each for each, edge in can.items() if edge.step.event.startswith("starts")}
        if len(can) > 1 and not starts:
            shown = {
                each.locator("b").inner_text().split()[-1]
                for each in buttons.all()
                if each.get_attribute("aria-disabled") == "false"
            }
            assert shown == set(can)
            said.append(status.inner_text())
            thread = max(can)
            lane = buttons.filter(has=page.locator(f"b:has-text('{thread}')"))
            assert can[thread].step.event in lane.inner_text()
            lane.click()
        else:
            thread = min(starts or can)
        node = can[thread].to
    assert said[0] == YOUR_TURN
    assert "It came to" in status.inner_text()
    for words in said[::-1]:
        part.get_by_role("button", name="Back", exact=True).click()
        assert status.inner_text() == words
    assert (
        part.get_by_role("button", name="Back", exact=True).get_attribute("aria-disabled") == "true"
    )
    for _ in said:
        part.get_by_role("button", name="Next", exact=True).click()
    assert "It came to" in status.inner_text()


def test_a_goal_that_is_out_of_reach_is_said_at_once(visit):
    page = visit(LOST_UPDATE)
    part = board_of(page)
    lane = part.locator("button.anyorder-lane", has_text="Ada")
    for _ in range(2):
        assert part.get_by_role("status").get_attribute("class").strip() == "anyorder-status"
        lane.click()
    assert "out of reach: go back" in part.get_by_role("status").inner_text()
    assert "anyorder-wrong" in part.get_by_role("status").get_attribute("class")
    page.keyboard.press("u")
    assert part.get_by_role("status").inner_text() == "1 turn. Who goes next?"


def test_a_thread_that_cannot_go_does_not(visit):
    page = visit("two-ways/second-thread.html")
    part = board_of(page)
    part.get_by_label("a whole line at once").check()
    press_thread(page, part, "Thread-1", "mouse")  # it has ended, or all is lost by now
    lane = part.locator("button.anyorder-lane", has_text="Thread-1")
    assert "has ended" in lane.inner_text()
    assert lane.get_attribute("aria-disabled") == "true"
    before = page.evaluate("location.href")
    press(lane, "mouse")
    assert page.evaluate("location.href") == before


def test_a_whole_line_goes_at_once(visit):
    page = visit("two-ways/second-thread.html")
    part = board_of(page)
    part.get_by_label("a whole line at once").check()
    press_thread(page, part, "MainThread", "keys")
    assert part.get_by_role("status").inner_text().startswith("You did it, in 1 turn!")
    assert part.get_by_label("Output so far").text_content().startswith("hello from MainThread\n")


def test_taking_a_turn_leaves_the_outcome_that_is_stepped_through(visit):
    page = visit(f"{LOST_UPDATE}#board-1:1:4")
    part = board_of(page)
    chooser = part.get_by_role("combobox", name="Outcome")
    assert chooser.evaluate("it => it.selectedIndex") == 1
    press_thread(page, part, "Ben", "keys")
    assert chooser.evaluate("it => it.selectedIndex") == 0
    assert "#board-1::" in page.evaluate("location.hash")


@pytest.mark.parametrize("name", [LOST_UPDATE, DEADLOCK, "two-ways/second-thread.html"])
def test_a_board_is_one_tab_from_its_heading(visit, name):
    page = visit(name)
    page.locator("[id^=your-turn] > h2 > .headerlink").first.focus()
    page.keyboard.press("Tab")
    assert board_of(page).evaluate("board => board.contains(document.activeElement)")


@pytest.mark.parametrize("name", BOARDS)
def test_a_board_has_the_colours_of_the_page(visit, name):
    page = visit(name)
    part = page.locator("anyorder-board").first
    assert part.locator(".anyorder-code .k, .anyorder-code .kn").count()
    lines = part.locator(".anyorder-code code").all_text_contents()
    sources = [path.read_text("utf-8") for path in EXAMPLES.rglob("*.py")]
    text = "".join(f"{line}\n".replace("\xa0", " ").replace(" \n", "\n") for line in lines)
    assert text in [re.sub(r"[ ]+\n", "\n", source) for source in sources]


@pytest.mark.parametrize(
    ("page_name", "sources"),
    [
        (
            LOST_UPDATE,
            ["two_windows_lock_late.py", "two_windows_own_locks.py", "two_windows_locked.py"],
        ),
        (DEADLOCK, ["crossed_third.py", "crossed_order.py", "crossed_gate.py"]),
    ],
)
@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
def test_a_fix_is_judged_as_the_explorer_judges_it(visit, page_name, sources, javascript):
    part = visit(page_name, java_script_enabled=javascript).locator("anyorder-fix")
    candidates = part.locator(".anyorder-fix > details")
    assert candidates.count() == len(sources)
    for number, source in enumerate(sources):
        candidate = candidates.nth(number)
        candidate.locator("summary").first.press("Enter")
        bad = any(
            is_goal(each.outcome, "crossed.py" if "crossed" in source else source)
            for each in explored(program(source)).outcomes
        )
        assert candidate.locator(".anyorder-wrong").is_visible() == bad
        assert candidate.locator(".anyorder-right").count() == (not bad)
        verdict = candidate.locator("> :nth-child(2)")
        assert verdict.get_attribute("class") == ("anyorder-wrong" if bad else "anyorder-right")
        # choosing one puts the others away
        assert part.locator(".anyorder-fix > details[open]").count() == 1


@pytest.mark.parametrize("name", [LOST_UPDATE, DEADLOCK])
def test_what_is_played_can_be_read_without_javascript(visit, name):
    page = visit(name, 390, java_script_enabled=False)
    question = page.locator("anyorder-predict").first
    assert not question.get_by_role("button", name="Check").is_visible()
    assert not question.get_by_text("Yes.").first.is_visible()
    question.locator("summary").first.click()
    assert question.get_by_text("Yes.").first.is_visible()
    part = page.locator("anyorder-board").first
    assert not part.locator("button").first.is_visible()
    part.locator("details details summary").last.click()
    table = part.locator("details details").last
    assert table.locator("tbody tr").count() > 3
    assert table.locator("svg").is_visible()
    assert table.locator("tbody tr").first.get_by_text("MainThread").is_visible()


@pytest.mark.parametrize(("width", "colours"), [(1280, "light"), (1280, "dark"), (390, "light")])
@pytest.mark.parametrize("name", [LOST_UPDATE, DEADLOCK])
def test_what_has_been_played_has_no_barrier(visit, name, width, colours):
    page = visit(name, width, color_scheme=colours)
    for question in page.locator("anyorder-predict").all():
        question.locator("input").first.check()
        question.get_by_role("button", name="Check").click()
        if question.get_by_role("button", name="Show").count():
            question.get_by_role("button", name="Show").click()
        for steps in question.locator("li summary").all():
            steps.click()
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    part = board_of(page)
    for expected in (False, True):
        part.get_by_role("button", name="Hint").click()
        if not expected:
            found = Axe().run(page)
            assert found.violations_count == 0, found.generate_report()
        part.locator(".anyorder-hinted").click()
        assert ("You did it" in part.get_by_role("status").inner_text()) == expected
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.faults == []


def test_the_data_of_a_page_is_only_what_it_plays(visit):
    page = visit(LOST_UPDATE)
    data = json.loads(page.locator("anyorder-board script").first.text_content())
    schedules = graph(program("two_windows.py"))
    assert len(data["nodes"]) == len(schedules.edges)
    assert len({json.dumps(each) for each in data["events"]}) == len(data["events"])
    assert len(data["ways"]) == 3
