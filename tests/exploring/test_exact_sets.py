"""Exact outcome sets, each with the least number of executions.

The numbers are those of Mazurkiewicz traces: no search over inequivalent interleavings needs fewer.
"""

from __future__ import annotations

import sys
from itertools import permutations
from math import factorial
from textwrap import dedent

import pytest

from anyorder.exploring import CannotExplore
from anyorder.exploring.accesses.dicts import Dicts
from anyorder.exploring.explorer import Explorer

START_AND_JOIN = """
for thread in threads: thread.start()
for thread in threads: thread.join()
"""

LOST_UPDATE = """\
import threading
n = 0
def work():
    global n
    n += 1
threads = [threading.Thread(target=work) for _ in range({count})]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(n)
"""


def texts(found):
    """Return what is printed, outcome for outcome, by a program that always exits with 0."""
    assert found.complete
    assert all(one.outcome.exit == 0 for one in found.outcomes)
    return sorted(one.outcome.stdout for one in found.outcomes)


def ends(found):
    """Return how the program can end."""
    assert found.complete
    return sorted(str(one.outcome.ends) for one in found.outcomes)


@pytest.mark.parametrize(("count", "traces"), [(2, 4), (3, 36), (4, 576)])
def test_lost_update(explored, count, traces):
    """Any number of updates but all can be lost, in (n!)² inequivalent ways."""
    found = explored(LOST_UPDATE.format(count=count))
    assert sum(one.traces for one in found.outcomes) == traces == factorial(count) ** 2
    assert texts(found) == [f"{left}\n" for left in range(1, count + 1)]


@pytest.mark.parametrize("target", ["items.append", "lambda i: items.append(i)"])
def test_three_appends(explored, target):
    """Appending is atomic: each order of three appends, and nothing else."""
    found = explored(f"""
        import threading
        items = []
        threads = [threading.Thread(target={target}, args=(i,)) for i in range(3)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
        print(items)
    """)
    assert found.executions == factorial(3) == len(texts(found))


def test_two_locks_crossed(explored):
    """Two threads take two locks in opposite orders: three traces, one of them a deadlock."""
    found = explored("""
        from threading import Lock, Thread
        a, b = Lock(), Lock()
        def one():
            with a, b:
                pass
        def two():
            with b, a:
                pass
        threads = [Thread(target=one), Thread(target=two)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
    """)
    assert found.executions == 3
    assert ends(found) == ["deadlock", "exit"]
    (deadlock,) = [one for one in found.outcomes if one.outcome.ends == "deadlock"]
    assert deadlock.traces == 1
    waiting = deadlock.witness[-1].waiting
    assert waiting["Thread-1 (one)"] == "b (line 4)"
    assert waiting["Thread-2 (two)"] == "a (line 7)"


def test_philosophers(explored):
    """Three philosophers: seven traces, one of them the deadlock."""
    found = explored("""
        from threading import Lock, Thread
        forks = [Lock() for _ in range(3)]
        def dine(seat):
            with forks[seat]:
                with forks[(seat + 1) % 3]:
                    pass
        threads = [Thread(target=dine, args=(seat,)) for seat in range(3)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
    """)
    assert found.executions == 7
    assert [one.traces for one in found.outcomes if one.outcome.ends == "deadlock"] == [1]


HELLO = """\
from threading import Thread, current_thread
def say_hello():
    {hello}
print("begin")
thread = Thread(target=say_hello)
thread.start()
say_hello()
thread.join()
print("end")
"""


def test_hello(explored):
    """Four writes each, of which three are equal: 32 traces of 70 interleavings, 28 outputs."""
    found = explored(HELLO.format(hello='print("hello from", current_thread().name)'))
    printed = texts(found)
    assert found.executions == 32
    assert sum(one.interleavings for one in found.outcomes) == 70
    assert len(printed) == 28
    whole = [
        text
        for text in printed
        if sorted(text.splitlines()[1:-1])
        == ["hello from MainThread", "hello from Thread-1 (say_hello)"]
    ]
    assert len(whole) == 2


@pytest.mark.parametrize(
    "hello",
    [
        'print(f"hello from {current_thread().name}\\n", end="")',
        'import sys; sys.stdout.write(f"hello from {current_thread().name}\\n")',
        'print("hello from " + current_thread().name + "\\n", end="", flush=True)',
    ],
)
def test_hello_mended(explored, hello):
    """One write a line: whole lines, in either order."""
    assert texts(explored(HELLO.format(hello=hello))) == [
        "begin\nhello from MainThread\nhello from Thread-1 (say_hello)\nend\n",
        "begin\nhello from Thread-1 (say_hello)\nhello from MainThread\nend\n",
    ]


def test_hello_with_a_lock(explored):
    """A lock around the print: whole lines, in either order, in two executions."""
    program = HELLO.format(hello='with lock: print("hello from", current_thread().name)').replace(
        "print(", "print(", 1
    )
    found = explored("from threading import Lock\nlock = Lock()\n" + program)
    assert found.executions == 2
    assert len(texts(found)) == 2


def test_one_print_of_four_arguments(tmp_path):
    """Eight writes each, of which four are equal: 4,326 traces of 12,870 interleavings."""
    program = tmp_path / "program.py"
    program.write_text(
        "from threading import Thread\n"
        "Thread(target=print, args='abcd').start()\n"
        "print(1, 2, 3, 4)\n",
        encoding="utf-8",
    )
    found = Explorer(program, None, None, 100, None).search()
    assert found.limit is None
    assert found.redundant == 0
    assert found.executions == 4_326


def test_bounded_buffer(explored):
    """A buffer for one item on a Condition hands every item on, in order."""
    found = explored("""
        import threading
        changed = threading.Condition()
        buffer = []
        def produce():
            for item in range(2):
                with changed:
                    while len(buffer) == 1:
                        changed.wait()
                    buffer.append(item)
                    changed.notify_all()
        def consume():
            for _ in range(2):
                with changed:
                    while not buffer:
                        changed.wait()
                    print(buffer.pop())
                    changed.notify_all()
        threads = [threading.Thread(target=produce), threading.Thread(target=consume)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
    """)
    assert texts(found) == ["0\n1\n"]


def test_lost_wakeup(explored):
    """Who is notified before it waits sleeps on: a deadlock is among the outcomes."""
    found = explored("""
        import threading
        changed = threading.Condition()
        def wait():
            with changed:
                changed.wait()
            print("woken")
        thread = threading.Thread(target=wait)
        thread.start()
        with changed:
            changed.notify()
    """)
    assert found.executions == 2
    assert {(one.outcome.stdout, str(one.outcome.ends)) for one in found.outcomes} == {
        ("woken\n", "exit"), ("", "deadlock"),
    }  # fmt: skip


def test_barrier(explored):
    """Nobody passes a barrier before all have come."""
    found = explored("""
        import threading
        both = threading.Barrier(2, action=lambda: print("|", end=""))
        def work(name):
            print(name, end="")
            both.wait()
            print(name.upper(), end="")
        threads = [threading.Thread(target=work, args=(name,)) for name in "ab"]
        for thread in threads: thread.start()
    """)
    assert texts(found) == ["ab|AB", "ab|BA", "ba|AB", "ba|BA"]


def test_barrier_breaks(explored):
    """A barrier that a thread gives up waiting at is broken for all."""
    found = explored("""
        import threading
        both = threading.Barrier(2)
        def work(timeout):
            try:
                both.wait(timeout)
                print("+", end="")
            except threading.BrokenBarrierError:
                print("-", end="")
        threads = [threading.Thread(target=work, args=(time,)) for time in (1, None)]
        for thread in threads: thread.start()
    """)
    assert texts(found) == ["++", "--"]


def test_semaphore(explored):
    """A semaphore of one keeps two threads apart; of two it does not."""
    program = """
        import threading
        free = threading.Semaphore({})
        def work(name):
            with free:
                print(name, end="")
                print(name.upper(), end="")
        threads = [threading.Thread(target=work, args=(name,)) for name in "ab"]
        for thread in threads: thread.start()
    """
    assert texts(explored(program.format(1))) == ["aAbB", "bBaA"]
    apart = ["aAbB", "abAB", "abBA", "baAB", "baBA", "bBaA"]
    assert texts(explored(program.format(2))) == sorted(apart)


def test_bounded_semaphore(explored):
    """One release too many is refused, whichever it is."""
    found = explored("""
        import threading
        free = threading.BoundedSemaphore(1)
        free.acquire()
        threads = [threading.Thread(target=free.release, name=name) for name in "ab"]
        for thread in threads: thread.start()
    """)
    assert sorted(one.outcome.stderr.splitlines()[0] for one in found.outcomes) == [
        "Exception in thread a:", "Exception in thread b:",
    ]  # fmt: skip


def test_event(explored):
    """A thread that waits for an event goes on after it is set, and in one way only."""
    found = explored("""
        import threading
        ready = threading.Event()
        def work():
            ready.wait()
            print("work")
        threading.Thread(target=work).start()
        print("ready")
        ready.set()
    """)
    assert found.executions == 1
    assert texts(found) == ["ready\nwork\n"]


def test_queue(explored):
    """A queue keeps order; one that is full makes its producer wait, and nothing else happens."""
    found = explored("""
        import queue, threading
        items = queue.Queue(maxsize=1)
        def produce():
            for item in (1, 2, None):
                items.put(item)
        threading.Thread(target=produce).start()
        while (item := items.get()) is not None:
            print(item)
    """)
    assert found.executions == 1
    assert texts(found) == ["1\n2\n"]


def test_queue_workers(explored):
    """Two workers share a queue's items in any way; ``join`` waits for both."""
    found = explored("""
        import queue, threading
        items = queue.Queue()
        done = []
        def work(name):
            while True:
                done.append((name, items.get()))
                items.task_done()
        for name in "ab":
            threading.Thread(target=work, args=(name,), daemon=True).start()
        for item in (1, 2): items.put(item)
        items.join()
        print(*sorted(f"{name}{item}" for name, item in done))
    """)
    assert texts(found) == ["a1 a2\n", "a1 b2\n", "a2 b1\n", "b1 b2\n"]


@pytest.mark.parametrize(
    ("kind", "together", "one_by_one"),
    [
        ("Queue", ["1 2 ", "2 1 "], ["1 2 ", "2 1 "]),
        ("LifoQueue", ["1 2 ", "2 1 "], ["1 2 ", "2 1 "]),
        ("PriorityQueue", ["1 2 "], ["1 2 ", "2 1 "]),
        ("SimpleQueue", ["1 2 ", "2 1 "], ["1 2 ", "2 1 "]),
    ],
)
def test_kinds_of_queues(explored, kind, together, one_by_one):
    """Items come out in the queue's own order, of those that are there when they are asked for."""
    program = """
        import queue, threading
        items = queue.{}()
        threads = [threading.Thread(target=items.put, args=(item,)) for item in (1, 2)]
        for thread in threads: thread.start()
        {}
        for _ in range(2): print(items.get(), end=" ")
    """
    joins = "for thread in threads: thread.join()"
    assert texts(explored(program.format(kind, joins))) == together
    assert texts(explored(program.format(kind, ""))) == one_by_one


@pytest.mark.parametrize("setting", ["set", "clear"])
def test_event_with_a_timeout(explored, setting):
    """Waiting a while tells whether the event was set by then."""
    found = explored(f"""
        import threading
        ready = threading.Event()
        threading.Thread(target=ready.{setting}).start()
        print(ready.wait(timeout=1))
    """)
    assert texts(found) == (["False\n", "True\n"] if setting == "set" else ["False\n"])


def test_condition_wait_for(explored):
    """A thread that waits for a state goes on in that state, however often it is notified."""
    found = explored("""
        import threading
        changed, n = threading.Condition(), 0
        def work():
            global n
            with changed:
                n += 1
                changed.notify_all()
        for _ in range(2):
            threading.Thread(target=work).start()
        with changed:
            changed.wait_for(lambda: n == 2)
            print(n)
    """)
    assert texts(found) == ["2\n"]


def test_rlock_keeps_others_out(explored):
    """It is free only once it has been let go of as often as it was taken."""
    found = explored("""
        import threading
        lock = threading.RLock()
        def work():
            print("+" if lock.acquire(blocking=False) else "-", end="")
        lock.acquire()
        lock.acquire()
        lock.release()
        thread = threading.Thread(target=work)
        thread.start()
        print("held ", end="")
        lock.release()
    """)
    assert texts(found) == ["-held ", "held +", "held -"]


def test_futures(explored):
    """A future can be cancelled until its work has begun, and not after that."""
    found = explored("""
        from concurrent.futures import ThreadPoolExecutor
        with ThreadPoolExecutor(max_workers=1) as pool:
            future = pool.submit(pow, 2, 3)
            print(future.cancel(), future.cancelled() or future.result())
    """)
    assert texts(found) == ["False 8\n", "True True\n"]


def test_rlock(explored):
    """Taking an RLock again is nobody else's business: two threads make two traces."""
    found = explored("""
        import threading
        lock = threading.RLock()
        n = 0
        def work():
            global n
            with lock:
                with lock:
                    n += 1
        threads = [threading.Thread(target=work) for _ in range(2)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
        print(n)
    """)
    assert [one.traces for one in found.outcomes] == [2]
    assert texts(found) == ["2\n"]


def test_local(explored):
    """Each thread has values of its own."""
    found = explored("""
        import threading
        own = threading.local()
        def work(value):
            own.value = value
            own.value += 1
            print(own.value, end="")
        threads = [threading.Thread(target=work, args=(value,)) for value in (1, 3)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
        print(hasattr(own, "value"))
    """)
    assert found.executions == 2
    assert texts(found) == ["24False\n", "42False\n"]


def test_pool(explored):
    """A pool's ``map`` gives results in order; either thread may have done either work."""
    found = explored("""
        import threading
        from concurrent.futures import ThreadPoolExecutor
        def work(number):
            return number, threading.current_thread().name[-1]
        with ThreadPoolExecutor(max_workers=2) as pool:
            print(*pool.map(work, "ab"))
    """)
    assert texts(found) == [
        f"('a', '{one}') ('b', '{other}')\n" for one in range(2) for other in range(2)
    ]


def test_as_completed(explored):
    """Results come in the order in which they are ready."""
    found = explored("""
        from concurrent.futures import ThreadPoolExecutor, as_completed
        with ThreadPoolExecutor(max_workers=2) as pool:
            futures = [pool.submit(pow, base, 2) for base in (2, 3)]
            print(*(future.result() for future in as_completed(futures)))
    """)
    assert texts(found) == ["4 9\n", "9 4\n"]


def test_as_completed_gives_up_once_its_time_is_over(explored):
    """It asks whether more than its time is over, and waited on for ever."""
    found = explored("""
        from concurrent.futures import ThreadPoolExecutor, TimeoutError, as_completed
        with ThreadPoolExecutor(2) as pool:
            futures = [pool.submit(abs, -1), pool.submit(abs, -2)]
            seen = []
            try:
                for future in as_completed(futures, timeout=1):
                    seen.append(future.result())
            except TimeoutError:
                seen.append("late")
        print(*seen)
    """)
    assert found.complete
    assert texts(found) == ["1 2\n", "1 late\n", "2 1\n", "2 late\n", "late\n"]


def test_as_completed_of_what_is_done_has_any_order(explored):
    """They come out of a set, whose order depends on where in memory they lie."""
    found = explored("""
        from concurrent.futures import ThreadPoolExecutor, as_completed, wait
        with ThreadPoolExecutor(max_workers=1) as pool:
            futures = [pool.submit(abs, number) for number in range(3)]
            wait(futures)
            print(*(future.result() for future in as_completed(futures)))
    """)
    assert texts(found) == sorted(f"{a} {b} {c}\n" for a, b, c in permutations(range(3)))


def test_unread_exception(explored):
    """An exception that nobody asks a future for is silent."""
    found = explored("""
        from concurrent.futures import ThreadPoolExecutor
        with ThreadPoolExecutor(max_workers=1) as pool:
            pool.submit(int, "x")
        print("end")
    """)
    assert [one.outcome.stderr for one in found.outcomes] == [""]


@pytest.mark.parametrize("how", ["blocking=False", "timeout=1"])
def test_try_lock(explored, how):
    """To try a lock, and to wait for it a while, can succeed or fail while another one has it."""
    found = explored(f"""
        import threading
        lock = threading.Lock()
        def work():
            if lock.acquire({how}):
                lock.release()
                print("+", end="")
            else:
                print("-", end="")
        threads = [threading.Thread(target=work) for _ in range(2)]
        for thread in threads: thread.start()
    """)
    assert texts(found) == ["++", "+-", "-+"]


def test_shared_generator(explored):
    """A generator that two threads ask at once says that it is executing already."""
    found = explored("""
        import threading
        def count():
            yield 1
            yield 2
        numbers = count()
        got = []
        def work():
            try:
                got.append(next(numbers))
            except ValueError as error:
                got.append(str(error))
        threads = [threading.Thread(target=work) for _ in range(2)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
        print(*sorted(map(str, got)))
    """)
    assert texts(found) == ["1 2\n", "1 generator already executing\n"]


def test_shared_iterator(explored):
    """Nobody gets an item twice, save without a GIL: no Python promises anything there."""
    found = explored("""
        import itertools, threading
        numbers = itertools.count()
        got = []
        threads = [threading.Thread(target=lambda: got.append(next(numbers))) for _ in range(2)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
        print(sorted(got))
    """)
    assert texts(found) == ["[0, 0]\n", "[0, 1]\n"]
    assert [one.reachable["pipe"] for one in found.outcomes] == [True, False]


# -- programs with published numbers of traces ----------------------------------------------------

READERS = (
    """\
import threading
x = 0
def write():
    global x
    x = 1
def read():
    x
threads = [threading.Thread(target=write)] + [threading.Thread(target=read) for _ in range({n})]
"""
    + START_AND_JOIN
)

WRITERS = (
    """\
import threading
x = 0
def write(value):
    global x
    x = value
threads = [threading.Thread(target=write, args=(i,)) for i in range({n})]
"""
    + START_AND_JOIN
)

LASTZERO = (
    """\
import threading
array = [0] * ({n} + 1)
def search():
    i = {n}
    while array[i] != 0:
        i -= 1
def work(j):
    array[j] = array[j - 1] + 1
threads = [threading.Thread(target=search)]
threads += [threading.Thread(target=work, args=(j,)) for j in range(1, {n} + 1)]
"""
    + START_AND_JOIN
)

INDEXER = (
    """\
import threading
table = [0] * 128
locks = [threading.Lock() for _ in range(128)]
def work(tid):
    m = 0
    while m < 4:
        m += 1
        w = m * 11 + tid
        h = (w * 7) % 128
        while True:
            locks[h].acquire()
            if table[h] == 0:
                table[h] = w
                locks[h].release()
                break
            locks[h].release()
            h = (h + 1) % 128
threads = [threading.Thread(target=work, args=(tid,)) for tid in range({n})]
"""
    + START_AND_JOIN
)

FILESYSTEM = (
    """\
import threading
inodes, blocks = 32, 26
locki = [threading.Lock() for _ in range(inodes)]
lockb = [threading.Lock() for _ in range(blocks)]
inode = [0] * inodes
busy = [False] * blocks
def work(tid):
    i = tid % inodes
    with locki[i]:
        if inode[i] == 0:
            b = (i * 2) % blocks
            while True:
                with lockb[b]:
                    if not busy[b]:
                        busy[b] = True
                        inode[i] = b + 1
                        break
                b = (b + 1) % blocks
threads = [threading.Thread(target=work, args=(tid,)) for tid in range({n})]
"""
    + START_AND_JOIN
)


@pytest.mark.parametrize(
    ("program", "n", "traces"),
    [
        # readers(n) and writers(n) are the small examples of Abdulla, Aronis, Jonsson and Sagonas,
        # "Optimal dynamic partial order reduction", POPL 2014, and of the tool Concuerror.
        (READERS, 2, 2**2),
        (READERS, 3, 2**3),
        (READERS, 5, 2**5),
        (WRITERS, 3, factorial(3)),
        (WRITERS, 4, factorial(4)),
        # lastzero(n): the same paper, table 2: 64 traces for 5, growing to 3,328 for 10.
        (LASTZERO, 5, 64),
        # indexer(n) and filesystem(n): Flanagan and Godefroid, "Dynamic partial-order reduction for
        # model checking software", POPL 2005. The first eleven, and the first thirteen, threads do
        # not meet: one trace. The numbers for more are in the table of the paper above: 8 for
        # indexer(12), and 2, 8, 32 and 64 for filesystem(14), (16), (18) and (19).
        (INDEXER, 11, 1),
        (INDEXER, 12, 8),
        (FILESYSTEM, 13, 1),
        (FILESYSTEM, 14, 2),
        (FILESYSTEM, 16, 8),
        (FILESYSTEM, 18, 32),
        (FILESYSTEM, 19, 64),
    ],
)
def test_published_numbers(explored, program, n, traces):
    """As many traces, and as many executions where no threads are alike, as the readers are."""
    found = explored(program.format(n=n))
    assert found.complete
    assert sum(one.traces for one in found.outcomes) == traces
    assert found.executions == (n + 1 if program == READERS else traces)


@pytest.mark.parametrize("how", ["print('a', 'b', file=memory)", "print('a', 'b')"])
def test_printing_into_memory(explored, how):
    """A print into a StringIO is as many writes as one to the screen."""
    found = explored(f"""
        import contextlib, io, threading
        memory = io.StringIO()
        def show():
            {how}
        with contextlib.redirect_stdout(memory):
            threads = [threading.Thread(target=show) for _ in range(2)]
            for thread in threads: thread.start()
            for thread in threads: thread.join()
        print(memory.getvalue(), end="")
    """)
    screen = explored("""
        import threading
        threads = [threading.Thread(target=print, args=("a", "b")) for _ in range(2)]
        for thread in threads: thread.start()
    """)
    assert len(screen.outcomes) > 1
    assert {one.outcome for one in found.outcomes} == {one.outcome for one in screen.outcomes}


@pytest.mark.parametrize(
    ("changes", "shown", "said"),
    [
        ("del box.v", "hasattr(copy.copy(box), 'v')", {"True", "False"}),
        ("box.w = 2", "hasattr(copy.copy(box), 'w')", {"True", "False"}),
        ("names.w = 2", "names", {"namespace(v=1)", "namespace(v=1, w=2)"}),
        ("del names.v", "names == types.SimpleNamespace(v=1)", {"True", "False"}),
    ],
)
def test_what_reads_all_attributes_finds_one_that_comes_or_goes(explored, changes, shown, said):
    found = explored(
        f"""
        import copy, threading, types

        class Box:
            pass

        box, names = Box(), types.SimpleNamespace(v=1)
        box.v = 1

        def job():
            {changes}

        thread = threading.Thread(target=job)
        thread.start()
        print({shown})
        """
    )
    assert found.complete
    assert {one.outcome.stdout.strip() for one in found.outcomes} == said


def test_interleavings_where_a_thread_never_goes_on(tmp_path):
    """A thread may do something in one trace and nothing in another: each schedule counts once."""
    program = tmp_path / "program.py"
    program.write_text(
        dedent("""
            from threading import Semaphore, Thread
            one_at_a_time = Semaphore(1)
            def borrow():
                one_at_a_time.acquire()
                one_at_a_time.release()
            def keep():
                one_at_a_time.acquire()
            for target in [borrow, keep, lambda: print("")]:
                Thread(target=target).start()
        """),
        encoding="utf-8",
    )
    found = Explorer(program, None, None, 100, None).search()
    assert len({frozenset(trace.threads) for trace in found.traces}) > 1

    def schedules(trace, done=0):
        """Count the orders in which the rest of a trace can happen, one by one."""
        bits = [1 << number for number in range(len(trace.threads))]
        left = [bit for bit in bits if not done & bit]
        return sum(
            schedules(trace, done | bit)
            for bit in left
            if not trace.pasts[bit.bit_length() - 1] & ~done & ~bit
        ) or int(not left)

    assert sum(found.interleavings()) == sum(schedules(trace) for trace in found.traces)


@pytest.mark.parametrize(
    ("begin", "end"),
    [("work()", "deadlock"), ("threading.Thread(target=work, daemon=True).start()", "exit")],
)
def test_a_manager_that_a_deadlock_or_a_daemon_leaves_halfway(explored, begin, end):
    """It does not end, and so says nothing."""
    found = explored(f"""
        import contextlib, threading
        lock = threading.Lock()
        @contextlib.contextmanager
        def locked():
            lock.acquire()
            try:
                yield
            finally:
                print("left")
                lock.release()
        def work():
            with locked():
                lock.acquire()
        {begin}
    """)
    assert ends(found) == [end]
    assert [one.outcome.stdout for one in found.outcomes] == [""]


# what a class has in the place of an attribute, and says nothing of how that is set
BY_CLASS = {
    "a method": "def value(self): pass",
    "a static method": "@staticmethod\n    def value(): pass",
    "a descriptor of the program's": "value = Told()",
    "a partial method": "value = functools.partialmethod(print)",
}


@pytest.mark.parametrize("change", ["box.value = 'own'", "setattr(box, 'value', 'own')"])
@pytest.mark.parametrize("name", BY_CLASS)
def test_an_attribute_in_the_place_of_what_its_class_has(explored, name, change):
    found = explored(f"""
        import functools, threading
        class Told:
            def __get__(self, thing, owner=None): return len
        class Box:
            {BY_CLASS[name].replace(chr(10) + "    ", chr(10) + " " * 12)}
        box = Box()
        def work(): {change}
        thread = threading.Thread(target=work)
        thread.start()
        print(callable(box.value))
        thread.join()
    """)
    assert texts(found) == ["False\n", "True\n"]


def test_a_descriptor_that_puts_what_it_makes_in_its_place(explored):
    """Its code is run by the program alone, and not once more for the words of a step."""
    found = explored("""
        import threading
        class Lazy:
            def __init__(self, make): self.make = make
            def __get__(self, thing, owner=None):
                value = self.make(thing)
                setattr(thing, self.make.__name__, value)
                return value
        class Box:
            @Lazy
            def value(self): return "made"
        box = Box()
        thread = threading.Thread(target=lambda: setattr(box, "value", "set"))
        thread.start()
        print(box.value, end=" ")
        thread.join()
        print(box.value)
    """)
    assert texts(found) == ["made made\n", "made set\n", "set set\n"]
    assert {
        step.event for one in found.outcomes for step in one.witness if "reads box" in step.event
    } == {"reads box.value", "reads box.value: 'made'", "reads box.value: 'set'"}


CACHED = """
    import threading
    from functools import cached_property
    class Box:
        @cached_property
        def value(self):
            made.append(1)
            return len(made)
    made = []
    box = Box()
    thread = threading.Thread(target=lambda: box.value)
    thread.start()
    first = box.value
    thread.join()
    print(first, box.value, len(made))
"""


def test_a_cached_property_has_a_lock_up_to_python_3_11(explored):
    """Its code is the library's own: from 3.12 on it may be filled twice, and by either thread."""
    once = ["1 1 1\n"]
    twice = ["1 1 1\n", "1 1 2\n", "1 2 2\n", "2 1 2\n", "2 2 2\n"]
    found = texts(explored(CACHED))
    assert found == (once if sys.version_info < (3, 12) else twice)


KEYED = """
    import enum, threading
    class Box:
        def m(self): pass
    class Color(enum.Enum):
        RED = 1
    class Single(type):
        def __call__(cls): return super().__call__()
    class Only(metaclass=Single): pass
    box, lock, made, count = Box(), threading.Lock(), {{}}, 0
    def work():
        global count
        if {key} not in made:
            made[{key}] = 1
            with lock: count += 1
    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    print(count, len(made))
"""


@pytest.mark.parametrize(
    "key",
    [
        "'text'", "box", "Box", "Only", "work", "box.m", "len", "int", "Color.RED", "lock",
        "(Box, 1)", "(box, (1, 2))", "frozenset([box])", "threads[0]", "None",
    ],
)  # fmt: skip
def test_a_key_is_the_same_in_each_execution(explored, key):
    """Whatever it is, the dict may be filled by both threads, or by one."""
    assert texts(explored(KEYED.format(key=key))) == ["1 1\n", "2 1\n"]


def test_a_search_that_never_knows_enough_is_refused(explored, monkeypatch):
    """A key that is called by itself is another one each time."""
    monkeypatch.setattr(Dicts, "named_key", lambda _, key: key)
    with pytest.raises(CannotExplore, match="does not do the same each time"):
        explored(KEYED.format(key="box"))


def test_a_key_with_a_hash_of_its_own_is_refused(explored):
    with pytest.raises(CannotExplore, match="a key of Odd runs code of the program"):
        explored("""
            import threading
            class Odd:
                def __hash__(self): return 1
            odd, made = Odd(), {}
            def work(): made[odd] = 1
            threads = [threading.Thread(target=work) for _ in range(2)]
            for thread in threads: thread.start()
        """)


BEFORE_OR_AFTER = """
    import collections, io, threading
    from typing import NamedTuple
    class Local(threading.local):
        n = 0
    class Pair(NamedTuple):
        x: int
        def f(self): return 0
    local, pair, file = Local(), Pair(1), io.TextIOWrapper(io.BytesIO(b"a"))
    counter, ordered = collections.Counter(), collections.OrderedDict()
    text = io.StringIO("a\\nb\\n")
    def work(): {change}
    thread = threading.Thread(target=work)
    thread.start()
    print({asks})
    thread.join()
"""


@pytest.mark.parametrize(
    ("change", "asks", "said"),
    [
        ("Local.n = 1", "local.n", {"0", "1"}),
        ("Pair.f = lambda self: 1", "pair.f()", {"0", "1"}),
        ("next(text)", "text.read().count('a')", {"0", "1"}),
        ("text.readline()", "next(text)[0]", {"a", "b"}),
        ("text.x = 1", "hasattr(text, 'x')", {"False", "True"}),
        ("counter.x = 1", "hasattr(counter, 'x')", {"False", "True"}),
        ("ordered.x = 1", "hasattr(ordered, 'x')", {"False", "True"}),
    ],
)
def test_what_is_easily_passed_by(explored, change, asks, said):
    found = explored(BEFORE_OR_AFTER.format(change=change, asks=asks))
    assert found.complete
    assert {one.outcome.stdout.strip() for one in found.outcomes} == said


@pytest.mark.parametrize(
    ("change", "asks", "why"),
    [
        ("counter['a'] = 1", "counter.keys().mapping", "mapping of a view shows a dict that"),
        ("file.read()", "next(file)", "threads share an object of TextIOWrapper"),
    ],
)
def test_what_shows_another_unseen(explored, change, asks, why):
    source = BEFORE_OR_AFTER.format(change=change, asks=asks)
    with pytest.raises(CannotExplore, match=why):
        explored(source)


TAKEN_OVER = """
import threading
from collections import OrderedDict
from collections.abc import Mapping
class Keyed:
    def __init__(self, value): self.value = value
    def keys(self): return ["a", "b"]
    def __getitem__(self, key): return self.value
class Mapped(Mapping):
    def __init__(self, value): self.value = value
    def __iter__(self): return iter("ab")
    def __len__(self): return 2
    def __getitem__(self, key): return self.value
class Gone(dict):
    def __iter__(self): return super().__iter__()
    def keys(self): return ["a", "b"]
class Pair:
    def __init__(self, key, value): self.pair = key, value
    def __iter__(self): return iter(self.pair)
def several(value):
    yield "a", value
    yield "b", value
d = {dict}
def take(value):
    global d
    {takes}
threads = [threading.Thread(target=take, args=(value,)) for value in (1, 2)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(d["a"], d["b"])
"""
WHOLE, MIXED = {"1 1", "2 2"}, {"1 1", "1 2", "2 1", "2 2"}


@pytest.mark.parametrize(
    ("takes", "said"),
    [
        ("d.update(Keyed(value))", MIXED),
        ("d |= Keyed(value)", MIXED),
        ("d.update(Mapped(value))", MIXED),
        ("d.update(Gone(a=value, b=value))", MIXED),
        ("d.update([Pair('a', value), Pair('b', value)])", MIXED),
        ("d |= [Pair('a', value), Pair('b', value)]", MIXED),
        ("d.update(several(value))", MIXED),
        ("d |= several(value)", MIXED),
        ("d.update({**Keyed(value)})", WHOLE),
        ("d.update(dict(Keyed(value)))", WHOLE),
        ("d.update([('a', value), ['b', value]])", WHOLE),
        ("d |= OrderedDict(a=value, b=value)", WHOLE),
    ],
)
@pytest.mark.parametrize("kind", ["{}", "OrderedDict()"])
def test_what_a_dict_asks_as_it_takes_over_items(explored, takes, said, kind):
    """Between two items that it takes over, code of the program's own lets others come in."""
    found = explored(TAKEN_OVER.format(dict=kind, takes=takes))
    assert found.complete
    assert {one.outcome.stdout.strip() for one in found.outcomes} == said
    assert all(one.witness for one in found.outcomes)


def test_a_subclass_that_is_gone_through_as_any_dict_is_taken_over_at_once(explored):
    source = TAKEN_OVER.replace("    def __iter__(self): return super().__iter__()\n", "")
    source = source.format(dict="{}", takes="d.update(Gone(a=value, b=value))")
    assert texts(explored(source)) == ["1 1\n", "2 2\n"]
