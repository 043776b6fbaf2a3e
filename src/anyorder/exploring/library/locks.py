"""Stand-ins for the locks of ``_thread``.

A lock that the program makes is *visible*: taking it and letting go of it are events. A lock that a
library object makes for its own use is *silent*: the calls of that object are events as a whole (see
``calls``), so nobody ever finds a silent lock taken, save where the program's own code runs inside of
the call; then the thread that finds it waits, as it would in life.
"""  # noqa: E501

from __future__ import annotations

import _thread
import sys
from types import FunctionType
from typing import TYPE_CHECKING, Any, NoReturn

from anyorder.exploring.attributes import is_a
from anyorder.exploring.engine.events import READ, WRITE, EventKind, Role, attempted
from anyorder.exploring.engine.unknown import Unknown
from anyorder.exploring.frames import marked
from anyorder.exploring.library.wrapping import (
    REPR,
    asks,
    attempts,
    is_negative,
    missing,
    wait_in_vain,
)
from anyorder.exploring.rewriting.switch_points import points

if TYPE_CHECKING:
    from anyorder.exploring.engine.events import Place
    from anyorder.exploring.engine.machine import Machine
    from anyorder.exploring.engine.threads import SimulatedThread

__all__ = ["ACQUIRE", "LOCKED", "RELEASE", "TRY", "lock_classes"]

ACQUIRE = EventKind("acquire", says="takes {}", waits="{}", whole=True, role=Role.TAKES)
TRY = EventKind(
    "try",
    says=attempts(lambda lock: lock.owner is None),
    waits=None,
    whole=True,
)
RELEASE = EventKind("release", says="lets go of {}", waits=None, whole=True, role=Role.RELEASES)
LOCKED = EventKind(
    "locked",
    says=asks("asks whether {} is taken", lambda lock: lock.owner is not None),
    waits=None,
    whole=True,
)
ENTERED = points("with has entered a lock")
LEFT = points("with has left a lock")
THROWN = points("with has left a lock by an exception")


class Missing:
    """An attribute of the base class that is not there."""

    def __get__(self, thing: Any, cls: type | None = None) -> NoReturn:
        """Say so."""
        raise AttributeError


def maker() -> str:
    """Return the module whose code makes a lock, which names it where nothing else does."""
    frame = sys._getframe(1)
    # these make locks for others
    while frame.f_globals["__name__"] in {__name__, "threading"} and frame.f_back is not None:
        frame = frame.f_back
    return str(frame.f_globals["__name__"])


def lock_classes(machine: Machine) -> tuple[type[Any], type[Any]]:  # noqa: C901
    """Return what ``Lock`` and ``RLock`` are.

    Args:
        machine: where the threads run that take them
    """

    class Lock:
        """What ``_thread.lock`` is, on the simulated machine."""

        __slots__ = (
            "__weakref__",
            "_ao_label",
            "_maker",
            "_places",
            "_silent",
            "_waited",
            "owner",
        )

        def __init__(self, *, silent: bool = False) -> None:
            self.owner: SimulatedThread | None = None
            self._silent = silent or (machine.hides and machine.current.hiding > 0)
            self._waited = False
            self._maker = maker()
            if not self._silent:
                self._make_visible()

        def __getattr__(self, name: str) -> Any:
            raise missing(self, "_thread.lock", name)

        def _make_visible(self, label: Place | None = None) -> None:
            place = self._ao_label = label or ("lock", *machine.label())
            machine.counter(place, 0 if self.owner else 1)
            # footprint, gate, effect of taking, effect of letting go
            self._places = (
                ((place, WRITE),),
                ((place, 1),),
                ((place, False, -1),),
                ((place, False, 1),),
            )

        def _take(self) -> None:
            thread = machine.current
            self.owner = thread
            if not self._silent:
                thread.held.append(self)

        def acquire(self, blocking: bool = True, timeout: Any = -1) -> bool:
            if type(timeout) is Unknown or timeout != -1:
                if not blocking:
                    raise ValueError("can't specify a timeout for a non-blocking call")
                if is_negative(machine, timeout):
                    raise ValueError("timeout value must be a non-negative number")
            if self._silent:
                if self.owner is None:
                    self.owner = machine.current
                    return True
                if not blocking:
                    return False
                self._waited = True
                self._silent = False
                self._make_visible()
            footprint, gates, take, _ = self._places
            if blocking and type(timeout) is not Unknown and timeout < 0:
                machine.happen(ACQUIRE, footprint, gates, take, self, step=True)
                self._take()
                return True
            # Whoever waits for a limited time finds the lock free when it is this thread's turn, or
            # still taken when the time is up: whichever it is, that is an attempt at that moment.
            # who waits for a limited time may have let the GIL go
            event = machine.happen(TRY, footprint, about=(self, blocking), step=not blocking)
            attempted(event, self._ao_label, self._ao_label, int(self.owner is None))
            if self.owner is not None:
                if blocking:
                    wait_in_vain(machine, timeout)
                return False
            machine.affect(event, take)
            self._take()
            return True

        def release(self) -> None:
            if self._silent:
                if self.owner is None:
                    raise RuntimeError("release unlocked lock")
                self.owner = None
                return
            footprint, _, _, let_go = self._places
            event = machine.happen(RELEASE, footprint, about=self, step=True)
            owner = self.owner
            if owner is None:
                raise RuntimeError("release unlocked lock")
            machine.affect(event, let_go)
            self.owner = None
            if self in owner.held:
                owner.held.remove(self)

        def locked(self) -> bool:
            if not self._silent:
                machine.happen(LOCKED, ((self._ao_label, READ),), about=self, step=True)
            return self.owner is not None

        def __enter__(self, *args: Any, **how: Any) -> bool:
            taken = self.acquire(*args, **how)
            machine.current.cut |= ENTERED
            return taken

        acquire_lock = acquire
        release_lock = release
        locked_lock = locked

        def __exit__(self, kind: object = None, *_: object) -> None:
            self.release()
            machine.current.cut |= LEFT if kind is None else THROWN

        # What Condition asks of its lock; else it would find out by trying, unseen.
        def _is_owned(self) -> bool:
            return self.owner is not None

        def _release_save(self) -> None:
            self.release()

        def _acquire_restore(self, _: object) -> None:
            self.acquire()

        def _at_fork_reinit(self) -> None:
            self.owner = None

        def _show(self) -> str:
            if not self._silent:
                count = (self._ao_label, "count")  # that of an RLock
                machine.touch(count, READ)
                machine.happen(REPR, ((self._ao_label, READ), (count, READ)), about=self)
            return "unlocked" if self.owner is None else "locked"

        def __repr__(self) -> str:
            state = self._show()
            return f"<{state} _thread.lock object at {id(self):#x}>"

    class RLock(Lock):
        """A lock that its owner may take again; taking it again is nobody else's business."""

        __slots__ = ("count",)
        acquire_lock = release_lock = locked_lock = Missing()
        if not hasattr(_thread.RLock, "locked"):  # before 3.14
            locked = Missing()

        def __init__(self) -> None:
            super().__init__()
            self.count = 0

        def __getattr__(self, name: str) -> Any:
            raise missing(self, "_thread.RLock", name)

        def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
            if self._is_owned():
                self._again(ACQUIRE)
                self.count += 1
                return True
            if super().acquire(blocking, timeout):
                self.count = 1
                return True
            return False

        def release(self) -> None:
            if not self._is_owned():
                raise RuntimeError("cannot release un-acquired lock")
            if self.count == 1:
                super().release()
            else:
                self._again(RELEASE)
            self.count -= 1

        def _again(self, kind: EventKind) -> None:
            # How often its owner has it shows to others in its repr alone.
            if self._silent:
                return
            place = (self._ao_label, "count")
            if machine.touch(place, "changes"):  # as the lock orders those who do
                machine.happen(kind, ((place, "changes"),), about=self, step=True)

        def _is_owned(self) -> bool:
            mine = self.owner is machine.current
            if not mine:
                machine.owners.asks(self)
            return mine

        def _release_save(self) -> int:  # type: ignore[override]
            count, self.count = self.count, 1
            self.release()
            return count

        def _acquire_restore(self, count: Any) -> None:
            self.acquire()
            self.count = count

        def _recursion_count(self) -> int:
            return self.count if self._is_owned() else 0

        def __repr__(self) -> str:
            state = self._show()
            owner = machine.varied.ident(self.owner.tid) if self.owner else 0
            return (
                f"<{state} _thread.RLock object owner={owner} count={self.count} at {id(self):#x}>"
            )

    for cls, name in (Lock, "lock"), (RLock, "RLock"):
        for method in vars(cls).values():
            if is_a(method, FunctionType):
                marked(method, method.__name__)
        cls.__module__ = "_thread"
        marked(cls, name)
    return Lock, RLock
