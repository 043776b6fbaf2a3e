"""Any Order: every outcome of a concurrent Python program.

A map of the rooms. Imports point one way, from the top of this list to its bottom:

``cli``, ``pytest``, ``sphinx``
    the front ends, which only draw a verdict: the command, the pytest plugin, the Sphinx extension
``playground``
    a program that a reader has written, explored in a browser for the page that it stands on
``board``
    what is played on a page: the turns of a program's threads, as data and as HTML
``checking``
    ``check(program, settings) -> Verdict``: what is expected against what is possible and what was
    observed
``doctests``
    the doctest flag ``ANY_ORDER``, and what doctest itself does not see
``exploring``
    every interleaving of a program's threads, by simulation: what is possible
``running``
    real runs of a program, on any interpreter, and of a session at the interactive prompt: what is
    observed
``outcomes``
    what an outcome is, and the outcome file that says which ones a program may have
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from anyorder.exploring import explore

__all__ = ["explore"]


def __getattr__(name: str) -> object:
    """Load what needs greenlet only when it is asked for."""
    if name != "explore":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from anyorder import exploring  # noqa: PLC0415 - nothing else here needs greenlet

    return exploring.explore
