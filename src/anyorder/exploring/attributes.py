"""Attributes, and looking at objects as a whole."""

from __future__ import annotations

import os
import sys
from collections import deque
from types import (
    BuiltinFunctionType,
    FunctionType,
    MethodType,
    MethodWrapperType,
    ModuleType,
    SimpleNamespace,
)
from typing import TYPE_CHECKING, Any

from anyorder.exploring.events import READ, WRITE
from anyorder.exploring.iteration import Iteration
from anyorder.exploring.modules import HIDDEN, LOGGING, SWAPPED, unfollowed
from anyorder.exploring.objects import (
    CLASS,
    CONTAINER,
    INSTANCE,
    ITERATOR,
    LIBRARY,
    OPAQUE,
    PLAIN,
)
from anyorder.exploring.public_names import refused_name

if TYPE_CHECKING:
    from anyorder.exploring.events import Footprint

__all__ = ["Attributes"]

SLOT = type(type("Slotted", (), {"__slots__": ("slot",)}).slot)  # type: ignore[attr-defined]

PROPERTIES = {"daemon", "name"}  # of a thread, which keep what they are set to
CHANGES = {"clear", "pop", "popitem", "setdefault", "update"}  # what changes ``os.environ``

UNSEEN = "by the library"
OF_ONE_THREAD = "of one thread"
MAXIMUM_DEPTH = 4  # how deep a container that is shown is looked into


class ContainerMethod:
    """A bound method of a container, which makes an event as it is called."""

    __slots__ = ("accesses", "method", "name", "thing")

    def __init__(self, accesses: Any, thing: Any, name: str, method: Any) -> None:
        self.accesses = accesses
        self.thing = thing
        self.name = name
        self.method = method

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.accesses.call_method(self.thing, self.name, self.method, args, kwargs)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.method, name)


class Attributes(Iteration):
    """What is reached through attributes."""

    def attribute(self, thing: Any, name: str) -> Any:  # noqa: C901, PLR0911
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
            self.plain_attribute(thing, cls, name)
            return getattr(thing, name)
        elif kind == CONTAINER:
            return self.method(thing, name)
        elif kind == OPAQUE:
            self.unshared(thing)
            return getattr(thing, name)
        elif kind == ITERATOR:
            return self.iterator_method(thing, name)
        elif kind == LIBRARY and not (name in PROPERTIES or name in getattr(thing, "__dict__", ())):
            return getattr(thing, name)
        footprint = self.attribute_footprint(thing, cls, kind, name, READ)
        if not footprint:
            if self.is_container(thing, name):
                return self.method(thing, name)
            return getattr(thing, name)
        self.step("read", footprint, (thing, name))
        return self.reached(getattr(thing, name), (footprint[0][0], "reached"))

    def plain_attribute(self, thing: Any, cls: type, name: str) -> None:
        """Refuse an attribute that cannot be followed; one of an object with events makes one."""
        if cls is ModuleType:
            reason = unfollowed(thing.__name__, name)
            if reason:
                self.machine.refuse(reason)
        elif reason := refused_name(f"{cls.__module__}.{cls.__qualname__}", name):
            self.machine.refuse(reason)
        elif "_ao_place" in getattr(thing, "__dict__", ()) and name in thing.__dict__:
            self.happen("look", ((thing._ao_place, READ),), about=(name,))
        elif thing is os.environ and name in CHANGES:
            self.outlives(f"os.environ.{name}()")
        if name in LOGGING and "logging" in {cls.__module__, getattr(thing, "__name__", "")}:
            self.alone(f"logging's {name}")

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
                return () if name not in PROPERTIES else (((self.label(thing), name), mode),)
            if name.startswith("_") and cls.__module__ == "threading":
                self.machine.refuse(f"{name} is the library's own, and is not followed")
            return (((self.label(thing), name), mode),)
        how = self.found.get((cls, name))
        if how is None:
            how = OF_ONE_THREAD if is_local(cls) else "instance"
            for owner in cls.__mro__:
                if self.kind_of(owner) == OPAQUE:
                    how = UNSEEN  # it is what the library's code uses, which is not followed
                    break
                if name in vars(owner):
                    value = vars(owner)[name]
                    if hasattr(type(value), "__get__") and type(value) is not SLOT:
                        of_thread = owner.__module__ == "threading" and name in PROPERTIES
                        how = "instance" if of_thread else ""
                    elif type(value) is not SLOT:
                        how = owner.__qualname__
                    break
            self.found[cls, name] = how
        if how == UNSEEN:
            self.unshared(thing)
        if how in {"", UNSEEN, OF_ONE_THREAD}:
            return ()
        own = () if is_local(cls) else (((self.label(thing), name), mode),)
        if how != "instance" and mode == READ:
            return (*own, (("class", how, name), READ))
        return own

    def set_attribute(self, value: Any, thing: Any, name: str) -> None:  # noqa: C901
        """Set an attribute, after its event where it is shared."""
        cls = type(thing)
        kind = self.kinds.get(cls)
        if kind is None:
            kind = self.kind_of(cls)
        if kind == INSTANCE and self.found.get((cls, name)) == "instance":
            place = (self.label(thing), name)
            if self.touch(place, WRITE):
                self.happen("write", ((place, WRITE),), about=(thing, name, value))
        elif cls is ModuleType:
            self.change_module(f"setting {thing.__name__}.{name}", thing, name)
        elif kind in {CLASS, INSTANCE, LIBRARY}:
            footprint = self.attribute_footprint(thing, cls, kind, name, WRITE)
            if footprint:
                self.step("write", footprint, (thing, name, value))
            if kind == CLASS:
                self.found.clear()
                self.patches(thing)
        elif kind == OPAQUE:
            self.unshared(thing)
        elif kind == PLAIN and "_ao_place" in getattr(thing, "__dict__", ()):
            self.machine.refuse(
                f"setting {cls.__qualname__}.{name} changes what the library keeps, past its "
                "events: make another one"
            )
        elif name in LOGGING and cls.__module__ == "logging":
            self.alone(f"logging's {name}")
        setattr(thing, name, value)

    def change_module(self, what: str, module: ModuleType, name: str) -> None:
        """Refuse a change of a module that would be seen elsewhere, or in the next execution."""
        self.alone(what)
        kept = module.__name__ == "__main__" or (module is sys and name in SWAPPED)
        if module is sys.modules.get(module.__name__) and not kept:
            self.outlives(what)

    def patches(self, cls: Any) -> None:
        """Note a change of a class: one of the library has to be loaded anew afterwards."""
        if cls.__module__ != "__main__":
            self.machine.patched = True

    def get_by_name(self, thing: Any, name: str, *default: Any) -> Any:
        """Do what ``getattr`` does."""
        if name in HIDDEN:
            self.machine.refuse(f"{name} reaches what cannot be followed: write it without {name}")
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

    def method(self, thing: Any, name: str) -> Any:
        """Return a container's method, which makes its event as it is called."""
        value = getattr(thing, name)
        if type(value) in (BuiltinFunctionType, MethodWrapperType) or (
            type(value) is MethodType and value.__module__ == "collections"
        ):
            return ContainerMethod(self, thing, name, value)
        return value

    def look(self, thing: Any, depth: int = 0) -> Any:  # noqa: C901, PLR0912
        """Read all of a container, and of those in it, in one step; a dataclass field by field."""
        cls = type(thing)
        kind = self.kinds.get(cls)
        if kind is None:
            kind = self.kind_of(cls)
        if cls is tuple and depth < MAXIMUM_DEPTH:
            for one in thing:
                self.look(one, depth + 1)
        if not kind:
            return thing
        if cls is SimpleNamespace:
            for name in vars(thing):
                self.look(self.attribute(thing, name), depth + 1)
        elif kind == INSTANCE and hasattr(thing, "__dataclass_fields__"):
            for name in thing.__dataclass_fields__:
                self.look(self.attribute(thing, name), depth + 1)
        elif kind == OPAQUE:
            self.unshared(thing)
        elif self.is_container(thing):
            if depth == MAXIMUM_DEPTH:
                self.machine.refuse(
                    f"containers are followed {MAXIMUM_DEPTH} deep: let fewer be in each other"
                )
            label = self.label(thing)
            footprint = (((label, "shape"), READ), ((label, "content"), READ))
            self.step("look", footprint, (thing,))
            if isinstance(thing, list | deque | set):
                for number, one in enumerate(tuple(thing)):
                    if type(one) is tuple or self.is_container(one):
                        self.reached(one, ((label, "item", number), "reached"))
                        self.look(one, depth + 1)
            elif isinstance(thing, dict):
                for key, one in tuple(thing.items()):
                    if type(one) is tuple or self.is_container(one):
                        self.reached(one, ((label, "item", key), "reached"))
                        self.look(one, depth + 1)
        return thing

    def truth(self, thing: Any) -> Any:
        """Let a container be asked whether it is empty."""
        if self.is_container(thing, "__len__") and self.is_container(thing, "__bool__"):
            self.step("look", (((self.label(thing), "shape"), READ),), (thing,))
        return thing


def is_local(cls: type) -> bool:
    """Whether objects of a class have attributes for each thread: it is a ``threading.local``."""
    return any(one.__module__ == "_threading_local" for one in cls.__mro__)
