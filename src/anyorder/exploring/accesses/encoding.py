"""What ``json`` makes of what the program's ``default`` returns, and of what nobody can tell.

``json`` reads what that function returns bit by bit, so that threads may not share it. Of a time,
and of what else differs in each run, it makes what is shown of it.
"""

from __future__ import annotations

import copy
import json
from json import JSONEncoder
from types import FunctionType, MethodType
from typing import TYPE_CHECKING, Any, Protocol

from anyorder.exploring.attributes import asked, is_a
from anyorder.exploring.engine.unknown import Unknown
from anyorder.exploring.engine.varying import Varying
from anyorder.outcomes.placeholders import ADDRESS, ANY, CHANCE, FOLDER, IDENT, RAW, TIME, UNIQUE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from anyorder.exploring.engine.machine import Machine

__all__ = ["ENCODING", "Encoding", "Masked"]

FIRST = "\ue000"  # a character that no program uses for itself
# what stands for texts of letters, digits and the like
PLAIN = {ADDRESS, CHANCE, IDENT, TIME, UNIQUE}
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
        if is_a(owner, JSONEncoder):
            return run(MethodType(function.__func__, self.holding(copy.copy(owner))))
        of_encoder = function.__name__ in vars(JSONEncoder)
        stand_in = run(function)

        def call(*args: Any, **kwargs: Any) -> Any:
            if of_encoder and args and is_a(args[0], JSONEncoder):
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


class Unknowns(Protocol):
    """Tells what is not known, and refuses what depends on it."""

    machine: Machine

    def has_unknown(self, thing: Any) -> bool: ...
    def within(self, things: Iterable[Any]) -> Iterator[Any]: ...
    def answering(self, thing: Any) -> Any: ...
    def not_encoded(self, *things: Any) -> Any: ...


class Masked:
    """What ``json.dumps`` makes of what is not known: a number becomes its placeholder.

    So it is for the encoder that is written in C, which asks ``default`` for whatever is no number
    of Python's own. The one in Python, which does without C where there is an indent, asks more.

    Args:
        unknowns: tells what is not known
    """

    def __init__(self, unknowns: Unknowns) -> None:
        self.unknowns = unknowns

    def of(self, dumps: Callable[..., Any]) -> Callable[..., Any]:
        """Return ``json.dumps`` for the program.

        Args:
            dumps: what stands for it where all is known
        """
        unknowns = self.unknowns

        def call(*args: Any, **kwargs: Any) -> Any:
            default = kwargs.get("default")
            unknown = any(map(unknowns.has_unknown, (*args, *kwargs.values())))
            by_function = is_a(default, FunctionType | MethodType)
            if by_function or (unknown and (default is None or default is str)):
                if kwargs.get("cls") is None and kwargs.get("indent") is None:
                    return self.encoded(dumps, args, kwargs)
                kwargs["default"] = unknowns.answering(default)
            if unknown:
                unknowns.not_encoded(*args)
            return dumps(*args, **kwargs)

        return call

    def encoded(self, dumps: Callable[..., Any], args: Any, kwargs: dict[str, Any]) -> Any:
        """Return a text with placeholders for what is not known."""
        shown: dict[str, str] = {}  # by the text that stands for one until all is put together
        default = kwargs.get("default")

        def answer(thing: Any) -> Any:
            if type(thing) is not Unknown or not is_a(thing.sample, int | float):
                return self.answered(default, thing)
            token = f"{FIRST}{len(shown)}{FIRST}"
            shown[json.dumps(token, ensure_ascii=kwargs.get("ensure_ascii", True))] = thing.shown()
            return token

        self.hold_encodable(args)
        text = dumps(*args, **{**kwargs, "default": answer})
        for token, placeholder in shown.items():
            text = text.replace(token, placeholder)
        return self.unknowns.machine.varied.masked(text)

    def answered(self, default: Any, thing: Any) -> Any:
        """Return what a ``default`` answers."""
        if default is None:
            message = f"Object of type {thing.__class__.__name__} is not JSON serializable"
            raise TypeError(message)
        if default is str and type(thing) is not Unknown:  # it may run code of the program's
            self.unknowns.not_encoded(thing)
        found = default(thing)
        self.hold_encodable((found,))
        return found

    def hold_encodable(self, things: Iterable[Any]) -> None:
        """Refuse texts in which there may be what ``json`` writes otherwise, such as quotes."""
        for one in self.unknowns.within(things):
            if type(one) is Varying:
                repr(one)  # which refuses one that nothing stands for
            elif is_a(one, str) and (FOLDER in one or not self.is_plain(one)):
                self.unknowns.not_encoded(one)

    def is_plain(self, text: str) -> bool:
        """Whether nothing that a text's placeholders stand for is written otherwise."""
        return all(
            found[0] in PLAIN or RAW.fullmatch(found[0]) is not None for found in ANY.finditer(text)
        )
