"""The names of ``multiprocessing``: an exact set for each, and a real run that lies within it."""

from __future__ import annotations

import pytest
from found_sets import STUCK, outcomes, texts_or_stuck

pytest.importorskip("greenlet")

from anyorder.outcomes import StartMethod

PROGRAMS = {
    "RLock": ("""
        from multiprocessing import Process, RLock
        def work(lock, name):
            with lock:
                with lock:
                    print(name, end="", flush=True)
                print(name, end="", flush=True)
        if __name__ == "__main__":
            lock = RLock()
            children = [Process(target=work, args=(lock, name)) for name in "ab"]
            for child in children: child.start()
            for child in children: child.join()
            try: lock.release()
            except AssertionError as error: print(error)
        """, {
        "aabbattempt to release recursive lock not owned by thread\n",
        "bbaaattempt to release recursive lock not owned by thread\n",
    }),
    "BoundedSemaphore": ("""
        from multiprocessing import BoundedSemaphore, Process
        def work(free):
            try: free.release()
            except ValueError as error: print(error)
            else: print("released")
        if __name__ == "__main__":
            free = BoundedSemaphore(1)
            child = Process(target=work, args=(free,))
            child.start()
            free.acquire()
            child.join()
        """, {
        "released\n", "semaphore or lock released too many times\n",
    }),
    "Barrier": ("""
        from multiprocessing import Barrier, Process
        def work(both, name):
            print("before", flush=True)
            number = both.wait()
            print("after", flush=True)
        if __name__ == "__main__":
            both = Barrier(2)
            child = Process(target=work, args=(both, "a"))
            child.start()
            both.wait()
            print("main")
            child.join()
        """, {
        "before\nafter\nmain\n",
    }),
    "numbers of a Barrier": ("""
        from multiprocessing import Barrier, Process
        def work(both):
            print(both.wait())
        if __name__ == "__main__":
            both = Barrier(2)
            child = Process(target=work, args=(both,))
            child.start()
            number = both.wait()
            child.join()
            print(number, both.parties)
        """, {
        "0\n1 2\n", "1\n0 2\n",
    }),
    "RawArray": ("""
        from multiprocessing import Process, RawArray
        def work(numbers):
            numbers[0] = 1
            numbers[1] = 1
        if __name__ == "__main__":
            numbers = RawArray("i", 2)
            child = Process(target=work, args=(numbers,))
            child.start()
            print(numbers[1], numbers[0])
            child.join()
            print(list(numbers), numbers[:], len(numbers))
        """, {
        "0 0\n[1, 1] [1, 1] 2\n", "0 1\n[1, 1] [1, 1] 2\n", "1 1\n[1, 1] [1, 1] 2\n",
    }),
    "Array": ("""
        from multiprocessing import Array, Process
        def work(numbers, at):
            with numbers.get_lock():
                numbers[0] += 1
            numbers[at] = at
        if __name__ == "__main__":
            numbers = Array("i", 3)
            children = [Process(target=work, args=(numbers, at)) for at in (1, 2)]
            for child in children: child.start()
            for child in children: child.join()
            print(numbers[:], len(numbers), sum(numbers))
        """, {
        "[2, 1, 2] 3 5\n",
    }),
    "Value without its lock": ("""
        from multiprocessing import Process, Value
        def work(n):
            n.value += 1
        if __name__ == "__main__":
            n = Value("i", 0)
            children = [Process(target=work, args=(n,)) for _ in range(2)]
            for child in children: child.start()
            for child in children: child.join()
            print(n.value)
        """, {
        "1\n", "2\n",
    }),
    "Value with its lock": ("""
        from multiprocessing import Process, Value
        def work(n):
            with n.get_lock():
                n.value += 1
        if __name__ == "__main__":
            n = Value("i", 0)
            children = [Process(target=work, args=(n,)) for _ in range(2)]
            for child in children: child.start()
            for child in children: child.join()
            print(n.value)
        """, {
        "2\n",
    }),
    "Condition": ("""
        from multiprocessing import Condition, Process
        def work(changed):
            with changed:
                print("waits", flush=True)
                changed.wait()
                print("woken", flush=True)
        if __name__ == "__main__":
            changed = Condition()
            child = Process(target=work, args=(changed,))
            child.start()
            with changed:
                changed.notify()
                print("notified", flush=True)
            child.join()
        """, {
        "notified\nwaits\n" + STUCK, "waits\nnotified\nwoken\n",
    }),
    "Condition with a timeout": ("""
        from multiprocessing import Condition, Process
        def work(changed):
            with changed:
                print(changed.wait(timeout=1), flush=True)
        if __name__ == "__main__":
            changed = Condition()
            child = Process(target=work, args=(changed,))
            child.start()
            with changed:
                changed.notify_all()
            child.join()
        """, {
        "False\n", "True\n",
    }),
    "wait_for": ("""
        from multiprocessing import Condition, Process, RawValue
        def work(changed, n):
            with changed:
                print(changed.wait_for(lambda: n.value == 2))
        if __name__ == "__main__":
            changed, n = Condition(), RawValue("i", 0)
            child = Process(target=work, args=(changed, n))
            child.start()
            for _ in range(2):
                with changed:
                    n.value += 1
                    changed.notify_all()
            child.join()
        """, {
        "True\n",
    }),
    "Event": ("""
        from multiprocessing import Event, Process
        def work(ready):
            print(ready.is_set(), flush=True)
            ready.wait()
            print("ready", flush=True)
        if __name__ == "__main__":
            ready = Event()
            child = Process(target=work, args=(ready,))
            child.start()
            ready.set()
            print("set", flush=True)
            child.join()
        """, {
        "False\nready\nset\n",
        "False\nset\nready\n",
        "True\nready\nset\n",
        "True\nset\nready\n",
        "set\nFalse\nready\n",
        "set\nTrue\nready\n",
    }),
    "Event with a timeout": ("""
        from multiprocessing import Event, Process
        def work(ready):
            print(ready.wait(timeout=1))
        if __name__ == "__main__":
            ready = Event()
            child = Process(target=work, args=(ready,))
            child.start()
            ready.set()
            child.join()
        """, {
        "False\n", "True\n",
    }),
    "JoinableQueue": ("""
        from multiprocessing import JoinableQueue, Process
        def work(queue):
            for _ in range(2):
                item = queue.get()
                print(item, flush=True)
                queue.task_done()
        if __name__ == "__main__":
            queue = JoinableQueue()
            child = Process(target=work, args=(queue,))
            child.start()
            for item in "ab": queue.put(item)
            queue.join()
            print("all done")
            child.join()
            try: queue.task_done()
            except ValueError as error: print(error)
        """, {
        "a\nb\nall done\ntask_done() called too many times\n",
    }),
    "parent_process": ("""
        from multiprocessing import Process, active_children, current_process, parent_process
        def work():
            parent, own = parent_process(), current_process()
            print(parent.name, own.name, parent.is_alive(), own.daemon)
        if __name__ == "__main__":
            print(parent_process(), active_children(), flush=True)
            child = Process(target=work, name="worker")
            child.start()
            child.join()
            print(active_children(), child.name)
        """, {
        "None []\nMainProcess worker True False\n[] worker\n",
    }),
    "active_children": ("""
        from multiprocessing import Process, active_children
        if __name__ == "__main__":
            child = Process(target=print)
            child.start()
            print([one.name for one in active_children()], flush=True)
            child.join()
        """, {
        "\n['Process-1']\n", "\n[]\n", "['Process-1']\n\n",
    }),
    "terminate and kill": ("""
        from multiprocessing import Lock, Process
        def work(lock):
            lock.acquire()
        if __name__ == "__main__":
            lock = Lock()
            lock.acquire()
            for how in ("terminate", "kill"):
                child = Process(target=work, args=(lock,))
                child.start()
                getattr(child, how)()
                child.join()
                print(child.exitcode, child.is_alive())
        """, {
        "-15 False\n-9 False\n",
    }),
    "Semaphore that is tried": ("""
        from multiprocessing import Process, Semaphore
        def work(free, name):
            if free.acquire(block=False):
                print(name, end="", flush=True)
        if __name__ == "__main__":
            free = Semaphore(1)
            children = [Process(target=work, args=(free, name)) for name in "ab"]
            for child in children: child.start()
            for child in children: child.join()
        """, {
        "a", "b",
    }),
    "Lock that another lets go of": ("""
        from multiprocessing import Lock, Process
        def work(lock):
            lock.release()
        if __name__ == "__main__":
            lock = Lock()
            lock.acquire()
            child = Process(target=work, args=(lock,))
            child.start()
            lock.acquire()
            print("again")
            child.join()
            lock.release()
            try: lock.release()
            except ValueError as error: print(error)
        """, {
        "again\nsemaphore or lock released too many times\n",
    }),
    "close of a Process": ("""
        from multiprocessing import Process
        if __name__ == "__main__":
            child = Process(target=print, args=("x",))
            print(child.exitcode, child.is_alive(), flush=True)
            child.start()
            try:
                child.close()
            except ValueError:
                print("still running")
            else:
                print("closed")
        """, {
        "None False\nstill running\nx\n",
        "None False\nx\nstill running\n",
        "None False\nx\nclosed\n",
    }),
}  # fmt: skip


@pytest.mark.parametrize("method", list(StartMethod))
@pytest.mark.parametrize("name", PROGRAMS)
def test_exact_sets(explored, name, method):
    source, wanted = PROGRAMS[name]
    found = explored(source, method)
    assert all(one.stderr == "" for one in outcomes(found))
    assert texts_or_stuck(found) == wanted


@pytest.mark.slow
@pytest.mark.parametrize("name", PROGRAMS)
def test_a_real_run_lies_within(lies_within, name):
    assert lies_within(PROGRAMS[name][0], StartMethod.SPAWN)


def test_a_program_may_have_the_name_of_a_module_of_the_explorer(explored):
    """It is called ``program.py`` here, and so is what runs it."""
    [possible] = explored(
        """
        from multiprocessing import Process
        if __name__ == "__main__":
            Process(target=print).start()
            raise ValueError("no")
        """
    ).outcomes
    assert possible.outcome.stderr == (
        "Traceback (most recent call last):\n"
        '  File "program.py", line 4, in <module>\nValueError: no\n'
    )
