"""What C first makes of an argument that is to be a number, before it looks at anything else.

That may call code of the program's, so it is done before the event of what C does then.
"""

from __future__ import annotations

import operator
import sys
from collections import deque
from types import FunctionType
from typing import Any

from anyorder.exploring.attributes import class_has, in_class, is_a
from anyorder.exploring.frames import of_tool

__all__ = ["is_backwards", "key_of", "limits_of", "number_of", "repeated", "sized_number_of"]

REPEATED = (bytearray, deque, list)


def is_asked(thing: Any) -> bool:
    """Whether a thing is asked for the number that it stands for, by code of the program's."""
    if is_a(thing, int):  # which is the number, whatever its class has
        return False
    method = in_class(type(thing), "__index__")
    return is_a(method, FunctionType) and not of_tool(method.__code__)


def number_of(thing: Any) -> Any:
    """Return the number that a thing stands for, and anything else as it is."""
    return operator.index(thing) if is_asked(thing) else thing


def sized_number_of(thing: Any, error: type[Exception]) -> Any:
    """Return the number that a thing stands for, which is to be no larger than a list may be.

    Args:
        thing: the thing
        error: the class of what is raised where it is
    """
    number = number_of(thing)
    if number is not thing and not -sys.maxsize - 1 <= number <= sys.maxsize:
        raise error(f"cannot fit '{type(thing).__name__}' into an index-sized integer")
    return number


def repeated(name: str, left: Any, right: Any) -> tuple[Any, Any]:
    """Return the operands of an operator, with the number of times a list, say, is repeated.

    Args:
        name: its name in ``ast``
        left: its left operand
        right: its right operand
    """
    if name == "Mult" and is_a(left, REPEATED):
        return left, sized_number_of(right, OverflowError)
    if name == "Mult" and is_a(right, REPEATED):
        return sized_number_of(left, OverflowError), right
    return left, right


def slice_of(key: slice) -> slice:
    """Return a slice of numbers, which are asked for in the order in which a list does it.

    What comes after one that is wrong is not asked.
    """
    numbers = {"step": key.step, "start": key.start, "stop": key.stop}
    for name, thing in numbers.items():
        number = numbers[name] = number_of(thing)
        if not (number is None or class_has(type(number), "__index__")):
            break
        if name == "step" and number == 0:
            return slice(None, None, 0)
    return slice(numbers["start"], numbers["stop"], numbers["step"])


def key_of(key: Any) -> Any:
    """Return what is made of the key of a list, say: a number, or a slice of numbers."""
    if type(key) is int:
        return key
    return slice_of(key) if type(key) is slice else sized_number_of(key, IndexError)


def limits_of(limits: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the limits of a search as numbers, up to the first one that is none."""
    numbers = list(limits)
    for number, limit in enumerate(limits):
        numbers[number] = number_of(limit)
        if not class_has(type(limit), "__index__"):
            break
    return tuple(numbers)


def is_backwards(reverse: Any) -> bool:
    """Whether ``sort`` goes backwards: it says itself how it asks, up to 3.11 for a number."""
    probe = [0, 1]
    probe.sort(reverse=reverse)
    return probe == [1, 0]
