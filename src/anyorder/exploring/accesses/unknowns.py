"""What a program may do with what nobody can tell before a run: times, and numbers by chance.

See ``engine.unknown`` for the objects that stand for such numbers. A text that shows one has a
placeholder in it. Such a text may be put together with others, kept, handed on and shown. How long
it is, which letters it has and whether it is equal to another are not known, so whatever asks for
that is refused; and so is any function of the library that is not known to do no more than that.
"""

from __future__ import annotations

import inspect
import io
import json
import math
import os
import sys
from collections import Counter, deque
from collections.abc import Sized
from contextlib import suppress
from functools import partial
from itertools import pairwise
from pathlib import PurePath
from types import (
    BuiltinFunctionType,
    FunctionType,
    GeneratorType,
    MethodDescriptorType,
    MethodType,
    SimpleNamespace,
)
from typing import TYPE_CHECKING, Any, NoReturn

from anyorder.exploring.accesses.comparing import COMPARISONS
from anyorder.exploring.accesses.containers import ContainerMethod
from anyorder.exploring.accesses.encoding import Masked
from anyorder.exploring.accesses.library import hashable, top_module
from anyorder.exploring.accesses.loud import EXACT
from anyorder.exploring.accesses.masked import Undecided, carried_out, is_equal, is_inside
from anyorder.exploring.accesses.operations import BINARY
from anyorder.exploring.attributes import asked, is_a
from anyorder.exploring.engine.unknown import (
    CORES,
    TIME,
    UNIQUE,
    Unknown,
    is_unknown_text,
    padded,
    percent,
    placed,
    sample_of,
    unknown_text_refused,
)
from anyorder.exploring.engine.varying import NUMBERS, Varying
from anyorder.exploring.modules import READING
from anyorder.outcomes.placeholders import ANY, COMPUTER, FOLDER, VERSION, has_placeholder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from anyorder.exploring.engine.machine import Machine

__all__ = ["Unknowns"]

# what asks for nothing of what it is given, and of what that holds
HOLDING = {
    all, any, enumerate, filter, iter, len, list, map, next, reversed, tuple, zip, dict, print, str,
    repr, format, isinstance, type, id, callable, issubclass, partial, bool,
}  # fmt: skip
SHOWING = {print, str, repr, format, isinstance, type, id, callable, partial, sys.exit, bool}
OF_PATHS = {
    os.fspath, os.path.abspath, os.path.basename, os.path.dirname, os.path.join, os.path.realpath,
    os.path.split, os.path.splitext,
}  # fmt: skip
PADDING = {"center", "ljust", "rjust", "zfill", "strip", "lstrip", "rstrip"}
COMPUTING = {int, float, round, abs, divmod, pow, math.floor, math.ceil, math.trunc}
CLOCKS = {"datetime", "time"}  # modules whose functions compute with times
# what compares and hashes what it is given: numbers that differ in each run, and no texts
COMPARING = {set, frozenset, dict, Counter, sorted, max, min, sum, hash}
OF_TEXTS = {"join", "format", "format_map"}  # methods of a text that ask for nothing of others
OF_CONTAINERS = {
    "append", "appendleft", "extend", "extendleft", "insert", "put", "pop", "popleft", "clear",
    "copy", "reverse", "rotate", "values", "items", "setdefault", "update", "get", "write",
    "writelines", "__iadd__", "__setitem__",
}  # fmt: skip
BY_KEY = {"setdefault", "get", "pop", "__setitem__"}  # of these, the first argument is one
# modules of the simulated machine, which hand on what they are given
CARRYING = {
    "anyorder", "concurrent", "contextlib", "copy", "dataclasses", "logging", "multiprocessing",
    "queue", "thread", "threading", "threading_local", "types",
}  # fmt: skip
HASHING = (dict, set, frozenset)
HOLDS_OTHERS = (*HASHING, list, tuple, deque, SimpleNamespace)
COMPARES = {
    "count", "index", "remove", "sort", "__contains__", "__eq__", "__ge__", "__gt__", "__le__",
    "__lt__", "__ne__",
}  # fmt: skip
UPDATING = {"update", "__ior__", "symmetric_difference_update"}
# methods of a scheduler: what they keep for a function of the program, no two events of which are
# compared by it, since each has a number before it
ENTERING = {"enter", "enterabs"}
ASKED_OF_ENTERED = 3  # the arguments by position before that
FOR_FUNCTION = {"argument", "kwargs"}  # the names of that
# modules whose functions call functions of the program, and look at what these answer
CALLING_BACK = READING - {"dataclasses", "functools", "operator", "re"}


class Unknowns:
    """Holds the operations of a program to what may be done with what is not known.

    Args:
        machine: where the program runs
        is_own: whether a class or a function is the program's own
    """

    def __init__(self, machine: Machine, is_own: Callable[[Any], bool]) -> None:
        self.machine = machine
        self.is_own = is_own
        self.masked = Masked(self)

    def guarded(self, hooks: dict[str, Any]) -> dict[str, Any]:
        """Return the calls of rewritten code, each held to that."""
        guarded = dict(hooks)
        for name in COMPARISONS:
            for key in (f"__ao_{name}__", f"__ao_t{name}__"):
                guarded[key] = self.comparing(hooks[key], name)
        for name in ("In", "NotIn"):
            for key in (f"__ao_{name}__", f"__ao_t{name}__"):
                guarded[key] = self.finding(hooks[key], negated=name == "NotIn")
        for name, what in (
            ("iterate", "a loop"), ("spread", "what a star spreads"), ("unpack", "unpacking"),
            ("delegate", "a generator"), ("match", "a pattern"),
        ):  # fmt: skip
            guarded[f"__ao_{name}__"] = self.asking(hooks[f"__ao_{name}__"], what)
        for name, what in ("i", "an item"), ("is", "a key"), ("di", "a key"):
            guarded[f"__ao_{name}__"] = self.keying(hooks[f"__ao_{name}__"], what)
        guarded["__ao_i__"] = beginning(guarded["__ao_i__"])
        for name in BINARY:
            for key in (f"__ao_{name}__", f"__ao_i{name}__"):
                guarded[key] = self.computing(hooks[key])
        for name in ("Mod", "iMod"):
            guarded[f"__ao_{name}__"] = self.filling(guarded[f"__ao_{name}__"])
        guarded["__ao_truth__"] = self.deciding(hooks["__ao_truth__"])
        guarded["__ao_format__"] = self.formatting(hooks["__ao_format__"])
        guarded["__ao_made__"] = self.making(hooks["__ao_made__"])
        guarded["__ao_f__"] = self.calling(hooks["__ao_f__"])
        return guarded

    def refuse(self, what: str, *things: Any) -> NoReturn:
        """Refuse what depends on a text that is not known.

        Args:
            what: what depends on it
            things: among which the text is, or within which
        """
        if any(map(self.lies_somewhere, things)):
            self.machine.refuse(
                f"{what} depends on where a file lies, which differs from computer to computer: "
                "take its name, by os.path.basename() or Path.name"
            )
        text = "".join(one for one in self.within(things) if is_a(one, str))
        if VERSION in text:
            self.machine.refuse(
                f"{what} depends on which version of a package is installed, which differs from "
                "computer to computer: show it as it is"
            )
        if COMPUTER in text:
            self.machine.refuse(
                f"{what} depends on what a computer says of itself, which differs from computer to "
                "computer: show it as it is, or ask platform.python_version() for the version of "
                "Python"
            )
        if UNIQUE.placeholder in text:
            self.machine.refuse(f"{what} depends on {UNIQUE.what}: {UNIQUE.instead}")
        if any(map(self.holds_cores, things)):
            self.machine.learn("cores")
        self.machine.refuse(unknown_text_refused(what))

    def not_encoded(self, *things: Any) -> NoReturn:
        """Refuse what ``json`` makes of things."""
        self.refuse("what dumps() makes of it", *things)

    def holds_cores(self, thing: Any) -> bool:
        """Whether a thing is a number of cores, or holds one."""
        if type(thing) is Unknown:
            return thing.source is CORES
        return is_a(thing, HOLDS_OTHERS) and any(map(self.holds_cores, parts_of(thing)))

    def lies_somewhere(self, thing: Any) -> bool:
        """Whether the folder of a program is in a text or a path, or in what a container holds."""
        if is_a(thing, str | PurePath):
            return FOLDER in str(thing)
        return is_a(thing, HOLDS_OTHERS) and any(map(self.lies_somewhere, parts_of(thing)))

    def deciding(self, truth: Callable[[Any], Any]) -> Callable[[Any], Any]:
        """Return what asks whether a thing is true, which a folder is not where it is left out."""

        def asked(thing: Any) -> Any:
            if type(thing) is str and FOLDER in thing.rpartition("/")[2]:
                self.refuse("a condition", thing)
            return truth(thing)

        return asked

    def asking(self, operate: Callable[..., Any], what: str) -> Callable[..., Any]:
        """Return an operation that asks for what is in its operands.

        Args:
            operate: the operation
            what: what it is, in words
        """

        def call(*operands: Any) -> Any:
            if any(map(is_unknown_text, operands)):
                self.refuse(what, *operands)
            return operate(*operands)

        return call

    def keying(self, operate: Callable[..., Any], what: str) -> Callable[..., Any]:
        """Return an operation on a thing and a key, which are its last two operands."""

        def call(*operands: Any) -> Any:
            *_, thing, key = operands
            if is_unknown_text(thing) or self.has_unknown(key, texts_alone=True):
                self.refuse(what, thing, key)
            return operate(*operands)

        return call

    # -- numbers ---------------------------------------------------------------------------------

    def computing(self, operate: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
        """Return an operator between two operands."""

        def call(left: Any, right: Any) -> Any:
            hold_known(left, right)
            return operate(left, right)

        return call

    # -- comparisons -----------------------------------------------------------------------------

    def compared(  # noqa: PLR0911 - a table of questions
        self, name: str, left: Any, right: Any
    ) -> bool | None:
        """Return what a comparison gives of texts that are not known, where that can be told.

        It is nothing where there are no such texts.

        Args:
            name: its name in ``ast``
            left: its left operand
            right: its right operand
        """
        hold_known(left, right)
        if is_a(left, PurePath) or is_a(right, PurePath):
            if not (self.lies_somewhere(left) or self.lies_somewhere(right)):
                return None
            self.refuse("a comparison", left, right)
        equality = name in {"Eq", "NotEq"}
        if is_a(left, str) and is_a(right, str):
            if not (is_unknown_text(left) or is_unknown_text(right)):
                return None
            if not is_unknown_text(left):
                left, right = right, left
            with suppress(Undecided):
                if equality:
                    return is_equal(left, right) is (name == "Eq")
        elif is_a(left, HOLDS_OTHERS) and is_a(right, HOLDS_OTHERS):
            if not any(self.has_unknown(one, texts_alone=True) for one in (left, right)):
                return None
            if self.differ_before(left, right, equality=equality):
                return None
        else:
            return None
        return self.refuse("a comparison", left, right)

    def differ_before(self, left: Any, right: Any, *, equality: bool) -> bool:
        """Whether two containers differ before Python looks at a text that is not known."""
        sized = equality and is_a(left, Sized) and is_a(right, Sized)
        if sized and len(left) != len(right):
            return True
        if is_a(left, list | tuple) and is_a(right, list | tuple):
            for one, other in zip(left, right, strict=False):
                if any(type(each) not in EXACT or is_unknown_text(each) for each in (one, other)):
                    return False
                if one != other:
                    return True
        return False

    def comparing(self, operate: Callable[[Any, Any], Any], name: str) -> Callable[[Any, Any], Any]:
        """Return a comparison of which more can be told: whether texts are equal."""

        def call(left: Any, right: Any) -> Any:
            told = self.compared(name, left, right)
            return operate(left, right) if told is None else told

        return call

    def finding(
        self, operate: Callable[[Any, Any], Any], *, negated: bool
    ) -> Callable[[Any, Any], Any]:
        """Return ``in``, or ``not in``."""

        def call(item: Any, thing: Any) -> Any:
            if is_a(item, str) and is_a(thing, str):
                if not (is_unknown_text(item) or is_unknown_text(thing)):
                    return operate(item, thing)
                with suppress(Undecided):
                    return is_inside(item, thing) is not negated
            elif is_a(thing, list | tuple | deque):
                for one in thing:
                    self.compared("Eq", one, item)
                return operate(item, thing)
            elif not self.has_unknown(item, texts_alone=True):
                return operate(item, thing)
            return self.refuse("a comparison", item, thing)

        return call

    def filling(self, operate: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
        """Return ``%``."""

        def call(left: Any, right: Any) -> Any:
            if type(left) is str:
                parts = right if type(right) is tuple else (right,)
                if type(right) is dict:
                    parts = tuple(right.values())
                if any(type(one) in {Unknown, Varying} or is_unknown_text(one) for one in parts):
                    return percent(left, right)
            return operate(left, right)

        return call

    def formatting(self, operate: Callable[..., str]) -> Callable[..., str]:
        """Return what makes a text of a part of an f-string."""

        def call(value: Any, conversion: int, spec: str | None) -> str:
            if (spec is not None and is_unknown_text(spec)) or (
                conversion == ord("a") and self.lies_somewhere(value)
            ):
                self.refuse("a format", value)
            if is_unknown_text(value) and spec:
                return padded(value)
            return operate(value, conversion, spec)

        return call

    def making(self, operate: Callable[[Any], Any]) -> Callable[[Any], Any]:
        """Return what names a container that has been made, if it may be made."""

        def call(thing: Any) -> Any:
            self.hold_hashed(thing)
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
        while type(thing) is partial:
            thing = thing.func
        inner = thing.__func__ if type(thing) is MethodType else thing
        # they look for the frame that calls them
        if inner is super or inner is inspect.currentframe:
            return True
        if is_a(inner, type) and issubclass(inner, HASHING):
            return False
        if is_a(inner, FunctionType | type):
            if self.is_own(inner) or (is_a(inner, type) and issubclass(inner, Exception)):
                return True
            if inner.__name__ == "write":  # it returns how long the text is
                return False
            orders = type(asked(thing, "__self__")).__name__ == "PriorityQueue"
            return top_module(inner) in CARRYING and not orders
        return False

    def held(self, thing: Any, found: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function of the library, held to what it may do with what is not known."""
        owner, name = asked(thing, "__self__"), asked(thing, "__name__", "")
        compares = name in COMPARES and is_a(owner, list | deque)
        calls = top_module(thing) in CALLING_BACK
        enters = name in ENTERING and top_module(thing) == "sched"
        if thing is json.dumps:
            return self.masked.of(found)

        def call(*args: Any, **kwargs: Any) -> Any:
            if is_a(owner, io.StringIO) and has_placeholder(owner.getvalue()):
                self.hold_stream(name, args)
            if calls:
                args = tuple(map(self.answering, args))
                kwargs = {key: self.answering(one) for key, one in kwargs.items()}
            given = (*args, *kwargs.values())
            if enters:
                asked = (one for key, one in kwargs.items() if key not in FOR_FUNCTION)
                given = (*args[:ASKED_OF_ENTERED], *asked)
            if (
                any(map(self.has_unknown, given))
                or is_unknown_text(owner)
                or (is_a(owner, PurePath) and self.lies_somewhere(owner))
                or (compares and self.has_unknown(owner))
            ):
                return self.allowed(thing, found, args, kwargs)
            result = found(*args, **kwargs)
            self.hold_hashed(owner if name in UPDATING else result)
            return result

        return call

    def allowed(  # noqa: C901, PLR0911 - a table of questions
        self, thing: Any, found: Callable[..., Any], args: Any, kwargs: Any
    ) -> Any:
        """Return what a call gives that gets what is not known, or refuse it."""
        owner, name = asked(thing, "__self__"), asked(thing, "__name__", "")
        given = (*args, *kwargs.values())
        direct = any(map(is_unknown_text, given))
        texts = direct or any(self.has_unknown(one, texts_alone=True) for one in given)
        if is_a(thing, ContainerMethod):
            for one, other in pairwise(owner if name == "sort" else ()):
                hold_known(one, other)
            if texts or (name in COMPARES and self.has_unknown(owner, texts_alone=True)):
                self.hold_keys(name, owner, args)
        elif is_a(owner, str) and type(thing) is BuiltinFunctionType:
            if name not in OF_TEXTS:
                return self.of_text(name, owner, args, kwargs)
        elif self.of_paths(thing, owner):
            return self.placed(thing, found, args, kwargs)
        elif thing is format and direct and args[1:]:
            return padded(args[0])
        elif thing is hex and type(args[0]) is Varying:
            return format(args[0], "#x")
        elif is_method_of(thing, args):
            return getattr(args[0], thing.__name__)(*args[1:], **kwargs)
        elif self.computes(thing, args, kwargs):
            return self.computed(thing, args, kwargs)
        elif not (
            name == "write"
            or self.is_one_of(thing, SHOWING if direct else HOLDING)
            or (not texts and self.is_one_of(thing, COMPARING))
        ):
            what = asked(thing, "__name__", type(thing).__name__)
            self.refuse(f"what {what}() makes of it", owner, *given)
        result = found(*args, **kwargs)
        self.hold_hashed(result)
        if name == "write" and type(result) is int:  # how long the text is
            return Unknown(result, TIME, never_negative=True)
        return result

    def of_paths(self, thing: Any, owner: Any) -> bool:
        """Whether what is called takes a path apart, or puts one together."""
        if is_a(thing, type):
            return issubclass(thing, PurePath)
        if is_a(owner, PurePath):
            return True  # see ``library.Paths``
        return self.is_one_of(thing, OF_PATHS)

    def placed(self, thing: Any, found: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        """Return what a function of paths gives, in which the folder is still not known.

        A folder of that folder is not known, either; nor is where a link leads.
        """
        path: Any = asked(thing, "__self__", args[0] if args else None)
        name = thing.__name__
        if name in {"realpath", "resolve"}:
            return type(path)(f"/{FOLDER}")
        if name in {"abspath", "absolute"}:
            return path
        result = found(*args, **kwargs)
        if is_a(path, str) and FOLDER in path.rpartition("/")[2]:
            if name == "splitext":
                self.refuse("the end of a folder's name", path)
            if name in {"dirname", "split"}:
                return path if name == "dirname" else (path, result[1])
        return result

    def hold_stream(self, name: str, args: Any) -> None:
        """Refuse what tells how long the text in a stream is, or cuts it anywhere."""
        if name in {"tell", "__next__"} or (name in {"read", "readline", "truncate"} and args):
            self.machine.refuse(unknown_text_refused(f"{name}() of a text"))
        if name == "seek" and args[:1] != (0,):
            self.machine.refuse(unknown_text_refused("a place in a text"))

    def hold_hashed(self, thing: Any) -> None:
        """Refuse a dict or a set with a text among its keys that is not known."""
        for key in thing if is_a(thing, HASHING) else ():
            if self.has_unknown(key, texts_alone=True):
                self.refuse("a key", key)

    def answering(self, thing: Any) -> Any:
        """Return a function for the library to call, which may not answer what is not known.

        A generator may not yield it, either.
        """

        def answer(value: Any) -> Any:
            if self.has_unknown(value):
                self.machine.refuse(unknown_text_refused("what a function answers the library"))
            return value

        if is_a(thing, GeneratorType):
            return map(answer, thing)
        if is_a(thing, FunctionType | MethodType):
            return lambda *args, **kwargs: answer(thing(*args, **kwargs))
        return thing

    def of_text(self, name: str, owner: str, args: Any, kwargs: Any) -> Any:
        """Return what a method gives of a text with placeholders, where that can be told."""
        if name in PADDING and ANY.fullmatch(owner):
            return owner
        if not kwargs and is_unknown_text(owner):
            with suppress(Undecided):
                return carried_out(name, owner, args)
        return self.refuse(f"{name}() of a text", owner, *args)

    def hold_keys(self, name: str, owner: Any, args: Any) -> None:
        """Refuse a method of a container that compares or hashes texts."""
        keys = is_a(owner, set | frozenset) or (
            is_a(owner, dict) and name == "update" and type(args[0]) is not dict
        )
        if keys or name not in OF_CONTAINERS or (name in BY_KEY and is_unknown_text(args[0])):
            self.refuse(f"what {name}() compares", *args)

    def is_one_of(self, thing: Any, known: set[Any]) -> bool:
        """Whether what is called is one of those that are known."""
        return hashable(thing) and thing in known

    def computes(self, function: Any, args: Any, kwargs: Any) -> bool:
        """Whether a function computes something from what is not known."""
        if not hashable(function):
            return False
        known = function in COMPUTING or top_module(function) in CLOCKS
        return known and any(type(one) is Unknown for one in (*args, *kwargs.values()))

    def computed(self, function: Any, args: Any, kwargs: Any) -> Any:
        """Return what a function computes from what is not known."""
        unknown = next(one for one in (*args, *kwargs.values()) if type(one) is Unknown)
        if function in {int, float}:
            result = function(unknown.sample)
            return unknown.like(result, never_negative=unknown.never_negative)
        return unknown.operated(
            partial(function, **dict(zip(kwargs, map(sample_of, kwargs.values()), strict=True))),
            *args,
        )

    def has_unknown(self, thing: Any, *, texts_alone: bool = False) -> bool:
        """Whether a thing is not known, or holds what is not, however deep.

        Args:
            thing: the thing
            texts_alone: whether numbers do not count
        """
        for one in self.within((thing,)):
            if is_unknown_text(one) or (is_a(one, PurePath) and FOLDER in str(one)):
                return True
            if not texts_alone and type(one) in {Unknown, Varying}:
                return True
        return False

    def within(self, things: Iterable[Any]) -> Iterator[Any]:
        """Yield things, and what those of them that are containers hold, however deep."""
        left, seen = list(things), set()
        while left:
            one = left.pop()
            yield one
            if is_a(one, HOLDS_OTHERS) and id(one) not in seen:
                seen.add(id(one))
                left += parts_of(one)


def hold_known(left: Any, right: Any) -> None:
    """Refuse to compute with a number that differs in each run, or to compare it with another one.

    It says so itself, save where a number of another class is asked first: that takes any ``int``.

    Args:
        left: an operand, in which there may be one
        right: another one
    """
    if type(left) is Varying or type(right) is Varying:
        varying, other = (left, right) if type(left) is Varying else (right, left)
        if is_a(other, NUMBERS) and type(other) is not Varying:
            varying.depend()
    elif is_a(left, list | tuple) and is_a(right, list | tuple):
        for one, other in zip(left, right, strict=False):
            hold_known(one, other)


def beginning(item: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """Return what gives an item: of a uuid, how it begins."""

    def call(thing: Any, key: Any) -> Any:
        return placed(UNIQUE) if is_beginning(thing, key) else item(thing, key)

    return call


def is_beginning(thing: Any, key: Any) -> bool:
    """Whether an item is how a uuid begins, such as ``uuid4().hex[:8]``, which is as little known.

    There is always one character at least.
    """
    return (
        type(thing) is str
        and thing == UNIQUE.placeholder
        and type(key) is slice
        and (key.start, key.step) in {(None, None), (0, None)}
        and type(key.stop) is int
        and key.stop > 0
    )


def is_method_of(thing: Any, args: tuple[Any, ...]) -> bool:
    """Whether what is called is a method, through its class, of a thing that is not known."""
    if type(thing) is not MethodDescriptorType or not args or type(args[0]) is not Unknown:
        return False
    return is_a(args[0].sample, thing.__objclass__)


def parts_of(thing: Any) -> Iterable[Any]:
    """Return what a container holds: of a dict, its keys and values."""
    if is_a(thing, dict):
        return (*dict.keys(thing), *dict.values(thing))
    return list(vars(thing).values()) if is_a(thing, SimpleNamespace) else list(thing)
