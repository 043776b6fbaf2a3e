"""Processes that were forked from one another share functions and classes, not what is in them.

What their code keeps that can change (the module's variables, attributes of classes, defaults, what
a closure holds) is swapped as one or other of the processes goes on.
"""

from __future__ import annotations

import ctypes
import types
from typing import TYPE_CHECKING, Any

from anyorder.exploring.attributes import is_a

if TYPE_CHECKING:
    from collections.abc import Iterator

    from anyorder.exploring.processes.system.process import SimulatedProcess

__all__ = ["FIXED", "Absent", "Places", "SharedCode", "attributes_of", "read"]

METHODS = (types.FunctionType, property, staticmethod, classmethod)
# where a class keeps its slots and its namespace
FIXED = (types.MemberDescriptorType, types.GetSetDescriptorType)

# of the id of what keeps a value, and the value's name there: what keeps it, and the value
Places = dict[tuple[int, str], tuple[Any, Any]]


class Absent:
    """What is kept where a process has no value, and another one has."""


class SharedCode:
    """The processes that were forked from one another, and share the code of the program.

    Args:
        resident: the process whose values are in place

    Attributes:
        modules: the variables of each module
        classes: the classes, each by its id
        kept: of each process that is not the resident one, its values
    """

    def __init__(self, resident: SimulatedProcess) -> None:
        self.modules: dict[str, dict[str, Any]] = {}
        self.classes: dict[int, type] = {}
        self.resident = resident
        self.kept: dict[int, tuple[dict[str, dict[str, Any]], Places]] = {}
        self.places: Places = {}

    def switch_to(self, process: SimulatedProcess) -> None:
        """Put the values of a process in place."""
        if process is self.resident:
            return
        self.note_new()
        self.kept[self.resident.number] = (
            {module: dict(names) for module, names in self.modules.items()},
            {place: (owner, read(owner, place[1])) for place, (owner, _) in self.places.items()},
        )
        modules, places = self.kept[process.number]
        for module, names in modules.items():
            self.modules[module].clear()
            self.modules[module].update(names)
        for (_, name), (owner, value) in places.items():
            write(owner, name, value)
        self.resident = process

    def note_new(self) -> None:
        """Note the attributes of classes that the resident process alone has made by now."""
        for number, cls in self.classes.items():
            for name, _ in attributes_of(cls):
                if (number, name) not in self.places:
                    self.places[number, name] = (cls, None)
                    for _, kept in self.kept.values():
                        kept[number, name] = (cls, Absent)


def attributes_of(cls: type) -> Iterator[tuple[str, Any]]:
    """Yield the attributes of a class of the program that can change, each with its value.

    Of those that Python gives it, these are the methods.
    """
    final = {"_fields_"} if issubclass(cls, ctypes.Structure | ctypes.Union) else set()
    for name, value in list(vars(cls).items()):
        of_python = name.startswith("__") and not is_a(value, METHODS)
        if not (of_python or name in final or is_a(value, FIXED)):
            yield name, value


def read(owner: Any, name: str) -> Any:
    """Return what is kept at a place that is no variable."""
    if is_a(owner, types.CellType):
        try:
            return owner.cell_contents
        except ValueError:
            return Absent
    return vars(owner).get(name, Absent) if is_a(owner, type) else getattr(owner, name)


def write(owner: Any, name: str, value: Any) -> None:
    """Keep a value there, whatever the class of a class does then: an enumeration's refuses."""
    if read(owner, name) is value:
        return  # most are the same in all processes, and some cannot be set
    place = "cell_contents" if is_a(owner, types.CellType) else name
    of = type if is_a(owner, type) else object
    if value is Absent:
        of.__delattr__(owner, place)
    else:
        of.__setattr__(owner, place, value)
