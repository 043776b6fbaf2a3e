"""Interrupts of the main thread: where CPython looks for signals, and never while it waits."""

from __future__ import annotations

import sys
from textwrap import dedent

import pytest

from anyorder.exploring import CannotExplore
from anyorder.outcomes import Outcome, Setting, StdoutTo
from anyorder.running import run, this_interpreter

# The other thread waits until the main thread has started it: Thread.start is the library's code,
# and what an interrupt does in the middle of that is not followed.
SENDS = """
    import _thread, signal, threading
    def work():
        with go:
            {work}
    go = threading.Lock()
    go.acquire()
    {before}
    thread = threading.Thread(target=work)
    thread.start()
    try:
        go.release()
        {main}
    except KeyboardInterrupt:
        print("!", end="")
    thread.join()
"""


def ways(found):
    """Return what each outcome prints, and how it ends: ``caught`` stands for a clean exit."""
    assert found.complete, found.limit
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


def possible(before, after, main):
    """Return every way, by walking through all interleavings of two threads.

    Args:
        before: what the other thread prints before it interrupts the main thread, letter by letter
        after: what it prints after that
        main: what the main thread prints
    """
    work = [*before, "interrupt", *after]
    # Python looks after the call of go.release, and for each print before the text, before its
    # end, and after the call
    steps = ["look", *(step for letter in main for step in ("look", letter, "look", "look"))]
    found, seen = set(), set()
    stack = [
        ("tries", 0, 0, False, "")
    ]  # and the step of each, whether it is interrupted, the output
    while stack:
        state = stack.pop()
        if state in seen:
            continue
        seen.add(state)
        where, mine, its, pending, printed = state
        if its < len(work):
            sends = work[its] == "interrupt"
            text = printed if sends else printed + work[its]
            stack.append((where, mine, its + 1, pending or sends, text))
        elif where == "joins":
            found.add((printed, "uncaught" if pending else "exit"))
        if where == "tries" and mine == len(steps):
            stack.append(("joins", 0, its, pending, printed))
        elif where == "tries" and steps[mine] != "look":
            stack.append((where, mine + 1, its, pending, printed + steps[mine]))
        elif where == "tries":
            after_look = ("catches", 0, its, False) if pending else (where, mine + 1, its, False)
            stack.append((*after_look, printed))
        elif where == "catches":
            stack.append(("joins", 0, its, pending, printed + "!"))
    return found


@pytest.mark.parametrize(
    ("before", "after", "main"), [("", "", ""), ("", "", "ab"), ("", "x", "a"), ("x", "y", "a")]
)
def test_as_a_walk_through_all_interleavings(explored, before, after, main):
    """The main thread is interrupted where it looks, and nowhere else."""

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
    assert ways(stuck) == {("!", "exit"), ("", "deadlock")}
    # whoever has got it was interrupted before, and looks right after the call
    freed = explored(SENDS.format(work=work.format("; lock.release()"), main=main, before=before))
    assert ways(freed) == {("!", "exit")}


def test_nothing_comes_between_two_assignments(explored):
    """There is no place where Python looks; a call is one."""
    main = "x = 1; y = 2; print(x, y, end=''); z = 3"
    found = explored(SENDS.format(work="_thread.interrupt_main()", before="x = y = 0", main=main))
    (early,) = {text for text, how in ways(found) if how == "exit" and text == "!"}
    assert early
    assert {text for text, _ in ways(found)} == {"!", "1!", "1 !", "1 2!", "1 2"}


LOOKS = """
    import _thread, threading
    def work():
        with go:
            _thread.interrupt_main()
    def twice(x):
        x = x + x
        return x
    go = threading.Lock()
    go.acquire()
    thread = threading.Thread(target=work)
    thread.start()
    go.release()
    for x in [1, 2]:
        y = x
    if y:
        y = (
            twice(y)
        )
    y = 3
    thread.join()
"""


def test_the_lines_of_tracebacks(explored):
    """They are those at which Python looks: in the line of a call, not the next one's.

    It does not look when a function of the program has returned.
    """
    found = explored(LOOKS)
    assert found.complete
    frames = {tuple(one.outcome.stderr.splitlines()[1:-1]) for one in found.outcomes}
    inside = '  File "program.py", line 17, in <module>'
    assert frames == {
        *((f'  File "program.py", line {line}, in <module>',) for line in (12, 14, 20)),
        (inside, '  File "program.py", line 5, in twice'),
    }


@pytest.mark.parametrize(
    "program",
    [
        SENDS.format(
            work="_thread.interrupt_main(); print('w')", before="", main="print('a'); print('b')"
        ),
        LOOKS,
    ],
)
def test_real_runs_lie_within(explored, tmp_path, program):
    """What real runs print is in the set, unbuffered and not, however the threads are delayed."""
    found = explored(program)
    assert found.complete
    delayed = tmp_path / "delayed"
    delayed.mkdir()
    text = (
        dedent(program)
        .lstrip()
        .replace(
            "import _thread,", "import os, sys, time; sys.setswitchinterval(1e-6); import _thread,"
        )
        .replace(
            "_thread.interrupt_main()",
            "time.sleep(os.urandom(1)[0] * 1e-6); _thread.interrupt_main()",
        )
    )
    (delayed / "program.py").write_text(text, encoding="utf-8")
    for to in (StdoutTo.PIPE, StdoutTo.UNBUFFERED):
        setting = Setting(this_interpreter(), None, to)
        for _ in range(15):
            assert run(delayed / "program.py", setting, timeout=600) in found.outcome_set


def test_with_is_entered_by_a_call_in_3_14(explored):
    """Then the lock may be taken, and nobody lets go of it."""
    work, main = "_thread.interrupt_main()", "with lock:\n            x = 1"
    program = SENDS.format(work=work, before="lock = threading.Lock()", main=main)
    found = explored(program + "    print(lock.locked(), end='')\n")
    expected = {("!False", "exit"), ("", "uncaught")}
    if sys.version_info[:2] == (3, 14):
        expected.add(("!True", "exit"))
    assert ways(found) == expected


def test_a_condition_is_entered_and_left_by_code_of_the_library(explored):
    """So its lock may stay taken, in every version."""
    work, main = "_thread.interrupt_main()", "with lock:\n            x = 1"
    program = SENDS.format(
        work=work, before="lock = threading.Condition(threading.Lock())", main=main
    )
    found = explored(program + "    print(lock.acquire(False), end='')\n")
    assert ("!False", "exit") in ways(found)


@pytest.mark.parametrize(
    ("before", "main", "words"),
    [
        ("", "threading.Event().set()", "in the middle of what the library does in line 12,"),
        ("", "import queue", "the interrupt that line 4 sends may come in line 12,"),
        ("import json", "json.dumps(1)", "in the middle of what the module json does,"),
    ],
)
def test_what_is_not_followed_is_never_called_complete(explored, before, main, words):
    """It is said by name or line, and what was found is shown."""
    program = SENDS.format(work="_thread.interrupt_main()", before=before, main=main)
    found = explored(program)
    assert not found.complete
    assert words in found.limit
    assert Outcome("!") in found.outcome_set


def test_an_interrupt_of_what_has_just_been_started(explored):
    """Thread.start waits until the thread has begun, in code of the library."""
    found = explored("""
        import _thread, threading
        threading.Thread(target=_thread.interrupt_main).start()
    """)
    assert not found.complete
    assert "an interrupt may come in the middle of what the library does in line 2" in found.limit


def test_a_second_interrupt_while_a_traceback_is_shown(explored):
    """What comes of it depends on the version, and is not followed."""
    work = "_thread.interrupt_main(); _thread.interrupt_main()"
    found = explored(SENDS.format(work=work, before="", main="pass").replace("Keyboard", "Zero"))
    assert not found.complete


def test_a_handler_of_the_program(explored):
    """It runs in the main thread; two signals are one where the first is not handled yet."""
    found = explored("""
        import _thread, signal, threading
        def handle(number, frame):
            assert frame.f_code.co_name == "<module>" or frame.f_code is handle.__code__
            print(signal.Signals(number).name, threading.current_thread().name, end=" ")
        signal.signal(signal.SIGTERM, handle)
        def work():
            with go:
                _thread.interrupt_main(signal.SIGTERM)
                signal.raise_signal(signal.SIGTERM)
        go = threading.Lock()
        go.acquire()
        thread = threading.Thread(target=work)
        thread.start()
        go.release()
        thread.join()
    """)
    once = "SIGTERM MainThread "
    # the second may also come while the handler prints, and is handled in the midst of that
    assert {(once, "exit"), (once * 2, "exit")} < ways(found)
    assert all(text.replace(" ", "").count("SIGTERM") in {1, 2} for text, _ in ways(found))


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


@pytest.mark.parametrize(
    "loop",
    [
        "while True: pass",
        "while True: continue",
        "while thread: continue",
        "while True:\n            while not thread: pass",
    ],
)
def test_a_loop_that_an_interrupt_ends(explored, loop):
    """Nothing else would end it, and it is not said to go on for ever."""
    found = explored(SENDS.format(before="", work="_thread.interrupt_main()", main=loop))
    assert ways(found) == {("!", "exit")}


LAST = """
    import _thread, threading
    def work():
        with go:
            {}
            _thread.interrupt_main()
            print("a", end="")
            print("b", end="")
    go = threading.Lock()
    go.acquire()
    threading.Thread(target=work).start()
    go.release()
"""


def test_the_rest_of_the_program_may_be_lost(explored):
    """Interrupted before it has begun to wait for the others, Python does not wait."""
    lost = {("ab", "uncaught"), ("ab", "ignored"), ("a", "ignored"), ("", "ignored")}
    # where there is anything in the buffer, an interrupt may be forgotten as that is emptied
    assert ways(explored(LAST.format("pass"))) == {*lost, ("ab", "exit")}


def test_an_interrupt_is_forgotten_as_the_buffer_is_emptied(explored):
    """That needs something in the buffer."""
    texts = LAST.replace('print("a", end="")', "pass").replace('print("b", end="")', "pass")
    nothing = explored(texts.format("pass"))
    assert ways(nothing) == {("", "uncaught"), ("", "ignored")}
    something = explored(texts.format('print("w", end="")'))
    assert ways(something) == {("w", "uncaught"), ("w", "ignored"), ("w", "exit")}


def test_a_daemon_that_interrupts_the_end_is_not_followed(explored):
    """What Python says as it exits depends on how far it has come."""
    found = explored("""
        import _thread, threading
        threading.Thread(target=_thread.interrupt_main, daemon=True).start()
    """)
    assert not found.complete


def test_a_witness_says_when_it_comes(explored):
    """Looking in vain is not shown."""
    found = explored(SENDS.format(before="", work="_thread.interrupt_main()", main="pass"))
    (caught,) = [one for one in found.outcomes if one.outcome.stdout == "!"]
    steps = [(step.thread, step.line, step.event) for step in caught.witness]
    sent = steps.index(("Thread-1 (work)", 4, "interrupts the main thread"))
    assert ("MainThread", 11, "is interrupted") in steps[sent:]
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


@pytest.mark.parametrize(
    ("call", "looks"),
    [
        ("plain()", False),
        ("plain(*[])", sys.version_info < (3, 12)),
        ("Made()", True),
    ],
)
def test_after_a_call(explored, call, looks):
    """The interpreter's own way into a function and back has no place to look as it comes back."""
    functions = """def plain():
        done[0] = 1
    class Made:
        def __init__(self):
            done[0] = 1
    done = [0]"""
    main = f"if True:\n            {call}\n            done[0] = 2"
    work = "_thread.interrupt_main()"
    source = SENDS.format(work=work, before=functions, main=main)
    found = explored(f"{source}    print(done[0], end='')\n")
    assert (("!1", "exit") in ways(found)) is looks
    assert ("!0", "exit") in ways(found)
