"""Witnesses: a schedule, replayed, with what each event did in words."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from anyorder.exploring.containers import TYPES
from anyorder.exploring.results import Step
from anyorder.exploring.search import unlike_itself

if TYPE_CHECKING:
    from anyorder.exploring.events import Event
    from anyorder.exploring.execution import Program
    from anyorder.exploring.machine import Machine, SimulatedThread

__all__ = ["NOTHING", "Recorder", "Replay"]

LONGEST = 60  # of a value's text
SIMPLE = {
    "acquire": "takes {}", "release": "lets go of {}", "locked": "looks whether {} is taken",
    "wait": "waits on {}, letting go of its lock", "wake": "is woken on {}, with its lock again",
    "wait ends": "waits no longer on {}", "reacquire": "takes {} again", "notify": "notifies {}",
    "set": "sets {}", "clear": "clears {}", "is_set": "asks whether {} is set",
    "wait for": "has waited for {}", "arrive": "arrives at {}", "leave": "leaves {}",
    "reset": "resets {}", "abort": "breaks {}", "put": "puts {1} into {0}", "get": "gets from {}",
    "task_done": "is done with an item of {}", "queue join": "has waited for all items of {}",
    "qsize": "asks for the size of {}", "empty": "asks whether {} is empty",
    "full": "asks whether {} is full", "shutdown": "shuts {} down",
    "result": "gets the result of {}",
    "exception": "gets the exception of {}", "cancelled": "asks whether {} is cancelled",
    "running": "asks whether {} runs", "done": "asks whether {} is done",
    "add_done_callback": "adds a callback to {}", "cancel": "cancels {}",
    "set_result": "gives {} its result", "set_exception": "gives {} an exception",
    "set_running_or_notify_cancel": "begins the work of {}", "is_alive": "asks whether {} is alive",
    "start": "starts {}", "join": "joins {}", "watch": "watches futures", "end": "ends",
    "exit": "ends the program", "spin": "goes round and round", "random": "draws a random number",
    "wait for threads": "waits for all threads", "enumerate": "lists the threads",
    "active_count": "counts the threads", "os._exit": "ends the process", "look": "looks at {}",
    "look up": "looks into the cache of {}", "keep": "keeps a result in the cache of {}",
    "next": "asks {} for the next item", "yield": "comes to the yield of {}",
}  # fmt: skip
SIGNALS = {
    "handler": "sets a signal handler", "interrupt": "interrupts the main thread",
    "arrival": "reaches the main thread",
}  # fmt: skip
NOTHING = "goes on"  # the words for a check of the main thread that finds no signal


class Replay:
    """A policy that follows a schedule.

    Args:
        schedule: the thread of each event in turn
    """

    def __init__(self, schedule: list[int]) -> None:
        self.schedule = schedule

    def choose(self, machine: Machine) -> SimulatedThread | None:
        """Return the thread that the schedule names, and ``None`` at its end."""
        step = len(machine.events)
        if step >= len(self.schedule):
            return None
        for thread in machine.threads:
            if thread.tid == self.schedule[step]:
                event = thread.event
                if event is not None and machine.can_happen(event):
                    return thread
        raise unlike_itself(machine)


class Recorder:
    """Puts the events of one execution into words as they happen.

    Args:
        program: the program that is executed; its machine is to have this recorder
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self.machine = program.machine
        self.steps: list[Step] = []
        self.open: tuple[Any, ...] | None = None

    def happened(self, event: Event) -> None:
        """Note an event that is about to be carried out, and close the one before."""
        self.close()
        line, column, frame = self.position()
        self.open = (event, line, column, self.words(event, frame))

    def close(self) -> None:
        """Finish the step of the last event, now that it has been carried out."""
        if self.open is None:
            return
        event, line, column, words = self.open
        self.open = None
        changed = self.changed(event)
        self.steps.append(
            Step(
                thread=event.thread.name,
                line=line,
                column=column,
                event=words() if callable(words) else words,
                stdout="".join(self.program.stdout.parts),
                changed=changed,
                locks=self.locks(),
                waiting=self.waiting(),
            )
        )

    def position(self) -> tuple[int, int | None, Any]:
        """Return the line and column that the program is at, and its frame."""
        frame: Any = sys._getframe(1)
        while frame is not None and frame.f_code.co_filename != self.program.name:
            frame = frame.f_back
        if frame is None:
            return 0, None, None
        place = list(frame.f_code.co_positions())[frame.f_lasti // 2]
        line = place[0] or frame.f_lineno
        return line, None if place[2] is None else place[2] + 1, frame

    # -- names ---------------------------------------------------------------------------------

    def name(self, thing: Any) -> str:
        """Return what the program calls an object, as far as a short search shows."""
        if isinstance(thing, self.program.library.threading.Thread):
            return str(thing.name)
        for name, value in self.program.names.items():
            if value is thing:
                return name
        for name, value in list(self.program.names.items()):
            found = self.inside(name, value, thing)
            if found:
                return found
        for known in list(self.program.accesses.labels.values()):
            owner = known[1]
            if owner is not thing and getattr(owner, "__dict__", None):
                for name, value in owner.__dict__.items():
                    if value is thing:
                        return f"{self.name(owner)}.{name}"
        kind = type(thing).__name__.lower().lstrip("_")
        kind = {"simplequeue": "queue", "pysimplequeue": "queue"}.get(kind, kind)
        return f"the {kind}"

    def inside(self, name: str, value: Any, thing: Any) -> str:
        """Return how an object is reached through one of the program's variables."""
        if type(value) in (list, tuple):
            for number, item in enumerate(value):
                if item is thing:
                    return f"{name}[{number}]"
        elif type(value) is dict:
            for key, item in value.items():
                if item is thing:
                    return f"{name}[{key!r}]"
        elif type(value).__module__ == "__main__" and not isinstance(value, type):
            for key, item in getattr(value, "__dict__", {}).items():
                if item is thing:
                    return f"{name}.{key}"
        return ""

    # -- words ---------------------------------------------------------------------------------

    def words(self, event: Event, frame: Any) -> Any:  # noqa: C901, PLR0911
        """Say what an event does; a function, where that shows once it has been carried out."""
        kind, about = event.kind, event.about
        if kind == "print":
            stream, text = about
            return f"prints {text!r}" + (" to stderr" if stream == "stderr" else "")
        if kind in {"read", "write", "delete"}:
            return self.variable(kind, about, frame)
        if kind in {"read item", "write item", "delete item"}:
            thing, key = about[:2]
            what = f"{self.name(thing)}[{key!r}]"
            if kind == "read item":
                value = shown(thing[key]) if self.has(thing, key) else "not there"
                return f"reads {what}: {value}"
            return (
                f"writes {what}: {shown(about[2])}" if kind == "write item" else f"deletes {what}"
            )
        if kind == "call":
            thing, method, args = about
            return f"calls {self.name(thing)}.{method}({', '.join(shown(arg) for arg in args)})"
        if kind == "contains":
            thing, item = about
            return f"looks for {item!r} in {self.name(thing)}"
        if kind == "iterate":
            thing, number = about
            return f"looks at {self.name(thing)} for item {number}"
        if kind == "look":
            thing = about[0]
            return (
                f"reads {self.name(thing)}: {shown(thing)}"
                if not isinstance(thing, str)
                else f"reads {thing}"
            )
        if kind in SIGNALS:
            return SIGNALS[kind]
        if kind == "check":
            return lambda: NOTHING if event.about is None else "is interrupted"
        if kind == "try":
            lock, blocking = about
            way = "tries for a while to take" if blocking else "tries to take"
            name = self.name(lock)
            free = (
                getattr(lock, "owner", None) is None if hasattr(lock, "owner") else lock._value > 0
            )
            return f"{way} {name}: {'gets it' if free else 'does not get it'}"
        if isinstance(about, tuple):
            return SIMPLE[kind].format(
                *(
                    self.name(about[0]) if not number else shown(part)
                    for number, part in enumerate(about)
                )
            )
        return (
            SIMPLE.get(kind, kind).format(self.name(about))
            if about is not None
            else SIMPLE.get(kind, kind)
        )

    def has(self, thing: Any, key: Any) -> bool:
        """Whether a container has an item."""
        try:
            thing[key]
        except (LookupError, TypeError):
            return False
        return True

    def variable(self, kind: str, about: tuple[Any, ...], frame: Any) -> str:
        """Say what happens to a variable or an attribute."""
        if isinstance(about[0], str) and len(about) <= 2:  # noqa: PLR2004 - a variable, and its value
            name = about[0]
            if kind == "write":
                return f"writes {name}: {shown(about[1])}"
            return f"reads {name}: {self.variable_now(name, frame)}"
        thing, attribute = about[:2]
        what = f"{self.name(thing)}.{attribute}"
        if kind == "write":
            return f"writes {what}: {shown(about[2])}"
        if kind == "delete":
            return f"deletes {what}"
        try:
            return f"reads {what}: {shown(getattr(thing, attribute))}"
        except AttributeError:
            return f"reads {what}: not there"

    def variable_now(self, name: str, frame: Any) -> str:
        """Return what a variable is now, in words."""
        if frame is not None and name in frame.f_locals:
            return shown(frame.f_locals[name])
        names = self.program.names
        return shown(names[name]) if name in names else "not there"

    def changed(self, event: Event) -> dict[str, str]:
        """Return the shared values that an event changed."""
        kind, about = event.kind, event.about
        if kind == "write":
            if isinstance(about[0], str):
                return {about[0]: shown(about[1])}
            return {f"{self.name(about[0])}.{about[1]}": shown(about[2])}
        if kind in {"write item", "delete item", "call"} and about is not None:
            thing = about[0]
            if type(thing) in TYPES:
                return {self.name(thing): shown(thing)}
        return {}

    def locks(self) -> dict[str, str]:
        """Return the locks that are held, with their holders."""
        return {
            self.name(lock): thread.name for thread in self.machine.threads for lock in thread.held
        }

    def waiting(self) -> dict[str, str]:
        """Return the threads that cannot go on, with what each waits for."""
        result = {}
        for thread in self.machine.threads:
            event = thread.event
            if event is not None and not thread.ended and not self.machine.can_happen(event):
                result[thread.name] = self.waits_for(event)
        return result

    def waits_for(self, event: Event) -> str:
        """Say what keeps an announced event from happening."""
        line = self.line_of(event.thread)
        at = f" (line {line})" if line else ""
        if event.waits is not None:
            return f"a change of what it reads{at}"
        about = event.about[0] if isinstance(event.about, tuple) else event.about
        what = self.name(about) if about is not None else "the others"
        if event.kind == "join":
            what = f"{what} to end"
        elif event.kind == "wake":
            what = f"{what} to be notified"
        return f"{what}{at}"

    def line_of(self, thread: SimulatedThread) -> int:
        """Return the line that a paused thread is at."""
        current = thread.greenlet
        frame = current.gr_frame if current is not None else None
        while frame is not None:
            if frame.f_code.co_filename == self.program.name:
                return int(frame.f_lineno)
            frame = frame.f_back
        return 0


def shown(value: Any) -> str:
    """Return a short text of a value."""
    if (
        type(value).__module__ in {"__main__", "threading"}
        and vars(type(value)).get("__repr__") is None
    ):
        return f"<{type(value).__name__}>"
    if callable(value) and hasattr(value, "__name__"):
        return str(value.__name__)
    text = repr(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
