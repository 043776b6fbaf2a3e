"""What passes a switch point where an operation runs code of the library that is not rewritten.

See ``quiet`` for what that is. Where it takes a look into what operands hold to know (a list whose
items are compared, say), any object of the program that is compared so is enough.
"""

from __future__ import annotations

from _collections_abc import dict_items, dict_keys, dict_values
from collections import deque
from contextlib import redirect_stderr, redirect_stdout
from functools import partial
from gc import get_referents
from types import ModuleType, SimpleNamespace
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
    is_built_in,
    makes_by_python,
)
from anyorder.exploring.attributes import asked, class_has, in_class
from anyorder.exploring.versions import ALL

if TYPE_CHECKING:
    from collections.abc import Callable

    from anyorder.exploring.accesses.objects import Objects

__all__ = ["EXACT", "SETTING", "Entering", "Loud", "setting_alone"]

# what compares and shows what it holds
HOLDERS = (
    BaseException, SimpleNamespace, deque, dict, dict_items, dict_keys, dict_values, frozenset,
    list, partial, set, slice, tuple,
)  # fmt: skip
SHOWING = (str, repr, ascii, format)
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
        self.answering: dict[tuple[str, ...], WeakKeyDictionary[type, bool]] = {
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
        always = of_python or (isinstance(called, type) and not is_built_in(called))
        shows = any(called is one for one in SHOWING) or type(asked(called, "__self__")) is str

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
        """Whether an attribute of an object is reached by such code."""
        if name in EVALUATED:
            return True
        if isinstance(thing, ModuleType):
            return thing.__name__ in ASKING
        found = self.objects.loud.get(type(thing))
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
            if isinstance(thing, type):  # it may get a method of any kind
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
            if isinstance(error, type) and makes_by_python(error):
                self.objects.pass_point()
            return found

        return call

    def causing(self, cause: Callable[[Any], Any]) -> Callable[[Any], Any]:
        """Wrap what notes the cause of what is raised: both may be classes, and are made now."""
        return lambda error: self.passing(cause(error), ALL)

    # -- other operations --------------------------------------------------------------------------

    def is_loud(self, thing: Any) -> bool:
        """Whether operations on an object may run such code."""
        objects, cls = self.objects, type(thing)
        if cls not in objects.kinds:  # what the library has made may not have been met yet
            objects.kind_of(cls)
        found = objects.loud.get(cls)
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
        cls, known = type(thing), self.answering[names]
        if cls in EXACT:
            return False
        found = known.get(cls)
        if found is None:
            found = known[cls] = answers_by_python(cls, names, self.machine.own)
        if found or not isinstance(thing, HOLDERS) or id(thing) in within:
            return found
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
            isinstance(thing, type)
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
            if isinstance(manager, SETTING):
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
