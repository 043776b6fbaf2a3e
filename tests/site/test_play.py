"""Each part of a page that is played, to its end, by mouse and by keyboard.

What the parts say is held against the explorer, which is asked again here.
"""

import json
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from anyorder.checking.exploration import explored
from anyorder.exploring import graph
from anyorder.outcomes import Ends

EXAMPLES = Path(__file__).parents[2] / "src/examples"
LOST_UPDATE = "shared-state/lost-update.html"
DEADLOCK = "shared-state/deadlock.html"
YOUR_TURN = "Your turn: press the thread that goes first."


def program(name):
    return EXAMPLES / "shared-state" / name


def press(button, *, keyboard):
    if keyboard:
        button.focus()
        button.press("Enter")
    else:
        button.click()


@pytest.mark.parametrize("keyboard", [False, True], ids=["mouse", "keyboard"])
@pytest.mark.parametrize(
    ("page_name", "source"), [(LOST_UPDATE, "two_windows.py"), (DEADLOCK, "crossed.py")]
)
def test_a_prediction_knows_what_is_possible(visit, page_name, source, keyboard):
    page = visit(page_name)
    part = page.locator("anyorder-predict").first
    possible = {
        (each.outcome.stdout, each.outcome.ends is Ends.EXIT)
        for each in explored(program(source)).outcomes
    }
    choices = part.locator(".anyorder-choices > li")
    expected = []
    for number in range(choices.count()):
        choice = choices.nth(number)
        output = choice.locator("pre")
        text = output.text_content() if output.count() else ""
        ends = "never ends" not in choice.inner_text()
        expected.append((text, ends) in possible)
        box = choice.get_by_role("checkbox")
        if expected[-1]:
            box.focus()
            box.press("Space") if keyboard else box.check()
    assert set(expected) == {True, False}
    press(part.get_by_role("button", name="Check"), keyboard=keyboard)
    result = f"You were right about {len(expected)} of {len(expected)}."
    assert part.get_by_role("status").inner_text() == result
    for number, right in enumerate(expected):
        assert choices.nth(number).locator(".anyorder-right").count() == right
        assert choices.nth(number).locator(".anyorder-wrong").count() == (not right)
        assert choices.nth(number).locator("div details").count() == right


def test_a_wrong_tick_is_told_why(visit):
    page = visit(LOST_UPDATE)
    part = page.locator("anyorder-predict").first
    wrong = part.locator(".anyorder-choices > li", has_text="tickets left: -1")
    wrong.get_by_role("checkbox").check()
    part.get_by_role("button", name="Check").click()
    assert "anyorder-mistaken" in wrong.get_attribute("class")
    why = wrong.locator("xpath=./div").inner_text()
    begin = re.search(r"prints is '(.*)'\. After that comes '(.*)'\.", why)
    said, after = (part.replace("⏎", "\n") for part in begin.groups())
    texts = [each.outcome.stdout for each in explored(program("two_windows.py")).outcomes]
    follows = [text for text in texts if text.startswith(said)]
    assert follows
    assert all(text[len(said) :].startswith(after) for text in follows)
    asked = wrong.locator("pre").text_content()
    assert asked.startswith(said)
    assert not any(text.startswith(asked[: len(said) + 1]) for text in texts)


def test_a_question_of_the_author_has_its_answer(visit):
    part = visit(LOST_UPDATE).locator("anyorder-predict").nth(1)
    part.get_by_role("checkbox").first.check()
    part.get_by_role("button", name="Check").click()
    assert part.get_by_role("status").inner_text() == "You were right about 3 of 3."


@pytest.mark.parametrize("by", ["buttons", "arrows", "slider"])
def test_a_stepper_goes_through_a_witness(visit, by):
    page = visit(LOST_UPDATE)
    part = page.locator("anyorder-stepper").first
    part.get_by_role("combobox", name="Outcome").select_option(index=2)
    table = part.locator("details:visible")
    outcome = table.locator("summary code").inner_text().replace(" ⏎ ", "\n") + "\n"
    possible = next(
        each
        for each in explored(program("two_windows.py")).outcomes
        if each.outcome.stdout == outcome
    )
    forward = part.get_by_role("button", name="Next")
    for number, step in enumerate(possible.witness, 1):
        if by == "buttons":
            press(forward, keyboard=number % 2)
        elif by == "arrows":
            forward.press("ArrowRight")
        else:
            part.get_by_role("slider").press("ArrowRight")
        now = part.locator(".anyorder-now").inner_text()
        assert now.endswith(f"{step.thread} {step.event} (line {step.line})")
        assert part.get_by_label("Output so far").text_content() == step.stdout
        for name, value in step.changed.items():
            assert f"{name} = {value}" in part.locator("dl").inner_text()
        assert page.url.endswith(f":3:{number}")
    assert part.get_by_label("Output so far").text_content() == outcome
    part.get_by_role("button", name="Back").click()
    assert page.url.endswith(f":3:{len(possible.witness) - 1}")


def test_an_address_names_outcome_and_step(visit):
    deadlock = next(
        each
        for each in explored(program("crossed.py")).outcomes
        if is_goal(each.outcome, "crossed.py")
    )
    last = len(deadlock.witness)
    page = visit(f"{DEADLOCK}#steps-1:2:{last}")
    part = page.locator("anyorder-stepper").first
    assert part.get_by_text(f"{last} of {last}").is_visible()
    facts = part.locator("dl").inner_text()
    step = deadlock.witness[-1]
    assert {*step.waiting} == {"Ada", "Ben"}
    for thread, what in step.waiting.items():
        assert f"{thread}: {what}" in facts
    for lock, holder in step.locks.items():
        assert re.search(f"{lock}: held by . {holder}", facts)


@pytest.mark.parametrize("keyboard", [False, True], ids=["mouse", "keyboard"])
@pytest.mark.parametrize(
    ("page_name", "source", "reached"),
    [
        (LOST_UPDATE, "two_windows.py", "Ada sold a ticket"),
        (DEADLOCK, "crossed.py", "deadlock"),
    ],
)
def test_the_hints_lead_to_the_goal_by_the_shortest_way(
    visit, page_name, source, reached, keyboard
):
    page = visit(page_name)
    part = page.locator("anyorder-scheduler")
    status = part.get_by_role("status")
    steps = 0
    while "Reached" not in status.inner_text():
        press(part.get_by_role("button", name="Hint"), keyboard=keyboard)
        press(part.locator(".anyorder-hinted"), keyboard=keyboard)
        steps += 1
        assert steps < 60
    assert f"Reached, in {steps} steps (the shortest way has {steps})" in status.inner_text()
    assert reached in status.inner_text()
    schedules = graph(program(source))
    nearest = {0: 0}
    for node in nearest_first(schedules, nearest):
        if node in schedules.ends:
            nearest.setdefault(node, 0)
    assert (
        min(
            nearest[node]
            for node, number in schedules.ends.items()
            if is_goal(explored(program(source)).outcomes[number].outcome, source)
        )
        == steps
    )


def nearest_first(schedules, nearest):
    """Yield the nodes of a graph from its beginning, and note how far each is."""
    queue = [0]
    for node in queue:
        yield node
        for edge in schedules.edges[node]:
            if edge.to not in nearest:
                nearest[edge.to] = nearest[node] + 1
                queue.append(edge.to)


def is_goal(outcome, source):
    if source == "crossed.py":
        return outcome.ends is Ends.DEADLOCK
    return outcome.stdout.count("sold a ticket") == 2


def test_every_choice_of_the_scheduler_is_one_of_the_graph(visit):
    """Walk through the graph, always with the last thread that can go, and back again."""
    page = visit(DEADLOCK)
    part = page.locator("anyorder-scheduler")
    schedules = graph(program("crossed.py"))
    node, way = 0, []
    while node not in schedules.ends:
        can = {edge.step.thread: edge for edge in schedules.edges[node]}
        buttons = part.locator(".anyorder-lanes button")
        shown = {
            buttons.nth(number).locator("b").inner_text().split()[-1]
            for number in range(buttons.count())
            if buttons.nth(number).get_attribute("aria-disabled") == "false"
        }
        assert shown == set(can)
        thread = max(can)
        edge = can[thread]
        button = part.locator(".anyorder-lanes button", has=page.locator(f"b:has-text('{thread}')"))
        assert edge.step.event in button.inner_text()
        button.click()
        way.append(part.get_by_role("status").inner_text())
        node = edge.to
    assert "It came to" in way[-1]
    for words in [*way[-2::-1], YOUR_TURN]:
        part.get_by_role("button", name="Go back").click()
        assert part.get_by_role("status").inner_text() == words


@pytest.mark.parametrize(("clerks", "won"), [(["Ada", "Ben"], True), (["Ada", "Ada"], False)])
def test_the_goal_is_won_or_lost_as_soon_as_that_is_certain(visit, clerks, won):
    part = visit(LOST_UPDATE).locator("anyorder-scheduler")
    schedules = graph(program("two_windows.py"))
    node = 0
    for thread in ["MainThread", "MainThread", "MainThread", *clerks]:
        assert goals_from(schedules, node) == {True, False}
        assert part.get_by_role("status").get_attribute("class") == "anyorder-status"
        part.locator(".anyorder-lanes button").filter(has_text=re.compile(f"^. {thread}")).click()
        node = next(edge.to for edge in schedules.edges[node] if edge.step.thread == thread)
    assert goals_from(schedules, node) == {won}
    words = "Well done: every way from here leads to the goal." if won else "out of reach: go back."
    assert part.get_by_role("status").inner_text().endswith(words)
    mark = "anyorder-right" if won else "anyorder-wrong"
    assert mark in part.get_by_role("status").get_attribute("class").split()


def goals_from(schedules, node):
    """Return whether the ends that can be reached from a node are the goal."""
    outcomes = explored(program("two_windows.py")).outcomes
    seen = [node]
    for each in seen:
        seen += {edge.to for edge in schedules.edges[each]} - {*seen}
    ends = {schedules.ends[each] for each in seen if each in schedules.ends}
    return {is_goal(outcomes[number].outcome, "two_windows.py") for number in ends}


@pytest.mark.parametrize("width", [390, 1280])
def test_what_is_said_of_the_goal_stands_over_the_threads(visit, width):
    part = visit(LOST_UPDATE, width, reduced_motion="reduce").locator("anyorder-scheduler")
    status = part.get_by_role("status")
    lanes = part.locator(".anyorder-lanes")
    places = [lanes.bounding_box()["y"] - status.bounding_box()["y"]]
    for thread in ["MainThread", "MainThread", "MainThread", "Ada", "Ben"]:
        lanes.locator("button").filter(has_text=re.compile(f"^. {thread}")).click()
        places.append(lanes.bounding_box()["y"] - status.bounding_box()["y"])
    assert "Well done" in status.inner_text()
    assert 0 < places[0] < 100
    assert {*places} == {places[0]}  # the threads stay where they are


def test_a_thread_that_cannot_go_does_not(visit):
    part = visit(DEADLOCK).locator("anyorder-scheduler")
    ben = part.locator(".anyorder-lanes button", has_text="Ben")
    assert "has not been started" in ben.inner_text()
    ben.click(force=True)
    assert part.get_by_role("status").inner_text() == YOUR_TURN


def test_a_whole_line_goes_at_once(visit):
    page = visit(LOST_UPDATE)
    part = page.locator("anyorder-scheduler")
    part.get_by_label("a whole line at once").check()
    main = part.locator(".anyorder-lanes button", has_text="MainThread")
    for _ in range(3):
        main.click()
    for clerk in ("Ada", "Ben"):
        button = part.locator(".anyorder-lanes button", has=page.locator(f"b:has-text('{clerk}')"))
        while "has ended" not in button.inner_text():
            button.click()
    for _ in range(3):
        main.click()
    assert part.get_by_label("Output so far").text_content() == (
        "Ada sold a ticket\ntickets left: 0\n"
    )


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
    assert not question.get_by_text("Yes.").first.is_visible()
    question.locator("summary").first.click()
    assert question.get_by_text("Yes.").first.is_visible()
    steps = page.locator("anyorder-stepper").first
    summary = steps.locator("summary").last
    summary.click()
    table = steps.locator("details").last
    assert table.locator("tbody tr").count() > 3
    assert table.locator("svg").is_visible()
    assert table.locator("tbody tr").first.get_by_text("MainThread").is_visible()


@pytest.mark.parametrize(("width", "colours"), [(1280, "light"), (1280, "dark"), (390, "light")])
@pytest.mark.parametrize("name", [LOST_UPDATE, DEADLOCK])
def test_what_has_been_played_has_no_barrier(visit, name, width, colours):
    page = visit(name, width, color_scheme=colours)
    for question in page.locator("anyorder-predict").all():
        question.get_by_role("checkbox").first.check()
        question.get_by_role("button", name="Check").click()
        for steps in question.locator("li summary").all():
            steps.click()
    scheduler = page.locator("anyorder-scheduler")
    for _ in range(3):
        scheduler.get_by_role("button", name="Hint").click()
        scheduler.locator(".anyorder-hinted").click()
    for stepper in page.locator("anyorder-stepper").all():
        stepper.get_by_role("button", name="Next").click()
        stepper.locator("summary:visible").click()
    page.locator("anyorder-fix summary").first.click()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.faults == []


def test_the_data_of_a_page_is_only_what_it_plays(visit):
    page = visit(LOST_UPDATE)
    data = json.loads(page.locator("anyorder-scheduler script").text_content())
    schedules = graph(program("two_windows.py"))
    assert len(data["nodes"]) == len(schedules.edges)
    assert len(set(data["strings"])) == len(data["strings"])
    steps = json.loads(page.locator("anyorder-stepper script").first.text_content())
    assert len(steps["ways"]) == 3
