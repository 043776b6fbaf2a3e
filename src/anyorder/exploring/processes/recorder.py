"""What the events of processes are called in a witness."""

from __future__ import annotations

import signal
import weakref
from typing import TYPE_CHECKING, Any

from anyorder.exploring.engine.events import WRITE
from anyorder.exploring.processes.lifecycle.process import SimulatedProcess
from anyorder.exploring.processes.system.pipes import Pipe
from anyorder.exploring.processes.system.streams import Stream
from anyorder.exploring.witness.recorder import Recorder
from anyorder.exploring.words import NOTHING, printed, printed_to_stderr, shown
from anyorder.outcomes import StdoutTo

if TYPE_CHECKING:
    from anyorder.exploring.engine.events import Event
    from anyorder.exploring.engine.machine import SimulatedThread
    from anyorder.exploring.processes.program import ProcessProgram
    from anyorder.exploring.processes.system.computer import Computer
    from anyorder.exploring.processes.system.memory import Block

__all__ = ["ProcessRecorder"]

WORDS = {
    "begin": "begins", "exits": "ends", "start": "starts {}", "count": "counts an item",
    "wait for end": "has waited for {} to end", "look after": "looks whether {} has ended",
    "is ready": "is ready to be forked",
    "wait for fork": "has waited for the fork server", "look": "looks what is ready",
    "find lock": "finds a lock by its name", "unlink lock": "takes the names from its locks",
    "is gone": "is gone", "open": "opens a pipe", "feed": "takes an item from the buffer of {}",
    "send": "sends an item to {}", "put last": "says that no more comes into {}",
    "make memory": "makes the shared memory {}",
    "find memory": "attaches to the shared memory {}",
    "unlink memory": "unlinks the shared memory {}",
    "submit": "submits to the pool", "take": "asks for a task", "send result": "sends a result",
    "receive": "receives a result", "get result": "has waited for a result",
    "close pool": "closes the pool", "terminate pool": "terminates the pool",
    "dismiss": "lets the workers end", "break": "finds that a worker has died",
    "end of workers": "has waited for the workers to end", "hand over": "hands over a result",
    "let go": "lets go of the lock of the results", "last words": "has had the lock of the results",
    "begin to wait": NOTHING, "cut": "is interrupted as it waits",
    "lock inside": "takes the lock inside {}", "unlock inside": "lets go of the lock inside {}",
    "idle": "counts an idle worker", "counted": "counts a result",
}  # fmt: skip


WAITS = {
    "begin": "its turn to begin", "take": "a task", "get result": "a result", "receive": "a result",
    "last words": "the end of the pool, and the lock of its results",
    "send result": "the lock of the results",
    "dismiss": "all tasks to be done", "end of workers": "the workers to end",
}  # fmt: skip


class ProcessRecorder(Recorder):
    """Puts the events of processes into words as they happen.

    Args:
        program: the program that is executed
    """

    program: ProcessProgram
    machine: Computer

    def words(self, event: Event, frame: Any) -> Any:  # noqa: PLR0911 - a case for each kind
        """Say what an event does; a function, where that shows once it has been carried out."""
        kind, about = event.kind, event.about
        if kind in WORDS and not (kind == "look" and len(about) == 1 and not is_word(about[0])):
            thing = about[0] if isinstance(about, tuple) and about else about
            return WORDS[kind].format(self.name(thing))
        if kind == "print":
            return lambda: self.printed(event)
        if kind == "write to pipe":
            pipe, data = about
            return f"writes {len(data)} bytes to {self.name(pipe)}"
        if kind == "read from pipe":
            before = about.read
            return lambda: f"reads {about.read - before} bytes from {self.name(about)}"
        if kind in {"read memory", "write memory"}:
            return self.bytes_of(kind, *about)
        if kind == "exiting":
            return "begins to exit" if about == WRITE else "asks whether its process exits"
        if kind == "close":
            return f"closes its end of {self.name(about[0])} for {about[1]}"
        if kind in {"kill", "signal"}:
            process, number = about
            name = signal.Signals(number).name
            if kind == "kill":
                return f"sends {name} to {process.name}"
            return f"{'reaches' if number == signal.SIGINT else 'ends'} {process.name}"
        return super().words(event, frame)

    def bytes_of(self, kind: str, block: Block, numbers: range, value: Any) -> str:
        """Say which bytes of shared memory are read or written."""
        what = f"{len(numbers)} bytes" if len(numbers) != 1 else f"byte {numbers[0]}"
        where = f"{what} of the shared memory {block.name[1:]}"
        if kind == "write memory":
            return f"writes {where}: {shown(value)}"
        return f"reads {where}: {shown(bytes(block[numbers.start : numbers.stop]))}"

    def printed(self, event: Event) -> str:
        """Say what has left a buffer by an event, or that a text went into it."""
        stream, text = event.about
        if not text:
            return f"fills the buffer of {stream}"
        if stream == "stderr":
            return printed_to_stderr(text, self.program.name)
        if self.program.stdout_to is StdoutTo.PIPE:
            return f"flushes its buffer: {printed(text)}"
        return f"prints {printed(text)}"

    def column(self, thread: SimulatedThread) -> str:
        """Return the name under which the steps of a thread stand, with its process's if needed."""
        return self.of_process(thread.name, thread.home)

    def of_process(self, name: str, home: int) -> str:
        """Return the name of a thread, which another process may have too."""
        process = self.machine.processes[home].name
        return name if not home or name == process else f"{name} of {process}"

    def name(self, thing: Any) -> str:
        """Return what the program calls an object, as far as a short search shows."""
        if isinstance(thing, weakref.ref):
            thing = thing()
        if isinstance(thing, SimulatedProcess):
            return thing.name
        if isinstance(thing, self.program.library.threading.Thread):
            return self.of_process(thing.name, self.machine.current.home)
        if isinstance(thing, Pipe | Stream):
            return "the pipe" if isinstance(thing, Pipe) else f"the buffer of {thing.name}"
        name = getattr(thing, "_name", None)
        if isinstance(name, str) and hasattr(thing, "_identity"):
            return name
        handle = getattr(thing, "handle", None)
        if handle is not None and hasattr(thing, "semaphore"):
            return self.name_of_semaphore(handle)
        return super().name(thing)

    def name_of_semaphore(self, handle: int) -> str:
        """Return the name of a lock or the like by the handle that it has in every process."""
        for name, value in list(self.program.names.items()):
            for path, inner in (("", value), *inside(value)):
                if getattr(getattr(inner, "_semlock", None), "handle", None) == handle:
                    return f"{name}{path}"
        return "a lock"

    def waits_for(self, event: Event) -> str:
        """Say what keeps an announced event from happening."""
        line = self.line_of(event.thread)
        at = f" (line {line})" if line else ""
        if event.kind == "wait for end":
            return f"{self.name(event.about)} to end{at}"
        if event.kind == "read from pipe":
            return f"something to read from {self.name(event.about)}{at}"
        if event.kind == "write to pipe":
            return f"room in {self.name(event.about[0])}{at}"
        if event.kind in WAITS:
            return f"{WAITS[event.kind]}{at}"
        return super().waits_for(event)


def inside(value: Any) -> list[tuple[str, Any]]:
    """Return the attributes of an object, each with how it is reached."""
    return [(f".{name}", inner) for name, inner in getattr(value, "__dict__", {}).items()]


def is_word(about: Any) -> bool:
    """Whether an event is about something that only has a name."""
    return isinstance(about, str)
