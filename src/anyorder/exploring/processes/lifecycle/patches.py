"""What is done to the private copies of the modules that begin and end processes."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from anyorder.exploring.attributes import asked
from anyorder.exploring.engine.events import READ, WRITE, EventKind
from anyorder.exploring.library.calls import CALLS
from anyorder.exploring.library.wrapping import Original, goes_through, take_number, wrapped
from anyorder.exploring.processes.library.importing import is_own

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from anyorder.exploring.engine.machine import Machine
    from anyorder.exploring.processes.lifecycle.ending import ProcessEnding
    from anyorder.exploring.processes.lifecycle.logger import ProcessLogger
    from anyorder.exploring.processes.lifecycle.starting import ProcessStarter
    from anyorder.exploring.processes.pools.registry import PoolRegistry
    from anyorder.exploring.processes.system.computer import Computer

__all__ = ["process_calls"]

EXITING = EventKind(
    "exiting",
    says=lambda event, _: (
        "begins to exit" if event.about == WRITE else "asks whether its process exits"
    ),
    waits=None,
    whole=False,
)


def takes_over(machine: Machine, base: Any) -> None:
    """Make events of how a process takes over its arguments, as it is made.

    Args:
        machine: where it is made
        base: the class of processes
    """

    @wrapped(base, "__init__")
    def make(  # noqa: PLR0913, PLR0917 - as the library's own
        self: Any,
        group: Any = None,
        target: Any = None,
        name: Any = None,
        args: Any = (),
        kwargs: Any = {},  # noqa: B006 - as the library's own
        *,
        original: Original,
        **more: Any,
    ) -> None:
        args, kwargs = machine.spread(args), machine.spread_named(kwargs)
        original(self, group, target, name, args, kwargs, **more)


def process_calls(
    starter: ProcessStarter, ending: ProcessEnding, pools: PoolRegistry, logger: ProcessLogger
) -> dict[str, Callable[[Machine, ModuleType], None]]:
    """Return what is done to the modules that begin processes, once they are loaded.

    Args:
        starter: begins processes
        ending: ends them
        pools: the pools of processes
        logger: the logger of ``multiprocessing``
    """
    machine, load = ending.machine, ending.load
    list_children: Any = None  # ``active_children``, for the library's own code

    def threads(_: Machine, module: ModuleType) -> None:
        CALLS["threading"](machine, module)
        machine.brief_locks.threading_calls(module)
        vars(module)["_shutdown"] = ending.end_threads

    def process(_: Machine, module: ModuleType) -> None:
        nonlocal list_children
        base = vars(module)["BaseProcess"]
        takes_over(machine, base)
        goes_through(machine, base, "__init__")
        numbered(machine, base, pools)
        base.ident = base.pid = property(lambda process: pid(machine, module, process))
        base.__hash__ = lambda self: hash(
            self._identity
        )  # so that a set of children keeps its order
        forget_ended, children = vars(module)["_cleanup"], vars(module)["active_children"]
        current_process = vars(module)["current_process"]

        def say_name() -> Any:
            if sys._getframe(1).f_code.co_filename in machine.own:
                pools.asked_for_name()
            return current_process()

        def active_children() -> list[Any]:
            pools.asked_for_names()
            forget_ended()
            return children()  # type: ignore[no-any-return]

        # Which of the children have ended by now shows nowhere else, so nothing else asks.
        vars(module)["_cleanup"] = lambda: None
        # pickle finds the ends of a pool by a name
        vars(module)["_find_pool"] = pools.find
        vars(module)["active_children"] = active_children
        vars(module)["current_process"] = say_name
        list_children = children

    def util(_: Machine, module: ModuleType) -> None:
        vars(module)["_close_stdin"] = lambda: None
        call = vars(module)["_exit_function"]
        asked = load("multiprocessing.process").active_children
        debug = vars(module)["debug"]
        logger.change(module)
        stands = {asked: list_children, debug: vars(module)["debug"]}
        call.__defaults__ = tuple(stands.get(one, one) for one in call.__defaults__)
        follow_exit(machine, module)

    def fork(_: Machine, module: ModuleType) -> None:
        vars(module)["Popen"]._launch = launching(starter.fork)

    def spawn(_: Machine, module: ModuleType) -> None:
        vars(module)["Popen"]._launch = launching(starter.spawn)

    def serve(_: Machine, module: ModuleType) -> None:
        popen = vars(module)["Popen"]
        popen._launch = launching(starter.serve)
        base = load("multiprocessing.popen_fork")
        popen.poll = vars(base)["Popen"].poll
        spawning = vars(load("multiprocessing.popen_spawn_posix"))["Popen"]
        popen.DupFd, popen.duplicate_for_child = spawning.DupFd, spawning.duplicate_for_child
        load("multiprocessing.forkserver")

    return {
        "threading": threads,
        "multiprocessing.process": process,
        "multiprocessing.util": util,
        "multiprocessing.popen_fork": fork,
        "multiprocessing.popen_spawn_posix": spawn,
        "multiprocessing.popen_forkserver": serve,
    }


def numbered(machine: Computer, base: type, pools: PoolRegistry) -> None:
    """Make an event of it where a process gets its number, if threads may get it in any order."""

    @wrapped(base, "__init__")
    def make(self: Any, *args: Any, original: Original, **kwargs: Any) -> None:
        if not is_own(asked(kwargs.get("target"), "__module__", "")):  # it is no worker
            pools.number()
        take_number(machine, "process")
        original(self, *args, **kwargs)


def follow_exit(machine: Computer, module: ModuleType) -> None:
    """Make an event of it where a process begins to exit, if a thread of it may ask for that."""
    call, asks = vars(module)["_exit_function"], vars(module)["is_exiting"]

    def reach_exiting(mode: int) -> None:
        place = ("exiting", machine.current.home)
        if machine.touch(place, mode):
            machine.happen(EXITING, ((place, mode),), about=mode)

    def exit_function() -> None:
        reach_exiting(WRITE)
        call()

    def is_exiting() -> bool:
        reach_exiting(READ)
        return asks()  # type: ignore[no-any-return]

    vars(module).update(_exit_function=exit_function, is_exiting=is_exiting)


def launching(launch: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
    """Return a function that can be a method of ``Popen``."""

    def method(popen: Any, process: Any) -> None:
        launch(popen, process)

    return method


def pid(machine: Computer, module: ModuleType, process: Any) -> int | None:
    """Return the number of a process; to the program, as one that it cannot show.

    Args:
        machine: where it runs
        module: the private copy of ``multiprocessing.process``
        process: its ``Process``
    """
    current = vars(module)["_current_process"]
    popen = process._popen
    number: int | None = machine.process.pid
    if process is not current:
        number = None if popen is None else popen.pid
    if number is None or is_own(sys._getframe(2).f_globals["__name__"]):
        return number
    return machine.varied.pid(number)
