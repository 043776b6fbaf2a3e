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
    a name, or other threads go on as workers are forked one after another, the search begins again
    without that rule: ``NAMED``.
how a worker ends that is terminated
    One that has no task and nothing in its buffer ends unseen. One that has not begun does so too,
    unless workers print before their first task: ``LOUD``. Once a worker does anything at its end,
    such as what the program has registered for it, no worker ends unseen any more: ``LATE``.
workers that end after so many tasks
    Each is replaced at an event of the thread that looks after them, and forked from there, so
    ``EXACT``, ``APART`` and ``NAMED`` count from the start; ``LATE`` once a worker prints.

The tests hold the sets that come of this against those of the slow version, which has all four from
the start.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn, Protocol

from anyorder.exploring.attributes import is_a
from anyorder.exploring.library.cores import Workers, workers
from anyorder.exploring.processes.system.sharing import POOL

if TYPE_CHECKING:
    from collections.abc import Callable, Container

    from anyorder.exploring.processes.library.pickling import Pickling
    from anyorder.exploring.processes.system.computer import Computer
    from anyorder.exploring.processes.system.process import SimulatedProcess
    from anyorder.exploring.processes.system.streams import Streams

__all__ = ["APART", "EXACT", "LATE", "LOUD", "NAMED", "PoolOfParent", "PoolRegistry", "WorkerEnd"]

# what may make a difference; see above
APART, EXACT, LATE, LOUD, NAMED = "apart", "exact", "late", "loud", "named"


class Pool(Protocol):
    """The workers of a pool, as far as their processes and the registry need them."""

    number: int
    end: WorkerEnd

    @property
    def workers(self) -> Container[int]:
        """The workers, by the numbers of their processes."""

    def hire(self, process: SimulatedProcess) -> None:
        """Take a process on."""

    def take(self) -> Any:
        """Take a task, and return ``None`` where there will be no more."""

    def send(self, item: Any) -> None:
        """Send what a worker has come to."""


class WorkerEnd:
    """What the workers of a pool have of it: they take tasks from it and send results to it.

    Args:
        pool: the pool
        find: finds the end of a pool by the pool's number, in every process
    """

    def __init__(self, pool: Pool, find: Callable[[int], WorkerEnd]) -> None:
        self.pool = pool
        self.find = find

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle it so that every process has the same one."""
        return self.find, (self.pool.number,)

    def get(self, *_: object, **__: object) -> Any:
        """Take a task."""
        return self.pool.take()

    def put(self, item: Any) -> None:
        """Send a result."""
        self.pool.send(item)

    def hire(self, process: SimulatedProcess) -> None:
        """Let the pool take a process on."""
        self.pool.hire(process)

    def close(self) -> None:
        """Do nothing: it stays as long as the computer."""


class PoolOfParent:
    """What a forked process has of a pool of its parent: it is not followed.

    Args:
        machine: where they run
    """

    def __init__(self, machine: Computer) -> None:
        self.machine = machine

    def __getattr__(self, name: str) -> NoReturn:
        """Refuse what the process does with it."""
        self.machine.refuse(
            "a pool that was made before the fork, or a result of it, is used in the process that "
            "was forked, where nobody works for it: make a pool in each process"
        )


class PoolRegistry:
    """The pools of one computer, and what of them makes a difference.

    Args:
        machine: the computer
        pickling: how tasks and results are pickled
        streams: standard output and standard error
    """

    def __init__(self, machine: Computer, pickling: Pickling, streams: Streams) -> None:
        self.machine = machine
        self.pickling = pickling
        self.streams = streams
        self.pools: list[Pool] = []
        self.unsized: Workers | None = None  # those of a pool that was not told how many
        machine.tells_apart = self.asked_for_name

        def find(number: int) -> WorkerEnd:
            return self.pools[number].end

        find.__module__, find.__qualname__ = "multiprocessing.process", "_find_pool"
        self.find = find

    def begin(self) -> None:
        """Forget all pools, for a new execution."""
        self.pools = []
        self.unsized = None

    def size(self, asked: Any) -> Workers:
        """Return how many workers a new pool has.

        Args:
            asked: how many the program asks for, if it does
        """
        found = workers(asked)
        if found.least is not None:
            self.unsized = found
            if self.matters(APART):
                found.matter(self.machine)
        return found

    def number(self) -> None:
        """Note that a process of the program's own gets a number, after those of workers."""
        if self.unsized is not None:
            self.unsized.matter(self.machine)

    def add(self, pool: Pool) -> None:
        """Number a new pool, and give it the end that its workers have of it."""
        pool.number, pool.end = len(self.pools), WorkerEnd(pool, self.find)
        self.pools.append(pool)

    def matters(self, what: str) -> bool:
        """Whether something that is left out at first makes a difference."""
        return self.machine.is_shared((POOL, what))

    def need(self, *things: str) -> None:
        """Begin the search again, unless it is known already that these make a difference."""
        for what in things:
            self.machine.share((POOL, what))

    def asked_for_name(self) -> None:
        """Note that the program asks which process it is in, or for a number that says so."""
        if self.has_worker(self.machine.current.home):
            self.need(APART, NAMED)

    def asked_for_names(self) -> None:
        """Note that the program asks which processes there are."""
        if self.pools:
            self.need(APART, NAMED)

    def hire(self, arguments: tuple[Any, ...], process: SimulatedProcess) -> None:
        """Note that a process has been started: a worker, where it is given the end of a pool."""
        for end in arguments:
            if is_a(end, WorkerEnd):
                end.hire(process)
                return

    def differs(self, process: SimulatedProcess) -> None:
        """Note that a process may have found another memory at its fork than others did."""
        if self.has_worker(process.number):
            self.need(APART, NAMED)

    def has_worker(self, process: int) -> bool:
        """Whether a process is a worker of any pool."""
        return any(process in pool.workers for pool in self.pools)
