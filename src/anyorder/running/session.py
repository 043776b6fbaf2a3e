"""A person at the interactive prompt: reads the screen, and types one line after another."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable

from anyorder.outcomes.tracebacks import normalised

__all__ = ["Typist"]

ENTER = "\r"
ERASE_LINE = "\x15"  # Ctrl-U
END_OF_INPUT = "\x04"  # Ctrl-D
PROMPT = re.compile(r"(?P<prompt>>>>|\.\.\.)( |$)")
INPUT_FILE = re.compile(r'File "<(?:stdin|python-input)(?:-\d+)?>"')


class Typist:
    """Somebody who types a session, and looks at the screen before each line.

    A line is typed when the prompt is shown and the machine has come to rest, an end of input when
    there is no line left. A block that is open then is closed by an empty line first.

    Args:
        lines: what to type; an empty line ends a block
        size: lines and columns of the screen
    """

    def __init__(self, lines: Iterable[str], size: tuple[int, int]) -> None:
        import pyte  # noqa: PLC0415 - few of those who run programs type sessions
        import pyte.modes  # noqa: PLC0415

        rows, columns = size
        self._left = deque(lines)
        self._screen = pyte.Screen(columns, rows)
        # While the new prompt waits, the terminal is told not to begin a new line at the left, and
        # what a child prints then makes a staircase. How far its steps reach depends on the paths
        # of the library's frames in it, so they are not kept.
        self._screen.set_mode(pyte.modes.LNM)
        self._stream = pyte.ByteStream(self._screen)
        self._typed_in = -1
        self._done = False

    def after(self, sent: bytes) -> bytes:
        """Return what to type after the terminal was ``sent`` this, and all processes rest.

        Nothing where no prompt has been shown since the last line was typed.
        """
        if self._done:
            return b""
        self._stream.feed(sent)
        cursor = self._screen.cursor
        shown = [self._line(row) for row in range(self._typed_in + 1, cursor.y + 1)]
        prompts = [match for match in map(PROMPT.match, shown) if match]
        if not prompts:
            return b""
        if self._left:
            line = self._left.popleft()
        elif prompts[-1]["prompt"] == "...":
            line = ""
        else:
            self._done = True
            return END_OF_INPUT.encode()
        # The new prompt has typed an indentation already.
        indentation = shown[-1][4 : cursor.x] if PROMPT.match(shown[-1]) else ""
        if line.startswith(indentation):
            line = line.removeprefix(indentation)
        elif line:
            line = ERASE_LINE + line
        self._typed_in = cursor.y
        return (line + ENTER).encode()

    def text(self, sent: bytes) -> str:
        """Return all that the screen shows when the session is over.

        That is what it showed before the end of input was typed, without spaces at the end of its
        lines, without the frames and the folders of the library in tracebacks, and with ``<stdin>``
        as the file of every line that was typed.

        Args:
            sent: what the terminal was sent last; without effect after the end of input
        """
        if not self._done:
            self._stream.feed(sent)
        rows = range(max(self._screen.buffer, default=-1) + 1)
        text = "\n".join(self._line(row).rstrip() for row in rows).rstrip()
        text = INPUT_FILE.sub('File "<stdin>"', text)
        return normalised(text + "\n" if text else "", "<stdin>")

    def _line(self, row: int) -> str:
        """Return what a line of the screen shows."""
        cells = self._screen.buffer[row]
        return "".join(cells[column].data for column in range(max(cells, default=-1) + 1))
