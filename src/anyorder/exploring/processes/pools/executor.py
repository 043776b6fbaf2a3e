"""``ProcessPoolExecutor``: the library's own class, on top of simulated workers.

What the real manager thread moves between queues is a worker pool's (see ``registry``). Its thread
is here too, by its own name: it waits until all is done, lets the workers end and waits for them,
and where handing over is an event it does that, task by task and result by result, as the real one
does.
"""

from __future__ import annotations

import functools
import traceback
import weakref
from typing import TYPE_CHECKING, Any

from anyorder.exploring.attributes import is_a
from anyorder.exploring.engine.events import READ, WRITE, EventKind
from anyorder.exploring.engine.switching import getcurrent
from anyorder.exploring.engine.threads import Hiding
from anyorder.exploring.library.pools import AFTER_LAST_LINE
from anyorder.exploring.library.wrapping import MANY, Original, goes_through, only_looked, wrapped
from anyorder.exploring.processes.pools.futures import UNKNOWN
from anyorder.exploring.processes.pools.registry import APART, EXACT
from anyorder.exploring.processes.pools.submission import ONCE, Submission
from anyorder.exploring.processes.pools.worker_pool import DISMISS, WorkerPool

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from anyorder.exploring.engine.events import Effect, Event, Mode
    from anyorder.exploring.processes.pools.registry import PoolRegistry
    from anyorder.exploring.processes.system.process import SimulatedProcess

__all__ = ["executor_calls"]

LOOK = EventKind("look for idle workers", says="looks what is ready", waits=None, whole=True)
IDLE = EventKind("idle", says="counts an idle worker", waits=None, whole=False)
BREAK = EventKind("break", says="finds that a worker has died", waits=None, whole=False)
MAY_FAIL = (
    "this Python may fail as it exits, since its pipe is closed meanwhile: wait with shutdown() or "
    "a with statement, or take a newer Python"
)


class IdleWorkers:
    """What stands for the semaphore that counts workers with nothing to do.

    It is asked where workers are started one by one, which ``fork`` does not allow.

    Args:
        pool: whose they are
        most: how many workers there may be
        one_by_one: whether they are started as they are needed
    """

    def __init__(self, pool: WorkerPool, most: int, *, one_by_one: bool) -> None:
        self.pool = pool
        self.registry = pool.registry
        self.most = most
        self.one_by_one = one_by_one
        self.count = 0

    def acquire(self, *, blocking: bool) -> bool:  # noqa: ARG002 - so it is called
        """Count on a worker that is idle, if there is one, rather than start another one."""
        pool = self.pool
        if len(pool.workers) >= self.most or not self.registry.matters(APART):
            return False
        event = pool.machine.happen(LOOK, ((pool.idle, WRITE),))
        if not self.count:
            only_looked(event, pool.idle)
            return False
        self.count -= 1
        return True

    def release(self) -> None:
        """Count a worker as idle, at an event of its own."""
        if self.one_by_one:
            self.pool.machine.happen(IDLE, ((self.pool.idle, "count"),))
            self.count += 1

    def release_later(self) -> None:
        """Do that at some moment from now on, unless handing over is an event."""
        registry = self.registry
        if self.one_by_one and registry.matters(APART) and not registry.matters(EXACT):

            def work(_: Event) -> None:
                self.count += 1

            footprint = ((self.pool.idle, "count"),)
            self.pool.machine.happen_later(IDLE, footprint, work, self.pool.home, "a worker")


class Wakeup:
    """What stands for the pipe by which the manager is woken.

    Args:
        side: the executor's side
    """

    def __init__(self, side: SimulatedExecutor) -> None:
        self.side = side

    def wakeup(self) -> None:
        """Wake the manager: for the end only, since a task wakes it as it is submitted."""
        executor = self.side.executor()
        if executor is None or executor._shutdown_thread or self.side.names["_global_shutdown"]:
            self.side.tell()


class SimulatedExecutor:
    """The parent's side of an executor: its calls, and the futures that come of them.

    Args:
        registry: the pools that there are
        names: those of the copy of ``concurrent.futures.process``
        executor: the executor
        collected: called once nothing refers to the executor any more
    """

    def __init__(
        self,
        registry: PoolRegistry,
        names: dict[str, Any],
        executor: Any,
        collected: Callable[[Any], None],
    ) -> None:
        self.registry = registry
        self.machine = registry.machine
        self.names = names
        self.executor = weakref.ref(executor, collected)
        self.pending = executor._pending_work_items
        most = executor._max_workers
        one_by_one = executor._safe_to_dynamically_spawn_children
        self.worker_pool = pool = WorkerPool(registry, self.read)
        self.idle_workers = IdleWorkers(pool, most, one_by_one=one_by_one)
        self.room = most + 1  # calls that the manager moves ahead
        self.texts, self.dismisses_when_broken = names["_ao_breaking"]
        pool.hand_over = self.hand_over
        pool.on_sent = self.idle_workers.release_later
        pool.on_loss = self.lose
        self.event: Event | None = None
        self.told = False  # that nothing more will be submitted
        self.broken = False

    def read(self, item: Any) -> tuple[Any, int, bool] | None:
        """Say which future a result belongs to; ``None`` for the goodbye of a worker."""
        if is_a(item, int):
            return None
        return item.work_id, 0, item.exception is not None

    # -- submitting ----------------------------------------------------------------------------

    def reach(self, mode: Mode) -> None:
        """Refuse threads of which one submits while another one shuts the executor down."""
        if self.machine.touch((self.worker_pool.label, "shutdown"), mode):
            self.machine.refuse(
                "one thread may shut the executor down while another one submits to it, which is "
                "not simulated: join the one that submits before"
            )

    def put(self, number: int) -> None:
        """Submit a call, as the real executor puts its number into a queue."""
        pool = self.worker_pool
        event = self.event
        assert event is not None
        work = self.pending[number]
        future = work.future
        submission = Submission(pool, ONCE, future._ao_place, future)
        pool.submissions[number] = future._ao_submission = submission
        try:
            item = self.names["_CallItem"](number, work.fn, work.args, work.kwargs)
            data = submission.dumps(item)
        except Exception as error:  # noqa: BLE001 - so does the library
            pool.fail(event, submission, 0, self.failure(number, error))
        else:
            if self.machine.current.last is not event:  # it was read at events of its own
                event = pool.submit()
            pool.add(event, [data])

    def failure(self, number: int, error: Exception) -> Any:
        """Return what comes of a call that cannot be pickled."""
        text = "".join(traceback.format_exception(error))
        error.__cause__ = self.names["_RemoteTraceback"](f'\n"""\n{text}"""')
        return self.names["_ResultItem"](number, exception=error)

    # -- results -------------------------------------------------------------------------------

    def hand_over(self, _: Submission, __: int, item: Any) -> None:
        """Give a future its result."""
        work = self.pending.pop(item.work_id, None)
        if work is None:
            return
        if item.exception:
            work.future.set_exception(item.exception)
        else:
            work.future.set_result(item.result)

    def tell(self) -> None:
        """Tell the manager that nothing more will be submitted."""
        if not self.told:
            self.told = True
            self.worker_pool.close()

    # -- the manager ---------------------------------------------------------------------------

    def manage(self, processes: dict[int, Any]) -> None:
        """Do what the manager's thread does, from its beginning to its end."""
        pool = self.worker_pool
        if self.registry.matters(EXACT):
            self.serve()
            event = self.machine.happen(DISMISS, (), about=pool)
        else:
            self.machine.quiet.add(self.machine.current.tid)
            event = pool.wait_until_done()
        if not self.broken:
            pool.dismiss(event)
        else:
            for process in list(processes.values()):
                process.terminate()
            if self.dismisses_when_broken:
                pool.dismiss(self.machine.happen(DISMISS, (), about=pool))
        for process in list(processes.values()):
            process.join()

    def lose(self, process: SimulatedProcess, _: Event) -> None:
        """Break the pool at some moment after a worker has ended by itself."""
        pool = self.worker_pool
        self.registry.need(APART)
        if self.registry.matters(EXACT):
            self.machine.refuse(
                "a worker ends by itself in a pool whose results are looked at without waiting, "
                "which is not simulated: wait for the results"
            )
        touched = ((pool.tail, WRITE), (pool.head, WRITE), (pool.open, WRITE), (pool.closed, WRITE))
        self.machine.happen_later(BREAK, touched, self.break_down, pool.home, process)

    def break_down(self, event: Event) -> None:
        """Make all calls fail whose results are not there."""
        pool = self.worker_pool
        if self.broken or pool.over:
            return
        self.broken = pool.over = True
        executor = self.executor()
        if executor is not None:
            executor._broken, executor._shutdown_thread = self.texts[0], True
        for number in self.pending:
            submission = pool.submissions[number]
            if not submission.count:
                error = self.names["BrokenProcessPool"](self.texts[1])
                item = self.names["_ResultItem"](number, exception=error)
                event.footprint += submission.touched(0, failed=True)
                submission.arrive(event, 0, lambda item=item: item)  # type: ignore[misc]
        dropped = max(len(pool.tasks) - self.room, 0)  # those that the manager has not moved yet
        for _ in range(dropped):
            pool.tasks.pop()
        effects: tuple[Effect, ...] = (
            (pool.left, False, -dropped), (pool.open, False, MANY), (pool.closed, True, 1),
        )  # fmt: skip
        self.machine.affect(event, effects)

    def serve(self) -> None:
        """Hand over results one by one, until there will be no more."""
        told = False
        while not told or self.pending:
            try:
                found = self.worker_pool.receive()
            except Exception:  # noqa: BLE001 - whatever it is
                self.machine.refuse(
                    "what a worker sends back cannot be unpickled, which breaks the pool, and is "
                    "not simulated: return what can be unpickled"
                )
            if found is None:
                told = True
            else:
                self.hand_over(*found)
                self.idle_workers.release()


def executor_calls(  # noqa: C901, PLR0915 - a case for each call
    registry: PoolRegistry,
    refusing: Callable[[str, str], Any],
    threading: Any,
    module: ModuleType,
) -> None:
    """Give the executors of a copy of ``concurrent.futures.process`` simulated workers.

    Args:
        registry: the pools that there are
        refusing: makes a function that refuses the program, from its name and the reason
        threading: the private copy of ``threading``
        module: the copy
    """
    names = vars(module)
    machine = registry.machine
    cls = names["ProcessPoolExecutor"]
    # without a lock the thread of an executor may close its pipe while the exit writes to it: so it
    # is in 3.11 and 3.12, at least at first
    breaks_at_exit = "_lock" not in names["_ThreadWakeup"].wakeup.__code__.co_names
    names["_ThreadWakeup"] = lambda: None
    names["_SafeQueue"] = lambda *_, **__: type("Unused", (), {})()
    manager = names["_ExecutorManagerThread"]
    later = vars(manager).get("_terminate_broken")
    constants = (later or manager.terminate_broken).__code__.co_consts
    texts = [text for text in constants if is_a(text, str) and text.startswith("A ")]
    names["_ao_breaking"] = texts, later is None
    exit_function = names["_python_exit"]
    goes_through(machine, cls, "map")
    vars(threading)["_threading_atexits"].pop()  # registered by each manager instead

    @wrapped(cls, "__init__")
    def make(
        self: Any, max_workers: int | None = None, *args: Any, original: Original, **kwargs: Any
    ) -> None:
        if kwargs.get("max_tasks_per_child") is not None:
            machine.refuse(
                "max_tasks_per_child is not simulated: leave it out, or give a Pool "
                "maxtasksperchild"
            )
        size = registry.size(max_workers)
        with Hiding(machine.current):
            original(self, size.number, *args, **kwargs)
        here = machine.events

        def collected(_: object) -> None:
            if machine.events is not here or machine.current.greenlet is not getcurrent():
                return
            if breaks_at_exit and side.event is not None and not side.told:
                machine.refuse(f"after an executor has gone without shutdown() {MAY_FAIL}")
            side.tell()

        side = self._ao_executor = SimulatedExecutor(registry, names, self, collected)
        self._executor_manager_thread_wakeup = Wakeup(side)
        self._idle_worker_semaphore = side.idle_workers
        self._work_ids = side
        self._call_queue = self._result_queue = side.worker_pool.end

    submit_whole = cls.submit

    @functools.wraps(submit_whole)  # the keywords are the function's own, whatever their names
    def submit(self: Any, fn: Any, /, *args: Any, **kwargs: Any) -> Any:
        if machine.past_last_line():
            machine.refuse(f"submit() {AFTER_LAST_LINE}")
        self._ao_executor.reach(READ)
        self._ao_executor.event = self._ao_executor.worker_pool.submit()
        return submit_whole(self, fn, *args, **kwargs)

    cls.submit = submit

    @wrapped(cls, "shutdown")
    def shutdown(
        self: Any, wait: bool = True, *, cancel_futures: bool = False, original: Original
    ) -> None:
        if cancel_futures:
            machine.refuse(f"shutdown(cancel_futures=True) {UNKNOWN}")
        if not wait and breaks_at_exit:
            machine.refuse(f"after shutdown(wait=False) {MAY_FAIL}")
        self._ao_executor.reach(WRITE)
        original(self, wait, cancel_futures=cancel_futures)

    for name in ("terminate_workers", "kill_workers"):
        if hasattr(cls, name):
            setattr(
                cls,
                name,
                refusing(f"ProcessPoolExecutor.{name}", "is not simulated: call shutdown()"),
            )

    class Manager(threading.Thread):  # type: ignore[misc]
        """What stands for the manager's thread."""

        def __init__(self, executor: Any) -> None:
            super().__init__()
            self.side = executor._ao_executor
            self.processes = executor._processes
            calls = vars(threading)["_threading_atexits"]
            if not any(getattr(call, "func", call) is exit_function for call in calls):
                threading._register_atexit(exit_function)

        def run(self) -> None:
            self.side.manage(self.processes)

    Manager.__name__ = Manager.__qualname__ = "_ExecutorManagerThread"
    names["_ExecutorManagerThread"] = Manager
