"""Events, what they touch, and when two of them depend on each other.

An event touches *places*: a variable, an item of a list, a lock, standard output. It touches each
in a *mode*. Two events of different threads are independent, that is their order cannot matter, where
they touch no place in common, or each place that they have in common in one mode that commutes with
itself. Every mode does, save ``WRITE``: two reads of a variable, two ``set`` of an ``Event``, and
two writes of the same text to standard output can be swapped, and nobody can tell.

An event may wait: it has *gates*, each a counter that must have reached a number before the event
can happen, and *effects* on counters. That makes it possible to say, without running anything,
whether an event could have happened earlier (see ``dpor``). What lowers a counter that is somebody's
gate has to be dependent on all else that lowers it, so that the last of them can be left out alone;
and an event has to come after whatever opened its gate by touching a place in common with it.

What an event touches may itself depend on counters: a ``get`` takes the item whose number is that of
the ``get`` calls before it. Such an event *varies*. Two events that are independent then have to
leave each other's counters alone.

What an event is called, and what else is to be known of all that are like it, is its *kind*: a
constant of the module that makes such events.
"""  # noqa: E501

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import KW_ONLY, dataclass
from enum import Enum
from typing import Any, Protocol

__all__ = [
    "READ",
    "WRITE",
    "Effect",
    "Event",
    "EventKind",
    "Footprint",
    "Gate",
    "Mode",
    "Place",
    "Role",
    "Teller",
    "Varies",
    "attempted",
    "dependent",
]

Place = Hashable
Mode = Hashable
Footprint = tuple[tuple[Place, Mode], ...]
Gate = tuple[Place, int]  # this counter must be at least this number
Effect = tuple[Place, bool, int]  # set this counter (True) to the number, or add the number to it
Touches = Callable[..., Footprint]  # what an event touches, by the numbers of counters
Varies = tuple[tuple[Place, ...], Touches]  # by which counters, and how

READ = 0
WRITE = 1  # the one mode that does not commute with itself; any other is READ or a string


class Role(Enum):
    """What a kind of event is to those who look at loops, at threads, and at what a GIL allows."""

    PRINTS = "prints"  # it is about the name of a stream, and a text
    TAKES = "takes"  # it is about a lock, or what is taken and let go of as one is
    RELEASES = "releases"  # likewise
    STARTS = "starts"  # it starts a thread, which it writes as born
    JOINS = "joins"  # its first gate is the end of a thread


class Teller(Protocol):
    """Who puts an event into words.

    Attributes:
        file: the file name of the program
    """

    file: str

    def name(self, thing: Any) -> str:
        """Return what the program calls an object."""

    def variable(self, name: str) -> str:
        """Return what a variable is now where the program is, in words."""

    def contents(self, thing: Any) -> dict[str, str]:
        """Return what is in a container, by its name, and nothing for any other object."""


# what an event does; a function where that shows once it has been carried out
Told = str | Callable[[], str]


@dataclass(frozen=True, slots=True, eq=False)
class EventKind:
    """What is to be known of all events that are alike.

    Args:
        name: what it is called among all kinds
        says: what a thread does by such an event: a sentence without its subject, which is the
            thread, with ``{}`` (or ``{0}``, ``{1}`` …) where what it is about is named: first of
            all the object, then values. Or what makes that sentence.
        waits: what a thread waits for that has announced one and cannot go on, likewise; ``None``
            where it never waits
        whole: whether an interrupt finds what such an event belongs to either undone or done, with
            nothing in between
        inert: whether one that touches no place changes nothing at all; any other that touches
            none is taken to change the memory of its process
        role: what it is to those who look at it for more than its places
        changes: which shared values it changed, by name, in words
    """

    name: str
    _: KW_ONLY
    says: str | Callable[[Event, Teller], Told]
    waits: str | Callable[[Event, Teller], str] | None
    whole: bool
    inert: bool = False
    role: Role | None = None
    changes: Callable[[Event, Teller], dict[str, str]] | None = None


class Event:
    """One visible step of one thread: announced before it happens, kept once it has happened.

    Args:
        tid: the number of the thread whose step it is
        home: the number of that thread's process
        kind: what is to be known of all events that are alike
        footprint: the places that it touches, each with the mode; final once the thread has
            announced its next event
        gates: what must hold before it can happen
        effects: what it does to counters
        about: what a witness needs to describe it; its shape depends on ``kind``

    Attributes:
        cut: the versions on which its thread may have handed over the GIL since its event before,
            as in ``switch_points``; ``None`` where it is of no block, since its thread does not
            keep the GIL
        in_vain: whether it found nothing left of what it tried to take
    """

    __slots__ = (
        "about", "cut", "effects", "footprint", "gates", "home", "in_vain", "kind", "tid", "varies",
        "waits",
    )  # fmt: skip

    def __init__(  # noqa: PLR0913, PLR0917
        self,
        tid: int,
        home: int,
        kind: EventKind,
        footprint: Footprint,
        gates: tuple[Gate, ...] = (),
        effects: tuple[Effect, ...] = (),
        about: Any = None,
    ) -> None:
        self.tid = tid
        self.home = home
        self.kind = kind
        self.footprint = footprint
        self.gates = gates
        self.effects = effects
        self.about = about
        self.cut: int | None = None
        self.in_vain = False
        # counters, what they were as it happened, and what it touches by what they are
        self.varies: tuple[tuple[Place, ...], tuple[int, ...], Touches] | None = None
        self.waits: Any = None  # what a spinning thread has to see changed first

    def vary(self, counters: tuple[Place, ...], touches: Touches, announced: Footprint) -> None:
        """Say that what it touches depends on counters, as it is announced.

        Args:
            counters: they stand for a lock that is free, items in a queue, a key in a dict
            touches: gives what it touches by what the counters are
            announced: what the event is announced with: as much as is sure
        """
        more = self.footprint[len(announced) :]
        self.varies = (counters, (), lambda *numbers: touches(*numbers) + more)

    def settle(self, *numbers: int) -> None:
        """Say what it touches, now that it happens, by what the counters are.

        Another order of events would have left other numbers.
        """
        assert self.varies is not None
        counters, _, touches = self.varies
        self.footprint = touches(*numbers)
        self.varies = (counters, numbers, touches)

    def widen(self, widest: Footprint) -> None:
        """Say what it may touch in another state, where nothing tells in which.

        No outcome is lost, but a wakeup tree may be led to one trace twice.
        """
        self.varies = ((), (), lambda: widest)


def attempted(event: Event, place: Place, counter: Place, left: int) -> None:
    """Let an attempt to take something be a change of its place, or a look where none was left."""
    change, look = ((place, WRITE),), ((place, READ),)
    event.vary((counter,), lambda left: change if left > 0 else look, change)
    event.settle(left)
    event.in_vain = left <= 0


def dependent(one: Footprint, other: Footprint) -> bool:
    """Whether events of two threads with these footprints can be told apart by their order."""
    for place, mode in one:
        for its_place, its_mode in other:
            if place == its_place and (mode == WRITE or mode != its_mode):
                return True
    return False
