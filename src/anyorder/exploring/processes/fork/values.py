"""How a value of one process is copied for another one that is forked from it.

Values are copied; functions and classes are shared (see ``shared_code``). A lock that is held stays
held. What cannot be copied is refused by name.
"""

from __future__ import annotations

import contextvars
import ctypes
import functools
import inspect
import io
import re
import struct
import types
import weakref
from abc import ABC, ABCMeta
from collections import OrderedDict, defaultdict, deque
from contextlib import suppress
from random import Random
from typing import TYPE_CHECKING, Any, NoReturn

from anyorder.exploring.accesses.containers import ContainerMethod
from anyorder.exploring.accesses.drawing import Count, Drawn, class_of
from anyorder.exploring.accesses.iterators import Drawing, Spread, Stepping
from anyorder.exploring.attributes import attributes_of as own_attributes
from anyorder.exploring.attributes import class_has, is_a
from anyorder.exploring.engine.threads import SimulatedThread
from anyorder.exploring.library.output import Input
from anyorder.exploring.library.threading import Entering
from anyorder.exploring.modules import OWN_MODULES
from anyorder.exploring.processes.fork.left_behind import LeftBehind
from anyorder.exploring.processes.fork.shared_code import FIXED, attributes_of, read
from anyorder.exploring.processes.fork.threads import (
    WAITERS,
    copy_context,
    copy_handle,
    copy_local,
    copy_lock,
    copy_shared_lock,
    copy_thread,
    move_places,
)
from anyorder.exploring.processes.library.module_state import EXECUTORS
from anyorder.exploring.processes.library.queues import NoLock, QueueBuffer
from anyorder.exploring.processes.pools.registry import PoolOfParent, WorkerEnd
from anyorder.exploring.processes.system.memory import Mapping, block_of
from anyorder.exploring.processes.system.shared import DATA, place_of
from anyorder.exploring.processes.system.streams import Stream

if TYPE_CHECKING:
    from collections.abc import Callable

    from anyorder.exploring.processes.fork.shared_code import Places
    from anyorder.exploring.processes.system.computer import Computer
    from anyorder.exploring.processes.system.process import SimulatedProcess

__all__ = ["ValueCopier"]


class Parts(ctypes.Structure):
    """A structure, for what its class keeps."""

    _fields_ = [("part", ctypes.c_int)]


CACHE: Any = type(functools.lru_cache(len))
PART = type(vars(Parts)["part"])  # what reads a part of a structure of ctypes
FIELD = type(inspect.FullArgSpec.args)  # what reads a field of a named tuple
# what an abstract class knows of other classes: none is registered while several processes have it
OF_ABSTRACT: Any = type(vars(ABC)["_abc_impl"])
SHARED = (
    type(None), bool, int, float, complex, str, bytes, range, slice, type(Ellipsis),
    type(NotImplemented), type, types.ModuleType, types.CodeType, types.WrapperDescriptorType,
    types.MethodDescriptorType, memoryview, types.GenericAlias, types.UnionType, re.Pattern,
    weakref.ref, types.FunctionType, contextvars.ContextVar, struct.Struct, FIELD, PART, Input,
    Stream, OF_ABSTRACT,
)  # fmt: skip
# functions written in C, each bound to what it was got from: an object, a module, or nothing
OF_C = (types.BuiltinFunctionType, types.MethodWrapperType)
# what never changes, save that objects of a class that is derived from it may have attributes; each
# with what returns the value of one
IMMUTABLE_BASES: tuple[tuple[Any, Callable[[Any], Any]], ...] = (
    (int, int.__index__), (float, float.__float__), (complex, complex.__complex__),
    (str, str.__str__), (bytes, bytes.__bytes__),
)  # fmt: skip
IMMUTABLE = tuple(base for base, _ in IMMUTABLE_BASES)
HOLDERS: tuple[Any, ...] = (tuple, frozenset)
FILLED: tuple[Any, ...] = (list, OrderedDict, defaultdict, dict, set, deque, bytearray)
OF_ALL = {"__class__", "__dict__", "__traceback__"}
EMPTY: tuple[Any, ...] = ([], (), "", b"", range(0), {}, set(), {}.values(), {}.items())
ITERATORS = (*(type(iter(one)) for one in EMPTY), type(reversed([])))
NAMESPACE = "__classdict__"  # what annotations in a class see of it: the very dict of the class
FEEDER = ("_thread", "_jointhread", "_close")  # what a queue forgets when it is forked
COPIED = {
    "threading", "queue", "weakref", "_weakrefset", "collections", "concurrent.futures._base",
    "concurrent.futures.thread", EXECUTORS, WAITERS,
}  # the modules whose objects are copied attribute by attribute  # fmt: skip
ACCESSES = ContainerMethod.__module__.rpartition(".")[0]  # the room of what stands for methods
TOOL = ACCESSES.partition(".")[0]
POOLS = PoolOfParent.__module__.rpartition(".")[0]  # the room whose objects are of a pool


class ValueCopier:
    """Copies values of one process for one that is forked from it.

    Args:
        machine: where both run
        load: returns the private copy of a module that both use
        lock_class: what stands in a process for a lock that all processes share
        same: what is the same object in every process
        parent: the process that is forked, whose library's state has been kept
        forking: its thread that forks
        child: the process that gets the copies

    Attributes:
        forking_thread: what the thread that forks is in ``threading``
    """

    def __init__(  # noqa: PLR0913, PLR0917 - each is said once
        self,
        machine: Computer,
        load: Callable[[str], types.ModuleType],
        lock_class: type,
        same: tuple[Any, ...],
        parent: SimulatedProcess,
        forking: SimulatedThread,
        child: SimulatedProcess,
    ) -> None:
        self.machine = machine
        self.load = load
        self.same = same
        self.forking = forking
        self.forking_thread = parent.memory["threading"]["_active"].get(forking.ident)
        self.child = child
        self.memo: dict[
            int, tuple[Any, Any]
        ] = {}  # the original, so that its id is its own; the copy
        self.places: Places = {}  # of functions and classes: the copies of what they keep
        self.classes: dict[int, type] = {}  # those of the program, each by its id
        threading, thread = vars(load("threading")), vars(load("_thread"))
        self.kinds: tuple[tuple[Any, Callable[[ValueCopier, Any], Any]], ...] = (
            (thread["LockType"], copy_lock),
            (lock_class, copy_shared_lock),
            # nothing of what is in it: a forked queue begins with new ones
            (QueueBuffer | NoLock, lambda _, thing: type(thing)),
            (Mapping, lambda _, thing: Mapping(thing.block)),
            # what a thread is given by a star: read as the thread begins
            (Spread, lambda copier, one: Spread(one.iterators, copier.copy(one.thing), one.taker)),
            (Entering, lambda copier, one: Entering(one.machine, copier.copy(one.context))),
            (threading["Thread"], copy_thread),
            (threading["local"], copy_local),
            (thread["_ThreadHandle"], copy_handle),
            (contextvars.Context, copy_context),
            (CACHE, ValueCopier.copy_cache),
        )

    def copy(self, thing: Any) -> Any:  # noqa: C901, PLR0911, PLR0912 - a case for each kind
        """Return a copy of a value, the same one each time."""
        known = self.memo.get(id(thing))
        if known is not None:
            return known[1]
        cls = type(thing)
        if cls is LeftBehind:
            return thing
        if cls is types.FunctionType:
            self.memo[id(thing)] = (thing, thing)
            self.copy_function(thing)
            bound = self.copy_stand_in(thing)
            self.memo[id(thing)] = (thing, bound)
            return bound
        if is_a(thing, type) or cls.__module__ in OWN_MODULES:
            self.copy_class(thing if is_a(thing, type) else cls)
            known = self.memo.get(id(thing))
            if known is not None:  # its class has led to it: an enumeration has its members
                return known[1]
        if block_of(thing) is not None:
            return self.keep(thing, thing[:])
        if is_a(thing, IMMUTABLE) and cls.__module__ in OWN_MODULES:
            return self.copy_instance(thing, cls)  # it may have attributes
        if is_a(thing, DATA):
            return self.copy_data(thing)
        if is_a(thing, SHARED):
            return thing
        special = self.special(thing)
        if special is not None:
            self.memo[id(thing)] = (thing, special)
            return special
        if cls is tuple or cls is frozenset:
            return self.keep(thing, cls(self.copy(one) for one in thing))
        if cls is ContainerMethod:
            return self.keep(thing, self.copy_method(thing))
        if cls in OF_C:
            return self.keep(thing, self.copy_bound(thing))
        if cls is types.MethodType:
            return self.keep(thing, types.MethodType(thing.__func__, self.copy(thing.__self__)))
        if is_a(thing, property | staticmethod | classmethod):
            return self.keep(thing, self.copy_descriptor(thing))
        if cls is bytearray:
            return self.keep(thing, bytearray(thing))
        if is_a(thing, Count):
            return self.keep(thing, cls(self.copy(thing.number), self.copy(thing.step)))
        if is_a(thing, Drawn | Drawing | Stepping | types.GeneratorType):
            return self.keep(thing, self.left_behind(thing))
        if is_a(thing, ITERATORS):
            return self.keep(thing, self.rebuilt(thing))
        if id(thing) in self.machine.shown_as_dicts:
            self.machine.refuse(
                "a __dict__ that is kept in a variable while a process is forked is not followed: "
                "ask for it where it is needed"
            )
        if cls in {list, set, deque, dict, OrderedDict, defaultdict}:
            new: Any = deque(maxlen=thing.maxlen) if cls is deque else cls()
            if cls is defaultdict:
                new.default_factory = self.copy(thing.default_factory)
            self.keep(thing, new)
            self.fill(new, thing)
            return new
        if (
            cls.__module__ in OWN_MODULES | COPIED
            or cls.__module__.startswith("multiprocessing")
            or is_a(thing, BaseException | Random)
        ):
            return self.copy_instance(thing, cls)
        return self.keep(thing, self.rebuilt(thing))

    def keep(self, thing: Any, copied: Any) -> Any:
        """Note the copy of a value and return it: the one that its parts have led to, if any."""
        return self.memo.setdefault(id(thing), (thing, copied))[1]

    def copy_method(self, bound: ContainerMethod) -> ContainerMethod:
        """Return a method of a container, bound to the copy of that."""
        thing, method = self.copy(bound.thing), bound.method
        if is_a(method, types.MethodType):
            method = self.copy(method)
        else:
            method = method_of_c(thing, bound.name)
        return ContainerMethod(bound.kind, thing, bound.name, method)

    def copy_descriptor(self, thing: Any) -> Any:
        """Return what has the functions of a property, say: itself, where these are shared."""
        parts = ("fget", "fset", "fdel") if is_a(thing, property) else ("__func__",)
        found = [getattr(thing, name) for name in parts]
        copies = [self.copy(one) for one in found]
        if all(one is other for one, other in zip(found, copies, strict=True)):
            return thing
        if type(thing).__module__ != "builtins":
            return self.rebuilt(thing)
        return type(thing)(*copies)

    def copy_bound(self, bound: Any) -> Any:
        """Return a function written in C, bound to the copy of what it is bound to."""
        thing = self.copy(bound.__self__)
        return bound if thing is bound.__self__ else method_of_c(thing, bound.__name__)

    def fill(self, new: Any, thing: Any) -> None:
        """Copy the items of a container."""
        if is_a(thing, dict):
            put = (OrderedDict if is_a(thing, OrderedDict) else dict).__setitem__
            for key, value in thing.items():
                put(new, self.copy(key), self.copy(value))
        elif is_a(thing, set):
            set.update(new, [self.copy(one) for one in thing])
        elif is_a(thing, list):
            list.extend(new, [self.copy(one) for one in thing])
        elif is_a(thing, deque):
            deque.extend(new, [self.copy(one) for one in thing])
        elif is_a(thing, bytearray):
            bytearray.extend(new, bytearray.__getitem__(thing, slice(None)))

    def without_attributes(self, thing: Any, cls: type) -> Any:
        """Return an object of a class, with nothing but what its built-in base keeps.

        No code of the program's runs; what holds others is empty where that can be filled later.
        """
        for base, value_of in IMMUTABLE_BASES:
            if issubclass(cls, base):
                return base.__new__(cls, value_of(thing))
        for base in HOLDERS:
            if issubclass(cls, base):
                return base.__new__(cls, [self.copy(one) for one in base.__iter__(thing)])
        if issubclass(cls, BaseException):
            return self.without_notes(thing, cls)
        if issubclass(cls, Random):
            generator = Random.__new__(cls)
            Random.setstate(generator, Random.getstate(thing))
            return generator
        base = next((one for one in FILLED if issubclass(cls, one)), object)
        new = base.__new__(cls)
        if is_a(new, deque):
            deque.__init__(new, (), thing.maxlen)
        if is_a(new, defaultdict):
            defaultdict.__init__(new, self.copy(thing.default_factory))
        return new

    def without_notes(self, error: BaseException, cls: type[BaseException]) -> BaseException:
        """Return an exception that has what its built-in base keeps."""
        base: Any = next(one for one in cls.__mro__ if one.__module__ == "builtins")
        new: BaseException = self.keep(error, base.__new__(cls, *self.copy(error.args)))
        for one in base.__mro__:
            for name, kept in vars(one).items():
                if is_a(kept, FIXED) and name not in OF_ALL:
                    with suppress(AttributeError, TypeError):
                        kept.__set__(new, self.copy(kept.__get__(error)))
        new.__traceback__ = error.__traceback__
        return new

    def copy_instance(self, thing: Any, cls: type) -> Any:
        """Copy an object of a class written in Python, attribute by attribute."""
        try:
            new = self.keep(thing, self.without_attributes(thing, cls))
        except TypeError:  # its base is another class written in C
            return self.keep(thing, self.rebuilt(thing))
        self.fill(new, thing)
        for one in cls.__mro__:
            for kept in vars(one).values() if one.__module__ != "builtins" else ():
                if is_a(kept, types.MemberDescriptorType):  # a slot, whatever its name is
                    with suppress(AttributeError):
                        kept.__set__(new, self.copy(kept.__get__(thing)))
        queue = "multiprocessing.queues" in {one.__module__ for one in cls.__mro__}
        for name, value in own_attributes(thing).items():
            forgets = queue and name in FEEDER
            new.__dict__[name] = None if forgets else self.copy(value)
        if cls.__module__ == "multiprocessing.connection":
            new._ao_home = self.child.number
        move_places(self, new)
        return new

    def copy_data(self, thing: Any) -> Any:
        """Return data of ``ctypes``: the same in shared memory, and a copy of any other."""
        if place_of(thing) is not None:
            return thing
        if thing._b_base_ is not None:
            return self.machine.refuse(
                f"a {type(thing).__name__} that is a part of other data of ctypes cannot be copied "
                "to the process that is forked here: get it after the fork"
            )
        return self.keep(thing, self.rebuilt(thing))

    def left_behind(self, thing: Any) -> LeftBehind:
        """Return what stands for an iterator, which may be kept and not looked at."""
        cls = class_of(thing) if is_a(thing, Drawn) else type(thing)
        names = vars(self.machine.process.main_module or types.ModuleType("none"))
        name = next((name for name, value in names.items() if value is thing), None)
        what = f"{name}, a {cls.__name__}," if name else f"a {cls.__name__}"

        def refuse() -> NoReturn:
            self.machine.refuse(
                f"{what} cannot be copied to a process that is forked, and this one looks at it: "
                "make it after the fork"
            )

        return LeftBehind(cls, refuse)

    def rebuilt(self, thing: Any) -> Any:
        """Copy an object as ``copy`` would, or refuse it by name."""
        parts: Any = None
        with suppress(TypeError, ValueError):  # the latter where data of ctypes has pointers
            parts = thing.__reduce_ex__(4)
        if is_a(parts, str):
            return thing
        if parts is not None:
            return self.built(*parts)
        names = vars(self.machine.process.main_module or types.ModuleType("none"))
        name = next((name for name, value in names.items() if value is thing), None)
        what = f"{name}, a {type(thing).__name__}," if name else f"a {type(thing).__name__}"
        return self.machine.refuse(
            f"{what} cannot be copied to the process that is forked here: make it after the fork"
        )

    def built(
        self, make: Any, args: Any, state: Any = None, items: Any = (), pairs: Any = (), *_: Any
    ) -> Any:
        """Make an object of copies of its parts."""
        new = make(*self.copy(args))
        if class_has(type(new), "__setstate__") and state is not None:
            new.__setstate__(self.copy(state))
        elif state is not None:
            names, slots = state if is_a(state, tuple) else (state, None)
            for name, value in (*(names or {}).items(), *(slots or {}).items()):
                object.__setattr__(new, name, self.copy(value))
        for item in items or ():
            new.append(self.copy(item))
        for key, value in pairs or ():
            new[self.copy(key)] = self.copy(value)
        return new

    def special(self, thing: Any) -> Any:
        """Copy what the simulated machine itself is made of."""
        for kind, copy in self.kinds:
            if is_a(thing, kind):
                return copy(self, thing)
        cls = type(thing)
        if (
            is_a(thing, SimulatedThread | WorkerEnd)
            or any(thing is one for one in self.same)
            or (cls.__module__ == "_io" and not is_a(thing, io.StringIO | io.BytesIO))
            or cls.__module__ in {"_thread", "multiprocessing.resource_tracker"}
            or (cls.__module__ == "multiprocessing.context" and cls.__name__.endswith("Context"))
        ):
            return thing  # the same everywhere
        return PoolOfParent(self.machine) if cls.__module__.startswith(f"{POOLS}.") else None

    def copy_function(self, function: types.FunctionType) -> None:
        """Note what a function of the program keeps that can change, or may be kept there later."""
        if function.__module__ not in OWN_MODULES:
            return
        self.share_choices(function)
        for name in ("__defaults__", "__kwdefaults__", "__dict__"):
            self.note(function, name, getattr(function, name))
        named = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
        # what a class keeps is noted with the class itself
        cells = [cell for name, cell in named if name != NAMESPACE]
        caches = [cell for cell in cells if is_a(read(cell, ""), CACHE)]
        for cell in caches or cells:  # what stands for a cached function has others of its own
            self.note(cell, "", read(cell, ""))

    def share_choices(self, function: types.FunctionType) -> None:
        """Share what a ``singledispatch`` function chooses from, while nothing is registered."""
        choices = vars(function).get("registry")
        if type(choices) is not types.MappingProxyType or "dispatch" not in vars(function):
            return
        self.keep(choices, choices)
        for one in choices.values():
            if self.copy(one) is not one:
                self.machine.refuse(
                    f"{function.__name__}() chooses among methods that cannot be copied to the "
                    "process that is forked here: let it choose among functions"
                )

    def copy_stand_in(self, function: types.FunctionType) -> types.FunctionType:
        """Return what stands for a method of an object of the program, bound to the copy of that.

        Any other function is the same in all processes.
        """
        cells = function.__closure__
        if cells is None or not str(function.__module__).startswith(f"{ACCESSES}."):
            return function
        values = [read(cell, "") for cell in cells]
        copies = [one if is_of_tool(one) else self.copy(one) for one in values]
        if all(one is other for one, other in zip(values, copies, strict=True)):
            return function
        bound = types.FunctionType(
            function.__code__, function.__globals__, function.__name__, function.__defaults__,
            tuple(map(types.CellType, copies)),
        )  # fmt: skip
        bound.__qualname__, bound.__kwdefaults__ = function.__qualname__, function.__kwdefaults__
        return bound

    def copy_cache(self, cache: Any) -> Any:
        """Return a cache that is empty, as the other one has to be: nothing tells what is in it."""
        function = cache.made_of[0]
        if any(cache.cache_info()[number] for number in (0, 1, 3)):  # hits, misses, and how many
            self.machine.refuse(
                f"what {function.__name__}() keeps in its cache is not copied to the process that "
                "is forked here: call it after the fork"
            )
        return type(cache)(*cache.made_of)

    def copy_class(self, cls: type) -> None:
        """Note what a class of the program keeps that can change, and those that it is made of."""
        if cls.__module__ not in OWN_MODULES or id(cls) in self.classes:
            return
        self.classes[id(cls)] = cls
        for base in cls.__bases__:
            self.copy_class(base)
        if is_a(cls, ABCMeta):
            self.hold_hooks(cls)
        for name, value in attributes_of(cls):
            self.note(cls, name, value)

    def hold_hooks(self, cls: type) -> None:
        """Refuse an abstract class that asks the program and keeps the answer for its process."""
        metaclass: type = type(cls)
        checks = [vars(one).get("__subclasscheck__") for one in metaclass.__mro__]
        for one in (vars(cls).get("__subclasshook__"), *checks):
            function = one.__func__ if is_a(one, classmethod | staticmethod) else one
            if type(function) is types.FunctionType and function.__module__ in OWN_MODULES:
                name = function.__qualname__
                self.machine.refuse(
                    f"what {name}() says is asked once in each process, which is "
                    'not followed where one is forked: set the start method to "spawn"'
                )

    def note(self, owner: Any, name: str, value: Any) -> None:
        """Note a copy of what is kept at a place that is no variable, unless one is known."""
        place = id(owner), name
        if place not in self.places:
            self.places[place] = (owner, None)  # it may be reached by what it keeps
            self.places[place] = (owner, self.copy(value))


def is_of_tool(thing: Any) -> bool:
    """Whether an object is the tool's own, and stands for none of the program's."""
    stands = is_a(thing, Drawn | Drawing | Stepping | ContainerMethod)
    return not stands and type(thing).__module__.partition(".")[0] == TOOL


def method_of_c(thing: Any, name: str) -> Any:
    """Return a method that an object has from a class written in C."""
    if type(thing) is LeftBehind:
        return thing
    of_c = (one for one in type(thing).__mro__ if one.__module__ not in OWN_MODULES)
    method = next(vars(one)[name] for one in of_c if name in vars(one))
    return method.__get__(thing)
