"""Memory that processes share: ``Value``, ``Array`` and their like.

A block of shared memory is one array of bytes here, which every process reaches. What the program
does to it through a wrapper with a lock is ordered by that lock; what it does without one is an
event on the block, each.
"""

from __future__ import annotations

import ctypes
import functools
import sys
from typing import TYPE_CHECKING, Any

from anyorder.exploring.accesses.events import (
    LOOK,
    READ_ATTRIBUTE,
    READ_ITEM,
    WRITE_ATTRIBUTE,
    WRITE_ITEM,
)
from anyorder.exploring.accesses.objects import Eventful
from anyorder.exploring.attributes import asked, class_has, is_a
from anyorder.exploring.engine.events import READ, WRITE, EventKind
from anyorder.exploring.processes.system.memory import block_of, extent, footprint
from anyorder.exploring.words import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

    from anyorder.exploring.accesses.containers import ContainerOperations
    from anyorder.exploring.accesses.kinds import Kind
    from anyorder.exploring.accesses.objects import Objects
    from anyorder.exploring.engine.events import Event, Footprint, Teller
    from anyorder.exploring.engine.machine import Machine

__all__ = ["DATA", "Arena", "Blocks", "place_of", "shared_kinds"]


def bytes_of(event: Event) -> str:
    """Say which bytes of shared memory an event reads or writes."""
    block, numbers, _ = event.about
    what = f"{len(numbers)} bytes" if len(numbers) != 1 else f"byte {numbers[0]}"
    return f"{what} of the shared memory {block.name[1:]}"


def reads_memory(event: Event, _: Teller) -> str:
    """Say which bytes are read, and what they are."""
    block, numbers, _ = event.about
    return f"reads {bytes_of(event)}: {shown(bytes(block[numbers.start : numbers.stop]))}"


READ_MEMORY = EventKind("read memory", says=reads_memory, waits=None, whole=False)
WRITE_MEMORY = EventKind(
    "write memory",
    says=lambda event, _: f"writes {bytes_of(event)}: {shown(event.about[2])}",
    waits=None,
    whole=False,
)
READING = {"count", "hex", "index", "tobytes", "tolist"}  # the methods of a view that do
EMPTY: dict[Any, Any] = {ctypes.c_char: b"", ctypes.c_wchar: ""}  # what slices of these are
DATA = (ctypes._SimpleCData, ctypes.Array, ctypes.Structure)


class Arena:
    """A block of shared memory, as ``multiprocessing.heap`` keeps it.

    Args:
        size: in bytes
        fd: unused; what a real one lies in
    """

    blocks: Blocks

    def __init__(self, size: int, fd: int = -1) -> None:
        self.size = size
        self.fd = fd
        self.buffer = bytearray(size)
        self.number = self.blocks.machine.label()
        self.blocks.arenas[self.number] = self


class Blocks:
    """All shared memory of a computer.

    Args:
        machine: the computer
    """

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.arenas: dict[tuple[int, int], Arena] = {}

    def begin(self) -> None:
        """Forget all, for a new execution."""
        self.arenas = {}

    def calls(self) -> dict[str, Callable[..., None]]:
        """Return what is done to the modules that have to do with shared memory."""
        machine = self.machine

        def heap(_: Machine, module: ModuleType) -> None:
            names = vars(module)
            arena = type("Arena", (Arena,), {"blocks": self, "__module__": module.__name__})

            def rebuild_arena(number: tuple[int, int]) -> Arena:
                return self.arenas[number]

            rebuild_arena.__module__, rebuild_arena.__qualname__ = module.__name__, "rebuild_arena"
            names["rebuild_arena"], names["Arena"] = rebuild_arena, arena
            names["reduction"].register(arena, lambda one: (rebuild_arena, (one.number,)))

        def wrappers(_: Machine, module: ModuleType) -> None:
            base = vars(module)["SynchronizedBase"]
            original = base.get_obj

            def get_obj(self: Any) -> Any:
                if sys._getframe(1).f_code.co_filename in machine.own:
                    machine.refuse(
                        "get_obj() goes past the lock of its owner: use RawValue or RawArray"
                    )
                return original(self)

            base.get_obj = get_obj

            raw_array = vars(module)["RawArray"]

            @functools.wraps(raw_array)
            def make_array(kind: Any, given: Any) -> Any:
                read = machine.spread(given)
                return raw_array(kind, given if read is given else tuple(read))

            vars(module)["RawArray"] = make_array

        return {"multiprocessing.heap": heap, "multiprocessing.sharedctypes": wrappers}


def place_of(thing: Any) -> Any:
    """Return the place of what lies in shared memory, and ``None`` for anything else."""
    owner = thing
    while owner is not None:
        wrapper = asked(owner, "_wrapper")
        if wrapper is not None:
            (arena, start, _), _ = wrapper._state
            return ("shared", arena.number, start)
        owner = owner._b_base_
    return None


class SharedData(Eventful):
    """What lies in shared memory without a lock: values, arrays and structures of ``ctypes``."""

    indexed = True

    def __init__(self, objects: Objects, operations: ContainerOperations) -> None:
        super().__init__(objects)
        self.operations = operations

    def reach(self, thing: Any, kind: EventKind, mode: int, about: Any) -> None:
        """Make an event of an access to a thing, where it lies in shared memory."""
        place = place_of(thing)
        if place is not None:
            self.machine.happen(kind, ((place, mode),), about=about)

    def attribute(self, thing: Any, name: str) -> Any:
        self.reach(thing, READ_ATTRIBUTE, READ, (thing, name))
        return getattr(thing, name)

    def set_attribute(self, value: Any, thing: Any, name: str) -> None:
        has = any(name in vars(cls) for cls in type(thing).__mro__)
        if not has and place_of(thing) is not None:
            self.machine.refuse(
                f"{name} is no field of this {type(thing).__name__} in shared memory, so each "
                "process has its own: make it a field"
            )
        self.reach(thing, WRITE_ATTRIBUTE, WRITE, (thing, name, value))
        setattr(thing, name, value)

    def item(self, thing: Any, key: Any) -> Any:
        numbers = self.apart(thing, key, READ)
        if numbers is None:
            self.reach(thing, READ_ITEM, READ, (thing, key))
            return thing[key]
        items = [self.item(thing, number) for number in numbers]
        text = EMPTY.get(type(thing)._type_)
        return self.objects.made(items) if text is None else text.join(items)

    def set_item(self, value: Any, thing: Any, key: Any) -> None:
        numbers = self.apart(thing, key, WRITE)
        if numbers is not None and class_has(type(value), "__len__") and len(value) == len(numbers):
            for number, one in zip(numbers, list(value), strict=True):
                self.set_item(one, thing, number)
            return
        self.reach(thing, WRITE_ITEM, WRITE, (thing, key, value))
        thing[key] = value  # which says what is wrong with a slice

    def apart(self, thing: Any, key: Any, mode: int) -> range | None:
        """Return the items of a slice where others may come in between: it is not read at once."""
        place = place_of(thing)
        if place is None or not is_a(thing, ctypes.Array):
            return None
        shared = self.objects.touch((place, "items"), mode)
        return range(*key.indices(len(thing))) if shared and is_a(key, slice) else None

    def whole(self, thing: Any) -> Footprint:
        place = place_of(thing)
        return () if place is None else self.objects.shared_from_the_start(((place, READ),))

    def look(self, thing: Any) -> None:
        self.reach(thing, LOOK, READ, (thing,))

    def iterate(self, thing: Any) -> Iterator[Any] | None:
        if not is_a(thing, ctypes.Array):
            return None
        return (self.item(thing, number) for number in range(len(thing)))

    def contains(self, item: Any, thing: Any) -> bool:
        return self.operations.found(self.iterate(thing), item)


class SharedViews(Eventful):
    """Views of blocks of shared memory."""

    indexed = True

    def __init__(self, objects: Objects, operations: ContainerOperations) -> None:
        super().__init__(objects)
        self.operations = operations

    def reach(self, view: memoryview, key: Any, mode: int, value: Any = None) -> None:
        """Make an event of reading or writing what a view shows, before it is done."""
        block = block_of(view)
        if block is None:
            return
        if is_a(key, int):
            if not -len(view) <= key < len(view):
                return  # what is wrong is said as it is tried
            key = slice(key, key + 1 or None)
        writes = mode == WRITE
        numbers = extent(view if key is None else view[key])
        last = self.machine.current.last
        if (
            not writes
            and last is not None
            and last.kind is READ_MEMORY
            and last.about[:2] == (block, numbers)
        ):
            return  # a slice that was taken just now, and is read: that is one step
        kind = WRITE_MEMORY if writes else READ_MEMORY
        value = bytes(value) if is_a(value, memoryview) else value
        about = (block, numbers, value)
        self.machine.happen(kind, footprint(block, numbers, writes=writes), about=about)

    def attribute(self, thing: Any, name: str) -> Any:
        if name in READING:
            self.reach(thing, None, READ)
        return getattr(thing, name)

    def item(self, thing: Any, key: Any) -> Any:
        self.reach(thing, key, READ)
        part = thing[key]
        block = block_of(thing)
        if is_a(part, memoryview) and block is not None:
            block.taken(part, thing)
        return part

    def set_item(self, value: Any, thing: Any, key: Any) -> None:
        kind = self.objects.kind_of(type(value))
        if not kind.plain:
            kind.look(value)
        self.reach(thing, key, WRITE, value)
        thing[key] = value

    def whole(self, thing: Any) -> Footprint:
        block = block_of(thing)
        if block is None:
            return ()
        return self.objects.shared_from_the_start(footprint(block, extent(thing), writes=False))

    def look(self, thing: Any) -> None:
        self.reach(thing, None, READ)

    def iterate(self, thing: Any) -> Iterator[Any] | None:
        if block_of(thing) is None:
            return None
        return (self.item(thing, number) for number in range(len(thing)))

    def contains(self, item: Any, thing: Any) -> bool:
        if block_of(thing) is None:
            return item in thing
        return self.operations.found(self.iterate(thing), item)


def shared_kinds(
    objects: Objects, operations: ContainerOperations
) -> tuple[tuple[type, Kind], ...]:
    """Return the kinds of what lies in shared memory, by their classes."""
    data = SharedData(objects, operations)
    return (*((cls, data) for cls in DATA), (memoryview, SharedViews(objects, operations)))
