"""Exact sets of programs that start processes, and what is refused."""

from __future__ import annotations

import sys
from math import comb

import pytest
from found_sets import STUCK, printed, texts_or_stuck

pytest.importorskip("greenlet")

from anyorder.exploring import CannotExplore
from anyorder.outcomes import Ends, Outcome, StartMethod, StdoutTo

EVERY_METHOD = pytest.mark.parametrize("method", list(StartMethod))
HELLO = """
    from multiprocessing import Process, current_process

    def say_hello():
        print("hello from", current_process().name)

    if __name__ == "__main__":
        Process(target=say_hello).start()
        say_hello()
    """


@EVERY_METHOD
@pytest.mark.parametrize("to", [StdoutTo.PIPE, StdoutTo.TERMINAL])
def test_hello_in_whole_lines(explored, method, to):
    found = explored(HELLO, method, to)
    assert printed(found) == {
        "hello from MainProcess\nhello from Process-1\n",
        "hello from Process-1\nhello from MainProcess\n",
    }
    assert found.executions == 2


@EVERY_METHOD
def test_hello_in_pieces(explored, method):
    found = explored(HELLO, method, StdoutTo.UNBUFFERED)
    assert len(printed(found)) == 28
    # equal texts commute: what is left of the 70 ways to interleave four writes with four
    assert found.executions == 32 < comb(8, 4)


@EVERY_METHOD
def test_every_process_counts_its_own(explored, method):
    found = explored(
        """
        from multiprocessing import Process
        numbers = [0]
        def count(own):
            numbers.append(1)
            own.append(2)
            print(numbers, own, flush=True)
        if __name__ == "__main__":
            numbers.append("guard")
            own = []
            child = Process(target=count, args=[own])
            child.start()
            child.join()
            print(numbers, own)
        """,
        method,
    )
    seen = "[0, 'guard', 1] [2]" if method is StartMethod.FORK else "[0, 1] [2]"
    assert printed(found) == {f"{seen}\n[0, 'guard'] []\n"}


@EVERY_METHOD
def test_lost_updates_of_three(explored, method):
    found = explored(
        """
        from multiprocessing import Process
        from multiprocessing.sharedctypes import RawValue
        def add(n):
            n.value += 1
        if __name__ == "__main__":
            n = RawValue("i", 0)
            children = [Process(target=add, args=[n]) for _ in range(3)]
            for child in children: child.start()
            for child in children: child.join()
            print(n.value)
        """,
        method,
    )
    assert printed(found) == {"1\n", "2\n", "3\n"}
    assert found.executions == 36


@EVERY_METHOD
def test_locks_crossed(explored, method):
    found = explored(
        """
        from multiprocessing import Lock, Process
        def work(one, other):
            with one:
                with other:
                    pass
        if __name__ == "__main__":
            a, b = Lock(), Lock()
            first = Process(target=work, args=[a, b])
            second = Process(target=work, args=[b, a])
            first.start(); second.start()
            first.join(); second.join()
            print("done")
        """,
        method,
    )
    assert {(each.outcome.stdout, each.outcome.ends) for each in found.outcomes} == {
        ("done\n", Ends.EXIT),
        ("", Ends.DEADLOCK),
    }
    assert found.executions == 3
    [stuck] = [each for each in found.outcomes if each.outcome.ends is Ends.DEADLOCK]
    assert stuck.witness[-1].waiting == {
        "MainProcess": "Process-1 to end (line 11)",
        "Process-1": "b (line 4)",
        "Process-2": "a (line 4)",
    }


@pytest.mark.parametrize("method", list(StartMethod))
def test_a_pipe_that_turns_out_to_be_full_does_so_in_no_event(explored, method):
    """A queue's item is sent as one event until that is known: it would wait in it for ever."""
    found = explored(
        """
        from multiprocessing import Process, Queue
        def put(queue):
            for _ in range(4):
                queue.put(bytes(30_000))
            print("has put", flush=True)
        if __name__ == "__main__":
            queue = Queue()
            child = Process(target=put, args=(queue,))
            child.start()
            child.join()
            print("has joined")
        """,
        method,
    )
    assert texts_or_stuck(found) == {"has put\n" + STUCK}


def test_a_full_pipe_keeps_its_writer(explored):
    program = """
        from multiprocessing import Process, Queue
        def fill(queue):
            queue.put("x" * {size})
        if __name__ == "__main__":
            queue = Queue()
            child = Process(target=fill, args=[queue])
            child.start()
            child.join()
            print(len(queue.get()))
        """
    assert printed(explored(program.format(size=1_000))) == {"1000\n"}
    [stuck] = explored(program.format(size=100_000)).outcomes
    assert stuck.outcome == Outcome("", "", None, Ends.DEADLOCK)
    assert "to end (line 8)" in stuck.witness[-1].waiting["MainProcess"]


def test_an_exception_in_a_child(explored):
    [possible] = explored("""
        from multiprocessing import Process
        def fail():
            raise ValueError("no")
        if __name__ == "__main__":
            child = Process(target=fail)
            child.start()
            child.join()
            print(child.exitcode)
        """).outcomes
    assert possible.outcome == Outcome(
        "1\n",
        "Process Process-1:\nTraceback (most recent call last):\n"
        '  File "program.py", line 3, in fail\nValueError: no\n',
    )


@EVERY_METHOD
def test_exit_codes(explored, method):
    found = explored(
        """
        import os, sys
        from multiprocessing import Process
        def leave(): sys.exit(3)
        def vanish():
            print("lost")
            os._exit(4)
        if __name__ == "__main__":
            for target in [leave, vanish]:
                child = Process(target=target)
                child.start()
                child.join()
                print(child.exitcode, child.is_alive())
        """,
        method,
    )
    assert printed(found) == {"3 False\n4 False\n"}


def test_a_terminated_child_may_have_come_to_any_place(explored):
    found = explored("""
        from multiprocessing import Process
        def work():
            print("working", flush=True)
            print("done")
        if __name__ == "__main__":
            child = Process(target=work)
            child.start()
            child.terminate()
            child.join()
            print(child.exitcode)
        """)
    assert printed(found) == {
        "-15\n",
        "working\n-15\n",
        "working\ndone\n-15\n",
        "working\ndone\n0\n",
    }


@EVERY_METHOD
def test_a_thread_in_a_child(explored, method):
    found = explored(
        """
        from multiprocessing import Process
        from threading import Thread
        def work():
            Thread(target=print, args=["thread"]).start()
            print("child")
        if __name__ == "__main__":
            child = Process(target=work)
            child.start()
            child.join()
            print("main")
        """,
        method,
        StdoutTo.TERMINAL,
    )
    # the two share a buffer, from which whole lines go
    assert printed(found) == {
        "child\nthread\nmain\n",
        "childthread\n\nmain\n",
        "thread\nchild\nmain\n",
        "threadchild\n\nmain\n",
    }


def test_a_held_lock_stays_held_in_a_forked_child(explored):
    found = explored("""
        from multiprocessing import Process
        from threading import Lock
        lock = Lock()
        def work():
            with lock:
                print("in")
        if __name__ == "__main__":
            with lock:
                child = Process(target=work)
                child.start()
            child.join()
        """)
    assert [each.outcome.ends for each in found.outcomes] == [Ends.DEADLOCK]


def test_buffers_are_flushed_when_they_are_full(explored):
    found = explored("""
        from multiprocessing import Process
        def work():
            print("x" * 300_000)
            print("end")
        if __name__ == "__main__":
            child = Process(target=work)
            child.start()
            print("main", flush=True)
        """)
    assert {text.index("main\n") == 0 for text in printed(found)} == {True, False}
    assert any(0 < text.index("main\n") < 300_005 for text in printed(found))


@EVERY_METHOD
def test_a_queue_that_is_filled_by_threads_of_two_processes(explored, method):
    found = explored(
        """
        from multiprocessing import Process, Queue
        def work(queue, name):
            queue.put(name)
        if __name__ == "__main__":
            queue = Queue()
            children = [Process(target=work, args=[queue, name]) for name in "ab"]
            for child in children: child.start()
            print(queue.get(), queue.get())
            for child in children: child.join()
        """,
        method,
    )
    assert printed(found) == {"a b\n", "b a\n"}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("multiprocessing.Manager()", "a Manager talks through sockets"),
        ("import subprocess; subprocess.run([])", "subprocess.run() reaches outside"),
        ("import socket; socket.socket()", "socket.socket() reaches outside"),
        ("import os; os.fork()", "os.fork()"),
        ("import os; print(os.getpid() > 5)", "is another number in each run"),
        (
            "from multiprocessing import shared_memory; shared_memory.ShareableList([1])",
            "a ShareableList is not simulated",
        ),
        ("print(multiprocessing.current_process().pid % 2)", "another number in each run"),
        ("c = multiprocessing.Process(); c.start(); print(-c.pid)", "another number in each run"),
    ],
)  # fmt: skip
def test_what_cannot_be_simulated_is_refused_by_line(explored, line, words):
    with pytest.raises(CannotExplore, match=r"program\.py:2") as refusal:
        explored(f"import multiprocessing\n{line}\n")
    assert words in str(refusal.value)


@pytest.mark.parametrize(
    "line",
    [
        "SharedMemoryManager()", "with SharedMemoryManager() as m: pass", "BaseManager(('', 5))",
        "BaseManager.register('queue')", "class Own(BaseManager): pass\nOwn.register('queue')",
        "class Own(BaseManager): pass\nOwn()", "managers.Namespace()", "managers._x",
        "from multiprocessing.managers import DictProxy", "multiprocessing.managers.SyncManager()",
        "getattr(managers, 'BaseProxy')", "multiprocessing.get_context('spawn').Manager()",
        "f = multiprocessing.Manager\nf()",
    ],
)  # fmt: skip
def test_managers_are_refused_where_they_are_made(explored, line):
    """They may be imported and named, as by a program that does both ways."""
    program = """\
import multiprocessing, multiprocessing.managers
from multiprocessing import managers, shared_memory
from multiprocessing.managers import BaseManager, SharedMemoryManager
def unused():
    return SharedMemoryManager(), multiprocessing.Manager()
class Mine(BaseManager):
    pass
def show():
    print(managers.SyncManager is not None, flush=True)
if __name__ == "__main__":
    process = multiprocessing.Process(target=show)
    process.start()
    process.join()
"""
    assert printed(explored(program, StartMethod.FORK)) == {"True\n"}
    with pytest.raises(CannotExplore, match="a Manager talks through sockets") as refusal:
        explored(f"{program}{line}\n", StartMethod.FORK)
    assert refusal.value.line in {14, 15}


@pytest.mark.parametrize(
    "look",
    ["next(words)", "for word in words: pass", "print(words)", "list(words)", "words.send(1)",
     "if words: pass", "words == 1", "{words}", "[*words]", "words()", "'a' in words", "words[0]"],
)  # fmt: skip
@pytest.mark.parametrize(
    "words", ["(n * n for n in range(3))", "map(str, [1])", "zip([1])", "enumerate('a')"]
)
def test_an_iterator_of_the_parent_is_not_looked_at(explored, words, look):
    """It cannot be copied, and is refused at the line that looks at it."""
    program = f"""
        from multiprocessing import Process
        words = {words}
        def work():
            print(words is None, isinstance(words, list))
            LOOK
        if __name__ == "__main__":
            child = Process(target=work)
            child.start()
            child.join()
        """
    [one] = explored(program.replace("LOOK", "pass"), StartMethod.FORK).outcomes
    assert one.outcome.stdout == "False False\n"
    with pytest.raises(CannotExplore, match=r"program\.py:5: words, a .* cannot be copied"):
        explored(program.replace("LOOK", look), StartMethod.FORK)


def test_nothing_is_left_of_an_exploration(explored):
    before = {name for name in sys.modules if name.startswith("multiprocessing")}
    main = sys.modules["__main__"]
    explored(HELLO)
    assert {name for name in sys.modules if name.startswith("multiprocessing")} == before
    assert sys.modules["__main__"] is main


@pytest.mark.parametrize(
    ("imports", "use"),
    [
        ("from concurrent.futures import *", "ProcessPoolExecutor(1)"),
        ("import concurrent.futures as c", "getattr(c, 'ProcessPool' + 'Executor')(1)"),
        ("from concurrent.futures.process import ProcessPoolExecutor as P", "P(1)"),
        ("def p():\n            from multiprocessing import Pool; return Pool(1)", "p()"),
    ],
)
def test_what_starts_processes_is_found_as_the_program_runs(explored, imports, use):
    found = explored(
        f"""
        {imports}
        if __name__ == "__main__":
            print("begins")
            with {use} as pool:
                print(*pool.map(abs, [-1, -2]))
        """
    )
    assert printed(found) == {"begins\n1 2\n"}


def test_words_alone_start_no_process(explored):
    """What is printed goes through a buffer only where there are processes."""
    source = """
        import os
        def unused():
            import multiprocessing  # and ProcessPoolExecutor
        print("lost")
        os._exit(0)
        """
    found = explored(source)
    assert {each.outcome.stdout for each in found.outcomes} == {"", "lost\n"}
    found = explored(source.replace("print", "unused(); print"))
    assert printed(found) == {""}
