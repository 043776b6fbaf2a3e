"""Explores one program after another, in a process beside the one that asks for it.

:mod:`anyorder.checking.workers` starts this process. What takes an interpreter down, as a fault in
a module written in C does, takes this one alone.

Each line on standard input is a request in JSON:

``program``
    its path
``max_nodes``
    how many nodes its graph may have, where that is what is asked for
``max_executions``, ``start_method``, ``stdout_to``
    as for :func:`anyorder.exploring.explore`
``patience``
    seconds before it is told how far the search is, and between two times that it is
``traced``
    whether each line of the program is told before it is executed, which takes its time

Each is answered by a line of JSON: the ``exploration`` or the ``graph``; or ``refused``, where it
cannot be explored, or ``fault``, where the explorer failed: file, line and message. Before that
others may come, with words that are ``told`` or the ``line`` that is executed next.
"""

from __future__ import annotations

import fcntl
import io
import json
import os
import select
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from anyorder import exploring
from anyorder.exploring import CannotExplore, ExplorerFault
from anyorder.outcomes import StartMethod, StdoutTo

if TYPE_CHECKING:
    from types import FrameType

    from anyorder.exploring import Progress  # needs greenlet

__all__ = ["main"]

# what is asked and answered, by line
Message = dict[str, Any]


def main() -> None:
    """Answer requests for as long as there is a host."""
    requests, answers = os.fdopen(os.dup(0), "rb"), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1):
        os.dup2(nothing, standard)
    with suppress(BrokenPipeError):  # the host is gone
        for line in requests:
            with no_longer_than_the_host(requests):
                answer = answer_to(json.loads(line), answers)
            send(answers, answer)


def send(answers: int, answer: Message) -> None:
    """Tell the host."""
    with os.fdopen(answers, "wb", closefd=False) as file:
        file.write(json.dumps(answer).encode() + b"\n")


@contextmanager
def no_longer_than_the_host(requests: io.BufferedReader) -> Iterator[None]:
    """Let the system end this process as soon as the host is gone.

    A program may be in a computation that lets no other code in, so a thread could not see to it.
    """
    signal.signal(signal.SIGIO, signal.SIG_DFL)
    fcntl.fcntl(requests, fcntl.F_SETOWN, os.getpid())
    flags = fcntl.fcntl(requests, fcntl.F_GETFL)
    fcntl.fcntl(requests, fcntl.F_SETFL, flags | os.O_ASYNC)
    if select.select([requests], [], [], 0)[0]:  # gone before: there is but the end to read
        raise SystemExit
    try:
        yield
    finally:
        fcntl.fcntl(requests, fcntl.F_SETFL, flags)


def answer_to(request: Message, answers: int) -> Message:
    """Return the answer to a request, whatever happens on the way."""
    program = Path(request["program"])
    if request["traced"]:
        sys.settrace(telling_lines(program.name, answers))
    try:
        if "max_nodes" in request:
            found = exploring.graph(program, max_nodes=request["max_nodes"])
            return {"graph": found.to_json()}
        return {"exploration": explored(program, request, answers).to_json()}
    except CannotExplore as refusal:
        kind = "fault" if isinstance(refusal, ExplorerFault) else "refused"
        return {kind: [refusal.file, refusal.line, refusal.message]}
    except BaseException as error:  # noqa: BLE001 - whatever it is, it hides no other's verdict
        fault = ExplorerFault.of(program.name, None, error)
        return {"fault": [fault.file, fault.line, fault.message]}
    finally:
        sys.settrace(None)


def telling_lines(file: str, answers: int) -> Callable[..., Any]:
    """Return a function for ``sys.settrace`` that tells each line of a program's file.

    It calls nothing written in Python, since what is about to crash may have no room for that.
    """

    def trace(frame: FrameType, event: str, _: object) -> Callable[..., Any] | None:
        if frame.f_code.co_filename != file:
            return None
        if event == "line":
            os.write(answers, b'{"line": %d}\n' % frame.f_lineno)
        return trace

    return trace


def explored(program: Path, request: Message, answers: int) -> exploring.Exploration:
    """Explore a program, and say now and then how far that is."""
    told = time.monotonic()

    def report(progress: Progress) -> None:
        nonlocal told
        if time.monotonic() - told >= request["patience"]:
            told = time.monotonic()
            words = (
                f"{progress.executions:,} executions, {progress.outcomes:,} outcomes so far, "
                f"{progress.remaining:,} more planned"
            )
            send(answers, {"told": words})

    start_method = request["start_method"]
    return exploring.explore(
        program,
        max_executions=request["max_executions"],
        start_method=start_method and StartMethod(start_method),
        stdout_to=StdoutTo(request["stdout_to"]),
        progress=report,
    )
