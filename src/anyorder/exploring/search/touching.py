"""Which events of an execution have touched what, and so which of them the next one depends on."""

from __future__ import annotations

from anyorder.exploring.engine.events import WRITE, Footprint, Mode, Place

__all__ = ["Touched", "depended_on", "touch"]

# of each place, for each mode, as bits: the events that have touched it so
Touched = dict[Place, dict[Mode, int]]

NOTHING: dict[Mode, int] = {}


def depended_on(touched: Touched, footprint: Footprint) -> int:
    """Return, as bits, the events that cannot be swapped with one of this footprint."""
    found = 0
    for place, mode in footprint:
        for its_mode, numbers in touched.get(place, NOTHING).items():
            if mode == WRITE or mode != its_mode:
                found |= numbers
    return found


def touch(touched: Touched, footprint: Footprint, event: int) -> None:
    """Note what an event has touched, which is given as its bit."""
    for place, mode in footprint:
        modes = touched.get(place)
        if modes is None:
            touched[place] = {mode: event}
        else:
            modes[mode] = modes.get(mode, 0) | event
