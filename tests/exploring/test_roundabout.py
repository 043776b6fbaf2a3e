"""Ways round about to a thread, a variable or an attribute: each is followed, or refused."""

import pytest
from found_sets import texts

from anyorder.exploring import CannotExplore

SHOW = """\
import threading
def show():
    try:
        print(x)
    except NameError:
        print("none")
def starter(_=None):
    threading.Thread(target=show).start()
{how}
x = 1
"""
TWICE = """\
import threading
{begin}
threads = [threading.Thread(target=work) for _ in range(2)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print({value})
"""
INSTANCE = """\
class C:
    n = 0
    def bump(self):
        {body}
c = C()
def work(): c.bump()
"""
OWN_DICT = """\
class D(dict):
    def bump(self):
        super().__setitem__("n", super().__getitem__("n") + 1)
d = D(n=0)
def work(): d.bump()
"""
OWN_ACCESS = """\
class C:
    def __init__(self): self.n = 0
    def __setattr__(self, name, value): object.__setattr__(self, name, value)
    def __getattribute__(self, name): return object.__getattribute__(self, name)
c = C()
def work(): c.n += 1
"""
OWN_LIST = """\
class L(list):
    def add(self):
        {call}
        {look}
items = L()
def work(): items.add()
"""


@pytest.mark.parametrize(
    "how",
    [
        "starter()",
        "go = starter\ngo()",
        "list(map(starter, [1]))",
        "(lambda: starter())()",
        "go = threading.Thread(target=show).start\ngo()",
        'getattr(threading.Thread(target=show), "start")()',
        "class A:\n    threading.Thread(target=show).start()",
        "class A:\n    @property\n    def go(self): starter()\nA().go",
        "class A:\n    def __add__(self, _): starter()\nA() + A()",
        "@lambda call: call()\ndef go(): starter()",
        "def go(_=starter()): pass",
        "class B(threading.Thread):\n    def run(self): show()\nbs = [B()]\nfor b in bs: b.start()",
    ],
)
def test_a_thread_may_find_the_variable_unbound(explored, how):
    """However a thread is begun, what is bound after it may be unbound still when it looks."""
    assert texts(explored(SHOW.format(how=how))) == {"1\n", "none\n"}


def test_a_function_that_begins_threads_by_another_name(explored):
    """It is known by its first name, and the program's end does not wait for its thread."""
    how = "from _thread import start_new_thread as go\ngo(show, ())"
    assert texts(explored(SHOW.format(how=how))) == {"", "1", "1\n", "none", "none\n"}


def test_what_is_bound_before_costs_nothing(explored):
    """What a call of an own class is bound to before any thread begins needs no events."""
    found = explored(TWICE.format(begin=INSTANCE.format(body="self.n += 1"), value="c.n"))
    assert texts(found) == {"1\n", "2\n"}
    reads = [step.event for step in found.outcomes[0].witness if step.event.startswith("reads")]
    assert [step.partition(":")[0] for step in reads] == ["reads c.n"] * 3


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_a_callback_of_a_pool_runs_in_a_thread(explored, method):
    """It may find a variable of the module unbound."""
    found = explored(
        """
        from multiprocessing import Pool
        def show(_):
            try:
                print(x)
            except NameError:
                print("none")
        if __name__ == "__main__":
            pool = Pool(1)
            result = pool.apply_async(abs, (1,), callback=show)
            x = 1
            result.wait()
            pool.close()
            pool.join()
        """,
        start_method=method,
    )
    assert texts(found) == {"1\n", "none\n"}


@pytest.mark.parametrize(
    ("begin", "value"),
    [
        (INSTANCE.format(body='object.__setattr__(self, "n", self.n + 1)'), "c.n"),
        (INSTANCE.format(body='self.n = object.__getattribute__(self, "n") + 1'), "c.n"),
        (INSTANCE.format(body='self.__setattr__("n", self.__getattribute__("n") + 1)'), "c.n"),
        (
            INSTANCE.format(body='super().__setattr__("n", super().__getattribute__("n") + 1)'),
            "c.n",
        ),
        (INSTANCE.format(body='type.__setattr__(C, "n", C.n + 1)'), "c.n"),
        ("ns = [0]\ndef work(): list.__setitem__(ns, 0, list.__getitem__(ns, 0) + 1)", "ns[0]"),
        (OWN_DICT, 'd["n"]'),
        (OWN_ACCESS, "c.n"),
    ],
)
def test_a_lost_update_on_the_way_round(explored, begin, value):
    """An update by the methods behind the operators can be lost as any other."""
    assert texts(explored(TWICE.format(begin=begin, value=value))) == {"1\n", "2\n"}


@pytest.mark.parametrize("call", ["super().append(1)", "list.append(self, 1)", "self.append(1)"])
@pytest.mark.parametrize(
    "look",
    [
        "print(len(self))",
        "print(sum(self))",
        "print(sum(1 for _ in self))",
        "print(list(self)[-1])",
    ],
)
def test_a_list_of_an_own_class(explored, call, look):
    """What it does by way of its base is an event, and so is to look at it as a whole."""
    found = explored(TWICE.format(begin=OWN_LIST.format(call=call, look=look), value='"end"'))
    if "[-1]" in look:
        assert texts(found) == {"1\n1\nend\n", "11\n\nend\n"}
    else:
        assert texts(found) == {
            "1\n2\nend\n", "2\n2\nend\n", "2\n1\nend\n", "12\n\nend\n", "21\n\nend\n",
            "22\n\nend\n",
        }  # fmt: skip


def test_methods_of_an_own_container_are_its_own(explored):
    """What a class has a method of its own for is done by that method."""
    found = explored(
        """
        class L(list):
            def __contains__(self, item): return True
            def __iter__(self): return iter("ab")
            def __len__(self): return 7
            def __bool__(self): return False
        items = L([1])
        print(5 in items, [*items], [x for x in items], len(items), bool(items), not items)
        """
    )
    assert texts(found) == {"True ['a', 'b'] ['a', 'b'] 7 False True\n"}


def test_a_witness_runs_no_events_of_its_own(explored):
    """A ``__repr__`` that reads what is shared is run for the words, and changes nothing."""
    found = explored(
        TWICE.format(
            begin="class C:\n"
            "    def __init__(self): self.n = 0\n"
            '    def __repr__(self): return "C" + str([self.n][0])\n'
            "c = C()\nlast = {}\n"
            'def work(): c.n += 1; last["c"] = c',
            value="c",
        )
    )
    assert texts(found) == {"C1\n", "C2\n"}
    assert any("writes last['c']: C1" in step.event for step in found.outcomes[0].witness)


@pytest.mark.parametrize(
    ("source", "line", "name"),
    [
        ("n = 0\ndef work(): work.__globals__['n'] = 1\nwork()", 2, "__globals__"),
        ("def f(): return f.__closure__\nf()", 1, "__closure__"),
        ("def f(cell): return cell.cell_contents\nf(f)", 1, "cell_contents"),
        ("import sys\nsys._getframe().f_globals", 2, "f_globals"),
        ("import sys\nsys._getframe().f_locals", 2, "f_locals"),
        ("class C: pass\nC().__dict__ = {}", 2, "__dict__"),
        ("class C: pass\n\ngetattr(C, '__dict__')", 3, "__dict__"),
        ("class C: __slots__ = ('n',)\nC.n.__set__(C(), 1)", 2, "__set__"),
        ("import inspect\ndef n(): pass\ninspect.getmodule(n).n", 3, "n is reached through"),
    ],
)
def test_what_cannot_be_followed_is_refused(explored, source, line, name):
    """It is refused by its name and line."""
    with pytest.raises(CannotExplore, match=name) as refused:
        explored(source)
    assert refused.value.line == line


PARTIAL = """\
from functools import partial
from heapq import heappush
items = []
def work(*_): partial(heappush, items)(1)
"""
CHAINED = """\
import itertools
items = [[]]
chained = itertools.chain.from_iterable(items)
def work(_, n): items.append([n])
"""


@pytest.mark.parametrize(
    ("begin", "value"),
    [
        ("from heapq import heappush as work\nitems = []\n", "items"),
        ("items = []\nwork = list.append\n", "items"),
        (PARTIAL, "items"),
        (CHAINED, "list(chained)"),
    ],
)
@pytest.mark.parametrize(
    "start",
    [
        "t = threading.Thread(target=work, args=(items, 1)); t.start()",
        "t = threading.Timer(1, work, args=(items, 1)); t.start()",
        "t = futures.ThreadPoolExecutor(1); t.submit(work, items, 1); t.join = t.shutdown",
    ],
)
def test_a_function_of_the_library_in_a_thread(explored, begin, value, start):
    """What it does is seen where nothing of the program's own stands between."""
    found = explored(
        f"import threading\nfrom concurrent import futures\n{begin}{start}\n"
        f"print({value})\nt.join()\n"
    )
    assert texts(found) == {"[]\n", "[1]\n"}


SHARED = """\
import threading
{begin}
def work(n):
    {body}
threads = [threading.Thread(target=work, args=(n,)) for n in (1, 2)]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""
INSIDE = [
    ("import hashlib\nh = hashlib.sha256()", 'h.update(b"%d" % n)', "an object of HASH"),
    ("import zlib\nc = zlib.compressobj()", 'c.compress(b"a" * n)', "an object of Compress"),
    ("import graphlib\nt = graphlib.TopologicalSorter()", "t.add(n)", "of TopologicalSorter"),
    ("import contextlib\ns = contextlib.ExitStack()", "s.callback(print, n)", "of ExitStack"),
    ("import textwrap\nw = textwrap.TextWrapper()", "w.width = n", "of TextWrapper"),
    ("import decimal\nc = decimal.Context()", "c.prec = n", "an object of Context"),
    ("import random\nr = random.Random(1)", "r.random()", "an object of Random"),
    (
        "import textwrap\nclass W(textwrap.TextWrapper): pass\nw = W()",
        'w.width = w.wrap("a b") and n',
        "an object of W",
    ),
    ("import logging\nlog = logging.getLogger()", "log.setLevel(n)", "logging's setLevel"),
    ("import logging\nlog = logging.getLogger()", "log.propagate = False", "logging's propagate"),
    ("import logging", "logging.disable(n)", "logging's disable"),
]


@pytest.mark.parametrize(("begin", "body", "why"), INSIDE)
def test_what_the_library_keeps_inside_is_refused_where_threads_share_it(
    explored, begin, body, why
):
    """It is refused by its name and line."""
    with pytest.raises(CannotExplore, match=why) as refused:
        explored(SHARED.format(begin=begin, body=body))
    assert refused.value.line == begin.count("\n") + 4


@pytest.mark.parametrize(
    ("begin", "body"), [one[:2] for one in INSIDE if one[2].startswith(("an obj", "of "))]
)
def test_each_thread_may_have_one_of_its_own(explored, begin, body):
    """What only one thread uses needs no following, nor what is used after a join."""
    *imports, made = begin.split("\n")
    body = f"{made}\n    {body}"
    assert explored(SHARED.format(begin="\n".join(imports), body=body)).complete
    name = made.partition(" =")[0]
    after = SHARED.format(begin=begin, body="pass") + f"str({name})\n"
    assert explored(after).complete


@pytest.mark.parametrize(
    ("source", "line", "name"),
    [
        ("class C:\n    def __del__(self): pass", 2, "__del__"),
        ("import weakref\nweakref.ref", 2, "weakref.ref"),
        ("from weakref import finalize", 1, "weakref.finalize"),
        ("import weakref\nweakref.WeakValueDictionary()", 2, "take a dict, and drop what"),
        ("from weakref import WeakSet", 1, "take a set, and drop what"),
        ("import string\nstring.Formatter()", 2, "string.Formatter"),
    ],
)
def test_what_comes_late_or_unseen_is_refused(explored, source, line, name):
    """It is refused by its name and line, whoever uses it."""
    with pytest.raises(CannotExplore, match=name) as refused:
        explored(source)
    assert refused.value.line == line


@pytest.mark.parametrize(
    ("begin", "body", "expected"),
    [
        # two threads, n is 1 and 2: the first changes, the second shows
        (
            "import copy\nclass C: pass\nc = C()\nc.inner = C()\nc.inner.items = [0]",
            "print(copy.deepcopy(c).inner.items[0]) if n == 2 else c.inner.items.insert(0, 1)",
            {("0\n", ""), ("1\n", "")},
        ),
        (
            "def count():\n    yield 1\n    yield 2\ng = count()\nnext(g)",
            "print(next(g, 'over')) if n == 2 else g.close()",
            {
                ("2\n", ""),
                ("2\n", "ValueError: generator already executing"),
                ("over\n", ""),
            },
        ),
        (
            "",
            'print(threads[1].name) if n == 2 else setattr(threads[1], "name", "new")',
            {("old\n", ""), ("new\n", "")},
        ),
    ],
)
def test_a_look_by_the_library_is_seen(explored, begin, body, expected):
    """A deep copy, a generator that is closed, the name of a thread."""
    found = explored(
        SHARED.format(begin=begin, body=body).replace("(n,)", '(n,), name="old"'),
    )
    assert found.complete
    outcomes = [each.outcome for each in found.outcomes]
    assert {(one.stdout, one.stderr.rstrip().rpartition("\n")[2]) for one in outcomes} == expected


def test_each_thread_has_its_own_local(explored):
    """Attributes of a class of the program's own that is a local are nobody else's."""
    found = explored(
        SHARED.format(
            begin="class L(threading.local):\n    def __init__(self): self.n = 5\nlocal = L()",
            body='local.n += n; print(f"{local.n}\\n", end="")',
        )
    )
    assert texts(found) == {"6\n7\n", "7\n6\n"}
    assert found.executions == 2


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("event._flag", "_flag is the library's own"),
        ("one.register(int, print)", r"register\(\) of a singledispatch"),
        ("keys[K()] = keys.get(K())", "a key of K runs code of the program"),
        ("some.add(K())", "a key of K runs code of the program"),
        ("collections.abc.Sized.register(K)", r"register\(\) of an abstract class"),
        ("K.__subclasses__()", "shows classes in the order in which threads have made them"),
        ("named.__kwdefaults__['x'] = 1", "changing the __kwdefaults__ of a function"),
        ("part.keywords['x'] = 1", "changing the keywords of a functools.partial"),
        ("part.x = 1", "setting an attribute of a functools.partial"),
        ("copy.copy(numbers)", "copying an iterator"),
        ("copy.deepcopy([numbers])", "copying an iterator"),
        ("numbers.__setstate__(1)", "copying an iterator"),
        (
            "some.add(n); traceback.format_exception_only(ValueError(some))",
            r"what traceback\.format_exception_only does with it",
        ),
    ],
)
def test_what_the_library_does_by_itself_is_refused(explored, body, why):
    """A private attribute, a table of functions, a comparison of keys."""
    begin = (
        "import collections.abc, copy, functools, traceback\n"
        "class K:\n    def __hash__(self): return 1\n    def __eq__(self, other): return True\n"
        "event = threading.Event()\n"
        "keys, some = {}, set()\n"
        "@functools.singledispatch\ndef one(_): pass\n"
        "def named(*, x=0): pass\npart = functools.partial(dict, x=0)\nnumbers = iter([1])\n"
    )
    with pytest.raises(CannotExplore, match=why):
        explored(SHARED.format(begin=begin, body=body))


def test_super_looks_of_which_class_an_object_is(explored):
    """Between the call of a method and ``super()`` in it, the object may come to be of another."""
    found = explored("""
        import threading
        class Base:
            def look(self): return "base"
        class Kid(Base):
            def look(self): return super().look()
            def explicit(self): return super(Kid, self).look()
        class Other(Base):
            def look(self): return "other"
            explicit = look
        def first():
            for look in ("look", "explicit"):
                try:
                    print(getattr(kid, look)(), end=" ")
                except TypeError:
                    print("no", end=" ")
        kid = Kid()
        thread = threading.Thread(target=first)
        thread.start()
        kid.__class__ = Other
        thread.join()
    """)
    assert texts(found) == {"base base ", "base no ", "base other ", "no other ", "other other "}
    assert found.complete
