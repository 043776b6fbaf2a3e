"""Tracebacks of a program as they would be without the explorer: none of its frames is shown."""

from __future__ import annotations

import traceback
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["own_frames_hidden"]

HERE = str(Path(__file__).parents[1])
WALKS = ("walk_tb", "_walk_tb_with_full_positions", "walk_stack")  # what all the rest goes through


@contextmanager
def own_frames_hidden() -> Iterator[None]:
    """Let the module ``traceback`` pass over frames of this package for a while."""
    names = vars(traceback)
    originals = {name: names[name] for name in WALKS}
    names.update({name: without_own(walk) for name, walk in originals.items()})
    try:
        yield
    finally:
        names.update(originals)


def without_own(walk: Callable[[Any], Iterator[tuple[Any, Any]]]) -> Callable[[Any], Any]:
    """Return a function that goes through frames as another does, save this package's own."""

    def frames(start: Any) -> Iterator[tuple[Any, Any]]:
        if start is None:  # then it begins where it is called
            return walk(start)
        return (one for one in walk(start) if not one[0].f_code.co_filename.startswith(HERE))

    return frames
