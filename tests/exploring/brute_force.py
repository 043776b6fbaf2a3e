"""An independent account of what small programs can do: every interleaving, one step at a time.

It shares nothing with the explorer. A program is a list of statements for each thread; it is
rendered as Python for the explorer, and taken apart into steps for ``outcomes``, which walks
through all states that the steps can lead to. It is slow and simple on purpose.
"""

from __future__ import annotations

from typing import Any, NamedTuple

Statement = tuple[Any, ...]


class State(NamedTuple):
    """All there is at one moment."""

    at: tuple[int, ...]  # for each thread, its next step
    held: tuple[Any, ...]  # for each thread, the value that it last read
    variables: tuple[int, ...]  # x and y
    locks: tuple[int, ...]  # for each lock, its holder, and -1
    items: tuple[int, ...]  # the list
    keys: tuple[int, ...]  # the dict's keys, in order
    waiting: tuple[tuple[int, bool], ...]  # on the condition: thread, whether it was notified
    flag: bool  # the event
    queue: tuple[int, ...]
    free: int  # the semaphore
    printed: str


START = State(
    (), (), (0, 0), (-1,) * 3, (), (), (), flag=False, queue=(), free=1, printed=""
)  # fmt: skip
VARIABLES = ("x", "y")
LOCKS = ("a", "b", "c")  # c is the condition's
HEADER = """\
import threading, queue
x = 0
y = 0
a = threading.Lock()
b = threading.Lock()
c = threading.Condition(threading.Lock())
e = threading.Event()
q = queue.Queue(maxsize=1)
s = threading.Semaphore(1)
items = []
d = {}
"""


def rendered(threads: list[list[Statement]]) -> str:
    """Return a program as Python."""
    text = HEADER
    for number, body in enumerate(threads):
        text += f"def work{number}():\n    global x, y\n"
        text += "".join(lines(body, 1)) or "    pass\n"
    names = ", ".join(f"work{number}" for number in range(len(threads)))
    text += f"threads = [threading.Thread(target=w) for w in [{names}]]\n"
    text += "for t in threads: t.start()\nfor t in threads: t.join()\n"
    return text + "print(x, y, items, list(d))\n"


def lines(body: list[Statement], depth: int) -> list[str]:  # noqa: C901, PLR0912, PLR0915
    """Return the lines of statements."""
    result = []
    for what, *args in body:
        inner: list[Statement] = []
        match what:
            case "set":
                line = f"{args[0]} = {args[1]}"
            case "add":
                line = f"{args[0]} += 1"
            case "print":
                line = f"print({args[0]})"
            case "say":
                line = f"print('{args[0]}', end='')"
            case "append":
                line = f"items.append({args[0]})"
            case "length":
                line = "print(len(items), end='')"
            case "key":
                line = f"d[{args[0]}] = 1"
            case "keys":
                line = "print(list(d), end='')"
            case "has":
                line = f"print({args[0]} in d, end='')"
            case "with":
                line, inner = f"with {args[0]}:", args[1]
            case "if":
                line, inner = f"if {args[0]} == 0:", args[1]
            case "try":
                line = (
                    f"if {args[0]}.acquire(blocking=False): print('+', end=''); {args[0]}.release()"
                )
            case "timed":
                line = f"if {args[0]}.acquire(timeout=1): {args[0]}.release()\n{'    ' * depth}else: print('-', end='')"  # noqa: E501
            case "wait":
                line = "c.wait()"
            case "timed wait":
                line = "print(c.wait(timeout=1), end='')"
            case "notify":
                line = "c.notify()"
            case "notify all":
                line = "c.notify_all()"
            case "event set":
                line = "e.set()"
            case "event clear":
                line = "e.clear()"
            case "event wait":
                line = "e.wait()"
            case "event timed":
                line = "print(e.wait(timeout=1), end='')"
            case "put":
                line = f"q.put({args[0]})"
            case "get":
                line = "print(q.get(), end='')"
            case "take":
                line = "s.acquire()"
            case "give":
                line = "s.release()"
            case "spin":
                line = f"while {args[0]} == 0: pass"
            case _:
                raise AssertionError(what)
        result.append("    " * depth + line + "\n")
        if what in {"with", "if"}:
            result += lines(inner, depth + 1) or ["    " * (depth + 1) + "pass\n"]
    return result


def steps(body: list[Statement]) -> list[Statement]:  # noqa: C901, PLR0912
    """Take statements apart into steps, each of which happens at once."""
    result: list[Statement] = []
    for what, *args in body:
        match what:
            case "add":
                result += [("read", args[0]), ("write held + 1", args[0])]
            case "print":
                result += [("read", args[0]), ("write", None), ("write", "\n")]
            case "say":
                result += [("write", args[0])]
            case "length" | "keys":
                result += [(what,), ("write", None)]
            case "has" | "get":
                result += [(what, *args), ("write", None)]
            case "with":
                inner = steps(args[1])
                result += [("acquire", args[0]), *inner, ("release", args[0])]
            case "if":
                inner = steps(args[1])
                result += [("read", args[0]), ("skip unless held is 0", len(inner)), *inner]
            case "try":
                result += [("try", args[0], 2), ("write", "+"), ("release", args[0])]
            case "timed":
                result += [("try", args[0], 2), ("release", args[0]), ("skip", 1), ("write", "-")]
            case "wait":
                result += [("begin wait",), ("end wait",)]
            case "timed wait":
                result += [("begin wait",), ("give up",), ("again",), ("write", None)]
            case "event timed":
                result += [("is set",), ("write", None)]
            case _:
                result += [(what, *args)]
    return result


def outcomes(threads: list[list[Statement]], most: int = 60_000) -> set[tuple[str, str]] | None:
    """Return every outcome, as what is printed and how it ends.

    Args:
        threads: the statements of each thread
        most: how many states are too many

    Returns:
        The outcomes, and ``None`` where there are too many states.
    """
    code = [steps(body) for body in threads]
    count = len(threads)
    start = START._replace(at=(0,) * count, held=(None,) * count)
    seen, stack = {start}, [start]
    found = set()
    while stack:
        state = stack.pop()
        spins = False
        moved = False
        for thread in range(count):
            for after in successors(state, thread, code[thread]):
                if after == state:
                    spins = True
                    continue
                moved = True
                if after not in seen:
                    if len(seen) > most:
                        return None
                    seen.add(after)
                    stack.append(after)
        if moved:
            continue
        found.add(ending(state, code, spins=spins))
    return found


def ending(state: State, code: list[list[Statement]], *, spins: bool) -> tuple[str, str]:
    """Return what a state in which no thread can move comes to."""
    if all(at == len(code[thread]) for thread, at in enumerate(state.at)):
        x, y = state.variables
        end = f"{x} {y} {list(state.items)} {list(state.keys)}\n"
        return state.printed + end, "exit"
    return state.printed, "never" if spins else "deadlock"


def fewest_preemptions(
    threads: list[list[Statement]], most: int = 60_000
) -> dict[tuple[str, str], int] | None:
    """Return every outcome, with the fewest preemptions of any way to it.

    A thread is preempted where its next step would change something, or it could end, and another
    one goes next. The states are gone through with the fewest preemptions first.

    Args:
        threads: the statements of each thread
        most: how many states, each with the thread that went last, are too many
    """
    code = [steps(body) for body in threads]
    count = len(threads)
    now = [(START._replace(at=(0,) * count, held=(None,) * count), -1)]
    later: list[tuple[State, int]] = []
    seen = set()
    found: dict[tuple[str, str], int] = {}
    preemptions = 0
    while now:
        while now:
            state, last = now.pop()
            if (state, last) in seen:
                continue
            if len(seen) == most:
                return None
            seen.add((state, last))
            ways = [successors(state, thread, code[thread]) for thread in range(count)]
            moves = [[after for after in way if after != state] for way in ways]
            for thread, afters in enumerate(moves):
                put_aside = last not in {-1, thread} and moves[last]
                (later if put_aside else now).extend((after, thread) for after in afters)
            if not any(moves):
                found.setdefault(ending(state, code, spins=any(ways)), preemptions)
        now, later = later, now
        preemptions += 1
    return found


def put(values: tuple[Any, ...], index: int, value: Any) -> tuple[Any, ...]:
    """Return a tuple with one item replaced."""
    return (*values[:index], value, *values[index + 1 :])


def successors(state: State, me: int, code: list[Statement]) -> list[State]:  # noqa: C901, PLR0911, PLR0912, PLR0915
    """Return what one thread's next step can lead to; none where it has to wait."""
    at = state.at[me]
    if at == len(code):
        return []
    what, *args = code[at]
    new = state._replace(at=put(state.at, me, at + 1))
    held = state.held[me]
    holding = put(state.held, me, None)

    def hold(value: Any) -> State:
        return new._replace(held=put(state.held, me, value))

    match what:
        case "read":
            return [hold(state.variables[VARIABLES.index(args[0])])]
        case "write held + 1":
            return [
                new._replace(
                    variables=put(state.variables, VARIABLES.index(args[0]), held + 1), held=holding
                )
            ]
        case "set":
            return [new._replace(variables=put(state.variables, VARIABLES.index(args[0]), args[1]))]
        case "write":
            text = str(held) if args[0] is None else args[0]
            return [
                new._replace(
                    printed=state.printed + text, held=holding if args[0] is None else state.held
                )
            ]
        case "append":
            return [new._replace(items=(*state.items, args[0]))]
        case "length":
            return [hold(len(state.items))]
        case "key":
            keys = state.keys if args[0] in state.keys else (*state.keys, args[0])
            return [new._replace(keys=keys)]
        case "keys":
            return [hold(list_text(state.keys))]
        case "has":
            return [hold(args[0] in state.keys)]
        case "acquire":
            lock = LOCKS.index(args[0])
            return [new._replace(locks=put(state.locks, lock, me))] if state.locks[lock] < 0 else []
        case "release":
            return [new._replace(locks=put(state.locks, LOCKS.index(args[0]), -1))]
        case "try":
            lock = LOCKS.index(args[0])
            if state.locks[lock] < 0:
                return [new._replace(locks=put(state.locks, lock, me))]
            return [new._replace(at=put(state.at, me, at + 1 + args[1]))]
        case "skip":
            return [new._replace(at=put(state.at, me, at + 1 + args[0]))]
        case "skip unless held is 0":
            jump = 0 if held == 0 else args[0]
            return [new._replace(at=put(state.at, me, at + 1 + jump), held=holding)]
        case "begin wait":
            return [
                new._replace(locks=put(state.locks, 2, -1), waiting=(*state.waiting, (me, False)))
            ]
        case "end wait":
            if (me, True) in state.waiting and state.locks[2] < 0:
                waiting = tuple(one for one in state.waiting if one[0] != me)
                return [new._replace(locks=put(state.locks, 2, me), waiting=waiting)]
            return []
        case "give up":
            return [hold((me, True) in state.waiting)]
        case "again":
            if state.locks[2] >= 0:
                return []
            waiting = tuple(one for one in state.waiting if one[0] != me)
            return [new._replace(locks=put(state.locks, 2, me), waiting=waiting)]
        case "notify" | "notify all":
            waiting = list(state.waiting)
            for number, (thread, notified) in enumerate(waiting):
                if not notified:
                    waiting[number] = (thread, True)
                    if what == "notify":
                        break
            return [new._replace(waiting=tuple(waiting))]
        case "event set":
            return [new._replace(flag=True)]
        case "event clear":
            return [new._replace(flag=False)]
        case "event wait":
            return [new] if state.flag else []
        case "is set":
            return [hold(state.flag)]
        case "put":
            return [new._replace(queue=(*state.queue, args[0]))] if not state.queue else []
        case "get":
            return [hold(state.queue[0])._replace(queue=state.queue[1:])] if state.queue else []
        case "take":
            return [new._replace(free=state.free - 1)] if state.free else []
        case "give":
            return [new._replace(free=state.free + 1)]
        case "spin":
            return [state if state.variables[VARIABLES.index(args[0])] == 0 else new]
    raise AssertionError(what)


def list_text(values: tuple[int, ...]) -> str:
    """Return the text of a list of values."""
    return str(list(values))
