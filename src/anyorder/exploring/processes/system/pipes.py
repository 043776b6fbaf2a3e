"""Pipes between processes.

Bytes come out of a pipe in the order in which they went in: a read depends on the write whose bytes
it takes, and not on later ones. That a pipe may be full is left out until it turns out that it can
be: then the search begins again, and every read and write of that pipe depend on each other.
"""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING, Any

from anyorder.exploring.engine.events import READ, WRITE, EventKind
from anyorder.exploring.engine.spinning import Wait
from anyorder.exploring.processes.system.descriptors import READERS, WRITERS
from anyorder.exploring.processes.system.pipe import BYTE, PAGE, PAGES, Pipe

if TYPE_CHECKING:
    from collections.abc import Callable

    from anyorder.exploring.engine.events import Event, Footprint, Teller
    from anyorder.exploring.processes.system.computer import Computer
    from anyorder.exploring.processes.system.descriptors import Descriptors

__all__ = ["Blocked", "Pipes"]


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
SOCKET_ROOM = 100_000  # bytes that surely fit into a pair of sockets


class Blocked(Wait):
    """What a thread waits for that the operating system does not let go on."""

    says = None


class Pipes:
    """All pipes of a computer.

    Args:
        machine: the computer
        descriptors: the numbers by which processes reach them
    """

    def __init__(self, machine: Computer, descriptors: Descriptors) -> None:
        self.machine = machine
        self.descriptors = descriptors

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
        return self.machine.is_shared((pipe.label, "shows"))

    def show(self, pipe: Pipe) -> None:
        """Make all of it show; where it did not, the search begins again."""
        if pipe.queue:
            self.machine.share((pipe.label, "shows"))

    def write(self, handle: int, data: Any) -> int:
        """Write bytes, waiting for room, and return how many they were.

        Raises:
            BrokenPipeError: nobody can read them any more
        """
        pipe = self.descriptors.writing[handle]
        data = bytes(data)
        machine = self.machine
        if not pipe.crowded:
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
                machine.share((pipe.label, "full"))
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
        """Put bytes into a pipe by an event, and return how many fitted."""
        done = pipe.put(data)
        effects = ((pipe.ready, False, done * BYTE),)
        self.machine.affect(event, effects)
        return done

    def read(self, handle: int, count: int) -> bytes:
        """Read up to so many bytes, waiting for the first; none where no more can come.

        Raises:
            ConnectionResetError: the other side was closed before it had read all
        """
        pipe = self.descriptors.reading[handle]
        machine = self.machine
        place = pipe.label if pipe.crowded else (pipe.label, "head")
        self.descriptors.watch(pipe, WRITERS)
        event = machine.happen(READ_FROM_PIPE, ((place, WRITE),), ((pipe.ready, 1),), about=pipe)
        if not pipe.size:
            self.descriptors.watched(event, pipe, WRITERS)
            if pipe.reset:
                pipe.reset = False
                raise ConnectionResetError(errno.ECONNRESET, os.strerror(errno.ECONNRESET))
            return b""
        data, numbers = pipe.take(count)
        if not pipe.crowded:
            event.footprint += tuple(((pipe.label, number), READ) for number in numbers)
        effects = ((pipe.ready, False, -len(data) * BYTE),)
        machine.affect(event, effects)
        return data

    def check_readers(self, event: Event, pipe: Pipe) -> None:
        """Fail at an event that writes to a pipe that nobody can read from any more."""
        self.descriptors.watched(event, pipe, READERS)
        if not pipe.readers:
            raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))

    def wait_for_change(self, event: Event, reads: Footprint) -> None:
        """Turn an event into an attempt in vain, and make the next one wait for a change."""
        machine = self.machine
        event.widen(event.footprint)
        event.footprint = (*reads, *event.footprint[len(reads) :])
        machine.current.waits_for = Blocked(machine.current.tid, [(len(machine.events), reads)])

    def looked_at(self, handle: int) -> Footprint:
        """Return what is touched by asking whether there is anything to read."""
        pipe = self.descriptors.reading[handle]
        self.show(pipe)
        seen = self.descriptors.watch(pipe, WRITERS)
        if pipe.crowded:
            return ((pipe.label, READ), *seen)
        return (((pipe.label, "head"), READ), ((pipe.label, "tail"), READ), *seen)
