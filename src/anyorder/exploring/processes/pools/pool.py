"""``multiprocessing.Pool``: the library's own, on top of simulated workers.

The three threads of a real pool are here by their names. The first waits until all is done and lets
the workers end; the second moves no tasks, which are there as they are submitted; the third hands
over results where that is an event (see ``registry``), and runs callbacks.
"""

from __future__ import annotations

import functools
import itertools
import signal
from collections import deque
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from anyorder.exploring.attributes import is_a
from anyorder.exploring.engine.events import READ, WRITE, EventKind
from anyorder.exploring.engine.switching import getcurrent
from anyorder.exploring.library.wrapping import Original, goes_through, wrapped
from anyorder.exploring.processes.pools.registry import APART, EXACT, LATE, LOUD, NAMED
from anyorder.exploring.processes.pools.results import result_calls
from anyorder.exploring.processes.pools.submission import EACH, IN_ORDER, Submission
from anyorder.exploring.processes.pools.worker_pool import WorkerPool
from anyorder.exploring.processes.system.process import EXITED

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from anyorder.exploring.engine.events import Event
    from anyorder.exploring.engine.machine import Machine
    from anyorder.exploring.engine.threads import SimulatedThread
    from anyorder.exploring.processes.pools.registry import PoolRegistry
    from anyorder.exploring.processes.system.process import SimulatedProcess

__all__ = ["SimulatedPool", "pool_calls"]

LAST = EventKind(
    "last words",
    says="has had the lock of the results",
    waits="the end of the pool, and the lock of its results",
    whole=False,
)
END_OF_WORKERS = EventKind(
    "end of workers",
    says="has waited for the workers to end",
    waits="the workers to end",
    whole=False,
)
HAND_OVER = EventKind("hand over", says="hands over a result", waits=None, whole=False)
PLAIN = (list, tuple, range, str, bytes, dict, set, frozenset)
CHANGING = (list, deque, dict, set, bytearray)  # containers that a real pool takes from later on
ENDED_MEANWHILE = (
    "another thread ends the pool while this one submits to it, which is not simulated: end it "
    "once all is submitted"
)
WORKER_LOST = "a worker of the pool ends by itself, and its task is lost, which is not simulated"


class Notifier:
    """What stands for the pipe by which a real pool's threads are woken."""

    _reader = None

    def put(self, _: object) -> None:
        """Do nothing: nobody waits for it."""


class Workers(list[Any]):
    """The processes of a pool, of which other threads ask how many there are as it divides tasks.

    Args:
        pool: whose they are
    """

    def __init__(self, pool: WorkerPool) -> None:
        super().__init__()
        self.pool = pool

    def __len__(self) -> int:
        self.pool.reach_size(READ)
        return super().__len__()

    def append(self, worker: Any) -> None:
        """Add one."""
        self.pool.reach_size(WRITE)
        super().append(worker)

    def remove(self, worker: Any) -> None:
        """Remove one."""
        self.pool.reach_size(WRITE)
        super().remove(worker)


class SimulatedPool:
    """The parent's side of a pool: its tasks, and the results that come of them.

    Args:
        registry: the pools that there are
        complaint: what is said where it is to end, and there is nobody to hand over results
        lifetime: after how many tasks a worker ends, so that another one takes its place
    """

    def __init__(self, registry: PoolRegistry, complaint: str, lifetime: int | None) -> None:
        self.registry = registry
        self.streams = registry.streams
        self.complaint = complaint
        self.machine = registry.machine
        self.worker_pool = pool = WorkerPool(registry, self.read, lifetime)
        pool.hand_over = self.hand_over
        pool.on_loss = self.lose
        pool.lock = self.lock = (pool.label, "lock")
        self.machine.counter(self.lock, 1)
        pool.last = pool.ended
        self.events = self.machine.events
        self.taken: dict[int, Any] = {}  # by thread, what it submits, of which tasks are made
        self.failed = False  # whether the thread that hands over results has ended by an error

    def read(self, item: Any) -> tuple[Any, int, bool]:
        """Say which submission a result belongs to."""
        key, index, (success, _) = item
        return key, index, not success

    def lose(self, _: SimulatedProcess, __: Event) -> None:
        """Note that a worker has ended by itself."""
        self.machine.refuse(f"{WORKER_LOST}: leave the program unexplored")

    def put(self, item: tuple[Any, Any]) -> None:
        """Submit tasks, as a real pool puts them into a queue for its second thread."""
        tasks, set_length = item
        pool = self.worker_pool
        count = 0
        sent: list[bytes] = []
        failures: list[tuple[Any, Exception]] = []
        for task in tasks:
            count += 1
            try:
                sent.append(pool.submissions[task[0]].dumps(task))
            except Exception as error:  # noqa: BLE001 - so does the library
                failures.append((task, error))
        event = pool.submit()  # once all is read, which may be events of its own
        if pool.ending:
            self.machine.refuse(ENDED_MEANWHILE)
        for task, failure in failures:
            result = (task[0], task[1], (False, failure))
            pool.fail(event, pool.submissions[task[0]], task[1], result)
        taken = self.taken.pop(self.machine.current.tid, None)
        if count and not failures and is_a(taken, CHANGING):
            pool.submissions[task[0]].note(taken)
        if set_length is not None:
            set_length(count)
        if not pool.over:
            pool.add(event, sent)

    # -- the parent's threads ------------------------------------------------------------------

    def handle_workers(self, workers: list[Any], begin: Callable[[], None]) -> None:
        """End the workers once all is done, and replace those that have had their tasks.

        The first thread does.

        Args:
            workers: their processes, which change as others are begun
            begin: begins as many as are missing
        """
        self.machine.quiet.add(self.machine.current.tid)
        pool = self.worker_pool
        if pool.lifetime is None:
            event = pool.wait_until_done()
        else:
            event, gone = pool.watch()
            while not pool.over and not pool.is_done():
                self.reap(workers, gone)
                begin()
                event, gone = pool.watch()
        if not pool.over:
            pool.dismiss(event)

    def reap(self, workers: list[Any], gone: list[SimulatedProcess]) -> None:
        """Forget the workers that have ended."""
        ended = {process.pid for process in gone}
        for child in [one for one in workers if one._popen.pid in ended]:
            with self.machine.atomically():
                child.join()
            workers.remove(child)

    def handle_tasks(self) -> None:
        """Tell the third thread that no more results come; the second does, with the workers' lock.

        A worker that was killed while it held the lock keeps it for good, and the pool hangs.
        """
        machine, pool = self.machine, self.worker_pool
        if machine.facts.mortal:
            machine.quiet.add(machine.current.tid)
            touched = ((self.lock, WRITE), (pool.ended, READ))
            machine.happen(LAST, touched, ((pool.ended, 1), (self.lock, 1)), about=pool)

    def handle_results(self) -> None:
        """Hand over results one by one; the third thread does, where that is an event.

        An error of a callback, or a result that cannot be unpickled, ends the thread, as it ends
        the real one, which takes a ``KeyError`` for a result that nobody waits for any more.
        """
        pool = self.worker_pool
        try:
            while self.registry.matters(EXACT):
                found = pool.receive()
                if pool.over or (found is None and pool.dismissed):
                    return
                if found is not None:
                    with suppress(KeyError):
                        self.hand_over(*found)
                        pool.count()
        except Exception:
            self.machine.current.on_end.append(partial(self.fail, self.machine.current))
            raise

    def fail(self, thread: SimulatedThread) -> None:
        """Note that the thread that hands over results has ended, by what it did last."""
        assert thread.last is not None
        thread.last.footprint += ((self.worker_pool.wanted, READ),)
        self.failed = True

    def terminate(
        self, children: list[Any], threads: tuple[Any, ...], cache: dict[Any, Any]
    ) -> None:
        """End the workers at once, and wait for them.

        A worker that waits for a task and has nothing in its buffer ends unseen, in either way.
        """
        pool, machine = self.worker_pool, self.machine
        if machine.events is not self.events or machine.current.greenlet is not getcurrent():
            return  # it belongs to an execution that is over
        if pool.over:
            return
        pool.drop()
        if self.failed and cache:
            raise AssertionError(self.complaint)
        if pool.lifetime is not None:  # until then, it may begin others
            threads[0].join()
        workers = [
            machine.processes[number] for number in pool.workers if number not in pool.reaped
        ]
        for process in workers:
            if not self.shows(process):
                continue
            if pool.lifetime is None:
                machine.deliver_later(process, signal.SIGTERM)
            else:  # it may have ended by itself
                machine.send_signal(process, signal.SIGTERM)
        for thread in threads:
            thread.join()
        gates = tuple(((EXITED, process.number), 1) for process in workers)
        machine.happen(END_OF_WORKERS, tuple((place, READ) for place, _ in gates), gates)
        with machine.atomically():
            for child in children:
                child.join()

    def shows(self, process: SimulatedProcess) -> bool:
        """Whether anybody can tell how a worker ends."""
        worker = self.worker_pool.workers[process.number]
        if worker.busy or self.registry.matters(LATE):
            return True
        if self.worker_pool.lifetime is not None:  # what it holds it may flush at any moment
            return False
        early = worker.event is None and self.registry.matters(LOUD)
        holds = early or self.streams.holds(process.number)
        return holds and self.registry.matters(APART)

    def hand_over(self, submission: Submission, index: int, item: Any) -> None:
        """Give a submission a result."""
        target, result = submission.target, item[2]
        if not self.registry.matters(EXACT):
            target._set(index, result)
            return
        happen, place = self.machine.happen, submission.place
        if submission.kind in {EACH, IN_ORDER}:
            event = happen(HAND_OVER, (((place, "items"), WRITE),))
            before = target._index
            target._set(index, result)
            effects = (((place, "items"), False, target._index - before),)
        else:
            target._set(index, result)  # which runs callbacks, before anyone can see the result
            if not target._event._flag:
                return
            event = happen(HAND_OVER, (((place, "done"), WRITE),))
            submission.done = True
            effects = (((place, "done"), True, 1),)
        self.machine.affect(event, effects)


def by_worker(
    machine: Machine, original: Callable[..., Any], take: Callable[..., Any]
) -> Callable[..., Any]:
    """Return what a worker does with several items that were sent to it as one task.

    Args:
        machine: where the worker is
        original: the library's function, which it is known by
        take: goes through the items
    """

    def work(args: tuple[Any, Any]) -> list[Any]:
        function, items = args
        return list(take(machine.follow(function), items))

    return functools.update_wrapper(work, original)


def pool_calls(  # noqa: C901 - a case for each call
    registry: PoolRegistry, refusing: Callable[[str, str], Any], module: ModuleType
) -> None:
    """Give the pools of a copy of ``multiprocessing.pool`` simulated workers.

    Args:
        registry: the pools that there are
        refusing: makes a function that refuses the program, from its name and the reason
        module: the copy
    """
    names = vars(module)
    cls = names["Pool"]
    machine = registry.machine
    constants = cls._terminate_pool.__code__.co_consts
    complaint = next(one for one in constants if str(one).startswith("Cannot have cache"))

    def set_up(self: Any) -> None:
        side = self._ao_pool = SimulatedPool(registry, complaint, self._ao_lifetime)
        self._inqueue = self._outqueue = side.worker_pool.end
        self._quick_put, self._quick_get = None, side.handle_results
        if self._ao_lifetime is not None:
            self._pool = Workers(side.worker_pool)

    # threads have the names of these functions in theirs
    def _handle_workers(_: Any, side: SimulatedPool, *args: Any) -> None:
        side.handle_workers(args[3], lambda: cls._repopulate_pool_static(*args[:10]))

    def _handle_tasks(side: SimulatedPool, *_: Any) -> None:
        side.handle_tasks()

    def _handle_results(_: Any, handle: Any, __: Any) -> None:
        handle()

    def terminate_pool(side: SimulatedPool, *args: Any) -> None:
        side.terminate(args[2], args[4:7], args[7])

    # an iterator of a task's own tells no worker from another
    for name, take in {"mapstar": map, "starmapstar": itertools.starmap}.items():
        names[name] = by_worker(machine, names[name], take)
    for name, function in {
        "_setup_queues": set_up,
        "_get_sentinels": lambda _: [],
        "__del__": lambda _: None,  # it would warn, which is off unless it is asked for
        "_handle_workers": staticmethod(_handle_workers),
        "_handle_tasks": staticmethod(_handle_tasks),
        "_handle_results": staticmethod(_handle_results),
        "_terminate_pool": staticmethod(terminate_pool),
        "_taskqueue": property(lambda self: self._ao_pool, lambda _, __: None),
        "_change_notifier": property(lambda _: Notifier(), lambda _, __: None),
    }.items():
        setattr(cls, name, function)
    names["ThreadPool"].__init__ = refusing(
        "ThreadPool", "is not simulated: use ThreadPoolExecutor"
    )

    @wrapped(cls, "__init__")
    def make(  # noqa: PLR0913, PLR0917 - as the library's own
        self: Any, processes: int | None = None, initializer: Any = None, initargs: Any = (),
        maxtasksperchild: int | None = None, context: Any = None, *, original: Original,
    ) -> None:  # fmt: skip
        if maxtasksperchild is not None:
            registry.need(EXACT, APART, NAMED)  # another worker is told by what it finds
        self._ao_lifetime = maxtasksperchild
        size = self._ao_size = registry.size(processes)
        original(self, size.number, initializer, initargs, maxtasksperchild, context)

    @wrapped(cls, "__repr__")
    def show(self: Any, *, original: Original) -> str:
        self._ao_size.matter(machine)
        return original(self)  # type: ignore[no-any-return]

    for name in ("_map_async", "imap", "imap_unordered"):

        @wrapped(cls, name)
        def submit(
            self: Any, func: Any, iterable: Any, *args: Any, original: Original, **kwargs: Any
        ) -> Any:
            self._ao_pool.taken[machine.current.tid] = iterable
            return original(self, func, machine.spread(iterable), *args, **kwargs)

    for name in ("imap", "imap_unordered"):

        @wrapped(cls, name)
        def imap(
            self: Any, func: Any, iterable: Any, chunksize: int = 1, *, original: Original
        ) -> Any:
            name = original.__name__
            if type(iterable) not in PLAIN:
                machine.refuse(
                    f"{name} takes from a {type(iterable).__name__} in a thread of the pool: "
                    "make it a list to explore"
                )
            if self._ao_lifetime is not None and not iterable:
                machine.refuse(
                    f"{name} of nothing is not simulated with maxtasksperchild: leave it out"
                )
            if name == "imap_unordered":
                registry.need(APART)
            return original(self, func, iterable, chunksize)

    goes_through(
        machine, cls, "apply", "apply_async", "imap", "imap_unordered", "map", "map_async",
        "starmap", "starmap_async",
    )  # fmt: skip
    ending_calls(cls, names["RUN"])
    result_calls(registry, names)


def ending_calls(cls: Any, runs: str) -> None:
    """Put in order what ends a pool, and who asks whether it goes on.

    Args:
        cls: the copy of ``Pool``
        runs: its state while it goes on
    """

    @wrapped(cls, "close")
    def close(self: Any, *, original: Original) -> None:
        pool = self._ao_pool.worker_pool
        pool.begin_to_end()
        running = self._state == runs
        original(self)
        if running:
            pool.close()

    @wrapped(cls, "terminate")
    def terminate(self: Any, *, original: Original) -> None:
        self._ao_pool.worker_pool.begin_to_end()
        original(self)

    for name in ("_check_running", "join"):

        @wrapped(cls, name)
        def look(self: Any, *, original: Original) -> None:
            self._ao_pool.worker_pool.look()
            original(self)
