"""Keeps one program at a time: starts it, listens to it, and leaves nothing of it behind.

This file is no part of the package for import: it runs as a process of its own, started by
:mod:`anyorder.running.keepers` as ``python -I -S keeper.py``, and so needs nothing but the standard
library. It has one thread, which lets it wait for children, output and its host at once, without a
look at the clock. A process of its own is needed because only a *subreaper* inherits orphans, and
because it outlives its host by the moment that it takes to kill what runs.

Each line on standard input is a request in JSON:

``argv``, ``env``
    the command and its whole environment, to which ``HOME`` and ``TMPDIR`` are added
``terminal``
    ``null``, or rows and columns of the terminal that standard output is
``typed``
    whether somebody types at that terminal, which is then standard input and standard error too
``timeout``, ``limit``
    seconds to the kill, and bytes that it may write to each stream

Each is answered by a line of JSON: ``stdout`` and ``stderr`` in base64, the exit ``status``,
whether it ``ended`` in time, and the stream that went ``over`` its limit; or ``error``, where
nothing could be started, and what was ``lacking``: a folder, a terminal or an interpreter. Where
somebody types, a line comes before that each time that the whole session has come to rest:
``rest``, with what the terminal was sent since. The host answers it with a line: ``type``, with
what is to be typed.
"""

from __future__ import annotations

import base64
import contextlib
import ctypes
import fcntl
import json
import os
import selectors
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PR_SET_CHILD_SUBREAPER = 36
BETWEEN_LOOKS = 0.005  # seconds; only the pace of looking, never what makes a rest a rest
HOME, TEMPORARY = "home", "tmp"  # the folders of a run
SHORT = "/tmp"  # noqa: S108 - a folder of a run is made in it, under a name that nobody can guess
# bytes that the name of that folder may have: that of a fork server's socket is 54 longer, and has
# at most 103
LONGEST = 49
FENCE = b"\x1b]anyorder\x1b\\"  # a command to the terminal that no terminal knows and none shows
SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - files of programs, not of ours
NAMES_BY_MULTIPROCESSING = ("psm_", "sem.mp-")


class Lacking(Exception):  # noqa: N818 - what is lacking is the machine's
    """There is no folder, terminal or interpreter to run a program with."""


class HostGone(Exception):  # noqa: N818 - no error: the host may go at any time
    """Nobody is left to answer to."""


def read_line() -> dict[str, Any]:
    """Return what the next line from the host says."""
    line = b""
    while not line.endswith(b"\n"):
        some = os.read(0, 1 << 16)
        if not some:
            raise HostGone
        line += some
    message: dict[str, Any] = json.loads(line)
    return message


def write_line(answer: dict[str, Any]) -> None:
    """Tell the host."""
    try:
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        raise HostGone from None


def text(data: bytes | bytearray) -> str:
    """Return ``data`` as JSON can hold it."""
    return base64.b64encode(data).decode()


class Run:
    """One program on its way, with all processes that come of it and all that they write."""

    def __init__(self, request: dict[str, Any]) -> None:
        self.limit: int = request["limit"]
        self.deadline = time.monotonic() + request["timeout"]
        self.typed: bool = request["typed"]
        self.written = {"stdout": bytearray(), "stderr": bytearray()}
        self.main: subprocess.Popen[bytes] | None = None
        self.status: int | None = None
        self.selector = selectors.DefaultSelector()
        self.selector.register(0, selectors.EVENT_READ, "host")
        self.selector.register(woken, selectors.EVENT_READ, "child")
        self.open: dict[str, int] = {}
        self.ours: list[int] = []
        self.looks: list[bytes] | None = None
        self.resting = False

    def start(self, request: dict[str, Any], folder: Path) -> None:
        """Start the program in a session, a working folder and a temporary folder of its own.

        Raises:
            Lacking: where there is no terminal for it
            OSError: where its interpreter cannot be started
        """
        if request["terminal"]:
            with needing("terminal"):
                stdout_read, stdout = os.openpty()
            size = struct.pack("HHHH", *request["terminal"], 0, 0)
            fcntl.ioctl(stdout, termios.TIOCSWINSZ, size)
            if not self.typed:  # a program's \n is to arrive as it was written
                modes = termios.tcgetattr(stdout)
                modes[1] &= ~termios.OPOST
                termios.tcsetattr(stdout, termios.TCSANOW, modes)
            # Held until all processes are gone: what they wrote last cannot be lost by their exit.
            self.ours.append(stdout)
        else:
            stdout_read, stdout = os.pipe()
        self.listen("stdout", stdout_read)
        stdin: int = subprocess.DEVNULL
        stderr = stdout
        if self.typed:
            stdin = stdout
        else:
            stderr_read, stderr = os.pipe()
            self.listen("stderr", stderr_read)
        try:
            self.main = subprocess.Popen(  # noqa: S603 - running a given program is what it is for
                request["argv"],
                stdin=stdin,
                stdout=stdout,
                stderr=stderr,
                cwd=folder / HOME,
                env=request["env"]
                | {"HOME": f"{folder / HOME}", "TMPDIR": f"{folder / TEMPORARY}"},
                start_new_session=True,
                # Somebody who types needs a controlling terminal; one thread makes this safe.
                preexec_fn=take_terminal if self.typed else None,  # noqa: PLW1509
            )
        finally:
            for end in {stdout, stderr} - {*self.ours}:
                os.close(end)

    def listen(self, stream: str, end: int) -> None:
        """Read what comes out of ``end`` from now on."""
        self.open[stream] = end
        self.selector.register(end, selectors.EVENT_READ, stream)

    def close(self) -> None:
        """Kill what is left, and give back every file descriptor."""
        self.kill()
        self.selector.close()
        for end in [*self.open.values(), *self.ours]:
            os.close(end)

    def kill(self) -> None:
        """Kill all that has come of it."""
        kill_all(None if self.main is None else self.main.pid)

    def until_over(self) -> dict[str, Any]:
        """Return the answer to the request, when all processes are gone or the time is up."""
        ended, over = True, None
        while self.reap() or self.open:
            left = self.deadline - time.monotonic()
            if left <= 0:
                ended = False
                self.kill()
                self.drain()
                break
            looking = self.typed and not self.resting
            events = self.selector.select(min(left, BETWEEN_LOOKS) if looking else left)
            for key, _ in events:
                self.on_event(key.data)
            over = next(
                (name for name, data in self.written.items() if len(data) > self.limit), None
            )
            if over:
                break
            if looking and not events and self.at_rest():
                self.ask_what_to_type()
        return {
            "stdout": text(self.written["stdout"]),
            "stderr": text(self.written["stderr"]),
            "status": self.status,
            "ended": ended,
            "over": over,
        }

    def on_event(self, source: str) -> None:
        """Take what has happened at the host, at a child, or on a stream."""
        if source == "host":
            raise HostGone  # it says nothing while a program runs, so this is its end
        if source == "child":
            os.read(woken, 1 << 16)
        else:
            self.read(source)

    def read(self, stream: str) -> None:
        """Take what has been written to ``stream``; forget the stream when that was all."""
        try:
            some = os.read(self.open[stream], 1 << 16)
        except BlockingIOError:
            raise
        except OSError:  # EIO: how a terminal says that its other end is closed
            some = b""
        self.written[stream] += some
        self.looks, self.resting = None, False
        if not some:
            self.selector.unregister(self.open[stream])
            os.close(self.open.pop(stream))

    def drain(self) -> None:
        """Take what has been written by processes that are dead now."""
        for stream, end in list(self.open.items()):
            os.set_blocking(end, False)
            with contextlib.suppress(BlockingIOError):
                while stream in self.open:
                    self.read(stream)

    def reap(self) -> bool:
        """Bury the dead, and return whether any process is left."""
        try:
            while True:
                pid, status = os.waitpid(-1, os.WNOHANG)
                if not pid:
                    return True
                if self.main is not None and pid == self.main.pid:
                    # Popen must not wait for a number that may soon be another process's
                    self.main.returncode = self.status = os.waitstatus_to_exitcode(status)
        except ChildProcessError:
            for end in self.ours:
                os.close(end)
            self.ours.clear()
            return False

    def at_rest(self) -> bool:
        """Return whether nothing can happen until something comes from outside.

        Every thread of every process is blocked, and none has had the processor since the look
        before this one. A thread that sleeps counts as blocked: the next output wakes us.
        """
        before, self.looks = self.looks, look()
        return bool(self.looks) and self.looks == before

    def ask_what_to_type(self) -> None:
        """Show the host what the terminal was sent, and type what it says."""
        # What was written before the fence is read before the fence, however late it arrives.
        os.write(self.ours[0], FENCE)
        while FENCE not in self.written["stdout"]:
            self.read("stdout")
        shown = bytes(self.written["stdout"]).replace(FENCE, b"")
        self.written["stdout"].clear()
        write_line({"rest": text(shown)})
        os.write(self.open["stdout"], base64.b64decode(read_line()["type"]))
        self.resting = True


def take_terminal() -> None:
    """Make standard input the controlling terminal of this session."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def family() -> list[int]:
    """Return the processes that come of this one, on Linux; elsewhere there are none to be seen."""
    parents: dict[int, int] = {}
    for entry in os.listdir("/proc") if sys.platform == "linux" else ():  # noqa: PTH208 - as in read
        if entry.isdigit():
            with contextlib.suppress(OSError):
                parents[int(entry)] = int(after_name(read(f"/proc/{entry}/stat"))[1])
    found = [os.getpid()]
    for pid in found:  # it grows as it goes
        found += [child for child, parent in parents.items() if parent == pid]
    return found[1:]


def read(path: str) -> bytes:
    """Return a file of ``/proc``.

    That is done for every process at every look: Path would take more than twice the time.
    """
    with open(path, "rb", buffering=0) as file:  # noqa: PTH123
        return file.read()


def after_name(stat: bytes) -> list[bytes]:
    """Return the fields of a ``stat`` from the state on; the name before may hold anything."""
    return stat.rpartition(b")")[2].split()


def look() -> list[bytes] | None:
    """Return how far every thread has come, or ``None`` where one of them is at work."""
    marks = []
    try:
        for pid in family():
            for thread in os.listdir(f"/proc/{pid}/task"):  # noqa: PTH208 - as in read
                stat = read(f"/proc/{pid}/task/{thread}/stat")
                if after_name(stat)[0] in (b"R", b"D"):
                    return None
                # stat counts processor time in hundredths of a second, schedstat in nanoseconds
                marks.append(stat + read(f"/proc/{pid}/task/{thread}/schedstat"))
    except OSError:  # it has just gone
        return None
    return marks


def kill_all(group: int | None) -> None:
    """Kill every process that comes of this one, in rounds until none is left.

    Args:
        group: the process group of the program, for platforms that show no families
    """
    shared: set[int] = set()
    while True:
        pids = family()
        for pid in pids:  # so that they neither begin others nor give files new names
            send(os.kill, pid, signal.SIGSTOP)
        shared.update(inode for pid in pids for inode in shared_memory(pid))
        for pid in pids:
            send(os.kill, pid, signal.SIGKILL)
        if group is not None and sys.platform != "linux":
            send(os.killpg, group, signal.SIGKILL)
        try:
            os.waitpid(-1, 0)
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            break
    for path in SHARED_MEMORY.iterdir() if shared else ():
        if path.name.startswith(NAMES_BY_MULTIPROCESSING) and path.lstat().st_ino in shared:
            path.unlink()


def send(kill: Callable[[int, int], None], pid: int, number: int) -> None:
    """Send a signal to what may have gone already."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        kill(pid, number)


def shared_memory(pid: int) -> set[int]:
    """Return the inodes of shared memory and semaphores: nobody would remove them after ``pid``."""
    try:
        lines = Path(f"/proc/{pid}/maps").read_text("utf-8", "replace").splitlines()
    except OSError:
        return set()
    # The path in the last column is no use: a semaphore is made under another name.
    return {int(line.split()[4]) for line in lines if f"{SHARED_MEMORY}/" in line}


def remove(folder: Path) -> None:
    """Remove ``folder``, also where the program has taken away the right to."""
    shutil.rmtree(folder, ignore_errors=True)
    if folder.exists():
        folder.chmod(0o700)
        for path, folders, _ in os.walk(folder):
            for name in folders:
                Path(path, name).chmod(0o700)
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def needing(what: str) -> Iterator[None]:
    """Say what is lacking where the system refuses what follows.

    Raises:
        Lacking: where it does; with what, and the system's words
    """
    try:
        yield
    except OSError as error:
        raise Lacking(what, str(error)) from None


def make_folder() -> Path:
    """Return a new folder for a run, with one to work in and one for temporary files.

    Its name is short where that can be: a fork server's socket is to lie below it.

    Raises:
        OSError: where no such folder can be made
    """
    beside = tempfile.gettempdir()
    if len(os.fsencode(beside)) > LONGEST and os.access(SHORT, os.W_OK):
        beside = SHORT
    folder = Path(tempfile.mkdtemp(prefix="anyorder-", dir=beside))
    try:
        for name in (HOME, TEMPORARY):
            (folder / name).mkdir()
    except OSError:
        remove(folder)
        raise
    return folder


def keep(request: dict[str, Any]) -> dict[str, Any]:
    """Run what ``request`` asks for, and return the answer to it."""
    try:
        with needing("folder"):
            folder = make_folder()
        run = Run(request)
        try:
            with needing("interpreter"):
                run.start(request, folder)
                return run.until_over()
        finally:
            run.close()
            remove(folder)
    except Lacking as lacking:
        what, error = lacking.args
        return {"lacking": what, "error": error}


def host_gone(*_: object) -> NoReturn:
    """Leave, by way of everything that cleans up."""
    raise HostGone


def prepare() -> int:
    """Set this process up, and return the file descriptor that says that a child has ended."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    # A program inherits what is ignored: it must start as if from a shell, however we were started.
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    for number in signal.valid_signals():
        if signal.getsignal(number) is signal.SIG_IGN and number != signal.SIGPIPE:
            signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, host_gone)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    read_end, write_end = os.pipe()
    os.set_blocking(write_end, False)
    signal.set_wakeup_fd(write_end, warn_on_full_buffer=False)
    return read_end


if __name__ == "__main__":
    woken = prepare()
    with contextlib.suppress(HostGone):
        while True:
            write_line(keep(read_line()))
