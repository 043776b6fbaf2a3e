"""Variables that several threads could see: those of the module, and those in cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from anyorder.exploring.accesses.events import READ_VARIABLE, WRITE_VARIABLE
from anyorder.exploring.engine.events import READ, WRITE

if TYPE_CHECKING:
    from collections.abc import Callable

    from anyorder.exploring.accesses.objects import Objects

__all__ = ["HINTS", "LATE", "Names"]

# the place (HINTS, home) says which names there are, of which a traceback may ask for one
HINTS = "hints"
LATE = "late"  # the place (LATE, name) says that a variable is bound when there are other threads


class Names:
    """The variables of one exploration. Those of a module are those of one process.

    Args:
        objects: the objects of the exploration
    """

    def __init__(self, objects: Objects) -> None:
        self.objects = objects
        self.machine = objects.machine
        self.touch = objects.touch

    def read_global(self, name: str) -> None:
        """Make an event of reading a variable of the module, where threads share it."""
        place = ("global", self.machine.current.home, name)
        if self.touch(place, READ):
            self.machine.happen(READ_VARIABLE, ((place, READ),), about=(name,), step=True)

    def read_global_unless(self, variable: str, name: str, names: Any) -> None:
        """Do so for a name in the body of a class, unless that has bound it itself."""
        if name not in names:
            self.read_global(variable)

    def write_global(self, name: str, value: Any) -> Any:
        """Make an event of writing a variable of the module, and return the value."""
        home = self.machine.current.home
        place = ("global", home, name)
        if self.objects.learned(HINTS):
            self.objects.step(
                WRITE_VARIABLE, ((place, WRITE), ((HINTS, home), WRITE)), (name, value)
            )
        elif self.touch(place, WRITE):
            self.machine.happen(WRITE_VARIABLE, ((place, WRITE),), about=(name, value), step=True)
        return value

    def bind_once(self, name: str, value: Any) -> Any:
        """Note when a variable is bound by the one place that binds it, and return the value.

        Reading it is no event as long as it is bound before the process has any other thread.
        """
        machine = self.machine
        home = machine.current.home
        if len(machine.threads) > 1 and sum(one.home == home for one in machine.threads) > 1:
            machine.share((LATE, name))
        return value

    def bind_star(self) -> None:
        """Refuse to bind whatever a module has, once there are other threads."""
        self.objects.alone("import *")

    def read_cell(self, frame: Any, name: str) -> None:
        """Make an event of reading a variable of an outer function, where threads share it."""
        place = ("cell", frame, name)
        if self.touch(place, READ):
            self.machine.happen(READ_VARIABLE, ((place, READ),), about=(name,), step=True)

    def write_cell(self, frame: Any, name: str, value: Any) -> Any:
        """Make an event of writing a variable that inner functions share, and return the value."""
        place = ("cell", frame, name)
        if self.touch(place, WRITE):
            self.machine.happen(WRITE_VARIABLE, ((place, WRITE),), about=(name, value), step=True)
        return value

    def binder(self, bind: Callable[..., Any], *args: Any) -> Callable[[Any], Any]:
        """Return a decorator that binds what it is given."""
        return lambda value: bind(*args, value)
