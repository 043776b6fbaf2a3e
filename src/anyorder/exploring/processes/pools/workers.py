"""The workers of a crew, and what they do: take tasks and send results.

What may be left out, and why, is said in ``crews``.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from anyorder.exploring.engine.events import READ, WRITE, EventKind
from anyorder.exploring.library.threading import BEGIN
from anyorder.exploring.library.wrapping import only_looked
from anyorder.exploring.processes.pools.crews import APART, EXACT, LOUD, NAMED, End
from anyorder.exploring.processes.pools.jobs import ALL, Job

if TYPE_CHECKING:
    from collections.abc import Callable

    from anyorder.exploring.engine.events import Effect, Event, Footprint, Gate, Place
    from anyorder.exploring.processes.lifecycle.process import SimulatedProcess
    from anyorder.exploring.processes.pools.crews import Crews

__all__ = ["Workers"]

TAKE = EventKind("take", says="asks for a task", waits="a task", whole=False)
SEND_RESULT = EventKind(
    "send result", says="sends a result", waits="the lock of the results", whole=False
)
LET_GO = EventKind("let go", says="lets go of the lock of the results", waits=None, whole=False)


class Worker:
    """One worker of a crew."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.begun = False  # whether it has asked for a task
        self.dismissed = False
        self.busy = False  # whether it has a task whose result it has not sent
        self.event: Event | None = None  # by which it took its last task
        self.writes = 0


class Workers:
    """The workers of one crew, and what lies between them and those who submit tasks.

    Args:
        crews: those that there are
        read: says of what a worker sends which job it belongs to, its number there, and whether
            it is a failure; nothing where it is no result
    """

    def __init__(self, crews: Crews, read: Callable[[Any], tuple[Any, int, bool] | None]) -> None:
        self.crews = crews
        self.machine = machine = crews.machine
        self.home = machine.current.home
        self.read = read
        self.number = len(crews.all)
        crews.all.append(self)
        label = ("crew", *machine.label())
        self.head, self.tail, self.left = (label, "head"), (label, "tail"), (label, "left")
        self.open, self.closed, self.ended = (label, "open"), (label, "closed"), (label, "ended")
        self.wanted = (label, "wanted")
        self.news, self.idle, self.label = (label, "news"), (label, "idle"), label
        self.last = self.closed  # where whoever receives sees that no more results will come
        self.end = End(self)
        self.tasks: deque[tuple[int, bytes]] = deque()
        self.added = 0
        self.results: deque[tuple[Any, int, bytes]] = deque()
        self.sent = self.received = 0
        self.rings = 0  # news that are no results
        self.jobs: dict[Any, Job] = {}
        self.workers: dict[int, Worker] = {}
        self.dismissed = False
        self.lock: Place | None = None  # of the results, where somebody else needs it as well
        self.over = False  # whether results are not wanted any more
        self.on_sent: Callable[[], None] = lambda: None
        self.on_loss: Callable[[SimulatedProcess, Event], None] = lambda *_: None

    def hire(self, process: SimulatedProcess) -> None:
        """Take a process on."""
        self.workers[process.number] = Worker(len(self.workers))
        process.on_end.append(lambda event: self.lose(process, event))

    def lose(self, process: SimulatedProcess, event: Event) -> None:
        """Note that a worker has ended."""
        if not self.workers[process.number].dismissed and not self.over:
            self.on_loss(process, event)

    def take(self) -> Any:
        """Take a task, and return ``None`` where there will be no more."""
        machine = self.machine
        worker = self.workers[machine.current.home]
        apart, number = self.crews.matters(APART), worker.number
        touched: Footprint = ((self.head, WRITE), (self.ended, READ))
        gates: tuple[Gate, ...] = ((self.left, 1),)
        effects: tuple[Effect, ...] = ()
        if not worker.begun:
            self.look_at_beginning()
            worker.begun = True
            if apart and not self.crews.matters(NAMED):
                mine, following = (self.label, "turn", number), (self.label, "turn", number + 1)
                touched += ((following, WRITE),)
                effects = ((following, True, 1),)
                if number:
                    touched += ((mine, READ),)
                    gates += ((mine, 1),)
        if number and not apart:
            touched, gates = ((self.ended, READ),), ((self.ended, 1),)
        event = machine.happen(TAKE, touched, gates, effects, about=self)
        worker.event, worker.writes = event, machine.current.writes
        if not self.tasks or (number and not apart):
            worker.dismissed = True
            only_looked(event, self.head)
            return None
        worker.busy = True
        taken, data = self.tasks.popleft()
        event.footprint += (((self.label, taken), READ),)
        effects = ((self.left, False, -1),)
        event.effects += effects
        machine.apply(effects)
        return self.crews.pickler().loads(data)

    def has_printed(self) -> bool:
        """Whether the current process has printed anything."""
        library, home = self.crews.library, self.machine.current.home
        return home in library.stdout.files or home in library.stderr.files

    def look_at_beginning(self) -> None:
        """Note what a worker has done before its first task that makes a difference."""
        last = self.machine.current.last
        if last is not None and last.kind is not BEGIN:
            self.crews.need(APART, NAMED, LOUD)
        elif self.has_printed():
            self.crews.need(APART, LOUD)

    def send(self, item: Any) -> None:
        """Send what a worker has come to."""
        found = self.read(item)
        if found is None:
            return
        key, index, failed = found
        machine = self.machine
        thread = machine.current
        data = bytes(self.crews.pickler().dumps(item))
        worker = self.workers[thread.home]
        if thread.last is not worker.event or thread.writes != worker.writes or self.has_printed():
            self.crews.need(APART)
        job = self.jobs[key]
        job.failures += failed
        if job.kind == ALL and job.failures > 1:
            self.crews.need(APART)
        gates: tuple[Gate, ...] = () if self.lock is None else ((self.lock, 1),)
        effects: tuple[Effect, ...]
        if self.crews.matters(EXACT):
            touched: Footprint = ((self.label, WRITE), (self.open, "sent"))
            event = machine.happen(SEND_RESULT, touched, gates, about=self)
            number, self.sent = self.sent, self.sent + 1
            event.footprint += (((self.label, "result", number), WRITE),)
            self.results.append((key, index, data))
            effects = ((self.news, False, 1),)
        else:
            touched = (*job.touched(index, failed=failed), (self.open, "count"))
            event = machine.happen(SEND_RESULT, touched, gates, about=self)
            effects = ((self.open, False, 1),)
            if not self.over:
                loads = self.crews.pickler().loads
                if failed:  # errors with an ``__init__`` of their own are often not made again
                    try:
                        loads(data)
                    except Exception:  # noqa: BLE001 - whatever it is
                        self.crews.need(EXACT, APART)
                job.arrive(event, index, lambda: loads(data))
        worker.busy = False
        lock = self.lock if self.over else None  # before that, it surely lets go of it
        if lock is not None:
            event.footprint += ((lock, WRITE),)
            effects += ((lock, False, -1),)
        event.effects += effects
        machine.apply(effects)
        self.on_sent()
        if lock is not None:
            machine.happen(LET_GO, ((lock, WRITE),), (), ((lock, False, 1),), self)
