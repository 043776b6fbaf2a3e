"""The explorer against an independent account of small programs of two and three processes.

The account knows nothing of the explorer: a program is a list of steps for each process, and all
states that the steps can lead to are walked through, one step at a time.
"""

from __future__ import annotations

from textwrap import dedent

import pytest

pytest.importorskip("greenlet")

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anyorder.exploring import explore
from anyorder.outcomes import Ends, StartMethod, StdoutTo

HEADER = """\
from multiprocessing import Lock, Process, Semaphore, SimpleQueue
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
    "get": "print(queue.get(), end='')",
    "print": 'print("{name}", end="")',
}


def rendered(processes):
    """Return a program as Python."""
    text = HEADER
    for number, steps in enumerate(processes):
        text += f"def work{number}(x, lock, semaphore, queue):\n    held = 0\n"
        text += "".join(f"    {LINES[step].format(name='abc'[number])}\n" for step in steps)
    names = ", ".join(f"work{number}" for number in range(len(processes)))
    return text + dedent(f"""
        if __name__ == "__main__":
            parts = RawValue("i", 0), Lock(), Semaphore(1), SimpleQueue()
            children = [Process(target=work, args=parts) for work in [{names}]]
            for child in children:
                child.start()
            for child in children:
                child.join()
            print(parts[0].value)
        """)


def expected(processes, *, buffered):  # noqa: C901, PLR0912 - a case for each kind of step
    """Return every stdout, with whether the program ends, by walking through all states."""
    count = len(processes)
    begin = ((0,) * count, (0,) * count, 0, False, 1, (), ("",) * count, "")
    seen, todo, ends = {begin}, [begin], set()
    while todo:
        at, held, x, locked, free, queue, buffers, out = todo.pop()
        following = []
        for one, steps in enumerate(processes):
            if at[one] > len(steps):
                continue

            def put(values, value, one=one):
                return (*values[:one], value, *values[one + 1 :])

            now = put(at, at[one] + 1)
            if at[one] == len(steps):  # it ends, and what is in its buffer goes out
                following.append(
                    (now, held, x, locked, free, queue, put(buffers, ""), out + buffers[one])
                )
                continue
            step, name = steps[at[one]], "abc"[one]
            if step == "read":
                following.append((now, put(held, x), x, locked, free, queue, buffers, out))
            elif step == "write":
                following.append((now, held, held[one] + 1, locked, free, queue, buffers, out))
            elif step == "lock" and not locked:
                following.append((now, held, x, True, free, queue, buffers, out))
            elif step == "unlock":
                following.append((now, held, x, False, free, queue, buffers, out))
            elif step == "up":
                following.append((now, held, x, locked, free + 1, queue, buffers, out))
            elif step == "down" and free:
                following.append((now, held, x, locked, free - 1, queue, buffers, out))
            elif step == "put":
                following.append((now, held, x, locked, free, (*queue, name), buffers, out))
            elif step == "print" or (step == "get" and queue):
                text, rest = (name, queue) if step == "print" else (queue[0], queue[1:])
                if buffered:
                    fuller = put(buffers, buffers[one] + text)
                    following.append((now, held, x, locked, free, rest, fuller, out))
                else:
                    following.append((now, held, x, locked, free, rest, buffers, out + text))
        for state in following:
            if state not in seen:
                seen.add(state)
                todo.append(state)
        if not following:
            done = all(place > len(steps) for place, steps in zip(at, processes, strict=True))
            ends.add((out + f"{x}\n" if done else out, done))
    return ends


def found(processes, tmp_path, method, to):
    """Return the same by exploring."""
    program = tmp_path / "program.py"
    program.write_text(rendered(processes), encoding="utf-8")
    exploration = explore(program, start_method=method, stdout_to=to)
    assert exploration.complete
    assert {each.outcome.stderr for each in exploration.outcomes} == {""}
    return {(each.outcome.stdout, each.outcome.ends is Ends.EXIT) for each in exploration.outcomes}


PIECES = st.sampled_from([
    ["read", "write"], ["lock", "read", "write", "unlock"], ["print"], ["put"], ["get"], ["up"],
    ["down"], ["lock", "print", "unlock"], ["read"], ["write"],
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
        [["put", "get"], ["put", "get"], ["print"]],
        [["get", "put"], ["get", "put"]],
        [["down", "print", "down", "up"], ["down", "print", "up"]],
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
