"""The calls of ``queue`` that are one event each; ``calls`` says why they may be.

In a queue that is first in, first out, a ``put`` and a ``get`` touch different items, save where
the one is of the item of the other, or makes room for it. Items are numbered as they are put, and
so are those that are got. So the ``put`` calls of a queue depend on each other, since they say
which item has which number, and so do its ``get`` calls; the ``get`` of an item depends on its
``put``; and where there is room for n, the ``put`` of an item depends on the ``get`` of the one n
before it. In all orders that keep to this, each call finds what it found, and goes on without
waiting: before a ``get`` come the same ``get`` calls, so it takes the same item, which has been
put; before a ``put`` come the same ``put`` calls, and the room for its item has been made. An
attempt in vain looks at the item that was missing. What asks for the state as a whole (``qsize``,
``empty``, ``full``, an attribute) reads what every change changes. Of other queues (``LifoQueue``,
``PriorityQueue``, those of a class of the program's own), which item is next depends on all that
went before: their calls are in one order.

How many items are unfinished is a number, which ``put`` raises and ``task_done`` lowers. Whatever
their order, they come to the same number, and only ``join`` waits for it; but ``task_done`` fails
where it is zero. It never is zero as long as each thread is done with items alone that it has got
itself, since no more are done than got then, nor got than put. Once a thread is done with more (see
``Facts.hands_on``), all that changes the number is in one order.
"""

from __future__ import annotations

from types import FunctionType
from typing import TYPE_CHECKING, Any

from anyorder.exploring.attributes import is_a
from anyorder.exploring.engine.events import READ, WRITE, EventKind

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from anyorder.exploring.engine.events import Event, Footprint, Mode, Place, Teller
    from anyorder.exploring.engine.machine import Machine

from anyorder.exploring.library.wrapping import (
    MANY,
    Original,
    hidden,
    is_negative,
    reading,
    wait_in_vain,
    wrapped,
)
from anyorder.exploring.words import shown

__all__ = ["GET", "PUT", "queue_calls"]

STEPS = ("_init", "_qsize", "_put", "_get")  # what a class of queues may do in its own way
# stands for an item that a queue neither gave nor took, since it was shut down
NONE_MORE = object()


def gets(event: Event, teller: Teller) -> Callable[[], str]:
    """Say what comes out of a queue, if anything."""

    def says() -> str:
        queue, *item = event.about
        if event.in_vain:
            return f"finds nothing in {teller.name(queue)}"
        if item and item[0] is NONE_MORE:
            return f"finds {teller.name(queue)} shut down"
        # one from another process is known once it is loaded, which may take events
        what = shown(item[0]) if item else "an item"
        return f"gets {what} from {teller.name(queue)}"

    return says


def puts(event: Event, teller: Teller) -> Callable[[], str]:
    """Say what is put into a queue, if there is room."""

    def says() -> str:
        queue, item = event.about
        if item is NONE_MORE:
            return f"finds {teller.name(queue)} shut down"
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


class Lane:
    """What the calls of a queue touch.

    Args:
        queue: the queue
        fifo: whether it is first in, first out

    Attributes:
        head: who gets the next item
        tail: who puts the next one
    """

    def __init__(self, queue: Any, *, fifo: bool) -> None:
        self.place = place = queue._ao_place
        self.fifo = fifo
        self.maxsize = getattr(queue, "maxsize", 0)
        self.head = (place, "head")
        self.tail = (place, "tail") if fifo else self.head

    def item(self, number: int, mode: Mode) -> Footprint:
        """Return what touches an item; of other queues, the order of all calls says it all."""
        return (((self.place, number), mode),) if self.fifo else ()

    def changes(self, end: Place) -> Footprint:
        """Return what a call surely touches that puts an item, or gets one."""
        return ((self.place, "changes"), (end, WRITE))

    def puts(self, number: int) -> Footprint:
        """Return what it touches to put the item of a number."""
        room = self.item(number - self.maxsize, WRITE) if self.maxsize > 0 else ()
        return (*self.changes(self.tail), *self.item(number, WRITE), *room)

    def gets(self, number: int) -> Footprint:
        """Return what it touches to get the item of a number."""
        return (*self.changes(self.head), *self.item(number, WRITE))

    def tries_to_put(self, space: int, number: int) -> Footprint:
        """Return what it touches to put the item of a number, where there may be no room."""
        if space > 0:
            return self.puts(number)
        return ((self.tail, READ), *self.item(number - self.maxsize, READ))

    def tries_to_get(self, items: int, number: int) -> Footprint:
        """Return what it touches to get the item of a number, where there may be none."""
        return self.gets(number) if items > 0 else ((self.head, READ), *self.item(number, READ))

    def whole(self) -> Footprint:
        """Return what touches all of it."""
        return tuple((place, WRITE) for place in dict.fromkeys((self.place, self.head, self.tail)))


def own(machine: Machine, method: Any) -> bool:
    """Whether a method is written in the program."""
    return is_a(method, FunctionType) and method.__code__.co_filename in machine.own


def queue_calls(machine: Machine, module: ModuleType) -> None:  # noqa: C901, PLR0915
    """Make the calls of ``queue`` events."""
    happen = machine.happen
    shut_down = getattr(module, "ShutDown", ())  # an exception from 3.13 on
    module.Empty.__module__ = "_queue"  # where Python has it from, which a traceback says
    hidden(machine, module.Queue, "__init__")
    simple = module._PySimpleQueue
    simple.__module__, simple.__name__, simple.__qualname__ = "_queue", "SimpleQueue", "SimpleQueue"
    hidden(machine, simple, "__init__")

    as_it_is = vars(module.Queue)["__init__"].__wrapped__

    @wrapped(module.Queue, "__init__")
    def make(self: Any, maxsize: int = 0, *, original: Original) -> None:
        if any(own(machine, getattr(type(self), name)) for name in STEPS):
            self._ao_place = None  # others may come between what it does under its lock
            as_it_is(self, maxsize)
            return
        original(self, maxsize)
        place = self._ao_place
        self._ao_got = {}  # by thread: how many items it is not done with
        machine.counter((place, "items"), 0)
        machine.counter((place, "space"), maxsize if maxsize > 0 else MANY)
        machine.counter((place, "done"), 0)

    for cls in (module.Queue, module.LifoQueue, module.PriorityQueue):
        for name in ("_qsize", "_put", "_get"):

            @wrapped(cls, name)
            def step(self: Any, *args: Any, original: Original) -> Any:
                if self._ao_place is None:
                    if original.__name__ != "_qsize":
                        machine.refuse(
                            f"the library's own {original.__name__} is called for a queue whose "
                            "class has others of its own, and what it does is not followed: write "
                            "both _put and _get, without super()"
                        )
                    machine.length(self.queue)
                return original(self, *args)

    def lane_of(queue: Any) -> Lane:
        """Return what the calls of a queue touch, whose methods the program may have changed."""
        fifo = type(queue) in {module.Queue, simple} and not machine.patched
        return Lane(queue, fifo=fifo)

    def unfinished(queue: Any) -> Footprint:
        """Return what touches how many items are unfinished, to change it."""
        return (((queue._ao_place, "done"), WRITE if machine.facts.hands_on else "changes"),)

    @wrapped(module.Queue, "put")
    def put(
        self: Any,
        item: Any,
        block: bool = True,
        timeout: float | None = None,
        *,
        original: Original,
    ) -> None:
        place, lane = self._ao_place, lane_of(self)
        if place is None or (block and is_negative(machine, timeout)):
            original(self, item, block, timeout)  # which says what is wrong, if anything is
            return
        space, puts = (place, "space"), (place, "puts")
        waits = block and timeout is None
        more = unfinished(self)

        def touches(space: int, number: int) -> Footprint:
            return lane.puts(number) + more if waits else lane.tries_to_put(space, number) + more

        event = happen(
            PUT, lane.changes(lane.tail) + more, ((space, 1),) if waits else (),
            about=(self, item), varies=((space, puts), touches),
        )  # fmt: skip
        event.in_vain = machine.counters[space] <= 0
        try:
            original(self, item, block=False)
        except module.Full:
            wait_in_vain(machine, timeout)
            raise
        except shut_down:
            event.about = (self, NONE_MORE)
            raise
        changed(event, place, items=1, space=-1, done=-1, puts=1)

    def take(queue: Any, block: bool, timeout: float | None, original: Original) -> Event:
        """Return the event of taking an item, which is about that."""
        place, lane = queue._ao_place, lane_of(queue)
        items, gets = (place, "items"), (place, "gets")
        waits = block and timeout is None

        def touches(items: int, number: int) -> Footprint:
            return lane.gets(number) if waits else lane.tries_to_get(items, number)

        event = happen(
            GET, lane.changes(lane.head), ((items, 1),) if waits else (),
            about=(queue,), varies=((items, gets), touches),
        )  # fmt: skip
        event.in_vain = machine.counters.get(items, 0) <= 0
        try:
            event.about = (queue, original(queue, block=False))
            machine.dropping.keep(event.about)
        except module.Empty:
            wait_in_vain(machine, timeout)
            raise
        except shut_down:
            event.about = (queue, NONE_MORE)
            raise
        return event

    @wrapped(module.Queue, "get")
    def get(
        self: Any, block: bool = True, timeout: float | None = None, *, original: Original
    ) -> Any:
        if self._ao_place is None or (block and is_negative(machine, timeout)):
            return original(self, block, timeout)  # which says what is wrong, if anything is
        event = take(self, block, timeout, original)
        changed(event, self._ao_place, items=-1, space=1, gets=1)
        tid = machine.current.tid
        self._ao_got[tid] = self._ao_got.get(tid, 0) + 1
        return event.about[1]

    def changed(event: Any, place: Any, **numbers: int) -> None:
        effects = tuple(((place, name), False, number) for name, number in numbers.items())
        machine.affect(event, effects)

    @wrapped(module.Queue, "task_done")
    def task_done(self: Any, *, original: Original) -> None:
        if self._ao_place is None:
            original(self)
            return
        place, left, tid = self._ao_place, self._ao_got, machine.current.tid
        if not left.get(tid):
            machine.learn("hands_on")
        event = happen(TASK_DONE, ((place, "changes"), *unfinished(self)), about=self)
        original(self)
        left[tid] = left.get(tid, 0) - 1
        changed(event, place, done=1)

    @wrapped(module.Queue, "join")
    def join(self: Any, *, original: Original) -> None:
        if self._ao_place is not None:
            done = (self._ao_place, "done")
            happen(JOIN, ((done, READ),), ((done, 0),), about=self)
        original(self)

    reading(machine, module.Queue, qsize=QSIZE, empty=EMPTY, full=FULL)

    if hasattr(module.Queue, "shutdown"):

        @wrapped(module.Queue, "shutdown")
        def shutdown(self: Any, immediate: bool = False, *, original: Original) -> None:
            place = self._ao_place
            if place is None:
                original(self, immediate)
                return
            touched = (*lane_of(self).whole(), ((place, "done"), WRITE))
            event = happen(SHUTDOWN, touched, about=self)
            before = self.unfinished_tasks
            original(self, immediate)
            done = before - self.unfinished_tasks
            changed(event, place, items=MANY, space=MANY, done=done)

    @wrapped(simple, "put")
    def put_simply(
        self: Any,
        item: Any,
        block: bool = True,
        timeout: float | None = None,
        *,
        original: Original,
    ) -> None:
        place, lane = self._ao_place, lane_of(self)
        if machine.dying and not machine.threads:
            return  # an executor is collected after its execution, and wakes workers that are gone
        effects = (((place, "items"), False, 1), ((place, "puts"), False, 1))
        varies = (((place, "puts"),), lane.puts)
        happen(PUT, lane.changes(lane.tail), (), effects, (self, item), varies=varies)
        original(self, item, block, timeout)

    @wrapped(simple, "get")
    def get_simply(
        self: Any, block: bool = True, timeout: float | None = None, *, original: Original
    ) -> Any:
        if is_negative(machine, timeout):
            original(self, block, timeout)  # which says what is wrong
        event = take(self, block, timeout, original)
        changed(event, self._ao_place, items=-1, gets=1)
        return event.about[1]

    for name in ("put_nowait", "get_nowait"):

        def nowait(self: Any, *args: Any, method: str = name.removesuffix("_nowait")) -> Any:
            return getattr(self, method)(*args, block=False)

        setattr(simple, name, nowait)
    reading(machine, simple, qsize=QSIZE, empty=EMPTY)
