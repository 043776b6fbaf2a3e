"""What children that fail leave on standard error, line by line, as real ones do."""

from __future__ import annotations

import pickle
import sys
import traceback

import pytest
from found_sets import streams
from provoked import provoked_run

pytest.importorskip("greenlet")

from anyorder.checking.possible import is_possible
from anyorder.exploring import CannotExplore, explore
from anyorder.exploring.tracebacks import own_frames_hidden
from anyorder.outcomes import Setting, StartMethod, StdoutTo
from anyorder.running import this_interpreter

NOT_FORKED = pytest.mark.parametrize("method", [StartMethod.SPAWN, StartMethod.FORKSERVER])
LEFT = """\
from multiprocessing import Lock, Process
def work(lock, number):
    with lock:
        print(number)
if __name__ == "__main__":
    lock = Lock()
    for number in range(2):
        Process(target=work, args=(lock, number)).start()
"""
HEADER = "Traceback (most recent call last):\n"
GONE = "FileNotFoundError: [Errno 2] No such file or directory\n"


@NOT_FORKED
def test_tracebacks_of_two_children_mix_line_by_line(explored, tmp_path, method):
    found = explored(LEFT, method)
    assert streams(found) == {
        ("0\n1\n", ""),
        ("1\n0\n", ""),
        ("0\n", HEADER + GONE),
        ("1\n", HEADER + GONE),
        ("", (HEADER + GONE) * 2),
        ("", HEADER * 2 + GONE * 2),
    }
    setting = Setting(this_interpreter(), method, StdoutTo.PIPE)
    for seed in range(3):
        outcome = provoked_run(tmp_path / "program.py", setting, seed, library=True)
        assert is_possible(outcome, found)


def test_threads_of_two_processes_that_fail_mix_too(explored):
    found = explored(
        """
        from multiprocessing import Process
        from threading import Thread
        def fail(number):
            raise ValueError(number)
        def child():
            Thread(target=fail, args=[1], name="x").start()
        if __name__ == "__main__":
            process = Process(target=child)
            process.start()
            Thread(target=fail, args=[0], name="x").start()
            process.join()
        """
    )
    lines = ["Exception in thread x:\n", HEADER, '  File "program.py", line 4, in fail\n']
    texts = {text for _, text in streams(found)}
    for one, other in ((0, 1), (1, 0)):
        first, second = (f"ValueError: {number}\n" for number in (one, other))
        assert "".join([*lines, first, *lines, second]) in texts
        assert "".join([line * 2 for line in lines] + [first, second]) in texts


@NOT_FORKED
@pytest.mark.parametrize("stream", ["stdin", "stdout", "stderr"])
def test_a_file_cannot_be_sent(explored, observed, method, stream):
    source = f"""
        import sys
        from multiprocessing import Process
        if __name__ == "__main__":
            Process(target=print, args=[sys.{stream}]).start()
        """
    found = explored(source, method)
    assert found.executions == 1
    assert found.outcomes[0].outcome == observed(source, method)
    with pytest.raises(TypeError) as error:
        pickle.dumps(sys.__stdout__)
    assert str(error.value) in found.outcomes[0].outcome.stderr


@pytest.mark.skipif(sys.version_info < (3, 13), reason="its fork server reads no program")
def test_the_fork_server_cleans_up_as_it_dies_of_the_program(explored, observed):
    source = """
        from multiprocessing import Lock, Process
        lock = Lock()
        process = Process(target=print, args=[1])
        process.start()
        process.join()
        """
    found = explored(source, StartMethod.FORKSERVER)
    assert is_possible(observed(source, StartMethod.FORKSERVER), found)


def test_a_traceback_that_a_program_makes_has_no_frames_of_ours(explored):
    found = explored(
        """
        import sys, traceback
        from multiprocessing import Process, Value
        def child():
            try:
                Value("i", "x")
            except TypeError:
                print(traceback.format_exc(), file=sys.stderr)
        if __name__ == "__main__":
            process = Process(target=child)
            process.start()
            process.join()
        """
    )
    (only,) = found.outcomes
    assert "in child" in only.outcome.stderr
    assert "anyorder" not in only.outcome.stderr


def test_frames_are_hidden_for_a_while_only(tmp_path):
    with pytest.raises(CannotExplore) as error:
        explore(tmp_path / "nowhere.py")
    names = [one.name for one in traceback.extract_tb(error.tb)]
    # neither a stack is shown nor an error
    with own_frames_hidden(check_stack=None, shown=None, tell=None):
        hidden = [one.name for one in traceback.extract_tb(error.tb)]
    assert hidden[0] == names[0] == "test_frames_are_hidden_for_a_while_only"
    assert "explore" in names
    assert "explore" not in hidden
    assert [one.name for one in traceback.extract_tb(error.tb)] == names


@NOT_FORKED
def test_a_child_that_lacks_a_name_says_of_which_program(explored, tmp_path, method):
    """It says where the program lies, and outcomes have its name alone."""
    found = explored(
        """
        from multiprocessing import Process
        if __name__ == "__main__":
            def work(): ...
            Process(target=work).start()
        """,
        method,
    )
    said = "module '__mp_main__' has no attribute 'work'"
    if sys.version_info < (3, 14):
        said = "Can't get attribute 'work' on <module '__mp_main__' from 'program.py'>"
    assert streams(found) == {("", f"{HEADER}AttributeError: {said}\n")}
    setting = Setting(this_interpreter(), method, StdoutTo.PIPE)
    assert is_possible(provoked_run(tmp_path / "program.py", setting, 0), found)


@NOT_FORKED
def test_a_process_that_was_started_cannot_be_sent(explored, observed, method):
    source = """
    from multiprocessing import Process
    class Manager:
        def __init__(self):
            self.processes = []
        def work(self, number):
            print(number)
        def start(self):
            for number in range(2):
                self.processes.append(Process(target=self.work, args=(number,)))
                self.processes[-1].start()
    if __name__ == "__main__":
        Manager().start()
    """
    (found,) = explored(source, method).outcomes
    assert "TypeError: cannot pickle 'weakref.ReferenceType' object" in found.outcome.stderr
    assert found.outcome == observed(source, method)


def test_a_process_that_is_closed_is_sent(explored, observed):
    source = """
    from multiprocessing import Process
    def work(*_):
        print("works", flush=True)
    if __name__ == "__main__":
        process = Process(target=work)
        process.start()
        process.join()
        process.close()
        Process(target=work, args=[process]).start()
    """
    (found,) = explored(source, StartMethod.SPAWN).outcomes
    assert found.outcome == observed(source, StartMethod.SPAWN)
    assert found.outcome.stdout == "works\n" * 2


@pytest.mark.parametrize("method", StartMethod)
def test_an_exit_code_is_a_byte(explored, observed, method):
    source = """
    import sys
    from multiprocessing import Process
    if __name__ == "__main__":
        for number in (-1, 300):
            process = Process(target=sys.exit, args=[number])
            process.start()
            process.join()
            print(process.exitcode)
    """
    (found,) = explored(source, method).outcomes
    assert found.outcome == observed(source, method)
    assert found.outcome.stdout == "255\n44\n"


WRONG = """
    from multiprocessing import BoundedSemaphore, Lock, RLock, Semaphore
    def attempt(call, *args, **named):
        try:
            print(call(*args, **named))
        except Exception as error:
            print(type(error).__name__, error)
    if __name__ == "__main__":
        attempt(Semaphore, -1)
        attempt(Semaphore, "1")
        attempt(BoundedSemaphore, 2**40)
        attempt(Lock().release, 2)
        attempt(RLock().acquire, 1, 2, 3)
        attempt(Lock().acquire, True, block=True)
        attempt(Lock().acquire, None)
        attempt(Lock().acquire, "yes")
        attempt(Lock().acquire, timeout="x")
        attempt(Lock().acquire, timeout=10**400)
        attempt(Lock().acquire, False, 5)
        Lock().acquire(blocking=False)
    """


def test_a_lock_complains_of_what_it_is_given_as_a_real_one_does(explored, observed):
    [possible] = explored(WRONG).outcomes
    assert possible.outcome == observed(WRONG)
