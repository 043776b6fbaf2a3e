"""Locks that a thread has for a moment only, in which another one may fork.

A call of the library that is one event (see ``calls``) has the lock of its object meanwhile, and so
has a thread the lock of a stream while the system writes what was in the buffer. No thread of the
same process can tell. A child can that is forked at such a moment: in it the lock is taken for
good, and whoever needs it waits for ever.

So where a process is forked while other threads go on, a call is preceded by an event at which it
takes its lock. What can be read without the lock (whether an ``Event`` is set) may have changed
before the lock is let go of: then that is an event too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from anyorder.exploring.engine.events import READ, EventKind
from anyorder.exploring.library.locks import ACQUIRE
from anyorder.exploring.library.wrapping import Original, wrapped

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from anyorder.exploring.engine.events import Footprint, Gate, Place
    from anyorder.exploring.engine.machine import Machine
    from anyorder.exploring.engine.threads import SimulatedThread

__all__ = ["BriefLocks"]

LOCK_INSIDE = EventKind("lock inside", says="takes the lock inside {}", waits=None, whole=False)
UNLOCK_INSIDE = EventKind(
    "unlock inside", says="lets go of the lock inside {}", waits=None, whole=False
)
NEVER = "never"  # a counter that stays at zero


class BriefLocks:
    """The locks that threads of a computer have for a moment.

    Args:
        machine: the computer
        changing: returns what a change by the current thread touches of its process's memory
    """

    def __init__(self, machine: Machine, changing: Callable[[], Footprint]) -> None:
        self.machine = machine
        self.changing = changing
        self.begin()

    def begin(self) -> None:
        """Forget all, for a new execution."""
        self.held: dict[int, Any] = {}  # by the number of the thread: the lock
        self.waited_for: set[Place] = set()  # what a child has a copy of, with a thread that waits

    def enter(self, thing: Any, lock: Any) -> None:
        """Take a lock by the current thread, which has it until its next event has happened."""
        machine = self.machine
        footprint = self.changing()
        if footprint and not machine.current.atomic:
            machine.happen(LOCK_INSIDE, footprint, about=thing)
            self.held[machine.current.tid] = lock

    def leave(self, thing: Any, lock: Any) -> None:
        """Hold a lock by the current thread, and let go of it at an event of its own."""
        machine = self.machine
        footprint = self.changing()
        if footprint and not machine.current.atomic:
            self.held[machine.current.tid] = lock
            machine.happen(UNLOCK_INSIDE, footprint, about=thing)

    def happened(self, thread: SimulatedThread) -> None:
        """Note that an event of a thread has happened."""
        self.held.pop(thread.tid, None)

    def holder(self, lock: Any) -> SimulatedThread | None:
        """Return the thread that has a lock, as a fork by the current one finds it."""
        machine = self.machine
        for tid, one in self.held.items():
            thread = machine.numbered[tid]
            if one is lock and thread is not machine.current:
                return thread
        return None

    def wait_for_good(self, lock: Any) -> None:
        """Wait for a lock that nobody lets go of."""
        self.machine.happen(ACQUIRE, ((NEVER, READ),), ((NEVER, 1),), (), lock)

    # -- threads that wait at a fork -----------------------------------------------------------

    def note_waiting(self, place: Place, copied: Place) -> None:
        """Note whether another thread waits for something as the current one forks.

        In the child it is still among those that are to be woken, in place of one that is there.
        """
        machine = self.machine
        for thread in machine.threads:
            event = thread.event
            if event is None or thread is machine.current or machine.can_happen(event):
                continue
            if is_gate(event.gates, place):
                self.waited_for.add(copied)

    def look_at_gates(self, gates: tuple[Gate, ...]) -> None:
        """Call the exploration incomplete where a thread may be passed over for one of a parent."""
        machine = self.machine
        if any(is_gate(gates, place) for place in self.waited_for) and any(
            machine.counters.get(place, 0) < needed for place, needed in gates
        ):
            machine.unfollowed = (
                "a process is forked while a thread waits for something that threads of the child "
                "wait for too, and which of them is woken was not explored"
            )

    # -- the calls of the library --------------------------------------------------------------

    def threading_calls(self, module: ModuleType) -> None:
        """Make the calls of ``threading`` hold their locks for a moment."""
        names = vars(module)

        def lock_of(thing: Any) -> Any:
            return thing._cond._lock

        self.hold_lock(names["Event"], ("wait",), lock_of)
        self.hold_lock(names["Event"], ("set", "clear"), lock_of, shows=True)
        self.hold_lock(names["Semaphore"], ("acquire", "release"), lock_of)
        self.hold_lock(names["BoundedSemaphore"], ("release",), lock_of)
        names["Semaphore"].__enter__ = names["Semaphore"].acquire
        self.hold_lock(names["Barrier"], ("wait",), lock_of)
        self.hold_lock(names["Barrier"], ("reset", "abort"), lock_of, shows=True)

    def queue_calls(self, module: ModuleType) -> None:
        """Make the calls of ``queue`` do so."""
        cls = vars(module)["Queue"]
        calls = ("put", "get", "task_done", "join", "qsize", "empty", "full", "shutdown")
        self.hold_lock(cls, [name for name in calls if hasattr(cls, name)], lambda one: one.mutex)

    def future_calls(self, module: ModuleType) -> None:
        """Make the calls of a ``Future`` do so."""
        calls = (
            "result", "exception", "cancelled", "running", "done", "add_done_callback", "cancel",
            "set_exception", "set_result", "set_running_or_notify_cancel",
        )  # fmt: skip
        self.hold_lock(vars(module)["Future"], calls, lambda future: future._condition._lock)

    def hold_lock(
        self, cls: type, names: Any, lock_of: Callable[[Any], Any], *, shows: bool = False
    ) -> None:
        """Make calls hold the lock of their object for a moment.

        Args:
            cls: the class of the objects
            names: the methods
            lock_of: gives the lock of an object
            shows: whether what they change can be read without the lock
        """
        machine = self.machine
        for name in names:

            @wrapped(cls, name)
            def call(thing: Any, *args: Any, original: Original, **kwargs: Any) -> Any:
                if getattr(thing, "_ao_place", None) is None:
                    return original(thing, *args, **kwargs)
                lock = lock_of(thing)
                owner = lock.owner
                if owner is not None and owner.home != machine.current.home:
                    self.wait_for_good(thing)
                self.enter(thing, lock)
                result = original(thing, *args, **kwargs)
                if shows:
                    self.leave(thing, lock)
                return result


def is_gate(gates: tuple[Gate, ...], place: Place) -> bool:
    """Whether an event waits for a place, or for a part of it."""
    return any(
        waits == place or (isinstance(waits, tuple) and waits[0] == place) for waits, _ in gates
    )
