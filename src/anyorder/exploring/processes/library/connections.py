"""The calls of ``multiprocessing.connection``, as far as they have to do with pipes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from anyorder.exploring.attributes import is_a
from anyorder.exploring.engine.events import READ, EventKind
from anyorder.exploring.library.wrapping import Original, wrapped
from anyorder.exploring.processes.system.descriptors import WRITERS
from anyorder.exploring.processes.system.process import EXITED, FIRST_SENTINEL

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from anyorder.exploring.engine.events import Footprint
    from anyorder.exploring.engine.machine import Machine
    from anyorder.exploring.processes.system.descriptors import Descriptors
    from anyorder.exploring.processes.system.pipes import Pipes

__all__ = ["Connections"]

LOOK = EventKind(
    "look what is ready",
    says="looks what is ready",
    waits="a change of what it reads",
    whole=True,
)


class Connections:
    """All connections of a computer.

    Args:
        pipes: what they go through
        descriptors: the ends of those
        refusing: makes a function that refuses the program, from its name and the reason
    """

    def __init__(
        self, pipes: Pipes, descriptors: Descriptors, refusing: Callable[[str, str], Any]
    ) -> None:
        self.pipes = pipes
        self.machine = pipes.machine
        self.descriptors = descriptors
        self.refusing = refusing

    def calls(self) -> dict[str, Callable[..., None]]:
        """Return what is done to the modules that have to do with pipes."""

        def connection(_: Machine, module: ModuleType) -> None:
            names = vars(module)
            make = names["Connection"]
            self.follow(names["_ConnectionBase"])

            @wrapped(names["_ConnectionBase"], "send_bytes")
            def send_bytes(
                connection: Any, buf: Any, *args: Any, original: Original, **kwargs: Any
            ) -> None:
                original(connection, self.machine.look(buf), *args, **kwargs)

            @wrapped(names["_ConnectionBase"], "recv_bytes_into")
            def recv_bytes_into(
                connection: Any, buf: Any, offset: int = 0, *, original: Original
            ) -> int:
                if type(buf) is not bytearray:
                    return original(connection, buf, offset)  # type: ignore[no-any-return]
                received = bytearray(len(buf))
                size: int = original(connection, received, offset)
                read = slice(offset, offset + size)
                self.machine.follow(buf.__setitem__)(read, received[read])
                return size

            pipe = names["Pipe"]

            def new_pipe(duplex: bool = True) -> tuple[Any, Any]:
                if not duplex:
                    return pipe(duplex)  # type: ignore[no-any-return]
                one, other = self.pipes.pair()
                return make(one), make(other)

            def wait(objects: Any, timeout: float | None = None) -> list[Any]:
                return self.wait(objects, timeout)

            names["Pipe"] = new_pipe
            names["wait"] = wait
            for name in ("Listener", "Client"):
                names[name] = self.refusing(
                    f"multiprocessing.connection.{name}", "talks through a socket: use a Pipe"
                )

        return {"multiprocessing.connection": connection}

    def follow(self, base: Any) -> None:
        """Make a connection that nobody has any more close its descriptor, in its own process."""
        machine = self.machine
        original, drop = base.__init__, base.__del__

        def begin(connection: Any, *args: Any, **kwargs: Any) -> None:
            connection._ao_home = machine.process.number
            connection._handle = None
            original(connection, *args, **kwargs)

        def end(connection: Any) -> None:
            home, handle = connection._ao_home, connection._handle
            if not machine.going:
                self.descriptors.drop_late(home, handle)
            elif home == machine.current.home:  # else another process clears up the simulation
                drop(connection)

        base.__init__, base.__del__ = begin, end

    def wait(self, objects: Any, timeout: float | None = None) -> list[Any]:
        """Do what ``multiprocessing.connection.wait`` does: return which of these are ready."""
        machine = self.machine
        things = list(machine.spread(objects))
        handles = [thing if is_a(thing, int) else thing.fileno() for thing in things]
        while True:
            touched = tuple(place for handle in handles for place in self.touched(handle))
            event = machine.happen(LOOK, touched)
            for handle in handles:
                if handle in self.descriptors.reading:
                    self.descriptors.watched(event, self.descriptors.reading[handle], WRITERS)
            pairs = zip(things, handles, strict=True)
            ready = [thing for thing, handle in pairs if self.is_ready(handle)]
            if ready or timeout is not None:
                break
            self.pipes.wait_for_change(event, touched)
        if not ready:
            machine.current.local_time += max(timeout or 0, 0)
        return ready

    def touched(self, handle: int) -> Footprint:
        """Return what is touched by asking whether a handle is ready."""
        if handle in self.descriptors.reading:
            return self.pipes.looked_at(handle)
        return (((EXITED, handle - FIRST_SENTINEL), READ),)

    def is_ready(self, handle: int) -> bool:
        """Whether a pipe has anything to read or is at its end, or a process has ended."""
        pipe = self.descriptors.reading.get(handle)
        if pipe is not None:
            return bool(pipe.size) or not pipe.writers
        return self.machine.processes[handle - FIRST_SENTINEL].status is not None
