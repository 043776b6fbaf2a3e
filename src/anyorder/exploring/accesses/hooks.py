"""The calls that the program's rewritten code makes, by their names."""

from __future__ import annotations

import sys
from contextvars import copy_context
from inspect import CO_GENERATOR
from types import FunctionType, MethodType
from typing import TYPE_CHECKING, Any, NoReturn

from anyorder.exploring.accesses.abstract import Abstract
from anyorder.exploring.accesses.comparing import COMPARISONS
from anyorder.exploring.accesses.copying import Attributes
from anyorder.exploring.accesses.events import LOOK
from anyorder.exploring.accesses.finding import Finder
from anyorder.exploring.accesses.instances import Instances
from anyorder.exploring.accesses.iterators import Iterators
from anyorder.exploring.accesses.loud import EXACT, Loud
from anyorder.exploring.accesses.names import Names
from anyorder.exploring.accesses.objects import Objects
from anyorder.exploring.accesses.operations import BINARY, IN_PLACE, UNARY, Operations
from anyorder.exploring.accesses.quiet import EVALUATED
from anyorder.exploring.accesses.telling import chained
from anyorder.exploring.accesses.unknowns import Unknowns
from anyorder.exploring.attributes import is_a
from anyorder.exploring.frames import of_tool, own
from anyorder.exploring.modules import OWN_MODULES
from anyorder.exploring.narrow import TOO_LARGE, too_large
from anyorder.exploring.rewriting.switch_points import points
from anyorder.outcomes.placeholders import FOLDER

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from anyorder.exploring.accesses.kinds import Kind
    from anyorder.exploring.engine.events import Footprint
    from anyorder.exploring.engine.machine import Machine
    from anyorder.exploring.engine.sharing import Sharing
    from anyorder.exploring.engine.spinning import Loops

__all__ = ["Accesses"]

OTHER = points("after a call of what is not Python")
HASHING = (dict, set)  # the displays of these hash what they are given


class Accesses:
    """What follows the accesses of one exploration.

    Args:
        machine: where the program runs
        sharing: which places are shared
        loops: recognises loops that only wait
        passes: as for ``Objects``
        more: further kinds of objects: gets the objects and the operations on them
    """

    def __init__(
        self,
        machine: Machine,
        sharing: Sharing,
        loops: Loops,
        passes: Callable[[Any], bool] | None = None,
        more: Callable[[Objects, Operations], tuple[tuple[type, Kind], ...]] | None = None,
    ) -> None:
        self.machine = machine
        self.loops = loops
        machine.come_round = loops.come_round
        self.objects = Objects(machine, sharing, passes)
        self.iterators = Iterators(self.objects)
        self.operations = Operations(self.objects, self.iterators, Abstract(self.hooks))
        self.depths = self.operations.depths
        further = () if more is None else more(self.objects, self.operations)
        self.finder = Finder(self.objects, self.iterators, self.operations, further)
        self.objects.find = self.finder.find
        self.names = Names(self.objects)
        self.loud = Loud(self.objects)
        self.others: set[int] = set()  # the calls of what is no function of the program
        self.shown = self.loud.showing(self.operations.show)
        self.function = self.operations.function
        self.attribute = self.operations.attribute
        self.set_attribute = self.operations.set_attribute
        self.stand_for(copy_context, self.finder.context_vars.copied)

    @property
    def labels(self) -> dict[int, tuple[Any, Any]]:
        """The names of objects, by their ids."""
        return self.objects.labels

    def begin(self) -> None:
        """Forget the objects of the execution before."""
        self.objects.begin()
        for kind in (*vars(self.finder).values(), *self.finder.own.values()):
            if is_a(kind, Instances):
                kind.how.clear()

    def look(self, thing: Any) -> Any:
        """Read all of a thing, and of what it holds, in one step; return it."""
        self.depths.read("repr", "this", thing)
        return thing

    def tell(self, error: BaseException) -> None:
        """Read what a traceback of an exception tells, unless the execution is over."""
        if self.machine.dying:
            return
        for one in chained(error):
            self.hold_deep(one, None)
        self.operations.telling.tell(error)

    def read_one(self, thing: Any, within: list[Any]) -> None:
        """Read all of an object, but not what it holds, in one step.

        Others that it is in are read on after it, so what threads share of them is read again.

        Args:
            thing: the object
            within: what was read before it, of what threads share; it is added where they do
        """
        if self.objects.touch_all(self.read_of(thing)):
            within.append(thing)
        if within:
            footprint = tuple(part for one in within for part in self.read_of(one))
            self.objects.happen(LOOK, footprint, (thing,))

    def read_of(self, thing: Any) -> Footprint:
        """Return what reading all of an object touches, without what it holds."""
        kind = self.objects.kind_of(type(thing))
        footprint = kind.whole(thing) if kind.holds else ()
        if is_a(kind, Instances) and type(thing).__module__ in OWN_MODULES:
            footprint += kind.everything(thing)
        return footprint

    def stand_for(self, function: Any, stand_in: Callable[..., Any]) -> None:
        """Call something else wherever the program calls a function."""
        self.operations.stand_for(function, stand_in)

    def text(self, thing: Any) -> str:
        """Return the text of a thing, as ``str`` does."""
        return self.shown(thing, "str")  # type: ignore[no-any-return]

    def builtins(self) -> dict[str, Any]:
        """Return what stands for built-in functions and classes where they are not called, too."""
        varied = self.machine.varied
        return {**self.iterating(), "hash": varied.hash, "id": varied.id}

    def refuse_asynchronous(self, kind: str) -> NoReturn:
        """Refuse the call of an asynchronous function."""
        self.machine.refuse(
            f"{kind} is made here, and asyncio cannot be simulated: use threads or processes"
        )

    def iterating(self) -> dict[str, Any]:
        """Return the built-in classes that stand for those that are iterators over others."""
        names = ("enumerate", "filter", "map", "zip")
        return {name: self.operations.family[name] for name in names}

    def hooks(self) -> dict[str, Any]:
        """Return the names that rewritten code calls."""
        names, iterators, operations = self.names, self.iterators, self.operations
        loud, raised = self.loud, self.machine.raised
        hooks: dict[str, Any] = {
            "g": names.read_global, "gc": names.read_global_unless, "gw": names.write_global,
            "once": names.bind_once, "star": names.bind_star, "c": names.read_cell,
            "cw": names.write_cell, "binder": names.binder, "frame": self.machine.label,
            "a": self.attribute_hook(), "la": operations.attribute_for_library,
            "copying": operations.copying.getattr, "attributes": Attributes,
            "hidden": operations.hidden, "of_interpreter": operations.of_interpreter,
            "as": loud.storing(operations.set_attribute),
            "da": loud.reaching(operations.delete_attribute), "i": loud.item(operations.item),
            "is": loud.set_item(operations.set_item), "di": loud.item(operations.delete_item),
            "f": self.function_hook(), "made": self.made_hook(),
            "returned": self.returned_hook(), "point": loud.point, "passing": loud.passing,
            "decorating": loud.decorating,
            "truth": self.truth_hook(), "link": loud.comparing(operations.link),
            "format": self.format_hook(), "match": loud.matching(operations.match),
            "iterate": loud.operating(self.ordered(iterators.iterate)),
            "labelled": iterators.labelled, "ending": iterators.ending, "ended": iterators.ended,
            "halfway": iterators.halfway,
            "spread": loud.operating(iterators.spread),
            "mapping": loud.operating(iterators.mapping),
            "unpack": loud.operating(self.ordered(iterators.unpack)),
            "delegate": loud.operating(self.ordered(iterators.delegate)),
            "yielding": iterators.yielding, "slice": slice, "locals": locals,
            "own": own, "loop": self.loops.turn, "enter": self.loops.enter,
            "enters": loud.entering(operations.enters), "caught": self.caught,
            "raises": loud.raising(raised.raises),
            "raises_from_cause": loud.raising(raised.raises_from_cause),
            "cause": loud.causing(raised.cause), "handled": raised.handled,
            "asynchronous": self.refuse_asynchronous, "kept_in": self.objects.hold_namespace,
            "filled": operations.calls.filled,
        }  # fmt: skip
        binary, in_place = loud.named(operations.binary), loud.named(operations.in_place)
        for name, (operate, _) in BINARY.items():
            hooks[name] = pairwise(operate, binary, name)
        for name, operate_in_place in IN_PLACE.items():
            hooks[f"i{name}"] = pairwise(operate_in_place, in_place, name)
        for name in ("FloorDiv", "iFloorDiv"):
            hooks[name] = loud.dividing(hooks[name])
        for name, (compare, _) in COMPARISONS.items():
            hooks[name] = pairwise(compare, loud.named(operations.comparing.compare), name)
            hooks[f"t{name}"] = self.tested_hook(compare, name)
        for name in UNARY:
            hooks[name] = loud.operating(self.unary_hook(name))
        contains = loud.comparing(operations.contains)
        hooks["In"] = contains
        hooks["NotIn"] = lambda item, thing: not contains(item, thing)
        hooks["tIn"], hooks["tNotIn"] = hooks["In"], hooks["NotIn"]
        named = {f"__ao_{name}__": call for name, call in hooks.items()}
        if not self.machine.facts.unknowns:
            return named
        unknowns = Unknowns(self.machine, self.is_of_program)
        operations.formatting.show = unknowns.formatting(operations.showing.format)
        operations.comparing.told = unknowns.compared
        return unknowns.guarded(named)

    def is_of_program(self, made: Any) -> bool:
        """Whether a function or a class is the program's own."""
        if is_a(made, FunctionType):
            return made.__code__.co_filename in self.machine.own
        return bool(made.__module__ in OWN_MODULES)

    # -- hooks that most often have nothing to do ------------------------------------------------

    def attribute_hook(self) -> Callable[[Any, str], Any]:
        """Return what reads an attribute."""
        objects, reaches, around = self.objects, self.loud.reaches, self.objects.around
        learn = self.machine.learn

        def attribute(thing: Any, name: str) -> Any:
            cls = type(thing)
            kind = objects.kinds.get(cls) or objects.kind_of(cls)
            if (name in EVALUATED or cls in objects.loud) and reaches(thing, name):
                value = around(kind.attribute, thing, name)
            else:
                value = kind.attribute(thing, name)
            if type(value) is str and FOLDER in value:
                learn("unknowns")
            return value

        return attribute

    def ordered(self, through: Callable[[Any], Any]) -> Callable[[Any], Any]:
        """Return what goes through a thing, and notes where the order of a set is seen."""
        gone_through = self.machine.varied.gone_through

        def going(thing: Any) -> Any:
            if is_a(thing, set | frozenset):
                gone_through(thing)
            return through(thing)

        return going

    def function_hook(self) -> Callable[[Any, int, bool], Any]:
        """Return what gives what stands for a function, which is called at a place of its own.

        To the interpreter, a method that is called with a star is not a function of Python.
        """
        stand_in, machine, others = self.operations.function, self.machine, self.others
        before = self.loud.before

        def function(called: Any, site: int, spreads: bool) -> Any:
            inner = called.__func__ if type(called) is MethodType and not spreads else called
            if type(inner) is FunctionType:
                code = inner.__code__
                if code.co_filename in machine.own and not code.co_flags & CO_GENERATOR:
                    return stand_in(called)
            others.add(site)
            found = stand_in(called)
            return before(called, found, of_python=type(inner) is FunctionType)

        return function

    def returned_hook(self) -> Callable[[Any, int, int], Any]:
        """Return what names objects that a call returns, and passes the switch point after it.

        A place at which anything but a function of the program was ever called counts as one of
        that: a call within a call at the same place may be of another function.
        """
        made, machine, others = self.objects.made, self.machine, self.others

        def returned(thing: Any, site: int, after: int) -> Any:
            machine.current.cut |= OTHER if site in others else after
            if type(thing) is str and FOLDER in thing:
                machine.learn("unknowns")
            return made(thing)

        return returned

    def made_hook(self) -> Callable[[Any], Any]:
        """Return what names objects that a display makes."""
        objects, compares = self.objects, self.loud.compares

        def made(thing: Any) -> Any:
            if objects.compares or (type(thing) in HASHING and compares(thing)):
                objects.pass_point()
            return objects.made(thing)

        return made

    def truth_hook(self) -> Callable[[Any], Any]:
        """Return what lets a condition be asked."""
        truth = self.loud.operating(self.operations.truth)

        def asked(thing: Any) -> Any:
            return thing if type(thing) in EXACT else truth(thing)

        return asked

    def tested_hook(
        self, compare: Callable[[Any, Any], Any], name: str
    ) -> Callable[[Any, Any], Any]:
        """Return what compares two values, and asks for the truth of what comes of it."""
        operations = self.operations
        compared = self.loud.named(operations.comparing.compare)

        def tested(left: Any, right: Any) -> Any:
            if type(left) in EXACT and type(right) in EXACT:
                return compare(left, right)
            return operations.truth(compared(name, left, right))

        return tested

    def format_hook(self) -> Callable[..., str]:
        """Return what makes the text of a part of an f-string."""
        showing = self.loud.showing(self.operations.format)

        def formatted(value: Any, conversion: int, spec: str | None) -> str:
            if conversion == -1 and type(value) in EXACT:
                return format(value, spec or "")
            return showing(value, conversion, spec)  # type: ignore[no-any-return]

        return formatted

    def unary_hook(self, name: str) -> Callable[[Any], Any]:
        """Return what carries out an operator with one operand."""
        unary, around = self.operations.unary, self.objects.around

        def call(operand: Any) -> Any:
            if name == "Invert" and type(operand) is bool:  # warned of from 3.12 on
                return around(unary, name, operand)
            return unary(name, operand)

        return call

    def caught(self, error: BaseException | None = None) -> None:
        """Refuse what an error that is caught says of this computer, and not of the program.

        That is how much memory there is, and how deep a recursion is that the explorer's own calls
        have made less deep.

        Args:
            error: the one that is handled now, where nothing is said
        """
        if error is None:
            error = sys.exception()
        if error is not None:
            self.machine.raised.come(error)
        if is_a(error, MemoryError) and not error.args:  # a program's own has words
            self.machine.refuse(
                "how much memory there is differs from computer to computer: do with less"
            )
        if too_large(f"{type(error).__name__}: {error}"):
            self.machine.refuse(f"this {TOO_LARGE}")
        if error is not None:
            self.hold_deep(error, sys._getframe(1))

    def hold_deep(self, error: BaseException, frame: FrameType | None) -> None:
        """Refuse an error of recursion that the explorer's own calls may have brought about.

        Args:
            error: any error
            frame: where it is handled; what is around that has been called at that time too
        """
        if not is_a(error, RecursionError):
            return
        codes, step = [], error.__traceback__
        while step is not None:
            codes.append(step.tb_frame.f_code)
            step = step.tb_next
        while frame is not None:
            codes.append(frame.f_code)
            frame = frame.f_back
        program = sum(one.co_filename in self.machine.own for one in codes)
        if sum(map(of_tool, codes)) > program // 50 + 20:
            self.machine.refuse(
                "this recurses as deep as Python lets it, by way of operators, methods or "
                "functions that the explorer stands in for, which take more room here: recurse "
                "less deep"
            )


def pairwise(
    operate: Callable[[Any, Any], Any], rest: Callable[[str, Any, Any], Any], name: str
) -> Callable[[Any, Any], Any]:
    """Return what carries out an operator with two operands: at once, where both are plain."""

    def call(left: Any, right: Any) -> Any:
        if type(left) in EXACT and type(right) in EXACT:
            return operate(left, right)
        return rest(name, left, right)

    return call
