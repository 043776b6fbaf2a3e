"""What stands for parts of the library, put together, and what is done to its modules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from anyorder.exploring.accesses.drawing import Drawn, class_of
from anyorder.exploring.accesses.iterators import Drawing, Stepping
from anyorder.exploring.attributes import is_a
from anyorder.exploring.library.calls import CALLS
from anyorder.exploring.processes.fork.memory import Forking
from anyorder.exploring.processes.library.connections import Connections
from anyorder.exploring.processes.library.pickling import Pickling
from anyorder.exploring.processes.library.queues import Queues
from anyorder.exploring.processes.library.synchronize import synchronize_calls
from anyorder.exploring.processes.lifecycle.ending import ProcessEnding
from anyorder.exploring.processes.lifecycle.forkserver import ForkServer
from anyorder.exploring.processes.lifecycle.logger import ProcessLogger
from anyorder.exploring.processes.lifecycle.patches import process_calls
from anyorder.exploring.processes.lifecycle.starting import ProcessStarter
from anyorder.exploring.processes.pools.executor import executor_calls
from anyorder.exploring.processes.pools.futures import future_calls
from anyorder.exploring.processes.pools.pool import pool_calls
from anyorder.exploring.processes.pools.registry import PoolRegistry

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from anyorder.exploring.accesses.hooks import Accesses
    from anyorder.exploring.engine.machine import Machine
    from anyorder.exploring.processes.library.importing import ProcessLibrary
    from anyorder.exploring.processes.lifecycle.signals import ProcessInterrupts
    from anyorder.exploring.processes.system.streams import Streams

__all__ = ["Patches"]


def iterator_of(thing: Any) -> type | None:
    """Return the class of the iterator of C that a thing stands for, if it does."""
    if is_a(thing, Drawn):
        return class_of(thing)
    return type(thing) if is_a(thing, Drawing | Stepping) else None


class Patches:
    """Puts together what stands for parts of the library, and makes its modules use that.

    Args:
        library: the private modules
        streams: standard output and standard error
        accesses: what follows the program's accesses
        interrupts: the signal handlers of processes
        run_program: runs the program's file as a module, in the current process
    """

    def __init__(
        self,
        library: ProcessLibrary,
        streams: Streams,
        accesses: Accesses,
        interrupts: ProcessInterrupts,
        run_program: Callable[[ModuleType], None],
    ) -> None:
        self.library = library
        self.kernel = kernel = library.kernel
        self.machine = machine = library.machine
        self.pickling = Pickling(machine, library, accesses.read_one, kernel.exit, iterator_of)
        self.pools = pools = PoolRegistry(machine, self.pickling, streams)
        self.ending = ending = ProcessEnding(machine, library.load, streams)
        self.fork_server = ForkServer(library, ending, run_program)
        forking = Forking(
            library.load, library.state, kernel, streams, lambda: accesses.labels, library.own
        )
        self.logger = ProcessLogger(machine, library.load, accesses.objects.alone_with_logging)
        self.starter = ProcessStarter(
            library, kernel, forking, self.fork_server, ending, pools, interrupts, self.logger
        )
        machine.switch_to = library.state.switch_to
        machine.close_all = kernel.descriptors.close_all
        library.calls = {**CALLS, **self.calls()}

    def begin(self) -> None:
        """Forget all, for a new execution."""
        self.kernel.begin()
        self.pools.begin()
        self.fork_server.begin()
        self.logger.begin()

    def calls(self) -> dict[str, Callable[[Machine, ModuleType], None]]:
        """Return what is done to modules once they are loaded."""
        library, kernel, pools = self.library, self.kernel, self.pools
        load, refusing = library.load, library.refusing

        def queue(machine: Machine, module: ModuleType) -> None:
            CALLS["queue"](machine, module)
            self.machine.brief_locks.queue_calls(module)

        def synchronize(_: Machine, module: ModuleType) -> None:
            synchronize_calls(module, load("threading"), kernel.names, refusing)
            self.logger.change_locks(module)

        return {
            "queue": queue,
            "multiprocessing.reduction": lambda _, module: self.pickling.change(module),
            "multiprocessing.synchronize": synchronize,
            "multiprocessing.pool": lambda _, module: pool_calls(pools, refusing, module),
            "concurrent.futures._base": lambda _, module: future_calls(pools, module),
            "concurrent.futures.process": lambda _, module: executor_calls(
                pools, refusing, load("threading"), module
            ),
            **process_calls(self.starter, self.ending, pools, self.logger),
            **Connections(kernel.pipes, kernel.descriptors, refusing).calls(),
            **Queues(kernel.pipes, kernel.descriptors).calls(),
            **kernel.blocks.calls(),
            **kernel.memory.calls(),
        }
