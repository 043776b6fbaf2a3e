"""Dicts, whose items are found by their key.

A dict finds an item by its key whatever else is put into it, so looking for one does not read the
shape; it reads a place that only a change of the dict as a whole writes, such as ``clear``.
"""

from __future__ import annotations

import itertools
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Mapping
from contextlib import contextmanager
from gc import get_referents
from itertools import chain
from operator import delitem, getitem, setitem
from types import FunctionType, MappingProxyType, MethodType
from typing import TYPE_CHECKING, Any

from anyorder.exploring.accesses.containers import ALL, NOTHING, Container, row
from anyorder.exploring.accesses.events import (
    CALL,
    CONTAINS,
    DELETE_ITEM,
    LOOK,
    READ_ITEM,
    WRITE_ITEM,
)
from anyorder.exploring.accesses.iterators import goes_by_keys, is_iterable
from anyorder.exploring.attributes import asked, class_has, in_class, is_a
from anyorder.exploring.engine.events import READ, WRITE
from anyorder.exploring.modules import OWN_MODULES, lasts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from anyorder.exploring.accesses.objects import Objects
    from anyorder.exploring.engine.events import EventKind, Footprint

__all__ = ["VIEWS", "Dicts", "Views", "hold_keys"]

VIEWS: tuple[type, ...] = (
    type({}.keys()), type({}.values()), type({}.items()), type(OrderedDict().keys()),
    type(OrderedDict().values()), type(OrderedDict().items()),
)  # fmt: skip
# how many items each of these adds where it adds any
KEYED = {"write item": 1, "delete item": -1, "pop": -1, "setdefault": 1}
# before 3.13.12 and 3.14.3 a default is stored after it has been made, over what has been stored
# meanwhile (python/cpython#142495): this Python itself says whether it is so
STORES_LAST = defaultdict(lambda: "made", there="stored").__missing__("there") == "made"
ANSWERING = ("__getattr__", "__getattribute__")  # by which a class answers for its objects


class Dicts(Container):
    """Dicts, and those of ``collections``."""

    word = "dict"
    taker = dict
    hashing = True
    methods = {  # noqa: RUF012 - a table, never changed
        "copy": row(ALL), "items": row(NOTHING),
        "keys": row(NOTHING), "most_common": row(ALL), "total": row(ALL), "values": row(NOTHING),
    }  # fmt: skip
    special = {  # noqa: RUF012 - likewise
        "__missing__": "missing", "clear": "changing_call", "elements": "elements",
        "get": "get",
        "move_to_end": "changing_call", "pop": "pop", "popitem": "changing_call",
        "setdefault": "setdefault", "subtract": "subtract", "update": "update",
        "__init__": "begin_again", "__ior__": "update_in_place",
    }  # fmt: skip
    fields = frozenset({"default_factory"})

    def changed(self, thing: Any) -> Footprint:
        return (*super().changed(thing), ((self.objects.label(thing), "whole"), WRITE))

    def item_footprint(
        self, thing: Any, key: Any, *, writes: bool, reshapes: bool = False
    ) -> Footprint:
        label = self.objects.label(thing)
        place = self.place(thing, key)
        fixed = ((label, "whole"), READ)
        if not writes:
            return ((place, READ), fixed)
        if not reshapes:
            return ((place, WRITE), fixed, ((label, "content"), "put"))
        shape: Footprint = (((label, "shape"), WRITE), ((label, "content"), "put"))
        return ((place, WRITE), fixed, *shape)

    def place(self, thing: Any, key: Any) -> Any:
        """Return the place of an item."""
        return self.objects.label(thing), "item", self.named_key(key)

    def named_key(self, key: Any) -> Any:
        """Return what a key is called: equal keys alike, and each as in all other executions.

        What is equal to nothing but itself is another object in each of them.
        """
        kind = self.objects.kinds.get(type(key)) or self.objects.kind_of(type(key))
        if kind.plain:
            return key
        compared: Any = type(key).__eq__
        if compared is tuple.__eq__:
            return tuple(map(self.named_key, key))
        if compared is frozenset.__eq__:
            return frozenset(map(self.named_key, key))
        if type(key) is MethodType:
            return MethodType, self.named_key(key.__self__), self.named_key(key.__func__)
        stays = is_a(key, FunctionType | type) and lasts(key)
        if compared is object.__eq__ and not stays:
            return object, self.objects.label(key)
        return key

    def inside(self, thing: Any) -> Iterable[Any]:
        return [*thing, *thing.values()]

    def keys_of(self, thing: Any) -> Iterable[Any]:
        return list(thing)

    def contains(self, item: Any, thing: Any) -> bool:
        if not self.key(thing, item, looks=True):
            footprint = self.item_footprint(thing, item, writes=False)
            self.objects.step(CONTAINS, footprint, (thing, item))
        return item in thing

    # -- items ---------------------------------------------------------------------------------

    def item(self, thing: Any, key: Any, get: Callable[[Any, Any], Any] = getitem) -> Any:
        if self.key(thing, key, looks=True):
            return get(thing, key)
        footprint = self.item_footprint(thing, key, writes=False)
        if in_class(type(thing), "__missing__") is defaultdict.__missing__:
            return self.item_or_default(thing, key, footprint)
        self.objects.step(READ_ITEM, footprint, (thing, key))
        return self.objects.reached(get(thing, key), footprint[0][0])

    def item_or_default(self, thing: Any, key: Any, footprint: Footprint) -> Any:
        """Return an item of a ``defaultdict``, which gets it where it is not there.

        A factory that is a built-in class is called in the same step; any other one is code, in
        whose midst others may store an item.
        """
        factory = thing.default_factory
        if is_built_in_class(factory):
            self.keyed("setdefault", thing, key, (READ_ITEM, (thing, key)))
            return self.objects.reached(there_or_made(thing, key), footprint[0][0])
        footprint += (((self.objects.label(thing), "default_factory"), READ),)
        self.objects.step(READ_ITEM, footprint, (thing, key))
        factory = thing.default_factory
        if key in thing or factory is None:
            return self.objects.reached(there_or_made(thing, key), footprint[0][0])
        return self.make_item(thing, key, factory)

    def make_item(self, thing: Any, key: Any, factory: Callable[[], Any]) -> Any:
        """Return an item that code makes for a ``defaultdict``, the library's too; store it."""
        value = self.objects.around(self.operations.function(factory))
        self.objects.changes(thing)
        if STORES_LAST:
            self.keyed("write item", thing, key, (WRITE_ITEM, (thing, key, value)))
            thing[key] = value
            return value
        self.keyed("setdefault", thing, key, (CALL, (thing, "setdefault", (key, value))))
        return self.objects.reached(thing.setdefault(key, value), self.place(thing, key))

    def set_item(
        self, value: Any, thing: Any, key: Any, put: Callable[[Any, Any, Any], None] = setitem
    ) -> None:
        self.objects.changes(thing)
        if not self.key(thing, key):
            self.keyed("write item", thing, key, (WRITE_ITEM, (thing, key, value)))
        put(thing, key, value)

    def delete_item(self, thing: Any, key: Any, take: Callable[[Any, Any], None] = delitem) -> None:
        if is_a(thing, Counter):  # it looks first, and then deletes as a dict does
            if not self.contains(key, thing):
                return
            self.objects.pass_point()
            take = dict.__delitem__
        self.objects.changes(thing)
        if not self.key(thing, key):
            self.keyed("delete item", thing, key, (DELETE_ITEM, (thing, key, None)))
        take(thing, key)

    def keyed(self, what: str, thing: Any, key: Any, told: tuple[EventKind, Any]) -> None:
        """Make an event of an operation on an item, which may be there or not by its turn.

        Args:
            what: the operation, one of ``KEYED``
            thing: the dict
            key: the item's key
            told: the event's kind, and what it is about
        """
        there, missing = self.keyed_footprints(what, thing, key)
        announced = there if key in thing else missing
        event = self.objects.step(told[0], announced, told[1])
        if event is None:
            return
        here = key in thing
        touched = there if here else missing
        if touched is not announced:
            self.objects.touch_all(touched)
        counter = (self.objects.label(thing), "has", key)
        event.vary((counter,), lambda has: there if has > 0 else missing, announced)
        event.settle(int(here))
        change = KEYED[what]
        if here == (change < 0):
            event.effects += ((counter, False, change),)

    def keyed_footprints(self, what: str, thing: Any, key: Any) -> tuple[Footprint, Footprint]:
        """Return what an operation on an item touches where it is there, and where it is not."""
        read = self.item_footprint(thing, key, writes=False)
        reshape = self.item_footprint(thing, key, writes=True, reshapes=True)
        if is_a(thing, defaultdict):
            reshape += (((self.objects.label(thing), "default_factory"), READ),)
        if what == "write item":
            return self.item_footprint(thing, key, writes=True), reshape
        return (read, reshape) if what == "setdefault" else (reshape, read)

    # -- methods -------------------------------------------------------------------------------

    def get(self, thing: Any, method: Callable[..., Any], *args: Any) -> Any:
        """Get an item or a default."""
        if not args:
            return method()
        if self.key(thing, args[0], looks=True):
            return method(*args)
        footprint = self.item_footprint(thing, args[0], writes=False)
        self.objects.step(CALL, footprint, (thing, "get", args))
        return self.objects.reached(method(*args), footprint[0][0])

    def pop(self, thing: Any, method: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Take an item out, or get a default."""
        return self.call_keyed("pop", thing, method, args, kwargs)

    def setdefault(self, thing: Any, method: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Get an item, which is put in where it is not there."""
        return self.call_keyed("setdefault", thing, method, args, kwargs)

    def call_keyed(
        self, name: str, thing: Any, method: Callable[..., Any], args: Any, kwargs: Any
    ) -> Any:
        """Call a method that changes an item, depending on whether it is there."""
        self.objects.changes(thing)
        key = args[0] if args else kwargs.get("key")
        if not args and "key" not in kwargs:
            return method(**kwargs)
        if not self.key(thing, key):
            self.keyed(name, thing, key, (CALL, (thing, name, args)))
        result = method(*args, **kwargs)
        return self.objects.reached(result, (self.objects.label(thing), name))

    def changing_call(
        self, thing: Any, method: Callable[..., Any], *args: Any, **kwargs: Any
    ) -> Any:
        """Call a method that changes a dict as a whole."""
        self.objects.changes(thing)
        name = method.__name__
        with self.changing(thing, name, args):
            result = method(*args, **kwargs)
        return self.objects.reached(result, (self.objects.label(thing), name))

    def begin_again(self, thing: Any, method: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Take over the items of others beside its own; a ``defaultdict`` has a factory first."""
        factory = args[0] if args else None
        if is_a(thing, defaultdict) and (factory is None or callable(factory)):
            self.set_attribute(factory, thing, "default_factory")
        return self.update(thing, method, *args, **kwargs)

    def update(self, thing: Any, method: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Take over the items of others in one step; a ``Counter`` counts one after another."""
        self.objects.changes(thing)
        self.machine.varied.handed(args)
        if is_a(thing, Counter):
            return self.tally(thing, 1, *args, **kwargs)
        if len(args) == 1 and self.asks(thing, args[0]):
            self.take_over(thing, args[0], method)
            args = ()
        args, read = self.held(args)
        self.keys(thing, *args)
        with self.changing(thing, method.__name__, args, read):
            return method(*args, **kwargs)

    def asks(self, thing: Any, arg: Any) -> bool:
        """Whether ``update`` asks for one item after another, and others may come in between.

        So it is where it calls code of the argument's class, or of its pairs'.

        Args:
            thing: the dict
            arg: what has the items
        """
        cls = type(arg)
        if is_a(arg, dict):
            return goes_by_keys(arg, type(thing))
        hold_keys(self.objects, arg)
        if self.at_once(arg):
            return is_a(arg, list | tuple) and not all(map(self.at_once, arg))
        return cls is not MappingProxyType and (class_has(cls, "keys") or is_iterable(cls))

    def take_over(self, thing: Any, arg: Any, method: Callable[..., Any]) -> None:
        """Take over items one after another: by their keys, which are listed first, or as pairs.

        Args:
            thing: the dict
            arg: what has them
            method: its ``update``
        """
        iterate = self.iterators.iterate
        pairs: Iterable[Any]
        if class_has(type(arg), "keys"):
            found = arg.keys()
            keys = iterate(found)
            # an exact list is not copied
            each = is_a(thing, OrderedDict) or type(found) is list
            listed = keys if each else list(keys)
            pairs = ((key, self.operations.item(arg, key)) for key in listed)
        else:
            pairs = (pair if self.at_once(pair) else tuple(iterate(pair)) for pair in iterate(arg))
        for pair in pairs:
            if is_a(pair, list | tuple) and pair:
                self.key(thing, pair[0])
            with self.changing(thing, "update", ((pair,),)):
                method((pair,))

    def update_in_place(self, thing: Any, method: Callable[..., Any], other: Any) -> Any:
        """Carry out ``|=`` by its other name."""
        return self.in_place(thing, other, method)

    def in_place(self, thing: Any, other: Any, operate: Callable[[Any], Any]) -> Any:
        """Carry out an operator that changes a dict."""
        if is_a(thing, Counter):
            self.machine.refuse(
                "an operator that changes a Counter goes from item to item, which is not "
                "followed: write update() or subtract()"
            )
        self.objects.changes(thing)
        self.machine.varied.handed((other,))
        if self.asks(thing, other):
            self.take_over(thing, other, thing.update)
            return thing
        (other,), read = self.held((other,))
        self.keys(thing, other)
        with self.changing(thing, "update", (other,), read):
            return operate(other)

    def keys(self, thing: Any, *others: Any) -> None:
        """Refuse the keys that a dict takes over where they cannot be followed."""
        for other in others:
            for key in list(other) if is_a(other, Mapping) else ():
                self.key(thing, key)

    def subtract(self, thing: Any, _: Any, *args: Any, **kwargs: Any) -> None:
        """Count items down, as a ``Counter`` does."""
        self.objects.changes(thing)
        self.tally(thing, -1, *args, **kwargs)

    def tally(self, thing: Any, sign: int, items: Any = (), /, **more: int) -> None:
        """Count items, as a ``Counter`` does: for each of them a read, and then a write."""
        item_of, iterate = self.operations.item, self.iterators.iterate
        counts: Any
        if items is None:
            counts = ()
        elif isinstance(items, Mapping):
            counts = ((item, item_of(items, item)) for item in iterate(items))
        else:
            counts = ((item, 1) for item in iterate(items))
        for item, number in chain(counts, more.items()):
            self.set_item(self.item(thing, item) + sign * number, thing, item)

    def elements(self, thing: Any, _: Any) -> Any:
        """Return an iterator over what a ``Counter`` counts, which goes through it lazily."""
        family = self.operations.family
        items = self.call(thing, "items", thing.items, (), {})
        repeated = family["starmap"](itertools.repeat, items)
        return self.objects.made(family["chain"].from_iterable(repeated))

    def missing(self, thing: Any, method: Callable[..., Any], key: Any) -> Any:
        """Make the item that a ``defaultdict`` has not got."""
        if not is_a(thing, defaultdict):
            return method(key)
        place = (self.objects.label(thing), "default_factory")
        self.objects.step(LOOK, ((place, READ),), (thing,))
        factory = thing.default_factory
        if factory is None:
            return method(key)
        if not is_built_in_class(factory):
            return self.make_item(thing, key, factory)
        self.objects.changes(thing)
        stores = "write item" if STORES_LAST else "setdefault"
        self.keyed(stores, thing, key, (CALL, (thing, "__missing__", (key,))))
        return self.objects.reached(method(key), self.place(thing, key))

    @contextmanager
    def changing(
        self, thing: Any, name: str, args: tuple[Any, ...], read: Footprint = ()
    ) -> Iterator[None]:
        """Make an event of a change of a dict as a whole, and note which keys come and go."""
        label = self.objects.label(thing)
        event = self.objects.step(CALL, self.changed(thing) + read, (thing, name, args))
        before = set(thing) if event is not None else set()
        yield
        if event is not None:
            event.effects += tuple(
                ((label, "has", key), False, 1 if key in thing else -1)
                for key in before ^ set(thing)
            )

    def call(
        self, thing: Any, name: str, method: Callable[..., Any], args: Any, kwargs: Any
    ) -> Any:
        result = super().call(thing, name, method, args, kwargs)
        if type(result) in VIEWS:
            self.objects.call_as(self.objects.label(thing), result, thing)
        return result


def is_built_in_class(factory: Any) -> bool:
    """Whether what makes an item is a class that is built in, which runs no code."""
    return is_a(factory, type) and factory.__module__ == "builtins"


def there_or_made(thing: Any, key: Any) -> Any:
    """Return an item of a ``defaultdict``, made by its own means, whatever its class has."""
    find = dict.__getitem__ if dict.__contains__(thing, key) else defaultdict.__missing__
    return find(thing, key)


class Views(Container):
    """The keys, values or items of a dict, which show it as it is now: they have its name."""

    word = "view"
    taker = set
    methods = {"isdisjoint": row(ALL, "spread")}  # noqa: RUF012 - a table, never changed
    fields = frozenset({"mapping"})

    def attribute(self, thing: Any, name: str) -> Any:
        if name == "mapping" and self.objects.touch_all(self.changed(thing)):
            self.machine.refuse(
                "mapping of a view shows a dict that threads share past its events: write the "
                "dict itself"
            )
        if name == "mapping":
            (whole,) = get_referents(thing)
            self.objects.handed_out_as("a dict that is shown by a view's mapping", whole)
        return super().attribute(thing, name)

    def contains(self, item: Any, thing: Any) -> bool:
        self.key(thing, item, looks=True)
        return self.has(thing, item)


def hold_keys(objects: Objects, arg: Any) -> None:
    """Refuse an object that has ``keys`` itself, or makes it up, where a dict asks it for that.

    Args:
        objects: the objects of the exploration
        arg: what a dict is made of, or is updated with
    """
    cls = type(arg)
    if cls.__module__ not in OWN_MODULES or class_has(cls, "keys"):
        return
    if any(type(in_class(cls, name)) is FunctionType for name in ANSWERING):
        objects.machine.refuse(
            "an object is asked for keys, which its __getattr__ or __getattribute__ answers, and "
            "that is not followed: let its class have keys(), or give its items one by one"
        )
    objects.step(LOOK, (((objects.label(arg), "keys"), READ),), (arg,))
    if asked(arg, "keys") is not None:
        objects.machine.refuse(
            "an object is asked for keys that are an attribute of its own, which is not "
            "followed: let its class have keys()"
        )
