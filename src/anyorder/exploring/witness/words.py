"""What the library's own objects are called, and what they have."""

from __future__ import annotations

from typing import Any

__all__ = ["PARTS", "attributes_of"]

PARTS = {"_cond": "{}", "_lock": "the lock of {}"}  # of the library's own objects


def attributes_of(thing: Any) -> Any:
    """Return an object's own attributes, without running any code of its class."""
    try:
        return object.__getattribute__(thing, "__dict__")
    except AttributeError:
        return {}
