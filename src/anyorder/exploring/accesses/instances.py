"""Objects of the program's own classes, and of those of the library that keep attributes.

An attribute of an object is a place. So is one of a class, of each class among its bases that could
have it, once the program changes a class while there are several threads; until then reading one
is no event, since all that changed it came before.
"""

from __future__ import annotations

from collections import deque
from enum import Enum
from types import (
    BuiltinFunctionType,
    ClassMethodDescriptorType,
    FunctionType,
    GetSetDescriptorType,
    MemberDescriptorType,
    MethodDescriptorType,
    MethodType,
    WrapperDescriptorType,
)
from typing import TYPE_CHECKING, Any

from anyorder.exploring.accesses.containers import Container
from anyorder.exploring.accesses.events import DELETE_ATTRIBUTE, READ_ATTRIBUTE, WRITE_ATTRIBUTE
from anyorder.exploring.accesses.objects import Eventful
from anyorder.exploring.accesses.unseen import full_name, hold_change_below, read_by
from anyorder.exploring.attributes import asked, attributes_of, class_has, in_class, is_a
from anyorder.exploring.engine.events import READ, WRITE
from anyorder.exploring.modules import LOGGING, OWN_MODULES, lasts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from anyorder.exploring.accesses.objects import Objects
    from anyorder.exploring.engine.events import EventKind, Footprint

__all__ = [
    "ATTRIBUTES",
    "TELLING_ALL",
    "Classes",
    "Instances",
    "OwnContainers",
    "Supers",
    "has_plain_dict",
    "in_classes",
    "is_local",
]

# the method that carries an operation out, of which the first one that a class has is asked
RUN_BY = {
    "repr": ("__repr__",), "str": ("__str__", "__repr__"),
    "format": ("__format__", "__str__", "__repr__"),
    "eq": ("__eq__",), "ne": ("__ne__", "__eq__"),
    "lt": ("__lt__", "__gt__", "__le__", "__ge__", "__eq__"),
    "hash": ("__hash__",), "truth": ("__bool__", "__len__"),
    "copy": ("__copy__", "__reduce_ex__", "__reduce__", "__getstate__"),
    "deepcopy": ("__deepcopy__", "__reduce_ex__", "__reduce__", "__getstate__"),
}  # fmt: skip
ATTRIBUTES = ("which attributes it has",)  # the name of a place that no attribute has
# built-in methods that tell all attributes that an object has
TELLING_ALL = {"__dir__", "__getstate__", "__reduce__", "__reduce_ex__"}
AS_DICTS = "attributes are looked into as dicts"
OF_SUPER = ("__thisclass__", "__self_class__")
BUILT_IN = (
    BuiltinFunctionType, ClassMethodDescriptorType, GetSetDescriptorType, MemberDescriptorType,
    MethodDescriptorType, WrapperDescriptorType,
)  # fmt: skip
# classes of the library that keep nothing in the objects of those that are derived from them
WITHOUT_STATE = {"abc.ABC", "typing.Generic", "typing.Protocol"}
ITERATED = (list, deque, set, bytearray)
BINDING = ("__set__", "__delete__")  # by which what a class has goes before what an object has
THREAD_PROPERTIES = {"daemon", "name"}  # which keep what they are set to
PLAIN_FUNCTIONS = (FunctionType, classmethod, staticmethod)


def is_local(cls: type) -> bool:
    """Whether objects of a class have attributes for each thread: it is a ``threading.local``."""
    return any(one.__module__ == "_thread" and one.__name__ == "_local" for one in cls.__mro__)


def gives_way(found: Any) -> bool:
    """Whether what a class has under a name gives way to what an object has: methods do."""
    cls = type(found)
    return class_has(cls, "__get__") and not any(class_has(cls, one) for one in BINDING)


def all_below(cls: type) -> Iterator[type]:
    """Yield a class and all those that are derived from it."""
    yield cls
    below: list[type] = type.__subclasses__(cls)
    for one in below:
        yield from all_below(one)


def of_library(cls: type) -> list[type]:
    """Return those of the bases of a class that are the library's."""
    return [one for one in cls.__mro__ if one.__module__ not in OWN_MODULES]


def changes_logging(cls: type, name: str) -> bool:
    """Whether a class has a method of ``logging`` that changes how that works for all threads."""
    return name in LOGGING and asked(in_class(cls, name), "__module__") == "logging"


def in_classes(objects: Objects, cls: type, name: str) -> Footprint:
    """Return the places that are looked at until a class is found that has an attribute."""
    home = objects.machine.current.home
    result: list[tuple[Any, Any]] = []
    for one in cls.__mro__:
        if one.__module__ == "builtins":
            break
        result.append((("class", home, objects.label(one), name), READ))
        if name in vars(one):
            break
    return tuple(result)


def runs_code(cls: type, operation: str) -> bool:
    """Whether an operation on an object of a class runs code that is written in Python.

    That of ``enum`` does not count where it looks at nothing but a member's name, and that of
    ``collections`` is carried out as what is written in C is.
    """
    for name in RUN_BY.get(operation, (operation,)):
        method = in_class(cls, name)
        if method is Enum.__hash__ or asked(method, "__module__") == "collections":
            continue
        if is_a(method, FunctionType | MethodType):
            return True
        if operation in {"str", "format", "repr"}:
            if not is_a(method, BUILT_IN):
                return True
            if method is not in_class(object, name):
                return False  # it asks for none of the others
    return False


def has_plain_dict(cls: type) -> bool:
    """Whether objects of a class have their attributes in a dict, and are asked for them by Python.

    No code of the library's, which could read or set them unseen, is among their methods.
    """
    found = next((vars(one)["__dict__"] for one in cls.__mro__ if "__dict__" in vars(one)), None)
    return (
        type(found) is GetSetDescriptorType
        and in_class(cls, "__getattribute__") is object.__getattribute__
        and not is_local(cls)
        and all(one is object or full_name(one) in WITHOUT_STATE for one in of_library(cls))
    )


def slots_of(cls: type) -> list[str]:
    """Return the names of the attributes that objects of a class have a fixed room for."""
    return [
        name
        for one in cls.__mro__
        for name, value in vars(one).items()
        if type(value) is MemberDescriptorType and one.__module__ != "builtins"
    ]


class Instances(Eventful):
    """Objects with attributes of their own.

    Args:
        objects: the objects of the exploration
        opaque: refuses an object that threads share, some of whose code is not followed
    """

    named = True

    def __init__(self, objects: Objects, opaque: Callable[[Any], None] | None = None) -> None:
        super().__init__(objects)
        self.opaque = opaque
        self.how: dict[tuple[type, str], str] = {}

    # -- attributes ----------------------------------------------------------------------------

    def attribute(self, thing: Any, name: str) -> Any:
        cls = type(thing)
        how = self.how.get((cls, name))
        if how is None:
            how = self.how_found(cls, name)
        objects = self.objects
        if how == "own":
            place = (objects.label(thing), name)
            if self.touch(place, READ):
                self.machine.happen(
                    READ_ATTRIBUTE, ((place, READ),), about=(thing, name), step=True
                )
            return objects.reached(getattr(thing, name), place)
        if how == "method" and not self.follows(name):
            return getattr(thing, name)
        if name == "__dict__":
            return self.shown_as_dict(thing)
        if changes_logging(cls, name):
            objects.alone_with_logging(name)
        if self.opaque is not None:
            self.opaque(thing)
        footprint = self.attribute_footprint(thing, name, READ)
        if footprint:
            objects.step(READ_ATTRIBUTE, footprint, (thing, name))
            return objects.reached(getattr(thing, name), footprint[0][0])
        return getattr(thing, name)

    def how_found(self, cls: type, name: str) -> str:
        """Say how an attribute is found, and remember it for all objects of the class.

        Returns:
            ``"own"`` where only the object can have it, ``"method"`` where the class has a function
            of that name, and ``"both"`` where it takes a closer look.
        """
        how = "both"
        closely = (
            self.opaque is not None
            or is_local(cls)
            or self.objects.learned("classes")
            or self.objects.learned(AS_DICTS)
            or changes_logging(cls, name)
            or any(name in read_by(one) for one in of_library(cls))
        )
        if not closely:
            found = [vars(one)[name] for one in cls.__mro__ if name in vars(one)]
            if not found or type(found[0]) is MemberDescriptorType:
                how = "own"
            elif is_a(found[0], PLAIN_FUNCTIONS):
                how = "method"
        self.how[cls, name] = how
        return how

    def follows(self, name: str) -> bool:
        """Whether an object may have an attribute in the place of what its class has there."""
        return self.objects.learned("shadows", name)

    def attribute_footprint(self, thing: Any, name: str, mode: object) -> Footprint:
        """Return the places of an attribute: its own, and those of the classes that may have it."""
        cls = type(thing)
        found = in_class(cls, name)
        footprint: Footprint = ()
        own = self.is_own(cls, name, found) or (
            not class_has(type(found), "__set__") and (mode == WRITE or self.follows(name))
        )
        if own and not is_local(cls):  # what a local has, no other thread sees
            footprint = (((self.objects.label(thing), name), mode),)
        if self.objects.learned("classes"):
            if name != "__class__":
                footprint += (((self.objects.label(thing), "__class__"), READ),)
            footprint += in_classes(self.objects, cls, name)
        if self.is_in_dict(thing, found):
            footprint += self.as_item(thing, name, writes=mode == WRITE)
        return footprint

    # -- as a dict -----------------------------------------------------------------------------

    def shown_as_dict(self, thing: Any) -> dict[str, Any]:
        """Return the dict in which an object has its attributes, each of which is an item from now.

        The two are one thing by two names, so the dict has the label of the object.
        """
        if (
            type(self) is not Instances
            or self.opaque is not None
            or not has_plain_dict(type(thing))
        ):
            self.machine.refuse(
                "__dict__ of such an object, or vars() of it, reaches what cannot be followed: "
                "ask for each of its attributes by name"
            )
        self.how.clear()
        self.objects.learn(AS_DICTS)
        attributes: dict[str, Any] = attributes_of(thing)
        for value in attributes.values():
            self.hold_lasting(value)
        self.objects.call_as(self.objects.label(thing), attributes)
        self.machine.shown_as_dicts[id(attributes)] = attributes
        return attributes

    def hold_lasting(self, value: Any) -> None:
        """Refuse what ends with the object whose attribute it is, as its dict is kept from now."""
        if self.objects.kind_of(type(value)).ends:
            self.machine.refuse(
                "a generator is an attribute of an object whose __dict__ is looked into, and when "
                "it ends is not followed: keep it in a variable"
            )

    def count_item(self, event: Any, thing: Any, name: str, *value: Any, goes: bool) -> None:
        """Note that the dict of an object's attributes gets an item, or loses one.

        Args:
            event: the event by which it does
            thing: the object
            name: the attribute
            value: what it is set to
            goes: whether it is deleted
        """
        if not self.is_in_dict(thing):
            return
        attributes = attributes_of(thing)
        self.objects.changes(attributes)
        if id(attributes) in self.machine.shown_as_dicts:
            for one in value:
                self.hold_lasting(one)
        if event is not None and goes == (name in attributes):
            counter = (self.objects.label(thing), "has", name)
            event.effects += ((counter, False, -1 if goes else 1),)

    def is_in_dict(self, thing: Any, found: Any = None) -> bool:
        """Whether attributes are in a dict that the program could look into, as it does into some.

        Args:
            thing: the object
            found: what its class has in the place of one, which may keep it elsewhere
        """
        return (
            self.objects.learned(AS_DICTS)
            and not class_has(type(found), "__set__")
            and has_plain_dict(type(thing))
        )

    def as_item(self, thing: Any, name: str, *, writes: bool) -> Footprint:
        """Return what an attribute touches as an item of that dict, as ``dicts`` has it."""
        label = self.objects.label(thing)
        place, fixed = (label, "item", name), ((label, "whole"), READ)
        if not writes:
            return (place, READ), fixed
        return (place, WRITE), fixed, ((label, "shape"), WRITE), ((label, "content"), "put")

    def is_own(self, cls: type, name: str, found: Any) -> bool:
        """Whether an object looks for an attribute in itself, where the class has ``found``."""
        if name == "__class__" or type(found) is MemberDescriptorType:
            return True
        if name in THREAD_PROPERTIES and type(found) is property:
            return any(one.__module__ == "threading" for one in cls.__mro__)
        return not class_has(type(found), "__get__")

    def set_attribute(self, value: Any, thing: Any, name: str) -> None:
        cls = type(thing)
        if self.how.get((cls, name)) == "own" and not self.objects.learned("everything"):
            place = (self.objects.label(thing), name)
            if self.touch(place, WRITE):
                self.machine.happen(
                    WRITE_ATTRIBUTE, ((place, WRITE),), about=(thing, name, value), step=True
                )
        else:
            self.change(thing, name, WRITE_ATTRIBUTE, value)
        setattr(thing, name, value)

    def delete_attribute(self, thing: Any, name: str) -> None:
        self.change(thing, name, DELETE_ATTRIBUTE)
        delattr(thing, name)

    def change(self, thing: Any, name: str, kind: EventKind, *value: Any) -> None:
        """Make an event of setting or deleting an attribute."""
        cls = type(thing)
        if name == "__dict__":
            self.machine.refuse(
                "all attributes of an object are exchanged at once, which is not followed: set one "
                "after another, or let __dict__.update() do it, and give their class what objects "
                "share"
            )
        if self.opaque is not None:  # it may not be shared at all
            self.opaque(thing)
        else:
            hold_change_below(self.objects, cls, name)
        if is_local(cls):
            self.machine.current.writes += 1  # nobody else sees it, but it is a change
        if self.objects.several():
            if name == "__class__":
                self.objects.learn("classes")
            if any(gives_way(vars(one).get(name)) for one in cls.__mro__):
                self.objects.learn("shadows", name)
        footprint = self.attribute_footprint(thing, name, WRITE)
        if footprint:
            goes = kind is DELETE_ATTRIBUTE
            footprint += self.named_anew(thing, name, goes=goes)
            event = self.objects.step(kind, footprint, (thing, name, *value))
            self.count_item(event, thing, name, *value, goes=goes)

    # -- all of it -----------------------------------------------------------------------------

    def runs(self, thing: Any, operation: str) -> bool:
        return runs_code(type(thing), operation)

    def everything(self, thing: Any) -> Footprint:
        """Return what reading all attributes of an object at once touches."""
        label = self.objects.label(thing)
        content: Footprint = (((label, "content"), READ),) if self.is_in_dict(thing) else ()
        names = attributes_of(thing)
        return *self.which(thing), *(((label, name), READ) for name in names), *content

    def which(self, thing: Any) -> Footprint:
        """Return what asking which attributes an object has touches, and reading those in slots."""
        self.objects.learn("everything")
        label = self.objects.label(thing)
        names = slots_of(type(thing))
        shape: Footprint = (((label, "shape"), READ),) if self.is_in_dict(thing) else ()
        return ((label, ATTRIBUTES), READ), *(((label, name), READ) for name in names), *shape

    def named_anew(self, thing: Any, name: str, *, goes: bool) -> Footprint:
        """Return the place that says which attributes an object has, where that changes.

        It is followed from when anything reads all of them at once.

        Args:
            thing: the object
            name: an attribute that is set or deleted
            goes: whether it is deleted
        """
        if not self.objects.learned("everything") or goes != (name in attributes_of(thing)):
            return ()
        return (((self.objects.label(thing), ATTRIBUTES), WRITE),)


class OwnContainers(Instances):
    """Objects of the program's classes that are containers too, such as ``class Stack(list)``.

    What its class does itself is followed as the code that it is.

    Args:
        objects: the objects of the exploration
        container: the kind of container that they are
    """

    holds = True

    def __init__(self, objects: Objects, container: Container) -> None:
        super().__init__(objects)
        self.container = container

    def has_own(self, thing: Any, *names: str) -> bool:
        """Whether the class of an object has one of these methods itself."""
        return any(
            is_a(in_class(type(thing), name), FunctionType | MethodType)
            and in_class(type(thing), name).__module__ != "collections"
            for name in names
        )

    def attribute(self, thing: Any, name: str) -> Any:
        value = in_class(type(thing), name)
        if name in TELLING_ALL:  # those of the object itself, too
            return super().attribute(thing, name)
        if is_a(value, BUILT_IN) or asked(value, "__module__") == "collections":
            return self.container.attribute(thing, name)
        return super().attribute(thing, name)

    def item(self, thing: Any, key: Any) -> Any:
        if self.has_own(thing, "__getitem__"):
            return thing[key]
        return self.container.item(thing, key)

    def set_item(self, value: Any, thing: Any, key: Any) -> None:
        if self.has_own(thing, "__setitem__"):
            thing[key] = value
        else:
            self.container.set_item(value, thing, key)

    def delete_item(self, thing: Any, key: Any) -> None:
        if self.has_own(thing, "__delitem__"):
            del thing[key]
        else:
            self.container.delete_item(thing, key)

    def whole(self, thing: Any) -> Footprint:
        return self.container.whole(thing)

    def changed(self, thing: Any) -> Footprint:
        """Return what changing a container as a whole touches."""
        return self.container.changed(thing)

    def change(self, thing: Any, name: str, kind: Any, *value: Any) -> None:
        """Make an event of a change: of an attribute, or of the container as a whole."""
        if is_a(kind, tuple):
            self.container.change(thing, name, kind)
        else:
            super().change(thing, name, kind, *value)

    def size(self, thing: Any) -> Footprint:
        if self.has_own(thing, "__len__", "__bool__"):
            return ()
        return self.container.size(thing)

    def look(self, thing: Any) -> None:
        self.container.look(thing)

    def inside(self, thing: Any) -> Iterable[Any]:
        if is_a(thing, dict):
            return [*dict.keys(thing), *dict.values(thing)]
        base = next(one for one in type(thing).__mro__ if one in ITERATED)
        return list(base.__iter__(thing)) if base is not bytearray else ()

    def iterate(self, thing: Any) -> Iterator[Any] | None:
        if self.has_own(thing, "__iter__"):
            return None
        return self.container.iterate(thing)

    def contains(self, item: Any, thing: Any) -> bool:
        if self.has_own(thing, "__contains__"):
            return item in thing
        return self.container.contains(item, thing)


class Classes(Eventful):
    """Classes of the program, whose attributes they and their objects share."""

    named = True

    def attribute(self, thing: Any, name: str) -> Any:
        if self.objects.learned("classes") and thing.__module__ != "builtins":
            home = self.machine.current.home
            footprint: list[tuple[Any, Any]] = []
            for one in (*thing.__mro__, *type(thing).__mro__):
                if one.__module__ == "builtins":
                    continue
                footprint.append((("class", home, self.objects.label(one), name), READ))
                if name in vars(one):
                    break
            self.objects.step(READ_ATTRIBUTE, tuple(footprint), (thing, name))
        return self.objects.reached(getattr(thing, name), ("class", self.label(thing), name))

    def label(self, thing: Any) -> Any:
        """Return the name of a class."""
        return self.objects.label(thing)

    def set_attribute(self, value: Any, thing: Any, name: str) -> None:
        self.change(thing, name, WRITE_ATTRIBUTE, value)
        setattr(thing, name, value)

    def delete_attribute(self, thing: Any, name: str) -> None:
        self.change(thing, name, DELETE_ATTRIBUTE)
        delattr(thing, name)

    def change(self, thing: Any, name: str, kind: EventKind, *value: Any) -> None:
        """Make an event of setting or deleting an attribute of a class."""
        home = self.machine.current.home
        own = thing.__module__ in OWN_MODULES
        if lasts(thing):
            self.objects.outlives(f"changing {name} of {thing.__module__}.{thing.__qualname__}")
        if sum(one.home == home for one in self.machine.threads) > 1:
            if name.startswith("__") and name.endswith("__"):
                self.machine.refuse(
                    f"changing {name} of a class while there are threads is not followed: "
                    "change it before they begin"
                )
            if not own:
                self.objects.alone_everywhere(f"changing {thing.__qualname__}.{name}")
            self.objects.learn("classes")
            hold_change_below(self.objects, thing, name)
            self.hold_kept_elsewhere(thing, name, *value)
        elif not own:
            self.machine.patched = True
        place = ("class", home, self.objects.label(thing), name)
        if self.objects.step(kind, ((place, WRITE),), (thing, name, *value)) is not None:
            self.machine.patched = self.machine.patched or not own
        for kind_of_objects in set(self.objects.kinds.values()):
            if is_a(kind_of_objects, Instances):
                kind_of_objects.how.clear()

    def hold_kept_elsewhere(self, cls: type, name: str, *value: Any) -> None:
        """Refuse to change where attributes are found that are looked into as items of dicts.

        Args:
            cls: the class that changes
            name: its attribute
            value: what that is set to
        """
        if not self.objects.learned(AS_DICTS):
            return
        classes = {base for one in all_below(cls) for base in one.__mro__}
        found = [*value, *(vars(one).get(name) for one in classes)]
        if any(class_has(type(one), method) for one in found for method in BINDING):
            self.machine.refuse(
                "a property of a class is set or deleted while there are threads and __dict__ of "
                "an object is looked into, which is not followed: change the class before they "
                "begin"
            )

    def runs(self, thing: Any, operation: str) -> bool:
        cls = type(thing)
        return cls.__module__ in OWN_MODULES and runs_code(cls, operation)


class Supers(Eventful):
    """What ``super`` returns, which looks an attribute up in the classes above one."""

    def attribute(self, thing: Any, name: str) -> Any:
        if self.objects.learned("classes"):
            below, cls = (super.__dict__[one].__get__(thing) for one in OF_SUPER)
            classes = cls.__mro__ if cls is not None else (below,)
            home = self.machine.current.home
            footprint: list[tuple[Any, Any]] = []
            for one in classes[classes.index(below) + 1 :]:
                if one.__module__ == "builtins":
                    break
                footprint.append((("class", home, self.objects.label(one), name), READ))
                if name in vars(one):
                    break
            self.objects.step(READ_ATTRIBUTE, tuple(footprint), (below, name))
        return getattr(thing, name)
