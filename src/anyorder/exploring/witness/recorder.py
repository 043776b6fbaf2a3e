"""Witnesses: a schedule, replayed, with what each event did in words."""

from __future__ import annotations

import sys
from collections import OrderedDict
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol
from weakref import ReferenceType

from anyorder.exploring.attributes import attributes_of, class_has, is_a
from anyorder.exploring.engine.varying import told
from anyorder.exploring.frames import (
    own,
    program_frame,
    program_position,
    set_by_functions,
    variables,
)
from anyorder.exploring.modules import OWN_MODULES
from anyorder.exploring.results import Step
from anyorder.exploring.words import shown

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from types import FrameType

    from anyorder.exploring.engine.events import Event
    from anyorder.exploring.engine.machine import Machine
    from anyorder.exploring.engine.threads import SimulatedThread

__all__ = ["Recorder"]

# what a thread remembers is shown where no other thread can change it
UNCHANGING = (bool, bytes, complex, float, int, str, type(None))
DICTS: tuple[dict[Any, Any], ...] = ({}, OrderedDict())
VIEWS = {type(view) for made in DICTS for view in (made.keys(), made.values(), made.items())}
PARTS = {"_cond": "{}", "_lock": "the lock of {}"}  # of the library's own objects


class Executed(Protocol):
    """What is read of a program while it is executed."""

    @property
    def name(self) -> str:
        """Its file name."""

    @property
    def machine(self) -> Machine:
        """Where it runs."""

    def told(self, text: str) -> str:
        """Return a text as outcomes have it."""

    @property
    def names(self) -> dict[str, Any]:
        """Its global variables."""

    @property
    def labels(self) -> dict[int, tuple[Any, Any]]:
        """Its objects that have a label, each with that, by where they lie in memory."""

    @property
    def thread_class(self) -> type:
        """The class of its threads."""

    @property
    def containers(self) -> Collection[type]:
        """The classes of which an object is shown with what it holds."""

    @property
    def printed(self) -> str:
        """What it has printed so far."""


class Recorder:
    """Puts the events of one execution into words as they happen.

    Args:
        program: the program that is executed; its machine is to have this recorder
    """

    def __init__(self, program: Executed) -> None:
        self.program = program
        self.machine = program.machine
        self.file = program.machine.file
        self.steps: list[Step] = []
        self.open: tuple[Any, ...] | None = None
        # of each thread, by number, that has announced an event: the line that it is at, and, until
        # that event happens, what its own variables hold
        self.lines: dict[int, int] = {}
        self.kept: dict[int, dict[str, str]] = {}

    def announced(self, thread: SimulatedThread) -> None:
        """Note where the current thread is, and what it remembers, as it announces an event."""
        frame = program_frame({self.file})
        self.lines[thread.tid] = 0 if frame is None else frame.f_lineno
        self.kept[thread.tid] = self.remembers(frame)

    def happened(self, event: Event) -> None:
        """Note an event that is about to be carried out, and close the one before."""
        self.close()
        self.kept.pop(event.tid, None)
        line, column, _ = program_position({self.file})
        says = event.kind.says
        with self.apart():
            does = self.put(says, event) if is_a(says, str) else says(event, self)
            self.open = (event, line, column, does)

    @contextmanager
    def apart(self) -> Iterator[None]:
        """Let code of the program, such as ``__repr__``, be run for words and leave no trace."""
        sharing, thread = self.machine.sharing, self.machine.current
        before = sharing.touched, thread.made, thread.writes
        labels = self.program.labels
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
        event, line, column, does = self.open
        changes = event.kind.changes
        thread = self.machine.numbered[event.tid]
        self.open = None
        with self.apart():
            self.steps.append(
                Step(
                    thread=self.column(thread),
                    line=line,
                    column=column,
                    event=self.program.told(does if is_a(does, str) else does()),
                    stdout=self.program.printed,
                    changed={} if changes is None else changes(event, self),
                    locks=self.locks(),
                    waiting=self.waiting(),
                    remembers=self.kept.get(event.tid, {}),
                )
            )

    def column(self, thread: SimulatedThread) -> str:
        """Return the name under which the steps of a thread stand."""
        return thread.name

    # -- names ---------------------------------------------------------------------------------

    def name(self, thing: Any) -> str:
        """Return what the program calls an object, as far as a short search shows."""
        if issubclass(type(thing), self.program.thread_class):
            return str(thing.name)
        names = own(self.program.names)
        for name, value in names.items():
            if value is thing:
                return name
        for name, value in names.items():
            found = self.inside(name, value, thing)
            if found:
                return found
        for known in list(self.program.labels.values()):
            owner = known[1]() if is_a(known[1], ReferenceType) else known[1]
            if owner is not thing:
                for name, value in attributes_of(owner).items():
                    if value is thing:
                        return PARTS.get(name, f"{{}}.{name}").format(self.name(owner))
        return self.view(thing) or nameless(thing)

    def view(self, thing: Any) -> str:
        """Return how a view is reached through the dict that it shows, where it is one."""
        _, known = self.program.labels.get(id(thing), (None, None))
        if type(thing) not in VIEWS or known is None:
            return ""
        return f"{self.name(known[1])}.{type(thing).__name__.rpartition('_')[2]}()"

    def inside(self, name: str, value: Any, thing: Any) -> str:
        """Return how an object is reached through one of the program's variables."""
        if type(value) in (list, tuple, dict):
            for key, item in value.items() if type(value) is dict else enumerate(value):
                if item is thing:
                    return f"{name}[{key!r}]"
        elif not issubclass(type(value), type):
            for key, item in attributes_of(value).items():
                if item is thing and type(value).__module__ in OWN_MODULES:
                    return f"{name}.{key}"
                if item is thing and is_lock(thing):  # of a pool, say
                    return f"the lock of {name}"
        return ""

    # -- words ---------------------------------------------------------------------------------

    def put(self, said: str, event: Event) -> str:
        """Put the names of what an event is about into a sentence."""
        about = event.about
        first, *values = about if is_a(about, tuple) else (about,)
        return said.format(self.name(first), *map(shown, values)) if "{" in said else said

    def variable(self, name: str) -> str:
        """Return what a variable is now where the program is, in words."""
        _, _, frame = program_position({self.file})
        names = {} if frame is None else variables(frame)
        if name not in names:
            names = self.program.names
            module, _, inside = name.rpartition(".")
            if module in sys.modules and module in OWN_MODULES:
                name, names = inside, vars(sys.modules[module])
        return shown(names[name]) if name in names else "not there"

    def contents(self, thing: Any) -> dict[str, str]:
        """Return what is in a container, by its name, and nothing for any other object."""
        return {self.name(thing): shown(thing)} if type(thing) in self.program.containers else {}

    def locks(self) -> dict[str, str]:
        """Return the locks that are held, with their holders."""
        return {
            self.name(lock): self.column(thread)
            for thread in self.machine.threads
            for lock in thread.held
        }

    def remembers(self, frame: FrameType | None) -> dict[str, str]:
        """Return the values that a thread's own variables hold, unless others can change them."""
        return {
            name: shown(value)
            for name, value in set_by_functions(frame, self.file).items()
            if type(value) in UNCHANGING
        }

    def waiting(self) -> dict[str, str]:
        """Return the threads that cannot go on, with what each waits for."""
        result = {}
        for thread in self.machine.threads:
            event = thread.event
            if event is not None and not thread.ended and not self.machine.can_happen(event):
                waits = self.waits_for(event)
                if waits is not None:
                    result[self.column(thread)] = waits
        return result

    def waits_for(self, event: Event) -> str | None:
        """Say what keeps an announced event from happening; nothing where its process has ended."""
        waits = event.kind.waits
        if event.waits is not None and event.waits.says is not None:
            waits = event.waits.says
        if waits is None:
            return None
        what = self.put(waits, event) if is_a(waits, str) else waits(event, self)
        line = self.lines.get(event.tid)
        if line:
            what = f"{what} (line {line})"
        about = event.about[0] if is_a(event.about, tuple) else event.about
        thread = self.machine.numbered[event.tid]
        if any(about is lock for lock in thread.held):
            return f"{what}, which {self.column(thread)} already holds"
        return what


def is_lock(thing: Any) -> bool:
    """Tell whether an object is a lock, of which it is known who makes it."""
    return class_has(type(thing), "_maker")


def nameless(thing: Any) -> str:
    """Return what to call an object that the program has no name for."""
    if is_lock(thing) and thing._maker not in OWN_MODULES:
        return f"the lock of {thing._maker}"
    kind = type(thing).__name__.lower().lstrip("_")
    kind = {"simplequeue": "queue", "pysimplequeue": "queue"}.get(kind, kind)
    return f"the {kind}"
