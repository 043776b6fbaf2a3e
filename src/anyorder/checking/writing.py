"""Files that are written whole or not at all."""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from pathlib import Path

from anyorder.checking.problems import ProgramError

__all__ = ["write_whole"]


def write_whole(path: Path, text: str) -> None:
    """Write ``text`` to ``path``, so that a reader finds all of it, or what was there before.

    Raises:
        ProgramError: the file cannot be written
    """
    # two processes may write the same exploration at once
    draft = path.with_name(f"{path.name}.{os.getpid()}.draft")
    try:
        draft.write_text(text, encoding="utf-8", newline="")
        draft.replace(path)
    except OSError as error:
        full = error.errno == errno.ENOSPC
        fix = "make room on its disk" if full else "let its folder be written to"
        raise ProgramError(f"{path}:1: cannot be written ({error.strerror}): {fix}") from None
    finally:
        with suppress(OSError):
            draft.unlink()
