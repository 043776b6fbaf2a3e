"""The threads of the simulated machine: what is known of each."""

from __future__ import annotations

from contextvars import Context
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from anyorder.exploring.engine.events import Event, EventKind, Gate

__all__ = ["BEGUN", "BORN", "ENDED", "FIRST_THREAD", "Hiding", "SimulatedThread"]

BORN = "born"  # the place ("born", thread) says that a thread has been started
BEGUN = "begun"  # the place (thread, "begun") says that a thread has its number and is alive
ENDED = "ended"  # the place ("ended", thread) says that a thread has ended
FIRST_THREAD = 139_200_000_000_000  # a number that is made up, as those in ``varying`` are


class SimulatedThread:
    """One thread of the program.

    Args:
        tid: its number, the same in every execution in which the same thread starts it as its nth
        path: who started it: its starter's path, and its number among those that it started
        daemon: whether the program ends without waiting for it
    """

    __slots__ = (
        "atomic", "begun", "birth", "clock", "context", "cut", "daemon", "ended", "epoch", "event",
        "family", "generators", "greenlet", "held", "hiding", "home", "ident", "last", "left",
        "lent", "local_time", "loops", "made", "name", "on_end", "over", "path", "shown", "slept",
        "started", "starter", "tid", "waits_for", "watch", "work", "writes", "writing",
    )  # fmt: skip

    def __init__(self, tid: int, path: tuple[int, ...], *, daemon: bool) -> None:
        self.tid = tid
        self.path = path
        self.home = 0  # the memory that it shares with those that it starts
        self.daemon = daemon
        self.name = "MainThread"
        self.ident = FIRST_THREAD + 256 * tid  # which the program sees as one that it cannot show
        self.greenlet: Any = None
        self.work: Any = None  # what it does from its first step to its end
        self.context: Any = Context()  # its context variables
        self.lent: tuple[Any, ...] = ()  # contexts that it begins with on other builds
        self.event: Event | None = None  # what it has announced
        self.last: Event | None = None  # what it did last
        self.birth: Event | None = None  # the event that started it
        self.begun: int | None = None  # the line of the program that started it
        self.starter: Any = None  # to whom it returns at its first event
        self.family: Any = None  # those that it is alike, if there may be any
        self.shown: Any = None  # the places of its object, which says whether it goes on
        self.over = False  # whether it may be joined; a main thread waits for others after that
        self.ended = False
        self.started = 0  # how many threads it has started
        self.made = 0  # how many objects it has made
        self.writes = 0  # how often it has changed anything, shared or not
        self.hiding = 0  # above zero: locks that it makes are the library's own
        self.atomic = 0  # above zero: it is inside one event
        self.cut = 0  # the versions with a switch point that it has passed since its last event
        self.writing = False  # whether it is inside of one call that writes several pieces
        self.local_time = 0.0  # seconds, as far as this thread can tell
        self.slept: Any = False  # after which event it has slept: None is its start
        self.epoch = 0  # how often it has started or been joined
        self.clock: dict[int, int] = {}  # of other threads: the epoch that is known to be over
        self.loops: dict[int, Any] = {}
        self.waits_for: Any = None  # what a spinning thread has read, until its next event
        self.left: BaseException | None = None  # why it is followed no further, if it is not
        # what is told of its events before they happen, where it is a task of a pool
        self.watch: Callable[[EventKind, tuple[Gate, ...], Any], None] | None = None
        self.generators: list[Any] = []  # those that it is executing, the innermost last
        self.on_end: list[Callable[[], None]] = []
        self.held: list[Any] = []  # visible locks, in the order in which they were taken

    @property
    def gives_way(self) -> bool:
        """Whether it has slept since its last event, and so let others go on."""
        return self.slept is self.last


class Hiding:
    """A while in which the locks that a thread makes are the library's own.

    Args:
        thread: the thread
    """

    __slots__ = ("thread",)

    def __init__(self, thread: SimulatedThread) -> None:
        self.thread = thread

    def __enter__(self) -> None:
        """Begin it."""
        self.thread.hiding += 1

    def __exit__(self, *_: object) -> None:
        """End it."""
        self.thread.hiding -= 1
