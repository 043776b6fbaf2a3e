"""What the page ``how-exploring-works`` says of its program is so."""

from __future__ import annotations

import re
from pathlib import Path

from anyorder.exploring import explore

PAGE = Path(__file__).parents[2] / "docs/how-exploring-works.md"
NUMBERS = {"three": 3, "four": 4, "six": 6}


def test_the_page_tells_the_truth():
    """Its program has the outcomes, traces and executions that it names.

    The table of outcomes, the witness and what can be reached are drawn, so they need no test.
    """
    text = PAGE.read_text(encoding="utf-8")
    program = re.search(r"{literalinclude} (\S+)", text)[1]
    found = explore(PAGE.parent / program)
    assert [one.outcome.stdout for one in found.outcomes] == ["2\n", "1\n"]
    rows = re.findall(r"^\| (`r\d .*?) \| (\d) \|$", text, re.MULTILINE)
    for one in found.outcomes:
        shown = [ways for ways, end in rows if f"{end}\n" == one.outcome.stdout]
        assert one.traces == len(shown)
    said = NUMBERS[re.search(r"^(\w+) executions are enough", text, re.MULTILINE)[1]]
    assert found.complete
    assert found.executions == said
    assert NUMBERS[re.search(r"interleavings form (\w+) traces", text)[1]] == len(rows)
    assert NUMBERS[re.search(r"interleaved in (\w+) ways", text)[1]] == sum(
        ways.count(",") + 1 for ways, _ in rows
    )
