"""What the playground is told of a reader's program."""

from __future__ import annotations

import json
import re
from pathlib import Path
from textwrap import dedent

import pytest

pytest.importorskip("greenlet")

from small_programs import TWO_FAIL

from anyorder import exploring
from anyorder.exploring import narrow
from anyorder.exploring.following import cannot_be_imported
from anyorder.playground import answers, explored
from anyorder.playground.answers import ELSEWHERE

HELLO = """
    from threading import Thread
    def hello(): print("hello from", "B")
    other = Thread(target=hello)
    other.start()
    print("hello from", "A")
"""
LOST = """
    from threading import Thread
    n = 0
    def add():
        global n
        n += 1
    pair = [Thread(target=add) for _ in range(2)]
    for each in pair: each.start()
    for each in pair: each.join()
    print(n)
"""
KEPT = LOST.replace("n = 0", "n = 0; from threading import Lock; lock = Lock()").replace(
    "        n += 1", "        with lock: n += 1"
)
IN_MEMORY = """\
    from io import StringIO
    from threading import Thread
    memory = StringIO()
    other = Thread(target=print, args="b", kwargs={"file": memory})
    other.start()
    print("a", file=memory)
    other.join()
    print(memory.getvalue(), end="")
"""
TWO = '[[outcome]]\ngrade = "usual"\nstdout = ["2"]\n'
ONE = '[[outcome]]\ngrade = "forbidden"\nstdout = ["1"]\nwhy = "An update is lost."\n'


def ask(text, tell=lambda _: None, **more):
    """Return the answer to a request, which is JSON."""
    request = {name: dedent(each) for name, each in {"text": text, **more}.items()}
    return json.loads(json.dumps(explored({"name": "yours.py", **request}, tell)))


def test_outcomes_are_rows_of_a_table_and_ways_on_a_board():
    answer = ask(HELLO)
    assert (answer["kind"], answer["complete"], answer["count"]) == ("explored", True, 28)
    whole, broken = answer["rows"]
    assert (whole["broken"], whole["count"], broken["broken"], broken["count"]) == (
        False, 2, True, 26,
    )  # fmt: skip
    assert whole["texts"] == whole["marked"]
    assert any("␣\n" in text or "⏎" in text for text in broken["marked"])
    assert whole["can"] == "yes"
    board = answer["board"]
    assert len(board["choices"]) == len(board["data"]["ways"]) == 2
    ends = [board["data"]["outcomes"][each["way"]]["text"] for each in (whole, broken)]
    assert ends == [whole["texts"][0], broken["texts"][0]]
    assert board["html"].count("<li><code>") == HELLO.strip().count("\n") + 2
    assert '<span class="kn">from</span>' in board["html"]


def test_broken_lines_have_signs_also_where_they_are_gathered_in_memory():
    answer = ask(IN_MEMORY)
    marked = {text for row in answer["rows"] for text in row["marked"]}
    assert {"ab\n⏎\n", "a\nb\n"} <= marked


def test_the_program_is_no_html():
    answer = ask('print("<b>&amp;</b>")')
    assert "<b>&" not in answer["board"]["html"]
    assert "&lt;b&gt;&amp;amp;&lt;/b&gt;" in answer["board"]["html"]


def test_on_which_builds_an_outcome_can_happen():
    rows = {row["texts"][0]: row for row in ask(LOST)["rows"]}
    assert (rows["2\n"]["can"], rows["2\n"]["answers"]) == ("yes", "")
    assert rows["1\n"]["can"] == "only without a GIL"
    assert "3.14 with a GIL:no" in rows["1\n"]["answers"]


def test_how_a_program_does_not_end():
    answer = ask("from threading import Lock\nlock = Lock()\nlock.acquire()\nlock.acquire()")
    [row] = answer["rows"]
    assert (row["ends"], row["exit"]) == ("deadlock: it never ends", None)
    assert answer["board"]["choices"] == ["no output (deadlock: it never ends)"]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("print(1", 1, "this is no Python: '(' was never closed"),
        ("n = 0\nimport js", 2, "the module js cannot be simulated: write"),
        ("import anyorder_switches", 1, "the module anyorder_switches cannot be simulated"),
        ("from pyodide.ffi import run_sync", 1, "the module pyodide.ffi cannot be simulated"),
        ("import anyorder.exploring", 1, "the module anyorder.exploring cannot be simulated"),
        ("print('x' * 30_000)", None, "it prints 30,001 characters, and more than 20,000"),
    ],
)
def test_what_cannot_be_explored_is_refused_in_the_words_of_the_command(text, line, words):
    answer = ask(text)
    assert answer["kind"] == "refused"
    (refusal,) = answer["refusals"]
    assert refusal["line"] == line
    assert refusal["says"].startswith(f"yours.py{(line and f':{line}') or ''}: {words}")


def test_all_that_is_refused_is_said():
    refusals = ask("import js\nprint(1)\nopen('x')\neval('1')\n")["refusals"]
    assert [each["line"] for each in refusals] == [1, 3, 4]
    assert refusals[1]["says"].startswith("yours.py:3: open() reaches")


ADVICE = re.compile(r'"[^"]*(?:leave (?:it|the program) unexplored|--follow)[^"]*"')


def test_nothing_is_advised_that_cannot_be_done_on_a_page():
    """There is no outcome file, and no option of the command."""
    for name in ("numpy", "js", "a.module"):
        message = ELSEWHERE.sub("", cannot_be_imported(name))
        assert message.endswith(" cannot be simulated: write the program without it")
    folder = Path(exploring.__file__).parent
    texts = [re.sub(r'"\s*f?"', "", path.read_text("utf-8")) for path in folder.rglob("*.py")]
    advised = [each for text in texts for each in ADVICE.findall(text)]
    assert len(advised) > 5
    for each in advised:
        assert not ADVICE.search(f'{ELSEWHERE.sub("", each[:-1])}"'), each
    assert ADVICE.search('"leave it unexplored, or do something else"')
    assert ELSEWHERE.sub("", "leave it unexplored, or do something else").startswith("leave it")


def test_no_limit_is_to_be_raised_on_a_page():
    answer = ask("for n in range(6_000): print(n)")
    assert answer["limit"].endswith(
        "them; let it have fewer (two or three rounds mostly show the same)"
    )


def test_half_of_a_character_is_refused_at_its_line():
    (refusal,) = ask("x = 1\nprint('\ud800')")["refusals"]
    assert refusal["line"] == 2
    assert "half of a surrogate pair" in refusal["says"]


def test_a_name_leads_out_of_no_folder():
    refused = explored({"name": "../../etc/yours.py", "text": "import js"}, lambda _: None)
    assert refused["refusals"][0]["says"].startswith("yours.py:1: ")


def test_a_program_that_takes_all_memory_is_refused(monkeypatch):
    def no_room(*_, **__):
        raise MemoryError

    too_little = [{"line": None, "says": f"yours.py: {answers.TOO_LITTLE}"}]
    assert ask("print(1)\nraise MemoryError")["refusals"] == too_little
    assert ask("print('MemoryError')")["complete"]
    monkeypatch.setattr(answers, "explore", no_room)
    assert ask("print(1)")["refusals"] == too_little


def test_a_number_for_which_there_is_no_room_in_a_browser_is_refused(monkeypatch):
    text = "raise OverflowError('Python int too large to convert to C ssize_t')"
    assert ask(text)["complete"]
    monkeypatch.setattr(narrow, "NARROW", True)
    (refusal,) = ask(text)["refusals"]
    assert refusal["says"].startswith("yours.py: it meets a number for which Python has no room")


def test_what_changed():
    answer = ask(KEPT, against=LOST)
    assert [row["texts"] for row in answer["gone"]] == [["1\n"]]
    assert [row["new"] for row in answer["rows"]] == [False]
    assert answer["against"] == {"complete": True}
    answer = ask(LOST, against=KEPT)
    assert answer["gone"] == []
    assert {row["texts"][0]: row["new"] for row in answer["rows"]} == {"2\n": False, "1\n": True}


def test_nothing_is_called_new_where_not_all_is_known_of_the_pages_program(monkeypatch):
    monkeypatch.setattr(answers, "LIMITS", answers.Limits(max_executions=10, max_seconds=60))
    answer = ask(LOST, against=HELLO)  # which takes 32 executions
    assert (answer["complete"], answer["against"]) == (True, {"complete": False})
    assert [row["new"] for row in answer["rows"]] == [False, False]
    assert answer["gone"] == []


def test_a_program_is_explored_although_that_of_the_page_is_refused():
    answer = ask(LOST, against="import js")
    assert (answer["kind"], answer["against"]) == ("explored", {"complete": False})


def test_a_search_that_is_ended_says_so_and_claims_nothing(monkeypatch):
    monkeypatch.setattr(answers, "PATIENCE", 0)
    answer = ask(LOST, lambda _: "interrupted", against=KEPT, demand=TWO)
    assert (answer["complete"], answer["limit"], answer["executions"]) == (False, "interrupted", 1)
    assert (answer["gone"], answer["against"]) == ([], None)
    assert answer["verdict"] == {
        "held": False,
        "problems": ["Not everything was explored, so nobody knows: interrupted."],
        "way": None,
    }


def test_somebody_is_told_now_and_then(monkeypatch):
    told = []
    monkeypatch.setattr(answers, "PATIENCE", 600)
    ask(LOST, told.append)
    assert not told
    monkeypatch.setattr(answers, "PATIENCE", 0)
    answer = ask(LOST, told.append)
    assert told[-1].executions == answer["executions"]


def test_a_search_has_limits(monkeypatch):
    monkeypatch.setattr(answers, "LIMITS", answers.Limits(max_executions=2, max_seconds=60))
    answer = ask(HELLO)
    assert (answer["complete"], answer["limit"]) == (False, "the search stopped after 2 executions")
    assert answer["rows"]


def test_a_demand_that_holds():
    assert ask(KEPT, demand=TWO)["verdict"] == {"held": True, "problems": [], "way": None}


@pytest.mark.parametrize(
    ("text", "demand", "problem", "shown"),
    [
        (LOST, TWO, "It can come to this, and must not: 1", "1\n"),
        (LOST, ONE + TWO, "It can come to this, and must not (An update is lost.): 1", "1\n"),
        (KEPT, TWO.replace('"2"', '"3"'), "It can come to this, and must not: 2", "2\n"),
        (KEPT, TWO + TWO.replace('"2"', '"1"'), "No schedule leads to this any more", None),
        (
            KEPT, TWO + ONE.replace("forbidden", "usual"),
            "No schedule leads to this any more, and one has to (An update is lost.): 1", None,
        ),
        (
            KEPT, f'{TWO}[[outcome]]\ngrade = "surprising"\nends = "deadlock"\nstdout = ""\n',
            "No schedule leads to this any more, and one has to: no output (deadlock", None,
        ),
    ],
)  # fmt: skip
def test_a_demand_that_does_not_hold(text, demand, problem, shown):
    answer = ask(text, demand=demand)
    verdict = answer["verdict"]
    assert not verdict["held"]
    assert verdict["problems"][0].startswith(problem)
    if shown is None:
        assert verdict["way"] is None
    else:
        assert answer["board"]["data"]["outcomes"][verdict["way"]]["text"] == shown


def test_what_fails_a_demand_is_on_the_board_in_any_case(monkeypatch):
    """It is, where there is no room for its row."""
    monkeypatch.setattr(answers, "MOST_WAYS", 1)
    answer = ask(LOST, demand=TWO)
    assert answer["board"]["data"]["outcomes"][answer["verdict"]["way"]]["text"] == "1\n"


def test_a_demand_that_is_malformed_is_refused():
    answer = ask(KEPT, demand='[[outcome]]\ngrade = "often"\n')
    (refusal,) = answer["refusals"]
    assert refusal["line"] is None
    assert refusal["says"].startswith("yours.toml:1: ")


def test_many_rows_are_counted(monkeypatch):
    monkeypatch.setattr(answers, "MOST_SUMMED_UP", 1)
    monkeypatch.setattr(answers, "MOST_ROWS", 3)
    answer = ask(HELLO)
    assert (len(answer["rows"]), answer["more"], answer["count"]) == (3, 25, 28)


def test_tracebacks_whose_lines_mix_are_said_to_be_in_one_piece():
    assert "is taken for one piece: in real runs, " in ask(TWO_FAIL)["mixing"]
    assert not ask(HELLO)["mixing"]
