"""The simulated machine: threads are greenlets, and one of them moves at a time.

Each thread announces its next event and pauses. The machine asks a *policy* which of the announced
events happens next, and hands over to its thread, which carries it out and goes on, through code
that no other thread can see, to its next event. A switch between greenlets takes a few
microseconds; a hand-over between threads of the operating system some fifty.
"""

from __future__ import annotations

import sys
from collections import Counter
from contextlib import contextmanager, suppress
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NoReturn, Protocol

from anyorder.exploring.attributes import is_a
from anyorder.exploring.engine.alike import Family, Label
from anyorder.exploring.engine.dropping import Dropping
from anyorder.exploring.engine.events import (
    READ,
    WRITE,
    Effect,
    Event,
    EventKind,
    Footprint,
    Gate,
    Mode,
    Place,
    Varies,
)
from anyorder.exploring.engine.owners import Owners
from anyorder.exploring.engine.raised import Raised
from anyorder.exploring.engine.switching import GreenletExit, getcurrent, greenlet
from anyorder.exploring.engine.threads import BORN, ENDED, SimulatedThread
from anyorder.exploring.engine.unknown import Unknown, known_number
from anyorder.exploring.engine.varying import Varied
from anyorder.exploring.frames import HERE, MARK, loops_around, program_frame, program_position
from anyorder.exploring.refusal import CannotExplore, ExplorerFault, unlike_itself
from anyorder.exploring.versions import ALL
from anyorder.outcomes.placeholders import in_folder, without_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator
    from types import CodeType, FrameType

    from anyorder.exploring.engine.facts import Facts
    from anyorder.exploring.engine.sharing import Sharing

__all__ = ["MOST_FOLLOWED", "Halt", "Machine", "Nobody", "OutOfTime", "Policy", "TooMuch"]

END = EventKind("end", says="ends", waits=None, whole=False)
WAIT_FOR_THREADS = EventKind(
    "wait for threads",
    says="waits for all threads to end",
    waits="all threads to end",
    whole=True,
    inert=True,
)
EXIT = EventKind("exit", says="ends the program", waits="all threads to end", whole=False)
OS_EXIT = EventKind("os._exit", says="ends the process", waits=None, whole=False)
# what a thread that is left would do next, which it never does
LEFT = EventKind("left", says="goes on", waits=None, whole=True, inert=True)
LATE = (
    "a generator that is left halfway does this as it ends, with what has it or with the program, "
    "and when that is, is not followed: go through it to its end, or close it, by "
    "contextlib.closing, say"
)
LAST_LINE = EventKind("last line", says="goes on", waits=None, whole=False)
RUNNING = "running"  # how many threads that hold up the program's end have begun, below zero
PROCESS = "process"  # whether the process still goes on
MOST_THREADS = 1_000
MOST_FOLLOWED = 3  # turns of a loop that has made an execution too long
MOST_TURNS = 200_000
POINTS = 4_000  # passed between two looks at the clock: some hundredths of a second
MOST_PRINTED = 1_000_000  # characters, in one execution
DEEPER = 5  # calls in which a replay is deeper than the search
STUBBORN = 50  # how often a thread may swallow its own end before it is left alone


def deeper(work: Callable[[], None], calls: int) -> None:
    """Do a thread's work within a number of calls."""
    if calls:
        deeper(work, calls - 1)
    else:
        work()


class Halt(BaseException):
    """The execution stops here: a limit was reached, or the program cannot be explored."""


class TooMuch(Halt):
    """The execution is too large, and so would be those that vary it."""


class OutOfTime(Halt):
    """The search is to end, and the execution would go on for long."""


class Policy(Protocol):
    """Whatever decides which thread goes next."""

    def choose(self, machine: Any) -> SimulatedThread | None:
        """Return a thread whose announced event can happen, or ``None`` where none can."""


class Nobody:
    """A policy for a schedule that is planned as a whole: nobody goes on at its end."""

    def choose(self, _: Any) -> None:
        """Return nobody."""


class Machine:
    """One simulated computer, on which threads run in one execution after another.

    Args:
        policy: decides who goes next
        max_events: how many events one execution may have
        facts: what is known of the program
        program: the file name of its code
    """

    sharing: Sharing
    # get and set an attribute as the program's own code does
    attribute: Callable[[Any, str], Any]
    set_attribute: Callable[[Any, Any, str], None]

    def __init__(self, policy: Policy, max_events: int, facts: Facts, program: str) -> None:
        self.policy = policy
        self.max_events = max_events
        self.facts = facts
        self.numbers: dict[tuple[int, ...], int] = {(): 0}
        self.plan: list[int] = []  # the threads of the first events, where that is settled
        self.recorder: Any = None
        self.patched = False  # whether the program has changed a class of the library
        # called by the main thread of each process after its last line
        self.at_last_line: list[Callable[[], None]] = []
        self.hides = True  # whether the library's own locks are silent; tests compare both ways
        self.makers: set[int] = set()  # the threads that have made any object that is shared
        self.program = program
        self.file = in_folder(program)  # as its code has it
        self.own = {self.file}  # the file names of the program's own code
        # whether they are it, or rewritten as it is; None for the tool's
        self.files: dict[str, bool | None] = {}
        self.follow: Callable[[Any], Any] = lambda function: function  # gives what stands for one
        # called where a loop begins once more with an iterator that has no end
        self.come_round: Callable[[object, int], None] = lambda iterator, items: None  # noqa: ARG005
        self.look: Callable[[Any], Any] = lambda thing: thing  # reads all of a thing
        self.caught: Callable[[BaseException | None], None] = lambda error: None  # noqa: ARG005
        # called where the program gets a number that another process may have otherwise
        self.tells_apart: Callable[[], None] = lambda: None
        # gives what is written of an exception that nobody catches, and of its traceback
        self.displayed: Callable[[BaseException, Any], list[str]] = lambda error, steps: []  # noqa: ARG005
        # gives, in words, why the search is to end in the midst of an execution, if it is
        self.ends_search: Callable[[], str | None] = lambda: None
        self.length: Callable[[Any], int] = len  # reads how long a thing is
        self.spread: Callable[[Any], Any] = lambda thing: thing  # gives what a star spreads
        self.spread_named: Callable[[Any], Any] = lambda thing: thing  # and what two stars do
        self.idle: list[greenlet] = []  # those that have lived a thread's life to its end
        self.varied = Varied(self)
        self.raised = Raised(self)
        self.owners = Owners(self)
        self.begin()

    # -- one execution -------------------------------------------------------------------------

    def begin(self) -> None:
        """Make a fresh machine for the next execution, with a main thread that has not begun."""
        # first, since what ends with the last execution's events is to find no thread there
        self.events: list[Event] = []
        self.varied.begin()
        self.raised.begin()
        self.owners.begin()
        Unknown.machine = self
        self.past: set[int] = set()  # the processes whose main threads have done their last lines
        self.stack_size = 0  # of threads, as the program has set it
        self.root = getcurrent()
        self.main = SimulatedThread(0, (), daemon=False)
        self.current = self.main
        self.threads = [self.main]
        self.numbered = {0: self.main}
        self.families: list[Family] = []  # the threads that may be alike
        self.counters: dict[Place, int] = {}
        self.initial: dict[Place, int] = {}
        self.beginning: SimulatedThread | None = None  # that the root is to begin
        self.pending: list[Any] = []  # the Thread object that is being started right now
        self.unfollowed: str | None = None  # what may happen that this execution leaves out
        self.halted: BaseException | None = None
        self.exited: int | None = None
        self.exit: Event | None = None  # the event that ended the process under its threads
        self.shown_as_dicts: dict[int, Any] = {}  # of objects' attributes, each by its id
        self.overlong = ""  # what is wrong, where a thread is still to say which loops it is in
        self.dying = False
        self.dropping = Dropping()
        # the generator functions that are left halfway, by their code, and what ending one refuses
        self.halfway: Counter[CodeType] = Counter()
        self.late: list[CannotExplore] | None = None
        self.stubborn: list[greenlet] = []
        self.turns = 0  # of loops, since the last event
        self.points = 0  # how many switch points the program's own code has passed
        self.next_look = POINTS  # after how many of them to look at the clock
        self.printed = 0  # characters
        # the streams that are flushed, each with the thread, and after how many events
        self.flushes: list[tuple[str, int, int]] = []
        self.reports: set[Event] = set()  # what wrote the words of the interpreter itself

    def run(self, work: Callable[[], None]) -> None:
        """Run one execution from its start to its end, and leave no thread behind.

        Args:
            work: what the main thread does
        """
        self.give_greenlet(self.main, work)
        self.beginning = self.main
        while self.beginning is not None:
            thread, self.beginning = self.beginning, None
            thread.greenlet.switch()

    def kill(self) -> None:
        """End the execution, and the threads that cannot go on. What they show is not seen."""
        self.dying = True
        for thread in self.threads:
            current = thread.greenlet
            if current is None or current.dead or thread.ended:
                continue
            self.current = thread
            current.parent = self.root
            for _ in range(STUBBORN):
                with suppress(BaseException):  # a dying thread's words are its own
                    current.throw(GreenletExit)
                if current.dead:
                    break
            else:
                self.stubborn.append(current)
        for thread in self.threads:  # no cycles are left to be collected
            thread.event = thread.last = thread.birth = None
            thread.on_end.clear()
            thread.work = thread.context = None
        self.threads = []
        self.numbered = {}
        self.dropping = Dropping()  # what it has kept ends here, and not as garbage

    @contextmanager
    def ending(self) -> Iterator[None]:
        """Refuse a generator that does something visible as what is let go of in the block ends."""
        self.dying, self.late, sys.unraisablehook = True, [], self.ignored
        self.dropping = Dropping()  # which has kept something
        yield
        late, self.late = self.late, None
        if late:
            raise late[0]

    def too_late(self) -> GreenletExit:
        """Return what stops whatever would make an event as the execution ends."""
        if self.late is not None:
            self.late.append(self.refusal(LATE))
        return GreenletExit()

    def ignored(self, error: sys.UnraisableHookArgs) -> None:
        """Refuse an error that nobody can catch: that of a generator that ends with what has it."""
        trace = error.exc_traceback  # from the generator's own frame on
        line = None if trace is None else trace.tb_frame.f_code.co_firstlineno
        if self.late is not None:
            self.late.append(self.refusal(LATE, line))
        elif not self.dying and self.halted is None:
            self.halted = self.refusal(
                "an error in a generator that is left halfway is shown with where that lies, and "
                "nobody can catch it: close the generator, by contextlib.closing, say",
                line,
            )

    def hold_halfway(self) -> None:
        """Refuse a generator that does not end with all that the program has had."""
        for code in +self.halfway:
            raise self.refusal(LATE, code.co_firstlineno)

    def close(self) -> None:
        """End the greenlets that wait for another thread to live, after the last execution."""
        for one in self.idle:
            one.throw(GreenletExit)
        self.idle.clear()
        # the last machine is kept until there is another, but no greenlet of it
        self.main.greenlet = self.current.greenlet = None

    # -- what is shared ------------------------------------------------------------------------

    def touch(self, place: Place, mode: Mode) -> bool:
        """Note an access by the current thread, and return whether the place is shared."""
        return self.sharing.touch(place, mode)

    def is_shared(self, place: Place) -> bool:
        """Whether a place is known to be shared."""
        return place in self.sharing.places

    def share(self, place: Place) -> None:
        """Note that a place is shared: the search begins again where that was not known."""
        self.sharing.share(place)

    # -- whose turn it is ----------------------------------------------------------------------

    def happen(  # noqa: C901, PLR0912, PLR0913, PLR0915 - as for ``Event``
        self,
        kind: EventKind,
        footprint: Footprint,
        gates: tuple[Gate, ...] = (),
        effects: tuple[Effect, ...] = (),
        about: Any = None,
        *,
        varies: Varies | None = None,
        step: bool = False,
    ) -> Event:
        """Announce an event of the current thread, and return once it is its turn.

        The caller carries the event out right after, with no other thread in between. Inside an
        event that is one step as a whole (see ``atomically``), this only adds to that event.

        Args:
            kind: as for ``Event``
            footprint: likewise
            gates: likewise
            effects: likewise
            about: likewise
            varies: by which counters what it touches varies, and what that is then; ``footprint``
                is what is sure before
            step: whether it is one step of the interpreter, which keeps the GIL for it, where the
                program's own code asks for it; anything else is of no block
        """
        thread = self.current
        if thread.atomic:
            event = thread.last
            assert event is not None
            event.footprint += footprint
            event.effects += effects
            event.cut = event.cut if step else None
            self.apply(effects)
            return event
        if self.dying:
            raise self.too_late()
        if thread.watch is not None:
            thread.watch(kind, gates, about)
        if self.dropping.resting and thread.cut != ALL and self.dropping.noticed():
            thread.cut = ALL
        event = Event(thread.tid, thread.home, kind, footprint, gates, effects, about)
        self.dropping.keep(about if type(about) is tuple else (about,))
        # who announces it is the tool's own code, so what counts is who called that
        if step and (thread.writing or self.asked_by_program(sys._getframe(2))):
            event.cut, thread.cut = thread.cut, 0
        else:
            thread.cut = ALL
        thread.event = event
        if thread.last is None and thread.birth is not None:  # it comes after its thread's start
            event.footprint += (((BORN, thread.tid), READ),)
            event.gates += (((BORN, thread.tid), 1),)
        if thread.waits_for is not None:
            event.waits = thread.waits_for
            event.footprint += thread.waits_for.reads
            thread.waits_for = None
        if varies is not None:
            event.vary(*varies, footprint)
        if self.recorder is not None:
            self.record(self.recorder.announced, thread)
        if thread.starter is None:
            following = self.choose()
            if following is not thread:
                (following if following is self.root else following.greenlet).switch()
        else:
            following = thread.starter
            thread.starter = None
            self.current = following
            following.greenlet.switch()
        if self.dying:
            raise GreenletExit
        if self.overlong:
            self.halt(self.too_many_events(sys._getframe()))
        self.turns = 0
        if varies is not None:
            event.settle(*(self.counters.get(counter, 0) for counter in varies[0]))
        if effects:
            self.apply(effects)
        if self.recorder is not None:
            self.record(self.recorder.happened, event)
        if self.dropping.changed or self.dropping.resting:
            self.dropping.note()
        return event

    def asked_by_program(self, frame: FrameType | None) -> bool:
        """Whether the program's own code runs, or of the library what is rewritten as it is.

        Args:
            frame: where to look from; the frames in it that are the tool's own are passed over
        """
        files = self.files
        while frame is not None:
            name = frame.f_code.co_filename
            try:
                own = files[name]
            except KeyError:
                own = files[name] = None if name.startswith(HERE) else name in self.own
            if own is not None:
                return own
            frame = frame.f_back
        return False

    def record(self, note: Callable[[Any], None], about: Any) -> None:
        """Let the recorder note something."""
        try:
            note(about)
        except Exception as error:  # noqa: BLE001 - the program would take it for its own
            self.halt(self.fault(error))

    @contextmanager
    def atomically(self) -> Iterator[None]:
        """Let what the current thread does be part of the event that has just happened."""
        thread = self.current
        thread.atomic += 1
        try:
            yield
        finally:
            thread.atomic -= 1

    def choose(self) -> Any:
        """Return the thread that goes next, or the root where the execution is over."""
        events = self.events
        step = len(events)
        if self.halted is not None:
            return self.root
        if step < len(self.plan):
            following = self.numbered.get(self.plan[step])
            event = None if following is None else following.event
            if event is None or ((event.gates or event.waits) and not self.can_happen(event)):
                self.halted = unlike_itself(self.program)
                return self.root
        elif step < self.max_events:
            try:
                following = self.policy.choose(self)
            except Exception as error:  # noqa: BLE001 - the program would take it for its own
                self.halted = self.fault(error)
                return self.root
            if following is None:
                return self.root
        else:
            return self.overdue()
        assert following is not None
        event = following.event
        assert event is not None
        events.append(event)
        following.last = event
        following.event = None
        self.current = following
        return following

    def apply(self, effects: tuple[Effect, ...]) -> None:
        """Let effects act on the counters."""
        counters = self.counters
        for place, absolute, number in effects:
            counters[place] = number if absolute else counters.get(place, 0) + number

    def affect(self, event: Event, effects: tuple[Effect, ...]) -> None:
        """Let an event that has happened have more effects than it was announced with."""
        event.effects += effects
        self.apply(effects)

    def counter(self, place: Place, number: int) -> None:
        """Make a counter that begins at ``number``."""
        self.counters[place] = self.initial[place] = number

    def can_happen(self, event: Event) -> bool:
        """Whether every gate of an announced event is open."""
        if event.gates:
            counters = self.counters
            for place, needed in event.gates:
                if counters.get(place, 0) < needed:
                    return False
        return event.waits is None or event.waits.changed(self)

    def label(self) -> Label:
        """Return a name for an object that the current thread has made.

        It is made of who made it and as its how-manieth, so it is the same in every execution.
        """
        thread = self.current
        thread.made += 1
        return Label((thread.tid, thread.made))

    def asks_who_it_is(self) -> None:
        """Note that the current thread asks which one it is, of those that are alike."""
        family = self.current.family
        if family is not None and not self.dying:
            family.ask(self)

    # -- threads -------------------------------------------------------------------------------

    def start(self, work: Callable[[], None], *, daemon: bool) -> SimulatedThread:
        """Begin a thread: it runs up to its first event, and control comes back.

        The caller has made the start an event of its own.
        """
        starter = self.current
        if starter.over:  # it is calling what is registered for the end
            self.refuse(
                "a function that is called at exit starts a thread, which nobody waits for, and "
                "which Python does not let begin from 3.12 on: start it before the last line "
                "has run"
            )
        if starter.daemon and not daemon:
            self.hold_up(WRITE)
        if len(self.threads) > MOST_THREADS:
            reason = self.too_many(f"{MOST_THREADS:,} threads")
            self.halt(TooMuch(f"{reason}; let it start fewer"))
        path = (*starter.path, starter.started)
        starter.started += 1
        tid = self.numbers.setdefault(path, len(self.numbers))
        thread = SimulatedThread(tid, path, daemon=daemon)
        thread.home = starter.home
        birth = starter.last
        assert birth is not None
        thread.birth = birth
        frame = program_frame(self.own)
        thread.begun = starter.begun if frame is None else frame.f_lineno
        thread.clock = {**starter.clock, starter.tid: starter.epoch}
        starter.epoch += 1
        effects: tuple[Effect, ...] = (((BORN, tid), True, 1),)
        if not daemon:
            effects += (((RUNNING, thread.home), False, -1),)
        birth.footprint += (((BORN, tid), WRITE),)
        self.affect(birth, effects)
        self.threads.append(thread)
        self.numbered[tid] = thread
        thread.starter = starter
        self.current = thread
        self.give_greenlet(thread, work)
        if thread.greenlet:
            thread.greenlet.switch()
        else:
            self.beginning = thread
            self.root.switch()  # begun from the root, its depth of recursion is its own
        return thread

    def begins_daemon(self) -> None:
        """Note that the program begins a thread that it may leave behind."""
        self.learn("daemons")

    def give_greenlet(self, thread: SimulatedThread, work: Callable[[], None]) -> None:
        """Give a thread its work, and a greenlet that does it: an idle one, if there is any.

        A greenlet gets a stack from the operating system as it begins, which takes longer than all
        else that there is to the start of a thread.
        """
        thread.work = work
        if self.idle:
            thread.greenlet = self.idle.pop()
        else:
            thread.greenlet = greenlet(self.live, self.root)

    def live(self) -> None:
        """Live the life of one thread after another, as a greenlet."""
        while True:
            following = self.life(self.current)
            if following is None:
                return
            self.idle.append(getcurrent())
            following.switch()

    def life(self, thread: SimulatedThread) -> Any:
        """Run a thread from its first step to its end.

        Returns:
            The greenlet to hand over to, and ``None`` where this one is of no use any more.
        """
        try:
            # a program that shows how deep it can recurse is unlike itself when it is replayed
            thread.context.run(deeper, thread.work, DEEPER if self.recorder is not None else 0)
            self.end_in_sight(thread)
        except GreenletExit:
            return None
        except BaseException as error:  # noqa: BLE001 - whatever it is, the search must hear of it
            if not self.dying:
                self.halted = error
            return None
        if self.dying:
            return None
        self.end(thread)
        following = thread.starter
        if following is not None:
            thread.starter = None
            self.current = following
            return following.greenlet
        following = self.choose()
        return following if following is self.root else following.greenlet

    def end_in_sight(self, thread: SimulatedThread) -> None:
        """Make an event of a thread's end, where others may ask whether it has come."""
        if self.facts.asks and thread.shown is not None and not thread.over:
            place = (thread.shown, ENDED)
            if self.sharing.touch(place, WRITE):
                self.happen(END, (((ENDED, thread.tid), WRITE), (place, WRITE)))

    def pass_last_line(self) -> None:
        """Note that the current thread, a main one, has come to its last line."""
        self.reach_last_line(WRITE)
        self.past.add(self.current.home)
        for call in self.at_last_line:
            call()

    def past_last_line(self) -> bool:
        """Whether the main thread of the current process has come to its last line."""
        self.reach_last_line(READ)
        return self.current.home in self.past

    def reach_last_line(self, mode: Mode) -> None:
        """Make an event of it, if that may come before the last line or after it."""
        place = (LAST_LINE.name, self.current.home)
        if self.touch(place, mode):
            self.happen(LAST_LINE, ((place, mode),))

    def end_main(self) -> None:
        """Let a main thread be over, which is the current one, though it waits for others yet."""
        thread = self.current
        self.end_in_sight(thread)
        self.be_over(thread)

    def end(self, thread: SimulatedThread) -> None:
        """Note that a thread has ended."""
        thread.ended = True
        self.dropping.changed = True
        if not thread.over:
            self.be_over(thread)
        if not thread.daemon:
            effects = (((RUNNING, thread.home), False, 1),)
            event = thread.last or thread.birth
            if event is not None:
                event.effects += effects
            self.apply(effects)

    def be_over(self, thread: SimulatedThread) -> None:
        """Let others join a thread after its last event, or its start."""
        thread.over = True
        thread.epoch += 1
        event = thread.last or thread.birth
        effects: tuple[Effect, ...] = (((ENDED, thread.tid), True, 1),)
        if event is not None:
            event.footprint += (((ENDED, thread.tid), WRITE),)
            event.effects += effects
        self.apply(effects)
        for call in thread.on_end:
            call()
        thread.on_end.clear()

    def joined(self, thread: SimulatedThread) -> None:
        """Note that the current thread knows that ``thread`` has ended."""
        clock = self.current.clock
        for tid, epoch in [*thread.clock.items(), (thread.tid, thread.epoch)]:
            if clock.get(tid, -1) < epoch:
                clock[tid] = epoch

    # -- the end of the program ----------------------------------------------------------------

    @contextmanager
    def reporting(self) -> Iterator[None]:
        """Note that the current thread writes what the interpreter itself says, a traceback say.

        A real interpreter writes it in more pieces than there are events of it here.
        """
        thread, begun = self.current, len(self.events)
        yield
        self.reports.update(event for event in self.events[begun:] if event.tid == thread.tid)

    def hold_up(self, mode: Mode) -> None:
        """Refuse a daemon thread that may hold up a process that has waited for all others.

        Args:
            mode: ``WRITE`` where it does, by a thread that is none, and ``READ`` at the end
        """
        if self.sharing.touch(("held up", self.current.home), mode) and mode == WRITE:
            self.refuse(
                "a daemon thread starts a thread that is none while the program may be ending, "
                "which is not followed: join the daemon thread before, or make both daemons"
            )

    def wait_for_threads(self) -> None:
        """Let the main thread wait for all that hold up the program's end."""
        event = self.happen(WAIT_FOR_THREADS, (), (((RUNNING, self.current.home), 0),))
        event.footprint += self.ends()

    def ends(self) -> Footprint:
        """Return what seeing all threads end, save daemon threads, reads."""
        home = self.current.home
        return tuple(
            ((ENDED, thread.tid), READ)
            for thread in self.threads
            if not thread.daemon and thread.home == home
        )

    def output_footprint(self) -> Footprint:
        """Return what a write touches besides its stream, where the process may end before it."""
        facts = self.facts
        if facts.exits or facts.signals or (facts.daemons and self.current.daemon):
            return ((PROCESS, READ),)
        return ()

    def exit_event(self, *, waits: bool = True) -> None:
        """Let the main thread end the process, where it waits once all others have ended."""
        self.hold_up(READ)
        gates = (((RUNNING, self.current.home), 0),) if waits else ()
        event = self.happen(EXIT, ((PROCESS, WRITE),), gates)
        if waits:
            event.footprint += self.ends()
        self.leave(event)

    def leave(self, event: Event) -> None:
        """Note that an event has ended the process.

        Threads that still go on would die with it, at whatever event they had come to. Here they do
        go on, and what they print is not seen; so only what they print has to be tried before and
        after the end of the process, and not all that they do.
        """
        if self.exit is None:
            self.exit = event

    def main_of(self, _: int) -> SimulatedThread:
        """Return the main thread of a process: there is one here."""
        return self.main

    def exit_now(self, status: int) -> NoReturn:
        """End the process, as ``os._exit`` does, and never go on in this thread."""
        self.learn("exits")
        event = self.happen(OS_EXIT, ((PROCESS, WRITE),), about=known_number(status))
        if self.exit is None:
            self.exited = status
        self.leave(event)
        following = self.choose()
        (following if following is self.root else following.greenlet).switch()
        raise GreenletExit

    # -- what stops an execution ---------------------------------------------------------------

    def count_turn(self) -> None:
        """Count a turn of a loop, so that one that never does anything visible is found out."""
        self.turns += 1
        if self.turns > MOST_TURNS:
            if self.dying:
                raise GreenletExit
            busy = (
                f"this goes round {MOST_TURNS:,} times with nothing that another thread could see: "
                "let it end sooner"
            )
            self.leave_thread(self.refusal(busy))

    def look_at_clock(self) -> None:
        """Stop an execution that computes for so long that the search is to end before it does."""
        self.next_look = self.points + POINTS
        limit = None if self.dying else self.ends_search()
        if limit is not None:
            self.mark("is busy")
            self.halt(OutOfTime(f"{limit}, in the midst of an execution: {self.unfollowed}"))

    def count_printed(self, text: str) -> None:
        """Count what is printed, before a flood of it fills all memory."""
        self.printed += len(text)
        if self.printed > MOST_PRINTED:
            if self.dying:
                raise GreenletExit
            self.refuse(f"this prints more than {MOST_PRINTED:,} characters: let it print less")

    def leave_thread(self, why: Halt | CannotExplore) -> None:
        """Let the current thread go no further, while the others go on.

        Where the process ends without waiting for it, what the execution has come to is an outcome;
        elsewhere it comes to what stops it. Either way not all is explored.

        Args:
            why: why it is left where it is, with what to change
        """
        thread = self.current
        if thread.atomic:  # in the midst of an event
            self.halt(why)
        thread.left = why
        self.unfollowed = self.unfollowed or str(why)
        self.happen(LEFT, (), (((LEFT.name, thread.tid), 1),))

    def stop_at_left(self, stuck: Iterable[SimulatedThread]) -> None:
        """Let an execution come to nothing where threads have been left that would go on.

        Args:
            stuck: the threads that have not ended, though their processes have not either
        """
        if self.halted is None and not self.sharing.grown:  # or it begins again, knowing more
            self.halted = next((thread.left for thread in stuck if thread.left is not None), None)

    def finds_logging(self, thread: SimulatedThread) -> bool:
        """Whether a thread goes on to find what the current one changes in ``logging``."""
        return self.goes_on(thread)

    def goes_on(self, thread: SimulatedThread) -> bool:
        """Whether a thread may go on beside the current one: it has not been joined.

        One that has ended counts too, where nothing says that it has: what it did unseen may come
        after what the current one does next.
        """
        here = self.current
        joined = thread.home != here.home or here.clock.get(thread.tid, -1) >= thread.epoch
        return thread is here or not (thread.ended and joined)

    def refuse(self, message: str, line: int | None = None) -> NoReturn:
        """Stop because of what the program does, whatever it catches.

        Args:
            message: what, and what to write instead
            line: where; its present line, where nothing is said, and of a thread that does not run
                the program's code itself the line that began it
        """
        self.halt(self.refusal(message, line))

    def refusal(self, message: str, line: int | None = None) -> CannotExplore:
        """Return what says that something is refused, as for ``refuse``."""
        file = self.program
        if not line:
            file, line = self.position()
        message = message.replace(MARK, "")
        return CannotExplore(file, line or self.current.begun, message)

    def position(self) -> tuple[str, int]:
        """Return the file and line of the program that is running now: line 0 where it is not."""
        line, _, frame = program_position(self.own)
        return self.program if frame is None else without_folder(frame.f_code.co_filename), line

    def alone(
        self,
        what: str,
        finds: Callable[[SimulatedThread], bool] | None = None,
    ) -> None:
        """Refuse a change that all threads see, once there are others than the present one.

        Args:
            what: the change
            finds: whether a thread is one that sees it, unless all do that go on
        """
        if not self.is_alone(finds):
            self.refuse(
                f"{what} changes what all threads use, which is not followed: do it before there "
                "are other threads"
            )

    def is_alone(self, finds: Callable[[SimulatedThread], bool] | None = None) -> bool:
        """Whether no other thread goes on, or is one that finds what the present one does."""
        return sum(map(finds or self.goes_on, self.threads)) <= 1

    def finds_program(self, thread: SimulatedThread) -> bool:
        """Whether a thread goes on to find what the current one changes of the program's own."""
        return self.goes_on(thread)

    def learn(self, fact: str) -> None:
        """Note what the program does just now; if that is new, the search begins again."""
        facts = self.facts
        # what is new as a schedule is followed once more is asked for its words, and by nobody else
        if self.recorder is None and not getattr(facts, fact):
            setattr(facts, fact, True)
            facts.grown = True
            self.halt(Halt())

    def fault(self, error: Exception) -> CannotExplore:
        """Return what is said of an exception that is none of the program's."""
        if is_a(error, CannotExplore):
            return error
        line = program_position({self.file})[0] or None
        fault = ExplorerFault.of(self.program, line, error)
        fault.__cause__ = error
        return fault

    def mark(self, message: str) -> None:
        """Say that not all is explored because of what the program does at its present line."""
        file, line = self.position()
        self.unfollowed = f"{'line ' if file == self.program else f'{file}:'}{line} {message}"

    def too_many(self, things: str) -> str:
        """Return why an execution that has too many of something is stopped, without the fix."""
        line = program_position({self.file})[0]
        where = f", the last of them in line {line}" if line else ""
        return f"an execution had more than {things}{where}"

    def overdue(self) -> Any:
        """Return who goes on where an execution is too long: a thread to say why, or nobody.

        That is the thread that has had the most events, if it can go on at all.
        """
        [(tid, _)] = Counter(event.tid for event in self.events).most_common(1)
        busiest = self.numbered[tid]
        self.overlong = self.too_many(f"{self.max_events:,} events")
        if busiest is self.current or busiest.event is None:
            frame = sys._getframe() if busiest is self.current else None
            self.halted = self.too_many_events(frame)
            return self.root
        self.current = busiest
        return busiest

    def too_many_events(self, frame: FrameType | None) -> TooMuch:
        """Return the reason to stop an execution that is too long, with the loops that make it so.

        Args:
            frame: where the thread is that has had the most events; ``None`` where it has ended
        """
        lines = loops_around(frame, self.file)
        loops = [f"{self.program}:{line}" for line in lines]
        reason = self.overlong
        if loops:
            make = "the loop at {} makes" if len(loops) == 1 else "the loops at {} make"
            reason += f": {make.format(' and '.join(loops))} them"
        fewer = "fewer (two or three rounds mostly show the same)" if loops else "fewer"
        reason += f"; let it have {fewer}, or raise that limit"
        self.learn_endless(lines, reason)
        return TooMuch(reason)

    def learn_endless(self, lines: Collection[int], reason: str) -> None:
        """Note which loop of the current thread is followed for a few turns from now on.

        Args:
            lines: those of the loops that it is in
            reason: what is said of it
        """
        turn = max(
            (
                turn
                for turn in self.current.loops.values()
                if turn.frame.f_code.co_filename == self.file and turn.line in lines
            ),
            key=attrgetter("turns"),
            default=None,
        )
        if turn is not None and turn.turns > MOST_FOLLOWED:
            self.facts.endless[self.file, turn.line] = reason
            self.facts.grown = True

    def halt(self, reason: Halt | CannotExplore) -> NoReturn:
        """Stop the execution at once, whatever its threads catch."""
        if getcurrent() is self.root:  # no thread has begun
            raise reason
        self.halted = reason
        self.root.switch()
        raise GreenletExit
