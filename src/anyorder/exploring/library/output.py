"""Standard output and standard error: one event a write."""

from __future__ import annotations

import io
import re
import sys
from typing import TYPE_CHECKING, Any, NoReturn

from anyorder.exploring.attributes import is_a, stands_for_others
from anyorder.exploring.engine.events import EventKind, Role
from anyorder.exploring.engine.keeping import sends_on
from anyorder.exploring.library.wrapping import missing
from anyorder.exploring.versions import ALL
from anyorder.exploring.words import printed, printed_to_stderr
from anyorder.outcomes import StdoutTo

if TYPE_CHECKING:
    from collections.abc import Callable

    from anyorder.exploring.engine.events import Event, Teller
    from anyorder.exploring.engine.machine import Machine

__all__ = ["Input", "Stream", "TextFile", "asking", "printing", "prints"]


def prints(event: Event, teller: Teller) -> str:
    """Say which text is printed."""
    stream, text = event.about
    return printed_to_stderr(text, teller.file) if stream == "stderr" else f"prints {printed(text)}"


def flushes(event: Event, _: Teller) -> str:
    """Say which stream is flushed."""
    return f"flushes {event.about}"


PRINT = EventKind("print", says=prints, waits=None, whole=True, role=Role.PRINTS)
FLUSH = EventKind("flush stream", says=flushes, waits=None, whole=True)

OF_FILES = {"mode", "name"}  # what a file has itself
SURROGATES = re.compile("[\ud800-\udfff]")
OUTSIDE = (
    "sys.{stream}.{name} reaches the file below, which is not simulated: write text with print or "
    "sys.{stream}.write, or read text, of which there is none"
)


@stands_for_others
class TextFile(io.TextIOBase):
    """What stands for one of the three standard streams: a file of text, and of nothing below it.

    What is no text depends on what the stream is connected to, or on the file below: it is refused.

    Args:
        machine: where the program runs
        label: ``"stdin"``, ``"stdout"`` or ``"stderr"``
    """

    encoding = "utf-8"

    def __init__(self, machine: Machine, label: str) -> None:
        super().__init__()
        self.machine = machine
        self.label = label

    @property  # type: ignore[misc]
    def __class__(self) -> type:  # to ``isinstance`` it is what it stands for
        return io.TextIOWrapper

    @property
    def errors(self) -> str:  # type: ignore[override]
        """What is done about a character that cannot be written."""
        return "backslashreplace" if self.label == "stderr" else "strict"

    def __repr__(self) -> str:
        mode = "r" if self.label == "stdin" else "w"
        return f"<_io.TextIOWrapper name='<{self.label}>' mode='{mode}' encoding='utf-8'>"

    def __getattr__(self, name: str) -> Any:
        if hasattr(io.TextIOWrapper, name) or name in OF_FILES:
            self.outside(name)
        raise missing(self, "_io.TextIOWrapper", name)

    def outside(self, name: str) -> NoReturn:
        """Refuse what goes past the text, to the file below it."""
        self.machine.refuse(OUTSIDE.format(stream=self.label, name=name))

    def write(self, _: str) -> int:
        """Complain that it is there to be read."""
        raise io.UnsupportedOperation("not writable")

    def read(self, *_: object) -> str:
        """Complain that it is there to be written."""
        raise io.UnsupportedOperation("not readable")

    readline = read  # type: ignore[assignment]

    def __del__(self) -> None:
        """Do nothing, where the base class would flush and close."""


def of_file_below(name: str) -> property:
    """Return an attribute that refuses what the base class would say of the file below."""
    return property(lambda self: self.outside(name))


for _name in (
    "buffer", "close", "detach", "fileno", "isatty", "newlines", "raw", "reconfigure", "seek",
    "seekable", "tell", "truncate",
):  # fmt: skip
    setattr(TextFile, _name, of_file_below(_name))


@stands_for_others
class Stream(TextFile):
    """What stands for ``sys.stdout`` or ``sys.stderr``.

    Two writes of the same text can be swapped and nobody can tell; of other texts they cannot.

    Args:
        machine: where the writing threads run
        label: ``"stdout"`` or ``"stderr"``
    """

    def __init__(self, machine: Machine, label: str) -> None:
        super().__init__(machine, label)
        self.parts: list[str] = []
        self.writers: list[int] = []  # the thread of each part, by its number
        self.flushed = 0

    def write(self, text: str) -> int:
        """Write a text as one event."""
        if not is_a(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        if text:
            machine = self.machine
            machine.count_printed(text)
            if SURROGATES.search(text):
                machine.refuse(
                    "this prints half of a surrogate pair, which most systems cannot write: print "
                    "ascii(...) of it"
                )
            text = machine.varied.check_shown(text, self.label)
            footprint = ((self.label, text), *machine.output_footprint())
            machine.happen(PRINT, footprint, about=(self.label, text), step=True)
            if machine.exit is None:
                self.parts.append(text)
                self.writers.append(machine.current.tid)
        return len(text)

    def writable(self) -> bool:
        """Say that it can be written to."""
        return True

    def flush(self) -> None:
        """Do nothing, save for a process that is ended at once: what is written is seen at once.

        There it is an event, since what was not flushed is lost.
        """
        machine = self.machine
        if machine.facts.exits:
            footprint = ((self.label, ""), *machine.output_footprint())
            machine.happen(FLUSH, footprint, about=self.label)
        if machine.exit is None:
            self.flushed = len(self.text())
            machine.flushes.append((self.label, machine.current.tid, len(machine.events)))

    def text(self) -> str:
        """Return all that has been written."""
        return "".join(self.parts)

    def holds(self) -> bool:
        """Whether a buffer may hold anything."""
        return self.flushed < len(self.text())

    def left(self) -> dict[StdoutTo, str]:
        """Return what comes out, by where stdout goes, where the process ends without a flush.

        Unbuffered, that is all of it; to a pipe, what has been flushed; to a terminal, and of
        stderr to a pipe too, also all up to the last piece with a line's end in it.
        """
        text = self.text()
        line = next((n for n in range(len(self.parts), 0, -1) if sends_on(self.parts[n - 1])), 0)
        lines = text[: max(len("".join(self.parts[:line])), self.flushed)]
        return {
            StdoutTo.UNBUFFERED: text,
            StdoutTo.TERMINAL: lines,
            StdoutTo.PIPE: lines if self.label == "stderr" else text[: self.flushed],
        }


def in_one_call(file: Any, write: Callable[[str], int]) -> Callable[[str], int]:
    """Return what writes a piece of what one call of ``print`` writes in pieces."""
    if not is_a(file, Stream):
        return write
    machine = file.machine
    thread = machine.current
    if not machine.asked_by_program(sys._getframe(1)):
        thread.cut = ALL

    def piece(text: str) -> int:
        thread.writing = True
        try:
            return write(text)
        finally:
            thread.writing = False

    return piece


@stands_for_others
class Input(TextFile):
    """What stands for ``sys.stdin``, which is empty, as it is in real runs.

    Args:
        machine: where the reading threads run
    """

    def __init__(self, machine: Machine) -> None:
        super().__init__(machine, "stdin")

    close = io.TextIOBase.close

    def readable(self) -> bool:
        """Say that it can be read."""
        self._checkClosed()
        return True

    def read(self, *_: object) -> str:
        """Return nothing: it has come to its end."""
        self._checkClosed()
        return ""

    readline = read


def asking(
    text_of: Callable[[Any], str], attribute: Callable[[Any, str], Any]
) -> Callable[..., str]:
    """Return ``input`` where standard input is empty: it shows what it asks, and fails.

    Args:
        text_of: gives the text of what it asks
        attribute: gives the attribute of that name of the file, so that its writes are seen
    """

    def input_(prompt: object = "", /) -> str:
        if prompt != "":
            in_one_call(sys.stdout, attribute(sys.stdout, "write"))(text_of(prompt))
        attribute(sys.stdout, "flush")()
        raise EOFError("EOF when reading a line")

    input_.__name__ = input_.__qualname__ = "input"
    return input_


def printing(
    text_of: Callable[[Any], str], attribute: Callable[[Any, str], Any]
) -> Callable[..., None]:
    """Return ``print`` as it is, one write for each argument, each separator and the end.

    Args:
        text_of: gives the text of an argument
        attribute: gives the attribute of that name of the file, so that its writes are seen
    """

    def show(
        *values: Any,
        sep: str | None = None,
        end: str | None = None,
        file: Any = None,
        flush: bool = False,
    ) -> None:
        for name, value in (("sep", sep), ("end", end)):
            if value is not None and not is_a(value, str):
                raise TypeError(f"{name} must be None or a string, not {type(value).__name__}")
        file = sys.stdout if file is None else file
        if file is None:
            return
        write = in_one_call(file, attribute(file, "write"))
        for number, value in enumerate(values):
            if number:
                write(" " if sep is None else sep)
            text = value if type(value) is str else text_of(value)
            write(text)
        write("\n" if end is None else end)
        if flush:
            attribute(file, "flush")()

    def print_(*values: Any, **how: Any) -> None:
        if how.keys() - {"sep", "end", "file", "flush"}:
            print(**how)  # noqa: T201 - it says what is wrong
        show(*values, **how)

    print_.__name__ = print_.__qualname__ = "print"
    return print_
