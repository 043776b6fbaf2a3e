"""The search: one execution for each trace, by optimal dynamic partial-order reduction.

The algorithm is Optimal-DPOR of Abdulla, Aronis, Jonsson and Sagonas: "Optimal dynamic partial
order reduction", POPL 2014, and "Source sets: a foundation for optimal dynamic partial order reduction",
Journal of the ACM 64 (4), 2017. Its words are used here:

- An execution is a sequence of events; two of them are *equivalent*, the same *trace*, where one is
  the other after swapping neighbours that are independent.
- Two events *race* where they are dependent and nothing between them puts one before the other. A
  race is reversed by running all that does not come after the first event, and then the second.
- A node's *wakeup tree* holds the sequences that are still to be explored from it, its *sleep set*
  the threads whose next event needs no exploring, since what it leads to has been explored.

Where threads are alike (see ``alike``), an execution stands for its images, in which they change
places. Wakeup trees are not closed under that: what they keep from being explored twice is guided by a
sequence, of which only an image may have been found. So source sets take their place, of the same
two papers: a race's reversal is planned unless one of its initials, the threads that may go first
of it, has gone next at the node or is planned to; and whoever is asleep when its turn comes is left
out, and may leave an execution with nobody to go on. To these sets renaming is added, as in Iosif,
"Symmetry reduction criteria for software model checking", SPIN 2002, for sleep sets, and in Spore
(Kokologiannakis, Marmanis and Vafeiadis, "SPORE: combining symmetry and partial order reduction",
PLDI 2024), for executions as graphs:

- At a node, those of a family that have been started and have done nothing are *interchangeable*.
  Where one of them has gone next, or sleeps, so it is for all of them.

It is sound. Let H(E) be the ways in which threads that have done nothing in E may change places;
each makes of a sequence that goes on from E another one that does. H(E.q) is part of H(E), and
leaves q where it is if it has begun. The claim: let w go on from E, no initial of it be asleep at E.
Then some execution from E begins with an image of w under H(E), once the search is through with E.
The proof is that of the papers, by induction on the order in which the search is through with nodes:

- Say that p has gone next at E, itself or by an image q = s(p), and w may begin with p. Take the
  first such q. Then s(w) less q goes on from E.q, with no initial asleep there (which would be
  asleep at E, or gone next before q, and so would its image be that is an initial of w). By
  induction, an image of it under H(E.q) was executed from there, and that is in H(E).
- There is such a p. If there were none, take that p among the images of those gone next at E of
  which w has the longest beginning v independent of it, and e, the first event after v that is not.
  Again, with q = s(p), an image t(s(v.e)) was executed from E.q, in which q races with that of e.
  Its reversal has an initial r that has gone next at E, or an image of r has. Nothing asleep was
  executed, so r was not asleep. Undo t and s: an image of r is an initial of v.e, or independent of
  it all. So it has gone next at E, and a longer beginning of w than v is independent of it.

What waits (a lock, a queue) makes the second event of a race impossible before the first where the
first is what it waits for; then the race is with the event before that one. A thread that waits for
good at the end has its announced event take part in races, as if it were the last.
"""  # noqa: E501

from __future__ import annotations

from typing import TYPE_CHECKING

from anyorder.exploring.engine.alike import renamed
from anyorder.exploring.engine.events import Effect, Event, Footprint, Place, dependent
from anyorder.exploring.refusal import unlike_itself
from anyorder.exploring.search.touching import Touched, depended_on, touch
from anyorder.exploring.search.wakeup import Branch, Step, append, initials, insert, weak_initial

if TYPE_CHECKING:
    from anyorder.exploring.engine.machine import Machine
    from anyorder.exploring.engine.threads import SimulatedThread

__all__ = ["Node", "Search"]


class Node:
    """The state before an event of the present execution.

    Args:
        sleeping: the threads that need not go next, each with what its next event touches
        tree: what is still to be explored from here, in order
    """

    __slots__ = ("after", "alike", "sleeping", "tid", "tree")

    def __init__(self, sleeping: dict[int, Footprint], tree: list[Branch]) -> None:
        self.sleeping = sleeping
        self.tree = tree
        self.tid = -1  # the thread that goes next in the present execution
        self.after: list[Branch] = []  # what is to be explored after that
        self.alike: dict[int, list[int]] = {}  # the threads with which each is interchangeable


class Search:
    """Chooses who goes next, so that each trace is executed once, or one that is an image of it.

    Args:
        symmetric: whether threads are alike, so that an image of each trace is enough
    """

    preemptions: int | None = None  # are counted by a search of its own

    def __init__(self, *, symmetric: bool = False) -> None:
        self.symmetric = symmetric
        self.nodes: list[Node] = []
        self.tids: list[int] = []  # of the present execution: for each event, its thread,
        self.footprints: list[Footprint] = []  # what it touches,
        self.acts: list[tuple[Effect, ...]] = []  # what it does to counters,
        self.pasts: list[int] = []  # and, as bits, the events that come before it, and it
        self.touched: Touched = {}
        self.acted: dict[Place, list[tuple[int, bool, int]]] = {}  # for each counter: by event
        self.kept = 0  # how many events of the last execution the next one repeats
        self.blocked = 0  # executions that ended asleep: none, where no threads are alike
        self.asleep = False

    # -- during an execution -------------------------------------------------------------------

    def choose(self, machine: Machine) -> SimulatedThread | None:
        """Return the thread that goes next: one of the tree, or else one that need not sleep."""
        sleeping: dict[int, Footprint] = {}
        tree: list[Branch] = []
        if self.nodes:
            last = self.nodes[-1]
            tree = last.after
            if last.sleeping:
                done = machine.events[-1].footprint
                sleeping = {
                    tid: footprint
                    for tid, footprint in last.sleeping.items()
                    if tid != last.tid and not dependent(footprint, done)
                }
        node = Node(sleeping, tree)
        if self.symmetric:
            self.exchange(machine, node)
            tree = node.tree
        if tree:
            node.after = tree[0].after
            chosen = machine.numbered.get(tree[0].tid)
            if chosen is None or chosen.event is None or not machine.can_happen(chosen.event):
                raise unlike_itself(machine.program)
        else:
            chosen = self.awake(machine, sleeping)
            if chosen is None:
                if any(
                    thread.event is not None and machine.can_happen(thread.event)
                    for thread in machine.threads
                ):
                    self.asleep = True
                return None
        node.tid = chosen.tid
        self.nodes.append(node)
        return chosen

    def exchange(self, machine: Machine, node: Node) -> None:
        """Find out who is interchangeable at a node; where one of them sleeps, all do."""
        for family in machine.families:
            tids = [one.tid for one in family.threads if one.last is None and one.event is not None]
            if len(tids) > 1:
                for tid in tids:
                    node.alike[tid] = tids
                sleeping = next((tid for tid in tids if tid in node.sleeping), None)
                if sleeping is not None:
                    for tid in tids:
                        touched = renamed(node.sleeping[sleeping], sleeping, tid)
                        node.sleeping.setdefault(tid, touched)
        if node.tree and node.tree[0].tid in node.sleeping:
            node.tree = []

    def awake(self, machine: Machine, sleeping: dict[int, Footprint]) -> SimulatedThread | None:
        """Return a thread that can go on and need not sleep, the present one if it is so."""
        current = machine.current
        event = current.event
        if event is not None and current.tid not in sleeping and machine.can_happen(event):
            return current
        for thread in machine.threads:
            event = thread.event
            if event is not None and thread.tid not in sleeping and machine.can_happen(event):
                return thread
        return None

    # -- after an execution --------------------------------------------------------------------

    def next(self, machine: Machine) -> bool:
        """Learn from an execution, and plan the next one.

        Returns:
            Whether there is a next one.
        """
        if self.asleep:
            self.blocked += 1
            self.asleep = False
        self.find_races(machine)
        nodes = self.nodes
        while nodes:
            node = nodes[-1]
            number = len(nodes) - 1
            if node.tree:
                done = machine.events[number].footprint
                for tid in node.alike.get(node.tid, (node.tid,)):
                    node.sleeping[tid] = renamed(done, node.tid, tid)
                node.tree = [branch for branch in node.tree if branch.tid != node.tid]
            if node.tree:
                branch = node.tree[0]
                node.tid = branch.tid
                node.after = branch.after
                machine.plan = [one.tid for one in nodes]
                self.kept = number
                return True
            nodes.pop()
        return False

    def planned(self) -> int:
        """Return how many executions are planned so far."""
        return sum(len(node.tree) for node in self.nodes)

    def find_races(self, machine: Machine) -> None:
        """Find the races of the events that are new, and put their reversals into the trees."""
        self.forget()
        events = machine.events
        pasts, tids, touched = self.pasts, self.tids, self.touched
        last = {tid: number for number, tid in enumerate(tids)}
        races: list[tuple[int, Event, Footprint]] = []
        for number, event in enumerate(events[self.kept :], self.kept):
            tid, footprint = event.tid, event.footprint
            before = pasts[last[tid]] if tid in last else 0
            bit = 1 << number
            pasts.append(self.before(machine, event, before, races) | bit)
            tids.append(tid)
            self.footprints.append(footprint)
            last[tid] = number
            touch(touched, footprint, bit)
            self.acts.append(event.effects)
            for place, absolute, value in event.effects:
                self.acted.setdefault(place, []).append((number, absolute, value))
        for thread in machine.threads:
            if thread.event is not None and not thread.ended:
                before = pasts[last[thread.tid]] if thread.tid in last else 0
                self.before(machine, thread.event, before, races)
        for race in races:
            self.reverse(events, *race)

    def forget(self) -> None:
        """Forget the events of the execution before that are not repeated."""
        kept = self.kept
        mask = (1 << kept) - 1
        touched = self.touched
        for footprint in self.footprints[kept:]:
            for place, mode in footprint:
                touched[place][mode] = touched[place].get(mode, 0) & mask
        for effects in self.acts[kept:]:
            for place, _, _ in effects:
                self.acted[place].pop()
        del self.tids[kept:], self.footprints[kept:], self.acts[kept:], self.pasts[kept:]

    def before(
        self, machine: Machine, event: Event, before: int, races: list[tuple[int, Event, Footprint]]
    ) -> int:
        """Return, as bits, what comes before an event, and note the races that it is in.

        Args:
            machine: where it happened, or was announced
            event: the event
            before: what comes before it in its thread, and before that
            races: gets the races, each as the first event's number, this one, and what it touches
                once they are reversed
        """
        pasts = self.pasts
        conflicts = depended_on(self.touched, event.footprint) & ~before
        while conflicts:  # the last of them first; what comes before that is no race then
            other = conflicts.bit_length() - 1
            before |= pasts[other]
            if self.possible_before(machine, event, other):
                races.append((other, event, self.touches_before(machine, event, other)))
                conflicts &= ~pasts[other]
            else:
                conflicts ^= 1 << other
        return before

    def possible_before(self, machine: Machine, event: Event, first: int) -> bool:
        """Whether an event could happen with ``first``, and what comes after that, left out."""
        if not event.gates and event.waits is None:
            return True
        pasts = self.pasts
        for place, needed in event.gates:
            counter = machine.initial.get(place, 0)
            for number, absolute, value in self.acted.get(place, ()):
                if not pasts[number] >> first & 1:
                    counter = value if absolute else counter + value
            if counter < needed:
                return False
        return event.waits is None or any(
            not pasts[number] >> first & 1
            and event.waits.changed_by(number, machine.events[number])
            for number in range(event.waits.since, len(pasts))
        )

    def touches_before(self, machine: Machine, event: Event, first: int) -> Footprint:
        """Return what an event touches with ``first``, and all after it, left out.

        Were that not exact, a wakeup tree could be led to one trace twice, or not to another.
        """
        if event.varies is None:
            return event.footprint
        counters, found, touches = event.varies
        pasts = self.pasts
        numbers = []
        for index, place in enumerate(counters):
            number = found[index] if found else machine.counters.get(place, 0)
            for other, _, value in self.acted.get(place, ()):
                if pasts[other] >> first & 1:
                    number -= value
            numbers.append(number)
        return touches(*numbers)

    def reverse(self, events: list[Event], first: int, second: Event, footprint: Footprint) -> None:
        """Plan to run all that does not come after ``first``, and then ``second``."""
        pasts = self.pasts
        sequence = [
            (event.tid, event.footprint)
            for number, event in enumerate(events[first + 1 :], first + 1)
            if not pasts[number] >> first & 1 and event is not second
        ]
        sequence.append((second.tid, footprint))
        node = self.nodes[first]
        if self.symmetric:
            if not begins_as_known(node, sequence):
                append(node.tree, sequence)
            return
        for tid, touched in node.sleeping.items():
            if weak_initial(tid, touched, sequence) is not None:
                return
        insert(node.tree, sequence)


def begins_as_known(node: Node, sequence: list[Step]) -> bool:
    """Whether a sequence may begin with one that goes next at a node anyway, or an image of it."""
    known = {node.tid, *node.sleeping, *(branch.tid for branch in node.tree)}
    return any(not known.isdisjoint(node.alike.get(tid, (tid,))) for tid in initials(sequence))
