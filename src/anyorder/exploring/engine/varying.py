"""What differs in each process that runs a program, whatever its threads do.

Numbers of processes, threads and objects, hashes of texts, and with them the order of a set: each
run of a program has others. A program may use them as long as nothing that it does depends on which
ones they are: compare them with each other, hash them, look things up by them. What is shown of the
numbers of processes, threads and objects is a placeholder. A program is refused where it shows a
hash, or decides by any of these; where it goes through a set, one order is explored, and the
exploration is not called complete.
"""

from __future__ import annotations

import dataclasses
import enum
import functools
import itertools
import math
import os
import re
import sys
from collections import Counter, OrderedDict, deque
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from types import FunctionType, NoneType
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, Protocol, Self

from anyorder.exploring.attributes import in_class, is_a, stands_for_others, values_of
from anyorder.exploring.engine.threads import FIRST_THREAD
from anyorder.exploring.frames import MARK
from anyorder.exploring.narrow import hash_differs, narrow
from anyorder.outcomes.placeholders import ADDRESS, FOLDER, IDENT, process, without_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import CodeType, FrameType

    from anyorder.exploring.engine.threads import SimulatedThread

__all__ = [
    "FIRST_PROCESS",
    "NUMBERS",
    "SETS",
    "Varied",
    "Varying",
    "anew",
    "hash_varies",
    "names_in",
    "order_varies",
    "told",
]

# Numbers that are made up, and are the same in every execution. None of a program's own is so large
# that one of these, by whatever way it has come into a text, could be taken for it.
FIRST_PROCESS = 139_100_000_000_000
FIRST_OBJECT = 139_300_000_000_000
LATELY = sys.version_info >= (3, 12)  # the hash of None is a constant
SHOWN_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]{6,}")
SHOWN_NUMBER = re.compile(r"(?<!\d)139[123]\d{11}(?!\d)")  # one of those above
WORD = re.compile(r"[0-9a-f]{12,}")
SHOWN_FILE = re.compile(
    rf"{FOLDER}|<module '[^']*'>|<module '[^']*' from '[^']*[\\/]|<code object .* file \"|"
    r"<frame at .*, file '|<FrameSummary file "
)
SHOWN_FRAME = re.compile(r'^[ |]*File "/.*", line \d', re.MULTILINE)
OF_COMPUTER = "namespace(name='cpython', cache_tag="  # what sys.implementation begins with
TOOL = re.compile(rf"\banyorder\.exploring\b|{MARK}")
LIBRARY = os.path.dirname(os.__file__)  # noqa: PTH120 - as errors have it
IN_EACH = "in each run, or on your computer" if narrow() else "in each run"
UNORDERED = vars(object)["__lt__"]
NUMBERS = (int, float, complex, Decimal, Fraction)
NUMBERS_AND_TEXTS = {*NUMBERS, NoneType, bool, bytes, str}
SETS = (set, frozenset)
# built-in functions and classes that go through what they are given, in its order
GOING_THROUGH = {
    Counter, OrderedDict, bytearray, bytes, deque, dict, enumerate, filter, functools.reduce, iter,
    list, map, tuple, zip, *(one for one in vars(itertools).values() if callable(one)),
}  # fmt: skip


class Host(Protocol):
    """The machine that a program runs on."""

    own: set[str]
    unfollowed: str | None
    current: SimulatedThread
    threads: list[SimulatedThread]
    tells_apart: Callable[[], None]

    def is_shared(self, place: Any) -> bool:
        """Whether a place is known to be shared."""

    def main_of(self, home: int) -> SimulatedThread:
        """Return the main thread of a process."""

    def refuse(self, message: str) -> NoReturn:
        """Stop because of what the program does at its present line."""

    def learn(self, fact: str) -> None:
        """Note what the program does just now."""

    def mark(self, message: str) -> None:
        """Say that not all is explored because of what the program does at its present line."""


@dataclass(frozen=True, slots=True)
class Owner:
    """The thread that has a number.

    Args:
        home: the memory that it lives in
        lasts: whether it lasts as long as that does, so that no other one there gets its number
    """

    home: int
    lasts: bool


@stands_for_others
class Varying(int):
    """A number that differs in each run.

    Args:
        value: what it is here
        what: what it is, in words, and what to write instead
        refuse: called with the reason where the program shows it or decides by it
        placeholder: what is shown for it, if it may be shown
        owner: which thread has it, if it is that of one
    """

    what: str
    placeholder: str
    refuse: Callable[[str], NoReturn]
    owner: Owner | None
    host: ClassVar[Host]  # where the program runs
    is_there: ClassVar[Callable[[Varying], bool]]  # whether what has the number has not gone yet
    # whether the first of two objects has the smaller number, here
    comes_before: ClassVar[Callable[[Varying, Varying], bool]]
    told: ClassVar[bool] = False  # whether it is put into words now, which the program never sees

    def __new__(
        cls,
        value: int,
        what: str,
        refuse: Callable[[str], NoReturn],
        placeholder: str = "",
        owner: Owner | None = None,
    ) -> Self:
        """Make a number that knows what it is."""
        self = super().__new__(cls, value)
        self.what = what
        self.refuse = refuse
        self.placeholder = placeholder
        self.owner = owner
        return self

    @property  # type: ignore[misc]
    def __class__(self) -> type:  # to ``isinstance`` and ``type`` it is any number
        return int

    def __hash__(self) -> int:
        """Return the same for all that may be shown, so that two of them that meet are compared."""
        return FIRST_PROCESS if self.placeholder else int.__hash__(self)

    def __eq__(self, other: object) -> bool:
        if is_a(other, NUMBERS) and not is_a(other, Varying):
            self.refuse(self.what)
        if not is_a(other, Varying):
            return NotImplemented
        if int.__eq__(self, other):
            return True
        if self.placeholder and other.placeholder:
            self.hold_apart(other)
        return False

    def hold_apart(self, other: Varying) -> None:
        """Refuse to tell two numbers apart of which the second may be the first one over again."""
        if self.what != other.what:
            self.refuse(self.what)
        if self.owner is not None and other.owner is not None:
            if self.owner.home != other.owner.home or not (self.owner.lasts or other.owner.lasts):
                self.refuse(
                    "a thread can get the number of one that has ended, so that these two numbers "
                    "may be the same: use the names of threads"
                )
        elif self.placeholder == ADDRESS and not Varying.is_there(
            self if int.__lt__(self, other) else other
        ):  # the one that was asked for first, which has been there together with the other since
            self.refuse(
                "an object can get the id() of one that is gone, so that these two may be the "
                "same: keep the objects in variables, or compare them with `is`"
            )

    def __ne__(self, other: object) -> bool:
        equal = self.__eq__(other)
        return equal if equal is NotImplemented else not equal

    def __lt__(self, other: object) -> Any:
        return self != other and self.comes_first(other)

    def __le__(self, other: object) -> Any:
        return self == other or self.comes_first(other)

    def __gt__(self, other: object) -> Any:
        return self != other and not self.comes_first(other)

    def __ge__(self, other: object) -> Any:
        return self == other or not self.comes_first(other)

    def comes_first(self, other: object) -> bool:
        """Whether an object's number is the smaller one, in the one order that is explored."""
        if not (is_a(other, Varying) and self.placeholder == other.placeholder == ADDRESS):
            self.refuse(self.what)
        return Varying.comes_before(self, other)

    def depend(self) -> NoReturn:
        """Refuse to let anything depend on it."""
        self.refuse(self.what)

    def __bool__(self) -> bool:
        return True

    def __repr__(self) -> str:
        if Varying.told:
            return "a number"
        if not self.placeholder:
            self.refuse(self.what)
        return anew(self.placeholder)

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        if spec.lstrip("#") not in {"", "d", *(("x", "X") if self.placeholder == ADDRESS else ())}:
            self.refuse(self.what)
        return repr(self)

    def __reduce_ex__(self, _: object) -> Any:
        if not self.placeholder:
            self.refuse(self.what)
        return restored, (int.__add__(self, 0), self.what, self.placeholder, self.owner)

    def __copy__(self) -> Varying:
        return self

    def __deepcopy__(self, _: object) -> Varying:
        return self


def flat(label: Any) -> list[tuple[bool, Any]]:
    """Return a label as parts that can be compared: its numbers, and the texts between them."""
    if is_a(label, tuple):
        return [part for one in label for part in flat(one)]
    return [(True, label) if is_a(label, int) else (False, str(label))]


def anew(text: str) -> str:
    """Return a text that is an object of its own."""
    return "".join((text[:1], text[1:]))


def restored(value: int, what: str, placeholder: str, owner: Owner | None) -> Varying:
    """Return a number that was pickled."""
    return Varying(value, what, Varying.host.refuse, placeholder, owner)


@contextmanager
def told() -> Iterator[None]:
    """Let numbers that differ be put into words for a while, each in the same ones."""
    Varying.told = True
    try:
        yield
    finally:
        Varying.told = False


def refusing(name: str) -> Callable[..., NoReturn]:
    """Return a method of a number that differs in each run, which refuses what asks for it."""

    def refuse(self: Varying, *_: object) -> NoReturn:
        self.refuse(self.what)

    refuse.__name__ = name
    return refuse


for asked in vars(int).keys() - vars(Varying).keys() - {"__getattribute__", "from_bytes"}:
    if callable(vars(int)[asked]):
        setattr(Varying, asked, refusing(asked))
    else:
        setattr(Varying, asked, property(refusing(asked)))


# -- hashes ----------------------------------------------------------------------------------------


def of_parts(parts: Any, own: Callable[[Any], bool] | None = None) -> bool:
    """Whether the hash of what is made of parts, such as a tuple, differs in each run."""
    return narrow() or any(hash_varies(part, own) for part in parts)


def of_range(numbers: range) -> bool:
    """Whether the hash of a range does: the shortest ones count ``None`` in."""
    return narrow() or (len(numbers) < 2 and not LATELY)  # noqa: PLR2004 - one, or none


def of_float(number: float | Decimal) -> bool:
    """Whether the hash of a number does: what is not equal to itself is told by its address."""
    return math.isnan(number) or hash_differs(number)


# By the function that makes the hash, which classes inherit: whether what it makes of an object is
# another number in each run. What is not here is.
RULES: dict[Any, Callable[[Any], bool]] = {
    int.__hash__: lambda number: type(number) is Varying or hash_differs(number),
    float.__hash__: of_float,
    complex.__hash__: lambda number: (
        of_float(number.real) or of_float(number.imag) or (narrow() and number.imag != 0)
    ),
    Decimal.__hash__: of_float,
    Fraction.__hash__: hash_differs,
    timedelta.__hash__: lambda _: narrow(),
    str.__hash__: bool,  # an empty one has none of its bits hashed
    bytes.__hash__: bool,
    tuple.__hash__: of_parts,
    frozenset.__hash__: of_parts,
    range.__hash__: of_range,
    enum.Enum.__hash__: lambda member: hash_varies(member._name_),
    NoneType.__hash__: lambda _: narrow() or not LATELY,
}
if LATELY:
    RULES[slice.__hash__] = lambda part: of_parts((part.start, part.stop, part.step))


def hash_varies(thing: Any, own: Callable[[Any], bool] | None = None) -> bool:
    """Whether the hash of an object differs in each run.

    Args:
        thing: the object, which has a hash
        own: says so of an object whose class has a ``__hash__`` of the program's own; without it,
            it is taken to differ
    """
    cls = type(thing)
    function = cls.__hash__
    rule = RULES.get(function)
    if rule is of_parts:
        return of_parts(thing, own)
    if rule is not None:
        return rule(thing)
    if type(function) is FunctionType and function.__code__.co_filename.startswith("<"):
        fields = in_class(cls, "__dataclass_fields__")
        if fields is not None:  # it was made by ``dataclass``
            parts = [
                getattr(thing, field.name)
                for field in dataclasses.fields(thing)
                if (field.compare if field.hash is None else field.hash)
            ]
            return of_parts(parts, own)
    return own is None or type(function) is not FunctionType or own(thing)


def order_varies(thing: Any, own: Callable[[Any], bool] | None = None) -> bool:
    """Whether an object is a set whose order differs in each run.

    That takes two elements: where one of them goes decides for the other.
    """
    items = items_of(thing)
    return len(items) > 1 and any(hash_varies(one, own) for one in items)


def items_of(thing: Any) -> list[Any]:
    """Return what is in a set, and nothing for what is none."""
    if not issubclass(type(thing), SETS):
        return []
    base: Any = set if issubclass(type(thing), set) else frozenset
    return list(base.__iter__(thing))  # a class of the program's own may go through it otherwise


def parts_of(thing: Any) -> Iterable[Any]:
    """Return what an object surely keeps: a container what it holds, others their attributes."""
    if is_a(thing, dict):
        return (*dict.keys(thing), *dict.values(thing))
    if is_a(thing, (list, tuple, deque, *SETS)):
        return list(thing)
    return values_of(thing) if type(thing).__module__ == "__main__" else ()


def names_in(code: CodeType) -> set[str]:
    """Return the names and the texts that a function's code mentions, and those within it."""
    names = set(code.co_names)
    for constant in code.co_consts:
        if is_a(constant, str):
            names.add(constant)
        elif hasattr(constant, "co_names"):
            names |= names_in(constant)
    return names


class Varied:
    """What differs in each run, of the programs of one exploration.

    Args:
        machine: where they run
    """

    def __init__(self, machine: Host) -> None:
        self.machine = machine
        # says by which thread, and as its how-manieth, an object was made, or nothing
        self.made_as: Callable[[Any], Any] = lambda _: None
        self.begin()

    def begin(self) -> None:
        """Forget what the execution before has been given."""
        Varying.host = self.machine
        Varying.is_there = self.is_there
        Varying.comes_before = self.comes_before
        self.held: list[Any] = []  # what is surely there, since it is being put in order
        self.given: dict[int, Varying] = {}  # numbers, so that one that is shown is known
        self.objects: dict[int, tuple[Varying, Any]] = {}  # kept, so that their ids are their own
        self.classes: set[type] = set()  # whose own hash is made of one that differs

    # -- numbers -------------------------------------------------------------------------------

    def number(
        self,
        value: int,
        what: str,
        instead: str,
        placeholder: str = "",
        owner: Owner | None = None,
    ) -> Varying:
        """Return a number for the program.

        Args:
            value: what it is here
            what: what the program has asked for
            instead: what to write instead of what it may not do with it
            placeholder: what is shown for it, if it may be shown
            owner: which thread has it, if it is that of one
        """
        self.machine.tells_apart()
        self.machine.learn("unknowns")
        known = self.given.get(value)
        if known is None:
            why = f"{what} is another number {IN_EACH}: {instead}"
            known = self.given[value] = Varying(value, why, self.machine.refuse, placeholder, owner)
        return known

    def id(self, *args: Any, **kwargs: Any) -> Varying:
        """Do what ``id`` does."""
        id(*args, **kwargs)  # which says what is wrong with them
        thing = args[0]
        self.hashed_within()
        known = self.objects.get(id(thing))
        if known is None:
            number = self.number(
                FIRST_OBJECT + 16 * len(self.objects),
                "id()",
                "give the object a name or a number",
                ADDRESS,
            )
            known = self.objects[id(thing)] = (number, thing)
        return known[0]

    def comes_before(self, one: Varying, other: Varying) -> bool:
        """Whether an object was made before another one, which is the one order that is explored.

        Those that one thread has made are in the order in which it has.
        """
        if self.machine.current.home != self.machine.threads[0].home:
            one.refuse(one.what)  # a child has copies, whose numbers are those of the originals
        if self.machine.unfollowed is None:
            self.machine.mark(
                f"depends on which of two objects has the smaller id(), which is another one "
                f"{IN_EACH}, and the smaller one was that of the object made first: number the "
                "objects yourself"
            )
        first, second = map(self.order_of, (one, other))
        return first < second

    def order_of(self, number: Varying) -> list[tuple[bool, Any]]:
        """Return when the object with a number was made, as what can be compared."""
        [thing] = [thing for known, thing in self.objects.values() if known is number]
        label = self.made_as(thing)
        if label is None:
            number.refuse(number.what)
        return flat(label)

    @contextmanager
    def holding(self, *things: Any) -> Iterator[None]:
        """Note that things are there for a while, since they are being put in order."""
        before = self.held
        self.held = [*before, *things]
        try:
            yield
        finally:
            self.held = before

    def is_there(self, number: Varying) -> bool:
        """Whether the object that has a number is surely there: whether variables lead to it.

        Beside other threads, which may change what a container holds, the variables of the
        functions that this one is in count alone, and those of the program that no thread sets
        meanwhile. The module ``copy`` keeps what it looks up.
        """
        frame: FrameType | None = sys._getframe(1)
        found: list[Any] = [*self.held]
        alone = len(self.machine.threads) == 1
        followed = False
        while frame is not None:
            if not followed and frame.f_globals.get("__name__") == "copy":
                return True
            if frame.f_code.co_filename in self.machine.own:
                followed = True
                if alone or frame.f_locals is not frame.f_globals:
                    found += frame.f_locals.values()
                found += frame.f_globals.values() if alone else self.staying(frame.f_globals)
            frame = frame.f_back
        things = [one for known, one in self.objects.values() if int.__eq__(known, number)]
        if not followed or not things:  # what events touched is compared, not what the program has
            return True
        seen: set[int] = set()
        while found:
            one = found.pop()
            if one is things[0]:
                return True
            if alone and id(one) not in seen:
                seen.add(id(one))
                found += parts_of(one)
        return False

    def staying(self, variables: dict[str, Any]) -> Iterator[Any]:
        """Yield the values of variables of the program that no other thread sets meanwhile."""
        home = self.machine.current.home
        if variables.get("__name__") == "__main__":
            for name, value in variables.items():
                if not self.machine.is_shared(("global", home, name)):
                    yield value

    def ident(self, number: int) -> Varying:
        """Return the number of a thread.

        Args:
            number: which thread it is
        """
        return self.thread(FIRST_THREAD + 256 * number)

    def thread(self, ident: int) -> Varying:
        """Return the number of a thread, of which the machine knows this one."""
        return self.number(ident, "the number of a thread", "use its name", IDENT, self.of(ident))

    def native(self, ident: int) -> Varying:
        """Return the number of a thread in its system, of which the machine knows that one."""
        what = "the number of a thread in its system"
        return self.number(ident + 1, what, "use its name", IDENT, self.of(ident))

    def of(self, ident: int) -> Owner:
        """Return which thread has a number."""
        thread = self.machine.threads[(ident - FIRST_THREAD) // 256]
        return Owner(thread.home, thread is self.machine.main_of(thread.home))

    def pid(self, pid: int) -> Varying:
        """Return the number of a process, of which its simulation knows this one."""
        return self.number(
            pid, "the number of a process", "use its name", process(pid - FIRST_PROCESS + 1)
        )

    def hash(self, *args: Any, **kwargs: Any) -> int:
        """Do what ``hash`` does."""
        value = hash(*args, **kwargs)
        thing = args[0]
        if type(thing) is Varying:
            return thing  # as that of any number is
        if not hash_varies(thing, self.own_varies):
            return value
        if self.hashed_within():
            return value
        return self.number(
            value,
            f"hash() of {type(thing).__name__} objects",
            "take a number that you choose or compute",
        )

    def hashed_within(self) -> bool:
        """Whether the program is within a ``__hash__`` of its own; its class is noted then."""
        frame = sys._getframe(2)
        own = self.machine.own
        while frame is not None:
            code = frame.f_code
            if code.co_filename in own and code.co_name == "__hash__" and code.co_argcount:
                self.classes.add(type(frame.f_locals.get(code.co_varnames[0])))
                return True
            frame = frame.f_back  # type: ignore[assignment]
        return False

    def own_varies(self, thing: Any) -> bool:
        """Whether the program's own ``__hash__`` makes of an object what differs in each run."""
        cls = type(thing)
        return (
            not self.classes.isdisjoint(cls.__mro__)
            or cls.__hash__.__code__.co_filename not in self.machine.own
            or "__hash__" in names_in(cls.__hash__.__code__)
            or any(type(value) is Varying for value in values_of(thing))
        )

    # -- what is shown, and gone through -------------------------------------------------------

    def masked(self, text: str) -> str:
        """Return a text that shows objects, with placeholders for the numbers in it."""
        masked = SHOWN_ADDRESS.sub(f" at {ADDRESS}", text) if " at 0x" in text else text
        if "139" in masked:
            masked = SHOWN_NUMBER.sub(self.placeholder, masked)
        if masked != text:
            self.machine.learn("unknowns")
        return masked

    def placeholder(self, found: re.Match[str]) -> str:
        """Return the placeholder of a number that is made up."""
        value = int(found[0])
        if value >= FIRST_OBJECT:
            return ADDRESS
        return process(value - FIRST_PROCESS + 1) if value < FIRST_THREAD else IDENT

    def check_shown(self, text: str, stream: str) -> str:
        """Return a text as a stream shows it; refuse what differs in each run without placeholder.

        On standard error outcomes have the program's name without its folder.
        """
        text = self.masked(without_folder(text) if stream == "stderr" else text)
        if TOOL.search(text):
            self.machine.refuse(
                "this shows what stands for a part of the library while a program is explored: "
                "do not show it"
            )
        if OF_COMPUTER in text:
            self.machine.refuse(
                "this shows all of sys.implementation, which differs from computer to computer: "
                "show its name"
            )
        if stream != "stderr" and SHOWN_FRAME.search(text):
            self.machine.refuse(
                "this shows a traceback, with where its files lie, which differs from computer to "
                "computer: print it to standard error, as traceback.print_exc() does, or show the "
                "error alone"
            )
        if SHOWN_FILE.search(text) or (stream == "stdout" and LIBRARY in text):
            self.machine.refuse(
                "this shows where a file lies, which differs from computer to computer: show its "
                "name alone"
            )
        for word in WORD.findall(text.lower()):
            for base in (10, 16) if word.isdigit() else (16,):
                value = int(word, base)
                known = self.given.get(value) or self.given.get(-value)
                if known is not None:
                    self.machine.refuse(known.what)
        return text

    def gone_through(self, thing: Any) -> Any:
        """Note that the program sees the order of an object, and return the object."""
        machine = self.machine
        if machine.unfollowed is None and order_varies(thing, self.own_varies):
            if all(type(one).__lt__ is not UNORDERED for one in items_of(thing)):
                machine.mark(
                    f"sees the order of a set, which is another one {IN_EACH}, and one of them was "
                    "explored: go through sorted(...)"
                )
                return thing
            machine.mark(
                f"sees the order of a set, which is another one {IN_EACH}, and one of them was "
                "explored: go through sorted(...) with a key, or a list of what is in it"
            )
        return thing

    def handed(self, things: Iterable[Any]) -> None:
        """Note that something may see the order of each set among things, however deep it lies."""
        left, seen = list(things), set()
        while left:
            one = left.pop()
            if type(one) in NUMBERS_AND_TEXTS or id(one) in seen:
                continue
            seen.add(id(one))
            self.gone_through(one)
            left += parts_of(one)
