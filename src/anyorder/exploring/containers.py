"""What the operations of built-in containers read and write, and which of them are one step.

The guarantees are those of the Python documentation's page "Thread Safety Guarantees"
(https://docs.python.org/3/library/threadsafety.html): reading or writing one item, ``append``,
``pop``, ``clear``, ``copy``, ``extend`` by a built-in container, and a dict's ``get``, ``pop`` and
``setdefault`` are atomic; ``in``, ``index`` and ``count`` of a list look at one item after another;
``sort`` lets the list appear empty meanwhile; iteration never is atomic.

A container has places for its shape (which items there are), its content (any of them), and each
single item. Writing one item commutes with writing another. A dict finds an item by its key whatever
else is put into it, so looking for one does not read the shape; it reads a place that only a change
of the dict as a whole writes, such as ``clear``.
"""  # noqa: E501

from __future__ import annotations

import io
from collections import OrderedDict, deque
from typing import TYPE_CHECKING, Any

from anyorder.exploring.events import READ, WRITE, Footprint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = [
    "ATOMIC_READERS",
    "COUNTING",
    "ITEM_WISE",
    "KEYED",
    "METHODS_WITH_STEPS",
    "TYPES",
    "VIEWS",
    "changed_whole",
    "footprint_of",
    "item_footprint",
    "keyed_footprints",
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

SHAPE, ALL, CHANGE, ITEM, STEPS, NOTHING = range(6)
METHODS: dict[str, dict[str, int]] = {
    "list": {"copy": ALL, "index": STEPS, "count": STEPS, "__len__": SHAPE},
    "dict": {
        "get": ITEM, "copy": ALL, "keys": NOTHING, "values": NOTHING, "items": NOTHING,
        "__len__": SHAPE, "most_common": ALL, "total": ALL, "elements": ALL,
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


COUNTING = {"update": 1, "subtract": -1}  # what is done with each item that a Counter counts
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
    if what == ITEM and args:
        return item_footprint(kind, label, args[0], writes=False)
    return changed_whole(kind, label)


def changed_whole(kind: str, label: Any) -> Footprint:
    """Return what changing a container as a whole touches."""
    footprint = (((label, "shape"), WRITE), ((label, "content"), WRITE))
    return (*footprint, ((label, "whole"), WRITE)) if kind == "dict" else footprint


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
    if kind != "dict" and (type(key) is not int or key < 0):  # which items, depends on how many
        mode = WRITE if writes else READ
        return (((label, "shape"), mode), ((label, "content"), mode))
    place = (label, "item", key)
    fixed = ((label, "whole" if kind == "dict" else "shape"), READ)
    if not writes:
        return ((place, READ), fixed)
    if not reshapes:
        return ((place, WRITE), fixed, ((label, "content"), "put"))
    shape: Footprint = (((label, "shape"), WRITE), ((label, "content"), "put"))
    return ((place, WRITE), fixed, *shape) if kind == "dict" else ((place, WRITE), *shape)


KEYED = {"write item": 1, "delete item": -1, "pop": -1, "setdefault": 1}


def keyed_footprints(what: str, label: Any, key: Any) -> tuple[Footprint, Footprint]:
    """Return what an operation on a dict's item touches where it is there, and where it is not.

    Args:
        what: the operation, one of ``KEYED``, which says how many items it adds where it does
        label: the dict's name
        key: the item's key
    """
    read = item_footprint("dict", label, key, writes=False)
    reshape = item_footprint("dict", label, key, writes=True, reshapes=True)
    if what == "write item":
        return item_footprint("dict", label, key, writes=True), reshape
    return (read, reshape) if what == "setdefault" else (reshape, read)
