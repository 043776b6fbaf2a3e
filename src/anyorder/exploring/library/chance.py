"""What stands for ``random``: its numbers are not known before a run, unless they are seeded."""

from __future__ import annotations

import random
from types import ModuleType
from typing import TYPE_CHECKING, Any, ClassVar

from anyorder.exploring.attributes import is_a
from anyorder.exploring.engine.events import READ, WRITE, EventKind
from anyorder.exploring.engine.unknown import CHANCE, Unknown
from anyorder.exploring.engine.varying import Varying
from anyorder.exploring.library.stand_ins import refusing
from anyorder.exploring.narrow import hash_differs

if TYPE_CHECKING:
    from collections.abc import Callable

    from anyorder.exploring.engine.machine import Machine

__all__ = ["random_module"]

RANDOM = EventKind("random", says="draws a random number", waits=None, whole=False)
STATE = "random"  # what every number of a process is drawn from
SEED = "seed"  # the place that says whether there is a seed
# what draws a number, and of these what may draw one below zero whatever it is given
NUMBERS = {
    "betavariate", "choice", "expovariate", "gammavariate", "gauss", "getrandbits",
    "lognormvariate", "normalvariate", "paretovariate", "randint", "random", "randrange",
    "triangular", "uniform", "vonmisesvariate", "weibullvariate",
}  # fmt: skip
SIGNED = {"gauss", "normalvariate", "triangular"}
WITHOUT = "gives other numbers in each run: give a number, or use the functions of random"
BETWEEN = {"choice", "randint", "randrange", "uniform"}  # and what gives one between two numbers


class Generator:
    """The generator that the functions of ``random`` share: in each process one, without a seed.

    One that is forked has no seed either: ``random`` sees to that.

    Args:
        machine: where the program runs
    """

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.chance = random.Random(0)  # noqa: S311 - it has to be the same in every execution
        self.seeded: dict[int, random.Random] = {}  # by the process

    def seed(self, *args: Any, **kwargs: Any) -> None:
        """Do what ``random.seed`` does: without a number nothing is known of what follows."""
        value = [*args, *kwargs.values(), None][0]
        self.hold_known(value)
        home = self.machine.current.home
        state, seed = (STATE, home), (SEED, home)
        places = ((seed, WRITE),) if self.machine.touch(seed, WRITE) else ()
        self.machine.happen(RANDOM, ((state, WRITE), *places), about="seed")
        self.seeded.pop(home, None)
        if value is not None:
            self.seeded[home] = random.Random()  # noqa: S311 - it is what the program asks for
            self.seeded[home].seed(*args, **kwargs)

    def hold_known(self, seed: Any) -> None:
        """Refuse a seed that is not known, and one whose hash is another one with 64 bits."""
        if type(seed) is Varying:
            self.machine.refuse(seed.what)
        if type(seed) is Unknown:
            seed.depend()
        if is_a(seed, float) and hash_differs(seed):
            self.machine.refuse(
                "this gives other numbers in a browser than on your computer: take a whole number"
            )

    def drawing(self, name: str) -> Callable[..., Any]:
        """Return a function that draws something."""
        machine = self.machine

        def draw(*args: Any, **kwargs: Any) -> Any:
            home = machine.current.home
            state, seed = (STATE, home), (SEED, home)
            places = ((seed, READ),) if machine.touch(seed, READ) else ()
            if places or home in self.seeded:
                machine.happen(RANDOM, ((state, WRITE), *places), about=name)
            if home in self.seeded:
                return getattr(self.seeded[home], name)(*args, **kwargs)
            return self.by_chance(name, getattr(self.chance, name), args, kwargs)

        return draw

    def by_chance(
        self, name: str, method: Callable[..., Any], args: Any, kwargs: dict[str, Any]
    ) -> Unknown:
        """Return a number that is not known."""
        given = [*args, *kwargs.values()]
        if name == "choice" and given:
            given = list(given[0])
        if name not in NUMBERS or any(type(one) not in {int, float} for one in given):
            self.machine.refuse(
                f"random.{name}() gives something else in each run: call random.seed(number) first"
            )
        self.machine.learn("unknowns")
        number = method(*args, **kwargs)
        return Unknown(
            number,
            CHANCE,
            never_negative=name not in SIGNED and all(one >= 0 for one in given),
            never_zero=name in BETWEEN and len(given) > 1 and all(one > 0 for one in given),
            mixed=name == "choice" and len({type(one) for one in given}) > 1,
        )


def random_module(machine: Machine) -> ModuleType:
    """Return ``random`` with a generator of its own."""
    module = ModuleType("random")
    vars(module).update(vars(random))
    generator = Generator(machine)
    for name in vars(random):
        if getattr(getattr(random, name), "__self__", None) is random._inst:
            draw: Any = generator.seed if name == "seed" else generator.drawing(name)
            if name != "seed":
                draw.__module__, draw.__name__, draw.__qualname__ = "random", name, name
            setattr(module, name, draw)
    Seeded.shared = generator
    names = {"__module__": "random", "__qualname__": "Random", "__doc__": random.Random.__doc__}
    module.Random = Seeded.made = type("Random", (Seeded,), names)  # type: ignore[attr-defined]
    module.SystemRandom = refusing(machine, "SystemRandom", WITHOUT)  # type: ignore[attr-defined]
    return module


class Seeded(random.Random):
    """A generator of the program's own, which is known by its seed.

    Attributes:
        shared: the one that all share, of the program that is executed
        made: what that program has for ``random.Random``
    """

    __module__, __qualname__ = "random", "Random"
    shared: ClassVar[Generator]
    made: ClassVar[type[Seeded]]

    def seed(self, a: Any = None, version: int = 2) -> None:
        """Begin with a seed, as ``__init__`` does too, or refuse to begin with none."""
        if a is None:
            self.shared.machine.refuse(f"random.Random() {WITHOUT}")
        self.shared.hold_known(a)
        super().seed(a, version)

    def __reduce__(self) -> Any:
        if type(self) is not Seeded.made:
            return super().__reduce__()
        return restored, (self.getstate(),)


def restored(state: Any) -> Seeded:
    """Return a generator that was copied or pickled."""
    new = Seeded.made.__new__(Seeded.made)
    new.setstate(state)
    return new
