"""A witness as plain text: a line an event, and a column a thread where there is room for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from anyorder.exploring.results import Step

__all__ = ["listing"]

GAP = "  "


def listing(witness: Sequence[Step], width: int = 100) -> str:
    """Return a witness as a listing with the line of the program, and a column for each thread.

    Args:
        witness: the steps
        width: how many characters a line may have; where the columns need more, there is one for
            all threads, beside their names, and no word is ever cut

    Returns:
        Lines, each ended by a newline; what the program waits for at its end stands below them.
    """
    threads = list(dict.fromkeys(step.thread for step in witness))
    if not threads:
        return ""
    rows = [["line", *threads]]
    rows += [
        [str(step.line or ""), *(step.event if thread == step.thread else "" for thread in threads)]
        for step in witness
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    if sum(widths) + len(GAP) * len(threads) > width:
        rows = [["line", "thread", "event"]]
        rows += [[str(step.line or ""), step.thread, step.event] for step in witness]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
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
