"""Doctests of concurrent code: lines in any order, and what doctest itself cannot see.

Doctest replaces ``sys.stdout`` while an example runs. So what a child process prints is lost under
``fork`` and goes past it under the other start methods, and an exception that ends a thread or a
child is printed to standard error, where nobody looks: the example passes. :func:`watched` sees
all of it, and ends an example that does not end.
"""

from __future__ import annotations

import doctest
import multiprocessing
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr
from functools import wraps
from multiprocessing.process import BaseProcess

from anyorder.outcomes.patterns import Interleaved, Pattern, Piece

__all__ = ["ANY_ORDER", "install", "watched"]

Check = Callable[[doctest.OutputChecker, str, str, int], bool]

ANY_ORDER = doctest.register_optionflag("ANY_ORDER")
BLANK_LINE = "<BLANKLINE>"
# the thread that a multiprocessing.Queue has for itself
NOBODY_S_TO_JOIN = {"QueueFeederThread"}


def install() -> None:
    """Teach doctest the flag ``ANY_ORDER``: the expected lines may come in any order.

    The base class's method is replaced, which pytest's checker and Sphinx's both call. Installing
    it again changes nothing.
    """
    check_output = doctest.OutputChecker.check_output
    if not hasattr(check_output, "__wrapped__"):
        doctest.OutputChecker.check_output = _any_order(check_output)  # type: ignore[assignment, method-assign]


def _any_order(check_output: Check) -> Check:
    @wraps(check_output)
    def check(self: doctest.OutputChecker, want: str, got: str, optionflags: int) -> bool:
        if check_output(self, want, got, optionflags):
            return True
        return bool(optionflags & ANY_ORDER) and _same_lines(want, got, optionflags)

    return check


def _same_lines(want: str, got: str, optionflags: int) -> bool:
    """Tell whether ``got`` has the lines of ``want``, each as often, in some order."""
    if not optionflags & doctest.DONT_ACCEPT_BLANKLINE:
        want = want.replace(BLANK_LINE, "")
    if optionflags & doctest.NORMALIZE_WHITESPACE:
        want, got = (
            "".join(" ".join(line.split()) + "\n" for line in text.splitlines())
            for text in (want, got)
        )
    lines = want.splitlines(keepends=True)
    read = Piece.with_wildcards if optionflags & doctest.ELLIPSIS else lambda line: Piece((line,))
    return Pattern((Interleaved(tuple((read(line),) for line in lines)),)).matches(got)


@contextmanager
def watched(timeout: float) -> Iterator[list[str]]:
    """Watch what doctest cannot see while examples run, and end those that do not end.

    Only the main thread may watch: the time limit is a signal, which raises :exc:`TimeoutError` in
    the example that is being run.

    Args:
        timeout: seconds that the examples may take together; when they are over, the example that
            is being run is ended, and each further one has as many for itself

    Yields:
        a list, empty until the end; then it has a message for each thread that an exception ended
        or that still runs, for each process that still runs and so was killed, and one with what
        processes wrote to the real standard output, or to the real standard error
    """
    messages: list[str] = []
    threads = set(threading.enumerate())
    with (
        _deaths_of_threads() as deaths,
        _written_past_doctest() as written,
        _alarm_after(timeout),
    ):
        yield messages
        messages += [f"{each.name} still runs: join it" for each in _left_processes()]
    messages += deaths
    messages += [
        f"{each.name} still runs: join it"
        for each in threading.enumerate()
        if each not in threads and each.name not in NOBODY_S_TO_JOIN
    ]
    messages += written


@contextmanager
def _deaths_of_threads() -> Iterator[list[str]]:
    """Yield a list to which each exception that ends a thread adds a message."""
    deaths: list[str] = []

    def note(death: threading.ExceptHookArgs) -> None:
        name = death.thread.name if death.thread else "a thread"
        deaths.append(f"{name} was ended by {death.exc_type.__name__}: {death.exc_value}")

    hook, threading.excepthook = threading.excepthook, note
    try:
        yield deaths
    finally:
        threading.excepthook = hook


@contextmanager
def _written_past_doctest() -> Iterator[list[str]]:
    """Yield a list to which, at the end, a message is added for each real stream written to.

    What this process writes to its own ``sys.stderr`` is nobody's secret: it is let through.
    """
    messages: list[str] = []
    with ExitStack() as stack:
        stderr = stack.enter_context(os.fdopen(os.dup(2), "w"))
        for fd, words in ((1, "printed"), (2, "wrote to standard error")):
            stack.enter_context(_caught(fd, words, messages))
        stack.enter_context(redirect_stderr(stderr))
        _catching.append(True)
        stack.callback(_catching.pop)
        yield messages


@contextmanager
def _caught(fd: int, words: str, messages: list[str]) -> Iterator[None]:
    """Catch what is written to a file descriptor, and say it in a message."""
    stream = sys.__stdout__ if fd == 1 else sys.__stderr__
    flush = stream.flush if stream else lambda: None
    real = os.dup(fd)
    with tempfile.TemporaryFile() as file:
        flush()
        os.dup2(file.fileno(), fd)
        try:
            yield
        finally:
            flush()
            os.dup2(real, fd)
            os.close(real)
        file.seek(0)
        if text := file.read().decode("utf-8", "backslashreplace"):
            messages.append(f"a process {words} what doctest does not see: {text!r}")


# a child that is forked while this is not empty writes to the real streams, where it is seen, and
# not into its copies of doctest's own
_catching: list[bool] = []


def _write_for_real() -> None:
    if _catching:
        sys.stdout = os.fdopen(1, "w", closefd=False)
        sys.stderr = os.fdopen(2, "w", closefd=False)


os.register_at_fork(after_in_child=_write_for_real)


@contextmanager
def _alarm_after(timeout: float) -> Iterator[None]:
    def out_of_time(*_: object) -> None:
        raise TimeoutError(f"the examples did not end within {timeout:g} s")

    handler = signal.signal(signal.SIGALRM, out_of_time)
    signal.setitimer(signal.ITIMER_REAL, timeout, timeout)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, handler)


def _left_processes() -> list[BaseProcess]:
    """Kill the children that still run, and return them."""
    left = multiprocessing.active_children()
    for process in left:
        process.kill()
        process.join()
    return left
