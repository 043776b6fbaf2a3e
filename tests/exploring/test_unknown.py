"""Times and numbers by chance are shown by a placeholder, and nothing may depend on them."""

from __future__ import annotations

from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anyorder.exploring import CannotExplore, explore
from anyorder.exploring.accesses.masked import Undecided, carried_out, is_equal, is_inside
from anyorder.exploring.engine.unknown import Unknown
from anyorder.outcomes import StartMethod

BEGINNING = (
    "import logging, random, threading, time; "
    "from datetime import date, datetime, timedelta, timezone; now = time.time; "
)
SHOWN = [
    ("print(now())", "<time>"),
    ("print(f'{now():.2f} s', '%5.1f' % now(), '{:,}'.format(now()))", "<time> s <time> <time>"),
    ("print('%s took %(a)s' % {'a': now()} if 0 else '%(a)s' % {'a': now()})", "<time>"),
    ("print(str(now()) + 's', repr(now()), [now()], (now(), 1))",
     "<time>s <time> [<time>] (<time>, 1)"),
    ("print(now() - now(), 1 - now(), now() * 2, now() // 60, -now())", "<time> " * 4 + "<time>"),
    ("x = now(); x -= now(); print(round(x, 2), int(x), abs(x), float(x))",
     "<time> " * 3 + "<time>"),
    ("m, s = divmod(int(now()), 60); print(f'{m}:{s:02}')", "<time>:<time>"),
    ("print(max(0, now()), min([now(), now()]), sum([now()] * 3) / 3)", "<time> <time> <time>"),
    ("d = {1: now(), 2: now()}; x = d.values(); print(max(x), min(n for n in [now(), 5]), sum(x))",
     "<time> <time> <time>"),
    ("print(time.perf_counter_ns() // 1000, time.monotonic())", "<time> <time>"),
    ("print(time.strftime('at %H:%M on %A'), time.ctime(), time.asctime())",
     "at <time> on <time> <time> <time>"),
    ("print(time.strftime('%Y', time.gmtime(0)), time.gmtime(0).tm_year)", "1970 1970"),
    ("print(time.strftime('%Y', time.localtime()), time.localtime().tm_year)", "<time> <time>"),
    ("print(datetime.now(), datetime.now() - datetime.now(), date.today().year)",
     "<time> <time> <time>"),
    ("print(f'{datetime.now():%H.%M}', datetime.now().isoformat())", "<time> <time>"),
    ("print(datetime.now().strftime('%%%H'), datetime.now(timezone.utc))", "%<time> <time>"),
    ("print((datetime.now() - datetime(2020, 1, 1)).total_seconds())", "<time>"),
    ("print(timedelta(seconds=now()), datetime(2020, 1, 1) + timedelta(seconds=5))",
     "<time> 2020-01-01 00:00:05"),
    ("print(isinstance(now(), float), type(now()), now() is None, now() == None)",
     "True <class 'float'> False False"),
    ("s = f'{now()}'; print(s, '='.join([s, s]), s.rjust(9), f'{s:>9}', len([s]))",
     "<time> <time>=<time> <time> <time> 1"),
    ("print(random.random(), random.randint(1, 6) + 1, random.choice([1, 2]))",
     "<random> <random> <random>"),
    ("random.seed(1); print(random.random() < 2)", "True"),
    ("print(bool(datetime.now()), {'a': now()}, {1: f'{now()}'})",
     "True {'a': <time>} {1: '<time>'}"),
    ("class A:\n    def __init__(self): super().__init__(); print(f'{now()}')\nA()", "<time>"),
    ("print(f'{now():<9.1f}|{now():+,.2e}|{int(now()):_d}|{random.random():7.1%}')",
     "<time>|<time>|<time>|<random>"),
    ("print('%-9.1f' % now(), '%+05d' % int(now()))", "<time> <time>"),
    ("print(datetime.now().replace(microsecond=0), sum([1, now()]), sum([], now()), now() ** 2)",
     "<time> <time> <time> <time>"),
    ("print([f'{now()}'] == [], sorted({1: f'{now()}', 0: f'{now()}'}.items()))",
     "False [(0, '<time>'), (1, '<time>')]"),
    ("print(datetime.fromtimestamp(0, None), datetime.fromtimestamp(0, timezone.utc).hour)",
     "<time> 0"),
    ("print(datetime(2020, 1, 1).timestamp(), datetime(2020, 1, 1).astimezone(timezone.utc))",
     "<time> <time>"),
    (("print(datetime.timestamp(datetime(2020, 1, 1)), *map(datetime.timestamp,"
     "[datetime(2020, 1, 1)]))"), "<time> <time>"),
    ("a = datetime(2020, 1, 1, tzinfo=timezone.utc); print(a.timestamp(), a.astimezone())",
     "1577836800.0 <time>"),
    ("a = now(); print(str(a) is str(a), 'a' in ['b', f'{now()} s'])", "False False"),
    ("import io; f = io.StringIO(); print(now(), file=f); f.seek(0); print(f.read())", "<time>\n"),
    ("import json; print(json.dumps(object(), default=lambda _: 1), now())", "1 <time>"),
    ("import json; print(json.dumps({'b': [now(), (1, int(now()))], 'a': None}, sort_keys=True))",
     '{"a": null, "b": [<time>, [1, <time>]]}'),
    ("import json; print(json.dumps({'at': datetime.now().isoformat(), 'é': random.random()}))",
     '{"at": "<time>", "\\u00e9": <random>}'),
    ("import json; print(json.dumps([datetime.now(), 'é'], default=str, ensure_ascii=False))",
     '["<time>", "é"]'),
    ("import json; print(json.dumps(object(), default=lambda _: [now(), f'{now():.1f}']))",
     '[<time>, "<time>"]'),
    ("import json; print(json.dumps([[[[[now()]]]]], separators=(',', ':')))", "[[[[[<time>]]]]]"),
    ("import json, os, threading; print(json.dumps({os.getpid(): [threading.get_ident()]}))",
     '{"<1>": [<ident>]}'),
    ("import json\ntry: json.dumps({'at': datetime.now()})\nexcept TypeError as e: print(e)",
     "Object of type datetime is not JSON serializable"),
    ("import json\ntry: json.dumps([now(), {1}])\nexcept TypeError as e: print(e)",
     "Object of type set is not JSON serializable"),
    (("import sched; s = sched.scheduler(); s.enter(1, 1, print, (now(),), {'end': ' '});"
     "s.enter(2, 1, print, argument=(now(),), kwargs={'end': f' {now()}\\n'}); s.run()"),
     "<time> <time> <time>"),
    ("class M:\n    def __radd__(self, other): return f'M {other}'\nprint(now() + M())",
     "M <time>"),
    ("print(f'{max(0, now()):.2f}', max(1, random.random()) * 2, 6 / random.randint(1, 6))",
     "<time> <random> <random>"),
    ("print(max(now(), float('inf')), min(now(), float('inf')), type(int(max(0, now()))))",
     "inf <time> <class 'int'>"),
    # what depends on the time zone of the computer, or on when its clock begins
    ("d = datetime(2020, 1, 1); print(d.strftime('%Y'), d.strftime('%s'), f'{d:%s}')",
     "2020 <time> <time>"),
    ("d = datetime(2020, 1, 1); print(format(d, '%s'), '{:%s}'.format(d), d.strftime('%s'))",
     "<time> <time> <time>"),
    ("print(time.strftime('%Z', time.gmtime(0)), time.strftime('%z', time.gmtime(0)))",
     "<time> <time>"),
    ("print(time.strftime('%%s %%Z', time.gmtime(0)), f'{date(2020, 1, 1):%Z.%j}')", "%s %Z .001"),
    ("time.sleep(random.uniform(0, 2) / 10); time.sleep(max(0, 1 - now())); print(1)", "1"),
]  # fmt: skip
DEPENDS = [
    "if now() > 5: pass", "now() == now()", "bool(now())", "while now() < 5: pass",
    "[1, 2][random.randint(0, 1)]", "range(random.randint(0, 1))", "{now(): 1}",
    "sorted([now(), 1])",
    "sorted([f'{now()}'])", "len(f'{now()}')", "f'{now()}' == 'a'", "'1' in f'{now()}'",
    "f'{now()}'[0]", "{f'{now()}': 1}", "d = {}; d[f'{now()}'] = 1", "{f'{now()}'}",
    "set([f'{now()}'])", "s = set(); s.update([f'{now()}'])", "s = set(); s.add(f'{now()}')",
    "[].index(f'{now()}')", "{}.get(f'{now()}')", "d = {}; d.update([(f'{now()}', 1)])",
    "for letter in f'{now()}': pass", "a, *b = f'{now()}'",
    "f'{now()}'.upper()",
    "f'{now()} s'.ljust(20)", "x = f'{now()} s'; f'{x:>20}'", "'%9s' % f'{now()} s'",
    "import json; json.dumps([now()], indent=1)", "import math; math.sqrt(now())",
    "'-' * int(now())",
    "random.choice('ab')", "random.shuffle([1, 2])", "random.random() < 0.5", "int(f'{now()}')",
    "datetime.now() > datetime(2020, 1, 1)", "datetime.now().hour == 5", "now().is_integer()",
    "time.sleep(now() - now())", "time.sleep(max(-1, now() - 2))", "max([now(), 1], key=int)",
     "time.sleep(random.gauss(0, 1))", "random.seed(now())",
    "match f'{now()}':\n    case 'a': pass", "1 / (now() - now() - (now() - now()))",
    "import re; re.search('1', f'{now()}')", "str(now()).split()",
    "import bisect; bisect.insort([], now())",
    "import statistics; statistics.mean([now()])",
    "import decimal; decimal.Decimal(now())",
    "import queue; q = queue.PriorityQueue(); q.put(f'{now()}')",
    "import functools; functools.lru_cache(len)(f'{now()}')",
    "date.today().replace(day=31)", "datetime.now().replace(2023)", "(now() - now()) ** 0.5",
    "f'{now():*>30}'", "f'{int(now()):x}'", "'%x' % int(now())", "'%c' % (int(now()) % 26 + 65)",
    "'{:{}}'.format('a', int(now()) % 9)", "f'{1:{int(now()) % 9}}'",
    "'{:>9}'.format(f'{now()} s')", "[0] * int(now())",
    "[f'{now()}'] == [f'{now()}']", "(f'{now()}', 1) < ('a', 2)", "f'{now()}' in [f'{now()}']",
    "'a' < f'{now()}' < 'b'", "[f'{now()}', 'a'].sort()", "[f'{now()}', 'a'].index('1')",
    "d = {}; d[f'{now()}', 1] = 2", "x = {f'{now()}' for _ in 'ab'}",
    "set(f'{now()}' for _ in 'ab')", "s = set(); s.update(f'{now()}' for _ in 'ab')",
    "max('a', 'b', key=lambda _: f'{now()}')", "sorted('ab', key=lambda _: (f'{now()}', 1))",
    "max(f'{now()}' for _ in 'ab')",
    "import itertools\nfor x in itertools.groupby('ab', lambda _: f'{now()}'): pass",
    "from types import SimpleNamespace as N; N(a=f'{now()}') == N(a=f'{now()}')",
    "import dataclasses\n@dataclasses.dataclass\nclass D: a: str\nD(f'{now()}') == D(f'{now()}')",
    "class S(str): pass\nlen(S(now()))", "class S(set): pass\nS([f'{now()}'])",
    "import heapq; heapq.nlargest(1, 'ab', key=lambda _: f'{now()}')",
    "import json; json.dumps(object(), default=lambda _: now(), indent=1)",
    "import json; json.dumps([[[[[[now()]]]]]], cls=json.JSONEncoder)",
    "import json; json.dumps([now(), object()], default=str)",
    "import json; len(json.dumps(now()))", "import json; json.dumps(now())[0]",
    "import json, sys; json.dumps([now(), sys.version])",
    "import json, os; json.dumps(os.path.abspath(__file__))",
    "import json, os; json.dumps(object(), default=lambda _: os.path.abspath(__file__))",
    "import json, sys; json.dump(now(), sys.stdout)",
    "import json, os; json.dumps({hash('a'): os.cpu_count()})",
    "import statistics; statistics.mode(f'{now()}' for _ in 'ab')",
    "import io; f = io.StringIO(); f.write(f'{now()}'); f.seek(1)",
    "import io; f = io.StringIO(); f.write(f'{now()}'); f.seek(0); f.read(3)",
    "import sys; n = sys.stdout.write(f'{now()}'); range(n)",
    "import sys; sys.exit(int(now()))", "import os; os._exit(random.randint(0, 1))",
    # whether one is an int or a float, or fails, is not known either
    "type(max(random.random(), 1))", "isinstance(max(0, now()), float)", "max(0, now()).__class__",
    "f'{max(0, now()):d}'", "1 / random.randint(0, 1)", "5 % random.random()",
    "2 ** random.randint(-1, 1)", "1 << random.randint(-1, 1)", "type(random.choice([1, 2.5]))",
    "max(True, now())", "max(now(), float('nan'))", "match max(0, now()):\n    case int(): pass",
    "time.strptime('IST', '%Z')", "datetime.strptime('IST', '%Z')", "now()()", "{**now()}",
    "with now(): pass", "import sched; sched.scheduler().enter(1, now(), print)",
    "import sched; sched.scheduler().enterabs(now(), 1, print, ())",
    "import sched; sched.scheduler().enter(1, priority=now(), action=print)",
]  # fmt: skip


@pytest.mark.parametrize(("program", "shown"), SHOWN)
def test_shown(explored, program, shown):
    exploration = explored(f"{BEGINNING}\n{program}\n")
    assert exploration.complete
    assert [one.outcome.stdout for one in exploration.outcomes] == [f"{shown}\n"]


@pytest.mark.parametrize("program", DEPENDS)
def test_nothing_depends_on_it(explored, program):
    """It is refused at its line."""
    with pytest.raises(CannotExplore) as refusal:
        explored(f"{BEGINNING}\n{program}\n")
    assert refusal.value.line in range(2, 6)


def test_what_json_is_given_is_shared_by_no_threads(explored):
    """It is read bit by bit, where a time is among it."""
    begin = f"{BEGINNING}\nimport json\nrows = [now(), 1]"
    change = "threading.Thread(target=rows.append, args=(2,)).start()"
    with pytest.raises(CannotExplore, match="threads share"):
        explored(f"{begin}\n{change}\nprint(json.dumps(rows))\n")
    assert explored(f"{begin}\n{change}\nprint(json.dumps([now(), 3]))\n").complete


def test_what_has_no_hash_may_be_called(explored):
    """A dataclass gives its objects an ``__eq__``, and takes their hash away."""
    task = (
        "import dataclasses\n@dataclasses.dataclass\nclass Task:\n    def __call__(self): return 1"
    )
    [one] = explored(f"{BEGINNING}\n{task}\nprint(Task()(), now())").outcomes
    assert (one.outcome.stdout, one.outcome.exit) == ("1 <time>\n", 0)


def test_no_exit_status_depends_on_it(explored):
    with pytest.raises(CannotExplore, match="this depends on what time it is"):
        explored(f"{BEGINNING}\nclass Over(SystemExit): pass\nraise Over(int(now()))")


@pytest.mark.parametrize(
    "program",
    [
        "now() + 'a'",
        "'a' + now()",
        "f'{now():q}'",
        "now().x",
        "'%d %d' % now()",
        "now().x = 1",
        "del now().x",
        "max('a', now())",
        "min(now(), None)",
        "max([now(), []])",
        "max(now(), 1j)",
        "time.sleep('a')",
        "time.sleep()",
        "time.sleep(float('nan'))",
        "now().real = 1",
    ],
)
def test_what_is_wrong_is_so_as_with_any_number(explored, program):
    [one] = explored(f"{BEGINNING}{program}\n").outcomes
    [known] = explored(f"{BEGINNING}now = lambda: 5.5\n{program}\n").outcomes
    assert one.outcome.stderr.splitlines()[-1] == known.outcome.stderr.splitlines()[-1]


def test_threads_log_what_time_it_is(explored):
    exploration = explored("""
        import logging, threading, time
        logging.basicConfig(format="%(asctime)s %(levelname)-8s %(message)s", datefmt="%H:%M:%S")
        def work(name):
            began = time.perf_counter()
            logging.warning("%s took %.3f s", name, time.perf_counter() - began)
        threads = [threading.Thread(target=work, args=(name,)) for name in "ab"]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
    """)
    assert exploration.complete
    lines = [f"<time> WARNING  {name} took <time> s\n" for name in "ab"]
    assert {one.outcome.stderr for one in exploration.outcomes} == {
        "".join(lines), "".join(reversed(lines)),
    }  # fmt: skip
    assert "<time>" in str(exploration.outcomes[0].witness)


@pytest.mark.parametrize("shown", ["created", "msecs", "relativeCreated"])
def test_other_times_of_a_log_record(explored, shown):
    program = f"import logging; logging.basicConfig(format='%({shown})d.'); logging.error(1)"
    [one] = explored(program).outcomes
    assert one.outcome.stderr == "<time>.\n"


@pytest.mark.parametrize("method", StartMethod)
def test_sent_to_another_process(tmp_path, method):
    program = tmp_path / "program.py"
    source = """
        import multiprocessing, time
        def work(began, queue):
            queue.put((time.time() - began, f"{began:.1f}"))
        if __name__ == "__main__":
            queue = multiprocessing.Queue()
            process = multiprocessing.Process(target=work, args=(time.time(), queue))
            process.start()
            print(*queue.get())
            process.join()
    """
    program.write_text(dedent(source), encoding="utf-8")
    exploration = explore(program, start_method=method)
    assert exploration.complete
    assert [one.outcome.stdout for one in exploration.outcomes] == ["<time> <time>\n"]


WAITS = [
    ("done.wait(left)", "done.set()"),
    ("changed.wait_for(lambda: over, left)", "over.append(1); changed.notify()"),
    ("free.acquire(timeout=left)", "free.release()"),
    ("is_got(items, max(0, left))", "items.put(1)"),
    ("is_got(futures_queue, max(0, left))", "futures_queue.put(1)"),
    ("lock.acquire(timeout=max(0, left))", "lock.release()"),
    ("is_there(future, left)", "future.set_result(1)"),
    ("bool(futures.wait([future], left).done)", "future.set_result(1)"),
]


@pytest.mark.parametrize(("wait", "end"), WAITS)
@pytest.mark.parametrize("left", ["5 - (time.time() - start)", "5"])
def test_a_wait_may_last_as_long_as_nobody_can_tell(explored, wait, end, left):
    """What comes of it is what comes of any other time."""
    found = explored(f"""
        import queue, threading, time
        from concurrent import futures
        done, changed, over = threading.Event(), threading.Condition(), []
        free, lock = threading.Semaphore(0), threading.Lock()
        items, futures_queue, future = queue.Queue(), queue.SimpleQueue(), futures.Future()
        def is_got(items, timeout):
            try:
                return bool(items.get(timeout=timeout))
            except queue.Empty:
                return False
        def is_there(future, timeout):
            try:
                return bool(future.result(timeout))
            except TimeoutError:
                return False
        def finish():
            with changed:
                {end}
        lock.acquire()
        start = time.time()
        threading.Thread(target=finish).start()
        left = {left}
        if "changed" in {wait!r}:
            changed.acquire()
        print(bool({wait}))
        if "changed" in {wait!r}:
            changed.release()
        """)
    assert found.complete
    assert {one.outcome.stdout for one in found.outcomes} == {"True\n", "False\n"}


@pytest.mark.parametrize(
    "wait", ["threading.Lock().acquire(timeout=t)", "queue.Queue().get(True, t)"]
)
def test_a_wait_that_may_be_too_short_is_refused(explored, wait):
    with pytest.raises(CannotExplore, match=r"wait for max\(0, \.\.\.\)"):
        explored(f"import queue, threading, time\nt = 5 - time.time()\n{wait}\n")


def test_seeding_is_ordered_with_drawing(explored):
    """A number that is drawn before another thread seeds is not known; after that it is."""
    exploration = explored("""
        import random, threading
        thread = threading.Thread(target=random.seed, args=(1,))
        thread.start()
        print(random.random())
        thread.join()
    """)
    assert {one.outcome.stdout for one in exploration.outcomes} == {
        "<random>\n", "0.13436424411240122\n",
    }  # fmt: skip


def test_the_library_keeps_its_clock(explored):
    """What waits with a timeout asks for the time, and is not refused."""
    exploration = explored("""
        import queue, threading, time
        lock = threading.Lock()
        print(lock.acquire(timeout=1), threading.Event().wait(0.1))
        try: queue.Queue().get(timeout=0.5)
        except queue.Empty: print("empty")
        print(time.time())
    """)
    assert [one.outcome.stdout for one in exploration.outcomes] == ["True False\nempty\n<time>\n"]


def test_every_method_of_a_number_is_accounted_for():
    """What ``float`` and ``int`` can do gives what is not known either, or is refused."""
    left = {"__class__", "__doc__", "__new__", "__init__", "__getattribute__", "__setattr__",
            "__delattr__", "__dir__", "__init_subclass__", "__subclasshook__", "__sizeof__",
            "__reduce_ex__", "__getnewargs__", "__getstate__", "__getformat__", "__str__",
            "from_bytes", "fromhex", "from_number"}  # fmt: skip
    names = {name for name in {*dir(int), *dir(float)} if name.startswith("__")}
    assert names - left <= set(vars(Unknown))


LOCK = "<unlocked _thread.lock object at <address>>"
TOLD = [
    (is_inside, ("unlocked", LOCK), True),
    (is_inside, ("started", LOCK), False),
    (is_inside, ("0x", LOCK), None),
    (is_inside, ("at 7", LOCK), None),
    (is_inside, ("ab>", LOCK), None),
    (is_inside, ("ag>", LOCK), False),
    (is_inside, ("object at", LOCK), True),
    (is_inside, ("took", "took <time> s"), True),
    (is_inside, ("other", "took <time> s"), None),
    (is_inside, ("pid=2", "pid=<process-5>"), None),
    (is_inside, ("pid= ", "pid=<process-5>"), False),
    (is_equal, (LOCK, "a"), False),
    (is_equal, (LOCK, "<unlocked _thread.lock object at 0x5>"), None),
    (carried_out, ("split", LOCK, (" at ",)), ["<unlocked _thread.lock object", "<address>>"]),
    (carried_out, ("split", LOCK, ()), ["<unlocked", "_thread.lock", "object", "at", "<address>>"]),
    (carried_out, ("replace", LOCK, ("<", "[")), "[unlocked _thread.lock object at <address>>"),
    (carried_out, ("startswith", LOCK, ("<un",)), True),
    (carried_out, ("split", LOCK, ("a",)), None),
    (carried_out, ("split", "took <time> s", ()), None),
    (carried_out, ("upper", LOCK, ()), None),
]


@pytest.mark.parametrize(("ask", "args", "answer"), TOLD)
def test_what_can_be_told_of_a_text_with_placeholders(ask, args, answer):
    if answer is None:
        with pytest.raises(Undecided):
            ask(*args)
    else:
        assert ask(*args) == answer


@settings(max_examples=300, deadline=None)
@given(
    st.text("<at 0x7f>:e", max_size=5),
    st.text("<at 0x7f>:e", max_size=5),
    st.text("at 0x7f>:e", min_size=1, max_size=4),
    st.text("0123456789abcdef", min_size=1, max_size=4),
)
def test_no_address_tells_otherwise(before, after, wanted, address):
    """What is said to be told is so, whatever the address is."""
    text, real = f"{before}<address>{after}", f"{before}0x{address}{after}"
    try:
        assert is_inside(wanted, text) == (wanted in real)
        assert carried_out("count", text, (wanted,)) == real.count(wanted)
    except Undecided:
        pass
