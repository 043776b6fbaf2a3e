"""The search by preemptions: all schedules with none, then all with one, and so on.

A thread is *preempted* where it could go on and another one goes next, unless it has slept since its
last event: then it has given way by itself. There are far fewer schedules
with a few preemptions than there are traces, so where a search for all traces does not end, this one
says something true: these are all the outcomes with at most so many.

The algorithm is iterative context bounding of Musuvathi and Qadeer: "Iterative context bounding for
systematic testing of multithreaded programs", PLDI 2007. What has happened so far, save for swaps that
nobody can notice, decides how a program can go on. So of each such past (a prefix of a trace) each
way on is executed once, by a schedule with as few preemptions as can be. That is the whole of the
reduction: one that leaves out more orders, as Coons, Musuvathi and McKinley do ("Bounded partial-order
reduction", OOPSLA 2013), needs points to return to that the bound does not cut off, and is not needed
to be right.
"""  # noqa: E501

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from anyorder.exploring.search.touching import Touched, depended_on, touch

if TYPE_CHECKING:
    from anyorder.exploring.engine.events import Event
    from anyorder.exploring.engine.machine import Machine
    from anyorder.exploring.engine.threads import SimulatedThread

__all__ = ["Bounded"]

# a prefix of a trace: of each thread that had an event, the number of its last one
Prefix = tuple[int, ...]

NOBODY = -1  # goes next at the end


class Branch(NamedTuple):
    """One way on that is planned.

    Args:
        schedule: that of the execution in which it was seen
        length: how many events of it come first
        prefix: what has happened then
        tid: the thread that goes next
    """

    schedule: list[int]
    length: int
    prefix: Prefix
    tid: int


class Bounded:
    """Chooses who goes next, so that the schedules with the fewest preemptions come first.

    Args:
        most: how many preemptions a schedule may have; ``None`` goes on to the end

    Attributes:
        preemptions: how many the present execution has; all that have fewer came before
        finished: how many bounds, from 0 preemptions, are searched to their end
        exhausted: whether no schedule has more preemptions
        pasts: for each event of the present execution, as bits, those that come before it, and it
        asleep: whether the present execution was given up, since all that it leads to is known
        blocked: how many were
    """

    symmetric = False  # each thread is followed by itself

    def __init__(self, most: int | None = None) -> None:
        self.most = most
        self.bound = 0  # how many preemptions the next execution has
        self.finished = 0
        self.exhausted = False
        self.asleep = False
        self.blocked = 0
        self.now: list[Branch] = []  # with as many preemptions as the present execution,
        self.later: list[Branch] = []  # and with one more
        self.known: set[tuple[Prefix, int]] = set()  # the ways on that have been executed
        # the events that were ever seen: each is what its thread does next with a certain past
        self.numbered: dict[tuple[int, frozenset[int]], int] = {}
        self.begin()

    def begin(self) -> None:
        """Begin with an execution of which nothing is known yet."""
        self.begun = True
        self.preemptions = self.bound
        self.schedule: list[int] = []  # filled in at its end
        self.pasts: list[int] = []
        self.numbers: list[int] = []  # of each event, its number among all that were ever seen
        self.lanes: dict[int, int] = {}  # of each thread, as bits: its events
        self.touched: Touched = {}

    def choose(self, machine: Machine) -> SimulatedThread | None:
        """Return the thread that goes next: the present one, if it can and that is not known.

        Whether that one has slept is decided by what has happened, as all else is.
        """
        if not self.begun:
            self.begin()
        prefix = self.prefix(machine)
        able = [
            thread
            for thread in machine.threads
            if thread.event is not None and machine.can_happen(thread.event)
        ]
        current = machine.current
        if current in able and not current.gives_way:
            self.plan(self.later, machine, prefix, [one for one in able if one is not current])
            able = [current]
        able.sort(key=lambda thread: thread is not current)
        new = [thread for thread in able if (prefix, thread.tid) not in self.known]
        if not new:
            self.asleep = bool(able) or (prefix, NOBODY) in self.known
            self.known.add((prefix, NOBODY))
            return None
        chosen, *others = new
        self.plan(self.now, machine, prefix, others)
        self.known.add((prefix, chosen.tid))
        return chosen

    def plan(
        self,
        branches: list[Branch],
        machine: Machine,
        prefix: Prefix,
        threads: list[SimulatedThread],
    ) -> None:
        """Plan that each of these threads goes next, where that is not known."""
        length = len(machine.events)
        branches += [
            Branch(self.schedule, length, prefix, thread.tid)
            for thread in threads
            if (prefix, thread.tid) not in self.known
        ]

    def next(self, machine: Machine) -> bool:
        """Plan the next execution.

        Returns:
            Whether there is a next one.
        """
        if self.begun:
            self.schedule += [event.tid for event in machine.events]
        self.blocked += self.asleep
        self.asleep = self.begun = False
        while True:
            while self.now:
                branch = self.now.pop()
                way = branch.prefix, branch.tid
                if way not in self.known:
                    self.known.add(way)
                    machine.plan = [*branch.schedule[: branch.length], branch.tid]
                    return True
            self.finished += 1
            self.exhausted = not self.later
            if self.exhausted or self.bound == self.most:
                return False
            self.bound += 1
            self.now, self.later = self.later, self.now

    def planned(self) -> int:
        """Return how many executions are planned so far with as many preemptions as now."""
        return len(self.now)

    # -- what has happened ---------------------------------------------------------------------

    def prefix(self, machine: Machine) -> Prefix:
        """Return what has happened so far, the same for all orders that nobody can tell apart."""
        for event in machine.events[len(self.pasts) :]:
            self.add(event)
        return tuple(sorted(self.numbers[lane.bit_length() - 1] for lane in self.lanes.values()))

    def add(self, event: Event) -> None:
        """Learn what comes before an event that has happened: all that it depends on."""
        number = len(self.pasts)
        bit = 1 << number
        lane = self.lanes.get(event.tid, 0)
        before = self.pasts[lane.bit_length() - 1] if lane else 0
        conflicts = depended_on(self.touched, event.footprint) & ~before
        touch(self.touched, event.footprint, bit)
        while conflicts:
            last = conflicts.bit_length() - 1
            before |= self.pasts[last]
            conflicts &= ~before
        self.pasts.append(before | bit)
        self.lanes[event.tid] = lane | bit
        past = frozenset(
            self.numbers[(before & lane).bit_length() - 1]
            for lane in self.lanes.values()
            if before & lane
        )
        self.numbers.append(self.numbered.setdefault((event.tid, past), len(self.numbered)))
