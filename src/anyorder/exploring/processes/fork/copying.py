"""What a forked process has of its parent's memory: a copy of it, as it was at that moment.

Values are copied; functions and classes are shared, and what they keep that can change (the
module's variables, attributes of classes, defaults, what a closure holds) is exchanged when one or
other of the processes goes on. A lock that is held stays held.
"""

from __future__ import annotations

import itertools
import re
import weakref
from typing import Any

from anyorder.exploring.processes.fork.copies import DESCRIPTORS, OWN, ValueCopier
from anyorder.exploring.processes.fork.families import Family, read

__all__ = ["Copier"]


class Copier(ValueCopier):
    """Copies what a process keeps for one that is forked from it."""

    def copy_for(self, process: Any) -> Any:
        """Copy all that the current process keeps, and return the copy of a ``Process``."""
        self.library.move_out(self.parent)
        copied = self.copy(process)
        self.copy_memory()
        for stream in (self.library.stdout, self.library.stderr):
            stream.fork(self.child.number)
        return copied

    def copy_all(self) -> None:
        """Copy what the fork server keeps: the program, as it has read it."""
        self.copy_memory()
        self.child.main_module = self.parent.main_module

    def copy_memory(self) -> None:
        """Copy the module's variables, and what the library keeps."""
        self.copy_program()
        parent, child = self.parent, self.child
        stdout, stderr, hook, argv, main = parent.world
        child.world = (self.copy(stdout), self.copy(stderr), hook, list(argv), main)
        for name, kept in parent.memory.items():
            if name == "multiprocessing.process":
                child.memory[name] = {**kept, "_children": set()}
            elif name == "threading":
                child.threads = self.copy_threads(kept)
            elif name != "multiprocessing.heap":  # a forked heap begins anew
                child.memory[name] = self.copy_module(name, kept)
        labels = self.library.labels()
        for original, copied in self.memo.values():
            known = labels.get(id(original))
            if known is not None and copied is not original:
                labels[id(copied)] = (("copy", child.number, known[0]), copied)

    def copy_threads(self, kept: dict[str, Any]) -> dict[str, Any]:
        """Return what ``threading`` keeps for the child: its main thread, and the next name."""
        main = kept["_active"].get(vars(self.library.threading)["get_ident"]())
        if main is None:
            return {}
        count = int(re.sub(r"\D", "", repr(kept["_counter"].__self__)))  # it says so as count(2)
        return {
            "_main_thread": self.copy(main),
            "_counter": itertools.count(count).__next__,
            "excepthook": kept["excepthook"],
        }

    def copy_program(self) -> None:
        """Copy what the program keeps: variables of the module, and what its code keeps."""
        parent, child = self.parent, self.child
        if parent.image is None:
            parent.image = Family(vars(parent.main_module), parent)
        family = parent.image
        if family.resident is parent:
            names = family.names
            kept = {
                place: (owner, read(owner, place[1])) for place, (owner, _) in family.places.items()
            }
        else:
            names, kept = family.kept[parent.number]
        copies = {
            name: value if name.startswith("__") else self.copy(value)
            for name, value in list(names.items())
        }
        for place, (owner, value) in kept.items():
            self.places.setdefault(place, (owner, self.copy(value)))
        for value in list(names.values()):
            if isinstance(value, type) and value.__module__ in OWN:
                self.copy_class(value)
        for place, (owner, _) in self.places.items():
            family.places[place] = (owner, None)
            for _, places in family.kept.values():
                places.setdefault(place, (owner, read(owner, place[1])))
        family.kept[child.number] = (copies, self.places)
        child.image = family

    def copy_module(self, name: str, kept: dict[str, Any]) -> dict[str, Any]:
        """Copy what one of the library's modules keeps."""
        if name != "multiprocessing.util":
            return dict(kept)
        registry: weakref.WeakValueDictionary[Any, Any] = weakref.WeakValueDictionary()
        for (number, _, function), thing in list(kept["_afterfork_registry"].items()):
            known = self.memo.get(id(thing))
            if known is not None:
                registry[number, id(known[1]), function] = known[1]
        return {**kept, "_afterfork_registry": registry, "_finalizer_registry": {}}

    def copy_class(self, cls: type) -> None:
        """Note what a class of the program keeps that can change."""
        for name, value in vars(cls).items():
            if not name.startswith("__") and not isinstance(value, DESCRIPTORS):
                self.places[id(cls), name] = (cls, self.copy(value))
