"""Small programs with one outcome each, and what a real run of one comes to.

The programs lie in ``samples/meaning``, many in a file, each below a line with its name. A name may
end in the Python from which on the program is one, in parentheses. Those that try an operator on
all pairs of operands are made here.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from anyorder.outcomes import Outcome
from anyorder.outcomes.tracebacks import normalised

SAMPLES = Path(__file__).parent / "samples" / "meaning"
NAME = re.compile(r"^=== (.+?)(?: \((\d)\.(\d+)\))?\n", re.MULTILINE)
# numbers, texts, containers and what is neither, each as it is written
OPERANDS = """
    0, -3, 7, True, 2.5, -0.0, 1j, "", "ab", "%s", b"ab", bytearray(b"xy"), (), (1, 2), [],
    [1, [2]], {1, 2}, frozenset({3}), {}, {"a": 1}, None, range(3), slice(1), int, deque([1]),
    Own(3)
"""  # fmt: skip
BINARY = ["+", "-", "*", "/", "//", "%", "**", "<<", ">>", "&", "|", "^", "@"]
COMPARING = ["==", "!=", "<", "<=", ">", ">=", "in", "not in", "is", "is not"]
UNARY = ["-", "+", "~", "not "]
OWN = """\
from collections import deque
class Own:
    def __init__(self, n): self.n = n
    def __repr__(self): return f"Own({self.n})"
    def __eq__(self, other): return isinstance(other, Own) and self.n == other.n
    def __hash__(self): return self.n
    def __add__(self, other): return ("add", other)
    def __rmul__(self, other): return ("rmul", other)
    def __lt__(self, other): return ("lt", other)
    def __contains__(self, other): return other == 7
"""


class Sample(NamedTuple):
    """A program: its name, the oldest Python that it is for, and its text."""

    name: str
    python: tuple[int, int]
    source: str


def samples() -> list[Sample]:
    """Return all programs that there are."""
    found = []
    for path in sorted(SAMPLES.glob("*.txt")):
        parts = NAME.split(path.read_text("utf-8"))[1:]
        for name, major, minor, source in zip(*[iter(parts)] * 4, strict=True):
            found.append(Sample(name, (int(major or 3), int(minor or 0)), source))
    return [*found, *operators()]


def operators() -> list[Sample]:
    """Return a program for each operator, which tries it on all pairs of operands."""
    found = []
    for sign in BINARY + COMPARING:
        trying = f"left {sign} right"
        found.append(Sample(f"{trying}", (3, 0), each_pair(trying)))
    for sign in BINARY:
        trying = f"left {sign}= right"
        found.append(Sample(f"{trying}", (3, 0), each_pair("left", first=trying)))
    for sign in UNARY:
        trying = f"{sign}left"
        found.append(Sample(f"{trying}", (3, 0), each_pair(trying, right="None")))
    for subscript in ("right", "right:", "::right"):
        trying = f"left[{subscript}]"
        found.append(Sample(trying, (3, 0), each_pair(trying)))
        setting = f"{trying} = [9, 8]"
        found.append(Sample(setting, (3, 0), each_pair("left", first=setting)))
        deleting = f"del {trying}"
        found.append(Sample(deleting, (3, 0), each_pair("left", first=deleting)))
    return found


def each_pair(result: str, *, first: str = "pass", right: str = OPERANDS) -> str:
    """Return a program that shows a result for each pair of operands, or why there is none.

    Args:
        result: an expression of ``left`` and ``right``
        first: a statement that is carried out before
        right: the operands on the right
    """
    return f"""{OWN}
def trying(left, right):
    try:
        {first}
        return repr({result})
    except Exception as error:
        return f"{{type(error).__name__}}: {{error}}"
lines = []
for i, _ in enumerate(({OPERANDS})):
    for j, _ in enumerate(({right},)):
        lines.append(f"{{i}} {{j}} " + trying([{OPERANDS}][i], [{right}][j]))
print("\\n".join(lines))
"""


def real_outcome(program: Path) -> Outcome:
    """Run a program as ``python program.py`` does, and return what it came to."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        [sys.executable, str(program)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=env,
        check=False,
        timeout=60,
    )
    return Outcome(done.stdout, normalised(done.stderr, str(program)), done.returncode)
