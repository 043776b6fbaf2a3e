"""CPython's own tests of threads, locks and queues pass on the simulated machine.

They come from the interpreter's own ``test`` package, where that is installed, and each runs under
several schedules. Nothing takes time on the machine, so the schedules do what the tests rely on
time for: a thread that sleeps lets others go on, and the time of a wait is up only once nothing
else can happen.

What is left out of ``lock_tests``, ``test_queue`` and ``test_threading``, and why:

- tests that start another interpreter, fork, or load a C extension (``ctypes``, sub-interpreters);
- tests that measure how long a wait took (``test_timeout``, ``EventTests.test_set_and_clear``,
  ``BarrierTests.test_default_timeout``, ``test_waitfor_timeout``, ``test_acquire_timeout``), and
  ``BarrierTests.test_timeout``, where two waits race by their times;
- tests of what nothing here stands for: ``settrace`` and ``setprofile``, stack sizes, thread
  identifiers that the system gives, forking with a lock held, the module's ``__all__``;
- tests of ``_queue``, which is written in C, ``test_references`` and
  ``test_no_refcycle_through_target``, since an execution keeps what its events were about and the
  arguments of its threads, and ``test_many_threads``, whose fifty threads need too many events;
- ``test_interrupt_main_subthread`` and ``test_can_interrupt_tight_loops``: only a program's own
  code has places at which it is interrupted, or where a loop comes round;
- ``test_disallow_instantiation``, and of locks ``test_constructor`` and ``test_repr``: the stand-in
  for ``_thread`` is written in Python.
"""

from __future__ import annotations

import importlib
import importlib.util
import random
import unittest
from contextlib import contextmanager
from importlib.machinery import PathFinder
from types import SimpleNamespace

import pytest

from anyorder.exploring.engine.events import EventKind
from anyorder.exploring.engine.facts import Facts
from anyorder.exploring.engine.threads import BORN
from anyorder.exploring.program import Program, parts_for_threads

if importlib.util.find_spec("test.lock_tests") is None:
    pytest.skip("this Python has no test package", allow_module_level=True)


SLEEP = EventKind("sleep", says="sleeps", waits=None, whole=False)
PATIENCE = 100  # sleeps in a row after which the time of whoever waits is up
COUNTED = {"put": "space", "get": "items"}  # what a queue counts for those who wait
FACTS = Facts(
    daemons=True, signals=True, asks=True, lists=True
)  # each test is executed once, and learns nothing


def waits_in_vain(event, machine):
    """Whether an event with a limited time, or one that only tries, would come to nothing now."""
    kinds = {
        "get", "join a while", "leave", "put", "try", "try semaphore", "wait ends",
        "wait for a while",
    }  # fmt: skip
    if event.kind.name not in kinds or any(place != (BORN, event.tid) for place, _ in event.gates):
        return False
    place = event.footprint[0][0]
    counters = machine.counters
    counted = (place, COUNTED.get(event.kind.name))
    return counters.get(counted if counted in counters else place, 0) < 1


class Turns:
    """Lets each thread go on until it sleeps or waits, and then the next one."""

    sleeps = 0

    def choose(self, machine):  # noqa: D102
        ready = [one for one in machine.threads if one.event and machine.can_happen(one.event)]
        asleep = [one for one in ready if one.event.kind is SLEEP]
        vain = [one for one in ready if waits_in_vain(one.event, machine)]
        awake = [one for one in ready if one not in asleep and one not in vain]
        if not awake and asleep and (self.sleeps < PATIENCE or not vain):
            self.sleeps += 1
            return self.one_of(asleep, machine.current)
        self.sleeps = 0
        return self.one_of(awake or vain, machine.current) if ready else None

    def one_of(self, ready, current):  # noqa: D102
        if current in ready and current.event.kind is not SLEEP:
            return current
        return next((one for one in ready if one.tid > current.tid), ready[0])


class Chance(Turns):
    """Lets any thread go on."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def one_of(self, ready, _):  # noqa: D102
        return self.random.choice(ready)


class OneTest(Program):
    """A program that runs one test of a module of CPython's, loaded privately."""

    def __init__(self, policy, home, case, method, kinds):
        parts = parts_for_threads("program.py", policy, 100_000, FACTS)
        super().__init__("import threading, queue", *parts)
        self.machine.varied.number = lambda value, *_: value  # these tests show numbers of threads
        self.machine.follow = lambda function: function  # what they do themselves is not followed
        self.home, self.case, self.method, self.kinds = home, case, method, kinds
        self.passed, self.skipped = False, None

    def main(self):  # noqa: D102
        try:
            self.run()
        except unittest.SkipTest as reason:
            self.skipped = str(reason)

    def run(self):  # noqa: D102
        library = self.library
        time = library.importing("time")
        plain = time.sleep

        def sleep(seconds):
            self.machine.happen(SLEEP, ())
            plain(seconds)

        time.sleep = sleep
        library.importing("random").seed(1)
        if self.home not in library.codes:
            spec = PathFinder.find_spec(self.home, importlib.import_module("test").__path__)
            library.codes[self.home] = (spec.loader.get_code(self.home), spec)
        module = library.load(self.home)
        base = getattr(module, self.case, None)
        if not hasattr(base, self.method):
            raise unittest.SkipTest("this Python has no such test")
        self.give_helpers(module, sleep)
        made = {name: find(library) for name, find in self.kinds.items()}
        case = type(self.case, (base,), made)(self.method)
        case.setUp()
        getattr(case, self.method)()
        case.tearDown()
        case.doCleanups()
        self.passed = True

    def give_helpers(self, module, sleep):
        """Replace what the tests' helpers do with threads of the operating system."""

        def wait_for_all():
            while any(not one.ended for one in self.machine.threads[1:]):
                sleep(1)

        @contextmanager
        def wait_threads_exit(timeout=None):  # noqa: ARG001
            yield
            wait_for_all()

        @contextmanager
        def start_threads(threads):
            for thread in threads:
                thread.start()
            yield
            for thread in threads:
                thread.join()

        def sleeping_retry(*_, **__):
            while True:
                yield
                sleep(1)

        module.threading_helper = SimpleNamespace(
            threading_setup=tuple,
            threading_cleanup=lambda *_: wait_for_all(),
            wait_threads_exit=wait_threads_exit,
            start_threads=start_threads,
            join_thread=lambda thread, timeout=None: thread.join(),  # noqa: ARG005
        )
        if hasattr(module, "support"):
            retries = {"sleeping_retry": sleeping_retry, "busy_retry": sleeping_retry}
            module.support = SimpleNamespace(**{**vars(module.support), **retries})


def made_by(name):
    """Return how to find what a case makes its objects with: a class of ``threading``."""
    return lambda library: staticmethod(getattr(library.threading, name))


LOCKS = {
    "LockTests": (
        {"locktype": made_by("Lock")},
        "acquire_destroy acquire_release try_acquire try_acquire_contended acquire_contended with "  # noqa: ISC004
        "reacquire different_thread state_after_timeout thread_leak weakref_exists "
        "locked_repr",
    ),
    "RLockTests": (
        {"locktype": made_by("RLock")},
        "acquire_destroy acquire_release acquire_contended with thread_leak weakref_exists "  # noqa: ISC004
        "reacquire release_unacquired different_thread _is_owned try_acquire try_acquire_contended "
        "release_save_unacquired recursion_count",
    ),
    "EventTests": ({"eventtype": made_by("Event")}, "is_set notify repr"),
    "ConditionTests": (
        {"condtype": made_by("Condition")},
        "acquire unacquired_wait unacquired_notify notify waitfor",
    ),
    "SemaphoreTests": (
        {"semtype": made_by("Semaphore")},
        "constructor acquire acquire_destroy acquire_contended try_acquire try_acquire_contended "  # noqa: ISC004
        "default_value with multirelease release_unacquired repr",
    ),
    "BoundedSemaphoreTests": (
        {"semtype": made_by("BoundedSemaphore")},
        "constructor acquire acquire_destroy acquire_contended try_acquire try_acquire_contended "  # noqa: ISC004
        "default_value with multirelease release_unacquired repr",
    ),
    "BarrierTests": (
        {"barriertype": made_by("Barrier")},
        "barrier barrier_10 wait_return action abort reset abort_and_reset single_thread repr",
    ),
}
QUEUE = {"queue": lambda library: library.load("queue")}
OF_A_QUEUE = (
    "queue_task_done queue_join basic negative_timeout_raises_exception nowait shrinking_queue "
    "shutdown_empty shutdown_nonempty shutdown_immediate shutdown_pending_get "
    "shutdown_immediate_pending_get"
)
QUEUES = {
    "PyQueueTest": (QUEUE, OF_A_QUEUE),
    "PyLifoQueueTest": (QUEUE, OF_A_QUEUE),
    "PyPriorityQueueTest": (QUEUE, OF_A_QUEUE),
    "PyFailingQueueTest": (QUEUE, "failing_queue"),
    "PySimpleQueueTest": (
        QUEUE,
        "basic negative_timeout_raises_exception order",
    ),
}
THREADS = {
    "ThreadTests": (
        {},
        "name args_argument various_ops ident_of_no_threading_threads foreign_thread limbo_cleanup "  # noqa: ISC004
        "enumerate_after_join old_threading_api repr_daemon main_thread "
        "daemon_param tstate_lock repr_stopped BoundedSemaphore_limit boolean_target "
        "leak_without_join",
    ),
    "ThreadingExceptionTests": (
        {},
        "start_thread_again joining_current_thread joining_inactive_thread daemonize_active_thread "  # noqa: ISC004
        "releasing_unacquired_lock bare_raise_in_brand_new_thread",
    ),
    "ExceptHookTests": (
        {},
        "excepthook excepthook_thread_None system_exit custom_excepthook custom_excepthook_fail "  # noqa: ISC004
        "original_excepthook",
    ),
    "TimerTests": ({}, "init_immutable_default_args"),
    "InterruptMainTests": (
        {},
        "interrupt_main_mainthread interrupt_main_with_signal_handler interrupt_main_noerror "  # noqa: ISC004
        "interrupt_main_invalid_signal",
    ),
}
TESTS = [
    pytest.param(home, case, kinds, f"test_{method}", id=f"{case}-{method}")
    for home, cases in (
        ("test.lock_tests", LOCKS),
        ("test.test_queue", QUEUES),
        ("test.test_threading", THREADS),
    )
    for case, (kinds, methods) in cases.items()
    for method in methods.split()
]
POLICIES = {"turns": Turns, "chance 1": lambda: Chance(1), "chance 2": lambda: Chance(2)}


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize(("home", "case", "kinds", "method"), TESTS)
def test_of_cpython(home, case, kinds, method, policy):
    """A test of CPython's passes."""
    program = OneTest(POLICIES[policy](), home, case, method, kinds)
    while True:
        program.facts.grown = False
        with program.executed() as outcomes:
            pass
        if not program.facts.grown:  # else it begins again, as a search does
            break
        program.prepare()
    if program.skipped is not None:
        pytest.skip(program.skipped)
    assert program.passed, outcomes


def test_a_lock_that_does_not_lock():
    """These tests can fail: with a lock that lets everybody in, one does."""

    class Open:
        def acquire(self, *_, **__):
            return True

        release = __enter__ = __exit__ = acquire

    kinds = {"locktype": lambda _: Open}
    program = OneTest(Turns(), "test.lock_tests", "LockTests", "test_try_acquire_contended", kinds)
    with pytest.raises(AssertionError, match="True is not false"), program.executed():
        pass
