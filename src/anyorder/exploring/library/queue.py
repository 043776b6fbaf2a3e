"""The calls of ``queue`` that are one event each; ``calls`` says why they may be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from anyorder.exploring.engine.events import READ, WRITE, EventKind, attempted
from anyorder.exploring.library.wrapping import MANY, Original, hidden, reading, wrapped
from anyorder.exploring.words import shown

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from anyorder.exploring.engine.events import Event, Teller
    from anyorder.exploring.engine.machine import Machine

__all__ = ["GET", "PUT", "queue_calls"]


def gets(event: Event, teller: Teller) -> Callable[[], str]:
    """Say what comes out of a queue, if anything."""

    def says() -> str:
        queue, *item = event.about
        if event.in_vain:
            return f"finds nothing in {teller.name(queue)}"
        # one from another process is known once it is loaded, which may take events
        what = shown(item[0]) if item else "an item"
        return f"gets {what} from {teller.name(queue)}"

    return says


def puts(event: Event, teller: Teller) -> Callable[[], str]:
    """Say what is put into a queue, if there is room."""

    def says() -> str:
        queue, item = event.about
        if event.in_vain:
            return f"finds no room in {teller.name(queue)} for {shown(item)}"
        return f"puts {shown(item)} into {teller.name(queue)}"

    return says


PUT = EventKind("put", says=puts, waits="room in {}", whole=False)
GET = EventKind("get", says=gets, waits="an item in {}", whole=False)
TASK_DONE = EventKind("task_done", says="is done with an item of {}", waits=None, whole=False)
JOIN = EventKind(
    "queue join",
    says="waits for all items of {} to be done",
    waits="all items of {} to be done",
    whole=False,
)
QSIZE = EventKind("qsize", says="asks for the size of {}", waits=None, whole=False)
EMPTY = EventKind("empty", says="asks whether {} is empty", waits=None, whole=False)
FULL = EventKind("full", says="asks whether {} is full", waits=None, whole=False)
SHUTDOWN = EventKind("shutdown", says="shuts {} down", waits=None, whole=False)


def queue_calls(machine: Machine, module: ModuleType) -> None:  # noqa: C901, PLR0915
    """Make the calls of ``queue`` events."""
    happen = machine.happen
    module.Empty.__module__ = "_queue"  # where Python has it from, which a traceback says
    hidden(machine, module.Queue, "__init__")
    simple = module._PySimpleQueue
    simple.__module__, simple.__name__, simple.__qualname__ = "_queue", "SimpleQueue", "SimpleQueue"
    hidden(machine, simple, "__init__")

    @wrapped(module.Queue, "__init__")
    def make(self: Any, maxsize: int = 0, *, original: Original) -> None:
        original(self, maxsize)
        place = self._ao_place
        machine.counter((place, "items"), 0)
        machine.counter((place, "space"), maxsize if maxsize > 0 else MANY)
        machine.counter((place, "done"), 0)

    @wrapped(module.Queue, "put")
    def put(
        self: Any,
        item: Any,
        block: bool = True,
        timeout: float | None = None,
        *,
        original: Original,
    ) -> None:
        place = self._ao_place
        if timeout is not None and timeout < 0 and block:
            original(self, item, block, timeout)  # which says what is wrong
        gates = (((place, "space"), 1),) if block and timeout is None else ()
        event = happen(PUT, ((place, WRITE),), gates, about=(self, item))
        if not gates:
            attempted(event, place, (place, "space"), machine.counters[place, "space"])
        try:
            original(self, item, block=False)
        except module.Full:
            machine.current.local_time += timeout or 0
            raise
        changed(event, place, items=1, space=-1, done=-1)

    def take(
        queue: Any, counter: Any, block: bool, timeout: float | None, original: Original
    ) -> Event:
        """Return the event of taking an item, which is about that; ``counter`` counts items."""
        gates = ((counter, 1),) if block and timeout is None else ()
        event = happen(GET, ((queue._ao_place, WRITE),), gates, about=(queue,))
        if not gates:
            attempted(event, queue._ao_place, counter, machine.counters.get(counter, 0))
        try:
            event.about = (queue, original(queue, block=False))
        except module.Empty:
            machine.current.local_time += timeout or 0
            raise
        return event

    @wrapped(module.Queue, "get")
    def get(
        self: Any, block: bool = True, timeout: float | None = None, *, original: Original
    ) -> Any:
        place = self._ao_place
        if timeout is not None and timeout < 0 and block:
            original(self, block, timeout)  # which says what is wrong
        event = take(self, (place, "items"), block, timeout, original)
        changed(event, place, items=-1, space=1, done=0)
        return event.about[1]

    def changed(event: Any, place: Any, **numbers: int) -> None:
        effects = tuple(
            ((place, name), False, number) for name, number in numbers.items() if number
        )
        machine.affect(event, effects)

    @wrapped(module.Queue, "task_done")
    def task_done(self: Any, *, original: Original) -> None:
        event = happen(TASK_DONE, ((self._ao_place, WRITE),), about=self)
        original(self)
        changed(event, self._ao_place, done=1)

    @wrapped(module.Queue, "join")
    def join(self: Any, *, original: Original) -> None:
        place = self._ao_place
        happen(JOIN, ((place, READ),), (((place, "done"), 0),), about=self)
        original(self)

    reading(machine, module.Queue, qsize=QSIZE, empty=EMPTY, full=FULL)

    if hasattr(module.Queue, "shutdown"):

        @wrapped(module.Queue, "shutdown")
        def shutdown(self: Any, immediate: bool = False, *, original: Original) -> None:
            event = happen(SHUTDOWN, ((self._ao_place, WRITE),), about=self)
            before = self.unfinished_tasks
            original(self, immediate)
            done = before - self.unfinished_tasks
            changed(event, self._ao_place, items=MANY, space=MANY, done=done)

    @wrapped(simple, "put")
    def put_simply(
        self: Any,
        item: Any,
        block: bool = True,
        timeout: float | None = None,
        *,
        original: Original,
    ) -> None:
        place = self._ao_place
        if machine.dying and not machine.threads:
            return  # an executor is collected after its execution, and wakes workers that are gone
        happen(PUT, ((place, WRITE),), (), ((place, False, 1),), (self, item))
        original(self, item, block, timeout)

    @wrapped(simple, "get")
    def get_simply(
        self: Any, block: bool = True, timeout: float | None = None, *, original: Original
    ) -> Any:
        place = self._ao_place
        if timeout is not None and timeout < 0:
            original(self, block, timeout)  # which says what is wrong
        event = take(self, place, block, timeout, original)
        machine.affect(event, ((place, False, -1),))
        return event.about[1]

    for name in ("put_nowait", "get_nowait"):

        def nowait(self: Any, *args: Any, method: str = name.removesuffix("_nowait")) -> Any:
            return getattr(self, method)(*args, block=False)

        setattr(simple, name, nowait)
    reading(machine, simple, qsize=QSIZE, empty=EMPTY)
