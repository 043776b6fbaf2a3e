"""The kinds of places where the GIL may be handed over, and the programs that probe each.

A probe is code before which stands what it needs. It writes ``mark = me`` where the place begins,
and adds ``mark is not me`` to ``seen`` where it ends: then another thread ran in between. Names
that each copy of a probe has for itself end in ``_N``, since many copies stand one after another.

Where another switch point comes before the place, a probe sleeps once it has begun the place, so
that the other thread asks anew; and where one comes after it, it calls ``ask`` before that.
"""

from __future__ import annotations

from textwrap import dedent, indent
from typing import NamedTuple


class Probe(NamedTuple):
    """One program that probes a kind.

    Args:
        before: what is carried out before
        code: the place, between ``mark = me`` and ``seen += mark is not me``
        module: whether it stands in a module's own code, not in a function
        since: the first Python that knows it
    """

    before: str
    code: str
    module: bool = False
    since: tuple[int, int] = (3, 11)


class Kind(NamedTuple):
    """A kind of place.

    Args:
        probes: its probes, each by what it is
        careful: whether many rounds are made, since much stands on it
    """

    probes: dict[str, Probe]
    careful: bool = False


KINDS: dict[str, Kind] = {}


def kind(name, *probes, careful=False):
    """Add a kind."""
    KINDS[name] = Kind(dict(probes), careful)


def probe(label, code, before="", **more):
    """Return a probe and what it is called."""
    return label, Probe(text(before), text(code), **more)


def text(code):
    """Return code without what its lines have before them in common."""
    return dedent(code).strip("\n") + "\n" if code.strip() else ""


def around(label, code, before="", **more):
    """Return a probe of a statement that is a place as a whole."""
    return probe(label, f"mark = me\n{text(code)}seen += mark is not me", before, **more)


def failing(label, code, error, before="", **more):
    """Return a probe of what raises an exception, up to the clause that takes it.

    What comes after that clause may be a switch point of its own.
    """
    tried = indent(text(code), "    ")
    code = f"mark = me\ntry:\n{tried}except {error}:\n    seen += mark is not me\n    ask()"
    return probe(label, code, before, **more)


kind(
    "nothing at all",
    around("nothing", ""),
    around("nothing, in a module's own code", "", module=True),
    careful=True,
)
kind(
    "a function begins",
    probe(
        "a function",
        "mark = me\nf_N()",
        """
        def f_N():
            global seen
            seen += mark is not me
        """,
    ),
    probe("a lambda", "mark = me\nseen += f_N()", "f_N = lambda: mark is not me"),
    *(
        probe(
            label,
            f"mark = me\n{code}",
            f"""
class C_N:
    def {name}(self, *_, **__):
        global seen
        seen += mark is not me
        ask()
        return {result}
    {more}
o_N = C_N()
""",
        )
        for label, code, name, result, more in (
            ("a method", "o_N.m()", "m", "0", ""),
            ("a call with *", "o_N.m(*(1, 2))", "m", "0", ""),
            ("a call with an argument by its name", "o_N.m(one=1)", "m", "0", ""),
            ("a classmethod", "C_N.c()", "m", "0", "c = classmethod(m)"),
            ("__init__", "C_N()", "m", "None", "o_N = 0\n    __init__ = m"),
            ("__call__", "o_N()", "__call__", "0", ""),
            ("an operator", "o_N + 1", "__add__", "0", ""),
            ("in", "o_N in [1]", "__eq__", "True", ""),
            ("the truth", "if o_N: pass", "__bool__", "True", ""),
            ("an item", "o_N[0]", "__getitem__", "0", ""),
            ("a property", "o_N.x", "m", "0", "x = property(m)"),
            ("an attribute", "o_N.x", "__getattr__", "0", ""),
            ("an f-string", "f'{o_N}'", "__format__", "''", ""),
            ("the key of sorted()", "sorted([1], key=o_N.m)", "m", "0", ""),
            ("map() in a display", "[*map(o_N.m, (1,))]", "m", "0", ""),
            ("a decorator", "@o_N.m\ndef f_N(): pass", "m", "0", ""),
        )
    ),
    probe(
        "with enters",
        "mark = me\nwith o_N: pass",
        """
        class C_N:
            def __enter__(self):
                global seen
                seen += mark is not me
                ask()
            def __exit__(self, *_): pass
        o_N = C_N()
        """,
    ),
    probe(
        "with leaves",
        "with o_N:\n    mark = me; sleeps[pause]",
        """
        class C_N:
            def __enter__(self): pass
            def __exit__(self, *_):
                global seen
                seen += mark is not me
                ask()
        o_N = C_N()
        """,
    ),
    probe(
        "a generator, at the first next()",
        "mark = me\n[*g_N]",
        """
        def f_N():
            global seen
            seen += mark is not me
            yield
        g_N = f_N()
        """,
    ),
    probe(
        "a generator expression",
        "mark = me\nseen += next(g_N)",
        "g_N = (mark is not me for _ in (0, 1))",
    ),
)
kind(
    "a generator goes on",
    probe(
        "next()",
        "mark = me\nseen += next(g_N)",
        """
        def f_N():
            yield
            yield mark is not me
        g_N = f_N()
        next(g_N)
        """,
    ),
    probe(
        "a display",
        "mark = me\n[*g_N]",
        """
        def f_N():
            global seen
            yield
            seen += mark is not me
        g_N = f_N()
        next(g_N)
        """,
    ),
    probe(
        "a generator expression",
        "mark = me\nseen += next(g_N)",
        "g_N = (mark is not me for _ in (0, 1))\nnext(g_N)",
    ),
    probe(
        "send()",
        "mark = me\nseen += g_N.send(0)",
        """
        def f_N():
            yield
            yield mark is not me
        g_N = f_N()
        next(g_N)
        """,
    ),
    probe(
        "what another delegates to",
        "mark = me\n[*g_N]",
        """
        def h_N():
            global seen
            yield
            seen += mark is not me
        def f_N():
            yield from h_N()
        g_N = f_N()
        next(g_N)
        """,
    ),
)
kind(
    "a generator goes on by an exception",
    probe(
        "throw()",
        "mark = me\ng_N.throw(e_N)",
        """
        def f_N():
            global seen
            try:
                yield
            except ValueError:
                seen += mark is not me
                ask()
            yield
        g_N = f_N()
        next(g_N)
        e_N = ValueError()
        """,
    ),
    probe(
        "close()",
        "mark = me\ng_N.close()",
        """
        def f_N():
            global seen
            try:
                yield
            finally:
                seen += mark is not me
                ask()
        g_N = f_N()
        next(g_N)
        """,
    ),
)
kind(
    "the body of a class begins",
    probe(
        "class",
        """
        mark = me
        class C_N:
            global seen
            seen += mark is not me
        """,
    ),
)
CHECK = "seen += mark is not me"
# where a switch point comes after the place and before the end: was anybody asking at the place?
ASKED = "; ask()"
ONE = "one = (0,)\ntwo = (0, 1)"
kind(
    "a comprehension begins",
    probe(
        "a list",
        "mark = me; sleeps[pause]\nseen += [(mark is not me, ask())[0] for x in one][0]",
        ONE,
    ),
    probe(
        "a set",
        "mark = me; sleeps[pause]\nseen += True in {(mark is not me, ask())[0] for x in one}",
        ONE,
    ),
    probe(
        "a dict",
        "mark = me; sleeps[pause]\nseen += {0: (mark is not me, ask())[0] for x in one}[0]",
        ONE,
    ),
    probe(
        "one of two loops",
        """
        mark = me; sleeps[pause]
        seen += [(mark is not me, ask())[0] for x in one for y in one][0]
        """,
        ONE,
    ),
    probe(
        "a list, in a module's own code",
        "mark = me; sleeps[pause]\nseen += [(mark is not me, ask())[0] for x in one][0]",
        ONE,
        module=True,
    ),
)
kind(
    "a comprehension in the body of a class begins",
    probe(
        "a list",
        """
class C_N:
    global mark, seen
    mark = me; sleeps[pause]
    seen += [(mark is not me, ask())[0] for x in one][0]
""",
        ONE,
    ),
)
ROUND = "[(seen := seen + (mark is not me)) if x else (mark := me) is sleeps[pause] for x in two]"
kind(
    "a comprehension comes round",
    probe("a list", ROUND, ONE),
    probe("a set", "{" + ROUND[1:-1] + "}", ONE),
    probe("a dict", "{x: " + ROUND[1:-1] + "}", ONE),
    probe(
        "to the end", "[(mark := me) is sleeps[pause] for x in one]\nseen += mark is not me", ONE
    ),
    probe(
        "a round that if leaves out",
        "[(seen := seen + (mark is not me)) for x in two if x or (mark := me) is sleeps[pause]]",
        ONE,
    ),
)
kind(
    "for comes round",
    probe(
        "at the end of its body",
        """
        for x in two:
            if x:
                seen += mark is not me
            else:
                mark = me
        """,
        ONE,
    ),
    probe(
        "continue",
        """
        for x in two:
            if not x:
                mark = me
                continue
            seen += mark is not me
        """,
        ONE,
    ),
    probe("to its end", "for x in one:\n    mark = me\nseen += mark is not me", ONE),
)
kind(
    "while comes round, before its test",
    probe(
        "while",
        """
        go = 0
        while go == 0 or (seen := seen + (mark is not me)) < 0:
            go = 1
            mark = me
        """,
    ),
    probe(
        "at the end of if",
        """
        go = 0
        while go == 0 or (seen := seen + (mark is not me)) < 0:
            if go == 0:
                go = 1
                mark = me
        """,
    ),
    probe(
        "at the end of if and else",
        """
        go = 0
        while go == 0 or (seen := seen + (mark is not me)) < 0:
            if go:
                pass
            else:
                go = 1
                mark = me
        """,
    ),
    probe(
        "at the end of try",
        """
        go = 0
        while go == 0 or (seen := seen + (mark is not me)) < 0:
            try:
                go = 1
                mark = me
            except ValueError:
                pass
        """,
    ),
    probe(
        "at the end of for",
        """
        go = 0
        while go == 0 or (seen := seen + (mark is not me)) < 0:
            for go in ones_N:
                mark = me; sleeps[pause]
                break
        """,
        "ones_N = (1,)",
    ),
    probe(
        "at the end of another while",
        """
        go = 0
        while go == 0 or (seen := seen + (mark is not me)) < 0:
            go = 1
            while (mark := me) is sleeps[pause]:
                pass
        """,
    ),
    probe(
        "in a module's own code",
        """
        go = 0
        while go == 0 or (seen := seen + (mark is not me)) < 0:
            go = 1
            mark = me
        """,
        module=True,
    ),
)
kind(
    "while comes round, after its test",
    probe(
        "while",
        """
        go = 0
        while (mark := me) is not sleeps[pause]:
            if go:
                seen += mark is not me
                break
            go = 1
        """,
    ),
    probe(
        "while not",
        """
        go = 0
        while not (mark := me) is sleeps[pause]:
            if go:
                seen += mark is not me
                break
            go = 1
        """,
    ),
    probe(
        "while with and",
        """
        go = 0
        while (mark := me) is not sleeps[pause] and go < 9:
            if go:
                seen += mark is not me
                break
            go = 1
        """,
    ),
    probe(
        "while with or",
        """
        go = 0
        while (mark := me) is not sleeps[pause] or go < 9:
            if go:
                seen += mark is not me
                break
            go = 1
        """,
    ),
)
kind(
    "while comes round by continue, before its test",
    probe(
        "continue",
        """
        go = 0
        while go == 0 or (seen := seen + (mark is not me)) < 0:
            if go == 0:
                go = 1
                mark = me
                continue
            go = 2
        """,
    ),
    probe(
        "continue as the last statement",
        """
        go = 0
        while go == 0 or (seen := seen + (mark is not me)) < 0:
            go = 1
            mark = me
            continue
        """,
    ),
    probe(
        "continue after a condition",
        """
        go = 0
        while go == 0 or (seen := seen + (mark is not me)) < 0:
            go = 1
            mark = me
            if go:
                continue
            go = 2
        """,
    ),
)
kind(
    "while comes round by continue, after its test",
    probe(
        "continue",
        """
        go = 0
        while (mark := me) is not sleeps[pause]:
            if go == 0:
                go = 1
                continue
            seen += mark is not me
            break
        """,
    ),
)
kind(
    "while comes round without a test",
    probe(
        "at the end of its body",
        """
        go = 0
        while True:
            if go:
                seen += mark is not me
                break
            go = 1
            mark = me
        """,
    ),
    probe(
        "continue",
        """
        go = 0
        while True:
            if not go:
                go = 1
                mark = me
                continue
            seen += mark is not me
            break
        """,
    ),
)
kind(
    "while ends, after its test",
    probe(
        "at once",
        """
        while (mark := me) is sleeps[pause]:
            pass
        seen += mark is not me
        """,
    ),
    probe(
        "after a round",
        """
        go = 0
        while (mark := me) is not sleeps[pause] and go == 0:
            go = 1
        seen += mark is not me
        """,
    ),
)
MARKS = """
def f_N(*args, **kwargs):
    global mark
    mark = me; sleeps[pause]
"""
kind(
    "after a call of a function of Python",
    probe(
        "a function", f"f_N()\n{CHECK}", "def f_N():\n    global mark\n    mark = me; sleeps[pause]"
    ),
    probe(
        "with an argument",
        f"f_N(0)\n{CHECK}",
        "def f_N(one):\n    global mark\n    mark = me; sleeps[pause]",
    ),
    probe(
        "with an argument by its name",
        f"f_N(one=0)\n{CHECK}",
        "def f_N(one):\n    global mark\n    mark = me; sleeps[pause]",
    ),
    probe("with parameters that take all", f"f_N(1, two=2)\n{CHECK}", MARKS),
    probe(
        "with a default",
        f"f_N()\n{CHECK}",
        "def f_N(one=1, *, two=2):\n    global mark\n    mark = me; sleeps[pause]",
    ),
    probe(
        "one that has variables of another",
        f"f_N()\n{CHECK}",
        """
        here_N = 0
        def f_N():
            global mark
            mark = me; sleeps[pause]
            return here_N
        """,
    ),
    probe(
        "one that raises an exception",
        f"""
try:
    f_N()
except ValueError:
    {CHECK}{ASKED}
        """,
        """
        error_N = ValueError()
        def f_N():
            global mark
            mark = me; sleeps[pause]
            raise error_N
        """,
    ),
    careful=True,
)
kind(
    "after a call of a function of Python with *",
    probe("a function", f"f_N(*two)\n{CHECK}", MARKS + ONE),
    probe("with a list", f"f_N(0, *[1, 2])\n{CHECK}", MARKS + ONE),
)
kind(
    "after a call of a function of Python with **",
    probe("a function", f"f_N(**more)\n{CHECK}", MARKS + "more = {'one': 1}"),
    probe("with both", f"f_N(*two, **more)\n{CHECK}", MARKS + ONE + "\nmore = {'one': 1}"),
)
METHODS = """
class C_N:
    def m(self, *args, **kwargs):
        global mark
        mark = me; sleeps[pause]
    @classmethod
    def cm(cls, *args, **kwargs):
        global mark
        mark = me; sleeps[pause]
    @staticmethod
    def sm(*args, **kwargs):
        global mark
        mark = me; sleeps[pause]
class D_N(C_N):
    pass
o_N = C_N()
d_N = D_N()
b_N = o_N.m
"""
kind(
    "after a call of a method of Python",
    *(
        probe(label, f"{call}\n{CHECK}", METHODS)
        for label, call in {
            "a method": "o_N.m()",
            "with an argument": "o_N.m(1)",
            "with an argument by its name": "o_N.m(one=1)",
            "an inherited method": "d_N.m()",
            "a bound method": "b_N()",
            "a bound method with an argument by its name": "b_N(one=1)",
            "a method of a class": "C_N.m(o_N)",
            "a classmethod": "C_N.cm()",
            "a classmethod of an object": "o_N.cm()",
            "a classmethod with an argument by its name": "C_N.cm(one=1)",
            "a staticmethod": "C_N.sm()",
            "a staticmethod of an object": "o_N.sm()",
        }.items()
    ),
    probe(
        "by way of super()",
        "d_N.s()",
        METHODS.replace(
            "pass",
            """def s(self):
        global seen
        super().m()
        seen += mark is not me""",
        ),
    ),
    careful=True,
)
kind(
    "after a call of a method of Python with *",
    probe("a method", f"o_N.m(*two)\n{CHECK}", METHODS + ONE),
    probe("a bound method", f"b_N(*two)\n{CHECK}", METHODS + ONE),
    probe("a classmethod", f"C_N.cm(*two)\n{CHECK}", METHODS + ONE),
)
kind(
    "after a call of a method of Python with **",
    probe("a method", f"o_N.m(**more)\n{CHECK}", METHODS + "more = {'one': 1}"),
    probe("a bound method", f"b_N(**more)\n{CHECK}", METHODS + "more = {'one': 1}"),
)
kind(
    "after a call of a staticmethod of Python with *",
    probe("with *", f"C_N.sm(*two)\n{CHECK}", METHODS + ONE),
    probe("with **", f"C_N.sm(**more)\n{CHECK}", METHODS + "more = {'one': 1}"),
)
YIELDS = "def g_N(*args, **kwargs):\n    yield"
kind(
    "after a call of a generator function",
    around("a function", "g_N()", YIELDS),
    around("with arguments", "g_N(1, two=2)", YIELDS),
    around("a method", "o_N.m()", "class C_N:\n    def m(self):\n        yield\no_N = C_N()"),
    around("a generator expression", "(x for x in one)", ONE),
    careful=True,
)
kind(
    "after a call of a generator function with *",
    around("with *", "g_N(*two)", YIELDS + "\n" + ONE),
    around("with **", "g_N(**more)", YIELDS + "\nmore = {'one': 1}"),
)
NOT_PYTHON = {
    "len()": ("len(two)", "two = [0, 1]"),
    "isinstance()": ("isinstance(0, int)", ""),
    "print() into a StringIO": (
        "print(0, file=o_N)",
        "from io import StringIO\no_N = StringIO()",
    ),
    "sorted()": ("sorted(two)", "two = [1, 0]"),
    "next()": ("next(i_N)", "i_N = iter([0])"),
    "list.append": ("l_N.append(0)", "l_N = []"),
    "list.append, bound": ("b_N(0)", "b_N = [].append"),
    "list.sort with a keyword": ("l_N.sort(reverse=True)", "l_N = []"),
    "dict.get": ("d_N.get(0)", "d_N = {}"),
    "str.join": ("'-'.join(two)", "two = ['0', '1']"),
    "dict.fromkeys, a classmethod": ("dict.fromkeys(two)", "two = ['0', '1']"),
    "str.maketrans, a staticmethod": ("str.maketrans(d_N)", "d_N = {}"),
    "a method-wrapper": ("m_N()", "m_N = (1).__str__"),
    "a slot of a class": ("int.__add__(1, 2)", ""),
    "functools.partial": (
        "p_N()",
        "from functools import partial\np_N = partial(len, 'two')",
    ),
    "operator.itemgetter": ("p_N('two')", "from operator import itemgetter\np_N = itemgetter(0)"),
    "operator.add": ("add(1, 2)", "from operator import add"),
    "itertools.count": ("count()", "from itertools import count"),
    "Lock.acquire, free": ("l_N.acquire()", "from threading import Lock\nl_N = Lock()"),
    "Lock.acquire, taken, not waiting": (
        "l_N.acquire(False)",
        "from threading import Lock\nl_N = Lock()\nl_N.acquire()",
    ),
    "Lock.release": ("l_N.release()", "from threading import Lock\nl_N = Lock()\nl_N.acquire()"),
    "len() with *": ("len(*one)", "one = ([],)"),
    "dict.get with *": ("d_N.get(*one)", "d_N = {}\none = (0,)"),
    "str.format with **": ("'{a}'.format(**more)", "more = {'a': 0}"),
}
kind(
    "after a call of what is not Python",
    *(around(label, code, before) for label, (code, before) in NOT_PYTHON.items()),
)
kind(
    "after a call of a class",
    around("one without __init__", "C_N()", "class C_N: pass"),
    probe(
        "one with __init__ in Python",
        f"C_N()\n{CHECK}",
        """
        class C_N:
            def __init__(self):
                global mark
                mark = me; sleeps[pause]
        """,
    ),
    probe(
        "one with __new__ in Python",
        f"C_N()\n{CHECK}",
        """
        class C_N:
            def __new__(cls):
                global mark
                mark = me; sleeps[pause]
        """,
    ),
    around("int()", "int('1')"),
    around("list()", "list(two)", ONE),
    around("dict() with a keyword", "dict(a=1)"),
    around("str()", "str(1)"),
    around("type()", "type(1)"),
    around("range()", "range(1)"),
    around("enumerate()", "enumerate(two)", ONE),
    around("object()", "object()"),
    around("an exception", "ValueError(1)"),
    around("an exception of one's own", "E_N(1)", "class E_N(Exception): pass"),
    around("threading.Lock()", "Lock()", "from threading import Lock"),
    around("with *", "C_N(*none)", "class C_N: pass\nnone = ()"),
    around(
        "super()",
        "super(D_N, o_N)",
        "class C_N: pass\nclass D_N(C_N): pass\no_N = D_N()",
    ),
)
kind(
    "after a call of an object with __call__",
    probe(
        "__call__",
        f"o_N()\n{CHECK}",
        """
        class C_N:
            def __call__(self):
                global mark
                mark = me; sleeps[pause]
        o_N = C_N()
        """,
    ),
)
LOCK = "from threading import Condition, Lock, RLock\n"
INSIDE = "mark = me; sleeps[pause]\nwith l_N:\n    seen += mark is not me" + ASKED
kind(
    "with has entered a lock",
    probe("Lock", INSIDE, LOCK + "l_N = Lock()"),
    probe("RLock", INSIDE, LOCK + "l_N = RLock()"),
    probe("RLock, taken before by the same thread", INSIDE, LOCK + "l_N = RLock()\nl_N.acquire()"),
    probe(
        "the first of two", INSIDE.replace("l_N", "l_N, m_N"), LOCK + "l_N, m_N = Lock(), Lock()"
    ),
    probe("in a module's own code", INSIDE, LOCK + "l_N = Lock()", module=True),
    careful=True,
)
OWN = """
class C_N:
    def __enter__(self):
        global mark
        mark = me; sleeps[pause]
    def __exit__(self, *_):
        global mark
        mark = me; sleeps[pause]
        return True
o_N = C_N()
"""
kind(
    "with has entered by a function of Python",
    probe("with", f"with o_N:\n    {CHECK}{ASKED}", OWN),
    careful=True,
)
kind(
    "with has entered by what is not Python",
    probe("a StringIO", INSIDE, "from io import StringIO\nl_N = StringIO()"),
    probe("a memoryview", INSIDE, "l_N = memoryview(b'')"),
)
kind(
    "with has entered a Condition or a Semaphore",
    probe("a Condition", INSIDE, LOCK + "l_N = Condition()"),
    probe("a Semaphore", INSIDE, "from threading import Semaphore\nl_N = Semaphore()"),
)
kind(
    "with has left a lock",
    probe("Lock", f"with l_N:\n    mark = me; sleeps[pause]\n{CHECK}", LOCK + "l_N = Lock()"),
    probe("RLock", f"with l_N:\n    mark = me; sleeps[pause]\n{CHECK}", LOCK + "l_N = RLock()"),
    probe(
        "return",
        "f_N()\nseen += mark is not me",
        LOCK
        + """l_N = Lock()
def f_N():
    global mark
    with l_N:
        mark = me; sleeps[pause]
        return
""",
    ),
    probe(
        "break",
        """
        for x in one:
            with l_N:
                mark = me; sleeps[pause]
                break
        seen += mark is not me
        """,
        LOCK + "l_N = Lock()\n" + ONE,
    ),
)
kind(
    "with has left by a function of Python",
    probe("with", f"with o_N:\n    pass\n{CHECK}", OWN),
    probe("by break", f"for x in one:\n    with o_N: break\n{CHECK}", OWN + ONE),
    careful=True,
)
kind(
    "with has left by a function of Python by an exception",
    probe(
        "it goes on",
        f"try:\n    with o_N:\n        raise e_N\nexcept ValueError:\n    {CHECK}{ASKED}",
        OWN.replace("True", "False") + "e_N = ValueError()",
    ),
    careful=True,
)
kind(
    "with has taken an exception away",
    probe("with", f"with o_N:\n    1 / zero\n{CHECK}", OWN + "zero = 0"),
    probe(
        "in a loop",
        f"for x in one:\n    with o_N:\n        1 / zero\n    {CHECK}{ASKED}",
        OWN + "zero = 0\n" + ONE,
    ),
    careful=True,
)
kind(
    "with has left a Condition or a Semaphore",
    probe(
        "a Condition",
        f"with l_N:\n    mark = me; sleeps[pause]\n{CHECK}",
        LOCK + "l_N = Condition()",
    ),
    probe(
        "a Semaphore",
        f"with l_N:\n    mark = me; sleeps[pause]\n{CHECK}",
        "from threading import Semaphore\nl_N = Semaphore()",
    ),
)
kind(
    "with has left by what is not Python",
    probe(
        "a StringIO",
        f"with l_N:\n    mark = me; sleeps[pause]\n{CHECK}",
        "from io import StringIO\nl_N = StringIO()",
    ),
)
THROWN = """
try:
    with l_N:
        mark = me; sleeps[pause]
        raise e_N
except ValueError:
    seen += mark is not me; ask()
"""
kind(
    "with has left a lock by an exception",
    probe("Lock", THROWN, LOCK + "l_N = Lock()\ne_N = ValueError()"),
    probe("RLock", THROWN, LOCK + "l_N = RLock()\ne_N = ValueError()"),
    careful=True,
)
kind(
    "after a decorator",
    around("a class", "@classmethod\ndef f_N(): pass"),
    around("a function that is not Python", "@callable\ndef f_N(): pass"),
    around("of a class", "@callable\nclass C_N: pass"),
)
kind(
    "after a decorator of Python",
    probe("of a function", f"@d_N\ndef f_N(): pass\n{CHECK}", MARKS.replace("f_N", "d_N")),
    probe("of a class", f"@d_N\nclass C_N: pass\n{CHECK}", MARKS.replace("f_N", "d_N")),
)
kind(
    "after a class statement",
    probe("class", "class C_N:\n    global mark\n    mark = me; sleeps[pause]\n" + CHECK),
)
kind(
    "an import",
    around(
        "import of a module that is not loaded",
        "import colorsys",
        "import sys\nsys.modules.pop('colorsys', 0)",
    ),
    failing("import of a module that is not there", "import no_such", "ImportError"),
)
kind(
    "an import of a module that is loaded",
    around("import", "import math", "import math"),
    around("import of a part", "import os.path", "import os.path"),
    around("import of a part by another name", "import os.path as p_N", "import os.path"),
    around("from", "from math import pi", "import math"),
    around("from, a part", "from os import path", "import os.path"),
    around("star", "from math import *", "import math", module=True),
)
kind(
    "an import from a package that is loaded",
    around("a part", "from json import decoder", "import json.decoder"),
    around("a name", "from json import loads", "import json"),
)
kind(
    "an assertion fails",
    failing("assert", "assert no, 'why'", "AssertionError", "no = False"),
)
kind(
    "an assertion without a message fails",
    failing("assert", "assert no", "AssertionError", "no = False"),
)
DELEGATES = """
def f_N():
    yield from {}
    {}
g_N = f_N()
next(g_N)
"""
kind(
    "yield from goes on",
    around("to an iterator that is not Python", "[*g_N]", DELEGATES.format("[0, 1, 2]", "")),
)
kind(
    "yield from begins",
    probe(
        "begins and ends",
        "[*f_N()]",
        """
        def f_N():
            global mark, seen
            mark = me; sleeps[pause]
            yield from ()
            seen += mark is not me
        """,
    ),
)
kind(
    "super() whose attribute is read",
    probe(
        "a method",
        "d_N.m()",
        """
        class C_N:
            x = 0
        class D_N(C_N):
            def m(self):
                global mark, seen
                mark = me; sleeps[pause]
                super().x
                seen += mark is not me
        d_N = D_N()
        """,
    ),
)


# -- operations of the language, on what is not written in Python, by the nodes of ``ast`` ---------

BINARY = {
    "Add": "+", "Sub": "-", "Mult": "*", "MatMult": "@", "Div": "/", "FloorDiv": "//", "Mod": "%",
    "Pow": "**", "LShift": "<<", "RShift": ">>", "BitOr": "|", "BitXor": "^", "BitAnd": "&",
}  # fmt: skip
COMPARISONS = {
    "Eq": "==", "NotEq": "!=", "Lt": "<", "LtE": "<=", "Gt": ">", "GtE": ">=", "In": "in",
    "NotIn": "not in", "Is": "is", "IsNot": "is not",
}  # fmt: skip
UNARY = {"UAdd": "+", "USub": "-", "Invert": "~", "Not": "not "}
PAIR = "x_N, y_N = 7, 2"
MATRIX = "class C_N: __matmul__ = __imatmul__ = callable\nx_N = y_N = C_N()"
OBJECT = "o_N = Thing()\no_N.x = o_N.s = 0"
ITEMS = "l_N, t_N, d_N = [0, 1], (0, 1), {0: 0, 1: 1}"

kind(
    "Name",
    around("read a global variable", "pause"),
    around("bind a global variable", "global big_N\nbig_N = 0"),
    around("read a local variable", "x_N", "x_N = 0"),
    around("bind a local variable", "x_N = 0"),
    around("read a built-in name", "len"),
    around("read and bind one that inner functions have", "x_N = x_N", "x_N = 0\nlambda: x_N"),
    around("read and bind in a module's own code", "x_N = 0\nx_N\nlen", module=True),
    probe(
        "read and bind in the body of a class",
        "class C_N:\n    global mark, seen\n    mark = me; sleeps[pause]\n    x = 0\n    x\n    "
        + CHECK
        + ASKED,
    ),
    failing("one that is bound nowhere", "no_such", "NameError"),
    careful=True,
)
kind(
    "Nonlocal",
    probe(
        "read and bind",
        "f_N()",
        """
        def outer():
            x = 0
            def inner():
                nonlocal x
                global mark, seen
                mark = me; sleeps[pause]
                x = x
                seen += mark is not me
            return inner
        f_N = outer()
        """,
    ),
)
kind(
    "Attribute",
    around("read", "o_N.x", OBJECT),
    around("read one of the class", "o_N.y", OBJECT),
    around("read a slot", "o_N.s", OBJECT),
    around("read one of a module", "math.pi", "import math"),
    around("read a method", "o_N.append", "o_N = []"),
    around("read what a property that is not Python gives", "o_N.real", "o_N = 1"),
    around("bind", "o_N.x = 1", OBJECT),
    around("bind a slot", "o_N.s = 1", OBJECT),
    around("bind one of a class", "Thing.x = 1"),
    around("delete", "del o_N.x", OBJECT),
    failing("one that is not there", "o_N.no", "AttributeError", OBJECT),
    careful=True,
)
kind(
    "Subscript",
    around("read of a list", "l_N[0]", ITEMS),
    around("read of a tuple", "t_N[0]", ITEMS),
    around("read of a dict", "d_N[0]", ITEMS),
    around("read of a str", "'text'[0]"),
    around("read of a range", "r_N[0]", "r_N = range(2)"),
    around("bind of a list", "l_N[0] = 1", ITEMS),
    around("bind of a dict", "d_N[0] = 1", ITEMS),
    around("bind a new one of a dict", "d_N[9] = 1", ITEMS),
    around("delete of a list", "del l_N[0]", ITEMS),
    around("delete of a dict", "del d_N[0]", ITEMS),
    failing("one that is not there", "d_N[9]", "KeyError", ITEMS),
    around("a type with parameters", "list[int]"),
    careful=True,
)
kind(
    "Slice",
    around("read", "l_N[0:1]", ITEMS),
    around("read with variables", "l_N[x_N:y_N]", ITEMS + "\n" + PAIR),
    around("read with a step", "l_N[::2]", ITEMS),
    around("read of a str", "'text'[1:2]"),
    around("bind", "l_N[0:1] = t_N", ITEMS),
    around("delete", "del l_N[0:1]", ITEMS),
)
kind(
    "BinOp",
    *(
        around(name, f"x_N {symbol} y_N", MATRIX if name == "MatMult" else PAIR)
        for name, symbol in BINARY.items()
    ),
    around("Add of lists", "l_N + l_N", ITEMS),
    around("Add of texts", "x_N + x_N", "x_N = 'x'"),
    around("Add of float", "x_N + x_N", "x_N = 1.5"),
    around("Mod of a text", "'%s' % x_N", PAIR),
    around("BitOr of dicts", "d_N | d_N", ITEMS),
    failing("one that raises an exception", "x_N / 0", "ZeroDivisionError", PAIR),
)
kind(
    "AugAssign",
    *(
        around(name, f"x_N {symbol}= y_N", MATRIX if name == "MatMult" else PAIR)
        for name, symbol in BINARY.items()
    ),
    around("Add of lists", "l_N += t_N", ITEMS),
    around("Add of a global variable", "big_N += 1", "global big_N\nbig_N = 0"),
    around("Add of an attribute", "o_N.x += 1", OBJECT),
    around("Add of an item", "l_N[0] += 1", ITEMS),
    around("Add of an item of a dict", "d_N[0] += 1", ITEMS),
)
kind(
    "UnaryOp",
    *(around(name, f"{symbol}x_N", PAIR) for name, symbol in UNARY.items()),
)
kind(
    "Compare",
    *(
        around(name, f"x_N {symbol} {'l_N' if 'In' in name else 'y_N'}", f"{PAIR}\n{ITEMS}")
        for name, symbol in COMPARISONS.items()
    ),
    around("Eq of lists", "l_N == l_N", ITEMS),
    around("Lt of tuples", "t_N < t_N", ITEMS),
    around("Eq of texts", "x_N == y_N", "x_N, y_N = 'x', 'y'"),
    around("In a dict", "x_N in d_N", PAIR + "\n" + ITEMS),
    around("In a set", "x_N in s_N", PAIR + "\ns_N = {0, 1}"),
    around("In a text", "'x' in 'text'"),
    around("In an iterator", "1 in i_N", "i_N = iter([0, 1])"),
    around("a chain", "0 < x_N < 9", PAIR),
    around("a chain that ends early", "9 < x_N < 99", PAIR),
)
kind(
    "BoolOp",
    around("and", "x_N and y_N", PAIR),
    around("or", "x_N or y_N", PAIR),
    around("and of a list", "l_N and l_N", ITEMS),
    around("not", "not x_N", PAIR),
)
kind(
    "If",
    around("a number", "if x_N: pass", PAIR),
    around("a list", "if l_N: pass", ITEMS),
    around("a comparison", "if x_N == y_N: pass\nelif x_N > y_N: pass\nelse: pass", PAIR),
    around("None", "if x_N is None: pass", PAIR),
)
kind("IfExp", around("if", "1 if x_N else 2", PAIR))
kind(
    "Constant",
    around("a constant", "0\n'text'\nNone\npass"),
    around("bind", "x_N = 0"),
)
kind(
    "Tuple",
    around("of variables", "(x_N, y_N)", PAIR),
    around("of constants", "(1, 2)"),
)
kind(
    "List",
    around("of variables", "[x_N, y_N]", PAIR),
    around("of constants", "[1, 2, 3, 4]"),
    around("empty", "[]"),
)
kind("Set", around("of variables", "{x_N, y_N}", PAIR))
kind(
    "Dict",
    around("of variables", "{x_N: y_N}", PAIR),
    around("empty", "{}"),
    around("with **", "{0: 1, **d_N}", ITEMS),
)
kind(
    "Starred",
    around("in a list", "[*l_N, 1]", ITEMS),
    around("in a tuple", "(*l_N, 1)", ITEMS),
    around("in a set", "{*l_N, 1}", ITEMS),
    around("an iterator", "[*i_N]", "i_N = iter((0, 1))"),
)
kind(
    "JoinedStr",
    around("a number", "f'{x_N}'", PAIR),
    around("with a format", "f'{x_N:3d}'", PAIR),
    around("with a format that is computed", "f'{x_N:{y_N}}'", PAIR),
    around("with !r", "f'{l_N!r}'", ITEMS),
    around("two parts", "f'{x_N} and {y_N!s}'", PAIR),
    around("with =", "f'{x_N=}'", PAIR),
)
kind(
    "TemplateStr",
    around("two parts", "t'{x_N} and {y_N!s:3}'", PAIR, since=(3, 14)),
)
kind("Lambda", around("lambda", "lambda x=x_N: y_N", PAIR))
kind(
    "FunctionDef",
    around("def", "def f_N(): pass"),
    around("with defaults", "def f_N(x=x_N, *, y=y_N): pass", PAIR),
    around("with annotations", "def f_N(x: int) -> int: pass"),
    around("a generator function", "def f_N(): yield"),
)
kind(
    "Assign",
    around("to two", "x_N = y_N = 0"),
    around("a tuple", "x_N, y_N = t_N", ITEMS),
    around("a swap", "x_N, y_N = y_N, x_N", PAIR),
    around("a list", "x_N, y_N = l_N", ITEMS),
    around("a dict", "x_N, y_N = d_N", ITEMS),
    around("an iterator", "x_N, y_N = i_N", "i_N = iter((0, 1))"),
    around("with a star", "x_N, *y_N = l_N", ITEMS),
    around("to items and attributes", "l_N[0], o_N.x = t_N", ITEMS + "\n" + OBJECT),
    failing("too many", "x_N, = l_N", "ValueError", ITEMS),
)
kind(
    "AnnAssign",
    around("in a function", "x_N: int = 0"),
    around("in a module's own code", "x_N: int = 0", module=True),
)
kind("NamedExpr", around(":=", "(x_N := 0)"))
kind(
    "Delete",
    around("a local variable", "del x_N", "x_N = 0"),
    around("in a module's own code", "del x_N", "x_N = 0", module=True),
)
kind(
    "Match",
    *(
        around(label, f"match {subject}:\n    case {pattern}: pass", before)
        for label, subject, pattern, before in (
            ("a value", "x_N", "7", PAIR),
            ("nothing fits", "x_N", "8", PAIR),
            ("any of several", "x_N", "8 | 7", PAIR),
            ("a name", "x_N", "y_N if y_N", PAIR),
            ("a sequence", "l_N", "[a_N, *b_N]", ITEMS),
            ("a mapping", "d_N", "{0: a_N, **b_N}", ITEMS),
            ("a class", "x_N", "int(a_N)", PAIR),
            ("a class with attributes", "o_N", "Thing(x=a_N)", OBJECT),
            ("None", "x_N", "None", PAIR),
        )
    ),
)
ERROR = "error_N = ValueError()"
GROUP = "group_N = ExceptionGroup('', [ValueError(), KeyError()])"
kind(
    "Raise",
    failing("an exception", "raise error_N", "ValueError", ERROR),
    failing("a class that is not Python", "raise ValueError", "ValueError"),
    failing("from another", "raise error_N from error_N", "ValueError", ERROR),
    failing(
        "again",
        "try:\n    raise error_N\nexcept ValueError:\n    raise",
        "ValueError",
        ERROR,
    ),
)
kind(
    "Try",
    around("without an exception", "try: pass\nexcept ValueError: pass\nelse: pass\nfinally: pass"),
    failing("with a name", "raise error_N", "ValueError as e_N", ERROR),
    failing("of several classes", "raise error_N", "(TypeError, ValueError)", ERROR),
    failing("the second", "raise error_N", "KeyError: pass\nexcept ValueError", ERROR),
    failing("all", "raise error_N", "BaseException", ERROR),
    failing(
        "finally on the way", "try:\n    raise error_N\nfinally:\n    pass", "ValueError", ERROR
    ),
)
kind(
    "TryStar",
    failing("all of it", "raise group_N", "* (ValueError, KeyError)", GROUP),
    failing(
        "a part of it", "try:\n    raise group_N\nexcept* KeyError: pass", "* ValueError", GROUP
    ),
    failing("one exception", "raise error_N", "* ValueError", ERROR),
)
# the ``try`` might go on without an exception: what follows is not of the except clause alone
ZERO = "zero = 0"
TAKEN = "try:\n    1 / zero\nexcept {}:\n    mark = me; sleeps[pause]\n"
kind(
    "after an except clause",
    probe("except", TAKEN.format("ZeroDivisionError") + CHECK, ZERO),
    probe("with a name", TAKEN.format("ZeroDivisionError as e_N") + CHECK, ZERO),
    probe("before finally", TAKEN.format("ZeroDivisionError") + "finally: pass\n" + CHECK, ZERO),
    probe("except*", TAKEN.format("* ZeroDivisionError") + CHECK, ZERO),
    probe(
        "in a loop",
        "for x in one:\n" + indent(TAKEN.format("ZeroDivisionError") + CHECK + ASKED, "    "),
        ZERO + "\n" + ONE,
    ),
    probe(
        "that ends with if",
        TAKEN.format("ZeroDivisionError") + "    if zero: pass\n" + CHECK,
        ZERO,
    ),
    probe(
        "that ends with if, in a loop",
        "for x in one:\n"
        + indent(TAKEN.format("ZeroDivisionError") + "    if zero: pass\n" + CHECK + ASKED, "    "),
        ZERO + "\n" + ONE,
    ),
    probe(
        "that ends with if and does something",
        TAKEN.format("ZeroDivisionError") + "    if zero: zero = 1\n" + CHECK,
        ZERO,
    ),
    probe(
        "that ends with while",
        TAKEN.format("ZeroDivisionError") + "    while zero: zero = 0\n" + CHECK,
        ZERO,
    ),
    probe(
        "that ends with try",
        TAKEN.format("ZeroDivisionError") + "    try: pass\n    finally: zero = 0\n" + CHECK,
        ZERO,
    ),
    probe("in a module's own code", TAKEN.format("ZeroDivisionError") + CHECK, ZERO, module=True),
    careful=True,
)
kind(
    "break in an except clause",
    probe(
        "break",
        f"""
for x in two:
    try:
        1 / zero
    except ZeroDivisionError:
        mark = me; sleeps[pause]
        break
{CHECK}
""",
        ZERO + "\n" + ONE,
    ),
)
kind(
    "after what holds an except clause",
    probe(
        "if",
        f"""
if yes:
    try:
        raise error_N
    except ValueError: pass
    mark = me; sleeps[pause]
{CHECK}
""",
        f"{ERROR}\nyes = True",
    ),
    probe(
        "if with else",
        f"""
if yes:
    try:
        raise error_N
    except ValueError: pass
    mark = me; sleeps[pause]
else:
    mark = me
{CHECK}
""",
        f"{ERROR}\nyes = True",
    ),
    probe(
        "if with else, within",
        f"""
if yes:
    try:
        raise error_N
    except ValueError: pass
    if yes:
        mark = me; sleeps[pause]
    else:
        mark = 0
{CHECK}
""",
        f"{ERROR}\nyes = True",
    ),
    probe(
        "match",
        f"""
match yes:
    case True:
        try:
            raise error_N
        except ValueError: pass
        mark = me; sleeps[pause]
    case _:
        mark = me
{CHECK}
""",
        f"{ERROR}\nyes = True",
    ),
    probe(
        "while",
        f"""
go = 0
while (mark := me) is not sleeps[pause] and go == 0:
    try:
        raise error_N
    except ValueError:
        go = 1
{CHECK}
""",
        ERROR,
    ),
)
kind(
    "Return",
    probe(
        "return",
        f"f_N()\n{CHECK}",
        "def f_N():\n    global mark\n    mark = me; sleeps[pause]\n    return mark",
    ),
    probe(
        "through finally",
        f"f_N()\n{CHECK}",
        """
        def f_N():
            global mark
            mark = me; sleeps[pause]
            try:
                return mark
            finally:
                pass
        """,
    ),
)
GIVES = """
def f_N():
    global mark
    mark = me; sleeps[pause]
    yield
g_N = f_N()
"""
kind(
    "Yield",
    probe("to for", f"for x in g_N:\n    {CHECK}\n    break", GIVES),
    probe(
        "the end, to for",
        f"for x in g_N: pass\n{CHECK}",
        """
        def f_N():
            global mark
            yield
            mark = me; sleeps[pause]
        g_N = f_N()
        """,
    ),
)
kind(
    "For",
    around("a tuple", "for x in t_N: break", ITEMS),
    around("a list", "for x in l_N: break", ITEMS),
    around("a dict", "for x in d_N: break", ITEMS),
    around("a range", "for x in r_N: break", "r_N = range(2)"),
    around("an iterator", "for x in i_N: break", "i_N = iter((0, 1))"),
    around("nothing", "for x in (): pass\nelse: pass"),
    around("break", "for x in t_N:\n    for y in t_N: break\n    break", ITEMS),
)
kind("While", around("while", "while True: break"))
kind("Assert", around("assert", "assert x_N, 'why'", PAIR))
kind(
    "what has type parameters is made",
    around("type", "type T_N[X] = list[X]", since=(3, 12)),
    around("def", "def f_N[X](one: X): pass", since=(3, 12)),
    around("class", "class C_N[X]: pass", since=(3, 12)),
)
kind(
    "TypeAlias",
    around("type", "type T_N = int", since=(3, 12)),
)
kind(
    "after an operation that called a function of Python",
    *(
        probe(
            label,
            f"{code}\n{CHECK}",
            f"""
class C_N:
    def {name}(self, *_):
        global mark
        mark = me; sleeps[pause]
        return {result}
    {more}
o_N = C_N()
""",
        )
        for label, code, name, result, more in (
            ("an operator", "o_N + 1", "__add__", "0", ""),
            ("an operator in place", "x_N = o_N\nx_N += 1", "__iadd__", "0", ""),
            ("an operator with one operand", "-o_N", "__neg__", "0", ""),
            ("==", "o_N == 1", "__eq__", "True", ""),
            ("== within in", "o_N in [1]", "__eq__", "True", ""),
            ("in", "1 in o_N", "__contains__", "True", ""),
            ("the truth", "if o_N: pass", "__bool__", "True", ""),
            ("an item", "o_N[0]", "__getitem__", "0", ""),
            ("an item that is bound", "o_N[0] = 0", "__setitem__", "0", ""),
            ("an item that is deleted", "del o_N[0]", "__delitem__", "0", ""),
            ("an attribute", "o_N.x", "__getattr__", "0", ""),
            ("any attribute", "o_N.x", "__getattribute__", "0", ""),
            ("an attribute that is bound", "o_N.x = 0", "__setattr__", "0", ""),
            ("an attribute that is deleted", "del o_N.x", "__delattr__", "0", ""),
            ("a property", "o_N.x", "m", "0", "x = property(m)"),
            ("a property that is bound", "o_N.x = 0", "m", "0", "x = property(m, m)"),
            ("the hash", "{o_N: 0}", "__hash__", "0", ""),
            ("an f-string", "f'{o_N}'", "__format__", "''", ""),
            ("an f-string with !r", "f'{o_N!r}'", "__repr__", "''", ""),
            ("iter", "for x in o_N: break", "__iter__", "iter([0])", ""),
            ("iter of a display", "[*o_N]", "__iter__", "iter([0])", ""),
            ("unpacking", "x_N, = o_N", "__iter__", "iter([0])", ""),
            ("a round of for", "for x in o_N: break", "__next__", "0", "def __iter__(o): return o"),
        )
    ),
)  # fmt: skip


# -- what the rewriting knows, and the kinds that stand for it ------------------------------------

# nodes of ``ast`` that are not the name of a kind
NODES = {
    "Break": ["For"],
    "Call": [name for name in KINDS if name.startswith("after a call of")],
    "ClassDef": ["the body of a class begins", "after a class statement", "after a decorator"],
    "Continue": ["for comes round", "while comes round by continue, before its test"],
    "DictComp": ["a comprehension begins", "a comprehension comes round"],
    "ExceptHandler": ["Try", "after an except clause", "after what holds an except clause"],
    "Expr": ["Constant"],
    "FormattedValue": ["JoinedStr"],
    "GeneratorExp": ["after a call of a generator function", "a function begins"],
    "Global": ["Name"],
    "Import": ["an import", "an import of a module that is loaded"],
    "ImportFrom": [
        "an import of a module that is loaded",
        "an import from a package that is loaded",
    ],
    "Interpolation": ["TemplateStr"],
    "ListComp": ["a comprehension begins", "a comprehension comes round"],
    "Pass": ["Constant"],
    "SetComp": ["a comprehension begins", "a comprehension comes round"],
    "With": [name for name in KINDS if name.startswith("with has")],
    "YieldFrom": ["yield from begins", "yield from goes on"],
}
# names that rewritten code calls; those of operators stand for probes of their own
HOOKS = {
    "g": ["Name"], "gc": ["Name"], "gw": ["Name"], "once": ["Name"], "binder": ["FunctionDef"],
    "star": ["an import of a module that is loaded"], "c": ["Nonlocal"], "cw": ["Nonlocal"],
    "a": ["Attribute"], "la": ["Attribute"], "hidden": ["Attribute"], "as": ["Attribute"],
    "da": ["Attribute"], "i": ["Subscript"], "is": ["Subscript"], "di": ["Subscript"],
    "slice": ["Slice"], "f": NODES["Call"], "returned": NODES["Call"],
    "truth": ["If", "IfExp", "BoolOp", "Assert"],
    "link": ["Compare"], "format": ["JoinedStr"], "match": ["Match"], "iterate": ["For"],
    "labelled": ["a comprehension begins"], "spread": ["Starred"], "mapping": ["Dict"],
    "unpack": ["Assign"], "delegate": NODES["YieldFrom"], "yielding": ["Yield"],
    "loop": ["while comes round, before its test"], "enter": ["While"], "enters": NODES["With"],
    "caught": ["Try"], "handled": ["Try"], "raises": ["Raise"], "raises_from_cause": ["Raise"],
    "cause": ["Raise"],
    **{name: [("BinOp", name)] for name in BINARY},
    **{f"i{name}": [("AugAssign", name)] for name in BINARY},
    **{name: [("UnaryOp", name)] for name in UNARY if name != "Not"},
    **{name: [("Compare", name)] for name in COMPARISONS if not name.startswith("Is")},
    **{f"t{name}": [("Compare", name), "If"] for name in COMPARISONS if not name.startswith("Is")},
}  # fmt: skip
# names that rewritten code calls where the program itself does nothing
NO_OPERATION = {
    "point": "says that the program has passed a switch point",
    "passing": "likewise",
    "decorating": "likewise",
    "asynchronous": "refuses the call of an asynchronous function",
    "halfway": "counts the generators that are left halfway",
    "frame": "names the frame that runs",
    "made": "names an object that has been made",
    "kept_in": "refuses the namespace of a class that others have",
    "locals": "what a loop that only waits is known by",
    "own": "likewise",
    "filled": "refuses what the body of an enumeration has set, at its end",
    "ended": "says that a generator has come to its end",
    "ending": "likewise",
    "copying": "is of the code of copy alone, whose calls say where they pass a switch point",
    "attributes": "likewise",
    "of_interpreter": "reads what the interpreter has told a module of it, as any global is read",
}
