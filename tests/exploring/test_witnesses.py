"""Witnesses, listings and graphs: what a reader follows."""

from __future__ import annotations

import ast
import json
import queue
from itertools import permutations
from pathlib import Path

import pytest
from small_programs import IN_TURN

from anyorder.exploring import Step, explore, graph
from anyorder.exploring.search.traces import Blocks, Trace, fewest_switches, switches
from anyorder.exploring.witness.listing import listing

LOST_UPDATE = """\
import threading
n = 0
def work():
    global n
    n += 1
threads = [threading.Thread(target=work) for _ in range(2)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(n)
"""


@pytest.fixture
def lost_update(tmp_path):
    program = tmp_path / "program.py"
    program.write_text(LOST_UPDATE, encoding="utf-8")
    return program


def test_witness_of_a_lost_update(lost_update):
    """It says what each thread did, where, and what came of it."""
    (lost,) = [one for one in explore(lost_update).outcomes if one.outcome.stdout == "1\n"]
    assert [
        (step.thread, step.line, step.column, step.event) for step in lost.witness if step.line == 5
    ] == [
        ("Thread-1 (work)", 5, 5, "reads n: 0"),
        ("Thread-2 (work)", 5, 5, "reads n: 0"),
        ("Thread-2 (work)", 5, 5, "writes n: 1"),
        ("Thread-1 (work)", 5, 5, "writes n: 1"),
    ]
    assert lost.switches == 4
    written = next(step for step in lost.witness if step.event == "writes n: 1")
    assert written.changed == {"n": "1"}
    assert written.waiting == {"MainThread": "Thread-1 (work) to end (line 8)"}
    assert lost.witness[-1].stdout == "1\n"


@pytest.mark.parametrize("view", ["keys", "values", "items"])
def test_a_loop_over_a_view_is_told_by_the_name_of_the_dict_and_each_step_once(tmp_path, view):
    program = tmp_path / "program.py"
    program.write_text(
        "from threading import Thread\nd = {1: 2}\nt = Thread(target=d.clear)\nt.start()\n"
        f"for one in d.{view}(): print(one)\nt.join()\n"
    )
    first = min(explore(program).outcomes, key=lambda each: each.switches)
    told = [step.event for step in first.witness if "go through" in step.event]
    told += [step.event for step in first.witness if "looks for" in step.event]
    assert told[0] == f"begins to go through d.{view}()"
    assert told[1:] == [f"looks for item {each} of d.{view}()" for each in range(len(told) - 1)]


def test_the_same_on_every_run(lost_update):
    """Two explorations say the same, to the letter, save for how long they took."""
    one, other = (explore(lost_update).to_json() for _ in range(2))
    one.pop("seconds")
    other.pop("seconds")
    assert json.dumps(one) == json.dumps(other)


def test_json(lost_update):
    """The object has the fields that the command promises, and no others."""
    found = json.loads(json.dumps(explore(lost_update).to_json()))
    assert list(found) == [
        "program", "complete", "executions", "events", "seconds", "limit", "lines_mix", "bounds",
        "outcomes",
    ]  # fmt: skip
    assert list(found["outcomes"][0]) == [
        "stdout", "stderr", "exit", "ends", "traces", "interleavings", "preemptions", "reachable",
        "reachable_on", "lines_mix", "schedule", "writes", "witness",
    ]  # fmt: skip
    assert list(found["outcomes"][0]["witness"][0]) == [
        "thread", "line", "column", "event", "stdout", "changed", "locks", "waiting", "remembers",
    ]  # fmt: skip


def test_locks_in_a_witness(explored):
    """Each step says which locks are held, by whom, and who waits."""
    found = explored("""
        import threading
        class Account:
            def __init__(self):
                self.lock = threading.Lock()
            def pay(self):
                with self.lock:
                    print("pay")
        account = Account()
        thread = threading.Thread(target=account.pay)
        thread.start()
        account.pay()
    """)
    steps = [step for one in found.outcomes for step in one.witness]
    assert any(step.event == "takes account.lock" for step in steps)
    assert any(step.locks == {"account.lock": "MainThread"} for step in steps)


def test_what_a_thread_remembers(explored):
    """The own variables of a thread's functions, from its event on, and no other thread's."""
    found = explored("""
        import threading
        tickets, log = 1, []
        def one_fewer(number):
            less = number - 1
            log.append(less)
            return less
        def sell(clerk):
            global tickets
            left = tickets
            seen = [left]
            if left > 0:
                tickets = one_fewer(left)
        clerks = [threading.Thread(target=sell, args=[name], name=name) for name in ("Ada", "Ben")]
        for clerk in clerks:
            clerk.start()
    """)
    for one in found.outcomes:
        left = {}
        for step in one.witness:
            if step.event.startswith("reads tickets: "):
                left[step.thread] = step.event.removeprefix("reads tickets: ")
                # it goes on to its next event, and what the caller remembers is there still
                within = {"less": "0"} if left[step.thread] == "1" else {}
                ended = left[step.thread] == "0"
                assert step.remembers == ({} if ended else {"left": "1"} | within)
            if step.event.startswith("calls log.append"):
                assert step.remembers == {"left": "1"}
            if step.thread == "MainThread" or step.event.startswith("writes tickets"):
                assert step.remembers == {}  # it has no functions, or has ended
        assert len(left) == 2
    edges = [edge for node in graph(Path(found.program)).edges for edge in node]
    assert {
        (edge.step.event, str(edge.step.remembers))
        for edge in edges
        if edge.step.event.startswith("reads tickets")
    } == {("reads tickets: 1", "{'left': '1', 'less': '0'}"), ("reads tickets: 0", "{}")}


def test_what_threads_remember_in_a_deadlock(explored):
    """The last step shows it too, whichever thread it is that takes it."""
    found = explored("""
        import threading
        till, stamp = threading.Lock(), threading.Lock()
        def sell(first, second, tickets):
            with first:
                price = 12 * tickets
                with second:
                    price = 0
        for each in ((till, stamp, 1), (stamp, till, 2)):
            threading.Thread(target=sell, args=each, name=f"clerk {each[2]}").start()
    """)
    [stuck] = [each for each in found.outcomes if each.outcome.ends == "deadlock"]
    taken = {
        step.thread: step.remembers for step in stuck.witness if step.event.startswith("takes")
    }
    assert taken == {"clerk 1": {"price": "12"}, "clerk 2": {"price": "24"}}


def test_fewest_switches():
    """The schedule has as few context switches as any of the trace, found by trying them all."""
    # Two threads of three events each; event 3 comes after event 1, and event 2 after event 4.
    threads = (0, 0, 1, 1, 0, 1)
    pasts = (0b1, 0b11, 0b100, 0b1110, 0b11111, 0b101110)
    trace = Trace(threads, pasts, (0,), Blocks(free=0, starts=0b111111))
    ways = [
        order
        for order in permutations(range(6))
        if all(
            {one for one in range(6) if pasts[event] >> one & 1} <= set(order[: place + 1])
            for place, event in enumerate(order)
        )
    ]
    fewest = min(switches([threads[event] for event in order]) for order in ways)
    found = fewest_switches(trace, 100)
    assert found is not None
    assert switches(found) == fewest
    assert fewest_switches(trace, fewest) is None


def test_a_replay_does_not_make_the_code_of_the_program_again(tmp_path, monkeypatch):
    program = tmp_path / "in_turn.py"
    program.write_text(IN_TURN)
    found = explore(program)
    assert found.outcomes[-3].witness

    def refuse(*_args, **_options):
        raise AssertionError("its code is made again")

    monkeypatch.setattr("anyorder.exploring.program.transformed", refuse)
    for each in found.outcomes[-2:]:
        assert "witness" not in vars(each)
        assert each.witness[-1].stdout == each.outcome.stdout
    with pytest.raises(AssertionError, match="made again"):
        explore(program)


def test_listing():
    """A column a thread, and below it who waits for what."""
    steps = [
        Step("main", 1, 1, "takes a", ""),
        Step("other", 22, 1, "takes b", "", waiting={"main": "b (line 2)"}),
    ]
    assert listing(steps) == (
        "line  main     other\n   1  takes a\n  22           takes b\n  main waits for b (line 2)\n"
    )
    assert listing([]) == ""


def test_no_word_of_a_listing_is_cut():
    """Where the columns would be too wide, each event has the name of its thread beside it."""
    steps = [
        Step("main", 1, 1, "prints 'Exception in thread Thread-1 (work):'", ""),
        Step("other", 22, 1, "takes b", "", waiting={"main": "b (line 2)"}),
    ]
    wide = listing(steps, width=60).splitlines()
    assert wide[0].split() == ["line", "main", "other"]
    assert listing(steps, width=59).splitlines() == [
        "line  thread  event",
        "   1  main    prints 'Exception in thread Thread-1 (work):'",
        "  22  other   takes b",
        "  main waits for b (line 2)",
    ]


def test_graph(lost_update):
    """Every way through the graph is an interleaving; it ends at the outcome it is counted for."""
    found, whole = explore(lost_update), graph(lost_update)
    assert whole.reachable_on == tuple(each.reachable_on for each in found.outcomes)
    assert whole.interleavings == tuple(one.interleavings for one in found.outcomes)

    def walk(node, printed):
        if node in whole.ends:
            assert not whole.edges[node]
            assert printed == found.outcomes[whole.ends[node]].outcome.stdout
            return {whole.ends[node]: 1}
        ways = {}
        assert whole.edges[node]
        for edge in whole.edges[node]:
            for outcome, count in walk(edge.to, printed + edge.step.stdout).items():
                ways[outcome] = ways.get(outcome, 0) + count
        return ways

    ways = walk(0, "")
    assert tuple(ways[number] for number in range(len(found.outcomes))) == whole.interleavings
    json.dumps(whole.to_json())


def test_interleavings_of_independent_threads(explored):
    """Two threads that do not meet have one trace, and many interleavings."""
    found = explored("""
        import io, threading
        def work():
            text = io.StringIO()
            print("x", end="", flush=True)
            print("x", end="", flush=True)
        threads = [threading.Thread(target=work) for _ in range(2)]
        thread = threading.Thread(target=work)
        thread.start()
        work()
    """)
    (outcome,) = found.outcomes
    assert (outcome.traces, outcome.interleavings) == (1, 6)


WITH_LOCK = """
    import queue, threading
    lock = threading.Lock()
    changed = threading.Condition()
    ready = threading.Event()
    both = threading.Barrier(2)
    items = queue.Queue(maxsize=1); numbers = iter("ab")
    def work():
        {work}
    ada = threading.Thread(target=work, name="Ada")
    ada.start()
    {main}
    ada.join()
"""


@pytest.mark.parametrize(
    ("work", "main", "sentences"),
    [
        ("pass", "pass", {"starts Ada", "joins Ada"}),
        ("pass", "ada.join(timeout=1)", {"waits a while for Ada to end: the time is up"}),
        ("lock.acquire(); lock.release()", "pass", {"takes lock", "lets go of lock"}),
        (
            "lock.acquire(timeout=1); lock.locked(); lock.acquire(timeout=1)",
            "pass",
            {
                "tries for a while to take lock: gets it", "asks whether lock is taken: yes",
                "tries for a while to take lock: does not get it",
            },
        ),
        ("ready.set()", "ready.wait()", {"sets ready", "waits for ready to be set"}),
        (
            "ready.wait(timeout=1)",
            "ready.is_set()",
            {
                "waits a while for ready to be set: the time is up",
                "asks whether ready is set: no",
            },
        ),
        (
            "changed.acquire(); changed.notify(); changed.release()",
            "changed.acquire(); changed.wait(timeout=1); changed.release()",
            {
                "takes the lock of changed", "begins to wait on changed, and lets go of its lock",
                "stops waiting on changed", "takes the lock of changed again", "notifies changed",
                "lets go of the lock of changed",
            },
        ),
        ("both.wait()", "both.wait()", {"arrives at both", "leaves both"}),
        ("items.put(1)", "items.get()", {"puts 1 into items", "gets 1 from items"}),
        (
            "next(numbers)",
            "next(numbers)",
            {"asks numbers for the next item", "moves numbers on"},
        ),
        (
            "items.put(1); items.put(2, timeout=1)",
            "try: queue.SimpleQueue().get(block=False)\n    except queue.Empty: pass",
            {"finds no room in items for 2", "finds nothing in the queue"},
        ),
        (
            "print('a\\nb')",
            "ready.text = 'x\\ny'; changed.text = ready.text",
            {"prints 'a⏎b'", "prints '⏎'"},
        ),
    ],
)  # fmt: skip
def test_words(explored, work, main, sentences):
    """What each event is called, in one of the witnesses."""
    found = explored(WITH_LOCK.format(work=work, main=main))
    said = {step.event for one in found.outcomes for step in one.witness}
    assert sentences <= said


@pytest.mark.skipif(not hasattr(queue, "ShutDown"), reason="queues are shut down from 3.13 on")
@pytest.mark.parametrize("call", ["items.put(1)", "items.put(1, timeout=1)", "items.get()"])
def test_nothing_is_got_from_a_queue_that_is_shut_down_nor_put_into_it(explored, call):
    main = f"try: {call}\n    except queue.ShutDown: print('shut')"
    found = explored(WITH_LOCK.format(work="items.shutdown()", main=main))
    [shut] = [one.witness for one in found.outcomes if one.outcome.stdout]
    said = {step.event for step in shut}
    assert {"shuts items down", "finds items shut down"} <= said
    assert not any("puts" in words or "gets" in words for words in said)


@pytest.mark.parametrize(
    ("main", "waiting"),
    [
        ("lock.acquire(); lock.acquire()", "lock (line 11), which MainThread already holds"),
        ("changed.acquire(); changed.wait()", "a notification on changed (line 11)"),
        ("ready.wait()", "ready to be set (line 11)"),
        ("both.wait()", "the others at both (line 11)"),
        ("items.get()", "an item in items (line 11)"),
        ("items.put(1); items.put(1)", "room in items (line 11)"),
        ("items.put(1); items.join()", "all items of items to be done (line 11)"),
    ],
)
def test_words_of_waiting(explored, main, waiting):
    """What each thread waits for, where it waits for good."""
    (stuck,) = explored(WITH_LOCK.format(work="pass", main=main)).outcomes
    assert stuck.outcome.ends == "deadlock"
    assert stuck.witness[-1].waiting == {"MainThread": waiting}


def test_a_lock_that_the_library_makes_has_a_name(explored):
    found = explored("""
        import logging
        from concurrent.futures import ThreadPoolExecutor
        logging.basicConfig(format="%(message)s")
        with ThreadPoolExecutor(1) as pool:
            pool.submit(logging.warning, "hello")
    """)
    said = {step.event for one in found.outcomes for step in one.witness}
    assert {
        "takes the lock of pool",
        "takes the lock of concurrent.futures.thread",
        "takes the lock of logging",
    } <= said
    assert not {"takes the lock", "takes the rlock"} & said


def test_words_of_attributes_that_copy_sets(explored):
    """Attributes that an object has already, as its ``__reduce_ex__`` gives it."""
    found = explored("""
    import copy, threading
    class Again:
        def __reduce_ex__(self, protocol):
            return (lambda: one), (), {"number": 1}
    one = Again()
    one.number = 0
    ada = threading.Thread(target=lambda: print(one.number))
    ada.start()
    copy.copy(one)
    ada.join()
    """)
    assert {one.outcome.stdout for one in found.outcomes} == {"0\n", "1\n"}
    assert all(
        "sets attributes of one" in [step.event for step in one.witness] for one in found.outcomes
    )


def test_words_of_what_has_no_name(explored):
    """Threads without an object, and futures in any order, have words of their own."""
    found = explored(
        """\
import _thread
from concurrent.futures import ThreadPoolExecutor, as_completed, wait
_thread.start_new_thread(print, ("a",))
with ThreadPoolExecutor(2) as pool:
    futures = [pool.submit(int) for _ in range(2)]
    wait(futures)
    for one in as_completed(futures): pass
"""
    )
    steps = [step for one in found.outcomes for step in one.witness]
    assert "starts a thread" in {step.event for step in steps}
    waits = {wait for step in steps for wait in step.waiting.values()}
    assert "the futures that are done (line 7)" in waits


def test_an_object_that_fails_to_show_itself_has_words_all_the_same(explored):
    """The words for a step may ask it earlier than the program does, or where that never does."""
    found = explored("""
        import threading
        class Box:
            def __repr__(self): return f"Box({self.v})"
        kept = []
        def work():
            kept.append(Box())
        thread = threading.Thread(target=work)
        thread.start()
        kept.append(None)
        thread.join()
        kept[0] = None
        print(kept)
    """)
    assert found.complete
    said = [step.event for one in found.outcomes for step in one.witness]
    assert any("<Box>" in one for one in said)
    assert {one.outcome.exit for one in found.outcomes} == {0, 1}


def test_no_address_in_a_witness(explored):
    """A value is shown without its address, which is another one in each run."""
    found = explored("""
        import threading
        values = [None]
        def work():
            values[0] = threading.Lock()
        threads = [threading.Thread(target=work) for _ in range(2)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
    """)
    said = [step.event for one in found.outcomes for step in one.witness]
    assert "writes values[0]: <unlocked _thread.lock object>" in said


@pytest.mark.parametrize(
    ("module", "name"), [("threading", "Thread"), ("multiprocessing", "Process")]
)
def test_a_traceback_is_in_a_witness_as_in_its_outcome(explored, module, name):
    """No step says where the library or the program lies on this machine."""
    [found] = explored(f"""
        from {module} import {name}

        def fail():
            raise ValueError("oh")

        if __name__ == "__main__":
            {name}(target=fail).start()
    """).outcomes
    printed = [
        ast.literal_eval(step.event.removeprefix("prints ").removesuffix(" to stderr"))
        for step in found.witness
        if step.event.startswith("prints ")
    ]
    assert "".join(printed) == found.outcome.stderr.replace("\n", "⏎")
    assert '  File "program.py", line 4, in fail⏎' in "".join(printed)
