"""The playground where Python is in a browser: what the worker that has loaded it calls."""

from __future__ import annotations

import gc
import json
from collections.abc import Awaitable, Callable

from pyodide.ffi import run_sync
from pyodide_js import _module

from anyorder.exploring import Progress
from anyorder.exploring.engine import jspi
from anyorder.playground import answers

__all__ = ["explored"]

MB = 1 << 20
MOST_MEMORY = 1_000  # MB, at which a search ends
GROWN = 300  # MB, which a worker never gives back

gc.disable()  # as long as it lives: garbage is collected where that is safe


def explored(request: str, tell: Callable[[int, int, int, float], Awaitable[bool]]) -> str:
    """Explore a program, as ``answers.explored`` does.

    Args:
        request: the request, as JSON
        tell: called now and then with how many executions are done, how many outcomes they have
            come to, how many executions are planned, and the seconds; resolves to whether to stop

    Returns:
        The answer, as JSON; it also says whether to ``renew`` the worker for the next program,
        since this one has grown, or keeps a stack that did not end.
    """

    def why_to_stop(now: Progress) -> str | None:
        if memory() > MOST_MEMORY:
            return f"stopped at {MOST_MEMORY:,} MB of memory"
        stop = run_sync(tell(now.executions, now.outcomes, now.remaining, now.seconds))
        return "stopped when you pressed Stop" if stop else None

    answer = answers.explored(json.loads(request), why_to_stop)
    if not jspi.begun:
        gc.collect()
    answer["renew"] = bool(jspi.begun) or memory() > GROWN
    return json.dumps(answer)


def memory() -> float:
    """Return how much memory Python has, in MB."""
    return float(_module.HEAP8.length) / MB
