"""``match``: patterns, tried by the operations that Python's own would be.

See `the match statement <https://docs.python.org/3/reference/compound_stmts.html#the-match-statement>`_.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Protocol

from anyorder.exploring.accesses.protocols import look_for_members
from anyorder.exploring.accesses.quiet import is_built_in
from anyorder.exploring.attributes import is_a

if TYPE_CHECKING:
    from collections.abc import Callable

    from anyorder.exploring.accesses.iterators import Iterators
    from anyorder.exploring.accesses.objects import Objects

__all__ = ["Matching"]

# the types of which Python says how many values there are, where they are too many
SAYS_HOW_MANY = {dict, list, tuple} if sys.version_info >= (3, 14) else set()

# these take the subject itself for their one positional pattern
SELF = (bool, bytearray, bytes, dict, float, frozenset, int, list, set, str, tuple)
MISSING: Any = object()
NO_CLASS = "called match pattern must be a class"  # what is said where it is none
if sys.version_info < (3, 12):
    NO_CLASS = "called match pattern must be a type"
elif sys.version_info >= (3, 15):
    NO_CLASS = "class pattern must refer to a class"


class NoMatch(Exception):  # noqa: N818 - it is no error
    """A pattern does not match."""


class MatchOperations(Protocol):
    """The operations of the language by which patterns are tried."""

    def attribute(self, thing: Any, name: str) -> Any: ...
    def compare(self, name: str, left: Any, right: Any) -> Any: ...
    def item(self, thing: Any, key: Any) -> Any: ...
    def length(self, *things: Any) -> int: ...
    def truth(self, thing: Any) -> Any: ...


class Matching:
    """Tries patterns, as ``patterns`` tells them.

    Args:
        objects: the objects of the exploration
        iterators: goes through them
        operations: what patterns are tried by
    """

    def __init__(self, objects: Objects, iterators: Iterators, operations: MatchOperations) -> None:
        self.objects = objects
        self.iterators = iterators
        self.operations = operations

    def match(self, subject: Any, pattern: tuple[Any, ...]) -> Any:
        """Return what a pattern captures, by number, and ``None`` where it does not match."""
        captures: dict[int, Any] = {}
        try:
            self.try_one(subject, pattern, captures)
        except NoMatch:
            return None
        return captures

    def try_one(self, subject: Any, pattern: tuple[Any, ...], captures: dict[int, Any]) -> None:
        """Try one pattern.

        Raises:
            NoMatch: it does not match
        """
        kind, *parts = pattern
        getattr(self, f"try_{kind}")(subject, captures, *parts)

    def hold(self, matches: Any) -> None:
        """Go on only where something is true."""
        if not self.operations.truth(matches):
            raise NoMatch

    def try_value(self, subject: Any, _: Any, value: Callable[[], Any]) -> None:
        self.hold(self.operations.compare("Eq", subject, value()))

    def try_is(self, subject: Any, _: Any, value: Any) -> None:
        self.hold(subject is value)

    def try_as(self, subject: Any, captures: Any, inner: Any, number: int | None) -> None:
        if inner is not None:
            self.try_one(subject, inner, captures)
        if number is not None:
            captures[number] = subject

    def try_or(self, subject: Any, captures: Any, alternatives: tuple[Any, ...]) -> None:
        for one in alternatives:
            found: dict[int, Any] = {}
            try:
                self.try_one(subject, one, found)
            except NoMatch:
                continue
            captures.update(found)
            return
        raise NoMatch

    def try_sequence(  # noqa: C901, PLR0912 - a table of questions
        self, subject: Any, captures: Any, parts: tuple[Any, ...]
    ) -> None:
        match subject:  # Python says whether it is a sequence
            case [*_]:
                pass
            case _:
                raise NoMatch
        star = next((number for number, one in enumerate(parts) if one[0] == "star"), None)
        if star is not None and len(parts) == 1 and parts[0][1] is None:
            return
        length = self.operations.length(subject)
        if star is None:
            self.hold(length == len(parts))
            if all(one == ("as", None, None) for one in parts):
                return
            for one, inner in zip(self.items(subject, len(parts)), parts, strict=True):
                self.try_one(one, inner, captures)
            return
        after = len(parts) - star - 1
        self.hold(length >= len(parts) - 1)
        if parts[star][1] is None:  # the items are asked for one by one
            places = [*range(star), *(length - number for number in range(after, 0, -1))]
            for place, inner in zip(places, [*parts[:star], *parts[star + 1 :]], strict=True):
                if inner != ("as", None, None):
                    self.try_one(self.operations.item(subject, place), inner, captures)
            return
        found = list(self.iterators.unpack(subject))
        if len(found) < len(parts) - 1:
            raise ValueError(
                f"not enough values to unpack (expected at least {len(parts) - 1}, "
                f"got {len(found)})"
            )
        middle = found[star : len(found) - after]
        found[star : len(found) - after] = [middle]
        for one, inner in zip(found, parts, strict=True):
            if inner[0] == "star":
                captures[inner[1]] = self.objects.made(one)
            else:
                self.try_one(one, inner, captures)

    def items(self, subject: Any, count: int) -> list[Any]:
        """Return so many items of a sequence, as unpacking gives them."""
        found = [one for one in self.iterators.unpack(subject)]  # noqa: C416 - list() asks for a hint
        if len(found) < count:
            raise ValueError(f"not enough values to unpack (expected {count}, got {len(found)})")
        if len(found) > count:
            got = f", got {len(found)}" if type(subject) in SAYS_HOW_MANY else ""
            raise ValueError(f"too many values to unpack (expected {count}{got})")
        return found

    def try_mapping(
        self,
        subject: Any,
        captures: Any,
        keys: tuple[Callable[[], Any], ...],
        parts: tuple[Any, ...],
        rest: int | None,
    ) -> None:
        match subject:  # Python says whether it is a mapping
            case {}:
                pass
            case _:
                raise NoMatch
        if keys:
            self.hold(self.operations.length(subject) >= len(keys))
        wanted = [key() for key in keys]
        get: Any = self.operations.attribute(subject, "get") if wanted else None
        values = []
        for key in wanted:
            value = get(key, MISSING)
            self.hold(value is not MISSING)
            values.append(value)
        for value, inner in zip(values, parts, strict=True):
            self.try_one(value, inner, captures)
        if rest is not None:
            left = dict(self.iterators.mapping(subject))
            for key in wanted:
                del left[key]
            captures[rest] = self.objects.made(left)

    def is_instance(self, subject: Any, cls: type) -> bool:
        """Whether something is an object of a class, whose own class may say so in Python."""
        if is_built_in(type(cls)):
            return isinstance(subject, cls)
        return bool(self.objects.around(isinstance, subject, cls))

    def try_class(  # noqa: C901, PLR0913, PLR0917 - all that such a pattern says
        self,
        subject: Any,
        captures: Any,
        cls: Callable[[], Any],
        places: tuple[Any, ...],
        names: tuple[str, ...],
        parts: tuple[Any, ...],
    ) -> None:
        wanted = cls()
        if not is_a(wanted, type):
            raise TypeError(NO_CLASS)
        self.objects.look_at_class(subject)
        look_for_members(self.objects, subject, wanted)
        self.hold(self.is_instance(subject, wanted))
        positions: tuple[str, ...] = ()
        if places and not hasattr(wanted, "__match_args__"):
            if not issubclass(wanted, SELF) or len(places) > 1:
                allowed = int(issubclass(wanted, SELF))
                raise TypeError(
                    f"{wanted.__name__}() accepts {allowed} positional sub-pattern"
                    f"{'' if allowed == 1 else 's'} ({len(places)} given)"
                )
            self.try_one(subject, places[0], captures)
            places = ()
        elif places:
            positions = self.operations.attribute(wanted, "__match_args__")
            if not is_a(positions, tuple):
                raise TypeError(
                    f"{wanted.__name__}.__match_args__ must be a tuple "
                    f"(got {type(positions).__name__})"
                )
            if len(positions) < len(places):
                raise TypeError(
                    f"{wanted.__name__}() accepts {len(positions)} positional sub-pattern"
                    f"{'' if len(positions) == 1 else 's'} ({len(places)} given)"
                )
        for name in positions[: len(places)]:
            if not is_a(name, str):
                raise TypeError(
                    f"__match_args__ elements must be strings (got {type(name).__name__})"
                )
        every = [*positions[: len(places)], *names]
        values = []
        for number, name in enumerate(every):
            if name in every[:number]:
                raise TypeError(
                    f"{wanted.__name__}() got multiple sub-patterns for attribute {name!r}"
                )
            try:
                values.append(self.operations.attribute(subject, name))
            except AttributeError:
                raise NoMatch from None
        for value, inner in zip(values, [*places, *parts], strict=True):
            self.try_one(value, inner, captures)
