"""Wakeup trees: the sequences that are still to be explored from a state.

They are those of Optimal-DPOR (see ``dpor``): a tree never holds two sequences of which one leads
to what the other leads to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from anyorder.exploring.engine.events import Footprint, dependent

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Branch", "Step", "append", "initials", "insert", "weak_initial"]

Step = tuple[int, Footprint]  # a thread, and what its event touches


class Branch:
    """A node of a wakeup tree: one step, and what is to be explored after it."""

    __slots__ = ("after", "footprint", "tid")

    def __init__(self, tid: int, footprint: Footprint) -> None:
        self.tid = tid
        self.footprint = footprint
        self.after: list[Branch] = []


def weak_initial(tid: int, footprint: Footprint, sequence: list[Step]) -> int | None:
    """Say whether a thread's next event may come first of a sequence that goes on some way.

    Returns:
        The number of the event in the sequence, ``-1`` where the event is not in it and independent
        of all of it, and ``None`` where it cannot come first.
    """
    for number, (other, touched) in enumerate(sequence):
        if other == tid:
            if any(dependent(touched, earlier) for _, earlier in sequence[:number]):
                return None
            return number
    if any(dependent(footprint, touched) for _, touched in sequence):
        return None
    return -1


def initials(sequence: list[Step]) -> Iterator[int]:
    """Yield the threads of a sequence whose events may come first of it."""
    seen: set[int] = set()
    for number, (tid, footprint) in enumerate(sequence):
        if tid not in seen:
            seen.add(tid)
            if not any(dependent(footprint, earlier) for _, earlier in sequence[:number]):
                yield tid


def insert(tree: list[Branch], sequence: list[Step]) -> None:
    """Put a sequence into a wakeup tree, unless what is there already leads to it."""
    sequence = list(sequence)
    while True:
        for branch in tree:
            number = weak_initial(branch.tid, branch.footprint, sequence)
            if number is None:
                continue
            if number >= 0:
                del sequence[number]
            if not branch.after or not sequence:
                return
            tree = branch.after
            break
        else:
            append(tree, sequence)
            return


def append(tree: list[Branch], sequence: list[Step]) -> None:
    """Put a sequence into a wakeup tree as it is."""
    for tid, footprint in sequence:
        branch = Branch(tid, footprint)
        tree.append(branch)
        tree = branch.after
