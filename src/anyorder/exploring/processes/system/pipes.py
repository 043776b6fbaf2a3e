"""Pipes between processes.

Bytes come out of a pipe in the order in which they went in: a read depends on the write whose bytes
it takes, and not on later ones. That a pipe may be full is left out until it turns out that it can
be: then the search begins again, and every read and write of that pipe depend on each other.

A full pipe is that of Linux (https://man7.org/linux/man-pages/man7/pipe.7.html): 16 pages of 4,096
bytes; up to a page is written as a whole, or not yet; what is longer goes in page by page.
"""

from __future__ import annotations

import errno
import os
from collections import deque
from typing import TYPE_CHECKING, Any

from anyorder.exploring.engine.events import READ, WRITE, EventKind
from anyorder.exploring.engine.spinning import Wait
from anyorder.exploring.processes.system.descriptors import READERS, WRITERS, Descriptors

if TYPE_CHECKING:
    from collections.abc import Callable

    from anyorder.exploring.engine.events import Event, Footprint, Teller
    from anyorder.exploring.processes.system.computer import Computer

__all__ = ["Blocked", "Pipe", "Pipes"]


def writes(event: Event, teller: Teller) -> str:
    """Say how much is written to a pipe."""
    pipe, data = event.about
    return f"writes {len(data)} bytes to {teller.name(pipe)}"


def reads(event: Event, teller: Teller) -> Callable[[], str]:
    """Say how much is read from a pipe."""
    pipe = event.about
    before = pipe.read
    return lambda: f"reads {pipe.read - before} bytes from {teller.name(pipe)}"


WRITE_TO_PIPE = EventKind("write to pipe", says=writes, waits="room in {}", whole=False)
READ_FROM_PIPE = EventKind(
    "read from pipe", says=reads, waits="something to read from {}", whole=False
)
PAGE = 4_096  # bytes
PAGES = 16
BYTE = 2**20  # in the counter of what may be read: more than there are descriptors
SOCKET_ROOM = 100_000  # bytes that surely fit into a pair of sockets


class Blocked(Wait):
    """What a thread waits for that the operating system does not let go on."""

    says = None


class Pipe:
    """One direction of bytes.

    Args:
        machine: where its processes run
        socket: whether it is one half of a pair of sockets

    Attributes:
        ready: counts what a reader waits for, which is a byte, or that nobody can write any more:
            ``BYTE`` for each byte, less one for each descriptor to write to but the first
        back: the other half of a pair of sockets
        reset: whether the other side was closed before it had read all
    """

    back: Pipe

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
        self.queue = False  # whether it is a queue's
        self.readers = self.writers = 1  # descriptors
        self.reset = False
        self.ready = (self.label, "ready")
        machine.counter(self.ready, 0)

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

    def __init__(self, machine: Computer) -> None:
        self.machine = machine
        self.descriptors = Descriptors(machine)

    def begin(self) -> None:
        """Forget all pipes, for a new execution."""
        self.descriptors.begin()

    def pipe(self) -> tuple[int, int]:
        """Make a pipe, and return the descriptors for reading from it and for writing to it."""
        self.descriptors.reach_opening()
        pipe = Pipe(self.machine, socket=False)
        return self.descriptors.add(pipe, None), self.descriptors.add(None, pipe)

    def pair(self) -> tuple[int, int]:
        """Make two ends, each for reading what the other writes."""
        self.descriptors.reach_opening()
        there, back = Pipe(self.machine, socket=True), Pipe(self.machine, socket=True)
        there.back, back.back = back, there
        return self.descriptors.add(back, there), self.descriptors.add(there, back)

    def shows(self, pipe: Pipe) -> bool:
        """Whether all that is done to the queue that a pipe belongs to has to show."""
        return (pipe.label, "shows") in self.descriptors.sharing.places

    def show(self, pipe: Pipe) -> None:
        """Let all of it show; where it did not, the search begins again."""
        if pipe.queue and not self.shows(pipe):
            sharing = self.descriptors.sharing
            sharing.places.add((pipe.label, "shows"))
            sharing.grown = True

    def crowded(self, pipe: Pipe) -> bool:
        """Whether a pipe can be full in any execution."""
        pipe.crowded = (pipe.label, "full") in self.descriptors.sharing.places
        return pipe.crowded

    def write(self, handle: int, data: Any) -> int:
        """Write bytes, waiting for room, and return how many they were.

        Raises:
            BrokenPipeError: nobody can read them any more
        """
        pipe = self.descriptors.writing[handle]
        data = bytes(data)
        machine = self.machine
        if not self.crowded(pipe):
            seen = self.descriptors.watch(pipe, READERS)
            event = machine.happen(
                WRITE_TO_PIPE, (((pipe.label, "tail"), WRITE), *seen), about=(pipe, data)
            )
            self.check_readers(event, pipe)
            number = pipe.first + len(pipe.writes)
            event.footprint += (((pipe.label, number), WRITE),)
            self.add(event, pipe, data)
            if pipe.written > (SOCKET_ROOM if pipe.socket else PAGE * (PAGES - 1)):
                if pipe.socket:
                    machine.refuse(
                        "so much is sent through this pipe that it may be full: use "
                        "Pipe(duplex=False), whose room is known"
                    )
                sharing = self.descriptors.sharing
                sharing.places.add((pipe.label, "full"))
                sharing.grown = True
            return len(data)
        done = 0
        while done < len(data):
            rest = data[done:]
            seen = self.descriptors.watch(pipe, READERS)
            footprint = ((pipe.label, WRITE), *seen)
            event = machine.happen(WRITE_TO_PIPE, footprint, about=(pipe, rest))
            self.check_readers(event, pipe)
            if pipe.fits(min(len(rest), PAGE)):
                done += self.add(event, pipe, rest)
            else:
                self.wait_for_change(event, ((pipe.label, READ),))
        return done

    def add(self, event: Event, pipe: Pipe, data: bytes) -> int:
        """Let an event put bytes into a pipe, and return how many it did."""
        done = pipe.put(data)
        effects = ((pipe.ready, False, done * BYTE),)
        event.effects += effects
        self.machine.apply(effects)
        return done

    def read(self, handle: int, count: int) -> bytes:
        """Read up to so many bytes, waiting for the first; none where no more can come.

        Raises:
            ConnectionResetError: the other side was closed before it had read all
        """
        pipe = self.descriptors.reading[handle]
        machine = self.machine
        crowded = self.crowded(pipe)
        place = pipe.label if crowded else (pipe.label, "head")
        self.descriptors.watch(pipe, WRITERS)
        event = machine.happen(READ_FROM_PIPE, ((place, WRITE),), ((pipe.ready, 1),), about=pipe)
        if not pipe.size:
            self.descriptors.watched(event, pipe, WRITERS)
            if pipe.reset:
                pipe.reset = False
                raise ConnectionResetError(errno.ECONNRESET, os.strerror(errno.ECONNRESET))
            return b""
        data, numbers = pipe.take(count)
        if not crowded:
            event.footprint += tuple(((pipe.label, number), READ) for number in numbers)
        effects = ((pipe.ready, False, -len(data) * BYTE),)
        event.effects += effects
        machine.apply(effects)
        return data

    def check_readers(self, event: Event, pipe: Pipe) -> None:
        """Let an event fail that writes to a pipe that nobody can read from any more."""
        self.descriptors.watched(event, pipe, READERS)
        if not pipe.readers:
            raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))

    def wait_for_change(self, event: Event, reads: Footprint) -> None:
        """Let an event have been an attempt in vain, and the next one wait for a change."""
        machine = self.machine
        event.widen(event.footprint)
        event.footprint = (*reads, *event.footprint[len(reads) :])
        machine.current.waits_for = Blocked(machine.current.tid, [(len(machine.events), reads)])

    def looked_at(self, handle: int) -> Footprint:
        """Return what looking whether there is anything to read touches."""
        pipe = self.descriptors.reading[handle]
        self.show(pipe)
        seen = self.descriptors.watch(pipe, WRITERS)
        if self.crowded(pipe):
            return ((pipe.label, READ), *seen)
        return (((pipe.label, "head"), READ), ((pipe.label, "tail"), READ), *seen)
