"""Of which texts with ``%`` Python makes f-strings, against the instructions that it makes."""

from __future__ import annotations

import ast
import dis
import warnings

import pytest
from found_sets import printed

from anyorder.exploring.rewriting.formats import with_f_strings

FIELDS = (
    "", "x", "%%", "%s", "%r", "%a", "%-5s", "%5r", "%05s", "%.3a", "%.s", "%5.2s", "%+ #-7.2s",
    "%99s", "%100s", "%.99s", "%.100s", "%.00s", "%d", "%x", "%c", "%u", "%ls", "%S", "%*s",
    "%(a)s", "%", "%5", "%.", "%-", "%5%", "{", "é𝄞",
)  # fmt: skip
TEXTS = [
    *(repr(first + second) for first in FIELDS for second in FIELDS),
    "'%s' '%s'", "('%s' + '%s')", "('%s' * 2)", "'%s%s'[:]", "('%s', 0)[0]", "'%s' * __debug__",
    "f'%s'", "f'{x}%s'", "b'%s'", "('%%s' % (x,))", "x", "x.x", "('%s' if x else x)",
    "'%s'.lower()", "5", "(x or '%s')", "'%s' * x", "'%s%s %a%%'",
]  # fmt: skip
OPERANDS = ["x", "[x]", "(x,)", "(x, y)", "(x, y(), x)", "(x, *y)", "(*x,)", "(1, x)"]
WORK = """
def work(): things[0] = 2
thread = threading.Thread(target=work); thread.start()
"""


def steps(tree):
    """Return what Python makes of a tree."""
    with warnings.catch_warnings(action="ignore"):
        code = compile(ast.fix_missing_locations(tree), "", "exec", dont_inherit=True)
    return [(one.opname, one.argrepr) for one in dis.get_instructions(code)]


@pytest.mark.parametrize("operands", OPERANDS)
def test_the_f_strings_are_those_that_python_makes(operands):
    """The code is the same, and nothing is left of which Python would make one."""
    made = 0
    for text in TEXTS:
        source = f"{text} % {operands}"
        tree = ast.parse(source)
        real = steps(ast.parse(source))
        tree = with_f_strings(tree)
        assert steps(tree) == real, source
        [left] = tree.body
        asks = any(name == "BINARY_OP" and "%" in sign for name, sign in real)
        assert isinstance(left.value, ast.BinOp) == asks, source
        made += not asks
    assert bool(made) == (operands[0] == "(" and "*" not in operands)


def test_each_operand_is_shown_before_the_next_one_is_evaluated(explored):
    """So it is in an f-string, and in no other text by ``%``."""
    start = f"import threading\nthings = [1]\n{WORK}"
    joined = {"[1] 1\n", "[1] 2\n", "[2] 2\n"}
    for text in ("'%s %s'", "'%r %a'", "'%.9s %s'"):
        found = explored(f"{start}print({text} % (things, things[0]))\nthread.join()\n")
        assert printed(found) == joined
    found = explored(f"{start}print('%s %d' % (things, things[0]))\nthread.join()\n")
    assert printed(found) == {"[1] 1\n", "[2] 1\n", "[2] 2\n"}


def test_an_object_is_shown_where_its_class_does_it(explored):
    """What its ``__str__`` reads, it reads before what stands behind it."""
    found = explored(f"""
import threading
things = [1]
class Account:
    def __str__(self): return str(things[0])
{WORK}
try:
    raise ValueError("%s of %s" % (Account(), things[0]))
except ValueError as error:
    print(error)
thread.join()
""")
    assert printed(found) == {"1 of 1\n", "1 of 2\n", "2 of 2\n"}
