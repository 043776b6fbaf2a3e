"""Objects of the program: which kind each is of, what it is called, and when it makes an event."""

from __future__ import annotations

import sys
import weakref
from collections import Counter
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any, NoReturn

from anyorder.exploring.accesses.events import LOOK
from anyorder.exploring.accesses.kinds import Kind
from anyorder.exploring.accesses.quiet import (
    BUILT_IN,
    QUIET,
    Loudness,
    OnlyAsking,
    ends_by_python,
    is_built_in,
    loudness,
)
from anyorder.exploring.attributes import attributes_of, class_has, in_class, is_a
from anyorder.exploring.engine.events import READ, WRITE
from anyorder.exploring.engine.unknown import Unknown
from anyorder.exploring.modules import OWN_MODULES, PRIVATE, SWAPPED
from anyorder.exploring.versions import ALL

if TYPE_CHECKING:
    from collections.abc import Callable

    from anyorder.exploring.engine.events import EventKind, Footprint
    from anyorder.exploring.engine.machine import Machine
    from anyorder.exploring.engine.sharing import Sharing

__all__ = ["Eventful", "Objects"]

SHARED = sys.stdlib_module_names - PRIVATE  # modules that are no copies


class Objects:
    """The objects of one exploration, put back to the beginning for each execution.

    Args:
        machine: where the program runs
        sharing: which places are shared
        passes: whether an object is a way to what the operating system keeps, so that nothing but
            the program may hold it
    """

    def __init__(
        self, machine: Machine, sharing: Sharing, passes: Callable[[Any], bool] | None = None
    ) -> None:
        self.machine = machine
        self.sharing = sharing
        self.touch = sharing.touch
        self.passes = passes
        self.find: Callable[[type], Kind]  # gives the kind of a class
        self.lasting: dict[type, Kind] = {}  # the kinds of classes that no execution makes
        # the containers of the library's modules, by how many modules there were when that was
        # looked up; an exploration gives them to all its programs
        self.of_modules: dict[int, dict[int, tuple[str, Any]]] = {}
        # what was found of the classes of the library, which no execution makes, and whether code
        # of the library may run as their objects end
        self.surveyed: weakref.WeakKeyDictionary[type, tuple[Loudness, bool]] = (
            weakref.WeakKeyDictionary()
        )
        # by the ids of objects, each with what ``kept`` has made of it
        self.labels: dict[int, tuple[Any, Any]] = {}
        # by the ids of objects at whose end code of the library may run, what tells of that
        self.ends: dict[int, weakref.ref[Any]] = {}
        self.begin()

    def begin(self) -> None:
        """Forget the objects of the execution before."""
        self.labels.clear()  # what tells of their ends has it too, and would keep it
        self.ends.clear()
        self.ending: set[type] = set()  # the classes of such objects
        self.kinds: dict[type, Kind] = self.lasting.copy()
        # what is handed out of a function, say, and read unseen where that is called
        self.handed_out: dict[int, tuple[str, Any]] = {}
        self.asked: set[Any] = set()  # labels of iterators that threads are in the midst of asking
        self.loud: dict[type, Loudness] = dict(BUILT_IN)
        self.compares = False  # whether comparing any of them may pass a switch point
        self.shows = False  # whether showing any may
        self.own_keys = False  # whether a class has an ``__eq__`` of the program's own

    def kind_of(self, cls: type) -> Kind:
        """Say how objects of a class are followed."""
        kind = self.kinds.get(cls)
        if kind is None:
            self.hold_metaclass(cls if issubclass(cls, type) else type(cls))
            kind = self.kinds[cls] = self.find(cls)
            self.survey(cls)
            if cls.__module__ == "builtins":
                self.lasting[cls] = kind
        return kind

    def hold_metaclass(self, cls: type) -> None:
        """Refuse a metaclass that would say what the tool asks of its classes, as of any."""
        if in_class(cls, "__getattribute__") is not type.__getattribute__:
            self.machine.refuse(
                "a metaclass with __getattribute__ is asked for attributes that the program does "
                "not look for: let it have __getattr__, or give its classes methods"
            )

    # -- names ---------------------------------------------------------------------------------

    def label(self, thing: Any) -> Any:
        """Return the name of an object: the thread that made it, and which of its objects it is."""
        known = self.labels.get(id(thing))
        if known is None:
            known = self.labels[id(thing)] = (self.machine.label(), self.kept(thing))
        return known[0]

    def call_as(self, label: Any, thing: Any, *more: Any) -> None:
        """Give an object the name of another one, of which it shows the parts, and keep it.

        Args:
            label: the name
            thing: the object
            more: what is kept with it
        """
        self.machine.dropping.keep((thing, *more))
        self.labels[id(thing)] = (label, (thing, *more) if more else thing)

    def made_as(self, thing: Any) -> Any:
        """Return the name that an object has had since it was made, if it has."""
        slot = class_has(type(thing), "_ao_label")
        place = thing._ao_label if slot else attributes_of(thing).get("_ao_place")
        if place is not None:
            return place[1:]  # without its class
        known = self.labels.get(id(thing))
        return None if known is None else known[0]

    def kept(self, thing: Any) -> Any:
        """Return what tells of the end of an object, or else keeps it, so that its id is its own.

        What an object holds ends with it, a generator say, so it is kept only where nothing tells
        of its end.
        """
        if type(thing).__weakrefoffset__:
            number, labels = id(thing), self.labels
            return weakref.ref(thing, lambda _: labels.pop(number, None))
        if self.passes is not None and self.passes(thing):
            return None
        self.machine.dropping.keep((thing,))
        return thing

    def made(self, thing: Any) -> Any:
        """Name an object that the program's code has just made, and return it."""
        cls = type(thing)
        kind = self.kinds.get(cls)
        if kind is None:
            kind = self.kind_of(cls)
        if kind.named:
            known = self.labels.get(id(thing))
            if known is not None and known[1] is None:  # it was another one's number
                known = None
            if known is None:
                self.labels[id(thing)] = (self.machine.label(), self.kept(thing))
        if cls in self.ending:
            self.await_end(thing)
        return thing

    def reached(self, thing: Any, label: Any) -> Any:
        """Name an object that was made unseen by the way on which it was reached; return it."""
        cls = type(thing)
        kind = self.kinds.get(cls)
        if kind is None:
            kind = self.kind_of(cls)
        if kind.named and id(thing) not in self.labels:
            self.labels[id(thing)] = ((label, "reached"), self.kept(thing))
        if cls in self.ending:
            self.await_end(thing)
        return thing

    # -- events --------------------------------------------------------------------------------

    def touch_all(self, footprint: Footprint) -> bool:
        """Note an access, and return whether any place that it touches is shared."""
        shared = False
        touch = self.touch
        for place, mode in footprint:
            if touch(place, mode):
                shared = True
        return shared

    def shared_from_the_start(self, footprint: Footprint) -> Footprint:
        """Return what an access touches, all of it shared whoever has touched it before."""
        self.sharing.places.update(place for place, _ in footprint)
        return footprint

    def step(self, kind: EventKind, footprint: Footprint, about: Any) -> Any:
        """Make an event of an access where any place that it touches is shared."""
        if self.touch_all(footprint):
            return self.happen(kind, footprint, about)
        return None

    def happen(self, kind: EventKind, footprint: Footprint, about: Any) -> Any:
        """Make an event of an access; it is one step where Python code of the library has no part.

        Args:
            kind: as for ``Event``
            footprint: likewise
            about: likewise; first of all, what is accessed
        """
        cls = type(about[0])
        step = cls.__module__ in OWN_MODULES or is_built_in(cls) or issubclass(cls, OnlyAsking)
        return self.machine.happen(kind, footprint, about=about, step=step)

    def unbroken(
        self, name: str, touched: Footprint, operate: Callable[..., Any], *args: Any, **kwargs: Any
    ) -> Any:
        """Carry out what is written in C, and refuse it if code of the program's runs in its midst.

        Its event has happened, and says that it reads or changes all that it touches in this
        moment. That is not so where it calls back: other threads may come in between.

        Args:
            name: what it is, for the message
            touched: what of that event it may still touch after it has called back
            operate: what is written in C
            args: what that is called with
            kwargs: likewise, by name
        """
        machine = self.machine
        points, happened = machine.points, len(machine.events)
        try:
            return operate(*args, **kwargs)
        finally:
            broken = machine.points != points or len(machine.events) != happened
            if broken and not machine.dying and self.touch_all(touched):
                machine.refuse(
                    f"{name} calls code of the program in the midst of reading or changing what "
                    "threads share, and what they do meanwhile is not followed: give it plain "
                    "numbers or texts, and a list in place of what asks for items as it goes"
                )

    # -- switch points -------------------------------------------------------------------------

    def survey(self, cls: type) -> None:
        """Note what of a class is carried out by code of the library that is written in Python."""
        if cls.__module__ == "builtins" or cls in BUILT_IN:
            return
        if cls.__module__ in OWN_MODULES and type(in_class(cls, "__eq__")) is FunctionType:
            self.own_keys = True
        survey = self.surveyed.get(cls)
        if survey is None:
            survey = loudness(cls, self.machine.own), ends_by_python(cls)
            if cls.__module__ not in OWN_MODULES:
                self.surveyed[cls] = survey
        found, ends = survey
        if ends:
            self.ending.add(cls)
        if found is not QUIET:
            self.loud[cls] = found
            self.compares = self.compares or found.compares
            self.shows = self.shows or found.shows

    def await_end(self, thing: Any) -> None:
        """Pass a switch point where an object ends."""
        number, ends = id(thing), self.ends

        def ended(_: Any) -> None:
            del ends[number]
            self.pass_point()

        if number not in ends:
            ends[number] = weakref.ref(thing, ended)
            self.machine.dropping.watch(thing)

    def pass_point(self) -> None:
        """Note that the current thread passes a switch point of all versions."""
        self.machine.current.cut = ALL

    def around(self, operate: Callable[..., Any], *args: Any) -> Any:
        """Pass switch points before an operation and after it: they are somewhere in it."""
        self.pass_point()
        try:
            return operate(*args)
        finally:
            self.pass_point()

    def learned(self, *fact: Any) -> bool:
        """Whether something is known of the program that makes more of its accesses matter."""
        return self.machine.is_shared(("known", *fact))

    def learn(self, *fact: Any) -> None:
        """Note a fact about the program; the search begins again and knows it from the start."""
        self.machine.share(("known", *fact))

    def several(self) -> bool:
        """Whether the process has had any other thread than its main one."""
        home = self.machine.current.home
        return sum(one.home == home for one in self.machine.threads) > 1

    # -- what is refused -----------------------------------------------------------------------

    def look_at_class(self, thing: Any) -> None:
        """Let it be seen which class an object is of, where threads change that of any."""
        if type(thing) is Unknown:
            thing.hold_class()
        if self.learned("classes") and self.kind_of(type(thing)).named:
            self.step(LOOK, (((self.label(thing), "__class__"), READ),), (thing,))

    def unshared(self, thing: Any, what: str = "") -> None:
        """Refuse an object that threads share, where what is done to it is not followed.

        That is so however it is guarded: nothing says that it was guarded everywhere.
        """
        if self.touch((self.label(thing), "whole"), WRITE):
            self.machine.refuse(
                f"threads share an object of {type(thing).__name__}, and "
                f"{what or 'what it does'} is not followed: "
                "let each have one of its own, or leave the program unexplored"
            )

    def hold_namespace(self, namespace: Any) -> None:
        """Refuse a namespace of a class that threads share, which its body changes unseen.

        One that the program has not made by a ``__prepare__`` of its own has no name.
        """
        known = self.labels.get(id(namespace))
        kind: Any = self.kind_of(type(namespace))
        if known is None or known[1] is None or not kind.holds:
            return
        if self.touch_all((*kind.whole(namespace), *kind.changed(namespace))):
            self.machine.refuse(
                f"threads share a {type(namespace).__name__}, and what a class statement keeps in "
                "it is not followed: let __prepare__ make one for each class"
            )

    def in_one_step(self, thing: Any) -> None:
        """Refuse to take a shared object for one that is read in one step, where Python does not.

        What a ``Counter`` does with all of itself at once is written in Python.
        """
        if not is_a(thing, Counter):
            return
        footprint = self.kind_of(type(thing)).whole(thing)
        if not self.touch_all(footprint):
            return
        self.happen(LOOK, footprint, (thing,))
        here = self.machine.current
        if any(
            not one.ended and one.home == here.home and one is not here
            for one in self.machine.threads
        ):
            self.machine.refuse(
                "comparing, adding or showing a Counter that threads share goes from item to item, "
                "which is not followed: take dict(counter)"
            )

    def outlives(self, what: str) -> NoReturn:
        """Refuse a change of what the explorer itself uses."""
        self.machine.refuse(
            f"{what} would hold in the next execution and in the explorer too: leave it out"
        )

    def handed_out_as(self, what: str, thing: Any) -> None:
        """Note that what was handed out of a function, say, may be read unseen, and keep it.

        Args:
            what: what it is, for the message
            thing: a container
        """
        self.machine.dropping.keep((thing,))
        self.handed_out[id(thing)] = (what, thing)

    def changes(self, thing: Any) -> None:
        """Refuse a change of a container that a module of the library keeps."""
        loaded = len(sys.modules)
        of_modules = self.of_modules.get(loaded)
        if of_modules is None:
            of_modules = self.of_modules[loaded] = self.containers_of_modules()
        if id(thing) in of_modules:
            self.outlives(f"changing {of_modules[id(thing)][0]}")
        if id(thing) in self.handed_out:
            self.alone(f"changing {self.handed_out[id(thing)][0]}")

    def containers_of_modules(self) -> dict[int, tuple[str, Any]]:
        """Return the containers in the modules that a program shares with the explorer.

        Each by its id, with its name; it is kept, so that its id is its own.
        """
        return {
            id(value): (f"{name}.{attribute}", value)
            for name, module in list(sys.modules.items())
            if name.partition(".")[0] in SHARED and is_a(module, ModuleType)
            for attribute, value in list(vars(module).items())
            if self.lasting_container(type(value)) and not (name == "sys" and attribute in SWAPPED)
        }

    def lasting_container(self, cls: type) -> bool:
        """Whether objects of a class that is not the program's own are containers."""
        return cls.__module__ in {"builtins", "collections"} and self.kind_of(cls).holds

    def alone(self, what: str) -> None:
        """Refuse a change of the program's own that other threads see, once there are any."""
        self.machine.alone(what, self.machine.finds_program)

    def alone_everywhere(self, what: str) -> None:
        """Refuse a change of what the library keeps for all processes, once others are there."""
        self.machine.alone(what)

    def alone_with_logging(self, name: str) -> None:
        """Refuse a change of how logging works, once other threads find it."""
        self.machine.alone(f"logging's {name}", self.machine.finds_logging)


class Eventful(Kind):
    """A kind of object of which an operation may be an event.

    Args:
        objects: the objects of the exploration
    """

    plain = False

    def __init__(self, objects: Objects) -> None:
        self.objects = objects
        self.machine = objects.machine
        self.touch = objects.touch
