"""Functions and classes of the library that ask for what they are given bit by bit.

They are written in Python, or call back from C, so that other threads may come in between. The
library's own code is what runs here, on things that stand for its arguments: whatever it asks of
them, an item or a value, it gets by an event, at the moment at which it asks.
"""

from __future__ import annotations

import csv
import heapq
import math
import struct
from functools import partial
from io import StringIO
from string import Template
from types import BuiltinFunctionType, SimpleNamespace
from typing import TYPE_CHECKING, Any

from anyorder.exploring.accesses.builtins import fitting
from anyorder.exploring.accesses.loud import EXACT
from anyorder.exploring.accesses.numbers import sized_number_of
from anyorder.exploring.attributes import asked, class_has, is_a

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from anyorder.exploring.accesses.builtins import BuiltinOperations, Builtins
    from anyorder.exploring.accesses.handing_over import HandingOver

__all__ = ["MADE_ONCE", "WRITER", "BitByBit"]

NOTHING: Any = object()
WRITER = type(csv.writer(StringIO()))  # is written in C
STEADY_DIALECTS = (str, type(None), type(csv.get_dialect("excel")))
TABLES = (csv.DictReader, csv.DictWriter)  # classes that are written in Python
# what is followed by what it was made of: none is derived from these, or made of anything else
MADE_ONCE: tuple[type, ...] = (*TABLES, struct.Struct)


class Filling:
    """What a template is filled with: each value is read, and shown, as it is asked for.

    Args:
        operations: reads and shows them
        named: those that are given by name, which come first
        mapping: has all others
    """

    def __init__(
        self, operations: BuiltinOperations, named: Mapping[str, Any], mapping: Any
    ) -> None:
        self.operations = operations
        self.objects = operations.objects
        self.showing = operations.showing
        self.named = named
        self.mapping = mapping

    def __getitem__(self, key: str) -> str:
        return self.objects.around(self.shown, key)  # type: ignore[no-any-return]

    def shown(self, key: str) -> Any:
        """Return the text of a value."""
        value = self.named[key] if key in self.named else self.operations.item(self.mapping, key)
        return self.showing.show(value, "str")


class Table:
    """What characters are looked up in: each is an item of it, read as it is asked for.

    Args:
        operations: reads it
        table: what has the items
    """

    def __init__(self, operations: BuiltinOperations, table: Any) -> None:
        self.operations = operations
        self.table = table

    def __getitem__(self, key: int) -> Any:
        return self.operations.item(self.table, key)


class BitByBit:
    """What stands for such functions.

    Args:
        operations: what they carry out
        handing: refuses to hand over what threads share
        builtins: what stands for built-in functions
        reading: gives what stands for a function that reads what it is given in one step
    """

    def __init__(
        self,
        operations: BuiltinOperations,
        handing: HandingOver,
        builtins: Builtins,
        reading: Callable[[Any], Any],
    ) -> None:
        self.operations = operations
        self.objects = operations.objects
        self.machine = self.objects.machine
        self.iterators = operations.iterators
        self.comparing = operations.comparing
        self.handing = handing
        self.builtins = builtins
        self.in_one_step = reading
        self.table: dict[Any, Any] = {
            heapq.merge: self.merge,
            heapq.nlargest: self.extremes(heapq.nlargest),
            heapq.nsmallest: self.extremes(heapq.nsmallest),
            struct.pack_into: fitting(self.pack_into_by_format, struct.pack_into),
            csv.reader: self.reading(csv.reader),
            csv.DictReader: self.reading(csv.DictReader),
            csv.writer: self.writing(csv.writer),
            csv.DictWriter: self.writing(csv.DictWriter),
        }

    def of(self, function: Any) -> Any:
        """Return what stands for a function or a class, if it is one of these."""
        owner = asked(function, "__self__")
        if issubclass(type(owner), Template) and function.__name__ in {
            "substitute",
            "safe_substitute",
        }:
            return self.filling(function)
        if issubclass(type(owner), WRITER) and function.__name__ == "writerows":
            return fitting(partial(self.write_rows, owner), function)
        if issubclass(type(owner), WRITER) and function.__name__ == "writerow":
            return fitting(partial(self.write_row, function), function)
        if issubclass(type(owner), struct.Struct) and function.__name__ == "pack_into":
            return fitting(partial(self.pack_into, function, owner.size), function)
        if issubclass(type(owner), str) and function.__name__ == "translate":
            return (
                partial(self.translate, function) if type(function) is BuiltinFunctionType else None
            )
        return self.table.get(asked(function, "__func__", function))

    def hold_made(self, cls: type) -> None:
        """Refuse to make an object of a class that is derived from one of these."""
        for one in MADE_ONCE:
            if issubclass(cls, one) and cls is not one:
                said = f"{one.__module__.lstrip('_')}.{one.__name__}"
                self.machine.refuse(
                    f"a class derived from {said} does its work past what is followed: "
                    f"let an object of your own have a {said}"
                )

    # -- heapq ---------------------------------------------------------------------------------

    def extremes(self, function: Any) -> Callable[..., Any]:
        """Return what stands for ``nsmallest`` or ``nlargest``."""

        def call(n: Any, iterable: Any, key: Any = None) -> Any:
            self.builtins.in_order(iterable, key)
            if n != 1 and n >= self.size(iterable):
                return self.all_in_order(function, n, iterable, key)
            return function(n, self.compared(function, iterable, key), self.keyed(function, key))

        return fitting(call, function)

    def size(self, iterable: Any) -> float:
        """Return how many items there are, and no number that is reached where it does not say."""
        try:
            size = self.operations.length(iterable)
        except (AttributeError, TypeError):
            return math.inf
        self.objects.pass_point()
        return size

    def all_in_order(self, function: Any, n: Any, iterable: Any, key: Any) -> list[Any]:
        """Return all items in order, of which no more were asked for.

        If another thread has added more meanwhile, Python up to 3.14 leaves these out.
        """
        found = self.builtins.do_sorted(iterable, key=key, reverse=function is heapq.nlargest)
        if len(found) > max(n, 0):
            self.machine.refuse(
                f"what {function.__name__}() goes through grows meanwhile, and what comes of that "
                "depends on the version of Python: hand over a copy"
            )
        return found

    def merge(self, *iterables: Any, key: Any = None, reverse: bool = False) -> Any:
        """Do what ``heapq.merge`` does: it asks for the next items as it is asked for one."""
        for one in iterables:
            self.iterators.see_order(one)
        asked = [self.compared(heapq.merge, one, key) for one in iterables]
        merged = heapq.merge(*asked, key=self.keyed(heapq.merge, key), reverse=reverse)
        return self.objects.made(merged)

    def compared(self, function: Any, iterable: Any, key: Any) -> Iterator[Any]:
        """Yield items, each by an event, which are compared if there is no key."""
        for one in self.iterators.iterate(iterable):
            if key is None:
                self.hold_order(function, one)
            self.objects.pass_point()
            yield one
            self.objects.pass_point()

    def keyed(self, function: Any, key: Any) -> Any:
        """Return what stands for a key, whose results are compared."""
        if key is None:
            return None
        follow = self.operations.function(key)

        def call(item: Any) -> Any:
            found = follow(item)
            self.hold_order(function, found)
            return found

        return call

    def hold_order(self, function: Any, thing: Any) -> None:
        """Refuse to compare what another thread could change, or what runs code of its own."""
        if not self.orders_alone(thing):
            self.machine.refuse(
                f"heapq.{function.__name__}() compares objects of {type(thing).__name__} one after "
                "another, which is not followed: give it a key that is a number or a text"
            )

    def orders_alone(self, thing: Any) -> bool:
        """Whether a thing never changes, nor anything that it holds, and is compared by Python."""
        if type(thing) is tuple:
            return all(map(self.orders_alone, thing))
        return self.comparing.orders_alone((thing,))

    # -- templates -----------------------------------------------------------------------------

    def filling(self, function: Any) -> Callable[..., Any]:
        """Return what stands for ``substitute`` or ``safe_substitute`` of a template."""

        def call(mapping: Any = NOTHING, /, **named: Any) -> Any:
            given = {} if mapping is NOTHING else mapping
            return function(Filling(self.operations, named, given))

        return fitting(call, function)

    # -- struct --------------------------------------------------------------------------------

    def pack_into(self, function: Any, size: Any, buffer: Any, offset: Any, *values: Any) -> None:
        """Do what ``pack_into`` does with bytes that no other thread reads.

        It writes byte after byte, and without a GIL others may see some of them.

        Args:
            function: what packs values into a buffer
            size: how many bytes it writes
            buffer: the buffer
            offset: where it begins
            values: the values
        """
        if not class_has(type(offset), "__index__"):
            function(buffer, offset, *values)  # which says what is wrong
        if type(buffer) is bytearray:
            with memoryview(buffer):  # of one length while the offset is asked for its number
                offset = sized_number_of(offset, IndexError)
        self.hold_bytes(buffer, offset, size)
        function(buffer, offset, *values)

    def pack_into_by_format(self, form: Any, buffer: Any, offset: Any, *values: Any) -> None:
        """Do what ``struct.pack_into`` does."""
        function = partial(struct.pack_into, form)
        self.pack_into(function, struct.calcsize(form), buffer, offset, *values)

    def hold_bytes(self, buffer: Any, offset: int, size: int) -> None:
        """Refuse to write into bytes unseen that threads share, or that are no bytearray."""
        kind = self.objects.kind_of(type(buffer))
        if type(buffer) is bytearray:
            self.objects.changes(buffer)
            start = offset + len(buffer) * (offset < 0)
            footprint = [*kind.size(buffer)]
            for number in range(max(start, 0), start + size):
                footprint += kind.item_footprint(buffer, number, writes=True)  # type: ignore[attr-defined]
            if not self.objects.touch_all(tuple(footprint)):
                return
        self.machine.refuse(
            f"struct.pack_into() writes into a {type(buffer).__name__} byte after byte, which is "
            "followed in no bytes that threads share: set a slice to what struct.pack() makes"
        )

    # -- texts ---------------------------------------------------------------------------------

    def translate(self, function: Any, *args: Any, **kwargs: Any) -> str:
        """Do what ``translate`` of a text does, which looks up one character after another."""
        self.machine.varied.handed(args)
        kind_of = self.objects.kind_of
        tables = (one if kind_of(type(one)).plain else Table(self.operations, one) for one in args)
        return function(*tables, **kwargs)  # type: ignore[no-any-return]

    # -- csv -----------------------------------------------------------------------------------

    def reading(self, cls: Any) -> Callable[..., Any]:
        """Return what makes a reader of rows, which asks for lines."""

        def call(lines: Any, /, *args: Any, **kwargs: Any) -> Any:
            return self.made(cls, self.iterators.source(lines), args, kwargs)

        return fitting(call, cls)

    def writing(self, cls: Any) -> Callable[..., Any]:
        """Return what makes a writer of rows, which calls the ``write`` of what it is given."""

        def call(file: Any, /, *args: Any, **kwargs: Any) -> Any:
            write = self.operations.attribute_or(file, "write", None)
            if not callable(write):
                return cls(file, *args, **kwargs)  # which says what is wrong
            stream = SimpleNamespace(write=self.operations.function(write))
            return self.made(cls, stream, args, kwargs)

        return fitting(call, cls)

    def write_row(self, write: Callable[[Any], Any], row: Any, /) -> Any:
        """Write a row, all of which has been read before, unless a field runs code to say its text.

        Args:
            write: the method of the writer
            row: the row
        """
        if type(row) is list:
            fields = [*self.iterators.iterate(row)]
            if all(type(field) in EXACT for field in fields):
                return write(fields)
        return self.in_one_step(write)(row)

    def write_rows(self, writer: Any, rows: Any, /) -> None:
        """Write rows, each of which is read as it is written."""
        for row in self.iterators.iterate(rows):
            self.write_row(writer.writerow, row)

    def hold_dialect(self, dialect: Any) -> None:
        """Refuse a dialect that the program could change, which is read unseen.

        An object is one, be it of a class of ``csv``.
        That the library's own classes are changed while threads run is refused elsewhere.
        """
        owner = dialect.__module__ if is_a(dialect, type) else ""
        if type(dialect) not in STEADY_DIALECTS and owner != "csv":
            self.machine.refuse(
                "csv reads a dialect unseen that is an object, or a class of the program's own: "
                "give the parameters by name, such as delimiter=';'"
            )

    def made(self, cls: Any, stream: Any, args: Any, kwargs: Any) -> Any:
        """Return a reader or a writer, which keeps what else it is given."""
        name, things = f"csv.{cls.__name__}", (*args, *kwargs.values())
        at = 3 if cls in TABLES else 0  # after the names of fields, and what stands for others
        for dialect in (*args[at : at + 1], *(kwargs[one] for one in kwargs if one == "dialect")):
            self.hold_dialect(dialect)
        self.handing.hold_all_alone(things, name)
        made = self.objects.made(cls(stream, *args, **kwargs))
        self.handing.hand_out(f"{name}()", made, *things)
        return made
