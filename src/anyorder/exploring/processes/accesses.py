"""What the program's code does that other threads of the same process can see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from anyorder.exploring.events import READ, WRITE
from anyorder.exploring.processes.shared import SharedAccesses

if TYPE_CHECKING:
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
