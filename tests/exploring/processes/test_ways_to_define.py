"""A child has the classes and functions of its parent, however the library has helped to make them.

Each program has one outcome. It is run for real and explored, and the two agree.
"""

from __future__ import annotations

import pytest
from meanings import real_outcome

from anyorder.outcomes import StartMethod

PROGRAM = """
    import sys
    from abc import ABC, abstractmethod
    from dataclasses import dataclass, field
    from enum import Enum, Flag, IntEnum, auto
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


def own_outcome(explored, tmp_path, method, ways):
    """Explore a program that defines things in one way, and return its outcome and the real one."""
    made, value, change, shown = ways
    source = PROGRAM.format(made=made, value=value, change=change, shown=shown, method=method.value)
    found = explored(source, method)
    assert found.complete
    return [one.outcome for one in found.outcomes], real_outcome(tmp_path / "program.py")


@pytest.mark.parametrize("way", WAYS)
def test_a_forked_child_has_it(explored, tmp_path, way):
    possible, real = own_outcome(explored, tmp_path, StartMethod.FORK, WAYS[way])
    assert possible == [real]
