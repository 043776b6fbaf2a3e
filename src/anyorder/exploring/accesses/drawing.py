"""Iterators over iterators, and ``count``: ``enumerate``, ``zip``, ``map``, those of ``itertools``.

In CPython they are written in C, and ask what they go through from there. Here they are classes
that ask by way of an event. What one of them does for an item is one step, as in C, unless code of
the program's own runs in its midst: then another thread may come in between, and may ask it again.

That is what a GIL makes of them. Without one, a ``zip`` on 3.13 mixes items of two threads in one
tuple, an ``enumerate`` leaves numbers out, and ``accumulate`` can begin twice. So no two threads
may be in the midst of one that asks nothing of the program's own (see ``Iterators.in_turn``), save
of those that change nothing but a number or a flag; nor of any that is ``alone``.

Of one that asks code of the program's own, two may be, and what it does itself in between is one
step, save that what an ``enumerate`` and an ``islice`` count with is read in one and written in
another. That holds with a GIL alone, as the reference says: a free-threaded 3.13 mixes what a
``pairwise`` or a ``zip`` gives, and frees what a ``chain`` is asking.

Once what it asks has come to its end, C lets go of that, though another thread may be in the midst
of asking it, and crashes if nothing else keeps it: ``islice`` and ``pairwise`` of a generator end
the interpreter with SIGSEGV up to 3.14, and ``chain`` of a ``filter`` does on 3.15. So that is
refused.

Each follows the equivalent that the docs of `itertools
<https://docs.python.org/3/library/itertools.html>`_ give in words.
"""

from __future__ import annotations

import builtins
import itertools
import operator
import sys
from collections import deque
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from anyorder.exploring.accesses.events import LOOK, MOVE, YIELD
from anyorder.exploring.accesses.names import Names
from anyorder.exploring.accesses.quiet import OnlyAsking, is_built_in
from anyorder.exploring.attributes import class_has, is_a
from anyorder.exploring.engine.events import READ, WRITE

if TYPE_CHECKING:
    from collections.abc import Callable

    from anyorder.exploring.accesses.objects import Objects
    from anyorder.exploring.engine.events import EventKind
    from anyorder.exploring.engine.machine import Machine

__all__ = ["DRAWING", "Count", "Drawn", "class_of", "family_of"]

NOTHING: Any = object()


class Through(Protocol):
    """What goes through things by way of events."""

    machine: Machine
    objects: Objects

    def iterate(self, thing: Any) -> Any: ...
    def made(self, thing: Any) -> Any: ...
    def source(self, thing: Any) -> Any: ...
    def spread(self, thing: Any) -> Any: ...
    def see_order(self, thing: Any) -> None: ...
    def asks(self, iterator: Any) -> bool: ...
    def in_midst(self, asked: Any) -> bool: ...
    def is_own(self, asked: Any) -> bool: ...


class DrawnOperations(Protocol):
    """The operations of the language that iterators over iterators carry out."""

    def add(self, left: Any, right: Any) -> Any: ...
    def function(self, function: Any) -> Any: ...
    def is_own(self, function: Any) -> bool: ...
    def same(self, one: Any, other: Any) -> bool: ...
    def truth(self, thing: Any) -> Any: ...


class Drawn:
    """An iterator that asks others.

    Attributes:
        iterators: where its events are made
        operations: what it does with the items
        family: the classes of one exploration, by their names
        code: whether code of the program's own may run as it is asked
        told: whether all that it does for an item is told by events: it asks, and changes nothing
            else, or tells of that too
        alone: whether no two threads may be in its midst, whatever it asks
        goes_back: whether it may touch what it asked once more, after it has come back from that
        asked: what threads are in the midst of asking or calling for it, each by a key of its own
        place: its label, once several threads may ask it
    """

    iterators: ClassVar[Through]
    operations: ClassVar[DrawnOperations]
    family: ClassVar[dict[str, Any]]
    code = False
    told = False
    alone = False
    goes_back = False
    asked: dict[object, Any]
    place: Any = None

    def __new__(cls, *_: Any, **__: Any) -> Any:
        new = super().__new__(cls)
        new.asked = {}
        return new

    @property
    def root(self) -> Any:
        """The iterator that has the state that it changes."""
        return self

    @property
    def follows(self) -> bool:
        """Whether it is followed where two threads are in its midst."""
        return self.code and not self.alone

    def take(self, *iterables: Any) -> tuple[Any, ...]:
        """Return iterators over what it is given."""
        return tuple(self.over(one) for one in iterables)

    def over(self, iterable: Any) -> Any:
        """Return an iterator over one thing."""
        iterator = self.iterators.source(iterable)
        self.code = self.code or self.iterators.asks(iterator)
        return iterator

    def calls(self, function: Any) -> Any:
        """Return what stands for a function that it calls."""
        self.code = self.code or self.operations.is_own(function)
        return self.operations.function(function)

    def ask(self, source: Any) -> Any:
        """Return the next item of what it asks."""
        return self.back(source, next, source)

    def call(self, function: Callable[..., Any], *args: Any) -> Any:
        """Call a function that it was given."""
        return self.back(function, function, *args)

    def back(self, asked: Any, call: Callable[..., Any], *args: Any) -> Any:
        """Call what may be code of the program's, and come back from it.

        Meanwhile another thread may have asked this iterator, so to come back is a step, before
        anything of it is changed.
        """
        key = object()
        self.asked[key] = asked
        try:
            return call(*args)
        finally:
            del self.asked[key]
            place = self.root.place
            if place is not None and self.code and not self.told:
                footprint = (((place, "next"), WRITE),)
                objects = self.iterators.objects
                objects.happen(YIELD, footprint, (self,))

    def tell(self, kind: EventKind, mode: object) -> None:
        """Make an event of reading or writing what it is at, where several threads may ask it."""
        place = self.root.place
        if place is not None:
            objects = self.iterators.objects
            objects.step(kind, (((place, "next"), mode),), (self,))

    def let_go(self, source: Any) -> None:
        """Ask a source no more, as C does, which nothing may keep but who is asking it.

        A variable of the module keeps it; and an object with a ``__next__`` of the program's own is
        kept by the call of that.
        """
        asked = any(one is source for one in self.asked.values())
        if not asked or not self.iterators.in_midst(source):
            return
        objects = self.iterators.objects
        source = getattr(source, "iterator", source)
        if not self.goes_back and self.iterators.is_own(source):
            return
        for name, value in vars(sys.modules["__main__"]).items():
            if value is source:
                Names(objects).read_global(name)
                return
        self.crash()

    def crash(self) -> None:
        """Refuse a program that crashes the interpreter."""
        word = type(self).__name__
        self.iterators.machine.refuse(
            f"{word} lets go of what it asks while that is still being asked, which crashes the "
            f"interpreter: let threads ask {word} one after another, under a lock, or hand its "
            "items over by a queue"
        )

    def true(self, value: Any) -> bool:
        """Ask for the truth of a value."""
        return bool(self.operations.truth(value))

    def __iter__(self) -> Drawn:
        return self

    def __next__(self) -> Any:
        raise NotImplementedError


class Enumerate(OnlyAsking, Drawn):
    @property
    def told(self) -> bool:  # type: ignore[override]
        return self.code

    def __init__(self, iterable: Any, start: int = 0) -> None:
        self.number = operator.index(start)
        (self.source,) = self.take(iterable)

    def __next__(self) -> Any:
        value = self.ask(self.source)
        self.tell(LOOK, READ)
        number = self.number
        self.tell(MOVE, WRITE)
        self.number = number + 1
        return number, value


class Zip(OnlyAsking, Drawn):
    @property
    def told(self) -> bool:  # type: ignore[override]
        return self.code

    def __init__(self, *iterables: Any, strict: bool = False) -> None:
        self.sources = self.take(*iterables)
        self.strict = strict

    def __next__(self) -> Any:
        if not self.sources:
            raise StopIteration
        found: list[Any] = []
        for number, source in enumerate(self.sources):
            try:
                found.append(self.ask(source))
            except StopIteration:
                if self.strict:
                    self.complain(number)
                raise
        return tuple(found)

    def complain(self, number: int) -> None:
        """Raise what a strict ``zip`` raises, where its arguments are not of one length."""
        if number:
            raise ValueError(
                f"zip() argument {number + 1} is shorter than argument{said(number)}"
            ) from None
        for other, source in enumerate(self.sources[1:], 1):
            try:
                self.ask(source)
            except StopIteration:
                continue
            raise ValueError(
                f"zip() argument {other + 1} is longer than argument{said(other)}"
            ) from None


def said(number: int) -> str:
    """Say the arguments before one, as ``zip`` does."""
    return " 1" if number == 1 else f"s 1-{number}"


class Map(Drawn):
    told = True

    def __init__(
        self, function: Any, iterable: Any, /, *iterables: Any, strict: bool = False
    ) -> None:
        self.function = self.calls(function)
        self.zipped = self.family["zip"](iterable, *iterables, strict=strict)
        self.code = self.code or self.zipped.code

    def __next__(self) -> Any:
        return self.iterators.made(self.call(self.function, *self.ask(self.zipped)))


class Filter(Drawn):
    told = True
    keeps = True

    def __init__(self, function: Any, iterable: Any, /) -> None:
        self.function = None if function is None or function is bool else self.calls(function)
        (self.source,) = self.take(iterable)

    def __next__(self) -> Any:
        while True:
            value = self.ask(self.source)
            if (
                self.true(value if self.function is None else self.call(self.function, value))
                == self.keeps
            ):
                return value


class FilterFalse(Filter):
    keeps = False


class Accumulate(Drawn):
    alone = True

    def __init__(self, iterable: Any, func: Any = None, *, initial: Any = None) -> None:
        (self.source,) = self.take(iterable)
        self.function = self.operations.add if func is None else self.calls(func)
        self.initial = initial
        self.total = NOTHING

    def __next__(self) -> Any:
        if self.initial is not None:
            self.total, self.initial = self.initial, None
            return self.total
        value = self.ask(self.source)
        self.total = value if self.total is NOTHING else self.call(self.function, self.total, value)
        return self.total


class Batched(OnlyAsking, Drawn):
    alone = True
    goes_back = True

    def __init__(self, iterable: Any, n: int, *, strict: bool = False) -> None:
        if n < 1:
            raise ValueError("n must be at least one")
        (self.source,) = self.take(iterable)
        self.length = n
        self.strict = strict

    def __next__(self) -> Any:
        if self.source is None:
            raise StopIteration
        try:
            return tuple(self.draw(self.source))
        except BaseException:  # any error ends it for good
            self.let_go(self.source)
            self.source = None
            raise

    def draw(self, source: Any) -> list[Any]:
        """Return the items of a batch, which has any."""
        found: list[Any] = []
        for _ in range(self.length):
            try:
                found.append(self.ask(source))
            except StopIteration:
                break
        if not found:
            raise StopIteration
        if self.strict and len(found) < self.length:
            raise ValueError("batched(): incomplete batch")
        return found


class Chain(OnlyAsking, Drawn):
    def __init__(self, *iterables: Any) -> None:
        self.iterables: Any = iter(iterables)
        self.next_iterable: Callable[[Any], Any] = next
        self.active: Any = None
        self.code = any(map(self.runs_code, iterables))

    @classmethod
    def from_iterable(cls, iterable: Any) -> Chain:
        """Return the chain of the items of an iterable."""
        new = cls()
        new.see_order(iterable)
        (new.iterables,) = new.take(iterable)
        new.next_iterable = new.ask
        return new

    def see_order(self, iterable: Any) -> None:
        """Note that the order of a set of iterables is seen."""
        self.iterators.see_order(iterable)

    def runs_code(self, iterable: Any) -> bool:
        """Whether code of the program's own may run as it goes through one of them."""
        if class_has(type(iterable), "__next__"):
            return self.iterators.asks(iterable)
        return not is_built_in(type(iterable))

    def begin(self, iterable: Any) -> Any:
        """Return an iterator over one of them, whose class may make it by code of its own."""
        if is_built_in(type(iterable)):
            return self.over(iterable)
        objects = self.iterators.objects
        return self.back(iterable, objects.around, self.over, iterable)

    def __next__(self) -> Any:
        while self.iterables is not None:
            if self.active is None:
                try:
                    self.active = self.begin(self.next_iterable(self.iterables))
                except BaseException:  # any error ends it for good
                    self.let_go(self.iterables)
                    self.iterables = None
                    raise
            try:
                return self.ask(self.active)
            except StopIteration:
                self.let_go(self.active)
                self.active = None
        raise StopIteration


class Count(OnlyAsking, Drawn):
    told = True

    def __init__(self, start: Any = 0, step: Any = 1) -> None:
        itertools.count(start, step)  # which says what is wrong with them
        self.number = operator.index(start) if is_a(start, int) else start
        self.step = step

    def __next__(self) -> Any:
        self.tell(LOOK, READ)
        number = self.number
        following = self.operations.add(number, self.step)
        self.tell(MOVE, WRITE)
        self.number = following
        return number

    def __repr__(self) -> str:
        return repr(itertools.count(self.number, self.step))


class Compress(Drawn):
    told = True

    def __init__(self, data: Any, selectors: Any) -> None:
        self.data, self.selectors = self.take(data, selectors)

    def __next__(self) -> Any:
        while True:
            value = self.ask(self.data)
            if self.true(self.ask(self.selectors)):
                return value


class Cycle(OnlyAsking, Drawn):
    @property
    def alone(self) -> bool:  # type: ignore[override]
        return self.number >= 0  # it goes through what it has saved

    def __init__(self, iterable: Any, /) -> None:
        (self.source,) = self.take(iterable)
        self.saved: list[Any] = []
        self.number = -1

    def __next__(self) -> Any:
        if self.number < 0:
            try:
                value = self.ask(self.source)
            except StopIteration:
                self.let_go(self.source)
                self.number = 0
            else:
                self.saved.append(value)
                return value
        if not self.saved:
            raise StopIteration
        if self.number == 0:
            self.iterators.machine.come_round(self, len(self.saved))
        value = self.saved[self.number]
        self.number = (self.number + 1) % len(self.saved)
        return value


class DropWhile(Drawn):
    told = True

    def __init__(self, predicate: Any, iterable: Any, /) -> None:
        self.predicate = self.calls(predicate)
        (self.source,) = self.take(iterable)
        self.began = False

    def __next__(self) -> Any:
        while True:
            value = self.ask(self.source)
            self.tell(LOOK, READ)
            if self.began:
                return value
            if not self.true(self.call(self.predicate, value)):
                self.tell(MOVE, WRITE)
                self.began = True
                return value


class TakeWhile(Drawn):
    told = True

    def __init__(self, predicate: Any, iterable: Any, /) -> None:
        self.predicate = self.calls(predicate)
        (self.source,) = self.take(iterable)
        self.stopped = False

    def __next__(self) -> Any:
        self.tell(LOOK, READ)
        if self.stopped:
            raise StopIteration
        value = self.ask(self.source)
        if self.true(self.call(self.predicate, value)):
            return value
        self.tell(MOVE, WRITE)
        self.stopped = True
        raise StopIteration


class Limit:
    """A limit that is asked for its number once, in Python's order, and keeps it."""

    number = 0

    def __init__(self, limit: Any) -> None:
        self.limit = limit

    def __index__(self) -> int:
        self.number = operator.index(self.limit)
        return self.number


class Islice(OnlyAsking, Drawn):
    goes_back = True

    @property
    def told(self) -> bool:  # type: ignore[override]
        return self.code

    def __init__(self, iterable: Any, /, *limits: Any) -> None:
        asked = [None if limit is None else Limit(limit) for limit in limits]
        itertools.islice((), *asked)  # type: ignore[arg-type] # which says what is wrong with them
        numbers = [None if limit is None else limit.number for limit in asked]
        start, stop, step = (None, *numbers, None) if len(limits) == 1 else (*numbers, None)[:3]
        (self.source,) = self.take(iterable)
        self.following = start or 0
        self.stop = stop
        self.step = 1 if step is None else step
        self.position = 0

    def __next__(self) -> Any:
        self.tell(LOOK, READ)
        if self.source is None:
            raise StopIteration
        try:
            return self.draw(self.source)
        except BaseException:  # any error ends it for good
            self.tell(MOVE, WRITE)
            self.let_go(self.source)
            self.source = None
            raise

    def draw(self, source: Any) -> Any:
        """Return the next item of those that are its own."""
        while self.position < self.following:
            self.ask(source)
            self.count()
            self.tell(LOOK, READ)
        if self.stop is not None and self.position >= self.stop:
            raise StopIteration
        value = self.ask(source)
        self.count(self.step)
        return value

    def count(self, step: int = 0) -> None:
        """Count an item, and where it is one of its own, go on to the next of those."""
        self.tell(LOOK, READ)
        position, following = self.position + 1, self.following + step
        if step and self.stop is not None:
            following = min(following, self.stop)
        self.tell(MOVE, WRITE)
        self.position, self.following = position, following


class Pairwise(OnlyAsking, Drawn):
    def __init__(self, iterable: Any, /) -> None:
        (self.source,) = self.take(iterable)
        self.before = NOTHING

    def __next__(self) -> Any:
        if self.source is None:
            raise StopIteration
        try:
            return self.draw(self.source, self.before)
        except BaseException:  # any error ends it for good
            self.let_go(self.source)
            self.source, self.before = None, NOTHING
            raise

    def draw(self, source: Any, before: Any) -> tuple[Any, Any]:
        """Return the next two items."""
        if before is NOTHING:
            self.before = before = self.ask(source)
            if self.source is None:  # another thread has come to the end meanwhile
                raise StopIteration
        self.before = after = self.ask(source)
        return before, after


class StarMap(Drawn):
    told = True

    def __init__(self, function: Any, iterable: Any, /) -> None:
        self.function = self.calls(function)
        (self.source,) = self.take(iterable)

    def __next__(self) -> Any:
        args = self.iterators.spread(self.ask(self.source))
        return self.iterators.made(self.call(self.function, *args))


class ZipLongest(OnlyAsking, Drawn):
    alone = True
    goes_back = True

    def __init__(self, *iterables: Any, fillvalue: Any = None) -> None:
        self.left: list[Any] = list(self.take(*iterables))
        self.active = len(self.left)
        self.fill = fillvalue

    def __next__(self) -> Any:
        if not self.active:
            raise StopIteration
        found = []
        for number, source in enumerate(self.left):
            value = self.fill
            if source is not None:
                try:
                    value = self.ask(source)
                except StopIteration:
                    self.active -= 1
                    if self.active <= 0:
                        self.active = 0
                        raise
                    if self.left[number] is None:  # another thread has, and C does so once more
                        self.crash()
                    self.let_go(source)
                    self.left[number] = None
                except BaseException:  # which ends it for good
                    self.active = 0
                    raise
            found.append(value)
        return tuple(found)


class GroupBy(Drawn):
    alone = True

    def __init__(self, iterable: Any, key: Any = None) -> None:
        (self.source,) = self.take(iterable)
        self.key = None if key is None else self.calls(key)
        self.target: Any = NOTHING
        self.now: Any = NOTHING
        self.value: Any = NOTHING
        self.group: Any = None

    def advance(self) -> None:
        """Go on to the next item."""
        value = self.ask(self.source)
        self.now = value if self.key is None else self.call(self.key, value)
        self.value = value

    def __next__(self) -> Any:
        same = self.operations.same
        self.group = None
        while self.now is NOTHING or (self.target is not NOTHING and same(self.target, self.now)):
            self.advance()
        self.target = self.now
        self.group = self.family["_grouper"](self, self.target)
        return self.now, self.group


class _Group(Drawn):
    alone = True

    @property
    def root(self) -> Any:
        return self.parent

    def __init__(self, parent: GroupBy, target: Any) -> None:
        self.code = parent.code
        self.parent = parent
        self.target = target

    def __next__(self) -> Any:
        parent = self.parent
        if parent.group is not self:
            raise StopIteration
        if parent.value is NOTHING:
            parent.advance()
        if not self.operations.same(self.target, parent.now):
            raise StopIteration
        value, parent.value = parent.value, NOTHING
        return value


class _Tee(Drawn):
    @property
    def root(self) -> Any:
        return self.state

    def __init__(self, iterable: Any, mine: deque[Any], all_of_them: list[deque[Any]]) -> None:
        self.source = self.over(iterable)
        self.mine = mine
        self.all_of_them = all_of_them
        self.state = SimpleNamespace(asked=False, place=None)  # that all of them have

    def __next__(self) -> Any:
        if not self.mine:
            if self.state.asked:
                raise RuntimeError("cannot re-enter the tee iterator")
            self.state.asked = True
            try:
                value = self.ask(self.source)
            finally:
                self.state.asked = False
            for one in self.all_of_them:
                one.append(value)
        return self.mine.popleft()


DRAWING: dict[Callable[..., Any], type[Drawn]] = {
    enumerate: Enumerate, filter: Filter, map: Map, zip: Zip, itertools.accumulate: Accumulate,
    itertools.chain: Chain, itertools.compress: Compress, itertools.count: Count,
    itertools.cycle: Cycle,
    itertools.dropwhile: DropWhile, itertools.filterfalse: FilterFalse, itertools.groupby: GroupBy,
    itertools.islice: Islice, itertools.pairwise: Pairwise, itertools.starmap: StarMap,
    itertools.takewhile: TakeWhile, itertools.zip_longest: ZipLongest,
}  # fmt: skip
if hasattr(itertools, "batched"):  # from 3.12
    DRAWING[itertools.batched] = Batched


def class_of(drawn: Drawn) -> type:
    """Return the class of an iterator as the program knows it: ``itertools`` has the real ones."""
    cls = type(drawn)
    return getattr(itertools, cls.__name__, cls)


FAMILY = {**{one.__name__: cls for one, cls in DRAWING.items()}, "_grouper": _Group, "_tee": _Tee}


def family_of(iterators: Through, operations: DrawnOperations) -> dict[str, Any]:
    """Return these classes for one exploration, by the names of those they stand for.

    Args:
        iterators: where their events are made
        operations: what they do with the items
    """
    family: dict[str, Any] = {}
    for name, cls in FAMILY.items():
        module = "builtins" if hasattr(builtins, name) else "itertools"
        names = {
            "iterators": iterators, "operations": operations, "family": family,
            "__module__": module, "__qualname__": name,
        }  # fmt: skip
        family[name] = type(name, (cls,), names)

    def tee(iterable: Any, n: int = 2, /) -> tuple[_Tee, ...]:
        if n < 0:
            raise ValueError("n must be >= 0")
        source = iterators.source(iterable)
        kept: list[deque[Any]] = [deque() for _ in range(n)]
        found = tuple(family["_tee"](source, one, kept) for one in kept)
        for one in found:
            one.state = found[0].state
        return found

    family["tee"] = tee
    return family
