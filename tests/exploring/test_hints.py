"""What a traceback asks, "Did you mean", depends on which names there are by then."""

from __future__ import annotations

import sys

import pytest

from anyorder.exploring import CannotExplore

PROGRAM = """
    import threading
    class Thing: pass
    thing = Thing()
    zebras = {{}}
    def work():
        {work}
    thread = threading.Thread(target=work)
    thread.start()
    {here}
    thread.join()
"""
BINDS = {
    "global counter; counter = 1": "print(countre)",
    "print(countre)": "counter = 1",
    "print(zebrsa)": "del zebras",
    "return countre": "def counter(): pass",
    "thing.value = 1": "print(thing.valued)",
    "thing.valued": "thing.value = 1",
}


@pytest.mark.parametrize("work", BINDS)
def test_a_name_is_asked_for_once_it_is_there(explored, work):
    found = explored(PROGRAM.format(work=work, here=BINDS[work]))
    assert found.complete
    asks = {"Did you mean" in one.outcome.stderr for one in found.outcomes}
    assert asks == {True, False}


def test_a_name_that_is_bound_once_the_thread_has_ended_is_not_asked_for(explored):
    found = explored(PROGRAM.format(work="print(countre)", here="thread.join(); counter = 1"))
    assert found.complete
    assert not any("Did you mean" in one.outcome.stderr for one in found.outcomes)


@pytest.mark.parametrize("asked", ["thing.valued", "Thing.valued"])
def test_names_that_threads_give_to_a_class_are_not_asked_for(explored, asked):
    with pytest.raises(CannotExplore, match="catch the AttributeError"):
        explored(PROGRAM.format(work="Thing.value = 1", here=asked))


@pytest.mark.parametrize("asks", ["print(helper.valued)", "from helper import valued"])
def test_names_of_a_module_of_the_program_s_are_asked_for(explored, tmp_path, asks):
    (tmp_path / "helper.py").write_text("zebras = 1\n", encoding="utf-8")
    found = explored(f"""
        import threading
        import helper
        def work(): helper.value = 1
        thread = threading.Thread(target=work)
        thread.start()
        {asks}
    """)
    assert found.complete
    hints = {"Did you mean" in one.outcome.stderr for one in found.outcomes}
    asked = sys.version_info >= (3, 12) or "import" not in asks  # of imports, from 3.12 on
    assert hints == ({True, False} if asked else {False})
