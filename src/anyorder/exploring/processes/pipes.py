"""Pipes between processes.

Bytes come out of a pipe in the order in which they went in: a read depends on the write whose bytes
it takes, and not on later ones. That a pipe may be full is left out until it turns out that it can
be: then the search begins again, and every read and write of that pipe depend on each other.

A full pipe is that of Linux (https://man7.org/linux/man-pages/man7/pipe.7.html): 16 pages of 4,096
bytes; up to a page is written as a whole, or not yet; what is longer goes in page by page.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from anyorder.exploring.events import READ, WRITE
from anyorder.exploring.spin import Wait

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from anyorder.exploring.events import Event, Footprint
    from anyorder.exploring.machine import Machine
    from anyorder.exploring.processes.computer import Computer
    from anyorder.exploring.processes.library import ProcessLibrary
    from anyorder.exploring.sharing import Sharing

__all__ = ["Blocked", "Pipe", "Pipes"]

PAGE = 4_096  # bytes
PAGES = 16
FIRST_HANDLE = 1_000_000  # no number that the system gives to a real one
SOCKET_ROOM = 100_000  # bytes that surely fit into a pair of sockets


class Blocked(Wait):
    """What a thread waits for that the operating system does not let go on."""


class Pipe:
    """One direction of bytes.

    Args:
        machine: where its processes run
        socket: whether it is one half of a pair of sockets
    """

    def __init__(self, machine: Computer, *, socket: bool) -> None:
        self.label = ("pipe", *machine.label())
        self.socket = socket
        self.pages: deque[bytearray] = deque()
        self.size = 0  # bytes that nobody has read yet
        self.writes: deque[tuple[int, int]] = deque()  # not wholly read: from byte, up to byte
        self.first = 0  # the number of the first write that is not wholly read
        self.written = 0  # bytes in all
        self.read = 0
        self.crowded = False  # whether it may be full, in some execution
        self.closed = False  # whether any process has closed an end to write to
        self.bytes = (self.label, "bytes")
        machine.counter(self.bytes, 0)

    def fits(self, count: int) -> bool:
        """Whether so many bytes, at most a page, can be written now."""
        if self.pages and len(self.pages[-1]) + count <= PAGE:
            return True
        return len(self.pages) < PAGES

    def put(self, data: bytes) -> int:
        """Put in as much as fits, and return how much that is."""
        done = 0
        rest = len(data) % PAGE
        if rest and self.pages and len(self.pages[-1]) + rest <= PAGE:
            self.pages[-1] += data[:rest]
            done = rest
        while done < len(data) and (len(self.pages) < PAGES or not self.crowded):
            self.pages.append(bytearray(data[done : done + PAGE]))
            done += len(self.pages[-1])
        self.size += done
        self.writes.append((self.written, self.written + done))
        self.written += done
        return done

    def take(self, count: int) -> tuple[bytes, list[int]]:
        """Take out up to so many bytes, and return them with the numbers of their writes."""
        result = bytearray()
        while self.pages and len(result) < count:
            page = self.pages[0]
            wanted = count - len(result)
            result += page[:wanted]
            if wanted < len(page):
                del page[:wanted]
            else:
                self.pages.popleft()
        self.size -= len(result)
        self.read += len(result)
        numbers = [
            self.first + place for place, (start, _) in enumerate(self.writes) if start < self.read
        ]
        while self.writes and self.writes[0][1] <= self.read:
            self.writes.popleft()
            self.first += 1
        return bytes(result), numbers


class Pipes:
    """All pipes of a computer, and the handles by which processes reach them.

    Args:
        machine: the computer
    """

    sharing: Sharing

    def __init__(self, machine: Computer) -> None:
        self.machine = machine
        self.begin()

    def begin(self) -> None:
        """Forget all pipes, for a new execution."""
        self.reading: dict[int, Pipe] = {}
        self.writing: dict[int, Pipe] = {}
        self.last = FIRST_HANDLE

    def handle(self) -> int:
        """Return a handle that nothing has yet."""
        self.last += 1
        return self.last

    def pipe(self) -> tuple[int, int]:
        """Make a pipe, and return the handles of its end for reading and of that for writing."""
        pipe = Pipe(self.machine, socket=False)
        reader, writer = self.handle(), self.handle()
        self.reading[reader] = self.writing[writer] = pipe
        return reader, writer

    def pair(self) -> tuple[int, int]:
        """Make two ends, each for reading what the other writes."""
        there, back = Pipe(self.machine, socket=True), Pipe(self.machine, socket=True)
        one, other = self.handle(), self.handle()
        self.writing[one] = self.reading[other] = there
        self.writing[other] = self.reading[one] = back
        return one, other

    def dup(self, handle: int) -> int:
        """Return another handle of the same end."""
        new = self.handle()
        for ends in (self.reading, self.writing):
            if handle in ends:
                ends[new] = ends[handle]
        return new

    def close(self, handle: int) -> None:
        """Let go of a handle. What comes of reading up to the end is refused: see ``ended``."""
        if handle in self.writing:
            self.writing[handle].closed = True

    def ended(self, event: Event) -> bool:
        """Whether an announced event waits for bytes from a pipe whose other end may be closed."""
        return event.kind == "read from pipe" and event.about.closed

    def crowded(self, pipe: Pipe) -> bool:
        """Whether a pipe can be full in any execution."""
        pipe.crowded = (pipe.label, "full") in self.sharing.places
        return pipe.crowded

    def write(self, handle: int, data: Any) -> int:
        """Write bytes, waiting for room, and return how many they were."""
        pipe = self.writing[handle]
        data = bytes(data)
        machine = self.machine
        if not self.crowded(pipe):
            event = machine.happen(
                "write to pipe", (((pipe.label, "tail"), WRITE),), about=(pipe, data)
            )
            number = pipe.first + len(pipe.writes)
            event.footprint += (((pipe.label, number), WRITE),)
            self.add(event, pipe, data)
            if pipe.written > (SOCKET_ROOM if pipe.socket else PAGE * (PAGES - 1)):
                if pipe.socket:
                    machine.refuse(
                        "so much is sent through this pipe that it may be full: use "
                        "Pipe(duplex=False), whose room is known"
                    )
                self.sharing.places.add((pipe.label, "full"))
                self.sharing.grown = True
            return len(data)
        done = 0
        while done < len(data):
            rest = data[done:]
            event = machine.happen("write to pipe", ((pipe.label, WRITE),), about=(pipe, rest))
            if pipe.fits(min(len(rest), PAGE)):
                done += self.add(event, pipe, rest)
            else:
                self.wait_for_change(event, ((pipe.label, READ),))
        return done

    def add(self, event: Event, pipe: Pipe, data: bytes) -> int:
        """Let an event put bytes into a pipe, and return how many it did."""
        done = pipe.put(data)
        effects = ((pipe.bytes, False, done),)
        event.effects += effects
        self.machine.apply(effects)
        return done

    def read(self, handle: int, count: int) -> bytes:
        """Read up to so many bytes, waiting for the first."""
        pipe = self.reading[handle]
        machine = self.machine
        crowded = self.crowded(pipe)
        place = pipe.label if crowded else (pipe.label, "head")
        event = machine.happen("read from pipe", ((place, WRITE),), ((pipe.bytes, 1),), about=pipe)
        data, numbers = pipe.take(count)
        if not crowded:
            event.footprint += tuple(((pipe.label, number), READ) for number in numbers)
        effects = ((pipe.bytes, False, -len(data)),)
        event.effects += effects
        machine.apply(effects)
        return data

    def wait_for_change(self, event: Event, reads: Footprint) -> None:
        """Let an event have been an attempt in vain, and the next one wait for a change."""
        machine = self.machine
        event.widest = event.footprint
        event.footprint = (*reads, *event.footprint[len(reads) :])
        machine.current.waits_for = Blocked(machine.current.tid, reads, len(machine.events))

    def looked_at(self, handle: int) -> Footprint:
        """Return what looking whether there is anything to read touches."""
        pipe = self.reading[handle]
        if self.crowded(pipe):
            return ((pipe.label, READ),)
        return (((pipe.label, "head"), READ), ((pipe.label, "tail"), READ))

    # -- multiprocessing's own -----------------------------------------------------------------

    def calls(self, library: ProcessLibrary) -> dict[str, Callable[..., None]]:
        """Return what is done to the modules that have to do with pipes."""

        def connection(_: Machine, module: ModuleType) -> None:
            names = vars(module)
            make = names["Connection"]
            names["_ConnectionBase"].__del__ = lambda _: None
            pipe = names["Pipe"]

            def new_pipe(duplex: bool = True) -> tuple[Any, Any]:
                if not duplex:
                    return pipe(duplex)  # type: ignore[no-any-return]
                one, other = self.pair()
                return make(one), make(other)

            names["Pipe"] = new_pipe
            names["wait"] = self.wait
            for name in ("Listener", "Client"):
                names[name] = library.refusing(f"multiprocessing.connection.{name}", "is a socket")

        return {"multiprocessing.connection": connection}

    def wait(self, objects: Any, timeout: float | None = None) -> list[Any]:
        """Do what ``multiprocessing.connection.wait`` does: return which of these are ready."""
        machine = self.machine
        things = list(objects)
        handles = [thing if isinstance(thing, int) else thing.fileno() for thing in things]
        touched = tuple(place for handle in handles for place in self.touched(handle))
        while True:
            event = machine.happen("look", touched, about=("what is ready",))
            pairs = zip(things, handles, strict=True)
            ready = [thing for thing, handle in pairs if self.is_ready(handle)]
            if ready or timeout is not None:
                break
            self.wait_for_change(event, touched)
        if not ready:
            machine.current.local_time += max(timeout or 0, 0)
        return ready

    def touched(self, handle: int) -> Footprint:
        """Return what looking whether a handle is ready touches."""
        if handle in self.reading:
            return self.looked_at(handle)
        return ((("exited", -handle), READ),)

    def is_ready(self, handle: int) -> bool:
        """Whether a pipe has anything to read, or a process has ended."""
        if handle in self.reading:
            return bool(self.reading[handle].size)
        return self.machine.processes[-handle].status is not None
