"""What the program calls that is not its own, and what that does with what threads share.

The table says of each built-in function how it takes its arguments. Of the library's functions, those
of some modules read what they are given and keep nothing of it; a few change their first argument.
Whatever is in no table may be called with what one thread has alone: threads may not share what is
handed to it.
"""  # noqa: E501

from __future__ import annotations

import builtins
import contextlib
import functools
import itertools
import operator
import re
import sys
from collections import Counter, OrderedDict, defaultdict, deque
from enum import EnumMeta
from functools import partial
from io import TextIOBase
from types import (
    BuiltinFunctionType,
    ClassMethodDescriptorType,
    FunctionType,
    MethodDescriptorType,
    MethodType,
    MethodWrapperType,
    ModuleType,
    SimpleNamespace,
    WrapperDescriptorType,
)
from typing import TYPE_CHECKING, Any, Protocol

from anyorder.exploring.accesses.containers import Container, ContainerMethod
from anyorder.exploring.accesses.describing import Describing
from anyorder.exploring.accesses.drawing import DRAWING
from anyorder.exploring.accesses.events import (
    DELETE_ATTRIBUTE,
    LOOK,
    READ_ATTRIBUTE,
    WRITE_ATTRIBUTE,
)
from anyorder.exploring.accesses.formatting import NotFilled
from anyorder.exploring.accesses.instances import OwnContainers
from anyorder.exploring.accesses.library import Exceptions, Opaque, top_module
from anyorder.exploring.engine.varying import GOING_THROUGH, SETS
from anyorder.exploring.frames import PREFIX
from anyorder.exploring.modules import CHANGING, HIDDEN, READING

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from anyorder.exploring.accesses.abstract import Abstract
    from anyorder.exploring.accesses.comparing import Comparing
    from anyorder.exploring.accesses.depths import Depths
    from anyorder.exploring.accesses.iterators import Iterators
    from anyorder.exploring.accesses.objects import Objects
    from anyorder.exploring.accesses.showing import Showing
    from anyorder.exploring.engine.events import EventKind

__all__ = ["BUILTINS", "Calls"]


# functions written in C, and methods that are told their class, too
OF_C = {BuiltinFunctionType, type(re.compile("").search)}
SCALARS = {bool, bytes, float, int, str}
HOLDERS = (tuple, frozenset)
# how each built-in function and class takes its arguments: "nothing" asks nothing of what they
# hold, "read" takes over in one step what they hold, "step" is a method of the room, "draw" goes
# through them item by item, "text" looks as deep as ``repr``, "own" and "hash" have functions of
# their own, and what is left is refused
BUILTINS: dict[str, str] = {
    **dict.fromkeys(
        ("abs", "aiter", "anext", "bin", "callable", "chr", "classmethod", "complex", "divmod",
         "float", "hex", "int", "issubclass", "memoryview", "object", "oct",
         "ord", "pow", "property", "range", "round", "sentinel", "slice", "staticmethod", "super"),
        "nothing",
    ),
    **dict.fromkeys(
        ("bytearray", "bytes", "dict", "frozendict", "frozenset", "list", "set", "tuple"), "read"
    ),
    **dict.fromkeys(("enumerate", "filter", "map", "zip"), "draw"),
    **dict.fromkeys(("ascii", "format", "repr", "str"), "text"),
    **dict.fromkeys(
        ("all", "any", "bool", "delattr", "dir", "getattr", "hasattr", "isinstance", "iter", "max",
         "min", "next", "reversed", "setattr", "sorted", "sum", "type", "vars"),
        "step",
    ),
    "hash": "hash", "id": "nothing", "len": "own",
    "print": "own", "open": "refused", "input": "refused",
    "__build_class__": "nothing",
    **dict.fromkeys(
        ("__import__", "__lazy_import__", "breakpoint", "compile", "copyright", "credits", "eval",
         "exec", "exit", "globals", "help", "license", "locals", "quit"),
        "refused",
    ),
}  # fmt: skip
# functions written in Python that hand what they are given to one written in C, unless one of these
# arguments is given
ONE_STEP = {"json.dumps": ("cls", "default", "indent")}
LATE = {"struct.iter_unpack"}  # what they return reads what they were given, later on
REGISTERING = {"abc": "an abstract class", "functools": "a singledispatch function"}
SHOWING_ERRORS = {
    "traceback.format_exception", "traceback.format_exception_only", "traceback.print_exception",
}  # fmt: skip
# functions that make a class of what they are given, for the module that calls them
MAKING_CLASSES = {"collections.namedtuple", "typing.NamedTuple", "typing.TypedDict"}
ASKING_CLASSES = {"inspect.BoundArguments", "inspect.Signature"}  # likewise, as they are made
# functions of modules whose functions ask nothing of what is in their arguments, which do
ASKING = {
    "concurrent.as_completed", "inspect.replace", "logging.makeLogRecord",
    "traceback.format_list", "traceback.from_list", "traceback.print_list",
    "types.prepare_class", "types.resolve_bases",
}  # fmt: skip
SLOTS = {
    "__getattribute__": READ_ATTRIBUTE,
    "__setattr__": WRITE_ATTRIBUTE,
    "__delattr__": DELETE_ATTRIBUTE,
}
# classes and functions of the library that keep what they are given, and ask nothing of it
HOLDING: tuple[Any, ...] = (
    partial, SimpleNamespace, contextlib.closing, contextlib.nullcontext, contextlib.suppress,
)  # fmt: skip
# functions and classes of the library that keep what they are given to call it: where that is among
# their arguments, by number and by name (those of modules on the machine follow it themselves)
CALLING: dict[str, tuple[int, str]] = {
    "contextlib.callback": (0, "callback"), "contextvars.run": (0, "callable"),
    "functools.partialmethod": (0, "func"), "property": (0, "fget"),
    "sched.enter": (2, "action"), "sched.enterabs": (2, "action"),
}  # fmt: skip
SPREADING = {"sched.enter": (3, "argument"), "sched.enterabs": (3, "argument")}  # what it gets then
DESCRIBING = {
    "annotationlib.get_annotations", "contextlib.contextmanager", "functools.cache",
    "functools.decorating_function", "functools.lru_cache", "inspect.from_callable",
    "inspect.get_annotations", "inspect.signature", "inspect.unwrap", "typing.get_type_hints",
}  # fmt: skip
# modules of which each function is looked at
LOOKED_AT = {name.partition(".")[0] for name in (*CALLING, *MAKING_CLASSES, *ASKING, *DESCRIBING)}
DISPATCHING = {"functools.register": 1, "functools.singledispatch": 0}  # likewise, and its name too
# modules whose functions ask nothing of what is in their arguments
ASKING_NOTHING = frozenset({
    "abc", "anyorder", "asyncio", "builtins", "concurrent", "contextlib", "contextvars", "ctypes",
    "enum", "errno", "faulthandler", "functools", "gc", "inspect", "keyword", "locale", "logging",
    "multiprocessing", "os", "queue", "sched", "signal", "sys", "thread", "threading",
    "threading_local", "time", "traceback", "types", "typing", "unicodedata", "warnings", "weakref",
})  # fmt: skip


class CallOperations(Protocol):
    """The operations of the language that built-in functions carry out."""

    abstract: Abstract
    objects: Objects
    iterators: Iterators
    depths: Depths
    comparing: Comparing
    showing: Showing
    family: dict[str, Any]  # iterators over iterators, by name

    def add(self, left: Any, right: Any) -> Any: ...
    def attribute(self, thing: Any, name: str) -> Any: ...
    def attribute_or(self, thing: Any, name: str, *default: Any) -> Any: ...
    def backwards(self, thing: Any) -> Any: ...
    def before_slot(self, what: EventKind, thing: Any, name: str, *value: Any) -> None: ...
    def compare(self, name: str, left: Any, right: Any) -> Any: ...
    def delete_attribute(self, thing: Any, name: str) -> None: ...
    def filled(self, template: str, args: tuple[Any, ...], names: Any) -> str: ...
    def length(self, *things: Any) -> int: ...
    def ordered(self, items: list[Any], key: Any, reverse: Any) -> list[Any]: ...
    def set_attribute(self, value: Any, thing: Any, name: str) -> None: ...
    def taken(self, thing: Any, hashes: bool, iterates: bool) -> Any: ...
    def truth(self, thing: Any) -> Any: ...


class Calls:
    """What stands for what is called.

    Args:
        operations: what built-in functions carry out
    """

    def __init__(self, operations: CallOperations) -> None:
        self.operations = operations
        self.objects = operations.objects
        self.machine = operations.objects.machine
        self.iterators = operations.iterators
        self.depths = operations.depths
        self.comparing = operations.comparing
        self.showing = operations.showing
        self.describing = Describing(self.objects, self.hold_alone)
        # modules whose functions need nothing
        self.followed: set[str | None] = {"__main__", "copy", "dataclasses"}
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
        self.table[hash], self.table[id] = self.machine.varied.hash, self.machine.varied.id
        self.table[operator.length_hint] = fitting(self.iterators.length_hint, operator.length_hint)

    # -- what is called ------------------------------------------------------------------------

    def function(self, function: Any) -> Any:  # noqa: C901, PLR0911 - a table of questions
        """Return what stands for what is called; it is called in the program's own frame."""
        cls = type(function)
        if cls is FunctionType or cls is MethodType:
            if function.__module__ in self.followed:
                return function
            return self.foreign(function)
        if cls in OF_C or isinstance(function, type):
            try:
                known = self.table.get(function)
            except TypeError:  # a class whose metaclass has a __hash__ of its own
                return function
            if known is not None:
                return known
            if cls in OF_C:
                return self.foreign(function)
            return self.new(function)
        if cls is MethodDescriptorType or cls is WrapperDescriptorType:
            return self.unbound(function)
        if cls is ClassMethodDescriptorType:
            return self.reading(function)
        if cls is MethodWrapperType:
            return partial(self.unbound(function), function.__self__)
        if cls is partial:
            return partial(self.function(function.func), *function.args, **function.keywords)
        if cls.__module__ == "operator":
            return self.reading(function)
        kind = self.objects.kind_of(cls)
        if isinstance(kind, Opaque):
            self.objects.unshared(function)
        return function

    def stand_for(self, function: Any, stand_in: Callable[..., Any]) -> None:
        """Call something else wherever the program calls a function."""
        self.table[function] = stand_in

    def following(self, function: Any, name: str) -> Callable[..., Any]:
        """Return a function of the library, with what it calls followed as the program's calls are.

        Args:
            function: the function, or a class
            name: its name in ``CALLING``
        """
        number, keyword = CALLING[name]

        def call(*args: Any, **kwargs: Any) -> Any:
            args = exchanged(args, kwargs, number, keyword, self.followed_if_callable)
            if name in SPREADING:
                args = exchanged(args, kwargs, *SPREADING[name], self.iterators.spread)
            return function(*args, **kwargs)

        return call

    def followed_if_callable(self, thing: Any) -> Any:
        """Return what stands for a function, and anything else as it is."""
        return self.function(thing) if callable(thing) else thing

    def dispatching(self, function: Any, number: int) -> Callable[..., Any]:
        """Return a function that makes, or changes, one that chooses by its argument's class.

        Args:
            function: the function
            number: which of its arguments may be chosen
        """
        found = self.reading(function)

        def call(*args: Any, **kwargs: Any) -> Any:
            if function.__name__ == "register":
                self.objects.alone("register() of a singledispatch function")
            for one in args[number:]:
                if not isinstance(one, FunctionType | MethodType):
                    self.machine.refuse(
                        f"what {getattr(one, '__name__', one)} asks of its arguments is not "
                        f"followed within {function.__name__}(): write a function that calls it"
                    )
            return found(*args, **kwargs)

        return call

    def is_own(self, function: Any) -> bool:
        """Whether what is called may run code of the program's own, or make events."""
        return function not in self.table if _hashable(function) else True

    def new(self, cls: type) -> Any:
        """Return what stands for a class that is called."""
        if isinstance(cls, EnumMeta):
            return self.making(cls)
        if cls.__module__ in self.followed or issubclass(cls, BaseException) or cls in HOLDING:
            return cls
        if cls in {contextlib.redirect_stdout, contextlib.redirect_stderr}:
            self.objects.alone(f"contextlib.{cls.__name__}")
            return cls
        top = top_module(cls)
        if f"{top}.{cls.__name__}" in ASKING_CLASSES:
            return self.alone_with(cls)
        if f"{top}.{cls.__name__}" in CALLING:
            return self.following(cls, f"{top}.{cls.__name__}")
        return cls if top in ASKING_NOTHING else self.alone_with(cls)

    def foreign(self, function: Any) -> Any:
        """Return what stands for a function or a method of the library."""
        owner = getattr(function, "__self__", None)
        found = self.of_library(function)
        if not isinstance(self.objects.kind_of(type(owner)), Opaque):
            return found

        def call(*args: Any, **kwargs: Any) -> Any:  # wherever it got hold of the method
            self.objects.unshared(owner)
            return found(*args, **kwargs)

        return call

    def of_library(self, function: Any) -> Any:  # noqa: C901, PLR0911, PLR0912 - a table of questions
        """Return what stands for a function or a method, whoever may share what it is of."""
        abstract = self.operations.abstract.of(function)
        if abstract is not None:
            return abstract
        top = top_module(function)
        owner = getattr(function, "__self__", None)
        name = f"{top or top_module(type(owner))}.{function.__name__}"
        if name in CALLING:
            return self.following(function, name)
        if name in DESCRIBING:
            return self.describing.function(function)
        if name in DISPATCHING:
            return self.dispatching(function, DISPATCHING[name])
        if type(owner) is str:
            if function.__name__ == "format":
                return lambda *args, **kwargs: self.fill(function, owner, args, kwargs)
            if function.__name__ == "format_map":
                return lambda names: self.fill(function, owner, (), names)
            return self.reading(function)
        if owner is itertools.chain and function.__name__ == "from_iterable":
            return self.operations.family["chain"].from_iterable
        if owner is not None and not isinstance(owner, ModuleType | type):
            found = self.of_owner(function, owner)
            if found is not None:
                return found
        if name in CHANGING:
            return self.changing_first(function)
        if function.__name__ == "register" and top in REGISTERING:
            self.objects.alone(f"register() of {REGISTERING[top]}")
        if function.__name__ == "__subclasses__" and len(self.machine.threads) > 1:
            self.machine.refuse(
                "__subclasses__() shows classes in the order in which threads have made them, "
                "which is not followed: write it without"
            )
        if name in MAKING_CLASSES:
            return self.making(function)
        if name in ASKING:
            return self.alone_with(function)
        if name == "concurrent.wait":
            return self.waiting(function)
        if top in READING or isinstance(owner, type) or name in {"sys.getsizeof", *SHOWING_ERRORS}:
            return self.reading(function)
        if top in ASKING_NOTHING:
            if type(function) in OF_C:
                self.machine.current.writes += 1  # as in ``of_owner``
            elif top not in LOOKED_AT:
                self.followed.add(function.__module__)
            return function
        return self.alone_with(function)

    def of_owner(self, function: Any, owner: Any) -> Any:  # noqa: PLR0911 - a table of questions
        """Return what stands for a bound method, and nothing for one that is written in Python."""
        kind = self.objects.kind_of(type(owner))
        if isinstance(kind, OwnContainers):
            kind = kind.container
        if isinstance(kind, Container):  # by way of super(), say
            return ContainerMethod(kind, owner, function.__name__, function)
        if type(function) not in OF_C:
            return None
        if isinstance(owner, TextIOBase) and function.__name__ == "writelines":
            return partial(self.write_lines, owner)
        if issubclass(type(owner), HOLDERS):
            return self.of_holder(function, owner)
        if isinstance(kind, Exceptions) and function.__name__ == "add_note":
            return partial(kind.add_note, owner)
        if kind.plain:
            return self.reading(function)
        # what it changes is not known, so whoever goes round a loop with it is not where it was
        self.machine.current.writes += 1
        return function

    def write_lines(self, file: TextIOBase, lines: Any, /) -> None:
        """Do what ``writelines`` of a text file does."""
        file.writelines(self.iterators.iterate(lines))

    def of_holder(self, method: Any, holder: tuple[Any, ...] | frozenset[Any]) -> Any:
        """Return what stands for a method of a tuple or a frozen set.

        That never changes itself, but what it holds may, and what is compared with it.
        """
        name = method.__name__
        kind = self.objects.kind_of(set if isinstance(holder, frozenset) else list)
        assert isinstance(kind, Container)
        if name in {"index", "count"}:
            items = tuple.__getitem__(holder, slice(None))  # type: ignore[index]
            return fitting(partial(getattr(kind, name), items, method), method)

        def call(*args: Any) -> Any:
            args, read = kind.held(args)
            self.objects.step(LOOK, read, args)
            return self.objects.made(method(*args))

        return fitting(call, method)

    # -- built-in functions ----------------------------------------------------------------------

    def stand_in(self, function: Any, name: str, how: str) -> Any:
        """Return what stands for a built-in function, by its row."""
        if how == "step":
            return fitting(getattr(self, f"do_{name}"), function)
        if how == "read":
            return self.taking(function)
        if how == "text":
            return self.telling(function)
        if how == "refused":
            return self.refusing(name)
        if name == "memoryview":
            return self.refusing(name, " shows bytes unseen: write it without memoryview")
        return self.following(function, name) if name in CALLING else function

    def seeing_order(self, function: Any) -> Callable[..., Any]:
        """Return a function that goes through its arguments, in the order that they have."""
        gone_through = self.machine.varied.gone_through

        def call(*args: Any, **kwargs: Any) -> Any:
            for arg in args:
                if isinstance(arg, SETS):
                    gone_through(arg)
            return function(*args, **kwargs)

        call.__module__ = "anyorder"
        return call

    def in_order(self, thing: Any, key: Any = None) -> None:
        """Note that what comes of a set may tell its order, though it is sorted, say.

        Numbers and texts are the same in whatever order they come. By a key, the first of those
        that are equal comes first; and other items may have no order, or run code of their own.
        """
        if isinstance(thing, SETS) and (key or not {type(one) for one in thing} <= SCALARS):
            self.machine.varied.gone_through(thing)

    def refusing(self, name: str, why: str = "") -> Callable[..., Any]:
        """Return a function that refuses the program that calls it."""

        def refuse(*_: Any, **__: Any) -> Any:
            self.machine.refuse(
                f"{name}(){why}"
                if why
                else f"{name}() reaches what cannot be followed: write it without {name}"
            )

        return refuse

    def taking(self, function: Any) -> Callable[..., Any]:
        """Return a function that takes over what its arguments hold, each in one step.

        What compares or hashes what it takes over by code of the program goes item by item.
        """
        hashes = function in {set, frozenset, dict, Counter, OrderedDict, defaultdict}
        calls = function is defaultdict

        iterates = function not in {bytes, bytearray, dict}

        def call(*args: Any, **kwargs: Any) -> Any:
            taken = [
                arg if calls and not number else self.operations.taken(arg, hashes, iterates)
                for number, arg in enumerate(args)
            ]
            return function(*taken, **kwargs)

        return call

    def waiting(self, function: Any) -> Callable[..., Any]:
        """Return ``concurrent.futures.wait``, which first makes a set of what it waits for."""

        def call(fs: Any, *args: Any, **kwargs: Any) -> Any:
            return function(self.operations.taken(fs, hashes=True, iterates=True), *args, **kwargs)

        return fitting(call, function)

    def telling(self, function: Any) -> Callable[..., Any]:
        """Return a function that makes a text of its arguments, as deep as ``repr`` looks."""
        depths, showing = self.depths, self.showing
        name = function.__name__

        def call(*args: Any, **kwargs: Any) -> Any:
            if name in {"repr", "ascii"} and len(args) == 1:
                return showing.show(args[0], name)
            if name == "str" and len(args) == 1 and not kwargs:
                return showing.show(args[0], "str")
            if name == "format" and function is format and args:
                return showing.formatted(*args)
            depths.read("repr", f"{name}()", *args, *kwargs.values())
            return function(*args, **kwargs)

        return call

    def fill(self, function: Any, template: str, args: Any, names: Any) -> str:
        """Do what ``str.format`` does: each field is reached and shown by events of its own."""
        try:
            return self.operations.filled(template, args, names)
        except NotFilled:  # it says itself what is wrong
            if function.__name__ == "format_map":
                return function(names)  # type: ignore[no-any-return]
            return function(*args, **names)  # type: ignore[no-any-return]

    def do_iter(self, thing: Any, *sentinel: Any) -> Any:
        """Do what ``iter`` does: what comes out asks for item after item."""
        if sentinel:
            return iter(self.function(thing), *sentinel)
        return self.iterators.iterator(thing)

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
            self.machine.refuse(f"{name} reaches what cannot be followed: write it without {name}")
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
        """List the names of an object that one thread has alone."""
        if not things:
            self.objects.alone("dir() of nothing")
            frame = self.program_frame()
            return sorted(name for name in frame.f_locals if not name.startswith(PREFIX))
        self.objects.unshared(things[0], "what dir() finds in it")
        return dir(*things)

    def do_type(self, *args: Any, **kwargs: Any) -> Any:
        """Do what ``type`` does: it takes over a dict, and looks for the module that calls it."""
        if len(args) == 1:
            self.objects.look_at_class(args[0])
        if len(args) != 3 or not isinstance(args[2], dict):  # noqa: PLR2004 - it makes no class
            return type(*args, **kwargs)
        name, bases, names = args
        names = dict(self.iterators.taken(names))
        names.setdefault("__module__", self.program_frame().f_globals["__name__"])
        return type(name, bases, names, **kwargs)

    def do_isinstance(self, thing: Any, classes: Any, /) -> bool:
        """Do what ``isinstance`` does."""
        self.objects.look_at_class(thing)
        return isinstance(thing, classes)

    def do_vars(self, *_: Any) -> None:
        """Refuse what shows variables as a dict."""
        self.machine.refuse("vars() reaches what cannot be followed: write it without vars")

    def do_sorted(self, iterable: Any, /, *, key: Any = None, reverse: bool = False) -> list[Any]:
        """Do what ``sorted`` does: what it goes through is read in one step, if it is built in."""
        self.in_order(iterable, key)
        return self.operations.ordered(list(self.iterators.all_of(iterable)), key, reverse)

    def do_sum(self, iterable: Any, /, start: Any = 0) -> Any:
        """Do what ``sum`` does."""
        if isinstance(start, str | bytes | bytearray):
            return sum((), start)  # which says what is wrong
        self.in_order(iterable)
        found = list(self.iterators.iterate(iterable))
        if self.comparing.orders_alone([start, *found]):
            return sum(found, start)
        for one in found:
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
        key = key and self.function(key)
        iterable = iter(args if several else self.iterators.iterate(args[0]))
        if default.keys() - {"default"} or (several and default):
            return function(*args, **default)
        found = False
        best = best_key = None
        for one in iterable:
            its_key = one if key is None else key(one)
            if not found or self.operations.truth(self.operations.compare(name, its_key, best_key)):
                best, best_key, found = one, its_key, True
        if found:
            return best
        return default["default"] if default else function(())

    def reduce(self, function: Any, iterable: Any, *initial: Any) -> Any:
        """Do what ``functools.reduce`` does."""
        return functools.reduce(self.function(function), self.iterators.iterate(iterable), *initial)

    # -- the library's functions ---------------------------------------------------------------

    def reading(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function of the library that reads what it is given, in one step.

        One that is written in Python reads it bit by bit, so it may not be shared.
        """
        name = getattr(function, "__name__", type(function).__name__)
        known = named(function)
        of_python = isinstance(function, FunctionType | MethodType) and known not in ONE_STEP
        by_pattern = isinstance(getattr(function, "__self__", None), re.Pattern)
        if of_python or by_pattern or known in LATE:
            return self.alone_with(function)
        in_steps = ONE_STEP.get(known, ())

        def call(*args: Any, **kwargs: Any) -> Any:
            things = (*args, *kwargs.values())
            if any(map(calls_back, things)) or any(kwargs.get(one) for one in in_steps):
                self.hold_all_alone(things, known)
            if not self.comparing.orders_alone(things):
                args = tuple(map(self.followable, args))
                kwargs = {key: self.followable(value) for key, value in kwargs.items()}
                things = (*args, *kwargs.values())
                self.depths.read("repr", f"{name}()", *things)
            return function(*args, **kwargs)

        call.__name__ = name
        return call

    def followable(self, value: Any) -> Any:
        """Return what stands for an argument that is called or asked for its items."""
        if isinstance(value, BuiltinFunctionType | MethodDescriptorType):
            return self.function(value)
        return self.iterators.drawn(value)

    def changing_first(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function of the library that changes a container, as one event."""

        def call(thing: Any, *args: Any, **kwargs: Any) -> Any:
            kind = self.objects.kind_of(type(thing))
            if any(map(calls_back, kwargs.values())):  # a key
                self.hold_all_alone((thing, *args), named(function))
            if kind.holds:
                self.hold_alone_inside(thing, function.__name__)
                kind.change(thing, function.__name__, args)  # type: ignore[attr-defined]
            return function(thing, *args, **kwargs)

        return call

    def hold_alone_inside(self, thing: Any, name: str) -> None:
        """Refuse to compare what threads share in the midst of a function of the library."""
        kind = self.objects.kind_of(type(thing))
        parts = tuple(kind.inside(thing))
        if self.comparing.orders_alone(parts):
            return
        shared, steps = self.depths.inside("lt", (thing, *parts))
        runs = any(self.objects.kind_of(type(one)).runs(one, "lt") for one in parts)
        if steps or (runs and shared) or any(one is not thing for one in shared):
            self.machine.refuse(
                f"{name}() compares objects that threads share, one after another, which is not "
                "followed: guard them by a lock, or write a loop"
            )

    def alone_with(self, function: Any) -> Callable[..., Any]:
        """Return a function of which it is not known what it does with what it is given."""
        name = named(function)

        def call(*args: Any, **kwargs: Any) -> Any:
            things = (*args, *kwargs.values())
            for thing in things:
                self.describing.attributes(thing, name)
            self.hold_all_alone(things, name)
            return function(*args, **kwargs)

        return call

    def making(self, function: Any) -> Callable[..., Any]:
        """Return a function, or a class of enumerations, that makes a class of what it is given.

        It looks for the module that calls it, which is the program's.
        """
        found = self.alone_with(function)

        def call(*args: Any, **kwargs: Any) -> Any:
            made = found(*args, **kwargs)
            if isinstance(made, type) and "module" not in kwargs:
                made.__module__ = self.program_frame().f_globals["__name__"]
            return made

        return call

    def program_frame(self) -> FrameType:
        """Return the frame of the program's code that runs now."""
        frame = sys._getframe(1)
        while frame.f_code.co_filename != self.machine.program:
            assert frame.f_back is not None
            frame = frame.f_back
        return frame

    def hold_all_alone(self, things: tuple[Any, ...], name: str) -> None:
        """Refuse what threads share, of all that is handed to a function.

        Args:
            things: what it gets
            name: its name
        """
        for thing in things:
            self.hold_alone(thing, f"what {name} does with it")

    def hold_alone(self, thing: Any, what: str, within: tuple[int, ...] = ()) -> None:
        """Refuse what threads share, of all that a thing holds."""
        kind = self.objects.kinds.get(type(thing)) or self.objects.kind_of(type(thing))
        if kind.plain or id(thing) in within:
            return
        if isinstance(kind, Opaque):
            self.objects.unshared(thing, what)
        touched = kind.changed(thing) if kind.holds else kind.whole(thing)  # type: ignore[attr-defined]
        if self.objects.touch_all(touched):
            self.machine.refuse(
                f"threads share a {type(thing).__name__}, and {what} is not followed: hand "
                "over a copy, or leave the program unexplored"
            )
        for one in kind.inside(thing):
            self.hold_alone(one, what, (*within, id(thing)))

    def unbound(self, function: Any) -> Callable[..., Any]:
        """Return a method that is called through its class, such as ``list.append``.

        Args:
            function: the method; if it is bound already, what is returned has to be bound again
        """
        name = function.__name__

        def call(*args: Any, **kwargs: Any) -> Any:
            if not args:
                return function(*args, **kwargs)
            thing, *others = args
            bound = function if hasattr(function, "__self__") else function.__get__(thing)
            kind = self.objects.kind_of(type(thing))
            if isinstance(kind, OwnContainers):
                kind = kind.container
            if isinstance(kind, Container):
                return kind.call(thing, name, bound, tuple(others), kwargs)
            if issubclass(type(thing), HOLDERS) and name not in SLOTS:
                if not name.startswith("__"):
                    return self.of_holder(bound, thing)(*others, **kwargs)
                self.depths.read("repr", f"{name}()", thing, *others)
            elif name in SLOTS and others:
                self.operations.before_slot(SLOTS[name], thing, *others)
            elif not kind.plain:
                self.depths.read("repr", f"{name}()", thing)
            if type(thing) is str:
                return self.foreign(bound)(*others, **kwargs)
            return (
                self.reading(bound)(*others, **kwargs) if kind.plain else bound(*others, **kwargs)
            )

        return call


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


def named(function: Any) -> str:
    """Return the name of a function of the library, with its module."""
    module = getattr(function, "__module__", None)
    if module is None:  # a method written in C
        module = type(getattr(function, "__self__", function)).__module__
    return f"{module.lstrip('_')}.{getattr(function, '__qualname__', type(function).__name__)}"


def exchanged(
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    number: int,
    keyword: str,
    exchange: Callable[[Any], Any],
) -> tuple[Any, ...]:
    """Return the arguments of a call, one of them exchanged for what stands for it.

    Args:
        args: those by position
        kwargs: those by name, where it is exchanged if it is there
        number: its position
        keyword: its name
        exchange: gives what stands for it
    """
    if number < len(args):
        return (*args[:number], exchange(args[number]), *args[number + 1 :])
    if keyword in kwargs:
        kwargs[keyword] = exchange(kwargs[keyword])
    return args


def calls_back(thing: Any) -> bool:
    """Whether a function of the library may run code of the program's own by way of an argument."""
    if isinstance(thing, type) and thing.__module__ == "builtins":
        return False
    return callable(thing) and not isinstance(thing, BuiltinFunctionType)


def _hashable(thing: Any) -> bool:
    """Whether a thing has a hash."""
    try:
        hash(thing)
    except TypeError:
        return False
    return True
