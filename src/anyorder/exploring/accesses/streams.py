"""Texts and bytes in memory: ``io.StringIO`` and ``io.BytesIO``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from anyorder.exploring.accesses.containers import ALL, CHANGE, NOTHING, Container, row

__all__ = ["Texts"]


class Texts(Container):
    """Streams in memory: their text, and where they are in it."""

    word = "stream in memory"
    methods = {  # noqa: RUF012 - a table, never changed
        **dict.fromkeys(
            ("close", "read", "read1", "readinto", "readinto1", "readline", "seek", "truncate",
             "write", "__next__"),
            row(CHANGE),
        ),
        **dict.fromkeys(("readlines", "writelines"), row(CHANGE, "spread")),
        **dict.fromkeys(("getvalue", "tell"), row(ALL)),
        **dict.fromkeys(
            ("fileno", "flush", "isatty", "readable", "seekable", "writable"), row(NOTHING)
        ),
        "__enter__": row(NOTHING), "__exit__": row(CHANGE),
    }  # fmt: skip
    fields = frozenset({"closed"})

    def inside(self, thing: Any) -> Iterable[Any]:
        return ()

    def look(self, thing: Any) -> None:
        self.change(thing, "read", ())  # whoever takes over its lines leaves it at its end

    def iterate(self, thing: Any) -> Iterator[Any] | None:
        return self.iterators.stepping(thing, self.changed(thing))
