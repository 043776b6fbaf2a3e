"""What a fork finds: whatever the threads of its process have changed by then.

A forked child has its parent's memory as it is at that moment, and only the thread that forks knows
how far it has come itself. So a fork reads all that the other threads of its process can change:
the memory of a process is one place, which every change touches, and a fork too. Changes commute
with one another there, so all that comes of it is their order with a fork.

What the operating system keeps (semaphores, pipes, who has ended) is no process's memory: it is not
copied. An event that touches anything but that, or nothing that is said, is a change.

As any other place, it makes events of changes only where it turns out to be shared: where a fork
and another thread's change come in no fixed order (see ``sharing``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from anyorder.exploring.engine.events import READ, WRITE
from anyorder.exploring.engine.sharing import Sharing
from anyorder.exploring.engine.threads import ENDED

if TYPE_CHECKING:
    from anyorder.exploring.engine.events import EventKind, Footprint, Mode, Place

__all__ = ["POOL", "ProcessSharing"]

CHANGE = "change"  # the mode of a change of a process's memory
POOL = "pool"  # the first part of the places of a pool of processes
INSIDE = "inside"  # the place ("inside", process) stands for all of its memory
# the first part of the places of what is in no process's memory, or begins anew in a child
OUTSIDE = {
    INSIDE, POOL, "alive", "born", "dead", "ended", "exited", "feed", "memory", "name", "pipe",
    "ready", "semaphore", "shared", "stderr", "stdout",
}  # fmt: skip


def is_outside(place: Place) -> bool:
    """Whether a place is in no process's memory."""
    if isinstance(place, tuple) and place[-1] == ENDED:
        return True  # in a child, all threads but one have ended anyway
    while isinstance(place, tuple):
        place = place[0]
    return place in OUTSIDE


class ProcessSharing(Sharing):
    """Notes which places are shared, and which memory is forked while other threads change it."""

    def touch(self, place: Place, mode: Mode) -> bool:
        """Note an access by the current thread, and return whether it is to be an event."""
        shared = super().touch(place, mode)
        changes = mode != READ and not is_outside(place)
        return (changes and self.change()) or shared

    def change(self) -> bool:
        """Note a change by the current thread, and return whether a fork may find it or not."""
        thread = self.machine.current
        writes = thread.writes
        shared = super().touch((INSIDE, thread.home), CHANGE)
        thread.writes = writes  # whoever touched a place of its own has counted it
        return shared

    def changed(self, kind: EventKind, footprint: Footprint) -> Footprint:
        """Return what an event of the current thread touches of its process's memory.

        Args:
            kind: that of the event
            footprint: what it touches otherwise
        """
        if footprint:
            changes = any(mode != READ and not is_outside(place) for place, mode in footprint)
        else:
            changes = not kind.inert
        return self.changing() if changes else ()

    def changing(self) -> Footprint:
        """Return what a change by the current thread touches, if a fork may find it or not."""
        return (((INSIDE, self.machine.current.home), CHANGE),) if self.change() else ()

    def forked(self) -> Footprint:
        """Return what a fork by the current thread touches."""
        place = (INSIDE, self.machine.current.home)
        return ((place, WRITE),) if self.touch(place, WRITE) else ()
