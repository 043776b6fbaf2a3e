"""What ``json`` makes of what a ``default`` of the program's returns: threads may not share it.

``json`` reads that bit by bit, after the function has returned it.
"""

from __future__ import annotations

import copy
from json import JSONEncoder
from types import MethodType
from typing import TYPE_CHECKING, Any

from anyorder.exploring.attributes import asked

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["ENCODING", "Encoding"]

ENCODING = {"json.dump", "json.dumps", "json.encode", "json.iterencode"}


class Encoding:
    """Holds what a ``default`` returns to be shared by no threads.

    Args:
        follow: returns what stands for a function that is called
        alone: refuses a container that threads share
    """

    def __init__(self, follow: Callable[[Any], Any], alone: Callable[[Any, str], None]) -> None:
        self.follow = follow
        self.alone = alone

    def of(self, function: Any, run: Callable[[Any], Callable[..., Any]]) -> Callable[..., Any]:
        """Return a function of ``json``, with what its ``default`` returns held.

        Args:
            function: the function, or a method of an encoder
            run: returns what stands for a function that is called with what is given
        """
        owner = asked(function, "__self__")
        if isinstance(owner, JSONEncoder):
            return run(MethodType(function.__func__, self.holding(copy.copy(owner))))
        of_encoder = function.__name__ in vars(JSONEncoder)
        stand_in = run(function)

        def call(*args: Any, **kwargs: Any) -> Any:
            if of_encoder and args and isinstance(args[0], JSONEncoder):
                args = (self.holding(copy.copy(args[0])), *args[1:])
            for name, exchange in (("default", self.held), ("cls", self.making)):
                if kwargs.get(name) is not None:
                    kwargs[name] = exchange(kwargs[name])
            return stand_in(*args, **kwargs)

        return call

    def making(self, cls: Any) -> Callable[..., Any]:
        """Return what makes an encoder of a class, which holds what its ``default`` returns."""
        return lambda *args, **kwargs: self.holding(cls(*args, **kwargs))

    def holding(self, encoder: Any) -> Any:
        """Let an encoder hold what its ``default`` returns, if that is the program's."""
        default = getattr(encoder, "default", None)
        if callable(default) and asked(default, "__func__") is not JSONEncoder.default:
            vars(encoder)["default"] = self.held(default)
        return encoder

    def held(self, default: Any) -> Any:
        """Return what stands for a ``default``."""
        follow = self.follow(default)

        def call(thing: Any) -> Any:
            found = follow(thing)
            self.alone(found, "what json does with it")
            return found

        return call
