"""Every interleaving of a program's threads and processes, by simulation.

A map of the rooms, from the top to the bottom:

``explorer``
    ``explore`` and ``graph``: the search, its limits, and replays of what was found
``processes``
    programs that start processes: rooms of their own, on top of these
``program``
    one execution of a program, from a fresh start to its end
``search``
    which orders to try, and what follows from those that were tried
``witness``
    a schedule in words
``library``
    private copies of the library's modules, and what stands for others
``signals``
    signals to the main thread, and what they find undone
``accesses``
    what the program's own code does that other threads can see: for each kind of object, what an
    operation on it touches
``rewriting``
    the program's code, in which each operation is a call of the explorer
``engine``
    threads as greenlets, whose turn it is, and what an event is
``words``
    what texts and values are called in a witness
``modules``, ``public_names``, ``inside``
    which modules of the library are followed, and which of their names
``refusals``
    all that is refused in a program, as far as its text tells
``environment``
    the environment variables of real runs, in place of the explorer's own
``following``
    which modules are the program's own
``versions``
    the versions of Python that are told apart
``narrow``
    what a Python of 32 bits, in a browser, does otherwise than one of 64, and what it lacks
``tracebacks``, ``frames``, ``attributes``
    what Python shows of a program that runs, without what is the tool's own
``limits``
    what ends a search before everything is explored
``results``, ``refusal``
    what comes out: plain data, which needs no greenlet
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from anyorder.exploring.limits import Limits
from anyorder.exploring.refusal import CannotExplore, ExplorerFault, TooLarge
from anyorder.exploring.results import (
    Bound,
    Edge,
    Exploration,
    Graph,
    PossibleOutcome,
    Progress,
    Step,
    Writes,
)

if TYPE_CHECKING:
    from anyorder.exploring.explorer import explore, graph

__all__ = [
    "Bound",
    "CannotExplore",
    "Edge",
    "Exploration",
    "ExplorerFault",
    "Graph",
    "Limits",
    "PossibleOutcome",
    "Progress",
    "Step",
    "TooLarge",
    "Writes",
    "explore",
    "graph",
]


def __getattr__(name: str) -> Any:
    """Load what needs greenlet only when it is asked for."""
    if name not in {"explore", "graph"}:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        from anyorder.exploring import explorer  # noqa: PLC0415 - it needs greenlet
    except ModuleNotFoundError as error:
        if error.name != "greenlet":
            raise
        raise CannotExplore(
            "anyorder", None, "exploring needs greenlet: install anyorder[explore]"
        ) from error
    return getattr(explorer, name)
