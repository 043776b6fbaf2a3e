"""An independent account of what threads can do with a queue and a semaphore, call by call.

It shares nothing with the explorer. A program is a list of calls for each thread; it is rendered as
Python for the explorer, and ``outcomes`` walks through all states that the calls can lead to. What
a call returns is printed right after it, as a step of its own.
"""

from __future__ import annotations

from typing import NamedTuple

from accounts import every_outcome

Call = tuple[str, int]  # what is called, and what with

HEADER = """\
import queue, threading
q = queue.{queue}({room})
s = threading.Semaphore({free})
def put(item):
    try: q.put(item, block=False)
    except queue.Full: print("F", end="")
def put_in_time(item):
    try: q.put(item, timeout=1)
    except queue.Full: print("F", end="")
def get(_):
    try: print(q.get(block=False), end="")
    except queue.Empty: print("E", end="")
def get_in_time(_):
    try: print(q.get(timeout=1), end="")
    except queue.Empty: print("E", end="")
def done(_):
    try: q.task_done()
    except ValueError: print("V", end="")
"""
LINES = {
    "put": "q.put({})",
    "try put": "put({})",
    "timed put": "put_in_time({})",
    "get": "print(q.get(), end='')",
    "take": "q.get()",
    "try get": "get({})",
    "timed get": "get_in_time({})",
    "done": "done({})",
    "join": "q.join()",
    "size": "print(q.qsize(), end='')",
    "empty": "print(int(q.empty()), end='')",
    "full": "print(int(q.full()), end='')",
    "unfinished": "print(q.unfinished_tasks, end='')",
    "acquire": "s.acquire()",
    "try acquire": "print(int(s.acquire(blocking=False)), end='')",
    "timed acquire": "print(int(s.acquire(timeout=1)), end='')",
    "release": "s.release({})",
    "say": "print('-', end='')",
}


class Setting(NamedTuple):
    """What the threads share."""

    queue: str  # the class of the queue
    room: int
    free: int


class State(NamedTuple):
    """All there is at one moment."""

    at: tuple[int, ...]  # for each thread, its next call
    says: tuple[str, ...]  # for each thread, what it is to print first
    items: tuple[int, ...]
    unfinished: int
    free: int
    printed: str


def rendered(setting: Setting, threads: list[list[Call]]) -> str:
    """Return a program as Python."""
    text = HEADER.format(**setting._asdict())
    for number, calls in enumerate(threads):
        text += f"def work{number}():\n"
        text += "".join(f"    {LINES[what].format(item)}\n" for what, item in calls)
    names = ", ".join(f"work{number}" for number in range(len(threads)))
    text += f"threads = [threading.Thread(target=work) for work in [{names}]]\n"
    return text + "for t in threads: t.start()\nfor t in threads: t.join()\nprint('.')\n"


def outcomes(setting: Setting, threads: list[list[Call]], most: int) -> set[tuple[str, str]] | None:
    """Return every outcome, as what is printed and how it ends; nothing where it takes too long."""
    none = ("",) * len(threads)
    start = State((0,) * len(threads), none, (), 0, setting.free, "")

    def steps(state: State, me: int) -> list[State]:
        after = step(setting, state, me, threads[me])
        return [] if after is None else [after]

    return every_outcome(start, threads, steps, most)


def step(setting: Setting, state: State, me: int, calls: list[Call]) -> State | None:  # noqa: C901, PLR0911, PLR0912
    """Return what one thread's next step leads to; nothing where it has to wait, or is over."""
    if state.says[me]:
        quiet = (*state.says[:me], "", *state.says[me + 1 :])
        return state._replace(printed=state.printed + state.says[me], says=quiet)
    at = state.at[me]
    if at == len(calls):
        return None
    what, item = calls[at]
    new = state._replace(at=(*state.at[:me], at + 1, *state.at[me + 1 :]))

    def say(text: object) -> State:
        return new._replace(says=(*new.says[:me], str(text), *new.says[me + 1 :]))

    items, room = state.items, setting.room
    lasts = setting.queue == "LifoQueue"
    match what:
        case "put" | "try put" | "timed put":
            if 0 < room <= len(items):
                return None if what == "put" else say("F")
            return new._replace(items=(*items, item), unfinished=state.unfinished + 1)
        case "get" | "try get" | "timed get" | "take":
            if not items:
                return say("E") if what in {"try get", "timed get"} else None
            got, left = (items[-1], items[:-1]) if lasts else (items[0], items[1:])
            new = new._replace(items=left)
            return new if what == "take" else say(got)
        case "done":
            if not state.unfinished:
                return say("V")
            return new._replace(unfinished=state.unfinished - 1)
        case "join":
            return None if state.unfinished else new
        case "size":
            return say(len(items))
        case "empty":
            return say(int(not items))
        case "full":
            return say(int(0 < room <= len(items)))
        case "unfinished":
            return say(state.unfinished)
        case "acquire":
            return new._replace(free=state.free - 1) if state.free else None
        case "try acquire" | "timed acquire":
            new = new._replace(free=state.free - bool(state.free))
            return say(int(bool(state.free)))
        case "release":
            return new._replace(free=state.free + item)
        case "say":
            return new._replace(printed=state.printed + "-")
    raise AssertionError(what)
