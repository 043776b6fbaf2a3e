"""A program is made as short as it can be while what was found in it is still there."""

import ast

from grammar import SMALL, program
from shrinking import candidates, shrunk

LONG = """
import math
import threading as t

class Box:
    def __init__(self, v):
        self.v = v

def first(it=1):
    for n in range(3):
        if n:
            print(wanted(n + 1)[0], n)
        else:
            pass
    return it

with t.Lock():
    first()
"""


def test_what_does_not_matter_goes():
    assert shrunk(LONG, lambda text: "wanted" in text) == "wanted\n"


def test_what_matters_stays():
    def holds(text):
        return "wanted" in text and "for n in range(3)" in text

    assert ast.unparse(ast.parse(shrunk(LONG, holds))) == "for n in range(3):\n    wanted"


def test_it_stops_after_so_many_programs():
    tried = []

    def holds(text):
        tried.append(text)
        return False

    assert shrunk(LONG, holds, most=5) == LONG
    assert len(tried) == 5


def test_every_step_is_a_program():
    steps = candidates(program(1, SMALL), ast.AST)
    assert len(steps) > 10
    for text in steps:
        compile(text, "program.py", "exec")
