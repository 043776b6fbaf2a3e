"""A loop over an iterator that comes round is a loop that may have no end, as ``while`` is."""

from __future__ import annotations

import pytest

PRINTS = """
    import itertools, threading
    done = threading.Event()
    def spin():
        for letter in itertools.cycle("|/"):
            print(letter, end="")
            if done.wait(0.1):
                break
    thread = threading.Thread(target=spin)
    thread.start()
    done.set()
    thread.join()
"""
POLLS = """
    import itertools, threading
    done = threading.Event()
    def poll():
        for _ in itertools.cycle("ab"):
            if done.is_set():
                break
    thread = threading.Thread(target=poll)
    thread.start()
    WHAT
    thread.join()
    print("end")
"""
# what counts, and so is not where it was as it comes round
COUNTING = [
    "for letter in itertools.cycle('a'):",
    "for letter in map(str, itertools.cycle('a')):",
    "for letter, _ in zip(itertools.cycle('a'), itertools.cycle('bc')):",
    "for letter in (one for one in itertools.cycle('a')):",
    "it = itertools.cycle('a')\nwhile letter := next(it):",
]


def test_one_that_prints_has_no_end(explored):
    found = explored(PRINTS)
    assert found.limit.startswith("the loop in line 4 prints at each turn and can go on for ever")
    assert {"|", "|/", "|/|"} <= {one.outcome.stdout for one in found.outcomes}


def test_one_that_only_looks_waits_for_a_change(explored):
    found = explored(POLLS.replace("WHAT", "done.set()"))
    assert found.complete
    assert [one.outcome.stdout for one in found.outcomes] == ["end\n"]
    [never] = explored(POLLS.replace("WHAT", "")).outcomes
    assert never.outcome.ends == "never"


@pytest.mark.parametrize("loop", COUNTING)
def test_one_that_counts_comes_to_its_end(explored, loop):
    program = f"import itertools\nnumbers = [0]\n{loop}\n    numbers[0] += 1\n    print(letter)\n"
    found = explored(f"{program}    if numbers[0] == 9:\n        break\n")
    assert found.complete
    assert [one.outcome.stdout for one in found.outcomes] == ["a\n" * 9]
