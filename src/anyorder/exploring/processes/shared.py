"""Memory that processes share: ``Value``, ``Array`` and their like.

A block of shared memory is one array of bytes here, which every process reaches. What the program
does to it through a wrapper with a lock is ordered by that lock; what it does without one is an
event on the block, each.
"""

from __future__ import annotations

import ctypes
import struct
import sys
from typing import TYPE_CHECKING, Any

from anyorder.exploring.access import Accesses
from anyorder.exploring.events import READ, WRITE
from anyorder.exploring.processes.memory import block_of, extent, footprint

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from anyorder.exploring.machine import Machine
    from anyorder.exploring.processes.library import ProcessLibrary
    from anyorder.exploring.processes.memory import Block

__all__ = ["Arena", "Blocks", "place_of"]

READING = {"count", "hex", "index", "tobytes", "tolist"}  # the methods of a view that do
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

    def calls(self, library: ProcessLibrary) -> dict[str, Callable[..., None]]:
        """Return what is done to the modules that have to do with shared memory."""

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
                if sys._getframe(1).f_code.co_filename == library.program:
                    library.machine.refuse(
                        "get_obj() goes past the lock of its owner: use RawValue or RawArray"
                    )
                return original(self)

            base.get_obj = get_obj

        return {"multiprocessing.heap": heap, "multiprocessing.sharedctypes": wrappers}


def place_of(thing: Any) -> Any:
    """Return the place of what lies in shared memory, and ``None`` for anything else."""
    owner = thing
    while owner is not None:
        wrapper = getattr(owner, "_wrapper", None)
        if wrapper is not None:
            (arena, start, _), _ = wrapper._state
            return ("shared", arena.number, start)
        owner = owner._b_base_
    return None


class SharedAccesses(Accesses):
    """Makes events of what the program does to shared memory without a lock."""

    def reach(self, thing: Any, kind: str, mode: int, about: Any) -> None:
        """Let all others go first, where a thing lies in shared memory."""
        block = block_of(thing)
        if block is not None:
            self.reach_memory(block, thing, None, READ)
        elif isinstance(thing, DATA):
            place = place_of(thing)
            if place is not None:
                self.happen(kind, ((place, mode),), about=about)

    def reach_memory(
        self, block: Block, view: memoryview, key: Any, mode: int, value: Any = None
    ) -> None:
        """Let all others go first, before what a view shows is read or written."""
        if isinstance(key, int):
            if not -len(view) <= key < len(view):
                return  # what is wrong is said as it is tried
            key = slice(key, key + 1 or None)
        writes = mode == WRITE
        numbers = extent(view if key is None else view[key])
        last = self.machine.current.last
        if (
            not writes
            and last is not None
            and last.kind == "read memory"
            and last.about[:2] == (block, numbers)
        ):
            return  # a slice that was taken just now, and is read: that is one step
        kind = "write memory" if writes else "read memory"
        value = bytes(value) if isinstance(value, memoryview) else value
        about = (block, numbers, value)
        self.happen(kind, footprint(block, numbers, writes=writes), about=about)

    def attribute(self, thing: Any, name: str) -> Any:
        """Read an attribute."""
        if block_of(thing) is not None and name not in READING:
            return super().attribute(thing, name)
        if thing is struct and name in {"pack_into", "unpack_from"}:
            self.machine.refuse(
                f"struct.{name} may reach memory unseen: use a slice, and struct.pack or unpack"
            )
        self.reach(thing, "read", READ, (thing, name))
        return super().attribute(thing, name)

    def set_attribute(self, value: Any, thing: Any, name: str) -> None:
        """Write an attribute."""
        self.reach(thing, "write", WRITE, (thing, name, value))
        super().set_attribute(value, thing, name)

    def item(self, thing: Any, key: Any) -> Any:
        """Read an item."""
        block = block_of(thing)
        if block is not None:
            self.reach_memory(block, thing, key, READ)
            part = thing[key]
            if isinstance(part, memoryview):
                block.taken(part, thing)
            return part
        self.reach(thing, "read item", READ, (thing, key))
        return super().item(thing, key)

    def set_item(self, value: Any, thing: Any, key: Any) -> None:
        """Write an item."""
        block = block_of(thing)
        if block is not None:
            self.reach_memory(block, thing, key, WRITE, self.look(value))
            thing[key] = value
            return
        self.reach(thing, "write item", WRITE, (thing, key, value))
        super().set_item(value, thing, key)

    def look(self, thing: Any, depth: int = 0) -> Any:
        """Read all of a thing."""
        self.reach(thing, "look", READ, (thing,))
        return super().look(thing, depth)

    def contains(self, item: Any, thing: Any) -> bool:
        """Say whether an item is in a container."""
        if block_of(thing) is not None:
            return any(one == item for one in self.iterate(thing))
        return super().contains(item, thing)

    def iterate(self, thing: Any) -> Any:
        """Return what a ``for`` goes through: one step for each item of shared memory."""
        if isinstance(thing, ctypes.Array) or block_of(thing) is not None:
            return (self.item(thing, number) for number in range(len(thing)))
        return super().iterate(thing)
