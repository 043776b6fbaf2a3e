"""An independent account of what threads can do with a barrier, call by call.

It shares nothing with the explorer. A program is a list of calls for each thread; it is rendered as
Python for the explorer, and ``outcomes`` walks through all states that the calls can lead to. What
a call returns is printed right after it, as a step of its own.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from accounts import every_outcome

HEADER = """\
import threading
def act(): print("!", end="")
b = threading.Barrier({parties}{action})
def wait(timeout=None):
    try: print(b.wait(timeout), end="")
    except threading.BrokenBarrierError: print("B", end="")
"""
LINES = {
    "wait": "wait()",
    "timed wait": "wait(1)",
    "reset": "b.reset()",
    "abort": "b.abort()",
    "broken": "print(int(b.broken), end='')",
    "say": "print('-', end='')",
}


class Setting(NamedTuple):
    """What the threads share."""

    parties: int
    acts: bool  # whether the last to arrive prints something before all go on


class State(NamedTuple):
    """All there is at one moment."""

    at: tuple[int, ...]  # for each thread, its next call
    says: tuple[str | None, ...]  # for each thread, what it is to print first
    waits: tuple[int | None, ...]  # for each thread, as so manieth it has arrived
    phase: str = "fills"  # it fills, empties, is reset, or is broken
    acts: bool = False  # whether the last to arrive has yet to act, and keeps the lock for it
    printed: str = ""


def rendered(setting: Setting, threads: list[list[str]]) -> str:
    """Return a program as Python, in which threads that do the same have one function."""
    action = ", act" if setting.acts else ""
    text = HEADER.format(parties=setting.parties, action=action)
    for number, calls in enumerate(threads):
        if calls not in threads[:number]:
            text += f"def work{number}():\n"
            text += "".join(f"    {LINES[what]}\n" for what in calls)
    names = ", ".join(f"work{threads.index(calls)}" for calls in threads)
    text += f"threads = [threading.Thread(target=work) for work in [{names}]]\n"
    return text + "for t in threads: t.start()\nfor t in threads: t.join()\nprint('.')\n"


def outcomes(setting: Setting, threads: list[list[str]], most: int) -> set[tuple[str, str]] | None:
    """Return every outcome, as what is printed and how it ends; nothing where it takes too long."""
    count = len(threads)
    start = State((0,) * count, (None,) * count, (None,) * count)
    return every_outcome(
        start, threads, lambda state, me: steps(setting, state, me, threads[me]), most
    )


def steps(setting: Setting, state: State, me: int, calls: list[str]) -> list[State]:  # noqa: C901, PLR0911
    """Return what a next step of one thread may lead to; nothing where it waits, or is over."""
    if state.says[me]:
        return [state._replace(printed=state.printed + state.says[me], says=but(state.says, me))]
    if state.at[me] == len(calls):
        return []
    what = calls[state.at[me]]
    at = (*state.at[:me], state.at[me] + 1, *state.at[me + 1 :])
    place = state.waits[me]
    if what == "say":
        return [state._replace(at=at, printed=state.printed + "-")]
    if what == "broken":
        return [said(state, me, at, int(state.phase == "broken"))]
    if state.acts:
        if place != setting.parties - 1:
            return []
        return [all_go(state._replace(printed=state.printed + "!", acts=False), me, at)]
    if what in {"reset", "abort"}:
        phase = {"reset": "fills", "abort": "broken"}[what]
        if what == "reset" and any(one is not None for one in state.waits):
            phase = "empties" if state.phase == "empties" else "is reset"
        return [state._replace(at=at, phase=phase)]
    if place is None:
        return arrives(setting, state, me, at)
    if state.phase == "fills":
        if what == "wait":
            return []
        return [left(state._replace(phase="broken"), me, at, "B")]
    return [left(state, me, at, place if state.phase == "empties" else "B")]


def arrives(setting: Setting, state: State, me: int, at: tuple[int, ...]) -> list[State]:
    """Return what it leads to that a thread comes to wait."""
    if state.phase in {"empties", "is reset"}:
        return []
    if state.phase == "broken":
        return [said(state, me, at, "B")]
    place = sum(one is not None for one in state.waits)
    state = state._replace(waits=but(state.waits, me, place))
    if place < setting.parties - 1:
        return [state]
    if setting.acts:
        return [state._replace(acts=True)]
    return [all_go(state, me, at)]


def all_go(state: State, me: int, at: tuple[int, ...]) -> State:
    """Return what it leads to that the last one has arrived, which leaves at once."""
    return left(state._replace(phase="empties"), me, at, state.waits[me])


def left(state: State, me: int, at: tuple[int, ...], text: object) -> State:
    """Return what it leads to that a thread leaves, and says something."""
    waits = but(state.waits, me)
    phase = state.phase
    if phase in {"empties", "is reset"} and all(one is None for one in waits):
        phase = "fills"
    return said(state._replace(waits=waits, phase=phase), me, at, text)


def said(state: State, me: int, at: tuple[int, ...], text: object) -> State:
    """Return what it leads to that a call of a thread is over, which then prints something."""
    return state._replace(at=at, says=but(state.says, me, str(text)))


def but(things: tuple[Any, ...], place: int, thing: Any = None) -> tuple[Any, ...]:
    """Return things with another one in one place, or nothing."""
    return (*things[:place], thing, *things[place + 1 :])
