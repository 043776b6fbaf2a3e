"""What passes a switch point where an operation runs code of the library that is not rewritten.

See ``quiet`` for what that is. Where it takes a look into what operands hold to know (a list whose
items are compared, say), any object of the program that is compared so is enough.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from anyorder.exploring.accesses.containers import ContainerMethod
from anyorder.exploring.accesses.quiet import is_built_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from anyorder.exploring.accesses.objects import Objects

__all__ = ["Loud"]

SHOWING = (str, repr, ascii, format)
GONE_THROUGH = ("__iter__", "__getitem__")
HELD = {tuple, list, dict, set, frozenset, bytes, bytearray}
EXACT = {bool, float, int, str, type(None)}


class Loud:
    """Wraps operations, so that they pass the switch points that are in them.

    Args:
        objects: the objects of the exploration
    """

    def __init__(self, objects: Objects) -> None:
        self.objects = objects
        self.machine = objects.machine

    def point(self, versions: int) -> None:
        """Pass a switch point of these versions."""
        self.machine.current.cut |= versions

    def passing(self, value: Any, versions: int) -> Any:
        """Pass a switch point of these versions, and return a value."""
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
        shows = (
            any(called is one for one in SHOWING) or type(getattr(called, "__self__", None)) is str
        )

        def call(*args: Any, **kwargs: Any) -> Any:
            passes = always or objects.compares or (shows and objects.shows)
            if passes or any(map(self.acts, args)) or any(map(self.acts, kwargs.values())):
                objects.pass_point()
            return found(*args, **kwargs)

        return call

    def acts(self, thing: Any) -> bool:
        """Whether what is called may run code that is not built in, by asking an argument of it."""
        cls = type(thing)
        if cls in EXACT or cls in HELD:
            return False
        if hasattr(cls, "__next__") or callable(thing) or self.is_loud(thing):
            return True
        return not is_built_in(cls) and any(hasattr(cls, name) for name in GONE_THROUGH)

    # -- attributes ------------------------------------------------------------------------------

    def reaches(self, cls: type, name: str) -> None:
        """Pass a switch point where an attribute of such an object is reached by such code."""
        attributes = self.objects.loud[cls].attributes
        if attributes is None or name in attributes:
            self.objects.pass_point()

    def reaching(self, operate: Callable[..., Any]) -> Callable[..., Any]:
        """Wrap what does something to an attribute: of the first argument, by the second."""

        def call(thing: Any, name: str) -> Any:
            if type(thing) in self.objects.loud:
                self.reaches(type(thing), name)
            return operate(thing, name)

        return call

    def storing(self, operate: Callable[..., Any]) -> Callable[..., Any]:
        """Wrap what sets an attribute: of the second argument, by the third."""
        loud, operates = self.objects, operate

        def call(value: Any, thing: Any, name: str) -> None:
            if type(thing) in loud.loud:
                self.reaches(type(thing), name)
            if isinstance(thing, type):  # it may get a method of any kind
                loud.compares = loud.shows = True
            operates(value, thing, name)

        return call

    # -- other operations --------------------------------------------------------------------------

    def is_loud(self, thing: Any) -> bool:
        """Whether operations on an object may run such code."""
        found = self.objects.loud.get(type(thing))
        return found is not None and found.operations

    def operating(self, operate: Callable[..., Any]) -> Callable[..., Any]:
        """Wrap an operation on one operand."""
        objects = self.objects

        def call(thing: Any) -> Any:
            if objects.loud and self.is_loud(thing):
                objects.pass_point()
            return operate(thing)

        return call

    def item(self, operate: Callable[..., Any]) -> Callable[..., Any]:
        """Wrap what does something to an item: of the first argument, by the second."""
        objects = self.objects

        def call(thing: Any, key: Any) -> Any:
            if objects.loud and (
                self.is_loud(thing) or (objects.compares and type(key) not in EXACT)
            ):
                objects.pass_point()
            return operate(thing, key)

        return call

    def set_item(self, operate: Callable[..., Any]) -> Callable[..., Any]:
        """Wrap what sets an item: of the second argument, by the third."""
        objects = self.objects

        def call(value: Any, thing: Any, key: Any) -> None:
            if objects.loud and (
                self.is_loud(thing) or (objects.compares and type(key) not in EXACT)
            ):
                objects.pass_point()
            operate(value, thing, key)

        return call

    def named(self, operate: Callable[..., Any]) -> Callable[..., Any]:
        """Wrap an operation on two operands that its name comes before."""
        objects = self.objects

        def call(name: str, left: Any, right: Any) -> Any:
            shows = objects.shows and name == "Mod"
            if objects.compares or shows or self.is_loud(left) or self.is_loud(right):
                objects.pass_point()
            return operate(name, left, right)

        return call

    def comparing(self, operate: Callable[..., Any]) -> Callable[..., Any]:
        """Wrap what compares its first argument with others."""
        objects = self.objects

        def call(thing: Any, *others: Any) -> Any:
            if objects.compares or (objects.loud and any(map(self.is_loud, (thing, *others)))):
                objects.pass_point()
            return operate(thing, *others)

        return call

    def showing(self, operate: Callable[..., Any]) -> Callable[..., Any]:
        """Wrap what shows its first argument."""
        objects = self.objects

        def call(thing: Any, *how: Any) -> Any:
            if objects.shows:
                objects.pass_point()
            return operate(thing, *how)

        return call

    def entering(self, operate: Callable[..., Any]) -> Callable[..., Any]:
        """Wrap what lets a manager be entered: one of the library passes switch points itself."""
        objects = self.objects

        def call(manager: Any) -> Any:
            manager = operate(manager)
            methods = [getattr(type(manager), name, None) for name in ("__enter__", "__exit__")]
            known = hasattr(type(manager), "_silent")  # a lock, which says itself where it is
            known = known or all(map(self.is_of_program, methods))
            return manager if known or None in methods else Passing(objects, manager)

        return call

    def is_of_program(self, function: Any) -> bool:
        """Whether it is a function of the program."""
        code = getattr(function, "__code__", None)
        return code is not None and code.co_filename == self.machine.program


class Passing:
    """A manager of the library: entering and leaving it passes switch points.

    Args:
        objects: the objects of the exploration
        manager: the manager
    """

    __slots__ = ("manager", "objects")

    def __init__(self, objects: Objects, manager: Any) -> None:
        self.objects = objects
        self.manager = manager

    def __enter__(self) -> Any:
        self.objects.pass_point()
        try:
            return type(self.manager).__enter__(self.manager)
        finally:
            self.objects.pass_point()

    def __exit__(self, *error: object) -> Any:
        self.objects.pass_point()
        try:
            return type(self.manager).__exit__(self.manager, *error)
        finally:
            self.objects.pass_point()
