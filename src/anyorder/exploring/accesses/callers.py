"""What looks at the frames of its callers: it passes over those of the explorer.

An operator that a class of the program carries out itself is called by the explorer, whose frames
then lie between the program's.
"""

from __future__ import annotations

import itertools
import operator
import sys
import warnings
from typing import TYPE_CHECKING, Any

from anyorder.exploring.accesses.library import Opaque
from anyorder.exploring.frames import HERE, of_tool

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

    from anyorder.exploring.accesses.objects import Objects
    from anyorder.exploring.engine.machine import Machine

__all__ = ["STACKS", "Callers", "Frames", "check_stack"]

STACKS = {"inspect.getouterframes", "inspect.stack"}  # what shows all of the callers


def check_stack(machine: Machine) -> None:
    """Refuse to show the whole stack of a child, and let that of a worker be what it is."""
    see_worker(machine)
    if machine.current.home:
        machine.refuse(
            "the whole stack of a child has what began it below, which is not simulated: show a "
            "traceback"
        )


def see_worker(machine: Machine) -> None:
    """Note that a task of a pool looks at its callers: in life they are its worker's."""
    if machine.current.watch is not None:
        machine.learn("workers")


class Callers:
    """What stands for functions that look at the frames of their callers.

    Args:
        machine: where the program's threads run
    """

    def __init__(self, machine: Machine) -> None:
        self.machine = machine

    def above(self, frame: FrameType | None) -> Iterator[FrameType]:
        """Yield a frame and those that called it, save the explorer's own."""
        see_worker(self.machine)
        while frame is not None:
            if not of_tool(frame.f_code):
                yield frame
            frame = frame.f_back
        check_stack(self.machine)

    def frame(self, depth: int = 0, /) -> FrameType:
        """Do what ``sys._getframe`` does.

        Raises:
            ValueError: so many frames there are not
        """
        depth = operator.index(depth)
        for number, frame in enumerate(self.above(sys._getframe(1))):
            if number >= depth:
                return frame
        raise ValueError("call stack is not deep enough")

    def module_name(self, depth: int = 0) -> str | None:
        """Do what ``sys._getframemodulename`` does, which Python 3.12 brought."""
        depth = operator.index(depth)
        frame = next(itertools.islice(self.above(sys._getframe(1)), depth, None), None)
        return None if frame is None else frame.f_globals.get("__name__")

    def warn(
        self,
        message: Any,
        category: Any = None,
        stacklevel: int = 1,
        source: Any = None,
        **more: Any,
    ) -> None:
        """Do what ``warnings.warn`` does, each level a frame of the program's."""
        prefixes = more.get("skip_file_prefixes")
        if prefixes:  # the first frame, this one, is not skipped
            more["skip_file_prefixes"] = (*prefixes, HERE)
            warnings.warn(message, category, max(2, stacklevel) + 1, source, **more)
            return
        here = sys._getframe()
        left = max(1, operator.index(stacklevel))
        frame = next(itertools.islice(self.above(here), left - 1, None), None)
        level = 1
        above: FrameType | None = here
        while above is not frame and above is not None:
            level += 1
            above = above.f_back
        warnings.warn(message, category, level, source, **more)

    def stack(self, function: Callable[..., list[Any]]) -> Callable[..., list[Any]]:
        """Return what does what ``inspect.stack`` and ``inspect.getouterframes`` do.

        Args:
            function: the real one
        """

        def call(*args: Any, **kwargs: Any) -> list[Any]:
            check_stack(self.machine)
            return [one for one in function(*args, **kwargs) if not of_tool(one.frame.f_code)]

        return call


class Frames(Opaque):
    """Frames of functions that are being executed."""

    def __init__(self, objects: Objects) -> None:
        super().__init__(objects)
        self.callers = Callers(objects.machine)

    def attribute(self, thing: Any, name: str) -> Any:
        found = super().attribute(thing, name)
        return next(self.callers.above(found), None) if name == "f_back" else found
