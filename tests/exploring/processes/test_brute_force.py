"""The explorer against an independent account of small programs of two and three processes.

The account knows nothing of the explorer: a program is a list of steps for each process, and all
states that the steps can lead to are walked through, one step at a time.
"""

from __future__ import annotations

from textwrap import dedent
from typing import NamedTuple

import pytest

pytest.importorskip("greenlet")

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anyorder.exploring import explore
from anyorder.outcomes import Ends, StartMethod, StdoutTo

HEADER = """\
from multiprocessing import Lock, Pipe, Process, Queue, Semaphore, SimpleQueue, Value
from multiprocessing.sharedctypes import RawValue

"""
LINES = {
    "read": "held = x.value",
    "write": "x.value = held + 1",
    "lock": "lock.acquire()",
    "unlock": "lock.release()",
    "up": "semaphore.release()",
    "down": "semaphore.acquire()",
    "put": 'queue.put("{name}")',
    "get": "got = queue.get()",
    "print": 'print("{name}", end="")',
    "add": "with total.get_lock(): total.value += 1",
    "look": "got = total.value",
    "try": "got = +lock.acquire(block=False)",
    "feed": 'fed.put("{name}")',
    "take": "got = fed.get()",
    "send": 'writer.send("{name}")',
    "poll": "got = +reader.poll()",
    "show": "print(got, end='')",
}


def rendered(processes):
    """Return a program as Python."""
    text = HEADER
    for number, steps in enumerate(processes):
        text += f"def work{number}(x, lock, semaphore, queue, total, fed, reader, writer):\n"
        text += "    held = 0\n"
        text += "".join(f"    {LINES[step].format(name='abc'[number])}\n" for step in steps)
    names = ", ".join(f"work{number}" for number in range(len(processes)))
    return text + dedent(f"""
        if __name__ == "__main__":
            parts = RawValue("i", 0), Lock(), Semaphore(1), SimpleQueue(), Value("i", 0), Queue()
            parts += Pipe(duplex=False)
            children = [Process(target=work, args=parts) for work in [{names}]]
            for child in children:
                child.start()
            for child in children:
                child.join()
            print(parts[0].value)
        """)


def expected(processes, *, buffered):
    """Return every stdout, with whether the program ends, by walking through all states."""
    count = len(processes)
    begin = State((0,) * count, (0,) * count, *(("",) * count for _ in range(3)))
    seen, todo, ends = {begin}, [begin], set()
    while todo:
        now = todo.pop()
        following = [
            state
            for one, steps in enumerate(processes)
            for state in after(now, one, steps, buffered=buffered)
        ]
        todo += set(following) - seen
        seen |= set(following)
        if not following:
            done = all(at > len(steps) for at, steps in zip(now.at, processes, strict=True))
            ends.add((now.out + f"{now.x}\n" if done else now.out, done))
    return ends


class State(NamedTuple):
    """Where all processes are, and what they share."""

    at: tuple[int, ...]
    held: tuple[int, ...]
    got: tuple[str, ...]
    buffers: tuple[str, ...]  # of standard output
    feeds: tuple[str, ...]  # what was put and is not sent yet
    x: int = 0
    total: int = 0
    locked: bool = False
    free: int = 1
    queue: str = ""
    fed: str = ""
    sent: int = 0
    out: str = ""


def after(now, one, steps, *, buffered):  # noqa: C901, PLR0912, PLR0915 - a case a step
    """Yield every state that a process, or the thread that feeds its queue, can lead to next."""

    def put(values, value):
        return (*values[:one], value, *values[one + 1 :])

    def printed(text):
        if buffered:
            return {"buffers": put(now.buffers, now.buffers[one] + text)}
        return {"out": now.out + text}

    feed = now.feeds[one]
    if feed:
        yield now._replace(feeds=put(now.feeds, feed[1:]), fed=now.fed + feed[0])
    at, name = now.at[one], "abc"[one]
    following = now._replace(at=put(now.at, at + 1))
    if at > len(steps):
        return
    if at == len(steps):  # what is in its buffer goes out, all that it put is sent, and it ends
        text = now.buffers[one]
        if text:
            yield now._replace(buffers=put(now.buffers, ""), out=now.out + text)
        elif not feed:
            yield following
        return
    match steps[at]:
        case "read":
            yield following._replace(held=put(now.held, now.x))
        case "write":
            yield following._replace(x=now.held[one] + 1)
        case "lock" if not now.locked:
            yield following._replace(locked=True)
        case "unlock":
            yield following._replace(locked=False)
        case "up":
            yield following._replace(free=now.free + 1)
        case "down" if now.free:
            yield following._replace(free=now.free - 1)
        case "put":
            yield following._replace(queue=now.queue + name)
        case "get" if now.queue:
            yield following._replace(queue=now.queue[1:], got=put(now.got, now.queue[0]))
        case "print":
            yield following._replace(**printed(name))
        case "add":
            yield following._replace(total=now.total + 1)
        case "look":
            yield following._replace(got=put(now.got, str(now.total)))
        case "try":
            yield following._replace(locked=True, got=put(now.got, "0" if now.locked else "1"))
        case "feed":
            yield following._replace(feeds=put(now.feeds, feed + name))
        case "take" if now.fed:
            yield following._replace(fed=now.fed[1:], got=put(now.got, now.fed[0]))
        case "send":
            yield following._replace(sent=now.sent + 1)
        case "poll":
            yield following._replace(got=put(now.got, "1" if now.sent else "0"))
        case "show":
            yield following._replace(**printed(now.got[one]))


def found(processes, tmp_path, method, to):
    """Return the same by exploring."""
    program = tmp_path / "program.py"
    program.write_text(rendered(processes), encoding="utf-8")
    exploration = explore(program, start_method=method, stdout_to=to)
    assert exploration.complete
    assert {each.outcome.stderr for each in exploration.outcomes} == {""}
    return {(each.outcome.stdout, each.outcome.ends is Ends.EXIT) for each in exploration.outcomes}


PIECES = st.sampled_from([
    ["up"], ["read", "write"], ["lock", "read", "write", "unlock"], ["print"], ["put"],
    ["get", "show"], ["down"], ["lock", "print", "unlock"], ["read"], ["write"], ["add"],
    ["look", "show"], ["feed"], ["take", "show"], ["send"], ["poll", "show"], ["try", "show"],
])  # fmt: skip
BODIES = st.lists(PIECES, max_size=2).map(
    lambda pieces: [step for piece in pieces for step in piece]
)
PROGRAMS = st.lists(BODIES, min_size=2, max_size=3).filter(
    lambda bodies: sum(map(len, bodies)) < 10
)


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    processes=PROGRAMS,
    method=st.sampled_from([StartMethod.FORK, StartMethod.SPAWN, StartMethod.FORKSERVER]),
    to=st.sampled_from([StdoutTo.PIPE, StdoutTo.UNBUFFERED]),
)
def test_random_programs(processes, method, to, tmp_path):
    buffered = to is StdoutTo.PIPE
    assert found(processes, tmp_path, method, to) == expected(processes, buffered=buffered)


@pytest.mark.parametrize("method", [StartMethod.FORK, StartMethod.SPAWN])
@pytest.mark.parametrize(
    "processes",
    [
        [["read", "write"], ["read", "write"], ["read", "write"]],
        [["lock", "print", "read", "write", "unlock"], ["lock", "print", "unlock"]],
        [["put", "get", "show"], ["put", "get", "show"], ["print"]],
        [["get", "show", "put"], ["get", "put"]],
        [["down", "print", "down", "up"], ["down", "print", "up"]],
        [["feed", "feed"], ["feed"], ["take", "show"] * 3],
        [["feed", "take", "show"], ["take", "show", "feed"]],
        [["add", "look", "show"], ["add"], ["look", "show"]],
        [["send", "print"], ["poll", "show"] * 2],
        [["try", "show", "add", "print"], ["lock", "look", "show", "unlock"]],
    ],
)
def test_programs_that_are_easy_to_get_wrong(processes, method, tmp_path):
    wanted = expected(processes, buffered=False)
    assert len(wanted) == len(set(wanted)) > 0
    assert found(processes, tmp_path, method, StdoutTo.UNBUFFERED) == wanted


def test_the_account_can_disagree(tmp_path):
    wanted = expected([["read", "write"], ["read", "write"]], buffered=True)
    assert wanted == {("1\n", True), ("2\n", True)}
    locked = [["lock", "read", "write", "unlock"]] * 2
    assert found(locked, tmp_path, StartMethod.FORK, StdoutTo.PIPE) == {("2\n", True)}
