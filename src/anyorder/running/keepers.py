"""Keepers, seen from the host: processes that run one program at a time, kept warm between runs."""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from anyorder.running.forked import let_go

__all__ = ["Keeper", "KeeperLost", "a_keeper", "no_keepers"]

SCRIPT = Path(__file__).with_name("keeper.py")


class KeeperLost(Exception):  # noqa: N818 - it is no fault of the caller's
    """The process that runs a program has ended before it had an answer."""


class Keeper:
    """A process beside this one that runs programs, one at a time; see ``keeper.py``.

    It ends when this process does, and kills what it runs.
    """

    def __init__(self) -> None:
        # A session of its own: an interrupt typed at the host is the host's to handle.
        self._process = subprocess.Popen(  # noqa: S603 - our own script
            [sys.executable, "-I", "-S", str(SCRIPT)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        assert self._process.stdin is not None  # noqa: S101 - for the type checker
        assert self._process.stdout is not None  # noqa: S101
        self._requests, self._answers = self._process.stdin, self._process.stdout

    def ask(self, message: dict[str, Any]) -> dict[str, Any]:
        """Send ``message`` and return the line that comes back.

        Raises:
            KeeperLost: where none comes
        """
        try:
            self._requests.write(json.dumps(message).encode() + b"\n")
            self._requests.flush()
            line = self._answers.readline()
        except (OSError, ValueError):  # ValueError: stopped from another thread
            line = b""
        if not line:
            raise KeeperLost
        answer: dict[str, Any] = json.loads(line)
        return answer

    def stop(self) -> None:
        """Let it end, and kill what it runs; from any thread."""
        with suppress(OSError):  # it has ended by itself, with a request unread
            self._requests.close()

    @property
    def stopped(self) -> bool:
        """Whether it takes no more requests."""
        return self._requests.closed

    def close(self) -> None:
        """Stop it and wait until it has gone."""
        self.stop()
        self._process.wait()
        self._answers.close()

    def forget(self) -> None:
        """Let go of it in a process that was forked from its host."""
        let_go(self._process, self._requests, self._answers)


_idle: list[Keeper] = []
_busy: set[Keeper] = set()
_lock = threading.Lock()
_stopping = False


@contextmanager
def a_keeper() -> Iterator[Keeper]:
    """Lend a keeper that nobody else uses, a new one where all are in use.

    Raises:
        KeeperLost: in the time of :func:`no_keepers`
    """
    with _lock:
        if _stopping:
            raise KeeperLost
        keeper = _idle.pop() if _idle else Keeper()
        _busy.add(keeper)
    try:
        yield keeper
    except BaseException:
        with _lock:
            _busy.discard(keeper)
        keeper.close()
        raise
    with _lock:
        _busy.discard(keeper)
        if not keeper.stopped:  # it may have been in the moment in which its answer came
            _idle.append(keeper)
            return
    keeper.close()


@contextmanager
def no_keepers() -> Iterator[None]:
    """Kill all programs that are running, and let none begin for the time being.

    Whoever waits for one gets :exc:`KeeperLost`.
    """
    global _stopping  # noqa: PLW0603 - as the keepers are, it is this process's
    with _lock:
        _stopping = True
        for keeper in _busy:
            keeper.stop()
    try:
        yield
    finally:
        _stopping = False


@atexit.register
def _close_idle() -> None:
    with _lock:
        while _idle:
            _idle.pop().close()


def _forget_all() -> None:
    """In a forked process, keep no end of a pipe through which its parent speaks."""
    global _lock  # noqa: PLW0603 - another thread may have held it at the fork
    _lock = threading.Lock()
    for keeper in (*_idle, *_busy):
        keeper.forget()
    _idle.clear()
    _busy.clear()


os.register_at_fork(after_in_child=_forget_all)
