"""What the program calls that is not its own, and what that does with what threads share.

What is built in has a module of its own. Of the library's functions, those of some modules read
what they are given and keep nothing of it; a few change their first argument. Whatever is in no
table may be called with what one thread has alone: threads may not share what is handed to it.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import inspect
import itertools
import operator
import re
import statistics
import struct
import sys
import uuid
import warnings
from enum import EnumMeta
from functools import partial, reduce
from io import TextIOBase
from types import (
    BuiltinFunctionType,
    ClassMethodDescriptorType,
    FunctionType,
    GeneratorType,
    MappingProxyType,
    MethodDescriptorType,
    MethodType,
    MethodWrapperType,
    ModuleType,
    SimpleNamespace,
    WrapperDescriptorType,
)
from typing import TYPE_CHECKING, Any, Protocol

from anyorder.exploring.accesses.beginning import BEGINNING, ONCE, Beginning
from anyorder.exploring.accesses.bit_by_bit import BitByBit
from anyorder.exploring.accesses.buffers import read_in
from anyorder.exploring.accesses.builtins import (
    BuiltinOperations,
    Builtins,
    calling_frame,
    fitting,
)
from anyorder.exploring.accesses.callers import STACKS, Callers
from anyorder.exploring.accesses.containers import LOOKING, SHOWING, Container, ContainerMethod
from anyorder.exploring.accesses.describing import Describing
from anyorder.exploring.accesses.encoding import ENCODING, Encoding
from anyorder.exploring.accesses.events import (
    DELETE_ATTRIBUTE,
    LOOK,
    READ_ATTRIBUTE,
    WRITE_ATTRIBUTE,
)
from anyorder.exploring.accesses.formatting import NotFilled
from anyorder.exploring.accesses.handing_over import HandingOver
from anyorder.exploring.accesses.instances import TELLING_ALL, Instances, OwnContainers
from anyorder.exploring.accesses.library import (
    WRITING_ROWS,
    Exceptions,
    InTurn,
    Opaque,
    hashable,
    top_module,
)
from anyorder.exploring.accesses.loud import SETTING, setting_alone
from anyorder.exploring.attributes import asked, attributes_of, class_has, in_class, is_a
from anyorder.exploring.engine.events import READ
from anyorder.exploring.engine.unknown import TIME, UNIQUE, Unknown, hold_zone, sample_of
from anyorder.exploring.engine.varying import Varying, anew
from anyorder.exploring.modules import (
    ASKING_NOTHING,
    CHANGING,
    OWN_MODULES,
    READING,
    outside,
)
from anyorder.exploring.rewriting.coroutines import COROUTINE, GENERATOR, is_asynchronous
from anyorder.outcomes.placeholders import COMPUTER, FOLDER, VERSION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from anyorder.exploring.accesses.abstract import Abstract
    from anyorder.exploring.accesses.kinds import Kind
    from anyorder.exploring.engine.events import EventKind

__all__ = ["SLOTS", "Calls"]


# functions written in C, and methods that are told their class, too
OF_C = {BuiltinFunctionType, type(re.compile("").search)}
HOLDERS = (tuple, frozenset)
EnumDict = type(EnumMeta.__prepare__("", ()))  # what the body of an enumeration sets names in
# functions written in Python that hand what they are given to one written in C, unless one of these
# arguments is given
ONE_STEP = {"json.dumps": ("cls", "default", "indent")}
# functions written in Python that read what they are given bit by bit, and keep nothing of it, each
# with the names of arguments by which they may run code of the program's
AT_ONCE = {
    "json.dumps": ("cls", "default"),
    **dict.fromkeys(("pprint.pformat", "pprint.pp", "pprint.pprint"), ("stream",)),
    **dict.fromkeys(
        (
            f"statistics.{name}"
            for name in statistics.__all__
            if not name.startswith(("Norm", "kde"))
        ),
        (),
    ),
}
# what they return reads what they were given, later on
LATE = {"struct.Struct.iter_unpack", "struct.iter_unpack"}
REGISTERING = {"abc": "an abstract class", "functools": "a singledispatch function"}
SHOWING_ERRORS = {
    "traceback.format_exception", "traceback.format_exception_only", "traceback.print_exception",
}  # fmt: skip
# what sets something that all threads use
SETTINGS = {
    "contextlib.redirect_stderr", "contextlib.redirect_stdout", "sys.set_int_max_str_digits",
    "sys.setswitchinterval", "warnings.catch_warnings", "warnings.filterwarnings",
    "warnings.resetwarnings", "warnings.simplefilter",
}  # fmt: skip
# functions that make a class of what they are given, for the module that calls them
MAKING_CLASSES = {"collections.namedtuple", "typing.NamedTuple", "typing.TypedDict"}
ASKING_CLASSES = {"inspect.BoundArguments", "inspect.Signature"}  # likewise, as they are made
# functions of modules whose functions ask nothing of what is in their arguments, which do
ASKING = {
    "concurrent.as_completed", "inspect.formatannotation", "inspect.formatargvalues",
    "inspect.getcallargs", "inspect.replace", "logging.makeLogRecord",
    "traceback.format_list", "traceback.from_list", "traceback.print_list",
    "types.prepare_class", "types.resolve_bases", "warnings.formatwarning", "warnings.showwarning",
    "warnings.warn", "warnings.warn_explicit",
}  # fmt: skip
# which of them look at what they are given once, before they give out anything
TAKING_OVER = {"concurrent.as_completed"}
SLOTS = {
    "__getattribute__": READ_ATTRIBUTE,
    "__setattr__": WRITE_ATTRIBUTE,
    "__delattr__": DELETE_ATTRIBUTE,
}
SHOWS_WARNING = warnings._showwarning_orig  # type: ignore[attr-defined]  # while they are kept
# exceptions that take over what is in a container that they are given; all others keep it
READING_ERRORS = (BaseExceptionGroup, SyntaxError, UnicodeDecodeError)
# classes and functions of the library that keep what they are given, and ask nothing of it
HOLDING: tuple[Any, ...] = (
    partial, SimpleNamespace, contextlib.closing, contextlib.nullcontext, contextlib.suppress,
    itertools.repeat,
)  # fmt: skip
# functions and classes of the library that keep what they are given to call it: where that is among
# their arguments, by number and by name (those of modules on the machine follow it themselves)
CALLING: dict[str, tuple[int, str]] = {
    "contextlib.callback": (0, "callback"), "contextlib.enter_context": (0, "cm"),
    "contextlib.push": (0, "exit"), "contextvars.run": (0, "callable"),
    "functools.partialmethod": (0, "func"), "property": (0, "fget"),
    "sched.enter": (2, "action"), "sched.enterabs": (2, "action"),
}  # fmt: skip
# what it gets then, by a star and by two
SPREADING = dict.fromkeys(("sched.enter", "sched.enterabs"), ((3, "argument"), (4, "kwargs")))
DESCRIBING = {
    "annotationlib.get_annotations", "contextlib.__call__", "contextlib.contextmanager",
    "functools.cache", "functools.decorating_function", "functools.lru_cache",
    "inspect.from_callable", "inspect.get_annotations", "inspect.signature", "inspect.unwrap",
    "typing.get_type_hints", "warnings.__call__",
}  # fmt: skip
# modules whose functions tell, by texts in what they return, in which files code is
OF_SOURCE = {
    "findsource", "getabsfile", "getcomments", "getfile", "getmodule", "getsource", "getsourcefile",
    "getsourcelines",
}  # fmt: skip
TELLING_FILES = {"inspect", "traceback", "warnings"}
# modules of which each function is looked at
LOOKED_AT = {name.partition(".")[0] for name in (*CALLING, *MAKING_CLASSES, *ASKING, *DESCRIBING)}
# functions that tell what differs from computer to computer
OF_COMPUTER = {
    "_socket.gethostname", "getpass.getuser", "platform.machine", "platform.node",
    "platform.platform", "platform.python_compiler", "platform.release", "platform.version",
}  # fmt: skip
NOW = {"now", "today", "utcnow"}  # the class methods of dates that say which it is
ZONED = {"astimezone", "timestamp"}  # the methods of dates that may ask where the computer is
FORMS = {"__format__", "strftime"}  # those that show it in one of their formats
OF_DATES = ZONED | FORMS
# functions that reach all attributes of what they are given
TELLING_UNSEEN = {"functools.update_wrapper", "pickle.dumps"}
SUBCLASSES = "__subclasses__"
DISPATCHING = {"functools.register": 1, "functools.singledispatch": 0}  # likewise, and its name too


class CallOperations(BuiltinOperations, Protocol):
    """The operations of the language that calls carry out."""

    abstract: Abstract

    def before_slot(self, what: EventKind, thing: Any, name: str, *value: Any) -> None: ...
    def filled(self, template: str, args: tuple[Any, ...] | None, names: Any) -> str: ...
    def item(self, thing: Any, key: Any) -> Any: ...


class Asked:
    """What is asked in place of an object, whose attributes are read as the program reads them.

    Args:
        ask: reads an attribute
        thing: the object
    """

    def __init__(self, ask: Callable[[Any, str], Any], thing: Any) -> None:
        self.ask = ask
        self.thing = thing

    def __getattr__(self, name: str) -> Any:
        return self.ask(self.thing, name)


class Calls:
    """What stands for what is called.

    Args:
        operations: what calls carry out
    """

    def __init__(self, operations: CallOperations) -> None:
        self.operations = operations
        self.objects = operations.objects
        self.machine = self.objects.machine
        self.abstract = operations.abstract
        self.iterators = operations.iterators
        self.depths = operations.depths
        self.comparing = operations.comparing
        self.showing = operations.showing
        self.telling = operations.telling
        self.handing = HandingOver(self.objects, self.comparing, self.depths)
        self.beginning = Beginning(self.objects)
        self.describing = Describing(self.objects, self.handing.hold_alone)
        self.encoding = Encoding(self.function, self.handing.hold_alone)
        # modules whose functions need nothing
        self.followed: set[str | None] = {"copy", "dataclasses"}
        builtins = Builtins(operations, self.function)
        self.builtins = builtins
        self.table = builtins.table
        self.bit_by_bit = BitByBit(operations, self.handing, builtins, self.reading)
        self.table[MappingProxyType] = self.keeping(MappingProxyType)
        self.table[property] = self.following(property, "property")
        self.callers = Callers(self.machine)
        self.table[sys._getframe] = fitting(self.callers.frame, sys._getframe)
        module_name = getattr(sys, "_getframemodulename", None)  # from Python 3.12 on
        if module_name is not None:
            self.table[module_name] = fitting(self.callers.module_name, module_name)
        self.table[sys.__excepthook__] = fitting(self.except_hook, sys.__excepthook__)
        self.table[warnings.warn] = fitting(self.warn, warnings.warn)

    # -- what is called ------------------------------------------------------------------------

    def function(self, function: Any) -> Any:  # noqa: C901, PLR0911, PLR0912 - a table of questions
        """Return what stands for what is called; it is called in the program's own frame."""
        cls = type(function)
        if cls is MethodType and type(function.__func__) is not FunctionType:
            return partial(self.function(function.__func__), function.__self__)
        if cls is FunctionType or cls is MethodType:
            if function.__module__ in OWN_MODULES:
                return function
            if function.__module__ not in self.followed:
                return self.foreign(function)
            return self.beginning_first(function, function)
        if cls in OF_C or is_a(function, type):
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
        if cls is operator.attrgetter or cls is operator.methodcaller:
            return self.reaching(function)
        if cls is operator.itemgetter:
            return self.getting(function)
        if cls.__module__ == "operator":
            return self.reading(function)
        if cls is Unknown or cls is Varying:  # Python would name its class
            self.machine.refuse("a number is called: call a function")
        kind = self.objects.kind_of(cls)
        if is_a(kind, Opaque):
            self.objects.unshared(function)
        if cls is ContainerMethod:
            return function
        call = in_class(cls, "__call__")
        if type(call) is FunctionType and f"{top_module(call)}.__call__" in DESCRIBING:
            return self.describing.function(MethodType(call, function))
        return function

    def stand_for(self, function: Any, stand_in: Callable[..., Any]) -> None:
        """Call something else wherever the program calls a function."""
        self.table[function] = stand_in

    def reaching(self, getter: Any) -> Callable[..., Any]:
        """Return what stands for an ``attrgetter`` or a ``methodcaller``, step by step."""
        make, args = getter.__reduce__()
        ask = self.table[getattr]

        def call(*things: Any, **named: Any) -> Any:
            if len(things) != 1 or named:
                return getter(*things, **named)  # which says what is wrong
            if type(getter) is operator.attrgetter:
                found = tuple(reduce(ask, path.split("."), things[0]) for path in args)
                return found if len(found) > 1 else found[0]
            bound = make if is_a(make, partial) else partial(make, *args[:1])
            method = self.function(ask(things[0], *bound.args))
            return method(*(args if bound is make else args[1:]), **bound.keywords)

        return call

    def getting(self, getter: Any) -> Callable[..., Any]:
        """Return what stands for an ``itemgetter``, item by item."""
        _, keys = getter.__reduce__()

        def call(*things: Any, **named: Any) -> Any:
            if len(things) != 1 or named:
                return getter(*things, **named)  # which says what is wrong
            found = tuple(self.operations.item(things[0], key) for key in keys)
            return found if len(found) > 1 else found[0]

        return call

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
                by_one, by_two = SPREADING[name]
                args = exchanged(args, kwargs, *by_one, self.iterators.spread)
                args = exchanged(args, kwargs, *by_two, self.iterators.mapping)
            return function(*args, **kwargs)

        return call

    def followed_if_callable(self, thing: Any) -> Any:
        """Return what stands for a function or a manager, and anything else as it is."""
        if is_a(thing, SETTING):
            return setting_alone(self.objects, thing)
        if class_has(type(thing), "__exit__"):  # which may decorate, and is entered here
            return thing
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
                if not is_a(one, FunctionType | MethodType):
                    self.machine.refuse(
                        f"what {asked(one, '__name__', one)} asks of its arguments is not "
                        f"followed within {function.__name__}(): write a function that calls it"
                    )
            return found(*args, **kwargs)

        return call

    def is_own(self, function: Any) -> bool:
        """Whether what is called may run code of the program's own, or make events."""
        return function not in self.table if hashable(function) else True

    def new(self, cls: type) -> Any:  # noqa: C901, PLR0911 - a table of questions
        """Return what stands for a class that is called."""
        for base in cls.__mro__:
            outside = None if issubclass(base, BaseException) else self.outside(base)
            if outside is not None:
                return outside
        if is_a(cls, EnumMeta):
            return self.making(cls)
        if issubclass(cls, READING_ERRORS):
            return self.taking_over(cls)
        self.bit_by_bit.hold_made(cls)
        own = cls.__module__ in self.followed or cls.__module__ in OWN_MODULES
        if not own and cls in self.bit_by_bit.table:
            return self.bit_by_bit.table[cls]
        if own:
            return self.builtins.as_base(cls, self.alone_with)
        if issubclass(cls, BaseException) or cls in HOLDING:
            return cls
        top = top_module(cls)
        name = f"{top}.{cls.__name__}"
        if name in SETTINGS:
            self.objects.alone_everywhere(name)
            return cls
        if name in ASKING_CLASSES:
            return self.alone_with(cls)
        if name in CALLING:
            return self.following(cls, name)
        return cls if top in ASKING_NOTHING else self.alone_with(cls)

    def taking_over(self, cls: type) -> Callable[..., Any]:
        """Return what makes an exception of a class that takes over what a container holds."""

        def call(*args: Any, **kwargs: Any) -> Any:
            for arg in args:
                kind = self.objects.kind_of(type(arg))
                if kind.holds or kind.indexed:
                    kind.look(arg)
            return cls(*args, **kwargs)

        return call

    def beginning_first(self, function: Any, found: Any) -> Any:
        """Return what stands for a method of the library, which an object may begin by.

        Args:
            function: the method, or a function
            found: what stands for it otherwise
        """
        name = function.__name__
        if name not in BEGINNING or hasattr(function, ONCE):
            return found
        owner = asked(function, "__self__")

        def call(*args: Any, **kwargs: Any) -> Any:
            thing, *others = args if owner is None else (owner, *args)
            self.beginning.before(thing, name, None, tuple(others))
            return found(*args, **kwargs)

        return call

    def foreign(self, function: Any) -> Any:
        """Return what stands for a function or a method of the library."""
        return self.beginning_first(function, self.whosever(function))

    def whosever(self, function: Any) -> Any:
        """Return what stands for a function or a method, as it is for whatever it is called."""
        owner = asked(function, "__self__")
        if is_a(owner, SETTING):
            self.objects.alone_everywhere(f"{function.__name__}() of {type(owner).__qualname__}")
        found = self.of_library(function)
        kind = self.objects.kind_of(type(owner))
        if is_a(kind, InTurn) and function.__name__ in WRITING_ROWS:
            return partial(kind.in_turn, owner, function.__name__, found)
        if not is_a(kind, Opaque):
            return found

        def call(*args: Any, **kwargs: Any) -> Any:  # wherever it got hold of the method
            self.objects.unshared(owner)
            return found(*args, **kwargs)

        return call

    def of_library(self, function: Any) -> Any:  # noqa: C901, PLR0911, PLR0912 - a table of questions
        """Return what stands for a function or a method, whoever may share what it is of."""
        followed = self.abstract.of(function) or self.bit_by_bit.of(function)
        if followed is not None:
            return followed
        if asks_for_coroutines(function):
            return asking_for(COROUTINE, function)
        outside = self.outside(function)
        if outside is not None:
            return outside
        differs = self.that_differs(function)
        if differs is not None:
            return differs
        if function is inspect.isasyncgenfunction:
            return asking_for(GENERATOR, function)
        top = top_module(function)
        owner: Any = asked(function, "__self__")
        if is_a(owner, type) and issubclass(owner, dt.date):
            return self.of_date(function)
        if is_a(owner, dt.datetime) and function.__name__ in ZONED:
            return self.of_zone(function, owner)
        if is_a(owner, dt.date | dt.time) and function.__name__ in FORMS:
            return partial(self.of_form, function)
        name = f"{top or top_module(type(owner))}.{function.__name__}"
        if name in SETTINGS:
            self.objects.alone_everywhere(name)
        if top in TELLING_FILES:
            self.machine.learn("unknowns")
        if top == "inspect" and function.__name__ in OF_SOURCE:
            return self.of_source(function)
        if name in CALLING:
            return self.following(function, name)
        if name in ENCODING:
            return self.encoding.of(function, self.reading)
        if name == "annotationlib.evaluate":
            self.machine.refuse(
                "ForwardRef.evaluate() reads variables unseen, which is not followed: write what "
                "it stands for"
            )
        if name == "inspect.getgeneratorstate":
            return fitting(partial(self.state_of, function), function)
        if name == "inspect.getgeneratorlocals":
            return fitting(partial(self.locals_of, function), function)
        if name in STACKS:
            return fitting(self.callers.stack(function), function)
        if name in DESCRIBING:
            return self.describing.function(function)
        if name in DISPATCHING:
            return self.dispatching(function, DISPATCHING[name])
        if issubclass(type(owner), str) and type(function) in OF_C:
            if function.__name__ == "format":
                return lambda *args, **kwargs: self.fill(function, owner, args, kwargs)
            if function.__name__ == "format_map":
                return lambda names: self.fill(function, owner, None, names)
            return self.reading(function)
        if owner is itertools.chain and function.__name__ == "from_iterable":
            return self.operations.family["chain"].from_iterable
        if owner is not None and not is_a(owner, ModuleType | type):
            found = self.of_owner(function, owner)
            if found is not None:
                return found
        if name in CHANGING:
            return self.changing_first(function)
        if function.__name__ == "register" and top in REGISTERING:
            self.objects.alone(f"register() of {REGISTERING[top]}")
            if top == "abc":
                return partial(self.register, function)
        if function.__name__ == SUBCLASSES:
            return partial(self.subclasses, function)
        if name in MAKING_CLASSES:
            return self.making(function)
        if name in ASKING:
            return self.alone_with(function, keeps=name not in TAKING_OVER)
        if name == "concurrent.wait":
            return self.waiting(function)
        if top in READING or is_a(owner, type) or name in SHOWING_ERRORS:
            return self.reading(function)
        if top in ASKING_NOTHING:
            if type(function) in OF_C:
                self.machine.current.writes += 1  # as in ``of_owner``
            elif top not in LOOKED_AT:
                self.followed.add(function.__module__)
            return function
        return self.alone_with(function)

    def outside(self, function: Any) -> Callable[..., Any] | None:
        """Return what refuses a function that reaches what is outside of the program, if it does.

        It is refused where it is called, and may be named anywhere.
        """
        why = outside(function)
        return None if why is None else lambda *_, **__: self.machine.refuse(why)

    def subclasses(self, function: Any, *args: Any) -> Any:
        """Return the classes below one, if they are all made by the program in a known order.

        Args:
            function: the method of that class
            args: what it is called with, which is nothing
        """
        if function.__self__.__module__ not in OWN_MODULES:
            self.machine.refuse(
                "__subclasses__() of a class of the library shows which of its modules are loaded, "
                "which differs from computer to computer: do without it"
            )
        if len(self.machine.threads) > 1:
            self.machine.refuse(
                "__subclasses__() shows classes in the order in which threads have made them, "
                "which is not followed: do without it"
            )
        return function(*args)

    def that_differs(self, function: Any) -> Callable[..., Any] | None:
        """Return what stands for a function that tells what differs, if it is one."""
        if function is uuid.uuid4:
            return self.unique(function)
        name = f"{asked(function, '__module__', '')}.{function.__name__}"
        if name == "importlib.metadata.version":
            return self.version(function)
        return self.of_computer(function) if name in OF_COMPUTER else None

    def version(self, function: Any) -> Callable[..., Any]:
        """Return what tells which version of a package is installed, another one on each computer.

        That it is not installed fails as an import of it does.
        """

        def call(*args: Any, **kwargs: Any) -> Any:
            function(*args, **kwargs)
            self.machine.learn("unknowns")
            return anew(VERSION)

        return fitting(call, function)

    def of_computer(self, function: Any) -> Callable[..., Any]:
        """Return what tells something that differs from computer to computer.

        The function itself may begin a process to find out, and is not called.
        """

        def call() -> Any:
            self.machine.learn("unknowns")
            return anew(COMPUTER)

        def platform(aliased: Any = False, terse: Any = False) -> Any:  # noqa: ARG001
            return call()

        return fitting(platform if function.__name__ == "platform" else call, function)

    def unique(self, function: Any) -> Callable[..., Any]:
        """Return what gives a uuid, of which it is only known that it is one."""

        def call(*args: Any, **kwargs: Any) -> Any:
            sample = function(*args, **kwargs)
            self.machine.learn("unknowns")
            return Unknown(sample, UNIQUE, never_negative=True, never_zero=True)

        return fitting(call, function)

    def of_date(self, function: Any) -> Callable[..., Any]:
        """Return what stands for a class method of dates: those that say which it is are clocks."""

        def call(*args: Any, **kwargs: Any) -> Any:
            given = (*args, *kwargs.values())
            if function.__name__ == "strptime":
                hold_zone(*args)
            known = function.__name__ not in NOW and not any(type(one) is Unknown for one in given)
            zoned = any(is_a(one, dt.tzinfo) for one in given)
            if known and (function.__name__ != "fromtimestamp" or zoned):
                return function(*args, **kwargs)
            self.machine.learn("unknowns")
            named = {key: sample_of(one) for key, one in kwargs.items()}
            return Unknown(function(*map(sample_of, args), **named), TIME)

        call.__module__ = "anyorder"
        return call

    def of_zone(self, function: Any, moment: dt.datetime) -> Callable[..., Any]:
        """Return what stands for a method that may ask in which time zone the computer is."""

        def call(*args: Any, **kwargs: Any) -> Any:
            zoned = function.__name__ == "timestamp" or any((*args, *kwargs.values()))
            result = function(*args, **kwargs)
            if moment.tzinfo is not None and zoned:
                return result
            self.machine.learn("unknowns")
            return Unknown(result, TIME)

        call.__module__ = "anyorder"
        return call

    def of_source(self, function: Any) -> Callable[..., Any]:
        """Return a function that tells in which file something is, or what is written there."""

        def call(thing: Any, *args: Any, **kwargs: Any) -> Any:
            result = function(thing, *args, **kwargs)
            if FOLDER not in inspect.getfile(thing):
                self.machine.refuse(
                    f"{function.__name__}() of what is not the program's own tells how the library "
                    "is written and where it lies, which differs from computer to computer: write "
                    "it without"
                )
            return result

        return fitting(call, function)

    def register(self, function: Any, cls: Any) -> Any:
        """Register a class with an abstract one: of the library's, no two stay so afterwards."""
        if OWN_MODULES.isdisjoint({function.__self__.__module__, asked(cls, "__module__", "")}):
            self.objects.outlives(f"{function.__self__.__name__}.register()")
        return function(cls)

    def of_form(self, function: Any, *args: Any, **kwargs: Any) -> str:
        """Return what a method of dates makes of a format."""
        form = [*args, *kwargs.values(), None][0]
        return self.showing.dated(form) or function(*args, **kwargs)

    def of_owner(self, function: Any, owner: Any) -> Any:  # noqa: PLR0911 - a table of questions
        """Return what stands for a bound method, and nothing for one that is written in Python."""
        kind = self.objects.kind_of(type(owner))
        if type(function) in OF_C and function.__name__ in TELLING_ALL:
            self.hold_attributes(owner, function.__name__)
        if is_a(kind, OwnContainers):
            kind = kind.container
        if is_a(kind, Container):  # by way of super(), say
            return ContainerMethod(kind, owner, function.__name__, function)
        of_c = type(function) in OF_C
        # that of a named tuple is written in Python, and does as one in C would
        named_tuple = is_a(owner, tuple) and asked(function, "__module__") == "collections"
        if (of_c or named_tuple) and self.shows_or_compares(function.__name__, kind):
            return self.by_name(function, owner)
        if not of_c:
            return None
        if is_a(owner, TextIOBase) and function.__name__ == "writelines":
            return partial(self.write_lines, owner)
        if issubclass(type(owner), HOLDERS):
            return self.of_holder(function, owner)
        if is_a(kind, Exceptions) and function.__name__ == "add_note":
            return partial(kind.add_note, owner)
        if kind.plain:
            return self.reading(function)
        # what it changes is not known, so whoever goes round a loop with it is not where it was
        self.machine.current.writes += 1
        return self.reading(function) if self.takes_unseen(function, owner) else function

    @staticmethod
    def shows_or_compares(name: str, kind: Kind) -> bool:
        """Whether a method of that name shows objects of a kind that changes, or compares them."""
        return not kind.plain and name in LOOKING

    def by_name(self, method: Any, owner: Any) -> Callable[..., Any]:
        """Return a method that shows an object or compares it, as that of a class written in C.

        By way of ``super()``, it does so where the object's own class would do otherwise. What
        ``object`` has asks the object's own class again.
        """
        name = method.__name__
        of_object = asked(method, "__qualname__") == f"object.{name}"

        def call(*args: Any) -> Any:
            if of_object and name == "__str__" and not args:
                return self.showing.show(owner, "repr")
            if of_object and name == "__format__" and args == ("",):
                return self.showing.show(owner, "str")
            if not of_object:
                self.depths.read(LOOKING[name], f"{name}()", owner, *args, named=True)
            made = method(*args)
            return self.machine.varied.masked(made) if name in SHOWING else made

        return fitting(call, method)

    def hold_attributes(self, thing: Any, name: str) -> None:
        """Refuse to read all attributes of an object unseen, once there are several threads.

        What some of these methods return has the object's own dict, which is followed from now.
        """
        kind = self.objects.kind_of(type(thing))
        if not is_a(kind, Instances):
            return
        if self.objects.several():
            self.machine.refuse(
                f"{name}() reads all attributes of an object unseen, which is not followed once "
                "there are threads: call it before they begin, or read one after another"
            )
        if name != "__dir__" and attributes_of(thing):
            kind.shown_as_dict(thing)

    def takes_unseen(self, function: Any, owner: Any) -> bool:
        """Whether a method is one of a class that has no rules for what its methods are given.

        It may be that of a class which the program's is derived from, such as ``str``.
        """
        name = function.__name__
        base = next((one for one in type(owner).__mro__ if name in vars(one)), object)
        kind = self.objects.kind_of(base)
        return base is not object and (kind.plain or is_a(kind, Opaque))

    def warn(
        self,
        message: Any,
        category: Any = None,
        stacklevel: int = 1,
        source: Any = None,
        **more: Any,
    ) -> None:
        """Do what ``warnings.warn`` does, of a message that no thread changes meanwhile."""
        self.handing.hold_alone(message, "what warnings.warn does with it")
        if self.objects.several() and depends_on_turns():
            self.machine.refuse(
                "which warning comes first is seen by what catch_warnings(record=True) keeps, and "
                'by "once" and "module", which is not followed while there are threads: print '
                "what is to be said"
            )
        self.callers.warn(message, category, stacklevel, source, **more)

    def state_of(self, function: Any, generator: Any) -> Any:
        """Return what says how far a generator is, each question of it an event."""
        if not is_a(generator, GeneratorType):
            return function(generator)
        return function(Asked(self.operations.attribute, generator))

    def locals_of(self, function: Any, generator: Any) -> Any:
        """Return the variables of a generator, unless another thread may be changing them."""
        shared = ((self.objects.label(generator), "next"), READ)
        if is_a(generator, GeneratorType) and self.objects.touch_all((shared,)):
            self.machine.refuse(
                "inspect.getgeneratorlocals() shows variables of a generator that threads share, "
                "which is not followed: let it yield what is to be seen"
            )
        return function(generator)

    def except_hook(self, kind: Any, error: Any, steps: Any, /) -> None:
        """Do what ``sys.excepthook`` does, unless the program has replaced it.

        It writes source lines as pieces of their own, where it finds them: that is in the same
        piece as their frame here, since it must not depend on where the program lies.
        """
        if not is_a(error, BaseException):
            sys.__excepthook__(kind, error, steps)  # which says what is wrong
            return
        self.telling.tell(error)
        with self.machine.reporting():
            for piece in self.machine.displayed(error, steps):
                sys.stderr.write(piece)

    def write_lines(self, file: TextIOBase, lines: Any, /) -> None:
        """Do what ``writelines`` of a text file does."""
        self.machine.varied.handed((lines,))
        file.writelines(self.iterators.iterate(lines))

    def of_holder(self, method: Any, holder: tuple[Any, ...] | frozenset[Any]) -> Any:
        """Return what stands for a method of a tuple or a frozen set.

        That never changes itself, but what it holds may, and what is compared with it.
        """
        name = method.__name__
        kind = self.objects.kind_of(set if is_a(holder, frozenset) else list)
        assert is_a(kind, Container)
        if name in {"index", "count"}:
            items = tuple.__getitem__(holder, slice(None))  # type: ignore[index]
            return fitting(partial(getattr(kind, name), items, method), method)

        def call(*args: Any) -> Any:
            args, read = kind.held(args, apart=kind.takes_apart(name))
            self.objects.step(LOOK, read, args)
            touched = read if len(args) < 2 else ()  # noqa: PLR2004 - each of several is a step
            return self.objects.made(self.objects.unbroken(name, touched, method, *args))

        return fitting(call, method)

    def waiting(self, function: Any) -> Callable[..., Any]:
        """Return ``concurrent.futures.wait``, which first makes a set of what it waits for."""

        def call(fs: Any, *args: Any, **kwargs: Any) -> Any:
            return function(self.operations.taken(fs, set), *args, **kwargs)

        return fitting(call, function)

    def fill(self, function: Any, template: str, args: Any, names: Any) -> str:
        """Do what ``str.format`` does: each field is reached and shown by events of its own."""
        try:
            return self.operations.filled(template, args, names)
        except NotFilled:  # it says itself what is wrong
            if function.__name__ == "format_map":
                return function(names)  # type: ignore[no-any-return]
            return function(*args, **names)  # type: ignore[no-any-return]

    # -- the library's functions ---------------------------------------------------------------

    def reading(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function of the library that reads what it is given, in one step.

        One that is written in Python reads it bit by bit, so it may not be shared.
        """
        name = asked(function, "__name__", type(function).__name__)
        known = named(function)
        of_python = is_a(function, FunctionType | MethodType) and known not in ONE_STEP
        by_pattern = is_a(asked(function, "__self__"), re.Pattern)
        if of_python or by_pattern or known in LATE:
            return self.alone_with(function)
        in_steps = ONE_STEP.get(known, ())

        def call(*args: Any, **kwargs: Any) -> Any:
            things = (*args, *kwargs.values())
            self.machine.varied.handed(things)
            if self.at_once(known, things, kwargs):
                return function(*args, **kwargs)
            given = things
            if not known.startswith("operator."):  # which are operations of the language
                args = tuple(read_in(self.objects, arg) for arg in args)
                kwargs = {key: read_in(self.objects, value) for key, value in kwargs.items()}
                things = (*args, *kwargs.values())
            if any(map(calls_back, things)) or any(kwargs.get(one) for one in in_steps):
                self.handing.hold_all_alone(things, known)
            if not self.comparing.orders_alone(things):
                args = tuple(map(self.followable, args))
                kwargs = {key: self.followable(value) for key, value in kwargs.items()}
                things = (*args, *kwargs.values())
                self.depths.read("repr", f"{name}()", *things)
            read = (*given, *things)
            made = self.unbroken(f"{name}()", read, function, *args, **kwargs)
            self.handing.hand_out(f"{name}()", made, *things)
            return made

        call.__name__ = name
        return call

    def unbroken(
        self, name: str, things: tuple[Any, ...], function: Any, *args: Any, **kwargs: Any
    ) -> Any:
        """Call a function that reads things and what they hold in one step.

        Args:
            name: its name, for the message
            things: what it reads
            function: the function
            args: what it is called with
            kwargs: likewise, by name
        """
        touched = self.depths.containers(*things)
        return self.objects.unbroken(name, touched, function, *args, **kwargs)

    def at_once(self, name: str, things: tuple[Any, ...], named: Mapping[str, Any]) -> bool:
        """Whether a function reads all that it is given before another thread could change it.

        Args:
            name: its name, with its module
            things: what it gets
            named: what of that it gets by name
        """
        runs = AT_ONCE.get(name)
        return (
            runs is not None
            and not any(map(calls_back, things))
            and not any(map(named.get, runs))
            and self.handing.reads_alone(things)
        )

    def followable(self, value: Any) -> Any:
        """Return what stands for an argument that is called or asked for its items."""
        if is_a(value, BuiltinFunctionType | MethodDescriptorType):
            return self.function(value)
        return self.iterators.drawn(value)

    def changing_first(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function of the library that changes a container, as one event."""

        def call(thing: Any, *args: Any, **kwargs: Any) -> Any:
            kind = self.objects.kind_of(type(thing))
            if any(map(calls_back, kwargs.values())):  # a key
                if kind.holds:
                    self.handing.hold_in_order(thing, function.__name__)
                self.handing.hold_all_alone((thing, *args), named(function))
            if kind.holds:
                self.handing.hold_alone_inside(thing, function.__name__)
                kind.change(thing, function.__name__, args)  # type: ignore[attr-defined]
            things = (thing, *args, *kwargs.values())
            return self.unbroken(f"{function.__name__}()", things, function, thing, *args, **kwargs)

        return call

    def alone_with(self, function: Any, *, keeps: bool = True) -> Callable[..., Any]:
        """Return a function of which it is not known what it does with what it is given.

        Args:
            function: the function
            keeps: whether what it makes may read that later on
        """
        name = named(function)

        def call(*args: Any, **kwargs: Any) -> Any:
            things = (*args, *kwargs.values())
            self.machine.varied.handed(things)
            for thing in things:
                self.describing.attributes(thing, name)
            if name in TELLING_UNSEEN:
                self.describing.instances(things, function.__name__)
            if not self.at_once(name, things, kwargs):
                self.handing.hold_all_alone(things, name)
            made = function(*args, **kwargs)
            if keeps:
                keepers = (made, asked(function, "__self__"))
                self.handing.hand_out(f"{name}()", keepers, *things)
            return made

        return call

    def keeping(self, cls: type) -> Callable[..., Any]:
        """Return what makes an object of a class that keeps what it is given, and asks nothing."""

        def call(*args: Any, **kwargs: Any) -> Any:
            made = cls(*args, **kwargs)
            self.handing.hand_out(f"a {cls.__name__}", made, *args, *kwargs.values())
            return made

        return call

    def making(self, function: Any) -> Callable[..., Any]:
        """Return a function, or a class of enumerations, that makes a class of what it is given.

        It looks for the module that calls it, which is the program's.
        """
        found = self.alone_with(function)

        def call(*args: Any, **kwargs: Any) -> Any:
            if is_a(function, EnumMeta):  # which compares the values of its members
                members: Iterable[Any] = function.__members__.values()
                values = tuple(one.value for one in members)
                self.handing.hold_all_alone(values, f"{function.__name__}()")
            made = found(*args, **kwargs)
            if is_a(made, type) and "module" not in kwargs:
                made.__module__ = calling_frame(self.machine.own).f_globals["__name__"]
            return made

        return call

    def filled(self, names: Any) -> None:
        """Refuse to make members of an enumeration of what threads share, at the end of its body.

        Its class makes an object of each, and compares them, unseen. Before there are other threads
        nobody changes anything meanwhile.

        Args:
            names: what the body of a class has set
        """
        if is_a(names, EnumDict) and self.objects.several():
            values = tuple(names[one] for one in names._member_names)  # type: ignore[attr-defined]
            self.handing.hold_all_alone(values, "an enumeration")

    def unbound(self, function: Any) -> Callable[..., Any]:  # noqa: C901 - a table of questions
        """Return a method that is called through its class, such as ``list.append``.

        Args:
            function: the method; if it is bound already, what is returned has to be bound again
        """
        name = function.__name__

        def call(*args: Any, **kwargs: Any) -> Any:  # noqa: C901 - a table of questions
            if not args:
                return function(*args, **kwargs)
            thing, *others = args
            bound = function if asked(function, "__self__") is not None else function.__get__(thing)
            kind = self.objects.kind_of(type(thing))
            if name in TELLING_ALL:
                self.hold_attributes(thing, name)
            self.beginning.before(thing, name, asked(function, "__objclass__"), tuple(others))
            if is_a(kind, OwnContainers):
                kind = kind.container
            if is_a(kind, Container):
                return kind.call(thing, name, bound, tuple(others), kwargs)
            if self.shows_or_compares(name, kind):
                return self.by_name(bound, thing)(*others, **kwargs)
            if issubclass(type(thing), HOLDERS) and name not in SLOTS:
                if not name.startswith("__"):
                    return self.of_holder(bound, thing)(*others, **kwargs)
                self.depths.read("repr", f"{name}()", thing, *others)
            elif name in SLOTS and others:
                self.operations.before_slot(SLOTS[name], thing, *others)
            elif not kind.plain:
                self.depths.read("repr", f"{name}()", thing)
            if (
                issubclass(type(thing), str | struct.Struct)
                or name == SUBCLASSES
                or (issubclass(type(thing), dt.date | dt.time) and name in OF_DATES)
            ):
                return self.foreign(bound)(*others, **kwargs)
            takes = kind.plain or self.takes_unseen(bound, thing)
            return (self.reading(bound) if takes else bound)(*others, **kwargs)

        return call


def named(function: Any) -> str:
    """Return the name of a function of the library, with its module."""
    module = asked(function, "__module__")
    if module is None:  # a method written in C
        module = type(asked(function, "__self__", function)).__module__
    return f"{module.lstrip('_')}.{asked(function, '__qualname__', type(function).__name__)}"


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
    if is_a(thing, type) and thing.__module__ == "builtins":
        return False
    return callable(thing) and not is_a(thing, BuiltinFunctionType)


def depends_on_turns() -> bool:
    """Whether what becomes of a warning may depend on which others there were."""
    filters = getattr(warnings, "_get_filters", lambda: warnings.filters)()
    once = any(one[0] in {"module", "once"} for one in filters)
    log = getattr(getattr(warnings, "_get_context", lambda: None)(), "log", None)
    return once or log is not None or warnings.showwarning is SHOWS_WARNING


def asks_for_coroutines(function: Any) -> bool:
    """Whether a function of the library asks whether another one is a coroutine function.

    From 3.14 on that of ``asyncio`` gives a warning, which is about whoever calls it.
    """
    if function is inspect.iscoroutinefunction:
        return True
    known = (
        function.__name__ == "iscoroutinefunction" and function.__module__ == "asyncio.coroutines"
    )
    return known and "warnings" not in function.__code__.co_names


def asking_for(kind: str, asks: Any) -> Callable[[Any], bool]:
    """Return a function that asks whether a function is an asynchronous one, of a kind."""

    def ask(obj: Any) -> bool:
        function = obj
        while is_a(function, MethodType | partial):
            function = function.__func__ if is_a(function, MethodType) else function.func
        return asks(obj) or (
            is_a(function, FunctionType) and is_asynchronous(function.__code__, kind)
        )

    return fitting(ask, asks)
