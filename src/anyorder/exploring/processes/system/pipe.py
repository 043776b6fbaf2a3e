"""One pipe: what is in it, and what readers wait for.

A full pipe is that of Linux (https://man7.org/linux/man-pages/man7/pipe.7.html): 16 pages of 4,096
bytes; up to a page is written as a whole, or not yet; what is longer goes in page by page.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from anyorder.exploring.engine.machine import Machine

__all__ = ["BYTE", "PAGE", "PAGES", "Pipe"]

PAGE = 4_096  # bytes
PAGES = 16
BYTE = 2**20  # in the counter of what may be read: more than there are descriptors


class Pipe:
    """One direction of bytes.

    Args:
        machine: where its processes run
        socket: whether it is one half of a pair of sockets

    Attributes:
        ready: counts what a reader waits for, which is a byte, or that nobody can write any more:
            ``BYTE`` for each byte, less one for each descriptor to write to but the first
        back: the other half of a pair of sockets
        reset: whether the other side was closed before it had read all
    """

    back: Pipe

    def __init__(self, machine: Machine, *, socket: bool) -> None:
        self.label = ("pipe", *machine.label())
        self.socket = socket
        self.pages: deque[bytearray] = deque()
        self.size = 0  # bytes that nobody has read yet
        self.writes: deque[tuple[int, int]] = deque()  # not wholly read: from byte, up to byte
        self.first = 0  # the number of the first write that is not wholly read
        self.written = 0  # bytes in all
        self.read = 0
        # whether it may be full, in some execution: known before, since what is one event differs
        self.crowded = machine.is_shared((self.label, "full"))
        self.queue = False  # whether it is a queue's
        self.readers = self.writers = 1  # descriptors
        self.reset = False
        self.ready = (self.label, "ready")
        machine.counter(self.ready, 0)

    def fits(self, count: int) -> bool:
        """Whether so many bytes, at most a page, can be written now."""
        if self.pages and len(self.pages[-1]) + count <= PAGE:
            return True
        return len(self.pages) < PAGES

    def put(self, data: bytes) -> int:
        """Put in as much as fits, and return how much that is."""
        done = 0
        rest = len(data) % PAGE
        if rest and self.pages and len(self.pages[-1]) + rest <= PAGE:
            self.pages[-1] += data[:rest]
            done = rest
        while done < len(data) and (len(self.pages) < PAGES or not self.crowded):
            self.pages.append(bytearray(data[done : done + PAGE]))
            done += len(self.pages[-1])
        self.size += done
        self.writes.append((self.written, self.written + done))
        self.written += done
        return done

    def take(self, count: int) -> tuple[bytes, list[int]]:
        """Take out up to so many bytes, and return them with the numbers of their writes."""
        result = bytearray()
        while self.pages and len(result) < count:
            page = self.pages[0]
            wanted = count - len(result)
            result += page[:wanted]
            if wanted < len(page):
                del page[:wanted]
            else:
                self.pages.popleft()
        self.size -= len(result)
        self.read += len(result)
        numbers = [
            self.first + place for place, (start, _) in enumerate(self.writes) if start < self.read
        ]
        while self.writes and self.writes[0][1] <= self.read:
            self.writes.popleft()
            self.first += 1
        return bytes(result), numbers
