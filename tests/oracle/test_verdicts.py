"""A set is held against what the oracle shows, and whatever is wrong with it is found."""

from dataclasses import replace
from pathlib import Path

import explored
import pytest
from answering import SilentError
from verdicts import explored_of, free_threaded, judged, reason, shown_of

from anyorder.exploring import ExplorerFault
from anyorder.running import this_interpreter

TWO_ORDERS = """
import threading
thread = threading.Thread(target=print, args=("a",), kwargs={"end": ""})
thread.start()
print("b", end="")
thread.join()
"""


@pytest.fixture(name="explored")
def explored_rightly(explorer):
    return explored_of(explorer, TWO_ORDERS)


@pytest.fixture
def show(oracle):
    return lambda: shown_of(oracle, TWO_ORDERS, runs=50)


def test_a_right_set_holds(explored, show):
    verdict = judged(explored, show)
    assert verdict.kind == "held"
    assert not verdict.fault
    assert sorted(verdict.explored) == [["ab", "exit", 0, ""], ["ba", "exit", 0, ""]]


def test_an_outcome_that_is_taken_out_is_missed(explored, show):
    gone = explored["outcomes"].pop()
    verdict = judged(explored, show)
    assert verdict.fault
    assert verdict.missed == [gone]


@pytest.mark.parametrize(
    ("place", "wrong"), [(0, "c"), (1, "deadlock"), (2, 1), (3, "ValueError: no")]
)
def test_an_outcome_that_is_another_is_missed(explored, show, place, wrong):
    right = explored["outcomes"][0]
    explored["outcomes"][0] = [*right[:place], wrong, *right[place + 1 :]]
    assert judged(explored, show).missed == [right]


def test_a_set_that_is_not_called_complete_is_not_judged(explored, show):
    explored |= {"outcomes": [], "complete": False, "limit": "stopped"}
    assert judged(explored, show).kind == "limit"


def test_a_run_that_goes_on_and_on_says_nothing(explored):
    shown = {"outcomes": [[["", "never", None, ""], 1]]}
    assert judged(explored, lambda: shown).kind == "held"


def test_an_oracle_that_fails_is_no_verdict(explored, oracle):
    shown = shown_of(oracle, "import os\nos._exit(5)", runs=1)
    verdict = judged(explored, lambda: shown)
    assert verdict.kind == "unjudged"
    assert not verdict.fault


def test_a_refusal_is_counted_with_its_reason(explorer, show):
    verdict = judged(explored_of(explorer, "async def f(): pass\nf()"), show)
    assert verdict.kind == "refused"
    assert not verdict.fault
    assert reason(verdict.said).endswith("asyncio cannot be simulated: use threads or processes")


def test_a_fault_of_the_explorer_is_no_refusal(monkeypatch):
    def fail(*_, **__):
        raise ExplorerFault("program.py", 1, "exploring it failed")

    monkeypatch.setattr(explored, "explore", fail)
    with pytest.raises(ExplorerFault):
        explored.answer("pass", 3)


@pytest.mark.parametrize("said", [{"failed": "Traceback"}, None])
def test_an_explorer_that_fails_or_dies_is_a_fault(said, show):
    class Gone:
        def ask(self, **_):
            if said is None:
                raise SilentError("ended with status -11")
            return said

    assert judged(explored_of(Gone(), TWO_ORDERS), show).fault


def test_the_newest_free_threaded_python_answers_where_there_is_none_of_this_version():
    here = replace(this_interpreter(), free_threaded=False)

    def free(version):
        return replace(here, version=version, free_threaded=True, path=Path(version))

    assert free_threaded([here]) is None
    assert free_threaded([here, free("3.98.1"), free("3.99.0")]) == "3.99.0"
    assert free_threaded([free(here.version), here, free("3.99.0")]) == here.version


@pytest.mark.parametrize("found", ["KeyError: 123456789012", "AssertionError"])
def test_where_the_copy_of_threading_breaks_the_program_has_done_nothing(found):
    class Breaking:
        def ask(self, **_):
            return {"outcomes": [[["", "exit", 1, found], 1], [["1\n", "exit", 0, ""], 1]]}

    assert shown_of(Breaking(), "print(1)")["outcomes"] == [[["1\n", "exit", 0, ""], 1]]


def test_what_a_program_asserts_is_shown(oracle):
    shown = shown_of(oracle, "assert False", runs=1)
    assert shown["outcomes"] == [[["", "exit", 1, "AssertionError"], 1]]
