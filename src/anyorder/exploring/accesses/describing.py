"""What the library reads of a function or a class to describe it, or to copy how it is described.

``typing.get_type_hints`` evaluates annotations that are text, and reads variables of the module so;
``functools.wraps`` copies all attributes of a function. Neither is seen, so it is refused where
threads change what is read.
"""

from __future__ import annotations

import ast
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any, ForwardRef

from anyorder.exploring.accesses.instances import Instances
from anyorder.exploring.attributes import asked, is_a
from anyorder.exploring.engine.events import READ

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from anyorder.exploring.accesses.objects import Objects

__all__ = ["ATTRIBUTES", "Describing"]

# which of them look at annotations
ANNOTATIONS = {"from_callable", "get_annotations", "get_type_hints", "signature"}
ATTRIBUTES = "attributes"  # the place of all attributes that a function is given


class Describing:
    """Holds what is described to what no thread changes.

    Args:
        objects: the objects of the exploration
        alone: refuses a container that threads share
    """

    def __init__(self, objects: Objects, alone: Callable[[Any, str], None]) -> None:
        self.objects = objects
        self.machine = objects.machine
        self.alone = alone

    def function(self, function: Any) -> Callable[..., Any]:
        """Return a function of the library that describes what it is given."""
        name = function.__name__

        def call(*args: Any, **kwargs: Any) -> Any:
            things = (*args, *kwargs.values())
            for one in things:
                self.attributes(one, name)
            self.instances(things, name)
            if name in ANNOTATIONS and things:
                for one in things[1:]:
                    self.alone(one, f"what {name}() reads of it")
                texts = name == "get_type_hints" or bool(kwargs.get("eval_str"))
                for holder in asked(things[0], "__mro__", things[:1]):
                    self.annotations(holder, name, texts=texts)
            return function(*args, **kwargs)

        return call

    def attributes(self, thing: Any, name: str) -> None:
        """Hold the attributes of a function to be changed by no thread."""
        if not is_a(thing, FunctionType):
            return
        if self.objects.touch((self.objects.label(thing), ATTRIBUTES), READ):
            self.machine.refuse(
                f"{name}() reads all attributes of {thing.__name__}, which threads change, and is "
                "not followed: call it before there are other threads, or keep them elsewhere"
            )

    def instances(self, things: Iterable[Any], name: str) -> None:
        """Refuse to copy or set attributes of an object unseen, once there are several threads.

        It may be in what a container holds, too.
        """
        left, seen = list(things), set[int]()
        while left:
            one = left.pop()
            kind = self.objects.kind_of(type(one))
            if kind.plain or id(one) in seen or is_a(one, FunctionType):
                continue
            seen.add(id(one))
            if not is_a(kind, Instances):
                left += kind.inside(one)
                continue
            if self.objects.several():
                self.machine.refuse(
                    f"{name}() reaches all attributes of an object unseen, which is not followed "
                    "once there are threads: call it before they begin, or give it a function"
                )

    def annotations(self, holder: Any, name: str, *, texts: bool) -> None:
        """Hold annotations, and what evaluating them reads, to be changed by no thread."""
        try:
            found = holder.__annotations__
        except (AttributeError, NameError):  # it has none, or not all of them yet
            return
        self.alone(found, f"what {name}() reads of it")
        for text in texts_in(found.values()) if texts else ():
            for variable in variables_of(text):
                place = ("global", self.machine.current.home, variable)
                if self.objects.touch(place, READ):
                    self.machine.refuse(
                        f"{name}() evaluates the annotation {text!r} while threads change "
                        f"{variable}, which is not followed: write annotations without it"
                    )


def texts_in(annotations: Any) -> Iterator[str]:
    """Yield what is text of annotations, and of their parts."""
    left = list(annotations)
    while left:
        one = left.pop()
        if is_a(one, str):
            yield one
        elif is_a(one, ForwardRef):
            yield one.__forward_arg__
        elif is_a(one, list | tuple):
            left += one
        elif not is_a(one, ModuleType | FunctionType):
            left += asked(one, "__args__", ())
            bound = asked(one, "__bound__")
            left += [bound] if bound is not None else []


def variables_of(text: str) -> Iterator[str]:
    """Yield the variables that an annotation names, those in texts within it, too."""
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError):  # as whoever evaluates it will find out
        return
    for node in ast.walk(tree):
        if is_a(node, ast.Name):
            yield node.id
        elif is_a(node, ast.Constant) and is_a(node.value, str) and node.value != text:
            yield from variables_of(node.value)
