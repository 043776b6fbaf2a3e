"""``sched``: in which order a scheduler carries out what it is told to.

Where it goes by a real clock, that moves on between any two looks at it, by how much nobody can
tell. So what is entered later comes after what has been there with the same delay, whatever their
priorities are, unless the clock has not moved on at all; and what is entered later with a shorter
delay comes first, unless the program has been slow. Both are explored as they go most often, and
not called complete. With a function of the program's own for a clock, all is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from anyorder.exploring.attributes import asked
from anyorder.exploring.frames import of_tool
from anyorder.exploring.library.wrapping import Original, wrapped

if TYPE_CHECKING:
    from types import ModuleType

    from anyorder.exploring.engine.machine import Machine

__all__ = ["sched_calls"]

TICK = 1e-6  # by how much the clock has moved on from one call to the next


@dataclass(eq=False)
class Entered:
    """What a scheduler was told.

    Args:
        delay: how long after the call it is to be done; nothing, where it was given a moment
        priority: its priority
        tid: the thread that has entered it
        event: what the program has of it, once it is entered
    """

    delay: Any
    priority: Any
    tid: int
    event: Any = None


def sched_calls(machine: Machine, module: ModuleType) -> None:
    """Hold schedulers that go by a real clock to what can be told of it."""
    cls = vars(module)["scheduler"]
    relative: set[int] = set()  # the threads that are in a call of ``enter``

    def note(scheduler: Any, entered: Entered) -> list[Entered]:
        """Note what is to be entered, and return all that has been there, or is to be."""
        known = vars(scheduler).setdefault("_ao_entered", [])
        known[:] = [one for one in known if one.event is None or one.event in scheduler._queue]
        known.append(entered)
        return known[:-1]  # type: ignore[no-any-return]

    @wrapped(cls, "enter")
    def enter(
        self: Any, delay: Any, priority: Any, *args: Any, original: Original, **kwargs: Any
    ) -> Any:
        if not is_clock(self.timefunc):
            return original(self, delay, priority, *args, **kwargs)
        entered = Entered(delay, priority, machine.current.tid)
        before = note(self, entered)
        if any(one.delay is None for one in before):
            refuse_mixture(machine)
        if any(
            one.tid != entered.tid or (delay, priority) < (one.delay, one.priority)
            for one in before
        ):
            machine.mark(
                "enters what comes before or after something else as the clock has it, and one "
                "order was explored: enter it with a longer delay, or give the scheduler a clock "
                "of the program's own"
            )
        ticks = self._ao_ticks = getattr(self, "_ao_ticks", 0) + 1
        relative.add(machine.current.tid)
        try:
            entered.event = original(self, delay + ticks * TICK, priority, *args, **kwargs)
        finally:
            relative.discard(entered.tid)
        return entered.event

    @wrapped(cls, "enterabs")
    def enterabs(self: Any, *args: Any, original: Original, **kwargs: Any) -> Any:
        tid = machine.current.tid
        if tid in relative or not is_clock(self.timefunc):
            return original(self, *args, **kwargs)
        entered = Entered(None, None, tid)
        if any(one.delay is not None for one in note(self, entered)):
            refuse_mixture(machine)
        entered.event = original(self, *args, **kwargs)
        return entered.event


def refuse_mixture(machine: Machine) -> None:
    """Refuse a scheduler that is told delays and moments."""
    machine.refuse(
        "which of the two comes first depends on what time it is: use enter() for both, or "
        "enterabs()"
    )


def is_clock(timefunc: Any) -> bool:
    """Whether a scheduler goes by a clock of the library, which nobody can foretell."""
    code = asked(timefunc, "__code__")
    return code is not None and of_tool(code)
