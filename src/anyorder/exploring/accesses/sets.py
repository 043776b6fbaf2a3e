"""Sets, whose items are found by their hash."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from anyorder.exploring.accesses.containers import ALL, CHANGE, Container, row

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Sets"]

IN_ORDER = {"__iter__", "__reduce__", "__reduce_ex__"}  # methods that tell the order of a set
APART = {"intersection_update", "union"}  # take one argument after another
COPYING = {"copy", "difference", "union"}  # copy the set, and then go through what they are given


class Sets(Container):
    """Sets."""

    word = "set"
    hashing = True
    taker = set
    methods = {  # noqa: RUF012 - a table, never changed
        "add": row(CHANGE, "hash"), "clear": row(CHANGE), "copy": row(ALL),
        "discard": row(CHANGE, "hash"), "remove": row(CHANGE, "hash"),
        **dict.fromkeys(
            ("difference", "intersection", "isdisjoint", "issubset", "issuperset",
             "symmetric_difference", "union"),
            row(ALL, "spread"),
        ),
        **dict.fromkeys(
            ("intersection_update", "symmetric_difference_update"), row(CHANGE, "spread")
        ),
        **dict.fromkeys(("difference_update", "update"), row(CHANGE, "one by one")),
    }  # fmt: skip

    def takes_apart(self, name: str) -> bool:
        return name in APART

    def copies_first(self, name: str) -> bool:
        return name in COPYING

    special = {"pop": "pop"}  # noqa: RUF012 - likewise

    def pop(self, thing: Any, method: Any) -> Any:
        """Take out any item: which one it is, its order tells."""
        self.machine.varied.gone_through(thing)
        self.change(thing, "pop", ())
        return self.objects.reached(method(), (self.objects.label(thing), "pop"))

    def call_rarely(
        self, thing: Any, name: str, method: Callable[..., Any], args: Any, kwargs: Any
    ) -> Any:
        if name in IN_ORDER:
            self.machine.varied.gone_through(thing)
        return super().call_rarely(thing, name, method, args, kwargs)

    def contains(self, item: Any, thing: Any) -> bool:
        self.key(thing, item, looks=True)
        return self.has(thing, item)
