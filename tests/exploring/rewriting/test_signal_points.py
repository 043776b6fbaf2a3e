"""Where an interrupt may land, against the instructions at which CPython looks for signals."""

from __future__ import annotations

import ast
import dis
import sys
from textwrap import dedent
from types import CodeType

import pytest

from anyorder.exploring.rewriting.signal_points import with_signal_points
from anyorder.exploring.rewriting.transform import transformed

LOOKING = ("CALL", "JUMP_BACKWARD", "POP_JUMP_BACKWARD", "RESUME")
NOT_LOOKING = ("CALL_INTRINSIC", "JUMP_BACKWARD_NO_INTERRUPT")
AFTER_YIELD = 1  # the largest argument of a RESUME that looks: 2 and 3 are in yield from and await

PROGRAMS = {
    "statements": """
        def f(x):
            y = 1
            x += y
            return x
    """,
    "calls": """
        def f(x):
            x(1)
            y = x(
                x(2)
            )
            x.first(
            ).second(
            )
            return y[x(3)]
    """,
    "with": """
        def f(x):
            with x:
                y = 1
    """,
    "for": """
        def f(x):
            for y in x:
                z = y
    """,
    "branches at the end of a loop": """
        def f(x):
            for y in x:
                if y:
                    z = 1
                elif x:
                    z = 2
                else:
                    z = 3
    """,
    "continue": """
        def f(x):
            for y in x:
                if y:
                    continue
                z = 1
    """,
    "loops in loops": """
        def f(x):
            for y in x:
                for z in x:
                    y = 1
            for y in x:
                for z in x:
                    y = 1
                else:
                    y = 2
    """,
    "while": """
        def f(x):
            while x:
                y = 1
            while True:
                y = 2
    """,
    "continue in while": """
        def f(x):
            while x:
                if y:
                    continue
                z = 1
    """,
    "while in while": """
        def f(x):
            while x:
                while y:
                    z = 1
    """,
    "finally": """
        def f(x):
            for y in x:
                try:
                    z = 1
                finally:
                    z = 2
    """,
    "definitions": """
        def f(x):
            @x
            def g():
                "It has a text."
                return 1
            class C:
                y = 1
            return lambda: (
                2
            )
    """,
    "generator": """
        def f(x):
            yield 1
            y = yield 2
            yield from x
    """,
    "assert": """
        def f(x):
            assert x, "no x"
    """,
}
# where 3.11 says no line: two statements share the jump back
if sys.version_info >= (3, 12):
    PROGRAMS["if at the end of a loop"] = """
        def f(x):
            for y in x:
                if y:
                    z = 1
    """
    PROGRAMS["with at the end of a loop"] = """
        def f(x):
            for y in x:
                with y:
                    z = 1
    """
    PROGRAMS["comprehension"] = """
        def f(x):
            return [y
                    for y in x]
    """


def really(code):
    """Return the functions and lines in which this Python looks for signals."""
    found = set()
    for instruction in dis.get_instructions(code):
        name = instruction.opname
        if name.startswith(NOT_LOOKING) or not name.startswith(LOOKING):
            continue
        if name == "RESUME" and instruction.arg & 3 > AFTER_YIELD:
            continue
        # the way out of ``yield from`` by ``throw`` has no line in 3.12
        if code.co_name != "<module>" and instruction.positions.lineno is not None:
            found.add((code.co_name, instruction.positions.lineno))
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            found |= really(inner)
    return found


def placed(node, function="<module>"):
    """Return the functions and lines in which the explorer looks for signals."""
    found = set()
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        for decorator in node.decorator_list:
            found |= placed(decorator, function)
        return found.union(*(placed(one, node.name) for one in node.body))
    if isinstance(node, ast.Lambda):
        return placed(node.body, "<lambda>")
    if isinstance(node, ast.Name) and node.id.startswith("__ao_"):
        if node.id in {"__ao_entered__", "__ao_passed__"}:
            return found
        assert node.id != "__ao_lost__"
        if function != "<module>":
            found.add((function, node.lineno))
    return found.union(*(placed(one, function) for one in ast.iter_child_nodes(node)))


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_places_are_those_of_the_instructions(program):
    """In the same functions, and in the same lines, on the Python that runs."""
    source = dedent(program)
    code = compile(source, "program.py", "exec")
    assert placed(with_signal_points(ast.parse(source))) == really(code)


def test_a_place_more_or_less_is_found():
    """The comparison fails where a statement looks that does not."""
    code = compile("def f(x):\n    y = 1\n    x()\n", "program.py", "exec")
    assert placed(with_signal_points(ast.parse("def f(x):\n    y()\n    x()\n"))) != really(code)
    assert placed(with_signal_points(ast.parse("def f(x):\n    y = 1\n    x\n"))) != really(code)


@pytest.mark.parametrize(
    "end",
    [
        "try: z = 1\n        except E: z = 2",
        "match y:\n            case 1: z = 1\n            case 2: z = 2",
        "with y:\n            continue",
    ],
)
def test_a_place_whose_line_depends_on_the_way_there(end):
    """It is not simulated: an interrupt that lands there makes the exploration incomplete."""
    tree = with_signal_points(ast.parse(f"def f(x):\n    for y in x:\n        {end}\n"))
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert "__ao_lost__" in names


def test_a_program_that_sends_nothing_looks_nowhere():
    """So it costs nothing more."""
    source = "import threading\nprint(threading.Lock())\n"
    for looks in (False, True):
        code = transformed(source, "program.py", signals=looks)
        assert ("__ao_called__" in code.co_names) == looks
