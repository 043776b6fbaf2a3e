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
        "discard": row(CHANGE, "hash"), "remove": row(CHANGE, "hash"),
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

    special = {"pop": "pop"}  # noqa: RUF012 - likewise

    def pop(self, thing: Any, method: Any) -> Any:
        """Take out any item: which one it is, its order tells."""
        self.machine.varied.gone_through(thing)
        self.change(thing, "pop", ())
        return self.objects.reached(method(), (self.objects.label(thing), "pop"))

    def contains(self, item: Any, thing: Any) -> bool:
        self.key(thing, item)
        self.look(thing)
        return item in thing
