"""Texts of objects: as deep as Python looks.

``repr``, ``str`` and ``format`` of a container ask each of its items. As with comparisons, what is
one step is carried out by CPython (see ``depths``), and what is not, here.
"""

from __future__ import annotations

import datetime as dt
from collections import deque
from typing import TYPE_CHECKING, Any

from anyorder.exploring.accesses.depths import Reading
from anyorder.exploring.accesses.telling import Telling
from anyorder.exploring.attributes import class_has, is_a
from anyorder.exploring.engine.unknown import dated, tells_zone

if TYPE_CHECKING:
    from collections.abc import Callable

    from anyorder.exploring.accesses.depths import Depths
    from anyorder.exploring.accesses.objects import Objects

__all__ = ["Showing"]

CONVERSIONS = {-1: "", 114: "repr", 115: "str", 97: "ascii"}
TO_NUMBER = ("__index__", "__int__", "__float__")  # what ``%d`` and its like ask for
BRACKETS: dict[type, tuple[str, str]] = {list: ("[", "]"), tuple: ("(", ")"), dict: ("{", "}")}


class Showing:
    """Makes texts of objects of the program.

    Args:
        objects: the objects of the exploration
        depths: looks into them
    """

    def __init__(self, objects: Objects, depths: Depths) -> None:
        self.objects = objects
        self.machine = objects.machine
        self.depths = depths
        self.telling = Telling(objects, depths)
        self.texts: dict[str, Callable[[Any], str]] = {"repr": repr, "str": str, "ascii": ascii}

    def format(self, value: Any, conversion: int, spec: Any = None) -> str:
        """Return what a part of an f-string comes to.

        Args:
            value: its value
            conversion: what ``ast`` has for ``!r``, ``!s``, ``!a`` or none
            spec: its format, where it has one
        """
        if conversion != -1:
            value = self.show(value, CONVERSIONS[conversion])
        return self.formatted(value, "" if spec is None else spec)

    def formatted(self, value: Any, spec: str = "") -> str:
        """Do what ``format`` does."""
        kind = self.objects.kinds.get(type(value)) or self.objects.kind_of(type(value))
        if kind.plain:
            dated = self.dated(spec) if is_a(value, dt.date | dt.time) else ""
            return dated or format(value, spec)
        if kind.runs(value, "format") or (
            not is_a(value, BaseException) and self.depths.one_step("repr", value, named=True)
        ):
            return self.machine.varied.masked(format(value, spec))
        return format(self.show(value, "str"), spec) if not spec else format(value, spec)

    def dated(self, form: Any) -> str:
        """Return what a date is as a text where its format asks for the computer's time zone.

        Of any other format that is nothing, and up to Python.
        """
        if not is_a(form, str) or not tells_zone(form, "s"):
            return ""
        self.machine.learn("unknowns")
        return dated(form)

    def show(self, value: Any, how: str) -> str:
        """Return a text of a value, without the addresses of objects.

        Args:
            value: what is shown
            how: ``"repr"``, ``"str"`` or ``"ascii"``
        """
        return self.machine.varied.masked(self.text(value, how))

    def text(self, value: Any, how: str) -> str:
        """Return a text of a value, as for ``show``."""
        kind = self.objects.kinds.get(type(value)) or self.objects.kind_of(type(value))
        if kind.plain or kind.runs(value, "str" if how == "str" else "repr"):
            return self.texts[how](value)
        by_str = how == "str" and is_a(value, BaseException)
        if self.telling.say(value) if by_str else self.depths.one_step("repr", value, named=True):
            return self.texts[how](value)
        method: Any = type(value).__str__
        if how == "str" and method is BaseException.__str__:
            Reading(self.objects, value).look()
            args = value.args
            return self.show(args[0] if len(args) == 1 else args, "str") if args else ""
        text = self.by_parts(value, ())
        return ascii(text)[1:-1] if how == "ascii" else text

    def later(self, value: Any, item: Callable[[Any, Any], Any]) -> Any:
        """Return what stands for an operand of ``%``, which is read where its text is asked for.

        Args:
            value: the operand
            item: gives an item of a mapping
        """
        if type(value) is tuple:
            return tuple(self.later_part(one, item) for one in value)
        return self.later_part(value, item)

    def later_part(self, value: Any, item: Callable[[Any, Any], Any]) -> Any:
        """Return what stands for one of several operands of ``%``."""
        kind = self.objects.kind_of(type(value))
        runs = kind.runs(value, "repr") and not is_a(value, BaseException)
        if kind.plain or runs or any(class_has(type(value), one) for one in TO_NUMBER):
            return value
        names = {
            "__str__": lambda _: self.show(value, "str"),
            "__repr__": lambda _: self.show(value, "repr"),
            "__getitem__": lambda _, key: self.later_part(item(value, key), item),
        }
        return type(type(value).__name__, (), names)()  # it complains by its name

    def by_parts(self, value: Any, around: tuple[int, ...]) -> str:
        """Return the ``repr`` of a value, made of those of its parts, each read at its moment."""
        cls = type(value)
        if id(value) in around and cls in BRACKETS:
            first, last = BRACKETS[cls]
            return f"{first}...{last}"
        kind = self.objects.kind_of(cls)
        if cls not in BRACKETS:
            if kind.runs(value, "repr") or self.depths.one_step("repr", value):
                return repr(value)
            method: Any = cls.__repr__
            if method is BaseException.__repr__:
                Reading(self.objects, value).look()
                args = value.args
                text = self.by_parts(args, around)
                return f"{cls.__name__}{text[:-2] + ')' if len(args) == 1 else text}"
            if method is deque.__repr__:
                return self.of_deque(value, around)
            self.machine.refuse(
                f"showing an object of {cls.__name__}, of which threads share several parts, is "
                "not followed: show what is in it one by one"
            )
        around = (*around, id(value))
        first, last = BRACKETS[cls]
        parts = []
        if cls is dict:
            for key, one in self.items(value):
                parts.append(f"{self.by_parts(key, around)}: {self.by_parts(one, around)}")
        else:
            reading = Reading(self.objects, value)
            number = 0
            while True:
                reading.look()
                if number >= len(value):
                    break
                parts.append(self.by_parts(value[number], around))
                number += 1
        comma = "," if cls is tuple and len(parts) == 1 else ""
        return f"{first}{', '.join(parts)}{comma}{last}"

    def of_deque(self, value: Any, around: tuple[int, ...]) -> str:
        """Return the ``repr`` of a deque, which makes a list of it first."""
        if id(value) in around:
            return "[...]"
        items = list(self.objects.kind_of(type(value)).iterate(value) or ())
        most = "" if value.maxlen is None else f", maxlen={value.maxlen}"
        return f"{type(value).__name__}({self.by_parts(items, (*around, id(value)))}{most})"

    def items(self, thing: dict[Any, Any]) -> Any:
        """Yield the items of a dict, which is to stay of one size meanwhile."""
        reading = Reading(self.objects, thing)
        reading.look()
        for key in reading.keys(thing, "shown"):
            yield key, thing[key]
