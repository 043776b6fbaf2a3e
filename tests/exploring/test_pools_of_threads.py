"""The tasks of a pool as threads of their own lose no outcome, and find none that is not there.

The slow version is the library's code as it is, with its workers. Random programs are held against
it; ``ANYORDER_PROGRAMS`` asks for so many programs that nobody has seen before.
"""

from __future__ import annotations

import os
import random
import time
from textwrap import dedent

import pytest

from anyorder.exploring import CannotExplore, explore
from anyorder.exploring.explorer import Explorer
from anyorder.exploring.library.pools import Task

FEW = 60
SEED = 1
MOST = 400  # executions; beyond, what is found must only be among the others

HEADER = """\
import threading, time
from concurrent.futures import ThreadPoolExecutor, as_completed, wait, FIRST_COMPLETED
n = 0
lock, again = threading.Lock(), threading.RLock()
ready = threading.Event()
own = threading.local()
futures = []
def add():
    global n
    n += 1
def say(text):
    print(text, end="")
def fail():
    raise ValueError
"""
# what a task does, and how often
TASK = {
    "pass": 6, "say('a')": 3, "add()": 2, "fail()": 1, "time.sleep(1)": 1, "sum([1, 2])": 2,
    "ready.set()": 1, "ready.wait()": 1, "say(ready.is_set())": 1, "with lock: add()": 1,
    "say(futures[0].result())": 1, "say(futures[-1].done())": 1, "say(n)": 1, "again.acquire()": 1,
    "say(threading.current_thread().name[-1])": 1, "say(hasattr(own, 'x')); own.x = 1": 1,
    "pool.submit(say, 'c')": 1,
}  # fmt: skip
# what the program does once all is submitted
MAIN = {
    "say([f.result() for f in futures])": 3, "say(futures[-1].result())": 2,
    "say([type(f.exception()).__name__ for f in futures])": 2, "say(futures[-1].done())": 1,
    "say(futures[-1].cancel())": 1, "wait(futures)": 1, "say('m')": 1, "ready.set()": 2, "add()": 1,
    "say([futures.index(f) for f in as_completed(futures)])": 1,
    "say(len(wait(futures, return_when=FIRST_COMPLETED).done))": 1,
    "say(list(pool.map(abs, [1])))": 1,
    "futures[0].add_done_callback(lambda f: say('d'))": 1, "pool.shutdown(wait=False)": 1,
    "say(threading.active_count() > 1)": 1, "futures[0].running()": 1,
}  # fmt: skip


class Slow(Explorer):
    """An exploration in which pools have workers."""

    def __init__(self, *args):
        super().__init__(*args)
        self.facts.workers = True


def random_program(chance):
    """Return a program with a pool: short ones, since the slow version is to come to an end."""

    def some(table, count):
        return chance.choices(list(table), list(table.values()), k=count)

    tasks = chance.choice([1, 2, 2, 2, 3])
    text = HEADER
    for number in range(tasks):
        text += f"def task{number}():\n"
        text += "".join(f"    {line}\n" for line in some(TASK, chance.choice([1, 1, 2])))
        text += f"    return {number}\n"
    # a pool that nobody shuts down is, by the interpreter at its end
    pool = f"ThreadPoolExecutor({chance.choice([1, 2, 2, 3])})"
    text += chance.choice([f"with {pool} as pool:\n", f"pool = {pool}\nif True:\n"])
    text += f"    for task in [{', '.join(f'task{number}' for number in range(tasks))}]:\n"
    text += "        futures.append(pool.submit(task))\n"
    text += "".join(f"    {line}\n" for line in some(MAIN, chance.choice([0, 1, 2])))
    return text + "say(n)\n"


def searched(tmp_path, source, explorer=Explorer, most=MOST):
    program = tmp_path / "program.py"
    program.write_text(dedent(source), encoding="utf-8")
    exploring = explorer(program, most, None, 1_000, None)
    return exploring, exploring.search()


def agree(tmp_path, source, most=MOST):
    """Both find the same, as far as both come to an end; return what they found."""
    exploring, found = searched(tmp_path, source, most=most)
    _, slow = searched(tmp_path, source, Slow, most)
    if found.limit is None:
        assert set(slow.numbers) <= set(found.numbers), source
        assert found.redundant == 0, source
    if slow.limit is None:
        assert set(found.numbers) <= set(slow.numbers), source
        assert found.executions <= slow.executions, source
    return exploring, found


def test_agreement(tmp_path):
    new = "ANYORDER_PROGRAMS" in os.environ
    first = int(time.time()) * 1_000 if new else SEED
    for number in range(first, first + int(os.environ.get("ANYORDER_PROGRAMS", FEW))):
        source = random_program(random.Random(number))
        try:
            agree(tmp_path, source)
        except CannotExplore:  # so does the slow version
            with pytest.raises(CannotExplore):
                searched(tmp_path, source, Slow)


def pool_of(workers, tasks, main=""):
    """Return a program with tasks, each as it is submitted, and what it does then."""
    lines = [f"    futures.append(pool.submit({task}))" for task in tasks]
    lines += [f"    {line}" for line in main.splitlines()]
    return "\n".join([HEADER + f"with ThreadPoolExecutor({workers}) as pool:", *lines])


# programs with one outcome, each with the executions that it takes
ONE_OUTCOME = {
    "map": (pool_of(2, [], "print(list(pool.map(abs, range(8))))"), 1),
    "map with a function": (
        pool_of(2, [], "print(list(pool.map(lambda x: [x for _ in range(x)], range(8))))"),
        1,
    ),
    "submit": (pool_of(2, ["abs, 1"] * 8, "print([f.result() for f in futures])"), 1),
    "errors": (pool_of(2, ["fail"] * 8, "for f in futures: f.exception()"), 1),
    "arguments by name": (pool_of(2, ["dict, original=1, self=2, fn=3"] * 2), 1),
    "wait": (pool_of(2, ["abs, 1"] * 8, "print(len(wait(futures).done))"), 1),
    "nobody waits": (HEADER + "pool = ThreadPoolExecutor(2)\npool.map(abs, range(8))\n", 1),
    # whichever of four comes first
    "as_completed": (pool_of(2, ["abs, 1"] * 4, "for f in as_completed(futures): f.result()"), 24),
}


@pytest.mark.parametrize("name", ONE_OUTCOME)
def test_executions_with_one_outcome(tmp_path, name):
    source, executions = ONE_OUTCOME[name]
    _, found = searched(tmp_path, source)
    assert (found.executions, len(found.numbers), found.limit) == (executions, 1, None)


def test_tasks_that_print_are_as_threads_that_print(tmp_path):
    _, found = searched(tmp_path, pool_of(3, ["say, 1", "say, 2", "say, 3"]))
    assert found.executions == len(found.numbers) == 6


def test_a_task_begins_once_there_is_a_worker(tmp_path):
    """The third is not done first, as it would be with three workers."""
    source = pool_of(2, ["say, 1", "say, 2", "say, 3"])
    exploring, found = agree(tmp_path, source, 2_000)
    assert exploring.facts.crowded
    assert {one.stdout for one in found.numbers} == {"123", "132", "213", "231"}


# programs that can tell something, each with what turns out
TELLING = {
    "what a task prints": (["say, 1", "say, 2"], "", {"apart"}),
    "a variable that tasks change": (["add", "add"], "say(n)", {"apart"}),
    "whether one is done": (["abs, 1", "abs, 2"], "say([f.done() for f in futures])", {"apart"}),
    "whether one runs": (["abs, 1"], "say(futures[0].running())", {"apart"}),
    "what is to be cancelled": (["abs, 1"], "say(futures[0].cancel())", {"apart"}),
    "a callback": (["abs, 1"], "futures[0].add_done_callback(lambda f: say(1))", {"apart"}),
    "a repr": (["abs, 1"], "say('running' in repr(futures[0]))", {"apart"}),
    "a time-out": (
        ["abs, 1"],
        "try: futures[0].result(timeout=1)\nexcept TimeoutError: say('t')",
        {"apart"},
    ),
    "the first that is done": (
        ["abs, 1", "abs, 2"],
        "say(futures[0] in wait(futures, return_when=FIRST_COMPLETED).done)",
        {"apart"},
    ),
    "a future of another's": (
        ["lambda: futures[0].cancel()"],
        "say(futures[0].result())",
        {"apart"},
    ),
    "a name": (["lambda: threading.current_thread().name"] * 2, "", {"workers"}),
    "a number": (
        ["threading.get_ident"] * 2,
        "say(futures[0].result() == futures[1].result())",
        {"workers"},
    ),
    "a local": (["setattr, own, 'x', 1", "lambda: say(hasattr(own, 'x'))"], "", {"workers"}),
    "a lock that is kept": (
        ["again.acquire", "lambda: say(again.acquire(False))"],
        "",
        {"workers"},
    ),
    "threads that are counted": (["abs, 1"] * 2, "say(threading.active_count())", {"lists"}),
    "what is cancelled at the end": (
        ["abs, 1"] * 2,
        "pool.shutdown(cancel_futures=True)\nsay([f.cancelled() for f in futures])",
        {"workers"},
    ),
    "what the pool keeps for itself": (["abs, 1"] * 2, "say(len(pool._threads))", {"workers"}),
}


@pytest.mark.parametrize("name", TELLING)
def test_what_can_be_told(tmp_path, name):
    tasks, main, facts = TELLING[name]
    exploring, found = agree(tmp_path, pool_of(1 if "kept" in name else 2, tasks, main), 600)
    assert found.numbers
    known = {fact for fact in ("apart", "workers", "lists") if getattr(exploring.facts, fact)}
    assert facts <= known


def test_a_task_that_leaves_a_context_variable(tmp_path):
    source = """
        import contextvars
        from concurrent.futures import ThreadPoolExecutor
        v = contextvars.ContextVar("v", default=0)
        def task():
            print(v.get(), end="")
            v.set(v.get() + 1)
        with ThreadPoolExecutor(2) as pool:
            pool.submit(task)
            pool.submit(task)
    """
    exploring, found = agree(tmp_path, source, 2_000)
    assert exploring.facts.workers
    assert {one.stdout for one in found.numbers} == {"00", "01"}


def test_a_task_that_submits_while_the_interpreter_ends(tmp_path):
    source = """
        from concurrent.futures import ThreadPoolExecutor
        pool = ThreadPoolExecutor(2)
        def more():
            try:
                pool.submit(print, "more")
            except RuntimeError:
                print("too late")
        pool.submit(more)
    """
    _, found = agree(tmp_path, source)
    assert {one.stdout for one in found.numbers} == {"more\n", "too late\n"}
    first = explore(tmp_path / "program.py").outcomes[0]
    said = [step.event for step in first.witness]
    assert "takes the lock of concurrent.futures.thread" in said


def test_it_would_notice_what_is_not_noticed(tmp_path, monkeypatch):
    source = pool_of(2, ["say, 1", "say, 2"])
    agree(tmp_path, source)
    monkeypatch.setattr(Task, "notice", lambda *_: None)
    with pytest.raises(AssertionError):
        agree(tmp_path, source)


def test_the_order_in_which_futures_are_done_can_be_told(tmp_path):
    """A schedule that swaps two tasks as they come to their results is another trace."""
    program = tmp_path / "program.py"
    program.write_text(
        dedent("""
        from concurrent.futures import ThreadPoolExecutor, as_completed
        def done(future):
            print("d")
        pool = ThreadPoolExecutor(max_workers=2)
        futures = {}
        for number in (2, 3):
            future = pool.submit(abs, number)
            future.add_done_callback(done)
            futures[future] = number
        for future in as_completed(futures):
            print(f"{futures[future]}")
        pool.shutdown()
        """),
        encoding="utf-8",
    )
    found = explore(program, max_executions=200)  # it follows schedules with fewer switches
    shown = {one.outcome.stdout.replace("\n", "") for one in found.outcomes}
    assert shown >= {"2d3d", "3d2d", "d2d3", "d3d2"}
