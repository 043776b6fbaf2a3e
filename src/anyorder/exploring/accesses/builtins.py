"""What stands for built-in functions, and for those of the library that take things as they do.

The table says of each built-in function how it takes its arguments.
"""

from __future__ import annotations

import builtins
import functools
import itertools
import operator
from collections import Counter, OrderedDict, defaultdict, deque
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any, Protocol

from anyorder.exploring.accesses.buffers import read_in
from anyorder.exploring.accesses.drawing import DRAWING, Drawn, class_of
from anyorder.exploring.accesses.events import LOOK
from anyorder.exploring.accesses.instances import Instances
from anyorder.exploring.accesses.protocols import look_for_members
from anyorder.exploring.attributes import NOTED, in_class, is_a
from anyorder.exploring.engine.unknown import Unknown, either
from anyorder.exploring.engine.varying import GOING_THROUGH, SETS, Varying
from anyorder.exploring.frames import PREFIX, of_tool, program_frame
from anyorder.exploring.modules import HIDDEN, OWN_MODULES

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from types import FrameType

    from anyorder.exploring.accesses.comparing import Comparing
    from anyorder.exploring.accesses.depths import Depths
    from anyorder.exploring.accesses.iterators import Iterators
    from anyorder.exploring.accesses.objects import Objects
    from anyorder.exploring.accesses.showing import Showing
    from anyorder.exploring.accesses.telling import Telling

__all__ = [
    "BUILTINS",
    "BuiltinOperations",
    "Builtins",
    "calling_frame",
    "fitting",
    "refused_builtin",
]

SCALARS = {bool, bytes, float, int, str}
# how each built-in function and class takes its arguments: "nothing" asks nothing of what they
# hold, "bytes" reads an array of these, "read" takes over what they hold, "step" is a method of the
# room, "draw" goes through them item by item, "text" looks as deep as ``repr``, "own" and "hash"
# have functions of their own, and what is left is refused
BUILTINS: dict[str, str] = {
    **dict.fromkeys(
        ("abs", "aiter", "anext", "bin", "callable", "chr", "classmethod", "complex", "divmod",
         "hex", "memoryview", "object", "oct",
         "pow", "property", "range", "round", "sentinel", "slice", "staticmethod"),
        "nothing",
    ),
    **dict.fromkeys(
        ("bytearray", "bytes", "dict", "frozendict", "frozenset", "list", "set", "tuple"), "read"
    ),
    **dict.fromkeys(("float", "int", "ord"), "bytes"),
    **dict.fromkeys(("enumerate", "filter", "map", "zip"), "draw"),
    **dict.fromkeys(("ascii", "format", "repr", "str"), "text"),
    **dict.fromkeys(
        ("all", "any", "bool", "delattr", "dir", "getattr", "hasattr", "isinstance", "issubclass",
         "iter", "max", "min", "next", "reversed", "setattr", "sorted", "sum", "super", "type",
         "vars"),
        "step",
    ),
    "hash": "hash", "id": "nothing", "len": "own",
    "print": "own", "input": "own", "open": "refused",
    "__build_class__": "nothing",
    **dict.fromkeys(
        ("__import__", "__lazy_import__", "breakpoint", "compile", "copyright", "credits", "eval",
         "exec", "exit", "globals", "help", "license", "locals", "quit"),
        "refused",
    ),
}  # fmt: skip

# classes that read what their objects are made of; the first ones do so as they make an object, and
# the others as it begins
READ_BY_NEW = {bytes, float, frozenset, getattr(builtins, "frozendict", frozenset), int, str, tuple}
TAKING = READ_BY_NEW | {Counter, OrderedDict, bytearray, defaultdict, deque, dict, list, set}


class BuiltinOperations(Protocol):
    """The operations of the language that built-in functions carry out."""

    objects: Objects
    iterators: Iterators
    depths: Depths
    comparing: Comparing
    showing: Showing
    telling: Telling
    family: dict[str, Any]  # iterators over iterators, by name

    def add(self, left: Any, right: Any) -> Any: ...
    def attribute(self, thing: Any, name: str) -> Any: ...
    def attribute_or(self, thing: Any, name: str, *default: Any) -> Any: ...
    def backwards(self, thing: Any) -> Any: ...
    def compare(self, name: str, left: Any, right: Any) -> Any: ...
    def delete_attribute(self, thing: Any, name: str) -> None: ...
    def function(self, function: Any) -> Any: ...
    def hidden(self, thing: Any, name: str) -> Any: ...
    def item(self, thing: Any, key: Any) -> Any: ...
    def length(self, *things: Any) -> int: ...
    def ordered(self, items: list[Any], key: Any, reverse: Any) -> list[Any]: ...
    def set_attribute(self, value: Any, thing: Any, name: str) -> None: ...
    def taken(self, thing: Any, taker: Any) -> Any: ...
    def truth(self, thing: Any) -> Any: ...


class Sentinel:
    """The last value that ``iter`` of a function was given, compared as the program compares.

    Args:
        comparing: compares it
        value: the value
    """

    __hash__ = None  # type: ignore[assignment]
    __slots__ = ("comparing", "value")

    def __init__(self, comparing: Comparing, value: Any) -> None:
        self.comparing = comparing
        self.value = value

    def __eq__(self, other: object) -> bool:
        return self.comparing.same(self.value, other)


class Builtins:
    """What stands for built-in functions.

    Args:
        operations: what they carry out
        follow: gives what stands for a function that they call

    Attributes:
        table: what stands for a function or a class
    """

    def __init__(self, operations: BuiltinOperations, follow: Callable[[Any], Any]) -> None:
        self.operations = operations
        self.follow = follow
        self.objects = operations.objects
        self.machine = self.objects.machine
        self.iterators = operations.iterators
        self.depths = operations.depths
        self.comparing = operations.comparing
        self.showing = operations.showing
        # by the words of ``BUILTINS``
        self.ways = {"bytes": self.reading_bytes, "read": self.taking, "text": self.telling}
        self.table: dict[Any, Any] = {}
        for name in dir(builtins):
            how = BUILTINS.get(name)
            function = getattr(builtins, name)
            if how is not None and how != "own":
                self.table[function] = self.stand_in(function, name, how)
        for function in DRAWING:
            family = operations.family[function.__name__]
            stand_in = self.seeing_order(fitting(family, function))
            self.table[function] = self.table[family] = stand_in
        self.table[itertools.tee] = operations.family["tee"]
        self.table[len] = operations.length
        for cls in (deque, Counter, OrderedDict, defaultdict):
            self.table[cls] = self.taking(cls)
        for function in (itertools.product, itertools.permutations, itertools.combinations,
                         itertools.combinations_with_replacement):  # fmt: skip
            self.table[function] = self.taking(function)
        self.table[functools.reduce] = self.reduce
        for function in GOING_THROUGH & set(self.table) - set(DRAWING):
            self.table[function] = self.seeing_order(self.table[function])
        self.machine.varied.made_as = self.objects.made_as
        self.table[hash], self.table[id] = self.machine.varied.hash, self.machine.varied.id
        self.table[operator.length_hint] = fitting(self.iterators.length_hint, operator.length_hint)

    # -- ways to take arguments ----------------------------------------------------------------

    def stand_in(self, function: Any, name: str, how: str) -> Any:
        """Return what stands for a built-in function, by its row."""
        if how == "step":
            return fitting(getattr(self, f"do_{name}"), function)
        if how in self.ways:
            return self.ways[how](function)
        if how == "refused":
            return self.refusing(name)
        if name == "memoryview":
            return self.refusing(name, " shows bytes unseen: do without it")
        return function

    def seeing_order(self, function: Any) -> Callable[..., Any]:
        """Return a function that goes through its arguments, in the order that they have."""
        gone_through = self.machine.varied.gone_through

        def call(*args: Any, **kwargs: Any) -> Any:
            for arg in args:
                if is_a(arg, SETS):
                    gone_through(arg)
            return function(*args, **kwargs)

        call.__module__ = "anyorder"
        return call

    def in_order(self, thing: Any, key: Any = None) -> None:
        """Note that what comes of a set may tell its order, though it is sorted, say.

        Numbers and texts are the same in whatever order they come. By a key, the first of those
        that are equal comes first; and other items may have no order, or run code of their own.
        """
        if is_a(thing, SETS) and (key or not {type(one) for one in thing} <= SCALARS):
            self.machine.varied.gone_through(thing)

    def refusing(self, name: str, why: str = "") -> Callable[..., Any]:
        """Return a function that refuses the program that calls it."""

        def refuse(*_: Any, **__: Any) -> Any:
            self.machine.refuse(f"{name}(){why}" if why else refused_builtin(name))

        return refuse

    def as_base(self, cls: type, alone: Callable[[Any], Any]) -> Any:
        """Return what makes an object of a class of the program's, by its built-in base.

        A built-in class reads what its object is made of, and does so unseen where the program's
        class has no code of its own for that.

        Args:
            cls: the class
            alone: returns a function that is given nothing that threads share
        """
        base = next((one for one in cls.__mro__ if any(one is each for each in TAKING)), None)
        if base is None:
            return cls
        reads, other = ("__new__", "__init__")[:: 1 if base in READ_BY_NEW else -1]
        if getattr(cls, reads) is not getattr(base, reads):
            return cls  # which hands over to what is followed in its turn
        if getattr(cls, other) is not getattr(base, other):
            return alone(cls)  # both are given the same
        return self.ways.get(BUILTINS.get(base.__name__, "read"), self.taking)(base, cls)

    def reading_bytes(self, function: Any, make: Any = None) -> Callable[..., Any]:
        """Return a function that reads a number from a text, or from bytes that may change.

        Args:
            function: the function
            make: what is called in its place, where that is a class derived from it
        """
        make = make or function

        def call(*args: Any, **kwargs: Any) -> Any:
            first = [read_in(self.objects, arg) for arg in args[:1]]
            for arg in first:
                if is_a(arg, bytearray):
                    self.objects.kind_of(type(arg)).look(arg)
            return make(*first, *args[1:], **kwargs)

        return call

    def taking(self, function: Any, make: Any = None) -> Callable[..., Any]:
        """Return a function that takes over what its arguments hold, one argument after another.

        Args:
            function: the function
            make: as for ``reading_bytes``
        """
        make = make or function
        calls = function is defaultdict

        def call(*args: Any, **kwargs: Any) -> Any:
            if function is itertools.product:  # which alone takes several
                taken = [self.iterators.spread(arg, tuple) for arg in args]
            else:
                taken = [
                    arg if calls and not number else self.operations.taken(arg, function)
                    for number, arg in enumerate(args)
                ]
            read = self.depths.containers(
                *(arg for arg, given in zip(args, taken, strict=True) if arg is given)
            )
            return self.objects.unbroken(f"{make.__name__}()", read, make, *taken, **kwargs)

        return call

    def telling(self, function: Any, make: Any = None) -> Callable[..., Any]:
        """Return a function that makes a text of its arguments, as deep as ``repr`` looks.

        Args:
            function: the function
            make: as for ``reading_bytes``
        """
        depths, showing = self.depths, self.showing
        name = function.__name__

        def call(*args: Any, **kwargs: Any) -> Any:
            if name in {"repr", "ascii"} and len(args) == 1:
                return showing.show(args[0], name)
            if name == "str" and len(args) == 1 and not kwargs:
                text = showing.show(args[0], "str")
                return make(text) if make else text
            if name == "format" and function is format and args:
                return showing.formatted(*args)
            if name == "str":  # of bytes, by an encoding
                args = tuple(read_in(self.objects, arg) for arg in args)
            depths.read("repr", f"{name}()", *args, *kwargs.values())
            return (make or function)(*args, **kwargs)

        return call

    # -- functions of their own ----------------------------------------------------------------

    def do_iter(self, thing: Any, *sentinel: Any) -> Any:
        """Do what ``iter`` does: what comes out asks for item after item."""
        if len(sentinel) != 1:
            return self.iterators.iterator(thing) if not sentinel else iter(thing, *sentinel)
        [last] = sentinel
        if not self.objects.kind_of(type(last)).plain:
            last = Sentinel(self.comparing, last)
        return iter(self.follow(thing), last)

    def do_next(self, iterator: Any, *default: Any) -> Any:
        """Do what ``next`` does."""
        return self.iterators.next(iterator, *default)

    def do_reversed(self, thing: Any) -> Any:
        """Do what ``reversed`` does."""
        return self.operations.backwards(thing)

    def do_bool(self, thing: Any = False, /) -> bool:
        """Do what ``bool`` does."""
        return bool(self.operations.truth(thing))

    def do_getattr(self, thing: Any, name: str, *default: Any) -> Any:
        """Do what ``getattr`` does."""
        if name in HIDDEN:
            return self.operations.hidden(thing, name)
        return self.operations.attribute_or(thing, name, *default)

    def do_hasattr(self, thing: Any, name: str) -> bool:
        """Do what ``hasattr`` does."""
        try:
            self.operations.attribute(thing, name)
        except AttributeError:
            return False
        return True

    def do_setattr(self, thing: Any, name: str, value: Any, /) -> None:
        """Do what ``setattr`` does."""
        self.operations.set_attribute(value, thing, name)

    def do_delattr(self, thing: Any, name: str, /) -> None:
        """Do what ``delattr`` does."""
        self.operations.delete_attribute(thing, name)

    def do_dir(self, *things: Any) -> list[str]:
        """List the names of an object: which attributes an instance has is read in one step."""
        if not things:
            self.objects.alone("dir() of nothing")
            frame = calling_frame(self.machine.own)
            return sorted(name for name in frame.f_locals if not name.startswith(PREFIX))
        kind = self.objects.kind_of(type(things[0]))
        cls = things[0] if is_a(things[0], type) else type(things[0])
        own = any(one.__module__ in OWN_MODULES for one in cls.__mro__)
        if own and self.objects.learned("classes"):
            self.machine.refuse(
                "dir() shows what a class has while threads change attributes of classes, which is "
                "not followed: ask hasattr() for those that matter"
            )
        if is_a(kind, Instances):
            self.objects.step(LOOK, kind.which(things[0]), things)
        else:
            self.objects.unshared(things[0], "what dir() finds in it")
        lists = in_class(type(things[0]), "__dir__")
        if is_a(lists, FunctionType) and lists.__code__.co_filename in self.machine.own:
            return self.do_sorted(lists(things[0]))
        return [name for name in dir(*things) if not name.startswith(NOTED)]

    def do_type(self, *args: Any, **kwargs: Any) -> Any:
        """Do what ``type`` does: it takes over a dict, and looks for the module that calls it."""
        if len(args) == 1:
            self.objects.look_at_class(args[0])
            if is_a(args[0], Drawn) and not kwargs:
                return class_of(args[0])
            if type(args[0]).__module__.startswith("anyorder."):  # it may stand for an object
                return args[0].__class__
            if type(args[0]) is FunctionType and of_tool(args[0].__code__):
                self.machine.refuse(
                    "type() of a function of the library shows what stands for it while a program "
                    "is explored: do without it"
                )
        if len(args) != 3 or not is_a(args[2], dict):  # noqa: PLR2004 - it makes no class
            return type(*args, **kwargs)
        name, bases, names = args
        names = dict(self.iterators.taken(names, dict))
        names.setdefault("__module__", calling_frame(self.machine.own).f_globals["__name__"])
        return type(name, bases, names, **kwargs)

    def do_isinstance(self, thing: Any, classes: Any, /) -> bool:
        """Do what ``isinstance`` does."""
        self.objects.look_at_class(thing)
        look_for_members(self.objects, thing, classes)
        if is_a(thing, Drawn) and issubclass(class_of(thing), classes):
            return True
        return isinstance(thing, classes)

    def do_issubclass(self, cls: Any, classes: Any, /) -> bool:
        """Do what ``issubclass`` does."""
        if is_a(cls, type):
            look_for_members(self.objects, cls, classes, subclass=True)
        return issubclass(cls, classes)

    def do_super(self, *args: Any) -> Any:
        """Do what ``super`` does: it looks of which class the object is, that of its caller too."""
        if not args:
            frame = calling_frame(self.machine.own)
            names = frame.f_locals
            [first] = frame.f_code.co_varnames[: min(frame.f_code.co_argcount, 1)] or [""]
            if not first:
                raise RuntimeError("super(): no arguments")
            if first not in names:
                raise RuntimeError("super(): arg[0] deleted")
            if "__class__" not in names:
                raise RuntimeError("super(): __class__ cell not found")
            args = (names["__class__"], names[first])
        if len(args) > 1:
            self.objects.look_at_class(args[1])
        return super(*args)

    def do_vars(self, *things: Any) -> Any:
        """Do what ``vars`` does with an object; of variables, it shows too much."""
        if len(things) != 1 or is_a(things[0], ModuleType):
            self.machine.refuse("vars() reaches what cannot be followed: do without it")
        cls = type(things[0])
        asks = (in_class(cls, name) for name in ("__getattr__", "__getattribute__"))
        own = any(is_a(one, FunctionType) for one in asks)
        if not (own or any("__dict__" in vars(one) for one in cls.__mro__)):
            return vars(things[0])  # which says what is wrong
        return self.operations.hidden(things[0], "__dict__")

    def do_sorted(self, iterable: Any, /, *, key: Any = None, reverse: bool = False) -> list[Any]:
        """Do what ``sorted`` does: what it goes through is read in one step, if it is built in."""
        self.in_order(iterable, key)
        return self.operations.ordered(list(self.iterators.all_of(iterable)), key, reverse)

    def do_sum(self, iterable: Any, /, start: Any = 0) -> Any:
        """Do what ``sum`` does."""
        if is_a(start, str | bytes | bytearray):
            return sum((), start)  # which says what is wrong
        self.in_order(iterable)
        items = iter(self.iterators.iterate(iterable))
        others: list[Any] = []  # the first item whose addition may be seen
        alone = self.comparing.orders_alone

        def numbers() -> Iterator[Any]:
            for one in items:
                if type(one) is Varying:
                    one.depend()
                if not (alone([one]) or is_a(one, int | float | complex)):
                    others.append(one)
                    return
                yield one

        if alone([start]):
            start = sum(numbers(), start)  # it has a way of its own to add up fractions
        for one in itertools.chain(others, items):
            start = self.operations.add(start, one)
        return start

    def do_any(self, iterable: Any, /) -> bool:
        """Do what ``any`` does."""
        self.in_order(iterable)
        return any(self.operations.truth(one) for one in self.iterators.iterate(iterable))

    def do_all(self, iterable: Any, /) -> bool:
        """Do what ``all`` does."""
        self.in_order(iterable)
        return all(self.operations.truth(one) for one in self.iterators.iterate(iterable))

    def do_max(self, *args: Any, **kwargs: Any) -> Any:
        """Do what ``max`` does."""
        return self.extreme(max, "Gt", *args, **kwargs)

    def do_min(self, *args: Any, **kwargs: Any) -> Any:
        """Do what ``min`` does."""
        return self.extreme(min, "Lt", *args, **kwargs)

    def extreme(self, function: Any, name: str, *args: Any, key: Any = None, **default: Any) -> Any:
        """Return the largest or smallest item, the first of several, comparing each by an event."""
        if not args:
            return function()  # which says what is wrong
        several = len(args) > 1
        if not several:
            self.in_order(args[0], key)
        key = key and self.follow(key)
        iterable = iter(args if several else self.iterators.iterate(args[0]))
        if default.keys() - {"default"} or (several and default):
            return function(*args, **default)
        found = False
        best = best_key = None
        for one in iterable:
            its_key = one if key is None else key(one)
            if found and key is None and Unknown in {type(one), type(best)}:
                best = best_key = either(best, one, largest=function is max)
            elif not found or self.precedes(name, (one, its_key), (best, best_key)):
                best, best_key, found = one, its_key, True
        if found:
            return best
        return default["default"] if default else function(())

    def precedes(self, name: str, one: tuple[Any, Any], other: tuple[Any, Any]) -> Any:
        """Whether an item's key compares with that of another one; both are there meanwhile."""
        with self.machine.varied.holding(one[0], other[0]):
            return self.operations.truth(self.operations.compare(name, one[1], other[1]))

    def reduce(self, function: Any, iterable: Any, *initial: Any) -> Any:
        """Do what ``functools.reduce`` does."""
        return functools.reduce(self.follow(function), self.iterators.iterate(iterable), *initial)


def refused_builtin(name: str) -> str:
    """Return why a built-in function is refused."""
    return f"{name}() reaches what cannot be followed: do without {name}"


def fitting(stand_in: Callable[..., Any], function: Any) -> Callable[..., Any]:
    """Return a stand-in that leaves it to the function itself to say which arguments do not fit."""

    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            return stand_in(*args, **kwargs)
        except TypeError as error:
            step = error.__traceback__
            if step is None or step.tb_next is not None:
                raise
        return function(*args, **kwargs)

    call.__module__ = "anyorder"
    return call


def calling_frame(own: Collection[str]) -> FrameType:
    """Return the frame of the program's code that calls a function of the explorer's."""
    frame = program_frame(own)
    assert frame is not None
    return frame
