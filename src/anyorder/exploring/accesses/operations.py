"""What the program does with its objects: the operations of the language, on values."""

from __future__ import annotations

import operator
import warnings
from collections import Counter, OrderedDict, defaultdict, deque
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

from anyorder.exploring.accesses.buffers import read_in, read_where_they_lie
from anyorder.exploring.accesses.builtins import calling_frame
from anyorder.exploring.accesses.calls import SLOTS, Calls
from anyorder.exploring.accesses.comparing import Comparing, Link
from anyorder.exploring.accesses.containers import Container
from anyorder.exploring.accesses.copying import Attributes, Copying
from anyorder.exploring.accesses.depths import Depths
from anyorder.exploring.accesses.dicts import Dicts, Views, hold_keys
from anyorder.exploring.accesses.drawing import family_of
from anyorder.exploring.accesses.events import LOOK, READ_ATTRIBUTE
from anyorder.exploring.accesses.formatting import Formatting
from anyorder.exploring.accesses.instances import Classes, Instances, OwnContainers
from anyorder.exploring.accesses.iterators import (
    MAPPINGS,
    IteratorKind,
    Iterators,
    goes_by_keys,
)
from anyorder.exploring.accesses.library import Opaque, is_environment
from anyorder.exploring.accesses.lists import Lists
from anyorder.exploring.accesses.matching import Matching
from anyorder.exploring.accesses.numbers import is_backwards, repeated
from anyorder.exploring.accesses.showing import Showing
from anyorder.exploring.attributes import class_has, in_class, is_a
from anyorder.exploring.engine.events import READ
from anyorder.exploring.engine.unknown import Unknown
from anyorder.exploring.modules import HIDDEN, shows_running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from anyorder.exploring.accesses.abstract import Abstract
    from anyorder.exploring.accesses.objects import Objects
    from anyorder.exploring.engine.events import EventKind

__all__ = ["BINARY", "IN_PLACE", "UNARY", "Operations"]

# by the names of ``ast``, with the method that carries each out
BINARY: dict[str, tuple[Callable[[Any, Any], Any], str]] = {
    "Add": (operator.add, "__add__"), "Sub": (operator.sub, "__sub__"),
    "Mult": (operator.mul, "__mul__"), "MatMult": (operator.matmul, "__matmul__"),
    "Div": (operator.truediv, "__truediv__"), "FloorDiv": (operator.floordiv, "__floordiv__"),
    "Mod": (operator.mod, "__mod__"), "Pow": (operator.pow, "__pow__"),
    "LShift": (operator.lshift, "__lshift__"), "RShift": (operator.rshift, "__rshift__"),
    "BitOr": (operator.or_, "__or__"), "BitXor": (operator.xor, "__xor__"),
    "BitAnd": (operator.and_, "__and__"),
}  # fmt: skip
IN_PLACE: dict[str, Callable[[Any, Any], Any]] = {
    "Add": operator.iadd, "Sub": operator.isub, "Mult": operator.imul, "MatMult": operator.imatmul,
    "Div": operator.itruediv, "FloorDiv": operator.ifloordiv, "Mod": operator.imod,
    "Pow": operator.ipow, "LShift": operator.ilshift, "RShift": operator.irshift,
    "BitOr": operator.ior, "BitXor": operator.ixor, "BitAnd": operator.iand,
}  # fmt: skip
UNARY: dict[str, Callable[[Any], Any]] = {
    "UAdd": operator.pos, "USub": operator.neg, "Invert": operator.invert,
}  # fmt: skip


def inverted() -> warnings.WarningMessage | None:
    """Return the warning that Python gives where a truth value is inverted, if it gives any."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        operator.invert(bool(1))
    return caught[0] if caught else None


INVERTED = inverted()
OF_PAIRS = MAPPINGS - {Counter}  # what is made of pairs
HASHING = {set, frozenset, dict, Counter, OrderedDict, defaultdict}  # what hashes all that it takes


class Operations:
    """The operations of one exploration.

    Args:
        objects: the objects of the exploration
        iterators: goes through them
        abstract: the methods of abstract classes of the library
    """

    def __init__(self, objects: Objects, iterators: Iterators, abstract: Abstract) -> None:
        self.abstract = abstract
        self.objects = objects
        self.iterators = iterators
        self.machine = objects.machine
        self.depths = Depths(objects)
        self.comparing = Comparing(objects, self.depths, abstract, self.truth)
        self.showing = Showing(objects, self.depths)
        self.match = Matching(objects, iterators, self).match
        self.formatting = Formatting(self.item, self.attribute, self.showing.format)
        self.filled = self.formatting.filled
        self.telling = self.showing.telling
        self.family = family_of(iterators, self)
        self.calls = Calls(self)
        self.copying = Copying(self)
        self.same = self.comparing.same
        self.function, self.is_own = self.calls.function, self.calls.is_own
        self.stand_for = self.calls.stand_for
        self.iterate = iterators.iterate
        self.orders_alone = self.comparing.orders_alone
        self.show, self.format = self.showing.show, self.showing.format

    def kind(self, thing: Any) -> Any:
        """Return the kind of an object."""
        return self.objects.kinds.get(type(thing)) or self.objects.kind_of(type(thing))

    # -- attributes and items ------------------------------------------------------------------

    def attribute(self, thing: Any, name: str) -> Any:
        """Return an attribute, after its event where it is shared."""
        return self.kind(thing).attribute(thing, name)

    def attribute_or(self, thing: Any, name: str, *default: Any) -> Any:
        """Return an attribute, or the default where there is none, as ``getattr`` does."""
        try:
            return self.attribute(thing, name)
        except AttributeError:
            if not default:
                raise
            return default[0]

    def set_attribute(self, value: Any, thing: Any, name: str) -> None:
        """Set an attribute, after its event where it is shared."""
        self.kind(thing).set_attribute(value, thing, name)

    def delete_attribute(self, thing: Any, name: str) -> None:
        """Delete an attribute, after its event where it is shared."""
        self.kind(thing).delete_attribute(thing, name)

    def before_slot(self, what: EventKind, thing: Any, name: str, *value: Any) -> None:
        """Make an event of reaching an attribute as ``object.__setattr__`` and the like do."""
        kind = self.kind(thing)
        if is_a(kind, Classes | Instances):
            if name == "__dict__":
                self.hidden(thing, name)
            if what is READ_ATTRIBUTE and is_a(kind, Instances):
                footprint = kind.attribute_footprint(thing, name, READ)
                if footprint:
                    self.objects.step(READ_ATTRIBUTE, footprint, (thing, name))
            elif what is not READ_ATTRIBUTE:
                kind.change(thing, name, what, *value)

    def by_slot(self, slot: str, thing: Any, name: str, *value: Any) -> Any:
        """Do what one of ``object``'s methods for attributes does."""
        self.before_slot(SLOTS[slot], thing, name, *value)
        return getattr(object, slot)(thing, name, *value)

    def item(self, thing: Any, key: Any) -> Any:
        """Return an item, after its event where it is shared."""
        kind = self.objects.kinds.get(type(thing)) or self.objects.kind_of(type(thing))
        return thing[key] if kind.plain else kind.item(thing, key)

    def set_item(self, value: Any, thing: Any, key: Any) -> None:
        """Set an item, after its event where it is shared."""
        self.kind(thing).set_item(value, thing, key)

    def delete_item(self, thing: Any, key: Any) -> None:
        """Delete an item, after its event where it is shared."""
        self.kind(thing).delete_item(thing, key)

    # -- conditions and sizes --------------------------------------------------------------------

    def truth(self, thing: Any) -> Any:
        """Make an event of asking whether a thing is true, where it is shared, and return it."""
        kind = self.objects.kinds.get(type(thing)) or self.objects.kind_of(type(thing))
        if not kind.plain:
            size = kind.size(thing)
            if size and self.objects.touch_all(size):
                self.objects.happen(LOOK, size, (thing,))
        return thing

    def length(self, *things: Any) -> int:
        """Return the length of a thing."""
        if len(things) == 1:
            self.truth(things[0])
        return len(*things)

    def own_method(self, thing: Any, name: str) -> bool:
        """Whether the class of an object has a method that is followed as the code that it is."""
        written = type(in_class(type(thing), name)) is FunctionType
        return written and not is_a(self.kind(thing), Opaque)

    # -- operators -------------------------------------------------------------------------------

    def binary(self, name: str, left: Any, right: Any, operate_in_place: Any = None) -> Any:
        """Return what an operator gives, after reading both of its operands in one step.

        Args:
            name: its name in ``ast``
            left: its left operand
            right: its right operand
            operate_in_place: what carries it out, where that is another function
        """
        operate, method = BINARY[name]
        of_left, of_right = self.kind(left), self.kind(right)
        if of_left.plain and of_right.plain:
            return operate(left, right)
        if is_a(left, bytes | bytearray):
            left, right = self.bytes_of(name, left, right, in_place=operate_in_place is not None)
        operate = operate_in_place or operate
        if name == "Mod" and is_a(left, str | bytes):
            by_items = self.by_items(right)
            if by_items and is_a(left, bytes):
                self.machine.refuse(
                    "% of bytes and a dict is not followed where threads share any of it, or where "
                    "it makes items: make a text of it, and encode that"
                )
            if is_a(left, str) and (by_items or not self.depths.one_step("repr", right)):
                return operate(left, self.showing.later(right, self.item))
            self.depths.read("repr", "%", right)
            return operate(left, right)
        for one in (left, right):
            self.objects.in_one_step(one)
            if name == "BitOr" and goes_by_keys(one, type(left)):
                self.hold_taken(one)
        asks_right = not is_a(of_left, Views)  # which take over anything that has items
        if self.own_method(left, method) or (
            asks_right and self.own_method(right, f"__r{method[2:]}")
        ):
            return self.objects.made(operate(left, right))
        left, right = repeated(name, left, right)
        left, right = (
            deque(self.iterators.taken(one, deque), one.maxlen) if type(one) is deque else one
            for one in (left, right)
        )
        things = [one for one, kind in ((left, of_left), (right, of_right)) if kind.whole(one)]
        footprint = tuple(part for one in things for part in self.kind(one).whole(one))
        if footprint and self.objects.touch_all(footprint):
            self.objects.happen(LOOK, footprint, tuple(things))
        copied = is_a(of_left, Views) and name != "BitAnd"  # before the other one is asked
        touched = self.depths.containers(*(() if copied else (left,)), right)
        return self.objects.made(self.objects.unbroken(method, touched, operate, left, right))

    def bytes_of(self, name: str, left: Any, right: Any, *, in_place: bool) -> tuple[Any, Any]:
        """Return the operands of an operator, with what it reads of those that do not lock it.

        Args:
            name: its name in ``ast``
            left: bytes, or an array of them
            right: its right operand
            in_place: whether it changes the left one
        """
        if name == "Add" and not in_place:
            left, right = read_where_they_lie(self.objects, left, right)
        elif right is not left and name != "Mult":
            right = read_in(self.objects, right)
        return left, right

    def hold_taken(self, thing: Any) -> None:
        """Refuse a dict that threads share, of which ``|`` takes over one item after another."""
        if self.objects.touch_all(self.kind(thing).whole(thing)):
            self.machine.refuse(
                "| takes over one item after another of an OrderedDict or the like that threads "
                "share, which is not followed: make a dict of each, and call update()"
            )

    def by_items(self, thing: Any) -> bool:
        """Whether ``%`` reads a thing item by item: each field reads one, and may make it."""
        return is_a(thing, dict) and (
            class_has(type(thing), "__missing__") or bool(self.depths.inside("repr", (thing,))[0])
        )

    def add(self, left: Any, right: Any) -> Any:
        """Return a sum."""
        return self.binary("Add", left, right)

    def unary(self, name: str, operand: Any) -> Any:
        """Return what an operator with one operand gives."""
        kind = self.kind(operand)
        if name == "Invert" and type(operand) is bool and INVERTED is not None:
            self.calls.warn(INVERTED.message, INVERTED.category)
            return ~int(operand)
        self.objects.in_one_step(operand)
        if not kind.plain and not self.own_method(operand, f"__{name}__"):
            kind.look(operand)
        return self.objects.made(UNARY[name](operand))

    def in_place(  # noqa: C901, PLR0911 - a table of questions
        self, name: str, left: Any, right: Any
    ) -> Any:
        """Carry out ``left += right`` and its like, up to the storing of the result."""
        operate = IN_PLACE[name]
        of_left, of_right = self.kind(left), self.kind(right)
        if of_left.plain and of_right.plain:
            return operate(left, right)
        if is_environment(left):
            self.objects.outlives("a change of os.environ")
        method = BINARY[name][1]
        if is_a(of_left, Opaque):
            of_left.look(left)
        if is_a(of_left, OwnContainers):
            if of_left.has_own(left, f"__i{method[2:]}", method):
                return self.objects.made(operate(left, right))
            of_left = of_left.container
        if is_a(of_left, Dicts):
            return self.objects.made(of_left.in_place(left, right, lambda one: operate(left, one)))
        has_own = class_has(type(left), f"__i{method[2:]}")
        if is_a(of_left, Container) and of_left.holds and has_own:
            if name == "Add" and is_a(of_left, Lists) and not of_left.at_once(right):
                of_left.one_by_one(left, "extend", (right,))
                return left
            left, right = repeated(name, left, right)
            (right,), read = of_left.held((right,))
            of_left.change(left, "extend", (right,), read)
            footprint = of_left.changed(left) + read
            return self.objects.made(self.objects.unbroken(method, footprint, operate, left, right))
        abstract = self.abstract.of(in_class(type(left), f"__i{method[2:]}"))
        if abstract is not None:
            return self.objects.made(abstract(left, right))
        if has_own:
            return self.objects.made(operate(left, right))
        return self.binary(name, left, right, operate)

    def compare(self, name: str, left: Any, right: Any) -> Any:
        """Return what a comparison gives; ``in`` and ``not in`` among them."""
        if name == "In":
            return self.contains(left, right)
        if name == "NotIn":
            return not self.contains(left, right)
        return self.comparing.compare(name, left, right)

    def contains(self, item: Any, thing: Any) -> bool:
        """Say whether an item is in a container."""
        kind = self.kind(thing)
        if kind.plain:
            return item in thing
        abstract = self.abstract.of(in_class(type(thing), "__contains__"))
        if abstract is not None:
            return bool(self.truth(abstract(thing, item)))
        if is_a(kind, IteratorKind):
            return self.found(self.iterate(thing), item)
        if is_a(thing, tuple) and type(thing).__contains__ is tuple.__contains__:
            return self.found(tuple.__iter__(thing), item)
        if self.own_method(thing, "__iter__") and not class_has(type(thing), "__contains__"):
            return self.found(self.iterate(thing), item)
        return kind.contains(item, thing)  # type: ignore[no-any-return]

    def found(self, items: Any, item: Any) -> bool:
        """Say whether an item is among others, looking at one after another."""
        return any(self.same(one, item) for one in items)

    def link(self, value: Any) -> Link:
        """Return an operand of a chain of comparisons."""
        return Link(value, self)

    # -- iteration and order ---------------------------------------------------------------------

    def backwards(self, thing: Any) -> Any:
        """Return what ``reversed`` goes through: one step for each item of a container."""
        kind = self.kind(thing)
        if kind.indexed and kind.iterate(thing) is not None:
            return (kind.item(thing, number) for number in reversed(range(len(thing))))
        if kind.plain or not is_a(kind, Container) or not class_has(type(thing), "__reversed__"):
            return reversed(thing)
        self.objects.step(LOOK, kind.size(thing), (thing,))  # it begins at the end of now
        return self.iterators.made_of(thing, kind.whole(thing), reversed(thing))

    def taken(self, thing: Any, taker: Any) -> Any:
        """Return what is taken over: item by item where that runs code of the program's own.

        Args:
            thing: what holds it
            taker: the class that takes it over
        """
        kind = self.kind(thing)
        if taker in OF_PAIRS:
            hold_keys(self.objects, thing)
        by_keys = taker in MAPPINGS and goes_by_keys(thing, taker)
        if by_keys and self.objects.touch_all(kind.whole(thing)):
            pairs = self.by_keys(thing, taker)
            return pairs if taker in OF_PAIRS else dict(pairs)
        is_asked = kind.holds or kind.steady or is_a(kind, IteratorKind)
        if taker in OF_PAIRS and is_asked and not class_has(type(thing), "keys"):
            return self.pairs(thing)
        if taker in OF_PAIRS and not kind.holds and self.own_method(thing, "keys"):
            return self.by_keys(thing, taker)
        if taker not in HASHING or not kind.holds:
            # these may ask a thing of the program's own for something else than its items
            take = self.iterators.taken if taker in {bytes, bytearray, dict} else None
            return (take or self.iterators.all_of)(thing, taker)
        parts = list(kind.inside(thing))
        if any(self.kind(one).runs(one, "hash") or self.kind(one).runs(one, "eq") for one in parts):
            if is_a(thing, dict) and self.objects.touch_all(kind.changed(thing)):
                self.machine.refuse(
                    "taking over a dict whose keys run code of the program, and which threads "
                    "share, is not followed: take keys of a built-in type"
                )
            return thing if is_a(thing, dict) else self.iterate(thing)
        return self.iterators.taken(thing, taker)

    def pairs(self, thing: Any) -> Iterator[Any]:
        """Yield pairs that a dict is made of; each is read as it is taken over."""
        for pair in self.iterators.iterate(thing):
            reads = is_a(pair, list | deque)
            yield tuple(self.iterators.taken(pair, tuple)) if reads else pair

    def by_keys(self, thing: Any, taker: Any) -> Iterator[Any]:
        """Yield what a dict is made of, where that is asked for its ``keys``, and each item.

        Args:
            thing: what has them
            taker: the class of the dict
        """
        keys = self.function(self.attribute(thing, "keys"))()
        if taker is not OrderedDict and type(keys) is not list:  # these are asked for in turn
            keys = list(self.iterators.all_of(keys))
        for key in self.iterators.iterate(keys):
            yield key, self.item(thing, key)

    def ordered(self, items: list[Any], key: Any, reverse: Any) -> list[Any]:
        """Return items in order."""
        backwards = is_backwards(reverse)
        keys = None if key is None else [self.function(key)(one) for one in items]
        with self.machine.varied.holding(*items):
            found = self.comparing.ordered(items, keys, backwards)
        return self.objects.made(found)  # type: ignore[no-any-return]

    # -- managers --------------------------------------------------------------------------------

    def enters(self, manager: Any) -> Any:
        """Return a manager that is entered; refuse one that is shared and cannot be followed."""
        kind = self.kind(manager)
        if type(manager) is Unknown:
            manager.depend()  # Python would name its class
        if not kind.plain and not kind.holds:
            kind.look(manager)
        return manager

    def hidden(self, thing: Any, name: str) -> Any:
        """Return an object's attributes as a dict, or refuse what shows others unseen."""
        kind = self.kind(thing)
        if name != "__dict__" or not is_a(kind, Instances):
            self.machine.refuse(f"{name} reaches what cannot be followed: do without {name}")
        return kind.shown_as_dict(thing)

    def of_interpreter(self, name: str, value: Any) -> Any:
        """Return what the interpreter has put among the variables of a module, or refuse it."""
        reason = shows_running(name)
        if reason:
            self.machine.refuse(reason)
        names = calling_frame(self.machine.own).f_globals
        deleted = names["__name__"] == "__main__" and not self.machine.current.home
        if name == "__file__" and deleted and self.machine.past_last_line():
            self.machine.refuse(
                "__file__ is deleted once the main thread has come to its last line, which this "
                "may follow: keep it in a variable"
            )
        self.machine.learn("unknowns")
        return value

    def attribute_for_library(self, thing: Any, name: str) -> Any:
        """Return an attribute for code of the library, which may reach what a program may not."""
        if name == "__dict__" and is_a(self.kind(thing), Instances):
            object.__getattribute__(thing, name)  # there may be none
            return Attributes(self.objects, thing)
        if name in HIDDEN or is_a(thing, ModuleType):
            return getattr(thing, name)
        return self.attribute(thing, name)
