"""What has to be an event is found out as the program runs; its text decides nothing."""

from __future__ import annotations

from textwrap import dedent

import pytest
from small_programs import LOST_UPDATE

from anyorder.exploring.explorer import Explorer
from anyorder.outcomes import Ends, Outcome

PROGRAMS = {
    "lost update": LOST_UPDATE,
    "daemon": """
        import threading
        def work():
            print("a", end="")
        threading.Thread(target=work, daemon=True).start()
    """,
    "timed join": """
        import threading
        thread = threading.Thread(target=print, args=["a"])
        thread.start()
        thread.join(1)
        print(thread.is_alive())
    """,
    "interrupt": """
        import _thread, threading
        def work():
            with go:
                _thread.interrupt_main()
        go = threading.Lock()
        go.acquire()
        thread = threading.Thread(target=work)
        thread.start()
        try:
            go.release()
        except KeyboardInterrupt:
            print("!")
        thread.join()
    """,
}
WORDS = (
    "daemon _thread _exit is_alive active_count enumerate( timeout .join(1 interrupt raise_signal"
)


def gist(found):
    """Return what an exploration has found, save how long it took."""
    return (
        found.complete, found.executions, found.events,
        [(one.outcome, one.traces, one.witness) for one in found.outcomes],
    )  # fmt: skip


@pytest.mark.parametrize("name", PROGRAMS)
def test_words_in_the_source_change_nothing(explored, name):
    """A comment that speaks of everything there is leaves the very same executions."""
    program = dedent(PROGRAMS[name]).strip()
    plain = explored(program + "\n")
    assert plain.complete
    assert gist(plain) == gist(explored(f"{program}  # {WORDS}\n"))


# each does in other words what a search of the source would not find
@pytest.mark.parametrize(
    ("program", "outcomes"),
    [
        (
            """
            import threading
            def work(): print("a", end="")
            threading.Thread(target=work, **{"dae" + "mon": True}).start()
            """,
            {Outcome(""), Outcome("a")},
        ),
        (
            """
            import os, threading
            leave = getattr(os, "_ex" + "it")
            def work(): leave(3)
            threading.Thread(target=work).start()
            """,
            {Outcome("", "", 3)},
        ),
        (
            """
            import threading
            thread = threading.Thread(target=print, args=["a"])
            thread.start()
            print(getattr(thread, "is_al" + "ive")())
            """,
            {
                Outcome(text)
                for text in (
                    "a\nFalse\n", "a\nTrue\n", "True\na\n", "aTrue\n\n", "Truea\n\n",
                )
            },
        ),
        (
            """
            import threading
            thread = threading.Thread(target=print, args=["a"])
            thread.start()
            limit = 1
            getattr(thread, "jo" + "in")(limit)
            print(threading.enumerate() == [threading.main_thread()], end="")
            """,
            {Outcome(text) for text in ("a\nTrue", "a\nFalse", "aFalse\n", "Falsea\n")},
        ),
    ],
)  # fmt: skip
def test_found_out_by_running(explored, program, outcomes):
    """Every outcome is there."""
    found = explored(program)
    assert found.complete
    assert {one.outcome for one in found.outcomes} == outcomes


def test_a_signal_that_is_sent_under_another_name(explored):
    """The code is rewritten then, so that it looks where Python does."""
    program = dedent(PROGRAMS["interrupt"])
    other = program.replace("_thread.interrupt_main()", "getattr(_thread, 'interr' + 'upt_main')()")
    ways = {
        (one.outcome.stdout, one.outcome.exit, one.outcome.ends) for one in explored(other).outcomes
    }
    assert ways == {
        (one.outcome.stdout, one.outcome.exit, one.outcome.ends)
        for one in explored(program).outcomes
    }
    assert ("!\n", 0, Ends.EXIT) in ways


def test_the_graph_and_the_witnesses_know_what_the_search_knows(tmp_path):
    """They are replays: what was found out holds for them."""
    program = tmp_path / "program.py"
    program.write_text(dedent(PROGRAMS["daemon"]).strip(), encoding="utf-8")
    explorer = Explorer(program, None, None, 1_000, None)
    assert (explorer.facts.daemons, explorer.facts.exits, explorer.facts.signals) == (False,) * 3
    drawn = explorer.graph(1_000)
    assert (explorer.facts.daemons, explorer.facts.exits, explorer.facts.signals) == (
        True, False, False,
    )  # fmt: skip
    assert "ends the program" in {edge.step.event for edges in drawn.edges for edge in edges}


def test_a_module_counts_once_it_is_imported(explored):
    """An interrupt may come in its midst from then on, wherever the import is written."""
    program = """
        import _thread, threading
        def work():
            with go:
                _thread.interrupt_main()
        go = threading.Lock()
        go.acquire()
        thread = threading.Thread(target=work)
        thread.start()
        if {condition}:
            import json
        try:
            go.release()
        except KeyboardInterrupt:
            print("!")
        thread.join()
    """
    assert explored(program.format(condition="False")).complete
    found = explored(program.format(condition="True"))
    assert not found.complete
    assert "in the middle of what the module json does" in found.limit
