"""Objects of classes that are not the program's own: functions, modules, exceptions and others."""

from __future__ import annotations

import inspect
import os
import sys
from argparse import Namespace
from contextvars import copy_context
from functools import partial
from gc import get_referents
from types import (
    FunctionType,
    GenericAlias,
    MappingProxyType,
    MemberDescriptorType,
    MethodType,
    ModuleType,
    UnionType,
)
from typing import TYPE_CHECKING, Any, Literal

from anyorder.exploring.accesses.describing import ATTRIBUTES
from anyorder.exploring.accesses.events import (
    CALL,
    DELETE_ATTRIBUTE,
    LOOK,
    MOVE,
    READ_ATTRIBUTE,
    READ_VARIABLE,
    WRITE_ATTRIBUTE,
    WRITE_VARIABLE,
)
from anyorder.exploring.accesses.instances import (
    RUN_BY,
    THREAD_PROPERTIES,
    Instances,
    in_classes,
    is_local,
)
from anyorder.exploring.accesses.kinds import Kind
from anyorder.exploring.accesses.names import HINTS, LATE
from anyorder.exploring.accesses.objects import Eventful
from anyorder.exploring.accesses.telling import NOTES, has_own_text
from anyorder.exploring.accesses.unseen import note_change
from anyorder.exploring.attributes import asked, attributes_of, in_class, is_a
from anyorder.exploring.engine.events import READ, WRITE
from anyorder.exploring.engine.threads import BEGUN
from anyorder.exploring.engine.varying import anew
from anyorder.exploring.frames import PREFIX, of_tool, taken
from anyorder.exploring.modules import (
    LOGGING,
    MAIN,
    OF_PROCESSES,
    OWN_MODULES,
    SIMULATED,
    SWAPPED,
    lasts,
    public_name,
    shows_running,
    unfollowed,
)
from anyorder.exploring.narrow import lacking
from anyorder.exploring.public_names import is_given, refused_name
from anyorder.outcomes.placeholders import COMPUTER, FOLDER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from contextvars import Context

    from anyorder.exploring.accesses.objects import Objects
    from anyorder.exploring.engine.events import EventKind, Footprint

__all__ = [
    "OF_GENERICS",
    "WRITING_ROWS",
    "Codes",
    "ContextVars",
    "Described",
    "Exceptions",
    "Followed",
    "Functions",
    "Holders",
    "InTurn",
    "Members",
    "Modules",
    "Namespaces",
    "Numbers",
    "Opaque",
    "OwnHolders",
    "Paths",
    "Reckonings",
    "Rows",
    "Shells",
    "Signals",
    "Threads",
    "is_environment",
    "top_module",
]

CHANGES = {"clear", "pop", "popitem", "setdefault", "update"}  # what changes ``os.environ``
REWRITTEN = {
    "co_code", "co_consts", "co_flags", "co_linetable", "co_lines", "co_lnotab", "co_names",
    "co_nlocals", "co_positions", "co_stacksize",
}  # fmt: skip
NAMED = {"co_cellvars", "co_freevars", "co_varnames"}  # the explorer's own are left out
# of a path whose folder is not known, what does not depend on that: of a file, and of that folder
OF_FOLDERS = {"__fspath__", "absolute", "as_posix", "joinpath", "name", "resolve"}
OF_FILES = OF_FOLDERS | {"stem", "suffix", "suffixes", "with_name", "with_stem", "with_suffix"}
# what every exception has itself
OF_EXCEPTIONS = {"__cause__", "__context__", "__suppress_context__", "args"}
WRITTEN_BY_RAISING = {"__cause__", "__context__", "__suppress_context__", "__traceback__"}
ASKED_ON_RAISING = {"code", "value"}  # by the interpreter, of a class each
# what belongs to every function
OF_FUNCTIONS = frozenset(dir(FunctionType)) - {"__dict__"}

# what is made of a generic class by what stands in brackets, such as Annotated[int, "a note"]
OF_GENERICS: tuple[Any, ...] = (GenericAlias, UnionType, *type(Literal[0]).__mro__[:2])

# what of a context of ``decimal`` can be changed, or changes as it is used
KEPT_BY_RECKONINGS = {"clear_flags", "clear_traps", "flags", "traps"}

WRITING_ROWS = {"writeheader", "writerow", "writerows"}
KEPT_BY_ROWS = {"_fieldnames", "reader", "writer"}

OF_METHODS = frozenset(dir(MethodType))  # all others a bound method has of its function


def hashable(thing: Any) -> bool:
    """Whether a thing has a hash."""
    try:
        hash(thing)
    except TypeError:
        return False
    return True


def top_module(thing: Any) -> str:
    """Return the module of the library that a class or a function is of, or its package."""
    name: str = asked(thing, "__module__", "")
    return public_name(name).partition(".")[0]


class Holders(Eventful):
    """What holds others, and never changes: tuples, frozen sets."""

    steady = True

    def attribute(self, thing: Any, name: str) -> Any:
        cls = type(thing)
        if cls.__module__ in OWN_MODULES and self.objects.learned("classes"):
            self.objects.step(READ_ATTRIBUTE, in_classes(self.objects, cls, name), (thing, name))
        return getattr(thing, name)

    def inside(self, thing: Any) -> Iterable[Any]:
        return held(thing)

    def runs(self, thing: Any, operation: str) -> bool:
        return runs_own_code(type(thing), operation)


class OwnHolders(Instances):
    """Objects of the program's classes that are tuples or frozen sets, and have attributes too."""

    steady = True

    def inside(self, thing: Any) -> Iterable[Any]:
        return held(thing)

    def runs(self, thing: Any, operation: str) -> bool:
        return runs_own_code(type(thing), operation)


class Members(Instances):
    """Members of the program's enumerations, whose texts show their values."""

    def inside(self, thing: Any) -> Iterable[Any]:
        return (thing._value_,)

    def runs(self, thing: Any, operation: str) -> bool:
        method = in_class(type(thing), "__repr__")
        shows = operation == "repr" and asked(method, "__module__") == "enum"
        return not shows and super().runs(thing, operation)


def held(thing: Any) -> Iterable[Any]:
    """Return what a tuple or a frozen set holds, whatever its class says."""
    return tuple.__iter__(thing) if is_a(thing, tuple) else frozenset.__iter__(thing)


def runs_own_code(cls: type, operation: str) -> bool:
    """Whether an operation on a tuple or a frozen set of a class of the program's runs its code.

    What ``collections`` gives to named tuples does no more than that of a tuple does.
    """
    if cls.__module__ not in OWN_MODULES:
        return False
    methods = [in_class(cls, name) for name in RUN_BY.get(operation, (operation,))]
    return any(
        is_a(one, FunctionType | MethodType) and one.__module__ != "collections" for one in methods
    )


class Shells(Kind):
    """What never changes, and shows what it was made of: slices, bound methods, static methods."""

    plain = False

    def __init__(self, objects: Objects) -> None:
        self.objects = objects

    def attribute(self, thing: Any, name: str) -> Any:
        if type(thing) is MethodType and name not in OF_FUNCTIONS | OF_METHODS:
            function = thing.__func__
            return self.objects.kind_of(type(function)).attribute(function, name)
        return getattr(thing, name)

    def inside(self, thing: Any) -> Iterable[Any]:
        if is_a(thing, slice):
            return thing.start, thing.stop, thing.step
        return (thing.__self__ if is_a(thing, MethodType) else thing.__func__,)


class Paths(Kind):
    """Paths of ``pathlib``: where a folder is not known, the name of what is in it can be told."""

    def __init__(self, objects: Objects) -> None:
        self.machine = objects.machine

    def attribute(self, thing: Any, name: str) -> Any:
        text = str(thing)
        if FOLDER in text:
            self.machine.learn("unknowns")
            of_folder = FOLDER in thing.name
            if name == "parent":
                return thing if of_folder else thing.parent
            if name not in (OF_FOLDERS if of_folder else OF_FILES):
                self.machine.refuse(
                    f"{name} of a path tells where a file lies, which differs from computer to "
                    "computer: take its name"
                )
        return getattr(thing, name)


class Numbers(Kind):
    """What nobody can tell before a run: where its class is not known, either, none is told."""

    def attribute(self, thing: Any, name: str) -> Any:
        if name == "__class__":
            thing.hold_class()
        return getattr(thing, name)


class Followed(Eventful):
    """Objects of the library whose calls are followed one by one, or that keep nothing."""

    def __init__(self, objects: Objects) -> None:
        super().__init__(objects)
        self.reasons: dict[tuple[type, str], str] = {}  # why an attribute is refused, if it is

    def hold(self, cls: type, name: str) -> None:
        """Refuse an attribute that objects of a class have, and that cannot be followed."""
        reason = self.reasons.get((cls, name))
        if reason is None:
            reason = refused_name(f"{cls.__module__}.{cls.__qualname__}", name) or ""
            self.reasons[cls, name] = reason
        if reason:
            self.machine.refuse(reason)

    def attribute(self, thing: Any, name: str) -> Any:
        self.hold(type(thing), name)
        if is_given(thing, name):
            place = (self.objects.label(thing), name)
            self.objects.step(READ_ATTRIBUTE, ((place, READ),), (thing, name))
            return self.objects.reached(getattr(thing, name), place)
        own = attributes_of(thing)
        if "_ao_place" in own and name in own:
            self.machine.happen(LOOK, ((thing._ao_place, READ),), about=(name,))
        elif "_ao_tasks" in own and name.startswith("_"):
            self.machine.learn("workers")
        elif name in LOGGING and type(thing).__module__ == "logging":
            self.objects.alone_with_logging(name)
        elif is_environment(thing):
            if name in CHANGES:
                self.objects.outlives(f"os.environ.{name}()")
            elif name.startswith("_") and not name.startswith("__"):
                self.machine.refuse(
                    f"{name} is the library's own, and is not followed: do without it"
                )
        value = getattr(thing, name)
        if name == "keywords" and type(thing) is partial:
            self.objects.handed_out_as("the keywords of a functools.partial", value)
        return value

    def set_attribute(self, value: Any, thing: Any, name: str) -> None:
        if is_given(thing, name):
            place = (self.objects.label(thing), name)
            self.objects.step(WRITE_ATTRIBUTE, ((place, WRITE),), (thing, name, value))
        elif "_ao_place" in attributes_of(thing):
            self.machine.refuse(
                f"setting {type(thing).__qualname__}.{name} changes what the library keeps, past "
                "its events: make another one"
            )
        elif is_a(thing, partial):
            self.objects.alone("setting an attribute of a functools.partial")
        elif not is_local(type(thing)):
            note_change(self.objects, type(thing), name)
        self.machine.current.writes += 1  # whoever goes round a loop with it is not where it was
        setattr(thing, name, value)

    def delete_attribute(self, thing: Any, name: str) -> None:
        if is_given(thing, name):
            place = (self.objects.label(thing), name)
            self.objects.step(DELETE_ATTRIBUTE, ((place, WRITE),), (thing, name))
        elif not is_local(type(thing)):
            note_change(self.objects, type(thing), name)
        super().delete_attribute(thing, name)

    def set_item(self, value: Any, thing: Any, key: Any) -> None:
        if is_environment(thing):
            self.objects.outlives("a change of os.environ")
        thing[key] = value

    def delete_item(self, thing: Any, key: Any) -> None:
        if is_environment(thing):
            self.objects.outlives("a change of os.environ")
        del thing[key]

    def runs(self, thing: Any, operation: str) -> bool:
        return True


class ContextVars(Followed):
    """Context variables, of which a new thread has some on one build and none on another."""

    def inside(self, thing: Any) -> Iterable[Any]:
        return get_referents(thing)  # the text of one shows its default

    def runs(self, thing: Any, operation: str) -> bool:
        return False

    def attribute(self, thing: Any, name: str) -> Any:
        if name == "get":
            self.hold_lent(copy_context(), lambda variable: variable is thing)
        return super().attribute(thing, name)

    def copied(self) -> Context:
        """Return a copy of the present thread's context, with all that any build has in it."""
        here = copy_context()
        self.hold_lent(here, lambda variable: True)  # noqa: ARG005
        return here

    def hold_lent(self, here: Context, asks: Callable[[Any], bool]) -> None:
        """Refuse a variable that the present thread has on some builds alone.

        Args:
            here: the context of the thread
            asks: whether a variable is asked for
        """
        lent = self.machine.current.lent
        if any(one not in here and asks(one) for context in lent for one in context):
            self.machine.refuse(
                "whether a new thread begins with the context variables of the one that starts it "
                "differs from build to build since Python 3.14: let it call "
                "contextvars.copy_context().run, or begin with context=contextvars.Context()"
            )


class Described(Followed):
    """What the library makes of functions, and what it shows of them: their defaults, say."""

    def inside(self, thing: Any) -> Iterable[Any]:
        if is_a(thing, partial):
            return thing.func, *thing.args, *thing.keywords.values()
        if is_a(thing, inspect.Signature):
            return thing.return_annotation, *thing.parameters.values()
        if is_a(thing, inspect.Parameter):
            return thing.default, thing.annotation
        if is_a(thing, MappingProxyType):
            return *thing, *thing.values()
        if is_a(thing, OF_GENERICS):
            return *thing.__args__, *asked(thing, "__metadata__", ())
        return thing.args, *thing.kwargs.values()

    def runs(self, thing: Any, operation: str) -> bool:
        return False


class Threads(Instances):
    """Objects of ``threading``: what the program gives them is an attribute like any other."""

    def attribute(self, thing: Any, name: str) -> Any:
        if name not in THREAD_PROPERTIES and name not in attributes_of(thing):
            return getattr(thing, name)
        self.hold_to_its_own(thing, name)
        place = (self.objects.label(thing), name)
        self.objects.step(READ_ATTRIBUTE, ((place, READ),), (thing, name))
        return self.objects.reached(getattr(thing, name), place)

    def set_attribute(self, value: Any, thing: Any, name: str) -> None:
        self.hold_to_its_own(thing, name)
        footprint: Footprint = (((self.objects.label(thing), name), WRITE),)
        if name == "daemon" and len(self.machine.threads) > 1:  # it may not any more, once begun
            self.machine.learn("asks")
            footprint += (((thing._ao_place, BEGUN), READ),)
        self.objects.step(WRITE_ATTRIBUTE, footprint, (thing, name, value))
        setattr(thing, name, value)

    def delete_attribute(self, thing: Any, name: str) -> None:
        self.hold_to_its_own(thing, name)
        place = (self.objects.label(thing), name)
        self.objects.step(DELETE_ATTRIBUTE, ((place, WRITE),), (thing, name))
        delattr(thing, name)

    def hold_to_its_own(self, thing: Any, name: str) -> None:
        """Refuse what the library keeps for itself."""
        if name.startswith("_"):
            self.machine.refuse(f"{name} is the library's own, and is not followed: do without it")

    def runs(self, thing: Any, operation: str) -> bool:
        return True


class Functions(Instances):
    """Functions of the program, which may be given attributes."""

    def attribute(self, thing: Any, name: str) -> Any:
        if name in OF_FUNCTIONS:
            if name != "__name__" and of_tool(thing.__code__):
                self.machine.refuse(
                    f"{name} of a function of the library shows what stands for it while a program "
                    f"is explored: do without {name}"
                )
            value = getattr(thing, name)
            if type(value) is dict and lasts(thing):
                self.machine.refuse(
                    f"{name} of a function of the library can be changed unseen: do without {name}"
                )
            if name == "__kwdefaults__" and value is not None:
                self.objects.handed_out_as(f"the {name} of a function", value)
            return value
        place = (self.objects.label(thing), name)
        self.objects.step(READ_ATTRIBUTE, ((place, READ),), (thing, name))
        return self.objects.reached(getattr(thing, name), place)

    def change(self, thing: Any, name: str, kind: EventKind, *value: Any) -> None:
        if lasts(thing):
            self.objects.outlives(f"changing {name} of {thing.__qualname__}")
        if name in OF_FUNCTIONS:
            self.objects.alone(f"changing {name} of a function")
            return
        label = self.objects.label(thing)
        self.touch((label, ATTRIBUTES), "sets one")  # of who else sets one, nobody takes notice
        self.objects.step(kind, (((label, name), WRITE),), (thing, name, *value))

    def runs(self, thing: Any, operation: str) -> bool:
        return False


class Exceptions(Instances):
    """Exceptions, which hold what they were made with."""

    named = False

    def is_own(self, cls: type, name: str, found: Any) -> bool:
        return name in OF_EXCEPTIONS or super().is_own(cls, name, found)

    def attribute(self, thing: Any, name: str) -> Any:
        if name in WRITTEN_BY_RAISING:
            self.machine.raised.note(thing, raises=False)
        elif name == "with_traceback":
            self.machine.raised.note(thing, raises=True)
        return super().attribute(thing, name)

    def set_attribute(self, value: Any, thing: Any, name: str) -> None:
        asked = name in ASKED_ON_RAISING and is_a(thing, StopIteration | SystemExit)
        if asked or name in WRITTEN_BY_RAISING:
            self.machine.raised.note(thing, raises=False)
        super().set_attribute(value, thing, name)

    def runs(self, thing: Any, operation: str) -> bool:
        if operation in {"format", "str"}:
            form = type(thing).__format__
            return has_own_text(thing) or (operation == "format" and type(form) is FunctionType)
        return super().runs(thing, operation)

    def whole(self, thing: Any) -> Footprint:
        label = self.objects.label(thing)
        return tuple(((label, name), READ) for name in ("args", *fields_of(type(thing))))

    def inside(self, thing: Any) -> Iterable[Any]:
        return BaseException.args.__get__(thing)  # type: ignore[attr-defined, no-any-return]

    def add_note(self, thing: Any, *note: Any) -> None:
        """Add a note to those that it has, or make a list of it."""
        place = (self.objects.label(thing), NOTES)
        footprint: Footprint = ((place, WRITE),)
        notes = attributes_of(thing).get(NOTES)
        kind = self.objects.kind_of(type(notes))
        if kind.holds:
            self.objects.reached(notes, place)
            footprint += kind.changed(notes)  # type: ignore[attr-defined]
        self.objects.step(CALL, footprint, (thing, "add_note", note))
        thing.add_note(*note)


def fields_of(cls: type) -> list[str]:
    """Return what exceptions of a class keep beside their arguments, such as a file's name."""
    return [
        name
        for one in cls.__mro__
        if one.__module__ == "builtins"
        for name, value in vars(one).items()
        if type(value) is MemberDescriptorType
    ]


class Namespaces(Instances):
    """Objects that are nothing but attributes: ``SimpleNamespace``, and that of ``argparse``."""

    def whole(self, thing: Any) -> Footprint:
        return self.everything(thing)

    def inside(self, thing: Any) -> Iterable[Any]:
        return list(attributes_of(thing).values())

    def contains(self, item: Any, thing: Any) -> bool:
        if type(thing) is Namespace:  # it says which attributes it has
            self.objects.step(LOOK, self.which(thing), (thing,))
        return item in thing

    def runs(self, thing: Any, operation: str) -> bool:
        return type(thing).__module__ in OWN_MODULES and super().runs(thing, operation)


class Modules(Eventful):
    """Modules: the library's, whose names stay as they are, and the program's own variables."""

    def attribute(self, thing: Any, name: str) -> Any:
        if is_own(thing):
            reason = shows_running(name, thing.__name__)
            if reason:
                self.machine.refuse(reason)
            place, variable = self.variable(thing, name)
            self.objects.step(READ_VARIABLE, ((place, READ),), (variable,))
            return self.objects.reached(getattr(thing, name), place)
        reason = unfollowed(thing.__name__, name)
        if reason:
            self.machine.refuse(reason)
        if name in LOGGING and thing.__name__ == "logging":
            self.objects.alone_with_logging(name)
        if thing is sys and name == "argv":
            self.machine.learn("unknowns")  # the path of the program is among them
        if thing is sys and name == "version":
            self.machine.learn("unknowns")
            return anew(COMPUTER)
        real = sys.modules.get(thing.__name__, thing)
        if name in {"__doc__", "__package__"}:
            return getattr(real, name)
        reason = "" if hasattr(thing, name) else lacking(f"{thing.__name__}.{name}")
        if reason:
            self.machine.refuse(reason)
        value = taken(thing, name)
        if is_a(value, ModuleType) and value.__name__ in SIMULATED:
            self.hold_simulated(value, f"{thing.__name__}.{name}")
        return value

    def hold_simulated(self, module: ModuleType, said: str) -> None:
        """Refuse a real module that is reached through another one, where another stands for it.

        Args:
            module: the module
            said: how the program reaches it
        """
        if module is sys.modules.get(module.__name__):
            self.machine.refuse(
                f"{said} is the library's own {module.__name__}, and is not followed: import "
                f"{module.__name__}"
            )

    def variable(self, module: ModuleType, name: str) -> tuple[Any, str]:
        """Return the place of a variable of one of the program's own modules, and its name."""
        variable = f"{module.__name__}.{name}"
        return ("global", self.machine.current.home, variable), variable

    def write(self, module: ModuleType, name: str, value: Any) -> None:
        """Make an event of writing such a variable, which its own code may read as well."""
        place, variable = self.variable(module, name)
        home = self.machine.current.home
        if sum(one.home == home for one in self.machine.threads) > 1:
            self.machine.share((LATE, variable))
        hints: Footprint = (((HINTS, home), WRITE),) if self.objects.learned(HINTS) else ()
        self.objects.step(WRITE_VARIABLE, ((place, WRITE), *hints), (variable, value))

    def set_attribute(self, value: Any, thing: Any, name: str) -> None:
        if is_own(thing):
            self.write(thing, name, value)
            setattr(thing, name, value)
            return
        self.change(f"setting {thing.__name__}.{name}", thing, name)
        setattr(thing, name, value)

    def delete_attribute(self, thing: Any, name: str) -> None:
        if is_own(thing):
            self.write(thing, name, None)
            delattr(thing, name)
            return
        self.change(f"deleting {thing.__name__}.{name}", thing, name)
        delattr(thing, name)

    def change(self, what: str, module: ModuleType, name: str) -> None:
        """Refuse a change of a module that would be seen elsewhere, or in the next execution."""
        if name in OF_PROCESSES.get(module.__name__, ()):
            self.objects.alone(what)
        else:
            self.objects.alone_everywhere(what)
        kept = module.__name__ in OWN_MODULES or (module is sys and name in SWAPPED)
        if module is sys.modules.get(module.__name__) and not kept:
            self.objects.outlives(what)


def is_environment(thing: Any) -> bool:
    """Whether a thing is ``os.environ``, or the same in bytes."""
    return type(thing) is type(os.environ)


def is_own(module: ModuleType) -> bool:
    """Whether a module is one of the program's own, but not its main one."""
    return module.__name__ in OWN_MODULES and module.__name__ not in MAIN


class Codes(Eventful):
    """The code of functions, which is not what the program's text says: it has been rewritten."""

    def attribute(self, thing: Any, name: str) -> Any:
        if name in NAMED:
            return tuple(one for one in getattr(thing, name) if not one.startswith(PREFIX))
        if name in REWRITTEN:
            self.machine.refuse(
                f"{name} shows the code of a function as the explorer has it: do without it"
            )
        return getattr(thing, name)


class Opaque(Eventful):
    """Objects of the library of which it is not known what they do: no two threads may have one."""

    named = True
    known = False

    def attribute(self, thing: Any, name: str) -> Any:
        self.objects.unshared(thing)
        return getattr(thing, name)

    def set_attribute(self, value: Any, thing: Any, name: str) -> None:
        self.objects.unshared(thing)
        setattr(thing, name, value)

    def delete_attribute(self, thing: Any, name: str) -> None:
        self.objects.unshared(thing)
        delattr(thing, name)

    def item(self, thing: Any, key: Any) -> Any:
        self.objects.unshared(thing)
        return thing[key]

    def set_item(self, value: Any, thing: Any, key: Any) -> None:
        self.objects.unshared(thing)
        thing[key] = value

    def delete_item(self, thing: Any, key: Any) -> None:
        self.objects.unshared(thing)
        del thing[key]

    def whole(self, thing: Any) -> Footprint:
        self.objects.unshared(thing)
        return ()

    def size(self, thing: Any) -> Footprint:
        return self.whole(thing)

    def look(self, thing: Any) -> None:
        self.objects.unshared(thing)

    def contains(self, item: Any, thing: Any) -> bool:
        self.objects.unshared(thing)
        return item in thing

    def iterate(self, thing: Any) -> Iterator[Any] | None:
        self.objects.unshared(thing)
        return None


class Rows(Opaque):
    """What reads rows as dicts: it keeps the names of fields, and a reader that it asks unseen."""

    def attribute(self, thing: Any, name: str) -> Any:
        self.hold_kept(thing, name)
        value = super().attribute(thing, name)
        if name == "fieldnames":
            self.objects.handed_out_as(f"what a {type(thing).__name__} keeps", value)
        return value

    def set_attribute(self, value: Any, thing: Any, name: str) -> None:
        self.hold_kept(thing, name)
        if name == "fieldnames":
            self.machine.refuse(
                f"to set the fieldnames of a {type(thing).__name__} is not followed: give them to "
                "it as it is made"
            )
        super().set_attribute(value, thing, name)

    def hold_kept(self, thing: Any, name: str) -> None:
        """Refuse what it keeps for itself, by which it could be used past what is seen of it."""
        if name in KEPT_BY_ROWS:
            self.machine.refuse(
                f"{name} of a {type(thing).__name__} is the library's own, and is not followed: do "
                "without it"
            )


class InTurn(Rows):
    """What writes rows: threads may share one if no two are in its midst, as under a lock.

    What it puts a row together in, it keeps; and it calls the ``write`` of another object.
    """

    def attribute(self, thing: Any, name: str) -> Any:
        return getattr(thing, name) if name in WRITING_ROWS else super().attribute(thing, name)

    def in_turn(
        self, thing: Any, name: str, call: Callable[..., Any], *args: Any, **kwargs: Any
    ) -> Any:
        """Make a call that no other thread may make in its midst.

        Args:
            thing: the object
            name: the method that is called
            call: what stands for it
            args: what it is called with
            kwargs: likewise, by name
        """
        objects = self.objects
        label = objects.label(thing)
        footprint: Footprint = (((label, "whole"), WRITE),)
        objects.step(CALL, footprint, (thing, name, args))
        if label in objects.asked:
            self.machine.refuse(
                f"threads call {name}() of one csv.{type(thing).__name__} at the same time, of "
                "which Python does not say what comes out: let each call it under a lock"
            )
        objects.asked.add(label)
        try:
            return call(*args, **kwargs)
        finally:
            objects.step(MOVE, footprint, (thing,))
            objects.asked.discard(label)


class Signals(Opaque):
    """What a context of ``decimal`` says of each signal: its flags, and its traps."""

    def set_item(self, value: Any, thing: Any, key: Any) -> None:
        self.objects.alone_everywhere("changing flags or traps of a decimal context")
        super().set_item(value, thing, key)


class Reckonings(Opaque):
    """Contexts of ``decimal``, in each of which a thread computes, and reads it unseen."""

    def attribute(self, thing: Any, name: str) -> Any:
        if name in KEPT_BY_RECKONINGS:
            self.hold_own(thing)
        return super().attribute(thing, name)

    def set_attribute(self, value: Any, thing: Any, name: str) -> None:
        self.hold_own(thing)
        super().set_attribute(value, thing, name)

    def hold_own(self, thing: Any) -> None:
        """Refuse a change of what another thread computes in, or would on another build.

        Since Python 3.14 a new thread computes in the very context of the one that starts it, on
        builds without a GIL (see ``lent`` in ``library.threading``).
        """
        here = self.machine.current
        contexts = list(here.lent)
        for one in self.machine.threads:
            if one is not here and one.home == here.home and self.machine.goes_on(one):
                entered = None if one.greenlet is None else one.greenlet.gr_context
                contexts += one.lent if entered is None else (entered, *one.lent)
        if any(value is thing for context in contexts for value in context.values()):
            self.machine.refuse(
                "a decimal context is changed in which another thread computes, or would on some "
                "builds since Python 3.14: let each thread set its own by decimal.localcontext"
            )
