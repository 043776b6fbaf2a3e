"""What is wrong with a program before it is checked."""

from __future__ import annotations

__all__ = ["ProgramError"]


class ProgramError(Exception):
    """A program cannot be checked; the message names the file, the line and the fix."""
