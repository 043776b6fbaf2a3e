"""Which kind the objects of a class are of. What is in no table is opaque: threads may not share it."""  # noqa: E501

from __future__ import annotations

import csv
import decimal
import inspect
import io
import re
import struct
import types
from argparse import Namespace
from collections import OrderedDict, deque
from contextlib import AbstractContextManager, ContextDecorator
from contextvars import Context, ContextVar
from decimal import Decimal
from enum import Enum
from functools import partial
from pathlib import PurePath
from types import CodeType, FrameType, FunctionType, GeneratorType, ModuleType, SimpleNamespace
from typing import TYPE_CHECKING

from anyorder.exploring.accesses.bit_by_bit import WRITER
from anyorder.exploring.accesses.callers import Frames
from anyorder.exploring.accesses.containers import Container, ContainerOperations
from anyorder.exploring.accesses.dicts import VIEWS, Dicts, Views
from anyorder.exploring.accesses.drawing import Drawn
from anyorder.exploring.accesses.heirs import Heirs, keeper
from anyorder.exploring.accesses.instances import Classes, Instances, OwnContainers, Supers
from anyorder.exploring.accesses.iterators import (
    Drawing,
    Generators,
    IteratorKind,
    Iterators,
    Stepping,
)
from anyorder.exploring.accesses.kinds import Kind
from anyorder.exploring.accesses.library import (
    OF_GENERICS,
    Codes,
    ContextVars,
    Described,
    Exceptions,
    Followed,
    Functions,
    Holders,
    InTurn,
    Members,
    Modules,
    Namespaces,
    Numbers,
    Opaque,
    OwnHolders,
    Paths,
    Reckonings,
    Rows,
    Shells,
    Signals,
    Threads,
    top_module,
)
from anyorder.exploring.accesses.lists import Bytes, Deques, Lists
from anyorder.exploring.accesses.sets import Sets
from anyorder.exploring.accesses.streams import Texts
from anyorder.exploring.accesses.unseen import is_changed
from anyorder.exploring.attributes import class_has, is_a
from anyorder.exploring.engine.unknown import Unknown
from anyorder.exploring.modules import FOLLOWED, OWN_MODULES

if TYPE_CHECKING:
    from anyorder.exploring.accesses.objects import Objects

__all__ = ["CONTAINERS", "NEVER_CHANGE", "NEVER_CHANGE_BY_NAME", "SHELLS", "Finder"]

CONTAINERS: dict[type, type[Container]] = {
    list: Lists, dict: Dicts, OrderedDict: Dicts, set: Sets, deque: Deques, bytearray: Bytes,
    io.StringIO: Texts, io.BytesIO: Texts,
}  # fmt: skip
# what never changes and touches nothing else, whatever is done to it
NEVER_CHANGE = (
    bool, bytes, complex, float, int, range, str, type(...), type(None),
    type(NotImplemented), Decimal, types.BuiltinFunctionType, type(re.compile("").search),
    types.MethodWrapperType, types.MethodDescriptorType,
    types.WrapperDescriptorType, types.GetSetDescriptorType, types.MemberDescriptorType,
    types.ClassMethodDescriptorType, types.TracebackType, property, struct.Struct,
)  # fmt: skip
SHELLS = (classmethod, slice, staticmethod, types.MethodType)
DESCRIBED = (
    inspect.BoundArguments, inspect.Parameter, inspect.Signature, partial, types.MappingProxyType,
    *OF_GENERICS,
)  # fmt: skip
# classes of modules that are not imported before a program asks for them, likewise
NEVER_CHANGE_BY_NAME = {
    "datetime.date", "datetime.datetime", "datetime.time", "datetime.timedelta",
    "datetime.timezone", "fractions.Fraction", "re.Match", "re.Pattern", "uuid.UUID",
}  # fmt: skip
WRITERS = (csv.DictWriter, WRITER)  # of rows
OF_THREADING = {"threading"}
KEEP_NOTHING = {AbstractContextManager, ContextDecorator}  # classes that are only derived from


class Finder:
    """Gives the kind of each class.

    Args:
        objects: the objects of the exploration
        iterators: what goes through them
        operations: what containers carry out
        more: for further classes, with what is derived from them, their kind
    """

    def __init__(
        self,
        objects: Objects,
        iterators: Iterators,
        operations: ContainerOperations,
        more: tuple[tuple[type, Kind], ...] = (),
    ) -> None:
        self.objects = objects
        self.more = more
        self.plain = Kind()
        self.numbers = Numbers()
        self.paths = Paths(objects)
        self.opaque = Opaque(objects)
        self.containers = {
            cls: make(objects, iterators, operations) for cls, make in CONTAINERS.items()
        }
        self.views = Views(objects, iterators, operations)
        self.holders = Holders(objects)
        self.own_holders = OwnHolders(objects)
        self.members = Members(objects)
        self.iterators = IteratorKind(objects, iterators)
        self.generators = Generators(objects, iterators)
        self.classes = Classes(objects)
        self.supers = Supers(objects)
        self.instances = Instances(objects)
        self.unseen = Instances(objects, objects.unshared)
        self.heirs = Heirs(objects)
        self.exceptions = Exceptions(objects)
        self.namespaces = Namespaces(objects)
        self.functions = Functions(objects)
        self.codes = Codes(objects)
        self.frames = Frames(objects)
        self.modules = Modules(objects)
        self.threads = Threads(objects)
        self.followed = Followed(objects)
        self.rows = Rows(objects)
        self.in_turn = InTurn(objects)
        self.signals = Signals(objects)
        self.reckonings = Reckonings(objects)
        self.context_vars = ContextVars(objects)
        self.described = Described(objects)
        self.shells = Shells(objects)
        self.own = {
            cls: OwnContainers(objects, container) for cls, container in self.containers.items()
        }

    def find(self, cls: type) -> Kind:  # noqa: C901, PLR0911, PLR0912 - a table of questions
        """Return the kind of the objects of a class."""
        for known, kind in self.more:
            if issubclass(cls, known):
                return kind
        if cls in self.containers:
            return self.containers[cls]
        if cls in VIEWS:
            return self.views
        if cls in NEVER_CHANGE or f"{cls.__module__}.{cls.__qualname__}" in NEVER_CHANGE_BY_NAME:
            return self.plain
        if cls is Unknown:
            return self.numbers
        if cls in {tuple, frozenset}:
            return self.holders
        if cls in SHELLS:
            return self.shells
        if cls is Context:  # what runs in it changes what it holds
            return self.opaque
        if cls is ContextVar:
            return self.context_vars
        if cls is GeneratorType:
            return self.generators
        if cls is FrameType:
            return self.frames
        if cls is CodeType:
            return self.codes
        if cls is FunctionType:
            return self.functions
        if cls is super:
            return self.supers
        if issubclass(cls, ModuleType):
            return self.modules
        if issubclass(cls, type):
            return self.classes
        if issubclass(cls, Drawn | Drawing | Stepping):
            return self.iterators
        if cls.__module__ in OWN_MODULES:
            return self.of_program(cls)
        return self.of_library(cls)

    def of_program(self, cls: type) -> Kind:  # noqa: PLR0911 - a table of questions
        """Return the kind of the objects of a class of the program."""
        for base in cls.__mro__:
            if base in self.own:
                return self.own[base]
        if issubclass(cls, BaseException):
            return self.exceptions
        if issubclass(cls, tuple | frozenset):
            return self.own_holders if has_dict(cls) else self.holders
        if issubclass(cls, SimpleNamespace):
            return self.namespaces
        if issubclass(cls, Enum):
            return self.members
        if issubclass(cls, partial):
            return self.described
        for base in cls.__mro__:
            if base.__module__ not in OWN_MODULES and is_a(self.of_library(base), Opaque):
                return self.unseen  # its code is the library's, and is not followed
        return self.heirs if keeper(cls) else self.instances

    def of_library(self, cls: type) -> Kind:  # noqa: C901, PLR0911, PLR0912 - a table of questions
        """Return the kind of the objects of a class of the library."""
        for base, container in self.containers.items():
            if issubclass(cls, base):
                return container
        if issubclass(cls, BaseException):
            return self.exceptions
        if cls.__module__ in {"itertools", "builtins"} and class_has(cls, "__next__"):
            return self.iterators
        if issubclass(cls, SimpleNamespace) or cls is Namespace:
            return self.namespaces
        if issubclass(cls, PurePath):
            return self.paths
        if issubclass(cls, tuple | frozenset):
            return self.holders
        if cls.__module__ in OF_THREADING and cls.__dictoffset__:
            return self.threads
        if issubclass(cls, NEVER_CHANGE_OR_DERIVED):
            return self.plain
        if issubclass(cls, decimal.Context):
            return self.reckonings
        if issubclass(cls, WRITERS):
            return self.in_turn
        if issubclass(cls, csv.DictReader):
            return self.rows
        if cls is type(decimal.DefaultContext.flags):
            return self.signals
        if issubclass(cls, DESCRIBED):
            return self.described
        if cls in KEEP_NOTHING:
            return self.followed
        known = top_module(cls) in FOLLOWED and not is_changed(self.objects, cls)
        return self.followed if known else self.opaque


NEVER_CHANGE_OR_DERIVED = (bytes, Decimal, float, int, str)


def has_dict(cls: type) -> bool:
    """Whether objects of a class may have attributes of their own."""
    return bool(cls.__dictoffset__)
