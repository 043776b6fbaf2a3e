"""What ``copy`` asks of an object that is written in C: how to make another one like it.

The rest of ``copy`` is Python code, which is followed as the program's own is. It asks an object for
a class, arguments, its attributes as they are then and later, and what goes through its items.
"""  # noqa: E501

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Protocol

from anyorder.exploring.accesses.containers import Container
from anyorder.exploring.accesses.events import LOOK, READ_ATTRIBUTE, WRITE_ATTRIBUTE
from anyorder.exploring.accesses.instances import ATTRIBUTES, Instances, OwnContainers
from anyorder.exploring.accesses.iterators import NO_COPIES, IteratorKind
from anyorder.exploring.accesses.library import Exceptions, Opaque, Rows
from anyorder.exploring.attributes import asked, attributes_of, in_class, is_a
from anyorder.exploring.engine.events import READ, WRITE, EventKind
from anyorder.exploring.modules import OWN_MODULES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from anyorder.exploring.accesses.iterators import Iterators
    from anyorder.exploring.accesses.kinds import Kind
    from anyorder.exploring.accesses.objects import Objects
    from anyorder.exploring.engine.events import Footprint

__all__ = ["Attributes", "Copying"]

UPDATE = EventKind("update", says="sets attributes of {}", waits=None, whole=False)
REDUCING = ("__reduce_ex__", "__reduce__")
AT_ONCE = (bytearray, set, Counter)  # they hand over all that they hold


class Attributes:
    """An object's attributes, as code of the library reads them or sets them by its ``__dict__``.

    Args:
        objects: the objects of the exploration
        thing: the object
    """

    def __init__(self, objects: Objects, thing: Any) -> None:
        self.objects = objects
        self.thing = thing
        self.read: dict[str, Any] = {}

    def keys(self) -> list[str]:
        """Read all of them in one step, and return their names."""
        kind: Any = self.objects.kind_of(type(self.thing))
        self.objects.step(LOOK, kind.everything(self.thing), (self.thing,))
        self.read = dict(attributes_of(self.thing))
        return list(self.read)

    def __getitem__(self, name: str) -> Any:
        place = (self.objects.label(self.thing), name)
        return self.objects.reached(self.read[name], place)

    def get(self, name: str, default: Any = None) -> Any:
        """Read one that may not be there."""
        kind: Any = self.objects.kind_of(type(self.thing))
        place = (self.objects.label(self.thing), name)
        footprint = ((place, READ), *kind.attribute_footprint(self.thing, name, READ))
        self.objects.step(READ_ATTRIBUTE, footprint, (self.thing, name))
        attributes = attributes_of(self.thing)
        return self.objects.reached(attributes[name], place) if name in attributes else default

    def __setitem__(self, name: str, value: Any) -> None:
        kind: Any = self.objects.kind_of(type(self.thing))
        kind.change(self.thing, name, WRITE_ATTRIBUTE, value)
        attributes_of(self.thing)[name] = value

    def items(self) -> Iterator[tuple[str, Any]]:
        """Go from one to the next, each in a step of its own."""
        kind: Any = self.objects.kind_of(type(self.thing))
        label = self.objects.label(self.thing)
        self.objects.step(LOOK, kind.which(self.thing)[:1], (self.thing,))
        iterator = iter(attributes_of(self.thing).items())
        while True:
            self.objects.step(LOOK, kind.everything(self.thing), (self.thing,))
            try:
                name, value = next(iterator)
            except StopIteration:
                return
            yield name, self.objects.reached(value, (label, name))

    def update(self, values: Any) -> None:
        """Set some of them in one step."""
        values = dict(values)
        label = self.objects.label(self.thing)
        kind: Any = self.objects.kind_of(type(self.thing))
        footprint = (
            ((label, ATTRIBUTES), WRITE),
            *(one for name in values for one in kind.attribute_footprint(self.thing, name, WRITE)),
            *(((label, name), WRITE) for name in values),
        )
        self.objects.step(UPDATE, footprint, (self.thing,))
        attributes_of(self.thing).update(values)


class CopyOperations(Protocol):
    """The operations that ``copy`` asks for by ``getattr``."""

    objects: Objects
    iterators: Iterators

    def attribute_or(self, thing: Any, name: str, *default: Any) -> Any: ...


class Copying:
    """What stands for ``getattr`` in ``copy``, which asks for ``__reduce_ex__`` by it.

    Args:
        operations: the operations of the exploration
    """

    def __init__(self, operations: CopyOperations) -> None:
        self.operations = operations
        self.objects = operations.objects
        self.machine = self.objects.machine
        self.iterators = operations.iterators

    def getattr(self, thing: Any, name: str, *default: Any) -> Any:
        """Do what ``getattr`` does."""
        reduce = getattr(thing, name, None) if name in REDUCING else None
        if reduce is not None:
            if is_a(thing, type):  # its objects are handed over
                return lambda one, *args: self.reduced(one, reduce, (one, *args))
            return lambda *args: self.reduced(thing, reduce, args)
        return self.operations.attribute_or(thing, name, *default)

    def reduced(self, thing: Any, reduce: Any, args: tuple[Any, ...]) -> Any:
        """Return what an object says of how to make another one like it, after its event.

        That has the object's attributes, and what goes through its items, as they are later on.

        Args:
            thing: the object
            reduce: what says so
            args: what that is called with
        """
        kind = self.objects.kind_of(type(thing))
        if (is_a(kind, IteratorKind) and not kind.ends) or is_a(kind, Rows):
            self.machine.refuse(NO_COPIES)  # both would ask the same one
        if is_a(kind, Opaque):
            self.objects.unshared(thing, "what copy does with it")
        if kind.plain or has_own(thing, *REDUCING):
            return reduce(*args)
        self.objects.step(LOOK, self.asked(kind, thing), (thing,))
        parts = reduce(*args)
        if not is_a(parts, tuple):
            return parts
        function, given, state, items, pairs = (*parts, None, None, None)[:5]
        if is_a(kind, Instances):
            state = self.later(kind, thing, state)
        container = container_of(kind)
        if container is not None:
            whole, made_of = container.whole(thing), self.iterators.made_of
            if items is not None and not has_own(thing, "__iter__"):
                items = made_of(thing, whole, items)
            if pairs is not None and not has_own(thing, "items"):
                pairs = made_of(thing, whole, pairs)
        return function, given, state, items, pairs

    def asked(self, kind: Kind, thing: Any) -> Footprint:
        """Return what is read as an object says so."""
        footprint: Footprint = ()
        container = container_of(kind)
        if container is not None:
            reads = container.whole if is_a(thing, AT_ONCE) else container.size
            footprint += reads(thing)
        elif is_a(kind, Exceptions):
            footprint += kind.whole(thing)
        if is_a(kind, Instances) and not has_own(thing, "__getstate__"):
            footprint += kind.which(thing)
        if footprint and has_own(thing, "__getnewargs__", "__getnewargs_ex__"):
            self.objects.unshared(thing, "what copy does with it, by way of its __getnewargs__,")
        return footprint

    def later(self, kind: Instances, thing: Any, state: Any) -> Any:
        """Return the state of an object, with what shows its attributes as they are later on."""
        attributes = attributes_of(thing)
        slots: tuple[Any, ...] = ()
        if type(state) is tuple and len(state) == 2:  # noqa: PLR2004 - attributes and slots
            state, *slots = state  # type: ignore[assignment]
        if state is attributes:
            state = Attributes(self.objects, thing)
            if is_a(kind, Exceptions) or has_own(thing, "__setstate__"):
                state = self.alone(kind, thing)
        return (state, *slots) if slots else state

    def alone(self, kind: Instances, thing: Any) -> dict[str, Any]:
        """Return the attributes of an object, which are handed over as a dict."""
        if self.objects.touch_all(kind.everything(thing)):
            self.machine.refuse(
                f"threads share an object of {type(thing).__name__}, whose attributes are handed "
                "to its __setstate__, which is not followed: write a __copy__ and a __deepcopy__"
            )
        return dict(attributes_of(thing))


def container_of(kind: Kind) -> Container | None:
    """Return the kind of container that the objects of a kind are, if they are any."""
    if is_a(kind, OwnContainers):
        return kind.container
    return kind if is_a(kind, Container) else None


def has_own(thing: Any, *names: str) -> bool:
    """Whether the class of an object has one of these methods by code of the program's own."""
    return any(asked(in_class(type(thing), name), "__module__") in OWN_MODULES for name in names)
