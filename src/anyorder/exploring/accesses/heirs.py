"""Objects of a class of the program's that is derived from one of the library's, such as a queue.

They have attributes of the program's own, and others in which the library's code keeps what they
do. That code is not followed but inside of its events, so what it keeps is no attribute like others.
"""  # noqa: E501

from __future__ import annotations

import dis
from functools import cache
from inspect import unwrap
from types import FunctionType
from typing import Any

from anyorder.exploring.accesses.events import LOOK
from anyorder.exploring.accesses.instances import Instances
from anyorder.exploring.accesses.unseen import full_name
from anyorder.exploring.attributes import is_a
from anyorder.exploring.engine.events import READ
from anyorder.exploring.public_names import CLASSES, REFUSED, refused_name

__all__ = ["Heirs", "keeper"]

# these have kinds of their own, or none can be derived from them
OTHERS = {"_thread.RLock", "_thread.lock", "threading.Thread", "threading.Timer", "threading.local"}
KEEPERS = set(CLASSES) - OTHERS


def keeper(cls: type) -> type | None:
    """Return the class of the library that a class is derived from, if it keeps a state."""
    return next((base for base in cls.__mro__ if full_name(base) in KEEPERS), None)


@cache
def kept_by(cls: type) -> frozenset[str]:
    """Return the names of the attributes that a class of the library sets."""
    methods = [unwrap(one) for base in cls.__mro__ for one in vars(base).values() if callable(one)]
    stored = {
        step.argval
        for method in methods
        if is_a(method, FunctionType)
        for step in dis.get_instructions(method)
        if step.opname == "STORE_ATTR"
    }
    return frozenset(stored) | frozenset(REFUSED.get(full_name(cls), ()))


class Heirs(Instances):
    """Objects that have a state of the library's beside attributes of the program's."""

    def attribute(self, thing: Any, name: str) -> Any:
        if not self.is_kept(thing, name):
            return super().attribute(thing, name)
        place = thing._ao_place
        if place is None or name.startswith("_"):
            self.machine.refuse(f"{name} is the library's own, and is not followed: do without it")
        reason = refused_name(full_name(keeper(type(thing))), name)  # type: ignore[arg-type]
        if reason:
            self.machine.refuse(reason)
        self.machine.happen(LOOK, ((place, READ),), about=(name,))
        return getattr(thing, name)

    def set_attribute(self, value: Any, thing: Any, name: str) -> None:
        if self.is_kept(thing, name):
            self.machine.refuse(
                f"setting {type(thing).__qualname__}.{name} changes what the library keeps, past "
                "its events: give it another name"
            )
        super().set_attribute(value, thing, name)

    @staticmethod
    def is_kept(thing: Any, name: str) -> bool:
        """Whether the library keeps an object's state in one of its attributes.

        That where a queue has its items is the program's own where a class of its own sees to them.
        """
        own = thing.__dict__
        if "_ao_place" not in own or name not in own:
            return False
        if own["_ao_place"] is None and name == "queue":
            return False
        cls = keeper(type(thing))
        return cls is not None and name in kept_by(cls)
