"""The tasks of a ``ThreadPoolExecutor``, each a thread of its own.

A worker that has done its task is as good as one that has done nothing yet, as long as nobody asks
which worker does a task, and no task leaves anything behind in its worker. So a task is a thread
here, which begins once there is a worker for it. Tasks are taken in the order in which they were
submitted, and as many are under way as there may be workers: the task of number n, counted from 0,
can begin once n + 1 less the number of workers are done of those before it, whichever these are.
(A pool starts workers as it needs them; as long as it may start more, it has one for each task that
is not done. For Python from 3.12 on, see below.) Nobody sees that a task has been taken, only what
it does then. Three things make a difference. Each, once it turns out, begins the search again, as
all ``facts`` do:

tasks do what others can notice (``apart``)
    Until then they are carried out one after another. What does nothing but to come to its result
    could as well have done so at any other moment before somebody waits for the result, so nobody
    can tell. What can is any other event of a task, and whoever asks a future of the pool for more
    than its result once that is there: whether it is done, say, or to be cancelled.
more tasks than workers (``crowded``)
    Until then no task has to wait for another. From then on a task that ends sets a worker free.
    The ends of tasks are in one order, and the task of number n comes after that end with which
    enough are done. In all orders that keep to this, there is a worker for each task that begins.
workers (``workers``)
    Once somebody asks which thread does a task, by name, by number, by a ``local`` or by a list of
    threads, once a task leaves something behind (a lock, a context variable), and for whatever else
    goes beyond ``submit``, ``map`` and ``shutdown``, the library's own code runs, with its workers.

From Python 3.12 on, a worker that is about to take a task may be counted as idle, and then a pool
may start no worker for a task though it may have more. For tasks that end, that makes no
difference: there are only fewer workers for a while. But one that waits may wait for one that never
begins. So there the library's own code runs once a task waits for anything.

``tests/exploring/test_pools_of_threads.py`` holds what comes of this against that code.
"""

from __future__ import annotations

import functools
import sys
from contextvars import copy_context
from typing import TYPE_CHECKING, Any

from anyorder.exploring.attributes import is_a
from anyorder.exploring.engine.events import READ, WRITE, EventKind
from anyorder.exploring.engine.threads import ENDED
from anyorder.exploring.library.cores import workers
from anyorder.exploring.library.futures import OF_A_TASK
from anyorder.exploring.library.wrapping import Original, counting, wrapped

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from anyorder.exploring.engine.events import Footprint, Gate
    from anyorder.exploring.engine.machine import Machine
    from anyorder.exploring.engine.threads import SimulatedThread

__all__ = ["AFTER_LAST_LINE", "identity_calls", "pool_calls"]

MORE = 4  # workers beyond one for each core, and never more than 32 of them
SUBMIT = EventKind(
    "submit to threads",
    says="submits a task to {}",
    waits="the lock that all pools of threads share",
    whole=False,
)
TAKE = EventKind("take a task", says="is taken by a worker", waits="a worker", whole=False)
DONE = EventKind("task done", says="sets a worker free", waits=None, whole=False)
AFTER_LAST_LINE = (
    "fails once the main thread of its process has come to its last line, and this one may: join "
    "the thread that calls it"
)
CLOSE = EventKind("shut a pool down", says="shuts {} down", waits=None, whole=False)


class Tasks:
    """The tasks of one pool.

    Args:
        machine: where they run
        executor: the pool
        may_miss_workers: whether it may have fewer workers than it needs and may have
    """

    def __init__(self, machine: Machine, executor: Any, *, may_miss_workers: bool) -> None:
        self.machine = machine
        self.place = ("tasks", *machine.label())
        self.may_miss_workers = may_miss_workers
        self.limit: int = executor._max_workers
        self.count = 0
        self.last: SimulatedThread | None = None
        self.item: Any = None
        machine.counter((self.place, "done"), 0)

    def put(self, item: Any) -> None:
        """Take what is submitted; ``None`` would wake workers, of which there are none."""
        self.item = item

    def done(self, number: int) -> Footprint:
        """Return what the end touches of the task that ends as so manieth."""
        return ((self.place, "done"), WRITE), ((self.place, number + self.limit), WRITE)


class Task:
    """A task of a pool: what a thread does.

    Args:
        tasks: the tasks of the pool
        item: the task as the library has it
        context: what it needs to run
    """

    def __init__(self, tasks: Tasks, item: Any, context: tuple[Any, ...]) -> None:
        self.tasks = tasks
        self.item = item
        self.context = context
        self.number = tasks.count
        self.before = tasks.last
        self.future = future = item.future
        future._ao_tasks = tasks

    def run(self) -> None:
        """Wait for a worker, then do the task."""
        tasks, machine = self.tasks, self.tasks.machine
        facts, thread = machine.facts, machine.current
        place = (tasks.place, "done")
        if not facts.apart:
            if self.before is not None:
                ended = (ENDED, self.before.tid)
                machine.happen(TAKE, ((ended, READ),), ((ended, 1),))
        elif self.number >= tasks.limit:
            machine.learn("crowded")
            gate = (place, self.number - tasks.limit + 1)
            machine.happen(TAKE, (((tasks.place, self.number), READ),), (gate,))
        thread.watch = self.notice
        try:
            self.item.run(*self.context)
        except Exception:  # noqa: BLE001 - a worker would end by it
            machine.learn("workers")
        if thread.held or len(copy_context()):
            machine.learn("workers")
        thread.watch = None
        if facts.apart and facts.crowded:
            effects = ((place, False, 1),)
            machine.happen(DONE, ((place, WRITE),), (), effects, varies=((place,), tasks.done))

    def notice(self, kind: EventKind, gates: tuple[Gate, ...], about: Any) -> None:
        """Notice what others can see of the task, and that it may wait."""
        machine = self.tasks.machine
        if not machine.facts.apart:
            if kind not in OF_A_TASK or about is not self.future:
                machine.learn("apart")
        elif self.tasks.may_miss_workers and (gates or machine.current.waits_for is not None):
            machine.learn("workers")


def count(machine: Machine, executor: Any) -> None:
    """Count a task that is submitted: on some computers it may find that all workers are busy."""
    executor._ao_submitted += 1
    least = executor._ao_workers.least
    shows = executor._ao_tasks is None or machine.facts.apart
    if shows and least is not None and executor._ao_submitted > least:
        executor._ao_workers.matter(machine)


def hold_workers(machine: Machine, module: Any) -> None:
    """Refuse workers that the end of a child would send away, which is not followed.

    Those whose pool is shut down, or there no more, go by themselves.
    """
    home = machine.current.home
    for thread, queue in list(module._threads_queues.items()) if home else ():
        worker = thread._ao_thread
        if worker.home != home or worker.ended or is_a(queue, Tasks):
            continue
        given = getattr(thread, "_args", ())  # while it works; the pool, by a weak reference
        pool = given[0]() if given else None
        if pool is not None and not pool._shutdown:
            machine.refuse(
                "the workers of a ThreadPoolExecutor are sent away as a child ends, which is not "
                "followed: call shutdown(), or use it in a with statement"
            )


def pool_calls(machine: Machine, module: Any) -> None:  # noqa: C901, PLR0915 - a call each
    """Make threads of the tasks of a pool, and an event of submitting one."""
    executor: Any = module.ThreadPoolExecutor
    facts = machine.facts
    happen, learn = machine.happen, machine.learn
    may_miss_workers = "get_nowait" in module._worker.__code__.co_names

    @wrapped(executor, "__init__")
    def make(  # noqa: PLR0913 - as the library's own
        self: Any,
        max_workers: int | None = None,
        thread_name_prefix: str = "",
        initializer: Any = None,
        initargs: Any = (),
        *,
        original: Original,
        **kwargs: Any,
    ) -> None:
        if callable(initializer):
            initializer = machine.follow(initializer)
        self._ao_workers, self._ao_submitted = workers(max_workers, MORE), 0
        most = self._ao_workers.number
        original(self, most, thread_name_prefix, initializer, machine.spread(initargs), **kwargs)
        told = facts.workers or facts.lists or facts.asks or facts.signals or facts.processes
        plain = type(self) is executor and initializer is None and not machine.patched
        self._ao_tasks = None
        if plain and not told:
            self._ao_tasks = self._work_queue = Tasks(
                machine, self, may_miss_workers=may_miss_workers
            )

    machine.at_last_line.append(functools.partial(hold_workers, machine, module))
    submit = executor.submit

    @functools.wraps(submit)
    def submit_at_once(self: Any, fn: Any, /, *args: Any, **kwargs: Any) -> Any:
        if machine.current.home and machine.past_last_line():  # the first process is followed
            machine.refuse(f"submit() {AFTER_LAST_LINE}")
        count(machine, self)
        if self._ao_tasks is None:
            return submit(self, machine.follow(fn), *args, **kwargs)
        if machine.current.daemon:
            learn("workers")
        # at its end the interpreter takes this lock for a moment, in which nobody submits anything
        footprint, gates, *_ = module._global_shutdown_lock._places
        happen(SUBMIT, footprint, gates, about=self)
        with machine.atomically():
            return submit(self, machine.follow(fn), *args, **kwargs)

    executor.submit = submit_at_once

    @wrapped(executor, "_adjust_thread_count")
    def adjust_thread_count(self: Any, *, original: Original) -> None:
        tasks = self._ao_tasks
        if tasks is None:
            original(self)
            return
        # what it runs in, from Python 3.14 on
        context = (
            (self._create_worker_context(),) if hasattr(self, "_resolve_work_item_task") else ()
        )
        task = Task(tasks, tasks.item, context)
        tasks.count += 1
        name = f"{self._thread_name_prefix}, task {tasks.count}"
        thread = module.threading.Thread(name=name, target=task.run)
        thread.start()
        tasks.last = thread._ao_thread
        self._threads.add(thread)
        module._threads_queues[thread] = tasks

    @wrapped(executor, "shutdown")
    def shutdown(
        self: Any, wait: bool = True, *, cancel_futures: bool = False, original: Original
    ) -> None:
        if self._ao_tasks is None:
            original(self, wait, cancel_futures=cancel_futures)
            return
        if cancel_futures or machine.current.watch is not None:
            learn("workers")
        happen(CLOSE, (), about=self)
        with machine.atomically():
            original(self, wait=False)
        if wait:
            for thread in self._threads:
                thread.join()

    executor._counter = staticmethod(counting(machine, "pool", executor._counter))


def identity_calls(machine: Machine, module: ModuleType) -> None:
    """Notice that a task asks which thread does it."""
    own = module.__file__

    def asking(original: Callable[[], Any]) -> Callable[[], Any]:
        @functools.wraps(original)
        def ask() -> Any:
            if machine.current.watch is not None and sys._getframe(1).f_code.co_filename != own:
                machine.learn("workers")
            return original()

        return ask

    for name in ("current_thread", "currentThread"):
        setattr(module, name, asking(getattr(module, name)))
