"""The one door to what switches: greenlet, or JSPI where Python is in a browser.

A greenlet is code with a stack of its own, which is left in the middle and goes on there later.
Of all that the package greenlet can do the explorer needs this, and nothing else of it is used:

``greenlet(run, parent)``
    one that has not begun, and is to call ``run``; it is true from its first switch to its end
``switch()``
    leaves the present one, and begins this one or goes on in it; returns once another switches back
``throw(GreenletExit)``
    does so too, and raises the exception there; of one that has not begun it is the end
``dead``
    whether it has come to its end: ``run`` has returned, or has raised ``GreenletExit``; its parent
    goes on, or if that is dead, the parent's parent. Any other exception is raised in there.
``parent``
    can be set
``getcurrent()``
    gives the present one; the first is a root that nobody has made

Each has the exception that it handles, the context that it has entered and a depth of recursion of
its own. Nobody asks one for its frames, since JSPI has none to show: what is to be known of a
thread while it pauses is noted before.
"""

from __future__ import annotations

import gc
import sys

if sys.platform == "emscripten":
    from anyorder.exploring.engine.jspi import OLDEST, GreenletExit, getcurrent, greenlet
else:
    from greenlet import GreenletExit, getcurrent, greenlet

    OLDEST = 1  # the oldest generation of garbage that can be collected while some pause

__all__ = ["OLDEST", "GreenletExit", "collect", "getcurrent", "greenlet"]


def collect() -> None:
    """Collect the garbage of a while, as much as can be while some greenlets pause."""
    gc.collect(OLDEST)
