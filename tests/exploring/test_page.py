"""What the page ``how-exploring-works`` says of its program is so."""

from __future__ import annotations

import re
from pathlib import Path

from anyorder.exploring.listing import listing

PAGE = Path(__file__).parents[2] / "docs/how-exploring-works.md"


def test_the_page_tells_the_truth(explored):
    """Its program has the outcomes, executions and witness that it shows."""
    text = PAGE.read_text(encoding="utf-8")
    program = re.search(r"```python\n(.*?)```", text, re.DOTALL)[1]
    shown = re.search(r"```text\n(.*?)```", text, re.DOTALL)[1]
    found = explored(program)
    assert (found.complete, found.executions) == (True, 4)
    assert [one.outcome.stdout for one in found.outcomes] == ["2\n", "1\n"]
    assert listing(found.outcomes[1].witness) == shown
