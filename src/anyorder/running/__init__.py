"""Real runs of programs: one or many, on any interpreter, and of sessions at the prompt.

``interpreters``
    the Pythons that there are
``environment``
    the command and the environment of a run
``program``
    one run of one program
``many``
    many runs of many programs, counted by outcome
``keepers``, ``keeper``
    the processes that run programs, seen from the host and from inside
``forked``
    what a forked process does with such processes of its parent
``start_method``
    what is put into a program's Python so that another start method is its default
"""

from anyorder.running.environment import Before
from anyorder.running.interpreters import Skipped, find_interpreters, this_interpreter
from anyorder.running.many import Job, observe
from anyorder.running.problems import CannotRun
from anyorder.running.program import lines_of, run

__all__ = [
    "Before",
    "CannotRun",
    "Job",
    "Skipped",
    "find_interpreters",
    "lines_of",
    "observe",
    "run",
    "this_interpreter",
]
