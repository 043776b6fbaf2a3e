"""The calls that the transform puts before the program's accesses."""

from __future__ import annotations

import builtins
import operator
import sys
from types import BuiltinFunctionType, FunctionType, GeneratorType, ModuleType
from typing import TYPE_CHECKING, Any

from anyorder.exploring.containers import (
    ATOMIC_READERS,
    ITEM_WISE,
    METHODS_WITH_STEPS,
    TYPES,
    VIEWS,
    footprint_of,
    item_footprint,
)
from anyorder.exploring.events import READ, WRITE, Footprint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from anyorder.exploring.machine import Machine
    from anyorder.exploring.sharing import Sharing
    from anyorder.exploring.spin import Loops

__all__ = ["Accesses"]

PLAIN, CONTAINER, INSTANCE, CLASS, LIBRARY, ITERATOR = range(6)
IN_PLACE = {
    "Add": operator.iadd, "Sub": operator.isub, "Mult": operator.imul, "Div": operator.itruediv,
    "FloorDiv": operator.ifloordiv, "Mod": operator.imod, "Pow": operator.ipow,
    "LShift": operator.ilshift, "RShift": operator.irshift, "BitOr": operator.ior,
    "BitXor": operator.ixor, "BitAnd": operator.iand, "MatMult": operator.imatmul,
}  # fmt: skip
SLOT = type(type("Slotted", (), {"__slots__": ("slot",)}).slot)  # type: ignore[attr-defined]
CONTAINERS = tuple(TYPES)
MAXIMUM_DEPTH = 4  # how deep a container that is shown is looked into


class Accesses:
    """The hooks of one exploration, put back to the beginning for each execution.

    Args:
        machine: where the program runs
        sharing: which places are shared
        loops: recognises loops that only wait
    """

    def __init__(self, machine: Machine, sharing: Sharing, loops: Loops) -> None:
        self.machine = machine
        self.happen = machine.happen
        self.sharing = sharing
        self.touch = sharing.touch
        self.loops = loops
        self.lasting: dict[type, int] = {}  # the kinds of classes that no execution makes
        self.begin()

    def begin(self) -> None:
        """Forget the objects of the execution before."""
        self.labels: dict[
            int, tuple[Any, Any]
        ] = {}  # the object is kept, so that its id is its own
        self.kinds: dict[type, int] = self.lasting.copy()
        self.found: dict[tuple[type, str], str] = {}

    def hooks(self) -> dict[str, Any]:
        """Return the names that transformed code calls."""
        return {
            "__ao_g__": self.read_global, "__ao_gw__": self.write_global,
            "__ao_c__": self.read_cell, "__ao_cw__": self.write_cell,
            "__ao_frame__": self.machine.label, "__ao_a__": self.attribute,
            "__ao_as__": self.set_attribute, "__ao_i__": self.item, "__ao_is__": self.set_item,
            "__ao_ta__": AttributeTarget.maker(self), "__ao_ti__": ItemTarget.maker(self),
            "__ao_op__": self.in_place, "__ao_f__": self.function, "__ao_made__": self.made,
            "__ao_look__": self.look, "__ao_truth__": self.truth, "__ao_in__": self.contains,
            "__ao_iterate__": self.iterate, "__ao_yielding__": self.yielding,
            "__ao_slice__": slice, "__ao_locals__": locals, "__ao_loop__": self.loops.turn,
            "__ao_enter__": self.loops.enter,
        }  # fmt: skip

    # -- names ---------------------------------------------------------------------------------

    def read_global(self, name: str) -> None:
        """Let a global variable be read."""
        place = ("global", name)
        if self.touch(place, READ):
            self.happen("read", ((place, READ),), about=(name,))

    def write_global(self, name: str, value: Any) -> Any:
        """Let a global variable be written, and return the value."""
        place = ("global", name)
        if self.touch(place, WRITE):
            self.happen("write", ((place, WRITE),), about=(name, value))
        return value

    def read_cell(self, frame: Any, name: str) -> None:
        """Let a variable of an outer function be read."""
        place = ("cell", frame, name)
        if self.touch(place, READ):
            self.happen("read", ((place, READ),), about=(name,))

    def write_cell(self, frame: Any, name: str, value: Any) -> Any:
        """Let a variable that inner functions share be written, and return the value."""
        place = ("cell", frame, name)
        if self.touch(place, WRITE):
            self.happen("write", ((place, WRITE),), about=(name, value))
        return value

    # -- objects -------------------------------------------------------------------------------

    def kind_of(self, cls: type) -> int:
        """Say how objects of a class are followed."""
        kind = self.kinds.get(cls)
        if kind is None:
            if cls in TYPES or cls in VIEWS:
                kind = CONTAINER
            elif cls is FunctionType:
                kind = LIBRARY
            elif issubclass(cls, type):
                kind = CLASS
            elif cls.__module__ == "__main__":
                kind = INSTANCE
            elif issubclass(cls, CONTAINERS):
                kind = CONTAINER
            elif cls.__module__ in {"itertools", "builtins"} and hasattr(cls, "__next__"):
                kind = ITERATOR
            elif cls.__module__ in {"threading", "types"} and cls.__dictoffset__:
                kind = LIBRARY
            else:
                kind = PLAIN
            self.kinds[cls] = kind
            if cls.__module__ == "builtins":
                self.lasting[cls] = kind
        return kind

    def label(self, thing: Any) -> Any:
        """Return the name of an object: who made it, and as its how-manieth."""
        known = self.labels.get(id(thing))
        if known is None:
            known = self.labels[id(thing)] = (self.machine.label(), thing)
        return known[0]

    def made(self, thing: Any) -> Any:
        """Name an object that the program's code has just made."""
        cls = type(thing)
        kind = self.kinds.get(cls)
        if kind is None:
            kind = self.kind_of(cls)
        if kind and id(thing) not in self.labels and kind != CLASS:
            self.labels[id(thing)] = (self.machine.label(), thing)
        return thing

    def reached(self, thing: Any, label: Any) -> Any:
        """Name an object that was made unseen by the way on which it was reached."""
        cls = type(thing)
        kind = self.kinds.get(cls)
        if kind is None:
            kind = self.kind_of(cls)
        if kind and id(thing) not in self.labels:
            self.labels[id(thing)] = (label, thing)
        return thing

    def step(self, kind: str, footprint: Footprint, about: Any) -> Any:
        """Make an event of an access where any place that it touches is shared."""
        shared = False
        for place, mode in footprint:
            if self.touch(place, mode):
                shared = True
        return self.happen(kind, footprint, about=about) if shared else None

    # -- attributes ----------------------------------------------------------------------------

    def attribute(self, thing: Any, name: str) -> Any:
        """Return an attribute, after its event where it is shared."""
        cls = type(thing)
        kind = self.kinds.get(cls)
        if kind is None:
            kind = self.kind_of(cls)
        if kind == INSTANCE:
            how = self.found.get((cls, name))
            if how == "instance":
                place = (self.label(thing), name)
                if self.touch(place, READ):
                    self.happen("read", ((place, READ),), about=(thing, name))
                return self.reached(getattr(thing, name), (place, "reached"))
        elif kind == PLAIN:
            if cls is not ModuleType and "_ao_place" in getattr(thing, "__dict__", ()):
                if name in thing.__dict__:
                    self.happen("look", ((thing._ao_place, READ),), about=(name,))
            return getattr(thing, name)
        elif kind == CONTAINER:
            return self.method(thing, name)
        elif kind == ITERATOR:
            return getattr(thing, name)
        footprint = self.attribute_footprint(thing, cls, kind, name, READ)
        if not footprint:
            if kind == INSTANCE and isinstance(thing, CONTAINERS):
                return self.method(thing, name)
            return getattr(thing, name)
        self.step("read", footprint, (thing, name))
        return self.reached(getattr(thing, name), (footprint[0][0], "reached"))

    def attribute_footprint(  # noqa: C901, PLR0911, PLR0912
        self, thing: Any, cls: type, kind: int, name: str, mode: object
    ) -> Footprint:
        """Return the places of an attribute; none where it is a method, or the library's own."""
        if kind == CLASS:
            if thing.__module__ != "__main__" or (
                mode == READ and isinstance(vars(thing).get(name), FunctionType | classmethod)
            ):
                return ()
            for owner in thing.__mro__:
                if name in vars(owner) or mode == WRITE:
                    return ((("class", owner.__qualname__, name), mode),)
            return ()
        if kind == LIBRARY:
            if mode == READ and name not in getattr(thing, "__dict__", ()):
                return ()
            if name.startswith("_"):
                return ()
            return (((self.label(thing), name), mode),)
        how = self.found.get((cls, name))
        if how is None:
            how = "instance"
            for owner in cls.__mro__:
                if name in vars(owner):
                    value = vars(owner)[name]
                    if hasattr(type(value), "__get__") and type(value) is not SLOT:
                        how = ""
                    elif type(value) is not SLOT:
                        how = owner.__qualname__
                    break
            self.found[cls, name] = how
        if not how:
            return ()
        own = ((self.label(thing), name), mode)
        if how != "instance" and mode == READ:
            return (own, (("class", how, name), READ))
        return (own,)

    def set_attribute(self, value: Any, thing: Any, name: str) -> None:
        """Set an attribute, after its event where it is shared."""
        cls = type(thing)
        kind = self.kinds.get(cls)
        if kind is None:
            kind = self.kind_of(cls)
        if kind == INSTANCE and self.found.get((cls, name)) == "instance":
            place = (self.label(thing), name)
            if self.touch(place, WRITE):
                self.happen("write", ((place, WRITE),), about=(thing, name, value))
        elif kind in {CLASS, INSTANCE, LIBRARY}:
            footprint = self.attribute_footprint(thing, cls, kind, name, WRITE)
            if footprint:
                self.step("write", footprint, (thing, name, value))
            if kind == CLASS:
                self.found.clear()
                self.patches(thing)
        setattr(thing, name, value)

    def patches(self, cls: Any) -> None:
        """Note a change of a class: one of the library has to be loaded anew afterwards."""
        if cls.__module__ != "__main__":
            self.machine.patched = True

    # -- items and methods of containers -------------------------------------------------------

    def method(self, thing: Any, name: str) -> Any:
        """Return a container's method, which makes its event as it is called."""
        value = getattr(thing, name)
        if not callable(value) or type(value) is not BuiltinFunctionType:
            return value
        return ContainerMethod(self, thing, name, value)

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

    def look(self, thing: Any, depth: int = 0) -> Any:
        """Read all of a container, and of those in it, in one step; a dataclass field by field."""
        cls = type(thing)
        kind = self.kinds.get(cls)
        if kind is None:
            kind = self.kind_of(cls)
        if not kind:
            return thing
        if kind == INSTANCE and hasattr(thing, "__dataclass_fields__"):
            for name in thing.__dataclass_fields__:
                self.look(self.attribute(thing, name), depth + 1)
        elif kind == CONTAINER and depth < MAXIMUM_DEPTH:
            label = self.label(thing)
            footprint = (((label, "shape"), READ), ((label, "content"), READ))
            self.step("look", footprint, (thing,))
            if type(thing) in (list, deque_type, set):
                for number, one in enumerate(tuple(thing)):
                    if self.kind_of(type(one)) == CONTAINER:
                        self.reached(one, ((label, "item", number), "reached"))
                        self.look(one, depth + 1)
            elif isinstance(thing, dict):
                for key, one in tuple(thing.items()):
                    if self.kind_of(type(one)) == CONTAINER:
                        self.reached(one, ((label, "item", key), "reached"))
                        self.look(one, depth + 1)
        return thing

    def truth(self, thing: Any) -> Any:
        """Let a container be asked whether it is empty."""
        if self.kind_of(type(thing)) == CONTAINER:
            self.step("look", (((self.label(thing), "shape"), READ),), (thing,))
        return thing

    def in_place(self, name: str, left: Any, right: Any) -> Any:
        """Carry out ``left += right`` and its like, up to the storing of the result."""
        self.look(right)
        if self.kind_of(type(left)) == CONTAINER:
            label = self.label(left)
            footprint = (((label, "shape"), WRITE), ((label, "content"), WRITE))
            self.step("call", footprint, (left, "extend", (right,)))
        operate: Callable[[Any, Any], Any] = IN_PLACE[name]
        return self.made(operate(left, right))

    # -- calls and iteration -------------------------------------------------------------------

    def function(self, function: Any) -> Any:
        """Return what a call by name calls: some built-in functions look into their arguments."""
        if type(function) is BuiltinFunctionType or type(function) is type:
            call = self.special(function)
            if call is not None:
                return call
        return function

    def special(self, function: Any) -> Any:  # noqa: PLR0911
        """Return what stands for a built-in function, and ``None`` where it needs nothing."""
        name: str = function.__name__
        built_in: Any = vars(builtins).get(name)
        if function is not built_in:
            return self.looking(function) if name in {"deque", "Counter"} else None
        if name == "len":
            return self.length
        if name == "next":
            return self.next
        if name == "getattr":
            return self.get_by_name
        if name == "hasattr":
            return self.has_by_name
        if name == "setattr":
            return lambda thing, attribute, value: self.set_attribute(value, thing, attribute)
        if name in ATOMIC_READERS:
            return self.looking(function)
        if name in ITEM_WISE:
            return lambda *args, **kwargs: self.made(
                function(*(self.iterate(arg) for arg in args), **kwargs)
            )
        return None

    def looking(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function that reads all of its arguments first."""

        def call(*args: Any, **kwargs: Any) -> Any:
            return function(
                *(
                    self.look(arg) if type(arg) is not GeneratorType else self.iterate(arg)
                    for arg in args
                ),
                **kwargs,
            )

        return call

    def length(self, thing: Any) -> int:
        """Return the length of a container."""
        self.truth(thing)
        return len(thing)

    def get_by_name(self, thing: Any, name: str, *default: Any) -> Any:
        """Do what ``getattr`` does."""
        try:
            return self.attribute(thing, name)
        except AttributeError:
            if not default:
                raise
            return default[0]

    def has_by_name(self, thing: Any, name: str) -> bool:
        """Do what ``hasattr`` does."""
        try:
            self.attribute(thing, name)
        except AttributeError:
            return False
        return True

    def next(self, iterator: Any, *default: Any) -> Any:
        """Do what ``next`` does, as one event where the iterator is shared."""
        self.advance(iterator)
        generators = self.machine.current.generators
        generators.append(iterator)
        try:
            return next(iterator, *default)
        finally:
            generators.pop()

    def advance(self, iterator: Any) -> None:
        """Make an event of asking a shared iterator for its next item."""
        if self.kind_of(type(iterator)) == ITERATOR:
            self.step("next", (((self.label(iterator), "next"), WRITE),), (iterator,))

    def yielding(self, value: Any) -> Any:
        """Let a generator come to its ``yield``: it goes on executing up to then."""
        generators = self.machine.current.generators
        if generators:
            generator = generators[-1]
            if getattr(generator, "gi_frame", None) is sys._getframe(1):
                place = (self.label(generator), "next")
                if place in self.sharing.places:
                    self.happen("yield", ((place, WRITE),), about=(generator,))
        return value

    def iterate(self, thing: Any) -> Any:
        """Return what a ``for`` goes through: one step for each item of a container."""
        kind = self.kind_of(type(thing))
        if kind == CONTAINER:
            label = self.label(thing)
            return self.stepping(label, thing)
        if kind == ITERATOR:
            return self.drawing(thing)
        return thing

    def stepping(self, label: Any, thing: Any) -> Iterator[Any]:
        """Yield a container's items, one step each."""
        footprint = (((label, "shape"), READ), ((label, "content"), READ))
        number = 0
        if not isinstance(thing, list):  # others remember how large they were at the beginning
            self.step("iterate", footprint, (thing, number))
        iterator = iter(thing)
        (shape, _), (content, _) = footprint
        while True:
            if self.touch(shape, READ) | self.touch(content, READ):
                self.happen("iterate", footprint, about=(thing, number))
            try:
                value = next(iterator)
            except StopIteration:
                return
            yield self.reached(value, ((label, "item", number), "reached"))
            number += 1

    def drawing(self, iterator: Any) -> Iterator[Any]:
        """Yield an iterator's items, one step each."""
        turns = self.loops.machine
        while True:
            turns.count_turn()
            try:
                value = self.next(iterator)
            except StopIteration:
                return
            yield value


deque_type = next(cls for cls, name in TYPES.items() if name == "deque")


class ContainerMethod:
    """A bound method of a container, which makes an event as it is called."""

    __slots__ = ("accesses", "method", "name", "thing")

    def __init__(self, accesses: Accesses, thing: Any, name: str, method: Any) -> None:
        self.accesses = accesses
        self.thing = thing
        self.name = name
        self.method = method

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.accesses.call_method(self.thing, self.name, self.method, args, kwargs)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.method, name)


class AttributeTarget:
    """What an attribute is assigned through where a statement assigns to several targets."""

    def __init__(self, accesses: Accesses, thing: Any, name: str) -> None:
        object.__setattr__(self, "parts", (accesses, thing, name))

    @classmethod
    def maker(cls, accesses: Accesses) -> Callable[[Any, str], AttributeTarget]:
        return lambda thing, name: cls(accesses, thing, name)

    def __setattr__(self, _: str, value: Any) -> None:
        accesses, thing, name = self.parts  # type: ignore[attr-defined]
        accesses.set_attribute(value, thing, name)

    def __delattr__(self, _: str) -> None:
        accesses, thing, name = self.parts  # type: ignore[attr-defined]
        kind = accesses.kind_of(type(thing))
        if kind in {CLASS, INSTANCE, LIBRARY}:
            footprint = accesses.attribute_footprint(thing, type(thing), kind, name, WRITE)
            accesses.step("delete", footprint, (thing, name))
            if kind == CLASS:
                accesses.patches(thing)
        delattr(thing, name)


class ItemTarget:
    """What an item is assigned through where a statement assigns to several targets."""

    def __init__(self, accesses: Accesses, thing: Any, key: Any) -> None:
        object.__setattr__(self, "parts", (accesses, thing, key))

    @classmethod
    def maker(cls, accesses: Accesses) -> Callable[[Any, Any], ItemTarget]:
        return lambda thing, key: cls(accesses, thing, key)

    def __setattr__(self, _: str, value: Any) -> None:
        accesses, thing, key = self.parts  # type: ignore[attr-defined]
        accesses.set_item(value, thing, key)

    def __delattr__(self, _: str) -> None:
        accesses, thing, key = self.parts  # type: ignore[attr-defined]
        accesses.change_item("delete item", thing, key)
        del thing[key]
