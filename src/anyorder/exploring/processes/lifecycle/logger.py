"""What ``multiprocessing`` logs of its own steps, where a program has asked for that.

Most of it comes from its own code. Here is what it logs in code that is simulated: how a child that
reads the program again gets its parent's logger, and which folder the fork server has. Of locks,
and so of queues and pools, it logs at level ``DEBUG`` alone, which is refused.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from anyorder.exploring.library.wrapping import Original, wrapped
from anyorder.outcomes.placeholders import TEMPORARY

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import ModuleType

    from anyorder.exploring.processes.system.computer import Computer

__all__ = ["ProcessLogger"]


class ProcessLogger:
    """The logger of ``multiprocessing`` in each process of one computer.

    Args:
        machine: where the processes run
        load: returns the private copy of a module
        alone: refuses a change of how logging works, by its name, once other threads find it
    """

    def __init__(
        self,
        machine: Computer,
        load: Callable[[str], ModuleType],
        alone: Callable[[str], None],
    ) -> None:
        self.machine = machine
        self.load = load
        self.alone = alone
        self.begin()

    def begin(self) -> None:
        """Forget all, for a new execution."""
        self.locks = False  # whether there are any of which it would speak
        self.changed: set[int] = set()  # the fork servers whose children have got a logger

    def says(self, level: int) -> bool:
        """Whether the current process shows what is logged at a level."""
        logger = vars(self.load("multiprocessing.util"))["_logger"]
        return logger is not None and bool(logger.handlers) and logger.getEffectiveLevel() <= level

    def change(self, module: ModuleType) -> None:
        """Make a copy of ``multiprocessing.util`` refuse what is not followed."""
        debug, log_to_stderr = vars(module)["debug"], vars(module)["log_to_stderr"]

        def log(level: Any = None) -> Any:
            self.alone("log_to_stderr")
            return log_to_stderr(level)

        def follow(message: str, *args: Any, **kwargs: Any) -> None:
            if self.locks and self.says(logging.DEBUG):
                self.machine.refuse(
                    "what multiprocessing logs of its locks, queues and pools at level DEBUG is "
                    "not followed: set its logger to the level INFO"
                )
            debug(message, *args, **kwargs)

        vars(module).update(debug=follow, log_to_stderr=log)
        self.log_to_stderr = log_to_stderr

    def change_locks(self, module: ModuleType) -> None:
        """Note which locks a copy of ``multiprocessing.synchronize`` makes."""

        @wrapped(vars(module)["SemLock"], "__init__")
        def make(lock: Any, *args: Any, original: Original, **kwargs: Any) -> None:
            self.locks = True
            original(lock, *args, **kwargs)

    def take_over(self, preparation: Mapping[str, Any]) -> None:
        """Do what ``spawn.prepare`` does for the logger of a child."""
        if "log_level" not in preparation:
            return
        util = vars(self.load("multiprocessing.util"))
        process = self.machine.process
        if process.logging in self.changed:  # the children of a fork server share its logging here
            self.machine.refuse(
                "multiprocessing logs in several children of a fork server, which is not followed: "
                'let it log in one, or set the start method to "spawn"'
            )
        if process.logging != process.number:
            self.changed.add(process.logging)
        if preparation["log_to_stderr"]:
            self.log_to_stderr()
        util["get_logger"]().setLevel(preparation["log_level"])

    def make_folder(self) -> None:
        """Do what ``util.get_temp_dir`` does, for the fork server of the current process."""
        machine = self.machine
        process = vars(self.load("multiprocessing.process"))["_current_process"]
        if process._config.get("tempdir") is not None:
            return
        if self.says(logging.INFO):
            here = [one for one in machine.threads if one.home == machine.current.home]
            if machine.process.parent is not None or len(here) > 1:
                machine.refuse(
                    "multiprocessing logs the folder of its fork server at level INFO, which is "
                    "not followed in a child or beside other threads: set its logger to the level "
                    "WARNING"
                )
            machine.learn("unknowns")
            vars(self.load("multiprocessing.util"))["info"]("created temp directory %s", TEMPORARY)
        process._config["tempdir"] = TEMPORARY
