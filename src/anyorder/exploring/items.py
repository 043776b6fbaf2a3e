"""Containers: their items, their methods and their operators."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

from anyorder.exploring.attributes import Attributes
from anyorder.exploring.containers import (
    METHODS_WITH_STEPS,
    TYPES,
    VIEWS,
    footprint_of,
    item_footprint,
)
from anyorder.exploring.events import WRITE
from anyorder.exploring.objects import CONTAINER, CONTAINERS, INSTANCE

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Items"]

IN_PLACE = {
    "Add": operator.iadd, "Sub": operator.isub, "Mult": operator.imul, "Div": operator.itruediv,
    "FloorDiv": operator.ifloordiv, "Mod": operator.imod, "Pow": operator.ipow,
    "LShift": operator.ilshift, "RShift": operator.irshift, "BitOr": operator.ior,
    "BitXor": operator.ixor, "BitAnd": operator.iand, "MatMult": operator.imatmul,
}  # fmt: skip  # fmt: skip


class Items(Attributes):
    """What is done with containers, one step each as far as the language promises it."""

    def container_kind(self, thing: Any) -> str:
        """Say which kind of container an object is."""
        for cls in type(thing).__mro__:
            if cls in TYPES:
                return TYPES[cls]
        return "dict"

    def call_method(
        self, thing: Any, name: str, method: Callable[..., Any], args: Any, kwargs: Any
    ) -> Any:
        """Call a container's method, after its event where the container is shared."""
        label = self.label(thing)
        kind = self.container_kind(thing)
        if type(thing) in VIEWS:
            self.look(thing)
            return method(*args, **kwargs)
        footprint = footprint_of(kind, label, name, args)
        if footprint is None:
            return METHODS_WITH_STEPS[name](self.iterate(thing), *args)
        for arg in args:
            self.look(arg)
        if name == "sort":
            return self.sort(thing, label, kwargs)
        if footprint and kind == "dict" and name in {"setdefault", "pop"} and args:
            here = args[0] in thing
            if (name == "setdefault") == here:  # it stays as it is
                footprint = item_footprint(kind, label, args[0], writes=False)
        if footprint:
            self.step("call", footprint, (thing, name, args))
        result = method(*args, **kwargs)
        if type(result) in VIEWS:
            self.labels[id(result)] = (label, (result, thing))
        elif footprint:
            self.reached(result, (label, name, "reached"))
        return result

    def sort(self, thing: list[Any], label: Any, kwargs: Any) -> None:
        """Sort a list, which other threads find empty meanwhile."""
        footprint = (((label, "shape"), WRITE), ((label, "content"), WRITE))
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
        kind = self.kind_of(type(thing))
        if kind == CONTAINER or (kind == INSTANCE and isinstance(thing, CONTAINERS)):
            label = self.label(thing)
            which = self.container_kind(thing)
            makes = which == "dict" and hasattr(thing, "__missing__") and key not in thing
            footprint = item_footprint(
                which, label, self.index(thing, key), writes=makes, reshapes=makes
            )
            self.step("read item", footprint, (thing, key))
            value = thing[key]
            return self.reached(value, (footprint[0][0], "reached"))
        return thing[key]

    def index(self, thing: Any, key: Any) -> Any:
        """Return an index counted from the start, so that -1 and 2 of three are the same."""
        if type(key) is int and key < 0 and type(thing) is not dict:
            return key + len(thing)
        return key

    def set_item(self, value: Any, thing: Any, key: Any) -> None:
        """Set an item, after its event where it is shared."""
        self.change_item("write item", thing, key, value)
        thing[key] = value

    def change_item(self, kind: str, thing: Any, key: Any, value: Any = None) -> None:
        """Make an event of writing or deleting an item."""
        if self.kind_of(type(thing)) == CONTAINER or isinstance(thing, CONTAINERS):
            label = self.label(thing)
            which = self.container_kind(thing)
            key = self.index(thing, key)
            widest = item_footprint(which, label, key, writes=True, reshapes=True)
            reshapes = which == "dict" or kind == "delete item"
            footprint = item_footprint(which, label, key, writes=True)
            if reshapes:
                shape = (label, "shape")
                new = kind == "delete item" or isinstance(key, slice) or key not in thing
                if new:
                    footprint = widest
                    self.touch(shape, WRITE)
            event = self.step(kind, footprint, (thing, key, value))
            if event is not None and reshapes:
                event.widest = widest
                here = kind != "delete item" and not isinstance(key, slice) and key in thing
                event.footprint = (
                    *(item_footprint(which, label, key, writes=True) if here else widest),
                    *event.footprint[len(footprint) :],
                )

    def contains(self, item: Any, thing: Any) -> bool:
        """Say whether an item is in a container."""
        if self.kind_of(type(thing)) != CONTAINER:
            return item in thing
        kind = self.container_kind(thing)
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
        if self.kind_of(type(left)) == CONTAINER:
            label = self.label(left)
            footprint = (((label, "shape"), WRITE), ((label, "content"), WRITE))
            self.step("call", footprint, (left, "extend", (right,)))
        operate: Callable[[Any, Any], Any] = IN_PLACE[name]
        return self.made(operate(left, right))
