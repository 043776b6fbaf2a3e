"""What the events of processes are called in a witness."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any

from anyorder.exploring.attributes import asked, attributes_of, is_a
from anyorder.exploring.processes.pools.worker_pool import WorkerPool
from anyorder.exploring.processes.system.pipe import Pipe
from anyorder.exploring.processes.system.process import SimulatedProcess
from anyorder.exploring.processes.system.streams import Stream
from anyorder.exploring.witness.recorder import Recorder

if TYPE_CHECKING:
    from anyorder.exploring.engine.threads import SimulatedThread
    from anyorder.exploring.processes.system.computer import Computer

__all__ = ["ProcessRecorder"]

NAMELESS: dict[type, str] = {Pipe: "the pipe", WorkerPool: "the pool"}


class ProcessRecorder(Recorder):
    """Puts the events of processes into words as they happen.

    Args:
        program: the program that is executed
    """

    machine: Computer

    def column(self, thread: SimulatedThread) -> str:
        """Return the name under which the steps of a thread stand, with its process's if needed."""
        return self.of_process(thread.name, thread.home)

    def of_process(self, name: str, home: int) -> str:
        """Return the name of a thread, which another process may have too."""
        process = self.machine.processes[home].name
        return name if not home or name == process else f"{name} of {process}"

    def name(self, thing: Any) -> str:
        """Return what the program calls an object, as far as a short search shows."""
        if is_a(thing, weakref.ref):
            thing = thing()
        if is_a(thing, SimulatedProcess):
            return thing.name
        if issubclass(type(thing), self.program.thread_class):
            return self.of_process(thing.name, self.machine.current.home)
        if is_a(thing, Stream):
            return f"the buffer of {thing.label}"
        name = asked(thing, "_name")
        if is_a(name, str) and asked(thing, "_identity") is not None:
            return name
        handle = asked(thing, "handle")
        if handle is not None and asked(thing, "semaphore") is not None:
            return self.name_of_semaphore(handle)
        return NAMELESS.get(type(thing)) or super().name(thing)

    def name_of_semaphore(self, handle: int) -> str:
        """Return the name of a lock or the like by the handle that it has in every process."""
        for name, value in list(self.program.names.items()):
            for path, inner in (("", value), *inside(value)):
                if asked(asked(inner, "_semlock"), "handle") == handle:
                    return f"{name}{path}"
        return "a lock"


def inside(value: Any) -> list[tuple[str, Any]]:
    """Return the attributes of an object, each with how it is reached."""
    return [(f".{name}", inner) for name, inner in attributes_of(value).items()]
