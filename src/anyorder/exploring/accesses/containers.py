"""Containers: what their methods touch, and which of them are one step.

The guarantees are those of the Python documentation's page "Thread Safety Guarantees"
(https://docs.python.org/3/builtins/threadsafety.html): reading or writing one item, ``append``,
``pop``, ``clear``, ``copy``, ``extend`` by a built-in container, and a dict's ``get``, ``pop`` and
``setdefault`` are atomic; ``in``, ``index`` and ``count`` of a list look at one item after another;
``sort`` lets the list appear empty meanwhile; iteration never is atomic.

A container has places for its shape (which items there are), its content (any of them), and each
single item. Writing one item commutes with writing another. A kind of container is a table: for each
of its methods what the method touches, and how it takes its arguments. A method in no table is refused.
"""  # noqa: E501

from __future__ import annotations

import operator
from operator import delitem, getitem, setitem
from types import BuiltinFunctionType, FunctionType, MethodType, MethodWrapperType
from typing import TYPE_CHECKING, Any, Protocol

from anyorder.exploring.accesses.depths import Depths
from anyorder.exploring.accesses.events import (
    CALL,
    DELETE_ATTRIBUTE,
    DELETE_ITEM,
    LOOK,
    READ_ATTRIBUTE,
    READ_ITEM,
    WRITE_ATTRIBUTE,
    WRITE_ITEM,
)
from anyorder.exploring.accesses.iterators import Drawing, is_iterable
from anyorder.exploring.accesses.objects import Eventful
from anyorder.exploring.attributes import asked, class_has, is_a
from anyorder.exploring.engine.events import READ, WRITE
from anyorder.exploring.frames import of_tool

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from anyorder.exploring.accesses.iterators import Iterators
    from anyorder.exploring.accesses.objects import Objects
    from anyorder.exploring.engine.events import Footprint

__all__ = [
    "ALL",
    "CHANGE",
    "COMMON",
    "COMPARING",
    "LOOKING",
    "NOTHING",
    "REFUSED",
    "SHAPE",
    "SHOWING",
    "Container",
    "ContainerMethod",
    "ContainerOperations",
    "row",
]

NOTHING, SHAPE, ALL, CHANGE = range(4)

# methods that are operations of the language by another name
OPERATORS = {
    "__contains__", "__delitem__", "__getitem__", "__iter__", "__len__", "__reversed__",
    "__setitem__",
}  # fmt: skip
COMPARING = {
    "__eq__": "eq", "__ne__": "eq", "__lt__": "lt", "__le__": "lt", "__gt__": "lt", "__ge__": "lt",
}  # fmt: skip
SHOWING = {"__repr__": "repr", "__str__": "str", "__format__": "str"}
LOOKING = {**COMPARING, **SHOWING}  # what looks into what a container holds
# of every object, and nothing that a container holds
OF_ALL = {
    "__class__", "__class_getitem__", "__dir__", "__doc__", "__hash__", "__init_subclass__",
    "__new__", "__sizeof__", "__subclasshook__",
}  # fmt: skip
# what changes a container as a whole, and takes over what it is given
CHANGING = {
    "__iadd__", "__iand__", "__imul__", "__init__", "__ior__", "__isub__", "__ixor__",
    "__setstate__",
}  # fmt: skip
# what reads all of it, and takes over what it is given
READING = {
    "__add__", "__alloc__", "__and__", "__copy__", "__getstate__", "__mod__", "__mul__", "__neg__",
    "__or__", "__pos__",
    "__rand__", "__reduce__", "__reduce_ex__", "__rmod__", "__rmul__", "__ror__", "__rsub__",
    "__rxor__", "__sub__", "__xor__",
}  # fmt: skip
SLOTS = {"__delattr__", "__getattribute__", "__setattr__"}
# names of every container that are followed by one rule for all of them
COMMON = {
    *CHANGING, *LOOKING, *OF_ALL, *OPERATORS, *READING, *SLOTS,
}  # fmt: skip
# names of a container that are refused, each with the reason
REFUSED = {
    "__buffer__": "shows its bytes unseen", "__release_buffer__": "shows its bytes unseen",
    "__del__": "is called as it ends", "__dict__": "shows attributes unseen",
    "detach": "lets go of what is below", "getbuffer": "shows its bytes unseen",
}  # fmt: skip
Row = tuple[int, str]


def row(touches: int, args: str = "") -> Row:
    """Return a row of a table of methods.

    Args:
        touches: ``NOTHING``, ``SHAPE``, ``ALL`` or ``CHANGE``
        args: how it takes its arguments: ``""`` keeps them or asks nothing of them, ``"spread"``
            takes over what they hold in one step, ``"one by one"`` does so with what is built in,
            and else asks for an item after another, ``"hash"`` finds its first by its hash
    """
    return touches, args


def hashed_by(key: Any) -> Any:
    """Return the method that hashes a key; ``object.__hash__`` looks at nothing in it.

    What stands for that in threads and futures does as little.
    """
    method: Any = type(key).__hash__
    stands_in = is_a(method, FunctionType) and of_tool(method.__code__)
    return object.__hash__ if stands_in else method


class ContainerMethod:
    """A bound method of a container, which makes an event as it is called."""

    __slots__ = ("kind", "method", "name", "thing")

    def __init__(self, kind: Container, thing: Any, name: str, method: Any) -> None:
        self.kind = kind
        self.thing = thing
        self.name = name
        self.method = method

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.kind.call(self.thing, self.name, self.method, args, kwargs)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.method, name)

    def __eq__(self, other: object) -> bool:
        return bool((other.method if is_a(other, ContainerMethod) else other) == self.method)

    def __hash__(self) -> int:
        return hash(self.method)


class ContainerOperations(Protocol):
    """The operations of the language that methods of containers carry out."""

    family: dict[str, Any]  # iterators over iterators, by name

    def by_slot(self, slot: str, thing: Any, name: str, *value: Any) -> Any: ...
    def found(self, items: Any, item: Any) -> bool: ...
    def function(self, function: Any) -> Any: ...
    def item(self, thing: Any, key: Any) -> Any: ...
    def ordered(self, items: list[Any], key: Any, reverse: Any) -> list[Any]: ...
    def orders_alone(self, items: Iterable[Any]) -> bool: ...
    def same(self, one: Any, other: Any) -> bool: ...


class Container(Eventful):
    """A kind of container.

    Args:
        objects: the objects of the exploration
        iterators: goes through containers
        operations: what its methods carry out
    """

    named = holds = True
    word = "container"  # what it is called in messages
    methods: dict[str, Row] = {}  # noqa: RUF012 - a table, never changed
    # methods that are carried out by a method of the kind
    special: dict[str, str] = {}  # noqa: RUF012 - likewise
    fields: frozenset[str] = frozenset()  # attributes that are no methods
    hashing = False  # whether it finds items by their hash
    takes_bytes = False  # whether it takes over bytes as they lie in memory
    taker: Any = list  # the class that says what it takes over in one step (see ``iterators``)

    def __init__(
        self, objects: Objects, iterators: Iterators, operations: ContainerOperations
    ) -> None:
        super().__init__(objects)
        self.iterators = iterators
        self.operations = operations
        self.depths = Depths(objects)

    # -- what is touched -----------------------------------------------------------------------

    def whole(self, thing: Any) -> Footprint:
        label = self.objects.label(thing)
        return (((label, "shape"), READ), ((label, "content"), READ))

    def size(self, thing: Any) -> Footprint:
        return (((self.objects.label(thing), "shape"), READ),)

    def changed(self, thing: Any) -> Footprint:
        """Return what changing a container as a whole touches."""
        label = self.objects.label(thing)
        return (((label, "shape"), WRITE), ((label, "content"), WRITE))

    def footprint(self, thing: Any, touches: int) -> Footprint:
        """Return what a method touches, by its row."""
        if touches == CHANGE:
            return self.changed(thing)
        if touches == ALL:
            return self.whole(thing)
        return self.size(thing) if touches == SHAPE else ()

    def item_footprint(
        self, thing: Any, key: Any, *, writes: bool, reshapes: bool = False
    ) -> Footprint:
        """Return what reading or writing one item touches.

        Args:
            thing: the container
            key: the item's key or index
            writes: whether it is written
            reshapes: whether the container gets or loses an item
        """
        label = self.objects.label(thing)
        mode = WRITE if writes else READ
        if type(key) is not int or key < 0:  # which items, depends on how many
            return (((label, "shape"), mode), ((label, "content"), mode))
        place = (label, "item", key)
        if not writes:
            return ((place, READ), ((label, "shape"), READ))
        if not reshapes:
            return ((place, WRITE), ((label, "shape"), READ), ((label, "content"), "put"))
        return ((place, WRITE), ((label, "shape"), WRITE), ((label, "content"), "put"))

    # -- operations ----------------------------------------------------------------------------

    def attribute(self, thing: Any, name: str) -> Any:
        if name in self.fields or not class_has(type(thing), name):
            place = (self.objects.label(thing), name)
            self.objects.step(READ_ATTRIBUTE, ((place, READ),), (thing, name))
            return getattr(thing, name)
        value = getattr(thing, name)
        if is_a(asked(value, "__self__"), type):
            return value  # a method of the class, which does not ask the container
        if is_a(value, BuiltinFunctionType | MethodWrapperType) or (
            type(value) is MethodType and value.__module__ == "collections"
        ):
            return ContainerMethod(self, thing, name, value)
        return value

    def set_attribute(self, value: Any, thing: Any, name: str) -> None:
        place = (self.objects.label(thing), name)
        self.objects.step(WRITE_ATTRIBUTE, ((place, WRITE),), (thing, name, value))
        setattr(thing, name, value)

    def delete_attribute(self, thing: Any, name: str) -> None:
        place = (self.objects.label(thing), name)
        self.objects.step(DELETE_ATTRIBUTE, ((place, WRITE),), (thing, name))
        delattr(thing, name)

    def item(self, thing: Any, key: Any, get: Callable[[Any, Any], Any] = getitem) -> Any:
        footprint = self.item_footprint(thing, key, writes=False)
        self.objects.step(READ_ITEM, footprint, (thing, key))
        item = self.unbroken("[]", footprint, get, thing, key)
        return self.objects.reached(item, footprint[0][0])

    def set_item(
        self, value: Any, thing: Any, key: Any, put: Callable[[Any, Any, Any], None] = setitem
    ) -> None:
        self.objects.changes(thing)
        read: Footprint = ()
        if type(key) is slice:
            key, value, read = self.taken_over(thing, key, value)
        footprint = self.item_footprint(thing, key, writes=True) + read
        self.objects.step(WRITE_ITEM, footprint, (thing, key, value))
        self.unbroken("[] =", footprint, put, thing, key, value)

    def taken_over(self, thing: Any, key: slice, value: Any) -> tuple[slice, Any, Footprint]:
        """Return which slice is set to what, all of which comes first, and what reading it touches.

        Args:
            thing: the container
            key: the slice
            value: what it is to be set to
        """
        in_steps = self.objects.kind_of(type(value)).holds and not (
            self.takes_bytes or self.iterators.at_once(value, tuple)
        )
        read: Footprint = ()
        if not in_steps:
            (value,), read = self.held((value,))
        if in_steps or is_a(value, Drawing):
            key = self.begun(thing, key)
            value = list(self.iterators.iterate(value) if in_steps else value)
        return key, value, read

    def begun(self, thing: Any, key: slice) -> slice:
        """Return a slice that is to be set, before what it is set to is asked for its items."""
        return key

    def delete_item(self, thing: Any, key: Any, take: Callable[[Any, Any], None] = delitem) -> None:
        self.objects.changes(thing)
        footprint = self.item_footprint(thing, key, writes=True, reshapes=True)
        self.objects.step(DELETE_ITEM, footprint, (thing, key, None))
        self.unbroken("del []", footprint, take, thing, key)

    def look(self, thing: Any) -> None:
        self.objects.step(LOOK, self.whole(thing), (thing,))

    def inside(self, thing: Any) -> Iterable[Any]:
        return list(thing)

    def iterate(self, thing: Any) -> Iterator[Any] | None:
        return self.iterators.stepping(thing, self.whole(thing))

    def contains(self, item: Any, thing: Any) -> bool:
        return self.operations.found(self.iterate(thing), item)

    def change(self, thing: Any, name: str, args: tuple[Any, ...], read: Footprint = ()) -> None:
        """Make an event of changing a container as a whole, by an operator or a function.

        Args:
            thing: the container
            name: what is done with it
            args: what it is given
            read: what the same step reads of that
        """
        self.objects.changes(thing)
        self.objects.step(CALL, self.changed(thing) + read, (thing, name, args))

    # -- methods -------------------------------------------------------------------------------

    def call(
        self, thing: Any, name: str, method: Callable[..., Any], args: Any, kwargs: Any
    ) -> Any:
        """Call a method, after its event where the container is shared."""
        known = self.methods.get(name)
        if known is None:
            return self.call_rarely(thing, name, method, args, kwargs)
        touches, how = known
        read: Footprint = ()
        footprint = self.footprint(thing, touches)
        if touches == CHANGE:
            self.objects.changes(thing)
        if how == "one by one" and not (len(args) < 2 and all(map(self.at_once, args))):  # noqa: PLR2004 - each of several is a step
            return self.one_by_one(thing, name, args)
        if how in {"spread", "one by one"}:
            args, read = self.held(args, apart=self.takes_apart(name))
            footprint += read
        elif how == "hash" and args:
            self.key(thing, args[0])
        if footprint:
            self.objects.step(CALL, footprint, (thing, name, args))
        if self.copies_first(name):  # and each of several that it is given is a step
            footprint = read if len(args) < 2 else ()  # noqa: PLR2004
        result = self.unbroken(name, footprint, method, *args, **kwargs)
        return self.objects.reached(result, (self.objects.label(thing), name))

    def unbroken(
        self, name: str, touched: Footprint, operate: Callable[..., Any], *args: Any, **kwargs: Any
    ) -> Any:
        """Carry out an operation that is one step, as ``Objects.unbroken`` does."""
        return self.objects.unbroken(f"{self.word}.{name}", touched, operate, *args, **kwargs)

    def has(self, thing: Any, item: Any) -> bool:
        """Look in a container for an item, in one step."""
        self.look(thing)
        return bool(self.unbroken("in", self.whole(thing), operator.contains, thing, item))

    def copies_first(self, name: str) -> bool:
        """Whether a method copies its container, and only then asks what it is given for items."""
        return False

    def takes_apart(self, name: str) -> bool:
        """Whether a method takes over its arguments one after another, each in its own step."""
        return False

    def held(
        self, args: tuple[Any, ...], *, apart: bool | None = None
    ) -> tuple[tuple[Any, ...], Footprint]:
        """Return what a method takes over from its arguments, and what reading that touches.

        What Python promises to read in one step is read in the one in which the method changes or
        reads its container.

        Args:
            args: its arguments
            apart: whether it takes over one after another; where it is not given, each is read in
                one step, whatever it is
        """
        taken: list[Any] = []
        footprint: Footprint = ()
        for number, arg in enumerate(args):
            kind = self.objects.kind_of(type(arg))
            if not self.hashing and is_a(arg, set | frozenset):
                self.machine.varied.gone_through(arg)  # it has an order here
            if kind.holds and (
                (apart and number) or (apart is not None and not self.takes_at_once(arg))
            ):
                taken.append(self.iterators.spread(arg, self.taker))
            elif kind.holds or (kind.indexed and self.takes_bytes):
                footprint += kind.whole(arg)
                taken.append(arg)
            elif kind.indexed and (items := kind.iterate(arg)) is not None:
                taken.append(Drawing(self.iterators, items))
            else:
                taken.append(self.iterators.drawn(arg))
        return tuple(taken), footprint

    def at_once(self, arg: Any) -> bool:
        """Whether what an argument holds is taken over in one step."""
        kind = self.objects.kind_of(type(arg))
        if kind.plain or is_a(arg, tuple | frozenset):
            return True
        return kind.holds and self.takes_at_once(arg)

    def takes_at_once(self, arg: Any) -> bool:
        """Whether what another container holds is taken over in one step."""
        return self.takes_bytes or self.iterators.at_once(arg, self.taker)

    def one_by_one(self, thing: Any, name: str, args: tuple[Any, ...]) -> None:
        """Take over items as an iterator gives them, each in a step of its own."""
        for arg in args:
            if self.at_once(arg):
                self.call(thing, name, getattr(thing, name), (arg,), {})
                continue
            if not is_iterable(type(arg)):
                getattr(thing, name)(arg)  # which says what is wrong
            items = self.iterators.iterate(arg)
            if is_a(thing, list):
                operator.length_hint(items)  # no other container asks for it
            for item in items:
                footprint = self.changed(thing)
                self.objects.step(CALL, footprint, (thing, name, (item,)))
                self.unbroken(name, footprint, getattr(thing, name), (item,))

    def call_rarely(  # noqa: PLR0911 - a table of questions
        self, thing: Any, name: str, method: Callable[..., Any], args: Any, kwargs: Any
    ) -> Any:
        """Call a method that is not in the table, as the operation that it is, or refuse it."""
        if name in self.special:
            try:
                return getattr(self, self.special[name])(thing, method, *args, **kwargs)
            except TypeError as error:
                step = error.__traceback__
                if step is None or step.tb_next is not None:
                    raise
            return method(*args, **kwargs)  # which says which arguments do not fit
        if name in OPERATORS:
            return self.operate(thing, name, method, args)
        if name in LOOKING:
            self.depths.read(LOOKING[name], f"{self.word}.{name}", thing, *args, named=True)
            return method(*args)
        if name in OF_ALL:
            return method(*args, **kwargs)
        if name in CHANGING:
            args, read = self.held(args)
            self.change(thing, name, args, read)
            return self.unbroken(name, self.changed(thing) + read, method, *args, **kwargs)
        if name in SLOTS:
            return self.operations.by_slot(name, thing, *args)
        if name in READING:  # an operator, say, whose other operand it takes over
            args, read = self.held(args)
            footprint = self.whole(thing) + read
            self.objects.step(LOOK, footprint, (thing,))
            return self.objects.made(self.unbroken(name, footprint, method, *args))
        self.machine.refuse(
            f"{self.word}.{name} {REFUSED.get(name, 'does what is not known')}, and is not "
            "followed: do without it, or leave the program unexplored"
        )
        return None

    def operate(  # noqa: PLR0911 - a case for each operation
        self, thing: Any, name: str, method: Callable[..., Any], args: Any
    ) -> Any:
        """Carry out an operation of the language that is called by its name.

        It is that of the container, also where a class of the program's has another one.
        """
        takes = {"__contains__": 1, "__delitem__": 1, "__getitem__": 1, "__setitem__": 2}
        if len(args) != takes.get(name, 0):
            return method(*args)  # which says that this does not fit
        if name == "__getitem__":
            return self.item(thing, args[0], get=lambda _, key: method(key))
        if name == "__setitem__":
            key, value = args
            return self.set_item(value, thing, key, put=lambda _, key, value: method(key, value))
        if name == "__delitem__":
            return self.delete_item(thing, args[0], take=lambda _, key: method(key))
        if name == "__contains__":
            return self.contains(args[0], thing)
        if name == "__len__":
            self.objects.step(LOOK, self.size(thing), (thing,))
            return method()
        self.objects.step(LOOK, self.size(thing), (thing,))
        return self.objects.made(self.iterators.made_of(thing, self.whole(thing), method()))

    def key(self, thing: Any, key: Any, *, looks: bool = False) -> bool:
        """Refuse a key whose own ``__eq__`` or ``__hash__`` would run inside of one step.

        That is so where others can reach the container, and so it is with any key where one that
        the container has may be asked whether it is the same.

        Args:
            thing: the container
            key: the key
            looks: whether the container is only looked at

        Returns:
            Whether nobody but the container is to hash it: it is such a key, or one that has no
            hash, of which the container complains.
        """
        kind = self.objects.kinds.get(type(key)) or self.objects.kind_of(type(key))
        if kind.plain:
            return self.objects.own_keys and self.asks_keys(thing, looks=looks)
        if not any(self.runs_code(one) for one in self.parts(key)):
            try:
                hash(key)
            except TypeError:
                return True
            return False
        if self.objects.touch_all(self.changed(thing)):
            self.machine.refuse(
                f"a key of {type(key).__name__} runs code of the program inside of one step of a "
                "container that threads share, which is not followed: take a key of a built-in type"
            )
        return True

    def keys_of(self, thing: Any) -> Iterable[Any]:
        """Return what is found by its hash."""
        return self.inside(thing)

    def asks_keys(self, thing: Any, *, looks: bool) -> bool:
        """Whether a container has keys with an ``__eq__`` of their own, which nobody may change.

        Args:
            thing: the container
            looks: whether it is only looked at
        """
        classes = {
            type(part)
            for one in self.keys_of(thing)
            for part in self.parts(one)
            if self.objects.kind_of(type(part)).runs(part, "eq")
        }
        if not classes:
            return False
        if self.objects.touch_all(self.whole(thing) if looks else self.changed(thing)):
            names = " and ".join(sorted(cls.__name__ for cls in classes))
            self.machine.refuse(
                f"keys of {names} may be asked whether another one is the same, by code of the "
                "program inside of one step of a container that threads share, which is not "
                "followed: take keys of built-in types"
            )
        return True

    def parts(self, key: Any) -> Iterable[Any]:
        """Return what of a key is hashed and compared: the key and what it holds."""
        compared: Any = type(key).__eq__
        if compared is object.__eq__ and hashed_by(key) is object.__hash__:
            return  # they look at nothing in it
        yield key
        for one in self.objects.kind_of(type(key)).inside(key):
            yield from self.parts(one)

    def runs_code(self, key: Any) -> bool:
        """Whether to hash or compare a key runs code of the program's own."""
        kind = self.objects.kind_of(type(key))
        return kind.runs(key, "hash") or kind.runs(key, "eq")
