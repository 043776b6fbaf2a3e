"""What the program's code does that other threads of the same process can see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from anyorder.exploring.events import READ, WRITE
from anyorder.exploring.processes.shared import SharedAccesses

if TYPE_CHECKING:
    from collections.abc import Iterable

    from anyorder.exploring.events import Footprint
    from anyorder.exploring.processes.computer import Computer

__all__ = ["ProcessAccesses"]


class ProcessAccesses(SharedAccesses):
    """The hooks of one exploration: a variable of the module is that of one process."""

    machine: Computer

    def read_global(self, name: str) -> None:
        """Let other threads go first, before a variable of the module is read."""
        place = ("global", self.machine.current.home, name)
        if self.touch(place, READ):
            self.happen("read", ((place, READ),), about=(name,))

    def write_global(self, name: str, value: Any) -> Any:
        """Let other threads go first, before a variable of the module is written."""
        place = ("global", self.machine.current.home, name)
        if self.touch(place, WRITE):
            self.happen("write", ((place, WRITE),), about=(name, value))
        return value

    def made(self, thing: Any) -> Any:
        """Name an object, and keep none that has a lock or an end of a pipe: it may be the last to.

        Its id may then be another object's, which is named as soon as it is made.
        """
        known = self.labels.get(id(thing))
        if known is not None and known[1] is None:
            del self.labels[id(thing)]
        super().made(thing)
        if id(thing) in self.labels and any(is_shared(one) for one in inside(thing)):
            self.labels[id(thing)] = (self.labels[id(thing)][0], None)
        return thing

    def attribute_footprint(
        self, thing: Any, cls: type, kind: int, name: str, mode: object
    ) -> Footprint:
        """Return the places of an attribute, those of classes with their process."""
        home = self.machine.current.home
        return tuple(
            (
                ("of", home, place) if isinstance(place, tuple) and place[0] == "class" else place,
                how,
            )
            for place, how in super().attribute_footprint(thing, cls, kind, name, mode)
        )


def inside(thing: Any) -> Iterable[Any]:
    """Return what an object holds."""
    if isinstance(thing, dict):
        return list(thing.values())
    if isinstance(thing, list | set | tuple):
        return thing
    return list(getattr(thing, "__dict__", {}).values())


def is_shared(thing: Any) -> bool:
    """Whether an object is a way to what the operating system keeps."""
    return type(thing).__module__.startswith("multiprocessing.")
