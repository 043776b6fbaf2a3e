"""What nobody can tell before a run: what time it is, numbers by chance, the number of cores.

A program gets such a number as an object that knows only what kind of number it is. What is
computed from it is such an object again, and what is shown of it is a placeholder. Whatever would
need its value is refused, at the line that asks: a comparison, a condition, an index. So no value
is ever made up that the program could go on with. How many cores there are is the exception: what
depends on that is explored with so many as ``cores`` says, and is not called complete.

A text that a placeholder has come into is as little known. ``accesses.unknowns`` lets it be put
together with others, kept and shown, and refuses the rest.
"""

from __future__ import annotations

import datetime as dt
import itertools
import math
import operator
import re
import time
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, Protocol
from uuid import UUID

from anyorder.exploring.attributes import is_a, stands_for_others
from anyorder.exploring.engine.varying import Varying, anew
from anyorder.exploring.frames import marked
from anyorder.outcomes.placeholders import ANY, has_placeholder
from anyorder.outcomes.placeholders import CHANCE as RANDOM
from anyorder.outcomes.placeholders import TIME as MOMENT
from anyorder.outcomes.placeholders import UNIQUE as IDENTIFIER

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "CHANCE", "CORES", "TIME", "UNIQUE", "Source", "Unknown", "dated", "either", "hold_zone",
    "is_never_negative", "is_positive", "is_unknown_text", "known_number", "padded", "percent",
    "placed", "sample_of", "tells_zone", "unknown_text_refused",
]  # fmt: skip

PLAIN = (int, float, Decimal)
COMPARED = {"builtins", "datetime", "decimal"}  # modules whose objects compare as samples do
OPERANDS = {
    *PLAIN, bool, complex, dt.date, dt.datetime, dt.time, dt.timedelta, type(None), UUID,
}  # fmt: skip
KNOWN = (*PLAIN, dt.date, dt.time, dt.timedelta, dt.tzinfo, time.struct_time)
DIRECTIVES = re.compile(r"%[-_0^#:]?[a-zA-Z](?:[-:., /T]*%[-_0^#:]?[a-zA-Z])*")
# formats that give nothing but a decimal number, and spaces around it
DECIMAL = re.compile(r"(?:(?: ?[<>=^])?[-+ 0]*\d*[,_]?(?:\.\d+)?[deEfFgGn%srai]?)?")
FIELD = re.compile(
    r"%(?:\((?P<key>[^)]*)\))?(?P<flags>[#0\- +]*)(?P<width>\*|\d+)?"
    r"(?:\.(?P<precision>\*|\d+)?)?[hlL]?(?P<kind>[diouxXeEfFgGcrsa%])"
)


@dataclass(frozen=True, slots=True)
class Source:
    """Where something that nobody can tell comes from.

    Args:
        placeholder: what is shown for it
        what: what it is, in words
        instead: what to write where something depends on it
    """

    placeholder: str
    what: str
    instead: str


TIME = Source(
    MOMENT,
    "what time it is",
    "let it only be shown, logged or waited for, or let a function of your own say it",
)
CHANCE = Source(
    RANDOM,
    "a number that is random",
    "call random.seed(number) first, or let it only be shown or slept for",
)
CORES = Source("<cores>", "how many cores there are", "write a number")  # which is never shown
UNIQUE = Source(
    IDENTIFIER, "a uuid, which is another one in each run", "count, or let it only be shown"
)
SOURCES = {source.placeholder: source for source in (TIME, CHANCE, CORES, UNIQUE)}


def is_unknown_text(thing: Any) -> bool:
    """Whether a thing is a text that a placeholder has come into."""
    return is_a(thing, str) and has_placeholder(thing)


def placed(source: Source) -> str:
    """Return the placeholder of what is shown, which is noted: texts are not what they were.

    Each is a text of its own, since two that are one object would be equal.
    """
    Unknown.machine.learn("unknowns")
    return anew(source.placeholder)


def tells_zone(form: str, directives: str) -> bool:
    """Whether a format of ``strftime`` shows in which time zone the computer is.

    Args:
        form: the format
        directives: the letters of those that show it
    """
    return re.search(rf"%[-_0^#:EO]*\d*[{directives}]", form.replace("%%", "")) is not None


def hold_zone(*args: Any) -> None:
    """Refuse to read the name of a time zone, of which each computer knows its own.

    Args:
        args: those of ``strptime``
    """
    if len(args) > 1 and is_a(args[1], str) and tells_zone(args[1], "Z"):
        Unknown.machine.refuse(
            "%Z of strptime() reads the names of the computer's own time zone, which differ from "
            "computer to computer: read an offset, by %z"
        )


def dated(form: str) -> str:
    """Return what ``strftime`` makes of a format: its directives are not known, the rest is."""
    literal = form.replace("%%", "\0")
    return DIRECTIVES.sub(lambda _: placed(TIME), literal).replace("\0", "%")


class Host(Protocol):
    """The machine that a program runs on."""

    def refuse(self, message: str) -> NoReturn:
        """Stop because of what the program does at its present line."""

    def learn(self, fact: str) -> None:
        """Note what the program does just now."""


@stands_for_others
class Unknown:  # noqa: PLW1641 - it has no hash that could be told
    """A number, a date or a time that nobody can tell before a run.

    Args:
        sample: one that it could be, which decides nothing but its class
        source: where it comes from
        never_negative: whether it is surely no number below zero
        never_zero: whether it is surely not zero
        mixed: whether its class is not known either: an ``int`` or a ``float``
    """

    __slots__ = ("mixed", "never_negative", "never_zero", "sample", "source")
    machine: ClassVar[Host]  # where the program is executed

    def __init__(
        self,
        sample: Any,
        source: Source,
        *,
        never_negative: bool = False,
        never_zero: bool = False,
        mixed: bool = False,
    ) -> None:
        set_up = object.__setattr__  # a program can set none of its attributes
        set_up(self, "sample", sample)
        set_up(self, "source", source)
        set_up(self, "never_negative", never_negative)
        set_up(self, "never_zero", never_zero)
        set_up(self, "mixed", mixed)

    @property  # type: ignore[misc]
    def __class__(self) -> type:  # to ``isinstance`` it is what it stands for
        return type(self.sample)

    def hold_class(self) -> None:
        """Refuse to tell its class where that is not known."""
        if self.mixed:
            self.depend()

    def depend(self, *_: object) -> NoReturn:
        """Refuse to let anything depend on it, or begin again with a number of cores."""
        if self.source is CORES:
            Unknown.machine.learn("cores")
        Unknown.machine.refuse(f"this depends on {self.source.what}: {self.source.instead}")

    def like(
        self,
        sample: Any,
        *,
        never_negative: bool = False,
        never_zero: bool = False,
        mixed: bool = False,
    ) -> Any:
        """Return what is computed from it."""
        if type(sample) is tuple:
            return tuple(self.like(one, never_negative=never_negative) for one in sample)
        if is_a(sample, KNOWN) and not is_a(sample, bool):
            known = {"never_negative": never_negative, "never_zero": never_zero, "mixed": mixed}
            return Unknown(sample, self.source, **known)
        if sample is None:
            return None
        return self.depend()

    def operated(self, operate: Callable[..., Any], *operands: Any) -> Any:
        """Return what an operator gives.

        What is no number, date or time, such as an object of the program, is asked by Python
        itself, so that it never gets the sample.
        """
        if any(is_a(one, str | bytes) for one in operands):
            if operate is operator.mul:
                self.depend()
            return operate(*(sample_of(one) for one in operands))  # which says what is wrong
        if not all(type(sample_of(one)) in OPERANDS for one in operands):
            return NotImplemented
        never_negative = all(map(is_never_negative, operands))
        self.hold_defined(operate, operands, never_negative=never_negative)
        try:
            results = [
                operate(*samples) for samples in itertools.product(*map(samples_of, operands))
            ]
        except (ArithmeticError, ValueError):
            self.depend()
        except TypeError:
            if any(len(samples_of(one)) > 1 for one in operands):
                self.depend()
            raise
        keeps = operate in KEEPING and never_negative
        whole = all(is_a(sample_of(one), int) for one in operands)  # others get very small
        return self.like(
            results[-1],
            never_negative=keeps or operate is abs,
            never_zero=never_negative and whole and is_above_zero(operate, operands),
            mixed=len({type(one) for one in results}) > 1,
        )

    def hold_defined(
        self, operate: Callable[..., Any], operands: Any, *, never_negative: bool
    ) -> None:
        """Refuse what may fail, or give something else, for another number than the sample.

        That a clock has not moved on between two looks at it is left aside: who divides by a
        time has had something done meanwhile.
        """
        last = operands[-1] if operands else None
        if operate is pow and not never_negative and not is_a(sample_of(last), int):
            self.depend()  # a root of what is below zero is no real number
        if type(last) is not Unknown:
            return
        below = operate is pow or operate in SHIFTS
        if below and is_a(last.sample, int) and not last.never_negative:
            self.depend()  # a power is an int or a float, and no shift is below zero
        if operate in DIVISIONS and last.source is not TIME and not last.never_zero:
            self.depend()

    # -- as a text -----------------------------------------------------------------------------

    def shown(self) -> str:
        """Return the placeholder that is shown for it."""
        if self.source is CORES and not Varying.told:
            self.depend()
        return placed(self.source)

    def __format__(self, spec: str) -> str:
        if is_a(self.sample, dt.date | dt.time):
            return dated(spec) if spec else self.shown()
        if self.mixed and spec.endswith(("c", "d", "n", "x", "X", "o", "b")):
            self.depend()
        format(self.sample, spec)  # which says what is wrong
        hold_decimal(spec)
        return self.shown()

    def __repr__(self) -> str:
        return self.shown()

    # -- what it has -----------------------------------------------------------------------------

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        value = getattr(self.sample, name)
        if self.source is UNIQUE and is_a(value, str):
            return self.shown()
        if not callable(value):
            return self.like(value)

        def call(*args: Any, **kwargs: Any) -> Any:
            named = {key: sample_of(one) for key, one in kwargs.items()}
            try:
                result = value(*map(sample_of, args), **named)
            except (ArithmeticError, ValueError):
                self.depend()
            if name == "replace" and (args or kwargs.keys() & {"year", "month", "day"}):
                self.depend()  # whether there is such a day
            if name == "strftime":
                return dated(*args, **kwargs)
            if is_a(result, str):
                return self.shown()
            return self.like(result)

        return marked(call, name)

    # -- copies ----------------------------------------------------------------------------------

    def __reduce__(self) -> Any:
        known = self.never_negative, self.never_zero, self.mixed
        return restored, (self.sample, self.source.placeholder, *known)

    def __copy__(self) -> Unknown:
        return self

    def __deepcopy__(self, _: object) -> Unknown:
        return self

    # -- what decides ----------------------------------------------------------------------------

    def __eq__(self, other: object) -> bool:
        if other is None or is_a(other, str):
            return NotImplemented
        return self.depend()

    def __ne__(self, other: object) -> bool:
        if other is None or is_a(other, str):
            return NotImplemented
        return self.depend()

    def __setattr__(self, name: str, value: object) -> None:
        setattr(self.sample, name, value)  # which says what is wrong

    def __delattr__(self, name: str) -> None:
        delattr(self.sample, name)

    def __bool__(self) -> bool:
        if is_a(self.sample, dt.date | dt.time):
            return True
        if not self.never_zero:
            self.depend()
        return True


def restored(
    sample: Any, placeholder: str, never_negative: bool, never_zero: bool, mixed: bool
) -> Unknown:
    """Return one that was pickled."""
    known = {"never_negative": never_negative, "never_zero": never_zero, "mixed": mixed}
    return Unknown(sample, SOURCES[placeholder], **known)


def sample_of(thing: Any) -> Any:
    """Return a sample of what is not known, and anything else as it is."""
    return thing.sample if type(thing) is Unknown else thing


def samples_of(thing: Any) -> tuple[Any, ...]:
    """Return samples of each class that a thing may be of."""
    if type(thing) is Unknown and thing.mixed:
        return int(thing.sample), float(thing.sample)
    return (sample_of(thing),)


def either(one: Any, other: Any, *, largest: bool) -> Any:
    """Return the larger or the smaller of two, of which one at least is not known.

    Args:
        one: the one that was found first
        other: the one that it is compared with
        largest: whether the larger one is asked for

    Raises:
        TypeError: the two cannot be compared
    """
    unknown = one if type(one) is Unknown else other
    samples = sample_of(one), sample_of(other)
    if not all(type(sample).__module__ in COMPARED for sample in samples):
        unknown.depend()  # it may have code of its own that compares
    _ = samples[1] > samples[0] if largest else samples[1] < samples[0]  # it says what is wrong
    for sample in samples:
        if is_a(sample, float) and not math.isfinite(sample):
            if sample == (math.inf if largest else -math.inf):
                return sample
            if math.isnan(sample):
                unknown.depend()
    classes = {type(sample) for sample in samples}
    if len(classes) > 1 and classes != {int, float}:
        unknown.depend()  # which of them it is
    never = (any if largest else all)(map(is_never_negative, (one, other)))
    above = (any if largest else all)(map(is_positive, (one, other)))
    mixed = len(classes) > 1 or any(len(samples_of(each)) > 1 for each in (one, other))
    sample = (max if largest else min)(samples) if unknown.source is CORES else unknown.sample
    return unknown.like(sample, never_negative=never, never_zero=above, mixed=mixed)


def is_positive(thing: Any) -> bool:
    """Whether an operand is a number above zero."""
    if type(thing) is Unknown:
        return bool(thing.never_negative and thing.never_zero)
    return is_a(thing, PLAIN) and thing > 0


def is_above_zero(operate: Callable[..., Any], operands: Any) -> bool:
    """Whether an operator gives a number above zero of whole numbers that are not below zero."""
    if operate is operator.add:
        return any(map(is_positive, operands))
    return operate in {operator.mul, operator.pos} and all(map(is_positive, operands))


def is_never_negative(thing: Any) -> bool:
    """Whether an operand is no number below zero."""
    if type(thing) is Unknown:
        return bool(thing.never_negative)
    return not is_a(thing, PLAIN) or thing >= 0


def hold_decimal(spec: str) -> None:
    """Refuse a format in which a placeholder stands for anything but a decimal number."""
    if not DECIMAL.fullmatch(spec):
        Unknown.machine.refuse(
            f"the format {spec!r} is not followed for a time, or another number that differs in "
            "each run: show it as a decimal number"
        )


def known_number(number: int) -> int:
    """Return a number that decides something outside of the program, such as an exit status."""
    thing: Any = number
    if type(thing) is Unknown:
        thing.depend()
    if type(number) is Varying:
        Unknown.machine.refuse(number.what)
    return number


OPERATORS: dict[str, Callable[..., Any]] = {
    "add": operator.add, "sub": operator.sub, "mul": operator.mul, "mod": operator.mod,
    "truediv": operator.truediv, "floordiv": operator.floordiv, "divmod": divmod, "pow": pow,
    "lshift": operator.lshift, "rshift": operator.rshift, "and": operator.and_,
    "or": operator.or_, "xor": operator.xor,
}  # fmt: skip
OF_ONE: dict[str, Callable[..., Any]] = {
    "neg": operator.neg, "pos": operator.pos, "abs": abs, "invert": operator.invert,
    "round": round, "floor": math.floor, "ceil": math.ceil, "trunc": math.trunc,
}  # fmt: skip
SHIFTS = {operator.lshift, operator.rshift}
DIVISIONS = {operator.truediv, operator.floordiv, operator.mod, divmod}
# what gives nothing below zero of operands that are not
KEEPING = {
    operator.add, operator.mul, operator.mod, operator.truediv, operator.floordiv, pow,
    operator.pos, round, math.floor, math.ceil, math.trunc,
}  # fmt: skip


def method(operate: Callable[..., Any], *, reflected: bool = False) -> Callable[..., Any]:
    """Return a method that carries out an operator."""

    def call(self: Unknown, *others: Any) -> Any:
        return self.operated(operate, *((*others, self) if reflected else (self, *others)))

    return call


for _name, _operate in OPERATORS.items():
    setattr(Unknown, f"__{_name}__", method(_operate))
    setattr(Unknown, f"__r{_name}__", method(_operate, reflected=True))
for _name, _operate in OF_ONE.items():
    setattr(Unknown, f"__{_name}__", method(_operate))
for _name in ("lt", "le", "gt", "ge", "hash", "index", "int", "float", "complex", "iter", "len",
              "getitem", "contains", "setitem", "delitem"):  # fmt: skip
    setattr(Unknown, f"__{_name}__", Unknown.depend)


# -- texts with % ----------------------------------------------------------------------------------


def percent(template: str, args: Any) -> str:
    """Return ``template % args``, where something in it is not known.

    Raises:
        whatever Python does where the two do not fit
    """
    left = list(args) if type(args) is tuple else [] if is_a(args, dict) else [args]
    values: list[Any] = []

    def field(found: re.Match[str]) -> str:
        key, kind = found["key"], found["kind"]
        if kind == "%" or (key is None and not left):
            return found[0]
        if "*" in {found["width"], found["precision"]}:
            Unknown.machine.refuse(
                "a width that is a value is not followed beside a time: write a number"
            )
        directive = found[0] if key is None else found[0].replace(f"({key})", "", 1)
        value = left.pop(0) if key is None else args[key]
        if type(value) is Unknown:
            _ = directive % value.sample  # which says what is wrong
            hold_decimal(directive[1:])
            value, directive = value.shown(), "%s"
        elif type(value) is Varying:
            value, directive = format(value, directive[1:].rstrip("sri")), "%s"
        elif is_unknown_text(value) and kind == "a":
            Unknown.machine.refuse(unknown_text_refused("a format"))
        elif is_unknown_text(value) and (found["width"] or found["precision"]):
            value, directive = padded(value), f"%{kind}"
        values.append(value)
        return directive

    text = FIELD.sub(field, template)
    return text % (*values, *left)


def padded(text: str) -> str:
    """Return a text with a placeholder, made longer or shorter: one that is all of it stays."""
    if not ANY.fullmatch(text):
        Unknown.machine.refuse(unknown_text_refused("how long a text is"))
    return text


def unknown_text_refused(what: str) -> str:
    """Return why something that a text with a placeholder decides is refused."""
    return f"{what} depends on a time, or another number that differs in each run: show it as it is"
