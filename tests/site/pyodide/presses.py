"""What the worker of the playground answers to one program after another."""

import json
from textwrap import dedent

from anyorder.exploring.engine.switching import getcurrent, greenlet
from anyorder.playground import answers
from anyorder.playground.browser import explored

PROGRAMS = {
    "deep": """
        import threading
        def deep(): deep()
        def work():
            try: deep()
            except RecursionError: print("deep", end=" ")
        for _ in range(2): threading.Thread(target=work).start()
    """,
    "as deep as is asked for": """
        import sys
        sys.setrecursionlimit(20_000)
        def deep(n): return n and 1 + deep(n - 1)
        print(deep(15_000))
    """,
    "flood": 'print("x" * 10 ** 7)',
    "flood of events": 'while True: print("x" * 1_000)',
    "endless": "while True: pass",
    "million": """
        import threading
        def work():
            for n in range(20): print(n)
        for _ in range(4): threading.Thread(target=work).start()
    """,
    "memory": "[0] * 10 ** 9",
    "too large": "[0] * 10 ** 10",
    "hash": "print(hash(1.5))",
    "size": "import sys\nprint(sys.maxsize)",
    "gc": "import gc\ngc.collect()",
    "js": "import js",
    "pyodide": "from pyodide.code import run_js",
    "pyodide_js": "import pyodide_js",
    "switches": "import anyorder_switches",
    "tool": "from anyorder.exploring.engine.jspi import greenlet",
    "never ends": """
        import threading
        lock = threading.Lock()
        lock.acquire()
        def work():
            while True:
                try: lock.acquire()
                except BaseException: pass
        threading.Thread(target=work).start()
    """,
    "hello": """
        import threading
        threading.Thread(target=print, args=["hello from", "B"]).start()
        print("hello from", "A")
    """,
}


async def tell(executions, *_):
    """Stop a search that has got far."""
    return executions > 500


def answer():
    """Return as JSON what is said of each program."""
    said = {}
    answers.LIMITS = answers.Limits(max_executions=5_000, max_seconds=600)
    left = greenlet(getcurrent().switch, getcurrent())
    for name, text in [*PROGRAMS.items(), ("hello again", PROGRAMS["hello"])]:
        if name == "hello again":
            left.switch()
        request = {"name": "yours.py", "text": dedent(text).lstrip()}
        answer = json.loads(explored(json.dumps(request), tell))
        refusals = answer.get("refusals")
        said[name] = (
            refusals[0]["says"]
            if refusals
            else {
                "complete": answer["complete"],
                "limit": answer["limit"],
                "count": answer["count"],
                "first": answer["rows"] and answer["rows"][0]["texts"][0],
                "ends": sorted({row["ends"] for row in answer["rows"]}),
            }
        )
        if answer["renew"]:
            said[f"renewed after {name}"] = True
    return json.dumps(said)
