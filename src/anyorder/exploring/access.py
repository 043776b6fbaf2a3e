"""The calls that the transform puts before the program's accesses."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING, Any

from anyorder.exploring.events import READ, WRITE
from anyorder.exploring.functions import Functions
from anyorder.exploring.objects import CLASS, INSTANCE, LIBRARY

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Accesses"]


class Accesses(Functions):
    """The hooks of one exploration: names here, objects and functions in its bases."""

    def hooks(self) -> dict[str, Any]:
        """Return the names that transformed code calls."""
        return {
            "__ao_g__": self.read_global, "__ao_gw__": self.write_global,
            "__ao_c__": self.read_cell, "__ao_cw__": self.write_cell,
            "__ao_frame__": self.machine.label, "__ao_a__": self.attribute,
            "__ao_as__": self.set_attribute, "__ao_i__": self.item, "__ao_is__": self.set_item,
            "__ao_ta__": AttributeTarget.maker(self), "__ao_ti__": ItemTarget.maker(self),
            "__ao_op__": self.in_place, "__ao_f__": self.function, "__ao_made__": self.made,
            "__ao_look__": self.look, "__ao_truth__": self.truth, "__ao_in__": self.contains,
            "__ao_iterate__": self.iterate, "__ao_yielding__": self.yielding,
            "__ao_slice__": slice, "__ao_locals__": locals, "__ao_loop__": self.loops.turn,
            "__ao_enter__": self.loops.enter,
        }  # fmt: skip

    # -- names ---------------------------------------------------------------------------------

    def read_global(self, name: str) -> None:
        """Let a global variable be read."""
        place = ("global", name)
        if self.touch(place, READ):
            self.happen("read", ((place, READ),), about=(name,))

    def write_global(self, name: str, value: Any) -> Any:
        """Let a global variable be written, and return the value."""
        place = ("global", name)
        if self.touch(place, WRITE):
            self.happen("write", ((place, WRITE),), about=(name, value))
        return value

    def read_cell(self, frame: Any, name: str) -> None:
        """Let a variable of an outer function be read."""
        place = ("cell", frame, name)
        if self.touch(place, READ):
            self.happen("read", ((place, READ),), about=(name,))

    def write_cell(self, frame: Any, name: str, value: Any) -> Any:
        """Let a variable that inner functions share be written, and return the value."""
        place = ("cell", frame, name)
        if self.touch(place, WRITE):
            self.happen("write", ((place, WRITE),), about=(name, value))
        return value


class AttributeTarget:
    """What an attribute is assigned through where a statement assigns to several targets."""

    def __init__(self, accesses: Accesses, thing: Any, name: str) -> None:
        object.__setattr__(self, "parts", (accesses, thing, name))

    @classmethod
    def maker(cls, accesses: Accesses) -> Callable[[Any, str], AttributeTarget]:
        return lambda thing, name: cls(accesses, thing, name)

    def __setattr__(self, _: str, value: Any) -> None:
        accesses, thing, name = self.parts  # type: ignore[attr-defined]
        accesses.set_attribute(value, thing, name)

    def __delattr__(self, _: str) -> None:
        accesses, thing, name = self.parts  # type: ignore[attr-defined]
        kind = accesses.kind_of(type(thing))
        if kind in {CLASS, INSTANCE, LIBRARY}:
            footprint = accesses.attribute_footprint(thing, type(thing), kind, name, WRITE)
            accesses.step("delete", footprint, (thing, name))
            if kind == CLASS:
                accesses.patches(thing)
        elif isinstance(thing, ModuleType):
            accesses.change_module(f"deleting {thing.__name__}.{name}", thing, name)
        delattr(thing, name)


class ItemTarget:
    """What an item is assigned through where a statement assigns to several targets."""

    def __init__(self, accesses: Accesses, thing: Any, key: Any) -> None:
        object.__setattr__(self, "parts", (accesses, thing, key))

    @classmethod
    def maker(cls, accesses: Accesses) -> Callable[[Any, Any], ItemTarget]:
        return lambda thing, key: cls(accesses, thing, key)

    def __setattr__(self, _: str, value: Any) -> None:
        accesses, thing, key = self.parts  # type: ignore[attr-defined]
        accesses.set_item(value, thing, key)

    def __delattr__(self, _: str) -> None:
        accesses, thing, key = self.parts  # type: ignore[attr-defined]
        accesses.change_item("delete item", thing, key)
        del thing[key]
