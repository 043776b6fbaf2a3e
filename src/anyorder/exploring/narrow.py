"""What a Python of 32 bits, which is that of browsers, does otherwise than one of 64.

What a program can do is said of the Python that its reader has, which is one of 64 bits, with a
library of which nothing is left out. So where the two differ, a narrow one refuses.
"""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal
    from fractions import Fraction

__all__ = ["TOO_LARGE", "hash_differs", "lacking", "narrow", "refused", "too_large"]

NARROW = sys.maxsize < 1 << 32
MOST = (1 << 31) - 1  # below this, the hash of a whole number is that number
# errors that say that there is no room for a number, for which there is with 64 bits
NO_ROOM = re.compile(
    r"(Index|Overflow|Value)Error: .*"
    r"(\bC (s?size_t|long|int)\b|index-sized|maxsize|too (large|long|many) )"
)
TOO_LARGE = "meets a number for which Python has no room in a browser: keep it smaller"
# of modules, what is not the same there
NAMES = {
    "decimal": {"MAX_EMAX", "MAX_PREC", "MIN_EMIN", "MIN_ETINY"},
    "platform": {"system"},
    "struct": {"Struct", "calcsize", "iter_unpack", "pack", "unpack", "unpack_from"},
    "sys": {"getsizeof", "hash_info", "implementation", "maxsize", "platform"},
}


def narrow() -> bool:
    """Whether this Python is one of 32 bits."""
    return NARROW


def hash_differs(number: float | Decimal | Fraction) -> bool:
    """Whether the hash of a number is another one with 64 bits."""
    return NARROW and (not -MOST < number < MOST or number != int(number))


def refused(module: str, name: str) -> str:
    """Return why a name of a module is refused, and nothing where it is not."""
    if not NARROW or name not in NAMES.get(module, ()):
        return ""
    return f"{module}.{name} is another one in a browser than on your computer: do without it"


def lacking(name: str) -> str:
    """Return why to reach what the library does not have is refused, and nothing where it is not.

    Args:
        name: the module, or the name in one, which another Python may have
    """
    return f"{name} is not there in a browser: write the program without it" if NARROW else ""


def too_large(error: str) -> bool:
    """Whether there might be no such error with 64 bits.

    Args:
        error: the last line of its traceback
    """
    return NARROW and bool(NO_ROOM.match(error))
