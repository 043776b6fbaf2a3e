"""Lists, deques and arrays of bytes: containers whose items have numbers."""

from __future__ import annotations

import sys
from collections import deque
from operator import delitem, getitem, setitem
from typing import TYPE_CHECKING, Any

from anyorder.exploring.accesses.buffers import is_shared_array, read_in
from anyorder.exploring.accesses.containers import ALL, CHANGE, COMPARING, NOTHING, Container, row
from anyorder.exploring.accesses.events import CALL, LOOK
from anyorder.exploring.accesses.numbers import (
    is_backwards,
    key_of,
    limits_of,
    number_of,
    sized_number_of,
)
from anyorder.exploring.attributes import class_has, is_a
from anyorder.exploring.engine.events import WRITE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from anyorder.exploring.engine.events import Footprint

__all__ = ["Bytes", "Deques", "Lists"]

UNLOCKED = {*COMPARING, "__add__"}  # methods of a bytearray that do not lock it
# methods whose first argument is to be a number, with how many they take
NUMBERED = {"insert": 2, "pop": 1, "rotate": 1}


def sized_first(step: int) -> bool:
    """Whether a list is counted before what a slice of it is set to is asked for its items.

    Older Pythons do that; this one itself says whether it does.

    Args:
        step: that of the slice
    """
    probe = [0, 0]

    def items() -> Iterator[int]:
        for one in range(2):
            probe.append(one)
            yield one

    try:
        probe[::step] = items()
    except ValueError:  # it had fewer places in the slice than it has now
        return True
    return step == 1 and len(probe) > 2  # noqa: PLR2004 - what has been appended is not replaced


SIZED_FIRST = {plain: sized_first(1 if plain else 2) for plain in (True, False)}  # by the step


class Lists(Container):
    """Lists."""

    word = "list"
    methods = {  # noqa: RUF012 - a table, never changed
        "append": row(CHANGE), "clear": row(CHANGE), "copy": row(ALL),
        "extend": row(CHANGE, "one by one"), "insert": row(CHANGE), "pop": row(CHANGE),
        "reverse": row(CHANGE),
    }  # fmt: skip
    special = {  # noqa: RUF012 - likewise
        "count": "count", "index": "index", "remove": "remove", "sort": "sort",
    }  # fmt: skip

    def key_of(self, key: Any) -> Any:
        """Return what is made of a key before anything else."""
        return key_of(key)

    def item(self, thing: Any, key: Any, get: Callable[[Any, Any], Any] = getitem) -> Any:
        return super().item(thing, self.key_of(key), get)

    def set_item(
        self, value: Any, thing: Any, key: Any, put: Callable[[Any, Any, Any], None] = setitem
    ) -> None:
        super().set_item(value, thing, self.key_of(key), put)

    def begun(self, thing: Any, key: slice) -> slice:
        """Return a slice by the numbers that it has now, where Python counts the list before."""
        plain = key.step is None or key.step == 1
        if not SIZED_FIRST[plain]:
            return key
        size = self.size(thing)
        if self.objects.touch_all(size):
            if not plain:
                self.machine.refuse(
                    "a slice with a step, of a list that threads share, is set to what is asked "
                    "for items, and this Python may then write past the end of the list: "
                    "set it to list(...) of that"
                )
            self.objects.happen(LOOK, size, (thing,))
        start, stop, step = key.indices(len(thing))
        return slice(start, None if stop < 0 else max(start, stop) if plain else stop, step)

    def delete_item(self, thing: Any, key: Any, take: Callable[[Any, Any], None] = delitem) -> None:
        super().delete_item(thing, self.key_of(key), take)

    def call(
        self, thing: Any, name: str, method: Callable[..., Any], args: Any, kwargs: Any
    ) -> Any:
        if NUMBERED.get(name) == len(args):
            args = (number_of(args[0]), *args[1:])
        return super().call(thing, name, method, args, kwargs)

    def index(self, thing: Any, _: Any, item: Any, *limits: Any) -> int:
        """Return the index of an item, looking at one after another."""
        built_in = next(cls for cls in (list, deque, tuple) if is_a(thing, cls))
        too_many = len(limits) > 2  # noqa: PLR2004 - where to start, and where to stop
        limits = limits if too_many else limits_of(limits)
        if too_many or not all(class_has(type(limit), "__index__") for limit in limits):
            built_in().index(item, *limits)  # which says what is wrong
        start, stop, _step = slice(*(*limits, None)[:2]).indices(sys.maxsize)
        if any(limit < 0 for limit in limits):  # which are counted from the end that it has now
            self.objects.step(LOOK, self.size(thing), (thing,))
            start, stop, _step = slice(*(*limits, None)[:2]).indices(len(thing))
        same = self.operations.same
        for number, one in enumerate(self.iterators.iterate(thing)):
            if number >= stop:
                break
            if number >= start and same(one, item):
                return number
        built_in().index(item)  # which says what is wrong, in the words of this Python
        raise AssertionError

    def count(self, thing: Any, _: Any, item: Any) -> int:
        """Return how often an item is there, looking at one after another."""
        same = self.operations.same
        return sum(same(one, item) for one in self.iterators.iterate(thing))

    def remove(self, thing: Any, method: Callable[[Any], None], item: Any) -> None:
        """Remove an item, in one step where comparing runs nothing of the program's own."""
        self.objects.changes(thing)
        shared, steps = self.depths.inside("eq", (thing, item))
        if steps or (shared and shared[0] is not thing):
            self.machine.refuse(
                f"{self.word}.remove() compares objects that threads share, one after another, "
                "which is not followed: look for the item by a loop"
            )
        self.objects.step(CALL, self.changed(thing), (thing, "remove", (item,)))
        method(item)

    def sort(
        self,
        thing: list[Any],
        method: Callable[..., None],
        *,
        key: Any = None,
        reverse: bool = False,
    ) -> None:
        """Sort a list, which other threads find empty meanwhile."""
        operations = self.operations
        self.objects.changes(thing)
        reverse = is_backwards(reverse)
        event = self.objects.step(CALL, self.changed(thing), (thing, "sort", ()))
        if event is None and key is None and operations.orders_alone(thing):
            method(reverse=reverse)
            return
        items = thing[:]
        thing.clear()
        try:
            items = operations.ordered(items, key, reverse)
        finally:
            self.objects.step(CALL, self.changed(thing), (thing, "sort ends", ()))
            changed = bool(thing)
            thing[:] = items
        if changed:
            raise ValueError("list modified during sort")


class Deques(Lists):
    """Deques, which are lists with two ends.

    Whatever reads all of one goes from item to item, and fails where it finds it changed: without a
    GIL, that happens to ``copy`` and ``repr`` too.
    """

    word = "deque"
    taker = deque
    methods = {  # noqa: RUF012 - a table, never changed
        "append": row(CHANGE), "appendleft": row(CHANGE), "clear": row(CHANGE),
        "extend": row(CHANGE, "one by one"), "extendleft": row(CHANGE, "one by one"),
        "insert": row(CHANGE), "pop": row(CHANGE), "popleft": row(CHANGE), "reverse": row(CHANGE),
        "rotate": row(CHANGE),
    }  # fmt: skip
    special = {  # noqa: RUF012 - likewise
        "__copy__": "copy", "copy": "copy", "count": "count", "index": "index", "remove": "remove",
    }  # fmt: skip

    fields = frozenset({"maxlen"})

    def key_of(self, key: Any) -> Any:
        return sized_number_of(key, IndexError)

    def change(self, thing: Any, name: str, args: tuple[Any, ...], read: Footprint = ()) -> None:
        if name == "__init__":  # by which alone it gets another size
            read += (((self.objects.label(thing), "maxlen"), WRITE),)
        super().change(thing, name, args, read)

    def copy(self, thing: Any, method: Callable[[], Any]) -> Any:
        """Return a copy, of a deque that is built in item by item."""
        if type(thing) is deque:
            return self.objects.made(deque(self.iterators.taken(thing, deque), thing.maxlen))
        self.look(thing)
        return self.objects.made(method())


class Bytes(Container):
    """Arrays of bytes."""

    word = "bytearray"
    taker = bytearray
    takes_bytes = True
    methods = {  # noqa: RUF012 - a table, never changed
        **dict.fromkeys((one for one in dir(bytes) if not one.startswith("_")), row(ALL, "spread")),
        **dict.fromkeys(
            ("append", "clear", "insert", "pop", "remove", "resize", "reverse"), row(CHANGE)
        ),
        "copy": row(ALL), "extend": row(CHANGE, "spread"), "maketrans": row(NOTHING, "spread"),
        "take_bytes": row(CHANGE),
    }  # fmt: skip

    def item(self, thing: Any, key: Any, get: Callable[[Any, Any], Any] = getitem) -> Any:
        return super().item(thing, key_of(key), get)

    def call(
        self, thing: Any, name: str, method: Callable[..., Any], args: Any, kwargs: Any
    ) -> Any:
        if name != "__setitem__":  # which locks both
            args = tuple(arg if arg is thing else read_in(self.objects, arg) for arg in args)
        if name in UNLOCKED and is_shared_array(self.objects, thing):
            thing = read_in(self.objects, thing)
            method = getattr(thing, name)
        return super().call(thing, name, method, args, kwargs)

    def inside(self, thing: Any) -> Iterable[Any]:
        return ()

    def contains(self, item: Any, thing: Any) -> bool:
        return self.has(thing, item)
