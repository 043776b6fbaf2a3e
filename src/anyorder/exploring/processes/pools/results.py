"""What the calls of a ``multiprocessing.Pool`` return: results that are waited for.

Waiting is one event, after which all that has arrived is handed over by the one who waited; where
handing over is an event of its own (see ``crews``), waiting is for that one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from anyorder.exploring.engine.events import READ, EventKind
from anyorder.exploring.library.wrapping import Original, hidden, wrapped
from anyorder.exploring.processes.pools.crews import APART, EXACT
from anyorder.exploring.processes.pools.jobs import ALL, EACH, IN_ORDER, ONCE, Job

if TYPE_CHECKING:
    from anyorder.exploring.processes.library.importing import ProcessLibrary

__all__ = ["result_calls"]

GET_RESULT = EventKind("get result", says="has waited for a result", waits="a result", whole=False)
LOOK = EventKind("look at result", says="looks what is ready", waits=None, whole=True)


def result_calls(  # noqa: C901, PLR0915 - a case for each call
    library: ProcessLibrary, names: dict[str, Any]
) -> None:
    """Let what the calls of a pool return take what has arrived once it is asked."""
    machine, crews = library.machine, library.crews
    result, iterator = names["ApplyResult"], names["IMapIterator"]
    hidden(machine, result, "__init__")
    hidden(machine, iterator, "__init__")

    @wrapped(result, "__init__")
    def make(
        self: Any, pool: Any, callback: Any, error_callback: Any, *, original: Original
    ) -> None:
        original(self, pool, callback, error_callback)
        crew = pool._ao_office.crew
        kind = ALL if isinstance(self, names["MapResult"]) else ONCE
        self._ao_job = crew.jobs[self._job] = Job(crew, kind, self._ao_place, self)
        if callback is not None or error_callback is not None:
            crews.need(EXACT, APART)

    @wrapped(result, "wait")
    def wait(self: Any, timeout: float | None = None, *, original: Original) -> None:  # noqa: ARG001
        job, exact = self._ao_job, crews.matters(EXACT)
        if job.is_known():
            return
        if timeout is not None:
            crews.need(EXACT, APART)
        place, number = job.place, job.results
        if exact:
            place, number = (job.place, "done"), 1
        gates = ((place, number),) if timeout is None else ()
        machine.happen(GET_RESULT, ((place, READ),), gates, about=job.crew)
        if not exact:
            with machine.atomically():
                job.crew.settle(job)
        if self._event._flag and (job.done or not exact):
            job.know()

    @wrapped(result, "ready")
    def ready(self: Any, *, original: Original) -> bool:  # noqa: ARG001
        job = self._ao_job
        if job.is_known():
            return True
        crews.need(EXACT, APART)
        machine.happen(LOOK, (((job.place, "done"), READ),))
        return bool(job.done)

    @wrapped(names["MapResult"], "__init__")
    def make_map(self: Any, *args: Any, original: Original, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        self._ao_job.results = self._number_left
        if not self._number_left:
            self._ao_job.know()

    @wrapped(iterator, "__init__")
    def make_iterator(self: Any, pool: Any, *, original: Original) -> None:
        original(self, pool)
        crew = pool._ao_office.crew
        kind = IN_ORDER if isinstance(self, names["IMapUnorderedIterator"]) else EACH
        self._ao_job = crew.jobs[self._job] = Job(crew, kind, self._ao_place, self)
        self._ao_given = 0

    @wrapped(iterator, "next")
    def following(self: Any, timeout: float | None = None, *, original: Original) -> Any:
        job, number = self._ao_job, self._ao_given
        if number == self._length:
            return original(self)
        if timeout is not None:
            crews.need(EXACT, APART)
        exact = crews.matters(EXACT)
        place, least = ((job.place, "items"), number + 1) if exact else ((job.place, number), 1)
        gates = ((place, least),) if timeout is None else ()
        machine.happen(GET_RESULT, ((place, READ),), gates, about=job.crew)
        if not exact:
            with machine.atomically():
                job.crew.settle(job)
        if not self._items:
            raise names["TimeoutError"]
        self._ao_given += 1
        with machine.atomically():
            return original(self)

    iterator.__next__ = iterator.next
