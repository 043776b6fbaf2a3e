"""CPython's own tests of locks pass on the simulated machine, under several schedules.

They come from the interpreter's own ``test`` package, where that is installed. They wait by
sleeping; here, ``sleep`` lets other threads go on.
"""

from __future__ import annotations

import importlib.util
import random
from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from anyorder.exploring.execution import Program

if importlib.util.find_spec("test.lock_tests") is None:
    pytest.skip("this Python has no test package", allow_module_level=True)


class Turns:
    """Lets each thread go on until it sleeps or waits, and then the next one."""

    def choose(self, machine):  # noqa: D102
        ready = [one for one in machine.threads if one.event and machine.can_happen(one.event)]
        if not ready:
            return None
        if machine.current in ready and machine.current.event.kind != "sleep":
            return machine.current
        others = [one for one in ready if one.event.kind != "sleep"]
        if others:
            return others[0]
        later = [one for one in ready if one.tid > machine.current.tid]
        return (later or ready)[0]


class Chance(Turns):
    """Lets any thread go on; those that sleep less often, since sleeping takes long."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def choose(self, machine):  # noqa: D102
        ready = [one for one in machine.threads if one.event and machine.can_happen(one.event)]
        awake = [one for one in ready if one.event.kind != "sleep"]
        return self.random.choice(awake or ready) if ready else None


class OneTest(Program):
    """A program that runs one test of a module of CPython's, loaded privately."""

    def __init__(self, policy, home, case, method, kinds):
        super().__init__("import threading, queue", "program.py", policy, 100_000)
        self.machine.ends_are_events = True
        self.home, self.case, self.method, self.kinds = home, case, method, kinds
        self.result = None

    def main(self):  # noqa: D102
        machine, library = self.machine, self.library
        time = library.importing("time")
        plain = time.sleep

        def sleep(seconds):
            machine.happen("sleep", ())
            plain(seconds)

        time.sleep = sleep
        library.builtins["__import__"] = library.importing
        module = library.load(self.home)

        @contextmanager
        def wait_threads_exit(timeout=None):  # noqa: ARG001
            yield
            while any(not one.ended for one in machine.threads[1:]):
                sleep(1)

        module.threading_helper = SimpleNamespace(
            threading_setup=tuple,
            threading_cleanup=lambda *_: None,
            wait_threads_exit=wait_threads_exit,
            join_thread=lambda thread, timeout=None: thread.join(),  # noqa: ARG005
        )
        if hasattr(module, "support"):

            def sleeping_retry(*_, **__):
                while True:
                    yield
                    sleep(1)

            module.support = SimpleNamespace(**{
                **vars(module.support), "sleeping_retry": sleeping_retry, "busy_retry": sleeping_retry,  # noqa: E501
            })  # fmt: skip
        threading = library.threading
        base = getattr(module, self.case)
        made = {name: staticmethod(getattr(threading, kind)) for name, kind in self.kinds.items()}
        case = type(self.case, (base,), made)(self.method)
        case.setUp()
        getattr(case, self.method)()
        case.tearDown()
        self.result = "passed"


# ``EventTests.test_set_and_clear`` is left out: it holds that a thread that began to wait in time
# cannot time out, and nothing here begins in time.
CASES = {
    "LockTests": (
        {"locktype": "Lock"},
        "acquire_destroy acquire_release try_acquire acquire_contended with_ "  # noqa: ISC004
        "state_after_timeout lock_acquire_interruption",
    ),
    "RLockTests": (
        {"locktype": "RLock"},
        "reacquire release_unacquired different_thread _is_owned try_acquire try_acquire_contended",
    ),
    "EventTests": ({"eventtype": "Event"}, "is_set notify"),
    "ConditionTests": (
        {"condtype": "Condition"},
        "acquire unacquired_wait unacquired_notify notify timeout waitfor",
    ),
    "SemaphoreTests": (
        {"semtype": "Semaphore"},
        "acquire acquire_destroy acquire_contended try_acquire try_acquire_contended default_value "  # noqa: ISC004
        "with_ multirelease release_unacquired",
    ),
    "BoundedSemaphoreTests": ({"semtype": "BoundedSemaphore"}, "release_unacquired acquire"),
}
METHODS = [
    (case, kinds, f"test_{method}")
    for case, (kinds, methods) in CASES.items()
    for method in methods.split()
]
POLICIES = {"turns": Turns, "chance 1": lambda: Chance(1), "chance 2": lambda: Chance(2)}


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize(("case", "kinds", "method"), METHODS)
def test_locks(case, kinds, method, policy):
    """A test of ``test.lock_tests`` passes."""
    run(OneTest(POLICIES[policy](), "test.lock_tests", case, method, kinds))


def run(tests):
    if not hasattr(__import__(tests.home, fromlist=["x"]).__dict__[tests.case], tests.method):
        pytest.skip("this Python has no such test")
    outcomes = tests.execute()
    tests.finish()
    assert outcomes
    assert tests.result == "passed", outcomes[0].stderr
