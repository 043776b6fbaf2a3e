"""How a call of the library is made one event: the tools of ``calls``."""

from __future__ import annotations

import functools
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

from anyorder.exploring.attributes import attributes_of, is_a
from anyorder.exploring.engine.events import READ, WRITE, EventKind
from anyorder.exploring.engine.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Callable

    from anyorder.exploring.engine.events import Event, Place, Teller
    from anyorder.exploring.engine.machine import Machine

__all__ = [
    "MANY",
    "REPR",
    "Original",
    "asks",
    "attempts",
    "begins_once",
    "by_number",
    "counting",
    "goes_through",
    "hidden",
    "is_negative",
    "missing",
    "only_looked",
    "reading",
    "take_number",
    "wait_in_vain",
    "waits_a_while",
    "wrapped",
]

Original = Any
NUMBER = EventKind("number", says="takes the next number for a name", waits=None, whole=False)
REPR = EventKind("repr", says="shows {}", waits=None, whole=False)
LONGER = 1e-6  # seconds that a wait takes beyond its time
MANY = 1_000_000  # opens a gate for good


# -- what is said of calls that are told something -------------------------------------------------


def asks(question: str, answer: Callable[[Any], bool]) -> Callable[[Event, Teller], str]:
    """Return what says that a thread asks a question, and what it is told.

    Args:
        question: what it does, in words, with ``{}`` for what it asks
        answer: what that answers
    """

    def says(event: Event, teller: Teller) -> str:
        asked = question.format(teller.name(event.about))
        return f"{asked}: {'yes' if answer(event.about) else 'no'}"

    return says


def waits_a_while(waits: str, answer: Callable[[Any], bool]) -> Callable[[Event, Teller], str]:
    """Return what says that a thread waits for a limited time, and whether in vain.

    Args:
        waits: what it does, in words, with ``{}`` for what it waits for
        answer: whether that has come
    """

    def says(event: Event, teller: Teller) -> str:
        waited = waits.format(teller.name(event.about))
        return waited if answer(event.about) else f"{waited}: the time is up"

    return says


def attempts(free: Callable[[Any], bool]) -> Callable[[Event, Teller], str]:
    """Return what says that a thread tries to take a lock or the like, and whether it gets it.

    Args:
        free: whether that can be taken
    """

    def says(event: Event, teller: Teller) -> str:
        lock, blocking = event.about
        way = "tries for a while to take" if blocking else "tries to take"
        return f"{way} {teller.name(lock)}: {'gets it' if free(lock) else 'does not get it'}"

    return says


# -- calls -----------------------------------------------------------------------------------------


def hidden(machine: Machine, cls: type, *methods: str) -> None:
    """Make locks that these methods make silent: they are the object's own."""

    def wrap(original: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(original)
        def call(self: Any, *args: Any, **kwargs: Any) -> Any:
            thread = machine.current
            if thread.hiding:  # it is itself a part of an object of the library
                self._ao_place = None
                return original(self, *args, **kwargs)
            self._ao_place = (cls.__name__, *machine.label())
            thread.hiding = 1  # by hand, since a context manager would be a part of the time
            try:
                return original(self, *args, **kwargs)
            finally:
                thread.hiding = 0

        return call

    for name in methods:
        setattr(cls, name, wrap(getattr(cls, name)))


def begins_once(machine: Machine, module: ModuleType) -> None:
    """Refuse to call the ``__init__`` of an object that it has made already.

    What an object of these modules does is told by events of its own, which go by how it began.

    Args:
        machine: where the program runs
        module: the private copy of a module of the library
    """
    for cls in dict.fromkeys(one for one in vars(module).values() if isinstance(one, type)):
        if (
            cls.__module__ == module.__name__
            and type(vars(cls).get("__init__")) is FunctionType
            and cls.__dictoffset__
            and not issubclass(cls, BaseException)
        ):
            begins_one(machine, cls)


def begins_one(machine: Machine, cls: type) -> None:
    """Do what ``begins_once`` does, for one class."""
    name, known_as = cls.__qualname__.removeprefix("_Py"), f"{cls.__module__}.{cls.__qualname__}"

    @wrapped(cls, "__init__")
    def begin(self: Any, *args: Any, original: Original, **kwargs: Any) -> None:
        known = attributes_of(self)
        begun = known.get("_ao_begun", ())
        if known_as in begun:
            machine.refuse(
                f"{name}.__init__() of an object that is there "
                "already makes another one of it, past its events: make a new one"
            )
        known["_ao_begun"] = (*begun, known_as)
        original(self, *args, **kwargs)

    cls.__init__._ao_once = True  # type: ignore[misc]


def counting(machine: Machine, what: str, count: Callable[[], int]) -> Callable[[], int]:
    """Return a count for names: which number goes to whom depends on who comes first."""

    def following() -> int:
        take_number(machine, what)
        return count()

    return following


def take_number(machine: Machine, what: str) -> None:
    """Make an event of it where a thread takes the next number, if others may do so before."""
    place = ("numbers", machine.current.home, what)
    if machine.touch(place, WRITE):
        machine.happen(NUMBER, ((place, WRITE),))


def by_number(self: Any) -> int:
    """Return a hash that is the same in every execution, so that sets keep their order."""
    label = getattr(self, "_ao_place", None)
    return label[-1] if label else 0


def missing(thing: Any, kind: str, name: str) -> AttributeError:
    """Return the error of an attribute that is not there, as what is stood in for raises it.

    Args:
        thing: what stands for it
        kind: what errors call its class, with its module
        name: the attribute
    """
    return AttributeError(f"{kind!r} object has no attribute {name!r}", name=name, obj=thing)


def wrapped(cls: type, name: str) -> Callable[[Callable[..., Any]], None]:
    """Replace a method by a function that gets the original one as its keyword ``original``."""

    def replace(call: Any) -> None:
        original = getattr(cls, name)
        # as a default, so that a call is one call and no more
        call.__kwdefaults__ = {**(call.__kwdefaults__ or {}), "original": original}
        setattr(cls, name, functools.update_wrapper(call, original))

    return replace


def goes_through(machine: Machine, cls: type, *names: str) -> None:
    """Note that methods see the order of each set that they are given.

    Args:
        machine: where they are called
        cls: the class that has them
        names: their names
    """
    for name in names:

        @wrapped(cls, name)
        def call(self: Any, *args: Any, original: Original, **kwargs: Any) -> Any:
            for thing in (*args, *kwargs.values()):
                machine.varied.gone_through(thing)
            return original(self, *args, **kwargs)


def wait_in_vain(machine: Machine, timeout: Any) -> None:
    """Let the time be up for which the current thread was to wait: none, where nobody can tell.

    It always takes a little longer, for which ``as_completed`` asks.
    """
    if type(timeout) is not Unknown:
        machine.current.local_time += max(timeout or 0, 0) + LONGER


def is_negative(machine: Machine, timeout: Any) -> bool:
    """Tell whether a wait is to take less than nothing, which is an error where this is asked."""
    if type(timeout) is not Unknown:
        return timeout is not None and timeout < 0
    if not timeout.never_negative:
        machine.refuse(
            "how long this waits may come to less than nothing, which is an error: wait for "
            "max(0, ...)"
        )
    return False


def reading(machine: Machine, cls: type, **kinds: EventKind) -> None:
    """Make events of methods and properties that read what an object's own events change.

    Args:
        machine: where they are called
        cls: the class that has them
        kinds: of each, by its name, the kind of its events
    """

    def read(kind: EventKind, original: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(original)
        def look(self: Any) -> Any:
            place = self.__dict__.get("_ao_place")
            if place is not None:
                machine.happen(kind, ((place, READ),), about=self)
            return original(self)

        return look

    for name, kind in kinds.items():
        original: Any = vars(cls)[name]
        if is_a(original, property):
            assert original.fget is not None
            setattr(cls, name, property(read(kind, original.fget)))
        else:
            setattr(cls, name, read(kind, original))


def only_looked(event: Event, place: Place) -> None:
    """Let an attempt that failed be a read of what it tried to change."""
    event.widen(event.footprint)
    event.footprint = tuple((one, READ if one == place else mode) for one, mode in event.footprint)
