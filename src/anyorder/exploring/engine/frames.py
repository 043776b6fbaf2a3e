"""Tracebacks of a program as they would be without the explorer: none of its frames is shown."""

from __future__ import annotations

import os
import traceback
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import CodeType

    from anyorder.exploring.engine.machine import Machine

__all__ = ["HERE", "of_tool", "own_frames_hidden"]

HERE = f"{Path(__file__).parents[2]}{os.sep}"
WALKS = ("walk_tb", "_walk_tb_with_full_positions", "walk_stack")  # what all the rest goes through


def of_tool(code: CodeType) -> bool:
    """Whether it is code of this package."""
    return code.co_filename.startswith(HERE)


@contextmanager
def own_frames_hidden(machine: Machine) -> Iterator[None]:
    """Let the module ``traceback`` pass over frames of this package for a while.

    Args:
        machine: where the program runs whose frames are shown
    """
    names = vars(traceback)
    originals = {name: names[name] for name in WALKS}
    names.update({name: without_own(walk) for name, walk in originals.items()})
    names["walk_stack"] = of_one_process(names["walk_stack"], machine)
    try:
        yield
    finally:
        names.update(originals)


def of_one_process(walk: Callable[[Any], Any], machine: Machine) -> Callable[[Any], Any]:
    """Return a function that goes through the frames of a stack, save those of a child."""

    def frames(start: Any) -> Any:
        if machine.current.home:
            machine.refuse(
                "the whole stack of a child has what began it below, which is not simulated: show "
                "a traceback"
            )
        return walk(start)

    return frames


def without_own(walk: Callable[[Any], Iterator[tuple[Any, Any]]]) -> Callable[[Any], Any]:
    """Return a function that goes through frames as another does, save this package's own."""

    def frames(start: Any) -> Iterator[tuple[Any, Any]]:
        if start is None:  # then it begins where it is called
            return walk(start)
        return (one for one in walk(start) if not of_tool(one[0].f_code))

    return frames
