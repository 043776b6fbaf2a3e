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
LIBRARY = tuple(
    os.path.join(os.path.dirname(os.__file__), name)  # noqa: PTH118, PTH120 - as cheap as can be
    for name in ("multiprocessing", "concurrent", "threading.py", "queue.py")
)
numbers = random.Random(os.environ["PROVOKED_SEED"])
likely = numbers.choice([0.1, 0.3, 0.6, 1.0])
longest = numbers.choice([0.0, 0.001, 0.003, 0.01])
rarely = likely * numbers.choice([0.005, 0.02]) if "PROVOKED_LIBRARY" in os.environ else 0.0
sleep = time.sleep


def before_line(_, event, __):
    if event == "line" and numbers.random() < likely:
        sleep(numbers.random() * longest)
    return before_line


def before_line_of_library(_, event, __):
    if event == "line" and numbers.random() < rarely:
        sleep(numbers.random() * longest)
    return before_line_of_library


def before_call(frame, _, __):
    name = frame.f_code.co_filename
    if name == PROGRAM:
        return before_line
    if rarely and name.startswith(LIBRARY):
        return before_line_of_library
    return None


# each child draws numbers of its own
os.register_at_fork(before=numbers.random, after_in_child=lambda: numbers.seed(numbers.random()))
threading.settrace(before_call)
sys.settrace(before_call)
