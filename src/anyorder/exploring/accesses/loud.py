"""What passes a switch point where an operation runs code of the library that is not rewritten.

See ``quiet`` for what that is. Where it takes a look into what operands hold to know (a list whose
items are compared, say), any object of the program that is compared so is enough.
"""

from __future__ import annotations

from contextlib import redirect_stderr, redirect_stdout
from gc import get_referents
from types import ModuleType
from typing import TYPE_CHECKING, Any
from warnings import catch_warnings
from weakref import WeakKeyDictionary

from anyorder.exploring.accesses.containers import ContainerMethod
from anyorder.exploring.accesses.quiet import (
    ASKING,
    COMPARES,
    EVALUATED,
    SHOWS,
    answers_by_python,
    asks_parts,
    is_built_in,
    makes_by_python,
)
from anyorder.exploring.attributes import asked, attributes_of, class_has, in_class, is_a
from anyorder.exploring.versions import ALL

if TYPE_CHECKING:
    from collections.abc import Callable

    from anyorder.exploring.accesses.objects import Objects
    from anyorder.exploring.accesses.quiet import Loudness

__all__ = ["EXACT", "SETTING", "Entering", "Loud", "setting_alone"]

# with so many bits, or with more, a whole number may be divided by code of the library
MANY_BITS = 4000
SHOWING = set(map(id, (str, repr, ascii, format)))
GONE_THROUGH = ("__iter__", "__getitem__")
HELD = {tuple, list, dict, set, frozenset, bytes, bytearray}
EXACT = {bool, float, int, str, type(None)}  # what is done to these is carried out at once

SETTING = (catch_warnings, redirect_stderr, redirect_stdout)  # managers that set what all use


class Loud:
    """Wraps operations, so that they pass the switch points that are in them.

    Args:
        objects: the objects of the exploration
    """

    def __init__(self, objects: Objects) -> None:
        self.objects = objects
        self.machine = objects.machine
        # of each class, whether methods run such code, and whether they may ask what it holds
        self.answering: dict[tuple[str, ...], WeakKeyDictionary[type, tuple[bool, bool]]] = {
            COMPARES: WeakKeyDictionary(), SHOWS: WeakKeyDictionary(),
        }  # fmt: skip

    def point(self, versions: int) -> None:
        """Pass a switch point of these versions."""
        machine = self.machine
        machine.points += 1
        machine.current.cut |= versions
        if machine.points >= machine.next_look:
            machine.look_at_clock()

    def passing(self, value: Any, versions: int) -> Any:
        """Pass a switch point of these versions, and return a value."""
        self.machine.points += 1
        self.machine.current.cut |= versions
        return value

    def decorating(self, versions: int) -> Callable[[Any], Any]:
        """Return a decorator that passes a switch point of these versions."""
        return lambda made: self.passing(made, versions)

    def before(self, called: Any, found: Any, *, of_python: bool) -> Any:
        """Return what stands for a function, and passes the switch points that come before it acts.

        It may be written in Python. Or it asks something that is before it acts: a key for its
        hash, an iterator for its items, a function by which it sorts.

        Args:
            called: what the program calls, which is no function of its own
            found: what stands for it
            of_python: whether it is written in Python
        """
        if found is called and type(found) is not ContainerMethod:
            return found  # which makes no events, or as the code of the library that it is
        objects = self.objects
        always = of_python or (is_a(called, type) and not is_built_in(called))
        shows = id(called) in SHOWING or type(asked(called, "__self__")) is str

        def call(*args: Any, **kwargs: Any) -> Any:
            passes = always or objects.compares or (shows and any(map(self.shows, args)))
            if passes or any(map(self.acts, args)) or any(map(self.acts, kwargs.values())):
                objects.pass_point()
            return found(*args, **kwargs)

        return call

    def acts(self, thing: Any) -> bool:
        """Whether what is called may run code that is not built in, by asking an argument of it."""
        cls = type(thing)
        if cls in EXACT:
            return False
        if cls in HELD:
            return self.compares(thing)
        if class_has(cls, "__next__") or callable(thing) or self.is_loud(thing):
            return True
        return not is_built_in(cls) and any(class_has(cls, name) for name in GONE_THROUGH)

    # -- attributes ------------------------------------------------------------------------------

    def reaches(self, thing: Any, name: str) -> bool:
        """Whether an attribute of an object is reached by such code.

        A module that has none of a name asks where it was found, to say what is wrong.
        """
        if name in EVALUATED:
            return True
        if is_a(thing, ModuleType):
            return thing.__name__ in ASKING or name not in attributes_of(thing)
        found = self.loudness_of(thing)
        return found is not None and (found.attributes is None or name in found.attributes)

    def reaching(self, operate: Callable[[Any, str], Any]) -> Callable[[Any, str], Any]:
        """Wrap what does something to an attribute: of the first argument, by the second."""
        reaches, around = self.reaches, self.objects.around

        def call(thing: Any, name: str) -> Any:
            if reaches(thing, name):
                return around(operate, thing, name)
            return operate(thing, name)

        return call

    def storing(self, operate: Callable[..., Any]) -> Callable[..., Any]:
        """Wrap what sets an attribute: of the second argument, by the third."""
        objects = self.objects

        def call(value: Any, thing: Any, name: str) -> None:
            if is_a(thing, type):  # it may get a method of any kind
                objects.compares = objects.shows = True
            if self.reaches(thing, name):
                objects.around(operate, value, thing, name)
            else:
                operate(value, thing, name)

        return call

    # -- exceptions ------------------------------------------------------------------------------

    def raising(self, raises: Callable[[Any], Any]) -> Callable[[Any], Any]:
        """Wrap what notes that something is raised: where it is a class, an object is made."""

        def call(error: Any) -> Any:
            found = raises(error)
            if is_a(error, type) and makes_by_python(error):
                self.objects.pass_point()
            return found

        return call

    def causing(self, cause: Callable[[Any], Any]) -> Callable[[Any], Any]:
        """Wrap what notes the cause of what is raised: both may be classes, and are made now."""
        return lambda error: self.passing(cause(error), ALL)

    # -- other operations --------------------------------------------------------------------------

    def loudness_of(self, thing: Any) -> Loudness | None:
        """Return what of an object is carried out by such code, if anything is."""
        objects, cls = self.objects, type(thing)
        if cls not in objects.kinds:  # what the library has made may not have been met yet
            objects.kind_of(cls)
        return objects.loud.get(cls)

    def is_loud(self, thing: Any) -> bool:
        """Whether operations on an object may run such code."""
        found = self.loudness_of(thing)
        return found is not None and found.operations

    def compares(self, thing: Any) -> bool:
        """Whether comparing or hashing a thing, or what it holds, may run such code."""
        return self.objects.compares or self.answers(thing, COMPARES)

    def shows(self, thing: Any) -> bool:
        """Whether showing a thing, or what it holds, may run such code."""
        return type(thing) not in EXACT and (self.objects.shows or self.answers(thing, SHOWS))

    def answers(self, thing: Any, names: tuple[str, ...], within: tuple[int, ...] = ()) -> bool:
        """Whether methods of a thing, or of what it holds, run such code.

        Args:
            thing: the thing
            names: the methods
            within: what holds it
        """
        cls = type(thing)
        if cls in EXACT:
            return False
        if cls not in HELD:
            known = self.answering[names]
            found = known.get(cls)
            if found is None:
                runs = answers_by_python(cls, names, self.machine.own)
                found = known[cls] = (runs, asks_parts(cls, names))
            runs, asks = found
            if runs or not asks:
                return runs
        if id(thing) in within:
            return False
        parts = get_referents(thing)
        return not EXACT.issuperset(map(type, parts)) and any(
            self.answers(one, names, (*within, id(thing))) for one in parts
        )

    def where(
        self, operate: Callable[..., Any], is_loud: Callable[..., bool]
    ) -> Callable[..., Any]:
        """Wrap an operation that passes switch points where it is said so of its operands."""
        around = self.objects.around

        def call(*operands: Any) -> Any:
            if is_loud(*operands):
                return around(operate, *operands)
            return operate(*operands)

        return call

    def operating(self, operate: Callable[..., Any]) -> Callable[..., Any]:
        """Wrap an operation on one operand."""
        return self.where(operate, self.is_loud)

    def item(self, operate: Callable[..., Any]) -> Callable[..., Any]:
        """Wrap what does something to an item: of the first operand, by the second."""
        return self.where(operate, self.asks)

    def set_item(self, operate: Callable[..., Any]) -> Callable[..., Any]:
        """Wrap what sets an item: of the second operand, by the third."""
        return self.where(operate, lambda _, thing, key: self.asks(thing, key))

    def asks(self, thing: Any, key: Any) -> bool:
        """Whether an item is looked for by such code, or its key compared.

        What a class is given parameters by may be of ``typing``, as that of a generic class is.
        """
        if type(thing) in HELD and type(key) in EXACT:
            return False
        return (
            is_a(thing, type)
            or self.is_loud(thing)
            or (type(key) not in EXACT and self.compares(key))
        )

    def named(self, operate: Callable[..., Any]) -> Callable[..., Any]:
        """Wrap an operation on two operands that its name comes before."""

        def is_loud(name: str, left: Any, right: Any) -> bool:
            if self.compares(left) or self.compares(right):
                return True
            if name == "Mod" and self.shows(right):
                return True
            return self.is_loud(left) or self.is_loud(right)

        return self.where(operate, is_loud)

    def dividing(self, operate: Callable[..., Any]) -> Callable[..., Any]:
        """Wrap what divides its operands, and rounds: huge numbers by code of the library."""
        return self.where(operate, lambda *numbers: all(map(is_huge, numbers)))

    def comparing(self, operate: Callable[..., Any]) -> Callable[..., Any]:
        """Wrap what compares its operands."""
        return self.where(
            operate,
            lambda *things: any(map(self.compares, things)) or any(map(self.is_loud, things)),
        )

    def matching(self, operate: Callable[..., Any]) -> Callable[..., Any]:
        """Wrap what matches its first operand with a pattern, whose classes may decide."""
        objects = self.objects
        return self.where(operate, lambda thing, _: objects.compares or type(thing) not in EXACT)

    def showing(self, operate: Callable[..., Any]) -> Callable[..., Any]:
        """Wrap what shows its first operand."""
        return self.where(operate, lambda thing, *_: self.shows(thing))

    def entering(self, operate: Callable[..., Any]) -> Callable[..., Any]:
        """Wrap what enters a manager: one of the library passes switch points as it does so."""
        objects = self.objects

        def call(manager: Any) -> Any:
            manager = operate(manager)
            if is_a(manager, SETTING):
                return setting_alone(objects, manager)
            methods = [in_class(type(manager), name) for name in ("__enter__", "__exit__")]
            known = class_has(type(manager), "_silent")  # a lock, which says itself where it is
            known = known or all(map(self.is_of_program, methods, ("__enter__", "__exit__")))
            return manager if known or None in methods else Entering(manager, objects.around)

        return call

    def is_of_program(self, function: Any, name: str) -> bool:
        """Whether it is a function of the program that was defined with this name."""
        code = asked(function, "__code__")
        return code is not None and code.co_name == name and code.co_filename in self.machine.own


def is_huge(thing: Any) -> bool:
    """Whether a thing is a whole number with very many digits."""
    return issubclass(type(thing), int) and int.bit_length(thing) > MANY_BITS


def setting_alone(objects: Objects, manager: Any) -> Entering:
    """Return a manager that sets what all threads use, and may do so while there are no others."""

    def call(method: Callable[..., Any], *args: Any) -> Any:
        name = f"{type(manager).__module__.lstrip('_')}.{type(manager).__qualname__}"
        what = f"entering {name}" if method.__name__ == "__enter__" else f"leaving {name}"
        if not objects.machine.is_alone():
            objects.machine.refuse(
                f"{what} changes what all threads use, which is not followed: start the others, "
                "and join them, within it"
            )
        return objects.around(method, *args)

    return Entering(manager, call)


class Entering:
    """A context manager whose methods ``with`` calls in another way.

    Args:
        manager: what the program gives to ``with``
        call: calls a method of it, which it gets with its arguments
    """

    __slots__ = ("call", "manager")

    def __init__(self, manager: Any, call: Callable[..., Any]) -> None:
        self.manager = manager
        self.call = call

    def __enter__(self) -> Any:
        return self.call(type(self.manager).__enter__, self.manager)

    def __exit__(self, *reason: object) -> Any:
        return self.call(type(self.manager).__exit__, self.manager, *reason)
