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
from contextvars import copy_context
from types import MethodType
from typing import TYPE_CHECKING, Any

from anyorder.exploring.attributes import is_a
from anyorder.exploring.engine.alike import enter
from anyorder.exploring.engine.events import (
    READ,
    WRITE,
    EventKind,
    Footprint,
    Mode,
    Role,
    attempted,
)
from anyorder.exploring.engine.threads import BEGUN, ENDED
from anyorder.exploring.library.wrapping import (
    REPR,
    Original,
    asks,
    by_number,
    counting,
    goes_through,
    hidden,
    wait_in_vain,
    waits_a_while,
    wrapped,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextvars import Context
    from types import ModuleType

    from anyorder.exploring.engine.events import Event, Place, Teller
    from anyorder.exploring.engine.machine import Machine

__all__ = ["BEGIN", "Entering", "starting_calls", "thread_calls"]


def starts(event: Event, teller: Teller) -> str:
    """Say that a thread is started, or that it is tried once more."""
    again = ", which has been started" if getattr(event.about, "_ao_starts", False) else ""
    return f"starts {teller.name(event.about)}{again}"


START = EventKind("start", says=starts, waits=None, whole=False, role=Role.STARTS)
# only that of a process has to wait for it
BEGIN = EventKind("begin", says="begins", waits="its turn to begin", whole=False)
WAIT_TO_BEGIN = EventKind(
    "begun", says="waits until {} has begun", waits="{} to begin", whole=False
)
HAS_BEGUN = EventKind("has begun", says="asks whether {} has begun", waits=None, whole=False)
JOIN = EventKind("join", says="joins {}", waits="{} to end", whole=True, role=Role.JOINS)
JOIN_A_WHILE = EventKind(
    "join a while",
    says=waits_a_while("waits a while for {} to end", lambda thread: thread._ao_thread.over),
    waits=None,
    whole=True,
)
IS_ALIVE = EventKind(
    "is_alive",
    says=asks(
        "asks whether {} is alive",
        lambda thread: thread._started._flag and not thread._ao_thread.over,
    ),
    waits=None,
    whole=True,
)
IDENT = EventKind("ident", says="asks for the number of {}", waits=None, whole=False)
LISTED = EventKind("listed", says="takes its place in the list of threads", waits=None, whole=False)
UNLISTED = EventKind("unlisted", says="leaves the list of threads", waits=None, whole=False)
ENUMERATE = EventKind("enumerate", says="lists the threads", waits=None, whole=False)
ACTIVE_COUNT = EventKind("active_count", says="counts the threads", waits=None, whole=False)


def starting_calls(machine: Machine, module: ModuleType) -> None:
    """Make the start of a thread an event, and give the thread its name."""
    without_bookkeeping(module)

    @wrapped(module.Thread, "start")
    def start(self: Any, *, original: Original) -> None:
        if self._initialized and not self._started._flag:
            machine.happen(START, (), about=self)
        begin(machine, self, original)

    @wrapped(module.Thread, "_bootstrap")
    def bootstrap(self: Any, *, original: Original) -> None:
        follow(machine, self)
        original(self)


def begin(machine: Machine, thread: Any, start: Original) -> None:
    """Let the library begin a thread, which the machine is to know."""
    if getattr(thread, "_context", None) is not None:  # it was given one
        thread._context = Entering(machine, thread._context)
    elif hasattr(thread, "_context"):
        thread._ao_lent = lent(machine)
    machine.pending.append(thread)
    try:
        start(thread)
    finally:
        machine.pending.pop()


def lent(machine: Machine) -> tuple[Any, ...]:
    """Return the contexts that a new thread begins with on builds on which it does.

    From 3.14 on these are free-threaded builds, and others with a flag. Who reads a variable of
    theirs is refused (see ``ContextVars``). A context of ``decimal`` is read unseen.
    """
    if getattr(sys.flags, "thread_inherit_context", False):
        return ()
    contexts = (copy_context(), *machine.current.lent)
    numbers: Any = sys.modules.get("decimal")
    kept = {variable: one[variable] for one in reversed(contexts) for variable in one}
    for value in kept.values() if numbers else ():
        if is_a(value, numbers.Context) and rounding(value) != rounding(numbers.DefaultContext):
            machine.refuse(
                "whether a new thread begins with the decimal context of the one that starts it "
                "differs from build to build since Python 3.14: set it in each thread, by "
                "decimal.localcontext, say, and start threads outside of that"
            )
    return contexts


def begin_with(machine: Machine, thread: Any, lent: tuple[Context, ...]) -> None:
    """Note the contexts that a thread begins with on some builds.

    Where there is one of ``decimal`` among them, so is the one that it begins with on all others.
    """
    numbers: Any = sys.modules.get("decimal")
    values = (value for context in lent for value in context.values())
    if numbers and any(is_a(value, numbers.Context) for value in values):
        thread._context.run(numbers.getcontext)
        lent = (thread._context.copy(), *lent)
    machine.current.lent = lent


def rounding(context: Any) -> list[Any]:
    """Return what a context of ``decimal`` says of results."""
    names = ("prec", "rounding", "Emin", "Emax", "capitals", "clamp", "traps")
    return [getattr(context, name) for name in names]


def follow(machine: Machine, thread: Any) -> None:
    """Give the thread that begins its name, and let what it calls be followed."""
    thread._ao_thread = machine.current
    begin_with(machine, thread, thread.__dict__.pop("_ao_lent", ()))
    machine.current.name = thread._name
    thread._target = machine.follow(thread._target)
    thread._args = machine.spread(thread._args)
    thread._kwargs = machine.spread_named(thread._kwargs)


def is_plain(machine: Machine, thread: Any, module: Any) -> bool:
    """Whether nothing but its function and its arguments says what a thread that begins does."""
    return (
        type(thread) is module.Thread
        and not machine.patched
        and "run" not in thread.__dict__
        and type(thread._args) is tuple
        and type(thread._kwargs) is dict
        and not is_a(thread.__dict__.get("_context"), Entering)
        and not getattr(sys.flags, "thread_inherit_context", False)
    )


def work_of(thread: Any) -> tuple[Any, ...]:
    """Return what a thread carries out: the parts of its function, and the arguments."""
    target = thread._target
    parts = (target.__func__, target.__self__) if type(target) is MethodType else (target,)
    named = (one for item in thread._kwargs.items() for one in item)
    return *parts, len(thread._args), *thread._args, *named


class Entering:
    """The context in which a thread runs, from 3.14 on: others may have been given it too."""

    def __init__(self, machine: Machine, context: Any) -> None:
        self.machine = machine
        self.context = context

    def run(self, call: Callable[[], object]) -> None:
        """Run what the thread does, in the context."""
        self.machine.look(self.context)
        self.context.run(call)


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
    for cls in (module.Thread, module.Timer):
        goes_through(machine, cls, "__init__")
    without_bookkeeping(module)
    hidden(machine, module.Thread, "__init__")
    number = counting(machine, "thread", lambda: int(module._counter()))
    module._newname = lambda name: name % number()
    module.Thread.__hash__ = by_number
    identity_calls(machine, module)
    beginning_calls(machine, module)
    running_calls(machine, module)
    joining_calls(machine, module)
    asking_calls(machine, module)
    attribute_calls(machine, module)
    listing_calls(machine, module)


def number_of(machine: Machine) -> Place:
    """Return the place that says how many threads the current process has."""
    return ("threads", machine.current.home, "number")


def list_of(machine: Machine) -> Place:
    """Return the place that says which threads the current process lists, in which order."""
    return ("threads", machine.current.home, "list")


def listed(machine: Machine, what: str, mode: Mode, *, counts: bool = True) -> Footprint:
    """Return what a change of the list of threads touches: nothing, as long as nobody looks.

    Args:
        machine: where the threads run
        what: the change; those of one kind do not make the list shared among themselves
        mode: how it touches the list
        counts: whether there are more threads then, or fewer
    """
    if not machine.facts.lists:
        return ()
    touch, number, order = machine.touch, number_of(machine), list_of(machine)
    footprint: Footprint = ()
    if counts and touch(number, "changes"):
        footprint = ((number, "changes"),)
    if touch(order, what):
        footprint += ((order, mode),)
    return footprint


def beginning_calls(machine: Machine, module: Any) -> None:  # noqa: C901
    """Make events of how a thread begins."""
    happen, facts = machine.happen, machine.facts

    @wrapped(module.Thread, "start")
    def start(self: Any, *, original: Original) -> None:
        if not self._initialized:
            original(self)  # which says what is wrong
        if is_started(self):
            machine.learn("asks")
        first = (self._ao_place, "start")
        shared = facts.asks and machine.touch(first, WRITE)
        if shared or not is_started(self):
            event = happen(START, ((first, WRITE), *listed(machine, "begins", WRITE)), about=self)
            if shared:
                left = int(not is_started(self))
                attempted(event, first, first, left)
                event.effects += ((first, False, -left),)
        if is_started(self):
            if self.__dict__.get("_ao_starter", machine.current.tid) != machine.current.tid:
                machine.unfollowed = (
                    "threads start one and the same thread, which takes several steps inside of "
                    "the library: not all that may come of it is followed"
                )
            raise RuntimeError("threads can only be started once")
        self._ao_starts, self._ao_starter = True, machine.current.tid
        self._started._ao_begins = self
        begin(machine, self, original)
        machine.dropping.watch(self)
        machine.current.clock[self._ao_thread.tid] = 0  # it knows what the thread did to begin

    @wrapped(module.Thread, "_bootstrap")
    def bootstrap(self: Any, *, original: Original) -> None:
        thread = machine.current
        if is_plain(machine, self, module):
            enter(machine, work_of(self))
        follow(machine, self)
        thread.shown = self._ao_place
        if facts.asks:
            begun = (self._ao_place, BEGUN)
            if machine.touch(begun, WRITE):
                happen(BEGIN, ((begun, WRITE),), (), ((begun, True, 1),))
        thread.epoch += 1
        original(self)

    @wrapped(module.Event, "wait")
    def wait(self: Any, timeout: float | None = None, *, original: Original) -> bool:
        if not self._flag and "_ao_begins" in self.__dict__:
            thread = self._ao_begins
            begun = (thread._ao_place, BEGUN)
            happen(WAIT_TO_BEGIN, ((begun, READ),), ((begun, 1),), about=thread)
        return bool(original(self, timeout))


def running_calls(machine: Machine, module: Any) -> None:
    """Refuse the work of a thread where two threads do it, of which the library makes no order."""

    @wrapped(module.Thread, "run")
    def run(self: Any, *, original: Original) -> None:
        here = machine.current
        tid, epoch = self.__dict__.setdefault("_ao_runs", (here.tid, here.epoch))
        if tid != here.tid and epoch > here.clock.get(
            tid, -1
        ):  # neither starts nor joins order them
            machine.refuse(
                "two threads may do the work of one Thread object at once, and whichever is done "
                "takes its function away from the other: call start() alone"
            )
        original(self)


def identity_calls(machine: Machine, module: Any) -> None:
    """Note when a thread asks which one it is."""
    original = module.current_thread

    @functools.wraps(original)
    def current_thread() -> Any:
        machine.asks_who_it_is()
        return original()

    module.current_thread = current_thread


def is_started(thread: Any) -> bool:
    """Whether anybody has called ``start`` of a thread; that of the main thread needs none."""
    return getattr(thread, "_ao_starts", False) or thread._started._flag


def of_others(machine: Machine, thread: Any) -> bool:
    """Whether a thread's object is that of another one than the current, in the same process.

    One that had begun in the process that this one was forked from is nobody's here.
    """
    one, here = thread.__dict__.get("_ao_thread"), machine.current
    if one is None:
        return not thread._started._flag
    return one is not here and one.home == here.home


def asked(
    machine: Machine, thread: Any, kind: EventKind, *parts: str, always: bool = False
) -> None:
    """Make an event of looking at a thread of others, where any of that is shared."""
    if machine.current.atomic:
        return  # it is a part of another look
    machine.learn("asks")
    places = [(thread._ao_place, what) for what in parts]
    shared = [machine.touch(place, READ) for place in places]
    if any(shared) or always:
        machine.happen(kind, tuple((place, READ) for place in places), about=thread)


def joining_calls(machine: Machine, module: Any) -> None:
    """Make an event of waiting for a thread to end."""
    happen = machine.happen

    @wrapped(module.Thread, "join")
    def join(self: Any, timeout: float | None = None, *, original: Original) -> None:
        if not self._initialized or not of_others(machine, self):
            original(self, timeout)  # which says what is wrong
            return
        thread = self.__dict__.get("_ao_thread")
        if thread is None or thread.tid not in machine.current.clock:  # it may not have begun yet
            asked(machine, self, HAS_BEGUN, BEGUN)
        if not self._started._flag:
            original(self, timeout)  # which says what is wrong
            return
        thread = self._ao_thread
        place = (ENDED, thread.tid)
        if timeout is None:
            happen(JOIN, ((place, READ),), ((place, 1),), about=self)
        else:
            machine.learn("asks")
            shown = (self._ao_place, ENDED)
            machine.touch(shown, READ)
            happen(JOIN_A_WHILE, ((place, READ), (shown, READ)), about=self)
            if not thread.over:
                wait_in_vain(machine, timeout)
                return
        machine.joined(thread)
        original(self)


def asking_calls(machine: Machine, module: Any) -> None:  # noqa: C901
    """Make events of what can be asked of one thread."""
    cls = module.Thread

    @wrapped(cls, "is_alive")
    def is_alive(self: Any, *, original: Original) -> bool:
        if not of_others(machine, self):
            return bool(original(self))
        asked(machine, self, IS_ALIVE, BEGUN, ENDED, always=hasattr(self, "_ao_thread"))
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
            if of_others(machine, self):
                asked(machine, self, REPR, BEGUN, ENDED)
        machine.current.atomic += 1
        try:
            text = str(original(self))
        finally:
            machine.current.atomic -= 1
        if self._ident is None:
            return text
        return text.replace(str(self._ident), str(machine.varied.thread(self._ident)))

    def asking(name: str, number_of: Callable[[int], int]) -> property:
        get = getattr(cls, name).fget

        def look(self: Any) -> Any:
            if self._initialized and of_others(machine, self):
                asked(machine, self, IDENT, BEGUN)
            number = get(self)
            if number is None:
                return None
            return number_of(number)

        return property(look)

    cls.ident = asking("ident", machine.varied.thread)
    cls.native_id = asking("native_id", machine.varied.native)


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
            function, args = machine.follow(read(self, "function")), read(self, "args")
            function(*machine.spread(args), **machine.spread_named(read(self, "kwargs")))
        self.finished.set()


def listing_calls(machine: Machine, module: Any) -> None:  # noqa: C901
    """Make events of looking at all threads, and of what that may find."""

    class Active(dict[int, Any]):
        """The threads that have begun, in the order in which they are listed."""

        def __setitem__(self, number: int, thread: Any) -> None:
            if not machine.current.hiding:  # else it is a main thread
                counts = is_a(thread, dummy)
                footprint = listed(machine, "begins", WRITE, counts=counts)
                if footprint:
                    machine.happen(LISTED, footprint)
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
        footprint = listed(machine, "ends", "ends")
        if footprint:
            machine.happen(UNLISTED, footprint)
        original(self)

    def looking(name: str, kind: EventKind, place_of: Callable[[Machine], Place]) -> None:
        original = getattr(module, name)

        @functools.wraps(original)
        def call() -> Any:
            machine.learn("lists")
            place = place_of(machine)
            machine.touch(place, READ)
            machine.happen(kind, ((place, READ),))
            if any(is_a(one, dummy) for one in module._active.values()):
                machine.refuse(
                    f"threading.{name}() finds a thread that _thread has started, which is not "
                    "followed: start it by threading.Thread"
                )
            return original()

        setattr(module, name, call)

    looking("enumerate", ENUMERATE, list_of)
    looking("active_count", ACTIVE_COUNT, number_of)
