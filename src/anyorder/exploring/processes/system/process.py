"""The processes of the simulated computer: what is known of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from anyorder.exploring.engine.varying import FIRST_PROCESS

if TYPE_CHECKING:
    from collections.abc import Callable

    from anyorder.exploring.engine.events import Event
    from anyorder.exploring.engine.threads import SimulatedThread

__all__ = ["EXITED", "FIRST_PID", "FIRST_SENTINEL", "SimulatedProcess"]

EXITED = "exited"  # the place ("exited", process) says that a process has ended
FIRST_PID = FIRST_PROCESS + 1
FIRST_SENTINEL = 139_150_000_000_000  # a number that no program has of its own


class SimulatedProcess:
    """One process.

    Args:
        number: the number of its main thread, which is the same in every execution
        main: its main thread
        parent: the process that started it, and ``None`` for the first
        name: what the program calls it
    """

    def __init__(
        self, number: int, main: SimulatedThread, parent: SimulatedProcess | None, name: str
    ) -> None:
        self.number = number
        self.main = main
        self.parent = parent
        self.name = name
        self.pid = FIRST_PID + number
        self.sentinel = FIRST_SENTINEL + number  # what is ready once it has ended
        self.served = False  # whether the fork server has begun it
        # of which process it has ``logging``, and whether others are forked that have it from here
        self.logging, self.forks_on = number, False
        self.status: int | None = None  # its exit code, once it has ended
        self.memory: dict[
            str, dict[str, Any]
        ] = {}  # of each module, what it keeps, while elsewhere
        self.at_exit: list[Callable[[], object]] = []
        self.on_end: list[Callable[[Event], None]] = []
        self.main_module: Any = None
        self.world: tuple[Any, ...] = ()  # the interpreter's own places, while elsewhere
        self.settings: Any = None  # those of its interpreter, while elsewhere; none: Python's own
        self.tracker: set[str] | None = None  # what the process knows that cleans up after it
        # whether SIGINT was ignored as its fork server began, which is to be known by then
        self.server_ignores: bool | None = None
        self.threads: dict[str, Any] = {}  # what ``threading`` has for it, where it was forked
        self.shared_code: Any = None  # what it shared with a process that it was forked from
