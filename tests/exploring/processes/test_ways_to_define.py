"""A child has the classes and functions of its parent, however the library has helped to make them.

Each program has one outcome. It is run for real and explored, and the two agree.
"""

from __future__ import annotations

import re

import pytest
from meanings import real_outcome

from anyorder.exploring import CannotExplore
from anyorder.outcomes import StartMethod

PROGRAM = """
    import sys
    import threading
    from dataclasses import dataclass, field
    from enum import Enum, Flag, IntEnum, auto
    from functools import partial, wraps
    from multiprocessing import get_context
    from typing import ClassVar, NamedTuple, TypedDict
    {made}
    def work(given):
        it = given
        print({shown}, flush=True)
        {change}
        print({shown}, flush=True)
    if __name__ == "__main__":
        it = {value}
        child = get_context("{method}").Process(target=work, args=[it])
        child.start()
        child.join()
        print({shown}, child.exitcode)
"""
# what is defined; a value that is given to the child; what the child does with it; what both show
WAYS = {
    "annotations": (
        "class It:\n        x: int\n        def __init__(self): self.x = 1",
        "It()",
        "it.x = 2; It.y = 3",
        "it.x, hasattr(It, 'y')",
    ),
    "a dataclass": (
        (
            "@dataclass(order=True)\n    class It:\n        x: int\n"
            "        seen: list = field(default_factory=list)\n        all_: ClassVar[list] = []"
        ),
        "It(1)",
        "it.seen.append(it.x); it.x = 2; It.all_.append(3)",
        "it, It(1) < it, it.all_",
    ),
    "a frozen dataclass": (
        (
            "@dataclass(frozen=True)\n    class It:\n        x: int\n"
            "        seen: list = field(default_factory=list, compare=False)"
        ),
        "It(1)",
        "it.seen.append(it.x)",
        "it, hash(it) == hash(It(1)), it == It(1)",
    ),
    "a dataclass with slots": (
        "@dataclass(slots=True)\n    class It:\n        x: list",
        "It([1])",
        "it.x.append(2)",
        "it, hasattr(it, '__dict__')",
    ),
    "dataclasses that derive": (
        (
            "@dataclass\n    class Base:\n        x: int = 1\n    @dataclass(kw_only=True)\n"
            "    class It(Base):\n        y: list\n        def __post_init__(self): self.z = [0]"
        ),
        "It(y=[2])",
        "it.y.append(3); it.z.append(4)",
        "it, it.z",
    ),
    "an enumeration": (
        (
            "class It(Enum):\n        A = auto()\n        B = auto()\n"
            "    class Number(IntEnum):\n        ONE = 1\n    class Bits(Flag):\n"
            "        X = auto()\n        Y = auto()"
        ),
        "[It.A, Number.ONE, Bits.X]",
        "it.append(It.B)",
        "it, it[0] is It.A, Number(1), Bits.X | Bits.Y",
    ),
    "a named tuple": (
        "class It(NamedTuple):\n        x: list\n        y: int = 2",
        "It([1])",
        "it.x.append(3)",
        "it, it._replace(y=4)",
    ),
    "a dict with types": (
        "class It(TypedDict, total=False):\n        x: list",
        "It(x=[1])",
        "it['x'].append(2)",
        "it",
    ),
}
# what is done as the program is read, while there are no other threads; what shows that it was
READ_ANEW = {
    "names of functions": (
        (
            "def named(f):\n        def inner(): return f()\n"
            "        inner.__name__, inner.__qualname__, inner.__doc__ = 'f', 'g.f', 'text'\n"
            "        return inner\n    @named\n    def f(): return f.__name__"
        ),
        "f(), f.__qualname__, f.__doc__",
    ),
    "wrapped functions": (
        (
            "def named(f):\n        @wraps(f)\n        def inner(): return f()\n"
            "        return inner\n    @named\n    def f(): return 1"
        ),
        "f(), f.__name__, f.__wrapped__()",
    ),
    "hooks for what is raised": (
        (
            "def hook(given): print('hook', given.exc_value, flush=True)\n"
            "    def other(*given): print('other', given[1], flush=True)\n"
            "    threading.excepthook, sys.excepthook = hook, other\n"
            "    def fail():\n        child = threading.Thread(target=int, args=['x'])\n"
            "        child.start(); child.join()\n        return sys.excepthook is other"
        ),
        "fail()",
    ),
    "arguments of the program": ("sys.argv = ['a', 'b']", "sys.argv"),
    "an attribute of a partial": ("it = partial(max, 1); it.__doc__ = 'text'", "it(0), it.__doc__"),
    "import of all names": (
        "from math import *\n    names = dir()",
        "floor(2.5), 'floor' in names",
    ),
}


def own_outcome(explored, tmp_path, method, ways):
    """Explore a program that defines things in one way, and return its outcome and the real one."""
    made, value, change, shown = ways
    source = PROGRAM.format(made=made, value=value, change=change, shown=shown, method=method.value)
    found = explored(source, method)
    assert found.complete
    return [one.outcome for one in found.outcomes], real_outcome(tmp_path / "program.py")


@pytest.mark.parametrize("method", StartMethod)
@pytest.mark.parametrize("way", WAYS)
def test_a_child_has_it(explored, tmp_path, method, way):
    possible, real = own_outcome(explored, tmp_path, method, WAYS[way])
    assert possible == [real]


@pytest.mark.parametrize("method", [StartMethod.SPAWN, StartMethod.FORKSERVER])
@pytest.mark.parametrize("way", READ_ANEW)
def test_a_child_that_reads_the_program_defines_it(explored, tmp_path, method, way):
    made, shown = READ_ANEW[way]
    possible, real = own_outcome(explored, tmp_path, method, (made, "1", "pass", shown))
    assert possible == [real]


CHANGES = {
    "f.__name__ = 'other'": "changing __name__ of a function",
    "sys.excepthook = f": "setting sys.excepthook",
    "Shape.register(int)": "register() of an abstract class",
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_process_changes_it_beside_no_other_thread_of_its_own(explored, change):
    source = f"""
    import sys
    from abc import ABC
    from multiprocessing import get_context
    from threading import Event, Thread
    class Shape(ABC): pass
    def f(*_): pass
    def work():
        event = Event()
        Thread(target=event.wait).start()
        {change}
        event.set()
    if __name__ == "__main__":
        get_context("spawn").Process(target=work).start()
    """
    with pytest.raises(CannotExplore, match=re.escape(CHANGES[change])):
        explored(source, StartMethod.SPAWN)


def test_a_forked_process_changes_no_function_that_its_parent_has(explored):
    source = """
    from multiprocessing import get_context
    def f(): pass
    def work():
        f.__name__ = "other"
    if __name__ == "__main__":
        child = get_context("fork").Process(target=work)
        child.start()
        child.join()
        print(f.__name__)
    """
    with pytest.raises(CannotExplore, match="changing __name__ of a function"):
        explored(source)
