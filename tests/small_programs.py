"""Programs that tests of more than one room use."""

__all__ = [
    "CHANGED_WHILE_SHOWN",
    "CROSSED",
    "HELLO_TWICE",
    "IN_TURN",
    "LOST_UPDATE",
    "LOST_UPDATE_OUTCOMES",
    "THREE_SPEAK",
]

# an update may be lost, on no build with a GIL: nothing is called between look and write
LOST_UPDATE = """\
from threading import Thread

n = 0


def add():
    global n
    n += 1


threads = [Thread(target=add) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(n)
"""
LOST_UPDATE_OUTCOMES = """\
[[outcome]]
grade = "usual"
stdout = ["2"]

[[outcome]]
grade = "surprising"
stdout = ["1"]
"""
# two threads may wait for each other for good, on builds whose `with` enters by a call
CROSSED = """\
from threading import Lock, Thread

fork, knife = Lock(), Lock()


def eat(first, second):
    with first, second:
        print("eaten")


Thread(target=eat, args=[fork, knife]).start()
Thread(target=eat, args=[knife, fork]).start()
"""

# 28 outcomes, of which two have whole lines
HELLO_TWICE = """\
from threading import Thread


def greet(name):
    print("hello from", name)


thread = Thread(target=greet, args=["Ada"])
thread.start()
greet("Ben")
thread.join()
"""

# a line each, in 120 orders
IN_TURN = """\
from threading import Lock, Thread

lock = Lock()


def say(name):
    with lock:
        print(name)


for name in "ABCDE":
    Thread(target=say, args=[name]).start()
"""

# thousands of traces
THREE_SPEAK = """\
from threading import Thread


def speak(name):
    print("begin", name)
    print("end", name)


for name in "abc":
    Thread(target=speak, args=[name]).start()
"""

TWO_FAIL = """\
from threading import Thread

def fail(word):
    raise ValueError(word)

Thread(target=fail, args=["x"]).start()
fail("y")
"""
# one thread changes what another one shows: how it is made, the change, and what is printed
CHANGED_WHILE_SHOWN = """
    import copy, itertools
    from collections import Counter, OrderedDict, deque
    from operator import itemgetter
    from threading import Thread
    {made}
    def change():
        {change}
    def show():
        print({shown})
    threads = [Thread(target=change), Thread(target=show)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
"""
