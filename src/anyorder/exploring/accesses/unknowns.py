"""What a program may do with what nobody can tell before a run: times, and numbers by chance.

See ``engine.unknown`` for the objects that stand for such numbers. A text that shows one has a
placeholder in it. Such a text may be put together with others, kept, handed on and shown. How long
it is, which letters it has and whether it is equal to another are not known, so whatever asks for
that is refused; and so is any function of the library that is not known to do no more than that.
"""

from __future__ import annotations

import math
import sys
from functools import partial
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import TYPE_CHECKING, Any

from anyorder.exploring.accesses.containers import ContainerMethod
from anyorder.exploring.accesses.library import top_module
from anyorder.exploring.engine.unknown import (
    Unknown,
    is_never_negative,
    is_unknown_text,
    padded,
    percent,
    sample_of,
    unknown_text_refused,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from anyorder.exploring.engine.machine import Machine

__all__ = ["Unknowns"]

# what asks for nothing of what it is given, and of what that holds
HOLDING = {
    all, any, enumerate, filter, iter, len, list, map, next, reversed, tuple, zip, dict, print, str,
    repr, format, isinstance, type, id, callable, issubclass, partial, sys.exit,
    bool,
}  # fmt: skip
SHOWING = {print, str, repr, format, isinstance, type, id, callable, partial, sys.exit, bool}
PADDING = {"center", "ljust", "rjust", "zfill", "strip", "lstrip", "rstrip"}
OF_SEVERAL = {max, min, sum}
COMPUTING = {int, float, round, abs, divmod, pow, math.floor, math.ceil, math.trunc}
CLOCKS = {"datetime", "time"}  # modules whose functions compute with times
OF_TEXTS = {"join", "format", "format_map"}  # methods of a text that ask for nothing of others
OF_CONTAINERS = {
    "append", "appendleft", "extend", "extendleft", "insert", "put", "pop", "popleft", "clear",
    "copy", "reverse", "rotate", "values", "items", "setdefault", "update", "get", "write",
    "writelines", "__iadd__", "__setitem__",
}  # fmt: skip
BY_KEY = {"setdefault", "get", "pop", "__setitem__"}  # of these, the first argument is one
# modules of the simulated machine, which hand on what they are given
CARRYING = {
    "anyorder", "concurrent", "contextlib", "dataclasses", "logging", "multiprocessing",
    "queue", "thread", "threading", "threading_local", "types",
}  # fmt: skip
DEEPEST = 4


class Unknowns:
    """Holds the operations of a program to what may be done with what is not known.

    Args:
        machine: where the program runs
        is_own: whether a class or a function is the program's own
    """

    def __init__(self, machine: Machine, is_own: Callable[[Any], bool]) -> None:
        self.machine = machine
        self.is_own = is_own

    def guarded(self, hooks: dict[str, Any]) -> dict[str, Any]:
        """Return the calls of rewritten code, each held to that."""
        guarded = dict(hooks)
        for name in ("Eq", "NotEq", "Lt", "LtE", "Gt", "GtE", "In", "NotIn"):
            for key in (f"__ao_{name}__", f"__ao_t{name}__"):
                guarded[key] = self.asking(hooks[key], "a comparison")
        for name, what in (
            ("link", "a comparison"), ("i", "an item"), ("is", "a key"), ("di", "a key"),
            ("iterate", "a loop"), ("spread", "what a star spreads"), ("unpack", "unpacking"),
            ("delegate", "a generator"), ("match", "a pattern"),
        ):  # fmt: skip
            guarded[f"__ao_{name}__"] = self.asking(
                hooks[f"__ao_{name}__"], what, first=name == "is"
            )
        for name in ("Mod", "iMod"):
            guarded[f"__ao_{name}__"] = self.filling(hooks[f"__ao_{name}__"])
        guarded["__ao_format__"] = self.formatting(hooks["__ao_format__"])
        guarded["__ao_made__"] = self.making(hooks["__ao_made__"])
        guarded["__ao_f__"] = self.calling(hooks["__ao_f__"])
        return guarded

    def asking(
        self, operate: Callable[..., Any], what: str, *, first: bool = False
    ) -> Callable[..., Any]:
        """Return an operation that asks for what is in its operands.

        Args:
            operate: the operation
            what: what it is, in words
            first: whether the first operand is only kept
        """
        skipped = int(first)

        def call(*operands: Any) -> Any:
            if any(map(is_unknown_text, operands[skipped:])):
                self.machine.refuse(unknown_text_refused(what))
            return operate(*operands)

        return call

    def filling(self, operate: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
        """Return ``%``."""

        def call(left: Any, right: Any) -> Any:
            if type(left) is str:
                parts = right if type(right) is tuple else (right,)
                if type(right) is dict:
                    parts = tuple(right.values())
                if any(type(one) is Unknown or is_unknown_text(one) for one in parts):
                    return percent(left, right)
            return operate(left, right)

        return call

    def formatting(self, operate: Callable[..., str]) -> Callable[..., str]:
        """Return what makes a text of a part of an f-string."""

        def call(value: Any, conversion: int, spec: str | None) -> str:
            if is_unknown_text(value) and spec:
                return padded(value)
            return operate(value, conversion, spec)

        return call

    def making(self, operate: Callable[[Any], Any]) -> Callable[[Any], Any]:
        """Return what names a container that has been made: of a dict or a set, by its keys."""

        def call(thing: Any) -> Any:
            if isinstance(thing, dict | set | frozenset) and any(map(is_unknown_text, thing)):
                self.machine.refuse(unknown_text_refused("a key"))
            return operate(thing)

        return call

    # -- calls -----------------------------------------------------------------------------------

    def calling(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return what gives what stands for what is called."""

        def called(thing: Any, site: int, spreads: bool) -> Any:
            found = function(thing, site, spreads)
            return found if self.hands_on(thing) else self.held(thing, found)

        return called

    def hands_on(self, thing: Any) -> bool:
        """Whether what is called is the program's own, or does nothing but hand things on."""
        inner = thing.__func__ if type(thing) is MethodType else thing
        if isinstance(inner, FunctionType | type):
            if self.is_own(inner) or (isinstance(inner, type) and issubclass(inner, Exception)):
                return True
            orders = type(getattr(thing, "__self__", None)).__name__ == "PriorityQueue"
            return top_module(inner) in CARRYING and not orders
        return False

    def held(self, thing: Any, found: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function of the library, held to what it may do with what is not known."""
        owner = getattr(thing, "__self__", None)
        sorts = getattr(thing, "__name__", "") == "sort"

        def call(*args: Any, **kwargs: Any) -> Any:
            given = (*args, *kwargs.values())
            if (
                any(map(self.has_unknown, given))
                or is_unknown_text(owner)
                or (sorts and self.has_unknown(owner))
            ):
                return self.allowed(thing, found, args, kwargs)
            return found(*args, **kwargs)

        return call

    def allowed(self, thing: Any, found: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        """Return what a call gives that gets what is not known, or refuse it."""
        owner, name = getattr(thing, "__self__", None), getattr(thing, "__name__", "")
        direct = any(map(is_unknown_text, (*args, *kwargs.values())))
        if isinstance(thing, ContainerMethod) and name in OF_CONTAINERS:
            if name in BY_KEY and is_unknown_text(args[0]):
                self.machine.refuse(unknown_text_refused("a key"))
        elif type(owner) is str and type(thing) is BuiltinFunctionType:
            if name in PADDING:
                return padded(owner)
            if name not in OF_TEXTS:
                self.machine.refuse(unknown_text_refused(f"{name}() of a text"))
        elif thing is format and direct and args[1:]:
            return padded(args[0])
        elif self.computes(thing, args, kwargs):
            return self.computed(thing, args, kwargs)
        elif not hashable(thing) or thing not in (SHOWING if direct else HOLDING):
            self.refused(thing)
        return found(*args, **kwargs)

    def computes(self, function: Any, args: Any, kwargs: Any) -> bool:
        """Whether a function computes something from what is not known."""
        if not hashable(function) or kwargs.keys() & {"key", "default"}:
            return False
        if function in OF_SEVERAL and len(args) == 1:
            return type(args[0]) in {list, tuple} and any(type(one) is Unknown for one in args[0])
        known = function in COMPUTING or function in OF_SEVERAL or top_module(function) in CLOCKS
        return known and any(type(one) is Unknown for one in (*args, *kwargs.values()))

    def computed(self, function: Any, args: Any, kwargs: Any) -> Any:
        """Return what a function computes from what is not known."""
        if function in OF_SEVERAL and len(args) == 1:
            [args] = args
        unknown = next(one for one in (*args, *kwargs.values()) if type(one) is Unknown)
        if function is sum:
            return sum(args, **kwargs)
        if function in OF_SEVERAL:
            never = any if function is max else all
            return unknown.like(unknown.sample, never_negative=never(map(is_never_negative, args)))
        if function in {int, float}:
            result = function(unknown.sample)
            return unknown.like(result, never_negative=unknown.never_negative)
        return unknown.operated(
            partial(function, **dict(zip(kwargs, map(sample_of, kwargs.values()), strict=True))),
            *args,
        )

    def refused(self, function: Any) -> Any:
        """Refuse a function of which it is not known what it asks."""
        name = getattr(function, "__name__", type(function).__name__)
        return self.machine.refuse(unknown_text_refused(f"what {name}() makes of it"))

    def has_unknown(self, thing: Any, deep: int = 0) -> bool:
        """Whether a thing is not known, or holds what is not."""
        if type(thing) is Unknown or is_unknown_text(thing):
            return True
        if deep == DEEPEST:
            return False
        if isinstance(thing, dict):
            return any(self.has_unknown(one, deep + 1) for one in dict.values(thing))
        if isinstance(thing, tuple | list | set | frozenset):
            return any(self.has_unknown(one, deep + 1) for one in thing)
        return False


def hashable(thing: Any) -> bool:
    """Whether a thing has a hash."""
    try:
        hash(thing)
    except TypeError:
        return False
    return True
