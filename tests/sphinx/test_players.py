"""The directives that are played work in any project, and say what is wrong with them."""

import json
import re
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from docutils import nodes

from anyorder.board.turns import followed, on_graph
from anyorder.checking.exploration import explored
from anyorder.exploring import Edge, Graph, Step, graph
from anyorder.outcomes import Ends
from anyorder.sphinx.predict import impossible_outcomes, why_not

PARSER = "html.parser"
STEPS = ("starts Ada", "takes till", "takes stamp")


@pytest.mark.parametrize("builder", ["html", "text", "man", "latex", "epub"])
def test_they_are_tables_for_every_builder(project, builder):
    players = project("players")
    options = ["-D", "epub_copyright=none", "-D", "version=1"] if builder == "epub" else []
    players.build(builder, *options)
    assert players.status == 0, players.output
    built = players.folder / "build" / builder
    suffixes = {".html", ".txt", ".1", ".tex", ".xhtml"}
    texts = [
        BeautifulSoup(text, PARSER).text if builder in {"html", "epub"} else text
        for text in (
            path.read_text("utf-8")
            for path in built.rglob("*")
            if path.suffix in suffixes and (path.suffix != ".html" or "index" in path.name)
        )
    ]
    text = re.sub(r"\\-|\\", "", "".join(texts))
    for step in STEPS:
        assert step in text
    assert "Ada waits for stamp" in text
    assert "One order" in text
    assert "This does not fix it" in text
    assert "So it is." in text


def boards(players):
    """Return the data of the boards of the page."""
    return [
        json.loads(each.string) for each in players.page("index").select("anyorder-board script")
    ]


@pytest.fixture(scope="module")
def built(project):
    """The sample as it is, built."""
    players = project("players")
    players.build()
    assert players.status == 0, players.output
    return players


def test_a_board_with_a_goal_has_all_turns_and_says_what_comes_of_them(built):
    steps, game = boards(built)
    exploration = explored(built.folder / "crossed.py")
    schedules = graph(built.folder / "crossed.py")
    assert len(game["nodes"]) == len(schedules.edges)
    assert {int(node): end for node, end in game["ends"].items()} == schedules.ends
    assert len(game["outcomes"]) == len(exploration.outcomes) == 3
    total = sum(each.interleavings for each in exploration.outcomes)
    for said, each in zip(game["outcomes"], exploration.outcomes, strict=True):
        assert said["text"] == each.outcome.stdout
        leads = "leads" if each.interleavings == 1 else "lead"
        begins = f"{each.interleavings} of {total} schedules {leads} to this."
        assert said["ways"].startswith(begins)
        stuck = each.outcome.ends is Ends.DEADLOCK
        assert ("ends" in said) == stuck == ("only" in said["ways"] or "3.14" in said["ways"])
    assert "forced" not in steps  # nobody takes the turns there
    assert [len(way["turns"]) for way in steps["ways"]] == [len(steps["events"])]


def test_the_steps_of_a_board_with_a_goal_are_a_way_through_its_turns(built):
    _, game = boards(built)
    possible = explored(built.folder / "crossed.py").outcomes
    for way in game["ways"]:
        node, printed = way["from"], ""
        for turn in way["turns"]:
            flat = game["nodes"][node]
            event, node = next(
                (game["events"][event], node + farther)
                for event, farther in zip(flat[::2], flat[1::2], strict=True)
                if game["events"][event]["thread"] == turn
            )
            printed += event.get("prints", "")
        assert possible[game["ends"][str(node)]].outcome.stdout == printed


READS_TWICE = """\
import threading

n = 0


def add():
    global n
    seen = n
    n = seen + 1


one = threading.Thread(target=add, name="one")
two = threading.Thread(target=add, name="two")
one.start()
two.start()
one.join()
two.join()
print(n)
"""


@pytest.fixture(scope="module")
def turns(tmp_path_factory):
    """The turns of a program that loses an update, which is the goal."""
    program = tmp_path_factory.mktemp("turns") / "program.py"
    program.write_text(READS_TWICE)
    found = explored(program).outcomes
    goals = [number for number, each in enumerate(found) if each.outcome.stdout == "1\n"]
    return on_graph(["MainThread", "one", "two"], graph(program), goals)


def walk(turns, *threads):
    """Take turns from the beginning, and between them what is forced; return the node."""
    node = 0
    left = [*threads]
    while True:
        turn = turns.forced[node]
        if turn is None or (turns.reach[node] <= turns.goals and left):
            if not left:
                return node
            turn = left.pop(0)
        elif turns.reach[node] <= turns.goals:
            return node
        node = next(to for event, to in turns.edges[node] if event["thread"] == turn)


def test_only_what_decides_is_left_to_the_reader(turns):
    assert turns.players == [1, 2]  # the main thread only starts and joins
    begin = walk(turns)
    assert {event["words"] for event, _ in turns.edges[begin]} == {"reads n: 0"}
    assert turns.reach[begin] == turns.reach[0]


@pytest.mark.parametrize(
    ("threads", "far", "won"),
    [([1], True, False), ([1, 2], True, True), ([1, 1], False, False), ([2, 1], True, True)],
)
def test_the_goal_is_won_or_lost_as_soon_as_that_is_certain(turns, threads, far, won):
    node = walk(turns, *threads)
    assert (turns.distances[node] is not None) == far
    assert (turns.reach[node] <= turns.goals) == won


def test_an_event_says_what_it_does(turns):
    events = {event["words"]: event for edges in turns.edges for event, _ in edges}
    assert events["starts one"]["starts"] == 1
    assert events["joins two"]["joins"] == 2
    assert events["reads n: 0"]["keeps"] == {"seen": "0"}
    assert events["writes n: 1"]["sets"] == {"n": "1"}


def test_a_lock_that_is_let_go_is_free(built):
    [event] = [
        each
        for each in boards(built)[1]["events"]
        if each["words"] == "lets go of till" and each["thread"] == 1
    ]
    assert event["frees"] == "till"


def test_a_thread_with_two_ways_to_go_on_is_refused():
    step = Step("MainThread", 1, 1, "goes left", "")
    with pytest.raises(ValueError, match="one of its threads has two ways to go on"):
        on_graph(["MainThread"], Graph(((Edge(step, 1), Edge(step, 2)), (), ()), {}, ()), [])


def test_a_witness_that_is_no_way_through_the_graph_is_refused(turns):
    with pytest.raises(ValueError, match="its graph has no step in which two reads n: 0"):
        followed(turns, [Step("two", 9, 1, "reads n: 0", "")])


BOTH = ["__main__", "__mp_main__"]
READS = """\
from multiprocessing import Process

print(__name__)


def work():
    pass


if __name__ == "__main__":
    child = Process(target=work)
    child.start()
    child.join()
"""


def test_a_page_loads_what_is_on_it(project):
    players = project("players")
    (players.folder / "empty.md").write_text(
        "---\norphan: true\n---\n\n# Nothing\n", encoding="utf-8"
    )
    (players.folder / "alone.md").write_text(
        "---\norphan: true\n---\n\n# Alone\n\n```{board} crossed.py\n```\n", encoding="utf-8"
    )
    players.build()
    assert players.status == 0, players.output
    # which has the marks of grades
    assert players.page("alone").select("[href*='_static/anyorder.css']")
    page = players.page("index")
    asked = [urlsplit(each["href"]).path for each in page.find_all("link", rel="stylesheet")]
    asked += [urlsplit(each["src"]).path for each in page.find_all("script", src=True)]
    for file in ("anyorder.css", "play.css", "copy.js", "predict.js", "board.js"):
        assert asked.count(f"_static/{file}") == 1
    assert page.find_all("a", href="https://example.org/docs/crossed.py")
    empty = players.page("empty")
    assert not empty.select("[href*='_static/play'], [src*='_static/play']")
    data = page.find_all("script", type="application/json")
    assert len(data) == 2
    for each in data:
        assert json.loads(each.string)["threads"] == ["MainThread", "Ada", "Ben"]


# what is changed on the page, the line that is then refused, and the words; of an option that
# cannot be read MyST names the line of its directive up to 5.1
WRONG = [
    (":goal: 2", ":goal: 3", 16, "has 2 outcomes, and none of number 3: fix the option goal"),
    (":goal: 2", ":goal: two", "1[67]", "write numbers of outcomes, such as 1 3"),
    (":outcomes: 2", ":outcomes: 0", 12, "has 2 outcomes, and none of number 0"),
    ("third.py: A", "third.py A", 21, "write a candidate as path: what it does, not"),
    ("order.py: One", "third.py: One", 21, "write a candidate that fixes the program"),
    ("[x] Because", "Because", 26, "begin the answer 'Because.' with [x] or with [ ]"),
    ("[x] Because", "[ ] Because", 26, "needs words, a right answer and a wrong one"),
    ("  So it is.", "", 26, "say why below the answer 'Because.'"),
    ("{board} crossed", "{board} gone", 12, "there is no such program: fix its name"),
    (":goal: 2\n", "", 16, "write the option goal and the words for it, or none of both"),
    ("Reach it.", "", 16, "write the option goal and the words for it, or none of both"),
]


@pytest.fixture(scope="module")
def said(project):
    """What a build says of pages each of which an author got wrong in another way."""
    players = project("players")
    page = (players.folder / "index.md").read_text("utf-8")
    for number, (before, after, *_) in enumerate(WRONG):
        assert before in page
        (players.folder / f"wrong{number}.md").write_text(page.replace(before, after), "utf-8")
    players.build("dummy")
    assert players.status == 1
    return players.output


@pytest.mark.parametrize("number", range(len(WRONG)), ids=lambda number: WRONG[number][1])
def test_what_an_author_gets_wrong_is_refused_with_page_and_line(said, number):
    *_, line, message = WRONG[number]
    assert re.search(rf"wrong{number}\.md:{line}: .*{re.escape(message)}", said), said


def test_the_page_that_is_right_is_not_refused(said):
    assert "index.md:" not in said


def test_each_entry_is_stepped_in_a_setting_that_it_speaks_of(project):
    players = project("players")
    (players.folder / "reads.py").write_text(READS)
    entries = (("fork", ["__main__"]), ("spawn", BOTH), ("forkserver", BOTH))
    (players.folder / "reads.toml").write_text(
        'unexplored = "it comes later"\n'
        + "".join(
            f'[[outcome]]\ngrade = "usual"\nstart_method = "{method}"\nstdout = {lines}\n'
            for method, lines in entries
        )
    )
    with (players.folder / "index.md").open("a") as page:
        page.write("\n```{board} reads.py\n:outcomes: 1 2\n```\n")
    players.build()
    assert "reads.py:1: cannot be played: it comes later" in players.output
    players.replace("reads.toml", 'unexplored = "it comes later"\n', "")
    players.build()
    assert players.status == 0, players.output
    steps = {
        method: each.table.text
        for each in players.page("index").select("anyorder-board details details")
        for method in ("fork", "spawn")
        if f"usual (under {method}):" in each.summary.text
    }
    assert "__mp_main__" not in steps["fork"]
    assert "__mp_main__" in steps["spawn"]


def test_a_board_tells_of_no_build_what_an_outcome_with_a_condition_can(project):
    players = project("players")
    with (players.folder / "crossed.toml").open("a") as file:  # of the last entry
        file.write('python = ">=3"\n')
    players.build()
    assert players.status == 0, players.output
    said = [each["ways"] for each in boards(players)[1]["outcomes"] if "ends" in each]
    assert said
    assert not [words for words in said if "It can happen" in words]


def test_a_program_that_is_not_explored_cannot_be_played(project):
    players = project("players")
    text = (players.folder / "crossed.toml").read_text("utf-8")
    (players.folder / "crossed.toml").write_text(f'unexplored = "it is late"\n{text}')
    players.build()
    assert "crossed.py:1: cannot be played: it is late" in players.output


def test_where_one_answer_is_right_one_is_chosen(built):
    made, written = built.page("index").select("anyorder-predict")
    for question, kind, right in ((made, "checkbox", 3), (written, "radio", 1)):
        boxes = question.select("input")
        assert {box["type"] for box in boxes} == {kind}
        assert sum(box.has_attr("data-right") for box in boxes) == right
        assert len({box["name"] for box in boxes}) == 1


def test_bars_and_their_button_come_if_asked_for_and_once(project):
    players = project("players")
    (players.folder / "sphinx_copybutton.py").write_text("def setup(app):\n    return {}\n")
    with (players.folder / "conf.py").open("a") as conf:
        conf.write("import os, sys\nsys.path.insert(0, os.path.dirname(__file__))\n")
        conf.write("extensions.append('sphinx_copybutton')\n")
    players.build()
    assert players.status == 0, players.output
    assert players.page("index").select(".anyorder-bar")
    assert not players.page("index").select("script[src*='copy.js']")
    players.replace("conf.py", "anyorder_program_bars = True", "")
    players.build()
    assert players.status == 0, players.output
    assert not players.page("index").select(".anyorder-bar, .anyorder-program")


def test_a_wrong_answer_is_never_possible(project):
    folder = project("players").folder
    for source in ("crossed.py", "third.py", "order.py"):
        exploration = explored(folder / source)
        possible = {(each.outcome.stdout, each.outcome.ends) for each in exploration.outcomes}
        wrong = list(impossible_outcomes(exploration))
        assert wrong
        assert not possible & set(wrong)
    assert why_not(("refunded\nrefunded\n", Ends.EXIT), exploration).astext() == (
        "It can begin with 'refunded⏎', but then comes 'sold⏎'."
    )
    assert why_not(("Sold\n", Ends.EXIT), exploration).astext() == (
        "It cannot begin like this: what comes first is 'refunded⏎' or 'sold⏎'."
    )
    assert why_not(("sold\nrefunded\n", Ends.DEADLOCK), exploration).astext() == (
        "It can print all of this, but then the program ends."
    )


@pytest.mark.parametrize(
    ("text", "ends", "words"),
    [
        ("", Ends.EXIT, "It can print nothing, but then it never ends."),
        ("sold\nsold\n", Ends.EXIT, "It can begin with 'sold⏎', but then comes 'refunded⏎'."),
        (
            "sold\nrefunded\nsold\n",
            Ends.EXIT,
            "It can begin with 'sold⏎refunded⏎', but then the program ends.",
        ),
        (
            "gone\n",
            Ends.EXIT,
            (
                "It cannot begin like this: what comes first is "
                "'refunded⏎' or 'sold⏎', or it prints nothing."
            ),
        ),
    ],
)
def test_a_wrong_answer_is_told_how_the_program_goes_on_or_ends(project, text, ends, words):
    exploration = explored(project("players").folder / "crossed.py")
    said = why_not((text, ends), exploration)
    assert said.astext() == words
    # only what is printed stands as code
    assert all(part.astext().endswith("⏎'") for part in said.findall(nodes.literal))


def test_a_program_that_always_prints_is_told_so(project):
    exploration = explored(project("players").folder / "order.py")
    assert why_not(("", Ends.EXIT), exploration).astext() == (
        "It always prints something: what comes first is 'refunded⏎' or 'sold⏎'."
    )
