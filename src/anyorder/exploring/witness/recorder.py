"""Witnesses: a schedule, replayed, with what each event did in words."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from anyorder.exploring.accesses.finding import CONTAINERS
from anyorder.exploring.engine.machine import BORN
from anyorder.exploring.engine.scheduling import program_position
from anyorder.exploring.engine.varying import told
from anyorder.exploring.results import Step
from anyorder.exploring.rewriting.nodes import PREFIX
from anyorder.exploring.witness.words import (
    ANSWERS,
    FOR_A_WHILE,
    PARTS,
    SIGNALS,
    SIMPLE,
    WAITS,
    attributes_of,
)
from anyorder.exploring.words import NOTHING, printed, printed_to_stderr, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from anyorder.exploring.engine.events import Event
    from anyorder.exploring.engine.machine import SimulatedThread
    from anyorder.exploring.program import Program

__all__ = ["Recorder"]


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
        line, column, frame = program_position(self.program.name)
        with self.apart():
            self.open = (event, line, column, self.words(event, frame))

    @contextmanager
    def apart(self) -> Iterator[None]:
        """Let code of the program, such as ``__repr__``, be run for words and leave no trace."""
        sharing, thread = self.program.sharing, self.machine.current
        before = sharing.touched, thread.made, thread.writes
        labels = self.program.accesses.labels
        known = set(labels)
        sharing.touched = {}
        try:
            with told(), self.machine.atomically():
                yield
        finally:
            sharing.touched, thread.made, thread.writes = before
            for number in labels.keys() - known:
                del labels[number]  # the program has yet to name it

    def close(self) -> None:
        """Finish the step of the last event, now that it has been carried out."""
        if self.open is None:
            return
        event, line, column, words = self.open
        self.open = None
        with self.apart():
            self.steps.append(
                Step(
                    thread=self.column(event.thread),
                    line=line,
                    column=column,
                    event=words() if callable(words) else words,
                    stdout="".join(self.program.stdout.parts),
                    changed=self.changed(event),
                    locks=self.locks(),
                    waiting=self.waiting(),
                )
            )

    def column(self, thread: SimulatedThread) -> str:
        """Return the name under which the steps of a thread stand."""
        return thread.name

    # -- names ---------------------------------------------------------------------------------

    def name(self, thing: Any) -> str:
        """Return what the program calls an object, as far as a short search shows."""
        if issubclass(type(thing), self.program.library.threading.Thread):
            return str(thing.name)
        names = {
            name: value for name, value in self.program.names.items() if not name.startswith(PREFIX)
        }
        for name, value in names.items():
            if value is thing:
                return name
        for name, value in names.items():
            found = self.inside(name, value, thing)
            if found:
                return found
        for known in list(self.program.accesses.labels.values()):
            owner = known[1]
            if owner is not thing:
                for name, value in attributes_of(owner).items():
                    if value is thing:
                        return PARTS.get(name, f"{{}}.{name}").format(self.name(owner))
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
        elif type(value).__module__ == "__main__" and not issubclass(type(value), type):
            for key, item in attributes_of(value).items():
                if item is thing:
                    return f"{name}.{key}"
        return ""

    # -- words ---------------------------------------------------------------------------------

    def words(self, event: Event, frame: Any) -> Any:  # noqa: C901, PLR0911, PLR0912
        """Say what an event does; a function, where that shows once it has been carried out."""
        kind, about = event.kind, event.about
        if kind == "print":
            stream, text = about
            if stream == "stderr":
                return printed_to_stderr(text, self.program.name)
            return f"prints {printed(text)}"
        if kind in {"read", "write", "delete"}:
            return self.variable(kind, about, frame)
        if kind in {"read item", "write item", "delete item"}:
            thing, key = about[:2]
            what = f"{self.name(thing)}[{key!r}]"
            if kind == "read item":
                value = shown(self.item(thing, key)) if self.has(thing, key) else "not there"
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
            return f"looks for item {number} of {self.name(thing)}"
        if kind == "look":
            told = [one if type(one) is str else f"{self.name(one)}: {shown(one)}" for one in about]
            return f"reads {', '.join(told)}"
        if kind == "start" and getattr(about, "_ao_starts", False):
            kind = "start again"
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
        if kind in {"get", "put"}:
            return lambda: self.of_a_queue(event)
        if kind in ANSWERS and all(place == (BORN, event.tid) for place, _ in event.gates):
            return self.answered(kind, about)
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

    def of_a_queue(self, event: Event) -> str:
        """Say what was put into a queue, or what came out of it, if anything."""
        queue, *item = event.about
        if event.in_vain:
            what = SIMPLE[f"{event.kind} in vain"]
        else:  # an item from another process is known once it is loaded, which may take events
            what = SIMPLE[event.kind] if item else "gets an item from {}"
        return what.format(self.name(queue), *map(shown, item))

    def answered(self, kind: str, about: Any) -> str:
        """Say what a thread asks or waits for a while, and what it is told."""
        name, answer = self.name(about), ANSWERS[kind](about)
        if kind in FOR_A_WHILE:
            return FOR_A_WHILE[kind].format(name) + ("" if answer else ": the time is up")
        return f"{SIMPLE[kind].format(name)}: {'yes' if answer else 'no'}"

    def has(self, thing: Any, key: Any) -> bool:
        """Whether a container has an item, without making one that is missing."""
        if isinstance(thing, dict):
            return key in thing
        try:
            thing[key]
        except (LookupError, TypeError):
            return False
        return True

    def item(self, thing: Any, key: Any) -> Any:
        """Return an item of a container, without running any code of its class."""
        cls: Any
        for cls in (dict, list):
            if isinstance(thing, cls):
                return cls.__getitem__(thing, key)
        return thing[key]

    def variable(self, kind: str, about: tuple[Any, ...], frame: Any) -> str:
        """Say what happens to a variable or an attribute."""
        if type(about[0]) is str and len(about) <= 2:  # noqa: PLR2004 - a variable, and its value
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
        look: Any = type if issubclass(type(thing), type) else object
        try:  # without running any code of its class
            return f"reads {what}: {shown(look.__getattribute__(thing, attribute))}"
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
            if type(about[0]) is str:
                return {about[0]: shown(about[1])}
            return {f"{self.name(about[0])}.{about[1]}": shown(about[2])}
        if kind in {"write item", "delete item", "call"} and about is not None:
            thing = about[0]
            if type(thing) in CONTAINERS:
                return {self.name(thing): shown(thing)}
        return {}

    def locks(self) -> dict[str, str]:
        """Return the locks that are held, with their holders."""
        return {
            self.name(lock): self.column(thread)
            for thread in self.machine.threads
            for lock in thread.held
        }

    def waiting(self) -> dict[str, str]:
        """Return the threads that cannot go on, with what each waits for."""
        result = {}
        for thread in self.machine.threads:
            event = thread.event
            if event is not None and not thread.ended and not self.machine.can_happen(event):
                result[self.column(thread)] = self.waits_for(event)
        return result

    def waits_for(self, event: Event) -> str:
        """Say what keeps an announced event from happening."""
        line = self.line_of(event.thread)
        at = f" (line {line})" if line else ""
        if event.waits is not None:
            return f"a change of what it reads{at}"
        about = event.about[0] if isinstance(event.about, tuple) else event.about
        name = "" if about is None else self.name(about)
        what = WAITS.get(event.kind, "{}").format(name) or "the others"
        if event.kind == "wake" and self.machine.counters[event.gates[-1][0]]:
            what = self.name(about._lock)  # it has been notified
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
