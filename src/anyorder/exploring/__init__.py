"""Every interleaving of a program's threads and processes, by simulation.

A map of the rooms, from the top to the bottom:

``explorer``
    ``explore`` and ``graph``: the search, its limits, and replays of what was found
``listing``
    a witness as text, with a column a thread
``findings``, ``paths``, ``witness``, ``words``, ``traces``
    what follows from the traces: the graph of all schedules, schedules with few switches, in words
``processes``
    programs that start processes: rooms of their own, on top of these
``search``, ``wakeup``
    optimal dynamic partial-order reduction: one execution for each trace
``execution``, ``frames``
    one execution of a program, from a fresh start to its end; tracebacks without our own frames
``library``, ``modules``, ``stand_ins``, ``calls``, ``thread_module``, ``locks``
    private copies of the library's modules and what stands for others, which of their calls are one
    event, and ``_thread``
``interrupts``, ``interrupted_end``, ``signal_module``
    signals to the main thread, as the program ends too, and the module ``signal``
``landings``, ``managers``, ``wholes``
    where Python looks for signals, in ``with`` too, and what an interrupt finds undone or done
``accesses``
    what the program's own code does that others can see: a room of its own, with one module for
    each kind of object, which says what an operation on it touches
``public_names``
    which names of the library's classes and modules are followed, constant or refused
``output``, ``shown``, ``spin``, ``sharing``, ``facts``, ``varying``
    output, tracebacks as Python shows them, loops that only wait, what is shared, what else turns
    out as a program runs, and what differs in each run
``rewriting``
    the program's code, in which each operation is a call of the explorer: a room of its own
``machine``, ``scheduling``, ``threads``, ``events``
    threads as greenlets, whose turn it is, and what an event is
``results``, ``refusal``
    what comes out: plain data, which needs no greenlet
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from anyorder.exploring.refusal import CannotExplore, ExplorerFault
from anyorder.exploring.results import Edge, Exploration, Graph, PossibleOutcome, Progress, Step

if TYPE_CHECKING:
    from anyorder.exploring.explorer import explore, graph

__all__ = [
    "CannotExplore",
    "Edge",
    "Exploration",
    "ExplorerFault",
    "Graph",
    "PossibleOutcome",
    "Progress",
    "Step",
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
