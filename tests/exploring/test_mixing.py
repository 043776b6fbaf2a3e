"""Outcomes say whether lines of tracebacks that are in one piece here can mix in real runs."""

from __future__ import annotations

import pytest

FAILS = """
    import sys, threading
    from threading import Thread
    def fail(word):
        raise ValueError(word)
    def begun(word):
        thread = Thread(target=fail, args=[word])
        thread.start()
        return thread
"""


@pytest.mark.parametrize(
    "rest",
    [
        "begun('x'); begun('y')",
        "begun('x'); fail('y')",
        "begun('x'); print('y', file=sys.stderr)",
        "begun('x'); sys.exit('y')",
        "threading.excepthook = threading.__excepthook__; begun('x'); begun('y')",
        """
    def hook(*args): sys.__excepthook__(*args)
    sys.excepthook = hook
    Thread(target=print, kwargs={"file": sys.stderr}).start()
    fail("y")
        """,
        "lock = threading.Lock(); begun('x'); lock.acquire(); lock.release(); begun('y')",
    ],
)
def test_what_may_be_written_at_once(explored, rest):
    """A thread fails while another one fails, or writes to standard error in another way."""
    found = explored(f"{FAILS}\n    {rest}")
    assert found.complete
    assert all(each.lines_mix for each in found.outcomes)
    assert found.lines_mix
    assert found.to_json()["lines_mix"]
    assert all(each["lines_mix"] for each in found.to_json()["outcomes"])


@pytest.mark.parametrize(
    "rest",
    [
        "begun('x').join(); begun('y').join(); fail('z')",
        "begun('x'); print('y')",
        "print('w', file=sys.stderr); begun('x')",
        """
    Thread(target=print, args=["x"], kwargs={"file": sys.stderr}).start()
    print("y", file=sys.stderr)
        """,
        """
    import traceback
    def hook(args): sys.stderr.write(traceback.format_exc())
    threading.excepthook = hook; begun("x"); begun("y")
        """,
        """
    told = threading.Event()
    def hook(args): threading.__excepthook__(args); told.set()
    threading.excepthook = hook; begun("x"); told.wait(); fail("y")
        """,
    ],
)
def test_what_is_whole(explored, rest):
    """Threads that come one after another do not mix, and what is a step each is explored."""
    found = explored(f"{FAILS}\n    {rest}")
    assert found.complete
    assert not found.lines_mix
    assert not any(each.lines_mix for each in found.outcomes)


def test_some_outcomes_alone(explored):
    """Where a thread waits for the other in some schedules, it is said of the others."""
    found = explored(f"""{FAILS}
    told = []
    def hook(args): threading.__excepthook__(args); told.append(1)
    threading.excepthook = hook
    begun("x")
    if told:
        print("late")
    fail("y")
    """)
    assert found.complete
    late = {each.lines_mix for each in found.outcomes if each.outcome.stdout}
    assert (late, found.lines_mix) == ({False}, True)


@pytest.mark.parametrize(("wait", "mix"), [("", True), (".join()", False)])
def test_in_processes(explored, wait, mix):
    """Threads of one process mix their lines, each of which is a piece of its own already."""
    found = explored(f"""{FAILS}
    import multiprocessing
    def work():
        begun("x"){wait}
        print("y", file=sys.stderr)
    if __name__ == "__main__":
        multiprocessing.Process(target=work).start()
    """)
    assert found.complete
    assert found.lines_mix is mix


def test_tracebacks_of_processes(explored):
    """Those of two processes are explored line by line."""
    found = explored(f"""{FAILS}
    import multiprocessing
    if __name__ == "__main__":
        multiprocessing.Process(target=print, kwargs={{"file": sys.stderr}}).start()
        fail("y")
    """)
    assert found.complete
    assert not found.lines_mix
