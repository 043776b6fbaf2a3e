"""What a thread has of the context of the one that starts it: builds differ from 3.14 on."""

from __future__ import annotations

import sys

import pytest

from anyorder.exploring import CannotExplore

DIFFERS = sys.version_info >= (3, 14)
INHERITS = getattr(sys.flags, "thread_inherit_context", False)
PROGRAM = """
    import contextvars, decimal, threading
    from concurrent.futures import ThreadPoolExecutor
    from contextvars import ContextVar
    from threading import Thread
    number = ContextVar("number", default=0)
    def show():
        print(number.get())
    def set_and_copy():
        number.set(3)
        copy()
    def nested():
        Thread(target=show).start()
    def set_and_show():
        number.set(2)
        show()
    def copy():
        print(len(contextvars.copy_context()))
    def divide():
        print(decimal.Decimal(1) / 3)
    {start}
"""
# by what is called first, what a thread begins with on some builds, and shows
SHOWN = {
    "number.set(1); Thread(target=show).start()": "context variables",
    "number.set(1); Thread(target=nested).start()": "context variables",
    "number.set(1); threading.Timer(1, show).start()": "context variables",
    "number.set(1); ThreadPoolExecutor().submit(show)": "context variables",
    "number.set(1); Thread(target=copy).start()": "context variables",
    "decimal.getcontext().prec = 3; Thread(target=divide).start()": "decimal context",
}
ALIKE = {
    "Thread(target=show).start(); number.set(1)": "0\n",
    "number.set(1); Thread(target=set_and_show).start()": "2\n",
    "number.set(1); Thread(target=contextvars.copy_context().run, args=[show]).start()": "1\n",
    "number.set(1); Thread(target=set_and_copy).start()": "1\n",
    "divide(); Thread(target=divide).start()": 2 * "0.3333333333333333333333333333\n",
}


@pytest.mark.skipif(not DIFFERS or INHERITS, reason="a new thread's context is the same everywhere")
@pytest.mark.parametrize("start", SHOWN)
def test_what_builds_differ_in_is_refused(explored, start):
    with pytest.raises(CannotExplore, match=f"begins with the {SHOWN[start]} of"):
        explored(PROGRAM.format(start=start))


@pytest.mark.parametrize("start", ALIKE)
def test_what_is_the_same_on_all_builds_is_explored(explored, start):
    found = explored(PROGRAM.format(start=start))
    assert [one.outcome.stdout for one in found.outcomes] == [ALIKE[start]]


@pytest.mark.skipif(not DIFFERS, reason="a thread is given no context")
def test_a_thread_that_is_given_a_context_has_that(explored):
    for context, shown in ("Context", "0\n"), ("copy_context", "1\n"):
        start = f"number.set(1); Thread(target=show, context=contextvars.{context}()).start()"
        found = explored(PROGRAM.format(start=start))
        assert [one.outcome.stdout for one in found.outcomes] == [shown]


COMPUTING = """
    import decimal
    from threading import Thread
    found = decimal.Decimal(1) / 7
    context = decimal.getcontext()
    traps = context.traps
    def work():
        {work}
    thread = Thread(target=work)
    thread.start()
    {here}
    print(decimal.Decimal(1) / 3)
    thread.join()
"""


@pytest.mark.parametrize(
    ("work", "here"),
    [
        ("context.prec = 4", "pass"),
        ("context.clear_flags()", "pass"),
        ("traps[decimal.Inexact] = True", "pass"),
        ("decimal.setcontext(decimal.Context())", "traps[decimal.Inexact] = True"),
    ],
)
def test_a_decimal_context_of_another_thread_is_not_changed(explored, work, here):
    with pytest.raises(CannotExplore, match="decimal context"):
        explored(COMPUTING.format(work=work, here=here))


@pytest.mark.skipif(not DIFFERS or INHERITS, reason="a new thread's context is the same everywhere")
@pytest.mark.parametrize(
    ("work", "here"),
    [
        ("decimal.getcontext().prec = 4", "pass"),
        ("found + 1", "context.prec = 4"),
        ("decimal.getcontext().flags", "pass"),
    ],
)
def test_a_decimal_context_that_may_be_of_two_threads_is_not_changed(explored, work, here):
    with pytest.raises(CannotExplore, match="or would on some builds"):
        explored(COMPUTING.format(work=work, here=here))


def test_a_thread_sets_a_decimal_context_of_its_own(explored):
    work = "with decimal.localcontext() as own: own.prec = 4; print(-found)"
    found = explored(COMPUTING.format(work=work, here="pass"))
    assert found.complete
    shown = {one.outcome.stdout for one in found.outcomes}
    third = "0.3333333333333333333333333333"
    assert {f"-0.1429\n{third}\n", f"{third}\n-0.1429\n"} <= shown
