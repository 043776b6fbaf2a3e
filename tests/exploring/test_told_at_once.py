"""How many witnesses are made at once: all of a small program, and few of long schedules."""

from __future__ import annotations

import pytest

from anyorder.exploring import explorer

PROGRAM = """
    from threading import Thread
    threads = [Thread(target=print, args=(n,)) for n in range(2)]
    for thread in threads: thread.start()
"""


@pytest.mark.parametrize(("most", "told"), [(20_000, 4), (15, 2), (0, 0)])
def test_only_so_many_events_are_told_at_once(explored, monkeypatch, most, told):
    """The others are told when they are asked for."""
    monkeypatch.setattr(explorer, "MOST_TOLD", most)
    found = explored(PROGRAM)
    assert [len(one.schedule) for one in found.outcomes] == [6] * 4
    assert sum("witness" in vars(one) for one in found.outcomes) == told
    assert all(one.witness for one in found.outcomes)
