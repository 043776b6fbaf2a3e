"""Sets, whose items are found by their hash."""

from __future__ import annotations

from typing import Any

from anyorder.exploring.accesses.containers import ALL, CHANGE, Container, row

__all__ = ["Sets"]


class Sets(Container):
    """Sets."""

    word = "set"
    hashing = True
    methods = {  # noqa: RUF012 - a table, never changed
        "add": row(CHANGE, "hash"), "clear": row(CHANGE), "copy": row(ALL),
        "discard": row(CHANGE, "hash"), "pop": row(CHANGE), "remove": row(CHANGE, "hash"),
        **dict.fromkeys(
            ("difference", "intersection", "isdisjoint", "issubset", "issuperset",
             "symmetric_difference", "union"),
            row(ALL, "spread"),
        ),
        **dict.fromkeys(
            ("difference_update", "intersection_update", "symmetric_difference_update"),
            row(CHANGE, "spread"),
        ),
        "update": row(CHANGE, "one by one"),
    }  # fmt: skip

    def contains(self, item: Any, thing: Any) -> bool:
        self.key(thing, item)
        self.look(thing)
        return item in thing
