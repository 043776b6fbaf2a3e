"""Comparing: as deep as Python looks, in the order in which it looks.

CPython compares two lists or tuples item by item, first by identity and then by ``==``, up to the
first that differ; of two dicts, the values of each key of the first one. Where all of that is one
step (see ``depths``), it is carried out by CPython itself; else it is carried out here, so that
each object is read at a moment of its own.
"""

from __future__ import annotations

import itertools
import operator
from collections import deque
from types import FunctionType, MethodType
from typing import TYPE_CHECKING, Any

from anyorder.exploring.accesses.buffers import is_shared_array, read_where_they_lie
from anyorder.exploring.accesses.depths import Reading
from anyorder.exploring.accesses.events import LOOK
from anyorder.exploring.attributes import in_class, is_a

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from anyorder.exploring.accesses.abstract import Abstract
    from anyorder.exploring.accesses.depths import Depths
    from anyorder.exploring.accesses.kinds import Kind
    from anyorder.exploring.accesses.objects import Objects

__all__ = ["COMPARISONS", "Comparing", "Link"]

# by the names of ``ast``, and how deep they look
COMPARISONS: dict[str, tuple[Callable[[Any, Any], Any], str]] = {
    "Eq": (operator.eq, "eq"), "NotEq": (operator.ne, "eq"), "Lt": (operator.lt, "lt"),
    "LtE": (operator.le, "lt"), "Gt": (operator.gt, "lt"), "GtE": (operator.ge, "lt"),
}  # fmt: skip
# the methods that carry them out, of the left operand and of the right one
METHODS = {
    "Eq": ("__eq__", "__eq__"), "NotEq": ("__ne__", "__ne__"), "Lt": ("__lt__", "__gt__"),
    "LtE": ("__le__", "__ge__"), "Gt": ("__gt__", "__lt__"), "GtE": ("__ge__", "__le__"),
}  # fmt: skip
SEQUENCES = (list, tuple)


class Comparing:
    """Compares objects of the program.

    Args:
        objects: the objects of the exploration
        depths: looks into them
        abstract: the methods of abstract classes of the library
        truth: asks for the truth of a value
    """

    def __init__(
        self, objects: Objects, depths: Depths, abstract: Abstract, truth: Callable[[Any], Any]
    ) -> None:
        self.objects = objects
        self.machine = objects.machine
        self.abstract = abstract
        self.depths = depths
        self.truth = truth
        # says what can be told of texts that are not known: nothing, where there are none
        self.told: Callable[[str, Any, Any], bool | None] = lambda *_: None

    def compare(  # noqa: C901, PLR0911 - a table of questions
        self, name: str, left: Any, right: Any
    ) -> Any:
        """Return what a comparison gives.

        Args:
            name: its name in ``ast``
            left: its left operand
            right: its right operand
        """
        told = self.told(name, left, right)
        if told is not None:
            return told
        for one in (left, right):
            self.objects.in_one_step(one)
        operate, operation = COMPARISONS[name]
        kinds, kind_of = self.objects.kinds, self.objects.kind_of
        of_left = kinds.get(type(left)) or kind_of(type(left))
        of_right = kinds.get(type(right)) or kind_of(type(right))
        if of_left.plain and of_right.plain:
            return operate(left, right)
        how = "ne" if name == "NotEq" else operation
        runs = [
            kind.runs(one, how) and not from_container(kind, one, method)
            for kind, one, method in zip(
                (of_left, of_right), (left, right), METHODS[name], strict=True
            )
        ]
        if any(runs):
            equal = self.equal_by_library(left, right) if operation == "eq" else NotImplemented
            if equal is not NotImplemented:
                return equal is (name == "Eq")
            return operate(left, right)  # it is up to the code of one of them
        if is_shared_array(self.objects, left) is not is_shared_array(self.objects, right):
            left, right = read_where_they_lie(self.objects, left, right)
        if self.depths.one_step(operation, left, right, named=True):
            return operate(left, right)
        if is_a(left, deque) is not is_a(right, deque):
            return operate(left, right)  # which looks into neither
        if is_a(left, deque):
            return self.compare_deques(name, left, right)
        for cls in SEQUENCES:
            if is_a(left, cls) and is_a(right, cls):
                return self.compare_items(name, left, right)
        if is_a(left, dict) and is_a(right, dict) and operation == "eq":
            return self.compare_dicts(left, right) is (name == "Eq")
        self.machine.refuse(
            f"comparing objects of {type(left).__name__} and {type(right).__name__}, of which "
            "threads share several, is not followed: compare what is in them one by one"
        )
        return None

    def equal_by_library(self, left: Any, right: Any) -> Any:
        """Return what the first ``__eq__`` says that an abstract class of the library has."""
        for one, other in (left, right), (right, left):
            own = in_class(type(one), "__eq__")
            abstract = self.abstract.of(own)
            if abstract is not None:
                return abstract(one, other)
            if is_a(own, FunctionType):  # the program's, which may decide
                break
        return NotImplemented

    def same(self, one: Any, other: Any) -> bool:
        """Whether two objects are one, or equal."""
        return one is other or bool(self.truth(self.compare("Eq", one, other)))

    def compare_items(self, name: str, left: Any, right: Any) -> Any:
        """Compare two sequences item by item, as CPython does."""
        reading = Reading(self.objects, left, right)
        reading.look()
        if name in {"Eq", "NotEq"} and len(left) != len(right) and is_a(left, list):
            return name == "NotEq"  # CPython looks at the lengths of lists first
        number = 0
        while True:
            reading.look()
            if number >= len(left) or number >= len(right):
                return COMPARISONS[name][0](len(left), len(right))
            one, other = left[number], right[number]
            if not self.same(one, other):
                if name in {"Eq", "NotEq"}:
                    return name == "NotEq"
                return self.compare(name, one, other)
            number += 1

    def compare_deques(self, name: str, left: Any, right: Any) -> Any:
        """Compare two deques by an iterator over each, as CPython does."""
        by_size = name in {"Eq", "NotEq"}
        if by_size and left is right:
            return name == "Eq"
        kind = self.objects.kind_of(type(left))
        other_kind = self.objects.kind_of(type(right))
        self.objects.step(LOOK, (*kind.size(left), *other_kind.size(right)), (left, right))
        if by_size and len(left) != len(right):
            return name == "NotEq"
        others = iter(other_kind.iterate(right) or ())
        over = object()
        for one in kind.iterate(left) or ():
            other = next(others, over)
            if other is over:
                return COMPARISONS[name][0](1, 0)
            if not self.same(one, other):
                return name == "NotEq" if by_size else self.compare(name, one, other)
        return COMPARISONS[name][0](0, int(next(others, over) is not over))

    def compare_dicts(self, left: Any, right: Any) -> bool:
        """Whether two dicts have the same keys, with equal values."""
        reading = Reading(self.objects, left, right)
        reading.look()
        if len(left) != len(right):
            return False
        for key in reading.keys(left, "compared"):
            if key not in right or not self.same(left[key], right[key]):
                return False
        return True

    # -- orders --------------------------------------------------------------------------------

    def orders_alone(self, items: Iterable[Any]) -> bool:
        """Whether items can be put in order with nothing that another thread could see."""
        kinds, kind_of = self.objects.kinds, self.objects.kind_of
        return all((kinds.get(type(one)) or kind_of(type(one))).plain for one in items)

    def ordered(self, items: list[Any], keys: list[Any] | None, reverse: bool) -> list[Any]:
        """Return a list in order, each comparison of two items as it would be alone.

        Args:
            items: the list
            keys: by what they are compared, where that is not themselves
            reverse: whether the largest comes first
        """
        for one, other in itertools.pairwise(items if keys is None else keys):
            self.told("Lt", one, other)
        if self.orders_alone(items if keys is None else keys):
            pairs = list(
                zip(items if keys is None else keys, range(len(items)), items, strict=True)
            )
            pairs.sort(key=operator.itemgetter(0), reverse=reverse)
            return [item for _, _, item in pairs]
        compare = self.compare

        class Compared:
            """An item, which is compared by way of events."""

            def __init__(self, value: Any, item: Any) -> None:
                self.value = value
                self.item = item

            def __lt__(self, other: Compared) -> Any:
                return compare("Lt", self.value, other.value)

        found = [
            Compared(key, item)
            for key, item in zip(items if keys is None else keys, items, strict=True)
        ]
        found.sort(reverse=reverse)
        return [one.item for one in found]


def from_container(kind: Kind, thing: Any, name: str) -> bool:
    """Whether a class derived from a container has a method from there, and others of its own."""
    return (kind.holds or kind.steady) and not is_a(
        in_class(type(thing), name), FunctionType | MethodType
    )


class Link:
    """An operand of a chain of comparisons: Python asks for the truth of each, and goes on or not.

    Args:
        value: the operand
        operations: carries the comparisons out
    """

    __hash__ = None  # type: ignore[assignment]

    def __init__(self, value: Any, operations: Any) -> None:
        self.value = value
        self.operations = operations

    def linked(self, name: str, other: Any) -> Any:
        """Compare with the next operand."""
        return self.operations.truth(self.operations.compare(name, self.value, other.value))

    def __eq__(self, other: object) -> Any:
        return self.linked("Eq", other)

    def __ne__(self, other: object) -> Any:
        return self.linked("NotEq", other)

    def __lt__(self, other: Any) -> Any:
        return self.linked("Lt", other)

    def __le__(self, other: Any) -> Any:
        return self.linked("LtE", other)

    def __gt__(self, other: Any) -> Any:
        return self.linked("Gt", other)

    def __ge__(self, other: Any) -> Any:
        return self.linked("GtE", other)

    def __contains__(self, item: Any) -> bool:
        return bool(self.operations.contains(item.value, self.value))
