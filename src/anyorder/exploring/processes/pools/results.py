"""What the calls of a ``multiprocessing.Pool`` return: results that are waited for.

Waiting is one event, after which all that has arrived is handed over by the one who waited; where
handing over is an event of its own (see ``registry``), waiting is for that one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from anyorder.exploring.attributes import is_a
from anyorder.exploring.engine.events import READ, WRITE, EventKind
from anyorder.exploring.library.wrapping import Original, hidden, wrapped
from anyorder.exploring.processes.pools.registry import APART, EXACT
from anyorder.exploring.processes.pools.submission import ALL, EACH, IN_ORDER, ONCE, Submission

if TYPE_CHECKING:
    from anyorder.exploring.processes.pools.registry import PoolRegistry

__all__ = ["result_calls"]

GET_RESULT = EventKind("get result", says="has waited for a result", waits="a result", whole=False)
LOOK = EventKind("look at result", says="looks what is ready", waits=None, whole=True)


def result_calls(  # noqa: C901, PLR0915 - a case for each call
    registry: PoolRegistry, names: dict[str, Any]
) -> None:
    """Make what the calls of a pool return take what has arrived once it is asked.

    Args:
        registry: the pools that there are
        names: those of the copy of ``multiprocessing.pool``
    """
    machine = registry.machine
    result, iterator = names["ApplyResult"], names["IMapIterator"]
    hidden(machine, result, "__init__")
    hidden(machine, iterator, "__init__")

    @wrapped(result, "__init__")
    def make(
        self: Any, pool: Any, callback: Any, error_callback: Any, *, original: Original
    ) -> None:
        original(self, pool, callback, error_callback)
        workers = pool._ao_pool.worker_pool
        kind = ALL if is_a(self, names["MapResult"]) else ONCE
        self._ao_submission = workers.submissions[self._job] = Submission(
            workers, kind, self._ao_place, self
        )
        if callback is not None or error_callback is not None:
            registry.need(EXACT, APART)

    @wrapped(result, "wait")
    def wait(self: Any, timeout: float | None = None, *, original: Original) -> None:  # noqa: ARG001
        submission, exact = self._ao_submission, registry.matters(EXACT)
        if submission.is_known():
            return
        if timeout is not None:
            registry.need(EXACT, APART)
        place, number = submission.place, submission.results
        if exact:
            place, number = (submission.place, "done"), 1
        gates = ((place, number),) if timeout is None else ()
        machine.happen(GET_RESULT, ((place, READ),), gates, about=submission.pool)
        if not exact:
            with machine.atomically():
                submission.settle()
        if self._event._flag and (submission.done or not exact):
            submission.know()

    @wrapped(result, "get")
    def get(self: Any, timeout: float | None = None, *, original: Original) -> Any:
        try:
            return original(self, timeout)
        except Exception as error:  # it is the same one for all that ask
            machine.raised.note(error, raises=True)
            raise

    @wrapped(result, "ready")
    def ready(self: Any, *, original: Original) -> bool:  # noqa: ARG001
        submission = self._ao_submission
        if submission.is_known():
            return True
        registry.need(EXACT, APART)
        machine.happen(LOOK, (((submission.place, "done"), READ),))
        return bool(submission.done)

    @wrapped(names["MapResult"], "__init__")
    def make_map(self: Any, *args: Any, original: Original, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        self._ao_submission.results = self._number_left
        if not self._number_left:
            self._ao_submission.know()

    @wrapped(iterator, "__init__")
    def make_iterator(self: Any, pool: Any, *, original: Original) -> None:
        original(self, pool)
        workers = pool._ao_pool.worker_pool
        kind = IN_ORDER if is_a(self, names["IMapUnorderedIterator"]) else EACH
        self._ao_submission = workers.submissions[self._job] = Submission(
            workers, kind, self._ao_place, self
        )
        self._ao_given = 0

    @wrapped(iterator, "next")
    def following(self: Any, timeout: float | None = None, *, original: Original) -> Any:
        submission, number = self._ao_submission, self._ao_given
        if machine.touch((submission.place, "given"), WRITE):
            machine.refuse(
                "two threads may ask for the next result at once, which is not simulated: let one "
                "of them ask, or both under a lock"
            )
        if number == self._length:
            return original(self)
        if timeout is not None:
            registry.need(EXACT, APART)
        exact = registry.matters(EXACT)
        place, least = (
            ((submission.place, "items"), number + 1) if exact else ((submission.place, number), 1)
        )
        gates = ((place, least),) if timeout is None else ()
        machine.happen(GET_RESULT, ((place, READ),), gates, about=submission.pool)
        if not exact:
            with machine.atomically():
                submission.settle()
        if not self._items:
            raise names["TimeoutError"]
        self._ao_given += 1
        with machine.atomically():
            return original(self)

    iterator.__next__ = iterator.next
