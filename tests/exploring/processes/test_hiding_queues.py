"""A queue whose locks are out of sight loses no outcome: with every lock an event, it agrees.

This is the test behind the argument in ``anyorder.exploring.processes.library.queues``.
"""

from __future__ import annotations

import pytest

pytest.importorskip("greenlet")

from anyorder.exploring.processes.library.queues import Queues
from anyorder.outcomes import Ends, StartMethod, StdoutTo

MOST = 1_500  # executions of the slow version; beyond, its outcomes must only be among the others
PROGRAMS = {
    "two producers": """
        from multiprocessing import Process, Queue
        def work(queue, name):
            queue.put(name)
        if __name__ == "__main__":
            queue = Queue()
            for name in "ab":
                Process(target=work, args=[queue, name]).start()
            print(queue.get(), queue.get())
        """,
    "one producer of two": """
        from multiprocessing import Process, Queue
        def work(queue):
            queue.put("a")
            print("between", flush=True)
            queue.put("b")
        if __name__ == "__main__":
            queue = Queue()
            Process(target=work, args=[queue]).start()
            print(queue.get(), flush=True)
            print(queue.get())
        """,
    "two consumers": """
        from multiprocessing import Process, Queue
        def work(queue):
            print(queue.get(), end="")
        if __name__ == "__main__":
            queue = Queue()
            for name in "ab":
                Process(target=work, args=[queue]).start()
            queue.put(1)
            queue.put(2)
        """,
    "one item for two": """
        from multiprocessing import Process, SimpleQueue
        def work(queue, name):
            queue.get()
            print(name)
        if __name__ == "__main__":
            queue = SimpleQueue()
            children = [Process(target=work, args=[queue, name]) for name in "ab"]
            for child in children: child.start()
            queue.put(None)
        """,
    "putting in threads": """
        from multiprocessing import Process, Queue
        from threading import Thread
        def work(queue):
            print(queue.get(), queue.get())
        if __name__ == "__main__":
            queue = Queue()
            threads = [Thread(target=queue.put, args=[name]) for name in "ab"]
            for thread in threads: thread.start()
            Process(target=work, args=[queue]).start()
        """,
    "items that are done": """
        from multiprocessing import JoinableQueue, Process
        def work(queue):
            queue.get()
            print("done")
            queue.task_done()
        if __name__ == "__main__":
            queue = JoinableQueue()
            queue.put(1)
            Process(target=work, args=[queue]).start()
            queue.join()
            print("joined")
        """,
    "a simple queue of two": """
        from multiprocessing import Process, SimpleQueue
        def work(queue, name):
            queue.put(name)
            queue.put(name)
        if __name__ == "__main__":
            queue = SimpleQueue()
            for name in "ab":
                Process(target=work, args=[queue, name]).start()
            print(*(queue.get() for _ in range(4)))
        """,
    "what cannot be pickled": """
        from multiprocessing import Process, Queue
        def work(queue):
            queue.put(n for n in "abc")
            queue.put("sent")
        if __name__ == "__main__":
            queue = Queue()
            Process(target=work, args=[queue]).start()
            print(queue.get())
        """,
}  # fmt: skip
SHOWN = {
    "trying": """
        from multiprocessing import Process, Queue
        from queue import Empty
        def work(queue):
            queue.get()
        if __name__ == "__main__":
            queue = Queue()
            Process(target=work, args=[queue]).start()
            queue.put(1)
            queue.put(2)
            try:
                print(queue.get(block=False))
            except Empty:
                print("empty")
                queue.get()
        """,
    "looking": """
        from multiprocessing import Process, SimpleQueue
        if __name__ == "__main__":
            queue = SimpleQueue()
            Process(target=queue.put, args=[1]).start()
            print(queue.empty())
        """,
    "a limit": """
        from multiprocessing import Process, Queue
        if __name__ == "__main__":
            queue = Queue(1)
            Process(target=queue.put, args=[1]).start()
            print(queue.get())
        """,
}


@pytest.mark.parametrize(
    "method", [StartMethod.FORK, pytest.param(StartMethod.SPAWN, marks=pytest.mark.slow)]
)
@pytest.mark.parametrize("name", PROGRAMS)
def test_the_same_outcomes(explored, monkeypatch, name, method):
    quick = explored(PROGRAMS[name], method, StdoutTo.PIPE)
    monkeypatch.setattr(Queues, "hides", lambda *_: False)
    slow = explored(PROGRAMS[name], method, StdoutTo.PIPE, max_executions=MOST)
    assert quick.complete
    assert slow.executions >= quick.executions
    if slow.complete:
        assert slow.outcome_set == quick.outcome_set
    else:
        assert slow.outcome_set <= quick.outcome_set


@pytest.mark.parametrize("name", SHOWN)
def test_what_looks_into_a_queue_shows_its_locks(explored, monkeypatch, name):
    quick = explored(SHOWN[name])
    monkeypatch.setattr(Queues, "hides", lambda *_: False)
    slow = explored(SHOWN[name])
    assert (quick.executions, quick.outcome_set) == (slow.executions, slow.outcome_set)


def test_hiding_too_much_is_found_out(explored, monkeypatch):
    wanted = explored(SHOWN["trying"]).outcome_set
    monkeypatch.setattr(Queues, "hides", lambda *_: True)
    assert not explored(SHOWN["trying"], max_executions=50).outcome_set <= wanted


def test_two_producers_are_two_executions(explored):
    assert explored(PROGRAMS["two producers"]).executions == 2


def test_an_item_that_cannot_be_pickled_is_lost_while_its_process_exits(explored):
    found = explored(PROGRAMS["what cannot be pickled"]).outcome_set
    assert {(one.stdout, one.ends) for one in found} == {("sent\n", Ends.EXIT), ("", Ends.DEADLOCK)}


def test_an_item_is_pickled_when_it_is_sent(explored):
    """What is changed after it was put may be sent as it is by then."""
    found = explored("""
        from multiprocessing import Process, Queue
        def work(queue):
            print(queue.get())
        if __name__ == "__main__":
            queue = Queue()
            child = Process(target=work, args=[queue])
            child.start()
            numbers = [1]
            queue.put(numbers)
            numbers.append(2)
        """)
    assert {one.stdout for one in found.outcome_set} == {"[1]\n", "[1, 2]\n"}
    assert {one.ends for one in found.outcome_set} == {Ends.EXIT}


def test_a_joinable_queue_that_two_fill(explored):
    """The thread that feeds takes the second item without a lock, early or late."""
    found = explored("""
        from multiprocessing import JoinableQueue, Process
        def put(queue, number):
            queue.put(number)
            queue.put(number * 10)
        if __name__ == "__main__":
            queue = JoinableQueue()
            for number in (1, 2):
                Process(target=put, args=(queue, number)).start()
            print([queue.get() for _ in range(4)])
        """)
    assert found.complete
    assert len(found.outcomes) == 6
    assert found.executions < 100
