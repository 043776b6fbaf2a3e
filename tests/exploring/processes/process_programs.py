"""Random small programs that start processes and threads."""

from __future__ import annotations

import random
from textwrap import indent

__all__ = ["program"]

HEAD = """\
import multiprocessing, os, queue, sys, threading, time
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing.sharedctypes import RawValue
number, names = 0, []
lock, semaphore, event = threading.Lock(), threading.Semaphore(1), threading.Event()
waiting = queue.Queue(1)
def say(*words):
    sys.stdout.write(" ".join(map(str, words)) + "\\n")
"""
# what processes share, by how it is made: what may be done with it; {name} is who does it
OBJECTS = {
    "multiprocessing.Lock()": [
        "with {it}:\n    say('{name} in')\n    say('{name} out')",
        "say('{name}', {it}.acquire(block=False))",
        "{it}.acquire()\nsay('{name}')\n{it}.release()",
    ],
    "multiprocessing.RLock()": [
        "with {it}, {it}:\n    say('{name} in')\n    sys.stdout.flush()\n    say('{name} out')",
        "say('{name}', {it}.acquire(timeout=0.001))",
    ],
    "multiprocessing.Semaphore(1)": [
        "with {it}:\n    say('{name}')",
        "{it}.release()",
        "say('{name}', {it}.acquire(block=False))",
    ],
    "multiprocessing.Event()": [
        "{it}.set()",
        "{it}.clear()",
        "say('{name}', {it}.is_set())",
        "{it}.wait()\nsay('{name}')",
        "say('{name}', {it}.wait(0.001))",
    ],
    "multiprocessing.Condition()": [
        "with {it}:\n    {it}.notify()",
        "with {it}:\n    say('{name}', {it}.wait(0.001))",
        "with {it}:\n    say('{name}')",
    ],
    "multiprocessing.Barrier(2)": [
        "{it}.wait()\nsay('{name}')",
        "say('{name}')\n{it}.wait()",
    ],
    "multiprocessing.Queue()": [
        "{it}.put('{name}')",
        "{it}.put(['{name}'])\n{it}.put(2)",
        "say('{name}', {it}.get())",
        (
            "try:\n    say('{name}', {it}.get(timeout=0.001))\n"
            "except queue.Empty:\n    say('{name} nothing')"
        ),
    ],
    "multiprocessing.SimpleQueue()": ["{it}.put('{name}')", "say('{name}', {it}.get())"],
    "multiprocessing.Pipe()": [
        "{it}[0].send('{name}')",
        "say('{name}', {it}[1].recv())",
        "say('{name}', {it}[1].poll())",
        "{it}[1].send('{name}')\nsay('{name}', {it}[0].recv())",
    ],
    "multiprocessing.Pipe(duplex=False)": [
        "{it}[1].send('{name}')",
        "{it}[1].close()",
        "try:\n    say('{name}', {it}[0].recv())\nexcept EOFError:\n    say('{name} end')",
    ],
    "multiprocessing.Value('i')": [
        "{it}.value += 1",
        "with {it}.get_lock():\n    {it}.value += 1",
        "say('{name}', {it}.value)",
    ],
    "RawValue('i')": ["{it}.value += 1", "say('{name}', {it}.value)"],
    "multiprocessing.Array('i', 2)": [
        "{it}[0] += 1",
        "{it}[1] = {it}[0]",
        "say('{name}', {it}[:])",
    ],
}
# what a process has for itself, and its threads share
OWN = [
    "number += 1\nsay('{name}', number)",
    "number = 5",
    "say('{name}', number)",
    "names.append('{name}')",
    "say('{name}', names)",
    "say('{name}', lock.acquire(blocking=False))",
    "with lock:\n    say('{name}')",
    "say('{name}', semaphore.acquire(blocking=False))",
    "event.set()",
    "say('{name}', event.is_set())",
    "try:\n    waiting.put_nowait('{name}')\nexcept queue.Full:\n    say('{name} full')",
    "say('{name}', waiting.qsize())",
]
PLAIN = [
    "print('{name}')",
    "say('{name}')",
    "sys.stdout.flush()",
    "print('{name}', end=' ')",
    "print('{name}', file=sys.stderr)",
    "say(threading.current_thread().name, multiprocessing.current_process().name)",
]
ENDS = ["raise ValueError('{name}')", "sys.exit(3)", "os._exit(2)", "sys.exit('{name}')"]
TASKS = [
    "say({n}); return {n}",
    "return {n}",
    "if {n} == 1: raise ValueError({n})\n    return {n}",
]
POOLS = [
    """\
with multiprocessing.Pool({workers}) as pool:
    print(pool.map(task, range(3)))""",
    """\
with multiprocessing.Pool({workers}) as pool:
    print(*pool.imap_unordered(task, [1, 2]))""",
    """\
with multiprocessing.Pool({workers}) as pool:
    results = [pool.apply_async(task, [n]) for n in range(2)]
    print(*[one.get() for one in results])""",
    """\
with ProcessPoolExecutor({workers}) as pool:
    print(*pool.map(task, range(3)))""",
    """\
with ProcessPoolExecutor({workers}) as pool:
    futures = [pool.submit(task, n) for n in range(2)]
    print(*[one.result() for one in as_completed(futures)])""",
    """\
pool = ProcessPoolExecutor({workers})
future = pool.submit(task, 2)
print('begun')""",
]


def program(seed):
    """Return the text of a program."""
    return Writer(random.Random(seed)).program()


class Writer:
    """Writes a program.

    Args:
        numbers: what it is made of
    """

    def __init__(self, numbers):
        self.numbers = numbers
        self.shared = numbers.sample(sorted(OBJECTS), numbers.choice([0, 1, 1, 2]))
        self.letters = "ab"[: len(self.shared)]

    def program(self):
        """Return the text."""
        if self.numbers.random() < 0.15:
            return self.with_pool()
        parameters = ", ".join(["name", *self.letters])
        lines = [HEAD]
        for function, ends in (("work", 0.15), ("beside", 0.1)):
            lines.append(f"def {function}({parameters}):\n    global number")
            lines.append(indent(self.body("{name}", self.numbers.randint(1, 3), ends), "    "))
        lines.append('if __name__ == "__main__":')
        lines += [
            f"    {letter} = {how}" for letter, how in zip(self.letters, self.shared, strict=True)
        ]
        lines.append(indent(self.main(), "    "))
        return "\n".join(lines) + "\n"

    def body(self, name, most, ends=0.0):
        """Return what somebody does, who may fail or exit in the end."""
        actions = [self.action() for _ in range(most)]
        if self.numbers.random() < ends:
            actions.append(self.numbers.choice(ENDS))
        text = "\n".join(actions)
        if name == "{name}":  # a parameter there
            return text.replace("'{name}'", "name").replace("'{name} ", "name + ' ")
        return text.replace("{name}", name)

    def action(self):
        """Return one thing to do."""
        kind = self.numbers.random()
        if kind < 0.55 and self.shared:
            letter, how = self.numbers.choice(list(zip(self.letters, self.shared, strict=True)))
            return self.numbers.choice(OBJECTS[how]).replace("{it}", letter)
        return self.numbers.choice(OWN if kind < 0.85 else PLAIN)

    def main(self):
        """Return what the first process does: it starts others, and waits for them."""
        numbers = self.numbers
        arguments = ["", *(f", {letter}" for letter in self.letters)]
        make = {
            "p": "multiprocessing.Process(target=work, args=('p'{}), name='P')",
            "q": "multiprocessing.Process(target=work, args=('q'{}), name='Q')",
            "t": "threading.Thread(target=beside, args=('t'{}), name='T')",
        }
        who = numbers.choice([["p"], ["p", "q"], ["t", "p"], ["p", "t"]])
        steps = []
        for one in who:
            if numbers.random() < 0.3:
                steps.append(self.body("m", 1))
            given = "".join(arguments) + ("," if len(arguments) == 1 else "")
            steps.append(f"{one} = {make[one].format(given)}")
            if one != "t" and numbers.random() < 0.1:
                steps.append(f"{one}.daemon = True")
            steps.append(f"{one}.start()")
        steps += [self.body("m", numbers.randint(0, 2))]
        for one in numbers.sample(who, len(who)):
            choice = numbers.random()
            if choice < 0.7:
                steps.append(f"{one}.join()")
                if one != "t" and numbers.random() < 0.3:
                    steps.append(f"say({one}.exitcode)")
            elif choice < 0.8 and one != "t":
                steps.append(f"{one}.terminate()\n{one}.join()")
            elif choice < 0.9:
                steps.append(f"say({one}.is_alive())")
        steps += [self.body("m", numbers.randint(0, 1))]
        return "\n".join(filter(None, steps)) or "pass"

    def with_pool(self):
        """Return a program with a pool."""
        numbers = self.numbers
        task = numbers.choice(TASKS).replace("{n}", "n")
        pool = numbers.choice(POOLS).replace("{workers}", numbers.choice("12"))
        beside = ""
        steps = [pool]
        if numbers.random() < 0.4:
            beside = "def beside():\n    global number\n    number = 5\n"
            task = task.replace("return n", "return n + number")
            steps = ["t = threading.Thread(target=beside)\nt.start()", pool, "t.join()"]
        main = indent("\n".join(steps), "    ")
        return f'{HEAD}{beside}def task(n):\n    {task}\nif __name__ == "__main__":\n{main}\n'
