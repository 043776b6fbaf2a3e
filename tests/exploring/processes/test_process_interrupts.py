"""Interrupts of processes: refused where they may matter; the handlers that a child begins with."""

from __future__ import annotations

import sys

import pytest

from anyorder.exploring import CannotExplore
from anyorder.outcomes import StartMethod

SINCE_3_14 = pytest.mark.skipif(
    sys.version_info < (3, 14), reason="Process.interrupt came with 3.14"
)
EVERY_METHOD = pytest.mark.parametrize("method", list(StartMethod))


@pytest.fixture
def agreed(explored, observed):
    """Return a function that gives the one outcome that a program has, here and in a real run."""

    def outcome(program, method):
        found = explored(program, method)
        assert found.complete
        (only,) = [one.outcome for one in found.outcomes]
        assert observed(program, method) == only
        return only

    return outcome


@SINCE_3_14
@EVERY_METHOD
def test_an_interrupt_is_refused_by_name_and_line(explored, method):
    """What it does depends on the moment, and there is another way to end a child."""
    why = (
        r":5: Process.interrupt\(\) is a signal that cannot be followed .*: "
        r"use Process.terminate\(\), or an Event"
    )
    with pytest.raises(CannotExplore, match=why):
        explored(
            """
            from multiprocessing import Process
            if __name__ == "__main__":
                child = Process(target=print, args=("a",))
                child.start()
                child.interrupt()
                child.join()
            """,
            method,
        )


@SINCE_3_14
@EVERY_METHOD
@pytest.mark.parametrize("wait", ["child.join()", "wait([child.sentinel])"])
def test_an_interrupt_does_nothing_to_a_process_that_has_ended(agreed, wait, method):
    program = f"""
        from multiprocessing import Process
        from multiprocessing.connection import wait
        if __name__ == "__main__":
            child = Process(target=print, args=("a",))
            child.start()
            {wait}
            child.interrupt()
            child.join()
            print(child.exitcode)
    """
    only = agreed(program, method)
    assert (only.stdout, only.stderr, only.exit) == ("a\n0\n", "", 0)


@EVERY_METHOD
def test_a_handler_is_inherited_by_fork_alone(agreed, method):
    """What the parent has set before it starts the child."""
    program = """
        import signal
        from multiprocessing import Process

        def work():
            print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)

        if __name__ == "__main__":
            signal.signal(signal.SIGINT, lambda *_: None)
            child = Process(target=work)
            child.start()
            child.join()
    """
    only = agreed(program, method)
    assert only.stdout == f"{method is not StartMethod.FORK}\n"


@EVERY_METHOD
def test_an_interrupt_is_ignored_where_whoever_begins_an_interpreter_does(agreed, method):
    """The fork server begins with the first child."""
    program = """
        import signal
        from multiprocessing import Process

        def work():
            print(signal.getsignal(signal.SIGINT) is signal.SIG_IGN)

        if __name__ == "__main__":
            for handler in (signal.SIG_IGN, signal.default_int_handler):
                signal.signal(signal.SIGINT, handler)
                child = Process(target=work)
                child.start()
                child.join()
    """
    only = agreed(program, method)
    assert only.stdout == f"True\n{method is StartMethod.FORKSERVER}\n"


def test_handlers_of_other_signals_are_refused(explored):
    """By name and line."""
    with pytest.raises(CannotExplore, match=r":4: signal.signal\(\) is simulated for SIGINT alone"):
        explored(
            """
            import signal
            from multiprocessing import Process
            if __name__ == "__main__":
                signal.signal(signal.SIGTERM, print)
            """
        )
