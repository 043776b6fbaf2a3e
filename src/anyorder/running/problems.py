"""What keeps a program from being run."""

from __future__ import annotations

__all__ = ["CannotRun"]


class CannotRun(Exception):  # noqa: N818 - the command, the plugin and the pages say it by this name
    """A program could not be run as asked; nothing was learnt about its outcomes.

    The message names the program or the interpreter, what is wrong, and how to fix it.
    """
