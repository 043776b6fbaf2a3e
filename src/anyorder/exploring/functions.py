"""Functions that are not the program's own, and what they do with what threads share.

Python's own functions do not announce what they read. Where the program calls one, containers that
it hands over are read as a whole first; a few functions look at item after item, and a few change
their first argument.
"""

from __future__ import annotations

import builtins
import contextlib
import re
from collections import deque
from functools import partial
from itertools import chain
from types import (
    BuiltinFunctionType,
    FunctionType,
    GeneratorType,
    MethodDescriptorType,
    MethodType,
    MethodWrapperType,
    WrapperDescriptorType,
)
from typing import TYPE_CHECKING, Any

from anyorder.exploring.containers import ATOMIC_READERS, ITEM_WISE, changed_whole
from anyorder.exploring.events import READ, WRITE
from anyorder.exploring.items import Items
from anyorder.exploring.modules import CHANGING, READING
from anyorder.exploring.objects import CLASS, CONTAINERS, INSTANCE, LIBRARY, top_module
from anyorder.exploring.words import attributes_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from anyorder.exploring.machine import Machine
    from anyorder.exploring.sharing import Sharing
    from anyorder.exploring.spin import Loops

__all__ = ["Functions"]

FIELD_INSIDE = re.compile(r"\{[^{}!:]*\.")  # such as "{0.x}"
SLOTS = {"__getattribute__": "read", "__setattr__": "write", "__delattr__": "delete"}


class Functions(Items):
    """What the program calls."""

    def __init__(self, machine: Machine, sharing: Sharing, loops: Loops) -> None:
        super().__init__(machine, sharing, loops)
        self.followed: set[str | None] = {"__main__"}  # modules whose functions need nothing

    def function(self, function: Any) -> Any:  # noqa: PLR0911
        """Return what stands for what is called."""
        cls = type(function)
        if cls is FunctionType or cls is MethodType:
            return function if function.__module__ in self.followed else self.foreign(function)
        if cls is BuiltinFunctionType or cls is type:
            return self.special(function) or function
        if cls is MethodDescriptorType or cls is WrapperDescriptorType:
            return self.unbound(function)
        if cls is MethodWrapperType:
            return partial(self.unbound(function), function.__self__)
        if cls is partial:
            return partial(self.function(function.func), *function.args, **function.keywords)
        if function in (contextlib.redirect_stdout, contextlib.redirect_stderr):
            self.alone(f"contextlib.{function.__name__}")
        if cls.__module__ == "operator":
            return self.seeing(function)
        return function

    def special(self, function: Any) -> Any:  # noqa: C901, PLR0911, PLR0912
        """Return what stands for a built-in function, and ``None`` where it needs nothing."""
        name: str = function.__name__
        built_in: Any = vars(builtins).get(name)
        if function is not built_in:
            if name in {"deque", "Counter"}:
                return self.looking(function)
            if type(function) is BuiltinFunctionType:
                return self.foreign(function)
            if function.__module__ == "itertools":
                return self.item_wise(function)
            return None
        if name == "len":
            return self.length
        if name == "bool":
            return lambda thing=False: bool(self.truth(thing))
        if name == "next":
            return self.next
        if name == "getattr":
            return self.get_by_name
        if name == "hasattr":
            return self.has_by_name
        if name == "setattr":
            return lambda thing, attribute, value: self.set_attribute(value, thing, attribute)
        if name == "reversed":
            return self.backwards
        if name == "memoryview":
            self.machine.refuse("memoryview() shows bytes unseen: write it without memoryview")
        if name in ATOMIC_READERS:
            return self.looking(function)
        if name in ITEM_WISE:
            return self.item_wise(function)
        return None

    def item_wise(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function that goes through its arguments one item after another."""
        return lambda *args, **kwargs: self.made(
            function(*(self.iterate(arg) for arg in args), **kwargs)
        )

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

    def foreign(self, function: Any) -> Any:
        """Return what stands for a function or a method of the library."""
        top = top_module(function)
        owner = getattr(function, "__self__", None)
        if isinstance(owner, str):
            if function.__name__.startswith("format") and FIELD_INSIDE.search(owner):
                self.machine.refuse(
                    f"{function.__name__}() reaches into an object unseen: name what it shows "
                    "outside of the text"
                )
            return self.seeing(function)
        if owner is chain:
            return self.chained
        if issubclass(type(owner), CONTAINERS):  # by way of super()
            return partial(self.unbound(function), owner)
        if f"{top}.{function.__name__}" in CHANGING:
            return self.changing_first(function)
        if top == "functools" and function.__name__ == "register":
            self.alone("register() of a singledispatch function")
        if top in READING:
            return self.seeing(function)
        self.followed.add(function.__module__)
        return function

    def chained(self, iterables: Any) -> Iterator[Any]:
        """Do what ``itertools.chain.from_iterable`` does, one step for each item."""
        for iterable in self.iterate(iterables):
            yield from self.iterate(iterable)

    def seeing(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function of the library that reads what it is given before it begins."""
        copies = getattr(function, "__module__", "") == "copy"

        def call(*args: Any, **kwargs: Any) -> Any:
            for arg in (*args, *kwargs.values()):
                self.look(arg)
                if copies:
                    self.copied(arg, function.__name__ == "deepcopy")
            return function(*args, **kwargs)

        return call

    def copied(self, thing: Any, deep: bool, within: tuple[int, ...] = ()) -> None:
        """Read what a copy of an object is made of, and of a deep one what that is made of."""
        if id(thing) in within:
            return
        parts: list[Any] = []
        if self.kind_of(type(thing)) == INSTANCE:
            parts = [self.attribute(thing, name) for name in list(attributes_of(thing))]
        elif deep and isinstance(thing, dict):
            parts = [*thing, *thing.values()]
        elif deep and isinstance(thing, deque | list | set | tuple):
            parts = list(thing)
        for part in parts:
            self.look(part)
            if deep:
                self.copied(part, deep, (*within, id(thing)))

    def changing_first(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function of the library that changes a container, as one event."""

        def call(thing: Any, *args: Any, **kwargs: Any) -> Any:
            if issubclass(type(thing), CONTAINERS):
                self.changes(thing)
                footprint = changed_whole(self.container_kind(thing), self.label(thing))
                self.step("call", footprint, (thing, function.__name__, args))
            return function(thing, *args, **kwargs)

        return call

    def unbound(self, function: Any) -> Callable[..., Any]:
        """Return a method that is called through its class, such as ``list.append``.

        Args:
            function: the method; if it is bound already, what is returned has to be bound again
        """
        name = function.__name__

        def call(*args: Any, **kwargs: Any) -> Any:
            if not args:
                return function(*args, **kwargs)
            thing, *others = args
            bound = function if hasattr(function, "__self__") else function.__get__(thing)
            if issubclass(type(thing), CONTAINERS):
                return self.call_method(thing, name, bound, tuple(others), kwargs)
            if name not in SLOTS:
                self.look(thing)
            elif others:
                self.by_slot(SLOTS[name], thing, *others)
            return self.seeing(bound)(*others, **kwargs)

        return call

    def by_slot(self, what: str, thing: Any, name: str, *value: Any) -> None:
        """Make an event of reaching an attribute as ``object.__setattr__`` and the like do."""
        cls = type(thing)
        kind = self.kind_of(cls)
        if kind in {CLASS, INSTANCE, LIBRARY}:
            mode = READ if what == "read" else WRITE
            footprint = self.attribute_footprint(thing, cls, kind, name, mode)
            if footprint:
                self.step(what, footprint, (thing, name, *value))
            if kind == CLASS and mode == WRITE:
                self.found.clear()
                self.patches(thing)

    def length(self, thing: Any) -> int:
        """Return the length of a container."""
        self.truth(thing)
        return len(thing)

    def backwards(self, thing: Any) -> Iterator[Any]:
        """Return what ``reversed`` goes through: one step for each item of a list."""
        if type(thing) is not list:
            return iter(reversed(self.look(thing)))
        self.truth(thing)  # it begins at the end that the list has now
        return self.stepping(self.label(thing), thing, reversed(thing))
