"""How many cores a computer has, and how many workers a pool has that is not told how many.

Each computer has another number, so none of them is what a program finds. It gets an unknown one
that may become the size of a pool, as long as that makes no difference: a pool whose tasks nobody
can see at work comes to the same with any number of workers. Where anything else depends on how
many cores there are, the search begins again with ``CORES`` of them, and is not called complete.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from anyorder.exploring.engine.unknown import CORES as SOURCE
from anyorder.exploring.engine.unknown import Unknown, is_positive
from anyorder.exploring.frames import marked

if TYPE_CHECKING:
    from collections.abc import Callable

    from anyorder.exploring.engine.machine import Machine

__all__ = ["CORES", "Workers", "calls_of_os", "workers"]

CORES = 2  # of the computer that is simulated where their number makes a difference
COUNTS = ("cpu_count", "process_cpu_count")
DIFFER = "differs from computer to computer, and {number} of them were explored: say how many"


class Workers(NamedTuple):
    """How many workers a pool may have.

    Args:
        number: how many it is explored with
        least: how many it has on any computer; nothing where it has been told how many
    """

    number: Any
    least: int | None = None

    def matter(self, machine: Machine) -> None:
        """Note that it makes a difference how many there are."""
        if self.least is not None:
            differ = DIFFER.format(number=self.number)
            machine.mark(f"depends on how many workers there are, which {differ}")


def workers(asked: Any, more: int = 0) -> Workers:
    """Return how many workers a pool may have.

    Args:
        asked: how many the program asks for, if it does
        more: how many there are beyond one for each core where it does not
    """
    if asked is None:
        return Workers(CORES + more, 1 + more)
    if type(asked) is not Unknown:
        return Workers(asked)
    if asked.source is not SOURCE or type(asked.sample) is not int or not is_positive(asked):
        asked.depend()
    return Workers(asked.sample, 1)


def counting(machine: Machine) -> Callable[[], Any]:
    """Return a function that tells how many cores there are."""

    def count() -> Any:
        if not machine.facts.cores:
            machine.learn("unknowns")
            return Unknown(CORES, SOURCE, never_negative=True, never_zero=True)
        machine.mark(f"asks how many cores there are, which {DIFFER.format(number=CORES)}")
        return CORES

    return count


def calls_of_os(machine: Machine, known: Any) -> dict[str, Callable[..., Any]]:
    """Return what stands for the functions of ``os`` that tell how many cores there are.

    Args:
        machine: where they are called
        known: the names of those that this Python has
    """

    def affinity(_: int) -> set[int]:
        machine.mark(f"asks which cores there are, which {DIFFER.format(number=CORES)}")
        return set(range(CORES))

    calls = {name: marked(counting(machine), name) for name in COUNTS}
    calls["sched_getaffinity"] = marked(affinity, "sched_getaffinity")
    return {name: call for name, call in calls.items() if name in known}
