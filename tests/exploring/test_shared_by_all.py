"""What all threads use without passing it on: settings of the interpreter, calls at its end."""

from __future__ import annotations

import sys
import threading
import warnings

import pytest

from anyorder.exploring import CannotExplore
from anyorder.exploring.accesses.calls import SETTINGS

IN_A_THREAD = """
    import atexit, contextlib, sys, threading, warnings
    def work(): {call}
    thread = threading.Thread(target=work)
    thread.start()
    print({asks})
    thread.join()
"""
ALONE = [*sorted(SETTINGS), "sys.setrecursionlimit", "threading.stack_size"]
SETTERS = [
    f"{module.__name__}.{name}"
    for module in (sys, threading, warnings)
    for name in dir(module)
    if name.startswith(("set", "reset")) and callable(getattr(module, name))
]


@pytest.mark.parametrize("name", sorted({*ALONE, *SETTERS}))
def test_a_setting_is_refused_in_a_thread(explored, name):
    """Others may ask for it before or after; so is what a new Python brings, whatever it sets."""
    with pytest.raises(CannotExplore, match=name.rpartition(".")[2]):
        explored(IN_A_THREAD.format(call=f"{name}(100_000)", asks="1"))


@pytest.mark.parametrize("name", ["sys.setrecursionlimit", "threading.stack_size"])
def test_a_setting_may_be_made_before(explored, name):
    asks = name.replace("set", "get")
    found = explored(f"""
        import sys, threading
        {name}(50_000 if "size" in "{name}" else 900)
        thread = threading.Thread(target=lambda: print({asks}()))
        thread.start()
        thread.join()
        sys.setrecursionlimit(1000)
    """)
    assert found.complete
    assert len(found.outcomes) == 1


def test_calls_at_the_end_are_in_the_order_of_their_registration(explored):
    found = explored(IN_A_THREAD.format(call="atexit.register(print, 'a')", asks="1"))
    assert {one.outcome.stdout for one in found.outcomes} == {"1\na\n"}
    main = "atexit.register(print, 'b') is print"
    found = explored(IN_A_THREAD.format(call="atexit.register(print, 'a')", asks=main))
    assert {one.outcome.stdout for one in found.outcomes} == {"True\na\nb\n", "True\nb\na\n"}


@pytest.mark.parametrize(
    "start",
    [
        # nobody joins them, and the main thread may have come to its end before
        "for name in 'ab': threading.Thread(target=register, args=[name]).start()",
        # it is the library that calls
        "for name in 'ab': threading.Thread(target=atexit.register, args=[print, name]).start()",
        "for name in 'ab': pool.submit(atexit.register, print, name)",
    ],
)
def test_what_threads_register_by_their_end_is_called(explored, start):
    found = explored(f"""
        import atexit, threading
        from concurrent.futures import ThreadPoolExecutor
        pool = ThreadPoolExecutor(2)
        def register(name):
            atexit.register(print, name)
        {start}
    """)
    assert {one.outcome.stdout for one in found.outcomes} == {"a\nb\n", "b\na\n"}


def test_a_thread_that_is_started_at_the_end_is_refused(explored):
    with pytest.raises(CannotExplore, match="called at exit starts a thread"):
        explored("""
            import atexit, threading
            @atexit.register
            def late():
                threading.Thread(target=print, args=["late"]).start()
        """)


@pytest.mark.parametrize("error", ["SystemExit", "KeyboardInterrupt", "ValueError"])
def test_an_error_of_what_is_called_at_the_end_is_refused(explored, error):
    with pytest.raises(CannotExplore, match=f"is called at exit raises {error}"):
        explored(f"""
            import atexit
            @atexit.register
            def fail():
                raise {error}
        """)


def test_a_daemon_thread_may_register_too_late(explored):
    with pytest.raises(CannotExplore, match="a daemon thread may change what is called at the end"):
        explored("""
            import atexit, threading
            threading.Thread(target=atexit.register, args=[print], daemon=True).start()
            threading.Thread(target=lambda: atexit.register(print), daemon=True).start()
        """)
