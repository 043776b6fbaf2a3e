"""What is shared: places that two threads reach, one of them to write, in no fixed order.

Most of what a program touches is one thread's alone, or was finished before other threads began:
the list of threads, an attribute that ``__init__`` sets. Making events of those would cost time and
bury the story. So an exploration begins with nothing shared. It notes who touches what, and when
two threads touch one place, at least one of them to change it, and neither starts nor joins put one
before the other, the place is shared from then on and the search begins again.

It is sound: were there an interleaving, not explored, in which two threads touch a place that is
not shared, look at the first such pair. All before it went as in some explored execution, where the
two come in one order or the other, and are noticed there. (This is the argument of data-race
detection in stateless model checkers: Flanagan and Freund, "FastTrack", PLDI 2009, for the epochs;
here only starts and joins order anything, so that what a lock guards is shown as well.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from anyorder.exploring.engine.events import READ, WRITE

if TYPE_CHECKING:
    from anyorder.exploring.engine.events import Place
    from anyorder.exploring.engine.threads import SimulatedThread

__all__ = ["Sharing"]

OTHER = 2  # where the epoch of an access in any mode but READ and WRITE stands, which are 0 and 1


class Host(Protocol):
    """Whatever threads run on.

    Attributes:
        current: the thread that goes now
        threads: those that have been started
    """

    current: SimulatedThread
    threads: list[SimulatedThread]


class Sharing:
    """Notes which places are shared, over all executions of one exploration.

    Args:
        machine: where the program's threads run
    """

    def __init__(self, machine: Host) -> None:
        self.machine = machine
        self.places: set[Place] = set()
        self.grown = False  # whether a place was found to be shared in this execution
        self.touched: dict[Place, dict[int, list[int]]] = {}

    def begin(self) -> None:
        """Forget who touched what, for a new execution."""
        self.touched = {}
        self.grown = False

    def touch(self, place: Place, mode: object) -> bool:
        """Note an access by the current thread, and return whether the place is shared.

        Args:
            place: what is touched
            mode: ``READ``, ``WRITE``, or a mode of its own that commutes with itself
        """
        machine = self.machine
        thread = machine.current
        if mode == READ:
            kind = 0
        else:
            kind = 1 if mode == WRITE else OTHER
            thread.writes += 1
        if place in self.places:
            return True
        if len(machine.threads) == 1:
            return False  # whoever comes later is started after it
        threads = self.touched.get(place)
        if threads is None:
            epochs = [-1, -1, -1]
            epochs[kind] = thread.epoch
            self.touched[place] = {thread.tid: epochs}
            return False
        own = threads.get(thread.tid)
        if own is None:
            own = threads[thread.tid] = [-1, -1, -1]
        elif own[kind] == thread.epoch:
            return False  # whoever has touched it since then has noticed this thread's access
        own[kind] = thread.epoch
        if len(threads) == 1 or in_order(thread, kind, threads):
            return False
        self.share(place)
        return True

    def share(self, place: Place) -> None:
        """Note that a place is shared: the search begins again where that was not known."""
        if place not in self.places:
            self.places.add(place)
            self.grown = True


def in_order(thread: SimulatedThread, kind: int, threads: dict[int, list[int]]) -> bool:
    """Whether starts and joins put an access after all of other threads that it depends on.

    Args:
        thread: whose access it is
        kind: 0 for ``READ``, 1 for ``WRITE``, 2 for any other mode
        threads: for each thread, in which epoch it has made its last access of each kind
    """
    for tid, (read, write, other) in threads.items():
        if tid == thread.tid:
            continue
        known = thread.clock.get(tid, -1)
        if write > known or (kind != 0 and read > known) or (kind != OTHER and other > known):
            return False
    return True
