"""What a forked process has of its parent's memory: a copy of it, as it was at that moment.

Values are copied; functions and classes are shared, and what they keep that can change (the
module's variables, attributes of classes, defaults, what a closure holds) is swapped as one or the
other of the processes goes on. A lock that is held stays held.
"""

from __future__ import annotations

import itertools
import re
import weakref
from typing import TYPE_CHECKING, Any

from anyorder.exploring.processes.fork.shared_code import SharedCode, read
from anyorder.exploring.processes.fork.values import ValueCopier
from anyorder.exploring.processes.library.module_state import EXECUTORS

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from anyorder.exploring.engine.threads import SimulatedThread
    from anyorder.exploring.library.own_modules import OwnModules
    from anyorder.exploring.processes.library.module_state import ModuleState
    from anyorder.exploring.processes.system.kernel import Kernel
    from anyorder.exploring.processes.system.process import SimulatedProcess
    from anyorder.exploring.processes.system.streams import Streams

__all__ = ["Forking"]


class Forking:
    """Copies the memory of processes for those that are forked from them.

    Args:
        load: returns the private copy of a module
        state: what processes keep in those
        kernel: what the operating system keeps
        streams: standard output and standard error
        labels: returns the names of the program's objects, by their ids
        own: the program's own modules
    """

    def __init__(  # noqa: PLR0913, PLR0917 - each is said once
        self,
        load: Callable[[str], ModuleType],
        state: ModuleState,
        kernel: Kernel,
        streams: Streams,
        labels: Callable[[], dict[int, tuple[Any, Any]]],
        own: OwnModules,
    ) -> None:
        self.load = load
        self.state = state
        self.kernel = kernel
        self.streams = streams
        self.labels = labels
        self.own = own

    def copier(
        self, parent: SimulatedProcess, forking: SimulatedThread, child: SimulatedProcess
    ) -> MemoryCopier:
        """Return what copies the memory of a process for its child, which a thread of it forks."""
        same = (self.streams.stdout, self.streams.stderr, self.kernel.exit)
        machine, lock_class = self.kernel.machine, self.kernel.lock_class
        values = ValueCopier(machine, self.load, lock_class, same, parent, forking, child)
        return MemoryCopier(values, parent, child, self.labels(), self.own)

    def fork(
        self, process: Any, parent: SimulatedProcess, child: SimulatedProcess
    ) -> tuple[Any, ValueCopier]:
        """Copy all that the current process keeps for a child.

        Returns:
            The copy of the ``Process``, and what copies other values for the child.
        """
        self.state.save(parent)
        copier = self.copier(parent, self.kernel.machine.current, child)
        copied = copier.copy(process)
        copier.copy_memory()
        child.main_module = parent.main_module  # which the child may fork in turn
        self.streams.fork(child.number)
        return copied, copier.values

    def begin(self, child: SimulatedProcess) -> None:
        """Begin a child, whose memory is in place, with the thread that has forked."""
        self.state.adopt_threads(child)

    def fork_server(self, server: SimulatedProcess, child: SimulatedProcess) -> None:
        """Copy what the fork server keeps for a child: the program, as it has read it."""
        copier = self.copier(server, server.main, child)
        copier.copy_memory()
        child.main.context = copier.copy(server.main.context)
        child.main_module = server.main_module


class MemoryCopier:
    """Copies what a process keeps for one that is forked from it.

    Args:
        values: copies single values
        parent: the process that is copied
        child: the one that gets the copies
        labels: the names of the program's objects, by their ids
        own: the program's own modules
    """

    def __init__(
        self,
        values: ValueCopier,
        parent: SimulatedProcess,
        child: SimulatedProcess,
        labels: dict[int, tuple[Any, Any]],
        own: OwnModules,
    ) -> None:
        self.values = values
        self.copy = values.copy
        self.parent = parent
        self.child = child
        self.labels = labels
        self.own = own

    def copy_memory(self) -> None:
        """Copy the module's variables, and what the library keeps."""
        self.copy_program()
        parent, child = self.parent, self.child
        stdout, stderr, hook, argv, main = parent.world
        child.world = (self.copy(stdout), self.copy(stderr), hook, list(argv), main)
        child.settings = parent.settings.copy()
        for name, kept in parent.memory.items():
            if name == "multiprocessing.process":
                child.memory[name] = {**kept, "_children": set()}
            elif name == "threading":
                child.threads = self.copy_threads(kept)
            elif name != "multiprocessing.heap":  # a forked heap begins anew
                child.memory[name] = self.copy_module(name, kept)
        dropping = self.values.machine.dropping
        for original, copied in self.values.memo.values():
            if copied is original:
                continue
            known = self.labels.get(id(original))
            if known is not None:
                dropping.keep((copied,))
                self.labels[id(copied)] = (("copy", child.number, known[0]), copied)
            if dropping.watches(original):
                dropping.watch(copied)

    def copy_threads(self, kept: dict[str, Any]) -> dict[str, Any]:
        """Return what ``threading`` keeps for the child: its main thread, and the next name."""
        main = self.values.forking_thread
        if main is None:  # the fork server's is not the thread that asks it to fork
            return {"excepthook": kept["excepthook"]}
        count = int(re.sub(r"\D", "", repr(kept["_counter"].__self__)))  # it says so as count(2)
        return {
            "_main_thread": self.copy(main),
            "_counter": itertools.count(count).__next__,
            "excepthook": kept["excepthook"],
        }

    def copy_program(self) -> None:
        """Copy what the program keeps: variables of the module, and what its code keeps."""
        parent, child = self.parent, self.child
        if parent.shared_code is None:
            parent.shared_code = SharedCode(parent)
        shared = parent.shared_code
        own = {"": parent.main_module, **self.own.modules.get(parent.number, {})}
        if shared.resident is parent:
            shared.note_new()
            for name, module in own.items():
                shared.modules.setdefault(name, vars(module))
            modules = {name: vars(module) for name, module in own.items()}
            kept = {
                place: (owner, read(owner, place[1])) for place, (owner, _) in shared.places.items()
            }
        else:
            modules, kept = shared.kept[parent.number]
        for (_, name), (owner, value) in kept.items():
            self.values.note(owner, name, value)
        copies = {
            module: {
                name: value if name.startswith("__") else self.copy(value)
                for name, value in list(names.items())
            }
            for module, names in modules.items()
        }
        self.own.modules[child.number] = {name: module for name, module in own.items() if name}
        shared.classes.update(self.values.classes)
        for place, (owner, _) in self.values.places.items():
            shared.places[place] = (owner, None)
            for _, places in shared.kept.values():
                places.setdefault(place, (owner, read(owner, place[1])))
        shared.kept[child.number] = (copies, self.values.places)
        child.shared_code = shared

    def copy_module(self, name: str, kept: dict[str, Any]) -> dict[str, Any]:
        """Copy what one of the library's modules keeps."""
        if name == EXECUTORS:  # the threads that it joins at its end are none of its own yet
            return {**kept, "_threads_wakeups": weakref.WeakKeyDictionary()}
        if name != "multiprocessing.util":
            return dict(kept)
        registry: weakref.WeakValueDictionary[Any, Any] = weakref.WeakValueDictionary()
        for (number, _, function), thing in list(kept["_afterfork_registry"].items()):
            known = self.values.memo.get(id(thing))
            if known is not None:
                registry[number, id(known[1]), function] = known[1]
        return {**kept, "_afterfork_registry": registry, "_finalizer_registry": {}}
