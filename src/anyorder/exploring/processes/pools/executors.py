"""``ProcessPoolExecutor``: the library's own class, whose parent's side is a ``Staff``."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from greenlet import getcurrent

from anyorder.exploring.engine.threads import Hiding
from anyorder.exploring.library.wrapping import Original, wrapped
from anyorder.exploring.processes.pools.futures import UNKNOWN
from anyorder.exploring.processes.pools.staff import Staff, Wakeup

if TYPE_CHECKING:
    from types import ModuleType

    from anyorder.exploring.processes.library.importing import ProcessLibrary

__all__ = ["executor_calls"]

MAY_FAIL = (
    "this Python may fail as it exits, since its pipe is closed meanwhile: wait with shutdown() or "
    "a with statement, or take a newer Python"
)


def executor_calls(library: ProcessLibrary, module: ModuleType) -> None:  # noqa: C901
    """Let the executors of a copy of ``concurrent.futures.process`` have crews."""
    names = vars(module)
    machine = library.machine
    cls = names["ProcessPoolExecutor"]
    # without a lock the thread of an executor may close its pipe while the exit writes to it: so it
    # is in 3.11 and 3.12, at least at first
    breaks_at_exit = "_lock" not in names["_ThreadWakeup"].wakeup.__code__.co_names
    names["_ThreadWakeup"] = lambda: None
    names["_SafeQueue"] = lambda *_, **__: type("Unused", (), {})()
    manager = names["_ExecutorManagerThread"]
    later = vars(manager).get("_terminate_broken")
    constants = (later or manager.terminate_broken).__code__.co_consts
    texts = [text for text in constants if isinstance(text, str) and text.startswith("A ")]
    names["_ao_breaking"] = texts, later is None
    exit_function = names["_python_exit"]
    vars(library.threading)["_threading_atexits"].pop()  # registered by each manager instead

    @wrapped(cls, "__init__")
    def make(self: Any, *args: Any, original: Original, **kwargs: Any) -> None:
        if kwargs.get("max_tasks_per_child") is not None:
            machine.refuse("max_tasks_per_child is not simulated: leave it out")
        with Hiding(machine.current):
            original(self, *args, **kwargs)
        here = machine.events

        def collected(_: object) -> None:
            if machine.events is not here or machine.current.greenlet is not getcurrent():
                return
            if breaks_at_exit and staff.event is not None and not staff.told:
                machine.refuse(f"after an executor has gone without shutdown() {MAY_FAIL}")
            staff.tell()

        staff = self._ao_staff = Staff(library, self, collected)
        self._executor_manager_thread_wakeup = Wakeup(staff)
        self._idle_worker_semaphore = staff.idlers
        self._work_ids = staff
        self._call_queue = self._result_queue = staff.crew.end

    submit_whole = cls.submit

    @functools.wraps(submit_whole)  # the keywords are the function's own, whatever their names
    def submit(self: Any, fn: Any, /, *args: Any, **kwargs: Any) -> Any:
        self._ao_staff.event = self._ao_staff.crew.submit()
        return submit_whole(self, fn, *args, **kwargs)

    cls.submit = submit

    @wrapped(cls, "shutdown")
    def shutdown(
        self: Any, wait: bool = True, *, cancel_futures: bool = False, original: Original
    ) -> None:
        if cancel_futures:
            machine.refuse(f"shutdown(cancel_futures=True) {UNKNOWN}")
        if not wait and breaks_at_exit:
            machine.refuse(f"after shutdown(wait=False) {MAY_FAIL}")
        original(self, wait, cancel_futures=cancel_futures)

    for name in ("terminate_workers", "kill_workers"):
        if hasattr(cls, name):
            setattr(cls, name, library.refusing(f"ProcessPoolExecutor.{name}", "is not simulated"))

    class Manager(library.threading.Thread):  # type: ignore[name-defined, misc]
        """What stands for the manager's thread."""

        def __init__(self, executor: Any) -> None:
            super().__init__()
            self.staff = executor._ao_staff
            self.processes = executor._processes
            calls = vars(library.threading)["_threading_atexits"]
            if not any(getattr(call, "func", call) is exit_function for call in calls):
                library.threading._register_atexit(exit_function)

        def run(self) -> None:
            self.staff.manage(self.processes)

    Manager.__name__ = Manager.__qualname__ = "_ExecutorManagerThread"
    names["_ExecutorManagerThread"] = Manager
