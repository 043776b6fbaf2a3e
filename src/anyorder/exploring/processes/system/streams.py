"""Standard output and standard error of processes, each with a buffer of its own.

The buffers are the interpreter's own, from ``io``; what leaves them is one event, seen by all.
"""

from __future__ import annotations

import io
import os
from functools import cache
from typing import TYPE_CHECKING, Any

from anyorder.exploring.engine.events import WRITE, EventKind, Role
from anyorder.exploring.engine.keeping import sends_on
from anyorder.exploring.library.output import TextFile
from anyorder.exploring.words import printed, printed_to_stderr
from anyorder.outcomes import StdoutTo
from anyorder.outcomes.tracebacks import normalised

if TYPE_CHECKING:
    from collections.abc import Callable

    from anyorder.exploring.engine.events import Event, Teller
    from anyorder.exploring.processes.system.computer import Computer

__all__ = ["Stream", "Streams"]


def leaves(says: str) -> Callable[[Event, Teller], Callable[[], str]]:
    """Return what says what has left a buffer by an event, or that a text went into it.

    Args:
        says: what a thread does by that to standard output, in words, with ``{}`` for the text
    """

    def prints(event: Event, teller: Teller) -> Callable[[], str]:
        def told() -> str:
            stream, text = event.about
            if not text:
                return f"fills the buffer of {stream}"
            if stream == "stderr":
                return printed_to_stderr(text, teller.file)
            return says.format(printed(text))

        return told

    return prints


PRINT = EventKind(
    "print into buffer", says=leaves("prints {}"), waits=None, whole=True, role=Role.PRINTS
)
FLUSH = EventKind(
    "flush", says=leaves("flushes its buffer: {}"), waits=None, whole=True, role=Role.PRINTS
)

CHUNK = 8_192  # bytes that are kept as a text, before they go on to the buffer


@cache
def buffer_size() -> int:
    """Return how many bytes this Python keeps before it writes to a pipe."""
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as file:
        return file.__sizeof__() - io.BufferedWriter.__basicsize__


class Raw(io.RawIOBase):
    """What stands for a file descriptor: it keeps what has left the buffer."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[bytes] = []

    def writable(self) -> bool:
        """Say that it can be written to."""
        return True

    def write(self, data: Any) -> int:
        """Keep what is written."""
        piece = bytes(data)
        self.written.append(piece)
        return len(piece)


class Stream(TextFile):
    """What stands for ``sys.stdout`` or ``sys.stderr`` in every process.

    Args:
        machine: where the writing threads run
        label: ``"stdout"`` or ``"stderr"``
        to: where it goes
    """

    machine: Computer

    def __init__(self, machine: Computer, label: str, to: StdoutTo) -> None:
        super().__init__(machine, label)
        self.to = to
        self.kind = FLUSH if to is StdoutTo.PIPE else PRINT
        self.parts: list[str] = []
        self.writers: list[int] = []  # the thread of each part, by its number
        self.held: dict[int, int] = {}  # how many bytes are in the buffer of each process
        self.texts: dict[int, list[str]] = {}  # what was written since it was empty
        self.files: dict[int, tuple[io.TextIOWrapper[Any], Raw]] = {}
        self.locked: set[int] = set()  # those that were forked as another thread had its lock

    def file(self, number: int) -> tuple[io.TextIOWrapper[Any], Raw]:
        """Return a process's own file, and what it has written."""
        found = self.files.get(number)
        if found is None:
            raw = Raw()
            through = self.to is StdoutTo.UNBUFFERED
            lines = self.to is StdoutTo.TERMINAL or self.label == "stderr"
            buffer: Any = raw if through else io.BufferedWriter(raw, buffer_size())
            wrapper = io.TextIOWrapper(buffer, "utf-8", None, None, lines, write_through=through)
            found = self.files[number] = (wrapper, raw)
        return found

    def holds(self, number: int) -> bool:
        """Whether there is anything in the buffer of a process."""
        return self.held.get(number, 0) > 0

    def write(self, text: str) -> int:
        """Write a text; what leaves the buffer is an event.

        Lines of a traceback that are no outcome's are left out from the start: nobody can tell
        where they stand among those of other processes.
        """
        if self.label == "stderr" and text:
            text = normalised(text, self.machine.file)
            if not text:
                return 0
        self.machine.count_printed(text)
        text = self.machine.varied.check_shown(text, self.label)
        home = self.machine.current.home
        wrapper, raw = self.file(home)
        if home in self.locked and self.leaves_text(home, text):
            self.machine.brief_locks.wait_for_good(self)

        def put() -> None:
            size = len(text.encode(errors="surrogateescape"))
            self.held[home] = self.held.get(home, 0) + size
            self.texts.setdefault(home, []).append(text)
            wrapper.write(text)

        self.act(raw, put)
        return len(text)

    def flush(self) -> None:
        """Write all that is in the buffer."""
        home = self.machine.current.home
        wrapper, raw = self.file(home)
        if home in self.locked:
            self.machine.brief_locks.wait_for_good(self)
        self.act(raw, wrapper.flush)

    def leaves_text(self, home: int, text: str) -> bool:
        """Whether a text goes on to where a lock is needed, and does not wait as a text."""
        wrapper, _ = self.file(home)
        return (wrapper.line_buffering and sends_on(text)) or (
            self.held.get(home, 0) + len(text) > CHUNK
        )

    def fork(self, child: int) -> None:
        """Copy what the current process has in its buffer for a child that is forked."""
        home = self.machine.current.home
        texts = self.texts.get(home)
        if self.machine.brief_locks.holder(self) is not None:
            self.locked.add(child)
        if texts:
            self.texts[child], self.held[child] = texts.copy(), self.held[home]
            wrapper, raw = self.file(child)
            for text in texts:
                wrapper.write(text)
            raw.written = []  # that has left the parent's buffer

    def act(self, raw: Raw, call: Any) -> None:
        """Do something with a buffer, and make events of what has left it.

        Other threads of the process may reach the same buffer: then the moment at which that is
        done is an event, and what leaves the buffer leaves it then.
        """
        machine = self.machine
        home = machine.current.home
        if machine.dying:
            return
        if self.is_shared(home):
            place = (("buffer", self.label, home), WRITE)
            event = machine.happen(self.kind, (place,), about=(self.label, ""))
            event.widen((*event.footprint, (self.label, WRITE)))
            call()
            pieces = self.taken(raw)
            for piece in pieces:
                event.footprint += ((self.label, piece),)
                event.about = (self.label, piece)
                self.parts.append(piece)
                self.writers.append(machine.current.tid)
            if pieces and self.to is not StdoutTo.UNBUFFERED:
                machine.brief_locks.leave(self, self)
            return
        call()
        for piece in self.taken(raw):
            machine.happen(self.kind, ((self.label, piece),), about=(self.label, piece))
            self.parts.append(piece)
            self.writers.append(machine.current.tid)

    def is_shared(self, home: int) -> bool:
        """Whether more than one thread of a process may write now, as far as the current one knows.

        A thread that has ended counts until that is known: whether writing is an event must not
        depend on what the current thread may come before or after.
        """
        machine = self.machine
        clock = machine.current.clock
        writers = (
            one
            for one in machine.threads
            if one.home == home
            and one.tid not in machine.quiet
            and not (one.ended and clock.get(one.tid, -1) >= one.epoch)
        )
        return sum(1 for _ in writers) > 1

    def taken(self, raw: Raw) -> list[str]:
        """Return what has left a buffer, and forget it there."""
        pieces, raw.written = raw.written, []
        home = self.machine.current.home
        self.held[home] = self.held.get(home, 0) - sum(map(len, pieces))
        if not self.held[home]:
            self.texts.pop(home, None)
        return [piece.decode("utf-8", "surrogateescape") for piece in pieces]

    def isatty(self) -> bool:
        """Say whether it is a terminal."""
        return self.to is StdoutTo.TERMINAL

    def writable(self) -> bool:
        """Say that it can be written to."""
        return True

    def text(self) -> str:
        """Return all that has left the buffers."""
        whole = "".join(self.parts)
        return whole.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


class Streams:
    """Standard output and standard error of all processes.

    Args:
        machine: where they run
        to: where standard output goes
    """

    def __init__(self, machine: Computer, to: StdoutTo) -> None:
        self.machine = machine
        self.to = to
        self.begin()

    def begin(self) -> None:
        """Begin with empty buffers, for a new execution."""
        self.stdout = Stream(self.machine, "stdout", self.to)
        self.stderr = Stream(self.machine, "stderr", self.to)

    def fork(self, child: int) -> None:
        """Copy what the current process has in its buffers for a child."""
        self.stdout.fork(child)
        self.stderr.fork(child)

    def holds(self, process: int) -> bool:
        """Whether there is anything in the buffer of a process for standard output."""
        return self.stdout.holds(process)

    def used_by(self, process: int) -> bool:
        """Whether a process has written anything."""
        return process in self.stdout.files or process in self.stderr.files
