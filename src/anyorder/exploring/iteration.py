"""Iterators and iteration: one step for each item, and generators as they really behave."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING, Any

from anyorder.exploring.events import READ, WRITE
from anyorder.exploring.objects import ITERATOR, Objects

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["Iteration"]


class Iteration(Objects):
    """What goes from one item to the next."""

    def iterate(self, thing: Any) -> Any:
        """Return what a ``for`` goes through: one step for each item of a container."""
        if self.is_container(thing, "__iter__"):
            label = self.label(thing)
            return self.stepping(label, thing)
        if self.kind_of(type(thing)) == ITERATOR:
            return self.drawing(thing)
        return thing

    def stepping(self, label: Any, thing: Any, iterator: Any = None) -> Iterator[Any]:
        """Yield a container's items as an iterator of it gives them, one step each."""
        footprint = (((label, "shape"), READ), ((label, "content"), READ))
        number = 0
        if not isinstance(thing, list):  # others remember how large they were at the beginning
            self.step("iterate", footprint, (thing, number))
        iterator = iter(thing) if iterator is None else iterator
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

    def next(self, iterator: Any, *default: Any) -> Any:
        """Do what ``next`` does, as one event where the iterator is shared."""
        return self.going_on(iterator, next, iterator, *default)

    def iterator_method(self, iterator: Any, name: str) -> Any:
        """Return a method of an iterator: those of a generator let it go on."""
        method = getattr(iterator, name)
        if name in {"__next__", "close", "send", "throw"}:
            return partial(self.going_on, iterator, method)
        return method

    def going_on(self, iterator: Any, call: Callable[..., Any], *args: Any) -> Any:
        """Let an iterator go on by a call, as one event where it is shared."""
        self.advance(iterator)
        generators = self.machine.current.generators
        generators.append(iterator)
        try:
            return call(*args)
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
