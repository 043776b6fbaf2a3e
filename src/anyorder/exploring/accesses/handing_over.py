"""What is handed to a function that does something with it unseen: threads may not share it."""

from __future__ import annotations

import gc
from collections import OrderedDict, defaultdict, deque
from types import CodeType, FrameType, FunctionType, MethodType, ModuleType
from typing import TYPE_CHECKING, Any

from anyorder.exploring.accesses.events import LOOK
from anyorder.exploring.accesses.iterators import CALLING
from anyorder.exploring.accesses.library import Opaque, top_module
from anyorder.exploring.attributes import is_a
from anyorder.exploring.modules import OWN_MODULES

if TYPE_CHECKING:
    from anyorder.exploring.accesses.comparing import Comparing
    from anyorder.exploring.accesses.depths import Depths
    from anyorder.exploring.accesses.objects import Objects

__all__ = ["HandingOver"]

# what is read as a whole by looking at what it holds, all of which is known
WHOLES = {OrderedDict, defaultdict, deque, dict, frozenset, list, set, tuple}
# what gives out what it keeps, and does not look at it, or has events of its own
FOLLOWED_ONE_BY_ONE = {"anyorder", "concurrent", "itertools", "queue", "thread", "threading"}
# what leads to all that a module has, and whose own code is followed where it is the program's
LEADING_AWAY = (CodeType, FrameType, FunctionType, MethodType, ModuleType, type)


class HandingOver:
    """Refuses to hand over what threads share.

    Args:
        objects: the objects of the exploration
        comparing: says what is compared without anybody noticing
        depths: says what looking into a thing touches
    """

    def __init__(self, objects: Objects, comparing: Comparing, depths: Depths) -> None:
        self.objects = objects
        self.machine = objects.machine
        self.comparing = comparing
        self.depths = depths

    def hold_all_alone(self, things: tuple[Any, ...], name: str) -> None:
        """Refuse what threads share, of all that is handed to a function.

        Args:
            things: what it gets
            name: its name
        """
        for thing in things:
            self.hold_alone(thing, f"what {name} does with it")

    def reads_alone(self, things: tuple[Any, ...]) -> bool:
        """Make one event of reading all of things, if all other threads have ended.

        Then nobody changes anything before the function has read it, bit by bit. It is sound: what
        changes any of it comes before the event or after it, since the two are dependent. If the
        order is open, the other one is explored too, and there the thread has not ended.

        Args:
            things: what is handed to a function that reads it, keeps nothing of it and runs no code
                of the program's
        """
        current = self.machine.current
        if any(one is not current and not one.ended for one in self.machine.threads):
            return False
        left, wholes, seen = list(things), list[Any](), set[int]()
        while left:
            thing = left.pop()
            kind = self.objects.kind_of(type(thing))
            if kind.plain or id(thing) in seen:
                continue
            if type(thing) not in WHOLES:
                return False
            seen.add(id(thing))
            wholes.append(thing)
            left += kind.inside(thing)
        footprint = tuple(
            one for thing in wholes for one in self.objects.kind_of(type(thing)).whole(thing)
        )
        if self.objects.touch_all(footprint):  # of no block: there are switch points in it
            self.machine.happen(LOOK, footprint, about=tuple(wholes))
        return True

    def hold_alone(self, thing: Any, what: str, within: tuple[int, ...] = ()) -> None:
        """Refuse what threads share, of all that a thing holds."""
        kind = self.objects.kinds.get(type(thing)) or self.objects.kind_of(type(thing))
        if kind.plain or id(thing) in within:
            return
        if is_a(kind, Opaque):
            self.objects.unshared(thing, what)
        touched = kind.changed(thing) if kind.holds else kind.whole(thing)  # type: ignore[attr-defined]
        if self.objects.touch_all(touched):
            self.machine.refuse(
                f"threads share a {type(thing).__name__}, and {what} is not followed: hand "
                "over a copy, or leave the program unexplored"
            )
        for one in kind.inside(thing):
            self.hold_alone(one, what, (*within, id(thing)))

    def hand_out(self, what: str, keeper: Any, *things: Any) -> None:
        """Note the containers that an object of the library keeps, and may read later on.

        While there are several threads none of them may change then. What is no such object does
        not count: what a container or an object of the program's holds is followed.

        Args:
            what: what has made it, for the message
            keeper: the object, or a container with such objects
            things: what it may keep of what it was given
        """
        kind_of = self.objects.kind_of
        if not any(kind_of(type(one)).holds or kind_of(type(one)).steady for one in things):
            return
        left, seen = [(keeper, False)], set[int]()
        while left:
            thing, kept = left.pop()
            cls = type(thing)
            if id(thing) in seen or is_a(thing, LEADING_AWAY):
                continue
            if cls.__module__ in OWN_MODULES and not kind_of(cls).holds:
                continue
            if top_module(cls) in FOLLOWED_ONE_BY_ONE:
                continue
            seen.add(id(thing))
            if cls is CALLING:  # what that asks may not tell what it keeps
                left += ((one, True) for one in things)
            if kind_of(cls).holds and kept:
                self.objects.handed_out_as(f"what {what} keeps", thing)
            if kept or not (kind_of(cls).holds or kind_of(cls).steady):
                left += ((one, True) for one in gc.get_referents(thing))
            else:
                left += ((one, False) for one in kind_of(cls).inside(thing))

    def hold_alone_inside(self, thing: Any, name: str) -> None:
        """Refuse to compare what threads share in the midst of a function of the library."""
        kind = self.objects.kind_of(type(thing))
        parts = tuple(kind.inside(thing))
        if self.comparing.orders_alone(parts):
            return
        shared, steps = self.depths.inside("lt", (thing, *parts))
        runs = any(self.objects.kind_of(type(one)).runs(one, "lt") for one in parts)
        if steps or (runs and shared) or any(one is not thing for one in shared):
            self.machine.refuse(
                f"{name}() compares objects that threads share, one after another, which is not "
                "followed, not even under a lock: keep them in order by append() and sort(), or "
                "take a queue.PriorityQueue"
            )

    def hold_in_order(self, thing: Any, name: str) -> None:
        """Refuse a container that threads share, and that code of the program keeps in order."""
        if self.objects.touch_all(self.objects.kind_of(type(thing)).changed(thing)):  # type: ignore[attr-defined]
            self.machine.refuse(
                f"{name}() asks a key where something belongs, in a {type(thing).__name__} that "
                "threads share, which is not followed, not even under a lock: keep it in order by "
                "append() and sort(), or take a queue.PriorityQueue"
            )
