"""Explores the programs that it is asked of: a process of its own, which may fall silent."""

import json
import os
import sys
import tempfile
import traceback
from pathlib import Path

from anyorder.exploring import CannotExplore, ExplorerFault, explore
from anyorder.outcomes import StdoutTo


def answer(source, seconds):
    """Return what the explorer says of a program."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "program.py")
        path.write_text(source, encoding="utf-8")
        try:
            # the oracle shows what was printed, though a program that is stuck never flushes it
            found = explore(path, max_seconds=seconds, stdout_to=StdoutTo.UNBUFFERED)
        except ExplorerFault:
            raise  # no refusal, though it is told as one
        except CannotExplore as refusal:
            return {"refused": str(refusal)}
    outcomes = [possible.outcome for possible in found.outcomes]
    return {
        "complete": found.complete,
        "limit": found.limit,
        "executions": found.executions,
        "outcomes": [
            [one.stdout, str(one.ends), one.exit, last_line(one.stderr)] for one in outcomes
        ],
        "reachable": [possible.reachable for possible in found.outcomes],
    }


def last_line(text):
    """Return the last line of what was written to standard error."""
    lines = text.splitlines()
    return lines[-1] if lines else ""


def main():
    """Answer each line of standard input."""
    channel = os.fdopen(os.dup(1), "w")
    for line in sys.stdin:
        try:
            said = answer(**json.loads(line))
        except Exception:  # noqa: BLE001 - it is what is looked for
            said = {"failed": traceback.format_exc()}
        channel.write(json.dumps(said) + "\n")
        channel.flush()


if __name__ == "__main__":
    main()
