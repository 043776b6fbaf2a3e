"""What a traceback reads of an exception: its text, its notes, and those that it is chained with.

A traceback is made in one go, so all of that is one event where no more than one of these objects
is shared; else the program is refused.
"""

from __future__ import annotations

import itertools
import traceback
from types import FunctionType, MethodType, ModuleType
from typing import TYPE_CHECKING, Any

from anyorder.exploring.accesses.events import LOOK
from anyorder.exploring.accesses.names import HINTS
from anyorder.exploring.attributes import attributes_of, is_a
from anyorder.exploring.engine.events import READ
from anyorder.exploring.modules import OWN_MODULES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from anyorder.exploring.accesses.depths import Depths
    from anyorder.exploring.accesses.objects import Objects
    from anyorder.exploring.engine.events import Footprint

__all__ = ["NOTES", "Telling", "chained", "has_own_text"]

NOTES = "__notes__"
MOST_LINES = 100  # in turn, of a traceback of an error of recursion


class Telling:
    """Reads what tracebacks and the texts of exceptions tell.

    Args:
        objects: the objects of the exploration
        depths: looks into them
    """

    def __init__(self, objects: Objects, depths: Depths) -> None:
        self.objects = objects
        self.machine = objects.machine
        self.depths = depths

    def tell(self, error: BaseException) -> None:
        """Read all that a traceback of an exception tells, in one step."""
        if is_a(error, RecursionError):
            self.hold_shallow(error)
        read: list[tuple[Any, Footprint]] = []
        shown: list[Any] = []
        runs = False
        for one in chained(error):
            if any(NOTES in vars(cls) for cls in type(one).__mro__):
                self.machine.refuse(
                    f"the {NOTES} of {type(one).__name__} are its class's, and are not followed: "
                    "let each exception have its own, by add_note()"
                )
            notes = attributes_of(one).get(NOTES)
            read.append((one, self.hinted(one)))
            read.append((one, (((self.objects.label(one), NOTES), READ),)))
            shown += [] if notes is None else [notes]
            if has_own_text(one):
                runs = True
            else:
                errors, parts = said_by(one)
                read += self.wholes(errors)
                shown += parts
        if not self.in_one_step(read, shown, runs=runs):
            self.machine.refuse(
                "the traceback that is shown here tells of several objects that threads share, one "
                "after another, which is not followed: let the exception hold copies"
            )

    def hinted(self, error: BaseException) -> Footprint:
        """Return what Python looks at to ask "Did you mean" another name: which names there are."""
        if not self.objects.several():
            return ()
        thing = error.obj if is_a(error, AttributeError) else None
        module = is_a(thing, ModuleType) and thing.__name__ in OWN_MODULES
        if module or is_a(error, ImportError | NameError):
            self.objects.learn(HINTS)
            return (((HINTS, self.machine.current.home), READ),)
        cls = thing if is_a(thing, type) else type(thing)
        if cls.__module__ in OWN_MODULES and self.objects.learned("classes"):
            self.machine.refuse(
                "the traceback that is shown here may ask for another name that threads give to a "
                "class, which is not followed: catch the AttributeError"
            )
        which: Any = getattr(self.objects.kind_of(type(thing)), "which", None)
        known = cls.__module__ in OWN_MODULES and not is_a(thing, type)
        return which(thing) if known and which is not None else ()

    def hold_shallow(self, error: RecursionError) -> None:
        """Refuse an error whose traceback shows how deep Python let it come, which is less here.

        Of one line that calls itself, a traceback shows a few.
        """
        steps = [
            (one.f_code, line)
            for one, line in traceback.walk_tb(error.__traceback__)
            if one.f_code.co_filename in self.machine.own
        ]
        if sum(one != other for one, other in itertools.pairwise(steps)) > MOST_LINES:
            self.machine.refuse(
                "this recurses as deep as Python lets it, by way of several lines in turn, so that "
                "the traceback shows how deep that is: recurse less deep",
                steps[-1][1],
            )

    def say(self, error: BaseException) -> bool:
        """Read what the ``str`` of an exception tells, where that is one step.

        Returns:
            Whether it is: if not, no event has been made.
        """
        errors, parts = said_by(error)
        return self.in_one_step(self.wholes(errors), parts, runs=False)

    def wholes(self, things: Iterable[Any]) -> list[tuple[Any, Footprint]]:
        """Return things, each with what is read of it where all of it is."""
        return [(one, self.objects.kind_of(type(one)).whole(one)) for one in things]

    def in_one_step(
        self, read: list[tuple[Any, Footprint]], shown: list[Any], *, runs: bool
    ) -> bool:
        """Make one event of reading exceptions and what they hold, where it is one.

        Args:
            read: exceptions, each with what is read of it
            shown: what is shown by its ``repr``
            runs: whether code of the program's own runs meanwhile
        """
        inside, steps = self.depths.inside("repr", tuple(shown))
        read += self.wholes(inside)
        touched: dict[int, tuple[Any, Footprint]] = {}
        for one, footprint in read:
            if self.objects.touch_all(footprint):
                _, before = touched.get(id(one), (one, ()))
                touched[id(one)] = (one, before + footprint)
        if steps or len(touched) > 1 or (touched and runs):
            return False
        for thing, footprint in touched.values():
            self.objects.happen(LOOK, footprint, (thing,))
        return True


def chained(error: BaseException) -> Iterator[BaseException]:
    """Yield an exception, those that its traceback shows with it, and those of groups."""
    seen: list[BaseException] = []
    left: list[BaseException | None] = [error]
    while left:
        one = left.pop(0)
        if one is None or any(one is other for other in seen):
            continue
        seen.append(one)
        yield one
        left += [one.__cause__, None if one.__suppress_context__ else one.__context__]
        if is_a(one, BaseExceptionGroup):
            left += one.exceptions


def has_own_text(error: BaseException) -> bool:
    """Whether the text of an exception is made by code that is written in Python."""
    return is_a(type(error).__str__, FunctionType | MethodType)


def said_by(error: BaseException) -> tuple[list[BaseException], list[Any]]:
    """Return the exceptions that the ``str`` of one reads, and what it shows of others.

    What an exception was made with is shown by its ``str`` where that is one thing. So it does not
    matter whether its class has a ``__repr__`` of its own.
    """
    errors: list[BaseException] = []
    said: Any = error
    while is_a(said, BaseException) and not has_own_text(said):
        if any(said is one for one in errors):
            return errors, []
        errors.append(said)
        args = BaseException.args.__get__(said)  # type: ignore[attr-defined]
        if is_a(said, BaseExceptionGroup):
            return errors, list(args[:1])
        if type(said).__str__ is not BaseException.__str__ or len(args) != 1:
            return errors, list(args)
        said = args[0]
    return errors, [said]
