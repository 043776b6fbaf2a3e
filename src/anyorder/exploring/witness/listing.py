"""A witness as plain text: a column a thread, a line an event."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anyorder.exploring.results import Step

__all__ = ["listing"]

NARROWEST = 12
GAP = "  "


def listing(witness: Sequence[Step], width: int = 100) -> str:
    """Return a witness as a listing with the line of the program, and a column for each thread.

    Args:
        witness: the steps
        width: how many characters a line may have; words that are too long are cut

    Returns:
        Lines, each ended by a newline; what the program waits for at its end stands below them.
    """
    threads = list(dict.fromkeys(step.thread for step in witness))
    if not threads:
        return ""
    room = max(NARROWEST, (width - 4) // len(threads) - len(GAP))
    columns = {
        thread: min(
            room, max(len(thread), *(len(step.event) for step in witness if step.thread == thread))
        )
        for thread in threads
    }
    rows = [["line", *(cut(thread, columns[thread]) for thread in threads)]]
    for step in witness:
        cells = [
            (cut(step.event, columns[thread]) if thread == step.thread else "")
            for thread in threads
        ]
        rows.append([str(step.line or ""), *cells])
    widths = [4, *columns.values()]
    lines = [
        GAP.join(
            f"{cell:>{size}}" if not number else f"{cell:<{size}}"
            for number, (cell, size) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    lines += [
        f"{GAP}{thread} waits for {what}" for thread, what in sorted(witness[-1].waiting.items())
    ]
    return "".join(f"{line}\n" for line in lines)


def cut(text: str, width: int) -> str:
    """Return a text, shortened to a width where it is longer."""
    return text if len(text) <= width else f"{text[: width - 1]}…"
