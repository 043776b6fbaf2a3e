"""What the library keeps for a process is its own: how it logs, what its random numbers are."""

from __future__ import annotations

import sys

import pytest

pytest.importorskip("greenlet")

from anyorder.exploring import CannotExplore
from anyorder.outcomes import Setting, StartMethod, StdoutTo
from anyorder.outcomes.placeholders import Placeholders
from anyorder.running import run, this_interpreter

PROGRAM = """
    import logging
    import multiprocessing
    import random
    {}
    def child():
        {}
    if __name__ == "__main__":
        {}
        for _ in range({}):
            p = multiprocessing.Process(target=child)
            p.start()
            p.join()
        {}
    """
# what is done at the top, in the child, before it and after it; what may be said under ``fork``,
# and what under the others
SHOWN = {
    "logging": (
        "", "logging.info('child')", "logging.basicConfig(level='INFO')", "logging.info('parent')",
        "INFO:root:child\nINFO:root:parent\n", "INFO:root:parent\n",
    ),
    "logging, set up as the program is read": (
        "logging.basicConfig(level='INFO')", "logging.info('child')", "", "logging.info('parent')",
        "INFO:root:child\nINFO:root:parent\n", "INFO:root:child\nINFO:root:parent\n",
    ),
    "logging of multiprocessing": (
        "", "logging.warning('child')", "multiprocessing.log_to_stderr(logging.INFO)", "",
        "[INFO/Process-1] child process calling self.run()\nWARNING:root:child\n",
        "[INFO/Process-1] child process calling self.run()\nWARNING:root:child\n",
    ),
    "random numbers": (
        "", "print(random.randint(1, 9), flush=True)", "random.seed(1)",
        "print(random.randint(1, 9))", "<random>\n3\n", "<random>\n3\n",
    ),
}  # fmt: skip


def program(name):
    top, child, before, after, *_ = SHOWN[name]
    return PROGRAM.format(top, child, before or "pass", 1, after)


@pytest.mark.parametrize("method", StartMethod)
@pytest.mark.parametrize("name", SHOWN)
def test_each_process_has_its_own(explored, tmp_path, method, name):
    found = explored(program(name), method).outcome_set
    wanted = SHOWN[name][4 if method is StartMethod.FORK else 5]
    [possible] = found
    assert wanted in possible.stdout + possible.stderr
    path = tmp_path / "program.py"
    real = run(path, Setting(this_interpreter(), method, StdoutTo.PIPE))
    assert Placeholders(found).put_into(real) == possible


REFUSED = {
    "locks": ("multiprocessing.log_to_stderr('DEBUG'); multiprocessing.Lock()", "locks, queues"),
    "locks before": ("multiprocessing.Lock(); multiprocessing.log_to_stderr('DEBUG')", "locks, q"),
    "queues": ("multiprocessing.log_to_stderr('DEBUG'); multiprocessing.Queue()", "locks, queues"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_logged_of_locks_is_refused(explored, name):
    before, reason = REFUSED[name]
    with pytest.raises(CannotExplore, match=reason):
        explored(PROGRAM.format("", "pass", before, 1, ""))


def test_a_forked_child_that_logs_to_stderr_is_refused(explored):
    with pytest.raises(CannotExplore, match="log_to_stderr changes what all threads use"):
        explored(PROGRAM.format("", "multiprocessing.log_to_stderr('INFO')", "pass", 1, ""))


def test_a_fork_server_whose_children_log_is_refused(explored):
    source = PROGRAM.format("", "pass", "multiprocessing.log_to_stderr('INFO')", 2, "")
    if sys.version_info < (3, 13, 8):  # each child reads the program for itself
        assert len(explored(source, StartMethod.FORKSERVER).outcome_set) == 1
        return
    with pytest.raises(CannotExplore, match="several children of a fork server"):
        explored(source, StartMethod.FORKSERVER)


def test_a_child_of_a_child_that_logs_is_refused_where_the_folder_shows(explored):
    source = """
        import multiprocessing
        def work():
            pass
        def child():
            multiprocessing.Process(target=work).start()
        if __name__ == "__main__":
            multiprocessing.log_to_stderr("INFO")
            multiprocessing.Process(target=child).start()
        """
    with pytest.raises(CannotExplore, match="logs the folder of its fork server"):
        explored(source, StartMethod.FORKSERVER)


SETTINGS = """
    import sys
    import threading
    import warnings
    from multiprocessing import Process
    def show():
        limits = sys.getrecursionlimit(), sys.get_int_max_str_digits()
        print(*limits, sys.getswitchinterval(), threading.stack_size(), flush=True)
        warnings.warn("careful")
    if __name__ == "__main__":
        sys.setrecursionlimit(1500)
        sys.set_int_max_str_digits(1000)
        sys.setswitchinterval(0.5)
        threading.stack_size(2**18)
        warnings.simplefilter("ignore")
        p = Process(target=show)
        p.start()
        p.join()
        show()
    """


@pytest.mark.parametrize("method", StartMethod)
def test_the_settings_of_an_interpreter_are_its_own(explored, observed, method):
    """One that is not forked begins with Python's, and the parent's stay what they are."""
    [possible] = explored(SETTINGS, method).outcomes
    assert possible.outcome == observed(SETTINGS, method)
    of_parent = "1500 1000 0.5 262144\n"
    of_child = of_parent if method is StartMethod.FORK else "1000 4300 0.005 0\n"
    assert possible.outcome.stdout == of_child + of_parent
    assert ("careful" in possible.outcome.stderr) == (method is not StartMethod.FORK)
