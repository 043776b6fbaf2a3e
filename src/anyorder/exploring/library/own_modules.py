"""The program's own modules: imported as Python does, and rewritten as the program is.

Each process has its own, and imports each of them once. One that is imported for the first time
while there are other threads is refused: that other threads find it half done is not followed.
"""

from __future__ import annotations

import linecache
import sys
from importlib.machinery import FrozenImporter, ModuleSpec, PathFinder
from importlib.util import decode_source
from pathlib import Path
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

from anyorder.exploring.accesses.events import READ_VARIABLE
from anyorder.exploring.attributes import is_a
from anyorder.exploring.engine.events import READ
from anyorder.exploring.following import Found, find
from anyorder.exploring.modules import MAIN, OWN_MODULES
from anyorder.exploring.rewriting.transform import transformed
from anyorder.outcomes.placeholders import in_folder

if TYPE_CHECKING:
    from anyorder.exploring.engine.machine import Machine

__all__ = ["OwnModules", "hidden_by", "needs"]


def hidden_by(program: str) -> str | None:
    """Return the module of the library in whose place Python imports a program, if there is any.

    What is built into the interpreter, or frozen into it, is found first.

    Args:
        program: the file name of the program
    """
    name = Path(program).stem
    first = name in sys.builtin_module_names or FrozenImporter.find_spec(name) is not None
    return name if name in sys.stdlib_module_names and not first else None


def needs(module: ModuleType, name: str) -> bool:
    """Whether a module of the library needs another one, as far as what is in them tells.

    Args:
        module: the module
        name: the name of the other one
    """
    left, seen = [module.__name__], set()
    while left:
        one = left.pop()
        if one.partition(".")[0] == name:
            return True
        if one not in seen and one.partition(".")[0] in sys.stdlib_module_names:
            seen.add(one)
            values = vars(sys.modules[one]).values() if one in sys.modules else ()
            left += [
                value.__name__ if is_a(value, ModuleType) else value.__module__
                for value in values
                if is_a(value, ModuleType | type | FunctionType)
            ]
    return False


class OwnModules:
    """The own modules of the programs of one exploration.

    Args:
        machine: where they run

    Attributes:
        folder: where the program lies
        follow: the packages of others that are followed
        builtins: what its code finds built in
        late: as for ``transformed``, each with the name of its module
    """

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.folder = Path()
        self.follow: frozenset[str] = frozenset()
        self.builtins: dict[str, Any] = {}
        self.late: frozenset[str] = frozenset()
        self.found: dict[str, Found | None] = {}
        self.beside: dict[str, bool] = {}  # as ``hides`` has found
        self.replaced: dict[str, ModuleType | None] = {}  # in ``sys.modules``, for a while
        OWN_MODULES.clear()
        OWN_MODULES.update(MAIN)
        self.begin()

    def begin(self) -> None:
        """Forget all modules, for a new execution."""
        self.modules: dict[int, dict[str, ModuleType]] = {}  # of each process

    def end(self) -> None:
        """Put back what the interpreter had under their names."""
        for name, module in self.replaced.items():
            if module is None:
                sys.modules.pop(name, None)
            else:
                sys.modules[name] = module
        self.replaced.clear()

    def show(self, home: int) -> None:
        """Let the interpreter find the modules of a process, and no other's."""
        here = self.modules.get(home, {})
        for name in self.replaced:
            if name in here:
                sys.modules[name] = here[name]
            else:
                sys.modules.pop(name, None)

    # -- importing -----------------------------------------------------------------------------

    def find(self, name: str) -> Found | None:
        """Return what is known of a module, and ``None`` where it is not the program's own."""
        if name not in self.found:
            parent = name.rpartition(".")[0]
            within = None
            if parent:
                outer = self.find(parent)
                if outer is None or outer.package is None:
                    return None
                within = outer.package
            self.found[name] = find(name, self.folder, self.follow, within)
        return self.found[name]

    def hides(self, name: str, program: str) -> bool:
        """Whether a module beside the program hides one of the library of the same name.

        What is built into the interpreter is hidden by nothing.

        Args:
            name: its name, without those of modules in it
            program: the file name of the program
        """
        if name in sys.builtin_module_names:
            return False
        if name not in self.beside:
            spec = PathFinder.find_spec(name, [str(self.folder)])
            self.beside[name] = (
                spec is not None
                and spec.origin is not None
                and Path(spec.origin) != self.folder.resolve() / program
                and Path(spec.origin) != self.folder / program
            )
        return self.beside[name]

    def imported(
        self, name: str, names: dict[str, Any], fromlist: tuple[str, ...], level: int
    ) -> ModuleType | None:
        """Return what an import statement gets, and ``None`` where it is not of these modules.

        Args:
            name: the name that it gives
            names: the variables of the module that it is in
            fromlist: what it takes from there
            level: how many dots there are before the name

        Raises:
            ImportError: there is no such module
        """
        if level:
            package = names.get("__package__") or ""
            if not package:
                raise ImportError("attempted relative import with no known parent package")
            base = package.rsplit(".", level - 1)[0]
            name = f"{base}.{name}" if name else base
        if self.find(name.partition(".")[0]) is None:
            return None
        module = self.loaded(name)
        for child in fromlist:
            self.take(module, child)
        return module if fromlist else self.here()[name.partition(".")[0]]

    def take(self, module: ModuleType, child: str) -> None:
        """Read what is taken from a module, which may be a module of its own."""
        name = f"{module.__name__}.{child}"
        if child != "*" and not hasattr(module, child) and self.find(name) is not None:
            self.loaded(name)
        place = ("global", self.machine.current.home, name)
        if self.machine.touch(place, READ):
            self.machine.happen(READ_VARIABLE, ((place, READ),), about=(name,), step=True)

    def here(self) -> dict[str, ModuleType]:
        """Return the modules of the process that runs."""
        return self.modules.setdefault(self.machine.current.home, {})

    def loaded(self, name: str) -> ModuleType:
        """Return a module, which is executed where this process has not done so yet."""
        here = self.here()
        if name in here:
            return here[name]
        parent, _, child = name.rpartition(".")
        if parent:
            self.loaded(parent)
            if name in here:  # the package imports it itself
                return here[name]
        found = self.find(name)
        if found is None:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        machine = self.machine
        home = machine.current.home
        if sum(one.home == home and not one.ended for one in machine.threads) > 1:
            machine.refuse(
                f"{name} is imported while there are other threads, which is not followed: import "
                "it at the top of the program"
            )
        module = here[name] = self.made(name, found)
        self.replaced.setdefault(name, sys.modules.get(name))
        sys.modules[name] = module
        try:
            if found.file is not None:
                self.execute(module, found.file, in_folder(found.shown))
        except BaseException:
            here.pop(name, None)
            sys.modules.pop(name, None)
            raise
        if parent:
            setattr(here[parent], child, module)
        return module

    def made(self, name: str, found: Found) -> ModuleType:
        """Return a module that has not been executed."""
        module = ModuleType(name)
        spec = ModuleSpec(name, None, origin=None if found.file is None else in_folder(found.shown))
        if found.package is not None:
            spec.submodule_search_locations = list(found.package)
            module.__path__ = list(found.package)
        module.__spec__ = spec
        module.__package__ = name if found.package is not None else name.rpartition(".")[0]
        if found.file is not None:
            module.__file__ = in_folder(found.shown)
        vars(module)["__builtins__"] = self.builtins
        OWN_MODULES.add(name)
        return module

    def execute(self, module: ModuleType, file: Path, shown: str) -> None:
        """Execute the code of a module."""
        source = decode_source(file.read_bytes())
        name = module.__name__
        self.machine.own.add(shown)
        lines = source.splitlines(keepends=True)
        linecache.cache[shown] = (len(source), None, lines, shown)
        late = frozenset(
            one.removeprefix(f"{name}.") for one in self.late if one.rpartition(".")[0] == name
        )
        signals = self.machine.facts.signals
        code = transformed(source, shown, late=late, signals=signals, module=name)
        exec(code, vars(module))  # noqa: S102 - it is code of the program
