"""Texts and bytes in memory: ``io.StringIO`` and ``io.BytesIO``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from anyorder.exploring.accesses.containers import ALL, CHANGE, NOTHING, Container, row
from anyorder.exploring.accesses.events import READ_ATTRIBUTE

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
        **dict.fromkeys(  # those that say nothing of the text complain once it is closed
            ("__enter__", "flush", "getvalue", "isatty", "readable", "seekable", "tell",
             "writable"),
            row(ALL),
        ),
        "__exit__": row(CHANGE), "fileno": row(NOTHING),
    }  # fmt: skip
    fields = frozenset({"closed", "line_buffering", "newlines"})

    def attribute(self, thing: Any, name: str) -> Any:
        if name in self.fields:  # which its methods change
            self.objects.step(READ_ATTRIBUTE, self.whole(thing), (thing, name))
            return getattr(thing, name)
        return super().attribute(thing, name)

    def inside(self, thing: Any) -> Iterable[Any]:
        return ()

    def look(self, thing: Any) -> None:
        self.change(thing, "read", ())  # whoever takes over its lines leaves it at its end

    def iterate(self, thing: Any) -> Iterator[Any] | None:
        return self.iterators.stepping(thing, self.changed(thing))
