"""A forked child has what its parent had in its memory, and what it does with that is its own.

Each program has one outcome. It is run for real and explored, and the two agree.
"""

from __future__ import annotations

import pytest
from meanings import real_outcome

from anyorder.exploring import CannotExplore
from anyorder.outcomes.placeholders import Placeholders

BEGIN = """
    import io
    from collections import Counter, OrderedDict, defaultdict, deque
    from enum import Enum, Flag, IntEnum
    from decimal import Context, Decimal
    from functools import cache, lru_cache, partial
    from itertools import count
    from multiprocessing import get_context
    from random import Random
    from typing import NamedTuple
    {made}
    def change():
        {change}
        print({shown}, flush=True)
    if __name__ == "__main__":
        child = get_context("fork").Process(target=change)
        child.start()
        child.join()
        print({shown}, child.exitcode)
"""
# what there is, what the child does with it, and what both show
VALUES = {
    "an OrderedDict": (
        "it = OrderedDict(a=1)",
        "it['b'] = 2; it.move_to_end('a')",
        "it, list(it)",
    ),
    "an OrderedDict of its own": (
        "class It(OrderedDict): pass\n    it = It(a=1)",
        "it['b'] = 2; it.move_to_end('a')",
        "it, list(it)",
    ),
    "a deque of its own": (
        "class It(deque): pass\n    it = It([1, 2], maxlen=2)",
        "it.append(3)",
        "it, it.maxlen",
    ),
    "a defaultdict of its own": (
        "class It(defaultdict): pass\n    it = It(list, a=[1])",
        "it['a'].append(2); it['b'].append(3)",
        "dict(it), it.default_factory",
    ),
    "a counter of its own": ("class It(Counter): pass\n    it = It('ab')", "it['c'] += 1", "it"),
    "numbers and texts with attributes": (
        (
            "class Number(int): pass\n    class Text(str): pass\n    class Raw(bytes): pass\n"
            "    class Part(float): pass\n    class Point(complex): pass\n"
            "    its = [Number(3), Text('a'), Raw(b'b'), Part(0.5), Point(1j)]\n"
            "    for it in its: it.seen = []"
        ),
        "for it in its: it.seen.append(1)",
        "[(it, it.seen) for it in its]",
    ),
    "tuples with attributes": (
        (
            "class It(tuple):\n        def __new__(cls, *all_): return super().__new__(cls, all_)\n"
            "    class Named(NamedTuple):\n        x: list\n"
            "    it = It([1], 2); it.seen = []; named = Named([3])"
        ),
        "it[0].append(4); it.seen.append(5); named.x.append(6)",
        "it, it.seen, named",
    ),
    "a frozen set with attributes": (
        "class It(frozenset): pass\n    it = It([1]); it.seen = []",
        "it.seen.append(1)",
        "it, it.seen",
    ),
    "a bytearray and a text file of its own": (
        (
            "class Raw(bytearray): pass\n    class File(io.StringIO): pass\n"
            "    raw = Raw(b'a'); raw.seen = []; file = File(); _ = file.write('a')"
        ),
        "raw.append(98); raw.seen.append(1); file.write('b')",
        "bytes(raw), raw.seen, file.getvalue()",
    ),
    "an exception that takes other arguments": (
        (
            "class It(Exception):\n        def __init__(self, a, b):\n"
            "            super().__init__(a)\n            self.b = b\n"
            "    it = It(1, [2]); it.__cause__ = OSError(2, 'no', 'file')"
        ),
        "it.b.append(3); it.__cause__.seen = 1",
        "repr(it), it.b, repr(it.__cause__), hasattr(it.__cause__, 'seen'), it.__cause__.errno",
    ),
    "exceptions that are built in, one the context of the other": (
        (
            "it, other = ValueError([1]), OSError(2, 'no', 'file')\n"
            "    it.__context__, other.__context__, it.__cause__ = other, it, KeyError(1)"
        ),
        "it.args[0].append(2); it.__cause__ = None; other.filename = 'another'",
        "repr(it.__context__.__context__), repr(it.__cause__), other.filename",
    ),
    "members of enumerations": (
        (
            "class It(Enum):\n        A = [1]\n    class Number(IntEnum):\n        ONE = 1\n"
            "        def __init__(self, _): self.seen = []\n    class Bits(Flag):\n        X = 1"
        ),
        "It.A.value.append(2); Number.ONE.seen.append(3)",
        "list(It), It.A is It['A'], It.A.value, Number.ONE.seen, Number(1) is Number.ONE, Bits.X",
    ),
    "a class whose class has its attributes set": (
        (
            "class Meta(type):\n        def __setattr__(cls, name, value):\n"
            "            print(name, flush=True)\n            super().__setattr__(name, value)\n"
            "    class It(metaclass=Meta):\n        seen = [1]"
        ),
        "It.other = 1; It.seen.append(2)",
        "It.seen, hasattr(It, 'other')",
    ),
    "a cache that is empty": (
        (
            "@lru_cache(maxsize=1, typed=True)\n    def it(x): return [x]\n"
            "    @cache\n    def other(x): return x"
        ),
        "it(1).append(2); it(1.0); other(1)",
        "it(1), it.cache_info(), other.cache_info()",
    ),
    "slots with names of their own": (
        (
            "class It:\n        __slots__ = ('x', '__y', 'z')\n"
            "        def __init__(self): self.x, self.__y = [1], [2]\n"
            "        def both(self): return self.x, self.__y\n    it = It()"
        ),
        "it.x.append(3); it.both()[1].append(4); it.z = 5",
        "it.both(), hasattr(it, 'z')",
    ),
    "methods of containers": (
        (
            "class Things(list):\n        def append(self, one): super().append([one])\n"
            "    it, own, counts = [1], Things(), Counter()\n"
            "    append, put, size, update = it.append, own.append, it.__len__, counts.update"
        ),
        "append(2); put(3); update('a')",
        "it, own, counts, size()",
    ),
    "methods of what is written in C": (
        (
            "rng, context = Random(3), Context(prec=3)\n"
            "    text, third = io.StringIO(), Decimal(3)\n"
            "    draw, divide, write = rng.random, context.divide, text.write\n"
            "    ids = defaultdict(count(5).__next__); next_id = count(1).__next__\n"
            "    class It: pass\n    it = It(); put = it.__setattr__"
        ),
        "draw(); context.prec = 5; write('a'); ids['x']; next_id(); put('seen', 1)",
        "draw(), divide(Decimal(1), third), text.getvalue(), next_id(), ids['y'], vars(it)",
    ),
    "what its class leads to": (
        (
            "first = []\n    class It:\n        all_ = []\n"
            "        def __init__(self): It.all_.append(self)\n    it = It(); first.append(it)\n"
            "    class Names(Enum):\n        A = 1\n    name = Names.A; first.append(name)"
        ),
        "it.seen = 1",
        "first[0] is It.all_[0], name is Names.A, first[1] is Names(1), It.all_.index(it)",
    ),
    "a tuple that leads to itself": (
        "it = ([], 1); it[0].append(it)",
        "it[0].append(2)",
        "it[0][0] is it, len(it[0])",
    ),
    "a partial of its own": (
        "class It(partial): pass\n    things = [1]\n    it = It(max, things)",
        "things.append(2)",
        "it(), it.args",
    ),
}


@pytest.mark.parametrize("name", VALUES)
def test_it_is_the_child_s_own(explored, tmp_path, name):
    made, change, shown = VALUES[name]
    found = explored(BEGIN.format(made=made, change=change, shown=shown))
    real = real_outcome(tmp_path / "program.py")
    real = Placeholders(one.outcome for one in found.outcomes).put_into(real)
    assert [one.outcome for one in found.outcomes] == [real]
    assert found.complete


def test_a_cache_that_has_been_asked_is_refused(explored):
    made = "@cache\n    def it(x): return x\n    it(1)"
    with pytest.raises(CannotExplore, match=r"what it\(\) keeps in its cache is not copied"):
        explored(BEGIN.format(made=made, change="pass", shown="it(1)"))


def test_what_asks_an_iterator_that_cannot_be_copied_is_refused(explored):
    made = "it = iter([1, 2]).__next__"
    with pytest.raises(CannotExplore, match="a list_iterator cannot be copied to a process"):
        explored(BEGIN.format(made=made, change="pass", shown="it()"))
