"""What is looked at where Python looks into what an object holds, and into what that holds.

``==``, ``repr`` and the like of a container ask each of its items, which may be containers in turn.
In CPython that is one call. It is one event here where at most one of all those objects is shared
and none of them runs code of the program's own: what is not shared does not change meanwhile, so
nobody can tell at which moment it was read. Else the operation is carried out step by step (see
``comparing`` and ``showing``), each step as CPython makes it.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from anyorder.exploring.accesses.events import LOOK
from anyorder.exploring.attributes import is_a

if TYPE_CHECKING:
    from collections.abc import Iterator

    from anyorder.exploring.accesses.objects import Objects
    from anyorder.exploring.engine.events import Footprint

__all__ = ["Depths", "Reading"]


class Depths:
    """Looks into objects as far as they hold others.

    Args:
        objects: the objects of the exploration
    """

    def __init__(self, objects: Objects) -> None:
        self.objects = objects
        self.machine = objects.machine

    def one_step(self, operation: str, *things: Any, named: bool = False) -> bool:
        """Make one event of an operation on things, where it is one.

        Args:
            operation: what is done to each of them, and to what they hold, such as ``"repr"``
            things: its operands
            named: whether it is asked for by the name of a method written in C, by way of
                ``super()``, say: that looks into its operands, whatever methods their classes have

        Returns:
            Whether it can be carried out now as a whole: if not, no event has been made.
        """
        shared, steps = self.inside(operation, things, named=named)
        if steps:
            return False
        if shared:
            thing = shared[0]
            kind = self.objects.kind_of(type(thing))
            self.objects.step(LOOK, kind.whole(thing), (thing,))
        return True

    def inside(
        self, operation: str, things: tuple[Any, ...], *, named: bool = False
    ) -> tuple[list[Any], bool]:
        """Return what is shared of things and what they hold, and whether it is several steps."""
        kind_of, kinds = self.objects.kind_of, self.objects.kinds
        shared: list[Any] = []
        seen: set[int] = set()
        runs = again = False
        left = list(things)
        left.reverse()
        operands = len(things) if named else 0  # that are left, under what others hold
        while left:
            thing = left.pop()
            kind = kinds.get(type(thing)) or kind_of(type(thing))
            operand = len(left) < operands
            operands -= operand
            if kind.plain:
                continue
            if not operand and kind.runs(thing, operation):
                runs = True
                if operation != "repr" or not is_a(thing, BaseException):
                    continue  # the str of an exception asks no __repr__ of its own
            if id(thing) in seen:
                again = again or any(one is thing for one in shared)
                continue
            seen.add(id(thing))
            if operation == "repr" and is_a(thing, set | frozenset):
                self.machine.varied.gone_through(thing)  # its text tells its order
            footprint = kind.whole(thing)
            if footprint and self.objects.touch_all(footprint):
                self.objects.in_one_step(thing)
                shared.append(thing)
                again = again or is_a(thing, deque)  # whose items are read one by one
            parts = kind.inside(thing)
            if parts:
                left.extend(reversed(list(parts)))
        return shared, len(shared) > 1 or bool(shared and (runs or again))

    def containers(self, *things: Any) -> Footprint:
        """Return what reading all containers among things, and in them, touches.

        What iterators and objects of the program's own read, they read by events of their own.
        """
        left, seen = list(things), set[int]()
        footprint: Footprint = ()
        while left:
            thing = left.pop()
            kind = self.objects.kinds.get(type(thing)) or self.objects.kind_of(type(thing))
            if id(thing) not in seen and (kind.holds or kind.steady):
                seen.add(id(thing))
                footprint += kind.whole(thing)
                left += kind.inside(thing)
        return footprint

    def read(self, operation: str, what: str, *things: Any, named: bool = False) -> None:
        """Make one event of a function that reads things, or refuse it where it takes several.

        Args:
            operation: as for ``one_step``
            what: the function's name, for the message
            things: what it reads, with all that they hold
            named: as for ``one_step``
        """
        if not self.one_step(operation, *things, named=named):
            self.machine.refuse(
                f"{what} looks into several objects that threads share, or into a deque, item by "
                "item, which is not followed: guard them by a lock and copy what is needed, or "
                "write a loop"
            )


class Reading:
    """Reads objects as wholes, anew whenever another event has happened since.

    Args:
        objects: the objects of the exploration
        things: what is read
    """

    def __init__(self, objects: Objects, *things: Any) -> None:
        self.objects = objects
        self.machine = objects.machine
        self.things = things
        self.since = -1

    def look(self) -> None:
        """Make an event of reading what is shared of them, unless nothing has happened since."""
        if len(self.machine.events) == self.since:
            return
        footprint = tuple(
            one for thing in self.things for one in self.objects.kind_of(type(thing)).whole(thing)
        )
        self.objects.step(LOOK, footprint, self.things)
        self.since = len(self.machine.events)

    def keys(self, thing: dict[Any, Any], done: str) -> Iterator[Any]:
        """Yield the keys of a dict, which is to keep them meanwhile.

        Args:
            thing: the dict, which is one of what is read
            done: what is done with it, as a refusal says
        """
        keys = list(thing)
        for key in keys:
            self.hold_keys(thing, keys, done)
            yield key
        self.hold_keys(thing, keys, done)  # Python looks whether there is another one

    def hold_keys(self, thing: dict[Any, Any], keys: list[Any], done: str) -> None:
        """Look at a dict, and refuse it unless it still has these keys."""
        self.look()
        if list(thing) != keys:
            self.machine.refuse(
                f"a dict that changes while it is {done} is not followed: guard it by a lock"
            )
