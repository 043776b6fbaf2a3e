"""Interrupts of the main thread: at any later statement, and never while it waits."""

from __future__ import annotations

import pytest

from anyorder.exploring import CannotExplore

SENDS = """
    import _thread, signal, threading
    def work():
        {work}
    {before}
    thread = threading.Thread(target=work)
    thread.start()
    try:
        {main}
    except KeyboardInterrupt:
        print("!", end="")
    thread.join()
"""


def ways(found):
    """Return what each outcome prints, and how it ends: ``caught`` stands for a clean exit."""
    assert found.complete
    result = set()
    for one in found.outcomes:
        outcome = one.outcome
        if outcome.stderr.startswith("Exception ignored"):
            assert "KeyboardInterrupt" in outcome.stderr
            how = "ignored"
        elif outcome.exit == -2:
            assert outcome.stderr.endswith("KeyboardInterrupt\n")
            how = "uncaught"
        else:
            assert not outcome.stderr
            how = "exit" if outcome.exit == 0 else str(outcome.ends)
        result.add((outcome.stdout, how))
    return result


def possible(before, after, main):  # noqa: C901
    """Return every way, by walking through all interleavings of two threads and a signal.

    Args:
        before: what the other thread prints before it interrupts the main thread, letter by letter
        after: what it prints after that
        main: what the main thread prints
    """
    work = [*before, "interrupt", *after]
    found, seen = set(), set()
    # the main thread's place and next letter, the other one's next step, the signal, the output
    stack = [("before try", 0, 0, "none", "")]
    while stack:
        state = stack.pop()
        if state in seen:
            continue
        seen.add(state)
        where, letter, step, signal, printed = state
        if step < len(work):
            sends = work[step] == "interrupt"
            text = printed if sends else printed + work[step]
            stack.append((where, letter, step + 1, "sent" if sends else signal, text))
        elif where == "joins":
            found.add((printed, "exit" if signal == "none" else "ignored"))
        elif where == "uncaught":
            found.add((printed, where))
        if signal == "sent":
            stack.append((where, letter, step, "arrived", printed))
        if where in CHECKS:
            otherwise, raised = CHECKS[where]
            if signal == "arrived":
                stack.append((raised, 0, step, "none", printed))
            else:
                over = where == "in try" and letter == len(main)
                stack.append(("after try" if over else otherwise, letter, step, signal, printed))
        elif where == "prints":
            stack.append(("in try", letter + 1, step, signal, printed + main[letter]))
        elif where == "caught":
            stack.append(("after try", letter, step, signal, printed + "!"))
    return found


# where the main thread looks for a signal, with where it goes on without one, and with one
CHECKS = {
    "before try": ("in try", "uncaught"),
    "in try": ("prints", "caught"),
    "after try": ("joins", "uncaught"),
}


@pytest.mark.parametrize(
    ("before", "after", "main"), [("", "", ""), ("", "", "ab"), ("", "x", "a"), ("x", "y", "a")]
)
def test_as_a_walk_through_all_interleavings(explored, before, after, main):
    """The main thread is interrupted at any later statement, and nowhere else."""

    def prints(text):
        return [f"print({letter!r}, end='')" for letter in text]

    work = "; ".join([*prints(before), "_thread.interrupt_main()", *prints(after)])
    program = SENDS.format(before="", work=work, main="; ".join(prints(main)) or "pass")
    assert ways(explored(program)) == possible(before, after, main)


def test_a_wait_is_not_cut_short(explored):
    """The lock is taken first; one that nobody lets go of is waited for in spite of it."""
    work = "_thread.interrupt_main(){}"
    main = "lock.acquire(); print('got', end='')"
    before = "lock = threading.Lock(); lock.acquire()"
    stuck = explored(SENDS.format(work=work.format(""), main=main, before=before))
    assert ways(stuck) == {("!", "exit"), ("", "uncaught"), ("", "deadlock")}
    freed = explored(SENDS.format(work=work.format("; lock.release()"), main=main, before=before))
    assert {("!", "exit"), ("got!", "exit"), ("got", "uncaught")} <= ways(freed)
    assert not any(how == "deadlock" for _, how in ways(freed))


def test_a_handler_of_the_program(explored):
    """It runs in the main thread; two signals are one where the first is not handled yet."""
    found = explored("""
        import _thread, signal, threading
        def handle(number, frame):
            print(signal.Signals(number).name, threading.current_thread().name, end=" ")
        signal.signal(signal.SIGTERM, handle)
        def work():
            _thread.interrupt_main(signal.SIGTERM)
            signal.raise_signal(signal.SIGTERM)
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    """)
    once = "SIGTERM MainThread "
    assert ways(found) == {(once, "exit"), (once * 2, "exit")}


@pytest.mark.parametrize("handler", ["SIG_IGN", "SIG_DFL"])
def test_signals_without_a_handler(explored, handler):
    """They are not sent at all."""
    found = explored(
        SENDS.format(
            work="_thread.interrupt_main(signal.SIGTERM)",
            main="print('a', end='')",
            before=f"signal.signal(signal.SIGTERM, signal.{handler})",
        )
    )
    assert ways(found) == {("a", "exit")}


def test_an_interrupt_of_itself(explored):
    """The main thread interrupts itself at once."""
    found = explored("""
        import _thread
        try:
            _thread.interrupt_main()
            print("after")
        except KeyboardInterrupt:
            print("interrupted")
    """)
    assert ways(found) == {("interrupted\n", "exit")}


def test_a_loop_that_an_interrupt_ends(explored):
    """Nothing else would end it, and it is not said to go on for ever."""
    loop = "while True: pass"
    found = explored(SENDS.format(before="", work="_thread.interrupt_main()", main=loop))
    assert ways(found) == {("!", "exit"), ("", "uncaught")}


def test_the_rest_of_the_program_may_be_lost(explored):
    """Interrupted before it has begun to wait for the others, Python does not wait."""
    found = explored("""
        import _thread, threading
        def work():
            _thread.interrupt_main()
            print("a", end="")
            print("b", end="")
        threading.Thread(target=work).start()
    """)
    assert ways(found) == {("ab", "ignored"), ("a", "ignored"), ("", "ignored")}


def test_a_witness_says_when_it_comes(explored):
    """The signal has a column of its own; looking in vain is not shown."""
    found = explored(SENDS.format(before="", work="_thread.interrupt_main()", main="pass"))
    (caught,) = [one for one in found.outcomes if one.outcome.stdout == "!"]
    assert [(step.thread, step.event) for step in caught.witness][1:4] == [
        ("Thread-1 (work)", "interrupts the main thread"),
        ("SIGINT", "reaches the main thread"),
        ("MainThread", "is interrupted"),
    ]
    assert all(step.event != "goes on" for step in caught.witness)


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("signal.alarm(1)", "signal.alarm()"),
        ("signal.raise_signal(signal.SIGTERM)", "signal.raise_signal()"),
    ],
)
def test_what_else_signals_do_is_refused(explored, statement, words):
    """By name and line."""
    with pytest.raises(CannotExplore) as refusal:
        explored(f"import signal\n{statement}\n")
    assert refusal.value.line == 2
    assert words in refusal.value.message


def test_processes_and_interrupts(explored):
    """A program that starts processes is refused where it interrupts its main thread."""
    with pytest.raises(CannotExplore, match="interrupt_main"):
        explored("""
            import _thread, multiprocessing
            if __name__ == "__main__":
                _thread.interrupt_main()
        """)
