"""What a forked process does with the helper processes of its parent."""

from __future__ import annotations

import os
from subprocess import Popen
from typing import IO, Any

__all__ = ["let_go"]


def let_go(process: Popen[bytes], *ends: IO[Any]) -> None:
    """Let go of a helper, in a process that was forked from its host.

    Args:
        process: the helper, which is the parent's to wait for
        ends: the ends of pipes through which the parent speaks with it
    """
    nothing = os.open(os.devnull, os.O_RDWR)
    for end in ends:
        os.dup2(nothing, end.fileno())
    os.close(nothing)
    process.returncode = 0
