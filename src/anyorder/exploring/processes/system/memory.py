"""Named blocks of memory: ``multiprocessing.shared_memory``.

A block is one array of bytes here, which all who attach to it see. Reading a byte or a slice of it
is an event, and so is writing one. What is in a short slice is known byte by byte, so that
processes with a part each do not get in each other's way.

The process that cleans up after others is here as what it knows: the names that were registered and
not unlinked. What it prints in the end differs by version and run, so a program that leaves it
anything to do is refused.
"""

from __future__ import annotations

import ctypes
import mmap as real_mmap
import weakref
from types import ModuleType
from typing import TYPE_CHECKING, Any

from anyorder.exploring.engine.events import READ, WRITE, EventKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from anyorder.exploring.engine.events import Event, Footprint
    from anyorder.exploring.processes.system.computer import Computer

__all__ = ["Block", "Memory", "block_of", "extent", "footprint"]

MAKE_MEMORY = EventKind("make memory", says="makes the shared memory {}", waits=None, whole=False)
FIND_MEMORY = EventKind(
    "find memory", says="attaches to the shared memory {}", waits=None, whole=False
)
UNLINK_MEMORY = EventKind(
    "unlink memory", says="unlinks the shared memory {}", waits=None, whole=False
)
SHORT = 16  # bytes, up to which a slice is known byte by byte
O_CREAT = 0o100  # Linux's


class Block(bytearray):
    """A block of memory with a name; what has a view of it finds it by the view."""

    name: str
    open: bool  # whether its name can still be attached to
    views: list[tuple[weakref.ref[memoryview], Mapping]]  # that were taken, and of which mapping

    def taken(self, part: memoryview, whole: memoryview) -> None:
        """Note a part that the program has taken of a view."""
        for view, mapping in self.views:
            if view() is whole:
                self.views.append((weakref.ref(part), mapping))
                return


class Mapping:
    """What ``mmap.mmap`` returns for a block: one process's way to it.

    Args:
        block: what is mapped
    """

    def __init__(self, block: Block) -> None:
        self.block = block

    def view(self) -> memoryview:
        """Return what ``memoryview`` would."""
        view = memoryview(self.block)
        self.block.views.append((weakref.ref(view), self))
        return view

    def close(self) -> None:
        """Close this way to the block.

        Raises:
            BufferError: the program still has a part of it
        """
        if any(mapping is self and is_there(view()) for view, mapping in self.block.views):
            raise BufferError("cannot close exported pointers exist")


def is_there(view: memoryview | None) -> bool:
    """Whether a view has not been let go of."""
    try:
        return view is not None and view.nbytes >= 0
    except ValueError:
        return False


def block_of(thing: Any) -> Block | None:
    """Return the block that a view is of, and ``None`` for anything else."""
    if type(thing) is not memoryview or not is_there(thing):
        return None
    return thing.obj if isinstance(thing.obj, Block) else None


def extent(view: memoryview) -> range:
    """Return which bytes of its block a view shows."""
    block: Any = view.obj
    if not view.nbytes:
        return range(0)
    if not view.contiguous or view.readonly:
        return range(len(block))
    first, base = (ctypes.addressof(ctypes.c_char.from_buffer(one)) for one in (view, block))
    return range(first - base, first - base + view.nbytes)


def footprint(block: Block, numbers: range, *, writes: bool) -> Footprint:
    """Return what reading or writing some bytes of a block touches."""
    long_reads, long_writes = ("memory", block.name, "reads"), ("memory", block.name, "writes")
    if len(numbers) > SHORT:
        return ((long_reads, WRITE), (long_writes, WRITE)) if writes else ((long_reads, "long"),)
    short = (long_reads, "short") if writes else (long_writes, "short")
    mode = WRITE if writes else READ
    return (short, *((("memory", block.name, number), mode) for number in numbers))


class Memory:
    """All named blocks of a computer.

    Args:
        machine: the computer
    """

    def __init__(self, machine: Computer) -> None:
        self.machine = machine
        self.begin()

    def begin(self) -> None:
        """Forget all, for a new execution."""
        self.blocks: list[Block] = []
        self.trackers: list[set[str]] = []

    # -- the operating system's calls ----------------------------------------------------------

    def find(self, name: str) -> Block | None:
        """Return the block that has a name now."""
        return next((one for one in self.blocks if one.open and one.name == name), None)

    def reach(self, kind: EventKind, name: str, mode: int) -> Event:
        """Make an event of what is done with a name."""
        return self.machine.happen(kind, ((("memory", name, "name"), mode),), about=name[1:])

    def open(self, name: str, flags: int, mode: int) -> int:  # noqa: ARG002 - who may is not asked
        """Make a block, or find one, and return a descriptor, which nobody need close."""
        creates = bool(flags & O_CREAT)
        self.reach(MAKE_MEMORY if creates else FIND_MEMORY, name, WRITE if creates else READ)
        block = self.find(name)
        if creates:
            if block is not None:
                raise FileExistsError(17, "File exists", name)
            block = Block()
            block.name, block.open, block.views = name, True, []
            self.blocks.append(block)
        elif block is None:
            raise FileNotFoundError(2, "No such file or directory", name)
        return -1 - self.blocks.index(block)

    def unlink(self, name: str) -> None:
        """Take the name of a block away; those who are attached to it stay so."""
        self.reach(UNLINK_MEMORY, name, WRITE)
        block = self.find(name)
        if block is None:
            raise FileNotFoundError(2, "No such file or directory", name)
        block.open = False

    def resize(self, descriptor: int, size: int) -> None:
        """Give a new block its size."""
        self.blocks[-1 - descriptor].extend(bytes(size))

    def stat(self, descriptor: int) -> Any:
        """Return what tells the size of a block."""
        status = ModuleType("status")
        status.st_size = len(self.blocks[-1 - descriptor])  # type: ignore[attr-defined]
        return status

    def map(self, descriptor: int, size: int) -> Mapping:  # noqa: ARG002 - all of it
        """Map a block."""
        return Mapping(self.blocks[-1 - descriptor])

    def token(self, count: int) -> str:
        """Return what makes a name: one that is the same in each execution."""
        thread, made = self.machine.label()
        return f"{thread:02x}{made:0{2 * count - 2}x}"[: 2 * count]

    def stands(self) -> dict[str, ModuleType]:
        """Return the modules that ``shared_memory`` gets in place of the real ones."""
        posix, mmap, secrets = (ModuleType(one) for one in ("_posixshmem", "mmap", "secrets"))
        vars(posix).update(shm_open=self.open, shm_unlink=self.unlink)
        vars(mmap).update({**vars(real_mmap), "mmap": self.map})
        vars(secrets).update(token_hex=self.token)
        return {"_posixshmem": posix, "mmap": mmap, "secrets": secrets}

    def calls(self) -> dict[str, Callable[..., None]]:
        """Return what is done to the module once it is loaded."""

        def shared_memory(_: Any, module: ModuleType) -> None:
            names = vars(module)
            names["memoryview"] = Mapping.view

            def refuse(*_: object, **__: object) -> None:
                self.machine.refuse("a ShareableList is not simulated: use SharedMemory, or Array")

            names["ShareableList"].__init__ = refuse

        return {"multiprocessing.shared_memory": shared_memory}

    # -- the process that cleans up ------------------------------------------------------------

    def tracked(self) -> set[str]:
        """Return the names that the current process's tracker knows; it begins when needed."""
        process = self.machine.process
        if process.tracker is None:
            process.tracker = set()
            self.trackers.append(process.tracker)
        return process.tracker

    def register(self, name: str, kind: str) -> None:
        """Tell the tracker of a block."""
        if kind == "shared_memory":
            self.tracked().add(name)

    def unregister(self, name: str, kind: str) -> None:
        """Make the tracker forget a block."""
        if kind == "shared_memory":
            if name not in self.tracked():
                self.machine.refuse(
                    "the process that unlinks this memory has a resource tracker that does not "
                    "know it, and complains: unlink where it was made"
                )
            self.tracked().discard(name)

    def left_behind(self) -> bool:
        """Whether a tracker has anything to clean up, and to complain of."""
        return any(self.trackers)

    def tracker(self) -> ModuleType:
        """Return what stands for ``multiprocessing.resource_tracker``."""
        module = ModuleType("multiprocessing.resource_tracker")

        class ResourceTracker:
            _fd = None

        def nothing(*_: object) -> None:
            """Do nothing."""

        vars(module).update(
            ResourceTracker=ResourceTracker,
            _resource_tracker=ResourceTracker(),
            ensure_running=nothing,
            register=self.register,
            unregister=self.unregister,
            getfd=nothing,
        )
        return module
