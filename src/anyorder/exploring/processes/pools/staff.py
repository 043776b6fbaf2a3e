"""The parent's side of a ``ProcessPoolExecutor``: its calls, its manager, its idle workers.

What the real manager thread moves between queues is a crew's (see ``crews``). Its thread is here
too, by its own name: it waits until all is done, lets the workers end and waits for them, and where
handing over is an event it does that, task by task and result by result, as the real one does.
"""

from __future__ import annotations

import traceback
import weakref
from typing import TYPE_CHECKING, Any

from anyorder.exploring.engine.events import WRITE, EventKind
from anyorder.exploring.library.wrapping import MANY, only_looked
from anyorder.exploring.processes.pools.crews import APART, EXACT
from anyorder.exploring.processes.pools.jobs import ONCE, Job
from anyorder.exploring.processes.pools.tasks import DISMISS, Crew

if TYPE_CHECKING:
    from collections.abc import Callable

    from anyorder.exploring.engine.events import Effect, Event
    from anyorder.exploring.processes.library.importing import ProcessLibrary
    from anyorder.exploring.processes.lifecycle.process import SimulatedProcess

__all__ = ["EXECUTORS", "Staff", "Wakeup"]

LOOK = EventKind("look for idle workers", says="looks what is ready", waits=None, whole=True)
IDLE = EventKind("idle", says="counts an idle worker", waits=None, whole=False)
BREAK = EventKind("break", says="finds that a worker has died", waits=None, whole=False)
EXECUTORS = "concurrent.futures.process"


class Idlers:
    """What stands for the semaphore that counts workers with nothing to do.

    It is asked where workers are started one by one, which ``fork`` does not allow.

    Args:
        crew: whose they are
        most: how many workers there may be
        one_by_one: whether they are started as they are needed
    """

    def __init__(self, crew: Crew, most: int, *, one_by_one: bool) -> None:
        self.crew = crew
        self.most = most
        self.one_by_one = one_by_one
        self.count = 0

    def acquire(self, *, blocking: bool) -> bool:  # noqa: ARG002 - so it is called
        """Count on a worker that is idle, if there is one, rather than start another one."""
        crew = self.crew
        if len(crew.workers) >= self.most or not crew.crews.matters(APART):
            return False
        event = crew.machine.happen(LOOK, ((crew.idle, WRITE),))
        if not self.count:
            only_looked(event, crew.idle)
            return False
        self.count -= 1
        return True

    def release(self) -> None:
        """Let a worker be idle, at an event of its own."""
        if self.one_by_one:
            self.crew.machine.happen(IDLE, ((self.crew.idle, "count"),))
            self.count += 1

    def release_later(self) -> None:
        """Let that happen at some moment from now on, unless handing over is an event."""
        crews = self.crew.crews
        if self.one_by_one and crews.matters(APART) and not crews.matters(EXACT):

            def work(_: Event) -> None:
                self.count += 1

            footprint = ((self.crew.idle, "count"),)
            self.crew.machine.happen_later(IDLE, footprint, work, self.crew.home, "a worker")


class Wakeup:
    """What stands for the pipe by which the manager is woken.

    Args:
        staff: the executor's side
    """

    def __init__(self, staff: Staff) -> None:
        self.staff = staff

    def wakeup(self) -> None:
        """Wake the manager: for the end only, since a task wakes it as it is submitted."""
        executor = self.staff.executor()
        if executor is None or executor._shutdown_thread or self.staff.module["_global_shutdown"]:
            self.staff.tell()


class Staff:
    """The parent's side of an executor: its calls, and the futures that come of them.

    Args:
        library: the modules that it uses
        executor: the executor
        collected: called once nothing refers to the executor any more
    """

    def __init__(
        self, library: ProcessLibrary, executor: Any, collected: Callable[[Any], None]
    ) -> None:
        self.library = library
        self.executor = weakref.ref(executor, collected)
        self.pending = executor._pending_work_items
        most = executor._max_workers
        one_by_one = executor._safe_to_dynamically_spawn_children
        self.idlers = Idlers(Crew(library.crews, self.read), most, one_by_one=one_by_one)
        self.room = most + 1  # calls that the manager moves ahead
        self.module = vars(library.load(EXECUTORS))
        self.texts, self.dismisses_when_broken = self.module["_ao_breaking"]
        self.crew = crew = self.idlers.crew
        crew.hand_over = self.hand_over
        crew.on_sent = self.idlers.release_later
        crew.on_loss = self.lose
        self.event: Event | None = None
        self.told = False  # that nothing more will be submitted
        self.broken = False

    def read(self, item: Any) -> tuple[Any, int, bool] | None:
        """Say which future a result belongs to; a worker that says goodbye is none."""
        if isinstance(item, int):
            return None
        return item.work_id, 0, item.exception is not None

    # -- submitting ----------------------------------------------------------------------------

    def put(self, number: int) -> None:
        """Submit a call, as the real executor puts its number into a queue."""
        crew = self.crew
        event = self.event
        assert event is not None
        work = self.pending[number]
        future = work.future
        job = crew.jobs[number] = future._ao_job = Job(crew, ONCE, future._ao_place, future)
        try:
            item = self.module["_CallItem"](number, work.fn, work.args, work.kwargs)
            data = job.dumps(item)
        except Exception as error:  # noqa: BLE001 - so does the library
            crew.fail(event, job, 0, self.failure(number, error))
        else:
            crew.add(event, [data])

    def failure(self, number: int, error: Exception) -> Any:
        """Return what comes of a call that cannot be pickled."""
        text = "".join(traceback.format_exception(error))
        error.__cause__ = self.module["_RemoteTraceback"](f'\n"""\n{text}"""')
        return self.module["_ResultItem"](number, exception=error)

    # -- results -------------------------------------------------------------------------------

    def hand_over(self, _: Job, __: int, item: Any) -> None:
        """Let a future have its result."""
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
            self.crew.close()

    # -- the manager ---------------------------------------------------------------------------

    def manage(self, processes: dict[int, Any]) -> None:
        """Do what the manager's thread does, from its beginning to its end."""
        crew = self.crew
        if crew.crews.matters(EXACT):
            self.serve()
            event = crew.machine.happen(DISMISS, (), about=crew)
        else:
            crew.machine.quiet.add(crew.machine.current.tid)
            event = crew.wait_until_done()
        if not self.broken:
            crew.dismiss(event)
        else:
            for process in list(processes.values()):
                process.terminate()
            if self.dismisses_when_broken:
                crew.dismiss(crew.machine.happen(DISMISS, (), about=crew))
        for process in list(processes.values()):
            process.join()

    def lose(self, process: SimulatedProcess, _: Event) -> None:
        """Let the pool break at some moment after a worker has ended by itself."""
        crew = self.crew
        crew.crews.need(APART)
        if crew.crews.matters(EXACT):
            crew.machine.refuse(
                "a worker ends by itself in a pool whose results are looked at without waiting, "
                "which is not simulated: wait for the results"
            )
        touched = ((crew.tail, WRITE), (crew.head, WRITE), (crew.open, WRITE), (crew.closed, WRITE))
        crew.machine.happen_later(BREAK, touched, self.break_down, crew.home, process)

    def break_down(self, event: Event) -> None:
        """Let all calls have failed whose results are not there."""
        crew = self.crew
        if self.broken or crew.over:
            return
        self.broken = crew.over = True
        executor = self.executor()
        if executor is not None:
            executor._broken, executor._shutdown_thread = self.texts[0], True
        for number in self.pending:
            job = crew.jobs[number]
            if not job.count:
                error = self.module["BrokenProcessPool"](self.texts[1])
                item = self.module["_ResultItem"](number, exception=error)
                event.footprint += job.touched(0, failed=True)
                job.arrive(event, 0, lambda item=item: item)  # type: ignore[misc]
        dropped = max(len(crew.tasks) - self.room, 0)  # those that the manager has not moved yet
        for _ in range(dropped):
            crew.tasks.pop()
        effects: tuple[Effect, ...] = (
            (crew.left, False, -dropped), (crew.open, False, MANY), (crew.closed, True, 1),
        )  # fmt: skip
        event.effects += effects
        crew.machine.apply(effects)

    def serve(self) -> None:
        """Hand over results one by one, until there will be no more."""
        told = False
        while not told or self.pending:
            try:
                found = self.crew.receive()
            except Exception:  # noqa: BLE001 - whatever it is
                self.crew.machine.refuse(
                    "what a worker sends back cannot be unpickled, which breaks the pool: that is "
                    "not simulated; leave the program unexplored"
                )
            if found is None:
                told = True
            else:
                self.hand_over(*found)
                self.idlers.release()
