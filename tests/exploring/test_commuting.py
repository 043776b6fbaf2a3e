"""What commutes in the calls of queues and semaphores, and what does not.

Random programs are held against an independent account of every interleaving, and each trace
against its own claim: whatever order of its events is taken, it can be executed and ends alike.
``ANYORDER_PROGRAMS`` asks for so many programs that nobody has seen before.
"""

from __future__ import annotations

import os
import random
import time
from textwrap import dedent

import account_of_queues
import pytest
from account_of_queues import Setting, outcomes, rendered

from anyorder.exploring import CannotExplore, explore
from anyorder.exploring.explorer import Explorer
from anyorder.exploring.library import queue
from anyorder.exploring.search.graph import Paths

FEW = 80
SEED = 16
MOST_STATES = 20_000
MOST_EXECUTIONS = 400

# how often each comes up: calls that go well together more often
CALLS = {
    "put": 6, "try put": 1, "timed put": 1, "get": 4, "take": 2, "try get": 1, "timed get": 1,
    "done": 3, "join": 1, "size": 1, "empty": 1, "full": 1, "unfinished": 1, "acquire": 2,
    "try acquire": 1, "timed acquire": 1, "release": 2, "say": 1,
}  # fmt: skip


def random_program(chance):
    """Return a setting, and the calls of each thread."""
    setting = Setting(
        chance.choice(["Queue", "Queue", "Queue", "LifoQueue"]),
        chance.choice([0, 0, 1, 2]),
        chance.choice([0, 1, 2]),
    )
    names, weights = list(CALLS), list(CALLS.values())
    threads = []
    for number in range(chance.choice([2, 2, 3])):
        calls = chance.choices(names, weights, k=chance.randint(1, 5 if number < 2 else 3))
        threads.append([(call, chance.randint(1, 2)) for call in calls])
    return setting, threads


def searched(tmp_path, source):
    program = tmp_path / "program.py"
    program.write_text(source, encoding="utf-8")
    explorer = Explorer(program, MOST_EXECUTIONS, None, 1_000, None)
    return explorer, explorer.search()


def any_order(trace, chance):
    """Return the threads of a trace's events in another order that it allows."""
    done, order = 0, []
    while len(order) < len(trace.threads):
        number = chance.choice(
            [
                one
                for one, past in enumerate(trace.pasts)
                if not done >> one & 1 and not past & ~done & ~(1 << one)
            ]
        )
        done |= 1 << number
        order.append(trace.threads[number])
    return order


def orders_end_alike(explorer, found, chance, orders=3):
    """Each trace can be executed in whatever order of its events, and comes to its outcome."""
    known = list(found.numbers)
    for trace in found.traces[:20]:
        for _ in range(orders):
            explorer.replay(any_order(trace, chance), known[trace.outcomes[0]])


def agree(tmp_path, number):
    chance = random.Random(number)
    setting, threads = random_program(chance)
    expected = outcomes(setting, threads, MOST_STATES)
    if expected is None:
        return
    source = rendered(setting, threads)
    explorer, found = searched(tmp_path, source)
    got = {(outcome.stdout, str(outcome.ends)) for outcome in found.numbers}
    assert not [outcome.stderr for outcome in found.numbers if outcome.stderr]
    assert got == expected if found.limit is None else got <= expected, (number, source)
    paths = Paths("program.py", 0)
    assert len({tuple(sorted(paths.names_of(trace))) for trace in found.traces}) == found.executions
    assert found.redundant == 0
    orders_end_alike(explorer, found, chance)


def test_agreement(tmp_path):
    new = "ANYORDER_PROGRAMS" in os.environ
    first = int(time.time()) * 1_000 if new else SEED
    for number in range(first, first + int(os.environ.get("ANYORDER_PROGRAMS", FEW))):
        agree(tmp_path, number)


def test_it_would_notice_a_call_that_does_not_commute(tmp_path, monkeypatch):
    """Were an attempt in vain taken to commute with a ``put``, an outcome would be missing."""
    setting, threads = Setting("Queue", 0, 0), [[("try get", 0)], [("put", 1)]]
    expected = outcomes(setting, threads, 99)
    _, found = searched(tmp_path, rendered(setting, threads))
    assert {(outcome.stdout, str(outcome.ends)) for outcome in found.numbers} == expected
    gets = queue.Lane.gets
    monkeypatch.setattr(
        queue.Lane, "tries_to_get", lambda lane, left, number: gets(lane, number) if left else ()
    )
    _, found = searched(tmp_path, rendered(setting, threads))
    assert {(outcome.stdout, str(outcome.ends)) for outcome in found.numbers} < expected


def test_it_would_notice_orders_that_do_not_end_alike(tmp_path, monkeypatch):
    """Were a ``get`` not to come after its ``put``, some order of a trace could not be executed."""
    monkeypatch.setattr(queue.Lane, "item", lambda *_: ())
    source = rendered(Setting("Queue", 0, 0), [[("put", 1)], [("get", 0)]])
    explorer, found = searched(tmp_path, source)
    with pytest.raises(CannotExplore, match="does not do the same"):
        orders_end_alike(explorer, found, random.Random(SEED), orders=30)


PRODUCER = """
    import queue, threading
    q = queue.Queue({room})
    def consume():
        while q.get() is not None:
            pass
    consumer = threading.Thread(target=consume)
    consumer.start()
    for n in range(30):
        q.put(n)
    q.put(None)
    consumer.join()
    print("done")
"""
PROGRAMS = {
    "a producer and a consumer": (PRODUCER.format(room=""), 1),
    "a producer and a consumer with little room": (PRODUCER.format(room=2), 1),
    "a simple queue": (PRODUCER.format(room="").replace("queue.Queue", "queue.SimpleQueue"), 1),
    "who waits until all items are done": (
        """
        import queue, threading
        q = queue.Queue()
        def consume():
            while True:
                q.get()
                q.task_done()
        threading.Thread(target=consume, daemon=True).start()
        for n in range(10):
            q.put(n)
        q.join()
        print("done")
        """,
        1,
    ),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_executions(tmp_path, name):
    source, executions = PROGRAMS[name]
    _, found = searched(tmp_path, dedent(source))
    assert (found.executions, len(found.numbers), found.limit) == (executions, 1, None)


def test_an_item_of_another_thread_is_done(tmp_path):
    """Then it depends on the order whether ``task_done`` comes too early."""
    threads = [[("put", 1), ("take", 0)], [("done", 0)], [("join", 0), ("say", 0)]]
    setting = Setting("Queue", 0, 0)
    explorer, found = searched(tmp_path, rendered(setting, threads))
    assert explorer.facts.hands_on
    got = {(outcome.stdout, str(outcome.ends)) for outcome in found.numbers}
    assert got == outcomes(setting, threads, 999)
    assert ("V-.\n", "exit") in got


def test_a_callback_of_a_future_that_is_done_is_no_single_step(tmp_path):
    program = tmp_path / "program.py"
    program.write_text(
        dedent(
            """
            import threading
            from concurrent.futures import Future
            future = Future()
            future.set_result(None)
            thread = threading.Thread(target=print, args=("-",), kwargs={"end": ""})
            thread.start()
            def call(_):
                print("a", end="")
                print("b", end="")
            future.add_done_callback(call)
            thread.join()
            """
        ),
        encoding="utf-8",
    )
    assert {one.outcome.stdout for one in explore(program).outcomes} == {"-ab", "a-b", "ab-"}


def test_every_call_is_in_the_account():
    assert set(CALLS) == set(account_of_queues.LINES)
