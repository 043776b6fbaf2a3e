"""A forked child has the memory of the moment of its fork, and so has what threads wait with."""

from __future__ import annotations

import sys
from textwrap import dedent

import pytest
from found_sets import printed
from hunt_processes import fair_run

pytest.importorskip("greenlet")

from anyorder.checking.possible import is_possible
from anyorder.exploring import CannotExplore
from anyorder.exploring.processes.fork.memory import MemoryCopier
from anyorder.outcomes import Ends, Outcome, Setting, StartMethod, StdoutTo
from anyorder.running import this_interpreter

SEEDS = range(3)
HANGS = "hangs"  # in place of what is printed after that
BESIDE = """\
import queue, sys, threading
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import Process
{shared}
def other():
    {other}
def child():
    {child}
if __name__ == "__main__":
    thread = threading.Thread(target=other)
    thread.start()
    process = Process(target=child)
    process.start(); process.join(); thread.join()
    {after}
"""
# by name: what is shared, what another thread does, what the child does, and the parent after it
FOUND = {
    "a variable": (
        ("x = 0", "global x; x = 1; x = 2", "print(x)", "print(x)"),
        {"0\n2\n", "1\n2\n", "2\n2\n"},
    ),
    "two variables": (
        ("x = y = 0", "global x, y; x = 1; y = 1", "print(x, y)", ""),
        {"0 0\n", "1 0\n", "1 1\n"},
    ),
    "a list": (
        ("x = []", "x.append(1)", "x.append(2); print(x)", "print(x)"),
        {"[2]\n[1]\n", "[1, 2]\n[1]\n"},
    ),
    "an attribute of a class": (
        ("class C: n = 0", "C.n = 1", "print(C.n); C.n = 7", "print(C.n)"),
        {"0\n1\n", "1\n1\n"},
    ),
    "a lock": (
        ("x = threading.Lock()", "x.acquire()", "print(x.acquire(blocking=False))", ""),
        {"True\n", "False\n"},
    ),
    "an RLock": (
        ("x = threading.RLock()", "x.acquire()", "print(x.acquire(blocking=False))", ""),
        {"True\n", "False\n"},
    ),
    "a semaphore": (
        (
            "x = threading.Semaphore(2)", "x.acquire()",
            "print(x.acquire(blocking=False), x.acquire(blocking=False))",
            "print(x.acquire(blocking=False), x.acquire(blocking=False))",
        ),
        {"True True\nTrue False\n", "True False\nTrue False\n", HANGS},
    ),
    "an event": (
        (
            "x = threading.Event()", "x.set()", "print(x.is_set(), flush=True); x.clear()",
            "print(x.is_set())",
        ),
        {"True\nTrue\n", "False\nTrue\n", "False\n" + HANGS, "True\n" + HANGS},
    ),
    "a queue": (
        ("x = queue.Queue(1)", "x.put(1)", "print(x.full())", "print(x.get())"),
        {"True\n1\n", "False\n1\n", HANGS},
    ),
    "a simple queue": (
        ("x = queue.SimpleQueue()", "x.put(1)", "x.put(2); print(x.get())", "print(x.get())"),
        {"1\n1\n", "2\n1\n"},
    ),
    "a thread that has begun": (
        ("x = threading.Thread(target=int)", "x.start()", "print(x.ident is None)", "x.join()"),
        {"True\n", "False\n"},
    ),
    "a future": (
        ("x = ThreadPoolExecutor(1).submit(int)", "", "print(x.done())", "print(x.result())"),
        {"True\n0\n", "False\n0\n", HANGS},
    ),
    "what is in the buffer": (
        ("", "sys.stdout.write('t\\n')", "print('c')", "print('end')"),
        {"t\nc\nend\n", "t\nc\nt\nend\n", "c\nt\nend\n"},
    ),
}  # fmt: skip
ALONE = """\
import contextvars, io, queue, sys, threading
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import Process
{shared}
def child():
    {child}
def main():
    process = Process(target=child)
    process.start(); process.join()
    {after}
if __name__ == "__main__":
    main()
"""
# by name: what is shared, what the child does, the parent after it, and what is printed
OWN = {
    "a lock": ("x = threading.Lock()", "x.acquire()", "x.acquire(); print(1)", "1\n"),
    "a semaphore": ("x = threading.Semaphore(1)", "x.acquire()", "x.acquire(); print(1)", "1\n"),
    "a bounded semaphore": (
        "x = threading.BoundedSemaphore(1); x.acquire()", "x.release()",
        "print(x.acquire(blocking=False))", "False\n",
    ),
    "an event": ("x = threading.Event()", "x.set()", "print(x.is_set())", "False\n"),
    "a bounded queue": ("x = queue.Queue(1)", "x.put(1)", "x.put(2); print(x.get())", "2\n"),
    "a simple queue": ("x = queue.SimpleQueue()", "x.put(1)", "print(x.empty())", "True\n"),
    "a barrier": (
        "x = threading.Barrier(2)", "x.abort()",
        "t = threading.Thread(target=x.wait); t.start(); x.wait(); t.join(); print(1)", "1\n",
    ),
    "a local": (
        "x = threading.local(); x.y = 1", "print(x.y); x.y = 2", "print(x.y)", "1\n1\n",
    ),
    "a context variable": (
        "x = contextvars.ContextVar('x'); x.set([])", "x.get().append(1); print(x.get())",
        "print(x.get())", "[1]\n[]\n",
    ),
    "a file in memory": (
        "x = io.StringIO()", "x.write('c'); print(x.getvalue())", "print(x.getvalue())", "c\n\n",
    ),
    "standard output in memory": (
        "sys.stdout = io.StringIO()", "print('c')",
        "print(repr(sys.stdout.getvalue()), file=sys.__stdout__)", "''\n",
    ),
    "a pool of threads": (
        "x = ThreadPoolExecutor(1); x.submit(int).result()",
        "y = ThreadPoolExecutor(1); print(y.submit(int, 1).result())",
        "print(x.submit(int, 2).result())", "1\n2\n",
    ),
    "names of threads": (
        (
            "def say(): print(threading.current_thread().name, flush=True)\n"
            "def start(): t = threading.Thread(target=say); t.start(); t.join()"
        ),
        "start(); say()", "start(); start()",
        "Thread-1 (say)\nMainThread\nThread-1 (say)\nThread-2 (say)\n",
    ),
}  # fmt: skip


def beside(name):
    shared, other, child, after = FOUND[name][0]
    return BESIDE.format(shared=shared, other=other or "pass", child=child, after=after or "pass")


def alone(name):
    shared, child, after, _ = OWN[name]
    return ALONE.format(shared=shared, child=child, after=after)


@pytest.fixture
def lies_within(tmp_path):
    """Say whether provoked runs of a program lie within what was found."""

    def look(source, found, method=StartMethod.FORK):
        program = tmp_path / "program.py"
        program.write_text(dedent(source).lstrip(), encoding="utf-8")
        setting = Setting(this_interpreter(), method, StdoutTo.PIPE)
        runs = [fair_run(program, setting, found, one, library=True) for one in SEEDS]
        return all(is_possible(outcome, found) for outcome in runs)

    return look


@pytest.mark.parametrize("name", FOUND)
def test_a_child_finds_what_other_threads_have_done_by_its_fork(explored, lies_within, name):
    found = explored(beside(name))
    assert found.complete
    assert {
        each.outcome.stdout + (HANGS if each.outcome.ends is Ends.DEADLOCK else "")
        for each in found.outcomes
    } == FOUND[name][1]
    assert lies_within(beside(name), found)


@pytest.mark.parametrize("name", OWN)
def test_what_a_child_does_is_its_own(explored, lies_within, name):
    found = explored(alone(name))
    assert printed(found) == {OWN[name][-1]}
    assert lies_within(alone(name), found)


@pytest.mark.parametrize(
    ("thing", "between"),
    [("function", ""), ("Class", ""), ("function", "count()"), ("Class", "count()")],
)
def test_an_attribute_that_a_child_makes_is_its_own(explored, lies_within, thing, between):
    """Functions and classes are shared by the processes, what is kept in them is not."""
    source = f"""
        import multiprocessing
        def function(): pass
        class Class: pass
        def count():
            {thing}.n = getattr({thing}, "n", 0) + 1
            return {thing}.n
        def work(counts, more):
            counts.put(count())
            if more:
                child = multiprocessing.Process(target=work, args=(counts, False))
                child.start()
                child.join()
            counts.put(count())
        if __name__ == "__main__":
            multiprocessing.set_start_method("fork")
            counts = multiprocessing.SimpleQueue()
            for more in (True, False):
                child = multiprocessing.Process(target=work, args=(counts, more))
                child.start()
                child.join()
                {between}
            print(*(counts.get() for _ in range(6)), count())
        """
    expected = "1 2 3 2 2 3 3\n" if between else "1 2 3 2 1 2 1\n"
    found = explored(source)
    assert printed(found) == {expected}
    assert lies_within(source, found)


# by name: what the child does, and what is looked at in it and in the parent after it
REPLACED = {
    "a method": ("Class.method = lambda self: 1", "Class().method()"),
    "a method that Python calls": ("Class.__str__ = lambda self: '1'", "Class()"),
    "a new method": ("Class.new = lambda self: 1", "hasattr(Class, 'new')"),
    "a method of a base class": ("Base.below = lambda self: 1", "Class().below()"),
    "an attribute of a class in a class": ("Class.Inner.n = 1", "Class.Inner.n"),
    "an attribute of a class in a list": ("classes[0].n = 1", "classes[0].n"),
    "an attribute of the class of an object": ("type(hidden).n = 1", "hidden.n"),
    "an attribute of a method": ("Class.method.n = 1", "getattr(Class.method, 'n', 0)"),
    "an attribute that goes": ("del Class.n", "hasattr(Class, 'n')"),
    "a variable of a function that was not there": ("put()", "there()"),
}


@pytest.mark.parametrize("name", REPLACED)
def test_what_a_child_puts_into_shared_code_is_its_own(explored, lies_within, name):
    does, shown = REPLACED[name]
    source = f"""
        from multiprocessing import Process
        class Base:
            def below(self): return 0
        class Class(Base):
            n = 0
            class Inner: n = 0
            def method(self): return 0
            def __str__(self): return "0"
        def made():
            class Hidden: n = 0
            return Hidden
        classes, hidden = [made()], made()()
        def variable():
            if False: x = 0
            def put():
                nonlocal x
                x = 1
            def there():
                try: return x
                except NameError: return 0
            return put, there
        put, there = variable()
        def child():
            {does}
            print({shown})
        if __name__ == "__main__":
            print({shown})
            process = Process(target=child)
            process.start(); process.join()
            print({shown})
        """
    found = explored(source, StartMethod.FORK)
    [text] = printed(found)
    before, inside, after = text.split()
    assert before == after != inside
    assert lies_within(source, found, StartMethod.FORK)


def test_what_a_child_does_on_a_condition_wakes_no_thread_of_its_parent(explored):
    found = explored(
        BESIDE.format(
            shared="x = threading.Condition()",
            other="with x: x.wait()",
            child="with x: x.notify()",
            after="pass",
        )
    )
    assert {each.outcome.ends for each in found.outcomes} == {Ends.DEADLOCK}


@pytest.mark.parametrize("to", [StdoutTo.PIPE, StdoutTo.TERMINAL, StdoutTo.UNBUFFERED])
def test_a_buffer_that_is_written_at_the_fork_stays_locked(explored, to):
    """The system is writing it for another thread; what is unbuffered has no lock."""
    found = explored(
        BESIDE.format(
            shared="",
            other="sys.stdout.write('t\\n'); sys.stdout.flush()",
            child="sys.stdout.write('c\\n')",
            after="pass",
        ),
        to=to,
    )
    kinds = {(each.outcome.stdout, each.outcome.ends) for each in found.outcomes}
    exits = {("t\nc\n", Ends.EXIT), ("c\nt\n", Ends.EXIT)}
    if to is StdoutTo.PIPE:
        exits |= {("t\nc\nt\n", Ends.EXIT), ("t\nt\nc\n", Ends.EXIT)}
    hangs = set() if to is StdoutTo.UNBUFFERED else {("t\n", Ends.DEADLOCK)}
    assert kinds == exits | hangs


def test_a_child_may_wake_a_thread_that_it_does_not_have(explored, lies_within):
    source = """
        import queue, threading
        from multiprocessing import Process
        items = queue.Queue()
        def take():
            items.get()
        def child():
            thread = threading.Thread(target=take)
            thread.start()
            items.put(1)
        if __name__ == "__main__":
            thread = threading.Thread(target=take)
            thread.start()
            process = Process(target=child)
            process.start()
            process.join()
            items.put(2)
        """
    found = explored(source)
    assert not found.complete
    assert "which of them is woken was not explored" in found.limit
    assert lies_within(source, found)


def test_a_lock_that_the_thread_has_which_forks_is_its_childs(explored):
    found = explored(
        """
        from multiprocessing import Process
        from threading import RLock, Lock
        again, once = RLock(), Lock()
        def child():
            print(again.acquire(blocking=False), once.acquire(blocking=False))
            once.release()
        if __name__ == "__main__":
            with again, once:
                process = Process(target=child)
                process.start()
                process.join()
        """
    )
    assert printed(found) == {"True False\n"}


def test_in_a_child_there_is_one_thread(explored, lies_within):
    source = """
        import threading
        from multiprocessing import Process
        event = threading.Event()
        thread = threading.Thread(target=event.wait)
        def child():
            print(thread.is_alive(), threading.active_count(), thread.name)
            thread.join()
        def start():
            process = Process(target=in_thread)
            process.start()
            process.join()
        def in_thread():
            print(threading.current_thread().name, threading.main_thread().name)
        if __name__ == "__main__":
            thread.start()
            process = Process(target=child)
            process.start()
            process.join()
            event.set()
            thread.join()
            other = threading.Thread(target=start)
            other.start()
            other.join()
        """
    found = explored(source)
    assert printed(found) == {
        "False 1 Thread-1 (wait)\nThread-2 (start) Thread-2 (start)\n",
    }
    assert lies_within(source, found)


def test_a_child_that_was_forked_forks_in_turn(explored, lies_within):
    source = """
        from multiprocessing import Process
        count = 0
        def grandchild():
            print("grandchild", count)
        def child():
            global count
            count += 1
            process = Process(target=grandchild)
            process.start()
            count += 1
            process.join()
            print("child", count)
        if __name__ == "__main__":
            count = 5
            process = Process(target=child)
            process.start()
            count = 10
            process.join()
            print("parent", count)
        """
    found = explored(source)
    assert printed(found) == {"grandchild 6\nchild 7\nparent 10\n"}
    assert lies_within(source, found)


def test_two_threads_fork(explored, lies_within):
    source = """
        from multiprocessing import Process
        from threading import Thread
        numbers = []
        def show(number):
            print(number, numbers)
        def start(number):
            numbers.append(number)
            process = Process(target=show, args=[number])
            process.start()
            process.join()
        if __name__ == "__main__":
            threads = [Thread(target=start, args=[number]) for number in range(2)]
            for thread in threads: thread.start()
            for thread in threads: thread.join()
        """
    found = explored(source)
    pairs = [
        (f"0 {zero}\n", f"1 {one}\n")
        for zero, one in [
            ([0], [0, 1]), ([0, 1], [0, 1]), ([1, 0], [1, 0]), ([1, 0], [1]),
        ]
    ]  # fmt: skip
    assert printed(found) == {"".join(order) for pair in pairs for order in (pair, pair[::-1])}
    assert lies_within(source, found)


def test_a_fork_is_ordered_against_the_closing_of_a_pipe(explored, lies_within):
    source = """
        from multiprocessing import Pipe, Process
        from threading import Thread
        reader, writer = Pipe(duplex=False)
        def child():
            try:
                reader.recv()
            except EOFError:
                print("end")
        if __name__ == "__main__":
            thread = Thread(target=writer.close)
            thread.start()
            process = Process(target=child)
            process.start()
            thread.join()
            process.join()
        """
    found = explored(source)
    assert {each.outcome for each in found.outcomes} == {
        Outcome("end\n"),
        Outcome("", exit=None, ends=Ends.DEADLOCK),  # the child has the other end open itself
    }
    assert lies_within(source, found)


@pytest.mark.parametrize(
    "pool", ["multiprocessing.Pool(2)", "concurrent.futures.ProcessPoolExecutor(2)"]
)
def test_workers_may_find_different_memories(explored, lies_within, pool):
    source = f"""
        import concurrent.futures, multiprocessing, threading
        x = 0
        def other():
            global x
            x = 1
        def get(_):
            return x
        if __name__ == "__main__":
            thread = threading.Thread(target=other)
            thread.start()
            with {pool} as pool:
                print(list(pool.map(get, range(2))))
            thread.join()
        """
    found = explored(source)
    assert printed(found) == {"[0, 0]\n", "[0, 1]\n", "[1, 0]\n", "[1, 1]\n"}
    assert lies_within(source, found)


@pytest.mark.parametrize(
    ("make", "first", "use"),
    [
        ("concurrent.futures.ProcessPoolExecutor(1)", "pool.submit(int)", "pool.submit(int)"),
        ("multiprocessing.Pool(1)", "None", "pool.apply(int)"),
        ("multiprocessing.Pool(1)", "pool.apply_async(int)", "result.get()"),
    ],
)
def test_a_pool_of_the_parent_is_refused_in_a_child(explored, make, first, use):
    with pytest.raises(
        CannotExplore, match=r"made before the fork.*make a pool in each"
    ) as refused:
        explored(
            f"""
            import concurrent.futures, multiprocessing
            def child():
                {use}
            if __name__ == "__main__":
                with {make} as pool:
                    result = {first}
                    process = multiprocessing.Process(target=child)
                    process.start()
                    process.join()
            """
        )
    assert refused.value.line == 3


@pytest.mark.parametrize("ask", ["done()", "result()"])
def test_a_future_of_the_parent_is_in_a_child_as_it_was(explored, lies_within, ask):
    """Nobody in the child gives it its result."""
    source = f"""
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import Process
        def child(future):
            print(future.{ask})
        if __name__ == "__main__":
            with ProcessPoolExecutor(1) as pool:
                future = pool.submit(int)
                process = Process(target=child, args=[future])
                process.start()
                process.join()
        """
    found = explored(source)
    assert {(each.outcome.stdout, each.outcome.ends) for each in found.outcomes} == {
        "done()": {("True\n", Ends.EXIT), ("False\n", Ends.EXIT), ("", Ends.DEADLOCK)},
        "result()": {("0\n", Ends.EXIT), ("", Ends.DEADLOCK)},
    }[ask]
    assert lies_within(source, found)


def test_what_the_system_keeps_is_not_ordered_against_forks(explored):
    """A queue's thread sends what it has, and another one takes a lock, at no cost."""
    found = explored(
        """
        from multiprocessing import Lock, Process, Queue
        from threading import Thread
        def child(queue):
            print(queue.get())
        def other(lock):
            with lock:
                pass
        if __name__ == "__main__":
            lock, queue = Lock(), Queue()
            thread = Thread(target=other, args=[lock])
            thread.start()
            queue.put(1)
            process = Process(target=child, args=[queue])
            process.start()
            process.join()
            thread.join()
        """
    )
    assert printed(found) == {"1\n"}
    assert found.executions == 1


def test_what_cannot_be_copied_is_refused_by_name(explored):
    with pytest.raises(CannotExplore, match="words, a generator, cannot be copied"):
        explored(
            """
            from multiprocessing import Process
            words = (word for word in "ab")
            def work():
                print(*words)
            if __name__ == "__main__":
                Process(target=work).start()
            """
        )


SENT = """
    from multiprocessing import Pipe, Process
    from threading import Thread
    def show(*things):
        print(*things)
    class Box:
        def __init__(self): self.inner = [0]
        def show(self): print(self.inner)
    def change(things, box):
        things.append(1)
        box.inner = [2]
    if __name__ == "__main__":
        things, box = [], Box()
        reader, writer = Pipe(duplex=False)
        thread = Thread(target=change, args=[things, box])
        thread.start()
        {}
        thread.join()
    """


@pytest.mark.parametrize("method", [StartMethod.SPAWN, StartMethod.FORKSERVER])
@pytest.mark.parametrize(
    ("send", "wanted"),
    [
        ("writer.send({0: things}); print(reader.recv())", {"{0: []}\n", "{0: [1]}\n"}),
        ("p = Process(target=show, args=[things]); p.start(); p.join()", {"[]\n", "[1]\n"}),
        ("p = Process(target=box.show); p.start(); p.join()", {"[0]\n", "[2]\n"}),
    ],
)
def test_what_is_pickled_is_read(explored, lies_within, method, send, wanted):
    found = explored(SENT.format(send), method)
    assert printed(found) == wanted
    assert lies_within(SENT.format(send), found, method)


NAMED = """
    from multiprocessing import Process
    from typing import NamedTuple
    class Point(NamedTuple):
        x: int
    def child():
        print(Point(2))
    if __name__ == "__main__":
        p = Process(target=child)
        p.start()
        p.join()
    """


@pytest.mark.parametrize("method", [StartMethod.FORK, StartMethod.FORKSERVER])
def test_an_error_of_copying_is_none_of_the_programs(explored, monkeypatch, method):
    def fails(*_):
        raise TypeError("cannot be made")

    if method is StartMethod.FORKSERVER and sys.version_info < (3, 13, 8):
        pytest.skip("this Python's fork server reads no program")
    monkeypatch.setattr(MemoryCopier, "copy_memory", fails)
    with pytest.raises(CannotExplore, match=r"cannot be copied .* \(TypeError: cannot be made\)"):
        explored(NAMED, method)


OWN_CLASS = """
    from multiprocessing import Process
    from threading import Thread
    class Counter:
        n = 0
        def add(self):
            self.n += 1
    def child():
        counter = Counter()
        threads = [Thread(target=counter.add) for _ in range(2)]
        for t in threads: t.start()
        for t in threads: t.join()
        print(counter.n)
    if __name__ == "__main__":
        p = Process(target=child)
        p.start()
        p.join()
    """


@pytest.mark.parametrize(
    ("source", "said"),
    [(NAMED, {"Point(x=2)\n"}), (OWN_CLASS, {"1\n", "2\n"})],
    ids=["a named tuple", "a class that threads share"],
)
@pytest.mark.parametrize("method", StartMethod)
def test_a_child_has_the_classes_of_the_program(explored, lies_within, method, source, said):
    """One that reads the program again has classes of its own."""
    found = explored(source, method)
    assert printed(found) == said
    assert lies_within(source, found, method)


TIMED = """
    import time
    from multiprocessing import Process, SimpleQueue
    from typing import NamedTuple
    class Result(NamedTuple):
        n: int
        took: float
    def work(results):
        begin = time.perf_counter()
        results.put(Result(2, time.perf_counter() - begin))
    if __name__ == "__main__":
        results = SimpleQueue()
        p = Process(target=work, args=[results])
        p.start()
        n, took = results.get()
        print(f"{n} in {took:.3f} s")
        p.join()
    """


@pytest.mark.parametrize("method", StartMethod)
def test_a_child_may_put_a_time_into_an_object_of_its_own_class(explored, method):
    assert printed(explored(TIMED, method)) == {"2 in <time> s\n"}


STRUCTURE = """
    from ctypes import Structure, c_double
    from multiprocessing import Process, synchronize
    from multiprocessing.sharedctypes import Array
    class Point(Structure):
        _fields_ = [("x", c_double), ("y", c_double)]
    def child(points, lock: synchronize.Lock | None = None):
        for point in points:
            point.x += 1
    if __name__ == "__main__":
        points = Array(Point, [(1, 2), (3, 4)])
        p = Process(target=child, args=[points])
        p.start()
        p.join()
        print([(point.x, point.y) for point in points])
    """


@pytest.mark.parametrize("method", StartMethod)
def test_a_structure_of_ctypes_is_there_in_a_child(explored, lies_within, method):
    found = explored(STRUCTURE, method)
    assert printed(found) == {"[(2.0, 2.0), (4.0, 4.0)]\n"}
    assert lies_within(STRUCTURE, found, method)


STRUCTURES = """
    from ctypes import Structure, c_int
    from multiprocessing import Process, Value
    from multiprocessing.sharedctypes import RawValue
    class Point(Structure):
        _fields_ = [("x", c_int)]
    class Line(Structure):
        _fields_ = [("begin", Point), ("marks", c_int * 2)]
        def move(self, by):
            self.begin.x += by
    def child(point, line, begin):
        with point.get_lock():
            point.x += 1
        line.move(2)
        line.marks[1] = 3
        begin.x += 4
    if __name__ == "__main__":
        point, line = Value(Point, 1), RawValue(Line)
        p = Process(target=child, args=[point, line, line.begin])
        p.start()
        p.join()
        {then}
    """


def test_a_structure_in_shared_memory_is_the_same_after_a_fork(explored, lies_within):
    source = STRUCTURES.format(then="print(point.x, line.begin.x, list(line.marks))")
    found = explored(source, StartMethod.FORK)
    assert printed(found) == {"2 6 [0, 3]\n"}
    assert lies_within(source, found, StartMethod.FORK)


def test_what_a_structure_has_beside_its_fields_is_refused(explored):
    """Each process has its own, though the memory is the same."""
    with pytest.raises(CannotExplore, match="color is no field of this Line in shared memory"):
        explored(STRUCTURES.format(then="line.color = 1"), StartMethod.FORK)


FORMAT = """
    import struct
    from multiprocessing import Process
    PAIR = struct.Struct("<hh")
    def child():
        print(PAIR.unpack(PAIR.pack(1, 2)))
    if __name__ == "__main__":
        process = Process(target=child)
        process.start(); process.join()
    """


def test_a_format_of_struct_is_there_in_a_child(explored):
    assert printed(explored(FORMAT, StartMethod.FORK)) == {"(1, 2)\n"}


FAILING_BESIDE = """
    import threading
    from multiprocessing import Process
    def fails():
        raise ValueError("no")
    def child():
        pass
    if __name__ == "__main__":
        thread = threading.Thread(target=fails, name="T")
        thread.start()
        process = Process(target=child)
        process.start(); process.join(); thread.join()
    """


def test_a_child_may_have_the_first_words_of_a_thread_that_fails(explored):
    """They wait in the buffer of stderr while the thread is asked for its name, by code in Python.

    Real runs end so too, where that code is given a sleep.
    """
    found = explored(FAILING_BESIDE, StartMethod.FORK)
    texts = {each.outcome.stderr for each in found.outcomes}
    [whole] = {text for text in texts if text.count("Exception in thread") == 1}
    assert whole.startswith("Exception in thread T:\n")
    assert f"{whole}Exception in thread " in texts
    assert f"Exception in thread {whole}" in texts


OF_MAIN_THREAD = """
    import contextvars
    import threading
    from decimal import Decimal, getcontext
    from multiprocessing import Process
    helper = threading.Thread(target=str)
    helper.start()
    helper.join()
    variable = contextvars.ContextVar("variable", default="default")
    variable.set("set")
    getcontext().prec = 4
    local = threading.local()
    local.x = 1
    lock = threading.RLock()
    lock.acquire()
    def child():
        print(variable.get(), Decimal(1) / 3, local.x, lock.acquire(timeout=0.1))
        print(threading.Thread().name, threading.current_thread().name, threading.active_count())
    if __name__ == "__main__":
        p = Process(target=child)
        p.start()
        p.join()
    """


@pytest.mark.parametrize("method", StartMethod)
def test_a_child_has_what_the_thread_has_that_has_read_the_program(explored, lies_within, method):
    """Under forkserver that is one of the fork server, on Pythons whose fork server reads it."""
    found = explored(OF_MAIN_THREAD, method)
    assert printed(found) == {"set 0.3333 1 True\nThread-2 MainThread 1\n"}
    assert lies_within(OF_MAIN_THREAD, found, method)


ENDING = """
    import atexit
    from threading import Event, Thread
    from multiprocessing import Process
    def work():
        pass
    {}
    if __name__ == "__main__":
        p = Process(target=work)
        p.start()
        p.join()
    """
SHOWN_AS_IT_ENDS = {
    "what atexit registers": "atexit.register(print, __name__)",
    "a daemon thread": "Thread(target=Event().wait, daemon=True).start()",
}


@pytest.mark.parametrize("what", SHOWN_AS_IT_ENDS)
def test_what_a_fork_server_does_as_it_ends_is_refused(explored, what):
    source = ENDING.format(SHOWN_AS_IT_ENDS[what])
    if sys.version_info < (3, 13, 8):  # each child reads the program for itself
        assert explored(source, StartMethod.FORKSERVER).complete
        return
    with pytest.raises(CannotExplore, match=f"^.*{what}.* fork server .* under the main guard"):
        explored(source, StartMethod.FORKSERVER)
