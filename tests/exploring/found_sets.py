"""What the explorer's tests ask of an exploration: what it found, and that this is all."""

from __future__ import annotations

from anyorder.outcomes import Ends, Outcome

__all__ = ["STUCK", "outcomes", "printed", "streams", "texts", "texts_or_stuck", "written"]

STUCK = "it does not end"


def outcomes(found):
    """Return the outcomes."""
    assert found.complete, found.limit
    return {one.outcome for one in found.outcomes}


def texts(found):
    """Return what is printed, however the program ends."""
    return {one.stdout for one in outcomes(found)}


def printed(found):
    """Return what is printed by a program that always ends with 0 and says nothing else."""
    assert all(one == Outcome(one.stdout) for one in outcomes(found))
    return texts(found)


def streams(found):
    """Return what is left on both streams."""
    return {(one.stdout, one.stderr) for one in outcomes(found)}


def texts_or_stuck(found):
    """Return what is printed, and behind that whether the program ends."""
    return {one.stdout + (STUCK if one.ends is not Ends.EXIT else "") for one in outcomes(found)}


def written(folder, text, name="program.py"):
    """Write a program, and return where it is."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path
