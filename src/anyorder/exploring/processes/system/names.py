"""The names of locks, by which children that are not forked find them.

Under ``spawn`` and ``forkserver`` the process that makes a lock gives it a name, and takes the name
away as it lets go of the lock, or exits: before it waits for its children. A child finds the lock
as it unpacks what was sent to it, right after it has begun; where the name is gone by then, it
fails. What is inside a queue, a condition or a ``Value`` is such a lock too.

Both are events only where they may come in either order, which is found as for any other place (see
``sharing``); where the maker has joined the child, they cannot. Names that are taken away one after
another go in one event, and what a child looks up as it begins is looked up by that event: nobody
can see what is between.
"""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

from anyorder.exploring.engine.events import READ, WRITE, EventKind
from anyorder.exploring.library.threading import BEGIN

if TYPE_CHECKING:
    from anyorder.exploring.engine.events import Footprint, Place
    from anyorder.exploring.processes.system.computer import Computer
    from anyorder.exploring.processes.system.process import SimulatedProcess

__all__ = ["Names"]

FIND_LOCK = EventKind("find lock", says="finds a lock by its name", waits=None, whole=False)
UNLINK_LOCK = EventKind(
    "unlink lock", says="takes the names from its locks", waits=None, whole=False
)


class Names:
    """The names of all locks of a computer.

    Args:
        machine: the computer
    """

    def __init__(self, machine: Computer) -> None:
        self.machine = machine
        self.begin()

    def begin(self) -> None:
        """Forget all, for a new execution."""
        self.places: dict[str, Place] = {}
        self.makers: dict[str, SimulatedProcess] = {}  # of the names that are not taken away
        self.sent: list[Place] = []  # with what is being pickled for a child

    def add(self, name: str, semaphore: Place) -> None:
        """Give a semaphore a name."""
        self.places[name] = ("name", semaphore)
        self.makers[name] = self.machine.process

    def send(self, name: str) -> None:
        """Note that a name is pickled for a child."""
        self.sent.append(self.places[name])

    def taken(self) -> Footprint:
        """Return what a child reads as it begins: what was pickled for it, as far as it matters."""
        places, self.sent = dict.fromkeys(self.sent), []
        return tuple((place, READ) for place in places if self.machine.is_shared(place))

    def find(self, name: str) -> None:
        """Find a semaphore by its name.

        Raises:
            FileNotFoundError: the name was taken away
        """
        self.reach(FIND_LOCK, self.places[name], READ)
        if name not in self.makers:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))

    def drop(self, name: str) -> None:
        """Take a name away."""
        if self.machine.going and name in self.makers:
            self.reach(UNLINK_LOCK, self.places[name], WRITE)
            del self.makers[name]

    def reach(self, kind: EventKind, place: Place, mode: int) -> None:
        """Make an event of it where others can tell; one, for several names in a row."""
        machine = self.machine
        if not machine.touch(place, mode):
            return
        last = machine.current.last
        if last is None or (last.kind not in {kind, BEGIN}):
            machine.happen(kind, ((place, mode),))
        elif (place, mode) not in last.footprint:
            last.footprint += ((place, mode),)

    def left_behind(self) -> bool:
        """Whether a process has ended without taking away its names, which is complained of."""
        return any(process.status is not None for process in self.makers.values())
