"""``multiprocessing.Pool``: the library's own, on top of a crew of workers.

The three threads of a real pool are here by their names. The first waits until all is done and lets
the workers end; the second moves no tasks, which are there as they are submitted; the third hands
over results where that is an event (see ``crews``), and runs callbacks.
"""

from __future__ import annotations

import signal
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from greenlet import getcurrent

from anyorder.exploring.engine.events import READ, WRITE, EventKind
from anyorder.exploring.library.wrapping import Original, wrapped
from anyorder.exploring.processes.lifecycle.process import EXITED
from anyorder.exploring.processes.pools.crews import APART, EXACT, LOUD
from anyorder.exploring.processes.pools.jobs import EACH, IN_ORDER, Job
from anyorder.exploring.processes.pools.results import result_calls
from anyorder.exploring.processes.pools.tasks import Crew

if TYPE_CHECKING:
    from types import ModuleType

    from anyorder.exploring.engine.events import Event
    from anyorder.exploring.engine.threads import SimulatedThread
    from anyorder.exploring.processes.library.importing import ProcessLibrary
    from anyorder.exploring.processes.lifecycle.process import SimulatedProcess

__all__ = ["pool_calls"]

LAST = EventKind(
    "last words",
    says="has had the lock of the results",
    waits="the end of the pool, and the lock of its results",
    whole=False,
)
COUNTED = EventKind("counted", says="counts a result", waits=None, whole=False)
END_OF_WORKERS = EventKind(
    "end of workers",
    says="has waited for the workers to end",
    waits="the workers to end",
    whole=False,
)
HAND_OVER = EventKind("hand over", says="hands over a result", waits=None, whole=False)
PLAIN = (list, tuple, range, str, bytes, dict, set, frozenset)
LAST_WORDS = "a worker of the pool ends by itself, and its task is lost: that is not simulated"


class Notifier:
    """What stands for the pipe by which a real pool's threads are woken."""

    _reader = None

    def put(self, _: object) -> None:
        """Do nothing: nobody waits for it."""


class Office:
    """The parent's side of a pool: its tasks, and the results that come of them.

    Args:
        library: the modules that it uses
        complaint: what is said where it is to end, and there is nobody to hand over results
    """

    def __init__(self, library: ProcessLibrary, complaint: str) -> None:
        self.library = library
        self.complaint = complaint
        self.machine = library.machine
        self.crew = crew = Crew(library.crews, self.read)
        crew.hand_over = self.hand_over
        crew.on_loss = self.lose
        crew.lock = self.lock = (crew.label, "lock")
        self.machine.counter(self.lock, 1)
        crew.last = crew.ended
        self.events = self.machine.events
        self.lacks = False  # the thread that hands over results

    def read(self, item: Any) -> tuple[Any, int, bool]:
        """Say which job a result belongs to."""
        job, index, (success, _) = item
        return job, index, not success

    def lose(self, _: SimulatedProcess, __: Event) -> None:
        """Note that a worker has ended by itself."""
        self.machine.refuse(f"{LAST_WORDS}: leave the program unexplored")

    def put(self, item: tuple[Any, Any]) -> None:
        """Submit tasks, as a real pool puts them into a queue for its second thread."""
        tasks, set_length = item
        crew = self.crew
        event = crew.submit()
        sent: list[bytes] = []
        count = 0
        for task in tasks:
            count += 1
            try:
                sent.append(crew.jobs[task[0]].dumps(task))
            except Exception as error:  # noqa: BLE001 - so does the library
                crew.fail(event, crew.jobs[task[0]], task[1], (task[0], task[1], (False, error)))
        if set_length is not None:
            set_length(count)
        if not crew.over:
            crew.add(event, sent)

    # -- the parent's threads ------------------------------------------------------------------

    def lead(self) -> None:
        """Let the workers end once all is done; the first thread does."""
        self.machine.quiet.add(self.machine.current.tid)
        event = self.crew.wait_until_done()
        if not self.crew.over:
            self.crew.dismiss(event)

    def say_last_words(self) -> None:
        """Send a last result that is none; the second thread does, with the workers' lock.

        A worker that was killed while it held the lock keeps it for good, and the pool hangs.
        """
        machine, crew = self.machine, self.crew
        if machine.facts.mortal:
            machine.quiet.add(machine.current.tid)
            touched = ((self.lock, WRITE), (crew.ended, READ))
            machine.happen(LAST, touched, ((crew.ended, 1), (self.lock, 1)), about=crew)

    def deliver(self) -> None:
        """Hand over results one by one; the third thread does, where that is an event.

        An error of a callback, or a result that cannot be unpickled, ends the thread, as it ends
        the real one, which takes a ``KeyError`` for a job that nobody waits for any more.
        """
        crew = self.crew
        try:
            while crew.crews.matters(EXACT):
                found = crew.receive()
                if crew.over or (found is None and crew.dismissed):
                    return
                if found is not None:
                    with suppress(KeyError):
                        self.hand_over(*found)
                        effects = ((crew.open, False, 1),)
                        self.machine.happen(COUNTED, ((crew.open, "count"),), (), effects)
        except Exception:
            self.machine.current.on_end.append(partial(self.lack, self.machine.current))
            raise

    def lack(self, thread: SimulatedThread) -> None:
        """Note that the thread that hands over results has ended, by what it did last."""
        assert thread.last is not None
        thread.last.footprint += ((self.crew.wanted, READ),)
        self.lacks = True

    def terminate(self, pool: list[Any], threads: tuple[Any, ...], cache: dict[Any, Any]) -> None:
        """End the workers at once, and wait for them.

        A worker that waits for a task and has nothing in its buffer ends unseen, in either way.
        """
        crew, machine = self.crew, self.machine
        if machine.events is not self.events or machine.current.greenlet is not getcurrent():
            return  # it belongs to an execution that is over
        if crew.over:
            return
        crew.drop()
        if self.lacks and cache:
            raise AssertionError(self.complaint)
        workers = [machine.processes[number] for number in crew.workers]
        for process in workers:
            if self.shows(process):
                machine.deliver_later(process, signal.SIGTERM)
        for thread in threads:
            thread.join()
        gates = tuple(((EXITED, process.number), 1) for process in workers)
        machine.happen(END_OF_WORKERS, tuple((place, READ) for place, _ in gates), gates)
        with machine.atomically():
            for process in pool:
                process.join()

    def shows(self, process: SimulatedProcess) -> bool:
        """Whether anybody can tell how a worker ends."""
        crews, worker = self.crew.crews, self.crew.workers[process.number]
        early = worker.event is None and crews.matters(LOUD)
        holds = early or self.library.stdout.holds(process.number)
        return worker.busy or (holds and crews.matters(APART))

    def hand_over(self, job: Job, index: int, item: Any) -> None:
        """Let a job have a result."""
        target, result = job.target, item[2]
        if not self.crew.crews.matters(EXACT):
            target._set(index, result)
            return
        happen = self.machine.happen
        if job.kind in {EACH, IN_ORDER}:
            event = happen(HAND_OVER, (((job.place, "items"), WRITE),))
            before = target._index
            target._set(index, result)
            effects = (((job.place, "items"), False, target._index - before),)
        else:
            target._set(index, result)  # which runs callbacks, before anyone can see the result
            if not target._event._flag:
                return
            event = happen(HAND_OVER, (((job.place, "done"), WRITE),))
            job.done = True
            effects = (((job.place, "done"), True, 1),)
        event.effects += effects
        self.machine.apply(effects)


def pool_calls(library: ProcessLibrary, module: ModuleType) -> None:  # noqa: C901
    """Let the pools of a copy of ``multiprocessing.pool`` have crews."""
    names = vars(module)
    cls = names["Pool"]
    machine, crews = library.machine, library.crews
    constants = cls._terminate_pool.__code__.co_consts
    complaint = next(one for one in constants if str(one).startswith("Cannot have cache"))

    def set_up(self: Any) -> None:
        office = self._ao_office = Office(library, complaint)
        self._inqueue = self._outqueue = office.crew.end
        self._quick_put, self._quick_get = None, office.deliver

    # threads have the names of these functions in theirs
    def _handle_workers(_: Any, office: Office, *__: Any) -> None:
        office.lead()

    def _handle_tasks(office: Office, *_: Any) -> None:
        office.say_last_words()

    def _handle_results(_: Any, deliver: Any, __: Any) -> None:
        deliver()

    def terminate_pool(office: Office, *args: Any) -> None:
        office.terminate(args[2], args[4:7], args[7])

    for name, function in {
        "_setup_queues": set_up,
        "_get_sentinels": lambda _: [],
        "__del__": lambda _: None,  # it would warn, which is off unless it is asked for
        "_handle_workers": staticmethod(_handle_workers),
        "_handle_tasks": staticmethod(_handle_tasks),
        "_handle_results": staticmethod(_handle_results),
        "_terminate_pool": staticmethod(terminate_pool),
        "_taskqueue": property(lambda self: self._ao_office, lambda _, __: None),
        "_change_notifier": property(lambda _: Notifier(), lambda _, __: None),
    }.items():
        setattr(cls, name, function)
    names["ThreadPool"].__init__ = library.refusing(
        "ThreadPool", "is not simulated: use ThreadPoolExecutor"
    )

    @wrapped(cls, "__init__")
    def make(  # noqa: PLR0913, PLR0917 - as the library's own
        self: Any, processes: int | None = None, initializer: Any = None, initargs: Any = (),
        maxtasksperchild: int | None = None, context: Any = None, *, original: Original,
    ) -> None:  # fmt: skip
        if maxtasksperchild is not None:
            machine.refuse("maxtasksperchild is not simulated: leave it out")
        if processes is None and crews.matters(APART):
            machine.refuse(
                "how many workers there are differs from computer to computer: say how many"
            )
        original(self, processes, initializer, initargs, maxtasksperchild, context)

    @wrapped(cls, "close")
    def close(self: Any, *, original: Original) -> None:
        runs = self._state == names["RUN"]
        original(self)
        if runs:
            self._ao_office.crew.close()

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
            if name == "imap_unordered":
                crews.need(APART)
            return original(self, func, iterable, chunksize)

    result_calls(library, names)
