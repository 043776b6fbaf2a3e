"""Iterators and iteration: one step for each item, and generators as they really behave.

Those of ``itertools``, and ``enumerate``, ``zip``, ``map`` and ``filter``, are written anew in
``drawing``, since the ones written in C ask the program's own iterators unseen.
"""

from __future__ import annotations

import builtins
import itertools
import operator
import sys
from collections import Counter, OrderedDict, defaultdict
from contextlib import suppress
from gc import get_referents
from types import FunctionType, GeneratorType
from typing import TYPE_CHECKING, Any

from anyorder.exploring.accesses.buffers import read_in
from anyorder.exploring.accesses.drawing import Count, Drawn
from anyorder.exploring.accesses.events import BEGIN, ITERATE, LOOK, MOVE, NEXT, YIELD
from anyorder.exploring.accesses.objects import Eventful
from anyorder.exploring.accesses.quiet import OnlyAsking
from anyorder.exploring.attributes import asked, class_has, in_class, is_a
from anyorder.exploring.engine.events import READ, WRITE
from anyorder.exploring.engine.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import FrameType

    from anyorder.exploring.accesses.objects import Objects
    from anyorder.exploring.engine.events import Footprint

__all__ = [
    "CALLING", "MAPPINGS", "NO_COPIES", "Delegate", "Drawing", "Generators", "IteratorKind",
    "Iterators", "Spread", "Stepping", "goes_by_keys", "is_iterable",
]  # fmt: skip

TELLING = (Count, itertools.repeat)  # whose texts tell where they are
# these take all that they need as they are made, and run nothing as they are asked
TAKEN_BEFORE = (
    itertools.combinations, itertools.combinations_with_replacement, itertools.permutations,
    itertools.product, itertools.repeat,
)  # fmt: skip
STEADY = (tuple.__iter__, frozenset.__iter__)
CALLING = type(iter(int, 1))  # asks a function
NUMBERED = type(iter(type("", (), {"__getitem__": None})()))  # asks an object for its items
RESUMES = {"__next__", "close", "send", "throw"}  # what lets a generator go on
# what tells, or sets, where an iterator is
COPYING = {"__copy__", "__deepcopy__", "__reduce__", "__reduce_ex__", "__setstate__"}
NO_BODY = {"<genexpr>", "<lambda>"}
ENDING = "generator expressions end"  # that other threads may find executing up to then
NO_COPIES = (
    "copying an iterator, or what it is in, is not followed: go through it once, or use `tee`"
)
# what is asked of a generator itself
STATE = {"gi_code", "gi_frame", "gi_running", "gi_state", "gi_suspended", "gi_yieldfrom"}


class Stepping(OnlyAsking):
    """Goes through a container as an iterator of it does, with an event for each item.

    Where several threads may ask it, what it is at is read in one step and written in another:
    no Python promises more, and without a GIL two threads do get the same item. That is known of
    what goes through a sequence by its numbers. Of other containers it is not, so of these no two
    threads may be in its midst (see ``Iterators.in_turn``).

    Args:
        iterators: where the events are made
        thing: the container
        footprint: what reading all of it touches
        iterator: what gives its items
    """

    __slots__ = ("footprint", "iterator", "iterators", "number", "over", "place", "thing")

    def __init__(
        self, iterators: Iterators, thing: Any, footprint: Footprint, iterator: Iterator[Any]
    ) -> None:
        self.iterators = iterators
        self.thing = thing
        self.footprint = footprint
        self.iterator = iterator
        self.number = 0
        self.place: Any = None  # where several threads may ask it: its own
        self.over = False

    def __iter__(self) -> Stepping:
        return self

    def __next__(self) -> Any:
        if self.place is not None:
            return self.next_shared()
        objects = self.iterators.objects
        (shape, mode), (content, _) = self.footprint
        touch = self.iterators.touch
        if not self.over and touch(shape, mode) | touch(content, mode):
            objects.happen(ITERATE, self.footprint, (self.thing, self.number))
        try:
            value = next(self.iterator)
        except StopIteration:
            self.over = True
            raise
        number = self.number
        self.number += 1
        return self.reached(value, number)

    def next_shared(self) -> Any:
        """Return the next item, where several threads may ask for it."""
        objects = self.iterators.objects
        place = (self.place, "next")
        sequence = self.sequence
        if sequence is None:
            # once it is over it lets go of the container, but which thread found that is open
            objects.step(NEXT, ((place, WRITE), *self.footprint), (self,))
            value = self.iterators.in_turn(self, self.place, next, self.iterator)
            number = self.number
            self.number += 1
            return self.reached(value, number)
        objects.step(NEXT, ((place, READ), *self.footprint), (self,))
        if self.over:
            raise StopIteration
        number = self.number
        try:
            value = sequence.__getitem__(self.thing, number)
        except IndexError:
            objects.step(MOVE, ((place, WRITE),), (self,))
            self.over = True
            raise StopIteration from None
        objects.step(MOVE, ((place, WRITE),), (self,))
        self.number, self.over = number + 1, False
        return self.reached(value, number)

    @property
    def sequence(self) -> Any:
        """The class whose items it goes through by their numbers, if it does."""
        return SEQUENCES.get(type(self.iterator))

    def reached(self, value: Any, number: int) -> Any:
        """Return an item, named by its number where it was made unseen."""
        if not self.footprint:  # it never changes
            return value
        place: Any = self.footprint[0][0]
        objects = self.iterators.objects
        return objects.reached(value, (place[0], "item", number))

    def __length_hint__(self) -> int:
        if self.place is not None and self.sequence is not None:
            return 0 if self.over else max(len(self.thing) - self.number, 0)
        hint = in_class(type(self.iterator), "__length_hint__")
        return int(hint(self.iterator)) if hint is not None else 0


# what goes through a sequence by its numbers, and the class of that
SEQUENCES: dict[type, Any] = {
    type(iter([])): list, type(iter(())): tuple, type(iter("a")): str, type(iter("\u0100")): str,
    type(iter(b"")): bytes,
}  # fmt: skip
NEVER_CHANGING = (bytes, str, tuple)  # of these
IN_SETS = (set, frozenset, dict)
MAPPINGS = {dict, OrderedDict, defaultdict, Counter, getattr(builtins, "frozendict", dict)}
EMPTY: dict[Any, Any] = {}
VIEWS = (type(EMPTY.keys()), type(EMPTY.values()), type(EMPTY.items()))
# what a class takes over in one step, by the docs' page on thread safety; of anything else it asks
# for one item after another
READ_AT_ONCE: dict[Any, tuple[type, ...]] = {
    list: (list, tuple, set, frozenset, dict, *VIEWS), set: IN_SETS, frozenset: IN_SETS,
    bytes: (bytes,), bytearray: (bytes,),
    **dict.fromkeys(
        (tuple, itertools.product, itertools.permutations, itertools.combinations,
         itertools.combinations_with_replacement),
        (list, tuple),
    ),
}  # fmt: skip
SIZED = {dict, list, tuple}  # what is spread most often, and has no such code
NUMBERS = "where iterators of sequences are"  # that threads ask them at once
NAMED: dict[str, Any] = {}  # classes of ``Stepping``, by the names of real iterators


def goes_by_keys(thing: Any, taker: type) -> bool:
    """Whether a dict takes over another one by its keys, and each item at a moment of its own.

    Only what goes through its keys as a plain dict does is taken over in one step, and by an
    ``OrderedDict`` only a plain dict itself.

    Args:
        thing: what is taken over
        taker: the class of the dict that does
    """
    if type(thing) is dict or not is_a(thing, dict):
        return False
    if issubclass(taker, OrderedDict):
        return True
    return in_class(type(thing), "__iter__") is not dict.__iter__


def hinted(thing: Any) -> Any:
    """Return how long a thing says it is, where its class has code of its own for that.

    Python asks what it makes a list or a tuple of, or a call's arguments, for no more than a hint.
    What the library's own classes say to it, nobody can see.
    """
    cls = type(thing)
    if cls in SIZED:
        return NotImplemented
    if is_a(in_class(cls, "__len__"), FunctionType):
        with suppress(TypeError):
            return len(thing)
    hint = in_class(cls, "__length_hint__")
    return hint(thing) if is_a(hint, FunctionType) else NotImplemented


class Drawing:
    """Goes on asking an iterator, with an event each time where it is shared.

    Args:
        iterators: what makes it
        iterator: what it asks
        thing: what the iterator was made of, where that is something else
    """

    __slots__ = ("iterator", "iterators", "thing")

    def __init__(self, iterators: Iterators, iterator: Any, thing: Any = None) -> None:
        self.iterators = iterators
        self.iterator = iterator
        self.thing = iterator if thing is None else thing

    def __length_hint__(self) -> Any:
        return hinted(self.thing)

    def __iter__(self) -> Drawing:
        return self

    def __next__(self) -> Any:
        self.iterators.machine.count_turn()
        return self.iterators.go_on(self.iterator, next, self.iterator)


class Delegate(Drawing):
    """What ``yield from`` hands all that is sent to it; what comes back is yielded once more."""

    __slots__ = ()

    def __next__(self) -> Any:
        return self.iterators.delegated(super().__next__())

    def send(self, value: Any) -> Any:
        """Send a value to the generator below."""
        found = self.iterators.go_on(self.iterator, self.iterator.send, value)
        return self.iterators.delegated(found)

    def throw(self, *error: Any) -> Any:
        """Raise an exception in the generator below."""
        throw = getattr(self.iterator, "throw", None)
        if throw is None:
            raise error[0] if len(error) == 1 else error[1]
        return self.iterators.delegated(self.iterators.go_on(self.iterator, throw, *error))

    def close(self) -> None:
        """Close the generator below."""
        close = getattr(self.iterator, "close", None)
        if close is not None:
            self.iterators.go_on(self.iterator, close)


class Handing:
    """What ``yield from`` asks for items where nothing can be sent to it."""

    __slots__ = ("iterator", "iterators")

    def __init__(self, iterators: Iterators, iterator: Iterator[Any]) -> None:
        self.iterators = iterators
        self.iterator = iterator

    def __iter__(self) -> Handing:
        return self

    def __next__(self) -> Any:
        return self.iterators.delegated(next(self.iterator))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.iterator, name)


class Iterators:
    """What goes from one item to the next.

    Args:
        objects: the objects of the exploration
    """

    def __init__(self, objects: Objects) -> None:
        self.objects = objects
        self.machine = objects.machine
        self.touch = objects.touch
        self.made = objects.made

    def see_order(self, thing: Any) -> None:
        """Note that the order of a set is seen."""
        self.machine.varied.gone_through(thing)

    def iterate(self, thing: Any) -> Any:
        """Return what a ``for`` goes through: one step for each item."""
        cls = type(thing)
        kind = self.objects.kinds.get(cls) or self.objects.kind_of(cls)
        if kind.plain or (kind.steady and cls.__iter__ in STEADY):
            return thing
        if cls is Drawing:
            return thing
        stepping = kind.iterate(thing)
        if stepping is not None:
            return stepping
        return Drawing(self, iter(thing), thing)

    def iterator(self, thing: Any) -> Any:
        """Return an iterator that the program keeps, as ``iter`` does."""
        kind = self.objects.kinds.get(type(thing)) or self.objects.kind_of(type(thing))
        stepping = None if kind.plain else kind.iterate(thing)
        if stepping is None and type(thing) in NEVER_CHANGING and self.objects.learned(NUMBERS):
            stepping = self.made_of(thing, (), iter(thing))
        return self.objects.made(iter(thing) if stepping is None else stepping)

    def source(self, thing: Any) -> Any:
        """Return an iterator that another one keeps, over a thing."""
        if type(thing) in NEVER_CHANGING:
            return Drawing(self, self.objects.made(self.made_of(thing, (), iter(thing))))
        iterator = iter(self.iterate(thing))
        if type(iterator) is Drawing or self.is_own(iterator):
            return iterator
        return Drawing(self, self.objects.made(iterator))

    def drawn(self, thing: Any) -> Any:
        """Return an argument that a function of the library asks for its items, if it does."""
        kind = self.objects.kind_of(type(thing))
        return Drawing(self, thing) if is_a(kind, IteratorKind) else thing

    def stepping(self, thing: Any, footprint: Footprint) -> Stepping:
        """Return what goes through a container."""
        if not is_a(thing, list):  # others remember how large they were at the beginning
            self.objects.step(BEGIN, footprint, (thing,))
        return self.made_of(thing, footprint, iter(thing))

    def made_of(self, thing: Any, footprint: Footprint, iterator: Iterator[Any]) -> Stepping:
        """Return what goes through a container, of a class with the name of its real iterator."""
        name = type(iterator).__name__
        cls = NAMED.get(name)
        if cls is None:
            names = {"__slots__": (), "__module__": type(iterator).__module__}
            cls = NAMED[name] = type(name, (Stepping,), names)
        return cls(self, thing, footprint, iterator)  # type: ignore[no-any-return]

    def labelled(self, iterable: Any) -> Iterator[tuple[Any, Any]]:
        """Yield the label of a comprehension's frame with each item."""
        label = self.machine.label()
        return _Labelled(label, iter(iterable))

    def ending(self, iterable: Any) -> Any:
        """Return what a generator expression goes through, which ends with it."""
        if not self.objects.learned(ENDING):
            return iterable
        return _Ending(self, iter(iterable))

    def taken(self, thing: Any, taker: Any = list) -> Any:
        """Return what a container takes over from a thing, in one step or item by item.

        That holds as long as nothing of the program's runs meanwhile.

        Args:
            thing: the thing
            taker: the class that takes it over
        """
        kind = self.objects.kinds.get(type(thing)) or self.objects.kind_of(type(thing))
        if kind.plain:
            return thing
        if type(thing) is bytearray and taker in {bytes, bytearray}:
            return read_in(self.objects, thing)
        if kind.holds and not self.at_once(thing, taker):
            return self.iterate(thing)
        if kind.holds or kind.indexed:
            kind.look(thing)
            return thing
        return Drawing(self, thing) if is_a(kind, IteratorKind) else thing

    def all_of(self, thing: Any, taker: Any = list) -> Any:
        """Return all of a thing: in one step, or item by item, as Python promises it.

        Args:
            thing: the thing
            taker: the class that takes it over
        """
        kind = self.objects.kinds.get(type(thing)) or self.objects.kind_of(type(thing))
        if kind.plain or not is_iterable(type(thing)):
            return thing
        if kind.steady and type(thing).__iter__ in STEADY:
            return thing
        if kind.holds and kind.iterate(thing) is not None and self.at_once(thing, taker):
            kind.look(thing)
            return thing
        return self.iterate(thing)

    def at_once(self, thing: Any, taker: Any) -> bool:
        """Whether a container is read in one step: it is promised, or nobody else could notice.

        Args:
            thing: the container
            taker: the class that takes over what it holds
        """
        if type(thing) in READ_AT_ONCE.get(taker, ()):
            return True
        if taker in MAPPINGS and class_has(type(thing), "keys"):
            return True
        return not self.objects.touch_all(self.objects.kind_of(type(thing)).whole(thing))

    def spread(self, thing: Any, taker: Any = tuple) -> Any:
        """Return what a star spreads, or what else is read at a moment that is yet to come.

        Arguments are spread as a tuple is made; of what a display spreads, nothing is promised.

        Args:
            thing: the thing
            taker: the class that takes over what it holds
        """
        self.see_order(thing)
        kind = self.objects.kinds.get(type(thing)) or self.objects.kind_of(type(thing))
        if kind.plain:
            return thing
        if kind.steady and type(thing).__iter__ in STEADY:
            return thing
        if kind.holds:
            return Spread(self, thing, taker)
        return self.iterate(thing) if is_iterable(type(thing)) else thing

    def mapping(self, thing: Any) -> Any:
        """Return what two stars spread."""
        if type(thing) is Unknown:
            thing.depend()  # Python would name its class
        kind = self.objects.kinds.get(type(thing)) or self.objects.kind_of(type(thing))
        if kind.holds and is_a(thing, dict):
            return Spread(self, thing, dict)
        asks = type(in_class(type(thing), "keys")) is FunctionType
        return ByKeys(self.keys_alone, thing) if asks else thing

    def keys_alone(self, keys: Any) -> Any:
        """Return what ``keys`` of a mapping returns, unless threads may change it meanwhile."""
        if self.objects.touch_all(self.objects.kind_of(type(keys)).whole(keys)):
            self.objects.machine.refuse(
                "keys() returns what threads share, and ** goes through that while they may change "
                "it, which is not followed: let it return a copy, list(...)"
            )
        return keys

    def keys_of(self, thing: Any, taker: Any) -> Any:
        """Return the keys of a mapping that is spread, all of which is read now or its keys alone.

        Args:
            thing: the mapping
            taker: the class that takes it over
        """
        if goes_by_keys(thing, taker):
            self.objects.kind_of(type(thing)).look(thing)
            return list(thing.keys())
        return dict.keys(self.taken(thing, taker))

    def item_of(self, thing: Any, key: Any, taker: Any) -> Any:
        """Return an item of such a mapping, which is read now where its keys alone were."""
        if goes_by_keys(thing, taker):
            return self.objects.kind_of(type(thing)).item(thing, key)
        return dict.__getitem__(thing, key)

    def unpack(self, thing: Any) -> Any:
        """Return what is unpacked: a tuple or a list in one step, anything else item by item."""
        cls = type(thing)
        if cls is tuple:
            return thing
        kind = self.objects.kinds.get(cls) or self.objects.kind_of(cls)
        if kind.plain:
            return thing
        if cls is list:
            kind.look(thing)
            return thing
        if cls is dict and sys.version_info >= (3, 14):
            return tuple(self.iterate(thing))  # an error says how many there are, as of a tuple
        found = self.iterate(thing) if is_iterable(cls) else thing
        if type(found) is Drawing:
            found.thing = found.iterator  # which is asked how many are left, for a star
        return found

    def delegate(self, thing: Any) -> Any:
        """Return what ``yield from`` goes through."""
        iterator = self.iterate(thing)
        if type(iterator) is Drawing:
            return Delegate(self, iterator.iterator)
        return Handing(self, iter(iterator))

    def next(self, iterator: Any, *default: Any) -> Any:
        """Do what ``next`` does, as one event where the iterator is shared."""
        return self.go_on(iterator, next, iterator, *default)

    def go_on(self, iterator: Any, call: Callable[..., Any], *args: Any) -> Any:
        """Make a call that an iterator goes on by, as one event where it is shared."""
        if self.says_its_points(iterator):
            return self.gone_on(iterator, call, *args)
        return self.objects.around(self.gone_on, iterator, call, *args)

    def says_its_points(self, iterator: Any) -> bool:
        """Whether what an iterator does passes no switch points but those that are said in it.

        A generator expression says where it comes round before its ``yield``, not after.
        """
        if is_a(iterator, GeneratorType):
            return self.is_own_generator(iterator) and iterator.gi_code.co_name != "<genexpr>"
        return is_a(iterator, (OnlyAsking, *TAKEN_BEFORE))

    def gone_on(self, iterator: Any, call: Callable[..., Any], *args: Any) -> Any:
        """Do what ``go_on`` does, between its switch points."""
        kind = self.objects.kind_of(type(iterator))
        if not is_a(kind, IteratorKind):
            self.before_next_of(kind, iterator)
            return call(*args)
        label = self.objects.label(getattr(iterator, "root", iterator))
        if is_a(iterator, Stepping):
            iterator.place = label
            return call(*args)
        if is_a(iterator, Drawn) and iterator.told:
            iterator.place = label
            return call(*args)
        event = self.objects.step(NEXT, (((label, "next"), WRITE),), (iterator,))
        if event is not None and has_no_body(iterator):
            self.objects.learn(ENDING)
        if event is not None and is_a(iterator, Drawn) and iterator.follows:
            # where code of the program's own runs in its midst, it comes back in another step
            iterator.root.place = label
            return call(*args)
        if event is not None and not self.is_own_generator(iterator):
            if SEQUENCES.get(type(iterator)) in NEVER_CHANGING:
                self.objects.learn(NUMBERS)
            return self.in_turn(iterator, label, call, *args)
        generators = self.machine.current.generators
        since = len(self.machine.events) if is_thrown(call) else -1
        generators.append((iterator, since))
        try:
            return call(*args)
        except Exception as error:
            if event is not None and type(error) is not StopIteration:
                self.hold_ending(iterator)
            raise
        finally:
            generators.pop()

    def before_next_of(self, kind: Any, thing: Any) -> None:
        """Make an event of asking for the next item of what is more than an iterator: a stream."""
        cls = next((one for one in type(thing).__mro__ if "__next__" in vars(one)), object)
        method = vars(cls).get("__next__")
        if is_a(method, FunctionType) and self.objects.kind_of(cls).known:
            return  # its own code makes them
        if kind.holds:
            kind.change(thing, "__next__", ())
        elif not kind.plain:
            self.objects.unshared(thing, "what next() does with it")

    def in_turn(self, iterator: Any, label: Any, call: Callable[..., Any], *args: Any) -> Any:
        """Make a call that an iterator goes on by, which no other thread may do in its midst.

        No Python promises what would come of that. Without a GIL, an iterator of a dict leaves
        items out or says that the dict has changed, ``product`` ends the interpreter.
        """
        asked = self.objects.asked
        if label in asked:
            name = type(iterator).__name__
            self.machine.refuse(
                f"threads ask one {name} for items at the same time, of which Python does not say "
                "what comes out: let each ask it under a lock, or hand the items over by a queue"
            )
        place = (label, "next")
        asked.add(label)
        try:
            return call(*args)
        finally:
            self.objects.step(MOVE, ((place, WRITE),), (iterator,))
            asked.discard(label)

    def is_own_generator(self, iterator: Any) -> bool:
        """Whether something is a generator of the program's code, which says where it yields."""
        return is_a(iterator, GeneratorType) and iterator.gi_code.co_filename in self.machine.own

    def asks(self, iterator: Any) -> bool:
        """Whether asking an iterator may run code of the program's own."""
        if is_a(iterator, Stepping):
            return False
        if is_a(iterator, Drawing):
            return self.asks(iterator.iterator)
        if is_a(iterator, Drawn):
            return iterator.code
        return is_a(iterator, GeneratorType) or not self.objects.kind_of(type(iterator)).plain

    def in_midst(self, asked: Any) -> bool:
        """Whether code of the program's own runs in the midst of what is being asked, or called."""
        if is_a(asked, Drawing):
            asked = asked.iterator
        if is_a(asked, GeneratorType):
            return asked.gi_running
        if is_a(asked, Drawn):
            return any(map(self.in_midst, asked.asked.values()))
        if is_a(asked, Stepping | CALLING):
            return is_a(asked, CALLING)
        return self.is_own(asked)

    def is_own(self, asked: Any) -> bool:
        """Whether what is asked, or called, is an object or a function of the program's own."""
        return not is_a(self.objects.kind_of(type(asked)), IteratorKind)

    def length_hint(self, thing: Any, default: int = 0) -> int:
        """Do what ``operator.length_hint`` does."""
        if is_a(self.objects.kind_of(type(thing)), IteratorKind):
            footprint: Footprint = (((self.objects.label(thing), "next"), READ),)
            if is_a(thing, Stepping):
                footprint += thing.footprint
            self.objects.step(LOOK, footprint, (thing,))
        return operator.length_hint(thing, default)

    def hold_ending(self, generator: Any) -> None:
        """Refuse an error that ends what another thread may find executing up to that moment."""
        if has_no_body(generator) and generator.gi_frame is None:
            self.machine.refuse(
                "an error ends a generator expression that threads share, and who asks for the "
                "next item meanwhile is not followed: write a generator function"
            )

    def halfway(self) -> None:
        """Note that a generator function begins that may execute code as it is closed."""
        self.machine.halfway[sys._getframe(1).f_code] += 1

    def ended(self, guarded: bool) -> None:
        """Let a generator function come to its end, however it does.

        Args:
            guarded: whether it may execute code where an exception is thrown into it: what merely
                lets that through ends as it is thrown
        """
        if guarded:
            self.machine.halfway[sys._getframe(1).f_code] -= 1
        generators = self.machine.current.generators
        if guarded or (generators and generators[-1][1] != len(self.machine.events)):
            self.yielding(None, 2)

    def yielding(self, value: Any, depth: int = 1) -> Any:
        """Make an event of a generator's ``yield`` or end, up to which it executes.

        Args:
            value: what is returned
            depth: how many frames above this one the generator's is
        """
        generators = self.machine.current.generators
        if generators:
            self.yields(generators[-1][0], sys._getframe(depth))
        return value

    def delegated(self, value: Any) -> Any:
        """Make an event of what a generator's ``yield from`` yields, and return the value."""
        generators = self.machine.current.generators
        if generators:
            self.yields(generators[-1][0], sys._getframe(2))
        return value

    def yields(self, generator: Any, frame: FrameType) -> None:
        """Make an event of the end of a generator's turn, if it is the one in this frame."""
        if asked(generator, "gi_frame") is frame:
            place = (self.objects.label(generator), "next")
            if self.machine.is_shared(place):
                self.objects.happen(YIELD, ((place, WRITE),), (generator,))


def is_iterable(cls: type) -> bool:
    """Whether things of a class can be gone through, be it by index."""
    return class_has(cls, "__iter__") or class_has(cls, "__getitem__")


def is_thrown(call: Callable[..., Any]) -> bool:
    """Whether a call of a generator's throws an exception into it."""
    return asked(call, "__name__") in {"close", "throw"}


def has_no_body(iterator: Any) -> bool:
    """Whether something is a generator of one expression, without a body that could be guarded."""
    return is_a(iterator, GeneratorType) and iterator.gi_code.co_name in NO_BODY


class _Ending:
    """What a generator expression goes through, whose end is its end."""

    def __init__(self, iterators: Iterators, iterator: Iterator[Any]) -> None:
        self.iterators = iterators
        self.iterator = iterator

    def __iter__(self) -> _Ending:
        return self

    def __next__(self) -> Any:
        try:
            return next(self.iterator)
        except StopIteration:
            self.iterators.yielding(None, 2)
            raise


class _Labelled:
    """The items of a comprehension's first clause, each with the label of its frame."""

    def __init__(self, label: Any, iterator: Iterator[Any]) -> None:
        self.label = label
        self.iterator = iterator

    def __iter__(self) -> _Labelled:
        return self

    def __next__(self) -> tuple[Any, Any]:
        return self.label, next(self.iterator)


class Spread:
    """What is read at the moment at which Python spreads it.

    Args:
        iterators: reads it
        thing: what is read
        taker: the class that takes over what it holds
    """

    def __init__(self, iterators: Iterators, thing: Any, taker: Any) -> None:
        self.iterators = iterators
        self.thing = thing
        self.taker = taker

    def __iter__(self) -> Iterator[Any]:
        return iter(self.iterators.taken(self.thing, self.taker))

    def __length_hint__(self) -> Any:
        return hinted(self.thing)

    def keys(self) -> Any:
        """Return the keys of a mapping that is spread by two stars."""
        return self.iterators.keys_of(self.thing, self.taker)

    def __getitem__(self, key: Any) -> Any:
        return self.iterators.item_of(self.thing, key, self.taker)


class ByKeys:
    """Stands for an object with ``keys`` of its own that two stars spread.

    Args:
        hold: looks at what that returns
        thing: the object
    """

    def __init__(self, hold: Callable[[Any], Any], thing: Any) -> None:
        self.hold = hold
        self.thing = thing

    def keys(self) -> Any:
        """Return the keys of the object."""
        return self.hold(self.thing.keys())

    def __getitem__(self, key: Any) -> Any:
        return self.thing[key]


class IteratorKind(Eventful):
    """Iterators of the library, and generators."""

    named = True

    def __init__(self, objects: Objects, iterators: Iterators) -> None:
        super().__init__(objects)
        self.iterators = iterators

    def whole(self, thing: Any) -> Footprint:
        if is_a(thing, TELLING):
            return (((self.objects.label(thing), "next"), READ),)
        return ()

    def inside(self, thing: Any) -> Iterable[Any]:
        return get_referents(thing) if type(thing) is itertools.repeat else ()  # its text shows it

    def attribute(self, thing: Any, name: str) -> Any:
        if name in COPYING and not self.ends:  # generators refuse it themselves
            self.machine.refuse(NO_COPIES)
        method = getattr(thing, name)
        if name == "__length_hint__":
            return lambda: self.iterators.length_hint(thing)
        if name in RESUMES:
            iterators = self.iterators
            return lambda *args: iterators.go_on(thing, method, *args)
        if name in STATE:
            place = ((self.objects.label(thing), "next"), READ)
            self.objects.step(LOOK, (place,), (thing,))
            found = getattr(thing, name)  # as it is by now
            return found.iterator if is_a(found, Delegate | Handing) else found
        return method


class Generators(IteratorKind):
    """Generators, which are closed as they end."""

    ends = True
