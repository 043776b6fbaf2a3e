"""Threads that are alike: nothing of what happens would be different if they changed places.

A thread is known here as *one of a family* where they were started one right after another, by one
thread, each an object of ``threading.Thread`` itself with the same function and the very same
arguments, none of them a daemon. What such a thread does depends on what it finds in places, and
not on which one of them it is, unless somebody asks. Whoever asks tells them apart:

- one of them asks who it is: for its number, for its object, or to be named as it fails;
- anybody asks how one of them does, or lists threads (which the facts say);
- anybody but their starter joins one, or the starter joins some, and goes on before it has joined
  the others;
- one of them starts a thread;
- an object that one of them has made is shared: its places have the number of its maker.

So, for the time that it takes, do more than ``MOST`` of them.

That is a fact of the program (see ``facts``): it turns out as the program runs, the search begins
again, and no threads are alike any more. It is sound for the reason that is given there. Stop each
thread for good where it is about to tell threads apart: then nothing does, so that the search,
which leaves out no trace save the images of those that it executes, comes to an image of the one in
which a thread was about to, and there it goes on and is noticed. With one exception: as long as a
family is not joined as a whole, an image may have its starter wait for one thread where another one
has ended. So it counts as telling them apart to end like that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from anyorder.exploring.engine.events import Role
from anyorder.exploring.engine.threads import BORN, ENDED

if TYPE_CHECKING:
    from anyorder.exploring.engine.events import Event, Footprint, Place
    from anyorder.exploring.engine.facts import Facts
    from anyorder.exploring.engine.threads import SimulatedThread

__all__ = ["Family", "Label", "enter", "joined_by", "makers", "renamed", "started_by", "told_apart"]


MOST = 20  # threads of a family: to compare the traces of more would take longer than it saves


class Host(Protocol):
    """The machine that threads run on.

    Attributes:
        current: the thread that goes now
        threads: those that have been started
        events: what has happened
        facts: what is known of the program
        families: the threads that may be alike
        makers: the threads that have made any object that is shared
    """

    current: SimulatedThread
    threads: list[SimulatedThread]
    events: list[Event]
    facts: Facts
    families: list[Family]
    makers: set[int]

    def learn(self, fact: str) -> None:
        """Note what the program does just now; if that is new, the search begins again."""


class Label(tuple[int, int]):
    """The name of an object: the number of the thread that made it, and which of its objects."""

    __slots__ = ()


class Family:
    """Threads that are alike.

    Args:
        starter: who starts them
        work: the function that they carry out, and its arguments
    """

    __slots__ = ("asked", "starter", "threads", "work")

    def __init__(self, starter: SimulatedThread, work: tuple[Any, ...]) -> None:
        self.starter = starter
        self.work = work
        self.threads: list[SimulatedThread] = []
        self.asked = False  # whether one of them has told itself apart from any others

    def ask(self, machine: Host) -> None:
        """Let the current thread, which is one of them, tell itself apart from the others."""
        self.asked = True
        if len(self.threads) > 1:
            machine.learn("distinct")

    @property
    def tids(self) -> list[int]:
        """The numbers of its threads."""
        return [thread.tid for thread in self.threads]


def enter(machine: Host, work: tuple[Any, ...]) -> None:
    """Let the current thread, which begins, be one of a family, if there is one for it.

    Args:
        machine: where it runs
        work: the function that it carries out, and its arguments
    """
    facts, thread = machine.facts, machine.current
    starter = thread.starter
    if facts.distinct or facts.asks or facts.lists or facts.daemons or facts.exits or facts.signals:
        return
    if facts.processes or facts.mortal:
        return
    if starter.family is not None:
        starter.family.ask(machine)
    started = {id(event) for event in last_of(machine, starter.tid, Role.STARTS)}
    for family in machine.families:
        last = family.threads[-1]
        if (
            family.starter is starter
            and id(last.birth) in started
            and len(family.work) == len(work)
            and all(one is other for one, other in zip(family.work, work, strict=True))
        ):
            break
    else:
        family = Family(starter, work)
        machine.families.append(family)
    family.threads.append(thread)
    thread.family = family
    if len(family.threads) > 1:
        machine.learn("alike")
        too_many = len(family.threads) > MOST
        if too_many or family.asked or not machine.makers.isdisjoint(family.tids):
            machine.learn("distinct")


def last_of(machine: Host, tid: int, role: Role) -> list[Event]:
    """Return the last events of a thread, as long as they have a role."""
    last = []
    for event in reversed(machine.events):
        if event.tid == tid:
            if event.kind.role is not role:
                break
            last.append(event)
    return last


def told_apart(machine: Host, *, to_its_end: bool) -> bool:
    """Whether the joins of an execution tell threads apart that are alike.

    Args:
        machine: where it was executed
        to_its_end: whether nothing could go on then
    """
    waiting = [one.event for one in machine.threads if one.event is not None]
    for family in machine.families:
        tids, starter = set(family.tids), family.starter
        some = range(1, len(tids))
        joined: set[int] = set()
        for event in [*machine.events, *waiting]:
            joins = event.kind.role is Role.JOINS
            if event.tid != starter.tid:
                if joins and joined_by(event) in tids:
                    return True
            elif not joins and len(joined) in some:
                return True
            elif joins and event is not starter.event:
                joined |= {joined_by(event)} & tids
        if starter.event is None and len(joined) in some:
            return True
        waits = to_its_end and starter.event is not None and starter.event.kind.role is Role.JOINS
        if waits and sum(thread.over for thread in family.threads) in some:
            return True
    return False


def started_by(event: Event) -> Any:
    """Return the number of the thread that an event starts."""
    return next(place[1] for place, _, _ in event.effects if place[0] == BORN)  # type: ignore[index]


def joined_by(event: Event) -> Any:
    """Return the number of the thread that an event waits for."""
    place: Any = event.gates[0][0]
    return place[1]


def renamed(footprint: Footprint, one: int, other: int) -> Footprint:
    """Return what a thread's first event touches, were it that of one that is alike.

    Args:
        footprint: what it touches
        one: the number of the thread
        other: the number of the one that is alike
    """
    if one == other:
        return footprint
    images: dict[Place, Place] = {(what, one): (what, other) for what in (BORN, ENDED)}
    return tuple((images.get(place, place), mode) for place, mode in footprint)


def makers(place: Place) -> set[int]:
    """Return the numbers of the threads that have made an object that a place is about."""
    if not isinstance(place, tuple):
        return set()
    if isinstance(place, Label):
        return {place[0]}
    found: set[int] = set()
    match place:
        case (str(), int(maker), int(), *_):  # a label spread out
            found.add(maker)
    for part in place:
        found |= makers(part)
    return found
