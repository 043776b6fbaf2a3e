"""What the programs of the site can do, each as a digest: of Python here, and of one in a browser.

A digest has all outcomes, how many traces lead to each, which builds can reach it, and its witness;
only not the columns of steps, of which Python knows more since 3.12.
"""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

from anyorder.exploring import CannotExplore, explore
from anyorder.outcomes import StartMethod

MOST = 300  # executions: what is found within them is the same everywhere, and takes long enough
LONG = {"count_processes", "count_threads"}  # programs that compute for long


def answer(folder="/examples"):
    """Return as JSON the digest of each program in a folder, or why it is refused."""
    found = {}
    for program in sorted(Path(folder).rglob("*.py")):
        if not program.name.startswith("_") and program.stem not in LONG:
            found[program.stem] = digest(program)
    return json.dumps(found)


def digest(program):
    """Return how far a program was explored, and a digest of what it can do."""
    try:
        found = explore(program, max_executions=MOST, start_method=StartMethod.SPAWN)
    except CannotExplore as refusal:
        return str(refusal)
    outcomes = [
        (
            each.outcome, each.traces, each.interleavings, each.preemptions, each.schedule,
            each.reachable_on, [replace(step, column=None) for step in each.witness],
        )
        for each in found.outcomes
    ]  # fmt: skip
    code = hashlib.sha256(repr(outcomes).encode()).hexdigest()
    return [found.complete, found.executions, found.events, len(outcomes), code]
