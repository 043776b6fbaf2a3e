"""What programs are made of works on the simulated machine as it does in life."""

from __future__ import annotations

import subprocess
import sys
from textwrap import dedent

import pytest

from anyorder.exploring import explore
from anyorder.outcomes import Outcome
from anyorder.outcomes.tracebacks import normalised

ONE_OUTCOME = {
    "data classes": """
        from dataclasses import dataclass, field
        @dataclass(order=True)
        class Account:
            balance: int
            log: list[str] = field(default_factory=list)
            def pay(self, amount: int) -> None:
                self.balance -= amount
                self.log.append(f"{amount:>4}")
        a = Account(10)
        a.pay(3)
        print(a, a < Account(9))
    """,
    "a default that is stored meanwhile": """
        from collections import defaultdict
        def make():
            d["key"] = "meanwhile"
            return "made"
        d = defaultdict(make)
        print(d["key"], dict(d))
    """,
    "a default that a class makes by itself": """
        from collections import defaultdict
        class Own(defaultdict):
            def __missing__(self, key):
                print("asked for", key)
                return super().__missing__(key)
        d, e = Own(list), Own(lambda: 1)
        d["key"].append(1)
        e["key"] += 1
        print(d, dict(e), d.__missing__("key"), e.__missing__("key"))
        try: Own()["key"]
        except KeyError as error: print(repr(error))
    """,
    "private names and slots": """
        class Box:
            __slots__ = ("__value", "other")
            def __init__(self, value): self.__value = self.other = value
            def get(self): return self.__value
        box = Box(3)
        box.other += 1
        print(box.get(), box.other)
        try: box.missing
        except AttributeError as error: print(error)
    """,
    "targets": """
        class Thing: pass
        thing, values = Thing(), [0, 0, 0]
        (thing.a, values[0]), *values[1:] = (1, 2), 3, 4
        for thing.b in range(3): pass
        for values[0] in "xy": pass
        x = y = thing.c = 5
        del values[1], thing.b
        values[-1] *= 2
        print(vars_of := (thing.a, thing.c, values, x, y), hasattr(thing, "b"))
    """,
    "scopes": """
        x = 1
        def outer():
            x = 2
            def inner():
                nonlocal x
                x += 1
                return [x + y for y in range(2)]
            return inner() + [x]
        class Shape:
            x = 3
            sides = [x for _ in range(2)]
        print(outer(), Shape.sides, (lambda a=x: a + x)(), {k: v for k, v in zip("ab", [1, 2])})
    """,
    "generators and context managers": """
        from contextlib import contextmanager, suppress
        def numbers():
            got = yield 1
            print("got", got)
            yield from (2, 3)
            return 4
        g = numbers()
        print(next(g), g.send("x"), list(g), next(g, None))
        @contextmanager
        def within(name):
            print("in", name)
            try: yield name.upper()
            finally: print("out")
        with within("a") as a, suppress(KeyError): {}[a]
        print(sum(n * n for n in range(4)), max([3, 1]), sorted({2, 1}))
    """,
    "containers": """
        from collections import Counter, OrderedDict, defaultdict, deque
        d = defaultdict(list)
        d["a"].append(1)
        c = Counter("aab")
        c["b"] += 2
        q = deque([1, 2], maxlen=2)
        q.append(3)
        words = ["x", "y"]
        words.sort(reverse=True)
        words += ["z"]
        print(dict(d), c.most_common(), q, words, words.index("y"), "z" in words, words[::-1])
        print([*words], {**d}, list(enumerate(words)), ",".join(words), len(q), bool(q), not words)
        print(d.setdefault("b", 5), d.pop("b"), sorted(d.items()), OrderedDict(a=1))
        print(words == list(words))
    """,
    "exceptions": """
        def f(n):
            try:
                return 1 / n
            except ZeroDivisionError as error:
                raise ValueError("f") from error
            finally:
                print("finally")
        try: f(0)
        except ValueError as error: print(repr(error), repr(error.__cause__))
        def deep(n): return deep(n + 1)
        try: deep(0)
        except RecursionError: print("deep")
        undefined
    """,
    "printing": """
        import io, sys
        print()
        print("a", 1, None, sep="-", end="!\\n", flush=True)
        print("to a text", file=(text := io.StringIO()))
        sys.stdout.write(repr(text.getvalue()) + "\\n")
        sys.stdout.writelines(["x", "y\\n"])
        print(f"{3.14159:.2f} {'q'!r} {[1, 2]}", "%d" % 3, file=sys.stdout)
        print("error", file=sys.stderr)
    """,
    "functions": """
        import functools, itertools, math, operator
        @functools.cache
        def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)
        @functools.wraps(fib)
        def wrapped(*args, **kwargs): return fib(*args, **kwargs)
        print(fib(20), wrapped.__name__, functools.reduce(operator.add, range(5)), math.comb(4, 2))
        print(list(itertools.islice(itertools.count(5), 3)), list(map(str, range(3))))
        print(functools.partial(pow, 2)(5), getattr(wrapped, "nothing", "default"))
    """,
    "loops": """
        n = 0
        while True:
            n += 1
            if n % 2: continue
            if n > 6: break
        else:
            print("never")
        for n in range(3): pass
        else: print("else", n)
        match n:
            case 1: print("one")
            case 2 | 3: print("two")
    """,
    "logging": """
        import logging
        logging.basicConfig(format="%(levelname)s %(threadName)s %(message)s", level=logging.INFO)
        logging.info("a %d", 1)
        logging.getLogger("x").warning("b")
        logging.debug("not shown")
    """,
    "random numbers with a seed": """
        import random
        random.seed(1)
        print(random.randint(1, 6), random.choice("abc"), random.Random(2).random())
    """,
    "guard and main": """
        import sys
        def main() -> int:
            print(__name__, len(sys.argv))
            return 4
        if __name__ == "__main__":
            sys.exit(main())
    """,
    "thread objects": """
        import threading
        class Worker(threading.Thread):
            def run(self): self.result = self.name
        w = Worker(name="w")
        print(w.is_alive(), w.daemon, threading.current_thread() is threading.main_thread())
        w.start(); w.join()
        print(w.result, w.is_alive(), threading.active_count())
        try: w.start()
        except RuntimeError as error: print(error)
        print(threading.Thread(target=len).name, threading.Lock().locked())
    """,
}  # fmt: skip


@pytest.mark.parametrize("name", ONE_OUTCOME)
def test_like_a_real_run(tmp_path, name):
    """A program without a race has one outcome: what a real run of this Python comes to."""
    program = tmp_path / "program.py"
    program.write_text(dedent(ONE_OUTCOME[name]).lstrip(), encoding="utf-8")
    run = subprocess.run(
        [sys.executable, str(program)], capture_output=True, text=True, timeout=600, check=False
    )
    real = Outcome(run.stdout, normalised(run.stderr, str(program)), run.returncode)
    found = explore(program)
    assert [one.outcome for one in found.outcomes] == [real]
    assert (found.complete, found.executions) == (True, 1)


SEVERAL = {
    "dict": (
        """
        counts = {"a": 0}
        def work():
            counts["a"] = counts.get("a") + 1
        """,
        "counts", {"{'a': 1}\n", "{'a': 2}\n"},
    ),
    "a call between": (
        """
        n = 0
        def one(): return 1
        def work():
            global n
            n += one()
        """,
        "n", {"1\n", "2\n"},
    ),
    "attribute": (
        """
        class Counter:
            n = 0
        counter = Counter()
        def work():
            counter.n += 1
        """,
        "counter.n", {"1\n", "2\n"},
    ),
    "class attribute": (
        """
        class Counter:
            n = 0
            def count(self):
                Counter.n = self.n + 1
        def work():
            Counter().count()
        """,
        "Counter.n", {"1\n", "2\n"},
    ),
    "function attribute": (
        """
        def work():
            work.n += 1
        work.n = 0
        """,
        "work.n", {"1\n", "2\n"},
    ),
    "check, then act": (
        """
        stock = [1]
        sold = 0
        def work():
            global sold
            if stock[0] > 0:
                stock[0] -= 1
        """,
        "stock", {"[0]\n", "[-1]\n"},
    ),
    "setdefault": (
        """
        owners = {}
        def work():
            owners.setdefault("x", []).append(1)
        """,
        "owners", {"{'x': [1, 1]}\n"},
    ),
    "nested containers": (
        """
        table = {"rows": [[0]]}
        def work():
            table["rows"][0][0] += 1
        """,
        "table", {"{'rows': [[1]]}\n", "{'rows': [[2]]}\n"},
    ),
    "text buffer": (
        """
        import io
        text = io.StringIO()
        def work():
            print("a", 1, file=text)
        """,
        "len(text.getvalue())", {"8\n"},
    ),
    "cache": (
        """
        import functools
        calls = []
        @functools.cache
        def load():
            calls.append(1)
        def work():
            load()
        """,
        "len(calls)", {"1\n", "2\n"},
    ),
    "sort": (
        """
        items = [2, 1]
        seen = set()
        def work():
            seen.add(len(items))
            items.sort()
        """,
        "len(seen)", {"1\n", "2\n"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SEVERAL)
def test_two_threads(explored, name):
    """What two threads that both call ``work`` can leave behind."""
    body, shown, expected = SEVERAL[name]
    found = explored(
        f"{dedent(body)}\nimport threading\n"
        "threads = [threading.Thread(target=work) for _ in range(2)]\n"
        "for thread in threads: thread.start()\nfor thread in threads: thread.join()\n"
        f"print({shown})\n"
    )
    assert found.complete
    assert {one.outcome.stdout for one in found.outcomes if not one.outcome.stderr} == expected


def test_variable_of_a_function(explored):
    """A cell that two inner functions share is shared."""
    found = explored("""
        import threading
        def main():
            n = 0
            def work():
                nonlocal n
                n += 1
            threads = [threading.Thread(target=work) for _ in range(2)]
            for thread in threads: thread.start()
            for thread in threads: thread.join()
            print(n)
        main()
    """)
    assert {one.outcome.stdout for one in found.outcomes} == {"1\n", "2\n"}


def test_late_binding(explored):
    """A lambda sees the loop's variable when it runs, not when it is made."""
    found = explored("""
        import threading
        for i in range(2):
            threading.Thread(target=lambda: print(i, end="")).start()
    """)
    assert {one.outcome.stdout for one in found.outcomes} == {"01", "10", "11"}


def test_iteration_while_another_thread_changes(explored):
    """A list grows under a loop; a dict that does is refused by Python itself."""
    program = """
        import threading
        items = {}
        thread = threading.Thread(target=lambda: items.{})
        thread.start()
        for item in items: print(item, end="")
        thread.join()
    """
    listed = explored(program.format("[1]", "append(2)"))
    assert {one.outcome.stdout for one in listed.outcomes} == {"1", "12"}
    mapped = explored(program.format("{1: 1}", "update({2: 2})"))
    assert {(one.outcome.stdout, one.outcome.exit) for one in mapped.outcomes} == {
        ("1", 0), ("12", 0), ("1", 1), ("", 1),
    }  # fmt: skip


def test_logging_from_threads(explored):
    """Each record is one write: lines stay whole, in any order."""
    found = explored("""
        import logging, threading
        logging.basicConfig(format="%(threadName)s %(message)s")
        for name in "ab":
            threading.Thread(target=logging.warning, args=("hi",), name=name).start()
    """)
    assert {one.outcome.stderr for one in found.outcomes} == {"a hi\nb hi\n", "b hi\na hi\n"}


def test_executions_do_not_leak(explored):
    """Names of threads, module state and patches begin anew in each execution."""
    found = explored("""
        import itertools, queue, threading
        threading.seen = getattr(threading, "seen", 0) + 1
        queue.Queue.seen = getattr(queue.Queue, "seen", 0) + 1
        n = []
        threads = [threading.Thread(target=lambda: n.append(1)) for _ in range(2)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
        print(threads[1].name, threading.seen, queue.Queue.seen)
    """)
    assert {one.outcome.stdout for one in found.outcomes} == {"Thread-2 (<lambda>) 1 1\n"}
    assert found.executions == 2


def test_real_modules_stay_outside(explored):
    """A pool is the private one, even where the real one has been imported before."""
    import concurrent.futures.thread  # noqa: PLC0415 - the program must not find this one

    found = explored("""
        from concurrent import futures
        with futures.ThreadPoolExecutor() as pool:
            pool.submit(print, "work")
        print(futures.ThreadPoolExecutor._counter())
    """)
    assert concurrent.futures.thread.ThreadPoolExecutor
    assert {one.outcome.stdout for one in found.outcomes} == {"work\n1\n"}
