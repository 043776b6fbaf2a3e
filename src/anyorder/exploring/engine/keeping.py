"""What Python keeps of the output of a program before it writes it to the system."""

from __future__ import annotations

__all__ = ["MOST_KEPT", "sends_on"]

MOST_KEPT = 4_000  # characters that surely stay in the buffer of a pipe


def sends_on(text: str) -> bool:
    """Whether a stream that keeps lines writes all that it has by then, and this text.

    That is told of ``line_buffering`` by the docs of ``io.TextIOWrapper``: where a call to write
    contains a newline character or a carriage return.
    """
    return "\n" in text or "\r" in text
