"""Signal handlers of processes: a program may set that of SIGINT, and nothing sends it.

A forked process has the handlers of its parent. An interpreter that begins anew has its own, save
that it ignores SIGINT where whoever began it does
(https://docs.python.org/3/library/signal.html#general-rules).

``Process.interrupt`` is refused, and so is what a thread sends to its main thread.
"""

from __future__ import annotations

from signal import SIG_IGN, SIGINT, default_int_handler
from typing import TYPE_CHECKING

from anyorder.exploring.signals.interrupts import Interrupts

if TYPE_CHECKING:
    from anyorder.exploring.processes.system.process import SimulatedProcess

__all__ = ["ProcessInterrupts"]


class ProcessInterrupts(Interrupts):
    """The signal handlers of the processes of one computer.

    Args:
        machine: the computer
    """

    known = frozenset({SIGINT})

    def interrupt_main(self, number: int = SIGINT, /) -> None:
        """Refuse what a thread of a process sends to its main thread."""
        del number
        self.machine.refuse(
            "_thread.interrupt_main() is not simulated in a program that starts processes: set an "
            "Event that the main thread looks at"
        )

    def may_come(self) -> bool:
        """Whether any signal may come to the current process: none can."""
        return False

    def inherit(self, child: SimulatedProcess, parent: SimulatedProcess) -> None:
        """Give a forked process the handlers that its parent has."""
        self.signals_of(child.number).handlers.update(self.signals_of(parent.number).handlers)

    def ignores(self, process: SimulatedProcess) -> bool:
        """Whether a process ignores SIGINT."""
        return self.signals_of(process.number).handlers[SIGINT] is SIG_IGN

    def ignore(self, child: SimulatedProcess) -> None:
        """Let a process ignore SIGINT unless it has set another handler."""
        handlers = self.signals_of(child.number).handlers
        if handlers[SIGINT] is default_int_handler:
            handlers[SIGINT] = SIG_IGN
