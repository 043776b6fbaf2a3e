"""What stands for modules through which a process reaches the operating system.

``multiprocessing`` finds here an ``os`` whose processes and pipes are simulated.
"""

from __future__ import annotations

import os
from types import ModuleType
from typing import TYPE_CHECKING, Any, NoReturn

from anyorder.exploring.engine.events import READ, EventKind
from anyorder.exploring.library.cores import calls_of_os
from anyorder.exploring.processes.system.process import EXITED, FIRST_PID

if TYPE_CHECKING:
    from collections.abc import Callable

    from anyorder.exploring.engine.events import Gate
    from anyorder.exploring.processes.system.computer import Computer

__all__ = ["LOOK_AFTER", "Exit", "os_of_processes"]

LOOK_AFTER = EventKind("look after", says="looks whether {} has ended", waits=None, whole=False)
WAIT_FOR_END = EventKind(
    "wait for end", says="has waited for {} to end", waits="{} to end", whole=False
)


class Exit:
    """What stands for ``os._exit``, and can be sent to another process.

    Args:
        machine: where processes run
    """

    def __init__(self, machine: Computer) -> None:
        self.machine = machine

    def __call__(self, status: int) -> NoReturn:
        """End the current process."""
        self.machine.exit_now(status)


def os_of_processes(machine: Computer, calls: dict[str, Callable[..., Any]]) -> ModuleType:
    """Return ``os`` for ``multiprocessing``, whose processes and pipes are simulated.

    Args:
        machine: where processes run
        calls: the functions that have to do with pipes and memory
    """
    module = ModuleType("os")
    vars(module).update(vars(os))

    def waitpid(pid: int, options: int) -> tuple[int, int]:
        process = machine.processes[pid - FIRST_PID]
        place = (EXITED, process.number)
        gates: tuple[Gate, ...] = () if options & os.WNOHANG else ((place, 1),)
        kind = LOOK_AFTER if options & os.WNOHANG else WAIT_FOR_END
        machine.happen(kind, ((place, READ),), gates, about=process)
        if process.status is None:
            return 0, 0
        machine.joined(process.main)
        status = process.status
        return pid, -status if status < 0 else (status & 0xFF) << 8

    def kill(pid: int, number: int) -> None:
        machine.send_signal(machine.processes[pid - FIRST_PID], int(number))

    vars(module).update(
        getpid=lambda: machine.process.pid,
        urandom=lambda count: b"\0" * count,
        waitpid=waitpid,
        kill=kill,
        **calls_of_os(machine, vars(os)),
        **calls,
    )
    return module
