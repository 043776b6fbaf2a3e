"""The tasks of a crew of workers: what the process that has the pool does with them.

What may be left out, and why, is said in ``crews``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from anyorder.exploring.engine.events import READ, WRITE, EventKind
from anyorder.exploring.library.wrapping import MANY
from anyorder.exploring.processes.pools.crews import APART, EXACT
from anyorder.exploring.processes.pools.workers import Workers

if TYPE_CHECKING:
    from collections.abc import Callable

    from anyorder.exploring.engine.events import Effect, Event
    from anyorder.exploring.processes.pools.jobs import Job

__all__ = ["DISMISS", "Crew"]

SUBMIT = EventKind("submit", says="submits to the pool", waits=None, whole=False)
CLOSE_POOL = EventKind("close pool", says="closes the pool", waits=None, whole=False)
DISMISS = EventKind(
    "dismiss", says="lets the workers end", waits="all tasks to be done", whole=False
)
TERMINATE_POOL = EventKind("terminate pool", says="terminates the pool", waits=None, whole=False)
RECEIVE = EventKind("receive", says="receives a result", waits="a result", whole=False)


class Crew(Workers):
    """One crew, with what is submitted to it.

    Attributes:
        hand_over: gives what belongs to a job one of its results
    """

    hand_over: Callable[[Job, int, Any], None]

    def submit(self) -> Event:
        """Let the moment come at which tasks are submitted."""
        return self.machine.happen(SUBMIT, ((self.tail, WRITE), (self.open, "count")), about=self)

    def add(self, event: Event, tasks: list[bytes]) -> None:
        """Let tasks be submitted at an event."""
        effects: tuple[Effect, ...] = (
            (self.left, False, len(tasks)), (self.open, False, -len(tasks)),
        )  # fmt: skip
        for data in tasks:
            event.footprint += (((self.label, self.added), WRITE),)
            self.tasks.append((self.added, data))
            self.added += 1
        event.effects += effects
        self.machine.apply(effects)

    def close(self) -> None:
        """Say that no more tasks will come."""
        for job in self.jobs.values():
            job.check()
        effects: tuple[Effect, ...] = ((self.closed, True, 1),)
        if self.last == self.closed:
            effects += ((self.news, False, 1),)
            self.rings += 1
        self.machine.happen(CLOSE_POOL, ((self.closed, WRITE),), (), effects, self)

    def wait_until_done(self) -> Event:
        """Wait until it is closed and every result is there."""
        touched = ((self.closed, READ), (self.open, READ))
        gates = ((self.closed, 1), (self.open, 0))
        return self.machine.happen(DISMISS, touched, gates, about=self)

    def dismiss(self, event: Event) -> None:
        """Let the workers end at an event, each once it looks for another task."""
        effects: tuple[Effect, ...] = (
            (self.left, False, MANY), (self.ended, True, 1), (self.news, False, MANY),
            *(((self.label, "turn", number), True, 1) for number in range(len(self.workers))),
        )  # fmt: skip
        event.footprint += ((self.ended, WRITE),)
        event.effects += effects
        self.machine.apply(effects)
        self.dismissed = True

    def drop(self) -> None:
        """Forget the tasks that nobody has taken, and let nobody wait for results any more."""
        for job in self.jobs.values():
            job.check()
        seen = (self.open, self.closed, self.ended, self.news, self.wanted)
        touched = tuple((place, WRITE) for place in (self.head, self.tail, *seen))
        event = self.machine.happen(TERMINATE_POOL, touched, about=self)
        self.over = True
        effects: tuple[Effect, ...] = (
            (self.left, False, -len(self.tasks)), (self.open, False, MANY), (self.closed, True, 1),
        )  # fmt: skip
        self.tasks.clear()
        event.effects += effects
        self.machine.apply(effects)
        self.dismiss(event)

    def fail(self, event: Event, job: Job, index: int, item: Any) -> None:
        """Let a task that cannot be sent have failed, at the event that submits it."""
        if self.crews.matters(EXACT):
            self.machine.refuse(
                "what is sent to the pool here cannot be pickled, and whether it has failed is "
                "asked without waiting, which is not simulated: wait for the result"
            )
        event.footprint += job.touched(index, failed=True)
        job.arrive(event, index, lambda: item)

    def settle(self, job: Job) -> None:
        """Hand over what has arrived for a job."""
        job.check()
        job.sent.clear()
        while job.arrived:
            index, item = job.arrived.popleft()
            try:
                result = item()
            except Exception:  # another thread fails at that
                self.crews.need(EXACT, APART)
                raise
            self.hand_over(job, index, result)

    def receive(self) -> tuple[Job, int, Any] | None:
        """Wait for news, and return a result, or ``None`` where they are others."""
        machine = self.machine
        following = (self.label, "result", self.received)
        touched = tuple((place, READ) for place in (following, self.wanted, self.last))
        event = machine.happen(RECEIVE, touched, ((self.news, 1),), about=self)
        taken, found, job = self.rings, b"", None
        if self.results:
            event.widen(event.footprint)
            event.footprint = tuple(one for one in event.footprint if one[0] != self.last)
            key, index, found = self.results.popleft()
            self.received += 1
            taken, job = 1, self.jobs[key]
            job.check()
            job.sent.clear()
        else:
            self.rings = 0
        effects = ((self.news, False, -taken),)
        event.effects += effects
        machine.apply(effects)
        return None if job is None else (job, index, self.crews.pickler().loads(found))
