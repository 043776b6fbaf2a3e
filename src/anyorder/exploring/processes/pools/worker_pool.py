"""The workers of a pool, what is submitted to them, and what comes of it.

What may be left out, and why, is said in ``registry``.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from anyorder.exploring.engine.events import READ, WRITE, EventKind
from anyorder.exploring.library.threading import BEGIN
from anyorder.exploring.library.wrapping import MANY, only_looked
from anyorder.exploring.processes.pools.registry import APART, EXACT, LATE, LOUD, NAMED
from anyorder.exploring.processes.pools.submission import ALL, Submission
from anyorder.exploring.processes.system.computer import EXITS
from anyorder.exploring.processes.system.sharing import POOL

if TYPE_CHECKING:
    from collections.abc import Callable

    from anyorder.exploring.engine.events import Effect, Event, Footprint, Gate, Mode, Place
    from anyorder.exploring.processes.pools.registry import PoolRegistry, WorkerEnd
    from anyorder.exploring.processes.system.process import SimulatedProcess

__all__ = ["DISMISS", "WorkerPool"]

SUBMIT = EventKind("submit", says="submits to the pool", waits=None, whole=False)
TAKE = EventKind("take", says="asks for a task", waits="a task", whole=False)
SEND_RESULT = EventKind(
    "send result", says="sends a result", waits="the lock of the results", whole=False
)
LET_GO = EventKind("let go", says="lets go of the lock of the results", waits="{}", whole=False)
RECEIVE = EventKind("receive", says="receives a result", waits="a result", whole=False)
CLOSE_POOL = EventKind("close pool", says="closes the pool", waits=None, whole=False)
TERMINATE_POOL = EventKind("terminate pool", says="terminates the pool", waits=None, whole=False)
COUNTED = EventKind("counted", says="counts a result", waits=None, whole=False)
DISMISS = EventKind(
    "dismiss",
    says="lets the workers end",
    waits="all tasks to be done",
    whole=False,
    inert=True,
)
SIZE = EventKind(
    "size of pool",
    says=lambda event, _: (
        "changes how many workers there are"
        if event.about == WRITE
        else "asks how many workers there are"
    ),
    waits=None,
    whole=False,
)
WATCH = EventKind(
    "look after workers",
    says="looks after the workers",
    waits="a worker to end",
    whole=False,
)
MAY_HANG = (
    "the pool is terminated while tasks wait for a worker, and a real pool that replaces its "
    "workers may hang then: get all results first"
)
LOOK_AT_POOL = EventKind(
    "look at pool", says="looks whether the pool goes on", waits=None, whole=False
)
END_POOL = EventKind("end pool", says="begins to end the pool", waits=None, whole=False)


class Worker:
    """One worker of a pool."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.begun = False  # whether it has asked for a task
        self.dismissed = False
        self.busy = False  # whether it has a task whose result it has not sent
        self.event: Event | None = None  # by which it took its last task
        self.last: Event | None = None  # by which it took its last task, or sent its result
        self.holds = False  # whether there was anything in its buffer then
        self.writes = 0
        self.done = 0  # tasks


class WorkerPool:
    """The workers of one pool, and what lies between them and those who submit tasks.

    Args:
        registry: the pools that there are
        read: says of what a worker sends which submission it belongs to, its number there, and
            whether it is a failure; nothing where it is no result
        lifetime: after how many tasks a worker ends, so that another one takes its place

    Attributes:
        hand_over: gives what belongs to a submission one of its results
    """

    number: int
    end: WorkerEnd
    hand_over: Callable[[Submission, int, Any], None]

    def __init__(
        self,
        registry: PoolRegistry,
        read: Callable[[Any], tuple[Any, int, bool] | None],
        lifetime: int | None = None,
    ) -> None:
        self.registry = registry
        self.pickling = registry.pickling
        self.streams = registry.streams
        self.machine = machine = registry.machine
        self.home = machine.current.home
        self.read = read
        registry.add(self)
        label = (POOL, *machine.label())
        self.head, self.tail, self.left = (label, "head"), (label, "tail"), (label, "left")
        self.open, self.closed, self.ended = (label, "open"), (label, "closed"), (label, "ended")
        self.wanted, self.state, self.bell = (label, "wanted"), (label, "state"), (label, "bell")
        self.news, self.idle, self.label = (label, "news"), (label, "idle"), label
        self.last = self.closed  # where whoever receives sees that no more results will come
        self.tasks: deque[tuple[int, bytes]] = deque()
        self.added = 0
        self.results: deque[tuple[Any, int, bytes]] = deque()
        self.sent = self.received = 0
        self.rings = 0  # news that are no results
        self.submissions: dict[Any, Submission] = {}
        self.workers: dict[int, Worker] = {}
        self.lifetime = lifetime
        self.rung = 0  # how often the bell has rung that wakes whoever looks after the workers
        self.gone: list[SimulatedProcess] = []  # workers whose place is to be taken
        self.reaped: set[int] = set()  # those whose place has been taken
        self.dismissed = False
        self.lock: Place | None = None  # of the results, where somebody else needs it as well
        self.ending = False  # whether nothing more may be submitted
        self.over = False  # whether results are not wanted any more
        self.on_sent: Callable[[], None] = lambda: None
        self.on_loss: Callable[[SimulatedProcess, Event], None] = lambda *_: None

    # -- what a worker does --------------------------------------------------------------------

    def hire(self, process: SimulatedProcess) -> None:
        """Take a process on."""
        self.workers[process.number] = Worker(len(self.workers))
        process.on_end.append(lambda event: self.lose(process, event))

    def lose(self, process: SimulatedProcess, event: Event) -> None:
        """Note that a worker has ended."""
        worker = self.workers[process.number]
        self.look_at_end(process, worker)
        if worker.done == self.lifetime:
            self.gone.append(process)
            self.ring(event)
        elif not worker.dismissed and not self.over:
            self.on_loss(process, event)

    def take(self) -> Any:
        """Take a task, and return ``None`` where there will be no more."""
        machine = self.machine
        worker = self.workers[machine.current.home]
        apart, number = self.registry.matters(APART), worker.number
        touched: Footprint = ((self.head, WRITE), (self.ended, READ))
        gates: tuple[Gate, ...] = ((self.left, 1),)
        effects: tuple[Effect, ...] = ()
        if not worker.begun:
            self.look_at_beginning()
            worker.begun = True
            if apart and not self.registry.matters(NAMED):
                mine, following = (self.label, "turn", number), (self.label, "turn", number + 1)
                touched += ((following, WRITE),)
                effects = ((following, True, 1),)
                if number:
                    touched += ((mine, READ),)
                    gates += ((mine, 1),)
        if number and not apart:
            touched, gates = ((self.ended, READ),), ((self.ended, 1),)
        event = machine.happen(TAKE, touched, gates, effects, about=self)
        worker.event = worker.last = event
        worker.writes = machine.current.writes
        worker.holds = self.streams.holds(machine.current.home)
        if not self.tasks or (number and not apart):
            worker.dismissed = True
            only_looked(event, self.head)
            return None
        worker.busy = True
        taken, data = self.tasks.popleft()
        event.footprint += (((self.label, taken), READ),)
        effects = ((self.left, False, -1),)
        machine.affect(event, effects)
        return self.pickling.pickler().loads(data)

    def has_printed(self) -> bool:
        """Whether the current process has printed anything."""
        return self.streams.used_by(self.machine.current.home)

    def look_at_beginning(self) -> None:
        """Note what a worker has done before its first task that makes a difference."""
        last = self.machine.current.last
        if last is not None and last.kind is not BEGIN:
            self.registry.need(APART, NAMED, LOUD)
        elif self.has_printed():
            self.registry.need(APART, LOUD)
            if self.lifetime is not None:
                self.registry.need(LATE)

    def look_at_task(self, worker: Worker) -> None:
        """Note what a worker has done at a task that makes a difference."""
        thread, printed = self.machine.current, self.has_printed()
        if thread.last is not worker.event or thread.writes != worker.writes or printed:
            self.registry.need(APART)
        if self.lifetime is not None and printed:
            self.registry.need(LATE)

    def look_at_end(self, process: SimulatedProcess, worker: Worker) -> None:
        """Note what a worker has done after it has looked for a task in vain, or sent its last."""
        mine = [event for event in self.machine.events if event.home == process.number]
        kinds = [event.kind for event in mine]
        if EXITS in kinds and not worker.holds and mine[kinds.index(EXITS) - 1] is not worker.last:
            self.registry.need(APART, LATE, LOUD)

    def send(self, item: Any) -> None:
        """Send what a worker has come to."""
        found = self.read(item)
        if found is None:
            return
        key, index, failed = found
        machine = self.machine
        thread = machine.current
        data = bytes(self.pickling.pickler().dumps(item))
        worker = self.workers[thread.home]
        self.look_at_task(worker)
        submission = self.submissions[key]
        submission.failures += failed
        if submission.kind == ALL and submission.failures > 1:
            self.registry.need(APART)
        gates: tuple[Gate, ...] = () if self.lock is None else ((self.lock, 1),)
        effects: tuple[Effect, ...]
        if self.registry.matters(EXACT):
            touched: Footprint = ((self.label, WRITE), (self.open, "sent"))
            event = machine.happen(SEND_RESULT, touched, gates, about=self)
            number, self.sent = self.sent, self.sent + 1
            event.footprint += (((self.label, "result", number), WRITE),)
            self.results.append((key, index, data))
            effects = ((self.news, False, 1),)
        else:
            touched = (*submission.touched(index, failed=failed), (self.open, "count"))
            event = machine.happen(SEND_RESULT, touched, gates, about=self)
            effects = ((self.open, False, 1),)
            if not self.over:
                loads = self.pickling.pickler().loads
                if failed:  # errors with an ``__init__`` of their own are often not made again
                    try:
                        loads(data)
                    except Exception:  # noqa: BLE001 - whatever it is
                        self.registry.need(EXACT, APART)
                submission.arrive(event, index, lambda: loads(data))
        worker.busy = False
        worker.done += 1
        lock = self.lock if self.over else None  # before that, it surely lets go of it
        if lock is not None:
            event.footprint += ((lock, WRITE),)
            effects += ((lock, False, -1),)
        machine.affect(event, effects)
        self.on_sent()
        if lock is not None:
            event = machine.happen(LET_GO, ((lock, WRITE),), (), ((lock, False, 1),), self)
        worker.last, worker.holds = event, self.streams.holds(thread.home)

    # -- what the process does that has the pool -----------------------------------------------

    def look(self) -> None:
        """Make it an event where a thread asks whether the pool goes on, if others may end it."""
        if self.machine.touch(self.state, READ):
            self.machine.happen(LOOK_AT_POOL, ((self.state, READ),), about=self)

    def begin_to_end(self) -> None:
        """Make it an event where a thread ends the pool, if others may ask for that."""
        if self.machine.touch(self.state, WRITE):
            self.machine.happen(END_POOL, ((self.state, WRITE),), about=self)
        self.ending = True

    def submit(self) -> Event:
        """Announce that tasks are submitted."""
        touched: Footprint = ((self.tail, WRITE), (self.open, "count"))
        if self.machine.touch(self.state, READ):
            touched += ((self.state, READ),)
        return self.machine.happen(SUBMIT, touched, about=self)

    def add(self, event: Event, tasks: list[bytes]) -> None:
        """Submit tasks at an event."""
        effects: tuple[Effect, ...] = (
            (self.left, False, len(tasks)), (self.open, False, -len(tasks)),
        )  # fmt: skip
        for data in tasks:
            event.footprint += (((self.label, self.added), WRITE),)
            self.tasks.append((self.added, data))
            self.added += 1
        self.machine.affect(event, effects)

    def close(self) -> None:
        """Say that no more tasks will come."""
        for submission in self.submissions.values():
            submission.check()
        effects: tuple[Effect, ...] = ((self.closed, True, 1),)
        if self.last == self.closed:
            effects += ((self.news, False, 1),)
            self.rings += 1
        event = self.machine.happen(CLOSE_POOL, ((self.closed, WRITE),), (), effects, self)
        self.ring(event)

    def count(self) -> None:
        """Count a result that has been handed over, and be done with it once it is the last."""
        if self.lifetime is None:
            effects: tuple[Effect, ...] = ((self.open, False, 1),)
            self.machine.happen(COUNTED, ((self.open, "count"),), (), effects)
            return
        touched = ((self.open, WRITE), (self.closed, READ))
        event = self.machine.happen(COUNTED, touched, (), ((self.open, False, 1),))
        if self.is_done():
            self.ring(event)

    def reach_size(self, mode: Mode) -> None:
        """Make an event of it where a thread asks how many workers there are, or changes that."""
        place = (self.label, "size")
        if self.machine.touch(place, mode):
            self.machine.happen(SIZE, ((place, mode),), about=mode)

    def is_done(self) -> bool:
        """Whether it is closed and every result is there."""
        counters = self.machine.counters
        return counters.get(self.closed, 0) > 0 and counters.get(self.open, 0) >= 0

    def ring(self, event: Event) -> None:
        """Wake at an event the thread that looks after the workers, if any has to."""
        if self.lifetime is not None:
            event.footprint += ((self.bell, "ring"),)
            self.machine.affect(event, ((self.bell, False, 1),))

    def watch(self) -> tuple[Event, list[SimulatedProcess]]:
        """Wait until something is to be seen to, and return the workers that have ended."""
        touched = ((self.bell, READ), (self.closed, READ), (self.open, READ))
        event = self.machine.happen(WATCH, touched, ((self.bell, self.rung + 1),), about=self)
        self.rung = self.machine.counters[self.bell]
        gone, self.gone = self.gone, []
        self.reaped.update(process.number for process in gone)
        return event, gone

    def wait_until_done(self) -> Event:
        """Wait until it is closed and every result is there."""
        touched = ((self.closed, READ), (self.open, READ))
        gates = ((self.closed, 1), (self.open, 0))
        return self.machine.happen(DISMISS, touched, gates, about=self)

    def dismiss(self, event: Event) -> None:
        """Make the workers end from an event on, each once it looks for another task."""
        effects: tuple[Effect, ...] = (
            (self.left, False, MANY), (self.ended, True, 1), (self.news, False, MANY),
            *(((self.label, "turn", number), True, 1) for number in range(len(self.workers))),
        )  # fmt: skip
        event.footprint += ((self.ended, WRITE),)
        self.machine.affect(event, effects)
        self.dismissed = True

    def drop(self) -> None:
        """Forget the tasks that nobody has taken, and end all waiting for results."""
        for submission in self.submissions.values():
            submission.check()
        seen = (self.open, self.closed, self.ended, self.news, self.wanted)
        touched = tuple((place, WRITE) for place in (self.head, self.tail, *seen))
        event = self.machine.happen(TERMINATE_POOL, touched, about=self)
        if self.lifetime is not None and self.tasks:
            self.machine.refuse(MAY_HANG)
        self.over = True
        self.ring(event)
        effects: tuple[Effect, ...] = (
            (self.left, False, -len(self.tasks)), (self.open, False, MANY), (self.closed, True, 1),
        )  # fmt: skip
        self.tasks.clear()
        self.machine.affect(event, effects)
        self.dismiss(event)

    def fail(self, event: Event, submission: Submission, index: int, item: Any) -> None:
        """Note at the event that submits it that a task cannot be sent, and has failed."""
        if self.registry.matters(EXACT):
            self.machine.refuse(
                "what is sent to the pool here cannot be pickled, and whether it has failed is "
                "asked without waiting, which is not simulated: wait for the result"
            )
        event.footprint += submission.touched(index, failed=True)
        submission.arrive(event, index, lambda: item)

    def settle(self, submission: Submission) -> None:
        """Hand over what has arrived for a submission."""
        submission.check()
        submission.sent.clear()
        while submission.arrived:
            index, item = submission.arrived.popleft()
            try:
                result = item()
            except Exception:  # another thread fails at that
                self.registry.need(EXACT, APART)
                raise
            self.hand_over(submission, index, result)

    def receive(self) -> tuple[Submission, int, Any] | None:
        """Wait for a result, and return it, or ``None`` where something else has come."""
        machine = self.machine
        following = (self.label, "result", self.received)
        touched = tuple((place, READ) for place in (following, self.wanted, self.last))
        event = machine.happen(RECEIVE, touched, ((self.news, 1),), about=self)
        taken, found, submission = self.rings, b"", None
        if self.results:
            event.widen(event.footprint)
            event.footprint = tuple(one for one in event.footprint if one[0] != self.last)
            key, index, found = self.results.popleft()
            self.received += 1
            taken, submission = 1, self.submissions[key]
            submission.check()
            submission.sent.clear()
        else:
            self.rings = 0
        effects = ((self.news, False, -taken),)
        machine.affect(event, effects)
        return (
            None
            if submission is None
            else (submission, index, self.pickling.pickler().loads(found))
        )
