"""Lets a program sleep at random before its lines, in each of its threads and processes.

Python imports a module of this name when it starts, and so do children that are not forked; forked
ones have it from their parent. What the environment says:

PROVOKED_PROGRAM
    the file before whose lines it sleeps
PROVOKED_SEED
    what the times are drawn from, and how likely and how long they are
PROVOKED_LIBRARY
    where it is set, lines of what begins threads and processes are slept before as well
"""

import os
import random
import sys
import threading
import time

PROGRAM = os.environ["PROVOKED_PROGRAM"]
HOME = os.__file__.rpartition(os.sep)[0]
LIBRARY = (f"{HOME}/multiprocessing/", f"{HOME}/concurrent/")
LOCKING = {f"{HOME}/threading.py", f"{HOME}/queue.py"}
numbers = random.Random(os.environ["PROVOKED_SEED"])
likely = numbers.choice([0.1, 0.3, 0.6, 1.0])
longest = numbers.choice([0.0, 0.001, 0.003, 0.01])
rarely = numbers.choice([0.002, 0.02]) if "PROVOKED_LIBRARY" in os.environ else 0.0
often = numbers.choice([0.02, 0.3]) if rarely else 0.0  # within calls that have a lock
sleep = time.sleep


def sleeping(likely):
    """Return what sleeps before a line with some likelihood."""

    def before_line(_, event, __):
        if event == "line" and numbers.random() < likely:
            sleep(numbers.random() * longest)
        return before_line

    return before_line


before_own, before_rare, before_locking = map(sleeping, (likely, rarely, often))


def before_call(frame, _, __):
    name = frame.f_code.co_filename
    if name == PROGRAM:
        return before_own
    if rarely and name in LOCKING:
        return before_locking
    return before_rare if rarely and name.startswith(LIBRARY) else None


# each child draws numbers of its own
os.register_at_fork(before=numbers.random, after_in_child=lambda: numbers.seed(numbers.random()))
threading.settrace(before_call)
sys.settrace(before_call)
