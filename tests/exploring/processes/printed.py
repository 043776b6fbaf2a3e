"""What the tests of processes say of an exploration."""

from __future__ import annotations

from anyorder.outcomes import Outcome

__all__ = ["texts"]


def texts(found):
    """Return what is printed, each that ends with status 0 and nothing on standard error."""
    assert found.complete
    for each in found.outcomes:
        assert each.outcome == Outcome(each.outcome.stdout)
    return {each.outcome.stdout for each in found.outcomes}
