"""Explores one program after another, in a process beside the one that asks for it.

:mod:`anyorder.checking.workers` starts this process. What takes an interpreter down, as a fault in
a module written in C does, takes this one alone.

Each line on standard input is a request in JSON:

``program``
    its path
``max_nodes``
    how many nodes its graph may have, where that is what is asked for
``max_executions``, ``max_seconds``, ``max_events``, ``preemptions``,
``start_method``, ``stdout_to``, ``follow``
    as for :func:`anyorder.exploring.explore`
``outcome``
    one that it can have: what it prints, its status and how it ends, where its witness is asked for
``patience``
    seconds before it is told how far the search is, and between two times that it is
``traced``
    whether each line of the program is told before it is executed, which takes its time

Each is answered by a line of JSON: the ``exploration``, with the witnesses that it has made, the
``graph``, or the ``witness``, for which the last exploration is kept; or ``refused``, where it
cannot be explored, or ``fault``, where the explorer failed: file, line and message. SIGINT ends an
exploration, and its answer is what it has found. Before that others may come: words that are
``told``, the ``line`` that is executed next, and that it was ``interrupted``, as soon as the
execution that it was at has ended.
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
from anyorder.exploring.limits import Interrupt
from anyorder.exploring.refusal import unlike_itself
from anyorder.exploring.results import at_most
from anyorder.outcomes import Ends, Outcome, StartMethod, StdoutTo
from anyorder.outcomes.placeholders import in_folder

if TYPE_CHECKING:
    from types import FrameType

    from anyorder.exploring import Progress  # needs greenlet

__all__ = ["main"]

# what is asked and answered, by line
Message = dict[str, Any]

# what an exploration is asked for with
ASKED = (
    "max_executions", "max_seconds", "max_events", "preemptions", "start_method", "stdout_to",
    "follow",
)  # fmt: skip
# the last exploration, by what it is of: its witnesses may be asked for
LAST: dict[object, exploring.Exploration] = {}


def main() -> None:
    """Answer requests for as long as there is a host."""
    requests, answers = os.fdopen(os.dup(0), "rb"), Answers(os.dup(1))
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1):
        os.dup2(nothing, standard)
    signal.signal(signal.SIGINT, Interrupt(answers.note_interrupt))
    with suppress(BrokenPipeError):  # the host is gone
        for line in requests:
            answers.asked = True
            with no_longer_than_the_host(requests):
                answer = answer_to(json.loads(line), answers)
            answers.asked = False
            answers.send(answer)


class Answers:
    """The way back to the host.

    Args:
        descriptor: where a line is written
    """

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self.asked = False  # whether an answer is still to come
        self.busy = False
        self.interrupted = False

    def send(self, answer: Message) -> None:
        """Tell the host."""
        self.busy = True
        with os.fdopen(self.descriptor, "wb", closefd=False) as file:
            file.write(json.dumps(answer).encode() + b"\n")
        self.busy = False

    def note_interrupt(self) -> None:
        """Note that SIGINT has come.

        Where the answer is on its way already, the same interrupt may have made the host lose it:
        an empty one comes after it, so that the host waits for no other.
        """
        self.interrupted = True
        if not (self.busy or self.asked):
            self.send({})


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


def answer_to(request: Message, answers: Answers) -> Message:
    """Return the answer to a request, whatever happens on the way."""
    program = Path(request["program"])
    if request["traced"]:
        sys.settrace(telling_lines(program.name, answers.descriptor))
    try:
        if "max_nodes" in request:
            graph = exploring.graph(
                program, max_nodes=request["max_nodes"], follow=request["follow"]
            )
            return {"graph": graph.to_json()}
        found = explored(program, request, answers)
        if "outcome" in request:
            return {"witness": witness(found, request["outcome"])}
        return {"exploration": found.to_json(told=False)}
    except CannotExplore as refusal:
        kind = "fault" if isinstance(refusal, ExplorerFault) else "refused"
        return {kind: [refusal.file, refusal.line, refusal.message, refusal.others]}
    except BaseException as error:  # noqa: BLE001 - whatever it is, it hides no other's verdict
        fault = ExplorerFault.of(program.name, None, error)
        return {"fault": [fault.file, fault.line, fault.message]}
    finally:
        sys.settrace(None)


def telling_lines(file: str, answers: int) -> Callable[..., Any]:
    """Return a function for ``sys.settrace`` that tells each line of a program's file.

    It calls nothing written in Python, since what is about to crash may have no room for that.
    """
    path = in_folder(file)

    def trace(frame: FrameType, event: str, _: object) -> Callable[..., Any] | None:
        if frame.f_code.co_filename != path:
            return None
        if event == "line":
            os.write(answers, b'{"line": %d}\n' % frame.f_lineno)
        return trace

    return trace


def explored(program: Path, request: Message, answers: Answers) -> exploring.Exploration:
    """Explore a program, unless that was done last, and say now and then how far that is."""
    asked = tuple(str(request[key]) for key in ASKED)
    key = program, program.stat().st_mtime_ns, asked
    if key not in LAST:
        LAST.clear()
        LAST[key] = explored_anew(program, request, answers)
    return LAST[key]


def witness(found: exploring.Exploration, outcome: list[Any]) -> list[Message]:
    """Return the witness of an outcome.

    Raises:
        CannotExplore: it was not found this time
    """
    stdout, stderr, status, ends = outcome
    possible = found.by_outcome.get(Outcome(stdout, stderr, status, Ends(ends)))
    if possible is None:
        raise unlike_itself(Path(found.program).name)
    return [step.to_json() for step in possible.witness]


def explored_anew(program: Path, request: Message, answers: Answers) -> exploring.Exploration:
    """Explore a program, and say now and then how far that is."""
    told = time.monotonic()

    def report(progress: Progress) -> None:
        nonlocal told
        if answers.interrupted:
            answers.send({"interrupted": True})
        elif time.monotonic() - told >= request["patience"]:
            told = time.monotonic()
            words = (
                f"{progress.executions:,} executions, {progress.outcomes:,} outcomes so far, "
                f"{progress.remaining:,} more planned"
            )
            if progress.preemptions is not None:
                words += f" with {at_most(progress.preemptions)}"
            answers.send({"told": words})

    start_method = request["start_method"]
    return exploring.explore(
        program,
        max_executions=request["max_executions"],
        max_seconds=request["max_seconds"],
        max_events=request["max_events"],
        preemptions=request["preemptions"],
        start_method=start_method and StartMethod(start_method),
        stdout_to=StdoutTo(request["stdout_to"]),
        follow=request["follow"],
        progress=report,
    )
