"""How the options of directives are read."""

from __future__ import annotations

__all__ = ["numbers"]


def numbers(argument: str | None) -> list[int]:
    """Read whole numbers with spaces between them."""
    try:
        found = [int(word) for word in (argument or "").split()]
    except ValueError:
        raise ValueError("write numbers of outcomes, such as 1 3") from None
    if not found:
        raise ValueError("name an outcome by its number, counted from 1")
    return found
