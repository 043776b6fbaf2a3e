"""Private copies of the library modules that threads share, on the simulated machine.

The code is the library's own, of the Python that runs. Each copy is loaded with an ``__import__``
of its own, so that neither ``sys.modules`` nor any module that others use ever sees it. ``threading``
is loaded once and put back to its beginning for each execution; the others are loaded anew.
"""  # noqa: E501

from __future__ import annotations

import ast
import builtins
import dataclasses
import importlib.util
import itertools
import linecache
import sys
import weakref
from functools import cache, partial
from threading import RLock
from types import ModuleType
from typing import TYPE_CHECKING, Any, NoReturn

from anyorder.exploring.accesses.builtins import calling_frame
from anyorder.exploring.attributes import is_a
from anyorder.exploring.engine.switching import OLDEST
from anyorder.exploring.engine.varying import names_in
from anyorder.exploring.environment import environment_put_back
from anyorder.exploring.following import cannot_be_imported, may_fail
from anyorder.exploring.frames import taken
from anyorder.exploring.library import signal as signal_module
from anyorder.exploring.library.calls import CALLS
from anyorder.exploring.library.chance import random_module
from anyorder.exploring.library.own_modules import OwnModules, hidden_by, needs
from anyorder.exploring.library.stand_ins import (
    atexit_module,
    os_module,
    refusing,
    time_module,
    timeit_module,
)
from anyorder.exploring.library.thread import stand_in
from anyorder.exploring.library.wrapping import begins_once, counting
from anyorder.exploring.modules import (
    NOT_COPIED,
    NOT_IMPORTED,
    PRIVATE,
    unfollowed,
)
from anyorder.exploring.narrow import lacking
from anyorder.exploring.rewriting.transform import transformed_library

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType

    from anyorder.exploring.engine.machine import Machine
    from anyorder.exploring.engine.threads import SimulatedThread
    from anyorder.exploring.signals.interrupts import Interrupts

__all__ = ["Library"]

KEPT = {
    "_threading_local", "copy", "dataclasses", "concurrent.futures", "concurrent.futures._base",
    "concurrent.futures.thread", "queue", "threading",
}  # fmt: skip
# what has a placeholder where it is asked for as an attribute
NOT_BY_FROM = {
    "sys.version": "sys.version differs from computer to computer, and is followed under that name "
    "alone: import sys, and write sys.version",
}
POOLS = {
    "InterpreterPoolExecutor": "interpreter",
    "ProcessPoolExecutor": "process",
    "ThreadPoolExecutor": "thread",
}
# modules that do things to the program's objects: their code is followed as the program's is
REWRITTEN = {"copy", "dataclasses"}
REWRITTEN_IN = {"functools": ("cached_property",)}  # likewise, of a module with much else
BEFORE = -1_000_000  # from where what such a module makes as it is loaded is counted
WRITTEN: dict[str, Any] = {}  # what such a module writes, and its code
INTERPRETERS = (
    "begins interpreters, which are not simulated: use threads, or leave the program unexplored"
)
OPENS = "reaches a file, which is not simulated: write to sys.stdout or sys.stderr"
# modules whose objects have no events of their own, and are looked at as a whole
SHOWN_WHOLE = {"copy", "dataclasses", "functools", "logging"}
OWN_LOCKS_SHOW = {"concurrent.futures.thread"}  # other threads can find these modules' locks taken


def found(name: str) -> tuple[CodeType, Any]:
    """Return the code of a module of the library, and where it comes from."""
    spec: Any = importlib.util.find_spec(name)
    if name in REWRITTEN:
        return transformed_library(spec.loader.get_source(name), spec.origin), spec
    return spec.loader.get_code(name), spec


@cache
def class_of(name: str, wanted: str) -> CodeType:
    """Return the code of one class of a module of the library, followed as the program's is."""
    spec: Any = importlib.util.find_spec(name)
    source = spec.loader.get_source(name)
    found = next(
        each
        for each in ast.parse(source).body
        if isinstance(each, ast.ClassDef) and each.name == wanted
    )
    before = "\n" * (found.lineno - 1)  # its lines keep their numbers
    return transformed_library(before + str(ast.get_source_segment(source, found)), spec.origin)


def executing(name: str, built_in: dict[str, Any]) -> Callable[..., None]:
    """Return ``exec`` for a module that writes methods for the program's classes.

    Args:
        name: the module's name
        built_in: the builtins of what it writes
    """

    def execute(text: str, names: dict[str, Any], into: dict[str, Any]) -> None:
        if "__ao_made__" not in (names.get("__builtins__") or ()):  # of a module of the library
            names = {**names, "__builtins__": built_in}
        code = WRITTEN.get(text)
        if code is None:
            code = WRITTEN[text] = transformed_library(text, "<string>")
        exec(code, names, into)  # noqa: S102 - the library does so

    execute.__module__ = name
    return execute


class Library:
    """The modules that one exploration's programs import.

    Args:
        machine: where their threads run
        report: called with what a failing thread leaves on standard error
        interrupts: the signals of the program's main thread
    """

    # what the program imports as the library's own code does, by whole names or by first parts
    as_for_library: frozenset[str] = frozenset()
    codes: dict[str, tuple[CodeType, Any]] = {}  # noqa: RUF012 - shared by all: code is immutable

    def __init__(
        self,
        machine: Machine,
        report: Callable[[str], None],
        interrupts: Interrupts,
    ) -> None:
        self.machine = machine
        self.refusing = partial(refusing, machine)
        self.at_exit: list[Callable[[], object]] = []  # what the program registers
        self.report = report
        self.calls = CALLS
        self.thread_module = stand_in(machine, report)
        self.interrupts = interrupts
        self.thread_module.interrupt_main = interrupts.interrupt_main  # type: ignore[attr-defined]
        self.stand_ins: dict[str, Callable[[], ModuleType]] = {
            "time": partial(time_module, machine),
            "os": partial(os_module, machine),
            "random": partial(random_module, machine),
            "timeit": partial(timeit_module, lambda: self.importing("time")),
            "atexit": partial(atexit_module, machine, lambda: self.at_exit),
            "signal": partial(signal_module.stand_in, interrupts, self.refusing),
        }
        self.own = OwnModules(machine)
        self.hidden = hidden_by(machine.program)  # by the program
        self.builtins = {
            **vars(builtins),
            "__import__": self.importing,
            "open": self.refusing("open()", OPENS),
        }
        self.labels: Callable[[], dict[int, tuple[Any, Any]]] = dict  # of the program's objects
        self.modules: dict[str, ModuleType] = {}
        self.kept: dict[str, tuple[ModuleType, dict[str, Any]]] = {}  # with its names, once loaded

    # -- keeping modules from one execution to the next ----------------------------------------

    def begin(self) -> None:
        """Put every module back to its beginning, for the main thread of a new execution."""
        self.at_exit = []
        self.own.begin()
        self.modules = {"_thread": self.thread_module}
        if self.machine.patched:
            self.machine.patched = False
            self.kept = {}
        for module, names in self.kept.values():
            here = vars(module)
            here.update(names)
            for name in here.keys() - names.keys() if len(here) > len(names) else ():
                del here[name]
        fresh = "threading" not in self.kept
        hides, self.machine.hides = self.machine.hides, True
        module = self.threading = self.load("threading")
        names = vars(module)
        if fresh:
            names["local"] = local = self.load("_threading_local").local
            # as the one written in C says of itself
            local.__module__, local.__name__, local.__qualname__ = "_thread", "_local", "_local"
            if hides:  # none of them is ever held while another thread goes on
                for name, value in names.items():
                    if is_a(value, self.thread_module.LockType):
                        names[name] = RLock()
            self.kept["threading"] = (module, dict(names))
        self.machine.hides = hides
        self.begin_threads(self.machine.main)

    def begin_threads(self, main: SimulatedThread) -> None:
        """Let ``threading`` know of a main thread, and of no other."""
        main.hiding = 1
        hides, self.machine.hides = self.machine.hides, True
        module = self.threading
        names = vars(module)
        for name in ("_active", "_limbo", "_threading_atexits"):
            names[name].clear()
        shown: list[Any] = []
        if not hides:
            shown = [one for one in names.values() if is_a(one, self.thread_module.LockType)]
        for lock in shown:
            lock.owner = None
            lock._silent = True
        names["_counter"] = itertools.count(1).__next__
        names["_main_thread"] = thread = module._MainThread()
        thread._ao_thread = main
        thread._ao_place = main.shown = ("main thread", main.tid)
        main.on_end.clear()
        main.on_end.append(partial(be_over, thread))
        main.hiding = main.made = 0
        self.machine.hides = hides
        for lock in shown:
            lock._silent = False
            lock._make_visible()

    # -- importing -----------------------------------------------------------------------------

    def load(self, name: str) -> ModuleType:  # noqa: C901 - some modules are special
        """Return the private copy of a module, loading it where this execution has not yet."""
        if name in self.modules:
            return self.modules[name]
        if name in self.kept:
            module = self.modules[name] = self.kept[name][0]
            self.begin_pools(name, module)
            self.place(name, module)
            return module
        if name not in self.codes:
            self.codes[name] = found(name)
        code, spec = self.codes[name]
        module = ModuleType(name)
        module.__file__ = spec.origin
        module.__spec__ = spec
        module.__package__ = name if spec.submodule_search_locations else spec.parent
        if spec.submodule_search_locations:
            module.__path__ = spec.submodule_search_locations
        vars(module)["__builtins__"] = self.builtins
        if name in REWRITTEN:
            vars(module)["exec"] = executing(name, self.builtins)
            self.machine.files[spec.origin] = True
        self.modules[name] = module
        self.execute(name, module, code, followed=name in REWRITTEN)
        if name == "concurrent.futures":
            self.import_pools_privately(module)
        if name == "dataclasses":  # the module asks for these in the one that all others have
            vars(module).update(KW_ONLY=dataclasses.KW_ONLY, InitVar=dataclasses.InitVar)
        if name in self.calls:
            try:
                self.calls[name](self.machine, module)
            except Exception as error:  # noqa: BLE001 - it is none of the program's
                self.machine.halt(self.machine.fault(error))
        if name not in SHOWN_WHOLE:
            begins_once(self.machine, module)
        for each in REWRITTEN_IN.get(name, ()):
            self.execute(name, module, class_of(name, each), followed=True)
        self.place(name, module)
        if name in KEPT:
            self.kept[name] = (module, dict(vars(module)))
        return module

    def execute(self, name: str, module: ModuleType, code: CodeType, *, followed: bool) -> None:
        """Run a module's code, and name what the program makes afterwards as if it had not run.

        The next execution finds the module loaded, and is to name all else alike.
        """
        thread = self.machine.current
        hiding, atomic = thread.hiding, thread.atomic
        made, labels = thread.made, self.labels()
        known = set(labels)
        thread.hiding = 0 if name in OWN_LOCKS_SHOW else 1
        if followed:
            thread.made = BEFORE  # no place of its own is one of the program's
        try:
            exec(code, vars(module))  # noqa: S102 - it is the library's own code
        finally:
            thread.hiding, thread.atomic = hiding, atomic
        if followed:
            thread.made = made
            for number in labels.keys() - known:
                del labels[number]

    def place(self, name: str, module: ModuleType) -> None:
        """Put a module into its package, where ``from package import module`` looks for it."""
        if "." in name:
            parent, _, child = name.rpartition(".")
            setattr(self.package(parent), child, module)

    def import_pools_privately(self, module: ModuleType) -> None:
        """Let the executors be imported from private modules.

        From Python 3.15 on they are lazy imports, which look into ``sys.modules`` first and would
        find the real ones there.
        """
        names = vars(module)

        def get(name: str) -> Any:
            if name not in POOLS or name not in names["__all__"]:
                raise AttributeError(f"module {module.__name__!r} has no attribute {name!r}")
            if name == "InterpreterPoolExecutor":  # "import *" asks for it too
                return type(name, (), {"__init__": self.refusing(name, INTERPRETERS)})
            home = self.importing(f"concurrent.futures.{POOLS[name]}", fromlist=(name,))
            return getattr(home, name)

        for name in POOLS:
            names.pop(name, None)
        names["__getattr__"] = get

    def begin_pools(self, name: str, module: Any) -> None:
        """Give a kept ``concurrent.futures.thread`` what it makes as it is loaded."""
        if name == "concurrent.futures.thread":
            threading: Any = self.threading
            lock = threading.Lock()
            lock._maker = name  # whose code makes it really
            vars(module).update(
                _threads_queues=weakref.WeakKeyDictionary(), _global_shutdown_lock=lock
            )
            count = counting(self.machine, "pool", itertools.count().__next__)
            module.ThreadPoolExecutor._counter = staticmethod(count)
            threading._register_atexit(module._python_exit)

    def package(self, name: str) -> ModuleType:
        """Return a package of private modules; ``concurrent`` itself has no code."""
        if name == "concurrent":
            return self.modules.setdefault(name, ModuleType(name))
        return self.load(name)

    def importing(
        self,
        name: str,
        globals: dict[str, Any] | None = None,  # noqa: A002 - so it is called
        locals: dict[str, Any] | None = None,  # noqa: A002
        fromlist: tuple[str, ...] = (),
        level: int = 0,
    ) -> ModuleType:
        """Import a module for the library's own code: private copies where there are any."""
        if level:
            package = (globals or {})["__package__"].rsplit(".", level - 1)[0]
            name = f"{package}.{name}" if name else package
        self.hold_hidden(name.partition(".")[0] == self.hidden)
        if name == "_queue":
            raise ImportError("the queue of C cannot run on the simulated machine", name=name)
        rarely = (globals or {}).get("__name__", "").startswith("concurrent.")
        if name == "logging" and rarely:
            return self.late_logging()
        if name in {"concurrent.futures.process", "concurrent.futures.interpreter"}:
            self.leave_threads(name)
        if name == "concurrent" or name in PRIVATE:
            module = self.package(name)
            for child in fromlist or ():
                if child not in vars(module) and f"{name}.{child}" in PRIVATE:
                    self.load(f"{name}.{child}")
            if fromlist:
                return module
            return self.package(name.partition(".")[0])
        stand = self.modules.get(name) or self.stand_for(name)
        if stand is not None:
            return stand
        with environment_put_back():
            module = builtins.__import__(name, globals, locals, fromlist or (), 0)
        self.hold_hidden(self.hidden is not None and needs(module, self.hidden))
        return module

    def hold_hidden(self, needed: bool) -> None:
        """Refuse a program that Python imports in place of a module of the library.

        Args:
            needed: whether that module is needed
        """
        if needed:
            self.machine.refuse(
                f"the program is called {self.machine.program}, so Python imports it in place of "
                f"the library's {self.hidden}, which is needed here: give it another name"
            )

    def late_logging(self) -> ModuleType:
        """Return a ``logging`` that is loaded once an executor has something to log: rarely."""
        library = self

        class LateLogger:
            def __init__(self, name: str) -> None:
                self.name = name

            def __getattr__(self, attribute: str) -> Any:
                return getattr(library.load("logging").getLogger(self.name), attribute)

        module = ModuleType("logging")
        module.getLogger = LateLogger  # type: ignore[attr-defined]
        return module

    def stand_for(self, name: str) -> ModuleType | None:
        """Return what stands for a module that has to do with time, chance or the system."""
        if name not in self.stand_ins:
            return None
        module = self.modules[name] = self.stand_ins[name]()
        return module

    def leave_threads(self, name: str) -> None:
        """Stop at a module that begins processes: the program is executed where it can do so."""
        if name.endswith("interpreter"):
            self.machine.refuse(f"the module {name} {INTERPRETERS}")
        self.machine.learn("processes")

    def lack(self, name: str) -> NoReturn:
        """Refuse a module, or let its import fail where that is caught, and it is not installed.

        Raises:
            ModuleNotFoundError: it is so
        """
        frame = calling_frame(self.machine.own)
        source = "".join(linecache.getlines(frame.f_code.co_filename))
        if may_fail(name, frame.f_lineno, source):
            top = name.partition(".")[0]
            raise ModuleNotFoundError(f"No module named {top!r}", name=top)
        self.machine.refuse(cannot_be_imported(name, self.own.follow))

    def import_for_program(
        self,
        name: str,
        globals: dict[str, Any] | None = None,  # noqa: A002
        locals: dict[str, Any] | None = None,  # noqa: A002
        fromlist: tuple[str, ...] = (),
        level: int = 0,
    ) -> ModuleType:
        """Import a module for the program, or refuse it by name and line."""
        top = name.partition(".")[0]
        own = self.own.imported(name, globals or {}, fromlist or (), level)
        if own is not None:
            return own
        if top in sys.stdlib_module_names and self.own.hides(top, self.machine.program):
            self.machine.refuse(
                f"beside the program lies {top}.py, which Python imports in place of the library's "
                f"{top}: give it another name"
            )
        if not self.as_for_library.isdisjoint({top, name}):
            return self.importing(name, globals, locals, fromlist, level)
        if top == "multiprocessing" or name == "concurrent.futures.process":
            self.leave_threads(name)
        known = top in sys.stdlib_module_names or top in self.stand_ins
        if not known or top in NOT_IMPORTED or name in NOT_COPIED:
            self.lack(name)
        if top == "gc" and OLDEST == 0:
            self.machine.refuse(
                "the module gc cannot be simulated in a browser, which cannot collect all garbage "
                "at any time: write the program without it"
            )
        self.interrupts.imported(name)
        asked = set(fromlist or ())
        if "*" in asked:  # those count that the program mentions
            asked |= names_in(calling_frame(self.machine.own).f_code)
        for child in sorted(asked):
            reason = unfollowed(name, child) or NOT_BY_FROM.get(f"{name}.{child}", "")
            if reason:
                self.machine.refuse(reason)
        return self.found(name, fromlist or ())

    def found(self, name: str, fromlist: tuple[str, ...]) -> ModuleType:
        """Import a module of the library for the program, or refuse it where others may have it.

        Args:
            name: its name
            fromlist: what the program asks for by ``from``

        Raises:
            ModuleNotFoundError: no Python has it that is like this one
        """
        try:
            module = self.importing(name, None, None, fromlist)
        except ModuleNotFoundError as error:
            known = error.name in sys.stdlib_module_names
            reason = lacking(f"the module {error.name}") if known else ""
            if reason:
                self.machine.refuse(reason)
            raise
        for child in sorted(vars(module) if "*" in fromlist else fromlist):
            if hasattr(module, child):
                taken(module, child)
            elif reason := lacking(f"{name}.{child}"):
                self.machine.refuse(reason)
        return module


def be_over(thread: Any) -> None:
    """Let the object of a main thread say that it goes on no more, as the interpreter does."""
    for name in ("_handle", "_os_thread_handle"):  # from 3.13 on, and from 3.14
        if hasattr(thread, name):
            getattr(thread, name)._set_done()
            return
    thread._is_stopped, thread._tstate_lock = True, None
