"""The calls of ``multiprocessing.queues`` that are one event each, and why they may be.

A queue is a pipe with a lock at each end; what is put into a ``Queue`` goes through a buffer, and a
thread feeds it to the pipe. Were all of that events, two children that put one item each would take
12 executions instead of 2. The argument, call by call:

``Queue.put``
    appends to the buffer, which only its own process's threads reach. That is an event for them.
the feeding thread
    takes the items out in their order, so the moment at which it looks for one, or waits, shows to
    nobody. It sends one item while it holds the lock for writing. While the pipe has room nothing
    waits inside, so nobody can find that lock taken for good: waiting for it is the same as coming
    later, and the sending is one event. So is ``SimpleQueue.put``.
``get``
    holds the lock for reading while it waits for an item. Whoever else wants to get one waits as
    well, for the lock, and any of them may have been the first: so the lock is as good as free
    until there is an item, and getting it is one event. Items are sent whole, so a whole one is
    there.

That holds as long as nobody tries without waiting, looks into the queue, or is killed inside; and
while the pipe is not full, and the queue has no limit. Otherwise every lock shows but that of the
buffer, without which the thread takes items out: for a queue that is used so later, the search
begins again. ``tests/exploring/processes/test_hiding_queues.py``
compares the two.
"""

from __future__ import annotations

import weakref
from collections import deque
from typing import TYPE_CHECKING, Any

from anyorder.exploring.engine.events import READ, WRITE, EventKind
from anyorder.exploring.library.queue import GET, PUT
from anyorder.exploring.library.wrapping import Original, wrapped
from anyorder.exploring.processes.system.descriptors import READERS, WRITERS

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from anyorder.exploring.engine.machine import Machine
    from anyorder.exploring.processes.system.descriptors import Descriptors
    from anyorder.exploring.processes.system.pipe import Pipe
    from anyorder.exploring.processes.system.pipes import Pipes

__all__ = ["NoLock", "QueueBuffer", "Queues"]

PUT_LAST = EventKind("put last", says="says that no more comes into {}", waits=None, whole=False)
FEED = EventKind("feed", says="takes an item from the buffer of {}", waits="{}", whole=False)
SEND = EventKind("send", says="sends an item to {}", waits=None, whole=False)


class NoLock:
    """What stands for a lock or a condition that nobody can find taken."""

    def acquire(self) -> bool:
        """Do nothing."""
        return True

    def release(self) -> None:
        """Do nothing."""

    wait = notify = _at_fork_reinit = release
    __enter__ = acquire

    def __exit__(self, *_: object) -> None:
        """Do nothing."""


class QueueBuffer(deque[Any]):
    """The buffer of a queue: taking from it waits for an item.

    Args:
        queues: what is known of all queues
        queue: whose it is
        last: what is put in to say that no more comes
    """

    def __init__(self, queues: Queues, queue: Any, last: object) -> None:
        super().__init__()
        self.machine = queues.machine
        self.queue = weakref.ref(queue)
        self.last = last
        self.place = ("feed", *self.machine.label())
        self.given = self.gone = 0
        self.machine.counter(self.place, 0)

    def append(self, item: Any) -> None:
        """Put an item in."""
        ends = item is self.last
        kind, about = (PUT_LAST, (self.queue,)) if ends else (PUT, (self.queue, item))
        effects = ((self.place, False, 1),)
        event = self.machine.happen(kind, (((self.place, "end"), WRITE),), (), effects, about)
        event.footprint += (((self.place, self.given), WRITE),)
        self.given += 1
        super().append(item)

    def popleft(self) -> Any:
        """Wait for an item, and take it out; it is pickled right after."""
        place, gates = (self.place, self.gone), ((self.place, self.gone + 1),)
        self.gone += 1
        self.machine.happen(FEED, ((place, READ),), gates, about=(self.queue,))
        return super().popleft()


class Queues:
    """All queues of a computer.

    Args:
        pipes: their pipes
        descriptors: the ends of those
    """

    def __init__(self, pipes: Pipes, descriptors: Descriptors) -> None:
        self.pipes = pipes
        self.descriptors = descriptors
        self.machine = pipes.machine

    def pipe_of(self, queue: Any) -> Pipe:
        """Return the pipe of a queue."""
        return self.descriptors.reading[queue._reader.fileno()]

    def hides(self, queue: Any) -> bool:
        """Whether the locks of a queue cannot show."""
        pipe = self.pipe_of(queue)
        limit = getattr(queue, "_sem", None)
        return (
            not self.machine.facts.mortal
            and (limit is None or limit._semlock.semaphore.endless)
            and not pipe.crowded
            and not self.pipes.shows(pipe)
        )

    def receive(self, queue: Any, receive: Callable[[], Any], loads: Callable[[Any], Any]) -> Any:
        """Receive the bytes of an item as one event, and return the item."""
        pipe = self.pipe_of(queue)
        self.descriptors.watch(pipe, WRITERS)
        footprint = (((pipe.label, "head"), WRITE),)
        gates = ((pipe.ready, 1),)
        event = self.machine.happen(GET, footprint, gates, about=(weakref.ref(queue),))
        with self.machine.atomically(), queue._rlock:
            data = receive()
        item = loads(data)
        event.about = (*event.about, item)
        return item

    def send(self, pipe: Pipe, about: tuple[Any, ...], send: Callable[[], None]) -> None:
        """Send the bytes of an item, as one event."""
        seen = self.descriptors.watch(pipe, READERS)
        footprint = (((pipe.label, "tail"), WRITE), *seen)
        self.machine.happen(PUT if about[1:] else SEND, footprint, about=about)
        with self.machine.atomically():
            send()

    def calls(self) -> dict[str, Callable[..., None]]:
        """Return what is done to the module once it is loaded."""

        def change(_: Machine, module: ModuleType) -> None:
            self.change_feeding(module)
            self.change_getting(module)
            self.change_simple(module)

        return {"multiprocessing.queues": change}

    def change_feeding(self, module: ModuleType) -> None:
        """Make putting into a ``Queue``, and sending by its thread, an event each."""
        names = vars(module)

        @wrapped(names["Queue"], "_reset")
        def reset(queue: Any, after_fork: bool = False, *, original: Original) -> None:
            self.pipe_of(queue).queue = True
            queue._notempty = NoLock()
            original(queue, after_fork)
            queue._notempty = NoLock()
            queue._buffer = QueueBuffer(self, queue, names["_sentinel"])

        @wrapped(names["Queue"], "_start_thread")
        def start_thread(queue: Any, *, original: Original) -> None:
            if not self.hides(queue):
                original(queue)
                return
            pipe, about, send = self.pipe_of(queue), (weakref.ref(queue),), queue._send_bytes

            def send_bytes(data: Any) -> None:
                self.send(pipe, about, lambda: send(data))

            lock, queue._wlock, queue._send_bytes = queue._wlock, NoLock(), send_bytes
            try:
                original(queue)
            finally:
                queue._wlock, queue._send_bytes = lock, send

    def change_getting(self, module: ModuleType) -> None:
        """Make getting from a ``Queue`` an event, and show its locks to what else looks into it."""
        names = vars(module)

        @wrapped(names["Queue"], "get")
        def get(
            queue: Any, block: bool = True, timeout: float | None = None, *, original: Original
        ) -> Any:
            if queue._closed or not block or timeout is not None or not self.hides(queue):
                return original(queue, block, timeout)
            item = self.receive(queue, queue._recv_bytes, names["_ForkingPickler"].loads)
            queue._sem.release()
            return item

        def showing(name: str) -> None:
            @wrapped(names["Queue"], name)
            def show(queue: Any, *args: Any, original: Original) -> Any:
                self.pipes.show(self.pipe_of(queue))
                return original(queue, *args)

        for name in ("qsize", "full", "cancel_join_thread"):
            showing(name)

    def change_simple(self, module: ModuleType) -> None:
        """Make putting into and getting from a ``SimpleQueue`` an event each."""
        names = vars(module)
        pickler = names["_ForkingPickler"]

        @wrapped(names["SimpleQueue"], "__init__")
        def init(queue: Any, *, original: Original, **context: Any) -> None:
            original(queue, **context)
            self.pipe_of(queue).queue = True

        @wrapped(names["SimpleQueue"], "get")
        def get(queue: Any, *, original: Original) -> Any:
            if not self.hides(queue):
                return original(queue)
            return self.receive(queue, queue._reader.recv_bytes, pickler.loads)

        @wrapped(names["SimpleQueue"], "put")
        def put(queue: Any, item: Any, *, original: Original) -> None:
            if not self.hides(queue):
                original(queue, item)
                return
            data = pickler.dumps(item)

            def send() -> None:
                with queue._wlock:
                    queue._writer.send_bytes(data)

            self.send(self.pipe_of(queue), (weakref.ref(queue), item), send)
