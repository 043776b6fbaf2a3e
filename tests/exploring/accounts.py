"""The walk that independent accounts of the library have in common: through all states."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

__all__ = ["every_outcome"]


def every_outcome(
    start: Any,
    threads: Sequence[Sequence[object]],
    steps: Callable[[Any, int], Sequence[Any]],
    most: int,
) -> set[tuple[str, str]] | None:
    """Return every outcome, as what is printed and how it ends; nothing where it takes too long.

    Args:
        start: the first state, which has what was ``printed`` and where each thread is ``at``
        threads: the calls of each thread
        steps: returns what the next step of a thread may lead to from a state
        most: how many states are too many
    """
    seen, stack = {start}, [start]
    found = set()
    while stack:
        state = stack.pop()
        following = [after for thread in range(len(threads)) for after in steps(state, thread)]
        if not following:
            over = all(at == len(calls) for at, calls in zip(state.at, threads, strict=True))
            found.add((state.printed + ".\n", "exit") if over else (state.printed, "deadlock"))
        for after in following:
            if after not in seen:
                if len(seen) > most:
                    return None
                seen.add(after)
                stack.append(after)
    return found
