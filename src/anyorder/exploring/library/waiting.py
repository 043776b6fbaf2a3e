"""The calls of what threads wait with: conditions, events, semaphores and barriers."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from anyorder.exploring.engine.events import READ, WRITE, EventKind, Role, attempted
from anyorder.exploring.engine.unknown import Unknown
from anyorder.exploring.library.wrapping import (
    REPR,
    Original,
    asks,
    attempts,
    hidden,
    reading,
    wait_in_vain,
    waits_a_while,
    wrapped,
)
from anyorder.exploring.versions import ALL

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from anyorder.exploring.engine.events import Effect, Event, Footprint, Gate, Mode, Teller
    from anyorder.exploring.engine.machine import Machine

__all__ = [
    "WAIT_FOR", "WAIT_FOR_A_WHILE", "barrier_calls", "barrier_properties", "condition_calls",
    "event_calls", "notify_calls", "semaphore_calls",
]  # fmt: skip


def notified(event: Event, teller: Teller) -> str:
    """Say what keeps a thread from waking: once it has been notified, the lock alone."""
    condition, waiter = event.about
    if waiter.notified:
        return teller.name(condition._lock)
    return f"a notification on {teller.name(condition)}"


WAIT = EventKind(
    "wait", says="begins to wait on {}, and lets go of its lock", waits=None, whole=False
)
WAKE = EventKind(
    "wake",
    says="is notified on {}, and takes its lock again",
    waits=notified,
    whole=False,
)
WAIT_ENDS = EventKind("wait ends", says="stops waiting on {}", waits=None, whole=False)
REACQUIRE = EventKind("reacquire", says="takes {} again", waits="{}", whole=False)
NOTIFY = EventKind("notify", says="notifies {}", waits=None, whole=False)

SET = EventKind("set", says="sets {}", waits=None, whole=False)
CLEAR = EventKind("clear", says="clears {}", waits=None, whole=False)
IS_SET = EventKind(
    "is_set",
    says=asks("asks whether {} is set", lambda event: bool(event._flag)),
    waits=None,
    whole=False,
)
WAIT_FOR = EventKind("wait for", says="waits for {} to be set", waits="{} to be set", whole=False)
WAIT_FOR_A_WHILE = EventKind(
    "wait for a while",
    says=waits_a_while("waits a while for {} to be set", lambda event: bool(event._flag)),
    waits=None,
    whole=False,
)

ACQUIRE = EventKind("acquire semaphore", says="takes {}", waits="{}", whole=False, role=Role.TAKES)
TRY = EventKind(
    "try semaphore",
    says=attempts(lambda semaphore: semaphore._value > 0),
    waits=None,
    whole=False,
)
RELEASE = EventKind(
    "release semaphore", says="lets go of {}", waits=None, whole=False, role=Role.RELEASES
)

ARRIVE = EventKind("arrive", says="arrives at {}", waits="{}", whole=False)
LEAVE = EventKind("leave", says="leaves {}", waits="the others at {}", whole=False)
TRIP = EventKind("trip", says="lets all go on at {}", waits=None, whole=False)
RESET = EventKind("reset", says="resets {}", waits="{}", whole=False)
ABORT = EventKind("abort", says="breaks {}", waits="{}", whole=False)
N_WAITING = EventKind("n_waiting", says="asks how many wait at {}", waits=None, whole=False)
NUMBER_WAITING = EventKind("number waiting", says="counts who waits at {}", waits=None, whole=False)
BROKEN = EventKind("broken", says="asks whether {} is broken", waits=None, whole=False)
LEAVES = "leaves"  # the mode in which threads leave a barrier, in any order
LEAVING = {1, -1}  # the states of a barrier in which they do, after it was full or was reset


def condition_calls(machine: Machine, module: ModuleType) -> None:  # noqa: C901
    """Make the calls of ``Condition`` events, two or three for a wait."""
    happen = machine.happen

    class Waiter:
        """What a condition keeps for each thread that waits on it."""

        def __init__(self) -> None:
            self.place = ("waiter", *machine.label())
            self.notified = False
            machine.counter(self.place, 0)

        def release(self) -> None:
            self.notified = True
            event = machine.current.last
            effects = ((self.place, False, 1),)
            event.footprint += ((self.place, WRITE),)  # type: ignore[union-attr]
            machine.affect(event, effects)  # type: ignore[arg-type]

    @wrapped(module.Condition, "wait_for")
    def wait_for(
        self: Any,
        predicate: Callable[[], object],
        timeout: Any = None,
        *,
        original: Original,
    ) -> Any:
        if type(timeout) is Unknown:
            timeout = 1.0  # the time may be up whatever it is
        return original(self, machine.follow(predicate), timeout)

    @wrapped(module.Condition, "wait")
    def wait(self: Any, timeout: float | None = None, *, original: Original) -> bool:  # noqa: ARG001
        if not self._is_owned():
            raise RuntimeError("cannot wait on un-acquired lock")
        waiter = Waiter()
        place = waiter.place
        lock = self._lock
        if lock._silent:
            self._waiters.append(waiter)
            return inside(self, waiter, timeout)
        thread = machine.current
        count = getattr(lock, "count", None)
        footprint, gates, take, let_go = lock._places
        happen(WAIT, footprint + waiters_of(machine, self), (), let_go, self)
        self._waiters.append(waiter)
        lock.owner = None
        thread.held.remove(lock)
        if timeout is None:
            woken = (*gates, (place, 1))
            happen(WAKE, (*footprint, (place, READ)), woken, take, (self, waiter))
            notified = True
        else:
            happen(WAIT_ENDS, ((place, WRITE),), about=self)
            notified = waiter.notified
            happen(REACQUIRE, footprint + waiters_of(machine, self), gates, take, lock)
            if not notified:
                wait_in_vain(machine, timeout)
        lock._take()
        if count is not None:
            lock.count = count
        if waiter in self._waiters:
            self._waiters.remove(waiter)
        return notified

    def inside(condition: Any, waiter: Waiter, timeout: float | None) -> bool:
        # A wait on a library object's own condition, which is a barrier's: the call's second half.
        lock, barrier = condition._lock, getattr(condition, "_ao_owner", None)
        owner = barrier and barrier._ao_place
        state = lock._release_save()
        place = waiter.place
        if timeout is None:
            happen(LEAVE, ((place, READ), (owner, LEAVES)), ((place, 1),), about=condition)
        else:
            happen(LEAVE, ((place, WRITE), (owner, WRITE)), about=condition)
            if not waiter.notified:
                wait_in_vain(machine, timeout)
        lock._acquire_restore(state)
        if not waiter.notified:
            condition._waiters.remove(waiter)
        return waiter.notified


def notify_calls(machine: Machine, module: ModuleType) -> None:
    """Make events of notifying who waits on a ``Condition``, and of its repr, which counts them."""

    @wrapped(module.Condition, "notify")
    def notify(self: Any, n: int = 1, *, original: Original) -> None:
        if not self._lock._silent and self._is_owned():
            machine.happen(NOTIFY, waiters_of(machine, self), about=self)
        original(self, n)

    @wrapped(module.Condition, "__repr__")
    def show(self: Any, *, original: Original) -> str:
        if not self._lock._silent:
            machine.happen(REPR, waiters_of(machine, self, READ), about=self)
        return str(original(self))


def waiters_of(machine: Machine, condition: Any, mode: Mode = "changes") -> Footprint:
    """Return what touches how many wait on a condition, which its repr alone shows without lock."""
    place = (condition._lock._ao_label, "waiters")
    return ((place, mode),) if machine.touch(place, mode) else ()


def event_calls(machine: Machine, module: ModuleType) -> None:
    """Make the calls of ``Event`` events."""
    happen = machine.happen
    hidden(machine, module.Event, "__init__")

    @wrapped(module.Event, "set")
    def set_(self: Any, *, original: Original) -> None:
        if self._ao_place is not None:
            happen(SET, ((self._ao_place, "set"),), (), ((self._ao_place, True, 1),), self)
        elif not self._cond._waiters:  # a thread's own, most often: there is nobody to wake
            self._flag = True
            return
        original(self)

    @wrapped(module.Event, "clear")
    def clear(self: Any, *, original: Original) -> None:
        # Whoever waits for futures clears its event as a part of having waited for it.
        within = getattr(self, "_ao_within", False)
        machine.current.atomic += within
        if self._ao_place is not None:
            happen(CLEAR, ((self._ao_place, WRITE),), (), ((self._ao_place, True, 0),), self)
        machine.current.atomic -= within
        original(self)

    reading(machine, module.Event, is_set=IS_SET, __repr__=REPR)

    @wrapped(module.Event, "wait")
    def wait_for_event(self: Any, timeout: float | None = None, *, original: Original) -> bool:
        place = self._ao_place
        if place is not None:
            gates = ((place, 1),) if timeout is None else ()
            kind = WAIT_FOR if gates else WAIT_FOR_A_WHILE
            happen(kind, ((place, READ),), gates, about=self)
            if not self._flag:
                wait_in_vain(machine, timeout)
                return False
        return self._flag or bool(original(self, timeout))


def semaphore_calls(machine: Machine, module: ModuleType) -> None:  # noqa: C901
    """Make the calls of ``Semaphore`` events."""
    happen = machine.happen
    hidden(machine, module.Semaphore, "__init__")

    @wrapped(module.Semaphore, "__init__")
    def make_semaphore(self: Any, value: int = 1, *, original: Original) -> None:
        original(self, value)
        if self._ao_place is not None:
            machine.counter(self._ao_place, value)

    @wrapped(module.Semaphore, "acquire")
    def acquire(
        self: Any, blocking: bool = True, timeout: float | None = None, *, original: Original
    ) -> bool:
        place = self._ao_place
        if place is None or (not blocking and timeout is not None):
            return bool(original(self, blocking, timeout))
        footprint = ((place, WRITE),)
        if blocking and timeout is None:
            happen(ACQUIRE, footprint, ((place, 1),), ((place, False, -1),), self)
        else:
            event = happen(TRY, footprint, about=(self, blocking))
            attempted(event, place, place, self._value)
            if self._value:
                machine.affect(event, ((place, False, -1),))
            else:
                wait_in_vain(machine, timeout)
        return bool(original(self, blocking=False))

    module.Semaphore.__enter__ = module.Semaphore.acquire
    for cls in (module.Semaphore, module.BoundedSemaphore):
        if "__repr__" in vars(cls):
            reading(machine, cls, __repr__=REPR)

    def releasing(cls: type, mode: Any) -> None:
        @wrapped(cls, "release")
        def release(self: Any, n: int = 1, *, original: Original) -> None:
            place = self._ao_place
            if place is not None:
                event = happen(RELEASE, ((place, mode),), about=self)
            original(self, n)
            if place is not None:
                machine.affect(event, ((place, False, n),))

    own_release = module.BoundedSemaphore.__dict__["release"]
    releasing(module.Semaphore, "release")
    module.BoundedSemaphore.release = own_release
    releasing(module.BoundedSemaphore, WRITE)


def barrier_calls(machine: Machine, module: ModuleType) -> None:
    """Make the calls of ``Barrier`` events.

    Whoever comes while others still leave waits until all of them have. It changes nothing
    meanwhile, and finds the barrier as if it had come only then. So nobody arrives before that: a
    counter lacks as many as have still to leave, and each of them gives one back, in any order.
    """
    hidden(machine, module.Barrier, "__init__")

    def change(kind: EventKind, barrier: Any, gates: tuple[Gate, ...], *effects: Effect) -> None:
        """Change a barrier: whatever a thread has waited for before, it has the GIL by then."""
        event = machine.happen(kind, ((barrier._ao_place, WRITE),), gates, effects, barrier)
        event.cut = ALL

    @wrapped(module.Barrier, "__init__")
    def make_barrier(
        self: Any,
        parties: int,
        action: Callable[[], object] | None = None,
        timeout: float | None = None,
        *,
        original: Original,
    ) -> None:
        original(self, parties, action and partial(before_all_go, self, action), timeout)
        self._cond._ao_owner = self
        machine.counter(self._ao_place, 1)
        machine.counter((self._ao_place, "room"), 1)

    def before_all_go(barrier: Any, action: Callable[[], object]) -> None:
        place = barrier._ao_place
        event = machine.current.last
        effects = ((place, False, -1),)
        machine.affect(event, effects)  # type: ignore[arg-type]
        try:
            machine.follow(action)()
        finally:
            change(TRIP, barrier, (), (place, False, 1))

    @wrapped(module.Barrier, "_release")
    def release(self: Any, *, original: Original) -> None:
        if self._action is None and machine.touch((*self._ao_place, "count"), "trips"):
            before_all_go(self, bool)
        original(self)

    @wrapped(module.Barrier, "_exit")
    def leave(self: Any, *, original: Original) -> None:
        original(self)
        count_leaving(machine, self)

    @wrapped(module.Barrier, "wait")
    def wait_at_barrier(self: Any, timeout: float | None = None, *, original: Original) -> int:
        place = self._ao_place
        change(ARRIVE, self, ((place, 1), ((place, "room"), 1)))
        return int(original(self, timeout))

    stopping = {kind.name: kind for kind in (RESET, ABORT)}
    for name in stopping:

        @wrapped(module.Barrier, name)
        def stop(self: Any, *, original: Original) -> None:
            change(stopping[original.__name__], self, ((self._ao_place, 1),))
            original(self)
            count_leaving(machine, self)


def count_leaving(machine: Machine, barrier: Any) -> None:
    """Keep the counter of those that have to leave a barrier before anybody arrives there again."""
    place = barrier._ao_place
    room = (place, "room")
    leaving = barrier._count if barrier._state in LEAVING else 0
    more = 1 - leaving - machine.counters[room]
    if more:
        event = machine.current.last
        assert event is not None
        event.footprint += ((place, LEAVES),)
        machine.affect(event, ((room, False, more),))


def barrier_properties(machine: Machine, module: ModuleType) -> None:
    """Make events of looking at a ``Barrier``.

    Its lock guards all but that. So a look can come between the arrival of the last thread and the
    moment at which it lets all through; it finds all of them waiting then, and no other call gets
    in. ``n_waiting`` looks twice: at the state, and at the number, which may be another state's by
    then.
    """
    happen = machine.happen

    def n_waiting(self: Any) -> int:
        place = self._ao_place
        machine.touch((*place, "count"), READ)
        machine.current.cut = ALL  # it is a function in Python, with a switch point where it begins
        happen(N_WAITING, ((place, READ),), about=self, step=True)
        if self._state != 0:
            return 0
        happen(NUMBER_WAITING, ((place, READ),), about=self, step=True)
        return int(self._count)

    module.Barrier.n_waiting = property(n_waiting, doc=module.Barrier.n_waiting.__doc__)
    reading(machine, module.Barrier, broken=BROKEN)  # its repr asks for both
