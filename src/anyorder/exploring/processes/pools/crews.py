"""The workers of a pool, and what goes to them and comes back.

A real pool has threads that move tasks into a pipe and results out of another one. Here a task can
be taken as soon as it has been submitted, and a result is there as soon as a worker has sent it.
The argument, move by move:

a task waits to be put into the pipe
    Nobody but a worker can tell whether it has been put there, and a worker that takes it late and
    one that finds it late look alike.
a result waits to be handed over
    Whoever waits for a result that is sent and one that is handed over look alike, as long as
    nobody asks without waiting (``done``, ``ready``, a timeout, a callback, ``as_completed``). Once
    anybody does, the search begins again and handing over is an event of its own: ``EXACT``.
which worker takes a task
    A worker that has printed nothing, changed nothing and done nothing that others can see is as
    good as any other, so the first one takes them all. Once a worker does any of that, or the order
    of results counts, the search begins again with each task open to each worker: ``APART``.
workers that have done nothing yet
    They only differ by their names, so they take their first tasks in turn. Once a program asks for
    a name, or other threads go on as workers are forked one after another, the search begins again
    without that rule: ``NAMED``.
how a worker ends that is terminated
    One that has no task and nothing in its buffer ends unseen. One that has not begun does so too,
    unless workers print before their first task: ``LOUD``.

The tests hold the sets that come of this against those of the slow version, which has all four from
the start.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from anyorder.exploring.processes.library.importing import ProcessLibrary
    from anyorder.exploring.processes.lifecycle.process import SimulatedProcess
    from anyorder.exploring.processes.pools.workers import Workers
    from anyorder.exploring.processes.system.computer import Computer

__all__ = ["APART", "EXACT", "LOUD", "NAMED", "Crews", "End", "Left"]

# what may make a difference; see above
APART, EXACT, LOUD, NAMED = "apart", "exact", "loud", "named"


class End:
    """What the workers of a crew have of it: they take tasks from it and send results to it.

    Args:
        crew: the crew
    """

    def __init__(self, crew: Workers) -> None:
        self.crew = crew

    def __reduce__(self) -> tuple[Any, ...]:
        """Let every process have the same one."""
        return self.crew.crews.find, (self.crew.number,)

    def get(self, *_: object, **__: object) -> Any:
        """Take a task."""
        return self.crew.take()

    def put(self, item: Any) -> None:
        """Send a result."""
        self.crew.send(item)

    def close(self) -> None:
        """Do nothing: it stays as long as the computer."""


class Left:
    """What a forked process has of a pool of its parent: it is not followed.

    Args:
        machine: where they run
    """

    def __init__(self, machine: Computer) -> None:
        self.machine = machine

    def __getattr__(self, name: str) -> NoReturn:
        """Refuse what the process does with it."""
        self.machine.refuse(
            "a pool that was made before the fork, or a result of it, is used in the process that "
            "was forked, where nobody works for it: make a pool in each process"
        )


class Crews:
    """The crews of one computer.

    Args:
        library: the modules that they use
    """

    def __init__(self, library: ProcessLibrary) -> None:
        self.library = library
        self.machine: Computer = library.machine
        self.all: list[Workers] = []
        crews = self

        def find(number: int) -> End:
            return crews.all[number].end

        find.__module__, find.__qualname__ = "multiprocessing.process", "_find_crew"
        self.find = find

    def begin(self) -> None:
        """Forget all crews, for a new execution."""
        self.all = []

    def pickler(self) -> Any:
        """Return what pickles for other processes."""
        return vars(self.library.load("multiprocessing.reduction"))["ForkingPickler"]

    def matters(self, what: str) -> bool:
        """Whether something that is left out at first makes a difference."""
        return ("crew", what) in self.library.kernel.pipes.descriptors.sharing.places

    def need(self, *things: str) -> None:
        """Let the search begin again, unless it knows already that these make a difference."""
        sharing = self.library.kernel.pipes.descriptors.sharing
        for what in things:
            if not self.matters(what):
                sharing.places.add(("crew", what))
                sharing.grown = True

    def asked_for_name(self) -> None:
        """Note that the program asks which process it is in."""
        if any(self.machine.current.home in crew.workers for crew in self.all):
            self.need(APART, NAMED)

    def asked_for_names(self) -> None:
        """Note that the program asks which processes there are."""
        if self.all:
            self.need(APART, NAMED)

    def hire(self, arguments: tuple[Any, ...], process: SimulatedProcess) -> None:
        """Note that a process has been started, which is a worker where an end is sent to it."""
        for end in arguments:
            if isinstance(end, End):
                end.crew.hire(process)
                return

    def differs(self, process: SimulatedProcess) -> None:
        """Note that a process may have found another memory at its fork than others did."""
        if any(process.number in crew.workers for crew in self.all):
            self.need(APART, NAMED)
