"""``str.format``: its fields, each reached and shown as it would be outside of the text."""

from __future__ import annotations

import _string
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Formatting", "NotFilled"]

CONVERSIONS = {None: -1, "r": 114, "s": 115, "a": 97}
DEEPEST = 2  # how deep a format may have fields of its own


class NotFilled(Exception):  # noqa: N818 - Python has an error of its own for it
    """A template and what it is given do not fit."""


class Formatting:
    """Fills in templates.

    Args:
        item: returns an item of an object
        attribute: returns an attribute of an object
        show: returns the text of an object, by a conversion and a format
    """

    def __init__(
        self,
        item: Callable[[Any, Any], Any],
        attribute: Callable[[Any, str], Any],
        show: Callable[[Any, int, str], str],
    ) -> None:
        self.item = item
        self.attribute = attribute
        self.show = show

    def filled(self, template: str, args: tuple[Any, ...] | None, names: Any) -> str:
        """Return a template with its fields filled in.

        Args:
            template: the template
            args: what its fields with numbers are of: nothing, for ``format_map``
            names: what its fields with names are of

        Raises:
            NotFilled: they do not fit
            IndexError: there is no such argument; fields before it have been shown by now
        """
        return self.fill(template, args, names, [0, False], DEEPEST)

    def fill(self, template: str, args: Any, names: Any, numbers: list[Any], deep: int) -> str:
        """Fill in a template, or the format of one of its fields.

        Args:
            template: the template
            args: as for ``filled``
            names: as for ``filled``
            numbers: how many fields without a number there have been, and whether any had one
            deep: how deep a format may have fields of its own
        """
        if deep == 0:
            raise NotFilled
        try:
            parts = list(_string.formatter_parser(template))
        except ValueError as error:
            raise NotFilled from error
        text = []
        for literal, field, spec, conversion in parts:
            text.append(literal)
            if field is None:
                continue
            value = self.reached(field, args, names, numbers)
            if conversion not in CONVERSIONS:
                raise NotFilled
            if conversion is not None:  # before its format is filled in
                value = self.show(value, CONVERSIONS[conversion], "")
            spec = self.fill(spec, args, names, numbers, deep - 1) if spec else ""  # noqa: PLW2901
            text.append(self.show(value, CONVERSIONS[None], spec))
        return "".join(text)

    def reached(self, field: str, args: Any, names: Any, numbers: list[Any]) -> Any:
        """Return what a field names."""
        try:
            first, rest = _string.formatter_field_name_split(field)
            steps = list(rest)
        except ValueError as error:
            raise NotFilled from error
        if first == "":
            first = numbers[0]
            numbers[0] += 1
            if numbers[1]:
                raise NotFilled
        elif isinstance(first, int):
            numbers[1] = True
            if numbers[0]:
                raise NotFilled
        if isinstance(first, int):
            if args is None:
                raise NotFilled
            if first >= len(args):
                raise IndexError(
                    f"Replacement index {first} out of range for positional args tuple"
                )
            value = args[first]
        else:
            value = self.item(names, first)
        for is_attribute, name in steps:
            reach = self.attribute if is_attribute else self.item
            value = reach(value, name)
        return value
