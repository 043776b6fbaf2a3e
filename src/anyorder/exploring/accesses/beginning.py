"""What begins again: an object that is there already, and whose ``__init__`` is called.

Containers take that for a change of all that they hold, and so do exceptions, here.
Classes of the library that have private copies look out for it themselves (``begins_once`` in
``library``). Anything else is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from anyorder.exploring.accesses.bit_by_bit import MADE_ONCE
from anyorder.exploring.accesses.builtins import calling_frame
from anyorder.exploring.accesses.containers import Container
from anyorder.exploring.accesses.events import CALL
from anyorder.exploring.accesses.instances import OwnContainers
from anyorder.exploring.accesses.library import Exceptions
from anyorder.exploring.attributes import is_a
from anyorder.exploring.engine.events import WRITE
from anyorder.exploring.modules import OWN_MODULES

if TYPE_CHECKING:
    from anyorder.exploring.accesses.objects import Objects

__all__ = ["BEGINNING", "ONCE", "Beginning"]

BEGINNING = {"__init__", "__setstate__"}  # methods that set all that an object goes by
ONCE = "_ao_once"  # an attribute of those that look out for it themselves
MAKING = {"__init__", "__new__"}  # the program's own methods in which they are called in its making
SETTING_NOTHING = (object, type)  # classes whose __init__ does nothing


class Beginning:
    """Sees to calls of the methods of C and of the library by which objects begin.

    Args:
        objects: the objects of the exploration
    """

    def __init__(self, objects: Objects) -> None:
        self.objects = objects
        self.machine = objects.machine

    def before(self, thing: Any, name: str, owner: Any, args: tuple[Any, ...]) -> None:
        """Make an event of it that an object begins, or refuse it, where a method is one of these.

        Nobody else is there to see it before there are other threads, and Python does what it does.

        Args:
            thing: the object
            name: the method that is called
            owner: the class that has it, of a method that is written in C
            args: with what
        """
        if name not in BEGINNING:
            return
        cls = type(thing)
        kind = self.objects.kind_of(cls)
        if owner in SETTING_NOTHING or is_a(kind, Container | OwnContainers):
            return
        if is_a(kind, Exceptions) and name == "__init__":
            self.machine.raised.note(thing, raises=False)
            footprint = tuple((place, WRITE) for place, _ in kind.whole(thing))
            self.objects.step(CALL, footprint, (thing, name, args))
            return
        never = is_a(thing, MADE_ONCE)
        if never or (self.objects.several() and not self.is_making(cls, name)):
            bare = cls.__module__ in OWN_MODULES or cls.__module__ == "builtins"
            said = f"{'' if bare else cls.__module__.lstrip('_') + '.'}{cls.__qualname__}"
            self.machine.refuse(
                f"{said}.{name}() of an object that is there already makes another one of it, past "
                "what is followed: make a new one"
            )

    def is_making(self, cls: type, name: str) -> bool:
        """Whether an object of the program's class is being made by it.

        Args:
            cls: the class
            name: which method the class above has been asked for
        """
        making = calling_frame(self.machine.own).f_code.co_name
        return cls.__module__ in OWN_MODULES and name == "__init__" and making in MAKING
