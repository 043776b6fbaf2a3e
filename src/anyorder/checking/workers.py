"""Workers, seen from the host: processes that explore, kept from one program to the next.

A fault in the explorer ends one of them at most. It is said of its program, and the next program
gets a fresh one.
"""

from __future__ import annotations

import atexit
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from anyorder.exploring import CannotExplore, ExplorerFault
from anyorder.running.forked import let_go

__all__ = ["Interrupted", "ask"]

# with the modules that this process would find, and none that lie in its current folder by chance
START = (
    "import signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); "
    "sys.path[:] = sys.argv[1:]; from anyorder.checking.worker import main; main()"
)

# seconds in which a worker that is interrupted has to come to the end of an execution
GRACE = 5.0


class Interrupted(KeyboardInterrupt):
    """Ctrl-C was pressed while a worker explored.

    Args:
        answer: what the worker had found until then
    """

    def __init__(self, answer: dict[str, Any]) -> None:
        super().__init__()
        self.answer = answer


def ask(program: Path, tell: Callable[[str], object], **request: object) -> dict[str, Any]:
    """Have a program explored by a worker, and return its answer.

    Args:
        program: the program
        tell: called with words that say how far it is
        request: what is asked; see ``worker.py``

    Raises:
        CannotExplore: the program uses what cannot be simulated
        ExplorerFault: the explorer failed, or took its interpreter down
        Interrupted: Ctrl-C was pressed meanwhile; pressed again, nothing is waited for any more
    """
    words: dict[str, Any] = {"program": str(program.absolute()), "traced": False, **request}
    worker = Worker.idle()
    used = worker.used
    answer = worker.answer(words, tell)
    if used and _failed(answer):  # what it had explored before may be to blame
        answer = Worker().answer(words, tell)
    if answer.get("died", -signal.SIGKILL) != -signal.SIGKILL:
        answer = Worker().answer(words | {"traced": True}, tell)
    if "died" in answer:
        raise ExplorerFault(program.name, answer["line"], _of_what(answer["died"]))
    if "fault" in answer:
        raise ExplorerFault(*answer["fault"])
    if "refused" in answer:
        raise CannotExplore(*answer["refused"])
    return answer


class Worker:
    """A process beside this one that explores programs, one at a time; see ``worker.py``.

    It ends when this process does, in the middle of an exploration too.
    """

    def __init__(self) -> None:
        # A session of its own: an interrupt typed at the host is the host's to handle.
        self._process = subprocess.Popen(  # noqa: S603 - our own code
            [sys.executable, "-c", START, *sys.path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        _all.add(self)
        assert self._process.stdin is not None  # noqa: S101 - for the type checker
        assert self._process.stdout is not None  # noqa: S101
        self._requests, self._answers = self._process.stdin, self._process.stdout
        self.used = False

    @classmethod
    def idle(cls) -> Worker:
        """Return one that has nothing to do, a new one where there is none."""
        try:
            return _idle.pop()
        except IndexError:
            return cls()

    def answer(self, request: dict[str, Any], tell: Callable[[str], object]) -> dict[str, Any]:
        """Return the answer to a request, and be idle then, or end where something failed.

        Where the worker dies of it that is its status, ``died``, and the ``line`` told last.
        """
        self.used = True
        try:
            answer = self._answer(request, tell)
        except KeyboardInterrupt:
            raise Interrupted(self._stopped()) from None
        except BaseException:
            self.end()
            raise
        if _failed(answer):
            self.end()
        else:
            _idle.append(self)
        return answer

    def _stopped(self) -> dict[str, Any]:
        """Return what it has found so far, as far as it still says so, and end it.

        The execution that it is at may be in a computation that takes for ever, and what it told
        before says nothing of that.
        """
        late = threading.Timer(GRACE, self._process.kill)
        late.daemon = True
        late.start()
        try:
            self._process.send_signal(signal.SIGINT)
            with suppress(ValueError):  # a part of its answer was lost with the interrupt
                return self._answer_to_come(lambda _: None, late.cancel)
            return {}
        finally:
            late.cancel()
            self.end()

    def _answer(self, request: dict[str, Any], tell: Callable[[str], object]) -> dict[str, Any]:
        with suppress(BrokenPipeError):  # it has died while it was idle
            self._requests.write(json.dumps(request).encode() + b"\n")
            self._requests.flush()
        return self._answer_to_come(tell)

    def _answer_to_come(
        self, tell: Callable[[str], object], interrupted: Callable[[], object] = lambda: None
    ) -> dict[str, Any]:
        executed = None
        while (line := self._answers.readline()).endswith(b"\n"):
            answer: dict[str, Any] = json.loads(line)
            if "interrupted" in answer:
                interrupted()
            elif "told" in answer:
                tell(answer["told"])
            elif "line" in answer:
                executed = answer["line"]
            else:
                return answer
        return {"died": self._process.wait(), "line": executed}

    def end(self) -> None:
        """Kill it, whatever it is at, and wait until it has gone."""
        _all.discard(self)
        self._process.kill()
        self._process.wait()
        self._answers.close()
        with suppress(BrokenPipeError):  # with a request unread
            self._requests.close()

    def forget(self) -> None:
        """Let go of it in a process that was forked from its host."""
        let_go(self._process, self._requests, self._answers)


def _failed(answer: dict[str, Any]) -> bool:
    return "fault" in answer or "died" in answer


def _of_what(status: int) -> str:
    """Return what is said of a program whose worker died, by its status."""
    if status == -signal.SIGKILL:
        return (
            "exploring it was killed from outside, as happens where no memory is left: "
            "let the program need less"
        )
    how = signal.Signals(-status).name if status < 0 else f"exit status {status}"
    return f"exploring it took the interpreter down ({how}): report this fault with the program"


_idle: list[Worker] = []
_all: set[Worker] = set()


@atexit.register
def _end_all() -> None:
    for worker in list(_all):
        worker.end()


def _forget_all() -> None:
    """In a forked process, keep no end of a pipe through which its parent speaks."""
    for worker in _all:
        worker.forget()
    _idle.clear()
    _all.clear()


os.register_at_fork(after_in_child=_forget_all)
