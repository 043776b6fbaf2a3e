"""Processes that answer questions, a line of JSON each: what they are asked may end them."""

import json
import os
import select
import subprocess
import sys
import time
from pathlib import Path

__all__ = ["Answering", "SilentError"]


class SilentError(Exception):
    """There was no answer: the process ended, or took too long."""


class Answering:
    """A process that answers; it is started anew where it fell silent.

    Args:
        script: the script that answers, in this folder
        python: the Python that runs it
        limit: how many seconds an answer may take
    """

    def __init__(self, script, python=sys.executable, limit=60):
        self.command = [python, str(Path(__file__).with_name(script))]
        self.limit = limit
        self.process = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    def ask(self, **question):
        """Return the answer to a question.

        Raises:
            SilentError: where there is none in time
        """
        if self.process is not None and self.process.poll() is not None:
            self.end()  # its last answer was all that it could give
        if self.process is None:
            variables = {name: value for name, value in os.environ.items() if name[:6] != "PYTHON"}
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL, env=variables, start_new_session=True,
            )  # fmt: skip
        try:
            self.process.stdin.write(json.dumps(question).encode() + b"\n")
            self.process.stdin.flush()
            return json.loads(self.line())
        except (OSError, SilentError) as error:
            status = self.end()
            raise SilentError(str(error) or f"ended with status {status}") from error

    def line(self):
        """Return the next line that the process writes."""
        pieces = b""
        until = time.monotonic() + self.limit
        while not pieces.endswith(b"\n"):
            left = max(0, until - time.monotonic())
            if not select.select([self.process.stdout], [], [], left)[0]:
                raise SilentError(f"no answer in {self.limit} seconds")
            piece = os.read(self.process.stdout.fileno(), 1 << 16)
            if not piece:
                raise SilentError
            pieces += piece
        return pieces

    def end(self):
        """End the process, and return its status."""
        if self.process is None:
            return None
        ended = self.process
        self.process = None
        ended.stdin.close()
        ended.stdout.close()
        try:
            status = ended.wait(timeout=1)
        except subprocess.TimeoutExpired:
            ended.kill()
            status = ended.wait()
        return status
