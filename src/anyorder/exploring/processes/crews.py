"""The workers of a pool, and what goes to them and comes back.

A real pool has threads that move tasks into a pipe and results out of another one. Here a task can
be taken as soon as it has been submitted, and a result is there as soon as a worker has sent it.
The argument, move by move:

a task waits to be put into the pipe
    Nobody but a worker can tell whether it has been put there, and a worker that takes it late and
    one that finds it late look alike.
a result waits to be handed over
    Whoever waits for a result that is sent and one that is handed over look alike, as long as
    nobody asks without waiting (``done``, ``ready``, a timeout, a callback, ``as_completed``). Once
    anybody does, the search begins again and handing over is an event of its own: ``EXACT``.
which worker takes a task
    A worker that has printed nothing, changed nothing and done nothing that others can see is as
    good as any other, so the first one takes them all. Once a worker does any of that, or the order
    of results counts, the search begins again with each task open to each worker: ``APART``.
workers that have done nothing yet
    They only differ by their names, so they take their first tasks in turn. Once a program asks for
    a name, the search begins again without that rule: ``NAMED``.
how a worker ends that is terminated
    One that has no task and nothing in its buffer ends unseen. One that has not begun does so too,
    unless workers print before their first task: ``LOUD``.

The tests hold the sets that come of this against those of the slow version, which has all four from
the start.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from anyorder.exploring.events import READ, WRITE
from anyorder.exploring.processes.jobs import ALL, Job
from anyorder.exploring.wrapping import MANY, only_looked

if TYPE_CHECKING:
    from collections.abc import Callable

    from anyorder.exploring.events import Effect, Event, Footprint, Gate
    from anyorder.exploring.processes.computer import Computer, SimulatedProcess
    from anyorder.exploring.processes.library import ProcessLibrary

__all__ = ["APART", "EXACT", "LOUD", "NAMED", "Crew", "Crews"]

# what may make a difference; see above
APART, EXACT, LOUD, NAMED = "apart", "exact", "loud", "named"


class Worker:
    """One worker of a crew."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.begun = False  # whether it has asked for a task
        self.dismissed = False
        self.busy = False  # whether it has a task whose result it has not sent
        self.event: Event | None = None  # by which it took its last task
        self.writes = 0


class End:
    """What the workers of a crew have of it: they take tasks from it and send results to it.

    Args:
        crew: the crew
    """

    def __init__(self, crew: Crew) -> None:
        self.crew = crew

    def __reduce__(self) -> tuple[Any, ...]:
        """Let every process have the same one."""
        return self.crew.crews.find, (self.crew.number,)

    def get(self, *_: object, **__: object) -> Any:
        """Take a task."""
        return self.crew.take()

    def put(self, item: Any) -> None:
        """Send a result."""
        self.crew.send(item)

    def close(self) -> None:
        """Do nothing: it stays as long as the computer."""


class Crews:
    """The crews of one computer.

    Args:
        library: the modules that they use
    """

    def __init__(self, library: ProcessLibrary) -> None:
        self.library = library
        self.machine: Computer = library.machine
        self.all: list[Crew] = []
        crews = self

        def find(number: int) -> End:
            return crews.all[number].end

        find.__module__, find.__qualname__ = "multiprocessing.process", "_find_crew"
        self.find = find

    def begin(self) -> None:
        """Forget all crews, for a new execution."""
        self.all = []

    def pickler(self) -> Any:
        """Return what pickles for other processes."""
        return vars(self.library.load("multiprocessing.reduction"))["ForkingPickler"]

    def matters(self, what: str) -> bool:
        """Whether something that is left out at first makes a difference."""
        return ("crew", what) in self.library.kernel.pipes.descriptors.sharing.places

    def need(self, *things: str) -> None:
        """Let the search begin again, unless it knows already that these make a difference."""
        sharing = self.library.kernel.pipes.descriptors.sharing
        for what in things:
            if not self.matters(what):
                sharing.places.add(("crew", what))
                sharing.grown = True

    def asked_for_name(self) -> None:
        """Note that the program asks which process it is in."""
        if any(self.machine.current.home in crew.workers for crew in self.all):
            self.need(APART, NAMED)

    def asked_for_names(self) -> None:
        """Note that the program asks which processes there are."""
        if self.all:
            self.need(APART, NAMED)

    def hire(self, arguments: tuple[Any, ...], process: SimulatedProcess) -> None:
        """Note that a process has been started, which is a worker where an end is sent to it."""
        for end in arguments:
            if isinstance(end, End):
                end.crew.hire(process)
                return


class Crew:
    """One crew.

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
        self.end = End(self)
        self.tasks: deque[tuple[int, bytes]] = deque()
        self.added = 0
        self.results: deque[tuple[Any, int, bytes]] = deque()
        self.sent = self.received = 0
        self.rings = 0  # news that are no results
        self.jobs: dict[Any, Job] = {}
        self.workers: dict[int, Worker] = {}
        self.dismissed = False
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

    # -- the parent's side ---------------------------------------------------------------------

    def submit(self) -> Event:
        """Let the moment come at which tasks are submitted."""
        return self.machine.happen("submit", ((self.tail, WRITE), (self.open, "count")), about=self)

    def add(self, event: Event, tasks: list[bytes]) -> None:
        """Let tasks be submitted at an event."""
        effects: tuple[Effect, ...] = (
            (self.left, False, len(tasks)), (self.open, False, -len(tasks)),
        )  # fmt: skip
        for data in tasks:
            event.footprint += (((self.label, self.added), WRITE),)
            self.tasks.append((self.added, data))
            self.added += 1
        event.effects += effects
        self.machine.apply(effects)

    def close(self) -> None:
        """Say that no more tasks will come."""
        for job in self.jobs.values():
            job.check()
        effects: tuple[Effect, ...] = ((self.closed, True, 1), (self.news, False, 1))
        self.machine.happen("close pool", ((self.closed, WRITE),), (), effects, self)
        self.rings += 1

    def wait_until_done(self) -> Event:
        """Wait until it is closed and every result is there."""
        touched = ((self.closed, READ), (self.open, READ))
        gates = ((self.closed, 1), (self.open, 0))
        return self.machine.happen("dismiss", touched, gates, about=self)

    def dismiss(self, event: Event) -> None:
        """Let the workers end at an event, each once it looks for another task."""
        effects: tuple[Effect, ...] = (
            (self.left, False, MANY), (self.ended, True, 1), (self.news, False, MANY),
            *(((self.label, "turn", number), True, 1) for number in range(len(self.workers))),
        )  # fmt: skip
        event.footprint += ((self.ended, WRITE),)
        event.effects += effects
        self.machine.apply(effects)
        self.dismissed = True

    def drop(self) -> None:
        """Forget the tasks that nobody has taken, and let nobody wait for results any more."""
        for job in self.jobs.values():
            job.check()
        seen = (self.open, self.closed, self.ended, self.news, self.wanted)
        touched = tuple((place, WRITE) for place in (self.head, self.tail, *seen))
        event = self.machine.happen("terminate pool", touched, about=self)
        self.over = True
        effects: tuple[Effect, ...] = (
            (self.left, False, -len(self.tasks)), (self.open, False, MANY), (self.closed, True, 1),
        )  # fmt: skip
        self.tasks.clear()
        event.effects += effects
        self.machine.apply(effects)
        self.dismiss(event)

    def fail(self, event: Event, job: Job, index: int, item: Any) -> None:
        """Let a task that cannot be sent have failed, at the event that submits it."""
        if self.crews.matters(EXACT):
            self.machine.refuse(
                "what is sent to the pool here cannot be pickled, and whether it has failed is "
                "asked without waiting, which is not simulated: wait for the result"
            )
        event.footprint += job.touched(index, failed=True)
        job.arrive(event, index, lambda: item)

    def settle(self, job: Job) -> None:
        """Hand over what has arrived for a job."""
        job.check()
        job.sent.clear()
        while job.arrived:
            index, item = job.arrived.popleft()
            self.hand_over(job, index, item())

    hand_over: Callable[[Job, int, Any], None]

    def receive(self) -> tuple[Job, int, Any] | None:
        """Wait for news, and return a result, or ``None`` where they are others."""
        machine = self.machine
        following = (self.label, "result", self.received)
        touched = tuple((place, READ) for place in (following, self.wanted, self.closed))
        event = machine.happen("receive", touched, ((self.news, 1),), about=self)
        taken, found = self.rings, None
        if self.results:
            event.widest = event.footprint
            event.footprint = tuple(one for one in event.footprint if one[0] != self.closed)
            key, index, data = self.results.popleft()
            self.received += 1
            taken, found = 1, (self.jobs[key], index, self.crews.pickler().loads(data))
            self.jobs[key].check()
            self.jobs[key].sent.clear()
        else:
            self.rings = 0
        effects = ((self.news, False, -taken),)
        event.effects += effects
        machine.apply(effects)
        return found

    # -- the workers' side ---------------------------------------------------------------------

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
        event = machine.happen("take", touched, gates, effects, about=self)
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
        if last is not None and last.kind != "begin":
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
        effects: tuple[Effect, ...]
        if self.crews.matters(EXACT):
            touched: Footprint = ((self.label, WRITE), (self.open, "sent"))
            event = machine.happen("send result", touched, about=self)
            number, self.sent = self.sent, self.sent + 1
            event.footprint += (((self.label, "result", number), WRITE),)
            self.results.append((key, index, data))
            effects = ((self.news, False, 1),)
        else:
            touched = (*job.touched(index, failed=failed), (self.open, "count"))
            event = machine.happen("send result", touched, about=self)
            effects = ((self.open, False, 1),)
            if not self.over:
                loads = self.crews.pickler().loads
                job.arrive(event, index, lambda: loads(data))
        worker.busy = False
        event.effects += effects
        machine.apply(effects)
        self.on_sent()
