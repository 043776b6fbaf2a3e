"""What a child leaves on standard error is what a real one leaves, with every start method."""

from __future__ import annotations

import pytest
from meanings import real_outcome

from anyorder.exploring import CannotExplore
from anyorder.outcomes import StartMethod

# What a child does, and after how the main process ends, each with one outcome.
CHILDREN = {
    "a name like another": """
        def work():
            counter = 1
            countr
    """,
    "a chain through methods of operators": """
        class Things:
            def __getitem__(self, key): return {}[key]
            def __add__(self, other): return self[other]
        def work():
            try: Things() + 1
            except KeyError as error: raise ValueError("v") from error
    """,
    "no function": "work = 5",
    "a wrong argument": "def work(): pass",
    "a text as exit status": """
        import sys
        def work(number): sys.exit("bye")
    """,
    "a thread of the child": """
        import threading
        def fail(): nothing
        def work(number):
            thread = threading.Thread(target=fail)
            thread.start()
            thread.join()
    """,
    "a traceback that the child shows": """
        import logging, traceback
        def fail(): 1 / 0
        def work(number):
            try: fail()
            except ZeroDivisionError:
                traceback.print_exc()
                logging.exception("failed")
    """,
    "warnings": """
        import warnings
        warnings.warn("at the top")
        x = 5
        if x is 5: pass
        def work(number): warnings.warn("in the child")
    """,
    "at exit": """
        import atexit
        def work(number):
            atexit.register(print, number)
            atexit.register(int, "x")
    """,
    "the main process fails after it": """
        def work(number): pass
        def after(): nothing
    """,
}
MAIN = """
import multiprocessing
after = lambda: None
{program}
if __name__ == "__main__":
    multiprocessing.set_start_method({method!r})
    child = multiprocessing.Process(target=work, args=(1,))
    child.start()
    child.join()
    print(child.exitcode)
    after()
"""


@pytest.mark.parametrize("method", StartMethod)
@pytest.mark.parametrize("name", CHILDREN)
def test_as_it_is_run(explored, tmp_path, name, method):
    program = "\n".join(line.removeprefix(" " * 8) for line in CHILDREN[name].split("\n"))
    found = explored(MAIN.format(program=program, method=method.value))
    assert [one.outcome for one in found.outcomes] == [real_outcome(tmp_path / "program.py")]
    assert found.complete


@pytest.mark.parametrize("method", StartMethod)
def test_the_whole_stack_is_refused(explored, method):
    """Below what the program has called there are the frames of how the child began."""
    program = "import traceback\ndef work(number): traceback.print_stack()"
    with pytest.raises(CannotExplore, match=r"program\.py:4: the whole stack of a child"):
        explored(MAIN.format(program=program, method=method.value))
