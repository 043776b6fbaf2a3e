"""What a forked process has of its parent's threads, and of what they wait with.

In a child there is one thread, the one that forks; others are as if they had ended. Locks,
semaphores and the like are copies in the state of that moment: what another thread holds stays
held for good.
"""

from __future__ import annotations

import contextvars
import weakref
from typing import TYPE_CHECKING, Any, Protocol

from anyorder.exploring.attributes import attributes_of, is_a
from anyorder.exploring.library.waiting import condition_calls

if TYPE_CHECKING:
    from types import ModuleType

    from anyorder.exploring.engine.threads import SimulatedThread
    from anyorder.exploring.processes.system.computer import Computer
    from anyorder.exploring.processes.system.process import SimulatedProcess

__all__ = [
    "WAITERS",
    "copy_context",
    "copy_handle",
    "copy_local",
    "copy_lock",
    "copy_shared_lock",
    "copy_thread",
    "move_places",
]

PLACES = ("_ao_place", "_ao_owner")  # the attributes that say where a state is kept
WAITERS = condition_calls.__module__  # where what a condition keeps for who waits on it is from
OF_A_MAIN_THREAD = 2  # the length of a main thread's place
WAKES_ONE = {"Semaphore", "Queue"}  # those that wake as many threads as can go on, and no more
MOST_CHILDREN = 1_000_000  # more than there are threads


class Copier(Protocol):
    """What copies values for a child, as far as these need it."""

    machine: Computer
    forking: SimulatedThread
    forking_thread: Any
    child: SimulatedProcess

    def load(self, name: str, /) -> ModuleType:
        """Return the private copy of a module."""

    def copy(self, thing: Any) -> Any:
        """Return a copy of a value, the same one each time."""

    def copy_instance(self, thing: Any, cls: type) -> Any:
        """Copy an object of a class written in Python, attribute by attribute."""

    def keep(self, thing: Any, copied: Any) -> Any:
        """Note the copy of a value."""


def move_places(copier: Copier, new: Any) -> None:
    """Give a copy of an object that threads wait with a state of its own."""
    names = attributes_of(new)
    for name in (*PLACES, "place") if type(new).__module__ == WAITERS else PLACES:
        if is_a(names.get(name), tuple):
            names[name] = copied_place(copier, names[name])


def copied_place(copier: Copier, place: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the place of the copy of an object, with counters that stand where its own do.

    It is made of that of the object and of the child, so it is the same in every execution.
    """
    machine, child = copier.machine, copier.child
    if len(place) == OF_A_MAIN_THREAD:
        copied: tuple[Any, ...] = (place[0], child.main.tid)
    else:
        name, maker, number = place
        copied = (name, (maker + 1) * MOST_CHILDREN + child.number, number)
    if place[0] in WAKES_ONE:
        machine.brief_locks.note_waiting(place, copied)
    for counter, value in list(machine.counters.items()):
        if counter == place:
            machine.counter(copied, value)
        elif is_a(counter, tuple) and counter[0] == place:
            machine.counter((copied, *counter[1:]), value)
    return copied


def copy_lock(copier: Copier, lock: Any) -> Any:
    """Copy a lock of ``threading``."""
    new = object.__new__(type(lock))
    machine, child = copier.machine, copier.child
    here, main = copier.forking, child.main
    owner = lock.owner or machine.brief_locks.holder(lock)
    new.owner = main if owner is here else owner
    new._silent, new._waited, new._maker = lock._silent, False, lock._maker
    if hasattr(lock, "count"):
        new.count = lock.count
    if not lock._silent:
        new._make_visible(copied_place(copier, lock._ao_label))
        if new.owner is main:
            main.held.append(new)
    return new


def copy_shared_lock(copier: Copier, lock: Any) -> Any:
    """Copy what stands in a process for a lock that all processes share."""
    new = object.__new__(type(lock))
    new.__dict__.update(lock.__dict__)
    if lock.owner is copier.forking:
        new.owner = copier.child.main
    return new


def copy_thread(copier: Copier, thread: Any) -> Any:
    """Copy a thread: in the child the one that forks is its main thread, and no other runs."""
    new = copier.copy_instance(thread, type(thread))
    main = copier.child.main
    if new.__dict__.pop("_ao_thread", None) is copier.forking:
        new._ao_thread = main
        main.shown = new._ao_place
    elif hasattr(new, "_is_stopped"):  # up to Python 3.12; from then on its handle says so
        new._is_stopped, new._tstate_lock = True, None
    return new


def copy_handle(copier: Copier, handle: Any) -> Any:
    """Copy what stands for a thread of the operating system from Python 3.13 on."""
    new = type(handle)()
    new.ident = handle.ident
    new.done = handle.ident is not None and handle.thread is not copier.forking
    return new


def copy_context(copier: Copier, context: contextvars.Context) -> contextvars.Context:
    """Copy a context, and the values in it."""
    new: contextvars.Context = copier.keep(context, context.copy())
    for variable, value in context.items():
        new.run(variable.set, copier.copy(value))
    return new


def copy_local(copier: Copier, local: Any) -> Any:
    """Copy what the thread that forks has in a ``threading.local``."""
    new = copier.keep(local, object.__new__(type(local)))
    own = local._local__impl
    impl = type(own)()
    impl.localargs, impl.locallock = copier.copy(own.localargs), copier.copy(own.locallock)
    here = copier.forking_thread
    if id(here) in own.dicts:
        main = copier.copy(here)
        impl.dicts[id(main)] = weakref.ref(main), copier.copy(own.dicts[id(here)][1])
    object.__setattr__(new, "_local__impl", impl)
    return new
