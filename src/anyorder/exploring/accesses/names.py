"""Variables that several threads could see: those of the module, and those in cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from anyorder.exploring.accesses.events import READ_VARIABLE, WRITE_VARIABLE
from anyorder.exploring.engine.events import READ, WRITE

if TYPE_CHECKING:
    from collections.abc import Callable

    from anyorder.exploring.accesses.objects import Objects

__all__ = ["LATE", "Names"]

LATE = "late"  # the place (LATE, name) says that a variable is bound when there are other threads


class Names:
    """The variables of one exploration. Those of a module are those of one process.

    Args:
        objects: the objects of the exploration
    """

    def __init__(self, objects: Objects) -> None:
        self.objects = objects
        self.machine = objects.machine
        self.touch = objects.sharing.touch

    def read_global(self, name: str) -> None:
        """Let a variable of the module be read."""
        place = ("global", self.machine.current.home, name)
        if self.touch(place, READ):
            self.machine.happen(READ_VARIABLE, ((place, READ),), about=(name,), step=True)

    def read_global_unless(self, name: str, names: Any) -> None:
        """Let a variable of the module be read in a class whose body has not bound it."""
        if name not in names:
            self.read_global(name)

    def write_global(self, name: str, value: Any) -> Any:
        """Let a variable of the module be written, and return the value."""
        place = ("global", self.machine.current.home, name)
        if self.touch(place, WRITE):
            self.machine.happen(WRITE_VARIABLE, ((place, WRITE),), about=(name, value), step=True)
        return value

    def bind_once(self, name: str, value: Any) -> Any:
        """Let a variable be bound by the one place that binds it, and return the value.

        Reading it is no event as long as that comes before any other thread of the process.
        """
        machine = self.machine
        home = machine.current.home
        if len(machine.threads) > 1 and sum(one.home == home for one in machine.threads) > 1:
            self.objects.sharing.places.add((LATE, name))
            self.objects.sharing.grown = True
        return value

    def bind_star(self) -> None:
        """Refuse to bind whatever a module has, once there are other threads."""
        self.objects.alone("import *")

    def read_cell(self, frame: Any, name: str) -> None:
        """Let a variable of an outer function be read."""
        place = ("cell", frame, name)
        if self.touch(place, READ):
            self.machine.happen(READ_VARIABLE, ((place, READ),), about=(name,), step=True)

    def write_cell(self, frame: Any, name: str, value: Any) -> Any:
        """Let a variable that inner functions share be written, and return the value."""
        place = ("cell", frame, name)
        if self.touch(place, WRITE):
            self.machine.happen(WRITE_VARIABLE, ((place, WRITE),), about=(name, value), step=True)
        return value

    def binder(self, bind: Callable[..., Any], *args: Any) -> Callable[[Any], Any]:
        """Return a decorator that binds what it is given."""
        return lambda value: bind(*args, value)
