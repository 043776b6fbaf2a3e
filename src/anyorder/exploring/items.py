"""Containers: their items, their methods and their operators."""

from __future__ import annotations

import operator
import os
from collections import Counter, defaultdict
from collections.abc import Mapping
from contextlib import contextmanager
from itertools import chain
from typing import TYPE_CHECKING, Any

from anyorder.exploring.attributes import Attributes
from anyorder.exploring.containers import (
    COUNTING,
    KEYED,
    METHODS_WITH_STEPS,
    TYPES,
    VIEWS,
    changed_whole,
    footprint_of,
    item_footprint,
    keyed_footprints,
)
from anyorder.exploring.events import WRITE
from anyorder.exploring.objects import INSTANCE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["Items"]

HASHING = {"dict", "set"}  # kinds of containers that compare keys
IN_PLACE = {
    "Add": operator.iadd, "Sub": operator.isub, "Mult": operator.imul, "Div": operator.itruediv,
    "FloorDiv": operator.ifloordiv, "Mod": operator.imod, "Pow": operator.ipow,
    "LShift": operator.ilshift, "RShift": operator.irshift, "BitOr": operator.ior,
    "BitXor": operator.ixor, "BitAnd": operator.iand, "MatMult": operator.imatmul,
}  # fmt: skip


class Items(Attributes):
    """What is done with containers, one step each as far as the language promises it."""

    def key(self, key: Any) -> None:
        """Refuse a key whose own ``__eq__`` or ``__hash__`` would run inside of one step."""
        cls = type(key)
        if self.kind_of(cls) == INSTANCE:
            for method in (cls.__eq__, cls.__hash__):
                code = getattr(method, "__code__", None)
                if code is not None and code.co_filename == self.machine.program:
                    self.machine.refuse(
                        f"a key of {cls.__name__} runs {code.co_name} inside of one step of the "
                        "container, which is not followed: take a key of a built-in type"
                    )

    def container_kind(self, thing: Any) -> str:
        """Say which kind of container an object is."""
        for cls in type(thing).__mro__:
            if cls in TYPES:
                return TYPES[cls]
        return "dict"

    def call_method(  # noqa: C901, PLR0912
        self, thing: Any, name: str, method: Callable[..., Any], args: Any, kwargs: Any
    ) -> Any:
        """Call a container's method, after its event where the container is shared."""
        label = self.label(thing)
        kind = self.container_kind(thing)
        if type(thing) in VIEWS:
            self.look(thing)
            return method(*args, **kwargs)
        if name in COUNTING and isinstance(thing, Counter):
            return self.count(thing, COUNTING[name], *args, **kwargs)
        footprint = footprint_of(kind, label, name, args)
        if footprint is None:
            return METHODS_WITH_STEPS[name](self.iterate(thing), *args)
        if footprint and footprint[0][1] == WRITE:
            self.changes(thing)
        for arg in args:
            self.look(arg)
            if kind in HASHING:
                self.key(arg)
        if name == "sort":
            return self.sort(thing, label, kwargs)
        if kind == "dict" and name in KEYED and args:
            self.keyed(name, thing, args[0], ("call", (thing, name, args)))
            result = method(*args, **kwargs)
        elif kind == "dict" and footprint == changed_whole(kind, label):
            with self.changing(thing, name, args):
                result = method(*args, **kwargs)
        else:
            if footprint:
                self.step("call", footprint, (thing, name, args))
            result = method(*args, **kwargs)
        if type(result) in VIEWS:
            self.labels[id(result)] = (label, (result, thing))
        elif footprint:
            self.reached(result, (label, name, "reached"))
        return result

    def count(self, thing: Any, sign: int, items: Any = (), /, **more: int) -> None:
        """Count items, as a ``Counter`` does: for each of them a read, and then a write."""
        counts = ((item, 1) for item in self.iterate(items))
        if isinstance(items, Mapping):
            counts = ((item, self.item(items, item)) for item in self.iterate(items))
        for item, number in chain(counts, more.items()):
            self.set_item(self.item(thing, item) + sign * number, thing, item)

    def keyed(self, what: str, thing: Any, key: Any, words: tuple[str, Any]) -> None:
        """Make an event of an operation on a dict's item, which may be there or not by its turn.

        Args:
            what: the operation, one of ``KEYED``
            thing: the dict
            key: the item's key
            words: the event's kind, and what it is about
        """
        label = self.label(thing)
        there, missing = keyed_footprints(what, label, key)
        announced = there if key in thing else missing
        event = self.step(words[0], announced, words[1])
        if event is None:
            return
        here = key in thing
        touched = there if here else missing
        if touched is not announced:
            for place, mode in touched:
                self.touch(place, mode)
        counter = (label, "has", key)
        event.settle(counter, int(here), announced, there, missing)
        change = KEYED[what]
        if here == (change < 0):
            event.effects += ((counter, False, change),)

    @contextmanager
    def changing(self, thing: Any, name: str, args: tuple[Any, ...]) -> Iterator[None]:
        """Make an event of a change of a dict as a whole, and note which keys come and go."""
        label = self.label(thing)
        event = self.step("call", changed_whole("dict", label), (thing, name, args))
        before = set(thing)
        yield
        if event is not None:
            event.effects += tuple(
                ((label, "has", key), False, 1 if key in thing else -1)
                for key in before ^ set(thing)
            )

    def sort(self, thing: list[Any], label: Any, kwargs: Any) -> None:
        """Sort a list, which other threads find empty meanwhile."""
        footprint = changed_whole("list", label)
        if self.step("call", footprint, (thing, "sort", ())) is None:
            thing.sort(**kwargs)
            return
        items = thing[:]
        thing.clear()
        items.sort(**kwargs)
        self.step("call", footprint, (thing, "sort ends", ()))
        changed = bool(thing)
        thing[:] = items
        if changed:
            raise ValueError("list modified during sort")

    def item(self, thing: Any, key: Any) -> Any:
        """Return an item, after its event where it is shared."""
        if self.is_container(thing):
            label = self.label(thing)
            which = self.container_kind(thing)
            if which in HASHING:
                self.key(key)
            footprint = item_footprint(which, label, key, writes=False)
            if isinstance(thing, defaultdict):
                self.keyed("setdefault", thing, key, ("read item", (thing, key)))
            else:
                self.step("read item", footprint, (thing, key))
            return self.reached(thing[key], (footprint[0][0], "reached"))
        return thing[key]

    def set_item(self, value: Any, thing: Any, key: Any) -> None:
        """Set an item, after its event where it is shared."""
        self.change_item("write item", thing, key, value)
        thing[key] = value

    def change_item(self, kind: str, thing: Any, key: Any, value: Any = None) -> None:
        """Make an event of writing or deleting an item."""
        if self.is_container(thing):
            self.changes(thing)
            which = self.container_kind(thing)
            if which == "dict":
                self.key(key)
                self.keyed(kind, thing, key, (kind, (thing, key, value)))
                return
            footprint = item_footprint(
                which, self.label(thing), key, writes=True, reshapes=kind == "delete item"
            )
            self.step(kind, footprint, (thing, key, value))
        elif thing is os.environ:
            self.outlives("a change of os.environ")

    def contains(self, item: Any, thing: Any) -> bool:
        """Say whether an item is in a container."""
        if not self.is_container(thing, "__contains__"):
            return item in thing
        kind = self.container_kind(thing)
        if kind in HASHING:
            self.key(item)
        if type(thing) in VIEWS or kind == "set":
            self.look(thing)
        elif kind == "dict":
            self.step(
                "contains",
                item_footprint(kind, self.label(thing), item, writes=False),
                (thing, item),
            )
        else:
            return any(one is item or one == item for one in self.iterate(thing))
        return item in thing

    def in_place(self, name: str, left: Any, right: Any) -> Any:
        """Carry out ``left += right`` and its like, up to the storing of the result."""
        self.look(right)
        operate: Callable[[Any, Any], Any] = IN_PLACE[name]
        if self.is_container(left):
            if isinstance(left, Counter):
                self.machine.refuse(
                    "an operator that changes a Counter goes from item to item, which is not "
                    "followed: write update() or subtract()"
                )
            self.changes(left)
            kind = self.container_kind(left)
            if kind == "dict":
                with self.changing(left, "update", (right,)):
                    return operate(left, right)
            footprint = changed_whole(kind, self.label(left))
            self.step("call", footprint, (left, "extend", (right,)))
        return self.made(operate(left, right))
