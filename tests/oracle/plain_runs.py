"""Runs programs as they are, many times in one process: the free-threaded build shows the most.

Nothing chooses who goes on but Python and the system; threads only begin after random delays, and
where there is a GIL they hand it over as often as can be. It answers each line of standard input.

Where threads that only want the GIL run beside, and the code is new in each run, a build with a GIL
shows more of what it can reach: code that has been specialised hands over more seldom.
"""

import _thread
import contextlib
import io
import itertools
import json
import os
import random
import sys
import threading
import time
import traceback
from collections import Counter

NAME = "program.py"


class Text:
    """Where a run writes to; a write is one step."""

    encoding = "utf-8"
    errors = "strict"

    def __init__(self):
        self.pieces = []

    def write(self, text):
        """Keep a piece."""
        if text:
            self.pieces.append(text)
        return len(text)

    def flush(self):
        """Do nothing: what is written is kept at once."""

    def isatty(self):
        """Whether it is a terminal."""
        return False

    def text(self):
        """Return all that was written."""
        return "".join(self.pieces)


class Pipe(io.TextIOWrapper):
    """Where a run writes to as into a pipe: written in C, and with a buffer.

    Nobody can read from it, as from a pipe: of what can be read, the decoder is reset at each
    write, which is written in Python.
    """

    def __init__(self):
        self.written = io.BytesIO()
        buffer = io.BufferedWriter(self.written)
        super().__init__(buffer, encoding="utf-8", errors="strict", newline="\n")

    def text(self):
        """Return all that was written."""
        self.flush()
        return self.written.getvalue().decode()


class Runs:
    """The runs of one program.

    Args:
        source: the program
        hungry: how many threads want the GIL beside it; with none of them, code is not made anew
    """

    def __init__(self, source, hungry=0):
        self.source, self.hungry = source, hungry
        self.code = self.compiled()
        self.counts = Counter()
        self.begin()

    def begin(self):
        """Begin the next run as if the process were new."""
        self.began = time.monotonic()
        self.stdout, self.stderr = Pipe() if self.hungry else Text(), Text()
        threading._counter = itertools.count(1).__next__
        pools = sys.modules.get("concurrent.futures.thread")
        if pools is not None:
            pools._shutdown = False
            pools.ThreadPoolExecutor._counter = itertools.count().__next__

    def compiled(self):
        """Return the program's code, as it is before it has run."""
        return compile(self.source, NAME, "exec", dont_inherit=True)

    def run(self):
        """Run the program once."""
        self.begin()
        if self.hungry:
            self.code = self.compiled()
        kept = sys.stdout, sys.stderr, threading.excepthook
        sys.stdout, sys.stderr, threading.excepthook = self.stdout, self.stderr, self.complain
        status = 0
        try:
            names = {"__name__": "__main__", "__builtins__": __builtins__, "__file__": NAME}
            exec(self.code, names)
        except SystemExit as error:
            status = error.code if isinstance(error.code, int) else int(error.code is not None)
        except BaseException as error:  # noqa: BLE001 - as Python does at the end
            status = 1
            sys.__excepthook__(type(error), error, error.__traceback__)
        with contextlib.suppress(KeyError):
            sys.modules["concurrent.futures.thread"]._python_exit()
        for thread in threading.enumerate():
            if not thread.daemon and thread is not threading.main_thread():
                thread.join()
        sys.stdout, sys.stderr, threading.excepthook = kept
        self.count("exit", status)

    def complain(self, args):
        """Write of an error that a thread did not catch, all at once."""
        if args.exc_type is not SystemExit:
            error = args.exc_value or args.exc_type()
            self.stderr.write("".join(traceback.format_exception(error)))

    def count(self, ends, status):
        """Count the outcome of this run."""
        lines = self.stderr.text().splitlines()
        self.counts[self.stdout.text(), ends, status, lines[-1] if lines else ""] += 1

    def answer(self):
        """Return what is answered."""
        return {"outcomes": [[list(one), count] for one, count in self.counts.items()]}


class Hungry:
    """Threads that want the GIL for a while, and nothing else."""

    def __init__(self):
        self.threads = 0
        self.wanted = False

    def begin(self, count):
        """Let so many threads want it; there have to be as many at each time."""
        while self.threads < count:
            self.threads += 1
            _thread.start_new_thread(self.want, ())
        self.wanted = count > 0

    def want(self):
        """Want it."""
        while True:
            while self.wanted:
                pass
            time.sleep(0.01)


def begin_late():
    """Let each thread begin after a random delay."""
    delays = random.Random(0)
    at_once = threading.Thread._bootstrap

    def late(self):
        for _ in range(delays.choice([0, 0, 10, 100, 1000])):
            pass
        at_once(self)

    threading.Thread._bootstrap = late


def main():
    """Answer each line of standard input; a run that is stuck is the last of its process."""
    channel = os.fdopen(os.dup(1), "w")
    sys.setswitchinterval(1e-6)
    begin_late()
    current, hungry = [], Hungry()

    def watch(limit):
        while True:
            time.sleep(limit / 4)
            for runs in current:
                if time.monotonic() - runs.began > limit:
                    runs.count("deadlock", None)  # from outside it looks like any other wait
                    channel.write(json.dumps(runs.answer()) + "\n")
                    channel.flush()
                    os._exit(0)

    for line in sys.stdin:
        question = json.loads(line)
        count = question.get("hungry", 0)
        if not current:
            _thread.start_new_thread(watch, (question["limit"],))
        current[:] = [Runs(question["source"], count)]
        hungry.begin(count)
        for _ in range(question["runs"]):
            current[0].run()
        hungry.begin(0)
        said = current[0].answer()
        current[0].began = float("inf")
        channel.write(json.dumps(said) + "\n")
        channel.flush()


if __name__ == "__main__":
    main()
