"""What the operations of built-in containers read and write, and which of them are one step.

The guarantees are those of the Python documentation's page "Thread Safety Guarantees"
(https://docs.python.org/3/library/threadsafety.html): reading or writing one item, ``append``,
``pop``, ``clear``, ``copy``, ``extend`` by a built-in container, and a dict's ``get``, ``pop`` and
``setdefault`` are atomic; ``in``, ``index`` and ``count`` of a list look at one item after another;
``sort`` lets the list appear empty meanwhile; iteration never is atomic.

A container has places for its shape (which items there are), its content (any of them), and each
single item. Writing one item commutes with writing another.
"""

from __future__ import annotations

import io
from collections import OrderedDict, deque
from typing import TYPE_CHECKING, Any

from anyorder.exploring.events import READ, WRITE, Footprint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = [
    "ATOMIC_READERS",
    "ITEM_WISE",
    "METHODS_WITH_STEPS",
    "TYPES",
    "VIEWS",
    "footprint_of",
    "item_footprint",
]

TYPES: dict[type, str] = {
    list: "list",
    dict: "dict",
    OrderedDict: "dict",
    set: "set",
    deque: "deque",
    bytearray: "bytearray",
    io.StringIO: "text",
    io.BytesIO: "text",
}
VIEWS: tuple[type, ...] = (type({}.keys()), type({}.values()), type({}.items()))
ATOMIC_READERS = frozenset({
    "Counter", "bytearray", "bytes", "deque", "dict", "format", "frozenset", "list", "repr", "set",
    "sorted", "str", "tuple",
})  # fmt: skip
ITEM_WISE = frozenset({
    "all", "any", "enumerate", "filter", "iter", "map", "max", "min", "sum", "zip", "reversed",
})  # fmt: skip

SHAPE, ALL, CHANGE, ITEM, PUT, STEPS, NOTHING = range(7)
METHODS: dict[str, dict[str, int]] = {
    "list": {"copy": ALL, "index": STEPS, "count": STEPS, "__len__": SHAPE},
    "dict": {
        "get": ITEM, "pop": PUT, "setdefault": PUT, "copy": ALL, "keys": NOTHING,
        "values": NOTHING, "items": NOTHING, "__len__": SHAPE, "most_common": ALL, "total": ALL,
        "elements": ALL,
    },
    "set": {
        "copy": ALL, "union": ALL, "intersection": ALL, "difference": ALL, "issubset": ALL,
        "symmetric_difference": ALL, "issuperset": ALL, "isdisjoint": ALL, "__len__": SHAPE,
    },
    "deque": {"copy": ALL, "index": STEPS, "count": STEPS, "__len__": SHAPE},
    "bytearray": {"find": ALL, "decode": ALL, "hex": ALL, "count": ALL},
    "text": {"getvalue": ALL, "tell": ALL, "flush": NOTHING, "isatty": NOTHING},
}  # fmt: skip


def index_of(items: Iterator[Any], item: Any, *_: int) -> int:
    """Return the index of an item, looking at one after another."""
    for number, one in enumerate(items):
        if one is item or one == item:
            return number
    raise ValueError(f"{item!r} is not in list")


def count_of(items: Iterator[Any], item: Any) -> int:
    """Return how often an item is there, looking at one after another."""
    return sum(one is item or one == item for one in items)


METHODS_WITH_STEPS: dict[str, Callable[..., int]] = {"index": index_of, "count": count_of}


def footprint_of(kind: str, label: Any, method: str, args: tuple[Any, ...]) -> Footprint | None:
    """Return what a method of a container touches.

    Args:
        kind: the kind of container, one of the values of ``TYPES``
        label: the container's name
        method: the method's name
        args: what it is called with

    Returns:
        The footprint, and ``None`` for a method that looks at one item after another.
    """
    what = METHODS[kind].get(method, CHANGE)
    if what == NOTHING:
        return ()
    if what == SHAPE:
        return (((label, "shape"), READ),)
    if what == ALL:
        return (((label, "shape"), READ), ((label, "content"), READ))
    if what == STEPS:
        return None
    if what in {ITEM, PUT} and args:
        return item_footprint(kind, label, args[0], writes=what == PUT, reshapes=what == PUT)
    return (((label, "shape"), WRITE), ((label, "content"), WRITE))


def item_footprint(
    kind: str, label: Any, key: Any, *, writes: bool, reshapes: bool = False
) -> Footprint:
    """Return what reading or writing one item touches.

    Args:
        kind: the kind of container
        label: the container's name
        key: the item's key or index
        writes: whether it is written
        reshapes: whether the container gets or loses an item
    """
    try:
        hash(key)
    except TypeError:
        key = None
    if isinstance(key, slice) or key is None:
        mode = WRITE if writes else READ
        return (((label, "shape"), mode), ((label, "content"), mode))
    place = (label, "item", key)
    # A dict finds an item whatever else is put into it; an index of a list means another item then.
    shape: Footprint = () if kind == "dict" else (((label, "shape"), READ),)
    if not writes:
        return ((place, READ), *shape)
    if reshapes:
        return ((place, WRITE), ((label, "shape"), WRITE), ((label, "content"), "put"))
    return ((place, WRITE), *shape, ((label, "content"), "put"))
