"""What of greenlet the explorer needs, on JavaScript Promise Integration: for Python in a browser.

Pyodide's ``run_sync`` pauses a stack of WebAssembly until a promise is kept. Each greenlet has such
a stack, and a promise to wait for while another one goes on: ``playground/static/switching.js`` has
both. For what each of these means see ``switching``.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from anyorder_switches import begin, pause, wake
from pyodide.ffi import run_sync

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["OLDEST", "GreenletExit", "begun", "getcurrent", "greenlet"]

# An older generation is collected from what all threads have on their stacks, and those of stacks
# that are paused are not where Python looks for them: https://github.com/pyodide/pyodide/issues/6464
OLDEST = 0

numbers = itertools.count()
begun: set[int] = set()  # those that have begun and not ended, but the root


class GreenletExit(BaseException):
    """Raised in a greenlet that is to end."""


class greenlet:  # noqa: N801 - it is called so
    """Code with a stack of its own.

    Args:
        run: what it does; ``None`` is for the root, which goes on already
        parent: what goes on at its end
    """

    __slots__ = ("begun", "dead", "number", "parent", "raised", "run")

    def __init__(self, run: Callable[[], object] | None, parent: greenlet | None) -> None:
        self.run = run
        self.parent = parent
        self.number = next(numbers)
        self.begun = run is None
        self.dead = False
        self.raised: BaseException | None = None  # what it is to raise as it goes on

    def __bool__(self) -> bool:
        return self.begun and not self.dead

    def switch(self) -> None:
        """Leave the present one, and go on in this one."""
        hand_over(self)

    def throw(self, kind: type[BaseException]) -> None:
        """Do so too, and raise an exception there."""
        if self.begun:
            self.raised = kind()
            hand_over(self)
        else:
            self.dead = True

    def live(self) -> None:
        """Do all that it does, and let its parent go on."""
        raised = None
        try:
            self.raise_thrown()
            assert self.run is not None
            self.run()
        except GreenletExit:
            pass
        except BaseException as error:  # noqa: BLE001 - whatever it is, it is the parent's now
            raised = error
        self.dead = True
        self.run = None
        begun.discard(self.number)
        following = alive(self)
        following.raised = raised
        following.go()

    def go(self) -> None:
        """Let it begin or go on, once the present one pauses or ends."""
        global present  # noqa: PLW0603 - there is one that goes on
        present = self
        if self.begun:
            wake(self.number)
        else:
            self.begun = True
            begun.add(self.number)
            begin(self.live)

    def raise_thrown(self) -> None:
        """Raise what it is to raise as it goes on, if there is anything."""
        raised, self.raised = self.raised, None
        if raised is not None:
            raise raised


present = greenlet(None, None)


def getcurrent() -> greenlet:
    """Return the one that goes on now."""
    return present


def alive(one: greenlet) -> greenlet:
    """Return a greenlet, or if it is dead its next parent that is not."""
    while one.dead:
        assert one.parent is not None
        one = one.parent
    return one


def hand_over(to: greenlet) -> None:
    """Go on in another, and return once somebody switches back."""
    here, to = present, alive(to)
    if to is not here:
        to.go()
        run_sync(pause(here.number))
    here.raise_thrown()
