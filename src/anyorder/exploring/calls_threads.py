"""The calls of threads: how they begin and end, and what others can ask of that.

To its starter, a thread begins in one step (``calls`` says why). Others may find it in three: from
``start`` on it is counted and listed; it gets its number and is alive a little later, before
anything of the program's; and it takes its place in the list after that. It ends in two: it leaves
the list, and is alive no more. Each of these is an event only where another thread has looked at it
in no fixed order (see ``sharing``).
"""

from __future__ import annotations

import functools
import sys
from typing import TYPE_CHECKING, Any

from anyorder.exploring.events import READ, WRITE, Footprint, Mode, attempted
from anyorder.exploring.machine import ENDED
from anyorder.exploring.wrapping import Original, by_number, counting, hidden, wrapped

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from anyorder.exploring.events import Place
    from anyorder.exploring.machine import Machine

__all__ = ["starting_calls", "thread_calls"]

BEGUN = "begun"  # the place (thread, "begun") says that a thread has its number and is alive


def starting_calls(machine: Machine, module: ModuleType) -> None:
    """Make the start of a thread an event, and give the thread its name."""
    without_bookkeeping(module)
    timer: Any = module.Timer

    @wrapped(module.Thread, "start")
    def start(self: Any, *, original: Original) -> None:
        if self._initialized and not self._started._flag and not hasattr(self, "_ao_place"):
            machine.happen("start", (), about=self)
        machine.pending.append(self)
        try:
            original(self)
        finally:
            machine.pending.pop()

    @wrapped(module.Thread, "_bootstrap")
    def begin(self: Any, *, original: Original) -> None:
        self._ao_thread = machine.current
        machine.current.name = self._name
        self._target = machine.follow(self._target)
        if isinstance(self, timer):
            self.function = machine.follow(self.function)
        original(self)


def without_bookkeeping(module: Any) -> None:
    """Leave out what ``threading`` keeps for the end of the interpreter and for a fork.

    The machine does both itself, and nobody else reads it: a weak set of all threads, and up to
    Python 3.12 a set of the locks that threads hold as long as they live.
    """

    class Forgetting:
        add = staticmethod(lambda _: None)

    module._dangling = Forgetting()
    if hasattr(module, "_shutdown_locks"):
        module._shutdown_locks = Forgetting()
        module._maintain_shutdown_locks = lambda: None


def thread_calls(machine: Machine, module: Any) -> None:
    """Make the calls of ``Thread`` events, and what others can see of its life."""
    starting_calls(machine, module)
    hidden(machine, module.Thread, "__init__")
    number = counting(machine, "thread", lambda: int(module._counter()))
    module._newname = lambda name: name % number()
    module.Thread.__hash__ = by_number
    beginning_calls(machine, module)
    asking_calls(machine, module)
    attribute_calls(machine, module)
    listing_calls(machine, module)


def number_of(machine: Machine) -> Place:
    """Return the place that says how many threads the current process has."""
    return ("threads", machine.current.home, "number")


def list_of(machine: Machine) -> Place:
    """Return the place that says which threads the current process lists, in which order."""
    return ("threads", machine.current.home, "list")


def touched(machine: Machine, place: Place, mode: Mode) -> Footprint:
    """Return what an access to a place touches: nothing, as long as it is not shared."""
    return ((place, mode),) if machine.sharing.touch(place, mode) else ()


def listed_as(machine: Machine, place: Place, mode: Mode) -> Footprint:
    """Return what a change of the list of threads touches: nothing, as long as nobody lists them."""
    return touched(machine, place, mode) if machine.facts.lists else ()


def beginning_calls(machine: Machine, module: Any) -> None:
    """Make events of how a thread begins."""
    happen = machine.happen

    @wrapped(module.Thread, "start")
    def start(self: Any, *, original: Original) -> None:
        if not self._initialized:
            original(self)  # which says what is wrong
        place = self._ao_place
        first = (place, "start")
        shared = machine.sharing.touch(first, WRITE)
        if shared or not is_started(self):
            listed: Footprint = ()
            if machine.facts.lists:
                listed = touched(machine, number_of(machine), "changes")
                begins = touched(machine, list_of(machine), "begins")
                listed += tuple((one, WRITE) for one, _ in begins)
            event = happen("start", ((first, WRITE), *listed), about=self)
            if first in machine.sharing.places:
                machine.unfollowed = (
                    "threads start one and the same thread, which takes several steps inside of "
                    "the library: not all that may come of it is followed"
                )
                left = int(not is_started(self))
                attempted(event, first, first, left)
                event.effects += ((first, False, -left),)
        if is_started(self):
            raise RuntimeError("threads can only be started once")
        self._ao_starts = True
        self._started._ao_begins = self
        original(self)
        machine.current.clock[self._ao_thread.tid] = 0  # it knows what the thread did to begin

    @wrapped(module.Thread, "_bootstrap")
    def begin(self: Any, *, original: Original) -> None:
        thread = machine.current
        thread.shown = self._ao_place
        begun = (self._ao_place, BEGUN)
        self._ao_thread, thread.name = thread, self._name
        if machine.sharing.touch(begun, WRITE):
            happen("begin", ((begun, WRITE),), (), ((begun, True, 1),))
        thread.epoch += 1
        original(self)

    @wrapped(module.Event, "wait")
    def wait(self: Any, timeout: float | None = None, *, original: Original) -> bool:
        begins = getattr(self, "_ao_begins", None)
        if begins is not None and not self._flag:
            begun = (begins._ao_place, BEGUN)
            happen("begun", ((begun, READ),), ((begun, 1),), about=begins)
        return bool(original(self, timeout))


def is_started(thread: Any) -> bool:
    """Whether anybody has called ``start`` of a thread; that of the main thread needs none."""
    return getattr(thread, "_ao_starts", False) or thread._started._flag


def asking_calls(machine: Machine, module: Any) -> None:  # noqa: C901
    """Make events of what can be asked of one thread."""
    happen, cls = machine.happen, module.Thread

    def of_others(self: Any) -> bool:
        thread, here = self.__dict__.get("_ao_thread"), machine.current
        return thread is None or (thread is not here and thread.home == here.home)

    def asked(self: Any, kind: str, *whats: str, always: bool = False) -> None:
        """Make an event of looking at a thread of others, where any of that is shared."""
        if machine.current.atomic:
            return  # it is a part of another look
        places = [(self._ao_place, what) for what in whats]
        shared = [machine.sharing.touch(place, READ) for place in places]
        if any(shared) or always:
            happen(kind, tuple((place, READ) for place in places), about=self)

    @wrapped(cls, "join")
    def join(self: Any, timeout: float | None = None, *, original: Original) -> None:
        if not self._initialized or not of_others(self):
            original(self, timeout)  # which says what is wrong
            return
        asked(self, "has begun", BEGUN)
        if not self._started._flag:
            original(self, timeout)  # which says what is wrong
            return
        thread = self._ao_thread
        place = (ENDED, thread.tid)
        if timeout is None:
            happen("join", ((place, READ),), ((place, 1),), about=self)
        else:
            shown = touched(machine, (self._ao_place, ENDED), READ)
            happen("join", ((place, READ), *shown), about=self)
            if not thread.over:
                machine.current.local_time += max(timeout, 0)
                return
        machine.joined(thread)
        original(self)

    @wrapped(cls, "is_alive")
    def is_alive(self: Any, *, original: Original) -> bool:
        if not of_others(self):
            return bool(original(self))
        asked(self, "is_alive", BEGUN, ENDED, always=hasattr(self, "_ao_thread"))
        if self._started._flag and not self._ao_thread.over:
            return True
        if self._started._flag:
            machine.joined(self._ao_thread)
        return bool(original(self))

    @wrapped(cls, "__repr__")
    def show(self: Any, *, original: Original) -> str:
        if self._initialized:
            for name in ("name", "daemon"):
                machine.attribute(self, name)
            if of_others(self):
                asked(self, "repr", BEGUN, ENDED)
        machine.current.atomic += 1
        try:
            return str(original(self))
        finally:
            machine.current.atomic -= 1

    def asking(name: str) -> property:
        get = getattr(cls, name).fget

        def look(self: Any) -> Any:
            if self._initialized and of_others(self):
                asked(self, name, BEGUN)
            number = get(self)
            if number is None:
                return None
            return machine.varied.number(number, "the number of a thread", "use its name")

        return property(look)

    for name in ("ident", "native_id"):
        setattr(cls, name, asking(name))


def attribute_calls(machine: Machine, module: Any) -> None:
    """Let what the library's own code does with an attribute be followed as the program's is."""

    def follow(name: str) -> None:
        """Follow what methods from before an attribute do with it for the program."""
        followed = f"_ao_{name}"
        look = property(
            lambda self: machine.attribute(self, name),
            lambda self, value: machine.set_attribute(value, self, name),
        )
        setattr(module.Thread, followed, look)
        for old in (f"get{name.title()}", f"set{name.title()}", f"is{name.title()}"):
            function = vars(module.Thread).get(old)
            if function is not None:  # its frame is to be its own, since it warns of itself
                names = function.__code__.co_names
                function.__code__ = function.__code__.replace(
                    co_names=tuple(followed if one == name else one for one in names)
                )

    for name in ("daemon", "name"):
        follow(name)

    @wrapped(module.Timer, "run")
    def run(self: Any, *, original: Original) -> None:  # noqa: ARG001 - it is done here
        read = machine.attribute
        self.finished.wait(read(self, "interval"))
        if not self.finished.is_set():
            read(self, "function")(*read(self, "args"), **read(self, "kwargs"))
        self.finished.set()


def listing_calls(machine: Machine, module: Any) -> None:  # noqa: C901
    """Make events of looking at all threads, and of what that may find."""

    class Active(dict[int, Any]):
        """The threads that have begun, in the order in which they are listed."""

        def __setitem__(self, number: int, thread: Any) -> None:
            if not machine.current.hiding:  # else it is a main thread
                listed = listed_as(machine, list_of(machine), "begins")
                if isinstance(thread, dummy):
                    listed += listed_as(machine, number_of(machine), "begins")
                if listed:
                    machine.happen("listed", tuple((place, WRITE) for place, _ in listed))
            super().__setitem__(number, thread)

    dummy: type = module._DummyThread
    module._active = Active(module._active)

    @wrapped(dummy, "__init__")
    def make_dummy(self: Any, *, original: Original) -> None:
        original(self)
        self._ao_thread = machine.current
        machine.current.shown = self._ao_place

    def forget_at_end(thread: Any) -> None:
        machine.current.on_end.append(lambda: module._active.pop(thread._ident, None))

    if hasattr(module, "_DeleteDummyThreadOnDel"):  # from 3.12 on; it waits to be collected
        module._DeleteDummyThreadOnDel = forget_at_end

    @wrapped(module.Thread, "_delete")
    def leave(self: Any, *, original: Original) -> None:
        listed = listed_as(machine, number_of(machine), "changes")
        listed += listed_as(machine, list_of(machine), "ends")
        if listed:
            machine.happen("unlisted", listed)
        original(self)

    def looking(name: str, place_of: Callable[[Machine], Place]) -> None:
        original = getattr(module, name)

        @functools.wraps(original)
        def call() -> Any:
            machine.learn("lists")
            place = place_of(machine)
            machine.sharing.touch(place, READ)
            machine.happen(name, ((place, READ),))
            if any(isinstance(one, dummy) for one in module._active.values()):
                machine.refuse(
                    f"threading.{name}() finds a thread that _thread has started, which is not "
                    "followed: start it by threading.Thread"
                )
            return original()

        setattr(module, name, call)

    looking("enumerate", list_of)
    looking("active_count", number_of)
